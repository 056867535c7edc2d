"""What the tests of standards share: a source from text, and what holds for every tree."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from kb.ids import CLAUSE_RE
from kb.model import Source, Tree, Unit
from kb.offsets import parts_of
from kb.readers.markdown import read_markdown
from kb.structure.standards import parse_standard


def source_of(text: str) -> Source:
    """A source as the Markdown reader gives it; GB 99999-2030 alone on a line is a page header."""
    return read_markdown(Path("GB 99999-2030 某某安全规程.md"), text.encode())


def parse(text: str) -> Tree:
    """The tree of a Markdown text, its contract checked."""
    source = source_of(text)
    tree = parse_standard(source)
    check_contract(source, tree)
    return tree


def below(tree: Tree, unit: str) -> list[Unit]:
    """All units below one, in document order."""
    return [x for child in tree.children.get(unit, ()) for x in (child, *below(tree, child.id))]


def check_contract(source: Source, tree: Tree) -> None:
    """What holds for every tree whatever the text."""
    assert len({u.id for u in tree.units}) == len(tree.units)
    for u in tree.units:
        assert CLAUSE_RE.match(u.id), u.id
        assert source.text[u.start : u.end] == u.raw
        if u.parent:
            assert u.parent in tree.by_id
    spans = [(u.start, u.end) for u in tree.hits]
    assert spans == sorted(spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans)), "hits overlap"
    for hit in tree.hits:
        # every unit below a clause stands literally in the clause's display
        units = [u for u in below(tree, hit.id) if u.display]
        assert [p.id for p in parts_of(hit, units)] == [hit.id, *(u.id for u in units)]
