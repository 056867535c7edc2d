"""单选 on which term a definition is of; the other options are terms defined nearby."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kb.exam.figures import Draft, quoted, room, stem_of
from kb.exam.holds import likeness, pairs
from kb.exam.lists import POINTS
from kb.exam.model import Distractor
from kb.exam.source import Basis
from kb.exam.statements import Span
from kb.model import UnitKind

__all__ = ["definition_questions"]

_DEFINITION = re.compile(
    # 吊灯 pendant\n挂在梁下的灯。
    r"(?P<term>[\u4e00-\u9fff]{2,16})[^\n]*\n(?P<words>[^\n]+?)。?\s*\Z"
)
_WRONG = 3
_ALIKE = 0.5
_SAME_SORT = 2
"""Wrong terms that are of the sort of the right one, at the least."""
_RUN = 3


@dataclass(frozen=True, slots=True)
class _Definition:
    basis: Basis
    term: Span
    words: Span

    @property
    def name(self) -> str:
        return self.basis.text[slice(*self.term)]

    @property
    def said(self) -> str:
        return self.basis.text[slice(*self.words)]

    @property
    def sort(self) -> str:
        """What the term is, as the definition ends: …的采矿|工艺."""
        return self.said[-2:].replace("之比", "比值")


def definition_questions(bases: Iterable[Basis]) -> Iterator[Draft]:
    """One question a definition that names its term in no word of its own."""
    known = [d for basis in bases if (d := _definition(basis)) is not None]
    for place, one in enumerate(known):
        if one.name in one.said or len(one.said) > room(one.basis) - 14:
            continue
        wrong = list(_others(known, place))[:_WRONG]
        if len(wrong) == _WRONG and _tempting(one, wrong):
            basis = one.basis
            yield Draft(
                basis, basis.clause.id, "单选", "definition",
                stem_of(basis, f"“{one.said}”指的是下列哪一个术语？"), (one.name,),
                tuple(map(_distractor, wrong)),
                quoted(basis, basis.clause.id, f"{one.name}：{one.said}"), 1,
                (one.words,), (one.term,), (basis.order, *one.words),
            )  # fmt: skip


def _others(known: list[_Definition], place: int) -> Iterator[_Definition]:
    """Terms nearby whose definition is another and whose name is no part of this one's; first
    those that are of its sort."""
    one = known[place]
    mine = pairs(one.said)
    order = sorted(range(len(known)), key=lambda i: (known[i].sort != one.sort, abs(i - place), i))
    for step in order:
        other = known[step]
        if step == place or other.basis.document.id != one.basis.document.id:
            continue
        if likeness(mine, pairs(other.said)) >= _ALIKE:
            continue
        if other.name in one.name or one.name in other.name:
            continue
        yield other


def _distractor(other: _Definition) -> Distractor:
    why = f"“{other.name}”在{other.basis.citation()}另有定义：“{other.said}”"
    return Distractor(other.name, other.basis.id, why, other.basis.clause.hash)


def _tempting(one: _Definition, wrong: Sequence[_Definition]) -> bool:
    """Whether the wrong terms could be meant: most are of the same sort, and no word of the right
    one stands in the definition that none of them has (主要安全出口 beside 水力开采)."""
    if sum(w.sort == one.sort for w in wrong) < _SAME_SORT:
        return False
    runs = {one.name[i : i + _RUN] for i in range(len(one.name) - _RUN + 1)}
    return not any(r in one.said and not any(r in w.name for w in wrong) for r in runs)


def _definition(basis: Basis) -> _Definition | None:
    if basis.clause.kind is not UnitKind.DEFINITION or basis.no_figures:
        return None
    m = _DEFINITION.match(basis.text)
    if m is None or POINTS.search(m["words"]):
        return None
    return _Definition(basis, m.span("term"), m.span("words"))
