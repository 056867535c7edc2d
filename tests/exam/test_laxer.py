"""Which way a figure may be slackened, and how the slackened figure is written."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.exam.laxer import believable, demand, is_laxer, laxer_texts, replaced, turned_round
from kb.quantities import Quantity, find

# text, the figure (its words), +1: larger is laxer, -1: smaller is laxer, 0: the words do not say
DEMANDS = [
    ("踏板宽度不小于0.6 m。", "0.6 m", -1),
    ("踏板宽度不应小于0.6 m。", "0.6 m", -1),
    ("守塔人不得少于两人。", "两人", -1),
    ("至少应有2盏灯。", "2盏", -1),
    ("塔顶应高于树冠3 m。", "3 m", 0),
    ("灯距应大于3 m。", "3 m", -1),
    ("灯距不大于3 m。", "3 m", 1),
    ("小艇航速不得超过5 km/h。", "5 km/h", 1),
    ("灯芯偏差应小于2 mm。", "2 mm", 1),
    ("桅杆高度不小于艇长的1/3。", "1/3", -1),
    ("油罐容量不应超过日用量的3倍。", "3倍", 1),
    # a figure before what it measures is demanded only where something is to be made of it
    ("塔门应采用厚度不小于4 mm的钢板。", "4 mm", -1),
    ("坡度不大于40°的梯子，可不装护笼。", "40°", 0),
    ("坡度大于40°的梯子，应装护笼。", "40°", 0),
    ("风速超过20 m/s时，应停止爬塔。", "20 m/s", 0),
    ("灯高不小于9 m时，应设护笼。", "9 m", 0),
    ("从业人员超过一百人的，应当设塔长。", "一百人", 0),
    # a ban turns a bound round
    ("不应使用厚度不小于4 mm的玻璃。", "4 mm", 0),
    # deadlines
    ("塔长应当在熄灯后10分钟内报告港务站。", "10分钟", 1),
    ("应当自发现之日起三十日内办理登记。", "三十日", 1),
    ("塔长可以在10日内申请复查。", "10日", 0),
    ("熄灯后3 d内，应每班检查灯座。", "3 d", 0),
    ("30日内不得转让灯塔。", "30日", 0),
    ("逾期30日内未报告的，处五百元罚款。", "30日", 0),
    # periods
    ("油灯应每季度擦洗1次。", "每季度", 1),
    ("救生衣应当每半年检查一次。", "半年", 1),
    ("每班应检查灯座1次。", "每班", 1),
    ("每月不得超过3次。", "每月", 0),
    # what is only advised, what is punished, what holds in general
    ("灯距不宜大于3 m。", "3 m", 0),
    ("违反规定的，处不少于三千元的罚款。", "三千元", 0),
    ("停灯时间一般不超过2 h。", "2 h", 0),
    ("灯距为3 m～5 m。", "3 m～5 m", 0),
]


def figure(text: str, words: str) -> Quantity:
    at = text.index(words)
    return next(q for q in find(text) if q.start <= at < q.end)


@pytest.mark.parametrize(("text", "words", "expected"), DEMANDS)
def test_direction(text: str, words: str, expected: int) -> None:
    assert demand(text, figure(text, words)) == expected


# text, the figure, what laxer figures are written in its place (the first ones)
WRITTEN = [
    ("踏板宽度不小于0.6 m。", "0.6 m", ["0.5 m", "0.4 m", "0.3 m"]),
    ("踏板宽度不小于6 m。", "6 m", ["5 m", "4 m", "3 m"]),
    ("护笼高度不小于1.20 m。", "1.20 m", ["1.00 m", "0.80 m", "0.60 m"]),
    ("电压不超过36 V。", "36 V", ["42 V", "48 V", "60 V"]),
    ("电压不超过800 V。", "800 V", ["1 140 V"]),
    ("守塔人应接受不少于72 h的培训。", "72 h", ["60 h", "48 h", "40 h"]),
    ("应当自发现之日起三十日内办理登记。", "三十日", ["四十五日", "六十日", "九十日"]),
    ("守塔人不得少于四人。", "四人", ["三人", "两人"]),
    ("守塔人不得少于两人。", "两人", []),  # no fewer than one says nothing
    ("灯塔的平台不少于两层。", "两层", []),
    ("试油压力不低于工作压力的1.25倍。", "1.25倍", ["1.00倍"]),
    ("桅杆高度不小于艇长的1/3。", "1/3", ["1/4", "1/5", "1/6"]),
    ("油灯应每季度擦洗1次。", "每季度", ["每半年", "每年", "每2年", "每3年"]),
    ("救生衣应当每半年检查一次。", "半年", ["1年", "2年", "3年", "5年"]),
    ("每班应检查灯座1次。", "每班", ["每周", "每月", "每季度", "每半年"]),
    ("存油的比例不小于百分之六十。", "百分之六十", ["百分之五十", "百分之四十五", "百分之四十"]),
    ("存油的比例不大于95%。", "95%", []),
    ("坡度不大于85°。", "85°", []),
    ("跳板的倾角不小于45°。", "45°", ["35°", "30°", "25°"]),  # no 28°
    ("至少应有1盏灯。", "1盏", []),
    ("油位不小于罐高的2/3。", "2/3", []),
]


@pytest.mark.parametrize(("text", "words", "expected"), WRITTEN)
def test_laxer_figures_are_written_as_the_text_writes(
    text: str, words: str, expected: list[str]
) -> None:
    q = figure(text, words)
    direction = demand(text, q)
    assert direction != 0
    found = [w for w, _ in laxer_texts(text, q, direction)]
    assert found[: len(expected)] == expected
    if not expected:
        assert found == []


PERIODS = [
    ("每日", "每周", True),
    ("每周", "每月", True),
    ("每周", "每半年", False),
    ("每月", "每半年", True),
    ("每季度", "每年", True),
    ("每月", "每年", False),
]


@pytest.mark.parametrize(("rule", "said", "near"), PERIODS)
def test_a_period_that_a_sentence_may_say(rule: str, said: str, near: bool) -> None:
    one, two = (find(f"油灯应{p}擦洗1次。")[0] for p in (rule, said))
    assert believable(one, two) is near


# a rule, its figure, another figure and whether a sentence may say it
FIGURES = [
    ("灯架高度不低于2.2 m。", "2.2 m", "灯架高度不低于1.5 m。", "1.5 m", True),
    ("灯架高度不低于2.2 m。", "2.2 m", "灯架高度不低于1.2 m。", "1.2 m", False),
    ("灯距不大于3 m。", "3 m", "灯距不大于6 m。", "6 m", True),
    ("灯距不大于3 m。", "3 m", "灯距不大于8 m。", "8 m", False),
    ("塔长应当在3日内报告。", "3日", "塔长应当在10日内报告。", "10日", True),
]


@pytest.mark.parametrize(("rule", "words", "said", "instead", "near"), FIGURES)
def test_a_figure_that_a_sentence_may_say(
    rule: str, words: str, said: str, instead: str, near: bool
) -> None:
    assert believable(figure(rule, words), figure(said, instead)) is near


# a sentence, its figure, a laxer one, and whether the sentence then contradicts itself
BESIDE = [
    ("风小于6 m/s时高度不低于2.0 m，风大于6 m/s时高度不低于2.2 m。", "2.2 m", "1.5 m", True),
    ("风小于6 m/s时高度不低于2.0 m，风大于6 m/s时高度不低于2.2 m。", "2.0 m", "1.5 m", False),
    ("直梯的级距不超过5 m，曲梯的级距不超过3 m。", "5 m", "8 m", False),
    ("直梯的级距不超过5 m，曲梯的级距不超过3 m。", "3 m", "6 m", True),
    ("直梯的级距不超过5 m，曲梯的级宽不小于3 m。", "5 m", "8 m", False),
]


@pytest.mark.parametrize(("text", "words", "instead", "turned"), BESIDE)
def test_a_figure_keeps_its_side_of_the_others(
    text: str, words: str, instead: str, turned: bool
) -> None:
    q = figure(text, words)
    other = replaced(text, q, instead)
    assert other is not None
    assert turned_round(text, q, other) is turned


UNITS = (
    "m",
    "mm",
    "kg",
    "t",
    "kV",
    "V",
    "A",
    "Ω",
    "%",
    "°",
    "h",
    "min",
    "日",
    "个月",
    "km/h",
    "倍",
)
LEAST = ("不小于", "不少于", "不低于", "不应小于", "不得少于", "至少", "应大于")
MOST = ("不大于", "不超过", "不高于", "不应大于", "不得超过", "应小于")


@settings(deadline=None)  # another's load is no fault of ours
@given(
    number=st.one_of(
        st.integers(1, 5000).map(str),
        st.decimals("0.1", "90", places=1).map(str),
        st.decimals("0.01", "9", places=2).map(str),
    ),
    unit=st.sampled_from(UNITS),
    bound=st.sampled_from([*((b, -1) for b in LEAST), *((b, 1) for b in MOST)]),
)
def test_every_laxer_figure_reads_back_laxer(
    number: str, unit: str, bound: tuple[str, int]
) -> None:
    words, direction = bound
    text = f"灯座的这个量{words}{number} {unit}，并应登记。"
    for q in find(text):
        if demand(text, q) == 0:
            continue
        assert demand(text, q) == direction
        for instead, found in laxer_texts(text, q, direction):
            new = text[: q.start] + instead + text[q.end :]
            again = [x for x in find(new) if x.start == q.start]
            assert [x.key for x in again] == [found.key]
            assert again[0].bound is q.bound
            assert again[0].key[2] == q.key[2]
            assert (again[0].key[0] - q.key[0]) * direction > 0
            assert demand(new, again[0]) == direction


def test_what_reads_otherwise_is_no_replacement() -> None:
    text = "踏板宽度不小于0.6 m。"
    q = figure(text, "0.6 m")
    assert replaced(text, q, "0.5 kg") is None
    assert replaced(text, q, "很窄") is None
    other = replaced(text, q, "0.8 m")
    assert other is not None
    assert not is_laxer(q, other, -1)
