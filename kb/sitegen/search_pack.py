"""The index as data files that the browser searches: site/assets/modules/search/ reads them.

What `kb search` reads of `build/index` is here in the same order of rows: what each row is called
(`rows`), how often each term stands in it (`lexical`: scores are computed anew, to the last bit),
which tokens its texts have (`vectors`: no vector is stored, and none is needed, because the
product of a query's vector with a sum is the sum of its products with the tokens), and what site
words mean (`terms`). Texts and notes are in the data files of the pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from kb.cite_text import cite, clause_label
from kb.encoders import StaticEncoder
from kb.errors import IndexCorruptError
from kb.index import Index, clause_text
from kb.lexical import Counts
from kb.search.settings import settings
from kb.sitegen.bundle import write_part
from kb.sitegen.context import SiteContext
from kb.sitegen.ints import pack, widths
from kb.sitegen.search_names import TREE_NAME, tree_data
from kb.store import Clause, StoredUnit, VersionRow

__all__ = [
    "EXTRAS_NAME",
    "PARTS",
    "extras_data",
    "lexical_data",
    "rows_data",
    "terms_data",
    "vectors_data",
    "write_search_parts",
]

_FOLDER = "assets/kb/s"
PARTS = tuple(f"{_FOLDER}/{name}" for name in ("rows", "lexical", "vectors", "terms"))
EXTRAS_NAME = "extras"
"""Beside a version's page, where hits on its clauses have more to say than text and note."""

_FACETS = ("posts", "hazards", "activities", "accidents")
_BLOCK = 16
_NORM = 1 << 24
"""Lengths of vectors are whole numbers of the longest divided by this."""


def write_search_parts(site: SiteContext, out: Path) -> None:
    """Write the data files of search under the pages' root.

    Raises:
        IndexCorruptError: the index does not agree with itself.
        OSError: they cannot be written.
    """
    blocks = tuple(_blocks(site))
    extras = {b.row.ref: extras_data(b) for b in blocks}
    values = (
        rows_data(site, blocks, {ref for ref, found in extras.items() if found}),
        lexical_data(site.index),
        vectors_data(site.index, blocks),
        terms_data(site.index),
    )
    for key, value in zip(PARTS, values, strict=True):
        write_part(out, key, value)
    for block in blocks:
        if extras[block.row.ref]:
            write_part(out, f"{block.data}{EXTRAS_NAME}", extras[block.row.ref])
        if block.row.ref not in site.page_of:  # a text that is not here has its clauses' ids
            tree = tree_data(site.passages.units(block.row.ref))
            write_part(out, f"{block.data}{TREE_NAME}", tree)


# --- rows ---------------------------------------------------------------------------------------


class _Block(NamedTuple):
    """The rows of one version, which stand together, the folder of its page, that of its data."""

    row: VersionRow
    clauses: tuple[Clause, ...]
    units: tuple[StoredUnit, ...]
    conflicts: tuple[tuple[dict[str, Any], ...], ...]
    page: str
    data: str


def _blocks(site: SiteContext) -> Iterator[_Block]:
    clauses: dict[str, list[Clause]] = {}
    last = ""
    for clause in site.passages.clauses():
        if clause.ref != last and clause.ref in clauses:
            raise IndexCorruptError(f"索引里 {clause.ref} 的条款不在一起。请重新运行 kb build")
        last = clause.ref
        clauses.setdefault(last, []).append(clause)
    for ref, found in clauses.items():
        row = site.passages.version(ref)
        by_id = {u.id: u for u in site.passages.units(ref)}
        if row is None or any(c.id not in by_id for c in found):
            raise IndexCorruptError(f"索引里 {ref} 的条款没有正文。请重新运行 kb build")
        yield _Block(
            row,
            tuple(found),
            tuple(by_id[c.id] for c in found),
            tuple(site.passages.conflicts(ref, c.id) for c in found),
            site.page_of.get(ref, f"docs/{row.document.id}/"),
            site.data_folder(row),
        )


def rows_data(
    site: SiteContext, blocks: Iterable[_Block], with_extras: Iterable[str]
) -> dict[str, Any]:
    """`{settings, versions, facets}`.

    A version has its document, what holds of it from which day on, its page and the folder of its
    data files, and of each of its rows the clause's id, what people call it (and, behind a tab, how
    a citation names it where that differs), and the place in `paths` of the titles above it.
    `facets` maps what notes are filtered by to its values, how many of them each note has, and
    which; `rows` in it are the rows with notes.
    """
    extras = frozenset(with_extras)
    noted = frozenset(site.passages.note_counts())
    return {
        "settings": settings(site.index.lexical),
        "versions": [
            _version(site, b, extras=b.row.ref in extras, noted=b.row.ref in noted) for b in blocks
        ],
        "facets": _facets(site),
        "regions": sorted({d.region for d in site.documents.values() if d.region}),
    }


