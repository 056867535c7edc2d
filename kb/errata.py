"""Errata: slips of a source text, shown as marked substitutions on top of `display`.

`corpus/errata.toml` holds one `[[erratum]]` each: `doc`, `version`, `clause` (a hit), `find` (a
figure or word of at most 12 characters), `replace`, `status`, `source` (where the right text was
seen), `note`, and `count` where the same slip stands more than once in the clause (default 1).
`confirmed`: the right text was read in an official copy; `suspected`: something is wrong, and
nothing is replaced. `display` and its hash never change.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from kb.errors import CatalogError
from kb.ids import CLAUSE_RE, DOC_RE
from kb.model import Tree, Unit

__all__ = ["Errata", "Erratum", "Substitution", "apply", "corrected"]

LONGEST = 12
"""Characters of `find` and of `replace` beyond which an entry is a rewritten sentence."""

_KEYS = {"doc", "version", "clause", "find", "replace", "status", "source", "note", "count"}
_NEEDED = _KEYS - {"note", "count"}
_STATUSES = ("confirmed", "suspected")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


@dataclass(frozen=True, slots=True)
class Erratum:
    """One entry of errata.toml; `find` stands exactly `count` times in the clause's display."""

    doc: str
    version: str
    clause: str
    find: str
    replace: str
    status: str
    source: str
    note: str = ""
    count: int = 1

    @property
    def name(self) -> str:
        """How messages name the entry."""
        return f"勘误 {self.doc}@{self.version}#{self.clause} “{self.find}”"


class Substitution(NamedTuple):
    """`display[start:end] == old`; `new` is shown in its place when `status` is confirmed."""

    start: int
    end: int
    old: str
    new: str
    status: str


def _places(display: str, find: str) -> list[int]:
    """Where `find` stands, not as a part of a longer number (3% is not in 13%)."""
    head = r"(?<![\d.])" if find[0].isdigit() else ""
    tail = r"(?![\d]|\.\d)" if find[-1].isdigit() else ""
    return [m.start() for m in re.finditer(head + re.escape(find) + tail, display)]


def _marks(display: str, entries: Iterable[Erratum]) -> list[Substitution]:
    out = [
        Substitution(at, at + len(e.find), e.find, e.replace, e.status)
        for e in entries
        for at in _places(display, e.find)
    ]
    out.sort()
    for one, two in pairwise(out):
        if two.start < one.end:
            raise CatalogError(
                f"勘误“{one.old}”与“{two.old}”在原文中重叠，请在 corpus/errata.toml 中合为一条"
            )
    return out


def _problem(display: str, entry: Erratum) -> str:
    """Why an entry no longer fits its clause; empty when it fits or the text is right already."""
    found = len(_places(display, entry.find))
    if found == entry.count or (not found and _places(display, entry.replace)):
        return ""
    return f"{entry.name}：在该条中出现 {found} 次（应为 {entry.count} 次），原文可能换了，请核对"


def apply(display: str, entries: Iterable[Erratum]) -> list[Substitution]:
    """The marked substitutions of one clause, in order.

    Raises:
        CatalogError: an entry is stale (its `find` does not stand `count` times), or two overlap.
    """
    entries = list(entries)
    for entry in entries:
        if problem := _problem(display, entry):
            raise CatalogError(problem)
    return _marks(display, entries)


def corrected(display: str, marks: Iterable[Substitution]) -> str:
    """The text with the confirmed substitutions made; suspected ones are left as they stand."""
    out, at = "", 0
    for mark in marks:
        out += display[at : mark.start]
        out += mark.new if mark.status == "confirmed" else mark.old
        at = mark.end
    return out + display[at:]


