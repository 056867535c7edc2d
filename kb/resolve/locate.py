"""Find the unit that a path of a reference means, in one tree."""

from __future__ import annotations

import re

from kb.model import Tree, Unit, UnitKind
from kb.resolve.reasons import Reason, Unresolved

__all__ = [
    "ancestor",
    "annex_part",
    "between",
    "find_path",
    "item_of_named",
    "neighbours",
    "own_part",
    "own_unit",
]

_CONTAINERS = frozenset({UnitKind.PART, UnitKind.CHAPTER, UnitKind.SECTION})


def find_path(tree: Tree, path: str, within: str = "") -> str:
    """Id of the unit that `path` (art-25.p2.i3, ch-4.s1, 5.3.8, t:1, part:分则.ch-4) names.

    `within` is the unit in which the reference stands; a bare 第三章 means the one in the same 编.

    Raises:
        Unresolved: there is none, or more than one.
    """
    if path in tree.by_id:
        if f"{path}~2" in tree.by_id:
            raise Unresolved(Reason.UNCLEAR, 说明="原文有几个条款用这个编号")
        return path
    head, _, tail = path.partition(".")
    if head.startswith("annex:"):
        return _annex(tree, head.removeprefix("annex:"), tail)
    if head.startswith(("t:", "f:")):
        return _table(tree, head)
    if head.startswith("part:"):
        part = _part_named(tree, head.removeprefix("part:"))
        return find_path(tree, f"{part}.{tail}" if tail else part)
    if head.startswith(("ch-", "part-", "sub-")):
        return _container(tree, path, within)
    if head.startswith("art-"):
        return _below_article(tree, path)
    raise Unresolved(Reason.NO_SUCH_CLAUSE)


def _part_named(tree: Tree, name: str) -> str:
    """总则 or 分则 by its heading; where the source lost the heading of 第一编, 总则 is that."""
    parts = [
        u.id for u in tree.units if u.kind is UnitKind.PART and _plain(u.heading).endswith(name)
    ]
    if not parts and name == "总则" and any(i.startswith("part-1.") for i in tree.by_id):
        return "part-1"
    if len(parts) != 1:
        raise Unresolved(Reason.NO_SUCH_CLAUSE)
    return parts[0]


def _container(tree: Tree, path: str, within: str) -> str:
    """编, 章 or 节 whose outer levels the reference leaves unsaid; 第5章 of a standard is `5`."""
    number = re.fullmatch(r"ch-(\d+)", path)
    if number and number[1] in tree.by_id:
        return number[1]
    outer, inner = "", path
    if re.match(r"part-\d+\.ch-", path):
        # 第二编第十七章 leaves its 分编 unsaid: part-2.sub-4.ch-17
        outer, _, inner = path.partition(".")
        outer += "."
    found = [
        u.id
        for u in tree.units
        if u.id.endswith(f".{inner}") and u.id.startswith(outer) and _is_container(u)
    ]
    if len(found) > 1 and within:
        near = {a.id for a in _line(tree, within)}
        same = [i for i in found if tree.by_id[i].parent in near]
        found = same or found
    if len(found) > 1:
        raise Unresolved(Reason.UNCLEAR, 说明="各编都有这一章")
    if not found:
        raise Unresolved(Reason.NO_SUCH_CLAUSE)
    return found[0]


def _is_container(unit: Unit) -> bool:
    return unit.kind in _CONTAINERS


def _below_article(tree: Tree, path: str) -> str:
    """An item without its 款 (第三十六条第五项) is under the one 款 that has it."""
    m = re.match(r"(?P<art>(?:[a-z]+-\d+\.)*art-\d+(?:-\d+)?)\.(?P<rest>[iy].*)\Z", path)
    if m and m["art"] in tree.by_id:
        if f"{m['art']}~2" in tree.by_id:
            raise Unresolved(Reason.UNCLEAR, 说明="原文有几个条款用这个编号")
        return _item_under(tree, m["art"], m["rest"])
    raise Unresolved(Reason.NO_SUCH_CLAUSE)


def _item_under(tree: Tree, article: str, rest: str) -> str:
    found = [
        f"{p.id}.{rest}"
        for p in tree.children.get(article, ())
        if p.kind is UnitKind.PARAGRAPH and f"{p.id}.{rest}" in tree.by_id
    ]
    if len(found) > 1:
        raise Unresolved(Reason.UNCLEAR, 说明="不止一款有这一项")
    if not found:
        raise Unresolved(Reason.NO_SUCH_CLAUSE)
    return found[0]


def _annex(tree: Tree, number: str, tail: str) -> str:
    """附件一 is `app-1` in a law and `a1` in a notice."""
    for stem in (f"app-{number}", f"a{number}"):
        whole = f"{stem}.{tail}" if tail else stem
        if whole in tree.by_id:
            return whole
        if not tail and any(i.startswith((f"{stem}-", f"{stem}.")) for i in tree.by_id):
            return next(i for i in tree.by_id if i.startswith((f"{stem}-", f"{stem}.")))
        if tail and stem in tree.by_id:
            return _annex_part(tree, stem, tail)
    raise Unresolved(Reason.NO_TEXT, 说明="附件未收录")


def _only_annex(tree: Tree) -> str:
    """Id of the annex where a text has one: what 附录第一条 without a number means.

    Raises:
        Unresolved: the text has none, or several.
    """
    found = [u.id for u in tree.units if u.kind is UnitKind.ANNEX]
    if len(found) > 1:
        raise Unresolved(Reason.UNCLEAR, 说明="不止一个附件")
    if not found:
        raise Unresolved(Reason.NO_TEXT, 说明="附件未收录")
    return found[0]


