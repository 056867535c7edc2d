"""A table of the source as an HTML table that a screen reader and a phone can use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kb.escape import escape_attr
from kb.store import StoredUnit

__all__ = ["TableCell", "table_cells", "table_html"]

_WIDE = 5
"""From this many columns on a table keeps its width and scrolls inside its own frame."""

_CELL_SIGN = " | "
"""Between the cells of a row in the display text of a table (one row a line)."""


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell; `start:end` is its place in the table's display, both -1 where it is not there."""

    text: str
    start: int = -1
    end: int = -1


def table_cells(unit: StoredUnit) -> tuple[list[list[TableCell]], list[tuple[int, int]]]:
    """Cells of a table with their places in `unit.display`, and the lines that are no row.

    Such a line is e.g. 单位为米 above the rows. Every row has as many cells as the widest.
    """
    width = max((len(r) for r in unit.rows), default=0)
    rows: list[list[TableCell]] = []
    others: list[tuple[int, int]] = []
    at = 0

    def gap(end: int) -> None:
        nonlocal at
        for line in unit.display[at:end].split("\n"):
            if line.strip():
                others.append((at, at + len(line)))
            at += len(line) + 1

    for row in unit.rows:
        # a row that was one cell stands once in the display and in every column of the rows
        single = len(set(row)) == 1
        line = row[0] if single else _CELL_SIGN.join(row)
        found = unit.display.find(line, at) if line.strip() else -1
        if found < 0:
            cells = [TableCell(text) for text in row]
        else:
            gap(found)
            at, cells = found, []
            for text in row:
                cells.append(TableCell(text, at, at + len(text)))
                at += 0 if single else len(text) + len(_CELL_SIGN)
            at = found + len(line)
        rows.append([*cells, *[TableCell("")] * (width - len(cells))])
    gap(len(unit.display))
    return rows, others


def _header(rows: Sequence[Sequence[TableCell]], html: Callable[[TableCell], str]) -> str:
    """Header rows; equal neighbours are one cell again (the reader had expanded them)."""
    taken: set[tuple[int, int]] = set()
    out = []
    for r, row in enumerate(rows):
        cells = []
        for c, cell in enumerate(row):
            if (r, c) in taken:
                continue
            wide = 1
            while (
                c + wide < len(row)
                and row[c + wide].text == cell.text
                and (r, c + wide) not in taken
            ):
                wide += 1
            high = 1
            while r + high < len(rows) and all(
                rows[r + high][c + i].text == cell.text for i in range(wide)
            ):
                high += 1
            taken.update((r + i, c + j) for i in range(high) for j in range(wide))
            scope = "colgroup" if wide > 1 else "col"
            size = (f' colspan="{wide}"' if wide > 1 else "") + (
                f' rowspan="{high}"' if high > 1 else ""
            )
            cells.append(f'<th scope="{scope}"{size}>{html(cell)}</th>')
        out.append("<tr>" + "".join(cells) + "</tr>")
    return "<thead>" + "".join(out) + "</thead>"


def _groups(header: Sequence[TableCell]) -> list[int]:
    """Number of the header cell above each column; equal neighbours are one header cell."""
    out: list[int] = []
    for c, cell in enumerate(header):
        same = c > 0 and cell.text == header[c - 1].text
        out.append(out[-1] if same else len(out))
    return out


def _row(row: Sequence[TableCell], groups: Sequence[int], html: Callable[[TableCell], str]) -> str:
    """A body row. Equal words under one header cell were one cell; equal figures stay apart."""
    out, c = [], 0
    while c < len(row):
        wide = 1
        words = row[c].text and not any(x.isdigit() for x in row[c].text)
        while (
            words
            and groups
            and c + wide < len(row)
            and row[c + wide].text == row[c].text
            and groups[c + wide] == groups[c]
        ):
            wide += 1
        size = f' colspan="{wide}"' if wide > 1 else ""
        out.append(f"<td{size}>{html(row[c])}</td>")
        c += wide
    return "<tr>" + "".join(out) + "</tr>"


def table_html(
    caption: str,
    rows: Sequence[Sequence[TableCell]],
    header_rows: int,
    html: Callable[[TableCell], str],
    *,
    anchor: str,
    name: str,
) -> str:
    """`<table>` with caption and header cells inside a frame that scrolls sideways.

    `caption` and what `html` returns are HTML already; `anchor` is the attribute with the id
    (empty: none) and `name` what a screen reader calls the frame.
    """
    width = max((len(r) for r in rows), default=0)
    lines = []
    groups = _groups(rows[header_rows - 1]) if header_rows else []
    for row in rows[header_rows:]:
        if width > 1 and row[0].text and len({c.text for c in row}) == 1:
            lines.append(f'<tr><td colspan="{width}">{html(row[0])}</td></tr>')
        else:
            lines.append(_row(row, groups, html))
    return (
        f'<div class="kb-tw{" kb-wide" if width >= _WIDE else ""}"'
        + (f" {anchor}" if anchor else "")
        + f' tabindex="0" role="region" aria-label="{escape_attr(name)}">'
        + '<table class="kb-table">'
        + (f"<caption><span>{caption}</span></caption>" if caption else "")
        + (_header(rows[:header_rows], html) if header_rows else "")
        + "<tbody>"
        + "\n".join(lines)
        + "</tbody></table></div>"
    )
