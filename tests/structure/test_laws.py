"""Laws: invented cases one rule at a time, random layouts, and every real text at hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.errors import SourceError
from kb.ids import content_hash
from kb.model import DocKind, Mark, Tree, UnitKind
from kb.numerals import int_to_zh
from kb.readers import StatuteDb, read
from kb.structure import parse
from tests.structure.layouts import check_contract, ids, source_of, with_table, wrapped


def law(text: str, *, marks: tuple[Mark, ...] = ()) -> Tree:
    source = source_of(text, marks=marks)
    tree = parse(source, DocKind.LAW)
    check_contract(source, tree)
    return tree


def articles(tree: Tree) -> list[str]:
    return [u.id for u in tree.units if u.kind is UnitKind.ARTICLE]


# --- one rule a case ----------------------------------------------------------------------------

BODIES = [
    # (name, lines of one article, ids below the article)
    ("one 款", ["风车应当涂蓝。"], "p1"),
    ("two 款", ["风车应当涂蓝。", "水车涂绿。"], "p1 p2"),
    ("项", ["下列物件涂蓝：", "（一）风车；", "（二）水车。"], "p1 p1.i1 p1.i2"),
    ("项 with narrow brackets", ["涂蓝：", "(一)风车；", "( 二 ) 水车。"], "p1 p1.i1 p1.i2"),
    ("项 with 、 behind", ["涂蓝：", "（一）、风车；", "（二）、水车。"], "p1 p1.i1 p1.i2"),
    ("款 after 项", ["涂蓝：", "（一）风车。", "前款物件每年一刷。"], "p1 p1.i1 p2"),
    (
        "a list in each 款",
        ["涂蓝：", "（一）风车。", "涂绿：", "（一）水车。"],
        "p1 p1.i1 p2 p2.i1",
    ),
    (
        "paragraph inside 项",
        ["涂蓝：", "（一）风车；", "旧风车除外。", "（二）水车。"],
        "p1 p1.i1 p1.i2",
    ),
    (
        "目",
        ["涂蓝：", "（一）风车：", "1.大的；", "2．小的；", "（二）水车。"],
        "p1 p1.i1 p1.i1.y1 p1.i1.y2 p1.i2",
    ),
    (
        "below 目",
        ["涂蓝：", "（一）风车：", "1.大的：", "（1）新的；", "（2）旧的。"],
        "p1 p1.i1 p1.i1.y1 p1.i1.y1.z1 p1.i1.y1.z2",
    ),
    ("项 written 一、", ["下列物件：", "一、风车；", "二、水车。"], "p1 p1.i1 p1.i2"),
    ("项 written 1.", ["下列物件：", "1.风车；", "2.水车。"], "p1 p1.i1 p1.i2"),
    ("二、三级 is no label", ["二、三级风车涂蓝。", "一、二级风车涂绿。"], "p1 p2"),
    ("a year is no label", ["下列年份：", "1999年以前；", "2.5米以上。"], "p1"),
    ("项 at once", ["（一）风车；", "（二）水车。"], "p1 p1.i1 p1.i2"),
    ("项 in one line", ["涂蓝：（一）风车；（二）水车。"], "p1 p1.i1 p1.i2"),
    ("项 in one line, then text", ["涂蓝：（一）风车；（二）水车。每年一刷。"], "p1 p1.i1 p1.i2"),
    ("cited 项 in a line", ["犯第（一）项、第（二）项的，刷两遍。"], "p1"),
    (
        "cited 项 at the start",
        ["涂蓝：", "（一）风车。", "（一）项所称风车指木制的。"],
        "p1 p1.i1 p2",
    ),
    ("cited 项 in a row", ["涂蓝：", "（一）风车。", "（一）、（二）项另定。"], "p1 p1.i1 p2"),
    (
        "项 that begin with and/or",
        ["应当：", "（一）及时刷漆；", "（二）项目验收。"],
        "p1 p1.i1 p1.i2",
    ),
    ("a broken line", ["风车应当由主人", "涂蓝。"], "p1"),
    ("broken after ，", ["风车应当涂蓝，", "水车涂绿。"], "p1"),
    ("broken after ；", ["风车应当涂蓝；", "不涂的，拆除。"], "p1"),
    (
        "a list without numbers",
        ["由下列人员组成：", "主人，", "木匠若干人。", "木匠另聘。"],
        "p1 p2",
    ),
    (
        "amendment in quotes",
        ["将风车规则第九条修改为：“涂蓝的物件：", "（一）风车；", "（二）水车。”", "增加一句。"],
        "p1 p2",
    ),
    (
        "amendment in straight quotes",
        ['将第九条修改为："涂蓝的物件：', '"（一）风车；', '"（二）水车。"', "增加一句。"],
        "p1 p2",
    ),
    (
        "a quoted word is no quotation",
        ["所称“风车”包括：", "（一）木风车；", "（二）铁风车。"],
        "p1 p1.i1 p1.i2",
    ),
]


@pytest.mark.parametrize(
    ("lines", "wanted"), [(b[1], b[2]) for b in BODIES], ids=[b[0] for b in BODIES]
)
def test_below_an_article(lines: list[str], wanted: str) -> None:
    text = "第一条 总则。\n第二条 " + "\n".join(lines) + "\n第三条 附则。\n"
    tree = law(text)
    assert articles(tree) == ["art-1", "art-2", "art-3"]
    below = [i.removeprefix("art-2.") for i in ids(tree) if i.startswith("art-2.")]
    assert below == wanted.split()


def test_display_has_labels_of_items_and_not_of_the_article() -> None:
    tree = law("第七条　下列物件涂 蓝：（一）风车；(二)水车。每年一刷。\n　　另行规定。\n")
    article = tree.by_id["art-7"]
    assert article.label == "第七条"
    assert article.display == "下列物件涂蓝：\n（一）风车；\n（二）水车。\n每年一刷。\n另行规定。"
    assert tree.by_id["art-7.p1.i2"].display == "水车。"
    assert tree.by_id["art-7.p1.i2"].label == "（二）"
    assert [u.id for u in tree.hits] == ["art-7"]


def test_jumping_item_numbers_are_kept_and_reported() -> None:
    tree = law("第一条 涂蓝：\n（一）风车；\n（三）水车；\n（三）马车。\n")
    assert ids(tree)[2:] == ["art-1.p1.i1", "art-1.p1.i3", "art-1.p1.i3~2"]
    assert any("第一条" in w and "（三）" in w for w in tree.warnings)


HEADS = [
    # (name, text, ids of the articles, a word in the warnings or '')
    (
        "之一",
        "第一条 甲。\n第一条之一 乙。\n第一条之二 丙。\n第二条 丁。",
        "art-1 art-1-1 art-1-2 art-2",
        "",
    ),
    ("no space after the number", "第一条风车涂蓝。\n第二条水车涂绿。", "art-1 art-2", ""),
    ("figures", "第1条 甲。\n第2条 乙。", "art-1 art-2", ""),
    ("spaces inside", "第 一 条　甲。\n第 二 条　乙。", "art-1 art-2", ""),
    ("bold", "**第一条** 甲。\n**第二条** 乙。", "art-1 art-2", ""),
    ("headings", "### 第一条\n甲。\n### 第二条\n乙。", "art-1 art-2", ""),
    ("number on its own line", "第一条\n甲。\n第二条\n乙。", "art-1 art-2", ""),
    (
        "cross-references at the start of lines",
        "第一条 甲。\n第二条 乙。\n第一条第二款规定的除外。\n第一条、第三条所列不算。\n"
        "第三条规定的风车另算。\n第一条至第二条不适用。\n第三条 丙。",
        "art-1 art-2 art-3",
        "",
    ),
    (
        "reference to the very next article",
        "第一条 甲。\n第二条规定的风车除外。\n第二条 乙。",
        "art-1 art-2",
        "",
    ),
    (
        "an article quoted in mid-text",
        "第一条 修改为：“涂蓝。\n第九条 风车不涂。”\n第二条 乙。",
        "art-1 art-2",
        "",
    ),
    (
        "a far article that the sequence does not go on from",
        "第一条 改写如下。\n第三十条 风车涂红。\n第二条 乙。",
        "art-1 art-2",
        "第三十条",
    ),
    ("a gap", "第一条 甲。\n第三条 乙。\n第四条 丙。", "art-1 art-3 art-4", "不连续"),
    ("the beginning is missing", "第五条 甲。\n第六条 乙。", "art-5 art-6", "首条"),
    (
        "a number twice",
        "第一条 甲。\n第二条 乙。\n第二条 丙。\n第三条 丁。",
        "art-1 art-2 art-2~2 art-3",
        "重复",
    ),
    (
        "the numbers begin again",
        "第一条 甲。\n第二条 乙。\n第一条 丙。\n第二条 丁。",
        "art-1 art-2 art-1~2 art-2~2",
        "重新开始",
    ),
    (
        "a decision",
        "某某会决定：\n一、将第三条改写。\n二、删去第四条。\n本决定自公布之日起施行。",
        "item-1 item-2",
        "",
    ),
    (
        "一、 inside an article",
        "第一条 下列：\n一、风车；\n二、水车。\n第二条 乙。",
        "art-1 art-2",
        "",
    ),
]


@pytest.mark.parametrize(
    ("text", "wanted", "warning"), [h[1:] for h in HEADS], ids=[h[0] for h in HEADS]
)
def test_what_opens_an_article(text: str, wanted: str, warning: str) -> None:
    tree = law(text)
    assert articles(tree) == wanted.split()
    if warning:
        assert any(warning in w for w in tree.warnings), tree.warnings
    else:
        assert tree.warnings == ()


CONTAINERS = [
    (
        "chapters and sections",
        "第一章 总 则\n第一条 甲。\n第二章 风车\n第一节 木风车\n第二条 乙。\n第二节 铁风车\n"
        "第三条 丙。",
        "ch-1 art-1 ch-2 ch-2.s1 art-2 ch-2.s2 art-3",
    ),
    (
        "parts",
        "第一编 总则\n第一章 甲\n第一条 甲。\n第二编 风车\n第一分编 木\n第一章 乙\n第二条 乙。\n"
        "第二分编 铁\n第一章 丙\n第三条 丙。",
        "part-1 part-1.ch-1 art-1 part-2 part-2.sub-1 part-2.sub-1.ch-1 art-2 part-2.sub-2 "
        "part-2.sub-2.ch-1 art-3",
    ),
    ("no space", "第一章总则\n第一条 甲。\n第二章风车\n第二条 乙。", "ch-1 art-1 ch-2 art-2"),
    (
        "Markdown",
        "# 风车条例\n## 第一章 总则\n第一条 甲。\n### 第一节 木\n第二条 乙。",
        "ch-1 art-1 ch-1.s1 art-2",
    ),
    (
        "a chapter cited at the start of a line",
        "第一章 总则\n第一条 甲。\n第一章规定的风车涂蓝。\n第二章、第三章不适用。\n"
        "第二章 风车\n第二条 乙。",
        "ch-1 art-1 ch-2 art-2",
    ),
    (
        "title on the next line",
        "第一章\n总则\n第一条 甲。\n第二章\n风车\n第二条 乙。",
        "ch-1 art-1 ch-2 art-2",
    ),
    (
        "a chapter number twice",
        "第一章 甲\n第一条 甲。\n第一章 乙\n第一节 丙\n第二条 乙。",
        "ch-1 art-1 ch-1~2 ch-1~2.s1 art-2",
    ),
]


@pytest.mark.parametrize(
    ("text", "wanted"), [c[1:] for c in CONTAINERS], ids=[c[0] for c in CONTAINERS]
)
def test_containers(text: str, wanted: str) -> None:
    tree = law(text)
    assert [i for i in ids(tree) if ".p" not in i and not i.startswith("pre")] == wanted.split()


def test_the_path_of_an_article_names_its_containers() -> None:
    tree = law("第一编 总 则\n第二章\n风 车\n第三节 木　风　车\n第一条 甲。")
    assert tree.path("art-1") == ("第一编 总则", "第二章 风车", "第三节 木风车")


def test_contents_page_and_preamble() -> None:
    text = (
        "风车条例\n（二〇二一年某月通过）\n目　录\n第一章　总　则\n第二章　风车\n第一节　木\n"
        "为了保护风车，制定本条例。\n第一章　总则\n第一条 甲。\n第二章　风车\n第一节　木\n"
        "第二条 乙。\n"
    )
    tree = law(text)
    wanted = "pre toc pre-2 ch-1 art-1 ch-2 ch-2.s1 art-2"
    assert [i for i in ids(tree) if ".p" not in i] == wanted.split()
    assert not tree.by_id["toc"].hit
    assert tree.by_id["pre.p1"].display == "风车条例"
    assert all(u.parent in (None, "toc") for u in tree.units if u.id.startswith("toc"))
    assert tree.path("art-2") == ("第二章 风车", "第一节 木")


def test_an_attachment_is_not_glued_to_the_last_article() -> None:
    text = (
        "第一条 甲。\n第二条 自公布之日起施行。\n附录：\n风车禁涂的颜色\n"
        "一、风车禁涂：\n（一）红；\n（二）黑。\n二、水车不限。\n"
        "附表二 风车名录\n木风车 3\n铁风车 5\n"
    )
    tree = law(text)
    assert tree.by_id["art-2"].display == "自公布之日起施行。"
    assert tree.by_id["app-1"].heading == "风车禁涂的颜色"
    assert [i for i in ids(tree) if i.startswith("app-1")] == [
        "app-1", "app-1.1", "app-1.1.p1", "app-1.1.p1.i1", "app-1.1.p1.i2", "app-1.2", "app-1.2.p1",
    ]  # fmt: skip
    assert tree.by_id["app-2"].heading == "风车名录"
    # columns stay apart: 风车3 would be another thing
    assert tree.by_id["app-2.p1"].display == "木风车|3\n铁风车|5"
    assert {u.id for u in tree.hits} == {"art-1", "art-2", "app-1.1", "app-1.2", "app-2.p1"}


def test_an_attachment_with_articles_of_its_own() -> None:
    tree = law("第一条 甲。\n第二条 乙。\n附件：\n风车细则\n第一条 丙。\n第二条 丁。\n")
    assert articles(tree) == ["art-1", "art-2", "app-1.art-1", "app-1.art-2"]
    assert tree.by_id["app-1.art-2"].parent == "app-1"


def test_the_word_attachment_in_mid_text_opens_none() -> None:
    tree = law("第一条 甲。\n附件是指风车的叶片。\n附则另定。\n第二条 乙。\n")
    assert not [u for u in tree.units if u.kind is UnitKind.ANNEX]


def test_a_lost_table_is_reported() -> None:
    tree = law("第一条 甲。\n附：\n风车等级\n续表\n续表\n注：1．甲级最大。\n2．乙级次之。\n")
    assert [i for i in ids(tree) if i.startswith("app")] == [
        "app-1", "app-1.p1", "app-1.p1.i1", "app-1.p1.i2",
    ]  # fmt: skip
    assert ["续表" in w for w in tree.warnings] == [True]


def test_a_caption_over_a_table_of_the_last_article_is_no_attachment() -> None:
    text = "第一条 甲。\n第二条 颜色如下：\n颜色表\n|车|色|\n|风车|蓝|\n另行规定。\n"
    source = with_table(source_of(text), "|车|色|\n|风车|蓝|", [["车", "色"], ["风车", "蓝"]])
    tree = parse(source, DocKind.RULE)
    check_contract(source, tree)
    assert ids(tree)[2:] == ["art-2", "art-2.p1", "art-2.t1", "art-2.p2"]


def test_signature_and_closing_sentences() -> None:
    tree = law("第一条 甲。\n第二条 乙。\n某某部\n2021年3月4日\n")
    assert tree.by_id["sign"].kind is UnitKind.PREAMBLE
    assert tree.by_id["art-2"].display == "乙。"
    tree = law("一、改写第三条。\n二、删去第四条。\n本决定自公布之日起施行。\n")
    assert tree.by_id["item-2"].display == "删去第四条。"
    assert tree.by_id["end"].hit


def test_a_table_belongs_to_its_article() -> None:
    source = source_of("第一条 颜色如下：\n车\t色\n风车\t蓝\n另行规定。\n第二条 丙。\n")
    source = with_table(source, "车\t色\n风车\t蓝", [["车", "色"], ["风车", "蓝"]])
    tree = parse(source, DocKind.RULE)
    check_contract(source, tree)
    assert ids(tree)[:4] == ["art-1", "art-1.p1", "art-1.t1", "art-1.p2"]
    table = tree.by_id["art-1.t1"]
    assert (table.rows, table.header_rows, table.hit) == ((("车", "色"), ("风车", "蓝")), 1, False)
    assert "风车 | 蓝" in tree.by_id["art-1"].display


@pytest.mark.parametrize(
    "text", ["风车涂蓝。\n水车涂绿。\n", "1.1 风车\n1.2 水车\n", "（一）风车\n"]
)
def test_no_numbers_at_all(text: str) -> None:
    with pytest.raises(SourceError, match="第一条") as caught:
        parse(source_of(text), DocKind.LAW)
    assert "一、" in str(caught.value)
    assert caught.value.next_step


# --- marks --------------------------------------------------------------------------------------


def test_marks_decide_where_they_exist() -> None:
    text = "风车决定\n第一条　改写为：\n第二条 风车涂蓝。\n第九条　另行规定。\n"
    first = (text.index("第一条"), text.index("\n第九条"))
    second = (text.index("第九条"), len(text) - 1)
    marks = (
        Mark(UnitKind.ARTICLE, "第一条", "", *first),
        Mark(UnitKind.ARTICLE, "第九条", "", *second),
    )
    tree = law(text, marks=marks)
    assert articles(tree) == ["art-1", "art-9"]
    assert "第二条" in tree.by_id["art-1"].display
    assert any("第九条" in w for w in tree.warnings)


def test_labels_that_only_the_package_has() -> None:
    text = "决定\n条目一　改写。\n条目二　删去。\n本决定自公布之日起施行。\n"
    cut = text.index("条目二")
    marks = (
        Mark(UnitKind.ARTICLE, "条目一", "", text.index("条目一"), cut - 1),
        Mark(UnitKind.ARTICLE, "条目二", "", cut, len(text) - 1),
    )
    assert articles(law(text, marks=marks)) == ["item-1", "item-2"]
    text = "解释\n全文　风车者，木也。\n现予公告。\n"
    tree = law(text, marks=(Mark(UnitKind.ARTICLE, "全文", "", 3, len(text) - 1),))
    assert tree.by_id["full"].display == "风车者，木也。\n现予公告。"


# --- random laws in random layouts --------------------------------------------------------------

WORDS = "风车木匠油漆河岸磨坊桅杆麻绳帆布铁钉石阶账簿账房渡船灯塔"
words = st.text(alphabet=WORDS, min_size=2, max_size=12)


@st.composite
def laws(draw: st.DrawFn) -> tuple[str, list[str], tuple[Mark, ...]]:
    """(text, ids in order, marks as the statutes reader would set them)."""
    gap = draw(st.sampled_from([" ", "　", "  ", "　　"]))
    indent = draw(st.sampled_from(["", "　　", "    "]))
    blank = draw(st.sampled_from(["\n", "\n\n", "\n　\n"]))
    hashes = draw(st.booleans())
    narrow = draw(st.booleans())
    stop, wide = draw(st.sampled_from([(".", True), ("．", True), ("、", False)]))
    out: list[str] = []
    wanted: list[str] = []
    marks: list[Mark] = []
    at = 0

    def put(text: str) -> int:
        nonlocal at
        start = at + len(text) - len(text.lstrip())
        out.append(text + blank)
        at += len(text) + len(blank)
        return start

    def paren(n: int) -> str:
        return f"({int_to_zh(n)})" if narrow else f"（{int_to_zh(n)}）"

    if draw(st.booleans()):
        put(indent + draw(words))
        wanted += ["pre", "pre.p1"]
    number = 0
    chapters = draw(st.integers(0, 3))
    for chapter in range(1, max(chapters, 1) + 1):
        sections = draw(st.integers(0, 2)) if chapters else 0
        if chapters:
            put(("## " if hashes else "") + f"第{int_to_zh(chapter)}章{gap}{draw(words)}")
            wanted.append(f"ch-{chapter}")
        for section in range(1, max(sections, 1) + 1):
            if sections:
                put(("### " if hashes else "") + f"第{int_to_zh(section)}节{gap}{draw(words)}")
                wanted.append(f"ch-{chapter}.s{section}")
            for _ in range(draw(st.integers(1, 2))):
                number += 1
                start, label = at, f"第{int_to_zh(number)}条"
                wanted.append(f"art-{number}")
                for p in range(1, draw(st.integers(1, 3)) + 1):
                    base = f"art-{number}.p{p}"
                    wanted.append(base)
                    items = draw(st.integers(0, 3))
                    text = draw(words) + ("：" if items else "。")
                    first = put((label + gap if p == 1 else indent) + text)
                    start = first if p == 1 else start
                    for i in range(1, items + 1):
                        wanted.append(f"{base}.i{i}")
                        points = draw(st.sampled_from([0, 0, 2]))
                        end = "：" if points else "。" if i == items else "；"
                        put(indent + paren(i) + draw(words) + end)
                        for y in range(1, points + 1):
                            wanted.append(f"{base}.i{i}.y{y}")
                            figure = chr(0xFF10 + y) if wide else str(y)
                            last = y == points
                            put(indent + figure + stop + draw(words) + ("。" if last else "；"))
                marks.append(Mark(UnitKind.ARTICLE, label, "", start, at - len(blank)))
    return "".join(out), wanted, tuple(marks)


@given(laws())
@settings(max_examples=150, deadline=None)
def test_random_laws_give_their_ids_back(made: tuple[str, list[str], tuple[Mark, ...]]) -> None:
    text, wanted, _ = made
    tree = law(text)
    assert ids(tree) == wanted
    assert tree.warnings == ()


@given(laws())
@settings(max_examples=60, deadline=None)
def test_marks_and_lines_give_the_same_articles(
    made: tuple[str, list[str], tuple[Mark, ...]],
) -> None:
    text, _, marks = made
    by_lines = law(text)
    source = source_of(text, marks=marks)
    by_marks = parse(source, DocKind.LAW)
    for article in articles(by_lines):
        one, other = by_lines.by_id[article], by_marks.by_id[article]
        assert content_hash(one.display) == content_hash(other.display)


# --- real texts ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def statutes() -> dict[str, tuple[int, Tree]]:
    """law_id → (number of articles in the package, tree), the contract checked for each."""
    out = {}
    with StatuteDb.open() as db:
        for row in db.rows():
            source = db.source(row.law_id)
            tree = parse(source, DocKind.LAW)
            check_contract(source, tree)
            out[f"{row.title} {row.version}"] = (row.articles, tree)
    return out


def test_every_packaged_statute_has_its_articles(statutes: dict[str, tuple[int, Tree]]) -> None:
    assert len(statutes) == 378
    counted = {name: (n, len(articles(tree))) for name, (n, tree) in statutes.items()}
    assert {name: c for name, c in counted.items() if c[0] != c[1]} == {}
    assert sum(n for n, _ in counted.values()) == 26_196


def _as_text(tree: Tree) -> dict[str, str]:
    """Id → hash of every article, with the ids of what is below it and of its containers."""
    left_out = ("pre", "app", "sign", "toc")
    return {
        u.id: content_hash(u.display) if u.hit else ""
        for u in tree.units
        if not u.id.startswith(left_out)
    }


@pytest.mark.parametrize("width", [0, 33, 40])
def test_a_plain_text_copy_of_a_statute_gives_the_same_tree(width: int) -> None:
    """Without the package's marks, and with hard line breaks as on a printed page."""
    differs = []
    with StatuteDb.open() as db:
        for row in db.rows()[::9]:
            source = db.source(row.law_id)
            if not any(m.label.endswith("条") for m in source.marks):
                continue
            text = wrapped(source.text, width) if width else source.text
            copy = parse(source_of(text), DocKind.LAW)
            if _as_text(copy) != _as_text(parse(source, DocKind.LAW)):
                differs.append(row.title)
    assert differs == []


