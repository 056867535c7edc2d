"""Builds Word documents and pages for the reader tests, in our own words."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
from docx.oxml import parse_xml

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)


def element(markup: str) -> Any:
    """A WordprocessingML element from markup without namespace declarations."""
    head, _, rest = markup.partition(">")
    closed = head.endswith("/")
    return parse_xml(f"{head.rstrip('/')} {NAMESPACES}{'/' if closed else ''}>{rest}")


def word(build: Callable[[Any], None]) -> bytes:
    """Bytes of a .docx that `build` has filled."""
    document = docx.Document()
    build(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def word_of(*blocks: str) -> bytes:
    """Bytes of a .docx whose body is this WordprocessingML."""

    def build(document: Any) -> None:
        for block in blocks:
            document.element.body.insert(
                len(document.element.body) - 1, element(block)
            )  # before sectPr

    return word(build)


def paragraph(text: str, props: str = "", run: str = "") -> str:
    """Markup of a paragraph with one run."""
    return (
        f"<w:p><w:pPr>{props}</w:pPr><w:r><w:rPr>{run}</w:rPr>"
        f'<w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
    )


def write(folder: Path, name: str, data: bytes | str) -> Path:
    """A file in `folder`; str goes as UTF-8."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def page(body: str, head: str = "") -> str:
    """A page of HTML in UTF-8."""
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'
    )


def ole(*streams: str) -> bytes:
    """The head of an OLE file with these stream names in its directory (not a full one)."""
    names = b"".join(s.encode("utf-16-le").ljust(64, b"\0") for s in streams)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + names + b"\0" * 512


def zipped(files: dict[str, bytes]) -> bytes:
    """Bytes of a zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()
