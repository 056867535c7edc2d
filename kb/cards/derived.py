"""What a crew uses an adopted card for: saying it aloud, watching each other, looking for faults.

手指口述卡 and 旁站观察表 come from the steps of the operation card, 日/周/月排查表 from the risk
list. What the finger points at and what was found stays blank: that is for the people there.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from kb.cards.model import CardLine, Draft
from kb.cards.rows import PHASES, in_phases, line_text, sources
from kb.cards.table import Row, Table, clean, part
from kb.quantities import Bound, find

__all__ = ["BOX", "CYCLES", "cycle", "derived_tables", "hand_and_mouth", "inspection", "watching"]

BOX = "☐"

CYCLES: Mapping[str, str] = {"day": "日", "week": "周", "month": "月"}
_DAYS = {"班": Decimal(1), "d": Decimal(1), "月": Decimal(30), "s": Decimal(1) / 86400}
"""Days in the base units of `kb.quantities` that a period can have."""
_LENGTHS = (("month", Decimal(30)), ("week", Decimal(7)))


def derived_tables(draft: Draft) -> tuple[Table, ...]:
    """All of them; an inspection sheet without a line is left out."""
    sheets = (inspection(draft, name) for name in CYCLES)
    return (hand_and_mouth(draft), watching(draft), *(s for s in sheets if s.rows))


def hand_and_mouth(draft: Draft) -> Table:
    """手指口述卡: a row a step of the operation card."""
    rows = tuple(
        Row(
            (
                part(str(number)),
                part(PHASES.get(line.phase, "")),
                part(""),
                part(line_text(line)),
            )
        )
        for number, line in enumerate(in_phases(draft.cards.get("operation", ())), 1)
    )
    columns = ("序号", "阶段", "手指什么", "口述")
    return Table("hand-and-mouth", "手指口述卡", columns, rows, cited=False)


def watching(draft: Draft) -> Table:
    """旁站观察表: each step, done or not done."""
    rows = tuple(
        Row(
            (
                part(str(number)),
                part(line_text(line)),
                part(BOX),
                part(BOX),
                part(""),
            )
        )
        for number, line in enumerate(in_phases(draft.cards.get("operation", ())), 1)
    )
    columns = ("序号", "步骤", "做到", "没做到", "备注")
    return Table("watching", "旁站观察表", columns, rows, cited=False)


def inspection(draft: Draft, name: str) -> Table:
    """The 排查表 of `day`, `week` or `month`."""
    lines = [x for x in draft.cards.get("risk", ()) if cycle(x) == name]
    rows = tuple(
        Row(
            (
                part(str(number)),
                part("：".join(x for x in (clean(line.activity), clean(line.hazard or "")) if x)),
                part(clean(line.text) + _condition(line)),
                part(line.every or ""),
                part(BOX),
                part(BOX),
                part(""),
            ),
            sources(line),
        )
        for number, line in enumerate(lines, 1)
    )
    columns = ("序号", "查什么", "要做到", "频次", "正常", "异常", "怎么处理、报告谁")
    return Table(f"inspection-{name}", f"{CYCLES[name]}排查表", columns, rows)


def _condition(line: CardLine) -> str:
    return f"（{clean(line.condition)}）" if line.condition else ""


def cycle(line: CardLine) -> str:
    """On which sheet a risk line stands: the longest cycle that is not longer than its period.

    A line without a period (or 定期, which names none) stands on the daily sheet.
    """
    period = _period(line.every or "")
    if period is None:
        return "day"
    return next((name for name, days in _LENGTHS if period >= days), "day")


def _period(every: str) -> Decimal | None:
    """Days between two times: 每15日 → 15, 每月2次 → 15; None where no time is named."""
    found = find(every)
    for q in found:
        value, upper, unit = q.key
        if unit in _DAYS and q.bound in (Bound.PERIOD, Bound.EQUAL) and not q.counted:
            times = next((t.value for t in found if t.counted), Decimal(1))
            days = min(value, upper or value) * _DAYS[unit]
            return days / times if times > 0 else None
    return None
