"""Two texts compared clause by clause: package against corpus, or one version against another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from kb.fold import fold_text
from kb.ids import content_hash
from kb.library import Library
from kb.model import Tree, Unit
from kb.quantities import Key, find

__all__ = ["Comparison", "Difference", "DifferenceKind", "compare", "verify_library", "verify_pair"]

_DIGITS = re.compile(r"\d+(?:\.\d+)?")  # in folded text: 三年 is 3年, 统一 stays a word


class DifferenceKind(StrEnum):
    """How a clause differs; punctuation, spaces and line breaks never count."""

    FIGURES = "数字不同"
    WORDING = "文字不同"
    ONLY_LEFT = "仅左有"
    ONLY_RIGHT = "仅右有"


@dataclass(frozen=True, slots=True)
class Difference:
    """One clause that is not the same; `left` and `right` are the stretches that differ."""

    clause: str
    label: str
    kind: DifferenceKind
    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """All differences between two texts; `same` counts the clauses without any.

    `unchecked` 未核对 counts what stands outside all clauses (题注, 前言, 章节标题, 落款), which is
    not compared. `parts` counts 款, 项, tables and notes, compared only as words of their clause.
    """

    left: str
    right: str
    title: str
    same: int
    differences: tuple[Difference, ...]
    unchecked: int = 0
    parts: int = 0

    def to_json(self) -> dict[str, Any]:
        """JSON form."""
        return asdict(self)


def _figures(text: str) -> tuple[list[str], list[Key]]:
    """Every number of a text and every quantity (两个, 一季度), however they are written."""
    return _DIGITS.findall(fold_text(text)), [q.key for q in find(text)]


def _core(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


def _apart(left: str, right: str, around: int = 6) -> tuple[str, str]:
    """The stretches that differ, with a few characters around them."""
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    tail = 0
    while tail < min(len(left), len(right)) - start and left[-1 - tail] == right[-1 - tail]:
        tail += 1
    low = max(0, start - around)

    def cut(text: str) -> str:
        high = min(len(text), len(text) - tail + around)
        return ("…" if low else "") + text[low:high] + ("…" if high < len(text) else "")

    return cut(left), cut(right)


def _one(left: Unit | None, right: Unit | None) -> Difference | None:
    if left is None or right is None:
        unit = left or right
        assert unit is not None
        kind = DifferenceKind.ONLY_LEFT if right is None else DifferenceKind.ONLY_RIGHT
        return Difference(
            unit.id, unit.label, kind, left.display if left else "", right.display if right else ""
        )
    a, b = _core(left.display), _core(right.display)
    if content_hash(left.display) == content_hash(right.display):
        # the hash has no points: 1.5 and 15 are one to it
        numbers = [_DIGITS.findall(fold_text(u.display)) for u in (left, right)]
        if numbers[0] == numbers[1]:
            return None
        a, b = left.display, right.display
    figures = _figures(left.display) != _figures(right.display)
    kind = DifferenceKind.FIGURES if figures else DifferenceKind.WORDING
    return Difference(left.id, left.label, kind, *_apart(a, b))


def compare(left: Tree, right: Tree, names: tuple[str, str], title: str = "") -> Comparison:
    """Compare the hit units (条, lowest-numbered clauses, definitions) of two trees by id."""
    lefts = {u.id: u for u in left.hits}
    rights = {u.id: u for u in right.hits}
    ids = list(dict.fromkeys((*lefts, *rights)))
    found = [d for i in ids if (d := _one(lefts.get(i), rights.get(i)))]
    rest = {u.id: tree for tree in (right, left) for u in tree.units if not u.hit}
    parts = sum(tree.hit_of(i) is not None for i, tree in rest.items())
    same = len(ids) - len(found)
    return Comparison(*names, title, same, tuple(found), len(rest) - parts, parts)


def verify_pair(library: Library, left: str, right: str) -> Comparison:
    """Compare two texts, each given as a file path or an id (`doc@YYYY-MM-DD`, or `doc`).

    Raises:
        SourceError: a file cannot be read.
        UnknownIdError: not a file, and no loaded version has this id.
    """
    a, b = library.find(left), library.find(right)
    return compare(a.tree, b.tree, (left, right), a.document.title)


def verify_library(library: Library) -> Iterator[Comparison]:
    """Compare every text that the package and --corpus both hold."""
    built = {x.ref: x for x in library.loaded}
    for other in library.shadowed:
        mine = built[other.ref]
        names = (f"{mine.ref}（{mine.source.path}）", other.source.path)
        yield compare(mine.tree, other.tree, names, mine.document.title)
