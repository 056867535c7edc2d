"""Whether stored items still stand: their clause, its words, and its validity on the exam's day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kb.errors import UsageError
from kb.exam.model import FIRM, Item, RowState
from kb.ids import parse_ref, version_ref
from kb.model import Status
from kb.quantities import find
from kb.store import Passages, StoredUnit
from kb.validity import validity

__all__ = ["KINDS", "Finding", "Verified", "verify_items"]

KINDS = {
    "missing": "条款不在了",
    "figures": "条款的数值变了",
    "wording": "条款的文字变了",
    "distractor": "干扰项的出处变了",
    "answer": "答案与原文对不上",
    "identity": "题目被改过",
    "changes": "考试日前规定有变",
    "pending": "考试日尚未施行",
    "unsettled": "考试日效力待核",
    "not_loaded": "没有收录原文，未核对",
    "card_unread": "没有给出本单位卡，未核对",
    "card": "本单位卡有变或有错",
}
"""Kind of a finding → what it says."""


_UNREAD = ("not_loaded", "card_unread")


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with one item; `place` is its number in the file, from 1."""

    place: int
    item: str
    id: str
    kind: str
    message: str

    def to_json(self) -> dict[str, Any]:
        """For `--format json`."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Verified:
    """The findings on a file; `checked` items were compared with their text."""

    items: int
    checked: int
    findings: tuple[Finding, ...]

    @property
    def stale(self) -> tuple[str, ...]:
        """The items that must not be used, in order."""
        return tuple(dict.fromkeys(f.item for f in self.findings))

    def to_json(self) -> dict[str, Any]:
        """For `--format json`."""
        return {
            "items": self.items,
            "checked": self.checked,
            "not_checked": self.items - self.checked,
            "stale": list(self.stale),
            "findings": [f.to_json() for f in self.findings],
        }


def verify_items(
    passages: Passages,
    items: Iterable[Item],
    as_of: date,
    cards: Mapping[str, RowState] | None = None,
) -> Verified:
    """Compare items with the texts of an index, and their rules with the day of the exam.

    Args:
        cards: the rows of the firm's cards by id; None where they were not read.
    """
    findings: list[Finding] = []
    total = checked = 0
    for place, item in enumerate(items, 1):
        total += 1
        found = list(_problems(passages, item, as_of, cards))
        checked += all(kind not in _UNREAD for kind, _ in found)
        findings += [Finding(place, item.item, item.id, *f) for f in found]
    return Verified(total, checked, tuple(findings))


def _problems(
    passages: Passages, item: Item, as_of: date, cards: Mapping[str, RowState] | None
) -> Iterator[tuple[str, str]]:
    if item.item != item.own_id:
        yield "identity", f"编号应为 {item.own_id}：题干、题型或答案与出题时不同，请重新出题"
    if item.source == FIRM:
        yield from _card_problems(passages, item, as_of, cards)
        return
    unit = yield from _unit(passages, item.id)
    if unit is None:
        return
    if unit.hash != item.hash:
        yield _changed(item, unit)
    else:
        there = [unit.display, *(u.display for a in item.also if (u := _held(passages, a.id)))]
        lost = [w for w in _answer_words(item) if not any(w in text for text in there)]
        if item.answer_spans and lost:
            yield "answer", f"{item.id} 里没有“{'”“'.join(lost)}”"
    for a in item.also:
        other = _held(passages, a.id)
        if other is None or other.hash != a.hash:
            yield "wording", f"正确选项的出处 {a.id} 与出题时不同，请核对后重新出题"
        yield from _validity(passages, a.id, as_of)
    yield from _distractors(passages, item)
    yield from _validity(passages, item.id, as_of)


def _card_problems(
    passages: Passages, item: Item, as_of: date, cards: Mapping[str, RowState] | None
) -> Iterator[tuple[str, str]]:
    """Of an item from the firm's card: its row, and the clauses that the row rests on."""
    if cards is None:
        yield "card_unread", f"依据是本单位卡（{item.id}），核对要加 --cards 卡片文件夹"
    elif (row := cards.get(item.id)) is None:
        yield "card", f"卡片文件夹里没有 {item.id}，请核对后重新出题"
    elif row.hash != item.hash:
        yield "card", f"{item.id} 与出题时不同，请重新出题"
    elif row.why:
        yield "card", f"{item.id}：{row.why}"
    for full_id, known in item.rests:
        unit = yield from _unit(passages, full_id)
        if unit is not None and unit.hash != known:
            yield "wording", f"卡上所引 {full_id} 与出题时不同，请先核对卡片"
        yield from _validity(passages, full_id, as_of)


def _unit(passages: Passages, full_id: str) -> Iterator[tuple[str, str]] | Any:
    """The clause of an id; yields what is wrong where there is none."""
    try:
        ref = parse_ref(full_id)
    except UsageError as e:
        yield "missing", str(e)
        return None
    where = version_ref(ref.doc, ref.version)
    if passages.version(where) is None:
        yield "missing", f"目录里没有版本 {where}"
        return None
    if where not in passages.texts:
        yield "not_loaded", f"没有收录 {where} 的原文，请用 kb build --corpus 收录后再核对"
        return None
    unit = passages.unit(where, ref.clause)
    if unit is None:
        yield "missing", f"{where} 里没有 {ref.clause}"
    return unit


def _held(passages: Passages, full_id: str) -> StoredUnit | None:
    """A clause whose text is loaded."""
    ref, _, clause = full_id.partition("#")
    return passages.unit(ref, clause) if ref in passages.texts else None


def _changed(item: Item, unit: StoredUnit) -> tuple[str, str]:
    """Wording or figures: what the item's own figures say of the new text."""
    there = {q.key for q in find(unit.display)}
    mine = {q.key for text in (item.stem, *_answer_words(item)) for q in find(text)}
    wrong = {q.key for d in item.distractors for q in find(d.text)}
    if mine - wrong - there:
        return "figures", "条款里不再有本题的数值，此题作废，请重新出题"
    return "wording", "条款的文字与出题时不同，请核对后重新出题"


def _answer_words(item: Item) -> tuple[str, ...]:
    return () if item.type == "判断" else item.right


def _distractors(passages: Passages, item: Item) -> Iterator[tuple[str, str]]:
    for d in item.distractors:
        if d.id == item.id or not d.hash:
            continue
        unit = _held(passages, d.id)
        if unit is None or unit.hash != d.hash:
            yield "distractor", f"干扰项“{d.text}”的出处 {d.id} 与出题时不同，请核对"


def _validity(passages: Passages, full_id: str, as_of: date) -> Iterator[tuple[str, str]]:
    row = passages.version(full_id.partition("#")[0])
    if row is None:
        return
    found = validity(row.version, row.document, as_of, passages.documents)
    said = f"《{row.document.title}》{as_of} {found.label}：{found.reason}"
    if found.status in (Status.REPLACED, Status.REPEALED, Status.AMENDED):
        yield "changes", said
    elif found.status is Status.NOT_YET:
        yield "pending", said
    elif found.status is not Status.IN_FORCE:
        yield "unsettled", said
