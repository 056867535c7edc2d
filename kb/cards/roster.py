"""A firm's roster (.xlsx): who stands in which post and team, and whom to call.

Columns 岗位, 姓名, 班组, 电话, 职务 in any order, their names in one of the first rows. What cannot
be read for certain (joined cells, a post that there is not, two foremen of one team) is refused
with its cell: a wrong name under a card is worse than none.
"""

from __future__ import annotations

import io
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.cards.firm_words import ROLES, Place, clean_phone, clean_text, no_such, role_name
from kb.cards.model import Firm, Person, PostFirm
from kb.errors import SourceError
from kb.posts import Posts
from kb.readers.decode import load
from kb.terms import Terms

__all__ = ["COLUMNS", "SUFFIX", "load_roster", "refuse_other_tables"]

SUFFIX = ".xlsx"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "岗位": ("岗位名称", "工种", "岗位工种", "工种岗位", "作业岗位", "所在岗位", "从事岗位"),
    "姓名": ("名字", "员工姓名", "人员姓名", "职工姓名", "员工", "人员"),
    "班组": ("班组名称", "所在班组", "所属班组", "班别", "班次"),
    "电话": ("手机", "手机号", "手机号码", "电话号码", "联系电话", "联系方式"),
    "职务": ("职务名称", "职位", "担任职务", "现任职务"),
}
"""Columns with other names for them."""
_COLUMN_OF = {word: column for column, words in COLUMNS.items() for word in (column, *words)}
_NEEDED = ("岗位", "姓名")
_HEADER_ROWS = 5

_OTHERS = {".xls", ".et", ".ett", ".csv", ".ods", ".numbers", ".xlsm", ".xlsb"}
_OLE = b"\xd0\xcf\x11\xe0"  # an old .xls, or a workbook with a password
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MAX_UNPACKED = 400 * 2**20
"""Bytes; a workbook that unpacks to more is damaged or hostile."""
_MAX_ROWS = 20_000

_NO_WORD = re.compile(r"\([^)]*\)|[\s*:/、]")  # of a heading: 岗位 / 工种*, 姓 名（必填）
_FORMULA_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)")
_LIST = re.compile(r"\s*[、，,;；/]\s*")  # 电工、焊工
_HAN_NAME = re.compile(r"[\u4e00-\u9fff]+(?:\s+[\u4e00-\u9fff]+)+\Z")  # 张 三


@dataclass(frozen=True, slots=True)
class _Row:
    """One man of the roster in one row."""

    place: Place
    posts: tuple[str, ...]
    name: str
    team: str
    phone: str
    role: str


def refuse_other_tables(path: Path) -> None:
    """Raise for a table in a format that is not read, with the way out."""
    if path.suffix.lower() in _OTHERS:
        raise SourceError(
            path, f"读不了 {path.suffix} 表格", "请用 Excel 或 WPS 打开，另存为 .xlsx 再试"
        )


def load_roster(path: Path, posts: Posts, terms: Terms) -> Firm:
    """The firm of a roster: people and teams of each post, and the roles 班组长, 值班, 负责人.

    Where a team has a foreman of its own, the role is 甲班班组长 (see `firm_of_post`).

    Raises:
        SourceError: the file cannot be read, has no header, joined cells, or no row.
        UsageError: a row has no name, a post that there is not, or a number that is none.
    """
    refuse_other_tables(path)
    book = _open(path)
    rows: list[_Row] = []
    try:
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible":
                rows += _sheet(path, sheet, posts, terms)
    finally:
        book.close()
    if not rows:
        raise SourceError(path, "人员名册是空的，没有一个人", "请在表头下面每人填一行")
    return Firm(roles=_roles(rows), posts=_posts(rows))


# --- the workbook ---------------------------------------------------------------------------------


def _open(path: Path) -> Any:
    data = load(path)
    if data.startswith(_OLE):
        locked = _ENCRYPTED in data
        raise SourceError(
            path,
            "表格有密码，读不了" if locked else "后缀是 .xlsx，内容是旧版表格",
            "请用 Excel 或 WPS 打开，取消密码后另存为 .xlsx" if locked else "请另存为 .xlsx",
        )
    step = "请用 Excel 或 WPS 打开，另存为 .xlsx 再试"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            if sum(f.file_size for f in package.infolist()) > _MAX_UNPACKED:
                raise SourceError(path, "解开后太大，文件可能损坏", step)
    except zipfile.BadZipFile as error:
        raise SourceError(path, "不是 .xlsx 表格", step) from error
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that it leaves out
            return openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    except Exception as error:
        # damaged workbooks raise whatever the broken part leads to: KeyError, ParseError, …
        raise SourceError(path, f"表格打不开（{type(error).__name__}）", step) from error


def _sheet(path: Path, sheet: Any, posts: Posts, terms: Terms) -> Iterator[_Row]:
    if sheet.max_row > _MAX_ROWS:
        raise SourceError(
            path,
            f"有 {sheet.max_row} 行，最多读 {_MAX_ROWS} 行",
            "请删去多余的空行，或只留本单位的人",
            f"工作表“{sheet.title}”",
        )
    top = Place(path, f"工作表“{sheet.title}”")
    cells = [[_cell(v) for v in row] for row in sheet.iter_rows(values_only=True)]
    if not any(v for row in cells for v in row):
        return
    header, columns = _header(path, sheet.title, cells)
    _refuse_joined(path, sheet, header)
    for number, row in enumerate(cells[header:], header + 1):
        given = {column: row[at] for column, at in columns.items()}
        if any(given.values()):
            yield _row(top.of(f"第 {number} 行"), given, posts, terms)


