"""From a draft and the firm's data to the tables of the cards: the one place that decides.

What stands in which column, how a line is worded on the card, what stays blank, what a line rests
on, what the frame and the foot say. Every drawer (Markdown, Word, Excel) takes its words from here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from kb.cards.model import (
    BLANK,
    CARD_NAMES,
    CARDS,
    DRAFT_MARK,
    ORIGINS,
    SKELETON_MARK,
    CardLine,
    Draft,
    Firm,
    PostFirm,
)
from kb.cards.table import Part, Row, Table, clean, part

__all__ = [
    "CONTACTS",
    "EMERGENCY_COLUMNS",
    "PHASES",
    "Contact",
    "accident_names",
    "card_table",
    "card_tables",
    "contact_lines",
    "contacts",
    "draft_mark",
    "emergency_column",
    "frame",
    "in_phases",
    "line_text",
    "sources",
    "without_steps",
]

PHASES: Mapping[str | None, str] = {
    "before": "作业前",
    "during": "作业中",
    "after": "作业后",
    "never": "全程",
}
_PHASE_ORDER = {"before": 0, "during": 1, None: 1, "after": 2, "never": 3}
_WHO = {"worker": "本岗位", "foreman": "班组长", "firm": "企业", "designer": "企业"}
_NORMS = ("clause", "firm")
"""Origins whose lines say how things have to be; those of the crew say what there is to see."""

WATCH = "看见就停、就报："
EVERY_ACCIDENT = "各类事故"
CONTACTS = ("班组长", "值班", "负责人")
"""Whom a card names first; a role that the firm calls 值班室 or 值班电话 is 值班."""
_PUBLIC = (("火警", "119"), ("急救", "120"))

EMERGENCY_COLUMNS = (
    "事故征兆",
    "第一步 停/断/撤",
    "报告谁（姓名、电话）",
    "如何处置",
    "谁去做",
    "禁止",
)
_SHORT_NAMES = tuple(re.split("[ （]", name)[0] for name in EMERGENCY_COLUMNS)
"""事故征兆, 第一步, 报告谁 …"""
_SIGNS, _FIRST, _REPORT, _HOW, _WHO_DOES, _NEVER = range(len(EMERGENCY_COLUMNS))

_FIRST_STEP = re.compile(
    # 立即停机撤人; 切断电源; 转移到安全地点; 发紧急停车信号
    r"(?<!不)停(?![留放靠泊滞])|断电|断开|切断|关闭|撤|转移到安全|远离|脱离"
)
_REPORTING = re.compile(r"报告|上报|报警|拨打|呼救|求救|呼叫|通知|汇报|告知")


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to be called; name and number blank until the firm gives them."""

    role: str
    name: str
    phone: str

    @property
    def text(self) -> str:
        """班组长 ____ 电话 ____; a public number without a name: 火警 119."""
        return f"{self.role} {self.name} 电话 {self.phone}" if self.name else self.words

    @property
    def words(self) -> str:
        """Without a name."""
        return f"{self.role} {self.phone}"


def card_tables(draft: Draft, firm: Firm) -> tuple[Table, ...]:
    """The four cards in their order."""
    return tuple(card_table(draft, firm, card) for card in CARDS)


def card_table(draft: Draft, firm: Firm, card: str) -> Table:
    """One card of risk, duty, operation, emergency."""
    return _TABLES[card](draft, firm)


# --- words that all cards share ---------------------------------------------------------------


def line_text(line: CardLine) -> str:
    """A line as the card says it.

    A norm that others have to keep is on the card so that its breach is seen: 没做到“…”; without
    these words the worker would stop when all is well.
    """
    text = clean(line.text)
    if line.group == "watch":
        text = f"{WATCH}没做到“{text}”" if line.origin in _NORMS else f"{WATCH}{text}"
    if condition := clean(line.condition).removeprefix("仅当"):
        text += f"（仅当{condition}）"
    return text


def sources(line: CardLine) -> tuple[str, ...]:
    """What a line rests on, as the column 依据 says it: citations, or where else it comes from."""
    if line.origin == "clause":
        found = (
            clean(b.citation) + (f"〔{b.status}〕" if b.status not in ("", "现行") else "")
            for b in line.basis
        )
        return tuple(dict.fromkeys(s for s in found if s))
    if line.origin == "skeleton":
        return (SKELETON_MARK,)
    said = clean(line.said)
    return (ORIGINS[line.origin] + (f"（{said}）" if said else ""),)


def draft_mark(draft: Draft, firm: Firm) -> str:
    """The mark that every page carries while a required field is blank; then empty."""
    return DRAFT_MARK if firm.unfilled(draft.post) else ""


def accident_names(draft: Draft) -> dict[str, str]:
    """Accident code → name in the classification in force on the draft's day."""
    return dict(draft.accidents)


