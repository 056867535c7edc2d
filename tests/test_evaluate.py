"""Measures of search: by hand, on the invented index, on harmed question files."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.errors import SourceError, UsageError
from kb.evaluate import Gold, Question, evaluate, measure, near_verbatim, read_questions
from kb.index import Index
from tests.search.sample import AS_OF, LAW, LAW_DAY, STANDARD, build


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with build(tmp_path_factory.mktemp("evaluate") / "index") as opened:
        yield opened


def write(path: Path, *lines: object) -> Path:
    text = "\n".join(x if isinstance(x, str) else json.dumps(x, ensure_ascii=False) for x in lines)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def question(
    qid: str, query: str, *gold: tuple[str, str, int], style: str = "exam"
) -> dict[str, object]:
    return {
        "qid": qid,
        "style": style,
        "query": query,
        "gold": [{"doc": d, "clause": c, "rel": r} for d, c, r in gold],
    }


@pytest.mark.parametrize(
    ("found", "gold", "ndcg", "recall5", "mrr"),
    [
        (["a", "b"], [("a", 2), ("b", 1)], 1.0, 1.0, 1.0),
        (["x"], [("a", 2)], 0.0, 0.0, 0.0),
        (["x", "a"], [("a", 2)], 1 / math.log2(3), 1.0, 0.5),
        (
            ["b", "a"],
            [("a", 2), ("b", 1)],
            (1 + 3 / math.log2(3)) / (3 + 1 / math.log2(3)),
            1.0,
            1.0,
        ),
        (["a"], [("a", 2), ("?b", 2)], 3 / (3 + 3 / math.log2(3)), 0.5, 1.0),
        (["x"] * 10 + ["a"], [("a", 2)], 0.0, 0.0, 0.0),
        ([*"vwxyz", "a"], [("a", 1)], 1 / math.log2(7), 0.0, 1 / 6),
    ],
)
def test_measures(
    found: list[str], gold: list[tuple[str, int]], ndcg: float, recall5: float, mrr: float
) -> None:
    score = measure(found, gold)
    assert score.ndcg10 == pytest.approx(ndcg)
    assert score.recall5 == pytest.approx(recall5)
    assert score.mrr == pytest.approx(mrr)


def test_more_gold_than_places() -> None:
    gold = [(str(i), 1) for i in range(20)]
    assert measure([str(i) for i in range(10)], gold).ndcg10 == pytest.approx(1.0)


def test_a_set_on_the_invented_index(index: Index, tmp_path: Path) -> None:
    path = write(
        tmp_path / "q.jsonl",
        question("q1", "守塔人每几年换灯芯", ("灯塔法", "第一条", 2)),
        question("q2", "踏步多久擦一遍", ("GB 99998-2020", "5.2.1", 2), style="card"),
        "",
        question(
            "q3", "渔网晾在哪", ("灯塔法", "第九十九条", 2), ("无此法", "第一条", 1), style="card"
        ),
    )
    report = evaluate(index, path, as_of=AS_OF)
    data = report.to_json()
    assert json.loads(json.dumps(data)) == data
    assert list(data["styles"]) == ["all", "card", "exam"]
    assert {k: v["n"] for k, v in data["styles"].items()} == {"all": 3, "card": 2, "exam": 1}
    assert data["styles"]["exam"]["ndcg10"] == 1.0
    assert data["styles"]["card"]["ndcg10"] == pytest.approx(0.5)
    assert data["missing"] == ["q3：灯塔法 第九十九条", "q3：无此法 第一条"]
    assert data["questions"][0]["hits"][0] == f"{LAW}@{LAW_DAY}#art-1"
    assert data["questions"][1]["hits"][0] == f"{STANDARD}@2020-10-11#5.2.1"
    for row in data["styles"].values():
        low, high = row["ndcg10_ci"]
        assert 0 <= low <= row["ndcg10"] <= high <= 1
    assert evaluate(index, path, as_of=AS_OF) == report


def test_read_questions(tmp_path: Path) -> None:
    path = write(tmp_path / "q.jsonl", question("q1", "灯", ("灯塔法", "第一条", 2)))
    assert read_questions(path) == (Question("q1", "exam", "灯", (Gold("灯塔法", "第一条", 2),)),)


GOOD = question("q1", "灯", ("灯塔法", "第一条", 2))


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        ([GOOD, "{"], "第 2 行"),
        (["", GOOD, "[]"], "第 3 行"),
        ([GOOD, {"qid": "q2"}], "第 2 行"),
        ([GOOD | {"gold": []}], "第 1 行"),
        ([GOOD | {"query": " "}], "第 1 行"),
        ([GOOD | {"qid": 7}], "第 1 行"),
        ([GOOD | {"gold": [{"doc": "灯塔法", "clause": "第一条", "rel": 0}]}], "第 1 行"),
        ([GOOD | {"gold": [{"doc": "灯塔法"}]}], "第 1 行"),
        ([GOOD | {"gold": [{"doc": "灯塔法", "clause": "第一条"}] * 2}], "第 1 行"),
        ([GOOD, GOOD], "第 2 行"),
        ([], "空"),
    ],
)
def test_harmed_sets_name_the_line(tmp_path: Path, lines: list[object], place: str) -> None:
    path = write(tmp_path / "q.jsonl", *lines)
    with pytest.raises(SourceError, match=place) as caught:
        read_questions(path)
    assert "q.jsonl" in str(caught.value)


def test_no_such_set(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere\.jsonl"):
        read_questions(tmp_path / "nowhere.jsonl")
    (tmp_path / "gbk.jsonl").write_bytes("灯塔".encode("gb18030"))
    with pytest.raises(UsageError, match="UTF-8"):
        read_questions(tmp_path / "gbk.jsonl")


def test_near_verbatim_sentences_find_their_clause(index: Index) -> None:
    row = near_verbatim(index, count=20, as_of=AS_OF)
    assert row.n > 5
    assert row.ndcg10 > 0.9
    assert near_verbatim(index, count=20, as_of=AS_OF) == row
    with pytest.raises(UsageError, match="句子"):
        near_verbatim(index, as_of=AS_OF, docs=["meiyou-wenben"])
