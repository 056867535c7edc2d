"""What may be examined on a day: clauses in force whose text is there, and why others are not.

A question must stand before a panel, so only a version that is certainly in force on the day of the
exam gives questions; what is 待核, already changed, of another region or not loaded gives none, and
each of these says so. Tags (posts, activities, severity) come from notes; words never do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from kb.catalog.regions import applies_in
from kb.cite_text import cite, document_name
from kb.exam.model import LAW
from kb.exam.readings import Readings
from kb.model import DocKind, Document, Status, UnitKind, Version
from kb.notes import Note
from kb.offsets import Part, parts_of
from kb.quantities import Quantity, find
from kb.store import Passages, StoredUnit, VersionRow
from kb.validity import DEFAULT_SEARCH, Validity, validity

__all__ = ["Basis", "LeftOut", "Shelf", "figure_problem", "sound_figure", "spoilt"]

_NO_QUESTIONS = (DocKind.AMENDMENT, DocKind.DECISION)
"""Acts that change other acts: their words are instructions to an editor."""
_SPECIAL = "特别法"
_PAIRS = ("（）", "“”", "《》", "()", "【】", "〔〕")
_LABEL = re.compile(r"(?m)^\s*[a-z0-9]{1,2}[)）]")
"""a) of a list: a bracket without a partner that is no slip."""
_RESIDUE = re.compile(r"[\\${}^=√]|(?:frac|mathrm|times|left|right)(?![a-z])|\ue000")
"""LaTeX that the display could not turn into text, and formulas."""
_FORMULA = re.compile(r"(?:下|上)[列]?(?:公?式|图)|公式|式\s?[(（]\d|[按由用]式")
_END = "。；：！？”）"
_DIMENSIONLESS = re.compile(r"(?:系数|之比|比值|比|倍数|pH值)[^\d。；，]{0,8}\Z")
_FRACTION = re.compile(r"\d+\s?[/:：]\s?\d+|.*分之.*|.*一?半")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A clause or document that gave no question, and why; `id` is a full id, a version or a
    document."""

    id: str
    citation: str
    why: str

    def to_json(self) -> dict[str, str]:
        """For `--format json`."""
        return {"id": self.id, "citation": self.citation, "why": self.why}


@dataclass(frozen=True)
class Basis:
    """A clause in force with what a question needs of it; spans index `clause.display`.

    `order` is its place on the shelf. `no_figures` says why its figures are not asked for, empty
    when they may be. `rivals` are the ids of clauses that a conflict sets beside it; `yields` are
    the units of this clause that another clause prevails over, and `yields_to` says so. `rests`
    are the (id, hash) of clauses that a firm's card cites. `released` tells that a second reading
    confirmed the text.
    """

    order: int
    clause: StoredUnit
    below: tuple[StoredUnit, ...]
    document: Document
    version: Version
    validity: str
    path: tuple[str, ...]
    note: Note | None
    no_figures: str = ""
    rivals: tuple[str, ...] = ()
    yields: tuple[str, ...] = ()
    yields_to: str = ""

    rests: tuple[tuple[str, str], ...] = ()
    released: bool = False

    @property
    def origin(self) -> str:
        """What stands behind a question: the law, or the firm's own card (`kb.exam.firm`)."""
        return LAW

    @property
    def id(self) -> str:
        """`doc@version#clause`."""
        return self.clause.full_id

    @property
    def text(self) -> str:
        """The words that questions are made of."""
        return self.clause.display

    @cached_property
    def units(self) -> Mapping[str, StoredUnit]:
        """The clause and what is below it, by unit id."""
        return {u.id: u for u in (self.clause, *self.below)}

    @cached_property
    def parts(self) -> Mapping[str, Part]:
        """Where each unit stands in the clause, by unit id."""
        return {p.id: p for p in parts_of(self.clause, self.below)}

    @cached_property
    def children(self) -> Mapping[str, tuple[StoredUnit, ...]]:
        """Parent unit id → the units right below it that stand in the text."""
        out: dict[str, list[StoredUnit]] = {}
        for u in self.below:
            if u.parent and u.id in self.parts:
                out.setdefault(u.parent, []).append(u)
        return {k: tuple(v) for k, v in out.items()}

    def may_ask(self, unit: str) -> bool:
        """Whether a part of the clause is followed, as far as conflicts say."""
        return not any(_inside(unit, y) or _inside(y, unit) for y in self.yields)

    @property
    def source(self) -> str:
        """How a stem names the rule: 《安全生产法》, 《…规程》（GB 16423—2020）."""
        return document_name(self.document).replace("《中华人民共和国", "《")

    def citation(self, unit: str = "") -> str:
        """《…》5.2.2.2第4项."""
        return cite(self.document, self.version, unit or self.clause.id)

    @property
    def section(self) -> str:
        """The last title above the clause, without its number: 穿孔作业."""
        return self.path[-1].partition(" ")[2] if self.path else ""


