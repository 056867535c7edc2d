"""Figures of law and standards: a table of cases, properties, and real clauses."""

from __future__ import annotations

import time
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.measures import BASE, COUNTERS
from kb.numerals import int_to_zh
from kb.quantities import Bound, Quantity, find, name_class
from kb.readers.markdown import read_markdown
from kb.structure.standards import parse_standard
from tests.test_nocopy import statutes

# text, and each figure as BOUND value[~upper]|unit|name
CASES = [
    ("灯柱高度不小于6 m", "MIN 6|m|高度"),
    ("灯柱高度不应小于6m", "MIN 6|m|高度"),
    ("灯柱高度应不小于６ｍ", "MIN 6|m|高度"),
    ("间距不得大于1.5米", "MAX 1.5|m|间距"),
    ("间距不超过1.5 m", "MAX 1.5|m|间距"),
    ("间距≤1.5 m", "MAX 1.5|m|间距"),
    ("间距≥ 2 m", "MIN 2|m|间距"),
    ("间距≮2 m", "MIN 2|m|间距"),
    ("间距≯2 m", "MAX 2|m|间距"),
    ("净宽大于0.8 m", "OVER 0.8|m|净宽"),
    ("坡度小于10%", "UNDER 10|%|坡度"),
    ("坡度<10%", "UNDER 10|%|坡度"),
    ("水深＞2 m", "OVER 2|m|深"),
    ("视距不足30 m时停船", "UNDER 30|m|视距"),
    ("水位不到2米", "UNDER 2|m|水位"),
    ("未满16周岁", "UNDER 16|岁"),
    ("年满十八周岁", "MIN 18|岁"),
    ("不满三年", "UNDER 3|年"),
    ("已满4个月", "MIN 4|月"),
    ("至少3人", "MIN 3|人"),
    ("至少应安排3人", "MIN 3|人"),
    ("最少两名", "MIN 2|人"),
    ("最多25人", "MAX 25|人"),
    ("顶多5天", "MAX 5|d"),
    ("超3 m的", "OVER 3|m"),
    ("不超25人", "MAX 25|人"),
    ("别超过15 km/h", "MAX 15|km/h"),
    ("严禁超过10 t", "MAX 10|t"),
    ("禁止超过20人", "MAX 20|人"),
    ("不要低于2 ℃", "MIN 2|℃"),
    ("不能少于二十个小时", "MIN 20|h"),
    ("每层高过3 m", "OVER 3|m"),
    ("5年以上", "MIN 5|年"),
    ("5 年及以上", "MIN 5|年"),
    ("100人以下", "MAX 100|人"),
    ("一百人及以下", "MAX 100|人"),
    ("24小时内", "MAX 24|h"),
    ("24 h之内", "MAX 24|h"),
    ("三日以内", "MAX 3|d"),
    ("50 m范围内", "MAX 50|m"),
    ("50 m范围以内", "MAX 50|m"),
    ("0.5 m以外", "MIN 0.5|m"),
    ("20米开外", "MIN 20|m"),
    ("约7 m", "ABOUT 7|m"),
    ("大约7米", "ABOUT 7|m"),
    ("7 m左右", "ABOUT 7|m"),
    ("10 kV以上", "MIN 10|kV"),
    ("35 kV及以下", "MAX 35|kV"),
    ("2 m及2 m以上", "MIN 2|m"),
    ("2人或2人以上", "MIN 2|人"),
    ("大于或等于5 A", "MIN 5|A"),
    ("小于等于5 A", "MAX 5|A"),
    ("小于或者等于5 A", "MAX 5|A"),
    ("达到10 mm时更换", "MIN 10|mm"),
    ("磨到10 mm时更换", "MIN 10|mm"),
    ("浓度为0.5%", "EQUAL 0.5|%|浓度"),
    ("宽度6 m", "EQUAL 6|m|宽度"),
    ("宽度为6 m", "EQUAL 6|m|宽度"),
    ("宽度：6 m", "EQUAL 6|m|宽度"),
    ("3 m～5 m", "RANGE 3~5|m"),
    ("3~5 m", "RANGE 3~5|m"),
    ("3-5 m", "RANGE 3~5|m"),
    ("3—5 m", "RANGE 3~5|m"),
    ("3至5米", "RANGE 3~5|m"),
    ("三至五年", "RANGE 3~5|年"),
    ("15°～35°", "RANGE 15~35|°"),
    ("2.5‰～5‰", "RANGE 2.5~5|‰"),
    ("2‰", "EQUAL 2|‰"),
    ("百分之四十", "EQUAL 40|%"),
    ("百分之三点五", "EQUAL 3.5|%"),
    ("千分之五", "EQUAL 5|‰"),
    ("百分之六十至百分之一百", "RANGE 60~100|%"),
    ("百分之二十以上百分之五十以下", "RANGE 20~50|%"),
    ("二十万元以上一百万元以下", "RANGE 200000~1000000|元"),
    ("五万元以下", "MAX 50000|元"),
    ("10人以上30人以下", "RANGE 10~30|人"),
    ("二倍以上五倍以下", "RANGE 2~5|倍"),
    ("5万元", "EQUAL 50000|元"),
    ("50 万立方米", "EQUAL 500000|m3"),
    ("1.2亿元", "EQUAL 120000000|元"),
    ("三分之一", "EQUAL 1/3"),
    ("三分之二以上", "MIN 2/3"),
    ("直径的1/3", "EQUAL 1/3"),
    ("高度不小于灯塔直径的1/2", "MIN 0.5||高度"),
    ("一半", "EQUAL 0.5"),
    ("半年", "EQUAL 0.5|年"),
    ("半小时", "EQUAL 0.5|h"),
    ("三个半小时", "EQUAL 3.5|h"),
    ("每年至少检查1次", "PERIOD 1|年 ; MIN 1|次"),
    ("每季度检查一次", "PERIOD 1|季度 ; EQUAL 1|次"),
    ("每半年查1次", "PERIOD 0.5|年 ; EQUAL 1|次"),
    ("每3个月换1次", "PERIOD 3|月 ; EQUAL 1|次"),
    ("每月", "PERIOD 1|月"),
    ("每班", "PERIOD 1|班"),
    ("每日检查1次", "PERIOD 1|d ; EQUAL 1|次"),
    ("每周至少擦1次", "PERIOD 1|周 ; MIN 1|次"),
    ("每5年", "PERIOD 5|年"),
    ("每100 m设一盏", "PERIOD 100|m"),
    ("每隔3 m～5 m", "PERIOD 3~5|m"),
    ("每钻进40 m测1次", "PERIOD 40|m ; EQUAL 1|次"),
    ("每2 h看1次", "PERIOD 2|h ; EQUAL 1|次"),
    ("两年一次", "PERIOD 2|年"),
    ("半年检查一次", "PERIOD 0.5|年"),
    ("每作业2井次", "PERIOD 2|井次"),
    ("0.7 m×0.6 m", "EQUAL 0.7|m ; EQUAL 0.6|m"),
    ("0.5m*0.4m", "EQUAL 0.5|m ; EQUAL 0.4|m"),
    ("不小于0.7 m×0.6 m", "MIN 0.7|m ; MIN 0.6|m"),
    ("10×10⁻⁶", "EQUAL 0.00001"),
    ("10×10-6", "EQUAL 0.00001"),
    ("1500×10^-6", "EQUAL 0.0015"),
    ("3×10⁴", "EQUAL 30000"),
    ("1 140 V", "EQUAL 1140|V"),
    ("3 000 m", "EQUAL 3000|m"),
    ("1,500元", "EQUAL 1500|元"),
    ("50 000 m³/d", "EQUAL 50000|m3/d"),
    ("0.5 m/s²", "EQUAL 0.5|m/s2"),
    ("35 mm²", "EQUAL 35|mm2"),
    ("4 m³/(min·人)", "EQUAL 4|m3/(min·人)"),
    ("0.5 mg/m³", "EQUAL 0.5|mg/m3"),
    ("每人每分钟4 m³", "EQUAL 4|m3/(min·人)"),
    ("每小时不超过16公里", "MAX 16|km/h"),
    ("时速16公里", "EQUAL 16|km/h|时速"),
    ("16公里/小时", "EQUAL 16|km/h"),
    ("16公里每小时", "EQUAL 16|km/h"),
    ("3.5 m/s", "EQUAL 3.5|m/s"),
    ("25 km/h", "EQUAL 25|km/h"),
    ("27 ℃", "EQUAL 27|℃"),
    ("27°C", "EQUAL 27|℃"),
    ("27摄氏度", "EQUAL 27|℃"),
    ("15度", "EQUAL 15|度"),
    ("-5 ℃", "EQUAL -5|℃"),
    ("零下5℃", "EQUAL -5|℃"),
    ("±5 mm", "WITHIN 5|mm"),
    ("1°30′", "EQUAL 1.5|°"),
    ("1°30″", "EQUAL 121/120|°"),
    ("1:1.75", ""),
    ("坡度不大于1:1.75", "MAX 4/7|:|坡度"),
    ("pH值为7～8", "RANGE 7~8||pH值"),
    ("安全系数不小于6.5", "MIN 6.5||安全系数"),
    ("安全系数为3", "EQUAL 3||安全系数"),
    ("安全系数不小于钢绳的2倍", "MIN 2|倍|安全系数"),
    ("六级以上强风", "MIN 6|级"),
    ("6级以上大风", "MIN 6|级"),
    ("八级大风", "EQUAL 8|级"),
    ("一级负荷", ""),
    ("二级用户", ""),
    ("两个出口", "EQUAL 2|个"),
    ("一个出口", ""),
    ("至少一个出口", "MIN 1|个"),
    ("一条路", ""),
    ("一人看守", ""),
    ("1人看守", "EQUAL 1|人"),
    ("一名电工", ""),
    ("两名电工", "EQUAL 2|人"),
    ("一年", "EQUAL 1|年"),
    ("一小时", "EQUAL 1|h"),
    ("一昼夜", "EQUAL 1|昼夜"),
    ("七个工作日", "EQUAL 7|工作日"),
    ("三班", "EQUAL 3|班"),
    ("超过一个班", "OVER 1|班"),
    ("两台水泵", "EQUAL 2|台"),
    ("2列车", "EQUAL 2|列"),
    ("两回路供电", "EQUAL 2|回路"),
    ("三层", "EQUAL 3|层"),
    ("不少于三圈", "MIN 3|圈"),
    ("第三条", ""),
    ("第三十五条第二款", ""),
    ("第35条", ""),
    ("第（三）项", ""),
    ("第一、二款", ""),
    ("第三十五条之一", ""),
    ("2021年9月1日", ""),
    ("二〇二一年九月一日", ""),
    ("11月3日", ""),
    ("5月1日前", ""),
    ("津灯发〔2021〕108号", ""),
    ("GB 6722—2014", ""),
    ("GB/T 33000-2016", ""),
    ("AQ 2012", ""),
    ("6.4.1.13", ""),
    ("应遵守5.3.2的规定", ""),
    ("除遵守7.3规定外", ""),
    ("5.3条", ""),
    ("IP55", ""),
    ("ZL50装载机", ""),
    ("H2S气体", ""),
    ("H₂S不超过10 ppm", "MAX 10|ppm"),
    ("SiO₂10～50%", "RANGE 10~50|%"),
    ("表 3", ""),
    ("式（1）", ""),
    ("1.擦灯", ""),
    ("(1)擦灯", ""),
    ("（三）擦灯", ""),
    ("a)擦灯", ""),
    ("船体四周", ""),
    ("四周内", "MAX 4|周"),
    ("上一年收入", ""),
    ("同一年", ""),
    ("统一管理", ""),
    ("十分重要", ""),
    ("千万别碰", ""),
    ("万一失火", ""),
    ("二次搬运", ""),
    ("两次", "EQUAL 2|次"),
    ("三人以上", "MIN 3|人"),
    ("几十米", ""),
    ("数百人", ""),
    ("二氧化碳", ""),
    ("三硝基甲苯", ""),
    ("十字路口", ""),
    ("一次性", ""),
    ("一半以上", "MIN 0.5"),
    ("5 min后熄灯", "EQUAL 5|min"),
    ("用时20 h排完", "MAX 20|h"),
    ("限速16 km/h", "MAX 16|km/h"),
    ("动作时限为0.2 s", "EQUAL 0.2|s"),
    ("灯距3 m内径5 mm", "EQUAL 3|m|距 ; EQUAL 5|mm|内径"),
    ("灯绳，7.0；", "EQUAL 7"),
    ("v=0.5√H", ""),
    ("不少于2个，每个重5 kg", "MIN 2|个 ; EQUAL 5|kg"),
    ("220V、36V", "EQUAL 220|V ; EQUAL 36|V"),
    ("12 m以上20 m以下", "RANGE 12~20|m"),
    ("不小于3 m～4 m", "RANGE 3~4|m"),
    ("7 000", ""),
    ("共8000", ""),
    ("升人时7.0或升灯时6.0", "EQUAL 7 ; EQUAL 6"),
    ("1个半月", "EQUAL 1.5|月"),
    ("每年3月", "PERIOD 1|年"),
    ("守塔5月以上", "MIN 5|月"),
    ("灯距不小于5 mmm", "MIN 5||距"),
    ("半月一次", "PERIOD 0.5|月"),
    (
        "断丝达到下列数值时更换：\n——甲绳，5%；\n——乙绳，10%。\n以后涨3%",
        "MIN 5|% ; MIN 10|% ; EQUAL 3|%",
    ),
    ("不应小于灯塔底径的0.8倍", "MIN 0.8|倍"),
    ("每侧间隙10 mm～15 mm", "RANGE 10~15|mm|间隙"),
    ("每个班组", ""),
    ("每天8 h", "EQUAL 8|h"),
    ("灯高  不低于 3 m", "MIN 3|m|高"),
    ("两台及两台以上", "MIN 2|台"),
    ("至少有20个直径不小于5 mm的孔", "MIN 20|个 ; MIN 5|mm|直径"),
    ("磨损超过0.3 mm或断丝超过5%", "OVER 0.3|mm ; OVER 5|%"),
    ("高度不低于灯罩的1.5倍，且不小于2 m", "MIN 1.5|倍|高度 ; MIN 2|m"),
    ("甲 | 5\n乙 | >6", "EQUAL 5 ; OVER 6"),
    ("灯名 | 限值/%\n甲灯 | 0.5", "EQUAL 0.5|%"),
    ("单位为毫米\n灯名 | 宽\n甲灯 | 1 500", "EQUAL 1500|mm"),
]


