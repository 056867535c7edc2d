"""The discussion sheet asks and never answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.cards.worksheet import COLUMNS, MOST, ROWS, Worksheet, worksheet
from kb.notes import Line, Note, load_notes
from kb.posts import Post, Posts, Question
from kb.quantities import find
from kb.terms import Terms

POST = Post(
    "keeper",
    "守塔人",
    equipment=("灯座", "绞盘", "吊篮", "小艇"),
    activities=("登塔", "换灯芯", "摆渡", "瞭望"),
)


def note(hazards: list[str], posts: tuple[str, ...] = ("守塔人",), severity: int = 1) -> Note:
    lines = tuple(
        Line("art-1", "risk", f"塔高不小于{n + 3} m要系绳", "worker", "must", hazard=h)
        for n, h in enumerate(hazards)
    )
    return Note("dengta@2020-01-01#art-1", "0" * 12, "x", posts=posts, severity=severity,
                lines=lines)  # fmt: skip


def asked(sheet: Worksheet, word: str) -> bool:
    return any(word in q for q in sheet.questions)


def test_what_the_post_and_its_notes_say_is_asked_for() -> None:
    site = Question("摆渡", "你们有摆渡吗？", words=("摆渡",))
    sheet = worksheet(POST, [note(["大浪"])], [("splash", "落水")], [site])
    for word in (*POST.equipment, *POST.activities, "大浪", "落水", "你们有摆渡吗？", "守塔人"):
        assert asked(sheet, word), word
    assert sheet.title == "守塔人岗位讨论记录"
    assert (sheet.columns, sheet.rows) == (COLUMNS, ROWS)


def test_no_line_of_a_note_gets_on_the_sheet() -> None:
    sheet = worksheet(POST, [note(["大浪"])])
    text = sheet.markdown()
    assert "系绳" not in text
    assert not any(find(q) for q in sheet.questions)


def test_a_question_with_a_figure_is_left_out() -> None:
    high = Question("高塔", "塔高超过 200 m 吗？", words=("高塔",))
    spelt = Question("远塔", "离岸超过二十海里或三公里吗？", words=("远塔",))
    post = Post("keeper", "守塔人", equipment=("5 t 绞盘", "吊篮"))
    sheet = worksheet(post, [], questions=[high, spelt])
    assert asked(sheet, "吊篮")
    assert not any(asked(sheet, w) for w in ("绞盘", "塔高", "离岸"))


@pytest.mark.parametrize(
    ("notes", "first"),
    [
        ([note(["大浪"]), note(["断绳", "断绳"])], "断绳"),  # the more frequent
        ([note(["大浪"], severity=3), note(["断绳", "断绳"])], "大浪"),  # the severer
        ([note(["大浪"], ("港务员", "守塔人")), note(["断绳"])], "断绳"),  # the nearer
    ],
)
def test_hazards_by_weight(notes: list[Note], first: str) -> None:
    sheet = worksheet(Post("keeper", "守塔人"), notes)
    hazards = [q for q in sheet.questions if "大浪" in q or "断绳" in q]
    assert first in hazards[0]
    assert len(hazards) == 2


@pytest.mark.parametrize("hazard", ["责任不清", "其他"])
def test_what_only_the_office_answers_for_is_not_asked(hazard: str) -> None:
    assert not asked(worksheet(POST, [note([hazard])]), hazard)


def test_others_and_authorities_do_not_count() -> None:
    other = note(["大浪"], ("港务员",))
    line = Line("art-1", "risk", "y", "authority", "must", hazard="断绳")
    office = Note("a@2020-01-01#art-1", "0" * 12, "x", posts=("守塔人",), lines=(line,), severity=3)
    sheet = worksheet(POST, [other, office])
    assert not any(asked(sheet, w) for w in ("大浪", "断绳"))


def test_at_most_so_many_and_of_each_kind_some() -> None:
    many = Post("k", "守塔人", equipment=tuple("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"),
                activities=("登塔", "摆渡"))  # fmt: skip
    sheet = worksheet(many, [note(["大浪", "断绳"])], [("splash", "落水")])
    assert len(sheet.questions) == MOST
    assert all(asked(sheet, w) for w in ("甲", "登塔", "大浪", "落水"))
    assert len(set(sheet.questions)) == MOST
    assert len(worksheet(Post("k", "守塔人"), []).questions) < MOST  # nothing to fill it with


def test_markdown_is_a_list_and_an_empty_table() -> None:
    sheet = worksheet(Post("k", "守|塔*人"), [])
    lines = sheet.markdown().splitlines()
    assert lines[0] == "# 守&#124;塔&#42;人岗位讨论记录"
    rows = [x for x in lines if x.startswith("|")]
    assert rows[0] == "| 哪里会伤人 | 差点出过什么事 | 怎么防 | 谁提的 |"
    assert len(rows) == 2 + ROWS
    assert all(set(r) <= {"|", " "} and r.count("|") == len(COLUMNS) + 1 for r in rows[2:])
    assert sum(x[0].isdigit() for x in lines if x) == len(sheet.questions)
    assert sheet.markdown().endswith("\n")


def test_every_shipped_post(repo: Path) -> None:
    corpora = [repo / "corpus"]
    terms = Terms.load(corpora)
    posts = Posts.load(corpora, terms)
    notes = load_notes(corpora).values()
    for post in posts.posts.values():
        names = [(c, terms.accidents[c].name_2025) for c in post.accidents]
        sheet = worksheet(post, notes, names, [posts.questions[q] for q in post.questions])
        assert 8 <= len(sheet.questions) <= MOST, post.name
        assert all(q.endswith("？") and not find(q) for q in sheet.questions), post.name
        assert not any(c.isdigit() for q in sheet.questions for c in q), post.name
        said = {line.text for n in notes for line in n.lines if post.name in n.posts}
        assert not said & set(sheet.questions), post.name
