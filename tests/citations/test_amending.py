"""Amending acts: whose article, old number or new, and which edition still shows it."""

from __future__ import annotations

import pytest

from kb.model import DocKind
from kb.resolve.changes import Changes
from tests.citations.shelf import Shelf

LAW = """第一章 甲
第一条 为了照明，制定本法。
第二条 灯应当明亮，住户应当按时开灯。
第三条 {three}
第四条 住户应当爱护灯具。
第二章 乙
第五条 本法自公布之日起施行。
"""
TWO = "住户打碎灯具的，应当赔偿。\n单位有前款行为的，加倍赔偿。"


def acts(*texts: tuple[str, str], law: dict[str, str | None] | None = None) -> Shelf:
    """The law as it is on 2020-01-01 and 修正案 (day, text of 一、) in the order given."""
    shelf = Shelf()
    shelf.add("deng-fa", "中华人民共和国灯法", law or {"2020-01-01": LAW.format(three=TWO)})
    for n, (day, text) in enumerate(texts, 1):
        shelf.add(
            f"xza-{n}",
            f"中华人民共和国灯法修正案（{'一二三四'[n - 1]}）",
            {day: f"一、{text}\n二、本修正案自公布之日起施行。\n"},
            kind=DocKind.AMENDMENT,
        )
    return shelf


D = "deng-fa@2020-01-01#"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the loaded wording is the result of this act: everything in it is sure
        (
            "将灯法第三条修改为：“住户打碎灯具的，应当赔偿。\n“单位有前款行为的，加倍赔偿。”",
            ["灯法第三条 → art-3", "前款 → art-3.p1"],
        ),
        (
            "在灯法第三条中增加一款作为第二款：“单位有前款行为的，依照第一款赔偿。”",
            ["灯法第三条 → art-3", "第二款 → art-3.p2", "前款 → art-3.p1", "第一款 → art-3.p1"],
        ),
        (
            "将灯法第三条第二款修改为：“单位有前款行为的，加倍赔偿。”",
            ["灯法第三条第二款 → art-3.p2", "前款 → art-3.p1"],
        ),
        (
            "将灯法第三条第一款、第二款修改为：“住户打碎灯具的，应当赔偿。\n“单位有前款行为的，加倍赔偿。”",
            ["灯法第三条第一款 → art-3.p1", "第二款 → art-3.p2", "前款 → art-3.p1"],
        ),
        (
            "将灯法第四条修改为：“依照本法第二条和本章办理。”",
            ["灯法第四条 → art-4", "本法第二条 → art-2", "本章 → ch-1"],
        ),
        (
            "在灯法第三条中增加一款作为第二款：“甲乙丙丁。”原第二款作为第三款。",
            [
                "灯法第三条 → art-3",
                "第二款 → art-3.p2",
                "第二款 → 引用时的版本未收录",
                "第三款 → 条款不存在",
            ],
        ),
        ("灯法第二条增加一款，将该条修改为：“甲。”", ["灯法第二条 → art-2", "该条 → art-2"]),
        (
            "在灯法第三条中增加一款作为第二款，将该条修改为：“住户打碎灯具的。\n“单位有前款行为的。”",
            ["灯法第三条 → art-3", "第二款 → art-3.p2", "该条 → art-3", "前款 → art-3.p1"],
        ),
        ("“有前款行为的。”", ["前款 → 指代不明"]),
        ("删去灯法第三条第二款。", ["灯法第三条第二款 → 引用时的版本未收录"]),
    ],
)
def test_the_act_that_made_the_loaded_wording(text: str, expected: list[str]) -> None:
    said = acts(("2020-01-01", text)).said("xza-1", "item-1")
    assert [s.replace(D, "") for s in said] == expected


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        # nothing touched the article since: its 款 are where they were
        ("将灯法第二条修改为：“甲。”", ["art-3", "art-3.p2"]),
        # another 款 was reworded: numbers stay
        ("将灯法第三条第一款修改为：“甲。”", ["art-3", "art-3.p2"]),
        # a 款 came in before it: the number means another one now
        ("在灯法第三条中增加一款作为第二款：“乙。”", ["art-3", "引用时的版本未收录"]),
        ("在灯法第三条中增加一款作为第三款：“乙。”", ["art-3", "art-3.p2"]),
        ("灯法第三条增加一款：“乙。”", ["art-3", "引用时的版本未收录"]),
        ("将灯法第三条修改为：“乙。”", ["art-3", "引用时的版本未收录"]),
        # insertions as 之一 keep the numbers, others do not
        ("在灯法第二条后增加一条，作为第二条之一：“乙。”", ["art-3", "art-3.p2"]),
        ("增加一条，作为第二条：“乙。”", ["引用时的版本未收录"] * 2),
        ("增加一条，作为第四条：“乙。”", ["art-3", "art-3.p2"]),
    ],
)
def test_what_a_later_act_leaves_standing(later: str, expected: list[str]) -> None:
    text = "将灯法第三条第二款修改为：“甲乙丙。”"
    shelf = acts(("2018-01-01", "依照灯法第三条办理。" + text), ("2020-01-01", later))
    first, second = shelf.resolve("xza-1", "item-1")
    said = [r.targets[0].replace(D, "") if r.targets else r.reason for r in (first, second)]
    assert said == expected
    for r in (first, second):
        assert not r.targets or "引用时有效的版本未收录" in r.details["版本"]


