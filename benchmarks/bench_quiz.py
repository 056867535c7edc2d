"""Questions: how many of each type a set of documents gives, of how many clauses, and how fast.

    python benchmarks/bench_quiz.py --root DIR [--count N] [--as-of DATE] [--out FILE.json]

DIR has build/index (`kb build --root DIR`). The times are those of a whole command with its start,
and of the parts: every question of the index (the pool), and one paper out of it.
"""

from __future__ import annotations

import argparse
import time
from datetime import date
from pathlib import Path

from measuring import median, report, run

from kb.exam import TYPES, Wanted, make_pool, pick
from kb.index import Index


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="kb quiz、kb passages：题数和用时")
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--as-of", type=date.fromisoformat, default=date.today())
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--out", type=Path, help="结果另存为 JSON")
    options = parser.parse_args()
    with Index.open(options.root / "build" / "index") as index:
        start = time.perf_counter()
        pool = make_pool(index.passages, options.as_of)
        made = time.perf_counter() - start
        start = time.perf_counter()
        paper = pick(pool, Wanted(options.count, "1"))
        picked = time.perf_counter() - start
    rows: dict[str, dict[str, float]] = {}
    total: dict[str, float] = {"条款": 0, "出得了题": 0, **dict.fromkeys(TYPES, 0)}
    for row in pool.coverage().documents:
        counts = {"条款": row["clauses"], "出得了题": row["examined"], **row["types"]}
        rows[row["title"]] = {k: float(v) for k, v in counts.items()}
        total = {k: total[k] + float(v) for k, v in counts.items()}
    rows["合计"] = total
    share = {k: float(sum(i.type == k for i in paper.items)) for k in TYPES}
    rows[f"一份 {len(paper.items)} 题"] = share
    report("题数", rows, options.out)
    where = ["--root", str(options.root)]
    quiz = ["-m", "kb", "quiz", "--count", str(options.count), "--format", "json", *where]
    passages = ["-m", "kb", "passages", "--doc", "安全生产法", "--format", "json", *where]
    for name, command in (("kb quiz", quiz), ("kb passages", passages)):
        took = median([run(command) for _ in range(options.repeat)])
        print(f"{name}（含启动）：{took.seconds:.2f} s，内存最高 {took.peak_mb:.0f} MB")
    print(f"其中：全部题目 {made:.2f} s，从中选 {options.count} 题 {picked:.2f} s")


if __name__ == "__main__":
    main()
