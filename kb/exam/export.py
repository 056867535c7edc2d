"""A paper as a workbook that an examination system reads: 通用, 考试宝, or the user's own template.

The first sheet is what the system reads: every cell is text and none is merged. Our own columns
(number, ids, hash, validity) stand on a second sheet, which such systems leave alone.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kb.errors import UsageError
from kb.exam.model import BLANK, FIRM, LAW, LETTERS, TRUE, TYPES, Item
from kb.exam.toml_cn import read_toml

__all__ = [
    "FIELDS",
    "OWN_COLUMNS",
    "POINTS",
    "TEMPLATES",
    "Template",
    "load_template",
    "rows_of",
    "score",
    "text_sheet",
    "to_xlsx",
]

POINTS: Mapping[str, float] = {"单选": 1, "多选": 2, "判断": 1, "填空": 2, "简答": 5}
"""Points of an item where nobody says otherwise."""
_OPTIONS = tuple(f"选项{letter}" for letter in LETTERS)
FIELDS = (
    "题号", "题型", "题干", *_OPTIONS, "正确答案", "解析", "难度", "分值", "知识点", "岗位",
    "依据", "章节", "题目编码", "条款编号", "校验码", "考试日效力", "来源", "空白",
)  # fmt: skip
"""What a column may hold; 空白 for a column that a system wants and we have nothing for."""
_NEEDED = ("题干", "题型", "正确答案")
OWN_COLUMNS = ("题号", "题目编码", "条款编号", "条款单元", "校验码", "依据", "考试日效力", "来源")
ORIGINS = {LAW: "法规原文", FIRM: "本单位卡"}
"""What an item rests on, in a workbook's words."""
_MOST = 32767  # characters that a cell holds
_RISKY = ("=", "+", "-", "@", "\t", "\r")
_LEAD_ROWS = 5
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
"""What XML forbids: a workbook with it does not open."""


@dataclass(frozen=True, slots=True)
class Template:
    """How a system wants its workbook.

    `columns` are (title, what stands there). `lead` are rows above the titles. `types` and
    `difficulties` give the system's words for ours. `judge` are its words for right and wrong;
    `judge_letters` puts them in 选项A and 选项B and answers with a letter. `blank` is how a blank
    stands in the stem, `between_blanks` parts the answers of several, `between_letters` those of a
    多选.
    """

    name: str
    columns: tuple[tuple[str, str], ...]
    lead: tuple[str, ...] = ()
    types: Mapping[str, str] = field(default_factory=dict)
    difficulties: Mapping[int, str] = field(default_factory=dict)
    judge: tuple[str, str] = ("对", "错")
    judge_letters: bool = False
    blank: str = BLANK
    between_blanks: str = "|"
    between_letters: str = ""

    @property
    def options(self) -> int:
        """How many options a question may have."""
        held = {value for _, value in self.columns}
        return next((n for n, name in enumerate(_OPTIONS) if name not in held), len(_OPTIONS))


def _plain(*names: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, name) for name in names)


TEMPLATES: Mapping[str, Template] = {
    "通用": Template(
        "通用",
        _plain(
            "题型", "题干", *_OPTIONS, "正确答案", "解析", "难度", "分值", "知识点", "岗位", "依据"
        ),
    ),
    "考试宝": Template(
        "考试宝",
        _plain("题干", "题型", *_OPTIONS, "正确答案", "解析", "章节", "难度"),
        lead=(
            "导入须知：从第三行起一行一题；多选题的答案连写，如 ABD；判断题的选项A为对、选项B为错，"
            "答案填 A 或 B；填空题的空写作（  ），几个空的答案用 | 隔开",
        ),
        types={t: f"{t}题" for t in TYPES},
        difficulties={1: "易", 2: "中", 3: "难"},
        judge_letters=True,
        blank="（  ）",
    ),
}


