"""One door to all file formats: by suffix, checked against the content."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from kb.errors import SourceError
from kb.model import Source
from kb.readers.decode import load
from kb.readers.docx import read_docx
from kb.readers.html import looks_like_html, read_html
from kb.readers.markdown import read_markdown
from kb.readers.text import read_text

__all__ = ["SUFFIXES", "Skipped", "read", "read_folder", "skipped"]

_READERS: dict[str, Callable[[Path, bytes], Source]] = {
    ".txt": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".docx": read_docx,
}

SUFFIXES: frozenset[str] = frozenset(_READERS)
"""File name endings that `read` takes, in lower case."""

_CONVERT = {
    # formats that people have and that are not read, with the way out
    ".pdf": "PDF 不能直接读取；请转换成文字版 docx 或 txt（扫描件需先识别文字），并与原件核对",
    ".doc": "旧版 Word 文件；请用 Word 或 WPS 打开，另存为 .docx",
    ".wps": "WPS 文字文件；请用 WPS 打开，另存为 .docx",
    ".wpt": "WPS 模板；请用 WPS 打开，另存为 .docx",
    ".docm": "带宏的 Word 文件；请另存为 .docx",
    ".dot": "Word 模板；请另存为 .docx",
    ".dotx": "Word 模板；请另存为 .docx",
    ".rtf": "RTF 文件；请用 Word 或 WPS 打开，另存为 .docx",
    ".odt": "OpenDocument 文件；请另存为 .docx",
    ".ofd": "OFD 版式文件；请转换成文字版 docx 或 txt，并与原件核对",
    ".ceb": "CEB 版式文件；请转换成文字版 docx 或 txt，并与原件核对",
    ".caj": "CAJ 文件；请转换成文字版 docx 或 txt，并与原件核对",
    ".mht": "单个文件的网页存档；请用浏览器打开，另存为“网页，仅 HTML”",
    ".mhtml": "单个文件的网页存档；请用浏览器打开，另存为“网页，仅 HTML”",
    ".xls": "电子表格；请把需要的内容复制到 docx",
    ".xlsx": "电子表格；请把需要的内容复制到 docx",
    ".zip": "压缩包；请先解压",
    ".rar": "压缩包；请先解压",
    ".7z": "压缩包；请先解压",
    ".jpg": "图片；请先识别文字，再保存为 txt",
    ".jpeg": "图片；请先识别文字，再保存为 txt",
    ".png": "图片；请先识别文字，再保存为 txt",
}


class Skipped(NamedTuple):
    """A file or folder that `read_folder` passes over, and why."""

    path: Path
    reason: str


def read(path: Path) -> Source:
    """Source of one file, by its suffix; a web page saved as .txt is read as a web page.

    Raises:
        SourceError: no such file, a format that is not read, or the reader refuses the content.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    reader = _READERS.get(suffix)
    if reader is None:
        if not path.exists():
            raise SourceError(path, "找不到文件", "请检查路径和文件名")
        if path.is_dir():
            raise SourceError(path, "这是文件夹，不是文件", "请给出其中的文件，或按文件夹导入")
        problem, _, step = _reason(suffix).partition("；")
        raise SourceError(path, problem, step)
    data = load(path)
    if suffix in {".txt", ".md", ".markdown"} and looks_like_html(data):
        reader = read_html
    return reader(path, data)


def _reason(suffix: str) -> str:
    known = "、".join(sorted(SUFFIXES))
    return _CONVERT.get(suffix, f"不认识的文件类型 {suffix or '（没有后缀）'}；可读取的有 {known}")


def read_folder(folder: Path) -> Iterator[Path]:
    """Readable files below a folder, in the order of their relative paths.

    Raises:
        SourceError: there is no such folder.
    """
    return iter([path for path, reason in _walk(folder) if not reason])


def skipped(folder: Path) -> tuple[Skipped, ...]:
    """Everything below a folder that `read_folder` passes over, with the reason, in order.

    Raises:
        SourceError: there is no such folder.
    """
    return tuple(Skipped(path, reason) for path, reason in _walk(folder) if reason)


def _walk(folder: Path) -> list[tuple[Path, str]]:
    folder = Path(folder)
    if not folder.exists():
        raise SourceError(folder, "找不到文件夹", "请检查路径")
    if not folder.is_dir():
        raise SourceError(folder, "这是文件，不是文件夹", "请给出文件所在的文件夹")
    out: list[tuple[Path, str]] = []

    def refused(error: OSError) -> None:
        out.append((Path(error.filename or folder), "文件夹无法打开；请检查读取权限"))

    for top, folders, files in os.walk(folder, onerror=refused):
        here = Path(top)
        for name in list(folders):
            if name.startswith("."):
                folders.remove(name)
                out.append((here / name, "隐藏文件夹"))
            elif (here / name).is_symlink():  # os.walk does not follow it
                out.append((here / name, "指向别处的链接；请直接导入它指向的文件夹"))
        for name in files:
            out.append((here / name, _file_reason(name)))
    return sorted(out, key=lambda x: x[0].relative_to(folder).as_posix())


def _file_reason(name: str) -> str:
    if name.startswith("~$"):
        return "Word 打开文件时的临时文件；请关闭 Word"
    if name.startswith("."):
        return "隐藏文件"
    suffix = Path(name).suffix.lower()
    return "" if suffix in SUFFIXES else _reason(suffix)
