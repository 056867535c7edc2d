"""How well words fit a clause: the share of their character pairs, by rarity, that the clause has.

A clause is known here by its text, the titles above it and what its note says (gist, ways to ask,
lines). Rare pairs count more, figures do not count: 不小于 5 m and 不小于 3 m fit alike, and what
the figures say is for `kb.check.limits`. The measure is cheap (about a millisecond over all
clauses), so that a card of ten thousand rows can be gone through.
"""

from __future__ import annotations

import math
import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from kb.fold import fold_text

if TYPE_CHECKING:
    from kb.store import Passages

__all__ = ["Fits", "Near", "grams_of"]

_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z]{2,}")  # 铲斗, sf6
_WORDS_OF_ALL = frozenset("的了在和与及或等应当须把被将对从按以")
"""Characters that stand in every sentence; a pair with one of them tells nothing."""

Mask = npt.NDArray[np.bool_]


def grams_of(text: str) -> frozenset[str]:
    """Pairs of neighbouring Han characters and Latin words of a text."""
    out: set[str] = set()
    for run in _RUN.findall(fold_text(text)):
        if run[0].isascii():
            out.add(run)
            continue
        out.update(
            run[i : i + 2] for i in range(len(run) - 1) if not _WORDS_OF_ALL & set(run[i : i + 2])
        )
    return frozenset(out)


@dataclass(frozen=True, slots=True)
class Near:
    """A clause and how much (0–1) of the words it has."""

    ref: str
    clause: str
    fit: float

    @property
    def full_id(self) -> str:
        """`doc@version#clause`."""
        return f"{self.ref}#{self.clause}"


class Fits:
    """Every clause of an index, ready to be compared with words."""

    def __init__(self, passages: Passages) -> None:
        """Go through all clauses once (about a second for four thousand)."""
        self._places: dict[tuple[str, str], int] = {}
        self._refs: list[str] = []
        self._ids: list[str] = []
        self._grams: dict[str, int] = {}
        postings: list[array[int]] = []
        for row, clause in enumerate(passages.clauses()):
            self._places[clause.ref, clause.id] = row
            self._refs.append(clause.ref)
            self._ids.append(clause.id)
            for gram in grams_of("\n".join(_words(passages, clause.ref, clause.id, clause.path))):
                place = self._grams.setdefault(gram, len(postings))
                if place == len(postings):
                    postings.append(array("i"))
                postings[place].append(row)
        self._postings = [np.frombuffer(p, dtype=np.int32) for p in postings]
        total = len(self._ids) + 1
        self._weights = [math.log(total / (len(p) + 0.5)) for p in self._postings]
        self.rarest = math.log(total / 0.5)
        """Weight of a pair that no clause has."""
        self._ref_rows: dict[str, Mask] = {}

    def weight(self, text: str) -> float:
        """How much a text has to go by: the summed rarity of its pairs."""
        return self.rarity(grams_of(text))

    def rarity(self, grams: Iterable[str]) -> float:
        """The summed rarity of pairs."""
        return sum(self._weight(g) for g in grams)

    def _weight(self, gram: str) -> float:
        place = self._grams.get(gram)
        return self.rarest if place is None else self._weights[place]

    def _shares(self, words: str) -> npt.NDArray[np.float32]:
        out = np.zeros(len(self._ids), dtype=np.float32)
        whole = 0.0
        for gram in grams_of(words):
            place = self._grams.get(gram)
            if place is None:
                whole += self.rarest
                continue
            whole += self._weights[place]
            out[self._postings[place]] += np.float32(self._weights[place])
        return out / np.float32(whole) if whole else out

    def of(self, words: str, clauses: Iterable[tuple[str, str]]) -> float:
        """The best fit of words among clauses given as (version ref, clause id)."""
        rows = [self._places[c] for c in clauses if c in self._places]
        return float(self._shares(words)[rows].max()) if rows else 0.0

    def nearest(self, words: str, refs: Sequence[str] | None = None, top: int = 5) -> list[Near]:
        """The clauses that fit words best, best first.

        Args:
            refs: only clauses of these versions; None means of all.
        """
        shares = self._shares(words)
        if refs is not None:
            shares = np.where(self._mask(refs), shares, np.float32(0))
        count = min(top, len(shares))
        if not count:
            return []
        rows = np.argpartition(-shares, count - 1)[:count]
        order = sorted((int(r) for r in rows), key=lambda r: (-shares[r], r))
        return [Near(self._refs[r], self._ids[r], float(shares[r])) for r in order if shares[r] > 0]

    def _mask(self, refs: Sequence[str]) -> Mask:
        key = "\n".join(refs)
        if key not in self._ref_rows:
            wanted = set(refs)
            self._ref_rows[key] = np.array([r in wanted for r in self._refs], dtype=np.bool_)
        return self._ref_rows[key]


def _words(passages: Passages, ref: str, clause: str, path: Sequence[str]) -> Iterator[str]:
    unit = passages.unit(ref, clause)
    if unit is not None:
        yield unit.heading
        yield unit.display
        yield from (" ".join(r) for r in unit.rows)
    yield from path
    note = passages.note(ref, clause)
    if note is not None:
        yield note.gist
        yield from note.lay
        yield from (line.text for line in note.lines)
