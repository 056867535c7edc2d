"""Questions as they are stored: one `Item` each, in the JSON shape of the contract.

An item is told by its type, stem and answer (`item_id`), not by the order of its options, so that a
verdict on it holds for every paper it comes in.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.errors import UsageError, os_reason

__all__ = [
    "BLANK",
    "FALSE",
    "FIRM",
    "LAW",
    "LETTERS",
    "TRUE",
    "TYPES",
    "Also",
    "Distractor",
    "Item",
    "RowState",
    "item_id",
    "items_json",
    "load_items",
]

BLANK_TYPE, JUDGE, SINGLE, MULTIPLE, ESSAY = "填空", "判断", "单选", "多选", "简答"
TYPES = (SINGLE, MULTIPLE, JUDGE, BLANK_TYPE, ESSAY)
"""The five types in the order of a paper."""
BLANK = "（　　）"
TRUE, FALSE = "对", "错"
LAW, FIRM = "law", "firm-card"
"""What an item rests on: the text of a rule, or a card that the firm has adopted."""
LETTERS = "ABCDEFGH"

_NOISE = re.compile(r"[\W_]+")
_DECIMAL = re.compile(r"(?<=[0-9])\.(?=[0-9])")


@dataclass(frozen=True, slots=True)
class Distractor:
    """A wrong option (or the false figure of a statement): where it comes from and why it is wrong.

    `id` is the clause that the words stand in, or, for a figure that was slackened, the rule that
    it breaks; `hash` is that clause's.
    """

    text: str
    id: str
    why: str
    hash: str

    def to_json(self) -> dict[str, str]:
        """For `--format json`."""
        return {"text": self.text, "id": self.id, "why": self.why, "hash": self.hash}


@dataclass(frozen=True, slots=True)
class Also:
    """A right option that stands in another clause than the item's: where, and that clause's
    hash."""

    id: str
    hash: str
    span: tuple[int, int]

    def to_json(self) -> dict[str, Any]:
        """For `--format json`."""
        return {"id": self.id, "hash": self.hash, "span": list(self.span)}


@dataclass(frozen=True, slots=True)
class RowState:
    """A row of the firm's card as it was read: its hash, and why it must not be asked ('' if it
    may be)."""

    hash: str
    why: str


@dataclass(frozen=True, slots=True)
class Item:
    """One question.

    `id` is the clause (`doc@version#clause`), `unit` the part of it that is asked about, `hash` the
    clause's. `answer` is letters for 单选 and 多选, 对 or 错, the words of the blank, or the points
    of a 简答, one a line (`points`). `stem_spans` and `answer_spans` index the clause's display:
    every word of stem and answer that is not a set phrase stands there. `source` tells items of
    the law from those of the firm's own cards, whose `id` is the row (`card:卡.docx#表1第3行`) and
    whose `rests` are the (id, hash) of the clauses that the row cites.
    """

    item: str
    id: str
    unit: str
    hash: str
    type: str
    stem: str
    options: tuple[str, ...]
    answer: str
    points: tuple[str, ...]
    explanation: str
    difficulty: int
    post: str
    topic: str
    citation: str
    validity: str
    distractors: tuple[Distractor, ...]
    stem_spans: tuple[tuple[int, int], ...]
    answer_spans: tuple[tuple[int, int], ...]
    source: str = LAW
    rests: tuple[tuple[str, str], ...] = ()
    also: tuple[Also, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The item of the JSON contract: plain dicts, lists, strings and numbers."""
        return {
            "item": self.item,
            "id": self.id,
            "unit": self.unit,
            "hash": self.hash,
            "type": self.type,
            "stem": self.stem,
            "options": list(self.options),
            "answer": self.answer,
            "points": list(self.points),
            "explanation": self.explanation,
            "difficulty": self.difficulty,
            "post": self.post,
            "topic": self.topic,
            "citation": self.citation,
            "validity": self.validity,
            "distractors": [d.to_json() for d in self.distractors],
            "stem_spans": [list(s) for s in self.stem_spans],
            "answer_spans": [list(s) for s in self.answer_spans],
            "source": self.source,
            "also": [a.to_json() for a in self.also],
        } | ({"rests": [list(r) for r in self.rests]} if self.source == FIRM else {})

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Item:
        """What `to_json` gave.

        Raises:
            ValueError, KeyError, TypeError: it is no item.
        """
        if raw["type"] not in TYPES:
            raise ValueError(f"没有这种题型：{raw['type']}")
        source = raw.get("source", LAW)
        if source not in (LAW, FIRM):
            raise ValueError(f"source 应为 {LAW} 或 {FIRM}，不能是 {source!r}")
        words = {k: _word(raw, k) for k in ("item", "id", "hash", "type", "stem", "answer")}
        more = {
            k: str(raw.get(k) or "")
            for k in ("unit", "explanation", "post", "topic", "citation", "validity")
        }
        return cls(
            **words,
            **more,
            options=tuple(map(str, raw.get("options") or ())),
            points=tuple(map(str, raw.get("points") or ())),
            difficulty=int(raw.get("difficulty") or 0),
            distractors=tuple(
                Distractor(_word(d, "text"), _word(d, "id"), str(d.get("why", "")),
                           str(d.get("hash", "")))
                for d in raw.get("distractors") or ()
            ),
            stem_spans=_spans(raw, "stem_spans"),
            answer_spans=_spans(raw, "answer_spans"),
            source=source,
            rests=tuple((str(a), str(b)) for a, b in raw.get("rests") or ()),
            also=tuple(
                Also(_word(a, "id"), _word(a, "hash"), (int(a["span"][0]), int(a["span"][1])))
                for a in raw.get("also") or ()
            ),
        )  # fmt: skip

    @property
    def right(self) -> tuple[str, ...]:
        """The answer in words: the options that are right, 对 or 错, the blank, the points."""
        if self.type in (SINGLE, MULTIPLE):
            places = [LETTERS.find(c) for c in self.answer]
            return tuple(self.options[p] for p in places if 0 <= p < len(self.options))
        return self.points if self.type == ESSAY else (self.answer,)

    @property
    def own_id(self) -> str:
        """What `item` must be for this type, stem and answer."""
        return item_id(self.type, self.stem, self.right)


