"""One result of a search, in the shape of the JSON contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kb.cite_text import cite, clause_label
from kb.ids import format_ref
from kb.model import Document, Status, Version
from kb.validity import IN_FORCE_UNKNOWN

__all__ = ["Hit", "page_url"]


def page_url(doc: str, version: str, clause: str, *, primary: bool) -> str:
    """Address on the site, relative to its root; a version beside the primary has its own page."""
    page = f"docs/{doc}/" if primary else f"docs/{doc}/{version}/"
    return f"{page}#{clause}" if clause else page


@dataclass(frozen=True, slots=True)
class Hit:
    """A clause that answers a query.

    `score` is the share (0–1) of what the best imaginable row could have reached for the words of
    the query; 1 for a clause that the query names. `unit` is the part of the clause that matched
    best. `text` is as loaded: errata are marks beside it. `highlights` are spans in `text`.
    `conflicts` are what other rules in force say differently (`kb.conflicts.Conflict.to_json`).
    """

    rank: int
    score: float
    document: Document
    version: Version
    status: Status
    clause_id: str
    unit: str
    path: tuple[str, ...]
    text: str | None
    primary: bool
    why: Mapping[str, Any]
    highlights: tuple[tuple[int, int], ...] = ()
    errata: tuple[tuple[int, int, str, str, str], ...] = ()
    gist: str | None = None
    conflicts: tuple[Mapping[str, Any], ...] = ()

    @property
    def id(self) -> str:
        """`doc#clause`."""
        return format_ref(self.document.id, clause=self.clause_id)

    @property
    def full_id(self) -> str:
        """`doc@version#clause`, what is stored."""
        return format_ref(self.document.id, self.version.version, self.clause_id)

    @property
    def citation(self) -> str:
        """《…》第二十五条; a wording that is known not to be in force is cited with its day."""
        current = self.status in (Status.IN_FORCE, Status.PENDING)
        return cite(
            self.document, self.version, self.clause_id, in_force=current, annex=self._annex
        )

    @property
    def _annex(self) -> str:
        """What the annex that holds the clause calls itself (附录), '' outside annexes."""
        inside = self.clause_id.startswith("app") and self.path
        return self.path[0].partition(" ")[0] if inside else ""

    def to_json(self) -> dict[str, Any]:
        """The hit of the JSON contract: plain dicts, lists, strings and numbers."""
        d = self.document
        out: dict[str, Any] = {
            "rank": self.rank,
            "score": round(self.score, 4),
            "id": self.id,
            "version": self.version.version,
            "unit": self.unit,
            "doc": {
                "id": d.id,
                "title": d.title,
                "short": d.short,
                "number": self.version.number or d.number,
                "kind": d.kind.value,
                "status": self.status.value,
                "region": d.region,
            },
            "clause": clause_label(self.clause_id, d.kind, self._annex),
            "path": list(self.path),
            "text": self.text,
            "gist": self.gist,
            "citation": self.citation,
            "url": page_url(d.id, self.version.version, self.clause_id, primary=self.primary),
            "in_force": str(self.version.in_force or IN_FORCE_UNKNOWN),
            "why": dict(self.why),
            "highlights": [list(span) for span in self.highlights],
        }
        if self.conflicts:
            out["conflicts"] = [dict(c) for c in self.conflicts]
        if self.errata:
            keys = ("start", "end", "old", "new", "status")
            out["errata"] = [dict(zip(keys, mark, strict=True)) for mark in self.errata]
        return out
