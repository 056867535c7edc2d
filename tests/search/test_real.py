"""Search over the nine laws of the data package and the development corpus, read at run time."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from kb.evaluate import evaluate, near_verbatim
from kb.index import Index, write_index
from kb.library import load_library
from kb.model import Status
from kb.roots import Roots
from kb.search import Filters, Searcher

pytestmark = pytest.mark.corpus

AS_OF = date(2026, 11, 21)
GB = "gb-16423-2020@2020-10-11"


@pytest.fixture(scope="module")
def index(
    repo: Path, corpus_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("real")
    library = load_library(Roots(repo, folder), corpus=[corpus_dir])
    write_index(library, folder / "index")
    with Index.open(folder / "index") as opened:
        yield opened


@pytest.fixture(scope="module")
def searcher(index: Index) -> Searcher:
    return Searcher(index)


@pytest.mark.parametrize(
    ("query", "clause", "unit"),
    [
        ("安全生产法第25条", "anquan-shengchan-fa#art-25", "art-25"),
        ("安法二十五条", "anquan-shengchan-fa#art-25", "art-25"),
        ("《消防法》第十六条第一款第（三）项", "xiaofang-fa#art-16", "art-16.p1.i3"),
        ("16423 5.2.2.2", "gb-16423-2020#5.2.2.2", "5.2.2.2"),
        ("GB16423-2020 5.2.2.2第四项", "gb-16423-2020#5.2.2.2", "5.2.2.2.i4"),
        ("金属非金属矿山安全规程 3.17", "gb-16423-2020#3.17", "3.17"),
        ("特种设备安全法", "tezhong-shebei-anquan-fa#art-1", "art-1"),
        ("突发事件应对法第三条", "tufa-shijian-yingdui-fa#art-3", "art-3"),
    ],
)
def test_citations_go_straight_there(
    searcher: Searcher, query: str, clause: str, unit: str
) -> None:
    hit = searcher.search(query, as_of=AS_OF)[0]
    assert (hit.id, hit.unit, hit.score) == (clause, unit, 1.0)
    assert hit.status is Status.IN_FORCE


@pytest.mark.parametrize(
    ("query", "notice"),
    [
        ("安全生产法第一百二十条", "《安全生产法》没有第一百二十条（共 119 条）"),
        ("刑法第134条", "《刑法》没有收录文本"),
        ("AQ 2012-2007", "AQ 2012-2007 没有收录文本"),
        ("GB/T 33000-2016 5.1", "GB/T 33000-2016 没有收录文本"),
        ("GB6722-2014", "GB 6722-2014 没有收录文本"),
        ("国务院令第591号第十条", "2011-03-02 通过的版本没有收录；收录的是 2013-12-07 通过的版本"),
        ("突发事件应对法（2013）第三条", "2013 年的版本没有收录；收录的是 2007-08-30、2024"),
        ("浙江省消防条例第二十五条", "没有第二十五条（共 18 条，收录的文本不完整）"),
    ],
)
def test_what_is_not_there_is_said(searcher: Searcher, query: str, notice: str) -> None:
    hits = searcher.search(query, as_of=AS_OF)
    assert notice in searcher.notices[0]
    assert not [h for h in hits if "citation" in h.why or "document" in h.why]
    assert all(h.to_json()["why"]["notice"] == searcher.notices[0] for h in hits)


def test_a_law_before_its_wording(searcher: Searcher) -> None:
    says = searcher.explain("安全生产法第25条", as_of=date(2015, 6, 1))
    assert says.startswith("《安全生产法》在 2015-06-01 有效的版本没有收录；收录的是 2021-06-10")


@pytest.mark.parametrize(
    ("query", "clauses"),
    [
        ("安全生产法第二十五条至第二十八条", ["art-25", "art-26", "art-27", "art-28"]),
        ("安全生产法第25至28条", ["art-25", "art-26", "art-27", "art-28"]),
        ("GB 16423 5.2.2.1～5.2.2.3", ["5.2.2.1", "5.2.2.2", "5.2.2.3"]),
        ("安全生产法第四章", [f"art-{n}" for n in range(62, 72)]),
        ("16423 表1", ["5.2.1.1"]),
        ("国务院令第645号第十条", ["art-10"]),
    ],
)
def test_ranges_chapters_tables_decrees(searcher: Searcher, query: str, clauses: list[str]) -> None:
    found = searcher.search(query, as_of=AS_OF)
    assert [h.clause_id for h in found if "citation" in h.why] == clauses


def test_the_wording_of_2007_only_when_asked_for(searcher: Searcher) -> None:
    doc = "tufa-shijian-yingdui-fa"
    query = "突发事件 预警 级别 颜色"
    found = searcher.search(query, as_of=AS_OF, top=200)
    assert {h.version.version for h in found if h.document.id == doc} == {"2024-06-28"}
    replaced = Filters.of(searcher, docs=[doc], statuses=["被代替"])
    old = searcher.search(query, as_of=AS_OF, filters=replaced)
    assert old
    assert {h.version.version for h in old} == {"2007-08-30"}
    then = searcher.search(query, as_of=date(2020, 1, 1), filters=Filters(docs=(doc,)))
    assert {h.version.version for h in then} == {"2007-08-30"}
    named = searcher.search("突发事件应对法（2007）第三条", as_of=AS_OF)[0]
    assert (named.version.version, named.status) == ("2007-08-30", Status.REPLACED)


def test_a_replaced_standard_is_out(searcher: Searcher) -> None:
    found = searcher.search("爆破 警戒 炮孔 起爆药包", as_of=AS_OF, top=300)
    assert found
    assert not [h for h in found if h.document.id == "gb-6722-2003"]


@pytest.mark.parametrize(
    ("query", "clause"),
    [
        ("新进露天矿山人员培训不少于七十二小时", "4.5.2"),
        ("新进露天矿山人员培训不少于72h", "4.5.2"),
        ("装载 铲斗 驾驶室上方", "5.2.3.4"),
    ],
)
def test_words_and_figures_find_the_clause(searcher: Searcher, query: str, clause: str) -> None:
    found = searcher.search(query, as_of=AS_OF, top=3)
    assert f"{GB}#{clause}" in [h.full_id for h in found]


def test_highlights_and_units_are_in_place(searcher: Searcher, shared_dir: Path) -> None:
    lines = (shared_dir / "eval/dev.jsonl").read_text(encoding="utf-8").splitlines()
    seen = 0
    for line in lines:
        for hit in searcher.search(json.loads(line)["query"], as_of=AS_OF):
            row = hit.to_json()
            assert json.loads(json.dumps(row)) == row
            last = 0
            for start, end in row["highlights"]:
                assert last <= start < end <= len(row["text"])
                last = end
                seen += 1
            unit = searcher._passages.unit(f"{row['doc']['id']}@{row['version']}", row["unit"])
            assert unit is not None
            assert re.match(r"《.+》", row["citation"])
    assert seen > 500


@pytest.mark.slow
def test_baseline_on_the_development_questions(index: Index, shared_dir: Path) -> None:
    """Not a goal, a floor: search must not get worse unnoticed."""
    report = evaluate(index, shared_dir / "eval/dev.jsonl", as_of=AS_OF)
    assert report.missing == ()
    assert report.styles["all"].n == 69
    assert report.styles["all"].ndcg10 > 0.48
    assert report.styles["exam"].ndcg10 > 0.76


@pytest.mark.slow
def test_near_verbatim_sentences_find_their_clause(index: Index) -> None:
    assert near_verbatim(index, count=300, as_of=AS_OF).ndcg10 > 0.92
