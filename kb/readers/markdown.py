"""Markdown as converters and statute collections write it. Line-based: no Markdown library.

`# …` lines are headings; `<table>` and pipe tables are tables; a picture on its own line is an
image; a line that holds only the document's own number is a running page header. Emphasis, lists
and formulas stay in the text as they are.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from datetime import date
from pathlib import Path

from kb.errors import SourceError
from kb.model import Block, BlockKind, Source
from kb.readers.build import line_spans
from kb.readers.decode import decode, load, refuse_foreign_formats
from kb.readers.facts import file_facts, header_facts, standard_number
from kb.readers.tables import html_rows, is_pipe_rule, pipe_rows
from kb.readers.text import likely_title

__all__ = ["read_markdown"]

_HEADING = re.compile(r"(#{1,6})[ \t\u3000]+(.*?)[ \t]*#*[ \t]*\Z")  # ## 第一章 总则
_CUT = re.compile(
    # <!-- INFO END --> or <table>…</table>; whichever opens first holds the other
    r"<!--.*?-->|(?P<table><table\b.*?</table\s*>)",
    re.DOTALL | re.IGNORECASE,
)
_STRAY = re.compile(r"<!--|</?table\b", re.IGNORECASE)  # the other half is missing
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)|<img\b[^>]*>", re.IGNORECASE)  # ![图](https://…)
_INFO_END = re.compile(r"<!--\s*INFO END\s*-->")
_CONTENTS = re.compile(r"#*\s*目\s*[次录]\s*\Z")  # # 目次
_EVENT = re.compile(
    # 2020-10-11 发布; 2021年9月1日起实施: with more on the line it is a sentence of the text
    r"(?:自\s*)?\d{4}\s*[年-]\s*\d{1,2}\s*[月-]\s*\d{1,2}\s*日?\s*起?\s*(?:发布|公布|实施|施行|批准)\Z"
)
_ISSUE_DELAY = 180  # days; a text is published within weeks of its adoption
_HEADER_LINES = 40  # a header without INFO END is looked for in so many lines below the title


def read_markdown(path: Path, data: bytes | None = None) -> Source:
    """Source of a .md file; HTML comments are in the text but in no block.

    Raises:
        SourceError: empty, binary, in an unknown encoding, or nothing but comments.
    """
    data = load(path) if data is None else data
    refuse_foreign_formats(path, data)
    decoded = decode(path, data)
    text = decoded.text
    warnings = list(decoded.warnings)
    blocks = _blocks(text, warnings)
    if not blocks:
        raise SourceError(path, "只有注释或空表，没有正文", "请确认选对了文件")
    facts = file_facts(path.stem)
    number = facts.get("number") or _repeated_number(text, blocks)
    if number:
        facts["number"] = number
        blocks = _mark_pages(text, blocks, number)
    title = _title(text, blocks)
    facts |= header_facts(_header(text, blocks))
    if later := _header_is_behind(facts):
        warnings.append(
            f"文件名写 {facts['file_date']}，题注最后的日期是 {later}，"
            "题注可能缺最近的修改，请核对版本"
        )
    return Source(
        path=str(path),
        format="markdown",
        text=text,
        blocks=tuple(blocks),
        sha256=hashlib.sha256(data).hexdigest(),
        title=title,
        meta=facts,
        warnings=tuple(warnings),
    )


def _header_is_behind(facts: dict[str, str]) -> str:
    """The last date of the header, when the file name is so much later that a change is missing."""
    last = max(facts.get("adopted", ""), facts.get("issued", ""))
    said = facts.get("file_date", "")
    if not last or not said:
        return ""
    days = (date.fromisoformat(said) - date.fromisoformat(last)).days
    return last if days > _ISSUE_DELAY else ""


def _blocks(text: str, warnings: list[str]) -> list[Block]:
    """All blocks; comments and tables may run over lines, so they are cut out first."""
    out: list[Block] = []
    at = 0
    for cut in _CUT.finditer(text):
        start, end = cut.span()
        _lines(text, at, start, out)
        if cut["table"]:
            rows, stray = html_rows(text[start:end])
            if stray:
                warnings.append(
                    f"第 {_line_no(text, start)} 行的表格在单元格之外有文字，按文字读取"
                )
                _lines(text, start, end, out)
            elif any(c.text for row in rows for c in row):
                out.append(Block(BlockKind.TABLE, start, end, rows=rows))
            else:
                warnings.append(f"第 {_line_no(text, start)} 行的表格没有内容")
        at = end
    _lines(text, at, len(text), out)
    for b in out:
        if b.kind is not BlockKind.TABLE and (m := _STRAY.search(text, b.start, b.end)):
            warnings.append(f"第 {_line_no(text, b.start)} 行的 {m[0]} 不成对，按文字读取")
    return out


def _lines(text: str, start: int, end: int, out: list[Block]) -> None:
    """Blocks of the lines within `text[start:end]`."""
    spans: list[tuple[int, int]] = []  # non-blank lines without their outer white space
    for a, b in line_spans(text[start:end]):
        line = text[start + a : start + b]
        if body := line.strip():
            at = start + a + line.index(body)
            spans.append((at, at + len(body)))
    i = 0
    while i < len(spans):
        a, b = spans[i]
        last = _pipe_table_end(text, spans, i)
        if last > i:
            rows = pipe_rows([text[x:y] for x, y in spans[i:last]])
            out.append(Block(BlockKind.TABLE, a, spans[last - 1][1], rows=rows))
            i = last
            continue
        line = text[a:b]
        if m := _HEADING.match(line):
            out.append(Block(BlockKind.HEADING, a, b, level=len(m[1])))
        elif not _IMAGE.sub("", line).strip():
            out.append(Block(BlockKind.IMAGE, a, b))
        else:
            out.append(Block(BlockKind.PARA, a, b))
        i += 1


def _pipe_table_end(text: str, spans: list[tuple[int, int]], i: int) -> int:
    """Index after the last row of a pipe table that begins at line `i`; `i` when none does."""
    if i + 1 >= len(spans):
        return i
    head, rule = (text[a:b] for a, b in spans[i : i + 2])
    if "|" not in head or is_pipe_rule(head) or not is_pipe_rule(rule):
        return i
    j = i + 1
    while j < len(spans) and "|" in text[spans[j][0] : spans[j][1]]:
        if text.count("\n", spans[j - 1][1], spans[j][0]) > 1:  # a blank line ends a table
            break
        j += 1
    return j if j > i + 1 else i


def _line_no(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _plain(text: str, block: Block) -> str:
    line = text[block.start : block.end]
    m = _HEADING.match(line) if block.kind is BlockKind.HEADING else None
    return (m[2] if m else line).strip()


def _repeated_number(text: str, blocks: list[Block]) -> str:
    """A standard number that stands alone on two lines or more: the document's own."""
    alone = Counter(
        number
        for b in blocks
        if b.kind is not BlockKind.TABLE
        and (number := standard_number(_plain(text, b), whole=True))
    )
    best = alone.most_common(1)
    return best[0][0] if best and best[0][1] > 1 else ""


def _mark_pages(text: str, blocks: list[Block], number: str) -> list[Block]:
    return [
        Block(BlockKind.PAGE, b.start, b.end)
        if b.kind in {BlockKind.HEADING, BlockKind.PARA}
        and standard_number(_plain(text, b), whole=True) == number
        else b
        for b in blocks
    ]


def _title(text: str, blocks: list[Block]) -> str:
    for b in blocks:
        if b.kind is BlockKind.HEADING and (title := _plain(text, b)):
            return title
    return likely_title([_plain(text, b) for b in blocks[:1] if b.kind is BlockKind.PARA])


def _header(text: str, blocks: list[Block]) -> list[str]:
    """Lines that tell the history: up to INFO END, else bare lines of a date and a verb."""
    if m := _INFO_END.search(text):
        return [_plain(text, b) for b in blocks if b.end <= m.start()][1:]
    out: list[str] = []
    for b in blocks[1:_HEADER_LINES]:
        line = _plain(text, b)
        if _CONTENTS.match(line):
            break
        if _EVENT.match(line):
            out.append(line)
    return out
