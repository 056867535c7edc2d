"""The searcher: citations first, then words and meaning over the rows that filters and validity
leave."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from kb.errors import IndexCorruptError, UsageError
from kb.expansion import Expansion
from kb.model import DocKind, Document, Status
from kb.offsets import parts_of
from kb.query import Located, Names, Reference, Understood, locate, understand
from kb.search.explain import explain
from kb.search.filters import Filters
from kb.search.fusion import Fused, Mix, fuse
from kb.search.hit import Hit
from kb.search.match import best_part, match
from kb.search.quoted import by_runs
from kb.search.words import EXPANDED, Words, words_of
from kb.store import StoredUnit, VersionRow
from kb.validity import DEFAULT_SEARCH, validity

if TYPE_CHECKING:
    from kb.index import Index
    from kb.lexical import Scores
    from kb.vectors import Nearest

__all__ = ["Searcher"]

NEAREST = 200
"""Rows whose cosine is looked up; what is farther away cannot be told from the last of them."""

_HAN = re.compile(r"[\u3400-\u9fff]")  # “铲” in “3.1 铲装”

TIE = 6  # decimals of a raw score that count; rows that agree in them stand in row order
CURRENT = (Status.IN_FORCE, Status.AMENDED)
GONE = (Status.REPLACED, Status.REPEALED)
BELOW = 0.999  # share of the best row in force that the best row of a replaced rule may have
_NO_FILTERS = Filters()

Rows = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Named:
    """A row that the query names, with the reference that led there."""

    row: int
    reference: Reference
    located: Located | None


class Searcher:
    """Searches one open index. Keep it for many queries; not shared between threads."""

    def __init__(self, index: Index, *, mix: Mix = fuse, expand: float = EXPANDED) -> None:
        """Search an index.

        Args:
            mix: how words and meaning become one score (benchmarks put others in its place).
            expand: weight of the standard terms that the site words of a query stand for.
        """
        self._mix = mix
        self._expand = expand
        self._index = index
        self._passages = index.passages
        self.took_ms = 0.0
        """Milliseconds that the last search took, after everything was loaded."""
        self.notices: tuple[str, ...] = ()
        """What the last query named and did not get, and why; in words for users."""
        self._statuses: dict[date, list[Status]] = {}
        self._masks: dict[tuple[date, Filters], npt.NDArray[np.bool_]] = {}
        self._primaries: dict[date, frozenset[str]] = {}
        self._successors: dict[date, Mapping[int, tuple[int, ...]]] = {}

    # --- what is loaded -----------------------------------------------------------------------

    @property
    def documents(self) -> Mapping[str, Document]:
        """All documents of the catalog."""
        return self._passages.documents

    @property
    def expansion(self) -> Expansion:
        """What site words mean."""
        return self._index.expansion

    @cached_property
    def names(self) -> Names:
        """What the documents are called."""
        return Names(self._passages.documents)

    @cached_property
    def _versions(self) -> list[VersionRow]:
        """Loaded versions in the order of their first row; versions without rows are left out."""
        out = []
        for ref in self._refs[0]:
            row = self._passages.version(ref)
            if row is None:
                raise IndexCorruptError(f"索引里没有版本 {ref}。请重新运行 kb build")
            out.append(row)
        return out

    @cached_property
    def _refs(self) -> tuple[list[str], Rows]:
        """Version refs, and for each row the place of its ref among them."""
        places: dict[str, int] = {}
        rows = [places.setdefault(ref, len(places)) for ref in self._passages.row_refs()]
        return list(places), np.array(rows, dtype=np.int64)

    def _status(self, as_of: date) -> list[Status]:
        """Status of each of `_versions` on a day."""
        if as_of not in self._statuses:
            documents = self._passages.documents
            self._statuses[as_of] = [
                validity(v.version, v.document, as_of, documents).status for v in self._versions
            ]
        return self._statuses[as_of]

    def _mask(self, as_of: date, filters: Filters) -> npt.NDArray[np.bool_]:
        """Which rows a search may return."""
        key = (as_of, filters)
        if key not in self._masks:
            allowed = [
                filters.allows_document(v.document) and filters.allows_status(status)
                for v, status in zip(self._versions, self._status(as_of), strict=True)
            ]
            mask = np.array(allowed, dtype=np.bool_)[self._refs[1]]
            self._masks[key] = mask & self._noted(filters) if filters.need_notes else mask
        return self._masks[key]

    def _noted(self, filters: Filters) -> npt.NDArray[np.bool_]:
        """Rows whose note says what the filters ask for."""
        out = np.zeros(len(self._refs[1]), dtype=np.bool_)
        for note in self._passages.notes():
            if filters.allows_note(note):
                row = self._passages.clause_row(note.ref, note.clause)
                if row is not None:
                    out[row] = True
        return out

    def _primary(self) -> frozenset[str]:
        """Refs whose page is the document's own: in force today, else the latest loaded text."""
        today = date.today()
        if today not in self._primaries:
            best: dict[str, tuple[bool, str, str]] = {}
            for v, status in zip(self._versions, self._status(today), strict=True):
                key = (status in CURRENT, v.version.version, v.ref)
                best[v.document.id] = max(best.get(v.document.id, key), key)
            self._primaries[today] = frozenset(ref for _, _, ref in best.values())
        return self._primaries[today]

    def warm(self) -> None:
        """Load everything that a search needs, so that the first one is as quick as the next."""
        self._mask(date.today(), _NO_FILTERS)
        self._primary()
        _ = self.names, self._index.tokenizer, self._index.lexical, self._index.vectors
        _ = self._index.expansion

    # --- searching ----------------------------------------------------------------------------

    def search(
        self,
        query: str,
        *,
        top: int = 10,
        as_of: date | None = None,
        filters: Filters = _NO_FILTERS,
    ) -> list[Hit]:
        """The clauses that answer a query, best first; none if no word of it is known.

        A clause or document that the query names comes first. Rules that are not in force on
        `as_of` (default: today) are left out unless `filters.statuses` asks for them or the query
        names their edition. Equal scores keep the order of the index.

        Raises:
            UsageError: the query is empty, or `top` is below 1.
        """
        if not query.strip():
            raise UsageError("没有写要查的话。例：kb search 炮孔装药前检查什么")
        if top < 1:
            raise UsageError(f"条数应当大于 0：{top}")
        day = as_of or date.today()
        self.warm()
        start = time.perf_counter()
        understood = understand(query, self.names, self._standards(day, filters))
        named = list(self._named(understood, day, filters, top))
        self.notices = self._notices(understood, day, filters)
        words = words_of(self._index, understood.text, self._expand)
        rows = list(dict.fromkeys(n.row for n in named))
        allowed = self._mask(day, filters)
        nearest = self._nearest(understood.text, allowed)
        fused = self._mix(words.scores, self._cosine(nearest), allowed)
        fused = by_runs(understood.text, fused, self._text)
        fused = self._current_first(fused, day)
        ranked = self._ranked(fused, top + len(rows))
        rows += [row for row in ranked if row not in set(rows)]
        by_row = {n.row: n for n in reversed(named)}
        status = self._status(day)
        hits = [
            self._hit(rank, row, by_row.get(row), words, fused, nearest, status)
            for rank, row in enumerate(rows[:top], 1)
        ]
        self.took_ms = round((time.perf_counter() - start) * 1000, 3)
        return hits

    def explain(
        self, text: str, *, as_of: date | None = None, filters: Filters = _NO_FILTERS
    ) -> str:
        """Why what a text names is not here (《…》没有第一百二十条（共 119 条）), or nothing."""
        day = as_of or date.today()
        understood = understand(text, self.names, self._standards(day, filters))
        return "；".join(self._notices(understood, day, filters))

    def _notices(self, understood: Understood, day: date, filters: Filters) -> tuple[str, ...]:
        return explain(
            self._passages,
            understood,
            day,
            filters,
            lambda r: [self._versions[i] for i in self._editions(r, day, filters)],
        )

    def resolve(
        self, text: str, *, as_of: date | None = None, filters: Filters = _NO_FILTERS
    ) -> tuple[tuple[str, Located], ...]:
        """The clauses that a text names, as (version ref, clause), or () if it names none."""
        day = as_of or date.today()
        understood = understand(text, self.names, self._standards(day, filters))
        found = self._named(understood, day, filters, 1)
        return tuple(
            (self._versions[self._refs[1][n.row]].ref, n.located) for n in found if n.located
        )

    def texts(
        self, *, as_of: date | None = None, filters: Filters = _NO_FILTERS
    ) -> Iterator[tuple[str, str]]:
        """Full id and text of every clause that a search may return, in row order."""
        mask = self._mask(as_of or date.today(), filters)
        for clause in self._passages.clauses():
            if mask[clause.row]:
                unit = self._passages.unit(clause.ref, clause.id)
                yield f"{clause.ref}#{clause.id}", unit.display if unit else ""

    def _nearest(self, text: str, allowed: npt.NDArray[np.bool_]) -> Nearest | None:
        """The rows nearest to the query in meaning; None without vectors or known words."""
        vectors, encoder = self._index.vectors, self._index.encoder
        if vectors is None or encoder is None or not _HAN.search(text):
            return None  # figures and signs alone have no meaning, only their own look
        query = encoder.encode([text], query=True)[0]
        if not query.any():
            return None
        found = vectors.search(query, NEAREST, allowed)
        return found if len(found.rows) else None

    def _cosine(self, found: Nearest | None) -> Floats | None:
        """Cosine of the nearest rows; the others have that of the last of them."""
        if found is None:
            return None
        out = np.full(len(self._refs[1]), found.scores[-1], dtype=np.float32)
        out[found.rows] = found.scores
        return out

    def _text(self, row: int) -> str:
        clause = self._passages.clause(row)
        unit = self._passages.unit(clause.ref, clause.id)
        if unit is None:
            return ""
        return "".join((unit.display, *(cell for cells in unit.rows for cell in cells)))

    def _current_first(self, fused: Fused, day: date) -> Fused:
        """No row of a replaced or repealed rule above the best row of the rule in its place."""
        status = self._status(day)
        total = fused.total
        for place, later in self._replaced_by(day).items():
            mine = self._refs[1] == place
            most = float(total[mine].max(initial=0.0))
            best = max(float(total[self._refs[1] == i].max(initial=0.0)) for i in later)
            if status[place] in GONE and best > 0 and most >= best:
                if total is fused.total:
                    total = total.copy()
                total[mine] *= np.float32(BELOW * best / most)
        return fused if total is fused.total else replace(fused, total=total)

    def _replaced_by(self, day: date) -> Mapping[int, tuple[int, ...]]:
        """Of each version that no longer holds: the loaded versions in force in its place."""
        if day not in self._successors:
            status = self._status(day)
            current: dict[str, list[int]] = {}
            for i, v in enumerate(self._versions):
                if status[i] in CURRENT:
                    current.setdefault(v.document.id, []).append(i)
            later: dict[str, set[str]] = {}
            for v in self._versions:
                for old in v.document.supersedes:
                    later.setdefault(old.partition("@")[0], set()).add(v.document.id)
            out = {}
            for i, v in enumerate(self._versions):
                if status[i] in GONE:
                    docs = {v.document.id, *later.get(v.document.id, ())}
                    found = tuple(j for d in sorted(docs) for j in current.get(d, ()))
                    if found:
                        out[i] = found
            self._successors[day] = out
        return self._successors[day]

    @staticmethod
    def _ranked(fused: Fused, count: int) -> Sequence[int]:
        """The best rows, highest first, ties in row order, without those that match nothing."""
        total = np.round(fused.total.astype(np.float64), TIE)
        rows = np.flatnonzero(total > 0)
        if len(rows) > count:
            # keep every row that ties with the last place, so that the order decides, not numpy
            least = np.partition(total[rows], len(rows) - count)[len(rows) - count]
            rows = rows[total[rows] >= least]
        order = np.lexsort((rows, -total[rows]))
        return [int(r) for r in rows[order][:count]]

    # --- clauses that the query names ---------------------------------------------------------

    def _standards(self, as_of: date, filters: Filters) -> Iterator[str]:
        for v, status in zip(self._versions, self._status(as_of), strict=True):
            if (
                v.document.kind is DocKind.STANDARD
                and filters.allows_document(v.document)
                and filters.allows_status(status)
            ):
                yield v.document.id

    def _named(
        self, understood: Understood, as_of: date, filters: Filters, top: int
    ) -> Iterator[_Named]:
        """Rows that the references of a query lead to, in order."""
        for reference in understood.references:
            places = self._editions(reference, as_of, filters)
            for place in places:
                ref = self._versions[place].ref
                if reference.clause:
                    for located in locate(self._passages, ref, reference):
                        row = self._passages.clause_row(ref, located.clause)
                        if row is not None:
                            yield _Named(row, reference, located)
                else:
                    share = max(1, top // len(places))
                    rows = np.flatnonzero(self._refs[1] == place)[:share]
                    yield from (_Named(int(row), reference, None) for row in rows)

    def _editions(self, reference: Reference, as_of: date, filters: Filters) -> list[int]:
        """Places in `_versions` that a reference means: of each document one, in force first."""
        status = self._status(as_of)
        chosen: list[tuple[bool, int, int]] = []
        for order, doc in enumerate(reference.docs):
            loaded = [
                i
                for i, v in enumerate(self._versions)
                if v.document.id == doc
                and filters.allows_document(v.document)
                and reference.means(doc, v.version.version)
            ]
            if reference.edition:
                found = [i for i in loaded if self._is_edition(i, reference.edition)]
            else:
                found = [i for i in loaded if filters.allows_status(status[i])]
                if not found and (reference.dated or reference.pins) and filters.statuses is None:
                    found = loaded
            if found:
                best = max(
                    found,
                    key=lambda i: (
                        status[i] is Status.IN_FORCE,
                        status[i] in DEFAULT_SEARCH,
                        self._versions[i].version.version,
                    ),
                )
                chosen.append((status[best] not in DEFAULT_SEARCH, order, best))
        return [place for _, _, place in sorted(chosen)]

    def _is_edition(self, place: int, edition: str) -> bool:
        version = self._versions[place].version
        started = version.in_force
        return version.version.startswith(edition) or (
            started is not None and str(started.year) == edition
        )

    # --- hits ---------------------------------------------------------------------------------

    def _hit(
        self,
        rank: int,
        row: int,
        named: _Named | None,
        words: Words,
        fused: Fused,
        nearest: Nearest | None,
        status: Sequence[Status],
    ) -> Hit:
        clause = self._passages.clause(row)
        place = int(self._refs[1][row])
        version = self._versions[place]
        unit = self._passages.unit(clause.ref, clause.id)
        if unit is None:
            raise IndexCorruptError(f"条款 {clause.ref}#{clause.id} 没有正文。请重新运行 kb build")
        why: dict[str, Any] = {}
        if named is not None:
            score, part, spans = 1.0, self._name(named, unit, why), self._span_of(named, unit)
        else:
            score = _share(words.scores, fused, row)
            part, spans = self._match(row, unit, words, fused, why)
            self._meant(row, unit, nearest, why)
        if words.cut:
            why["truncated"] = dict(words.cut)
        if self.notices:
            why["notice"] = self.notices[0]
        return Hit(
            rank=rank,
            score=score,
            document=version.document,
            version=version.version,
            status=status[place],
            clause_id=clause.id,
            unit=part,
            path=clause.path,
            text=unit.display or None,
            primary=version.ref in self._primary(),
            why=why,
            highlights=spans,
            errata=unit.errata,
            gist=self._passages.gist(unit.ref, unit.id),
            conflicts=self._passages.conflicts(unit.ref, unit.id),
        )

    def _meant(
        self, row: int, unit: StoredUnit, nearest: Nearest | None, why: dict[str, Any]
    ) -> None:
        """Which way to ask (or gist) of the note is nearest in meaning, where one is."""
        vectors = self._index.vectors
        note = self._passages.note(unit.ref, unit.id)
        if note is None or nearest is None or vectors is None:
            return
        for vector in nearest.vectors[nearest.rows == row]:  # one or none
            at = vectors.place(int(vector)) - bool(unit.display)
            if at >= 0:
                why["phrase"] = note.said[at]

    def _name(self, named: _Named, unit: StoredUnit, why: dict[str, Any]) -> str:
        if named.located is None:
            why["document"] = named.reference.raw
            return unit.id
        why["citation"] = named.reference.raw
        if named.located.note:
            why["note"] = named.located.note
        return named.located.unit

    def _span_of(self, named: _Named, unit: StoredUnit) -> tuple[tuple[int, int], ...]:
        """The part that a citation names, where it stands in the clause."""
        if named.located is None or named.located.unit == unit.id:
            return ()
        parts = parts_of(unit, self._passages.below(unit.ref, unit.id))
        return tuple((p.start, p.end) for p in parts if p.id == named.located.unit)

    def _match(
        self, row: int, unit: StoredUnit, words: Words, fused: Fused, why: dict[str, Any]
    ) -> tuple[str, tuple[tuple[int, int], ...]]:
        found = match(self._index.tokenizer, unit.display, words.words, words.rarity)
        why["matched"] = list(found.words)
        if found.figures:
            why["figures"] = list(found.figures)
        if words.meant:
            why["terms"] = {word: list(terms) for word, terms in words.meant.items()}
        if words.scores is not None:
            total = float(words.scores.total[row])
            why["fields"] = {
                name: round(float(part[row]) / total, 2)
                for name, part in words.scores.by_field.items()
                if part[row] > 0
            }
        if fused.cosine is not None:
            why["meaning"] = round(float(fused.cosine[row]), 2)
        if not found.marks or "\n" not in unit.display:  # one 款 only: the clause says enough
            return unit.id, found.spans
        parts = parts_of(unit, self._passages.below(unit.ref, unit.id))
        return best_part(parts, found.marks, words.rarity), found.spans


def _share(scores: Scores | None, fused: Fused, row: int) -> float:
    """How well a row answers, 0–1: its share of the best possible words, mixed with its cosine."""
    words = 0.0
    if scores is not None and scores.ideal > 0:
        words = min(1.0, float(scores.total[row]) / scores.ideal)
    if fused.cosine is None:
        return words
    return (1 - fused.meaning) * words + fused.meaning * float(fused.cosine[row])
