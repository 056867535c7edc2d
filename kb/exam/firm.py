"""Items from the firm's own adopted cards (本单位卡), marked as such and never taken for the law.

A row is asked only where `kb check` finds no error in it; a row that contradicts a rule or rests on
one that is not in force gives nothing and is listed with the reason, and so is a draft that no crew
has discussed. A false statement about the firm's own figure is laxer than the card and than every
comparable figure of the clause that the row cites; without such a figure there is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from kb.cards.model import DRAFT_MARK, SKELETON_MARK
from kb.check import KIND_NAMES, CardFile, Checker, Finding, card_file, card_files
from kb.check import Shelf as CheckShelf
from kb.check.cited import Cited, References
from kb.check.model import CardCell, CardRow, Place
from kb.check.statements import Statement as Said
from kb.check.statements import posts_of, statements
from kb.errors import SourceError, UsageError
from kb.exam.difficulty import level_of
from kb.exam.figures import Draft, figure_questions, source_head
from kb.exam.holds import Holds
from kb.exam.model import FIRM, RowState
from kb.exam.pool import Pool
from kb.exam.source import Basis, LeftOut, Shelf, figure_problem
from kb.exam.statements import Statement
from kb.exam.terms import term_questions
from kb.ids import content_hash
from kb.index import Index
from kb.model import DocKind, Document, UnitKind, Version
from kb.notes import Note
from kb.quantities import Bound, Quantity, find
from kb.store import StoredUnit
from kb.terms import Terms

__all__ = ["CARD", "FirmCards", "card_pool", "read_cards"]

CARD = "card:"
"""How the id of a row begins: card:铲装司机.docx#表1第3行."""
_COLUMN = re.compile(r"第\d+列\Z")
_SHEET = re.compile(r"(?P<sheet>.*)!(?P<column>[A-Z]+)(?P<row>\d+)\Z")
_GOES_ON = re.compile(r"其|但|或|以及|及其|否则|逾期|同时|并|且|该|此|这|同上|另外|还|也")
_FRAME = re.compile(r"_{2,}|“|”|没做到|＿|\.{3}|…|\?|？|<|\||☐|□")
"""Blanks of a form, quotations and what a draft leaves open: no sentence to be examined on."""
_POINTS_AWAY = re.compile(r"前[款条项述]|上[述款]|下列|以下|如下|见[表图附]|同上|依据|根据《")
_KEY = re.compile(r"作业活动|部位|事故|情景|情形|阶段|环节|时点|工序|任务")
_LISTED = re.compile(
    r"(?:管控|防范|控制|安全|应急|处置|预防)?措施|(?:操作|安全|检查)?要点|注意事项|禁止事项|检查内容|操作步骤|岗位职责|\A职责"
)
_POST_DUTY = re.compile(r"职责")
_LINE_BREAK = re.compile(r"\n|<br\s*/?>")
_MARK = re.compile(r"\s*(?:[-*•●▪◆]+|[(（]?\d{1,2}[)）.、](?!\d)|[①-⑳])\s*")
_KEY_LONGEST, _POINT_LONGEST = 16, 80
_FEWEST, _MOST = 3, 9
_SHORTEST = 8
_QUOTED_LONGEST = 260
_LOWER, _UPPER = (Bound.MIN, Bound.OVER), (Bound.MAX, Bound.UNDER, Bound.PERIOD)


@dataclass(frozen=True)
class CardBasis(Basis):
    """One sentence (or list) of a row. `limits` are the figures of the clauses that it cites,
    None where a check could not hold its own figures against them; `law` says those clauses."""

    row: str = ""
    limits: tuple[Quantity, ...] | None = None
    law: str = ""

    @property
    def origin(self) -> str:
        """The firm's own card."""
        return FIRM

    @property
    def source(self) -> str:
        """How a stem names the card: 本单位卡《铲装司机操作卡》."""
        return f"本单位卡《{self.document.title}》"

    def citation(self, unit: str = "") -> str:  # noqa: ARG002  a row is not divided
        """The card and the row."""
        return f"{self.source}{self.row}"


class _CardHolds(Holds):
    """What rules and cards say; a figure that is not laxer than the law counts as said."""

    def elsewhere(self, basis: Basis, words: str, q: Quantity) -> str:
        """Id of what says this figure, or why it must not be called wrong; '' if nothing does."""
        if found := super().elsewhere(basis, words, q):
            return found
        limits = basis.limits if isinstance(basis, CardBasis) else None
        like = [x for x in limits or () if x.key[2] == q.key[2] and _side(x) == _side(q)]
        if not like or not _side(q):
            return basis.id
        laxer = all((q.key[0] - x.key[0]) * _side(q) > 0 for x in like)
        return "" if laxer else basis.id


