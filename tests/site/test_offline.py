"""The zip for a USB stick and the service worker: the site without server or network."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup

from kb.errors import KbError
from kb.sitegen import zip_site
from kb.sitegen.offline import OPENER, site_files, with_index
from tests.site.browsing import opened
from tests.site.conftest import Built
from tests.site.sample import LAW

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("../", "../index.html"),
        ("..", "../index.html"),
        (".", "./index.html"),
        ("./", "./index.html"),
        ("docs/a/#art-1", "docs/a/index.html#art-1"),
        ("docs/a/?q=1#x", "docs/a/index.html?q=1#x"),
        ("#art-1", "#art-1"),
        ("", ""),
        ("a/b.docx", "a/b.docx"),
        ("https://example.org/a/", "https://example.org/a/"),
        ("//example.org/a/", "//example.org/a/"),
        ("mailto:a@b", "mailto:a@b"),
        ("data:image/svg+xml,x/", "data:image/svg+xml,x/"),
    ],
)
def test_folders_name_their_file(url: str, wanted: str) -> None:
    assert with_index(url) == wanted


@pytest.fixture(scope="module")
def stick(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip, unpacked in a folder whose name has Chinese and a space."""
    out = tmp_path_factory.mktemp("zip") / "安规库.zip"
    made = zip_site(built.roots.site, out)
    folder = out.parent / "安全 资料"
    with zipfile.ZipFile(out) as packed:
        packed.extractall(folder)
        assert made.files == len(packed.namelist())
    return folder


def test_names_inside_are_short_and_ascii(stick: Path) -> None:
    top = sorted(p.name for p in stick.iterdir())
    assert top == ["kb", OPENER]
    for path in stick.rglob("*"):
        name = path.relative_to(stick).as_posix()
        assert name == OPENER or (name.isascii() and len(name) <= 120)


def test_every_link_inside_leads_to_a_file(stick: Path) -> None:
    seen = 0
    for page in stick.rglob("*.html"):
        soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
        for node in soup.select("a[href], link[href], script[src], form[action]"):
            url = str(node.get("href") or node.get("src") or node.get("action"))
            if re.match(r"[a-z]+:|//|#|\Z", url):
                continue
            target = (page.parent / url.partition("#")[0].partition("?")[0]).resolve()
            assert target.is_file(), (page, url)
            seen += 1
    assert seen > 100


def test_the_same_site_gives_the_same_zip(built: Built, tmp_path: Path) -> None:
    one, two = tmp_path / "1.zip", tmp_path / "2.zip"
    zip_site(built.roots.site, one)
    zip_site(built.roots.site, two)
    assert one.read_bytes() == two.read_bytes()


def test_no_site_no_zip(tmp_path: Path) -> None:
    with pytest.raises(KbError, match="还没有网站"):
        zip_site(tmp_path, tmp_path / "x.zip")
    assert not list(tmp_path.iterdir())


def test_a_failed_zip_leaves_the_old_one(tmp_path: Path) -> None:
    out = tmp_path / "x.zip"
    out.write_bytes(b"old")
    site = tmp_path / "site"
    (site / ("a" * 60) / ("b" * 60)).mkdir(parents=True)
    (site / "index.html").write_text("", encoding="utf-8")
    (site / ("a" * 60) / ("b" * 60) / "index.html").write_text("", encoding="utf-8")
    with pytest.raises(KbError, match="太长"):
        zip_site(site, out)
    assert out.read_bytes() == b"old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["site", "x.zip"]


def test_files_of_the_site(built: Built) -> None:
    files = site_files(built.roots.site)
    assert "" in files
    assert f"docs/{LAW}/" in files
    assert not [f for f in files if f.endswith(("index.html", "sw.js", "404.html"))]


GOVERNED = """new Promise((done) => {
  const sw = navigator.serviceWorker;
  if (sw.controller) done();
  else sw.addEventListener("controllerchange", () => done());
})"""
"""Wait for the service worker to take over the page."""

# --- in the browser -------------------------------------------------------------------------------


@pytest.mark.browser
def test_from_a_stick(chromium: Browser, stick: Path) -> None:
    root = (stick / "kb").as_uri() + "/"
    with opened(chromium, stick.as_uri() + "/", quote(OPENER)) as page:
        page.wait_for_url(root + "index.html")
        page.goto(root + "catalog/index.html")
        page.click(f".kb-catalog a[href*='{LAW}']")
        page.wait_for_url(re.compile(rf"docs/{LAW}/index\.html"))
        assert page.locator("#art-1").is_visible()


@pytest.mark.browser
def test_the_built_site_itself_opens_from_a_disk(chromium: Browser, built: Built) -> None:
    root = built.roots.site.as_uri() + "/"
    with opened(chromium, root, "catalog/index.html") as page:
        page.click(f".kb-catalog a[href*='{LAW}']")
        page.wait_for_url(re.compile(rf"docs/{LAW}/index\.html"))
        assert page.locator("#art-1").is_visible()


@pytest.mark.browser
def test_what_was_read_stays_without_network(chromium: Browser, origin: str) -> None:
    with opened(chromium, origin, "") as page:
        page.evaluate(GOVERNED)
        page.goto(origin + f"docs/{LAW}/")
        page.wait_for_load_state("networkidle")
        page.context.set_offline(True)
        page.goto(origin + f"docs/{LAW}/?hl=x#art-1")
        assert page.locator("#art-1").is_visible()
        assert page.evaluate("getComputedStyle(document.body).fontFamily").find("PingFang") >= 0
        page.context.set_offline(False)


@pytest.mark.browser
def test_the_whole_site_on_this_device(chromium: Browser, origin: str) -> None:
    with opened(chromium, origin, "about/") as page:
        page.evaluate(GOVERNED)
        page.click("[data-kb-save-all] button")
        page.locator("[data-kb-save-all] [role=status]", has_text="都存好了").wait_for()
        page.context.set_offline(True)
        for path in ("catalog/", f"docs/{LAW}/", "terms/"):
            page.goto(origin + path)
            assert page.locator("h1").is_visible()
        page.context.set_offline(False)
