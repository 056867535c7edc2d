"""Short names that a text defines for itself: 《…安全生产法》（以下简称《安全生产法》）."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from kb.citations import patterns as pat
from kb.citations.finder import find
from kb.model import CiteForm

__all__ = ["Alias", "aliases"]


@dataclass(frozen=True, slots=True)
class Alias:
    """`name` (without marks) stands for the document with this title or number."""

    name: str
    title: str
    number: str = ""


def aliases(text: str) -> tuple[Alias, ...]:
    """Every short name that a bracket directly after a document defines, in order.

    Brackets after anything else (以下简称企业) define no document and are left out.
    """
    named = [c for c in find(text) if c.form in (CiteForm.TITLE, CiteForm.DOCNO, CiteForm.NUMBER)]
    starts = [c.start for c in named]
    out: list[Alias] = []
    for m in pat.ALIAS.finditer(text):
        place = bisect_right(starts, m.start()) - 1
        if place < 0:
            continue
        cited = named[place]
        # the bracket follows the name: at its end, or before the articles (《…》（…）第三条)
        if m.start() > cited.end or (m.start() == cited.end and cited.articles):
            continue
        name = m["a"].strip(" 　《》〈〉“”\"'‘’")
        if name:
            out.append(Alias(name, cited.title, cited.number))
    return tuple(out)
