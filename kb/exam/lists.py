"""Questions on a list: 单选 and 多选 on what belongs to it, 简答 on all of it.

Only lists whose members can be told by the text alone give options: papers, places, devices,
contents, duties, cases. A measure of another machine may be wise here as well, so lists of rules
(应遵守下列规定) give none (`kb.exam.mixed` asks for their limits). Wrong options are items of lists
of the same class nearby; a 多选 shows every item of its list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from kb.exam.compose import is_case, list_question
from kb.exam.figures import Draft, quoted, room, stem_of
from kb.exam.holds import likeness, pairs
from kb.exam.model import Distractor
from kb.exam.source import Basis, Shelf
from kb.exam.statements import ItemList, item_lists
from kb.quantities import find

__all__ = ["POINTS", "Lists", "subject_of", "vague"]

_NEIGHBOURS = 60
"""Clauses before and after whose items may serve as wrong options."""
_OPTION = 44
"""Characters of an option."""
_POINT = 80
"""Characters of a point of a 简答."""
_MOST_RIGHT, _MOST_OPTIONS = 6, 8
_FEWEST_POINTS, _MOST_POINTS = 3, 9
_ALIKE = 0.3
"""Likeness from which two items may say one thing."""
_OF_CLAUSE = 0.4
_RARE = 2
_SHORTEST = 4
_SUBJECT = 0.5
"""Likeness from which two lists may be about one thing."""
_CLASSES = {
    "paper": "图纸|资料|材料",
    "content": "内容",
    "matter": "事项",
    "place": "地点|场所|位置|区域|地段",
    "thing": "保护装置|设施|设备|装置|保护|布告牌",
    "duty": "职责|义务",
    "case": "情形|情况",
}
"""What a list is of; its members are mixed with those of lists of the same class only."""
_NOUNS = {noun: name for name, nouns in _CLASSES.items() for noun in nouns.split("|")}
_NOUN = re.compile(
    rf"(?:下列|以下|如下)[^：，；]{{0,10}}?(?P<noun>{'|'.join(_NOUNS)})(?![的或和、])"
)
_TOLD = ("paper", "place", "thing")
"""Classes whose members are named things: whether one belongs to a list can be told. A content, a
duty or a case of another list may be a part of one of this (矿山安全知识 holds 自救知识)."""
_PART = re.compile(r"连接|外壳|区段|适当")
"""电缆接线盒的金属外壳: a part of something where a place is asked for tempts nobody."""
_SETTING = pairs("应设装设置装置设施设备应装应当")
"""Pairs that say only that something is put up."""
_OWNED = re.compile(r"的(?:下列|以下|如下)")
"""地面牵引网的|下列位置: places of another thing tempt nobody."""
_ASKED_THERE, _NAMED_THERE = 0.7, 0.6
"""Shares of what a list is about, and of a wrong option, from which a clause may join the two."""
POINTS = re.compile(
    # items that point elsewhere, or stand for whatever is not named
    r"前[款条项]|本[条款项]|第[一二三四五六七八九十百]+[条款项章]|表\s?\d|附录|\d+\.\d+\.\d+|其他|符合本|上述|有关规定"
    r"|法律、(?:行政)?法规规定的"
)
_VAGUE = 6
_WHOSE = re.compile(r"[^，；：]+?(?=，?(?:均?应|必须|须|不|包括|具备|享有|履行|负有|有[下以]))")
"""充装单位|应当具备下列条件."""
_AWAY = re.compile(r"前[款条项述]|上述|本[条款项]|前两[款条项]")
_SHARED = 3
"""Characters in a row that a wrong option must not share with a right one (井底车场)."""
_OF_FIGURE = re.compile(
    r"(?:距离|间距|净距|高度|宽度|长度|深度|厚度|直径|倾角|坡度|速度|时间|面积|高差|角度|电压|电流|压力|温度|浓度|风速|风量"
    r"|半径|系数|间隔|间隙|之比|比值|力矩|数量|周期|程度|[数比][值例])[，]?(?:应|均|达到)"
)
"""过卷段高度应符合下列规定: a list of figures, which are asked for one by one."""
_HEAD = re.compile(r"(?:有|具有|在)?(?:下列|以下).*\Z")
_PENAL = re.compile(r"罚款|责令|处分|处罚|吊销|刑事|有期徒刑")
_EVERYWHERE = 0.012
"""Share of the lists' clauses from which a word names nothing of its own."""


@dataclass(frozen=True)
class _Known:
    """A list with what is compared of it."""

    items: ItemList
    order: int
    kind: str

    @cached_property
    def subject(self) -> frozenset[str]:
        """Pairs of characters of the lead; of cases, what follows from them."""
        words = self.items.lead_text
        m = _NOUN.search(words)
        return pairs(words[m.end() :] if m and self.kind == "case" else words)

    @cached_property
    def wanted(self) -> frozenset[str]:
        """Pairs of what is demanded of the members: 应设|应急照明. A place that needs emergency
        lamps needs lamps."""
        words = self.items.lead_text
        m = _NOUN.search(words)
        return pairs(words[m.end() :]) - _SETTING if m else frozenset()

    @cached_property
    def whole(self) -> frozenset[str]:
        """Pairs of characters of the whole clause."""
        return pairs(self.items.basis.text)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The items' words."""
        return tuple(self.items.words(i) for i in range(len(self.items.items)))

    @cached_property
    def own(self) -> tuple[frozenset[str], ...]:
        """Pairs of each item."""
        return tuple(map(pairs, self.words))


