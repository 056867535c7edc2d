"""What a query names and does not get: one sentence for each, in words for users.

A search for a clause that is not there still has words, and words always find something. Without
these sentences another clause would look like the one that was asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from kb.cite_text import unit_label
from kb.ids import version_ref
from kb.model import DocKind, Document, Status, TextState, Version
from kb.query import Reference, Understood, locate
from kb.search.filters import Filters
from kb.store import Passages, VersionRow
from kb.validity import validity

__all__ = ["explain"]

_ARTICLE = re.compile(r"(?:[a-z]+-[\w-]+\.)*art-\d+(?:-\d+)?\Z")
_DOCNO = re.compile(r"号\Z")
_YEAR = 4  # digits

Editions = Callable[[Reference], Sequence[VersionRow]]


def explain(
    passages: Passages,
    understood: Understood,
    as_of: date,
    filters: Filters,
    editions: Editions,
) -> tuple[str, ...]:
    """Sentences on what the query names and cannot get on a day; () when it gets all.

    Args:
        editions: the loaded versions that a reference means under the filters.
    """
    out: dict[str, None] = {}
    for reference in understood.references:
        rows = editions(reference)
        if rows:
            out.update(dict.fromkeys(_clauses(passages, reference, rows)))
            continue
        named = [passages.documents[doc] for doc in reference.docs]
        replaced = {ref.partition("@")[0] for d in named for ref in d.supersedes}
        for document in named:
            if document.id in replaced and not _loaded(passages, document):
                continue  # of a number without its year the older editions say no more
            if not filters.allows_document(document):
                out[f"{_called(document)}不在所选的范围内"] = None
            else:
                chosen = filters.statuses is not None
                out[_edition(passages, document, reference, as_of, chosen=chosen)] = None
    for name in understood.unknown:
        out[_unknown(passages, name)] = None
    return tuple(out)


def _called(document: Document) -> str:
    if document.kind is DocKind.STANDARD and document.number:
        return f"{document.number} "
    return f"《{document.short or document.title}》"


def _unknown(passages: Passages, name: str) -> str:
    if name.startswith("《") or _DOCNO.search(name):
        return f"目录里没有{name}"
    stem = re.sub(r"-\d{4}\Z", "", name)
    others = [
        d.number
        for d in passages.documents.values()
        if d.kind is DocKind.STANDARD and d.number and re.sub(r"-\d{4}\Z", "", d.number) == stem
    ]
    have = f"；目录里有 {'、'.join(others)}" if others else ""
    return f"{name} 没有收录文本{have}"


# --- clauses ------------------------------------------------------------------------------------


def _clauses(passages: Passages, reference: Reference, rows: Sequence[VersionRow]) -> Iterator[str]:
    """What of a reference no loaded version has; nothing where one of them has it."""
    if not reference.clause:
        return
    found = [locate(passages, row.ref, reference) for row in rows]
    if not any(found):
        for row in rows:
            yield _no_clause(passages, row, reference.clause)
        return
    for row, located in zip(rows, found, strict=True):
        for one in located:
            if one.note:
                clause = unit_label(one.clause, row.document.kind)
                yield f"{_called(row.document)}{clause}：{one.note}"
        if located and reference.until:
            end = Reference(reference.docs, reference.until)
            if not locate(passages, row.ref, end):
                yield _no_clause(passages, row, reference.until)


def _no_clause(passages: Passages, row: VersionRow, clause: str) -> str:
    kind = row.document.kind
    if clause.startswith("t:"):
        label = f"表 {clause[2:]}"
    else:
        label = unit_label(clause, kind)
    notes = []
    if _ARTICLE.match(clause):
        count = sum(bool(_ARTICLE.match(u.id)) for u in passages.units(row.ref) if u.hit)
        if count:
            notes.append(f"共 {count} 条")
    if row.version.text is TextState.PARTIAL:
        notes.append("收录的文本不完整")
    more = f"（{'，'.join(notes)}）" if notes else ""
    gap = " " if label[0].isascii() else ""
    return f"{_called(row.document)}没有{gap}{label}{more}"


# --- editions -----------------------------------------------------------------------------------


def _edition(
    passages: Passages, document: Document, reference: Reference, as_of: date, *, chosen: bool
) -> str:
    """Why no version of a document serves; `chosen`: the user has asked for certain statuses."""
    name = _called(document)
    loaded = _loaded(passages, document)
    if not loaded:
        return f"{name}没有收录文本"
    have = _adopted(loaded)
    pinned = [v for v in document.versions if reference.means(document.id, v.version)]
    if reference.pins and len(pinned) < len(document.versions):
        return f"{name}{_adopted(pinned)} 通过的版本没有收录；收录的是 {have} 通过的版本"
    if reference.edition:
        asked = reference.edition + (" 年" if len(reference.edition) == _YEAR else "")
        return f"{name}{asked}的版本没有收录；收录的是 {have} 通过的版本"
    if chosen:
        return f"{name}没有所选效力的版本；收录的是 {have} 通过的版本"
    found = [validity(v, document, as_of, passages.documents) for v in loaded]
    if found[-1].status is Status.REPEALED or document.kind is DocKind.STANDARD:
        return f"{name}在 {as_of} {found[-1].label}，没有列入结果；要看原文请写明版本或选全部效力"
    label = f"（{found[-1].label}）" if len(loaded) == 1 else ""
    return f"{name}在 {as_of} 有效的版本没有收录；收录的是 {have} 通过的版本{label}"


def _loaded(passages: Passages, document: Document) -> list[Version]:
    return [v for v in document.versions if version_ref(document.id, v.version) in passages.texts]


def _adopted(versions: Sequence[Version]) -> str:
    return "、".join(v.version for v in versions)
