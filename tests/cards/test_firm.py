"""What a firm enters: read as it stands, refused with the nearest word, never guessed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.cards.firm import example_firm, firm_of_post, load_firm, merge_firms
from kb.cards.firm_words import LEVELS
from kb.cards.model import Firm, Person, PostFirm
from kb.errors import KbError, SourceError, UsageError
from kb.posts import Post, Posts, Question
from kb.terms import Accident, Term, Terms

KEEPER, PILOT = Post("keeper", "守塔人", questions=("摆渡",)), Post("pilot", "引水员")
POSTS = Posts(
    {p.name: p for p in (KEEPER, PILOT)},
    {q: Question(q, f"你们有{q}吗？", words=(q,)) for q in ("摆渡", "夜航")},
)
TERMS = Terms(
    hazards={h: Term(f"h{n}", h) for n, h in enumerate(("大浪", "断绳"))},
    posts={
        "守塔人": Term("keeper", "守塔人", ("看灯的", "灯塔工")),
        "引水员": Term("pilot", "引水员", ("带船的",)),
    },
    accidents={
        "splash": Accident("splash", "落水", "淹溺"),
        "rope": Accident("rope", "绳索致害", "其他伤害"),
        "lamp": Accident("lamp", "灯具致害", "其他伤害"),
    },
)

FULL = """
[firm]
name = "望海灯塔公司"
industry = "工贸"
region = "望海市"
version = "一"
written_by = "甲"
checked_by = "乙"
approved_by = "丙"
in_force = 2026-05-01
review = "2027年5月1日"
discussed = "2026/4/20"

[roles]
"班组长" = { name = "张三", phone = "13800000000" }
"值班" = { phone = "8001、0371-1234567" }
"塔长" = { name = "王五" }

[answers]
"摆渡" = "否"
"夜航" = true

[levels]
"大浪" = "较大"

[posts."守塔人"]
place = "东塔"
team = "甲班"
number = "T-1"
people = ["张三", "李四"]

[[posts."守塔人".line]]
text = "上塔先看绳"
card = "operation"
origin = "crew"
said = "李四 2026-04-20"
phase = "before"
hazard = "断绳"
accident = "rope"

