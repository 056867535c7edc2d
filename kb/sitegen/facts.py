"""Validity of a version over time, and the words that pages use for kinds, dates and states.

A page cannot ask Python what is in force on the day it is read, so each version carries the
intervals on which its status stays the same; the browser only looks up today's interval.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from kb.model import Certainty, DocKind, Document, Status, TextState, Version
from kb.validity import validity

__all__ = [
    "KIND_NAMES",
    "Span",
    "ValidityTable",
    "certainty_name",
    "chinese_date",
    "in_force_words",
    "label_days",
    "span_on",
    "text_state_name",
]

KIND_NAMES: Mapping[DocKind, str] = {
    DocKind.CONSTITUTION: "宪法",
    DocKind.LAW: "法律",
    DocKind.AMENDMENT: "修正案",
    DocKind.DECISION: "决定",
    DocKind.INTERPRETATION: "法律解释",
    DocKind.REGULATION: "行政法规",
    DocKind.LOCAL: "地方性法规",
    DocKind.RULE: "部门规章",
    DocKind.STANDARD: "标准",
    DocKind.NOTICE: "政策通知",
}

_ONE_DAY = timedelta(days=1)
_ANY_DAY = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Span:
    """Status of one version from `start` (None: always before) until the day before `end`."""

    start: date | None
    end: date | None
    status: Status
    label: str
    reason: str

    def to_json(self) -> list[str | None]:
        """What the page carries: [from, to, status, label, reason]; `to` is the first day after."""
        return [
            self.start.isoformat() if self.start else None,
            self.end.isoformat() if self.end else None,
            self.status.value,
            self.label,
            self.reason,
        ]


class ValidityTable:
    """Spans of every version, computed once."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        self._documents = documents
        self._successors: dict[str, list[Document]] = {}
        for document in documents.values():
            for old in document.supersedes:
                self._successors.setdefault(old.partition("@")[0], []).append(document)
        self._cache: dict[tuple[str, str], tuple[Span, ...]] = {}

    def spans(self, document: Document, version: Version) -> tuple[Span, ...]:
        """Intervals in order, the first without a start and the last without an end."""
        key = (document.id, version.version)
        if key not in self._cache:
            self._cache[key] = tuple(self._compute(document, version))
        return self._cache[key]

    def on(self, document: Document, version: Version, day: date) -> Span:
        """The interval that holds on a day."""
        return span_on(self.spans(document, version), day)

    def _compute(self, document: Document, version: Version) -> Iterable[Span]:
        # the status can only change on a day that one of these documents names
        near = {d.id: d for d in (document, *self._successors.get(document.id, ()))}
        days: set[date] = set()
        for d in near.values():
            for v in d.versions:
                named = (v.in_force, v.ended, v.evidence_date, _day(v.version))
                days.update(x for x in named if x is not None)
        # evidence holds up to and including its day, so the day after is a change as well
        cuts = sorted(days | {x + _ONE_DAY for x in days if x < date.max})
        open_: Span | None = None
        for start in [None, *cuts]:
            at = start or (cuts[0] - _ONE_DAY if cuts else _ANY_DAY)
            now = self._at(document, version, at, near)
            if open_ and (open_.status, open_.label, open_.reason) == now:
                continue
            if open_:
                yield replace(open_, end=start)
            open_ = Span(start, None, *now)
        if open_:
            yield open_

    @staticmethod
    def _at(
        document: Document, version: Version, day: date, near: Mapping[str, Document]
    ) -> tuple[Status, str, str]:
        """Status, label and reason; a reason that only names the day asked about says 这一天."""
        now = validity(version, document, day, near)
        reason = now.reason
        next_day = validity(version, document, day + _ONE_DAY, near).reason
        if reason != next_day:
            general = reason.replace(str(day), "这一天")
            if general == next_day.replace(str(day + _ONE_DAY), "这一天"):
                reason = general
        return now.status, now.label, reason


def span_on(spans: Sequence[Span], day: date) -> Span:
    """The span that covers a day (spans are complete and in order)."""
    for span in reversed(spans):
        if span.start is None or span.start <= day:
            return span
    raise ValueError(day)


def label_days(spans: Iterable[Span]) -> str:
    """`尚未施行 2021-09-01现行 2027-01-01被代替`: labels, each with the day that it begins on."""
    out: list[str] = []
    last = ""
    for span in spans:
        label = span.label or span.status.value
        if label != last:
            out.append(f"{span.start or ''}{label.replace(' ', '')}")
        last = label
    return " ".join(out)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def chinese_date(day: date | str | None) -> str:
    """`2021年9月1日`; a text that is no date comes back as it is, None as 不详."""
    if isinstance(day, str):
        day = _day(day) or day
    if day is None:
        return "不详"
    return day if isinstance(day, str) else f"{day.year}年{day.month}月{day.day}日"


def in_force_words(version: Version) -> str:
    """The day on which a version takes effect, or 施行日期待核."""
    return chinese_date(version.in_force) if version.in_force else "施行日期待核"


def certainty_name(certainty: Certainty) -> str:
    """How sure the catalog is, in words for a page."""
    return {
        Certainty.SEEN: "原文所载",
        Certainty.PAGES: "公开网页所载，原文中没有见到",
        Certainty.PENDING: "待核",
    }[certainty]


def text_state_name(state: TextState) -> str:
    """How much of the text is here."""
    return {TextState.FULL: "全文", TextState.PARTIAL: "部分", TextState.NONE: "未收录"}[state]
