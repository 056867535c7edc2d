"""Whether a figure on a card keeps to the figure of a rule: the same, stricter, laxer, another.

Every limit has its direction. A width not less than 6 m is kept by 8 m and broken by 4 m; a speed
not over 30 km/h the other way round. A trigger turns it about: where work stops from wind force 6
on, stopping from 5 on is stricter; and a permission (方可) turns it back. What a rule fixes
(a fine, 为 3 m, 有效期三年) is contradicted by any other figure. What cannot be compared is unsure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from kb.measures import COUNTERS
from kb.quantities import Bound, Quantity, find, name_class

__all__ = ["Figure", "Relation", "compared", "figures_of", "phrase"]


class Relation(StrEnum):
    """How a figure of a card stands to one of a rule."""

    SAME = "same"
    STRICTER = "stricter"
    LAXER = "laxer"
    OTHER = "other"  # the rule fixes another figure
    UNSURE = "unsure"


_LOWER = (Bound.MIN, Bound.OVER)
_UPPER = (Bound.MAX, Bound.UNDER)
_FIXED = (Bound.EQUAL, Bound.RANGE, Bound.ABOUT)
_SENTENCE = re.compile(r"[。；;！？\n]")
_COMMA = re.compile(r"[，,、：:]")

_PLAIN = re.compile(
    # what makes a limit of a bound: 不大于, 至少, ≥; 应, 须 before it
    r"(?:不|未|没|别|勿|莫|严禁|禁止|至少|起码|至多|最[多少大小高低长短快慢近远]|[≥≤≮≯]|[上下]限|限[速高载重]"
    r"|应|须|必须|要|得|宜|保持|保证|控制|留|达到|满|够)[^，,。；;\n]{0,10}\Z"
)
_WITHIN = re.compile(r"\s?(?:以内|之内|内(?!部|侧|壁|径)|为限)")
_THEN = re.compile(
    # 以上大风天气, 的高处, 时: what a trigger is followed by in its own clause of the sentence
    r"\s?(?:及|及其)?(?:以上|以下|以外)?[^，,。；;\n]{0,16}?"
    r"(?:的(?!距离|范围|间距)|时|者|后|情况|天气|大风|地段|地点|路段|应|须|要|不得|不准|不许|禁止|严禁|停|撤|可|方可|必须)"
)
_NEXT = re.compile(
    # the next clause of the sentence says what then holds: ，应停止…
    r"[^，,。；;\n]{0,10}[，,]\s?(?:均|都|一律|立即|还|也)?(?:应|须|必须|不得|不应|禁止|严禁|停|撤|可|方可|要|不准|不许)"
)
_MAY = re.compile(r"方可|才可|才能|方能|(?<![不许认])可(?!能|靠|燃|爆|见|溶|逆)|允许|准许")
_MUST = re.compile(r"不得|不应|禁止|严禁|停|撤|应|须|必须|不准|不许|要")
_PENAL = re.compile(r"罚款|责令|处分")
"""A clause that punishes: 保存期限少于三年的 tells of a breach, and three years are the least."""
_FINE = re.compile(r"罚款|处罚|拘留|徒刑|罚金|处[^，。；]{0,8}元")
_YEARS = 1900
_SPOKEN = re.compile(r"[一二三四五六七八九半]")
_FEW = frozenset("一二两三四")
_DAY_UNITS = {
    "s": Decimal(1) / 86400,
    "d": Decimal(1),
    "月": Decimal(30),
    "班": Decimal(1) / 3,
}
_SLACK = Decimal("0.04")  # 12 months and 365 days are one period


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with what is around it.

    `near` is its part of the sentence, `sentence` all of it. `want` is +1 where more is stricter,
    -1 where less is, 0 where the figure is fixed or its direction is not known. `plain` marks a
    limit that its words state beyond doubt; `times` how often within a period.
    """

    quantity: Quantity
    text: str
    near: str
    sentence: str
    want: int
    plain: bool
    trigger: bool
    fine: bool
    times: Decimal = Decimal(1)

    @property
    def raw(self) -> str:
        """The figure as it stands."""
        return self.text[self.quantity.start : self.quantity.end]

    @property
    def loose(self) -> bool:
        """两个平台, 三人: a small count in words without a bound, often no requirement."""
        q = self.quantity
        few = self.raw[:1] in _FEW and q.bound is Bound.EQUAL
        return few and (q.unit in COUNTERS.values() or not q.unit)


