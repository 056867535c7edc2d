"""Saved pages: the document's text and all of it, nothing of the page around it."""

from __future__ import annotations

import re
import unicodedata
from html import escape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.errors import SourceError
from kb.model import BlockKind, Cell, Source
from kb.readers.html import looks_like_html, read_html
from tests.readers.contract import check_contract
from tests.readers.makers import page

BODY = "<p>各班组：</p><p>　　班前要看支架、通风和照明，三样都好才能开工。</p>"


def parse(markup: str | bytes, name: str = "甲.html") -> Source:
    data = markup if isinstance(markup, bytes) else markup.encode()
    source = read_html(Path(name), data)
    check_contract(source, data)
    return source


def lines(source: Source) -> list[str]:
    return source.text.split("\n")


LINES = [
    ("<p>甲</p><p>乙</p>", ["甲", "乙"]),
    ("甲<br>乙<br/><br>丙", ["甲", "乙", "丙"]),
    ("<div>甲<div>乙</div>丙</div>", ["甲", "乙", "丙"]),
    ("<div><span>甲</span><span>乙</span> <b>丙</b></div>", ["甲乙 丙"]),
    ("<span>甲<div>乙</div>丙</span>", ["甲", "乙", "丙"]),
    ("<p>安全\n      生产</p>", ["安全生产"]),  # a break in the source between Han is no space
    ("<p>安全 生产\nabc\n  def</p>", ["安全 生产 abc def"]),
    ("<p><span>安全</span>\n<span>生产</span></p>", ["安全生产"]),
    ("<p>&nbsp;&nbsp;　　甲&nbsp;乙</p>", ["甲\u00a0乙"]),
    ("<p>1&lt;2 &amp; 3&gt;2 &#8804; &copy;</p>", ["1<2 & 3>2 ≤ ©"]),
    ("<ul><li>甲</li><li>乙<ul><li>丙</li></ul></li></ul>", ["甲", "乙", "丙"]),
    ("<dl><dt>甲</dt><dd>乙</dd></dl>", ["甲", "乙"]),
    ("<pre>甲\n  乙\n</pre>", ["甲", "乙"]),
    ("<p>10<sup>-3</sup>mol/m<sup>3</sup> SO<sub>2</sub></p>", ["10⁻³mol/m³ SO₂"]),
    ("<p>见注<sup>[1]</sup>和注<sup>①</sup></p>", ["见注[1]和注①"]),
    ("<p>h<sub>max</sub></p>", ["h_{max}"]),
    ("<p>甲<script>var a='乙';</script><style>p{}</style><!-- 注 -->丙</p>", ["甲丙"]),
    ("<p>甲<span style='display: none'>乙</span><i hidden>丙</i>丁</p>", ["甲丁"]),
    ("<p>甲<img src='a.png'>乙</p>", ["甲［图片］乙"]),
    ("<p>甲</p><p><img src='a.png'></p>", ["甲", "［图片］"]),
    ("<table><tr><td>甲</td></tr><tr><td><p>乙</p><p>丙</p></td></tr></table>", ["甲", "乙", "丙"]),
    ("<table><tr><td><table><tr><td>甲</td><td>乙</td></tr></table></td></tr></table>", ["甲\t乙"]),
    ("<a href='x'>甲</a><custom-tag>乙</custom-tag>", ["甲乙"]),
]


@pytest.mark.parametrize(("body", "expected"), LINES)
def test_lines(body: str, expected: list[str]) -> None:
    assert lines(parse(page(f'<div id="UCAP-CONTENT">{body}<p>{"完" * 20}</p></div>'))) == [
        *expected,
        "完" * 20,
    ]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("https://a.example/x.html", "https://a.example/x.html"),  # no markup at all
        ("甲.txt", "甲.txt"),
        ('<?xml version="1.0" encoding="utf-8"?><html><body><p>甲</p></body></html>', "甲"),
        ('<?xml version="1.0"?><doc><a>甲</a></doc>', "甲"),
    ],
)
def test_odd_pages(markup: str, text: str) -> None:
    assert parse(markup).text == text


