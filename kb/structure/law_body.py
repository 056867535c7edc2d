"""Lines of one article → its 款 (`.p1`), 项 (`.i1`), 目 (`.y1`) and what stands below 目 (`.z1`).

Which paragraph belongs where:

- a line with a label opens an item when its number continues a list that is open, or begins one
  with 1; the first list below a 款 gives its 项, however the number is written (（一）, 一、, 1.);
- a line without a label that stands between item n and item n + 1 belongs to item n; after the
  last item it is a new 款;
- after a line that ends with ：, lines without label continue that 款 or item, up to a full stop;
- a line that ends without any mark was broken by the page and goes on in the next one;
- what an amending decision quotes (修改为：“…”) belongs to the place that quotes it: the numbers
  in it are the other law's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.display import ends_sentence
from kb.model import UnitKind
from kb.structure.base import Node
from kb.structure.lines import (
    Form,
    Label,
    Line,
    cells,
    clean,
    clip,
    is_rule,
    join,
    match_label,
    split_inline,
    table_node,
    terminated,
)

__all__ = ["read_body"]

_LEVELS = (("i", UnitKind.ITEM), ("y", UnitKind.POINT), ("z", UnitKind.POINT))
_FORMS = frozenset({Form.PAREN, Form.COMMA, Form.POINT, Form.POINT_PAREN, Form.CIRCLED})
_COLON = re.compile(r"[：:]\s*\Z")
# 修改为：“… and 修改为:"…: the quotation of another provision
_QUOTES = re.compile(r"[：:]\s*([“\"])")
# 。” at the end of a line closes it; if no line ends so, 。 may stand outside
_CLOSES = (re.compile(r"[。；：？！…][”\"]\Z"), re.compile(r"[”\"][。；]?\Z"))
_SENTENCE = re.compile(r"[^。]*。[”\"]?")
# 注：1．… : the first number of a list of notes stands behind the word 注
_NOTE = re.compile(r"(?:注|说明|备注)\s*[：:]\s*")


def read_body(
    lines: Sequence[Line], where: str, warnings: list[str], *, keep_lines: bool = False
) -> list[Node]:
    """款 and tables of one article, in order; `where` names the article in warnings.

    keep_lines: lines that end without a mark are rows of a list or of a drawn table (in annexes),
    so they stay lines of one paragraph instead of being joined to a sentence.
    """
    body = _Body(lines, where, warnings, keep_lines)
    body.read()
    return body.out


class _Body:
    def __init__(
        self, lines: Sequence[Line], where: str, warnings: list[str], keep_lines: bool
    ) -> None:
        self.out: list[Node] = []
        self._lines = _split_notes(lines)
        self._where = where
        self._warnings = warnings
        self._keep_lines = keep_lines
        self._p: Node | None = None
        self._levels: list[tuple[Form, int, Node]] = []
        self._raw = ""  # source text of the last paragraph, lines joined
        self._follows = False  # the last line continued a lead-in
        self._quote_end = -1
        self._count = 0
        self._tables = 0

    def read(self) -> None:
        """Read all lines."""
        for at in range(len(self._lines)):
            self._feed(at)

    def _feed(self, at: int) -> None:
        line = self._lines[at]
        if line.table is not None:
            self._table(line)
            return
        if is_rule(line.text):
            if self._p is not None:
                self._reach(line.end)
            return
        label = None if at <= self._quote_end else match_label(line.text)
        if label and self._opens(at, label):
            self._item(line, label)
        elif self._breaks_off(line):
            self._join(line)
        elif at <= self._quote_end:
            self._add(line)
        else:
            self._paragraph(at, line)
        if at > self._quote_end:
            self._look_for_quotation(at)

    # --- labels

    def _opens(self, at: int, label: Label) -> bool:
        if label.form not in _FORMS:
            return False
        last = next((v for f, v, _ in self._levels if f is label.form), None)
        if last is not None:
            if label.value == last + 1:
                return True
            if label.form is not Form.PAREN:
                return False
            self._warn(f"项号不连续：{last} 之后是 {label.text}")
            return True
        if label.value == 1:
            if len(self._levels) == len(_LEVELS):
                return False
            led = self._p is not None and bool(_COLON.search(self._raw))
            return label.form is Form.PAREN or led or self._continues(at, label)
        if label.form is Form.PAREN and not self._levels:
            self._warn(f"项号不从（一）开始：{label.text}")
            return True
        return False

    def _continues(self, at: int, label: Label) -> bool:
        """Whether a list that begins here has a second number."""
        for line in self._lines[at + 1 :]:
            other = match_label(line.text)
            if other and other.form is label.form:
                return other.value == label.value + 1
        return False

    def _item(self, line: Line, label: Label) -> None:
        self._follows = False
        place = next((i for i, x in enumerate(self._levels) if x[0] is label.form), None)
        if place is not None:
            del self._levels[place:]
        above = self._deepest(line)
        letter, kind = _LEVELS[len(self._levels)]
        node = Node(f".{letter}{label.value}", kind, line.start, line.end, label.text)
        above.put(node, line.end)
        self._levels.append((label.form, label.value, node))
        self._raw = ""
        body = clip(line, label.end)
        if body.text:
            node.put(self._shown(body.text), body.end)
            self._raw = body.text
        self._reach(line.end)

    # --- paragraphs

    def _breaks_off(self, line: Line) -> bool:
        if not self._raw or line.heading or self._p is None:
            return False
        if self._keep_lines:
            return not ends_sentence(self._raw)
        # only a list item ends with ；, so a 款 that does was broken there
        runs_on = self._raw.endswith(("；", ";")) and not self._levels and not self._follows
        return runs_on or not terminated(self._raw)

    def _join(self, line: Line) -> None:
        if self._keep_lines:
            self._add(line)
            return
        node = self._deepest(line)
        self._raw = join(self._raw, line.text)
        node.pieces[-1] = clean(self._raw)
        self._reach(line.end)

    def _paragraph(self, at: int, line: Line) -> None:
        if self._p is None:
            self._open_paragraph(line)
            return
        led = bool(_COLON.search(self._raw))
        if led or (self._follows and self._raw.endswith(("；", ";"))):
            self._follows = True
            self._add(line)
            return
        self._follows = False
        depth = self._depth_that_goes_on(at)
        if depth:
            del self._levels[depth:]
            self._add(line)
        else:
            self._open_paragraph(line)

    def _depth_that_goes_on(self, at: int) -> int:
        """How many open levels go on after this line; 0: none, the line is a new 款."""
        known = {f: (i, v) for i, (f, v, _) in enumerate(self._levels)}
        for line in self._lines[at + 1 :]:
            label = match_label(line.text)
            if label is None or label.form not in known:
                continue
            place, value = known[label.form]
            if label.value == value + 1:
                return place + 1
            if place == 0:
                return 0
        return 0

    def _open_paragraph(self, line: Line) -> None:
        self._count += 1
        self._levels = []
        self._p = Node(f".p{self._count}", UnitKind.PARAGRAPH, line.start, line.end)
        self.out.append(self._p)
        split = split_inline(line, (Form.PAREN,))
        if split is None:
            self._add(line)
            return
        lead, parts = split
        if lead.text:
            self._p.put(clean(lead.text), lead.end)
        *most, (label, last) = parts
        tail: Line | None = None
        if (m := _SENTENCE.match(last.text)) and m.end() < len(last.text):
            # the list ends with its sentence; what follows belongs to the 款
            tail, last = clip(last, m.end()), clip(last, 0, m.end())
        for number, part in [*most, (label, last)]:
            self._item(part, number)
        if tail is not None:
            self._levels = []
            self._add(tail)

    def _add(self, line: Line) -> None:
        self._deepest(line).put(self._shown(line.text), line.end)
        self._raw = line.text
        self._reach(line.end)

    def _shown(self, text: str) -> str:
        return cells(text) if self._keep_lines else clean(text)

    def _deepest(self, line: Line) -> Node:
        if self._levels:
            return self._levels[-1][2]
        if self._p is None:
            self._count += 1
            self._p = Node(f".p{self._count}", UnitKind.PARAGRAPH, line.start, line.end)
            self.out.append(self._p)
        return self._p

    def _reach(self, end: int) -> None:
        for _, _, node in self._levels:
            node.reach(end)
        if self._p is not None:
            self._p.reach(end)

    def _table(self, line: Line) -> None:
        assert line.table is not None
        self._tables += 1
        self.out.append(table_node(line.table, f".t{self._tables}"))
        self._p, self._levels, self._raw = None, [], ""

    # --- quotations

    def _look_for_quotation(self, at: int) -> None:
        text = self._lines[at].text
        opening = [m.start(1) for m in _QUOTES.finditer(text)]
        before = self._lines[at - 1].text if at else ""
        if text[:1] in '“"' and _COLON.search(before):
            opening.insert(0, 0)
        if not any(_is_open(text[i:]) for i in opening):
            return
        for pattern in _CLOSES:
            for j in range(at + 1, len(self._lines)):
                if pattern.search(self._lines[j].text):
                    self._quote_end = j
                    return

    def _warn(self, message: str) -> None:
        self._warnings.append(f"{self._where}：{message}")


def _is_open(text: str) -> bool:
    return text.count("“") > text.count("”") or text.count('"') % 2 == 1


def _split_notes(lines: Sequence[Line]) -> list[Line]:
    """Lines with `注：1．…` cut in two, so that the first note is an item like the others."""
    out: list[Line] = []
    for line in lines:
        m = _NOTE.match(line.text)
        label = match_label(line.text[m.end() :]) if m else None
        if m and label and label.value == 1:
            out += [clip(line, 0, m.end()), clip(line, m.end())]
        else:
            out.append(line)
    return out
