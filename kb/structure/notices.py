"""Policy notices → main text, attachments and their numbered items (GB/T 9704 公文格式).

Ids: a part, `m` for the main text or `a1` for 附件1, then one letter a level in the order in which
the notice nests them:

- `s` 一、 `k` （一） `n` 1. 1、 `q` （1） `y` 一是 `c` ①, and in a printed regulation `h` 第一章,
  `r` 第一条; `m-s3-k1-c2` is ② in （一） in 三、
- `p` paragraph without a number, `d` —— item, `t` table, each counted from 1 below its item
- `m-head1` title block, `m-to1` addressee, `m-sign1` signature, date and what follows them,
  `m-att1` list of attachments; a covering letter and its plan are one main text with two heads

Kinds and hits: an item without numbered items below it is a CLAUSE and a hit, with its further
paragraphs as PARAGRAPH inside it. An item that holds numbered items is no hit: CHAPTER (first
level) or SECTION when its own line is only a heading, else CLAUSE around what is below, and what
its line says beyond the heading is the paragraph `-p1`. Paragraphs, —— items (ITEM) and tables
that stand outside any lowest item are hits. Head, addressee, signature and list of attachments
are PREAMBLE, an attachment is ANNEX.

The heading of an item is its line when that has no full stop, or its first sentence when that has
at most 40 characters and more follows; `display` always has the complete text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from kb.errors import SourceError
from kb.model import Source, Tree, UnitKind
from kb.structure.base import Node, TreeBuilder
from kb.structure.lines import Form, Line, clean, clip, lines_of, table_node, unwrap
from kb.structure.notice_outline import Item, is_dash, is_title_like, outline, split_lines
from kb.structure.notice_parts import Zone, ZoneKind, cut, facts_of, shown
from kb.structure.notice_tables import restore_tables

__all__ = ["notice_facts", "parse_notice"]

_LETTERS = {
    Form.CHAPTER: "h",
    Form.ARTICLE: "r",
    Form.COMMA: "s",
    Form.PAREN: "k",
    Form.POINT: "n",
    Form.POINT_PAREN: "q",
    Form.FIRST_IS: "y",
    Form.CIRCLED: "c",
}
_HEADING_KINDS = (UnitKind.CHAPTER, UnitKind.SECTION)
_LONGEST_HEADING = 40
_FIRST_SENTENCE = re.compile(r"([^。；\n]+)。[”\"]?")
# 宣传动员：制定… : a heading parted by a colon
_BEFORE_COLON = re.compile(r"([^。；，、：:\n]{2,15})[：:](?=.)")
# 有下列情形之一的，停止作业：… a lead-in that is a sentence, not a heading
_LEAD_IN = re.compile(r".*[，、；].*[：:]\Z|.{16,}[：:]\Z", re.S)
_END_MARKS = "。；;：:"


def parse_notice(source: Source, title: str = "") -> Tree:
    """The unit tree of a notice.

    `title` is the catalog's, where it is known: a line in mid-text that repeats it is a title.

    Raises:
        SourceError: not one numbered item was found.
    """
    warnings: list[str] = []
    writer = _Writer(source, warnings)
    items = 0
    for part, zones in _parts(_zones(source, warnings, title)):
        items += writer.part(part, zones)
    if not items:
        raise SourceError(
            source.path,
            "没有找到条款编号（查找过：一、（一）、1.、（1）、一是、①、第一条）",
            "请确认文件是分条写的通知或方案；没有编号的文件请先在段首加上编号",
        )
    tree = writer.builder.build()
    return Tree(tree.units, (*warnings, *tree.warnings))


def notice_facts(source: Source) -> dict[str, str]:
    """`title`, `number` (文号), `issuer` and `date` (ISO) as far as the notice states them."""
    return facts_of(_zones(source, []))


def _zones(source: Source, warnings: list[str], title: str = "") -> list[Zone]:
    lines = restore_tables(source, lines_of(source), warnings)
    return cut(unwrap(source, lines), title)


def _parts(zones: Sequence[Zone]) -> list[tuple[str, list[Zone]]]:
    """Main text and attachments, each with its id."""
    out: list[tuple[str, list[Zone]]] = [("m", [])]
    for zone in zones:
        if zone.kind is ZoneKind.ANNEX:
            number = zone.number or sum(1 for name, _ in out if name != "m") + 1
            out.append((f"a{number}", []))
        out[-1][1].append(zone)
    return out


class _Writer:
    def __init__(self, source: Source, warnings: list[str]) -> None:
        self.builder = TreeBuilder(source)
        self._warnings = warnings

    def part(self, part: str, zones: Sequence[Zone]) -> int:
        """Write one part; returns how many numbered items it has."""
        parent: str | None = None
        runs: list[list[Line]] = []
        counts: dict[ZoneKind, int] = {}
        nodes: list[Node] = []
        for zone in zones:
            if zone.kind is ZoneKind.BODY:
                runs.append(split_lines(zone.lines))
            elif zone.kind is ZoneKind.ANNEX:
                parent = self.builder.add_node(_annex(part, zone))
            else:
                counts[zone.kind] = counts.get(zone.kind, 0) + 1
                nodes.append(_front(zone, counts[zone.kind]))
        root = outline(runs, self._warnings)
        nodes += _below(root, depth=0, inside=False)
        for node in sorted(nodes, key=lambda n: n.start):
            if parent is None:
                node.suffix = part + node.suffix
            self.builder.add_node(node, parent)
        return len(root.items)


def _front(zone: Zone, number: int) -> Node:
    """A title block, addressee, signature or list of attachments."""
    first, last = zone.lines[0], zone.lines[-1]
    node = Node(f"-{zone.kind.value}{number}", UnitKind.PREAMBLE, first.start, last.end)
    node.pieces = list(shown(zone))
    if zone.kind is ZoneKind.HEAD:
        node.heading = facts_of([zone]).get("title", "")
    return node


def _annex(part: str, zone: Zone) -> Node:
    first, last = zone.lines[0], zone.lines[-1]
    return Node(part, UnitKind.ANNEX, first.start, last.end, zone.label, zone.title)


# --- items --------------------------------------------------------------------------------------


def _below(item: Item, *, depth: int, inside: bool, first: Line | None = None) -> list[Node]:
    """Nodes of an item's content; `inside`: it lies in a hit, so it is none itself.

    `first` is what the item's own line says beyond its heading: its paragraph 1.
    """
    out: list[Node] = []
    count: Counter[str] = Counter()
    for part in (*([first] if first else []), *item.content):
        if isinstance(part, Item):
            out.append(_container(part, depth) if part.items else _lowest(part))
        else:
            out.append(_paragraph(part, count, hit=not inside))
    return out


def _paragraph(line: Line, count: Counter[str], *, hit: bool) -> Node:
    dash = is_dash(line.text)
    letter = "t" if line.table else "d" if dash else "p"
    count[letter] += 1
    suffix = f"-{letter}{count[letter]}"
    if line.table is not None:
        return table_node(line.table, suffix, hit=hit)
    kind = UnitKind.ITEM if dash else UnitKind.PARAGRAPH
    node = Node(suffix, kind, line.start, line.end, "——" if dash else "", hit=hit)
    node.pieces = [clean(clip(line, dash).text)]
    return node


def _lowest(item: Item) -> Node:
    """An item without numbered items: one hit with everything below it."""
    node = _shell(item, UnitKind.CLAUSE, hit=True)
    if item.text is not None:
        node.heading, _ = _split_heading(item.text, whole=False)
        node.put(clean(item.text.text), item.text.end)
    for child in _below(item, depth=0, inside=True):
        node.put(child, child.end)
    return node


def _container(item: Item, depth: int) -> Node:
    """An item that holds numbered items: its heading, or a clause around all of them."""
    heading, rest = _split_heading(item.text, whole=True) if item.text else ("", None)
    node = _shell(item, UnitKind.CLAUSE if rest else _HEADING_KINDS[depth > 0], hit=False)
    node.heading = heading
    if item.text is not None:
        node.reach(rest.start if rest else item.text.end)
    if item.text and rest and heading:
        node.pieces.append(clean(item.text.text[: rest.start - item.text.start]))
    for child in _below(item, depth=depth + 1, inside=False, first=rest):
        node.pieces.append(child)
        if rest:
            node.reach(_end(child))
    return node


def _end(node: Node) -> int:
    """Where a node ends together with what stands below it."""
    return max([node.end, *(_end(c) for c in node.children)])


def _shell(item: Item, kind: UnitKind, *, hit: bool) -> Node:
    assert item.label is not None
    suffix = f"-{_LETTERS[item.label.form]}{item.label.value}"
    return Node(suffix, kind, item.start, item.end, item.label.text, hit=hit)


def _split_heading(line: Line, *, whole: bool) -> tuple[str, Line | None]:
    """Heading of an item and the rest of its line.

    whole: one short sentence is a heading too (numbered items follow it).
    """
    text = line.text
    sentence = _FIRST_SENTENCE.match(text)
    if is_title_like(text) and not sentence and not _LEAD_IN.match(text):
        return clean(text).rstrip(_END_MARKS), None
    for m in (sentence, _BEFORE_COLON.match(text)):
        if m and len(m[1]) <= _LONGEST_HEADING and (rest := clip(line, m.end())).text:
            return clean(m[1]), rest
    if whole and sentence and len(sentence[1]) <= _LONGEST_HEADING:
        return clean(sentence[1]), None
    return "", line
