"""What else holds: every figure that a rule in force states, and what it states it of.

A slackened figure must not be true under another clause for the same thing. Whether two pieces of
text speak of the same thing is judged on the safe side, by the characters that they share.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from kb.exam.source import Basis, Shelf
from kb.quantities import Quantity, find

__all__ = ["Figure", "Holds", "likeness", "pairs"]

SAME = 0.4
"""Share of the smaller piece's pairs of characters from which two pieces may mean one thing."""
SAME_IN_CLAUSE = 0.6
"""Within a clause its own words tell the cases apart, so they must differ less."""

_PIECE = re.compile(r"[^。；;\n]+")
_NOT_THING = re.compile(
    r"[\d\W_a-zA-Z°℃Ω]+|不(?:应|得|能|可)?(?:小于|少于|低于|大于|高于|超过|多于)|应当?|必须|至少|符合|遵守"
    r"|下列|以下|如下|规定|要求|[的了为在和与或及其之]"
)


def pairs(text: str) -> frozenset[str]:
    """Pairs of neighbouring characters, without figures, bounds and words that name nothing."""
    out: set[str] = set()
    for run in _NOT_THING.split(text):
        out.update(run[i : i + 2] for i in range(len(run) - 1))
    return frozenset(out)


def likeness(a: frozenset[str], b: frozenset[str]) -> float:
    """Share of the smaller set that the other has, 0–1."""
    least = min(len(a), len(b))
    return len(a & b) / least if least else 1.0


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a rule in force: `start:end` is its place in the clause's display, `piece` the
    pairs of the piece of text it stands in, `whole` those with the titles and lead above it."""

    basis: Basis
    start: int
    end: int
    quantity: Quantity
    text: str
    piece: frozenset[str]


class Holds:
    """All figures of the rules in force, by value and unit."""

    def __init__(self, shelf: Shelf) -> None:
        """Read every text in force, those that give no questions among them."""
        self._by_key: dict[tuple[Decimal, str], list[Figure]] = {}
        self._by_clause: dict[int, list[Figure]] = {}
        self._by_unit: dict[tuple[str, str], list[Figure]] = {}
        for basis in shelf.all:
            for figure in _figures(basis):
                value, _, unit = figure.quantity.key
                self._by_key.setdefault((value, unit), []).append(figure)
                self._by_unit.setdefault((basis.document.id, unit), []).append(figure)
                self._by_clause.setdefault(basis.order, []).append(figure)
                if (upper := figure.quantity.key[1]) is not None:
                    self._by_key.setdefault((upper, unit), []).append(figure)

    def of(self, order: int) -> list[Figure]:
        """The figures of a clause by its place on the shelf."""
        return self._by_clause.get(order, [])

    def elsewhere(self, basis: Basis, words: str, q: Quantity) -> str:
        """Id of a clause that says this very figure of what may be the same thing; '' if none.

        Args:
            words: the piece of the rule whose figure is to be replaced by `q`.
        """
        mine = pairs(words)
        value, _, unit = q.key
        for figure in self._by_key.get((value, unit), ()):
            same = figure.basis.id == basis.id
            limit = SAME_IN_CLAUSE if same else SAME
            if figure.basis.id in {r.partition(".p")[0] for r in basis.rivals}:
                return figure.basis.id
            if likeness(mine, figure.piece) >= limit:
                return figure.basis.id
        return ""

    def differs(self, basis: Basis, words: str, q: Quantity) -> bool:
        """Whether another clause of the same document sets another figure of the same unit and
        bound for what may be the same thing (an open pit's rule beside an underground one)."""
        mine = pairs(words)
        for figure in self._by_unit.get((basis.document.id, q.key[2]), ()):
            other = figure.quantity
            if figure.basis.id == basis.id or other.bound is not q.bound or other.key == q.key:
                continue
            if likeness(mine, figure.piece) >= SAME:
                return True
        return False


def _figures(basis: Basis) -> Iterator[Figure]:
    text = basis.text
    if not any(c.isdigit() for c in text) and not re.search(r"[一二两三四五六七八九十百半]", text):
        return
    for m in _PIECE.finditer(text):
        found = find(m[0])
        if not found:
            continue
        piece = pairs(m[0])
        for q in found:
            yield Figure(
                basis, m.start() + q.start, m.start() + q.end, q, m[0][q.start : q.end], piece
            )