@dataclass(frozen=True)
class Shelf:
    """The clauses in force on a day: `asked` give questions, `all` tell what else holds."""

    as_of: date
    asked: tuple[Basis, ...]
    all: tuple[Basis, ...]
    left_out: tuple[LeftOut, ...]

    @classmethod
    def of(
        cls,
        passages: Passages,
        as_of: date,
        *,
        docs: Sequence[str] = (),
        region: str = "",
        readings: Readings | None = None,
    ) -> Shelf:
        """Read the texts.

        Args:
            docs: ids of the documents that questions are wanted of; empty for all.
            region: full name of the place of the exam; without it only national rules are a basis.
            readings: what was held against the printed page a second time.
        """
        return _Reader(passages, as_of, frozenset(docs), region, readings or Readings()).read()


class _Reader:
    def __init__(
        self,
        passages: Passages,
        as_of: date,
        docs: frozenset[str],
        region: str,
        readings: Readings,
    ) -> None:
        self._readings = readings
        self._passages = passages
        self._as_of = as_of
        self._docs = docs
        self._region = region
        self._notes = {n.id: n for n in passages.notes()}
        self._left: list[LeftOut] = []

    def read(self) -> Shelf:
        asked: list[Basis] = []
        every: list[Basis] = []
        paths: dict[str, dict[str, tuple[str, ...]]] = {}
        for clause in self._passages.clauses():
            paths.setdefault(clause.ref, {})[clause.id] = clause.path
        for row in self._passages.version_rows():
            if row.text is None:
                continue
            valid = validity(row.version, row.document, self._as_of, self._passages.documents)
            why = self._why_not(row, valid)
            holds = valid.status in DEFAULT_SEARCH and self._applies(row.document)
            wanted = not self._docs or row.document.id in self._docs
            if why and wanted:
                self._left.append(LeftOut(row.ref, cite(row.document, row.version), why))
            if not holds:
                continue
            for basis in self._clauses(row, valid, paths.get(row.ref, {}), len(every)):
                every.append(basis)
                if why or not wanted:
                    continue
                if reason := self._clause_why_not(basis):
                    self._left.append(LeftOut(basis.id, basis.citation(), reason))
                else:
                    asked.append(basis)
        self._left += self._without_text()
        return Shelf(self._as_of, tuple(asked), tuple(every), tuple(self._left))

    # --- documents ----------------------------------------------------------------------------

    def _applies(self, document: Document) -> bool:
        if not document.region:
            return True
        return bool(self._region) and applies_in(document.region, self._region)

    def _why_not(self, row: VersionRow, valid: Validity) -> str:
        if row.document.kind in _NO_QUESTIONS:
            return "是修改其他法律的文件，不出题"
        if valid.status is not Status.IN_FORCE:
            return f"{self._as_of} {valid.label}（{valid.reason}），不能作出题依据"
        if not self._applies(row.document):
            return f"是{row.document.region}的规定；在当地考试时用 --region 指明地区"
        return ""

    def _without_text(self) -> Iterator[LeftOut]:
        """Documents that are asked for, or that notes speak of, and whose text is not here."""
        held = {t.doc for t in self._passages.texts.values()}
        noted: dict[str, int] = {}
        for note in self._notes.values():
            doc = note.ref.partition("@")[0]
            noted[doc] = noted.get(doc, 0) + 1
        for doc, document in self._passages.documents.items():
            if doc in held or not (doc in self._docs or (not self._docs and doc in noted)):
                continue
            only = f"，只有要点 {noted[doc]} 条（要点不是原文，不出题）" if doc in noted else ""
            yield LeftOut(
                doc,
                document_name(document),
                f"没有收录正文{only}。请把正文放进文件夹，用 kb build --corpus 文件夹 收录",
            )

    def _cited(self, full_id: str) -> str:
        ref, _, unit = full_id.partition("#")
        row = self._passages.version(ref)
        return full_id if row is None else cite(row.document, row.version, unit)

    # --- clauses ------------------------------------------------------------------------------

    def _clauses(
        self, row: VersionRow, valid: Validity, paths: Mapping[str, tuple[str, ...]], start: int
    ) -> Iterator[Basis]:
        units = self._passages.units(row.ref)
        children: dict[str | None, list[StoredUnit]] = {}
        for u in units:
            children.setdefault(u.parent, []).append(u)
        label = (
            f"{valid.label}，{valid.in_force_label} 起施行"
            if row.version.in_force
            else (valid.label)
        )
        order = start
        for unit in units:
            if not unit.hit or not unit.display:
                continue
            below = tuple(_below(unit.id, children))
            conflicts = {
                u.id: found
                for u in (unit, *below)
                if (found := self._passages.conflicts(unit.ref, u.id))
            }
            rivals = tuple(_rivals((c for f in conflicts.values() for c in f), unit.full_id))
            yields = tuple(
                u for u, found in conflicts.items() if any(_yields(c, unit.full_id) for c in found)
            )
            others = "、".join(self._cited(r) for r in rivals)
            problem = figure_problem(unit, below)
            released = self._readings.releases(unit.full_id, unit.hash)
            if problem:
                how = self._readings.how(unit.full_id, unit.hash)
                problem = "" if released else f"{problem}。{how}"
            yield Basis(
                order=order,
                clause=unit,
                below=below,
                document=row.document,
                version=row.version,
                validity=label,
                path=paths.get(unit.id, ()),
                note=self._notes.get(unit.full_id),
                no_figures=problem,
                released=released,
                rivals=rivals,
                yields=yields,
                yields_to=f"与另一现行条款不一致（{others}），不以这一条出题" if yields else "",
            )
            order += 1

    def _clause_why_not(self, basis: Basis) -> str:
        unit = basis.clause
        if unit.errata and not basis.released:
            words = "、".join(dict.fromkeys(mark[2] for mark in unit.errata))
            how = self._readings.how(basis.id, unit.hash)
            return f"有勘误或疑误（{words}），核对原件之前不出题。{how}"
        if basis.clause.kind is UnitKind.PREAMBLE:
            return "是题注或前言"
        return basis.yields_to if unit.id in basis.yields else ""


