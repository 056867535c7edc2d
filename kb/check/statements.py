"""What a card says: whose card a row stands on, and the sentences that can be held against a rule.

Frames (企业、编制、日期), numbers, names of columns, risk levels and names of accidents say nothing
that a rule could contradict.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kb.cards.model import DRAFT_MARK, SKELETON_MARK
from kb.check.cited import Cited, is_basis, marks_of
from kb.check.limits import figures_of
from kb.check.model import CardCell, CardFile, CardRow

__all__ = ["Statement", "posts_of", "statements"]

_NO_CONTENT = re.compile(
    # heads of columns that hold no sentence: 序号, 风险等级, 责任人, 可能导致的事故类型
    r"序号|编号|\Ano\.?\Z|等级|级别|责任人|责任部门|管控层级|谁去做|负责人|事故(?:类型|类别|后果)|可能导致"
    r"|危险.{0,3}有害|危险因素|有害因素|作业活动|\A部位|\A岗位(?:名称)?\Z|\A工种\Z|电话|姓名|备注|日期|签字|阶段|时点|频次",
    re.IGNORECASE,
)
_FRAME = re.compile(
    # 企业：某某矿; 下次评审日期 ____
    r"[\s\-*#>|]*(?:企业|单位|公司|矿山|岗位|工种|班组|部门|车间|编号|版本|编制|审核|批准|签发|生效|实施|"
    r"下次评审|评审|日期|姓名|电话|联系|签字|参加人|负责人|值班|班组长|页码|填表|制表|发布|附件|目录"
    r"|(?:本岗位)?(?:可能导致的?)?(?:主要)?事故(?:类型|类别))"
    r"[^：:，。；]{0,10}[：:\s_（(]"
)
_SOURCE = re.compile(r"依据|出处|来源")  # the head of a column that tells where a line is from
_FRAME_LONGEST = 40
_QUOTED = re.compile(r"“[^“”]*”|「[^「」]*」")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LABEL = 8  # Han characters of a cell that names its row
_FEWEST = 6  # Han characters of a sentence
_FEWEST_WITH_FIGURE = 3
_MOST = 0.5
_FIGURE = re.compile(r"[\d一二三四五六七八九十百]")
_BREAK = re.compile(r"(?<=[。；;！？])(?![）)”」\"])|\n|<br\s*/?>")
_MARK = re.compile(
    r"\s*(?:[-*•●▪◆□☐>#]+|[(（]?\d{1,2}[)）.、](?!\d)|[①-⑳]|[一二三四五六七八九十]+[、.])\s*"
)
_TITLE_WORD = re.compile(
    r"清单|操作卡|处置卡|应急卡|风险卡|职责卡|明白卡|告知卡|岗位|卡片|规程|手册"
)
_POST_CELL = re.compile(r"岗位(?:名称)?|工种(?:名称)?|作业岗位")
_POST_LINE = re.compile(
    r"[\s#*>|]*(?:适用)?(?:岗位|工种)(?:名称)?\s*[：:]\s*(?P<name>[^\s，,；;。|]{2,16})"
)

_NOBODY = frozenset({"全体员工", "其他"})
"""Posts that are everybody's: a title with 员工 in it names none."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of a row at `start:end` of the text of `cell`; `text` has its references blanked.

    `cites` are the references that it rests on; `sure` says that they stand in its own sentence or
    in the column of references of its row.
    """

    row: int
    cell: CardCell
    start: int
    end: int
    text: str
    cites: tuple[Cited, ...]
    sure: bool
    post: str = ""

    @property
    def raw(self) -> str:
        """The sentence as it stands."""
        return self.cell.text[self.start : self.end]


def statements(number: int, row: CardRow, cited: Sequence[Cited], post: str) -> list[Statement]:
    """The sentences of a row with the references that each of them rests on."""
    if row.heading:
        return []
    spans: dict[int, list[Cited]] = {}
    for c in cited:
        spans.setdefault(c.cell.start, []).append(c)
    here = {cell.start for cell in row.cells}
    basis = [c for c in cited if c.cell.start not in here and not c.mark]  # 同上
    silent: set[int] = set()
    for cell in row.cells:
        own = spans.get(cell.start, [])
        if is_basis(row, cell, [(c.start, c.end) for c in own]):
            basis += own
            silent.add(cell.start)
        elif len(_HAN.findall(cell.text)) <= _LABEL:
            marks = marks_of(cell.text)  # a cell ①②, or 事故征兆②: for the whole row
            basis += [c for c in cited if c.mark and c.mark in marks]
    noted = [c for c in cited if c.mark]
    out: list[Statement] = []
    for cell in row.cells:
        if cell.start not in silent and not _says_nothing(cell):
            own = spans.get(cell.start, [])
            out += _sentences(number, cell, own, noted, basis, list(cited), post)
    return out


def _says_nothing(cell: CardCell) -> bool:
    if cell.header and (_NO_CONTENT.search(cell.header) or _SOURCE.search(cell.header)):
        return True
    if SKELETON_MARK in cell.text or DRAFT_MARK in cell.text:
        return True
    fields = cell.text.count("：")
    if fields > 2 and len(cell.text) < _FRAME_LONGEST * fields // 2:
        return True  # 企业：____　岗位：铲装司机　班组：____
    if not cell.header:
        return bool(_FRAME.match(cell.text)) and len(cell.text) < _FRAME_LONGEST
    return False


def _sentences(
    number: int,
    cell: CardCell,
    own: Sequence[Cited],
    noted: Sequence[Cited],
    basis: Sequence[Cited],
    every: Sequence[Cited],
    post: str,
) -> list[Statement]:
    blank = list(cell.text)
    for c in own:
        blank[c.start : c.end] = " " * (c.end - c.start)
    text = "".join(blank)
    pieces = _pieces(cell.text)
    said: list[tuple[int, int, list[Cited]]] = []
    for start, end in pieces:
        # a document named within a quotation is not what the quotation was drawn from
        inside = [c for c in own if start <= c.start < end and not c.citation.quoted]
        if _speaks(text[start:end]):
            said.append((start, end, inside))
        elif inside and said:
            # （依据…） after the full stop belongs to the sentence before
            said[-1][2].extend(inside)
        elif inside:
            said.append((start, end, inside))
    out = []
    for start, end, inside in said:
        if not _speaks(text[start:end]):
            continue
        marks = marks_of(text[start:end])
        inside += [c for c in noted if c.mark in marks]
        if inside and not marks:
            inside += [b for b in basis if b not in inside]
        loose = [] if marks else list(own) or list(every)
        cites = inside or ([] if marks else list(basis)) or loose
        sure = bool(inside or (basis and not marks))
        out.append(
            Statement(number, cell, start, end, _inner(text[start:end]), tuple(cites), sure, post)
        )
    return out


def _speaks(text: str) -> bool:
    """A sentence, or a few words with a figure (坡度不大于 8%)."""
    letters = len(_HAN.findall(text))
    return letters >= _FEWEST or (letters >= _FEWEST_WITH_FIGURE and bool(figures_of(text)))


def _inner(text: str) -> str:
    """没做到“…”: the words between marks, where they are most of a sentence; the rest blanked."""
    found = list(_QUOTED.finditer(text))
    if len(found) != 1:
        return text
    start, end = found[0].span()
    rest = text[:start] + text[end:]
    most = len(_HAN.findall(found[0][0])) >= _MOST * len(_HAN.findall(text))
    if not most or _FIGURE.search(rest):
        return text
    return " " * (start + 1) + text[start + 1 : end - 1] + " " * (len(text) - end + 1)


def _pieces(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences of a text, without list marks and blanks around them."""
    out = []
    at = 0
    for m in (*_BREAK.finditer(text), None):
        end = m.start() if m else len(text)
        start = at
        mark = _MARK.match(text, start, end)
        if mark:
            start = mark.end()
        while end > start and text[end - 1].isspace():
            end -= 1
        while start < end and text[start].isspace():
            start += 1
        if start < end:
            out.append((start, end))
        at = m.end() if m else len(text)
    return out


