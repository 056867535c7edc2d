"""Tables: spans, headers, continuations, text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.model import Cell
from kb.structure.tables import expand, header_rows, merge, to_text


def row(*texts: str, header: bool = False) -> tuple[Cell, ...]:
    """Cells from words; `词>2` spans two columns, `词v3` three rows."""
    cells = []
    for text in texts:
        text, _, down = text.partition("v")
        text, _, right = text.partition(">")
        cells.append(Cell(text, int(right or 1), int(down or 1), header))
    return tuple(cells)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([row("甲", "乙")], [("甲", "乙")]),
        ([row("甲>2", "乙"), row("丙", "丁", "戊")], [("甲", "甲", "乙"), ("丙", "丁", "戊")]),
        ([row("甲v2", "乙"), row("丙")], [("甲", "乙"), ("甲", "丙")]),
        (
            [row("甲>2v2", "乙"), row("丙"), row("丁", "戊", "己")],
            [("甲", "甲", "乙"), ("甲", "甲", "丙"), ("丁", "戊", "己")],
        ),
        # a cell between two that reach down from above
        ([row("甲v2", "乙", "丙v2"), row("丁")], [("甲", "乙", "丙"), ("甲", "丁", "丙")]),
        # a short row is filled up, a span below the last row is cut
        ([row("甲", "乙"), row("丙v9")], [("甲", "乙"), ("丙", "")]),
        ([], []),
        ([()], [()]),
    ],
)
def test_expand(rows: list[tuple[Cell, ...]], expected: list[tuple[str, ...]]) -> None:
    assert expand(rows) == tuple(expected)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("  限值 / (m/s) ", "限值/ (m/s)"),
        ("换算成<eq>NO_2</eq>", "换算成NO₂"),
        (">1 500", ">1 500"),
        ("10~50", "10～50"),
        ("第一行\n第二行", "第一行第二行"),
        ("two\nlines", "two lines"),
        ("", ""),
    ],
)
def test_cell_texts_are_normalised_to_one_line(raw: str, shown: str) -> None:
    assert expand([(Cell(raw),)]) == ((shown,),)


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        ([row("名称", "限值"), row("甲", "20"), row("乙", "12")], 1),
        ([row("种类v2", "边长>3"), row("1", "2", "3"), row("甲", "5", "6", "7")], 2),
        ([row("种类", "边长>2"), row("甲", "1", "2")], 1),
        # a group of data rows is not a header
        ([row("甲组v2", "子", "3"), row("丑", "4"), row("乙组", "寅", "5")], 0),
        ([row("甲", "20"), row("乙", "12")], 0),
        ([row("名称", "20"), row("乙", "12")], 0),
        ([row("名称", "限值")], 0),
        ([row("只有一列"), row("值")], 0),
        ([row("a", "b", header=True), row("c", "d", header=True), row("1", "2")], 2),
        ([row("a", "b", header=True)], 1),
        ([row("甲", "—"), row("乙", "3")], 0),
        ([], 0),
    ],
)
def test_header_rows(rows: list[tuple[Cell, ...]], count: int) -> None:
    assert header_rows(rows) == count


HEAD = (("名称", "限值"),)


@pytest.mark.parametrize(
    ("more", "headers", "continued", "merged"),
    [
        ((*HEAD, ("乙", "2")), 1, False, (*HEAD, ("甲", "1"), ("乙", "2"))),
        ((*HEAD, ("乙", "2")), 1, True, (*HEAD, ("甲", "1"), ("乙", "2"))),
        ((("乙", "2"),), 0, True, (*HEAD, ("甲", "1"), ("乙", "2"))),
        ((("乙", "2"),), 0, False, None),
        ((("别的", "名称"), ("乙", "2")), 1, True, None),
        ((("乙", "2", "3"),), 0, True, None),
        ((), 0, True, None),
    ],
)
def test_merge(
    more: tuple[tuple[str, ...], ...],
    headers: int,
    continued: bool,
    merged: tuple[tuple[str, ...], ...] | None,
) -> None:
    assert merge((*HEAD, ("甲", "1")), 1, more, headers, continued=continued) == merged


def test_to_text_is_one_row_a_line_and_a_row_that_is_one_cell_is_given_once() -> None:
    rows = (("名称", "值", "值"), ("甲", "2.50", "2.50"), ("注：乙", "注：乙", "注：乙"))
    assert to_text(rows) == "名称 | 值 | 值\n甲 | 2.50 | 2.50\n注：乙"


_CELLS = st.builds(
    Cell,
    st.sampled_from(["甲", "乙", "1.5", ""]),
    st.integers(1, 4),
    st.integers(1, 4),
)


@given(st.lists(st.lists(_CELLS, max_size=4).map(tuple), max_size=5))
def test_rows_are_rectangular_and_no_text_is_lost(rows: list[tuple[Cell, ...]]) -> None:
    out = expand(rows)
    assert len(out) == len(rows)
    assert len({len(r) for r in out}) <= 1
    assert {c.text for r in rows for c in r} <= {c for r in out for c in r} | {""}
    assert 0 <= header_rows(rows) <= len(rows)
    assert to_text(out).count("\n") == max(0, len(out) - 1)
