"""The references of a file of cards: found, resolved, and led back to their cells.

Beside what `kb.citations` finds, cards have short forms: 安全生产法25条, a column 依据（GB
16423-2020） with bare clause numbers below it, 同上. They are written out in full, resolved, and
reported as they stand.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from kb.check.model import CardCell, CardFile, CardRow
from kb.check.shelf import Shelf
from kb.citations import find
from kb.cite_text import clause_label
from kb.model import Citation, CiteForm, DocKind, Document, Resolution
from kb.resolve import Context
from kb.resolve.reasons import Reason

__all__ = ["BASIS", "Cited", "References", "is_basis", "marks_of", "rest_of"]

BASIS = re.compile(r"依据|出处|来源|法规|条款|引用|标准号|文件")
"""What the head of a column says in which references stand."""

_BARE_ARTICLE = re.compile(
    r"[ 　]?(?P<n>\d{1,3}|[一二三四五六七八九十百]{1,6})[ 　]?条(?!例|件|款)"
)
"""安全生产法25条: an article without 第 behind a law's name."""
_LONG_NUMBER = re.compile(
    r"[ 　，,]{0,2}第?(?P<n>(?=[\d.]*\d{3})\d{1,3}(?:\.\d{1,3}){2,5})(?![.\d])"
)
"""GB 16423-2020 5.2.109: a number that no standard has, and that is no figure either."""
_BARE_LIST = re.compile(
    # 5.2.3.3、5.2.3.4 or 第二十五条第一款; 5.2 alone may be a figure
    r"(?:(?:第|附录)?[\dA-Z一二三四五六七八九十百零]+(?:\.\d+)*[条款项章节]?|[()（）、,，;；\s至和及~～-])+"
)
_NUMBERS = re.compile(r"\d+\.\d+\.\d+")
_CLAUSE_LIKE = re.compile(r"\d+\.\d+\.\d+|第[\d一二三四五六七八九十百零]+条|\d{1,3}条")
_SAME = re.compile(r"\s*(?:同上|同前|〃|″|“|\")\s*")
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿"
_NOTE = re.compile(rf"(?P<mark>[{_CIRCLED}]|\[\d{{1,2}}\])(?P<body>[^{_CIRCLED}\[\n]*)")
"""① 5.2.1.1 or [1] 《…》第三条 at the foot of a card."""
_MARKS = re.compile(rf"(?:[{_CIRCLED}、，, ]|\[\d{{1,2}}\])+[ \t]*$", re.MULTILINE)
_LEAD = re.compile(
    # what may stand beside references in a cell or line that says nothing else
    r"依据|根据|来源|出处|参照|参见|参考|引用|按照|见|详见|同上|法律法规|标准|条款|规定|要求|及|和|与|等|的|第|条|款"
)
_HAN = re.compile(r"[\u3400-\u9fffA-Za-z0-9]")

NAMED = (CiteForm.TITLE, CiteForm.NUMBER, CiteForm.DOCNO)


@dataclass(frozen=True, slots=True)
class Cited:
    """One reference at its place: `raw` stands at `start:end` of the text of `cell`.

    `document` is what it names, where that is known; `ref` the version whose clauses `units` it
    leads to (empty where it leads to none). `mark` is the ① that leads from a row to it, where it
    stands at the foot of the card.
    """

    row: int
    cell: CardCell
    start: int
    end: int
    raw: str
    resolution: Resolution
    document: Document | None = None
    ref: str = ""
    units: tuple[str, ...] = ()
    mark: str = ""

    @property
    def citation(self) -> Citation:
        """What was written, taken apart."""
        return self.resolution.citation

    @property
    def names_part(self) -> bool:
        """Whether it names a clause, not only a document."""
        return bool(self.citation.articles) or self.citation.names_part


