"""The site's own writers in Chromium: what they make is read with the libraries of others."""

from __future__ import annotations

import base64
import json
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
import openpyxl
import pytest
import qrcode
from qrcode.util import MODE_8BIT_BYTE, QRData

from kb.sitegen.bundle import bundle, read_modules

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

ENTRY = """
import { docx } from "./keep/docx.js";
import { qrMatrix, qrSvg } from "./keep/qr.js";
import { xlsx } from "./keep/xlsx.js";
import { crc32, zip } from "./keep/zip.js";
const packed = (bytes) => {
  let text = "";
  bytes.forEach((b) => { text += String.fromCharCode(b); });
  return btoa(text);
};
window.keep = {
  docx: async (v) => packed(await docx(v)),
  xlsx: async (v) => packed(await xlsx(v)),
  zip: async (v) => packed(await zip(v)),
  stored: async (v) => {
    const squeeze = window.CompressionStream;
    window.CompressionStream = undefined; // Chromium 86
    const out = packed(await zip(v));
    window.CompressionStream = squeeze;
    return out;
  },
  crc: (text) => crc32(new TextEncoder().encode(text)),
  qr: ([text, options]) => qrMatrix(text, options).map((row) => row.join("")),
  tooLong: (text) => { try { qrMatrix(text); return ""; } catch (e) { return e.name; } },
  svg: (text) => {
    const svg = qrSvg(text);
    return [svg.getAttribute("viewBox"), svg.getAttribute("aria-label"), svg.outerHTML.length];
  },
};
"""
Call = Callable[[str, Any], Any]


@pytest.fixture(scope="module")
def call(chromium: Browser, repo: Path) -> Iterator[Call]:
    """Calls a writer in a page of its own."""
    modules = {**read_modules(repo / "site" / "assets" / "modules"), "t.js": ENTRY}
    page = chromium.new_page()
    page.evaluate(bundle(modules, "t.js"))
    script = "([name, value]) => Promise.resolve(keep[name](JSON.parse(value)))"
    yield lambda name, value: page.evaluate(script, [name, json.dumps(value)])
    page.close()


def test_zip_is_read_by_others(call: Call) -> None:
    files = [{"name": "名 字.txt", "data": "甲" * 500}, {"name": "b", "data": "x"}]
    for way, method in (("zip", zipfile.ZIP_DEFLATED), ("stored", zipfile.ZIP_STORED)):
        with zipfile.ZipFile(BytesIO(base64.b64decode(call(way, files)))) as z:
            assert z.testzip() is None
            assert z.namelist() == ["名 字.txt", "b"]
            assert z.read("名 字.txt").decode() == "甲" * 500
            assert z.infolist()[0].compress_type == method
            assert z.infolist()[1].compress_type == zipfile.ZIP_STORED


def test_crc_of_the_check_text(call: Call) -> None:
    assert call("crc", "123456789") == 0xCBF43926


def test_docx(call: Call) -> None:
    blocks = [
        {"text": "导言", "style": "lead"},
        {"heading": "一 <b>&\"'", "level": 1},
        {"heading": "第三条", "level": 2},
        {"text": ["甲\n乙\t丙", "\u0000\u0008\ud800\ufffe", {"text": "粗", "bold": True}]},
        {"text": "出处", "style": "citation"},
        {"rows": [["灯型", "高度"], ["吊灯", "2.5"], ["注"]], "header": 1, "widths": [1, 3]},
        {"rows": [["单"]]},
    ]
    data = base64.b64decode(call("docx", {"title": "标题 & <x>", "blocks": blocks}))
    made = docx.Document(BytesIO(data))
    shown = [(p.style.name, p.text) for p in made.paragraphs if p.text and p.style]
    assert shown == [
        ("Title", "标题 & <x>"),
        ("KB Lead", "导言"),
        ("Heading 1", "一 <b>&\"'"),
        ("Heading 2", "第三条"),
        ("Normal", "甲\n乙\t丙\ufffd粗"),
        ("KB Citation", "出处"),
    ]
    table = made.tables[0]
    assert [[c.text for c in row.cells] for row in table.rows] == [
        ["灯型", "高度"],
        ["吊灯", "2.5"],
        ["注", "注"],
    ]
    first, second = (c.width or 0 for c in table.rows[0].cells)
    assert second == pytest.approx(3 * first, rel=0.01)
    section = made.sections[0]
    assert section.page_width is not None
    assert section.page_height is not None
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert made.core_properties.title == "标题 & <x>"
    with zipfile.ZipFile(BytesIO(data)) as z:
        styles = z.read("word/styles.xml").decode()
    assert 'w:eastAsia="宋体"' in styles
    assert 'w:eastAsia="黑体"' in styles


def test_docx_on_its_side(call: Call) -> None:
    data = call("docx", {"title": "x", "landscape": True, "blocks": []})
    section = docx.Document(BytesIO(base64.b64decode(data))).sections[0]
    assert section.page_width is not None
    assert section.page_width > (section.page_height or 0)


FORMULAS = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1", "\r=1"]


