"""The requirements against their texts: sections, figures, deadlines, copied runs."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator, Sequence

from kb.figures import compare
from kb.nocopy import shared_runs
from kb.requirements.model import Requirements
from kb.store import Passages

__all__ = ["requirement_problems"]

_SPACE = re.compile(r"\s+")


def requirement_problems(requirements: Requirements, passages: Passages) -> Iterator[str]:
    """Sections that are not there, figures and deadlines that they lack, and copied runs.

    What rests on a notice whose text is not loaded is passed over (`NotesReport` counts it).
    """
    for entry in requirements.entries.values():
        texts = yield from _basis(entry.id, entry.notice, entry.basis, entry.row, passages)
        if texts is None:
            continue
        said = [("what", entry.what), ("every", entry.every)]
        said += [("evidence", e) for e in entry.evidence]
        yield from _figures(entry.id, said, texts)
        if entry.by and not entry.by_basis:
            yield from _stands(entry.id, entry.by_text, texts)
    for step in requirements.steps.values():
        texts = yield from _basis(step.id, step.notice, step.basis, "", passages)
        if texts is not None:
            yield from _figures(step.id, [("what", step.what)], texts)
    for term in requirements.terms.values():
        texts = yield from _basis(term.notice, term.notice, (term.basis,), "", passages)
        if texts is not None:
            yield from _stands(term.notice, term.text, texts)
    yield from _copied(requirements, passages)


def _basis(
    name: str, notice: str, basis: Iterable[str], row: str, passages: Passages
) -> Generator[str, None, list[str] | None]:
    """Yields problems; returns the texts of the sections, None where they cannot be had."""
    if passages.version(notice) is None:
        yield f"{name}：目录里没有版本 {notice}"
        return None
    if notice not in passages.texts:
        return None
    texts: list[str] = []
    used = not row
    for full in basis:
        part = full.partition("#")[2]
        unit = passages.unit(notice, part)
        if unit is None:
            yield f"{name}：{notice} 里没有 {part}"
        elif unit.rows:
            rows = [" ".join(r) for r in unit.rows if row and row in (c.strip() for c in r)]
            if len(rows) != 1:
                yield f"{name}：{full} 是表，row 应写其中一行的序号，现为 {row!r}"
            texts += rows
            used = True
        else:
            texts += [unit.display, *(u.display for u in passages.below(notice, part))]
    if not used:
        yield f"{name}：写了 row = {row!r}，但依据里没有表"
    return texts or None


def _figures(name: str, said: Iterable[tuple[str, str]], texts: Sequence[str]) -> Iterator[str]:
    ours = [(key, words, texts) for key, words in said if words]
    for severity, kind, message in compare(["\n".join(texts)], ours, []):
        if severity == "error" and kind != "figure-missing":
            yield f"{name}：{message}"


def _stands(name: str, words: str, texts: Iterable[str]) -> Iterator[str]:
    if not any(_SPACE.sub("", words) in _SPACE.sub("", text) for text in texts):
        yield f"{name}：依据里没有限期“{words}”"


def _copied(requirements: Requirements, passages: Passages) -> Iterator[str]:
    ours = [
        (entry.id, text)
        for entry in requirements.entries.values()
        for text in (entry.what, entry.note, entry.every, *entry.evidence)
    ]
    ours += [(step.id, step.what) for step in requirements.steps.values()]
    if not ours:
        return
    sources = []
    for clause in passages.clauses():
        unit = passages.unit(clause.ref, clause.id)
        sources.append((f"{clause.ref}#{clause.id}", unit.display if unit is not None else ""))
    titles = [t for d in passages.documents.values() for t in (d.title, *d.aliases) if len(t) > 5]
    for run in shared_runs(ours, sources, titles):
        yield f"{run.file}：与 {run.source} 有 28 字以上相同，请用自己的话写"
