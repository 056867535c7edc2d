"""The two real standards of the development corpus: counts, gaps, tables, golden."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from kb.ids import content_hash
from kb.model import Source, Tree, UnitKind
from kb.readers.markdown import read_markdown
from kb.readers.text import read_text
from kb.structure.standards import parse_standard
from tests.structure.standard_texts import check_contract

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(scope="module")
def mines(corpus_dir: Path) -> tuple[Source, Tree]:
    (path,) = corpus_dir.glob("standards/GB 16423*.md")
    source = read_markdown(path)
    return source, parse_standard(source)


@pytest.fixture(scope="module")
def blasting(corpus_dir: Path) -> tuple[Source, Tree]:
    (path,) = corpus_dir.glob("standards/GB 6722*.txt")
    source = read_text(path)
    return source, parse_standard(source)


@pytest.mark.corpus
def test_mines_counts(mines: tuple[Source, Tree]) -> None:
    source, tree = mines
    check_contract(source, tree)
    clauses = [u for u in tree.hits if u.kind is UnitKind.CLAUSE]
    # 661 in chapters 4 to 8; chapters 1 and 2 have no clauses below and are hits too
    assert {u.id for u in clauses if not re.match(r"[4-8]", u.id)} == {"1", "2"}
    assert len(clauses) == 661 + 2
    assert sum(u.kind is UnitKind.DEFINITION for u in tree.units) == 26
    deep = [u for u in tree.units if u.kind in {UnitKind.CLAUSE, UnitKind.CHAPTER} and "." in u.id]
    assert len(deep) == 754
    dashes = [u for u in tree.units if u.label == "——"]
    # 1,173 lines with a dash in the file: 9 in 前言, 3 in chapter 1, the rest here, one dash lost
    assert len(dashes) == 1173 - 9 + 1
    holders = {re.match(r"\d+(\.\d+)*", u.id)[0] for u in dashes}  # type: ignore[index]
    assert len(holders - {"1"}) == 223
    lettered = [u for u in tree.units if re.fullmatch(r"[a-e]\)", u.label)]
    assert sorted({u.parent for u in lettered}, key=str) == ["6.4.7.3", "6.4.7.4", "6.7.1.6"]


@pytest.mark.corpus
def test_mines_numbers_have_no_gap(mines: tuple[Source, Tree]) -> None:
    _, tree = mines
    numbers = {u.id for u in tree.units if re.fullmatch(r"\d+(\.\d+)*", u.id)}
    for number in numbers:
        head, _, last = number.rpartition(".")
        if int(last) > 1:
            assert ".".join(filter(None, (head, str(int(last) - 1)))) in numbers
        assert not head or head in numbers
    assert not [w for w in tree.warnings if "号" in w and "符号" not in w]


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("clause", "labels"),
    [
        ("5.2.1.1", ["表 1"]), ("5.6.2.6", ["表 2"]), ("6.2.3.1", ["表 3"]),
        ("6.6.1.1", ["表 4", "表 5"]), ("6.6.1.6", ["表 6"]), ("6.7.8.2", ["表 7"]),
    ],
)  # fmt: skip
def test_mines_tables(mines: tuple[Source, Tree], clause: str, labels: list[str]) -> None:
    _, tree = mines
    tables = [u for u in tree.children[clause] if u.kind is UnitKind.TABLE]
    assert [u.label for u in tables] == labels
    assert all(u.rows and u.header_rows and u.heading for u in tables)
    assert all(len({len(row) for row in u.rows}) == 1 for u in tables)


@pytest.mark.corpus
@pytest.mark.parametrize(
    "unit",
    ["5.2.3.6", "5.4.2.9", "5.6.1.5.i2", "5.6.2.8", "6.2.8.7", "6.9.3.1", "7.2.13", "7.5.2", "8.1"],
)
def test_mines_broken_sentences_are_one_line(mines: tuple[Source, Tree], unit: str) -> None:
    _, tree = mines
    assert "\n" in tree.by_id[unit].raw
    assert "\n" not in tree.by_id[unit].display
    assert tree.by_id[unit].display.endswith(("。", "；"))


@pytest.mark.corpus
@pytest.mark.parametrize("clause", ["6.1.2", "6.1.5", "6.8.1"])
def test_mines_titled_clauses(mines: tuple[Source, Tree], clause: str) -> None:
    _, tree = mines
    unit = tree.by_id[clause]
    assert unit.hit
    assert unit.heading
    assert unit.display.startswith(unit.heading + "\n")


@pytest.mark.corpus
def test_mines_golden(mines: tuple[Source, Tree]) -> None:
    _, tree = mines
    lines = [f"{u.id} {u.kind.value} {content_hash(u.display)}" for u in tree.units]
    path = GOLDEN / "gb-16423-2020.txt"
    if os.environ.get("KB_REWRITE_GOLDEN"):
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert path.read_text(encoding="utf-8").splitlines() == lines


@pytest.mark.corpus
def test_old_blasting_text(blasting: tuple[Source, Tree]) -> None:
    source, tree = blasting
    check_contract(source, tree)
    kinds = {kind: sum(u.kind is kind for u in tree.hits) for kind in UnitKind}
    assert kinds[UnitKind.DEFINITION] == 31
    assert kinds[UnitKind.CLAUSE] == 817
    gaps = [w for w in tree.warnings if w.startswith("缺条号")]
    assert [w.split("（")[0] for w in gaps] == ["缺条号 6.3.2"]
    assert any("没有的表（18 个）" in w for w in tree.warnings)
    assert any("没有的公式" in w for w in tree.warnings)
    assert not any("\\n" in u.display for u in tree.units)
    assert tree.by_id["3.1"].heading == "爆破"
    assert {u.id for u in tree.units if u.kind is UnitKind.ANNEX} == {"app-A", "app-B", "app-C"}
