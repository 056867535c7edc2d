"""Checks of notes against the text they were written on, the vocabularies and each other.

Errors are what must not reach a card: a figure that the clause lacks or that differs in bound,
value or unit, a clause that is gone, a copied run, a question set's own words. Warnings are for the
reviewer's eyes. What could not be checked because its text is not loaded is counted, never passed
over in silence.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kb.conflicts import Conflict, conflict_problems
from kb.errors import SourceError, UsageError
from kb.figures import covers
from kb.fold import fold_text
from kb.ids import parse_ref
from kb.model import UnitKind
from kb.nocopy import shared_runs
from kb.notes import Line, Note, scan_notes
from kb.requirements import Requirements, requirement_problems
from kb.staleness import Staleness, figure_findings, staleness
from kb.store import Passages, StoredUnit
from kb.terms import Terms

__all__ = [
    "Finding",
    "NotesReport",
    "Staleness",
    "check_notes",
    "question_files",
    "read_note_files",
]

LONGEST_LINE = 30
FULL_LAY, GIST_LAY = (6, 10), 3
NEAREST = 0.6
"""Character-bigram Jaccard similarity to a question above which a lay phrase is its copy."""

CARDS = ("risk", "duty", "operation", "emergency")
PHASES = ("before", "during", "after", "never", None)
BEARERS = ("worker", "foreman", "firm", "designer", "authority")
MUSTS = ("must", "must-not", "may")
_COUNTS = {"posts": (1, 5), "activities": (0, 4), "accidents": (0, 4), "hazards": (0, 4)}
_LABEL = re.compile(r"[a-z]{1,3}\d{1,3}[a-z]?\Z")  # n01, r02
_REPORTS = re.compile("报|通知|告知")
_FORBIDS = re.compile("不|禁|严|勿|别|未|无|非|免|防止|避免|停止|只|仅|除")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend (`error`) or to look at (`warning`), with where it stands."""

    severity: str
    kind: str
    id: str
    message: str
    file: str = ""
    line: int = 0

    def to_json(self) -> dict[str, Any]:
        """For `--format json`."""
        return {
            "severity": self.severity,
            "kind": self.kind,
            "id": self.id,
            "message": self.message,
            "file": self.file,
            "line": self.line,
        }


@dataclass
class NotesReport:
    """All findings; `staleness` counts notes by what became of their text."""

    notes: int = 0
    lines: int = 0
    staleness: Counter[str] = field(default_factory=Counter)
    questions: int = 0
    sources: int = 0
    conflicts: int = 0
    requirements: int = 0
    requirements_not_checked: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return sum(f.severity == "error" for f in self.findings)

    def add_conflicts(self, conflicts: Mapping[str, Conflict], passages: Passages) -> None:
        """Check the conflicts too."""
        self.conflicts = len(conflicts)
        for message in conflict_problems(conflicts, passages):
            self.findings.append(Finding("error", "conflict", "", message, "conflicts.toml"))

    def add_requirements(self, requirements: Requirements, passages: Passages) -> None:
        """Check the requirements of notices too; those whose notice is not loaded are counted."""
        self.requirements = len(requirements.entries)
        self.requirements_not_checked = sum(
            r.notice not in passages.texts for r in requirements.entries.values()
        )
        for message in requirement_problems(requirements, passages):
            self.findings.append(Finding("error", "requirement", "", message, "requirements.toml"))

    def to_json(self) -> dict[str, Any]:
        """For `--format json`."""
        return {
            "notes": self.notes,
            "lines": self.lines,
            "not_checked": self.staleness[Staleness.UNKNOWN],
            "staleness": {k: self.staleness[k] for k in Staleness.ALL},
            "questions": self.questions,
            "sources": self.sources,
            "conflicts": self.conflicts,
            "requirements": self.requirements,
            "requirements_not_checked": self.requirements_not_checked,
            "errors": self.errors,
            "warnings": len(self.findings) - self.errors,
            "kinds": dict(sorted(Counter(f.kind for f in self.findings).items())),
            "findings": [f.to_json() for f in self.findings],
        }


@dataclass(frozen=True, slots=True)
class _Placed:
    """A note with where it was read."""

    note: Note
    file: str
    line: int

    def finding(self, severity: str, kind: str, message: str) -> Finding:
        return Finding(severity, kind, self.note.id, message, self.file, self.line)


