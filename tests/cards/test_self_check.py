"""`kb requirements --self-check`: the sheet of one notice as a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from kb.cards.self_check import FIRMS
from kb.cli.app import app
from kb.errors import UsageError
from kb.requirements import load_requirements
from kb.roots import Roots

HECHUAN = "hechuan-feimei-kuangshan-2021"
_COMMAND = ["requirements", "--notice", HECHUAN, "--self-check", "-o"]


def asked() -> list[str]:
    """What the shipped entries ask of a firm in that notice."""
    known = load_requirements(Roots.of(None).corpora).entries.values()
    return [r.what for r in known if r.doc == HECHUAN and set(r.who) & set(FIRMS)]


def test_word_file(tmp_path: Path) -> None:
    import docx

    out = tmp_path / "自查 表.docx"
    done = CliRunner().invoke(app, [*_COMMAND, str(out)])
    assert done.exit_code == 0, done.output
    assert f"{len(asked())} 项" in done.output
    rows = docx.Document(str(out)).tables[-1].rows
    texts = [[c.text for c in row.cells] for row in rows]
    assert texts[0] == ["序号", "要求", "佐证材料", "完成情况", "自查人/日期"]
    numbered = [t for t in texts if t[0].isdecimal()]
    assert [t[0] for t in numbered] == [str(n) for n in range(1, len(asked()) + 1)]
    assert sorted(t[1].partition("\n")[0] for t in numbered) == sorted(asked())
    steps = [t[0] for t in texts if t[0].startswith("第") and len(set(t)) == 1]
    assert [s[:3] for s in steps] == [f"第{n}步" for n in "一二三四五六七八九"]


def test_workbook(tmp_path: Path) -> None:
    import openpyxl

    out = tmp_path / "zc.xlsx"
    done = CliRunner().invoke(app, [*_COMMAND, str(out), "--who", "班组"])
    assert done.exit_code == 0, done.output
    sheet = openpyxl.load_workbook(out).active
    assert sheet is not None
    numbered = [row for row in sheet.iter_rows(values_only=True) if isinstance(row[0], int)]
    assert 0 < len(numbered) < len(asked())
    assert all("班组" in str(row[1]) for row in numbered)


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["requirements", "--self-check"], "-o"),
        (["requirements", "-o", "a.docx"], "--self-check"),
        (["requirements", "--self-check", "-o", "a.docx"], "一次一份通知"),
        ([*_COMMAND, "a.pdf"], ".pdf"),
        ([*_COMMAND, "a.docx", "--who", "区应急局"], "没有写给企业的要求"),
    ],
)
def test_what_cannot_be_written_says_why(
    args: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KB_ROOT", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, args)
    assert isinstance(done.exception, UsageError)
    assert says in str(done.exception)
    assert list(tmp_path.iterdir()) == []