def test_only_these_packaged_statutes_have_warnings(statutes: dict[str, tuple[int, Tree]]) -> None:
    """Missing and repeated numbers, each seen in the package; a new warning is a change to read."""
    found = {name.split()[-1] + name[:4]: len(t.warnings) for name, (_, t) in statutes.items()}
    assert {k: v for k, v in found.items() if v} == {
        "2018-03-11中华人民": 1,  # 宪法修正案: 第五十二条, then 第一百二十三条
        "2026-03-12中华人民": 2,  # 生态环境法典: 第一千一百二十条, 第一千二百零一条 are missing
        "1987-06-23全国人民": 4,  # 第七条 three times, 第八条 twice, 第四条 to 第六条 missing
    }


def test_parts_of_the_criminal_code(statutes: dict[str, tuple[int, Tree]]) -> None:
    """The package has lost 第一编; 章 begin anew in 第二编 and must not share ids."""
    _, tree = statutes["中华人民共和国刑法 2020-12-26"]
    chapters = [u.id for u in tree.units if u.kind is UnitKind.CHAPTER]
    assert chapters == [f"part-1.ch-{n}" for n in range(1, 6)] + [
        f"part-2.ch-{n}" for n in range(1, 11)
    ]
    assert tree.by_id["art-102"].parent == "part-2.ch-1"
    assert [u.id for u in tree.units if u.kind is UnitKind.ANNEX] == ["app-1", "app-2"]
    assert "附件" not in tree.by_id["art-452"].display.split("。")[-2]


