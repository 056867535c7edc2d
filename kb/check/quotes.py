"""Whether words that are given as a rule's are the rule's.

Words between quotation marks must stand in the clause as they are (widths, punctuation and the way
numbers are written do not count; …… leaves words out). Words without marks are most often our own:
only a sentence that is the clause's nearly word for word is compared, and only what turns its
meaning counts: a negation lost or won, 应 made 可, 和 made 或, 停 made 送.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from kb.check.fit import grams_of
from kb.fold import fold, fold_text

__all__ = ["Quote", "contains", "differs", "quotes_in", "turned"]

LEAST = 8
"""Han characters of words between marks that are a quotation; shorter ones are a term."""
_MARKS = re.compile(r"“([^“”\n]{4,400})”|「([^「」\n]{4,400})」|\"([^\"\n]{4,400})\"")
_ELLIPSIS = re.compile(r"…+|\.{3,}|。{2,}|⋯+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_NOT_CORE = re.compile(r"[^\w%‰<>=≤≥±+×÷~.-]+|_")
_DENIED_BEFORE = re.compile(r"(?:没|未|不|没有)(?:做到|按|达到|执行)?\s*\Z")
"""没做到“…”: the words between the marks are what a card's author calls for."""
_SAYS = re.compile(
    r"(?:规定|要求|明确|指出|写明|写道|写的是|原文|内容|条文)[：:，,为是]*\s*\Z|[：:]\s*\Z"
)
"""What stands before a quotation: 第二十五条规定：“…”."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Words between marks at `start:end` of a text (marks left out); `said` if introduced as a
    rule's words, `alone` if nothing else stands in the text."""

    text: str
    start: int
    end: int
    said: bool
    alone: bool


def quotes_in(text: str) -> Iterator[Quote]:
    """The quotations of a text that are long enough to be a rule's words."""
    for m in _MARKS.finditer(text):
        group = next(i for i in (1, 2, 3) if m[i] is not None)
        if len(_HAN.findall(m[group])) >= LEAST:
            before = text[max(0, m.start() - 12) : m.start()]
            if _DENIED_BEFORE.search(before):
                continue
            alone = not _HAN.search(text[: m.start()] + text[m.end() :])
            said = bool(_SAYS.search(before))
            yield Quote(m[group], m.start(group), m.end(group), said, alone)


@lru_cache(maxsize=4096)
def core(text: str) -> str:
    """Folded text without punctuation and blanks."""
    return _NOT_CORE.sub("", fold_text(text)).rstrip(".")


def contains(words: str, texts: Sequence[str]) -> bool:
    """Whether one of the texts has the words, in order where …… leaves some out."""
    parts = [p for p in (core(x) for x in _ELLIPSIS.split(words)) if p]
    for text in texts:
        at, whole = 0, core(text)
        for part in parts:
            at = whole.find(part, at)
            if at < 0:
                break
            at += len(part)
        else:
            return True
    return False


def differs(words: str, text: str) -> tuple[str, float]:
    """The words of `text` that a quotation was drawn from, and how much (0–1) of it is there.

    The stretch is as `text` writes it; '' where nothing of the quotation stands there.
    """
    folded = fold(text)
    kept = [i for i, c in enumerate(folded.text) if not _NOT_CORE.match(c)]
    plain = "".join(folded.text[i] for i in kept)
    mine = core(words)
    blocks = [
        b
        for b in SequenceMatcher(None, mine, plain, autojunk=False).get_matching_blocks()
        if b.size > 1
    ]
    if not blocks or not mine:
        return "", 0.0
    share = sum(b.size for b in blocks) / len(mine)
    # as far before the first common stretch and behind the last as the quotation goes
    low = max(0, blocks[0].b - blocks[0].a)
    last = blocks[-1]
    high = min(len(plain), last.b + last.size + len(mine) - last.a - last.size)
    if high - low > 2 * len(mine) + 20:
        return "", share
    start, _ = folded.span(kept[low], kept[low] + 1)
    _, end = folded.span(kept[high - 1], kept[high - 1] + 1)
    return text[start:end].replace("\n", ""), share


# --- words without marks ------------------------------------------------------------------------