def test_the_words_of_the_act_find_a_moved_paragraph() -> None:
    """款 1 of the act is 款 2 of the loaded wording; the quoted 款 that cites it moved along."""
    now = "灯坏了的，应当报修。\n" + TWO
    shelf = acts(
        ("2018-01-01", f"将灯法第三条修改为：“{TWO.replace(chr(10), chr(10) + '“')}”"),
        ("2020-01-01", "在灯法第三条中增加一款作为第一款：“灯坏了的，应当报修。”"),
        law={"2020-01-01": LAW.format(three=now)},
    )
    assert shelf.said("xza-1", "item-1") == [f"灯法第三条 → {D}art-3", f"前款 → {D}art-3.p2"]


def test_other_texts_profit_too() -> None:
    """A regulation of 2018 cites the law as it then was; only 修正案 lie between."""
    shelf = acts(("2020-01-01", "将灯法第二条修改为：“甲。”"))
    shelf.add("a", "甲条例", {"2018-01-01": "第一条 依照灯法第三条第二款办理。\n"})
    (r,) = shelf.resolve("a", "art-1")
    assert r.targets == (f"{D}art-3.p2",)
    shelf.add("xza-2", "灯法修正案（二）", {"2019-01-01": None}, kind=DocKind.AMENDMENT)
    (r,) = shelf.resolve("a", "art-1")
    assert r.reason == "引用时的版本未收录"  # what an act did whose text is missing nobody knows


NEW = """第一条 甲甲甲甲甲甲甲甲甲甲。
第二条 新增的一条。
第三条 乙乙乙乙乙乙乙乙乙乙。
第四条 丙丙丙丙丙丙丙丙丙丙。
丁丁丁丁丁丁丁丁丁丁。
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("将第一条修改为：“甲甲甲甲甲甲甲甲甲甲。”", ["第一条 → art-1"]),
        ("将第一条修改为：“戊戊戊戊戊戊戊戊戊戊。”", ["第一条 → 引用时的版本未收录"]),
        ("增加一条，作为第二条：“新增的一条。”", ["第二条 → art-2"]),
        ("将第二条改为第三条。", ["第二条 → art-3", "第三条 → art-3"]),
        (
            "将第三条、第五条合并，作为第四条。",
            ["第三条 → art-4", "第五条 → art-4", "第四条 → art-4"],
        ),
        (
            "将第三条改为第四条，第二款修改为：“丁丁丁丁丁丁丁丁丁丁。”",
            ["第三条 → art-4", "第四条 → art-4", "第二款 → art-4.p2"],
        ),
        (
            "将第九条中的“第二条”修改为“第三条”。",
            ["第九条 → 引用时的版本未收录", "第二条 → 引用时的版本未收录", "第三条 → art-3"],
        ),
        ("修改为：“违反本法第三条的，依照前条处理。”", ["本法第三条 → art-3", "前条 → 指代不明"]),
        ("本决定第二条办理。", ["本决定第二条 → 〔item-2〕"]),
    ],
)
def test_a_decision_that_renumbers(text: str, expected: list[str]) -> None:
    shelf = Shelf()
    shelf.add("deng-fa", "中华人民共和国灯法", {"2010-01-01": None, "2020-01-01": NEW})
    title = "某常务委员会关于修改《中华人民共和国灯法》的决定"
    shelf.add("jd", title, {"2020-01-01": f"一、{text}\n二、重新公布。\n"}, kind=DocKind.DECISION)
    said = shelf.said("jd", "item-1")
    assert [s.replace(D, "").replace("item-2", "〔item-2〕") for s in said] == expected


@pytest.mark.parametrize(
    ("clause", "kept", "lost"),
    [
        ("将第三条第一款修改为：“第七条改为第八条”。", ["art-3.p9", "art-7"], []),
        ("将第三条修改为：“甲”。", ["art-3", "art-2.p1", "art-3-1.p1"], ["art-3.p1"]),
        (
            "在第三条之一中增加一项，作为第二项。",
            ["art-3-1.p1.i1", "art-3.p1.i5"],
            ["art-3-1.p1.i2"],
        ),
        ("删去某法第三条第二款。", ["art-3.p1"], ["art-3.p2", "art-3.p3"]),
        ("第三条第二款改为第三款。", ["art-3.p2"], ["art-3.p3"]),
        ("将第七条改为第九条。", ["art-6.p1"], ["art-7", "art-8", "art-12", "ch-2"]),
        ("增加一节，作为第七节。", ["art-6.p1"], ["ch-2", "ch-3.s1"]),
        ("增加一条，作为第三条之二。", ["art-4", "ch-2"], []),
    ],
)
def test_changes(clause: str, kept: list[str], lost: list[str]) -> None:
    changes = Changes.of([clause])
    assert [p for p in (*kept, *lost) if changes.keeps(p)] == kept
