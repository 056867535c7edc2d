"""The frozen records that the layers pass to each other. No behaviour beyond small look-ups.

Flow: file → `Source` (readers) → `Tree` of `Unit` (structure) → `Citation` spans (citations) →
targets (resolve) → index → `Hit` (search). `Document` and `Version` come from the catalog.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

__all__ = [
    "Block",
    "BlockKind",
    "Cell",
    "Certainty",
    "Citation",
    "CiteForm",
    "DocKind",
    "Document",
    "Mark",
    "Resolution",
    "Source",
    "Status",
    "TextState",
    "Tree",
    "Unit",
    "UnitKind",
    "Version",
]


# --- what a reader gives ------------------------------------------------------------------------


class BlockKind(StrEnum):
    """What a stretch of source text is, as far as the file format itself says."""

    HEADING = "heading"
    PARA = "para"
    TABLE = "table"
    IMAGE = "image"  # never emitted as an image: remote pictures are dropped, a mark stays
    PAGE = "page"  # running header or page number of a paged original


@dataclass(frozen=True, slots=True)
class Cell:
    """One table cell; `text` is unnormalised source text."""

    text: str
    colspan: int = 1
    rowspan: int = 1
    header: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """`source.text[start:end]` is this block; `level` 1–6 for headings, `rows` for tables."""

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    rows: tuple[tuple[Cell, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """A structural boundary that the reader knows for certain (the packaged statutes have them).

    `start:end` spans the whole unit body in `source.text`, `label` is e.g. 第二十五条之一 and
    `heading` the words after 第一章. Kind is part, chapter, section or article.
    """

    kind: UnitKind
    label: str
    heading: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Source:
    """One file or packaged statute as read: `text` is the `raw` that all spans index.

    Contract of every reader: newlines are `\\n`, no BOM, no NUL; blocks are in order, do not
    overlap, and everything outside them is white space; `sha256` is of the original bytes.
    """

    path: str
    format: str  # text | markdown | html | docx | statutes
    text: str
    blocks: tuple[Block, ...]
    sha256: str
    title: str = ""
    # header facts where the file states them: adopted, in_force, number, issuer (dates in ISO form)
    meta: Mapping[str, str] = field(default_factory=dict)
    marks: tuple[Mark, ...] = ()
    warnings: tuple[str, ...] = ()


# --- what structure gives -----------------------------------------------------------------------


class UnitKind(StrEnum):
    """Levels of legal text (《立法技术规范》) and of standards (GB/T 1.1)."""

    PART = "part"  # 编 / 分编
    CHAPTER = "chapter"  # 章; in a standard a heading clause that has clauses below it
    SECTION = "section"  # 节
    ARTICLE = "article"  # 条
    PARAGRAPH = "paragraph"  # 款; unnumbered paragraph of a notice
    ITEM = "item"  # 项（一）; —— item of a standard; 1. （1） ① of a notice
    POINT = "point"  # 目 1.
    CLAUSE = "clause"  # lowest-numbered clause of a standard; numbered item of a notice
    DEFINITION = "definition"
    TABLE = "table"
    NOTE = "note"  # 注：
    ANNEX = "annex"
    PREAMBLE = "preamble"  # text before the first numbered unit


@dataclass(frozen=True, slots=True)
class Unit:
    """One node of a document, with the span it was read from.

    `raw == source.text[start:end]`. For heading-only kinds (part, chapter, section, annex) the
    span is the heading line; for all others it covers the unit with everything below it.
    `display` is the normalised text without the unit's own `label`; a parent's display contains
    its children's labels and texts, one a line. `rows` holds normalised cell texts of a table,
    every row expanded to the same width, the first `header_rows` of them being headers.
    `hit` marks the units that search returns: 条, lowest-numbered clauses, definitions.
    """

    id: str
    kind: UnitKind
    label: str
    heading: str
    start: int
    end: int
    raw: str
    display: str
    parent: str | None = None
    hit: bool = False
    rows: tuple[tuple[str, ...], ...] = ()
    header_rows: int = 0


@dataclass(frozen=True)
class Tree:
    """All units of one version in document order; ids are distinct."""

    units: tuple[Unit, ...]
    warnings: tuple[str, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, Unit]:
        """Unit id → unit."""
        return {u.id: u for u in self.units}

    @cached_property
    def children(self) -> Mapping[str | None, tuple[Unit, ...]]:
        """Parent id (None for the top) → its units in order."""
        out: dict[str | None, list[Unit]] = {}
        for u in self.units:
            out.setdefault(u.parent, []).append(u)
        return {k: tuple(v) for k, v in out.items()}

    @cached_property
    def hits(self) -> tuple[Unit, ...]:
        """Units that search returns, in order."""
        return tuple(u for u in self.units if u.hit)

    def path(self, unit_id: str) -> tuple[str, ...]:
        """Titles of the containers above a unit, outermost first (第一章 总则; 5.2.2 穿孔作业)."""
        out: list[str] = []
        at = self.by_id[unit_id].parent
        while at is not None:
            u = self.by_id[at]
            out.append(f"{u.label} {u.heading}".strip())
            at = u.parent
        return tuple(reversed(out))

    def hit_of(self, unit_id: str) -> Unit | None:
        """The hit unit that contains a unit (itself included), if any."""
        at: str | None = unit_id
        while at is not None:
            u = self.by_id[at]
            if u.hit:
                return u
            at = u.parent
        return None


# --- what the catalog gives ---------------------------------------------------------------------


class DocKind(StrEnum):
    """What a document is; the word that filters and the JSON contract use."""

    CONSTITUTION = "constitution"
    LAW = "law"  # 法律
    AMENDMENT = "amendment"  # 修正案
    DECISION = "decision"  # 决定、决议
    INTERPRETATION = "interpretation"  # 立法解释、司法解释
    REGULATION = "regulation"  # 行政法规
    LOCAL = "local"  # 地方性法规
    RULE = "rule"  # 部门规章
    STANDARD = "standard"
    NOTICE = "notice"  # 政策通知、规范性文件


class TextState(StrEnum):
    """How much of the official text is loaded."""

    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"


class Certainty(StrEnum):
    """How sure a catalog fact is."""

    SEEN = "seen"  # read in a text that we hold
    PAGES = "pages"  # public pages agree; the official text was not read
    PENDING = "待核"  # unsettled


class Status(StrEnum):
    """Validity of one version on one date."""

    IN_FORCE = "现行"
    NOT_YET = "尚未施行"
    AMENDED = "已修改"  # a later amended wording exists, but this is the latest text loaded
    REPLACED = "被代替"
    REPEALED = "已废止"
    PENDING = "待核"


@dataclass(frozen=True, slots=True)
class Version:
    """One adopted wording of a document.

    `version` is the date of adoption (ISO), the key of every stored reference. `in_force` None
    means unknown (施行日期待核). `package_status` is what the data package says (evidence only):
    现行有效, 历史版本, 已废止, 已被修改 or empty. `evidence_date` is the day up to which that
    evidence speaks. `ended` is the last day's successor: the first day on which the version is no
    longer in force, None when unknown or still in force.
    """

    doc: str
    version: str
    in_force: date | None = None
    ended: date | None = None
    repealed: bool = False
    text: TextState = TextState.NONE
    certainty: Certainty = Certainty.SEEN
    note: str = ""
    package_id: str = ""
    package_status: str = ""
    evidence_date: date | None = None
    number: str = ""  # 文号 or standard number of this version, where it differs
    amendment: bool = False  # 修正: alters the wording before it, which stays usable until loaded


@dataclass(frozen=True, slots=True)
class Document:
    """A catalog entry: identity of a document over all its versions."""

    id: str
    title: str
    short: str
    kind: DocKind
    aliases: tuple[str, ...] = ()
    number: str | None = None  # GB 16423-2020; 津应急发〔2021〕108号
    level: str = ""  # 宪法 法律 行政法规 地方性法规 部门规章 国家标准 行业标准 规范性文件
    region: str = ""  # empty: the whole country; else 重庆市, 浙江省 …
    issuer: str = ""
    supersedes: tuple[str, ...] = ()
    official: str = ""  # where the official text is published
    note: str = ""
    core: bool = False  # built by default (--laws core)
    versions: tuple[Version, ...] = ()


# --- citations ----------------------------------------------------------------------------------


class CiteForm(StrEnum):
    """How a reference is written."""

    TITLE = "title"  # 《安全生产法》 with or without articles
    THIS = "this"  # 本法, 本条例, 本标准, 本条, 本章
    RELATIVE = "relative"  # 前款, 前两款, 前条, 前款第三项
    ARTICLE = "article"  # bare 第十条 (of this document, or of the one named before it)
    NUMBER = "number"  # GB 6722, GB/T 33000-2016, AQ 2012—2007
    DOCNO = "docno"  # 津应急发〔2021〕108号
    CLAUSE = "clause"  # bare 5.3.8 inside a standard; 表 1; 附录 A


@dataclass(frozen=True, slots=True)
class Citation:
    """One reference found in a text; `text[start:end] == raw`. Resolves nothing.

    `title`/`number` name the document as written (empty for this document). `articles` are clause
    ids in order (`art-10`, `art-25.p2.i3`, `5.3.8`, `ch-4`, `t:1` for 表 1); `through` marks that
    two of them are the ends of a range (第十条至第十三条). For relative forms `articles` is empty
    and `relative` says what is meant: `p-1` 前款, `p-2` 前两款, `art-1` 前条, `p0` 本款, `art0`
    本条, `p*` 前几款, with `.i3` after it for an item.
    `names_part` is true when a 条款项章 or clause is named or implied (not a bare 本法 or title).
    """

    start: int
    end: int
    raw: str
    form: CiteForm
    title: str = ""
    number: str = ""
    year: str = ""
    articles: tuple[str, ...] = ()
    through: bool = False
    relative: str = ""
    names_part: bool = False
    until: str = ""  # other end of a range of a relative form (前款第一项至第四项: p-1.i4)
    listed: bool = False  # continues the list of the citation before: 、第九十六条
    quoted: bool = False  # stands inside quotation marks (the new wording in an amending act)


@dataclass(frozen=True, slots=True)
class Resolution:
    """Where a citation leads: full ids (`doc@version#clause`, or `doc` for a whole document), or
    the reason why that is not certain. Exactly one of the two is non-empty."""

    citation: Citation
    targets: tuple[str, ...] = ()
    reason: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
