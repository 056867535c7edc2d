"""The core laws and the development corpus as a site: nothing lost, said twice or led astray."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from kb.index import Index, write_index
from kb.library import load_library
from kb.roots import Roots, shipped_dir
from kb.sitegen import build, check_links, generate
from kb.sitegen.context import SiteContext
from tests.site.conftest import Built
from tests.site.sample import AS_OF
from tests.site.words import letters, shown_words

pytestmark = pytest.mark.corpus

NOTICE_TABLE = "shaoxing-yingji-jianguan-2020-9"


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory, corpus_dir: Path) -> Built:
    """The site over what `kb build --corpus` builds."""
    roots = Roots(shipped_dir(), tmp_path_factory.mktemp("real"))
    write_index(load_library(Roots.of(None), corpus=[corpus_dir]), roots.index)
    with Index.open(roots.index) as index:
        report = generate(index, roots, as_of=AS_OF)
    build(roots)
    return Built(roots, report)


@pytest.fixture(scope="module")
def site(real: Built) -> Iterator[SiteContext]:
    """The index of that site."""
    with Index.open(real.roots.index) as index:
        yield SiteContext(index, AS_OF)


@pytest.fixture(scope="module")
def pages(real: Built, site: SiteContext) -> dict[str, dict[str, Tag]]:
    """Anchor → element, by version."""
    out = {}
    for ref, page in site.page_of.items():
        text = (real.roots.site / page / "index.html").read_text(encoding="utf-8")
        soup = BeautifulSoup(text, "html.parser")
        out[ref] = {str(tag["id"]): tag for tag in soup.find_all(id=True)}
    return out


def test_addresses_and_requests(real: Built) -> None:
    report = check_links(real.roots.site)
    assert report.broken == []
    assert report.external == []


def test_every_unit_is_there(site: SiteContext, pages: dict[str, dict[str, Tag]]) -> None:
    missing = [
        f"{ref}#{unit.id}"
        for ref, anchors in pages.items()
        for unit in site.passages.units(ref)
        if unit.id not in anchors
    ]
    assert missing == []


def test_every_clause_says_its_words_once(
    site: SiteContext, pages: dict[str, dict[str, Tag]]
) -> None:
    wrong, seen = [], 0
    for ref, anchors in pages.items():
        for unit in site.passages.units(ref):
            if not unit.hit:
                continue
            body = anchors[unit.id].find(class_="kb-body")
            assert isinstance(body, Tag)
            shown = letters(shown_words(body))
            tables = [u for u in (unit, *site.passages.below(ref, unit.id)) if u.rows]
            if tables:
                # cells that were expanded are one cell again: every cell's words are there
                cells = {letters(c) for u in tables for row in u.rows for c in row}
                good = all(c in shown for c in cells) and len(shown) <= len(letters(unit.display))
            else:
                good = shown == letters(unit.display)
            seen += 1
            if not good:
                wrong.append(f"{ref}#{unit.id}")
    assert wrong == []
    assert seen == site.passages.count("clauses")


def test_a_page_is_light_before_search_and_notes(real: Built, site: SiteContext) -> None:
    """Everything that a page names, gzipped: the budget is 250 KB."""
    folder = real.roots.site

    def weight(path: Path) -> int:
        return len(gzip.compress(path.read_bytes()))

    heavy = {}
    for page in site.page_of.values():
        path = folder / page / "index.html"
        soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        named = [n.get("src") or n.get("href") for n in soup.select("script[src], link[href]")]
        files = {(path.parent / str(x).partition("?")[0]).resolve() for x in named}
        total = weight(path) + sum(weight(f) for f in files)
        if total > 250 * 1024:
            heavy[page] = total
    assert heavy == {}


def test_versions_are_compared_clause_by_clause(real: Built) -> None:
    page = "docs/tufa-shijian-yingdui-fa/compare/2007-08-30_2024-06-28/"
    pairs = real.soup(page).select(".kb-pair")
    names = [[a.get_text() for a in p.select("h3 a, summary a")][:2] for p in pairs]
    by_new = {n[-1]: (n[0], p["data-change"]) for n, p in zip(names, pairs, strict=True)}
    # another number and the same words; another place; words of the old law taken apart
    assert by_new["第三十七条"] == ("原第二十四条", "same")
    assert by_new["第十六条"] == ("原第四条", "moved")
    assert by_new["第四条"] == ("第四条", "new")
    assert by_new["第一百零六条"] == ("原第七十条", "changed")


def test_the_flattened_table_of_a_notice(real: Built) -> None:
    table = real.soup(f"docs/{NOTICE_TABLE}/").select_one("table.kb-table")
    assert table
    assert len(table.select("tbody tr")) == 26
    assert len(table.select("thead th[scope=col]")) == 5


def test_a_table_has_its_number_and_header(pages: dict[str, dict[str, Tag]]) -> None:
    frame = pages["gb-16423-2020@2020-10-11"]["5.2.1.1.t1"]
    caption = frame.find("caption")
    assert caption
    assert caption.get_text().startswith("表 1 ")
    assert [len(r.find_all("td")) for r in frame.select("tbody tr")] == [4, 4]


def test_earlier_version_and_partial_text(real: Built) -> None:
    old = real.soup("docs/tufa-shijian-yingdui-fa/2007-08-30/").select_one(".kb-badge")
    assert old
    assert old.get_text() == "被代替"
    partial = real.soup("docs/zhejiang-sheng-xiaofang-tiaoli/").select_one(".kb-warn")
    assert partial
    assert "第十八条为止" in partial.get_text()
