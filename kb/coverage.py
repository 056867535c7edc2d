"""How far the knowledge layer reaches: notes by document, lines by post, standards not held.

A post is full when at least `OPERATIONS` operation lines and `RISKS` risk lines are its own: their
note names the post, the clause is in force, and for operations the worker or the foreman bears
them. What a post lacks is told by the standards that bear on it and are not held.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kb.model import Document, Status, TextState
from kb.notes import Line, Note
from kb.posts import Post
from kb.staleness import Staleness
from kb.store import Passages
from kb.validity import validity

__all__ = ["OPERATIONS", "RISKS", "Coverage", "DocumentCoverage", "PostCoverage", "coverage"]

OPERATIONS, RISKS = 8, 3
CARDS = ("risk", "duty", "operation", "emergency")
_IN_FORCE = (Status.IN_FORCE, Status.AMENDED)
_ON_SITE = ("worker", "foreman")


@dataclass(frozen=True, slots=True)
class DocumentCoverage:
    """What our notes say of one version; `full` are notes with lines, `states` by staleness."""

    id: str
    title: str
    short: str
    version: str
    status: str
    clauses: int
    notes: int
    full: int
    lines: int
    lay: int
    authors: tuple[str, ...]
    reviewers: tuple[str, ...]
    unreviewed: int
    states: Mapping[str, int]

    def to_json(self) -> dict[str, Any]:
        """For `--format json`."""
        out = {name: getattr(self, name) for name in self.__slots__}
        return out | {"states": dict(self.states)}


@dataclass(frozen=True, slots=True)
class PostCoverage:
    """A post's own lines in force by card, the documents behind them, and what is not held.

    `operations` and `risks` are what counts for `full`; `missing` are (number, why).
    """

    name: str
    industries: tuple[str, ...]
    lines: Mapping[str, int]
    operations: int
    risks: int
    documents: tuple[str, ...]
    missing: tuple[tuple[str, str], ...]

    @property
    def full(self) -> bool:
        """At least `OPERATIONS` operation and `RISKS` risk lines of its own."""
        return self.operations >= OPERATIONS and self.risks >= RISKS

    @property
    def lacks(self) -> str:
        """What it wants to be full, in words; '' when it is."""
        wants = []
        if self.operations < OPERATIONS:
            wants.append(f"操作行 {self.operations}/{OPERATIONS}")
        if self.risks < RISKS:
            wants.append(f"风险行 {self.risks}/{RISKS}")
        return "，".join(wants)

    def to_json(self) -> dict[str, Any]:
        """For `--format json`."""
        return {
            "name": self.name,
            "industries": list(self.industries),
            "coverage": "full" if self.full else "partial",
            "lines": dict(self.lines),
            "operations": self.operations,
            "risks": self.risks,
            "lacks": self.lacks,
            "documents": list(self.documents),
            "missing": [{"number": n, "why": why} for n, why in self.missing],
        }


@dataclass(frozen=True, slots=True)
class Coverage:
    """The whole report."""

    documents: tuple[DocumentCoverage, ...]
    posts: tuple[PostCoverage, ...]

    def to_json(self) -> dict[str, Any]:
        """For `--format json`."""
        return {
            "documents": [d.to_json() for d in self.documents],
            "posts": [p.to_json() for p in self.posts],
            "full": sum(p.full for p in self.posts),
        }


@dataclass(slots=True)
class _Own:
    """What the notes say of one post while they are counted."""

    lines: Counter[str] = field(default_factory=Counter)
    operations: int = 0
    risks: int = 0
    documents: Counter[str] = field(default_factory=Counter)


def coverage(passages: Passages, posts: Iterable[Post], as_of: date) -> Coverage:
    """The report on a day, over the documents that have notes and the posts that have cards."""
    notes = list(passages.notes())
    order = {doc: place for place, doc in enumerate(passages.documents)}
    refs = sorted({n.ref for n in notes}, key=lambda r: (order[r.partition("@")[0]], r))
    in_force = {ref for ref in refs if _holds(passages, ref, as_of)}
    own: dict[str, _Own] = {}
    for note in notes:
        if note.ref in in_force:
            for name in note.posts:
                _count(own.setdefault(name, _Own()), note)
    return Coverage(
        tuple(_document(passages, ref, notes, as_of) for ref in refs),
        tuple(
            _post(passages.documents, p, own.get(p.name, _Own()), as_of) for p in posts if p.cards
        ),
    )


def _holds(passages: Passages, ref: str, as_of: date) -> bool:
    row = passages.version(ref)
    if row is None:
        return False
    return validity(row.version, row.document, as_of, passages.documents).status in _IN_FORCE


def _count(own: _Own, note: Note) -> None:
    for line in note.lines:
        if line.who == "authority":
            continue
        own.lines[line.card] += 1
        own.documents[note.ref.partition("@")[0]] += 1
        own.operations += _is_operation(line)
        own.risks += line.card == "risk"


def _is_operation(line: Line) -> bool:
    return line.card == "operation" and line.who in _ON_SITE


def _document(passages: Passages, ref: str, notes: list[Note], as_of: date) -> DocumentCoverage:
    row = passages.version(ref)
    assert row is not None
    mine = [n for n in notes if n.ref == ref]
    states = Counter(passages.note_state(ref, n.clause) for n in mine)
    loaded = sum(u.hit for u in passages.units(ref)) if ref in passages.texts else 0
    status = validity(row.version, row.document, as_of, passages.documents)
    return DocumentCoverage(
        id=row.document.id,
        title=row.document.title,
        short=row.document.short,
        version=row.version.version,
        status=status.status.value,
        clauses=loaded,
        notes=len(mine),
        full=sum(bool(n.lines) for n in mine),
        lines=sum(len(n.lines) for n in mine),
        lay=sum(len(n.lay) for n in mine),
        authors=tuple(sorted({n.author for n in mine})),
        reviewers=tuple(sorted({n.reviewer for n in mine if n.reviewer})),
        unreviewed=sum(not n.reviewer for n in mine),
        states={s: states[s] for s in Staleness.ALL if states[s]},
    )


def _post(documents: Mapping[str, Document], post: Post, own: _Own, as_of: date) -> PostCoverage:
    return PostCoverage(
        name=post.name,
        industries=post.industries,
        lines={card: own.lines[card] for card in CARDS},
        operations=own.operations,
        risks=own.risks,
        documents=tuple(doc for doc, _ in own.documents.most_common()),
        missing=tuple(_missing(documents, post, as_of)),
    )


def _missing(
    documents: Mapping[str, Document], post: Post, as_of: date
) -> Iterator[tuple[str, str]]:
    """The standards that bear on a post and cannot feed its cards, with the reason."""
    by_number = {d.number: d for d in documents.values() if d.number}
    for number in post.standards:
        document = by_number.get(number)
        if document is None:
            yield number, "目录里没有"
            continue
        held = [v for v in document.versions if v.text is not TextState.NONE]
        if not held:
            yield number, "没有收录原文"
            continue
        status = validity(held[-1], document, as_of, documents).status
        if status not in _IN_FORCE:
            yield number, f"收录的是{status.value}的版本"
