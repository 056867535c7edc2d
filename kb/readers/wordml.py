"""WordprocessingML (ECMA-376 part 1, 17) → lines of text: runs, breaks, formulas, revisions.

Works on the XML elements that python-docx has parsed; imports nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from kb.readers.inline import IMAGE_MARK, lowered, raised

__all__ = ["MC", "Seen", "is_on", "paragraph_text", "q", "text_boxes"]

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
"""Namespace of AlternateContent: the same content for newer and older programs."""

Element = Any  # lxml's _Element, which has no types


def q(name: str) -> str:
    """Qualified name of an element or attribute: `w:p`, `m:oMath`."""
    prefix, _, local = name.partition(":")
    return f"{{{_W if prefix == 'w' else _M}}}{local}"


_SYMBOL_FONT = dict(
    # signs that Word keeps as a position in the font Symbol (Adobe Symbol encoding)
    zip(
        (0x61, 0x62, 0x67, 0x64, 0x71, 0x6C, 0x6D, 0x70, 0x72, 0x73, 0x66, 0x77, 0x44, 0x53, 0x57),
        "αβγδθλμπρσφωΔΣΩ",
        strict=True,
    )
) | dict(
    zip(
        (0xA3, 0xB3, 0xB1, 0xB4, 0xB8, 0xB0, 0xB9, 0xBB, 0xA5, 0xD7, 0xB7, 0xA2, 0xB2, 0x2D, 0xAE),
        "≤≥±×÷°≠≈∞⋅·′″−→",
        strict=True,
    )
)

_PRIVATE = range(0xF000, 0xF100)
"""Private use: where Word puts the positions of a symbol font."""

_AS_IN_ASCII = frozenset("0123456789()+,./:;<=>%[] ")
"""Signs that stand in the font Symbol where ASCII has them."""

_UNKNOWN_SIGN = "〓"
"""A sign that cannot be read: the printers' mark for a missing character."""

_SKIPPED = frozenset(
    q(f"w:{name}")
    for name in (
        # deleted and moved-away text, field codes, comments, pronunciation, alternate of a symbol
        "del",
        "moveFrom",
        "delText",
        "instrText",
        "delInstrText",
        "commentReference",
        "rt",
        "rPr",
        "pPr",
        "sdtPr",
        "fldData",
    )
)


@dataclass
class Seen:
    """What was met on the way and the user has to be told."""

    images: int = 0
    revisions: int = 0
    hidden: int = 0
    formulas: int = 0
    unknown_signs: int = 0
    notes: int = 0
    text_boxes: int = 0
    numbered: list[str] = field(default_factory=list)


def paragraph_text(paragraph: Element, seen: Seen) -> str:
    """Text of a `w:p` with tracked changes accepted; soft line breaks are newlines."""
    return "".join(_pieces(paragraph, seen))


def _pieces(node: Element, seen: Seen) -> Iterator[str]:
    for child in node:
        tag = child.tag
        if tag == q("w:r"):
            yield _run(child, seen)
        elif tag in (q("m:oMath"), q("m:oMathPara")):
            seen.formulas += 1
            yield _math(child)
        elif tag in _SKIPPED or not isinstance(tag, str):
            seen.revisions += tag in (q("w:del"), q("w:moveFrom"))
        elif tag == MC + "AlternateContent":
            yield from _pieces(_choice(child), seen)
        else:
            seen.revisions += tag in (q("w:ins"), q("w:moveTo"))
            yield from _pieces(child, seen)


def _choice(alternate: Element) -> Element:
    """The first variant of an AlternateContent (both say the same)."""
    return next(iter(alternate), alternate)


def _run(run: Element, seen: Seen) -> str:
    props = run.find(q("w:rPr"))
    if props is not None and is_on(props.find(q("w:vanish"))):
        seen.hidden += any((t.text or "").strip() for t in run.iter(q("w:t")))
        return ""
    text = "".join(_run_pieces(run, seen))
    if any(ord(c) in _PRIVATE for c in text):
        fonts = props.find(q("w:rFonts")) if props is not None else None
        font = (fonts.get(q("w:ascii")) or "").lower() if fonts is not None else ""
        text = "".join(_sign(ord(c), font, seen) if ord(c) in _PRIVATE else c for c in text)
    align = props.find(q("w:vertAlign")) if props is not None else None
    if align is not None:
        kind = align.get(q("w:val"))
        if kind == "superscript":
            return raised(text)
        if kind == "subscript":
            return lowered(text)
    return text


