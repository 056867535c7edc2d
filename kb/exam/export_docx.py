"""The paper in Word: 试卷, 答题卡, and 参考答案 as a file of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from kb.exam.export import POINTS, score
from kb.exam.model import BLANK, LETTERS, TYPES, Item
from kb.numerals import int_to_zh

__all__ = ["Sheet", "answers_docx", "paper_docx"]

_NAMES = {t: f"{t}题" for t in TYPES}
_HOW = {
    "单选": "每题只有一个正确选项",
    "多选": "每题有两个或两个以上正确选项，多选、少选、错选不得分",
    "判断": "对的写“对”，错的写“错”",
    "填空": "按规定原文填写",
    "简答": "按要点给分",
}
_CANDIDATE = ("单位", "姓名", "岗位", "身份证号", "考试日期", "成绩")
_PER_ROW = 10
_LINES = 6
"""For every 简答 as many: lines by its 采分点 would tell how many there are."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands over a paper: `day` is the exam's date, 0 `minutes` says nothing."""

    title: str = ""
    day: str = ""
    minutes: int = 0
    points: Mapping[str, float] = field(default_factory=lambda: dict(POINTS))

    def of(self, kind: str) -> str:
        """Points of an item of a type."""
        return score(kind, self.points)

    def total(self, items: Sequence[Item]) -> str:
        """Points of all."""
        return f"{sum(float(self.of(i.type)) for i in items):g}"


def _sections(items: Sequence[Item], sheet: Sheet) -> Iterator[tuple[str, list[tuple[int, Item]]]]:
    """(一、单选题（每题 1 分，共 20 分）, the items with their numbers) for each type in order."""
    numbered = sorted(enumerate(items), key=lambda x: (TYPES.index(x[1].type), x[0]))
    again = [(n, item) for n, (_, item) in enumerate(numbered, 1)]
    for place, (kind, group) in enumerate(groupby(again, key=lambda x: x[1].type), 1):
        held = list(group)
        total = f"{float(sheet.of(kind)) * len(held):g}"
        yield (
            f"{int_to_zh(place)}、{_NAMES[kind]}（共 {len(held)} 题，每题 {sheet.of(kind)} 分，"
            f"共 {total} 分。{_HOW[kind]}）",
            held,
        )


def paper_docx(items: Sequence[Item], sheet: Sheet) -> bytes:
    """试卷 with the candidate's fields and 答题卡 on pages of its own; no answer in it."""
    from kb.cards.docx_base import Page, Pages, fields, heading, line
    from kb.cards.docx_xml import Look

    title = sheet.title or "安全生产考试"
    page = Page("A4", margin=18, foot=title)
    pages = Pages(title, sheet.day)
    pages.begin(page)
    text, bold = Look(10.5), Look(10.5, bold=True)
    blanks = [(name, sheet.day if name == "考试日期" else "") for name in _CANDIDATE]
    facts = [f"满分 {sheet.total(items)} 分", f"共 {len(items)} 题"]
    facts += [f"时间 {sheet.minutes} 分钟"] if sheet.minutes else []
    pages.add(heading(title, 18), line("　".join(facts), text, align="center", after=4))
    pages.add(fields(blanks, 3, page.width, 10.5))
    for name, held in _sections(items, sheet):
        pages.add(line(name, bold, before=10, after=4, keep=True))
        for number, item in held:
            options = list(zip(LETTERS, item.options, strict=False))
            asked = item.type in ("单选", "多选", "判断") and BLANK not in item.stem
            bracket = BLANK if asked else ""
            stem = f"{number}. {item.stem}{bracket}"
            pages.add(line(stem, text, before=3, keep=bool(options)))
            for place, (letter, words) in enumerate(options, 1):
                pages.add(line(f"　　{letter}. {words}", text, keep=place < len(options)))
            if item.type == "简答":
                pages.add(*(line("", text) for _ in range(_LINES)))
    pages.begin(page)
    pages.add(heading(f"{title}　答题卡", 16), fields(blanks, 3, page.width, 10.5))
    for name, held in _sections(items, sheet):
        pages.add(line(name, bold, before=10, after=4, keep=True))
        pages.add(*_answer_space(held, page.width))
    return pages.bytes()


def _answer_space(held: Sequence[tuple[int, Item]], room: int) -> Iterator[str]:
    """Numbered boxes for letters and words; lines for a 简答."""
    from kb.cards.docx_base import fit, line, say
    from kb.cards.docx_xml import SHADE, Cell, Look, mm, row, table

    look = Look(10.5)
    kind = held[0][1].type
    if kind == "简答":
        for number, _ in held:
            yield line(f"{number}.", look, before=4)
            lines = [row([Cell(())], [room], height=mm(9)) for _ in range(_LINES)]
            yield table(lines, [room], edge="nil")
        return
    per_row = 4 if kind == "填空" else _PER_ROW
    widths = fit([1.0] * per_row, room)
    rows = []
    for at in range(0, len(held), per_row):
        few = held[at : at + per_row]
        names = [str(n) for n, _ in few] + [""] * (per_row - len(few))
        head = [Cell(say([n], look, align="center", keep=True), shade=SHADE) for n in names]
        rows += [row(head, widths), row([Cell(())] * per_row, widths, height=mm(9))]
    yield table(rows, widths)


def answers_docx(items: Sequence[Item], sheet: Sheet) -> bytes:
    """参考答案 with explanations, citations and the points of each 采分点."""
    from kb.cards.docx_base import Page, Pages, heading, line
    from kb.cards.docx_xml import Look

    title = f"{sheet.title or '安全生产考试'}　参考答案"
    pages = Pages(title, sheet.day)
    pages.begin(Page("A4", margin=18, foot=title))
    text, bold, small = Look(10.5), Look(10.5, bold=True), Look(9)
    pages.add(heading(title, 18))
    for name, held in _sections(items, sheet):
        pages.add(line(name, bold, before=10, after=4, keep=True))
        for number, item in held:
            if item.points:
                pages.add(line(f"{number}. 采分点：", text, before=3, keep=True))
                each = _each(float(sheet.of(item.type)), len(item.points))
                for n, (point, worth) in enumerate(zip(item.points, each, strict=True), 1):
                    pages.add(line(f"　　（{n}）{point}（{worth:g} 分）", text))
            else:
                pages.add(line(f"{number}. {item.answer}", text, before=3, keep=True))
            pages.add(line(f"　　{item.explanation}　[{item.item}]", small))
    return pages.bytes()


def _each(total: float, count: int) -> list[float]:
    """The points of an item over its 采分点 in halves (the last ones get what is left over)."""
    halves = round(total * 2)
    if halves < count:
        return [round(total / count, 2)] * count
    low, more = divmod(halves, count)
    return [(low + (place >= count - more)) / 2 for place in range(count)]
