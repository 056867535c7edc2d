"""What is found in a card, kind by kind, on the invented index."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.check import APART, ERRORS, KIND_NAMES, KINDS
from kb.check.classes import OldClasses
from kb.check.reading import card_file
from kb.index import Index
from tests.check.sample import NOW, RULES, TERMS, Desk, table
from tests.search.sample import COMING, LOCAL, REPEALED, STANDARD

ART1 = f"{NOW}#art-1"
STAIR = f"{RULES}#5.2.1"


def test_kinds_are_those_of_the_contract() -> None:
    assert set(KINDS) == set(KIND_NAMES) == ERRORS | APART
    assert {
        "not_found", "wrong_title", "not_in_force", "pending", "superseded", "quote_differs",
        "figure_contradicts",
    } == ERRORS  # fmt: skip


@pytest.mark.parametrize(
    ("line", "kind", "raw", "at", "suggestion"),
    [
        # the clause or document is not there
        ("守塔人每三年换一次灯芯（《灯塔法》第九十九条）。", "not_found", "《灯塔法》第九十九条",
         ART1, "《中华人民共和国灯塔法》第一条"),
        ("守塔人停用灯塔（《灯塔法》第二条第三款）。", "not_found", "《灯塔法》第二条第三款", NOW,
         None),
        ("螺旋梯踏步净宽不小于0.5 m（GB 99998-2020 5.9.9）。", "not_found", "GB 99998-2020 5.9.9",
         STAIR, "《螺旋梯安装规程》（GB 99998—2020）5.2.1"),
        ("螺旋梯踏步净宽不小于0.5 m（GB 99998-2020 5.2.109）。", "not_found",
         "GB 99998-2020 5.2.109", STAIR, None),
        ("遵守《海上安全促进法》第三条。", "not_found", "《海上安全促进法》第三条", "", ""),
        ("遵守《中华人民共和国塔灯法》。", "not_found", "《中华人民共和国塔灯法》", "",
         "《中华人民共和国灯塔法》"),
        # the title is another's
        ("按《石阶养护规程》（GB 99998-2020）5.2.1做。", "wrong_title", None, STANDARD,
         "《螺旋梯安装规程》（GB 99998—2020）5.2.1"),
        ("按《螺旋梯制造规程》（GB 99998-2020）5.2.1做。", "wrong_title", None, STANDARD,
         "《螺旋梯安装规程》（GB 99998—2020）5.2.1"),
        # it does not hold on the day
        ("按《渔港翻车规定》第一条办。", "not_in_force", "《渔港翻车规定》第一条", REPEALED, ""),
        ("矿灯每班充电一回（《矿灯法》第一条）。", "pending", "《矿灯法》第一条", COMING, ""),
        ("守塔人每三年换一次灯芯（《灯塔法》（2007年）第一条）。", "superseded",
         "《灯塔法》（2007年）第一条", ART1, "《中华人民共和国灯塔法》第一条"),
        ("守塔人每三年换一次灯芯（《灯塔法》（主席令第三号）第一条）。", "superseded", None, ART1,
         "《中华人民共和国灯塔法》第一条"),
        # words and figures
        ("《灯塔法》第二条规定：“停用灯塔超过四十八小时的，报告港务站”。", "quote_differs",
         "停用灯塔超过四十八小时的，报告港务站", f"{NOW}#art-2",
         "“停用灯塔超过二十四小时的，报告港务站”"),
        ("守塔人每三年换一次灯芯，旧灯芯交回库房（《灯塔法》第二十五条）。", "quote_differs",
         "《灯塔法》第二十五条", ART1, "《中华人民共和国灯塔法》第一条"),
        ("守塔人每五年换一次灯芯（《灯塔法》第一条）。", "figure_contradicts", "每五年", ART1,
         "每三年"),
        ("守塔人每一年换一次灯芯（《灯塔法》第一条）。", "stricter", "每一年", ART1, ""),
        ("踏步净宽不小于0.4 m（GB 99998-2020 5.2.1）。", "figure_contradicts", "不小于0.4 m", STAIR,
         "不小于0.5 m"),
        ("踏步净宽不小于0.6 m（GB 99998-2020 5.2.1）。", "stricter", "不小于0.6 m", STAIR, ""),
        ("处十万元以上五十万元以下罚款（《灯塔法》第二十五条）。", "figure_contradicts",
         "十万元以上五十万元以下", f"{NOW}#art-25", "二十万元以上五十万元以下"),
        ("螺旋梯踏步净宽不小于0.4 m。", "figure_contradicts", "不小于0.4 m", STAIR, "不小于0.5 m"),
        # another rule governs
        ("石阶每年清苔一次（GB/T 99997-2015 6.1）。", "see_also", None, ART1,
         "《中华人民共和国灯塔法》第一条"),
    ],
)  # fmt: skip
def test_found(
    desk: Desk,
    tmp_path: Path,
    line: str,
    kind: str,
    raw: str | None,
    at: str,
    suggestion: str | None,
) -> None:
    for text, place in ((f"# 卡\n\n- {line}\n", 3), (table(("1", line, "")), 3)):
        found = [f for f in desk.found(tmp_path, text) if f.kind == kind]
        assert len(found) == 1, desk.report(tmp_path, text).findings
        (one,) = found
        assert one.line == place
        assert one.raw in line
        assert raw is None or one.raw == raw
        assert one.id.startswith(at)
        assert suggestion is None or one.suggestion == suggestion
        cell = next(
            c for r in card_file(tmp_path / "卡.md").rows for c in r.cells if line in c.text
        )
        assert cell.text[one.start : one.end] == one.raw
        assert one.message


@pytest.mark.parametrize(
    "line",
    [
        "守塔人每三年换一次灯芯（《灯塔法》第一条）。",
        "守塔人每3年换一次灯芯（《中华人民共和国灯塔法》第1条）。",
        "灯塔顶上不得晾晒渔网（《灯塔法》第二条）。",
        "《灯塔法》第二条规定：“停用灯塔超过二十四小时的，报告港务站”。",
        "踏步净宽不小于500 mm（《螺旋梯安装规程》GB 99998—2020，5.2.1）。",
        "看见就停、就报：没做到“踏步净宽不小于0.5 m”（GB 99998-2020 5.2.1）。",
        "《渔港翻车规定》已经废止，不再执行。",
        "落实“守塔人人人有责、层层负责”（《灯塔法》第一条）。",
        "因灯塔法第二条的情形停用灯塔的，守塔人每三年换一次灯芯。",
        "本方案第九条作废。",
    ],
)
def test_silent(desk: Desk, tmp_path: Path, line: str) -> None:
    assert [k for k in desk.kinds(tmp_path, f"- {line}\n") if k in ERRORS] == []


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("按《没有文本的规定》第三条办理。", "待核"),
        ("按《海船检修手册》第三条办理。", "目录里没有"),
        ("按GB 12345-2019 5.1.2办理。", "目录里没有"),
        ("《灯塔作业指导办法》第三条", "目录里没有"),
        ("每天喝三杯水，走一万步。", "没有写依据"),
        ("踏步漆刷3遍（GB 99998-2020 5.2.1）。", "没有可比"),
    ],
)
def test_not_checked_is_counted(desk: Desk, tmp_path: Path, line: str, why: str) -> None:
    report = desk.report(tmp_path, f"- {line}\n")
    assert report.errors == 0
    assert report.not_checked == len([f for f in report.findings if why in f.message]) >= 1


def test_a_number_between_two_editions_does_not_exist(sample: Index, tmp_path: Path) -> None:
    desk = Desk(sample)
    documents = dict(desk.shelf.documents)
    assert documents[STANDARD].number == "GB 99998-2020"
    # the sample's standard supersedes nothing: a year that nobody knows is not checked
    assert desk.kinds(tmp_path, "- 按GB 99998-2015 5.2.1做。\n") == []


def test_region(sample: Index, tmp_path: Path) -> None:
    line = "- 渔灯每晚七时点亮（《浙江省渔灯条例》第一条）。\n"
    assert Desk(sample).kinds(tmp_path, line) == []
    assert Desk(sample, region="浙江省宁波市").kinds(tmp_path, line) == []
    (found,) = Desk(sample, region="重庆市江津区").found(tmp_path, line)
    assert (found.kind, found.id) == ("not_in_force", f"{LOCAL}@2018-01-01#art-1")


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2021, 1, 1), None),
        (date(2026, 9, 30), "not_in_force"),
        (date(2026, 10, 2), "pending"),
        (date(2027, 5, 1), None),
    ],
)
def test_as_of(sample: Index, tmp_path: Path, day: date, kind: str | None) -> None:
    line = "- 守塔人每三年换一次灯芯（《灯塔法》第一条）。\n"
    if kind is None and day.year < 2027:
        assert Desk(sample, day).kinds(tmp_path, line) == []
    lamp = "- 矿灯每班充电一回（《矿灯法》第一条）。\n"
    expected = [] if day.year == 2027 else [kind or "not_in_force"]
    assert Desk(sample, day).kinds(tmp_path, lamp) == expected


# --- tables -------------------------------------------------------------------------------------


def test_ditto_marks_and_heads_that_name_the_document(desk: Desk, tmp_path: Path) -> None:
    text = table(
        ("1", "踏步净宽不小于0.4 m", "5.2.1"),
        ("2", "踏步净宽不小于0.3 m", "同上"),
        heads=("序号", "管控措施", "依据（GB 99998-2020）"),
    )
    found = desk.found(tmp_path, text)
    assert [(f.kind, f.line, f.id) for f in found] == [
        ("figure_contradicts", 3, STAIR),
        ("figure_contradicts", 4, STAIR),
    ]


def test_bare_numbers_in_a_column_of_one_standard(desk: Desk, tmp_path: Path) -> None:
    cited = ("1", "守塔人巡塔", "GB 99998-2020 5.2.3")
    row = ("2", "踏步净宽不小于0.4 m", "5.2.1")
    kinds = [f.kind for f in desk.found(tmp_path, table(cited, row))]
    assert kinds == ["figure_contradicts"]
    other = ("3", "石阶清苔", "GB/T 99997-2015 6.1")
    report = desk.report(tmp_path, table(cited, ("2", "踏步漆成黄色，贴防滑条", "5.2.1"), other))
    assert [f.line for f in report.findings if f.kind == "not_checked"] == [4]  # which of the two?


def test_notes_at_the_foot(desk: Desk, tmp_path: Path) -> None:
    text = (
        table(("1", "踏步净宽不小于0.4 m", "①"), ("2", "守塔人每五年换一次灯芯", "②"))
        + "\n依据：\n\n《螺旋梯安装规程》（GB 99998—2020）：① 5.2.1　③ 5.9.9\n\n"
        + "② 《灯塔法》第一条\n"
    )
    assert [(f.kind, f.line, f.raw) for f in desk.found(tmp_path, text)] == [
        ("figure_contradicts", 3, "不小于0.4 m"),
        ("figure_contradicts", 4, "每五年"),
        ("not_found", 8, "5.9.9"),
    ]


def test_a_wrong_number_is_told_in_the_row_whose_words_tell_it(desk: Desk, tmp_path: Path) -> None:
    text = table(
        ("1", "违反第二条的处二十万元以上五十万元以下罚款", "《灯塔法》第二十五条"),
        ("2", "守塔人每三年换一次灯芯，旧灯芯交回库房", "同上"),
    )
    assert [(f.kind, f.id) for f in desk.found(tmp_path, text)] == [("quote_differs", ART1)]


def test_short_forms(desk: Desk, tmp_path: Path) -> None:
    for short in ("《灯塔法》1条", "《灯塔法》第1条", "中华人民共和国灯塔法1条", "塔法第一条"):
        report = desk.report(tmp_path, f"- 守塔人每五年换一次灯芯（{short}）。\n")
        assert [f.kind for f in report.findings] == ["figure_contradicts"], short


def test_several_posts(desk: Desk, tmp_path: Path) -> None:
    text = "# 守塔人岗位操作卡\n\n- 踏步净宽不小于0.4 m（GB 99998-2020 5.2.1）。\n"
    text += "\n# 锅炉房操作卡\n\n- 踏步净宽不小于0.3 m（GB 99998-2020 5.2.1）。\n"
    report = desk.report(tmp_path, text)
    assert report.posts == ("守塔人",)
    assert [f.post for f in report.findings] == ["守塔人", "守塔人"]
    text = table(
        ("看塔的", "踏步净宽不小于0.4 m", "GB 99998-2020 5.2.1"),
        heads=("岗位", "管控措施", "依据"),
    )
    assert desk.found(tmp_path, text)[0].post == "守塔人"


def test_frames_say_nothing(desk: Desk, tmp_path: Path) -> None:
    text = "企业：某某灯塔管理公司\n\n编制：张三 审核：李四 批准：王五 生效日期：2026年1月1日\n\n"
    text += table(("1", "触电、火灾", "高", "班组长和守塔人共同负责"),
                  heads=("序号", "可能导致的事故类型", "风险等级", "管控层级/责任人"))  # fmt: skip
    report = desk.report(tmp_path, text)
    assert (report.findings, report.checked) == ([], 0)


# --- old classes --------------------------------------------------------------------------------

START = date(2026, 7, 1)


@pytest.mark.parametrize(
    ("text", "day", "names"),
    [
        (table(("1", "机械伤害、放炮、触电"), heads=("序号", "可能导致的事故类型")), None,
         ["机械伤害", "放炮"]),
        (table(("1", "车辆伤害"), heads=("序号", "内容")), None, ["车辆伤害"]),
        (table(("1", "放炮前撤人"), heads=("序号", "管控措施")), None, []),
        ("防止机械伤害。\n", None, ["机械伤害"]),
        ("可能导致放炮、触电。\n", None, ["放炮"]),
        ("放炮\n", None, ["放炮"]),
        ("防止机械伤害。\n", date(2026, 6, 30), []),
    ],
)  # fmt: skip
def test_old_classes(tmp_path: Path, text: str, day: date | None, names: list[str]) -> None:
    (tmp_path / "卡.md").write_text(text, encoding="utf-8")
    classes = OldClasses(TERMS, START, day or START)
    rows = card_file(tmp_path / "卡.md").rows
    found = [f for row in rows for f in classes.find(row, "")]
    assert [f.raw for f in found] == names
    assert all(f.kind == "old_class_name" for f in found)
    if "车辆伤害" in names:
        assert found[0].suggestion == "场内车辆致害 或 道路车辆致害"
    assert list(OldClasses(TERMS, None, START).find(rows[-1], "")) == []


# --- whatever a card holds ----------------------------------------------------------------------

PIECES = (
    "守塔人", "每三年", "换一次灯芯", "不小于0.4 m", "踏步净宽", "《灯塔法》", "第一条",
    "第二十五条",
    "GB 99998-2020", "5.2.1", "（", "）", "“", "”", "①", "②", "：", "。", "；", "、", "|", "\n",
    "\n\n", "- ", "同上", "依据", "不得", "超过", "二十四小时", "《", "》", "第", "条", "2007年",
    "序号", "# ", "1.", "　",
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_any_card_gives_a_report(
    desk: Desk, tmp_path_factory: pytest.TempPathFactory, pieces: list[str]
) -> None:
    path = tmp_path_factory.mktemp("any") / "卡.md"
    path.write_text("卡\n\n" + "".join(pieces), encoding="utf-8")
    file = card_file(path)
    report = desk.checker.check_card(file)
    texts: dict[object, list[str]] = {}
    for row in file.rows:
        for cell in row.cells:
            texts.setdefault(cell.place, []).append(cell.text)
    for finding in report.findings:
        assert finding.kind in KINDS
        spans = [t[finding.start : finding.end] for t in texts[finding.line]]
        assert finding.raw in spans
    assert len(set(report.findings)) == len(report.findings)
