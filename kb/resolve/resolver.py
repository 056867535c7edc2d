"""Citations with their place → ids of clauses, or a reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from kb.ids import format_ref
from kb.model import Citation, CiteForm, DocKind, Resolution, Tree, Unit, UnitKind
from kb.resolve.amended import AmendedLaw
from kb.resolve.amending import AmendingText
from kb.resolve.context import Context
from kb.resolve.editions import CatalogLike, Editions, Trees
from kb.resolve.locate import (
    ancestor,
    annex_part,
    between,
    find_path,
    item_of_named,
    neighbours,
    own_part,
    own_unit,
)
from kb.resolve.reasons import Reason, Unresolved
from kb.resolve.target import EDITION, TextState

__all__ = ["Resolver"]

_RELATIVE = re.compile(
    r"(?P<key>art|p|i|y|ch|s|part|cl|doc)(?:(?P<own>0)|-(?P<back>\d+)|(?P<all>\*)|(?P<that>~)|(?P<any>\?))"
    r"(?:\.(?P<rest>.+))?\Z"
)
"""A relative form: art0.p2, p-1.i3, p*, p?.i3, doc~.art-10, art0.p-2."""


_AFTER_ANNEX = re.compile(r"附(?:录|件|表)(?:的|中的?)?\s*\Z")
"""What stands before 第一条 that is a part of the annex: 附录第一条."""

_NAMED_LIST = re.compile(r"(?P<name>[\u4e00-\u9fff]{6,30})(?<!规定)(?<![所列称指])的\Z")
"""What stands before 第一项 that is an item of a list called so: …劳动范围的第一项, not …规定的."""


class Resolver:
    """Resolves the citations of a text against the catalog and the loaded trees."""

    def __init__(self, catalog: CatalogLike, trees: Trees) -> None:
        self.editions = Editions(catalog, trees)
        self.names = self.editions.names()

    def resolve(self, citation: Citation, context: Context) -> Resolution:
        """One citation without what stands around it: 该法 or a bare 第三项 stay unresolved where
        only the words before could tell."""
        return self.resolve_all("", [citation], context)[0]

    def resolve_all(
        self,
        text: str,
        citations: Sequence[Citation],
        context: Context,
        locate: Callable[[int], str] | None = None,
    ) -> list[Resolution]:
        """Resolve all citations of one text, in order.

        `locate` gives the unit id at a position of `text`; without it all stand in `context.unit`.
        Each resolution has targets (`doc@version#clause`; `doc` alone for a whole document) or a
        reason from `Reason`, never both.
        """
        state = TextState(text)
        amending = AmendingText(text, citations) if context.amends else None
        out: list[Resolution] = []
        for place, citation in enumerate(citations):
            here = context.within(locate(citation.start)) if locate else context
            try:
                targets, details = _One(
                    self.editions, citation, here, state, amending, place
                ).targets()
                resolution = Resolution(citation, targets, "", details)
            except Unresolved as no:
                resolution = Resolution(citation, (), no.reason.value, no.details)
                if citation.names_part:  # 该条 after it means this one, not an earlier one
                    state.past.tree, state.past.article = None, ""
            out.append(resolution)
        return out


class _One(AmendedLaw):
    """One citation on its way to its targets."""

    def targets(self) -> tuple[tuple[str, ...], dict[str, str]]:
        """Targets and details.

        Raises:
            Unresolved: there is no certain target.
        """
        c = self.c
        if c.relative:
            found = self._relative()
        elif c.form in (CiteForm.TITLE, CiteForm.NUMBER, CiteForm.DOCNO):
            found = self._named()
        elif c.form is CiteForm.THIS:
            found = self._this()
        elif c.form is CiteForm.ARTICLE:
            found = self._bare()
        else:
            found = self._own(c.articles)
        return found, self.details

    # --- documents -------------------------------------------------------------------------------

    def _named(self) -> tuple[str, ...]:
        c, ctx = self.c, self.ctx
        if ctx.amends and not c.number and _same_title(c.title, ctx.amends):
            return self._amended_law(c.articles)
        if c.articles:  # whatever becomes of it, the sentence has named another document
            self.past.foreign, self.past.end = True, c.end
            self.past.tree, self.past.document = None, None
        document = self.editions.find(c.title, c.number, ctx.aliases)
        # an order that issued one wording names that wording, whatever the day
        ordered = self.editions.ordered(document, c.title, c.number, ctx.aliases)
        mine = ctx.document is not None and document.id == ctx.document.id and not c.year
        if mine and (ordered is None or ordered.version == ctx.version):
            return self._own(c.articles)
        self.past.document = document
        # the year of a standard's number is part of its name
        year = "" if c.number and document.kind is DocKind.STANDARD else c.year
        if not c.articles:
            if year and not c.number:
                dated = self.editions.edition(document, ctx.on, ctx.in_force, year=year)
                return (format_ref(document.id, dated.version),)
            self._whole(document, ordered)
            return (document.id,)
        if ordered:
            edition = self.editions.exactly(document, ordered)
        else:
            edition = self.editions.edition(
                document, ctx.on, ctx.in_force, year=year, paths=c.articles
            )
        self.past.edition = edition
        return self._in_edition(document, edition, c.articles, foreign=True)

    def _this(self) -> tuple[str, ...]:
        """本法, 本条例 …: this version; in an amending act the law that it amends."""
        ctx, c = self.ctx, self.c
        if ctx.document is None:
            raise Unresolved(Reason.UNCLEAR, 说明="文本不属于任何文件")
        if ctx.amends and not c.raw.startswith(("本决定", "本修正案")):
            return self._amended_law(c.articles)
        if c.quoted and self.past.foreign and self.past.document:
            return self._foreign_again()
        # 本决定第三条 is 三、 where the decision numbers so
        return self._own([self._item_for(p) for p in c.articles])

    def _item_for(self, path: str) -> str:
        head, dot, rest = path.partition(".")
        item = head.replace("art-", "item-", 1)
        by_id = self.ctx.tree.by_id
        return f"{item}{dot}{rest}" if head not in by_id and item in by_id else path

    def _foreign_again(self) -> tuple[str, ...]:
        """本法 or 第十条 in words quoted from the document named before."""
        past, ctx = self.past, self.ctx
        assert past.document is not None
        if not self.c.articles:
            return (past.document.id,)
        edition = self.editions.edition(past.document, ctx.on, ctx.in_force, paths=self.c.articles)
        return self._in_edition(past.document, edition, self.c.articles, foreign=True)

    def _own(self, paths: Sequence[str]) -> tuple[str, ...]:
        ctx = self.ctx
        if ctx.document is None:
            raise Unresolved(Reason.UNCLEAR, 说明="文本不属于任何文件")
        if not paths:
            return (ctx.document.id,)
        ids = self._paths(ctx.tree, paths, ctx.unit)
        self._remember(ctx.tree, ids, (ctx.document.id, ctx.version))
        return self._own_ids(ids)

    def _own_ids(self, ids: Iterable[str]) -> tuple[str, ...]:
        assert self.ctx.document is not None
        return tuple(format_ref(self.ctx.document.id, self.ctx.version, i) for i in ids)

    def _bare(self) -> tuple[str, ...]:
        """第十条 without a document: of this one, unless another named in the same sentence could
        be meant as well."""
        c, past = self.c, self.past
        if self._after_annex():
            return self._of_annex()
        if self.ctx.amends:
            return self._amended_law(c.articles)
        if c.quoted:
            if past.foreign and past.document:
                return self._foreign_again()
            raise Unresolved(Reason.UNCLEAR, 说明="引文里的条款属于被引的文件")
        if not (past.foreign and self._same_sentence()):
            return self._own(c.articles)
        own = self._try(self.ctx.tree, c.articles, self.ctx.unit)
        other = self._try(past.tree, c.articles) if past.tree else ()
        if bool(own) == bool(other) or (own and past.tree is None):
            raise Unresolved(Reason.UNCLEAR, 说明="同一句里引用了另一份文件")
        return self._foreign_again() if other else self._own(c.articles)

    def _after_annex(self) -> bool:
        """Directly after 附录 (附录第一条), or next in a list that begins so (、第二条)."""
        before = self.text[: self.c.start]
        annex = bool(_AFTER_ANNEX.search(before[-8:])) or (self.c.listed and self.past.annex)
        self.past.annex = annex and all(a.startswith("art-") for a in self.c.articles)
        return self.past.annex

    def _of_annex(self) -> tuple[str, ...]:
        """Parts of the annex of this document, never articles of its main text."""
        c, ctx = self.c, self.ctx
        before = self.text[: c.start].rstrip()
        foreign = _AFTER_ANNEX.sub("", before[-8:]).endswith(("》", "）", ")"))
        if ctx.document is None or ctx.amends or c.quoted or (foreign and not c.listed):
            raise Unresolved(Reason.UNCLEAR, 说明="哪份文件的附件不明")
        found = [annex_part(ctx.tree, path) for path in c.articles]
        ids = between(ctx.tree, *found) if c.through and len(found) == 2 else tuple(found)
        self._remember(ctx.tree, ids, (ctx.document.id, ctx.version))
        return self._own_ids(ids)

    def _same_sentence(self) -> bool:
        between_ = self.text[self.past.end : self.c.start] if self.past.end >= 0 else "。"
        return "。" not in between_ and "\n" not in between_

    # --- relative to the place -------------------------------------------------------------------

    def _relative(self) -> tuple[str, ...]:
        m = _RELATIVE.match(self.c.relative)
        if m is None:
            raise Unresolved(Reason.UNCLEAR)
        key, rest = m["key"], m["rest"] or ""
        back = int(m["back"] or 0)
        if m["that"]:
            return self._that(key, rest)
        if self.ctx.amends and (self.c.quoted or key in ("art", "p")):
            return self._amended_relative(m)
        if self.c.quoted:
            raise Unresolved(Reason.UNCLEAR, 说明="引文里的款项属于被引的文件")
        if self.ctx.document is None or not self.ctx.unit:
            raise Unresolved(Reason.UNCLEAR, 说明="所在条款不明")
        if m["any"]:
            return self._some_item(rest)
        tree = self.ctx.tree
        if m["own"] and key == "art" and (few := re.fullmatch(r"p-(\d)(?:\.(.+))?", rest)):
            # 本条前款, 本条前两款: the first two where that is the same as the last two
            count = int(few[1])
            units = self._before("p", count)
            if count > 1 and neighbours(tree, units[0])[0].id != units[0].id:
                raise Unresolved(Reason.UNCLEAR, 说明="可指最前几款，也可指相邻几款")
            return self._finish([u.id for u in units], few[2] or "")
        if rest.startswith("art-"):  # 本节第一百四十条: 条 are numbered through the whole law
            return self._own([rest, self.c.until.partition(".")[2]] if self.c.until else [rest])
        if m["own"] and key == "part":
            base = [own_part(tree, self.ctx.unit)]
        elif m["own"]:
            base = [own_unit(tree, self.ctx.unit, key).id]
        else:
            base = [u.id for u in self._before(key, back, every=bool(m["all"]))]
        return self._finish(base, rest)

    def _finish(self, base: list[str], rest: str) -> tuple[str, ...]:
        tree = self.ctx.tree
        paths = [f"{b}.{rest}" if rest else b for b in base]
        if self.c.until:
            tail = self.c.until[self.c.until.index(".") + 1 :]
            ids = self._paths(tree, [paths[0], f"{base[0]}.{tail}"], self.ctx.unit)
        else:
            ids = tuple(find_path(tree, p, self.ctx.unit) for p in paths)
        assert self.ctx.document is not None
        self._remember(tree, ids, (self.ctx.document.id, self.ctx.version))
        return self._own_ids(ids)

    def _before(self, key: str, back: int, *, every: bool = False) -> list[Unit]:
        """The `back` units of this kind before the own one, in order."""
        tree = self.ctx.tree
        own = own_unit(tree, self.ctx.unit, key)
        series = neighbours(tree, own)
        at = next(i for i, u in enumerate(series) if u.id == own.id)
        first = 0 if every else at - back
        if first < 0 or first == at:
            raise Unresolved(Reason.UNCLEAR, 说明="前面没有这么多")
        return series[first:at]

    def _that(self, key: str, rest: str) -> tuple[str, ...]:
        """该法, 该条, 该款: what was named last."""
        past = self.past
        if key == "doc":
            if past.document is None:
                raise Unresolved(Reason.UNCLEAR, 说明="前文没有提到哪一部")
            edition = self.editions.edition(past.document, self.ctx.on, self.ctx.in_force)
            return self._in_edition(past.document, edition, [rest], foreign=True)
        if self.ctx.amends and key == "art" and self.spot and self.spot.article:
            return self._amended_law([f"{self.spot.article}.{rest}" if rest else self.spot.article])
        if past.tree is None or not past.article:
            raise Unresolved(Reason.UNCLEAR, 说明="前文没有提到哪一条")
        kind = UnitKind.PARAGRAPH if key == "p" else UnitKind.ARTICLE
        unit = ancestor(past.tree, past.article, kind)
        if unit is None:
            raise Unresolved(Reason.UNCLEAR, 说明="前文没有提到哪一款")
        found = find_path(past.tree, f"{unit.id}.{rest}" if rest else unit.id)
        if past.note:
            self.details[EDITION] = past.note
        return (format_ref(*past.ref, found),)

    def _some_item(self, rest: str) -> tuple[str, ...]:
        """A bare 第三项: of this 款, or of the one named before; if both have it, unclear."""
        tree, ctx = self.ctx.tree, self.ctx
        assert ctx.document is not None
        own_ref = (ctx.document.id, ctx.version)
        found: dict[tuple[tuple[str, str], str], Tree] = {}
        if named := _NAMED_LIST.search(self.text[: self.c.start]):
            rests = [rest, *filter(None, [self.c.until.partition(".")[2]])]
            listed = [item_of_named(tree, ctx.unit, named["name"], r) for r in rests]
            items = between(tree, *listed) if len(listed) == 2 else tuple(listed)
            self._remember(tree, items, own_ref)
            return self._own_ids(items)
        own = ancestor(tree, ctx.unit, UnitKind.PARAGRAPH)
        places: list[tuple[tuple[str, str], Tree, str]] = []
        if own and not self.c.listed:  # the next of a list is where the one before is
            places.append((own_ref, tree, own.id))
        if self.past.tree and self.past.article and self._same_paragraph():
            places.append((self.past.ref, self.past.tree, self.past.article))
        for ref, where, base in places:
            if one := self._try(where, [f"{base}.{rest}"]):
                found[ref, one[0]] = where
        if len(found) != 1:
            raise Unresolved(Reason.UNCLEAR, 说明="没有说明是哪一款")
        (ref, first), where = next(iter(found.items()))
        ids: tuple[str, ...] = (first,)
        if self.c.until:
            stem = first[: len(first) - len(rest)]
            ids = self._paths(where, [first, stem + self.c.until.partition(".")[2]])
        self._remember(where, ids, ref, foreign=ref != own_ref)
        return tuple(format_ref(*ref, i) for i in ids)

    def _same_paragraph(self) -> bool:
        return self.past.end < 0 or "\n" not in self.text[self.past.end : self.c.start]


def _same_title(a: str, b: str) -> bool:
    return a.removeprefix("中华人民共和国") == b.removeprefix("中华人民共和国")