def _side(q: Quantity) -> int:
    """+1 where a larger figure is laxer, -1 where a smaller one is, 0 where none is."""
    return -1 if q.bound in _LOWER else 1 if q.bound in _UPPER else 0


@dataclass
class FirmCards:
    """The rows of the firm's cards: what may be asked, what not and why, and each row's state.

    `listed` are the ids of the rows that `lists` (简答 over several rows) ask for.
    """

    bases: list[CardBasis] = field(default_factory=list)
    lists: list[Draft] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    rows: dict[str, RowState] = field(default_factory=dict)
    listed: set[str] = field(default_factory=set)


def read_cards(
    index: Index, terms: Terms, as_of: date, paths: Sequence[Path], region: str = "", first: int = 0
) -> FirmCards:
    """Read and check files and folders of cards.

    Args:
        first: the number of the first sentence among what is asked (behind the clauses).

    Raises:
        UsageError: there is no file of cards.
        SourceError: a path does not exist.
    """
    shelf = CheckShelf(index, as_of, region)
    checker = Checker(shelf, terms)
    out = FirmCards()
    found = 0
    names: set[str] = set()
    for path in paths:
        files, refused = card_files([path])
        folder = path if path.is_dir() else path.parent
        for other in refused:
            if other.blocks:
                name = other.path.relative_to(folder).as_posix()
                out.left_out.append(LeftOut(CARD + name, f"本单位卡 {name}", other.reason))
        for file in files:
            found += 1
            name = file.relative_to(folder).as_posix()
            if name in names:  # two folders with a file of one name
                name = f"{folder.name}/{name}"
            names.add(name)
            try:
                read = card_file(file)
            except SourceError as e:
                out.left_out.append(LeftOut(CARD + name, f"本单位卡 {name}", str(e)))
                continue
            _File(checker, terms, read, name, out, first).read()
    if not found and not out.left_out:
        raise UsageError(
            f"{'、'.join(map(str, paths))} 里没有卡片文件（可读 .md .txt .docx .xlsx），请检查"
        )
    return out


def card_pool(law: Pool, cards: FirmCards) -> Pool:
    """Every item of the cards; `law` is the pool of the rules in force on the same day."""
    every = Shelf(law.as_of, tuple(cards.bases), (*law.shelf.all, *cards.bases), ())
    holds = _CardHolds(every)
    drafts: list[Draft] = []
    for basis in cards.bases:
        statement = Statement(basis, basis.clause.id, 0, len(basis.text))
        made = [*figure_questions(statement, holds), *term_questions(statement)]
        # the wrong options of a 单选 would be figures that no row of the card has
        drafts += [_marked(d) for d in made if d.type in ("填空", "判断")]
    drafts += [_marked(d) for d in cards.lists]
    distinct = {(d.type, d.stem, d.right): d for d in reversed(drafts)}
    kept = tuple(
        replace(d, difficulty=level_of(d, holds))
        for d in drafts
        if distinct[d.type, d.stem, d.right] is d
    )
    used = {d.basis.id for d in kept} | cards.listed
    nothing = {
        b.id: LeftOut(b.id, b.citation(), "没有答案唯一的数值、用语或列项")
        for b in cards.bases
        if b.id not in used
    }
    left = (*cards.left_out, *nothing.values())
    own = Shelf(law.as_of, tuple(cards.bases), tuple(cards.bases), left)
    return Pool(law.as_of, kept, own, left)


def _marked(draft: Draft) -> Draft:
    """With the mark in front and the clause that the row rests on behind."""
    basis = draft.basis
    law = basis.law if isinstance(basis, CardBasis) else ""
    return replace(draft, explanation=f"依据本单位卡。{draft.explanation}{law}")


