"""Questions on a figure: 填空, 判断 and 单选."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kb.exam.compose import Body, compose, is_case
from kb.exam.holds import Figure, Holds, likeness, pairs
from kb.exam.laxer import (
    believable,
    demand,
    is_laxer,
    laxer_texts,
    replaced,
    turned_round,
)
from kb.exam.model import FALSE, TRUE, Also, Distractor
from kb.exam.source import Basis, sound_figure
from kb.exam.statements import Span, Statement
from kb.model import DocKind
from kb.quantities import Bound, Quantity, find

__all__ = [
    "LONGEST_STEM",
    "LONG_STEM",
    "Draft",
    "draw",
    "figure_questions",
    "is_product",
    "laxer_of",
    "quoted",
    "room",
    "source_head",
    "stem_of",
]

LONGEST_STEM = 92
"""Characters of a stem with its source."""
_LONGEST_NAMED = 100
"""Characters of a stem that names its section as well."""
LONG_STEM = 80
"""Characters beyond which a stem is taken only for want of a shorter one."""
_NEIGHBOURS = 40
"""Clauses before and after whose figures may serve as wrong options."""
_NEAREST, _FARTHEST = Decimal("0.45"), Decimal("2.5")
"""How far off a figure of another clause may be to be taken for this one's."""
_WRONG = 3
_STOPS = "，；"
_HANGS = re.compile(r"(?:内|前|后|时|中|起|的|之日|者|下)\Z")
"""应当自批准之日起 15 日内，…: a stem must not stop before it says what is to be done."""
_EXCEPTION = re.compile(r"但|除外|除非|特殊情况|方可|经[^，。]{0,12}(?:批准|同意)|可[以不适]|不受")
_COUNTED = frozenset({"个", "人", "次", "层", "班", "级", "井次"})
_CASE_AFTER = re.compile(
    r"(?:及其?)?(?:以[上下])?(?:的[，；：]?|时|者|系统|线路|电[源压气缆]|出线)"
)
_MUTUAL = re.compile(r"相互|互为|之间|间距|各自|独立")
_DUTY = re.compile(r"(?:应当?|必须|须)[^，。；]{0,6}\Z")
_TRAIN = re.compile(r"列车")
"""一列|车: the measure is a part of the word behind it."""
_BANNED = re.compile(r"(?:不[应得]|禁止|严禁)\s?\Z")
"""不应|90°|急转弯: what is banned has no figure to know."""
_PRODUCT = re.compile(r"\A\s?[×x*]|[×x*]\s?\Z")
"""0.7 m×0.6 m: one figure, not two."""
_SUBJECT = re.compile(r"[^，；：。（]+?(?=均?应|必须|须|不|严禁|禁止|至少)")
_SHORT = 8
_GENERAL = re.compile(r"\A(?:一般|基本|总体|通用|其他)?(?:规定|要求|总则|通则)?\Z")
"""A title that says nothing of what a clause is about."""
_NAMED = re.compile(r"(?:电压|等级|型号|编号|级别)\s?\Z")


@dataclass(frozen=True, slots=True)
class Draft:
    """A question before a seed has ordered its options.

    `right` are the right options (or the one answer) and `right_spans` where they stand; `key` is
    what it asks about: two questions with one key give each other away. `lent` are the sentences of
    other clauses that its options show: first those that stand as right options, of which `also`
    tells more, then those made laxer.
    """

    basis: Basis
    unit: str
    type: str
    kind: str
    stem: str
    right: tuple[str, ...]
    wrong: tuple[Distractor, ...]
    explanation: str
    difficulty: int
    stem_spans: tuple[Span, ...]
    right_spans: tuple[Span, ...]
    key: tuple[int, int, int]
    lent: tuple[tuple[int, int, int], ...] = ()
    also: tuple[Also, ...] = ()


def source_head(basis: Basis, *, exact: bool = False, words: str = "") -> str:
    """根据《…》（GB 16423—2020），; with `exact` the clause as well, and of a standard what its
    section is about: nobody knows clauses by number.

    Args:
        words: what follows; the title is left out where they say as much, or are long enough.
    """
    if not exact:
        return f"根据{basis.source}，"
    named = basis.citation().replace("《中华人民共和国", "《")
    title = next((t for t in map(_bare, reversed(basis.path)) if not _GENERAL.search(t)), "")
    standard = basis.document.kind is DocKind.STANDARD
    head = f"根据{named}（{title}），"
    if not standard or "，" in title or pairs(title) <= pairs(words):
        return f"根据{named}，"
    return head if len(head) + len(words) <= _LONGEST_NAMED else f"根据{named}，"