def test_headings_and_tables() -> None:
    source = parse(
        page(
            "<article><h1>须<br>知</h1><h2>一、<span>准备</span></h2>"
            "<p>先看再动手，发现不对要停下来，然后报告。</p>"
            "<table><caption>表1</caption><thead><tr><th>项目</th><th>限值</th></tr></thead>"
            "<tr><td rowspan=2>风速</td><td>15 m/s</td></tr><tr><td>0.25<br>m/s</td></tr>"
            "<tr><td colspan=2>注：<img src=x></td></tr></table></article>"
        )
    )
    assert source.title == "须 知"
    found = [(b.kind, b.level, source.text[b.start : b.end]) for b in source.blocks]
    assert found == [
        (BlockKind.HEADING, 1, "须"),
        (BlockKind.HEADING, 1, "知"),
        (BlockKind.HEADING, 2, "一、准备"),
        (BlockKind.PARA, 0, "先看再动手，发现不对要停下来，然后报告。"),
        (BlockKind.PARA, 0, "表1"),
        (BlockKind.TABLE, 0, "项目\t限值\n风速\t15 m/s\n0.25 m/s\n注：［图片］"),
    ]
    assert source.blocks[-1].rows == (
        (Cell("项目", header=True), Cell("限值", header=True)),
        (Cell("风速", rowspan=2), Cell("15 m/s")),
        (Cell("0.25\nm/s"),),
        (Cell("注：［图片］", colspan=2),),
    )
    assert any("1 张图片" in w for w in source.warnings)


def test_numbered_lists_are_told() -> None:
    source = parse(
        page("<article><ol><li>先断电再开盖</li><li>挂牌后有人看守才能干</li></ol></article>")
    )
    assert any("2 处自动编号" in w for w in source.warnings)


AROUND = """
<header><a href="/">某某市应急管理局</a></header>
<div class="nav"><ul><li><a>首页</a></li><li><a>政务公开</a></li></ul></div>
<div class="crumbs">当前位置：首页 > 通知</div>
{}
<div class="share-box">分享到：<a>微信</a></div>
<aside><h3>相关新闻</h3><a>另一条消息的题目有这么长</a></aside>
<form><input name="q"><button>搜索全站内容请输入关键词</button></form>
<footer>主办单位：某某市 备案号 12345</footer>
<script>document.write("广告")</script>
"""


@pytest.mark.parametrize(
    "container",
    [
        '<div id="UCAP-CONTENT">{}</div>',
        '<div class="TRS_Editor"><style>p{{}}</style><div class="Custom_UnionStyle">{}</div></div>',
        '<div class="trs_editor_view TRS_UEDITOR">{}</div>',
        '<div id="zoom">{}</div>',
        '<div class="article-content">{}</div>',
        "<article>{}</article>",
        "<main>{}</main>",
        '<div class="x1"><div class="x2">{}</div></div>',  # no known name: by density
        '<table><tr><td class="x">{}</td></tr></table>',
    ],
)
def test_only_the_main_content(container: str) -> None:
    body = BODY + "<p>　　干完活收好工具，把当班发现的问题写在本子上，交给下一班。</p>"
    source = parse(page(AROUND.format(container.format(body))))
    assert lines(source) == [
        "各班组：",
        "班前要看支架、通风和照明，三样都好才能开工。",
        "干完活收好工具，把当班发现的问题写在本子上，交给下一班。",
    ]


def test_density_is_told() -> None:
    long = parse(page(AROUND.format(f"<div>{BODY * 4}</div>")))
    assert any("篇幅判断" in w for w in long.warnings)
    short = parse(page(AROUND.format(f"<div>{BODY}</div>")))  # too short to tell by its length
    assert any("整页文字" in w for w in short.warnings)
    assert lines(short) == ["各班组：", "班前要看支架、通风和照明，三样都好才能开工。"]
    assert not any("正文标记" in w for w in parse(page(BODY)).warnings)


def test_page_in_one_form() -> None:
    """ASP.NET wraps the whole page into a form."""
    markup = page(f'<form id="form1"><div class="w"><div class="c">{BODY}</div></div></form>')
    assert lines(parse(markup))[-1].startswith("班前要看")


def test_boxes_inside_the_container_are_dropped_and_told() -> None:
    source = parse(
        page(
            f'<article><div class="bdsharebuttonbox"><a>分享到微博</a></div>{BODY}'
            '<div class="related">相关：甲</div><nav>上一篇</nav></article>'
        )
    )
    assert lines(source)[0] == "各班组："
    assert lines(source)[-1].startswith("班前")
    assert any("略去 3 处" in w and "分享到微博" in w for w in source.warnings)


def test_a_box_name_on_the_text_itself_drops_nothing() -> None:
    source = parse(page(f'<article><div id="print" class="print">{BODY}</div></article>'))
    assert lines(source)[-1].startswith("班前")
    long = "<p>" + "每班都要看一遍，写下来。" * 30 + "</p>"
    kept = parse(page(f'<article>{BODY}<div class="related">{long}</div></article>'))
    assert "每班都要看一遍" in kept.text


