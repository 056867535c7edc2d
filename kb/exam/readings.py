"""Second readings: what somebody held against the printed page, so that its figures may be asked.

`corpus/readings.toml`, laid over as the other files of a corpus are:

    [[reading]]
    id = "gb-99990-2020@2020-10-11#5.1.6"
    hash = "0123456789ab"
    read_by = "r-2"
    read_on = 2026-11-22
    against = "印本第9页"

An entry releases its clause for questions on figures as long as the clause's text has that hash.
It says that the text stands as printed; a place that a confirmed erratum marks is still not asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kb.errors import CatalogError, UsageError
from kb.ids import CLAUSE_RE, parse_ref
from kb.toml_file import read_toml

__all__ = ["FILE", "Reading", "Readings"]

FILE = "readings.toml"
_NEEDED = ("id", "hash", "read_by", "read_on", "against")
_HASH = re.compile(r"[0-9a-f]{12}\Z")
_LABEL = re.compile(r"[\w-]{1,20}\Z")
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Reading:
    """One second reading of the clause `id` in the wording that `hash` names."""

    id: str
    hash: str
    read_by: str
    read_on: date
    against: str


class Readings:
    """All second readings by clause."""

    def __init__(self, readings: Mapping[str, Reading] | None = None) -> None:
        self._by_id = dict(readings or {})

    @classmethod
    def load(cls, corpora: Sequence[Path]) -> Readings:
        """The entries of all `readings.toml` in these corpus folders; a later folder wins.

        Raises:
            CatalogError: a file cannot be read or an entry is malformed; names file and entry.
        """
        found: dict[str, Reading] = {}
        for folder in corpora:
            path = folder / FILE
            if not path.is_file():
                continue
            here: set[str] = set()
            for number, entry in enumerate(_read(path), 1):
                if entry.id in here:
                    raise CatalogError(f"{path} 第 {number} 条与前面重复：{entry.id}。请删去一条")
                here.add(entry.id)
                found[entry.id] = entry
        return cls(found)

    def releases(self, full_id: str, content: str) -> bool:
        """Whether a clause with this hash was read a second time."""
        entry = self._by_id.get(full_id)
        return entry is not None and entry.hash == content

    def how(self, full_id: str, content: str) -> str:
        """What is to be done about a clause that is held back, with the entry to be written."""
        entry = self._by_id.get(full_id)
        old = f"（{FILE} 里有它，校验码 {entry.hash} 与现在的文字不同）" if entry else ""
        return (
            f'{old}核对原件无误后，在 corpus/{FILE} 里写 [[reading]] id = "{full_id}"，'
            f'hash = "{content}"，read_by = "…"，read_on = 年-月-日，against = "…"'
        )


def _read(path: Path) -> Iterator[Reading]:
    data = read_toml(path)
    entries = data.get("reading", [])
    if set(data) - {"reading"} or not isinstance(entries, list):
        names = "、".join(sorted(set(data) - {"reading"})) or "reading"
        raise CatalogError(f"{path} 里不应有 {names}。每次核对写作一个 [[reading]]")
    for number, raw in enumerate(entries, 1):
        yield _entry(path, number, raw)


def _entry(path: Path, number: int, raw: Any) -> Reading:
    where = raw.get("id", "?") if isinstance(raw, dict) else "?"

    def bad(problem: str) -> CatalogError:
        return CatalogError(f"{path} 第 {number} 条（{where}）：{problem}")

    if not isinstance(raw, dict):
        raise bad("应写作 [[reading]]")
    if missing := [k for k in _NEEDED if k not in raw]:
        raise bad(f"缺 {'、'.join(missing)}")
    if unknown := sorted(set(raw) - set(_NEEDED)):
        raise bad(f"不认识 {'、'.join(unknown)}，可用：{'、'.join(_NEEDED)}")
    words = [k for k in ("id", "hash", "read_by", "against") if not isinstance(raw[k], str)]
    if words:
        raise bad(f"{'、'.join(words)} 应为文字（加引号）")
    if type(raw["read_on"]) is not date:
        raise bad(f"read_on 应为日期，如 2026-11-22（不加引号），现为 {raw['read_on']!r}")
    try:
        ref = parse_ref(raw["id"])
    except UsageError as e:
        raise bad(f"id 写法不对，应为 文件@版本#条款：{e}") from e
    if not ref.version or not ref.clause or not CLAUSE_RE.match(ref.clause):
        raise bad("id 应带版本和条款，如 gb-16423-2020@2020-10-11#5.4.1.1")
    if not _HASH.match(raw["hash"]):
        raise bad(f"hash 应为 12 位校验码（kb quiz --coverage 里有），现为 {raw['hash']!r}")
    if not _LABEL.match(raw["read_by"]):
        raise bad("read_by 应为核对人的代号（字母、数字、汉字，最多 20 个）")
    if not 0 < len(raw["against"].strip()) <= _LONGEST:
        raise bad(f"against 要写明对照了什么（最多 {_LONGEST} 个字），如 印本第9页")
    return Reading(**raw)