def _bare(title: str) -> str:
    """A title without its number."""
    return title.partition(" ")[2]


def room(basis: Basis) -> int:
    """Characters that a stem has beside its source."""
    return LONGEST_STEM - len(source_head(basis)) - 1


def figure_questions(statement: Statement, holds: Holds) -> Iterator[Draft]:
    """The questions on the figures of one statement."""
    basis = statement.basis
    if basis.no_figures or not basis.may_ask(statement.unit):
        return
    body = compose(statement)
    found = find(body.text)
    asked = [q for q in found if _asked(body, q)]
    demands = [q for q in asked if demand(body.text, q)]
    if not demands and asked and _CASE_AFTER.match(body.text[asked[0].end :]) and len(found) > 1:
        return  # 转弯大于 90° 时，… 10 倍: the case is not what is to be known
    for q in demands or [q for q in asked if _bears(body.text, q)][:1]:
        fitted = None if _in_lead(statement, body, q) else _fit(statement, body, q)
        if fitted is None:
            continue
        shown, there = fitted
        at = shown.origin(there.start)
        exact = at is not None and holds.differs(basis, _piece(statement, at), there)
        yield from _blank(statement, shown, there, exact)
        direction = demand(shown.text, there)
        if direction:
            yield from _judged(statement, shown, there, direction, holds, exact)
            yield from _chosen(statement, shown, there, direction, holds, exact)


def _in_lead(statement: Statement, body: Body, q: Quantity) -> bool:
    """Whether a figure stands in what leads a list in: 15 日前将下列资料报送备案 needs no item, and
    with one of them it says too little. Cases (有下列情形之一的，30 日内…) are taken in."""
    at = body.origin(q.start)
    return (
        statement.lead is not None
        and at is not None
        and statement.lead[0] <= at < statement.lead[1]
        and not is_case(statement.lead_text)
    )


def _asked(body: Body, q: Quantity) -> bool:
    """Whether a figure is worth asking for: no bare count, no name of a voltage class."""
    text = body.text
    if body.origin(q.start) is None or body.origin(q.end - 1) is None:
        return False
    if not sound_figure(q, text) or q.cell or q.bound in (Bound.ABOUT, Bound.WITHIN):
        return False
    if q.value <= 0 or text[q.start] in "+-−" or _BANNED.search(text[: q.start]):
        return False
    unit = q.key[2]
    if unit == "次" and (q.counted or q.value <= 1):
        return False
    if q.bound is Bound.EQUAL and (unit in _COUNTED or _NAMED.search(text[: q.start])):
        return False
    if q.bound is Bound.RANGE and unit != "元" and _CASE_AFTER.match(text[q.end :]):
        return False
    if unit in ("V", "级") and _CASE_AFTER.match(text[q.end :]):
        return False
    if is_product(text, q.start, q.end):
        return False
    if _TRAIN.match(text[q.end - 1 :]):
        return False
    return text.count(text[q.start : q.end]) == 1  # told twice it answers itself


def is_product(text: str, start: int, end: int) -> bool:
    """Whether a figure is one side of 0.7 m×0.6 m."""
    return bool(_PRODUCT.search(text[:start]) or _PRODUCT.match(text[end:]))


def _bears(text: str, q: Quantity) -> bool:
    """Whether a figure without a direction is still what a rule is about: a period only behind a
    duty (应每年旋转), not one in a definition."""
    return q.bound is not Bound.PERIOD or bool(_DUTY.search(text[: q.start]))


