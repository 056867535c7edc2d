"""Standards: invented texts, one rule each."""

from __future__ import annotations

import pytest

from kb.errors import SourceError
from kb.model import Tree, UnitKind
from kb.structure.standards import parse_standard
from tests.structure.standard_texts import parse, source_of


def ids(tree: Tree) -> list[str]:
    return [u.id for u in tree.units]


def display(tree: Tree, unit: str) -> str:
    return tree.by_id[unit].display


# --- a whole small standard ---------------------------------------------------------------------

HEADER = (
    '<tr><td rowspan="2">种类</td><td colspan="2">边长</td></tr><tr><td>长</td><td>宽</td></tr>'
)
SMALL = f"""\
# 某某安全规程

2030-01-01 发布

# 目次

前言 Ⅲ

1 范围 1

3 术语和定义 …… 1

# 4 总则 2

4.1 基本规定 2

# GB 99999—2030

# 前言

本标准按照规则起草。

——增加了若干内容；

# 某某安全规程

# 1 范围

本标准规定了风筝的放飞要求。

本标准不适用于：

——纸飞机；

——气球。

# 2 规范性引用文件

GB 11111 风筝分类

GB/T 22222 绳索强度

# 3 术语和定义

下列术语和定义适用于本文件。

3.1

放飞场 flying field

可以放飞风筝的空地。

注：简称“场”。

GB 99999—2030

3.2

引线 line

连接风筝与人的绳。

# 4 总则

# 4.1 基本规定

4.1.1 放飞人应佩戴手套。

4.1.2 风力应符合下列规定：

——初学者: 不大于 3 级;

—其他人: 不大于 5 级，遇到阵风时应当及时把引线收回到安全的长度以内并且

GB 99999—2030

通知旁人；

——雷雨天不应放飞。

场地中应标明：

——入口；

——出口。

发现线断应立即上报。

# 4.2 检查

风筝使用前应检查骨架。

# 4.3 场地要求

4.3.1 场地大小应符合表 1 的规定。

表 1 场地大小

单位为米

<table>{HEADER}<tr><td>大</td><td>50</td><td>30</td></tr></table>

表 1（续）

<table>{HEADER}<tr><td>小</td><td>20</td><td>10</td></tr></table>

注1：边长从内侧量起。

注2：不含看台。

4.3.2 线长应按式（1）计算：

$$
L = 2 \\sqrt {{H}} \\tag {{1}}
$$

式中：

L——线长，单位为米（m）；

H ——高度，单位为米（m）。

4.3.3 收线应按下列步骤进行：

a) 准备：

——停下；

——看风；

b) 收线：

1) 慢收；

2) 打结；

c) 装袋。

收好后应登记。

# 附录 A

（规范性附录）

检查表

A.1 骨架检查

A.1.1 骨架应无裂缝。

A.1.2 骨架应按 4.3.2 的规定涂漆。

# 附录 B（资料性附录）说明

本附录给出了若干说明。

——第一。

# 参考文献

[1] 某书
"""


def test_a_small_standard_ids_and_kinds() -> None:
    tree = parse(SMALL)
    assert [(u.id, u.kind.value) for u in tree.units] == [
        ("pre", "preamble"),
        ("1", "clause"), ("1.p2", "paragraph"), ("1.i1", "item"), ("1.i2", "item"),
        ("2", "clause"), ("2.p2", "paragraph"),
        ("3", "chapter"), ("3.p1", "paragraph"),
        ("3.1", "definition"), ("3.1.n1", "note"), ("3.2", "definition"),
        ("4", "chapter"), ("4.1", "chapter"), ("4.1.1", "clause"),
        ("4.1.2", "clause"), ("4.1.2.i1", "item"), ("4.1.2.i2", "item"), ("4.1.2.i3", "item"),
        ("4.1.2.p2", "paragraph"), ("4.1.2.i4", "item"), ("4.1.2.i5", "item"),
        ("4.1.2.p3", "paragraph"),
        ("4.2", "clause"), ("4.3", "chapter"),
        ("4.3.1", "clause"), ("4.3.1.t1", "table"), ("4.3.1.n1", "note"), ("4.3.1.n2", "note"),
        ("4.3.2", "clause"),
        ("4.3.3", "clause"), ("4.3.3.a", "item"), ("4.3.3.a.i1", "item"), ("4.3.3.a.i2", "item"),
        ("4.3.3.b", "item"), ("4.3.3.b.1", "item"), ("4.3.3.b.2", "item"), ("4.3.3.c", "item"),
        ("4.3.3.p2", "paragraph"),
        ("app-A", "annex"), ("app-A.1", "chapter"), ("app-A.1.1", "clause"),
        ("app-A.1.2", "clause"),
        ("app-B", "annex"), ("app-B.full", "clause"), ("app-B.full.i1", "item"),
    ]  # fmt: skip
    assert tree.warnings == ()
    assert [u.id for u in tree.hits if u.kind is UnitKind.DEFINITION] == ["3.1", "3.2"]


