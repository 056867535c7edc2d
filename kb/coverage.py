"""How far the knowledge layer reaches: notes by document, lines by post, standards not held.

A post is full when at least `OPERATIONS` operation lines and `RISKS` risk lines are its own: their
note names the post, the clause is in force, and they stand on the post's drafted cards (`Owned`).
What a post lacks is told by the standards that bear on it and are not held.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kb.model import Document, Status, TextState
from kb.notes import Note
from kb.posts import Post
from kb.staleness import Staleness
from kb.store import Passages
from kb.validity import validity

__all__ = [
    "OPERATIONS",
    "RISKS",
    "Coverage",
    "DocumentCoverage",
    "Owned",
    "PostCoverage",
    "coverage",
    "missing_standards",
]

OPERATIONS, RISKS = 8, 3
CARDS = ("risk", "duty", "operation", "emergency")
_IN_FORCE = (Status.IN_FORCE, Status.AMENDED)


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
class Owned:
    """The lines of a post's full draft that are its own: by card, and by document."""

    lines: Mapping[str, int]
    documents: Mapping[str, int]

    @property
    def operations(self) -> int:
        """Operation lines."""
        return self.lines.get("operation", 0)

    @property
    def risks(self) -> int:
        """Risk lines."""
        return self.lines.get("risk", 0)

    @property
    def full(self) -> bool:
        """At least `OPERATIONS` operation and `RISKS` risk lines."""
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


@dataclass(frozen=True, slots=True)
class PostCoverage:
    """A post's own lines, the documents behind them, and what is not held (number, why)."""

    name: str
    industries: tuple[str, ...]
    own: Owned
    documents: tuple[str, ...]
    missing: tuple[tuple[str, str], ...]

    def to_json(self) -> dict[str, Any]:
        """For `--format json`."""
        return {
            "name": self.name,
            "industries": list(self.industries),
            "coverage": "full" if self.own.full else "partial",
            "lines": {card: self.own.lines.get(card, 0) for card in CARDS},
            "operations": self.own.operations,
            "risks": self.own.risks,
            "lacks": self.own.lacks,
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
            "full": sum(p.own.full for p in self.posts),
        }


def coverage(
    passages: Passages, posts: Iterable[Post], as_of: date, owned: Callable[[Post], Owned]
) -> Coverage:
    """The report on a day, over the documents that have notes and the posts that have cards.

    Args:
        owned: what a post's full draft holds of its own (`kb.draft.Drafter.owned`).
    """
    notes = list(passages.notes())
    order = {doc: place for place, doc in enumerate(passages.documents)}
    refs = sorted({n.ref for n in notes}, key=lambda r: (order[r.partition("@")[0]], r))
    return Coverage(
        tuple(_document(passages, ref, notes, as_of) for ref in refs),
        tuple(_post(passages.documents, p, owned(p), as_of) for p in posts if p.cards),
    )


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


def _post(documents: Mapping[str, Document], post: Post, own: Owned, as_of: date) -> PostCoverage:
    most = sorted(own.documents, key=lambda d: -own.documents[d])
    return PostCoverage(
        name=post.name,
        industries=post.industries,
        own=own,
        documents=tuple(most),
        missing=tuple(missing_standards(documents, post, as_of)),
    )


def missing_standards(
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
