"""A sentence of a card against the clauses it rests on: the number, the words, the figures.

Which clause a sentence means is decided by its words. Where they fit the cited clause, words and
figures are compared with it; where they fit another clause of the document far better, that number
is proposed; where they fit none, the sentence is not checked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.check.fit import grams_of
from kb.check.limits import Figure, Relation, compared, figures_of, phrase, same_unit
from kb.check.model import Finding
from kb.check.quotes import Quote, contains, differs, quotes_in, turned
from kb.check.shelf import Shelf
from kb.check.statements import Statement
from kb.notes import Line
from kb.quantities import Bound

__all__ = ["Compared", "Comparer"]

Clause = tuple[str, str]
"""(version ref, unit id)."""

ENOUGH = 1.5
"""Rarity from which words tell a clause, in pairs that no clause has: three or four of them."""
_ANCHOR = 0.75
"""Share of pairs from which a sentence is taken for a line of our note on the clause."""
_SAME_LINE = 0.05
_TIE = 0.1
"""Figures whose surroundings fit within this of the best may be meant as well."""
_LEAST = 0.22
_BESIDE = 5  # characters between a quotation and its reference
_DRAWN = 0.5
"""Share of a quotation that a clause has: it was drawn from there."""
_BESIDE = 5  # characters between a quotation and its reference
_DRAWN = 0.5
"""Share of a quotation that a clause has: it was drawn from there."""
_BENEFIT = 0.6
"""A figure of the clause that agrees is taken to be meant from this share of the best on."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Findings of one sentence, and how many of its figures nothing could be compared with."""

    findings: tuple[Finding, ...] = ()
    unsure: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Rule:
    """A figure of a clause, and how near its surroundings are to those of the card's figure.

    `anchored` figures are told by the line of our note that the sentence is drawn from.
    """

    figure: Figure
    clause: Clause
    score: float
    anchored: bool


