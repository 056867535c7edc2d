"""What the pages by post, accident, activity, notice and conflict share: data, links, HTML.

Notes are ours (要点), so every list says 要点（非原文） and leads to the clause; a clause whose
text is not loaded has no anchor and is marked. Lists hold what is in force on the build's date;
each document in them carries the days on which that changes, so that a script can say so later.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kb.cards import CARD_NAMES, CARDS, CardLine, Draft
from kb.cards.skeletons import load_skeletons, skeleton_lines
from kb.cite_text import cite, unit_label
from kb.conflicts import Conflict, load_conflicts
from kb.coverage import Coverage
from kb.draft import Drafter, Industries
from kb.escape import escape_attr, escape_html, escape_markdown
from kb.model import DocKind, Status
from kb.notes import Note
from kb.posts import Posts
from kb.requirements import Requirements, load_requirements
from kb.sitegen.context import SiteContext, relative
from kb.sitegen.document import front_matter, nested_contents
from kb.sitegen.facts import chinese_date, label_days
from kb.store import VersionRow
from kb.terms import Terms
from kb.validity import DEFAULT_SEARCH

__all__ = [
    "NOT_OURS",
    "Lists",
    "Page",
    "chips",
    "filter_form",
    "page_text",
    "select",
]

NOT_OURS = "要点（非原文）"
_OPEN = 60  # clauses that stand open below one heading; more are folded by document


@dataclass(frozen=True, slots=True)
class Page:
    """A page's words; `contents` are (level, title, anchor): without them the page is wide."""

    title: str
    about: str
    body: str
    contents: Sequence[tuple[int, str, str]] = ()


def page_text(p: Page) -> str:
    """Markdown of a page: all of its body is HTML."""
    more: dict[str, object] = (
        {"kb_toc": nested_contents(p.contents)} if p.contents else {"hide": ["toc"]}
    )
    head = front_matter(p.title, p.about, **more)
    return f"{head}# {escape_markdown(p.title)} {{#kb-top}}\n\n{p.body}\n"


