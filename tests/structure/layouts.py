"""Sources out of plain lines, and the contract that every tree has to keep."""

from __future__ import annotations

import re

from kb.ids import CLAUSE_RE
from kb.model import Block, BlockKind, Cell, Mark, Source, Tree, Unit, UnitKind
from kb.structure.base import HEADING_ONLY

_NOT_HAN = re.compile(r"[^\u3400-\u9fff]")


def source_of(text: str, *, marks: tuple[Mark, ...] = ()) -> Source:
    """A source with one block a line, as the text and Markdown readers give it."""
    blocks = []
    for m in re.finditer(r"[^\n]+", text):
        body = m[0].strip()
        if body:
            at = m.start() + m[0].index(body)
            kind = BlockKind.HEADING if body.startswith("#") else BlockKind.PARA
            level = len(body) - len(body.lstrip("#"))
            blocks.append(Block(kind, at, at + len(body), level=level))
    return Source("样例.txt", "text", text, tuple(blocks), "0" * 64, marks=marks)


def with_table(source: Source, line: str, rows: list[list[str]]) -> Source:
    """The source with the blocks of some lines made one table."""
    at = source.text.index(line)
    end = at + len(line)
    cells = tuple(tuple(Cell(c, header=i == 0) for c in row) for i, row in enumerate(rows))
    blocks = tuple(
        Block(BlockKind.TABLE, at, end, rows=cells) if b.start == at else b
        for b in source.blocks
        if b.start <= at or b.start >= end
    )
    return Source(source.path, "html", source.text, blocks, source.sha256)


def han(text: str) -> str:
    """Only the Han characters."""
    return _NOT_HAN.sub("", text)


def ids(tree: Tree) -> list[str]:
    """All ids in document order."""
    return [u.id for u in tree.units]


def check_contract(source: Source, tree: Tree) -> None:
    """Spans, ids, nesting, display and coverage, as `Unit` and the structure module promise."""
    seen: dict[str, Unit] = {}
    for unit in tree.units:
        assert source.text[unit.start : unit.end] == unit.raw
        assert CLAUSE_RE.match(unit.id), unit.id
        assert unit.id not in seen
        if unit.parent is not None:
            above = seen[unit.parent]
            if above.kind not in HEADING_ONLY:
                assert above.start <= unit.start, unit.id
                assert unit.end <= above.end, unit.id
                assert unit.label + unit.display in above.display, unit.id
            if unit.hit:
                assert tree.hit_of(unit.parent) is None, f"{unit.id} 在另一个检索单位之内"
        seen[unit.id] = unit
        if unit.kind is not UnitKind.TABLE:
            _check_display(unit)
    missing = uncovered(source, tree)
    assert not missing, missing[:40]


def _check_display(unit: Unit) -> None:
    """No Han character is lost, added or moved between source and display."""
    if unit.kind in HEADING_ONLY:
        assert han(unit.heading) in han(unit.raw)
    elif "{width=" not in unit.raw:
        raw, shown = han(unit.raw), han(unit.display)
        assert raw.endswith(shown), unit.id
        # what is left is the label (第1条 is shown as 第一条)
        assert set(raw[: len(raw) - len(shown)]) <= set(unit.label), unit.id


def uncovered(source: Source, tree: Tree) -> str:
    """Han characters of the blocks that lie in no hit, heading, preamble or attachment title."""
    free = bytearray(len(source.text))
    for block in source.blocks:
        if block.kind in (BlockKind.PARA, BlockKind.HEADING, BlockKind.TABLE):
            free[block.start : block.end] = b"\1" * (block.end - block.start)
    for unit in tree.units:
        end = unit.end
        if not (unit.hit or unit.kind in HEADING_ONLY or unit.kind is UnitKind.PREAMBLE):
            below = tree.children.get(unit.id)
            if unit.kind is not UnitKind.CLAUSE or not below:
                continue
            end = below[0].start  # the heading of a clause around other clauses
        free[unit.start : end] = bytes(end - unit.start)
    return "".join(c for c, f in zip(source.text, free, strict=True) if f and han(c))


def wrapped(text: str, width: int) -> str:
    """The text as a page shows it: paragraphs indented by two, lines cut at `width`."""
    out = []
    for line in text.split("\n"):
        if not line.strip() or line.startswith("\t"):
            out.append(line)
            continue
        rest = "　　" + line.strip()
        while len(rest) > width:
            out.append(rest[:width])
            rest = rest[width:]
        out.append(rest)
    return "\n".join(out)
