"""Time and memory of `kb build`: the nine laws, with a --corpus folder, and all packaged laws.

python benchmarks/bench_build.py [--corpus DIR] [--repeat N] [--out FILE.json]
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from measuring import median, report, run


def main() -> None:
    """Build every variant in a new folder each time."""
    parser = argparse.ArgumentParser(description="kb build：用时和内存")
    parser.add_argument("--corpus", type=Path, help="文件夹，如 ../shared/corpus")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--out", type=Path, help="结果另存为 JSON")
    options = parser.parse_args()
    variants: dict[str, list[str]] = {"core": []}
    if options.corpus:
        variants["core + corpus"] = ["--corpus", str(options.corpus.resolve())]
    variants["all"] = ["--laws", "all"]
    if options.corpus:
        variants["all + corpus"] = [*variants["all"], *variants["core + corpus"]]
    rows = {}
    for name, arguments in variants.items():
        runs = []
        for _ in range(options.repeat):
            with tempfile.TemporaryDirectory() as root:
                runs.append(run(["-m", "kb", "build", "--root", root, *arguments]))
                files = [p for p in Path(root).rglob("*") if p.is_file()]
                size = sum(p.stat().st_size for p in files) / 1e6
        found = median(runs)
        rows[name] = {"seconds": found.seconds, "peak MB": found.peak_mb, "index MB": size}
    report("kb build", rows, options.out)


if __name__ == "__main__":
    main()
