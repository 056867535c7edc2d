"""Pages by post: what there is for each, its drafted cards, its clauses, what is missing."""

from __future__ import annotations

from collections.abc import Mapping

from kb.cards import CARD_NAMES, CARDS, Draft, Firm
from kb.cards.docx_sheets import author_docx
from kb.cards.docx_wall import wall_docx
from kb.cards.xlsx import to_xlsx
from kb.coverage import OPERATIONS, RISKS
from kb.escape import escape_attr, escape_html
from kb.posts import INDUSTRIES, Post
from kb.sitegen.context import relative
from kb.sitegen.lists import NOT_OURS, Lists, Page, filter_form, select
from kb.sitegen.sheets import firm_html, sheet_anchor, sheets_html

__all__ = ["POSTS", "post_files", "post_page", "posts_index"]

POSTS = "posts/"
_SHORT = {"risk": "风险", "duty": "职责", "operation": "操作", "emergency": "应急"}
_WALL, _AUTHOR, _BOOK = "wall-a4.docx", "author.docx", "cards.xlsx"


def posts_index(lists: Lists) -> Page:
    """All posts by industry."""
    posts = [p for p in lists.posts.posts.values() if p.cards]
    full = sum(lists.coverage[p.name].own.full for p in posts)
    by = {i: [p for p in posts if p.industries[0] == i] for i in INDUSTRIES}
    by = {i: found for i, found in by.items() if found}
    form = filter_form(
        "kb-posts",
        "个岗位",
        "岗位或现场叫法，如 翻斗车司机",
        select("industry", "行业", tuple(by)),
        select("coverage", "覆盖", ("足", "不足")),
    )
    out = [
        f"<p>{len(posts)} 个岗位的“两单两卡”底稿，条款覆盖足的 {full} 个：本岗位自己的操作行不少于 "
        f"{OPERATIONS} 条、风险行不少于 {RISKS} 条，都出自现行条款。"
        "底稿只把条款带到桌上，上墙前要由岗位的人自己讨论、修改、签字。</p>",
        form,
        '<div id="kb-posts">',
    ]
    contents = []
    for number, (industry, found) in enumerate(by.items()):
        anchor = f"industry-{number}"
        contents.append((0, industry, anchor))
        items = "".join(_entry(lists, p) for p in found)
        also = [p for p in posts if industry in p.industries[1:]]
        more = ""
        if also:
            names = "、".join(lists.post_link(p.name, POSTS) for p in also)
            more = f'<p class="kb-also">这一行也有：{names}</p>'
        out.append(
            f'<section class="kb-part"><h2 id="{anchor}">{industry}'
            f" <small>{len(found)} 个岗位</small></h2>"
            f'<ul class="kb-rows" role="list">{items}</ul>{more}</section>'
        )
    out += ["</div>", lists.day_line()]
    about = "每个岗位的卡片底稿、条款、证件、常见事故和缺的标准"
    return Page("按岗位", about, "\n".join(out), contents)


def _entry(lists: Lists, post: Post) -> str:
    own = lists.coverage[post.name].own
    counts = "　".join(f"{_SHORT[c]} {own.lines.get(c, 0)}" for c in CARDS)
    state = "足" if own.full else "不足"
    why = "" if own.full else f"：{own.lacks}"
    said = "、".join(post.aliases)
    if post.name not in lists.post_pages:
        lacking = "、".join(n for n, _ in lists.coverage[post.name].missing)
        said += f"（没有条款可依，不出底稿{'；缺 ' + lacking if lacking else ''}）"
    site_names = f'<span class="kb-soft">{escape_html(said)}</span>'
    return (
        f'<li data-w="{escape_attr(" ".join((post.name, *post.aliases)))}" '
        f'data-industry="{escape_attr("|".join(post.industries))}" data-coverage="{state}">'
        f'<div class="kb-row-name"><b>{lists.post_link(post.name, POSTS)}</b>{site_names}</div>'
        f'<div class="kb-row-more"><span class="kb-soft">{counts}</span>'
        f'<span class="kb-state" data-full="{"1" if own.full else "0"}">'
        f"覆盖{state}{escape_html(why)}</span></div></li>"
    )


def post_page(lists: Lists, post: Post) -> Page:
    """The page of one post; its draft is the one of `kb draft` with nothing answered."""
    page = lists.post_pages[post.name]
    draft = lists.drafts[post.name]
    clauses, below = lists.clauses(lists.by_post.get(post.name, ()), page, prefix="clauses")
    contents = [(0, "卡片底稿", "cards")]
    contents += [(1, CARD_NAMES[c], sheet_anchor(c)) for c in CARDS]
    parts = [_head(lists, post, draft, page), _cards(lists, draft, post, page)]
    if firm := firm_html(lists, draft, page):
        parts.append(
            '<details class="kb-fold" id="firm"><summary>'
            f"企业的事（不上岗位卡，{len(draft.firm)} 条）</summary>{firm}</details>"
        )
        contents.append((0, "企业的事", "firm"))
    parts.append(_missing(lists, draft, page))
    contents.append((0, "缺的标准", "missing"))
    if clauses:
        about = (
            f"要点里写到{escape_html(post.name)}的条款，一条可以在几张卡下面。"
            "卡片底稿只用了其中属于本岗位的行。"
        )
        parts.append(f'<h2 id="clauses">条款</h2><p class="kb-soft">{about}</p>{clauses}')
        contents += [(0, "条款", "clauses"), *below]
    parts.append(lists.day_line())
    about = f"{post.name}的岗位风险清单、职责清单、操作卡、应急处置卡底稿，每行有依据"
    return Page(post.name, about, "\n".join(parts), contents)


