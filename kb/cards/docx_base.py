"""A Word document to put cards into: pages, styles, the mark on top, the line at the foot."""

from __future__ import annotations

import copy
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from kb.cards.docx_xml import (
    BODY,
    GREY,
    HEAD,
    SHADE,
    Cell,
    Look,
    field,
    mm,
    paragraph,
    row,
    run,
    table,
)
from kb.cards.model import BLANK
from kb.cards.table import Table, clean

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import Section

__all__ = ["PAPERS", "Page", "Pages", "draw", "fields", "fit", "heading", "line", "say"]

PAPERS = {"A3": (297.0, 420.0), "A4": (210.0, 297.0)}
"""Width and height upright, in millimetres."""
_NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@dataclass(frozen=True, slots=True)
class Page:
    """A kind of page: paper, which way it lies, its margin (mm), and what stands on each.

    `mark` is on top, `foot` beside the page's number, `above_foot` are lines for all to see.
    """

    paper: str
    lying: bool = False
    margin: float = 12
    mark: str = ""
    mark_size: float = 26
    foot: str = ""
    foot_size: float = 9
    above_foot: tuple[str, ...] = ()
    above_size: float = 0

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in millimetres as it lies."""
        short, long = PAPERS[self.paper]
        return (long, short) if self.lying else (short, long)

    @property
    def width(self) -> int:
        """Room between the margins, in twentieths of a point."""
        return mm(self.size[0] - 2 * self.margin)


class Pages:
    """A document that grows section by section; `bytes` ends it."""

    def __init__(self, title: str, day: str = "") -> None:
        """An empty document; `day` (YYYY-MM-DD) is when it says it was made."""
        from datetime import UTC, datetime

        import docx

        self._document: Document = docx.Document(io.BytesIO(_blank()))
        core = self._document.core_properties
        core.title, core.author, core.comments = clean(title), "", ""
        core.last_modified_by = ""
        if day:
            core.created = core.modified = datetime.fromisoformat(day).replace(tzinfo=UTC)
        self._begun = False

    def begin(self, page: Page) -> None:
        """What comes next stands on pages of this kind, from a new one on."""
        from docx.enum.section import WD_ORIENT, WD_SECTION
        from docx.shared import Mm

        if self._begun:
            section = self._document.add_section(WD_SECTION.NEW_PAGE)
            self._flatten_break()
        else:
            section = self._document.sections[0]
        self._begun = True
        width, height = page.size
        section.orientation = WD_ORIENT.LANDSCAPE if page.lying else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Mm(width), Mm(height)
        section.left_margin = section.right_margin = Mm(page.margin)
        # a header or footer that is higher than its margin would move the text: keep room
        room = page.mark_size * 0.5 + 3 if page.mark else 0
        section.top_margin = Mm(page.margin + room)
        high = (len(page.above_foot) * page.above_size + page.foot_size) * 0.5
        section.bottom_margin = Mm(page.margin + (high if page.foot else 0))
        section.header_distance = Mm(min(page.margin, 7))
        section.footer_distance = Mm(min(page.margin, 7))
        if page.mark or page.foot or len(self._document.sections) > 1:
            # without these, a section has the ones before; but even an empty one takes room
            self._head(section, page)
            self._foot(section, page)

    def _flatten_break(self) -> None:
        """The paragraph that ends a section takes a line: make it next to nothing."""
        from docx.shared import Pt

        last = self._document.paragraphs[-1]
        last.paragraph_format.space_before = last.paragraph_format.space_after = Pt(0)
        last.paragraph_format.line_spacing = Pt(1)

    def _head(self, section: Section, page: Page) -> None:
        section.header.is_linked_to_previous = False
        look = Look(page.mark_size, HEAD, bold=True, color=GREY)
        runs = [run(page.mark, look)] if page.mark else []
        look = look if page.mark else Look(1)
        _replace(section.header, paragraph(runs, look, align="center"))

    def _foot(self, section: Section, page: Page) -> None:
        section.footer.is_linked_to_previous = False
        look = Look(page.foot_size, color="595959")
        runs = []
        if page.foot:
            runs = [run(f"{page.foot}　第", look), field("PAGE", look), run("页", look)]
        above = Look(page.above_size or 1, bold=True)
        _replace(
            section.footer,
            *(line(text, above, align="center") for text in page.above_foot),
            paragraph(runs, look, align="center"),
        )
        number = _element('<w:pgNumType w:start="1"/>')
        for old in section._sectPr.xpath("./w:pgNumType"):
            section._sectPr.remove(old)
        section._sectPr.xpath("./w:pgMar")[0].addnext(number)

    def add(self, *blocks: str) -> None:
        """Paragraphs and tables, in order."""
        end = self._document.element.body.sectPr
        for block in blocks:
            end.addprevious(_element(block))

    def bytes(self) -> bytes:
        """The file."""
        out = io.BytesIO()
        self._document.save(out)
        return out.getvalue()


@lru_cache(maxsize=1)
def _blank() -> bytes:
    """An empty document whose styles all name a font for Han; Chinese to the spelling checker."""
    from docx import Document
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml.ns import qn

    document = Document()
    fonts = _element(f'<w:rFonts w:ascii="{BODY}" w:hAnsi="{BODY}" w:eastAsia="{BODY}"/>')
    fonts.set(qn("w:cs"), BODY)
    for style in document.styles:
        if style.type == WD_STYLE_TYPE.LIST:
            continue
        properties = style.element.get_or_add_rPr()
        for old in properties.findall(qn("w:rFonts")):
            properties.remove(old)
        properties.insert(0, copy.deepcopy(fonts))
    defaults = document.styles.element.find(qn("w:docDefaults"))
    for element in document.styles.element.iter(qn("w:rFonts")):  # of parts of tables as well
        element.attrib.clear()
        for key, value in fonts.attrib.items():
            element.set(key, value)
    for element in defaults.iter(qn("w:lang")):
        element.set(qn("w:eastAsia"), "zh-CN")
    for child in list(document.element.body)[:-1]:
        document.element.body.remove(child)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _element(xml: str):  # type: ignore[no-untyped-def]
    from docx.oxml import parse_xml

    at = xml.index(">") - (xml[xml.index(">") - 1] == "/")
    return parse_xml(f"{xml[:at]} {_NS}{xml[at:]}")


def _replace(part: object, *blocks: str) -> None:
    """A header or footer with just these paragraphs."""
    element = part._element  # type: ignore[attr-defined]
    for child in list(element):
        element.remove(child)
    for block in blocks:
        element.append(_element(block))


# --- blocks that several kinds of card share --------------------------------------------------


def heading(text: str, size: float) -> str:
    """The title of a card, in the outline of the document."""
    look = Look(size, HEAD, bold=True, color="000000")
    return paragraph(
        [run(text, look)],
        look,
        align="center",
        before=size / 3,
        after=size / 5,
        keep=True,
        style="Heading1",
    )


def line(text: str, look: Look, **how: object) -> str:
    """A paragraph of one look; see `paragraph`."""
    return paragraph([run(text, look)], look, **how)  # type: ignore[arg-type]


def say(
    sentences: Iterable[str], look: Look, *, align: str = "left", keep: bool = False
) -> tuple[str, ...]:
    """The paragraphs of a cell; `keep` holds its row on one page with the next."""
    return tuple(paragraph([run(s, look)], look, align=align, keep=keep) for s in sentences)


def fit(weights: Sequence[float], room: int) -> list[int]:
    """Column widths in proportion that together take the room."""
    total = sum(weights)
    out = [int(room * w / total) for w in weights]
    out[-1] += room - sum(out)
    return out


def fields(
    pairs: Sequence[tuple[str, str]],
    per_row: int,
    room: int,
    size: float,
    *,
    keep: bool = False,
) -> str:
    """Labels with their values without lines around, some pairs a row; the last takes what is left.

    `pairs` are (label, value); empty values are blank. `keep`: on one page with what follows.
    """
    look, bold = Look(size), Look(size, bold=True)
    widths = fit([1.0] * per_row, room)
    rows = []
    for at in range(0, len(pairs), per_row):
        few = pairs[at : at + per_row]
        cells = [
            Cell(
                (paragraph([run(f"{label}：", bold), run(value or BLANK, look)], look, keep=keep),),
                span=1 if i < len(few) - 1 else per_row - i,
            )
            for i, (label, value) in enumerate(few)
        ]
        rows.append(row(cells, widths))
    return table(rows, widths, edge="nil", inside="nil")


def draw(
    content: Table,
    weights: Sequence[float],
    room: int,
    size: float,
    *,
    numbers: bool,
    height: float = 0,
) -> str:
    """A table with a repeated header row.

    Args:
        weights: widths of the columns in proportion, 依据 included where the table is cited.
        numbers: the column 依据 holds the notes' numbers, not the citations.
        height: of a row at least, in millimetres.
    """
    widths = fit(weights, room)
    look, bold = Look(size), Look(size, bold=True)
    head = [Cell(say([name], bold, align="center"), shade=SHADE) for name in content.header]
    rows = [row(head, widths, header=True)]
    for r in content.rows:
        cells: list[Cell] = []
        at = 0
        while at < len(r.cells):
            if r.spans and at == r.spans[0]:
                cell = next(c for c in r.cells[r.spans[0] : r.spans[1] + 1] if c)
                span = r.spans[1] - r.spans[0] + 1
                cells.append(Cell(say((p.text for p in cell), bold), span=span, shade="F2F2F2"))
                at += span
                continue
            sentences = content.sentences(r, at, marked=content.mixed and numbers)
            cells.append(Cell(say(sentences or [""], look, align=_align(sentences))))
            at += 1
        if content.cited:
            rests = [content.marks(r.sources) or BLANK] if numbers else content.basis(r)
            cells.append(Cell(say(rests, look)))
        rows.append(row(cells, widths, height=mm(height)))
    if not content.rows:
        blank = [Cell(say([BLANK], look)) for _ in content.header]
        rows.append(row(blank, widths))
    return table(rows, widths)


def _align(sentences: Sequence[str]) -> str:
    """Short things (a number, a box, a blank) stand in the middle."""
    return "center" if len(sentences) == 1 and len(sentences[0]) <= 4 else "left"
