"""Pairs of clauses by their words, and the words that changed inside: invented texts."""

from __future__ import annotations

import pytest

from kb.sitegen.align import Clause, Pair, Piece, align, diff_words

LAMP = "测试单位应当每三个月检查一遍灯具，发现灯罩碎裂的，立即停用并更换。"
LAMP_NEW = "测试单位应当每两个月检查一遍灯具，发现灯罩碎裂的，立即停用并更换，作好记录。"
LADDER = "上下梯子的人要面朝梯子，手里不拿东西，一次只许一个人上下。"
PAINT = "刷漆的房间要开窗，刷完两天以内不许住人，也不许生火做饭。"
PAINT_AND = (
    "刷漆的房间要开窗，刷完两天以内不许住人，也不许生火做饭。" + "剩下的漆桶当天收回库房。" * 3
)
DOG = "看门的狗白天拴住，夜里放开，每年到防疫站打一回针。"
END = "本办法自公布之日起施行。"


def aligned(old: list[str], new: list[str]) -> list[tuple[int | None, int | None, str]]:
    pairs = align(
        [Clause(str(i), x) for i, x in enumerate(old)],
        [Clause(str(i), x) for i, x in enumerate(new)],
    )
    return [(p.old, p.new, p.change) for p in pairs]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([LAMP, LADDER], [LAMP, LADDER], [(0, 0, "same"), (1, 1, "same")]),
        # the same number is another clause: the new one stands between
        ([LAMP, LADDER], [LAMP, PAINT, LADDER],
         [(0, 0, "same"), (None, 1, "new"), (1, 2, "same")]),
        ([LAMP, LADDER], [LAMP_NEW, LADDER], [(0, 0, "changed"), (1, 1, "same")]),
        ([LAMP, PAINT, LADDER], [LAMP, LADDER],
         [(0, 0, "same"), (1, None, "gone"), (2, 1, "same")]),
        ([LAMP, LADDER, PAINT, DOG], [DOG, LAMP, LADDER, PAINT],
         [(3, 0, "moved"), (0, 1, "same"), (1, 2, "same"), (2, 3, "same")]),
        ([LAMP], [PAINT], [(None, 0, "new"), (0, None, "gone")]),
        ([LAMP], [], [(0, None, "gone")]),
        ([], [LAMP], [(None, 0, "new")]),
        ([], [], []),
        # punctuation and widths are no change
        (["灯具，每３个月查一遍；停电时另算，由班长定。"], ["灯具每3个月查一遍停电时另算由班长定"],
         [(0, 0, "same")]),
        # few words that are only alike are not the same clause
        (["删除。"], ["删去。"], [(None, 0, "new"), (0, None, "gone")]),
        ([END], [END], [(0, 0, "same")]),
    ],
)  # fmt: skip
def test_align(
    old: list[str], new: list[str], expected: list[tuple[int | None, int | None, str]]
) -> None:
    assert aligned(old, new) == expected


def test_every_clause_stands_once() -> None:
    old = [LAMP, LADDER, PAINT, DOG, END, LAMP]
    new = [DOG, END, PAINT_AND, LAMP_NEW, LADDER]
    found = aligned(old, new)
    assert sorted(i for i, _, _ in found if i is not None) == list(range(len(old)))
    assert [j for _, j, _ in found if j is not None] == list(range(len(new)))


def test_words_that_went_into_another_clause_are_told() -> None:
    merged = LADDER + PAINT + DOG + LAMP_NEW
    old = [Clause("a", LAMP), Clause("b", PAINT)]
    pairs = align(old, [Clause("x", merged)])
    lone = [p for p in pairs if p.change == "gone"]
    assert lone
    assert all(p.near == (0,) for p in lone)


def test_moved_and_unchanged_is_told_from_moved_and_changed() -> None:
    def only(old: list[str], new: list[str]) -> Pair:
        pairs = align([Clause(x, x) for x in old], [Clause(x, x) for x in new])
        (moved,) = [p for p in pairs if p.change == "moved"]
        return moved

    assert only([PAINT, LADDER, DOG, LAMP], [LAMP, PAINT, LADDER, DOG]).equal
    assert not only([PAINT, LADDER, DOG, LAMP], [LAMP_NEW, PAINT, LADDER, DOG]).equal


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("甲 乙 丙", "甲 乙 丙", ["=甲 乙 丙"]),
        ("甲乙 丙丁", "甲乙 戊己", ["=甲乙 ", "-丙丁", "+戊己"]),
        ("甲乙", "甲乙 丙丁", ["=甲乙", "+ 丙丁"]),
        ("甲乙 丙丁", "丙丁", ["-甲乙 ", "=丙丁"]),
        # one sign between two changes goes with them
        ("甲乙 的 丙丁", "戊己 的 庚辛", ["-甲乙 的 丙丁", "+戊己 的 庚辛"]),
        ("", "甲", ["+甲"]),
        ("甲", "", ["-甲"]),
        ("", "", []),
    ],
)
def test_diff_words(old: str, new: str, expected: list[str]) -> None:
    def cut(text: str) -> list[str]:
        words = text.replace(" ", "| |").split("|")
        return [w for w in words if w]

    signs = {"same": "=", "ins": "+", "del": "-"}
    pieces = diff_words(old, new, cut)
    assert [signs[p.kind] + p.text for p in pieces] == expected
    assert "".join(p.text for p in pieces if p.kind != "del") == new
    assert "".join(p.text for p in pieces if p.kind != "ins") == old
    assert all(isinstance(p, Piece) for p in pieces)
