"""What the filters of the search page offer, with how many clauses each leaves, and how much a
first search has to load."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kb.sitegen.bundle import write_part
from kb.sitegen.context import SiteContext
from kb.sitegen.facts import KIND_NAMES

__all__ = ["FIND_PART", "find_data", "write_find_part"]

FIND_PART = "assets/kb/s/find"
_FOLDER = Path("assets/kb/s")
_WORKER = Path("assets/kb/worker.js")
_CARDS = {
    "risk": "岗位风险清单",
    "duty": "岗位职责清单",
    "operation": "岗位操作卡",
    "emergency": "岗位应急处置卡",
}


def write_find_part(site: SiteContext, out: Path) -> None:
    """Write the part of the filters; all other data files of search must be there already."""
    write_part(out, FIND_PART, {**find_data(site), "size": _size(out)})


def find_data(site: SiteContext) -> dict[str, Any]:
    """`{docs, kinds, posts, hazards, activities, accidents, cards}`.

    `docs` has a row a document with clauses: [id, name, kind, region, versions], a version being
    [clauses, spans], a span [first day, status]; what a kind, status or region leaves is counted
    from them, because it depends on the day. The others are [value, name, clauses], the most first.
    """
    clauses = Counter(site.passages.row_refs())
    docs = []
    for doc, rows in site.loaded.items():
        versions = [[clauses[r.ref], _spans(site, r.ref)] for r in rows if clauses[r.ref]]
        if versions:
            d = site.documents[doc]
            docs.append([doc, site.short_title(rows[0].ref), d.kind.value, d.region, versions])
    said: dict[str, Counter[str]] = {
        name: Counter() for name in ("posts", "hazards", "activities", "accidents", "cards")
    }
    for note in site.passages.notes():
        if site.passages.clause_row(note.ref, note.clause) is None:
            continue
        for name, count in said.items():
            of_lines = [line.card for line in note.lines if line.card]
            count.update(set(of_lines if name == "cards" else getattr(note, name)))
    names = site.index.expansion.accident_names
    called = {code: found[0] for code, found in names.items() if found}
    return {
        "docs": docs,
        "kinds": {kind.value: name for kind, name in KIND_NAMES.items()},
        "posts": _options(said["posts"]),
        "hazards": _options(said["hazards"]),
        "activities": _options(said["activities"]),
        "accidents": _options(said["accidents"], called),
        "cards": _options(said["cards"], _CARDS),
    }


def _spans(site: SiteContext, ref: str) -> list[list[str | None]]:
    found = site.validity.spans(site.document(ref), site.version(ref))
    return [[s.start.isoformat() if s.start else None, s.status.value] for s in found]


def _options(count: Counter[str], names: Mapping[str, str] | None = None) -> list[list[Any]]:
    rows: Iterable[tuple[str, int]] = sorted(count.items(), key=lambda x: (-x[1], x[0]))
    return [[value, (names or {}).get(value, value), n] for value, n in rows]


def _size(out: Path) -> list[int]:
    """Bytes of all that a first search loads: as a server sends them, and as they lie on a disk."""
    files = [*sorted((out / _FOLDER).glob("*.js")), out / _WORKER]
    texts = [path.read_bytes() for path in files if path.is_file()]
    return [sum(len(zlib.compress(t, 6)) for t in texts), sum(map(len, texts))]
