"""Lines of a source and the labels that lines begin with: what laws and notices share.

A *line* is one physical line of a paragraph or heading block, without surrounding white space and
Markdown signs; a table block is one line of its own. A *label* is the number at the start of a
line (（一）, 1., ①, 一是); whether it opens a unit is decided by the parser from its sequence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import reduce
from itertools import pairwise

from kb.display import ends_sentence, normalize
from kb.model import Block, BlockKind, Source, UnitKind
from kb.numerals import CIRCLED, ZH_NUMERAL, circled_to_int, int_to_zh, zh_to_int
from kb.structure.base import Node
from kb.structure.tables import expand, header_rows, to_text

__all__ = [
    "Form",
    "Label",
    "Line",
    "cells",
    "clean",
    "clip",
    "is_rule",
    "join",
    "lines_of",
    "match_label",
    "split_inline",
    "table_node",
    "terminated",
    "unwrap",
]

_STRIP = "".join(chr(c) for c in range(0x2000, 0x200C)) + " \t\r\n\f\v\u00a0\u3000\ufeff"
"""White space, the ideographic and no-break spaces too."""

# `## 第一章 总则`, `> 第一条`, `- `; in front of the text
_MARKDOWN_HEAD = re.compile(r"(?:#{1,6}[ \t\u3000]+|>[ \t]*)+")
# **第三条** 甲, __2.1__ 乙, *注* at the start of a line; ** also inside it
_EMPHASISED = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1|\A\s*([*_])(?=[^\s*_])([^*_]+)(?<=\S)\3")
# a comment that a converter left: <!-- INFO END -->
_COMMENT = re.compile(r"<!--.*?-->\Z", re.S)
# the frame of a table drawn in characters: +-----+-----+, |---|---|, | | |
_RULE = re.compile(r"[\s|+\-=_─━┼├┤:]+\Z")
# what a converter left of a picture: !24427{width="3.2in" and height="3.5in"} on the next line
_PICTURE = re.compile(r'!\[[^\]]*\]\([^)]*\)|![^{}\s]*\{width="[^"]*"\s*\}?|height="[^"]*"\}')
# 。 or ；, perhaps inside a closing quotation mark or bracket
_TERMINAL = re.compile(r"[。；;：:？！!?…）)】\]」』》”’\"]\Z")


@dataclass(frozen=True, slots=True)
class Line:
    """`source.text[start:end] == text`, but for emphasis marks, in whose place are spaces.

    `gap`: an empty line stands before it; `tabbed`: a tab does, on the same line.
    """

    start: int
    end: int
    text: str
    gap: bool = False
    heading: bool = False
    table: Block | None = None
    tabbed: bool = False


def lines_of(source: Source) -> tuple[Line, ...]:
    """All lines of the paragraph, heading and table blocks, in order; page marks are left out."""
    out: list[Line] = []
    last = -1
    text = _unmarked(source.text) if source.format == "markdown" else source.text
    for block in source.blocks:
        if block.kind is BlockKind.TABLE:
            found: Iterator[Line] = iter(
                [Line(block.start, block.end, source.text[block.start : block.end], table=block)]
            )
        elif block.kind in (BlockKind.PARA, BlockKind.HEADING):
            heading = block.kind is BlockKind.HEADING
            found = _split(text, block.start, block.end, heading)
        else:
            continue
        for line in found:
            between = source.text[max(last, 0) : line.start]
            gap = last < 0 or between.count("\n") > 1
            tabbed = "\t" in between.rpartition("\n")[2]
            out.append(replace(line, gap=gap, tabbed=tabbed))
            last = line.end
    return tuple(out)


def _unmarked(text: str) -> str:
    """Markdown with spaces in the place of emphasis marks, so that every offset stays."""
    if "*" not in text and "_" not in text:
        return text
    return "\n".join(
        line if "$" in line else _EMPHASISED.sub(_blank_marks, line) for line in text.split("\n")
    )


def _blank_marks(m: re.Match[str]) -> str:
    mark, inner = (m[1], m[2]) if m[1] else (m[3], m[4])
    blank = " " * len(mark)
    lead = m[0][: m[0].index(mark)]
    return f"{lead}{blank}{inner}{blank}"


def _split(text: str, start: int, end: int, heading: bool) -> Iterator[Line]:
    at = start
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        line = clip(Line(at, stop, text[at:stop], heading=heading), 0)
        if heading and (head := _MARKDOWN_HEAD.match(line.text)):
            line = clip(line, head.end())
        if line.text and not _COMMENT.match(line.text):
            yield line
        at = stop + 1


_WIDTHS = range(20, 61)  # full lines of a text with hard line breaks
_FULL_SHARE = 0.25  # so many of its lines are full
_FEWEST_FULL = 6
# 第三条 with a space begins an article wherever the line breaks fall
_OPENS = re.compile(rf"第\s*(?:{ZH_NUMERAL}|\d+)\s*(?:分编|编|章|节|条)[\s　]")


def unwrap(source: Source, lines: Sequence[Line]) -> list[Line]:
    """Paragraphs that hard line breaks cut, put together when the whole text is so broken.

    Where paragraphs are indented, a full line goes on in a line without indent; elsewhere, in a
    line without a number when it ends without a mark. The joined text has the newline in it.
    """
    indents = [_indent(source.text, x.start) for x in lines]
    widths = [n + len(x.text) for n, x in zip(indents, lines, strict=True)]
    full = sorted(widths)[len(widths) * 9 // 10] if widths else 0
    wide = [full - 2 <= w <= full + 1 for w in widths]
    enough = sum(wide) >= max(_FEWEST_FULL, _FULL_SHARE * len(lines))
    if source.marks or full not in _WIDTHS or not enough:
        return list(lines)
    # a line that broke at a space seems indented, but less than a paragraph is
    paragraph = max(Counter(n for n in indents if n).most_common(1), default=(0, 0))[0]
    flush = [i for i, n in enumerate(indents) if i and n < paragraph]
    indented = bool(flush) and sum(wide[i - 1] for i in flush) > 0.9 * len(flush)
    out: list[Line] = []
    for i, line in enumerate(lines):
        goes_on = bool(out) and wide[i - 1] and not line.gap and not _OPENS.match(line.text)
        goes_on = goes_on and not line.heading and not lines[i - 1].heading
        if indented:
            goes_on = goes_on and indents[i] < paragraph
        else:
            goes_on = goes_on and not terminated(lines[i - 1].text) and not match_label(line.text)
        if goes_on and line.table is None and out[-1].table is None:
            text = source.text[out[-1].start : line.end]
            out[-1] = replace(out[-1], end=line.end, text=text)
        else:
            out.append(line)
    return out


def _indent(text: str, start: int) -> int:
    return start - (text.rfind("\n", 0, start) + 1)


def clip(line: Line, offset: int, stop: int | None = None) -> Line:
    """The part of a line from `offset` (to `stop`), without surrounding white space."""
    part = line.text[offset:stop]
    body = part.lstrip(_STRIP)
    start = line.start + offset + len(part) - len(body)
    body = body.rstrip(_STRIP)
    return replace(line, start=start, end=start + len(body), text=body)


def clean(text: str) -> str:
    """Normalised text of one paragraph (broken lines joined), without emphasis and pictures."""
    text = _PICTURE.sub("", text).replace("**", "").replace("__", "")
    if "\n" in text:
        first, *rest = [part for x in text.split("\n") if (part := x.strip(_STRIP))] or [""]
        text = reduce(join, rest, first)
    return normalize(text).strip()


def cells(text: str) -> str:
    """A line that ends without a mark, as a row: what white space parted stays parted, by |.

    Otherwise `1 不超过36000元的 3` would read 不超过36000元的3. The letters of a stretched word
    (税 目) and a number that the page broke (1. 2元) are no cells.
    """
    if "|" in text or ends_sentence(text):
        return clean(text)
    parts = re.split(r"\s+", text)
    out = parts[0]
    for before, part in pairwise(parts):
        letters = len(before) == 1 and len(part) == 1 and not (before + part).isascii()
        broken = before.endswith(".") and part[:1].isdigit()
        out += (" " if broken else "" if letters else "|") + part
    return clean(out)


def join(first: str, second: str) -> str:
    """Two pieces of a sentence that was broken over lines."""
    latin = first[-1:].isascii() and second[:1].isascii() and first[-1:].strip() and second[:1]
    return f"{first} {second}" if latin else first + second


def terminated(text: str) -> bool:
    """Whether a line ends as a sentence, a list item or a lead-in does."""
    return bool(_TERMINAL.search(text))


def is_rule(text: str) -> bool:
    """Whether a line is only the frame of a drawn table, or a picture."""
    return bool(_RULE.match(_PICTURE.sub("", text) + " "))


def table_node(table: Block, suffix: str, *, hit: bool = False) -> Node:
    """A table of the source as a unit; its display has one row a line."""
    rows = expand(table.rows)
    return Node(
        suffix,
        UnitKind.TABLE,
        table.start,
        table.end,
        pieces=[to_text(rows)],
        hit=hit,
        rows=rows,
        header_rows=header_rows(table.rows),
    )


# --- labels -------------------------------------------------------------------------------------


class Form(StrEnum):
    """How a number is written at the start of a line."""

    CHAPTER = "第一章"
    ARTICLE = "第一条"
    COMMA = "一、"
    PAREN = "（一）"
    POINT = "1."
    POINT_PAREN = "（1）"
    CIRCLED = "①"
    FIRST_IS = "一是"


@dataclass(frozen=True, slots=True)
class Label:
    """A number at the start of a line: `line.text[:end]` is label and following space."""

    form: Form
    value: int
    text: str
    end: int


_EMPHASIS = r"(?:\*\*|__)?"
# 一、 but not the list of numerals 一、二级: see _LISTED
_COMMA = re.compile(rf"{_EMPHASIS}({ZH_NUMERAL})\s?、")
# （一） (一) 〔一〕, also with spaces inside and with 、 after it, but not （一）、（二）
_PAREN = re.compile(
    rf"{_EMPHASIS}[（(〔]\s*({ZH_NUMERAL})\s*[）)〕](?:\s?[、.．](?!\s*第?[（(〔]))?"
)
# 1. １． 1、 but not 1.5 nor 2017.3
_POINT = re.compile(rf"{_EMPHASIS}(\d{{1,3}})\s?(?:[.．](?!\d)|、)")
# （1） (1) 1)
_POINT_PAREN = re.compile(rf"{_EMPHASIS}(?:[（(]\s*(\d{{1,2}})\s*[）)]|(\d{{1,2}})[）)])")
_CIRCLED = re.compile(rf"{_EMPHASIS}([{CIRCLED}])")
# 一是 as in 一是…；二是…
_FIRST_IS = re.compile(rf"{_EMPHASIS}({ZH_NUMERAL})是")
# ①②两项, ①、②: circled numbers that are spoken of
_CIRCLED_LIST = re.compile(rf"[、和与及至]?[{CIRCLED}]")
# no label but a reference: （一）项, （一）、（二）, （一）至第（三）项; （一）项目 is a label
_REFERRED = re.compile(
    r"\s*(?:(?:[、，,和与及或至到]|或者|以及)\s*第?\s*[（(〔]|项(?!目)|款(?!项))"
)
# 二级 after 一、: two numerals that begin a sentence (一、二级风险)
_LISTED = re.compile(rf"({ZH_NUMERAL})[、和与及或至到级类种等期号档线次]")


def match_label(text: str) -> Label | None:
    """The label that a line begins with, if it has the form of one."""
    if m := _PAREN.match(text):
        found = _zh(Form.PAREN, m, "（{}）")
    elif m := _COMMA.match(text):
        found = _zh(Form.COMMA, m, "{}、")
        listed = _LISTED.match(text[m.end() :])
        if found and listed and listed[1] == int_to_zh(found.value + 1):
            return None
    elif m := _POINT_PAREN.match(text):
        value = int(m[1] or m[2])
        found = Label(Form.POINT_PAREN, value, f"（{value}）", m.end())
    elif m := _POINT.match(text):
        mark = "、" if m[0].endswith("、") else "."
        found = Label(Form.POINT, int(m[1]), f"{int(m[1])}{mark}", m.end())
    elif m := _CIRCLED.match(text):
        found = Label(Form.CIRCLED, circled_to_int(m[1]), m[1], m.end())
    elif m := _FIRST_IS.match(text):
        found = _zh(Form.FIRST_IS, m, "{}是")
    else:
        found = None
    if found is None or found.value == 0:
        return None
    rest = text[found.end :]
    if found.form in (Form.PAREN, Form.POINT_PAREN) and _REFERRED.match(rest):
        return None
    if found.form is Form.CIRCLED and _CIRCLED_LIST.match(rest):
        return None
    return found


def _zh(form: Form, m: re.Match[str], shape: str) -> Label | None:
    try:
        value = zh_to_int(m[1])
    except ValueError:
        return None
    return Label(form, value, shape.format(m[1]), m.end())


# inside a paragraph a list is certain only from its first number on, after ： ； 。 or nothing
_INLINE = {
    Form.PAREN: _PAREN,
    Form.POINT_PAREN: re.compile(r"[（(]\s*\d{1,2}\s*[）)]"),
    Form.CIRCLED: _CIRCLED,
    Form.FIRST_IS: _FIRST_IS,
}
_BEFORE_INLINE = re.compile(r"[：:；;。][”\"]?\s*\Z")


def split_inline(line: Line, forms: Sequence[Form]) -> tuple[Line, list[tuple[Label, Line]]] | None:
    """Take apart a paragraph that enumerates inside: lead-in, then (label, line with the label).

    Only a sequence 1, 2, … whose every number follows ：；。 (or, for ①, anything) and that
    does not stand in quotation marks is taken; the earliest form wins. None when there is none.
    """
    best: list[tuple[int, Label]] = []
    for form in forms:
        found = _sequence(line.text, form)
        if len(found) > 1 and (not best or found[0][0] < best[0][0]):
            best = found
    if not best:
        return None
    stops = [at for at, _ in best[1:]] + [len(line.text)]
    parts = [(label, clip(line, at, stop)) for (at, label), stop in zip(best, stops, strict=True)]
    return clip(line, 0, best[0][0]), parts


def _sequence(text: str, form: Form) -> list[tuple[int, Label]]:
    out: list[tuple[int, Label]] = []
    for m in _INLINE[form].finditer(text):
        label = match_label(text[m.start() :])
        if label is None or label.form is not form or label.value != len(out) + 1:
            continue
        before = text[: m.start()]
        if _quoted(before):
            continue
        if form is not Form.CIRCLED and before.strip(_STRIP) and not _BEFORE_INLINE.search(before):
            continue
        out.append((m.start(), label))
    return out


def _quoted(before: str) -> bool:
    return before.count("“") > before.count("”") or before.count('"') % 2 == 1
