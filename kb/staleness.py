"""Whether a note still fits the text that is loaded: the four values of staleness.

Same; the wording differs and the figures are the same; the figures differ; the clause is missing.
Only the last two block a note and its lines. A note whose text is not loaded cannot be checked and
answers alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kb.errata import Substitution, corrected
from kb.figures import compare
from kb.model import UnitKind
from kb.notes import Note
from kb.store import Passages, StoredUnit

__all__ = ["Staleness", "figure_findings", "staleness"]


class Staleness:
    """What became of the text since the note was written; `BLOCKED` are not used."""

    SAME = "same"
    WORDING = "wording"  # the wording differs, the figures are the same
    FIGURES = "figures"  # the figures differ
    MISSING = "missing"  # the clause is gone
    UNKNOWN = "not_checked"  # the text is not loaded

    ALL = (SAME, WORDING, FIGURES, MISSING, UNKNOWN)
    BLOCKED = (FIGURES, MISSING)


def staleness(note: Note, passages: Passages) -> str:
    """The value of `Staleness` of a note on the texts of an index."""
    if passages.version(note.ref) is None:
        return Staleness.MISSING
    if note.ref not in passages.texts:
        return Staleness.UNKNOWN
    unit = passages.unit(note.ref, note.clause)
    if unit is None or not unit.hit:
        return Staleness.MISSING
    if unit.hash == note.hash:
        return Staleness.SAME
    below = {u.id: u for u in passages.below(note.ref, note.clause)} | {unit.id: unit}
    differ = any(severity == "error" for severity, _, _ in figure_findings(note, unit, below))
    return Staleness.FIGURES if differ else Staleness.WORDING


def figure_findings(
    note: Note, clause: StoredUnit, below: Mapping[str, StoredUnit]
) -> Iterator[tuple[str, str, str]]:
    """(severity, kind, message) of each figure in which a note and its clause do not agree.

    Args:
        below: the units of the clause by id, the clause among them.
    """
    texts = _readings(clause)
    said: list[tuple[str, str, Sequence[str]]] = [("gist", note.gist, texts)]
    lead = _lead(clause, below)
    for line in note.lines:
        unit = below.get(line.unit, clause)
        every = f"\n每{line.every.removeprefix('每')}" if line.every else ""
        said.append((f"{line.unit} “{line.text}”", line.text + every, (*_readings(unit), lead)))
    yield from compare(texts, said, note.left_out)


def _readings(unit: StoredUnit) -> tuple[str, str]:
    """The text with its confirmed errata, and with the suspected ones read as mended too."""
    marks = [Substitution(*m) for m in unit.errata]
    mended = [m._replace(status="confirmed") for m in marks]
    return corrected(unit.display, marks), corrected(unit.display, mended)


def _lead(clause: StoredUnit, below: Mapping[str, StoredUnit]) -> str:
    """The clause without its items: what holds for each of them."""
    lead = clause.display
    for unit in below.values():
        if unit.kind in (UnitKind.ITEM, UnitKind.POINT):
            lead = lead.replace(unit.display, "")
    return lead
