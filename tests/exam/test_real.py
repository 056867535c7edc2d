"""Every question over the nine laws and the development corpus, checked by another's eyes."""

from __future__ import annotations

import itertools
import random
import re
from collections import Counter
from datetime import date

import pytest

from kb.exam import TYPES, Pool, Wanted, make_pool, pick, verify_items
from kb.exam.figures import LONG_STEM
from kb.exam.pick import item_of
from kb.index import Index
from kb.nocopy import core_text
from kb.notes import load_notes
from kb.roots import Roots
from tests.exam.checker import BLANK, faults
from tests.exam.sample import AS_OF

pytestmark = pytest.mark.corpus

FEWEST = {"单选": 230, "多选": 90, "判断": 1500, "填空": 550, "简答": 150}


def test_there_are_enough_of_each_type(real_pool: Pool) -> None:
    counts = Counter(d.type for d in real_pool.drafts)
    assert all(counts[t] >= n for t, n in FEWEST.items()), counts
    examined = {d.basis.id for d in real_pool.drafts}
    assert len(examined) > 0.45 * sum(r["clauses"] for r in real_pool.coverage().documents)


def test_each_draft_stands_in_its_text(real_pool: Pool, real_index: Index) -> None:
    wrong = []
    for draft in real_pool.drafts:
        item = item_of(draft, random.Random(1)).to_json()
        wrong += [f"{item['id']} {item['stem']}: {x}" for x in faults(item, real_index.passages)]
    assert wrong == []


def test_five_hundred_items(real_pool: Pool, real_index: Index) -> None:
    paper = pick(real_pool, Wanted(500, "2026"))
    stems = [i.stem for i in paper.items]
    assert len(paper.items) == 500
    assert len(set(stems)) == 500
    assert {i.type for i in paper.items} == set(TYPES)
    said = Counter(i.answer for i in paper.items if i.type == "判断")
    assert 0.3 < said["错"] / said.total() < 0.6
    letters = Counter(i.answer for i in paper.items if i.type == "单选")
    assert all(n > 0.1 * letters.total() for n in letters.values()), letters
    assert verify_items(real_index.passages, paper.items, AS_OF).findings == ()


def test_papers_have_short_stems_and_differ(real_pool: Pool) -> None:
    """Of two seeds few items are the same, also of the types of which there are few."""
    papers = [pick(real_pool, Wanted(120, seed)).items for seed in ("1", "2", "3")]
    for items in papers:
        assert sum(len(i.stem) > LONG_STEM for i in items) <= 0.1 * len(items)
        assert max(Counter(i.id for i in items).values()) == 1
    for one, two in itertools.combinations(papers, 2):
        shared = {i.item: i.type for i in one if i.item in {j.item for j in two}}
        assert len(shared) <= 0.3 * len(one)
        assert Counter(shared.values())["多选"] <= 12


def test_neither_place_nor_length_tells_the_answer(real_pool: Pool) -> None:
    """As often as chance would have it, give or take."""
    single = [d for d in real_pool.drafts if d.type == "单选"]
    chance = random.Random(5)
    places = Counter(item_of(d, chance).answer for _ in range(8) for d in single)
    assert all(0.22 < n / places.total() < 0.28 for n in places.values()), places
    longest = sum(len(d.right[0]) > max(len(w.text) for w in d.wrong) for d in single)
    assert longest < 0.25 * len(single)
    several = [d for d in real_pool.drafts if d.type == "多选"]
    counts = Counter(len(d.right) for d in several)
    assert max(counts.values()) < 0.75 * len(several), counts
    # a figure that stands alone would be the wrong one
    for d in several:
        if d.kind != "list":
            assert any(re.search(r"\d|[一二两三四五六七八九十每]", r) for r in d.right), d.right


