"""One citation on its way to its targets: what all kinds of reference share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from kb.ids import format_ref
from kb.model import Citation, Document, Tree, UnitKind, Version
from kb.resolve.amending import AmendingText
from kb.resolve.context import Context
from kb.resolve.editions import Edition, Editions
from kb.resolve.locate import ancestor, between, find_path
from kb.resolve.reasons import Reason, Unresolved

__all__ = ["EDITION", "Past", "Target", "TextState"]

EDITION = "版本"
"""Key of `Resolution.details` under which the edition, or a remark on it, stands."""


@dataclass(slots=True)
class Past:
    """What the citations before in the same text named, for 该法, 该条 and bare 第三项."""

    document: Document | None = None
    edition: Edition | None = None
    article: str = ""  # full path of the article or 款 named last, in `tree`
    tree: Tree | None = None
    ref: tuple[str, str] = ("", "")
    note: str = ""
    foreign: bool = False
    annex: bool = False  # the citation before is a part of the annex (附录第一条)
    end: int = -1


@dataclass(slots=True)
class TextState:
    """The text that spans index, as far as it is known."""

    text: str = ""
    past: Past = field(default_factory=Past)


class Target:
    """A citation, its place, and what the text named before it."""

    def __init__(
        self,
        editions: Editions,
        citation: Citation,
        context: Context,
        state: TextState,
        amending: AmendingText | None,
        place: int,
    ) -> None:
        self.editions = editions
        self.c = citation
        self.ctx = context
        self.text = state.text
        self.past = state.past
        self.spot = amending.spot(place) if amending else None
        self.details: dict[str, str] = {}
        self.anchored = False  # the 款 cited were found by the words around the citation

    def _whole(self, document: Document, ordered: Version | None = None) -> None:
        """A whole document needs no text; the edition that its order names, else that of the day,
        goes into the details."""
        version = self.editions.known(document, self.ctx.on, self.ctx.in_force)
        version = ordered.version if ordered else version
        if version:
            self.details[EDITION] = version
        elif self.ctx.on and document.versions:
            self.details[EDITION] = "引用时有效的版本未收录"

    def _in_edition(
        self, document: Document, edition: Edition, paths: Sequence[str], *, foreign: bool = False
    ) -> tuple[str, ...]:
        if edition.tree is None:
            raise Unresolved(Reason.NO_TEXT, 文件=document.id, 版本=edition.version)
        if edition.note:
            self.details[EDITION] = edition.note
        try:
            ids = self._paths(edition.tree, paths)
        except Unresolved as no:
            if edition.note:  # what is missing here may well stand in the edition that was meant
                raise Unresolved(Reason.EDITION_NOT_LOADED, 文件=document.id) from no
            raise
        self._remember(edition.tree, ids, (document.id, edition.version), foreign=foreign)
        return tuple(format_ref(document.id, edition.version, i) for i in ids)

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
        past.note = self.details.get(EDITION, "")
        past.end = self.c.end
