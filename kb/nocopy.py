"""The repository holds only what we write: no long run of a source text in a tracked file.

A run is 28 or more Han characters or digits in sequence, everything else removed; official titles
are excepted (catalog, slug table). One function serves the test, `kb notes check` and the hook.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

__all__ = ["RUN", "SharedRun", "core_text", "shared_runs"]

RUN = 28
"""Length in characters from which a shared run counts as copied."""

_NOT_CORE = re.compile(r"[^\u4e00-\u9fff0-9]")  # all but Han characters and digits: “，”, “a”, “ ”


@dataclass(frozen=True, slots=True)
class SharedRun:
    """The first run that a tracked file shares with a source."""

    file: str
    source: str
    text: str


def core_text(text: str) -> str:
    """Han characters and ASCII digits of a text, in order."""
    return _NOT_CORE.sub("", text)


def _grams(core: str) -> Iterator[str]:
    for i in range(len(core) - RUN + 1):
        yield core[i : i + RUN]


def shared_runs(
    files: Iterable[tuple[str, str]],
    sources: Iterable[tuple[str, str]],
    titles: Iterable[str] = (),
) -> list[SharedRun]:
    """Tracked files that share a run with a source, one finding per file and source.

    Args:
        files: (name, text) of what the repository holds.
        sources: (name, text) of laws, standards, notices, question sets.
        titles: official titles; they count as gaps, not as text.
    """
    listed, sources = list(files), list(sources)
    suspects = {f.file for f in _find(((n, [core_text(t)]) for n, t in listed), sources)}
    if not suspects:
        return []
    # only where something was found is it worth cutting the titles out
    names = sorted({core_text(t) for t in titles} - {""}, key=lambda t: (-len(t), t))
    cut = re.compile("|".join(map(re.escape, names))) if names else None
    pieces = (
        (n, cut.split(core_text(t)) if cut else [core_text(t)]) for n, t in listed if n in suspects
    )
    return _find(pieces, sources)


def _find(
    files: Iterable[tuple[str, list[str]]], sources: Iterable[tuple[str, str]]
) -> list[SharedRun]:
    where: dict[str, list[str]] = {}
    for name, pieces in files:
        for piece in pieces:
            for gram in _grams(piece):
                names = where.setdefault(gram, [])
                if name not in names:
                    names.append(name)
    found: dict[tuple[str, str], SharedRun] = {}
    for source, text in sources:
        for gram in _grams(core_text(text)):
            for name in where.get(gram, ()):
                found.setdefault((name, source), SharedRun(name, source, gram))
    return list(found.values())
