"""One clause as HTML: its paragraphs, items, tables, notes, with citations and errata marked.

The display text of the clause is the only text that is printed; children are spans of it
(`kb.offsets.parts_of`), so nothing can be shown twice or left out without being noticed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kb.escape import escape_attr, escape_html
from kb.model import UnitKind
from kb.offsets import Part, parts_of
from kb.sitegen.context import SiteContext
from kb.sitegen.defined import DefinedTerms
from kb.sitegen.tables import TableCell, table_cells, table_html
from kb.store import Edge, StoredUnit

__all__ = ["ClauseWriter", "text_lines"]

Errata = tuple[int, int, str, str, str]

_LIST_KINDS = (UnitKind.ITEM, UnitKind.POINT)


@dataclass(frozen=True, slots=True)
class _Mark:
    """A stretch of the clause's display that gets tags around it; `depth` orders nested marks."""

    start: int
    end: int
    edge: Edge | None = None
    erratum: Errata | None = None
    definition: str = ""


def text_lines(text: str) -> list[str]:
    """The non-empty lines of a display text."""
    return [line for line in text.split("\n") if line.strip()]


class ClauseWriter:
    """Writes the units of one version's page (`page` is its folder, for relative links)."""

    def __init__(self, site: SiteContext, ref: str, units: Sequence[StoredUnit]) -> None:
        self.site = site
        self.ref = ref
        self.page = site.page_of[ref]
        self.itself = {ref, ref.partition("@")[0]}
        self.terms = DefinedTerms(units)
        self.children: dict[str | None, list[StoredUnit]] = {}
        for u in units:
            self.children.setdefault(u.parent, []).append(u)
        self.edges: dict[str, list[Edge]] = {}
        for edge in site.passages.citations(ref):
            self.edges.setdefault(edge.unit, []).append(edge)

    def below(self, unit_id: str) -> Iterable[StoredUnit]:
        """All units under one, in document order."""
        for child in self.children.get(unit_id, ()):
            yield child
            yield from self.below(child.id)

    def body(self, unit: StoredUnit) -> str:
        """HTML of everything that a clause says, without its own number."""
        below = list(self.below(unit.id))
        parts = {p.id: p for p in parts_of(unit, below)}
        text = _Text(self, unit, parts, below)
        return text.unit(unit, top=True)

    @staticmethod
    def plain(unit: StoredUnit) -> str:
        """The words alone, a paragraph a line, without links (for lists on other pages)."""
        return "".join(f"<p>{escape_html(x)}</p>" for x in text_lines(unit.display))


