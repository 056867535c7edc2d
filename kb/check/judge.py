"""What is wrong with a reference by itself: the document, its title, its edition, the clause.

Never guesses: what the catalog does not know is not_checked, except a national law (its name ends
in 法), because the catalog knows every one of the data package. The words beside a reference only
help to name the clause that was meant.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from kb.catalog.files import nearly
from kb.catalog.names import (
    PROVINCES,
    STATE,
    bare_title,
    plain_title,
    standard_number,
    title_key,
)
from kb.check.cited import Cited
from kb.check.model import Finding
from kb.check.shelf import Shelf, Standing
from kb.model import CiteForm, DocKind, Document, Status, Version
from kb.resolve.reasons import Reason, Unresolved

__all__ = ["Judge", "Verdict"]

FITS = 0.45
"""From this fit on the words beside a reference name the clause that was meant."""

_NO_LAW = re.compile(
    r"(?:办|做|方|看|想|说|手|用|书|兵|语|执|司|立|普|守|违|合|依|魔|疗|算|技|战|枪|刀|拳)法\Z"
)
"""安全生产培训管理办法, 工作方法: names that end in 法 and are no laws."""
_NEAR_TITLE = 0.75
_GONE = re.compile(
    r"[^。；;\n]{0,40}(?:废止|作废|失效|停止执行|不再(?:执行|适用|使用)|已被代替|已由)"
)
"""What says behind a reference that the document no longer holds."""
_GONE_BEFORE = re.compile(r"(?:废止|作废|代替|取代)[^。；;\n]*\Z")
_NEARBY = 60


@dataclass(frozen=True, slots=True)
class Verdict:
    """`finding` about a reference, and the clauses that its words can be compared with.

    `units` are the parts that it names of them (款, 项). `within` are versions in which the words
    beside it may be looked for, where it names a whole document.
    """

    finding: Finding | None = None
    clauses: tuple[tuple[str, str], ...] = ()
    units: tuple[tuple[str, str], ...] = ()
    within: tuple[str, ...] = ()


class Judge:
    """Judges references one by one against the catalog and the loaded texts."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def verdict(self, cited: Cited, words: str, post: str = "") -> Verdict:
        """What is to be said of a reference with these words beside it."""
        self._post = post
        document = cited.document
        if finding := self._title(cited, words):
            return Verdict(finding)
        if document is not None and (cited.resolution.targets or cited.units):
            return self._resolved(cited, document, words)
        return self._unresolved(cited, words)

    # --- titles ---------------------------------------------------------------------------------

    def _title(self, cited: Cited, words: str) -> Finding | None:
        """A title beside a number that is another document's."""
        c, r = cited.citation, cited.resolution
        if "编号所指" in r.details:
            by_number = self._shelf.documents[r.details["编号所指"]]
            by_title = self._shelf.documents[r.details["题名所指"]]
            return self._mismatch(cited, by_number, by_title, words)
        if not (c.title and c.number and cited.document):
            return None
        document = cited.document
        if _called(document, c.title):
            return None
        number = c.number
        return self._finding(
            "wrong_title",
            cited,
            document.id,
            f"{number} 的题名是《{document.title}》，不是《{c.title}》",
            self._shelf.name(document) + _tail(cited),
        )

    def _mismatch(
        self, cited: Cited, by_number: Document, by_title: Document, words: str
    ) -> Finding:
        c = cited.citation
        # a standard is known by its number, a law by its name
        meant = by_number if by_number.kind is DocKind.STANDARD else by_title
        other_one = by_title if meant is by_number else by_number
        fits: dict[str, float] = {}
        for document in (by_number, by_title):
            for path in c.articles[:1]:
                ref = self._shelf.present(document)
                clauses = self._shelf.clauses(ref, path) if ref else ()
                fits[document.id] = self._shelf.fits.of(words, [(ref, x) for x in clauses])
        if fits.get(other_one.id, 0) >= FITS > fits.get(meant.id, 0):
            meant = other_one
        other = f"《{c.title}》是 {by_title.number}" if by_title.number else "不是所写的题名"
        message = f"题名与编号不是同一份文件：{c.number} 是《{by_number.title}》，{other}"
        suggestion = self._shelf.name(meant) + _tail(cited)
        return self._finding("wrong_title", cited, meant.id, message, suggestion)

    # --- resolved -------------------------------------------------------------------------------

    def _resolved(self, cited: Cited, document: Document, words: str) -> Verdict:
        shelf = self._shelf
        standing = shelf.standing(document)
        if standing.kind in ("not_in_force", "pending", "superseded"):
            return self._fallen(cited, document, standing, words)
        asked = self._asked(cited, document)
        if asked and standing.version and standing.version not in asked:
            old = self._older(cited, document, asked, standing.version, words)
            if old is not None:
                return old
        if standing.kind == "not_checked":
            return Verdict(self._finding("not_checked", cited, document.id, standing.why))
        if not cited.ref or not cited.units:
            present = shelf.present(document)
            return Verdict(within=(present,) if present else ())
        if shelf.state(cited.ref).status is not Status.IN_FORCE:
            why = f"收录的是已修改的旧文本（{shelf.state(cited.ref).reason}），内容没有核对"
            return Verdict(self._finding("not_checked", cited, cited.ref, why))
        units = tuple((cited.ref, u) for u in cited.units)
        clauses = tuple((cited.ref, x) for u in cited.units for x in shelf.clauses(cited.ref, u))
        return Verdict(None, tuple(dict.fromkeys(clauses)), units)

    def _asked(self, cited: Cited, document: Document) -> list[Version]:
        """The wordings that a year, a day or an order in the reference names."""
        c = cited.citation
        if document.kind in (DocKind.STANDARD, DocKind.NOTICE):
            return []
        if c.year and not (c.number and not c.number.startswith(c.year)):
            return [
                v
                for v in document.versions
                if v.version.startswith(c.year) or str(v.in_force or "").startswith(c.year)
            ]
        if c.number:
            ordered = self._shelf.resolver.editions.ordered(document, c.title, c.number, {})
            return [ordered] if ordered else []
        return []

    def _older(
        self, cited: Cited, document: Document, asked: list[Version], now: Version, words: str
    ) -> Verdict | None:
        """A wording named by its year or order that another has replaced.

        The order of a regulation goes on being its number when it is amended (修正); a law gets a
        new one each time.
        """
        between = [v for v in document.versions if asked[0].version < v.version <= now.version]
        kept = document.kind is not DocKind.LAW and all(v.amendment for v in between)
        if kept and not cited.citation.year:
            return None
        states = [self._shelf.validity(document, v) for v in asked]
        if any(s.status is Status.AMENDED for s in states):
            why = f"{asked[-1].version} 的文本后来改过，改后的正文没有收录，请核对改动处"
            return self._unclear(cited, why, document.id)
        if any(s.status not in (Status.REPLACED, Status.REPEALED) for s in states):
            return None
        start = f"，{now.in_force} 起施行" if now.in_force else ""
        message = f"引的是 {asked[-1].version} 的文本，现行的是 {now.version} 通过的文本{start}"
        return self._instead(cited, "superseded", document.id, message, document, words)

    # --- gone, or not yet there -----------------------------------------------------------------

    def _fallen(self, cited: Cited, document: Document, standing: Standing, words: str) -> Verdict:
        """A document that does not hold on the day; the present clause is proposed by the words."""
        if standing.kind != "pending" and _says_gone(cited):
            return Verdict()  # …同时废止: the card says so itself
        name = self._shelf.name(document)
        message = f"{name}{_colon(standing.why)}"
        at = self._id(cited) or document.id
        if standing.kind == "pending" or not standing.later:
            return Verdict(self._finding(standing.kind, cited, at, message))
        return self._instead(cited, standing.kind, at, message, standing.later[0], words)

    def _instead(
        self, cited: Cited, kind: str, at: str, message: str, later: Document, words: str
    ) -> Verdict:
        """The finding with the clause of `later` that the words mean, if they mean one."""
        shelf = self._shelf
        present = shelf.present(later)
        suggestion = shelf.name(later)
        clauses: tuple[tuple[str, str], ...] = ()
        if cited.names_part:
            clause = self.meant(words, present) or self._same_number(cited, present, words)
            if clause:
                suggestion = shelf.cite(present, clause)
                at = f"{present}#{clause}"
                clauses = ((present, clause),)
            elif not present:
                suggestion += "（原文没有收录，请按它重新核对条号）"
            else:
                suggestion += "（请按它重新核对条号）"
        return Verdict(self._finding(kind, cited, at, message, suggestion), clauses, clauses)

    def meant(self, words: str, ref: str, least: float = FITS) -> str:
        """The clause of a version that words mean, '' if none does clearly."""
        if not ref or not words:
            return ""
        near = self._shelf.nearest(words, [ref], 2)
        if not near or near[0][2] < least:
            return ""
        clear = len(near) < 2 or near[0][2] - near[1][2] >= 0.05 or near[0][2] > 0.9
        return near[0][1] if clear else ""

    def _same_number(self, cited: Cited, ref: str, words: str) -> str:
        """The clause of the same number, where the words fit it too."""
        for path in cited.citation.articles[:1] if ref else ():
            for clause in self._shelf.clauses(ref, path)[:1]:
                if words and self._shelf.fits.of(words, [(ref, clause)]) >= FITS:
                    return clause
        return ""

    # --- unresolved -----------------------------------------------------------------------------

    def _unresolved(self, cited: Cited, words: str) -> Verdict:
        reason = cited.resolution.reason
        if reason == Reason.NOT_IN_CATALOG:
            return self._unknown(cited, words)
        document = cited.document or self._named(cited)
        if document is None:
            return self._unclear(cited, cited.resolution.details.get("说明", reason))
        standing = self._shelf.standing(document)
        if standing.kind in ("not_in_force", "pending", "superseded"):
            return self._fallen(cited, document, standing, words)
        asked = self._asked(cited, document)
        if asked and standing.version and standing.version not in asked:
            old = self._older(cited, document, asked, standing.version, words)
            if old is not None:
                return old
        if reason == Reason.NO_SUCH_CLAUSE:
            return self._no_clause(cited, document, words)
        if standing.kind == "not_checked":
            return self._unclear(cited, standing.why, document.id)
        if reason == Reason.NO_TEXT:
            return self._unclear(cited, "原文没有收录，条款内容没有核对", document.id)
        if reason in (Reason.EDITION_NOT_LOADED, Reason.EDITION_UNKNOWN):
            return self._unclear(cited, f"{self._shelf.as_of} 有效的文本没有收录", document.id)
        return self._unclear(cited, cited.resolution.details.get("说明", reason), document.id)

    def _unclear(self, cited: Cited, why: str, at: str = "") -> Verdict:
        return Verdict(self._finding("not_checked", cited, at, f"没有核对：{why}"))

    def _named(self, cited: Cited) -> Document | None:
        c = cited.citation
        try:
            return self._shelf.resolver.editions.find(c.title, c.number, {})
        except Unresolved:
            return None

    def _no_clause(self, cited: Cited, document: Document, words: str) -> Verdict:
        shelf = self._shelf
        present = shelf.present(document)
        name = shelf.name(document)
        if not present or shelf.partial(present):
            return self._unclear(cited, f"{name}收录的文本不完整", document.id)
        path = cited.citation.articles[0] if cited.citation.articles else ""
        whole = path.partition(".p")[0].partition(".i")[0]
        tree = shelf.tree(present)
        known = tree is not None and whole != path and whole in tree.by_id
        what = "有这一条，没有所写的款、项" if known else "没有这一条"
        clause = self.meant(words, present)
        suggestion = shelf.cite(present, clause) if clause else ""
        if known and not suggestion:
            suggestion = shelf.cite(present, whole)
        at = f"{present}#{clause}" if clause else present
        if known and not clause:
            at = f"{present}#{whole}"
        return Verdict(
            self._finding("not_found", cited, at, f"{name}{what}", suggestion),
            ((present, clause),) if clause else (),
            ((present, clause),) if clause else (),
        )

    def _unknown(self, cited: Cited, words: str) -> Verdict:
        """A title or number that the catalog does not have."""
        c = cited.citation
        if c.number and (document := self._other_series(c.number)):
            standing = self._shelf.standing(document)
            if standing.kind in ("not_in_force", "pending", "superseded"):
                return self._fallen(cited, document, standing, words)
        if c.number and (edition := self._no_edition(c.number)):
            exists, message = edition
            name = self._shelf.name(exists)
            return Verdict(self._finding("not_found", cited, exists.id, message, name))
        title = plain_title(c.title).removeprefix(STATE)
        near = self._near(title)
        hint = "；相近的有" + "、".join(f"《{d.title}》" for d in near) if near else ""
        if c.form is CiteForm.TITLE and _is_law(title):
            message = f"没有《{c.title}》这部法律（目录和数据包的全部法律里都没有）"
            suggestion = f"《{near[0].title}》" if near else ""
            if near and cited.names_part and (ref := self._shelf.present(near[0])):
                clause = self.meant(words, ref)
                suggestion = self._shelf.cite(ref, clause) if clause else suggestion
            return Verdict(self._finding("not_found", cited, "", message, suggestion))
        for document in near:
            if typo := self._mistyped(cited, document, title, words):
                return Verdict(typo)
        return self._unclear(cited, f"目录里没有这份文件{hint}")

    def _no_edition(self, number: str) -> tuple[Document, str] | None:
        """A standard of a year between two editions that follow each other: there is none."""
        asked = standard_number(number)
        if asked is None or not asked.year:
            return None
        editions = self._shelf.catalog.find_number(asked.stem)
        for document in editions:
            mine = standard_number(document.number or "")
            for old in document.supersedes:
                older = self._shelf.documents.get(old.partition("@")[0])
                other = standard_number(older.number or "") if older else None
                if (
                    mine
                    and other
                    and other.stem == mine.stem
                    and other.year < asked.year < mine.year
                ):
                    return (
                        document,
                        f"没有 {asked} 这一版：{other} 之后是 {mine}",
                    )
        return None

    def _other_series(self, number: str) -> Document | None:
        """GB 6441-1986 written for GB/T 6441-1986, or the other way round."""
        asked = standard_number(number)
        if asked is None or not asked.year:
            return None
        series = asked.series.removesuffix("/T")
        other = series if asked.series.endswith("/T") else f"{series}/T"
        found = self._shelf.catalog.find_number(f"{other} {asked.digits}-{asked.year}")
        return found[0] if len(found) == 1 else None

    def _near(self, title: str) -> list[Document]:
        names: dict[str, Document] = {}
        for document in self._shelf.documents.values():
            for name in (document.title, *document.aliases):
                names.setdefault(title_key(name), document)
        key = title_key(title)
        close = difflib.get_close_matches(key, names, n=3, cutoff=_NEAR_TITLE)
        turned = [k for k in names if len(k) == len(key) and sorted(k) == sorted(key)]
        return list({names[k].id: names[k] for k in (*turned, *close)}.values())

    def _mistyped(self, cited: Cited, document: Document, title: str, words: str) -> Finding | None:
        """A title that is another document's but for a slip: one letter, or the words decide."""
        shelf = self._shelf
        slip = nearly(title, document.title) and not title.startswith(PROVINCES)
        ref = shelf.present(document)
        for path in cited.citation.articles[:1] if ref else ():
            clauses = [(ref, x) for x in shelf.clauses(ref, path)]
            slip = slip or (bool(clauses) and shelf.fits.of(words, clauses) >= FITS)
        if not slip:
            return None
        return self._finding(
            "wrong_title",
            cited,
            document.id,
            f"没有《{cited.citation.title}》，应是《{document.title}》",
            shelf.name(document) + _tail(cited),
        )

    # --- findings -------------------------------------------------------------------------------

    def _id(self, cited: Cited) -> str:
        if cited.ref and cited.units:
            return f"{cited.ref}#{cited.units[0]}"
        return cited.document.id if cited.document else ""

    def _finding(
        self, kind: str, cited: Cited, at: str, message: str, suggestion: str = ""
    ) -> Finding:
        return Finding(
            kind,
            cited.cell.place,
            cited.raw,
            at,
            message,
            suggestion,
            cited.start,
            cited.end,
            self._post,
        )