class _File:
    """One file of cards on its way to its sentences."""

    def __init__(
        self, checker: Checker, terms: Terms, file: CardFile, name: str, out: FirmCards, first: int
    ) -> None:
        self._shelf = checker.shelf
        self._checker = checker
        self._file = file
        self._name = name
        self._out = out
        self._first = first
        self._ref = CARD + name
        self._title = Path(name).stem
        self._posts = posts_of(file, dict(terms.post_names))
        self._document = Document(self._ref, self._title, self._title, DocKind.NOTICE)
        self._version = Version(self._ref, checker.shelf.as_of.isoformat())
        self._headings: list[str] = []
        self._rows: list[tuple[CardRow, str, str, bool]] = []
        self._laws: dict[str, list[Cited]] = {}

    def read(self) -> None:
        """Add what the file gives to the rest."""
        if DRAFT_MARK in self._file.text:
            why = f"有“{DRAFT_MARK}”字样，是底稿，不是采用的卡"
            self._out.left_out.append(LeftOut(self._ref, f"本单位卡《{self._title}》", why))
            return
        report = self._checker.check_card(self._file)
        by_place: dict[Place, list[Finding]] = {}
        for f in report.findings:
            by_place.setdefault(f.line, []).append(f)
        references = References(self._file, self._shelf)
        for number, row in enumerate(self._file.rows):
            if row.heading:
                self._headings.append(row.cells[0].text.strip())
            name = _row_name(row)
            found = [f for place in _places(row) for f in by_place.get(place, ())]
            cited = references.of(number)
            said = statements(number, row, cited, self._posts[number])
            why = _why_not(row, found)
            self._out.rows[f"{self._ref}#{name}"] = RowState(_hash(row), why)
            sound = not why and not row.heading
            self._rows.append((row, name, self._posts[number], sound))
            self._laws[name] = [
                c for c in cited if c.ref and c.units and c.raw and not _told(c, found)
            ]
            if not said:
                continue
            if why:
                citation = f"本单位卡《{self._title}》{name}"
                self._out.left_out.append(LeftOut(f"{self._ref}#{name}", citation, why))
                continue
            for sentence in said:
                basis = self._basis(row, name, sentence, found, self._posts[number])
                if basis is not None:
                    self._out.bases.append(basis)
        self._lists()

    # --- sentences ------------------------------------------------------------------------------

    def _basis(
        self, row: CardRow, name: str, said: Said, found: Sequence[Finding], post: str
    ) -> CardBasis | None:
        text = _bare(said)
        if len(text) < _SHORTEST or _FRAME.search(text) or _POINTS_AWAY.search(text):
            return None
        if _GOES_ON.match(text):
            return None
        unsure = any(
            f.kind == "not_checked"
            and f.line == said.cell.place
            and f.raw in said.raw
            and said.start <= f.start < said.end
            for f in found
        )
        laws = [c for c in said.cites if c.ref and c.units and said.sure and not _told(c, found)]
        if unsure:  # what the law says of this figure is not known
            return self._made(row, name, text, post, None, ())
        return self._made(row, name, text, post, self._limits(laws), laws)

    def _made(
        self,
        row: CardRow,
        name: str,
        text: str,
        post: str,
        limits: tuple[Quantity, ...] | None,
        laws: Sequence[Cited],
    ) -> CardBasis:
        law = self._law(laws)
        unit = StoredUnit(
            self._ref, name, UnitKind.CLAUSE, "", "", None, 0, len(text), text, _hash(row), True
        )
        day = self._shelf.as_of
        return CardBasis(
            order=self._first + len(self._out.bases) + len(self._out.lists),  # each its own place
            clause=unit,
            below=(),
            document=self._document,
            version=self._version,
            validity=(
                f"依据本单位卡，所引条款按 {day} 的规定核对没有发现错误"
                if law
                else "依据本单位卡，没有核对到法规条款"
            ),
            path=(f"卡 {self._headings[-1]}",) if self._headings else (),
            note=_tags(f"{self._ref}#{name}", row, post),
            no_figures=figure_problem(replace(unit, display=f"{text}。"), ()),
            row=name,
            limits=limits,
            law=law,
            rests=self._rests(laws),
        )

    def _limits(self, laws: Iterable[Cited]) -> tuple[Quantity, ...]:
        return tuple(
            q
            for c in laws
            for unit in c.units
            for reading in self._shelf.readings(c.ref, unit)
            for q in find(reading)
        )

    def _rests(self, laws: Iterable[Cited]) -> tuple[tuple[str, str], ...]:
        out = {}
        for c in laws:
            for unit in c.units:
                if stored := self._shelf.passages.unit(c.ref, unit):
                    out[stored.full_id] = stored.hash
        return tuple(out.items())

    def _law(self, laws: Iterable[Cited]) -> str:
        said = {}
        for c in laws:
            state = self._shelf.state(c.ref)
            for unit in c.units:
                stored = self._shelf.passages.unit(c.ref, unit)
                if stored is None:
                    continue
                words = "".join(stored.display.split("\n")).rstrip("。")
                short = len(words) <= _QUOTED_LONGEST and not stored.errata
                quote = f"：“{words}”" if short else "（原文见 kb show）"
                label = f"{state.label}，{state.in_force_label} 起施行"
                said[stored.full_id] = f"卡上所引{self._shelf.cite(c.ref, unit)}{quote}。{label}。"
        return "".join(said.values())

    # --- lists ----------------------------------------------------------------------------------

    def _lists(self) -> None:
        """简答: what one column says of one activity, row by row; duties of one post."""
        groups: dict[tuple[int, str, str, str], list[tuple[CardRow, str, CardCell, bool]]] = {}
        for row, name, post, sound in self._rows:
            if row.heading or not row.table:
                continue
            key = next((c for c in row.cells if _KEY.search(c.header)), None)
            for cell in row.cells:
                if not _LISTED.search(cell.header):
                    continue
                duty = _POST_DUTY.search(cell.header)
                named = post if duty else key.text.strip() if key else ""
                if named:
                    at = (row.table, cell.header.strip(), named, post)
                    groups.setdefault(at, []).append((row, name, cell, sound))
        for (_, header, named, post), found in groups.items():
            draft = self._essay(header, named, post, found)
            if draft is not None:
                self._out.lists.append(draft)

    def _cited_by(self, found: Iterable[tuple[CardRow, str, CardCell, bool]]) -> list[Cited]:
        """The clauses that some rows cite, each once."""
        laws = [c for _, name, *_ in found for c in self._laws[name]]
        return list({(c.ref, c.units): c for c in laws}.values())

    def _essay(
        self, header: str, named: str, post: str, found: list[tuple[CardRow, str, CardCell, bool]]
    ) -> Draft | None:
        points = [p for _, _, cell, _ in found for p in _points(cell.text)]
        if not _FEWEST <= len(points) <= _MOST or len(set(points)) != len(points):
            return None
        if not all(sound for *_, sound in found) or len(named) > _KEY_LONGEST:
            return None
        if any(len(p) > _POINT_LONGEST or _FRAME.search(p) for p in (*points, named)):
            return None
        text = "\n".join([named, *points])
        row, name, *_ = found[0]
        basis = self._made(row, name, text, post, None, self._cited_by(found))
        self._out.listed |= {f"{self._ref}#{name}" for _, name, *_ in found}
        spans, at = [], len(named) + 1
        for p in points:
            spans.append((at, at + len(p)))
            at += len(p) + 1
        stem = f"{source_head(basis)}“{named}”的{header}有哪些？"
        return Draft(
            basis, name, "简答", "essay", stem, tuple(points), (),
            f"{basis.citation()}起：“{'；'.join(points)}”。{basis.validity}。", 2,
            ((0, len(named)),), tuple(spans), (basis.order, 0, len(text)),
        )  # fmt: skip


