"""Cards as Markdown: for a screen, a chat group, a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from kb.cards.author import author_tables, summary
from kb.cards.derived import derived_tables
from kb.cards.model import BLANK, Draft, Firm
from kb.cards.rows import card_tables, contacts, draft_mark, frame
from kb.cards.table import Table, clean

__all__ = ["author_markdown", "derived_markdown", "to_markdown"]

_SIGNS = {ord(c): f"\\{c}" for c in "\\`*_[]>#|"} | {
    # not every Markdown takes a backslash before these
    ord("<"): "&lt;",
    ord("&"): "&amp;",
    ord("~"): "&#126;",
}
_LONE = re.compile(rf"(?<![^\s\w]){BLANK}(?![^\s\w])")
"""A blank between spaces, letters or ends: no Markdown reads its underscores as emphasis."""


def _text(text: str) -> str:
    """One line that means just these characters; blanks stay readable where that is safe."""
    out, at = [], 0
    text = clean(text)
    for found in _LONE.finditer(text):
        out += [text[at : found.start()].translate(_SIGNS), BLANK]
        at = found.end()
    return "".join((*out, text[at:].translate(_SIGNS)))


def to_markdown(draft: Draft, firm: Firm) -> str:
    """The worker's cards."""
    return _document(f"{draft.post}岗位清单和卡片", _cards(draft, firm))


def author_markdown(draft: Draft, firm: Firm) -> str:
    """The worker's cards, and behind them what only their author needs."""
    blocks = [[f"- {_text(label)}：{_text(value)}" for label, value in summary(draft, firm)]]
    blocks += _cards(draft, firm)
    for table in author_tables(draft):
        blocks += [[f"## {_text(table.title)}"], _table(table)]
    return _document(f"{draft.post}岗位清单和卡片：编写人用", blocks)


def derived_markdown(draft: Draft, firm: Firm) -> str:
    """手指口述卡, 旁站观察表 and 排查表 of an adopted card."""
    blocks: list[list[str]] = []
    for table in derived_tables(draft):
        blocks += _heading(table, draft, firm)
        blocks += [[_fields((("岗位", draft.post), ("日期", ""), ("填写人", "")))], _table(table)]
    return _document(f"{draft.post}班组用表", blocks)


def _document(title: str, blocks: Iterable[Sequence[str]]) -> str:
    return "\n\n".join([f"# {_text(title)}", *("\n".join(b) for b in blocks)]) + "\n"


def _heading(table: Table, draft: Draft, firm: Firm) -> list[list[str]]:
    mark = draft_mark(draft, firm)
    return [[f"## {_text(table.title)}"], *([[f"**{mark}**"]] if mark else [])]


def _cards(draft: Draft, firm: Firm) -> list[list[str]]:
    blocks: list[list[str]] = []
    for table in card_tables(draft, firm):
        blocks += _heading(table, draft, firm)
        blocks += [[_fields(frame(draft, firm))], _table(table)]
        if table.key == "emergency":
            blocks.append(["；".join(f"**{_text(c.text)}**" for c in contacts(firm))])
    return blocks


def _fields(fields: Iterable[tuple[str, str]]) -> str:
    return "　".join(f"{_text(label)}：{_text(value or BLANK)}" for label, value in fields)


def _table(table: Table) -> list[str]:
    rows = [_row(_text(c) for c in table.header), _row("---" for _ in table.header)]
    for row in table.rows:
        cells = [
            "<br>".join(map(_text, table.sentences(row, i, marked=table.mixed)))
            for i in range(len(row.cells))
        ]
        if table.cited:
            cells.append("<br>".join(map(_text, table.basis(row))))
        rows.append(_row(cells))
    return rows if table.rows else [*rows, _row(BLANK for _ in table.header)]


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
