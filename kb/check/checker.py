"""The check of files of cards: reads, judges every reference, compares every sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from kb.cards.model import Draft
from kb.check.cited import Cited, References
from kb.check.classes import EDITION, OldClasses
from kb.check.compare import Clause, Comparer
from kb.check.gaps import gaps
from kb.check.higher import Higher
from kb.check.judge import Judge, Verdict
from kb.check.limits import Relation
from kb.check.locate import Locator
from kb.check.model import CardFile, FileReport, Finding, Place
from kb.check.moved import Moved
from kb.check.reading import card_file
from kb.check.shelf import Shelf
from kb.check.statements import Statement, distinct, posts_of, statements
from kb.errors import SourceError
from kb.terms import Terms

__all__ = ["Checker"]

MISFIT = 0.4
"""Below this fit the words beside a reference are hardly those of the clause."""


class Checker:
    """Checks files against one shelf; keep it for many files."""

    def __init__(self, shelf: Shelf, terms: Terms) -> None:
        self.shelf = shelf
        self._names = dict(terms.post_names)
        self._judge = Judge(shelf)
        self._comparer = Comparer(shelf)
        self._moved = Moved(shelf, self._comparer)
        self._locator = Locator(shelf, self._comparer)
        self._higher = Higher(shelf)
        edition = shelf.documents.get(EDITION)
        start = edition.versions[-1].in_force if edition and edition.versions else None
        self._classes = OldClasses(terms, start, shelf.as_of)

    def check(self, path: Path, wanted: Draft | None = None) -> FileReport:
        """The report of one file; one that cannot be read has its `error`."""
        try:
            file = card_file(path)
        except SourceError as e:
            return FileReport(str(path), error=str(e))
        return self.check_card(file, wanted)

    def check_card(self, file: CardFile, wanted: Draft | None = None) -> FileReport:
        """The report of a file that was read already.

        Args:
            wanted: the draft of a post; what can kill there and is not in the file is reported.
        """
        return _Run(self, file).report(wanted)


class _Run:
    """One file on its way to its report."""

    def __init__(self, checker: Checker, file: CardFile) -> None:
        self._c = checker
        self._shelf = checker.shelf
        self._file = file
        self._findings: list[Finding] = []
        self._checked = 0
        self._cited: set[Clause] = set()
        self._said: list[Statement] = []
        self._posts = posts_of(file, checker._names)

    def report(self, wanted: Draft | None) -> FileReport:
        """Everything found in the file."""
        references = References(self._file, self._shelf)
        for number, row in enumerate(self._file.rows):
            cited = references.of(number)
            whose = self._posts[number]
            said = statements(number, row, cited, whose)
            self._said += said
            self._findings += self._c._classes.find(row, whose)
            self._row(cited, said, whose)
        if wanted is not None:
            self._gaps(wanted)
        return FileReport(
            self._file.path,
            list(_once(self._findings)),
            self._checked,
            distinct(self._posts),
            self._file.warnings,
        )

    # --- a row ----------------------------------------------------------------------------------

    def _row(self, cited: Sequence[Cited], said: Sequence[Statement], post: str) -> None:
        verdicts: dict[int, Verdict] = {}
        for c in cited:
            resting = [s for s in said if any(x is c for x in s.cites)]
            words = " ".join(s.text for s in resting)
            told = self._c._judge.verdict(c, words, post)
            verdict = self._followed(c, told, resting, words)
            verdicts[id(c)] = verdict
            if c.cell.merged and verdict.finding is told.finding:
                continue  # told where the cell begins; what the words of this row say is new
            if verdict.finding is not None:
                self._findings.append(verdict.finding)
            if verdict.finding is None or verdict.finding.kind != "not_checked":
                self._checked += 1
            self._see_also(c, verdict, words)
        for statement in said:
            self._statement(statement, [verdicts[id(c)] for c in statement.cites])

    def _followed(
        self, c: Cited, verdict: Verdict, said: Sequence[Statement], words: str
    ) -> Verdict:
        """The verdict once the words beside a reference were held against its clauses."""
        self._cited.update(verdict.clauses)
        sure = [s for s in said if s.sure]
        if verdict.finding is not None or not verdict.clauses or not sure:
            return verdict
        if not _as_basis(c):
            return verdict
        fits = [self._c._comparer.fit(s.text, verdict.clauses) for s in sure]
        fits.append(self._c._comparer.fit(words, verdict.clauses))
        if max(fits) >= MISFIT:
            return verdict
        others = [v for s in sure for v in s.cites if v is not c and v.units]
        if others and self._fits_others(sure, others):
            return verdict  # the words rest on another reference of the row
        found = self._c._moved.find(c, verdict, sure, max(fits))
        return verdict if found is None else found

    def _fits_others(self, said: Sequence[Statement], others: Sequence[Cited]) -> bool:
        clauses = [
            (o.ref, x) for o in others for u in o.units for x in self._shelf.clauses(o.ref, u)
        ]
        return any(self._c._comparer.fit(s.text, clauses) >= MISFIT for s in said)

    def _see_also(self, c: Cited, verdict: Verdict, words: str) -> None:
        for ref, unit in verdict.units[:1]:
            found = self._c._higher.instead_of(ref, unit, words, self._file.text)
            if found is None:
                continue
            where, part, why = found
            citation = self._shelf.cite(where, part)
            message = f"另见{citation}：{why}"
            post = self._posts[c.row]
            self._findings.append(
                Finding(
                    "see_also", c.cell.place, c.raw, f"{where}#{part}", message, citation,
                    c.start, c.end, post,
                )
            )  # fmt: skip

    # --- a sentence -----------------------------------------------------------------------------

    def _statement(self, said: Statement, verdicts: Sequence[Verdict]) -> None:
        clauses = list(dict.fromkeys(u for v in verdicts for u in v.units))
        within = tuple(dict.fromkeys(r for v in verdicts for r in v.within))
        if clauses:
            self._against(said, clauses)
        elif verdicts and not within:
            return  # its references could not be followed: told already
        else:
            self._unanchored(said, within or None)

    def _against(self, said: Statement, clauses: Sequence[Clause]) -> None:
        """A sentence against the clauses that it rests on."""
        comparer = self._c._comparer
        fit = comparer.fit(said.text, self._hits(clauses))
        if not said.sure and fit < MISFIT:
            self._unanchored(said, None)
            return
        self._checked += 1
        self._findings += comparer.quotes(said, clauses)
        compared = comparer.figures(said, clauses)
        self._findings += compared.findings
        for raw in compared.unsure:
            self._not_checked(said, raw, f"“{raw}”在所引条款里没有可比的、能确定对应的数值")

    def _hits(self, clauses: Iterable[Clause]) -> list[Clause]:
        return [(ref, x) for ref, unit in clauses for x in self._shelf.clauses(ref, unit)]

    def _unanchored(self, said: Statement, within: Sequence[str] | None) -> None:
        """A sentence without a clause: the one that it means is looked for, never guessed."""
        located = self._c._locator.find(said, within)
        if not located:
            self._not_checked(said, said.raw, "没有写依据，也没有找到足够接近的条款")
            return
        self._checked += 1
        relations = [self._c._comparer.relation(said, clause) for clause in located]
        doubtful = False
        for place, (figure, _) in enumerate(relations[0]):
            theirs = [r[place][1] for r in relations]
            if all(r is Relation.UNSURE for r in theirs):
                self._not_checked(said, figure.raw, f"“{figure.raw}”没有可比的数值")
            doubtful |= Relation.SAME not in theirs
        if doubtful:
            self._findings += self._located(said, located[0])

    def _located(self, said: Statement, clause: Clause) -> list[Finding]:
        """The figures against the clause that a sentence must mean, if nothing else agrees."""
        comparer = self._c._comparer
        hits = self._c._locator.sure(said, clause)
        agreed = {
            figure.quantity.start
            for hit in hits
            if comparer.fit(said.text, [hit]) >= MISFIT
            for figure, relation in comparer.relation(said, hit)
            if relation is Relation.SAME
        }
        told = comparer.figures(said, [clause]).findings if hits else ()
        return [
            f
            for f in told
            if not any(f.start - said.start <= at < f.end - said.start for at in agreed)
        ]

    def _not_checked(self, said: Statement, raw: str, why: str) -> None:
        start = said.raw.find(raw)
        at = said.start + max(start, 0)
        self._findings.append(
            Finding("not_checked", said.cell.place, raw, "", f"没有核对：{why}", "",
                    at, at + len(raw), said.post)
        )  # fmt: skip

    # --- the whole card -------------------------------------------------------------------------

    def _gaps(self, wanted: Draft) -> None:
        own = [s for s in self._said if s.post == wanted.post]
        said = [s.text for s in (own or self._said)]
        self._findings += gaps(self._shelf, wanted, said, self._cited)


_BRACKET = re.compile(r"[（(\[【〔][^（()）]{0,30}\Z")
_LEADS = re.compile(
    r"(?:依据|根据|按照?|依照|遵照|执行|符合|见|参照|引自|出自|来源)[：:\s]*\Z|(?:\A|[。；;\n])[\s\-*#>\d.、）)]*\Z"
)
_MENTIONS = re.compile(r"因|违反|有|属")  # 因某法第…条, where the name has no marks
_ENDS = re.compile(r"\s*(?:[）)\]】〕。；;\n]|\Z|规定|要求)")


def _as_basis(c: Cited) -> bool:
    """Whether a reference is what its sentence rests on, and no part of what it says.

    因某法第二十六条的情形，可以解除合同 names a clause that the sentence is not drawn from.
    """
    text = c.cell.text
    before = text[: c.start]
    if _MENTIONS.match(c.raw):
        return False
    return bool(_BRACKET.search(before) or _LEADS.search(before) or _ENDS.match(text, c.end))


def _once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Findings without repeats: a merged cell stands in several rows."""
    seen: set[tuple[str, Place, str, str, int]] = set()
    for f in findings:
        key = (f.kind, f.line, f.raw, f.id, f.start)
        if key not in seen:
            seen.add(key)
            yield f
