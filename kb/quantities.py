"""Figures of law and standards: what is limited, which way, to what value, in which unit.

`find` reads 不小于 6 m, 百分之四十, 二十万元以上一百万元以下, 每季度检查1次, 2.5‰～5‰ and the cells
of a table line. It is what `kb notes check` and the card check compare figures with, so it never
guesses: ordinals (第三条), dates, clause, document and model numbers are no figures, and 一 before
a measure word is one only under a bound or before a true unit (一年, not 一个出口).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from kb.measures import ARABIC, BASE, COUNTERS, Atom, any_of, atoms, decimal, level, mask, unit_of

__all__ = ["Bound", "Key", "Quantity", "find", "name_class"]


class Bound(StrEnum):
    """Which way a figure limits; 以上, 以下 and 以内 include it (民法典 第一千二百五十九条)."""

    MIN = "不小于"
    MAX = "不大于"
    OVER = "大于"
    UNDER = "小于"
    RANGE = "范围"
    EQUAL = "等于"
    PERIOD = "每"
    ABOUT = "约"
    WITHIN = "正负"


Key = tuple[Decimal, Decimal | None, str]
"""Value, upper end and unit in the base unit of their kind: what two figures are compared by."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """One figure; `text[start:end]` is its number with its unit, without the words of the bound.

    `name` is the quantity that stands right before (宽度, 电压), empty where none does. `upper` is
    set for a range. `cell` marks a bare number in a table, whose bound the table's caption says.
    `counted` marks N 次 that says how often within a period. `either` marks a bound that a reader
    filled in from the figure before, so that no bound is right as well.
    """

    start: int
    end: int
    value: Decimal
    unit: str
    bound: Bound = Bound.EQUAL
    name: str = ""
    upper: Decimal | None = None
    cell: bool = False
    counted: bool = False
    either: bool = False

    @property
    def key(self) -> Key:
        """Value, upper end, unit; 0.5 km and 500 m, 季度 and 3 个月, 台 and 个 give the same."""
        factor, base = BASE.get(self.unit, (_ONE, self.unit))
        upper = None if self.upper is None else _plain(self.upper * factor)
        return _plain(self.value * factor), upper, base

    def __str__(self) -> str:
        """How messages write the figure: 不小于 6 m."""
        shown = f"{_plain(self.value):f}"
        if self.upper is not None:
            shown += f"~{_plain(self.upper):f}"
        sign = "" if self.bound in (Bound.EQUAL, Bound.RANGE) else self.bound.value
        return " ".join(x for x in (self.name, sign, shown, self.unit) if x)


_ONE = Decimal(1)


def _plain(value: Decimal) -> Decimal:
    return value.normalize() if value else Decimal(0)


# --- bounds -------------------------------------------------------------------------------------

_NOT = (
    r"(?:不|未|没|别|勿|莫|严禁|禁止|不得|不应该?|不应当|不能|不可|不可以|不准许?|不许|不要|不宜"
    r"|不允许|不会|没有|不再|均?不)"
)
_OVER = (
    "(?:超过|超出|大于|高于|多于|长于|深于|宽于|厚于|快于|重于|>|超(?![前员载速限标高])"
    "|[高深长宽大多]过)"
)
_UNDER = r"(?:小于|低于|少于|短于|慢于|窄于|浅于|薄于|轻于|早于|<)"
_LINK = r"(?:了|到|在|为|是|至|达|有|于)?\s?"
_BEFORE: tuple[tuple[Bound, re.Pattern[str]], ...] = tuple(
    (bound, re.compile(rf"(?:{pattern}){_LINK}\Z"))
    for bound, pattern in (
        # order matters: 大于等于 before 大于, 不小于 before 小于, 不足 is no negation of 足
        (Bound.MIN, rf"{_OVER}\s?(?:或者?|和|、)?\s?等于|≥|≧|⩾|≮"),
        (Bound.MAX, rf"{_UNDER}\s?(?:或者?|和|、)?\s?等于|≤|≦|⩽|≯"),
        (Bound.MAX, rf"{_NOT}{_OVER}"),
        (Bound.MIN, rf"{_NOT}{_UNDER}|不下于|不亚于"),
        (Bound.UNDER, "不足|不到|不满|未满|不够|没到|未到|未达到?"),
        (Bound.OVER, _OVER),
        (Bound.UNDER, _UNDER),
        (Bound.MIN, "至少|起码|最少|最低|最小|最近|下限|达到|达|满|够|高达|[磨减降升增涨细薄短]到"),
        (
            Bound.MAX,
            "至多|最多|顶多|最高|最大|最快|最远|最长|最深|最宽|上限|限[速高载重员乘坐]|(?<![时期极权有界年门电])限",
        ),
        (Bound.ABOUT, "大约|约|接近|大概"),
    )
)
_APART = (
    (Bound.MIN, re.compile(r"(?:至少|起码|最少|不(?:得|应|能)?少于)[^\d。；;，,\n]*\Z")),
    (Bound.MAX, re.compile(r"(?:至多|最多|顶多)[^\d。；;，,\n]*\Z")),
)
"""至少应进行 1 次: words between the bound and the figure, none of them another figure."""
_SHARE = re.compile(rf"(?P<cmp>{_NOT}?(?:{_OVER}|{_UNDER}))[^\d。；;，,、\n]{{1,24}}\Z")
"""不小于车轮轮胎直径的 1/3: the bound of a share stands before what it is a share of."""
_LISTED = re.compile(
    rf"(?P<cmp>{_NOT}?(?:{_OVER}|{_UNDER}|达到|[磨减降升增涨细薄短]到))"
    r"(?:(?:下列|以下|下面)[^。；;：\n]{0,2}[数值]|这些(?!要求|规定|标准|条件))"
    r"|(?P<limit>[上下]限)(?=[^\d。；;，\n]{0,3}[:：])"
)
"""小于下列数值的，应更换: the bound of every bare figure of the list below it."""
_LIST_MARK = re.compile(r"\s*(?:~|[(（]|\d{1,2}[.、)]|[a-z]\))")
_AFTER: tuple[tuple[Bound, re.Pattern[str]], ...] = tuple(
    (bound, re.compile(rf"\s?\)?(?:\([^()]{{1,12}}\))?\s?(?:{pattern})"))
    for bound, pattern in (
        (Bound.MIN, "(?:及|及其|或|或者|和)?以上|及?以外|之外|开外|往上|起步"),
        (
            Bound.MAX,
            "(?:及|及其|或|或者|和)?以下|之下|以内|之内|的?范围(?:以|之)?内|内|往下|为限|[排干做办]完",
        ),
        (Bound.ABOUT, "左右|上下(?![班井])"),
    )
)
_INNER = re.compile(r"内(?=[部墙壁径侧燃衬腔层外])")  # 3 m内径 is no 3 m 内

_NAMES = """
安全系数 系数 比值 之比 比 净宽 顶宽 底宽 宽度 宽 净高 高度 高差 高 伸出长度 长度 长 深度 深 厚度 厚
水平距离 垂直距离 净距 间距 间隔 间隙 距离 车距 视距 距 半径 直径 内径 外径 坡度 斜度 坡比 坡面角
坡角 倾角 夹角 偏角 交角 角度 截面积 面积 容积 体积 体积浓度 浓度 含尘量 含量 湿球温度 温度 湿度
风速 车速 时速 限速 加速度 减速度 速度 风量 涌水量 水量 流量 压力 电压 电流 电阻 功率 频率 时间
数量 人数 次数 层数 圈数 标高 水位 质量 重量 载荷 误差 偏差 强度 容量 pH值 罚款 年龄
"""
_NAME = re.compile(
    rf"(?P<name>{any_of(_NAMES.split())})[应均各须要则都]?(?:当|该)?(?:为|是|:|：|在)?\s*\Z"
)

_CLASSES = {
    **{"倾角": "角", "夹角": "角", "偏角": "角", "坡角": "角", "交角": "角", "角度": "角"},
    **{"坡度": "角", "斜度": "角", "坡面角": "角", "坡比": "角", "间隔": "距", "间隙": "距"},
    **{"间距": "距", "净距": "距", "距离": "距", "车距": "距", "视距": "距", "距": "距"},
    **{"水平距离": "距", "垂直距离": "距", "含尘量": "浓度", "含量": "浓度", "体积浓度": "浓度"},
    **{"加速度": "加速度", "减速度": "加速度", "湿球温度": "温度", "截面积": "面积"},
    **{"安全系数": "系数", "比值": "比", "之比": "比", "内径": "直径", "外径": "直径"},
    **{"风速": "速", "车速": "速", "时速": "速", "限速": "速", "速度": "速"},
    **{"湿度": "湿度", "温度": "温度", "浓度": "浓度", "标高": "高", "高差": "高"},
    **{"水量": "水量", "涌水量": "水量", "体积": "容积", "重量": "质量"},
}
_DIMENSION = re.compile(r"[宽高长深厚]")  # 净宽, 顶宽, 宽度 are widths


def name_class(name: str) -> str:
    """The kind of a quantity: 顶宽, 净宽 and 宽度 are 宽, 间距 and 净距 are 距; empty for none."""
    if known := _CLASSES.get(name):
        return known
    found = _DIMENSION.search(name)
    return found[0] if found else name


# --- reading ------------------------------------------------------------------------------------

_RANGE = re.compile(r"\s?(?:~|-|至|到)\s?")
_PRODUCT = re.compile(r"\s?[×xX*]\s?")
_AND_SAME = re.compile(r"\s?(?:及|或|或者|和)\s?")
_SENTENCE = re.compile(r"[。；;\n]")
_LIMIT = 48  # characters before a figure in which its bound and quantity are looked for
_ENDS_CLAUSE = re.compile(r"\s*(?:[;；。,，、)）\n]|或|\Z)")
_OPENS_VALUE = re.compile(r"[,，:：为时是]\s?\Z")
_BARE_NAME = re.compile(r"(?:系数|比值|之比|比|值|倍数)(?:为|是|应为)?\s?\Z")
_MONTH = re.compile(r"[^个半]月\Z")
_LEVELLED = re.compile(r"\s?[及或]?以[上下]")
_STRONG_WIND = re.compile(r"\s?(?:及?以上)?(?:的)?(?:强|大|烈|暴|阵)?风")
_UNIT_TIME = {"年", "季度", "月", "周", "d", "昼夜", "班", "h", "min", "s"}
_SPACED = _UNIT_TIME | {"m", "km", "cm", "mm", "井次"}
_EVERY = re.compile(
    r"每(?:隔|间隔|满|经过?|过)?(?:钻进|掘进|推进|前进|开采|作业|运行|行驶|使用|提升|延长)?\s?\Z"
)
"""每 100 m, 每隔 3 m, 每钻进 40 m."""
_EVERY_ONE = re.compile(
    r"每一?(?:个|隔一?个?)?(?P<unit>年度?|季度?|月度?|周|星期|礼拜|日|天|班次?|昼夜|小时|分钟|秒)"
    r"(?![级轮报志薪期常]|组(?!织))"
)
"""每年, 每季度, 每班: a period without a number."""
_ONE_PERIOD = {"年度": "年", "季": "季度", "月度": "月", "星期": "周", "礼拜": "周", "日": "d"} | {
    "天": "d",
    "班次": "班",
    "小时": "h",
    "分钟": "min",
    "秒": "s",
}
_TIMES_AFTER = re.compile(r"(?:至少|要|应|须)?[^\d，,。；;、\n内以]{0,8}?[1一][次回遍]")
"""两年一次, 半年检查一次: a period in spoken order."""
_PER = "人|千瓦|kW|小时|分钟|秒|min|h|s"
_RATE = re.compile(
    rf"(?:每?(?P<a>人|千瓦|kW))?每(?P<b>{_PER})(?:每?(?P<c>{_PER}))?[^\d。；;，,\n]{{0,8}}\Z"
)
"""每小时不超过 16 公里, 每人每分钟 4 m3."""
_RATE_UNITS = {"km", "m", "m3", "L", "t", "r"}


def _window(text: str, start: int) -> str:
    window = text[max(0, start - _LIMIT) : start]
    cut = [m.end() for m in _SENTENCE.finditer(window)]
    return window[cut[-1] :] if cut else window


def _bound(text: str, first: Atom, end: int) -> tuple[Bound, str]:
    """Bound of a figure from the words around it, and the quantity's name before it."""
    window = _window(text, first.start)
    for bound, pattern in _BEFORE:
        if m := pattern.search(window):
            return bound, _name(window[: m.start()])
    if first.share and (m := _SHARE.search(window)):
        for bound, pattern in _BEFORE:
            if pattern.search(m["cmp"]):
                return bound, _name(window[: m.start()])
    for bound, pattern in _AFTER:
        found = pattern.match(text, end)
        if found and not (found[0].endswith("内") and _INNER.match(text, found.end() - 1)):
            return bound, _name(window)
    for bound, pattern in _APART:
        if m := pattern.search(window):
            return bound, _name(window)
    return Bound.EQUAL, _name(window)


