"""The finite parts of the grammar, exhaustively, and what every text must satisfy."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.citations import Inside, find
from kb.citations import patterns as pat
from kb.numerals import int_to_zh

ARTICLES = range(1, 1300)  # 民法典 has 1,260


def test_every_article_number_in_both_numerals() -> None:
    for n in ARTICLES:
        for written in (int_to_zh(n), str(n)):
            (c,) = find(f"本法第{written}条")
            assert (c.articles, c.raw) == ((f"art-{n}",), f"本法第{written}条")


def test_every_insertion_and_item() -> None:
    for n in range(1, 31):
        zh = int_to_zh(n)
        (c,) = find(f"第二百条之{zh}第{zh}款第（{zh}）项第{n}目")
        assert c.articles == (f"art-200-{n}.p{n}.i{n}.y{n}",)
        (c,) = find(f"本法第{zh}编第{zh}章第{zh}节")
        assert c.articles == (f"part-{n}.ch-{n}.s{n}",)


@pytest.mark.parametrize("opening", "（(")
@pytest.mark.parametrize("closing", "）)")
@pytest.mark.parametrize("blank", ["", " ", "　"])
def test_brackets_and_blanks(opening: str, closing: str, blank: str) -> None:
    (c,) = find(f"第{blank}三{blank}条第{blank}{opening}二{closing}{blank}项")
    assert c.articles == ("art-3.i2",)


def test_every_well_known_name_cuts_the_word_before() -> None:
    for name in pat.WELL_KNOWN_NAMES:
        (c,) = find(f"收购{name}第三条")
        assert (c.title, c.raw) == (name, f"{name}第三条")


def test_every_generic_name_can_be_found() -> None:
    """The table of names that say nothing holds no name that the finder never yields."""
    for name in pat.GENERIC_NAMES:
        (c,) = find(f"依照{name}第三条")
        assert c.title == name


# --- properties -------------------------------------------------------------------------------

_NUMBERS = st.integers(1, 1260)
_SMALL = st.integers(1, 20)


@st.composite
def references(draw: st.DrawFn) -> tuple[str, tuple[str, ...]]:
    """A written reference with the ids that it names."""
    n = draw(_NUMBERS)
    text, path = f"第{int_to_zh(n)}条", f"art-{n}"
    if draw(st.booleans()):
        sub = draw(_SMALL)
        text, path = f"{text}之{int_to_zh(sub)}", f"{path}-{sub}"
    p = draw(st.one_of(st.none(), _SMALL))
    if p:
        text, path = f"{text}第{int_to_zh(p)}款", f"{path}.p{p}"
    i = draw(st.one_of(st.none(), _SMALL))
    if i:
        shape = draw(st.sampled_from(["第{}项", "第（{}）项", "第({})项"]))
        text, path = text + shape.format(int_to_zh(i)), f"{path}.i{i}"
    return text, (path,)


@given(
    st.lists(references(), min_size=1, max_size=6), st.sampled_from(["、", "和", "或者", "以及"])
)
def test_a_written_list_is_read_back(
    written: list[tuple[str, tuple[str, ...]]], joint: str
) -> None:
    text = "依照《某法》" + joint.join(t for t, _ in written) + "处理"
    found = find(text)
    assert [c.articles for c in found] == [a for _, a in written]
    assert {c.title for c in found} == {"某法"}
    assert [c.listed for c in found] == [False] + [True] * (len(written) - 1)


@given(references(), references())
def test_a_range_is_read_back(
    first: tuple[str, tuple[str, ...]], last: tuple[str, tuple[str, ...]]
) -> None:
    (a,), (b,) = first[1], last[1]
    deep = [re.sub(r"[^piy.]", "", x.partition(".")[2]) for x in (a, b)]
    found = find(f"本法{first[0]}至{last[0]}")
    if deep[0][-1:] == deep[1][-1:]:
        assert [c.articles for c in found] == [(a, b)]
        assert found[0].through
    else:  # ends of two kinds are two references
        assert [c.articles for c in found] == [(a,), (b,)]


_PIECES = st.sampled_from(
    [
        *'第十百一条款项目章节编之（）()《》〈〉、和至，。\n本法前两该同令号〔〕-—5.1表件的按“”"～A',
        *("2021", "GB ", "AQ", "/T", "附录A", "规定", "以下简称", "条例", "刑法", "a)", "第一条"),
        *("第（二）项", "本法", "前款", "分则", "第三章"),
    ]
)
_TEXTS = st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=60).map("".join))


@settings(max_examples=400)
@given(_TEXTS, st.sampled_from(["law", "standard", "notice", "other"]))
def test_any_text(text: str, inside: Inside) -> None:
    """Spans hold their raw text, stand in order, never overlap; nothing raises."""
    end = 0
    for c in find(text, inside=inside, names=frozenset({"某条例", "刑法"})):
        assert text[c.start : c.end] == c.raw
        assert end <= c.start < c.end
        assert c.through == bool(c.until or len(c.articles) == 2)
        assert not (c.relative and c.articles)
        assert c.articles or c.relative or c.title or c.number or c.form == "this"
        end = c.end


HOSTILE = [
    "《",
    "》",
    "第",
    "第一、",
    "十",
    "第（",
    "本法第",
    "《a《b》",
    "1.",
    "GB ",
    "第一条、",
    "（以下简称",
    "前",
    "令第",
    "〔2021〕1号",
    "符合1.1.1、",
    '"',
    "“\n",
    "法第一条",
    "有限",
    "\n第一条",
    " ",
    "A.1",
    "第一条第二款第三项",
    "、第三款",
    "甲",
    "安全生产法",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_grows_with_length(piece: str) -> None:
    """100,000 characters of any repetition: what costs more than linear time would not end."""
    text = piece * (100_000 // len(piece))
    for inside in ("law", "standard"):
        assert all(text[c.start : c.end] == c.raw for c in find(text, inside=inside))
    assert find("甲" + text + "见第一条")
