"""WordprocessingML in strings: runs, paragraphs, tables, just what cards need.

Tables are written as XML because python-docx needs a pass over the table for each cell, and because
joined cells, repeated header rows and cut lines have no call of their own there. Every run names
its font for all four kinds of characters: without eastAsia, Word takes the theme's font for Han.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from kb.cards.table import clean

__all__ = [
    "BODY",
    "GREY",
    "HEAD",
    "NOTE",
    "Cell",
    "Look",
    "field",
    "fonts",
    "mm",
    "paragraph",
    "row",
    "run",
    "table",
]

BODY, HEAD, NOTE = "微软雅黑", "黑体", "宋体"
"""Names of fonts that every Chinese Windows has; other systems substitute."""
GREY = "8C8C8C"
SHADE = "E7E6E6"
_FIGURE = re.compile(r"(?<=[0-9]) (?=[A-Za-z°℃‰%])")
"""The space in `3.0 m`: a figure and its unit stand on one line."""
_LINE = 1.3  # line height by font size: fixed, so that a substitute font breaks no layout


def mm(value: float) -> int:
    """Millimetres in twentieths of a point, the unit of pages and tables."""
    return round(value / 25.4 * 1440)


@dataclass(frozen=True, slots=True)
class Look:
    """How words look: size in points, font, weight, colour (RRGGBB)."""

    size: float
    font: str = BODY
    bold: bool = False
    color: str = ""


def fonts(name: str) -> str:
    """The font for Latin letters, Han and everything else."""
    n = quoteattr(name)
    return f"<w:rFonts w:ascii={n} w:hAnsi={n} w:eastAsia={n} w:cs={n}/>"


def _properties(look: Look) -> str:
    half = round(look.size * 2)
    bold = "<w:b/><w:bCs/>" if look.bold else ""
    color = f'<w:color w:val="{look.color}"/>' if look.color else ""
    return (
        f"<w:rPr>{fonts(look.font)}{bold}{color}"
        f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/></w:rPr>'
    )


def run(text: str, look: Look) -> str:
    """Words of one look."""
    text = _FIGURE.sub("\u00a0", clean(text))
    return f'<w:r>{_properties(look)}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def field(code: str, look: Look) -> str:
    """A field that Word fills in, such as PAGE."""
    kinds = (
        '<w:fldChar w:fldCharType="begin"/>',
        f'<w:instrText xml:space="preserve"> {escape(code)} </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        "<w:t>1</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
    )
    return "".join(f"<w:r>{_properties(look)}{kind}</w:r>" for kind in kinds)


def paragraph(
    runs: Iterable[str],
    look: Look,
    *,
    align: str = "left",
    before: float = 0,
    after: float = 0,
    keep: bool = False,
    new_page: bool = False,
    style: str = "",
    rule: bool = False,
) -> str:
    """A paragraph of runs; `look` sets its line height.

    Args:
        before, after: space in points.
        keep: on one page with the next paragraph.
        rule: a thin line above.
    """
    line = round(look.size * _LINE * 20)
    return "".join(
        (
            "<w:p><w:pPr>",
            f'<w:pStyle w:val="{style}"/>' if style else "",
            "<w:keepNext/>" if keep else "",
            "<w:pageBreakBefore/>" if new_page else "",
            '<w:pBdr><w:top w:val="single" w:sz="4" w:space="2" w:color="808080"/></w:pBdr>'
            if rule
            else "",
            f'<w:spacing w:before="{round(before * 20)}" w:after="{round(after * 20)}" '
            f'w:line="{line}" w:lineRule="exact"/>',
            f'<w:jc w:val="{align}"/>',
            _properties(look),
            "</w:pPr>",
            *runs,
            "</w:p>",
        )
    )


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: its paragraphs, the columns it spans, shading, where its words stand."""

    paragraphs: tuple[str, ...]
    span: int = 1
    shade: str = ""
    vertical: str = "center"


def row(
    cells: Sequence[Cell],
    widths: Sequence[int],
    *,
    header: bool = False,
    height: int = 0,
    exact: bool = False,
) -> str:
    """A row that stays on one page; a header is repeated on each page.

    Args:
        widths: of the columns, in twentieths of a point; the cells' spans add up to them.
        height: at least so high, or just so high where `exact`.
    """
    kind = "exact" if exact else "atLeast"
    out = [
        "<w:tr><w:trPr><w:cantSplit/>",
        f'<w:trHeight w:val="{height}" w:hRule="{kind}"/>' if height else "",
        "<w:tblHeader/>" if header else "",
        "</w:trPr>",
    ]
    at = 0
    for cell in cells:
        wide = sum(widths[at : at + cell.span])
        at += cell.span
        out += (
            f'<w:tc><w:tcPr><w:tcW w:w="{wide}" w:type="dxa"/>',
            f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else "",
            f'<w:shd w:val="clear" w:color="auto" w:fill="{cell.shade}"/>' if cell.shade else "",
            f'<w:vAlign w:val="{cell.vertical}"/></w:tcPr>',
            *(cell.paragraphs or ("<w:p/>",)),
            "</w:tc>",
        )
    if at != len(widths):
        raise ValueError(f"{at} columns are filled, {len(widths)} there are")
    return "".join((*out, "</w:tr>"))


def table(
    rows: Iterable[str],
    widths: Sequence[int],
    *,
    edge: str = "single",
    inside: str = "single",
    color: str = "404040",
    margin: float = 1.2,
    down: float = 0.4,
) -> str:
    """A table of fixed column widths.

    Args:
        edge, inside: kinds of its outer and inner lines (single, dashed, nil).
        margin, down: space in a cell at its sides, above and below, in millimetres.
    """
    lines = "".join(
        f'<w:{side} w:val="{kind}" w:sz="6" w:space="0" w:color="{color}"/>'
        for side, kind in (
            *((s, edge) for s in ("top", "left", "bottom", "right")),
            ("insideH", inside),
            ("insideV", inside),
        )
    )
    padding = "".join(
        f'<w:{side} w:w="{mm(down if side in ("top", "bottom") else margin)}" w:type="dxa"/>'
        for side in ("top", "left", "bottom", "right")
    )
    return "".join(
        (
            f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>',
            '<w:jc w:val="center"/>',
            f"<w:tblBorders>{lines}</w:tblBorders>",
            f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{padding}</w:tblCellMar></w:tblPr>',
            "<w:tblGrid>",
            *(f'<w:gridCol w:w="{w}"/>' for w in widths),
            "</w:tblGrid>",
            *rows,
            "</w:tbl>",
        )
    )
