"""The zip for a USB stick and the service worker: the site without server or network."""

from __future__ import annotations

import re
import shutil
import threading
import zipfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
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


class _Kept(SimpleHTTPRequestHandler):
    """As hosts serve pages: a browser may keep what it got for an hour."""

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "max-age=3600")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def _deployed_again(site: Path) -> str:
    """Another wording in the data of the law, as a later build has it; the old cache's name."""
    worker = site / "sw.js"
    data = site / "docs" / LAW / "clauses.js"
    data.write_text(data.read_text(encoding="utf-8") + "//new\n", encoding="utf-8")
    script = worker.read_text(encoding="utf-8")
    (cache,) = set(re.findall(r"anguiku/[0-9a-f]{12}", script))
    (version,) = re.findall(r'VERSION = "([0-9a-f]{10})"', script)
    for path in (*site.rglob("*.html"), worker, site / "assets/kb/files.js"):
        text = path.read_text(encoding="utf-8").replace(cache, "anguiku/" + "0" * 12)
        path.write_text(text.replace(version, "0" * 10), encoding="utf-8")
    return cache


_GONE = """async (old) => {
  while ((await caches.keys()).some((name) => name.endsWith(old))) {
    await new Promise((done) => setTimeout(done, 50));
  }
}"""

_HELD = """async (path) => {
  const found = [];
  for (const name of await caches.keys()) {
    const answer = await (await caches.open(name)).match(path);
    found.push(answer ? (await answer.text()).slice(-7) : "");
  }
  return found;
}"""


@pytest.mark.browser
def test_saving_again_takes_the_new_texts(chromium: Browser, built: Built, tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(built.roots.site, site)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Kept, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}/"
        law = f"{address}docs/{LAW}/clauses.js"
        with opened(chromium, address, "about/") as page:
            done = page.locator("[data-kb-save-all] [role=status]", has_text="都存好了")
            page.evaluate(GOVERNED)
            page.click("[data-kb-save-all] button")
            done.wait_for()
            assert [x[-6:] == "//new\n" for x in page.evaluate(_HELD, law)] == [False]
            old = _deployed_again(site)
            page.reload()
            page.evaluate(_GONE, old)
            page.click("[data-kb-save-all] button")
            done.wait_for()
            assert [x[-6:] for x in page.evaluate(_HELD, law)] == ["//new\n"]
        server.shutdown()


@pytest.mark.browser
def test_caches_of_other_sites_of_the_origin_stay(chromium: Browser, origin: str) -> None:
    other = origin + "other/anguiku/0"
    with opened(chromium, origin, "about/") as page:
        page.evaluate(GOVERNED)
        page.evaluate(
            """async (other) => {
              await (await navigator.serviceWorker.getRegistration()).unregister();
              await caches.open(other);
              await caches.open(document.baseURI.replace("about/", "") + "anguiku/old");
            }""",
            other,
        )
        page.reload()
        page.evaluate(GOVERNED)
        names = page.evaluate("caches.keys()")
    assert other in names
    assert len([n for n in names if n.startswith(origin + "anguiku/")]) == 1
