"""Source text can become no markup: hostile texts rendered by the real Markdown library."""

from __future__ import annotations

import html
import json
import re
from functools import cache
from pathlib import Path

import markdown  # type: ignore[import-untyped]
import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kb.escape import escape_attr, escape_html, escape_markdown, js_json

EXTENSIONS = [
    "attr_list",
    "md_in_html",
    "tables",
    "footnotes",
    "abbr",
    "admonition",
    "def_list",
    "toc",
    "meta",
    "nl2br",
    "smarty",
    "wikilinks",
    "pymdownx.superfences",
    "pymdownx.inlinehilite",
    "pymdownx.snippets",
    "pymdownx.details",
    "pymdownx.tabbed",
    "pymdownx.emoji",
    "pymdownx.magiclink",
    "pymdownx.betterem",
    "pymdownx.tilde",
    "pymdownx.caret",
    "pymdownx.mark",
    "pymdownx.keys",
    "pymdownx.critic",
    "pymdownx.smartsymbols",
    "pymdownx.progressbar",
    "pymdownx.arithmatex",
    "pymdownx.tasklist",
]

HOSTILE = [
    # HTML
    "<script>alert(1)</script>",
    "</p></div><img src=x onerror=alert(1)>",
    "<!-- 注释 -->",
    "<div markdown='1'>块</div>",
    "<details><summary>甲</summary>乙</details>",
    "&lt;b&gt; &amp;amp; &#60;i&#62; &nbsp;",
    "a & b && c &copy 2020",
    "<https://example.com> <a@b.cn>",
    "]]> <![CDATA[ x ]]> <?php echo 1 ?>",
    # blocks at the start of a line
    "# 标题",
    "#不是标题",
    "1. 第一",
    "1) 第一",
    "- 项目",
    "+ 项目",
    "* 项目",
    "- [x] 任务",
    "> 引用",
    "    四个空格",
    "\t制表符",
    "        八个空格 后文  ",
    "```python\nprint(1)\n```",
    "~~~\n代码\n~~~",
    "---",
    "===\n",
    "甲\n===",
    "甲\n---\n乙",
    "***",
    '!!! danger "危险"\n    内容',
    "??? note\n    内容",
    '???+ note "开"',
    '=== "标签"\n    内容',
    "/// note\n内容\n///",
    "::: 容器",
    ": 定义",
    "术语\n:   定义",
    "| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |",
    "甲 | 乙\n--- | ---\n1 | 2",
    "甲|乙",
    "*[HTML]: 缩写",
    "[^1]: 脚注",
    "[甲]: https://example.com",
    "Title: 元数据",
    "[TOC]",
    "第一段\n\n第二段\n\n\n- 项",
    # inline
    "*斜* **粗** _斜_ __粗__ ***都***",
    "`代码` ``双``",
    "`#!python print(1)`",
    "[文字](javascript:alert(1))",
    "![图](https://example.com/a.png)",
    "[^1] 与 [甲][乙]",
    "{: #id .class onclick=alert(1) }",
    "文字{ #id }",
    "{{ config.site_name }} {% include 'x' %} {# 注 #}",
    '--8<-- "secret.txt"',
    ';--8<-- "x"',
    "--8<--\nsecret.txt\n--8<--",
    '-8<- "secret.txt"',
    "https://example.com/路径?a=1&b=2#c 和 www.example.com 和 a@b.cn",
    "ftp://example.com http www",
    "#123 @user user/repo#1 user/repo@0123456789abcdef0123456789abcdef01234567",
    "0123456789abcdef0123456789abcdef01234567",
    ":smile: :material-home: :+1:",
    "~~删~~ ~下~ ^^插^^ ^上^ ==标== ++ctrl+alt++",
    "{++增++}{--减--}{~~旧~>新~~}{==亮==}{>>注<<}",
    "(c) (tm) (r) +/- --> <-- <--> =/= 1/2 1/4 c/o 1st 2nd 3rd 11th",
    "$x^2$ $$y$$ \\(z\\) \\[w\\] \\begin{align}a\\end{align}",
    '[=50% "半"]',
    "[[维基链接]]",
    "反斜杠 \\* \\_ \\# \\\\ \\",
    "\"引号\" 'quote' -- --- ...",
    "换行两个空格  \n下一行",
    "\x02wzxhzdk:0\x03 \x02amp\x03 \x02klzzwxh:0001\x03",
    "零\x00字节 \x1b[31m \x7f \x9b",
    "甲\r\n乙\r丙",
    "分行\u2028符号\u2029# 标题",
    "٣. 项目 ①乙 １．丙",
    "𠮷𪚥 e\u0301 \u202e倒\u202c",
]

CONTEXTS = {
    "paragraph": "前\n\n{X}\n\n后\n",
    "first line of a page": "{X}\n\n后\n",
    "end of a line": "前 {X}\n后\n",
    "between words": "前 **甲{X}乙** 后{X}后\n",
    "heading": "# {X} {{: #a }}\n\n文\n",
    "list": "- {X}\n- {X}\n\n1. {X}\n",
    "quote": "> {X}\n",
    "admonition": '!!! note "题"\n    {X}\n\n    {X}\n',
    "details": '??? note "题"\n    {X}\n',
    "tab": '=== "题"\n    {X}\n',
    "table": "| 甲 | 乙 |\n| --- | --- |\n| {X} | 丙 |\n| 丁 | {X} |\n",
    "definition": "词\n:   {X}\n",
    "footnote": "文[^a]\n\n[^a]: {X}\n",
    "link text": "[{X}](b.md){{ .c }}\n",
    "attribute list": "{X}\n{{: .kb-clause #m }}\n\n后\n",
    "block of HTML": '<div class="u" markdown="1">\n\n{X}\n\n</div>\n',
    "raw HTML": '<div class="u">{X}</div>\n',
}

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")


