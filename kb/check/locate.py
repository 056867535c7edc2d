"""The clause that a sentence without a reference means: only if it is near enough.

Near enough is what has most of the sentence's telling pairs. Before a figure counts as an error,
the search over words and meaning must lead to the same clause, and no clause that fits as well may
agree with the card.
"""

from __future__ import annotations

from collections.abc import Sequence

from kb.check.compare import Clause, Comparer
from kb.check.shelf import Shelf
from kb.check.statements import Statement

__all__ = ["Locator"]

NEAR = 0.6
_OTHERS_POST = 0.75
"""The same where the note on the clause names other posts only."""
_BESIDE = 0.12
"""Clauses that fit within this of the best may be meant as well."""
_SURE = 0.7
_SEARCHED = 5


class Locator:
    """Looks for the clauses of sentences; answers are kept by the words."""

    def __init__(self, shelf: Shelf, comparer: Comparer) -> None:
        self._shelf = shelf
        self._comparer = comparer
        self._known: dict[tuple[str, str, tuple[str, ...]], list[Clause]] = {}

    def find(self, said: Statement, within: Sequence[str] | None) -> list[Clause]:
        """The clauses that a sentence may mean, nearest first; [] if none is near enough.

        Args:
            within: only clauses of these versions; None means of all that bind.
        """
        refs = tuple(within) if within is not None else self._shelf.binding
        key = (said.text, said.post, refs)
        if key not in self._known:
            self._known[key] = self._find(said, refs)
        return self._known[key]

    def _find(self, said: Statement, refs: Sequence[str]) -> list[Clause]:
        if not self._comparer.tells(said.text):
            return []
        near = self._shelf.nearest(said.text, refs, _SEARCHED)
        if not near or near[0][2] < self._least(said, near[0][0], near[0][1]):
            return []
        best = near[0][2]
        return [(ref, clause) for ref, clause, fit in near if fit >= max(NEAR, best - _BESIDE)]

    def _least(self, said: Statement, ref: str, clause: str) -> float:
        note = self._shelf.note(ref, clause)
        if said.post and note is not None and note.posts and said.post not in note.posts:
            return _OTHERS_POST
        return NEAR

    def sure(self, said: Statement, clause: Clause) -> list[Clause]:
        """The clauses that the search finds, if an error may rest on this one; else [].

        The words must fit it well, and it must be among what the search finds.
        """
        if self._comparer.fit(said.text, [clause]) < _SURE:
            return []
        hits = self._shelf.searcher.search(said.text, top=_SEARCHED, as_of=self._shelf.as_of)
        found = [(f"{h.document.id}@{h.version.version}", h.clause_id) for h in hits]
        return found if clause in found else []