def _cell(value: object) -> str:
    """What a cell shows: a number as 13…, not 1.3E10."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return unicodedata.normalize("NFKC", str(value)).strip()


def _header(path: Path, title: str, rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    """(how many rows go before the people, place of each column)."""
    best: dict[str, int] = {}
    for number, row in enumerate(rows[:_HEADER_ROWS], 1):
        found: dict[str, int] = {}
        for at, value in enumerate(row):
            column = _COLUMN_OF.get(_NO_WORD.sub("", value), "")
            if column and column in found:
                raise SourceError(
                    path,
                    f"表头有两列都是“{column}”",
                    "请只留一列",
                    f"工作表“{title}”第 {number} 行",
                )
            if column:
                found[column] = at
        if all(c in found for c in _NEEDED):
            return number, found
        if len(found) > len(best):
            best = found
    if lacks := [c for c in _NEEDED if c not in best] if best else []:
        problem = f"表头缺“{'”“'.join(lacks)}”"
    else:
        problem = f"前 {_HEADER_ROWS} 行里没有表头"
    raise SourceError(
        path,
        problem,
        f"表头写在一行里：{'、'.join(COLUMNS)}（岗位、姓名必须有）；不是名册的工作表请删去或隐藏",
        f"工作表“{title}”",
    )


def _refuse_joined(path: Path, sheet: Any, header: int) -> None:
    """Joined cells from the header down: who they are about is for the firm to say."""
    for joined in sheet.merged_cells.ranges:
        if joined.max_row >= header:
            raise SourceError(
                path,
                f"{joined.coord} 是合并单元格",
                "请取消合并，每一行都填上",
                f"工作表“{sheet.title}”",
            )


# --- its rows -------------------------------------------------------------------------------------


def _row(place: Place, given: Mapping[str, str], posts: Posts, terms: Terms) -> _Row:
    for column, value in given.items():
        if _FORMULA_ERROR.match(value):
            raise place.bad(f"{column} 是公式错误 {value}", "请改成文字")
    text = {column: clean_text(place, column, value) for column, value in given.items()}
    name = text["姓名"]
    if not name:
        raise place.bad("没有姓名", "请填上，或删去这一行")
    if _HAN_NAME.match(name):
        name = "".join(name.split())
    role = role_name(text.get("职务", ""))
    found = tuple(_post(place, p, posts, terms) for p in _LIST.split(text["岗位"]) if p)
    if not found and role not in ROLES:
        raise place.bad(f"{name} 没有岗位", f"请填上；职务是 {'、'.join(ROLES)} 的可以不填岗位")
    return _Row(
        place=place,
        posts=found,
        name=name,
        team=text.get("班组", ""),
        phone=clean_phone(place, text.get("电话", "")),
        role=role if role in ROLES else "",
    )


def _post(place: Place, value: str, posts: Posts, terms: Terms) -> str:
    post = value if value in posts.posts else terms.post_names.get(value, "")
    if post not in posts.posts:
        known = [*posts.posts, *terms.post_names]
        raise no_such(place, "岗位", value, known, "全部岗位见 kb coverage --posts")
    return post


def _posts(rows: Iterable[_Row]) -> dict[str, PostFirm]:
    people: dict[str, dict[str, _Row]] = {}
    for row in rows:
        for post in dict.fromkeys(row.posts):
            here = people.setdefault(post, {})
            name = row.name
            if name in here and here[name].team != row.team:
                name = f"{name}（{row.team}）"  # two of one name, told apart by their teams
            if name in here:
                raise row.place.bad(
                    f"“{row.name}”在岗位“{post}”里出现两次（上一次：{here[name].place.place}）",
                    "重复的请删去，同名的请加以区别，如 张三（甲班）",
                )
            here[name] = row
    return {
        post: PostFirm(
            team="、".join(dict.fromkeys(r.team for r in named.values() if r.team)),
            people=tuple(named),
        )
        for post, named in people.items()
    }


def _roles(rows: Sequence[_Row]) -> dict[str, Person]:
    """班组长, 值班, 负责人; those of one team among several by the team's name."""
    teams = {r.team for r in rows if r.team}
    out: dict[str, Person] = {}
    for role in ROLES:
        holders = [r for r in rows if r.role == role]
        # a foreman is his team's; the others are everybody's unless there is one in each team
        by_team = len(teams) > 1 and (role == "班组长" or len({r.team for r in holders}) > 1)
        for row in holders:
            if by_team and not row.team:
                raise row.place.bad(
                    f"{role} {row.name} 没有写班组", "有几个班组时请写明是哪个班组的"
                )
            key = f"{row.team}{role}" if by_team else role
            person = Person(row.name, row.phone)
            if out.setdefault(key, person) != person:
                raise row.place.bad(
                    f"{key}有两个：{out[key].name}、{row.name}",
                    "请只留应急时先打电话的那一位，另一位的职务改写",
                )
    return out
