"""Stored items against changed texts, other days, and files that are none."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kb.errors import UsageError
from kb.exam import Item, Pool, Wanted, items_json, load_items, pick, verify_items
from kb.exam.overlap import overlaps
from kb.index import Index
from tests.exam.sample import AS_OF, LAW_REF, REF, build
from tests.search.sample import N


@pytest.fixture
def items(pool: Pool) -> tuple[Item, ...]:
    return pick(pool, Wanted(40, "1")).items


def changed(clause: str, old: str, new: str) -> object:
    def change(_: str, n: N) -> N:
        return replace(n, text=n.text.replace(old, new)) if n.id.startswith(clause) else n

    return change


def test_what_was_just_made_stands(index: Index, items: tuple[Item, ...]) -> None:
    found = verify_items(index.passages, items, AS_OF)
    assert (found.findings, found.checked) == ((), len(items))


@pytest.mark.parametrize(
    ("clause", "old", "new", "kind"),
    [
        ("5.1.1", "0.6 m", "0.7 m", "figures"),
        ("5.1.1", "踏板应防滑", "踏板要防滑", "wording"),
        ("5.1.2", "1.2 m", "1.3 m", "figures"),
    ],
)
def test_a_changed_clause_makes_its_items_stale(
    tmp_path: Path, pool: Pool, clause: str, old: str, new: str, kind: str
) -> None:
    wanted = [
        i
        for seed in range(20)
        for i in pick(pool, Wanted(30, str(seed), types=("填空", "单选"))).items
        if i.id == f"{REF}#{clause}" and (kind == "wording" or old in i.right)
    ]
    assert wanted
    with build(tmp_path / "index", change=changed(clause, old, new)) as index:  # type: ignore[arg-type]
        found = verify_items(index.passages, wanted, AS_OF)
    assert {f.kind for f in found.findings if f.id == wanted[0].id} == {kind}
    assert set(found.stale) == {i.item for i in wanted}


def test_a_changed_neighbour_marks_the_distractor(tmp_path: Path, pool: Pool) -> None:
    lent = [
        i
        for seed in range(30)
        for i in pick(pool, Wanted(30, str(seed))).items
        if any(d.id == f"{REF}#5.2.4" != i.id for d in i.distractors)
    ]
    assert lent
    with build(tmp_path / "i", change=changed("5.2.4", "滑道入水处", "滑道尽头")) as index:  # type: ignore[arg-type]
        found = verify_items(index.passages, lent[:1], AS_OF)
    assert [f.kind for f in found.findings] == ["distractor"]


@pytest.mark.parametrize(
    ("day", "kinds"),
    [(date(2019, 5, 1), {"pending"}), (date(2018, 1, 1), {"pending"}), (AS_OF, set())],
)
def test_the_day_of_the_exam(
    index: Index, items: tuple[Item, ...], day: date, kinds: set[str]
) -> None:
    law = [i for i in items if i.id.startswith(LAW_REF)]
    assert law
    assert {f.kind for f in verify_items(index.passages, law, day).findings} == kinds


def test_a_rule_that_is_replaced_before_the_exam(index: Index) -> None:
    from kb.exam import make_pool

    day = date(2020, 11, 1)
    old = [
        i
        for i in pick(make_pool(index.passages, day), Wanted(40, "1")).items
        if i.id.startswith("gb-99990-2008@")
    ]
    assert old
    assert verify_items(index.passages, old, day).findings == ()
    after = verify_items(index.passages, old, date(2021, 1, 1)).findings
    assert {f.kind for f in after} == {"changes"}
    assert "2021-01-01" in after[0].message


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"stem": "根据《灯塔作业规程》，灯高不小于（　　）。"}, "identity"),
        ({"id": f"{REF}#9.9.9"}, "missing"),
        ({"id": "meiyou@2020-01-01#1"}, "missing"),
        ({"id": "gb-99991-2021@2021-02-02#4.1"}, "not_loaded"),
        ({"hash": "0" * 12}, "wording"),
    ],
)
def test_what_does_not_fit(
    index: Index, items: tuple[Item, ...], change: dict[str, str], kind: str
) -> None:
    one = next(i for i in items if i.type == "填空")
    found = verify_items(index.passages, [replace(one, **change)], AS_OF)  # type: ignore[arg-type]
    assert kind in {f.kind for f in found.findings}
    assert found.checked == (kind != "not_loaded")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("{", "第 1 行不是 JSON"),
        ('{"items":[{"item":"x"}]}', "第 1 题不成题"),
        ('[{"type":"猜谜"}]', "没有这种题型"),
        ('[{"type":"填空"}]', "缺"),
        ('[{"type":"填空","item":1,"id":"a","hash":"b","stem":"c","answer":"d"}]', "应为文字"),
    ],
)
def test_files_that_hold_no_items(tmp_path: Path, text: str, word: str) -> None:
    path = tmp_path / "题.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=word) as error:
        load_items(path)
    assert str(path) in str(error.value)


def test_files_are_read_back(tmp_path: Path, items: tuple[Item, ...]) -> None:
    path = tmp_path / "题.json"
    path.write_text(json.dumps(items_json(items), ensure_ascii=False), encoding="utf-8")
    assert load_items(path) == items
    lines = "\n".join(json.dumps(i.to_json(), ensure_ascii=False) for i in items)
    path.write_text(lines, encoding="utf-8")
    assert load_items(path) == items
    with pytest.raises(UsageError, match="读不了"):
        load_items(tmp_path / "没有.json")


def test_overlap_finds_the_same_the_same_place_and_what_is_near(
    pool: Pool, items: tuple[Item, ...]
) -> None:
    blank = next(i for i in items if i.type == "填空")
    others = [
        i
        for seed in range(60)
        for i in pick(pool, Wanted(20, str(seed), types=("判断", "单选"))).items
        if i.id == blank.id and i.answer_spans == blank.answer_spans
    ]
    near = replace(blank, item="0" * 12, id=f"{REF}#5.9")
    files = {"a": [blank], "b": [blank, *others[:1], near]}
    assert {t.why for t in overlaps(files)} >= {"同一题", "相近"}
    if others:
        assert "同一处" in {t.why for t in overlaps(files)}
    assert all(t.one != t.two for t in overlaps(files))
