"""Building and serving: what fails leaves the old site, sources are never touched."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from datetime import date, timedelta
from email.message import Message
from pathlib import Path

import pytest

from kb.errors import KbError, UsageError
from kb.index import Index
from kb.roots import Roots, shipped_dir
from kb.sitegen import build, check_links, generate, preview
from kb.sitegen.facts import ValidityTable, span_on
from kb.sitegen.generate import CONFIG_NAME, digest
from kb.sitegen.preview import make_server
from kb.sitegen.swap import beside, swap_in
from kb.validity import validity
from tests.site.conftest import Built
from tests.site.sample import AS_OF, build_index, sample_documents


def tree_hash(folder: Path) -> dict[str, str]:
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


def generated(folder: Path) -> Roots:
    roots = Roots(shipped_dir(), folder)
    build_index(roots.index)
    with Index.open(roots.index) as index:
        generate(index, roots, as_of=AS_OF)
    return roots


def test_mkdocs_alone_builds_and_leaves_the_sources(tmp_path: Path, repo: Path) -> None:
    """The project's own mkdocs.yml, as a contributor runs it: site/ is source, not output."""
    shutil.copytree(repo / "site", tmp_path / "site")
    shutil.copy(repo / "mkdocs.yml", tmp_path)
    roots = generated(tmp_path)
    before = tree_hash(tmp_path / "site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict"],
        cwd=tmp_path,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    assert tree_hash(tmp_path / "site") == before
    assert (roots.site / "index.html").is_file()


def test_build_leaves_nothing_beside(built: Built) -> None:
    names = sorted(p.name for p in built.roots.build.iterdir())
    assert names == ["index", "mkdocs.yml", "pages", "site"]
    assert not list(built.roots.site.rglob("*.map"))
    assert not (built.roots.site / "assets/javascripts/lunr").exists()


def test_addresses_change_with_whatever_was_written(built: Built, tmp_path: Path) -> None:
    config = json.loads((built.roots.build / CONFIG_NAME).read_text(encoding="utf-8"))
    overrides = built.roots.shipped / "site" / "overrides"
    pages = tmp_path / "pages"
    shutil.copytree(built.roots.pages, pages)
    assert digest(overrides, pages) == config["extra"]["kb_assets"]
    note = pages / "drill" / "practice.js"
    note.write_text(note.read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert digest(overrides, pages) != config["extra"]["kb_assets"]


def test_configuration_names_absolute_folders(built: Built) -> None:
    config = json.loads((built.roots.build / "mkdocs.yml").read_text(encoding="utf-8"))
    assert Path(config["docs_dir"]) == built.roots.pages
    assert Path(config["site_dir"]) == built.roots.site
    assert Path(config["theme"]["custom_dir"]) == built.roots.shipped / "site" / "overrides"


def test_a_failed_build_leaves_the_old_site(tmp_path: Path) -> None:
    roots = generated(tmp_path)
    build(roots)
    before = tree_hash(roots.site)
    (roots.pages / "guide" / "index.md").write_text("[x](nowhere.md)\n", encoding="utf-8")
    with pytest.raises(KbError, match=r"旧网站没有改动[\s\S]*nowhere\.md"):
        build(roots)
    assert tree_hash(roots.site) == before
    assert sorted(p.name for p in roots.build.iterdir()) == ["index", "mkdocs.yml", "pages", "site"]


def test_build_without_pages_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(KbError, match="请先运行 kb site"):
        build(Roots(shipped_dir(), tmp_path))


def test_generate_replaces_old_pages(tmp_path: Path) -> None:
    roots = generated(tmp_path)
    stale = roots.pages / "docs" / "gone" / "index.md"
    stale.parent.mkdir()
    stale.write_text("# gone\n", encoding="utf-8")
    with Index.open(roots.index) as index:
        generate(index, roots, as_of=AS_OF)
    assert not stale.exists()


def test_generate_without_the_templates_says_so(tmp_path: Path, index: Index) -> None:
    with pytest.raises(KbError, match="缺少网站模板"):
        generate(index, Roots(tmp_path, tmp_path), as_of=AS_OF)


def test_generate_into_a_place_that_cannot_be_written(tmp_path: Path, index: Index) -> None:
    (tmp_path / "build").write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(KbError, match="不能写入"):
        generate(index, Roots(shipped_dir(), tmp_path), as_of=AS_OF)


def test_same_index_gives_the_same_pages(built: Built, tmp_path: Path) -> None:
    again = generated(tmp_path)
    assert tree_hash(again.pages) == tree_hash(built.roots.pages)


def test_site_url_goes_into_the_configuration(tmp_path: Path, index: Index) -> None:
    roots = Roots(shipped_dir(), tmp_path)
    generate(index, roots, as_of=AS_OF, site_url="https://example.invalid/kb")
    config = json.loads((roots.build / "mkdocs.yml").read_text(encoding="utf-8"))
    assert config["site_url"] == "https://example.invalid/kb/"


def test_progress_is_reported(tmp_path: Path) -> None:
    roots = Roots(shipped_dir(), tmp_path)
    build_index(roots.index)
    seen: list[tuple[str, int, int]] = []
    with Index.open(roots.index) as index:
        generate(index, roots, as_of=AS_OF, progress=lambda *a: seen.append(a))
    assert ("写网页", 6, 6) in seen
    assert {s for s, _, _ in seen} == {"整理引用", "写网页"}


# --- folders ------------------------------------------------------------------------------------


def test_swap_in_replaces_and_creates(tmp_path: Path) -> None:
    target = tmp_path / "site"
    for words in ("one", "two"):
        new = beside(target)
        (new / "a.txt").write_text(words, encoding="utf-8")
        swap_in(new, target)
        assert [p.name for p in tmp_path.iterdir()] == ["site"]
        assert (target / "a.txt").read_text(encoding="utf-8") == words


def test_swap_in_puts_the_old_folder_back(tmp_path: Path) -> None:
    target = tmp_path / "site"
    target.mkdir()
    (target / "a.txt").write_text("old", encoding="utf-8")
    with pytest.raises(KbError, match="旧的内容没有改动"):
        swap_in(tmp_path / "missing", target)
    assert (target / "a.txt").read_text(encoding="utf-8") == "old"


# --- link check ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "broken", "external"),
    [
        ('<a href="b/">x</a><a href="b/#here">x</a>', [], []),
        ('<a href="b/#gone">x</a>', ["目标页没有这个锚点"], []),
        ('<a href="c/">x</a>', ["没有这个文件"], []),
        ('<a href="b">x</a>', ["指向文件夹的地址应以 / 结尾"], []),
        ('<a href="../../x">x</a>', ["超出网站的根目录"], []),
        ('<p id="a"></p><p id="a"></p>', ["同一页有两个相同的锚点"], []),
        ('<a href="javascript:alert(1)">x</a>', ["不允许的地址类型"], []),
        ('<a href="https://example.invalid/">x</a>', [], []),
        ('<script src="https://example.invalid/x.js"></script>', [], ["会向外发出请求"]),
        ('<img src="//example.invalid/x.png">', [], ["会向外发出请求"]),
        ('<form action="https://example.invalid/"></form>', [], ["会向外发出请求"]),
        ('<link rel="stylesheet" href="gone.css">', ["没有这个文件"], []),
        ('<a data-t="b/#here b/#gone" href="b/">x</a>', ["目标页没有这个锚点"], []),
        ('<a href="a.txt?v=1#x">x</a>', [], []),
    ],
)
def test_check_links(tmp_path: Path, html: str, broken: list[str], external: list[str]) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "index.html").write_text('<p id="here"></p>', encoding="utf-8")
    (tmp_path / "a.txt").write_text("", encoding="utf-8")
    (tmp_path / "index.html").write_text(html, encoding="utf-8")
    report = check_links(tmp_path)
    assert [b.why for b in report.broken] == broken
    assert [b.why for b in report.external] == external
    assert report.pages == 2


