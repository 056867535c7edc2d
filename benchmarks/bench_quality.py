"""Search quality: the shipped search, its parts left out, the parts alone, and the peer.

    python benchmarks/bench_quality.py --corpus 资料文件夹 --questions 题集.jsonl [--questions …]

All systems answer the same questions over the same texts in one run. nDCG@10 by style; the peer
(`china-law-mcp`'s own search) is measured on the questions whose golds lie in laws that it has.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import numpy.typing as npt

from kb.evaluate import evaluate, measure, near_verbatim, read_questions
from kb.index import Index, write_index
from kb.lexical import Scores
from kb.library import load_library
from kb.model import DocKind
from kb.roots import Roots
from kb.search import Searcher
from kb.search.fusion import Floats, Fused, fuse, lexical_total
from kb.search.words import EXPANDED

FIRST = ("GB 16423-2020", "安全生产法", "矿山安全法", "矿山安全法实施条例")
"""The documents whose notes came first."""

_RRF = 60

Mask = npt.NDArray[np.bool_]


def plain_rrf(scores: Scores | None, cosine: Floats | None, allowed: Mask) -> Fused:
    """Reciprocal rank fusion of words and meaning, whatever the query looks like."""
    total = np.zeros(len(allowed), dtype=np.float32)
    parts = [p for p in (lexical_total(scores) if scores else None, cosine) if p is not None]
    for part in parts:
        order = np.argsort(-np.where(allowed, part, -1), kind="stable")[:200]
        total[order] += (1 / (_RRF + np.arange(1, len(order) + 1))).astype(np.float32)
    return Fused(np.where(allowed, total, 0).astype(np.float32), total, cosine, 0.5)


def words_only(scores: Scores | None, cosine: Floats | None, allowed: Mask) -> Fused:
    """No vectors."""
    del cosine
    return fuse(scores, None, allowed)


def meaning_only(scores: Scores | None, cosine: Floats | None, allowed: Mask) -> Fused:
    """Vectors alone."""
    del scores
    return fuse(None, cosine, allowed)


def own_text(scores: Scores | None, cosine: Floats | None, allowed: Mask) -> Fused:
    """BM25 over titles and text, no note, no vectors."""
    del cosine
    if scores is not None:
        kept = {k: v for k, v in scores.by_field.items() if k in ("path", "text")}
        scores = replace(scores, by_field=kept)
    return fuse(scores, None, allowed)


Mixer = Callable[[Scores | None, Floats | None, Mask], Fused]


def rows(
    index: Index,
    sets: Sequence[Path],
    mix: Mixer,
    within: Iterable[str],
    expand: float = EXPANDED,
) -> dict[str, dict[str, float]]:
    """nDCG@10 by style for each question set, and for sentences drawn from the clauses."""
    searcher = Searcher(index, mix=mix, expand=expand)
    out = {}
    for path in sets:
        report = evaluate(index, path, within=within, searcher=searcher)
        out[path.stem] = {k: round(v["ndcg10"], 3) for k, v in report.to_json()["styles"].items()}
    noted = {n.id.partition("@")[0] for n in index.passages.notes()}
    ids = [d.id for d in searcher.documents.values() if d.short in FIRST or not within]
    drawn = [d for d in ids if d in noted or not noted]
    found = near_verbatim(index, docs=drawn, searcher=searcher, count=400)
    out["near-verbatim"] = {"all": round(found.ndcg10, 3)}
    return out


class Big:
    """The teacher of `scripts/train_encoder.py` (multilingual-e5-small) as an encoder."""

    dimension = 384
    fingerprint = "teacher"

    def __init__(self, cache: Path) -> None:
        sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))
        kept = import_module("encoder.teacher")  # of scripts/, which is no package of ours
        self._teacher = kept.Teacher()
        self._memory = kept.Memory(cache, lambda: self._teacher)

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Floats:
        """Questions are always asked anew, so that their time is the true one."""
        asked = self._teacher if query else self._memory
        found: Floats = asked.encode(list(texts), query=query)
        return found


def p50(index: Index, sets: Sequence[Path], mix: Mixer) -> float:
    """Median milliseconds of a warm search."""
    searcher = Searcher(index, mix=mix)
    searcher.search("预热")
    took = []
    for path in sets:
        for question in read_questions(path):
            searcher.search(question.query)
            took.append(searcher.took_ms)
    return float(median(took))


def peer(index: Index, sets: Sequence[Path], own: str) -> dict[str, Any]:
    """The peer and ours on the questions whose golds all lie in core laws; p50 in milliseconds."""
    import jieba
    from china_law_mcp import retrieval

    jieba.dt.tmp_dir = own  # its cache is a pickle: never one from a folder that others can write
    documents = index.passages.documents.values()
    laws = {d.short: d.title for d in documents if d.kind is DocKind.LAW and d.core}
    start = time.perf_counter()
    retrieval.load()
    load_s = time.perf_counter() - start
    searcher = Searcher(index)
    searcher.search("预热")
    out: dict[str, Any] = {"peer_load_s": round(load_s, 2)}
    for path in sets:
        theirs, ours, their_ms, our_ms = [], [], [], []
        for question in read_questions(path):
            if not all(g.doc in laws for g in question.gold):
                continue
            gold = [(f"{laws[g.doc]} {g.clause}", g.rel) for g in question.gold]
            start = time.perf_counter()
            found = retrieval.search(question.query, top_k=10)
            their_ms.append((time.perf_counter() - start) * 1000)
            named = [f"{r['law_name']} {r['article_no']}" for r in found]
            theirs.append(measure(named, gold).ndcg10)
            hits = searcher.search(question.query)
            our_ms.append(searcher.took_ms)
            names = [f"{h.document.title} {h.to_json()['clause']}" for h in hits]
            ours.append(measure(names, gold).ndcg10)
        if theirs:
            out[path.stem] = {
                "questions": len(theirs),
                "peer_ndcg10": round(float(np.mean(theirs)), 3),
                "ours_ndcg10": round(float(np.mean(ours)), 3),
                "ratio": round(float(np.mean(ours)) / max(float(np.mean(theirs)), 1e-9), 2),
                "peer_p50_ms": round(median(their_ms), 2),
                "ours_p50_ms": round(median(our_ms), 2),
            }
    return out


def main() -> None:
    """Build, ask, print."""
    parser = argparse.ArgumentParser(description="检索质量：整体、去掉一部分、单独一部分、同类软件")
    parser.add_argument("--corpus", type=Path, action="append", default=[])
    parser.add_argument("--questions", type=Path, action="append", required=True)
    parser.add_argument("--everything", action="store_true", help="不限于前四份文件的题")
    parser.add_argument(
        "--teacher", type=Path, metavar="文件夹", help="也量教师模型（要 torch）；其向量存在此处"
    )
    parser.add_argument("--out", type=Path, help="另存为 JSON")
    args = parser.parse_args()
    within = () if args.everything else FIRST
    roots = Roots.of(None)
    table: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        library = load_library(roots, corpus=args.corpus)
        write_index(library, Path(folder) / "full")
        with Index.open(Path(folder) / "full") as index:
            table["shipped"] = rows(index, args.questions, fuse, within)
            intervals = {
                path.stem: evaluate(index, path, within=within).to_json()["styles"]
                for path in args.questions
            }
            table["no vectors"] = rows(index, args.questions, words_only, within)
            table["vectors alone"] = rows(index, args.questions, meaning_only, within)
            table["no terms"] = rows(index, args.questions, fuse, within, expand=0)
            table["plain RRF"] = rows(index, args.questions, plain_rrf, within)
            compared = peer(index, args.questions, folder)
            took = {"shipped": p50(index, args.questions, fuse)}
            took["words alone"] = p50(index, args.questions, words_only)
        if args.teacher:
            big = Big(args.teacher)
            write_index(library, Path(folder) / "big", encoder=big)
            with Index.open(Path(folder) / "big", encoder=big) as index:
                table["teacher alone"] = rows(index, args.questions, meaning_only, within)
                table["with teacher"] = rows(index, args.questions, fuse, within)
                took["with teacher"] = p50(index, args.questions, fuse)
        write_index(replace_notes(library), Path(folder) / "bare")
        with Index.open(Path(folder) / "bare") as index:
            table["no notes"] = rows(index, args.questions, fuse, within)
            table["BM25 alone"] = rows(index, args.questions, own_text, within)
    for name, sets in table.items():
        for stem, styles in sets.items():
            cells = "  ".join(f"{k} {v:.3f}" for k, v in styles.items())
            print(f"{name:14} {stem:14} {cells}")
    for path in args.questions:
        for style, found in intervals.get(path.stem, {}).items():
            low, high = found["ndcg10_ci"]
            print(f"shipped {path.stem} {style}: {found['ndcg10']:.3f} [{low:.3f}, {high:.3f}]")
    for name, ms in took.items():
        print(f"p50 {name:14} {ms:.2f} ms  ×{ms / took['words alone']:.2f}")
    print(json.dumps({"peer": compared}, ensure_ascii=False, indent=1))
    if args.out:
        args.out.write_text(
            json.dumps({"table": table, "p50_ms": took, "peer": compared}, ensure_ascii=False)
        )


def replace_notes(library: Any) -> Any:
    """The same library without notes."""
    library.notes = {}
    return library


if __name__ == "__main__":
    main()