def test_xlsx_holds_texts_alone(call: Call) -> None:
    long = "长" * 32766 + "𠮷" + "尾"
    rows = [[f, "<b>&\u0007"] for f in FORMULAS] + [["甲", long], ["2021-06-10", "007"]]
    sheets = [
        {
            "name": "篮子[1]/?",
            "title": "标题",
            "header": ["一", "二"],
            "rows": rows,
            "widths": [9, 60],
        },
        {"name": "篮子[1]/?", "header": ["x"], "rows": []},
    ]
    data = base64.b64decode(call("xlsx", {"title": "书", "sheets": sheets}))
    book = openpyxl.load_workbook(BytesIO(data))
    assert len(set(book.sheetnames)) == 2
    sheet = book.worksheets[0]
    assert sheet.freeze_panes == "A3"
    assert sheet.column_dimensions["B"].width == 60
    cells = [c for row in sheet.iter_rows() for c in row if c.value is not None]
    assert {c.data_type for c in cells} == {"s"}
    assert [c.value for c in sheet["A"][:2]] == ["标题", "一"]
    for cell, formula in zip(sheet["A"][2:], FORMULAS, strict=False):
        assert cell.value == formula.replace("\r", "\n")
        assert cell.quotePrefix, formula
    assert sheet["B3"].value == "<b>&"
    # no half of a character, nothing left out
    pieces = [c.value for c in sheet["B"][8:10]]
    assert pieces == ["长" * 32766, "𠮷尾"]
    assert [c.value for c in sheet[11]] == ["2021-06-10", "007"]


def test_xlsx_codes_stay_as_they_are_written(call: Call) -> None:
    sheet = {"name": "a", "rows": [["_x0041_ _x005F_"]]}
    with zipfile.ZipFile(
        BytesIO(base64.b64decode(call("xlsx", {"title": "x", "sheets": [sheet]})))
    ) as z:
        assert "_x005F_x0041_ _x005F_x005F_" in z.read("xl/worksheets/sheet1.xml").decode()


# --- QR codes -----------------------------------------------------------------------------------

LEVELS = {"L": qrcode.constants.ERROR_CORRECT_L, "M": qrcode.constants.ERROR_CORRECT_M}


def reference(text: str, level: str, version: int, mask: int) -> list[str]:
    """The same code by python-qrcode."""
    code = qrcode.QRCode(version, LEVELS[level], mask_pattern=mask, border=0)
    code.add_data(QRData(text.encode(), mode=MODE_8BIT_BYTE))
    code.make(fit=False)
    return ["".join(str(int(x)) for x in row) for row in code.get_matrix()]


@pytest.mark.parametrize("level", ["L", "M"])
def test_qr_of_every_version_and_mask(call: Call, level: str) -> None:
    for version in range(1, 41):
        text = f"安规{version}"
        mask = (version + (level == "M")) % 8
        made = call("qr", [text, {"level": level, "version": version, "mask": mask}])
        assert made == reference(text, level, version, mask), version


@pytest.mark.parametrize(
    ("length", "level", "size"),
    [(14, "M", 21), (15, "M", 25), (17, "L", 21), (18, "L", 25), (213, "M", 57), (2331, "M", 177)],
)
def test_qr_takes_the_smallest_version(call: Call, length: int, level: str, size: int) -> None:
    assert len(call("qr", ["a" * length, {"level": level}])) == size


def test_qr_refuses_what_no_version_holds(call: Call) -> None:
    assert call("tooLong", "a" * 2331) == ""
    assert call("tooLong", "a" * 2332) == "RangeError"


def penalty(rows: list[str]) -> int:
    """ISO/IEC 18004, 7.8.3, written apart from the module: runs, blocks, finders, balance."""
    n, score = len(rows), 0
    columns = ["".join(r[i] for r in rows) for i in range(n)]
    for line in rows + columns:
        run = 1
        for before, now in zip(line, line[1:] + "x", strict=True):
            if before == now:
                run += 1
            else:
                score += run - 2 if run >= 5 else 0
                run = 1
        for i in range(n - 6):
            if line[i : i + 7] == "1011101":
                sides = line[max(0, i - 4) : i], line[i + 7 : i + 11]
                score += 40 if any("1" not in side for side in sides) else 0
    for i in range(n - 1):
        for j in range(n - 1):
            score += (
                3
                if len({rows[i][j], rows[i][j + 1], rows[i + 1][j], rows[i + 1][j + 1]}) == 1
                else 0
            )
    dark = "".join(rows).count("1") * 100 / n / n
    return score + int(abs(dark - 50) / 5) * 10


@pytest.mark.parametrize("text", ["https://example.invalid/docs/x/#art-3", "灯", "0" * 60])
def test_qr_takes_the_mask_that_reads_best(call: Call, text: str) -> None:
    scores = [penalty(call("qr", [text, {"mask": mask}])) for mask in range(8)]
    assert len(set(scores)) > 1
    assert penalty(call("qr", [text, {}])) == min(scores)


def test_qr_as_a_picture_has_a_quiet_zone_and_a_name(call: Call) -> None:
    box, label, length = call("svg", "https://example.invalid/<a>")
    assert box == "0 0 37 37"
    assert label == "二维码：https://example.invalid/<a>"
    assert length > 1000
