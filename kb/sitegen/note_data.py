"""Our notes on the clauses of one page, as a data file: read beside the text, and by the search.

A note is given as it is while its text says what it said, or says it in other words; where the
figures are others now, or the clause is gone, only that is told (`kb.staleness`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from kb.notes import Line, Note
from kb.sitegen.context import SiteContext
from kb.staleness import Staleness

__all__ = ["notes_by_version", "notes_data"]


def notes_by_version(site: SiteContext) -> dict[str, dict[str, Note]]:
    """Version ref → clause id → note that may be shown; of texts that are not loaded too."""
    out: dict[str, dict[str, Note]] = defaultdict(dict)
    for note in site.passages.notes():
        out[note.ref][note.clause] = note
    return out


def notes_data(
    site: SiteContext, ref: str, notes: Mapping[str, Note], accidents: Mapping[str, str]
) -> dict[str, Any] | None:
    """`{"notes": {clause: …}, "accidents": {code: name}}` of one version; None without any note.

    A note that is blocked is `{"state": "figures"}` (or `missing`) and nothing else. `names` holds
    what people call the clauses of a text that is not here, because no page says it.
    """
    states = site.passages.note_states(ref)
    if not states:
        return None
    loaded = ref in site.page_of
    out: dict[str, dict[str, Any]] = {}
    used: set[str] = set()
    for clause, state in states.items():
        note = notes.get(clause)
        if note is None or state in Staleness.BLOCKED:
            out[clause] = {"state": state}
            continue
        out[clause] = _note(note, state)
        used.update(note.accidents, (x.accident or "" for x in note.lines))
    data: dict[str, Any] = {
        "ref": ref,
        "notes": out,
        "accidents": {code: accidents[code] for code in sorted(used) if code in accidents},
    }
    if not loaded:
        data["names"] = {clause: site.unit_name(ref, clause) for clause in out}
    return data


def _note(note: Note, state: str) -> dict[str, Any]:
    return {
        "gist": note.gist,
        "lay": list(note.lay),
        "lines": [_line(x) for x in note.lines],
        "posts": list(note.posts),
        "activities": list(note.activities),
        "accidents": list(note.accidents),
        "hazards": list(note.hazards),
        "severity": note.severity,
        "who": note.who,
        "penalty": list(note.penalty),
        "state": state,
    }


def _line(line: Line) -> dict[str, str]:
    """One line; what it lacks is left out."""
    values = {
        "unit": line.unit,
        "card": line.card,
        "phase": line.phase,
        "who": line.who,
        "must": line.must,
        "text": line.text,
        "hazard": line.hazard,
        "accident": line.accident,
        "report_to": line.report_to,
        "every": line.every,
    }
    return {k: v for k, v in values.items() if v}
