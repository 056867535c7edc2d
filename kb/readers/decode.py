"""Bytes of a file → clean Unicode text, or a refusal that says why.

Encodings tried, in this order: a byte-order mark (UTF-8, UTF-16, UTF-32), the encoding that the
file itself declares (HTML), UTF-8, GB18030. GB18030 accepts almost any bytes, so its result must
also look like Chinese prose; Big5, EUC-KR, cp1251 or a damaged UTF-8 file is refused, not guessed.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from kb.errors import SourceError

__all__ = [
    "Decoded",
    "clean",
    "decode",
    "is_plausible_chinese",
    "load",
    "refuse_foreign_formats",
]

_BOMS: tuple[tuple[bytes, str], ...] = (
    # UTF-32 before UTF-16: FF FE 00 00 begins with FF FE
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    # first bytes, what it is, what to do
    (b"%PDF", "实际是 PDF 文件", "请先转换成文字版 docx 或 txt（扫描件需先识别文字）"),
    (b"\xd0\xcf\x11\xe0", "实际是旧版 Office 文件（.doc）", "请用 Word 或 WPS 打开，另存为 .docx"),
    (b"PK\x03\x04", "实际是压缩包或 Word 文档（.docx）", "若是 Word 文档，请把后缀改为 .docx"),
    (b"{\\rtf", "实际是 RTF 文档", "请用 Word 或 WPS 打开，另存为 .docx"),
    (b"\x89PNG", "实际是图片", "请先识别文字，再保存为 txt"),
    (b"\xff\xd8\xff", "实际是图片", "请先识别文字，再保存为 txt"),
    (b"GIF89a", "实际是图片", "请先识别文字，再保存为 txt"),
    (b"\x1f\x8b", "实际是压缩包", "请先解压"),
    (b"7z\xbc\xaf", "实际是压缩包", "请先解压"),
    (b"Rar!", "实际是压缩包", "请先解压"),
    (b"SQLite format 3\x00", "实际是数据库文件", "请换成文字文件"),
)

_BREAKS = str.maketrans(dict.fromkeys("\v\f\x85\u2028\u2029", "\n"))
"""Characters that end a line in some programs (Word's soft break, a form feed) → newline."""

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]")
"""Characters that no text has and no markup may carry: C0 and C1 controls, non-characters."""

_CONTROL_SHARE = 0.01
"""More control characters than this and the file is binary, whatever its name says."""

_UTF8_EVIDENCE = 8
"""So many characters beyond ASCII before the first bad byte: the file is UTF-8, damaged."""

_FREQUENT = frozenset(
    # the 200 commonest Han characters of the packaged statutes, in order of frequency (68 % of all
    # their characters); used only to tell Chinese from mojibake
    "的人法和行定国有以者民应当规或关政务管理业用会生其机员部事门保不对地责处家产作工公本制一可"
    "经设在上依合院权物主发施中全为级他照动等由安府出方监及任构区建下进品提自实所单证期位成资并护"
    "款得十职要组同利重境违时情二体三标报代律准取织委罚查防条按大件内第共表开学治险农收通分年立外"
    "五使能营社交运检金未据议请水予展告向采受承海与案督加审接相信活环决性化元反个执育计项求持负供害"
    "技限教县域备服刑企改划调态市特之"
    "，。、；：（）《》"
)

_MIN_FREQUENT = 0.12
"""Least share of `_FREQUENT` in a text. Measured: whole documents 0.49–0.81, a list of chemicals
0.40; EUC-JP read as GB18030 0.06, EUC-KR, Big5, cp1251, KOI8-R and UTF-8 below 0.02."""

_MIN_GB2312 = 0.90
"""Least share of GB 2312 characters among those beyond ASCII. Chinese prose has above 0.99."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Clean text, the encoding that gave it, and what the reader should tell the user."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def load(path: Path) -> bytes:
    """All bytes of a file.

    Raises:
        SourceError: the file is missing, a folder, unreadable, or has no bytes.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError as e:
        raise SourceError(path, "找不到文件", "请检查路径和文件名") from e
    except IsADirectoryError as e:
        raise SourceError(path, "这是文件夹，不是文件", "请给出其中的文件，或按文件夹导入") from e
    except PermissionError as e:
        if path.is_dir():  # Windows reports a folder this way
            problem, step = "这是文件夹，不是文件", "请给出其中的文件，或按文件夹导入"
        else:
            problem, step = "没有读取权限", "请在文件属性中放开读取权限，或复制到自己的文件夹"
        raise SourceError(path, problem, step) from e
    except (OSError, ValueError) as e:
        raise SourceError(path, f"读取失败（{type(e).__name__}）", "请检查磁盘和路径") from e
    if not data:
        raise SourceError(path, "文件是空的（0 字节）", "请重新下载或保存后再试")
    return data


def refuse_foreign_formats(path: Path, data: bytes) -> None:
    """Raise when bytes that should be text are another known format (told by their signature)."""
    for signature, what, step in _SIGNATURES:
        if data.startswith(signature):
            raise SourceError(path, f"后缀是 {path.suffix}，内容{what}", step)


