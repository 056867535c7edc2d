"""What a browser needs to read a query as `kb.query` does: names of documents, and trees of ids.

One part for all documents (what they are called, their versions), and one beside each loaded
version's page with the ids of its units, so that a citation finds its clause without the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kb.ids import version_ref
from kb.model import DocKind, Document, TextState, UnitKind
from kb.query import Names
from kb.sitegen.bundle import write_part
from kb.sitegen.context import SiteContext
from kb.store import StoredUnit

__all__ = ["NAMES_PART", "TREE_NAME", "names_data", "tree_data", "write_name_parts"]

NAMES_PART = "assets/kb/s/names"
TREE_NAME = "tree"
"""Of the part beside a version's page: `docs/x/tree`."""

_CONTAINERS = (UnitKind.PART, UnitKind.CHAPTER, UnitKind.SECTION, UnitKind.ANNEX)


def write_name_parts(site: SiteContext, out: Path) -> None:
    """Write the part of all names, and the tree of each loaded version."""
    write_part(out, NAMES_PART, names_data(site))
    for ref, page in site.page_of.items():
        write_part(out, f"{page}{TREE_NAME}", tree_data(site.passages.units(ref)))


def names_data(site: SiteContext) -> dict[str, Any]:
    """`{docs, names}`.

    `docs` has a row a document, in the order of the catalog: [id, kind, title, short, number,
    places of the documents that it supersedes, versions], a version being [date, 0 none|1 part|2
    all of its text is loaded, year from which it holds]. `names` maps each plain name to the place
    of its document, or to [dated, places, pins] where it has more to say; a pin is [place, date].
    """
    places = {doc: i for i, doc in enumerate(site.documents)}
    names: dict[str, Any] = {}
    for key, docs, dated, pins in Names(site.documents).items():
        rows = [places[d] for d in docs]
        if len(rows) == 1 and not dated and not pins:
            names[key] = rows[0]
            continue
        pinned = [p.partition("@") for p in sorted(pins)]
        names[key] = [int(dated), rows, [[places[doc], day] for doc, _, day in pinned]]
    return {"docs": [_document(site, d, places) for d in site.documents.values()], "names": names}


def _document(site: SiteContext, d: Document, places: dict[str, int]) -> list[Any]:
    old = dict.fromkeys(ref.partition("@")[0] for ref in d.supersedes)
    versions = []
    for v in d.versions:
        loaded = version_ref(d.id, v.version) in site.passages.texts
        state = 0 if not loaded else 1 if v.text is TextState.PARTIAL else 2
        versions.append([v.version, state, v.in_force.year if v.in_force else 0])
    number = d.number if d.kind is DocKind.STANDARD else None
    superseded = [places[x] for x in old if x in places]
    return [d.id, d.kind.value, d.title, d.short, number or "", superseded, versions]


def tree_data(units: Sequence[StoredUnit]) -> dict[str, Any]:
    """`{ids, up, kinds, tables}` of a version's units in order.

    An id that continues its parent's stands as what follows it, with a `+` before; `up` holds how
    many places back the parent is (0: none); `kinds` is a letter a unit: c holds others (编章节), t
    a table, u any other, upper case for a hit; `tables` maps the place of a table to its label.
    """
    places: dict[str, int] = {}
    ids: list[str] = []
    up: list[int] = []
    kinds = ""
    tables: dict[str, str] = {}
    for place, u in enumerate(units):
        places[u.id] = place
        parent = u.parent or ""
        ids.append(f"+{u.id[len(parent) :]}" if parent and u.id.startswith(parent) else u.id)
        up.append(place - places[parent] if parent else 0)
        kind = "c" if u.kind in _CONTAINERS else "t" if u.kind is UnitKind.TABLE else "u"
        kinds += kind.upper() if u.hit else kind
        if u.kind is UnitKind.TABLE:
            tables[str(place)] = u.label
    return {"ids": ids, "up": up, "kinds": kinds, "tables": tables}
