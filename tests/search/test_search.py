"""Searching the invented index: contract of a hit, validity, filters, ties, odd queries."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kb.errors import UnknownIdError, UsageError
from kb.index import Index
from kb.model import Status
from kb.notes import Note
from kb.search import MAX_WORDS, Filters, Searcher
from kb.search.fusion import Fused
from tests.search.sample import (
    AS_OF,
    CHANGE,
    COMING,
    LAW,
    LAW_DAY,
    LOCAL,
    NOTICE,
    OLD_LAW_DAY,
    REPEALED,
    STANDARD,
    TWIN,
    build,
)


def ids(searcher: Searcher, query: str, **more: Any) -> list[str]:
    return [h.full_id for h in searcher.search(query, as_of=more.pop("as_of", AS_OF), **more)]


CONTRACT = {
    "rank": int,
    "score": float,
    "id": str,
    "version": str,
    "unit": str,
    "doc": dict,
    "clause": str,
    "path": list,
    "text": str,
    "gist": type(None),
    "citation": str,
    "url": str,
    "in_force": str,
    "why": dict,
    "highlights": list,
}


def test_contract(searcher: Searcher) -> None:
    hits = searcher.search("灯芯多久换一次 3年", as_of=AS_OF)
    assert hits
    for rank, hit in enumerate(hits, 1):
        row = hit.to_json()
        assert json.loads(json.dumps(row)) == row
        assert {k: type(v) for k, v in row.items()} == CONTRACT
        assert {k: type(v) for k, v in row["doc"].items()} == {
            "id": str,
            "title": str,
            "short": str,
            "number": str if row["doc"]["number"] else type(None),
            "kind": str,
            "status": str,
            "region": str,
        }
        assert row["rank"] == rank
        assert 0 < row["score"] <= 1
        assert row["unit"].startswith(row["id"].partition("#")[2])
        assert all(type(x) is int for span in row["highlights"] for x in span)
    scores = [h.score for h in hits]
    assert scores == sorted(scores, reverse=True)
    assert len({h.full_id for h in hits}) == len(hits)


def test_a_hit_in_full(searcher: Searcher) -> None:
    row = searcher.search("接地电阻 4欧姆", as_of=AS_OF)[0].to_json()
    text = row["text"]
    assert {k: row[k] for k in ("id", "version", "unit", "clause", "path", "citation", "url")} == {
        "id": "gb-99998-2020#5.2.1",
        "version": "2020-10-11",
        "unit": "5.2.1.i2",
        "clause": "5.2.1",
        "path": ["5 安装", "5.2 螺旋梯"],
        "citation": "《螺旋梯安装规程》（GB 99998—2020）5.2.1",
        "url": "docs/gb-99998-2020/#5.2.1",
    }
    assert row["doc"] == {
        "id": STANDARD,
        "title": "螺旋梯安装规程",
        "short": "GB 99998-2020",
        "number": "GB 99998-2020",
        "kind": "standard",
        "status": "现行",
        "region": "",
    }
    assert [text[a:b] for a, b in row["highlights"]] == ["接地电阻", "4 Ω"]
    assert set(row["why"]["matched"]) == {"4欧", "接地电阻"}
    assert row["why"]["figures"] == ["4欧"]
    assert row["why"]["fields"]["text"] > 0.5


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("灯芯 3年", f"{LAW}@{LAW_DAY}#art-1"),
        ("灯芯 三年", f"{LAW}@{LAW_DAY}#art-1"),
        ("渗漏 40%", f"{LAW}@{LAW_DAY}#art-2"),
        ("停用 24小时", f"{LAW}@{LAW_DAY}#art-2"),
        ("坡度 8%", f"{TWIN}@2015-05-05#5.2.1"),
        ("擦踏步 七十二小时", f"{STANDARD}@2020-10-11#5.2.1"),
        ("罚款 500000元", f"{LAW}@{LAW_DAY}#art-25"),
        ("吊灯 2.5米", f"{STANDARD}@2020-10-11#5.2.2"),
        ("梯子锈断 3级", f"{LAW}@{LAW_DAY}#art-2"),
    ],
)
def test_figures_match_in_any_writing(searcher: Searcher, query: str, first: str) -> None:
    assert ids(searcher, query)[0] == first


@pytest.mark.parametrize(
    ("query", "clause", "unit"),
    [
        ("灯塔法第25条", f"{LAW}@{LAW_DAY}#art-25", "art-25"),
        ("塔法二十五条之一", f"{LAW}@{LAW_DAY}#art-25-1", "art-25-1"),
        ("《灯塔法》第二条第一款第（三）项", f"{LAW}@{LAW_DAY}#art-2", "art-2.p1.i3"),
        ("99998 5.2.1", f"{STANDARD}@2020-10-11#5.2.1", "5.2.1"),
        ("GB99998-2020 5.2.1第三项", f"{STANDARD}@2020-10-11#5.2.1", "5.2.1.i3"),
        ("gb-99998-2020#5.2.1.i2", f"{STANDARD}@2020-10-11#5.2.1", "5.2.1.i2"),
        ("3.1", f"{STANDARD}@2020-10-11#3.1", "3.1"),
        ("灯塔法（2007）第一条", f"{LAW}@{OLD_LAW_DAY}#art-1", "art-1"),
        (f"{LAW}@{OLD_LAW_DAY}#art-2", f"{LAW}@{OLD_LAW_DAY}#art-2", "art-2"),
        ("关于修改海图的决定第一条", f"{CHANGE}@2019-04-04#item-1", "item-1"),
        ("渔应急〔2021〕7号", f"{NOTICE}@2021-03-02#m-s1-k1", "m-s1-k1"),
    ],
)
def test_a_citation_comes_first(searcher: Searcher, query: str, clause: str, unit: str) -> None:
    hits = searcher.search(query, as_of=AS_OF)
    assert (hits[0].full_id, hits[0].unit) == (clause, unit)
    if query != "3.1":  # a figure with one point may be a figure: it is looked for as words
        assert hits[0].score == 1.0
        assert {"citation", "document"} & set(hits[0].why)
    assert len({h.full_id for h in hits}) == len(hits)


def test_a_cited_part_is_highlighted(searcher: Searcher) -> None:
    hit = searcher.search("灯塔法第二条第一款第（三）项", as_of=AS_OF)[0]
    assert hit.text is not None
    assert [hit.text[a:b] for a, b in hit.highlights] == ["梯子锈断三级以上。"]


def test_a_missing_part_is_said(searcher: Searcher) -> None:
    hit = searcher.search("灯塔法第二条第九款", as_of=AS_OF)[0]
    assert (hit.unit, hit.why["note"]) == ("art-2", "条内没有这一款、项")


def test_a_number_of_two_standards_gives_both(searcher: Searcher) -> None:
    found = ids(searcher, "5.2.1")
    assert found[:2] == [f"{STANDARD}@2020-10-11#5.2.1", f"{TWIN}@2015-05-05#5.2.1"]
    only = Filters(docs=(TWIN,))
    assert ids(searcher, "5.2.1", filters=only) == [f"{TWIN}@2015-05-05#5.2.1"]


def test_a_document_name_gives_its_clauses_in_order(searcher: Searcher) -> None:
    found = ids(searcher, "中华人民共和国灯塔法", top=3)
    assert found == [f"{LAW}@{LAW_DAY}#art-{n}" for n in ("1", "2", "25")]


def test_words_follow_a_citation(searcher: Searcher) -> None:
    hits = searcher.search("灯塔法第二条", as_of=AS_OF)
    assert len(hits) > 1
    assert hits[1].score < 1


# --- validity -----------------------------------------------------------------------------------


def test_only_what_is_in_force_is_found(searcher: Searcher) -> None:
    found = searcher.search("旧灯芯交回库房 拖绳", as_of=AS_OF)
    assert {h.status for h in found} <= {Status.IN_FORCE, Status.AMENDED, Status.PENDING}
    assert next(h.full_id for h in found if h.document.id == LAW) == f"{LAW}@{LAW_DAY}#art-1"
    assert not [h for h in found if h.document.id in (REPEALED, COMING)]


@pytest.mark.parametrize(
    ("day", "version"),
    [
        (date(2010, 1, 1), OLD_LAW_DAY),
        (date(2022, 1, 1), LAW_DAY),
        (date(2027, 6, 1), "2026-10-01"),
    ],
)
def test_the_day_decides(searcher: Searcher, day: date, version: str) -> None:
    found = [h for h in searcher.search("旧灯芯", as_of=day) if h.document.id == LAW]
    assert {h.version.version for h in found} == {version}
    assert found[0].status is Status.IN_FORCE


def test_statuses_are_asked_for(searcher: Searcher) -> None:
    old = Filters.of(searcher, statuses=["被代替"])
    assert ids(searcher, "旧灯芯", filters=old) == [
        f"{LAW}@{OLD_LAW_DAY}#art-1",
        f"{LAW}@{OLD_LAW_DAY}#art-2",
    ]
    gone = Filters.of(searcher, statuses=["已废止"])
    assert ids(searcher, "拖绳", filters=gone) == [f"{REPEALED}@1999-01-01#art-1"]
    coming = Filters.of(searcher, statuses=["尚未施行"])
    assert set(ids(searcher, "矿灯 灯芯", filters=coming)) == {
        f"{COMING}@2026-10-01#art-1",
        f"{LAW}@2026-10-01#art-1",
    }
    everything = Filters.of(searcher, statuses=["all"])
    assert {x for x in ids(searcher, "旧灯芯", filters=everything) if LAW in x} >= {
        f"{LAW}@{day}#art-1" for day in (OLD_LAW_DAY, LAW_DAY, "2026-10-01")
    }


@pytest.mark.parametrize(
    ("query", "number", "region", "in_force"),
    [
        ("灯塔法第一条", "主席令第九号", "", "2020-09-01"),
        ("灯塔法（2007）第一条", "主席令第三号", "", "2007-06-01"),
        ("浙江省渔灯条例第十条", None, "浙江省", "2018-03-01"),
        ("关于点验马灯的通知", "渔应急〔2021〕7号", "重庆市", "施行日期待核"),
    ],
)
def test_a_hit_says_which_edition_it_is(
    searcher: Searcher, query: str, number: str | None, region: str, in_force: str
) -> None:
    row = searcher.search(query, as_of=AS_OF)[0].to_json()
    assert (row["doc"]["number"], row["doc"]["region"]) == (number, region)
    assert row["in_force"] == in_force


def test_an_old_version_is_cited_with_its_day(searcher: Searcher) -> None:
    row = searcher.search("灯塔法（2007）第一条", as_of=AS_OF)[0].to_json()
    assert row["citation"] == "《中华人民共和国灯塔法》（2007年3月1日通过）第一条"
    assert row["url"] == f"docs/{LAW}/{OLD_LAW_DAY}/#art-1"
    assert row["doc"]["status"] == "被代替"


def test_a_law_not_in_force_is_not_first_for_its_bare_name(searcher: Searcher) -> None:
    assert not [x for x in ids(searcher, "矿灯法第一条") if x.startswith(COMING)]
    assert not [x for x in ids(searcher, "渔港翻车规定") if x.startswith(REPEALED)]


# --- filters ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "docs"),
    [
        ({"kinds": ["standard"]}, {STANDARD, TWIN}),
        ({"kinds": ["标准", "通知"]}, {STANDARD, TWIN, NOTICE}),
        ({"docs": ["灯塔法"]}, {LAW}),
        ({"docs": ["GB 99998", TWIN]}, {STANDARD, TWIN}),
        ({"region": "重庆"}, {LAW, STANDARD, TWIN, NOTICE}),
        ({"region": "浙江省绍兴市"}, {LAW, STANDARD, TWIN, LOCAL}),
        ({"kinds": ["local"], "region": "重庆市"}, set()),
    ],
)
def test_filters(searcher: Searcher, words: dict[str, Any], docs: set[str]) -> None:
    filters = Filters.of(searcher, **words)
    query = "守塔人 灯 石阶 马灯 踏步 点验 渔灯"
    found = searcher.search(query, as_of=AS_OF, filters=filters, top=50)
    assert {h.document.id for h in found} == docs


def test_filters_hold_for_citations(searcher: Searcher) -> None:
    assert not [x for x in ids(searcher, "灯塔法第一条", filters=Filters(docs=(TWIN,))) if LAW in x]
    local = Filters.of(searcher, region="重庆市")
    assert not [x for x in ids(searcher, "浙江省渔灯条例第十条", filters=local) if LOCAL in x]


@pytest.mark.parametrize(
    ("words", "error", "says"),
    [
        ({"kinds": ["法典"]}, UsageError, "standard（标准）"),
        ({"statuses": ["有效"]}, UsageError, "现行"),
        ({"docs": ["灯塔"]}, UnknownIdError, LAW),
        ({"docs": ["xyz"]}, UnknownIdError, "xyz"),
        ({"region": "月球"}, UsageError, "月球"),
    ],
)
def test_wrong_filters(
    searcher: Searcher, words: dict[str, Any], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        Filters.of(searcher, **words)


# --- odd queries --------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", " ", "\n\t", "　"])
def test_empty_queries_are_an_error(searcher: Searcher, query: str) -> None:
    with pytest.raises(UsageError, match="没有写要查的话"):
        searcher.search(query)


@pytest.mark.parametrize("query", ["😀", "？！", "————", "()", "\x00"])
def test_queries_without_words_find_nothing(searcher: Searcher, query: str) -> None:
    assert searcher.search(query, as_of=AS_OF) == []


@pytest.mark.parametrize("top", [0, -1])
def test_top_is_positive(searcher: Searcher, top: int) -> None:
    with pytest.raises(UsageError, match="条数"):
        searcher.search("灯", top=top)


def test_a_long_query_is_cut_and_says_so(searcher: Searcher) -> None:
    query = "旧灯芯交回库房。" + "守塔人擦灯，" * 2000
    hit = searcher.search(query, as_of=AS_OF)[0]
    assert hit.full_id == f"{LAW}@{LAW_DAY}#art-1"
    assert hit.why["truncated"]["used"] == MAX_WORDS
    assert hit.why["truncated"]["words"] > 4000
    assert searcher.took_ms > 0
    # words beyond the limit are not looked for
    beyond = "守塔人擦灯，" * 400 + "渔灯"
    assert not [h for h in searcher.search(beyond, as_of=AS_OF) if "渔灯" in h.why["matched"]]


@pytest.mark.parametrize(
    "query",
    [
        "1" + " " * 9998 + "x",
        "第" + " " * 9999,
        " " * 9999 + "灯",
        "(" * 10_000,
        "（ " * 5_000,
        "一" * 10_000,
        "百分之" * 3_000,
        "第1条" * 3_000,
        "灯塔法第一条" * 1_500,
        "1,000" * 2_000,
        "1 000 " * 2_000,
        "5.2." * 2_500,
        "a/" * 5_000,
        "《" * 10_000,
        "😀" * 10_000,
    ],
)
def test_hostile_queries_are_quick(searcher: Searcher, query: str) -> None:
    searcher.search(query, as_of=AS_OF)
    assert searcher.took_ms < 1000


@pytest.mark.parametrize("query", ["換燈芯", "換燈芯 ３年", "换灯芯"])
def test_variants_find_the_same(searcher: Searcher, query: str) -> None:
    assert ids(searcher, query)[0] == f"{LAW}@{LAW_DAY}#art-1"


# --- order --------------------------------------------------------------------------------------


def test_ties_stand_in_row_order() -> None:
    class Total:
        total = np.array([0.5, 2.0, 0.5 + 1e-8, 2.0, 0.0, 0.5, 9.0], dtype=np.float32)

    mask = np.array([True] * 6 + [False])
    for count, rows in ((1, [1]), (3, [1, 3, 0]), (4, [1, 3, 0, 2]), (9, [1, 3, 0, 2, 5])):
        fused = Fused(np.where(mask, Total.total, 0).astype(np.float32), Total.total, None, 0.0)
        assert Searcher._ranked(fused, count) == rows


def test_the_same_search_gives_the_same_hits(index: Index, searcher: Searcher) -> None:
    for query in ("灯", "守塔人 石阶", "点验马灯", "一"):
        once = [h.to_json() for h in searcher.search(query, as_of=AS_OF, top=30)]
        again = [h.to_json() for h in Searcher(index).search(query, as_of=AS_OF, top=30)]
        assert once == again
        few = [h.to_json()["id"] for h in searcher.search(query, as_of=AS_OF, top=2)]
        assert few == [h["id"] for h in once[:2]]


# --- text beside the text -----------------------------------------------------------------------


def test_errata_are_marks_beside_the_text(searcher: Searcher) -> None:
    row = searcher.search("99998 5.2.3", as_of=AS_OF)[0].to_json()
    assert row["text"].startswith("人井口")
    assert row["errata"] == [
        {"start": 0, "end": 3, "old": "人井口", "new": "入井口", "status": "confirmed"}
    ]


def test_a_note_is_used_while_its_figures_are_those_of_the_text(
    index: Index, tmp_path: Path
) -> None:
    unit = index.passages.unit(f"{LAW}@{LAW_DAY}", "art-1")
    assert unit is not None
    full = unit.full_id
    cases = (
        (unit.hash, "守塔人每三年换灯芯", "same", "守塔人每三年换灯芯"),
        ("0" * 12, "守塔人每三年换灯芯", "wording", "守塔人每三年换灯芯"),
        ("0" * 12, "灯每 77 天看一次", "figures", None),
    )
    for number, (digest, gist, state, shown) in enumerate(cases):
        with build(tmp_path / str(number), [Note(full, digest, gist)]) as noted:
            assert noted.passages.note_state(unit.ref, "art-1") == state
            hit = Searcher(noted).search("灯塔法第一条", as_of=AS_OF)[0]
            assert hit.to_json()["gist"] == shown
    gone = Note(f"{LAW}@{LAW_DAY}#art-999", "0" * 12, "没有这一条")
    with build(tmp_path / "gone", [gone]) as noted:
        assert noted.passages.note_state(unit.ref, "art-999") == "missing"
        assert [n.id for n in noted.passages.notes()] == []
