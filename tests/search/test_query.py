"""What queries name: clauses, documents, or nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.index import Index
from kb.query import Located, Names, Reference, locate, understand
from tests.search.sample import LAW, LAW_DAY, LOCAL, NOTICE, STANDARD, TWIN, texts

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


def test_several_references() -> None:
    found = understand("灯塔法第一条、第二条和GB 99998的5.2.1", NAMES).references
    assert [(r.docs[0], r.clause) for r in found] == [
        (LAW, "art-1"),
        (LAW, "art-2"),
        (STANDARD, "5.2.1"),
    ]


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
        ("ch-1", (), []),
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