def _run_pieces(run: Element, seen: Seen) -> Iterator[str]:
    for child in run:
        tag = child.tag
        if tag == q("w:t"):
            yield child.text or ""
        elif tag in (q("w:tab"), q("w:ptab")):
            yield "\t"
        elif tag in (q("w:br"), q("w:cr")):
            yield "\n"
        elif tag == q("w:noBreakHyphen"):
            yield "-"
        elif tag == q("w:sym"):
            yield _symbol(child, seen)
        elif tag in (q("w:footnoteReference"), q("w:endnoteReference")):
            seen.notes += 1
        elif tag in (q("w:drawing"), q("w:pict"), q("w:object")):
            yield _picture(child, seen)
        elif tag == MC + "AlternateContent":
            yield from _run_pieces(_choice(child), seen)
        elif tag == q("w:ruby"):
            base = child.find(q("w:rubyBase"))
            if base is not None:
                yield from _pieces(base, seen)


def _symbol(sym: Element, seen: Seen) -> str:
    font = (sym.get(q("w:font")) or "").lower()
    try:
        code = int(sym.get(q("w:char")) or "", 16)
    except ValueError:
        code = -1
    return _sign(code, font, seen)


def _sign(code: int, font: str, seen: Seen) -> str:
    if font == "symbol" or _PRIVATE.start <= code < _PRIVATE.stop:
        position = code - _PRIVATE.start if code in _PRIVATE else code
        if font == "symbol":
            if position in _SYMBOL_FONT:
                return _SYMBOL_FONT[position]
            if 0x20 <= position < 0x40 and chr(position) in _AS_IN_ASCII:
                return chr(position)
    elif 0x20 <= code <= 0xD7FF and font not in {"wingdings", "webdings"}:
        return chr(code)
    seen.unknown_signs += 1
    return _UNKNOWN_SIGN


def _picture(node: Element, seen: Seen) -> str:
    # of a text box the paragraphs are written after this one (`text_boxes`)
    local = {str(e.tag).rpartition("}")[2] for e in node.iter()}
    if local & {"pic", "imagedata", "OLEObject", "chart", "relIds"}:
        seen.images += 1
        return IMAGE_MARK
    return ""  # a line or a frame without content


def text_boxes(paragraph: Element) -> Iterator[Element]:
    """`w:txbxContent` elements of a paragraph, each once (the fallback repeats the choice)."""
    for box in paragraph.iter(q("w:txbxContent")):
        above = list(box.iterancestors())
        if any(a.tag == MC + "Fallback" for a in above):
            continue
        if any(a.tag == q("w:txbxContent") for a in above):
            continue  # inside another box, which is walked whole
        yield box


def is_on(flag: Element | None) -> bool:
    """Whether a toggle property is set (17.17.4: present without a value means true)."""
    return flag is not None and flag.get(q("w:val"), "true") not in {"0", "false", "off"}


def _math(node: Element) -> str:
    """Office Math on one line: fractions as (a)/(b), powers as a^{b}, roots as √(a)."""
    tag = str(node.tag).rpartition("}")[2]

    def part(name: str) -> str:
        child = node.find(q(f"m:{name}"))
        return "" if child is None else _math(child)

    if tag == "t":
        return node.text or ""
    if tag == "f":
        return f"({part('num')})/({part('den')})"
    if tag in {"sSup", "sSub", "sSubSup"}:
        low = lowered(part("sub")) if tag != "sSup" else ""
        high = raised(part("sup")) if tag != "sSub" else ""
        return part("e") + low + high
    if tag == "rad":
        degree = part("deg")
        return f"{raised(degree) if degree else ''}√({part('e')})"
    if tag == "nary":
        sign = node.find(f"{q('m:naryPr')}/{q('m:chr')}")
        char = sign.get(q("m:val"), "∫") if sign is not None else "∫"
        return f"{char}_{{{part('sub')}}}^{{{part('sup')}}}({part('e')})"
    if tag == "d":
        props = node.find(q("m:dPr"))
        ends = ["(", ")"]
        for i, name in enumerate(("begChr", "endChr")):
            found = props.find(q(f"m:{name}")) if props is not None else None
            if found is not None:
                ends[i] = found.get(q("m:val"), ends[i])
        inner = "".join(_math(c) for c in node if str(c.tag).endswith("}e"))
        return f"{ends[0]}{inner}{ends[1]}"
    if tag.endswith("Pr"):
        return ""
    return "".join(_math(c) for c in node if isinstance(c.tag, str))
