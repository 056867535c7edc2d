"""A table that a converter flattened: one cell a line behind a tab, rows parted by empty lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from kb.model import Block, BlockKind, Cell, Source
from kb.structure.lines import Line

__all__ = ["restore_tables"]

_BLANK = re.compile(r"[\s　]*\Z")
_FEWEST_ROWS = 2
_FEWEST_COLUMNS = 2


def restore_tables(source: Source, lines: Sequence[Line], warnings: list[str]) -> list[Line]:
    """The lines with each flattened table replaced by one line that holds its rows.

    The first row must be the header and every row as wide as it; an empty first cell means the
    same as above. A run of tabbed lines that is not certainly such a table stays as it is.
    """
    out: list[Line] = []
    for tabbed, group in groupby(lines, key=lambda x: x.tabbed and x.table is None):
        run = list(group)
        block = _table(source.text, run[0], run[-1]) if tabbed and len(run) > 1 else None
        if block is None:
            if tabbed and len(run) > 2 * _FEWEST_COLUMNS:
                warnings.append(
                    f"{len(run)} 行以制表符缩进，像是表格，但各行格数不同，按段落处理："
                    f"{run[0].text[:12]}"
                )
            out += run
        else:
            text = source.text[block.start : block.end]
            out.append(Line(block.start, block.end, text, gap=run[0].gap, table=block))
    return out


def _table(text: str, first: Line, last: Line) -> Block | None:
    start = text.rfind("\n", 0, first.start) + 1
    rows = [
        [cell.strip() for cell in cells]
        for empty, cells in groupby(text[start : last.end].split("\n"), key=_parts_rows)
        if not empty
    ]
    if len(rows) < _FEWEST_ROWS or len(rows[0]) < _FEWEST_COLUMNS:
        return None
    if any(len(row) != len(rows[0]) for row in rows) or not all(rows[0]):
        return None
    above = ""
    for row in rows[1:]:
        above = row[0] = row[0] or above
    if not above:
        return None
    cells = tuple(tuple(Cell(cell, header=i == 0) for cell in row) for i, row in enumerate(rows))
    return Block(BlockKind.TABLE, first.start, last.end, rows=cells)


def _parts_rows(line: str) -> bool:
    """An empty line parts rows; a line with nothing but its tab is an empty cell."""
    return bool(_BLANK.match(line)) and "\t" not in line
