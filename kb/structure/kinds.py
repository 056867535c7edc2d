"""What kind of document a text is that no catalog knows: its numbers say it, then its title.

A firm's 责任制 written in 第…条 is read as a rule, whatever its title ends with; a 规程 written in
一、二、 is read as a notice.
"""

from __future__ import annotations

import re

from kb.model import DocKind, Source
from kb.numerals import ZH_NUMERAL
from kb.structure.lines import lines_of

__all__ = ["likely_kinds"]

_TITLE_KINDS: tuple[tuple[str, DocKind], ...] = (
    # the last word of an official title says what a document is (《立法技术规范》)
    ("条例", DocKind.REGULATION),
    ("细则", DocKind.RULE),
    ("规定", DocKind.RULE),
    ("办法", DocKind.RULE),
    ("制度", DocKind.RULE),
    ("责任制", DocKind.RULE),
    ("规程", DocKind.STANDARD),
    ("规范", DocKind.STANDARD),
    ("标准", DocKind.STANDARD),
    ("通则", DocKind.STANDARD),
    ("导则", DocKind.STANDARD),
    ("解释", DocKind.INTERPRETATION),
    ("决定", DocKind.DECISION),
    ("法", DocKind.LAW),  # after 办法
)
_BUILT_OF_ARTICLES = frozenset(
    {
        DocKind.LAW,
        DocKind.REGULATION,
        DocKind.RULE,
        DocKind.INTERPRETATION,
        DocKind.DECISION,
    }
)
# what follows the last word: （试行）, (2021年修订), （第二版）, Q/ABC 001-2020
_STATE = re.compile(
    r"\s*(?:[（(][^（）()]{0,20}(?:试行|暂行|修订|修正|修改|版|稿)[^（）()]{0,4}[）)]"
    r"|[（(]?[A-Z]{1,5}(?:/[A-Z]{1,6})?\s*[\d.]+(?:\s*[-—–－]\s*\d{2,4})?[）)]?)\s*\Z"
)
_EMPHASIS = r"(?:\*{1,3}|_{1,3})?"
_ARTICLE = re.compile(
    rf"{_EMPHASIS}第\s*(?:{ZH_NUMERAL}|\d{{1,3}})\s*条(?![、，,的第款])"
)  # 第一条
_DOTTED = re.compile(rf"{_EMPHASIS}[1-9]\d?(?:[.．]\d{{1,2}})+(?![\d.．%~～-])(?=\D)")  # 2.1 甲
_PLAIN = re.compile(rf"{_EMPHASIS}[1-9]\d?{_EMPHASIS}[\s　]+\S")  # 1 范围
_COMMA = re.compile(rf"{_EMPHASIS}(?:{ZH_NUMERAL}\s?、|[（(]{ZH_NUMERAL}[）)])")  # 一、 （一）


def likely_kinds(source: Source, title: str) -> tuple[DocKind, ...]:
    """Kinds to try in turn, the likeliest first; the title decides between equal numbers."""
    texts = [x.text for x in lines_of(source) if x.table is None]
    articles = sum(bool(_ARTICLE.match(t)) for t in texts)
    dotted = sum(bool(_DOTTED.match(t)) for t in texts)
    commas = sum(bool(_COMMA.match(t)) for t in texts)
    named = kind_of_title(title)
    rule = named if named in _BUILT_OF_ARTICLES else DocKind.RULE
    order: list[DocKind] = []
    # a rule has （一） items below its articles, and a notice cites an article now and then
    if articles > 1 or (articles and not dotted and not commas):
        order.append(rule)
    if dotted > 1 and dotted >= commas:
        order.append(DocKind.STANDARD)
    if order and dotted >= 2 * max(articles, 1) and named is DocKind.STANDARD:
        order.reverse()
    if not order:
        plain = sum(bool(_PLAIN.match(t)) for t in texts)
        if commas and named not in _BUILT_OF_ARTICLES:
            order.append(DocKind.NOTICE)
        elif dotted or (plain > 1 and named is DocKind.STANDARD):
            order.append(DocKind.STANDARD)
    order += [named, DocKind.NOTICE, DocKind.STANDARD, rule]
    return tuple(dict.fromkeys(order))


def kind_of_title(title: str) -> DocKind:
    """Kind by the last word of a title, whatever is said of its state; a notice if none fits."""
    bare = title
    while (m := _STATE.search(bare)) and m.start():
        bare = bare[: m.start()]
    return next((k for end, k in _TITLE_KINDS if bare.endswith(end)), DocKind.NOTICE)
