"""Body lines of a notice → nested items, by the order in which forms of numbers appear.

No form has a fixed rank: 一、 may hold （一）, 1. or 一是 at once. A number opens an item when it
carries on an open list, begins one with 1, or runs on across sections (1、2、 under 一、, 3、 under
二、). A paragraph without a number belongs to the item above it as long as that item is only a
heading or the next number of its list is still to come; otherwise to the level above.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kb.display import ends_sentence
from kb.numerals import ZH_NUMERAL, zh_to_int
from kb.structure.lines import Form, Label, Line, clip, match_label, split_inline

__all__ = ["Item", "is_dash", "is_title_like", "label_of", "outline", "split_lines"]

_INLINE = (Form.CIRCLED, Form.FIRST_IS, Form.POINT_PAREN, Form.PAREN)
# lists that a running sentence can begin by chance: a second number must follow
_WEAK = frozenset({Form.POINT, Form.POINT_PAREN, Form.FIRST_IS, Form.CIRCLED})
# GB/T 9704: 一、（一）1.（1）; it only decides where a list begins that follows a finished one
_RANK = {
    Form.CHAPTER: 0,
    Form.ARTICLE: 1,
    Form.COMMA: 1,
    Form.PAREN: 2,
    Form.POINT: 3,
    Form.POINT_PAREN: 4,
    Form.FIRST_IS: 5,
    Form.CIRCLED: 5,
}
_FARTHEST_JUMP = 2
# 第五条 各单位… and 第二章 职责 in a regulation that a notice prints
_ARTICLE = re.compile(rf"第\s*({ZH_NUMERAL}|\d{{1,3}})\s*条[\s　]+(?![、，])")
_CHAPTER = re.compile(rf"第\s*({ZH_NUMERAL}|\d{{1,2}})\s*章[\s　]+(?=\S{{1,30}}\Z)")
# —— 到2022年底, … : an item without a number
_DASH = re.compile(r"(?:——|—|－－|──|─)\s*(?=\S)")
# 特此通知。 | 本方案自印发之日起施行。: about the whole, wherever it stands
_CLOSING = re.compile(r"特此(?:通知|公告|通告|函)|本(?:通知|方案|办法|意见|计划|规定|细则)自")
_HEADING_LENGTH = 60


@dataclass
class Item:
    """A numbered item: `text` is what its own line says after the label (None: nothing).

    `start` and `end` are the span of the label; the root has none. `content` is what follows on
    other lines, in order: paragraphs and tables (lines) and items.
    """

    label: Label | None = None
    start: int = 0
    end: int = 0
    text: Line | None = None
    content: list[Line | Item] = field(default_factory=list)

    @property
    def items(self) -> list[Item]:
        """Numbered items directly below."""
        return [c for c in self.content if isinstance(c, Item)]

    @property
    def heads(self) -> bool:
        """Whether the item's own line is only a heading, so that paragraphs below belong to it."""
        return self.text is None or is_title_like(self.text.text)


def is_title_like(text: str) -> bool:
    """A line without a full stop, or one that leads in with ：."""
    if len(text) > _HEADING_LENGTH and not text.endswith(("：", ":")):
        return False
    return not ends_sentence(text) or text.endswith(("：", ":"))


def is_dash(text: str) -> int:
    """Length of the dash that begins an item without a number; 0 when there is none."""
    m = _DASH.match(text)
    return m.end() if m else 0


def split_lines(lines: Sequence[Line]) -> list[Line]:
    """Lines with ①②③ or 一是…二是… inside one paragraph cut so that each begins a line."""
    out: list[Line] = []
    for line in lines:
        out += [line] if line.table is not None else _split(line, _INLINE)
    return out


def _split(line: Line, forms: Sequence[Form]) -> Iterator[Line]:
    found = split_inline(line, forms)
    if found is None:
        yield line
        return
    lead, parts = found
    form = parts[0][0].form
    rest = [f for f in forms if f is not form]
    if lead.text:
        yield lead
    for _, part in parts:
        yield from _split(part, rest)


def outline(runs: Sequence[Sequence[Line]], warnings: list[str]) -> Item:
    """The root item of one main text or attachment.

    `runs` are its body lines; a title or a signature stands between one run and the next, so no
    item reaches over it, but numbers may run on.
    """
    lines = [line for run in runs for line in run]
    breaks = {0}
    for run in runs:
        breaks.add(max(breaks) + len(run))
    return _Outline(lines, breaks, warnings).run()


