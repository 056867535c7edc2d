"""The page of all conflicts: both sides with links, which to follow and why; 待定 on top."""

from __future__ import annotations

from collections.abc import Iterable

from kb.conflicts import RULES, Conflict
from kb.escape import escape_attr, escape_html
from kb.sitegen.facts import chinese_date
from kb.sitegen.lists import NOT_OURS, Lists, Page, filter_form, select

__all__ = ["CONFLICTS", "conflicts_page"]

CONFLICTS = "conflicts/"
_OPEN = "待定"
_ORDER = (_OPEN, *(r for r in RULES if r != _OPEN))
_ABOUT = {
    _OPEN: "拿不准，没有给出结论：按各条分别核对，必要时问当地主管部门。",
    "上位法": "高一级的规定说法不同，按高一级的办。",
    "新法": "同一级的，按后公布的办。",
    "特别法": "专门管这件事的规定，优先于一般规定。",
    "从严": "两处都要遵守，按严的办，两处都不违反。",
}


def conflicts_page(lists: Lists) -> Page:
    """All conflicts by the rule that settles them."""
    found = lists.conflicts.values()
    by = {rule: [c for c in found if c.rule == rule] for rule in _ORDER}
    by = {rule: cs for rule, cs in by.items() if cs}
    names = dict.fromkeys(lists.name(_ref(full)) for c in found for full, _ in c.clauses)
    form = filter_form(
        "kb-conflicts",
        "处",
        "事情、条款里的字，如 保存",
        select("rule", "怎么定", tuple(by)),
        select("doc", "文件", tuple(names)),
    )
    out = [
        f"<p>同一件事，两处规定说法不同的 {len(lists.conflicts)} 处，"
        f"其中待定 {len(by.get(_OPEN, ()))} 处。"
        f"各处怎么说、差在哪里，是{NOT_OURS}；"
        "按哪处办，是我们读过两处原文以后的意见，不是有权机关的解释。</p>",
        form,
        '<div id="kb-conflicts">',
    ]
    contents = []
    for rule, cs in by.items():
        anchor = f"rule-{RULES.index(rule)}"
        contents.append((0, rule, anchor))
        items = "".join(_conflict(lists, c) for c in cs)
        out.append(
            f'<section class="kb-part"><h2 id="{anchor}">{rule} <small>{len(cs)} 处</small></h2>'
            f'<p class="kb-soft">{_ABOUT[rule]}</p>{items}</section>'
        )
    day = lists.site.as_of
    out.append(
        f'</div><p class="kb-asof" data-kb-built="{day.isoformat()}">生成日 {chinese_date(day)}。'
        "各条的效力见它的标记；一方不再有效，这处不一致也就不在了。</p>"
    )
    about = "同一件事两处规定说法不同：各说什么，差在哪里，按哪处办"
    return Page("规定不一致", about, "\n".join(out), contents)


def _ref(full_id: str) -> str:
    return full_id.partition("#")[0]


def _conflict(lists: Lists, c: Conflict) -> str:
    names = [lists.name(_ref(full)) for full, _ in c.clauses]
    words = " ".join((c.subject, c.differs, *(says for _, says in c.clauses), *names))
    sides = "".join(_side(lists, full, says, c) for full, says in c.clauses)
    if c.prevails:
        link = lists.clause_link(c.prevails, CONFLICTS, lists.short_cite(c.prevails))
        end = f"<b>{escape_html(c.rule)}，按 {link} 办。</b>{escape_html(c.why)}"
    else:
        end = f"<b>待定。</b>{escape_html(c.why)}"
    return (
        f'<article class="kb-case" id="{escape_attr(c.id)}" data-w="{escape_attr(words)}" '
        f'data-rule="{escape_attr(c.rule)}" data-doc="{escape_attr("|".join(_once(names)))}">'
        f'<h3><a href="#{escape_attr(c.id)}">{escape_html(c.subject)}</a></h3>'
        f'<p class="kb-gap">差在：{escape_html(c.differs)}</p>'
        f'<div class="kb-case-sides">{sides}</div><p class="kb-case-end">{end}</p></article>'
    )


def _side(lists: Lists, full: str, says: str, c: Conflict) -> str:
    follow = ' data-follow="1"' if full == c.prevails else ""
    mark = '<span class="kb-this">按这条</span>' if follow else ""
    link = lists.clause_link(full, CONFLICTS, lists.cite(full))
    return (
        f'<div class="kb-side-of"{follow} data-kb-id="{escape_attr(full)}">'
        f'<p class="kb-says">{escape_html(says)}{mark}</p>'
        f'<p class="kb-at">{link} {lists.badge(_ref(full))}</p></div>'
    )


def _once(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
