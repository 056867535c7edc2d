"""At a clause: where another rule in force says something else, and which of them to follow.

The words are ours (`corpus/conflicts.toml`) and marked so; both sides stand with their citations.
Without a script everything is there, under a line that opens.
"""

from __future__ import annotations

from kb.cite_text import document_name, unit_label
from kb.conflicts import Conflict
from kb.escape import escape_attr, escape_html
from kb.ids import parse_ref
from kb.model import DocKind
from kb.sitegen.context import SiteContext

__all__ = ["conflicts_html"]

_RULE_WORDS = {
    "上位法": "上位法优先",
    "新法": "新的规定优先",
    "特别法": "特别规定优先",
    "从严": "两处都要守，按严的办",
    "待定": "按哪一处办待定",
}


def conflicts_html(site: SiteContext, ref: str, clause: str, page: str) -> str:
    """Every conflict that a clause takes part in; empty without one."""
    found = [Conflict.from_json(x) for x in site.passages.conflicts(ref, clause)]
    return "".join(_one(site, c, f"{ref}#{clause}", page) for c in found)


def _one(site: SiteContext, conflict: Conflict, here: str, page: str) -> str:
    rule = _RULE_WORDS.get(conflict.rule, conflict.rule)
    sides = "".join(_side(site, conflict, side, here, page) for side in conflict.clauses)
    rows = [
        f'<ul class="kb-sides">{sides}</ul>',
        f"<p><b>差别</b>　{escape_html(conflict.differs)}</p>",
        f"<p><b>{escape_html(rule)}</b>　{escape_html(conflict.why)}</p>",
    ]
    return (
        f'<details class="kb-conflict" data-rule="{escape_attr(conflict.rule)}">'
        f"<summary>另有规定说法不同：{escape_html(conflict.subject)}"
        f'<span class="kb-tag">{escape_html(rule)}</span></summary>'
        f'<p class="kb-own-words">要点（非原文）</p>{"".join(rows)}</details>'
    )


def _side(
    site: SiteContext, conflict: Conflict, side: tuple[str, str], here: str, page: str
) -> str:
    target, says = side
    own = target == here or target.startswith(tuple(here + x for x in _joints(site, here)))
    name = "本条" if own else _citation(site, target)
    href = site.href(target, page)
    words = escape_html(name)
    if href is not None:
        words = f'<a class="kb-c" href="{escape_attr(href)}">{words}</a>'
    wins = target == conflict.prevails
    mark = '<span class="kb-follow">按这一处办</span>' if wins else ""
    follow = ' class="kb-wins"' if wins else ""
    return f"<li{follow}>{words}：{escape_html(says)}{mark}</li>"


def _joints(site: SiteContext, here: str) -> str:
    """What parts a clause from its parts in ids: art-134-1 is no part of art-134."""
    document = site.documents.get(parse_ref(here).doc)
    return ".-" if document is not None and document.kind is DocKind.NOTICE else "."


def _citation(site: SiteContext, target: str) -> str:
    """Full citation of an id, whether its text is loaded or not."""
    at = parse_ref(target)
    ref = f"{at.doc}@{at.version}"
    if ref in site.page_of:
        return site.cite(ref, at.clause)
    document = site.documents.get(at.doc)
    if document is None:
        return target
    return document_name(document) + unit_label(at.clause, document.kind)
