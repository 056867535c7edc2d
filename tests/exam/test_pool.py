"""What the invented index gives, what it does not, and why."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kb.exam import Item, Pool, make_pool, verify_items
from kb.exam.chosen import Chosen
from kb.exam.figures import Draft
from kb.exam.pick import item_of
from kb.exam.statements import statements
from kb.index import Index
from kb.nocopy import core_text
from kb.quantities import find
from tests.exam.checker import faults
from tests.exam.sample import (
    AS_OF,
    COMING,
    LAW_REF,
    LOCAL,
    OLD,
    OTHER_REF,
    OUR_WORDS,
    REF,
    STANDARD,
    UNLOADED,
    build,
    conflict,
)  # fmt: skip


def drafts(pool: Pool, clause: str, kind: str = "") -> list[Draft]:
    return [d for d in pool.drafts if d.basis.id == clause and (not kind or d.type == kind)]


# clause, type, kind: stem behind the source, the answer
EXPECTED = [
    ("5.1.1", "填空", "爬塔梯踏板的宽度不小于（　　），踏板应防滑。", ("0.6 m",)),
    ("5.1.1", "单选", "爬塔梯踏板的宽度不小于（　　），踏板应防滑。", ("0.6 m",)),
    ("5.1.2", "填空", "爬塔梯应符合下列规定：踏板间距不大于（　　）。", ("0.3 m",)),
    ("5.1.2", "简答", "爬塔梯应符合哪些规定？",
     ("扶手高度不小于1.2 m", "踏板间距不大于0.3 m", "每级踏板的承重不小于200 kg", "夜里应有挂灯")),
    ("5.1.3", "填空", "守塔人爬塔时应系（　　）。", ("安全绳",)),
    ("5.2.2", "简答", "哪些地点应设避雷针？", ("灯室顶部", "油罐旁的空地", "码头尽头的立柱")),
    ("5.2.2", "多选", "下列哪些地点应设避雷针？", ("灯室顶部", "油罐旁的空地", "码头尽头的立柱")),
    ("3.2", "单选", "“系在锚链上、浮于水面给船指路的空心桶”指的是下列哪一个术语？", ("浮筒",)),
]  # fmt: skip


@pytest.mark.parametrize(("clause", "kind", "stem", "right"), EXPECTED)
def test_questions_of_a_clause(
    pool: Pool, clause: str, kind: str, stem: str, right: tuple[str, ...]
) -> None:
    found = {(d.stem.partition("，")[2], d.right) for d in drafts(pool, f"{REF}#{clause}", kind)}
    assert (stem, right) in found


def test_every_draft_stands_in_its_text(pool: Pool, index: Index) -> None:
    for draft in pool.drafts:
        item = item_of(draft, random.Random(3)).to_json()
        assert list(faults(item, index.passages)) == [], item["stem"]


SPOILT = [
    ("answer", {"answer": "0.7 m"}),
    ("hash", {"hash": "0" * 12}),
    ("stem", {"stem": "根据《灯塔作业规程》（GB 99990—2020），塔梯的宽度大体不小于（　　）。"}),
    ("stricter", {"distractors": [{"text": "0.8 m", "id": f"{REF}#5.1.1", "why": "x"}]}),
    ("no source", {"distractors": [{"text": "0.5 m", "id": f"{REF}#9.9", "why": "x"}]}),
]


@pytest.mark.parametrize(("what", "change"), SPOILT)
def test_the_checker_sees_what_is_wrong(
    pool: Pool, index: Index, what: str, change: dict[str, object]
) -> None:
    draft = next(d for d in drafts(pool, f"{REF}#5.1.1", "单选"))
    good = item_of(draft, random.Random(3)).to_json()
    if "answer" in change:
        good["options"] = [*good["options"], change["answer"]]
        change = {"answer": "ABCDEFGH"[len(good["options"]) - 1]}
    assert list(faults(good | change, index.passages)), what


# what gives no question, and a word of the reason
NOTHING = [
    (f"{REF}#5.1.6", "勘误"),
    (f"{REF}#5.1.5", "没有单位"),
    (f"{REF}#5.2.6", "公式"),
    (f"{REF}#5.2.7", "没有结尾"),
    (f"{REF}#5.2.8", "上下文"),
    (f"{LAW_REF}#art-1", "没有要求"),
    (f"{OLD}@2008-05-05", "被代替"),
    (f"{LOCAL}@2018-01-01", "--region"),
    (f"{COMING}@2026-10-01", "尚未施行"),
    (UNLOADED, "要点"),
]


@pytest.mark.parametrize(("id_", "word"), NOTHING)
def test_what_gives_none_says_why(pool: Pool, id_: str, word: str) -> None:
    assert [x.why for x in pool.left_out if x.id == id_ and word in x.why]
    assert not [d for d in pool.drafts if d.basis.id.startswith((f"{id_}#", f"{id_} ")) or
                d.basis.id == id_]  # fmt: skip


def test_a_document_with_notes_only_gives_nothing(index: Index) -> None:
    pool = make_pool(index.passages, AS_OF, docs=[UNLOADED])
    assert pool.drafts == ()
    assert [x.id for x in pool.left_out] == [UNLOADED]
    assert "kb build --corpus" in pool.left_out[0].why


def test_our_words_are_in_no_question(pool: Pool) -> None:
    ours = core_text(OUR_WORDS)
    said = "\n".join(f"{d.stem}{d.right}{d.explanation}{d.wrong}" for d in pool.drafts)
    for i in range(len(ours) - 5):
        assert ours[i : i + 6] not in core_text(said)
    assert drafts(pool, f"{REF}#5.1.1")[0].basis.note is not None


def test_a_laxer_figure_is_not_true_elsewhere(pool: Pool) -> None:
    """The older regulation keeps the same book for one year: no false statement says one year."""
    wrong = {w.text for d in drafts(pool, f"{LAW_REF}#art-5") for w in d.wrong}
    assert wrong == {"两年"}


@pytest.mark.parametrize(
    ("rule", "prevails", "asked", "silent"),
    [
        ("上位法", f"{LAW_REF}#art-5.p1", f"{LAW_REF}#art-5", f"{OTHER_REF}#art-1"),
        ("从严", f"{LAW_REF}#art-5.p1", f"{LAW_REF}#art-5", f"{OTHER_REF}#art-1"),
        ("新法", f"{OTHER_REF}#art-1.p1", f"{OTHER_REF}#art-1", f"{LAW_REF}#art-5"),
        ("特别法", f"{OTHER_REF}#art-1.p1", f"{LAW_REF}#art-5", ""),
        ("待定", "", "", f"{LAW_REF}#art-5"),
        ("待定", "", "", f"{OTHER_REF}#art-1"),
    ],
)
def test_of_two_rules_the_one_that_is_followed(
    tmp_path: Path, rule: str, prevails: str, asked: str, silent: str
) -> None:
    with build(tmp_path / "index", conflicts=[conflict(prevails, rule)]) as index:
        pool = make_pool(index.passages, AS_OF)
    if asked:
        found = drafts(pool, asked)
        assert found
        assert all(d.stem.startswith("根据《") for d in found)
    if silent:
        assert drafts(pool, silent) == []
        why = next(x.why for x in pool.left_out if x.id == silent)
        assert "不一致" in why


def test_a_local_rule_is_asked_in_its_place(index: Index) -> None:
    pool = make_pool(index.passages, AS_OF, region="浙江省绍兴市")
    assert drafts(pool, f"{LOCAL}@2018-01-01#art-1")
    other = make_pool(index.passages, AS_OF, region="重庆市")
    assert not drafts(other, f"{LOCAL}@2018-01-01#art-1")


@pytest.mark.parametrize(
    ("day", "width", "coming"),
    [
        (date(2020, 11, 1), f"{OLD}@2008-05-05#4.1", False),
        (AS_OF, f"{REF}#5.1.1", False),
        (date(2027, 5, 1), f"{REF}#5.1.1", True),
    ],
)
def test_only_rules_in_force_on_the_day(index: Index, day: date, width: str, coming: bool) -> None:
    pool = make_pool(index.passages, day)
    steps = {d.basis.id for d in pool.drafts if "踏板的宽度" in d.stem}
    assert steps == {width}
    assert any(d.basis.document.id == COMING for d in pool.drafts) is coming


def test_the_pool_is_the_same_each_time_and_for_one_document(index: Index, pool: Pool) -> None:
    again = make_pool(index.passages, AS_OF)
    assert [(d.stem, d.right, d.wrong) for d in again.drafts] == [
        (d.stem, d.right, d.wrong) for d in pool.drafts
    ]
    alone = make_pool(index.passages, AS_OF, docs=[STANDARD])
    mine = [d for d in pool.drafts if d.basis.document.id == STANDARD]
    assert [(d.stem, d.right, d.wrong) for d in alone.drafts] == [
        (d.stem, d.right, d.wrong) for d in mine
    ]


def test_two_clauses_that_ask_alike_name_themselves(tmp_path: Path) -> None:
    """The same words on another floor: which of the two is meant must be told."""

    def change(ref: str, n: object) -> object:
        if ref == REF and getattr(n, "id", "") == "5.2.5":
            return replace(n, text="爬塔梯踏板的宽度不小于0.8 m，踏板应防滑。")  # type: ignore[type-var]
        return n

    with build(tmp_path / "index", change=change) as index:  # type: ignore[arg-type]
        pool = make_pool(index.passages, AS_OF)
    stems = {d.stem for d in pool.drafts if d.type == "填空" and "踏板的宽度" in d.stem}
    assert len(stems) == 2
    assert all("5.1.1，" in s or "5.2.5（灯室），" in s for s in stems)
    # and neither gives the other's figure as wrong
    wide = [d for d in pool.drafts if d.basis.id == f"{REF}#5.2.5"]
    assert not any(w.text == "0.6 m" for d in wide for w in d.wrong)


def test_statements_are_spans_that_read_alone(pool: Pool) -> None:
    seen = 0
    for basis in pool.shelf.asked:
        for s in statements(basis):
            assert basis.text[s.start : s.end] == s.text
            assert s.text
            assert s.text[-1] not in "。；：，"
            assert not s.text.startswith(("其", "但", "该", "前款"))
            seen += 1
    assert seen > 30


def test_coverage_counts_every_clause(pool: Pool) -> None:
    found = pool.coverage()
    rows = {r["id"]: r for r in found.documents}
    assert rows[REF]["clauses"] == sum(b.clause.ref == REF for b in pool.shelf.all)
    used = {d.basis.id for d in pool.drafts if d.basis.clause.ref == REF}
    assert rows[REF]["examined"] == len(used)
    assert rows[REF]["items"] == sum(rows[REF]["types"].values())
    silent = {x.id for x in found.left_out if x.id.startswith(f"{REF}#")}
    assert len(silent) + len(used) == rows[REF]["clauses"]


TERMS = [
    ("灯室的油壶应结合供油系统设置铜嘴弯管。", ["铜嘴弯管"]),  # 系统 is no 系
    ("灯室的备用灯架应设在北墙的窗台边。", []),  # where, not what
    ("塔身各层平台均应设铜扶手；塔身各层平台均应设绳软梯。", []),  # two answers
    ("禁止使用羊皮灯罩。", []),  # of whom?
    ("守塔人和渡工应当制定并公布值班表。", []),
    ("守塔人每次上塔应进行旗语练习。", []),
    ("灯室的人员、装备等保障应由渔会提供。", []),
    ("灯室的窗台应设鱼油排水。", []),
    ("守塔人每次上塔前应佩戴铜哨子。", ["铜哨子"]),
    ("守塔人提灯下梯时不应90°急转弯。", []),  # what is banned has no figure to know
]


@pytest.mark.parametrize(("text", "right"), TERMS)
def test_a_blank_has_one_answer(tmp_path: Path, text: str, right: list[str]) -> None:
    def change(ref: str, n: object) -> object:
        same = ref == REF and getattr(n, "id", "") == "5.2.5"
        return replace(n, text=text) if same else n  # type: ignore[type-var]

    with build(tmp_path / "index", change=change) as index:  # type: ignore[arg-type]
        pool = make_pool(index.passages, AS_OF)
    found = [d.right[0] for d in drafts(pool, f"{REF}#5.2.5", "填空")]
    assert found == right


def test_a_short_subject_is_named_by_its_clause(pool: Pool) -> None:
    """爬塔梯 is spoken of in many clauses."""
    essays = drafts(pool, f"{REF}#5.1.2", "简答")
    assert essays
    assert all("5.1.2，爬塔梯应符合" in d.stem for d in essays)


def test_sentences_of_a_section_stand_beside_each_other(tmp_path: Path) -> None:
    """Right options as they stand, wrong ones laxer, each with the clause that it breaks."""
    texts = {
        "5.2.1": "灯室内油灯的间距不小于2 m。",
        "5.2.5": "瞭望台木栏杆的高度不小于1.2 m，并应每年涂漆。",
        "5.2.6": "旗绳滑轮的摩擦损耗不应大于8 mm。",
        "5.2.7": "救生艇缆索的伸长量不应超过30 mm。",
        "5.2.8": "码头铁梯伸入水面以下的长度不小于0.9 m。",
    }

    def change(ref: str, n: object) -> object:
        text = texts.get(getattr(n, "id", "")) if ref == REF else None
        return replace(n, text=text) if text else n  # type: ignore[type-var]

    with build(tmp_path / "index", change=change) as index:  # type: ignore[arg-type]
        pool = make_pool(index.passages, AS_OF)
        found = [d for d in pool.drafts if d.kind == "section"]
        assert {d.type for d in found} == {"单选", "多选"}
        for d in found:
            assert d.stem.startswith("根据《灯塔作业规程》（GB 99990—2020）5.2（灯室），下列说法")
            assert d.right[0] in d.basis.text
            assert all(w.id != d.basis.id for w in d.wrong)
            item = item_of(d, random.Random(1))
            assert list(faults(item.to_json(), index.passages)) == []
            assert verify_items(index.passages, [item], AS_OF).findings == ()
            assert Item.from_json(item.to_json()) == item
        several = [d for d in found if d.type == "多选"]
        assert several
        assert all((len(d.right), len(d.wrong)) in ((2, 2), (3, 1)) for d in several)
        assert all(any(map(find, d.right)) for d in several)
        both = Chosen()
        both.add(several[0])
        # what is right in one item cannot be wrong in another, nor be asked for again
        assert not [d for d in pool.drafts if d.kind == "figure" and both.may(d)
                    and (d.basis.order in {place[0] for place in several[0].lent})]  # fmt: skip
