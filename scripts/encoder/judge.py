"""How well vectors alone find the clauses of graded questions: nDCG@10 by style."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

from kb.evaluate import measure, read_questions
from kb.index import Index, clause_text
from kb.search import Filters, Searcher
from kb.store import Clause as StoredClause
from kb.store import Passages

__all__ = ["Encode", "Ground", "answer_rank", "find_notes", "report"]

Floats = npt.NDArray[np.float32]
Encode = Callable[[Sequence[str], bool], Floats]
"""(texts, whether they are questions) → vectors of length 1."""


@dataclass
class Ground:
    """The clauses in force of an index, and a question set located among them."""

    ids: list[str]
    texts: list[str]
    questions: list[tuple[str, str, list[tuple[str, int]]]]

    @classmethod
    def of(cls, directory: Path, questions: Path, as_of: date) -> Ground:
        """Read an index that was built with the documents of the questions."""
        with Index.open(directory) as index:
            searcher = Searcher(index)
            mask = searcher._mask(as_of, Filters())
            found = list(index.passages.clauses())
            kept = [i for i in range(len(found)) if mask[i]]
            asked = []
            for q in read_questions(questions):
                gold = []
                for g in q.gold:
                    full = f"?{g.doc}#{g.clause}"
                    for ref, located in searcher.resolve(f"{g.doc} {g.clause}", as_of=as_of):
                        full = f"{ref}#{located.clause}"
                        break
                    gold.append((full, g.rel))
                asked.append((q.style, q.query, gold))
            return cls(
                [f"{found[i].ref}#{found[i].id}" for i in kept],
                [_text(index.passages, found[i]) for i in kept],
                asked,
            )

    def score(
        self,
        encode: Encode,
        notes: Mapping[str, Sequence[str]] | None = None,
        only: Callable[[Sequence[str]], bool] | None = None,
    ) -> dict[str, float]:
        """nDCG@10 by style.

        Args:
            notes: more texts of a clause by its full id; the best vector of a clause counts.
            only: which questions count, by the ids of their gold clauses.
        """
        place = {full: i for i, full in enumerate(self.ids)}
        texts, owners = list(self.texts), list(range(len(self.ids)))
        for full, more in (notes or {}).items():
            if full in place:
                texts += more
                owners += [place[full]] * len(more)
        vectors = encode(texts, False)
        asked = [q for q in self.questions if only is None or only([g for g, _ in q[2]])]
        if not asked:
            return {}
        scores = encode([q for _, q, _ in asked], True) @ vectors.T
        by_style: dict[str, list[float]] = {}
        for (style, _, gold), row in zip(asked, scores, strict=True):
            best = np.full(len(self.ids), -9.0, dtype=np.float32)
            np.maximum.at(best, owners, row)
            top = np.argsort(-best, kind="stable")[:10]
            value = measure([self.ids[i] for i in top], gold).ndcg10
            by_style.setdefault("all", []).append(value)
            by_style.setdefault(style, []).append(value)
        return {k: round(float(np.mean(v)), 3) for k, v in sorted(by_style.items())} | {
            "n": len(asked)
        }


def _text(passages: Passages, clause: StoredClause) -> str:
    document = passages.documents[clause.ref.partition("@")[0]]
    unit = passages.unit(clause.ref, clause.id)
    assert unit is not None
    return clause_text(document.title, clause.path, unit.heading, unit.display, unit.rows)


def answer_rank(
    encode: Encode, asked: Sequence[tuple[str, Sequence[str]]], ground: Sequence[str]
) -> float:
    """Mean reciprocal rank (to 10) of the first text that answers.

    Args:
        asked: a question with the texts that answer it.
        ground: all texts.
    """
    vectors = encode(list(ground), False)
    place = {t: i for i, t in enumerate(ground)}
    scores = encode([q for q, _ in asked], True) @ vectors.T
    total = 0.0
    for (_, gold), row in zip(asked, scores, strict=True):
        rank = 1 + int((row > max(row[place[g]] for g in gold)).sum())
        total += 1 / rank if rank <= 10 else 0
    return round(total / len(asked), 3)


def find_notes(
    encode: Encode, held: Sequence[tuple[str, Sequence[str]]], ground: Sequence[str]
) -> float:
    """The same for notes: their lay questions find the clause by its text alone."""
    everything = list(dict.fromkeys([*ground, *(text for text, _ in held)]))
    return answer_rank(encode, [(q, [text]) for text, lay in held for q in lay], everything)


def report(name: str, figures: Mapping[str, float]) -> str:
    """One line of the table."""
    return json.dumps({"encoder": name, **figures}, ensure_ascii=False)