def clean(text: str) -> str:
    """`text` with `\\n` newlines, no BOM and no control characters (each becomes a space)."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_BREAKS)
    return _CONTROL.sub(" ", text.replace("\ufeff", ""))


def is_plausible_chinese(text: str) -> bool:
    """Whether text decoded as GB18030 is Chinese rather than mojibake of another encoding."""
    counts = Counter(c for c in text if c > "\x7f" and not c.isspace())
    total = counts.total()
    if not total:
        return True
    known = sum(n for c, n in counts.items() if _in_gb2312(c))
    frequent = sum(n for c, n in counts.items() if c in _FREQUENT)
    return known >= _MIN_GB2312 * total and frequent >= _MIN_FREQUENT * total


def _in_gb2312(char: str) -> bool:
    # by bytes of GBK: Python's gb2312 codec maps a few signs (— ·) to other characters
    try:
        code = char.encode("gbk")
    except UnicodeEncodeError:
        return False
    return len(code) == 2 and 0xA1 <= code[0] <= 0xF7 and code[1] >= 0xA1


def decode(path: Path, data: bytes, declared: str = "") -> Decoded:
    """Clean text of a file's bytes; `declared` is the encoding that the file itself names.

    Raises:
        SourceError: the bytes are binary, blank, or in no encoding that could be made sure of.
    """
    warnings: list[str] = []
    text, encoding = _decode(path, data, declared, warnings)
    controls = len(_CONTROL.findall(text))
    if "\x00" in text or controls > _CONTROL_SHARE * len(text):
        raise SourceError(
            path,
            f"后缀是 {path.suffix}，内容不是文字（含 {controls} 个控制字符）",
            "请确认选对了文件，或用原来的程序打开后另存为 UTF-8 文本",
            _offset(data, text, encoding),
        )
    if controls:
        warnings.append(f"有 {controls} 个控制字符，已换成空格")
    if "\ufffd" in text:
        line = text.count("\n", 0, text.index("\ufffd")) + 1
        warnings.append(f"第 {line} 行有无法显示的字（此前的转换已损坏），请对照原件")
    text = clean(text)
    if not text.strip():
        raise SourceError(path, "文件里只有空白，没有文字", "请重新下载或保存后再试")
    return Decoded(text, encoding, tuple(warnings))


def _offset(data: bytes, text: str, encoding: str) -> str:
    found = _CONTROL.search(text)
    if found is None:
        return ""
    bom = next((len(b) for b, name in _BOMS if data.startswith(b) and name == encoding), 0)
    return f"第 {bom + len(text[: found.start()].encode(encoding)) + 1} 字节"


def _decode(path: Path, data: bytes, declared: str, warnings: list[str]) -> tuple[str, str]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return data[len(bom) :].decode(encoding), encoding
            except UnicodeDecodeError as e:
                raise SourceError(
                    path,
                    f"文件开头标明 {encoding}，但内容不符",
                    "文件可能没有下载完整，请重新下载，或另存为 UTF-8",
                    f"第 {len(bom) + e.start + 1} 字节",
                ) from e
    if declared:
        found = _decode_as_declared(data, declared)
        if found:
            return found
        warnings.append(f"网页标明的编码 {declared} 与内容不符，已按内容判断")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as e:
        utf8_error = e
    if _looks_like_utf8(data[: utf8_error.start]):
        ends = utf8_error.end >= len(data) and "end of data" in utf8_error.reason
        problem = "UTF-8 文件在一个字的中间断了" if ends else "UTF-8 文件中有损坏的字节"
        raise SourceError(
            path, problem, "请重新下载或从原件另存为 UTF-8", f"第 {utf8_error.start + 1} 字节"
        )
    if b"\x00" in data:
        raise SourceError(
            path,
            "内容不是文字，或是没有标记的 UTF-16 文本",
            "若是文字文件，请用记事本打开后另存为 UTF-8",
            f"第 {data.index(0) + 1} 字节",
        )
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError as e:
        raise SourceError(
            path,
            "编码认不出：按 UTF-8 和 GB18030 都读不通",
            "请用原来的程序打开后另存为 UTF-8",
            f"UTF-8 第 {utf8_error.start + 1} 字节，GB18030 第 {e.start + 1} 字节",
        ) from e
    if not is_plausible_chinese(text):
        raise SourceError(
            path,
            "编码认不出：不是 UTF-8，按 GB18030 读出来不像中文（可能是 Big5 或其他编码）",
            "请用原来的程序打开后另存为 UTF-8",
            f"UTF-8 第 {utf8_error.start + 1} 字节",
        )
    return text, "gb18030"


def _looks_like_utf8(data: bytes) -> bool:
    """Whether bytes are UTF-8 with enough characters beyond ASCII that it is no accident."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return sum(c > "\x7f" for c in text) >= _UTF8_EVIDENCE


_DECLARABLE = {
    # what pages declare → codec; those who say gb2312 use all of GB18030 (WHATWG Encoding)
    **dict.fromkeys(("utf-8", "utf8"), "utf-8"),
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "gb-2312", "x-gbk", "cp936"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs", "x-x-big5"), "big5hkscs"),
    **dict.fromkeys(("iso-8859-1", "latin1", "us-ascii", "ascii", "windows-1252"), "cp1252"),
}


def _decode_as_declared(data: bytes, declared: str) -> tuple[str, str] | None:
    """Text by the encoding that a page declares, None when the bytes speak against it.

    Pages are saved again in another encoding or made from a template, and then say what is wrong.
    """
    name = _DECLARABLE.get(declared.strip().lower().replace("_", "-"))
    if name is None or (name != "utf-8" and _looks_like_utf8(data)):
        return None
    try:
        text = data.decode(name)
    except UnicodeDecodeError:
        return None
    if name == "gb18030" and not is_plausible_chinese(text):
        return None
    if name == "cp1252" and not data.isascii():
        try:
            if is_plausible_chinese(data.decode("gb18030")):
                return None
        except UnicodeDecodeError:
            pass
    return text, name
