"""双向细目表: what a paper asks about (rows) by type and difficulty (columns), with points."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping, Sequence

from kb.exam.export import POINTS, score, text_sheet
from kb.exam.model import TYPES, Item

__all__ = ["matrix_rows", "matrix_xlsx"]

_LEVELS = {1: "易", 2: "中", 3: "难"}
_NONE = "（未分类）"


def matrix_rows(
    items: Sequence[Item],
    points: Mapping[str, float] = POINTS,
    part_of: Mapping[str, str] | None = None,
) -> list[list[str]]:
    """Titles, a row a topic (of a part, where there are parts), and the sums.

    Args:
        part_of: item → the name of its part.
    """
    part_of = part_of or {}
    parts = len(set(part_of.values())) > 1
    head = ["部分"] * parts + ["知识点", *TYPES, *(f"难度{n}（{w}）" for n, w in _LEVELS.items())]
    head += ["题数", "分值", "占分"]
    groups: dict[tuple[str, str], list[Item]] = {}
    for item in items:
        part = part_of.get(item.item, "") if parts else ""
        groups.setdefault((part, item.topic or _NONE), []).append(item)
    whole = _points(items, points)
    order = sorted(groups, key=lambda g: (g[0], -len(groups[g]), g[1]))
    rows = [[*([g[0]] * parts), g[1], *_counts(groups[g], points, whole)] for g in order]
    return [head, *rows, [*([""] * parts), "合计", *_counts(items, points, whole)]]


def _points(items: Sequence[Item], points: Mapping[str, float]) -> float:
    return sum(float(score(i.type, points)) for i in items)


def _counts(items: Sequence[Item], points: Mapping[str, float], whole: float) -> list[str]:
    types = Counter(i.type for i in items)
    levels = Counter(i.difficulty for i in items)
    own = _points(items, points)
    counts = [*(types[t] for t in TYPES), *(levels[n] for n in _LEVELS)]
    share = f"{own / whole:.0%}" if whole else ""
    return [*(str(n) if n else "" for n in counts), str(len(items)), f"{own:g}", share]


def matrix_xlsx(
    items: Sequence[Item],
    points: Mapping[str, float],
    part_of: Mapping[str, str],
    messages: Sequence[str],
) -> bytes:
    """The table as a workbook, with what could not be filled on a second sheet."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    rows = matrix_rows(items, points, part_of)
    text_sheet(book, "双向细目表", rows, [18 if i < 2 else 9 for i in range(len(rows[0]))])
    said = [[m] for m in messages] or [["全部配齐"]]
    text_sheet(book, "未配齐", [["说明"], *said], [100])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
