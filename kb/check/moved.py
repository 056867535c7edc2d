"""A reference whose number is another clause's: the words beside it are looked for in the document.

A law that was revised has other numbers (安全生产法 2014 → 2021): words that fit an article a few
numbers away are the sign of an old edition. Where the text of an older edition is loaded, it
decides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kb.check.cited import Cited
from kb.check.compare import Comparer
from kb.check.judge import Verdict
from kb.check.model import Finding
from kb.check.shelf import Shelf
from kb.check.statements import Statement
from kb.ids import version_ref
from kb.model import DocKind, Document

__all__ = ["Moved"]

FITS = 0.5
"""From this fit on the words are another clause's, if the cited one is far behind."""
_AHEAD = 0.25
_FOREIGN = 0.75
"""The same for a clause of another document."""
_STEP = 8
"""A revision moves an article by a few numbers; farther away it is a slip of the pen."""
_ARTICLE = re.compile(r"art-(\d+)(?:-\d+)?")


class Moved:
    """Finds the clause whose words stand beside a reference to another."""

    def __init__(self, shelf: Shelf, comparer: Comparer) -> None:
        self._shelf = shelf
        self._comparer = comparer

    def find(
        self, cited: Cited, verdict: Verdict, said: Sequence[Statement], fit: float
    ) -> Verdict | None:
        """The verdict on a reference whose words fit its clauses by `fit`, or None to leave it."""
        words = " ".join(s.text for s in said)
        if not self._comparer.tells(words):
            return None
        refs = tuple(dict.fromkeys(ref for ref, _ in verdict.clauses))
        texts = [words, *(s.text for s in said)] if len(said) > 1 else [words]
        best = self._best(texts, refs, FITS, fit)
        if best is None:
            best = self._best(texts, self._shelf.binding, _FOREIGN, fit)
        if best is None or self._tied(verdict.clauses, best):
            return None
        return self._verdict(cited, best, words)

    def _tied(self, cited: Sequence[tuple[str, str]], best: tuple[str, str]) -> bool:
        """The cited clause refers to the other: a penalty is cited with the words of the duty."""
        full_id = "#".join(best)
        return any(
            target == full_id or target.startswith(f"{full_id}.")
            for ref, clause in cited
            for edge in self._shelf.passages.citations(ref, clause)
            for target in edge.targets
        )

    def _best(
        self, texts: Sequence[str], refs: Sequence[str], least: float, fit: float
    ) -> tuple[str, str] | None:
        found: tuple[str, str] | None = None
        top = max(least, fit + _AHEAD)
        for text in texts:
            if not self._comparer.tells(text):
                continue
            for ref, clause, share in self._shelf.nearest(text, refs, 1):
                if share >= top:
                    found, top = (ref, clause), share
        return found

    def _verdict(self, cited: Cited, best: tuple[str, str], words: str) -> Verdict:
        shelf = self._shelf
        document = cited.document
        assert document is not None
        old = self._old_edition(cited, document, best, words)
        citation = shelf.cite(*best)
        if old:
            kind = "superseded"
            message = f"条号像是旧版的（{old}）：所写的内容现在是{citation}"
        elif best[0] == cited.ref:
            kind = "quote_differs"
            message = f"所写的内容不在所引的条款里，在{citation}"
        else:
            kind = "quote_differs"
            message = f"所写的内容不在这份文件的所引条款里，与{citation}相符"
        finding = Finding(
            kind,
            cited.cell.place,
            cited.raw,
            f"{best[0]}#{best[1]}",
            message,
            citation,
            cited.start,
            cited.end,
        )
        return replace(Verdict(finding), clauses=(best,), units=(best,))

    def _old_edition(
        self, cited: Cited, document: Document, best: tuple[str, str], words: str
    ) -> str:
        """What older edition the number is of, in words; '' where nothing speaks for one."""
        shelf = self._shelf
        if best[0] != cited.ref:
            return ""
        version = cited.ref.partition("@")[2]
        before = [v for v in document.versions if v.version < version]
        path = cited.citation.articles[0] if cited.citation.articles else cited.units[0]
        for old in reversed(before):
            ref = version_ref(document.id, old.version)
            if shelf.loaded(ref):
                clauses = [(ref, x) for x in shelf.clauses(ref, path.partition(".p")[0])]
                if clauses and self._comparer.fit(words, clauses) >= FITS:
                    return f"{old.version} 通过的文本"
        if document.kind is DocKind.STANDARD:
            dated = bool(re.search(r"-\d{4}\Z", cited.citation.number))
            older = document.supersedes and not dated
            return f"{document.supersedes[0].upper()} 一类的旧版" if older else ""
        one, two = _ARTICLE.match(path), _ARTICLE.match(best[1])
        if before and one and two and 0 < abs(int(two[1]) - int(one[1])) <= _STEP:
            return f"{before[-1].version} 或更早通过的文本"
        return ""
