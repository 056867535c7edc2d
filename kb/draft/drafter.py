"""`Drafter`: from the notes in force to the four suggested cards of a post."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from kb.cards.model import CARDS, Basis, CardLine, Draft, Firm, LeftOut, Missing
from kb.catalog.regions import applies_in, full_region
from kb.cite_text import cite
from kb.coverage import Coverage, Owned, coverage, missing_standards
from kb.draft.industries import Industries
from kb.draft.merge import merged
from kb.draft.select import EVERYBODY, Picked, Picker, by_deadliness
from kb.errors import UsageError
from kb.model import Document, Status, Version
from kb.notes import Note
from kb.posts import INDUSTRIES, Post, Posts, Question
from kb.quantities import find
from kb.store import Passages
from kb.terms import Terms
from kb.validity import validity

__all__ = ["LENGTHS", "SHORT", "Drafter", "covered"]

LENGTHS = ("short", "full")
SHORT: Mapping[str, int] = {"risk": 8, "duty": 8, "operation": 12, "emergency": 6}
"""Lines of a card at `--length short`; of the emergency card, for each accident type."""
SHORT_TEXT = 20  # characters
SHARED = 0.3
"""Share of a post's lines that may be everybody's."""

_PENALTIES = re.compile(r"法律责任|罚\s*则|法律后果")
_RESCUE = "盲目施救"
_CLASSIFICATION = "gb-6441-2025"  # accident names follow it from the day it is in force
_IN_FORCE = (Status.IN_FORCE, Status.AMENDED)
_PHASES = {"before": 0, "during": 1, "after": 2, "never": 3, None: 1}
# a fine or the deadline of somebody else's report is nothing for a worker's card
_OTHERS = re.compile(
    r"罚|元以|万元|[0-9一二两]+ *(?:个)?小时内?.{0,6}报|报.{0,8}[0-9一二两]+ *小时"
)


@dataclass(frozen=True, slots=True)
class _InForce:
    """A note that may feed cards on a day, with its document and version."""

    note: Note
    document: Document
    version: Version
    status: Status


class Drafter:
    """Drafts cards from one index on one day; keep it for many posts."""

    def __init__(
        self,
        passages: Passages,
        posts: Posts,
        terms: Terms,
        industries: Industries,
        as_of: date,
        skeletons: Mapping[str, Sequence[CardLine]] | None = None,
    ) -> None:
        """Read the notes once.

        Args:
            skeletons: lines of the reviewed skeletons by accident code.
        """
        self._passages = passages
        self._posts = posts
        self._terms = terms
        self._industries = industries
        self._as_of = as_of
        self._skeletons = skeletons or {}
        self._picker = Picker(posts.posts.values())
        self._notes = {x.note.id: x for x in self._in_force()}
        self._order = {note_id: place for place, note_id in enumerate(self._notes)}

    def _in_force(self) -> Iterable[_InForce]:
        rows: dict[str, _InForce | None] = {}
        documents = self._passages.documents
        for note in self._passages.notes():
            if note.ref not in rows:
                row = self._passages.version(note.ref)
                status = None
                if row is not None:
                    status = validity(row.version, row.document, self._as_of, documents).status
                rows[note.ref] = (
                    _InForce(note, row.document, row.version, status)
                    if row is not None and status in _IN_FORCE and status is not None
                    else None
                )
            found = rows[note.ref]
            if found is not None and not self._punishes(note):
                yield replace(found, note=note)

    def _punishes(self, note: Note) -> bool:
        """Whether a clause stands in a chapter of penalties: its duties stand elsewhere."""
        row = self._passages.clause_row(note.ref, note.clause)
        path = self._passages.clause(row).path if row is not None else ()
        return any(_PENALTIES.search(title) for title in path)

    def draft(
        self,
        post: Post,
        *,
        asked_for: str = "",
        industry: str = "",
        region: str = "",
        firm: Firm | None = None,
        answers: Mapping[str, bool] | None = None,
        length: str = "full",
    ) -> Draft:
        """The suggested cards of one post.

        Raises:
            UsageError: an industry, region, question or length that there is not.
        """
        firm = firm or Firm()
        given = {**firm.answers, **(answers or {})}
        chosen = self._industry(industry or firm.industry, post)
        where = self._region(region or firm.region)
        self._check(given, length)
        questions = [self._posts.questions[q] for q in post.questions]
        left: list[LeftOut] = []
        lines: list[CardLine] = []
        everybody: list[CardLine] = []
        for picked in self._picked(post, chosen, where):
            unit = f"{picked.note.ref}#{picked.line.unit}"
            why, condition = picked.reason, ""
            if not why:
                asked = questions if picked.own else list(self._posts.questions.values())
                why, condition = self._answered(picked, asked, given)
            if condition and not picked.own:
                continue  # what only some sites have is nobody's general duty
            remark = ""
            if not why:
                why, remark = self._conflict(picked, chosen)
            if why:
                if picked.own:
                    left.append(LeftOut(unit, picked.line.text, why))
                continue
            (lines if picked.own else everybody).append(self._line(picked, condition, remark))
        if post.name in firm.posts:
            lines += firm.posts[post.name].lines
        cards, firms = self._cards(post, lines, everybody, left)
        if length == "short":
            cards = _short(cards, left)
        own = self.owned(post)
        return Draft(
            post=post.name,
            asked_for=asked_for or post.name,
            industry="、".join(chosen),
            region=where,
            as_of=self._as_of.isoformat(),
            cards=cards,
            firm=firms,
            full=own.full,
            lacks=own.lacks,
            missing=self._missing(post),
            left_out=tuple(left),
            asked=tuple((q.name, q.ask) for q in questions if q.name not in given),
            accidents=self._accidents(post, cards),
            length=length,
        )

    # --- what is asked for --------------------------------------------------------------------

    @staticmethod
    def _industry(industry: str, post: Post) -> tuple[str, ...]:
        if not industry:
            return post.industries
        if industry not in INDUSTRIES:
            raise UsageError(f"没有这个行业：{industry!r}。可用：{'、'.join(INDUSTRIES)}")
        return (industry,)

    def _region(self, region: str) -> str:
        known = (d.region for d in self._passages.documents.values())
        return full_region(region, known) if region else ""

    def _check(self, given: Mapping[str, bool], length: str) -> None:
        for name in given:
            if name not in self._posts.questions:
                known = "、".join(self._posts.questions)
                raise UsageError(f"没有这个问题：{name!r}。可用：{known}")
        if length not in LENGTHS:
            raise UsageError(f"没有这种长度：{length!r}。可用：{'、'.join(LENGTHS)}")

    def _picked(self, post: Post, industries: Sequence[str], region: str) -> list[Picked]:
        usable = [
            x.note
            for x in self._notes.values()
            if self._industries.serves(x.note.id, industries)
            and (not x.document.region or (region and applies_in(x.document.region, region)))
        ]
        picked = self._picker.pick(usable, post)
        mine: list[Picked] = []
        others: list[tuple[int, Picked]] = []
        for p in picked:
            if not self._industries.speaks_of(p.line.text, industries):
                continue
            place = self._industries.place_of(f"{p.note.ref}#{p.line.unit}", industries)
            everybodys = EVERYBODY in p.note.posts and place is not None and p.group == "do"
            if p.own and not everybodys:
                mine.append(p)
            elif not p.own and everybodys and not p.reason and place is not None:
                others.append((place, p))
        others.sort(key=lambda x: x[0])
        return [*by_deadliness(mine, post.accidents, self._order), *(p for _, p in others)]

    # --- why a line stays or goes -------------------------------------------------------------

    @staticmethod
    def _answered(
        picked: Picked, questions: Sequence[Question], given: Mapping[str, bool]
    ) -> tuple[str, str]:
        """(why it goes, the condition that is still open)."""
        open_questions = []
        for q in questions:
            if q.concerns(picked.note, picked.line):
                answer = given.get(q.name)
                if answer is False:
                    return f"本单位答“{q.name}”为否", ""
                if answer is None:
                    open_questions.append(q.name)
        return "", f"仅当{'、'.join(open_questions)}" if open_questions else ""

    def _conflict(self, picked: Picked, industries: Sequence[str]) -> tuple[str, str]:
        """(why it goes, the author's remark): one figure on a card, the one that prevails."""
        mine = {q.key for q in find(picked.line.text)}
        full = f"{picked.note.ref}#{picked.line.unit}"
        for conflict in self._passages.conflicts(picked.note.ref, picked.note.clause):
            here = {
                i: says
                for i, says in conflict["says"].items()
                if full == i or full.startswith(f"{i}.") or i.startswith(f"{full}.")
            }
            if not any(mine & {q.key for q in find(says)} for says in here.values()):
                continue
            remark = f"{conflict['subject']}：{conflict['differs']}；{conflict['rule']}"
            prevails = conflict["prevails"]
            if not prevails or prevails in here:
                return "", remark
            ref = prevails.partition("#")[0]
            other = next((x for x in self._notes.values() if x.note.ref == ref), None)
            if other is not None and self._industries.serves(prevails, industries):
                return f"另有规定（{conflict['rule']}）：按 {prevails}", ""
            return "", remark
        return "", ""

    # --- lines and cards ----------------------------------------------------------------------

    def _line(self, picked: Picked, condition: str, conflict: str) -> CardLine:
        note, line = picked.note, picked.line
        found = self._notes[note.id]
        current = found.status is Status.IN_FORCE
        basis = Basis(
            id=note.id,
            unit=line.unit,
            citation=cite(found.document, found.version, note.clause, in_force=current),
            hash=note.hash,
            status=found.status.value,
        )
        group = picked.group
        if group == "watch" and _OTHERS.search(line.text):
            group = "firm"
        return CardLine(
            text=line.text,
            card=_card(group, line.card),
            group=group,
            basis=(basis,),
            who=line.who,
            must=line.must,
            phase=line.phase,
            hazard=line.hazard,
            # of several accident types of a note none can be said to be the line's
            accident=line.accident or (note.accidents[0] if len(note.accidents) == 1 else None),
            activity=next(iter(note.activities), ""),
            severity=note.severity,
            every=line.every,
            report_to=line.report_to,
            condition=condition,
            conflict=conflict,
        )

    def _cards(
        self,
        post: Post,
        lines: Sequence[CardLine],
        everybody: Sequence[CardLine],
        left: list[LeftOut],
    ) -> tuple[dict[str, tuple[CardLine, ...]], tuple[CardLine, ...]]:
        """The four cards and the firm's list: merged, everybody's lines held to their share."""
        own = merged(lines)
        firms = tuple(x for x in own if x.group == "firm")
        mine = [x for x in own if x.group != "firm"]
        room = int(SHARED / (1 - SHARED) * len(mine))
        shared = merged([*mine, *everybody])[len(mine) :]
        kept, rest = _shared(shared, room)
        left += [LeftOut(x.basis[0].id, x.text, "人人都有的事，按三成的限额没有列上") for x in rest]
        chosen = [*mine, *kept]
        cards: dict[str, tuple[CardLine, ...]] = {}
        for card in CARDS:
            own_lines = [x for x in chosen if x.card == card]
            if card == "operation":
                own_lines.sort(key=lambda x: (_PHASES[x.phase], -x.severity))
            cards[card] = tuple(own_lines)
        skeletons = [x for code in post.accidents for x in self._skeletons.get(code, ())]
        cards["emergency"] += tuple(skeletons)
        return cards, firms

    def _accidents(
        self, post: Post, cards: Mapping[str, Sequence[CardLine]]
    ) -> tuple[tuple[str, str], ...]:
        """The accident types of the post and its lines, by the classification in force that day."""
        document = self._passages.documents.get(_CLASSIFICATION)
        new = False
        if document is not None and document.versions:
            status = validity(
                document.versions[-1], document, self._as_of, self._passages.documents
            ).status
            new = status in _IN_FORCE
        named = self._terms.accidents
        used = (x.accident for lines in cards.values() for x in lines)
        codes = dict.fromkeys((*post.accidents, *(code for code in used if code)))
        return tuple(
            (code, named[code].name_2025 if new else named[code].name_1986)
            for code in codes
            if code in named
        )

    def _missing(self, post: Post) -> tuple[Missing, ...]:
        documents = self._passages.documents
        titles = {d.number: d.title for d in documents.values() if d.number}
        found = missing_standards(documents, post, self._as_of)
        return tuple(Missing(n, titles.get(n, ""), why) for n, why in found)

    def owned(self, post: Post) -> Owned:
        """What the post's cards hold of its own, all questions open, in its own industries."""
        lines: Counter[str] = Counter()
        documents: Counter[str] = Counter()
        for picked in self._picked(post, post.industries, ""):
            if picked.own and not picked.reason and picked.group != "firm":
                lines[_card(picked.group, picked.line.card)] += 1
                documents[picked.note.ref.partition("@")[0]] += 1
        return Owned(dict(lines), dict(documents))


def covered(passages: Passages, corpora: Sequence[Path], as_of: date) -> Coverage:
    """The coverage report over the posts of these corpus folders."""
    terms = Terms.load(corpora)
    posts = Posts.load(corpora, terms)
    drafter = Drafter(passages, posts, terms, Industries.load(corpora), as_of)
    return coverage(passages, posts.posts.values(), as_of, drafter.owned)


def _shared(lines: Sequence[CardLine], room: int) -> tuple[list[CardLine], list[CardLine]]:
    """Everybody's lines that there is room for, in the order of the list, and the rest; a third of
    the room each is the emergencies' and the duties', which few posts have of their own."""
    first: list[CardLine] = []
    for card in ("emergency", "duty"):
        first += [x for x in lines if x.card == card][: -(-room // 3)]
    first = first[:room]
    others = [x for x in lines if x not in first][: room - len(first)]
    kept = [x for x in lines if x in first or x in others]
    return kept, [x for x in lines if x not in kept]


def _card(group: str, card: str) -> str:
    """What is watched for stands on the risk list, what is done on the operation card; an alarm
    stays on the emergency card."""
    if group == "watch":
        return card if card == "emergency" else "risk"
    return "operation" if group == "do" and card == "risk" else card


def _short(
    cards: Mapping[str, tuple[CardLine, ...]], left: list[LeftOut]
) -> dict[str, tuple[CardLine, ...]]:
    """At most `SHORT` lines a card of at most `SHORT_TEXT` characters; the rest is left out."""
    out = {}
    for card, lines in cards.items():
        kept: list[CardLine] = []
        counts: dict[str | None, int] = {}
        # what keeps a rescuer alive is never the line that is cut
        for line in sorted(lines, key=lambda x: _RESCUE not in x.text):
            place = line.accident if card == "emergency" else None
            unit = line.basis[0].id if line.basis else ""
            if len(line.text) > SHORT_TEXT:
                left.append(LeftOut(unit, line.text, f"超过 {SHORT_TEXT} 字，见完整版"))
            elif counts.get(place, 0) >= SHORT[card]:
                left.append(LeftOut(unit, line.text, f"超过 {SHORT[card]} 条，见完整版"))
            else:
                counts[place] = counts.get(place, 0) + 1
                kept.append(line)
        out[card] = tuple(x for x in lines if x in kept)
    return out
