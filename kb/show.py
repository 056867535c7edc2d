"""What `kb show` and `kb cite` say: one clause or document in full; the references of a text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date
from typing import Any

from kb.catalog import Catalog
from kb.citations import find
from kb.cite_text import cite, document_name
from kb.errors import UnknownIdError, UsageError
from kb.ids import Ref, parse_ref, version_ref
from kb.index import Index
from kb.model import Document, Status, UnitKind, Version
from kb.query import understand
from kb.resolve import Context, Resolver
from kb.search import Searcher
from kb.store import Passages, StoredUnit
from kb.validity import IN_FORCE_UNKNOWN, current_version, validity

__all__ = ["cite_text", "show_id"]


def show_id(index: Index, text: str, as_of: date) -> list[dict[str, Any]]:
    """One entry for each clause or document that an id or a citation names.

    Raises:
        UnknownIdError: nothing has this id; offers what is near.
    """
    passages = index.passages
    ref = _as_ref(text)
    if ref is not None:
        return [_entry(passages, ref, as_of)]
    searcher = Searcher(index)
    out = [
        _entry(passages, parse_ref(f"{ref}#{located.unit}"), as_of)
        for ref, located in searcher.resolve(text, as_of=as_of)
    ]
    if out:
        return out
    for reference in understand(text, searcher.names).references:
        for doc in reference.docs if not reference.clause else ():
            document = passages.documents[doc]
            out.append(
                _document(passages, document, _version(passages, document, "", as_of), as_of)
            )
    if not out:
        why = searcher.explain(text, as_of=as_of)
        raise UsageError(why) if why else UnknownIdError(text)
    return out


def _as_ref(text: str) -> Ref | None:
    """The id that a text is, or None when it is words (a standard's number is no id)."""
    if not text.isascii() or " " in text or (text != text.lower() and "#" not in text):
        return None
    return parse_ref(text)


def _version(passages: Passages, document: Document, key: str, as_of: date) -> Version | None:
    """The version with this key, or the current one; None when the catalog knows no version."""
    if key:
        for version in document.versions:
            if version.version == key:
                return version
        have = tuple(version_ref(document.id, v.version) for v in document.versions)
        raise UnknownIdError(version_ref(document.id, key), have)
    found = current_version(document, as_of, passages.documents)
    return found or next(reversed(document.versions), None)


def _entry(passages: Passages, ref: Ref, as_of: date) -> dict[str, Any]:
    document = passages.documents.get(ref.doc)
    if document is None:
        near = tuple(d for d in passages.documents if d.startswith(ref.doc[:8]))[:5]
        raise UnknownIdError(ref.doc, near)
    version = _version(passages, document, ref.version, as_of)
    if not ref.clause or version is None:
        return _document(passages, document, version, as_of)
    where = version_ref(document.id, version.version)
    unit = passages.unit(where, ref.clause)
    if unit is None:
        if where not in passages.texts:
            raise UnknownIdError(
                f"{where}#{ref.clause}（这个版本没有收录文本，请用 kb build --corpus 收录）"
            )
        near = tuple(
            f"{ref.doc}#{u.id}"
            for u in passages.units(where)
            if u.hit and u.id[:3] == ref.clause[:3]
        )
        raise UnknownIdError(f"{where}#{ref.clause}", near[:5])
    return _clause(passages, document, version, unit, as_of)


def _head(passages: Passages, document: Document, version: Version, as_of: date) -> dict[str, Any]:
    found = validity(version, document, as_of, passages.documents)
    return {
        "title": document.title,
        "kind": document.kind.value,
        "region": document.region,
        "version": version.version,
        "text_state": version.text.value,
        "note": version.note,
        "status": found.status.value,
        "status_label": found.label,
        "reason": found.reason,
        "in_force": found.in_force_label,
    }


def _clause(
    passages: Passages, document: Document, version: Version, unit: StoredUnit, as_of: date
) -> dict[str, Any]:
    hit = _hit_above(passages, unit)
    low = hit.display.find(unit.display)
    inside = range(low, low + len(unit.display)) if low >= 0 else range(0)
    edges = [e for e in passages.citations(unit.ref, hit.id) if e.start in inside]
    head = _head(passages, document, version, as_of)
    own = {u.id for u in (unit, *passages.below(unit.ref, unit.id))}
    return {
        "id": unit.full_id,
        "citation": cite(
            document, version, unit.id, in_force=head["status"] in (Status.IN_FORCE, Status.PENDING)
        ),
        **head,
        "path": _path(passages, unit),
        "contents": [
            f"{u.label} {u.heading or u.display[:30]}".strip()
            for u in passages.below(unit.ref, unit.id)
            if not hit.hit and u.parent == unit.id
        ],
        "text": unit.display or None,
        "gist": passages.gist(unit.ref, unit.id),
        "conflicts": list(passages.conflicts(unit.ref, unit.id)),
        "rows": [list(r) for r in unit.rows],
        "hash": unit.hash,
        "errata": [
            {"start": a, "end": b, "old": old, "new": new, "status": status}
            for a, b, old, new, status in unit.errata
        ],
        "cites": [{"raw": e.raw, "targets": list(e.targets), "reason": e.reason} for e in edges],
        "cited_by": [
            f"{ref}#{at}"
            for ref, at in passages.cited_by(document.id, unit.id, version.version)
            if ref != unit.ref or at not in own
        ],
    }


def _hit_above(passages: Passages, unit: StoredUnit) -> StoredUnit:
    at: StoredUnit | None = unit
    while at is not None and not at.hit and at.parent:
        at = passages.unit(unit.ref, at.parent)
    return at or unit


def _path(passages: Passages, unit: StoredUnit) -> list[str]:
    out: list[str] = []
    parent = unit.parent
    while parent:
        above = passages.unit(unit.ref, parent)
        if above is None:
            break
        if above.heading or not above.display:
            out.append(f"{above.label} {above.heading}".strip())
        parent = above.parent
    return out[::-1]


def _document(
    passages: Passages, document: Document, version: Version | None, as_of: date
) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "id": document.id,
        "citation": document_name(document),
        "title": document.title,
        "kind": document.kind.value,
        "number": document.number,
        "issuer": document.issuer,
        "region": document.region,
        "official": document.official,
        "note": document.note,
        "text_state": "none",
        "status": "待核",
        "status_label": "待核",
        "reason": "目录里没有任何版本的日期",
        "in_force": IN_FORCE_UNKNOWN,
        "versions": [
            {**_head(passages, document, v, as_of), "text": v.text.value}
            for v in reversed(document.versions)
        ],
        "contents": [],
        "clauses": 0,
    }
    if version is not None:
        units = passages.units(version_ref(document.id, version.version))
        entry |= _head(passages, document, version, as_of)
        entry |= {
            "id": version_ref(document.id, version.version),
            "citation": cite(document, version),
            "note": version.note or document.note,
            "contents": _contents(units),
            "clauses": sum(u.hit for u in units),
        }
    return entry


