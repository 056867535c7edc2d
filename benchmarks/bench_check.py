"""The check of cards: planted errors found, false alarms on clean twins, and how long it takes.

    python benchmarks/bench_check.py --corpus 资料文件夹 [--times 8]

Planted rows come from `tests/check/planted.py`. They are checked twice: with our notes in the index
(cards that were drafted here), and with an index that has none, so that a row drawn from a note
line is somebody else's wording of a clause. Clean rows are the twins of the planted ones and every
line and gist of the notes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from kb.check import Checker, Finding, Shelf
from kb.index import Index, write_index
from kb.library import load_library
from kb.roots import Roots
from kb.terms import Terms
from tests.check import planted
from tests.check.planted import Plant

REPO = Path(__file__).resolve().parent.parent
DAY = date(2026, 11, 21)
SIZE, FIRST = 20, 5  # rows of a card, and the line of its first row
CARDS, ROWS = 100, 30
LONG = 10_000

Rows = Sequence[tuple[str, str]]


def found(checker: Checker, rows: Rows, folder: Path) -> dict[int, list[Finding]]:
    """Findings by row of cards with a column of references."""
    out: dict[int, list[Finding]] = defaultdict(list)
    for number, path in enumerate(planted.write_tables(rows, folder, "卡", SIZE)):
        for finding in checker.check(path).findings:
            if isinstance(finding.line, int):
                out[number * SIZE + finding.line - FIRST].append(finding)
    return out


def quality(checker: Checker, plants: Sequence[Plant], folder: Path) -> dict[str, dict[str, float]]:
    """By rule: rows, share found, share that leads to the right clause, alarms on the twins."""
    bad = found(checker, [(p.bad_text, p.bad_basis) for p in plants], folder)
    good = found(checker, [(p.text, p.basis) for p in plants], folder)
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for i, plant in enumerate(plants):
        of_kind = [f for f in bad[i] if f.kind == plant.kind]
        rule = sums[plant.rule]
        rule["rows"] += 1
        rule["found"] += bool(of_kind)
        rule["placed"] += any(f.id.startswith(plant.at) for f in of_kind)
        rule["alarms"] += any(f.is_error for f in good[i])
    return {name: shares(rule) for name, rule in sums.items()} | {
        "all errors": shares(sum((r for n, r in sums.items() if n not in _APART), start=Counter()))
    }


_APART = ("stricter", "governed", "class")


def shares(counts: Counter[str]) -> dict[str, float]:
    """Rows, percentages, alarms."""
    rows = counts["rows"]
    return {
        "rows": rows,
        "found %": 100 * counts["found"] / rows,
        "placed %": 100 * counts["placed"] / rows,
        "alarms": counts["alarms"],
    }


def alarms(checker: Checker, rows: Rows, folder: Path) -> dict[str, float]:
    """Clean rows, and how many of them raise an error."""
    wrong = found(checker, rows, folder)
    bad = sum(any(f.is_error for f in findings) for findings in wrong.values())
    return {"rows": len(rows), "alarms": bad}


def clean_rows(shelf: Shelf) -> dict[str, Rows]:
    """Every line and every gist of the notes in force, with and without its reference."""
    notes = [n for n in shelf.passages.notes() if n.ref in shelf.binding]
    lines = [(x.text, shelf.cite(n.ref, n.clause)) for n in notes for x in n.lines]
    gists = [(n.gist, shelf.cite(n.ref, n.clause)) for n in notes]
    return {
        "lines, cited": lines,
        "lines, uncited": [(text, "") for text, _ in lines],
        "gists, cited": gists,
        "gists, uncited": [(text, "") for text, _ in gists],
    }


def speed(checker: Checker, plants: Sequence[Plant], folder: Path) -> dict[str, dict[str, float]]:
    """Seconds for a hundred cards and for one table of ten thousand rows, each row another."""
    rows = [(p.bad_text, p.bad_basis) for p in plants]
    many = [rows[i % len(rows)] for i in range(CARDS * ROWS)]
    loose = [(text, "") for text, _ in many]
    out = {}
    for name, cards, size in (
        (f"{CARDS} cards, cited", many, ROWS),
        (f"{CARDS} cards, uncited", loose, ROWS),
        (f"{LONG} rows", [(f"{rows[i % len(rows)][0]}{i}号点", "") for i in range(LONG)], LONG),
    ):
        paths = planted.write_tables(cards, folder, "快", size)
        start = time.perf_counter()
        for path in paths:
            checker.check(path)
        out[name] = {"rows": len(cards), "seconds": time.perf_counter() - start}
    return out


def show(title: str, rows: Mapping[str, Mapping[str, float]]) -> None:
    """Print a table."""
    columns = list(dict.fromkeys(k for row in rows.values() for k in row))
    print(f"\n{title}")
    print(" " * 22 + "".join(f"{c:>10}" for c in columns))
    for name, row in rows.items():
        print(f"{name:<22}" + "".join(f"{row[c]:>10.1f}" for c in columns))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, action="append", default=[])
    parser.add_argument("--times", type=int, default=8, help="size of the planted set")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        library = load_library(Roots(REPO, folder), corpus=given.corpus)
        write_index(library, folder / "with")
        write_index(replace(library, notes={}), folder / "without")
        terms = Terms.load([REPO / "corpus"])
        cards = folder / "cards"
        cards.mkdir()
        with Index.open(folder / "with") as index, Index.open(folder / "without") as bare:
            shelf = Shelf(index, DAY)
            plants = planted.plants(shelf, given.times)
            checker = Checker(shelf, terms)
            stranger = Checker(Shelf(bare, DAY), terms)
            show("planted, notes in the index", quality(checker, plants, cards))
            show("planted, no notes in the index", quality(stranger, plants, cards))
            clean = clean_rows(shelf)
            show(
                "clean, notes in the index",
                {n: alarms(checker, r, cards) for n, r in clean.items()},
            )
            show("clean, no notes", {n: alarms(stranger, r, cards) for n, r in clean.items()})
            show("time", speed(checker, plants, cards))


if __name__ == "__main__":
    main()
