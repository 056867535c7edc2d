"""Source text on its way into Markdown, HTML or a script: it can never become markup.

Every character that any of those languages reads as a sign becomes a numeric character reference,
so the result means the same text in Markdown (with any extension), in HTML and in a quoted
attribute. Only code fences do not decode references; source text never goes into one.
"""

from __future__ import annotations

import json
import re

__all__ = ["escape_attr", "escape_html", "escape_markdown", "js_json"]

_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
"""What HTML forbids as text and Markdown libraries use as placeholders (U+0002, U+0003)."""

_SIGN = re.compile("[!-/:-@\\[-`{-~\n\t\u2028\u2029]")
"""ASCII punctuation; and the breaks, because a new line could begin a list, a table, a snippet."""

_EDGE_SPACE = re.compile(r"\A | \Z|(?<= ) ")
"""Spaces that Markdown takes for a code block (four at the start) or a break (two at the end)."""

_MAGIC_WORD = re.compile(
    # words without a sign that some extension still changes; one character of each is hidden
    r"[0-9](?=st|nd|rd|th)"  # 1st → 1<sup>st</sup> (smartsymbols)
    r"|(?<=[0-9A-Fa-f]{6})[0-9A-Fa-f](?=[0-9A-Fa-f]{33})"  # 40 hex digits: a commit (magiclink)
)

_HTML_SIGNS = {ord(c): f"&#{ord(c)};" for c in "&<>\"'`="}

_JSON_SIGNS = {
    # </script>, <!-- and ]]> must not occur; U+2028 and U+2029 end a line in older JavaScript
    ord(c): f"\\u{ord(c):04x}"
    for c in "<>&\u2028\u2029"
}
_SURROGATE = re.compile("[\ud800-\udfff]")


def escape_markdown(text: str) -> str:
    """One line of Markdown that renders as exactly `text`, whatever extensions are on.

    A line break becomes the reference `&#10;`, so the result stays inside the paragraph, list item
    or table cell that it is put into; whoever wants paragraphs splits the text first.
    """
    text = _fit(text)
    out: list[str] = []
    at = 0
    for m in _MAGIC_WORD.finditer(text):
        out += (_signs(text[at : m.start()]), f"&#{ord(m[0])};")
        at = m.end()
    out.append(_signs(text[at:]))
    return _EDGE_SPACE.sub("&#32;", "".join(out))


def escape_html(text: str) -> str:
    """`text` as HTML content; also safe within a quoted attribute."""
    return _fit(text).translate(_HTML_SIGNS)


def escape_attr(text: str) -> str:
    """`text` as the value of an attribute in double quotes, in HTML as in an attribute list.

    `{: title="…" }` and `<a title="…">` keep it: an attribute list is text to every extension
    that runs before it, so the same characters are hidden as in `escape_markdown`.
    """
    return escape_markdown(text)


def js_json(value: object) -> str:
    """JSON that can stand inside `<script>`; numbers must be finite.

    Raises:
        ValueError: a number is infinite or not a number.
        TypeError: a value has no JSON form.
    """
    packed = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    packed = packed.translate(_JSON_SIGNS)
    return _SURROGATE.sub(lambda m: f"\\u{ord(m[0]):04x}", packed)


def _fit(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNFIT.sub("\ufffd", text)


def _signs(text: str) -> str:
    return _SIGN.sub(lambda m: f"&#{ord(m[0])};", text)
