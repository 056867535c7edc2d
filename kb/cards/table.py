"""Tables as the cards are made of them, before anybody draws them: cells, rows, sources, notes.

A cell is a sequence of parts, one sentence each; a part knows what it rests on, so that a drawer
can put a number behind it and the citation at the foot. The column 依据 is not among the cells: its
words come from the row's sources.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kb.cards.model import BLANK
from kb.numerals import CIRCLED

__all__ = ["BASIS", "Part", "Row", "Table", "clean", "grouped", "note_mark", "part", "width"]

BASIS = "依据"
_CIRCLES = 20  # the fonts of Windows have ① to ⑳; beyond that a sign may come out as a box

_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
"""What XML forbids (a workbook or document with it does not open), and breaks of lines."""
_SPACES = re.compile(r"[ \u00a0]{2,}")

_CITED = re.compile(r"(《[^》]+》(?:（[^）]*）)?)(.+)", re.S)
"""《金属非金属矿山安全规程》（GB 16423—2020）5.2.2.2 → the document, the clause."""


def clean(text: str) -> str:
    """Text that any file can hold, on one line."""
    return _SPACES.sub(" ", _UNFIT.sub(" ", text)).strip()


def width(text: str) -> float:
    """How many square characters a text is wide: Han 1, Latin letters and figures about 0.6."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.6 for c in text)


def note_mark(number: int) -> str:
    """The sign of a note: ① to ⑳, then [21] and on."""
    return CIRCLED[number - 1] if number <= _CIRCLES else f"[{number}]"


@dataclass(frozen=True, slots=True)
class Part:
    """One sentence of a cell with what it rests on."""

    text: str
    sources: tuple[str, ...] = ()


def part(text: str, sources: Iterable[str] = ()) -> tuple[Part, ...]:
    """A cell of one sentence; blank when there is none."""
    return (Part(clean(text) or BLANK, tuple(sources)),)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a cell a column (依据 apart).

    `spans` is the first and the last column of a sentence that stands alone (a prohibition that
    belongs to no step): the cells between are empty, and a drawer may join them.
    """

    cells: tuple[tuple[Part, ...], ...]
    sources: tuple[str, ...] = ()
    spans: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table. `cited` tables end with the column 依据.

    `mixed` cells hold sentences of several sources, each to be followed by its note's number; in
    the column `steps` sentences are numbered, because their order counts.
    """

    key: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    cited: bool = True
    mixed: bool = False
    steps: int | None = None

    @property
    def header(self) -> tuple[str, ...]:
        """The column names with 依据 where the table is cited."""
        return (*self.columns, BASIS) if self.cited else self.columns

    @property
    def notes(self) -> tuple[str, ...]:
        """The distinct sources in the order in which they come; note 1 is the first."""
        return tuple(dict.fromkeys(s for row in self.rows for s in row.sources))

    def marks(self, sources: Iterable[str]) -> str:
        """The numbers of sources, in order: ①③."""
        number = {source: i for i, source in enumerate(self.notes, 1)}
        return "".join(note_mark(n) for n in sorted({number[s] for s in sources}))

    def sentences(self, row: Row, column: int, *, marked: bool = False) -> list[str]:
        """The sentences of a cell; `marked` puts the numbers of the notes behind them."""
        cell = row.cells[column]
        numbered = column == self.steps and len(cell) > 1
        return [
            (f"{i}. " if numbered else "") + p.text + (self.marks(p.sources) if marked else "")
            for i, p in enumerate(cell, 1)
        ]

    def shared(self, row: Row, column: int) -> tuple[str, ...]:
        """What all sentences of a cell rest on that rest on something; empty where they differ."""
        rests = {p.sources for p in row.cells[column] if p.sources}
        return rests.pop() if len(rests) == 1 else ()

    def basis(self, row: Row) -> list[str]:
        """The column 依据 in full: each source, with its number where cells carry numbers."""
        if not row.sources:
            return [BLANK]
        return [(self.marks((s,)) if self.mixed else "") + s for s in dict.fromkeys(row.sources)]


def grouped(notes: Sequence[str], only: Iterable[str] | None = None) -> list[str]:
    """The foot of a card: `① 5.2.2.2　② 5.2.2.3` behind the document that they are in.

    Notes keep their numbers, also where `only` some are wanted; documents come in the order of
    their first note.
    """
    wanted = set(notes if only is None else only)
    by_document: dict[str, list[str]] = {}
    for number, note in enumerate(notes, 1):
        if note not in wanted:
            continue
        found = _CITED.fullmatch(note)
        document, clause = (found[1], found[2]) if found else ("", note)
        by_document.setdefault(document, []).append(f"{note_mark(number)}\u00a0{clause.strip()}")
    return [
        f"{document}：{'　'.join(clauses)}" if document else "　".join(clauses)
        for document, clauses in by_document.items()
    ]
