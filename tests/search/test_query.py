"""What queries name: clauses, documents, or nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.index import Index
from kb.query import Located, Names, Reference, locate, understand
from tests.search.sample import LAW, LAW_DAY, LOCAL, NOTICE, OLD_LAW_DAY, STANDARD, TWIN, texts

NAMES = Names({d.id: d for d, _ in texts()})
BOTH = (STANDARD, TWIN)


@pytest.mark.parametrize(
    ("query", "docs", "clause", "parts", "edition"),
    [
        ("灯塔法第25条", (LAW,), "art-25", (), ""),
        ("灯塔法第二十五条", (LAW,), "art-25", (), ""),
        ("塔法二十五条", (LAW,), "art-25", (), ""),
        ("灯塔法 第 25 条", (LAW,), "art-25", (), ""),
        ("灯塔法 25", (LAW,), "art-25", (), ""),
        ("灯塔法25条之一", (LAW,), "art-25-1", (), ""),
        ("中华人民共和国灯塔法第二十五条之一", (LAW,), "art-25-1", (), ""),
        ("《灯塔法》第二条第一款第（三）项", (LAW,), "art-2", ("p1", "i3"), ""),
        ("灯塔法第2条第3项", (LAW,), "art-2", ("i3",), ""),
        ("灯塔法第二条第二款", (LAW,), "art-2", ("p2",), ""),
        ("《灯塔法》的第二条", (LAW,), "art-2", (), ""),
        ("请问灯塔法第二条管什么", (LAW,), "art-2", (), ""),
        ("违反灯塔法第二条", (LAW,), "art-2", (), ""),
        ("灯塔法（2007）第一条", (LAW,), "art-1", (), "2007"),
        ("灯塔法（2007年修正）第一条", (LAW,), "art-1", (), "2007"),
        ("灯塔法2007年版第一条", (LAW,), "art-1", (), "2007"),
        ("灯塔法（2007-03-01）第一条", (LAW,), "art-1", (), "2007-03-01"),
        ("99998 5.2.1", (STANDARD,), "5.2.1", (), ""),
        ("GB 99998 5.2.1", (STANDARD,), "5.2.1", (), ""),
        ("gb99998—2020 5.2.1", (STANDARD,), "5.2.1", (), ""),
        ("GB99998-2020 5.2.1第二项", (STANDARD,), "5.2.1", ("i2",), ""),
        ("GB 99998 第5.2.1条", (STANDARD,), "5.2.1", (), ""),
        ("GB 99998 5.2.1 b)", (STANDARD,), "5.2.1", ("b",), ""),
        ("螺旋梯安装规程5.2.1", (STANDARD,), "5.2.1", (), ""),
        ("螺旋梯安装规程 GB 99998 5.2.1", (STANDARD,), "5.2.1", (), ""),
        ("GB/T 99997-2015 6.1", (TWIN,), "6.1", (), ""),
        ("GBT 99997 6.1", (TWIN,), "6.1", (), ""),
        ("梯阶规程 附录A.1", (TWIN,), "app-A.1", (), ""),
        ("浙江省渔灯条例第十条", (LOCAL,), "art-10", (), ""),
        ("5.2.1", BOTH, "5.2.1", (), ""),
        ("gb-99998-2020#5.2.1", (STANDARD,), "5.2.1", (), ""),
        ("gb-99998-2020@2020-10-11#5.2.1", (STANDARD,), "5.2.1", (), "2020-10-11"),
        ("gb-99998-2020", (STANDARD,), "", (), ""),
        ("灯塔法", (LAW,), "", (), ""),
        ("《中华人民共和国灯塔法》", (LAW,), "", (), ""),
        ("灯塔法（2007）", (LAW,), "", (), "2007"),
        ("GB 99998-2020", (STANDARD,), "", (), ""),
        ("渔应急[2021]7号", (NOTICE,), "", (), ""),
        ("关于点验马灯的通知", (NOTICE,), "", (), ""),
    ],
)
def test_references(
    query: str, docs: tuple[str, ...], clause: str, parts: tuple[str, ...], edition: str
) -> None:
    (found,) = understand(query, NAMES, BOTH).references
    assert (found.docs, found.clause, found.parts, found.edition) == (docs, clause, parts, edition)


@pytest.mark.parametrize(
    "query",
    [
        "某省渔灯条例第十条",  # another province's: its name only ends like one that is known
        "新灯塔法第二条",
        "大灯塔法",
        "第二条",
        "GB 99998-2006 5.2.1",  # an edition that the catalog does not have
        "GB 999980 5.2.1",
        "1.5",
        "管道压力 1.5 MPa",
        "灯塔法修正案第二条",
        "梯子间隔 5.2 m",
        "灯塔上能不能晾渔网",
        "25",
        "",
        "😀",
        "(((《《",
    ],
)
def test_nothing_is_guessed(query: str) -> None:
    assert understand(query, NAMES, BOTH).references == ()


@pytest.mark.parametrize(
    ("query", "doc", "clause", "until"),
    [
        ("灯塔法第一条至第二条", LAW, "art-1", "art-2"),
        ("灯塔法第1至2条", LAW, "art-1", "art-2"),
        ("灯塔法第1条到第2条", LAW, "art-1", "art-2"),
        ("灯塔法1-2条", LAW, "art-1", "art-2"),
        ("灯塔法第二条至第二十五条之一", LAW, "art-2", "art-25-1"),
        ("GB 99998 5.2.1～5.2.3", STANDARD, "5.2.1", "5.2.3"),
        ("GB 99998 5.2.1 至 5.2.3", STANDARD, "5.2.1", "5.2.3"),
        ("梯阶规程 A.1～A.3", TWIN, "app-A.1", "app-A.3"),
        ("灯塔法第25", LAW, "art-25", ""),
        ("第25条 灯塔法", LAW, "art-25", ""),
        ("第二条《灯塔法》", LAW, "art-2", ""),
        ("灯塔法第二章第25条", LAW, "art-25", ""),
        ("灯塔法第二章第一节第25条", LAW, "art-25", ""),
        ("灯塔法第二章", LAW, "ch-2", ""),
        ("灯塔法第一编第二章第三节", LAW, "part-1.ch-2.s3", ""),
        ("灯塔法（2007）第二章", LAW, "ch-2", ""),
        ("99998 表1", STANDARD, "t:1", ""),
        ("99998 表A.1", STANDARD, "t:A.1", ""),
        ("99998 附录B", STANDARD, "app-B", ""),
        ("GB 99998 第5章", STANDARD, "ch-5", ""),
    ],
)
def test_ranges_chapters_and_tables(query: str, doc: str, clause: str, until: str) -> None:
    (found,) = understand(query, NAMES, BOTH).references
    assert (found.docs, found.clause, found.until) == ((doc,), clause, until)


@pytest.mark.parametrize("query", ["灯塔法25.3", "灯塔法表1", "灯塔法第25届", "灯塔法第25次会"])
def test_what_a_law_does_not_have_is_left_to_words(query: str) -> None:
    assert understand(query, NAMES, BOTH).references == ()


@pytest.mark.parametrize(
    ("clause", "until", "expected"),
    [
        ("art-1", "art-25", ["art-1", "art-2", "art-25"]),
        ("art-25", "art-25-1", ["art-25", "art-25-1"]),
        ("art-2", "art-30", ["art-2", "art-25", "art-25-1"]),  # no 第三十条: up to the last
        ("art-30", "art-40", []),
        ("ch-1", "ch-2", ["art-1", "art-2", "art-25", "art-25-1"]),
    ],
)
def test_a_range_gives_every_hit(
    index: Index, clause: str, until: str, expected: list[str]
) -> None:
    reference = Reference((LAW,), clause, until=until)
    found = locate(index.passages, f"{LAW}@{LAW_DAY}", reference)
    assert [x.clause for x in found] == expected


@pytest.mark.parametrize(
    ("clause", "until", "expected"),
    [
        ("5.2.1", "5.2.3", ["5.2.1", "5.2.2", "5.2.3"]),
        ("3", "5.2", ["3.1", "5.2.1", "5.2.2", "5.2.3"]),
        ("ch-5", "", ["5.2.1", "5.2.2", "5.2.3"]),
        ("5.2", "", ["5.2.1", "5.2.2", "5.2.3"]),
        ("t:1", "", ["5.2.2"]),
        ("t:2", "", []),
    ],
)
def test_clauses_of_a_standard(index: Index, clause: str, until: str, expected: list[str]) -> None:
    reference = Reference((STANDARD,), clause, until=until)
    found = locate(index.passages, f"{STANDARD}@2020-10-11", reference)
    assert [x.clause for x in found] == expected


@pytest.mark.parametrize(
    ("query", "pins"),
    [
        ("主席令第九号", {f"{LAW}@{LAW_DAY}"}),
        ("中华人民共和国主席令第三号", {f"{LAW}@{OLD_LAW_DAY}"}),
        ("主席令第3号第一条", {f"{LAW}@{OLD_LAW_DAY}"}),
        ("灯塔法第一条", set()),
        ("渔应急〔2021〕7号", set()),
    ],
)
def test_a_decree_means_the_version_that_it_issued(query: str, pins: set[str]) -> None:
    (found,) = understand(query, NAMES).references
    assert found.pins == pins


@pytest.mark.parametrize(
    ("query", "unknown"),
    [
        ("GB 99998-2006 5.2.1", ("GB 99998-2006",)),
        ("AQ 7777-2007", ("AQ 7777-2007",)),
        ("《海灯办法》怎么报", ("《海灯办法》",)),
        ("新灯塔法第二条", ("《新灯塔法》",)),
        ("国务院令第999号", ("国务院令第999号",)),
        ("灯塔法第二条和《海灯办法》", ("《海灯办法》",)),
        ("查一下灯塔法第二条", ()),
        ("《灯塔法》第二条", ()),
        ("填写《挂灯许可证》", ()),
        ("依照规定第三条", ()),
        ("灯塔上能不能晾渔网", ()),
        ("GB 99998 5.2.1", ()),
    ],
)
def test_what_is_named_and_unknown(query: str, unknown: tuple[str, ...]) -> None:
    assert understand(query, NAMES, BOTH).unknown == unknown


def test_several_references() -> None:
    found = understand("灯塔法第一条、第二条和GB 99998的5.2.1", NAMES).references
    assert [(r.docs[0], r.clause) for r in found] == [
        (LAW, "art-1"),
        (LAW, "art-2"),
        (STANDARD, "5.2.1"),
    ]
    listed = understand("灯塔法第1、2、25条", NAMES).references
    assert [r.clause for r in listed] == ["art-1", "art-2", "art-25"]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("（单选）灯芯几年一换", "灯芯几年一换"),
        ("判断：灯芯三年一换。（ ）", "灯芯三年一换。（ ）"),
        ("【多选题】灯芯", "灯芯"),
        ("3. 填空题：灯芯", "灯芯"),
        ("判断力", "判断力"),
        ("选择灯芯", "选择灯芯"),
    ],
)
def test_exam_marks_say_nothing(query: str, text: str) -> None:
    assert understand(query, NAMES).text == text


def test_dated_names() -> None:
    assert understand("GB 99998-2020 5.2.1", NAMES).references[0].dated
    assert not understand("GB 99998 5.2.1", NAMES).references[0].dated
    assert not understand("灯塔法第一条", NAMES).references[0].dated


@pytest.mark.parametrize(
    ("clause", "parts", "expected"),
    [
        ("art-2", (), [Located("art-2", "art-2")]),
        ("art-2", ("p1", "i3"), [Located("art-2", "art-2.p1.i3")]),
        ("art-2", ("i3",), [Located("art-2", "art-2.p1.i3")]),
        ("art-2", ("p2",), [Located("art-2", "art-2.p2")]),
        ("art-2", ("p9",), [Located("art-2", "art-2", "条内没有这一款、项")]),
        ("art-2.p1.i2", (), [Located("art-2", "art-2.p1.i2")]),
        ("art-99", (), []),
        ("ch-1", (), [Located("art-1", "art-1"), Located("art-2", "art-2")]),
        ("ch-9", (), []),
        ("t:1", (), []),
    ],
)
def test_locate(index: Index, clause: str, parts: tuple[str, ...], expected: list[Located]) -> None:
    reference = Reference((LAW,), clause, parts)
    assert list(locate(index.passages, f"{LAW}@{LAW_DAY}", reference)) == expected


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *(
                    "灯塔法",
                    "第",
                    "25",
                    "二十五",
                    "条",
                    "之一",
                    "款",
                    "项",
                    "（",
                    "）",
                    "《",
                    "》",
                    " ",
                ),
                *("GB", "99998", "-2020", "5.2.1", ".", "#", "@", "和", "、", "单选：", "a)", "\n"),
            ]
        ),
        max_size=10,
    ).map("".join)
)
def test_any_query_is_understood(query: str) -> None:
    known = {d.id for d, _ in texts()}
    found = understand(query, NAMES, BOTH)
    assert query.endswith(found.text)
    for reference in found.references:
        assert reference.docs
        assert set(reference.docs) <= known