class Lists:
    """All lists of the clauses that give questions."""

    def __init__(self, shelf: Shelf) -> None:
        """Read the lists, and count in how many clauses each pair of characters stands."""
        self._known: list[_Known] = []
        self._used: dict[tuple[str, str], int] = {}
        self._clauses = {b.order: pairs(b.text) for b in shelf.all}
        for basis in shelf.asked:
            for items in item_lists(basis):
                noun = _NOUN.search(items.lead_text)
                kind = _NOUNS[noun["noun"]] if noun else ""
                if is_case(items.lead_text + "：") != (kind == "case") or (
                    kind == "case" and _PENAL.search(items.lead_text)
                ):
                    kind = ""
                self._known.append(_Known(items, basis.order, kind))
        self._by_order: dict[int, list[_Known]] = {}
        seen: dict[str, int] = {}
        clauses = {}
        for known in self._known:
            self._by_order.setdefault(known.order, []).append(known)
            clauses[known.order] = known.whole
        for words in clauses.values():
            for pair in words:
                seen[pair] = seen.get(pair, 0) + 1
        self._common = {p for p, n in seen.items() if n > max(3, _EVERYWHERE * len(clauses))}

    def questions(self, basis: Basis) -> Iterator[Draft]:
        """单选, 多选 and 简答 on the lists of one clause."""
        for known in self._by_order.get(basis.order, ()):
            items = known.items
            if not items.whole or not all(basis.may_ask(u) for u, _ in items.items):
                continue
            if any(POINTS.search(items.words(i)) for i in range(len(items.items))):
                continue
            if not _PENAL.search(items.lead_text):
                yield from self._essay(known)
            if known.kind and not _OF_FIGURE.search(items.lead_text):
                yield from self._choices(known)

    # --- 简答 ---------------------------------------------------------------------------------

    def _essay(self, known: _Known) -> Iterator[Draft]:
        items = known.items
        basis = items.basis
        count = len(items.items)
        words = known.words
        question = list_question(items, "哪些")
        if question is None or not _FEWEST_POINTS <= count <= _MOST_POINTS:
            return
        if max(map(len, words)) > _POINT or len(question.text) > room(basis):
            return
        if _AWAY.search(question.text):
            return
        spans = tuple(span for _, span in items.items)
        yield Draft(
            basis, items.unit, "简答", "essay",
            stem_of(basis, question.text, exact=vague(items)), words, (),
            quoted(basis, items.unit, items.lead_text), 3, question.spans, spans,
            items.key,
        )  # fmt: skip

    # --- 单选, 多选 ---------------------------------------------------------------------------

    def _choices(self, known: _Known) -> Iterator[Draft]:
        items = known.items
        basis = items.basis
        count = len(items.items)
        words = known.words
        if max(map(len, words)) > _OPTION or known.kind not in _TOLD:
            return
        if _OWNED.search(items.lead_text) or _AWAY.search(items.lead_text):
            return
        wrong = list(self._others(known))
        several = list_question(items, "下列哪些")
        if (
            several is not None
            and 2 <= count <= _MOST_RIGHT
            and len(wrong) >= 2
            and len(several.text) <= room(basis)
        ):
            most = min(2, _MOST_OPTIONS - count)
            yield Draft(
                basis, items.unit, "多选", "list", stem_of(basis, several.text), words,
                tuple(wrong[:most]), self._said(items), 2 if count < 4 else 3, several.spans,
                tuple(span for _, span in items.items), items.key,
            )  # fmt: skip
        one = list_question(items, "下列哪一处" if known.kind == "place" else "下列哪一项")
        if one is None or len(wrong) < 3 or len(one.text) > room(basis):
            return
        for place, (unit, span) in enumerate(items.items):
            yield Draft(
                basis, unit, "单选", "list", stem_of(basis, one.text), (words[place],),
                tuple(wrong[:3]), quoted(basis, unit, items.lead_text + "：" + words[place]), 1,
                one.spans, (span,), items.key,
            )  # fmt: skip

    @staticmethod
    def _said(items: ItemList) -> str:
        words = "；".join(items.words(i) for i in range(len(items.items)))
        return quoted(items.basis, items.unit, f"{items.lead_text}：{words}")

    def _others(self, known: _Known) -> Iterator[Distractor]:
        """Items of lists nearby of the same class and another subject, the likeliest first."""
        basis = known.items.basis
        taken: list[frozenset[str]] = list(known.own)
        for other in self._known:  # what a list like this one says elsewhere is true as well
            if other is not known and likeness(known.subject, other.subject) >= _SUBJECT:
                taken += other.own
        found = [
            (-self._appeal(known, other, place), other.order, place, other)
            for other in self._known
            if abs(other.order - basis.order) <= _NEIGHBOURS
            if _compatible(known, other)
            for place in self._safe(known, other)
        ]
        sources: set[int] = set()
        for _, order, place, other in sorted(found, key=lambda x: x[:3]):
            own = other.own[place]
            if order in sources or any(likeness(own, t) >= _ALIKE for t in taken):
                continue
            if self._joined(known, other, own):
                continue
            sources.add(order)
            taken.append(own)
            unit, _ = other.items.items[place]
            theirs = other.items.basis
            self._used[theirs.id, unit] = self._used.get((theirs.id, unit), 0) + 1
            yield Distractor(
                other.items.words(place),
                theirs.id,
                f"出自{theirs.citation(unit)}，原文说的是“{other.items.lead_text}”，不是本题所问",
                theirs.clause.hash,
            )

    def _joined(self, known: _Known, other: _Known, own: frozenset[str]) -> bool:
        """Whether some clause in force speaks of a wrong option and of what is asked for."""
        asked = known.subject - self._common
        return any(
            likeness(own, words) >= _NAMED_THERE and likeness(asked, words) >= _ASKED_THERE
            for order, words in self._clauses.items()
            if order not in (known.order, other.order)
        )

    def _appeal(self, known: _Known, other: _Known, place: int) -> float:
        """How much an item looks as if it belonged to another list, less how often it did so."""
        own, words = other.own[place], other.items.words(place)
        mine, theirs = known.items.basis, other.items.basis
        usual = sum(map(len, known.words)) // len(known.words)
        shared = len(own & known.whole) / max(1, len(own))
        near = 0.3 * (mine.path[:1] == theirs.path[:1])
        length = 0.3 * abs(len(words) - usual) / max(len(words), usual)
        used = self._used.get((theirs.id, other.items.items[place][0]), 0)
        return shared + near - length - 0.2 * used

    def _safe(self, known: _Known, other: _Known) -> Iterator[int]:
        """The items of another list that name things of their own, and nothing of this one."""
        items = other.items
        figures = any(map(find, known.words))
        for place, (unit, _) in enumerate(items.items):
            words, own = other.words[place], other.own[place]
            if not _SHORTEST <= len(words) <= _OPTION or POINTS.search(words):
                continue
            if known.kind == "place" and _PART.search(words):
                continue
            if not items.basis.may_ask(unit) or (find(words) and not figures):
                continue
            if any(likeness(own, t) >= _ALIKE for t in known.own):
                continue
            if any(_share(words, right) for right in known.words):
                continue
            rare = own - self._common - known.whole
            if len(rare) >= _RARE and likeness(own, known.whole) < _OF_CLAUSE:
                yield place


