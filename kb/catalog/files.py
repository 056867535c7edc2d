"""What a file says of itself: the title that stands in it, and whether that is an official one.

A file name is the user's (GB 30871-2022 学习笔记.txt); only the title inside tells what a text is.
"""

from __future__ import annotations

import re

from kb.catalog.names import bare_title, docno_key, split_number, standard_number, title_key
from kb.model import BlockKind, Source

__all__ = ["in_file_name", "is_furniture", "nearly", "starts_without_title", "titles_in"]

_FURNITURE = re.compile(
    # what stands above a title: ICS 13.100, C 66, 备案号：…, 中华人民共和国国家标准, 代替 GB …,
    # 2020-10-11 发布, 某市应急管理局文件, 某省人民政府, （2020年…通过）
    r"(?:ICS|CCS|UDC)\b.*|[A-Z]\s?\d{2}(?:/\d{2})?|备案号.*|(?:代替|替代)\s*[A-Z].*"
    r"|.{0,30}(?:国家|行业|地方|团体)标准|.{0,40}(?:文件|公报|公告|令)"
    r"|[（(]?\s*\d{4}\s*[年-].{0,60}(?:发布|实施|公布|施行|通过)[）)]?"
    r"|.{2,30}(?:人民政府|国务院|管理局|监督局|总局|委员会|委员会办公室|厅)"
)
_STRUCTURE = re.compile(
    # first line of a text whose title was left out: 第一章 总则, 目次, 1 范围
    r"第[一二三四五六七八九十百]{1,4}[编章节条]|目\s*[录次]\s*\Z|前\s*言\s*\Z|1\s*范围"
)
_ABOUT = re.compile(
    # a line below a title that makes it a text about it: 学习笔记, （征求意见稿）
    r".{0,20}(?:笔记|解读|释义|讲义|培训|学习|试题|题库|心得|体会|课件|教案|摘要|摘编|汇编|宣贯|说明"
    r"|意见稿|送审稿|报批稿|讨论稿|草案|草稿).{0,12}"
)
_HEADING = re.compile(r"#{1,6}\s+|\s+#+\Z")  # marks of a Markdown heading
_HEAD = 24  # blocks in which a title is looked for
_LINES = 5  # lines over which a title may be broken
_KIND_WORD = 2  # characters at the end of a title that say what it is (规范, 条例): never noise
_SHORT, _LONG = 5, 8  # characters from which one and two misread ones are allowed


def titles_in(source: Source) -> tuple[str, ...]:
    """Titles that the head of a file may state, the longest first: lines broken are joined."""
    out: list[str] = []
    lines = _head(source)
    at = next((i for i, x in enumerate(lines) if source.title and x == source.title), 0)
    if source.title and source.title not in lines and not is_furniture(source.title):
        out.append(source.title)
    while at < len(lines) and is_furniture(lines[at]):
        at += 1
    if at < len(lines) and not _STRUCTURE.match(lines[at]):
        for n in range(min(_LINES, len(lines) - at), 0, -1):
            below = lines[at + n] if at + n < len(lines) else ""
            if not _ABOUT.fullmatch(below):
                out.append("".join(lines[at : at + n]))
    if not lines and source.title:
        out.append(source.title)
    return tuple(dict.fromkeys(out))


def starts_without_title(source: Source) -> bool:
    """Whether the text begins with its first clause or contents: only the file name names it."""
    lines = [x for x in _head(source) if not is_furniture(x)]
    return not lines or bool(_STRUCTURE.match(lines[0]))


def is_furniture(line: str) -> bool:
    """A line of a cover or letterhead that is no title."""
    return bool(
        _FURNITURE.fullmatch(line.strip()) or standard_number(line) is not None or docno_key(line)
    )


def nearly(title: str, official: str) -> bool:
    """Whether a title is the official one but for scan noise.

    One misread character, in long titles two that do not touch (two in a row are another word);
    or one lost. The last two characters say what a document is and must be right.
    """
    given = title_key(bare_title(split_number(title)[1] or title))
    right = title_key(bare_title(official))
    if given == right:
        return True
    if len(right) < _SHORT or given[-_KIND_WORD:] != right[-_KIND_WORD:]:
        return False
    if len(given) == len(right):
        wrong = [i for i, (a, b) in enumerate(zip(given, right, strict=True)) if a != b]
        if len(wrong) == 1:
            return True
        return len(wrong) == 2 and len(right) >= _LONG and wrong[1] - wrong[0] > 1
    if len(given) == len(right) - 1 and len(right) >= _LONG:
        return any(right[:i] + right[i + 1 :] == given for i in range(len(right)))
    return False


def in_file_name(number: str, stem: str) -> bool:
    """Whether a number (GB 6722-2014, 津应急发〔2021〕108号) is that of the file name."""
    return title_key(number) in title_key(stem)


def _head(source: Source) -> list[str]:
    lines = (
        _HEADING.sub("", source.text[b.start : b.end].strip()).strip()
        for b in source.blocks[:_HEAD]
        if b.kind in (BlockKind.HEADING, BlockKind.PARA)
    )
    return [x for x in lines if x]
