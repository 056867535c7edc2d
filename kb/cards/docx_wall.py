"""Cards for the wall: A4 with words of at least 16 points, A3 of at least 24.

Figures stand on the face, citations as numbered notes at the foot of each card. One file holds the
four cards, each from a new page on, so that a card can be printed by its pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kb.cards.docx_base import Page, Pages, draw, fields, fit, heading, line, say
from kb.cards.docx_xml import NOTE, SHADE, Cell, Look, paragraph, row, table
from kb.cards.layout import LYING, weights
from kb.cards.model import BLANK, CARDS, Draft, Firm
from kb.cards.rows import EMERGENCY_COLUMNS, card_table, contact_lines, draft_mark, frame
from kb.cards.table import BASIS, Table, grouped
from kb.errors import UsageError

__all__ = ["WALL_SIZES", "wall_docx"]

WALL_SIZES: Mapping[str, float] = {"A4": 16, "A3": 24}
"""Points of the words on a card by paper."""
_ON_TOP = ("企业", "岗位", "班组", "作业地点", "编号/版本")
_SIGNED = "参加人签字"
_LABEL = 5.6  # width of the labels of the emergency card, in characters


def wall_docx(draft: Draft, firm: Firm, paper: str = "A4", cards: Iterable[str] = CARDS) -> bytes:
    """The wall cards as a .docx.

    Args:
        paper: A4 or A3.
        cards: which of the four.

    Raises:
        UsageError: another paper.
    """
    if paper not in WALL_SIZES:
        raise UsageError(f"墙上卡片没有 {paper!r} 这种纸。可用：{'、'.join(WALL_SIZES)}")
    size = WALL_SIZES[paper]
    pages = Pages(f"{draft.post}岗位卡", draft.as_of)
    for card in cards:
        content = card_table(draft, firm, card)
        page = Page(
            paper,
            lying=card in LYING,
            margin=min(size * 0.75, 14),
            mark=draft_mark(draft, firm),
            mark_size=size * 1.6,
            foot=_foot_line(draft, firm, content),
            foot_size=size * 0.6,
            # on each page of the card: each may hang in another place
            above_foot=contact_lines(firm) if card == "emergency" else (),
            above_size=size,
        )
        pages.begin(page)
        _card(pages, content, draft, firm, page, size)
    return pages.bytes()


def _foot_line(draft: Draft, firm: Firm, content: Table) -> str:
    return "　".join(x for x in (firm.name, draft.post, content.title, firm.version) if x)


def _card(pages: Pages, content: Table, draft: Draft, firm: Firm, page: Page, size: float) -> None:
    given = dict(frame(draft, firm))
    pages.add(heading(content.title, size * 1.6))
    top = [(label, given[label]) for label in _ON_TOP]
    pages.add(fields(top, 3 if page.lying else 2, page.width, size), _gap(size / 3))
    if content.key == "emergency":
        for block in _blocks(content, page.width, size):
            pages.add(block, _gap(size / 2))
    else:
        widths = weights(content, numbers=True)
        pages.add(draw(content, widths, page.width, size, numbers=True))
    people = firm.posts[draft.post].people if draft.post in firm.posts else ()
    _foot(pages, content, given, people, page, size)


def _foot(
    pages: Pages,
    content: Table,
    given: Mapping[str, str],
    people: Sequence[str],
    page: Page,
    size: float,
) -> None:
    """What the card rests on and who signed it, all on one page."""
    look, bold = Look(size, NOTE), Look(size, bold=True)
    lines = [] if content.mixed else grouped(content.notes)  # each block has its own
    if lines:
        pages.add(line(f"{BASIS}：", bold, before=size / 2, keep=True))
        pages.add(*(line(text, look, keep=True) for text in lines))
    pages.add(_gap(size / 2, keep=True))
    signed = [(k, v) for k, v in given.items() if k not in (*_ON_TOP, _SIGNED)]
    per_row = 3 if page.lying else 2
    pages.add(fields(signed, per_row, page.width, size, keep=True))
    blank = "" if people else BLANK
    pages.add(line(f"{_SIGNED}：{blank}", bold, before=4, keep=bool(people)))
    if people:
        pages.add(fields([(name, BLANK) for name in people], per_row + 1, page.width, size))


def _gap(points: float, *, keep: bool = False) -> str:
    """Room between two tables, which would otherwise grow into one."""
    return paragraph((), Look(points / 1.3), keep=keep)


def _blocks(content: Table, room: int, size: float) -> Iterable[str]:
    """A block an accident type: its name on top, repeated on each page, then a row a column.

    A block stays on one page where it can, with what it rests on: nobody turns a page while
    somebody bleeds, and each page may hang in another place.
    """
    look, bold = Look(size), Look(size, bold=True)
    widths = fit([_LABEL, room / (size * 20) - _LABEL], room)
    for r in content.rows:
        name = say([r.cells[0][0].text], Look(size * 1.2, bold=True), align="center", keep=True)
        rows = [row([Cell(name, span=2, shade=SHADE)], widths, header=True)]
        for column, label in enumerate(EMERGENCY_COLUMNS, 1):
            shared = content.shared(r, column)
            sentences = content.sentences(r, column, marked=not shared)
            shown = say(sentences, bold if label == "禁止" else look, keep=True)
            names = _label(label + content.marks(shared))
            rows.append(row([Cell(say(names, bold, keep=True)), Cell(shown)], widths))
        rests = grouped(content.notes, r.sources) or [BLANK]
        shown = say(rests, Look(size, NOTE))
        rows.append(row([Cell(say([BASIS], bold)), Cell(shown)], widths))
        yield table(rows, widths)


def _label(column: str) -> list[str]:
    """第一步 停/断/撤 on two lines, 报告谁（姓名、电话） likewise."""
    return column.replace(" ", "\n").replace("（", "\n（").split("\n")
