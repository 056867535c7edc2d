"""The texts that the encoder learns from: read at run time, never committed.

Clauses come from the package and from a folder of documents; pairs of question and clause come
from notes (in lay words) and from STARD's training split (MIT). The development questions are read
by the evaluation alone.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kb.ids import parse_ref
from kb.index import clause_text
from kb.library import load_library
from kb.roots import Roots

__all__ = ["CUT", "Asked", "Clause", "Lessons", "from_notes", "from_stard", "lessons",
           "load_clauses", "sentences", "vocabulary"]  # fmt: skip

_STOP = re.compile(r"[。；！？\n]|——")
_SHORTEST, _LONGEST = 8, 120


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a loaded version (`doc@date#clause`); `whole` is what is encoded of it."""

    id: str
    doc: str
    short: str
    whole: str
    text: str
    core: bool


@dataclass(slots=True)
class Asked:
    """A clause with what asks for it: questions in lay words, and a gist of it.

    `text` has the titles above the clause in it, `bare` has not.
    """

    key: str
    group: str
    text: str
    bare: str
    lay: list[str] = field(default_factory=list)
    gist: str = ""


def load_clauses(corpus: Path) -> list[Clause]:
    """Every clause of the package and of a folder, in the library's order."""
    library = load_library(Roots.of(None), laws="all", corpus=[corpus])
    out = []
    for item in library.loaded:
        here = item.document.core or not item.version.package_id
        for unit in item.tree.hits:
            parts = (item.document.title, item.tree.path(unit.id), unit.heading)
            whole = clause_text(*parts, unit.display, unit.rows)
            name = f"{item.ref}#{unit.id}"
            short = item.document.short
            out.append(Clause(name, item.document.id, short, whole, unit.display.strip(), here))
    return out


def sentences(clauses: Iterable[Clause]) -> list[str]:
    """Sentences and list items of the clauses, each once."""
    found: dict[str, None] = {}
    for clause in clauses:
        for part in _STOP.split(clause.text):
            if _SHORTEST <= len(part.strip()) <= _LONGEST:
                found.setdefault(part.strip())
    return list(found)


def _lines(path: Path) -> Iterable[Mapping[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            yield json.loads(line)


def from_notes(paths: Iterable[Path], clauses: Iterable[Clause]) -> list[Asked]:
    """Notes beside their clauses; notes on texts that are not loaded are left out.

    Several notes on a clause add up; the gist is the first one's.
    A note names its clause by `id` (`doc@date#clause`), or by `doc` and `clause` as people write.
    """
    by_id = {c.id: c for c in clauses}
    by_name = {(c.short, c.id.partition("#")[2]): c for c in clauses}
    found: dict[str, Asked] = {}
    for path in paths:
        for raw in _lines(path):
            if "id" in raw:
                parse_ref(raw["id"])
                clause = by_id.get(raw["id"])
            else:
                clause = by_name.get((raw["doc"], raw["clause"]))
            if clause is None or not raw.get("lay"):
                continue
            lay, gist = list(raw["lay"]), raw["gist"]
            asked = found.setdefault(
                clause.id, Asked(clause.id, clause.doc, clause.whole, clause.text)
            )
            asked.lay += [x for x in lay if x not in asked.lay]
            asked.gist = asked.gist or gist
    return list(found.values())


def from_stard(path: Path) -> list[Asked]:
    """STARD's questions by the statute that answers them best."""
    found: dict[str, Asked] = {}
    for raw in _lines(path):
        for gold in raw["gold"]:
            if gold["rel"] >= 2 and len(gold["text"]) >= _SHORTEST:
                asked = found.setdefault(
                    gold["ref"], Asked(gold["ref"], raw["qid"], gold["text"], gold["text"])
                )
                asked.lay.append(raw["query"])
    return list(found.values())


CUT = 220
"""Characters of a clause that the teacher reads: most clauses whole, long lists by their start."""
OTHERS = 12_000
"""Sentences of the package beside those of the core laws and the folder."""


@dataclass(frozen=True, slots=True)
class Lessons:
    """What stage 1 reads: clauses as passages, sentences as questions."""

    passages: list[str]
    questions: list[str]


def lessons(clauses: list[Clause], seed: int) -> Lessons:
    """All distinct clauses; sentences of the core, and a sample of all others."""
    passages = list(dict.fromkeys(c.text[:CUT] for c in clauses if len(c.text) >= _SHORTEST))
    near = sentences(c for c in clauses if c.core)
    known = set(near)
    far = [s for s in sentences(clauses) if s not in known]
    return Lessons(passages, near + random.Random(seed).sample(far, min(OTHERS, len(far))))


def vocabulary(path: Path) -> list[str]:
    """The words of a tokenizer file by id."""
    return [word for word, _ in json.loads(path.read_text(encoding="utf-8"))["model"]["vocab"]]
