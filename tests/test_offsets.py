"""Spans of the parts of a clause inside its own display."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from kb.offsets import deepest, parts_of


@dataclass(frozen=True)
class U:
    id: str
    parent: str | None
    display: str


CLAUSE = U("art-1", None, "甲单位应做到：\n（一）停车；\n（二）停车；\n乙单位照此办理。")
BELOW = [
    U("art-1.p1", "art-1", "甲单位应做到：\n（一）停车；\n（二）停车；"),
    U("art-1.p1.i1", "art-1.p1", "停车；"),
    U("art-1.p1.i2", "art-1.p1", "停车；"),
    U("art-1.p2", "art-1", "乙单位照此办理。"),
]


def test_each_part_stands_where_it_says() -> None:
    shown = {u.id: u.display for u in [CLAUSE, *BELOW]}
    parts = parts_of(CLAUSE, BELOW)
    assert [p.id for p in parts] == list(shown)
    for part in parts:
        assert CLAUSE.display[part.start : part.end] == shown[part.id]
    # equal texts are told apart by their order
    assert parts[2].start < parts[3].start


def test_deepest() -> None:
    parts = parts_of(CLAUSE, BELOW)
    assert deepest(parts, CLAUSE.display.index("停车")) == "art-1.p1.i1"
    assert deepest(parts, CLAUSE.display.rindex("停车")) == "art-1.p1.i2"
    assert deepest(parts, 0) == "art-1.p1"
    assert deepest(parts, CLAUSE.display.index("乙")) == "art-1.p2"
    with pytest.raises(ValueError, match="99"):
        deepest(parts, 99)


def test_what_is_shown_apart_is_left_out() -> None:
    table = U("art-1.t1", "art-1", "表里的字")
    cell = U("art-1.t1.n1", "art-1.t1", "字")
    assert [p.id for p in parts_of(CLAUSE, [table, cell, BELOW[3]])] == ["art-1", "art-1.p2"]