def frame(draft: Draft, firm: Firm) -> tuple[tuple[str, str], ...]:
    """The frame of a card as (label, value): what nobody gave is blank."""
    own = firm.posts.get(draft.post, PostFirm())
    people = "　".join(f"{clean(p)} {BLANK}" for p in own.people)
    given = (
        ("企业", firm.name),
        ("岗位", draft.post),
        ("班组", own.team),
        ("作业地点", own.place),
        ("编号/版本", f"{clean(own.number) or BLANK} / {clean(firm.version) or BLANK}"),
        ("编制", firm.written_by),
        ("审核", firm.checked_by),
        ("批准", firm.approved_by),
        ("生效日期", firm.in_force),
        ("下次评审日期", firm.review),
        ("岗位讨论日期", firm.discussed),
        ("参加人签字", people),
    )
    return tuple((label, clean(value) or BLANK) for label, value in given)


def contacts(firm: Firm) -> tuple[Contact, ...]:
    """The foot of the emergency card: the three roles, others that the firm has, 119 and 120."""
    out, left = [], dict(firm.roles)
    for role in CONTACTS:
        found = next((r for r in left if r == role), None)
        found = found or next((r for r in left if r.startswith(role)), None)
        person = left.pop(found) if found else None
        name = clean(person.name) if person else ""
        phone = clean(person.phone) if person else ""
        out.append(Contact(found or role, name or BLANK, phone or BLANK))
    for role, person in left.items():
        out.append(Contact(clean(role), clean(person.name) or BLANK, clean(person.phone) or BLANK))
    return (*out, *(Contact(role, "", number) for role, number in _PUBLIC))


def contact_lines(firm: Firm) -> tuple[str, ...]:
    """The same two a line, 119 and 120 together on the last."""
    people = [c.text for c in contacts(firm)]
    own, public = people[: -len(_PUBLIC)], people[-len(_PUBLIC) :]
    pairs = [own[i : i + 2] for i in range(0, len(own), 2)]
    return tuple("　　".join(pair) for pair in (*pairs, public))


# --- the four cards ---------------------------------------------------------------------------


def _risk(draft: Draft, firm: Firm) -> Table:
    names = accident_names(draft)
    rows = []
    for number, line in enumerate(draft.cards.get("risk", ()), 1):
        hazard = clean(line.hazard or "")
        rows.append(
            Row(
                (
                    part(str(number)),
                    part(line.activity),
                    part(hazard),
                    part(names.get(line.accident or "", "")),
                    part(firm.levels.get(hazard, "")),
                    part(line_text(line)),
                    _in_charge(line, firm),
                ),
                sources(line),
            )
        )
    columns = (
        "序号",
        "作业活动/部位",
        "危险有害因素",
        "可能导致的事故类型",
        "风险等级",
        "管控措施",
        "管控层级/责任人",
    )
    return Table("risk", CARD_NAMES["risk"], columns, tuple(rows))


def _in_charge(line: CardLine, firm: Firm) -> tuple[Part, ...]:
    """The level is the firm's to say; who answers for the measure is what the clause says."""
    who = _WHO.get(line.who, BLANK)
    if line.who == "foreman":
        who += contacts(firm)[0].name.replace(BLANK, "")
    if line.group == "watch":
        who += "管，本岗位报"
    return (Part(f"层级 {BLANK}"), Part(who))


def _duty(draft: Draft, _firm: Firm) -> Table:
    names = accident_names(draft)
    rows = []
    for number, line in enumerate(draft.cards.get("duty", ()), 1):
        when = "，".join(x for x in (PHASES.get(line.phase, ""), clean(line.every or "")) if x)
        accident = names.get(line.accident or "", "")
        rows.append(
            Row(
                (
                    part(str(number)),
                    part(line_text(line)),
                    part(when),
                    part(f"可能造成{accident}" if accident else ""),
                ),
                sources(line),
            )
        )
    columns = ("序号", "职责", "频次/时点", "失职后果")
    return Table("duty", CARD_NAMES["duty"], columns, tuple(rows))


def in_phases(lines: Iterable[CardLine]) -> list[CardLine]:
    """Lines of an operation in the order of the work: before, during, after, what is never done."""
    return sorted(lines, key=lambda x: _PHASE_ORDER.get(x.phase, 1))


def _forbids(line: CardLine) -> bool:
    return line.must == "must-not" or line.phase == "never"


def _operation(draft: Draft, _firm: Firm) -> Table:
    names = accident_names(draft)
    lines = in_phases(draft.cards.get("operation", ()))
    steps = [x for x in lines if not _forbids(x)]
    alone = [x for x in lines if _forbids(x)]
    rows: list[Row] = []
    for step in steps:
        never = next((x for x in alone if _same_danger(step, x)), None)
        if never is not None:
            alone.remove(never)
        rows.append(_step(len(rows) + 1, step, never, names))
    for never in alone:
        rows.append(
            Row(
                (
                    part(str(len(rows) + 1)),
                    part(PHASES.get(never.phase, "")),
                    (),
                    (),
                    part(line_text(never)),
                ),
                sources(never),
                spans=(2, 4),
            )
        )
    columns = ("序号", "阶段", "步骤", "要点/确认", "禁止")
    return Table("operation", CARD_NAMES["operation"], columns, tuple(rows))


