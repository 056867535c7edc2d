"""Short names that a text defines for itself: 《…安全生产法》（以下简称《安全生产法》）."""

from __future__ import annotations

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
    ends = {
        c.end: c for c in find(text) if c.form in (CiteForm.TITLE, CiteForm.DOCNO, CiteForm.NUMBER)
    }
    out: list[Alias] = []
    for m in pat.ALIAS.finditer(text):
        cited = ends.get(m.start())
        if cited is None:
            continue
        name = m["a"].strip(" 　《》〈〉“”\"'‘’")
        if name and not cited.articles:
            out.append(Alias(name, cited.title, cited.number))
    return tuple(out)
