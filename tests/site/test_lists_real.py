"""Pages by post and notice over the core laws and the development corpus: complete and small."""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from kb.cards import CARDS
from kb.cards.self_check import FIRMS
from kb.conflicts import load_conflicts
from kb.draft import covered
from kb.index import Index
from kb.library import load_library
from kb.roots import Roots, shipped_dir
from kb.sitegen.context import SiteContext
from kb.sitegen.list_pages import write_lists
from kb.sitegen.lists import Lists
from kb.validity import DEFAULT_SEARCH
from tests.site.sample import AS_OF, write_manifest

pytestmark = pytest.mark.corpus

HECHUAN = "hechuan-feimei-kuangshan-2021@2021-11-03"
LARGEST = 250 * 1024  # gzipped bytes of a page


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory, corpus_dir: Path) -> Iterator[Lists]:
    """The same texts as `kb build --corpus`, without the search rows."""
    roots = Roots(shipped_dir(), tmp_path_factory.mktemp("real"))
    generation = "g-000000000000"
    (roots.index / generation).mkdir(parents=True)
    library = load_library(Roots.of(None), corpus=[corpus_dir])
    library.write_passages(roots.index / generation / "passages.sqlite", generation)
    write_manifest(roots.index, generation, library.evidence_date.isoformat())
    with Index.open(roots.index) as index:
        found = covered(index.passages, roots.corpora, AS_OF)
        yield Lists(SiteContext(index, AS_OF), roots.corpora, found)


@pytest.fixture(scope="module")
def written(lists: Lists, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with all pages, as `kb site` writes them."""
    out = tmp_path_factory.mktemp("pages")

    def page(folder: str, text: str) -> None:
        (out / folder).mkdir(parents=True, exist_ok=True)
        (out / folder / "index.md").write_text(text, encoding="utf-8")

    write_lists(lists, out, page)
    return out


def soup(written: Path, folder: str) -> BeautifulSoup:
    text = (written / folder / "index.md").read_text(encoding="utf-8")
    return BeautifulSoup(text, "html.parser")


def clauses(written: Path, folder: str) -> set[str]:
    """Full ids of the clauses that a page lists; read without a tree, some pages are long."""
    text = (written / folder / "index.md").read_text(encoding="utf-8")
    return {unescape(found) for found in re.findall(r'<li data-kb-id="([^"]*)"', text)}


def test_every_line_of_every_draft_stands_with_its_clause(lists: Lists, written: Path) -> None:
    assert len(lists.post_pages) > 70
    for post, folder in lists.post_pages.items():
        text = (written / folder / "index.md").read_text(encoding="utf-8")
        cards, _, beside = text.partition('<details class="kb-fold" id="firm">')
        items = re.findall(r'<li data-cite="([^"]*)"[^>]*>(.*?)</li>', cards)
        draft = lists.drafts[post]
        wanted = [x for card in CARDS for x in draft.cards[card]]
        assert sorted(unescape(cite) for cite, _ in items) == sorted(x.citation for x in wanted)
        for _, words in items:
            if 'data-o="clause"' in words:
                # all that cards rest on here is loaded, so each line leads to its clause
                hrefs = [unescape(h) for h in re.findall(r'href="([^"]*)"', words)]
                assert hrefs, (post, words)
                assert all("#" in h for h in hrefs), (post, words)
        firm = beside.partition("</details>")[0]
        assert firm.count("<li data-cite=") == len(draft.firm)


def test_every_post_is_listed(lists: Lists, written: Path) -> None:
    rows = soup(written, "posts/").select("li[data-w]")
    posts = [p for p in lists.posts.posts.values() if p.cards]
    assert len(rows) == len(posts)
    named = " ".join(str(li["data-w"]) for li in rows)
    assert all(alias in named for p in posts for alias in p.aliases)


@pytest.mark.parametrize("kind", ["accident", "activity", "post"])
def test_every_note_that_names_it_stands_on_its_page(
    lists: Lists, written: Path, kind: str
) -> None:
    notes = [n for n in lists.site.passages.notes() if lists.status(n.ref) in DEFAULT_SEARCH]
    pages, of = {
        "accident": (lists.accident_pages, "accidents"),
        "activity": (lists.activity_pages, "activities"),
        "post": (lists.post_pages, "posts"),
    }[kind]
    seen = 0
    for name, folder in pages.items():
        ids = clauses(written, folder)
        assert ids == {n.id for n in notes if name in getattr(n, of)}, name
        seen += len(ids)
    assert seen > 500


def test_what_is_not_in_force_is_not_listed(lists: Lists, written: Path) -> None:
    old = {n.ref for n in lists.site.passages.notes() if lists.status(n.ref) not in DEFAULT_SEARCH}
    shown = {
        full.partition("#")[0]
        for folder in (*lists.accident_pages.values(), *lists.activity_pages.values())
        for full in clauses(written, folder)
    }
    assert shown
    assert not shown & old


def test_pages_are_small(written: Path) -> None:
    sizes = {p: len(gzip.compress(p.read_bytes())) for p in written.rglob("index.md")}
    assert {str(p): n for p, n in sizes.items() if n > LARGEST} == {}
    assert len(sizes) > 200


def test_every_requirement_stands_once(lists: Lists, written: Path) -> None:
    ids = [
        str(row["id"])
        for notice in lists.notices
        for row in soup(written, f"notices/{notice.partition('@')[0]}/").select("tr[data-w]")
    ]
    assert sorted(ids) == sorted(f"r-{i}" for i in lists.requirements.entries)
    links = soup(written, "notices/compare/").select(".kb-compared td a")
    assert sorted(str(a["href"]).partition("#")[2] for a in links) == sorted(ids)


def test_nine_steps_of_the_self_check(lists: Lists, written: Path) -> None:
    import docx
    import openpyxl

    folder = f"notices/{HECHUAN.partition('@')[0]}/check/"
    page = soup(written, folder)
    heads = [h.get_text() for h in page.select(".kb-group-row")]
    assert [h[:3] for h in heads[:9]] == [f"第{n}步" for n in "一二三四五六七八九"]
    firms = [
        r for r in lists.requirements.entries.values()
        if r.notice == HECHUAN and set(r.who) & set(FIRMS)
    ]  # fmt: skip
    shown = [th.get_text() for th in page.select("tbody th[scope=row]")]
    assert len(shown) == len(firms)
    document = docx.Document(io.BytesIO((written / folder / "self-check.docx").read_bytes()))
    words = "\n".join(row.cells[1].text for row in document.tables[-1].rows)
    sheet = openpyxl.load_workbook(written / folder / "self-check.xlsx").active
    assert sheet is not None
    cells = "\n".join(str(c.value) for row in sheet.iter_rows() for c in row)
    assert [r.id for r in firms if r.what not in words or r.what not in cells] == []


def test_every_conflict_is_there_and_open_ones_come_first(written: Path) -> None:
    known = load_conflicts(Roots.of(None).corpora)
    cases = soup(written, "conflicts/").select(".kb-case")
    assert {str(c["id"]) for c in cases} == set(known)
    rules = [str(c["data-rule"]) for c in cases]
    first = rules.count("待定")
    assert first
    assert set(rules[:first]) == {"待定"}
    for case in cases:
        sides = case.select(".kb-side-of")
        assert [str(s["data-kb-id"]) for s in sides] == [
            full for full, _ in known[str(case["id"])].clauses
        ]
        followed = [str(s["data-kb-id"]) for s in sides if s.get("data-follow")]
        assert "".join(followed) == known[str(case["id"])].prevails