def _contents(units: Iterable[StoredUnit]) -> list[str]:
    """Headings of a document, in order."""
    return [
        f"{u.label} {u.heading}".strip()
        for u in units
        if u.heading and not u.hit and u.kind is not UnitKind.TABLE
    ]


def cite_text(index: Index, text: str, as_of: date) -> list[dict[str, Any]]:
    """Every reference in a free text with its line, its targets or the reason, and the validity.

    Spans index `text`; lines count from 1. References are read as of the day `as_of`.
    """
    passages = index.passages
    resolver = Resolver(
        Catalog.of(passages.documents), lambda d, v: passages.tree(version_ref(d, v))
    )
    starts = [0, *(i + 1 for i, c in enumerate(text) if c == "\n")]
    found = find(text, names=resolver.names)
    out: list[dict[str, Any]] = []
    for r in resolver.resolve_all(text, found, Context.free(as_of, text)):
        out.append(
            {
                "line": bisect_right(starts, r.citation.start),
                "start": r.citation.start,
                "end": r.citation.end,
                "raw": r.citation.raw,
                "form": r.citation.form.value,
                "targets": list(r.targets),
                "reason": r.reason,
                "details": dict(r.details),
                "status": _status(passages, r.targets, as_of),
            }
        )
    return out


def _status(passages: Passages, targets: tuple[str, ...], as_of: date) -> str:
    words: dict[str, None] = {}
    for target in targets:
        ref = parse_ref(target)
        document = passages.documents[ref.doc]
        version = _version(passages, document, ref.version, as_of)
        if version is None:
            continue
        words[validity(version, document, as_of, passages.documents).label] = None
    return "、".join(words)
