"""Widths of the columns of every table, in square characters, for Word and Excel."""

from __future__ import annotations

from collections.abc import Mapping

from kb.cards.table import Table

__all__ = ["LYING", "MARKS", "SOURCES", "weights"]

MARKS, SOURCES = 3.2, 16.0
"""Width of the column 依据 with numbers only, and with citations in full."""

LYING = frozenset(("risk", "operation"))
"""Cards that lie on their side on the wall: they have too many columns to stand."""

_WIDTHS: Mapping[str, tuple[float, ...]] = {
    "risk": (2.4, 5, 6.6, 5.4, 3, 14.2, 6),
    "duty": (2.4, 15, 5, 5.4),
    "operation": (2.4, 3.6, 16, 9, 11),
    "emergency": (4.6, 8, 8, 12.6, 13, 5, 8),
    "firm": (2.4, 24, 5, 7, 5),
    "conflicts": (2.4, 6, 16, 26),
    "missing": (12, 20, 20),
    "questions": (12, 28, 10),
    "left-out": (20, 24, 20),
    "self-check": (3, 23, 12, 11, 8),
    "hand-and-mouth": (2.4, 4, 12, 22),
    "watching": (2.4, 22, 3.4, 4, 9),
    "inspection-day": (2.4, 9, 15, 4.6, 3.2, 3.2, 9),
    "inspection-week": (2.4, 9, 15, 4.6, 3.2, 3.2, 9),
    "inspection-month": (2.4, 9, 15, 4.6, 3.2, 3.2, 9),
}


def weights(table: Table, *, numbers: bool) -> tuple[float, ...]:
    """Widths of the columns in proportion; 依据 narrow where it holds numbers only."""
    widths = _WIDTHS[table.key]
    return (*widths, MARKS if numbers else SOURCES) if table.cited else widths
