"""What `kb status` says: every loaded version with its validity and counts, and the totals."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from kb.index import Index
from kb.model import DocKind, UnitKind
from kb.store import VersionRow
from kb.validity import DEFAULT_SEARCH, Validity, validity

__all__ = ["status_report"]


def _clauses(kind: DocKind, counts: dict[UnitKind, int]) -> int:
    """条 of a law (its annexes apart); numbered clauses of a standard or notice."""
    if kind in (DocKind.STANDARD, DocKind.NOTICE):
        return counts.get(UnitKind.CLAUSE, 0) + counts.get(UnitKind.ITEM, 0)
    return counts.get(UnitKind.ARTICLE, 0)


def status_report(index: Index, as_of: date) -> dict[str, Any]:
    """The JSON of `kb status` (see the JSON contract): one row a loaded version."""
    passages = index.passages
    kinds = passages.kind_counts()
    unresolved = passages.unresolved_counts()
    notes = passages.note_counts()
    rows: list[dict[str, Any]] = []
    by_status: dict[str, dict[str, int]] = {}
    searched_texts = searched_clauses = 0
    for row in passages.version_rows(loaded_only=True):
        found = validity(row.version, row.document, as_of, passages.documents)
        counts = kinds.get(row.ref, {})
        clauses = _clauses(row.document.kind, counts)
        rows.append(
            _row(row, found, counts, clauses, unresolved.get(row.ref, 0))
            | dict(zip(("notes", "lines", "stale"), notes.get(row.ref, (0, 0, 0)), strict=True))
        )
        group = by_status.setdefault(found.status.value, {"texts": 0, "clauses": 0})
        group["texts"] += 1
        group["clauses"] += clauses
        if found.status in DEFAULT_SEARCH:
            searched_texts += 1
            searched_clauses += clauses
    documents = passages.documents.values()
    parts = passages.part_counts()
    laws = [
        n
        for ref, n in parts.items()
        if passages.documents[ref.partition("@")[0]].kind is DocKind.LAW
    ]
    return {
        "as_of": as_of.isoformat(),
        "built": index.manifest["built"],
        "documents": rows,
        "totals": {
            "texts": len(rows),
            "clauses": sum(r["clauses"] for r in rows),
            "searched_texts": searched_texts,
            "searched_clauses": searched_clauses,
            "by_status": by_status,
            "catalog": len(documents),
            "without_text": len(
                {d.id for d in documents} - {t.doc for t in passages.texts.values()}
            ),
            "citations": passages.count("citations"),
            "unresolved": sum(unresolved.values()),
            # of the citations that name or imply a 条款项章: how many, and how many resolved
            "parts": {"all": _sums(parts.values()), "law": _sums(laws)},
        },
        "skipped": index.manifest["skipped"],
        "warnings": index.manifest["warnings"],
    }


def _sums(counts: Iterable[tuple[int, int]]) -> dict[str, int]:
    pairs = list(counts)
    return {"cited": sum(a for a, _ in pairs), "resolved": sum(b for _, b in pairs)}


def _row(
    row: VersionRow,
    found: Validity,
    counts: dict[UnitKind, int],
    clauses: int,
    unresolved: int,
) -> dict[str, Any]:
    document, version = row.document, row.version
    return {
        "id": document.id,
        "title": document.title,
        "short": document.short,
        "number": version.number or document.number,
        "kind": document.kind.value,
        "region": document.region,
        "version": version.version,
        "status": found.status.value,
        "status_label": found.label,
        "reason": found.reason,
        "in_force": found.in_force_label,
        "text": version.text.value,
        "clauses": clauses,
        "definitions": counts.get(UnitKind.DEFINITION, 0),
        "tables": counts.get(UnitKind.TABLE, 0),
        "notes": 0,
        "lines": 0,
        "stale": 0,
        "unresolved": unresolved,
    }
