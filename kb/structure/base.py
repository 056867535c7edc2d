"""What every structure parser shares: the builder that gives units their ids, spans and checks."""

from __future__ import annotations

from dataclasses import replace

from kb.errors import KbError
from kb.model import Source, Tree, Unit, UnitKind

__all__ = ["StructureError", "TreeBuilder"]


class StructureError(KbError):
    """The parser broke its own contract (a span outside its parent, an id given twice)."""


class TreeBuilder:
    """Collects units in document order and checks the contract of `Tree`.

    Ids: a number that the source itself repeats (`numbered=True`) takes `~2`, `~3` and a warning;
    any other repeated id is an error, because a stored reference could then mean two texts.
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
            final = f"{unit_id}~{self._repeats[unit_id]}"
            self.warnings.append(
                f"原文编号重复：{label or unit_id}，第 {self._repeats[unit_id]} 次记为 {final}"
            )
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
        heading_only = {UnitKind.PART, UnitKind.CHAPTER, UnitKind.SECTION, UnitKind.ANNEX}
        for unit in self._units:
            if unit.parent is None:
                continue
            above = self.get(unit.parent)
            if above.kind not in heading_only and not (
                above.start <= unit.start and unit.end <= above.end
            ):
                raise StructureError(
                    f"{self._source.path}：单元 {unit.id} 越出上级 {above.id} 的范围"
                )
        return Tree(tuple(self._units), tuple(self.warnings))
