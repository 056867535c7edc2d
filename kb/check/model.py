"""What a check reads and what it finds: rows of cards, findings, the report of a file.

A card is read as rows: a plain line is a row of one cell, a table row has one cell a column. Each
cell knows its place in the file and where its text stands in the text of the whole file, so that a
reference found in that text leads back to its cell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = [
    "APART",
    "ERRORS",
    "KINDS",
    "KIND_NAMES",
    "CardCell",
    "CardFile",
    "CardRow",
    "FileReport",
    "Finding",
    "Place",
]

Place = int | str
"""Line number of a text file; 第5段, 表2第3行第4列 of a Word document; 工作表!C5 of a workbook."""

KIND_NAMES: Mapping[str, str] = {
    "not_found": "没有这份文件或条款",
    "wrong_title": "题名与编号对不上",
    "not_in_force": "已失效或不适用",
    "pending": "尚未施行",
    "superseded": "旧版，已被代替",
    "quote_differs": "引文与原文不符",
    "figure_contradicts": "数值与规定相抵触",
    "stricter": "严于规定",
    "see_also": "另有规定管这件事",
    "gap": "高风险条款没有写到",
    "old_class_name": "旧事故分类名",
    "not_checked": "未核对",
}
"""Every kind of finding with its Chinese name, errors first."""

KINDS = tuple(KIND_NAMES)
ERRORS = frozenset(
    {
        "not_found",
        "wrong_title",
        "not_in_force",
        "pending",
        "superseded",
        "quote_differs",
        "figure_contradicts",
    }
)
"""Kinds that make the exit code 1."""

APART = frozenset(KINDS) - ERRORS
"""Kinds that are told apart and are no fault of the card."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: `raw` as it stands at `line`, `id` of the clause or document it is about.

    `message` says what is wrong, `suggestion` what to write instead (empty where nobody knows).
    `start` and `end` are the span of `raw` within the text of its line or cell; 0, 0 where the
    finding is about the whole of it. `post` is the post whose card it stands on, '' if unknown.
    """

    kind: str
    line: Place
    raw: str
    id: str
    message: str
    suggestion: str = ""
    start: int = 0
    end: int = 0
    post: str = ""

    @property
    def is_error(self) -> bool:
        """Whether it is a fault of the card."""
        return self.kind in ERRORS

    def to_json(self) -> dict[str, Any]:
        """The finding of the JSON contract, with its span and post."""
        return {
            "kind": self.kind,
            "line": self.line,
            "raw": self.raw,
            "id": self.id,
            "message": self.message,
            "suggestion": self.suggestion,
            "span": [self.start, self.end],
            "post": self.post,
        }


@dataclass(frozen=True, slots=True)
class CardCell:
    """One cell or line: `text` as it stands, `header` of its column, `start` in the file's text.

    `merged` marks a cell that stands in more than one row; only the first of them reports it.
    `column` counts from 0.
    """

    text: str
    place: Place
    start: int
    header: str = ""
    merged: bool = False
    column: int = 0

    @property
    def end(self) -> int:
        """Where its text ends in the file's text."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class CardRow:
    """A row of a table, a line, or a heading (a title, the head of a table, the name of a sheet).

    `table` numbers the tables of the file from 1; 0 is running text.
    """

    cells: tuple[CardCell, ...]
    heading: bool = False
    table: int = 0


@dataclass(frozen=True, slots=True)
class CardFile:
    """A file of cards as read; `text` joins the texts of all cells, a line each."""

    path: str
    rows: tuple[CardRow, ...]
    text: str
    warnings: tuple[str, ...] = ()


@dataclass
class FileReport:
    """What was found in one file.

    `checked` counts references and statements that were compared with a text; `error` says why the
    file could not be read at all.
    """

    file: str
    findings: list[Finding] = field(default_factory=list)
    checked: int = 0
    posts: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    error: str = ""

    @property
    def not_checked(self) -> int:
        """References and statements that could not be compared with anything."""
        return sum(f.kind == "not_checked" for f in self.findings)

    @property
    def errors(self) -> int:
        """Findings that are faults of the card."""
        return sum(f.is_error for f in self.findings)

    def to_json(self) -> dict[str, Any]:
        """The file of the JSON contract."""
        out: dict[str, Any] = {
            "file": self.file,
            "findings": [f.to_json() for f in self.findings],
            "not_checked": self.not_checked,
            "checked": self.checked,
            "posts": list(self.posts),
            "warnings": list(self.warnings),
        }
        if self.error:
            out["error"] = self.error
        return out
