"""Cards drafted here, followed by hash: which lines to read again after a rule changed.

A draft (`kb draft --format json`) keeps the id of every clause it rests on and the hash of its
text. What became of a line is one of the four values of `kb.staleness`, or superseded: the wording
it was drawn from is no longer in force.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kb.check.compare import Comparer
from kb.check.judge import FITS
from kb.check.limits import Relation
from kb.check.model import CardCell
from kb.check.shelf import CURRENT, Shelf
from kb.check.statements import Statement
from kb.errors import SourceError, UsageError
from kb.ids import parse_ref

__all__ = ["BLOCKING", "StaleLine", "StaleReport", "stale_lines"]

SAME, WORDING, FIGURES, MISSING, GONE, UNKNOWN = (
    "same",
    "wording",
    "figures",
    "missing",
    "superseded",
    "not_checked",
)
STATES: Mapping[str, str] = {
    WORDING: "原文文字有变，数值未变：请重读",
    FIGURES: "原文数值变了：停用，重新起草",
    MISSING: "原文里没有这一条了：停用",
    GONE: "所依据的文本不再有效：停用，换成现行条款",
    UNKNOWN: "原文没有收录，没有核对",
}
BLOCKING = (FIGURES, MISSING, GONE)
"""States in which a line may not stay on the wall."""
_NEXT = "请用 kb draft … --format json 写出的文件"


@dataclass(frozen=True, slots=True)
class StaleLine:
    """A line of a draft whose rule is no longer what it was; `line` counts within its card."""

    post: str
    card: str
    line: int
    text: str
    id: str
    state: str
    message: str
    suggestion: str = ""

    def to_json(self) -> dict[str, Any]:
        """For `--format json`."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass
class StaleReport:
    """What became of the lines of one file of drafts; `same` counts those that may stay."""

    file: str
    lines: list[StaleLine] = field(default_factory=list)
    same: int = 0

    @property
    def blocked(self) -> int:
        """Lines that may not stay."""
        return sum(x.state in BLOCKING for x in self.lines)

    def to_json(self) -> dict[str, Any]:
        """For `--format json`."""
        return {
            "file": self.file,
            "lines": [x.to_json() for x in self.lines],
            "same": self.same,
            "blocked": self.blocked,
            "not_checked": sum(x.state == UNKNOWN for x in self.lines),
        }


def stale_lines(shelf: Shelf, path: Path) -> StaleReport:
    """The lines of a file of drafts (one, or all posts) that are to be read again.

    Raises:
        SourceError: the file cannot be read or is no draft.
    """
    report = StaleReport(str(path))
    comparer = Comparer(shelf)
    for post, card, number, line in _lines(path):
        found = [
            _became(shelf, comparer, post, card, number, line, basis)
            for basis in _bases(path, line)
        ]
        changed = [x for x in found if x.state != SAME]
        report.lines += changed
        report.same += bool(found) and not changed
    return report


def _lines(path: Path) -> Iterator[tuple[str, str, int, Mapping[str, Any]]]:
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as e:
        raise SourceError(path, "找不到文件", "请检查路径和文件名") from e
    except (OSError, UnicodeDecodeError, ValueError) as e:
        raise SourceError(path, f"读不了（{type(e).__name__}）", _NEXT) from e
    drafts = data if isinstance(data, list) else [data]
    for draft in drafts:
        cards = draft.get("cards") if isinstance(draft, dict) else None
        if not isinstance(cards, dict):
            raise SourceError(path, "不是起草的卡片（没有 cards）", _NEXT)
        everything = {**cards, "firm": draft.get("firm", [])}
        for card, lines in everything.items():
            for number, line in enumerate(lines if isinstance(lines, list) else (), 1):
                if isinstance(line, dict):
                    yield str(draft.get("post", "")), card, number, line


def _bases(path: Path, line: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(full id, hash) of every clause that a line rests on."""
    bases = line.get("bases") or [
        {"id": i, "hash": line.get("hash")} for i in line.get("basis", ())
    ]
    for basis in bases:
        try:
            ref = parse_ref(basis["id"])
        except (KeyError, TypeError, UsageError) as e:
            raise SourceError(path, f"依据的编号读不懂：{basis!r}", _NEXT) from e
        if not (ref.version and ref.clause):
            raise SourceError(path, f"依据没有写明版本：{basis['id']}", _NEXT)
        yield str(basis["id"]), str(basis.get("hash") or "")


def _became(
    shelf: Shelf,
    comparer: Comparer,
    post: str,
    card: str,
    number: int,
    line: Mapping[str, Any],
    basis: tuple[str, str],
) -> StaleLine:
    full_id, digest = basis
    text = str(line.get("text", ""))
    state, suggestion = _state(shelf, comparer, text, full_id, digest)
    return StaleLine(
        post, card, number, text, full_id, state, STATES.get(state, "原文未变"), suggestion
    )


def _state(
    shelf: Shelf, comparer: Comparer, text: str, full_id: str, digest: str
) -> tuple[str, str]:
    ref, _, part = full_id.partition("#")
    row = shelf.passages.version(ref)
    if row is None:
        return MISSING, ""
    if shelf.state(ref).status not in CURRENT:
        present = shelf.present(row.document) or _after(shelf, ref)
        near = shelf.nearest(text, [present], 1) if present else []
        fits = bool(near) and near[0][2] >= FITS
        return GONE, shelf.cite(near[0][0], near[0][1]) if fits else ""
    if not shelf.loaded(ref):
        return UNKNOWN, ""
    unit = shelf.passages.unit(ref, part)
    clauses = shelf.clauses(ref, part)
    if unit is None or not clauses:
        return MISSING, ""
    whole = shelf.passages.unit(ref, clauses[0])
    if digest in {unit.hash, whole.hash if whole else ""}:
        return SAME, ""
    said = Statement(0, CardCell(text, 0, 0), 0, len(text), text, (), True)
    relations = [r for _, r in comparer.relation(said, (ref, clauses[0]))]
    differ = any(r in (Relation.LAXER, Relation.OTHER, Relation.UNSURE) for r in relations)
    return (FIGURES if differ else WORDING), shelf.cite(ref, part)


def _after(shelf: Shelf, ref: str) -> str:
    """The loaded wording in force of a document that took the place of this one's."""
    for later in shelf.later(shelf.document(ref)):
        if present := shelf.present(later):
            return present
    return ""
