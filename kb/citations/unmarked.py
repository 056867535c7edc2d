"""Names that stand without marks: where one begins, and the edition that stands behind it."""

from __future__ import annotations

import re

from kb.citations import patterns as pat
from kb.citations.spelling import edition_of

__all__ = ["code_start", "edition_after", "law_before", "name_start"]

_HAN_TAIL = re.compile(r"[\u4e00-\u9fff]+\Z")
_DATED_TAIL = re.compile(
    r"(?:[ 　]?[（(][^（()）\n]{4,20}[）)]|(?<=[法例定则程范])(?:19|20)\d{2}[^（()）\n]{1,12}?)"
    r"(?:的|中的|中)?[ 　]?\Z"
)
"""What may name the edition between a name and 第…条: (2014年修正), 2014年版的."""
_TO_PART = re.compile(r"(?:的|中的|中)?[ 　]?")


def name_start(text: str, floor: int, end: int, width: int) -> int:
    """Where the run of Han characters that ends at `end` begins, cut after the last word that
    cannot belong to a name (依照|刑法; 贯彻落实|津安委发); never before `floor`."""
    low = max(floor, end - width)
    run = _HAN_TAIL.search(text[low:end])
    if run is None:
        return end
    start = low + run.start()
    for m in pat.CUT_BEFORE_NAME.finditer(text, start, end):
        if m.end() < end:
            start = m.end()
    weak = pat.WEAK_HEAD.match(text, start, end)
    return weak.end() if weak else start


def code_start(text: str, floor: int, end: int, width: int) -> int:
    """The same for the letters of a document number or the issuer of a decree."""
    start = name_start(text, floor, end, width)
    for m in pat.JOINT.finditer(text, start, end):
        start = m.end()
    return start


def edition_after(text: str, pos: int, *, bracket: bool = True) -> tuple[int, str]:
    """End and edition of what names one behind a name (（2014年修正）, 2014年版), if any."""
    paren = pat.PAREN.match(text, pos) if bracket else None
    note = pat.YEAR_NOTE.match(paren["in"].strip()) if paren else None
    if paren and note:
        return paren.end(), edition_of(note)
    plain = pat.YEAR_AFTER.match(text, pos)
    return (plain.end(), edition_of(plain)) if plain else (pos, "")


def law_before(text: str, floor: int, pos: int) -> tuple[int, str, str, str] | None:
    """Start, name, part (总则, 分则) and edition of a law named without marks before `pos`."""
    low = max(floor, pos - 60)
    until, year = pos, ""
    dated = _DATED_TAIL.search(text[low:pos])
    if dated:
        end, edition = edition_after(text, low + dated.start())
        if edition and _TO_PART.fullmatch(text[end:pos]):
            until, year = low + dated.start(), edition
    low = max(floor, until - 34)
    tail = pat.LAW_NAME_TAIL.search(text[low:until])
    if tail is None:
        return None
    name_end = low + tail.end("name")
    start = max(low + tail.start("name"), name_start(text, floor, name_end, 30))
    name = text[start:name_end]
    known = name.removeprefix("中华人民共和国")
    for short in pat.WELL_KNOWN_NAMES:
        if known.endswith(short) and not (short == "合同法" and known.endswith("劳动合同法")):
            prefix = "中华人民共和国" if name.endswith(f"中华人民共和国{short}") else ""
            name = prefix + short
            start = name_end - len(name)
            break
    if len(name) < 2 and name not in pat.GENERIC_NAMES:
        return None
    return start, name, tail["part"] or "", year
