"""Which of the best rows has the query nearly word for word.

A sentence drawn from a clause has runs of its characters. BM25 counts words wherever they stand; of
clauses that share a stock of words (penalties, lists of duties) only the one that the sentence was
drawn from has them in a row. A question is no quotation.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from kb.fold import fold_text
from kb.search.fusion import Fused

__all__ = ["by_runs"]

RUN = 4
"""Characters of a run; signs that part no sentence do not count."""

FIRST = 20
"""Rows that are looked at, best first."""

WEIGHT = 0.8
"""What a row gains that has every run of a query which is a quotation for certain."""

ASKS = re.compile(
    r"怎么|怎样|如何|咋|啥|吗|呢|什么|多少|几|谁|哪|是否|能不能|要不要|可不可以|行不行"
)
"""What makes a question of a query: its words are the asker's own."""
FEWEST = 3  # runs; a query of fewer than six characters is no quotation
# what parts sentences stays, so that no run reaches from one over into the next
_NOT_WORD = re.compile(r"(?![，,;:!?。、])[\W_]+")


def by_runs(query: str, fused: Fused, text_of: Callable[[int], str]) -> Fused:
    """`fused` with what the first rows gain by the share of the query's runs that they have.

    Args:
        query: the query as typed.
        text_of: the text of a row, tables included.
    """
    if fused.quoted <= 0 or ASKS.search(query):
        return fused
    plain = _NOT_WORD.sub("", fold_text(query))
    runs = {plain[i : i + RUN] for i in range(len(plain) - RUN + 1)}
    if len(runs) < FEWEST:
        return fused
    total = fused.total.copy()
    count = min(FIRST, len(total))
    for row in np.argpartition(-total, count - 1)[:count]:
        if total[row] > 0:
            text = _NOT_WORD.sub("", fold_text(text_of(int(row))))
            total[row] += WEIGHT * fused.quoted * sum(r in text for r in runs) / len(runs)
    return replace(fused, total=total)