@lru_cache(maxsize=8192)
def figures_of(text: str) -> tuple[Figure, ...]:
    """The figures of a text with their directions; N 次 within a period belongs to the period."""
    found = find(text)
    out = []
    for place, q in enumerate(found):
        if q.counted or _is_no_figure(text, q):
            continue
        times = Decimal(1)
        if q.bound is Bound.PERIOD:
            after = found[place + 1] if place + 1 < len(found) else None
            if after is not None and after.counted and after.unit == "次":
                times = after.value
        out.append(_figure(text, q, times))
    return tuple(out)


def _is_no_figure(text: str, q: Quantity) -> bool:
    """A year (2008年以前), or the head of a figure in spoken form (两米八)."""
    if q.unit == "年" and q.value >= _YEARS and q.upper is None:
        return True
    return bool(_SPOKEN.match(text, q.end)) and q.unit in ("m", "元", "t")


def _figure(text: str, q: Quantity, times: Decimal) -> Figure:
    start, end = _around(text, q, _SENTENCE)
    low, high = _around(text, q, _COMMA, start, end)
    sentence, near = text[start:end], text[low:high]
    before, after = text[low : q.start], text[q.end : end]
    plain = trigger = False
    penal = bool(_PENAL.search(text))
    want = 0
    if q.bound is Bound.PERIOD:
        want = -1
    elif q.bound in (*_LOWER, *_UPPER):
        want = 1 if q.bound in _LOWER else -1
        plain = bool(_PLAIN.search(before)) or bool(_WITHIN.match(after))
        if not plain and penal:
            want = -want
        elif not plain and (_THEN.match(after) or _NEXT.match(after)):
            trigger = True
            may, must = _MAY.search(after), _MUST.search(after)
            allowed = may is not None and (must is None or may.start() <= must.start())
            want = want if allowed else -want
    fine = q.key[2] == "元" and bool(_FINE.search(sentence))
    return Figure(q, text, near, sentence, want, plain, trigger, fine, times)


def _around(
    text: str, q: Quantity, stop: re.Pattern[str], low: int = 0, high: int | None = None
) -> tuple[int, int]:
    """The stretch around a figure between two stops."""
    high = len(text) if high is None else high
    for m in stop.finditer(text, low, q.start):
        low = m.end()
    after = stop.search(text, q.end, high)
    return low, after.start() if after else high


def phrase(figure: Figure) -> tuple[int, int]:
    """Span of the figure with the words of its bound: 不小于 5 m, 六级以上."""
    text, q = figure.text, figure.quantity
    window = text[max(0, q.start - 10) : q.start]
    m = _BOUND_BEFORE.search(window)
    start = q.start - (len(window) - m.start()) if m else q.start
    after = _BOUND_AFTER.match(text, q.end)
    return start, after.end() if after else q.end


_BOUND_BEFORE = re.compile(
    r"(?:(?:不|未|没有?|别|勿|严禁|禁止|不得|不应|不能|不准)?(?:超过|超出|大于|高于|多于|小于|低于|少于|超|过)"
    r"|至少|至多|起码|最[多少大小高低]|[≥≤><＞＜≮≯]|不足|不满|未满|达到|每)\s?(?:于|为|是)?\s?\Z"
)
_BOUND_AFTER = re.compile(r"\s?(?:及|及其|或)?(?:以上|以下|以内|之内|内(?![部侧壁径]))")


# --- comparing ----------------------------------------------------------------------------------