@cache
def converter() -> markdown.Markdown:
    snippets = {"base_path": [str(Path(__file__).parent)], "check_paths": True}
    magic = {
        "repo_url_shorthand": True,
        "social_url_shorthand": True,
        "user": "u",
        "repo": "r",
        "provider": "github",
    }
    configs = {"pymdownx.snippets": snippets, "pymdownx.magiclink": magic}
    return markdown.Markdown(extensions=EXTENSIONS, extension_configs=configs)


def render(page: str) -> BeautifulSoup:
    md = converter()
    md.reset()
    out = md.convert(page)
    return BeautifulSoup(out + str(getattr(md, "toc", "")), "html.parser")


def skeleton(node: Tag) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    return [
        (t.name, tuple(sorted((k, str(v)) for k, v in t.attrs.items())))
        for t in node.find_all(True)
    ]


PLACEHOLDER = "占位文"


def folded(text: str) -> str:
    return " ".join(text.split())


def expected(text: str) -> str:
    return FORBIDDEN.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def check(text: str, context: str) -> None:
    template = CONTEXTS[context]
    plain = render(template.format(X=PLACEHOLDER))
    page = render(template.format(X=escape_markdown(text)))
    assert skeleton(page) == skeleton(plain)
    assert folded(page.get_text()) == folded(plain.get_text().replace(PLACEHOLDER, expected(text)))


@pytest.mark.parametrize("context", CONTEXTS)
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str, context: str) -> None:
    check(text, context)


def test_the_texts_are_hostile() -> None:
    """Unescaped, most of them do change the page: the table tests something."""

    def harmless(text: str) -> bool:
        try:
            page = render(f"前\n\n{text}\n\n后\n")
        except Exception:  # a snippet that is not there
            return False
        same = folded(page.get_text()) == folded(f"前 {text} 后")
        return same and skeleton(page) == [("p", ())] * 3

    kept = [t for t in HOSTILE if harmless(t)]
    assert len(HOSTILE) - len(kept) >= 60, kept


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_is_one_line_without_signs(text: str) -> None:
    out = escape_markdown(text)
    assert "\n" not in out
    assert not re.search(r"[{}<>`*_\[\]|!\\:$^~+=\"']", out)
    assert html.unescape(out) == expected(text)


def test_chinese_text_is_not_blown_up() -> None:
    text = "应当每季检查一次，并记录结果；不合格的不得使用。"
    assert escape_markdown(text) == text


_SIGNS = "#*_`~^=+-|:!?<>[](){}&;\\/$\"'.@,%\n\t "
_MARKUP = ["    ", "  ", "--8<--", "&#", "&lt;", "<b>", "1.", "{{", "}}", "```"]
_WORDS = ["www.", "http", "1st", "\x02", "\x03", "甲", "标准", "\u3000", "\u2028"]
_PIECES = st.sampled_from([*_SIGNS, *_MARKUP, *_WORDS])
_TEXTS = st.one_of(
    st.lists(_PIECES, max_size=12).map("".join),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
)


@settings(max_examples=150, deadline=None)
@example("\x02\x03", "paragraph")
@given(_TEXTS, st.sampled_from(sorted(CONTEXTS)))
def test_any_text_stays_text(text: str, context: str) -> None:
    text = f"甲{text}乙"  # blank text would leave a list item or a cell empty
    check(text, context)
    check(text[1:], context)


@given(st.text())
def test_html_gives_the_text_back(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    soup = BeautifulSoup(f'<p title="{escape_html(text)}">{escape_html(text)}</p>', "html.parser")
    assert [t.name for t in soup.find_all(True)] == ["p"]
    assert soup.p is not None
    assert soup.p.get_text() == expected(text)
    assert set(soup.p.attrs) == {"title"}
    assert soup.p["title"] == expected(text)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    ("page", "select"),
    [
        ('<a title="{A}" href="b">文</a>\n', "a"),
        ('文字\n{{: title="{A}" }}\n', "p"),
        ('[文](b.md){{ title="{A}" }}\n', "a"),
        ('## 题 {{: #a title="{A}" }}\n', "h2"),
    ],
)
def test_attribute_keeps_its_value(text: str, page: str, select: str) -> None:
    plain, soup = render(page.format(A="值")), render(page.format(A=escape_attr(text)))
    assert [t.name for t in soup.find_all(True)] == [t.name for t in plain.find_all(True)]
    tag = soup.select_one(select)
    assert tag is not None
    assert set(tag.attrs) == {"title", *tag.attrs.keys() & {"href", "id"}}
    assert folded(str(tag["title"])) == folded(expected(text))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda x: st.lists(x, max_size=3) | st.dictionaries(st.text(), x, max_size=3),
        max_leaves=8,
    )
)
@example("</script><!-- ]]> & \u2028\u2029 \ud800")
def test_js_json_is_json_and_inert(value: object) -> None:
    out = js_json(value)
    assert json.loads(out) == value
    assert not re.search("[<>&\u2028\u2029\ud800-\udfff]", out)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_js_json_refuses_what_json_lacks(value: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        js_json(value)
