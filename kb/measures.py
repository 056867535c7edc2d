"""Numbers and units of measure as law and standards write them, before bounds are read.

`atoms` finds 1 140 V, 10×10-6, 1/3, 百分之四十, 三年, 5万元; what looks like a number and is none
(第三条, 2021年9月1日, 6.4.1.13, IP55, 表 3) is masked by `mask`. `kb.quantities` reads the words
around them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from kb.numerals import zh_to_int

__all__ = [
    "ARABIC",
    "BASE",
    "COUNTERS",
    "SPELLINGS",
    "Atom",
    "any_of",
    "atoms",
    "decimal",
    "level",
    "mask",
    "unit_of",
]

_ONE = Decimal(1)

# --- units --------------------------------------------------------------------------------------

_SI = """
km cm mm dm μm m h min s d kV V mV kW MW W kVA MVA A mA kA Ω kΩ MΩ Pa kPa MPa t kg g mg μg L mL
dB lx Hz kHz N kN J kJ r ppm Bq mSv Sv m2 m3 mm2 cm2 cm3 km2 s2 % ‰ ℃ °
"""
_COUNTED = "回路 个 台 组 套 条 根 圈 具 架 辆 列 块 枚 只 处 间 座 道 盏 支 瓶 桶 箱"
# symbol as written -> symbol that stays; tried longest first
_SYMBOLS = {
    **{u: u for u in _SI.split()},
    **{"KV": "kV", "kv": "kV", "KW": "kW", "kw": "kW", "Kg": "kg", "KG": "kg", "l": "L"},
    **{"ml": "mL", "°C": "℃", "dB(A)": "dB", "㎡": "m2", "m^2": "m2", "m^3": "m3", "㎜": "mm"},
    **{"㎝": "cm", "㎞": "km", "㎏": "kg", "㎎": "mg", "Mpa": "MPa", "MPA": "MPa", "um": "μm"},
    **{"hz": "Hz", "db": "dB", "µm": "μm", "Ω": "Ω", "欧姆": "Ω", "欧": "Ω"},
}
_WORDS = {
    **{"平方公里": "km2", "平方千米": "km2", "平方米": "m2", "平米": "m2", "平方毫米": "mm2"},
    **{"立方米": "m3", "立方": "m3", "公里": "km", "千米": "km", "厘米": "cm", "公分": "cm"},
    **{"毫米": "mm", "微米": "μm", "米": "m", "小时": "h", "个小时": "h", "钟头": "h"},
    **{"个钟头": "h", "分钟": "min", "秒钟": "s", "秒": "s", "工作日": "工作日"},
    **{"个工作日": "工作日", "昼夜": "昼夜", "天": "d", "日": "d", "周岁": "岁", "岁": "岁"},
    **{
        "个星期": "周",
        "星期": "周",
        "个礼拜": "周",
        "礼拜": "周",
        "周": "周",
        "个月": "月",
        "月": "月",
    },
    **{"个季度": "季度", "季度": "季度", "周年": "年", "年": "年", "公斤": "kg", "千克": "kg"},
    **{"毫克": "mg", "微克": "μg", "克": "g", "吨": "t", "千伏": "kV", "伏特": "V", "伏": "V"},
    **{"毫安": "mA", "安培": "A", "安": "A", "千瓦": "kW", "瓦": "W", "兆帕": "MPa"},
    **{"千帕": "kPa", "帕": "Pa", "分贝": "dB", "勒克斯": "lx", "赫兹": "Hz", "摄氏度": "℃"},
    **{"度": "度", "毫升": "mL", "升": "L", "元": "元", "块钱": "元", "转": "r"},
}
COUNTERS = {
    **{"个人": "人", "人": "人", "名": "人", "位": "人", "次": "次", "回": "次", "遍": "次"},
    **{"倍": "倍", "层": "层", "级": "级", "个班": "班", "班": "班", "井次": "井次"},
    **{u: u for u in _COUNTED.split()},
}
SPELLINGS = (*_SYMBOLS, *_WORDS, *COUNTERS)
"""Every way to write a unit or a measure word that `unit_of` knows by itself."""
BASE: dict[str, tuple[Decimal, str]] = {
    **{"km": (Decimal(1000), "m"), "cm": (Decimal("0.01"), "m"), "mm": (Decimal("0.001"), "m")},
    **{"dm": (Decimal("0.1"), "m"), "μm": (Decimal("0.000001"), "m")},
    **{"mm2": (Decimal("0.000001"), "m2"), "cm2": (Decimal("0.0001"), "m2")},
    **{"km2": (Decimal(1_000_000), "m2"), "cm3": (Decimal("0.000001"), "m3")},
    **{"L": (Decimal("0.001"), "m3"), "mL": (Decimal("0.000001"), "m3")},
    **{"min": (Decimal(60), "s"), "h": (Decimal(3600), "s")},
    **{"周": (Decimal(7), "d"), "昼夜": (_ONE, "d")},
    **{"季度": (Decimal(3), "月"), "年": (Decimal(12), "月")},
    **{"t": (Decimal(1000), "kg"), "g": (Decimal("0.001"), "kg")},
    **{"mg": (Decimal("0.000001"), "kg"), "μg": (Decimal("0.000000001"), "kg")},
    **{"kV": (Decimal(1000), "V"), "mV": (Decimal("0.001"), "V"), "kW": (Decimal(1000), "W")},
    **{"MW": (Decimal(1_000_000), "W"), "mA": (Decimal("0.001"), "A"), "kA": (Decimal(1000), "A")},
    **{"kΩ": (Decimal(1000), "Ω"), "MΩ": (Decimal(1_000_000), "Ω")},
    **{"kPa": (Decimal(1000), "Pa"), "MPa": (Decimal(1_000_000), "Pa")},
    **{"‰": (Decimal("0.1"), "%"), "℃": (_ONE, "度"), "°": (_ONE, "度")},
    **{u: (_ONE, "个") for u in COUNTERS.values() if u == COUNTERS.get(u)},
    **{u: (_ONE, u) for u in ("人", "次", "层", "级", "班", "井次")},
    **{"倍": (_ONE, "")},
}
"""Unit → (factor, base unit). Hours and days stay apart: 24 小时 is no 1 日 in a time limit."""


def any_of(words: Iterable[str]) -> str:
    """Alternatives of a pattern, the longest first."""
    return "|".join(re.escape(w) for w in sorted(set(words), key=lambda w: (-len(w), w)))


_SYMBOL = any_of(_SYMBOLS)
_WORD = any_of(_WORDS)
_SIMPLE = rf"(?:(?:{_SYMBOL})(?![A-Za-z])|{_WORD})"
_UNIT = (
    rf"(?P<unit>(?:{_SYMBOL}|{_WORD})"
    rf"(?:(?:/|每)\s?(?:\((?:{_SYMBOL}|人)(?:[·.](?:{_SYMBOL}|人))+\)|{_SYMBOL}|{_WORD}|人))?"
    r"(?![A-Za-z0-9])"
    rf"|(?:{any_of(COUNTERS)})(?<!回(?=[路采风流填收转]))(?<!处(?=[理置罚分于]))(?<!位(?=[置于移]))"
    r"(?<!间(?=[隔距隙断]))(?<!道(?=[路岔])))"
)
"""m, m3/(min·人), 公里每小时, 个."""

# --- numbers ------------------------------------------------------------------------------------

_ZH = "[〇零一二两三四五六七八九十百千万亿]"
ARABIC = r"(?:\d{1,3}(?:[ ,]\d{3})+(?![\d,])(?:\.\d+)?|\d+(?:\.\d+)?)"
_NUMBER = re.compile(
    rf"(?P<percent>[百千])分之\s?(?P<share>{_ZH}{{1,9}}(?:点{_ZH}{{1,9}})?|{ARABIC})"
    rf"|(?P<below>{_ZH}{{1,9}})分之(?P<above>{_ZH}{{1,9}})"
    r"|(?P<half>(?:(?P<whole>[〇零一二两三四五六七八九十]|\d+)个)?半)\s?"
    r"(?P<halfunit>个?小时|个?钟头|h(?![A-Za-z])|年|个?月|个班|天|日)"
    r"|(?P<onehalf>一半)"
    r"|(?P<degrees>\d+)\s?°\s?(?P<minutes>\d+)\s?(?P<mark>['′’\"″”])"
    rf"|(?P<number>(?<![\dA-Za-z.,/])(?:(?<![\w℃°%‰)）~])[-+]|零下|±)?{ARABIC}"
    rf"(?:\s?×\s?10(?:\s?\^?\s?-\s?\d+|[⁰¹²³⁴-⁹⁻]+|\^\d+))?"
    r"(?:\s?/\s?\d+(?![\d.])|\s?[:：]\s?\d+(?:\.\d+)?)?"
    r"|(?<![几数好第〇零一二两三四五六七八九十百千万亿点])"
    rf"{_ZH}{{1,18}}?(?:点{_ZH}{{1,9}})?"
    rf"(?=\s?(?:多|余)?[万亿]?\s?(?:多|余)?(?:{_SIMPLE}|{any_of(COUNTERS)})"
    rf"|(?:至|到|或|、|~|-){_ZH}))"
    rf"(?:\s?(?P<scale>[万亿]))?(?:\s?(?:多|余)?\s?{_UNIT})?"
)
"""百分之四十; 三分之一; 半年; 1°30′; 1 140 V; 10×10-6; 1/3; 1:1.75; 三年; 5万元."""

_NOT_FIGURES = re.compile(
    r"(?:19|20)\d\d年(?:\d{1,2}月(?:\d{1,2}日)?)?(?!以|内|度)"  # 2021年9月1日, 2021年
    rf"|二[〇零○]{_ZH}{{2}}年(?:{_ZH}+月(?:{_ZH}+日)?)?"  # 二〇二一年九月
    rf"|(?:\d{{1,2}}|{_ZH}{{1,2}})月(?:\d{{1,2}}|{_ZH}{{1,3}})日"  # 5月1日
    r"|[〔\[]\d{4}[〕\]]\s?(?:第)?\d+号"  # 〔2021〕108号
    rf"|第\s?[(（]?(?:{_ZH}+|\d+(?:\.\d+)*)(?:[)）])?"
    rf"(?:[条款项章节目编]?(?:、|和|至|到|或者?)第?\s?[(（]?(?:{_ZH}+|\d+)[)）]?(?=[条款项章节目编]))*"
    rf"(?:条之{_ZH}+)?.?"  # 第三十五条之一, 第3层, 第一、二款, 第(三)项
    r"|(?<!\d)\d{1,4}(?:\.\d{1,4}){2,}(?:[.-][a-z0-9]+)*"  # 6.4.1.13
    r"|(?:GB|GBZ|AQ|DB|DL|HG|JB|JGJ|KA|LD|MT|NB|QB|SY|TB|TSG|XF|YB|YS|YD|WS|GA|CJJ|DZ|SL|ISO|IEC)"
    r"(?:/?[A-Z]{1,2})?\s?\d[\d.]*(?:\s?[-~]+\s?(?:19|20)\d\d)?(?![\d℃%])"  # GB/T 33000—2016
    r"|(?<![A-Za-z0-9/.·(])(?<![0-9] )(?!(?:[kcdm]?m[23]|s2)(?![A-Za-z0-9]))"
    r"[A-Za-z]+-?\d+(?:[A-Za-z-]+\d*)*"  # IP55, ZL50, H2S, but not m3
    r"|(?:表|图|式|附录|附件|附表)\s?[(（]?\d+(?:\.\d+)*[)）]?"  # 表 3, 式（1）
    r"|(?m:^)\s*(?:[(（](?:\d{1,2}|[a-z])[)）]|\d{1,2}[.、)](?!\d)|[a-z]\))"  # 1. (1) a)
    rf"|[(（]{_ZH}+[)）]"  # （三）
    r"|上一年|下一年|下一?次|同一?[年日天]|四周(?![内以岁])|百分[比点数制]|(?<![一二两三四五六七八九十])千万(?!元|吨|立)|万一(?![千百十])|[十万]分(?!之)"
    r"|一[次回]性|一人(?=民)|一位(?=于)|二次(?!以)"  # 二次破碎 is a second one, 两次 are two
)
"""What looks like a figure and is none; looked for before figures are."""


@lru_cache(maxsize=4096)
def _char(char: str) -> str:
    if char in "₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹⁻℃㎡㎜㎝㎞㎏㎎°：，":
        return char
    if char in "〜∼～–—―─":
        return "~"  # a dash of a range, or a list mark; never a minus
    if char in "‐‑‒−﹣－":
        return "-"
    if char.isspace() and char != "\n":
        return " "
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) == 1 else char


_POWER = re.compile(r"(?<=[A-Za-z])[²³]|(?<=[A-Za-z])\^[23]")  # m², m³
_SUPERSCRIPTS = {ord(s): d for s, d in zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-", strict=True)}


def mask(text: str) -> str:
    """A levelled text with what only looks like a figure blanked out, at the same length."""
    return _NOT_FIGURES.sub(lambda m: "\ue000" * len(m[0]), text)


def level(text: str) -> str:
    """The text in half-width signs, character for character, so that spans stay right."""
    out = "".join(map(_char, text))
    return _POWER.sub(lambda m: m[0].translate(_SUPERSCRIPTS) if len(m[0]) == 1 else m[0], out)


def decimal(text: str) -> Decimal | None:
    """Value of a number with its power, fraction or ratio (10×10-6, 1/3, 三点五), or None."""
    text = text.replace(" ", "").replace("零下", "-").lstrip("±+")
    if "×" in text:
        head, _, power = text.partition("×10")
        power = power.translate(_SUPERSCRIPTS).lstrip("^")
        base = decimal(head)
        try:
            exponent = int(power)
        except ValueError:
            return None
        return None if base is None or abs(exponent) > 30 else base * Decimal(10) ** exponent
    for sign in "/:：":
        if sign in text:
            above, below = (decimal(x) for x in text.split(sign, 1))
            return above / below if above is not None and below else None
    if text[-1:].isascii():
        try:
            return Decimal(text.replace(",", ""))
        except InvalidOperation:
            return None
    whole, _, tail = text.partition("点")
    try:
        value = Decimal(_zh(whole))
        digits = "".join(str(zh_to_int(c)) for c in tail)
    except ValueError:
        return None
    return value + (Decimal(f"0.{digits}") if digits else 0)


def _zh(text: str) -> int:
    head, has, tail = text.rpartition("亿")
    if has:
        return _zh(head) * 100_000_000 + (_zh(tail) if tail else 0)
    if text and text in "百千万":
        return {"百": 100, "千": 1000, "万": 10_000}[text]
    return zh_to_int(text)


def unit_of(word: str | None) -> str:
    """The unit that stays: 公里每小时 → km/h."""
    if not word:
        return ""
    word = word.replace(" ", "").replace("^", "").replace("每", "/")
    if word in COUNTERS:
        return COUNTERS[word]
    return "/".join(_SYMBOLS.get(p) or _WORDS.get(p) or p for p in word.split("/"))


@dataclass(slots=True)
class Atom:
    """One number with its unit, before bounds and ranges are read."""

    start: int
    end: int
    value: Decimal
    unit: str
    chinese: bool
    one: bool  # the bare numeral 一
    share: bool  # a part of something: 1/3, 50%, 3 倍
    sign: bool = False  # ±
    ratio: bool = False  # 1:1.75


def atoms(text: str) -> list[Atom]:
    out: list[Atom] = []
    for m in _NUMBER.finditer(text):
        value, unit = _value(m)
        if m["number"] == "千" and text[m.start() - 1 : m.start()] == "每":
            continue  # 每千瓦
        if value is None or (m["number"] and m["number"][0] in "百千万亿" and not unit):
            continue
        chinese = bool(m["number"]) and not any(c in "0123456789" for c in m["number"])
        whole = chinese or m["number"] is None or not any(c in m["number"] for c in ".,/:：×")
        if unit in COUNTERS.values() and unit not in ("倍", "次") and not whole:
            unit = ""  # 5.3 条 is a clause number
        ratio = bool(m["number"]) and any(c in m["number"] for c in ":：")
        share = unit in ("%", "‰", "倍") or bool(
            m["below"] or m["onehalf"] or (m["number"] and "/" in m["number"])
        )
        end = m.end() if unit or not m["unit"] else m.start("unit")
        sign = bool(m["number"]) and m["number"].startswith("±")
        one = chinese and m["number"] == "一" and not m["scale"]
        out.append(Atom(m.start(), _rstrip(text, m.start(), end), value, unit, chinese, one, share))
        out[-1].sign, out[-1].ratio = sign, ratio
    return out


def _rstrip(text: str, start: int, end: int) -> int:
    while end > start + 1 and text[end - 1] == " ":
        end -= 1
    return end


def _value(m: re.Match[str]) -> tuple[Decimal | None, str]:
    unit = unit_of(m["unit"])
    if m["percent"]:
        share = Decimal(100) if m["share"] == "百" else decimal(m["share"])
        return share, {"百": "%", "千": "‰"}[m["percent"]]
    if m["below"]:
        below, above = decimal(m["below"]), decimal(m["above"])
        return (above / below if above is not None and below else None), unit
    if m["half"]:
        whole = decimal(m["whole"]) if m["whole"] else Decimal(0)
        word = m["halfunit"].removeprefix("个")
        word = {"月": "个月", "班": "个班"}.get(word, word)
        name = unit_of(word)
        return (None if whole is None else whole + Decimal("0.5")), name
    if m["onehalf"]:
        return Decimal("0.5"), ""
    if m["degrees"]:
        parts = 60 if m["mark"] in "'′’" else 3600
        return Decimal(m["degrees"]) + Decimal(m["minutes"]) / parts, "°"
    value = decimal(m["number"])
    if value is not None and m["scale"]:
        value *= {"万": 10_000, "亿": 100_000_000}[m["scale"]]
    return value, unit
