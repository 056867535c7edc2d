"""Pages that list: the catalog of all documents, and the definitions."""

from __future__ import annotations

from kb.escape import escape_attr, escape_html, escape_markdown
from kb.model import Certainty, DocKind, Document, Status, TextState, UnitKind, Version
from kb.sitegen.clause import ClauseWriter
from kb.sitegen.context import SiteContext, relative
from kb.sitegen.facts import (
    KIND_NAMES,
    chinese_date,
    in_force_words,
    label_days,
    text_state_name,
)
from kb.sitegen.lists import select

__all__ = ["catalog_html", "definitions_markdown"]


def _shown_version(site: SiteContext, document: Document) -> Version | None:
    row = site.primary.get(document.id)
    return row.version if row is not None else site.latest_known(document)


def catalog_html(site: SiteContext) -> str:
    """A table of every catalog entry, by kind, loaded first; works without a script."""
    order = {k: i for i, k in enumerate(KIND_NAMES)}
    rows = sorted(
        site.documents.values(),
        key=lambda d: (order[d.kind], d.id not in site.loaded, not d.core),
    )
    # laws that the data package has and this build left out: listed, but not in the way
    apart = [d for d in rows if d.id not in site.loaded and any(v.package_id for v in d.versions)]
    aside = {d.id for d in apart}
    kinds = [KIND_NAMES[k] for k in KIND_NAMES if any(d.kind is k for d in rows)]
    regions = sorted({d.region for d in rows if d.region})
    return "\n".join(
        (
            '<form class="kb-filter" data-kb-filter="kb-catalog">',
            '<label>查找 <input type="search" name="q" placeholder="名称、文号、标准号"></label>',
            select("kind", "类别", kinds),
            select("region", "地区", ["全国", *regions]),
            select("status", "今天的状态", [s.value for s in Status]),
            '<label><input type="checkbox" name="text"> 只看有正文的</label>',
            '<output class="kb-count" aria-live="polite"></output>',
            "</form>",
            _table(site, [d for d in rows if d.id not in aside]),
            '<details class="kb-more"><summary>数据包里有、本站没有选入正文的'
            f"（{len(apart)} 部）</summary>{_table(site, apart)}</details>"
            if apart
            else "",
        )
    )


def _table(site: SiteContext, documents: list[Document]) -> str:
    heads = "".join(
        f'<th scope="col">{h}</th>' for h in ("文件", "状态", "类别", "地区", "版本", "正文")
    )
    rows = "\n".join(_catalog_row(site, d) for d in documents)
    return (
        '<table class="kb-catalog kb-table"><caption><span>'
        f'<span class="kb-today">{chinese_date(site.as_of)}</span>的状态</span></caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>\n{rows}\n</tbody></table>"
    )


def _catalog_row(site: SiteContext, document: Document) -> str:
    version = _shown_version(site, document)
    number = (version.number if version else "") or document.number or ""
    name = f'<a href="../docs/{escape_attr(document.id)}/">{escape_html(document.title)}</a>'
    if number:
        name += f' <span class="kb-num">{escape_html(number)}</span>'
    label = value = Status.PENDING.value
    text, dates, days = TextState.NONE, "", label
    if version is not None:
        span = site.validity.on(document, version, site.as_of)
        label, value = span.label or span.status.value, span.status.value
        days = label_days(site.validity.spans(document, version))
        text, dates = version.text, _dates(document, version)
        if version.certainty is Certainty.PENDING:
            note = "；".join(x for x in (version.note, document.note) if x)
            words = f"待核：{note}" if note else "待核"
            name += f'<br><small class="kb-pending">{escape_html(words)}</small>'
    region = document.region or "全国"
    kind = KIND_NAMES[document.kind]
    searched = " ".join((document.title, document.short, number, *document.aliases))
    cells = [
        f'<span class="kb-badge">{escape_html(label)}</span>',
        escape_html(document.level or kind),
        escape_html(region),
        dates,
        text_state_name(text),
    ]
    return (
        f'<tr data-w="{escape_attr(searched)}" data-k="{kind}" data-r="{escape_attr(region)}" '
        f'data-x="{text.value}" data-kb-days="{escape_attr(days)}" '
        f'data-s="{escape_attr(value)}"><th scope="row">{name}</th>'
        + "".join(f"<td>{c}</td>" for c in cells)
        + "</tr>"
    )


def _dates(document: Document, version: Version) -> str:
    start = in_force_words(version) + ("施行" if version.in_force else "")
    others = len(document.versions) - 1
    more = f"<br><small>另有 {others} 个版本</small>" if others > 0 else ""
    return f"{chinese_date(version.version)}<br><small>{start}</small>{more}"


def definitions_markdown(site: SiteContext) -> tuple[str, int]:
    """Definitions of the primary versions, a heading a document; Markdown and how many."""
    blocks, total = [], 0
    for doc, row in site.primary.items():
        document = site.documents[doc]
        if document.kind is not DocKind.STANDARD:
            continue
        found = [u for u in site.passages.units(row.ref) if u.kind is UnitKind.DEFINITION and u.hit]
        if not found:
            continue
        total += len(found)
        span = site.validity.on(document, row.version, site.as_of)
        items = []
        for u in found:
            at = relative(f"{site.page_of[row.ref]}#{u.id}", "terms/")
            items.append(
                f'<div data-w="{escape_attr(u.heading)}"><dt>'
                f'<a href="{escape_attr(at)}">{escape_html(u.heading or u.label)}</a></dt>'
                f"<dd>{ClauseWriter.plain(u)}"
                f"<small>{escape_html(document.short)} {escape_html(u.label)}</small></dd></div>"
            )
        title = f"{document.short} {document.title}（{span.label}）"
        blocks.append(f"## {escape_markdown(title)} {{#{doc}}}\n")
        blocks.append(f'<dl class="kb-defs">{"".join(items)}</dl>\n')
    form = (
        '<form class="kb-filter" data-kb-filter="kb-defs">'
        '<label>查找术语 <input type="search" name="q"></label>'
        '<output class="kb-count" aria-live="polite"></output></form>\n'
    )
    return "\n".join([form, *blocks]), total
