"""A paper by its blueprint (命题蓝图): counts by type, post, topic, difficulty and source.

    title = "岗位应知应会"
    for = "一线"
    types = { 单选 = 20, 判断 = 20 }
    posts = ["铲装司机"]
    [[part]]
    name = "通用"
    ...

In a part (or the file itself, where it has no part) a list limits (any of these), a table counts
(so many of each). What a table does not count goes to what it does not name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

from kb.errors import UsageError
from kb.exam.export import POINTS
from kb.exam.figures import Draft
from kb.exam.holds import likeness, pairs
from kb.exam.model import TYPES, Item, item_id
from kb.exam.pick import difficulty_of, item_of, posts_of, topic_of
from kb.exam.pool import Pool
from kb.exam.toml_cn import read_toml

__all__ = [
    "AUDIENCES",
    "Audience",
    "Blueprint",
    "Filled",
    "Part",
    "Short",
    "fill",
    "for_audience",
    "load_blueprint",
]

_DIMENSIONS = {
    "types": "题型", "posts": "岗位", "topics": "知识点", "difficulty": "难度", "sources": "出处",
}  # fmt: skip
_KEYS = ("title", "minutes", "points", "for", "part", "name", "count", *_DIMENSIONS)
_MOST = 5000
_REST = ""
"""The label of what a table does not name."""
_ATTEMPTS = 6
"""Orders that are tried; the one that fills most is taken. A blueprint that binds several dimensions
to the last item may be met by an order that none of them finds: the message says how many."""
_NEAR = 0.9
_SEVERITY = {1: 0.6, 2: 1.0, 3: 1.5}


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is examined: items whose notes name one of `posts`, or (`work`) that workers do.

    `types` are those of a paper that names none.
    """

    name: str
    posts: frozenset[str]
    types: tuple[str, ...] = TYPES
    work: bool = False


AUDIENCES: Mapping[str, Audience] = {
    a.name: a
    for a in (
        Audience("主要负责人", frozenset({"主要负责人", "矿长"})),
        Audience("安全管理人员", frozenset({"安全管理人员", "安全员", "安全总监"})),
        Audience("一线", frozenset(), ("单选", "判断"), work=True),
    )
}
"""Whom an inspection examines wherever it goes (逢查必考)."""
_OFFICE = "authority"
_WORKERS = ("worker", "foreman")


def for_audience(pool: Pool, name: str) -> Pool:
    """The drafts that concern these people: what they do themselves, never an authority's duty.

    Raises:
        UsageError: no such set.
    """
    audience = _audience(name)

    def concerns(draft: Draft) -> bool:
        note = draft.basis.note
        if note is None or note.who == _OFFICE:
            return False
        if audience.work:
            return note.who in _WORKERS or any(line.who in _WORKERS for line in note.lines)
        return bool(audience.posts & set(note.posts))

    return pool.where(d for d in pool.drafts if concerns(d))


def _audience(name: str) -> Audience:
    found = AUDIENCES.get(name)
    if found is None:
        raise UsageError(f"没有这类对象：{name!r}。可用：{'、'.join(AUDIENCES)}")
    return found


@dataclass(frozen=True, slots=True)
class Part:
    """One part: `limits` and `counts` by dimension (types, posts, topics, difficulty, sources)."""

    name: str
    count: int
    limits: Mapping[str, frozenset[str]] = field(default_factory=dict)
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Blueprint:
    """A paper as it is ordered. `points` are of an item of each type; 0 `minutes` says nothing."""

    title: str
    parts: tuple[Part, ...]
    points: Mapping[str, float] = field(default_factory=lambda: dict(POINTS))
    minutes: int = 0
    audience: str = ""

    @property
    def count(self) -> int:
        """Items of the whole paper."""
        return sum(p.count for p in self.parts)

    def resolved(self, posts: Callable[[str], str], source: Callable[[str], str]) -> Blueprint:
        """With posts and documents by the names that drafts have; those functions raise for
        names that nobody knows."""
        names: dict[str, Callable[[str], str]] = {"posts": posts, "sources": source}
        parts = []
        for p in self.parts:
            limits, counts = dict(p.limits), dict(p.counts)
            for key, known in names.items():
                if key in limits:
                    limits[key] = frozenset(map(known, limits[key]))
                if key in counts:
                    summed: Counter[str] = Counter()
                    for name, n in counts[key].items():
                        summed[known(name)] += n
                    counts[key] = dict(summed)
            parts.append(replace(p, limits=limits, counts=counts))
        return replace(self, parts=tuple(parts))


# --- reading --------------------------------------------------------------------------------------