def compared(card: Figure, rule: Figure) -> Relation:
    """How a figure of a card stands to one of a rule of the same thing."""
    a, b = card.quantity, rule.quantity
    if b.bound is Bound.PERIOD or a.bound is Bound.PERIOD:
        return _periods(card, rule)
    if a.key[2] != b.key[2]:
        return Relation.UNSURE
    if not _one_kind(a, b):
        return Relation.UNSURE
    if rule.fine:
        return _fixed(a, b)
    if b.bound is Bound.RANGE:
        return _in_range(a, b)
    if b.cell and b.bound is Bound.EQUAL and card.want:
        # a bare number of a table: its caption says which way it limits, and so does the card
        return _limit(card, replace(rule, want=card.want))
    if b.bound in _FIXED:
        return _equal(a, b)
    return _limit(card, rule)


def _one_kind(a: Quantity, b: Quantity) -> bool:
    one, two = name_class(a.name), name_class(b.name)
    return not one or not two or one == two


def _periods(card: Figure, rule: Figure) -> Relation:
    a, b = card.quantity, rule.quantity
    if a.bound is not b.bound:
        return Relation.UNSURE
    (one, _, unit), (two, _, base) = a.key, b.key
    if unit != base:
        if unit not in _DAY_UNITS or base not in _DAY_UNITS:
            return Relation.UNSURE
        one, two = one * _DAY_UNITS[unit], two * _DAY_UNITS[base]
    mine, theirs = one / (card.times or 1), two / (rule.times or 1)
    if abs(mine - theirs) <= _SLACK * theirs:
        return Relation.SAME
    return Relation.STRICTER if mine < theirs else Relation.LAXER


def _fixed(a: Quantity, b: Quantity) -> Relation:
    """A fine: both ends, or the end that the card speaks of, must be the rule's."""
    low, high, _ = a.key
    low2, high2, _ = b.key
    if high is not None:
        return Relation.SAME if (low, high) == (low2, high2) else Relation.OTHER
    if high2 is None:
        return Relation.SAME if low == low2 else Relation.OTHER
    ends = {Bound.MIN: (low2,), Bound.OVER: (low2,), Bound.MAX: (high2,), Bound.UNDER: (high2,)}
    return Relation.SAME if low in ends.get(a.bound, (low2, high2)) else Relation.OTHER


def _in_range(a: Quantity, b: Quantity) -> Relation:
    """A range of a rule is kept by what lies within it."""
    low, high, _ = a.key
    low2, high2, _ = b.key
    assert high2 is not None
    if high is not None:
        if (low, high) == (low2, high2):
            return Relation.SAME
        inside = low2 <= low and high <= high2
        return Relation.STRICTER if inside else Relation.OTHER
    if not low2 <= low <= high2:
        return Relation.OTHER
    open_end = (a.bound in _LOWER and low != low2) or (a.bound in _UPPER and low != high2)
    return Relation.UNSURE if open_end else Relation.SAME


def _equal(a: Quantity, b: Quantity) -> Relation:
    low, high, _ = a.key
    value = b.key[0]
    if high is not None:
        return Relation.UNSURE if low <= value <= high else Relation.OTHER
    return Relation.SAME if low == value else Relation.OTHER


def _limit(card: Figure, rule: Figure) -> Relation:
    a, b = card.quantity, rule.quantity
    low, high, _ = a.key
    limit = b.key[0]
    if card.want and card.want != rule.want:
        turned = card.plain and rule.plain and not (card.trigger or rule.trigger)
        if turned:
            return Relation.LAXER  # 不小于 on the card, 不大于 in the rule
        return Relation.SAME if low == limit and high is None else Relation.UNSURE
    if rule.trigger and not card.want:
        return Relation.SAME if low == limit else Relation.UNSURE
    worst = low if rule.want > 0 else (high if high is not None else low)
    if worst == limit:
        return Relation.SAME
    return Relation.STRICTER if (worst > limit) == (rule.want > 0) else Relation.LAXER


def same_unit(card: Figure, rules: tuple[Figure, ...]) -> Iterator[Figure]:
    """The figures of a rule that the card's could be compared with."""
    mine = card.quantity
    for rule in rules:
        theirs = rule.quantity
        periods = (mine.bound is Bound.PERIOD) + (theirs.bound is Bound.PERIOD)
        if periods == 1 or not _one_kind(mine, theirs):
            continue
        if periods == 2 or mine.key[2] == theirs.key[2]:
            yield rule
