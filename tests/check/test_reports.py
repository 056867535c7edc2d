"""The marked-up copy and the workbook of a folder, opened again."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from kb.check import FileReport, Finding, card_file
from kb.check.reading import Refused
from kb.check.report_docx import marked_up
from kb.check.report_xlsx import to_xlsx
from tests.check.sample import Desk, table, workbook
from tests.readers.makers import word

WRONG = "踏步净宽不小于0.4 m"


def copy(desk: Desk, path: Path) -> Any:
    file = card_file(path)
    return docx.Document(io.BytesIO(marked_up(path, file, desk.checker.check_card(file))))


def marked(document: Any) -> list[tuple[str, str]]:
    """(text under the mark, first line of the comment) of each comment in the text."""
    from docx.oxml.ns import qn

    out = []
    said = {c.comment_id: c.text.split("\n")[0] for c in document.comments}
    for start in document.element.body.iter(qn("w:commentRangeStart")):
        number = int(start.get(qn("w:id")))
        text, node = "", start.getnext()
        while node is not None and node.tag != qn("w:commentRangeEnd"):
            text += "".join(t.text or "" for t in node.iter(qn("w:t")))
            node = node.getnext()
        out.append((text, said[number]))
    return out


def test_word_copy(desk: Desk, tmp_path: Path) -> None:
    def fill(document: Any) -> None:
        document.add_paragraph("守塔人岗位风险清单")
        t = document.add_table(rows=3, cols=2)
        for row, texts in enumerate((("管控措施", "依据"), (WRONG, "GB 99998-2020 5.2.1"),
                                     (WRONG, "《海上安全促进法》第三条"))):  # fmt: skip
            for column, text in enumerate(texts):
                t.cell(row, column).text = text

    path = tmp_path / "卡.docx"
    path.write_bytes(word(fill))
    before = path.read_bytes()
    document = copy(desk, path)
    assert path.read_bytes() == before
    found = marked(document)
    assert ("《海上安全促进法》第三条", "【没有这份文件或条款】") in [(t, c[:11]) for t, c in found]
    figures = [(t, c) for t, c in found if c.startswith("【数值与规定相抵触】")]
    assert [t for t, _ in figures] == [WRONG]
    assert any(c.startswith("核对了") and "未核对" in c for _, c in found)
    assert {c.author for c in document.comments} == {"安规库"}
    # the copy still says what the card says
    assert document.tables[0].cell(1, 0).text == WRONG


@pytest.mark.parametrize("name", ["卡.md", "卡.txt", "卡.xlsx"])
def test_copy_of_other_formats(desk: Desk, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name.endswith("xlsx"):

        def fill(book: Any) -> None:
            book.active.append(["序号", "管控措施", "依据"])
            book.active.append([1, WRONG, "GB 99998-2020 5.2.1"])

        path.write_bytes(workbook(fill))
    else:
        text = table(("1", WRONG, "GB 99998-2020 5.2.1"))
        path.write_text(f"# 守塔人岗位卡\n\n{text}", encoding="utf-8")
    document = copy(desk, path)
    assert [t for t, c in marked(document) if c.startswith("【数值与规定相抵触】")] == [
        "不小于0.4 m"
    ]
    assert any(WRONG in cell.text for row in document.tables[0].rows for cell in row.cells)
    from docx.oxml.ns import qn

    fonts = document.styles["Normal"].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia"))


def test_a_long_table_is_cut_to_what_was_found(desk: Desk, tmp_path: Path) -> None:
    rows = [(str(i), "擦擦灯罩" if i != 1700 else f"{WRONG}（GB 99998-2020 5.2.1）", "")
            for i in range(2000)]  # fmt: skip
    path = tmp_path / "大.md"
    path.write_text(table(*rows), encoding="utf-8")
    document = copy(desk, path)
    assert sum(len(t.rows) for t in document.tables) == 2
    assert [t for t, c in marked(document) if c.startswith("【数值")] == ["不小于0.4 m"]


def test_a_copy_has_so_many_comments_and_says_so(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "多.md"
    rows = [(str(i), WRONG, f"GB 99998-2020 5.2.{i % 80 + 10}") for i in range(600)]
    path.write_text(table(*rows), encoding="utf-8")
    document = copy(desk, path)
    found = marked(document)
    assert len(found) == 501
    assert "还有 700 处" in "".join(c.text for c in document.comments)


def test_workbook() -> None:
    report = FileReport(
        "a.md",
        [
            Finding("not_found", 3, "=1+1", "x", "没有这一条", "-2"),
            Finding("not_checked", "表1第2行第1列", "@甲", "", "没有核对"),
        ],
        5,
        ("守塔人",),
    )
    broken = FileReport("b.doc", error="读不了")
    made = to_xlsx([report, broken], [Refused(Path("c.et"), "另存为 .xlsx", True)], "2026-11-21")
    book = openpyxl.load_workbook(io.BytesIO(made))
    assert book.sheetnames == ["汇总", "问题", "未核对", "没读的文件"]
    summary = [[c.value for c in row] for row in book["汇总"].iter_rows()]
    assert summary[0][:5] == ["文件", "岗位", "已核对", "错误", "没有这份文件或条款"]
    assert summary[1][:5] == ["a.md", "守塔人", 5, 1, 1]
    problem = book["问题"][2]
    assert [c.value for c in problem][:5] == ["a.md", "第3行", None, "没有这份文件或条款", "=1+1"]
    assert problem[4].data_type == "s"
    assert problem[4].quotePrefix
    assert problem[6].quotePrefix
    assert book["未核对"].max_row == 2
    assert [r[0].value for r in book["没读的文件"].iter_rows(min_row=2)] == ["b.doc", "c.et"]
