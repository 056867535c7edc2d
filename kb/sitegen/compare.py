"""Two wordings of one document side by side: which clause became which, and what changed inside.

`docs/<doc>/compare/<old>_<new>/`, one page for each pair of neighbouring wordings that are loaded.
The pairs are found by text (`kb.sitegen.align`); the page says so, because a reader must not take
them for the legislator's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from kb.escape import escape_attr, escape_html, escape_markdown
from kb.model import TextState, UnitKind
from kb.sitegen.align import Clause, Pair, Piece, align, diff_words
from kb.sitegen.context import SiteContext, relative
from kb.sitegen.facts import chinese_date
from kb.sitegen.page_parts import contents_html, front_matter, nested_contents
from kb.store import StoredUnit
from kb.tokenizer import Tokenizer

__all__ = ["compare_page", "comparisons"]

_WORDS = {"new": "新增", "gone": "删去", "changed": "修改", "moved": "移动", "same": "未变"}
_ORDER = ("changed", "new", "gone", "moved", "same")
_CHAPTERS = (UnitKind.PART, UnitKind.CHAPTER, UnitKind.ANNEX)


def comparisons(site: SiteContext, doc: str) -> list[tuple[str, str, str]]:
    """(older ref, newer ref, page folder) of each pair of neighbouring wordings of a document."""
    rows = sorted(site.loaded.get(doc, ()), key=lambda r: r.version.version)
    return [
        (a.ref, b.ref, f"docs/{doc}/compare/{a.version.version}_{b.version.version}/")
        for a, b in pairwise(rows)
    ]


def compare_page(site: SiteContext, old: str, new: str, page: str) -> str:
    """Markdown of the page of one pair."""
    return _Comparison(site, old, new, page).markdown()


def _cut(text: str) -> list[str]:
    """Words and what stands between them, a sign each; they join to the text."""
    out: list[str] = []
    at = 0
    for span in Tokenizer.load().spans(text):
        out += text[at : span.start]
        out.append(text[span.start : span.end])
        at = span.end
    return [x for x in (*out, *text[at:]) if x]


class _Comparison:
    def __init__(self, site: SiteContext, old: str, new: str, page: str) -> None:
        self.site, self.page = site, page
        self.refs = (old, new)
        self.units = [[u for u in site.passages.units(ref) if u.hit] for ref in self.refs]
        self.texts = [[_text(u) for u in units] for units in self.units]
        sides = [
            [Clause(u.id, t) for u, t in zip(units, texts, strict=True)]
            for units, texts in zip(self.units, self.texts, strict=True)
        ]
        self.pairs = align(*sides)
        self.chapter_of = _chapters(site.passages.units(new))

    def markdown(self) -> str:
        document = self.site.document(self.refs[0])
        title = f"{document.title}：版本对照"
        rows, contents = self._rows()
        days = [chinese_date(ref.partition("@")[2]) for ref in self.refs]
        head = [
            front_matter(
                title,
                f"{document.title}：{days[0]}与{days[1]}两个版本逐条对照",
                kb_toc=nested_contents(contents),
            ),
            f"# {escape_markdown(title)} {{#kb-top}}\n",
            '<div class="kb-head">',
            self._sides(),
            self._partial(),
            self._counts(),
            '<p class="kb-legend"><ins>增加的字</ins>　<del>删去的字</del>　'
            "各条按字句相近程度对应，不看条号；对应由程序得出，以两个版本的原文为准。</p>",
            contents_html(contents),
            "</div>\n",
        ]
        body = '<div class="kb-cmp" data-kb-compare>\n' + "\n".join(rows) + "\n</div>\n"
        return "\n".join(x for x in head if x) + "\n" + body

    def _sides(self) -> str:
        """Both wordings with their status on the day of the build."""
        out: list[str] = []
        for words, ref in zip(("旧版本", "新版本"), self.refs, strict=True):
            version = self.site.version(ref)
            span = self.site.validity.on(self.site.document(ref), version, self.site.as_of)
            href = escape_attr(relative(self.site.page_of[ref], self.page))
            start = f"{chinese_date(version.in_force)}施行" if version.in_force else "施行日期待核"
            out.append(
                f'<p>{words}：<a href="{href}">{chinese_date(version.version)}通过，{start}</a> '
                f'<span class="kb-tag" data-s="{escape_attr(span.status.value)}">'
                f"{escape_html(span.label)}</span>"
                f"　{len(self.units[len(out)])} 条</p>"
            )
        return "".join(out)

    def _partial(self) -> str:
        if all(self.site.version(r).text is TextState.FULL for r in self.refs):
            return ""
        return (
            '<p class="kb-warn">有一个版本的正文不全，“新增”“删去”可能只是没有收录，'
            "请对照官方文本。</p>"
        )

    def _counts(self) -> str:
        counts = Counter(p.change for p in self.pairs)
        items = "".join(
            f'<li data-change="{key}"><b>{counts[key]}</b> 条'
            f'<span class="kb-change">{_WORDS[key]}</span></li>'
            for key in _ORDER
            if counts[key]
        )
        return f'<ul class="kb-sum">{items}</ul>'

    def _rows(self) -> tuple[list[str], list[tuple[int, str, str]]]:
        rows: list[str] = []
        contents: list[tuple[int, str, str]] = []
        chapter = ""
        for pair in self.pairs:
            if pair.new is not None:
                at = self.chapter_of.get(self.units[1][pair.new].id)
                if at is not None and at.id != chapter:
                    chapter = at.id
                    title = " ".join(f"{at.label} {at.heading}".split())
                    contents.append((0, title, chapter))
                    rows.append(f'<h2 id="{escape_attr(chapter)}">{escape_html(title)}</h2>')
            rows.append(self._row(pair))
        return rows, contents

    def _row(self, pair: Pair) -> str:
        anchor = (
            self.units[1][pair.new].id
            if pair.new is not None
            else f"old-{self.units[0][pair.old or 0].id}"
        )
        tag = f'<span class="kb-change">{_WORDS[pair.change]}</span>'
        if pair.change == "moved" and not pair.equal:
            tag += '<span class="kb-change">有修改</span>'
        head, body = self._names(pair), self._body(pair)
        if pair.change == "same":
            inner = f'<details class="kb-same"><summary>{head} {tag}</summary>{body}</details>'
        else:
            inner = f"<h3>{head} {tag}</h3>{self._near(pair)}{body}"
        return (
            f'<section class="kb-pair" id="{escape_attr(anchor)}" '
            f'data-change="{pair.change}">{inner}</section>'
        )

    def _names(self, pair: Pair) -> str:
        """原第十条 → 第七条, each leading to its text."""
        links = [
            self._link(side, k, "原" if side == 0 else "")
            for side, k in enumerate((pair.old, pair.new))
            if k is not None
        ]
        return "<span>" + " → ".join(links) + "</span>"

    def _link(self, side: int, k: int, before: str = "") -> str:
        ref, unit = self.refs[side], self.units[side][k]
        href = relative(f"{self.site.page_of[ref]}#{unit.id}", self.page)
        name = self.site.unit_name(ref, unit.id)
        return f'<a href="{escape_attr(href)}">{before}{escape_html(name)}</a>'

    def _near(self, pair: Pair) -> str:
        """Where most of the words of a clause without a partner stand on the other side."""
        if not pair.near:
            return ""
        side = 0 if pair.old is None else 1
        names = "、".join(self._link(side, k, "原" if side == 0 else "") for k in pair.near)
        return f'<p class="kb-near-by">字句大半也见于{names}</p>'

    def _body(self, pair: Pair) -> str:
        if pair.old is None or pair.new is None:
            kind = "ins" if pair.old is None else "del"
            text = self.texts[1][pair.new] if pair.new is not None else self.texts[0][pair.old or 0]
            return _html([Piece(kind, text)])
        if pair.equal:
            return _html([Piece("same", self.texts[1][pair.new])])
        return _html(diff_words(self.texts[0][pair.old], self.texts[1][pair.new], _cut))


def _html(pieces: Sequence[Piece]) -> str:
    """Pieces as paragraphs; a mark never spans two of them."""
    out = [""]
    for piece in pieces:
        for number, line in enumerate(piece.text.split("\n")):
            if number:
                out.append("")
            if line:
                words = escape_html(line)
                tag = piece.kind
                out[-1] += words if tag == "same" else f"<{tag}>{words}</{tag}>"
    return "".join(f"<p>{x}</p>" for x in out if x)


def _text(u: StoredUnit) -> str:
    """What a clause says with its title, which some texts put before the words."""
    if u.heading and not u.display.startswith(u.heading):
        return f"{u.heading}\n{u.display}"
    return u.display


def _chapters(units: Sequence[StoredUnit]) -> dict[str, StoredUnit]:
    """Hit → the 章 or annex that it stands in."""
    by_id = {u.id: u for u in units}
    out: dict[str, StoredUnit] = {}
    for u in units:
        at = by_id.get(u.parent or "")
        found = None
        while u.hit and at is not None:
            found = at if at.kind in _CHAPTERS else found
            at = by_id.get(at.parent or "")
        if found is not None:
            out[u.id] = found
    return out
