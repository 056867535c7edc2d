"""手指口述卡, 旁站观察表, 日/周/月排查表: from which lines, and on which sheet."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.cards.derived import (
    BOX,
    CYCLES,
    cycle,
    derived_tables,
    hand_and_mouth,
    inspection,
    watching,
)
from kb.cards.markdown import derived_markdown
from kb.cards.model import BLANK, DRAFT_MARK
from tests.cards.render_sample import DRAFT, EMPTY, FILLED, line, with_lines


@pytest.mark.parametrize(
    ("every", "sheet"),
    [
        (None, "day"), ("", "day"), ("定期", "day"), ("经常", "day"), ("每班", "day"),
        ("每日", "day"), ("每2 h", "day"), ("每次停灯后", "day"), ("每三天", "day"),
        ("每周", "week"), ("每两周", "week"), ("每15日", "week"), ("每月2次", "week"),
        ("每周两次", "day"), ("每月", "month"), ("每季度", "month"), ("每季1次", "month"),
        ("至少每半年1次", "month"), ("每年雨季前", "month"), ("每3年", "month"),
        ("3个月", "month"), ("每作业2井次", "day"),
    ],
)  # fmt: skip
def test_on_which_sheet_a_line_stands(every: str | None, sheet: str) -> None:
    assert cycle(line("查灯", "risk", "5.1", every=every)) == sheet


def test_no_sheet_looks_less_often_than_the_line_says() -> None:
    days = {"day": 1, "week": 7, "month": 30}
    for n in range(1, 60):
        assert days[cycle(line("查灯", "risk", every=f"每{n}日"))] <= n


def test_the_finger_points_at_what_the_crew_says() -> None:
    table = hand_and_mouth(DRAFT)
    assert [r.cells[3][0].text for r in table.rows] == [
        "点灯前看灯油够不够",
        "登塔时两手抓牢扶手",
        "换灯芯时离油桶不少于3 m",
        "停灯后断开电源",
        "不背着油桶登塔",
        "大风天不到外廊",
    ]
    assert {r.cells[2][0].text for r in table.rows} == {BLANK}


def test_watching_asks_of_each_step() -> None:
    table = watching(DRAFT)
    assert table.header == ("序号", "步骤", "做到", "没做到", "备注")
    assert len(table.rows) == len(DRAFT.cards["operation"])
    assert {tuple(c[0].text for c in r.cells[2:]) for r in table.rows} == {(BOX, BOX, BLANK)}


def test_inspection_says_the_norm_and_its_period() -> None:
    (row,) = inspection(DRAFT, "month").rows
    assert [c[0].text for c in row.cells] == [
        "1", "用电：漏电", "雾号电缆保持干燥（仅当有雾号）", "每月", BOX, BOX, BLANK,
    ]  # fmt: skip


@given(
    st.lists(st.sampled_from([None, "定期", "每班", "每周", "每15日", "每月", "每年"]), max_size=10)
)
def test_each_risk_line_is_inspected_once(periods: list[str | None]) -> None:
    lines = tuple(line(f"第{i}处", "risk", every=e) for i, e in enumerate(periods))
    draft = with_lines(risk=lines)
    said = Counter(r.cells[2][0].text for name in CYCLES for r in inspection(draft, name).rows)
    assert said == Counter(x.text for x in lines)


def test_sheets_without_a_line_are_left_out() -> None:
    assert [t.key for t in derived_tables(DRAFT)] == [
        "hand-and-mouth", "watching", "inspection-day", "inspection-week", "inspection-month",
    ]  # fmt: skip
    titles = [t.title for t in derived_tables(with_lines(risk=()))]
    assert titles == ["手指口述卡", "旁站观察表"]


def test_as_markdown() -> None:
    assert DRAFT_MARK in derived_markdown(DRAFT, EMPTY)
    text = derived_markdown(DRAFT, FILLED)
    assert DRAFT_MARK not in text
    assert "| 序号 | 阶段 | 手指什么 | 口述 |" in text
