"""What a search is limited to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from kb.catalog.regions import applies_in, full_region
from kb.errors import UnknownIdError, UsageError
from kb.expansion import Expansion
from kb.model import DocKind, Document, Status
from kb.notes import Note
from kb.query import Names
from kb.validity import DEFAULT_SEARCH

__all__ = ["CARD_WORDS", "KIND_WORDS", "Filters"]

KIND_WORDS: Mapping[str, DocKind] = {
    "宪法": DocKind.CONSTITUTION,
    "法律": DocKind.LAW,
    "修正案": DocKind.AMENDMENT,
    "决定": DocKind.DECISION,
    "解释": DocKind.INTERPRETATION,
    "行政法规": DocKind.REGULATION,
    "地方性法规": DocKind.LOCAL,
    "部门规章": DocKind.RULE,
    "标准": DocKind.STANDARD,
    "通知": DocKind.NOTICE,
}
"""Chinese words for the kinds; the English ones are `DocKind`'s values."""

ALL = "all"


CARD_WORDS: Mapping[str, str] = {
    "风险": "risk",
    "职责": "duty",
    "操作": "operation",
    "应急": "emergency",
    "岗位风险清单": "risk",
    "岗位职责清单": "duty",
    "岗位操作卡": "operation",
    "岗位应急处置卡": "emergency",
}
"""Chinese words for the four cards of a post; the English ones are those of a note's lines."""
_NEAR = 5  # suggestions


class _Searcher(Protocol):
    @property
    def documents(self) -> Mapping[str, Document]: ...
    @property
    def names(self) -> Names: ...
    @property
    def expansion(self) -> Expansion: ...


@dataclass(frozen=True, slots=True)
class Filters:
    """All that is given must hold; an empty value limits nothing.

    `statuses` None means what a default search looks through (`kb.validity.DEFAULT_SEARCH`).
    `region` is a full name (重庆市江津区): national rules and those of that region and above it.
    `posts`, `hazards`, `activities`, `accidents` (our codes) and `cards` are what the note on a
    clause says; a clause without a note has none. Of one kind any, of several kinds each must hold.
    """

    kinds: tuple[DocKind, ...] = ()
    docs: tuple[str, ...] = ()
    statuses: frozenset[Status] | None = None
    region: str = ""
    posts: tuple[str, ...] = ()
    hazards: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()
    accidents: tuple[str, ...] = ()
    cards: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        searcher: _Searcher,
        *,
        kinds: Sequence[str] = (),
        docs: Sequence[str] = (),
        statuses: Sequence[str] = (),
        region: str | None = None,
        posts: Sequence[str] = (),
        hazards: Sequence[str] = (),
        activities: Sequence[str] = (),
        accidents: Sequence[str] = (),
        cards: Sequence[str] = (),
    ) -> Filters:
        """Filters from the words of a user; a name that fits two documents means both.

        Raises:
            UsageError: an unknown kind, status, region, post, hazard, activity, accident, card.
            UnknownIdError: a document that the catalog does not know.
        """
        found: dict[str, None] = {}
        for name in docs:
            ids = searcher.names.get(name)
            if not ids:
                near = [d.id for d in searcher.documents.values() if name and name in d.title]
                raise UnknownIdError(name, tuple(near[:3]))
            found.update(dict.fromkeys(ids))
        chosen: frozenset[Status] | None = None
        if ALL in statuses:
            chosen = frozenset(Status)
        elif statuses:
            chosen = frozenset(_status(s) for s in statuses)
        regions = (d.region for d in searcher.documents.values())
        return cls(
            kinds=tuple(_kind(k) for k in kinds),
            docs=tuple(found),
            statuses=chosen,
            region=full_region(region, regions) if region else "",
            **_of_notes(searcher, posts, hazards, activities, accidents),
            cards=tuple(_card(c) for c in cards),
        )

    @property
    def need_notes(self) -> bool:
        """Whether anything is asked for that only notes say."""
        return bool(self.posts or self.hazards or self.activities or self.accidents or self.cards)

    def allows_note(self, note: Note) -> bool:
        """Post, hazard, activity, accident and card."""
        wanted_and_said = (
            (self.posts, note.posts),
            (self.hazards, note.hazards),
            (self.activities, note.activities),
            (self.accidents, note.accidents),
            (self.cards, tuple(line.card for line in note.lines)),
        )
        return all(not wanted or set(wanted) & set(said) for wanted, said in wanted_and_said)

    def allows_document(self, document: Document) -> bool:
        """Kind, document and region."""
        return (
            (not self.kinds or document.kind in self.kinds)
            and (not self.docs or document.id in self.docs)
            and (not self.region or applies_in(document.region, self.region))
        )

    def allows_status(self, status: Status) -> bool:
        """Validity on the day of the search."""
        return status in (DEFAULT_SEARCH if self.statuses is None else self.statuses)


def _of_notes(
    searcher: _Searcher,
    posts: Sequence[str],
    hazards: Sequence[str],
    activities: Sequence[str],
    accidents: Sequence[str],
) -> dict[str, tuple[str, ...]]:
    if not (posts or hazards or activities or accidents):
        return {}
    known = searcher.expansion
    return {
        "posts": tuple(_one_of(p, "岗位", known.posts) for p in posts),
        "hazards": tuple(_one_of(h, "危险有害因素", dict.fromkeys(known.hazards)) for h in hazards),
        "activities": tuple(
            _one_of(a, "作业活动", dict.fromkeys(known.activities)) for a in activities
        ),
        "accidents": tuple(code for a in accidents for code in _codes(a, known.accidents)),
    }


def _one_of(word: str, what: str, known: Mapping[str, str | None]) -> str:
    if word not in known:
        raise _unknown(word, what, known)
    return known[word] or word


def _codes(word: str, known: Mapping[str, Sequence[str]]) -> Sequence[str]:
    if word not in known:
        raise _unknown(word, "事故类型", known)
    return known[word]


def _unknown(word: str, what: str, known: Iterable[str]) -> UsageError:
    near = sorted(known, key=lambda k: (-len(set(k) & set(word)), len(k), k))[:_NEAR]
    return UsageError(
        f"没有这个{what}：{word!r}。相近的有：{'、'.join(near)}；全部见 corpus/terms/"
    )


def _card(word: str) -> str:
    if word in CARD_WORDS.values():
        return word
    if word not in CARD_WORDS:
        raise UsageError(f"没有这种卡：{word!r}。可用：风险、职责、操作、应急")
    return CARD_WORDS[word]


def _kind(word: str) -> DocKind:
    try:
        return KIND_WORDS.get(word) or DocKind(word)
    except ValueError:
        known = "、".join(f"{k.value}（{w}）" for w, k in KIND_WORDS.items())
        raise UsageError(f"没有这一类文件：{word!r}。可用：{known}") from None


def _status(word: str) -> Status:
    try:
        return Status(word)
    except ValueError:
        known = "、".join(s.value for s in Status)
        raise UsageError(f"没有这种效力：{word!r}。可用：{known}；{ALL} 为全部") from None