def _name(window: str) -> str:
    m = _NAME.search(window)
    return m["name"] if m else ""


def _joined(text: str, atoms: list[Atom]) -> Iterator[tuple[Atom, Atom | None, bool]]:
    """Atoms with the other end of their range; the flag says 以上…以下 or ~ joined them."""
    i = 0
    while i < len(atoms):
        a = atoms[i]
        b = atoms[i + 1] if i + 1 < len(atoms) else None
        if b is not None:
            between = text[a.end : b.start]
            same = a.unit == b.unit or not a.unit
            if same and _RANGE.fullmatch(between) and (b.unit or not a.chinese):
                yield a, b, True
                i += 2
                continue
            if same and a.unit and re.fullmatch(r"\s?以上[,，、]?\s?", between):
                after = re.match(r"\s?以下", text[b.end : b.end + 3])
                if after:
                    yield a, b, True
                    i += 2
                    continue
            if same and _AND_SAME.fullmatch(between) and a.value == b.value and a.unit == b.unit:
                i += 1  # 2 m及2 m以上 is 2 m以上
                continue
        yield a, None, False
        i += 1


def find(text: str) -> tuple[Quantity, ...]:
    """All figures of a text in order; never raises. Lines of a table (a | b) give their cells."""
    out: list[Quantity] = []
    at = 0
    levelled = level(text)
    listed: Bound | None = None
    headers: list[list[str]] = []
    unit_below = ""
    for line in levelled.split("\n"):
        if " | " in line:
            out += _cells(line, at, headers, unit_below)
            headers.append([c.strip() for c in line.split("|")])
        else:
            headers = []
            caption = re.fullmatch(r"单位为(.+)", line.strip())
            unit_below = unit_of(caption[1]) if caption else unit_below
            found = _line(line, at)
            if not _LIST_MARK.match(line):
                listed = None
            for m in _LISTED.finditer(line):
                listed = next(
                    (b for b, pattern in _BEFORE if pattern.search(m["cmp"] or m["limit"])), None
                )
                stop = line.find("。", m.end()) % (len(line) + 1)  # to the end of the sentence
                found = [
                    _bounded(q, listed) if at + m.end() <= q.start < at + stop else q for q in found
                ]
            out += [_bounded(q, listed) for q in found] if _LIST_MARK.match(line) else found
        at += len(line) + 1
    return tuple(out)


