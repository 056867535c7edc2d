"""What a search is limited to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from kb.catalog.regions import applies_in, full_region
from kb.errors import UnknownIdError, UsageError
from kb.model import DocKind, Document, Status
from kb.query import Names
from kb.validity import DEFAULT_SEARCH

__all__ = ["KIND_WORDS", "Filters"]

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


class _Searcher(Protocol):
    @property
    def documents(self) -> Mapping[str, Document]: ...
    @property
    def names(self) -> Names: ...


@dataclass(frozen=True, slots=True)
class Filters:
    """All that is given must hold; an empty value limits nothing.

    `statuses` None means what a default search looks through (`kb.validity.DEFAULT_SEARCH`).
    `region` is a full name (重庆市江津区): national rules and those of that region and above it.
    """

    kinds: tuple[DocKind, ...] = ()
    docs: tuple[str, ...] = ()
    statuses: frozenset[Status] | None = None
    region: str = ""

    @classmethod
    def of(
        cls,
        searcher: _Searcher,
        *,
        kinds: Sequence[str] = (),
        docs: Sequence[str] = (),
        statuses: Sequence[str] = (),
        region: str | None = None,
    ) -> Filters:
        """Filters from the words of a user; a name that fits two documents means both.

        Raises:
            UsageError: an unknown kind, status or region.
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
        )

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