def number(text: str) -> Decimal:
    above, _, below = text.partition("/")
    return Decimal(above) / Decimal(below) if below else Decimal(above)


def parsed(text: str) -> list[tuple[Bound, Decimal, Decimal | None, str, str]]:
    out = []
    for part in filter(None, text.split(" ; ")):
        head, unit, name = (*part.split("|"), "", "")[:3]
        bound, _, values = head.partition(" ")
        low, tilde, high = values.partition("~")
        out.append((Bound[bound], number(low), number(high) if tilde else None, unit, name))
    return out


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[c[0] for c in CASES])
def test_figures(text: str, expected: str) -> None:
    found = [(q.bound, q.value, q.upper, q.unit, q.name) for q in find(text)]
    assert found == parsed(expected)


def test_the_table_is_large() -> None:
    assert len(CASES) >= 150
    assert len({c[0] for c in CASES}) == len(CASES)
    assert {q[0] for _, e in CASES for q in parsed(e)} == set(Bound)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("0.5 km", "500米"),
        ("72 h", "七十二小时"),
        ("每季度", "每3个月"),
        ("半年", "6个月"),
        ("二十万元", "200 000元"),
        ("百分之四十", "40%"),
        ("45‰", "4.5%"),
        ("3‰", "千分之三"),
        ("1 140 V", "1.14 kV"),
        ("0.25 MPa", "250 kPa"),
        ("三台", "3个"),
        ("60倍以上", "灯径之比不小于60"),
        ("三分之一", "1/3"),
        ("一半", "1/2"),
        ("15°", "15度"),
        ("两名", "2人"),
        ("9.0 m", "9 m"),
    ],
)
def test_the_same_figure_has_the_same_key(one: str, other: str) -> None:
    assert find(one)[0].key == find(other)[0].key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("24小时", "1日"),  # a time limit in hours is counted otherwise than one in days
        ("5%", "5‰"),
        ("3 m", "3 mm"),
        ("3人", "3个"),
        ("3 m", "3 m2"),
        ("16 km/h", "16 m/s"),
        ("2~5 m", "2 m"),
        ("1年", "1 d"),
    ],
)
def test_other_figures_have_other_keys(one: str, other: str) -> None:
    assert find(one)[0].key != find(other)[0].key


