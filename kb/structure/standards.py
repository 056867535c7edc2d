"""Standards (GB/T 1.1) to a unit tree: 章 条 列项 注 表 附录 术语.

Ids: a clause id is its number. Below it: `.i3` the third —— item (counted across the whole clause,
also after a second lead-in), `.a` an a) item, `.d1` a 1) item that stands directly in the clause,
`.a.1` a 1) item and `.a.i1` a —— item below a), `.n1` a note, `.t1` a table, `.p2` the second
unnumbered paragraph (the first is the clause itself and has no unit). An unnumbered line between
two items of a list belongs to the item above it. 前言 is `pre`, 引言 `intro`, an annex without
numbers has its text in `app-A.full`.

`display` holds everything but the unit's own label: of a clause with a title (and of a definition)
the first line is the title. Clauses with clauses below are containers: their own text, if any,
stands in paragraphs `.p1` … under them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.display import HAN, normalize, to_lines
from kb.errors import SourceError
from kb.model import BlockKind, Source, Tree, UnitKind
from kb.structure.base import TreeBuilder
from kb.structure.body import Node, read_body
from kb.structure.lines import Line, lines_of
from kb.structure.numbering import Boundary, body_start, find_boundaries, is_title

__all__ = ["parse_standard"]

_PREFACE = re.compile(r"(前|引)\s*言\Z")
_BACK_MATTER = re.compile(r"(参\s*考\s*文\s*献|索\s*引)\Z")
_ANNEX_STATUS = re.compile(r"\s*[（(](规范性|资料性)(?:附录)?[)）]\s*")
_TERMS = re.compile("术语|定义")
# 爆破blasting利用…; 安全出口 safe exit; 起爆器材initiating（orpriming）materials用来…
_TERM = re.compile(
    rf"(?P<term>[{HAN}][{HAN}（）()、；\-—·]*?)\s*"
    r"(?P<english>[A-Za-z](?:[A-Za-z0-9\s\-–,，;；、'’./&()（）]*[A-Za-z0-9)）])?)"
    rf"\s*(?P<text>[{HAN}“《（].*)?\Z",
    re.S,
)
# 表 1, 表 A.1; not 地表2 m, 仪表
_TABLE_REF = re.compile(r"(?<![代仪手外地水钟])表\s*(?P<n>(?:[A-Z][.．])?[1-9]\d*)(?![\d.])")
_FORMULA_REF = re.compile(r"式\s*[（(](?P<n>\d+)[)）]")


def parse_standard(source: Source) -> Tree:
    """The unit tree of a standard.

    Hits are the lowest-numbered clauses, the definitions, and `app-A.full`. Nothing is invented:
    what does not fit the sequence of numbers stays text, and every doubt is a warning.

    Raises:
        SourceError: there is no clause number in the source.
    """
    return _Parser(source).run()


class _Parser:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._lines = merge_formulas(source, lines_of(source))
        self._out = TreeBuilder(source)
        self._ids: dict[str, str] = {}  # number → the id that its last occurrence got
        self._hits: list[str] = []
        self._tables: set[str] = set()
        self._formulas = False
        self._terms: tuple[int, ...] | None = None

    def run(self) -> Tree:
        start = body_start(self._lines)
        body = self._lines[start:]
        end = next((i for i, ln in enumerate(body) if _BACK_MATTER.match(ln.text)), len(body))
        numbering = find_boundaries(self._source.text, body[:end])
        if not numbering.boundaries:
            raise SourceError(
                self._source.path, "没有找到条号（如 4.1.2）", "请确认这是标准，或改按通知导入"
            )
        self._out.warnings += numbering.warnings
        self._preface(self._lines[:start])
        found = numbering.boundaries
        stop = body[end - 1].end
        for at, boundary in enumerate(found):
            limit = found[at + 1].start if at + 1 < len(found) else stop
            self._clause(boundary, found[at + 1 :], clip_lines(body[:end], boundary, limit))
        self._lost()
        return self._out.build()

    # -- before the body

    def _preface(self, lines: Sequence[Line]) -> None:
        """前言 and 引言; the title page and the 目次 are dropped."""
        marks = [i for i, ln in enumerate(lines) if _PREFACE.match(ln.text)]
        for at, mark in enumerate(marks):
            end = marks[at + 1] if at + 1 < len(marks) else len(lines)
            part = list(lines[mark + 1 : end])
            titles = {normalize(self._source.title), normalize(lines[0].text)}
            while part and normalize(part[-1].text) in titles:
                part.pop()  # the title stands again above chapter 1
            if not part:
                continue
            head = lines[mark]
            first = head.text.startswith("前")
            self._out.add(
                "pre" if first else "intro",
                UnitKind.PREAMBLE,
                head.start,
                part[-1].end,
                label="前言" if first else "引言",
                display="\n".join(to_lines("\n".join(ln.text for ln in part))),
            )

    # -- one clause

    def _clause(self, b: Boundary, later: Sequence[Boundary], lines: list[Line]) -> None:
        if not b.parts:
            self._annex(b, later, lines)
            return
        below = bool(later) and _is_below(later[0], b)
        defined = self._terms is not None and b.parts[: len(self._terms)] == self._terms
        if not b.prefix and len(b.parts) == 1:
            title = lines[0].text if lines else ""
            self._terms = b.parts if _TERMS.search(title) and below else None
        if below:
            self._container(b, lines)
        elif defined and not b.prefix:
            self._definition(b, lines)
        else:
            self._lowest(b, lines)

    def _parent(self, b: Boundary) -> str | None:
        for depth in range(len(b.parts) - 1, -1, -1):
            above = Boundary(b.prefix, b.parts[:depth], 0, 0)
            if above.id in self._ids:
                return self._ids[above.id]
        return None

    def _container(self, b: Boundary, lines: list[Line]) -> None:
        first = lines[0] if lines else None
        titled = first is not None and first.table is None and is_title(first.text)
        title = normalize(first.text) if first and titled else ""
        end = first.end if first and titled else b.text_at
        unit = self._out.add(
            b.id,
            UnitKind.CHAPTER,
            b.start,
            end,
            label=b.label,
            heading=title,
            display=title,
            parent=self._parent(b),
            numbered=True,
        )
        self._ids[b.id] = unit
        own = lines[1:] if titled else lines
        if own:
            self._nodes(unit, unit, self._read(own), first=1)
            if not titled or any(ln.table is None for ln in own):
                self._note_own_text(b, own)

    def _note_own_text(self, b: Boundary, own: list[Line]) -> None:
        if self._terms is None:  # 下列术语和定义适用于本文件 stands above all definitions
            self._out.warnings.append(
                f"{b.label} 有下级条，又自带正文 {len(own)} 行，正文列在 {b.id}.p1 起"
            )

    def _lowest(self, b: Boundary, lines: list[Line]) -> None:
        title, end = "", _end(b, lines)
        if len(lines) > 1 and lines[0].table is None and is_title(lines[0].text):
            title, lines = normalize(lines[0].text), lines[1:]
        self._hit(b, UnitKind.CLAUSE, title, title, self._read(lines), end)

    def _definition(self, b: Boundary, lines: list[Line]) -> None:
        """A definition: the term (Chinese, then English), then its text, glued or on lines."""
        term = head = ""
        end = _end(b, lines)
        if lines and lines[0].table is None and (match := _TERM.match(lines[0].text)):
            term = normalize(match["term"])
            head = f"{term} {normalize(match['english'])}"
            rest = match["text"]
            lines = (
                lines[1:] if rest is None else [_tail(lines[0], match.start("text")), *lines[1:]]
            )
        elif len(lines) > 1 and lines[0].table is None and is_title(lines[0].text):
            term = head = normalize(lines[0].text)
            lines = lines[1:]
        else:
            self._out.warnings.append(f"{b.label} 的术语名称无法与定义分开")
        self._hit(b, UnitKind.DEFINITION, term, head, self._read(lines), end)

    def _hit(
        self,
        b: Boundary,
        kind: UnitKind,
        heading: str,
        first: str,
        nodes: list[Node],
        end: int,
    ) -> None:
        shown = [first, *(n.shown() for n in nodes)]
        display = "\n".join(filter(None, shown))
        self._hits.append(display)
        unit = self._out.add(
            b.id,
            kind,
            b.start,
            end,
            label=b.label,
            heading=heading,
            display=display,
            parent=self._parent(b),
            hit=True,
            numbered=True,
        )
        self._ids[b.id] = unit
        if not nodes:
            self._out.warnings.append(f"{b.label} 没有正文")
        self._nodes(unit, unit, nodes, first=2)

    def _annex(self, b: Boundary, later: Sequence[Boundary], lines: list[Line]) -> None:
        """附录 A with its title, which may stand on lines of its own."""
        title, end = "", b.text_at
        while lines and not title and lines[0].table is None:
            text = _ANNEX_STATUS.sub("", lines[0].text).strip()
            if text and not is_title(text):
                break
            title, end = normalize(text), lines[0].end
            lines = lines[1:]
        unit = self._out.add(
            b.id,
            UnitKind.ANNEX,
            b.start,
            end,
            label=b.label,
            heading=title,
            display=title,
            numbered=True,
        )
        self._ids[b.id] = unit
        if not lines:
            return
        nodes = self._read(lines)
        if later and _is_below(later[0], b):
            self._nodes(unit, unit, nodes, first=1)
            return
        display = "\n".join(filter(None, [title, *(n.shown() for n in nodes)]))
        self._hits.append(display)
        full = self._out.add(
            f"{unit}.full",
            UnitKind.CLAUSE,
            lines[0].start,
            lines[-1].end,
            label=b.label,
            heading=title,
            display=display,
            parent=unit,
            hit=True,
        )
        self._nodes(full, full, nodes, first=2)

    # -- what stands in a clause

    def _read(self, lines: Sequence[Line]) -> list[Node]:
        body = read_body(lines)
        self._out.warnings += body.warnings
        self._formulas = self._formulas or body.formulas
        return body.nodes

    def _nodes(self, base: str, parent: str, nodes: Sequence[Node], *, first: int) -> None:
        """Add the units of a body; paragraphs before number `first` have none."""
        for node in nodes:
            if node.kind is UnitKind.PARAGRAPH and node.number < first:
                continue
            unit = self._out.add(
                f"{base}.{node.suffix}",
                node.kind,
                node.start,
                node.end,
                label=node.label,
                heading=node.heading,
                display=node.inner(),
                parent=parent,
                numbered=True,
                rows=node.rows,
                header_rows=node.header_rows,
            )
            if node.kind is UnitKind.TABLE:
                self._tables.add(re.sub(r"\s|续|[（()）]", "", node.label).replace("．", "."))
            self._nodes(unit, unit, node.children, first=first)

    def _lost(self) -> None:
        """Say which tables and formulas the text speaks of and the source does not have."""
        text = "\n".join(self._hits)
        named = {f"表{m['n'].replace('．', '.')}" for m in _TABLE_REF.finditer(text)}
        lost = sorted(named - self._tables, key=lambda n: (len(n), n))
        if lost:
            self._out.warnings.append(
                f"正文引用而来源中没有的表（{len(lost)} 个）：{'、'.join(lost)}"
            )
        if not self._formulas and (found := {m["n"] for m in _FORMULA_REF.finditer(text)}):
            names = "、".join(f"式（{n}）" for n in sorted(found, key=int))
            self._out.warnings.append(f"正文引用而来源中没有的公式：{names}")
        images = sum(b.kind is BlockKind.IMAGE for b in self._source.blocks)
        if images:
            self._out.warnings.append(f"来源中有 {images} 幅图片，未收入")


def _is_below(b: Boundary, above: Boundary) -> bool:
    deeper = len(b.parts) > len(above.parts) and b.parts[: len(above.parts)] == above.parts
    return b.prefix == above.prefix and deeper


def _end(b: Boundary, lines: Sequence[Line]) -> int:
    """Where the text of a clause ends."""
    return max([b.text_at, *(line.end for line in lines)])


def _tail(line: Line, offset: int) -> Line:
    """The line from `offset` on."""
    text = line.text[offset:].strip()
    start = line.start + offset + line.text[offset:].index(text)
    return Line(start, start + len(text), text)


def clip_lines(lines: Sequence[Line], b: Boundary, limit: int) -> list[Line]:
    """The lines of one clause: from the text after its number to the next boundary."""
    out: list[Line] = []
    for line in lines:
        if line.end <= b.text_at or line.start >= limit:
            continue
        if line.table is not None:
            out.append(line)
            continue
        start = max(line.start, b.text_at) - line.start
        part = line.text[start : max(0, min(line.end, limit) - line.start)]
        text = part.strip()
        if text:
            at = line.start + start + part.index(text)
            out.append(Line(at, at + len(text), text, line.gap, line.heading))
    return out


def merge_formulas(source: Source, lines: Sequence[Line]) -> list[Line]:
    """Lines with every `$$ … $$` that runs over several lines made one."""
    out: list[Line] = []
    opened: Line | None = None
    for line in lines:
        marks = line.text.count("$$") if line.table is None else 0
        if opened is not None:
            if marks % 2:
                out.append(Line(opened.start, line.end, source.text[opened.start : line.end]))
                opened = None
        elif marks % 2:
            opened = line
        else:
            out.append(line)
    if opened is not None:  # never closed: plain text after all
        out += [ln for ln in lines if ln.start >= opened.start]
    return out
