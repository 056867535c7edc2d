"""Filling a blueprint: always next what is scarcest for what is still wanted, then by swaps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from kb.exam.blueprint import CARD_SOURCE, DIMENSIONS, OFFICE, Blueprint, Part, for_audience
from kb.exam.figures import Draft
from kb.exam.holds import likeness, pairs
from kb.exam.model import FIRM, TYPES, Item, item_id
from kb.exam.pick import difficulty_of, item_of, posts_of, topic_of
from kb.exam.pool import Pool

__all__ = ["Filled", "Short", "fill"]

_REST = ""
"""The label of what a table does not name."""
_ATTEMPTS = 3
"""Orders that are tried; the one that fills most is taken. """
_NEAR = 0.9
_SEVERITY = {1: 0.6, 2: 1.0, 3: 1.5}


@dataclass(frozen=True, slots=True)
class Short:
    """What could not be filled: `label` of a dimension ('' for the part), wanted and had."""

    part: str
    dimension: str
    label: str
    wanted: int
    had: int
    there: Mapping[str, int]

    @property
    def message(self) -> str:
        """Which part, and what is there."""
        what = f"{DIMENSIONS[self.dimension]}“{self.label}”" if self.label else "这部分"
        if self.dimension and not self.label:
            what = f"{DIMENSIONS[self.dimension]}没有写到的"
        held = "、".join(f"{k} {n} 题" for k, n in self.there.items() if n) or "没有"
        where = f"{self.part}：" if self.part else ""
        return (
            f"{where}{what}要 {self.wanted} 题，试配 {_ATTEMPTS} 遍最多 {self.had} 题"
            f"（题库里合乎这部分范围的：{held}）"
        )


@dataclass(frozen=True, slots=True)
class Filled:
    """A paper by a blueprint; `part_of` gives the part of each item."""

    items: tuple[Item, ...]
    part_of: Mapping[str, str]
    short: tuple[Short, ...]


_Label = Callable[[Draft], tuple[str, ...]]
_LABELS: Mapping[str, _Label] = {
    "types": lambda d: (d.type,),
    "posts": posts_of,
    "topics": lambda d: (topic_of(d),),
    "difficulty": lambda d: (str(difficulty_of(d)),),
    "sources": lambda d: (CARD_SOURCE if d.basis.origin == FIRM else d.basis.document.id,),
}


def fill(
    pool: Pool,
    blueprint: Blueprint,
    seed: str,
    *,
    avoid: Iterable[str] = (),
    avoid_stems: Iterable[str] = (),
) -> Filled:
    """The items of a blueprint; the same pool, blueprint and seed give the same paper.

    Several orders are tried, since what is taken for one part may lack in another.

    Args:
        avoid: items that must not come; `avoid_stems` are stems to which none may be near.
    """
    if blueprint.audience:
        pool = for_audience(pool, blueprint.audience)
    unwanted = frozenset(avoid)
    drafts = sorted(
        (x for x in ((_id(d), d) for d in pool.drafts) if x[0] not in unwanted), key=lambda x: x[0]
    )
    near = tuple(avoid_stems)
    best: _Filling | None = None
    for attempt in range(_ATTEMPTS):
        random = Random(f"{seed}:{attempt}")
        one = _Filling(_ordered([d for _, d in drafts], random), near)
        for part in blueprint.parts:
            one.fill(part)
        if best is None or one.missing < best.missing:
            best = one
        if not best.missing:
            break
    assert best is not None
    random = Random(f"{seed}:order")
    items: list[Item] = []
    part_of: dict[str, str] = {}
    for kind in TYPES:
        chosen = [(d, p) for d, p in best.chosen if d.type == kind]
        random.shuffle(chosen)
        for draft, name in chosen:
            item = item_of(draft, random)
            items.append(item)
            part_of[item.item] = name
    return Filled(tuple(items), part_of, tuple(best.short))


def _id(draft: Draft) -> str:
    return item_id(draft.type, draft.stem, draft.right)


def _ordered(drafts: Sequence[Draft], random: Random) -> list[Draft]:
    """By weighted chance: what matters more comes sooner, and no document crowds out others."""
    size = Counter((d.type, d.basis.document.id) for d in drafts)
    keyed = []
    for place, d in enumerate(drafts):
        note = d.basis.note
        weight = _SEVERITY.get(note.severity, 0.8) if note else 0.5
        weight *= 0.1 if note and note.who == OFFICE else 1
        weight /= size[d.type, d.basis.document.id] ** 0.5
        keyed.append((-(random.random() ** (1 / weight)), place, d))
    keyed.sort(key=lambda x: x[:2])
    return [d for _, _, d in keyed]


_Labelled = tuple[Draft, Mapping[str, tuple[str, ...]]]
_Held = tuple[_Labelled, dict[str, str]]
_TRIED = 8
"""Items with the same labels that are looked at for a swap."""


class _Filling:
    """One try at a blueprint."""

    def __init__(self, order: Sequence[Draft], avoid_stems: Iterable[str]) -> None:
        self.chosen: list[tuple[Draft, str]] = []
        self.short: list[Short] = []
        self._order = order
        self._keys: dict[int, list[tuple[int, int]]] = {}
        self._stems: set[str] = set()
        self._clauses: Counter[int] = Counter()
        self._words = [_asks(s) for s in avoid_stems]
        self._judged: Counter[bool] = Counter()
        self._missing = 0

    @property
    def missing(self) -> int:
        """How many items lack."""
        return self._missing

    def fill(self, part: Part) -> None:
        """Take the items of one part: always next what is scarcest for what is still wanted."""
        fitting = [d for d in self._order if _within(d, part.limits)]
        need = {
            key: {**counts, _REST: part.count - sum(counts.values())}
            for key, counts in part.counts.items()
        }
        labels: list[_Labelled] = [(d, {k: _LABELS[k](d) for k in need}) for d in fitting]
        every = labels
        held: list[_Held] = []
        left = part.count
        while left:
            live = [x for x in labels if self._may(x[0]) and _slots(x[1], need) is not None]
            if not live:
                break
            labels = live
            wanted = self._scarcest(live, need)
            draft, said = self._next(live, need, wanted)
            if self._near(draft):
                self._stems.add(draft.stem)  # says what another says: not this one
                continue
            slots = _slots(said, need) or {}
            _count(need, slots, -1)
            held.append(((draft, said), slots))
            self._add(draft, part.name)
            left -= 1
        alike: dict[tuple[tuple[str, ...], ...], list[_Labelled]] = {}
        for x in every if left else ():
            alike.setdefault(tuple(x[1].values()), []).append(x)
        while left and self._swap(part.name, held, list(alike.values()), need):
            left -= 1
        self._missing += left
        self.short += _shorts(part, need, left, fitting)

    def _swap(
        self,
        part: str,
        held: list[_Held],
        alike: Sequence[Sequence[_Labelled]],
        need: dict[str, dict[str, int]],
    ) -> bool:
        """Put two items in the place of one that kept both out; of items with the same labels
        (`alike`), one is tried."""
        tried = set()
        for place, ((old, said), slots) in enumerate(held):
            kind = (*said.values(), *slots.values())
            if kind in tried:
                continue
            tried.add(kind)
            self._remove(old)
            _count(need, slots, 1)
            pair = self._pair(part, alike, need)
            if pair:
                held[place : place + 1] = pair
                return True
            _count(need, slots, -1)
            self._add(old, part)
        return False

    def _pair(
        self,
        part: str,
        alike: Sequence[Sequence[_Labelled]],
        need: dict[str, dict[str, int]],
    ) -> list[_Held]:
        """Take two items that fit together; none where there are no such."""
        fits = [group for group in alike if _slots(group[0][1], need) is not None]
        for n, group in enumerate(fits):
            first = _slots(group[0][1], need) or {}
            _count(need, first, -1)
            for other in fits[n:]:
                second = _slots(other[0][1], need)
                one = self._free(group) if second is not None else None
                if second is None or one is None:
                    continue
                self._add(one[0], part)
                two = self._free(other)
                if two is not None:
                    self._add(two[0], part)
                    _count(need, second, -1)
                    return [(one, first), (two, second)]
                self._remove(one[0])
            _count(need, first, 1)
        return []

    def _free(self, group: Sequence[_Labelled]) -> _Labelled | None:
        """The first of items with the same labels that may be asked beside the others."""
        for x in group[:_TRIED]:
            if self._may(x[0]) and not self._near(x[0]):
                return x
        return None

    def _remove(self, d: Draft) -> None:
        at = next(n for n, (own, _) in enumerate(self.chosen) if own is d)
        del self.chosen[at]
        order, start, end = d.key
        self._keys[order].remove((start, end))
        self._stems.discard(d.stem)
        self._clauses[d.basis.order] -= 1
        self._judged[d.kind == "false"] -= d.type == "判断"
        self._words.remove(_asks(d.stem))

    def _scarcest(
        self,
        live: Sequence[_Labelled],
        need: Mapping[str, Mapping[str, int]],
    ) -> tuple[str, str] | None:
        supply: Counter[tuple[str, str]] = Counter()
        for _, said in live:
            for key, counts in need.items():
                supply.update((key, x) for x in _open(said[key], counts))
        wanted = [
            (key, label)
            for key, counts in need.items()
            for label, n in counts.items()
            if n > 0 and supply[key, label]
        ]
        return max(wanted, key=lambda w: need[w[0]][w[1]] / supply[w], default=None)

    def _next(
        self,
        live: Sequence[_Labelled],
        need: Mapping[str, Mapping[str, int]],
        wanted: tuple[str, str] | None,
    ) -> _Labelled:
        """The first in order that has the label, from a clause not asked yet where there is one;
        of 判断 as many true as false."""
        fits = [
            x
            for x in live
            if wanted is None or wanted[1] in _open(x[1][wanted[0]], need[wanted[0]])
        ]
        return min(fits, key=lambda x: (self._clauses[x[0].basis.order], self._lopsided(x[0])))

    def _lopsided(self, draft: Draft) -> bool:
        if draft.type != "判断":
            return False
        false = draft.kind == "false"
        return self._judged[false] > self._judged[not false]

    def _may(self, d: Draft) -> bool:
        """Neither asked already nor given away by another item."""
        if d.stem in self._stems:
            return False
        order, start, end = d.key
        return not any(start < b and a < end for a, b in self._keys.get(order, ()))

    def _near(self, d: Draft) -> bool:
        mine = _asks(d.stem)
        return any(likeness(mine, other) >= _NEAR for other in self._words)

    def _add(self, d: Draft, part: str) -> None:
        order, start, end = d.key
        self.chosen.append((d, part))
        self._stems.add(d.stem)
        self._keys.setdefault(order, []).append((start, end))
        self._clauses[d.basis.order] += 1
        self._judged[d.kind == "false"] += d.type == "判断"
        self._words.append(_asks(d.stem))


def _asks(stem: str) -> frozenset[str]:
    """What a stem asks, whichever rule it names."""
    return pairs(stem.partition("，")[2] or stem)


def _within(draft: Draft, limits: Mapping[str, frozenset[str]]) -> bool:
    return all(names & set(_LABELS[key](draft)) for key, names in limits.items())


def _open(said: Sequence[str], counts: Mapping[str, int]) -> list[str]:
    """The labels under which a draft may still be counted."""
    found = [x for x in said if x and counts.get(x, 0) > 0]
    named = all(x in counts for x in said) and said
    return found if found or named or counts[_REST] <= 0 else [_REST]


def _slots(
    said: Mapping[str, tuple[str, ...]], need: Mapping[str, Mapping[str, int]]
) -> dict[str, str] | None:
    """Where a draft is counted in each dimension (where most is wanted); None if it is too many."""
    out = {}
    for key, counts in need.items():
        labels = _open(said[key], counts)
        if not labels:
            return None
        out[key] = max(labels, key=lambda x: counts[x])
    return out


def _count(need: dict[str, dict[str, int]], slots: Mapping[str, str], change: int) -> None:
    for key, label in slots.items():
        need[key][label] += change


def _shorts(
    part: Part, need: Mapping[str, Mapping[str, int]], left: int, fitting: Sequence[Draft]
) -> list[Short]:
    """What a part lacks: the counts that were not reached, or the part as a whole."""
    if not left:
        return []
    out = []
    for key, counts in need.items():
        for label, n in counts.items():
            if n <= 0:
                continue
            wanted = part.counts[key].get(label, part.count - sum(part.counts[key].values()))
            there = [d for d in fitting if _has(_LABELS[key](d), label, part.counts[key])]
            out.append(Short(part.name, key, label, wanted, wanted - n, _by_type(there)))
    if not out:
        out.append(Short(part.name, "", "", part.count, part.count - left, _by_type(fitting)))
    return out


def _has(said: Sequence[str], label: str, counts: Mapping[str, int]) -> bool:
    return label in said if label else not said or any(x not in counts for x in said)


def _by_type(drafts: Iterable[Draft]) -> dict[str, int]:
    found = Counter(d.type for d in drafts)
    return {t: found[t] for t in TYPES}
