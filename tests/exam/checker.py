"""A checker of items that knows nothing of how they were made: only the JSON and the texts.

`faults(item, passages)` says what a panel could object to: words that do not stand in the clause, a
wrong option that the clause states, a figure that is not laxer than the rule, figures that another
clause sets for the same thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from kb.quantities import Bound, Quantity, find
from kb.store import Passages, StoredUnit

BLANK = "（　　）"
PHRASES = re.compile(
    # what a stem has of its own: its head, what asks, what joins a case to what follows
    r"根据[^，]*?，|关于|下列说法符合规定的?(?:有哪些|是哪一项)|下列做法符合规定的?(?:有哪些|是哪一项)"
    r"|下列哪一[项处]|下列哪些|哪些|指的是下列哪一个术语|的，|[，。？“”]"
)
LEAST = re.compile(
    r"(?:不[应得能可]?(?:小于|少于|低于|短于)|至少|(?<!不)应(?:大于|高于|超过))[^\d]{0,26}\Z"
)
MOST = re.compile(
    r"(?:不[应得能可]?(?:大于|超过|高于|多于)|至多|最多|应(?:小于|低于))[^\d]{0,26}\Z"
)
WITHIN = re.compile(r"(?:以|之)?内")
DAYS = {"班": 1 / 3, "d": 1, "月": 30}


def faults(item: dict[str, Any], passages: Passages) -> Iterator[str]:
    """What is wrong with an item; nothing if it stands."""
    ref, _, clause = item["id"].partition("#")
    unit = passages.unit(ref, clause)
    if unit is None:
        yield "no clause"
        return
    if unit.hash != item["hash"]:
        yield "hash"
    if unit.errata:
        yield "erratum"
    yield from _answer(item, unit, passages)
    yield from _stem(item, unit)
    yield from _options(item, unit, passages)
    for d in item["distractors"]:
        if not d["why"] or passages.unit(*d["id"].split("#")) is None:
            yield f"distractor without source: {d['text']}"


def _right(item: dict[str, Any]) -> list[str]:
    if item["type"] in ("单选", "多选"):
        return [item["options"]["ABCDEFGH".index(c)] for c in item["answer"]]
    return item["points"] or [item["answer"]]


def _answer(item: dict[str, Any], unit: StoredUnit, passages: Passages) -> Iterator[str]:
    cut = [unit.display[a:b] for a, b in item["answer_spans"]]
    for also in item.get("also", ()):
        other = passages.unit(*also["id"].split("#"))
        if other is None or other.hash != also["hash"] or other.errata:
            yield f"right option without its clause: {also['id']}"
            continue
        cut.append(other.display[slice(*also["span"])])
    if item["type"] == "判断":
        if item["answer"] not in ("对", "错"):
            yield "answer of 判断"
        return
    right = _right(item)
    if item["type"] == "多选":
        right = sorted(right)
        cut = sorted(cut)
    if right != cut:
        yield f"answer not in the text: {right} {cut}"


def _stem(item: dict[str, Any], unit: StoredUnit) -> Iterator[str]:
    """Every word of a stem stands in the clause, set phrases apart."""
    stem = item["stem"]
    changed = item["distractors"][0]["text"] if item["answer"] == "错" else None
    text = unit.display
    if item["answer"] == "错":
        right = re.match(r"原文是“(.+?)”", item["explanation"])
        if right is None:
            yield "false statement without the right figure"
            return
        a, b = item["answer_spans"][0]
        if text[a:b] != right[1]:
            yield "right figure not in the text"
        text = text[:a] + str(changed) + text[b:]
    for piece in re.split(PHRASES.pattern + "|" + re.escape(BLANK), stem):
        if piece and not _spans(piece, text, 3):
            yield f"not in the clause: {piece}"


def _spans(piece: str, text: str, most: int) -> bool:
    """Whether a piece is up to `most` stretches of a text side by side, the longest head first."""
    if piece in text:
        return True
    if most == 1:
        return False
    longest = max((n for n in range(1, len(piece)) if piece[:n] in text), default=0)
    return any(_spans(piece[n:], text, most - 1) for n in range(longest, max(0, longest - 6), -1))


def _options(item: dict[str, Any], unit: StoredUnit, passages: Passages) -> Iterator[str]:
    options = item["options"]
    if len(set(options)) != len(options):
        yield "options not distinct"
    if any("以上都" in o for o in options):
        yield "以上都对"
    right = _right(item)
    for d in item["distractors"]:
        if d["text"] in right:
            yield f"distractor is the answer: {d['text']}"
    if item["type"] == "判断" and item["answer"] == "错":
        yield from _laxer(item["stem"], item["distractors"][0]["text"], unit, item)
    elif item["type"] == "单选" and BLANK in item["stem"]:
        for d in item["distractors"]:
            filled = item["stem"].replace(BLANK, d["text"])
            yield from _laxer(filled, d["text"], unit, item)
            if d["id"] != item["id"]:
                other = passages.unit(*d["id"].split("#"))
                if other is None or d["text"] not in other.display:
                    yield f"{d['text']} not in {d['id']}"
    elif item["type"] in ("单选", "多选"):
        for d in item["distractors"]:
            if d["id"] == item["id"]:
                if d["text"] in unit.display:
                    yield f"distractor stands in the clause: {d['text']}"
                yield from _laxer_item(d["text"], unit, passages)
            elif d["text"] in unit.display:
                yield f"distractor stands in the clause: {d['text']}"
            elif "符合规定" in item["stem"]:  # a sentence of another clause, made laxer
                other = passages.unit(*d["id"].split("#"))
                if other is None or d["text"] in other.display or other.errata:
                    yield f"no laxer sentence of {d['id']}: {d['text']}"
                else:
                    yield from _laxer_item(d["text"], other, passages)


def _direction(text: str, q: Quantity) -> int:
    before, after = text[: q.start], text[q.end :]
    if q.bound is Bound.PERIOD or WITHIN.match(after):
        return 1
    if LEAST.search(before):
        return -1
    return 1 if MOST.search(before) else 0


def _size(q: Quantity) -> tuple[float, str]:
    value, _, unit = q.key
    return (
        (float(value) * DAYS[unit], "time")
        if q.bound is Bound.PERIOD and unit in DAYS
        else (
            float(value),
            unit,
        )
    )


def _laxer(stem: str, words: str, unit: StoredUnit, item: dict[str, Any]) -> Iterator[str]:
    """The figure `words` of a stem is laxer than the one of the rule."""
    a, b = item["answer_spans"][0]
    at = stem.index(words, stem.index("，"))
    while True:
        found = [q for q in find(stem) if q.start < at + len(words) and at < q.end]
        if found and found[0].end == at + len(words):
            break
        at = stem.find(words, at + 1)
        if at < 0:
            yield f"figure not read: {words}"
            return
    new = found[0]
    old = next((q for q in find(unit.display) if q.start <= a < q.end), None)
    if old is None:
        yield "figure of the rule not read"
        return
    direction = _direction(stem, new)
    (one, unit_one), (two, unit_two) = _size(old), _size(new)
    if unit_one != unit_two:
        yield f"units differ: {unit_one} {unit_two}"
    elif direction == 0:
        yield f"no demand: {stem}"
    elif (two - one) * direction <= 0:
        yield f"not laxer: {unit.display[a:b]} {words}"


def _laxer_item(text: str, unit: StoredUnit, passages: Passages) -> Iterator[str]:
    """An option that is a sentence of the clause with one figure made laxer."""
    mine = find(text)
    below = [u.display.rstrip("。；") for u in passages.below(unit.ref, unit.id)]
    lines = [x for sign in ("[。；\n]", "[。\n]") for x in re.split(sign, unit.display)]
    for line in (*below, *lines):
        theirs = find(line)
        if len(theirs) != len(mine) or _without(text, mine) != _without(line, theirs):
            continue
        pairs = [(o, n) for o, n in zip(theirs, mine, strict=True) if o.key != n.key]
        if len(pairs) == 1:
            old, new = pairs[0]
            direction = _direction(text, new)
            (one, _), (two, _) = _size(old), _size(new)
            if direction == 0 or (two - one) * direction <= 0:
                yield f"not laxer: {text}"
            return
    yield f"not an item of the clause with one figure changed: {text}"


def _without(text: str, figures: tuple[Quantity, ...]) -> str:
    for q in reversed(figures):
        text = text[: q.start] + "#" + text[q.end :]
    return text.replace("每#", "#")  # 每|半年 and 每季度