def test_displays_labels_headings_and_paths() -> None:
    tree = parse(SMALL)
    assert display(tree, "3.1") == "放飞场 flying field\n可以放飞风筝的空地。\n注：简称“场”。"
    assert (tree.by_id["3.1"].label, tree.by_id["3.1"].heading) == ("3.1", "放飞场")
    assert display(tree, "4.1.2.i2") == (
        "其他人：不大于5级，遇到阵风时应当及时把引线收回到安全的长度以内并且通知旁人；"
    )
    assert display(tree, "4.1.2").splitlines()[1] == "——初学者：不大于3级；"
    assert tree.by_id["4.1.2.i4"].label == "——"
    assert (tree.by_id["4.2"].heading, tree.by_id["4.2"].hit) == ("检查", True)
    assert display(tree, "4.2") == "检查\n风筝使用前应检查骨架。"
    assert display(tree, "4.3.3").splitlines()[1:4] == ["a) 准备：", "——停下；", "——看风；"]
    assert display(tree, "4.3.2").splitlines()[1] == "L=2√H（1）"
    assert display(tree, "4.3.2").endswith("H——高度，单位为米（m）。")
    table = tree.by_id["4.3.1.t1"]
    assert (table.label, table.heading, table.header_rows) == ("表 1", "场地大小", 2)
    assert table.rows == (
        ("种类", "边长", "边长"), ("种类", "长", "宽"), ("大", "50", "30"), ("小", "20", "10"),
    )  # fmt: skip
    assert display(tree, "4.3.1.t1").startswith("单位为米\n种类 | 边长 | 边长\n")
    assert tree.path("4.3.3.b.1") == ("4 总则", "4.3 场地要求", "4.3.3", "b)")
    assert (tree.by_id["app-A"].label, tree.by_id["app-A"].heading) == ("附录 A", "检查表")
    assert tree.by_id["app-A.1.2"].label == "A.1.2"
    assert tree.by_id["app-B"].heading == "说明"
    assert "某某安全规程" not in display(tree, "pre")
    assert tree.by_id["pre"].label == "前言"


# --- one rule each ------------------------------------------------------------------------------

A_ONE = "2 2.1 app-A app-A.1"
HEAD = "# 1 范围\n\n本标准适用于风筝。\n\n# 2 要求\n\n"