def _fit(statement: Statement, body: Body, q: Quantity) -> tuple[Body, Quantity] | None:
    """The statement, cut behind the figure's own words where it is too long for a stem."""
    text = body.text
    if len(text) <= room(statement.basis):
        return body, q
    if not demand(text, q) and q.unit != "元":
        return None  # what follows from a case must not be cut off
    origin = body.origin(q.end - 1)
    if origin is None:
        return None
    source = statement.basis.text
    own = statement.start <= origin < statement.end
    last = statement.end if own else next(b for a, b in body.spans if a <= origin < b)
    for at in range(origin + 1, last):
        if source[at] in _STOPS and not _HANGS.search(source[:at]):
            rest = source[at:last]
            if own and _EXCEPTION.search(rest):
                return None
            shorter = compose(statement, at) if own else compose(statement, upto=at)
            if len(shorter.text) > room(statement.basis):
                return None
            again = [x for x in find(shorter.text) if x.start == q.start and x.key == q.key]
            if again and again[0].bound is q.bound:
                return shorter, again[0]
            return None
    return None


def _span(body: Body, start: int, end: int) -> Span:
    first, last = body.origin(start), body.origin(end - 1)
    assert first is not None
    assert last is not None
    return first, last + 1


def stem_of(basis: Basis, words: str, *, exact: bool = False) -> str:
    """The words of a stem behind its source, closed."""
    end = "" if words.endswith(("。", "？")) else "。"
    exact = exact or _of_what(basis, words)
    return f"{source_head(basis, exact=exact, words=words)}{words}{end}"


def _of_what(basis: Basis, words: str) -> bool:
    """Whether only the section tells what a short subject belongs to (采场边坡, of dredging)."""
    subject = _SUBJECT.match(words)
    return (
        basis.document.kind is DocKind.STANDARD
        and subject is not None
        and len(subject[0]) <= _SHORT
        and not pairs(basis.section) & pairs(words)
    )


def _extent(text: str, q: Quantity) -> tuple[int, int]:
    """The figure with the words of its range: 五万元以上十万元|以下."""
    end = q.end
    if q.bound is Bound.RANGE and "以上" in text[q.start : q.end]:
        m = re.match(r"以下", text[end:])
        end += 2 if m else 0
    return q.start, end


def _blank(statement: Statement, body: Body, q: Quantity, exact: bool) -> Iterator[Draft]:
    start, end = _extent(body.text, q)
    span = _span(body, start, end)
    basis = statement.basis
    answer = basis.text[slice(*span)]
    yield Draft(
        basis,
        statement.unit,
        "填空",
        "figure",
        stem_of(basis, body.without(*span).text, exact=exact),
        (answer,),
        (),
        quoted(basis, statement.unit, body.text),
        2,
        body.spans,
        (span,),
        (basis.order, *span),
    )


def quoted(basis: Basis, unit: str, words: str) -> str:
    """The rule's own words with its citation, and whether it holds on the day."""
    return f"{basis.citation(unit)}：“{words.rstrip('。；，')}”。{basis.validity}。"


def _piece(statement: Statement, at: int) -> str:
    """The words between semicolons in which a figure stands."""
    text = statement.basis.text
    start = max(text.rfind(c, statement.start, at) for c in "。；\n")
    ends = [e for c in "。；\n" if (e := text.find(c, at, statement.end)) >= 0]
    return text[max(start + 1, statement.start) : min(ends, default=statement.end)]


def laxer_of(
    statement: Statement, body: Body, q: Quantity, direction: int, holds: Holds
) -> list[tuple[str, Quantity]]:
    """Laxer figures that no rule in force states of the same thing."""
    origin = body.origin(q.start)
    assert origin is not None
    piece = _piece(statement, origin)
    out = []
    shown = f"{body.text[: q.start]}|{body.text[q.end :]}"
    for words, found in laxer_texts(body.text, q, direction):
        if found.value == 1 and _MUTUAL.search(body.text[q.end : q.end + 8]):
            continue  # one exit cannot be independent of another
        if words in shown or holds.elsewhere(statement.basis, piece, found):
            continue
        if turned_round(body.text, q, found):
            continue
        out.append((words, found))
    return out


