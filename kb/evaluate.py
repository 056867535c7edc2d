"""Measures of search on questions with graded answers: nDCG@10, recall, MRR, by style.

A question set is JSONL, one question a line: `{qid, style, query, gold: [{doc, clause, rel}]}`;
`doc` is a law's short name or a standard's number, `clause` what people write (第二十六条, 5.6.2).
A gold clause that no loaded text has is listed and counts as not found.
"""

from __future__ import annotations

import json
import math
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kb.errors import SourceError, UsageError
from kb.search import Filters, Searcher

if TYPE_CHECKING:
    from kb.index import Index

__all__ = ["Gold", "Question", "Report", "Row", "evaluate", "near_verbatim", "read_questions"]

TOP = 10
RESAMPLES = 2000
SEED = 20210601
ALL = "all"


@dataclass(frozen=True, slots=True)
class Gold:
    """A clause that answers a question; `rel` 2 answers it, 1 helps."""

    doc: str
    clause: str
    rel: int


@dataclass(frozen=True, slots=True)
class Question:
    """One line of a question set."""

    qid: str
    style: str
    query: str
    gold: tuple[Gold, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """Means over the questions of one style; the interval holds 95 % of the bootstrap means."""

    n: int
    ndcg10: float
    ndcg10_ci: tuple[float, float]
    recall5: float
    recall10: float
    mrr: float

    def to_json(self) -> dict[str, Any]:
        """Rounded to four decimals."""
        low, high = self.ndcg10_ci
        return {
            "n": self.n,
            "ndcg10": round(self.ndcg10, 4),
            "ndcg10_ci": [round(low, 4), round(high, 4)],
            "recall5": round(self.recall5, 4),
            "recall10": round(self.recall10, 4),
            "mrr": round(self.mrr, 4),
        }


@dataclass(frozen=True, slots=True)
class Report:
    """`styles["all"]` is over all questions; `missing` lists gold clauses that are not loaded."""

    styles: Mapping[str, Row]
    missing: tuple[str, ...]
    questions: tuple[Mapping[str, Any], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain dicts; `questions` has nDCG@10 and the hits of each question."""
        return {
            "styles": {name: row.to_json() for name, row in self.styles.items()},
            "missing": list(self.missing),
            "questions": [dict(q) for q in self.questions],
        }


# --- question sets ------------------------------------------------------------------------------


def read_questions(path: Path) -> tuple[Question, ...]:
    """The questions of a JSONL file.

    Raises:
        UsageError: there is no such file.
        SourceError: a line is not a question; names file and line.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as e:
        raise UsageError(f"读不了题集 {path}（{e}）。应为 UTF-8 的 JSONL 文件，一行一题") from e
    out: dict[str, Question] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            question = _question(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError) as e:
            raise SourceError(
                path,
                f"不是题目（{e}）",
                '应为 {"qid":…,"style":…,"query":…,"gold":[{"doc":…,"clause":…,"rel":2}]}',
                f"第 {number} 行",
            ) from e
        if question.qid in out:
            raise SourceError(
                path, f"题号 {question.qid} 重复", "每题的 qid 应当不同", f"第 {number} 行"
            )
        out[question.qid] = question
    if not out:
        raise SourceError(path, "题集是空的", "请检查文件")
    return tuple(out.values())


def _question(raw: Mapping[str, Any]) -> Question:
    gold = tuple(
        Gold(_word(g, "doc"), _word(g, "clause"), int(g.get("rel", 1))) for g in raw["gold"]
    )
    if not gold:
        raise ValueError("gold 是空的")
    if any(g.rel < 1 for g in gold):
        raise ValueError("rel 应为 1 或 2")
    if len({(g.doc, g.clause) for g in gold}) < len(gold):
        raise ValueError("gold 有重复的条款")
    return Question(_word(raw, "qid"), str(raw.get("style") or "其他"), _word(raw, "query"), gold)


def _word(raw: Mapping[str, Any], key: str) -> str:
    value = raw[key]
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{key} 应为非空的文字")
    return value


# --- measures -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Score:
    style: str
    ndcg10: float
    recall5: float
    recall10: float
    mrr: float


def _gain(rel: int) -> float:
    return float(2**rel - 1)


def measure(found: Sequence[str], gold: Sequence[tuple[str, int]], style: str = ALL) -> _Score:
    """Measures of one question.

    Args:
        found: full ids of the hits, best first.
        gold: (full id, rel) of every gold clause; what is not loaded has an id that no hit has.
    """
    rel = dict(gold)
    dcg = sum(_gain(rel.get(x, 0)) / math.log2(i + 2) for i, x in enumerate(found[:TOP]))
    best = sorted((r for _, r in gold), reverse=True)[:TOP]
    ideal = sum(_gain(r) / math.log2(i + 2) for i, r in enumerate(best))
    first = next((i for i, x in enumerate(found[:TOP]) if x in rel), None)
    return _Score(
        style,
        dcg / ideal,
        sum(x in rel for x in found[:5]) / len(gold),
        sum(x in rel for x in found[:TOP]) / len(gold),
        0.0 if first is None else 1 / (first + 1),
    )


def _row(scores: Sequence[_Score]) -> Row:
    values = np.array([s.ndcg10 for s in scores])
    rng = np.random.default_rng(SEED)
    means = values[rng.integers(0, len(values), (RESAMPLES, len(values)))].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])

    def mean(name: str) -> float:
        return float(np.mean([getattr(s, name) for s in scores]))

    return Row(
        len(scores),
        float(values.mean()),
        (float(low), float(high)),
        mean("recall5"),
        mean("recall10"),
        mean("mrr"),
    )


