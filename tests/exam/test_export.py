"""Workbooks and papers, read back as the system that imports them would."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from openpyxl import load_workbook

from kb.errors import UsageError
from kb.exam import TYPES, Item, Pool, Wanted, pick
from kb.exam.export import OWN_COLUMNS, TEMPLATES, load_template, to_xlsx
from kb.exam.export_docx import Sheet, answers_docx, paper_docx
from kb.exam.model import BLANK

LETTERS = [f"选项{c}" for c in "ABCDEFGH"]


@pytest.fixture(scope="module")
def items(pool: Pool) -> tuple[Item, ...]:
    found = pick(pool, Wanted(40, "1")).items
    assert {i.type for i in found} == set(TYPES)
    return found


def sheets(data: bytes) -> list[list[list[str | None]]]:
    book = load_workbook(io.BytesIO(data))
    out = []
    for sheet in book.worksheets:
        assert not sheet.merged_cells.ranges
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.value is None or cell.data_type == "s", cell.coordinate
                assert cell.number_format == "@" or cell.value is None, cell.coordinate
        out.append([list(r) for r in sheet.iter_rows(values_only=True)])
    return out


def test_the_common_template(items: tuple[Item, ...]) -> None:
    first, own = sheets(to_xlsx(items, TEMPLATES["通用"]))
    assert first[0] == [
        "题型", "题干", *LETTERS, "正确答案", "解析", "难度", "分值", "知识点", "岗位", "依据",
    ]  # fmt: skip
    for row, item in zip(first[1:], items, strict=True):
        said = dict(zip(first[0], row, strict=True))
        assert (said["题型"], said["题干"]) == (item.type, item.stem)
        assert [said[x] for x in LETTERS if said[x]] == list(item.options)
        assert said["正确答案"] == item.answer
        assert said["依据"] == item.citation
    assert own[0] == list(OWN_COLUMNS)
    assert [r[1] for r in own[1:]] == [i.item for i in items]
    assert [(r[2], r[4], r[6]) for r in own[1:]] == [(i.id, i.hash, i.validity) for i in items]


def test_the_template_of_kaoshibao(items: tuple[Item, ...]) -> None:
    first, _ = sheets(to_xlsx(items, TEMPLATES["考试宝"]))
    assert str(first[0][0]).startswith("导入须知")
    assert not any(first[0][1:])
    assert first[1] == ["题干", "题型", *LETTERS, "正确答案", "解析", "章节", "难度"]
    for row, item in zip(first[2:], items, strict=True):
        said = dict(zip([str(x) for x in first[1]], row, strict=True))
        answer = str(said["正确答案"])
        assert said["题型"] == item.type + "题"
        if item.type == "判断":
            assert (said["选项A"], said["选项B"], said["选项C"]) == ("对", "错", None)
            assert {"A": "对", "B": "错"}[answer] == item.answer
        elif item.type == "多选":
            right = {said[f"选项{c}"] for c in answer}
            assert right == set(item.right)
            assert len(right) == len(answer) > 1
        elif item.type == "填空":
            assert str(said["题干"]).count("（  ）") == len(answer.split("|"))
            assert BLANK not in str(said["题干"])
            assert answer == item.answer


def test_several_blanks_are_parted(items: tuple[Item, ...]) -> None:
    one = next(i for i in items if i.type == "填空")
    two = replace(one, stem=f"灯高{BLANK}，塔宽{BLANK}。", answer="3 m\n2 m")
    first, _ = sheets(to_xlsx([two], TEMPLATES["考试宝"]))
    assert first[2][0] == "灯高（  ），塔宽（  ）。"
    assert first[2][10] == "3 m|2 m"


@pytest.mark.parametrize("text", ["=1+1", "-3", "+2", "@x", "2020-10", "1/2", "007"])
def test_a_cell_is_what_it_says(items: tuple[Item, ...], text: str) -> None:
    one = next(i for i in items if i.type == "填空")
    first, _ = sheets(to_xlsx([replace(one, answer=text)], TEMPLATES["通用"]))
    assert first[1][10] == text


OWN = """
name = "灯塔平台"
lead = ["说明", "第二行"]
[[column]]
title = "题目"
value = "题干"
[[column]]
title = "类别"
value = "题型"
[[column]]
title = "甲"
value = "选项A"
[[column]]
title = "乙"
value = "选项B"
[[column]]
title = "答案"
value = "正确答案"
[types]
判断 = "是非题"
[judge]
true = "T"
false = "F"
"""


def test_a_template_of_the_users(items: tuple[Item, ...], tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN, encoding="utf-8")
    judged = [i for i in items if i.type == "判断"]
    first, _ = sheets(to_xlsx(judged, load_template(str(path))))
    assert first[2] == ["题目", "类别", "甲", "乙", "答案"]
    assert {r[1] for r in first[3:]} == {"是非题"}
    assert [r[4] for r in first[3:]] == ["T" if i.answer == "对" else "F" for i in judged]
    with pytest.raises(UsageError, match="选项"):
        to_xlsx([i for i in items if i.type == "单选"], load_template(str(path)))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("正确答案", "解析"), "缺少列：正确答案"),
        (('value = "题干"', 'value = "题杆"'), "题杆"),
        (('title = "乙"', 'title = "甲"'), "两列都叫"),
        (('false = "F"', 'false = "F"\nletters = "maybe"'), "yes 或 no"),
        (('判断 = "是非题"', '判断 = "单选"'), "同一个名字"),
        (("[types]", "[kinds]"), "kinds"),
        (("[[column]]", "[[columns"), "不是 TOML"),
    ],
)
def test_a_template_that_is_none(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN.replace(*change), encoding="utf-8")
    with pytest.raises(UsageError, match=said):
        load_template(str(path))


@pytest.mark.parametrize("name", ["没有的", "none.toml"])
def test_a_template_that_is_not_there(name: str) -> None:
    with pytest.raises(UsageError, match=name):
        load_template(name)


def words(data: bytes) -> str:
    document = docx.Document(io.BytesIO(data))
    cells = [c.text for t in document.tables for r in t.rows for c in r.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells]).replace("\u00a0", " ")


def test_the_paper_holds_every_question_and_no_answer(items: tuple[Item, ...]) -> None:
    sheet = Sheet("守塔人考试", "2026-11-21", 60, {"单选": 1.5})
    text = words(paper_docx(items, sheet))
    for item in items:
        assert item.stem in text
        assert all(o in text for o in item.options)
        assert item.explanation not in text
        assert item.item not in text
        if BLANK in item.stem:
            assert item.stem + BLANK not in text
    for name in ("姓名", "单位", "岗位", "答题卡", "一、单选题", "五、简答题", "每题 1.5 分"):
        assert name in text
    assert f"满分 {sheet.total(items)} 分" in text


def test_the_answers_come_apart_with_their_points(items: tuple[Item, ...]) -> None:
    text = words(answers_docx(items, Sheet()))
    for item in items:
        assert item.item in text
        assert all(p in text for p in item.points)
    numbers = [int(x.split(".")[0]) for x in text.split("\n") if x[:1].isdigit() and ". " in x]
    assert numbers == list(range(1, len(items) + 1))