def test_a_count_within_a_period_is_marked() -> None:
    text = "灯塔每年至少擦2次；灯芯换3次"
    assert [(q.unit, q.counted) for q in find(text)] == [("年", False), ("次", True), ("次", False)]


def test_cells_are_marked_and_keep_their_place() -> None:
    text = "灯名 | 高/m | 备注\n甲 | 2.5 | 距岸不小于30 m"
    cell, remark = find(text)
    assert (cell.cell, cell.unit, text[cell.start : cell.end]) == (True, "m", "2.5")
    assert (remark.bound, text[remark.start : remark.end]) == (Bound.MIN, "30 m")


def test_messages_can_name_a_figure() -> None:
    assert str(find("间距不小于0.50 m")[0]) == "间距 不小于 0.5 m"
    assert str(find("3 m～5 m")[0]) == "3~5 m"
    assert str(find("间距不小于高度的1/3")[0]).startswith("间距 不小于 0.333")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("顶宽", "宽度", True),
        ("净高", "高度", True),
        ("间距", "净距", True),
        ("坡度", "倾角", True),
        ("车速", "速度", True),
        ("宽度", "高度", False),
        ("速度", "加速度", False),
        ("半径", "直径", False),
        ("温度", "湿度", False),
        ("电压", "电流", False),
    ],
)
def test_kinds_of_quantities(one: str, other: str, same: bool) -> None:
    assert (name_class(one) == name_class(other)) is same


