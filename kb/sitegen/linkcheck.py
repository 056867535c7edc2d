"""Does every address inside a built site lead somewhere, and does no page load from outside?"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

__all__ = ["BadLink", "LinkReport", "check_links"]

_LOADS = {
    "script": ("src",),
    "img": ("src", "srcset"),
    "iframe": ("src",),
    "source": ("src", "srcset"),
    "audio": ("src",),
    "video": ("src", "poster"),
    "embed": ("src",),
    "object": ("data",),
    "link": ("href",),
    "form": ("action",),
    "input": ("src",),
    "use": ("href", "xlink:href"),
    "image": ("href", "xlink:href"),
}
"""Attributes that make a browser send a request by itself (or send what was typed)."""

_NO_REQUEST_RELS = {"canonical", "prev", "next", "alternate"}


@dataclass(frozen=True, slots=True)
class BadLink:
    """One address on `page` (a path in the site) that is wrong, and why."""

    page: str
    address: str
    why: str


@dataclass(slots=True)
class LinkReport:
    """`broken` lead nowhere; `external` are requests that would leave the origin."""

    pages: int = 0
    links: int = 0
    broken: list[BadLink] = field(default_factory=list)
    external: list[BadLink] = field(default_factory=list)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.ids: set[str] = set()
        self.twice: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {k: v or "" for k, v in attrs}
        if anchor := values.get("id"):
            (self.twice if anchor in self.ids else self.ids).add(anchor)
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        for more in values.get("data-t", "").split():
            self.links.append(more)
        rels = set(values.get("rel", "").split())
        for name in _LOADS.get(tag, ()):
            if name in values and not (tag == "link" and rels & _NO_REQUEST_RELS):
                self.loads.append(values[name])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)


def check_links(site: Path) -> LinkReport:
    """Read every HTML file of a built site and check its addresses.

    Internal addresses must name an existing file and, with a fragment, an id on that page; an id
    may stand once on a page; nothing that a browser loads by itself may lie on another origin.
    """
    report = LinkReport()
    pages: dict[str, _Page] = {}
    for path in sorted(site.rglob("*.html")):
        parser = _Page()
        parser.feed(path.read_text(encoding="utf-8"))
        pages[path.relative_to(site).as_posix()] = parser
    report.pages = len(pages)
    files = {p.relative_to(site).as_posix() for p in site.rglob("*") if p.is_file()}
    seen: dict[tuple[str, str], str] = {}
    for name, parser in pages.items():
        for anchor in sorted(parser.twice):
            report.broken.append(BadLink(name, f"#{anchor}", "同一页有两个相同的锚点"))
        counts: dict[str, int] = defaultdict(int)
        for address in parser.links + parser.loads:
            counts[address] += 1
        loads = set(parser.loads)
        for address, times in counts.items():
            report.links += times
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                if address in loads and parts.scheme != "data":
                    report.external.append(BadLink(name, address, "会向外发出请求"))
                elif parts.scheme not in ("http", "https", "mailto", "data"):
                    report.broken.append(BadLink(name, address, "不允许的地址类型"))
                continue
            key = (str(PurePosixPath(name).parent), address)
            if key not in seen or not parts.path:
                seen[key] = _problem(name, parts.path, unquote(parts.fragment), pages, files)
            if seen[key]:
                report.broken.append(BadLink(name, address, seen[key]))
    return report


def _problem(page: str, path: str, fragment: str, pages: dict[str, _Page], files: set[str]) -> str:
    target = _resolve(page, unquote(path)) if path else page
    if target is None:
        return "超出网站的根目录"
    if target not in files:
        inside = f"{target}/index.html".lstrip("/") if target else "index.html"
        if inside not in files:
            return "没有这个文件"
        if path and not path.endswith(("/", "..", ".")):
            return "指向文件夹的地址应以 / 结尾"
        target = inside
    if fragment and target in pages and fragment not in pages[target].ids:
        return "目标页没有这个锚点"
    return ""


def _resolve(page: str, path: str) -> str | None:
    """Site path of an address; None when it climbs above the root."""
    parts = [] if path.startswith("/") else list(PurePosixPath(page).parent.parts)
    for step in path.split("/"):
        if step in ("", "."):
            continue
        if step == "..":
            if not parts:
                return None
            parts.pop()
        else:
            parts.append(step)
    return "/".join(parts)
