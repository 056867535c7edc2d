"""Notices: invented cases one rule at a time, random outlines, and the real notices."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.errors import SourceError
from kb.ids import content_hash
from kb.model import DocKind, Source, Tree, UnitKind
from kb.numerals import CIRCLED, int_to_zh
from kb.readers import read
from kb.structure import notice_facts, parse
from tests.structure.layouts import check_contract, ids, source_of, with_table, wrapped

GOLDEN = Path(__file__).parent / "golden" / "notices.json"
REWRITE = os.environ.get("KB_REWRITE_GOLDEN") == "1"


def notice(text: str, title: str = "") -> Tree:
    source = source_of(text)
    tree = parse(source, DocKind.NOTICE, title=title)
    check_contract(source, tree)
    return tree


def hits(tree: Tree) -> list[str]:
    return [u.id for u in tree.hits]


# --- nesting ------------------------------------------------------------------------------------

OUTLINES = [
    # (name, lines, ids, hits)
    (
        "四 levels",
        "一、风车\n（一）木风车\n1.大的\n（1）新的。\n（2）旧的。\n2.小的。\n（二）铁风车。\n二、水车。",
        "m-s1 m-s1-k1 m-s1-k1-n1 m-s1-k1-n1-q1 m-s1-k1-n1-q2 m-s1-k1-n2 m-s1-k2 m-s2",
        "m-s1-k1-n1-q1 m-s1-k1-n1-q2 m-s1-k1-n2 m-s1-k2 m-s2",
    ),
    (
        "1. directly under 一、",
        "一、风车\n1、涂蓝。\n2、涂绿。\n二、水车\n1、拆除。\n2、重建。",
        "m-s1 m-s1-n1 m-s1-n2 m-s2 m-s2-n1 m-s2-n2",
        "m-s1-n1 m-s1-n2 m-s2-n1 m-s2-n2",
    ),
    (
        "numbers that run on across sections",
        "一、风车\n1、涂蓝。\n2、涂绿。\n二、水车\n3、拆除。\n三、磨坊\n4、重建。\n5、上锁。",
        "m-s1 m-s1-n1 m-s1-n2 m-s2 m-s2-n3 m-s3 m-s3-n4 m-s3-n5",
        "m-s1-n1 m-s1-n2 m-s2-n3 m-s3-n4 m-s3-n5",
    ),
    (
        "一是 behind a paragraph",
        "一、风车\n先做两件事。\n一是涂蓝。\n二是涂绿。\n二、水车。",
        "m-s1 m-s1-p1 m-s1-y1 m-s1-y2 m-s2",
        "m-s1-p1 m-s1-y1 m-s1-y2 m-s2",
    ),
    (
        "一是 after the last （二）, led in by a paragraph",
        "一、风车\n（一）旧了。木头已经开裂。\n（二）慢了。叶片转不动。\n为此：\n一是换木。\n二是加油。\n二、水车。",
        "m-s1 m-s1-k1 m-s1-k2 m-s1-p1 m-s1-y1 m-s1-y2 m-s2",
        "m-s1-k1 m-s1-k2 m-s1-p1 m-s1-y1 m-s1-y2 m-s2",
    ),
    (
        "① in one paragraph",
        "一、风车\n（一）涂漆。①大的涂蓝。②小的涂绿，见①。③旧的不涂。\n（二）上锁。",
        "m-s1 m-s1-k1 m-s1-k1-c1 m-s1-k1-c2 m-s1-k1-c3 m-s1-k2",
        "m-s1-k1-c1 m-s1-k1-c2 m-s1-k1-c3 m-s1-k2",
    ),
    (
        "① after a sentence beyond the heading",
        "一、风车\n（一）涂漆。每年开春进行。①大的涂蓝。②小的涂绿。\n（二）上锁。",
        "m-s1 m-s1-k1 m-s1-k1-p1 m-s1-k1-c1 m-s1-k1-c2 m-s1-k2",
        "m-s1-k1-p1 m-s1-k1-c1 m-s1-k1-c2 m-s1-k2",
    ),
    (
        "一是 in one paragraph",
        "一、风车\n要做到：一是涂蓝；二是涂绿。\n二、这一是老规矩。",
        "m-s1 m-s1-p1 m-s1-y1 m-s1-y2 m-s2",
        "m-s1-p1 m-s1-y1 m-s1-y2 m-s2",
    ),
    (
        "一是 without 二是 is text",
        "一、风车\n一是老规矩，不必改。\n二、水车。",
        "m-s1 m-s1-p1 m-s2",
        "m-s1 m-s2",
    ),
    (
        "the second paragraph of an item",
        "一、风车\n1．涂漆。大的涂蓝。\n小的不涂。\n2．上锁。钥匙交给木匠。\n二、水车。",
        "m-s1 m-s1-n1 m-s1-n1-p1 m-s1-n2 m-s2",
        "m-s1-n1 m-s1-n2 m-s2",
    ),
    (
        "items whose text is the next paragraph",
        "一、步骤\n从今年起。\n（一）动员（三月底前）\n开会。\n（二）检查（五月底前）\n看一遍。",
        "m-s1 m-s1-p1 m-s1-k1 m-s1-k1-p1 m-s1-k2 m-s1-k2-p1",
        "m-s1-p1 m-s1-k1 m-s1-k2",
    ),
    (
        "—— items",
        "一、目标\n分两步走：\n——三月底前，涂两座。\n——到年底，全部涂完。\n二、水车。",
        "m-s1 m-s1-p1 m-s1-d1 m-s1-d2 m-s2",
        "m-s1 m-s2",
    ),
    (
        "（一） after a finished 1. 2.",
        "一、风车\n1.涂蓝。\n2.涂绿。\n（一）木匠到场。\n（二）油匠到场。",
        "m-s1 m-s1-n1 m-s1-n2 m-s1-k1 m-s1-k2",
        "m-s1-n1 m-s1-n2 m-s1-k1 m-s1-k2",
    ),
    (
        "（一） inside 1. when 2. is still to come",
        "1.涂漆\n（一）蓝漆。\n（二）绿漆。\n2.上锁。",
        "m-n1 m-n1-k1 m-n1-k2 m-n2",
        "m-n1-k1 m-n1-k2 m-n2",
    ),
    (
        "cross-references at the start of lines",
        "一、风车\n（一）涂蓝。\n（一）、（二）项由木匠办理。\n（二）涂绿。\n二、三级风车另办。\n二、水车。",
        "m-s1 m-s1-k1 m-s1-k1-p1 m-s1-k2 m-s1-p1 m-s2",
        "m-s1-k1 m-s1-k2 m-s1-p1 m-s2",
    ),
    (
        "a printed regulation",
        "第一章 总则\n第一条 为了风车，制定本办法。\n第二条 涂蓝的有：\n（一）大的；\n"
        "（二）小的。\n第二章 附则\n第三条 另行规定。",
        "m-h1 m-h1-r1 m-h1-r2 m-h1-r2-k1 m-h1-r2-k2 m-h2 m-h2-r3",
        "m-h1-r1 m-h1-r2-k1 m-h1-r2-k2 m-h2-r3",
    ),
    (
        "full-width, spaces, brackets of another kind",
        "　　一、 风车\n　　( 一 ) 木风车。\n　　〔二〕铁风车。\n　　１． 涂蓝。\n　　２． 涂绿。",
        "m-s1 m-s1-k1 m-s1-k2 m-s1-k2-n1 m-s1-k2-n2",
        "m-s1-k1 m-s1-k2-n1 m-s1-k2-n2",
    ),
]


@pytest.mark.parametrize(
    ("text", "wanted", "found"), [o[1:] for o in OUTLINES], ids=[o[0] for o in OUTLINES]
)
def test_nesting(text: str, wanted: str, found: str) -> None:
    tree = notice(text)
    assert ids(tree) == wanted.split()
    assert hits(tree) == found.split()
    assert tree.warnings == ()


@pytest.mark.parametrize(
    ("text", "wanted", "word"),
    [
        ("一、风车。\n三、水车。\n四、磨坊。", "m-s1 m-s3 m-s4", "不连续"),
        ("一、风车。\n二、水车。\n二、磨坊。", "m-s1 m-s2 m-s2~2", "重复"),
        ("三、水车。\n四、磨坊。", "m-s3 m-s4", "从头"),
        ("一、甲\n1.风车。\n3.水车。", "m-s1 m-s1-p1 m-s1-p2", ""),
        ("一、甲\n1.风车。\n2.木车。\n4.水车。", "m-s1 m-s1-n1 m-s1-n2 m-s1-n4", "不连续"),
    ],
)
def test_numbers_out_of_sequence_are_reported(text: str, wanted: str, word: str) -> None:
    tree = notice(text)
    assert ids(tree) == wanted.split()
    assert any(word in w for w in tree.warnings) == bool(word)


def test_spans_of_circled_items_are_exact() -> None:
    text = "一、风车\n（一）涂漆。①大的涂蓝。②小的涂绿。\n"
    tree = notice(text)
    assert tree.by_id["m-s1-k1-c1"].raw == "①大的涂蓝。"
    assert tree.by_id["m-s1-k1-c2"].raw == "②小的涂绿。"
    assert tree.by_id["m-s1-k1-c2"].label == "②"


HEADINGS = [
    ("一、风车", UnitKind.CLAUSE, "风车", "风车"),
    ("一、风车涂蓝。", UnitKind.CLAUSE, "", "风车涂蓝。"),
    ("一、涂漆。大的涂蓝。", UnitKind.CLAUSE, "涂漆", "涂漆。大的涂蓝。"),
    ("一、涂漆：大的涂蓝。", UnitKind.CLAUSE, "涂漆", "涂漆：大的涂蓝。"),
    (
        "一、有下列情形的，停止涂漆：\n（一）雨。\n（二）雪。",
        UnitKind.CLAUSE,
        "",
        "有下列情形的，停止涂漆：\n（一）雨。\n（二）雪。",
    ),
    ("一、大的涂蓝，小的：另行规定。", UnitKind.CLAUSE, "", "大的涂蓝，小的：另行规定。"),
    ("一、" + "甲" * 41 + "。乙。", UnitKind.CLAUSE, "", "甲" * 41 + "。乙。"),
    ("一、" + "甲" * 40 + "。乙。", UnitKind.CLAUSE, "甲" * 40, "甲" * 40 + "。乙。"),
    ("一、风车\n1.甲。\n2.乙。", UnitKind.CHAPTER, "风车", "风车"),
    ("一、风车。\n1.甲。\n2.乙。", UnitKind.CHAPTER, "风车", "风车"),
    ("一、风车。要涂。\n1.甲。\n2.乙。", UnitKind.CLAUSE, "风车", "风车。\n要涂。\n1.甲。\n2.乙。"),
]


@pytest.mark.parametrize(("text", "kind", "heading", "display"), HEADINGS)
def test_headings(text: str, kind: UnitKind, heading: str, display: str) -> None:
    tree = notice(text)
    unit = tree.by_id["m-s1"]
    assert (unit.kind, unit.heading, unit.display) == (kind, heading, display)
    assert unit.hit == (not {"m-s1-n1", "m-s1-k1"} & set(tree.by_id))


# --- what surrounds the body --------------------------------------------------------------------

COVER = """
风应急发〔2031〕7号
风车市应急管理局
关于印发风车

