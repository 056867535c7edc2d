"""Raised and lowered characters and formulas as plain text, so that no figure changes its value.

`10<sup>-3</sup>` must not become 10-3, nor `m<sup>2</sup>` m2: what Unicode has as a raised or
lowered character is written with it (10⁻³, m², NO₂), anything else as `^{…}` or `_{…}`.
"""

from __future__ import annotations

import re

__all__ = ["IMAGE_MARK", "lowered", "raised"]

IMAGE_MARK = "［图片］"
"""Stands in the text where the original has a picture, which may be a formula or a table."""

_RAISED = str.maketrans("0123456789+-−–=()nio", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿⁱᵒ")
_LOWERED = str.maketrans("0123456789+-−–=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎")
_CAN_RAISE = re.compile(r"[0-9+\-−–=()nio]+\Z")
_CAN_LOWER = re.compile(r"[0-9+\-−–=()]+\Z")
_REFERENCE = re.compile(r"[\[［〔(（【].*[\]］〕)）】]\Z|[①-⑳*＊†]+\Z")
"""A raised mark of a footnote, [1] or ①: it reads the same on the line."""


def raised(text: str) -> str:
    """Superscript `text` on the line: 2 → ², -3 → ⁻³, [1] → [1], ab → ^{ab}."""
    return _shift(text, _CAN_RAISE, _RAISED, "^")


def lowered(text: str) -> str:
    """Subscript `text` on the line: 2 → ₂, max → _{max}."""
    return _shift(text, _CAN_LOWER, _LOWERED, "_")


def _shift(text: str, able: re.Pattern[str], table: dict[int, int], sign: str) -> str:
    body = text.strip()
    if not body:
        return text
    if _REFERENCE.match(body) and not able.match(body):
        return text
    shifted = body.translate(table) if able.match(body) else f"{sign}{{{body}}}"
    return text.replace(body, shifted, 1)
