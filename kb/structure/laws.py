"""Laws, regulations, decisions and interpretations → 编 章 节 条 款 项 目 (《立法技术规范》).

Ids: `part-2` 编 (`part-end` an unnumbered 附则 beside it), `part-2.sub-1` 分编, `ch-2` 章
(`part-2.ch-1`, `part-2.sub-1.ch-1` below them), `ch-2.s1` 节, `art-25` 条, `art-25-1`
第二十五条之一, `item-3` 条目 (三、 of a decision), `full` 全文, `.p2` 款, `.i3` 项, `.y1` 目, `.z1`
below 目, `.t1` table. Every article has 款 numbered from 1.

Outside the articles:

- `pre` (and `pre-2` behind a contents page): title, 法释 number, preamble; `toc`: contents page
- `ch-2.p1`: text between a heading and its first article
- `app-1`: 附件, 附录, 附表 with `app-1.1` 一、, `app-1.p1` paragraphs, `app-1.art-1` its own 条
- `end`: the closing sentences of a decision numbered 一、二、 (本决定自…施行)
- `sign`: signature and date

Hits are 条, 条目, 全文 (kind ARTICLE), and what stands in an annex, in `end` or between the
articles; `pre`, `toc` and `sign` are none. When the package has lost the heading of 第一编, its
chapters still are `part-1.ch-1`, without a unit for the 编 itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.errors import SourceError
from kb.model import Source, Tree, UnitKind
from kb.structure.base import Node, TreeBuilder
from kb.structure.law_body import read_body
from kb.structure.law_heads import (
    Head,
    Level,
    contents_lines,
    continue_heading,
    find_heads,
    heads_from_marks,
    is_annex,
)
from kb.structure.lines import (
    Form,
    Line,
    clean,
    clip,
    is_rule,
    lines_of,
    match_label,
    terminated,
    unwrap,
)

__all__ = ["parse_law"]

_KINDS = {
    Level.PART: UnitKind.PART,
    Level.SUBPART: UnitKind.PART,
    Level.CHAPTER: UnitKind.CHAPTER,
    Level.SECTION: UnitKind.SECTION,
}
_ID_WORDS = {Level.PART: "part-", Level.SUBPART: "sub-", Level.CHAPTER: "ch-", Level.SECTION: "s"}
# 本决定自…起施行。 | 现予公告。 | 《…法》根据本决定作相应修改…重新公布。
_CLOSING = re.compile(r"本(?:决定|决议|解释|修正案|办法)自.*施行。|现予公告。|《.+》根据本.+公布。")
# 2022年12月15日 | 二〇二二年十二月十五日, alone on a line
_DATE = re.compile(r"[\d〇○零一二三四五六七八九]{4}\s*年.{1,4}月.{1,4}日\Z")
_SHORT = 40
_CONTINUED = re.compile(r"[（(]?续表?[）)]?\s*\d*\Z")  # 续表


def parse_law(source: Source) -> Tree:
    """The unit tree of a law or of anything built of 条.

    Raises:
        SourceError: there is neither 第…条 nor 一、 to cut the text by.
    """
    warnings: list[str] = []
    lines = unwrap(source, lines_of(source))
    if source.marks:
        heads = heads_from_marks(source, lines, warnings)
    else:
        heads = find_heads(source, lines, warnings)
    if not any(h.level is Level.ARTICLE for h in heads):
        raise SourceError(
            source.path,
            "没有找到条文编号（查找过：行首的 第一条、一、，以及 第一章 等标题）",
            "请确认文件是法律法规正文；通知、标准请按通知、标准导入",
        )
    writer = _Writer(source, lines, bool(source.marks), warnings)
    stop = writer.annex_start(heads)
    main = [h for h in heads if h.line < stop]
    writer.front(main[0].line)
    writer.units(main, stop, "")
    writer.annexes([h for h in heads if h.line >= stop], stop)
    return writer.build()


class _Writer:
    def __init__(
        self, source: Source, lines: Sequence[Line], marked: bool, warnings: list[str]
    ) -> None:
        self._builder = TreeBuilder(source)
        self._lines = lines
        self._marked = marked
        self._warnings = warnings
        self._open: dict[Level, str] = {}  # ids of the containers that stand open
        self._loose: dict[str, int] = {}  # container id → paragraphs outside its articles

    def build(self) -> Tree:
        """The tree, with the warnings of the heads before those of the units."""
        tree = self._builder.build()
        return Tree(tree.units, (*self._warnings, *tree.warnings))

    # --- before the first head

    def front(self, stop: int) -> None:
        """`pre`, `toc`, `pre-2`."""
        contents = set() if self._marked else contents_lines(self._lines)
        groups: list[tuple[bool, list[Line]]] = []
        for i in range(stop):
            if not groups or groups[-1][0] != (i in contents):
                groups.append((i in contents, []))
            groups[-1][1].append(self._lines[i])
        seen = 0
        for is_contents, lines in groups:
            if is_contents:
                self._add(_group("toc", lines))
                continue
            seen += 1
            self._add(_group("pre" if seen == 1 else f"pre-{seen}", lines))

    def _add(self, node: Node) -> None:
        self._builder.add_node(node, absolute=True)

    # --- containers and articles

    def units(self, heads: Sequence[Head], stop: int, prefix: str) -> None:
        """All heads up to line `stop`; `prefix` is `app-1.` inside an annex."""
        self._open = {Level.ANNEX: prefix.rstrip(".")} if prefix else {}
        implied = _lost_first_part(heads)
        last = max((i for i, h in enumerate(heads) if h.level is Level.ARTICLE), default=-1)
        for i, head in enumerate(heads):
            after = heads[i + 1].line if i + 1 < len(heads) else stop
            if head.level is Level.ARTICLE:
                self._article(head, after, prefix, is_last=i == last and after == stop)
                continue
            if head.level is Level.PART:
                implied = ""
            self._container(head, after, prefix + implied)

    def _container(self, head: Head, after: int, prefix: str) -> None:
        line = self._lines[head.line]
        end, at = line.end, head.line + 1
        while not self._marked and at < after and (more := continue_heading(head, self._lines[at])):
            head, end, at = more, self._lines[at].end, at + 1
        self._open = {k: v for k, v in self._open.items() if k < head.level}
        above = self._innermost()
        stem = f"{above}." if above else prefix
        final = self._builder.add(
            f"{stem}{_ID_WORDS[head.level]}{head.number[0] or 'end'}",
            _KINDS[head.level],
            line.start,
            end,
            label=head.label,
            heading=head.heading,
            display=clean(head.heading),
            parent=above or None,
            numbered=True,
        )
        self._open[head.level] = final
        self._between(self._lines[at:after])

    def _innermost(self) -> str:
        return self._open[max(self._open)] if self._open else ""

    def _between(self, lines: Sequence[Line]) -> None:
        """Text that stands in a chapter but in no article."""
        above = self._innermost()
        for node in read_body(lines, above or "正文", self._warnings):
            count = self._loose[above] = self._loose.get(above, 0) + 1
            node.suffix, node.hit = f"{'.' if above else ''}p{count}", True
            self._builder.add_node(node, above or None)

    def _article(self, head: Head, after: int, prefix: str, *, is_last: bool) -> None:
        lines = [x for x in self._lines[head.line : after] if _within(x, head)]
        outside = self._lines[head.line + len(lines) : after]
        closing: Sequence[Line] = ()
        signed: Sequence[Line] = ()
        if is_last and not self._marked:
            lines, signed = _cut_signature(lines)
        if is_last and head.form == "条目":
            lines, closing = _cut_closing(lines)
        name = {"条目": "item", "全文": "full"}.get(head.form, "art")
        number = "" if name == "full" else f"-{head.number[0]}"
        number += f"-{head.number[1]}" if head.number[1] else ""
        body = [x for x in (clip(lines[0], head.body), *lines[1:]) if x.text]
        node = Node(
            f"{prefix}{name}{number}",
            UnitKind.ARTICLE,
            lines[0].start,
            lines[-1].end,
            head.label,
            head.heading,
            list(read_body(body, head.label, self._warnings)),
            hit=True,
        )
        self._builder.add_node(node, self._innermost() or None, absolute=True)
        if outside:
            self._warnings.append(f"{head.label}之后有 {len(outside)} 行不属于任何条")
            self._between(outside)
        if closing:
            self._add(_group(f"{prefix}end", closing, hit=True))
        if signed:
            self._add(_group(f"{prefix}sign", signed))

    # --- annexes

    def annex_start(self, heads: Sequence[Head]) -> int:
        """First line of the first annex; the number of lines when there is none."""
        articles = [h for h in heads if h.level is Level.ARTICLE]
        taken = {h.line for h in heads}
        for i in range(articles[0].line + 1, len(self._lines)):
            if i in taken or is_annex(self._lines, i) is None:
                continue
            before = [h for h in articles if h.line < i]
            after = next((h for h in articles if h.line > i), None)
            if after is None or (after.number == (1, 0) and before[-1].number >= (1, 0)):
                return i
        return len(self._lines)

    def annexes(self, heads: Sequence[Head], start: int) -> None:
        """Everything from line `start`, cut at each line that opens an annex."""
        taken = {h.line for h in heads}
        begins = [
            (i, head)
            for i in range(start, len(self._lines))
            if i not in taken
            and (head := is_annex(self._lines, i))
            # a title over a drawn table opens an annex only where none is open
            and (head.label or i == start)
        ]
        for n, (at, head) in enumerate(begins):
            stop = begins[n + 1][0] if n + 1 < len(begins) else len(self._lines)
            end, body = at, at + 1
            while body < stop and (more := self._annex_title(head, self._lines[body])):
                head, end, body = more, body, body + 1
            final = self._builder.add(
                f"app-{head.number[0] or n + 1}",
                UnitKind.ANNEX,
                self._lines[at].start,
                self._lines[end].end,
                label=head.label,
                heading=head.heading,
                display=clean(head.heading),
                numbered=True,
            )
            inside = [h for h in heads if body <= h.line < stop]
            first = inside[0].line if inside else stop
            self._annex_body(final, self._lines[body:first])
            if inside:
                self.units(inside, stop, f"{final}.")

    def _annex_title(self, head: Head, line: Line) -> Head | None:
        """The annex with its title from the next line: one line, more while 《 is not closed."""
        if _CONTINUED.match(line.text):
            lost = f"附件“{head.heading or head.label}”有“续表”字样而没有表，请核对原件是否缺表"
            if lost not in self._warnings:
                self._warnings.append(lost)
            return head
        unfinished = head.heading.count("《") > head.heading.count("》")
        if (head.heading and not unfinished) or is_rule(line.text):
            return None
        return continue_heading(head, line)

    def _annex_body(self, annex: str, lines: Sequence[Line]) -> None:
        """一、 二、 … as clauses, everything else as paragraphs."""
        groups: list[tuple[int, list[Line]]] = [(0, [])]
        for line in lines:
            label = match_label(line.text)
            if label and label.form is Form.COMMA and label.value == groups[-1][0] + 1:
                groups.append((label.value, []))
            groups[-1][1].append(line)
        for value, group in groups:
            if not value:
                for node in read_body(group, annex, self._warnings, keep_lines=True):
                    node.hit = True
                    self._builder.add_node(node, annex)
                continue
            label = match_label(group[0].text)
            assert label is not None
            body = [x for x in (clip(group[0], label.end), *group[1:]) if x.text]
            parts = read_body(body, f"{annex} {label.text}", self._warnings, keep_lines=True)
            self._builder.add_node(
                Node(
                    f".{value}",
                    UnitKind.CLAUSE,
                    group[0].start,
                    group[-1].end,
                    label.text,
                    pieces=list(parts),
                    hit=True,
                ),
                annex,
            )


def _lost_first_part(heads: Sequence[Head]) -> str:
    parts = [h for h in heads if h.level is Level.PART]
    if parts and parts[0].number == (2, 0) and heads[0].level is not Level.PART:
        return "part-1."
    return ""


def _within(line: Line, head: Head) -> bool:
    return head.limit is None or line.start < head.limit


def _group(unit_id: str, lines: Sequence[Line], *, hit: bool = False) -> Node:
    """Lines outside all articles as one unit with a paragraph each."""
    node = Node(
        unit_id,
        UnitKind.PARAGRAPH if hit else UnitKind.PREAMBLE,
        lines[0].start,
        lines[-1].end,
        hit=hit,
    )
    for n, line in enumerate(lines, 1):
        part = Node(f".p{n}", UnitKind.PARAGRAPH, line.start, line.end)
        part.pieces = [clean(line.text)]
        node.pieces.append(part)
    return node


def _cut_closing(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    at = len(lines)
    while at > 1 and _CLOSING.match(lines[at - 1].text):
        at -= 1
    return lines[:at], lines[at:]


def _cut_signature(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    if len(lines) < 2 or not _DATE.match(lines[-1].text):
        return lines, []
    at = len(lines) - 1
    while at > 1 and len(lines[at - 1].text) <= _SHORT and not terminated(lines[at - 1].text):
        at -= 1
    return lines[:at], lines[at:]
