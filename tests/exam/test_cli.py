"""`kb passages` and `kb quiz` from the outside: what they print, and with which code they end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kb.cli.app import app
from kb.errors import KbError
from tests.exam.sample import OUR_WORDS, REF, build

AS_OF = ["--as-of", "2026-11-21"]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exam-cli")
    build(folder / "build" / "index").close()
    return folder


def run(root: Path, *args: object) -> Result:
    words = list(map(str, args))
    at = 2 if words[:2] in (["quiz", "verify"], ["quiz", "overlap"]) else 1
    where = [] if words[:2] == ["quiz", "overlap"] else ["--root", str(root)]
    return CliRunner().invoke(app, [*words[:at], *where, *words[at:]])


def code(result: Result) -> int:
    error = result.exception
    return error.exit_code if isinstance(error, KbError) else result.exit_code


def test_the_same_paper_byte_for_byte(root: Path) -> None:
    one, two = (run(root, "quiz", "--count", 12, "--seed", 5, *AS_OF, "--format", "json")
                for _ in range(2))  # fmt: skip
    assert one.exit_code == 0
    assert one.output == two.output
    raw = json.loads(one.output)
    assert len(raw["items"]) == 12
    needed = {"item", "id", "hash", "type", "stem", "options", "answer", "explanation",
              "difficulty", "post", "topic", "distractors"}  # fmt: skip
    for item in raw["items"]:
        assert needed <= set(item)
        assert all({"text", "id", "why"} <= set(d) for d in item["distractors"])
    assert "2026" not in one.output.replace("2026-10-01", "")


def test_items_are_shown_with_their_basis(root: Path) -> None:
    said = run(root, "quiz", "--count", 3, "--types", "判断、填空", *AS_OF).output
    assert "答案：" in said
    assert "现行，" in said
    assert "共 3 题" in said


def test_what_has_no_text_gives_none_and_says_so(root: Path) -> None:
    done = run(root, "quiz", "--doc", "99991", *AS_OF, "--format", "json")
    raw = json.loads(done.output)
    assert done.exit_code == 0
    assert raw["items"] == []
    assert any("雾号维护规程" in m and "要点" in m for m in raw["messages"])


def test_an_exam_date_before_a_law_starts(root: Path) -> None:
    done = run(root, "quiz", "--doc", "水窗法", *AS_OF)
    assert done.exit_code == 0
    assert "尚未施行" in done.output
    later = run(root, "quiz", "--doc", "水窗法", "--count", 1, "--as-of", "2027-05-01")
    assert "共 1 题" in later.output


def test_an_exam_is_kept_in_its_folder_and_not_shown(root: Path) -> None:
    done = run(root, "quiz", "--bank", "考试", "--count", 5, "--seed", 3, *AS_OF)
    assert done.exit_code == 0
    path = root / "exam" / "paper-3.json"
    kept = json.loads(path.read_text(encoding="utf-8"))["items"]
    assert len(kept) == 5
    assert kept[0]["stem"] not in done.output
    public = run(
        root, "quiz", "--bank", "考试", "--out", root / "build" / "site" / "x.json", *AS_OF
    )
    assert code(public) == 2
    assert not (root / "build" / "site").exists()


def test_practice_and_exam_do_not_share_items(root: Path, tmp_path: Path) -> None:
    practice = tmp_path / "练习.json"
    assert run(root, "quiz", "--count", 15, "--out", practice, *AS_OF).exit_code == 0
    exam = json.loads(
        run(root, "quiz", "--bank", "exam", "--count", 10, "--avoid", practice, *AS_OF,
            "--format", "json").output
    )["items"]  # fmt: skip
    known = {i["item"] for i in json.loads(practice.read_text(encoding="utf-8"))["items"]}
    assert exam
    assert not known & {i["item"] for i in exam}


def test_verify_and_overlap(root: Path, tmp_path: Path) -> None:
    path = tmp_path / "题.json"
    run(root, "quiz", "--count", 12, "--out", path, *AS_OF)
    good = run(root, "quiz", "verify", path, *AS_OF)
    assert (good.exit_code, "有问题 0 题" in good.output) == (0, True)
    raw = json.loads(path.read_text(encoding="utf-8"))
    raw["items"][0]["hash"] = "0" * 12
    path.write_text(json.dumps(raw), encoding="utf-8")
    bad = run(root, "quiz", "verify", path, *AS_OF, "--json")
    assert bad.exit_code == 1
    (file,) = json.loads(bad.output)["files"]
    assert file["stale"] == [raw["items"][0]["item"]]
    twice = run(root, "quiz", "overlap", path, path)
    assert twice.exit_code == 0
    alone = json.loads(run(root, "quiz", "overlap", path, "--json").output)
    assert alone == {"pairs": []}


def test_coverage_names_what_is_not_asked(root: Path) -> None:
    raw = json.loads(run(root, "quiz", "--coverage", *AS_OF, "--json").output)
    assert {d["id"] for d in raw["documents"]} >= {REF}
    assert all(x["why"] and x["citation"] for x in raw["left_out"])
    assert "出得了题的" in run(root, "quiz", "--coverage", *AS_OF).output


def test_passages_in_each_form(root: Path, tmp_path: Path) -> None:
    told = run(root, "passages", "--post", "看灯的", *AS_OF)
    assert told.exit_code == 0
    assert "踏板的宽度不小于0.6 m" in told.output
    assert OUR_WORDS not in told.output
    raw = json.loads(run(root, "passages", "--doc", "99991", *AS_OF, "--json").output)
    assert raw["passages"] == []
    assert raw["missing"][0]["id"] == "gb-99991-2021"
    lines = run(root, "passages", "--doc", "船渡条例", *AS_OF, "--format", "jsonl").output
    assert json.loads(lines.splitlines()[0])["id"].endswith("#art-1")
    out = tmp_path / "原文.md"
    assert "3 条" in run(root, "passages", "--doc", "船渡条例", *AS_OF, "--out", out).output
    assert out.read_text(encoding="utf-8").startswith("# 条款原文")


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (["quiz", "--types", "猜谜"], "单选"),
        (["quiz", "--bank", "公开"], "考试"),
        (["quiz", "--post", "没有这个岗"], "守塔人"),
        (["quiz", "--doc", "没有这份"], "没有"),
        (["quiz", "--as-of", "2026/1/1"], "2026-11-21"),
        (["quiz", "--avoid", "没有.json"], "读不了"),
        (["quiz", "--out", "题.txt"], ".json"),
        (["quiz", "verify", "没有.json"], "读不了"),
        (["quiz", "overlap", "没有.json"], "读不了"),
        (["passages"], "--post"),
        (["passages", "--doc", "船渡条例", "--out", "a.wps"], ".docx"),
    ],
)
def test_wrong_requests_end_with_two(root: Path, args: list[str], word: str) -> None:
    done = run(root, *args)
    assert code(done) == 2
    assert word in str(done.exception)
