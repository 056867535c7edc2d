"""All questions that an index gives on a day, and which clauses give none, and why.

The pool does not depend on a seed: the same texts and options give the same drafts in the same
order. A seed only picks from it (`kb.exam.pick`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from kb.cite_text import document_name
from kb.exam.definitions import definition_questions
from kb.exam.difficulty import level_of
from kb.exam.figures import LONG_STEM, Draft, figure_questions, source_head
from kb.exam.holds import Holds
from kb.exam.lists import Lists
from kb.exam.mixed import Sections, mixed_questions
from kb.exam.model import FIRM, TYPES, item_id
from kb.exam.readings import Readings
from kb.exam.source import Basis, LeftOut, Shelf, spoilt
from kb.exam.statements import statements
from kb.exam.terms import term_questions
from kb.model import UnitKind
from kb.quantities import find
from kb.store import Passages

__all__ = ["Coverage", "Pool", "make_pool"]


@dataclass(frozen=True)
class Pool:
    """Every draft, in the order of the texts, and what gave none."""

    as_of: date
    drafts: tuple[Draft, ...]
    shelf: Shelf
    left_out: tuple[LeftOut, ...]

    def where(self, drafts: Iterable[Draft]) -> Pool:
        """The pool with some of its drafts."""
        return replace(self, drafts=tuple(drafts))

    def coverage(self) -> Coverage:
        """What of the clauses in force can be examined."""
        return Coverage.of(self)


@dataclass(frozen=True)
class Coverage:
    """By document: clauses, clauses with questions, questions by type; and what has none.

    `held` are clauses that give questions on their words, but none on their figures before a second
    reading.
    """

    documents: tuple[dict[str, Any], ...]
    left_out: tuple[LeftOut, ...]
    held: tuple[LeftOut, ...] = ()

    @classmethod
    def of(cls, pool: Pool) -> Coverage:
        """Count a pool."""
        counts: dict[str, Counter[str]] = {}
        used: dict[str, set[str]] = {}
        for d in pool.drafts:
            counts.setdefault(d.basis.clause.ref, Counter())[d.type] += 1
            used.setdefault(d.basis.clause.ref, set()).add(d.basis.id)
        clauses: Counter[str] = Counter()
        names: dict[str, str] = {}
        for basis in _asked_and_left(pool):
            clauses[basis.clause.ref] += 1
            own = basis.origin == FIRM
            names[basis.clause.ref] = basis.source if own else document_name(basis.document)
        rows = tuple(
            {
                "id": ref,
                "title": names[ref],
                "clauses": n,
                "examined": len(used.get(ref, ())),
                "items": sum(counts.get(ref, Counter()).values()),
                "types": {t: counts.get(ref, Counter())[t] for t in TYPES},
            }
            for ref, n in clauses.items()
        )
        silent = {x.id for x in pool.left_out}
        held = tuple(
            LeftOut(b.id, b.citation(), b.no_figures)
            for b in pool.shelf.asked
            if b.no_figures and b.id not in silent and find(b.text)
        )
        return cls(rows, pool.left_out, held)

    def to_json(self) -> dict[str, Any]:
        """For `--format json`."""
        return {
            "documents": list(self.documents),
            "left_out": [x.to_json() for x in self.left_out],
            "figures_held": [x.to_json() for x in self.held],
        }


def _asked_and_left(pool: Pool) -> Iterator[Basis]:
    """Every clause of the documents that questions are wanted of."""
    wanted = {b.clause.ref for b in pool.shelf.asked}
    wanted |= {x.id.partition("#")[0] for x in pool.shelf.left_out if "#" in x.id}
    return (b for b in pool.shelf.all if b.clause.ref in wanted)


def make_pool(
    passages: Passages,
    as_of: date,
    *,
    docs: Sequence[str] = (),
    region: str = "",
    readings: Readings | None = None,
) -> Pool:
    """Every question that the texts give on a day.

    Args:
        docs: ids of the documents that questions are wanted of; empty for all.
        region: full name of the place of the exam.
        readings: second readings, which release clauses for questions on their figures.
    """
    shelf = Shelf.of(passages, as_of, docs=docs, region=region, readings=readings)
    holds, lists = Holds(shelf), Lists(shelf)
    found: list[Draft] = []
    sections = Sections(shelf.asked, holds)
    for basis in shelf.asked:
        found += _of_clause(basis, holds, lists)
        found += sections.questions(basis)
    found += definition_questions(shelf.asked)
    sound = _short(tuple(_distinct(_told_apart([d for d in found if not _spoilt(d)]))))
    drafts = tuple(replace(d, difficulty=level_of(d, holds)) for d in sound)
    used = {d.basis.id for d in drafts}
    nothing = tuple(
        LeftOut(b.id, b.citation(), _why_nothing(b)) for b in shelf.asked if b.id not in used
    )
    return Pool(as_of, drafts, shelf, (*shelf.left_out, *nothing))


def _of_clause(basis: Basis, holds: Holds, lists: Lists) -> Iterator[Draft]:
    for statement in statements(basis):
        yield from figure_questions(statement, holds)
        yield from term_questions(statement)
    yield from mixed_questions(basis, holds)
    yield from lists.questions(basis)


def _spoilt(d: Draft) -> bool:
    words = (d.stem, *d.right, *(w.text for w in d.wrong))
    return spoilt(d.basis, words, (d.key[1:], *d.stem_spans, *d.right_spans))


def _told_apart(drafts: Sequence[Draft]) -> Iterator[Draft]:
    """Where one stem has several answers, each names its clause."""
    answers: dict[tuple[str, str], set[tuple[str, ...]]] = {}
    for d in drafts:
        if d.kind not in ("true", "false", "plain"):
            answers.setdefault((d.type, d.stem), set()).add((d.basis.id, *d.right))
    for d in drafts:
        clauses = {a[0] for a in answers.get((d.type, d.stem), ())}
        short = source_head(d.basis)
        if len(clauses) > 1 and d.stem.startswith(short):
            words = d.stem.removeprefix(short)
            stem = source_head(d.basis, exact=True, words=words) + words
            yield replace(d, stem=stem)
        else:
            yield d


def _distinct(drafts: Iterable[Draft]) -> Iterator[Draft]:
    """Each item once, and of drafts on one figure in one manner the shortest stem."""
    best: dict[tuple[str, str, tuple[int, int, int], tuple[str, ...]], Draft] = {}
    for d in drafts:
        parts = d.right if d.type in ("单选", "填空") else ()
        key = (d.type, d.kind, d.key, parts)
        if key not in best or len(d.stem) < len(best[key].stem):
            best[key] = d
    seen: set[str] = set()
    stems: set[tuple[str, str]] = set()
    for d in best.values():
        item = item_id(d.type, d.stem, d.right)
        # a stem that comes with two answers of one clause (a 单选 on each item) is kept for a
        # paper to choose from; papers never hold a stem twice
        if item not in seen:
            seen.add(item)
            stems.add((d.type, d.stem))
            yield d


def _short(drafts: Sequence[Draft]) -> Iterator[Draft]:
    """Without long sentences that are only to be judged and ask for no figure, where the clause
    gives another question; what asks for a figure is worth its words."""
    clauses = {d.basis.order for d in drafts if len(d.stem) <= LONG_STEM}
    for d in drafts:
        if len(d.stem) <= LONG_STEM or d.kind != "plain" or d.basis.order not in clauses:
            yield d


def _why_nothing(basis: Basis) -> str:
    """Why a clause that may be asked gave no question."""
    if basis.yields_to:
        return basis.yields_to
    if basis.clause.kind is UnitKind.DEFINITION:
        return "术语的定义太长、引用其他条款或与邻近术语太近"
    if basis.no_figures and find(basis.text):
        return basis.no_figures
    if not statements(basis):
        return "句子离不开上下文（前款、下列、表、引用其他条款等），不能单独成题"
    text = basis.text
    if not any(w in text for w in ("应", "必须", "不得", "严禁", "禁止", "不准", "方可")):
        return "没有要求（应、必须、不得等），是目的、定义或授权"
    return "句子太长或太笼统，没有答案唯一的数值、用语或列项"