class References:
    """All references of one file by row."""

    def __init__(self, file: CardFile, shelf: Shelf) -> None:
        self._file = file
        self._shelf = shelf
        self._context = Context.free(shelf.as_of, file.text)
        self._by_row: dict[int, list[Cited]] = {}
        self._standards: dict[tuple[int, int], set[str]] = {}
        cells = [(cell, number) for number, row in enumerate(file.rows) for cell in row.cells]
        self._starts = sorted({cell.start for cell, _ in cells})
        self._cells: dict[int, list[tuple[CardCell, int]]] = {}
        for cell, number in cells:
            self._cells.setdefault(cell.start, []).append((cell, number))
        self._find()
        self._from_heads()
        self._from_notes()
        self._carry()

    def of(self, row: int) -> Sequence[Cited]:
        """The references of a row, in the order of its cells."""
        return self._by_row.get(row, ())

    def __iter__(self) -> Iterator[Cited]:
        for row in sorted(self._by_row):
            yield from self._by_row[row]

    # --- finding --------------------------------------------------------------------------------

    def _find(self) -> None:
        text = self._file.text
        names = self._shelf.resolver.names
        found = find(text, names=names)
        for resolution in self._shelf.resolver.resolve_all(text, found, self._context):
            c = resolution.citation
            if c.form not in NAMED and not resolution.targets:
                continue  # 本方案, 前款, a bare 第三条: about the card itself
            resolution, end = self._with_bare_article(self._known_tail(resolution))
            for cell, row in self._at(c.start):
                start = c.start - cell.start
                self._add(row, cell, start, end - cell.start, resolution)

    def _with_bare_article(self, resolution: Resolution) -> tuple[Resolution, int]:
        """安全生产法25条: the article without 第 belongs to the reference."""
        c, text = resolution.citation, self._file.text
        number = _LONG_NUMBER.match(text, c.end)
        if number and c.form in NAMED and not c.articles:
            whole = replace(c, articles=(number["n"],), names_part=True)
            resolved = self._shelf.resolver.resolve_all("", [whole], self._context)
            return resolved[0], number.end()
        m = _BARE_ARTICLE.match(text, c.end)
        if c.form is not CiteForm.TITLE or c.articles or m is None:
            return resolution, c.end
        written = f"《{c.title}》第{m['n']}条"
        again = self._resolve(written)
        return (again[0], m.end()) if len(again) == 1 else (resolution, c.end)

    def _known_tail(self, resolution: Resolution) -> Resolution:
        """履行消防法第十六条: the words before a name without marks may belong to the sentence."""
        c = resolution.citation
        if resolution.reason != Reason.NOT_IN_CATALOG or c.form is not CiteForm.TITLE:
            return resolution
        if c.raw.startswith(("《", "〈")) or c.number:
            return resolution
        for start in range(1, len(c.title) - 2):
            if self._shelf.catalog.find_title(c.title[start:]):
                cut = replace(c, title=c.title[start:])
                return self._shelf.resolver.resolve_all("", [cut], self._context)[0]
        return resolution

    def _resolve(self, written: str) -> list[Resolution]:
        found = find(written, names=self._shelf.resolver.names)
        return self._shelf.resolver.resolve_all(written, found, self._context)

    def _at(self, position: int) -> list[tuple[CardCell, int]]:
        """The cell at a position of the file's text, in every row where it stands."""
        place = bisect_right(self._starts, position) - 1
        return self._cells.get(self._starts[place], []) if place >= 0 else []

    def _add(self, row: int, cell: CardCell, start: int, end: int, resolution: Resolution) -> None:
        document, ref, units = self._target(resolution)
        self._by_row.setdefault(row, []).append(
            Cited(row, cell, start, end, cell.text[start:end], resolution, document, ref, units)
        )

    def _target(self, resolution: Resolution) -> tuple[Document | None, str, tuple[str, ...]]:
        documents = self._shelf.documents
        if resolution.targets:
            refs = {t.partition("#")[0] for t in resolution.targets}
            units = tuple(t.partition("#")[2] for t in resolution.targets)
            ref = next(iter(refs))
            document = documents[ref.partition("@")[0]]
            known = len(refs) == 1 and "@" in ref
            return document, ref if known else "", tuple(filter(None, units)) if known else ()
        if annexed := self._annexed(resolution):
            return annexed
        return documents.get(resolution.details.get("文件", "")), "", ()

    def _annexed(self, resolution: Resolution) -> tuple[Document, str, tuple[str, ...]] | None:
        """附件一第二项 by the label that we print for it; annexes have paths of many kinds."""
        c, shelf = resolution.citation, self._shelf
        if resolution.reason != Reason.NO_SUCH_CLAUSE or "附" not in c.raw:
            return None
        for document in shelf.catalog.find_title(c.title)[:1] if c.title else ():
            ref = shelf.present(document)
            for unit in shelf.clauses(ref, "") if ref else ():
                label = clause_label(unit, document.kind)
                if unit.startswith("app") and c.raw.endswith(label):
                    return document, ref, (unit,)
        return None

    # --- short forms ----------------------------------------------------------------------------

    def _from_heads(self) -> None:
        """Bare clause numbers in a column whose head names the document."""
        for number, row in enumerate(self._file.rows):
            if row.heading or not row.table:
                continue
            for cell in row.cells:
                if not cell.header or self._has(number, cell):
                    continue
                named = self._document_of(cell.header) or self._only_standard(row.table, cell)
                if named and _CLAUSE_LIKE.search(cell.text) and _BARE_LIST.fullmatch(cell.text):
                    for part, start, end in _listed(cell.text):
                        for resolution in self._resolve(f"{named}{_numbered(part)}")[:1]:
                            self._add(number, cell, start, end, resolution)

    def _has(self, row: int, cell: CardCell) -> bool:
        return any(c.cell.start == cell.start for c in self._by_row.get(row, ()))

    def _document_of(self, head: str) -> str:
        """The document that the head of a column names, as written, '' if none or several."""
        found = find(head, names=self._shelf.resolver.names)
        named = [c for c in found if c.form in NAMED and not c.articles]
        return named[0].raw if len(named) == 1 else ""

    def _only_standard(self, table: int, cell: CardCell) -> str:
        """The one standard that the other cells of a column cite, as the catalog writes it."""
        if not _NUMBERS.search(cell.text):
            return ""
        key = (table, cell.column)
        if key not in self._standards:
            self._standards[key] = {
                c.document.number or ""
                for cites in self._by_row.values()
                for c in cites
                if self._file.rows[c.row].table == table
                and c.cell.column == cell.column
                and c.document is not None
                and c.document.kind is DocKind.STANDARD
            }
        found = self._standards[key]
        return next(iter(found)) if len(found) == 1 else ""

    def _from_notes(self) -> None:
        """References at the foot of a card: ① in its rows stands for ① at its foot."""
        notes: dict[str, list[Cited]] = {}
        waiting: list[tuple[int, list[str]]] = []
        for number, row in enumerate(self._file.rows):
            found = {} if row.heading else self._notes(number, row)
            if found:
                notes |= found
                continue
            if notes:  # the foot is over: what follows is another card
                self._resolve_marks(waiting, notes)
                notes, waiting = {}, []
            marks = list(dict.fromkeys(m for c in row.cells for m in marks_of(c.text)))
            if marks and not row.heading:
                waiting.append((number, marks))
        self._resolve_marks(waiting, notes)

    def _resolve_marks(
        self, waiting: Sequence[tuple[int, list[str]]], notes: dict[str, list[Cited]]
    ) -> None:
        for number, marks in waiting:
            for mark in marks:
                self._by_row.setdefault(number, []).extend(
                    replace(c, row=number, cell=replace(c.cell, merged=True), mark=mark)
                    for c in notes.get(mark, ())
                )

    def _notes(self, number: int, row: CardRow) -> dict[str, list[Cited]]:
        """Mark → references of a line such as 《…》（GB 16423—2020）：① 5.2.1.1　② 5.2.3.6.

        In a table it is the row that calls itself 依据.
        """
        cell = row.cells[-1]
        if row.table and (len(row.cells) > 2 or not BASIS.search(row.cells[0].text)):
            return {}
        parts = list(_NOTE.finditer(cell.text))
        own = [c for c in self._by_row.get(number, ()) if c.cell.start == cell.start]
        if not parts or not own:
            return {}
        out: dict[str, list[Cited]] = {}
        for m in parts:
            inside = [c for c in own if m.start("body") <= c.start < m.end("body")]
            line = cell.text.rfind("\n", 0, m.start()) + 1
            head = [c for c in own if line <= c.start < m.start() and not c.names_part]
            if not inside and head and m["body"].strip():
                body = m["body"].strip()
                start = cell.text.index(body, m.start("body"))
                before = len(self._by_row[number])
                for resolution in self._resolve(f"{head[-1].raw}{_numbered(body)}")[:1]:
                    self._add(number, cell, start, start + len(body), resolution)
                inside = self._by_row[number][before:]
            out[m["mark"]] = inside
        return out

    def _carry(self) -> None:
        """同上 has the references of the row above."""
        above: list[Cited] = []
        for number, row in enumerate(self._file.rows):
            own = self._by_row.get(number, [])
            if row.heading:
                above = []
                continue
            for cell in row.cells:
                if above and not own and row.table and _SAME.fullmatch(cell.text):
                    self._by_row[number] = [
                        replace(c, row=number, cell=replace(c.cell, merged=True)) for c in above
                    ]
            above = self._by_row.get(number, []) or above


