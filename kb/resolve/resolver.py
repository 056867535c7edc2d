"""Citations with their place → ids of clauses, or a reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from kb.ids import format_ref
from kb.model import Citation, CiteForm, Document, Resolution, Tree, Unit, UnitKind
from kb.resolve.amending import AmendingText
from kb.resolve.context import Context
from kb.resolve.editions import CatalogLike, Edition, Editions, Trees
from kb.resolve.locate import ancestor, between, find_path, neighbours, own_part, own_unit
from kb.resolve.reasons import Reason, Unresolved

__all__ = ["Resolver"]

_RELATIVE = re.compile(
    r"(?P<key>art|p|i|y|ch|s|part|cl|doc)(?:(?P<own>0)|-(?P<back>\d+)|(?P<all>\*)|(?P<that>~)|(?P<any>\?))"
    r"(?:\.(?P<rest>.+))?\Z"
)
"""A relative form: art0.p2, p-1.i3, p*, p?.i3, doc~.art-10, art0.p-2."""

_EDITION = "版本"
_ENOUGH = 8  # letters of a quotation that identify a clause


@dataclass(slots=True)
class _Past:
    """What the citations before in the same text named, for 该法, 该条 and bare 第三项."""

    document: Document | None = None
    edition: Edition | None = None
    article: str = ""  # full path of the article or 款 named last, in `tree`
    tree: Tree | None = None
    ref: tuple[str, str] = ("", "")
    note: str = ""
    foreign: bool = False
    end: int = -1


@dataclass(slots=True)
class _Text:
    """The text that spans index, as far as it is known."""

    text: str = ""
    past: _Past = field(default_factory=_Past)


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
        state = _Text(text)
        amending = AmendingText(text, citations) if context.amends else None
        out: list[Resolution] = []
        for place, citation in enumerate(citations):
            here = context.within(locate(citation.start)) if locate else context
            try:
                targets, details = _One(self, citation, here, state, amending, place).targets()
                resolution = Resolution(citation, targets, "", details)
            except Unresolved as no:
                resolution = Resolution(citation, (), no.reason.value, no.details)
                if citation.names_part:  # 该条 after it means this one, not an earlier one
                    state.past.tree, state.past.article = None, ""
            out.append(resolution)
        return out


class _One:
    """One citation on its way to its targets."""

    def __init__(
        self,
        resolver: Resolver,
        citation: Citation,
        context: Context,
        state: _Text,
        amending: AmendingText | None,
        place: int,
    ) -> None:
        self.editions = resolver.editions
        self.c = citation
        self.ctx = context
        self.text = state.text
        self.past = state.past
        self.spot = amending.spot(place) if amending else None
        self.details: dict[str, str] = {}
        self.anchored = False  # the 款 cited were found by the words around the citation

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
        document = self.editions.find(c.title, c.number, ctx.aliases)
        if ctx.document and document.id == ctx.document.id and not c.year:
            return self._own(c.articles)
        self.past.document = document
        if not c.articles:
            self._whole(document)
            return (document.id,)
        self.past.foreign, self.past.end, self.past.tree = True, c.end, None
        edition = self.editions.edition(
            document, ctx.on, ctx.in_force, year=c.year, paths=c.articles
        )
        self.past.edition = edition
        return self._in_edition(document, edition, c.articles, foreign=True)

    def _whole(self, document: Document) -> None:
        """A whole document needs no text; the edition of the day goes into the details."""
        if self.ctx.on is None or len(document.versions) == 0:
            return
        then = self.editions.at(document, self.ctx.on, self.ctx.in_force)
        self.details[_EDITION] = then.version if then else "引用时有效的版本未收录"

    def _in_edition(
        self, document: Document, edition: Edition, paths: Sequence[str], *, foreign: bool = False
    ) -> tuple[str, ...]:
        if edition.tree is None:
            raise Unresolved(Reason.NO_TEXT, 文件=document.id, 版本=edition.version)
        if edition.note:
            self.details[_EDITION] = edition.note
        try:
            ids = self._paths(edition.tree, paths)
        except Unresolved as no:
            if edition.note:  # what is missing here may well stand in the edition that was meant
                raise Unresolved(Reason.EDITION_NOT_LOADED, 文件=document.id) from no
            raise
        self._remember(edition.tree, ids, (document.id, edition.version), foreign=foreign)
        return tuple(format_ref(document.id, edition.version, i) for i in ids)

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

    def _same_sentence(self) -> bool:
        between_ = self.text[self.past.end : self.c.start] if self.past.end >= 0 else "。"
        return "。" not in between_ and "\n" not in between_

    # --- amending acts ---------------------------------------------------------------------------

    def _amended_law(self, paths: Sequence[str]) -> tuple[str, ...]:
        """A clause of the law that this act amends, by its old or its new numbers."""
        ctx, spot = self.ctx, self.spot
        document = self.editions.find(ctx.amends, "", {})
        if not paths:
            self._whole(document)
            return (document.id,)
        assert spot is not None
        if spot.new:
            return self._new_wording(document, paths)
        try:
            edition = self.editions.before(document, ctx.version, paths)
            return self._in_edition(document, edition, paths)
        except Unresolved:
            found = self._through_act(document, paths)
            if not found:
                raise
            return found

    def _new_wording(self, document: Document, paths: Sequence[str]) -> tuple[str, ...]:
        """A number of the wording that the act produces; where later acts changed that article
        too, its 款 counts only if it has the words that this act gave it."""
        spot = self.spot
        assert spot is not None
        if self.anchored:
            articles = [p.partition(".")[0] for p in paths]
            edition = self.editions.result_of(document, self.ctx.version, articles)
            return self._in_edition(document, edition, paths)
        try:
            edition = self.editions.result_of(document, self.ctx.version, paths)
        except Unresolved:
            article = paths[0].partition(".")[0]
            if len(paths) != 1 or not spot.wording:
                raise
            edition = self.editions.result_of(document, self.ctx.version, [article])
            assert edition.tree is not None
            found = self._try(edition.tree, paths)
            if not found or not _same_words(edition.tree.by_id[found[0]].display, spot.wording):
                raise
        return self._in_edition(document, edition, paths)

    def _through_act(self, document: Document, paths: Sequence[str]) -> tuple[str, ...]:
        """An old number that the act itself leads to the new wording.

        第七条改为第九条 says where it went. 将第一条修改为：“…” keeps the number where the new wording
        has those words there. 第二款修改为 keeps it in a 修正案, which says 改为第三款 if it does not.
        """
        spot, act = self.spot, self.ctx.version
        assert spot is not None
        if len(paths) != 1 or (spot.moved and not spot.moved_to):
            return ()
        try:
            path = spot.moved_to or paths[0]
            edition = self.editions.result_of(document, act, [path])
            assert edition.tree is not None
            found = find_path(edition.tree, path)
        except Unresolved:
            return ()
        numbers_kept = "修正案" in self._own_title()
        words = spot.wording and _has(edition.tree.by_id[found].display, spot.wording)
        if not (spot.moved_to or numbers_kept or words):
            return ()
        self.details[_EDITION] = edition.note or "修改前的版本未收录，链接到修改后的同一条"
        self._remember(edition.tree, [found], (document.id, edition.version))
        return (format_ref(document.id, edition.version, found),)

    def _own_title(self) -> str:
        return self.ctx.document.title if self.ctx.document else ""

    def _amended_relative(self, m: re.Match[str]) -> tuple[str, ...]:
        """前款, 第二款, 第三项, 本节 inside an amending act: of the article that it changes here."""
        spot, key, rest = self.spot, m["key"], m["rest"] or ""
        assert spot is not None
        back = int(m["back"] or 0)
        if not spot.article:
            raise Unresolved(Reason.UNCLEAR, 说明="修改的条文不明")
        if key == "art" and not back and not m["all"]:
            bases = [spot.article]
        elif m["any"]:
            bases = [
                f"{spot.article}.p{spot.paragraph}" if self._names_paragraph() else spot.article
            ]
        elif key == "p" and self.c.quoted and not m["all"]:
            numbers = range(spot.paragraph - back, spot.paragraph) if back else [spot.paragraph]
            if min(numbers) < 1:
                raise Unresolved(Reason.UNCLEAR, 说明="前面没有这么多款")
            bases = [f"{spot.article}.p{n}" for n in numbers]
        else:
            return self._amended_container(key, back, rest)
        try:
            return self._amended_paths(bases, rest)
        except Unresolved:
            bases = self._anchored(bases, back if key == "p" else 0)
            if not bases:
                raise
            self.anchored = True
            return self._amended_paths(bases, rest)

    def _amended_paths(self, bases: Sequence[str], rest: str) -> tuple[str, ...]:
        paths = [f"{b}.{rest}" if rest else b for b in bases]
        if self.c.until:
            return self._amended_law([paths[0], f"{bases[0]}.{self.c.until.partition('.')[2]}"])
        return tuple(t for p in paths for t in self._amended_law([p]))

    def _anchored(self, bases: Sequence[str], back: int) -> list[str]:
        """The same 款 in a later wording, where the quoted 款 that cites them still stands there:
        前款 counts from it, 第一款 is sure if its own number has not changed."""
        spot = self.spot
        assert spot is not None
        if not spot.new or len(_letters(spot.line)) < _ENOUGH or not spot.article:
            return []
        document = self.editions.find(self.ctx.amends, "", {})
        try:
            edition = self.editions.result_of(document, self.ctx.version, [spot.article])
        except Unresolved:
            return []
        assert edition.tree is not None
        series = edition.tree.children.get(spot.article, ())
        at = [n for n, p in enumerate(series, 1) if _same_words(p.display, spot.line)]
        if len(at) != 1:
            return []
        if back:
            return (
                [f"{spot.article}.p{n}" for n in range(at[0] - back, at[0])] if at[0] > back else []
            )
        return list(bases) if at[0] == spot.paragraph else []

    def _names_paragraph(self) -> bool:
        """The instruction named the 款 to which a bare 第三项 belongs."""
        assert self.spot is not None
        return bool(self.spot.paragraph) and not self.c.quoted

    def _amended_container(self, key: str, back: int, rest: str) -> tuple[str, ...]:
        """本节, 本章 in a quoted wording."""
        spot, ctx = self.spot, self.ctx
        assert spot is not None
        document = self.editions.find(ctx.amends, "", {})
        if rest.startswith("art-"):
            return self._amended_law([rest])
        edition = self.editions.result_of(document, ctx.version, [spot.article])
        if edition.tree is None or key not in ("ch", "s") or back:
            raise Unresolved(Reason.UNCLEAR, 说明="修改的条文不明")
        unit = own_unit(edition.tree, find_path(edition.tree, spot.article), key)
        return self._in_edition(document, edition, [f"{unit.id}.{rest}" if rest else unit.id])

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
            self.details[_EDITION] = past.note
        return (format_ref(*past.ref, found),)

    def _some_item(self, rest: str) -> tuple[str, ...]:
        """A bare 第三项: of this 款, or of the 款 that the sentence named before; both is unclear."""
        tree, ctx = self.ctx.tree, self.ctx
        assert ctx.document is not None
        own_ref = (ctx.document.id, ctx.version)
        found: dict[tuple[tuple[str, str], str], Tree] = {}
        own = ancestor(tree, ctx.unit, UnitKind.PARAGRAPH)
        places: list[tuple[tuple[str, str], Tree, str]] = []
        if own:
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

    # --- paths -----------------------------------------------------------------------------------

    def _paths(self, tree: Tree, paths: Sequence[str], within: str = "") -> tuple[str, ...]:
        """Ids of the units that paths name; two paths with `through` are the ends of a range."""
        ids = [find_path(tree, p, within) for p in paths]
        if self.c.through and len(ids) == 2:
            return between(tree, ids[0], ids[1])
        return tuple(ids)

    def _try(self, tree: Tree, paths: Sequence[str], within: str = "") -> tuple[str, ...]:
        try:
            return self._paths(tree, paths, within)
        except Unresolved:
            return ()

    def _remember(
        self, tree: Tree, ids: Sequence[str], ref: tuple[str, str], *, foreign: bool = False
    ) -> None:
        last = tree.by_id[ids[-1]]
        at = ancestor(tree, last.id, UnitKind.PARAGRAPH, UnitKind.ARTICLE)
        past = self.past
        past.tree, past.ref, past.foreign = tree, ref, foreign
        past.article = at.id if at else ""
        past.note = self.details.get(_EDITION, "")
        past.end = self.c.end


def _same_title(a: str, b: str) -> bool:
    return a.removeprefix("中华人民共和国") == b.removeprefix("中华人民共和国")


def _same_words(text: str, quoted: str) -> bool:
    """Whether one of the two contains the other; marks and blanks do not count."""
    a, b = _letters(text), _letters(quoted)
    return min(len(a), len(b)) >= _ENOUGH and (a in b or b in a)


def _has(text: str, quoted: str) -> bool:
    """Whether a unit has the words that an act quotes; marks and blanks do not count."""
    words = _letters(re.sub(r"(?m)^[“\"]第[^条]{1,12}条(?:之.)?", "", quoted))
    return len(words) >= _ENOUGH and words in _letters(text)


def _letters(text: str) -> str:
    return "".join(c for c in text if c.isalnum())