def _says_gone(cited: Cited) -> bool:
    text = cited.cell.text
    before = text[max(0, cited.start - _NEARBY) : cited.start]
    return bool(_GONE.match(text, cited.end) or _GONE_BEFORE.search(before))


def _is_law(title: str) -> bool:
    name = bare_title(title)
    if re.search(r"[这该本此]部?法\Z", name):
        return False
    return len(name) > 2 and name.endswith("法") and not _NO_LAW.search(name)


def _called(document: Document, title: str) -> bool:
    """Whether a title is the document's own, with more or fewer words at its ends."""
    key = title_key(bare_title(title))
    for name in _names(document):
        own = title_key(bare_title(name))
        if own and (key == own or (len(key) > 3 and (key in own or own in key))):
            return True
    return False


def _names(document: Document) -> Iterator[str]:
    yield document.title
    yield from document.aliases
    if document.short and document.short != document.number:
        yield document.short


def _tail(cited: Cited) -> str:
    """The clause as written behind the name: 第二十五条, 5.2.3.3."""
    m = re.search(r"(?:第?[\d一二三四五六七八九十百零]+条.*|\d+(?:\.\d+)+.*)\Z", cited.raw)
    return m[0] if m and cited.names_part else ""


def _colon(why: str) -> str:
    return f"：{why}" if why else ""