def _bounded(q: Quantity, listed: Bound | None) -> Quantity:
    """A bare figure of a list under 小于下列数值."""
    if listed is None or q.bound is not Bound.EQUAL or q.unit == "次":
        return q
    return replace(q, bound=listed)


def _line(line: str, at: int) -> list[Quantity]:
    masked = mask(line)
    out = [replace(q, start=q.start + at, end=q.end + at) for q in _figures(masked)]
    return sorted(out, key=lambda q: q.start)


def _figures(text: str) -> Iterator[Quantity]:
    previous: Quantity | None = None
    periods = list(_periods(text))
    yield from periods
    taken = [(p.start, p.end) for p in periods]
    for a, b, _ in _joined(text, atoms(text)):
        last = b or a
        if any(s < last.end and a.start < e for s, e in taken):
            continue
        q = _quantity(text, a, b, previous)
        if q is None:
            continue
        period = periods[-1] if periods else None
        before = [p for p in periods if p.end <= q.start]
        if period and before and q.unit == "次":
            same = not _SENTENCE.search(text[before[-1].end : q.start])
            q = replace(q, counted=same)
        if q.bound is Bound.PERIOD:
            periods.append(q)
            periods.sort(key=lambda p: p.start)
        yield q
        previous = q


def _quantity(text: str, a: Atom, b: Atom | None, previous: Quantity | None) -> Quantity | None:
    end = (b or a).end
    unit = (b or a).unit
    bound, name = _bound(text, a, end)
    window = _window(text, a.start)
    if a.one and not b and _indefinite(a, bound, window):
        return None
    month = unit == "月" and bound is Bound.EQUAL and _MONTH.search(text, a.start, end)
    if month and not _EVERY.search(window):
        return None  # 每年 3月
    if unit == "级" and not _LEVELLED.match(text, end) and not _STRONG_WIND.match(text, end):
        return None  # 一级负荷, 二级
    if not unit and not a.share and not a.ratio and not _bare(text, a, b, bound, window):
        return None
    if a.ratio and not name and bound is Bound.EQUAL and unit == "":
        return None  # 3:30 is a time of day, 1:500 a scale
    if previous and _PRODUCT.fullmatch(text[previous.end : a.start]):
        bound, name = previous.bound, previous.name
    if a.sign:
        bound = Bound.WITHIN
    if b:
        bound = Bound.RANGE
    spaced = _EVERY.search(window) and unit in _SPACED
    if spaced or (unit in _SPACED and not b and _TIMES_AFTER.match(text, end)):
        bound, name = Bound.PERIOD, ""
    if unit in _RATE_UNITS and (rate := _RATE.search(window)):
        unit = _rate(unit, rate["a"], rate["b"], rate["c"])
    elif name == "时速" and unit == "km":
        unit = "km/h"
    unit = ":" if a.ratio and not unit else unit
    upper = b.value if b else None
    return Quantity(a.start, end, a.value, unit, bound, name, upper)


