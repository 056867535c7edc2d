"""Whether two texts say the same figures: the clause on one side, our words on the other.

Both ways: a figure of ours that the clause lacks is an error, and so is one of the clause that we
neither say nor list as left out. Bound, value and unit must agree; the quantity's name must not be
another one. 每…1 次 may be said as 每… alone, and the cells of a table take any bound.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from kb.quantities import Bound, Key, Quantity, find, name_class

__all__ = ["compare", "covers"]

Problem = tuple[str, str, str]
"""Severity, kind, message."""

_ONCE: Key = (Decimal(1), None, "次")
_LIMITS = (Bound.MIN, Bound.MAX, Bound.OVER, Bound.UNDER)
_FEW = frozenset("一二两三四")
_TABLE = re.compile(r"表|各值|限值|数值")
_SPACE = re.compile(r"\s+")


def compare(
    clause: Sequence[str],
    said: Iterable[tuple[str, str, Sequence[str]]],
    left_out: Sequence[str],
) -> Iterator[Problem]:
    """Problems between a clause and what we say of it.

    Args:
        clause: the readings of the whole clause (as corrected; with suspected slips mended too).
        said: (where it stands, our words, the readings of the item they were written on).
        left_out: figures left out, `<figure as in the text>：<reason>`.
    """
    readings = [find(text) for text in clause]
    theirs = [q for reading in readings for q in reading]
    ours: list[Quantity] = []
    for where, words, item in said:
        own = [q for text in item for q in find(text)]
        for q in _filled(find(words), words) if where == "gist" else find(words):
            ours.append(q)
            problem = _added(q, own, theirs, _loose(q, words)) or _elsewhere(q, own, theirs)
            if problem:
                severity, kind, message = problem
                yield severity, kind, f"{where}：{message}"
    loose = [_loose(q, clause[0]) for q in readings[0]]
    raw = [_SPACE.sub("", clause[0][q.start : q.end]) for q in readings[0]]
    yield from _unsaid(readings[0], readings[-1], raw, loose, ours, left_out)


_SENTENCE = re.compile("[。；;\n]")


def _filled(quantities: Sequence[Quantity], text: str) -> Iterator[Quantity]:
    """A list in running words: in 甲不小于 3 m，乙 2 m the second has the bound of the first."""
    last: dict[str, Quantity] = {}  # by base unit, within one sentence
    end = 0
    for q in quantities:
        if _SENTENCE.search(text[end : q.start]):
            last.clear()
        end = q.end
        before = last.get(q.key[2])
        if q.bound is not Bound.EQUAL:
            last[q.key[2]] = q
            yield q
        elif before and before.bound in _LIMITS:
            yield replace(q, bound=before.bound, either=True)
        else:
            yield q


def _loose(q: Quantity, text: str) -> bool:
    """相邻的两个平台: a small count in words, without a bound, is often no requirement."""
    word = text[q.start : q.start + 1]
    return q.bound is Bound.EQUAL and word in _FEW and q.key[2] in ("个", "人", "层", "次")


def _same_bound(a: Quantity, b: Quantity) -> bool:
    if a.either and b.bound is Bound.EQUAL:
        return True
    return a.bound is b.bound or _bare_cell(a, b) or _bare_cell(b, a)


def _bare_cell(cell: Quantity, other: Quantity) -> bool:
    """A number in a table has the bound that its caption says, which a parser does not know."""
    bare = cell.cell and cell.bound in (Bound.EQUAL, Bound.RANGE)
    return bare and other.bound is not Bound.PERIOD


def _same_name(a: Quantity, b: Quantity) -> bool:
    one, two = name_class(a.name), name_class(b.name)
    return not one or not two or one == two


def _is_once(q: Quantity) -> bool:
    """1 次 as often as said: 每季度检查 1 次 and 每季度检查 are the same."""
    return q.key == _ONCE and (q.bound is Bound.EQUAL or (q.counted and q.bound is Bound.MIN))


def _added(
    q: Quantity, own: Sequence[Quantity], theirs: Sequence[Quantity], loose: bool
) -> Problem | None:
    if _is_once(q):
        return None
    # the item that a line is keyed to decides, another item may limit the other way; a bare figure
    # of an item has its bound from the words above the list (达到下列数值)
    alike = [t for t in own if t.key == q.key]
    if not alike or any(t.bound is Bound.EQUAL for t in alike):
        alike += [t for t in theirs if t.key == q.key]
    if not alike:
        if any(_ends(t, q) for t in theirs):
            return None
        return "warning" if loose else "error", "figure-added", f"原文没有“{q}”"
    bounded = alike if loose else [t for t in alike if _same_bound(q, t)]
    if not bounded:
        has = "、".join(dict.fromkeys(str(t) for t in alike))
        return "error", "figure-bound", f"“{q}”的界限与原文“{has}”不同"
    if not any(_same_name(q, t) for t in bounded):
        has = "、".join(dict.fromkeys(t.name for t in bounded))
        return "error", "figure-quantity", f"“{q}”在原文里是“{has}”"
    return None


def _ends(t: Quantity, q: Quantity) -> bool:
    """q is one end of the range t, said on its own: 15 m～30 m as 最少 15 m."""
    if t.upper is None or q.upper is not None:
        return False
    value, upper, unit = t.key
    mine, _, my_unit = q.key
    if my_unit != unit:
        return False
    return (mine == value and q.bound is Bound.MIN) or (mine == upper and q.bound is Bound.MAX)


def _elsewhere(q: Quantity, own: Sequence[Quantity], theirs: Sequence[Quantity]) -> Problem | None:
    """A figure of the clause that does not stand in the item which the line is keyed to."""
    if _is_once(q) or any(t.key == q.key for t in own):
        return None
    if any(_ends(t, q) for t in own) or not any(t.key == q.key for t in theirs):
        return None
    return "warning", "figure-item", f"“{q}”不在这一项里，在同条的别处"


def _unsaid(
    first: Sequence[Quantity],
    mended: Sequence[Quantity],
    raw: Sequence[str],
    loose: Sequence[bool],
    ours: Sequence[Quantity],
    left_out: Sequence[str],
) -> Iterator[Problem]:
    listed = [_head(entry) for entry in left_out]
    figures = [q for head in listed for q in find(head)]
    flat = [_SPACE.sub("", head) for head in listed]
    tables = any(_TABLE.search(head) for head in listed)
    told: set[tuple[Key, Bound]] = set()
    for place, q in enumerate(first):
        if _is_once(q) or (q.cell and tables):
            continue
        # a suspected slip may be said either way
        other = mended[place] if len(mended) == len(first) else q
        if _said(q, ours) or _said(other, ours):
            continue
        if any(f.key in (q.key, other.key) for f in figures):
            continue
        words = re.compile(rf"(?<![\d.]){re.escape(raw[place])}(?![\d.])")
        if any(words.search(head) for head in flat) or (q.key, q.bound) in told:
            continue
        told.add((q.key, q.bound))
        near = [str(o) for o in ours if o.key == q.key]
        hint = f"（要点写的是“{near[0]}”）" if near else ""
        severity = "warning" if loose[place] else "error"
        yield severity, "figure-missing", f"原文的“{q}”没有写进要点，也没有列入 left_out{hint}"


def _said(q: Quantity, ours: Sequence[Quantity]) -> bool:
    if any(o.key == q.key and _same_bound(o, q) for o in ours):
        return True
    # a range may be said as its two ends: 最少 3 m，最多 5 m
    ends = [o.bound for o in ours if _ends(q, o)]
    return Bound.MIN in ends and Bound.MAX in ends


def _head(entry: str) -> str:
    """What a left-out entry names, without its reason."""
    head, colon, _ = entry.partition("：")
    return head if colon else entry


def covers(left_out: Iterable[str], unit: str, clause: str, label: str) -> bool:
    """Whether an entry says why an item has no line: by its id, the tail of it, or its label."""
    tail = unit.removeprefix(clause).lstrip(".")
    names = {unit, tail, tail.rpartition(".")[2]}
    for entry in left_out:
        head = _head(entry)
        if label and len(label) > 1 and label in head:
            return True
        if any(n and re.search(rf"(?<![a-z0-9.]){re.escape(n)}(?![0-9])", head) for n in names):
            return True
        # i11～i16
        for low, high in re.findall(r"i(\d+)\s*[～~\-—至到]\s*i?(\d+)", head):
            number = re.search(r"i(\d+)\Z", tail)
            if number and int(low) <= int(number[1]) <= int(high):
                return True
    return False
