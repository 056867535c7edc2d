"""Files of cards → rows: places, heads, merged cells, and what is refused."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.check import CardFile, card_file, card_files
from kb.errors import SourceError
from tests.check.sample import table, workbook
from tests.readers.makers import word

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def rows(file: CardFile) -> list[list[tuple[object, str, str]]]:
    """(place, head, text) of each cell of the rows that are no headings."""
    return [[(c.place, c.header, c.text) for c in r.cells] for r in file.rows if not r.heading]


def whole(file: CardFile) -> bool:
    """Every cell stands in the text of the file where it says."""
    return all(file.text[c.start : c.end] == c.text for r in file.rows for c in r.cells)


def test_markdown(tmp_path: Path) -> None:
    path = tmp_path / "卡.md"
    text = (
        "# 守塔人岗位操作卡\n\n"
        + table(("1", "擦灯", "《灯塔法》"), ("2", "关门", ""))
        + "\n守夜。\n"
    )
    path.write_text(text, encoding="utf-8")
    file = card_file(path)
    assert whole(file)
    assert file.rows[0].heading
    assert rows(file) == [
        [(5, "序号", "1"), (5, "管控措施", "擦灯"), (5, "依据", "《灯塔法》")],
        [(6, "序号", "2"), (6, "管控措施", "关门")],
        [(8, "", "守夜。")],
    ]


def test_text_with_pipes_and_two_heads(tmp_path: Path) -> None:
    path = tmp_path / "卡.txt"
    path.write_text(
        "守塔人\n| 序号 | 职责 |\n| 1 | 擦灯 |\n| 序号 | 步骤 | 依据 |\n| 1 | 关门 | 无 |\n",
        encoding="utf-8",
    )
    assert rows(card_file(path)) == [
        [(1, "", "守塔人")],
        [(3, "序号", "1"), (3, "职责", "擦灯")],
        [(5, "序号", "1"), (5, "步骤", "关门"), (5, "依据", "无")],
    ]


def test_word_with_merged_cells(tmp_path: Path) -> None:
    def fill(document: Any) -> None:
        document.add_paragraph("守塔人岗位风险清单")
        t = document.add_table(rows=3, cols=3)
        for column, head in enumerate(("管控措施", "要点", "依据")):
            t.cell(0, column).text = head
        for row, words in ((1, "擦灯"), (2, "关门")):
            t.cell(row, 0).text = words
            t.cell(row, 1).text = f"{words}要轻"
        t.cell(1, 2).merge(t.cell(2, 2)).text = "《灯塔法》第一条"

    path = tmp_path / "卡.docx"
    path.write_bytes(word(fill))
    file = card_file(path)
    assert whole(file)
    first, second = (r for r in file.rows if r.table and not r.heading)
    assert [c.text for c in second.cells] == ["关门", "关门要轻", "《灯塔法》第一条"]
    assert [c.merged for c in first.cells] == [False] * 3
    assert second.cells[2].merged
    assert second.cells[2].place == first.cells[2].place == "表1第2行第3列"


def test_workbook_with_merged_cells(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        sheet = book.active
        sheet.title = "守塔人"
        sheet.append(["守塔人岗位风险清单", None, None])
        sheet.merge_cells("A1:C1")
        sheet.append(["序号", "管控措施", "依据"])
        sheet.append([1, "擦灯", "《灯塔法》第一条"])
        sheet.append([2.0, "关门", None])
        sheet.merge_cells("C3:C4")
        book.create_sheet("空")

    path = tmp_path / "卡.xlsx"
    path.write_bytes(workbook(fill))
    file = card_file(path)
    assert whole(file)
    assert [r.cells[0].text for r in file.rows if r.heading] == [
        "守塔人",
        "守塔人岗位风险清单",
        "序号",
    ]
    assert rows(file) == [
        [("守塔人!A3", "序号", "1"), ("守塔人!B3", "管控措施", "擦灯"),
         ("守塔人!C3", "依据", "《灯塔法》第一条")],
        [("守塔人!A4", "序号", "2"), ("守塔人!B4", "管控措施", "关门"),
         ("守塔人!C3", "依据", "《灯塔法》第一条")],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.doc", OLE, "另存为 .docx"),
        ("a.wps", OLE, "另存为 .docx"),
        ("a.et", OLE, "另存为 .xlsx"),
        ("a.xls", OLE, "另存为 .xlsx"),
        ("a.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "密码"),
        ("a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "密码"),
        ("a.xlsx", OLE, "旧版 .xls"),
        ("a.xlsx", b"PK\x03\x04 broken", "损坏"),
        ("a.docx", b"PK\x03\x04 broken", "损坏"),
        ("a.xlsx", b"", "空的"),
        ("a.md", b"\n \n", "只有空白"),
        ("a.zzz", b"x", "不认识"),
    ],
)
def test_refused(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(SourceError, match=said):
        card_file(path)


def test_not_a_workbook_and_an_empty_one(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("a.txt", "x")
    (tmp_path / "a.xlsx").write_bytes(out.getvalue())
    with pytest.raises(SourceError, match="没有工作簿"):
        card_file(tmp_path / "a.xlsx")
    (tmp_path / "b.xlsx").write_bytes(workbook(id))
    with pytest.raises(SourceError, match="没有文字"):
        card_file(tmp_path / "b.xlsx")


def test_folders(tmp_path: Path) -> None:
    for name in ("b.md", "sub/a.txt", "sub/c.doc", "d.jpg", "~$e.docx", ".git/f.md"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    files, refused = card_files([tmp_path, tmp_path / "b.md"])
    assert [f.relative_to(tmp_path).as_posix() for f in files] == ["b.md", "sub/a.txt"]
    assert {(r.path.name, r.blocks) for r in refused} == {("c.doc", True), ("d.jpg", False)}
    with pytest.raises(SourceError, match="找不到"):
        card_files([tmp_path / "没有"])


def test_ten_thousand_rows(tmp_path: Path) -> None:
    path = tmp_path / "大.md"
    path.write_text(table(*((str(i), f"擦灯{i}", "") for i in range(10_000))), encoding="utf-8")
    start = time.perf_counter()
    file = card_file(path)
    assert time.perf_counter() - start < 20
    assert len(file.rows) == 10_001
    assert file.rows[-1].cells[1].place == 10_002


@settings(max_examples=60)
@given(
    st.lists(
        st.lists(st.text("擦灯|-#序号依据。 \t", max_size=8), min_size=1, max_size=4), max_size=8
    )
)
def test_any_text_is_read_whole(
    tmp_path_factory: pytest.TempPathFactory, lines: list[list[str]]
) -> None:
    path = tmp_path_factory.mktemp("any") / "卡.md"
    path.write_text("灯\n" + "\n".join(" | ".join(line) for line in lines), encoding="utf-8")
    assert whole(card_file(path))
