"""Clause numbers, tables and annexes of a standard: 5.3.8, 5.3.3～5.3.7, 表 1, 附录 A, a).

A bare decimal is more often a figure than a clause number; without a cue word beside it nothing is
matched.
"""

from __future__ import annotations

import re

from kb.citations import patterns as pat
from kb.citations.parts import ARTICLE, ITEM, Element, Step

__all__ = ["bare_list", "clause_list", "table_or_annex"]

_TABLE = re.compile(r"(?P<k>[表图])[ 　]?(?P<n>[A-Z]\.\d{1,2}|\d{1,2})(?![\d.．]*\d|[a-zA-Z%‰])")
"""表 1, 表A.1, 图 2; not 表 1.5 (a figure after the word)."""

_ANNEX = re.compile(r"附录[ 　]?(?P<n>[A-Z])(?P<c>(?:\.\d{1,2}){0,4})(?![A-Za-z0-9])")
"""附录 A, 附录A.2.1."""

_NOT_BEFORE_TABLE = frozenset("发代手仪图列填报年外电钟秒地附")
"""仪表1台, 附图, 代表 2: the character before makes another word."""


def clause_list(text: str, pos: int) -> tuple[list[Element], int]:
    """Clause numbers from `pos` on, as a list with ranges and lettered items; empty if none."""
    elements: list[Element] = []
    end = pos
    at = pos
    while True:
        m = pat.CLAUSE_NO.match(text, at)
        if m is None or (m["c"].count(".") == 1 and pat.CLAUSE_UNIT.match(text, m.end())):
            break
        steps: tuple[Step, ...] = (Step(ARTICLE, _clause_id(m["c"])),)
        stop = m.end()
        letter = pat.LETTER_ITEM.match(text, stop)
        if letter:
            steps += (Step(ITEM, letter["a"]),)
            stop = letter.end()
        through = bool(elements) and text[end:at].strip(" 　") in ("～", "~", "至", "—", "－")
        if through and elements[-1].last is None:
            head = elements.pop()
            elements.append(Element(head.start, stop, head.first, steps))
        else:
            elements.append(Element(at, stop, steps))
        end = stop
        link = pat.CLAUSE_SEP.match(text, end)
        if link is None:
            break
        at = link.end()
    return elements, end


def _clause_id(number: str) -> str:
    """A.1.2 is app-A.1.2; 5.3.8 stands for itself."""
    return f"app-{number}" if number[0].isalpha() else number


def bare_list(text: str, pos: int) -> tuple[list[Element], int]:
    """Clause numbers that no document's name precedes; only with a cue word beside them."""
    elements, end = clause_list(text, pos)
    if not elements or _at_line_start(text, pos):
        return [], pos
    before = pat.CLAUSE_BEFORE.search(text[max(0, pos - 8) : pos])
    after = pat.CLAUSE_AFTER.match(text, end)
    sure = any(e.first[0].id.count(".") >= 2 for e in elements)
    if sure and (before or after):
        return elements, end
    if _COMPARED.search(text[max(0, pos - 6) : pos]):
        return [], pos
    if before and (after or text[end : end + 1] in "。，；、执）)"):
        return elements, end
    # two numbers alone (6.7) are a figure unless both sides speak for a clause
    return [], pos


_COMPARED = re.compile(r"(?:于|过|为|是|到|取|约|近|超|[≥≤><=＝±+])[ 　]?\Z")
"""不小于 2.0, 为 1.5, ≥ 0.7: a figure."""


def table_or_annex(text: str, pos: int) -> Element | None:
    """表 1, 图 1 or 附录 A at `pos` where it is a reference and no caption or heading."""
    if _at_line_start(text, pos):
        return None
    m = _ANNEX.match(text, pos)
    if m:
        return Element(pos, m.end(), (Step(ARTICLE, f"app-{m['n']}{m['c']}"),))
    m = _TABLE.match(text, pos)
    if m is None or text[pos - 1] in _NOT_BEFORE_TABLE:
        return None
    kind = "t" if m["k"] == "表" else "f"
    return Element(pos, m.end(), (Step(ARTICLE, f"{kind}:{m['n']}"),))


def _at_line_start(text: str, pos: int) -> bool:
    """Only marks of a heading stand between the line's start and `pos`."""
    line = text.rfind("\n", max(0, pos - 12), pos) + 1
    if line == 0 and pos > 12:
        return False
    return not text[line:pos].strip(' 　#*\t"“')
