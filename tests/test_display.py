"""Shown text: LaTeX residue, widths, punctuation, spaces, broken lines."""

from __future__ import annotations

import re
import unicodedata
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.display import ends_sentence, has_formula, join_lines, normalize, to_lines
from kb.ids import content_hash


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        # angles and temperatures
        (r"不超过 $15^{\circ}$ 的坡面", "不超过15°的坡面"),
        (r"$10^{\circ} \sim 15^{\circ}$ 时", "10°～15°时"),
        (r"$10^{\circ}\sim15^{\circ}$时", "10°～15°时"),
        (r"超过 $30^{\circ}$ C 时", "超过30 ℃时"),
        (r"$27^{\circ}C \sim 30^{\circ}C$", "27 ℃～30 ℃"),
        (r"$27^{\circ\mathrm{C}}$", "27 ℃"),
        (r"$1^{\circ}30''$ ;", "1°30″ ;"),
        (r"偏角 $1^{\circ}30'$ ;", "偏角1°30′；"),
        (r"偏角 $2^{'}$", "偏角2′"),
        # numbers with units
        (r"不大于 $8 \, m$ ，", "不大于8 m，"),
        (r"$0.7 \, m \times 0.6 \, m$", "0.7 m×0.6 m"),
        (r"$0.5 \, m/s^{2}$", "0.5 m/s²"),
        (r"$10\mathrm{m}$", "10 m"),
        (r"不大于 $2\Omega$ 。", "不大于2 Ω。"),
        (r"$4\ \Omega$", "4 Ω"),
        (r"$50\ 000\ m^{3}/d$", "50 000 m³/d"),
        (r"$4 \, \text{m}^{3}/(\text{min} \cdot \text{人})$", "4 m³/(min·人)"),
        (r"$6 \, kV \sim 35 \, kV$", "6 kV～35 kV"),
        (r"$2.5\% \sim 5\%$", "2.5%～5%"),
        (r"$10 \times 10^{-6}$", "10×10⁻⁶"),
        (r"面积 35mm^{2} 的", "面积35 mm²的"),
        (r"误差 \pm 3 mm", "误差± 3 mm"),
        (r"$\pm 3 \, mm$", "±3 mm"),
        # formulas
        (r"$H_{2}S$ 等", "H₂S等"),
        ("<eq>NO_2</eq>", "NO₂"),
        (r"<eq>800\ m≤H<1\ 400\ m</eq>", "800 m≤H<1 400 m"),
        (r"<eq>350+(H-800)/6</eq>", "350+(H−800)/6"),
        (r"$x \leq 5$", "x≤5"),
        (r"$$ v = 0. 5 \sqrt {H} \quad \dots\dots\tag {1} $$", "v=0.5√H……（1）"),
        (r"$\sqrt{a+b}$", "√(a+b)"),
        (r"$\frac{1}{3}$ 处", "1/3处"),
        (r"$\frac{a+b}{2}$", "(a+b)/2"),
        (r"$\frac{1}{3}x$", "(1/3)x"),
        (r"$\left( a \right)$", "(a)"),
        # what plain text cannot carry stays as it is
        (r"$2\frac{1}{3}$", r"$2\frac{1}{3}$"),
        (r"$\sqrt[3]{Q}$", r"$\sqrt[3]{Q}$"),
        (r"$K_{甲}$", r"$K_{甲}$"),
        (r"$\sum x$", r"$\sum x$"),
        (r"$x^{ab}$", r"$x^{ab}$"),
        (r"$\sqrt{H}^2$", r"$\sqrt{H}^2$"),
        ("租金$5 到 $6 之间", "租金$5到$6之间"),
        # punctuation of Chinese running text
        ("甲时,乙 10 mm;丙不小于 3 m时,丁", "甲时，乙10 mm；丙不小于3 m时，丁"),
        ("甲: 不小于 1.5 m;", "甲：不小于1.5 m；"),
        ("氧气不低于 20%, 氮", "氧气不低于20%，氮"),
        ("矿柱(含甲、乙)的", "矿柱（含甲、乙）的"),
        ("单位为米(m)。", "单位为米（m）。"),
        ("矿柱（含甲)的", "矿柱（含甲）的"),
        ("坡度 1:1.75; 距离", "坡度1:1.75；距离"),
        ("比例尺1：2000", "比例尺1:2000"),
        ("高度 3,000 米", "高度3,000米"),
        ("1 000 V(1 140 V) 及以下", "1 000 V(1 140 V)及以下"),
        ("起爆 blasting, blasting work 方法", "起爆blasting, blasting work方法"),
        ("blasting; firing", "blasting; firing"),
        ("(a+b)/2", "(a+b)/2"),
        # widths, spaces, units
        ("ＧＢ６７２２ 的规定", "GB 6722的规定"),
        ("GB6722的规定", "GB 6722的规定"),
        ("GB/T33000 的", "GB/T 33000的"),
        ("深度小于5m、直径50mm", "深度小于5 m、直径50 mm"),
        ("3kV~10 kV", "3 kV～10 kV"),
        ("高０．３ｍ", "高0.3 m"),
        ("5.6.2 m", "5.6.2 m"),
        ("4A级单位", "4A级单位"),
        ("露 天 矿 山", "露天矿山"),
        ("甲\u3000乙\u00a0丙", "甲乙丙"),
        ("坡度 3 ‰", "坡度3‰"),
        ("温度25℃", "温度25 ℃"),
        ("按规定执行。\\n", "按规定执行。"),
        ("甲。\\n\n乙。", "甲。\n乙。"),
        ("  甲  \n\n  乙 ", "甲\n乙"),
        ("", ""),
    ],
)
def test_normalize(raw: str, shown: str) -> None:
    assert normalize(raw) == shown


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        (r"$15^{\circ}$", False),
        (r"$\sum_{i} x_i$", True),
        (r"甲 $K_{甲}$ 乙", True),
        ("价格 $5", False),
        ("没有公式", False),
        (r"残留 \alphabet 命令", True),
    ],
)
def test_has_formula(raw: str, kept: bool) -> None:
    assert has_formula(raw) is kept


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (
            ["间距不小于铲装设备最大半径，且不小", "于 40 m。"],
            ["间距不小于铲装设备最大半径，且不小于 40 m。"],
        ),
        (["这一行很长没有任何标点但是也没有说完所以下一行应当接", "上。"], 1),
        (["一般规定", "矿山应当设专人。"], 2),
        (["应符合下列要求：", "甲；"], 2),
        (["甲，乙", "——丙；"], 2),
        (["甲，乙", "a) 丙；"], 2),
        (["甲，乙", "1) 丙；"], 2),
        (["甲，乙", "（一）丙；"], 2),
        (["甲，乙", "第三条 丙。"], 2),
        (["甲，乙", "5.2.1 丙。"], 2),
        (["甲，乙", "注：丙。"], 2),
        (["甲，乙", "", "丙。"], ["甲，乙丙。"]),
        (["参见 safety，and", "health rules。"], ["参见 safety，and health rules。"]),
        (["甲。”", "乙"], 2),
        ([], 0),
    ],
)
def test_join_lines(lines: list[str], joined: list[str] | int) -> None:
    out = join_lines(lines)
    assert (len(out) if isinstance(joined, int) else out) == joined


