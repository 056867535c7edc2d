"""The texts that a check compares with, on one day: which wording is in force, what a clause says.

One object for a whole run: trees, states and readings are looked up once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from kb.catalog import Catalog
from kb.catalog.regions import applies_in
from kb.check.fit import Fits
from kb.cite_text import cite, document_name
from kb.errata import Substitution, corrected
from kb.ids import parse_ref, version_ref
from kb.model import DocKind, Document, Status, TextState, Tree, Unit, UnitKind, Version
from kb.resolve import Resolver
from kb.validity import Validity, current_version, validity

if TYPE_CHECKING:
    from kb.index import Index
    from kb.notes import Note
    from kb.search import Searcher

__all__ = ["CURRENT", "Shelf", "Standing"]

CURRENT = (Status.IN_FORCE, Status.AMENDED)
_CACHED = 4096


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a document (or one wording of it) holds on the day of the check.

    `kind` is the finding that it makes: '' when it holds, not_checked when nobody knows; `why`
    says it in Chinese. `later` are the documents in its place, the one to be cited first.
    """

    kind: str
    why: str = ""
    version: Version | None = None
    later: tuple[Document, ...] = ()


class Shelf:
    """An index seen from one day and one region."""

    def __init__(
        self, index: Index, as_of: date, region: str = "", fits: Fits | None = None
    ) -> None:
        """Look at an index.

        Args:
            region: full name of the region where the cards are used; '' does not ask.
            fits: those of another shelf over the same index, which need not be made again.
        """
        self.index = index
        self._fits = fits
        self.passages = index.passages
        self.as_of = as_of
        self.region = region
        self.documents = index.passages.documents
        self.catalog = Catalog.of(self.documents)
        self.tree = lru_cache(_CACHED)(self._tree)
        self.resolver = Resolver(self.catalog, lambda d, v: self.tree(version_ref(d, v)))
        self.standing = lru_cache(_CACHED)(self._standing)
        self.state = lru_cache(_CACHED)(self._state)
        self.clauses = lru_cache(_CACHED)(self._clauses)
        self.readings = lru_cache(_CACHED)(self._readings)
        self.note = lru_cache(_CACHED)(self._note)

    @cached_property
    def fits(self) -> Fits:
        """How well words fit clauses."""
        return self._fits or Fits(self.passages)

    @cached_property
    def searcher(self) -> Searcher:
        """Search over the index."""
        from kb.search import Searcher

        return Searcher(self.index)

    @cached_property
    def binding(self) -> tuple[str, ...]:
        """Loaded versions that a line may be held against: in force, of the country or region.

        Notices are left out: they tell offices what to do, and name figures of their own.
        """
        out = []
        for row in self.passages.version_rows(loaded_only=True):
            applies = not row.document.region or (
                bool(self.region) and applies_in(row.document.region, self.region)
            )
            holds = self.state(row.ref).status is Status.IN_FORCE
            if applies and holds and row.document.kind is not DocKind.NOTICE:
                out.append(row.ref)
        return tuple(out)

    # --- documents ------------------------------------------------------------------------------

    def document(self, ref: str) -> Document:
        """The document of a version ref or full id."""
        return self.documents[parse_ref(ref).doc]

    def name(self, document: Document) -> str:
        """How messages call a document: 《…》（GB 16423—2020）."""
        return document_name(document)

    def _state(self, ref: str) -> Validity:
        row = self.passages.version(ref)
        assert row is not None
        return validity(row.version, row.document, self.as_of, self.documents)

    def loaded(self, ref: str) -> bool:
        """Whether the text of a version is there."""
        return ref in self.passages.texts

    def partial(self, ref: str) -> bool:
        """Whether only a part of its text is there."""
        row = self.passages.version(ref)
        return row is not None and row.version.text is TextState.PARTIAL

    def present(self, document: Document) -> str:
        """The loaded version of a document that is in force, '' if there is none."""
        version = current_version(document, self.as_of, self.documents)
        if version is None:
            return ""
        ref = version_ref(document.id, version.version)
        return ref if self.loaded(ref) and self.state(ref).status in CURRENT else ""

    def _standing(self, document: Document) -> Standing:
        if self.region and document.region and not applies_in(document.region, self.region):
            return Standing("not_in_force", f"只适用于{document.region}，不适用于{self.region}")
        if not document.versions:
            return Standing("not_checked", "目录里没有它的施行日期，效力待核")
        found = [(v, self.validity(document, v)) for v in document.versions]
        by_status = {status.status: (v, status) for v, status in found}
        for good in CURRENT:
            if good in by_status:
                return Standing("", "", by_status[good][0])
        if Status.PENDING in by_status:
            version, said = by_status[Status.PENDING]
            return Standing("not_checked", f"效力待核：{said.reason}", version)
        later = self.later(document)
        for gone, kind in ((Status.REPEALED, "not_in_force"), (Status.REPLACED, "superseded")):
            if gone in by_status:
                version, said = by_status[gone]
                return Standing(kind, f"{said.label}：{said.reason}", version, later)
        version, said = found[0]
        issued = date.fromisoformat(version.version) <= self.as_of
        return Standing("pending" if issued else "not_in_force", said.reason, version)

    def validity(self, document: Document, version: Version) -> Validity:
        """Status of one wording on the day."""
        return self.state(version_ref(document.id, version.version))

    def later(self, document: Document) -> tuple[Document, ...]:
        """The documents that stand in its place, those in force first."""
        out: dict[str, Document] = {}
        todo = [document.id]
        while todo:
            at = todo.pop()
            for d in self.documents.values():
                if any(s.partition("@")[0] == at for s in d.supersedes) and d.id not in out:
                    out[d.id] = d
                    todo.append(d.id)
        started = [d for d in out.values() if self._started(d)]
        return tuple(sorted(started, key=lambda d: not self._holds(d)))

    def _started(self, document: Document) -> bool:
        day = self.as_of.isoformat()
        return any(
            v.version <= day and (v.in_force is None or v.in_force <= self.as_of)
            for v in document.versions
        )

    def _holds(self, document: Document) -> bool:
        return any(self.validity(document, v).status in CURRENT for v in document.versions)

    # --- clauses --------------------------------------------------------------------------------

    def _tree(self, ref: str) -> Tree | None:
        return self.passages.tree(ref)

    def _clauses(self, ref: str, unit: str) -> tuple[str, ...]:
        """The clauses (hits) that a unit is in, or that are below it; all for a whole document."""
        tree = self.tree(ref)
        if tree is None:
            return ()
        if not unit:
            return tuple(u.id for u in tree.hits)
        above = tree.hit_of(unit) if unit in tree.by_id else None
        if above is not None:
            return (above.id,)
        return tuple(u.id for u in self._below(tree, unit) if u.hit)

    def _below(self, tree: Tree, unit: str) -> Iterator[Unit]:
        for child in tree.children.get(unit, ()):
            yield child
            yield from self._below(tree, child.id)

    def _readings(self, ref: str, unit: str) -> tuple[str, ...]:
        """The text of a unit with confirmed slips mended, and with suspected ones mended too."""
        found = self.passages.unit(ref, unit)
        if found is None or not found.display:
            return ()
        marks = [Substitution(*m) for m in found.errata]
        tables = [u.display for u in self.passages.below(ref, unit) if u.kind is UnitKind.TABLE]
        own = [t for t in tables if t not in found.display]
        both = (
            corrected(found.display, marks),
            corrected(found.display, [m._replace(status="confirmed") for m in marks]),
        )
        return tuple(dict.fromkeys("\n".join((text, *own)) for text in both))

    def _note(self, ref: str, clause: str) -> Note | None:
        return self.passages.note(ref, clause)

    def cite(self, ref: str, unit: str = "") -> str:
        """The citation to write: 《…》第二十五条."""
        row = self.passages.version(ref)
        assert row is not None
        return cite(row.document, row.version, unit)

    def nearest(
        self, words: str, refs: Sequence[str], top: int = 3
    ) -> list[tuple[str, str, float]]:
        """The clauses of these versions that fit words best, as (ref, clause, fit)."""
        return [(n.ref, n.clause, n.fit) for n in self.fits.nearest(words, refs, top)]
