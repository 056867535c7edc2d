"""`kb check` as a command: what it prints, its JSON, its exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kb.cli.app import app
from kb.errors import SourceError, UsageError
from tests.check.sample import sample_index, table

OK = "- 守塔人每三年换一次灯芯（《灯塔法》第一条）。\n"
BAD = "- 守塔人每五年换一次灯芯（《灯塔法》第一条）。\n"
STRICT = "- 守塔人每一年换一次灯芯（《灯塔法》第一条）。\n"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("root")
    sample_index(folder / "build" / "index").close()
    return folder


def kb(root: Path, *arguments: object) -> Any:
    words = ["check", *map(str, arguments), "--root", str(root)]
    day = [] if "--as-of" in arguments else ["--as-of", "2026-11-21"]
    return CliRunner().invoke(app, words + day)


def card(folder: Path, text: str, name: str = "卡.md") -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "more", "code"),
    [
        (OK, [], 0),
        (OK, ["--strict"], 0),
        (BAD, [], 1),
        (STRICT, [], 0),
        (STRICT, ["--strict"], 1),
    ],
)
def test_exit_codes(root: Path, tmp_path: Path, text: str, more: list[str], code: int) -> None:
    assert kb(root, card(tmp_path, text), *more).exit_code == code


def test_json_is_the_contract(root: Path, tmp_path: Path) -> None:
    result = kb(root, card(tmp_path, BAD + "- 按《海船手册》做。\n"), "--json")
    (file,) = json.loads(result.stdout)["files"]
    assert set(file) >= {"file", "findings", "not_checked", "checked"}
    assert [f["kind"] for f in file["findings"]] == ["figure_contradicts", "not_checked"]
    finding = file["findings"][0]
    assert set(finding) >= {"kind", "line", "raw", "id", "message", "suggestion"}
    assert (finding["line"], finding["raw"], finding["suggestion"]) == (1, "每五年", "每三年")
    assert finding["id"] == "dengta-fa@2020-06-01#art-1"
    assert file["not_checked"] == 1
    assert result.exit_code == 1


def test_table_counts_aloud(root: Path, tmp_path: Path) -> None:
    lines = "".join(f"- 第{n}样东西每天要擦得干干净净。\n" for n in "甲乙丙丁戊己庚")
    path = card(tmp_path, BAD + lines)
    short = kb(root, path).stdout
    assert "错误 1 处" in short
    assert "未核对 7 处" in short
    assert "还有 2 处" in short
    assert short.count("样东西") == 5
    assert kb(root, path, "--all").stdout.count("样东西") == 7


def test_folders_and_what_cannot_be_read(root: Path, tmp_path: Path) -> None:
    card(tmp_path, OK, "a.md")
    card(tmp_path, BAD, "下级/b.txt")
    result = kb(root, tmp_path, "--json")
    assert (len(json.loads(result.stdout)["files"]), result.exit_code) == (2, 1)
    (tmp_path / "下级" / "c.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    result = kb(root, tmp_path)
    assert result.exit_code == 3
    assert "另存为 .docx" in result.stdout
    assert "错误 1 处" in result.stdout  # the others are checked all the same
    card(tmp_path / "照片", "x", "d.jpg")
    assert kb(root, tmp_path / "照片").exit_code == 0


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.doc", b"\xd0\xcf\x11\xe0"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("a.txt", b""),
    ],
)
def test_unreadable(root: Path, tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    result = kb(root, tmp_path / name)
    assert result.exit_code == 3
    assert "读不了" in result.stdout


def test_usage(root: Path, tmp_path: Path) -> None:
    path = card(tmp_path, OK)
    (tmp_path / "空").mkdir()
    for arguments in (
        [],
        [path, "--post", "不存在的岗位"],
        [path, "--as-of", "昨天"],
        [tmp_path / "空"],
        [path, "--xlsx", tmp_path / "x.csv"],
        [path, card(tmp_path, OK, "b.md"), "--docx", tmp_path / "x.docx"],
        [path, "--region", "火星"],
    ):
        result = kb(root, *arguments)
        assert isinstance(result.exception, UsageError), arguments
    assert isinstance(kb(root, tmp_path / "没有.md").exception, SourceError)


def test_outputs(root: Path, tmp_path: Path) -> None:
    path = card(tmp_path, BAD)
    out = tmp_path / "出"
    result = kb(root, path, "--docx", out / "批注.docx", "--xlsx", out / "汇总.xlsx")
    assert result.exit_code == 1
    assert {p.name for p in out.iterdir()} == {"批注.docx", "汇总.xlsx"}
    card(tmp_path, BAD, "又/卡.md")
    kb(root, path, tmp_path / "又", "--docx", out / "多")
    assert {p.name for p in (out / "多").iterdir()} == {"卡-批注.docx", "卡-批注2.docx"}
    word = tmp_path / "w.docx"
    import docx

    document = docx.Document()
    document.add_paragraph(BAD)
    document.save(str(word))
    assert isinstance(kb(root, word, "--docx", word).exception, UsageError)


def test_merged_cells_are_told_once(root: Path, tmp_path: Path) -> None:
    text = table(("1", "守塔人每五年换一次灯芯", "《灯塔法》第九十九条"), ("2", "关好门窗", "同上"))
    (file,) = json.loads(kb(root, card(tmp_path, text), "--json").stdout)["files"]
    assert [f["kind"] for f in file["findings"] if f["kind"] == "not_found"] == ["not_found"]


def test_stale(root: Path, tmp_path: Path) -> None:
    basis = {"id": "dengta-fa@2007-03-01#art-1", "hash": "x"}
    line = {"text": "守塔人每五年换一次灯芯", "bases": [basis]}
    path = tmp_path / "d.json"
    path.write_text(json.dumps({"post": "守塔人", "cards": {"operation": [line]}}), "utf-8")
    result = kb(root, "--stale", path)
    assert result.exit_code == 1
    assert "停用 1" in result.stdout
    (found,) = json.loads(kb(root, "--stale", path, "--json").stdout)["stale"]
    assert found["lines"][0]["state"] == "superseded"
