"""Names of accident types that the national classification no longer has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from kb.check.model import CardCell, CardRow, Finding
from kb.terms import Terms

__all__ = ["OldClasses"]

EDITION = "gb-6441-2025"
"""The catalog's id of the classification whose start makes the 1986 names old."""
_LIST_HEAD = re.compile(r"事故|后果|类型|类别|伤害")
_LISTED = re.compile(r"事故(?:类型|类别|后果)?(?:有|为|是|包括|：|:)|可能(?:导致|造成|发生|引发)")
_PARTS = re.compile(r"[、，,；;/／\s（）()]+|和|或|及|等")
_SURE = re.compile(r"..伤害\Z|冒顶片帮|中毒和窒息")
"""Names that are nothing but a class: 机械伤害; 放炮 and 锅炉爆炸 are also what happens at work."""


class OldClasses:
    """Finds names of the 1986 classification and says what they are called now."""

    def __init__(self, terms: Terms, start: date | None, as_of: date) -> None:
        """`start`: the day on which the new classification came into force, if that is known."""
        self._now: dict[str, tuple[str, ...]] = {}
        if start is None or as_of < start:
            return
        new = {a.name_2025 for a in terms.accidents.values()}
        for accident in terms.accidents.values():
            old = accident.name_1986
            if old and old not in new:
                names = (*self._now.get(old, ()), accident.name_2025)
                self._now[old] = tuple(dict.fromkeys(n for n in names if n))
        words = sorted(self._now, key=lambda n: (-len(n), n))
        self._pattern = re.compile("|".join(map(re.escape, words))) if words else None

    def find(self, row: CardRow, post: str) -> Iterator[Finding]:
        """The old names in a row; each place of a merged cell once."""
        if not self._now or row.heading:
            return
        for cell in row.cells:
            if not cell.merged:
                for start, end in self._names(cell):
                    name = cell.text[start:end]
                    now = " 或 ".join(self._now[name])
                    yield Finding(
                        "old_class_name",
                        cell.place,
                        name,
                        EDITION,
                        f"“{name}”是 1986 年分类的名称，GB 6441-2025 叫：{now}（据公开资料，待核）",
                        now,
                        start,
                        end,
                        post,
                    )

    def _names(self, cell: CardCell) -> Iterator[tuple[int, int]]:
        assert self._pattern is not None
        listed = self._is_list(cell)
        for m in self._pattern.finditer(cell.text):
            if listed or _SURE.search(m[0]):
                yield m.span()

    def _is_list(self, cell: CardCell) -> bool:
        """A cell or line that names classes: its column says so, or all its parts are names."""
        if cell.header and _LIST_HEAD.search(cell.header):
            return True
        parts = [p for p in _PARTS.split(cell.text) if p]
        names = sum(p in self._now for p in parts)
        return bool(_LISTED.search(cell.text)) or (bool(parts) and 2 * names > len(parts))
