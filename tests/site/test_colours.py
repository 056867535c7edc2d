"""Contrast of the site's colours (WCAG 2.1 AA: 4.5 to 1 for text), in light and dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAIRS = [
    ("ink", "paper"),
    ("ink", "panel"),
    ("ink", "target"),
    ("ink", "mark"),
    ("soft", "paper"),
    ("soft", "panel"),
    ("soft", "target"),
    ("soft", "mark"),
    ("link", "paper"),
    ("link", "panel"),
    ("link", "target"),
    ("link", "mark"),
    ("good", "good-bg"),
    ("next", "next-bg"),
    ("care", "care-bg"),
    ("bad", "bad-bg"),
    ("open", "open-bg"),
    ("open", "paper"),
]


def colours(css: str, scheme: str) -> dict[str, str]:
    block = re.search(rf'\[data-md-color-scheme="{scheme}"\] {{(.*?)\n}}', css, re.DOTALL)
    assert block
    return dict(re.findall(r"--kb-([a-z-]+): (#[0-9a-f]{6});", block[1]))


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, two: str) -> float:
    high, low = sorted((luminance(one), luminance(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_formula() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("scheme", ["default", "slate"])
@pytest.mark.parametrize(("front", "back"), PAIRS)
def test_text_stands_out(repo: Path, scheme: str, front: str, back: str) -> None:
    css = (repo / "site" / "assets" / "kb.css").read_text(encoding="utf-8")
    found = colours(css, scheme)
    assert contrast(found[front], found[back]) >= 4.5


@pytest.mark.parametrize("scheme", ["default", "slate"])
@pytest.mark.parametrize("back", ["head", "focus"])
def test_white_on_the_header_and_focus_on_paper(repo: Path, scheme: str, back: str) -> None:
    found = colours((repo / "site" / "assets" / "kb.css").read_text(encoding="utf-8"), scheme)
    if back == "head":
        assert contrast("#ffffff", found["head"]) >= 4.5
    else:
        assert contrast(found["focus"], found["paper"]) >= 3
