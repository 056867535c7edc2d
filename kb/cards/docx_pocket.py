"""Pocket cards: A6, 操作 in front and 应急 behind, four on a sheet of A4, printed on both sides.

A quarter of A4 is A6, so two cuts through the middle make four cards. Turned over its long edge, a
sheet brings its left column to the right: the backs stand mirrored, each behind its front. What
does not fit on one card goes on to a second one; nothing is dropped.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from kb.cards.docx_base import Page, Pages
from kb.cards.docx_xml import GREY, HEAD, Cell, Look, mm, paragraph, row, run, table
from kb.cards.model import BLANK, SKELETON_MARK, CardLine, Draft, Firm
from kb.cards.rows import (
    EMERGENCY_COLUMNS,
    PHASES,
    card_table,
    contact_lines,
    draft_mark,
    frame,
    in_phases,
    line_text,
)
from kb.cards.table import Table, clean, width
from kb.errors import UsageError

__all__ = ["POCKET_SIZES", "backs", "pocket_docx"]

POCKET_SIZES = (10.5, 10, 9.5, 9, 8.5, 8)
"""Points, the largest that fits on one card is taken; the smallest where none does."""

_MARGIN = 5.0  # of the sheet: what printers leave white; on the card it is part of the card's own
_WIDE, _HIGH = 105 - _MARGIN, 148.5 - _MARGIN  # of a cell, in millimetres
_INNER = 3.5  # space within a cell
_LINE = 1.3
_FOUR = 4
_POINT = 25.4 / 72  # mm
_STAR = "※"


@dataclass(frozen=True, slots=True)
class _Words:
    """One paragraph of a card; `scale` by the card's size of letters, `gap` points above."""

    text: str
    scale: float = 1.0
    bold: bool = False
    color: str = ""
    align: str = "left"
    gap: float = 0

    def height(self, size: float) -> float:
        """Millimetres that it takes, rather too many: a line may break early before a sign."""
        points = size * self.scale
        per_line = (_WIDE - 2 * _INNER) / (points * _POINT) - 1
        lines = max(1, math.ceil(width(self.text) / per_line))
        return (lines * points * _LINE + self.gap) * _POINT


