"""Rows of cells out of an HTML `<table>` (beautifulsoup4) and out of a Markdown pipe table."""

from __future__ import annotations

import re

from bs4 import Tag
from bs4.element import CData, NavigableString

from kb.model import Cell
from kb.readers.inline import lowered, raised
from kb.readers.soup import parse_html

__all__ = [
    "cell_text",
    "html_rows",
    "html_table_rows",
    "is_pipe_rule",
    "own_cells",
    "pipe_rows",
    "stray_strings",
]

_MAX_SPAN = 200  # a colspan beyond this is a mistake of the page; it would blow the table up

_FOLD = re.compile(r"[ \t\n\r\f]+")  # what HTML takes as one space; NBSP and 　 stay

_PIPE_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*\Z")  # | --- | :-: |

_PARTS = frozenset({"p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd"})
_FORMULA = re.compile(r"<eq>(.*?)</eq>", re.DOTALL)  # <eq>NO_2</eq>
_UNSEEN = frozenset({"script", "style", "template"})


def cell_text(node: Tag) -> str:
    """Visible text of an element; paragraphs and `<br>` part lines, formulas become `$…$`."""
    pieces: list[str] = []
    _collect(node, pieces)
    lines = (_FOLD.sub(" ", part).strip() for part in "".join(pieces).split("\0"))
    return "\n".join(line for line in lines if line)


def _collect(node: Tag, out: list[str]) -> None:
    for child in node.children:
        if isinstance(child, Tag):
            name = child.name.lower()
            if name in _UNSEEN:
                continue
            if name == "br":
                out.append("\0")
            elif name in {"sup", "sub"}:
                out.append((raised if name == "sup" else lowered)(cell_text(child)))
            elif name == "eq":  # how MinerU writes a formula in a table; elsewhere it uses $…$
                out.append(f"${cell_text(child)}$")
            elif name in _PARTS:
                out.append("\0")
                _collect(child, out)
                out.append("\0")
            else:
                _collect(child, out)
        elif type(child) in {NavigableString, CData}:
            out.append(str(child).replace("\0", " "))


def html_table_rows(table: Tag) -> tuple[tuple[Cell, ...], ...]:
    """Rows of a `<table>` element; rows of tables inside its cells are not its own."""
    out: list[tuple[Cell, ...]] = []
    for row, cells in own_cells(table):
        in_head = row.find_parent("thead") is not None
        out.append(
            tuple(
                Cell(
                    cell_text(c),
                    colspan=_span(c, "colspan"),
                    rowspan=_span(c, "rowspan"),
                    header=in_head or c.name == "th",
                )
                for c in cells
            )
        )
    return tuple(out)


def own_cells(table: Tag) -> list[tuple[Tag, list[Tag]]]:
    """(row, its cells) of a table; a form or a font between row and cell does not matter."""
    out: list[tuple[Tag, list[Tag]]] = []
    for row in table.find_all("tr"):
        if row.find_parent("table") is not table:
            continue
        cells = [c for c in row.find_all(["td", "th"]) if c.find_parent(["tr", "table"]) is row]
        if cells:
            out.append((row, cells))
    return out


def _span(cell: Tag, name: str) -> int:
    value = str(cell.get(name, "1")).strip()
    return min(max(int(value), 1), _MAX_SPAN) if value.isascii() and value.isdigit() else 1


def html_rows(markup: str) -> tuple[tuple[tuple[Cell, ...], ...], bool]:
    """Rows of the first `<table>` in a piece of HTML, and whether text stands outside its cells."""
    # within a formula "H<H_0" is a comparison, not a tag
    markup = _FORMULA.sub(lambda m: m[0][:4] + m[1].replace("<", "&lt;") + "</eq>", markup)
    table = parse_html(markup).find("table")
    if not isinstance(table, Tag):
        return (), bool(markup.strip())
    return html_table_rows(table), bool(stray_strings(table))


def stray_strings(table: Tag) -> list[NavigableString]:
    """Text of a table that is in none of its cells, its caption included."""
    own = {id(c) for _, cells in own_cells(table) for c in cells}
    return [
        s
        for s in table.find_all(string=True)
        if type(s) in {NavigableString, CData}
        and isinstance(s, NavigableString)
        and s.strip()
        and s.find_parent([*_UNSEEN]) is None
        and not any(id(p) in own for p in s.parents)
    ]


def is_pipe_rule(line: str) -> bool:
    """Whether a line is the rule below a pipe table's head (`| --- | :-: |`)."""
    return "|" in line and "-" in line and _PIPE_RULE.match(line) is not None


def pipe_rows(lines: list[str]) -> tuple[tuple[Cell, ...], ...]:
    """Rows of a Markdown pipe table; `lines[1]` is its rule, the row above it the header."""
    return tuple(
        tuple(Cell(text, header=i == 0) for text in _pipe_cells(line))
        for i, line in enumerate(lines)
        if i != 1
    )


def _pipe_cells(line: str) -> list[str]:
    body = line.strip().removeprefix("|")
    if body.endswith("|") and not body.endswith("\\|"):
        body = body[:-1]
    cells = re.split(r"(?<!\\)\|", body)
    return [c.strip().replace("\\|", "|") for c in cells]
