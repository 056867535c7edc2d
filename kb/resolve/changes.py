"""What a 修正案 does to the numbers of the law that it amends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kb.citations.parts import read_number
from kb.citations.spelling import quote_edges

__all__ = ["Changes"]

_NEVER = 1_000_000
_N = "[〇零一二三四五六七八九十百千]{1,10}"
_MOVES = re.compile(rf"(?:第({_N})条)?(?:改为|作为)第({_N})条(?!之)")
"""第七条改为第九条, 分别作为第一百二十三条至…; not 作为第三十七条之一, which moves nothing."""

_ARTICLE = re.compile(rf"第({_N})条(?:之({_N}))?(?P<part>第{_N}[款项])?")
_INSERTS = re.compile(rf"作为第{_N}[章节]")
_AT = re.compile(rf"(?:作为|改为|删去|删除|原)(?:[^，。；]{{0,12}}条)?第(?P<n>{_N})(?P<u>[款项])")
"""Where a 款 or 项 is put in or taken out: 作为第二款, 删去第三款, 删去刑法第三百六十条第二款."""


@dataclass(frozen=True, slots=True)
class Changes:
    """`first_moved`: lowest article number that the act gives to another article; `parts`: for each
    article that it touches the lowest 款 and 项 whose number may have changed; `containers`: it
    inserts a 章 or 节."""

    first_moved: int
    parts: Mapping[str, tuple[int, int]]
    containers: bool

    @classmethod
    def of(cls, clauses: Iterable[str]) -> Changes:
        """Read the instructions of an act, clause by clause, without the wordings it quotes."""
        moved: list[int] = []
        parts: dict[str, tuple[int, int]] = {}
        containers = False
        for clause in clauses:
            text = _unquoted(clause)
            moved += [read_number(n) or 0 for m in _MOVES.finditer(text) for n in m.groups() if n]
            containers |= bool(_INSERTS.search(text))
            lowest = _lowest(text)
            for m in _ARTICLE.finditer(text):
                name = f"art-{read_number(m[1])}" + (f"-{read_number(m[2])}" if m[2] else "")
                # 将第十条修改为: all of it is new; 将第十条第二款修改为 leaves the numbers
                whole = not m["part"] and text[m.end() :].startswith("修改为")
                p, i = (1, 1) if whole else lowest
                before = parts.get(name, (_NEVER, _NEVER))
                parts[name] = (min(p, before[0]), min(i, before[1]))
        return cls(min(moved, default=_NEVER), parts, containers)

    def keeps(self, path: str) -> bool:
        """Whether what `path` (art-10.p2.i3, ch-4) names has the same number after the act."""
        m = re.match(r"(art-(\d+)(?:-\d+)?)(?:\.p(\d+))?(?:\.i(\d+))?(?:\.y\d+)?\Z", path)
        if m is None:
            return not self.containers and self.first_moved == _NEVER
        paragraph, item = self.parts.get(m[1], (_NEVER, _NEVER))
        return int(m[2]) < self.first_moved and int(m[3] or 0) < paragraph and int(m[4] or 0) < item


def _lowest(text: str) -> tuple[int, int]:
    """The lowest 款 and 项 that an instruction puts in, moves or takes out.

    Something added without a number stands at the end or nobody knows where: then all may move.
    """
    numbers: dict[str, list[int]] = {"款": [], "项": []}
    for m in _AT.finditer(text):
        numbers[m["u"]].append(read_number(m["n"]) or 1)
    p, i = min(numbers["款"], default=_NEVER), min(numbers["项"], default=_NEVER)
    if re.search(r"增加.{0,2}款", text) and not numbers["款"]:
        p = 1
    if re.search(r"增加.{0,2}项", text) and not numbers["项"]:
        i = 1
    if "该条修改为" in text or "合并" in text:
        p = i = 1
    return p, i


def _unquoted(text: str) -> str:
    """What an act itself says, without the wordings that it quotes."""
    edges = [0, *quote_edges(text), len(text)]
    return "".join(text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=False))
