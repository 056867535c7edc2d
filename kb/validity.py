"""Whether a version is in force on a day, and why.

What the data package says (现行有效, 历史版本, 已废止, 已被修改) is evidence up to the day on which
it was made; it decides only where dates do not: the package calls a wording 历史版本 while it is
still in force, and 现行有效 before it starts. What neither dates nor evidence settle is 待核.

For any set of versions and any day at most one of them is 现行, and a version that has ended never
comes back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from kb.model import Certainty, Document, Status, TextState, Version

__all__ = [
    "DEFAULT_SEARCH",
    "EXCLUDED",
    "IN_FORCE_UNKNOWN",
    "Validity",
    "current_version",
    "validity",
]

DEFAULT_SEARCH: frozenset[Status] = frozenset({Status.IN_FORCE, Status.AMENDED, Status.PENDING})
"""What a search looks through unless it is asked for more."""

EXCLUDED: tuple[Status, ...] = tuple(s for s in Status if s not in DEFAULT_SEARCH)
"""What a default search leaves out: 尚未施行, 被代替, 已废止."""

IN_FORCE_UNKNOWN = "施行日期待核"

_CURRENT = "现行有效"
_HISTORIC = "历史版本"
_REPEALED = "已废止"
_AMENDED = "已被修改"


@dataclass(frozen=True, slots=True)
class Validity:
    """Status on one day; `label` is for display, e.g. 已废止（日期不详）; `reason` is Chinese."""

    status: Status
    label: str
    reason: str
    in_force_label: str


@dataclass(frozen=True, slots=True)
class _End:
    """An end of a version: `day` None when only evidence made by `seen` says so."""

    day: date | None
    by: str
    successor: Version | None = None
    seen: date | None = None

    @property
    def since(self) -> str:
        return f"自 {self.day} 起" if self.day else f"截至 {self.seen} 的资料表明，已"


def validity(
    version: Version,
    document: Document,
    as_of: date,
    documents: Mapping[str, Document] | Iterable[Document] = (),
) -> Validity:
    """Status of a version of `document` on the day `as_of`.

    Args:
        documents: where documents are looked for that supersede this one (all of the catalog).
    """
    return _Case(version, document, as_of, documents).decide()


def current_version(
    document: Document,
    as_of: date,
    documents: Mapping[str, Document] | Iterable[Document] = (),
) -> Version | None:
    """The version that a link without a date leads to.

    The one in force if its text is known, else the latest text that a default search may use
    (已修改, 待核), else the one in force without text, else none.
    """
    usable: Version | None = None
    in_force: Version | None = None
    for v in document.versions:
        status = validity(v, document, as_of, documents).status
        if status is Status.IN_FORCE:
            in_force = v
        if v.text is not TextState.NONE and status in DEFAULT_SEARCH:
            usable = v
    if in_force is not None and in_force.text is not TextState.NONE:
        return in_force
    return usable or in_force


class _Case:
    def __init__(
        self,
        version: Version,
        document: Document,
        as_of: date,
        documents: Mapping[str, Document] | Iterable[Document],
    ) -> None:
        self.v = version
        self.as_of = as_of
        self.repealed = version.repealed or version.package_status == _REPEALED
        self.later = [s for s in document.versions if s.version > version.version]
        every = documents.values() if isinstance(documents, Mapping) else documents
        refs = {version.doc, f"{version.doc}@{version.version}"}
        self.superseders = [d for d in every if d.supersedes and refs & set(d.supersedes)]

    def decide(self) -> Validity:
        v, as_of = self.v, self.as_of
        adopted = _day(v.version)
        if as_of < adopted:
            return self._say(Status.NOT_YET, f"{adopted} 才通过（发布）")
        ended = [e for e in self._certain_ends() if e.day is not None and e.day <= as_of]
        if ended:
            # of two reasons for one day the one that names the successor says more
            return self._ended(min(ended, key=lambda e: (e.day or date.max, not e.by)))
        if self._repealed_some_day() and self._evidence():
            return self._ended(_End(None, "", seen=v.evidence_date))
        replaced = next(self._ends_by_evidence(), None)
        if replaced:
            return self._ended(replaced)
        if v.in_force and as_of < v.in_force:
            return self._say(Status.NOT_YET, f"自 {v.in_force} 起施行")
        doubt = next(self._doubts(), "")
        if doubt:
            return self._say(Status.PENDING, doubt)
        if v.package_status == _AMENDED and self._evidence() and not self._successor_waits():
            return self._say(
                Status.AMENDED,
                f"截至 {v.evidence_date} 的资料记为已被修改，这里收录的是修改前的文本",
            )
        return self._in_force()

    # --- ends ---------------------------------------------------------------------------------

    def _certain_ends(self) -> Iterator[_End]:
        """Ends whose day is beyond doubt."""
        if self.v.ended:
            yield _End(self.v.ended, "")
        for s in self.later:
            if s.certainty is not Certainty.PENDING:
                # a successor that has itself ended must have started by then
                start = s.in_force or s.ended
                if start:
                    yield _End(start, f" {s.version} 通过的文本", s)
        for d in self.superseders:
            start = _first_start(d)
            if start:
                yield _End(start, f"《{d.title}》" + (f"（{d.number}）" if d.number else ""))

    def _ends_by_evidence(self) -> Iterator[_End]:
        """Successors adopted by now whose start nothing states, but which the evidence settles."""
        v = self.v
        outdated = v.package_status == _HISTORIC and self._evidence()
        for s in self._undated_successors():
            by = f" {s.version} 通过的文本"
            if s.package_status and _speaks(s, self.as_of):
                # whatever the package says of it now, it has been in force
                yield _End(None, by, s, s.evidence_date)
            elif outdated and _known_by(s, v.evidence_date) and not self._successor_waits():
                yield _End(None, by, s, v.evidence_date)

    def _undated_successors(self) -> list[Version]:
        return [s for s in self.later if not s.in_force and _day(s.version) <= self.as_of]

    def _successor_waits(self) -> bool:
        """A successor that the evidence knew is yet to start: that is why it calls this one old."""
        known = (s for s in self.later if _known_by(s, self.v.evidence_date))
        return any(s.in_force is not None and s.in_force > self.as_of for s in known)

    def _ended(self, end: _End) -> Validity:
        if self.repealed:
            label = "" if end.day else f"{Status.REPEALED.value}（日期不详）"
            through = f"（{end.by.strip()}施行）" if end.by else ""
            return self._say(Status.REPEALED, f"{end.since}废止{through}", label)
        if self._still_latest_text(end):
            if self.v.certainty is Certainty.PENDING and self.v.note:
                return self._say(Status.PENDING, f"目录对这个文本的事实尚未核实：{self.v.note}")
            return self._say(
                Status.AMENDED, f"{end.since}有修改后的文本（{end.by.strip()}），其正文没有收录"
            )
        return self._say(Status.REPLACED, end.since + (f"由{end.by}代替" if end.by else "停止施行"))

    def _still_latest_text(self, end: _End) -> bool:
        """All that came after are amendments without text here, so this wording is still of use."""
        if end.successor is None or self.v.text is TextState.NONE or self._superseded():
            return False
        started = [s for s in self.later if (s.in_force or _day(s.version)) <= self.as_of]
        said = self.v.package_status == _AMENDED
        return all((said or s.amendment) and s.text is TextState.NONE for s in started)

    def _repealed_some_day(self) -> bool:
        """Repealed, and neither its own dates nor what repealed it say since when."""
        starts = [_first_start(d) for d in self.superseders]
        return self.repealed and self.v.ended is None and not any(starts)

    def _superseded(self) -> bool:
        starts = [_first_start(d) for d in self.superseders]
        return any(s is not None and s <= self.as_of for s in starts)

    # --- doubts -------------------------------------------------------------------------------

    def _doubts(self) -> Iterator[str]:
        v, as_of = self.v, self.as_of
        more = f"：{v.note}" if v.note else ""
        for s in self.later:
            if s.certainty is Certainty.PENDING and (s.in_force or _day(s.version)) <= as_of:
                yield f"{s.version} 通过了新的文本，其施行日期待核"
        for s in self._undated_successors():
            yield f"{s.version} 通过了新的文本，其施行日期不明"
        for d in self.superseders:
            if _first_start(d) is None and _first_adopted(d) <= as_of:
                yield f"有代替它的《{d.title}》，其施行日期待核"
        if self._repealed_some_day():
            yield f"资料记为已废止，没有写废止日期；{as_of} 是否有效待核"
        explained = any(_known_by(s, v.evidence_date) for s in self.later)
        if v.package_status == _HISTORIC and not explained:
            yield "资料记为历史版本，没有写由哪个文本代替"
        if v.package_status == _AMENDED and not explained and not self._evidence():
            yield f"到 {v.evidence_date} 已被修改，修改的日期不明"
        if v.certainty is Certainty.PENDING:
            yield f"目录对这个文本的事实尚未核实{more}"
        if not v.package_status and v.evidence_date and as_of > v.evidence_date:
            yield f"只能确认到 {v.evidence_date} 有效，此后待核{more}"
        if v.in_force is None and not (v.package_status and self._evidence()):
            yield "施行日期不明"

    # --- words --------------------------------------------------------------------------------

    def _evidence(self) -> bool:
        return bool(self.v.package_status or self.repealed) and _speaks(self.v, self.as_of)

    def _in_force(self) -> Validity:
        v = self.v
        coming = [s for s in self.later if s.in_force and s.in_force > self.as_of]
        then = ""
        if coming:
            first = min(coming, key=lambda s: s.in_force or date.max)
            then = f"；{first.in_force} 起将由 {first.version} 通过的文本代替"
        if v.in_force:
            return self._say(Status.IN_FORCE, f"自 {v.in_force} 起施行{then}")
        said = f"截至 {v.evidence_date} 的资料记为{v.package_status}，{IN_FORCE_UNKNOWN}{then}"
        return self._say(Status.IN_FORCE, said, f"{Status.IN_FORCE.value}（{IN_FORCE_UNKNOWN}）")

    def _say(self, status: Status, reason: str, label: str = "") -> Validity:
        start = self.v.in_force
        return Validity(
            status,
            label or status.value,
            reason,
            start.isoformat() if start else IN_FORCE_UNKNOWN,
        )


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _speaks(version: Version, as_of: date) -> bool:
    """The evidence about a version was made by that day."""
    return version.evidence_date is not None and as_of >= version.evidence_date


def _known_by(version: Version, evidence: date | None) -> bool:
    """The makers of that evidence could know of a version."""
    return evidence is not None and _day(version.version) <= evidence


def _first_start(document: Document) -> date | None:
    """First day in force of a document, None when it is not certain."""
    known = (v for v in document.versions if v.certainty is not Certainty.PENDING)
    return min((v.in_force for v in known if v.in_force), default=None)


def _first_adopted(document: Document) -> date:
    return min((_day(v.version) for v in document.versions), default=date.min)
