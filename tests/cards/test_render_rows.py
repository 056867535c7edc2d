"""What stands in which column, and what stays blank."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.cards.author import author_tables, summary
from kb.cards.model import BLANK, CARDS, DRAFT_MARK, SKELETON_MARK, CardLine, Firm, Person
from kb.cards.rows import (
    EMERGENCY_COLUMNS,
    card_table,
    card_tables,
    contact_lines,
    contacts,
    draft_mark,
    emergency_column,
    frame,
    line_text,
    sources,
    without_steps,
)
from kb.cards.table import Part, Row, Table, clean, grouped, note_mark, width
from tests.cards.render_sample import (
    DRAFT,
    EMPTY,
    FILLED,
    POST,
    RULES,
    basis,
    line,
    with_lines,
)

COLUMNS = {
    "risk": "序号|作业活动/部位|危险有害因素|可能导致的事故类型|风险等级|管控措施"
    "|管控层级/责任人|依据",
    "duty": "序号|职责|频次/时点|失职后果|依据",
    "operation": "序号|阶段|步骤|要点/确认|禁止|依据",
    "emergency": "事故类型|事故征兆|第一步 停/断/撤|报告谁（姓名、电话）|如何处置|谁去做|禁止|依据",
}


def texts(table: Table, row: Row) -> list[list[str]]:
    return [table.sentences(row, i) for i in range(len(row.cells))]


@pytest.mark.parametrize("card", CARDS)
def test_columns_of_the_cards(card: str) -> None:
    table = card_table(DRAFT, EMPTY, card)
    assert "|".join(table.header) == COLUMNS[card]
    assert all(len(r.cells) == len(table.columns) for r in table.rows)


def test_risk_rows() -> None:
    table = card_table(DRAFT, EMPTY, "risk")
    first, second, third, fourth, fifth = (texts(table, r) for r in table.rows)
    assert first == [
        ["1"], ["登塔"], ["湿滑"], ["高处坠落"], [BLANK], ["塔梯每级踏稳再上"],
        [f"层级 {BLANK}", "本岗位"],
    ]  # fmt: skip
    assert second[5] == ["看见就停、就报：没做到“护栏高度不低于1.2 m”"]
    assert second[6] == [f"层级 {BLANK}", "企业管，本岗位报"]
    assert third[5] == ["看见就停、就报：没做到“雾号电缆保持干燥”（仅当有雾号）"]
    assert third[6] == [f"层级 {BLANK}", "班组长管，本岗位报"]
    assert fourth[5] == ["看见就停、就报：北面礁石上夜里有浪涌上来"]
    assert fifth[1] == fifth[3] == [BLANK]


def test_risk_level_and_foreman_only_from_the_firm() -> None:
    table = card_table(DRAFT, FILLED, "risk")
    assert [texts(table, r)[4] for r in table.rows] == [["较大"], *([[BLANK]] * 4)]
    assert texts(table, table.rows[2])[6][1] == "班组长丁四管，本岗位报"


def test_duty_rows() -> None:
    table = card_table(DRAFT, EMPTY, "duty")
    assert [[c[0] for c in texts(table, r)] for r in table.rows] == [
        ["1", "每班擦亮灯笼玻璃", "作业前，每班", "可能造成高处坠落"],
        ["2", "交班时说清灯号", "作业后", BLANK],
        ["3", "按本站制度记灯簿", BLANK, BLANK],
    ]


def test_operation_rows_follow_the_work_and_prohibitions_stand_with_their_danger() -> None:
    table = card_table(DRAFT, EMPTY, "operation")
    assert [["".join(c) for c in texts(table, r)] for r in table.rows] == [
        ["1", "作业前", "点灯前看灯油够不够", "防：火源、火灾", ""],
        ["2", "作业中", "登塔时两手抓牢扶手", "防：高处临边、高处坠落", "不背着油桶登塔"],
        ["3", "作业中", "换灯芯时离油桶不少于3 m", "防：火源、火灾", ""],
        ["4", "作业后", "停灯后断开电源", "防：漏电、触电", ""],
        ["5", "全程", "", "", "大风天不到外廊"],
    ]
    assert [r.spans for r in table.rows] == [None] * 4 + [(2, 4)]


@pytest.mark.parametrize(
    ("never", "beside"),
    [
        ({"hazard": "火源"}, True),  # one clause
        ({"hazard": "火源", "activity": "点灯", "basis": (basis("9.9"),)}, True),  # one work
        ({"hazard": "火源", "basis": (basis("9.9"),)}, False),
        ({"hazard": "大风"}, False),
        ({"hazard": None}, False),
        ({"hazard": "火源", "condition": "仅当有雾号"}, False),
        ({"hazard": "火源", "phase": "after"}, False),
    ],
)
def test_which_prohibition_stands_beside_a_step(never: dict[str, object], beside: bool) -> None:
    step = line("点灯", "operation", "5.1", phase="before", hazard="火源", activity="点灯")
    other = line("不吸烟", "operation", "5.1", phase="never", must="must-not")
    draft = with_lines(operation=(step, replace(other, **never)))  # type: ignore[arg-type]
    assert len(card_table(draft, EMPTY, "operation").rows) == (1 if beside else 2)


@pytest.mark.parametrize(
    ("given_line", "column"),
    [
        (line("断开电源", "emergency", activity="如何处置"), "如何处置"),
        (line("断开电源", "emergency", activity="报告谁"), "报告谁（姓名、电话）"),
        (line("塔里有响声", "emergency", activity="事故征兆"), "事故征兆"),
        (line("受过训练的人", "emergency", activity="谁去做"), "谁去做"),
        (line("立即停灯并报告灯塔长", "emergency", "6.1"), "第一步 停/断/撤"),
        (line("撤到塔外", "emergency", "6.1"), "第一步 停/断/撤"),
        (line("在外廊停留", "emergency", "6.1"), "如何处置"),
        (line("停灯三日再点", "emergency", "6.1", phase="after"), "如何处置"),
        (line("把情况说给灯塔长", "emergency", "6.1", report_to="灯塔长"), "报告谁（姓名、电话）"),
        (line("立即拨打119", "emergency", "6.1"), "报告谁（姓名、电话）"),
        (line("不往塔里跑", "emergency", "6.1", must="must-not"), "禁止"),
        (line("不往塔里跑", "emergency", "6.1", phase="never"), "禁止"),
        (line("墙上有裂缝", "emergency", phase="before"), "事故征兆"),
        (line("看好逃生梯", "emergency", "6.1", phase="before"), "如何处置"),
        (line("用沙盖住油", "emergency", "6.1"), "如何处置"),
    ],
)
def test_column_of_an_emergency_line(given_line: CardLine, column: str) -> None:
    assert EMERGENCY_COLUMNS[emergency_column(given_line)] == column


def test_emergency_blocks_come_in_the_posts_order_and_the_general_one_last() -> None:
    table = card_table(DRAFT, EMPTY, "emergency")
    assert [r.cells[0][0].text for r in table.rows] == ["淹溺", "火灾", "各类事故"]
    fire = texts(table, table.rows[1])
    assert fire == [
        ["火灾"],
        ["塔里有焦糊味"],
        ["灯油着火，立即关阀、撤到塔外", "断开电源"],
        [f"班组长 {BLANK} 电话 {BLANK}", f"值班 {BLANK} 电话 {BLANK}"],
        ["1. 用灯旁的沙盖住油", "2. 火大就撤，不硬拼"],
        [BLANK],
        ["火没灭不回塔里取东西"],
    ]


@pytest.mark.parametrize(
    ("lines", "who"),
    [
        ((line("撤", "emergency", "6.1"),), "本岗位"),
        ((line("撤", "emergency", "6.1"), line("点名", "emergency", "6.1", who="foreman")),
         "本岗位、班组长"),
        ((line("撤", "emergency", "6.1"), line("拉人", "emergency", origin="skeleton")), BLANK),
        ((line("拉人", "emergency", origin="firm"),), BLANK),
        ((line("会水的人", "emergency", origin="skeleton", activity="谁去做"),), "会水的人"),
    ],
)  # fmt: skip
def test_nobody_is_sent_in_to_rescue(lines: tuple[CardLine, ...], who: str) -> None:
    table = card_table(with_lines(emergency=lines), EMPTY, "emergency")
    assert texts(table, table.rows[0])[5] == [who]


def test_an_accident_without_a_name_is_left_for_the_author() -> None:
    draft = with_lines(emergency=(line("撤", "emergency", "6.1", accident="comet"),))
    assert card_table(draft, EMPTY, "emergency").rows[0].cells[0][0].text == BLANK
    assert without_steps(DRAFT) == ("高处坠落", "触电")


@pytest.mark.parametrize(
    ("given_firm", "report_to", "text", "more"),
    [
        (EMPTY, "灯塔长", "立即报告灯塔长", []),  # the line names him, nobody gave a number
        (FILLED, "灯塔长", "立即报告灯塔长", ["灯塔长 戊五 电话 13800000002"]),
        (EMPTY, "港务所", "立即报告", [f"港务所 {BLANK} 电话 {BLANK}"]),
        (EMPTY, "班组长、值班", "立即报告", []),  # they stand there anyway
    ],
)
def test_whom_a_block_names(given_firm: Firm, report_to: str, text: str, more: list[str]) -> None:
    draft = with_lines(emergency=(line(text, "emergency", "6.5", report_to=report_to),))
    table = card_table(draft, given_firm, "emergency")
    said = texts(table, table.rows[0])[3]
    assert said == [text, *(c.text for c in contacts(given_firm)[:2]), *more]


def test_contacts() -> None:
    assert contact_lines(EMPTY) == (
        f"班组长 {BLANK} 电话 {BLANK}　　值班 {BLANK} 电话 {BLANK}",
        f"负责人 {BLANK} 电话 {BLANK}",
        "火警 119　　急救 120",
    )
    assert [c.text for c in contacts(FILLED)] == [
        "班组长 丁四 电话 13800000001",
        f"值班室 {BLANK} 电话 0579-0001",
        f"负责人 {BLANK} 电话 {BLANK}",
        "灯塔长 戊五 电话 13800000002",
        "火警 119",
        "急救 120",
    ]


@pytest.mark.parametrize(
    ("given_line", "said"),
    [
        (line("x", "risk", "5.1", "5.2"), (f"{RULES}5.1", f"{RULES}5.2")),
        (line("x", "risk", "5.1", "5.1"), (f"{RULES}5.1",)),
        (
            replace(line("x", "risk", "5.1"), basis=(basis("5.1", "已修改"),)),
            (f"{RULES}5.1〔已修改〕",),
        ),
        (line("x", "risk"), ("员工提出（张三 2026-05-01）",)),
        (line("x", "risk", origin="firm", said=""), ("本单位制度或说明书",)),
        (line("x", "risk", origin="lesson", said="2025年"), ("事故教训（2025年）",)),
        (line("x", "emergency", origin="skeleton"), (SKELETON_MARK,)),
        (CardLine("x", "risk"), ()),
    ],
)
def test_what_a_line_rests_on(given_line: CardLine, said: tuple[str, ...]) -> None:
    assert sources(given_line) == said


def test_every_sentence_of_a_skeleton_carries_its_mark() -> None:
    table = card_table(DRAFT, EMPTY, "emergency")
    marked = [p.text for r in table.rows for c in r.cells for p in c if SKELETON_MARK in p.sources]
    of_skeletons = [x for x in DRAFT.cards["emergency"] if x.origin == "skeleton"]
    assert Counter(marked) == Counter(line_text(x) for x in of_skeletons)


def test_frame() -> None:
    assert frame(DRAFT, EMPTY) == (
        ("企业", BLANK), ("岗位", POST), ("班组", BLANK), ("作业地点", BLANK),
        ("编号/版本", f"{BLANK} / {BLANK}"), ("编制", BLANK), ("审核", BLANK), ("批准", BLANK),
        ("生效日期", BLANK), ("下次评审日期", BLANK), ("岗位讨论日期", BLANK),
        ("参加人签字", BLANK),
    )  # fmt: skip
    filled = dict(frame(DRAFT, FILLED))
    assert filled["编号/版本"] == "DT-01 / 2026-1"
    assert filled["作业地点"] == "北塔"
    assert filled["参加人签字"] == f"丁四 {BLANK}　己六 {BLANK}"


@pytest.mark.parametrize(
    ("firm", "mark"),
    [(EMPTY, DRAFT_MARK), (FILLED, ""), (replace(FILLED, discussed=""), DRAFT_MARK)],
)
def test_the_mark_of_a_draft(firm: Firm, mark: str) -> None:
    assert draft_mark(DRAFT, firm) == mark


def test_what_is_not_for_workers_is_on_no_card() -> None:
    said = "\n".join(
        s for t in card_tables(DRAFT, FILLED) for r in t.rows for c in texts(t, r) for s in c
    )
    for hidden in ("给塔梯装防滑条", "守灯人数", "旧办法", "小火轮", "GB 99997"):
        assert hidden not in said


def test_author_tables() -> None:
    tables = {t.key: t for t in author_tables(DRAFT)}
    assert list(tables) == ["firm", "conflicts", "missing", "questions", "left-out"]
    assert [texts(tables["conflicts"], r)[2:] for r in tables["conflicts"].rows] == [
        [["守灯人数不少于2人"], ["旧办法写3人，从严"]]
    ]
    said = dict(summary(DRAFT, EMPTY))
    assert said["条款覆盖"] == "不足：操作行 6/8"
    assert said["卡上各行的来源"] == "条款 14，员工提出 1，本单位制度或说明书 2，事故教训 1，骨架 4"
    assert said["没有处置内容的事故类型"] == "高处坠落、触电"
    assert dict(summary(DRAFT, FILLED))["还没填的"] == "没有"


PHASE = st.sampled_from(["before", "during", "after", "never", None])
LINES = st.lists(
    st.builds(
        CardLine,
        text=st.text("灯塔梯停撤报告雾3m", max_size=12).map("句：{}".format),
        card=st.just("operation"),
        origin=st.sampled_from(["clause", "crew", "skeleton"]),
        basis=st.lists(st.sampled_from([basis("5.1"), basis("5.2")]), max_size=2).map(tuple),
        must=st.sampled_from(["must", "must-not", "may"]),
        phase=PHASE,
        hazard=st.sampled_from([None, "火源", "大风"]),
        accident=st.sampled_from([None, "fire", "drowning", "comet"]),
    ),
    max_size=12,
)


@pytest.mark.parametrize("card", CARDS)
@given(lines=LINES)
def test_every_line_stands_on_its_card_once(card: str, lines: list[CardLine]) -> None:
    table = card_table(with_lines(**{card: tuple(lines)}), EMPTY, card)
    said = Counter(p.text for r in table.rows for c in r.cells for p in c)
    wanted = Counter(line_text(x) for x in lines)
    assert {t: said[t] for t in wanted} == wanted
    assert {s for x in lines for s in sources(x)} == set(table.notes)


# --- tables -----------------------------------------------------------------------------------


def test_note_marks_differ() -> None:
    assert [note_mark(n) for n in (1, 20, 21)] == ["①", "⑳", "[21]"]
    assert len({note_mark(n) for n in range(1, 200)}) == 199


def test_marks_follow_the_notes() -> None:
    rows = (Row((), ("b", "a")), Row((), ("c", "a")))
    table = Table("x", "x", (), rows)
    assert table.notes == ("b", "a", "c")
    assert table.marks(("c", "b")) == "①③"
    assert table.basis(rows[1]) == ["c", "a"]
    assert replace(table, mixed=True).basis(rows[1]) == ["③c", "②a"]


def test_what_a_cell_shares() -> None:
    row = Row(((Part("a", ("x",)), Part("b")), (Part("c", ("x",)), Part("d", ("y",)))), ("x", "y"))
    table = Table("x", "x", ("1", "2"), (row,), mixed=True)
    assert table.shared(row, 0) == ("x",)
    assert table.shared(row, 1) == ()
    assert table.sentences(row, 1, marked=True) == ["c①", "d②"]


def test_the_foot_names_each_document_once() -> None:
    notes = (f"{RULES}5.1", "《灯塔法》第三条", f"{RULES}5.2", "员工提出（张三）")
    assert grouped(notes) == [
        f"{RULES}：①\u00a05.1　③\u00a05.2",
        "《灯塔法》：②\u00a0第三条",
        "④\u00a0员工提出（张三）",
    ]
    assert grouped(notes, [notes[2]]) == [f"{RULES}：③\u00a05.2"]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("a\x00b\x1fc", "a b c"),
        ("两行\n一句\r\n", "两行 一句"),
        ("\ud800坏的", "坏的"),
        ("  空   格 ", "空 格"),
    ],
)
def test_clean(raw: str, said: str) -> None:
    assert clean(raw) == said


def test_width() -> None:
    assert width("灯塔") == 2
    assert width("3 m") == pytest.approx(1.8)


def test_a_role_of_the_firm_stands_once() -> None:
    firm = Firm(roles={"值班": Person("a", "1"), "值班室": Person("b", "2")})
    assert [c.role for c in contacts(firm)] == [
        "班组长",
        "值班",
        "负责人",
        "值班室",
        "火警",
        "急救",
    ]
