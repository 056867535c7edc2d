"""What both benchmarks share: timed child processes, medians, the table."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Run", "median", "percentile", "report", "run"]


@dataclass(frozen=True, slots=True)
class Run:
    """Wall seconds and peak resident memory (MB, 0 where the system does not tell) of a process."""

    seconds: float
    peak_mb: float


def run(arguments: Sequence[str], cwd: Path | None = None) -> Run:
    """Run a Python command line to its end.

    Raises:
        SystemExit: it failed; shows what it said.
    """
    start = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=cwd
    ) as child:
        assert child.stdout is not None
        said = child.stdout.read()
        peak = 0.0
        if hasattr(os, "wait4"):
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            unit = 1 if sys.platform == "darwin" else 1024  # bytes there, kilobytes elsewhere
            peak = usage.ru_maxrss * unit / 1e6
        else:
            child.wait()
    seconds = time.perf_counter() - start
    if child.returncode:
        raise SystemExit(f"{' '.join(arguments)}：\n{said.decode(errors='replace')}")
    return Run(seconds, peak)


def median(runs: Sequence[Run]) -> Run:
    """Median time, highest memory."""
    return Run(statistics.median(r.seconds for r in runs), max(r.peak_mb for r in runs))


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0–1) of the values lie, by the nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def report(title: str, rows: Mapping[str, Mapping[str, float]], out: Path | None) -> None:
    """Print a table; write the same figures as JSON if asked to."""
    columns = list(dict.fromkeys(k for row in rows.values() for k in row))
    width = max(len(name) for name in rows) + 2
    print(title)
    print(" " * width + "".join(f"{c:>14}" for c in columns))
    for name, row in rows.items():
        cells = "".join(f"{row[c]:>14.2f}" if c in row else " " * 14 for c in columns)
        print(f"{name:<{width}}{cells}")
    if out is not None:
        out.write_text(json.dumps({"title": title, "rows": rows}, indent=1), encoding="utf-8")