def _points(text: str) -> list[str]:
    pieces = (_MARK.sub("", x, count=1) if _MARK.match(x) else x for x in _LINE_BREAK.split(text))
    return [p for x in pieces if (p := x.strip().rstrip("。；;"))]


def _bare(said: Said) -> str:
    """The sentence without a reference in brackets behind it; '' where one stands within it."""
    raw = said.raw
    inside = [c for c in said.cites if c.cell.start == said.cell.start]
    inside = [c for c in inside if said.start <= c.start < said.end]
    if inside:
        at = inside[0].start - said.start
        head = re.search(r"[（(\[【〔][^（()）]{0,12}\Z", raw[:at])
        if head is None:
            return ""
        raw = raw[: head.start()]
    return raw.strip().rstrip("。；;，, ")


def _told(cited: Cited, found: Iterable[Finding]) -> bool:
    """Whether a check had something to say of a reference."""
    # cells of a line share its number, so the span alone does not tell the reference
    return any(
        f.line == cited.cell.place and f.raw == cited.raw for f in found if f.kind != "see_also"
    )


def _why_not(row: CardRow, found: Iterable[Finding]) -> str:
    """Why a row must not be asked."""
    if any(SKELETON_MARK in c.text for c in row.cells):
        return "是通用处置骨架，本单位还没有核定"
    errors = {f"{KIND_NAMES[f.kind]}：{f.message}": None for f in found if f.is_error}
    return f"kb check 发现错误（{'；'.join(errors)}），改正后才能出题" if errors else ""


def _places(row: CardRow) -> list[Place]:
    return list(dict.fromkeys(c.place for c in row.cells))


def _row_name(row: CardRow) -> str:
    """表1第3行, 第12行, 第5段, 风险!第4行: without the column."""
    own = next((c for c in row.cells if not c.merged), row.cells[0])
    if isinstance(own.place, int):
        return f"第{own.place}行"
    if m := _SHEET.match(own.place):
        return f"{m['sheet']}!第{m['row']}行"
    return _COLUMN.sub("", own.place)


def _hash(row: CardRow) -> str:
    return content_hash("\n".join(c.text for c in row.cells))


def _tags(full_id: str, row: CardRow, post: str) -> Note:
    """Post and activity of a row in the form that papers are drawn by."""
    activity = next((c.text.strip() for c in row.cells if _KEY.search(c.header)), "")
    known = bool(activity) and len(activity) <= _KEY_LONGEST and not _FRAME.search(activity)
    return Note(
        full_id, "", "", posts=(post,) if post else (),
        activities=(activity,) if known else (), severity=2, who="worker",
    )  # fmt: skip
