"""Workbooks, opened again: sheets, frame, print set-up, and that nothing in them calculates."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kb.cards.files import save
from kb.cards.model import BLANK, CARD_NAMES, CARDS, DRAFT_MARK, Firm
from kb.cards.rows import card_table, frame
from kb.cards.table import clean
from kb.cards.xlsx import _groups, derived_xlsx, to_xlsx
from kb.errors import KbError
from tests.cards.render_sample import DRAFT, EMPTY, FILLED, line, with_lines


def opened(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def rows(sheet: Any) -> list[list[Any]]:
    return [[c.value for c in r] for r in sheet.iter_rows()]


def head_of(sheet: Any, columns: tuple[str, ...]) -> int:
    """The number of the row with the column names."""
    return 1 + next(i for i, r in enumerate(rows(sheet)) if r == list(columns))


@pytest.mark.parametrize("card", CARDS)
def test_a_sheet_says_what_the_card_says(card: str) -> None:
    sheet = opened(to_xlsx(DRAFT, FILLED))[CARD_NAMES[card]]
    table = card_table(DRAFT, FILLED, card)
    head = head_of(sheet, table.header)
    found = rows(sheet)
    for shown, row in zip(found[head:], table.rows, strict=False):
        said = [
            "\n".join(table.sentences(row, i, marked=table.mixed)) for i in range(len(row.cells))
        ]
        wanted = [*said, "\n".join(table.basis(row))]
        assert [str(v) if v is not None else "" for v in shown] == wanted
    above = [v for r in found[: head - 1] for v in r if v]
    assert above[0] == CARD_NAMES[card]
    assert above[1:] == [f"{label}：{value}" for label, value in frame(DRAFT, FILLED)]


def test_the_emergency_sheet_ends_with_whom_to_call() -> None:
    sheet = opened(to_xlsx(DRAFT, FILLED))[CARD_NAMES["emergency"]]
    last = [v for r in rows(sheet)[-2:] for v in r if v]
    assert last == [
        "班组长 丁四 电话 13800000001",
        f"值班室 {BLANK} 电话 0579-0001",
        f"负责人 {BLANK} 电话 {BLANK}",
        "灯塔长 戊五 电话 13800000002",
        "火警 119",
        "急救 120",
    ]


@pytest.mark.parametrize("make", [to_xlsx, derived_xlsx])
@pytest.mark.parametrize("firm", [EMPTY, FILLED])
def test_ready_to_print(make: Any, firm: Firm) -> None:
    for sheet in opened(make(DRAFT, firm)):
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert int(sheet.page_setup.paperSize) == 9
        area = str(sheet.print_area)
        assert area.endswith(f"${sheet.max_row}")
        head = int(sheet.print_title_rows.rpartition("$")[2])
        assert sheet.cell(head, 1).fill.fgColor.rgb.endswith("E7E6E6")
        assert sheet.freeze_panes == f"A{head + 1}"
        mark = sheet.oddHeader.center.text
        assert (mark == DRAFT_MARK) == (firm is EMPTY)
        assert (sheet.cell(1, 1).value == DRAFT_MARK) == (firm is EMPTY)
        if firm is EMPTY:
            assert sheet.oddHeader.center.size >= 18
        for r in sheet.iter_rows(min_row=head):
            assert all(c.alignment.wrap_text for c in r if c.value is not None)
        letters = [c.column_letter for c in sheet[head]]
        assert all(sheet.column_dimensions[x].width > 4 for x in letters)
        fonts = {c.font.name for r in sheet.iter_rows() for c in r if c.value is not None}
        assert fonts <= {"微软雅黑", "黑体"}


@pytest.mark.parametrize(
    "risky", ["=1+1", "+86 138", "-不去", "@SUM(A1)", "\t=1", "\r=1", "=cmd|'/C calc'!A0", "#N/A"]
)
def test_no_cell_calculates(risky: str) -> None:
    crew = {card: (line(risky, card, said=risky, hazard=risky),) for card in CARDS}
    draft = replace(DRAFT, cards=crew, post=risky, firm=crew["duty"])
    posts = {risky: FILLED.posts[DRAFT.post]}
    firm = replace(FILLED, name=risky, written_by=risky, posts=posts)
    for data in (to_xlsx(draft, firm, author=True), derived_xlsx(draft, firm)):
        book = opened(data)
        found = 0
        for sheet in book:
            for cells in sheet.iter_rows():
                for cell in cells:
                    assert cell.data_type in ("s", "n")
                    if isinstance(cell.value, str):
                        assert not cell.value.startswith(("\t", "\r"))
                        if cell.value.startswith(("=", "+", "-", "@")):
                            assert cell.quotePrefix
                    found += cell.value == clean(risky)
        assert found
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                if name.startswith("xl/worksheets/"):
                    assert b"<f>" not in archive.read(name)


def test_numbers_of_rows_are_numbers() -> None:
    sheet = opened(to_xlsx(DRAFT, EMPTY))[CARD_NAMES["risk"]]
    head = head_of(sheet, card_table(DRAFT, EMPTY, "risk").header)
    assert [sheet.cell(head + i, 1).value for i in (1, 2, 3)] == [1, 2, 3]


def test_text_that_xml_forbids() -> None:
    draft = with_lines(duty=(line("a\x00\x0b\ud800尾", "duty"),))
    sheet = opened(to_xlsx(draft, Firm(name="甲&乙")))[CARD_NAMES["duty"]]
    assert "a 尾" in [v for r in rows(sheet) for v in r]
    assert "甲&&乙" in sheet.oddFooter.center.text


def test_the_author_has_more_sheets() -> None:
    worker = opened(to_xlsx(DRAFT, EMPTY)).sheetnames
    author = opened(to_xlsx(DRAFT, EMPTY, author=True)).sheetnames
    assert worker == [CARD_NAMES[c] for c in CARDS]
    assert author[:4] == worker
    assert author[4:] == ["企业的事（不上岗位卡）", "规定不一致的地方", "缺标准", "还没回答的问题",
                          "没有列上的", "说明"]  # fmt: skip


def test_an_empty_card_has_a_blank_row() -> None:
    sheet = opened(to_xlsx(with_lines(duty=()), EMPTY))[CARD_NAMES["duty"]]
    assert rows(sheet)[-1] == [BLANK] * 5


@pytest.mark.parametrize(
    ("widths", "count", "groups"),
    [
        ((10, 10, 10), 3, [(1, 1), (2, 2), (3, 3)]),
        ((2.4, 4, 12, 22), 3, [(1, 3), (4, 4)]),
        ((2.4, 22, 3.4, 4, 9), 3, [(1, 2), (3, 4), (5, 5)]),
        ((5, 5, 5, 5), 1, [(1, 4)]),
    ],
)
def test_groups_of_columns(
    widths: tuple[float, ...], count: int, groups: list[tuple[int, int]]
) -> None:
    found = list(_groups(widths, count))
    assert found[0][0] == 1
    assert found[-1][1] == len(widths)
    assert [a for a, _ in found[1:]] == [b + 1 for _, b in found[:-1]]
    assert len(found) == count
    if len(groups) == count:
        assert found == groups


def test_save_puts_a_file_in_place_whole(tmp_path: Path) -> None:
    target = tmp_path / "新建" / "卡.xlsx"
    save(target, b"one")
    save(target, b"two")
    assert target.read_bytes() == b"two"
    assert [p.name for p in target.parent.iterdir()] == ["卡.xlsx"]


def test_save_says_what_to_do(tmp_path: Path) -> None:
    target = tmp_path / "卡.xlsx"
    target.mkdir()
    (target / "里面").write_text("x", encoding="utf-8")
    with pytest.raises(KbError, match="先关掉"):
        save(target, b"one")
    assert [p.name for p in tmp_path.iterdir()] == ["卡.xlsx"]