def _same_danger(step: CardLine, never: CardLine) -> bool:
    """Whether a prohibition belongs beside a step: the same hazard in one clause or one work."""
    if never.phase not in ("never", step.phase) or never.condition != step.condition:
        return False
    if not step.hazard or step.hazard != never.hazard:
        return False
    clauses = {b.id for b in step.basis} & {b.id for b in never.basis}
    return bool(clauses) or bool(step.activity and step.activity == never.activity)


def _step(number: int, step: CardLine, never: CardLine | None, names: Mapping[str, str]) -> Row:
    danger = "、".join(
        x for x in (clean(step.hazard or ""), names.get(step.accident or "", "")) if x
    )
    points = "；".join(x for x in (clean(step.every or ""), f"防：{danger}" if danger else "") if x)
    rests = (*sources(step), *(sources(never) if never else ()))
    return Row(
        (
            part(str(number)),
            part(PHASES.get(step.phase, "")),
            part(line_text(step)),
            part(points),
            part(line_text(never)) if never else (),
        ),
        tuple(dict.fromkeys(rests)),
    )


# --- emergency --------------------------------------------------------------------------------


def emergency_column(line: CardLine) -> int:
    """The place of a line in `EMERGENCY_COLUMNS`.

    A line whose `activity` is the name of a column stands there (skeletons, the firm's plan). Of
    the others the words decide: what stops, cuts off or leaves comes first, even where it goes on
    to report.
    """
    if line.activity in _SHORT_NAMES:
        return _SHORT_NAMES.index(line.activity)
    if _forbids(line):
        return _NEVER
    if line.origin != "clause" and line.phase == "before":
        return _SIGNS
    if line.phase != "after" and _FIRST_STEP.search(line.text):
        return _FIRST
    if line.report_to or _REPORTING.search(line.text):
        return _REPORT
    return _HOW


def _emergency(draft: Draft, firm: Firm) -> Table:
    names = accident_names(draft)
    groups: dict[str | None, list[CardLine]] = {code: [] for code in names}
    for line in draft.cards.get("emergency", ()):
        groups.setdefault(line.accident or None, []).append(line)
    groups[None] = groups.pop(None, [])  # what holds for every accident comes last
    rows = [
        _emergency_row(EVERY_ACCIDENT if code is None else names.get(code, BLANK), lines, firm)
        for code, lines in groups.items()
        if lines
    ]
    columns = ("事故类型", *EMERGENCY_COLUMNS)
    return Table(
        "emergency", CARD_NAMES["emergency"], columns, tuple(rows), mixed=True, steps=_HOW + 1
    )


def _emergency_row(name: str, lines: list[CardLine], firm: Firm) -> Row:
    cells: list[list[Part]] = [[] for _ in EMERGENCY_COLUMNS]
    for line in lines:
        cells[emergency_column(line)].append(Part(line_text(line), sources(line)))
    cells[_REPORT] += [Part(c.text) for c in _called(lines, firm)]
    if not cells[_WHO_DOES]:
        cells[_WHO_DOES] = [Part(_who_does(lines))]
    rests = dict.fromkeys(s for line in lines for s in sources(line))
    return Row((part(name), *(tuple(c) or part("") for c in cells)), tuple(rests))


def _who_does(lines: Iterable[CardLine]) -> str:
    """Who acts, where no line says it: whom the clauses bind.

    A clause binds nobody to a step of a skeleton: who goes in to rescue is the firm's to say, and
    naming the worker of the post could send him in unprotected.
    """
    if any(x.origin != "clause" for x in lines):
        return BLANK
    return "、".join(dict.fromkeys(_WHO.get(x.who, BLANK) for x in lines))


def _called(lines: Iterable[CardLine], firm: Firm) -> list[Contact]:
    """Whom a block names: the foreman, who is on duty, and others that its lines report to.

    Somebody whom a line names in its words needs a line of his own only if the firm has a number.
    """
    named = contacts(firm)
    out = list(named[:2])
    for line in lines:
        for other in filter(None, map(clean, (line.report_to or "").split("、"))):
            known = next((c for c in named if c.role == other), None)
            if known is None and (other.startswith(CONTACTS) or other in line.text):
                continue
            contact = known or Contact(other, BLANK, BLANK)
            if contact not in out:
                out.append(contact)
    return out


def without_steps(draft: Draft) -> tuple[str, ...]:
    """Accident types of the post for which no emergency line stands on the card."""
    found = {line.accident for line in draft.cards.get("emergency", ())}
    return tuple(name for code, name in draft.accidents if code not in found)


_TABLES: Mapping[str, Callable[[Draft, Firm], Table]] = {
    "risk": _risk,
    "duty": _duty,
    "operation": _operation,
    "emergency": _emergency,
}
