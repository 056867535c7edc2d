"""What stands below a clause number: paragraphs, —— and a) items, notes, tables, formulas."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from kb.display import glue, normalize
from kb.model import Block, UnitKind
from kb.structure import tables
from kb.structure.lines import Line
from kb.structure.numbering import is_title, runs_on

__all__ = ["Body", "Node", "read_body"]


@dataclass
class Node:
    """One paragraph, item, note or table of a clause; `suffix` is its part of the id."""

    kind: UnitKind
    suffix: str
    label: str
    start: int
    end: int
    number: int = 0  # of a paragraph within the clause
    texts: list[str] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    heading: str = ""
    rows: tables.Rows = ()
    header_rows: int = 0
    dashes: int = 0  # —— items below it so far

    def inner(self) -> str:
        """Its text without its label, with everything below it, one a line."""
        own = [normalize(t) for t in self.texts]
        if self.kind is UnitKind.TABLE:
            own.append(tables.to_text(self.rows))
        return "\n".join(filter(None, [*own, *(c.shown() for c in self.children)]))

    def shown(self) -> str:
        """Its text as it stands in the clause, label included."""
        if self.kind is UnitKind.TABLE:
            head = f"{self.label} {self.heading}".strip()
            return "\n".join(filter(None, [head, self.inner()]))
        gap = " " if self.label.endswith(")") else ""
        return f"{self.label}{gap}{self.inner()}"

    def ends(self) -> str:
        """The last line of its text so far."""
        return self.texts[-1] if self.texts else ""


@dataclass
class Body:
    """The nodes of a clause in order."""

    nodes: list[Node] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    formulas: bool = False


# what 一 counts or makes a word with: 一个, 一次, 一级, 一般, 一旦; there 一 is no half of a dash
_COUNTED = (
    "个人次条级类台套名处层道根段块张份座间栋组班倍侧端边面头项款部件支只口趟批种天日月年周时分秒"
    "米吨千百万半对双方把片圈节排列格门位家户线米顿辆架艘孔炮发箱包袋瓶桶罐车井旦般律切定些经并起"
    "致直体概同样带流贯向再味系点样应手行期氧二三四五六七八九十〇零至到或和～~"
)
# —— | — | –– | a lone hyphen as Markdown writes it; 一 is a half of —— only after a single dash and
# where it can be no figure (—一露天 …, but ——一个 …, —一人 …)
_DASH = re.compile(
    rf"(?:[—–－]{{2,3}}|[—–－](?:一(?=[^一、{_COUNTED}\s]))?|-{{1,2}}\s)\s*(?=[^\s—–])"
)
# a line of two dashes made of 一 is read as —— only within a list: 一一船上 …, 一—船上 …; the
# second stays where it may be a figure (一一人 …), and 一一对应 is a word
_DASH_LIKE = re.compile(rf"一\s*(?:—|一(?![{_COUNTED}])|(?=一(?!对应)))\s*(?=\S)")
_ALPHA = re.compile(r"([a-z])\s*[)）]\s*(?=\S)")  # a) b）
_DIGIT = re.compile(r"(?:(\d{1,2})\s*[)）]|[（(](\d{1,2})[)）])\s*(?=\S)")  # 1) 1） （1）
_NOTE = re.compile(r"注\s*(\d{0,2})\s*[:：]\s*")  # 注： 注1：
_CAPTION = re.compile(  # 表 1 生产台阶高度; 表 A.1; 表 3（续）; 续表 3
    r"(续\s*)?表\s*([A-Z]?[.．]?\d+)\s*([（(]\s*续\s*[)）])?(?![.．]?\d)\s*(.*)\Z"
)
_UNIT_LINE = re.compile(r"[（(]?\s*单位\s*(?:为|[:：])")  # 单位为毫米
_FORMULA = re.compile(r"\$\$.+\$\$\Z|\$[^$]+\$\s*(?:[.…·\s]*[（(]\d+[)）])?\Z", re.S)
_WHERE = re.compile(r"式中\s*[:：]?\s*\Z")
_SYMBOL = re.compile(r"(?![—–])[^，。；：—–]{1,24}?\s*[—–]{1,3}\s*\S")  # H——提升高度, v ——速度
# GB 6722 爆破安全规程: an entry of 规范性引用文件 stands on a line of its own
_ENTRY = re.compile(
    r"[A-Z]{2,5}(?:/[A-Z])?\s*\d[\d.]*(?:[-—–]\d+)?\s*(?=[^\s\d.]{2})(?![的和、中第])"
)
# items run into one line: …；——…, …：a) …
_RUN_IN = re.compile(r"(?<=[；;：:。])\s*(?=(?:——|[a-z][)）]|\d{1,2}[)）])\s*\S)")


def read_body(lines: Sequence[Line]) -> Body:
    """The nodes of one clause (or of one annex without numbers) from its lines."""
    return _Reader(lines).run()


def _split(lines: Sequence[Line]) -> Iterator[Line]:
    for line in lines:
        if line.table is not None or _FORMULA.match(line.text):
            yield line
            continue
        at = 0
        for cut in [m.end() for m in _RUN_IN.finditer(line.text)] + [len(line.text)]:
            part = line.text[at:cut].rstrip()
            yield Line(line.start + at, line.start + at + len(part), part, line.gap, line.heading)
            at = cut


class _Reader:
    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = list(_split(lines))
        self._body = Body()
        self._root = Node(UnitKind.CLAUSE, "", "", 0, 0)
        self._at: Node | None = None  # what a line without a mark of its own belongs to
        self._open: list[Node] = []  # list items that are open, outermost first
        self._paragraphs = self._notes = self._tables = 0
        self._caption: list[Line] = []
        self._symbols = False  # after a formula or 式中: meanings of symbols follow

    def run(self) -> Body:
        for at, line in enumerate(self._lines):
            self._take(at, line)
        _stretch(self._root)
        self._body.nodes = self._root.children
        return self._body

    def _take(self, at: int, line: Line) -> None:
        text = line.text
        if line.table is not None:
            self._table(line, line.table)
        elif self._names_table(at):
            self._caption.append(line)
        elif _FORMULA.match(text):
            self._body.formulas = True
            self._attach(line)
            self._symbols = True
        elif _WHERE.match(text) or (self._symbols and _SYMBOL.match(text)):
            self._attach(line)
            self._symbols = True
        elif match := _NOTE.match(text):
            self._notes += 1
            label = f"注{match[1]}：" if match[1] else "注："
            self._open.clear()
            self._new(self._root, UnitKind.NOTE, f"n{self._notes}", label, line, match.end())
        elif not self._item(line):
            self._plain(at, line)

    # -- nodes

    def _new(
        self, above: Node, kind: UnitKind, suffix: str, label: str, line: Line, skip: int = 0
    ) -> Node:
        node = Node(kind, suffix, label, line.start, line.end, texts=[line.text[skip:].strip()])
        above.children.append(node)
        self._at = node
        self._symbols = False
        return node

    def _attach(self, line: Line) -> None:
        """Add a line to what stands before it."""
        if self._at is None:
            self._paragraph(line)
            return
        self._at.texts.append(line.text)
        self._at.end = max(self._at.end, line.end)

    def _paragraph(self, line: Line) -> None:
        self._paragraphs += 1
        self._open.clear()
        node = self._new(self._root, UnitKind.PARAGRAPH, f"p{self._paragraphs}", "", line)
        node.number = self._paragraphs

    # -- items

    def _item(self, line: Line) -> bool:
        """Whether the line is an item of a list; if so it is added."""
        text = line.text
        dash = _DASH.match(text)
        if not dash and any(_is_dash(n) for n in self._open):
            dash = _DASH_LIKE.match(text)
        if dash:
            above = self._above(_is_dash)
            above.dashes += 1
            self._add_item(above, f"i{above.dashes}", "——", line, dash.end())
            return True
        if match := _ALPHA.match(text):
            letter = match[1]
            if (holder := self._sequel(_letter, ord(letter) - ord("a") + 1)) is not None:
                self._add_item(holder, letter, f"{letter})", line, match.end())
                return True
        if match := _DIGIT.match(text):
            value = int(match[1] or match[2])
            if (holder := self._sequel(_digit, value)) is not None:
                suffix = str(value) if holder is not self._root else f"d{value}"
                self._add_item(holder, suffix, f"{value})", line, match.end())
                return True
        return False

    def _add_item(self, above: Node, suffix: str, label: str, line: Line, skip: int) -> None:
        while self._open and self._open[-1] is not above:
            self._open.pop()
        self._open.append(self._new(above, UnitKind.ITEM, suffix, label, line, skip))

    def _above(self, same: Callable[[Node], object]) -> Node:
        """What a new item belongs to: the holder of the open list of its kind, else the open item
        that introduces a list, else the clause."""
        for place in range(len(self._open) - 1, -1, -1):
            if same(self._open[place]):
                return self._open[place - 1] if place else self._root
        last = self._open[-1] if self._open else None
        return last if last is not None and _introduces(last) else self._root

    def _sequel(self, value_of: Callable[[Node], int], value: int) -> Node | None:
        """What an a) or 1) item belongs to; None if its value does not continue a list."""
        for place in range(len(self._open) - 1, -1, -1):
            # a number may be repeated by mistake, or one may be lost
            if (before := value_of(self._open[place])) and value - before in {0, 1, 2}:
                return self._open[place - 1] if place else self._root
        if value == 1:
            last = self._open[-1] if self._open else None
            nested = last is not None and (
                _introduces(last) or (value_of is _digit and bool(_letter(last)))
            )
            return last if nested else self._root
        values = [v for n in self._root.children if (v := value_of(n))]
        return self._root if values and value - values[-1] in {0, 1, 2} else None

    # -- lines without a mark

    def _plain(self, at: int, line: Line) -> None:
        now = self._at
        text = line.text
        if now is None or (_ENTRY.match(text) and is_title(text)):
            self._paragraph(line)
        elif now.kind is not UnitKind.TABLE and not self._symbols and runs_on(now.ends()):
            now.texts[-1] = glue(now.ends(), text)
            now.end = max(now.end, line.end)
        elif self._lost_dash(at, now):
            self._body.warnings.append(f"“{text[:10]}…”似缺列项符号，按列项处理")
            above = self._above(_is_dash)
            above.dashes += 1
            self._add_item(above, f"i{above.dashes}", "——", line, 0)
        elif now.kind is UnitKind.ITEM and not _leads_in(text) and self._goes_on(at):
            if now.ends().endswith(("；", ";")):
                now.texts[-1] += text  # the item goes on after a page break
                now.end = max(now.end, line.end)
            else:
                self._attach(line)
        else:
            self._paragraph(line)

    def _lost_dash(self, at: int, now: Node) -> bool:
        """Between a lead-in and a —— item, a line that ends like an item is one."""
        after = self._lines[at + 1].text if at + 1 < len(self._lines) else ""
        return (
            not _is_dash(now)
            and now.kind in {UnitKind.PARAGRAPH, UnitKind.ITEM}
            and _leads_in(now.ends())
            and self._lines[at].text.endswith(("；", ";"))
            and bool(_DASH.match(after))
        )

    def _goes_on(self, at: int) -> bool:
        """Whether the open list has further items after the unmarked line `at`."""
        for line in self._lines[at + 1 :]:
            if line.table is not None or _NOTE.match(line.text) or _leads_in(line.text):
                return bool(_mark_of(line.text))
            if _mark_of(line.text):
                return True
        return bool(self._at and _leads_in(self._at.ends()))

    # -- tables

    def _names_table(self, at: int) -> bool:
        """Whether the line is the caption or the unit line of a table that follows."""
        for line in self._lines[at : at + 4]:
            if line.table is not None:
                return True
            caption = _CAPTION.match(line.text)
            named = caption is not None and (not caption[4] or is_title(caption[4]))
            if not named and not _UNIT_LINE.match(line.text):
                return False
        return False

    def _table(self, line: Line, block: Block) -> None:
        label = heading = ""
        continued = False
        notes: list[str] = []
        start = line.start
        for given in self._caption:
            start = min(start, given.start)
            if match := _CAPTION.match(given.text):
                label = f"表 {match[2].replace('．', '.')}"
                heading = normalize(match[4])
                continued = bool(match[1] or match[3])
            else:
                notes.append(given.text)
        self._caption.clear()
        rows, headers = tables.expand(block.rows), tables.header_rows(block.rows)
        last = self._root.children[-1] if self._root.children else None
        if last is not None and last.kind is UnitKind.TABLE and label in {"", last.label}:
            whole = tables.merge(
                last.rows, last.header_rows, rows, headers, continued=continued or bool(label)
            )
            if whole is not None:
                last.rows, last.end = whole, line.end
                return
        self._tables += 1
        node = Node(UnitKind.TABLE, f"t{self._tables}", label, start, line.end, texts=notes)
        node.heading, node.rows, node.header_rows = heading, rows, headers
        self._root.children.append(node)
        self._open.clear()
        self._at = node


def _stretch(node: Node) -> None:
    """Let every node reach to the end of what stands below it."""
    for child in node.children:
        _stretch(child)
        node.end = max(node.end, child.end)


def _is_dash(node: Node) -> bool:
    return node.kind is UnitKind.ITEM and node.label == "——"


def _letter(node: Node) -> int:
    """1 for an a) item, 2 for b) …; 0 for anything else."""
    mark = node.label.removesuffix(")") if node.kind is UnitKind.ITEM else ""
    return ord(mark) - ord("a") + 1 if len(mark) == 1 and mark.isalpha() else 0


def _digit(node: Node) -> int:
    """The value of a 1) item; 0 for anything else."""
    mark = node.label.removesuffix(")") if node.kind is UnitKind.ITEM else ""
    return int(mark) if mark.isdigit() else 0


def _leads_in(text: str) -> bool:
    return text.endswith(("：", ":"))


def _introduces(node: Node) -> bool:
    """Whether a list that begins now belongs to this item."""
    return _leads_in(node.ends()) or node.dashes > 0


def _mark_of(text: str) -> bool:
    return bool(_DASH.match(text) or _ALPHA.match(text) or _DIGIT.match(text))