def test_several_containers_are_joined_and_told() -> None:
    one = '<div class="TRS_Editor"><p>{}</p></div>'
    text = ["前一半：" + "看风水电" * 6, "后一半：" + "停人机料" * 6]
    source = parse(page("".join(one.format(t) for t in text)))
    assert lines(source) == text
    assert any("2 处" in w for w in source.warnings)


def test_empty_known_container_is_passed_over() -> None:
    source = parse(page(f'<div id="zoom"> </div><article>{BODY}</article>'))
    assert lines(source)[0] == "各班组："


TITLES = [
    ('<meta name="ArticleTitle" content="甲通知"><title>乙_网</title>', "<h1>丙</h1>", "甲通知"),
    ("<title>乙通知_某某市应急管理局</title>", "<h1>丙通知</h1>", "丙通知"),
    ("<title>乙通知_某某市应急管理局</title>", "", "乙通知"),
    ("<title>乙通知 - 中国某网</title>", "", "乙通知"),
    ("<title>乙通知-某省应急管理厅</title>", "", "乙通知"),
    ("<title>GB 16423-2020 某规程</title>", "", "GB 16423-2020 某规程"),
    ("<title>乙通知</title>", "<h1>站名</h1><h1>栏目</h1>", "乙通知"),
    ('<meta name="ArticleTitle" content="甲<br/>通知">', "", "甲通知"),
    ("", "", ""),
]


@pytest.mark.parametrize(("head", "top", "title"), TITLES)
def test_title(head: str, top: str, title: str) -> None:
    assert parse(page(f"{top}<article>{BODY}</article>", head)).title == title


def test_meta() -> None:
    head = (
        '<meta name="ArticleTitle" content="甲"><meta name="PubDate" content="2021-11-03 10:20">'
        '<meta name="ContentSource" content="某局"><meta name="ColumnName" content="通知">'
    )
    source = parse(
        page(f"<article><p>某应急发〔2021〕8号</p>{BODY}</article>", head), "乙(2021-11-01).html"
    )
    assert source.meta == {
        "published": "2021-11-03",
        "content_source": "某局",
        "column": "通知",
        "number": "某应急发〔2021〕8号",
        "file_date": "2021-11-01",
    }


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ('<meta charset="gb2312">', "gb18030"),
        ("<meta charset=GBK>", "gb18030"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=gb2312">', "gb18030"),
        ('<meta charset="big5">', "big5"),
        ('<meta charset="utf-8">', "utf-8"),
        ('<meta charset="utf-8">', "utf-8-sig"),
        ('<meta charset="gb2312">', "utf-16"),  # the mark wins
        ('<meta charset="gb2312">', "utf-8-sig"),
        ("", "utf-8"),
        ("", "gb18030"),
    ],
)
def test_declared_encoding(declared: str, encoding: str) -> None:
    text = (
        "班前要看支架、通風和照明，三樣都好才能開工。"
        if encoding == "big5"
        else ("班前要看支架、通风和照明，三样都好才能开工。")
    )
    markup = f"<html><head>{declared}</head><body><article><p>{text}</p></article></body></html>"
    assert parse(markup.encode(encoding)).text == text


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("gb2312", "utf-8"),  # saved again by a browser
        ("iso-8859-1", "utf-8"),  # the default of an old template
        ("iso-8859-1", "gb18030"),
        ("utf-8", "gb18030"),
        ("utf-16", "utf-8"),  # who can read this declaration does not read UTF-16
        ("big5", "utf-8"),
        ("no-such-code", "gb18030"),
        ("rot13", "utf-8"),
    ],
)
@pytest.mark.parametrize("tail", ["", "a"])  # of odd and of even length
def test_wrong_declarations_are_seen_through(declared: str, encoding: str, tail: str) -> None:
    text = "班前要看支架、通风和照明，三样都好才能开工。" + tail
    markup = (
        f'<html><meta charset="{declared}"><body><article><p>{text}</p></article></body></html>'
    )
    source = parse(markup.encode(encoding))
    assert source.text == text
    assert any(declared in w for w in source.warnings)


def test_a_page_in_another_language_is_read_as_declared() -> None:
    markup = '<meta charset="iso-8859-1"><article><p>Vérifiez les équipements à côté.</p></article>'
    assert parse(markup.encode("cp1252")).text == "Vérifiez les équipements à côté."


