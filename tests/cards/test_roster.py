"""The roster: read where it is certain, refused with the cell where it is not."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.cards.firm import firm_of_post, load_firm
from kb.cards.model import Firm, Person
from kb.cards.roster import COLUMNS, load_roster
from kb.errors import KbError, SourceError, UsageError
from tests.cards.test_firm import POSTS, TERMS

HEAD = ("岗位", "姓名", "班组", "电话", "职务")
PEOPLE: list[Sequence[object]] = [
    ("守塔人", "张三", "甲班", "13800000001", "班组长"),
    ("守塔人", "李四", "甲班", "", ""),
    ("引水员", "王五", "甲班", 13800000002, "值班员"),
]


def write(
    path: Path, *sheets: Sequence[Sequence[object]], change: Callable[[Any], None] = lambda _: None
) -> Path:
    book = openpyxl.Workbook()
    for number, rows in enumerate(sheets):
        sheet = book.active if number == 0 else book.create_sheet()
        assert sheet is not None
        for row in rows:
            sheet.append(list(row))
    change(book)
    book.save(path)
    return path


def roster(folder: Path, *sheets: Sequence[Sequence[object]], **more: Any) -> Firm:
    return load_roster(write(folder / "名册.xlsx", *sheets, **more), POSTS, TERMS)


def test_people_teams_and_roles(tmp_path: Path) -> None:
    firm = roster(tmp_path, [HEAD, *PEOPLE])
    assert firm.posts["守塔人"].people == ("张三", "李四")
    assert firm.posts["守塔人"].team == "甲班"
    assert firm.posts["引水员"].people == ("王五",)
    assert firm.roles == {
        "班组长": Person("张三", "13800000001"),
        "值班": Person("王五", "13800000002"),
    }
    assert load_firm(tmp_path / "名册.xlsx", POSTS, TERMS) == firm


@pytest.mark.parametrize(
    "rows",
    [
        [HEAD, *PEOPLE],
        [("望海灯塔公司人员名册",), (), ("填表日期：",), (), HEAD, *PEOPLE],  # the fifth row
        [HEAD, PEOPLE[0], (), ("", " "), *PEOPLE[1:]],
        [[" 工种 ", "姓  名*", "所属班组", "联系电话（手机）", "职 务："], *PEOPLE],
        [HEAD, ("看灯的", "张　三", "甲班", "１３８０００００００１", "班长"), *PEOPLE[1:]],
        [(*HEAD, "备注"), *[(*p, "x") for p in PEOPLE]],
        [HEAD[::-1], *[p[::-1] for p in PEOPLE]],
        [("序号", *HEAD), *[(n, *p) for n, p in enumerate(PEOPLE, 1)]],
    ],
)
def test_other_ways_to_write_it(tmp_path: Path, rows: list[Sequence[object]]) -> None:
    (tmp_path / "b").mkdir()
    assert roster(tmp_path, rows) == roster(tmp_path / "b", [HEAD, *PEOPLE])


def test_only_what_is_needed(tmp_path: Path) -> None:
    firm = roster(tmp_path, [("姓名", "岗位"), ("张三", "守塔人、引水员"), ("李四", "引水员")])
    assert firm.posts["守塔人"].people == ("张三",)
    assert firm.posts["引水员"].people == ("张三", "李四")
    assert firm.roles == {}


def test_a_role_without_a_post(tmp_path: Path) -> None:
    firm = roster(tmp_path, [HEAD, *PEOPLE, ("", "赵六", "", "8001", "主要负责人")])
    assert firm.roles["负责人"] == Person("赵六", "8001")


def test_several_sheets_empty_and_hidden_ones(tmp_path: Path) -> None:
    def hide(book: Any) -> None:
        book.worksheets[2].sheet_state = "hidden"

    more = [HEAD, ("引水员", "赵六", "甲班", "", "")]
    firm = roster(tmp_path, [HEAD, *PEOPLE], more, [("填表说明",)], [], change=hide)
    assert firm.posts["引水员"].people == ("王五", "赵六")


def test_each_team_has_its_foreman(tmp_path: Path) -> None:
    more = [("守塔人", "赵六", "乙班", "13800000003", "班长"), ("引水员", "李四", "乙班", "", "")]
    firm = roster(tmp_path, [HEAD, *PEOPLE, *more])
    assert firm.posts["守塔人"].team == "甲班、乙班"
    assert set(firm.roles) == {"甲班班组长", "乙班班组长", "值班"}
    pilot = roster(tmp_path, [HEAD, PEOPLE[0], *more])
    assert firm_of_post(pilot, "引水员").roles["班组长"] == Person("赵六", "13800000003")
    assert "班组长" not in firm_of_post(firm, "守塔人").roles  # of both teams: nobody is picked


def test_two_of_one_name(tmp_path: Path) -> None:
    rows = [HEAD, *PEOPLE, ("守塔人", "张三", "乙班", "", "")]
    assert roster(tmp_path, rows).posts["守塔人"].people == ("张三", "李四", "张三（乙班）")


def test_a_roster_named_in_the_firms_file(tmp_path: Path) -> None:
    write(tmp_path / "名册.xlsx", [HEAD, *PEOPLE])
    path = tmp_path / "firm.toml"
    path.write_text(
        '[firm]\nname = "望海"\nroster = "名册.xlsx"\n'
        '[roles]\n"班组长" = { name = "", phone = "" }\n"值班" = { name = "赵六" }\n'
        '[posts."守塔人"]\nteam = "东班"\n',
        encoding="utf-8",
    )
    firm = load_firm(path, POSTS, TERMS)
    assert (firm.name, firm.posts["守塔人"].team) == ("望海", "东班")
    assert firm.posts["守塔人"].people == ("张三", "李四")
    assert firm.roles == {"班组长": Person("张三", "13800000001"), "值班": Person("赵六")}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], ["空的"]),
        ([HEAD], ["空的", "每人填一行"]),
        ([HEAD, (), ("", " ")], ["空的"]),
        (PEOPLE, ["没有表头", "岗位、姓名、班组"]),
        ([()] * 5 + [HEAD, *PEOPLE], ["没有表头", "前 5 行"]),
        ([("岗位", "班组"), ("守塔人", "甲班")], ["表头缺“姓名”"]),
        ([("班组", "电话"), ("甲班", "8001")], ["表头缺“岗位”“姓名”"]),
        ([(*HEAD, "手机"), *PEOPLE], ["两列都是“电话”", "第 1 行"]),
    ],
)
def test_no_roster(tmp_path: Path, rows: list[Sequence[object]], said: list[str]) -> None:
    with pytest.raises(SourceError) as caught:
        roster(tmp_path, rows)
    assert all(word in str(caught.value) for word in ("名册.xlsx", *said)), caught.value


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("守塔员", "赵六", "甲班", "", ""), ["没有这个岗位", "守塔员", "守塔人"]),
        (("水泥工", "赵六", "甲班", "", ""), ["水泥工", "kb coverage --posts"]),
        (("守塔人、水泥工", "赵六", "甲班", "", ""), ["水泥工"]),
        (("守塔人", "", "甲班", "", ""), ["没有姓名"]),
        (("", "赵六", "甲班", "", ""), ["赵六 没有岗位"]),
        (("", "赵六", "甲班", "", "会计"), ["赵六 没有岗位"]),
        (("守塔人", "赵六", "甲班", "1380000000", ""), ["手机号", "10 位"]),
        (("守塔人", "赵六", "甲班", "138xxxx0000", ""), ["电话不像电话"]),
        (("守塔人", "赵六", "甲班", 1380000000.5, ""), ["电话不像电话"]),
        (("守塔人", "赵六", "甲班", "#N/A", ""), ["公式错误"]),
        (("守塔人", "赵\n六", "甲班", "", ""), ["换行"]),
        (("守塔人", "张三", "甲班", "", ""), ["张三", "出现两次", "第 2 行"]),
        (("守塔人", "赵六", "甲班", "", "班组长"), ["班组长有两个：张三、赵六"]),
        (("守塔人", "赵六", "甲班", "", "值班室"), ["值班有两个：王五、赵六"]),
    ],
)
def test_a_row_that_is_wrong(tmp_path: Path, row: Sequence[object], said: list[str]) -> None:
    with pytest.raises(UsageError) as caught:
        roster(tmp_path, [HEAD, *PEOPLE, row])
    message = str(caught.value)
    assert all(w in message for w in ("名册.xlsx", "工作表“Sheet”", "第 5 行", *said)), message


def test_a_foreman_of_no_team_among_several(tmp_path: Path) -> None:
    rows = [HEAD, *PEOPLE, ("引水员", "赵六", "乙班", "", ""), ("引水员", "孙七", "", "", "班长")]
    with pytest.raises(UsageError, match="孙七 没有写班组"):
        roster(tmp_path, rows)


@pytest.mark.parametrize(
    ("joined", "refused"), [("A3:A4", True), ("E2:F2", True), ("B1:C1", False), ("A2:A3", True)]
)
def test_joined_cells(tmp_path: Path, joined: str, refused: bool) -> None:
    def join(book: Any) -> None:
        book.active.merge_cells(joined)

    title = ("望海灯塔公司人员名册",)
    if refused:
        with pytest.raises(SourceError) as caught:
            roster(tmp_path, [title, HEAD, *PEOPLE], change=join)
        assert joined in str(caught.value)
        assert "取消合并" in str(caught.value)
    else:
        assert roster(tmp_path, [title, HEAD, *PEOPLE], change=join).posts


def packed(names: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, data in names.items():
            package.writestr(name, data)
    return out.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 64


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("名册.xlsx", b"", "0 字节"),
        ("名册.xlsx", b"not a workbook", "不是 .xlsx 表格"),
        ("名册.xlsx", b"PK\x03\x04 cut off", "不是 .xlsx 表格"),
        ("名册.xlsx", packed({"a.txt": b"x"}), "打不开"),
        ("名册.xlsx", packed({"[Content_Types].xml": b"<Types"}), "打不开"),
        ("名册.xlsx", OLE, "旧版表格"),
        ("名册.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "密码"),
        ("名册.xls", OLE, "另存为 .xlsx"),
        ("名册.et", OLE, "另存为 .xlsx"),
        ("名册.csv", b"x", "另存为 .xlsx"),
    ],
)
def test_no_workbook(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(SourceError, match=said):
        load_roster(path, POSTS, TERMS)
    with pytest.raises(SourceError, match=said):
        load_firm(path, POSTS, TERMS)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="找不到文件"):
        load_roster(tmp_path / "名册.xlsx", POSTS, TERMS)


def test_too_many_rows(tmp_path: Path) -> None:
    def stretch(book: Any) -> None:
        book.active.cell(row=30_000, column=1, value="守塔人")

    with pytest.raises(SourceError, match="有 30000 行"):
        roster(tmp_path, [HEAD, *PEOPLE], change=stretch)


def test_ten_thousand_people(tmp_path: Path) -> None:
    rows = [("守塔人", f"张{n}", "甲班", "", "") for n in range(10_000)]
    assert len(roster(tmp_path, [HEAD, *rows]).posts["守塔人"].people) == 10_000


def test_no_heading_means_two_columns() -> None:
    words = [w for column, others in COLUMNS.items() for w in (column, *others)]
    assert len(set(words)) == len(words)


VALUE = st.one_of(
    st.none(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans(),
    st.sampled_from(("守塔人", "引水员", "张三", "甲班", "班长", "8001", "=1+1", "____")),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(VALUE, VALUE, VALUE, VALUE, VALUE), max_size=5))
def test_any_rows_give_a_firm_or_a_reason(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[object, ...]]
) -> None:
    firm, refused = Firm(), "名册.xlsx"
    try:
        firm = roster(tmp_path_factory.getbasetemp(), [HEAD, *rows])
    except KbError as error:
        refused = str(error)
    assert "名册.xlsx" in refused
    assert set(firm.posts) <= set(POSTS.posts)
    assert all(p.people for p in firm.posts.values())
