"""Word documents (.docx): paragraphs and tables in document order, tracked changes accepted.

Not in the text, and therefore told in a warning: automatic numbers, footnotes, pictures.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kb.errors import SourceError
from kb.model import BlockKind, Cell, Source
from kb.readers.build import TextBuilder
from kb.readers.decode import clean, load
from kb.readers.facts import docno_in, file_facts
from kb.readers.html import looks_like_html
from kb.readers.inline import IMAGE_MARK
from kb.readers.text import likely_title
from kb.readers.wordml import MC, Seen, is_on, paragraph_text, q, text_boxes

__all__ = ["read_docx"]

_HEADING_STYLE = re.compile(r"(?:heading|标题)\s*([1-9])\Z", re.IGNORECASE)  # Heading 1, 标题 2
_TITLE_STYLES = frozenset({"title", "标题"})

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # stream name within an encrypted document

_MAX_UNPACKED = 400 * 2**20
"""Bytes; a document that unpacks to more is damaged or hostile."""

_NAMED = 10  # so many numbered paragraphs are named in the warning

Element = Any  # lxml's _Element, which has no types


def read_docx(path: Path, data: bytes | None = None) -> Source:
    """Source of a .docx file.

    Raises:
        SourceError: encrypted, an old .doc, truncated, not a Word document, or without text.
    """
    data = load(path) if data is None else data
    body, styles = _open(path, data)
    seen = Seen()
    walk = _Walk(styles, seen)
    walk.body(body)
    out = walk.out
    if not out.text.strip():
        raise SourceError(path, "Word 文档里没有文字", "若内容是图片，请先识别文字")
    lines = [out.text[b.start : b.end] for b in out.blocks[:15] if b.kind is not BlockKind.TABLE]
    facts = file_facts(path.stem)
    if "number" not in facts and (
        number := next((n for n in (docno_in(x, whole=True) for x in lines) if n), "")
    ):
        facts["number"] = number
    return Source(
        path=str(path),
        format="docx",
        text=out.text,
        blocks=tuple(out.blocks),
        sha256=hashlib.sha256(data).hexdigest(),
        title=walk.title or likely_title(lines),
        meta=facts,
        warnings=_warnings(seen),
    )


def _open(path: Path, data: bytes) -> tuple[Element, dict[str, Element]]:
    """The body and the styles by their ids."""
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise SourceError(
                path, "Word 文档有密码，无法读取", "请用 Word 打开，取消密码后另存为 .docx"
            )
        raise SourceError(
            path, "后缀是 .docx，内容是旧版 .doc", "请用 Word 或 WPS 打开，另存为 .docx"
        )
    if looks_like_html(data):
        raise SourceError(path, "后缀是 .docx，内容是网页", "请把后缀改为 .html")
    broken = "请重新下载，或用 Word 打开修复后另存为 .docx"
    if not data.startswith(b"PK"):
        raise SourceError(path, "不是 Word 文档（文件开头不对）", broken, "第 1 字节")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            unpacked = sum(i.file_size for i in package.infolist())
            bad = package.testzip() if unpacked <= _MAX_UNPACKED else None
            names = set(package.namelist())
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, ValueError) as e:
        raise SourceError(path, "Word 文档不完整或已损坏（压缩包读不出）", broken) from e
    except Exception as e:  # zlib.error and others of the codecs
        raise SourceError(path, f"Word 文档已损坏（{type(e).__name__}）", broken) from e
    if unpacked > _MAX_UNPACKED:
        raise SourceError(path, f"Word 文档展开后有 {unpacked >> 20} MB，过大", broken)
    if bad is not None:
        raise SourceError(path, "Word 文档已损坏（校验不符）", broken, bad)
    if "word/document.xml" not in names and not any(n.startswith("word/") for n in names):
        raise SourceError(
            path, "压缩包里没有 Word 正文", "请确认是 Word 文档；若是压缩包，请先解压"
        )
    import docx  # lazily: it takes 0.2 s, and most users read no .docx

    try:
        document = docx.Document(io.BytesIO(data))
        styles = {s.get(q("w:styleId")): s for s in document.styles.element.iter(q("w:style"))}
        body = document.element.body
        if body is None:
            raise ValueError("no body")
        return body, styles
    except Exception as e:  # python-docx raises KeyError, ValueError, lxml's errors, its own
        raise SourceError(path, f"Word 文档已损坏（{type(e).__name__}）", broken) from e


def _warnings(seen: Seen) -> tuple[str, ...]:
    out: list[str] = []
    if seen.numbered:
        names = "、".join(seen.numbered[:_NAMED])
        more = " 等" if len(seen.numbered) > _NAMED else ""
        out.append(
            f"{len(seen.numbered)} 段用自动编号，编号不在文字中，请改为手写编号或对照原件："
            f"{names}{more}"
        )
    for count, text in (
        (seen.notes, "处脚注或尾注未读入，请对照原件"),
        (seen.images, f"张图片，文中以{IMAGE_MARK}标出，请对照原件"),
        (seen.formulas, "个公式已改写成一行文字，请对照原件"),
        (seen.unknown_signs, "个符号认不出，文中以〓标出，请对照原件"),
        (seen.text_boxes, "个文本框，内容已接在所在段落之后"),
        (seen.revisions, "处修订痕迹，已按接受修订读取"),
        (seen.hidden, "处隐藏文字未读入"),
    ):
        if count:
            out.append(f"有 {count} {text}")
    return tuple(out)


class _Walk:
    """Goes through the body and writes paragraphs and tables."""

    def __init__(self, styles: dict[str, Element], seen: Seen) -> None:
        self.out = TextBuilder()
        self.title = ""
        self._seen = seen
        self._styles = styles
        self._first_heading = ""
        self._count = 0
        self._carried = ""  # text of a paragraph whose end mark was deleted: it runs on

    def body(self, node: Element) -> None:
        """Write a body, in document order; wrappers (content controls, revisions) are entered."""
        self._blocks(node)
        if self._carried:
            self.out.line(self._carried)
            self._carried = ""
        self.title = self.title or self._first_heading

    def _blocks(self, node: Element) -> None:
        for child in _content(node):
            if child.tag == q("w:p"):
                self._paragraph(child)
            elif child.tag == q("w:tbl"):
                self.out.table(self._rows(child))

    def _paragraph(self, p: Element) -> None:
        text = self._carried + clean(paragraph_text(p, self._seen))
        self._carried = ""
        if p.find(f"{q('w:pPr')}/{q('w:rPr')}/{q('w:del')}") is not None:
            self._carried = text
            return
        if text.strip():
            self._count += 1
            if self._numbered(p):
                self._seen.numbered.append(f"第 {self._count} 段“{text.strip()[:12]}”")
            self._write(text, self._style_names(p))
        for box in text_boxes(p):
            self._seen.text_boxes += 1
            self._blocks(box)

    def _write(self, text: str, styles: list[str]) -> None:
        level = 0
        for name in styles:
            if m := _HEADING_STYLE.match(name):
                level = min(int(m[1]), 6)
                break
            if name.lower() in _TITLE_STYLES:
                level = 1
                self.title = self.title or " ".join(text.split())
                break
        if level:
            # a soft break within a heading only shapes it on the page
            text = " ".join(text.split("\n"))
            self._first_heading = self._first_heading or " ".join(text.split())
            self.out.line(text, BlockKind.HEADING, level)
            return
        for line in text.split("\n"):
            kind = BlockKind.IMAGE if line.strip() == IMAGE_MARK else BlockKind.PARA
            self.out.line(line, kind)

    def _style_chain(self, p: Element) -> Iterator[Element]:
        ref = p.find(f"{q('w:pPr')}/{q('w:pStyle')}")
        style_id = ref.get(q("w:val")) if ref is not None else None
        met: set[str] = set()
        while style_id in self._styles and style_id not in met:
            met.add(style_id)
            style = self._styles[style_id]
            yield style
            based = style.find(q("w:basedOn"))
            style_id = based.get(q("w:val")) if based is not None else None

    def _style_names(self, p: Element) -> list[str]:
        names = (s.find(q("w:name")) for s in self._style_chain(p))
        return [n.get(q("w:val"), "") for n in names if n is not None]

    def _numbered(self, p: Element) -> bool:
        """Whether Word prints a number or bullet before a paragraph (its own or its style's)."""
        for holder in (p, *self._style_chain(p)):
            found = holder.find(f"{q('w:pPr')}/{q('w:numPr')}/{q('w:numId')}")
            if found is not None:
                return bool(found.get(q("w:val")) != "0")  # 0 takes the style's numbering away
        return False

    def _rows(self, table: Element) -> tuple[tuple[Cell, ...], ...]:
        rows: list[list[Cell]] = []
        open_at: dict[int, tuple[int, int]] = {}  # grid column → (row, index) of a merged cell
        for tr in _content(table, q("w:tr")):
            if tr.find(f"{q('w:trPr')}/{q('w:del')}") is not None:
                self._seen.revisions += 1
                continue
            header = is_on(tr.find(f"{q('w:trPr')}/{q('w:tblHeader')}"))
            column = _number(tr, "w:trPr", "w:gridBefore", 0)
            row: list[Cell] = [Cell("", colspan=column)] if column else []
            for tc in _content(tr, q("w:tc")):
                span = _number(tc, "w:tcPr", "w:gridSpan", 1)
                merge = tc.find(f"{q('w:tcPr')}/{q('w:vMerge')}")
                text = self._cell(tc)
                above = open_at.get(column)
                if merge is None or merge.get(q("w:val")) == "restart":
                    open_at.pop(column, None)
                    if merge is not None:
                        open_at[column] = (len(rows), len(row))
                    row.append(Cell(text, colspan=span, header=header))
                elif above is not None and not text:
                    cell = rows[above[0]][above[1]]
                    rows[above[0]][above[1]] = Cell(
                        cell.text, cell.colspan, cell.rowspan + 1, cell.header
                    )
                else:  # nothing to continue, or text that Word hides: keep it
                    row.append(Cell(text, colspan=span, header=header))
                column += span
            rows.append(row)
        return tuple(tuple(r) for r in rows)

    def _cell(self, tc: Element) -> str:
        parts: list[str] = []
        for child in _content(tc):
            if child.tag == q("w:p"):
                parts.append(clean(paragraph_text(child, self._seen)).strip())
                if parts[-1] and self._numbered(child):
                    self._seen.numbered.append(f"表格中“{parts[-1][:12]}”")
                for box in text_boxes(child):
                    self._seen.text_boxes += 1
                    parts.append(self._cell(box))
            elif child.tag == q("w:tbl"):
                for row in self._rows(child):
                    parts.append(" ".join(c.text for c in row if c.text))
        return "\n".join(p for p in parts if p)


_WRAPPERS = frozenset(
    q(f"w:{name}") for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")
)


def _content(node: Element, wanted: str = "") -> Iterator[Element]:
    """Children in document order; wrappers are entered, both paragraphs and tables by default."""
    for child in node:
        if child.tag in _WRAPPERS:
            yield from _content(child, wanted)
        elif child.tag == MC + "AlternateContent":
            yield from _content(next(iter(child), child), wanted)
        elif child.tag == wanted or (not wanted and child.tag in (q("w:p"), q("w:tbl"))):
            yield child


def _number(node: Element, props: str, name: str, default: int) -> int:
    found = node.find(f"{q(props)}/{q(name)}")
    value = found.get(q("w:val"), "") if found is not None else ""
    return int(value) if value.isascii() and value.isdigit() else default