def read_note_files(places: Iterable[Path]) -> list[Path]:
    """The note files of folders (every *.jsonl), of single files, and of patterns (out*.jsonl).

    Raises:
        UsageError: a place holds no note file.
    """
    out: list[Path] = []
    for place in places:
        if place.is_dir():
            found = sorted(place.glob("*.jsonl"))
        elif place.is_file():
            found = [place]
        else:
            found = sorted(place.parent.glob(place.name)) if "*" in place.name else []
        if not found:
            raise UsageError(f"{place} 里没有注释文件（*.jsonl）。请检查 --notes 的路径")
        out += [f for f in found if f not in out]
    return out


def question_files(folders: Iterable[Path]) -> list[Path]:
    """The question sets (*.jsonl) in these folders, as far as they exist."""
    return [f for folder in folders if folder.is_dir() for f in sorted(folder.glob("*.jsonl"))]


def check_notes(
    files: Sequence[Path],
    terms: Terms,
    passages: Passages | None = None,
    questions: Iterable[Path] = (),
) -> NotesReport:
    """Check every note of these files.

    Args:
        passages: the built index; without it no text is compared (all notes count as not checked).
        questions: question sets that no lay phrase may come near.
    """
    report = NotesReport()
    placed = list(_read(files, report))
    report.notes = len(placed)
    report.lines = sum(len(p.note.lines) for p in placed)
    for p in placed:
        report.findings += _form(p, terms)
        state, findings = _against_text(p, passages)
        report.staleness[state] += 1
        report.findings += findings
    report.findings += _across(placed)
    report.findings += _near_questions(placed, list(questions), report)
    if passages is not None:
        report.findings += _copied(placed, passages, report)
    report.findings.sort(key=lambda f: (f.file, f.line, f.severity, f.kind, f.message))
    return report


def _read(files: Iterable[Path], report: NotesReport) -> Iterator[_Placed]:
    seen: dict[str, str] = {}
    for path in files:
        for number, note in scan_notes(path):
            if isinstance(note, SourceError):
                report.findings.append(Finding("error", "format", "", str(note), path.name, number))
                continue
            placed = _Placed(note, path.name, number)
            if note.id in seen:
                report.findings.append(
                    placed.finding("error", "duplicate-id", f"{seen[note.id]} 已有这一条的要点")
                )
                continue
            seen[note.id] = f"{path.name} 第 {number} 行"
            yield placed


# --- form ---------------------------------------------------------------------------------------


def _form(p: _Placed, terms: Terms) -> Iterator[Finding]:
    note = p.note

    def error(kind: str, message: str) -> Finding:
        return p.finding("error", kind, message)

    if not note.gist.strip():
        yield error("empty", "gist 是空的")
    yield from _lay_count(p)
    for phrase in note.lay:
        if not 2 <= len(phrase) <= 30:
            yield p.finding("warning", "lay-length", f"lay 宜为 4–25 字：{phrase}")
    closed: tuple[tuple[str, tuple[str, ...], Mapping[str, object]], ...] = (
        ("posts", note.posts, terms.posts),
        ("activities", note.activities, terms.activities),
        ("accidents", note.accidents, terms.accidents),
        ("hazards", note.hazards, terms.hazards),
    )
    for key, words, known in closed:
        low, high = _COUNTS[key]
        if not low <= len(words) <= high or len(set(words)) != len(words):
            yield error("count", f"{key} 应为 {low}–{high} 个且不重复，现有 {len(words)} 个")
        for word in words:
            if word not in known:
                yield error("vocabulary", f"{key} 里没有这个词：{word}（见 corpus/terms/）")
    if note.severity not in (1, 2, 3):
        yield error("vocabulary", f"severity 应为 1、2、3，现为 {note.severity}")
    if note.who not in BEARERS:
        yield error("vocabulary", f"who 应为 {'、'.join(BEARERS)} 之一，现为 {note.who!r}")
    for line in note.lines:
        yield from _line_form(p, line, terms)
    yield from _labels(p)


def _lay_count(p: _Placed) -> Iterator[Finding]:
    """6–10 where the clause binds somebody; a penalty or the like has no lines and may have them.

    Scope, definitions and what binds only authorities have 3.
    """
    note, n = p.note, len(p.note.lay)
    full = FULL_LAY[0] <= n <= FULL_LAY[1]
    if not full and (note.lines or n != GIST_LAY):
        wanted = f"{FULL_LAY[0]}–{FULL_LAY[1]} 条"
        if not note.lines:
            wanted += f"（只写 gist 的 {GIST_LAY} 条）"
        yield p.finding("error", "lay-count", f"lay 应有 {wanted}，现有 {n} 条")
    elif full and not (note.lines or note.penalty or note.left_out):
        yield p.finding("warning", "no-lines", "没有 lines，也没有 penalty 或 left_out 说明原因")


