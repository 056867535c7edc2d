"""Words and meaning in one score.

Lexical: a clause is found by its own words or by what its note says, whichever fits better; their
sum would push every clause that has no note yet to the back. Titles above count on top.
Meaning: the best cosine of its text, gist and ways to ask. How much meaning counts depends on the
query: the more of its words stand together in one clause (a sentence drawn from it), the less.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kb.lexical import Scores

__all__ = ["Fused", "Mix", "fuse", "lexical_total"]

Floats = npt.NDArray[np.float32]

GIST = 0.5
"""Weight of the gist beside the ways to ask, in the lexical score of a note."""

FACETS = 0.2
"""Weight of the names of posts, activities, hazards and accident types that a note gives."""

MEANING = 0.5
"""Share of the cosine in the score of a query that is no quotation."""

FAR = 0.25
"""A cosine below this says nothing: half of all questions have fifty clauses nearer than that."""

QUOTED = (0.5, 0.8)
"""Share of the query's possible text score that one clause reaches: from the first value on the
meaning counts less, from the second on not at all."""


@dataclass(frozen=True, slots=True)
class Fused:
    """`total[row]`, its parts, the share of meaning that was used, and how far the query is a
    quotation (0–1)."""

    total: Floats
    lexical: Floats
    cosine: Floats | None
    meaning: float
    quoted: float = 0.0


Mix = Callable[[Scores | None, Floats | None, npt.NDArray[np.bool_]], Fused]
"""What `fuse` is: scores by field, cosines and allowed rows in, one score a row out."""


def lexical_total(scores: Scores) -> Floats:
    """BM25 of each row: own words or note, whichever is more, and titles."""
    note = scores.of("lay") + np.float32(GIST) * scores.of("gist")
    total: Floats = np.maximum(scores.of("text"), note) + scores.of("path")
    total += np.float32(FACETS) * scores.of("facets")
    return total


def fuse(scores: Scores | None, cosine: Floats | None, allowed: npt.NDArray[np.bool_]) -> Fused:
    """One score a row; rows that are not allowed have 0.

    Args:
        scores: BM25 by field, None when no word of the query is known.
        cosine: best cosine of each row, None without vectors.
        allowed: rows that may be found.
    """
    rows = len(allowed)
    zeros = np.zeros(rows, dtype=np.float32)
    lexical: Floats = zeros
    if scores is not None:
        lexical = np.where(allowed, lexical_total(scores), 0).astype(np.float32)
    best = float(lexical.max(initial=0.0))
    shared: Floats = lexical / np.float32(best) if best > 0 else zeros
    quoted = _quoted(scores, allowed)
    if cosine is None:
        return Fused(shared, lexical, None, 0.0, quoted)
    near = np.where(allowed & (cosine >= FAR), np.minimum(cosine, 1), 0).astype(np.float32)
    most = float(near.max(initial=0.0))
    meaning = MEANING * (1 - quoted) if best > 0 else 1.0
    if most <= 0:
        return Fused(shared, lexical, near, 0.0, quoted)
    total: Floats = np.float32(1 - meaning) * shared + np.float32(meaning / most) * near
    return Fused(total, lexical, near, meaning, quoted)


def _quoted(scores: Scores | None, allowed: npt.NDArray[np.bool_]) -> float:
    """0 for a query in its own words, 1 for one that a clause has nearly word for word."""
    if scores is None or not scores.ideals.get("text"):
        return 0.0
    text = np.where(allowed, scores.of("text"), 0)
    share = float(text.max(initial=0.0)) / scores.ideals["text"]
    low, high = QUOTED
    return min(1.0, max(0.0, (share - low) / (high - low)))
