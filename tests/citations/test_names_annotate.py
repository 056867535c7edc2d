"""Short names that a text defines, and the segments that the site and the command line show."""

from __future__ import annotations

import pytest

from kb.citations import Alias, Segment, aliases, annotate, find
from kb.model import Resolution


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("《某某法》（以下简称《甲法》）", [Alias("甲法", "某某法")]),
        ("《某某法》（以下简称甲法）", [Alias("甲法", "某某法")]),
        ("《某方案》（津甲发〔2021〕2号，以下简称方案）", []),
        (
            "《某方案》（津甲发〔2021〕2号）（以下简称“方案”）",
            [Alias("方案", "某方案", "津甲发〔2021〕2号")],
        ),
        ("GB 6722（以下简称规程）", [Alias("规程", "", "GB 6722")]),
        ("从业单位（以下简称企业）", []),
        ("《甲法》第三条（以下简称该条）", []),
        ("依照《甲乙法》（以下简称乙法）第三条", [Alias("乙法", "甲乙法")]),
        ("《甲法》（以下统称安全法）、《乙》（下称乙）", [Alias("安全法", "甲法")]),
    ],
)
def test_aliases(text: str, expected: list[Alias]) -> None:
    assert list(aliases(text)) == expected


def test_segments_join_to_the_text() -> None:
    text = "依照本法第三条和前款办理"
    resolved = [Resolution(c, ("x",)) for c in find(text)]
    segments = annotate(text, resolved)
    assert "".join(s.text for s in segments) == text
    assert [s.text for s in segments if s.resolution] == ["本法第三条", "前款"]
    assert annotate("甲", []) == [Segment("甲")]


def test_segments_of_a_part_of_the_text() -> None:
    text = "前言。本法第三条"
    resolved = [Resolution(c, ("x",)) for c in find(text)]
    assert annotate(text[3:], resolved, offset=3) == [Segment("本法第三条", resolved[0])]


@pytest.mark.parametrize("other", ["依照本条第三条", "本", ""])
def test_segments_of_another_text_are_refused(other: str) -> None:
    resolved = [Resolution(c, ("x",)) for c in find("依照本法第三条")]
    with pytest.raises(ValueError, match="位置与文本不符"):
        annotate(other, resolved)
