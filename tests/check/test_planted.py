"""Planted errors are found, stricter figures raise no alarm, clean twins are silent."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import pytest

from kb.check import ERRORS, Checker, Finding
from tests.check import planted
from tests.check.planted import Plant

pytestmark = pytest.mark.corpus

TABLE_ROW, LINE_ROW = 5, 3
SIZE = 20


@pytest.fixture(scope="module")
def rows(real_checker: Checker) -> list[Plant]:
    return planted.plants(real_checker.shelf)


def run(checker: Checker, files: list[Path], first: int) -> dict[int, list[Finding]]:
    """Findings by the number of their row."""
    out: dict[int, list[Finding]] = defaultdict(list)
    for card, path in enumerate(files):
        report = checker.check(path)
        assert not report.error
        for finding in report.findings:
            assert isinstance(finding.line, int)
            out[card * SIZE + finding.line - first].append(finding)
    return out


@pytest.fixture(scope="module", params=["table", "lines"])
def bad(
    request: pytest.FixtureRequest,
    real_checker: Checker,
    rows: list[Plant],
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[int, list[Finding]]:
    folder = tmp_path_factory.mktemp("bad")
    if request.param == "table":
        files = planted.write_tables([(r.bad_text, r.bad_basis) for r in rows], folder, "卡", SIZE)
        return run(real_checker, files, TABLE_ROW)
    files = planted.write_cards([r.sentence for r in rows], folder, "卡", SIZE)
    return run(real_checker, files, LINE_ROW)


def test_the_set_is_large_enough(rows: list[Plant]) -> None:
    by_kind = Counter(r.kind for r in rows)
    assert set(by_kind) == {
        "not_found", "wrong_title", "not_in_force", "pending", "superseded", "quote_differs",
        "figure_contradicts", "stricter", "see_also", "old_class_name",
    } - ({"pending"} if not by_kind["pending"] else set())  # fmt: skip
    assert sum(n for kind, n in by_kind.items() if kind in ERRORS) >= 120
    assert by_kind["stricter"] >= 20
    assert min(by_kind.values()) >= 2


def test_planted_errors_are_found(rows: list[Plant], bad: dict[int, list[Finding]]) -> None:
    errors = [i for i, r in enumerate(rows) if r.kind in ERRORS]
    found = [i for i in errors if any(f.kind == rows[i].kind for f in bad[i])]
    missed = [rows[i] for i in errors if i not in found]
    assert len(found) >= 80
    assert len(missed) <= 0.05 * len(errors), [(m.rule, m.at) for m in missed]
    for kind in ERRORS & {r.kind for r in rows}:
        mine = [i for i in errors if rows[i].kind == kind]
        share = sum(i in found for i in mine) / len(mine)
        assert share >= 0.85, (kind, share)


def test_they_lead_to_the_right_clause(rows: list[Plant], bad: dict[int, list[Finding]]) -> None:
    wanted = [i for i, r in enumerate(rows) if r.at and r.kind in ERRORS]
    right = [
        i
        for i in wanted
        if any(f.kind == rows[i].kind and f.id.startswith(rows[i].at) for f in bad[i])
    ]
    assert len(right) >= 0.95 * len(wanted)


def test_stricter_figures_raise_no_alarm(rows: list[Plant], bad: dict[int, list[Finding]]) -> None:
    strict = [i for i, r in enumerate(rows) if r.kind == "stricter"]
    alarms = [rows[i].at for i in strict if any(f.is_error for f in bad[i])]
    told = [i for i in strict if any(f.kind == "stricter" for f in bad[i])]
    assert alarms == []
    assert len(told) >= 20
    assert len(told) >= 0.85 * len(strict)


def test_other_kinds(rows: list[Plant], bad: dict[int, list[Finding]]) -> None:
    for kind, least in (("see_also", 0.85), ("old_class_name", 1.0)):
        mine = [i for i, r in enumerate(rows) if r.kind == kind]
        found = [i for i in mine if any(f.kind == kind for f in bad[i])]
        assert len(found) >= least * len(mine), kind


def test_clean_twins_are_silent(rows: list[Plant], real_checker: Checker, tmp_path: Path) -> None:
    tables = planted.write_tables([(r.text, r.basis) for r in rows], tmp_path, "表", SIZE)
    cards = planted.write_cards([r.twin for r in rows], tmp_path, "行", SIZE)
    for files, first in ((tables, TABLE_ROW), (cards, LINE_ROW)):
        found = run(real_checker, files, first)
        alarms = [
            (rows[i].rule, rows[i].at, f.kind, f.message)
            for i, findings in found.items()
            for f in findings
            if f.is_error
        ]
        assert alarms == []


@pytest.mark.slow
def test_every_line_of_our_notes_is_silent_with_its_own_clause(
    real_checker: Checker, tmp_path: Path
) -> None:
    """The lines that drafts are made of, with and without their references."""
    shelf = real_checker.shelf
    lines = [
        (line.text, shelf.cite(note.ref, note.clause))
        for note in shelf.passages.notes()
        if note.ref in shelf.binding
        for line in note.lines
    ]
    assert len(lines) > 5000
    for rows in (lines, [(text, "") for text, _ in lines]):
        for path in planted.write_tables(rows, tmp_path, "卡", 500):
            report = real_checker.check(path)
            assert [(f.line, f.message) for f in report.findings if f.is_error] == []