def _compatible(known: _Known, other: _Known) -> bool:
    mine, theirs = known.items.basis, other.items.basis
    return (
        mine is not theirs
        and mine.document.id == theirs.document.id
        and other.kind == known.kind
        and other.items.whole
        and likeness(known.subject, other.subject) < _SUBJECT
        and not known.wanted & other.wanted
        and (known.kind != "case" or _same_bearer(known, other))
    )


def _same_bearer(known: _Known, other: _Known) -> bool:
    """职工有下列情形之一的 and 工伤职工有下列情形之一的: cases of others tempt nobody."""
    a, b = (_HEAD.sub("", k.items.lead_text) for k in (known, other))
    return bool(a and b) and (a in b or b in a)


def _share(one: str, two: str) -> bool:
    """Whether two options name one thing in the same words."""
    runs = {one[i : i + _SHARED] for i in range(len(one) - _SHARED + 1)}
    return any(run in two for run in runs if re.fullmatch(r"[\u4e00-\u9fff]+", run))


_ANNOUNCED = re.compile(
    # 移动钻机|应遵守下列规定, 提升人员的罐笼|，应符合下列要求
    r"[，]?(?:均?(?:应当?|必须|须)(?:按照?)?|按照?)(?:遵守|符合|满足|执行|采取)?(?:下列|以下|如下).*\Z"
)


def subject_of(items: ItemList) -> tuple[int, int] | None:
    """The span of what a list is about: 移动钻机; None where its lead is of another kind."""
    m = _ANNOUNCED.search(items.lead_text)
    if m is None or m.start() < 2 or re.search(r"[；。]|应[设当]?", items.lead_text[: m.start()]):
        return None
    return items.lead[0], items.lead[0] + m.start()


def vague(items: ItemList) -> bool:
    """Whether a list is about what is spoken of in many places (电气设施): then the stem must name
    the clause."""
    subject = _WHOSE.match(items.lead_text)
    return subject is not None and len(subject[0]) <= _VAGUE


def _subject(items: ItemList) -> str:
    """What a list is about, in its own words."""
    span = subject_of(items)
    return items.basis.text[slice(*span)] if span else items.lead_text