def _head(lists: Lists, post: Post, draft: Draft, page: str) -> str:
    rows = [
        ("现场叫法", escape_html("、".join(post.aliases))),
        ("行业", escape_html("、".join(post.industries))),
        ("设备", escape_html("、".join(post.equipment))),
        ("持证", escape_html("、".join(post.certificates)) or "没有查到必须持证的"),
        ("作业", "、".join(lists.activity_link(a, page) for a in post.activities)),
        ("常见事故", "、".join(lists.accident_link(a, page) for a in post.accidents)),
        ("条款覆盖", _coverage(lists, post, draft, page)),
    ]
    body = "".join(f"<div><dt>{k}</dt><dd>{v}</dd></div>" for k, v in rows if v)
    return f'<dl class="kb-facts kb-about">{body}</dl>'


def _coverage(lists: Lists, post: Post, draft: Draft, page: str) -> str:
    own = lists.coverage[post.name].own
    counts = "，".join(f"{_SHORT[c]} {own.lines.get(c, 0)}" for c in CARDS)
    state = "足" if draft.full else f"不足：{escape_html(draft.lacks)}"
    link = relative("coverage/#posts", page)
    return f'{state}（本岗位自己的行：{counts}；<a href="{link}">怎么算</a>）'


def _cards(lists: Lists, draft: Draft, post: Post, page: str) -> str:
    asked = ""
    if draft.asked:
        items = "".join(
            f"<li><b>{escape_html(n)}</b>：{escape_html(q)}</li>" for n, q in draft.asked
        )
        asked = (
            f'<details class="kb-fold"><summary>先答这 {len(draft.asked)} 个问题，'
            f'答“否”的去掉不相干的行</summary><ul>{items}</ul><p class="kb-soft">'
            f"卡上写着“仅当……”的行就等这些回答：<code>kb draft {escape_html(draft.post)} "
            f"--answer {escape_html(draft.asked[0][0])}=否</code></p></details>"
        )
    files = (
        (_WALL, "墙上卡片（Word，A4）", "岗位卡"),
        (_AUTHOR, "编写人用（Word）", "编写人用"),
        (_BOOK, "表格（Excel）", "岗位卡"),
    )
    links = [
        f'<a class="kb-file" href="{name}" download="{escape_attr(f"{draft.post}{words}底稿")}'
        f'{name[name.rindex(".") :]}">{title}</a>'
        for name, title, words in files
    ]
    return (
        '<h2 id="cards">卡片底稿</h2>'
        '<p class="kb-warn"><strong>底稿，未经岗位讨论，没有采用。</strong>'
        f"每行是{NOT_OURS}，后面是它的依据。通知要求一起讨论、不许代编代造："
        "先听岗位的人怎么说，再拿来对照、改写。人名、电话、风险等级由本单位填。</p>"
        f"{asked}{sheets_html(lists, draft, page)}"
        f"{_teaching(draft, post, page)}"
        f'<div class="kb-files"><span class="kb-soft">带走</span>{"".join(links)}</div>'
        '<p class="kb-soft">A3 墙卡、口袋卡、讨论表、班组用表和填好本单位资料的，用 '
        f"<code>kb draft {escape_html(draft.post)} -o 文件.docx</code> 出。</p>"
    )


def _teaching(draft: Draft, post: Post, page: str) -> str:
    if not any(draft.cards[c] for c in CARDS):
        return ""
    where = {n: escape_attr(relative(f"{n}/?post={post.id}", page)) for n in ("drill", "today")}
    return (
        f'<p>讲给班组：<a href="{where["drill"]}">练这个岗位的要点</a>、'
        f'<a href="{where["today"]}">{escape_html(post.name)}的每日一页</a></p>'
    )


def _missing(lists: Lists, draft: Draft, page: str) -> str:
    by_number = {d.number: d for d in lists.site.documents.values() if d.number}
    items = []
    for m in draft.missing:
        document = by_number.get(m.number)
        name = escape_html(f"{m.number} {m.title}".strip())
        if document is not None:
            name = f'<a href="{escape_attr(relative(f"docs/{document.id}/", page))}">{name}</a>'
        items.append(f"<li>{name}：{escape_html(m.why)}</li>")
    body = (
        f'<ul>{"".join(items)}</ul><p class="kb-soft">它们管到这个岗位，但没有用来出卡：'
        "卡上没有它们的要求，不等于没有要求。</p>"
        if items
        else "<p>列给这个岗位的标准都用上了。</p>"
    )
    return f'<h2 id="missing">缺的标准</h2>{body}'


def post_files(draft: Draft) -> Mapping[str, bytes]:
    """The files beside the page, by name; nothing of a firm is filled in."""
    firm = Firm()
    return {
        _WALL: wall_docx(draft, firm),
        _AUTHOR: author_docx(draft, firm),
        _BOOK: to_xlsx(draft, firm),
    }
