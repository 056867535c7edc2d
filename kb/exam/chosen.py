"""What a paper holds so far, and the order in which items are offered to it.

Items of one paper ask about different things: no stem twice, none that says nearly what another
says, none that shows what another asks for. A paper by counts (`kb.exam.pick`) and one by a
blueprint (`kb.exam.filling`) share these rules.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from kb.exam.figures import LONG_STEM, Draft
from kb.exam.holds import likeness, pairs
from kb.exam.model import BLANK
from kb.quantities import Quantity, find

__all__ = ["NEAR", "Chosen", "asks", "by_chance", "tells"]

NEAR = 0.9
"""Share of pairs of characters from which two stems of a paper are one question."""
_SEVERITY = {1: 0.6, 2: 1.0, 3: 1.5}
_OFFICE = "authority"
"""Whose duties come last: what an office has to do is seldom an exam for a firm."""
_CROWD = 0.3
"""How much a document with many questions is held back; more would bring the few questions of small
ones into every paper."""
_LONG = 0.08
"""How much more seldom a long stem comes."""
_REPEATS = 3
"""Items of a paper in which one sentence may serve as a wrong option."""
_ALIKE = 0.5
"""Share of pairs of characters from which two pieces of text with one figure speak of one thing."""
_PIECE = re.compile(r"[^。；？\n]+")
_OFFERED = ("单选", "多选")
_OPEN = re.compile(r"下列(?:说法|做法)符合规定的(?:有哪些|是哪一项)？\Z")
"""A stem that says nothing of its own: what it asks stands in its options."""


def by_chance(drafts: Sequence[Draft], random: Random) -> list[Draft]:
    """An order by weighted chance: what many must know comes sooner, and a document with many
    questions does not crowd out the others."""
    size = Counter((d.type, d.basis.document.id) for d in drafts)
    keyed = []
    for place, d in enumerate(drafts):
        weight = _weight(d) / size[d.type, d.basis.document.id] ** _CROWD
        weight *= _LONG if len(d.stem) > LONG_STEM else 1
        keyed.append((random.random() ** (1 / weight), -place, d))
    keyed.sort(key=lambda x: x[:2], reverse=True)
    return [d for _, _, d in keyed]


def _weight(draft: Draft) -> float:
    note = draft.basis.note
    if note is None:
        return 0.5
    if note.who == _OFFICE:
        return 0.1
    return _SEVERITY.get(note.severity, 0.8)


def asks(stem: str, right: Sequence[str] = ()) -> frozenset[str]:
    """What a question asks, whichever rule it names: two laws may say one thing.

    Args:
        right: its right options, which tell where the stem is the same for many.
    """
    own = stem.partition("，")[2] or stem
    return pairs(own + "".join(right) if _OPEN.search(stem) else own)


def tells(a: Draft, b: Draft) -> bool:
    """Whether one of two questions on a clause shows what the other asks for."""
    asks_a, asks_b = (d.key[1:] for d in (a, b))
    return any(
        asks[0] < end and start < asks[1]
        for asks, shown in ((asks_a, (asks_b, *b.stem_spans)), (asks_b, a.stem_spans))
        for start, end in shown
    )


_Key = tuple[Decimal, str]


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a question asks for and what it shows, in its stem and options.

    `asked` is the figure that is to be known, with the words around it; `shown` are the figures
    that can be read; `term` is the word that is to be known, `pieces` all that can be read.
    """

    asked: tuple[_Key, frozenset[str]] | None
    shown: tuple[tuple[_Key, frozenset[str]], ...]
    term: tuple[str, frozenset[str]] | None
    pieces: tuple[tuple[str, frozenset[str]], ...]

    @classmethod
    def of(cls, d: Draft) -> _Facts:
        """Read a draft."""
        own = d.stem.partition("，")[2]
        texts = [own]
        if BLANK not in own:
            texts += [*d.right, *(w.text for w in d.wrong)] if d.type in _OFFERED else []
        pieces = tuple((p, pairs(p)) for t in texts for p in _PIECE.findall(t))
        shown = tuple((_key(q), words) for p, words in pieces for q in find(p))
        around = _around(d, own)
        asked = term = None
        if around and d.kind == "term":
            term = (d.right[0], around)
        elif around and d.kind in ("figure", "true", "false"):
            at = d.right_spans[0][0]
            figure = next((q for q in find(d.basis.text) if q.start == at), None)
            asked = (_key(figure), around) if figure else None
        return cls(asked, shown, term, pieces)

    def gives_away(self, other: _Facts) -> bool:
        """Whether this one shows, in a like sentence, what the other asks for; so does one that
        asks for the same figure of a like thing."""
        mine = (*self.shown, self.asked) if self.asked else self.shown
        if other.asked:
            key, around = other.asked
            if any(k == key and likeness(around, w) >= _ALIKE for k, w in mine):
                return True
        if other.term:
            term, around = other.term
            return any(term in p and likeness(around, w) >= _ALIKE for p, w in self.pieces)
        return False


