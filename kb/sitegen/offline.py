"""The site as one zip for a USB stick, and the list of its files for the service worker.

The zip opens without a server: links to folders name their index.html, names inside are ASCII and
short (a path on Windows ends at 260 characters), and one file at the top says 打开. It carries the
full text of what is loaded: it is made from `build/` and stays there.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path
from urllib.parse import urlsplit

from kb.errors import KbError, os_reason
from kb.escape import escape_html
from kb.sitegen.bundle import write_part

__all__ = ["OPENER", "Offline", "cache_name", "site_files", "with_index", "write_files", "zip_site"]

Progress = Callable[[str, int, int], None]

OPENER = "打开安规库.html"
"""What the reader double-clicks."""

INSIDE = "kb"
"""The folder of the site within the zip."""

_SERVED_ONLY = re.compile(r"(?:sitemap\.xml(?:\.gz)?|404\.html|sw\.js)\Z")
"""What only a server needs."""

_ADDRESS = re.compile(r'(?P<head>\s(?:href|action)=")(?P<url>[^"]*)(?P<tail>")')
"""href="../x/#art-1" and action="search/"."""

_REFRESH = re.compile(r'(?P<head>content="\d+; url=)(?P<url>[^"]*)(?P<tail>")')

_VERSION = re.compile(r"/boot\.js\?v=([0-9a-f]+)")
"""What the pages put behind the names of scripts and data."""

_LONGEST = 120  # characters of a path inside; a folder on a desktop takes up to 140 more
_WHEN = (2020, 1, 1, 0, 0, 0)  # of every entry, so that the same site gives the same bytes


@dataclass(frozen=True, slots=True)
class Offline:
    """The zip, its number of files and its size in bytes."""

    path: Path
    files: int
    size: int


def with_index(url: str) -> str:
    """A relative address of a folder with its index.html; every other address as it is."""
    parts = urlsplit(url)
    if parts.scheme or parts.netloc or not parts.path:
        return url
    last = parts.path.rpartition("/")[2]
    if last not in ("", ".", ".."):
        return url
    folder = parts.path if not last else parts.path + "/"
    return folder + "index.html" + url[len(parts.path) :]


def _pointed(html: str) -> str:
    def put(m: re.Match[str]) -> str:
        url = unescape(m["url"])
        new = with_index(url)
        return m[0] if new == url else f"{m['head']}{escape(new)}{m['tail']}"

    return _REFRESH.sub(put, _ADDRESS.sub(put, html))


def site_files(site: Path) -> list[str]:
    """Every file of a built site, as the path of its address: `docs/x/` for a page."""
    out = []
    for path in sorted(p for p in site.rglob("*") if p.is_file()):
        name = path.relative_to(site).as_posix()
        if not _SERVED_ONLY.match(name):
            out.append(re.sub(r"(\A|/)index\.html\Z", r"\1", name))
    return out


def cache_name(site: Path) -> str:
    """Name of the browser's cache: changes with anything in the site."""
    digest = hashlib.sha256()
    for path in sorted(p for p in site.rglob("*") if p.is_file() and p.name != "sw.js"):
        digest.update(path.relative_to(site).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return f"anguiku/{digest.hexdigest()[:12]}"


def write_files(site: Path) -> None:
    """`assets/kb/files.js` (what 把全站存到这台设备 fetches) and the version of the worker."""
    worker = site / "sw.js"
    if not worker.is_file():
        raise KbError(f"网站 {site} 里没有 sw.js。请重新运行 kb site")
    cache = cache_name(site)
    write_part(site, "assets/kb/files", {"cache": cache, "files": site_files(site)})
    version = _VERSION.search((site / "index.html").read_text(encoding="utf-8"))
    text = worker.read_text(encoding="utf-8").replace("@cache@", cache)
    text = text.replace("@version@", version[1] if version else "")
    worker.write_text(text, encoding="utf-8", newline="\n")


def _entries(site: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(p for p in site.rglob("*") if p.is_file()):
        name = path.relative_to(site).as_posix()
        if _SERVED_ONLY.match(name):
            continue
        inside = f"{INSIDE}/{name}"
        if len(inside) > _LONGEST or not inside.isascii():
            raise KbError(
                f"文件名 {inside} 太长或不是英文字母，Windows 上可能打不开。请把文件编号改短后重建"
            )
        data = path.read_bytes()
        if path.suffix == ".html":
            data = _pointed(data.decode("utf-8")).encode("utf-8")
        yield inside, data


def _opener(title: str) -> bytes:
    name = escape_html(title)
    return (
        '<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        f'<meta http-equiv="refresh" content="0; url={INSIDE}/index.html">'
        f"<title>{name}</title></head>"
        f'<body><p><a href="{INSIDE}/index.html">打开{name}</a>'
        "（请先把压缩包全部解压，再双击本文件；直接在压缩包里打开看不全）</p></body></html>\n"
    ).encode()


def zip_site(
    site: Path, out: Path, *, title: str = "安规库", progress: Progress | None = None
) -> Offline:
    """Write the site as one zip; an old zip is replaced only when the new one is whole.

    Raises:
        KbError: there is no site, a name inside is too long, or the zip cannot be written.
    """
    if not (site / "index.html").is_file():
        raise KbError(f"还没有网站 {site}。请先运行 kb site")
    beside = out.with_name(f"{out.name}.part")
    total = sum(1 for p in site.rglob("*") if p.is_file())
    count = 0
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
            for name, data in ((OPENER, _opener(title)), *_entries(site)):
                packed.writestr(zipfile.ZipInfo(name, _WHEN), data, zipfile.ZIP_DEFLATED)
                count += 1
                if progress and count % 50 == 0:
                    progress("打包", count, total)
        beside.replace(out)
    except OSError as e:
        raise KbError(f"不能写入 {out}（{os_reason(e)}）。请检查文件夹权限和磁盘空间") from e
    finally:
        beside.unlink(missing_ok=True)
    return Offline(out, count, out.stat().st_size)