def test_every_unit_has_one_base() -> None:
    bases = {base for _, base in BASE.values()}
    assert all(BASE.get(base, (1, base))[1] == base for base in bases)
    assert all(unit in BASE for unit in COUNTERS.values())


_BOUNDS = {
    Bound.MIN: ("不小于{}", "{}以上", "至少{}", "不得少于{}", "≥{}"),
    Bound.MAX: ("不大于{}", "{}以下", "不应超过{}", "{}以内", "≤{}"),
    Bound.OVER: ("大于{}", "超过{}", ">{}"),
    Bound.UNDER: ("小于{}", "不足{}", "<{}"),
    Bound.EQUAL: ("{}", "为{}", "取{}，"),
}
_UNITS = {"m": "m", "米": "m", " km/h": "km/h", " kV": "kV", "%": "%", "人": "人", "个月": "月"}


@given(
    st.sampled_from([(b, f) for b, forms in _BOUNDS.items() for f in forms]),
    st.one_of(st.integers(2, 9_999), st.decimals("0.1", "999", places=1)),
    st.sampled_from(sorted(_UNITS)),
    st.sampled_from(["", "灯塔", "灯塔。", "灯下；\n"]),
)
def test_any_figure_is_read_back(
    bound: tuple[Bound, str], value: int | Decimal, unit: str, before: str
) -> None:
    if isinstance(value, Decimal) and unit in ("人", "个月"):
        value = int(value) + 2
    figure = f"{value}{unit}"
    text = before + bound[1].format(figure) + "灯"
    (found,) = find(text)
    assert (found.bound, found.value, found.unit) == (bound[0], Decimal(value), _UNITS[unit])
    assert text[found.start : found.end] == figure