def _judged(
    statement: Statement, body: Body, q: Quantity, direction: int, holds: Holds, exact: bool
) -> Iterator[Draft]:
    """The sentence as it is, and with its figure made laxer."""
    basis = statement.basis
    span = _span(body, q.start, q.end)
    said = quoted(basis, statement.unit, body.text)
    key = (basis.order, *span)
    common = (basis, statement.unit, "判断")
    stem = stem_of(basis, body.text, exact=exact)
    yield Draft(*common, "true", stem, (TRUE,), (), said, 1, body.spans, (span,), key)
    laxer = [x for x in laxer_of(statement, body, q, direction, holds) if believable(q, x[1])]
    if not laxer:
        return
    words, _ = laxer[draw(basis.id, body.text, min(2, len(laxer)))]
    right = basis.text[slice(*span)]
    why = f"原文是“{right}”，“{words}”比规定宽"
    changed = body.without(*span, instead=words)
    wrong = Distractor(words, basis.id, why, basis.clause.hash)
    yield Draft(*common, "false", stem_of(basis, changed.text, exact=exact), (FALSE,), (wrong,),
                f"{why}。{said}", 1, changed.spans, (span,), key)  # fmt: skip


def draw(*words: str | int) -> int:
    """A number below the last argument, told by the words alone."""
    *said, below = words
    digest = hashlib.sha256("\x00".join(map(str, said)).encode()).digest()
    return digest[0] % int(below)


def _chosen(
    statement: Statement, body: Body, q: Quantity, direction: int, holds: Holds, exact: bool
) -> Iterator[Draft]:
    basis = statement.basis
    span = _span(body, q.start, q.end)
    right = basis.text[slice(*span)]
    wrong: list[Distractor] = []
    taken = {q.key[0]}
    for figure in _neighbours(statement, body, q, direction, holds):
        if len(wrong) == 2:
            break
        if figure.quantity.key[0] in taken:
            continue
        taken.add(figure.quantity.key[0])
        wrong.append(
            Distractor(
                figure.text,
                figure.basis.id,
                f"规定是“{right}”，“{figure.text}”比规定宽；"
                f"它是{figure.basis.citation()}对另一事项的数值",
                figure.basis.clause.hash,
            )
        )
    for words, found in laxer_of(statement, body, q, direction, holds):
        if len(wrong) == _WRONG:
            break
        if found.key[0] in taken:
            continue
        taken.add(found.key[0])
        why = f"规定是“{right}”，“{words}”比规定宽"
        wrong.append(Distractor(words, basis.id, why, basis.clause.hash))
    if len(wrong) < _WRONG:
        return
    yield Draft(
        basis,
        statement.unit,
        "单选",
        "figure",
        stem_of(basis, body.without(*span).text, exact=exact),
        (right,),
        tuple(wrong),
        quoted(basis, statement.unit, body.text),
        1,
        body.spans,
        (span,),
        (basis.order, *span),
    )


def _neighbours(
    statement: Statement, body: Body, q: Quantity, direction: int, holds: Holds
) -> Sequence[Figure]:
    """Laxer figures of the same unit and manner that clauses nearby state of other things."""
    basis = statement.basis
    origin = body.origin(q.start)
    assert origin is not None
    mine = pairs(_piece(statement, origin))
    own = _tail(body.text[q.start : q.end])
    out: dict[str, Figure] = {}
    near = sorted(
        range(basis.order - _NEIGHBOURS, basis.order + _NEIGHBOURS + 1),
        key=lambda o: (abs(o - basis.order), o),
    )
    for order in near:
        for figure in holds.of(order):
            other = figure.basis
            if other.document.id != basis.document.id or other.clause.errata or other.no_figures:
                continue
            if order == basis.order and figure.start == origin:
                continue
            if _tail(figure.text) != own or figure.quantity.bound is not q.bound:
                continue
            if is_product(other.text, figure.start, figure.end):
                continue
            found = replaced(body.text, q, figure.text)
            if found is None or not is_laxer(q, found, direction) or figure.text in body.text:
                continue
            if turned_round(body.text, q, found):
                continue
            factor = found.key[0] / q.key[0]
            if not _NEAREST <= factor <= _FARTHEST or figure.text in out:
                continue
            if likeness(mine, figure.piece) >= (0.6 if other is basis else 0.4):
                continue
            if holds.elsewhere(basis, _piece(statement, origin), found):
                continue
            out[figure.text] = figure
    return list(out.values())


def _tail(words: str) -> str:
    """What a figure has beside its number: its unit as written, and whether it is in Chinese."""
    arabic = re.match(r"\d[\d ,.]*", words)
    return (
        words[arabic.end() :]
        if arabic
        else "中" + re.sub(r"[〇零一二两三四五六七八九十百千]", "", words)
    )
