"""Drafted cards as HTML: each line with what it rests on, nothing that looks like an adopted card.

A card is `<section class="kb-sheet" data-kb-sheet="铲装司机 岗位操作卡">`; each of its lines is an
`<li data-cite="…">` whose words are in `.kb-line` and what it rests on in `.kb-src`. Scripts put
the buttons (投影, 存为图片, 打印) on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from kb.cards import CARD_NAMES, CARDS, ORIGINS, CardLine, Draft, Firm
from kb.cards.model import DRAFT_MARK, SKELETON_MARK
from kb.cards.rows import (
    EMERGENCY_COLUMNS,
    EVERY_ACCIDENT,
    PHASES,
    WATCH,
    contact_lines,
    emergency_column,
    in_phases,
    line_text,
)
from kb.escape import escape_attr, escape_html
from kb.sitegen.lists import NOT_OURS, Lists

__all__ = ["firm_html", "sheet_anchor", "sheets_html", "skeleton_html"]

_COLUMN = re.compile(r" |(?=（)")
"""Where the name of a column may break: 第一步 停/断/撤, 报告谁（姓名、电话）."""
_WHO = {"foreman": "班组长", "firm": "企业", "designer": "设计单位", "authority": "主管部门"}
_TITLES: Mapping[str | None, str] = {**PHASES, None: "随时"}


def sheet_anchor(card: str) -> str:
    """Where a card stands on the page of its post."""
    return f"card-{card}"


def sheets_html(lists: Lists, draft: Draft, page: str) -> str:
    """The four cards."""
    return "\n".join(_sheet(lists, draft, card, page) for card in CARDS)


def _sheet(lists: Lists, draft: Draft, card: str, page: str) -> str:
    lines = draft.cards.get(card, ())
    parts = {"operation": _phases, "emergency": _accidents}.get(card, _plain)
    body = (
        parts(lists, draft, lines, page) if lines else '<p class="kb-soft">没有条款可依的行。</p>'
    )
    foot = ""
    if card == "emergency":
        calls = "".join(f"<li>{escape_html(x)}</li>" for x in contact_lines(Firm()))
        foot = f'<ul class="kb-calls" role="list" aria-label="联系人">{calls}</ul>'
    name = CARD_NAMES[card]
    return _frame(
        card,
        f"{draft.post} {name}",
        sheet_anchor(card),
        draft.post,
        name,
        DRAFT_MARK,
        f"{body}{foot}{_rests(lists, lines, page)}",
    )


def _frame(card: str, key: str, anchor: str, above: str, title: str, mark: str, body: str) -> str:
    return (
        f'<section class="kb-sheet" data-kb-sheet="{escape_attr(key)}" data-kind="{card}" '
        f'aria-labelledby="{anchor}">'
        '<header class="kb-sheet-head"><div>'
        f'<span class="kb-sheet-post">{escape_html(above)}</span>'
        f'<h3 id="{anchor}">{escape_html(title)}</h3></div>'
        f'<p class="kb-sheet-marks"><span>{escape_html(mark)}</span><span>{NOT_OURS}</span></p>'
        f'</header><div class="kb-sheet-body">{body}</div></section>'
    )


def _rests(lists: Lists, lines: Iterable[CardLine], page: str) -> str:
    """The documents that a card rests on, with their validity."""
    refs = dict.fromkeys(b.id.partition("#")[0] for x in lines for b in x.basis)
    if not refs:
        return ""
    items = "".join(f"<li>{lists.document_link(r, page)} {lists.badge(r)}</li>" for r in refs)
    return (
        '<div class="kb-rests"><span class="kb-soft">依据的文件</span>'
        f'<ul class="kb-bare" role="list">{items}</ul></div>'
    )


# --- lines ------------------------------------------------------------------------------------


def _plain(lists: Lists, draft: Draft, lines: Sequence[CardLine], page: str) -> str:
    return _list((_line(lists, draft, x, page) for x in lines), ordered=True)


def _phases(lists: Lists, draft: Draft, lines: Sequence[CardLine], page: str) -> str:
    out = []
    start = 1
    for phase, found in groupby(in_phases(lines), key=lambda x: x.phase or "during"):
        items = [_line(lists, draft, x, page) for x in found]
        out.append(f'<h4 class="kb-phase">{_TITLES[phase]}</h4>')
        out.append(_list(items, ordered=True, start=start))
        start += len(items)
    return "".join(out)


def _accidents(lists: Lists, draft: Draft, lines: Sequence[CardLine], page: str) -> str:
    """A block an accident type, in it the columns of the card."""
    names = dict(draft.accidents)
    groups: dict[str, list[CardLine]] = {code: [] for code in names}
    for line in lines:
        groups.setdefault(line.accident or "", []).append(line)
    groups[""] = groups.pop("", [])  # what holds for every accident comes last
    blocks = []
    for code, found in groups.items():
        if found:
            name = names.get(code, EVERY_ACCIDENT)
            title = lists.accident_link(code, page) if code else escape_html(name)
            blocks.append(_block(lists, draft, title, found, page))
    return f'<div class="kb-blocks">{"".join(blocks)}</div>'


def _block(
    lists: Lists, draft: Draft | None, title: str, lines: Sequence[CardLine], page: str
) -> str:
    step = "h5" if title else "h4"  # no level of heading is left out
    columns: dict[int, list[CardLine]] = {}
    for line in lines:
        columns.setdefault(emergency_column(line), []).append(line)
    rows = []
    for place, found in sorted(columns.items()):
        items = [_line(lists, draft, x, page, hazards=False) for x in found]
        numbered = place == _HOW and len(items) > 1
        label = "<br>".join(map(escape_html, _COLUMN.split(EMERGENCY_COLUMNS[place])))
        rows.append(
            f'<div class="kb-step" data-step="{place}">'
            f'<{step} class="kb-step-name">{label}</{step}>'
            f"{_list(items, ordered=numbered)}</div>"
        )
    head = f'<h4 class="kb-phase">{title}</h4>' if title else ""
    return f'<div class="kb-block">{head}{"".join(rows)}</div>'


_HOW = 3
"""如何处置: the one column whose lines have an order."""


def _list(items: Iterable[str], *, ordered: bool, start: int = 1) -> str:
    inner = "".join(items)
    if not ordered:
        return f'<ul class="kb-lines" role="list">{inner}</ul>'
    first = f' start="{start}"' if start > 1 else ""
    return f'<ol class="kb-lines"{first}>{inner}</ol>'


def _line(
    lists: Lists, draft: Draft | None, line: CardLine, page: str, *, hazards: bool = True
) -> str:
    refs = dict.fromkeys(b.id.partition("#")[0] for b in line.basis)
    on = f' data-kb-on="{escape_attr(" ".join(refs))}"' if refs else ""
    cited = line.citation or ORIGINS[line.origin]
    never = ' class="kb-never"' if line.must == "must-not" or line.phase == "never" else ""
    more = _danger(draft, line) if hazards and draft is not None else ""
    conflict = ""
    if line.conflict:
        conflict = f'<span class="kb-differs">另有规定：{escape_html(line.conflict)}</span>'
    return (
        f'<li data-cite="{escape_attr(cited)}"{on}{never}>'
        f'<span class="kb-line">{_words(line)}</span>'
        f'<span class="kb-src">{more}{_origin(line)}{_bases(lists, line, page)}</span>'
        f"{conflict}</li>"
    )


def _words(line: CardLine) -> str:
    """What the card says; the words that every line of its kind begins with stand back."""
    text = line_text(line)
    if not text.startswith(WATCH):
        return escape_html(text)
    return f'<span class="kb-watch">{escape_html(WATCH)}</span>{escape_html(text[len(WATCH) :])}'


def _danger(draft: Draft, line: CardLine) -> str:
    names = dict(draft.accidents)
    words = "、".join(x for x in (line.hazard or "", names.get(line.accident or "", "")) if x)
    shown = "；".join(x for x in (line.every or "", f"防：{words}" if words else "") if x)
    return f'<span class="kb-danger">{escape_html(shown)}</span>' if shown else ""


def _origin(line: CardLine) -> str:
    return f'<span class="kb-origin" data-o="{line.origin}">{ORIGINS[line.origin]}</span>'


def _bases(lists: Lists, line: CardLine, page: str) -> str:
    if line.origin == "skeleton":
        return ""
    links = []
    for basis in line.basis:
        unit = f"{basis.id.partition('#')[0]}#{basis.unit}"
        mark = f"〔{escape_html(basis.status)}〕" if basis.status not in ("", "现行") else ""
        links.append(lists.clause_link(unit, page, lists.short_cite(basis.id)) + mark)
    return "；".join(dict.fromkeys(links))


# --- beside the cards -------------------------------------------------------------------------


def firm_html(lists: Lists, draft: Draft, page: str) -> str:
    """企业的事: what the clauses ask of the firm at this post, by who bears it."""
    if not draft.firm:
        return ""
    lines = sorted(draft.firm, key=lambda x: list(_WHO).index(x.who) if x.who in _WHO else -1)
    out = []
    for who, found in groupby(lines, key=lambda x: x.who):
        out.append(f'<h4 class="kb-phase">{escape_html(_WHO.get(who, "本岗位"))}</h4>')
        out.append(_list((_line(lists, draft, x, page) for x in found), ordered=False))
    return f'<div class="kb-firm">{"".join(out)}{_rests(lists, draft.firm, page)}</div>'


def skeleton_html(lists: Lists, code: str, page: str) -> str:
    """The reviewed general steps of one accident type; '' without them."""
    lines = lists.skeletons.get(code, ())
    if not lines:
        return ""
    name = lists.accident_name(code)
    body = _block(lists, None, "", lines, page)
    return _frame(
        "emergency",
        f"{name} 通用处置骨架",
        "skeleton",
        name,
        "通用处置骨架",
        "非法条，按本单位现场处置方案核定",
        f'<div class="kb-blocks kb-one">{body}</div>'
        f'<p class="kb-rests kb-soft">{escape_html(SKELETON_MARK)}</p>',
    )
