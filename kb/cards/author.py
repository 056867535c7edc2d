"""The author's view: what stands beside the cards and on none of them.

企业的事, rules that differ, lines that were left out, standards that are missing, questions that
nobody has answered. For whoever writes the cards; never for the wall.
"""

from __future__ import annotations

from collections import Counter

from kb.cards.model import CARD_NAMES, CARDS, ORIGINS, Draft, Firm
from kb.cards.rows import line_text, sources, without_steps
from kb.cards.table import Row, Table, part

__all__ = ["author_tables", "summary"]

_WHO = {
    "worker": "本岗位",
    "foreman": "班组长",
    "firm": "企业",
    "designer": "设计单位",
    "authority": "主管部门",
}
_FIRM = "企业的事"


def summary(draft: Draft, firm: Firm) -> tuple[tuple[str, str], ...]:
    """What the author reads first, as (label, value)."""
    origins = Counter(x.origin for card in CARDS for x in draft.cards.get(card, ()))
    counts = "，".join(f"{ORIGINS[o]} {origins[o]}" for o in ORIGINS if origins[o]) or "没有"
    lacks = f"不足：{draft.lacks}" if draft.lacks else "不足"
    asked_for = f"（问的是“{draft.asked_for}”）" if draft.asked_for != draft.post else ""
    given = [
        ("岗位", f"{draft.post}{asked_for}"),
        ("行业", draft.industry),
        ("地区", draft.region),
        ("依据的日期", draft.as_of),
        ("条款覆盖", "足" if draft.full else lacks),
        ("卡上各行的来源", counts),
        ("还没填的", "、".join(firm.unfilled(draft.post)) or "没有"),
        ("没有处置内容的事故类型", "、".join(without_steps(draft)) or "没有"),
    ]
    return tuple((label, value) for label, value in given if value)


def author_tables(draft: Draft) -> tuple[Table, ...]:
    """The author's tables; those without a row are left out."""
    tables = (_firm(draft), _conflicts(draft), _missing(draft), _questions(draft), _left_out(draft))
    return tuple(t for t in tables if t.rows)


def _firm(draft: Draft) -> Table:
    rows = tuple(
        Row(
            (
                part(str(number)),
                part(line_text(line)),
                part(_WHO.get(line.who, "")),
                part(CARD_NAMES.get(line.card, "")),
                part(line.every or ""),
            ),
            sources(line),
        )
        for number, line in enumerate(draft.firm, 1)
    )
    columns = ("序号", "企业要做的事", "谁负责", "由哪张清单而来", "频次")
    return Table("firm", f"{_FIRM}（不上岗位卡）", columns, rows)


def _conflicts(draft: Draft) -> Table:
    lines = [
        (name, line)
        for name, group in (
            *((CARD_NAMES[card], draft.cards.get(card, ())) for card in CARDS),
            (_FIRM, draft.firm),
        )
        for line in group
        if line.conflict
    ]
    rows = tuple(
        Row(
            (part(str(number)), part(name), part(line_text(line)), part(line.conflict)),
            sources(line),
        )
        for number, (name, line) in enumerate(lines, 1)
    )
    columns = ("序号", "在哪里", "写的是", "另有规定")
    return Table("conflicts", "规定不一致的地方", columns, rows)


def _missing(draft: Draft) -> Table:
    rows = tuple(Row((part(m.number), part(m.title), part(m.why))) for m in draft.missing)
    return Table("missing", "缺标准", ("标准号", "名称", "为什么用不上"), rows, cited=False)


def _questions(draft: Draft) -> Table:
    rows = tuple(Row((part(name), part(ask), part("☐ 是　☐ 否"))) for name, ask in draft.asked)
    return Table("questions", "还没回答的问题", ("问题", "怎么问", "回答"), rows, cited=False)


def _left_out(draft: Draft) -> Table:
    rows = tuple(Row((part(x.id), part(x.text), part(x.why))) for x in draft.left_out)
    return Table("left-out", "没有列上的", ("编号", "内容", "为什么"), rows, cited=False)
