"""Where references lead: inside a statute, to other documents, and when the answer is no."""

from __future__ import annotations

from datetime import date

import pytest

from kb.citations import find
from kb.ids import parse_ref
from kb.model import DocKind, Resolution
from kb.resolve import Context, Reason, Resolver, backlinks
from tests.citations.shelf import Shelf

HOUSE = """第一编 总则
第一章 起点
第一条 为了安静，制定本法。
第二条 屋内分为两类：
（一）厅；
（二）室。
住户可以选择。
第三条 有下列情形之一的，予以提醒：
（一）喧哗；
（二）奔跑，包括：
1.在厅；
2.在室；
（三）敲墙。
再有下列情形之一的，加重提醒：
（一）夜间；
（二）清晨；
（三）午休；
（四）节日。
第三条之一 夜间另有安排。
第二编 分则
第一章 处理
第一节 提醒
第四条 {four}
第五条 住户应当配合。
屋主应当登记。
第二节 记录
第六条 {six}
第二章 附则
第七条 本法自公布之日起施行。
"""


def house(four: str = "无。", six: str = "无。") -> Shelf:
    shelf = Shelf()
    text = HOUSE.format(four=four, six=six)
    shelf.add("wu-fa", "中华人民共和国屋法", {"2020-01-01": text})
    return shelf


INSIDE = [
    ("违反本法第二条第二款的。", ["本法第二条第二款 → art-2.p2"]),
    ("有本法第三条第一款第（二）项情形。", ["本法第三条第一款第（二）项 → art-3.p1.i2"]),
    ("有本法第三条第一款第二项第1目情形。", ["本法第三条第一款第二项第1目 → art-3.p1.i2.y1"]),
    ("有本法第二条第一项情形。", ["本法第二条第一项 → art-2.p1.i1"]),
    ("有本法第三条第四项情形。", ["本法第三条第四项 → art-3.p2.i4"]),
    ("有本法第三条第一项情形。", ["本法第三条第一项 → 指代不明"]),
    ("违反本法第二条第三款的。", ["本法第二条第三款 → 条款不存在"]),
    ("违反本法第九条的。", ["本法第九条 → 条款不存在"]),
    ("违反本法第三条之一的。", ["本法第三条之一 → art-3-1"]),
    ("依照第二条、第三条办理。", ["第二条 → art-2", "第三条 → art-3"]),
    ("依照本法第一条至第三条办理。", ["本法第一条至第三条 → art-1 art-2 art-3"]),
    ("依照本法第三条至第五条办理。", ["本法第三条至第五条 → art-3 art-3-1 art-4 art-5"]),
    ("依照本法第三条至第一条办理。", ["本法第三条至第一条 → 指代不明"]),
    (
        "有本法第三条第二款前三项情形。",
        ["本法第三条第二款前三项 → art-3.p2.i1 art-3.p2.i2 art-3.p2.i3"],
    ),
    ("适用本法第二编第一章。", ["本法第二编第一章 → part-2.ch-1"]),
    ("适用本法第二章。", ["本法第二章 → part-2.ch-2"]),
    ("适用本法第一章。", ["本法第一章 → part-2.ch-1"]),  # of the 编 in which it stands
    ("适用本法总则第一章。", ["本法总则第一章 → part-1.ch-1"]),
    ("适用本章第二节和本编第二章。", ["本章第二节 → part-2.ch-1.s2", "本编第二章 → part-2.ch-2"]),
    (
        "适用本条、本款、本节、本章、本编。",
        [
            "本条 → art-4",
            "本款 → art-4.p1",
            "本节 → part-2.ch-1.s1",
            "本章 → part-2.ch-1",
            "本编 → part-2",
        ],
    ),
    ("适用本节第五条。", ["本节第五条 → art-5"]),
    ("违反前条的。", ["前条 → art-3-1"]),
    ("违反前两条的。", ["前两条 → art-3 art-3-1"]),
    ("违反前款的。", ["前款 → 指代不明"]),
    ("甲。\n违反前款的。", ["前款 → art-4.p1"]),
    ("甲。\n乙。\n违反前两款的。", ["前两款 → art-4.p1 art-4.p2"]),
    ("甲。\n乙。\n丙。\n违反前几款的。", ["前几款 → art-4.p1 art-4.p2 art-4.p3"]),
    ("甲。\n违反前两款的。", ["前两款 → 指代不明"]),
    (
        "甲：\n（一）子；\n（二）丑；\n（三）寅。\n有前款第一项至第三项情形。",
        ["前款第一项至第三项 → art-4.p1.i1 art-4.p1.i2 art-4.p1.i3"],
    ),
    ("甲：\n（一）子；\n（二）丑。\n有前款第三项情形。", ["前款第三项 → 条款不存在"]),
    ("甲：\n（一）子；\n（二）前项的后果。", ["前项 → art-4.p1.i1"]),
    ("甲。\n乙。\n违反本条前两款的。", ["本条前两款 → art-4.p1 art-4.p2"]),
    ("甲。\n乙。\n丙。\n违反本条前两款的。", ["本条前两款 → 指代不明"]),
    ("甲。\n依照第一款处理。", ["第一款 → art-4.p1"]),
    ("甲。\n依照第五款处理。", ["第五款 → 条款不存在"]),
    (
        "甲：\n（一）子；\n（二）丑；\n（三）第一项、第二项以外的。",
        ["第一项 → art-4.p1.i1", "第二项 → art-4.p1.i2"],
    ),
    (
        "甲：\n（一）子；\n（二）丑。\n有前款第一项情形的，提醒；有第二项情形的，记录。",
        ["前款第一项 → art-4.p1.i1", "第二项 → art-4.p1.i2"],
    ),
    ("有第二项情形的，记录。", ["第二项 → 指代不明"]),
    (
        "违反本法第五条第二款的，依照该款和该条处理。",
        ["本法第五条第二款 → art-5.p2", "该款 → art-5.p2", "该条 → art-5"],
    ),
    ("依照该条处理。", ["该条 → 指代不明"]),
    (
        "他说“前款、第二条和本法第二条”。",
        ["前款 → 指代不明", "第二条 → 指代不明", "本法第二条 → art-2"],
    ),
    ("违反本法规定。", ["本法 → wu-fa"]),
    ("见本法附件一。", ["本法附件一 → 文本未收录"]),
]


