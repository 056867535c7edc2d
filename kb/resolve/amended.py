"""References inside an amending act (刑法修正案, 关于修改…的决定) to the law that it amends."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.ids import format_ref
from kb.model import Document
from kb.resolve.locate import find_path, own_unit
from kb.resolve.reasons import Reason, Unresolved
from kb.resolve.target import EDITION, Target

__all__ = ["AmendedLaw"]

_ENOUGH = 8  # letters of a quotation that identify a clause


class AmendedLaw(Target):
    """A clause of the amended law, by its old or its new number."""

    def _amended_law(self, paths: Sequence[str]) -> tuple[str, ...]:
        """A clause of the law that this act amends, by its old or its new numbers."""
        ctx, spot = self.ctx, self.spot
        document = self.editions.find(ctx.amends, "", {})
        if not paths:
            self._whole(document)
            return (document.id,)
        assert spot is not None
        if spot.new:
            return self._new_wording(document, paths)
        try:
            edition = self.editions.before(document, ctx.version, paths)
            return self._in_edition(document, edition, paths)
        except Unresolved:
            found = self._through_act(document, paths)
            if not found:
                raise
            return found

    def _new_wording(self, document: Document, paths: Sequence[str]) -> tuple[str, ...]:
        """A number of the wording that the act produces; where later acts changed that article
        too, its 款 counts only if it has the words that this act gave it."""
        spot = self.spot
        assert spot is not None
        if self.anchored:
            articles = [p.partition(".")[0] for p in paths]
            edition = self.editions.result_of(document, self.ctx.version, articles)
            return self._in_edition(document, edition, paths)
        try:
            edition = self.editions.result_of(document, self.ctx.version, paths)
        except Unresolved:
            article = paths[0].partition(".")[0]
            if len(paths) != 1 or not spot.wording:
                raise
            edition = self.editions.result_of(document, self.ctx.version, [article])
            assert edition.tree is not None
            found = self._try(edition.tree, paths)
            if not found or not _same_words(edition.tree.by_id[found[0]].display, spot.wording):
                raise
        return self._in_edition(document, edition, paths)

    def _through_act(self, document: Document, paths: Sequence[str]) -> tuple[str, ...]:
        """An old number that the act itself leads to the new wording.

        第七条改为第九条 says where it went. 将第一条修改为：“…” keeps the number where the new
        wording has those words there. 第二款修改为 keeps it in a 修正案, which otherwise says
        改为第三款.
        """
        spot, act = self.spot, self.ctx.version
        assert spot is not None
        if len(paths) != 1 or (spot.moved and not spot.moved_to):
            return ()
        try:
            path = spot.moved_to or paths[0]
            edition = self.editions.result_of(document, act, [path])
            assert edition.tree is not None
            found = find_path(edition.tree, path)
        except Unresolved:
            return ()
        numbers_kept = "修正案" in self._own_title()
        words = spot.wording and _has(edition.tree.by_id[found].display, spot.wording)
        if not (spot.moved_to or numbers_kept or words):
            return ()
        self.details[EDITION] = edition.note or "修改前的版本未收录，链接到修改后的同一条"
        self._remember(edition.tree, [found], (document.id, edition.version))
        return (format_ref(document.id, edition.version, found),)

    def _own_title(self) -> str:
        return self.ctx.document.title if self.ctx.document else ""

    def _amended_relative(self, m: re.Match[str]) -> tuple[str, ...]:
        """前款, 第二款, 第三项, 本节 in an amending act: of the article that it changes here."""
        spot, key, rest = self.spot, m["key"], m["rest"] or ""
        assert spot is not None
        back = int(m["back"] or 0)
        if not spot.article:
            raise Unresolved(Reason.UNCLEAR, 说明="修改的条文不明")
        if key == "art" and not back and not m["all"]:
            bases = [spot.article]
        elif m["any"]:
            bases = [
                f"{spot.article}.p{spot.paragraph}" if self._names_paragraph() else spot.article
            ]
        elif key == "p" and self.c.quoted and not m["all"]:
            numbers = range(spot.paragraph - back, spot.paragraph) if back else [spot.paragraph]
            if min(numbers) < 1:
                raise Unresolved(Reason.UNCLEAR, 说明="前面没有这么多款")
            bases = [f"{spot.article}.p{n}" for n in numbers]
        else:
            return self._amended_container(key, back, rest)
        try:
            return self._amended_paths(bases, rest)
        except Unresolved:
            bases = self._anchored(bases, back if key == "p" else 0)
            if not bases:
                raise
            self.anchored = True
            return self._amended_paths(bases, rest)

    def _amended_paths(self, bases: Sequence[str], rest: str) -> tuple[str, ...]:
        paths = [f"{b}.{rest}" if rest else b for b in bases]
        if self.c.until:
            return self._amended_law([paths[0], f"{bases[0]}.{self.c.until.partition('.')[2]}"])
        return tuple(t for p in paths for t in self._amended_law([p]))

    def _anchored(self, bases: Sequence[str], back: int) -> list[str]:
        """The same 款 in a later wording, where the quoted 款 that cites them still stands there:
        前款 counts from it, 第一款 is sure if its own number has not changed."""
        spot = self.spot
        assert spot is not None
        if not spot.new or len(_letters(spot.line)) < _ENOUGH or not spot.article:
            return []
        document = self.editions.find(self.ctx.amends, "", {})
        try:
            edition = self.editions.result_of(document, self.ctx.version, [spot.article])
        except Unresolved:
            return []
        assert edition.tree is not None
        series = edition.tree.children.get(spot.article, ())
        at = [n for n, p in enumerate(series, 1) if _same_words(p.display, spot.line)]
        if len(at) != 1:
            return []
        if back:
            return (
                [f"{spot.article}.p{n}" for n in range(at[0] - back, at[0])] if at[0] > back else []
            )
        return list(bases) if at[0] == spot.paragraph else []

    def _names_paragraph(self) -> bool:
        """The instruction named the 款 to which a bare 第三项 belongs."""
        assert self.spot is not None
        return bool(self.spot.paragraph) and not self.c.quoted

    def _amended_container(self, key: str, back: int, rest: str) -> tuple[str, ...]:
        """本节, 本章 in a quoted wording."""
        spot, ctx = self.spot, self.ctx
        assert spot is not None
        document = self.editions.find(ctx.amends, "", {})
        if rest.startswith("art-"):
            return self._amended_law([rest])
        edition = self.editions.result_of(document, ctx.version, [spot.article])
        if edition.tree is None or key not in ("ch", "s") or back:
            raise Unresolved(Reason.UNCLEAR, 说明="修改的条文不明")
        unit = own_unit(edition.tree, find_path(edition.tree, spot.article), key)
        return self._in_edition(document, edition, [f"{unit.id}.{rest}" if rest else unit.id])


def _same_words(text: str, quoted: str) -> bool:
    """Whether one of the two contains the other; marks and blanks do not count."""
    a, b = _letters(text), _letters(quoted)
    return min(len(a), len(b)) >= _ENOUGH and (a in b or b in a)


def _has(text: str, quoted: str) -> bool:
    """Whether a unit has the words that an act quotes; marks and blanks do not count."""
    words = _letters(re.sub(r"(?m)^[“\"]第[^条]{1,12}条(?:之.)?", "", quoted))
    return len(words) >= _ENOUGH and words in _letters(text)


def _letters(text: str) -> str:
    return "".join(c for c in text if c.isalnum())
