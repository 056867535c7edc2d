"""A paper: so many items of each type out of a pool, by a seed alone.

Items of one paper ask about different things: no stem twice, no two that give each other away (the
same figure or list), and clauses come again only when there is no other left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from kb.exam.chosen import Chosen, by_chance
from kb.exam.figures import Draft
from kb.exam.model import LETTERS, TYPES, Item, item_id
from kb.exam.pool import Pool

__all__ = [
    "Paper",
    "Wanted",
    "difficulty_of",
    "item_of",
    "pick",
    "posts_of",
    "topic_of",
]

_FALSE_SHARE = 0.5
"""Of 判断."""
_PLAIN_SHARE = 0.2
"""Of 判断: sentences without a figure can only be true, and a few of them are enough."""
_LENT_FIRST = 15
"""多选 over a section that may come before all others, which they keep from a long paper."""
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
    """1 to 3, as `kb.exam.difficulty` measured it."""
    return draft.difficulty


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
    order = by_chance(fitting, random)
    chosen = _Paper(wanted.avoid_stems)
    per = _shares(wanted.count, wanted.types)
    # the scarcest first: a list that a 简答 took gives no 多选 any more
    size = Counter(d.type for d in fitting)
    size["判断"] = round(sum(d.kind == "false" for d in fitting) / _FALSE_SHARE)
    types = sorted(wanted.types, key=lambda t: (size[t], TYPES.index(t)))
    by_kind = {t: [d for d in order if d.type == t] for t in types}
    limits = _judgement_limits(per.get("判断", 0))
    # of lists alone there are so few 多选 that papers would hold the same ones
    lent = [d for d in by_kind.get("多选", ()) if d.lent]
    chosen.take(lent, min(per.get("多选", 0) // 2, _LENT_FIRST), limits)
    # and so few false statements: what asks for the same figures would take them all
    false = [d for d in by_kind.get("判断", ()) if d.kind == "false"]
    chosen.take(false, limits["false"] * 2 // 3, limits)
    # what shows sentences of many clauses comes last: it keeps them from all other types
    for lending in (False, True):
        for kind in types:
            offered = [d for d in by_kind[kind] if lending or not d.lent]
            short = per[kind] - sum(d.type == kind for d in chosen.drafts)
            chosen.take(offered, short, limits)
    # what one type lacks the others make up for, evenly
    open_types = list(types)
    while open_types and (missing := wanted.count - len(chosen.drafts)) > 0:
        shares = _shares(missing, open_types)
        open_types = [
            t
            for t in open_types
            if chosen.take(by_kind[t], shares[t], _judgement_limits(shares[t])) or not shares[t]
        ]
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


class _Paper(Chosen):
    """A paper by counts of types."""

    def take(self, order: Sequence[Draft], count: int, limits: dict[str, int]) -> bool:
        """Take `count` more of one type, first from clauses that are not there yet; says whether
        so many were found.

        Args:
            limits: how many of each sort of 判断 may still come; counted down.
        """
        end = len(self.drafts) + count
        judged = bool(order) and order[0].type == "判断"
        for more in (False, True) if judged else (False,):
            if more and len(self.drafts) < end:  # too few with a limit: some more of the others
                for key in limits:
                    limits[key] += max(1, count // 5)
            for most in (1, 2, 4, _MANY):
                for d in order:
                    if len(self.drafts) >= end:
                        return True
                    if self.clauses[d.basis.order] >= most:
                        continue
                    if judged and limits[_sort(d)] <= 0:
                        continue
                    if self.may(d) and not self.near(d):
                        self.add(d)
                        if judged:
                            limits[_sort(d)] -= 1
        return len(self.drafts) >= end


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
        also=draft.also,
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
