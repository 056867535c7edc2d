"""Plain text files: one block a line. Headings, tables and numbers are left to structure."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from kb.model import Block, BlockKind, Source
from kb.readers.build import line_spans
from kb.readers.decode import decode, load, refuse_foreign_formats
from kb.readers.facts import docno_in, file_facts

__all__ = ["likely_title", "read_text"]

_ESCAPED_BREAK = re.compile(r"(?:\s*\\n)+\s*\Z")
"""A backslash and an n at the end of a line: a converter wrote `\\n` out instead of a newline."""

_LONGEST_TITLE = 60
_LETTERHEAD = re.compile(r"(?:文件|公报|公告|令)\Z")  # 绍兴市应急管理局文件
_SENTENCE_END = re.compile(r"[:：;；。，,、！？!?]\Z")  # 各单位：


def read_text(path: Path, data: bytes | None = None) -> Source:
    """Source of a .txt file.

    The whole text is kept; a written-out `\\n` at the end of a line is left out of the blocks.

    Raises:
        SourceError: empty, binary, or in an encoding that cannot be made sure of.
    """
    data = load(path) if data is None else data
    refuse_foreign_formats(path, data)
    decoded = decode(path, data)
    text = decoded.text
    blocks: list[Block] = []
    broken = 0
    for start, end in line_spans(text):
        line = text[start:end]
        if m := _ESCAPED_BREAK.search(line):
            broken += 1
            line = line[: m.start()]
        body = line.strip()
        if body:
            at = start + line.index(body)
            blocks.append(Block(BlockKind.PARA, at, at + len(body)))
    warnings = list(decoded.warnings)
    if broken:
        warnings.append(f"{broken} 行末尾有写成字面的 \\n，已不计入正文")
    if decoded.encoding == "gb18030":
        warnings.append("按 GB18030 编码读取")
    lines = [text[b.start : b.end] for b in blocks]
    facts = file_facts(path.stem)
    if "number" not in facts and (
        number := next((n for n in (docno_in(x, whole=True) for x in lines[:15]) if n), "")
    ):
        facts["number"] = number
    return Source(
        path=str(path),
        format="text",
        text=text,
        blocks=tuple(blocks),
        sha256=hashlib.sha256(data).hexdigest(),
        title=likely_title(lines),
        meta=facts,
        warnings=tuple(warnings),
    )


def likely_title(lines: list[str]) -> str:
    """The first line when it can be a title; '' for a salutation, a sentence, a letterhead."""
    first = lines[0] if lines else ""
    if (
        len(first) > _LONGEST_TITLE
        or _SENTENCE_END.search(first)
        or _LETTERHEAD.search(first)
        or docno_in(first, whole=True)
        or "\t" in first
    ):
        return ""
    return first
