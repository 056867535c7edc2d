"""One folding of text for search: widths, case, signs, numerals and units of measure.

Two texts that say the same figure fold to the same characters: 三年 and 3 年, 第25条 and
第二十五条, 百分之四十 and 40%, 72 h and 七十二小时. Folded text is only compared, never shown; the
offsets lead every folded character back to the stretch of the original that it stands for.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from kb.numerals import zh_to_int

__all__ = ["UNITS", "UNIT_SYMBOLS", "UNIT_WORDS", "Folded", "fold", "fold_text", "tables"]


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text; `offsets[i]` is the stretch of the original that character i stands for.

    Offsets never go backwards. The characters of a rewritten figure all carry its whole stretch.
    """

    text: str
    offsets: tuple[tuple[int, int], ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original under `text[start:end]` (start < end)."""
        return self.offsets[start][0], self.offsets[end - 1][1]


# --- single characters --------------------------------------------------------------------------

_VARIANTS = {
    **dict.fromkeys("‐‑‒–—―−─﹣－", "-"),  # GB 16423—2020 is typed with any of them
    **dict.fromkeys("～〜∼", "~"),
    **dict.fromkeys("≧⩾≮", "≥"),  # ≮ not less than
    **dict.fromkeys("≦⩽≯", "≤"),  # ≯ not more than
    **dict.fromkeys("“”„‟「」『』", '"'),
    **dict.fromkeys("‘’‚‛", "'"),
    **dict.fromkeys("✕✖", "×"),
    "○": "〇",  # 二○二一年 is often typed with a geometric circle
    "，": "，",  # kept apart from the comma of 1,000
}


@lru_cache(maxsize=1)
def _traditional() -> dict[str, str]:
    text = (Path(__file__).parent / "data" / "traditional.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return {pair[0]: pair[1] for line in lines for pair in line.split()}


@lru_cache(maxsize=65536)
def _char(char: str) -> str:
    """What one character folds to: NFKC, lower case, variants; stable under itself."""
    known = _VARIANTS.get(char)
    if known is not None:
        return known
    if char.isspace():
        return " "
    if "\ud800" <= char <= "\udfff":  # half of a character, from a badly decoded command line
        return "\ufffd"
    out = _traditional().get(char) or unicodedata.normalize("NFKC", char).lower()
    return out if out == char else "".join(map(_char, out))


# --- figures ------------------------------------------------------------------------------------

UNIT_SYMBOLS = {
    "h": "小时",
    "min": "分钟",
    "s": "秒",
    "s2": "秒2",
    "m": "米",
    "m2": "平方米",
    "m3": "立方米",
    "km": "千米",
    "cm": "厘米",
    "mm": "毫米",
    "l": "升",
    "ml": "毫升",
    "t": "吨",
    "kg": "千克",
    "g": "克",
    "mg": "毫克",
    "kv": "千伏",
    "v": "伏",
    "kw": "千瓦",
    "w": "瓦",
    "a": "安",
    "ma": "毫安",
    "ω": "欧",
    "hz": "赫",
    "pa": "帕",
    "kpa": "千帕",
    "mpa": "兆帕",
    "db": "分贝",
    "lx": "勒克斯",
    "r": "转",
    "°c": "度",
    "°": "度",
}
"""Symbol of a unit (folded) → the word that laws write for it."""

UNIT_WORDS = {
    "个小时": "小时",
    "个钟头": "小时",
    "钟头": "小时",
    "秒钟": "秒",
    "天": "日",
    "个星期": "周",
    "个礼拜": "周",
    "星期": "周",
    "礼拜": "周",
    "公里": "千米",
    "公分": "厘米",
    "平米": "平方米",
    "公斤": "千克",
    "伏特": "伏",
    "欧姆": "欧",
    "摄氏度": "度",
    "块钱": "元",
}
"""Another word for a unit → the one that stays."""

_MEASURE_WORDS = """
周岁 个月 个 年 月 日 周 岁 人 名 次 倍 元 级 台 辆 层 楼 家 份 组 套 批 件 只 根 块 班 届 期
类 户 种 项 条 款 章 节 编 位 段 瓶 桶 箱 袋 枚 座 圈 遍 亿 % ‰
"""
UNITS = (*dict.fromkeys(UNIT_SYMBOLS.values()), *_MEASURE_WORDS.split())
"""Measure words before which a Chinese numeral is a figure (not 一般, 一线, 九步, 十分)."""

_ORDINAL = "条款项目章节编次届类级期年月日周个组批名位号层段部"
# 一 after one of these belongs to a word: 统一, 单一, 唯一, 情形之一, 同一, 上一级, 每一次
_BEFORE_ONE = frozenset("统单唯惟之同不专划逐归均如清合任某每另那哪这上下")
# what makes another word of numeral + measure: 一次性, 一人民…, 第三人员
_NOT_UNIT = {"次": "性", "人": "民员类口大", "日": "常"}


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(set(words), key=lambda w: (-len(w), w)))


_ZH = "[〇零一二两三四五六七八九十百千万]+"
_MEASURE = (
    "(?:"
    + _any(set(UNITS) - set(_NOT_UNIT) | set(UNIT_WORDS))
    + "".join(f"|{unit}(?![{after}])" for unit, after in _NOT_UNIT.items())
    + ")"
)

_PERCENT = re.compile(rf"([百千])分之\s*({_ZH}(?:点{_ZH})?|[0-9]+(?:\.[0-9]+)?)")
"""百分之四十, 百分之三点五, 千分之5."""
_FRACTION = re.compile(rf"(?<![〇零一二两三四五六七八九十百千万])({_ZH})分之({_ZH})")
"""三分之二."""
_NTH = re.compile(
    rf"第(\s*+\(?\s*+({_ZH}|[0-9]++)\s*+\)?\s*+)"
    rf"(?=[{_ORDINAL}]|[、至到和及或]\s*第?\(?(?:{_ZH}|[0-9]+)\)?[{_ORDINAL}])"
)
"""第二十五条, 第 25 条, 第(三)项, the first of 第一、二款."""
_BIS = re.compile(rf"(?<=[0-9]条)之({_ZH})")
"""第134条之一, once 134 stands."""
_QUANTITY = re.compile(
    rf"(?<!第)(?<![〇零一二两三四五六七八九十百千万点])({_ZH})(点{_ZH})?"
    rf"(?=[余多]?\s*{_MEASURE}|(?:至|到|-|~|或者|或)(?:{_ZH}|[0-9]+)\s*{_MEASURE})"
)
"""三年, 二十四小时, 三点五米, 三十余人, the first of 三至五年; 五 of 五千瓦."""
_MYRIAD = re.compile(rf"(?<![0-9.])([1-9][0-9]*)0000(?=\s*{_MEASURE})(?!\s*[亿%‰])")
"""200000元, which is 20万元."""
_SYMBOL = _any(UNIT_SYMBOLS)
_THOUSANDS = re.compile(
    r"(?<![0-9.,])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9,])"
    r"|(?<![0-9.,] )(?<![0-9.,])[0-9]{1,3}(?: [0-9]{3})+"
    rf"(?=\s*(?:{_MEASURE}|(?:{_SYMBOL})(?![a-z0-9])))"
)
"""1,500; 3 000 m (GB/T 15835 parts thousands with a space), only before a unit."""
_UNIT_AFTER = re.compile(
    r"((?<![0-9.])[0-9]+(?:\.[0-9]+)?|(?<!_)_{2,}+|\(\s*\))"
    rf"(\s*+万?\s*+(?:(?:{_SYMBOL})(?:/(?:{_SYMBOL}))*(?![a-z0-9])(?<!a(?=\)))|{_MEASURE}))"
)
"""72 h, 5 mg/m3, 3 天, ____m (the blank of a question stands for a figure); not the label 2 a)."""

_HAS_NUMERAL = re.compile(r"[〇零一二两三四五六七八九十百千万]")
_HAS_DIGIT = re.compile(r"[0-9]|__|\(\s*\)")
_SLANG = re.compile("[百千万][一二两三四五六七八九]")  # 一百五: 150 in speech, 105 by the letter
_KILO = ("瓦", "伏", "帕", "克")  # 五千瓦 is 5 kW, as 5千瓦 says; 五千米 stays 5000 m
_Edit = tuple[int, int, str]


def _value(numeral: str) -> str | None:
    """Arabic form of a Chinese integer (20万 from 10,000 up where round), None if it is none."""
    if _SLANG.fullmatch(numeral[-2:]) or numeral == "零":
        return None
    try:
        value = zh_to_int(numeral)
    except ValueError:
        return None
    return f"{value // 10_000}万" if value and value % 10_000 == 0 else str(value)


def _decimal(whole: str, tail: str | None) -> str | None:
    head = _value(whole) if not tail or whole != "零" else "0"
    if not tail or head is None:
        return head
    digits = [_value(c) if c not in "〇零" else "0" for c in tail[1:]]
    return f"{head}.{''.join(d or '' for d in digits)}" if all(digits) else None


def _percent(m: re.Match[str]) -> _Edit | None:
    sign = {"百": "%", "千": "‰"}[m[1]]
    if m[2][0].isdigit() and m[2][0] in "0123456789":
        return m.start(), m.end(), m[2] + sign
    whole, dot, tail = m[2].partition("点")
    number = "100" if m[2] == "百" else _decimal(whole, dot + tail)
    return None if number is None else (m.start(), m.end(), number + sign)


def _fraction(m: re.Match[str]) -> _Edit | None:
    below, above = _value(m[1]), _value(m[2])
    return None if below is None or above is None else (m.start(), m.end(), f"{above}/{below}")


def _nth(m: re.Match[str]) -> _Edit | None:
    number = m[2] if m[2][0] in "0123456789" else _value(m[2])
    return None if number is None or number == m[1] else (m.start(1), m.end(1), number)


def _bis(m: re.Match[str]) -> _Edit | None:
    number = _value(m[1])
    return None if number is None else (m.start(1), m.end(1), number)


def _quantity(m: re.Match[str]) -> _Edit | None:
    numeral, before = m[1], m.string[m.start() - 1 : m.start()]
    if numeral == "一" and not m[2] and before and before in _BEFORE_ONE:
        return None
    if numeral[0] in "十百千万" and before and before in "几数":
        return None
    end = m.end()
    if numeral[-1] == "千" and numeral != "千" and m.string[end : end + 1] in _KILO:
        numeral, end = numeral[:-1], end - 1
    number = _decimal(numeral, m[2])
    return None if number is None else (m.start(), end, number)


def _myriad(m: re.Match[str]) -> _Edit | None:
    return m.end(1), m.end(), "万"


def _thousands(m: re.Match[str]) -> _Edit | None:
    return m.start(), m.end(), m[0].replace(",", "").replace(" ", "")


def _unit_after(m: re.Match[str]) -> _Edit | None:
    word = "".join(m[2].split())
    myriad = "万" if word[0] == "万" else ""
    parts = word[len(myriad) :].split("/")
    new = myriad + "/".join(UNIT_SYMBOLS.get(p) or UNIT_WORDS.get(p, p) for p in parts)
    if new == "千米" and m[1][0] in "0123456789":  # 5 km is 5000 m, as 五千米 says
        metres = f"{Decimal(m[1]) * 1000:f}"
        metres = metres.rstrip("0").rstrip(".") if "." in metres else metres
        return m.start(1), m.end(2), f"{metres}米"
    return None if new == m[2] else (m.start(2), m.end(2), new)


_Rule = tuple[re.Pattern[str], re.Pattern[str], Callable[[re.Match[str]], _Edit | None]]
_RULES: tuple[_Rule, ...] = (
    # order matters: 百分之五十 before 五十…; ordinals before quantities; 134条 before 之一
    (re.compile("分之"), _PERCENT, _percent),
    (re.compile("分之"), _FRACTION, _fraction),
    (re.compile("第"), _NTH, _nth),
    (_HAS_NUMERAL, _QUANTITY, _quantity),
    (re.compile("条之"), _BIS, _bis),
    (re.compile("[0-9][, ][0-9]{3}"), _THOUSANDS, _thousands),
    (re.compile("0000"), _MYRIAD, _myriad),
    (_HAS_DIGIT, _UNIT_AFTER, _unit_after),
)


def _edits(text: str, rule: _Rule) -> list[_Edit]:
    trigger, pattern, edit = rule
    if not trigger.search(text):
        return []
    found = (edit(m) for m in pattern.finditer(text))
    return [e for e in found if e is not None and text[e[0] : e[1]] != e[2]]


def _apply(text: str, edits: list[_Edit]) -> str:
    out: list[str] = []
    last = 0
    for start, end, new in edits:
        out += (text[last:start], new)
        last = end
    return "".join(out) + text[last:]


def _move(offsets: list[tuple[int, int]], edits: list[_Edit]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    last = 0
    for start, end, new in edits:
        out += offsets[last:start]
        out += [(offsets[start][0], offsets[end - 1][1])] * len(new)
        last = end
    return out + offsets[last:]


_MAX_PASSES = 6  # a pass that changes nothing ends the work; real text needs two


def fold_text(text: str) -> str:
    """Folded text alone; `fold_text(fold_text(x)) == fold_text(x)`."""
    out = "".join(map(_char, text))
    for _ in range(_MAX_PASSES):
        before = out
        for rule in _RULES:
            edits = _edits(out, rule)
            if edits:
                out = _apply(out, edits)
        if out == before:
            break
    return out


def fold(text: str) -> Folded:
    """Folded text with the way back to the original."""
    pieces = [_char(c) for c in text]
    out = "".join(pieces)
    offsets = [(i, i + 1) for i, piece in enumerate(pieces) for _ in piece]
    for _ in range(_MAX_PASSES):
        before = out
        for rule in _RULES:
            edits = _edits(out, rule)
            if edits:
                out, offsets = _apply(out, edits), _move(offsets, edits)
        if out == before:
            break
    return Folded(out, tuple(offsets))


def tables() -> dict[str, Any]:
    """All that another runner of this folding needs besides Unicode: the site's is fold.js.

    `chars` come before the white space of `spaces`, and both before NFKC and lower case. `rules`
    are, in order, the name of the edit (`percent`), a pattern without which it cannot match, and
    its own pattern.
    """
    return {
        "chars": {c: _char(c) for c in (*_traditional(), *_VARIANTS)},
        "spaces": "".join(c for c in map(chr, range(sys.maxunicode + 1)) if c.isspace()),
        "symbols": UNIT_SYMBOLS,
        "words": UNIT_WORDS,
        "before_one": "".join(sorted(_BEFORE_ONE)),
        "kilo": "".join(_KILO),
        "passes": _MAX_PASSES,
        "rules": [(edit.__name__.strip("_"), t.pattern, p.pattern) for t, p, edit in _RULES],
    }