涂漆方案的通知

各镇街，有关单位：
现将方案印发给你们，请认真执行。
风车市应急管理局
2031年5月6日

风车涂漆方案

为了涂漆，制定本方案。
一、对象
全部风车。
二、办法
（一）涂蓝。
（二）涂绿。
本方案自印发之日起施行。
附件：1.风车名录
2.漆料名录

附件1
风车名录
一、木风车。
二、铁风车。
附件2：漆料名录
蓝漆三桶。
（此件公开发布）
"""


def test_cover_plan_and_attachments() -> None:
    tree = notice(COVER)
    main = "m-head1 m-to1 m-p1 m-sign1 m-head2 m-p2 m-s1 m-s1-p1 m-s2 m-s2-k1 m-s2-k2 m-p3 m-att1"
    attached = "a1 a1-s1 a1-s2 a2 a2-p1 a2-p2"
    assert ids(tree) == [*main.split(), *attached.split()]
    assert tree.by_id["m-head1"].heading == "风车市应急管理局关于印发风车涂漆方案的通知"
    assert tree.by_id["m-head2"].display == "风车涂漆方案"
    assert (tree.by_id["a1"].label, tree.by_id["a1"].heading) == ("附件1", "风车名录")
    assert tree.by_id["m-p3"].display == "本方案自印发之日起施行。"
    assert not [u for u in tree.units if u.kind is UnitKind.PREAMBLE and u.hit]
    assert tree.path("a1-s2") == ("附件1 风车名录",)


def test_facts() -> None:
    assert notice_facts(source_of(COVER)) == {
        "title": "风车市应急管理局关于印发风车涂漆方案的通知",
        "number": "风应急发〔2031〕7号",
        "issuer": "风车市应急管理局",
        "date": "2031-05-06",
    }


FACTS: list[tuple[str, dict[str, str]]] = [
    ("一、风车。\n二、水车。", {}),
    ("关于涂漆的通知\n各单位：\n一、涂蓝。", {"title": "关于涂漆的通知"}),
    (
        "风车县人民政府文件\n风政[2030]12号\n关于涂漆的意见\n一、涂蓝。\n二〇三〇年一月二日",
        {
            "title": "关于涂漆的意见",
            "number": "风政[2030]12号",
            "issuer": "风车县人民政府",
            "date": "2030-01-02",
        },
    ),
    (
        "一、涂蓝。\n风车县安委会(办公室代章)    2030年13月2日",
        {},
    ),
    ("一、涂蓝。\n2030年1月2日前涂完。", {}),
    (
        "一、涂蓝。\n甲县应急管理局\n乙县公安局\n2030年1月2日\n"
        "甲县应急管理局办公室 2030年1月3日印发",
        {"issuer": "甲县应急管理局、乙县公安局", "date": "2030-01-02"},
    ),
]


@pytest.mark.parametrize(("text", "wanted"), FACTS)
def test_facts_only_where_they_are_certain(text: str, wanted: dict[str, str]) -> None:
    assert notice_facts(source_of(text)) == wanted


def test_a_plan_without_a_dated_letter_is_found_by_its_cited_title() -> None:
    tree = notice(
        "各单位：\n现将《风车涂漆方案》印发给你们。\n风车涂漆\n方案\n制定如下。\n一、涂蓝。"
    )
    assert ids(tree) == ["m-to1", "m-p1", "m-head1", "m-p2", "m-s1"]
    known = notice("各单位：\n现印发给你们。\n风车涂漆方案\n制定如下。\n一、涂蓝。", "风车涂漆方案")
    assert "m-head1" in known.by_id


def test_an_attachment_that_is_only_named() -> None:
    tree = notice("一、涂蓝。\n附件：风车名录\n风车局\n2030年1月2日")
    assert ids(tree) == ["m-s1", "m-att1", "m-sign1"]


def test_hard_line_breaks_are_undone() -> None:
    sentence = "风车应当在每年开春以后由木匠逐座检查叶片桅杆麻绳帆布和铁钉并且做好记录"
    cut = [sentence[i : i + 30] for i in (0, 30)]
    text = "一、检查\n" + "".join(f"　　{cut[0]}\n{cut[1]}。\n" for _ in range(6))
    tree = notice(text)
    assert [u.display for u in tree.units if u.id.startswith("m-s1-p")] == [sentence + "。"] * 6


def test_no_numbers_at_all() -> None:
    with pytest.raises(SourceError, match="一、") as caught:
        parse(source_of("各单位：\n风车涂蓝。\n水车涂绿。"), DocKind.NOTICE)
    assert caught.value.next_step


# --- tables -------------------------------------------------------------------------------------


def _flat(rows: list[list[str]]) -> str:
    return "\n\n".join("\n".join("\t" + cell for cell in row) for row in rows) + "\n"


ROWS = [["类别", "序号", "要求"], ["风车", "1", "涂蓝"], ["", "2", "上锁"], ["水车", "3", "拆除"]]


def test_a_flattened_table_gets_its_rows_back() -> None:
    tree = notice("一、见附件。\n附件\n风车指标\n" + _flat(ROWS))
    table = tree.by_id["a1-t1"]
    assert table.kind is UnitKind.TABLE
    assert table.hit
    assert table.header_rows == 1
    assert table.rows == (
        ("类别", "序号", "要求"),
        ("风车", "1", "涂蓝"),
        ("风车", "2", "上锁"),
        ("水车", "3", "拆除"),
    )
    assert tree.by_id["a1"].heading == "风车指标"


def test_a_ragged_flattened_table_is_not_guessed() -> None:
    tree = notice("一、见附件。\n附件\n风车指标\n" + _flat([*ROWS, ["磨坊", "4"]]))
    assert not [u for u in tree.units if u.kind is UnitKind.TABLE]
    assert any("表格" in w for w in tree.warnings)
    assert "拆除" in "".join(u.display for u in tree.hits)


@pytest.mark.parametrize(
    ("text", "unit_id", "hit"),
    [
        ("一、指标\n车\t色\n二、水车。", "m-s1-t1", False),
        ("一、指标\n1.涂蓝。\n2.涂绿。\n二、水车。\n附件\n指标\n车\t色", "a1-t1", True),
    ],
)
def test_a_table_is_a_hit_only_outside_items(text: str, unit_id: str, hit: bool) -> None:
    source = with_table(source_of(text), "车\t色", [["车", "色"]])
    tree = parse(source, DocKind.NOTICE)
    check_contract(source, tree)
    assert tree.by_id[unit_id].hit is hit
    assert tree.hit_of(unit_id) is not None


# --- random outlines ----------------------------------------------------------------------------

words = st.text(
    alphabet="风车木匠油漆河岸磨坊桅杆麻绳帆布铁钉石阶账簿渡船灯塔", min_size=2, max_size=10
)
LABELS = {
    "s": lambda n: f"{int_to_zh(n)}、",
    "k": lambda n: f"（{int_to_zh(n)}）",
    "n": lambda n: f"{n}.",
    "q": lambda n: f"({n})",
    "y": lambda n: f"{int_to_zh(n)}是",
    "c": lambda n: CIRCLED[n - 1],
}


@st.composite
def outlines(draw: st.DrawFn) -> tuple[str, list[str], list[str]]:
    """(text, ids, hits): each level has its own form, in any order."""
    order = draw(st.permutations(list(LABELS)))[: draw(st.integers(1, 4))]
    natural = [f for f in LABELS if f in order] == order
    blank = draw(st.sampled_from(["\n", "\n\n"]))
    indent = draw(st.sampled_from(["", "　　", "    "]))
    lines: list[str] = []
    wanted: list[str] = []
    found: list[str] = []

    def item(above: str, level: int, number: int) -> None:
        form = order[level]
        unit = f"{above}-{form}{number}"
        wanted.append(unit)
        below = draw(st.sampled_from([0, 0, 2, 3])) if level + 1 < len(order) else 0
        # where 一、 stands inside （一）, a paragraph between them could as well end （一）
        texts = draw(st.integers(0, 2)) if natural or not below else 0
        if below or texts:
            lines.append(indent + LABELS[form](number) + draw(words))
        else:
            lines.append(indent + LABELS[form](number) + draw(words) + "。" + draw(words) + "。")
        for p in range(1, texts + 1):
            wanted.append(f"{unit}-p{p}")
            if below:
                found.append(f"{unit}-p{p}")
            lines.append(indent + draw(words) + "。")
        if not below:
            found.append(unit)
        for child in range(1, below + 1):
            item(unit, level + 1, child)

    for number in range(1, draw(st.integers(2, 4)) + 1):
        item("m", 0, number)
    return blank.join(lines) + "\n", wanted, found


@given(outlines())
@settings(max_examples=150, deadline=None)
def test_random_outlines_give_their_ids_back(made: tuple[str, list[str], list[str]]) -> None:
    text, wanted, found = made
    tree = notice("关于涂漆的通知\n各单位：\n" + text)
    assert ids(tree) == ["m-head1", "m-to1", *wanted]
    assert sorted(hits(tree)) == sorted(found)
    assert tree.warnings == ()


# --- real notices -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def notices(corpus_dir: Path) -> dict[str, tuple[Source, Tree]]:
    """File name → (source, tree) of every notice of the development corpus."""
    out = {}
    for path in sorted((corpus_dir / "policies").glob("*.txt")):
        source = read(path)
        out[path.name] = (source, parse(source, DocKind.NOTICE))
    return out


@pytest.mark.corpus
def test_real_notices_keep_the_contract(notices: dict[str, tuple[Source, Tree]]) -> None:
    assert len(notices) == 5
    for source, tree in notices.values():
        check_contract(source, tree)
        assert tree.warnings == ()


@pytest.mark.corpus
def test_real_notices_are_as_read_before(notices: dict[str, tuple[Source, Tree]]) -> None:
    """Golden ids, kinds, spans and hashes; KB_REWRITE_GOLDEN=1 rewrites them."""
    found = {
        name: [
            [
                u.id,
                u.kind.value,
                u.start,
                u.end,
                hashlib.sha256(u.raw.encode()).hexdigest()[:12],
                content_hash(u.display),
                u.hit,
            ]
            for u in tree.units
        ]
        for name, (_, tree) in notices.items()
    }
    if REWRITE:
        rows = {
            name: "[\n" + ",\n".join(f"  {json.dumps(r)}" for r in units) + "\n ]"
            for name, units in found.items()
        }
        body = ",\n".join(f" {json.dumps(k, ensure_ascii=False)}: {v}" for k, v in rows.items())
        GOLDEN.write_text("{\n" + body + "\n}\n", encoding="utf-8")
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    assert found == golden


@pytest.mark.corpus
@pytest.mark.parametrize("width", [40, 50])
def test_hard_line_breaks_change_no_real_notice(
    notices: dict[str, tuple[Source, Tree]], width: int
) -> None:
    for name, (source, tree) in notices.items():
        copy_source = source_of(wrapped(source.text, width))
        copy = parse(copy_source, DocKind.NOTICE)
        check_contract(copy_source, copy)
        hashes = {u.id: content_hash(u.display) for u in tree.hits}
        assert {u.id: content_hash(u.display) for u in copy.hits} == hashes, name


@pytest.mark.corpus
def test_the_indicator_table_has_its_rows(notices: dict[str, tuple[Source, Tree]]) -> None:
    tables = [u for _, tree in notices.values() for u in tree.units if u.kind is UnitKind.TABLE]
    (table,) = tables
    assert (table.id, table.hit, table.header_rows) == ("a1-t1", True, 1)
    assert {len(row) for row in table.rows} == {5}
    assert [row[1] for row in table.rows[1:]] == [str(n) for n in range(1, 27)]
    assert all(cell for row in table.rows for cell in row)
    assert len({row[0] for row in table.rows[1:]}) == 5


@pytest.mark.corpus
def test_facts_of_the_real_notices(notices: dict[str, tuple[Source, Tree]]) -> None:
    facts = {name[:2]: notice_facts(source) for name, (source, _) in notices.items()}
    assert {k: (f["date"], f["issuer"], f.get("number", "")) for k, f in facts.items()} == {
        "合川": ("2021-11-03", "重庆市合川区应急管理局", ""),
        "江津": ("2021-11-03", "重庆市江津区应急管理局", "津应急发〔2021〕108号"),
        "涪陵": ("2021-09-22", "重庆市涪陵区马武镇人民政府", ""),
        "绍兴": ("2020-08-21", "绍兴市应急管理局", "绍应急监管〔2020〕9号"),
        "绿建": ("2017-02-23", "绿建区安全生产委员会", ""),
    }
    assert all(f["title"].endswith(("通知", "要点")) for f in facts.values())
