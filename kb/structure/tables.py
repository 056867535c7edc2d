"""Tables: cells with spans to rectangular rows, header rows, continuations, one row a line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.display import glue, normalize
from kb.model import Cell

__all__ = ["expand", "header_rows", "merge", "to_text"]

Rows = tuple[tuple[str, ...], ...]

# 200, 2.80, <10, >1 500, 10～50, 0.00025, —: a value, not the name of a column
_VALUE = re.compile(r"[<>≤≥±~～\-−—\d.,%‰ ]+\Z")


def _cell_text(cell: Cell) -> str:
    """The cell's text on one line."""
    out = ""
    for line in normalize(cell.text).splitlines():
        out = glue(out, line) if out else line
    return normalize(out)


def expand(rows: Sequence[Sequence[Cell]]) -> Rows:
    """Rows of equal width with normalised texts; a spanning cell's text stands in every place.

    A place that no cell covers (a row that is too short) is empty. Spans that reach over another
    cell or below the last row are cut.
    """
    grid: list[dict[int, str]] = [{} for _ in rows]
    for at, row in enumerate(rows):
        column = 0
        for cell in row:
            while column in grid[at]:
                column += 1
            text = _cell_text(cell)
            for down in range(min(max(cell.rowspan, 1), len(rows) - at)):
                for right in range(max(cell.colspan, 1)):
                    grid[at + down].setdefault(column + right, text)
            column += max(cell.colspan, 1)
    width = max((max(places) + 1 for places in grid if places), default=0)
    return tuple(tuple(places.get(c, "") for c in range(width)) for places in grid)


def header_rows(rows: Sequence[Sequence[Cell]]) -> int:
    """How many leading rows are headers.

    Marked header cells decide. Without them: a first row with both a cell that reaches down and
    one that reaches right is a header of several rows (a column group over its columns); a first
    row that names things rather than giving values is one header row; else there is none.
    """
    marked = 0
    for row in rows:
        if not row or not all(cell.header for cell in row):
            break
        marked += 1
    if marked:
        return marked
    if len(rows) < 2 or not rows[0]:
        return 0
    first = rows[0]
    deep = max(cell.rowspan for cell in first)
    if deep > 1:
        grouped = any(cell.colspan > 1 for cell in first)
        return deep if grouped and deep < len(rows) else 0
    texts = [_cell_text(cell) for cell in first]
    if any(not text or _VALUE.match(text) for text in texts[1:]) or not texts[0]:
        return 0
    return 1 if len(texts) > 1 else 0


def merge(
    rows: Rows, headers: int, more: Rows, more_headers: int, *, continued: bool
) -> Rows | None:
    """The rows of a table and of its continuation on the next page, or None if it is none.

    A continuation has the same width, and either repeats the header or says so (`continued`: its
    caption has 续); a repeated header is dropped.
    """
    if not rows or not more or len(rows[0]) != len(more[0]):
        return None
    if headers and more[:headers] == rows[:headers]:
        return rows + more[headers:]
    if continued and not more_headers:
        return rows + more
    return None


def to_text(rows: Rows) -> str:
    """One row a line, cells parted by ` | `; a row that is one cell right across is given once."""
    lines = []
    for row in rows:
        cells = row[:1] if len(set(row)) == 1 else row
        lines.append(" | ".join(cells))
    return "\n".join(lines)