@given(st.integers(2, 99_999_999), st.sampled_from(["米", "人", "小时", "元"]))
def test_chinese_and_arabic_agree(value: int, unit: str) -> None:
    (chinese,), (arabic,) = find(f"不少于{int_to_zh(value)}{unit}"), find(f"不少于{value}{unit}")
    assert arabic.value == value
    assert chinese.key == arabic.key


@given(st.integers(1, 99), st.integers(2, 99))
def test_fractions_agree(above: int, below: int) -> None:
    text = f"不大于灯径的{int_to_zh(below)}分之{int_to_zh(above)}"
    (found,) = find(text)
    assert abs(Fraction(found.value) - Fraction(above, below)) < Fraction(1, 10**20)
    assert found.key == find(f"不大于灯径的{above}/{below}")[0].key


def check(text: str) -> tuple[Quantity, ...]:
    found = find(text)
    for q in found:
        assert 0 <= q.start < q.end <= len(text)
        word = text[q.start : q.end]
        assert word == word.strip()
        assert any(c.isdigit() or c.isnumeric() or c in "半两每" for c in word), word
        assert q.key[0].is_finite()
    assert all(a.end <= b.start for a, b in pairwise(found))
    return found


_ALPHABET = (
    "0123456789.,/:~-—×百千万亿〇一二两三十半点分之每第条不小大于超过以上下内年月日次个人"
    "米mkVh%‰°⁻⁶²()（） |\n，。；至少"
)


