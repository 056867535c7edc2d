"""The passages of an index: documents, versions, units and citations in one SQLite file.

SQLite because a cold `kb search` reads ten rows of eighty thousand; a look-up by key needs no load.
`kb.index` owns the file's place, its manifest and its agreement with the BM25 rows.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from kb.errors import IndexCorruptError
from kb.ids import format_ref, version_ref
from kb.model import (
    Document,
    Tree,
    Unit,
    UnitKind,
    Version,
)
from kb.notes import Note, note_from_json
from kb.store_json import document_from_json

__all__ = ["Clause", "Edge", "LoadedText", "Passages", "StoredUnit", "VersionRow"]

_NOTICE_CLAUSE = re.compile(r"(?:m|a\d+)-")  # m-s2-k1, a1-t1


@dataclass(frozen=True, slots=True)
class LoadedText:
    """Which file a version's text was built from."""

    ref: str
    doc: str
    version: str
    path: str
    format: str
    sha256: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredUnit:
    """A `Unit` as the index keeps it: no raw text, with its content hash and version.

    `errata` are marked substitutions on `display`: (start, end, old, new, status).
    """

    ref: str
    id: str
    kind: UnitKind
    label: str
    heading: str
    parent: str | None
    start: int
    end: int
    display: str
    hash: str
    hit: bool
    rows: tuple[tuple[str, ...], ...] = ()
    header_rows: int = 0
    errata: tuple[tuple[int, int, str, str, str], ...] = ()

    @property
    def full_id(self) -> str:
        """`doc@version#clause`."""
        return f"{self.ref}#{self.id}"


