"""Requirements, steps and terms of notices; choosing among them and comparing notices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from kb.errors import UsageError
from kb.posts import INDUSTRIES as POST_INDUSTRIES

__all__ = [
    "INDUSTRIES",
    "TOPICS",
    "WHO",
    "WITHIN",
    "Requirement",
    "Requirements",
    "State",
    "Step",
    "Term",
    "bearers",
    "compared",
    "in_industry",
    "industry",
    "state",
]

WITHIN = (
    "企业",
    "示范企业",
    "主要负责人",
    "安全总监/总工",
    "安全管理人员",
    "部门、车间",
    "班组",
    "一线岗位",
)
"""Who bears a requirement within a firm, and the firm itself."""

WHO = (
    *WITHIN,
    "镇街",
    "应急办",
    "产服中心",
    "区应急局",
    "市应急局",
    "区县应急局",
    "监管部门",
    "管委会部门",
    "指导服务组",
    "未写明",
)
"""Who bears a requirement; 未写明 where the notice does not say, which is not guessed."""

_ALSO: Mapping[str, str] = {
    "安全总工": "安全总监/总工",
    "矿长": "主要负责人",
    "实际控制人": "主要负责人",
    "员工": "一线岗位",
    "一线员工": "一线岗位",
}
"""Other words by which a user may ask for a bearer."""

TOPICS = (
    "责任体系",
    "动员部署",
    "风险辨识",
    "编制两单两卡",
    "员工参与",
    "培训考核",
    "公示张贴",
    "应急演练",
    "隐患排查",
    "信息化",
    "标准化",
    "激励约束",
    "示范推广",
    "执法检查",
    "验收",
    "宣传",
    "职业健康",
    "服务保障",
    "总结上报",
)
"""By which the notices are compared."""

EVERYBODY = "通用"
_WITHIN: Mapping[str, tuple[str, ...]] = {
    "露天矿山": ("非煤矿山",),
    "地下矿山": ("非煤矿山",),
    "地质勘探": ("非煤矿山",),
    "非煤矿山": ("高危行业",),
    "危险化学品": ("高危行业",),
    "烟花爆竹": ("高危行业",),
    "金属冶炼": ("工贸", "高危行业"),
    "加工制造": ("工贸",),
    "工贸": ("非高危工矿",),
}
"""Industry → the wider ones whose requirements bind it too."""
# 石油天然气 stands alone: the notice that names it takes it out of its campaign in 非煤矿山
_OWN = ("石油天然气", *_WITHIN, *(wider for up in _WITHIN.values() for wider in up))
INDUSTRIES = tuple(dict.fromkeys((*POST_INDUSTRIES, *_OWN)))
"""Industries that a requirement may name: those of posts, and the notices' wider or narrower."""

_NEAR = 6  # suggestions


class State(StrEnum):
    """What a deadline means on a day; 限期已过 does not mean void."""

    RUNNING = "进行中"
    PAST = "限期已过"
    LASTING = "长期"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One obligation. `notice` is `doc@date`, `basis` full ids of its sections.

    `row` is the 序号 of the row where a section is a table. `by` is the last day, `by_text` as the
    notice writes it, in `basis` or, where the term of the whole plan serves, in the section
    `by_basis`. `evidence` is what shows it at an inspection, as far as the notice says or implies.
    `step` is 0 outside the notice's steps. `acceptance`: 验收 looks at it.
    """

    id: str
    notice: str
    topic: str
    who: tuple[str, ...]
    industry: tuple[str, ...]
    what: str
    basis: tuple[str, ...]
    row: str = ""
    by: date | None = None
    by_text: str = ""
    by_basis: str = ""
    every: str = ""
    evidence: tuple[str, ...] = ()
    step: int = 0
    acceptance: bool = False
    note: str = ""

    @property
    def doc(self) -> str:
        """The notice without its date."""
        return self.notice.partition("@")[0]

    def to_json(self) -> dict[str, Any]:
        """For `--format json`; words are ours (要点)."""
        return {
            "id": self.id,
            "notice": self.notice,
            "topic": self.topic,
            "who": list(self.who),
            "industry": list(self.industry),
            "what": self.what,
            "by": self.by.isoformat() if self.by else "",
            "by_text": self.by_text,
            "by_basis": self.by_basis,
            "every": self.every,
            "evidence": list(self.evidence),
            "basis": list(self.basis),
            "row": self.row,
            "step": self.step,
            "acceptance": self.acceptance,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a notice that divides its work into numbered steps."""

    notice: str
    n: int
    name: str
    what: str
    basis: tuple[str, ...]

    @property
    def id(self) -> str:
        """How messages and tables call it."""
        return f"{self.notice} 第 {self.n} 步"

    def to_json(self) -> dict[str, Any]:
        """For `--format json`."""
        return {
            "notice": self.notice,
            "n": self.n,
            "name": self.name,
            "what": self.what,
            "basis": list(self.basis),
        }