[[posts."守塔人".line]]
text = "风大不上塔"
card = "岗位操作卡"
origin = "本单位制度或说明书"
phase = "禁止"
accident = "落水"
"""


def load(folder: Path, text: str, name: str = "firm.toml") -> Firm:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return load_firm(path, POSTS, TERMS)


def test_everything_that_a_firm_can_say(tmp_path: Path) -> None:
    firm = load(tmp_path, FULL)
    assert (firm.name, firm.industry, firm.region) == ("望海灯塔公司", "工贸", "望海市")
    assert (firm.in_force, firm.review, firm.discussed) == (
        "2026-05-01",
        "2027-05-01",
        "2026-04-20",
    )
    assert firm.roles == {
        "班组长": Person("张三", "13800000000"),
        "值班": Person("", "8001、0371-1234567"),
        "塔长": Person("王五", ""),
    }
    assert firm.answers == {"摆渡": False, "夜航": True}
    assert firm.levels == {"大浪": "较大"}
    post = firm.posts["守塔人"]
    assert (post.place, post.team, post.number) == ("东塔", "甲班", "T-1")
    assert post.people == ("张三", "李四")
    first, second = post.lines
    assert (first.text, first.card, first.origin, first.said, first.phase) == (
        "上塔先看绳", "operation", "crew", "李四 2026-04-20", "before")  # fmt: skip
    assert (first.hazard, first.accident, first.must) == ("断绳", "rope", "must")
    assert (second.card, second.origin, second.phase, second.must, second.accident) == (
        "operation", "firm", "never", "must-not", "splash")  # fmt: skip
    assert (first.basis, first.citation, second.citation) == ((), "", "")
    assert firm.unfilled("守塔人") == ()


def test_nothing_given_stays_blank(tmp_path: Path) -> None:
    firm = load(tmp_path, "[firm]\n")
    assert firm == Firm()
    assert len(firm.unfilled("守塔人")) == 9


@pytest.mark.parametrize("blank", ["", " ", "____", "＿＿", "—", "待填", "无"])
def test_a_line_to_fill_in_is_blank(tmp_path: Path, blank: str) -> None:
    firm = load(tmp_path, f'[firm]\nname = "{blank}"\n[roles]\n"值班" = {{ phone = "{blank}" }}\n')
    assert firm.name == ""
    assert firm.roles["值班"] == Person()


@pytest.mark.parametrize(
    "text",
    [
        FULL.replace('"摆渡" =', "摆渡 =").replace('"夜航" =', "夜航 ="),
        FULL.replace('"守塔人"', "守塔人"),
        FULL.replace('"班组长" =', "班组长 =").replace('"大浪" =', "  大浪  ="),
        FULL.replace('[posts."守塔人"]', "[ posts . 守塔人 ]  # 一座塔"),
        FULL.replace('"守塔人"', '"看灯的"'),
        FULL.replace('"班组长"', '"班长"'),
        FULL.replace('"摆渡" = "否"', '"摆渡" = false').replace("true", '"有"'),
        FULL.replace('"rope"', '"绳索致害"'),
        FULL.replace('"落水"', '"淹溺"'),
        FULL.replace('"before"', '"作业前"').replace('"crew"', '"员工提出"'),
        FULL.replace("\n", "\r\n"),
        "\ufeff" + FULL,
    ],
)
def test_other_ways_to_say_the_same(tmp_path: Path, text: str) -> None:
    assert load(tmp_path, text) == load(tmp_path, FULL, "b.toml")


def test_a_file_of_an_old_notepad(tmp_path: Path) -> None:
    path = tmp_path / "firm.toml"
    said = "# 单位的人员和电话，由单位自己填写，不要编造\n"
    path.write_bytes((said + FULL).encode("gb18030"))
    assert load_firm(path, POSTS, TERMS).name == "望海灯塔公司"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[firm]", "[frim]", ["不认识的表“frim”", "firm（企业）"]),
        ("[roles]", "[contacts]", ["contacts", "roles（应急联系人）"]),
        ('written_by = "甲"', 'writen_by = "甲"', ["[firm]", "writen_by", "written_by（编制）"]),
        ('written_by = "甲"', '"编制人" = "甲"', ["编制人", "written_by（编制）"]),
        ('name = "望海灯塔公司"', "name = 7", ["name 应为文字", 'name = "7"']),
        ('name = "望海灯塔公司"', 'name = "望海\\n公司"', ["name 里有换行"]),
        ('"工贸"', '"工茂"', ["行业", "工茂", "工贸"]),
        ('"2027年5月1日"', '"明年五一"', ["review 应为日期", "明年五一"]),
        ('"2027年5月1日"', '"2027-02-30"', ["review 应为日期"]),
        ('"2027年5月1日"', '"2026-05-01"', ["下次评审日期", "2026-05-01"]),
        ('phone = "13800000000"', 'phon = "1"', ["“班组长”", "phon", "phone（电话）"]),
        ('"13800000000"', "13800000000", ["phone 应为文字", '"13800000000"']),
        ('"13800000000"', '"1380000000"', ["手机号", "10 位", "11 位"]),
        ('"13800000000"', '"138000000001"', ["12 位"]),
        ('"13800000000"', '"138xxxx0000"', ["电话不像电话", "138xxxx0000"]),
        ('"13800000000"', '"12"', ["电话不像电话"]),
        ('{ name = "王五" }', '"王五"', ["塔长", "应有姓名和电话"]),
        ('"塔长"', '"班长"', ["班组长", "写了两次"]),
        ('"摆渡"', '"摆度"', ["[answers]", "摆度", "摆渡"]),
        ('"摆渡" = "否"', '"摆渡" = "也许"', ["摆渡", "也许", '"是"']),
        ('"摆渡" = "否"', '"摆渡" = 0', ["摆渡", "不是是或否"]),
        ('"大浪" =', '"大狼" =', ["[levels]", "大狼", "大浪"]),
        ('"较大"', '"很大"', ["大浪", "没有这个风险等级", "很大", "较大"]),
        ('"守塔人"', '"守塔员"', ["岗位", "守塔员", "守塔人"]),
        ('"守塔人"', '"水泥工"', ["水泥工", "kb coverage --posts"]),
        ('team = "甲班"', 'teem = "甲班"', ['[posts."守塔人"]', "teem", "team（班组）"]),
        ('["张三", "李四"]', '"张三、李四"', ["people 应为一组姓名"]),
        ('["张三", "李四"]', '["张三", "张三"]', ["张三", "写了两次"]),
        ('[[posts."守塔人".line]]\ntext = "上塔', '[posts."守塔人".line]\ntext = "上塔',
         ["同一个名称写了两次", "行第"]),
        ('text = "上塔先看绳"', 'txt = "上塔先看绳"', ["第 1 个 line", "txt", "text（内容）"]),
        ('text = "上塔先看绳"', 'text = ""', ["第 1 个 line", "text 是空的"]),
        ('card = "operation"', 'card = "op"', ["第 1 个 line", "card", "operation"]),
        ('card = "operation"\n', "", ["缺 card"]),
        ('origin = "crew"\n', "", ["缺 origin"]),
        ('origin = "crew"', 'origin = "clause"', ["origin 不能是 clause"]),
        ('origin = "crew"', 'origin = "skeleton"', ["origin 不能是 skeleton"]),
        ('origin = "crew"', 'origin = "crow"', ["crow", "crew"]),
        ('said = "李四 2026-04-20"\n', "", ["没有写谁提的", "said"]),
        ('phase = "before"', 'phase = "befor"', ["befor", "before"]),
        ('hazard = "断绳"', 'hazard = "断蝇"', ["断蝇", "断绳"]),
        ('accident = "rope"', 'accident = "rop"', ["rop", "rope"]),
        ('accident = "rope"', 'accident = "其他伤害"', ["可指几种", "rope（绳索致害）", "lamp"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_file_place_and_way_out(
    tmp_path: Path, old: str, new: str, said: list[str]
) -> None:
    assert old in FULL
    with pytest.raises(KbError) as caught:
        load(tmp_path, FULL.replace(old, new))
    message = str(caught.value)
    assert "firm.toml" in message
    for word in said:
        assert word in message
    broken = "写了两次" in said[0] and "行第" in said
    assert isinstance(caught.value, SourceError if broken else UsageError)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("firm = 3\n", "firm 应为一张表"),
        ("[roles]\n" + "posts = 3\n", "应有姓名和电话"),
        ("posts = []\n", "posts 应为一张表"),
        ('posts."守塔人" = 3\n', "应为一张表"),
        ('[posts."守塔人"]\nline = 3\n', "两层方括号"),
        ('[posts."守塔人"]\n[posts."看灯的"]\n', "也是守塔人"),
        ('[roles]\n"" = { name = "张三" }\n', "没有名称"),
    ],
)
def test_what_is_of_another_kind(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        load(tmp_path, text)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('[firm]\nname = “望海”\n', "第 2 行"),
        ("[firm]\nname = 望海\n", "第 2 行"),
        ('[firm]\nname = "望海\n', "第 2 行"),
        ('[firm\nname = "望海"\n', "第 1 行"),
        ('[firm]\nname = "甲"\nname = "乙"\n', "第 3 行"),
        ("[" * 5000, ""),
        ("x = " + "9" * 5000, ""),
    ],
)  # fmt: skip
def test_no_toml(tmp_path: Path, text: str, place: str) -> None:
    with pytest.raises(SourceError) as caught:
        load(tmp_path, text)
    assert place in str(caught.value)
    assert "英文半角" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("firm.toml", b"", "0 字节"),
        ("firm.toml", b"\x00\x01" * 50, "文字"),
        ("firm.xls", b"x", "另存为 .xlsx"),
        ("firm.csv", b"x", "另存为 .xlsx"),
        ("firm.et", b"x", "另存为 .xlsx"),
    ],
)
def test_no_text(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(SourceError, match=re.escape(said)):
        load_firm(tmp_path / name, POSTS, TERMS)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="找不到文件"):
        load_firm(tmp_path / "firm.toml", POSTS, TERMS)


# --- both together ------------------------------------------------------------------------------


def test_what_the_first_says_goes_before() -> None:
    line = PostFirm(team="甲班", people=("张三",))
    first = Firm(
        name="望海",
        roles={"班组长": Person("张三", ""), "值班": Person()},
        answers={"摆渡": False},
        posts={"守塔人": line},
    )
    second = Firm(
        name="听涛",
        region="望海市",
        roles={"班组长": Person("李四", "8001"), "值班": Person("", "8002")},
        answers={"摆渡": True, "夜航": True},
        posts={"守塔人": PostFirm("东塔", "乙班", people=("王五",)), "引水员": PostFirm("码头")},
    )
    both = merge_firms(first, second)
    assert (both.name, both.region) == ("望海", "望海市")
    # one man's name never stands beside another's number
    assert both.roles == {"班组长": Person("张三", ""), "值班": Person("", "8002")}
    assert both.answers == {"摆渡": False, "夜航": True}
    assert both.posts == {
        "守塔人": PostFirm("东塔", "甲班", people=("张三",)),
        "引水员": PostFirm("码头"),
    }
    assert merge_firms(Firm(), second) == second
    assert merge_firms(second, Firm()) == second


BOTH = Firm(
    roles={
        "值班": Person("", "8001"),
        "甲班班组长": Person("张三", "8002"),
        "乙班班组长": Person("李四", "8003"),
    },
    posts={
        "守塔人": PostFirm(team="甲班"),
        "引水员": PostFirm(team="乙班"),
        "船工": PostFirm(team="甲班、乙班"),
        "门卫": PostFirm(),
    },
)


@pytest.mark.parametrize(
    ("post", "roles"),
    [
        ("守塔人", {"值班": "8001", "班组长": "8002"}),
        ("引水员", {"值班": "8001", "班组长": "8003"}),
        ("船工", {"值班": "8001", "甲班班组长": "8002", "乙班班组长": "8003"}),
        ("门卫", {"值班": "8001"}),
        ("不在册的", {"值班": "8001"}),
    ],
)
def test_a_card_names_only_its_own_teams_foreman(post: str, roles: dict[str, str]) -> None:
    seen = firm_of_post(BOTH, post)
    assert {role: p.phone for role, p in seen.roles.items()} == roles
    assert seen.posts == BOTH.posts


# --- the example --------------------------------------------------------------------------------


def test_the_example_is_valid_and_empty(tmp_path: Path) -> None:
    firm = load(tmp_path, example_firm(POSTS, "守塔人"))
    assert len(firm.unfilled("守塔人")) == 9
    assert set(firm.roles.values()) == {Person()}
    assert (firm.answers, firm.levels, firm.posts["守塔人"]) == ({}, {}, PostFirm())
    assert not re.search(r"[0-9]{3}", example_firm(POSTS, "守塔人").replace("TOML", ""))


def test_the_example_for_the_shipped_posts(repo: Path, tmp_path: Path) -> None:
    corpora = [repo / "corpus"]
    terms = Terms.load(corpora)
    posts = Posts.load(corpora, terms)
    path = tmp_path / "firm.toml"
    for text in (example_firm(), example_firm(posts)):
        path.write_text(text, encoding="utf-8")
        assert set(load_firm(path, posts, terms).posts) == {"铲装司机"}
    # what is commented out is right too, once it is filled in
    filled = re.sub(r"^# (?=[\[\"a-z].*(?:=|\]))", "", example_firm(posts), flags=re.MULTILINE)
    filled = filled.replace('text = ""', 'text = "看坡"').replace('said = ""', 'said = "张三"')
    path.write_text(filled, encoding="utf-8")
    firm = load_firm(path, posts, terms)
    (line,) = firm.posts["铲装司机"].lines
    assert (line.text, line.said, line.accident) == ("看坡", "张三", "struck")
    assert firm.levels
    assert set(firm.answers) == set(posts.posts["铲装司机"].questions)


# --- any text -----------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.text(max_size=80),
        st.tuples(st.integers(0, len(FULL)), st.text(max_size=5), st.integers(0, 20)).map(
            lambda x: FULL[: x[0]] + x[1] + FULL[x[0] + x[2] :]
        ),
    )
)
def test_any_text_gives_a_firm_or_a_reason(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    firm, refused = Firm(), "any.toml"
    try:
        firm = load_firm(path, POSTS, TERMS)
    except KbError as error:
        refused = str(error)
    assert "any.toml" in refused
    assert set(firm.posts) <= set(POSTS.posts)
    assert set(firm.levels.values()) <= set(LEVELS)


WORD = st.text(st.characters(categories=("Lo",), max_codepoint=0x9FFF), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(WORD, WORD), max_size=4, unique_by=lambda x: x[0]),
    st.lists(WORD, max_size=4, unique=True),
)
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, roles: list[tuple[str, str]], people: list[str]
) -> None:
    roles = [(f"某{r}", f"某{n}") for r, n in roles]
    people = [f"某{p}" for p in people]
    text = "[roles]\n" + "".join(f'{r} = {{ name = "{n}" }}\n' for r, n in roles)
    names = ", ".join(f'"{p}"' for p in people)
    text += f"[posts.守塔人]\npeople = [{names}]\n"
    path = tmp_path_factory.getbasetemp() / "written.toml"
    path.write_text(text, encoding="utf-8")
    firm = load_firm(path, POSTS, TERMS)
    assert {r: p.name for r, p in firm.roles.items()} == dict(roles)
    assert list(firm.posts["守塔人"].people) == people
