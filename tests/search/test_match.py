"""What of a query is marked in a text."""

from __future__ import annotations

import pytest

from kb.search.match import match
from kb.tokenizer import Tokenizer

COMMON, RARE = 0.5, 4.0


@pytest.mark.parametrize(
    ("text", "rare", "marked"),
    [
        # a rare word is marked as it stands
        ("检查钢丝绳和信号", {"钢丝绳"}, ["钢丝绳"]),
        # where no word is rare: pairs across words, but no half of a common word
        ("安全生产部门", {"全生"}, []),
        ("安全 生产部门的检查", {"全生", "门的"}, ["门的"]),
        # a figure is always marked
        ("第120条写着", set(), ["120条"]),
    ],
)
def test_marks(text: str, rare: set[str], marked: list[str]) -> None:
    words = frozenset({"安全", "生产", "钢丝绳", "120条"})
    rarity = dict.fromkeys(words, COMMON) | dict.fromkeys(rare, RARE)
    found = match(Tokenizer.load(), text, words, rarity)
    assert [text[a:b] for a, b in found.spans] == marked
