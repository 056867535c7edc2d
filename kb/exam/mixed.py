"""多选 and 单选 on limits: each item of a list, or sentence of a clause, as it stands or laxer.

Every item of the list is an option, so the answer is complete; a wrong option breaks its own item.
Where a clause has too few sentences of its own, sentences of the other clauses of its section stand
beside them with one figure made laxer: wrong beyond doubt, whatever else holds, and each with the
clause that it breaks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from kb.exam.compose import compose, is_case
from kb.exam.figures import LONGEST_STEM, Draft, draw, is_product, laxer_of, quoted, source_head
from kb.exam.holds import Holds, likeness, pairs
from kb.exam.laxer import believable, demand
from kb.exam.lists import POINTS, subject_of, vague
from kb.exam.model import Also, Distractor
from kb.exam.source import Basis, sound_figure
from kb.exam.statements import MEASURE, ItemList, Span, Statement, item_lists, statements
from kb.model import UnitKind
from kb.quantities import find

__all__ = ["Sections", "mixed_questions"]

_OPTION = 70
_FEWEST, _MOST = 4, 8
_SINGLE = 4
_MOST_OWN = 3
_SHARES = ((2, 2), (3, 1))
"""Right and wrong options of a 多选 over a section; the first where there is no room for another.
Always as many would tell how many to tick."""
_NEAR = 25
"""Clauses before and after whose sentences may serve so."""
_BOTH = 0.4
"""Likeness from which two sentences may be about one thing."""
_DUTY = re.compile(r"应(?!用|急)|必须|不得|严禁|禁止|不准|不(?:小|大|少|多|低|高|超)")
_SOFT = re.compile(
    r"宜|可以|可(?=[不采用设按将在由])|鼓励|国务院|人民政府|有关部门|有关规定|认真|加强"
)
_BARE = re.compile(
    r"[^，：；]{2,30}，(?:均)?(?:应)?不(?:应|得|宜)?(?:大|小|少|低|高|超|长|短)[于过]"
)
_COUNTED = re.compile(r"\d|[一二两三四五六七八九十][个人次层级圈倍台组根条]|每[班日天周月季半年]")
"""What looks like a figure to whoever guesses: 不低于 IP55, 两个."""
_LEAST_WORDS = 12
_DEEPEST = 2
"""Titles above a clause beyond which the section above its own still has one subject."""


@dataclass(frozen=True, slots=True)
class _Option:
    """What a statement says, and what it would say with one figure made laxer ('' without one)."""

    unit: str
    span: Span
    words: str
    laxer: str
    why: str


class Sections:
    """The sentences of the clauses that give questions, each with what it would say laxer."""

    def __init__(self, bases: Sequence[Basis], holds: Holds) -> None:
        """Read the sentences that can stand as options."""
        self._by_order: dict[int, tuple[_Sentence, ...]] = {}
        for basis in bases:
            # whoever knows the rest of a clause with a list or a doubtful figure may object
            if basis.no_figures or basis.clause.errata or any(basis.children.values()):
                continue
            if basis.clause.kind is UnitKind.DEFINITION:
                continue
            if found := tuple(_sentences(basis, holds)):
                self._by_order[basis.order] = found

    def questions(self, basis: Basis) -> Iterator[Draft]:
        """多选 and 单选 of sentences of one section, some of them made laxer.

        One right option at least has a figure, or the figures alone would tell what is wrong.
        """
        own = [s for s in self._by_order.get(basis.order, ()) if basis.may_ask(s.option.unit)]
        own = own[:_MOST_OWN]
        figured = [s for s in own if find(s.option.words)]
        if not figured:
            return
        drafts: list[Draft | None] = []
        if not any(s.kin(t) for n, s in enumerate(own) for t in own[:n]):
            drafts.append(self._draft(basis, "多选", own))
        one = figured[draw(basis.id, "section", len(figured))]
        drafts.append(self._draft(basis, "单选", (one,)))
        yield from (d for d in drafts if d is not None)

    def _draft(self, basis: Basis, kind: str, own: Sequence[_Sentence]) -> Draft | None:
        """With sentences of the same section, else of the one above it."""
        if kind == "单选":
            return self._shared(basis, kind, own, 0, _SINGLE - 1)
        wanted = _SHARES[draw(basis.id, kind, len(_SHARES))]
        for right, wrong in dict.fromkeys((wanted, _SHARES[0])):
            if found := self._shared(basis, kind, own, max(0, right - len(own)), wrong):
                return found
        return None

    def _shared(
        self, basis: Basis, kind: str, own: Sequence[_Sentence], more: int, count: int
    ) -> Draft | None:
        """With `more` right sentences of other clauses and `count` made laxer."""
        own_depth = len(basis.path)
        wider = own_depth - 1 if own_depth > _DEEPEST else own_depth
        for depth in dict.fromkeys((own_depth, wider)):
            near = self._others(basis, own, depth)
            wrong = list(islice((s for s in near if s.option.laxer), count))
            also = list(islice(self._others(basis, [*own, *wrong], depth), more))
            if len(wrong) == count and len(also) == more:
                return _of_section(basis, kind, own, also, wrong, depth)
        return None

    def _others(self, basis: Basis, own: Sequence[_Sentence], depth: int) -> Iterator[_Sentence]:
        """Sentences below the same title on other things, one a clause, the nearest first."""
        taken = list(own)
        clauses = {s.basis.order for s in own} | {basis.order}
        near = sorted(
            range(basis.order - _NEAR, basis.order + _NEAR + 1),
            key=lambda o: (abs(o - basis.order), o),
        )
        for order in near:
            found = self._by_order.get(order, ()) if order not in clauses else ()
            fit = next(
                (
                    s
                    for s in sorted(found, key=lambda s: not s.option.laxer)
                    if s.basis.path[:depth] == basis.path[:depth]
                    and s.basis.clause.ref == basis.clause.ref
                    and s.basis.may_ask(s.option.unit)
                    and not any(s.kin(t) for t in taken)
                ),
                None,
            )
            if fit is not None:
                taken.append(fit)
                yield fit


def _of_section(
    basis: Basis,
    kind: str,
    own: Sequence[_Sentence],
    also: Sequence[_Sentence],
    wrong: Sequence[_Sentence],
    depth: int,
) -> Draft:
    """`own` and `also` as they stand, `wrong` made laxer; `depth` of the title that names them."""
    number, _, title = basis.path[depth - 1].partition(" ") if depth else ("", "", "")
    section = f"第{number}章" if number.isdigit() else number
    section += f"（{title}）" if title else ""
    spans = tuple(s.option.span for s in own)
    said = quoted(basis, "", "；".join(s.option.words for s in own))
    how = "有哪些" if kind == "多选" else "是哪一项"
    return Draft(
        basis, own[0].option.unit if len(own) == 1 else basis.clause.id, kind, "section",
        f"根据{basis.source}{section}，下列说法符合规定的{how}？",
        tuple(s.option.words for s in (*own, *also)),
        tuple(
            Distractor(s.option.laxer, s.basis.id, s.option.why, s.basis.clause.hash)
            for s in wrong
        ),
        said + "".join(quoted(s.basis, s.option.unit, s.option.words) for s in also),
        2, (), spans, (basis.order, spans[0][0], spans[-1][1]),
        tuple((s.basis.order, *s.option.span) for s in (*also, *wrong)),
        tuple(Also(s.basis.id, s.basis.clause.hash, s.option.span) for s in also),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence that can stand as an option."""

    basis: Basis
    option: _Option
    pairs: frozenset[str]

    def kin(self, other: _Sentence) -> bool:
        """Whether two may be about one thing."""
        return likeness(self.pairs, other.pairs) >= _BOTH