class Lists:
    """Read once for all list pages."""

    def __init__(self, site: SiteContext, corpora: Sequence[Path], found: Coverage) -> None:
        self.site = site
        self.terms = Terms.load(corpora)
        self.posts = Posts.load(corpora, self.terms)
        self.coverage = {p.name: p for p in found.posts}
        self.skeletons: Mapping[str, Sequence[CardLine]] = {
            code: skeleton_lines(s) for code, s in load_skeletons(corpora).items()
        }
        self.drafter = Drafter(
            site.passages,
            self.posts,
            self.terms,
            Industries.load(corpora),
            site.as_of,
            self.skeletons,
        )
        self._rows: dict[str, VersionRow | None] = {}
        self._days: dict[str, str] = {}
        self._order = {doc: place for place, doc in enumerate(site.documents)}
        self.notes = [n for n in site.passages.notes() if self.status(n.ref) in DEFAULT_SEARCH]
        self.by_post = _by(self.notes, lambda n: n.posts)
        self.by_accident = _by(self.notes, lambda n: n.accidents)
        self.by_activity = _by(self.notes, lambda n: n.activities)
        known = load_requirements(corpora)
        self.requirements: Requirements = known
        self.notices = [n for n in known.notices if self.row(n) is not None]
        # a root of the user's may hold a catalog without these documents
        self.conflicts: dict[str, Conflict] = {
            i: c
            for i, c in load_conflicts(corpora).items()
            if all(self.row(full.partition("#")[0]) for full, _ in c.clauses)
        }
        self.drafts = {p.name: self.drafter.draft(p) for p in self.posts.posts.values() if p.cards}
        self.post_pages = {
            p.name: f"posts/{p.id}/"
            for p in self.posts.posts.values()
            if p.name in self.drafts and _rests_on_clauses(self.drafts[p.name])
        }
        self.accident_pages = {
            c: f"accidents/{c}/" for c in self.terms.accidents if self.by_accident.get(c)
        }
        self.activity_pages = {
            t.name: f"activities/{t.id}/"
            for t in self.terms.activities.values()
            if self.by_activity.get(t.name)
        }

    # --- versions -----------------------------------------------------------------------------

    def row(self, ref: str) -> VersionRow | None:
        """The version `doc@date`."""
        if ref not in self._rows:
            self._rows[ref] = self.site.passages.version(ref)
        return self._rows[ref]

    def known(self, ref: str) -> VersionRow:
        """The version, which is there."""
        row = self.row(ref)
        if row is None:
            raise KeyError(ref)
        return row

    def status(self, ref: str) -> Status | None:
        """On the build's date; None for a version that nothing knows."""
        row = self.row(ref)
        if row is None:
            return None
        return self.site.validity.on(row.document, row.version, self.site.as_of).status

    def badge(self, ref: str) -> str:
        """Status of a version on the build's date, with the days on which it changes."""
        row = self.known(ref)
        now = self.site.validity.on(row.document, row.version, self.site.as_of)
        if ref not in self._days:
            self._days[ref] = label_days(self.site.validity.spans(row.document, row.version))
        label = now.label or now.status.value
        return (
            f'<span class="kb-valid" data-s="{escape_attr(now.status.value)}" '
            f'data-kb-valid="{escape_attr(self._days[ref])}" data-kb-version="{escape_attr(ref)}">'
            f'<span class="kb-badge">{escape_html(label)}</span></span>'
        )

    def name(self, ref: str) -> str:
        """How lists call a version: GB 16423—2020《金属非金属矿山安全规程》, 《安全生产法》."""
        row = self.known(ref)
        document = row.document
        if document.kind is DocKind.STANDARD:
            number = (row.version.number or document.number or document.short).replace("-", "—")
            return f"{number}《{document.title}》"
        return f"《{document.short}》"

    def document_link(self, ref: str, page: str) -> str:
        """The version's name, leading to its page."""
        row = self.known(ref)
        folder = self.site.page_of.get(ref, f"docs/{row.document.id}/")
        return _link(relative(folder, page), self.name(ref)) + self.no_text(ref)

    def no_text(self, ref: str) -> str:
        """The mark of a version whose text is not here."""
        if ref in self.site.page_of:
            return ""
        return ' <span class="kb-tag">原文未收录</span>'

    # --- clauses ------------------------------------------------------------------------------

    def cite(self, full_id: str) -> str:
        """The full citation of `doc@date#unit`."""
        ref, _, unit = full_id.partition("#")
        row = self.known(ref)
        now = self.status(ref)
        plain = now is Status.IN_FORCE or row.document.kind is DocKind.NOTICE
        return cite(row.document, row.version, unit, in_force=plain)

    def label(self, full_id: str) -> str:
        """What people call the unit within its document."""
        ref, _, unit = full_id.partition("#")
        return unit_label(unit, self.known(ref).document.kind)

    def short_cite(self, full_id: str) -> str:
        """GB 16423—2020 5.2.3.2; 《安全生产法》第五十五条."""
        ref = full_id.partition("#")[0]
        row = self.known(ref)
        standard = row.document.kind is DocKind.STANDARD
        name = self.name(ref).partition("《")[0] + " " if standard else self.name(ref)
        return f"{name}{self.label(full_id)}".replace(" ", "\u00a0")  # stays on one line

    def clause_link(self, full_id: str, page: str, words: str, name: str = "") -> str:
        """A link to the unit; plain words with the mark where its text is not here."""
        ref = full_id.partition("#")[0]
        if ref not in self.site.page_of:
            return f"{escape_html(words)}{self.no_text(ref)}"
        return _link(self.site.href(full_id, page) or "./", words, name)

    def clauses(
        self, notes: Iterable[Note], page: str, *, prefix: str, level: int = 3
    ) -> tuple[str, list[tuple[int, str, str]]]:
        """Notes by card kind and document as HTML, and the headings for the contents."""
        kinds: dict[str, list[Note]] = {card: [] for card in (*CARDS, "")}
        for note in notes:
            for card in {x.card for x in note.lines} or {""}:
                kinds.setdefault(card, []).append(note)
        out, contents = [], []
        for card, found in kinds.items():
            if not found:
                continue
            title = CARD_NAMES.get(card, "没有上卡的行")
            anchor = f"{prefix}-{card or 'other'}"
            out.append(
                f'<h{level} id="{anchor}" class="kb-card-kind" data-kind="{card}">{title}'
                f" <small>{len(found)} 条</small></h{level}>"
            )
            out.append(self._documents(found, page))
            contents.append((1, title, anchor))
        return "\n".join(out), contents

    def _documents(self, notes: Sequence[Note], page: str) -> str:
        counts = Counter(n.ref for n in notes)
        refs = sorted(counts, key=lambda r: (-counts[r], self._order[r.partition("@")[0]], r))
        out, shown = [], 0
        for ref in refs:
            row = self.known(ref)
            items = "".join(self._clause(n, page) for n in notes if n.ref == ref)
            region = row.document.region
            where = f' <span class="kb-tag">{escape_html(region)}</span>' if region else ""
            is_open = " open" if shown + counts[ref] <= _OPEN or not shown else ""
            shown += counts[ref]
            out.append(
                f'<details class="kb-group"{is_open}><summary>'
                f"<b>{escape_html(self.name(ref))}</b> {self.badge(ref)}{where}"
                f'{self.no_text(ref)} <span class="kb-soft">{counts[ref]} 条</span></summary>'
                f'<ul class="kb-cl" role="list">{items}</ul></details>'
            )
        return "\n".join(out)

    def _clause(self, note: Note, page: str) -> str:
        name = self.cite(note.id)
        return (
            f'<li data-kb-id="{escape_attr(note.id)}" data-cite="{escape_attr(name)}">'
            f'<span class="kb-cl-no">{self.clause_link(note.id, page, self.label(note.id))}</span>'
            f'<span class="kb-cl-t">{escape_html(note.gist)}</span></li>'
        )

    # --- names --------------------------------------------------------------------------------

    def accident_name(self, code: str) -> str:
        """The name in the classification of 2025; two of our types that share it are told apart."""
        a = self.terms.accidents[code]
        alike = [x for x in self.terms.accidents.values() if x.name_2025 == a.name_2025]
        told = len(alike) > 1 and a.name_1986 != a.name_2025
        return f"{a.name_2025}（{a.name_1986}）" if told else a.name_2025

    def accident_link(self, code: str, page: str) -> str:
        """The name, leading to the accident's page where there is one."""
        return _maybe(self.accident_pages.get(code), page, self.accident_name(code))

    def activity_link(self, name: str, page: str) -> str:
        """The same for an activity."""
        return _maybe(self.activity_pages.get(name), page, name)

    def post_link(self, name: str, page: str) -> str:
        """The same for a post."""
        return _maybe(self.post_pages.get(name), page, name)

    def day_line(self) -> str:
        """Of which day the page is, and what it leaves out."""
        return (
            f'<p class="kb-asof" data-kb-built="{self.site.as_of.isoformat()}">'
            f"生成日 {chinese_date(self.site.as_of)}。只列当日现行、已修改、待核的条款；"
            "尚未施行、被代替、已废止的不列。"
            f"概括的话都是{NOT_OURS}，引用前请点开核对原文。</p>"
        )