def test_no_word_of_a_note_gets_into_a_question(real_pool: Pool) -> None:
    """Our words of eight characters or more, where the clause does not say the same."""
    notes = load_notes(Roots.of(None).corpora)
    for draft in real_pool.drafts:
        note = notes.get(draft.basis.id)
        if note is None:
            continue
        ours = map(core_text, (note.gist, *note.lay, *(line.text for line in note.lines)))
        runs = {t[i : i + 8] for t in ours for i in range(len(t) - 7)}
        text = core_text(draft.basis.text)
        # a lead and its item stand side by side in a stem; （一） stands between them in the clause
        text += core_text("".join(draft.basis.text[a:b] for a, b in draft.stem_spans))
        stem = draft.stem.partition("，")[2].split(BLANK)
        said = "\n".join(map(core_text, (*stem, *draft.right, *(w.text for w in draft.wrong))))
        for run in runs:
            # a figure made laxer is nobody's words
            if run in said and run not in text and not any(c.isdigit() for c in run):
                others = [w for w in draft.wrong if run in core_text(w.text)]
                assert others, f"{draft.basis.id}: {run}"
                assert all(w.id != draft.basis.id for w in others)


def test_the_known_slips_are_in_no_question(real_pool: Pool) -> None:
    drafts = [d for d in real_pool.drafts if d.basis.document.id == "gb-16423-2020"]
    assert len(drafts) > 1000
    said = "\n".join(f"{d.stem}{d.right}{[w.text for w in d.wrong]}" for d in drafts)
    for slip in ("不大于45%", "信集团", "2.5%～5%", "130", "1°30″"):
        assert slip not in said
    assert not any(d.basis.clause.errata for d in drafts)
    assert not any(d.basis.clause.id in ("5.4.1.1", "5.5.2.5", "6.4.1.17", "8.6") for d in drafts)


def test_stems_are_short_and_name_their_source(real_pool: Pool) -> None:
    for d in real_pool.drafts:
        assert d.stem.startswith("根据《")
        assert len(d.stem) <= 106, d.stem
        assert d.stem.count(BLANK) == (
            d.type == "填空" or (d.type == "单选" and d.kind == "figure")
        )
        assert d.stem.endswith(("。", "？"))
    lengths = sorted(len(d.stem) for d in real_pool.drafts)
    assert lengths[len(lengths) // 2] <= 75


def test_should_and_may_are_never_asked_for(real_pool: Pool) -> None:
    for d in real_pool.drafts:
        if d.type == "填空":
            assert not re.fullmatch(r"应当?|宜|可以?|不应|不得|禁止|严禁|必须", d.right[0])
        if d.kind == "false":
            (wrong,) = d.wrong
            # one figure differs and no word
            assert any(c.isdigit() or c in "一二两三四五六七八九十百半每" for c in wrong.text)


def test_before_a_law_starts_it_is_not_asked(real_index: Index) -> None:
    law = "weixian-huaxuepin-anquan-fa"
    before = make_pool(real_index.passages, date(2026, 4, 30), docs=[law])
    assert before.drafts == ()
    assert "尚未施行" in before.left_out[0].why
    assert make_pool(real_index.passages, date(2026, 5, 1), docs=[law]).drafts


def test_the_rule_that_is_followed_is_the_one_asked(real_pool: Pool) -> None:
    """Keeping records: three years by the law, fewer by the older regulation."""
    asked = {d.basis.id for d in real_pool.drafts}
    assert "weixian-huaxuepin-anquan-fa@2025-12-27#art-61" in asked
    assert "weixian-huaxuepin-anquan-guanli-tiaoli@2013-12-07#art-41" not in asked


def test_each_type_has_all_levels(real_pool: Pool) -> None:
    counts = Counter((d.type, d.difficulty) for d in real_pool.drafts)
    for kind in TYPES:
        whole = sum(counts[kind, n] for n in (1, 2, 3))
        assert all(counts[kind, n] >= 0.04 * whole for n in (1, 2, 3)), (kind, counts)
        assert all(counts[kind, n] <= 0.75 * whole for n in (1, 2, 3)), (kind, counts)