OPEN_ENDED = [
    ("<p>甲<p>乙<div>丙</div>", ["甲", "乙", "丙"]),
    ("<ul><li>甲<li>乙<ul><li>丙</ul><li>丁</ul>", ["甲", "乙", "丙", "丁"]),
    ("<dl><dt>甲<dd>乙<dt>丙<dd>丁</dl>", ["甲", "乙", "丙", "丁"]),
    ("<table><tr><td>甲<td>乙<tr><td>丙<td><p>丁<p>戊</table>", ["甲\t乙", "丙\t丁 戊"]),
    ("<table><tbody><tr><td>甲<td>乙<tbody><tr><td>丙<td>丁</table>", ["甲\t乙", "丙\t丁"]),
]


@pytest.mark.parametrize(("body", "expected"), OPEN_ENDED)
def test_end_tags_that_may_be_left_out(body: str, expected: list[str]) -> None:
    source = parse(page(f"<article>{body}<p>{'完' * 20}</article>"))
    assert lines(source) == [*expected, "完" * 20]


def test_thousands_of_open_paragraphs() -> None:
    source = parse(page("<article>" + "".join(f"<P>第{i}行" for i in range(3000)) + "</article>"))
    assert len(source.blocks) == 3000


def test_nested_too_deep_is_refused() -> None:
    with pytest.raises(SourceError, match="嵌套过深"):
        parse(page("<article>" + "<div>" * 3000 + "甲" * 30 + "</article>"))


@pytest.mark.parametrize(
    ("markup", "says"),
    [
        (page(""), "没有文字"),
        (page("<div id='app'></div><script>render('甲')</script>"), "脚本"),
        (page("<p><br>&nbsp;　</p>"), "没有文字"),
        ("From: <Saved by Blink>\nSubject: x\nMIME-Version: 1.0\n", "网页存档"),
    ],
)
def test_refused(markup: str, says: str) -> None:
    with pytest.raises(SourceError, match=says):
        parse(markup)


@pytest.mark.parametrize(
    ("data", "is_html"),
    [
        (b"<!DOCTYPE HTML PUBLIC '-//W3C//DTD HTML 4.01//EN'>", True),
        (b"\xef\xbb\xbf\r\n<html lang=zh>", True),
        (b"<!-- saved from url=(0022)http://a.example/ -->\n<html>", True),
        ("# 标题\n<html>".encode(), False),
        (b"<htmlx>", False),
    ],
)
def test_looks_like_html(data: bytes, is_html: bool) -> None:
    assert looks_like_html(data) is is_html


# --- nothing is lost: random pages ------------------------------------------------------------

_TEXT = st.text(
    st.sampled_from("甲乙丙丁，。；0123abc <>&\"' \n\t\u00a0　≤㎡"), min_size=0, max_size=12
).map(escape)
_INLINE = st.recursive(
    _TEXT,
    lambda x: (
        st.tuples(st.sampled_from(["b", "span", "a", "font", "i", "u", "strong", "o:p"]), x).map(
            lambda t: f"<{t[0]}>{t[1]}</{t[0]}>"
        )
        | st.lists(x, max_size=3).map("<br>".join)
        | st.lists(x, max_size=3).map("".join)
    ),
    max_leaves=4,
)
_BLOCK = st.recursive(
    _INLINE,
    lambda x: (
        st.tuples(
            st.sampled_from(
                ["p", "div", "section", "h2", "h4", "li", "blockquote", "center", "ul"]
            ),
            st.lists(x, max_size=3).map("".join),
        ).map(lambda t: f"<{t[0]}>{t[1]}</{t[0]}>")
        | st.lists(st.lists(x, min_size=1, max_size=3), min_size=1, max_size=3).map(
            lambda rows: (
                "<table>"
                + "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in rows)
                + "</table>"
            )
        )
    ),
    max_leaves=8,
)


def characters(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


@settings(deadline=None, max_examples=200)
@given(st.lists(_BLOCK, max_size=5).map("".join), st.sampled_from(["article", "div", "main"]))
def test_all_visible_text_is_kept_in_order(body: str, tag: str) -> None:
    body = f"<p>开头：这一行足够长，让正文被认出来。</p>{body}<p>末尾</p>"
    source = parse(page(f'<{tag} id="zoom">{body}</{tag}>'))
    # the reference: strip the tags with a regular expression; no text here holds a bare < or >
    from html import unescape

    visible = unescape(re.sub(r"<[^>]*>", "", body))
    assert characters(source.text) == characters(visible)