@dataclass(frozen=True, slots=True)
class Clause:
    """One searchable row: `row` is its number in every field of the lexical index and vectors."""

    row: int
    ref: str
    id: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edge:
    """One citation in the display text of hit (or standalone) unit `unit` of version `ref`.

    `display[start:end] == raw`; `targets` are full ids, or `reason` says why there is none.
    """

    ref: str
    unit: str
    start: int
    end: int
    raw: str
    form: str
    names_part: bool
    targets: tuple[str, ...]
    reason: str
    details: dict[str, str]


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A document, one of its versions, and the loaded text if there is one."""

    document: Document
    version: Version
    text: LoadedText | None

    @property
    def ref(self) -> str:
        """`doc@YYYY-MM-DD`."""
        return version_ref(self.document.id, self.version.version)


_USABLE = "state NOT IN ('figures','missing')"

_UNIT_COLUMNS = (
    'ref, id, kind, label, heading, parent, start, "end", display, hash, hit, rows, '
    "header_rows, errata"
)


class Passages:
    """Read access to a passages file. Not shared between threads."""

    def __init__(self, path: Path, generation: str) -> None:
        """Open read-only.

        Raises:
            IndexCorruptError: not a passages file, or one of another build.
        """
        uri = path.resolve().as_uri() + "?mode=ro&immutable=1"
        try:
            self._db = sqlite3.connect(uri, uri=True)
            found = self._db.execute("SELECT value FROM meta WHERE key='generation'").fetchone()
        except sqlite3.Error as e:
            raise IndexCorruptError(f"索引文件 {path} 打不开（{e}）。请重新运行 kb build") from e
        if found is None or found[0] != generation:
            raise IndexCorruptError(f"索引文件 {path} 与清单不是同一次构建。请重新运行 kb build")
        self._documents: dict[str, Document] | None = None
        self._texts: dict[str, LoadedText] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the file."""
        self._db.close()

    @property
    def documents(self) -> dict[str, Document]:
        """Every catalog document by id, in catalog order (loaded text or not)."""
        if self._documents is None:
            self._documents = {
                row[0]: document_from_json(json.loads(row[1]))
                for row in self._db.execute("SELECT id, json FROM documents ORDER BY ord")
            }
        return self._documents

    @property
    def texts(self) -> dict[str, LoadedText]:
        """Every loaded version by ref (`doc@version`), in build order."""
        if self._texts is None:
            self._texts = {
                r[0]: LoadedText(r[0], r[1], r[2], r[3], r[4], r[5], tuple(json.loads(r[6])))
                for r in self._db.execute(
                    "SELECT ref, doc, version, path, format, sha256, warnings FROM texts "
                    "ORDER BY ord"
                )
            }
        return self._texts

    def version_rows(self, *, loaded_only: bool = False) -> Iterator[VersionRow]:
        """All versions of all documents with their loaded text, in catalog order."""
        for document in self.documents.values():
            for version in document.versions:
                text = self.texts.get(version_ref(document.id, version.version))
                if text is not None or not loaded_only:
                    yield VersionRow(document, version, text)

    def version(self, ref: str) -> VersionRow | None:
        """The version `doc@YYYY-MM-DD`, or None when nothing knows it."""
        doc, _, key = ref.partition("@")
        document = self.documents.get(doc)
        if document is None:
            return None
        for version in document.versions:
            if version.version == key:
                return VersionRow(document, version, self.texts.get(ref))
        return None

    def _units(self, where: str, args: Sequence[object]) -> Iterator[StoredUnit]:
        sql = f"SELECT {_UNIT_COLUMNS} FROM units WHERE {where}"
        for r in self._db.execute(sql, tuple(args)):
            yield StoredUnit(
                ref=r[0],
                id=r[1],
                kind=UnitKind(r[2]),
                label=r[3],
                heading=r[4],
                parent=r[5],
                start=r[6],
                end=r[7],
                display=r[8],
                hash=r[9],
                hit=bool(r[10]),
                rows=tuple(tuple(x) for x in json.loads(r[11])) if r[11] else (),
                header_rows=r[12],
                errata=tuple(tuple(x) for x in json.loads(r[13])) if r[13] else (),
            )

    def units(self, ref: str) -> tuple[StoredUnit, ...]:
        """All units of a loaded version in document order."""
        return tuple(self._units("ref=? ORDER BY ord", (ref,)))

    def unit(self, ref: str, unit_id: str) -> StoredUnit | None:
        """One unit of a loaded version."""
        return next(self._units("ref=? AND id=?", (ref, unit_id)), None)

    def below(self, ref: str, unit_id: str) -> tuple[StoredUnit, ...]:
        """The units under a clause (款, 项, items, notes, tables), in document order."""
        # one small look-up a level: SQLite answers a recursive query with a pass over all units
        out: list[StoredUnit] = []
        for child in tuple(self._units("ref=? AND parent=? ORDER BY ord", (ref, unit_id))):
            out += (child, *self.below(ref, child.id))
        return tuple(out)

    def tree(self, ref: str) -> Tree | None:
        """The tree of a loaded version; its units carry no raw text (the index keeps none)."""
        if ref not in self.texts:
            return None
        return Tree(
            tuple(
                Unit(
                    id=u.id,
                    kind=u.kind,
                    label=u.label,
                    heading=u.heading,
                    start=u.start,
                    end=u.end,
                    raw="",
                    display=u.display,
                    parent=u.parent,
                    hit=u.hit,
                    rows=u.rows,
                    header_rows=u.header_rows,
                )
                for u in self.units(ref)
            )
        )

    def clauses(self) -> Iterator[Clause]:
        """All searchable rows in row order."""
        for r in self._db.execute("SELECT row, ref, id, path FROM clauses ORDER BY row"):
            yield Clause(r[0], r[1], r[2], tuple(json.loads(r[3])))

    def clause(self, row: int) -> Clause:
        """One searchable row."""
        r = self._db.execute(
            "SELECT row, ref, id, path FROM clauses WHERE row=?", (row,)
        ).fetchone()
        if r is None:
            raise IndexCorruptError(f"索引里没有第 {row} 行。请重新运行 kb build")
        return Clause(r[0], r[1], r[2], tuple(json.loads(r[3])))

    def clause_row(self, ref: str, unit_id: str) -> int | None:
        """The row number of a clause."""
        r = self._db.execute(
            "SELECT row FROM clauses WHERE ref=? AND id=?", (ref, unit_id)
        ).fetchone()
        return None if r is None else int(r[0])

    def row_refs(self) -> list[str]:
        """Version ref of each row, by row number."""
        return [r[0] for r in self._db.execute("SELECT ref FROM clauses ORDER BY row")]

    def citations(self, ref: str, unit_id: str | None = None) -> tuple[Edge, ...]:
        """Citations found in a version (or in one unit), in text order."""
        where, args = "c.ref=?", [ref]
        if unit_id is not None:
            where, args = where + " AND c.unit=?", [ref, unit_id]
        return tuple(
            Edge(
                r[0],
                r[1],
                r[2],
                r[3],
                r[4],
                r[5],
                bool(r[6]),
                tuple(json.loads(r[7])),
                r[8],
                json.loads(r[9]),
            )
            for r in self._db.execute(
                'SELECT c.ref, c.unit, c.start, c."end", c.raw, c.form, c.part, c.targets, '
                "c.reason, c.details FROM citations c "
                "LEFT JOIN units u ON u.ref=c.ref AND u.id=c.unit "
                f"WHERE {where} ORDER BY u.ord, c.start",
                args,
            )
        )

    def cited_by(
        self, doc: str, clause: str = "", version: str = ""
    ) -> tuple[tuple[str, str], ...]:
        """(version ref, unit) of each unit that cites a document, or a clause or a part of it.

        第一百三十四条之一 (`art-134-1`) is another article, not a part of 第一百三十四条; the parts
        of a notice's item are joined by a hyphen (`m-s2-k1`).
        """
        joints = (".", "-") if _NOTICE_CLAUSE.match(clause) else (".",)
        below = tuple(clause + joint for joint in joints)
        wanted = format_ref(doc, version)
        out: dict[tuple[str, str], None] = {}
        for target, ref, unit in self._db.execute(
            "SELECT target, ref, unit FROM backlinks WHERE doc=?", (doc,)
        ):
            where, _, part = target.partition("#")
            if clause and part != clause and not part.startswith(below):
                continue
            if version and where != wanted:
                continue
            out[(ref, unit)] = None
        return tuple(out)

    def note(self, ref: str, unit_id: str) -> Note | None:
        """Our note on a clause; None without one, or when the clause says something else now."""
        r = self._db.execute(
            f"SELECT json FROM notes WHERE ref=? AND id=? AND {_USABLE}", (ref, unit_id)
        ).fetchone()
        return None if r is None else note_from_json(json.loads(r[0]))

    def notes(self) -> Iterator[Note]:
        """All notes that may be used, by version and clause."""
        for r in self._db.execute(f"SELECT json FROM notes WHERE {_USABLE} ORDER BY ref, id"):
            yield note_from_json(json.loads(r[0]))

    def gist(self, ref: str, unit_id: str) -> str | None:
        """The gist of the note that `note` would give."""
        r = self._db.execute(
            f"SELECT gist FROM notes WHERE ref=? AND id=? AND {_USABLE}", (ref, unit_id)
        ).fetchone()
        return None if r is None else str(r[0])

    def conflicts(self, ref: str, clause: str) -> tuple[dict[str, Any], ...]:
        """The conflicts that a clause takes part in, as `Conflict.to_json` gives them."""
        found = self._db.execute(
            "SELECT json FROM conflicts WHERE ref=? AND clause=? ORDER BY id", (ref, clause)
        )
        return tuple(json.loads(r[0]) for r in found)

    def note_state(self, ref: str, unit_id: str) -> str:
        """The staleness of the note on a clause, '' without one."""
        r = self._db.execute(
            "SELECT state FROM notes WHERE ref=? AND id=?", (ref, unit_id)
        ).fetchone()
        return "" if r is None else str(r[0])

    def note_states(self, ref: str) -> dict[str, str]:
        """Clause id → staleness of every note on a version, blocked ones too."""
        return dict(self._db.execute("SELECT id, state FROM notes WHERE ref=? ORDER BY id", (ref,)))

    def note_counts(self) -> dict[str, tuple[int, int, int]]:
        """Version ref → notes, lines, and notes whose text is another now."""
        sql = (
            "SELECT ref, count(*), sum(lines), sum(state IN ('wording','figures','missing')) "
            "FROM notes GROUP BY ref"
        )
        return {r[0]: (r[1], r[2], r[3]) for r in self._db.execute(sql)}

    def kind_counts(self) -> dict[str, dict[UnitKind, int]]:
        """Version ref → how many hit units of each kind it has; tables count wherever they are."""
        out: dict[str, dict[UnitKind, int]] = {}
        for ref, kind, n in self._db.execute(
            "SELECT ref, kind, count(*) FROM units WHERE hit OR kind='table' GROUP BY ref, kind"
        ):
            out.setdefault(ref, {})[UnitKind(kind)] = n
        return out

    def unresolved_counts(self) -> dict[str, int]:
        """Version ref → citations whose target is not certain."""
        return dict(
            self._db.execute(
                "SELECT ref, count(*) FROM citations WHERE targets='[]' GROUP BY ref"
            ).fetchall()
        )

    def part_counts(self) -> dict[str, tuple[int, int]]:
        """Version ref → citations that name or imply a 条款项章, and how many of them resolved."""
        sql = "SELECT ref, count(*), sum(targets!='[]') FROM citations WHERE part GROUP BY ref"
        return {r[0]: (r[1], r[2]) for r in self._db.execute(sql)}

    def unresolved(self) -> Iterator[tuple[str, str, str]]:
        """Every citation whose target is not certain: id of its unit, its words, the reason."""
        sql = "SELECT ref, unit, raw, reason FROM citations WHERE targets='[]' ORDER BY ref, rowid"
        for ref, unit, raw, reason in self._db.execute(sql):
            yield f"{ref}#{unit}", raw, reason

    def count(self, table: str) -> int:
        """Number of rows of one of the tables (for the manifest)."""
        if table not in {
            "documents",
            "texts",
            "units",
            "clauses",
            "citations",
            "backlinks",
            "notes",
            "conflicts",
        }:
            raise ValueError(table)
        return int(self._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
