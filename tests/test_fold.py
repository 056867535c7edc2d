"""Folding: the same figure in any writing folds to the same characters; words stay words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.fold import UNIT_SYMBOLS, UNIT_WORDS, UNITS, fold, fold_text
from kb.numerals import int_to_zh


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("三年", "3 年"),
        ("第二十五条", "第25条"),
        ("第二十五条", "第 25 条"),
        ("第（三）项", "第3项"),
        ("第(三)项", "第三项"),
        ("第一、二款", "第1、2款"),
        ("第一百三十四条之一", "第134条之1"),
        ("百分之四十", "40%"),
        ("百分之四十", "40 ％"),
        ("百分之百", "100%"),
        ("百分之零点五", "0.5%"),
        ("百分之3.5", "3.5 %"),
        ("千分之五", "5‰"),
        ("三分之二", "2/3"),
        ("二十四小时", "24h"),
        ("七十二小时", "72 h"),
        ("两个小时", "2 h"),
        ("三十天", "30日"),
        ("三千元", "3,000元"),
        ("三千米", "3 000 m"),
        ("二十万元", "200000元"),
        ("二十万元", "20 万元"),
        ("二万五千元", "25000元"),
        ("二〇二一年九月一日", "2021年9月1日"),
        ("二○二一年", "２０２１年"),
        ("三至五年", "3至5年"),
        ("三到五年", "3到5年"),
        ("三十余人", "30余人"),
        ("三点五米", "3.5m"),
        ("零点五米", "0.5 m"),
        ("六千伏", "6kV"),
        ("五千瓦", "5 kW"),
        ("五公里", "5km"),
        ("五公里", "5000米"),
        ("五千米", "5 km"),
        ("1.5公里", "1500 m"),
        ("十六周岁", "16周岁"),
        ("六级大风", "6级大风"),
        ("28 ℃", "28°C"),
        ("28℃", "28摄氏度"),
        ("15°", "15度"),
        ("4 Ω", "4欧姆"),
        ("10㎡", "10 m2"),
        ("10㎡", "十平方米"),
        ("5 mg/m³", "5毫克/立方米"),
        ("15m/s", "15 米/秒"),
        ("＞5m", ">5 m"),
        ("≯5m", "≤5 m"),
        ("≮5m", "≥5 m"),
        ("１～２ｍ", "1~2 m"),
        ("GB 16423—2020", "gb 16423-2020"),
        ("GB/T 33000－2016", "GB/T 33000–2016"),
        ("ＧＢ", "gb"),
        ("“灯塔”", "「灯塔」"),
        ("礦車電機", "矿车电机"),
        ("____m", "____ 米"),
        ("（  ）m", "(  )米"),
    ],
)
def test_same(text: str, same: str) -> None:
    assert fold_text(text) == fold_text(same)


_WORDS = """
一般 统一 一切 一定 一起 一线 九步 十分 三违 万一 唯一 统一年度 之一 安全第一 第一责任人 第三人
第三方 第三人民医院 上一级 下一年 每一次 同一工种 一次性 零件 零星 三同时 两单两卡 一岗双责 万元
几十人 数百人 十几年 一百五元 三五人 半年 三人民 千米 百年 五大员 四不放过
"""


@pytest.mark.parametrize("word", _WORDS.split())
def test_words_stay(word: str) -> None:
    assert fold_text(word) == word


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("5.6.1.5 a)", "5.6.1.5 a)"),  # a label, not ampere
        ("2 a) 3 b)", "2 a) 3 b)"),
        ("5.2.2.2", "5.2.2.2"),
        ("第1，200条", "第1，200条"),  # a Chinese comma parts two numbers
        ("a100 200", "a100 200"),
        ("100 200", "100 200"),  # thousands are parted by a space only before a unit
    ],
)
def test_left_alone(text: str, kept: str) -> None:
    assert fold_text(text) == kept


def test_every_numeral_before_a_unit_folds() -> None:
    for n in range(1, 10_000):
        assert fold_text(f"{int_to_zh(n)}年") == f"{n}年"
        assert fold_text(f"第{int_to_zh(n)}条") == f"第{n}条"
    for n in range(10_000, 1_000_000, 9_990):
        zh = int_to_zh(n)
        if not re.search("[百千万][一二三四五六七八九]$", zh):  # 一万二 is 12,000 in speech
            assert fold_text(f"{zh}元") == fold_text(f"{n}元"), zh


@pytest.mark.parametrize("unit", sorted({*UNITS, *UNIT_WORDS} - {"%", "‰", "千米", "公里"}))
def test_every_unit_fires(unit: str) -> None:
    assert fold_text(f"七{unit}") == "7" + UNIT_WORDS.get(unit, unit)


@pytest.mark.parametrize("symbol", sorted({*UNIT_SYMBOLS} - {"km"}))
def test_every_symbol_fires(symbol: str) -> None:
    assert fold_text(f"7 {symbol}") == f"7{UNIT_SYMBOLS[symbol]}"
    assert fold_text(f"x{symbol}") == f"x{symbol}"


def test_every_traditional_character_fires(repo: Path) -> None:
    text = (repo / "kb/data/traditional.txt").read_text(encoding="utf-8")
    pairs = [p for line in text.splitlines() if not line.startswith("#") for p in line.split()]
    assert len(pairs) > 500
    assert len({p[0] for p in pairs}) == len(pairs)
    for old, new in pairs:
        assert old != new
        assert fold_text(old) == new
        assert fold_text(new) == new


_PIECES = st.sampled_from(
    [
        *"〇零○一二两三四五六七八九十百千万亿年月日条款项人级米第至、，,.()（）%‰°Ω分之点余个小时天",
        *"0123456789 mhkgatsv/_~—～㎡㎥℃①ⅣẢﬁ㍿ﷺ́礦😀\n",
        *("百分之", "小时", "个小时", "条之", "公里", "000", "mg/m3", "____", "统一", " h", "Ω"),
    ]
)
_TEXTS = st.one_of(st.lists(_PIECES, max_size=14).map("".join), st.text(max_size=20))


@settings(max_examples=400, deadline=None)
@given(_TEXTS)
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold_text(text)
    assert fold_text(once) == once


@settings(max_examples=400, deadline=None)
@given(_TEXTS)
def test_offsets_lead_back(text: str) -> None:
    folded = fold(text)
    assert folded.text == fold_text(text)
    assert len(folded.offsets) == len(folded.text)
    last = (0, 0)
    for start, end in folded.offsets:
        assert 0 <= start < end <= len(text)
        assert last[0] <= start
        assert last[1] <= end
        last = (start, end)


def test_offsets_are_exact_outside_figures() -> None:
    text = "守塔人每二十四小时、即 24 h，擦灯"
    folded = fold(text)
    for word in ("守塔人", "擦灯"):
        at = folded.text.index(word)
        a, b = folded.span(at, at + len(word))
        assert text[a:b] == word
    for m in re.finditer("24小时", folded.text):
        a, b = folded.span(m.start(), m.end())
        assert text[a:b] in ("二十四小时", "24 h")
