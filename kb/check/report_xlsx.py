"""The report of a folder as a workbook: a row a file, then a row a finding."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from kb.check.model import ERRORS, KIND_NAMES, KINDS, FileReport
from kb.check.reading import Refused

__all__ = ["to_xlsx"]

_RISKY = ("=", "+", "-", "@", "\t", "\r")
"""What Excel and WPS may read as the beginning of a formula."""
_MOST = 32767  # characters that a cell holds
_FONT = "微软雅黑"


def to_xlsx(reports: Sequence[FileReport], refused: Sequence[Refused], as_of: str) -> bytes:
    """Sheets 汇总, 问题, 未核对 and 没读的文件."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    kinds = [k for k in KINDS if k in ERRORS] + [k for k in KINDS if k not in ERRORS]
    _sheet(
        book,
        "汇总",
        ["文件", "岗位", "已核对", "错误", *(KIND_NAMES[k] for k in kinds), "说明"],
        [_summary(r, kinds) for r in reports],
        [30, 14, 8, 8, *(8 for _ in kinds), 24],
    )
    findings = [(r.file, f) for r in reports for f in r.findings]
    columns = ["文件", "位置", "岗位", "种类", "原样", "问题", "改为", "条款编号"]
    widths = [36, 16, 14, 18, 36, 60, 40, 36]
    rows = [
        [file, _place(f.line), f.post, KIND_NAMES[f.kind], f.raw, f.message, f.suggestion, f.id]
        for file, f in findings
    ]
    checked = [f.kind != "not_checked" for _, f in findings]
    _sheet(book, "问题", columns, [r for r, c in zip(rows, checked, strict=True) if c], widths)
    _sheet(
        book, "未核对", columns, [r for r, c in zip(rows, checked, strict=True) if not c], widths
    )
    _sheet(
        book,
        "没读的文件",
        ["文件", "原因"],
        [[r.file, r.error] for r in reports if r.error]
        + [[str(r.path), r.reason] for r in refused],
        [60, 80],
    )
    book.properties.title = f"卡片核对（{as_of}）"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _summary(report: FileReport, kinds: Iterable[str]) -> list[object]:
    counts = {k: sum(f.kind == k for f in report.findings) for k in kinds}
    said = report.error or "；".join(report.warnings)
    return [
        report.file,
        "、".join(report.posts),
        report.checked,
        report.errors,
        *(counts[k] for k in kinds),
        said,
    ]


def _place(line: int | str) -> str:
    return f"第{line}行" if isinstance(line, int) else line


def _sheet(
    book: Any,
    title: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[object]],
    widths: Sequence[int],
) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(title)
    for column, wide in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = wide
    for number, row in enumerate((heads, *rows), 1):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(number, column)
            if isinstance(value, int):
                cell.value = value
            elif value:
                text = str(value)[:_MOST]
                cell.value = text
                cell.data_type = "s"
                cell.quotePrefix = text.startswith(_RISKY)
            cell.font = Font(name=_FONT, size=10, bold=number == 1)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            if number == 1:
                cell.fill = PatternFill("solid", fgColor="E7E6E6")
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(heads))}{max(2, len(rows) + 1)}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