@pytest.mark.parametrize(("four", "expected"), INSIDE)
def test_inside_a_statute(four: str, expected: list[str]) -> None:
    assert house(four).said("wu-fa", "art-4") == expected


def test_reasons_are_of_the_list_and_exclude_targets() -> None:
    for four, _ in INSIDE:
        for r in house(four).resolve("wu-fa", "art-4"):
            assert bool(r.targets) != bool(r.reason)
            assert not r.reason or r.reason in list(Reason)
            for target in r.targets:
                ref = parse_ref(target)
                assert (
                    not ref.clause or ref.clause in house(four).trees["wu-fa", "2020-01-01"].by_id
                )


def test_a_lost_heading_of_the_first_part() -> None:
    shelf = Shelf()
    text = HOUSE.format(four="适用本法总则第一章。", six="无。").removeprefix("第一编 总则\n")
    shelf.add("wu-fa", "屋法", {"2020-01-01": text})
    by_id = shelf.trees["wu-fa", "2020-01-01"].by_id
    assert ("part-1" in by_id, "part-1.ch-1" in by_id) == (False, True)
    assert shelf.said("wu-fa", "art-4") == ["本法总则第一章 → part-1.ch-1"]


def test_a_number_that_the_source_repeats() -> None:
    shelf = Shelf()
    text = "第一条 甲。\n第二条 乙。\n第二条 丙。\n第三条 依照第二条办理。\n"
    shelf.add("a", "甲规定", {"2020-01-01": text})
    assert shelf.said("a", "art-3") == ["第二条 → 指代不明"]


# --- other documents --------------------------------------------------------------------------

