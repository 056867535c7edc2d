"""Normal forms under which titles, standard numbers and document numbers are looked up.

People write 《安全生产法》, 中华人民共和国安全生产法, GB16423—2020, 津应急发[2021]108号; the
catalog has one official form of each. The keys here are for look-up only and are never shown.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from kb.numerals import zh_to_int

__all__ = [
    "PROVINCES",
    "STATE",
    "StandardNumber",
    "bare_title",
    "docno_key",
    "plain_title",
    "split_number",
    "standard_number",
    "title_key",
]

STATE = "中华人民共和国"
"""What official titles begin with and short titles leave out."""

PROVINCES: tuple[str, ...] = (
    "北京市",
    "天津市",
    "上海市",
    "重庆市",
    "河北省",
    "山西省",
    "辽宁省",
    "吉林省",
    "黑龙江省",
    "江苏省",
    "浙江省",
    "安徽省",
    "福建省",
    "江西省",
    "山东省",
    "河南省",
    "湖北省",
    "湖南省",
    "广东省",
    "海南省",
    "四川省",
    "贵州省",
    "云南省",
    "陕西省",
    "甘肃省",
    "青海省",
    "台湾省",
    "内蒙古自治区",
    "广西壮族自治区",
    "西藏自治区",
    "宁夏回族自治区",
    "新疆维吾尔自治区",
    "香港特别行政区",
    "澳门特别行政区",
)
"""Names of the provincial level; every region of the catalog begins with one of them."""

_DASHES = re.compile(r"[‐‑‒–—―−﹣－~～─]+|-{2,}")  # GB 16423—2020, GB 16423－2020, GB 16423--2020

_VINTAGE = re.compile(
    # …规定(试行), …法(2021修正), …条例(2016年修订), …标准(2014年版); not (二), not (2020-2022年)
    r"\((?:试行|暂行|(?:19|20)\d{2}年?(?:第?[一二三四五]次)?(?:修正|修订|修改)?[版本]?"
    r"|(?:新?(?:修正|修订|修改)[版本]?))\)\Z"
)

_STANDARD = re.compile(
    # GB16423-2020, GB/T1.1-2009, GBT33000, AQ/T3052-2015, TSGR0006-2014, DB50/T867.12 (no spaces)
    r"(?:(?P<tsg>TSG)(?P<code>[A-Z]{0,2}\d{1,6})"
    r"|(?P<series>DB\d{2}(?:/T)?|[A-Z]{2,5}(?:/[A-Z]{1,2})?)(?P<digits>\d{1,6}(?:\.\d{1,3})*))"
    r"(?:-(?P<year>\d{4}|\d{2})(?!\d))?"
)

_DOCNO = re.compile(
    r"(?P<who>.{1,20}?)〔(?P<year>\d{4})〕第?(?P<n>\d{1,5})号\Z"
)  # 矿安〔2022〕88号
_ORDER = re.compile(
    # 国务院令第591号, 中华人民共和国主席令第八十八号, 应急管理部令第2号
    r"(?:中华人民共和国)?(?P<who>.{1,20}?令)第?(?P<n>\d{1,4}|[〇零一二三四五六七八九十百]{1,6})号\Z"
)


@dataclass(frozen=True, slots=True)
class StandardNumber:
    """A standard number taken apart: `GB/T`, `33000`, `2016` (year empty when undated)."""

    series: str
    digits: str
    year: str = ""

    @property
    def stem(self) -> str:
        """Number without its year: `GB/T 33000`."""
        return f"{self.series} {self.digits}"

    def __str__(self) -> str:
        return f"{self.stem}-{self.year}" if self.year else self.stem


def plain_title(title: str) -> str:
    """NFKC without book marks, quotation marks and white space."""
    text = unicodedata.normalize("NFKC", title)
    return "".join(c for c in text if not c.isspace() and c not in "《》〈〉<>“”\"'‘’「」『』﹤﹥")


def title_key(title: str) -> str:
    """What two spellings of one title have in common: Han characters, letters and digits.

    A leading 中华人民共和国 does not count; everything in brackets does (（二）, （1988年）).
    """
    text = plain_title(title).removeprefix(STATE)
    return "".join(c for c in text if c.isalnum()).lower()


def bare_title(title: str) -> str:
    """The title without a note of its state at the end: （试行）, (2021修正), (2014年版)."""
    return _VINTAGE.sub("", plain_title(title))


def _flat(text: str) -> str:
    flat = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    return _DASHES.sub("-", flat)


def _parts(m: re.Match[str]) -> StandardNumber:
    series, year = m["tsg"] or m["series"], m["year"] or ""
    if "/" not in series and series.endswith("T") and len(series) > 2:
        series = f"{series[:-1]}/T"  # GBT 33000 as typed on a phone
    if len(year) == 2:  # GB 16424-96
        year = f"19{year}" if int(year) > 50 else f"20{year}"
    return StandardNumber(series, m["code"] or m["digits"], year)


def standard_number(text: str) -> StandardNumber | None:
    """A standard number that is the whole text, or None (`GB16423—2020`, `GB/T 33000`)."""
    m = _STANDARD.fullmatch(_flat(text))
    return _parts(m) if m else None


def split_number(title: str) -> tuple[StandardNumber | None, str]:
    """A standard number at the head or end of a title, and the rest of the title.

    《GB/T 33000-2016企业安全生产标准化基本规范》, 爆破安全规程（GB 6722—2014）.
    """
    flat = _flat(title)
    text = "".join(c for c in flat if c not in "《》〈〉<>“”\"'‘’")
    if m := _STANDARD.match(text):
        return _parts(m), text[m.end() :].strip("()")
    for m in _STANDARD.finditer(text):
        if m.start() and text[m.end() :] in ("", ")"):
            return _parts(m), text[: m.start()].strip("()")
    return None, title


def docno_key(text: str) -> str:
    """Look-up form of a 文号 or an order's number, '' when the text is neither.

    `津应急发[2021]108号` and `津应急发〔2021〕第108号` give one key; so do 主席令第八十八号 and
    主席令第88号.
    """
    flat = "".join(unicodedata.normalize("NFKC", text).split())
    flat = re.sub(r"[\[(【﹝{〔]((?:19|20)\d{2})年?[\])】﹞}〕]", r"〔\1〕", flat)
    if m := _DOCNO.match(flat):
        return f"{m['who']}〔{m['year']}〕{int(m['n'])}号"
    if m := _ORDER.match(flat):
        n = m["n"]
        try:
            value = int(n) if n.isascii() else zh_to_int(n)
        except ValueError:
            return ""
        return f"{m['who']}第{value}号"
    return ""