def load_blueprint(path: Path) -> Blueprint:
    """A blueprint from its TOML file.

    Raises:
        UsageError: it cannot be read or does not add up; names the file and the place.
    """
    raw = read_toml(path, "蓝图")
    points = dict(POINTS)
    for kind, value in _table(path, raw, "points").items():
        if kind not in TYPES or isinstance(value, bool) or not isinstance(value, int | float):
            raise UsageError(f"蓝图 {path} 的 points：{kind} = {value!r} 不对，应为题型 = 分数")
        if not 0 < value <= 100:
            raise UsageError(f"蓝图 {path} 的 points：{kind} 的分数应在 0 和 100 之间")
        points[kind] = value
    parts = raw.get("part")
    if parts is None:
        own = {k: v for k, v in raw.items() if k not in ("title", "minutes", "points", "for")}
        read = [_part(path, "", own)]
    else:
        if stray := [k for k in raw if k in (*_DIMENSIONS, "count", "name")]:
            raise UsageError(f"蓝图 {path}：有 [[part]] 时，{'、'.join(stray)} 要写在各部分里")
        if not isinstance(parts, list) or not all(isinstance(p, dict) for p in parts):
            raise UsageError(f"蓝图 {path}：各部分应写作 [[part]]")
        read = [_part(path, f"第 {n} 部分", p) for n, p in enumerate(parts, 1)]
    if unknown := [k for k in raw if k not in _KEYS]:
        raise UsageError(f"蓝图 {path} 不认识 {'、'.join(unknown)}，可用：{'、'.join(_KEYS)}")
    audience = str(raw.get("for", ""))
    if audience:
        _audience(audience)
    made = Blueprint(
        title=str(raw.get("title", "")),
        parts=tuple(read),
        points=points,
        minutes=_number(path, "minutes", raw.get("minutes", 0)),
        audience=audience,
    )
    if not 0 < made.count <= _MOST:
        raise UsageError(f"蓝图 {path} 共 {made.count} 题，应为 1 到 {_MOST} 题")
    return made


def _table(path: Path, raw: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = raw.get(key, {})
    if not isinstance(value, dict):
        raise UsageError(f"蓝图 {path} 的 {key} 应为一张表：{key} = {{ … }}")
    return value


def _number(path: Path, where: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise UsageError(f"蓝图 {path} 的 {where} 应为数目，不能是 {value!r}")
    return value


def _part(path: Path, place: str, raw: Mapping[str, Any]) -> Part:
    allowed = ("name", "count", *_DIMENSIONS)
    if unknown := [k for k in raw if k not in allowed]:
        where = f"{place}：" if place else "："
        raise UsageError(
            f"蓝图 {path} {where}不认识 {'、'.join(unknown)}，可用：{'、'.join(allowed)}"
        )
    name = str(raw.get("name") or place)
    limits: dict[str, frozenset[str]] = {}
    counts: dict[str, dict[str, int]] = {}
    for key, label in _DIMENSIONS.items():
        value = raw.get(key)
        if value is None:
            continue
        if isinstance(value, list) and value:
            limits[key] = frozenset(map(str, value))
        elif isinstance(value, dict) and value:
            counts[key] = {
                str(k): _number(path, f"{name}{label}“{k}”", n) for k, n in value.items()
            }
        else:
            raise UsageError(
                f"蓝图 {path} {name}的 {key} 应为 [名, …]（只从中出）或 {{ 名 = 题数 }}"
            )
        named = set(limits.get(key, ())) | set(counts.get(key, ()))
        known = {"types": TYPES, "difficulty": ("1", "2", "3")}.get(key)
        if known and (odd := sorted(named - set(known))):
            raise UsageError(
                f"蓝图 {path} {name}：没有{label} {'、'.join(odd)}。可用：{'、'.join(known)}"
            )
    sums = {key: sum(c.values()) for key, c in counts.items()}
    count = raw.get("count", max(sums.values(), default=0))
    count = _number(path, f"{name} count", count)
    for key, total in sums.items():
        if total > count:
            raise UsageError(
                f"蓝图 {path} {name}：{_DIMENSIONS[key]}合计 {total} 题，多于 {count} 题。"
                "请改成一致"
            )
    if not count:
        raise UsageError(f"蓝图 {path} {name}没有题数：请写 count，或在 types 等表里写明")
    return Part(name, count, limits, dict(counts))


# --- filling --------------------------------------------------------------------------------------


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
        what = f"{_DIMENSIONS[self.dimension]}“{self.label}”" if self.label else "这部分"
        if self.dimension and not self.label:
            what = f"{_DIMENSIONS[self.dimension]}没有写到的"
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
    "sources": lambda d: (d.basis.document.id,),
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
        weight *= 0.1 if note and note.who == _OFFICE else 1
        weight /= size[d.type, d.basis.document.id] ** 0.5
        keyed.append((-(random.random() ** (1 / weight)), place, d))
    keyed.sort(key=lambda x: x[:2])
    return [d for _, _, d in keyed]


_Labelled = tuple[Draft, Mapping[str, tuple[str, ...]]]


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
            self._add(draft, part.name)
            left -= 1
        self._missing += left
        self.short += _shorts(part, need, left, fitting)

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
