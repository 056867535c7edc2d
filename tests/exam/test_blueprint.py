"""Blueprints: what they say, what is filled, and what is said of what is not."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from kb.errors import UsageError
from kb.exam import Pool, Wanted, pick
from kb.exam.blueprint import for_audience, load_blueprint
from kb.exam.filling import _Group, _most, fill
from kb.exam.matrix import matrix_rows
from kb.exam.model import TYPES
from tests.exam.sample import LAW, STANDARD


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "exam.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_counts_are_met_in_every_dimension(pool: Pool, tmp_path: Path) -> None:
    plan = load_blueprint(
        written(
            tmp_path,
            "types = { 单选 = 2, 判断 = 4, 填空 = 2 }\n"
            f'sources = {{ "{STANDARD}" = 6, "{LAW}" = 2 }}',
        )
    )
    found = fill(pool, plan, "5")
    assert not found.short
    assert Counter(i.type for i in found.items) == {"单选": 2, "判断": 4, "填空": 2}
    assert Counter(i.id.partition("@")[0] for i in found.items) == {STANDARD: 6, LAW: 2}
    assert len({i.stem for i in found.items}) == 8
    assert fill(pool, plan, "5") == found
    assert fill(pool, plan, "6").items != found.items


def test_parts_do_not_share_items(pool: Pool, tmp_path: Path) -> None:
    text = "".join(
        f'[[part]]\nname = "{n}"\ntypes = {{ 填空 = 2 }}\nsources = ["{STANDARD}"]\n'
        for n in "甲乙"
    )
    found = fill(pool, load_blueprint(written(tmp_path, text)), "1")
    assert Counter(found.part_of[i.item] for i in found.items) == {"甲": 2, "乙": 2}
    rows = matrix_rows(found.items, part_of=found.part_of)
    assert rows[0][:2] == ["部分", "知识点"]
    assert rows[-1][1] == "合计"
    at = rows[0].index("题数")
    assert sum(int(r[at]) for r in rows[1:-1]) == int(rows[-1][at]) == 4
    assert rows[-1][rows[0].index("分值")] == "8"


def test_what_is_not_there_is_said(pool: Pool, tmp_path: Path) -> None:
    there = sum(d.type == "多选" and d.basis.document.id == STANDARD for d in pool.drafts)
    plan = load_blueprint(
        written(tmp_path, f'types = {{ 多选 = 90, 判断 = 1 }}\nsources = ["{STANDARD}"]')
    )
    found = fill(pool, plan, "1")
    (short,) = found.short
    assert (short.dimension, short.label, short.wanted) == ("types", "多选", 90)
    assert 0 < short.had <= there
    assert f"多选 {there} 题" in short.message
    assert len(found.items) == short.had + 1


@pytest.mark.parametrize(
    ("text", "sure", "choice", "word"),
    [
        # there are too few of a type, whoever chooses
        ("types = {{ 多选 = 90, 判断 = 1 }}", None, None, None),
        # the law has no 多选, so both counts cannot be met together
        ('types = {{ 多选 = 2 }}\nsources = {{ "{law}" = 2 }}', True, True, "题库里最多 0 题"),
    ],
)
def test_what_cannot_be_met_is_proven_or_says_that_it_is_not(
    pool: Pool, tmp_path: Path, text: str, sure: bool | None, choice: bool | None, word: str | None
) -> None:
    law = pool.where(d for d in pool.drafts if d.basis.document.id == LAW and d.type != "多选")
    rest = [d for d in pool.drafts if d.basis.document.id != LAW]
    plan = load_blueprint(written(tmp_path, text.format(law=LAW)))
    found = fill(pool.where([*law.drafts, *rest]), plan, "1")
    assert found.short
    for short in found.short:
        assert short.sure == ("题库里最多" in short.message)
        assert ("没有证明" in short.message) == (not short.sure and not short.choice)
    if word:
        assert word in found.short[0].message
        assert (found.short[0].sure, found.short[1].choice) == (sure, choice)


def test_the_bound_counts_items_with_several_posts_once() -> None:
    """Two items that both fit two posts fill two places, not four."""
    both = _Group({"posts": ("甲", "乙"), "types": ("判断",)})
    both.drafts = [None, None]  # type: ignore[list-item]
    need = {"posts": {"甲": 2, "乙": 2, "": 0}, "types": {"判断": 4, "": 0}}
    assert _most([both], need, 4) == 2
    one = _Group({"posts": ("甲",), "types": ("单选",)})
    one.drafts = [None] * 5  # type: ignore[list-item]
    assert _most([both, one], need, 4) == 2
    need["types"] = {"判断": 1, "单选": 3, "": 0}
    assert _most([both, one], need, 4) == 3


def test_what_must_not_come_does_not(pool: Pool, tmp_path: Path) -> None:
    plan = load_blueprint(written(tmp_path, "types = { 填空 = 3 }"))
    first = fill(pool, plan, "1").items
    again = fill(pool, plan, "1", avoid=[i.item for i in first]).items
    assert len(again) == 3
    assert not {i.item for i in first} & {i.item for i in again}


def test_workers_are_asked_what_workers_do(pool: Pool) -> None:
    drafts = for_audience(pool, "一线").drafts
    assert drafts
    assert all(d.basis.note is not None and d.basis.note.who == "worker" for d in drafts)
    assert not for_audience(pool, "主要负责人").drafts
    with pytest.raises(UsageError, match="路人"):
        for_audience(pool, "路人")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "没有题数"),
        ("types = { 连线 = 3 }", "连线"),
        ("difficulty = { 4 = 3 }", "难度 4"),
        ("count = 2\ntypes = { 单选 = 3 }", "多于 2 题"),
        ("types = { 单选 = -1 }", "数目"),
        ("types = { 单选 = true }", "数目"),
        ("types = 5", "types 应为"),
        ("count = 2\ncolour = 1", "colour"),
        ("count = 2\npoints = { 单选 = 0 }", "分数"),
        ("count = 2\n[[part]]\ncount = 3", "各部分里"),
        ('count = 2\nfor = "路人"', "路人"),
        ("count = 6000", "5000"),
        ("count = = 3", "不是 TOML"),
    ],
)
def test_a_blueprint_that_does_not_add_up(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        load_blueprint(written(tmp_path, text))


@pytest.mark.parametrize("kind", TYPES)
def test_points(tmp_path: Path, kind: str) -> None:
    plan = load_blueprint(
        written(tmp_path, f"count = 1\ntitle = '甲 = 乙'\n[points]\n{kind} = 2.5")
    )
    assert plan.points[kind] == 2.5
    assert plan.title == "甲 = 乙"


def test_what_one_order_misses_a_swap_finds(pool: Pool, tmp_path: Path) -> None:
    """What a real paper has of each type and level can be met, whatever the seed."""
    paper = pick(pool, Wanted(18, "3")).items
    types = Counter(i.type for i in paper)
    levels = Counter(str(i.difficulty) for i in paper)
    said = ", ".join(f"{k} = {n}" for k, n in types.items())
    more = ", ".join(f"{k} = {n}" for k, n in levels.items())
    plan = load_blueprint(written(tmp_path, f"types = {{ {said} }}\ndifficulty = {{ {more} }}"))
    for seed in range(8):
        found = fill(pool, plan, str(seed))
        assert not found.short, [s.message for s in found.short]
        assert Counter(str(i.difficulty) for i in found.items) == levels
        assert Counter(i.type for i in found.items) == types
