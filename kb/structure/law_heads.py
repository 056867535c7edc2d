"""Where 编, 章, 节, 条 and 附件 begin: certain from marks, else from form and sequence.

Without marks a line that begins with 第…条 opens an article only when its number carries the
sequence on; the same words begin many cross-references (第十条、第十一条所列…). What breaks the
sequence is never dropped: it opens a unit with a warning, or stays text with a warning.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import pairwise

from kb.display import ends_sentence
from kb.model import Mark, Source, UnitKind
from kb.numerals import ZH_NUMERAL, int_to_zh, zh_to_int
from kb.structure.lines import Form, Line, clip, is_rule, match_label, terminated

__all__ = [
    "Head",
    "Level",
    "contents_lines",
    "continue_heading",
    "find_heads",
    "heads_from_marks",
    "is_annex",
    "tidy",
]


class Level(IntEnum):
    """Levels of a law from the outside in; ANNEX closes all others."""

    ANNEX = 0
    PART = 1  # 编
    SUBPART = 2  # 分编
    CHAPTER = 3  # 章
    SECTION = 4  # 节
    ARTICLE = 5  # 条, 条目, 全文


@dataclass(frozen=True, slots=True)
class Head:
    """The line that opens a unit: `lines[line].text[:body]` is its label (and its heading).

    `number` is (25, 1) for 第二十五条之一. `limit` is where the reader's mark ends, if any.
    `form` is 第 for 第…条, 条目 or 全文.
    """

    level: Level
    line: int
    number: tuple[int, int]
    label: str
    heading: str = ""
    body: int = 0
    limit: int | None = None
    form: str = "第"


_NUMBER = rf"({ZH_NUMERAL}|\d{{1,4}})"
# 第二章 总则 | 第 三 编 | 第一分编 通 则
_CONTAINER = re.compile(
    rf"(?:\*\*)?第\s*{_NUMBER}\s*(分编|编|章|节)(?P<gap>[\s　：:]*)(?P<title>.*?)(?:\*\*)?\Z"
)
_LEVEL = {"编": Level.PART, "分编": Level.SUBPART, "章": Level.CHAPTER, "节": Level.SECTION}
# 第二十五条之一 为了… | **第三条** … | 第 5 条
_ARTICLE = re.compile(
    rf"(?:\*\*)?第\s*{_NUMBER}\s*条(?:\s*之\s*({ZH_NUMERAL}))?(?:\*\*)?(?P<gap>[\s　]*|[：:]\s*)"
)
# what follows 第十条 in a cross-reference: 第十条、…, 第十条第二款, 第十条规定的
_REFERENCE = re.compile(
    r"[、，,；;。）)]|第|至|到|所|的|之|中|规定|和第|与第|及第|或第|或者|以及|[（(][一二三四五六七八九十]+[)）]|款|项"
)
# with a space after 第十条 only these still make it a reference
_REFERENCE_AFTER_SPACE = re.compile(r"[、，,；;。）)]")
_NO_TITLE = re.compile(r"[第、，,；;。至到和与及或的所中规以之]")
_LONGEST_TITLE = 40
_CONTENTS = re.compile(r"[《<]?\s*目\s*[录次]\s*[》>]?\Z")
# 附件 | 附件一 | 附：| 附表一：…税目税额表 | （附件） ; 附则 is a chapter, 附件是指… a sentence
_ANNEX = re.compile(
    rf"[（(【]?(附(?:件|录|表|图)?)\s*({ZH_NUMERAL}|\d{{1,2}})?\s*[)）】]?"
    r"(?:\s*[：:]\s*(.*)|\s+(\S.*)|)\Z",
    re.S,
)
_MARK_LEVEL = {
    UnitKind.PART: Level.PART,
    UnitKind.CHAPTER: Level.CHAPTER,
    UnitKind.SECTION: Level.SECTION,
    UnitKind.ARTICLE: Level.ARTICLE,
}
# 条目三, the packaged form of a decision's 三、
_ITEM_LABEL = re.compile(rf"条目{_NUMBER}\Z")
_SUPPLEMENT = "附则"
_MIDDLE_SPACE = re.compile(r"(?<=[\u3400-\u9fff])[\s　]+(?=[\u3400-\u9fff])")


def tidy(heading: str) -> str:
    """A heading without the spaces that stretch it over a line (总　则)."""
    return _MIDDLE_SPACE.sub("", heading).strip(" \u3000*")


def _value(text: str) -> int:
    try:
        return int(text) if text[0].isdigit() else zh_to_int(text)
    except ValueError:
        return 0


def _label(number: tuple[int, int], unit: str) -> str:
    tail = f"之{int_to_zh(number[1])}" if number[1] else ""
    return f"第{int_to_zh(number[0])}{unit}{tail}"


# --- from marks ---------------------------------------------------------------------------------


def heads_from_marks(source: Source, lines: Sequence[Line], warnings: list[str]) -> list[Head]:
    """One head a mark, and the unnumbered 附则 that stands beside the last 编."""
    out: list[Head] = []
    at = 0
    for mark in sorted(source.marks, key=lambda m: (m.start, -m.end)):
        while at < len(lines) and lines[at].end <= mark.start:
            at += 1
        head = _from_mark(mark, lines, at)
        if head is None:
            warnings.append(f"不认识的编号：{mark.label}")
        else:
            out.append(head)
    _report_gaps([h for h in out if h.level is Level.ARTICLE and h.form != "全文"], warnings)
    taken = {h.line for h in out}
    for i, line in enumerate(lines):
        beside = line.heading and i not in taken and out and i > out[0].line
        if beside and tidy(line.text) == _SUPPLEMENT:
            out.append(Head(Level.PART, i, (0, 0), _SUPPLEMENT, body=len(line.text)))
    return sorted(out, key=lambda h: (h.line, h.level))


def _report_gaps(articles: Sequence[Head], warnings: list[str]) -> None:
    """Warn of numbers that the source lacks: their text may stand in the article before."""
    for before, head in pairwise(articles):
        if head.number > before.number and not _follows(head.number, before.number):
            warnings.append(f"条号不连续：{before.label}之后是{head.label}，请核对原文是否缺条")


def _from_mark(mark: Mark, lines: Sequence[Line], at: int) -> Head | None:
    if at >= len(lines):
        return None
    text = lines[at].text
    if m := _CONTAINER.match(mark.label):
        number = (_value(m[1]), 0)
        return Head(_LEVEL[m[2]], at, number, mark.label, tidy(mark.heading), len(text), mark.end)
    if mark.kind is not UnitKind.ARTICLE:
        return None
    number, form = (1, 0), "全文"
    if m := _ITEM_LABEL.match(mark.label):
        number, form = (_value(m[1]), 0), "条目"
    elif m := _ARTICLE.match(mark.label):
        number, form = (_value(m[1]), _value(m[2]) if m[2] else 0), "第"
    elif mark.label != "全文":
        return None
    body = len(mark.label) if text.startswith(mark.label) else 0
    return Head(Level.ARTICLE, at, number, mark.label, mark.heading, body, mark.end, form)


# --- from lines ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Candidate:
    head: Head
    strong: bool


def find_heads(source: Source, lines: Sequence[Line], warnings: list[str]) -> list[Head]:
    """Heads of a source without marks, contents pages and quotations passed over."""
    contents = contents_lines(lines)
    free = [i for i in range(len(lines)) if i not in contents and lines[i].table is None]
    candidates = [c for i in free if (c := _article(lines[i], i)) is not None]
    candidates = [c for c in candidates if not _quoted(source, lines[c.head.line])]
    articles = _chain(candidates, warnings)
    items = _items(source, lines, free)
    if items and (not articles or articles[0].line > items[0].line):
        articles = items
    containers = [h for i in free if (h := _container(lines[i], i)) is not None]
    containers = [h for h in containers if not _quoted(source, lines[h.line])]
    containers += _supplement(lines, free, containers, articles)
    return sorted(articles + _sequence(containers, warnings), key=lambda h: h.line)


def _supplement(
    lines: Sequence[Line], free: Sequence[int], containers: Sequence[Head], articles: Sequence[Head]
) -> list[Head]:
    """The unnumbered 附则 after the last 编 or 章, if an article follows it."""
    outer = min((h.level for h in containers), default=None)
    if outer is None:
        return []
    return [
        Head(outer, i, (0, 0), _SUPPLEMENT, body=len(lines[i].text))
        for i in free
        if tidy(lines[i].text) == _SUPPLEMENT
        and any(h.line < i for h in articles)
        # only its articles come after it
        and any(h.line > i for h in articles)
        and not any(h.line > i for h in containers)
    ]


def contents_lines(lines: Sequence[Line]) -> set[int]:
    """Lines of the table of contents: from 目录 to where the first heading comes again."""
    begin = next((i for i, x in enumerate(lines) if _CONTENTS.match(x.text)), None)
    if begin is None:
        return set()
    first = begin + 1
    if first >= len(lines):
        return {begin}
    wanted = _squeeze(lines[first].text)
    for i in range(first + 1, len(lines)):
        squeezed = _squeeze(lines[i].text)
        if squeezed == wanted or (len(squeezed) >= 3 and wanted.startswith(squeezed)):
            # a sentence between the contents and the first heading is a preamble
            ends = (j for j in range(first, i) if ends_sentence(lines[j].text))
            return set(range(begin, next(ends, i)))
        if _article(lines[i], i) is not None and terminated(lines[i].text):
            break
    # no repeated heading: only what still looks like an entry
    stop = first
    while stop < len(lines) and _container(lines[stop], stop) and not terminated(lines[stop].text):
        stop += 1
    return set(range(begin, stop)) if stop == first else {begin}


def _squeeze(text: str) -> str:
    # entries of a contents page may end with dots and a page number
    return re.sub(r"[\s　.．·…]+\d*\Z|[\s　]+", "", text)


def _quoted(source: Source, line: Line) -> bool:
    """Whether a line stands inside curly quotation marks that are opened and closed around it."""
    before = source.text[max(0, line.start - 3000) : line.start]
    after = source.text[line.start : line.start + 3000]
    closing, opening = after.find("”"), after.find("“")
    closes = closing >= 0 and (opening < 0 or closing < opening)
    return closes and before.rfind("“") > before.rfind("”")


def _article(line: Line, at: int) -> _Candidate | None:
    m = _ARTICLE.match(line.text)
    if not m:
        return None
    number = (_value(m[1]), _value(m[2]) if m[2] else 0)
    rest = line.text[m.end() :]
    strong = bool(m["gap"]) or not rest or line.heading or rest[0] in "【[" or "**" in m[0]
    malformed = not number[0] or (m[2] and not number[1])
    if malformed or (_REFERENCE_AFTER_SPACE if strong else _REFERENCE).match(rest):
        return None
    return _Candidate(Head(Level.ARTICLE, at, number, _label(number, "条"), body=m.end()), strong)


def _follows(number: tuple[int, int], last: tuple[int, int]) -> bool:
    return number in ((last[0] + 1, 0), (last[0], last[1] + 1))


def _chain(candidates: Sequence[_Candidate], warnings: list[str]) -> list[Head]:
    """The candidates that carry the sequence, with a warning for each that breaks it."""
    out: list[Head] = []
    last = (0, 0)
    for i, candidate in enumerate(candidates):
        head, later = candidate.head, candidates[i + 1 :]
        if not candidate.strong:
            again = any(c.strong and c.head.number == head.number for c in later)
            if _follows(head.number, last) and not again:
                out.append(head)
                last = head.number
            continue
        if not _follows(head.number, last) and not _breaks(head, last, later, warnings):
            continue
        out.append(head)
        last = head.number
    return out


def _breaks(
    head: Head, last: tuple[int, int], later: Sequence[_Candidate], warnings: list[str]
) -> bool:
    """Whether a line out of sequence opens an article all the same."""
    strong = [c.head.number for c in later if c.strong]
    if last == (0, 0):
        if (1, 0) in strong:
            return False
        warnings.append(f"首条是{head.label}，此前各条不在原文中")
        return True
    before = _label(last, "条")
    if head.number == last:
        return True  # the builder gives it ~2 and warns
    goes_on = any(_follows(n, last) for n in strong)
    if head.number == (1, 0) and strong[:1] == [(2, 0)]:
        warnings.append(f"{before}之后条号从第一条重新开始")
        return True
    if goes_on:
        warnings.append(f"行首的{head.label}不接{before}，按正文处理")
        return False
    warnings.append(f"条号不连续：{before}之后是{head.label}")
    return True


def _items(source: Source, lines: Sequence[Line], free: Sequence[int]) -> list[Head]:
    """一、 二、 … at the outermost level of a decision without articles."""
    out: list[Head] = []
    for i in free:
        label = match_label(lines[i].text)
        if label is None or label.form is not Form.COMMA or label.value != len(out) + 1:
            continue
        if not _quoted(source, lines[i]):
            name, number = f"条目{int_to_zh(label.value)}", (label.value, 0)
            out.append(Head(Level.ARTICLE, i, number, name, body=label.end, form="条目"))
    return out


def _container(line: Line, at: int) -> Head | None:
    m = _CONTAINER.match(line.text)
    if not m or not _value(m[1]) or len(line.text) > _LONGEST_TITLE + 8:
        return None
    title = m["title"]
    if re.search(r"[。；;，,：:]\Z", title):
        return None
    if not m["gap"] and not line.heading and _NO_TITLE.match(title):
        return None
    if m["gap"] and re.match(r"[、，,]|第.{1,5}[章节编条]", title):
        return None
    level, number = _LEVEL[m[2]], (_value(m[1]), 0)
    return Head(level, at, number, _label(number, m[2]), tidy(title), len(line.text))


def _sequence(containers: Sequence[Head], warnings: list[str]) -> list[Head]:
    """Containers with a warning where a number jumps; 章 may run on over 编, 节 start anew."""
    last: dict[Level, int] = {}
    for head in containers:
        value, known = head.number[0], last.get(head.level, 0)
        if value not in (1, known + 1):
            warnings.append(f"编号不连续：{head.label}之前是{_previous(head, known)}")
        last[head.level] = value
        if head.level is not Level.CHAPTER:
            for level in Level:
                if level > head.level and level is not Level.CHAPTER:
                    last.pop(level, None)
        else:
            last.pop(Level.SECTION, None)
    return list(containers)


def _previous(head: Head, known: int) -> str:
    return _label((known, 0), head.label[-1]) if known else "空缺"


# --- annexes ------------------------------------------------------------------------------------


def is_annex(lines: Sequence[Line], at: int) -> Head | None:
    """The head of an annex if the line opens one: 附件一, 附：, or a title over a drawn table."""
    line = lines[at]
    if line.table is not None:
        return None
    if m := _ANNEX.match(line.text):
        if m[1] == "附" and not re.search(r"[：:]", line.text) and line.text != "附":
            return None
        number = (_value(m[2]) if m[2] else 0, 0)
        title = tidy(re.sub(r"\n[\s　]*", "", m[3] or m[4] or ""))
        if len(title) > 2 * _LONGEST_TITLE or title.endswith(("。", "；")):
            return None
        return Head(Level.ANNEX, at, number, m[1] + (m[2] or ""), title, len(line.text))
    below = lines[at + 1] if at + 1 < len(lines) else None
    drawn = below and not below.table and (is_rule(below.text) or "|" in below.text)
    titled = not terminated(line.text.rstrip("）)")) and "|" not in line.text
    if drawn and titled and len(line.text) <= _LONGEST_TITLE:
        return Head(Level.ANNEX, at, (0, 0), "", tidy(line.text), len(line.text))
    return None


def continue_heading(head: Head, line: Line) -> Head | None:
    """The head with the next line added when that is the rest of a broken heading."""
    if line.table or match_label(line.text) or terminated(line.text) or is_rule(line.text):
        return None
    if len(head.heading) + len(line.text) > _LONGEST_TITLE or "|" in line.text:
        return None
    return replace(head, heading=tidy(head.heading + clip(line, 0).text))
