"""Lists of 编章节条款项目: 第三十六条第一款、第三款和第三十七条; 第（一）项至第（三）项.

A list is read into elements, one for each thing a reader could click on; a range is one element
with two ends. An element inherits the outer steps of the one before it (第三款 above is
art-36.p3).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.citations import patterns as pat
from kb.numerals import zh_to_int

__all__ = ["Element", "Step", "parse_list", "path_of", "read_number"]

ARTICLE, PARAGRAPH, ITEM, POINT = 4, 5, 6, 7

_TOKEN = re.compile(r"[（(]?(?P<n>[〇零一二三四五六七八九十百千]{1,10}+|[0-9０-９]{1,4}+)[）)]?")
"""One number of a shared group: （一）, 二, 3."""


@dataclass(frozen=True, slots=True)
class Step:
    """One level of a reference: `level` as in `patterns.UNIT_LEVEL` (-1 for an annex), `id` its
    piece of a clause id (`art-25-1`, `p2`, `i3`, `y1`, `ch-4`, `s5`, `part-2`)."""

    level: int
    id: str


Steps = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Element:
    """One member of a list; `last` is the other end of a range."""

    start: int
    end: int
    first: Steps
    last: Steps | None = None


def path_of(steps: Steps) -> str:
    """The clause id that steps spell: art-25.p2.i3."""
    return ".".join(s.id for s in steps)


def read_number(text: str) -> int | None:
    """Value of 二十五, 25 or ２５; None when it is not a number (十百) or zero."""
    try:
        value = int(text) if text[0].isdigit() and not "〇" <= text[0] <= "龥" else zh_to_int(text)
    except ValueError:
        return None
    return value or None


_LEVEL_OF_GROUP = {"u2": 2, "u3": 3, "u4": 4, "u5": 5, "u6": 6, "u7": 7}
_PIECE = {
    0: "part-{}",
    1: "sub-{}",
    2: "ch-{}",
    3: "s{}",
    4: "art-{}",
    5: "p{}",
    6: "i{}",
    7: "y{}",
}


def _level(groups: dict[str, str | None]) -> int:
    if groups.get("u0"):
        return 1 if groups["u0"] == "分编" else 0
    return next(level for name, level in _LEVEL_OF_GROUP.items() if groups.get(name))


def _step(level: int, number: str, sub: str | None = None) -> Step | None:
    value = read_number(number)
    if value is None:
        return None
    piece = _PIECE[level].format(value)
    if sub:
        extra = read_number(sub)
        if extra is None or level != ARTICLE:
            return None
        piece += f"-{extra}"
    return Step(level, piece)


def _chain(text: str, pos: int, above: int, *, bare_item: bool = False) -> tuple[Steps, int]:
    """Steps of strictly deeper level from `pos` on: 第十条第二款第（三）项; with `bare_item`, a
    member of a list of items may lack its 第: 第（一）项、（三）项."""
    steps: list[Step] = []
    while True:
        at = pos
        while steps and at < len(text) and at < pos + 2 and text[at] in " 　的":
            at += 1
        m = pat.STEP.match(text, at)
        if m:
            level = _level(m.groupdict())
            step = _step(level, m["n"], m["sub"])
        else:
            m = pat.BRACKETED_ITEM.match(text, at) if steps or bare_item else None
            if m is None:
                break
            level = ITEM
            step = _step(level, m["n"])
        if step is None or level <= (steps[-1].level if steps else above):
            break
        steps.append(step)
        pos = m.end()
    return tuple(steps), pos


def _shared(text: str, pos: int, above: int) -> tuple[list[Element], int] | None:
    """Numbers under one unit word from `pos` on: 第（一）至（五）项, 第一、二款."""
    m = pat.SHARED.match(text, pos)
    if m is None:
        return None
    level = _level(m.groupdict())
    if level <= above:
        return None
    out: list[Element] = []
    at, through = m.start("toks"), False
    start = pos
    for piece in _TOKEN.finditer(text, m.start("toks"), m.end("toks")):
        step = _step(level, piece["n"])
        if step is None:
            return None
        between = text[at : piece.start()]
        through = any(c in "至到—–－～~-" for c in between) and bool(out)
        if through:
            before = out.pop()
            out.append(Element(before.start, piece.end(), before.first, (step,)))
        else:
            out.append(Element(start if not out else piece.start(), piece.end(), (step,)))
        at = piece.end()
    tail = out.pop()
    out.append(Element(tail.start, m.end(), tail.first, tail.last))
    return out, m.end()


def _inherit(before: Steps, new: Steps) -> Steps:
    """Outer steps that `new` leaves unsaid; an article takes none (章 do not number 条)."""
    top = new[0].level
    if top == ARTICLE:
        return new
    return tuple(s for s in before if s.level < top) + new


def _member(text: str, pos: int, before: Steps, above: int) -> tuple[list[Element], int] | None:
    """One member: a shared group, or a chain with its range end or its 前三项."""
    shared = _shared(text, pos, above)
    if shared:
        elements, end = shared
        return [
            Element(e.start, e.end, _inherit(before, e.first), e.last and _inherit(before, e.last))
            for e in elements
        ], end
    listed_item = bool(before) and before[-1].level == ITEM
    steps, end = _chain(text, pos, above, bare_item=listed_item)
    if not steps:
        return None
    first = _inherit(before, steps)
    # 第一款第（一）、（二）项: the group hangs on the chain
    group = _shared(text, end, first[-1].level)
    if group:
        elements, end = group
        return [
            Element(
                pos if k == 0 else e.start, e.end, (*first, *e.first), e.last and (*first, *e.last)
            )
            for k, e in enumerate(elements)
        ], end
    few = pat.FIRST_N.match(text, end)
    if few:
        level = PARAGRAPH if few["u"] == "款" else ITEM
        count = read_number(few["n"])
        if count and level > first[-1].level:
            one, many = (
                Step(level, _PIECE[level].format(1)),
                Step(level, _PIECE[level].format(count)),
            )
            return [Element(pos, few.end(), (*first, one), (*first, many))], few.end()
    link = pat.RANGE.match(text, end)
    if link:
        steps, stop = _chain(text, link.end(), above)
        # both ends are of one kind; 第十条至第二款 would be two references
        if steps and steps[-1].level == first[-1].level:
            return [Element(pos, stop, first, _inherit(first, steps))], stop
    return [Element(pos, end, first)], end


def parse_list(
    text: str, pos: int, above: int = -2, before: Steps = ()
) -> tuple[list[Element], int]:
    """The list that begins at `pos` (at its 第); empty when there is none.

    `above` is the level that the head already names: after 前款 (a 款) a list may name 项 only, and
    a 款 that follows is another reference.
    """
    elements: list[Element] = []
    end = pos
    member = _member(text, pos, before, above)
    while member:
        elements += member[0]
        end = member[1]
        last = elements[-1].last or elements[-1].first
        link = pat.CONNECTOR.match(text, end)
        if link is None:
            break
        member = _member(text, link.end(), last, above)
        # a comma ends a sentence part more often than it joins: only a deeper step continues
        if member and "，" in link.group() and member[0][0].first[-1].level <= last[-1].level:
            break
    return elements, end
