"""An invented post with all that a card can hold. Every word is ours."""

from __future__ import annotations

from dataclasses import replace

from kb.cards.model import (
    Basis,
    CardLine,
    Draft,
    Firm,
    LeftOut,
    Missing,
    Person,
    PostFirm,
)

RULES = "《灯塔作业规程》（GB 99998—2020）"
POST = "守灯工"


def basis(clause: str, status: str = "现行") -> Basis:
    """A clause of the invented standard."""
    return Basis(
        f"gb-99998-2020@2020-06-01#{clause}", clause, f"{RULES}{clause}", "0123456789ab", status
    )


def line(text: str, card: str, *clauses: str, **more: object) -> CardLine:
    """A line on clauses; without one of the crew."""
    if not clauses:
        more = {"origin": "crew", "said": "张三 2026-05-01"} | more
    return CardLine(text, card, basis=tuple(map(basis, clauses)), **more)  # type: ignore[arg-type]


RISK = (
    line("塔梯每级踏稳再上", "risk", "5.1.1", hazard="湿滑", accident="fall-height",
         activity="登塔", severity=3, every="每班"),
    line("护栏高度不低于1.2 m", "risk", "5.1.2", "5.1.3", hazard="高处临边", accident="fall-height",
         activity="登塔", who="firm", group="watch"),
    line("雾号电缆保持干燥", "risk", "5.6.1", hazard="漏电", accident="electric", activity="用电",
         who="foreman", group="watch", condition="仅当有雾号", every="每月"),
    line("北面礁石上夜里有浪涌上来", "risk", hazard="涌浪", accident="drowning", group="watch"),
    line("油库门口不点火", "risk", origin="lesson", said="2025年", hazard="火源", every="每周"),
)  # fmt: skip
DUTY = (
    line("每班擦亮灯笼玻璃", "duty", "4.2", phase="before", every="每班", accident="fall-height"),
    line("交班时说清灯号", "duty", "4.3", phase="after"),
    line("按本站制度记灯簿", "duty", origin="firm", said="值守制度"),
)
OPERATION = (
    line("停灯后断开电源", "operation", "5.3.4", phase="after", hazard="漏电", accident="electric"),
    line("点灯前看灯油够不够", "operation", "5.3.1", phase="before", hazard="火源",
         accident="fire"),
    line("登塔时两手抓牢扶手", "operation", "5.3.2", phase="during", hazard="高处临边",
         accident="fall-height", activity="登塔", severity=3),
    line("换灯芯时离油桶不少于3 m", "operation", "5.3.3", phase="during", hazard="火源",
         accident="fire"),
    line("不背着油桶登塔", "operation", "5.3.2", phase="never", must="must-not",
         hazard="高处临边", accident="fall-height", activity="登塔"),
    line("大风天不到外廊", "operation", "5.3.9", phase="never", must="must-not", hazard="大风"),
)  # fmt: skip
EMERGENCY = (
    line("灯油着火，立即关阀、撤到塔外", "emergency", "6.1", phase="during", accident="fire"),
    line("火没灭不回塔里取东西", "emergency", "6.2", phase="never", must="must-not",
         accident="fire"),
    line("断开电源", "emergency", accident="fire", origin="skeleton", activity="第一步"),
    line("塔里有焦糊味", "emergency", accident="fire", origin="skeleton", activity="事故征兆",
         phase="before"),
    line("用灯旁的沙盖住油", "emergency", accident="fire", origin="skeleton",
         activity="如何处置"),
    line("火大就撤，不硬拼", "emergency", accident="fire", origin="skeleton", activity="如何处置"),
    line("立即报告灯塔长", "emergency", "6.5", report_to="灯塔长"),
    line("落水的人用杆子拉，不跳下去", "emergency", accident="drowning", origin="firm"),
)  # fmt: skip
FIRM_LINES = (
    line("给塔梯装防滑条", "risk", "5.1.9", group="firm", who="firm"),
    line("守灯人数不少于2人", "duty", "4.9", group="firm", who="firm",
         conflict="旧办法写3人，从严"),
)  # fmt: skip

DRAFT = Draft(
    post=POST,
    asked_for="看灯塔的",
    industry="通用",
    region="",
    as_of="2026-11-21",
    cards={"risk": RISK, "duty": DUTY, "operation": OPERATION, "emergency": EMERGENCY},
    firm=FIRM_LINES,
    full=False,
    lacks="操作行 6/8",
    missing=(Missing("GB 99997-2015", "灯油储存规则", "没有收录原文"),),
    left_out=(LeftOut("gb-99998-2020@2020-06-01#5.4", "小火轮靠岸鸣笛", "本单位答“码头”为否"),),
    asked=(("有雾号", "你们的灯塔有没有雾号？"),),
    accidents=(
        ("fall-height", "高处坠落"),
        ("drowning", "淹溺"),
        ("fire", "火灾"),
        ("electric", "触电"),
    ),
)
EMPTY = Firm()
FILLED = Firm(
    name="东礁灯塔站",
    version="2026-1",
    written_by="甲一",
    checked_by="乙二",
    approved_by="丙三",
    in_force="2026-12-01",
    review="2027-12-01",
    discussed="2026-11-20",
    roles={
        "班组长": Person("丁四", "13800000001"),
        "值班室": Person("", "0579-0001"),
        "灯塔长": Person("戊五", "13800000002"),
    },
    levels={"湿滑": "较大"},
    posts={POST: PostFirm("北塔", "一班", "DT-01", ("丁四", "己六"), ())},
)


def with_lines(**cards: tuple[CardLine, ...]) -> Draft:
    """The draft with other lines on some cards."""
    return replace(DRAFT, cards={**DRAFT.cards, **cards})