@dataclass(frozen=True, slots=True)
class Term:
    """The term that the title of a plan states, as `text` in the section `basis`."""

    notice: str
    until: date
    text: str
    basis: str


@dataclass(frozen=True)
class Requirements:
    """All requirements by id, steps by notice and number, terms by notice."""

    entries: Mapping[str, Requirement] = field(default_factory=dict)
    steps: Mapping[tuple[str, int], Step] = field(default_factory=dict)
    terms: Mapping[str, Term] = field(default_factory=dict)

    @property
    def notices(self) -> tuple[str, ...]:
        """Notices (`doc@date`) that have requirements, in the order of the file."""
        return tuple(dict.fromkeys(r.notice for r in self.entries.values()))


def state(requirement: Requirement, as_of: date) -> State:
    """Whether the deadline is to come (its day included), has passed, or there is none."""
    if requirement.by is None:
        return State.LASTING
    return State.RUNNING if as_of <= requirement.by else State.PAST


# --- choosing and comparing ---------------------------------------------------------------------


def bearers(word: str) -> tuple[str, ...]:
    """The bearers that a user's word names: itself, or those that it is a part of (总工).

    Raises:
        UsageError: nobody is called so; offers who there is.
    """
    word = _ALSO.get(word, word)
    found = (word,) if word in WHO else tuple(w for w in WHO if word and word in w)
    if not found:
        raise UsageError(f"没有这一类责任人：{word!r}。相近的有：{_nearest(word, WHO)}")
    return found


def industry(word: str) -> str:
    """The industry that a user names.

    Raises:
        UsageError: no requirement can name it; offers what there is.
    """
    if word not in INDUSTRIES:
        raise UsageError(f"没有这个行业：{word!r}。相近的有：{_nearest(word, INDUSTRIES)}")
    return word


def in_industry(requirement: Requirement, name: str) -> bool:
    """Whether a requirement concerns an industry: it names it, a wider or a narrower one."""
    up = _wider(name)
    return EVERYBODY in requirement.industry or any(
        own in up or name in _wider(own) for own in requirement.industry
    )


def _wider(name: str) -> frozenset[str]:
    return frozenset({name}).union(*(_wider(w) for w in _WITHIN.get(name, ())))


def _nearest(word: str, known: Sequence[str]) -> str:
    near = sorted(known, key=lambda k: (-len(set(k) & set(word)), known.index(k)))
    return "、".join(near[:_NEAR])


def compared(
    requirements: Iterable[Requirement],
) -> dict[str, dict[str, tuple[Requirement, ...]]]:
    """Topic → notice → its requirements; every topic and notice stands there, gaps included."""
    listed = list(requirements)
    notices = dict.fromkeys(r.notice for r in listed)
    return {
        topic: {n: tuple(r for r in listed if r.topic == topic and r.notice == n) for n in notices}
        for topic in TOPICS
    }