# --- posts --------------------------------------------------------------------------------------


def posts_of(file: CardFile, names: Mapping[str, str]) -> list[str]:
    """The post of each row, '' where none is named: by titles, 岗位 cells, names of sheets.

    Args:
        names: every name of a post on site → the post's own.
    """
    ordered = sorted((n for n in names if names[n] not in _NOBODY), key=len, reverse=True)

    def named(text: str) -> str:
        return next((names[n] for n in ordered if n in text), "")

    at = named(Path(file.path).stem)
    out: list[str] = []
    for row in file.rows:
        own = _own_post(row, named)
        if not own and _is_title(row):
            at = named(row.cells[0].text) or at
        if own and len(row.cells) <= 8 and _declares(row):
            at = own
        out.append(own or at)
    return out


def _is_title(row: CardRow) -> bool:
    text = row.cells[0].text
    short = len(row.cells) == 1 and len(text) <= 40
    return short and (row.heading or (bool(_TITLE_WORD.search(text)) and "。" not in text))


def _own_post(row: CardRow, named: Callable[[str], str]) -> str:
    for place, cell in enumerate(row.cells):
        if cell.header and _POST_CELL.fullmatch(cell.header.strip()):
            return named(cell.text)
        if m := _POST_LINE.match(cell.text):
            return named(m["name"])
        if _POST_CELL.fullmatch(cell.text.strip("：: ")) and place + 1 < len(row.cells):
            return named(row.cells[place + 1].text)
    return ""


def _declares(row: CardRow) -> bool:
    """岗位：铲装司机 holds for the rows below; a column 岗位 for its own row only."""
    return not any(c.header and _POST_CELL.fullmatch(c.header.strip()) for c in row.cells)


def distinct(posts: Iterable[str]) -> tuple[str, ...]:
    """The posts that are named, in order."""
    return tuple(dict.fromkeys(p for p in posts if p))
