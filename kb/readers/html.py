"""Saved web pages: the text of the main container as lines, headings and tables."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from bs4.element import CData, NavigableString

from kb.errors import SourceError
from kb.model import BlockKind, Source
from kb.readers.boilerplate import is_unseen, main_content, strip_boilerplate
from kb.readers.build import TextBuilder
from kb.readers.decode import clean, decode, load, refuse_foreign_formats
from kb.readers.facts import docno_in, file_facts, iso_date
from kb.readers.inline import IMAGE_MARK, lowered, raised
from kb.readers.soup import parse_html
from kb.readers.tables import cell_text, html_table_rows, own_cells, stray_strings

__all__ = ["looks_like_html", "read_html"]

_DECLARED = re.compile(
    # <meta charset="gb2312">, <meta … content="text/html; charset=utf-8">, <?xml … encoding="…"?>
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)"""
    rb"""|<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9_.:-]+)""",
    re.IGNORECASE,
)
_DECLARED_WITHIN = 4096  # browsers look at 1,024 bytes; saved pages carry longer heads

_HTML_START = re.compile(rb"\s*(?:<!--.*?-->\s*)*(?:<!doctype\s+html|<html[\s>])", re.I | re.S)
_MHTML_START = re.compile(rb"(?:From: <Saved by|MIME-Version:|Subject:.{0,200}\nMIME)", re.I | re.S)

_BLOCK_NAMES = (
    "address article aside blockquote body caption center dd details dir div dl dt fieldset "
    "figcaption figure footer form header hgroup hr html legend li main menu nav ol p pre section "
    "summary table tbody td tfoot th thead tr ul"
)
_BLOCK_TAGS = frozenset(_BLOCK_NAMES.split())
"""Elements that begin and end a line (the HTML standard's default style sheet)."""
_HEADING_TAGS = {f"h{i}": i for i in range(1, 7)}

_SPACE = re.compile(r"[ \t\n\r\f]+")
_BREAK_IN_HAN = re.compile(
    # a line break of the HTML source between two Chinese characters is no space (CSS Text 3, 4.1.2)
    r"(?<=[\u3000-\u303f\u3400-\u9fff\uff00-\uffef])[ \t\r\f]*\n\s*"
    r"(?=[\u3000-\u303f\u3400-\u9fff\uff00-\uffef])"
)
_SITE_NAME = re.compile(
    r"\s*(?:[_|｜]|\s-\s|--|—{1,2}|-(?=[^-]*(?:网|政府|厅|局|门户)[^-]*\Z)).*\Z"
)
"""What follows a title in <title>: _中国政府网, - 某某省应急管理厅."""

_TAG = re.compile(r"<[^>]*>")
_META_DATE = re.compile(r"(\d{4})[-/年.](\d{1,2})[-/月.](\d{1,2})")  # 2021-11-03 10:20


def looks_like_html(data: bytes) -> bool:
    """Whether bytes begin as an HTML page does."""
    return _HTML_START.match(data[:2048].removeprefix(b"\xef\xbb\xbf")) is not None


def read_html(path: Path, data: bytes | None = None) -> Source:
    """Source of a saved page; `text` is the extracted text, one line a paragraph.

    Raises:
        SourceError: empty, not HTML, in an unknown encoding, or without text.
    """
    data = load(path) if data is None else data
    refuse_foreign_formats(path, data)
    if _MHTML_START.match(data):
        raise SourceError(
            path, "这是单个文件的网页存档（.mht）", "请用浏览器打开，另存为“网页，仅 HTML”"
        )
    m = _DECLARED.search(data[:_DECLARED_WITHIN])
    declared = (m[1] or m[2]).decode("ascii") if m else ""
    decoded = decode(path, data, declared)
    try:
        return _read(path, data, parse_html(decoded.text), list(decoded.warnings))
    except RecursionError as e:
        raise SourceError(
            path, "网页的标记嵌套过深", "请用浏览器打开网页，把正文复制到 txt 或 docx"
        ) from e


def _read(path: Path, data: bytes, soup: BeautifulSoup, warnings: list[str]) -> Source:
    facts, title = _meta(soup)
    containers = main_content(soup, warnings)
    # before the container is stripped: a page may have its title in a box
    title = title or _heading_title(soup, containers) or _tab_title(soup)
    walk = _Walk()
    for container in containers:
        strip_boilerplate(container, warnings)
        walk.element(container)
    walk.flush()
    out = walk.out
    if not out.text.strip():
        raise SourceError(
            path,
            "网页里没有文字（内容可能由脚本加载）",
            "请用浏览器打开网页，把正文复制到 txt 或 docx",
        )
    if walk.numbered:
        warnings.append(f"有 {walk.numbered} 处自动编号的列表项，编号不在文字中，请对照原网页")
    if walk.images:
        warnings.append(f"有 {walk.images} 张图片，文中以{IMAGE_MARK}标出，请对照原网页")
    facts |= file_facts(path.stem)
    if "number" not in facts:
        lines = [out.text[b.start : b.end] for b in out.blocks[:15]]
        if number := next((n for n in (docno_in(x, whole=True) for x in lines) if n), ""):
            facts["number"] = number
    return Source(
        path=str(path),
        format="html",
        text=out.text,
        blocks=tuple(out.blocks),
        sha256=hashlib.sha256(data).hexdigest(),
        title=clean(title),
        meta=facts,
        warnings=tuple(warnings),
    )


