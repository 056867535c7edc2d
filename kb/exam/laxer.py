"""Which way a figure of a rule may be slackened, and what the slackened figure looks like.

A false statement or a wrong option about a limit is always laxer than the rule: whoever believes it
breaks the rule, whoever corrects it learns the rule. A stricter one would punish caution. A figure
has a direction only where the words make it a demand (不小于 6 m, 30 日内 … 报告, 每季度检查 1 次);
a figure that says when a rule applies (倾角大于 30° 的斜井) has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from kb.numerals import int_to_zh
from kb.quantities import Bound, Quantity, find

__all__ = ["believable", "demand", "is_laxer", "laxer_texts", "replaced", "turned_round"]

_NOT = r"不(?:应|得|能|可|准|许|允许|应当)?"
_LEAST = re.compile(
    rf"(?:{_NOT}(?:小于|少于|低于|短于|浅于|窄于)|至少(?:应|要)?[^\d，。；]{{0,4}}|≥|[应须](?:大于|高于|超过))"
    r"(?:了|为|是)?\s?\Z"
)
_MOST = re.compile(
    rf"(?:{_NOT}(?:大于|高于|超过|多于|长于|超出)|至多|最多|≤|[应须](?:小于|低于|少于))(?:了|为|是)?\s?\Z"
)
"""不小于, 不得少于, 应小于: the words right before the figure of a demand."""
_SHARE = re.compile(r"[^\d，。；：\n]{1,24}?的\s?\Z")
"""不小于车辆最大轴距的 10 倍: what it is a share of stands between the bound and the figure."""
_SHARES = frozenset({"倍", "%", "‰", ""})
_DUTY = re.compile(r"应(?!急|力|用|变|答)|须(?!知)|必须|至少")
_BAN = re.compile(
    r"不得(?![少小低大高超多])|不应(?![少小低大高超多])|禁止|严禁|不准(?!超)|不予|不再|未"
)
_WHEN = re.compile(r"(?:及其?以[上下])?(?:的)?(?:时|者|，?的[，；]|以[上下]|情况)")
"""What follows a figure that says when a rule applies: 时, 的，."""
_OF = re.compile(r"(?:及其?以[上下])?的(?=[^，。；])")
"""不小于 1.2 m 的护栏: the figure stands before what it measures."""
_MAKES = re.compile(
    r"(?:应|须|必须|设|设置|装|装设|安装|采用|使用|配备|配置|留|留有|有|为|用|加|穿|挂|建|砌)[^，。；]*\Z"
)
_SOFT = re.compile(r"宜|一般|原则上|通常")
_PENAL = re.compile(
    r"罚款|处罚|责令|处分|吊销|有期徒刑|违法所得|赔偿|补偿|工资|津贴|补助|伤残|刑事"
)
_WITHIN = re.compile(r"(?:以|之)?内(?![部墙壁径侧])")
_TIME = frozenset({"年", "月", "季度", "周", "d", "工作日", "昼夜", "h", "min", "s"})
_DONE = re.compile(
    r"报告|上报|报送|备案|登记|提出|[作做]出|办理|申请|移交|交[回还]|送[交达]|完成|排[出干]|反向|答复|决定|核销"
    r"|告知|通知|签订|订立|支付|缴纳|公布|提交|组织|审查|批复|送达|颁发|改正|换领|接到|检验|鉴定|撤离|启动|达到"
)
"""What is done once by a deadline; in 3 d 内应每班检测 the period is how long a duty lasts."""
_LASTS = re.compile(r"每|持续|连续|保持|保存|观察|观测|监测|随时")
_RIGHT = re.compile(r"可以|有权|申请|自愿|请求")
_TIMES = re.compile(
    r"[^，。；]{0,14}?(?:[1一]\s?次|[1一]\s?遍|[1一]\s?回)|(?:应|应当|须)?(?:至少)?进行|至少"
)


def demand(text: str, q: Quantity) -> int:
    """+1 where a larger figure is laxer, -1 where a smaller one is, 0 where the words do not say.

    Args:
        text: the sentence in which the figure stands.
    """
    if q.value <= 0 or q.upper is not None or q.cell or _PENAL.search(text):
        return 0
    before, after = text[: q.start], text[q.end :]
    clause = re.split(r"[，。；：\n]", before)[-1]
    if _SOFT.search(clause) or _SOFT.match(after):
        return 0
    if q.bound is Bound.PERIOD:
        return _period(clause, after)
    if q.unit in _SHARES and (m := _SHARE.search(before)) and not _ends(before):
        before = before[: _bound_end(before, m.start())]
        clause = re.split(r"[，。；：\n]", before)[-1]
    if _LEAST.search(before) and q.bound in (Bound.MIN, Bound.OVER):
        return -1 if _demands(clause, after) else 0
    if _MOST.search(before) and q.bound in (Bound.MAX, Bound.UNDER):
        return 1 if _demands(clause, after) else 0
    if q.bound is Bound.MAX and q.unit in _TIME and _WITHIN.match(after):
        return _deadline(clause, before, after)
    return 0


def _ends(before: str) -> bool:
    return bool(_LEAST.search(before) or _MOST.search(before))


def _bound_end(before: str, start: int) -> int:
    """Where the words of the bound end that stand before what a share is a share of."""
    for end in range(len(before), start - 1, -1):
        if _ends(before[:end]):
            return end
    return len(before)


def _demands(clause: str, after: str) -> bool:
    """Whether a bounded figure is demanded, not the case in which something else is."""
    if _WHEN.match(after):
        return False
    if _OF.match(after):
        return bool(_MAKES.search(clause)) and not _BAN.search(clause)
    # a ban before the bound would turn it round; the 不 of the bound itself is none
    bound = _LEAST.search(clause) or _MOST.search(clause)
    return not _BAN.search(clause[: bound.start()] if bound else clause)


def _deadline(clause: str, before: str, after: str) -> int:
    rest = after[:40]
    if re.match(r"(?:以|之)?内(?:的|[，；]?不[得应])", after) or _BAN.search(rest):
        return 0
    if _RIGHT.search(rest) or _BAN.search(clause) or _RIGHT.search(clause):
        return 0
    if not (_DUTY.search(before) or _DUTY.search(rest)):
        return 0
    first = re.split(r"[。；]", rest)[0]
    if not _DONE.search(first) or _LASTS.search(first):
        return 0
    return 0 if re.search(r"的[，：]", re.split(r"[。；]", rest)[0]) else 1


def _period(clause: str, after: str) -> int:
    if _BAN.search(clause) or not _TIMES.match(after):
        return 0
    if re.search(r"不(?:得|应)?[超大多]", after[:12]):
        return 0
    return 1


# --- figures as text ------------------------------------------------------------------------------

_ARABIC = re.compile(r"\d[\d \u2009,]*(?:\.\d+)?")
_CHINESE = re.compile(r"[〇零一二两三四五六七八九十百千]+")
_PERCENT = re.compile(r"百分之(?P<n>[一二三四五六七八九十]+)")
_FRACTION = re.compile(r"1\s?/\s?(?P<n>\d+)\Z")
_LADDERS: dict[str, str] = {
    "d": "1 2 3 5 7 10 15 20 30 45 60 90 120 180",
    "工作日": "1 2 3 5 7 10 15 20 30 45 60",
    "h": "0.5 1 2 3 4 5 6 8 9 10 12 16 20 24 36 40 48 60 72 80 96 120",
    "min": "1 2 3 5 8 10 15 20 25 30 40 45 60 90 120",
    "月": "1 2 3 4 6 9 12 18 24",
    "年": "1 2 3 4 5 6 8 10 15 20",
    "V": "6 12 24 36 42 48 60 110 127 220 380 660 1140",
    "%": "0.1 0.2 0.3 0.5 0.8 1 1.5 2 3 4 5 6 8 10 12 15 18 20 25 30 35 40 45 50 55 60 65 70 75 80"
    " 85 90 95",
    "°": "1 2 3 4 5 6 8 10 12 15 18 20 25 30 35 40 45 50 55 60 65 70 75 80",
}
"""Usual values by unit: a value between them would give the wrong option away."""
_LEAST_OF_LADDER = Decimal("0.2")
_MANTISSAS = "1 1.2 1.5 2 2.5 3 4 5 6 8"
_PERIODS = ("班", "d", "周", "月", "季度", "半年", "年", "2年", "3年", "5年")
_PERIOD_WORDS = {
    "班": "每班",
    "d": "每天",
    "周": "每周",
    "月": "每月",
    "季度": "每季度",
    "半年": "每半年",
    "年": "每年",
    "2年": "每2年",
    "3年": "每3年",
    "5年": "每5年",
}
_DAYS = {"班": Decimal(1) / 3, "d": Decimal(1), "月": Decimal(30)}
"""How long periods are, near enough to say which of two comes round more often."""
_MOST_STEPS = 6
_COUNTS = frozenset({"个", "人", "次", "层", "班", "级", "井次"})
_FAR = (Decimal("0.45"), Decimal("2.5"))
_FAR_TIME = (Decimal("0.3"), Decimal(4))
"""How far off a laxer figure may be before nobody takes it for the rule."""
_APART = Decimal("0.12")
"""Share of the figure by which another differs at least: 95 for 100 tests eyesight."""


def laxer_texts(text: str, q: Quantity, direction: int) -> Iterator[tuple[str, Quantity]]:
    """Laxer figures for one of a text, the nearest first: its words, and the figure that they give.

    Each is written as the text writes it (1 140 V, 五日, 1/3) and read back: what does not read as
    the same bound and unit with a laxer value is not given.
    """
    raw = text[q.start : q.end]
    count = 0
    for words in dict.fromkeys(_candidates(raw, q, direction)):
        found = replaced(text, q, words)
        if found is not None and is_laxer(q, found, direction):
            yield words, found
            count += 1
            if count == _MOST_STEPS:
                return


def replaced(text: str, q: Quantity, words: str) -> Quantity | None:
    """The figure that `words` give in the place of another, if it has the same bound and unit (of
    periods: any unit of time)."""
    new = text[: q.start] + words + text[q.end :]
    period = q.bound is Bound.PERIOD
    for found in find(new):
        # 每季度 is one figure, of 每半年 the figure is 半年
        if found.start == q.start or (period and abs(found.start - q.start) == 1):
            same = found.bound is q.bound and found.upper is None and _comparable(q, found)
            return found if same and found.end == q.start + len(words) else None
    return None


def turned_round(text: str, q: Quantity, other: Quantity) -> bool:
    """Whether a figure in the place of another stands on the other side of one beside it: below
    500 V no lower than 2.0 m, above 500 V no lower than 1.2 m contradicts itself."""
    return any(
        (f.key[0] - q.key[0]) * (f.key[0] - other.key[0]) <= 0
        for f in find(text)
        if f.start != q.start and f.bound is q.bound and f.key[2] == q.key[2] == other.key[2]
    )


def _comparable(q: Quantity, other: Quantity) -> bool:
    if q.bound is Bound.PERIOD and {q.key[2], other.key[2]} <= set(_DAYS):
        return True
    return q.key[2] == other.key[2]


def is_laxer(q: Quantity, other: Quantity, direction: int) -> bool:
    """Whether `other` allows more than `q`."""
    one, two = q.key[0], other.key[0]
    if q.key[2] != other.key[2]:
        one, two = one * _DAYS[q.key[2]], two * _DAYS[other.key[2]]
    return (two - one) * direction > 0


def _candidates(raw: str, q: Quantity, direction: int) -> Iterator[str]:
    if raw.startswith("每") or (raw == "半年" and q.bound is Bound.PERIOD):
        head = "" if raw.startswith("每") else "每"  # 每|半年
        for words in _periods(head + raw):
            bare = words.removeprefix(head)
            yield f"1{bare}" if head and len(bare) == 1 else bare  # 每|1年
        return
    if m := _FRACTION.match(raw):
        n = int(m["n"])
        for step in (1, 2, 3):
            if n - direction * step > 1:
                yield f"1/{n - direction * step}"
        return
    if m := _ARABIC.match(raw):
        if re.match(r"\s?[/:：×]", raw[m.end() :]):
            return
        number = m[0].rstrip()
        for value in _steps(q, direction, _decimals(number)):
            yield _arabic(value, number) + raw[len(number) :]
    elif (m := _PERCENT.match(raw)) or (m := _CHINESE.match(raw)):
        number = m.groupdict().get("n") or m[0]
        for value in _steps(q, direction, 0):
            if value == value.to_integral_value():
                yield raw.replace(number, _chinese(int(value), raw, number), 1)


def _periods(raw: str) -> Iterator[str]:
    own = next((k for k, word in _PERIOD_WORDS.items() if word == raw), None)
    if own is None:
        own = {"每日": "d", "每个月": "月", "每个季度": "季度", "每星期": "周"}.get(raw)
    if own is None:
        return
    start = _PERIODS.index(own) + (2 if own == "班" else 1)  # 每天 may be stricter than 每班
    yield from (_PERIOD_WORDS[k] for k in _PERIODS[start : start + 4])


_NEAR_PERIOD = 7
_NEAR = (Decimal("0.57"), Decimal(2))


def believable(q: Quantity, other: Quantity) -> bool:
    """Whether a figure is near enough to be believed in a sentence: 每周 for 每日, not 每半年 for
    每周; a wire 1.5 m above the ground for 2.2 m, not 1.2 m. Spans of time and counts are written
    in steps so wide that what `laxer_texts` gives is near enough."""
    if q.bound is not Bound.PERIOD:
        low, high = _FAR_TIME if q.unit in _TIME or q.key[2] in _COUNTS else _NEAR
        return low <= other.key[0] / q.key[0] <= high
    one, two = (x.key[0] * _DAYS.get(x.key[2], Decimal(0)) for x in (q, other))
    return not one or two / one <= _NEAR_PERIOD


def _decimals(number: str) -> int:
    return len(number.partition(".")[2])


def _steps(q: Quantity, direction: int, decimals: int) -> Iterator[Decimal]:
    """Usual values beyond the figure, the nearest first, in the unit as written."""
    own = q.value
    if q.key[2] in _COUNTS:
        values = [own + direction * n for n in range(1, _MOST_STEPS + 1)]
    elif (ladder := _LADDERS.get(q.unit)) and own >= _LEAST_OF_LADDER:
        values = [Decimal(x) for x in ladder.split()]
    else:
        values = [
            Decimal(x) * Decimal(10) ** power for power in range(-4, 6) for x in _MANTISSAS.split()
        ]
        if q.unit == "℃":
            values = [Decimal(x) for x in range(1, 100)]
            values = [v for v in values if v % 2 == own % 2]
    apart = _APART * own
    beyond = sorted(
        {v for v in values if (v - own) * direction > 0 and abs(v - own) >= apart},
        key=lambda v: abs(v - own),
    )
    places = max(decimals, 1 if own <= 2 and q.key[2] not in _COUNTS else 0)
    for value in beyond:
        plain = value.normalize()
        exponent = plain.as_tuple().exponent
        fits = isinstance(exponent, int) and -exponent <= places
        if fits and value > 0 and not _absurd(q, value):
            yield value


def _absurd(q: Quantity, value: Decimal) -> bool:
    """Beyond what can be meant, or so far off that nobody would take it for the rule."""
    if (q.unit == "%" and q.value <= 100 <= value) or (q.unit == "°" and value > 90):
        return True
    if q.unit == "倍" and q.value > 1 > value:
        return True  # a test pressure below the pressure at work
    if q.key[2] in ("层", "人") and value < 2:
        return True  # a check by no fewer than one person says nothing
    low, high = _FAR_TIME if q.unit in _TIME or q.key[2] in _COUNTS else _FAR
    return not low <= value / q.value <= high


def _arabic(value: Decimal, like: str) -> str:
    """Digits in the manner of `like`: its decimals, its groups of three."""
    decimals = max(_decimals(like), _decimals(f"{value.normalize():f}"))
    out = f"{value:.{decimals}f}"
    whole, dot, tail = out.partition(".")
    grouped = " " in like or len(like.partition(".")[0]) < 4
    if len(whole) > 3 and grouped:
        whole = f"{int(whole):,}".replace(",", " ")
    return whole + dot + tail


def _chinese(value: int, raw: str, number: str) -> str:
    measure = raw[raw.index(number) + len(number) :]
    alone = value == 2 and not raw.startswith("百分之") and not measure.startswith("倍")
    return "两" if alone else int_to_zh(value)
