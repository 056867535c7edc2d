"""The way back: which clauses cite a clause."""

from __future__ import annotations

from collections.abc import Iterable

from kb.model import Resolution

__all__ = ["backlinks"]


def backlinks(resolved: Iterable[tuple[str, Resolution]]) -> dict[str, tuple[str, ...]]:
    """Target id → ids of the units that cite it, each once, in the order given.

    `resolved` pairs the full id of the citing unit (`doc@version#clause`) with a resolution.
    """
    out: dict[str, dict[str, None]] = {}
    for citing, resolution in resolved:
        for target in resolution.targets:
            out.setdefault(target, {})[citing] = None
    return {target: tuple(citing) for target, citing in out.items()}
