"""The tree builder: repeated numbers, and what it refuses."""

from __future__ import annotations

import pytest

from kb.ids import CLAUSE_RE
from kb.model import UnitKind
from kb.structure.base import Node, StructureError, TreeBuilder
from tests.structure.layouts import source_of

SOURCE = source_of("第一条 甲。\n第一条 乙。\n第一条 丙。\n")


def _builder() -> TreeBuilder:
    builder = TreeBuilder(SOURCE)
    builder.add("art-1", UnitKind.ARTICLE, 0, 6, label="第一条", numbered=True)
    return builder


def test_a_number_that_the_source_repeats_is_counted_on() -> None:
    builder = _builder()
    second = builder.add("art-1", UnitKind.ARTICLE, 7, 13, label="第一条", numbered=True)
    third = builder.add("art-1", UnitKind.ARTICLE, 14, 20, label="第一条", numbered=True)
    assert (second, third) == ("art-1~2", "art-1~3")
    tree = builder.build()
    assert len(tree.warnings) == 2
    assert "art-1~2" in tree.warnings[0]
    assert "第一条" in tree.warnings[0]


def test_a_repeat_below_a_repeat_still_is_a_valid_id() -> None:
    builder = _builder()
    second = builder.add("art-1", UnitKind.ARTICLE, 7, 13, numbered=True)
    for place, wanted in enumerate(["art-1~2.i1", "art-1~2.i1.r2", "art-1~2.i1.r3"]):
        got = builder.add(
            f"{second}.i1", UnitKind.ITEM, 7 + place, 9 + place, parent=second, numbered=True
        )
        assert got == wanted
        assert CLAUSE_RE.match(got)


@pytest.mark.parametrize(
    ("unit_id", "start", "end", "parent", "word"),
    [
        ("art-1", 7, 13, None, "重复"),
        ("art-2", 7, 7, None, "位置"),
        ("art-2", -1, 3, None, "位置"),
        ("art-2", 7, 99, None, "位置"),
        ("art-2", 7, 13, "ch-9", "不存在"),
        ("第二条", 7, 13, None, "写法"),
        ("art 2", 7, 13, None, "写法"),
    ],
)
def test_refused(unit_id: str, start: int, end: int, parent: str | None, word: str) -> None:
    with pytest.raises(StructureError, match=word):
        _builder().add(unit_id, UnitKind.ARTICLE, start, end, parent=parent)


def test_a_unit_must_lie_in_its_parent() -> None:
    builder = _builder()
    builder.add("art-1.p1", UnitKind.PARAGRAPH, 4, 9, parent="art-1")
    with pytest.raises(StructureError, match="越出上级"):
        builder.build()


def test_below_a_heading_units_lie_outside_its_line() -> None:
    builder = TreeBuilder(SOURCE)
    builder.add("ch-1", UnitKind.CHAPTER, 0, 6)
    builder.add("art-1", UnitKind.ARTICLE, 7, 13, parent="ch-1")
    assert [u.id for u in builder.build().units] == ["ch-1", "art-1"]


def test_amend_keeps_raw_in_step_with_the_span() -> None:
    builder = _builder()
    builder.amend("art-1", end=13, heading="甲")
    assert builder.get("art-1").raw == SOURCE.text[0:13]
    assert builder.get("art-1").heading == "甲"


def test_nodes_are_written_below_the_id_that_their_parent_got() -> None:
    builder = _builder()
    node = Node("art-1", UnitKind.ARTICLE, 7, 13, "第一条", hit=True)
    inner = Node(".p1", UnitKind.PARAGRAPH, 11, 13)
    inner.pieces = ["乙。"]
    node.pieces = [inner]
    assert builder.add_node(node, absolute=True) == "art-1~2"
    tree = builder.build()
    assert tree.by_id["art-1~2.p1"].parent == "art-1~2"
    assert tree.by_id["art-1~2"].display == "乙。"
