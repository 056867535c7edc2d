"""What notes and vocabularies do in a search: filters, site words, reasons, replaced rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kb.errors import UsageError
from kb.index import Index
from kb.model import Status
from kb.notes import Line, Note
from kb.search import Filters, Searcher
from kb.terms import Accident, Jargon, Term, Terms
from tests.search.sample import AS_OF, LAW, LAW_DAY, OLD_LAW_DAY, STANDARD, build

TERMS = Terms(
    hazards={n: Term(f"h{i}", n) for i, n in enumerate(("摔下", "漏油"))},
    activities={"换灯芯": Term("wick", "换灯芯"), "爬梯": Term("climb", "爬梯")},
    posts={
        "守塔人": Term("keeper", "守塔人", ("看灯的", "塔工")),
        "港务员": Term("harbour", "港务员"),
    },
    accidents={
        "fall": Accident("fall", "高处跌落", "高空坠落"),
        "blaze": Accident("blaze", "起火", "起火"),
        "bang": Accident("bang", "油气爆炸", "其他爆炸"),
        "boom": Accident("boom", "油罐爆炸", "其他爆炸"),
    },
    jargon={
        "灯捻子": Jargon("灯捻子", ("灯芯",), "general"),
        "扶把": Jargon("扶把", ("栏杆",), "general"),
    },
)


def note(index: Index, ref: str, clause: str, gist: str, **more: Any) -> Note:
    unit = index.passages.unit(ref, clause)
    assert unit is not None
    return Note(unit.full_id, unit.hash, gist, **more)


@pytest.fixture(scope="module")
def noted(index: Index, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    law, old = f"{LAW}@{LAW_DAY}", f"{LAW}@{OLD_LAW_DAY}"
    standard = f"{STANDARD}@2020-10-11"
    notes = [
        note(
            index, law, "art-1", "捻子三年一换", lay=("捻子用几年", "旧捻子放哪"),
            posts=("守塔人",), activities=("换灯芯",),
            lines=(Line("art-1", "operation", "每三年换灯芯", "worker", "must"),),
        ),
        note(
            index, law, "art-2", "漏油就停灯", lay=("油罐漏了咋办",), posts=("守塔人", "港务员"),
            hazards=("漏油",), accidents=("blaze", "bang"),
            lines=(Line("art-2", "emergency", "停用灯塔", "worker", "must"),),
        ),
        note(
            index, standard, "5.2.1", "梯子要够宽", lay=("楼梯多宽",), posts=("港务员",),
            activities=("爬梯",), hazards=("摔下",), accidents=("fall",),
        ),
        note(index, old, "art-1", "捻子五年一换", lay=("老规矩捻子几年一换",)),
    ]  # fmt: skip
    with build(tmp_path_factory.mktemp("noted") / "i", notes, TERMS) as built:
        yield Searcher(built)


def found(searcher: Searcher, query: str, **filters: Any) -> list[str]:
    hits = searcher.search(query, as_of=AS_OF, filters=Filters.of(searcher, **filters), top=30)
    return [h.clause_id for h in hits]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"posts": ["守塔人"]}, {"art-1", "art-2"}),
        ({"posts": ["看灯的"]}, {"art-1", "art-2"}),  # a name on site
        ({"posts": ["守塔人", "港务员"]}, {"art-1", "art-2", "5.2.1"}),
        ({"posts": ["港务员"], "hazards": ["漏油"]}, {"art-2"}),
        ({"activities": ["爬梯"]}, {"5.2.1"}),
        ({"accidents": ["高空坠落"]}, {"5.2.1"}),  # the 1986 name
        ({"accidents": ["高处跌落"]}, {"5.2.1"}),
        ({"accidents": ["其他爆炸"]}, {"art-2"}),  # one old name for two types
        ({"cards": ["操作"]}, {"art-1"}),
        ({"cards": ["emergency", "岗位操作卡"]}, {"art-1", "art-2"}),
        ({"cards": ["职责"]}, set()),
    ],
)
def test_filters(noted: Searcher, filters: dict[str, list[str]], expected: set[str]) -> None:
    assert set(found(noted, "灯 梯 塔 漏油 灯芯 踏步", **filters)) == expected


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        ({"posts": ["看塔的"]}, ("没有这个岗位", "看灯的")),
        ({"hazards": ["摔"]}, ("没有这个危险有害因素", "摔下")),
        ({"activities": ["换芯"]}, ("没有这个作业活动", "换灯芯")),
        ({"accidents": ["爆炸"]}, ("没有这个事故类型", "其他爆炸")),
        ({"cards": ["墙卡"]}, ("没有这种卡", "风险")),
    ],
)
def test_unknown_words(
    noted: Searcher, filters: dict[str, list[str]], words: tuple[str, ...]
) -> None:
    with pytest.raises(UsageError) as error:
        Filters.of(noted, **filters)  # type: ignore[arg-type]
    assert all(w in str(error.value) for w in words)


def test_site_words_stand_for_standard_terms(noted: Searcher, index: Index) -> None:
    hit = noted.search("扶把", as_of=AS_OF)[0]
    assert (hit.clause_id, hit.why["terms"]) == ("5.2.1", {"扶把": ["栏杆"]})
    assert "5.2.1" not in [h.clause_id for h in Searcher(index).search("扶把", as_of=AS_OF)]


def test_accident_names_of_both_editions(noted: Searcher) -> None:
    expansion = noted.expansion
    assert expansion.find("防高空坠落") == {"高空坠落": ("高处跌落",)}
    assert expansion.find("高处跌落") == {"高处跌落": ("高空坠落",)}
    assert expansion.find("其他爆炸") == {}  # two types are called so: nothing is certain


def test_longest_word_first(noted: Searcher) -> None:
    expansion = replace(noted.expansion, words={"灯捻": ("甲",), "灯捻子": ("乙",)})
    assert expansion.find("灯捻子灯捻") == {"灯捻子": ("乙",), "灯捻": ("甲",)}


def test_why_names_the_way_to_ask(noted: Searcher) -> None:
    hit = noted.search("旧捻子扔到哪里去", as_of=AS_OF)[0]
    assert (hit.clause_id, hit.why["phrase"]) == ("art-1", "旧捻子放哪")


def test_a_replaced_rule_never_above_the_one_in_force(noted: Searcher) -> None:
    query = "老规矩捻子几年一换 五年"
    alone = noted.search(
        query, as_of=AS_OF, filters=Filters(statuses=frozenset({Status.REPLACED})), top=3
    )
    assert alone[0].version.version == OLD_LAW_DAY
    both = noted.search(query, as_of=AS_OF, filters=Filters(statuses=frozenset(Status)), top=30)
    days = [h.version.version for h in both if h.document.id == LAW]
    assert days[0] == LAW_DAY
    assert OLD_LAW_DAY in days


def test_terms_file_is_read_again(tmp_path: Path) -> None:
    with build(tmp_path / "i", terms=TERMS) as built:
        folder = tmp_path / "i" / built.manifest["generation"]
        again = type(built.expansion).load(folder / "terms.json")
    assert again == type(again).of(TERMS)


QUOTED = "守塔人每三年换一次灯芯旧灯芯交回"


@pytest.mark.parametrize(
    ("query", "more"), [(QUOTED, True), (f"{QUOTED}吗", False), ("灯芯", False)]
)
def test_runs_count_for_quotations_only(index: Index, query: str, more: bool) -> None:
    searcher = Searcher(index)
    texts: list[int] = []
    read = searcher._text
    searcher._text = lambda row: texts.append(row) or read(row)  # type: ignore[method-assign,func-returns-value]
    hit = searcher.search(query, as_of=AS_OF)[0]
    assert (hit.clause_id, bool(texts)) == ("art-1", more)