OLD = "第一条 甲。\n第二条 乙。\n丙。\n"
NEW = "第一条 甲。\n第二条 新增。\n第三条 乙。\n丙。\n"


def two_laws(text: str, day: str = "2021-06-01") -> Shelf:
    shelf = Shelf()
    shelf.add("deng-fa", "中华人民共和国灯法", {"2010-05-01": OLD, "2020-05-01": NEW})
    shelf.add("men-fa", "门法", {"2010-05-01": None, "2020-05-01": NEW})
    shelf.add("chuang-fa", "窗法", {"2010-05-01": None})
    shelf.add("a", "甲条例", {day: f"第一条 {text}\n第二条 丁。\n"}, kind=DocKind.REGULATION)
    return shelf


@pytest.mark.parametrize(
    ("day", "text", "expected"),
    [
        ("2021-06-01", "依照《灯法》第三条第二款办理。", "deng-fa@2020-05-01#art-3.p2"),
        ("2015-06-01", "依照《灯法》第二条第二款办理。", "deng-fa@2010-05-01#art-2.p2"),
        ("2015-06-01", "依照《灯法》第三条办理。", "条款不存在"),
        ("2015-06-01", "依照《灯法》（2020年修订）第三条办理。", "deng-fa@2020-05-01#art-3"),
        ("2015-06-01", "依照《灯法》（1999年）第三条办理。", "引用时的版本未收录"),
        ("2005-06-01", "依照《灯法》第二条办理。", "引用时的版本未收录"),
        ("2015-06-01", "依照《门法》第一条办理。", "引用时的版本未收录"),
        ("2021-06-01", "依照《门法》第一条办理。", "men-fa@2020-05-01#art-1"),
        ("2021-06-01", "依照《窗法》第一条办理。", "文本未收录"),
        ("2021-06-01", "依照《墙法》第一条办理。", "不在目录"),
        ("2021-06-01", "依照条例第一条办理。", "指代不明"),
        ("2021-06-01", "依照《窗法》办理。", "chuang-fa"),
        ("2021-06-01", "依照中华人民共和国灯法第一条办理。", "deng-fa@2020-05-01#art-1"),
        ("2021-06-01", "依照《甲条例》第二条办理。", "art-2"),
    ],
)
def test_the_edition_of_the_day(day: str, text: str, expected: str) -> None:
    (said,) = two_laws(text, day).said("a", "art-1")
    assert said.partition(" → ")[2] == expected


def test_a_law_that_starts_with_the_citing_text() -> None:
    shelf = two_laws("依照《新法》第一条办理。")
    shelf.add("xin-fa", "新法", {"2021-05-01": OLD}, in_force={"2021-05-01": "2022-01-01"})
    assert shelf.said("a", "art-1") == ["《新法》第一条 → 引用时的版本未收录"]
    shelf.add(
        "a",
        "甲条例",
        {"2021-06-01": "第一条 依照《新法》第一条办理。\n"},
        in_force={"2021-06-01": "2022-01-01"},
    )
    assert shelf.said("a", "art-1") == ["《新法》第一条 → xin-fa@2021-05-01#art-1"]


