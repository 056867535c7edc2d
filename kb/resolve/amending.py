"""What an amending act talks about at each place: which article of the law, which 款, old or new.

在刑法第一百条中增加一款作为第二款：“… 前款 …”: the 前款 in the quotation is 款 1 of article 100 in
the wording that the act produces. Numbers after 作为 and 改为 and inside a quoted new wording are
the new law's, all others are those of the law as it was.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from kb.citations.parts import read_number
from kb.citations.patterns import QUOTED_LABEL
from kb.citations.spelling import quote_edges
from kb.model import Citation

__all__ = ["AmendingText", "Spot"]

_N = "[〇零一二三四五六七八九十百千]{1,10}"

_NEW = re.compile(r"(?:作为|改为|成为|顺延为|调整为|包括|修改为)[ 　]?[“\"]?\Z")
"""Before a number of the new wording: 作为第二款, 改为第四十条."""

_MOVED_AFTER = re.compile(r"(?:相应地?)?(?:改为|作为|移作|移至|合并)")
"""After a number that the act moves: 第二款改为第三款, 原第二款作为第三款."""

_MOVED_BEFORE = re.compile(r"(?:原|删去|删除)\Z")

_MOVED_TO = re.compile(rf"[^。；：:“\"]{{0,40}}?(?:改为|合并，作为)(?P<to>第{_N}条(?:之{_N})?)")
"""Where an article goes: (第七条)改为第九条; (第六十四条)、第六十六条合并，作为第七十一条."""

_OLD_WORDING = re.compile(r"[”\"]?(?:一词|字样)?(?:修改为|改为|删去|后增加|前增加|之后增加)")
"""After a quotation of what the act takes out: “第十五条”修改为“第十八条”."""

_ITEM_LINE = re.compile(rf"[“\"]?[（(]{_N}[）)]")
_HEADING = re.compile(rf"[“\"](?P<n>第{_N}条(?:之{_N})?){QUOTED_LABEL.pattern}")
"""The label of a quoted article at the start of its line: “第四十四条国家…."""


@dataclass(frozen=True, slots=True)
class Spot:
    """`article` is the path of the article that the act changes here (art-100), empty if unknown.

    `paragraph` is the number of the 款 of that article in which a quoted citation stands, or which
    the instruction named last; `new`: the numbers are those of the wording that the act produces;
    `moved`: an old number that the act takes away or gives to another unit; `moved_to`: the new
    article of an old one where the act says it; `wording`: the new text that the act gives to what
    the citation names; `line`: the quoted line in which a quoted citation stands.
    """

    article: str = ""
    paragraph: int = 0
    new: bool = False
    moved: bool = False
    moved_to: str = ""
    wording: str = ""
    line: str = ""


class AmendingText:
    """The spots of all citations of one clause of an amending act."""

    def __init__(self, text: str, citations: Sequence[Citation]) -> None:
        self._text = text
        self._quotes = quote_edges(text)
        self._spots: list[Spot] = []
        article, paragraph, new = "", 0, False
        ends = _list_ends(citations)
        for at, c in enumerate(citations):
            if c.quoted:
                self._spots.append(self._quoted(c, article, paragraph))
                continue
            if not c.listed:
                new = bool(_NEW.search(text[max(0, c.start - 6) : c.start]))
            path = next((a for a in c.articles if a.startswith("art-")), "")
            if path:
                before, (article, _, rest) = article, path.partition(".")
                # 将第十条第一款、第二款修改为：“… begins with the first of them
                if not (c.listed and before == article and paragraph):
                    paragraph = _paragraph(rest)
            elif c.relative.startswith("art~"):
                # 增加一款作为第二款，将该条修改为：“… begins with 款 1
                paragraph = 0
            elif c.relative.startswith("art0.p") and not (c.listed and paragraph):
                paragraph = _paragraph(c.relative.partition(".")[2])
            self._spots.append(self._instruction(c, ends[at], article, paragraph, new=new))

    def spot(self, place: int) -> Spot:
        """The spot of the citation at `place`."""
        return self._spots[place]

    def _instruction(
        self, c: Citation, end: int, article: str, paragraph: int, *, new: bool
    ) -> Spot:
        """Spot of a citation outside quotations; `end` is where its list ends."""
        text = self._text
        before = text[max(0, c.start - 2) : c.start]
        moved = bool(_MOVED_AFTER.match(text, end) or _MOVED_BEFORE.search(before))
        to = _MOVED_TO.match(text, c.end)
        return Spot(
            article,
            paragraph,
            new=new,
            moved=moved and not new,
            moved_to=_article_id(to["to"]) if to and not new else "",
            wording=self._wording(c.end),
        )

    def _wording(self, pos: int) -> str:
        """The first quotation after `pos` in the same instruction (修改为：“…”)."""
        edge = bisect_right(self._quotes, pos)
        if edge % 2 or edge >= len(self._quotes):
            return ""
        start = self._quotes[edge]
        stop = self._quotes[edge + 1] if edge + 1 < len(self._quotes) else len(self._text)
        lead = self._text[pos:start]
        if "。" in lead or not lead.rstrip("：:").endswith(("修改为", "为", "款", "项", "条")):
            return ""
        return self._text[start:stop]

    def _quoted(self, c: Citation, article: str, first: int) -> Spot:
        """Article and 款 of a quoted citation: the quotation begins with 款 `first` (1 when the
        whole article is replaced) and every further line that is no item is another 款."""
        edge = bisect_right(self._quotes, c.start) - 1
        start = self._quotes[edge] if edge >= 0 else 0
        stop = self._quotes[edge + 1] if edge + 1 < len(self._quotes) else len(self._text)
        if _OLD_WORDING.match(self._text, stop):
            return Spot(article, first)
        number = first or 1
        for count, line in enumerate(self._text[start : c.start].split("\n")):
            heading = _HEADING.match(line)
            if heading:  # a new article begins inside the quotation; its lines count from 1
                article, number = _article_id(heading["n"]), 1
            elif count and not _ITEM_LINE.match(line):
                number += 1
        begin = self._text.rfind("\n", 0, c.start) + 1
        line_end = self._text.find("\n", c.start)
        line = self._text[max(begin, start) : min(stop, line_end if line_end >= 0 else stop)]
        return Spot(article, number, new=True, line=line)


def _list_ends(citations: Sequence[Citation]) -> list[int]:
    """For each citation the end of the list that it stands in."""
    ends = [c.end for c in citations]
    for at in range(len(citations) - 2, -1, -1):
        if citations[at + 1].listed:
            ends[at] = ends[at + 1]
    return ends


def _paragraph(rest: str) -> int:
    m = re.match(r"p(\d+)", rest)
    return int(m[1]) if m else 0


def _article_id(label: str) -> str:
    """第一百二十条之二 → art-120-2; empty when it is no number."""
    number, _, sub = label.removeprefix("第").partition("条")
    value = read_number(number)
    extra = read_number(sub.removeprefix("之")) if sub else None
    if value is None:
        return ""
    return f"art-{value}" + (f"-{extra}" if extra else "")
