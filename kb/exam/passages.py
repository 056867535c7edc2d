"""Verbatim passages for those who write questions: by post, hazard, activity, document, chapter or
query, each with its citation, its validity on the day, its version and its hash.

A document whose text is not loaded gives nothing here, least of all our own words: it is told apart
which one has to be imported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kb.catalog.names import standard_number
from kb.cite_text import cite, document_name
from kb.errors import UsageError
from kb.fold import fold_text
from kb.model import Document, Status, Version
from kb.posts import Post
from kb.search import Filters, Searcher
from kb.store import Passages, StoredUnit
from kb.validity import validity

__all__ = ["Found", "Missing", "Passage", "find_passages"]

_CHAPTER = re.compile(r"第(?P<zh>[一二三四五六七八九十百零0-9]+)(?P<kind>[编章节])")


@dataclass(frozen=True, slots=True)
class Passage:
    """One clause: `text` is its display with tables as lines; `errata` as in `StoredUnit`."""

    id: str
    citation: str
    path: tuple[str, ...]
    text: str
    hash: str
    version: str
    status: str
    validity: str
    in_force: str
    errata: tuple[tuple[int, int, str, str, str], ...]

    def to_json(self) -> dict[str, Any]:
        """For `--format json`."""
        keys = ("start", "end", "old", "new", "status")
        return {
            "id": self.id,
            "citation": self.citation,
            "path": list(self.path),
            "text": self.text,
            "hash": self.hash,
            "version": self.version,
            "status": self.status,
            "validity": self.validity,
            "in_force": self.in_force,
            "errata": [dict(zip(keys, mark, strict=True)) for mark in self.errata],
        }


@dataclass(frozen=True, slots=True)
class Missing:
    """A document that bears on what was asked for and whose text is not loaded."""

    id: str
    citation: str
    why: str

    def to_json(self) -> dict[str, str]:
        """For `--format json`."""
        return {"id": self.id, "citation": self.citation, "why": self.why}


@dataclass(frozen=True, slots=True)
class Found:
    """The passages in the order of the texts (of a query: the best first), and what is missing."""

    passages: tuple[Passage, ...]
    missing: tuple[Missing, ...]

    def to_json(self) -> dict[str, Any]:
        """For `--format json`."""
        return {
            "passages": [p.to_json() for p in self.passages],
            "missing": [m.to_json() for m in self.missing],
        }


def find_passages(
    searcher: Searcher,
    passages: Passages,
    as_of: date,
    filters: Filters,
    *,
    query: str = "",
    chapter: str = "",
    top: int = 0,
    posts: Sequence[Post] = (),
) -> Found:
    """The passages that fit.

    Args:
        query: words or a citation; without it every clause that the filters leave.
        chapter: 5.2, 第二章 or words of a title above the clause.
        top: at most so many; 0 for all (of a query 20).
        posts: the posts asked for; the standards that bear on them are named if not loaded.

    Raises:
        UsageError: nothing limits the passages.
    """
    if not query and not chapter and not (filters.need_notes or filters.docs or filters.kinds):
        raise UsageError(
            "请说明要哪些条款：写要查的话，或用 --post --hazard --activity --doc --chapter"
        )
    if query:
        limit = top or 20
        hits = searcher.search(query, top=1000 if chapter else limit, as_of=as_of, filters=filters)
        ids: Iterable[str] = (h.full_id for h in hits)
    else:
        ids = (full_id for full_id, _ in searcher.texts(as_of=as_of, filters=filters))
    paths = {f"{c.ref}#{c.id}": c.path for c in passages.clauses()}
    found: list[Passage] = []
    without: dict[str, None] = {}
    for full_id in ids:
        path = paths.get(full_id, ())
        ref, _, clause = full_id.partition("#")
        if chapter and not _within(chapter, clause, path):
            continue
        unit = passages.unit(ref, clause)
        if unit is None or not unit.display:
            without[ref.partition("@")[0]] = None
            continue
        found.append(_passage(passages, unit, path, as_of))
        if top and len(found) == top:
            break
    return Found(tuple(found), tuple(_missing(passages, without, filters, posts, as_of)))


def _within(chapter: str, clause: str, path: tuple[str, ...]) -> bool:
    """Whether a clause stands in a chapter: by number, by 第…章, or by words of a title."""
    wanted = fold_text(chapter).strip()
    if re.fullmatch(r"[0-9a-z]+(?:\.[0-9]+)*", wanted):
        return clause.lower() == wanted or clause.lower().startswith(f"{wanted}.")
    if _CHAPTER.match(chapter):
        return any(fold_text(title).startswith(wanted) for title in path)
    return any(wanted in fold_text(title) for title in path)


def _passage(passages: Passages, unit: StoredUnit, path: tuple[str, ...], as_of: date) -> Passage:
    row = passages.version(unit.ref)
    assert row is not None
    found = validity(row.version, row.document, as_of, passages.documents)
    current = found.status in (Status.IN_FORCE, Status.PENDING)
    return Passage(
        id=unit.full_id,
        citation=cite(row.document, row.version, unit.id, in_force=current),
        path=path,
        text=unit.display,
        hash=unit.hash,
        version=row.version.version,
        status=found.label,
        validity=found.reason,
        in_force=found.in_force_label,
        errata=unit.errata,
    )


def _missing(
    passages: Passages,
    without: Iterable[str],
    filters: Filters,
    posts: Sequence[Post],
    as_of: date,
) -> Iterator[Missing]:
    held = {t.doc for t in passages.texts.values()}
    seen: set[str] = set()
    named = [d for d in filters.docs if d in passages.documents]
    if any(d in held for d in named):  # an old edition that has the same name is not asked for
        named = [d for d in named if not _gone(passages, passages.documents[d], as_of)]
    for doc in dict.fromkeys((*without, *named)):
        document = passages.documents.get(doc)
        if document is not None and doc not in held:
            seen.add(doc)
            yield Missing(doc, document_name(document), _import(document))
    series: dict[tuple[str, str], list[Document]] = {}
    for d in passages.documents.values():
        if d.number:
            series.setdefault(_series(d.number), []).append(d)
    for post in posts:
        for number in post.standards:
            known = series.get(_series(number), [])
            if any(d.id in held or d.id in seen for d in known):
                continue
            current = [d for d in known if not _gone(passages, d, as_of)]
            name = document_name(current[-1]) if current else number
            doc = current[-1].id if current else ""
            if name not in seen:
                seen |= {name, doc} - {""}
                yield Missing(doc, name, f"{post.name}用得着，没有收录正文。{_HOW}")


def _gone(passages: Passages, document: Document, as_of: date) -> bool:
    """Whether no version of a document holds on a day or will."""
    states = [validity(v, document, as_of, passages.documents).status for v in document.versions]
    return bool(states) and all(s in (Status.REPLACED, Status.REPEALED) for s in states)


_HOW = "请把正文放进文件夹，用 kb build --corpus 文件夹 收录"


def _import(document: Document) -> str:
    newest: Version | None = document.versions[-1] if document.versions else None
    which = f"（{newest.version} 的文本）" if newest else ""
    return f"没有收录正文{which}，不给要点代替。{_HOW}"


def _series(number: str | None) -> tuple[str, str]:
    """Series and digits of a standard's number, whatever its year."""
    found = standard_number(number or "")
    return (
        (found.series.replace("/T", "").replace("/Z", ""), found.digits)
        if found
        else (
            number or "",
            "",
        )
    )
