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
        titles: official titles; a run inside one of them (or two of them in sequence) is allowed.
    """
    allowed = {gram for title in titles for gram in _grams(core_text(title))}
    where: dict[str, list[str]] = {}
    for name, text in files:
        for gram in _grams(core_text(text)):
            if gram not in allowed:
                names = where.setdefault(gram, [])
                if name not in names:
                    names.append(name)
    found: dict[tuple[str, str], SharedRun] = {}
    for source, text in sources:
        for gram in _grams(core_text(text)):
            for name in where.get(gram, ()):
                found.setdefault((name, source), SharedRun(name, source, gram))
    return list(found.values())
