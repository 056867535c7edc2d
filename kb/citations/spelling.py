"""How titles, numbers and quotations are spelt: pure helpers of the finder."""

from __future__ import annotations

import re

from kb.citations import patterns as pat
from kb.citations.parts import read_number

__all__ = ["annex_id", "edition_of", "number_in", "quote_edges", "split_title", "standard"]

_MARK = re.compile('[“”"]')
_NEXT_ITEM = re.compile(r"[；。：;:]\"[（(][〇零一二三四五六七八九十]+[）)]")
"""；"（二）: a quoted item after another on one line."""


def split_title(inner: str) -> tuple[str, str, str]:
    """Title, number and year of what stands between the marks; blanks and escapes dropped."""
    inner = inner.replace("\\<", "〈").replace("\\>", "〉")
    number = year = ""
    std = pat.STANDARD_NO.match(inner.lstrip())
    if std:  # 《GB/T 33000-2016企业…规范》
        number, year = standard(std)
        inner = inner.lstrip()[std.end() :]
    title = re.sub(r"\s+", "", inner)
    bracket = pat.TITLE_NOTE.search(title)
    note = pat.YEAR_NOTE.match(bracket["in"]) if bracket else None
    if bracket and note:  # 《某法（2014年修正）》
        title, year = title[: bracket.start()], year or edition_of(note)
    return title, number, year


def edition_of(m: re.Match[str]) -> str:
    """The year that a note names, or the day in ISO form: 2014, 2021-06-10."""
    month, day = m["m"] or m["m2"], m["d"] or m["d2"]
    if not (month and day):
        return m["y"]
    return f"{m['y']}-{int(month):02}-{int(day):02}"


def standard(m: re.Match[str]) -> tuple[str, str]:
    """Number in its usual spelling and its year: GB/T 33000-2016."""
    prefix = re.sub(r"[ 　]", "", m["p"]).upper()
    prefix = re.sub(r"\A(GB|GBZ)T\Z", r"\1/T", prefix)
    gap = "" if prefix[-1:].isalpha() and prefix.startswith("TSG") and prefix != "TSG" else " "
    if prefix.startswith("TSG") and len(prefix) > 3:
        prefix = f"TSG {prefix[3:]}"
    year = m["y"] or ""
    full = ("19" if len(year) == 2 else "") + year
    return f"{prefix}{gap}{m['n']}" + (f"-{full}" if full else ""), full


def number_in(text: str) -> tuple[str, str] | None:
    """Number and year where a bracket holds nothing else: GB16423-2020, 津安委发〔2021〕21号."""
    std = pat.STANDARD_NO.match(text)
    if std and std.end() == len(text):
        return standard(std)
    no = pat.DOCNO.search(text)
    if no and no.end() == len(text):
        code = re.sub(r"\s", "", text[: no.start()])
        return (f"{code}〔{no['y']}〕{int(no['n'])}号", no["y"]) if 2 <= len(code) <= 20 else None
    decree = pat.DECREE_AFTER.search(text)
    if decree and decree.end() == len(text):
        issuer = pat.ISSUER.search(text[: decree.start()])
        value = read_number(decree["n"] or decree["m"] or decree["k"] or "零")
        if issuer and value:
            name = issuer.group().removeprefix("中华人民共和国") or issuer.group()
            return f"{name}令第{value}号", decree["y"] or ""
    return None


def annex_id(number: str) -> str:
    """附件一 is `annex:1`, 附录 A `app-A`."""
    if number.isascii() and number.isalpha():
        return f"app-{number}"
    return f"annex:{read_number(number) or 0}"


def quote_edges(text: str) -> list[int]:
    """Positions where quotation begins (even places) and ends (odd places).

    A paragraph or item that begins with a quotation mark continues or opens one (amending acts
    open every quoted paragraph and close only the last); a straight mark elsewhere toggles.
    """
    edges: list[int] = []
    for m in _MARK.finditer(text):
        is_open = len(edges) % 2 == 1
        at = m.start()
        if m.group() == '"':
            before = text[max(0, at - 8) : at].rstrip(" 　\t")
            begins = before.endswith("\n") or not before
            opens = not is_open or begins or bool(_NEXT_ITEM.match(text, at - 1))
        else:
            opens = m.group() == "“"
        if opens and not is_open:
            edges.append(at)
        elif not opens and is_open:
            edges.append(m.end())
    return edges