def test_whole_documents_name_the_edition_of_the_day() -> None:
    (r,) = two_laws("依照《灯法》办理。", "2015-06-01").resolve("a", "art-1")
    assert (r.targets, r.details["版本"]) == (("deng-fa",), "2010-05-01")
    (r,) = two_laws("依照《灯法》办理。", "2001-06-01").resolve("a", "art-1")
    assert (r.targets, r.details["版本"]) == (("deng-fa",), "引用时有效的版本未收录")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # only one of the two has such an article
        (
            "依照《灯法》第一条办理，第三条除外。",
            ["《灯法》第一条 → deng-fa@2020-05-01#art-1", "第三条 → deng-fa@2020-05-01#art-3"],
        ),
        # both have it: nobody can tell
        (
            "依照《灯法》第一条办理，第二条除外。",
            ["《灯法》第一条 → deng-fa@2020-05-01#art-1", "第二条 → 指代不明"],
        ),
        (
            "依照《墙法》第一条办理，第二条除外。",
            ["《墙法》第一条 → 不在目录", "第二条 → 指代不明"],
        ),
        # a new sentence speaks of this document
        (
            "依照《灯法》第一条办理。第二条除外。",
            ["《灯法》第一条 → deng-fa@2020-05-01#art-1", "第二条 → art-2"],
        ),
        # a list carries its document
        (
            "依照《灯法》第一条、第二条办理。",
            ["《灯法》第一条 → deng-fa@2020-05-01#art-1", "第二条 → deng-fa@2020-05-01#art-2"],
        ),
        (
            "依照《灯法》办理，违反该法第一条的除外。",
            ["《灯法》 → deng-fa", "该法第一条 → deng-fa@2020-05-01#art-1"],
        ),
        ("违反该法第一条的除外。", ["该法第一条 → 指代不明"]),
        (
            "《灯法》第一条规定：“违反第三条和本法第二条的”。",
            [
                "《灯法》第一条 → deng-fa@2020-05-01#art-1",
                "第三条 → deng-fa@2020-05-01#art-3",
                "本法第二条 → deng-fa@2020-05-01#art-2",
            ],
        ),
        # 该条 after a reference that could not be resolved is that one, not an earlier one
        (
            "依照《灯法》第一条、《墙法》第一条，该条除外。",
            [
                "《灯法》第一条 → deng-fa@2020-05-01#art-1",
                "《墙法》第一条 → 不在目录",
                "该条 → 指代不明",
            ],
        ),
    ],
)
def test_what_the_sentence_named_before(text: str, expected: list[str]) -> None:
    assert two_laws(text).said("a", "art-1") == expected


def test_aliases_of_the_text() -> None:
    shelf = Shelf()
    shelf.add("deng-fa", "中华人民共和国灯法", {"2010-05-01": OLD})
    text = "第一条 依照《灯法》（以下简称照明法）办理。\n第二条 违反《照明法》第一条的。\n"
    shelf.add("a", "甲条例", {"2021-06-01": text})
    assert shelf.said("a", "art-2") == ["《照明法》第一条 → deng-fa@2010-05-01#art-1"]


RULES = """1 范围
本标准规定了甲。
2 要求
2.1 甲
2.1.1 应当亮。
2.1.2 应当遵守 2.1.1 的规定。
2.1.3 {text}
"""


def standards(text: str) -> Shelf:
    shelf = Shelf()
    for year in (2003, 2014):
        shelf.add(
            f"gb-1-{year}",
            "甲规程",
            {f"{year}-01-01": RULES.format(text=text if year == 2014 else "应当静。")},
            kind=DocKind.STANDARD,
            number=f"GB 1-{year}",
            supersedes=("gb-1-2003",) if year == 2014 else (),
        )
    shelf.add(
        "gb-7-2001", "乙规程", {"2001-01-01": None}, kind=DocKind.STANDARD, number="GB 7-2001"
    )
    shelf.add(
        "gb-8-2001", "丙规程", {"2001-01-01": None}, kind=DocKind.STANDARD, number="GB 8-2001"
    )
    shelf.add(
        "gb-8-2009", "丁规程", {"2009-01-01": None}, kind=DocKind.STANDARD, number="GB 8-2009"
    )
    return shelf


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("应当遵守 GB 1 的规定。", ["GB 1 → gb-1-2014"]),
        ("应当遵守 GB 1-2003 的规定。", ["GB 1-2003 → gb-1-2003"]),
        ("应当遵守 GB 1-2003 的 2.1.2。", ["GB 1-2003的2.1.2 → gb-1-2003@2003-01-01#2.1.2"]),
        ("应当遵守 GB 1-2009 的规定。", ["GB 1-2009 → 不在目录"]),
        ("应当遵守《甲规程》（GB 1-2009）的规定。", ["《甲规程》（GB 1-2009） → 不在目录"]),
        ("应当遵守《甲规程》的规定。", ["《甲规程》 → gb-1-2014"]),
        ("应当遵守《甲规程》（2014年版）。", ["《甲规程》（2014年版） → gb-1-2014@2014-01-01"]),
        ("应当遵守《甲规程》（2003年版）。", ["《甲规程》（2003年版） → 引用时的版本未收录"]),
        ("应当遵守《乙规程》（GB 1-2014）的规定。", ["《乙规程》（GB 1-2014） → 指代不明"]),
        ("应当遵守 GB 7 的 5.1.2。", ["GB 7的5.1.2 → 文本未收录"]),
        ("应当遵守 GB 8 的规定。", ["GB 8 → 同名多份"]),
        ("应当遵守 2.1.1～2.1.3 的规定。", ["2.1.1～2.1.3 → 2.1.1 2.1.2 2.1.3"]),
        ("应当遵守 2.1.9 的规定。", ["2.1.9 → 条款不存在"]),
        ("应当符合第2章的规定。", ["第2章 → 2"]),
        ("应当符合表 9 的规定。", ["表9 → 条款不存在"]),
        ("应当符合图 1 的规定。", ["图1 → 文本未收录"]),
        ("本标准、本条。", ["本标准 → gb-1-2014", "本条 → 2.1.3"]),
    ],
)
def test_standards(text: str, expected: list[str]) -> None:
    assert standards(text).said("gb-1-2014", "2.1.3", "standard") == expected


