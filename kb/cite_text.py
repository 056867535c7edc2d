"""The words by which people cite: clause labels from clause ids, and full citations.

`art-25-1` is 第二十五条之一, `5.2.2.2` is itself, `m-s3-k1-c2` of a notice is 三（一）②. A label is
made from the id alone, so that a note, a card or a hit says the same without the text at hand; only
what an annex calls itself (附录, 附表一) is not in its id and may be given.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from kb.model import DocKind, Document, Version
from kb.numerals import CIRCLED, int_to_zh

__all__ = ["cite", "clause_label", "document_name", "unit_label"]

_REPEAT = re.compile(r"(?:~|\.r)(\d+)")
"""art-7~2: the second 第七条 of a source that repeats the number; art-7~2.i1.r2 below it."""
_STANDARD = re.compile(
    r"(?P<number>(?:app-)?[A-Z](?:\.\d+)*|\d+(?:\.\d+)*|pre|intro)(?P<rest>\..*)?\Z"
)
"""5.2.2.2, 5.2.2.2.i3, app-C.1.2, pre.p2."""
_LAW_CLAUSE = re.compile(
    r"(?:[a-z]+-[\w-]+\.)*(?:(?:art|item)-\d+(?:-\d+)*|(?:(?<=\.)\d+|full|end)(?=[.~]|\Z))(?:~\d+)?"
)
"""The clause of an id: art-25-1, part-2.art-3, app-1.4, full; what follows is below it."""
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
    "i": lambda n: f"第（{_zh(n)}）项",
    "y": lambda n: f"第{n}目",
    "z": lambda n: f"第{n}小目",
    "item": lambda n: f"条目{_zh(n)}",
    "app": lambda n: f"附件{_zh(n)}",
    "pre": lambda n: f"题注（{_zh(n)}）",
    "t": lambda n: f"表{n}",
    "n": lambda n: f"注{n}",
}
_LAW_WORDS = {
    "full": "全文",
    "part-end": "附则",
    "app": "附件",
    "pre": "题注",
    "toc": "目录",
    "end": "结尾",
    "sign": "落款",
}
"""Steps without a number; a step behind the first is not the first part of another word."""
_ARTICLES = ("art-", "item-", "full")
"""What has 款 below it; elsewhere a paragraph is a 段."""
_ANNEX_LABEL = re.compile(r"附[件录表]?[一二三四五六七八九十]*\Z")
_STANDARD_WORDS = {"pre": "前言", "intro": "引言"}
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
    "c": lambda n: CIRCLED[int(n) - 1] if int(n) <= len(CIRCLED) else f"（{n}）",
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


def unit_label(unit_id: str, kind: DocKind, annex: str = "") -> str:
    """What a unit is called within its document: 第二十五条第一款第（三）项, 5.2.2.2第3项.

    An id that follows no rule of `kb.ids` is returned as it stands.

    Args:
        annex: what the annex in which the unit stands calls itself (附录), if that is known.
    """
    plain = _REPEAT.sub("", unit_id)
    try:
        if kind is DocKind.NOTICE and (m := _NOTICE.match(plain)):
            return _notice(m)
        if kind is DocKind.STANDARD and (m := _STANDARD.match(plain)):
            return _standard(m)
        return _law(plain.split("."), annex)
    except (KeyError, ValueError, IndexError):
        return unit_id


def _law(steps: list[str], annex: str) -> str:
    out = ""
    for place, step in enumerate(steps):
        m = _STEP.match(step)
        if step.startswith("app") and _ANNEX_LABEL.match(annex):
            out += annex
        elif step in _LAW_WORDS:
            out += _LAW_WORDS[step]
        elif step.isdigit() and out:  # 一、 of an annex
            out += f"第{_zh(step)}项"
        elif m is None or not m["number"]:
            raise ValueError(step)
        elif m["key"] == "p":
            inside = any(x.startswith(_ARTICLES) for x in steps[:place])
            out += _nth("款" if inside else "段")(m["number"])
        else:
            out += _LAW_STEPS[m["key"]](m["number"])
    return out


def _standard(m: re.Match[str]) -> str:
    number = m["number"].removeprefix("app-")
    out = number if "." in number or number[0].isdigit() else f"附录{number}"
    out = _STANDARD_WORDS.get(number, out)
    for step in filter(None, (m["rest"] or "").split(".")):
        found = _STEP.match(step)
        mark = step if len(step) == 1 or step.isdigit() else ""
        if found and found["key"] == "d" and found["number"]:  # 1) directly in the clause
            mark = found["number"]
        if mark:
            out += f"{'' if out.endswith('）') else ' '}{mark}）"
        elif step != "full":
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


def clause_label(clause_id: str, kind: DocKind, annex: str = "") -> str:
    """What people write for the clause of a hit, never with 款 or 项: 第一百零一条, 5.2.2.2.

    `clause_id` may be a unit below the clause; the items of a notice are clauses themselves, and so
    are those of a law's annex.
    """
    if _is_law(kind):
        head = _LAW_CLAUSE.match(clause_id)
        return unit_label(head[0] if head else clause_id, kind, annex)
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


def cite(
    document: Document,
    version: Version,
    unit_id: str = "",
    *,
    in_force: bool = True,
    annex: str = "",
) -> str:
    """The full citation: 《中华人民共和国安全生产法》第二十五条.

    Args:
        unit_id: a clause or a unit below it; empty for the whole document.
        in_force: False adds the day on which a law's wording was adopted (（2007年8月30日通过）),
            because another one is in force; numbers of standards and notices tell it already.
        annex: what the annex of the unit calls itself; see `unit_label`.
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
    return name + unit_label(unit_id, document.kind, annex) + mark
