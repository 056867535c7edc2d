"""A paper by its seed: the same again, no stem twice, nothing that gives another away."""

from __future__ import annotations

import itertools
import json
import random

import pytest

from kb.exam import TYPES, Item, Pool, Wanted, items_json, pick
from kb.exam.model import item_id
from kb.exam.overlap import overlaps
from kb.exam.pick import item_of


def text_of(items: tuple[Item, ...]) -> str:
    return json.dumps(items_json(items), ensure_ascii=False)


@pytest.mark.parametrize("seed", ["1", "2", "geheim:7"])
def test_the_same_seed_gives_the_same_paper(pool: Pool, seed: str) -> None:
    one, two = (pick(pool, Wanted(12, seed)) for _ in range(2))
    assert text_of(one.items) == text_of(two.items)
    assert len(one.items) == 12


def test_another_seed_gives_another_paper(pool: Pool) -> None:
    papers = {text_of(pick(pool, Wanted(12, str(s))).items) for s in range(5)}
    assert len(papers) == 5


@pytest.mark.parametrize("seed", range(8))
def test_no_item_gives_another_away(pool: Pool, seed: int) -> None:
    items = pick(pool, Wanted(20, str(seed))).items
    stems = [i.stem for i in items]
    assert len(set(stems)) == len(stems)
    for a, b in itertools.combinations(items, 2):
        if a.id == b.id:
            for (s, e), (t, f) in itertools.product(a.answer_spans, b.answer_spans):
                assert f <= s or e <= t, (a.stem, b.stem)
    assert list(overlaps({"x": items})) == []


def test_items_do_not_depend_on_the_paper(pool: Pool) -> None:
    """A verdict on an item holds for every paper: only the order of its options differs."""
    seen: dict[str, Item] = {}
    for seed in range(12):
        for item in pick(pool, Wanted(15, str(seed))).items:
            first = seen.setdefault(item.item, item)
            assert (item.stem, sorted(item.right)) == (first.stem, sorted(first.right))
            assert sorted(item.options) == sorted(first.options)
            assert item.distractors == first.distractors
    assert len(seen) > 20


def test_types_and_counts(pool: Pool) -> None:
    paper = pick(pool, Wanted(6, "1", types=("判断", "填空")))
    assert [i.type for i in paper.items] == ["判断"] * 3 + ["填空"] * 3
    assert paper.messages == ()
    order = [TYPES.index(i.type) for i in pick(pool, Wanted(15, "1")).items]
    assert order == sorted(order)


def test_too_few_are_told(pool: Pool) -> None:
    paper = pick(pool, Wanted(500, "1", types=("多选",)))
    assert 0 < len(paper.items) < 500
    assert any(f"只出得了 {len(paper.items)} 题" in m for m in paper.messages)
    assert any("雾号维护规程" in m and "kb build" in m for m in paper.messages)


def test_posts_topics_and_difficulty(pool: Pool) -> None:
    paper = pick(pool, Wanted(3, "1", posts=("守塔人",)))
    assert {i.id.partition("#")[2] for i in paper.items} == {"5.1.1"}
    assert {i.post for i in paper.items} == {"守塔人"}
    assert {i.topic for i in paper.items} == {"爬塔"}
    titles = {i.topic for i in pick(pool, Wanted(30, "1", topics=("灯室",))).items}
    assert titles == {"灯室"}
    hard = pick(pool, Wanted(5, "1", difficulties=(3,))).items
    assert {i.difficulty for i in hard} == {3}
    assert pick(pool, Wanted(3, "1", posts=("没有这个岗",))).items == ()


def test_what_is_to_be_avoided_does_not_come(pool: Pool) -> None:
    known = pick(pool, Wanted(20, "1")).items
    wanted = Wanted(
        20,
        "2",
        avoid=frozenset(i.item for i in known),
        avoid_stems=tuple(i.stem for i in known),
    )
    fresh = pick(pool, wanted).items
    assert fresh
    assert not {i.item for i in fresh} & {i.item for i in known}
    assert not {i.stem for i in fresh} & {i.stem for i in known}


def test_false_statements_are_about_half(pool: Pool) -> None:
    said = [i.answer for i in pick(pool, Wanted(10, "3", types=("判断",))).items]
    assert 3 <= said.count("错") <= 6


@pytest.mark.parametrize("draw", range(6))
def test_letters_name_the_right_options(pool: Pool, draw: int) -> None:
    drafts = [d for d in pool.drafts if d.type in ("单选", "多选")]
    for d in drafts:
        item = item_of(d, random.Random(draw))
        assert sorted(item.right) == sorted(d.right)
        assert len(item.options) == len(set(item.options)) == len(d.right) + len(d.wrong)
        assert item.answer == "".join(sorted(item.answer))
        assert 4 <= len(item.options) <= 8
        assert Item.from_json(item.to_json()) == item


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        (("填空", "灯高（　　）。", ["6 m"]), ("填空", "灯高（　　）", ["6m"]), True),
        (("填空", "灯高（　　）。", ["6 m"]), ("填空", "灯高（　　）。", ["60 m"]), False),
        (("填空", "灯高（　　）。", ["1.5 m"]), ("填空", "灯高（　　）。", ["15 m"]), False),
        (("填空", "灯高（　　）。", ["45%"]), ("填空", "灯高（　　）。", ["45‰"]), False),
        (("填空", "灯高（　　）。", ["6 m"]), ("单选", "灯高（　　）。", ["6 m"]), False),
        (("多选", "哪些灯？", ["甲", "乙"]), ("多选", "哪些灯？", ["乙", "甲"]), True),
        (("判断", "灯高6 m。", ["对"]), ("判断", "灯高6 m。", ["错"]), False),
    ],
)
def test_item_ids(
    one: tuple[str, str, list[str]], two: tuple[str, str, list[str]], same: bool
) -> None:
    a, b = item_id(*one), item_id(*two)
    assert (a == b) is same
    assert len(a) == 12