def load_template(name: str) -> Template:
    """A template by name, or from the user's TOML file.

    Raises:
        UsageError: no such template, or the file does not say one; names the place.
    """
    if name in TEMPLATES:
        return TEMPLATES[name]
    path = Path(name)
    if path.suffix.lower() != ".toml":
        raise UsageError(f"没有这个模板：{name!r}。可用：{'、'.join(TEMPLATES)}，或一个 .toml 文件")
    raw = read_toml(path, "模板")
    return _Reader(path, raw).template()


class _Reader:
    """A template out of a TOML file."""

    _KEYS = ("name", "lead", "column", "types", "difficulties", "judge", "blank", "multiple")

    def __init__(self, path: Path, raw: Mapping[str, Any]) -> None:
        self._path = path
        self._raw = raw

    def template(self) -> Template:
        raw = self._raw
        if unknown := [k for k in raw if k not in self._KEYS]:
            raise self._error(f"不认识 {'、'.join(unknown)}，可用：{'、'.join(self._KEYS)}")
        columns = self._columns()
        held = {value for _, value in columns}
        if missing := [n for n in _NEEDED if n not in held]:
            raise self._error(f"缺少列：{'、'.join(missing)}，请各写一个 [[column]]")
        lead = raw.get("lead", [])
        if not isinstance(lead, list) or not all(isinstance(x, str) for x in lead):
            raise self._error("lead 应为一组文字，一项一行")
        if len(lead) > _LEAD_ROWS:
            raise self._error(f"lead 最多 {_LEAD_ROWS} 行")
        types = self._words("types", TYPES)
        if len({types.get(t, t) for t in TYPES}) < len(TYPES):
            raise self._error("types 里有两种题型叫同一个名字")
        levels = self._words("difficulties", ("1", "2", "3"))
        judge = self._words("judge", ("true", "false", "letters"))
        blank = self._words("blank", ("mark", "between"))
        multiple = self._words("multiple", ("between",))
        letters = judge.get("letters", "no")
        if letters not in ("yes", "no"):
            raise self._error("judge 的 letters 应为 yes 或 no")
        if letters == "yes" and not {"选项A", "选项B"} <= held:
            raise self._error("缺少列：选项A、选项B（判断题要用）")
        return Template(
            str(raw.get("name") or self._path.stem),
            columns,
            lead=tuple(lead),
            types=types,
            difficulties={int(k): v for k, v in levels.items()},
            judge=(judge.get("true", "对"), judge.get("false", "错")),
            judge_letters=letters == "yes",
            blank=blank.get("mark") or BLANK,
            between_blanks=blank.get("between", "|"),
            between_letters=multiple.get("between", ""),
        )

    def _columns(self) -> tuple[tuple[str, str], ...]:
        out: list[tuple[str, str]] = []
        found = self._raw.get("column", [])
        if not isinstance(found, list) or not found:
            raise self._error("没有列：请用 [[column]] 逐列写明 title（表头）和 value（内容）")
        for number, one in enumerate(found, 1):
            title = one.get("title") if isinstance(one, dict) else None
            value = one.get("value", title) if isinstance(one, dict) else None
            if not isinstance(title, str) or not title.strip():
                raise self._error(f"第 {number} 列没有 title（表头）")
            if value not in FIELDS:
                raise self._error(
                    f"第 {number} 列“{title}”的 value {value!r} 不认识，可用：{'、'.join(FIELDS)}"
                )
            if any(title == t for t, _ in out):
                raise self._error(f"有两列都叫“{title}”")
            out.append((title, str(value)))
        return tuple(out)

    def _words(self, key: str, allowed: Sequence[str]) -> dict[str, str]:
        raw = self._raw.get(key, {})
        if not isinstance(raw, dict) or not all(isinstance(v, str) for v in raw.values()):
            raise self._error(f'[{key}] 应为一组 名 = "文字"')
        if unknown := [k for k in raw if k not in allowed]:
            raise self._error(f"[{key}] 不认识 {'、'.join(unknown)}，可用：{'、'.join(allowed)}")
        return dict(raw)

    def _error(self, problem: str) -> UsageError:
        return UsageError(f"模板 {self._path}：{problem}")


def score(kind: str, points: Mapping[str, float]) -> str:
    """The points of an item of a type: 2, 0.5."""
    return f"{points.get(kind, POINTS[kind]):g}"


