"""Chinese, circled and parenthesised numerals.

Legislation numbers its 编章节条 with Chinese numerals, 项 with （一） and 目 with 1.
(《立法技术规范（试行）（一）》); notices add 1. （1） ① and 一是.
"""

from __future__ import annotations

import re

__all__ = ["CIRCLED", "ZH_NUMERAL", "circled_to_int", "int_to_zh", "zh_to_int"]

ZH_NUMERAL = "[〇零一二三四五六七八九十百千万]+"
"""Character class (regex) of a Chinese integer below 100,000,000 as legislation writes it."""

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_ZH_ONLY = re.compile(r"[〇零一二两三四五六七八九十百千万]+\Z")

CIRCLED = (
    "".join(chr(0x2460 + i) for i in range(20))  # ①..⑳
    + "".join(chr(0x3251 + i) for i in range(15))  # ㉑..㉟
    + "".join(chr(0x32B1 + i) for i in range(15))  # ㊱..㊿
)
"""The circled numbers 1..50 in order."""


def zh_to_int(text: str) -> int:
    """Value of a Chinese integer (一百零一 → 101, 二〇二一 → 2021).

    Raises:
        ValueError: text is empty, has a foreign character, or is not a numeral (十百).
    """
    if not _ZH_ONLY.match(text):
        raise ValueError(f"不是中文数字：{text!r}")
    if len(text) == 4 and all(c in _DIGITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))  # year style: 二〇二一
    head, wan, tail = text.rpartition("万")
    if wan:
        if not head:
            raise ValueError(f"不是中文数字：{text!r}")
        return zh_to_int(head) * 10_000 + (_below_10000(tail) if tail else 0)
    return _below_10000(text)


def _below_10000(text: str) -> int:
    total, digit, last_unit = 0, None, 10_000
    for c in text:
        if c in _UNITS:
            unit = _UNITS[c]
            if unit >= last_unit:
                raise ValueError(f"不是中文数字：{text!r}")
            # 十 alone may lack its digit: 十五, and 一百十五 in old texts
            if digit is None and unit != 10:
                raise ValueError(f"不是中文数字：{text!r}")
            total += (1 if digit is None else digit) * unit
            digit, last_unit = None, unit
        else:
            value = _DIGITS[c]
            if digit not in (None, 0):
                raise ValueError(f"不是中文数字：{text!r}")
            digit = value
    return total + (digit or 0)


def int_to_zh(value: int) -> str:
    """The numeral that legislation writes for 0 ≤ value < 100,000,000 (101 → 一百零一, 10 → 十).

    Raises:
        ValueError: value is outside that range.
    """
    if not 0 <= value < 100_000_000:
        raise ValueError(f"超出范围：{value}")
    if value == 0:
        return "零"
    high, low = divmod(value, 10_000)
    out = ""
    if high:
        out = int_to_zh(high) + "万"
        if low and low < 1000:
            out += "零"
    if low:
        out += _zh_below_10000(low, bare=not high)
    return out


def _zh_below_10000(value: int, *, bare: bool) -> str:
    out, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, unit)
        if digit:
            if gap and out:
                out += "零"
            gap = False
            # 十五, not 一十五, at the head of a number
            silent = unit == 10 and digit == 1 and not out and bare
            out += ("" if silent else "零一二三四五六七八九"[digit]) + name
        else:
            gap = True
    return out


def circled_to_int(char: str) -> int:
    """Value of a circled number (① → 1, ㊿ → 50).

    Raises:
        ValueError: char is not one of `CIRCLED`.
    """
    place = CIRCLED.find(char) if len(char) == 1 else -1
    if place < 0:
        raise ValueError(f"不是带圈数字：{char!r}")
    return place + 1
