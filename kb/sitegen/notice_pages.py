"""Pages by notice: what it asks of whom and by when, all compared, the firm's self-check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from kb.cards.self_check import (
    DONE,
    FIRMS,
    NOTHING,
    self_check_docx,
    self_check_groups,
    self_check_of,
    self_check_xlsx,
)
from kb.escape import escape_attr, escape_html
from kb.numerals import int_to_zh
from kb.requirements import Requirement, compared, state
from kb.sitegen.context import relative
from kb.sitegen.document import status_html
from kb.sitegen.facts import chinese_date
from kb.sitegen.lists import NOT_OURS, Lists, Page, filter_form, select

__all__ = [
    "NOTICES",
    "check_files",
    "check_page",
    "compare_page",
    "notice_folder",
    "notice_page",
    "notices_index",
]

NOTICES = "notices/"
COMPARE = "notices/compare/"
_WORD, _BOOK = "self-check.docx", "self-check.xlsx"
_STATES = "限期已过只说写明的日子过了，不等于作废；长期是没有写限期。通知是否还有效看上面的效力。"


def notice_folder(notice: str) -> str:
    """`notices/<doc-id>/`."""
    return f"{NOTICES}{notice.partition('@')[0]}/"


def _of(lists: Lists, notice: str) -> list[Requirement]:
    return [r for r in lists.requirements.entries.values() if r.notice == notice]


def _firms(requirements: Iterable[Requirement]) -> list[Requirement]:
    return [r for r in requirements if any(w in FIRMS for w in r.who)]


def notices_index(lists: Lists) -> Page:
    """The notices with how much each asks."""
    items = []
    for notice in lists.notices:
        row = lists.known(notice)
        d = row.document
        found = _of(lists, notice)
        folder = relative(notice_folder(notice), NOTICES)
        facts = "　".join(x for x in (d.region, d.number or "", chinese_date(notice[-10:])) if x)
        items.append(
            f'<li class="kb-notice"><div class="kb-notice-top">{lists.badge(notice)}'
            f'<span class="kb-soft">{escape_html(facts)}</span></div>'
            f'<h2><a href="{folder}">{escape_html(d.short)}</a></h2>'
            f'<p class="kb-soft">{escape_html(d.title)}</p>'
            f'<p class="kb-notice-foot"><span>要求 <b>{len(found)}</b> 项</span>'
            f"<span>其中企业的 <b>{len(_firms(found))}</b> 项</span>"
            f'<a href="{folder}check/">迎检自查表</a></p></li>'
        )
    body = "\n".join(
        (
            f"<p>{len(items)} 份通知，各地只管各地：别处的通知可以参考，不是本地的依据。"
            f'<a href="compare/">按事项比较</a></p>',
            f'<ul class="kb-cards" role="list">{"".join(items)}</ul>',
            _day_line(lists),
        )
    )
    return Page("按通知", "各地通知要求谁、做什么、何时做完、依据哪一条", body)


def _day_line(lists: Lists) -> str:
    day = lists.site.as_of
    return (
        f'<p class="kb-asof" data-kb-built="{day.isoformat()}">生成日 {chinese_date(day)}。'
        f"要求都是{NOT_OURS}，引用前请点开核对原文。</p>"
    )


# --- one notice -------------------------------------------------------------------------------


def notice_page(lists: Lists, notice: str) -> Page:
    """Everything that one notice asks."""
    page = notice_folder(notice)
    row = lists.known(notice)
    d = row.document
    found = _of(lists, notice)
    source = (
        f'<a href="{escape_attr(relative(lists.site.page_of[notice], page))}">看通知原文</a>'
        if notice in lists.site.page_of
        else "本站没有收录通知原文，下面的要求不能点到原文"
    )
    facts = [
        ("发文", escape_html(d.issuer)),
        ("文号", escape_html(d.number or "")),
        ("地区", escape_html(d.region or "全国")),
        ("日期", chinese_date(row.version.version)),
        ("行业", f"{escape_html('、'.join(_usual(found)))}（另写明的除外）"),
        ("要求", f"{len(found)} 项，其中企业的 {len(_firms(found))} 项"),
        ("原文", source),
    ]
    rows = "".join(f"<div><dt>{k}</dt><dd>{v}</dd></div>" for k, v in facts if v)
    usual = _usual(found)
    groups = list(_groups(lists, notice, found))
    states = tuple(dict.fromkeys(state(r, lists.site.as_of).value for r in found))
    form = filter_form(
        "kb-asked",
        "项",
        "要求里的字",
        select("who", "谁", tuple(dict.fromkeys(w for r in found for w in r.who))),
        select("state", "限期", states),
    )
    bodies = "".join(
        f'<tbody><tr class="kb-group-row"><th colspan="4" scope="rowgroup" id="g-{number}">'
        f"{escape_html(title)}</th></tr>"
        f"{''.join(_requirement(lists, r, page, usual) for r in rs)}</tbody>"
        for number, (title, rs) in enumerate(groups)
    )
    heads = "".join(f'<th scope="col">{h}</th>' for h in ("谁", "做什么", "何时", "依据"))
    body = "\n".join(
        (
            status_html(lists.site, d, row.version, page),
            f'<p class="kb-soft">{escape_html(d.title)}</p>',
            f'<dl class="kb-facts">{rows}</dl>',
            '<p class="kb-files"><a class="kb-file" href="check/">迎检自查表</a>'
            '<a class="kb-file" href="../compare/">和别的通知比较</a></p>',
            form,
            f'<table class="kb-table kb-stack kb-asked" id="kb-asked"><caption>{NOT_OURS}，'
            f"{_STATES}</caption><thead><tr>{heads}</tr></thead>{bodies}</table>",
            _day_line(lists),
        )
    )
    contents = [(0, title.partition("：")[0], f"g-{n}") for n, (title, _) in enumerate(groups)]
    return Page(d.short, f"{d.short}要求谁、做什么、何时做完", body, contents)


def _groups(
    lists: Lists, notice: str, found: Sequence[Requirement]
) -> Iterable[tuple[str, list[Requirement]]]:
    """By step where the notice has steps, the rest by topic."""
    steps = [s for (n, _), s in lists.requirements.steps.items() if n == notice]
    for step in sorted(steps, key=lambda s: s.n):
        title = f"第{int_to_zh(step.n)}步　{step.name}：{step.what}"
        yield title, [r for r in found if r.step == step.n]
    topics = dict.fromkeys(r.topic for r in found)
    for topic in topics:
        rest = [r for r in found if r.topic == topic and not (steps and r.step)]
        if rest:
            yield (f"步骤以外　{topic}" if steps else topic), rest


def _usual(found: Sequence[Requirement]) -> tuple[str, ...]:
    """The industries that most requirements of a notice name: not said again at each."""
    return Counter(r.industry for r in found).most_common(1)[0][0]


def _requirement(lists: Lists, r: Requirement, page: str, usual: Sequence[str]) -> str:
    where = "、".join(r.industry)
    soft = (
        where if r.industry != usual else "",
        f"佐证：{'、'.join(r.evidence)}" if r.evidence else "",
        r.note,
        "验收看它" if r.acceptance else "",
    )
    words = escape_html("；".join(x for x in soft if x))
    more = f'<br><small class="kb-soft">{words}</small>' if words else ""
    now = state(r, lists.site.as_of).value
    return (
        f'<tr id="r-{escape_attr(r.id)}" data-w="{escape_attr(r.what + where)}" '
        f'data-who="{escape_attr("|".join(r.who))}" data-state="{now}">'
        f'<td data-h="谁">{escape_html("、".join(r.who))}</td>'
        f'<th scope="row">{escape_html(r.what)}{more}</th>'
        f'<td data-h="何时">{_when(lists, r)}</td>'
        f'<td data-h="依据">{_basis(lists, r, page)}</td></tr>'
    )


def _when(lists: Lists, r: Requirement) -> str:
    by = f' data-kb-by="{r.by.isoformat()}"' if r.by else ""
    now = state(r, lists.site.as_of).value
    words = [escape_html(x) for x in (r.by_text, r.every) if x]
    return "<br>".join([*words, f'<span class="kb-state" data-full="-"{by}>{now}</span>'])


def _basis(lists: Lists, r: Requirement, page: str) -> str:
    links = [lists.clause_link(b, page, lists.label(b), lists.cite(b)) for b in r.basis]
    number = f"序号 {escape_html(r.row)}" if r.row else ""
    return "、".join([*links, number] if number else links)


# --- compared ---------------------------------------------------------------------------------


def compare_page(lists: Lists) -> Page:
    """Topic by notice: how many requirements, and which."""
    table = compared(r for r in lists.requirements.entries.values() if r.notice in lists.notices)
    names = {n: _place(lists, n) for n in lists.notices}
    body = "\n".join(
        (
            "<p>横着看一件事各地怎么要求，竖着看一份通知管哪些事。空着的是那份通知没有写，"
            "不等于那里不要求。</p>",
            _counts(table, names),
            _compared(lists, table, names),
            _day_line(lists),
        )
    )
    return Page("五份通知比较" if len(names) == 5 else "通知比较", "同一件事各份通知怎么要求", body)


def _place(lists: Lists, notice: str) -> str:
    """合川区, 马武镇: the last part of the region, which tells the notices apart."""
    region = lists.known(notice).document.region or "全国"
    for mark in ("市", "省"):
        _, found, rest = region.partition(mark)
        if found and rest:
            region = rest
    _, _, last = region.rpartition("区")
    if last:
        return last
    return region[-3:] if region.endswith("区") and len(region) > 4 else region


def _counts(
    table: Mapping[str, Mapping[str, Sequence[Requirement]]], names: Mapping[str, str]
) -> str:
    head = "".join(f'<th scope="col">{escape_html(n)}</th>' for n in names.values())
    rows = []
    for number, (topic, by) in enumerate(table.items()):
        cells = "".join(f"<td>{len(by[n]) or '<span class=kb-soft>—</span>'}</td>" for n in names)
        rows.append(
            f'<tr><th scope="row"><a href="#t-{number}">{escape_html(topic)}</a></th>{cells}</tr>'
        )
    return (
        '<table class="kb-table kb-counts"><caption>各有几项要求</caption>'
        f'<thead><tr><th scope="col">事项</th>{head}</tr></thead><tbody>{"".join(rows)}</tbody>'
        "</table>"
    )


def _compared(
    lists: Lists,
    table: Mapping[str, Mapping[str, Sequence[Requirement]]],
    names: Mapping[str, str],
) -> str:
    head = "".join(
        f'<th scope="col"><a href="{relative(notice_folder(n), COMPARE)}">{escape_html(name)}</a>'
        f"<br>{lists.badge(n)}</th>"
        for n, name in names.items()
    )
    rows = []
    for number, (topic, by) in enumerate(table.items()):
        cells = "".join(
            f'<td data-h="{escape_attr(name)}"{"" if by[n] else " data-none"}>{_cell(by[n])}</td>'
            for n, name in names.items()
        )
        rows.append(f'<tr><th scope="row" id="t-{number}">{escape_html(topic)}</th>{cells}</tr>')
    return (
        '<div class="kb-tw" tabindex="0" role="region" aria-label="各份通知的要求（可左右滚动）">'
        f'<table class="kb-table kb-stack kb-compared"><caption>{NOT_OURS}</caption>'
        f'<thead><tr><th scope="col">事项</th>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _cell(found: Sequence[Requirement]) -> str:
    if not found:
        return '<span class="kb-soft">没有写</span>'
    items = []
    for r in found:
        href = escape_attr(f"{relative(notice_folder(r.notice), COMPARE)}#r-{r.id}")
        when = f"（{escape_html(r.by_text)}）" if r.by_text else ""
        items.append(
            f'<li><a href="{href}">{escape_html("、".join(r.who))}</a>：'
            f"{escape_html(r.what)}{when}</li>"
        )
    return f'<ul class="kb-bare" role="list">{"".join(items)}</ul>'


# --- self-check -------------------------------------------------------------------------------


def _title(lists: Lists, notice: str) -> str:
    return f"迎检自查表：{lists.known(notice).document.short}"


def check_files(lists: Lists, notice: str) -> Mapping[str, bytes]:
    """The firm's sheet as Word and Excel, by name."""
    site = lists.site
    table, foot = self_check_of(lists.requirements, notice, site.documents, site.as_of)
    day = site.as_of.isoformat()
    return {_WORD: self_check_docx(table, day, foot), _BOOK: self_check_xlsx(table, day, foot)}