def test_to_lines_joins_before_it_normalises() -> None:
    text = "4.1 前后车间距应不小\\n\n于 $40 \\, m$ 。拖车,须有专人\\n\n指挥。\n另一段。\n"
    assert to_lines(text) == ["4.1前后车间距应不小", "于40 m。拖车，须有专人指挥。", "另一段。"]


@pytest.mark.parametrize(
    ("line", "ends"),
    [
        ("甲。", True),
        ("甲；", True),
        ("甲:", True),
        ("甲。”", True),
        ("甲（乙）", False),
        ("甲", False),
    ],
)
def test_ends_sentence(line: str, ends: bool) -> None:
    assert ends_sentence(line) is ends


# text as documents have it: Han, figures, units, marks of both widths, bits of LaTeX
_PIECES = st.sampled_from(
    [
        *("矿", "山应", "不小于", "及", "2", "10", "0.5", "1 000", " ", "  ", "m", "mm", "kV", "℃"),
        *(
            "%",
            "‰",
            "(",
            ")",
            "（",
            "）",
            ",",
            ";",
            ":",
            "，",
            "；",
            "。",
            "~",
            "～",
            "-",
            "—",
            "$",
        ),
        *("$$", "^", "_", "{", "}", "{2}", "^{\\circ}", "\\times", "\\,", "\\ ", "\\text{", "H"),
        *("\\frac{1}{2}", "\\n", "\n", "<eq>", "</eq>", "[", "]", "'", "\u3000", "\u200b", "ｍ"),
        *("３", "．", "：", "C", "GB", "6722", "\\left(", "\\sqrt", "\U00100000", "https://"),
    ]
)
_TEXTS = st.one_of(st.lists(_PIECES, max_size=30).map("".join), st.text(max_size=60))


def _digits(text: str) -> str:
    return "".join(re.findall(r"[0-9]", unicodedata.normalize("NFKC", text)))


def _han(text: str) -> str:
    return "".join(re.findall(r"[\u4e00-\u9fff]", text))


@given(_TEXTS)
def test_normalize_is_its_own_fixed_point(text: str) -> None:
    once = normalize(text)
    assert normalize(once) == once


@given(_TEXTS)
def test_no_digit_and_no_han_character_is_lost(text: str) -> None:
    shown = normalize(text)
    assert _digits(shown) == _digits(text)
    assert _han(shown) == _han(text)


@given(st.lists(_PIECES, max_size=30).map("".join))
def test_joining_lines_loses_nothing(text: str) -> None:
    shown = "".join(to_lines(text))
    assert _digits(shown) == _digits(text)
    assert _han(shown) == _han(text)


@given(
    st.lists(st.sampled_from(["矿", "山", "2", " ", "m", "(", ")", ",", "。", "~"]), max_size=20)
)
def test_widths_and_spaces_do_not_change_the_hash(pieces: list[str]) -> None:
    text = "".join(pieces)
    wide = text.translate({ord("("): "（", ord(")"): "）", ord(","): "，", ord(" "): "\u3000"})
    assert content_hash(normalize(text)) == content_hash(normalize(wide))


@pytest.mark.corpus
def test_no_latex_is_left_in_the_standard(corpus_dir: Path) -> None:
    (path,) = corpus_dir.glob("standards/GB 16423*.md")
    text = unescape(path.read_text(encoding="utf-8"))
    blocks = re.findall(r"\$\$.+?\$\$|\$[^$\n]+\$|<eq>.*?</eq>", text, re.S)
    assert len(blocks) > 140
    left = [b for b in blocks if has_formula(b) or re.search(r"[\\$^_{}]", normalize(b))]
    assert left == []
