"""What every page needs to know about the whole site: addresses, anchors, names, who cites whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from kb.cite_text import cite, unit_label
from kb.ids import parse_ref
from kb.index import Index
from kb.model import DocKind, Document, Status, Version
from kb.sitegen.facts import ValidityTable
from kb.store import Edge, Passages, StoredUnit, VersionRow
from kb.validity import DEFAULT_SEARCH

__all__ = ["Backlink", "SiteContext", "relative"]

Progress = Callable[[str, int, int], None]

_CURRENT = (Status.IN_FORCE, Status.AMENDED)


@dataclass(frozen=True, slots=True)
class Backlink:
    """One unit (`ref`, `unit`) that cites `target`, a clause id of the page it is shown on."""

    ref: str
    unit: str
    target: str


def relative(target: str, page: str) -> str:
    """Address of `target` (from the site's root, `docs/a/#x`) as seen from the page folder."""
    path, hash_, fragment = target.partition("#")
    if path == page:
        return hash_ + fragment if hash_ else "./"
    return "../" * page.count("/") + path + hash_ + fragment or "./"


class SiteContext:
    """Read-only view of an index for the page writers.

    `page_of[ref]` is the folder of a version's page (`docs/<doc>/` or `docs/<doc>/<version>/`).
    """

    def __init__(self, index: Index, as_of: date, progress: Progress | None = None) -> None:
        self.index = index
        self.passages: Passages = index.passages
        self.documents: dict[str, Document] = dict(index.passages.documents)
        self.as_of = as_of
        self.validity = ValidityTable(self.documents)
        self.evidence_date = str(index.manifest.get("evidence_date", ""))
        self.loaded: dict[str, list[VersionRow]] = defaultdict(list)
        for row in self.passages.version_rows(loaded_only=True):
            self.loaded[row.document.id].append(row)
        self.page_of: dict[str, str] = {}
        self.primary: dict[str, VersionRow] = {}
        for doc, rows in self.loaded.items():
            first = self._choose(rows)
            self.primary[doc] = first
            for row in rows:
                own = f"docs/{doc}/" if row is first else f"docs/{doc}/{row.version.version}/"
                self.page_of[row.ref] = own
        self.hit_of: dict[str, dict[str, str]] = {}
        self.backlinks: dict[tuple[str, str], list[Backlink]] = defaultdict(list)
        self.document_backlinks: dict[str, list[Backlink]] = defaultdict(list)
        refs = list(self.page_of)
        for done, ref in enumerate(refs):
            if progress:
                progress("整理引用", done, len(refs))
            self.hit_of[ref] = _hits(self.passages.units(ref))
        self.unresolved = 0
        self.edges = 0
        for ref in refs:
            for edge in self.passages.citations(ref):
                self._link_back(edge)

    def _choose(self, rows: list[VersionRow]) -> VersionRow:
        """The version in force on the build's date, else the latest that is loaded."""

        def key(row: VersionRow) -> tuple[bool, str]:
            span = self.validity.on(row.document, row.version, self.as_of)
            return span.status in _CURRENT, row.version.version

        return max(rows, key=key)

    def _link_back(self, edge: Edge) -> None:
        self.edges += 1
        if not edge.targets:
            self.unresolved += 1
        for target in edge.targets:
            at = parse_ref(target)
            ref = self.ref_for(at.doc, at.version)
            hit = self.hit_of.get(ref or "", {}).get(at.clause)
            if hit is not None and ref is not None:
                link = Backlink(edge.ref, edge.unit, at.clause)
                self.backlinks[(ref, hit)].append(link)
            else:
                self.document_backlinks[at.doc].append(Backlink(edge.ref, edge.unit, at.clause))

    def document(self, ref: str) -> Document:
        """The document of a version."""
        return self.documents[ref.partition("@")[0]]

    def version(self, ref: str) -> Version:
        """The catalog's entry for a loaded version."""
        row = self.passages.version(ref)
        if row is None:
            raise KeyError(ref)
        return row.version

    def ref_for(self, doc: str, version: str) -> str | None:
        """The loaded version that an id means: the one it names, else the primary one."""
        if version:
            ref = f"{doc}@{version}"
            return ref if ref in self.page_of else None
        row = self.primary.get(doc)
        return row.ref if row else None

    def href(self, target: str, page: str) -> str | None:
        """Link from a page folder to a full id; None when the id's document is unknown.

        A clause that no page carries leads to the top of its document, never to a dead anchor.
        """
        at = parse_ref(target)
        if at.doc not in self.documents:
            return None
        ref = self.ref_for(at.doc, at.version)
        if ref is None:
            return relative(f"docs/{at.doc}/", page)
        anchor = f"#{at.clause}" if at.clause in self.hit_of[ref] else ""
        return relative(self.page_of[ref] + anchor, page)

    def unit_name(self, ref: str, unit: str) -> str:
        """What people call a unit of a loaded version (第二十五条, 5.2.2.2, 一、（二））."""
        return unit_label(unit, self.document(ref).kind)

    def part_name(self, ref: str, clause: str, unit: str) -> str:
        """What follows the clause's name for a part of it: 第二款第（三）项."""
        head, whole = self.unit_name(ref, clause), self.unit_name(ref, unit)
        return whole.removeprefix(head) if whole.startswith(head) else f" {whole}"

    def cite(self, ref: str, unit: str = "") -> str:
        """The full citation of a unit or of the whole version.

        It names the day of adoption unless this is the version that people mean today.
        """
        document, version = self.document(ref), self.version(ref)
        now = self.validity.on(document, version, self.as_of).status
        plain = self.is_primary(ref) and now in DEFAULT_SEARCH
        return cite(document, version, unit, in_force=plain)

    def short_title(self, ref: str) -> str:
        """Short title for lists; the standard's title stands behind its number."""
        d = self.document(ref)
        return f"{d.short} {d.title}" if d.kind is DocKind.STANDARD else f"《{d.short}》"

    def latest_known(self, document: Document) -> Version | None:
        """The version to speak of without text: in force on the build's date, else the last."""

        def key(v: Version) -> tuple[bool, str]:
            return self.validity.on(document, v, self.as_of).status is Status.IN_FORCE, v.version

        return max(document.versions, key=key, default=None)

    def data_folder(self, row: VersionRow) -> str:
        """Where the data files of a version lie: beside its page if it has one.

        A version without text that notes speak of lies beside its document's page, if that speaks
        of it; else it has a folder without a page.
        """
        doc = row.document.id
        own = doc not in self.loaded and self.latest_known(row.document) is row.version
        folder = f"docs/{doc}/" if own else f"docs/{doc}/{row.version.version}/"
        return self.page_of.get(row.ref, folder)

    def is_primary(self, ref: str) -> bool:
        """Whether this version has the document's own address."""
        return self.primary[ref.partition("@")[0]].ref == ref


def _hits(units: tuple[StoredUnit, ...]) -> dict[str, str]:
    """Anchor → the hit unit that holds it (itself where it stands in none), for one version."""
    out: dict[str, str] = {}
    hits = {u.id for u in units if u.hit}
    for u in units:  # parents come first
        above = out.get(u.parent or "", "")
        out[u.id] = above if above in hits and u.id not in hits else u.id
    return out