@given(st.text(alphabet=_ALPHABET, max_size=40))
def test_hostile_text_never_raises(text: str) -> None:
    check(text)


@given(st.text(max_size=60))
def test_any_text_never_raises(text: str) -> None:
    check(text)


def test_long_text_stays_quick() -> None:
    start = time.perf_counter()
    for text in (
        "1" * 20_000,
        "一" * 20_000,
        "1 000 " * 4_000,
        "a1" * 9_000,
        "每" * 20_000,
        "不小于" * 8_000,
    ):
        check(text)
    assert time.perf_counter() - start < 3


def test_real_articles() -> None:
    """Every tenth article of the packaged laws: spans are right, nothing raises."""
    seen = 0
    for number_, (_, text) in enumerate(statutes()):
        if number_ % 10 == 0:
            seen += len(check(text))
    assert seen > 500


@pytest.fixture(scope="module")
def mine_safety(corpus_dir: Path) -> dict[str, str]:
    """Clause → text of the mine safety standard."""
    (path,) = corpus_dir.glob("standards/GB 16423*.md")
    return {u.id: u.display for u in parse_standard(read_markdown(path)).hits}


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("5.2.1.4", [("宽度", "不小于", 6, "m"), ("", "不小于", 8, "m")]),
        ("5.2.3.7", [("高差", "不大于", Decimal("0.5"), "m")]),
        ("4.5.5", [("", "每", 1, "年"), ("", "不小于", 20, "h")]),
        ("7.3.3", [("宽度", "不小于", 3, "m"), ("宽度", "不小于", 6, "m")]),
    ],
)
def test_real_clauses_of_a_standard(
    mine_safety: dict[str, str], clause: str, expected: list[tuple[str, str, object, str]]
) -> None:
    found = [(q.name, q.bound.value, q.value, q.unit) for q in find(mine_safety[clause])]
    assert found == expected


@pytest.mark.corpus
def test_all_clauses_of_a_standard(mine_safety: dict[str, str]) -> None:
    figures = {clause: check(text) for clause, text in mine_safety.items()}
    assert sum(map(len, figures.values())) > 700
    assert not any(q.value < 0 for found in figures.values() for q in found)
