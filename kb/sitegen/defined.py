"""Where a term that a standard defines stands in the text of that standard.

Only what is certain is marked, and once a clause: a term of three or more characters, or a shorter
one that the project's tokenizer takes for a word; never a part of a longer defined term, as
安全出口 is of 应急安全出口.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kb.model import UnitKind
from kb.store import StoredUnit
from kb.tokenizer import Tokenizer

__all__ = ["DefinedTerms"]

_CHINESE = re.compile(r"[^A-Za-z(（\[［]+")
"""吊灯 pendant lamp: the English name stands behind."""
_SURE = 3
_SHORTEST = 2


class DefinedTerms:
    """The defined terms of one standard."""

    def __init__(self, units: Sequence[StoredUnit]) -> None:
        found: dict[str, str] = {}
        for u in units:
            if u.kind is not UnitKind.DEFINITION:
                continue
            m = _CHINESE.match(u.heading)
            name = m[0].strip() if m else ""
            if len(name) >= _SHORTEST:
                found.setdefault(name, u.id)
        self._terms = sorted(found.items(), key=lambda x: (-len(x[0]), x[0]))

    def within(self, clause: StoredUnit) -> Iterator[tuple[int, int, str]]:
        """(start, end, definition's id) in `clause.display`; the first place of each term."""
        text, taken = clause.display, [False] * len(clause.display)
        words: set[tuple[int, int]] | None = None
        for name, definition in self._terms:
            first = True
            at = text.find(name)
            while at >= 0:
                end = at + len(name)
                if not any(taken[at:end]):
                    if len(name) < _SURE and words is None:
                        words = {(s.start, s.end) for s in Tokenizer.load().spans(text)}
                    taken[at:end] = [True] * len(name)
                    whole = len(name) >= _SURE or (words is not None and (at, end) in words)
                    if whole and first and definition != clause.id:
                        first = False
                        yield at, end, definition
                at = text.find(name, end)
