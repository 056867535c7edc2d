"""Candidates for corpus/conflicts.toml: sentences of two documents in force that are near in
meaning and limit the same kind of quantity to different values.

    python scripts/find_conflicts.py --index build/index [--near 0.55] [--top 400] > found.jsonl

One JSON line a pair, nearest first: ids, cosine, the quantities that differ, whether the pair is
already in conflicts.toml. Texts are printed for the judge to read; they are never committed. What
is a conflict and which rule prevails is for a person to say.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

REPO = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPO))

from kb.conflicts import load_conflicts  # noqa: E402
from kb.index import Index  # noqa: E402
from kb.model import Status  # noqa: E402
from kb.quantities import Bound, Quantity, find  # noqa: E402
from kb.search import Searcher  # noqa: E402
from kb.validity import validity  # noqa: E402

_END = re.compile(r"[。；\n]")
_LEAD = 60  # characters of the words above a list that say what its items are about
_IN_FORCE = (Status.IN_FORCE, Status.AMENDED)


@dataclass
class Sentence:
    """A sentence with figures, and the clause it stands in."""

    id: str
    doc: str
    text: str
    seen: str
    figures: tuple[Quantity, ...]


def sentences(index: Index, as_of: date) -> Iterator[Sentence]:
    """Every sentence with a figure of the clauses in force that our notes cover."""
    passages = index.passages
    noted = {n.id for n in passages.notes()}
    for clause in passages.clauses():
        row = passages.version(clause.ref)
        if row is None or f"{clause.ref}#{clause.id}" not in noted:
            continue
        status = validity(row.version, row.document, as_of, passages.documents).status
        if status not in _IN_FORCE:
            continue
        unit = passages.unit(clause.ref, clause.id)
        if unit is None:
            continue
        parts = [p for p in _END.split(unit.display) if p.strip()]
        for part in parts:
            figures = find(part)
            if figures:
                lead = "" if part is parts[0] else parts[0][:_LEAD]
                seen = f"{clause.path[-1] if clause.path else ''} {lead} {part}"
                yield Sentence(unit.full_id, row.document.id, part, seen, figures)


def differing(a: Sentence, b: Sentence) -> list[tuple[str, str]]:
    """Pairs of figures of one unit that differ in value or bound; [] if some figure is the same."""
    out = []
    for x in a.figures:
        for y in b.figures:
            if x.key[2] != y.key[2]:
                continue
            if x.key == y.key and (x.bound is y.bound or Bound.EQUAL in (x.bound, y.bound)):
                continue
            out.append((str(x), str(y)))
    return out


def main() -> None:
    """Compare, print."""
    parser = argparse.ArgumentParser(description="找出数值可能不一致的条款")
    parser.add_argument("--index", type=Path, default=REPO / "build" / "index")
    parser.add_argument("--near", type=float, default=0.55)
    parser.add_argument("--top", type=int, default=400)
    parser.add_argument("--as-of", type=date.fromisoformat, default=date.today())
    args = parser.parse_args()
    known = {
        frozenset(i.partition("#")[0].partition("@")[0] + "#" + i.partition("#")[2].split(".p")[0]
                  for i, _ in c.clauses)
        for c in load_conflicts([REPO / "corpus"]).values()
    }  # fmt: skip
    with Index.open(args.index) as index:
        Searcher(index).warm()
        encoder = index.encoder
        assert encoder is not None
        found = list(sentences(index, args.as_of))
        vectors = encoder.encode([s.seen for s in found])
    cosine = vectors @ vectors.T
    rows, columns = np.nonzero(np.triu(cosine >= args.near, 1))
    order = np.argsort(-cosine[rows, columns])
    printed: set[frozenset[str]] = set()
    for i, j in zip(rows[order], columns[order], strict=True):
        a, b = found[i], found[j]
        pair = frozenset((a.id, b.id))
        if a.doc == b.doc or pair in printed or not (differ := differing(a, b)):
            continue
        printed.add(pair)
        bare = frozenset(x.id.partition("@")[0] + "#" + x.id.partition("#")[2] for x in (a, b))
        print(
            json.dumps(
                {
                    "cosine": round(float(cosine[i, j]), 2),
                    "known": any(bare <= k for k in known),
                    "ids": [a.id, b.id],
                    "differ": differ,
                    "texts": [a.text, b.text],
                },
                ensure_ascii=False,
            )
        )
        if len(printed) >= args.top:
            break


if __name__ == "__main__":
    main()
