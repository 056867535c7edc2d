"""What scripts load: the clauses of one page (previews, search) and the list of documents."""

from __future__ import annotations

from typing import Any

from kb.cite_text import document_name
from kb.model import Document, UnitKind
from kb.offsets import parts_of
from kb.sitegen.clause import ClauseWriter
from kb.sitegen.context import SiteContext
from kb.sitegen.facts import KIND_NAMES
from kb.store import StoredUnit

__all__ = ["document_data", "documents_data", "missing_data"]

_CONTAINERS = (UnitKind.PART, UnitKind.CHAPTER, UnitKind.SECTION, UnitKind.ANNEX)


def document_data(site: SiteContext, ref: str) -> dict[str, Any]:
    """What the preview and the search need of one version.

    `units` maps each hit, in order, to [name, text, path number, parts]; a part is [id, start,
    end, name] with its span in the text and what follows the clause's name. `paths` are the
    titles above; `heads` maps every other anchor of the page (chapters, tables, loose text) to
    [name, text].
    """
    units = site.passages.units(ref)
    writer = ClauseWriter(site, ref, units)
    by_id = {u.id: u for u in units}
    paths: dict[tuple[str, ...], int] = {}
    hits: dict[str, list[Any]] = {}
    heads: dict[str, list[str]] = {}
    inside: set[str] = set()
    for u in units:
        if u.hit:
            below = list(writer.below(u.id))
            parts = parts_of(u, below)
            place = paths.setdefault(_path(u, by_id), len(paths))
            apart = u.heading and not u.display.startswith(u.heading)
            text = f"{u.heading}\n{u.display}" if apart else u.display
            shift = len(text) - len(u.display)
            spans = [
                [p.id, p.start + shift, p.end + shift, site.part_name(ref, u.id, p.id)]
                for p in parts
                if p.id != u.id
            ]
            hits[u.id] = [site.unit_name(ref, u.id), text, place, spans]
            inside.update(p.id for p in parts)
    for u in units:
        if u.id not in inside:
            text = "" if u.kind in _CONTAINERS else u.display
            if u.rows:
                text = "\n".join(" | ".join(r) for r in u.rows)
            name = " ".join(f"{u.label} {u.heading}".split())
            heads[u.id] = [name or site.unit_name(ref, u.id), text]
    document, version = site.document(ref), site.version(ref)
    return {
        "ref": ref,
        "title": document.title,
        "cite": site.cite(ref),
        "spans": [s.to_json() for s in site.validity.spans(document, version)],
        "paths": [list(p) for p in paths],
        "units": hits,
        "heads": heads,
    }


def missing_data(site: SiteContext, document: Document) -> dict[str, Any]:
    """The same for a document without text: what a preview can say about it."""
    version = site.latest_known(document)
    return {
        "ref": document.id,
        "kind": document.kind.value,
        "title": document.title,
        "cite": document_name(document),
        "spans": [s.to_json() for s in site.validity.spans(document, version)] if version else [],
        "paths": [],
        "units": {},
        "heads": {},
    }


def _path(u: StoredUnit, by_id: dict[str, StoredUnit]) -> tuple[str, ...]:
    out: list[str] = []
    at = by_id.get(u.parent or "")
    while at is not None:
        out.append(f"{at.label} {at.heading}".strip())
        at = by_id.get(at.parent or "")
    return tuple(reversed(out))


def documents_data(site: SiteContext) -> dict[str, Any]:
    """Every loaded version with its address and validity, for the search and the jump by number."""
    rows = []
    for ref, page in site.page_of.items():
        document, version = site.document(ref), site.version(ref)
        rows.append(
            {
                "ref": ref,
                "id": document.id,
                "version": version.version,
                "kind": document.kind.value,
                "title": document.title,
                "short": document.short,
                "number": version.number or document.number,
                "aliases": list(document.aliases),
                "kindName": KIND_NAMES[document.kind],
                "region": document.region,
                "page": page,
                "primary": site.is_primary(ref),
                "spans": [s.to_json() for s in site.validity.spans(document, version)],
            }
        )
    return {"built": site.as_of.isoformat(), "evidence": site.evidence_date, "documents": rows}
