"""Skeletons: the shipped ones are sound, what is not is named, none is on a card unreviewed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kb.cards.model import SKELETON_MARK
from kb.cards.skeletons import (
    BLIND_RESCUE,
    DEADLY_RESCUES,
    FILE,
    LONGEST,
    MOST_STEPS,
    PARTS,
    Skeleton,
    load_skeletons,
    skeleton_lines,
    skeleton_problems,
)
from kb.errors import CatalogError
from kb.terms import Accident, Terms

GOOD = """
[[skeleton]]
code = "splash"
signs = ["浪头变高"]
first = "停下绞盘，退到塔里"
report = "立即报告塔长"
how = ["数清人数", "拨打120"]
who = "塔长指挥"
never = ["禁止盲目施救：没系绳不出塔", "禁止点火"]
author = "s8"
reviewer = "s9"
"""
TERMS = Terms(accidents={"splash": Accident("splash", "落水", "淹溺")})


def folder(root: Path, text: str = GOOD) -> Path:
    root.mkdir(parents=True, exist_ok=True)
    (root / FILE).write_text(text, encoding="utf-8")
    return root


def good(root: Path) -> Skeleton:
    return load_skeletons([folder(root)])["splash"]


@pytest.fixture(scope="module")
def shipped(repo: Path) -> dict[str, Skeleton]:
    return load_skeletons([repo / "corpus"])


def test_what_is_shipped(shipped: dict[str, Skeleton], repo: Path) -> None:
    terms = Terms.load([repo / "corpus"])
    assert set(shipped) == set(terms.accidents)
    reviewed = {code: replace(s, reviewer="r0") for code, s in shipped.items()}
    assert list(skeleton_problems(reviewed, terms)) == []


def test_nobody_is_sent_in(shipped: dict[str, Skeleton]) -> None:
    assert set(shipped) >= DEADLY_RESCUES
    for code in DEADLY_RESCUES:
        assert any(x.startswith(BLIND_RESCUE) for x in shipped[code].never), code


def test_every_shipped_line_is_marked_and_calls_for_help(shipped: dict[str, Skeleton]) -> None:
    for code, skeleton in shipped.items():
        lines = skeleton_lines(replace(skeleton, reviewer="r0"))
        assert {x.activity for x in lines} == set(PARTS.values())
        assert {(x.card, x.origin, x.accident, x.group) for x in lines} == {
            ("emergency", "skeleton", code, "do")
        }
        assert {x.citation for x in lines} == {SKELETON_MARK}
        said = "".join(x.text for x in lines)
        assert "120" in said, code
        assert "小时" not in said, code
        (report,) = [x for x in lines if x.activity == PARTS["report"]]
        assert report.report_to, code
        assert "报告班组长" in report.text, code
        assert "立即" in report.text, code


def test_the_most_urgent_comes_first(tmp_path: Path) -> None:
    lines = skeleton_lines(good(tmp_path))
    assert [(x.activity, x.phase, x.must, x.text) for x in lines] == [
        ("第一步", "during", "must", "停下绞盘，退到塔里"),
        ("禁止", "never", "must-not", "禁止盲目施救：没系绳不出塔"),
        ("报告谁", "during", "must", "立即报告塔长"),
        ("如何处置", "during", "must", "数清人数"),
        ("如何处置", "during", "must", "拨打120"),
        ("禁止", "never", "must-not", "禁止点火"),
        ("事故征兆", "before", "must", "浪头变高"),
        ("谁去做", "during", "must", "塔长指挥"),
    ]


@pytest.mark.parametrize(
    ("author", "reviewer", "on_card"), [("s8", "s9", True), ("s8", "s8", False), ("s8", "", False)]
)
def test_only_what_another_has_reviewed_is_on_a_card(
    tmp_path: Path, author: str, reviewer: str, on_card: bool
) -> None:
    skeleton = replace(good(tmp_path), author=author, reviewer=reviewer)
    assert bool(skeleton_lines(skeleton)) == on_card
    problems = list(skeleton_problems({"splash": skeleton}, TERMS))
    assert any("还没有由另一人审过" in p for p in problems) != on_card


LONG = "禁" * (LONGEST + 1)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({}, None),
        ({"how": ("拨打119、120、110、122",)}, None),
        ({"how": ("退" * LONGEST,)}, None),
        ({"code": "flash"}, "没有这个事故类型"),
        ({"how": (LONG,)}, f"有 {LONGEST + 1} 字"),
        ({"first": LONG}, "第一步"),
        ({"signs": (LONG,)}, "事故征兆"),
        ({"who": LONG}, "谁去做"),
        ({"report": LONG}, "报告谁"),
        ({"never": (BLIND_RESCUE, LONG)}, "禁止"),
        ({"how": tuple(f"做法{c}" for c in "甲乙丙丁戊己庚"[: MOST_STEPS + 1])}, "最多 6 步"),
        ({"how": ("退后10 m",)}, "里有数字"),
        ({"how": ("退后十米",)}, "里有数字"),
        ({"how": ("拨打13800000000",)}, "里有数字"),
        ({"report": "1小时内报告塔长"}, "里有数字"),
        ({"how": ("数清人数", "数清人数")}, "写了 2 次"),
        ({"never": ("禁止点火",), "signs": ("料仓埋人",)}, "要有“禁止盲目施救”"),
        ({"never": ("禁止点火",), "how": ("落水的先抛绳子",)}, "要有“禁止盲目施救”"),
        ({"never": ("禁止点火",)}, None),
    ],
)
def test_problems(tmp_path: Path, change: dict[str, object], problem: str | None) -> None:
    skeleton = replace(good(tmp_path), **change)  # type: ignore[arg-type]
    found = list(skeleton_problems({skeleton.code: skeleton}, TERMS))
    if problem is None:
        assert found == []
    else:
        assert any(problem in p for p in found), found


@pytest.mark.parametrize("code", sorted(DEADLY_RESCUES))
def test_a_deadly_rescue_must_be_forbidden_whatever_it_says(tmp_path: Path, code: str) -> None:
    skeleton = replace(good(tmp_path), code=code, never=("禁止点火",))
    terms = Terms(accidents={code: Accident(code, "x", "x")})
    (problem,) = skeleton_problems({code: skeleton}, terms)
    assert BLIND_RESCUE in problem


def test_an_accident_without_skeleton_is_named() -> None:
    assert list(skeleton_problems({}, TERMS)) == ["splash：还没有骨架"]


def test_a_later_folder_replaces_by_code(tmp_path: Path) -> None:
    first = folder(tmp_path / "a", GOOD + GOOD.replace("splash", "rock"))
    second = folder(tmp_path / "b", GOOD.replace("塔长指挥", "港务员指挥"))
    found = load_skeletons([first, second, tmp_path / "none"])
    assert (found["splash"].who, found["rock"].who) == ("港务员指挥", "塔长指挥")


def without(key: str) -> Callable[[str], str]:
    return lambda text: "\n".join(x for x in text.split("\n") if not x.startswith(key))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (GOOD * 2, "第 2 条：splash 与前面重复"),
        (GOOD + "level = 3\n", "不认识 level"),
        *((without(k)(GOOD), f"缺 {k}") for k in ("code", "signs", "first", "how", "author")),
        (GOOD.replace('"塔长指挥"', "3"), "who 应为文字"),
        (GOOD.replace('"塔长指挥"', '" "'), "who 应为文字"),
        (GOOD.replace('["浪头变高"]', '"浪头变高"'), "signs 应为一组文字"),
        (GOOD.replace('["浪头变高"]', "[]"), "signs 应为一组文字"),
        (GOOD.replace('["浪头变高"]', '[""]'), "signs 里有空的"),
        (GOOD.replace('["浪头变高"]', "[7]"), "signs 里有空的"),
        ('title = "x"\n', "[[skeleton]]"),
        ("skeleton = 3\n", "[[skeleton]]"),
        ("skeleton = [3]\n", "[[skeleton]]"),
        ("[[skeleton]\n", "读不了"),
    ],
)
def test_what_is_malformed_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(CatalogError) as caught:
        load_skeletons([folder(tmp_path, text)])
    assert message in str(caught.value)
    assert FILE in str(caught.value)
