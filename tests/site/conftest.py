"""One invented site, generated and built once a worker, and the real one where it is asked for."""

from __future__ import annotations

import importlib.util
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup

from kb.index import Index
from kb.roots import Roots, shipped_dir
from kb.sitegen import SiteReport, build, generate
from kb.sitegen.preview import make_server
from tests.conftest import need
from tests.site.browsing import CHROMIUM, FLAGS
from tests.site.sample import AS_OF, SampleLibrary, build_index

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@dataclass(frozen=True)
class Built:
    """A built site with what made it."""

    roots: Roots
    report: SiteReport

    def soup(self, page: str) -> BeautifulSoup:
        """The parsed HTML of a page folder (`docs/ceshi-fa/`)."""
        text = (self.roots.site / page / "index.html").read_text(encoding="utf-8")
        return BeautifulSoup(text, "html.parser")

    def part(self, key: str) -> Any:
        """The value of a data file (`docs/ceshi-fa/clauses`)."""
        text = (self.roots.site / f"{key}.js").read_text(encoding="utf-8")
        return json.loads(text[text.index(",") + 1 : text.rindex(")")])

    def markdown(self, page: str) -> str:
        """The Markdown that a page was made from."""
        return (self.roots.pages / page / "index.md").read_text(encoding="utf-8")


def built_from(folder: Path, library: SampleLibrary | None = None, *, site_url: str = "") -> Built:
    """Generate and build the invented site in a folder that is still empty."""
    roots = Roots(shipped_dir(), folder)
    build_index(roots.index, library)
    with Index.open(roots.index) as index:
        report = generate(index, roots, as_of=AS_OF, site_url=site_url)
    build(roots)
    return Built(roots, report)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The invented site; tests must not change it."""
    return built_from(tmp_path_factory.mktemp("site"))


@pytest.fixture
def index(built: Built) -> Iterator[Index]:
    """The invented index, opened."""
    with Index.open(built.roots.index) as opened:
        yield opened


@contextmanager
def served(built: Built) -> Iterator[str]:
    """Address of a server for a site, with a slash at the end."""
    with make_server(built.roots.site) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def origin(built: Built) -> Iterator[str]:
    """Address of a server for the invented site."""
    with served(built) as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser a worker."""
    present = importlib.util.find_spec("playwright") is not None
    need(present, "没有安装 playwright：pip install 'anguiku[browser]'")
    need(CHROMIUM.is_file(), f"没有 {CHROMIUM}：apt install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()
