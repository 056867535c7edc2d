"""What a draft of a post's four cards holds.

Lines come from note lines on clauses in force (origin `clause`), from the crew, the firm, lessons
of accidents, or a reviewed skeleton; only `clause` has a legal basis. Risk levels, names, telephone
numbers and places are never invented: they are blank until the firm gives them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = [
    "BLANK",
    "CARDS",
    "CARD_NAMES",
    "DRAFT_MARK",
    "ORIGINS",
    "SKELETON_MARK",
    "Basis",
    "CardLine",
    "Draft",
    "Firm",
    "LeftOut",
    "Missing",
    "Person",
    "PostFirm",
]

BLANK = "____"
DRAFT_MARK = "底稿·未经岗位讨论"
SKELETON_MARK = "通用处置骨架（非法条，按本单位现场处置方案核定）"

CARDS = ("risk", "duty", "operation", "emergency")
CARD_NAMES: Mapping[str, str] = {
    "risk": "岗位风险清单",
    "duty": "岗位职责清单",
    "operation": "岗位操作卡",
    "emergency": "岗位应急处置卡",
}
ORIGINS: Mapping[str, str] = {
    "clause": "条款",
    "crew": "员工提出",
    "firm": "本单位制度或说明书",
    "lesson": "事故教训",
    "skeleton": "骨架",
}


@dataclass(frozen=True, slots=True)
class Basis:
    """A clause that a line rests on: full id of the clause, its unit, citation, hash, status."""

    id: str
    unit: str
    citation: str
    hash: str
    status: str

    def to_json(self) -> dict[str, Any]:
        """For `--format json`."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class CardLine:
    """One line of a card.

    `group` is do (本岗位做), watch (本岗位看见就停、就报) or firm (企业的事: author's view only).
    `condition` is the site question that decides whether it holds (仅当…), empty without one.
    `conflict` is the author's remark on another rule that says otherwise. `said` is who brought a
    line of the crew, with the date.
    """

    text: str
    card: str
    group: str = "do"
    origin: str = "clause"
    basis: tuple[Basis, ...] = ()
    who: str = "worker"
    must: str = "must"
    phase: str | None = None
    hazard: str | None = None
    accident: str | None = None
    activity: str = ""
    severity: int = 1
    every: str | None = None
    report_to: str | None = None
    condition: str = ""
    conflict: str = ""
    said: str = ""

    @property
    def citation(self) -> str:
        """All bases as people cite them; the mark of a skeleton; empty for the other origins."""
        if self.origin == "skeleton":
            return SKELETON_MARK
        return "；".join(dict.fromkeys(b.citation for b in self.basis))

    def to_json(self) -> dict[str, Any]:
        """The L of the contract."""
        return {
            "text": self.text,
            "basis": [b.id for b in self.basis],
            "citation": self.citation,
            "unit": self.basis[0].unit if self.basis else "",
            "who": self.who,
            "must": self.must,
            "phase": self.phase,
            "hazard": self.hazard,
            "accident": self.accident,
            "origin": self.origin,
            "hash": self.basis[0].hash if self.basis else "",
            "bases": [b.to_json() for b in self.basis],
            "card": self.card,
            "group": self.group,
            "activity": self.activity,
            "severity": self.severity,
            "every": self.every,
            "report_to": self.report_to,
            "condition": self.condition,
            "conflict": self.conflict,
            "said": self.said,
        }


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A line that is not on the cards: the unit it was made from, its words, and why."""

    id: str
    text: str
    why: str

    def to_json(self) -> dict[str, Any]:
        """For `--format json`."""
        return {"id": self.id, "text": self.text, "why": self.why}


@dataclass(frozen=True, slots=True)
class Missing:
    """A standard that bears on the post and cannot feed its cards."""

    number: str
    title: str
    why: str

    def to_json(self) -> dict[str, Any]:
        """For `--format json`."""
        return {"number": self.number, "title": self.title, "why": self.why}


@dataclass(frozen=True, slots=True)
class Draft:
    """The suggested cards of one post on one day.

    `cards` holds only lines of worker's cards, `firm` what the firm has to do. `asked` are the
    site questions that are unanswered. `full` is what `kb.coverage` says of the post.
    """

    post: str
    asked_for: str
    industry: str
    region: str
    as_of: str
    cards: Mapping[str, tuple[CardLine, ...]]
    firm: tuple[CardLine, ...]
    full: bool
    lacks: str
    missing: tuple[Missing, ...]
    left_out: tuple[LeftOut, ...]
    asked: tuple[tuple[str, str], ...] = ()
    accidents: tuple[tuple[str, str], ...] = ()
    length: str = "full"

    def to_json(self) -> dict[str, Any]:
        """The contract of `kb draft --format json`."""
        origins: dict[str, int] = {}
        for lines in self.cards.values():
            for line in lines:
                origins[line.origin] = origins.get(line.origin, 0) + 1
        return {
            "post": self.post,
            "asked_for": self.asked_for,
            "industry": self.industry,
            "region": self.region,
            "as_of": self.as_of,
            "length": self.length,
            "cards": {card: [x.to_json() for x in self.cards[card]] for card in CARDS},
            "coverage": "full" if self.full else "partial",
            "lacks": self.lacks,
            "firm": [x.to_json() for x in self.firm],
            "missing": [m.to_json() for m in self.missing],
            "left_out": [x.to_json() for x in self.left_out],
            "questions": [{"name": n, "ask": a} for n, a in self.asked],
            "accidents": [{"code": c, "name": n} for c, n in self.accidents],
            "origins": origins,
        }


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the firm with a telephone number; either may be empty."""

    name: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class PostFirm:
    """What the firm gives for one post: where it is, who stands in it, lines of the crew."""

    place: str = ""
    team: str = ""
    number: str = ""
    people: tuple[str, ...] = ()
    lines: tuple[CardLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Firm:
    """What is entered once (`firm.toml` or a roster): fields that are empty stay blank on cards.

    `answers` are the site questions (True 是, False 否); `roles` are 班组长, 值班, 负责人 and the
    like with their telephone numbers; `levels` risk levels by hazard, as the firm has rated them.
    """

    name: str = ""
    industry: str = ""
    region: str = ""
    version: str = ""
    written_by: str = ""
    checked_by: str = ""
    approved_by: str = ""
    in_force: str = ""
    review: str = ""
    discussed: str = ""
    roles: Mapping[str, Person] = field(default_factory=dict)
    answers: Mapping[str, bool] = field(default_factory=dict)
    levels: Mapping[str, str] = field(default_factory=dict)
    posts: Mapping[str, PostFirm] = field(default_factory=dict)

    def unfilled(self, post: str) -> tuple[str, ...]:
        """Required fields that are still blank; while there is one, every page keeps the mark."""
        own = self.posts.get(post, PostFirm())
        wanted = {
            "企业": self.name,
            "班组": own.team,
            "编制": self.written_by,
            "审核": self.checked_by,
            "批准": self.approved_by,
            "生效日期": self.in_force,
            "下次评审日期": self.review,
            "岗位讨论日期": self.discussed,
            "参加人": "、".join(own.people),
        }
        return tuple(name for name, value in wanted.items() if not value)