def _line_form(p: _Placed, line: Line, terms: Terms) -> Iterator[Finding]:
    where = f"{line.unit} “{line.text}”"

    def error(kind: str, message: str) -> Finding:
        return p.finding("error", kind, f"{where}：{message}")

    if not line.text.strip():
        yield error("empty", "text 是空的")
    if len(line.text) > LONGEST_LINE:
        yield error("line-length", f"{len(line.text)} 字，超过 {LONGEST_LINE} 字")
    for key, value, allowed in (
        ("card", line.card, CARDS),
        ("phase", line.phase, PHASES),
        ("who", line.who, BEARERS),
        ("must", line.must, MUSTS),
    ):
        if value not in allowed:
            yield error("vocabulary", f"{key} 不能是 {value!r}")
    if line.hazard is not None and line.hazard not in terms.hazards:
        yield error("vocabulary", f"hazard 里没有这个词：{line.hazard}")
    if line.accident is not None and line.accident not in terms.accidents:
        yield error("vocabulary", f"没有事故类型 {line.accident}")
    if line.must == "must-not" and not _FORBIDS.search(line.text):
        yield p.finding("warning", "polarity", f"{where}：must-not，但文字里没有“不、禁”一类的词")
    if line.phase == "never" and line.must == "must":
        yield p.finding("warning", "polarity", f"{where}：phase 是 never，must 却是 must")


def _labels(p: _Placed) -> Iterator[Finding]:
    author, reviewer = p.note.author, p.note.reviewer
    for key, label in (("author", author), ("reviewer", reviewer)):
        if label and not _LABEL.match(label):
            yield p.finding("error", "label", f"{key} 应为批次代号（如 n01），现为 {label!r}")
    if not author:
        yield p.finding("error", "label", "缺 author（批次代号）")
    if author and author == reviewer:
        yield p.finding("error", "label", f"author 与 reviewer 相同（{author}），应由另一批复核")
    if not reviewer:
        yield p.finding("warning", "unreviewed", "还没有复核（reviewer 为空）")


# --- against the text ---------------------------------------------------------------------------


def _against_text(p: _Placed, passages: Passages | None) -> tuple[str, list[Finding]]:
    note = p.note
    if passages is None:
        return Staleness.UNKNOWN, []
    ref = parse_ref(note.id)
    if passages.version(note.ref) is None:
        known = "版本" if ref.doc in passages.documents else "文件"
        message = f"目录里没有这个{known}：{note.ref}"
        return Staleness.MISSING, [p.finding("error", "unknown-id", message)]
    if note.ref not in passages.texts:
        return Staleness.UNKNOWN, []
    unit = passages.unit(note.ref, note.clause)
    if unit is None or not unit.hit:
        message = f"原文里没有条款 {note.clause}（或它不是独立条款）"
        return Staleness.MISSING, [p.finding("error", "stale-missing", message)]
    below = {u.id: u for u in passages.below(note.ref, note.clause)} | {unit.id: unit}
    figures = [p.finding(*f) for f in figure_findings(note, unit, below)]
    findings = [*figures, *_units(p, unit, below), *_penalty(p, passages)]
    state = staleness(note, passages)
    if state == Staleness.SAME:
        return state, findings
    if state == Staleness.FIGURES:
        message = f"原文的数值与要点不同（要点写时的原文 {note.hash}，现在 {unit.hash}），已停用"
        return state, [*findings, p.finding("error", "stale-figures", message)]
    message = f"原文文字有变、数值未变（要点写时的原文 {note.hash}，现在 {unit.hash}），请重看"
    return state, [*findings, p.finding("warning", "stale-wording", message)]


def _units(p: _Placed, clause: StoredUnit, below: Mapping[str, StoredUnit]) -> Iterator[Finding]:
    note = p.note
    for line in note.lines:
        if line.unit not in below:
            yield p.finding("error", "unit", f"“{line.text}”：{clause.id} 里没有 {line.unit}")
        if line.report_to and not _REPORTS.search(clause.display):
            yield p.finding("warning", "report-to", f"原文没有“报告”，却写了 {line.report_to}")
    if not note.lines:
        return
    with_lines = {line.unit for line in note.lines}
    for unit in below.values():
        if unit.kind not in (UnitKind.ITEM, UnitKind.POINT) or unit.id in with_lines:
            continue
        inner = [u for u in below.values() if u.id.startswith(f"{unit.id}.")]
        if any(u.id in with_lines for u in inner):
            continue
        if not covers(note.left_out, unit.id, clause.id, unit.label):
            short = unit.display.replace("\n", " ")[:12]
            yield p.finding("warning", "item", f"{unit.id}（{short}…）没有行，left_out 也没有说明")