def _word(raw: Mapping[str, Any], key: str) -> str:
    value = raw[key]
    if not isinstance(value, str) or not value:
        raise ValueError(f"{key} 应为文字")
    return value


def _spans(raw: Mapping[str, Any], key: str) -> tuple[tuple[int, int], ...]:
    return tuple((int(a), int(b)) for a, b in raw.get(key) or ())


def item_id(kind: str, stem: str, right: Iterable[str]) -> str:
    """12 hex digits over type, stem and answer: letters, digits and decimal points only.

    The order of options and of the points of a list does not count.
    """

    def plain(text: str) -> str:
        folded = unicodedata.normalize("NFKC", text.replace(BLANK, "\x01"))
        kept = _DECIMAL.sub("\x02", folded)
        return "".join(c for c in kept if c in "\x01\x02%‰°℃<>≤≥±" or not _NOISE.match(c))

    said = [kind, plain(stem), *sorted(plain(r) for r in right)]
    return hashlib.sha256("\x00".join(said).encode()).hexdigest()[:12]


def items_json(items: Sequence[Item], messages: Sequence[str] = ()) -> dict[str, Any]:
    """`{"items": […]}`, with `messages` where there is something to say. No times in it."""
    out: dict[str, Any] = {"items": [i.to_json() for i in items]}
    if messages:
        out["messages"] = list(messages)
    return out


def load_items(path: Path) -> tuple[Item, ...]:
    """The items of a file that `kb quiz --format json` wrote (or a JSONL of items).

    Raises:
        UsageError: the file cannot be read, or something in it is no item; names the place.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as e:
        raise UsageError(f"读不了题库文件 {path}：{os_reason(e)}。请检查路径") from e
    except UnicodeDecodeError as e:
        raise UsageError(f"题库文件 {path} 不是 UTF-8。请用 kb quiz --format json 重新导出") from e
    try:
        raw = json.loads(text)
        found = raw["items"] if isinstance(raw, dict) and "items" in raw else raw
        if not isinstance(found, list):
            found = [raw]
    except ValueError:
        found = []
        for number, line in enumerate(text.split("\n"), 1):
            if line.strip():
                try:
                    found.append(json.loads(line))
                except ValueError as e:
                    raise UsageError(
                        f"题库文件 {path} 第 {number} 行不是 JSON。请用 kb quiz --format json 导出"
                    ) from e
    out = []
    for number, one in enumerate(found, 1):
        try:
            out.append(Item.from_json(one))
        except (ValueError, KeyError, TypeError, AttributeError) as e:
            why = f"缺 {e}" if isinstance(e, KeyError) else str(e)
            raise UsageError(
                f"题库文件 {path} 第 {number} 题不成题（{why}）。请用 kb quiz --format json 导出"
            ) from e
    return tuple(out)