def _below(unit: str, children: Mapping[str | None, Sequence[StoredUnit]]) -> Iterator[StoredUnit]:
    for child in children.get(unit, ()):
        yield child
        yield from _below(child.id, children)


def _inside(full_id: str, clause: str) -> bool:
    return full_id == clause or full_id.startswith((f"{clause}.", f"{clause}-"))


def _yields(conflict: Mapping[str, Any], own: str) -> bool:
    """Whether a clause is not the one to follow; a special rule leaves the general one standing,
    and every stem names its source."""
    return conflict["rule"] != _SPECIAL and not _inside(conflict["prevails"], own)


def _rivals(conflicts: Iterable[Mapping[str, Any]], own: str) -> Iterator[str]:
    seen: set[str] = set()
    for conflict in conflicts:
        for full_id in conflict["says"]:
            if not _inside(full_id, own) and full_id not in seen:
                seen.add(full_id)
                yield full_id


# --- second readings ------------------------------------------------------------------------------


def spoilt(basis: Basis, words: Iterable[str], spans: Iterable[tuple[int, int]]) -> bool:
    """Whether a question on a clause that was released still shows what nobody may ask: residue of
    a formula, or a slip that an erratum marks in the text (its words never change)."""
    if not basis.released:
        return False
    slips = [(m[0], m[1]) for m in basis.clause.errata if m[4] == "confirmed"]
    return any(_RESIDUE.search(w) or _FORMULA.search(w) for w in words) or any(
        a < end and start < b for a, b in spans for start, end in slips
    )


# --- figures --------------------------------------------------------------------------------------


def sound_figure(q: Quantity, text: str) -> bool:
    """Whether a figure says all that it means: it has its unit, or needs none."""
    if q.unit and q.unit != ":":
        return True
    raw = text[q.start : q.end]
    return bool(_FRACTION.fullmatch(raw) or _DIMENSIONLESS.search(text[: q.start]))


def figure_problem(clause: StoredUnit, below: Sequence[StoredUnit]) -> str:
    """Why no question is made of a clause's figures; empty when they can be trusted.

    Slips of a converter show as a figure without unit, odd brackets, a sentence that does not end,
    or residue of a formula; each needs a second reading against the printed page.
    """
    text = clause.display
    if _RESIDUE.search(text) or _FORMULA.search(text):
        return "含公式或公式残留，数值题要先与原件核对"
    words = _LABEL.sub("", text)
    if any(words.count(p[0]) != words.count(p[1]) for p in _PAIRS):
        return "括号或引号不成对，可能缺字，数值题要先与原件核对"
    leaves = {u.parent for u in below}
    for unit in (clause, *below):
        if unit.id in leaves or unit.kind is UnitKind.TABLE or not unit.display:
            continue
        last = unit.display.rstrip().splitlines()[-1]
        if "|" not in last and last[-1] not in _END and find(unit.display):
            return "有句子没有结尾，可能断在换页处，数值题要先与原件核对"
    plain = "\n".join(x for x in text.splitlines() if "|" not in x)
    for q in find(plain):
        if not q.cell and not sound_figure(q, plain):
            return f"有没有单位的数值（{plain[q.start : q.end]}），数值题要先与原件核对"
    return ""
