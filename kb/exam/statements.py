"""A clause as what can be asked: sentences that stand alone, and lists with what leads them in.

Everything is a span of the clause's display, so that whatever a question says can be shown in the
text. A sentence that points elsewhere (前款, 第五条, 表 1, 下列) or begins in the middle of a
thought (其, 但, 逾期) cannot be read alone and is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.exam.source import Basis
from kb.model import DocKind, UnitKind
from kb.store import StoredUnit

__all__ = ["MEASURE", "ItemList", "Span", "Statement", "item_lists", "statements"]

Span = tuple[int, int]
"""Start and end in the clause's display."""

LONGEST = 66
"""Characters of a statement with its lead beyond which a stem no longer reads in one breath."""

_SENTENCE = re.compile(r"[^。\n]+")
_CLOSE = "。；;，：: \n"
_POINTS = re.compile(
    r"前[款条项述]|前[两三几][款条项]|本[条款章节项]|上[述款]|下列|以下[简统]?称?|如下|下述"
    r"|第[一二三四五六七八九十百]+[条款项章节]|第[（(]|[附见]?表\s?\d|图\s?\d|附录|附件|附表"
    r"|\d+\.\d+\.\d+|遵守\d|按\d|符合\d|同上|施行[前后之]|提交的|受理申请|申请材料"
)
"""前款, 第四十条, 表 1, 5.3.8: what a stem cannot carry."""
_MIDDLE = re.compile(
    r"(?:其|该|此|这|并(?!联)|且|但|或|以及|及其|否则|同时(?!爆破)|逾期|情节|构成|属于|对其|"
    r"对直接|造成|导致|有关|因此|由此|另|还应?|也|均|不[得应]|应当?|必须|可以?|之后|然后|当事|经其|"
    r"(?:维护|保养|检测|检验|检查|试验|验收|培训|记录)(?:、|应|必须|和|情况应)|未|没有违法|违法所得|拒不|除前|考核|相关|上下|具体|以上|图中|考试|检查时|各)"
)
"""How a sentence begins that goes on from the one before it."""
_SUBJECT = re.compile(r"[^，；：]+?(?=不?[应得须能宜]|必须|严禁|禁止|至少|不[小大少多高低超])")
MEASURE = re.compile(
    r"(?:距离|间距|净距|高度|宽度|长度|深度|厚度|直径|倾角|坡度|速度|时间|次数|数量|面积|高差|角度"
    r"|电压|电流|压力|温度|浓度|风速|风量|半径|系数|间隔|间隙|能力|层数|高|宽|深)\Z"
)
_EXCEPTION = re.compile(r"但|除外|除非|特殊情况|不受.{0,8}限|可不|可以不")
"""What a rule takes back: it must not be cut off."""
_OTHER = re.compile(r"另一|其他各?(?:侧|端|方|处)")
_NAMES_LIST = re.compile(r"下列|以下|如下")
_NARROW = 5  # characters of a subject from which it says what is meant


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that the clause says: `text[start:end]` without its closing sign.

    `lead` is the span of what leads a list in (with its colon), None for a sentence. `list_kind`
    tells what kind of list: rule (应遵守下列规定), case (有下列情形之一的) or ''.
    """

    basis: Basis
    unit: str
    start: int
    end: int
    lead: Span | None = None

    @property
    def text(self) -> str:
        """The words."""
        return self.basis.text[self.start : self.end]

    @property
    def lead_text(self) -> str:
        """The words that lead the list in, colon included; '' for a sentence."""
        return self.basis.text[self.lead[0] : self.lead[1]] if self.lead else ""


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list: what leads it in (with the colon), and each item's unit and span (no closing sign).

    `whole` tells that every item of the list is here and is a leaf.
    """

    basis: Basis
    unit: str
    lead: Span
    items: tuple[tuple[str, Span], ...]
    whole: bool

    @property
    def lead_text(self) -> str:
        """The words that lead the list in, without what closes them."""
        return self.basis.text[slice(*self.lead)].rstrip(_CLOSE)

    @property
    def key(self) -> tuple[int, int, int]:
        """The clause's place on the shelf, and the stretch from the lead to the last item."""
        return self.basis.order, self.lead[0], self.items[-1][1][1]

    def words(self, place: int) -> str:
        """The words of one item."""
        return self.basis.text[slice(*self.items[place][1])]


def _stripped(text: str, start: int, end: int) -> Span:
    while end > start and text[end - 1] in _CLOSE:
        end -= 1
    while start < end and text[start] in " \n　":
        start += 1
    return start, end


def _own(basis: Basis, unit: StoredUnit) -> Span:
    """The unit's own words, before what is below it."""
    part = basis.parts[unit.id]
    kids = basis.children.get(unit.id, ())
    end = part.end
    if kids:
        first = basis.parts[kids[0].id]
        end = first.start - len(kids[0].label)
    return part.start, max(part.start, end)


def _sentences(basis: Basis, span: Span) -> Iterator[Span]:
    """Sentences of a stretch; lines of a table are none."""
    text = basis.text
    for m in _SENTENCE.finditer(text, *span):
        line_start = text.rfind("\n", 0, m.start()) + 1
        line = text[line_start : text.find("\n", m.start()) % (len(text) + 1)]
        if " | " in line or re.match(r"(?:表|注|单位为|图)\s?[\d：:A-Z]?", line):
            continue
        yield m.start(), m.end()