# --- preview ------------------------------------------------------------------------------------


def fetch(url: str) -> tuple[int, Message, bytes]:
    try:
        with urllib.request.urlopen(url, timeout=10) as r:
            return r.status, r.headers, r.read()
    except urllib.error.HTTPError as e:
        with e:
            return e.code, e.headers, e.read()


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("", 200, "text/html; charset=utf-8"),
        ("docs/ceshi-fa/", 200, "text/html; charset=utf-8"),
        ("docs/ceshi-fa/clauses.js", 200, "text/javascript; charset=utf-8"),
        ("assets/kb/app.js", 200, "text/javascript; charset=utf-8"),
        ("assets/kb/kb.css", 200, "text/css; charset=utf-8"),
        ("nowhere/", 404, "text/html; charset=utf-8"),
    ],
)
def test_server_sends_types_and_policy(origin: str, path: str, status: int, kind: str) -> None:
    code, headers, body = fetch(origin + path)
    assert (code, headers["Content-Type"]) == (status, kind)
    assert headers["Content-Security-Policy"].startswith("default-src 'self'")
    if code == 404:
        assert "没有这一页" in body.decode()


def test_server_compresses_for_those_who_ask(built: Built, origin: str) -> None:
    asked = urllib.request.Request(origin + "docs/ceshi-fa/", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(asked, timeout=10) as r:
        assert r.headers["Content-Encoding"] == "gzip"
        body = gzip.decompress(r.read())
    assert body == (built.roots.site / "docs" / "ceshi-fa" / "index.html").read_bytes()


def test_preview_without_a_site_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(KbError, match="请先运行 kb site"):
        preview(Roots(shipped_dir(), tmp_path))


def test_a_taken_port_is_a_usage_error(built: Built) -> None:
    with make_server(built.roots.site) as server:
        port = server.server_address[1]
        with pytest.raises(UsageError, match="kb preview --port"):
            make_server(built.roots.site, port=port)


# --- validity -----------------------------------------------------------------------------------


def test_spans_say_what_validity_says_on_every_day() -> None:
    documents = {d.id: d for d in sample_documents()}
    table = ValidityTable(documents)
    for document in documents.values():
        for version in document.versions:
            spans = table.spans(document, version)
            day = date(2011, 1, 1)
            while day < date(2028, 1, 1):
                now, span = validity(version, document, day, documents), span_on(spans, day)
                assert (span.status, span.label) == (now.status, now.label), (version, day)
                assert span.reason.replace("这一天", str(day)) == now.reason
                day += timedelta(days=1)