def numbered(body: str) -> list[str]:
    """Ids of the clauses (not of what stands below them) of chapter 2 and later."""
    tree = parse(HEAD + body)
    kinds = {UnitKind.CLAUSE, UnitKind.CHAPTER, UnitKind.ANNEX, UnitKind.DEFINITION}
    return [u.id for u in tree.units if u.kind in kinds][1:]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # written as heading, glued, with any space, alone on its line
        ("# 2.1 甲应符合要求。\n\n# 2.2 乙应符合要求。", "2 2.1 2.2"),
        ("2.1甲应符合要求。\n2.2乙应符合要求。", "2 2.1 2.2"),
        ("2.1\u3000甲应有人。\n2.2\t乙应有人。", "2 2.1 2.2"),
        ("2.1\n\n甲应有人。\n\n2.2\n\n乙应有人。", "2 2.1 2.2"),
        ("2．1甲应有人。\n2．2乙应有人。", "2 2.1 2.2"),
        # the text begins with letters, figures, a reference
        ("2.1A级绳应有人。\n2.2B级绳应有人。", "2 2.1 2.2"),
        ("2.1 甲应有人。\n2.2 3 m 以下的绳应有人。", "2 2.1 2.2"),
        ("2.1甲应有人。\n2.22.1没有包括的绳应有人。\n2.3乙应有人。", "2 2.1 2.2 2.3"),
        ("2.1 总的要求\n2.1.12.1的规定只适用于绳。\n2.1.2甲应有人。", "2 2.1 2.1.1 2.1.2"),
        # a clause may begin with words that look like a reference or a count
        ("2.1 甲应有人。\n2.2 以下地点应有人。\n2.3 个别地点应有人。", "2 2.1 2.2 2.3"),
        ("2.1 甲应有人。\n2.2 所有地点应有人。\n2.3 中型场应有人。", "2 2.1 2.2 2.3"),
        # a cross-reference at the start of a line is no clause
        ("2.1 甲应遵守\n2.2和2.3的规定。\n2.2 乙应有人。\n2.3 丙应有人。", "2 2.1 2.2 2.3"),
        ("2.1 甲应当按照场地管理人的要求并遵守\n2.2 的规定。\n2.2 乙应有人。", "2 2.1 2.2"),
        ("2.1 甲应有人。\n3.7的有关规定也应遵守。\n2.2 乙应有人。", "2 2.1 2.2"),
        ("2.1 甲应有人，并按照管理人的要求遵守\n2.2、2.3 规定。\n2.2 乙应有人。", "2 2.1 2.2"),
        # figures at the start of a line
        ("2.1 甲与乙的距离应保持在规定的\n2.2 m 以上。\n2.2 乙应有人。", "2 2.1 2.2"),
        ("2.1 甲应有人。\n2.5 倍以上的绳不应使用。\n2.2 乙应有人。", "2 2.1 2.2"),
        ("2.1 甲应有人，每次不少于规定的最少人数，即\n3 人以上。\n2.2 乙应有人。", "2 2.1 2.2"),
        # run into one line
        ("2.1 甲应有人。2.2 乙应有人。2.3 丙应有人。\n2.4 丁应有人。", "2 2.1 2.2 2.3 2.4"),
        ("2.1 甲应有人。2.2乙应有人。\n2.3 丙应有人。", "2 2.1 2.2 2.3"),
        ("2.1 甲应有人。见2.2。\n2.2 乙应有人。", "2 2.1 2.2"),
        ("# 2.1 绳 2.1.1 绳应有人。\n2.1.2 绳应结实。", "2 2.1 2.1.1 2.1.2"),
        # a small gap is accepted, a big one is not
        ("2.1 甲应有人。\n2.3 丙应有人。", "2 2.1 2.3"),
        ("2.1 甲应有人。\n2.9 丙应有人。", "2 2.1"),
        ("2.1 甲应有人。\n# 3 场地\n3.1 乙应有人。", "2 2.1 3 3.1"),
        # a number that the source itself repeats
        ("2.1 甲应有人。\n2.1 乙应有人。\n2.2 丙应有人。", "2 2.1 2.1~2 2.2"),
        # annexes
        ("2.1 见附录A。\n附录A的规定。\n附 录 A\n（规范性附录）\n表\nA.1 甲。", A_ONE),
        ("2.1 甲。\n附录A(规范性附录)内容\nA．1书\n书应有。\nA．2图\n图应有。", A_ONE + " app-A.2"),
        ("2.1 甲应有人。\n附录B(规范性附录)内容\n乙应有人。", "2 2.1"),
    ],
)  # fmt: skip
def test_numbers(body: str, expected: str) -> None:
    assert " ".join(numbered(body)) == expected