_SENTENCE = re.compile(r"[^。；;\n]+")
_NEAR = 0.75
"""Share of a sentence's pairs that a sentence of the clause has, before the two are laid beside
each other; nine tenths of its characters must then stand there in order, and few others between."""
_COPIED = 0.9
_ROOM = 5
_SHORTEST = 10
_LONGEST = 300
_BESIDE = 2  # characters that agree on each side of a difference

_NEVER = re.compile(r"不得|不应当?|不准许?|不许|不能|不可以?|不宜|严禁|禁止")
_DENIED = re.compile(r"不|未|无|禁|勿|莫")
_MUST = re.compile(r"应当?|必须|须|要|都应|均应")
_MAY = re.compile(r"可以?|宜|允许|准许|尽量|建议|最好|酌情|原则上|能")
_PENAL = re.compile(r"罚款|责令|处分|吊销|追究|拘留|有下列行为")
"""A clause that tells of a breach: what a card says of it is the duty behind it."""
_OPPOSITES = frozenset(
    frozenset(pair)
    for pair in (
        "前后", "停送", "断合", "上下", "内外", "开关", "开闭", "先后", "进出", "升降", "增减",
        "左右", "松紧", "迎背", "顺逆", "正反", "早晚", "快慢", "远近", "干湿", "冷热",
    )
)  # fmt: skip


def turned(statement: str, texts: Sequence[str]) -> tuple[str, str]:
    """What of a near copy of a clause's sentence turns its meaning: (here, there); '' if nothing.

    Words that are missing on one side are named so; ('', '') means that the statement is no near
    copy, or a true one.
    """
    mine = core(statement)
    if not _SHORTEST <= len(mine) <= _LONGEST or any(_PENAL.search(t) for t in texts):
        return "", ""
    grams = grams_of(statement)
    found = ("", "")
    for text in texts:
        for sentence in (*_SENTENCE.findall(text), *_PIECE.findall(text)):
            if len(grams & grams_of(sentence)) < _NEAR * max(len(grams), 1):
                continue
            difference = _turned(mine, core(sentence))
            if difference is None:
                return "", ""  # a true copy of one sentence: others do not matter
            found = found if any(found) else difference
    return found


_PIECE = re.compile(r"[^，,。；;：:\n]+")


def _turned(mine: str, theirs: str) -> tuple[str, str] | None:
    """The first difference that turns the meaning; None for a copy without any."""
    matcher = SequenceMatcher(None, mine, theirs, autojunk=False)
    blocks = [b for b in matcher.get_matching_blocks() if b.size]
    if sum(b.size for b in blocks) < _COPIED * len(mine) - 2:
        return "", ""
    if blocks[-1].b + blocks[-1].size - blocks[0].b > len(mine) + _ROOM:
        return "", ""
    denied = len(_DENIED.findall(mine)) >= len(_DENIED.findall(theirs))
    codes = matcher.get_opcodes()
    for place, (tag, i1, i2, j1, j2) in enumerate(codes):
        sides = [codes[p] for p in (place - 1, place + 1) if 0 <= p < len(codes)]
        firm = all(c[0] == "equal" and c[2] - c[1] >= _BESIDE for c in sides)
        if tag == "equal" or not firm or mine[i1 - 1 : i1] == "不":
            continue  # 不能 for 不应
        here, there = mine[i1:i2], theirs[j1:j2]
        # 不让…滚落 for 不应…滚落 says the same in other words
        if _turns(here, there, denied=denied):
            return here or "（漏了字）", there or "（没有这几个字）"
    return None


def _turns(here: str, there: str, *, denied: bool) -> bool:
    """Whether a difference turns the meaning: a prohibition or a duty lost, an opposite word.

    Args:
        denied: the card has as many negations as the clause, so that none was lost.
    """
    lost = not here or _MAY.fullmatch(here) or _MUST.fullmatch(here)
    if _NEVER.fullmatch(there) and lost and not denied:
        return True
    if _MUST.fullmatch(there) and (_MAY.fullmatch(here) or _NEVER.fullmatch(here)):
        return True
    return len(here) == len(there) == 1 and frozenset(here + there) in _OPPOSITES
