"""Cards as a workbook: a sheet a card, the frame on top, ready to print.

Nothing in it is a formula: a crew's line may begin with = or -, and a workbook that calculates with
what somebody typed is a way in for whoever typed it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from kb.cards.author import author_tables, summary
from kb.cards.derived import derived_tables
from kb.cards.docx_xml import BODY, HEAD, SHADE
from kb.cards.layout import weights
from kb.cards.model import BLANK, Draft, Firm
from kb.cards.rows import card_tables, contacts, draft_mark, frame
from kb.cards.table import Table, clean, width

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["derived_xlsx", "table_xlsx", "to_xlsx"]

_RISKY = ("=", "+", "-", "@", "\t", "\r")
"""What Excel and WPS may read as the beginning of a formula."""
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")  # of sheets
_LONGEST_NAME = 31
_POINTS = 11
_LINE = 15.5  # points that a line of `_POINTS` is high
_CHARACTER = 2.1  # width of a Han character in Excel's unit, the digit 0
_FIELDS = 3
_FIELD = 9.0
"""Fields of the frame a row, and how wide one is at least where there is room."""
_UPRIGHT = 46.0  # characters that an upright page takes in readable letters
_MOST = 32767  # characters that a cell holds


def to_xlsx(draft: Draft, firm: Firm, *, author: bool = False) -> bytes:
    """The four cards; with `author` the sheets that only their author needs as well."""
    book = _Book.of(draft, firm)
    for table in card_tables(draft, firm):
        foot = [c.text for c in contacts(firm)] if table.key == "emergency" else []
        book.sheet(table, frame(draft, firm), foot)
    if author:
        for table in author_tables(draft):
            book.sheet(table, (("岗位", draft.post), ("依据的日期", draft.as_of)), [])
        book.plain("说明", summary(draft, firm))
    return book.bytes()


def derived_xlsx(draft: Draft, firm: Firm) -> bytes:
    """手指口述卡, 旁站观察表 and 日/周/月排查表, a sheet each."""
    book = _Book.of(draft, firm)
    fields = (("岗位", draft.post), ("日期", BLANK), ("填写人", BLANK))
    for table in derived_tables(draft):
        book.sheet(table, fields, [])
    return book.bytes()


def table_xlsx(table: Table, fields: Sequence[tuple[str, str]], day: str, foot: str) -> bytes:
    """One table as a workbook: `fields` (label, value) above it, `foot` on every page."""
    book = _Book(table.title, day, foot=foot)
    book.sheet(table, fields, [])
    return book.bytes()


class _Book:
    """A workbook that grows sheet by sheet."""

    def __init__(self, title: str, day: str, *, mark: str = "", foot: str = "") -> None:
        from datetime import datetime

        from openpyxl import Workbook

        self._book: Workbook = Workbook()
        self._mark, self._foot = mark, foot
        properties = self._book.properties
        properties.title, properties.creator = clean(title), ""
        if day:
            properties.created = properties.modified = datetime.fromisoformat(day)
        first = self._book.active
        if first is not None:
            self._book.remove(first)

    @classmethod
    def of(cls, draft: Draft, firm: Firm) -> _Book:
        """The workbook of a post."""
        foot = "　".join(x for x in (firm.name, draft.post, firm.version) if x)
        mark = draft_mark(draft, firm)
        return cls(f"{draft.post}岗位卡", draft.as_of, mark=mark, foot=foot)

    def bytes(self) -> bytes:
        """The file."""
        out = io.BytesIO()
        self._book.save(out)
        return out.getvalue()

    def sheet(self, table: Table, fields: Sequence[tuple[str, str]], foot: Sequence[str]) -> None:
        """A table with its title, frame and foot."""
        sheet = self._new(table.title)
        widths = weights(table, numbers=False)
        self._columns(sheet, widths)
        last = len(widths)
        at = self._title(sheet, table.title, last)
        for few in (fields[i : i + _FIELDS] for i in range(0, len(fields), _FIELDS)):
            self._frame(sheet, at, [f"{label}：{value}" for label, value in few], widths)
            at += 1
        head = at
        self._row(sheet, at, [[name] for name in table.header], widths, bold=True, shade=True)
        for row in table.rows or (None,):
            at += 1
            if row is None:
                self._row(sheet, at, [[BLANK]] * last, widths)
                continue
            cells = [table.sentences(row, i, marked=table.mixed) for i in range(len(row.cells))]
            if table.cited:
                cells.append(table.basis(row))
            if row.spans and row.cells[row.spans[0]]:
                self._over(sheet, at, cells[row.spans[0]], row.spans, widths)
                continue
            self._row(sheet, at, cells, widths)
        for i in range(0, len(foot), _FIELDS):
            at += 1
            self._frame(sheet, at, foot[i : i + _FIELDS], widths, bold=True)
        self._print(sheet, at, widths, head)

    def plain(self, title: str, pairs: Sequence[tuple[str, str]]) -> None:
        """Labels and values."""
        sheet = self._new(title)
        widths = (14.0, 60.0)
        self._columns(sheet, widths)
        at = self._title(sheet, title, len(widths))
        for label, value in pairs:
            self._frame(sheet, at, [label, value], widths)
            at += 1
        self._print(sheet, at - 1, widths, 0)

    def _new(self, title: str) -> Worksheet:
        name = _NOT_IN_NAMES.sub(" ", clean(title))[:_LONGEST_NAME]
        return self._book.create_sheet(name)

    def _columns(self, sheet: Worksheet, widths: Sequence[float]) -> None:
        from openpyxl.utils import get_column_letter

        for column, wide in enumerate(widths, 1):
            sheet.column_dimensions[get_column_letter(column)].width = wide * _CHARACTER + 1

    def _title(self, sheet: Worksheet, title: str, last: int) -> int:
        """The mark, if there is one, and the title; gives the next row."""
        from openpyxl.styles import Font

        at = 1
        shown = [(self._mark, 20, "8C8C8C")] if self._mark else []
        for text, size, color in (*shown, (title, 18, "000000")):
            cell = sheet.cell(at, 1)
            _write(cell, text)
            cell.font = Font(name=HEAD, size=size, bold=True, color=color)
            cell.alignment = _aligned("center")
            sheet.merge_cells(start_row=at, start_column=1, end_row=at, end_column=last)
            sheet.row_dimensions[at].height = size * 1.6
            at += 1
        return at

    def _frame(
        self,
        sheet: Worksheet,
        at: int,
        texts: Sequence[str],
        widths: Sequence[float],
        *,
        bold: bool = False,
    ) -> None:
        """Some texts beside each other over all columns."""
        from openpyxl.styles import Font

        high = 1
        for text, (first, last) in zip(texts, _groups(widths, len(texts)), strict=True):
            cell = sheet.cell(at, first)
            _write(cell, text)
            cell.font = Font(name=BODY, size=_POINTS, bold=bold)
            cell.alignment = _aligned("left")
            if last > first:
                sheet.merge_cells(start_row=at, start_column=first, end_row=at, end_column=last)
            high = max(high, _lines([text], sum(widths[first - 1 : last])))
        sheet.row_dimensions[at].height = _LINE * high + 3

    def _row(
        self,
        sheet: Worksheet,
        at: int,
        cells: Sequence[Sequence[str]],
        widths: Sequence[float],
        *,
        bold: bool = False,
        shade: bool = False,
    ) -> None:
        from openpyxl.styles import Border, Font, PatternFill, Side

        thin = Side(style="thin", color="404040")
        for column, sentences in enumerate(cells, 1):
            cell = sheet.cell(at, column)
            if len(sentences) == 1 and column == 1 and sentences[0].isdecimal():
                cell.value = int(sentences[0])  # 序号
            else:
                _write(cell, "\n".join(sentences))
            short = len(sentences) == 1 and len(sentences[0]) <= 4
            cell.font = Font(name=BODY, size=_POINTS, bold=bold)
            cell.alignment = _aligned("center" if bold or short else "left")
            cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
            if shade:
                cell.fill = PatternFill("solid", fgColor=SHADE)
        # Excel does not grow the rows of a file that it did not write itself
        high = max(_lines(c, w) for c, w in zip(cells, widths, strict=True))
        sheet.row_dimensions[at].height = _LINE * high + 4

    def _over(
        self,
        sheet: Worksheet,
        at: int,
        sentences: Sequence[str],
        spans: tuple[int, int],
        widths: Sequence[float],
    ) -> None:
        """A heading among the rows: one cell over several columns, the others empty."""
        first, last = spans[0] + 1, spans[1] + 1
        cells: list[Sequence[str]] = [[] for _ in widths]
        cells[spans[0]] = sentences
        self._row(sheet, at, cells, widths, bold=True, shade=True)
        sheet.cell(at, first).alignment = _aligned("left")
        sheet.merge_cells(start_row=at, start_column=first, end_row=at, end_column=last)
        sheet.row_dimensions[at].height = (
            _LINE * _lines(sentences, sum(widths[first - 1 : last])) + 4
        )

    def _print(self, sheet: Worksheet, rows: int, widths: Sequence[float], head: int) -> None:
        """One page wide; the column names and the mark on every page."""
        from openpyxl.utils import get_column_letter

        first = 2 if self._mark else 1  # on paper the mark is in the header of each page
        sheet.print_area = f"A{first}:{get_column_letter(len(widths))}{rows}"
        if head:
            sheet.print_title_rows = f"{head}:{head}"
            sheet.freeze_panes = sheet.cell(head + 1, 1)
        sheet.page_setup.paperSize = 9  # A4
        sheet.page_setup.orientation = "landscape" if sum(widths) > _UPRIGHT else "portrait"
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.page_margins.left = sheet.page_margins.right = 0.4
        if self._mark:
            sheet.oddHeader.center.text = self._mark
            sheet.oddHeader.center.size = 20
            sheet.oddHeader.center.color = "8C8C8C"
            sheet.oddHeader.center.font = f"{HEAD},Bold"
        # an ampersand begins a code in a footer
        sheet.oddFooter.center.text = f"{clean(self._foot).replace('&', '&&')}　第 &P 页，共 &N 页"


def _write(cell: Cell, text: str) -> None:
    """Put words into a cell: text whatever they begin with."""
    lines = "\n".join(clean(t) for t in text.split("\n"))[:_MOST]
    if not lines:
        return
    cell.value = lines
    cell.data_type = "s"
    if lines.startswith(_RISKY):
        cell.quotePrefix = True  # keeps it text when somebody edits the cell


def _aligned(horizontal: str) -> object:
    from openpyxl.styles import Alignment

    return Alignment(horizontal=horizontal, vertical="center", wrap_text=True)


def _groups(widths: Sequence[float], count: int) -> Iterator[tuple[int, int]]:
    """First and last column (from 1) of `count` groups of columns of about the same width."""
    share = sum(widths) / count
    first, before = 1, 0.0
    for number in range(1, count + 1):
        last, most = first, len(widths) - (count - number)
        taken = widths[first - 1]
        while last < most and (
            number == count or taken < _FIELD or before + taken + widths[last] / 2 <= share * number
        ):
            taken += widths[last]
            last += 1
        yield first, last
        first, before = last + 1, before + taken


def _lines(sentences: Iterable[str], wide: float) -> int:
    """Lines that sentences take in a column."""
    return sum(max(1, -(-int(width(s) * 100) // int(max(wide - 0.6, 1) * 100))) for s in sentences)