def rows_of(
    items: Sequence[Item], template: Template, points: Mapping[str, float] = POINTS
) -> list[list[str]]:
    """The rows of the first sheet: those above the titles, the titles, an item a row.

    Raises:
        UsageError: an item has more options than the template has columns for.
    """
    titles = [title for title, _ in template.columns]
    out = [[text] for text in template.lead]
    out.append(titles)
    for number, item in enumerate(items, 1):
        if len(item.options) > template.options:
            raise UsageError(
                f"第 {number} 题有 {len(item.options)} 个选项，模板“{template.name}”"
                f"只有 {template.options} 个选项列。请在模板里加列"
            )
        values = _values(number, item, template, points)
        out.append([values[value] for _, value in template.columns])
    return out


def _values(
    number: int, item: Item, template: Template, points: Mapping[str, float]
) -> dict[str, str]:
    options = list(item.options)
    if item.type == "判断" and template.judge_letters:
        options = list(template.judge)
    values = dict.fromkeys(FIELDS, "")
    values |= {
        "题号": str(number),
        "题型": template.types.get(item.type, item.type),
        "题干": item.stem.replace(BLANK, template.blank),
        "正确答案": _answer(item, template),
        "解析": item.explanation,
        "难度": template.difficulties.get(item.difficulty, str(item.difficulty)),
        "分值": score(item.type, points),
        "知识点": item.topic,
        "岗位": item.post,
        "依据": item.citation,
        "章节": item.topic,
        "题目编码": item.item,
        "条款编号": item.id,
        "校验码": item.hash,
        "考试日效力": item.validity,
        "来源": ORIGINS[item.source],
    }
    values |= dict(zip(_OPTIONS, options, strict=False))
    return values


def _answer(item: Item, template: Template) -> str:
    if item.type == "判断":
        wrong = item.answer != TRUE
        return LETTERS[wrong] if template.judge_letters else template.judge[wrong]
    if item.type == "多选":
        return template.between_letters.join(item.answer)
    if item.type == "填空":
        return template.between_blanks.join(item.answer.split("\n"))
    return item.answer


def own_rows(items: Sequence[Item]) -> list[list[str]]:
    """The second sheet: what tells an item and its clause, and how the clause stood that day."""
    out = [list(OWN_COLUMNS)]
    for number, i in enumerate(items, 1):
        out.append(
            [str(number), i.item, i.id, i.unit, i.hash, i.citation, i.validity, ORIGINS[i.source]]
        )
    return out


def to_xlsx(
    items: Sequence[Item], template: Template, points: Mapping[str, float] = POINTS
) -> bytes:
    """The workbook: 题目 as the template has it, 编号与效力 with our own columns."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    wide = {"题干": 60, "解析": 50, "依据": 36, "正确答案": 14, "知识点": 14, "岗位": 18}
    widths = [wide.get(v, 18 if v.startswith("选项") else 9) for _, v in template.columns]
    rows = rows_of(items, template, points)
    text_sheet(book, "题目", rows, widths, head=len(template.lead) + 1)
    text_sheet(book, "编号与效力", own_rows(items), [6, 16, 44, 18, 16, 44, 28, 10])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def text_sheet(
    book: Any,
    title: str,
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    *,
    head: int = 1,
) -> Any:
    """A sheet in which every cell is text and none is merged; returns it.

    Args:
        head: number of the row of titles.
    """
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(title)
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            text = _UNFIT.sub("", value)[:_MOST]
            cell = sheet.cell(number, column)
            cell.number_format = "@"  # 2020-10 is no day, and 1/2 no half of anything
            cell.alignment = Alignment(wrap_text=number >= head, vertical="top")
            if number == head:
                cell.font = Font(bold=True)
                cell.fill = PatternFill("solid", fgColor="E7E6E6")
            if text:
                cell.value = text
                cell.data_type = "s"  # a text that begins with = is no formula
                cell.quotePrefix = text.startswith(_RISKY)
    sheet.freeze_panes = sheet.cell(head + 1, 1)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    return sheet