class _Outline:
    def __init__(self, lines: Sequence[Line], breaks: set[int], warnings: list[str]) -> None:
        self._lines = lines
        self._breaks = breaks
        self._labels = [label_of(x) for x in lines]
        self._warnings = warnings
        self._root = Item()
        self._stack: list[tuple[Label, Item]] = []
        self._seen: dict[Form, int] = {}  # last number of each form, over all sections

    def run(self) -> Item:
        for at, (line, label) in enumerate(zip(self._lines, self._labels, strict=True)):
            if at in self._breaks:
                self._stack.clear()
            if label is not None and self._opens(at, label):
                self._open(at, line, label)
            else:
                self._attach(at, line)
        return self._root

    def _top(self) -> Item:
        return self._stack[-1][1] if self._stack else self._root

    def _last(self, form: Form) -> int | None:
        return next((k.value for k, _ in self._stack if k.form is form), None)

    # --- numbered lines

    def _opens(self, at: int, label: Label) -> bool:
        strong = label.form not in _WEAK
        last = self._last(label.form)
        if last is None:
            if label.value == 1:
                return strong or self._has_second(at, label)
            if label.value == self._seen.get(label.form, 0) + 1:
                return True
            if strong:
                self._warn(f"编号不从头开始：{label.text}")
            return strong
        if label.value == last + 1:
            return True
        if label.value == 1:
            return strong or self._has_second(at, label)
        if label.value == last or (label.value < last and strong):
            return strong  # the builder warns that the source repeats a number
        if strong or label.value - last <= _FARTHEST_JUMP:
            self._warn(f"编号不连续：{last} 之后是 {label.text}")
            return True
        return False

    def _has_second(self, at: int, label: Label) -> bool:
        """Whether the list that begins here has a second number before it begins again."""
        for other in self._labels[at + 1 :]:
            if other is not None and other.form is label.form:
                return other.value == label.value + 1
        return False

    def _open(self, at: int, line: Line, label: Label) -> None:
        place = next((i for i, (k, _) in enumerate(self._stack) if k.form is label.form), None)
        if place is not None:
            del self._stack[place:]
        else:
            # （一） after a finished list of 1. 2. 3. is no part of 3., unless 3. is a bare heading
            while self._stack and _RANK[label.form] < _RANK[self._stack[-1][0].form]:
                top = self._stack[-1][1]
                bare = top.heads and not top.content
                if bare or self._goes_on(at, len(self._stack) - 1):
                    break
                self._stack.pop()
        body = clip(line, label.end)
        end = clip(line, 0, label.end).end
        item = Item(label, line.start, end, body if body.text else None)
        self._top().content.append(item)
        self._stack.append((label, item))
        self._seen[label.form] = label.value

    def _goes_on(self, at: int, level: int) -> bool:
        """Whether the list at this level of the stack has a next number below line `at`."""
        forms = {k.form: k.value for k, _ in self._stack[:level]}
        mine = self._stack[level][0]
        for label in self._labels[at + 1 :]:
            if label is None:
                continue
            if label.form is mine.form:
                return label.value == mine.value + 1
            if label.form in forms and label.value == forms[label.form] + 1:
                return False
        return False

    # --- lines without a number

    def _attach(self, at: int, line: Line) -> None:
        if _CLOSING.match(line.text):
            self._stack.clear()
        while self._stack:
            item = self._stack[-1][1]
            if item.heads or self._goes_on(at, len(self._stack) - 1):
                break
            self._stack.pop()
        self._top().content.append(line)

    def _warn(self, message: str) -> None:
        self._warnings.append(message)


def label_of(line: Line) -> Label | None:
    """The number that a line of a notice begins with; a table has none."""
    if line.table is not None:
        return None
    for pattern, form, unit in ((_ARTICLE, Form.ARTICLE, "条"), (_CHAPTER, Form.CHAPTER, "章")):
        if m := pattern.match(line.text):
            try:
                value = int(m[1]) if m[1][0].isdigit() else zh_to_int(m[1])
            except ValueError:
                return None
            return Label(form, value, f"第{m[1]}{unit}", m.end())
    return match_label(line.text)