def _key(q: Quantity) -> _Key:
    return q.key[0], q.key[2]


def _around(d: Draft, own: str) -> frozenset[str]:
    """The words around what a question asks for."""
    if BLANK in own:
        asked = BLANK
    elif d.kind == "false":
        asked = d.wrong[0].text
    elif d.kind == "true":
        asked = d.basis.text[slice(*d.right_spans[0])]
    else:
        return frozenset()
    return next((pairs(p) for p in _PIECE.findall(own) if asked in p), frozenset())


class Chosen:
    """The drafts of a paper."""

    def __init__(self, avoid_stems: Iterable[str] = ()) -> None:
        self.drafts: list[Draft] = []
        self.clauses: Counter[int] = Counter()
        self._stems: set[str] = set()
        self._by_clause: dict[int, list[Draft]] = {}
        self._lent: dict[int, list[tuple[int, int, int]]] = {}
        self._right: dict[int, list[tuple[int, int, int]]] = {}
        self._avoided = [asks(s) for s in avoid_stems if not _OPEN.search(s)]
        self._avoided_stems = frozenset(avoid_stems)
        self._words: dict[int, frozenset[str]] = {}
        self._known: dict[int, frozenset[str]] = {}
        self._facts: dict[int, _Facts] = {}

    def may(self, d: Draft) -> bool:
        """Neither asked already nor given away by another item."""
        if d.stem in self._stems or d.stem in self._avoided_stems:
            return False
        if any(tells(d, other) for other in self._by_clause.get(d.basis.order, ())):
            return False
        if _overlaps(d.key, self._lent):
            return False
        for place in d.lent:
            # one sentence may be wrong in two items (made laxer in the same way), but not right in
            # one and wrong in another
            if _count(place, self._lent) >= _REPEATS or _overlaps(place, self._right):
                return False
            if any(_within(place, x) for x in self._by_clause.get(place[0], ())):
                return False
        return not any(_overlaps(place, self._lent) for place in _right(d))

    def given(self, d: Draft) -> bool:
        """Whether an item on another clause says what this one asks for, or the other way round."""
        mine = self._read(d)
        return any(
            mine.gives_away(theirs) or theirs.gives_away(mine)
            for theirs in map(self._read, self.drafts)
        )

    def near(self, d: Draft) -> bool:
        """Whether it says what another item says or asks for."""
        mine = self._asks(d)
        return any(
            likeness(mine, other) >= NEAR for other in (*self._avoided, *self._words.values())
        ) or self.given(d)

    def add(self, d: Draft) -> None:
        """Take a draft."""
        self.drafts.append(d)
        self._stems.add(d.stem)
        self._by_clause.setdefault(d.basis.order, []).append(d)
        self.clauses[d.basis.order] += 1
        for place in d.lent:
            self._lent.setdefault(place[0], []).append(place)
        for place in _right(d):
            self._right.setdefault(place[0], []).append(place)
        self._words[id(d)] = self._asks(d)

    def remove(self, d: Draft) -> None:
        """Give a draft back."""
        self.drafts = [x for x in self.drafts if x is not d]
        self._stems.discard(d.stem)
        here = self._by_clause[d.basis.order]
        self._by_clause[d.basis.order] = [x for x in here if x is not d]
        self.clauses[d.basis.order] -= 1
        for place in d.lent:
            self._lent[place[0]].remove(place)
        for place in _right(d):
            self._right[place[0]].remove(place)
        del self._words[id(d)]

    def _read(self, d: Draft) -> _Facts:
        found = self._facts.get(id(d))
        if found is None:
            found = self._facts[id(d)] = _Facts.of(d)
        return found

    def _asks(self, d: Draft) -> frozenset[str]:
        found = self._known.get(id(d))
        if found is None:
            found = self._known[id(d)] = asks(d.stem, d.right)
        return found


_Place = tuple[int, int, int]


def _right(d: Draft) -> tuple[_Place, ...]:
    """The sentences of other clauses that stand as right options."""
    return d.lent[: len(d.also)]


def _count(key: _Place, lent: dict[int, list[_Place]]) -> int:
    return sum(key[1] < end and start < key[2] for _, start, end in lent.get(key[0], ()))


def _overlaps(key: _Place, lent: dict[int, list[_Place]]) -> bool:
    return _count(key, lent) > 0


def _within(place: tuple[int, int, int], d: Draft) -> bool:
    return any(start < place[2] and place[1] < end for start, end in (d.key[1:], *d.stem_spans))
