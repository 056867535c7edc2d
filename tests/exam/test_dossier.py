"""The panel's dossier, and its verdicts read back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import docx
import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from kb.cli.app import app
from kb.errors import UsageError
from kb.exam import Item, Pool, Wanted, pick
from kb.exam.dossier import COLUMNS, dossier_rows, write_dossier
from kb.exam.verdicts import (
    CODE,
    HELD,
    VERDICT,
    Verdict,
    keep_verdicts,
    load_verdicts,
    read_verdicts,
)
from kb.index import Index
from kb.roots import Roots
from tests.exam.sample import AS_OF, build


@pytest.fixture(scope="module")
def items(pool: Pool) -> tuple[Item, ...]:
    return pick(pool, Wanted(12, "4")).items


def filled(path: Path, verdicts: dict[int, str]) -> Path:
    """Write words into the column of the panel, by number of the item."""
    at = COLUMNS.index(VERDICT)
    if path.suffix == ".xlsx":
        book = load_workbook(path)
        for number, word in verdicts.items():
            book.worksheets[0].cell(number + 1, at + 1).value = word
        book.save(path)
    else:
        document = docx.Document(str(path))
        for number, word in verdicts.items():
            document.tables[0].rows[number].cells[at].text = word
        document.save(str(path))
    return path


def test_a_row_says_what_the_panel_asks(index: Index, items: tuple[Item, ...]) -> None:
    head, *rows = dossier_rows(index.passages, items, "张三", "一线")
    for row, item in zip(rows, items, strict=True):
        said = dict(zip(head, row, strict=True))
        ref, _, clause = item.id.partition("#")
        unit = index.passages.unit(ref, clause)
        assert unit is not None
        assert said["依据原文"] == unit.display
        assert all(o in said["题干与选项"] for o in (item.stem, *item.options))
        assert all(d.why in said["各干扰项为何错及出处"] for d in item.distractors)
        assert said["命题人"] == "张三"
        assert said["对象/岗位"].startswith("一线")
        assert (said[CODE], said[VERDICT]) == (item.item, "")


def test_a_stale_item_is_refused(index: Index, items: tuple[Item, ...]) -> None:
    with pytest.raises(UsageError, match="第 1 题"):
        dossier_rows(index.passages, [replace(items[0], hash="0" * 12)])


@pytest.mark.parametrize("ending", [".xlsx", ".docx"])
def test_verdicts_come_back(
    index: Index, items: tuple[Item, ...], tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"d{ending}"
    write_dossier(path, dossier_rows(index.passages, items), "审题", AS_OF)
    assert read_verdicts(path) == ()
    found = read_verdicts(filled(path, {1: "通过", 2: "删除", 5: " 修改 "}))
    assert found == (
        Verdict(items[0].item, "通过"),
        Verdict(items[1].item, "删"),
        Verdict(items[4].item, "修改"),
    )
    with pytest.raises(UsageError, match=f"第 4 行（{items[2].item}）.*也许"):
        read_verdicts(filled(path, {3: "也许"}))


def test_files_that_are_no_dossier(tmp_path: Path) -> None:
    for name in ("a.xlsx", "a.docx"):
        with pytest.raises(UsageError):
            read_verdicts(tmp_path / name)
        (tmp_path / name).write_bytes(b"not a zip")
        with pytest.raises(UsageError):
            read_verdicts(tmp_path / name)
    with pytest.raises(UsageError, match="xlsx"):
        read_verdicts(tmp_path / "a.csv")


def test_a_later_verdict_replaces_the_earlier(tmp_path: Path) -> None:
    where = Roots(tmp_path, tmp_path)
    keep_verdicts(where, [Verdict("0" * 12, "删", "太易"), Verdict("1" * 12, "通过")])
    keep_verdicts(where, [Verdict("0" * 12, "通过")])
    assert {k: v.verdict for k, v in load_verdicts(where).items()} == {
        "0" * 12: "通过",
        "1" * 12: "通过",
    }


def test_rejected_items_are_not_made_again(tmp_path: Path) -> None:
    build(tmp_path / "build" / "index").__exit__(None, None, None)
    run = CliRunner()
    base = ["quiz", "--root", str(tmp_path), "--as-of", AS_OF.isoformat(), "--count", "15"]
    path, bank = tmp_path / "d.xlsx", tmp_path / "b.json"
    made = run.invoke(app, [*base, "--dossier", str(path), "--out", str(bank)])
    assert made.exit_code == 0, made.output
    codes = [row[-1] for row in load_workbook(path).worksheets[0].iter_rows(values_only=True)][1:]
    assert len(codes) > 5
    filled(path, {1: "删", 2: "修改", 3: "通过"})
    assert run.invoke(app, [*base, "--verdicts", str(path)]).exit_code == 0
    again = run.invoke(app, [*base, "--format", "json"])
    assert str(codes[0]) not in again.output
    assert str(codes[1]) not in again.output
    verdicts = load_verdicts(Roots.of(tmp_path))
    held = {item for item, v in verdicts.items() if v.verdict in HELD}
    assert held == {codes[0], codes[1]}
    assert codes[2] in verdicts
    old = run.invoke(app, [*base, "--from", str(bank), "--out", str(tmp_path / "x.xlsx")])
    assert isinstance(old.exception, UsageError)
    assert not (tmp_path / "x.xlsx").exists()


def test_a_verdict_on_an_item_that_nobody_made(
    index: Index, items: tuple[Item, ...], tmp_path: Path
) -> None:
    build(tmp_path / "build" / "index").__exit__(None, None, None)
    rows = dossier_rows(index.passages, items)
    rows[2][-1] = "0123456789ab"
    path = tmp_path / "d.xlsx"
    write_dossier(path, rows, "审题", AS_OF)
    filled(path, {1: "删", 2: "删"})
    base = ["quiz", "--root", str(tmp_path), "--as-of", AS_OF.isoformat()]
    said = CliRunner().invoke(app, [*base, "--verdicts", str(path)])
    assert isinstance(said.exception, UsageError)
    assert "0123456789ab" in str(said.exception)
    assert items[0].item not in str(said.exception)
    assert not load_verdicts(Roots.of(tmp_path))