def check_page(lists: Lists, notice: str) -> Page:
    """The same sheet to print."""
    page = f"{notice_folder(notice)}check/"
    d = lists.known(notice).document
    bodies = []
    number = 0
    for heading, found in self_check_groups(lists.requirements, notice):
        rows = []
        for r in found:
            number += 1
            rows.append(_check_row(lists, number, r, page))
        if not found:
            rows.append(f'<tr><td colspan="5" class="kb-soft">{NOTHING}</td></tr>')
        bodies.append(
            f'<tbody><tr class="kb-group-row"><th colspan="5" scope="rowgroup">'
            f"{escape_html(heading)}</th></tr>{''.join(rows)}</tbody>"
        )
    heads = ("序号", "要求", "佐证材料", "完成情况", "自查人/日期")
    head = "".join(f'<th scope="col">{h}</th>' for h in heads)
    files = "".join(
        f'<a class="kb-file" href="{name}" download="{escape_attr(f"迎检自查表 {d.short}")}'
        f'{name[name.rindex(".") :]}">{words}</a>'
        for name, words in ((_WORD, "Word 文件"), (_BOOK, "Excel 文件"))
    )
    body = "\n".join(
        (
            status_html(lists.site, d, lists.known(notice).version, page),
            f'<p class="kb-files"><span class="kb-soft">带走</span>{files}'
            '<a class="kb-file" href="../">全部要求</a></p>',
            '<ul class="kb-blanks" role="list"><li>企业：</li><li>自查日期：</li>'
            "<li>主要负责人签字：</li></ul>",
            '<table class="kb-table kb-stack kb-selfcheck"><caption>'
            f"只列写给企业和没有写明由谁做的。要求是{NOT_OURS}；佐证材料只列通知写明或明显含有的。</caption>"
            f"<thead><tr>{head}</tr></thead>{''.join(bodies)}</table>",
            _day_line(lists),
        )
    )
    return Page(_title(lists, notice), "企业迎检前逐项自查：要求、佐证材料、完成情况", body)


def _check_row(lists: Lists, number: int, r: Requirement, page: str) -> str:
    nobody = "通知没有写明由谁做"
    who = "、".join(nobody if w == "未写明" else w for w in r.who)
    more = "；".join(x for x in (who, f"限期 {r.by_text}" if r.by_text else "", r.every) if x)
    return (
        f'<tr><td data-h="序号">{number}</td>'
        f'<th scope="row">{escape_html(r.what)}<br><small class="kb-soft">{escape_html(more)}；'
        f"依据 {_basis(lists, r, page)}</small></th>"
        f'<td data-h="佐证材料">{escape_html("、".join(r.evidence)) or "____"}</td>'
        f'<td data-h="完成情况">{DONE.replace("　", "　<br>")}</td>'
        f'<td data-h="自查人/日期"></td></tr>'
    )