def _rate(unit: str, *per: str | None) -> str:
    """每人每分钟 4 m3 is 4 m3/(min·人); 每人 4 m3 stays as it is."""
    parts = [{"千瓦": "kW"}.get(p, _ONE_PERIOD.get(p, p)) for p in per if p]
    times = [p for p in parts if p in _UNIT_TIME]
    if not times:
        return unit
    others = [p for p in parts if p not in _UNIT_TIME]
    return f"{unit}/({times[0]}·{others[0]})" if others else f"{unit}/{times[0]}"


def _indefinite(a: Atom, bound: Bound, window: str) -> bool:
    """一 that counts nothing: 一个出口, 一次, 一条; but 至少一个, 每年一次, 一年, 一小时."""
    if window[-1:] and window[-1] in "统单唯惟之同不专划逐归均如清合任某另那哪这上下":
        return True
    if bound is not Bound.EQUAL:
        return False
    if a.unit == "次":
        return "每" not in window
    return not a.unit or a.unit in COUNTERS.values() or a.unit == "度"


def _bare(text: str, a: Atom, b: Atom | None, bound: Bound, window: str) -> bool:
    """A number without unit is a figure under a bound, after 系数, or where a value stands."""
    if a.chinese:
        return False
    if bound is not Bound.EQUAL:
        return not re.match(r"\s?[√\ue000]", text[(b or a).end :])
    if _BARE_NAME.search(window):
        return True
    if "×" in text[a.start : a.end]:
        return True  # 10×10-6
    decimal = "." in text[a.start : a.end]
    return (
        decimal
        and bool(_OPENS_VALUE.search(window))
        and bool(_ENDS_CLAUSE.match(text, (b or a).end))
    )


