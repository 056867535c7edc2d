"""Which document, and which edition of it, a title or number means on a day.

Editions of laws. A reference without a date (《安全生产法》第十条) follows the law as it changes,
but its article number was written for the edition of that day. So a reference to a *part* resolves
only to the edition that was in force when the citing text was adopted; a later edition may have
other numbers, and a link to another article would be worse than none. One exception: a law that
is changed by 修正案 keeps its numbers (insertions are 第…条之一), so a later wording serves, and
the resolution says so. It is checked, not assumed: no such act adopted in between may renumber.

Editions of standards (GB/T 1.1 不注日期引用): a number without year means the newest edition.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from kb.catalog.names import docno_key, plain_title, standard_number, title_key
from kb.citations import Alias
from kb.citations.patterns import GENERIC_NAMES
from kb.model import DocKind, Document, Tree, Version
from kb.resolve.changes import Changes
from kb.resolve.reasons import Reason, Unresolved

__all__ = ["CatalogLike", "Edition", "Editions", "Trees"]

Trees = Callable[[str, str], Tree | None]
"""(document id, version) → its tree where the text is loaded."""


class CatalogLike(Protocol):
    """What is needed of the catalog; see `kb.catalog.Catalog`."""

    @property
    def documents(self) -> Mapping[str, Document]: ...
    def find_title(self, name: str) -> tuple[Document, ...]: ...
    def find_number(self, number: str) -> tuple[Document, ...]: ...


@dataclass(frozen=True, slots=True)
class Edition:
    """The edition that a reference means; `tree` None when its text is not loaded. `note` tells
    where the loaded edition is not the one of the day."""

    version: str
    tree: Tree | None
    note: str = ""


OTHER_EDITION = "引用时有效的版本未收录，按收录的版本链接；修正案不改动条号"
_AMENDING = re.compile(r"(?P<law>.+?)修正案(?:[（(].{1,10}[）)])?\Z")
"""Title of an act that amends a law without renumbering it: 中华人民共和国刑法修正案（十二）."""


_ONE_WORDING = frozenset({DocKind.STANDARD, DocKind.NOTICE})
"""Kinds that are not amended: number or title name the wording."""

_NAMED_BARE = frozenset({DocKind.LAW, DocKind.REGULATION, DocKind.LOCAL, DocKind.NOTICE})
_SHORTEST_NAME = 4  # 劳动法 and 兵役法 are too short to be sure of without marks
_SHORTEST_PLAN = 10  # a plan's name is made of common words: only a long one is sure


class Editions:
    """Look-up of documents by what a text calls them."""

    def __init__(self, catalog: CatalogLike, trees: Trees) -> None:
        self._catalog = catalog
        self._trees = trees
        self._amending: dict[str, list[Document]] = {}
        for d in catalog.documents.values():
            law = _AMENDING.match(d.title)
            if law:
                self._amending.setdefault(title_key(law["law"]), []).append(d)
        self._changes: dict[tuple[str, str], Changes | None] = {}

    def names(self) -> frozenset[str]:
        """Names of documents that a text may name without marks (for `kb.citations.find`)."""
        out = {
            name
            for d in self._catalog.documents.values()
            if d.kind in _NAMED_BARE
            for name in (d.title, d.short, *d.aliases)
            if len(name) >= (_SHORTEST_PLAN if d.kind is DocKind.NOTICE else _SHORTEST_NAME)
        }
        return frozenset(out - GENERIC_NAMES)

    # --- documents -------------------------------------------------------------------------------

    def find(self, title: str, number: str, aliases: Mapping[str, Alias]) -> Document:
        """The one document that title and number mean.

        Raises:
            Unresolved: none, or several.
        """
        alias = aliases.get(title)
        if alias and not number:
            title, number = alias.title, alias.number
        if number:
            found = self._newest(self._catalog.find_number(number))
            named = self._catalog.find_title(title) if title else ()
            if found and named and not {d.id for d in found} & {d.id for d in named}:
                raise Unresolved(
                    Reason.UNCLEAR,
                    说明="题名与编号不是同一份文件",
                    编号所指=found[0].id,
                    题名所指=named[0].id,
                )
            if found:
                return self._one(found)
            # an edition that the catalog lacks must not become another of the same title
            if standard_number(number) or not title:
                raise Unresolved(Reason.NOT_IN_CATALOG)
        found = self._newest(self._catalog.find_title(title))
        if not found:
            generic = plain_title(title) in GENERIC_NAMES
            raise Unresolved(Reason.UNCLEAR if generic else Reason.NOT_IN_CATALOG)
        return self._one(found)

    def ordered(
        self, document: Document, title: str, number: str, aliases: Mapping[str, Alias]
    ) -> Version | None:
        """The version that a 文号 or order in the reference is the number of (国务院令第591号)."""
        alias = aliases.get(title)
        key = docno_key(number or (alias.number if alias else ""))
        found = [v for v in document.versions if key and docno_key(v.number) == key]
        return found[0] if len(found) == 1 else None

    def exactly(self, document: Document, version: Version) -> Edition:
        """That version and no other.

        Raises:
            Unresolved: its text is not loaded.
        """
        tree = self._trees(document.id, version.version)
        if tree is None:
            loaded = any(self._trees(document.id, v.version) for v in document.versions)
            reason = Reason.EDITION_NOT_LOADED if loaded else Reason.NO_TEXT
            raise Unresolved(reason, 文件=document.id, 版本=version.version)
        return Edition(version.version, tree)

    def _one(self, found: Sequence[Document]) -> Document:
        if len(found) > 1:
            raise Unresolved(Reason.SAME_TITLE, 候选="、".join(d.id for d in found))
        return found[0]

    def _newest(self, found: Sequence[Document]) -> tuple[Document, ...]:
        """Without the editions that another of them supersedes."""
        replaced = {ref.partition("@")[0] for d in found for ref in d.supersedes}
        return tuple(d for d in found if d.id not in replaced) or tuple(found)

    # --- editions --------------------------------------------------------------------------------

    def edition(
        self,
        document: Document,
        on: date | None,
        in_force: date | None,
        *,
        year: str = "",
        paths: Sequence[str] = (),
    ) -> Edition:
        """The edition that a reference of the day `on` to a part of `document` means.

        `in_force` is when the citing text starts: it may cite a law that starts with it. `paths`
        are the clauses cited: whether another edition serves depends on them.

        Raises:
            Unresolved: that edition is not loaded, or cannot be told.
        """
        versions = sorted(document.versions, key=lambda v: v.version)
        if year:
            versions = [self._dated(document, year)]
        if not any(self._trees(document.id, v.version) for v in versions):
            raise Unresolved(Reason.NO_TEXT, 文件=document.id)
        if document.kind is DocKind.STANDARD or year or on is None:
            return self._newest_loaded(document, versions)
        then = self.at(document, on, in_force)
        tree = self._trees(document.id, then.version) if then else None
        if then and tree:
            if not self._acts(document, then, on):
                return Edition(then.version, tree)
            if self._keeps(document, on, then, paths):
                return Edition(then.version, tree, OTHER_EDITION)
        return self._near(document, on, paths, then)

    def _dated(self, document: Document, year: str) -> Version:
        """The loaded version adopted in a year or on a day (ISO); if none was, that started then.

        Raises:
            Unresolved: there is none, or several.
        """
        adopted = [v for v in document.versions if v.version.startswith(year)]
        began = [v for v in document.versions if v.in_force and str(v.in_force).startswith(year)]
        found = adopted or began
        named = year if "-" in year else f"{year} 年"
        if len(found) > 1:
            raise Unresolved(Reason.EDITION_UNKNOWN, 文件=document.id, 版本=f"{named}有几个版本")
        if not found or self._trees(document.id, found[0].version) is None:
            raise Unresolved(Reason.EDITION_NOT_LOADED, 文件=document.id, 版本=named)
        return found[0]

    def _newest_loaded(self, document: Document, versions: list[Version]) -> Edition:
        loaded = [v for v in versions if self._trees(document.id, v.version)]
        return Edition(loaded[-1].version, self._trees(document.id, loaded[-1].version))

    def at(self, document: Document, on: date, in_force: date | None = None) -> Version | None:
        """The version that a text adopted on `on` (in force from `in_force`) knew as the law."""
        start = max(on, in_force or on)
        known = [
            v
            for v in sorted(document.versions, key=lambda v: v.version)
            if v.version <= on.isoformat()
            and (v.in_force is None or v.in_force <= start)
            and not (v.ended and v.ended <= on)
        ]
        return known[-1] if known else None

    def known(self, document: Document, on: date | None, in_force: date | None) -> str:
        """The version of a whole document that a text of the day `on` means, '' if unknown."""
        if len(document.versions) == 1 and document.kind in _ONE_WORDING:
            return document.versions[0].version
        then = self.at(document, on, in_force) if on else None
        return then.version if then else ""

    def before(self, document: Document, act: str, paths: Sequence[str]) -> Edition:
        """The wording that an amending act adopted on `act` changes.

        Raises:
            Unresolved: it is not loaded and the loaded one may have other numbers.
        """
        day = date.fromisoformat(act).toordinal() - 1
        return self.edition(document, date.fromordinal(day), None, paths=paths)

    def result_of(self, document: Document, act: str, paths: Sequence[str]) -> Edition:
        """The wording that an amending act adopted on `act` produced.

        Raises:
            Unresolved: it is not loaded and the loaded one may have other numbers.
        """
        tree = self._trees(document.id, act)
        if tree:
            return Edition(act, tree)
        return self._near(document, date.fromisoformat(act), paths, None)

    def loaded(self, document: Document, version: str) -> Tree | None:
        """The tree of one version, where it is loaded."""
        return self._trees(document.id, version)

    def _near(
        self, document: Document, on: date, paths: Sequence[str], then: Version | None
    ) -> Edition:
        """The loaded wording nearest to `on` where only 修正案 lie between and none of them moves
        what the paths name."""
        loaded = sorted(
            (v for v in document.versions if self._trees(document.id, v.version)),
            key=lambda v: len(self._between(document, on, v)),
        )
        for near in loaded:
            if self._keeps(document, on, near, paths):
                return Edition(near.version, self._trees(document.id, near.version), OTHER_EDITION)
        details = {"文件": document.id} | ({"版本": then.version} if then else {})
        raise Unresolved(Reason.EDITION_NOT_LOADED if loaded else Reason.NO_TEXT, **details)

    # --- 修正案 ----------------------------------------------------------------------------------

    def _acts(self, document: Document, then: Version, on: date) -> list[tuple[Document, Version]]:
        """The 修正案 of a law adopted after `then` and by `on`."""
        return [
            (act, v)
            for act in self._amending.get(title_key(document.title), [])
            for v in act.versions
            if then.version < v.version <= on.isoformat()
        ]

    def _between(
        self, document: Document, day: date, other: Version
    ) -> list[tuple[Document, Version]]:
        """The 修正案 adopted between a day and a version, the later of the two included."""
        first, last = sorted((day.isoformat(), other.version))
        acts = self._amending.get(title_key(document.title), [])
        return [(a, v) for a in acts for v in a.versions if first < v.version <= last]

    def _keeps(self, document: Document, day: date, other: Version, paths: Sequence[str]) -> bool:
        """Only 修正案 changed the law between the two, and what the paths name kept its number."""
        if not self._amending.get(title_key(document.title)):
            return False
        for act, version in self._between(document, day, other):
            changes = self._changes_of(act, version)
            if changes is None or not all(changes.keeps(p) for p in paths):
                return False
        return True

    def _changes_of(self, act: Document, version: Version) -> Changes | None:
        key = (act.id, version.version)
        if key not in self._changes:
            tree = self._trees(*key)
            self._changes[key] = Changes.of([u.display for u in tree.hits]) if tree else None
        return self._changes[key]
