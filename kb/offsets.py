"""Where the parts of a clause stand inside the clause's own display text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol

__all__ = ["Part", "deepest", "parts_of"]


class _UnitLike(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def parent(self) -> str | None: ...
    @property
    def display(self) -> str: ...


class Part(NamedTuple):
    """`clause.display[start:end]` is the display of unit `id`; `depth` 0 is the clause itself."""

    id: str
    start: int
    end: int
    depth: int


def parts_of(clause: _UnitLike, below: Iterable[_UnitLike]) -> tuple[Part, ...]:
    """Spans of a clause and of every unit below it, in document order.

    `below` is in document order. A unit whose display does not stand literally in its parent's
    (a table that is shown apart) is left out together with what is under it.
    """
    out = [Part(clause.id, 0, len(clause.display), 0)]
    place = {clause.id: out[0]}
    cursor = {clause.id: 0}
    for unit in below:
        above = place.get(unit.parent or "")
        if above is None or not unit.display:
            continue
        at = clause.display.find(unit.display, max(cursor[above.id], above.start), above.end)
        if at < 0:
            continue
        part = Part(unit.id, at, at + len(unit.display), above.depth + 1)
        out.append(part)
        place[unit.id] = part
        cursor[above.id] = part.end
        cursor[unit.id] = part.start
    return tuple(out)


def deepest(parts: Iterable[Part], position: int) -> str:
    """Id of the deepest unit that covers a position of the clause's display."""
    best: Part | None = None
    for part in parts:
        covers = part.start <= position < part.end
        if covers and (best is None or part.depth >= best.depth):
            best = part
    if best is None:
        raise ValueError(position)
    return best.id
