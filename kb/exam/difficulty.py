"""How hard a question is, 1 to 3, from what can be measured of it.

Marks are given for: a long stem (`_LONG`, `_VERY_LONG` characters behind its source); many figures
of the same unit and bound in clauses nearby that could be taken for the answer (`_RIVALS`); a wrong
figure that is near the right one (`_CLOSE`); a long answer; many options or points; a clause that
its note calls of little consequence, so that it is seldom met (severity 1), or that binds an
office. A clause whose breach can kill is drilled everywhere: one mark less. The types differ in
what there is to count, so each has its own scale: `_LEVELS` gives from how many marks an item is
of level 2 and of level 3.
"""

from __future__ import annotations

from decimal import Decimal

from kb.exam.figures import Draft
from kb.exam.holds import Holds
from kb.quantities import find

__all__ = ["level_of", "marks"]

_LONG, _VERY_LONG = 32, 52
_RIVALS, _MANY_RIVALS = 4, 12
_CLOSE = Decimal("0.34")
"""Share of the right figure by which the nearest wrong one differs at the most."""
_LONG_ANSWER = 6
_NEARBY = 40
"""Clauses before and after whose figures are rivals."""
_LEVELS = {"单选": (2, 3), "多选": (1, 2), "判断": (1, 3), "填空": (1, 3), "简答": (2, 4)}
_OFFICE = "authority"


def level_of(draft: Draft, holds: Holds) -> int:
    """1 to 3."""
    second, third = _LEVELS[draft.type]
    score = marks(draft, holds)
    return 1 + (score >= second) + (score >= third)


def marks(draft: Draft, holds: Holds) -> int:
    """The marks of a question."""
    words = len(draft.stem.partition("，")[2] or draft.stem)
    score = (words > _LONG) + (words > _VERY_LONG)
    score += _of_clause(draft)
    if draft.kind in ("figure", "true", "false"):
        rivals = _rivals(draft, holds)
        score += (rivals >= _RIVALS) + (rivals >= _MANY_RIVALS)
    if draft.wrong:
        score += _close(draft)
    if draft.type in ("单选", "多选") and draft.kind != "figure":
        longest = sum(map(len, (*draft.right, *(w.text for w in draft.wrong))))
        score += (longest > 90) + (longest > 150)
    if draft.type == "多选":
        options = len(draft.right) + len(draft.wrong)
        score += (options > 4) + (options > 5)
    elif draft.type == "简答":
        points, size = len(draft.right), sum(map(len, draft.right))
        score += (points > 3) + (points > 5) + (size > 60) + (size > 120)
    elif draft.type == "填空":
        score += len(draft.right[0]) > _LONG_ANSWER
        score += draft.kind == "term"
    return max(0, score)


def _of_clause(draft: Draft) -> int:
    note = draft.basis.note
    if note is None:
        return 1
    return (note.severity == 1 or note.who == _OFFICE) - (note.severity == 3)


def _rivals(draft: Draft, holds: Holds) -> int:
    """Figures nearby that have the unit and bound of the one that is asked for."""
    order, start, end = draft.key
    own = next((f for f in holds.of(order) if f.start < end and start < f.end), None)
    if own is None:
        return 0
    unit, bound = own.quantity.key[2], own.quantity.bound
    found = {
        f.quantity.key[0]
        for o in range(order - _NEARBY, order + _NEARBY + 1)
        for f in holds.of(o)
        if f.quantity.key[2] == unit
        and f.quantity.bound is bound
        and f.basis.document.id == draft.basis.document.id
    }
    return len(found - {own.quantity.key[0]})


def _close(draft: Draft) -> bool:
    """Whether a wrong figure is near the right one."""
    right = [q.key for w in draft.right for q in find(w)]
    if draft.kind == "false":
        a, b = draft.right_spans[0]
        right = [q.key for q in find(draft.basis.text[a:b])]
    for wrong in draft.wrong:
        for q in find(wrong.text):
            for value, _, unit in right:
                apart = abs(q.key[0] - value)
                if unit == q.key[2] and 0 < apart <= _CLOSE * value:
                    return True
    return False