COUNTS = {
    "安全生产法(2021": 119,
    "矿山安全法(": 50,
    "职业病防治法(": 88,
    "消防法(": 74,
    "特种设备安全法(": 101,
    "突发事件应对法(2024": 106,
    "危险化学品安全管理条例(": 102,
    "特种设备安全监察条例(": 103,
    "矿山安全法实施条例(": 59,
    "浙江省消防条例(": 18,
}


@pytest.mark.corpus
def test_regulations_have_their_articles(corpus_dir: Path) -> None:
    found = {}
    for path in sorted((corpus_dir / "regulations").glob("*.md")):
        source = read(path)
        tree = parse(source, DocKind.REGULATION)
        check_contract(source, tree)
        numbers = articles(tree)
        assert numbers == [f"art-{n}" for n in range(1, len(numbers) + 1)], path.name
        found[path.name] = len(numbers)
    for name, count in COUNTS.items():
        assert [n for f, n in found.items() if f.startswith(name)] == [count], name
    assert len(found) == 27


@pytest.mark.corpus
def test_package_and_markdown_agree(corpus_dir: Path) -> None:
    """Two readers, one law: the same ids, and the same hash for every article but a misprint."""
    differs = []
    laws_seen = 0
    with StatuteDb.open() as db:
        rows = {(r.title, r.version): r for r in db.rows()}
        for path in sorted((corpus_dir / "regulations").glob("*.md")):
            source = read(path)
            row = rows.get((source.title, source.meta.get("adopted", "")))
            if row is None:
                continue
            laws_seen += 1
            one = parse(db.source(row.law_id), DocKind.LAW)
            other = parse(source, DocKind.LAW)
            skip = ("pre", "toc")
            assert [i for i in ids(one) if not i.startswith(skip)] == [
                i for i in ids(other) if not i.startswith(skip)
            ], path.name
            differs += [
                f"{row.title[7:]} {u.id}"
                for u in one.hits
                if content_hash(u.display) != content_hash(other.by_id[u.id].display)
            ]
    assert laws_seen == 6
    # the Markdown text has 《特种设备安全> for 《特种设备安全法》 there
    assert differs == ["特种设备安全法 art-30"]
