"""Quotations, and sentences whose meaning was turned."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.check.quotes import contains, differs, quotes_in, turned

CLAUSE = "第一条 守塔人应当每三年换一次灯芯，旧灯芯交回库房。大风天气不得在塔顶晾晒渔网和缆绳。"


@pytest.mark.parametrize(
    ("words", "there"),
    [
        ("守塔人应当每三年换一次灯芯", True),
        ("守塔人应当每3年换一次灯芯", True),
        ("守塔人应当每三年换一次灯芯……旧灯芯交回库房", True),
        ("守塔人应当 每三年，换一次灯芯", True),
        ("守塔人可以每三年换一次灯芯", False),
        ("守塔人应当每五年换一次灯芯", False),
        ("旧灯芯交回库房……守塔人应当每三年换一次", False),
    ],
)
def test_contains(words: str, there: bool) -> None:
    assert contains(words, [CLAUSE]) is there


def test_differs_gives_the_rule_s_words() -> None:
    words, share = differs("守塔人可以每三年换一次灯芯", CLAUSE)
    assert words == "守塔人应当每三年换一次灯芯"
    assert share > 0.7
    assert differs("完全无关的东西", CLAUSE)[1] < 0.5


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("第一条规定：“守塔人每三年换一次灯芯”", [("守塔人每三年换一次灯芯", True, False)]),
        ("“守塔人每三年换一次灯芯”", [("守塔人每三年换一次灯芯", False, True)]),
        ("落实“两单两卡”", []),
        ("看见就停：没做到“守塔人每三年换一次灯芯”", []),
        ('要求:"守塔人每三年换一次灯芯"', [("守塔人每三年换一次灯芯", True, False)]),
    ],
)
def test_quotes_in(text: str, found: list[tuple[str, bool, bool]]) -> None:
    quotes = list(quotes_in(text))
    assert [(q.text, q.said, q.alone) for q in quotes] == found
    assert all(text[q.start : q.end] == q.text for q in quotes)


@pytest.mark.parametrize(
    ("statement", "difference"),
    [
        ("大风天气不得在塔顶晾晒渔网和缆绳", ("", "")),
        ("大风天气在塔顶晾晒渔网和缆绳", ("（漏了字）", "不得")),
        ("大风天气可以在塔顶晾晒渔网和缆绳", ("可以", "不得")),
        ("守塔人可以每三年换一次灯芯，旧灯芯交回库房", ("可以", "应当")),
        ("守塔人每三年换一次灯芯，旧灯芯交回库房", ("", "")),  # 应当 left out is no loss
        ("大风天气应当在塔底晾晒渔网和缆绳", ("应当", "不得")),
        ("刮风的时候别把网晾到塔上去", ("", "")),  # said in other words
        ("渔网", ("", "")),
    ],
)
def test_turned(statement: str, difference: tuple[str, str]) -> None:
    assert turned(statement, [CLAUSE]) == difference


def test_a_breach_is_no_rule() -> None:
    penal = "在塔顶晾晒渔网和缆绳未收起的，责令改正，处一千元罚款。"
    assert turned("在塔顶晾晒渔网和缆绳收起", [penal]) == ("", "")


@given(st.text("守塔人应当不得可以每三年灯芯，。“”…", max_size=60), st.text(max_size=60))
def test_never_raises(words: str, text: str) -> None:
    list(quotes_in(words))
    contains(words, [text])
    assert 0 <= differs(words, text)[1] <= 1
    turned(words, [text])
