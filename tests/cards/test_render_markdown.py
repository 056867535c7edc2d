"""Cards as Markdown: what stands where, and text that cannot become markup."""

from __future__ import annotations

from dataclasses import replace

import markdown
import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.cards.markdown import author_markdown, derived_markdown, to_markdown
from kb.cards.model import BLANK, CARD_NAMES, CARDS, DRAFT_MARK, Firm
from kb.cards.rows import card_table, line_text
from kb.cards.table import clean
from tests.cards.render_sample import DRAFT, EMPTY, FILLED, line, with_lines


def cells(text: str) -> list[list[list[str]]]:
    """Tables, rows, cells of a rendered page."""
    page = BeautifulSoup(markdown.markdown(text, extensions=["tables"]), "html.parser")
    for br in page.find_all("br"):
        br.replace_with("\n")
    return [
        [[c.get_text() for c in r.find_all(["th", "td"])] for r in t.find_all("tr")]
        for t in page.find_all("table")
    ]


def test_the_worker_gets_the_four_cards() -> None:
    text = to_markdown(DRAFT, EMPTY)
    assert text.count(DRAFT_MARK) == len(CARDS)
    for card in CARDS:
        assert f"## {CARD_NAMES[card]}" in text
        assert all(line_text(x) in text for x in DRAFT.cards[card])
    assert "119" in text
    assert "120" in text
    for hidden in (*(x.text for x in DRAFT.firm), "缺标准", "旧办法", "没有列上"):
        assert hidden not in text


def test_the_mark_goes_when_all_is_filled_in() -> None:
    assert DRAFT_MARK not in to_markdown(DRAFT, FILLED)


def test_the_author_gets_the_rest() -> None:
    text = author_markdown(DRAFT, EMPTY)
    for shown in (*(x.text for x in DRAFT.firm), "## 缺标准", "GB 99997-2015", "旧办法写3人，从严",
                  "你们的灯塔有没有雾号？", "小火轮靠岸鸣笛", "不足：操作行 6/8"):  # fmt: skip
        assert shown in text


@pytest.mark.parametrize("make", [to_markdown, author_markdown, derived_markdown])
def test_tables_render(make: object) -> None:
    assert callable(make)
    for table in cells(make(DRAFT, FILLED)):
        assert len({len(row) for row in table}) == 1


def test_a_rendered_card_says_what_the_table_says() -> None:
    risk = cells(to_markdown(DRAFT, EMPTY))[0]
    table = card_table(DRAFT, EMPTY, "risk")
    assert risk[0] == list(table.header)
    for shown, row in zip(risk[1:], table.rows, strict=True):
        said = ["\n".join(table.sentences(row, i)) for i in range(len(row.cells))]
        assert shown == [*said, "\n".join(table.basis(row))]


def test_an_empty_card_has_a_blank_row() -> None:
    tables = cells(to_markdown(with_lines(duty=()), EMPTY))
    assert tables[1][1:] == [[BLANK] * 5]


@pytest.mark.parametrize(
    "hostile",
    [
        "a|b", "a\nb", "<script>x</script>", "**粗**", "`码`", "[链](http://x)", "# 题", "a\\",
        "（____）和（____）", "____开头", "a_b_c", "~~删~~", "&lt;", "![图](x)", "1. 点", "- 点",
    ],
)  # fmt: skip
def test_text_stays_text(hostile: str) -> None:
    draft = with_lines(duty=(line(hostile, "duty", said=hostile),))
    row = cells(to_markdown(draft, EMPTY))[1][1]
    assert row[1] == clean(hostile)
    assert row[4] == f"员工提出（{clean(hostile)}）"


@settings(max_examples=60, deadline=None)
@given(st.text("ab灯|\\`*_[]()<>&~#!$-+. \n\t\r", max_size=25))
def test_any_text_stays_text(text: str) -> None:
    draft = replace(DRAFT, cards=dict.fromkeys(CARDS, ()) | {"duty": (line(text, "duty"),)})
    row = cells(to_markdown(draft, Firm()))[1][1]
    # Markdown itself trims a cell and joins no spaces
    assert row[1].split() == (clean(text) or BLANK).split()