def test_free_text_has_no_document_of_its_own() -> None:
    shelf = two_laws("甲。")
    resolver = Resolver(shelf, shelf.tree)
    text = "依照《灯法》（以下简称照明法）第三条、本法第一条、前款和照明法第一条"
    context = Context.free(date(2022, 1, 1), text)
    said = resolver.resolve_all(text, find(text), context)
    assert [r.targets or r.reason for r in said] == [
        ("deng-fa@2020-05-01#art-3",),
        "指代不明",
        "指代不明",
        ("deng-fa@2020-05-01#art-1",),
    ]
    older = resolver.resolve(find("灯法第二条")[0], Context.free(date(2012, 1, 1)))
    assert older.targets == ("deng-fa@2010-05-01#art-2",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("灯法（2010年）第二条", "deng-fa@2010-05-01#art-2"),
        ("《灯法》（2010年）", "deng-fa@2010-05-01"),
        ("《灯法》(2020)第一条", "deng-fa@2020-05-01#art-1"),
        ("《灯法》（2010年5月1日通过）第二条", "deng-fa@2010-05-01#art-2"),
        ("《灯法（2010年修正）》第二条", "deng-fa@2010-05-01#art-2"),
        ("灯法（2014年修正）第二条", "引用时的版本未收录"),
        ("《灯法》（2014年）", "引用时的版本未收录"),
        ("《灯法》（2010年5月2日通过）", "引用时的版本未收录"),
        ("《灯法》", "deng-fa"),
    ],
)
def test_a_name_with_its_edition_means_that_one(text: str, expected: str) -> None:
    shelf = two_laws("甲。")
    context = Context.free(date(2022, 1, 1), text)
    (said,) = Resolver(shelf, shelf.tree).resolve_all(text, find(text), context)
    assert (said.targets or (said.reason,)) == (expected,)


def test_two_editions_of_one_year_are_not_told_apart() -> None:
    shelf = Shelf()
    body = "第一条　灯要亮。\n第二条　塔要白。"
    shelf.add("deng-fa", "灯法", {"2007-02-02": body, "2007-12-12": body})
    resolver = Resolver(shelf, shelf.tree)
    (year, day) = find("《灯法》（2007年）第一条、《灯法》（2007年2月2日通过）第一条")
    assert resolver.resolve(year, Context.free()).reason == "版本不明"
    assert resolver.resolve(day, Context.free()).targets == ("deng-fa@2007-02-02#art-1",)


def test_names_are_those_of_laws_and_long_enough() -> None:
    shelf = two_laws("甲。")
    shelf.add("b", "中华人民共和国门窗安全法", {"2020-01-01": None})
    assert "门窗安全法" in Resolver(shelf, shelf.tree).names
    assert "门法" not in Resolver(shelf, shelf.tree).names


