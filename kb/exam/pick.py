"""A paper: so many items of each type out of a pool, by a seed alone.

Items of one paper ask about different things: no stem twice, no two that give each other away (the
same figure or list), and clauses come again only when there is no other left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from kb.exam.figures import Draft
from kb.exam.holds import likeness, pairs
from kb.exam.model import LETTERS, TYPES, Item, item_id
from kb.exam.pool import Pool

__all__ = [
    "Paper",
    "Wanted",
    "asks",
    "difficulty_of",
    "item_of",
    "pick",
    "posts_of",
    "tells",
    "topic_of",
]

NEAR = 0.9
"""Share of pairs of characters from which two stems of a paper are one question."""
_FALSE_SHARE = 0.5
"""Of 判断."""
_PLAIN_SHARE = 0.2
"""Of 判断: sentences without a figure can only be true, and a few of them are enough."""
_OFFICE = ("authority",)
"""Whose duties come last: what an office has to do is seldom an exam for a firm."""
_OTHER = "其他"
_MANY = 10_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a paper shall hold. `posts` are names as notes have them; an item of any of them fits.

    `avoid` are items (12 hex) that must not come, `avoid_stems` stems to which none may be near.
    """

    count: int
    seed: str
    types: tuple[str, ...] = TYPES
    posts: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    difficulties: tuple[int, ...] = ()
    avoid: frozenset[str] = frozenset()
    avoid_stems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """The items in the order of a paper, and what there was too little of."""

    items: tuple[Item, ...]
    messages: tuple[str, ...] = ()


def posts_of(draft: Draft) -> tuple[str, ...]:
    """The posts that the note on the clause names; () without a note."""
    note = draft.basis.note
    return tuple(p for p in note.posts if p != _OTHER) if note else ()


def topic_of(draft: Draft) -> str:
    """What the clause is about: the first activity of its note, else the title above it."""
    note = draft.basis.note
    named = [a for a in note.activities if a != _OTHER] if note else []
    return named[0] if named else draft.basis.section


def difficulty_of(draft: Draft) -> int:
    """1 to 3: the type's own, one more for what the note calls of little consequence (seldom
    met), never beyond 3."""
    return min(3, draft.difficulty + (draft.kind == "term" and len(draft.right[0]) > 6))


def fits(draft: Draft, wanted: Wanted) -> bool:
    """Whether a draft is what a paper asks for."""
    if draft.type not in wanted.types:
        return False
    if wanted.posts and not set(wanted.posts) & set(posts_of(draft)):
        return False
    if wanted.topics and topic_of(draft) not in wanted.topics:
        return False
    if wanted.difficulties and difficulty_of(draft) not in wanted.difficulties:
        return False
    return _id(draft) not in wanted.avoid


def _id(draft: Draft) -> str:
    return item_id(draft.type, draft.stem, draft.right)


def pick(pool: Pool, wanted: Wanted) -> Paper:
    """A paper by its seed; the same pool and request give the same paper."""
    random = Random(wanted.seed)
    fitting = sorted((d for d in pool.drafts if fits(d, wanted)), key=_id)
    order = _shuffled(fitting, random)
    chosen = _Chosen(wanted)
    per = _shares(wanted.count, wanted.types)
    # the scarcest first: a list that a 简答 took gives no 多选 any more
    size = Counter(d.type for d in fitting)
    types = sorted(wanted.types, key=lambda t: (size[t], TYPES.index(t)))
    by_kind = {t: [d for d in order if d.type == t] for t in types}
    for kind in types:
        chosen.take(by_kind[kind], per[kind])
    # what one type lacks the others make up for, evenly
    open_types = list(types)
    while open_types and (missing := wanted.count - len(chosen.drafts)) > 0:
        shares = _shares(missing, open_types)
        open_types = [t for t in open_types if chosen.take(by_kind[t], shares[t]) or not shares[t]]
        if not any(shares[t] for t in open_types):
            break
    by_type = {t: [d for d in chosen.drafts if d.type == t] for t in TYPES}
    items: list[Item] = []
    for kind in TYPES:
        drafts = by_type[kind]
        random.shuffle(drafts)
        items += [item_of(d, random) for d in drafts]
    return Paper(tuple(items), tuple(_messages(pool, wanted, by_type, per)))


def _shares(count: int, types: Sequence[str]) -> dict[str, int]:
    each, rest = divmod(count, len(types))
    return {t: each + (place < rest) for place, t in enumerate(types)}


def _shuffled(drafts: Sequence[Draft], random: Random) -> list[Draft]:
    """An order by weighted chance: what many must know comes sooner, and a document with many
    questions does not crowd out the others."""
    size = Counter((d.type, d.basis.document.id) for d in drafts)
    keyed = []
    for place, d in enumerate(drafts):
        weight = _weight(d) / size[d.type, d.basis.document.id] ** 0.5
        keyed.append((random.random() ** (1 / weight), -place, d))
    keyed.sort(key=lambda x: x[:2], reverse=True)
    return [d for _, _, d in keyed]