class Errata:
    """All entries, by version and clause."""

    def __init__(self, entries: Iterable[Erratum]) -> None:
        self.entries = tuple(entries)
        self._by_clause: dict[tuple[str, str, str], list[Erratum]] = {}
        for entry in self.entries:
            key = (entry.doc, entry.version, entry.clause)
            self._by_clause.setdefault(key, []).append(entry)
        self._texts = {(e.doc, e.version) for e in self.entries}

    @classmethod
    def load(cls, corpora: Sequence[Path]) -> Errata:
        """The entries of all `errata.toml` in these corpus folders; a later folder wins.

        Raises:
            CatalogError: a file cannot be read or an entry is malformed; names file and entry.
        """
        found: dict[tuple[str, str, str, str], Erratum] = {}
        for folder in corpora:
            path = folder / "errata.toml"
            if not path.is_file():
                continue
            here: set[tuple[str, str, str, str]] = set()
            for number, entry in enumerate(_read(path), start=1):
                key = (entry.doc, entry.version, entry.clause, entry.find)
                if key in here:
                    raise CatalogError(f"{path} 第 {number} 条与前面重复：{entry.name}。请删去一条")
                here.add(key)
                found[key] = entry
        return cls(found.values())

    def marks(self, doc: str, version: str, unit: Unit) -> tuple[Substitution, ...]:
        """Substitutions on one unit: the clause of an entry, or a unit below it.

        Raises:
            CatalogError: a confirmed entry no longer fits its clause.
        """
        if (doc, version) not in self._texts:
            return ()
        own = self._by_clause.get((doc, version, unit.id), [])
        fitting = []
        for entry in own:
            problem = _problem(unit.display, entry)
            if problem and entry.status == "confirmed":
                raise CatalogError(problem)
            if not problem:
                fitting.append(entry)
        parts = unit.id.split(".")
        for depth in range(1, len(parts)):  # 5.4.1.1.i1 has what is entered for 5.4.1.1
            fitting += self._by_clause.get((doc, version, ".".join(parts[:depth])), [])
        return tuple(_marks(unit.display, fitting))

    def stale(self, doc: str, version: str, tree: Tree) -> list[str]:
        """What no longer fits this text: clauses that are gone, words that are not there."""
        out = []
        for entry in self.entries:
            if (entry.doc, entry.version) != (doc, version):
                continue
            unit = tree.by_id.get(entry.clause)
            if unit is None:
                out.append(f"{entry.name}：没有这一条，请核对编号")
            elif problem := _problem(unit.display, entry):
                out.append(problem)
        return out


def _read(path: Path) -> list[Erratum]:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CatalogError(f"{path} 读不了：{error}。请按 UTF-8 编码的 TOML 改正") from error
    unknown = set(data) - {"erratum"}
    entries = data.get("erratum", [])
    if unknown or not isinstance(entries, list):
        names = "、".join(sorted(unknown)) or "erratum"
        raise CatalogError(f"{path} 里不应有 {names}。每条勘误写作一个 [[erratum]]")
    return [_entry(path, number, raw) for number, raw in enumerate(entries, start=1)]


def _entry(path: Path, number: int, raw: dict[str, Any]) -> Erratum:
    def bad(problem: str) -> CatalogError:
        return CatalogError(f"{path} 第 {number} 条（{raw.get('clause', '?')}）：{problem}")

    if missing := sorted(_NEEDED - set(raw)):
        raise bad(f"缺 {'、'.join(missing)}")
    if unknown := sorted(set(raw) - _KEYS):
        raise bad(f"不认识 {'、'.join(unknown)}")
    words = {k: v for k, v in raw.items() if k != "count"}
    if wrong := sorted(k for k, v in words.items() if not isinstance(v, str)):
        raise bad(f"{'、'.join(wrong)} 应为文字")
    count = raw.get("count", 1)
    entry = Erratum(count=count if isinstance(count, int) else 0, **words)
    if entry.count < 1:
        raise bad(f"count 应为正整数，现为 {count!r}")
    if not DOC_RE.match(entry.doc) or not CLAUSE_RE.match(entry.clause):
        raise bad(f"文件或条款编号写法不对：{entry.doc}#{entry.clause}")
    if not _DATE.match(entry.version):
        raise bad(f"version 应为通过日期（2020-10-11），现为 {entry.version!r}")
    if entry.status not in _STATUSES:
        raise bad(f"status 应为 {' 或 '.join(_STATUSES)}，现为 {entry.status!r}")
    if not 0 < len(entry.find) <= LONGEST or not 0 < len(entry.replace) <= LONGEST:
        raise bad(f"find 和 replace 应为 1 到 {LONGEST} 个字，只写错的字词或数值")
    if entry.find == entry.replace:
        raise bad("find 与 replace 相同")
    if not entry.source:
        raise bad("source 要写明在哪里看到的")
    return entry
