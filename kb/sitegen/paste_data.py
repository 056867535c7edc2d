"""What 粘贴原文 needs: for a document without text its clauses as our notes know them.

A reader who holds the text pastes it clause by clause; the site compares its figures with those
of the note. Both sides are folded alike (`kb.fold`), units are brought to one base (`kb.measures`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from kb.cite_text import cite
from kb.fold import fold_text
from kb.measures import BASE, SPELLINGS, unit_of
from kb.model import Document, Version
from kb.notes import Note
from kb.quantities import Bound, Quantity, find
from kb.sitegen.bundle import write_part
from kb.sitegen.context import SiteContext
from kb.sitegen.note_data import notes_by_version
from kb.sitegen.search_text import fold_tables
from kb.staleness import Staleness
from kb.validity import DEFAULT_SEARCH

__all__ = ["PASTE_KEY", "figures_of", "paste_data", "unit_words", "write_paste_parts"]

PASTE_KEY = "assets/kb/paste"
"""Folding, units, and the documents that have a part `docs/<doc>/paste`."""

_PERIODS = {
    "年": ("每年", "每一年", "年度"),
    "季度": ("每季", "每个季", "每一季", "季度"),
    "月": ("每月", "每个月", "每一月"),
    "周": ("每周", "每星期", "每个星期", "每礼拜"),
    "d": ("每日", "每天", "每一天", "每昼夜"),
    "昼夜": ("每昼夜", "每一昼夜"),
    "班": ("每班", "每个班", "每一班"),
    "h": ("每小时", "每个小时"),
    "min": ("每分钟",),
    "s": ("每秒",),
}
"""How a period is said without a number: it counts as said where one of these stands."""
_HALVES = {
    "年": ("半年",),
    "月": ("半月", "半个月"),
    "h": ("半小时", "半个小时"),
    "d": ("半天", "半日"),
}
_ONCE = (Decimal(1), None, "次")
"""每季度检查 and 每季度检查一次 say the same."""


def write_paste_parts(site: SiteContext, out: Path) -> None:
    """Write `docs/<doc>/paste` of every document without text, and what all of them need.

    Raises:
        OSError: a file cannot be written.
    """
    notes = notes_by_version(site)
    known: list[str] = []
    units = unit_words(SPELLINGS)
    for document in site.documents.values():
        version = None if document.id in site.loaded else site.latest_known(document)
        if version is None:
            continue
        known.append(document.id)
        own = notes.get(f"{document.id}@{version.version}", {})
        states = site.passages.note_states(f"{document.id}@{version.version}")
        usable = [n for n in own.values() if states.get(n.clause) not in Staleness.BLOCKED]
        write_part(out, f"docs/{document.id}/paste", paste_data(site, document, version, usable))
        units |= unit_words(q.unit for note in usable for _, q in _said(note))
    data = {"fold": fold_tables(), "units": units, "documents": known}
    write_part(out, PASTE_KEY, data)


def paste_data(
    site: SiteContext, document: Document, version: Version, notes: Iterable[Note]
) -> dict[str, Any]:
    """One document: `{"ref", "title", "cite", "full", "spans", "clauses": {id: {…}}}`.

    A clause is `{"label", "cite", "said": [gist, lines…], "figures": […]}`; see `figures_of`.
    `full` is the citation of the whole text, which may be pasted too.
    """
    spans = site.validity.spans(document, version)
    plain = site.validity.on(document, version, site.as_of).status in DEFAULT_SEARCH
    name = cite(document, version, in_force=plain)
    clauses = {}
    for note in notes:
        words = cite(document, version, note.clause, in_force=plain)
        clauses[note.clause] = {
            "label": words.removeprefix(name),
            "said": _words(note),
            "figures": figures_of(note),
        }
    return {
        "ref": f"{document.id}@{version.version}",
        "title": document.title,
        "cite": name,
        "spans": [s.to_json() for s in spans],
        "clauses": clauses,
    }


def _words(note: Note) -> list[str]:
    return [note.gist, *(x.text for x in note.lines)]


def _said(note: Note) -> Iterator[tuple[int, Quantity]]:
    """Each figure that a note states, with the place of the words that state it."""
    seen: set[object] = set()
    for place, words in enumerate(_words(note)):
        for q in find(words):
            if q.key not in seen and q.key != _ONCE:
                seen.add(q.key)
                yield place, q


def figures_of(note: Note) -> list[dict[str, Any]]:
    """Figures of a note's gist and lines, each once.

    `t` is how messages write it, `v` and `x` its value and upper end in the base unit `u`, `s` the
    place in `said` of the words that state it, `w` what says it without a number (每季度, 半年).
    """
    out = []
    for place, q in _said(note):
        value, upper, unit = q.key
        figure: dict[str, Any] = {"t": str(q), "v": _number(value), "u": unit, "s": place}
        if upper is not None:
            figure["x"] = _number(upper)
        if q.bound is Bound.PERIOD and q.value == 1 and q.unit in _PERIODS:
            figure["t"] = _PERIODS[q.unit][0] + ("度" if q.unit == "季度" else "")
            figure["w"] = list(_PERIODS[q.unit])
        elif q.value == Decimal("0.5") and q.unit in _HALVES:
            figure["w"] = list(_HALVES[q.unit])
        out.append(figure)
    return out


def _number(value: Decimal) -> int | float:
    return int(value) if value == int(value) else float(value)


def unit_words(spellings: Iterable[str]) -> dict[str, tuple[int | float, str]]:
    """Unit as it stands in folded text → (factor, base unit), as `Quantity.key` has them."""
    out: dict[str, tuple[int | float, str]] = {}
    for spelling in sorted(set(spellings) - {""}):
        folded = fold_text(f"3{spelling}")
        word = folded.removeprefix("3").strip()
        if not folded.startswith("3") or not word or word[0] in ".0123456789":
            continue  # 3 km folds to 3000 m: the metre is listed by itself
        unit = unit_of(spelling)
        factor, base = BASE.get(unit, (Decimal(1), unit))
        out.setdefault(word, (_number(factor), base))
    return out