def _rests_on_clauses(draft: Draft) -> bool:
    """Whether a post has anything to show but what holds for any accident."""
    return any(x.basis for lines in draft.cards.values() for x in lines)


def _by(notes: Iterable[Note], keys: Callable[[Note], Iterable[str]]) -> dict[str, list[Note]]:
    out: dict[str, list[Note]] = defaultdict(list)
    for note in notes:
        for key in dict.fromkeys(keys(note)):
            out[key].append(note)
    return out


def _link(href: str, words: str, name: str = "") -> str:
    label = f' aria-label="{escape_attr(name)}"' if name else ""
    return f'<a href="{escape_attr(href)}"{label}>{escape_html(words)}</a>'


def _maybe(folder: str | None, page: str, words: str) -> str:
    if folder is None or folder == page:
        return escape_html(words)
    return _link(relative(folder, page), words)


def chips(items: Iterable[str], kind: str = "") -> str:
    """Small boxes beside each other; items are HTML."""
    inner = "".join(f"<li>{x}</li>" for x in items)
    return f'<ul class="kb-chips{" kb-" + kind if kind else ""}" role="list">{inner}</ul>'


def select(name: str, words: str, options: Collection[str]) -> str:
    """One choice of a filter; '' where there is nothing to choose."""
    if len(options) < 2:
        return ""
    inner = "".join(f"<option>{escape_html(o)}</option>" for o in options)
    return (
        f'<label>{words} <select name="{name}"><option value="">全部</option>'
        f"{inner}</select></label>"
    )


def filter_form(target: str, unit: str, placeholder: str, *selects: str) -> str:
    """A filter that a script makes work; without scripts it is not shown.

    It hides elements with `data-w` inside `#target`: `q` looks in `data-w`, a select called `x`
    compares with the words of `data-x`, which are parted by `|`.
    """
    return (
        f'<form class="kb-filter kb-narrow" data-kb-narrow="{target}" data-unit="{unit}">'
        f'<label>查找 <input type="search" name="q" placeholder="{escape_attr(placeholder)}">'
        f"</label>{''.join(selects)}"
        '<output class="kb-count" aria-live="polite"></output></form>'
    )
