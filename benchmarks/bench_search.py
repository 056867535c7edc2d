"""Time and memory of search: one cold command, a batch, and plain bm25s over the same rows.

    python benchmarks/bench_search.py --root DIR [--questions FILE] [--repeat N] [--out FILE.json]

DIR has build/index (`kb build --root DIR`). Questions are JSONL with `query`, or one a line;
without a file, sentences of the index itself are asked.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

from measuring import median, percentile, report, run

from kb.index import Index
from kb.search import Searcher


def questions(path: Path | None, searcher: Searcher) -> list[str]:
    """What is asked."""
    if path is None:
        texts = [text.partition("\n")[0] for _, text in searcher.texts()]
        return [t[:40] for t in texts[:: max(1, len(texts) // 100)] if t]
    lines = [x for x in path.read_text(encoding="utf-8").splitlines() if x.strip()]
    return [json.loads(x)["query"] if x.startswith("{") else x for x in lines]


def plain_bm25s(index: Index, searcher: Searcher, asked: list[str], repeat: int) -> list[float]:
    """Milliseconds a query of bm25s as it comes, over the words of the same clauses."""
    from bm25s import BM25

    tokenizer = index.tokenizer
    corpus = [tokenizer.words(text) for _, text in searcher.texts()]
    engine = BM25(backend="numpy")
    engine.index(corpus, show_progress=False)
    out = []
    for _ in range(repeat):
        for query in asked:
            start = time.perf_counter()
            words = tokenizer.words(query) or [""]
            engine.retrieve([words], k=min(10, len(corpus)), show_progress=False)
            out.append((time.perf_counter() - start) * 1000)
    return out


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="kb search：用时和内存")
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--questions", type=Path)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--out", type=Path, help="结果另存为 JSON")
    options = parser.parse_args()
    with Index.open(options.root / "build" / "index") as index:
        searcher = Searcher(index)
        asked = questions(options.questions, searcher)
        command = ["-m", "kb", "search", asked[0], "--root", str(options.root), "--format", "json"]
        run(command)
        cold = median([run(command) for _ in range(options.repeat)])
        bare = median([run(["-c", "import numpy"]) for _ in range(options.repeat)])
        took = []
        for _ in range(options.repeat):
            for query in asked:
                searcher.search(query)
                took.append(searcher.took_ms)
        plain = plain_bm25s(index, searcher, asked, options.repeat)
    p50, base = percentile(took, 0.5), percentile(plain, 0.5)
    report(
        f"kb search, {len(asked)} questions",
        {
            "cold command (s)": {
                "p50": cold.seconds,
                "× import numpy": cold.seconds / bare.seconds,
                "peak MB": cold.peak_mb,
            },
            "import numpy (s)": {"p50": bare.seconds, "peak MB": bare.peak_mb},
            "batch (ms)": {"p50": p50, "p95": percentile(took, 0.95), "× bm25s": p50 / base},
            "plain bm25s (ms)": {"p50": base, "p95": percentile(plain, 0.95)},
        },
        options.out,
    )


if __name__ == "__main__":
    main()