@pytest.mark.parametrize(
    ("body", "warning"),
    [
        ("2.1 甲应有人。\n2.3 丙应有人。", "缺条号 2.2"),
        ("2.1甲应有人。\n2.22.1没有包括的绳应有人。", "条号 2.2 与正文的数字连写"),
        ("2.1 甲应有人。2.2 乙应有人。", "条号 2.2 在行中"),
        ("2.1 甲应有人。\n2.1 乙应有人。", "2.1~2"),
        ("2.1 甲应有人。\n\n# 2.9 丙应有人。", "行首的 2.9 "),
        ("2.1 尺寸见表 3 和式（2）。", "表3"),
        ("2.1 尺寸见表 3 和式（2）。", "式（2）"),
        ("2.1 甲应有人，应有：\n2.1.1 乙应有人。", "2.1 有下级条"),
        ("2.1 甲应有人。\n\n![](a.png)\n", "1 幅图片"),
        ("2.1 甲应有：\n\n乙；\n\n——丙。", "似缺列项符号"),
    ],
)
def test_doubts_are_said(body: str, warning: str) -> None:
    assert any(warning in w for w in parse(HEAD + body).warnings)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # continuous numbering over a second lead-in
        ("甲应有：\n——乙；\n——丙。\n图中应有：\n——丁。", ["i1", "i2", "p2", "i3"]),
        # dashes of all lengths; a dash that a converter made of 一; a Markdown list
        ("甲应有：\n——乙；\n—丙；\n––丁；\n—一戊；\n一一己。", ["i1", "i2", "i3", "i4", "i5"]),
        ("甲应有：\n- 乙；\n- 丙。", ["i1", "i2"]),
        ("一一对应的绳应有人。", []),
        # items run into the line of the lead-in
        ("甲应有：——乙；——丙。", ["i1", "i2"]),
        ("甲应有：a) 乙；b) 丙。", ["a", "b"]),
        # letters, digits, nesting
        ("甲应有：\na）乙；\nb) 丙。", ["a", "b"]),
        ("甲应有：\na) 乙：\n1) 丙；\n2) 丁；\nb) 戊。", ["a", "a.1", "a.2", "b"]),
        ("甲应有：\na) 乙：\n——丙；\n——丁。\nb) 戊：\n——己。", ["a", "a.i1", "a.i2", "b", "b.i1"]),
        ("甲应有：\n1）乙；\n2）丙。", ["d1", "d2"]),
        ("甲应有：\n1）乙：\na) 丙；\nb) 丁；\n2）戊。", ["d1", "d1.a", "d1.b", "d2"]),
        ("甲应有：\n——乙：\na) 丙；\nb) 丁；\n——戊。", ["i1", "i1.a", "i1.b", "i2"]),
        ("甲应有：\n1）乙；\n2）丙；\n2）丁；\n3）戊。", ["d1", "d2", "d2~2", "d3"]),
        # an unmarked line between items belongs to the item above
        ("甲应有：\n——乙；\n还有丙；\n——丁。", ["i1", "i2"]),
        ("甲应有：\n——乙不超过：\n丙五只；\n丁六只。\n——戊。", ["i1", "i2"]),
        # the first dash of a list was lost
        ("甲应有：\n乙；\n——丙。", ["i1", "i2"]),
        # after the list it is a paragraph of the clause
        ("甲应有：\n——乙；\n——丙。\n丁应有人。\n戊应有人。", ["i1", "i2", "p2", "p3"]),
        # notes
        ("甲应有人。\n注：乙。", ["n1"]),
        ("甲应有人。\n注1：乙。\n注2：丙。", ["n1", "n2"]),
        # an open line is continued, whatever page header stands between
        ("甲应在场地的四周每隔一定距离安排\n\nGB 99999—2030\n\n人员看守。", []),
        ("甲应有：\n——乙应在场地的四周每隔一定距离\n安排人员看守；\n——丙。", ["i1", "i2"]),
    ],
)
def test_items(body: str, expected: list[str]) -> None:
    tree = parse(HEAD + "2.1 " + body + "\n2.2 别的应有人。")
    assert [u.id.removeprefix("2.1.") for u in tree.units if u.id.startswith("2.1.")] == expected
    assert tree.by_id["2.2"].hit


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        # a whole dash: 一 is a figure
        ("——一个线圈断了的，换下；", "一个线圈断了的，换下；"),
        ("——一露天就收；", "一露天就收；"),
        ("–––一只断了的，换下；", "一只断了的，换下；"),
        # half a dash and 一: the other half only where it can be no figure
        ("—一露天就收；", "露天就收；"),
        ("—一人一只；", "一人一只；"),
        ("—一级风收；", "一级风收；"),
        ("—一般不收；", "一般不收；"),
        ("—一旦断线就收；", "一旦断线就收；"),
        # two dashes made of 一
        ("一一雷雨天收；", "雷雨天收；"),
        ("一—雷雨天收；", "雷雨天收；"),
        ("一—一人收；", "一人收；"),
        ("一一人收；", "一人收；"),
    ],
)
def test_a_figure_is_no_dash(line: str, shown: str) -> None:
    tree = parse(f"{HEAD}2.1 甲应有：\n——乙；\n{line}\n——丙。\n2.2 别的应有人。")
    assert shown in display(tree, "2.1").replace("——", "").splitlines()


