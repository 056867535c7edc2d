"""Passages as a file: Markdown, Word, workbook, CSV, JSON. Every cell is text, none is merged."""

from __future__ import annotations

import csv
import io
import json
import re
import uuid
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from kb.errors import KbError, UsageError, os_reason
from kb.exam.passages import Found, Passage

__all__ = ["COLUMNS", "write_passages"]

COLUMNS = ("出处", "章节", "原文", "效力", "施行日期", "版本", "校验码", "编号", "备注")
_WIDTHS = (36, 24, 80, 10, 14, 12, 16, 36, 24)
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""What XML forbids: a workbook or document with it does not open."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A CSV cell that begins so is run as a formula by a spreadsheet."""


def write_passages(path: Path, found: Found, as_of: date) -> None:
    """Write the passages beside the old file and put them in its place.

    Raises:
        UsageError: the ending is none of .md .docx .xlsx .csv .json.
        KbError: the file cannot be written.
    """
    makers: dict[str, Callable[[Found, date], bytes]] = {
        ".md": _markdown,
        ".docx": _docx,
        ".xlsx": _xlsx,
        ".csv": _csv,
        ".json": _json,
    }
    make = makers.get(path.suffix.lower())
    if make is None:
        raise UsageError(
            f"不会写 {path.suffix or '没有后缀'} 文件：{path}。可用：{' '.join(makers)}"
        )
    data = make(found, as_of)
    beside = path.with_name(f".{path.name}-{uuid.uuid4().hex[:8]}")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as e:
        beside.unlink(missing_ok=True)
        raise KbError(
            f"不能写入 {path}（{os_reason(e)}）。请检查文件夹权限，或关闭正在打开它的程序"
        ) from e


def _row(p: Passage) -> tuple[str, ...]:
    values = (
        p.citation,
        " > ".join(p.path),
        p.text,
        p.status,
        p.in_force,
        p.version,
        p.hash,
        p.id,
        "；".join(_errata(p)),
    )
    return tuple(_UNFIT.sub("", v) for v in values)


def _errata(p: Passage) -> Iterator[str]:
    for _, _, old, new, status in p.errata:
        yield f"{'勘误' if status == 'confirmed' else '疑误'}：“{old}”应为“{new}”"


def _head(found: Found, as_of: date) -> str:
    return f"按 {as_of} 的效力，共 {len(found.passages)} 条。原文逐字照录，引用时请连同出处。"


_MARKS = re.compile(r"[\\`*_\[\]<>#|~$]")
_STARTS = re.compile(r"^(?P<head>\s*\d*)(?P<sign>[.)+=-])", re.M)
"""1. and - at the head of a line would be read as a list."""


def _md(text: str) -> str:
    """Words as Markdown, with no more signs than it needs: the file is read as it stands too."""
    return _STARTS.sub(r"\g<head>\\\g<sign>", _MARKS.sub(r"\\\g<0>", text))


def _markdown(found: Found, as_of: date) -> bytes:
    out = ["# 条款原文", "", _head(found, as_of), ""]
    for p in found.passages:
        out += [f"## {_md(p.citation)}", ""]
        facts = [p.status, f"施行 {p.in_force}", f"版本 {p.version}", f"校验码 {p.hash}", p.id]
        out += [_md(" · ".join(facts)), ""]
        out += [f"> {_md(line)}" for line in p.text.split("\n")]
        out += ["", *(_md(x) for x in _errata(p)), ""]
    if found.missing:
        out += ["## 没有原文的", ""]
        out += [f"- {_md(f'{m.citation}：{m.why}')}" for m in found.missing]
    return ("\n".join(out).rstrip() + "\n").encode()


def _json(found: Found, as_of: date) -> bytes:
    said = {"as_of": as_of.isoformat(), **found.to_json()}
    return (json.dumps(said, ensure_ascii=False, indent=2) + "\n").encode()


def _csv(found: Found, as_of: date) -> bytes:
    del as_of
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for p in found.passages:
        writer.writerow([f"'{v}" if v.startswith(_FORMULA) else v for v in _row(p)])
    return b"\xef\xbb\xbf" + text.getvalue().encode()  # with its mark Excel reads it as UTF-8


def _xlsx(found: Found, as_of: date) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet: Any = book.active
    sheet.title = "原文"
    rows = [COLUMNS, *map(_row, found.passages)]
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(row=number, column=column)
            cell.value = value
            cell.data_type = "s"  # 5.2.2 is no number, and a text with = is no formula
            cell.number_format = "@"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number == 1:
                cell.font = Font(bold=True)
    for column, wide in enumerate(_WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(column)].width = wide
    sheet.freeze_panes = "A2"
    more: Any = book.create_sheet("说明")
    more.append([_head(found, as_of)])
    for m in found.missing:
        more.append([_UNFIT.sub("", f"没有原文：{m.citation}：{m.why}")])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _docx(found: Found, as_of: date) -> bytes:
    from docx import Document
    from docx.oxml.ns import qn

    book = Document()
    font = book.styles["Normal"].font
    font.name = "宋体"
    book.styles["Normal"].element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
    book.add_heading("条款原文", level=1)
    book.add_paragraph(_head(found, as_of))
    for p in found.passages:
        row = dict(zip(COLUMNS, _row(p), strict=True))
        book.add_heading(row["出处"], level=2)
        facts = ("效力", "施行日期", "版本", "校验码", "编号")
        book.add_paragraph("　".join(f"{name} {row[name]}" for name in facts))
        for line in row["原文"].split("\n"):
            book.add_paragraph(line)
        if row["备注"]:
            book.add_paragraph(row["备注"])
    if found.missing:
        book.add_heading("没有原文的", level=2)
        for m in found.missing:
            book.add_paragraph(_UNFIT.sub("", f"{m.citation}：{m.why}"))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
