"""Markdown as converters write it: headings, header facts, tables, page headers, comments."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import SourceError
from kb.model import BlockKind, Cell, Source
from kb.readers import read
from kb.readers.markdown import read_markdown
from kb.readers.tables import cell_text, html_rows, is_pipe_rule, pipe_rows
from tests.readers.contract import check_contract
from tests.readers.makers import write

H, P, T, IMG, PAGE = (
    BlockKind.HEADING,
    BlockKind.PARA,
    BlockKind.TABLE,
    BlockKind.IMAGE,
    BlockKind.PAGE,
)


def parse(text: str, name: str = "甲.md") -> Source:
    data = text.encode()
    source = read_markdown(Path(name), data)
    check_contract(source, data)
    return source


def kinds(source: Source) -> list[tuple[BlockKind, str]]:
    return [(b.kind, source.text[b.start : b.end]) for b in source.blocks]


TABLE = "<table><tr><td>甲</td></tr></table>"
TALL = "<TABLE border=1>\n<tr><td>甲</td></tr>\n</TABLE>"
BLOCKS: list[tuple[str, list[tuple[BlockKind, str]]]] = [
    ("# 甲\n\n文\n", [(H, "# 甲"), (P, "文")]),
    ("#没有空格\n", [(P, "#没有空格")]),
    ("####### 七个\n", [(P, "####### 七个")]),
    ("##　全角空格\n", [(H, "##　全角空格")]),
    ("  ## 缩进 ##\n", [(H, "## 缩进 ##")]),
    ("甲\n<!-- 说明\n两行 -->\n乙", [(P, "甲"), (P, "乙")]),
    ("甲 <!-- x --> 乙", [(P, "甲"), (P, "乙")]),
    ("![图](https://a.example/x.png)\n", [(IMG, "![图](https://a.example/x.png)")]),
    ('<img src="x.png">\n', [(IMG, '<img src="x.png">')]),
    ("见![](x.png)所示\n", [(P, "见![](x.png)所示")]),
    ("甲|乙\n", [(P, "甲|乙")]),
    ("甲|乙\n-|-\n1|2\n\n后|面\n", [(T, "甲|乙\n-|-\n1|2"), (P, "后|面")]),
    ("| 甲 |\n| - |\n", [(T, "| 甲 |\n| - |")]),
    (f"{TABLE}后", [(T, TABLE), (P, "后")]),
    (f"{TALL}\n{TABLE}", [(T, TALL), (T, TABLE)]),
    ("——甲；\n\na) 乙\n", [(P, "——甲；"), (P, "a) 乙")]),
    ("1 范围 1\n\n# 5.1 规定 6\n", [(P, "1 范围 1"), (H, "# 5.1 规定 6")]),
    ("<!-- 未结束\n甲", [(P, "<!-- 未结束"), (P, "甲")]),
    ("<table><tr><td>甲", [(P, "<table><tr><td>甲")]),
]


@pytest.mark.parametrize(("text", "blocks"), BLOCKS)
def test_blocks(text: str, blocks: list[tuple[BlockKind, str]]) -> None:
    assert kinds(parse(text)) == blocks


def test_heading_levels() -> None:
    source = parse("# 甲\n## 乙\n###### 丙\n文\n")
    assert [b.level for b in source.blocks] == [1, 2, 6, 0]


@pytest.mark.parametrize("text", ["甲\n<!-- 未结束", "甲\n<table><tr><td>乙", "甲\n</table>"])
def test_unpaired_markup_is_told(text: str) -> None:
    assert any("不成对" in w and "第 2 行" in w for w in parse(text).warnings)


def test_only_comments_is_refused() -> None:
    with pytest.raises(SourceError, match="没有正文"):
        parse("<!-- 甲 -->\n\n<!-- 乙 -->")


def test_empty_table_is_told() -> None:
    assert any("没有内容" in w for w in parse("甲\n<table><tr><td> </td></tr></table>").warnings)


HEADER = (
    "# 某条例\n\n2001年2月3日 通过\n\n2002年3月4日 5号公布\n\n{}<!-- INFO END -->\n\n第一条 甲。\n"
)


def test_header_facts_and_title() -> None:
    source = parse(HEADER.format("2002年5月1日 施行\n\n"), "某条例(2002-03-04).md")
    assert source.title == "某条例"
    assert source.meta == {
        "adopted": "2001-02-03",
        "issued": "2002-03-04",
        "in_force": "2002-05-01",
        "file_date": "2002-03-04",
    }
    assert not source.warnings


def test_header_that_lacks_the_last_change_is_told() -> None:
    source = parse(HEADER.format(""), "某条例(2013-03-04).md")
    assert source.meta["adopted"] == "2001-02-03"
    assert any("2013-03-04" in w and "2002-03-04" in w for w in source.warnings)


def test_dates_in_the_body_are_no_header() -> None:
    source = parse("# 某规程\n\n2020-10-11 发布\n\n2021-09-01 实施\n\n# 目次\n\n2001-01-01 发布\n")
    assert source.meta == {
        "adopted": "2020-10-11",
        "issued": "2020-10-11",
        "in_force": "2021-09-01",
    }
    assert (
        "adopted"
        not in parse("# 某规程\n\n自2020年1月1日起施行的规定另有要求的，从其规定。\n").meta
    )


def test_page_headers_of_the_own_number() -> None:
    text = "# 某规程\n\n# GB 99999—2020\n\n文 GB 99999—2020\n\nGB 99999-2020 \n\nGB 1—2001\n"
    for name in ("甲.md", "GB 99999-2020 某规程.md"):  # repeated, or named by the file
        source = parse(text, name)
        assert [k for k, _ in kinds(source)] == [H, PAGE, P, PAGE, P]
        assert source.meta["number"] == "GB 99999-2020"
        assert source.title == "某规程"
    once = parse("# 某规程\n\nGB 99999—2020\n\n文\n")
    assert [k for k, _ in kinds(once)] == [H, P, P]
    assert "number" not in once.meta


def test_html_table_cells() -> None:
    rows, stray = html_rows(
        "<table><thead><tr><td>表头</td><th colspan=2>乙</th></tr></thead>"
        "<tr><td rowspan='3'>10<sup>-3</sup> m<sup>2</sup></td><td>CO<sub>2</sub></td>"
        "<td>甲<br>乙 &gt;1</td></tr>"
        "<tr><td colspan=x>x<sup>ab</sup></td><td>注<sup>[1]</sup></td></tr>"
        "<tr></tr><tr><td><eq>NO_2</eq></td><td colspan=99999><p>一</p><p>二</p></td></tr></table>"
    )
    assert rows == (
        (Cell("表头", header=True), Cell("乙", colspan=2, header=True)),
        (Cell("10⁻³ m²", rowspan=3), Cell("CO₂"), Cell("甲\n乙 >1")),
        (Cell("x^{ab}"), Cell("注[1]")),
        (Cell("$NO_2$"), Cell("一\n二", colspan=200)),
    )
    assert not stray
    assert html_rows("没有表格") == ((), True)


def test_comparison_in_a_formula_is_no_tag() -> None:
    rows, stray = html_rows("<table><tr><td><eq>h_0<b≤h</eq></td><td>乙</td></tr></table>")
    assert rows == ((Cell("$h_0<b≤h$"), Cell("乙")),)
    assert not stray


def test_cells_behind_a_form() -> None:
    rows, stray = html_rows("<table><tr><form><td>甲</td><td>乙</td></form></tr></table>")
    assert [[c.text for c in r] for r in rows] == [["甲", "乙"]]
    assert not stray


def test_table_right_inside_a_table() -> None:
    assert html_rows("<table><table><tr><td>甲</td></tr></table></table>") == ((), True)


def test_table_without_end_tags() -> None:
    rows, stray = html_rows("<table><tr><td>甲<td>乙<tr><td>丙<td>丁</table>")
    assert [[c.text for c in r] for r in rows] == [["甲", "乙"], ["丙", "丁"]]
    assert not stray


def test_text_outside_cells_is_kept() -> None:
    source = parse("<table>\n<caption>表 1</caption>\n甲\n<tr><td>乙</td></tr></table>")
    assert {k for k, _ in kinds(source)} == {P}
    assert any("单元格之外" in w for w in source.warnings)


def test_nested_table_rows_stay_in_their_cell() -> None:
    rows, _ = html_rows("<table><tr><td>外<table><tr><td>内</td></tr></table></td></tr></table>")
    assert len(rows) == 1
    assert rows[0][0].text.split() == ["外", "内"]


@pytest.mark.parametrize(
    ("line", "is_rule"),
    [("| - | - |", True), ("---|:-:", True), ("---", False), ("| 甲 | - |", False), ("||", False)],
)
def test_pipe_rule(line: str, is_rule: bool) -> None:
    assert is_pipe_rule(line) is is_rule


def test_pipe_rows() -> None:
    rows = pipe_rows(["| 甲 | 乙 |", "|-|-|", "| 1 \\| 2 | |", "3 | 4"])
    assert [[c.text for c in r] for r in rows] == [["甲", "乙"], ["1 | 2", ""], ["3", "4"]]
    assert [r[0].header for r in rows] == [True, False, False]


def test_cell_text_skips_scripts() -> None:
    from bs4 import BeautifulSoup

    assert cell_text(BeautifulSoup("甲<script>x</script><b>乙</b>", "html.parser")) == "甲乙"


_TABLES = ["| a | b |", "|-|-|", "<table>", "</table>", "<tr><td>x</td></tr>"]
_OTHERS = ["# 甲", "乙", "<!--", "-->", "", "   ", "![](x)", "GB 99999—2020", "```", "    缩", "\t"]


@given(st.lists(st.sampled_from(_TABLES + _OTHERS), max_size=14).map("\n".join))
def test_any_lines_keep_the_contract(text: str) -> None:
    try:
        parse(text)
    except SourceError:
        # refused only when there is nothing to read
        left = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
        assert not set(left.split()) & {"甲", "乙", "x", "a", "```", "缩"}


@pytest.mark.corpus
def test_standard_in_the_corpus(corpus_dir: Path) -> None:
    path = next(corpus_dir.rglob("GB 16423*.md"))
    source = read(path)
    check_contract(source, path.read_bytes())
    assert Counter(b.kind.value for b in source.blocks) == {
        "para": 1895,
        "heading": 248,
        "table": 7,
        "page": 2,
        "image": 2,
    }
    assert source.meta["number"] == "GB 16423-2020"
    assert source.meta["adopted"] == "2020-10-11"
    assert source.meta["in_force"] == "2021-09-01"
    tables = [b for b in source.blocks if b.kind is T]
    assert [len(b.rows) for b in tables] == [3, 5, 9, 6, 7, 6, 6]
    # every row of a table is as wide as the others once the spans are counted
    for table in tables:
        assert len(set(_widths(table.rows))) == 1


def _widths(rows: tuple[tuple[Cell, ...], ...]) -> list[int]:
    hanging: Counter[int] = Counter()
    widths = []
    for i, row in enumerate(rows):
        widths.append(sum(c.colspan for c in row) + hanging[i])
        for c in row:
            for below in range(i + 1, i + c.rowspan):
                hanging[below] += c.colspan
    return widths


@pytest.mark.corpus
def test_regulations_in_the_corpus(corpus_dir: Path) -> None:
    for path in sorted((corpus_dir / "regulations").glob("*.md")):
        source = read(path)
        check_contract(source, path.read_bytes())
        assert source.title.removeprefix("中华人民共和国") in path.stem
        assert source.meta["file_date"] in path.stem
        if "adopted" in source.meta:
            assert source.meta["adopted"] <= source.meta["file_date"]
        assert not any(b.kind in {T, IMG, PAGE} for b in source.blocks)


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "adopted", "in_force"),
    [
        ("安全生产法", "2021-06-10", None),
        ("建设工程安全生产管理条例", "2003-11-12", "2004-02-01"),
        ("矿山安全法实施条例", "1996-10-11", "1996-10-30"),
        ("浙江省消防条例", "2021-11-25", None),
        ("煤矿安全生产条例", None, None),
    ],
)
def test_header_dates_in_the_corpus(
    corpus_dir: Path, name: str, adopted: str | None, in_force: str | None
) -> None:
    (path,) = (corpus_dir / "regulations").glob(f"{name}(*.md")
    meta = read(path).meta
    assert (meta.get("adopted"), meta.get("in_force")) == (adopted, in_force)


def test_read_takes_markdown_suffix(tmp_path: Path) -> None:
    assert read(write(tmp_path, "甲.MARKDOWN", "# 题\n\n文\n")).format == "markdown"