def item_lists(basis: Basis) -> tuple[ItemList, ...]:
    """The lists of a clause in order."""
    return tuple(_lists(basis, basis.clause))


def _lists(basis: Basis, unit: StoredUnit) -> Iterator[ItemList]:
    lead = _lead(basis, _own(basis, unit))
    items: list[StoredUnit] = []
    for kid in basis.children.get(unit.id, ()):
        if kid.kind in (UnitKind.ITEM, UnitKind.POINT):
            items.append(kid)
            yield from _lists(basis, kid)
            continue
        if kid.kind is UnitKind.PARAGRAPH:
            yield from _list(basis, unit, lead, items)
            items = []
            lead = _lead(basis, _own(basis, kid))
            if basis.children.get(kid.id):
                yield from _lists(basis, kid)
    yield from _list(basis, unit, lead, items)


def _list(
    basis: Basis, unit: StoredUnit, lead: Span | None, items: Sequence[StoredUnit]
) -> Iterator[ItemList]:
    if lead is None or len(items) < 2:
        return
    spans = []
    for item in items:
        part = basis.parts[item.id]
        spans.append((item.id, _stripped(basis.text, part.start, part.end)))
    numbers = [i for i, _ in spans]
    expected = [u for u in basis.children.get(unit.id, ()) if u.id in numbers]
    whole = len(expected) == len(items) and not any(basis.children.get(u.id) for u in items)
    yield ItemList(basis, unit.id, lead, tuple(spans), whole)


def _lead(basis: Basis, span: Span) -> Span | None:
    """The last sentence of a stretch if it leads a list in."""
    last = None
    for s in _sentences(basis, span):
        last = s
    if last is None:
        return None
    words = basis.text[slice(*last)].rstrip()
    if not words.endswith(("：", ":")):
        return None
    return last[0], last[0] + len(words)


def statements(basis: Basis) -> tuple[Statement, ...]:
    """What the clause says, piece by piece, in order; only what can be read alone."""
    return tuple(_statements(basis, basis.clause, None))


def _statements(basis: Basis, unit: StoredUnit, lead: Span | None) -> Iterator[Statement]:
    kids = basis.children.get(unit.id, ())
    own = _own(basis, unit)
    below = _lead(basis, own)
    first = True
    for start, end in _sentences(basis, own):
        if below and start == below[0]:
            continue
        if lead is None or _leads(basis.text[slice(*lead)]):
            for s in _pieces(basis, start, end, first=first, listed=lead is not None):
                yield Statement(basis, unit.id, *s, lead=lead)
        first = False
    for kid in kids:
        if kid.kind is UnitKind.PARAGRAPH:
            own_lead = _lead(basis, _own(basis, kid))
            below = own_lead or below
            yield from _statements(basis, kid, None)
        elif kid.kind in (UnitKind.ITEM, UnitKind.POINT) and below is not None:
            if unit.kind in (UnitKind.ITEM, UnitKind.POINT):
                continue  # a list in a list needs two leads
            yield from _statements(basis, kid, below)


def _pieces(basis: Basis, start: int, end: int, *, first: bool, listed: bool) -> Iterator[Span]:
    """The sentence if it is short; else its parts between semicolons that stand alone."""
    text = basis.text
    whole = _stripped(text, start, end)
    if listed and not first:
        return
    if not _alone(text[slice(*whole)], first=first):
        # the first part may still be readable without the rest
        cut = text.find("；", *whole)
        if cut < 0 or not _alone(text[whole[0] : cut], first=first):
            return
        if _EXCEPTION.search(text[cut : whole[1]]):
            return
        yield whole[0], cut
        return
    yield whole
    if basis.document.kind is not DocKind.STANDARD or "；" not in text[slice(*whole)]:
        return
    if _EXCEPTION.search(text[slice(*whole)]):
        return
    # 风筒口的距离：压入式不超过 10 m；抽出式不超过 5 m: what stands before the colon holds for each
    if "：" in text[slice(*whole)]:
        return
    at = whole[0]
    for piece in text[slice(*whole)].split("；"):
        span = _stripped(text, at, at + len(piece))
        if at == whole[0] or (not listed and _alone(text[slice(*span)], first=False)):
            yield span
        at += len(piece) + 1


def _leads(words: str) -> bool:
    """Whether a lead can be read alone: 其他竖井应设置： and 日常检查： cannot."""
    # 有下列情形之一的，应按照下列标准支付: one list cannot be put into the other
    if len(_NAMES_LIST.findall(words)) != 1 or _MIDDLE.match(words):
        return False
    return not _POINTS.search(_NAMES_LIST.sub("", words))


def _alone(words: str, *, first: bool) -> bool:
    """Whether words can be read without what stands around them."""
    if _POINTS.search(words) or any(
        words.count(p[0]) != words.count(p[1]) for p in ("（）", "“”", "《》")
    ):
        return False
    if _MIDDLE.match(words) and not first:
        return False
    # 输送机另一侧…: the one side stands in the sentence before
    if not first and (other := _OTHER.search(words)) and "一" not in words[: other.start()]:
        return False
    if first:
        return True
    subject = _SUBJECT.match(words)
    if subject is None or subject[0].endswith(("还", "也", "亦", "并")):
        return False
    name = subject[0]
    return len(name) >= _NARROW and not (MEASURE.search(name) and len(name) < 2 * _NARROW)
