"""Word files, opened again: paper, letters, marks, what is repeated, where to cut, what is behind.

Nothing here looks at a page; pages are looked at by converting them with LibreOffice.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from kb.cards.docx_pocket import POCKET_SIZES, pocket_docx
from kb.cards.docx_sheets import author_docx, derived_docx, worksheet_docx
from kb.cards.docx_wall import WALL_SIZES, wall_docx
from kb.cards.docx_xml import BODY, HEAD, NOTE, Cell, mm, row
from kb.cards.model import CARDS, DRAFT_MARK, SKELETON_MARK, Draft, Firm
from kb.cards.rows import card_table, line_text
from kb.cards.table import clean
from kb.cards.worksheet import Worksheet
from kb.errors import UsageError
from tests.cards.render_sample import DRAFT, EMPTY, FILLED, POST, line, with_lines

FONTS = {BODY, HEAD, NOTE}
SLOTS = ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs")
WORKSHEET = Worksheet("守灯工岗位讨论记录", ("哪里最滑？", "夜里谁在？"))


def opened(data: bytes) -> Any:
    return docx.Document(io.BytesIO(data))


def parts(document: Any) -> Iterator[Any]:
    """The body, headers and footers."""
    yield document.element.body
    for section in document.sections:
        yield section.header._element
        yield section.footer._element


def said(element: Any) -> str:
    """The words of an element, a paragraph a line; figures and units with plain spaces."""
    lines = ("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in element.iter(qn("w:p")))
    return "\n".join(lines).replace("\u00a0", " ")


def grown(draft: Draft, times: int) -> Draft:
    """The same post with many lines, no two the same."""
    cards = {
        card: tuple(
            replace(x, text=f"{x.text}之{n}") for n in range(times) for x in draft.cards[card]
        )
        for card in CARDS
    }
    return replace(draft, cards=cards)


def every_file(draft: Draft, firm: Firm) -> dict[str, bytes]:
    return {
        "A4": wall_docx(draft, firm, "A4"),
        "A3": wall_docx(draft, firm, "A3"),
        "pocket": pocket_docx([(draft, firm)]),
        "author": author_docx(draft, firm),
        "derived": derived_docx(draft, firm),
        "worksheet": worksheet_docx(WORKSHEET),
    }


# --- all files --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return every_file(DRAFT, EMPTY)


@pytest.mark.parametrize("name", ["A4", "A3", "pocket", "author", "derived", "worksheet"])
def test_every_run_and_style_names_a_font_of_windows_for_han(
    files: dict[str, bytes], name: str
) -> None:
    document = opened(files[name])
    for part in parts(document):
        for run in part.iter(qn("w:r")):
            given = run.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
            assert given is not None
            assert {given.get(qn(slot)) for slot in SLOTS} <= FONTS
    for given in document.styles.element.iter(qn("w:rFonts")):
        assert given.get(qn("w:eastAsia")) == BODY
        assert not [key for key in given.attrib if "Theme" in key]
    named = [s for s in document.styles if s.element.find(f".//{qn('w:rFonts')}") is not None]
    assert len(named) >= len([s for s in document.styles if s.type != 4])


@pytest.mark.parametrize("name", ["A4", "A3", "author", "derived", "worksheet"])
def test_tables_repeat_their_header_and_split_no_row(files: dict[str, bytes], name: str) -> None:
    tables = opened(files[name]).tables
    lined = [t for t in tables if t._tbl.xpath(".//w:insideH[@w:val='single']")]
    assert lined
    for table in lined:
        rows = table._tbl.xpath("./w:tr")
        assert rows[0].xpath("./w:trPr/w:tblHeader")
        assert not [r for r in rows[1:] if r.xpath("./w:trPr/w:tblHeader")]
        assert all(r.xpath("./w:trPr/w:cantSplit") for r in rows)


@pytest.mark.parametrize("name", ["A4", "A3", "pocket", "author", "derived", "worksheet"])
def test_tables_fit_their_page(files: dict[str, bytes], name: str) -> None:
    document = opened(files[name])
    section = 0
    for element in document.element.body:
        if element.tag == qn("w:tbl"):
            here = document.sections[section]
            room = here.page_width - here.left_margin - here.right_margin
            widths = [int(w) for w in element.xpath("./w:tblGrid/w:gridCol/@w:w")]
            assert sum(widths) * 635 <= room + 635
            for r in element.xpath("./w:tr"):
                spans = r.xpath("./w:tc/w:tcPr/w:tcW/@w:w")
                assert sum(map(int, spans)) == sum(widths)
        elif element.xpath("./w:pPr/w:sectPr"):
            section += 1


@pytest.mark.parametrize("firm", [EMPTY, FILLED])
@pytest.mark.parametrize("name", ["A4", "A3", "author", "derived"])
def test_the_mark_is_large_and_grey_on_every_page_of_a_draft(name: str, firm: Firm) -> None:
    document = opened(every_file(DRAFT, firm)[name])
    for section in document.sections:
        header = section.header
        assert said(header._element).strip() == (DRAFT_MARK if firm is EMPTY else "")
        if firm is EMPTY:
            run = header.paragraphs[0].runs[0]
            assert run.font.size.pt >= 24
            assert str(run.font.color.rgb) == "8C8C8C"
            assert section.different_first_page_header_footer is False


HOSTILE = "=1+1\x00\x0b\ud800<w:p/>&\u2028尾"


def test_hostile_text_opens_as_text() -> None:
    draft = with_lines(operation=(line(HOSTILE, "operation"),))
    draft = replace(draft, post=f"{POST}&<x>")
    firm = Firm(name="a&b<c>", posts=FILLED.posts)
    for name, data in every_file(draft, firm).items():
        document = opened(data)
        if name not in ("worksheet",):
            assert clean(HOSTILE) in said(document.element.body), name


def test_an_empty_draft_still_gives_frames() -> None:
    empty = replace(DRAFT, cards=dict.fromkeys(CARDS, ()), firm=(), missing=(), left_out=())
    for name, data in every_file(empty, EMPTY).items():
        assert opened(data).tables, name


def test_a_row_fills_all_columns() -> None:
    with pytest.raises(ValueError, match="2"):
        row([Cell(("<w:p/>",))], [1, 1])


# --- the wall ---------------------------------------------------------------------------------


@pytest.mark.parametrize("paper", WALL_SIZES)
@pytest.mark.parametrize("firm", [EMPTY, FILLED])
def test_words_on_the_wall_are_large_enough(paper: str, firm: Firm) -> None:
    body = opened(wall_docx(DRAFT, firm, paper)).element.body
    sizes = [int(x) / 2 for x in body.xpath(".//w:r/w:rPr/w:sz/@w:val")]
    assert sizes
    assert min(sizes) >= {"A4": 16, "A3": 24}[paper]


@pytest.mark.parametrize(("paper", "upright"), [("A4", (210, 297)), ("A3", (297, 420))])
def test_paper_of_the_wall(paper: str, upright: tuple[int, int]) -> None:
    document = opened(wall_docx(DRAFT, EMPTY, paper))
    sizes = [(round(s.page_width.mm), round(s.page_height.mm)) for s in document.sections]
    lying = (upright[1], upright[0])
    assert sizes == [lying, upright, lying, upright]
    assert [s.orientation for s in document.sections] == [1, 0, 1, 0]


def test_unknown_paper() -> None:
    with pytest.raises(UsageError, match="A4、A3"):
        wall_docx(DRAFT, EMPTY, "A5")


def test_each_card_has_its_lines_and_its_citations_at_the_foot() -> None:
    for card in CARDS:
        body = opened(wall_docx(DRAFT, EMPTY, cards=[card])).element.body
        text = said(body)
        assert all(line_text(x) in text for x in DRAFT.cards[card])
        content = card_table(DRAFT, EMPTY, card)
        for number, note in enumerate(content.notes, 1):
            mark = content.marks([note])
            assert mark == "①②③④⑤⑥⑦⑧⑨⑩"[number - 1]
            clause = note.rpartition("）")[2] if note.startswith("《") else note
            assert f"{mark} {clause}" in text, "the note at the foot"
        face = text.partition("依据：")[0]
        assert card == "emergency" or not re.search("《.*》", face), "no citation on the face"


def test_notes_stand_behind_the_table_and_before_the_signatures() -> None:
    text = said(opened(wall_docx(DRAFT, FILLED, cards=["risk"])).element.body)
    order = ["企业：东礁灯塔站", "塔梯每级踏稳再上", "依据：", "《灯塔作业规程》", "编制：甲一",
             "参加人签字：", "丁四：____", "己六：____"]  # fmt: skip
    places = [text.index(word) for word in order]
    assert places == sorted(places)


def test_an_emergency_block_says_what_it_rests_on() -> None:
    document = opened(wall_docx(DRAFT, EMPTY, cards=["emergency"]))
    blocks = [t for t in document.tables if t._tbl.xpath(".//w:tblHeader")]
    assert [said(b.rows[0]._tr) for b in blocks] == ["淹溺", "火灾", "各类事故"]
    fire = said(blocks[1]._tbl)
    assert SKELETON_MARK in fire
    assert "《灯塔作业规程》（GB 99998—2020）" in fire
    assert SKELETON_MARK not in said(blocks[2]._tbl)
    kept = blocks[1]._tbl.xpath("./w:tr[position()<last()]//w:p[not(w:pPr/w:keepNext)]")
    assert not kept, "a block stays on one page"


@pytest.mark.parametrize("firm", [EMPTY, FILLED])
def test_whom_to_call_is_at_the_foot_of_each_page_of_the_emergency_card(firm: Firm) -> None:
    document = opened(wall_docx(DRAFT, firm))
    feet = [said(s.footer._element) for s in document.sections]
    for word in ("班组长", "值班", "负责人", "火警 119", "急救 120"):
        assert word in feet[3]
        assert word not in feet[0]
    assert ("13800000001" in feet[3]) == (firm is FILLED)
    sizes = document.sections[3].footer._element.xpath("./w:p[1]//w:sz/@w:val")
    assert {int(s) / 2 for s in sizes} == {16}


def test_nothing_for_the_author_hangs_on_the_wall() -> None:
    text = said(opened(wall_docx(DRAFT, EMPTY)).element.body)
    for hidden in ("给塔梯装防滑条", "守灯人数", "旧办法", "小火轮", "GB 99997"):
        assert hidden not in text


def test_prohibitions_without_a_step_take_the_room_of_the_step() -> None:
    body = opened(wall_docx(DRAFT, EMPTY, cards=["operation"])).element.body
    joined = body.xpath(".//w:tc[w:tcPr/w:gridSpan/@w:val='3']")
    assert [said(c) for c in joined if "大风" in said(c)] == ["大风天不到外廊"]


# --- the pocket -------------------------------------------------------------------------------


def sheets(data: bytes) -> list[list[str]]:
    """The four words of each page, in reading order."""
    return [[said(c) for c in t._tbl.xpath("./w:tr/w:tc")] for t in opened(data).tables]


def test_four_copies_of_one_card() -> None:
    fronts, behind = sheets(pocket_docx([(DRAFT, EMPTY)]))
    assert len(set(fronts)) == len(set(behind)) == 1
    assert "岗位操作卡" in fronts[0]
    assert "岗位应急处置卡" in behind[0]
    assert all(line_text(x) in fronts[0] for x in DRAFT.cards["operation"])
    assert all(line_text(x) in behind[0] for x in DRAFT.cards["emergency"])
    assert all(DRAFT_MARK in side for side in (*fronts, *behind))
    assert f"※{SKELETON_MARK}" in behind[0]
    assert "火警 119" in behind[0]
    assert "急救 120" in behind[0]


def test_a_filled_card_has_no_mark() -> None:
    for page in sheets(pocket_docx([(DRAFT, FILLED)])):
        assert DRAFT_MARK not in "".join(page)


def test_backs_lie_behind_their_fronts() -> None:
    names = ["甲工", "乙工", "丙工", "丁工", "戊工"]
    cards = [(replace(DRAFT, post=name), EMPTY) for name in names]
    pages = sheets(pocket_docx(cards, copies=1))
    assert len(pages) == 4
    shown = [[next((n for n in names if n in side), "") for side in page] for page in pages]
    assert shown == [
        ["甲工", "乙工", "丙工", "丁工"],
        ["乙工", "甲工", "丁工", "丙工"],  # turned over the long edge: left is right
        ["戊工", "", "", ""],
        ["", "戊工", "", ""],
    ]


def test_cards_are_a6_and_the_cut_is_in_the_middle() -> None:
    document = opened(pocket_docx([(DRAFT, EMPTY)]))
    (section,) = document.sections
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    for table in document.tables:
        tbl = table._tbl
        for side in ("insideH", "insideV"):
            assert tbl.xpath(f"./w:tblPr/w:tblBorders/w:{side}/@w:val") == ["dashed"]
        widths = [int(w) for w in tbl.xpath("./w:tblGrid/w:gridCol/@w:w")]
        left = round(section.left_margin / 635)
        assert abs(left + widths[0] - mm(105)) <= 2
        heights = [int(h) for h in tbl.xpath("./w:tr/w:trPr/w:trHeight/@w:val")]
        assert tbl.xpath("./w:tr/w:trPr/w:trHeight/@w:hRule") == ["exact", "exact"]
        # the small paragraph before the table takes what the first row leaves
        top = round(section.top_margin / 635)
        assert abs(top + 26 + heights[0] - mm(148.5)) <= 2
        assert top + 26 + sum(heights) + 26 <= mm(297) - round(section.bottom_margin / 635)


def test_each_page_begins_on_a_new_sheet_side() -> None:
    body = opened(pocket_docx([(grown(DRAFT, 12), EMPTY)])).element.body
    before = [t.getprevious() for t in body.iter(qn("w:tbl"))]
    assert len(before) > 2
    breaks = [bool(p.xpath("./w:pPr/w:pageBreakBefore")) for p in before]
    assert breaks == [False] + [True] * (len(before) - 1)
    assert len(before) % 2 == 0


@pytest.mark.parametrize("times", [1, 3, 12])
def test_nothing_is_dropped_and_nothing_overflows(times: int) -> None:
    draft = grown(DRAFT, times)
    data = pocket_docx([(draft, EMPTY)], copies=1)
    text = "".join(side for page in sheets(data) for side in page).replace("\n", "")
    for card in ("operation", "emergency"):
        assert all(line_text(x) in text for x in draft.cards[card])
    for cell in opened(data).element.body.iter(qn("w:tc")):
        assert _height(cell) <= 148.5 - 5 - 2 * 3.5, "millimetres of a card"
        sizes = {int(s) / 2 for s in cell.xpath(".//w:r//w:sz/@w:val")}
        assert not sizes or min(sizes) >= min(POCKET_SIZES) * 0.8


def _height(cell: Any) -> float:
    """Millimetres that a cell's paragraphs take, each Han character as wide as it is high."""
    room = (105 - 5 - 2 * 3.5) / 25.4 * 72
    total = 0.0
    for p in cell.iter(qn("w:p")):
        line_height = int(p.xpath("./w:pPr/w:spacing/@w:line")[0]) / 20
        before = int(p.xpath("./w:pPr/w:spacing/@w:before")[0]) / 20
        size = int((p.xpath(".//w:r//w:sz/@w:val") or ["2"])[0]) / 2
        wide = sum(size * (1 if ord(c) > 0x2000 else 0.55) for c in said(p))
        total += before + line_height * max(1, -(-wide // room))
    return float(total / 72 * 25.4)


def test_no_card_to_print() -> None:
    with pytest.raises(UsageError, match="没有要印的卡"):
        pocket_docx([])
    with pytest.raises(UsageError, match="份数"):
        pocket_docx([(DRAFT, EMPTY)], copies=0)


# --- sheets -----------------------------------------------------------------------------------


def test_the_author_sees_citations_in_full_and_all_that_is_on_no_card() -> None:
    text = said(opened(author_docx(DRAFT, EMPTY)).element.body)
    for shown in (
        "《灯塔作业规程》（GB 99998—2020）5.1.3",
        "给塔梯装防滑条",
        "旧办法写3人，从严",
        "GB 99997-2015",
        "你们的灯塔有没有雾号？",
        "小火轮靠岸鸣笛",
        "火警 119",
    ):
        assert shown in text


def test_the_crews_sheets() -> None:
    document = opened(derived_docx(DRAFT, EMPTY))
    text = said(document.element.body)
    for title in ("手指口述卡", "旁站观察表", "日排查表", "周排查表", "月排查表"):
        assert title in text
    assert len(document.sections) == 5
    assert text.count("☐") == 2 * len(DRAFT.cards["operation"]) + 2 * len(DRAFT.cards["risk"])


def test_the_discussion_sheet_is_empty() -> None:
    document = opened(worksheet_docx(WORKSHEET))
    text = said(document.element.body)
    assert all(q in text for q in WORKSHEET.questions)
    table = next(t for t in document.tables if t._tbl.xpath(".//w:tblHeader"))
    assert [c.text for c in table.rows[0].cells] == list(WORKSHEET.columns)
    assert len(table.rows) == 1 + WORKSHEET.rows
    assert {c.text for r in table.rows[1:] for c in r.cells} == {""}
    assert all(name in text for name in WORKSHEET.foot)


def test_a_file_says_the_day_of_its_draft() -> None:
    core = opened(wall_docx(DRAFT, EMPTY)).core_properties
    assert core.created.date().isoformat() == DRAFT.as_of
    assert core.author == ""
    assert core.title == f"{POST}岗位卡"
