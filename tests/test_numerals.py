"""Numerals: the grammar is finite, so it is tested whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.numerals import CIRCLED, circled_to_int, int_to_zh, zh_to_int


def test_every_number_that_legislation_can_use() -> None:
    for value in range(10_000):
        assert zh_to_int(int_to_zh(value)) == value


@given(st.integers(0, 99_999_999))
def test_larger_numbers_round_trip(value: int) -> None:
    assert zh_to_int(int_to_zh(value)) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十", 10),
        ("十五", 15),
        ("二十", 20),
        ("一百零一", 101),
        ("一百一十九", 119),
        ("一百十五", 115),
        ("两百", 200),
        ("二〇二一", 2021),
        ("一九八七", 1987),
        ("一千零一", 1001),
        ("三万五千", 35_000),
        ("一百万", 1_000_000),
        ("〇", 0),
    ],
)
def test_forms(text: str, value: int) -> None:
    assert zh_to_int(text) == value


@pytest.mark.parametrize("text", ["", "十百", "百", "一二", "第十", "10", "万", "二三十", "一 二"])
def test_what_is_no_numeral(text: str) -> None:
    with pytest.raises(ValueError, match="不是中文数字"):
        zh_to_int(text)


def test_every_circled_number() -> None:
    assert [circled_to_int(c) for c in CIRCLED] == list(range(1, 51))
    with pytest.raises(ValueError, match="不是带圈数字"):
        circled_to_int("1")


@pytest.mark.parametrize("value", [-1, 100_000_000])
def test_out_of_range(value: int) -> None:
    with pytest.raises(ValueError, match="超出范围"):
        int_to_zh(value)
