"""What the Markdown of every page of a text begins with: its front matter and its contents."""

from __future__ import annotations

from collections.abc import Sequence

from kb.escape import escape_attr, escape_html, js_json

__all__ = ["contents_html", "front_matter", "nested_contents"]


def front_matter(title: str, description: str = "", **more: object) -> str:
    """YAML head of a page. Values are JSON strings of escaped HTML: the theme prints them as is."""
    values = {"title": escape_html(title), "description": escape_attr(description), **more}
    return "---\n" + "".join(f"{k}: {js_json(v)}\n" for k, v in values.items() if v) + "---\n\n"


def nested_contents(entries: Sequence[tuple[int, str, str]]) -> list[dict[str, object]]:
    """Entries as a tree for the sidebar: `[{id, title, below: […]}]`, titles as HTML."""
    root: list[dict[str, object]] = []
    open_: list[tuple[int, list[dict[str, object]]]] = [(-1, root)]
    for level, title, anchor in entries:
        while open_[-1][0] >= level:
            open_.pop()
        below: list[dict[str, object]] = []
        open_[-1][1].append({"id": anchor, "title": escape_html(title), "below": below})
        open_.append((level, below))
    return root


def contents_html(entries: Sequence[tuple[int, str, str]]) -> str:
    """Contents inside the page, for narrow screens (wide ones show the theme's sidebar)."""
    if len(entries) < 2:
        return ""
    lines = "".join(
        f'<li class="kb-toc{level}"><a href="#{escape_attr(anchor)}">{escape_html(title)}</a></li>'
        for level, title, anchor in entries
    )
    return (
        '<details class="kb-toc"><summary>目录</summary>'
        f'<nav id="kb-contents" aria-label="本文目录"><ul>{lines}</ul></nav></details>'
        '<a class="kb-fab" href="#kb-contents">目录</a>'
    )
