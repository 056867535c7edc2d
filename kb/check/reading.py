"""Files of cards → rows: Markdown, text, Word, workbooks; folders with everything below them.

Merged cells: what stands in a cell over several rows holds for each of them. A table may have its
head repeated (several cards below each other); each head names the columns of the rows below it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kb.check.model import CardCell, CardFile, CardRow, Place
from kb.check.workbook import read_workbook
from kb.errors import SourceError
from kb.model import Block, BlockKind, Cell, Source
from kb.readers import read

__all__ = ["READABLE", "Refused", "card_file", "card_files", "grid_rows"]

READABLE = frozenset({".md", ".markdown", ".txt", ".docx", ".xlsx", ".xlsm"})
"""File name endings that `kb check` takes, in lower case."""

_REFUSED = {
    # what cards are kept in and is not read, with the way out
    ".doc": "旧版 Word 文件读不了；请用 Word 或 WPS 打开，另存为 .docx",
    ".dot": "旧版 Word 模板读不了；请用 Word 或 WPS 打开，另存为 .docx",
    ".wps": "WPS 文字文件读不了；请用 WPS 打开，另存为 .docx",
    ".wpt": "WPS 文字模板读不了；请用 WPS 打开，另存为 .docx",
    ".rtf": "RTF 文件读不了；请用 Word 或 WPS 打开，另存为 .docx",
    ".et": "WPS 表格文件读不了；请用 WPS 打开，另存为 .xlsx",
    ".ett": "WPS 表格模板读不了；请用 WPS 打开，另存为 .xlsx",
    ".xls": "旧版 Excel 文件读不了；请用 Excel 或 WPS 打开，另存为 .xlsx",
    ".csv": "CSV 文件读不了；请用 Excel 或 WPS 打开，另存为 .xlsx",
    ".pdf": "PDF 读不了；请转换成文字版 .docx（扫描件需先识别文字），并与原件核对",
    ".ppt": "演示文稿读不了；请把卡片内容复制到 .docx",
    ".pptx": "演示文稿读不了；请把卡片内容复制到 .docx",
    ".odt": "OpenDocument 文件读不了；请另存为 .docx",
    ".ods": "OpenDocument 表格读不了；请另存为 .xlsx",
    ".html": "网页读不了；请复制到 .docx，或另存为 .txt",
    ".htm": "网页读不了；请复制到 .docx，或另存为 .txt",
}

_HEAD_WORD = re.compile(
    # words that the heads of card tables are made of: 序号, 作业活动/部位, 管控措施, 依据
    r"序号|编号|作业|活动|部位|危险|有害|因素|事故|风险|等级|措施|责任|依据|职责|频次|时点|后果"
    r"|阶段|步骤|要点|确认|禁止|征兆|第一步|报告|处置|谁去做|岗位|工种|内容|来源|备注|标准|条款"
    r"|要求|出处|类型|项目|说明|规定|法规|检查|防范|对策|应急"
)
_HEAD_LONGEST = 18  # characters of a cell in the head of a table
_SURE_HEAD = re.compile(r"序号|依据|措施|步骤|职责|内容|岗位|要点|条款|标准|出处|要求|规定")
_NO_HEAD = re.compile(r"[。；;！？：:_]|\d{2}")
_SENTENCE = re.compile(r"[。；;！？]")
_PIPE = re.compile(r"\s*\|")  # | a | b | outside a table that the reader knows
_PIPE_RULE = re.compile(r"\s*\|?[\s:|-]+\|?\s*\Z")


@dataclass(frozen=True, slots=True)
class Refused:
    """A file of a folder that is not read: `blocks` if it may hold cards, and why."""

    path: Path
    reason: str
    blocks: bool


def card_files(paths: Iterable[Path]) -> tuple[list[Path], list[Refused]]:
    """The files to check among files and folders (with all below), and those that are not read.

    Raises:
        SourceError: a path does not exist.
    """
    files: dict[Path, None] = {}
    refused: list[Refused] = []
    for path in paths:
        if path.is_dir():
            for file in sorted(p for p in path.rglob("*") if p.is_file()):
                suffix = file.suffix.lower()
                if file.name.startswith((".", "~$")) or any(
                    part.startswith(".") for part in file.relative_to(path).parts
                ):
                    continue
                if suffix in READABLE:
                    files[file] = None
                else:
                    why = _REFUSED.get(suffix, "不是卡片文件（可核对 .md .txt .docx .xlsx）")
                    refused.append(Refused(file, why, suffix in _REFUSED))
        elif path.exists():
            files[path] = None
        else:
            raise SourceError(path, "找不到文件", "请检查路径和文件名")
    return list(files), refused


def card_file(path: Path) -> CardFile:
    """The rows of one file.

    Raises:
        SourceError: missing, of another format, encrypted, damaged, or without text.
    """
    suffix = path.suffix.lower()
    if suffix in (".xlsx", ".xlsm"):
        out = _Rows()
        for name, grid in read_workbook(path):
            out.line(name, name, heading=True)
            out.table(grid, _cell_of(name))
        return out.file(path, ())
    if suffix not in READABLE and path.is_file():
        why = _REFUSED.get(suffix, "不认识的文件类型；请另存为 .docx、.xlsx、.md 或 .txt")
        problem, _, step = why.partition("；")
        raise SourceError(path, problem, step)
    source = read(path)
    by_line = source.format != "docx"
    return _from_source(path, source, by_line=by_line)


def _cell_of(sheet: str) -> Callable[[int, int], Place]:
    return lambda row, column: f"{sheet}!{_column(column)}{row + 1}"


def _column(number: int) -> str:
    """0 → A, 26 → AA."""
    out = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        out = chr(ord("A") + rest) + out
    return out


# --- from what a reader gives -------------------------------------------------------------------


def _from_source(path: Path, source: Source, *, by_line: bool) -> CardFile:
    breaks = [i for i, c in enumerate(source.text) if c == "\n"]

    def line_of(position: int) -> int:
        return bisect_right(breaks, position - 1) + 1

    out = _Rows()
    paragraphs = 0
    loose: list[tuple[int, str]] = []  # pipe rows that the reader took for text

    def flush() -> None:
        if loose:
            grid = [_pipe_cells(text) for _, text in loose if not _PIPE_RULE.match(text)]
            lines = [line for line, text in loose if not _PIPE_RULE.match(text)]
            out.table(_expanded(grid), lambda row, _: lines[row])
            loose.clear()

    for block in source.blocks:
        text = source.text[block.start : block.end]
        line = line_of(block.start)
        if block.kind is BlockKind.TABLE:
            flush()
            out.table(_expanded(block.rows), _placer(block, text, line, out, by_line=by_line))
            continue
        paragraphs += 1
        if by_line and _PIPE.match(text) and text.count("|") > 1:
            if loose and line != loose[-1][0] + 1:
                flush()
            loose.append((line, text))
            continue
        flush()
        place: Place = line if by_line else f"第{paragraphs}段"
        out.line(text, place, heading=block.kind is BlockKind.HEADING)
    flush()
    return out.file(path, source.warnings)


def _placer(
    block: Block, text: str, line: int, out: _Rows, *, by_line: bool
) -> Callable[[int, int], Place]:
    """What the place of a cell is called: its line where rows are lines of the file."""
    number = out.tables + 1
    rows = len(block.rows)
    if by_line and "|" in text and text.count("\n") == rows:  # the rule below the head is a line
        return lambda row, _: line + row + (row > 0)
    if by_line:
        return lambda row, column: f"第{line}行的表第{row + 1}行第{column + 1}列"
    return lambda row, column: f"表{number}第{row + 1}行第{column + 1}列"


def _pipe_cells(text: str) -> tuple[Cell, ...]:
    return tuple(Cell(c.strip()) for c in text.strip().strip("|").split("|"))


Grid = Sequence[Sequence[tuple[str, bool]]]
"""Rows of (text, whether it continues the cell above); cells beside a wide cell are empty."""


def _expanded(rows: Sequence[Sequence[Cell]]) -> Grid:
    """Every row at its full width, cells over several rows repeated and marked."""
    hanging: dict[int, tuple[str, int]] = {}  # column → text and how many rows it still covers
    out: list[list[tuple[str, bool]]] = []
    for row in rows:
        line: list[tuple[str, bool]] = []
        cells = iter(row)
        while True:
            column = len(line)
            if column in hanging:
                text, left = hanging.pop(column)
                line.append((text, True))
                if left > 1:
                    hanging[column] = (text, left - 1)
                continue
            cell = next(cells, None)
            if cell is None:
                break
            for i in range(max(1, cell.colspan)):
                line.append((cell.text if i == 0 else "", False))
                if cell.rowspan > 1:
                    hanging[column + i] = (cell.text if i == 0 else "", cell.rowspan - 1)
        out.append(line)
    return out


def grid_rows(grid: Grid) -> Iterator[tuple[int, bool, Sequence[tuple[str, bool]], list[str]]]:
    """(number, whether a heading, cells, names of the columns) of each row that has text."""
    names: list[str] = []
    for number, row in enumerate(grid):
        own = [text for text, above in row if text.strip() and not above]
        if not own:
            continue
        if _is_head(own):
            names = [" ".join(text.split()) for text, _ in row]
            yield number, True, row, names
        else:
            title = len(own) == 1 and len(row) > 1 and _is_title(own[0])
            yield number, title, row, names


def _is_head(cells: Sequence[str]) -> bool:
    if len(cells) < 2 or any(len(c) > _HEAD_LONGEST or _NO_HEAD.search(c) for c in cells):
        return False
    named = sum(bool(_HEAD_WORD.search(c)) for c in cells)
    return named >= max(2, 0.6 * len(cells)) and any(_SURE_HEAD.search(c) for c in cells)


def _is_title(text: str) -> bool:
    return len(text) <= 40 and not _SENTENCE.search(text) and bool(_HEAD_WORD.search(text))


@dataclass
class _Rows:
    """Collects rows and the text of the file."""

    rows: list[CardRow] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    length: int = 0
    tables: int = 0

    def line(self, text: str, place: Place, *, heading: bool = False) -> None:
        self.rows.append(CardRow((self._cell(text, place),), heading=heading))

    def table(self, grid: Grid, place: Callable[[int, int], Place]) -> None:
        self.tables += 1
        written: dict[int, CardCell] = {}  # column → the cell that hangs down from above
        for number, heading, row, names in grid_rows(grid):
            cells = []
            for column, (text, above) in enumerate(row):
                if not text.strip():
                    continue
                header = names[column] if column < len(names) and not heading else ""
                known = written.get(column)
                if above and known is not None and known.text == text:
                    cells.append(
                        CardCell(text, known.place, known.start, header, True, known.column)
                    )
                    continue
                cell = self._cell(text, place(number, column), header, column)
                written[column] = cell
                cells.append(cell)
            if cells:
                self.rows.append(CardRow(tuple(cells), heading=heading, table=self.tables))

    def _cell(self, text: str, place: Place, header: str = "", column: int = 0) -> CardCell:
        cell = CardCell(text, place, self.length, header, column=column)
        self.parts.append(text)
        self.length += len(text) + 1
        return cell

    def file(self, path: Path, warnings: Sequence[str]) -> CardFile:
        return CardFile(str(path), tuple(self.rows), "\n".join(self.parts), tuple(warnings))
