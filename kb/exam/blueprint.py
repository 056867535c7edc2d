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
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kb.errors import UsageError
from kb.exam.export import POINTS
from kb.exam.figures import Draft
from kb.exam.model import TYPES
from kb.exam.pool import Pool
from kb.exam.toml_cn import read_toml

__all__ = [
    "AUDIENCES",
    "CARD_SOURCE",
    "DIMENSIONS",
    "OFFICE",
    "Audience",
    "Blueprint",
    "Part",
    "for_audience",
    "load_blueprint",
]

DIMENSIONS = {
    "types": "题型", "posts": "岗位", "topics": "知识点", "difficulty": "难度", "sources": "出处",
}  # fmt: skip
_KEYS = ("title", "minutes", "points", "for", "part", "name", "count", *DIMENSIONS)
_MOST = 5000


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
CARD_SOURCE = "本单位卡"
"""How `sources` of a blueprint calls all the firm's own cards (`--cards`)."""
OFFICE = "authority"
_WORKERS = ("worker", "foreman")


def for_audience(pool: Pool, name: str) -> Pool:
    """The drafts that concern these people: what they do themselves, never an authority's duty.

    Raises:
        UsageError: no such set.
    """
    audience = _audience(name)

    def concerns(draft: Draft) -> bool:
        note = draft.basis.note
        if note is None or note.who == OFFICE:
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
        if stray := [k for k in raw if k in (*DIMENSIONS, "count", "name")]:
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
    allowed = ("name", "count", *DIMENSIONS)
    if unknown := [k for k in raw if k not in allowed]:
        where = f"{place}：" if place else "："
        raise UsageError(
            f"蓝图 {path} {where}不认识 {'、'.join(unknown)}，可用：{'、'.join(allowed)}"
        )
    name = str(raw.get("name") or place)
    limits: dict[str, frozenset[str]] = {}
    counts: dict[str, dict[str, int]] = {}
    for key, label in DIMENSIONS.items():
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
                f"蓝图 {path} {name}：{DIMENSIONS[key]}合计 {total} 题，多于 {count} 题。请改成一致"
            )
    if not count:
        raise UsageError(f"蓝图 {path} {name}没有题数：请写 count，或在 types 等表里写明")
    return Part(name, count, limits, dict(counts))