def _version(site: SiteContext, block: _Block, *, extras: bool, noted: bool) -> dict[str, Any]:
    d, v = block.row.document, block.row.version
    paths: dict[tuple[str, ...], int] = {}
    places = [paths.setdefault(c.path, len(paths)) for c in block.clauses]
    return {
        "ref": block.row.ref,
        "doc": {
            "id": d.id,
            "title": d.title,
            "short": d.short,
            "number": v.number or d.number,
            "kind": d.kind.value,
            "region": d.region,
        },
        "version": v.version,
        "inForce": v.in_force.isoformat() if v.in_force else None,
        "cite": [cite(d, v, in_force=True), cite(d, v, in_force=False)],
        "supersedes": sorted({ref.partition("@")[0] for ref in d.supersedes}),
        "spans": [
            [s.start and s.start.isoformat(), s.status.value, s.label]
            for s in site.validity.spans(d, v)
        ],
        "page": block.page,
        "data": block.data,
        "loaded": block.row.ref in site.page_of,
        "noted": noted,
        "extras": extras,
        "clauses": "\n".join(c.id for c in block.clauses),
        "names": "\n".join(_names(c, block.row) for c in block.clauses),
        "paths": [list(p) for p in paths],
        "places": pack(places),
    }


def _names(clause: Clause, row: VersionRow) -> str:
    d, v = row.document, row.version
    inside = clause.id.startswith("app") and clause.path
    annex = clause.path[0].partition(" ")[0] if inside else ""
    shown = clause_label(clause.id, d.kind, annex)
    cited = cite(d, v, clause.id, annex=annex).removeprefix(cite(d, v))
    return shown if shown == cited else f"{shown}\t{cited}"


def _facets(site: SiteContext) -> dict[str, dict[str, Any]]:
    values: dict[str, dict[str, int]] = {f: {} for f in (*_FACETS, "cards")}
    found: dict[str, list[int]] = {f: [] for f in values}
    counts: dict[str, list[int]] = {f: [] for f in values}
    rows: list[int] = []
    for note in site.passages.notes():
        row = site.passages.clause_row(note.ref, note.clause)
        if row is None:
            continue
        rows.append(row)
        for facet, known in values.items():
            said = [x.card for x in note.lines] if facet == "cards" else getattr(note, facet)
            places = [known.setdefault(x, len(known)) for x in dict.fromkeys(said)]
            counts[facet].append(len(places))
            found[facet] += places
    data: dict[str, dict[str, Any]] = {
        f: {"values": list(known), "counts": pack(counts[f]), "places": pack(found[f])}
        for f, known in values.items()
    }
    data["rows"] = {"places": pack(rows)}
    return data


def extras_data(block: _Block) -> dict[str, Any]:
    """Clause id → what a hit says beside its text: conflicts, errata, cells of its table; `shift`
    is where its text begins in the page's data (`kb.sitegen.data`), behind its heading."""
    out: dict[str, Any] = {}
    for unit, conflicts in zip(block.units, block.conflicts, strict=True):
        own: dict[str, Any] = {}
        if conflicts:
            own["conflicts"] = list(conflicts)
        if unit.errata:
            keys = ("start", "end", "old", "new", "status")
            own["errata"] = [dict(zip(keys, mark, strict=True)) for mark in unit.errata]
        if unit.rows:
            own["cells"] = "".join(cell for cells in unit.rows for cell in cells)
        if unit.heading and not unit.display.startswith(unit.heading):
            own["shift"] = len(unit.heading) + 1
        if own:
            out[unit.id] = own
    return out


# --- words --------------------------------------------------------------------------------------


def lexical_data(index: Index) -> dict[str, Any]:
    """`{rows, block, views}`: for each view how often what stands where.

    Of a view, `terms` are the places of its terms among all words (from place to place), `counts`
    has in how many rows each stands, `gaps` those rows (from row to row of a term), `times` how
    often less one, `lengths` the words of each row. So that no more need be unpacked than a query
    asks for, `at` has how many characters of `gaps`, and then of `times`, each `block` terms take.
    """
    lexical = index.lexical
    counts = {name: lexical.counts(name) for name in lexical.views}
    places = {t: i for i, t in enumerate(_vocabulary(counts.values()))}
    return {
        "rows": lexical.rows,
        "block": _BLOCK,
        "views": [_view(name, c, places) for name, c in counts.items()],
    }


def _vocabulary(counts: Iterable[Counts]) -> list[bytes]:
    """The terms of all views in the order in which JavaScript compares them."""
    terms = {t for c in counts for t in c.terms}
    return sorted(terms, key=lambda t: _term(t).encode("utf-16-be"))


