"""What every structure parser shares: the builder that gives units their ids, spans and checks."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from kb.errors import KbError
from kb.ids import CLAUSE_RE
from kb.model import Source, Tree, Unit, UnitKind

__all__ = ["HEADING_ONLY", "Node", "StructureError", "TreeBuilder"]

HEADING_ONLY = frozenset({UnitKind.PART, UnitKind.CHAPTER, UnitKind.SECTION, UnitKind.ANNEX})
"""Kinds whose span is the heading line; their children lie outside it."""


class StructureError(KbError):
    """The parser broke its own contract (a span outside its parent, an id given twice)."""


@dataclass
class Node:
    """A unit in the making: the parsers fill it, `TreeBuilder.add_node` turns it into units.

    `suffix` is what the id has more than the parent's. `pieces` are the unit's own normalised
    paragraphs and the units inside it, in reading order, so that a parent's display contains
    each child's label and display literally.
    """

    suffix: str
    kind: UnitKind
    start: int
    end: int
    label: str = ""
    heading: str = ""
    pieces: list[str | Node] = field(default_factory=list)
    hit: bool = False
    numbered: bool = True
    rows: tuple[tuple[str, ...], ...] = ()
    header_rows: int = 0

    @property
    def children(self) -> list[Node]:
        """The units directly inside."""
        return [p for p in self.pieces if isinstance(p, Node)]

    @property
    def display(self) -> str:
        """Own text and the children with their labels, one paragraph a line."""
        return self.heading if self.kind in HEADING_ONLY else self._text()

    def _text(self) -> str:
        shown = [p if isinstance(p, str) else p.label + p._text() for p in self.pieces]
        if self.kind in HEADING_ONLY:
            shown.insert(0, self.heading)
        return "\n".join(s for s in shown if s)

    def put(self, piece: str | Node, end: int) -> None:
        """Append a paragraph or a unit that ends at `end`."""
        self.pieces.append(piece)
        self.reach(end)

    def reach(self, end: int) -> None:
        """Let the span cover the source up to `end`."""
        self.end = max(self.end, end)


class TreeBuilder:
    """Collects units in document order and checks the contract of `Tree`.

    Ids: a number that the source itself repeats (`numbered=True`) takes `~2`, `~3` and a warning
    (`.r2` below a number that is itself repeated, because an id has room for one `~`); any other
    repeated id is an error, because a stored reference could then mean two texts.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._units: list[Unit] = []
        self._index: dict[str, int] = {}
        self._repeats: dict[str, int] = {}
        self.warnings: list[str] = []

    def add(
        self,
        unit_id: str,
        kind: UnitKind,
        start: int,
        end: int,
        *,
        label: str = "",
        heading: str = "",
        display: str = "",
        parent: str | None = None,
        hit: bool = False,
        numbered: bool = False,
        rows: tuple[tuple[str, ...], ...] = (),
        header_rows: int = 0,
    ) -> str:
        """Append a unit whose text is `source.text[start:end]`; returns the id that it got.

        Raises:
            StructureError: the id stands already and the source does not repeat a number, the
                parent is unknown, or the span is empty.
        """
        text = self._source.text
        if not 0 <= start < end <= len(text):
            raise StructureError(f"{self._source.path}：单元 {unit_id} 的位置 {start}–{end} 不合法")
        if parent is not None and parent not in self._index:
            raise StructureError(f"{self._source.path}：单元 {unit_id} 的上级 {parent} 不存在")
        final = unit_id
        if unit_id in self._index:
            if not numbered:
                raise StructureError(f"{self._source.path}：单元编号 {unit_id} 重复")
            self._repeats[unit_id] = self._repeats.get(unit_id, 1) + 1
            sign = ".r" if "~" in unit_id else "~"
            final = f"{unit_id}{sign}{self._repeats[unit_id]}"
            self.warnings.append(
                f"原文编号重复：{label or unit_id}，第 {self._repeats[unit_id]} 次记为 {final}"
            )
        if not CLAUSE_RE.match(final):
            raise StructureError(f"{self._source.path}：单元编号 {final!r} 不合写法")
        self._index[final] = len(self._units)
        self._units.append(
            Unit(
                id=final,
                kind=kind,
                label=label,
                heading=heading,
                start=start,
                end=end,
                raw=text[start:end],
                display=display,
                parent=parent,
                hit=hit,
                rows=rows,
                header_rows=header_rows,
            )
        )
        return final

    def add_node(self, node: Node, parent: str | None = None, *, absolute: bool = False) -> str:
        """Append a node and everything inside it; returns the id that it got.

        absolute: `node.suffix` is the whole id (`art-25` under `ch-2`).
        """
        final = self.add(
            node.suffix if absolute else (parent or "") + node.suffix,
            node.kind,
            node.start,
            node.end,
            label=node.label,
            heading=node.heading,
            display=node.display,
            parent=parent,
            hit=node.hit,
            numbered=node.numbered,
            rows=node.rows,
            header_rows=node.header_rows,
        )
        for child in node.children:
            self.add_node(child, final)
        return final

    def amend(self, unit_id: str, **changes: object) -> None:
        """Change fields of a unit added before (its end grows when a continuation line follows)."""
        place = self._index[unit_id]
        unit = replace(self._units[place], **changes)  # type: ignore[arg-type]
        if "start" in changes or "end" in changes:
            unit = replace(unit, raw=self._source.text[unit.start : unit.end])
        self._units[place] = unit

    def get(self, unit_id: str) -> Unit:
        """A unit added before."""
        return self._units[self._index[unit_id]]

    def build(self) -> Tree:
        """The finished tree.

        Raises:
            StructureError: a unit lies outside the span of a parent that covers its children.
        """
        for unit in self._units:
            if unit.parent is None:
                continue
            above = self.get(unit.parent)
            if above.kind not in HEADING_ONLY and not (
                above.start <= unit.start and unit.end <= above.end
            ):
                raise StructureError(
                    f"{self._source.path}：单元 {unit.id} 越出上级 {above.id} 的范围"
                )
        return Tree(tuple(self._units), tuple(self.warnings))
