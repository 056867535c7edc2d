"""The words of a stem: verbatim spans of one clause, joined by set phrases only.

An item of a list is no sentence; what leads it in makes it one. 应遵守下列规定：… stays as it is;
有下列情形之一的，应… takes the item in the place of the words that announce it, and so does
下列地点应设….
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.exam.model import BLANK
from kb.exam.source import Basis
from kb.exam.statements import ItemList, Span, Statement
from kb.quantities import find

__all__ = ["Body", "compose", "list_question"]

_CASE = re.compile(
    # 生产经营单位|有下列行为之一的|，责令…：   遇有|下列情况|时，应…：
    r"(?P<head>[^：]*?)(?:(?<!遇)(?:有|具有|存在|属于|发生|出现|符合)?(?:下列|以下)[^，：]{0,16}?之一[的时]?(?P<one>，)"
    r"|(?<=[有在])(?:下列|以下)(?:情况|情形)(?=[时下，]))(?P<rest>[^：]*?)[：:]\Z"
)
_THINGS = re.compile(
    # 夜间工作时，|下列地点|应设照明装置：
    r"(?P<head>[^：]*?)(?:下列|以下)(?P<noun>(?:[^，：应不须必严禁]{0,6})?"
    r"(?:地点|场所|区域|位置|地段|设备|设施|单位|人员|作业|硐室|巷道|物品|井巷|部位))"
    r"(?P<rest>(?:[内上处中]?)(?:均|都)?(?:应|不应|不得|必须|严禁|禁止)[^：]*?)[：:]\Z"
)
_ASKED = re.compile(
    r"(?P<this>下列|以下|如下)(?P<ones>一项或者多项|各项)?(?P<noun>[^，：；]{0,20})"
)
_ALSO = re.compile(r"还(?=应|须|必须|要)")
_BESIDE = re.compile(r"除|以外|之外")


@dataclass(frozen=True, slots=True)
class Body:
    """Spans of the clause's display and set phrases in the order of the stem."""

    basis: Basis
    parts: tuple[Span | str, ...]

    @property
    def text(self) -> str:
        """The words."""
        return "".join(self._words())

    @property
    def spans(self) -> tuple[Span, ...]:
        """The spans, without the set phrases."""
        return tuple(p for p in self.parts if not isinstance(p, str))

    def _words(self) -> Iterator[str]:
        for p in self.parts:
            yield p if isinstance(p, str) else self.basis.text[slice(*p)]

    def without(self, start: int, end: int, instead: str = BLANK) -> Body:
        """The stem with one span of the clause replaced (a blank, or a laxer figure)."""
        out: list[Span | str] = []
        for p in self.parts:
            if isinstance(p, str) or not p[0] <= start < end <= p[1]:
                out.append(p)
                continue
            out += [(p[0], start)] if start > p[0] else []
            out.append(instead)
            out += [(end, p[1])] if end < p[1] else []
        return Body(self.basis, tuple(out))

    def place(self, at: int) -> int | None:
        """Where a character of the clause stands in the stem."""
        passed = 0
        for p in self.parts:
            if isinstance(p, str):
                passed += len(p)
                continue
            if p[0] <= at < p[1]:
                return passed + at - p[0]
            passed += p[1] - p[0]
        return None

    def origin(self, at: int) -> int | None:
        """Which character of the clause stands at a place of the stem; None in a set phrase."""
        passed = 0
        for p in self.parts:
            size = len(p) if isinstance(p, str) else p[1] - p[0]
            if passed <= at < passed + size:
                return None if isinstance(p, str) else p[0] + at - passed
            passed += size
        return None


def compose(statement: Statement, end: int | None = None, upto: int | None = None) -> Body:
    """What a statement says as a sentence.

    Args:
        end: where to stop within the statement (a comma or semicolon); its own end without it.
        upto: where to stop within what follows from a case (处…罚款，…), if it has one.
    """
    basis = statement.basis
    own: Span = (statement.start, end or statement.end)
    if statement.lead is None:
        return Body(basis, (own,))
    start, stop = statement.lead
    lead = basis.text[start:stop]
    if m := _CASE.match(lead):
        rest = _cut(m["rest"])
        if upto is not None:
            rest = rest[: max(0, upto - start - m.start("rest"))]
        words = basis.text[slice(*own)]
        head_end = start + m.end("head")
        if m["head"].endswith("有") and words.startswith("有"):
            head_end -= 1  # 遇有|有软弱结构面
        elif len(m["head"]) > 2 and words.startswith(m["head"][-2:]):
            head_end -= 2  # 某矿|开采|开采水体下的煤
        parts: list[Span | str] = [(start, head_end)] if head_end > start else []
        parts.append(own)
        if m["one"]:
            parts.append("，" if words.endswith(("的", "时")) else "的，")
        at = start + m.start("rest")
        if rest:
            parts.append((at, at + len(rest)))
        return Body(basis, tuple(parts))
    m = _THINGS.match(lead)
    # 进行下列作业的人员: the item is no place or thing but what they do
    listed = m and "的" not in m["noun"] and not m["head"].endswith(("进行", "从事"))
    # 斜坡道，配置点间距不大于 300 m: an item with a rule of its own is no place alone
    if m and listed and not ("，" in basis.text[slice(*own)] and find(basis.text[slice(*own)])):
        at = start + m.start("rest")
        head: list[Span | str] = [(start, start + m.end("head"))] if m["head"] else []
        return Body(basis, (*head, own, (at, at + len(_cut(m["rest"])))))
    return Body(basis, ((start, stop), own))


def _cut(rest: str) -> str:
    """The first of several consequences: 处…罚款；逾期不改正的… stops at the semicolon."""
    return rest.partition("；")[0]


def is_case(lead: str) -> bool:
    """Whether a lead names cases in which something follows, not what is to be done."""
    return bool(_CASE.match(lead))


def list_question(items: ItemList, how: str) -> Body | None:
    """The lead of a list as a question (下列哪些地点应设照明装置？); None where it names no list.

    Args:
        how: 哪些 for several, 哪一项 for one, and 哪些 alone (without 下列) for a 简答.
    """
    basis = items.basis
    start, stop = items.lead
    lead = basis.text[start:stop].rstrip("：: ")
    found = list(_ASKED.finditer(lead))
    if len(found) != 1 or not found[0]["noun"] or "；" in lead:
        return None
    m = found[0]
    noun = m["noun"]
    at, end = start + m.start("noun"), start + len(lead)
    tail = lead[m.end("noun") :]
    first = start + m.start()
    head: list[Span | str] = [(start, first)]
    # 还应当具备下列条件: nothing stands before it any more, unless the lead says beside what
    if (also := _ALSO.search(lead[: m.start()])) and not _BESIDE.search(lead):
        head = [(start, start + also.start()), (start + also.end(), first)]
    if "之一" in noun:
        if not noun.partition("之一")[2].startswith("的") or "一" in how:
            return None
    else:
        comma = re.match(r"，(?:并|且|经|由|同时|但|其|报|接受)", tail)
        if comma:
            end = start + m.end("noun")
    parts: Sequence[Span | str] = (*head, how, (at, end))
    kept = tuple(p for p in parts if isinstance(p, str) or p[0] < p[1])
    return Body(basis, (*kept, "？"))