def _penalty(p: _Placed, passages: Passages) -> Iterator[Finding]:
    for target in p.note.penalty:
        ref, _, clause = target.rpartition("#")
        ref = ref or p.note.ref
        if "@" not in ref:
            ref = next((r for r in passages.texts if r.startswith(f"{ref}@")), ref)
        if ref in passages.texts and passages.unit(ref, clause) is None:
            yield p.finding("error", "penalty", f"penalty 里的 {target} 不存在")


# --- across notes and sources -------------------------------------------------------------------

_NOT_WORD = re.compile(r"[\W_]+")


def _bare(text: str) -> str:
    return _NOT_WORD.sub("", fold_text(text))


def _across(placed: Sequence[_Placed]) -> Iterator[Finding]:
    phrases: dict[str, str] = {}
    lines: dict[str, list[tuple[_Placed, Line]]] = defaultdict(list)
    for p in placed:
        for phrase in p.note.lay:
            key = _bare(phrase)
            if key in phrases:
                where = "本条" if phrases[key] == p.note.id else phrases[key]
                yield p.finding("error", "lay-duplicate", f"lay “{phrase}” 与{where}的重复")
            phrases.setdefault(key, p.note.id)
        for line in p.note.lines:
            lines[_bare(line.text)].append((p, line))
    for same in lines.values():
        first, line = same[0]
        for other, again in same[1:]:
            posts = set(first.note.posts) & set(other.note.posts)
            if line.card != again.card and (posts or first is other):
                yield other.finding(
                    "error",
                    "two-cards",
                    f"“{again.text}” 同时在 {again.card} 和 {line.card} 两张卡上"
                    f"（另一处 {first.note.id}）",
                )
            elif first is other:
                yield other.finding("warning", "line-duplicate", f"“{again.text}” 在本条出现两次")


def _bigrams(text: str) -> frozenset[str]:
    bare = _bare(text)
    return frozenset(bare[i : i + 2] for i in range(len(bare) - 1)) or frozenset({bare})


def _near_questions(
    placed: Sequence[_Placed], files: Sequence[Path], report: NotesReport
) -> Iterator[Finding]:
    """Lay phrases that a question set has; messages give the question's id, never its words."""
    names: list[str] = []
    sizes: list[int] = []
    where: dict[str, list[int]] = defaultdict(list)
    for path in files:
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                text = row.get("query") or row.get("question") or ""
            except (ValueError, AttributeError):
                continue
            grams = _bigrams(str(text))
            for gram in grams:
                where[gram].append(len(names))
            names.append(f"{path.name} {row.get('qid') or row.get('id') or f'第 {number} 行'}")
            sizes.append(len(grams))
    report.questions = len(names)
    for p in placed:
        for phrase in p.note.lay:
            grams = _bigrams(phrase)
            shared = Counter(q for gram in grams for q in where.get(gram, ()))
            near = [
                names[q] for q, n in shared.items() if n / (len(grams) + sizes[q] - n) > NEAREST
            ]
            if near:
                yield p.finding(
                    "error",
                    "near-question",
                    f"lay “{phrase}” 与题目 {near[0]} 太像（二元字组重合 > {NEAREST}），请换说法",
                )


def _copied(
    placed: Sequence[_Placed], passages: Passages, report: NotesReport
) -> Iterator[Finding]:
    by_id = {p.note.id: p for p in placed}
    files: list[tuple[str, str]] = []
    for p in placed:
        n = p.note
        words = [n.gist, *n.lay, *n.left_out]
        words += [w for x in n.lines for w in (x.text, x.report_to, x.every) if w]
        files += ((n.id, w) for w in words)
    titles = [t for d in passages.documents.values() for t in (d.title, *d.aliases) if len(t) > 5]
    sources = [(c.ref + "#" + c.id, _display(passages, c.ref, c.id)) for c in passages.clauses()]
    report.sources = len(sources)
    for run in shared_runs(files, sources, titles):
        yield by_id[run.file].finding("error", "copied", f"与 {run.source} 有 28 字以上相同")


def _display(passages: Passages, ref: str, clause: str) -> str:
    unit = passages.unit(ref, clause)
    return unit.display if unit is not None else ""