def marks_of(text: str) -> list[str]:
    """The marks ①② at the ends of the lines of a text."""
    ends = "".join(m[0] for m in _MARKS.finditer(text))
    return re.findall(rf"[{_CIRCLED}]|\[\d{{1,2}}\]", ends)


def _listed(text: str) -> Iterator[tuple[str, int, int]]:
    """The clauses of a bare list with their spans; a range stays one."""
    for m in re.finditer(r"[^、,，;；\s]+", text):
        if _HAN.search(m[0]):
            yield m[0], m.start(), m.end()


def _numbered(part: str) -> str:
    """25条 → 第25条; 5.2.3.3 stands."""
    return f"第{part}" if re.fullmatch(r"[\d一二三四五六七八九十百零]+条.*", part) else f" {part}"


def rest_of(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """What a text says beside its references, '' when it says nothing else."""
    kept = list(text)
    for start, end in spans:
        kept[start:end] = " " * (end - start)
    left = _LEAD.sub("", "".join(kept))
    return left.strip() if _HAN.search(left) else ""


def is_basis(row: CardRow, cell: CardCell, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether a cell gives the references of its row and says nothing itself."""
    rest = rest_of(cell.text, spans)
    named = bool(BASIS.search(cell.header))
    return bool(spans) and (not rest or (named and row.table > 0 and len(rest) <= 30))