def _annex_part(tree: Tree, annex: str, path: str) -> str:
    """第一条 of an annex: its own 条, or 一、 where it numbers so."""
    head, _, rest = path.partition(".")
    for name in (head, head.removeprefix("art-")):
        whole = f"{annex}.{name}"
        if whole not in tree.by_id:
            continue
        if not rest:
            return whole
        if f"{whole}.{rest}" in tree.by_id:
            return f"{whole}.{rest}"
        return _item_under(tree, whole, rest)
    raise Unresolved(Reason.NO_SUCH_CLAUSE)


def annex_part(tree: Tree, path: str) -> str:
    """The unit that 第一条 directly after 附录 names (`art-1` → `app-1.1`, `app-1.art-1`).

    Raises:
        Unresolved: there is not exactly one annex, or no such part of it.
    """
    return _annex_part(tree, _only_annex(tree), path)


def item_of_named(tree: Tree, unit_id: str, name: str, rest: str) -> str:
    """The item `rest` of the sibling whose lead-in holds `name` (孕期禁忌…的第一项).

    Raises:
        Unresolved: no other clause beside that of `unit_id` is called so, or several are.
    """
    own = tree.hit_of(unit_id)
    found = [
        u.id
        for u in (tree.children.get(own.parent, ()) if own else ())
        if own and u.id != own.id and name in _plain(u.display.partition("\n")[0])
    ]
    if len(found) != 1:
        raise Unresolved(Reason.UNCLEAR, 说明="没有说明是哪一款")
    return _item_under(tree, found[0], rest)


def _table(tree: Tree, head: str) -> str:
    """表 1 by the label of a table unit; figures are not kept."""
    kind, _, number = head.partition(":")
    if kind == "f":
        raise Unresolved(Reason.NO_TEXT, 说明="图未收录")
    found = [
        u.id
        for u in tree.units
        if u.kind is UnitKind.TABLE and re.fullmatch(rf"表{re.escape(number)}", _plain(u.label))
    ]
    if len(found) != 1:
        raise Unresolved(Reason.UNCLEAR if found else Reason.NO_SUCH_CLAUSE)
    return found[0]


def _plain(text: str) -> str:
    return re.sub(r"\s", "", text)


def _line(tree: Tree, unit_id: str) -> list[Unit]:
    """A unit and everything above it, innermost first."""
    out: list[Unit] = []
    at: str | None = unit_id
    while at is not None and at in tree.by_id:
        out.append(tree.by_id[at])
        at = tree.by_id[at].parent
    return out


def ancestor(tree: Tree, unit_id: str, *kinds: UnitKind) -> Unit | None:
    """The unit itself or the nearest above it that is of one of these kinds."""
    return next((u for u in _line(tree, unit_id) if u.kind in kinds), None)


def own_unit(tree: Tree, unit_id: str, key: str) -> Unit:
    """本条 本款 本项 本目 本章 本节 本编 for a reference that stands in `unit_id`.

    Raises:
        Unresolved: the place is in no unit of that kind.
    """
    found: Unit | None
    if key in ("art", "cl"):
        found = tree.hit_of(unit_id) if unit_id in tree.by_id else None
    elif key == "ch":
        found = ancestor(tree, unit_id, UnitKind.CHAPTER)
        # 本章 of a standard is its outermost clause
        if found and re.match(r"\d", found.id):
            found = next((u for u in reversed(_line(tree, unit_id)) if u.id.isdigit()), found)
    else:
        kind = {
            "p": UnitKind.PARAGRAPH,
            "i": UnitKind.ITEM,
            "y": UnitKind.POINT,
            "s": UnitKind.SECTION,
        }[key]
        found = ancestor(tree, unit_id, kind)
    if found is None:
        raise Unresolved(Reason.UNCLEAR, 说明="所在位置没有这一层")
    return found


def own_part(tree: Tree, unit_id: str) -> str:
    """Id of 本编, which has no unit where the source lost the heading of 第一编.

    Raises:
        Unresolved: the place is in no 编.
    """
    for unit in _line(tree, unit_id):
        m = re.match(r"part-\d+(?=\.|\Z)", unit.id)
        if m:
            return m.group()
    raise Unresolved(Reason.UNCLEAR, 说明="所在位置没有这一层")


def neighbours(tree: Tree, unit: Unit) -> list[Unit]:
    """Units of the same kind in the same series, in order: the 款 of one 条; all 条 of a law."""
    if unit.kind is UnitKind.ARTICLE:
        stem = unit.id.partition("art-")[0]
        return [
            u
            for u in tree.units
            if u.kind is UnitKind.ARTICLE and u.id.partition("art-")[0] == stem
        ]
    if re.match(r"\d", unit.id):
        depth = unit.id.count(".")
        return [
            u
            for u in tree.children.get(unit.parent, ())
            if re.match(r"\d", u.id) and u.id.count(".") == depth
        ]
    return [u for u in tree.children.get(unit.parent, ()) if u.kind is unit.kind]


def between(tree: Tree, first: str, last: str) -> tuple[str, ...]:
    """Every unit from `first` to `last` in their series.

    Raises:
        Unresolved: the two do not belong to one series, or stand in the wrong order.
    """
    series = [u.id for u in neighbours(tree, tree.by_id[first])]
    if last not in series or series.index(last) < series.index(first):
        raise Unresolved(Reason.UNCLEAR, 说明="范围的两端不在同一序列")
    return tuple(series[series.index(first) : series.index(last) + 1])