def _periods(text: str) -> Iterator[Quantity]:
    for m in _EVERY_ONE.finditer(text):
        if re.match(r"\s?\d", text[m.end() :]) and m["unit"] in ("日", "天"):
            continue  # 每天 8 h is a working time
        if m["unit"] in ("小时", "分钟", "秒") and not re.match(
            r"[^\d，,。；;\n]{0,8}[1一两二三\d]\s?[次回遍]", text[m.end() :]
        ):
            continue  # 每小时 16 公里 is a speed
        unit = _ONE_PERIOD.get(m["unit"], m["unit"])
        yield Quantity(m.start(), m.end(), _ONE, unit, Bound.PERIOD)


# --- tables -------------------------------------------------------------------------------------

_CELL = re.compile(rf"(?P<sign>[<>≤≥])?\s?(?P<low>{ARABIC})(?:\s?(?:~|-)\s?(?P<high>{ARABIC}))?\Z")
"""10~50, <10, 1 500: a cell that is a number."""
_HEADER_UNIT = re.compile(r"/\s?\(?(?P<unit>[^()/]+(?:/[^()]+)?)\)?\Z")  # 限值/%, 风速/(m/s)
_CELL_BOUNDS = {"<": Bound.UNDER, ">": Bound.OVER, "≤": Bound.MAX, "≥": Bound.MIN}


def _cells(line: str, at: int, headers: list[list[str]], unit_below: str) -> Iterator[Quantity]:
    place = at
    for column, cell in enumerate(line.split("|")):
        stripped = cell.strip()
        start = place + len(cell) - len(cell.lstrip())
        if m := _CELL.match(stripped):
            unit = _header_unit(headers, column) or unit_below
            low, high = decimal(m["low"]), decimal(m["high"]) if m["high"] else None
            if low is not None:
                bound = _CELL_BOUNDS.get(m["sign"] or "", Bound.EQUAL)
                yield Quantity(
                    start,
                    start + len(stripped),
                    low,
                    unit,
                    Bound.RANGE if high is not None else bound,
                    "",
                    high,
                    cell=True,
                )
        else:
            for q in _line(cell, place):
                yield replace(q, cell=True)
        place += len(cell) + 1


def _header_unit(headers: list[list[str]], column: int) -> str:
    for row in headers:
        if column < len(row) and (m := _HEADER_UNIT.search(row[column])):
            return unit_of(m["unit"])
    return ""
