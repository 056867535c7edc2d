"""Which way figures limit, and how a card's stands to a rule's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.check.limits import Relation, compared, figures_of, phrase

SAME, STRICTER, LAXER, OTHER, UNSURE = (
    Relation.SAME,
    Relation.STRICTER,
    Relation.LAXER,
    Relation.OTHER,
    Relation.UNSURE,
)


@pytest.mark.parametrize(
    ("card", "rule", "expected"),
    [
        # limits
        ("踏步宽度不小于8 m", "宽度应不小于6 m", STRICTER),
        ("踏步宽度不小于4 m", "宽度应不小于6 m", LAXER),
        ("踏步宽度不小于600 cm", "宽度应不小于6 m", SAME),
        ("塔间留5m", "塔间距离不小于6 m", LAXER),
        ("塔间留7m", "塔间距离不小于6 m", STRICTER),
        ("船速不超过40km/h", "船速不应超过30 km/h", LAXER),
        ("船速不超过20公里每小时", "船速不应超过30 km/h", STRICTER),
        ("2小时内报告港务站", "应在1小时内报告港务站", LAXER),
        ("30分钟内报告港务站", "应在1小时内报告港务站", STRICTER),
        ("记录保存2年", "记录保存期限不得少于3年", LAXER),
        ("栏杆高1.0~1.3 m", "栏杆高度不小于1.1 m", LAXER),
        ("栏杆高1.2~1.3 m", "栏杆高度不小于1.1 m", STRICTER),
        ("宽度不大于6 m", "宽度不小于6 m", LAXER),
        # triggers: what holds from a figure on
        ("五级以上大风停止上塔", "六级以上大风天气应停止上塔", STRICTER),
        ("七级以上大风停止上塔", "六级以上大风天气应停止上塔", LAXER),
        ("坡度超过10%的小路设栏杆", "坡度大于8%的小路，应设栏杆", LAXER),
        ("坡度超过6%的小路设栏杆", "坡度大于8%的小路，应设栏杆", STRICTER),
        ("低于5℃时停止上漆", "气温低于0℃时，应停止上漆", STRICTER),
        ("海水盐分低于3%方可取用", "海水盐分低于2%方可取用", LAXER),
        ("海水盐分低于1%方可取用", "海水盐分低于2%方可取用", STRICTER),
        # periods
        ("每月擦一次灯", "每季度擦1次灯", STRICTER),
        ("每年擦一次灯", "每季度至少擦1次灯", LAXER),
        ("每年擦两次灯", "每年至少擦一次灯", STRICTER),
        ("每12个月擦一次灯", "每年擦一次灯", SAME),
        ("每班擦一次灯", "每天擦一次灯", STRICTER),
        # what a rule fixes
        ("罚款5万元", "处二万元以上十万元以下的罚款", OTHER),
        ("最高罚款10万元", "处二万元以上十万元以下的罚款", SAME),
        ("处2万元以上10万元以下罚款", "处二万元以上十万元以下的罚款", SAME),
        ("处2万元以上20万元以下罚款", "处二万元以上十万元以下的罚款", OTHER),
        ("证件有效期5年", "证件有效期为三年", OTHER),
        ("证件有效期三年", "证件有效期为3年", SAME),
        ("坡度3‰", "坡度为2.5‰～5‰", SAME),
        ("坡度6‰", "坡度为2.5‰～5‰", OTHER),
        ("坡度3‰～4‰", "坡度为2.5‰～5‰", STRICTER),
        # a fine's breach: 少于三年的 means three years at least
        ("记录保存4年", "记录保存少于三年的，处一万元罚款", STRICTER),
        ("记录保存2年", "记录保存少于三年的，处一万元罚款", LAXER),
        # nothing to compare
        ("高度3 m", "宽度不小于2 m", UNSURE),
        ("重3 kg", "宽度不小于2 m", UNSURE),
        ("每年一次", "一年内", UNSURE),
    ],
)
def test_relation(card: str, rule: str, expected: Relation) -> None:
    assert compared(figures_of(card)[0], figures_of(rule)[0]) is expected


@given(st.integers(1, 500), st.integers(1, 500))
def test_a_limit_has_one_direction(limit: int, value: int) -> None:
    order = (value > limit) - (value < limit)
    for words, stricter in (("不小于", 1), ("不大于", -1)):
        found = compared(
            figures_of(f"宽度{words}{value} m")[0], figures_of(f"宽度应{words}{limit} m")[0]
        )
        assert found is (SAME, STRICTER, LAXER)[order * stricter]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("塔的宽度不小于 5 m，漆成白色", "不小于 5 m"),
        ("六级以上大风", "六级以上"),
        ("每季度擦灯", "每季度"),
        ("停用不得超过24小时", "不得超过24小时"),
        ("离水3 m", "3 m"),
    ],
)
def test_phrase(text: str, shown: str) -> None:
    start, end = phrase(figures_of(text)[0])
    assert text[start:end].strip() == shown


@pytest.mark.parametrize("text", ["2008年以前的塔", "塔高两米八", "第三条", "GB 99998-2020 5.2.1"])
def test_no_figures(text: str) -> None:
    assert figures_of(text) == ()


@given(
    st.text("不小大于超过以上下内每年月日米m%级0123456789一二三十，。；的时应可～-", max_size=40)
)
def test_never_raises(text: str) -> None:
    for card in figures_of(text):
        start, end = phrase(card)
        assert 0 <= start <= card.quantity.start < card.quantity.end <= end <= len(text)
        for rule in figures_of(text):
            assert compared(card, rule) in Relation
