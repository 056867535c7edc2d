"""迎检自查表: what a notice asks of a firm, step by step, with room to say how far it is done.

Columns 要求, 佐证材料, 完成情况, 自查人/日期. Where a notice divides its work into steps
(九步工作法) every step stands there, also one that asks nothing of the firm; what stands outside
them, and all of a notice without steps, is grouped by topic. What the authorities have to do is
left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from kb.cards.layout import weights
from kb.cards.model import BLANK
from kb.cards.table import Part, Row, Table, part
from kb.cards.xlsx import table_xlsx
from kb.cite_text import unit_label
from kb.model import Document
from kb.numerals import int_to_zh
from kb.requirements import TOPICS, WITHIN, Requirement, Requirements, Step

__all__ = [
    "DONE",
    "FIRMS",
    "NOTHING",
    "self_check",
    "self_check_docx",
    "self_check_groups",
    "self_check_of",
    "self_check_xlsx",
]

FIRMS = (*WITHIN, "未写明")
"""Whose requirements a firm checks; what the notice gives to nobody may be the firm's."""

NOTHING = "这一步没有写给企业的要求"
DONE = "☐ 完成　☐ 部分　☐ 没做"
_COLUMNS = ("序号", "要求", "佐证材料", "完成情况", "自查人/日期")
_FIELDS = (("企业", BLANK), ("自查日期", BLANK), ("主要负责人签字", BLANK))
_SIZE, _TITLE = 10.5, 18.0
_WRITING = 11.0  # millimetres that a row to be written in is high

Labels = Callable[[Requirement], str]


def self_check_groups(
    known: Requirements, notice: str
) -> Iterator[tuple[str, tuple[Requirement, ...]]]:
    """(heading, requirements of the firm) of one notice; steps first, without gaps."""
    mine = [
        r for r in known.entries.values() if r.notice == notice and any(w in FIRMS for w in r.who)
    ]
    steps: Sequence[Step] = sorted(
        (s for (n, _), s in known.steps.items() if n == notice), key=lambda s: s.n
    )
    for step in steps:
        heading = f"第{int_to_zh(step.n)}步　{step.name}：{step.what}"
        yield heading, tuple(r for r in mine if r.step == step.n)
    for topic in TOPICS:
        found = tuple(r for r in mine if r.topic == topic and not (steps and r.step))
        if found:
            yield (f"步骤以外　{topic}" if steps else topic), found


def self_check(title: str, known: Requirements, notice: str, labels: Labels) -> Table:
    """The table of one notice.

    Args:
        labels: what people call the sections that a requirement rests on.
    """
    rows: list[Row] = []
    number = 0
    for heading, found in self_check_groups(known, notice):
        rows.append(Row((part(heading), (), (), (), ()), spans=(0, len(_COLUMNS) - 1)))
        if not found:
            rows.append(Row((part(""), part(NOTHING), part(""), part(""), part(""))))
        for r in found:
            number += 1
            rows.append(_row(number, r, labels))
    return Table("self-check", title, _COLUMNS, tuple(rows), cited=False)


def self_check_of(
    known: Requirements, notice: str, documents: Mapping[str, Document], day: date
) -> tuple[Table, str]:
    """The table of one notice, and what stands at the foot of its pages."""
    document = documents[notice.partition("@")[0]]

    def labels(r: Requirement) -> str:
        return "、".join(unit_label(b.partition("#")[2], document.kind) for b in r.basis)

    table = self_check(f"迎检自查表：{document.short}", known, notice, labels)
    words = (document.short, document.number or "", f"生成日 {day.isoformat()}")
    return table, "　".join(x for x in words if x)


def _row(number: int, r: Requirement, labels: Labels) -> Row:
    evidence = tuple(Part(e) for e in r.evidence) or part("")
    return Row(
        (
            part(str(number)),
            (Part(r.what), Part("；".join(_more(r, labels)))),
            evidence,
            part(DONE),
            part(""),
        )
    )


def _more(r: Requirement, labels: Labels) -> Iterable[str]:
    who = "、".join(r.who)
    yield "通知没有写明由谁做" if who == "未写明" else who
    if r.by_text:
        yield f"限期 {r.by_text}"
    if r.every:
        yield r.every
    yield f"依据 {labels(r)}"


def self_check_docx(table: Table, day: str, foot: str) -> bytes:
    """The sheet on A4 lying; `foot` names the notice on every page."""
    from kb.cards.docx_base import Page, Pages, draw, fields, heading, line
    from kb.cards.docx_xml import Look

    pages = Pages(table.title, day)
    page = Page("A4", lying=True, foot=foot)
    pages.begin(page)
    pages.add(heading(table.title, _TITLE))
    pages.add(fields(_FIELDS, len(_FIELDS), page.width, _SIZE), line("", Look(4)))
    widths = weights(table, numbers=False)
    pages.add(draw(table, widths, page.width, _SIZE, numbers=False, height=_WRITING))
    pages.add(line("", Look(4)), line(_remark(), Look(_SIZE - 1.5)))
    return pages.bytes()


def self_check_xlsx(table: Table, day: str, foot: str) -> bytes:
    """The same as a workbook of one sheet."""
    return table_xlsx(table, _FIELDS, day, foot)


def _remark() -> str:
    return "要求是要点（非原文）；佐证材料只列通知写明或明显含有的。以通知原文为准。"