def _by_style(scores: Sequence[_Score]) -> dict[str, Row]:
    styles = sorted({s.style for s in scores})
    out = {ALL: _row(scores)}
    for style in styles:
        out[style] = _row([s for s in scores if s.style == style])
    return out


def evaluate(
    index: Index,
    questions: Path,
    *,
    as_of: date | None = None,
    within: Iterable[str] = (),
    searcher: Searcher | None = None,
) -> Report:
    """Search every question of a set and measure what came back.

    Args:
        within: names of documents; questions with a gold in any other document are left out. The
            search still looks through everything.
        searcher: a searcher over the same index, for benchmarks.

    Raises:
        UsageError, SourceError: the set cannot be read.
    """
    names = frozenset(within)
    asked = [
        q for q in read_questions(questions) if not names or all(g.doc in names for g in q.gold)
    ]
    if not asked:
        shown = "、".join(sorted(names)[:5]) + (f" 等 {len(names)} 份" if len(names) > 5 else "")
        raise UsageError(f"{questions} 里没有答案都在 {shown} 中的题")
    searcher = searcher or Searcher(index)
    places: dict[tuple[str, str], tuple[str, ...]] = {}
    missing: list[str] = []
    scores, details = [], []
    for question in asked:
        gold: list[tuple[str, int]] = []
        for g in question.gold:
            key = (g.doc, g.clause)
            if key not in places:
                places[key] = _locate(searcher, g, as_of)
            if not places[key]:
                missing.append(f"{question.qid}：{g.doc} {g.clause}")
                gold.append((f"?{g.doc}#{g.clause}", g.rel))
            gold += [(full, g.rel) for full in places[key]]
        found = [h.full_id for h in searcher.search(question.query, top=TOP, as_of=as_of)]
        score = measure(found, gold, question.style)
        scores.append(score)
        details.append(
            {"qid": question.qid, "style": question.style, "ndcg10": round(score.ndcg10, 4),
             "hits": found}
        )  # fmt: skip
    return Report(_by_style(scores), tuple(missing), tuple(details))


def _locate(searcher: Searcher, gold: Gold, as_of: date | None) -> tuple[str, ...]:
    """Full id of a gold clause in the loaded text that is in force; () if there is none."""
    name = f"{gold.doc} {gold.clause}"
    if gold.clause.startswith("app-"):  # items of an annex have no name that all would write
        name = next((f"{doc}#{gold.clause}" for doc in searcher.names.get(gold.doc)), name)
    for ref, located in searcher.resolve(name, as_of=as_of):
        return (f"{ref}#{located.clause}",)
    return ()


# --- near-verbatim sentences --------------------------------------------------------------------

_SENTENCE_END = re.compile(r"[。；\n]")
_FIGURES = re.compile(r"[0-9.]+|[〇零一二三四五六七八九十百千万两]+(?=[年月日天倍元米人个次万])")
_SHORTEST = 15


def near_verbatim(
    index: Index,
    *,
    count: int = 200,
    seed: int = SEED,
    as_of: date | None = None,
    docs: Iterable[str] = (),
    searcher: Searcher | None = None,
) -> Row:
    """Search for sentences of the loaded clauses with one word dropped and a figure blanked.

    What an exam writer types from memory must find its clause. Sentences are drawn anew from the
    index at each run (the same ones for the same index and seed); one that stands in two clauses
    is not drawn.

    Args:
        docs: ids of documents to draw from; the search looks through everything.
        searcher: a searcher over the same index, for benchmarks.
    """
    rng = random.Random(seed)
    searcher = searcher or Searcher(index)
    filters = Filters(docs=tuple(docs))
    owners: dict[str, set[str]] = {}
    for full_id, text in searcher.texts(as_of=as_of, filters=filters):
        for sentence in _SENTENCE_END.split(text):
            if len(sentence) >= _SHORTEST:
                owners.setdefault(re.sub(r"\W", "", sentence), set()).add(full_id)
    unique = [
        (full_id, sentence)
        for full_id, text in searcher.texts(as_of=as_of, filters=filters)
        for sentence in _SENTENCE_END.split(text)
        if owners.get(re.sub(r"\W", "", sentence), set()) == {full_id}
    ]
    drawn = rng.sample(unique, min(count, len(unique)))
    if not drawn:
        raise UsageError("索引里没有可以抽取的句子。请先用 kb build 建立索引")
    scores = []
    for full_id, sentence in drawn:
        words = [s for s in index.tokenizer.spans(sentence) if s.end - s.start > 1]
        if words:
            gone = rng.choice(words)
            sentence = sentence[: gone.start] + sentence[gone.end :]
        query = _FIGURES.sub("____", sentence, count=1)
        found = [h.full_id for h in searcher.search(query, top=TOP, as_of=as_of)]
        scores.append(measure(found, [(full_id, 2)]))
    return _row(scores)