class Comparer:
    """Compares sentences with clauses of one shelf."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def fit(self, words: str, clauses: Sequence[Clause]) -> float:
        """How well words fit the best of some clauses."""
        return self._shelf.fits.of(words, clauses)

    def tells(self, words: str) -> bool:
        """Whether words are enough to tell a clause by."""
        return self._shelf.fits.weight(words) >= ENOUGH * self._shelf.fits.rarest

    # --- words ----------------------------------------------------------------------------------

    def quotes(self, said: Statement, clauses: Sequence[Clause]) -> Iterator[Finding]:
        """Quotations that do not stand in any of the clauses, and near copies that were turned."""
        texts = [t for c in clauses for t in self._shelf.readings(*c)]
        if not texts:
            return
        for quote in quotes_in(said.raw):
            if contains(quote.text, texts):
                continue
            claimed = quote.said or quote.alone or _beside_reference(said, quote)
            best = max((differs(quote.text, t) for t in texts), key=lambda x: x[1])
            if not claimed or (not quote.said and best[1] < _DRAWN):
                continue  # words of others between marks
            yield self._quote(said, quote.start, quote.end, clauses, best)
        if not any(True for _ in quotes_in(said.raw)):
            here, there = turned(said.text, texts)
            if here:
                message = f"意思与{self._name(clauses)}相反或变弱：这里是“{here}”，原文是“{there}”"
                yield self._finding(
                    "quote_differs", said, 0, len(said.raw), clauses[0], message, f"改回“{there}”"
                )

    def _quote(
        self,
        said: Statement,
        start: int,
        end: int,
        clauses: Sequence[Clause],
        best: tuple[str, float],
    ) -> Finding:
        words = said.raw[start:end]
        elsewhere = self._holder(words, clauses)
        if elsewhere is not None:
            message = f"这句话不在{self._name(clauses)}，在{self._shelf.cite(*elsewhere)}"
            return self._finding(
                "quote_differs", said, start, end, elsewhere, message, self._shelf.cite(*elsewhere)
            )
        if best[0] and best[1] >= _DRAWN:
            message = f"引文与{self._name(clauses)}的原文不符"
            return self._finding(
                "quote_differs", said, start, end, clauses[0], message, f"“{best[0]}”"
            )
        message = f"{self._name(clauses)}里没有这句话"
        return self._finding("quote_differs", said, start, end, clauses[0], message, "")

    def _holder(self, words: str, clauses: Sequence[Clause]) -> Clause | None:
        """The clause of the same documents that has a quotation word for word."""
        refs = list(dict.fromkeys(ref for ref, _ in clauses))
        for ref, clause, _ in self._shelf.nearest(words, refs, 5):
            if contains(words, self._shelf.readings(ref, clause)):
                return ref, clause
        return None

    def _name(self, clauses: Sequence[Clause]) -> str:
        return self._shelf.cite(*clauses[0])

    # --- figures --------------------------------------------------------------------------------

    def figures(self, said: Statement, clauses: Sequence[Clause]) -> Compared:
        """The figures of a sentence against those of the clauses that it rests on."""
        findings: list[Finding] = []
        unsure: list[str] = []
        for card in figures_of(said.text):
            if card.loose:
                continue
            relation, rule = self._best(card, said.text, clauses)
            if relation is Relation.UNSURE:
                unsure.append(card.raw)
            elif rule is not None and relation is not Relation.SAME:
                findings.append(self._figure(said, card, rule, relation))
        return Compared(tuple(findings), tuple(unsure))

    def relation(self, said: Statement, clause: Clause) -> list[tuple[Figure, Relation]]:
        """How each figure of a sentence stands to one clause."""
        return [
            (card, self._best(card, said.text, [clause])[0])
            for card in figures_of(said.text)
            if not card.loose
        ]

    def _best(
        self, card: Figure, words: str, clauses: Sequence[Clause]
    ) -> tuple[Relation, _Rule | None]:
        """The rule's figure that the card's means, and how the two stand to each other."""
        rules = [r for c in clauses for r in self._rules(card, words, c)]
        if not rules:
            return Relation.UNSURE, None
        rules.sort(key=lambda r: -r.score)
        for rule in rules:
            # of several figures one that agrees is taken to be meant: a list of limits by depth or
            # gauge says for which of them a card speaks in ways that words alone do not tell
            if compared(card, rule.figure) is Relation.SAME:
                return Relation.SAME, rule
        top = rules[0]
        alone = len({(r.figure.quantity.key, r.figure.quantity.bound) for r in rules}) == 1
        if not top.anchored and ((top.score < _LEAST and not alone) or top.figure.quantity.cell):
            return Relation.UNSURE, None
        near = [r for r in rules if r.score >= top.score - _TIE]
        relations = {compared(card, r.figure): r for r in reversed(near)}
        if len(relations) == 1:
            return next(iter(relations.items()))
        if set(relations) <= {Relation.LAXER, Relation.OTHER}:
            return compared(card, top.figure), top
        return Relation.UNSURE, None

    def _rules(self, card: Figure, words: str, clause: Clause) -> Iterator[_Rule]:
        """The figures of a clause that the card's may mean."""
        anchored = self._anchored(card, words, clause)
        for reading in self._shelf.readings(*clause):
            lead = grams_of(reading.partition("：")[0]) if "：" in reading else frozenset()
            for rule in same_unit(card, figures_of(reading)):
                if anchored and rule.quantity.key not in {a.quantity.key for a in anchored}:
                    continue
                score = 1.0 if anchored else self._score(card, rule, lead)
                yield _Rule(rule, clause, score, bool(anchored))

    def _score(self, card: Figure, rule: Figure, lead: frozenset[str]) -> float:
        near, sentence = grams_of(card.near), grams_of(card.sentence)
        their_near, theirs = grams_of(rule.near), grams_of(rule.sentence) | lead
        score = 0.5 * self._share(near, their_near | lead) + 0.3 * self._share(sentence, theirs)
        a, b = card.quantity, rule.quantity
        score += 0.15 * bool(a.name and b.name) + 0.05 * (a.bound is b.bound)
        return score

    def _share(self, some: frozenset[str], among: frozenset[str]) -> float:
        whole = self._shelf.fits.rarity(some)
        return self._shelf.fits.rarity(some & among) / whole if whole else 0.0

    def _anchored(self, card: Figure, words: str, clause: Clause) -> list[Figure]:
        """The figures at the same place of the lines of our note that a sentence is drawn from.

        Of lines that differ in their figures only, those with the sentence's other figures count:
        in 3 kV～10 kV，不小于 2 m the voltage tells which distance is meant.
        """
        mine = [f for f in figures_of(words) if not f.loose]
        place = mine.index(card) if card in mine else -1
        found: list[tuple[int, Figure]] = []
        for line in self._lines(words, clause):
            ours = [f for f in figures_of(line.text) if not f.loose]
            if len(ours) != len(mine) or place < 0 or not list(same_unit(card, (ours[place],))):
                continue
            alike = sum(
                a.quantity.key == b.quantity.key
                for i, (a, b) in enumerate(zip(mine, ours, strict=True))
                if i != place
            )
            found.append((alike, ours[place]))
        conditional = card.trigger or card.quantity.bound is Bound.RANGE
        own = [f for _, f in found if f.quantity.key == card.quantity.key]
        if conditional and own:
            return own  # it tells which line is meant, and is no limit itself
        most = max((alike for alike, _ in found), default=0)
        return [figure for alike, figure in found if alike == most]

    def _lines(self, words: str, clause: Clause) -> list[Line]:
        """The lines of our note that a sentence is nearly one of, figures apart."""
        ref, unit = clause
        mine = grams_of(words)
        found: list[tuple[float, Line]] = []
        for hit in self._shelf.clauses(ref, unit)[:1]:
            note = self._shelf.note(ref, hit)
            for line in note.lines if note is not None else ():
                theirs = grams_of(line.text)
                alike = 2 * len(mine & theirs) / max(1, len(mine) + len(theirs))
                if alike >= _ANCHOR:
                    found.append((alike, line))
        best = max((alike for alike, _ in found), default=0.0)
        return [line for alike, line in found if alike >= best - _SAME_LINE]

    # --- findings -------------------------------------------------------------------------------

    def _figure(self, said: Statement, card: Figure, rule: _Rule, relation: Relation) -> Finding:
        start, end = phrase(card)
        low, high = phrase(rule.figure)
        theirs = rule.figure.text[low:high].strip()
        clause = self._shelf.cite(*rule.clause)
        mine = said.text[start:end].strip()
        if relation is Relation.STRICTER:
            message = f"严于规定：{clause}是“{theirs}”，这里是“{mine}”（不必改）"
            return self._finding("stricter", said, start, end, rule.clause, message, "")
        how = "松于规定" if relation is Relation.LAXER else "与规定不同"
        message = f"{how}：{clause}是“{theirs}”，这里是“{mine}”"
        return self._finding("figure_contradicts", said, start, end, rule.clause, message, theirs)

    def _finding(
        self,
        kind: str,
        said: Statement,
        start: int,
        end: int,
        clause: Clause,
        message: str,
        suggestion: str,
    ) -> Finding:
        ref, unit = clause
        return Finding(
            kind,
            said.cell.place,
            said.raw[start:end],
            f"{ref}#{unit}",
            message,
            suggestion,
            said.start + start,
            said.start + end,
            said.post,
        )


def _beside_reference(said: Statement, quote: Quote) -> bool:
    """“…”（《…》第三条）, 《…》第三条“…”: a reference directly before or behind a quotation."""
    start, end = said.start + quote.start, said.start + quote.end
    own = [c for c in said.cites if c.cell.start == said.cell.start]
    return any(0 <= start - c.end <= _BESIDE or 0 <= c.start - end <= _BESIDE for c in own)