def _weight(draft: Draft) -> float:
    note = draft.basis.note
    if note is None:
        return 0.5
    if note.who in _OFFICE:
        return 0.1
    return {1: 0.6, 2: 1.0, 3: 1.5}.get(note.severity, 0.8)


class _Chosen:
    """What a paper holds so far."""

    def __init__(self, wanted: Wanted) -> None:
        self.drafts: list[Draft] = []
        self._stems: set[str] = set()
        self._by_clause: dict[int, list[Draft]] = {}
        self._clauses: Counter[int] = Counter()
        self._words = [asks(s) for s in wanted.avoid_stems]
        self._taken: set[int] = set()

    def take(self, order: Sequence[Draft], count: int) -> bool:
        """Take `count` more of one type, first from clauses that are not there yet; says whether
        so many were found."""
        limits = _judgement_limits(count) if order and order[0].type == "判断" else {}
        end = len(self.drafts) + count
        for more in (False, True) if limits else (False,):
            if more:  # too few sentences with a limit: some more of the others
                limits = {k: n + max(1, count // 5) for k, n in limits.items()}
            for most in (1, 2, 4, _MANY):
                for d in order:
                    if len(self.drafts) >= end:
                        return True
                    if limits.get(_sort(d), _MANY) > 0 and self._may(d, most):
                        self._add(d)
                        if _sort(d) in limits:
                            limits[_sort(d)] -= 1
        return len(self.drafts) >= end

    def _may(self, d: Draft, most: int) -> bool:
        if id(d) in self._taken or d.stem in self._stems:
            return False
        if self._clauses[d.basis.order] >= most:
            return False
        if any(tells(d, other) for other in self._by_clause.get(d.basis.order, ())):
            return False
        mine = asks(d.stem)
        return not any(likeness(mine, other) >= NEAR for other in self._words)

    def _add(self, d: Draft) -> None:
        self.drafts.append(d)
        self._taken.add(id(d))
        self._stems.add(d.stem)
        self._by_clause.setdefault(d.basis.order, []).append(d)
        self._clauses[d.basis.order] += 1
        self._words.append(asks(d.stem))


def tells(a: Draft, b: Draft) -> bool:
    """Whether one of two questions on a clause shows what the other asks for."""
    asks_a, asks_b = (d.key[1:] for d in (a, b))
    return any(
        asks[0] < end and start < asks[1]
        for asks, shown in ((asks_a, (asks_b, *b.stem_spans)), (asks_b, a.stem_spans))
        for start, end in shown
    )


def asks(stem: str) -> frozenset[str]:
    """What a stem asks, whichever rule it names: two laws may say one thing."""
    return pairs(stem.partition("，")[2] or stem)


def _sort(d: Draft) -> str:
    return d.kind if d.kind in ("false", "plain") else d.type


def _judgement_limits(count: int) -> dict[str, int]:
    """How many 判断 are false, true with a figure, true without."""
    false = round(count * _FALSE_SHARE)
    plain = round(count * _PLAIN_SHARE)
    return {"false": false, "plain": plain, "判断": count - false - plain}


def item_of(draft: Draft, random: Random) -> Item:
    """An item with its options in an order of chance."""
    basis = draft.basis
    options: list[str] = []
    answer = draft.right[0]
    points: tuple[str, ...] = ()
    if draft.type in ("单选", "多选"):
        options = [*draft.right, *(w.text for w in draft.wrong)]
        random.shuffle(options)
        answer = "".join(
            LETTERS[place] for place, text in enumerate(options) if text in draft.right
        )
    elif draft.type == "简答":
        points = draft.right
        answer = "\n".join(points)
    return Item(
        item=_id(draft),
        id=basis.id,
        unit=draft.unit,
        hash=basis.clause.hash,
        type=draft.type,
        stem=draft.stem,
        options=tuple(options),
        answer=answer,
        points=points,
        explanation=draft.explanation,
        difficulty=difficulty_of(draft),
        post="、".join(posts_of(draft)),
        topic=topic_of(draft),
        citation=basis.citation(draft.unit),
        validity=basis.validity,
        distractors=draft.wrong,
        stem_spans=draft.stem_spans,
        answer_spans=draft.right_spans,
        source=basis.origin,
        rests=basis.rests,
    )


def _messages(
    pool: Pool, wanted: Wanted, by_type: dict[str, list[Draft]], per: dict[str, int]
) -> list[str]:
    out = []
    got = sum(map(len, by_type.values()))
    if got < wanted.count:
        out.append(f"要 {wanted.count} 题，只出得了 {got} 题")
    if not pool.drafts or got < wanted.count:
        out += [f"{x.citation}：{x.why}" for x in pool.left_out if "#" not in x.id]
    for kind in wanted.types if got else ():
        if len(by_type[kind]) < per[kind]:
            out.append(f"{kind}要 {per[kind]} 题，合乎要求的只有 {len(by_type[kind])} 题")
    return out
