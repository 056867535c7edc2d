"""The words by which people cite: clause labels from clause ids, and full citations.

`art-25-1` is 第二十五条之一, `5.2.2.2` is itself, `m-s3-k1-c2` of a notice is 三（一）②. A label is
made from the id alone, so that a note, a card or a hit says the same without the text at hand.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from kb.model import DocKind, Document, Version
from kb.numerals import CIRCLED, int_to_zh

__all__ = ["cite", "clause_label", "document_name", "unit_label"]

_REPEAT = re.compile(r"~(\d+)")
"""art-7~2: the second 第七条 of a source that repeats the number."""
_STANDARD = re.compile(r"(?P<number>(?:app-)?[A-Z](?:\.\d+)*|\d+(?:\.\d+)*)(?P<rest>\..*)?\Z")
"""5.2.2.2, 5.2.2.2.i3, app-C.1.2."""
_STEP = re.compile(r"(?P<key>[a-z]+)-?(?P<number>\d+(?:-\d+)*)?\Z")
"""One level of an id: ch-2, s1, art-25-1, p2, i3, full."""
_NOTICE = re.compile(r"(?P<part>m|a\d+)(?P<rest>(?:-[a-z]+\d+(?:~\d+)?)*)\Z")
"""m-s3-k1-c2, a1-p1."""


def _nth(unit: str) -> Callable[[str], str]:
    return lambda n: f"第{_zh(n)}{unit}"


def _zh(number: str) -> str:
    """25 → 二十五; figures beyond the range of a clause stay as they are."""
    return int_to_zh(int(number))


def _article(number: str) -> str:
    head, *tail = number.split("-")
    return f"第{_zh(head)}条" + "".join(f"之{_zh(n)}" for n in tail)


_LAW_STEPS: dict[str, Callable[[str], str]] = {
    "part": _nth("编"),
    "sub": _nth("分编"),
    "ch": _nth("章"),
    "s": _nth("节"),
    "art": _article,
    "p": _nth("款"),
    "i": lambda n: f"第（{_zh(n)}）项",
    "y": lambda n: f"第{n}目",
    "z": lambda n: f"第{n}小目",
    "item": lambda n: f"条目{_zh(n)}",
    "app": lambda n: f"附件{n}",
    "t": lambda n: f"表{n}",
    "n": lambda n: f"注{n}",
}
_STANDARD_STEPS: dict[str, Callable[[str], str]] = {
    "p": lambda n: f"第{n}段",
    "i": lambda n: f"第{n}项",
    "n": lambda n: f"注{n}",
    "t": lambda n: f"表{n}",
}
_NOTICE_STEPS: dict[str, Callable[[str], str]] = {
    "h": _nth("章"),
    "r": _nth("条"),
    "s": _zh,
    "k": lambda n: f"（{_zh(n)}）",
    "n": lambda n: n,
    "q": lambda n: f"（{n}）",
    "y": lambda n: f"{_zh(n)}是",
    "c": lambda n: CIRCLED[int(n) - 1],
    "p": lambda n: f"第{n}段",
    "d": lambda n: f"第{n}项",
    "t": lambda n: f"表{n}",
    "head": lambda n: "标题" if n == "1" else f"标题{n}",
    "to": lambda _: "主送",
    "sign": lambda _: "落款",
    "att": lambda _: "附件目录",
}


def _is_law(kind: DocKind) -> bool:
    return kind not in (DocKind.STANDARD, DocKind.NOTICE)


def unit_label(unit_id: str, kind: DocKind) -> str:
    """What a unit is called within its document: 第二十五条第一款第（三）项, 5.2.2.2第3项.

    An id that follows no rule of `kb.ids` is returned as it stands.
    """
    plain = _REPEAT.sub("", unit_id)
    try:
        if kind is DocKind.NOTICE and (m := _NOTICE.match(plain)):
            return _notice(m)
        if kind is DocKind.STANDARD and (m := _STANDARD.match(plain)):
            return _standard(m)
        return "".join(_law_step(x) for x in plain.split(".")) or unit_id
    except (KeyError, ValueError, IndexError):
        return unit_id


def _law_step(step: str) -> str:
    if step == "full":
        return "全文"
    if step in ("part-end", "app"):
        return "附则" if step == "part-end" else "附件"
    m = _STEP.match(step)
    if m is None or not m["number"]:
        raise ValueError(step)
    return _LAW_STEPS[m["key"]](m["number"])


def _standard(m: re.Match[str]) -> str:
    number = m["number"].removeprefix("app-")
    out = number if "." in number or number[0].isdigit() else f"附录{number}"
    for step in filter(None, (m["rest"] or "").split(".")):
        if len(step) == 1 and step.isalpha():
            out += f" {step}）"
        elif step != "full":
            found = _STEP.match(step)
            if found is None or not found["number"]:
                raise ValueError(step)
            out += _STANDARD_STEPS[found["key"]](found["number"])
    return out


def _notice(m: re.Match[str]) -> str:
    out = "" if m["part"] == "m" else f"附件{m['part'][1:]}"
    for step in filter(None, m["rest"].split("-")):
        found = _STEP.match(step)
        if found is None or not found["number"]:
            raise ValueError(step)
        word = _NOTICE_STEPS[found["key"]](found["number"])
        if found["key"] in "ny" and out and out[-1] not in "）":
            word = f"、{word}"  # 五、6: two bare numbers need a mark between them
        out += word
    return out or "正文"


def clause_label(clause_id: str, kind: DocKind) -> str:
    """What people write for the clause of a hit, never with 款 or 项: 第一百零一条, 5.2.2.2.

    `clause_id` may be a unit below the clause; the items of a notice are clauses themselves.
    """
    if _is_law(kind):
        head = re.match(r"(?:[a-z]+-[\w-]+\.)*(?:art|item)-\d+(?:-\d+)*(?:~\d+)?", clause_id)
        return unit_label(head[0] if head else clause_id, kind)
    if kind is DocKind.STANDARD and (m := _STANDARD.match(_REPEAT.sub("", clause_id))):
        return unit_label(m["number"], kind)
    return unit_label(clause_id, kind)


def document_name(document: Document) -> str:
    """《金属非金属矿山安全规程》（GB 16423—2020）, 《中华人民共和国安全生产法》."""
    if document.kind is DocKind.STANDARD and document.number:
        # GB/T 1.1 writes the year behind a one-em dash
        number = re.sub(r"-(?=\d{4}\Z)", "—", document.number)
        return f"《{document.title}》（{number}）"
    if document.kind is DocKind.NOTICE and document.number:
        return f"《{document.title}》（{document.number}）"
    return f"《{document.title}》"


def cite(document: Document, version: Version, unit_id: str = "", *, in_force: bool = True) -> str:
    """The full citation: 《中华人民共和国安全生产法》第二十五条.

    Args:
        unit_id: a clause or a unit below it; empty for the whole document.
        in_force: False adds the day on which a law's wording was adopted (（2007年8月30日通过）),
            because another one is in force; numbers of standards and notices tell it already.
    """
    name = document_name(document)
    if not in_force and document.kind not in (DocKind.STANDARD, DocKind.NOTICE):
        try:
            day = date.fromisoformat(version.version)
        except ValueError:
            day = None
        if day is not None and day.year > 1:
            name += f"（{day.year}年{day.month}月{day.day}日通过）"
    if not unit_id:
        return name
    repeat = _REPEAT.search(unit_id)
    mark = f"（原文第{repeat[1]}处）" if repeat else ""
    return name + unit_label(unit_id, document.kind) + mark