def _least(basis: Basis) -> list[Statement]:
    """The sentences of a clause, none within another."""
    found = statements(basis)
    return [
        s
        for s in found
        if not any(o is not s and s.start <= o.start and o.end <= s.end for o in found)
    ]


def _sentences(basis: Basis, holds: Holds) -> Iterator[_Sentence]:
    for s in _least(basis):
        words = s.text
        if s.lead is not None or not _LEAST_WORDS <= len(words) <= _OPTION:
            continue
        if POINTS.search(words) or _SOFT.search(words) or not _DUTY.search(words):
            continue
        yield _Sentence(basis, _option(s, holds), pairs(words))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a question is about ('' for a whole clause), the head of its stem (的有哪些？ follows),
    and the rule's words."""

    basis: Basis
    unit: str
    subject: str
    head: str
    spans: tuple[Span, ...]
    said: str
    key: tuple[int, int, int]


def mixed_questions(basis: Basis, holds: Holds) -> Iterator[Draft]:
    """The questions on the limits of one clause that stand side by side."""
    if basis.no_figures:
        return
    for items in item_lists(basis):
        asked = _of_list(items)
        if asked is not None:
            statements_ = [
                Statement(basis, unit, *span, lead=items.lead) for unit, span in items.items
            ]
            yield from _both(asked, statements_, holds)
    yield from _of_clause(basis, holds)