class _Walk:
    """Goes through an element and writes its lines, headings and tables."""

    def __init__(self) -> None:
        self.out = TextBuilder()
        self.numbered = 0
        self.images = 0
        self._pieces: list[str] = []
        self._level = 0
        self._pre = 0

    def element(self, node: Tag) -> None:
        """Write the content of an element; it begins and ends a line."""
        self.flush()
        self._children(node)
        self.flush()

    def flush(self) -> None:
        """End the line that is being collected."""
        text = "".join(self._pieces)
        self._pieces.clear()
        if not self._pre:
            text = _SPACE.sub(" ", _BREAK_IN_HAN.sub("", text))
        text = clean(text)
        if text.strip() == IMAGE_MARK:
            self.out.line(text, BlockKind.IMAGE)
        elif self._level:
            self.out.line(text.replace("\n", " "), BlockKind.HEADING, self._level)
        else:
            self.out.line(text)

    def _children(self, node: Tag) -> None:
        for child in list(node.children):
            if isinstance(child, Tag):
                self._tag(child)
            elif type(child) in {NavigableString, CData}:
                self._pieces.append(str(child))

    def _tag(self, tag: Tag) -> None:
        name = tag.name.lower()
        if is_unseen(tag):
            return
        if name == "br":
            self.flush()
        elif name == "img":
            self.images += 1
            self._pieces.append(IMAGE_MARK)
        elif name in {"sup", "sub"}:
            text = cell_text(tag).replace("\n", " ")
            self._pieces.append(raised(text) if name == "sup" else lowered(text))
        elif name in _HEADING_TAGS:
            self.flush()
            before, self._level = self._level, _HEADING_TAGS[name]
            self.element(tag)
            self._level = before
        elif name == "table" and not _is_layout(tag):
            self.flush()
            self._table(tag)
        elif name == "pre":
            self.flush()
            self._pre += 1
            self.element(tag)
            self._pre -= 1
        elif name in _BLOCK_TAGS:
            if name == "li" and tag.parent is not None and tag.parent.name == "ol":
                self.numbered += 1
            self.element(tag)
        else:
            self._children(tag)

    def _table(self, table: Tag) -> None:
        # the caption, and whatever else stands in no cell: a browser shows it before the table
        for stray in stray_strings(table):
            self._pieces.append(str(stray))
            self.flush()
        self.images += len(table.find_all("img"))
        for img in table.find_all("img"):
            img.replace_with(IMAGE_MARK)
        self.out.table(html_table_rows(table))


def _is_layout(table: Tag) -> bool:
    """Whether a table only places text: there are tables in its cells, or one cell in each row."""
    if table.find("table") is not None:
        return True
    return all(len(cells) <= 1 for _, cells in own_cells(table))


def _meta(soup: BeautifulSoup) -> tuple[dict[str, str], str]:
    """Facts and title from the <meta> elements that 《政府网站发展指引》 asks for."""
    found: dict[str, str] = {}
    for tag in soup.find_all("meta"):
        name = str(tag.get("name") or tag.get("property") or "").strip().lower()
        value = " ".join(str(tag.get("content") or "").split())
        if name and value:
            found.setdefault(name, value)
    facts: dict[str, str] = {}
    for name in ("pubdate", "publishdate", "firstpublishedtime", "article:published_time"):
        m = _META_DATE.match(found.get(name, ""))
        if m and (day := iso_date(*m.groups())):
            facts["published"] = day
            break
    for name, key in (
        ("contentsource", "content_source"),
        ("source", "content_source"),
        ("author", "author"),
        ("columnname", "column"),
        ("sitename", "site"),
        ("url", "url"),
    ):
        if name in found:
            facts.setdefault(key, found[name])
    title = found.get("articletitle", "") or found.get("og:title", "")
    return facts, " ".join(_TAG.sub("", title).split())  # some hold a <br>


def _heading_title(soup: BeautifulSoup, containers: list[Tag]) -> str:
    inside = [h for c in containers for h in c.find_all("h1")]
    for group in (inside, soup.find_all("h1")):
        texts = [" ".join(cell_text(h).split()) for h in group]
        texts = [t for t in texts if t]
        if len(texts) == 1:
            return texts[0]
    return ""


def _tab_title(soup: BeautifulSoup) -> str:
    tag = soup.title
    text = " ".join(tag.get_text().split()) if tag else ""
    return _SITE_NAME.sub("", text) or text