@pytest.mark.parametrize(
    ("line", "heading", "shown"),
    [
        ("3.1\n\n风筝 kite\n\n用线放的玩具。", "风筝", "风筝 kite\n用线放的玩具。"),
        ("3.1风筝kite用线放的玩具。", "风筝", "风筝 kite\n用线放的玩具。"),
        ("3.1 风筝 kite, flyer 用线放的玩具。", "风筝", "风筝 kite, flyer\n用线放的玩具。"),
        ("3.1引线line（orcord）ofa连人的绳。", "引线", "引线 line（orcord）ofa\n连人的绳。"),
        ("3.1\n\n风筝\n\n用线放的玩具。", "风筝", "风筝\n用线放的玩具。"),
    ],
)  # fmt: skip
def test_definitions(line: str, heading: str, shown: str) -> None:
    tree = parse(
        HEAD + "2.1 甲应有人。\n\n# 3 术语和定义\n\n" + line + "\n\n3.2\n\n场 field\n\n空地。"
    )
    unit = tree.by_id["3.1"]
    assert (unit.kind, unit.hit) == (UnitKind.DEFINITION, True)
    assert (unit.heading, unit.display) == (heading, shown)


@pytest.mark.parametrize(
    ("rest", "heading"),
    [
        ("检查\n\n绳应结实。", "检查"),
        ("绳的检查和更换\n——绳；\n——轮。", "绳的检查和更换"),
        ("绳应在使用之前由专人仔细检查\n并且登记。", ""),
        ("应急救援\n\n场地应有人。", "应急救援"),
        ("检查", ""),
    ],
)
def test_a_title_is_told_from_a_broken_sentence(rest: str, heading: str) -> None:
    unit = parse(HEAD + "2.1 " + rest + "\n2.2 别的应有人。").by_id["2.1"]
    assert (unit.heading, unit.hit) == (heading, True)


@pytest.mark.parametrize(
    "contents",
    [
        "# 目次\n\n前言 Ⅲ\n\n1 范围 1\n\n2 要求 1\n\n2.1 绳 2",
        "目 次\n1 范围……1\n2 要求……1\n2.1 绳……2\n3 检查 …… 12",
        "目录\n1 范围\n2 要求\n2.1 绳\n2.2 轮\n3 检查",
        "1 范围 1\n2 要求 1\n2.1 绳 2",
        "",
    ],
)
def test_the_table_of_contents_does_not_count(contents: str) -> None:
    tree = parse("# 某某规程\n\n" + contents + "\n\n" + HEAD + "# 2.1 绳\n\n2.1.1 绳应结实。")
    assert ids(tree) == ["1", "2", "2.1", "2.1.1"]


def test_an_excerpt_may_begin_in_the_middle() -> None:
    tree = parse("# 5.2 绳\n\n5.2.1 绳应结实。\n\n5.2.2 绳应够长。")
    assert ids(tree) == ["5.2", "5.2.1", "5.2.2"]


def test_without_clause_numbers_there_is_a_clear_error() -> None:
    with pytest.raises(SourceError, match=r"没有找到条号.*请确认这是标准"):
        parse_standard(source_of("# 某某\n\n这里没有编号。"))
