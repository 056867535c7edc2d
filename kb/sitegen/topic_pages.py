"""Pages by accident type and by activity: the clauses that our notes put there, and the posts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from kb.escape import escape_attr, escape_html
from kb.notes import Note
from kb.sitegen.context import relative
from kb.sitegen.facts import in_force_words
from kb.sitegen.lists import NOT_OURS, Lists, Page, chips, filter_form
from kb.sitegen.sheets import skeleton_html

__all__ = ["accident_page", "accidents_index", "activities_index", "activity_page"]

ACCIDENTS, ACTIVITIES = "accidents/", "activities/"
_NEW, _OLD = "gb-6441-2025", "gb-t-6441-1986"


def accidents_index(lists: Lists) -> Page:
    """All accident types with both names."""
    order = sorted(
        lists.terms.accidents.values(), key=lambda a: -len(lists.by_accident.get(a.code, ()))
    )
    items = []
    for a in order:
        notes = lists.by_accident.get(a.code, ())
        posts = _posts_with_accident(lists, a.code)
        old = "" if a.name_1986 == a.name_2025 else f"旧分类：{a.name_1986}"
        items.append(
            _row(
                f"{a.name_2025} {a.name_1986}",
                lists.accident_link(a.code, ACCIDENTS),
                old,
                f"条款 {len(notes)}　岗位 {len(posts)}",
            )
        )
    body = "\n".join(
        (
            f"<p>{_classification(lists, ACCIDENTS)}</p>",
            filter_form("kb-topics", "类", "事故名称，新旧都行，如 车辆伤害"),
            f'<div id="kb-topics"><ul class="kb-rows" role="list">{"".join(items)}</ul></div>',
            lists.day_line(),
        )
    )
    return Page("按事故", "每类事故有哪些条款、哪些岗位", body)


def _classification(lists: Lists, page: str) -> str:
    """Which classification names what; where the catalog has them."""
    known = {d: lists.site.documents.get(d) for d in (_NEW, _OLD)}
    words = []
    for doc, document in known.items():
        if document is not None and document.versions:
            version = document.versions[-1]
            href = escape_attr(relative(f"docs/{doc}/", page))
            number = escape_html((document.number or document.short).replace("-", "—"))
            words.append(f'<a href="{href}">{number}</a>（{in_force_words(version)}施行）')
    source = "和".join(words)
    return (
        f"名称依照{source or '生产安全事故分类的两版国家标准'}："
        "前面是新分类的名称，旧分类名写在后面。"
        "新分类的名称取自公开网页，编码没有见到，待核。"
    )


def _row(words: str, name: str, more: str, counts: str) -> str:
    soft = f'<span class="kb-soft">{escape_html(more)}</span>' if more else ""
    return (
        f'<li data-w="{escape_attr(words)}"><div class="kb-row-name"><b>{name}</b>{soft}</div>'
        f'<div class="kb-row-more"><span class="kb-soft">{escape_html(counts)}</span></div></li>'
    )


def accident_page(lists: Lists, code: str) -> Page:
    """One accident type: names, posts, general steps, clauses."""
    page = lists.accident_pages[code]
    a = lists.terms.accidents[code]
    name = lists.accident_name(code)
    notes = lists.by_accident[code]
    rows = [
        ("新分类", f"GB 6441—2025：{escape_html(a.name_2025)}"),
        ("旧分类", f"GB/T 6441—1986：{escape_html(a.name_1986)}"),
        ("说明", escape_html(a.note)),
    ]
    facts = "".join(f"<div><dt>{k}</dt><dd>{v}</dd></div>" for k, v in rows if v)
    parts = [
        f'<dl class="kb-facts kb-about">{facts}</dl>',
        f'<p class="kb-soft">{_classification(lists, page)}</p>',
    ]
    contents = []
    if posts := _posts_with_accident(lists, code):
        parts.append('<h2 id="posts">常出这类事故的岗位</h2>')
        parts.append(chips(lists.post_link(p, page) for p in posts))
        contents.append((0, "岗位", "posts"))
    if skeleton := skeleton_html(lists, code, page):
        parts += ['<h2 id="rescue">出了事怎么办</h2>', skeleton]
        contents.append((0, "出了事怎么办", "rescue"))
    return _with_clauses(lists, name, f"{name}：条款、岗位和处置", parts, contents, notes, page)


def _with_clauses(
    lists: Lists,
    title: str,
    about: str,
    parts: list[str],
    contents: list[tuple[int, str, str]],
    notes: list[Note],
    page: str,
) -> Page:
    clauses, below = lists.clauses(notes, page, prefix="clauses")
    parts.append(
        f'<h2 id="clauses">条款 <small>{len(notes)} 条</small></h2><p class="kb-soft">'
        f"按卡片种类和文件排列；一条款的几行分在几张卡上的，每处都列。概括的话是{NOT_OURS}。</p>"
        f"{clauses}"
    )
    parts.append(lists.day_line())
    return Page(title, about, "\n".join(parts), [*contents, (0, "条款", "clauses"), *below])


def _posts_with_accident(lists: Lists, code: str) -> list[str]:
    """Posts for which the type is usual, the likeliest first."""
    posts = [p for p in lists.posts.posts.values() if p.cards and code in p.accidents]
    return [p.name for p in sorted(posts, key=lambda p: p.accidents.index(code))]


def activities_index(lists: Lists) -> Page:
    """All activities."""
    order = sorted(
        lists.terms.activities.values(), key=lambda t: -len(lists.by_activity.get(t.name, ()))
    )
    posts = Counter(
        a for p in lists.posts.posts.values() if p.cards for a in dict.fromkeys(p.activities)
    )
    items = [
        _row(
            " ".join((t.name, *t.aliases)),
            lists.activity_link(t.name, ACTIVITIES),
            "、".join(t.aliases),
            f"条款 {len(lists.by_activity.get(t.name, ()))}　岗位 {posts[t.name]}",
        )
        for t in order
    ]
    body = "\n".join(
        (
            f"<p>{len(items)} 种作业活动，条款多的在前；没有条款的只列名称。</p>",
            filter_form("kb-topics", "种", "作业，如 爆破、检修"),
            '<div id="kb-topics"><ul class="kb-rows kb-two" role="list">'
            f"{''.join(items)}</ul></div>",
            lists.day_line(),
        )
    )
    return Page("按作业", "每种作业活动有哪些条款、哪些岗位、常出什么事故", body)


def activity_page(lists: Lists, name: str) -> Page:
    """One activity: posts, accidents, clauses."""
    page = lists.activity_pages[name]
    notes = lists.by_activity[name]
    term = lists.terms.activities[name]
    posts = [p.name for p in lists.posts.posts.values() if p.cards and name in p.activities]
    parts: list[str] = []
    contents: list[tuple[int, str, str]] = []
    if term.aliases:
        parts.append(f"<p>也叫：{escape_html('、'.join(term.aliases))}</p>")
    if posts:
        parts.append('<h2 id="posts">干这个活的岗位</h2>')
        parts.append(chips(lists.post_link(p, page) for p in posts))
        contents.append((0, "岗位", "posts"))
    if codes := _accidents_of(notes):
        parts.append('<h2 id="accidents">这些条款防的事故</h2>')
        parts.append(
            chips(
                f'{lists.accident_link(c, page)} <span class="kb-soft">{n}</span>'
                for c, n in codes.items()
                if c in lists.terms.accidents
            )
        )
        contents.append((0, "事故", "accidents"))
    return _with_clauses(lists, name, f"{name}：条款、岗位和事故", parts, contents, notes, page)


def _accidents_of(notes: list[Note]) -> Mapping[str, int]:
    return dict(Counter(c for n in notes for c in dict.fromkeys(n.accidents)).most_common())
