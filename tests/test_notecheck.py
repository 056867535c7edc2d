"""`kb notes check`: one invented standard, a note that is right, and every way to get it wrong."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kb.cli.app import app
from kb.errors import UsageError
from kb.figures import compare, covers
from kb.ids import content_hash
from kb.model import Certainty, DocKind, Document, TextState, Unit, UnitKind, Version
from kb.notecheck import NotesReport, Staleness, check_notes, question_files, read_note_files
from kb.store import LoadedText, Passages
from kb.store_write import PassageWriter
from kb.terms import Terms
from tests.search.sample import build

K = UnitKind
REF = "gb-99990-2021@2021-02-03"
ID = f"{REF}#5.1"
LONG = "守塔人在风暴来临之前把备用灯油从地窖搬到塔顶平台并用帆布盖严实再报告港务站值班员"

ITEMS = (
    "梯级净宽不小于0.5 m；",
    "接地电阻不大于4 Ω，每季度测1次；",
    "风力六级以上时停止登塔，报告港务站。",
)
LEAD = "塔高超过20 m的灯塔应符合下列规定："
TABLE = "灯型 | 高度/m\n吊灯 | 2.5\n壁灯 | 1.8"


@dataclass(frozen=True)
class U:
    """A unit of the invented standard."""

    id: str
    text: str
    parent: str | None = None
    kind: UnitKind = K.CLAUSE
    errata: tuple[tuple[int, int, str, str, str], ...] = ()


def units() -> list[U]:
    whole = "\n".join([LEAD, *("——" + i for i in ITEMS)])
    slip = "灯油含水不大于3%，余量不小于40%。"
    return [
        U("5.1", whole),
        *(U(f"5.1.i{n}", text, "5.1", K.ITEM) for n, text in enumerate(ITEMS, 1)),
        U("5.2", "灯的高度按表列值。\n" + TABLE),
        U(
            "5.3",
            slip,
            errata=((7, 9, "3%", "3‰", "confirmed"), (15, 18, "40%", "4%", "suspected")),
        ),
        U("5.4", LONG),
        U("5.5", "相邻的两个平台之间挂一条绳，绳长不小于2 m。"),
    ]


@pytest.fixture(scope="session")
def passages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Passages]:
    path = tmp_path_factory.mktemp("notecheck") / "passages.sqlite"
    writer = PassageWriter(path, "g")
    loaded = Version("gb-99990-2021", "2021-02-03", text=TextState.FULL)
    bare = Version("gb-99991-2021", "2021-02-03", certainty=Certainty.PENDING)
    writer.documents(
        [
            Document("gb-99990-2021", "登塔规程", "GB 99990", DocKind.STANDARD, versions=(loaded,)),
            Document("gb-99991-2021", "灯油规程", "GB 99991", DocKind.STANDARD, versions=(bare,)),
        ]
    )
    writer.text(LoadedText(REF, "gb-99990-2021", "2021-02-03", "x", "text", "0" * 64), 0)
    for order, u in enumerate(units()):
        hit = u.parent is None
        unit = Unit(u.id, u.kind, "——", "", order, order + 1, "", u.text, u.parent, hit)
        writer.unit(REF, order, unit, content_hash(u.text), u.errata)
        if hit:
            writer.clause(REF, u.id, ())
    writer.close()
    with Passages(path, "g") as opened:
        yield opened


@pytest.fixture(scope="session")
def terms() -> Terms:
    return Terms.load([Path(__file__).resolve().parent.parent / "corpus"])


def line(item: int, text: str, **more: object) -> dict[str, Any]:
    """A line keyed to item N of 5.1."""
    return {
        "unit": f"5.1.i{item}",
        "card": "risk",
        "phase": None,
        "who": "firm",
        "must": "must",
        "text": text,
        "hazard": None,
        "accident": None,
        "report_to": None,
        "every": None,
    } | more


def note(**more: object) -> dict[str, Any]:
    """A note on 5.1 with which nothing is wrong."""
    return {
        "id": ID,
        "hash": content_hash(units()[0].text),
        "gist": "高过20 m的塔：梯子净宽不小于0.5 m，接地每季度测，风大不上塔。",
        "lay": ["塔梯要多宽", "接地 几欧", "六级风还能上塔吗", "爬塔刮大风",
                "梯子窄了行不行", "多久量地线"],
        "posts": ["电工"],
        "activities": ["高处作业"],
        "accidents": ["fall-height"],
        "hazards": ["高处临边"],
        "severity": 3,
        "who": "firm",
        "lines": [
            line(1, "高过20 m的塔，梯级净宽不小于0.5 m"),
            line(2, "每季度测接地电阻，不大于4 Ω", card="duty", every="每季度"),
            line(3, "六级以上大风停止登塔，报告港务站", card="operation", who="worker",
                 hazard="大风", accident="fall-height", report_to="港务站"),
        ],
        "penalty": [],
        "left_out": [],
        "author": "n01",
        "reviewer": "r01",
    } | more  # fmt: skip


def write(folder: Path, *notes: object, name: str = "a.jsonl") -> Path:
    path = folder / name
    text = "\n".join(n if isinstance(n, str) else json.dumps(n, ensure_ascii=False) for n in notes)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def kinds(report: NotesReport) -> list[tuple[str, str]]:
    return sorted((f.severity, f.kind) for f in report.findings)


def lines(*changed: dict[str, Any]) -> dict[str, Any]:
    """The good note with lines of one item replaced."""
    items = {x["unit"] for x in changed}
    return note(lines=[x for x in note()["lines"] if x["unit"] not in items] + list(changed))


def test_a_right_note_has_no_finding(tmp_path: Path, passages: Passages, terms: Terms) -> None:
    report = check_notes([write(tmp_path, note())], terms, passages)
    assert [f.message for f in report.findings] == []
    assert (report.notes, report.lines, report.staleness) == (1, 3, {Staleness.SAME: 1})


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        # figures: added, other bound, other value, other unit, other quantity, left unsaid
        (note(gist="塔梯净宽不小于0.5 m，灯绳长5 m。"), ["figure-added"]),
        (lines(line(1, "高过20 m的塔，梯级净宽不大于0.5 m")), ["figure-bound"]),
        (lines(line(1, "高过20 m的塔，梯级净宽大于0.5 m")), ["figure-bound"]),
        (lines(line(1, "高过20 m的塔，梯级净宽不小于0.6 m")), ["figure-added"]),
        (lines(line(1, "高过20 m的塔，梯级净宽不小于0.5 mm")), ["figure-added"]),
        (lines(line(1, "高过20 m的塔，梯级净高不小于0.5 m")), ["figure-quantity"]),
        (lines(line(2, "每年测接地电阻，不大于4 Ω")), ["figure-added"]),
        (lines(line(2, "每季度测接地电阻，不大于4 Ω", every="每年")), ["figure-added"]),
        (lines(line(3, "八级以上大风停止登塔，报告港务站")), ["figure-added", "figure-missing"]),
        (note(gist="梯子要够宽。", lines=note()["lines"][1:]), ["figure-missing"] * 2 + ["item"]),
        # form
        (note(gist=" ", left_out=[]), ["empty"]),
        (note(lay=note()["lay"][:5]), ["lay-count"]),
        (note(lay=[f"{x}{n}" for n in range(2) for x in note()["lay"]]), ["lay-count"]),
        (note(lay=["x" * 31, *note()["lay"][1:]]), ["lay-length"]),
        (note(posts=[]), ["count"]),
        (note(posts=["塔主"]), ["vocabulary"]),
        (note(posts=["电工", "电工"]), ["count"]),
        (note(activities=["登塔"]), ["vocabulary"]),
        (note(accidents=["高处坠落"]), ["vocabulary"]),
        (note(hazards=["浪"]), ["vocabulary"]),
        (note(severity=4), ["vocabulary"]),
        (note(who="keeper"), ["vocabulary"]),
        (note(author=""), ["label"]),
        (note(author="王五"), ["label"]),
        (note(author="r01"), ["label"]),
        (note(reviewer=""), ["unreviewed"]),
        (lines(line(1, "塔高超过20 m：净宽不小于0.5 m，" + "擦" * 12)), ["line-length"]),
        (lines(line(1, "高过20 m的塔，净宽不小于0.5 m", card="wall")), ["vocabulary"]),
        (lines(line(1, "高过20 m的塔，净宽不小于0.5 m", phase="night")), ["vocabulary"]),
        (lines(line(1, "高过20 m的塔，净宽不小于0.5 m", who="cat")), ["vocabulary"]),
        (lines(line(1, "高过20 m的塔，净宽不小于0.5 m", must="should")), ["vocabulary"]),
        (lines(line(1, "高过20 m的塔，净宽不小于0.5 m", hazard="浪")), ["vocabulary"]),
        (lines(line(1, "高过20 m的塔，净宽不小于0.5 m", accident="wave")), ["vocabulary"]),
        (lines(line(1, "高过20 m的塔，净宽够0.5 m", must="must-not")), ["polarity"]),
        (lines(line(1, "高过20 m的塔，净宽够0.5 m", phase="never")), ["polarity"]),
        # units and items
        (lines(line(1, "高过20 m的塔，净宽不小于0.5 m", unit="5.1.i9")), ["unit"]),
        (note(lines=note()["lines"][:2]), ["figure-missing", "item"]),
        (note(penalty=["5.2"]), []),
        (note(penalty=["9.9"]), ["penalty"]),
        (note(penalty=[f"{REF}#9.9"]), ["penalty"]),
        # what stands in another item, and what the lead says for all
        (lines(line(1, "接地不大于4 Ω，净宽不小于0.5 m")), ["figure-item"]),
        (lines(line(3, "高过20 m的塔，六级以上风停止登塔，报告")), []),
        # one line on two cards, twice in one note
        (lines(line(1, "净宽不小于0.5 m"), line(1, "净宽不小于0.5 m", card="duty")), ["two-cards"]),
        (lines(line(1, "净宽不小于0.5 m"), line(1, "净宽不小于0.5 m。")), ["line-duplicate"]),
        (note(lay=["塔梯要多宽", "塔梯，要多宽？", *note()["lay"][2:]]), ["lay-duplicate"]),
        # ids and hashes
        (note(id=f"{REF}#9.9"), ["stale-missing"]),
        (note(id=f"{REF}#5.1.i1"), ["stale-missing"]),
        (note(id="gb-99990-2021@1999-01-01#5.1"), ["unknown-id"]),
        (note(id="gb-77777-2021@2021-02-03#5.1"), ["unknown-id"]),
        (note(hash="0" * 12), ["stale-wording"]),
        (note(hash="0" * 12, gist="塔梯净宽不小于0.9 m。"), ["figure-added", "stale-figures"]),
        # copied words
        (note(gist=LONG[:30]), ["copied"]),
        (note(gist=LONG[:27]), []),
        (note(left_out=[f"{LONG[:15]}，{LONG[15:30]}"]), ["copied"]),
    ],
)  # fmt: skip
def test_findings(
    tmp_path: Path, passages: Passages, terms: Terms, changed: dict[str, Any], expected: list[str]
) -> None:
    report = check_notes([write(tmp_path, changed)], terms, passages)
    assert sorted(f.kind for f in report.findings) == expected, report.findings
    assert all(f.id == changed["id"] and f.line == 1 for f in report.findings)


def other(clause: str, **more: object) -> dict[str, Any]:
    """A note without lines on another clause."""
    (unit,) = (u for u in units() if u.id == clause)
    more.setdefault("lay", ["灯挂多高", "吊灯 高度", "壁灯离地几米"])
    return note(id=f"{REF}#{clause}", hash=content_hash(unit.text), lines=[], **more)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (other("5.2", gist="吊灯不低于2.5 m，壁灯不低于1.8 m。"), []),  # the bound is the caption's
        (other("5.2", gist="吊灯和壁灯的高度看表。", left_out=["表列各值：见原表"]), []),
        (other("5.2", gist="吊灯不低于2.5 m。"), ["figure-missing"]),
        (other("5.2", gist="吊灯不低于2.5 m。", left_out=["1.8：壁灯另说"]), []),
        (other("5.2", gist="吊灯2.5 m，壁灯1.8 m，马灯3 m。"), ["figure-added"]),
        # the corrected value counts, a suspected slip may be said either way
        (other("5.3", gist="灯油含水不大于3‰，余量不小于40%。"), []),
        (other("5.3", gist="灯油含水不大于3‰，余量不小于4%。"), []),
        (other("5.3", gist="含水不大于3%，余量不小于4%。"), ["figure-added", "figure-missing"]),
        # small counts in words are no requirement to be sure of; their bound is
        (other("5.5", gist="绳长不小于2 m。"), ["figure-missing"]),
        (other("5.5", gist="至少三个平台，绳长不小于2 m。"), ["figure-added", "figure-missing"]),
        (other("5.4", gist="风暴前搬灯油。", lay=note()["lay"]), ["no-lines"]),
        (other("5.4", gist="风暴前搬灯油。", lay=note()["lay"], left_out=["全条：总括"]), []),
        (other("5.4", gist="风暴前搬灯油。", lay=note()["lay"][:4]), ["lay-count"]),
    ],
)  # fmt: skip
def test_notes_without_lines(
    tmp_path: Path, passages: Passages, terms: Terms, changed: dict[str, Any], expected: list[str]
) -> None:
    report = check_notes([write(tmp_path, changed)], terms, passages)
    assert sorted(f.kind for f in report.findings) == expected, report.findings


def test_severities(tmp_path: Path, passages: Passages, terms: Terms) -> None:
    two = other("5.5", gist="绳长不小于2 m。")  # 两个平台 unsaid: a warning
    wrong = lines(line(1, "高过20 m的塔，净宽不大于0.5 m"))
    report = check_notes([write(tmp_path, two, wrong)], terms, passages)
    assert kinds(report) == [("error", "figure-bound"), ("warning", "figure-missing")]
    assert report.errors == 1


def test_across_notes(tmp_path: Path, passages: Passages, terms: Terms) -> None:
    twin = other("5.4", gist="风暴前搬灯油。", lay=["塔梯要多宽？", "搬灯油", "几时搬油"])
    report = check_notes([write(tmp_path, note(), note(), twin)], terms, passages)
    assert [(f.kind, f.line) for f in report.findings] == [
        ("duplicate-id", 2),
        ("lay-duplicate", 3),
    ]


def test_one_line_on_two_cards_of_one_post(
    tmp_path: Path, passages: Passages, terms: Terms
) -> None:
    words = "六级以上大风停止登塔"
    again = note(id=f"{REF}#5.4", lines=[line(3, words, unit="5.4", card="emergency")])
    again |= {"lay": [f"{x}啊" for x in note()["lay"]], "gist": "大风不登塔。"}
    first = lines(line(3, words, card="operation"))
    two = check_notes([write(tmp_path, first, again)], terms, passages)
    assert "two-cards" in [f.kind for f in two.findings]
    apart = check_notes([write(tmp_path, first, again | {"posts": ["焊工"]})], terms, passages)
    assert "two-cards" not in [f.kind for f in apart.findings]


def test_a_text_that_is_not_loaded_is_counted(
    tmp_path: Path, passages: Passages, terms: Terms
) -> None:
    bare = note(id="gb-99991-2021@2021-02-03#5.1", gist="灯绳长5 m。")
    report = check_notes([write(tmp_path, bare)], terms, passages)
    assert (kinds(report), report.staleness[Staleness.UNKNOWN]) == ([], 1)
    assert report.to_json()["not_checked"] == 1
    without = check_notes([write(tmp_path, note(gist="灯绳长5 m。"))], terms, None)
    assert (kinds(without), without.staleness[Staleness.UNKNOWN]) == ([], 1)


@pytest.mark.parametrize(
    ("query", "near"),
    [("塔梯 要多宽", True), ("塔梯要多宽？", True), ("塔梯要多高", False), ("灯绳几米长", False)],
)
def test_questions_stay_apart(
    tmp_path: Path, passages: Passages, terms: Terms, query: str, near: bool
) -> None:
    folder = tmp_path / "eval"
    folder.mkdir()
    write(folder, {"qid": "q7", "query": query, "gold": {}}, "{", name="set.jsonl")
    files = question_files([folder, tmp_path / "none"])
    report = check_notes([write(tmp_path, note())], terms, passages, files)
    assert [f.kind for f in report.findings] == (["near-question"] if near else [])
    for f in report.findings:
        assert "set.jsonl q7" in f.message
        assert "塔梯 要多宽" not in f.message  # the question itself is never printed


def test_harmed_lines_and_places(tmp_path: Path, terms: Terms) -> None:
    write(tmp_path, note(), "{", note(id="灯塔"), note(lines=3), note(severity="3"), name="b.jsonl")
    report = check_notes(read_note_files([tmp_path / "b*.jsonl"]), terms)
    assert [(f.kind, f.line) for f in report.findings] == [("format", n) for n in (2, 3, 4, 5)]
    assert read_note_files([tmp_path, tmp_path / "b.jsonl"]) == [tmp_path / "b.jsonl"]
    with pytest.raises(UsageError, match="没有注释文件"):
        read_note_files([tmp_path / "none"])


@pytest.mark.parametrize(
    ("entry", "unit", "covered"),
    [
        ("i3：受字数限制", "5.1.i3", True),
        ("5.1.i3：受字数限制", "5.1.i3", True),
        ("i2～i4：只列地点", "5.1.i3", True),
        ("i13：别的", "5.1.i3", False),
        ("净宽：i3 另说", "5.1.i3", False),
        ("（三）：总括", "5.1.i3", True),
    ],
)
def test_left_out_items(entry: str, unit: str, covered: bool) -> None:
    assert covers([entry], unit, "5.1", "（三）") is covered


@pytest.mark.parametrize(
    ("clause", "ours", "problems"),
    [
        ("灯高不小于3 m，灯距不小于5 m。", "灯高至少3 m，灯距5 m。", []),  # the bound carries on
        (
            "灯高不小于3 m。灯距不小于5 m。",
            "灯高至少3 m。灯距5 m。",
            ["figure-bound", "figure-missing"],
        ),
        ("灯高3 m～5 m。", "灯高最少3 m，最多5 m。", []),
        ("灯高3 m～5 m。", "灯高最少3 m。", ["figure-missing"]),
        ("灯高3 m～5 m。", "灯高3~5 m。", []),
        ("两盏时灯距不小于8 m，否则不小于3 m。", "灯距不小于3 m，两盏时8 m。", []),
        ("灯压不大于36 V；灯距5 m。", "灯压上限：36 V。灯距5 m。", []),
        ("灯绳每月换1次。", "灯绳每月换。", []),
        ("灯绳每月换2次。", "灯绳每月换。", ["figure-missing"]),
        ("灯绳换一次。", "灯绳换。", []),
        ("灯绳每月至少换1次。", "灯绳每月最多换1次。", ["figure-bound"]),
        ("灯 | 高\n灯 | 不大于梁的1.5倍", "不小于梁1.5倍。", ["figure-bound", "figure-missing"]),
        ("风力小于六级以上。", "", ["figure-missing"]),
        ("灯距不小于72 h。", "灯距不小于三天。", ["figure-added", "figure-missing"]),
    ],
)
def test_comparing(clause: str, ours: str, problems: list[str]) -> None:
    found = list(compare([clause, clause], [("gist", ours, [clause])], []))
    assert [kind for _, kind, _ in found] == problems, found


def test_it_is_quick(tmp_path: Path, passages: Passages, terms: Terms) -> None:
    many = [note(lay=[f"{x}{n}" for x in note()["lay"]], id=f"{REF}#9.{n}") for n in range(900)]
    start = time.perf_counter()
    check_notes([write(tmp_path, *many)], terms, passages)
    assert time.perf_counter() - start < 10


# --- the command --------------------------------------------------------------------------------


def run(*args: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["notes", "check", *map(str, args)])
    return result.exit_code, result.output


def sample_note(**more: object) -> dict[str, Any]:
    text = "守塔人每三年换一次灯芯，旧灯芯交回库房。"
    return (
        note(
            id="dengta-fa@2020-06-01#art-1",
            hash=content_hash(text),
            gist="灯芯每3年换，旧的交库房。",
            lines=[line(1, "灯芯每3年换，旧灯芯交库房", unit="art-1.p1", every="每3年")],
        )
        | more
    )


def test_the_command(tmp_path: Path) -> None:
    build(tmp_path / "build" / "index").close()
    notes = tmp_path / "corpus" / "notes"
    notes.mkdir(parents=True)
    write(notes, sample_note())
    assert run("--root", tmp_path, "--notes", notes)[0] == 0
    code, output = run("--root", tmp_path, "--notes", notes, "--json")
    report = json.loads(output)
    assert (code, report["notes"], report["staleness"]["same"], report["errors"]) == (0, 1, 1, 0)
    write(notes, sample_note(gist="灯芯每4年换，旧的交库房。"))
    code, output = run("--root", tmp_path, "--notes", notes)
    assert code == 1
    assert "figure-added" in output
    assert "art-1" in output
    write(notes, sample_note(reviewer=""))
    assert run("--root", tmp_path, "--notes", notes)[0] == 0
    assert run("--root", tmp_path, "--notes", notes, "--strict")[0] == 1


def test_the_command_says_what_was_not_checked(tmp_path: Path) -> None:
    write(tmp_path, sample_note())
    code, output = run("--root", tmp_path, "--notes", tmp_path / "a.jsonl")
    assert code == 0
    assert "未核对 1" in output
    assert "kb build" in output


def test_the_notes_of_the_repository(repo: Path, terms: Terms) -> None:
    """What needs no text: form, vocabularies, doubles, question sets that lie here."""
    files = sorted((repo / "corpus" / "notes").glob("*.jsonl"))
    if not files:
        pytest.skip("还没有要点")
    report = check_notes(files, terms, None, question_files([repo / "eval", repo / "benchmarks"]))
    errors = [
        f"{f.file}:{f.line} {f.id} {f.message}" for f in report.findings if f.severity == "error"
    ]
    assert errors == []
    assert all(re.match(r"[a-z0-9-]+\.jsonl", f.name) for f in files)