def _of_list(items: ItemList) -> _Asked | None:
    basis = items.basis
    subject = subject_of(items)
    if subject is None or not items.whole or is_case(items.lead_text + "："):
        return None
    if not all(basis.may_ask(u) for u, _ in items.items):
        return None
    words = basis.text[slice(*subject)]
    if words.endswith(("时", "中", "前", "后")):
        head = f"{words}，下列做法符合规定"
    else:
        head = f"关于{words}，下列说法符合规定"
    said = "；".join(items.words(i) for i in range(len(items.items)))
    return _Asked(
        basis,
        items.unit,
        words,
        f"{source_head(basis, exact=vague(items), words=head)}{head}",
        (subject,),
        quoted(basis, items.unit, f"{items.lead_text}：{said}"),
        items.key,
    )


def _of_clause(basis: Basis, holds: Holds) -> Iterator[Draft]:
    """The sentences of a clause without a list."""
    if any(basis.children.values()) or not basis.may_ask(basis.clause.id):
        return
    least = _least(basis)
    asked = _Asked(
        basis,
        basis.clause.id,
        "",
        f"{source_head(basis, exact=True)}下列说法符合规定",
        (),
        quoted(basis, "", basis.text),
        (basis.order, 0, len(basis.text)),
    )
    yield from _both(asked, least, holds)


def _both(asked: _Asked, found: list[Statement], holds: Holds) -> Iterator[Draft]:
    if not _FEWEST <= len(found) <= _MOST or len(asked.head) + 5 > LONGEST_STEM:
        return
    options = [_option(s, holds) for s in found]
    if any(len(o.words) > _OPTION or POINTS.search(o.words) for o in options):
        return
    # 关于主接地极: 地面牵引变电所，不大于 4 Ω does not say what of it
    if not MEASURE.search(asked.subject) and any(_BARE.match(o.words) for o in options):
        return
    yield from _several(asked, options)
    yield from _one(asked, options)


def _option(statement: Statement, holds: Holds) -> _Option:
    basis = statement.basis
    span = (statement.start, statement.end)
    words = statement.text
    body = compose(statement)
    for q in find(body.text):
        origin = body.origin(q.start)
        right = body.text[q.start : q.end]
        if origin is None or not span[0] <= origin < span[1] or not sound_figure(q, body.text):
            continue
        if basis.text[origin : origin + len(right)] != right or body.text.count(right) > 1:
            continue  # 不超过 6 个月，超过 6 个月应…: one alone makes no sense of the other
        if is_product(body.text, q.start, q.end):
            continue
        direction = demand(body.text, q)
        laxer = laxer_of(statement, body, q, direction, holds) if direction else []
        laxer = [x for x in laxer if believable(q, x[1])]
        if not laxer:
            continue
        instead, _ = laxer[draw(basis.id, words, min(2, len(laxer)))]
        at = origin - span[0]
        changed = words[:at] + instead + words[at + len(right) :]
        why = f"{basis.citation(statement.unit)}是“{words}”，“{instead}”比规定的“{right}”宽"
        return _Option(statement.unit, span, words, changed, why)
    return _Option(statement.unit, span, words, "", "")


def _several(asked: _Asked, options: list[_Option]) -> Iterator[Draft]:
    """多选: some with their figures made laxer, never more than half.

    One that stands has a figure at least, or the figures alone would tell what is wrong.
    """
    basis = asked.basis
    loose = [place for place, o in enumerate(options) if o.laxer]
    figured = sum(1 for o in options if _COUNTED.search(o.words))
    most = min(len(loose), len(options) // 2, len(options) - 2, figured - 1)
    if most < 1:
        return
    stem = f"{asked.head}的有哪些？"
    start = draw(basis.id, stem, len(loose))
    chosen = {loose[(start + n) % len(loose)] for n in range(most)}
    right = [o for place, o in enumerate(options) if place not in chosen]
    wrong = [options[place] for place in sorted(chosen)]
    yield Draft(
        basis, asked.unit, "多选", "mixed", stem, tuple(o.words for o in right),
        tuple(Distractor(o.laxer, basis.id, o.why, basis.clause.hash) for o in wrong),
        asked.said, 3, asked.spans, tuple(o.span for o in right), asked.key,
    )  # fmt: skip


def _one(asked: _Asked, options: list[_Option]) -> Iterator[Draft]:
    """单选: one as it stands among others made laxer."""
    basis = asked.basis
    loose = [o for o in options if o.laxer]
    if len(loose) < _SINGLE:
        return
    stem = f"{asked.head}的是哪一项？"
    right = loose[draw(basis.id, stem, len(loose))]
    wrong = [o for o in loose if o is not right][: _SINGLE - 1]
    yield Draft(
        basis, right.unit, "单选", "mixed", stem, (right.words,),
        tuple(Distractor(o.laxer, basis.id, o.why, basis.clause.hash) for o in wrong),
        asked.said, 2, asked.spans, (right.span,), asked.key,
    )  # fmt: skip
