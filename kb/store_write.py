"""Writing the passages of an index; `kb.store` reads them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from kb.conflicts import Conflict
from kb.model import Document, Unit
from kb.notes import Note, note_to_json
from kb.store import Edge, LoadedText
from kb.store_json import document_to_json, dump

__all__ = ["PassageWriter", "mark_notes"]

_SCHEMA = """
CREATE TABLE documents (id TEXT PRIMARY KEY, ord INTEGER NOT NULL, json TEXT NOT NULL);
CREATE TABLE texts (
  ref TEXT PRIMARY KEY, doc TEXT NOT NULL, version TEXT NOT NULL, ord INTEGER NOT NULL,
  path TEXT NOT NULL, format TEXT NOT NULL, sha256 TEXT NOT NULL, warnings TEXT NOT NULL);
CREATE TABLE units (
  ref TEXT NOT NULL, ord INTEGER NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL,
  label TEXT NOT NULL, heading TEXT NOT NULL, parent TEXT, start INTEGER NOT NULL,
  "end" INTEGER NOT NULL, display TEXT NOT NULL, hash TEXT NOT NULL, hit INTEGER NOT NULL,
  rows TEXT, header_rows INTEGER NOT NULL, errata TEXT, PRIMARY KEY (ref, id)) WITHOUT ROWID;
CREATE INDEX units_order ON units (ref, ord);
CREATE INDEX units_parent ON units (ref, parent);
CREATE TABLE clauses (
  row INTEGER PRIMARY KEY, ref TEXT NOT NULL, id TEXT NOT NULL, path TEXT NOT NULL);
CREATE UNIQUE INDEX clauses_id ON clauses (ref, id);
CREATE TABLE citations (
  ref TEXT NOT NULL, unit TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
  raw TEXT NOT NULL, form TEXT NOT NULL, part INTEGER NOT NULL, targets TEXT NOT NULL,
  reason TEXT NOT NULL, details TEXT NOT NULL);
CREATE INDEX citations_unit ON citations (ref, unit, start);
CREATE TABLE notes (
  ref TEXT NOT NULL, id TEXT NOT NULL, state TEXT NOT NULL, lines INTEGER NOT NULL,
  gist TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (ref, id)) WITHOUT ROWID;
CREATE TABLE conflicts (
  ref TEXT NOT NULL, clause TEXT NOT NULL, id TEXT NOT NULL, json TEXT NOT NULL);
CREATE INDEX conflicts_clause ON conflicts (ref, clause);
CREATE TABLE backlinks (
  doc TEXT NOT NULL, target TEXT NOT NULL, ref TEXT NOT NULL, unit TEXT NOT NULL);
CREATE INDEX backlinks_target ON backlinks (doc, target);
"""


class PassageWriter:
    """Writes a new passages file; nothing of it is visible until `kb.index` swaps it in."""

    def __init__(self, path: Path, generation: str) -> None:
        self._db = sqlite3.connect(path)
        self._db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;")
        self._db.executescript(_SCHEMA)
        self._db.execute("CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)")
        self._db.execute("INSERT INTO meta VALUES ('generation', ?)", (generation,))
        self._row = 0

    def documents(self, documents: Iterable[Document]) -> None:
        """All catalog entries, loaded or not."""
        self._db.executemany(
            "INSERT INTO documents VALUES (?,?,?)",
            ((d.id, i, dump(document_to_json(d))) for i, d in enumerate(documents)),
        )

    def text(self, text: LoadedText, order: int) -> None:
        """One loaded version."""
        self._db.execute(
            "INSERT INTO texts VALUES (?,?,?,?,?,?,?,?)",
            (
                text.ref,
                text.doc,
                text.version,
                order,
                # a file name that is no valid UTF-8 (from an old zip) is kept as far as it goes
                text.path.encode("utf-8", "replace").decode(),
                text.format,
                text.sha256,
                dump(text.warnings),
            ),
        )

    def unit(
        self,
        ref: str,
        order: int,
        unit: Unit,
        digest: str,
        errata: Sequence[tuple[int, int, str, str, str]] = (),
    ) -> None:
        """One unit; `order` is its place in the document."""
        self._db.execute(
            "INSERT INTO units VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                ref,
                order,
                unit.id,
                unit.kind.value,
                unit.label,
                unit.heading,
                unit.parent,
                unit.start,
                unit.end,
                unit.display,
                digest,
                int(unit.hit),
                dump(unit.rows) if unit.rows else None,
                unit.header_rows,
                dump(list(errata)) if errata else None,
            ),
        )

    def clause(self, ref: str, unit_id: str, path: Sequence[str]) -> int:
        """The next searchable row; returns its number, counted from 0."""
        row = self._row
        self._db.execute(
            "INSERT INTO clauses VALUES (?,?,?,?)", (row, ref, unit_id, dump(list(path)))
        )
        self._row += 1
        return row

    def edge(self, e: Edge) -> None:
        """One citation and, for each target, its way back."""
        self._db.execute(
            "INSERT INTO citations VALUES (?,?,?,?,?,?,?,?,?,?)",
            (
                e.ref,
                e.unit,
                e.start,
                e.end,
                e.raw,
                e.form,
                int(e.names_part),
                dump(list(e.targets)),
                e.reason,
                dump(e.details),
            ),
        )
        for target in e.targets:
            doc = target.partition("#")[0].partition("@")[0]
            self._db.execute("INSERT INTO backlinks VALUES (?,?,?,?)", (doc, target, e.ref, e.unit))

    def note(self, note: Note) -> None:
        """Our note on a clause; whether it still fits is for `mark_notes` to say."""
        self._db.execute(
            "INSERT INTO notes VALUES (?,?,?,?,?,?)",
            (
                note.ref,
                note.clause,
                "",
                len(note.lines),
                note.gist,
                dump(note_to_json(note)),
            ),
        )

    def conflict(self, ref: str, clause: str, conflict: Conflict) -> None:
        """A clause that takes part in a conflict."""
        row = (ref, clause, conflict.id, dump(conflict.to_json()))
        self._db.execute("INSERT INTO conflicts VALUES (?,?,?,?)", row)

    def close(self) -> None:
        """Commit and close."""
        self._db.commit()
        self._db.execute("ANALYZE")
        self._db.commit()
        self._db.close()


def mark_notes(path: Path, states: Mapping[tuple[str, str], str]) -> None:
    """Write the staleness of notes, by version ref and clause id, into a passages file."""
    db = sqlite3.connect(path)
    try:
        with db:
            db.executemany(
                "UPDATE notes SET state=? WHERE ref=? AND id=?",
                [(state, *key) for key, state in states.items()],
            )
    finally:
        db.close()
