"""Where a clause matches a query: highlighted spans, matched words, the part that matched best."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from kb.offsets import Part
from kb.tokenizer import Span, Tokenizer

__all__ = ["Match", "best_part", "match"]

RARE = 1.5
"""Words with less idf (in a fifth of all clauses or more) are neither shown nor counted."""
ENOUGH = 0.6
"""A part is named when it holds this share of what its clause matched, and more than any other."""
SHOWN = 8
_FIGURE = re.compile(r"[0-9]")


@dataclass(frozen=True, slots=True)
class Match:
    """`spans` are merged stretches of the text; `words` the rarest matched ones; `marks` all."""

    spans: tuple[tuple[int, int], ...]
    words: tuple[str, ...]
    figures: tuple[str, ...]
    marks: tuple[Span, ...]


def match(
    tokenizer: Tokenizer, text: str, words: Collection[str], rarity: Mapping[str, float]
) -> Match:
    """What of a query stands in a text.

    Args:
        words: the words of the query.
        rarity: idf of its words and pairs.
    """
    wanted = {w for w, idf in rarity.items() if _FIGURE.match(w) or (idf >= RARE and len(w) > 1)}
    marks = tokenizer.marks(text, wanted) if wanted else []
    # a pair across words (全生 of 安全生产) only counts where no word does
    marks = [m for m in marks if m.word in words] or marks
    seen = marks if any(m.word in words for m in marks) else _apart(tokenizer, text, words, marks)
    longest = sorted(
        {m.word for m in marks if m.word in words}, key=lambda w: (-len(w), -rarity[w], w)
    )
    shown: list[str] = []
    for word in longest:  # not the words inside a longer one
        if not any(word in longer for longer in shown):
            shown.append(word)
    shown.sort(key=lambda w: (-rarity[w], w))
    return Match(
        _merged(seen),
        tuple(shown[:SHOWN]),
        tuple(w for w in shown if _FIGURE.match(w)),
        tuple(marks),
    )


def _apart(
    tokenizer: Tokenizer, text: str, words: Collection[str], marks: Sequence[Span]
) -> list[Span]:
    """The pairs that are no half of a common word of the query: those would only look wrong."""
    common = tokenizer.marks(text, {w for w in words if len(w) > 1}) if marks else []
    return [m for m in marks if not any(c.start < m.end and m.start < c.end for c in common)]


def _merged(marks: Sequence[Span]) -> tuple[tuple[int, int], ...]:
    out: list[tuple[int, int]] = []
    for start, end in sorted({(m.start, m.end) for m in marks}):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return tuple(out)


def best_part(parts: Sequence[Part], marks: Sequence[Span], rarity: Mapping[str, float]) -> str:
    """Id of the deepest part that holds most of what the clause matched; the clause's if none does.

    Args:
        parts: the clause (depth 0) and what is below it, in document order.
    """
    if len(parts) == 1 or not marks:
        return parts[0].id

    def weight(part: Part) -> float:
        inside = {m.word for m in marks if part.start <= m.start and m.end <= part.end}
        return sum(rarity[w] for w in sorted(inside))  # equal sets have equal sums

    at = parts[0]
    whole = weight(at)
    while True:
        below = [
            p for p in parts if p.depth == at.depth + 1 and at.start <= p.start and p.end <= at.end
        ]
        ranked = sorted(((weight(p), -i) for i, p in enumerate(below)), reverse=True)
        if not ranked or ranked[0][0] < ENOUGH * whole or ranked[0][0] == 0:
            return at.id
        if len(ranked) > 1 and ranked[1][0] == ranked[0][0]:
            return at.id
        at = below[-ranked[0][1]]
