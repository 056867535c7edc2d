"""Filling a blueprint: always next what is scarcest for what is still wanted, then by swaps.

Items with the same labels are alike to a blueprint, so it is filled by groups of them. How many a
part can have at the most follows from the counts of the groups (`_most`, a flow between two
dimensions); what reaches that is proven to be all there is, what does not says that it is not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from random import Random

from kb.exam.blueprint import CARD_SOURCE, DIMENSIONS, Blueprint, Part, for_audience
from kb.exam.chosen import Chosen, by_chance
from kb.exam.figures import Draft
from kb.exam.model import FIRM, TYPES, Item, item_id
from kb.exam.pick import difficulty_of, item_of, posts_of, topic_of
from kb.exam.pool import Pool

__all__ = ["Filled", "Short", "fill"]

_REST = ""
"""The label of what a table does not name."""
_ATTEMPTS = 3
"""Orders that are tried; the one that fills most is taken. """
_TRIED = 8
"""Items with the same labels that are looked at for one place."""
_SWAPS = 8_000
"""Looks at items while swapping, after which a part is left as it is."""


@dataclass(frozen=True, slots=True)
class Short:
    """What could not be filled: `label` of a dimension ('' for the part), wanted and had.

    `sure` tells that no choice of items has more; `choice` that the part as a whole has no more,
    and what is short in it may be exchanged.
    """

    part: str
    dimension: str
    label: str
    wanted: int
    had: int
    there: Mapping[str, int]
    sure: bool = False
    choice: bool = False

    @property
    def message(self) -> str:
        """Which part, and what is there."""
        what = f"{DIMENSIONS[self.dimension]}“{self.label}”" if self.label else "这部分"
        if self.dimension and not self.label:
            what = f"{DIMENSIONS[self.dimension]}没有写到的"
        held = "、".join(f"{k} {n} 题" for k, n in self.there.items() if n) or "没有"
        where = f"{self.part}：" if self.part else ""
        how = f"试配 {_ATTEMPTS} 遍最多"
        sure = "；没有证明一定配不出更多，可换 --seed 再试"
        if self.sure:
            how, sure = "题库里最多", ""
        elif self.choice:
            how, sure = "这样配时", "；缺在哪一项可以调换"
        return (
            f"{where}{what}要 {self.wanted} 题，{how} {self.had} 题"
            f"（题库里合乎这部分范围的：{held}{sure}）"
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
        one = _Filling(by_chance([d for _, d in drafts], random), near, random)
        for part in blueprint.parts:
            one.fill(part)
        if best is None or one.missing < best.missing:
            best = one
        if not best.missing or best.proven:
            break
    assert best is not None
    random = Random(f"{seed}:order")
    items: list[Item] = []
    part_of: dict[str, str] = {}
    for kind in TYPES:
        chosen = [(d, best.part_of[id(d)]) for d in best.chosen.drafts if d.type == kind]
        random.shuffle(chosen)
        for draft, name in chosen:
            item = item_of(draft, random)
            items.append(item)
            part_of[item.item] = name
    return Filled(tuple(items), part_of, tuple(best.short))


def _id(draft: Draft) -> str:
    return item_id(draft.type, draft.stem, draft.right)


_Need = dict[str, dict[str, int]]
"""Dimension → label → how many are still wanted."""


class _Group:
    """Items with the same labels, in the order of chance; `live` those that may still come."""

    def __init__(self, labels: Mapping[str, tuple[str, ...]]) -> None:
        self.labels = labels
        self.drafts: list[Draft] = []
        self.live: list[Draft] = []


_Held = tuple[Draft, _Group, dict[str, str]]


class _Filling:
    """One try at a blueprint."""

    def __init__(self, order: Sequence[Draft], avoid_stems: Iterable[str], random: Random) -> None:
        self._random = random
        self.chosen = Chosen(avoid_stems)
        self.part_of: dict[int, str] = {}
        self.short: list[Short] = []
        self.missing = 0
        self.proven = True
        self._order = order
        self._judged: Counter[bool] = Counter()
        self._looks = 0

    def fill(self, part: Part) -> None:
        """Take the items of one part: always next what is scarcest for what is still wanted."""
        fitting = [d for d in self._order if _within(d, part.limits)]
        need: _Need = {
            key: {**counts, _REST: part.count - sum(counts.values())}
            for key, counts in part.counts.items()
        }
        groups = _groups(fitting, need)
        most = _most(groups, need, part.count)
        held: list[_Held] = []
        while len(held) < part.count:
            taken = self._next(groups, need)
            if taken is None:
                break
            draft, group = taken
            slots = _slots(group.labels, need) or {}
            _count(need, slots, -1)
            held.append((draft, group, slots))
            self._add(draft, part.name)
        self._looks = 0
        while len(held) < most and self._looks <= _SWAPS:
            if not self._swap(part.name, held, groups, need) and not self._move(
                part.name, held, groups, need
            ):
                break
        left = part.count - len(held)
        self.missing += left
        self.proven = self.proven and len(held) == most
        self.short += _shorts(part, need, left, fitting, proven=len(held) == most)

    # --- one after another --------------------------------------------------------------------

    def _next(self, groups: Sequence[_Group], need: _Need) -> tuple[Draft, _Group] | None:
        """An item for the label that is scarcest for what is wanted: from a clause not asked yet
        where there is one; of 判断 as many true as false."""
        while True:
            live = [g for g in groups if g.live and _slots(g.labels, need) is not None]
            if not live:
                return None
            wanted = _scarcest(live, need)
            fits = [
                g for g in live
                if wanted is None or wanted[1] in _open(g.labels[wanted[0]], need[wanted[0]])
            ]  # fmt: skip
            found = [(d, g) for g in fits for d in self._heads(g)]
            if found:
                clauses = self.chosen.clauses
                return min(found, key=lambda x: (clauses[x[0].basis.order], self._lopsided(x[0])))

    def _heads(self, group: _Group) -> list[Draft]:
        """The first of a group that may come; those that may not are put aside for good."""
        out: list[Draft] = []
        at = 0
        while at < len(group.live) and len(out) < _TRIED:
            draft = group.live[at]
            if self.chosen.may(draft) and not self.chosen.near(draft):
                out.append(draft)
                at += 1
            else:
                del group.live[at]
        return out

    def _lopsided(self, draft: Draft) -> bool:
        if draft.type != "判断":
            return False
        false = draft.kind == "false"
        return self._judged[false] > self._judged[not false]

    def _add(self, draft: Draft, part: str) -> None:
        self.chosen.add(draft)
        self.part_of[id(draft)] = part
        self._judged[draft.kind == "false"] += draft.type == "判断"

    def _remove(self, draft: Draft) -> None:
        self.chosen.remove(draft)
        self._judged[draft.kind == "false"] -= draft.type == "判断"

    # --- by swaps -----------------------------------------------------------------------------

    def _swap(self, part: str, held: list[_Held], groups: Sequence[_Group], need: _Need) -> bool:
        """Put two items in the place of one that kept both out; of items with the same labels one
        is tried."""
        tried = set()
        for place, (old, group, slots) in enumerate(held):
            kind = (id(group), *slots.values())
            if kind in tried or self._looks > _SWAPS:
                continue
            tried.add(kind)
            self._remove(old)
            _count(need, slots, 1)
            pair = self._pair(part, groups, need)
            if pair:
                held[place : place + 1] = pair
                return True
            _count(need, slots, -1)
            self._add(old, part)
        return False

    def _move(self, part: str, held: list[_Held], groups: Sequence[_Group], need: _Need) -> bool:
        """Put another item in the place of one, so that a swap may be found from there."""
        self._looks += 1
        for place in self._random.sample(range(len(held)), len(held)):
            old, _, slots = held[place]
            self._remove(old)
            _count(need, slots, 1)
            fits = [g for g in groups if _slots(g.labels, need) is not None]
            for other in self._random.sample(fits, min(len(fits), _TRIED)):
                own = [d for d in other.drafts if d is not old]
                found = self._first(self._random.sample(own, min(len(own), _TRIED)))
                if found is not None:
                    taken = _slots(other.labels, need) or {}
                    self._add(found, part)
                    _count(need, taken, -1)
                    held[place] = (found, other, taken)
                    return True
            self._add(old, part)
            _count(need, slots, -1)
        return False

    def _pair(self, part: str, groups: Sequence[_Group], need: _Need) -> list[_Held]:
        """Take two items that fit together; none where there are no such."""
        fits = [g for g in groups if _slots(g.labels, need) is not None]
        for n, group in enumerate(fits):
            first = _slots(group.labels, need) or {}
            _count(need, first, -1)
            for other in fits[n:]:
                second = _slots(other.labels, need)
                one = self._free(group) if second is not None else None
                if second is None or one is None:
                    continue
                self._add(one, part)
                two = self._free(other)
                if two is not None:
                    self._add(two, part)
                    _count(need, second, -1)
                    return [(one, group, first), (two, other, second)]
                self._remove(one)
            _count(need, first, 1)
        return []

    def _free(self, group: _Group) -> Draft | None:
        """The first of a group that may be asked beside the others."""
        return self._first(group.drafts[:_TRIED])

    def _first(self, drafts: Iterable[Draft]) -> Draft | None:
        for draft in drafts:
            self._looks += 1
            if self.chosen.may(draft) and not self.chosen.near(draft):
                return draft
        return None


def _groups(drafts: Iterable[Draft], need: _Need) -> list[_Group]:
    found: dict[tuple[tuple[str, ...], ...], _Group] = {}
    for d in drafts:
        labels = {k: _LABELS[k](d) for k in need}
        group = found.setdefault(tuple(labels.values()), _Group(labels))
        group.drafts.append(d)
        group.live.append(d)
    return list(found.values())


def _scarcest(live: Sequence[_Group], need: _Need) -> tuple[str, str] | None:
    supply: Counter[tuple[str, str]] = Counter()
    for group in live:
        for key, counts in need.items():
            for label in _open(group.labels[key], counts):
                supply[key, label] += len(group.live)
    wanted = [
        (key, label)
        for key, counts in need.items()
        for label, n in counts.items()
        if n > 0 and supply[key, label]
    ]
    return max(wanted, key=lambda w: need[w[0]][w[1]] / supply[w], default=None)


# --- how many there can be ------------------------------------------------------------------------


def _most(groups: Sequence[_Group], need: _Need, count: int) -> int:
    """A bound: no choice of items fills more of a part.

    Each item goes to one label of each dimension; of two dimensions at a time that is a flow, and
    the least of these flows bounds the part. That items give each other away is not in it.
    """
    there = sum(len(g.drafts) for g in groups)
    bound = min(count, there)
    keys = list(need)
    if len(keys) == 1:
        bound = min(bound, _flow(groups, need, keys[0], keys[0]))
    for one, two in combinations(keys, 2):
        bound = min(bound, _flow(groups, need, one, two))
    return bound


def _flow(groups: Sequence[_Group], need: _Need, one: str, two: str) -> int:
    """The greatest flow: source → label of `one` → group → label of `two` → sink."""
    room: dict[str, dict[str, int]] = {"source": {}, "sink": {}}

    def edge(a: str, b: str, size: int) -> None:
        room.setdefault(a, {})[b] = size
        room.setdefault(b, {}).setdefault(a, 0)

    for label, n in need[one].items():
        edge("source", f"1{label}", n)
    for label, n in need[two].items():
        edge(f"2{label}", "sink", n)
    for number, group in enumerate(groups):
        size = len(group.drafts)
        edge(f"<{number}", f">{number}", size)
        for label in _open(group.labels[one], need[one]):
            edge(f"1{label}", f"<{number}", size)
        for label in _open(group.labels[two], need[two]):
            edge(f">{number}", f"2{label}", size)
    total = 0
    while path := _path(room):
        least = min(room[a][b] for a, b in path)
        for a, b in path:
            room[a][b] -= least
            room[b][a] += least
        total += least
    return total


def _path(room: Mapping[str, Mapping[str, int]]) -> list[tuple[str, str]]:
    """A shortest way from source to sink that has room left."""
    came: dict[str, str] = {"source": ""}
    queue = ["source"]
    for at in queue:
        for to, left in room[at].items():
            if left > 0 and to not in came:
                came[to] = at
                queue.append(to)
        if "sink" in came:
            break
    out: list[tuple[str, str]] = []
    at = "sink"
    while came.get(at):
        out.append((came[at], at))
        at = came[at]
    return out


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
    part: Part,
    need: _Need,
    left: int,
    fitting: Sequence[Draft],
    *,
    proven: bool,
) -> list[Short]:
    """What a part lacks: the counts that were not reached, or the part as a whole.

    A count is proven short where the items with its label do not suffice; which of several counts
    is short may be a choice, so their shortness is proven only with the part's.
    """
    if not left:
        return []
    out: list[Short] = []
    lacking = sum(n > 0 for counts in need.values() for n in counts.values())
    for key, counts in need.items():
        for label, n in counts.items():
            if n <= 0:
                continue
            wanted = part.counts[key].get(label, part.count - sum(part.counts[key].values()))
            there = [d for d in fitting if _has(_LABELS[key](d), label, part.counts[key])]
            sure = len(there) == wanted - n or (proven and lacking == 1)
            counted = _by_type(there)
            out.append(Short(part.name, key, label, wanted, wanted - n, counted, sure, proven))
    had = part.count - left
    if not out or (proven and not any(s.sure for s in out)):
        out.insert(0, Short(part.name, "", "", part.count, had, _by_type(fitting), proven))
    return out


def _has(said: Sequence[str], label: str, counts: Mapping[str, int]) -> bool:
    return label in said if label else not said or any(x not in counts for x in said)


def _by_type(drafts: Iterable[Draft]) -> dict[str, int]:
    found = Counter(d.type for d in drafts)
    return {t: found[t] for t in TYPES}
