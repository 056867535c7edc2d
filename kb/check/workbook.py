"""Workbooks (.xlsx) → sheets of cell texts; merged cells hold their text in every row."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from kb.errors import SourceError
from kb.readers.decode import clean, load

__all__ = ["read_workbook"]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # stream name within an encrypted workbook
_MAX_UNPACKED = 400 * 2**20
"""Bytes; a workbook that unpacks to more is damaged or hostile."""
_BROKEN = "请用 Excel 或 WPS 打开修复后另存为 .xlsx"

Rows = list[list[tuple[str, bool]]]


def read_workbook(path: Path) -> Iterator[tuple[str, Rows]]:
    """(name, rows of (text, whether it continues the cell above)) of each sheet with text.

    Raises:
        SourceError: missing, encrypted, an old .xls, damaged, or without text.
    """
    data = load(path)
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise SourceError(path, "工作簿有密码，无法读取", "请打开后取消密码，再另存为 .xlsx")
        raise SourceError(
            path, "后缀是 .xlsx，内容是旧版 .xls", "请用 Excel 或 WPS 打开，另存为 .xlsx"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            unpacked = sum(i.file_size for i in package.infolist())
            names = set(package.namelist())
    except (zipfile.BadZipFile, OSError, ValueError) as e:
        raise SourceError(path, "工作簿不完整或已损坏（压缩包读不出）", _BROKEN) from e
    if unpacked > _MAX_UNPACKED:
        raise SourceError(path, f"工作簿展开后有 {unpacked >> 20} MB，过大", _BROKEN)
    if "xl/workbook.xml" not in names:
        raise SourceError(path, "压缩包里没有工作簿", "请确认是 Excel 文件；若是压缩包，请先解压")
    sheets = [(s.title, _rows(s)) for s in _open(path, data)]
    found = [(name, rows) for name, rows in sheets if any(text for row in rows for text, _ in row)]
    if not found:
        raise SourceError(path, "工作簿里没有文字", "请确认选对了文件")
    yield from found


def _open(path: Path, data: bytes) -> list[Any]:
    import warnings

    import openpyxl  # lazily: it takes 0.2 s

    try:
        with warnings.catch_warnings():
            # of extensions that it drops (validation, conditional formats): nothing is written back
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
        return list(book.worksheets)
    except Exception as e:  # openpyxl raises KeyError, ValueError, its own, those of the XML parser
        raise SourceError(path, f"工作簿已损坏（{type(e).__name__}）", _BROKEN) from e


def _rows(sheet: Any) -> Rows:
    rows: Rows = [
        [(_text(value), False) for value in row] for row in sheet.iter_rows(values_only=True)
    ]
    for area in sheet.merged_cells.ranges:
        text = _at(rows, area.min_row - 1, area.min_col - 1)
        for number in range(area.min_row, min(area.max_row, len(rows))):
            row = rows[number]
            if area.min_col - 1 < len(row):
                row[area.min_col - 1] = (text, True)
    return rows


def _at(rows: Rows, row: int, column: int) -> str:
    inside = row < len(rows) and column < len(rows[row])
    return rows[row][column][0] if inside else ""


def _text(value: object) -> str:
    """What a cell shows, as far as it can be told without its number format."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if not (value.hour or value.minute) else str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return clean(str(value)).strip()
