"""Sheets for a desk and a clipboard: the author's view, the crew's sheets, the discussion sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.cards.author import author_tables, summary
from kb.cards.derived import derived_tables
from kb.cards.docx_base import Page, Pages, draw, fields, fit, heading, line, say
from kb.cards.docx_xml import SHADE, Cell, Look, mm, paragraph, row, run, table
from kb.cards.layout import weights
from kb.cards.model import BLANK, Draft, Firm
from kb.cards.rows import card_tables, contacts, draft_mark, frame
from kb.cards.table import grouped

if TYPE_CHECKING:
    from kb.cards.worksheet import Worksheet

__all__ = ["author_docx", "derived_docx", "worksheet_docx"]

_SMALL, _PLAIN, _LARGE = 10.5, 12.0, 14.0
"""Points: to be read at a desk, filled in on a clipboard, read aloud in a meeting."""
_MARK = 24.0
_WRITING = 11.0  # millimetres that a row to be written in is high


def author_docx(draft: Draft, firm: Firm) -> bytes:
    """The cards with citations in full, and behind them what only their author needs."""
    pages = Pages(f"{draft.post}岗位卡：编写人用", draft.as_of)
    page = Page(
        "A4",
        lying=True,
        mark=draft_mark(draft, firm),
        mark_size=_MARK,
        foot=f"{draft.post}　编写人用，不上墙",
    )
    pages.begin(page)
    pages.add(heading(f"{draft.post}岗位卡：编写人用", _LARGE * 1.3))
    bold, look = Look(_SMALL, bold=True), Look(_SMALL)
    for label, value in summary(draft, firm):
        pages.add(paragraph([run(f"{label}：", bold), run(value, look)], look))
    pages.add(line("", look), fields(frame(draft, firm), 4, page.width, _SMALL))
    for content in (*card_tables(draft, firm), *author_tables(draft)):
        pages.add(heading(content.title, _LARGE))
        widths = weights(content, numbers=False)
        pages.add(draw(content, widths, page.width, _SMALL, numbers=False), line("", look))
        if content.key == "emergency":
            pages.add(line("　".join(c.text for c in contacts(firm)), bold), line("", look))
    return pages.bytes()


def derived_docx(draft: Draft, firm: Firm) -> bytes:
    """手指口述卡, 旁站观察表 and 日/周/月排查表, each from a new page on."""
    pages = Pages(f"{draft.post}班组用表", draft.as_of)
    for content in derived_tables(draft):
        page = Page(
            "A4",
            lying=content.cited,
            mark=draft_mark(draft, firm),
            mark_size=_MARK,
            foot="　".join(x for x in (firm.name, draft.post, content.title, firm.version) if x),
        )
        pages.begin(page)
        pages.add(heading(content.title, _LARGE * 1.3))
        filled = (("岗位", draft.post), ("日期", BLANK), ("填写人", BLANK))
        pages.add(fields(filled, len(filled), page.width, _PLAIN), line("", Look(4)))
        widths = weights(content, numbers=True)
        pages.add(draw(content, widths, page.width, _PLAIN, numbers=True, height=_WRITING))
        notes = grouped(content.notes) if content.cited else []
        pages.add(line("", Look(4)), *(line(text, Look(_SMALL)) for text in notes))
    return pages.bytes()


def worksheet_docx(sheet: Worksheet, day: str = "") -> bytes:
    """The discussion sheet: questions first, then rows to write in."""
    pages = Pages(sheet.title, day)
    page = Page("A4", margin=15, foot=sheet.title)
    pages.begin(page)
    pages.add(heading(sheet.title, _LARGE * 1.4))
    look, bold = Look(_LARGE), Look(_LARGE, bold=True)
    pages.add(line(sheet.hint, bold, after=6))
    for number, question in enumerate(sheet.questions, 1):
        pages.add(line(f"{number}. {question}", look, after=3))
    pages.add(line("", Look(6)))
    widths = fit([3.0] * (len(sheet.columns) - 1) + [1.5], page.width)
    head = [Cell(say([name], bold, align="center"), shade=SHADE) for name in sheet.columns]
    rows = [row(head, widths, header=True)]
    blank = [Cell((line("", look),)) for _ in sheet.columns]
    rows += [row(blank, widths, height=mm(1.6 * _WRITING)) for _ in range(sheet.rows)]
    pages.add(table(rows, widths), line("", Look(6)))
    foot = [(name, BLANK) for name in sheet.foot]
    pages.add(fields(foot, 2, page.width, _LARGE))
    return pages.bytes()
