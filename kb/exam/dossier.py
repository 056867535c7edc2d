"""The dossier for the panel: an item a row, with the rule's own words and why options are wrong."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from kb.errors import UsageError
from kb.exam.export import text_sheet
from kb.exam.model import FIRM, LETTERS, Distractor, Item
from kb.exam.verdicts import CODE, OPINION, SIGNED, VERDICT, WORDS
from kb.ids import parse_ref, version_ref
from kb.store import Passages

__all__ = ["COLUMNS", "dossier_rows", "write_dossier"]

COLUMNS = (
    "题号", "题型", "题干与选项", "答案", "依据原文", "出处", "考试日效力", "各干扰项为何错及出处",
    "对象/岗位", "难度", "命题人", OPINION, VERDICT, SIGNED, CODE,
)  # fmt: skip
"""The panel's columns; the last tells the item when the verdicts are read back."""
_WIDTHS = (5, 6, 46, 14, 46, 24, 14, 46, 14, 5, 8, 16, 8, 10, 14)
_HEIGHT = 18.0


def dossier_rows(
    passages: Passages, items: Sequence[Item], author: str = "", audience: str = ""
) -> list[list[str]]:
    """The titles, then a row an item; what the panel writes is empty.

    Args:
        author: 命题人.
        audience: whom the paper is for, before the posts.

    Raises:
        UsageError: the words of a clause are not those that an item was made from.
    """
    out = [list(COLUMNS)]
    for number, item in enumerate(items, 1):
        options = [f"{a}. {x}" for a, x in zip(LETTERS, item.options, strict=False)]
        people = "；".join(x for x in (audience, item.post) if x)
        out.append(
            [
                str(number), item.type, "\n".join([item.stem, *options]), item.answer,
                _words(passages, number, item), _where(item), item.validity,
                "\n".join(_why(item)), people, str(item.difficulty), author, "", "", "", item.item,
            ]
        )  # fmt: skip
    return out


def _where(item: Item) -> str:
    ids = dict.fromkeys((item.id, *(a.id for a in item.also)))
    return "\n".join([item.citation, *ids])


def _words(passages: Passages, number: int, item: Item) -> str:
    """The rule's own words; of an item from the firm's card the card's, then those of its rule."""
    if item.source == FIRM:
        laws = [_clause(passages, number, item, *r) for r in item.rests]
        return "\n".join([item.explanation, *laws])
    found = [(item.id, item.hash), *((a.id, a.hash) for a in item.also)]
    return "\n".join(_clause(passages, number, item, *x) for x in dict.fromkeys(found))


def _clause(passages: Passages, number: int, item: Item, full_id: str, known: str) -> str:
    ref = parse_ref(full_id)
    where = version_ref(ref.doc, ref.version)
    unit = passages.unit(where, ref.clause) if where in passages.texts else None
    if unit is None or unit.hash != known:
        raise UsageError(
            f"第 {number} 题（{item.item}）的依据 {full_id} 与出题时不同或没有收录。"
            "请先用 kb quiz verify 核对，重新出题"
        )
    slips = [f"勘误：原文“{m[2]}”，应为“{m[3]}”" for m in unit.errata if m[4] == "confirmed"]
    return "\n".join([unit.display, *slips])


def _why(item: Item) -> Iterator[str]:
    for d in item.distractors:
        yield f"{_letter(item, d)}{d.text}：{d.why}（{d.id}）"


def _letter(item: Item, wrong: Distractor) -> str:
    if wrong.text not in item.options:
        return ""
    return f"{LETTERS[item.options.index(wrong.text)]}. "


def write_dossier(path: Path, rows: Sequence[Sequence[str]], title: str, as_of: date) -> None:
    """Write the dossier beside the old file and put it in its place.

    Raises:
        UsageError: the ending is neither .xlsx nor .docx.
        KbError: the file cannot be written.
    """
    from kb.cards.files import save

    maker = {".xlsx": _xlsx, ".docx": _docx}.get(path.suffix.lower())
    if maker is None:
        raise UsageError(f"审题表应写成 .xlsx 或 .docx：{path}")
    save(path, maker(rows, title, as_of))


def _said(rows: Sequence[Sequence[str]], title: str, as_of: date) -> list[str]:
    return [
        f"{title or '审题表'}：{len(rows) - 1} 题，按 {as_of} 的效力。依据原文逐字照录。",
        f"请在“{VERDICT}”一列写 {'、'.join(WORDS)} 之一，意见写在“{OPINION}”，不要改动“{CODE}”。"
        "填好后用 kb quiz --verdicts 读回。",
    ]


def _xlsx(rows: Sequence[Sequence[str]], title: str, as_of: date) -> bytes:
    from openpyxl import Workbook
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    book.remove(book.active)
    sheet = text_sheet(book, "审题表", rows, _WIDTHS)
    choice = DataValidation(type="list", formula1=f'"{",".join(WORDS)}"', allow_blank=True)
    column = "ABCDEFGHIJKLMNO"[COLUMNS.index(VERDICT)]
    choice.add(f"{column}2:{column}{max(2, len(rows))}")
    sheet.add_data_validation(choice)
    sheet.page_setup.paperSize = 8  # A3
    sheet.print_title_rows = "1:1"
    text_sheet(book, "说明", [["说明"], *([x] for x in _said(rows, title, as_of))], [100])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _docx(rows: Sequence[Sequence[str]], title: str, as_of: date) -> bytes:
    from kb.cards.docx_base import Page, Pages, fit, heading, line, say
    from kb.cards.docx_xml import SHADE, Cell, Look, mm, row, table

    page = Page("A3", lying=True, margin=10, foot=title or "审题表", foot_size=8)
    pages = Pages(title or "审题表", as_of.isoformat())
    pages.begin(page)
    widths = fit(_WIDTHS, page.width)
    look, bold = Look(7.5), Look(7.5, bold=True)
    pages.add(heading(title or "审题表", 16))
    pages.add(*(line(x, Look(9), after=3) for x in _said(rows, title, as_of)))
    head = [Cell(say([name], bold, align="center"), shade=SHADE) for name in rows[0]]
    made = [row(head, widths, header=True)]
    for r in rows[1:]:
        cells = [Cell(say(text.split("\n"), look), vertical="top") for text in r]
        made.append(row(cells, widths, height=mm(_HEIGHT)))
    pages.add(table(made, widths))
    return pages.bytes()
