"""Which other rule now governs what a cited clause says.

Two sources: the conflicts that we have written down (which clause to follow, and why), and a law
that came after a regulation on its subject: 危险化学品安全法 (2025) after 危险化学品安全管理条例
(2013). The law's article is the one whose words are nearest to the regulation's clause.
"""

from __future__ import annotations

from kb.catalog.names import STATE
from kb.check.fit import grams_of
from kb.check.shelf import CURRENT, Shelf
from kb.model import DocKind, Document

__all__ = ["Higher"]

_SURE = 0.6
"""Share of a regulation's words that the law's article has: the subject is the same."""
_LIKELY = 0.48
"""The same where the gist of our note leads to the same article."""
_GAP = 0.02
_SPECIAL = ("特别法", "从严")
"""Reasons for which a regulation of one field may prevail: it binds only in that field."""
_FIELD = 2  # characters at the head of a title that name its field
_BELOW_LAW = (DocKind.REGULATION, DocKind.RULE, DocKind.LOCAL)


class Higher:
    """Finds what governs instead; answers are kept."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._known: dict[tuple[str, str], tuple[str, str, str] | None] = {}
        self._laws: dict[str, tuple[str, ...]] = {}

    def instead_of(
        self, ref: str, unit: str, words: str = "", field: str = ""
    ) -> tuple[str, str, str] | None:
        """(version ref, unit, why) of the clause to follow instead of this one, or None.

        Args:
            words: what stands beside the reference; of several conflicts the nearest is taken.
            field: the whole card; a special rule counts only where its field is spoken of.
        """
        if found := self._conflict(ref, unit, words, field):
            return found
        key = (ref, unit)
        if key not in self._known:
            self._known[key] = self._later_law(ref, unit)
        return self._known[key]

    def _conflict(self, ref: str, unit: str, words: str, field: str) -> tuple[str, str, str] | None:
        shelf = self._shelf
        mine = grams_of(words)
        found: list[tuple[int, tuple[str, str, str]]] = []
        for clause in shelf.clauses(ref, unit)[:1]:
            for conflict in shelf.passages.conflicts(ref, clause):
                prevails = conflict["prevails"]
                where, _, part = prevails.partition("#")
                own = [c for c in conflict["says"] if _same(c, ref, clause, unit)]
                if not prevails or not own or _same(prevails, ref, clause, unit):
                    continue
                row = shelf.passages.version(where)
                if row is None or shelf.state(where).status not in CURRENT:
                    continue
                special = conflict["rule"] in _SPECIAL and row.document.kind in _BELOW_LAW
                if special and not _in_field(row.document, field):
                    continue
                said = " ".join((conflict["subject"], *(conflict["says"][c] for c in own)))
                why = f"{conflict['says'][prevails]}（{conflict['differs']}；{conflict['why']}）"
                found.append((len(mine & grams_of(said)), (where, part, why)))
        return max(found, key=lambda x: x[0])[1] if found else None

    def _later_law(self, ref: str, unit: str) -> tuple[str, str, str] | None:
        shelf = self._shelf
        document = shelf.document(ref)
        laws = self._laws_after(document, ref.partition("@")[2])
        clauses = shelf.clauses(ref, unit)
        if not laws or len(clauses) != 1:
            return None
        texts = shelf.readings(ref, clauses[0])
        near = shelf.nearest(texts[0], laws, 2) if texts else []
        if not near:
            return None
        best, other = near[0], near[1][2] if len(near) > 1 else 0.0
        clear = best[2] - other >= _GAP
        if not (best[2] >= _SURE and clear) and not (
            best[2] >= _LIKELY and self._gist_agrees(ref, clauses[0], laws, best[1])
        ):
            return None
        law = shelf.document(best[0])
        start = shelf.standing(law).version
        since = f"（{start.in_force} 起施行）" if start and start.in_force else ""
        why = f"这件事现由《{law.short}》{since}规定，效力高于{_kind(document)}"
        return best[0], best[1], why

    def _gist_agrees(self, ref: str, clause: str, laws: tuple[str, ...], article: str) -> bool:
        note = self._shelf.note(ref, clause)
        near = self._shelf.nearest(note.gist, laws, 1) if note is not None else []
        return bool(near) and near[0][1] == article

    def _laws_after(self, document: Document, adopted: str) -> tuple[str, ...]:
        """Loaded laws in force on the subject of a regulation, first adopted after it."""
        if document.kind not in _BELOW_LAW:
            return ()
        if document.id not in self._laws:
            found = []
            for law in self._shelf.documents.values():
                if law.kind is not DocKind.LAW or not law.versions:
                    continue
                subject = law.title.removeprefix(STATE).removesuffix("法").removesuffix("安全")
                first = min(v.version for v in law.versions)
                later = adopted < first <= self._shelf.as_of.isoformat()
                ref = self._shelf.present(law) if later and subject in document.title else ""
                if ref and len(subject) > 1 and _started(self._shelf, ref):
                    found.append(ref)
            self._laws[document.id] = tuple(found)
        return self._laws[document.id]


def _started(shelf: Shelf, ref: str) -> bool:
    row = shelf.passages.version(ref)
    start = row.version.in_force if row is not None else None
    return start is None or start <= shelf.as_of


def _same(full_id: str, ref: str, clause: str, unit: str) -> bool:
    """Whether a side of a conflict is the cited unit, its clause, or a part of it."""
    where, _, part = full_id.partition("#")
    if where != ref:
        return False
    return part in (clause, unit) or part.startswith(f"{unit}.") or unit.startswith(f"{part}.")


def _in_field(document: Document, text: str) -> bool:
    """Whether a text speaks of the field of a special rule: 电力, 煤矿, 建设."""
    return document.title.removeprefix(STATE)[:_FIELD] in text


def _kind(document: Document) -> str:
    return document.level or "原规定"
