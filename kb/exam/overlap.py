"""Items that are nearly the same, within a file and between files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kb.exam.holds import pairs
from kb.exam.model import BLANK, Item

__all__ = ["Twin", "overlaps"]

NEAR = 0.8
"""Share of all their pairs of characters that two items have in common (Jaccard)."""


@dataclass(frozen=True, slots=True)
class Twin:
    """Two items: (file, number from 1, item) each; `why` is 同一题, 同一处 or 相近, `score` 0–1."""

    one: tuple[str, int, str]
    two: tuple[str, int, str]
    why: str
    score: float
    stems: tuple[str, str]

    def to_json(self) -> dict[str, Any]:
        """For `--format json`."""
        keys = ("file", "number", "item")
        return {
            "one": dict(zip(keys, self.one, strict=True)),
            "two": dict(zip(keys, self.two, strict=True)),
            "why": self.why,
            "score": round(self.score, 3),
            "stems": list(self.stems),
        }


def overlaps(files: Mapping[str, Sequence[Item]]) -> Iterator[Twin]:
    """Every pair of items that ask the same, in file order.

    The same item; the same words of the same clause in another type; or nearly the same stem and
    answer (two laws that say one thing).
    """
    placed = [
        ((name, number, item.item), item, _words(item))
        for name, items in files.items()
        for number, item in enumerate(items, 1)
    ]
    for place, (one, a, mine) in enumerate(placed):
        for two, b, theirs in placed[place + 1 :]:
            why, score = _alike(a, b, mine, theirs)
            if why:
                yield Twin(one, two, why, score, (a.stem, b.stem))


def _words(item: Item) -> frozenset[str]:
    stem = item.stem.partition("，")[2] or item.stem
    return pairs(stem.replace(BLANK, item.right[0] if item.right else "") + " ".join(item.right))


def _alike(a: Item, b: Item, mine: frozenset[str], theirs: frozenset[str]) -> tuple[str, float]:
    if a.item == b.item:
        return "同一题", 1.0
    if a.id == b.id and _share(a, b):
        return "同一处", 1.0
    union = len(mine | theirs)
    score = len(mine & theirs) / union if union else 0.0
    return ("相近", score) if score >= NEAR else ("", score)


def _share(a: Item, b: Item) -> bool:
    """Whether the answers stand in the same words of their clause."""
    return any(
        one[0] < two[1] and two[0] < one[1] for one in a.answer_spans for two in b.answer_spans
    )
