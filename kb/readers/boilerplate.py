"""What of a saved web page is the document: the main container, without menus and sharing boxes.

Government sites put the text into a container of a known name; where none is found, the element
that holds nearly all running text is taken and the user is told to check both ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag
from bs4.element import CData, NavigableString

__all__ = ["is_unseen", "main_content", "strip_boilerplate", "visible_length"]

_CONTAINERS: tuple[str, ...] = (
    # from the most telling name to the most general
    "#UCAP-CONTENT",  # 中国政府网 and sites built on UCAP
    ".TRS_Editor",
    ".trs_editor_view",
    ".TRS_UEDITOR",
    "#zoom",
    "#Zoom",
    "#ContentRegion",
    "#articleContent",
    "#article-content",
    "#articlecontent",
    ".article-content",
    ".article_content",
    ".articleContent",
    ".article-con",
    ".pages_content",
    ".news_content",
    ".news-content",
    ".detail-content",
    ".xxgk_content",
    "[itemprop=articleBody]",
    "article",
    "main",
    "[role=main]",
)

_CODE = ["script", "style", "noscript", "template"]
_CONTROLS = ["button", "select", "textarea", "input", "dialog", "map"]
_MEDIA = ["iframe", "object", "embed", "canvas", "video", "audio", "svg"]
_NO_TEXT = frozenset([*_CODE, *_CONTROLS, *_MEDIA])
"""Elements whose content is no running text."""

_PAGE_PARTS = frozenset({"nav", "header", "footer", "aside"})

_BOX = re.compile(
    # words in class or id of boxes around a text: bdsharebuttonbox, breadcrumb, dqwz, related-news
    r"(?:^|[-_\s])(?:bd)?share(?:buttonbox|box|bar)?(?:$|[-_\s])|bdshare|bshare|"
    r"bread-?crumbs?|crumbs?(?:$|[-_\s])|(?:^|[-_\s])(?:dqwz|location|position)(?:$|[-_\s])|"
    r"(?:^|[-_\s])(?:print|dayin|close|fontsize|toolbar|tool|gongju)(?:$|[-_\s])|"
    r"relat(?:ed|ion)|xgwz|xgxx|recommend|(?:^|[-_\s])(?:qrcode|ewm|erweima|saoyisao)|"
    r"(?:^|[-_\s])(?:menu|sidebar|footer|header|nav|navbar|copyright)(?:$|[-_\s])",
    re.IGNORECASE,
)
_BOX_MAX = 300
"""A box around a text is short. A long element with such a name (`id="print"`) is the text."""

_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_ENOUGH = 20  # characters; an empty container of a known name is passed over
_MAIN_SHARE = 0.85  # of the running text of the page
_RUNNING = 10  # a text node shorter than this outside a paragraph is a label or a menu entry


def is_unseen(tag: Tag) -> bool:
    """Whether a browser shows nothing of this element, or what it shows is a form control."""
    return (
        tag.name in _NO_TEXT
        or tag.has_attr("hidden")
        or _HIDDEN.search(str(tag.get("style", ""))) is not None
    )


def visible_length(tag: Tag) -> int:
    """Characters of text in an element, white space and scripts left out."""
    return sum(len("".join(s.split())) for s in _strings(tag))


def _strings(tag: Tag) -> Iterator[NavigableString]:
    for s in tag.descendants:
        if type(s) in {NavigableString, CData} and isinstance(s, NavigableString):
            above = s.parent
            if above is None or above.name not in {"script", "style", "template"}:
                yield s


def main_content(soup: BeautifulSoup, warnings: list[str]) -> list[Tag]:
    """Elements that hold the document's text, in order (several when a page cuts it up)."""
    for selector in _CONTAINERS:
        found = [t for t in soup.select(selector) if visible_length(t) >= _ENOUGH]
        outer = [t for t in found if not any(p in found for p in t.parents)]
        if outer:
            if len(outer) > 1:
                warnings.append(f"网页正文分在 {len(outer)} 处（{selector}），已按顺序合并，请核对")
            return outer
    body = soup.body or soup
    for tag in list(body.find_all([*_NO_TEXT, *_PAGE_PARTS])):
        # a header or an aside with most of the text is the page's own wrapper
        if not tag.decomposed and visible_length(tag) * 2 < visible_length(body):
            tag.decompose()
    _unwrap_or_drop_forms(body)
    best = _densest(body)
    if best is not body and best.name != "body":
        warnings.append("网页没有常见的正文标记，正文由篇幅判断，请核对首尾有无遗漏")
    elif body.find("a") is not None:
        warnings.append("网页没有常见的正文标记，已读入整页文字，请核对有无导航等多余内容")
    return [best]


def _unwrap_or_drop_forms(body: Tag) -> None:
    # ASP.NET puts the whole page into one form; a search form is short
    total = visible_length(body)
    for form in list(body.find_all("form")):
        if form.decomposed:
            continue
        if visible_length(form) * 2 < total and visible_length(form) <= _BOX_MAX:
            form.decompose()
        else:
            form.unwrap()


def _densest(body: Tag) -> Tag:
    """The innermost element with nearly all running text of the page."""
    goal = _running_text(body) * _MAIN_SHARE
    at = body
    while True:
        inner = next(
            (
                c
                for c in at.children
                if isinstance(c, Tag) and c.name in _CAN_BE_MAIN and _running_text(c) >= goal
            ),
            None,
        )
        if inner is None or goal == 0:
            break
        at = inner
    while at.name in {"table", "tbody", "tr"} and at.parent is not None:
        at = at.parent  # its rows mean something only together
    return at


_CAN_BE_MAIN = frozenset({"div", "section", "td", "tr", "table", "tbody", "center", "form", "span"})


def _running_text(tag: Tag) -> int:
    total = 0
    for s in _strings(tag):
        text = "".join(s.split())
        if len(text) >= _RUNNING and s.find_parent("a") is None:
            total += len(text)
    return total


def strip_boilerplate(container: Tag, warnings: list[str]) -> None:
    """Remove from the main container what is not the document: scripts, menus, sharing boxes."""
    whole = visible_length(container)
    dropped: list[str] = []
    for tag in list(container.find_all(True)):
        if tag.decomposed:
            continue
        if is_unseen(tag):
            tag.decompose()
        elif _is_box(tag) and (length := visible_length(tag)) <= _BOX_MAX and length * 2 < whole:
            if length:
                dropped.append("".join(tag.get_text().split())[:12])
            tag.decompose()
    if dropped:
        names = "、".join(f"“{d}”" for d in dropped[:5])
        warnings.append(f"已略去 {len(dropped)} 处网页附带内容（导航、分享、打印等）：{names}")


def _is_box(tag: Tag) -> bool:
    if tag.name not in {"nav", "footer", "aside", "form"}:
        names = tag.get("class")
        label = " ".join(names if isinstance(names, list) else [str(names or "")])
        if not _BOX.search(f"{label} {tag.get('id') or ''}"):
            return False
    return tag.find(["table", "h1", "h2"]) is None
