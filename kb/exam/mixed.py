"""多选 and 单选 on limits: each item of a list, or sentence of a clause, as it stands or laxer.

Every item of the list is an option, so the answer is complete; a wrong option breaks its own item.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kb.exam.compose import compose, is_case
from kb.exam.figures import LONGEST_STEM, Draft, draw, laxer_of, quoted, source_head
from kb.exam.holds import Holds
from kb.exam.laxer import demand
from kb.exam.lists import POINTS, subject_of
from kb.exam.model import Distractor
from kb.exam.source import Basis, sound_figure
from kb.exam.statements import ItemList, Span, Statement, item_lists, statements
from kb.quantities import find

__all__ = ["mixed_questions"]

_OPTION = 70
_FEWEST, _MOST = 4, 8
_SINGLE = 4


@dataclass(frozen=True, slots=True)
class _Option:
    """What a statement says, and what it would say with one figure made laxer ('' without one)."""

    unit: str
    span: Span
    words: str
    laxer: str
    why: str


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a question is about: the head of its stem (的有哪些？ follows), and the rule's words."""

    basis: Basis
    unit: str
    head: str
    spans: tuple[Span, ...]
    said: str
    key: tuple[int, int, int]


def mixed_questions(basis: Basis, holds: Holds) -> Iterator[Draft]:
    """The questions on the limits of one clause that stand side by side."""
    if basis.no_figures:
        return
    for items in item_lists(basis):
        asked = _of_list(items)
        if asked is not None:
            statements_ = [
                Statement(basis, unit, *span, lead=items.lead) for unit, span in items.items
            ]
            yield from _both(asked, statements_, holds)
    yield from _of_clause(basis, holds)


def _of_list(items: ItemList) -> _Asked | None:
    basis = items.basis
    subject = subject_of(items)
    if subject is None or not items.whole or is_case(items.lead_text + "："):
        return None
    if not all(basis.may_ask(u) for u, _ in items.items):
        return None
    words = basis.text[slice(*subject)]
    if words.endswith(("时", "中", "前", "后")):
        head = f"{words}，下列做法符合规定"
    else:
        head = f"关于{words}，下列说法符合规定"
    said = "；".join(items.words(i) for i in range(len(items.items)))
    return _Asked(
        basis,
        items.unit,
        f"{source_head(basis)}{head}",
        (subject,),
        quoted(basis, items.unit, f"{items.lead_text}：{said}"),
        items.key,
    )


def _of_clause(basis: Basis, holds: Holds) -> Iterator[Draft]:
    """The sentences of a clause without a list."""
    if any(basis.children.values()) or not basis.may_ask(basis.clause.id):
        return
    found = statements(basis)
    least = [
        s
        for s in found
        if not any(o is not s and s.start <= o.start and o.end <= s.end for o in found)
    ]
    asked = _Asked(
        basis,
        basis.clause.id,
        f"根据{basis.citation().replace('《中华人民共和国', '《')}，下列说法符合规定",
        (),
        quoted(basis, "", basis.text),
        (basis.order, 0, len(basis.text)),
    )
    yield from _both(asked, least, holds)


def _both(asked: _Asked, found: list[Statement], holds: Holds) -> Iterator[Draft]:
    if not _FEWEST <= len(found) <= _MOST or len(asked.head) + 5 > LONGEST_STEM:
        return
    options = [_option(s, holds) for s in found]
    if any(len(o.words) > _OPTION or POINTS.search(o.words) for o in options):
        return
    yield from _several(asked, options)
    yield from _one(asked, options)


def _option(statement: Statement, holds: Holds) -> _Option:
    basis = statement.basis
    span = (statement.start, statement.end)
    words = statement.text
    body = compose(statement)
    for q in find(body.text):
        origin = body.origin(q.start)
        right = body.text[q.start : q.end]
        if origin is None or not span[0] <= origin < span[1] or not sound_figure(q, body.text):
            continue
        if basis.text[origin : origin + len(right)] != right:
            continue
        direction = demand(body.text, q)
        laxer = laxer_of(statement, body, q, direction, holds) if direction else []
        if not laxer:
            continue
        instead, _ = laxer[draw(basis.id, words, min(2, len(laxer)))]
        at = origin - span[0]
        changed = words[:at] + instead + words[at + len(right) :]
        why = f"{basis.citation(statement.unit)}是“{words}”，“{instead}”比规定的“{right}”宽"
        return _Option(statement.unit, span, words, changed, why)
    return _Option(statement.unit, span, words, "", "")


def _several(asked: _Asked, options: list[_Option]) -> Iterator[Draft]:
    """多选: some with their figures made laxer, never more than half."""
    basis = asked.basis
    loose = [place for place, o in enumerate(options) if o.laxer]
    most = min(len(loose), len(options) // 2, len(options) - 2)
    if most < 1:
        return
    stem = f"{asked.head}的有哪些？"
    start = draw(basis.id, stem, len(loose))
    chosen = {loose[(start + n) % len(loose)] for n in range(most)}
    right = [o for place, o in enumerate(options) if place not in chosen]
    wrong = [options[place] for place in sorted(chosen)]
    yield Draft(
        basis, asked.unit, "多选", "mixed", stem, tuple(o.words for o in right),
        tuple(Distractor(o.laxer, basis.id, o.why, basis.clause.hash) for o in wrong),
        asked.said, 3, asked.spans, tuple(o.span for o in right), asked.key,
    )  # fmt: skip


def _one(asked: _Asked, options: list[_Option]) -> Iterator[Draft]:
    """单选: one as it stands among others made laxer."""
    basis = asked.basis
    loose = [o for o in options if o.laxer]
    if len(loose) < _SINGLE:
        return
    stem = f"{asked.head}的是哪一项？"
    right = loose[draw(basis.id, stem, len(loose))]
    wrong = [o for o in loose if o is not right][: _SINGLE - 1]
    yield Draft(
        basis, right.unit, "单选", "mixed", stem, (right.words,),
        tuple(Distractor(o.laxer, basis.id, o.why, basis.clause.hash) for o in wrong),
        asked.said, 2, asked.spans, (right.span,), asked.key,
    )  # fmt: skip
