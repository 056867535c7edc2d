"""corpus/catalog.toml → checked entries. Every problem names file, entry and field.

[[document]]                        [[document.version]]
id, title, kind, level   required   version       required: date of adoption (the stored key)
short       derived when left out   certainty     required: seen, pages, 待核
aliases, number, also_numbered      in_force, ended, repealed, amendment, text, number, note
region, issuer, supersedes          known_until   last day for which validity is established
official, core, note                also_dated, sha256, unmentioned   by which files are recognised
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from kb.catalog.names import PROVINCES, docno_key, standard_number
from kb.errors import CatalogError
from kb.ids import DOC_RE
from kb.model import Certainty, DocKind, TextState

__all__ = [
    "CATALOG_FILE",
    "LEVELS",
    "SLUG_FILE",
    "Entry",
    "check_version",
    "read_entries",
    "read_slugs",
]

CATALOG_FILE = "catalog.toml"
SLUG_FILE = "slugs.toml"

LEVELS: Mapping[DocKind, tuple[str, ...]] = {
    DocKind.CONSTITUTION: ("宪法",),
    DocKind.LAW: ("法律",),
    DocKind.AMENDMENT: ("宪法", "法律"),
    DocKind.DECISION: ("法律", "行政法规", "地方性法规"),
    DocKind.INTERPRETATION: ("法律", "司法解释"),
    DocKind.REGULATION: ("行政法规",),
    DocKind.LOCAL: ("地方性法规",),
    DocKind.RULE: ("部门规章", "地方政府规章"),
    DocKind.STANDARD: ("国家标准", "行业标准", "地方标准", "安全技术规范"),
    DocKind.NOTICE: ("规范性文件",),
}
"""Levels of authority that a document of a kind can have."""

_TEXTS = ("title", "short", "number", "kind", "level", "region", "issuer", "official", "note")
_LISTS = ("aliases", "also_numbered", "supersedes")
_DOCUMENT_KEYS = frozenset({"id", "core", "version", *_TEXTS, *_LISTS})
_DATES = ("in_force", "ended", "known_until")
_FLAGS = ("repealed", "amendment", "unmentioned")
_VERSION_KEYS = frozenset(
    {"version", "number", "text", "certainty", "note", "also_dated", "sha256", *_DATES, *_FLAGS}
)
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_LOCAL_LEVELS = ("地方性法规", "地方政府规章", "地方标准")


@dataclass(frozen=True, slots=True)
class Entry:
    """One [[document]] as written: `values` has only the keys that stand there, checked."""

    id: str
    file: str
    values: Mapping[str, Any]
    versions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # by adoption date

    def where(self, part: str = "") -> str:
        """Place for a message: file, entry and field."""
        return f"{self.file}：{self.id}" + (f"：{part}" if part else "")

    def complaint(self, part: str, problem: str, step: str) -> CatalogError:
        """An error about a field of this entry."""
        return CatalogError(f"{self.where(part)}：{problem}。{step}")


def read_entries(path: Path) -> tuple[Entry, ...]:
    """All entries of a catalog file, in order.

    Raises:
        CatalogError: not TOML, or an entry is not well formed.
    """
    name = f"{path.parent.name}/{path.name}"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as e:
        raise CatalogError(f"{name}：不是 UTF-8 编码。请用 UTF-8 另存") from e
    except tomllib.TOMLDecodeError as e:
        raise CatalogError(f"{name}：不是合格的 TOML（{e}）。请改正该行") from e
    unknown = sorted(set(data) - {"document"})
    if unknown:
        raise CatalogError(f"{name}：不认识的键 {unknown[0]}。条目都写作 [[document]]")
    tables = data.get("document", [])
    if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
        raise CatalogError(f"{name}：document 的写法不对。应写作 [[document]]（两层方括号）")
    entries = [_entry(name, i, table) for i, table in enumerate(tables, 1)]
    seen: set[str] = set()
    for entry in entries:
        if entry.id in seen:
            step = "一份文件只写一个条目，各版本写在其下"
            raise entry.complaint("id", "这个 id 出现了两次", step)
        seen.add(entry.id)
    return tuple(entries)


def read_slugs(path: Path) -> dict[str, str]:
    """The table title → slug of the packaged titles that have no catalog entry.

    Raises:
        CatalogError: not TOML, a slug of a wrong form, or one given twice.
    """
    name = f"{path.parent.name}/{path.name}"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8")).get("slugs", {})
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as e:
        raise CatalogError(f"{name}：不是合格的 TOML（{e}）。请改正该行") from e
    seen: dict[str, str] = {}
    for title, slug in table.items():
        if not isinstance(slug, str) or not DOC_RE.match(slug) or len(slug) > 60:
            raise CatalogError(
                f"{name}：{title}：编号 {slug!r} 不合格。"
                "只用小写字母、数字和单个连字符，不超过 60 个"
            )
        if slug in seen:
            raise CatalogError(f"{name}：{title}：编号 {slug} 已给了 {seen[slug]}。请另取一个")
        seen[slug] = title
    return {title: slug for slug, title in seen.items()}


def _entry(file: str, place: int, table: Mapping[str, Any]) -> Entry:
    doc = table.get("id")
    if not isinstance(doc, str) or not DOC_RE.match(doc):
        raise CatalogError(
            f"{file}：第 {place} 个条目：id：{doc!r} 不合格。只用小写字母、数字和单个连字符"
        )
    bare = Entry(doc, file, {})
    _only(bare, "", table, _DOCUMENT_KEYS)
    values: dict[str, Any] = {k: _text(bare, k, table[k]) for k in _TEXTS if k in table}
    values |= {k: _list(bare, k, table[k]) for k in _LISTS if k in table}
    if "core" in table:
        values["core"] = _flag(bare, "core", table["core"])
    if "kind" in values:
        values["kind"] = _word(bare, "kind", values["kind"], [k.value for k in DocKind])
    for number in (values.get("number"), *values.get("also_numbered", ())):
        _check_number(bare, "number", number)
    _check_document(bare, values)
    versions: dict[str, Mapping[str, Any]] = {}
    rows = table.get("version", [])
    if not isinstance(rows, list):
        raise bare.complaint("version", "写法不对", "版本写作 [[document.version]]")
    for row in rows:
        key, facts = _version(bare, row)
        if versions and key <= max(versions):
            raise bare.complaint(
                f"version {key}", f"排在 {max(versions)} 之后", "版本请按通过日期从早到晚排，不重复"
            )
        versions[key] = facts
    return Entry(doc, file, values, versions)


def _check_document(at: Entry, values: Mapping[str, Any]) -> None:
    kind, level = values.get("kind"), values.get("level")
    if kind and level and level not in LEVELS[DocKind(kind)]:
        allowed = "、".join(LEVELS[DocKind(kind)])
        raise at.complaint("level", f"{kind} 的层级不能是 {level}", f"可用：{allowed}")
    region = values.get("region", "")
    if region and not region.startswith(PROVINCES):
        raise at.complaint("region", f"{region!r} 没有写到省一级", "请写全，如 重庆市江津区")
    if level in _LOCAL_LEVELS and not region:
        raise at.complaint("region", "地方的文件没有写地区", "请写出省、自治区、直辖市")
    if kind == DocKind.STANDARD:
        _check_standard(at, values)


def _check_number(at: Entry, part: str, number: str | None) -> None:
    if number is not None and standard_number(number) is None and not docno_key(number):
        raise at.complaint(
            part,
            f"{number!r} 不是认得出的编号",
            "如 GB 16423-2020、矿安〔2022〕88号、国务院令第591号",
        )


def _check_standard(at: Entry, values: Mapping[str, Any]) -> None:
    written = values.get("number", "")
    number = standard_number(written)
    if number is None:
        raise at.complaint("number", f"{written!r} 不是标准号", "如 GB 16423-2020")
    if not number.year:
        raise at.complaint("number", f"{written} 没有年号", "标准按版次收录，请写出年号")
    if str(number) != written:
        raise at.complaint("number", f"{written!r} 写法不一", f"请写作 {number}")
    slug = re.sub(r"[ /.]", "-", written).lower()
    if at.id != slug:
        raise at.complaint("id", f"与标准号 {written} 不合", f"应为 {slug}")


def _version(at: Entry, row: Any) -> tuple[str, dict[str, Any]]:
    if not isinstance(row, dict) or "version" not in row:
        raise at.complaint("version", "缺通过日期", "请写 version = 2021-06-10 这样的日期")
    key = _date(at, "version", row["version"])
    spot = f"version {key}"
    _only(at, spot, row, _VERSION_KEYS)
    facts: dict[str, Any] = {}
    for name in _DATES:
        if name in row:
            facts[name] = _date(at, f"{spot}.{name}", row[name])
    for name in _FLAGS:
        if name in row:
            facts[name] = _flag(at, f"{spot}.{name}", row[name])
    for name in ("number", "note"):
        if name in row:
            facts[name] = _text(at, f"{spot}.{name}", row[name])
    _check_number(at, f"{spot}.number", facts.get("number"))
    if "certainty" in row:
        words = [c.value for c in Certainty]
        facts["certainty"] = _word(at, f"{spot}.certainty", row["certainty"], words)
    if "text" in row:
        facts["text"] = _word(at, f"{spot}.text", row["text"], [t.value for t in TextState])
    if "also_dated" in row:
        days = _items(at, f"{spot}.also_dated", row["also_dated"])
        facts["also_dated"] = tuple(_date(at, f"{spot}.also_dated", d) for d in days)
    if "sha256" in row:
        facts["sha256"] = _list(at, f"{spot}.sha256", row["sha256"])
        if not all(_SHA256.match(h) for h in facts["sha256"]):
            raise at.complaint(f"{spot}.sha256", "不是 64 位小写十六进制", "请重新计算")
    return key.isoformat(), facts


def check_version(at: Entry, version: str, facts: Mapping[str, Any]) -> None:
    """What the facts of one version must say together, after all files are merged.

    Raises:
        CatalogError: a date lies before one that it must follow, or something required is missing.
    """
    spot, adopted = f"version {version}", date.fromisoformat(version)
    if "certainty" not in facts:
        raise at.complaint(f"{spot}.certainty", "没有写", "请写 seen、pages 或 待核")
    start, end = facts.get("in_force"), facts.get("ended")
    if start and start < adopted:
        raise at.complaint(f"{spot}.in_force", f"{start} 早于通过日期 {adopted}", "请核对")
    if end and end < (start or adopted):
        raise at.complaint(f"{spot}.ended", f"{end} 早于施行日期 {start or adopted}", "请核对")
    if facts.get("repealed") and not end and "known_until" not in facts:
        raise at.complaint(
            f"{spot}.repealed", "没有写 ended", "不知道废止日期的，用 known_until 写资料的日期"
        )


# --- single values --------------------------------------------------------------------------


def _only(at: Entry, part: str, table: Mapping[str, Any], known: frozenset[str]) -> None:
    unknown = sorted(set(table) - known)
    if unknown:
        raise at.complaint(
            f"{part}.{unknown[0]}".lstrip("."), "不认识的键", f"可用：{'、'.join(sorted(known))}"
        )


def _text(at: Entry, part: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise at.complaint(part, f"{value!r} 不是文字", "请写在引号里；没有就删去这一行")
    return value


def _flag(at: Entry, part: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise at.complaint(part, f"{value!r} 不是 true 或 false", "请改正")
    return value


def _items(at: Entry, part: str, value: Any) -> Sequence[Any]:
    if not isinstance(value, list):
        raise at.complaint(part, f"{value!r} 不是列表", "请写作 [ … ]")
    return value


def _list(at: Entry, part: str, value: Any) -> tuple[str, ...]:
    return tuple(_text(at, part, x) for x in _items(at, part, value))


def _date(at: Entry, part: str, value: Any) -> date:
    if type(value) is date:
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise at.complaint(part, f"{value!r} 不是日期", "请写作 2021-09-01") from None


def _word(at: Entry, part: str, value: Any, words: Sequence[str]) -> str:
    if value not in words:
        raise at.complaint(part, f"{value!r} 不在词表里", f"可用：{'、'.join(words)}")
    return str(value)