class _Text:
    """The display text of one clause while it is being written."""

    def __init__(
        self,
        writer: ClauseWriter,
        clause: StoredUnit,
        parts: dict[str, Part],
        below: Sequence[StoredUnit],
    ) -> None:
        self.writer = writer
        self.clause = clause
        self.parts = parts
        self.shown_apart = {u.id: u for u in below if u.id not in parts}
        self.marks = self._marks([clause, *below])

    def _marks(self, units: Iterable[StoredUnit]) -> list[_Mark]:
        """Citations and errata in text order; where two overlap, the one that starts first wins."""
        found: dict[tuple[int, int], _Mark] = {}
        for edge in self.writer.edges.get(self.clause.id, ()):
            found[(edge.start, edge.end)] = _Mark(edge.start, edge.end, edge=edge)
        for u in units:
            part = self.parts.get(u.id)
            if part is None:
                continue
            for e in u.errata:
                at = (part.start + e[0], part.start + e[1])
                found[at] = _Mark(*at, erratum=e)
        out: list[_Mark] = []
        for mark in sorted(found.values(), key=lambda m: (m.start, -m.end)):
            if not out or mark.start >= out[-1].end:
                out.append(mark)
            elif mark.erratum is not None and out[-1].erratum is None:
                # a corrected word matters more than a link around it
                out[-1] = mark
        for start, end, definition in self.writer.terms.within(self.clause):
            if all(end <= m.start or m.end <= start for m in out):
                out.append(_Mark(start, end, definition=definition))
        return sorted(out, key=lambda m: m.start)

    def inline(self, start: int, end: int) -> str:
        """`display[start:end]` (no line break in it) with its links and errata."""
        display, at, out = self.clause.display, start, []
        for mark in self.marks:
            if mark.end <= start or mark.start >= end:
                continue
            a, b = max(mark.start, start), min(mark.end, end)
            out.append(escape_html(display[at:a]))
            if mark.edge is not None:
                out.append(self._link(mark.edge, display[a:b]))
            elif mark.erratum is not None:
                out.append(erratum_html(mark.erratum, display[a:b]))
            else:
                href = escape_html(f"#{mark.definition}")
                out.append(f'<a class="kb-d" href="{href}">{escape_html(display[a:b])}</a>')
            at = b
        out.append(escape_html(display[at:end]))
        return "".join(out)

    def _link(self, edge: Edge, words: str) -> str:
        site, page = self.writer.site, self.writer.page
        if all(t in self.writer.itself for t in edge.targets) and edge.targets:
            # 本法, or this document's own title: a link to the page one is on only distracts
            return escape_html(words)
        hrefs = [h for h in (site.href(t, page) for t in edge.targets) if h is not None]
        if not hrefs:
            return self._unresolved(edge, words)
        more = f' data-t="{escape_attr(" ".join(hrefs))}"' if len(hrefs) > 1 else ""
        edition = edge.details.get("版本", "")
        if edition:
            more += f' data-d="{escape_attr(edition)}"'
        return f'<a class="kb-c" href="{escape_html(hrefs[0])}"{more}>{escape_html(words)}</a>'

    def _unresolved(self, edge: Edge, words: str) -> str:
        """Dotted, with the reason; it leads to the document where at least that is certain."""
        more = edge.details.get("说明", "")
        why = f"未能确定所指：{edge.reason or '本站没有这份文件'}" + (f"（{more}）" if more else "")
        known = edge.details.get("文件", "")
        href = None
        if known.partition("@")[0] in self.writer.site.documents:
            href = self.writer.site.href(known.partition("#")[0], self.writer.page)
        attributes = f'class="kb-un" title="{escape_attr(why)}"'
        if href is None:
            return f'<span {attributes} tabindex="0">{escape_html(words)}</span>'
        return f'<a {attributes} href="{escape_html(href)}">{escape_html(words)}</a>'

    def _spans(self, start: int, end: int) -> Iterable[tuple[int, int]]:
        """The non-empty lines between two positions, without white space at their ends."""
        display, at = self.clause.display, start
        for line in display[start:end].split("\n"):
            a = at + len(line) - len(line.lstrip())
            b = at + len(line.rstrip())
            at += len(line) + 1
            if a < b:
                yield a, b

    def _own_label(self, end: int, u: StoredUnit, floor: int) -> int:
        """Where the label (a table's: with its title) of `u` begins, right before `end`."""
        labels = [u.label]
        if u.kind is UnitKind.TABLE:
            labels = [f"{u.label} {u.heading}".strip(), f"{u.label}{u.heading}", u.heading, u.label]
        before = self.clause.display[floor:end].rstrip()
        for words in labels:
            if words and before.endswith(words):
                return floor + len(before) - len(words)
        return end

    def unit(self, u: StoredUnit, *, top: bool = False) -> str:
        """A unit with all that is under it; `top`: its id stands on the element around it."""
        if u.kind is UnitKind.TABLE:
            return self._table(u, top=top)
        part = self.parts[u.id]
        children = self.writer.children.get(u.id, ())
        plain = [(a, b) for a, b in self._spans(part.start, part.end)]
        anchor = "" if top else " " + self._anchor(u)
        if not children and len(plain) == 1 and u.kind not in _LIST_KINDS:
            return f"<p{anchor}>{self.inline(*plain[0])}{self._pin(u, top)}</p>"
        out: list[str] = []
        items: list[str] = []
        at = part.start

        def flush() -> None:
            if items:
                out.append('<ul class="kb-items" role="list">' + "\n".join(items) + "</ul>")
                items.clear()

        for child in children:
            place = self.parts.get(child.id)
            if place is not None:
                stop = self._own_label(place.start, child, at)
                lead = [f"<p>{self.inline(a, b)}</p>" for a, b in self._spans(at, stop)]
                if lead:
                    flush()
                    out += lead
                at = place.end
            if child.kind in _LIST_KINDS and place is not None:
                items.append(self._item(child))
                continue
            flush()
            out.append(self._block(child))
        rest = [f"<p>{self.inline(a, b)}</p>" for a, b in self._spans(at, part.end)]
        flush()
        out += rest
        inner = "\n".join(out)
        return inner if top else f'<div class="kb-p"{anchor}>{inner}</div>'

    def _anchor(self, u: StoredUnit) -> str:
        """Permanent anchor of a part, and what follows the clause's name when it is cited."""
        name = self.writer.site.part_name(self.writer.ref, self.clause.id, u.id)
        return f'id="{escape_html(u.id)}" data-n="{escape_attr(name)}"'

    def _pin(self, u: StoredUnit, top: bool) -> str:
        """Permanent link of a 款 that is one of several."""
        if top or u.kind is not UnitKind.PARAGRAPH:
            return ""
        name = self.writer.site.unit_name(self.writer.ref, u.id)
        return (
            f'<a class="kb-pin" href="#{escape_html(u.id)}" '
            f'aria-label="{escape_attr(name)} 本款链接">¶</a>'
        )

    def _item(self, u: StoredUnit) -> str:
        part = self.parts[u.id]
        label = (
            f'<a class="kb-l" href="#{escape_html(u.id)}">{escape_html(u.label)}</a>'
            if u.label
            else ""
        )
        if self.writer.children.get(u.id):
            inner = f'<div class="kb-t">{self.unit(u, top=True)}</div>'
        else:
            lines = [self.inline(a, b) for a, b in self._spans(part.start, part.end)]
            inner = f'<div class="kb-t">{"<br>".join(lines)}</div>'
        return f"<li {self._anchor(u)}>{label}{inner}</li>"

    def _block(self, u: StoredUnit) -> str:
        if u.kind is UnitKind.TABLE:
            return self._table(u)
        if u.id not in self.parts:
            # a unit whose words do not stand in the clause's text: shown whole, never dropped
            lines = "".join(f"<p>{escape_html(x)}</p>" for x in text_lines(u.display))
            label = f"<p><b>{escape_html(u.label)}</b></p>" if u.label else ""
            return f'<div class="kb-p" {self._anchor(u)}>{label}{lines}</div>'
        if u.kind is UnitKind.NOTE:
            return (
                f'<div class="kb-note" {self._anchor(u)}>'
                f'<span class="kb-nl">{escape_html(u.label or "注：")}</span>'
                f'<div class="kb-t">{self.unit(u, top=True)}</div></div>'
            )
        if u.kind is UnitKind.PARAGRAPH and not u.label:
            return self.unit(u)
        label = f'<span class="kb-nl">{escape_html(u.label)}</span>' if u.label else ""
        title = f"<b>{escape_html(u.heading)}</b>" if u.heading else ""
        return f'<div class="kb-p" {self._anchor(u)}>{label}{title}{self.unit(u, top=True)}</div>'

    def _table(self, u: StoredUnit, *, top: bool = False) -> str:
        rows, others = table_cells(u)
        part = self.parts.get(u.id)

        def html(cell: TableCell) -> str:
            if part is None or cell.start < 0 or "\n" in cell.text:
                return "<br>".join(escape_html(x) for x in cell.text.split("\n"))
            return self.inline(part.start + cell.start, part.start + cell.end)

        def words(line: tuple[int, int]) -> str:
            if part is None:
                return escape_html(u.display[line[0] : line[1]])
            return self.inline(part.start + line[0], part.start + line[1])

        first = rows[0][0].start if rows else 0
        above = [words(x) for x in others if x[1] <= first]
        below = [f"<p>{words(x)}</p>" for x in others if x[1] > first]
        title = " ".join(x for x in (u.label, u.heading) if x)
        caption = "　".join(x for x in (escape_html(title), *above) if x)
        name = self.writer.site.unit_name(self.writer.ref, u.id)
        return table_html(
            caption,
            rows,
            u.header_rows,
            html,
            anchor="" if top else self._anchor(u),
            name=f"{name}（可左右滚动）",
        ) + "".join(below)


def erratum_html(erratum: Errata, words: str) -> str:
    """A corrected or doubtful stretch; `words` is what the loaded text has.

    A confirmed erratum shows the right words and says what was read; any other shows the loaded
    words and says what is suspected, because a figure is never replaced by a guess.
    """
    _, _, old, new, status = erratum
    if status == "confirmed":
        note = f"勘误：收录文本作“{old}”"
        return (
            f'<ins class="kb-err" title="{escape_attr(note)}">{escape_html(new)}</ins>'
            f'<small class="kb-errn">〔{escape_html(note)}〕</small>'
        )
    note = f"勘误：疑有误，疑为“{new}”，没有核对原件"
    return (
        f'<mark class="kb-err" title="{escape_attr(note)}">{escape_html(words)}</mark>'
        f'<small class="kb-errn">〔{escape_html(note)}〕</small>'
    )