def _term(key: bytes) -> str:
    """A term as text; what is left of a character that its key cuts is one of private use."""
    text = key.decode("utf-8", "surrogateescape")
    return "".join(chr(ord(c) - 0xDC00 + 0xE000) if 0xDC80 <= ord(c) <= 0xDCFF else c for c in text)


def _view(name: str, c: Counts, places: dict[bytes, int]) -> dict[str, Any]:
    own = np.array([places[t] for t in c.terms], dtype=np.int64)
    order = np.argsort(own)
    frequency = np.diff(c.starts)[order]
    # postings in the order of the places
    starts = np.cumsum(frequency) - frequency
    take = np.repeat(c.starts[:-1][order] - starts, frequency) + np.arange(len(c.rows))
    rows, times = c.rows[take], c.times[take] - 1
    gaps = np.diff(rows, prepend=0)
    gaps[starts] = rows[starts]
    blocks = starts[::_BLOCK]
    taken = [np.add.reduceat(widths(x), blocks) if len(x) else x for x in (gaps, times)]
    return {
        "name": name,
        "k1": c.k1,
        "b": c.b,
        "lengths": pack(c.lengths),
        "terms": pack(np.diff(own[order], prepend=0)),
        "counts": pack(frequency),
        "at": pack(np.stack(taken, axis=1).ravel()),
        "gaps": pack(gaps),
        "times": pack(times),
    }


# --- meaning ------------------------------------------------------------------------------------


def vectors_data(index: Index, blocks: Iterable[_Block]) -> dict[str, Any] | None:
    """`{fingerprint, texts, tokens, ids, norms}`; None where the encoder runs in no browser.

    `texts` has for each row how many texts of it are encoded, times two, and one more if its own
    text is the first of them. `tokens` are the ids that occur, the most frequent first; `ids` has
    of each text how many tokens it has and, ascending, their places in `tokens` (from place to
    place). `norms` is how long the sum of a text's token vectors is, in parts of `norm`.
    """
    encoder = index.encoder
    if not isinstance(encoder, StaticEncoder):
        return None
    counts: list[int] = []
    encoded: list[list[int]] = []
    for texts, own in _texts(index, blocks):
        counts.append(2 * len(texts) + own)
        encoded += [index.tokenizer.encode(t) for t in texts]
    lengths = np.array([len(t) for t in encoded], dtype=np.int64)
    ids = np.array([i for t in encoded for i in t], dtype=np.int64)
    used = np.bincount(ids, minlength=len(encoder.weights))
    tokens = np.argsort(-used, kind="stable")[: int(np.count_nonzero(used))]
    place = np.zeros(len(used), dtype=np.int64)
    place[tokens] = np.arange(len(tokens))
    owner = np.repeat(np.arange(len(encoded)), lengths)
    order = np.lexsort((place[ids], owner))
    gaps = np.diff(place[ids][order], prepend=0)
    firsts = (np.cumsum(lengths) - lengths)[lengths > 0]
    gaps[firsts] = place[ids][order][firsts]
    # how many tokens a text has stands before its first one
    stream = np.insert(gaps, np.cumsum(lengths) - lengths, lengths)
    norms = _norms(encoder, encoded)
    longest = float(norms.max(initial=0.0)) or 1.0
    return {
        "fingerprint": encoder.fingerprint,
        "texts": pack(counts),
        "tokens": pack(tokens),
        "ids": pack(stream),
        "norms": pack(np.rint(norms * (_NORM / longest)).astype(np.int64)),
        "norm": longest / _NORM,
    }


def _texts(index: Index, blocks: Iterable[_Block]) -> Iterator[tuple[list[str], bool]]:
    """What is encoded of each row (as in `kb.index`), and whether its own text is among it."""
    for block in blocks:
        title = block.row.document.title
        for clause, unit in zip(block.clauses, block.units, strict=True):
            own = []
            if unit.display:
                own = [clause_text(title, clause.path, unit.heading, unit.display, unit.rows)]
            note = index.passages.note(clause.ref, clause.id)
            yield [*own, *(note.said if note else ())], bool(own)


def _norms(encoder: StaticEncoder, texts: list[list[int]]) -> npt.NDArray[np.float64]:
    out = np.zeros(len(texts))
    for i, ids in enumerate(texts):
        tokens = encoder.embeddings[ids].astype(np.float64) * encoder.weights[ids, None]
        out[i] = np.linalg.norm(tokens.sum(axis=0)) if ids else 0.0
    return out


# --- words of the rows, and what site words mean ------------------------------------------------


def terms_data(index: Index) -> dict[str, Any]:
    """What `kb.expansion` keeps, and the terms of `lexical_data` (apart from it: a data file in
    which only ASCII stands is read twice as fast)."""
    counts = [index.lexical.counts(name) for name in index.lexical.views]
    return asdict(index.expansion) | {"vocabulary": "\n".join(map(_term, _vocabulary(counts)))}