_Block = tuple[_Words, ...]  # what stays together on one card where it can


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of a card: what stands on top, in between, and at the foot, in one size."""

    head: _Block
    blocks: tuple[_Block, ...]
    foot: _Block
    size: float

    @property
    def words(self) -> list[_Words]:
        """All in order."""
        return [*self.head, *(w for b in self.blocks for w in b), *self.foot]


def pocket_docx(cards: Sequence[tuple[Draft, Firm]], copies: int = 4) -> bytes:
    """Sheets of pocket cards: odd pages are fronts, each even page the backs of the one before.

    Args:
        cards: a post each; its cards fill the sheets one after the other.
        copies: of each card; four of one card fill a sheet.

    Raises:
        UsageError: no card, or no copy.
    """
    if not cards or copies < 1:
        raise UsageError("没有要印的卡。请给出岗位，份数不少于 1")
    slots = [pair for draft, firm in cards for pair in _cards(draft, firm) for _ in range(copies)]
    pages = Pages("岗位口袋卡", cards[0][0].as_of)
    pages.begin(Page("A4", margin=_MARGIN))
    for at in range(0, len(slots), _FOUR):
        sheet = slots[at : at + _FOUR]
        sheet += [(None, None)] * (_FOUR - len(sheet))
        fronts = [front for front, _ in sheet]
        behind = backs([back for _, back in sheet])
        for number, sides in enumerate((fronts, behind)):
            first = at == 0 and number == 0
            pages.add(_between(new_page=not first), _sheet(sides))
    pages.add(_between(new_page=False))
    return pages.bytes()


def backs(sides: Sequence[_Side | None]) -> list[_Side | None]:
    """The order on the back of a sheet that is turned over its long edge: columns change places."""
    a, b, c, d = sides
    return [b, a, d, c]


def _between(*, new_page: bool) -> str:
    """Word wants a paragraph before each table; this one takes next to nothing."""
    return paragraph((), Look(1), new_page=new_page)


def _sheet(sides: Sequence[_Side | None]) -> str:
    """Two by two; the dashed lines between are where to cut."""
    widths = [mm(_WIDE)] * 2
    # the cut lies in the middle of the paper; the last row gives way for the paragraphs around
    heights = (mm(_HIGH) - 26, mm(_HIGH) - 60)
    rows = [
        row(
            [Cell(_paragraphs(side), vertical="top") for side in sides[2 * i : 2 * i + 2]],
            widths,
            height=heights[i],
            exact=True,
        )
        for i in range(2)
    ]
    return table(
        rows, widths, edge="nil", inside="dashed", color="808080", margin=_INNER, down=_INNER
    )


def _paragraphs(side: _Side | None) -> tuple[str, ...]:
    if side is None:
        return (_between(new_page=False),)
    out = []
    for w in side.words:
        font = HEAD if w.scale > 1 else ""
        look = Look(side.size * w.scale, font or Look(1).font, w.bold, w.color)
        out.append(paragraph([run(w.text, look)], look, align=w.align, before=w.gap))
    return tuple(out)


# --- what stands on a card --------------------------------------------------------------------


def _cards(draft: Draft, firm: Firm) -> list[tuple[_Side | None, _Side | None]]:
    """(front, back) of each card of a post: mostly one, more where the words need it."""
    fronts = _sides(draft, firm, card_table(draft, firm, "operation"), _steps(draft), ())
    emergency = card_table(draft, firm, "emergency")
    blocks = [_accident(emergency, i) for i in range(len(emergency.rows))] or [_blank()]
    behind = _sides(draft, firm, emergency, blocks, _telephones(draft, firm))
    both = min(len(fronts), len(behind))
    # what is left of the longer side goes on to more cards, on both their sides
    rest = [*fronts[both:], *behind[both:]]
    return [
        *zip(fronts[:both], behind[:both], strict=True),
        *zip_longest(rest[::2], rest[1::2]),
    ]


def _sides(
    draft: Draft, firm: Firm, content: Table, blocks: Sequence[_Block], foot: _Block
) -> list[_Side]:
    """As many sides as the blocks need, in the largest letters with which they need fewest."""
    head = _head(draft, firm, content.title)
    fewest = len(_filled(head, blocks, foot, POCKET_SIZES[-1]))
    tried = (_filled(head, blocks, foot, size) for size in POCKET_SIZES)
    found = next(sides for sides in tried if len(sides) == fewest)
    if fewest == 1:
        return found
    return [
        _Side(_head(draft, firm, f"{content.title}（{i}/{fewest}）"), s.blocks, s.foot, s.size)
        for i, s in enumerate(found, 1)
    ]


def _filled(head: _Block, blocks: Sequence[_Block], foot: _Block, size: float) -> list[_Side]:
    room = _HIGH - 2 * _INNER - 3 - _height((*head, *foot), size)
    pages: list[list[_Block]] = [[]]
    left = room
    for block in blocks:
        pieces = [block] if _height(block, size) <= room else [(w,) for w in block]
        for piece in pieces:
            need = _height(piece, size)
            if need > left and pages[-1]:
                pages.append([])
                left = room
            pages[-1].append(piece)
            left -= need
    return [_Side(head, tuple(page), foot, size) for page in pages]


def _height(block: Iterable[_Words], size: float) -> float:
    return sum(w.height(size) for w in block)


def _head(draft: Draft, firm: Firm, title: str) -> _Block:
    given = dict(frame(draft, firm))
    mark = draft_mark(draft, firm)
    return (
        *([_Words(mark, 1.25, bold=True, color=GREY, align="center")] if mark else []),
        _Words(f"{title}　{clean(draft.post)}", 1.2, bold=True, align="center"),
        _Words(
            "　".join(f"{label}：{given[label]}" for label in ("企业", "班组", "编号/版本")),
            0.85,
            align="center",
        ),
    )


def _steps(draft: Draft) -> list[_Block]:
    """Steps by phase, numbered through; what is forbidden comes last and stands out."""
    blocks: list[_Block] = []
    seen = None
    for number, line in enumerate(in_phases(draft.cards.get("operation", ())), 1):
        words = [_Words(f"{number}. {line_text(line)}", bold=_never(line))]
        phase = "禁止" if line.phase == "never" else PHASES.get(line.phase, "")
        if phase and phase != seen:
            words.insert(0, _Words(f"【{phase}】", bold=True, gap=2))
            seen = phase
        blocks.append(tuple(words))
    return blocks or [_blank()]


def _never(line: CardLine) -> bool:
    return line.phase == "never" or line.must == "must-not"


def _blank() -> _Block:
    return (_Words(BLANK),)


def _accident(content: Table, index: int) -> _Block:
    r = content.rows[index]
    words = [_Words(f"■ {r.cells[0][0].text}", 1.0, bold=True, gap=2)]
    for column, label in enumerate(EMERGENCY_COLUMNS, 1):
        short = label.split(" ")[0].split("（")[0]
        shared = SKELETON_MARK in content.shared(r, column)
        said = [
            text + (_STAR if SKELETON_MARK in p.sources and not shared else "")
            for p, text in zip(r.cells[column], content.sentences(r, column), strict=True)
            # whom to call stands at the foot of this side, with room for the number
            if p.text != BLANK and (p.sources or short != "报告谁")
        ]
        if said:
            name = short + (_STAR if shared else "")
            words.append(_Words(f"{name}：{'；'.join(said)}", bold=short == "禁止"))
    return tuple(words)


def _telephones(draft: Draft, firm: Firm) -> _Block:
    people = contact_lines(firm)
    marked = any(x.origin == "skeleton" for x in draft.cards.get("emergency", ()))
    note = [_Words(f"{_STAR}{SKELETON_MARK}", 0.8)] if marked else []
    return (*(_Words(p, bold=True, gap=0 if i else 3) for i, p in enumerate(people)), *note)
