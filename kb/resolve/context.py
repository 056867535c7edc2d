"""Where a citation stands: document, version, unit, and the short names that its text defines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from kb.citations import Alias, aliases
from kb.model import DocKind, Document, Tree, Version

__all__ = ["Context"]

_AMENDMENT = re.compile(r"(?P<law>.+?)修正案(?:[（(].{1,10}[）)])?\Z")
"""中华人民共和国刑法修正案（十二）, 中华人民共和国宪法修正案（2018年）."""

_DECISION = re.compile(r"关于修改[《〈](?P<law>[^《》〈〉]+)[》〉]的决定\Z")
"""全国人民代表大会常务委员会关于修改《中华人民共和国某法》的决定."""

_EMPTY = Tree(())


@dataclass(frozen=True, slots=True)
class Context:
    """The place of a citation.

    `document` is None for free text (kb cite), which has no 本法 and no 前款. `on` is the day for
    which editions are chosen: the adoption of the citing version, or the day asked for. `amends`
    is the title of the law that an amending act changes: in it 第十条 is that law's.
    """

    document: Document | None
    version: str = ""
    tree: Tree = _EMPTY
    unit: str = ""
    on: date | None = None
    in_force: date | None = None
    aliases: Mapping[str, Alias] = field(default_factory=dict)
    amends: str = ""

    @classmethod
    def of(cls, document: Document, version: Version, tree: Tree) -> Context:
        """Context of one version; the short names are those that any of its units defines."""
        defined: dict[str, Alias] = {}
        for unit in tree.units:
            if "简称" in unit.display or "统称" in unit.display:
                for alias in aliases(unit.display):
                    defined.setdefault(alias.name, alias)
        return cls(
            document=document,
            version=version.version,
            tree=tree,
            on=_day(version.version),
            in_force=version.in_force,
            aliases=defined,
            amends=_amended(document),
        )

    @classmethod
    def free(cls, on: date | None = None, text: str = "") -> Context:
        """Context of a text that belongs to no document; `on` None means the newest editions."""
        return cls(None, on=on, in_force=on, aliases={a.name: a for a in aliases(text)})

    def within(self, unit: str) -> Context:
        """The same place, in the unit with this id."""
        return replace(self, unit=unit)


def _day(version: str) -> date | None:
    """Day of a version id; the year 1 means that the day is not known."""
    day = date.fromisoformat(version)
    return day if day.year > 1 else None


def _amended(document: Document) -> str:
    if document.kind in (DocKind.AMENDMENT, DocKind.CONSTITUTION, DocKind.DECISION):
        m = _AMENDMENT.match(document.title) or _DECISION.search(document.title)
        if m:
            return m["law"]
    return ""