WORKSHOP = """第一条 学徒不做附录第一条、第三条写的活，忙时不做附录第二条至第三条写的活。
第二条 有附录第一条第二项情形的，记录。
第三条 有附录第九条情形的，记录；违反第一条、第二条的，也记录。
第四条 有《灯规定》附录第一条情形的，记录。
附录：
学徒不做的活
一、学徒在夏天不做的活计：
（一）烧火；
（二）扛石头。
二、学徒在冬天不做的活计：
（一）下河；
（二）凿冰。
三、学徒在春天不做的活计：
（一）学徒在冬天不做的活计的第一项、第二项；
（二）学徒在秋天不做的活计的第一项；
（三）前述第一项以外的。
"""

ANNEX = [
    ("art-1", ["第一条 → app-1.1", "第三条 → app-1.3", "第二条至第三条 → app-1.2 app-1.3"]),
    ("art-2", ["第一条第二项 → app-1.1.p1.i2"]),
    ("art-3", ["第九条 → 条款不存在", "第一条 → art-1", "第二条 → art-2"]),
    ("art-4", ["《灯规定》 → 不在目录", "第一条 → 指代不明"]),
    (
        "app-1.3",
        [
            "第一项 → app-1.2.p1.i1",
            "第二项 → app-1.2.p1.i2",
            "第一项 → 指代不明",
            "第一项 → app-1.3.p1.i1",
        ],
    ),
]


@pytest.mark.parametrize(("unit", "expected"), ANNEX)
def test_parts_of_the_annex_are_not_articles(unit: str, expected: list[str]) -> None:
    shelf = Shelf()
    shelf.add("xuetu-guiding", "学徒规定", {"2020-01-01": WORKSHOP}, kind=DocKind.RULE)
    assert shelf.said("xuetu-guiding", unit) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("依照国务院令第8号第一条办理。", "deng-tiaoli@2020-01-01#art-1"),
        ("依照国务院令第5号第一条办理。", "引用时的版本未收录 2010-01-01"),
        ("依照《灯条例》（国务院令第5号）第一条办理。", "引用时的版本未收录 2010-01-01"),
        ("依照国务院令第8号《灯条例》第一条办理。", "deng-tiaoli@2020-01-01#art-1"),
        ("依照《灯条例》第一条办理。", "deng-tiaoli@2020-01-01#art-1"),
        ("依照国务院令第5号办理。", "deng-tiaoli 2010-01-01"),
        ("依照国务院令第3号第一条办理。", "不在目录"),
    ],
)
def test_an_order_names_its_own_wording(text: str, expected: str) -> None:
    shelf = Shelf()
    wording = "第一条 灯要亮。\n第二条 灯要灭。"
    shelf.add(
        "deng-tiaoli",
        "灯条例",
        {"2010-01-01": None, "2020-01-01": wording},
        kind=DocKind.REGULATION,
        orders={"2010-01-01": "国务院令第5号", "2020-01-01": "国务院令第8号"},
    )
    resolver = Resolver(shelf, shelf.tree)
    (r,) = resolver.resolve_all(text, find(text), Context.free(date(2026, 1, 1), text))
    said = [" ".join(r.targets) or r.reason, r.details.get("版本", "")]
    assert " ".join(filter(None, said)) == expected


def test_backlinks() -> None:
    one, two = find("本法第一条、第二条")
    resolved = [
        ("a@2020-01-01#art-5", Resolution(one, ("x#1", "x#2"))),
        ("a@2020-01-01#art-6", Resolution(two, ("x#1",))),
        ("a@2020-01-01#art-6", Resolution(two, ("x#1",))),
        ("a@2020-01-01#art-7", Resolution(two, (), "指代不明")),
    ]
    assert backlinks(resolved) == {
        "x#1": ("a@2020-01-01#art-5", "a@2020-01-01#art-6"),
        "x#2": ("a@2020-01-01#art-5",),
    }
