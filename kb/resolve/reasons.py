"""Why a reference is not resolved: a closed list, in the words that users see."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Reason", "Unresolved"]


class Reason(StrEnum):
    """`Resolution.reason` is always one of these."""

    NOT_IN_CATALOG = "不在目录"
    NO_TEXT = "文本未收录"
    EDITION_NOT_LOADED = "引用时的版本未收录"
    EDITION_UNKNOWN = "版本不明"
    NO_SUCH_CLAUSE = "条款不存在"
    UNCLEAR = "指代不明"
    SAME_TITLE = "同名多份"


class Unresolved(Exception):  # noqa: N818 - not an error: the answer "no"
    """Ends the search for a target; `resolver` turns it into a `Resolution`."""

    def __init__(self, reason: Reason, **details: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.details = details
