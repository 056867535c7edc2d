"""Which parser reads which kind of document."""

from __future__ import annotations

from kb.model import DocKind, Source, Tree
from kb.structure.kinds import likely_kinds
from kb.structure.laws import parse_law
from kb.structure.notices import notice_facts, parse_notice

__all__ = ["likely_kinds", "notice_facts", "parse"]


def parse(source: Source, kind: DocKind, *, title: str = "") -> Tree:
    """The unit tree of a source that is known to be of this kind.

    `title` is the catalog's title: in a notice a line in mid-text that repeats it is a title.

    Raises:
        SourceError: the document has no clause numbers of its kind.
        StructureError: the parser broke the contract of `Tree` (a defect).
    """
    if kind is DocKind.NOTICE:
        return parse_notice(source, title)
    if kind is DocKind.STANDARD:
        # here, not above: the standards parser is only loaded when a standard is read
        from kb.structure.standards import parse_standard

        return parse_standard(source)
    return parse_law(source)
