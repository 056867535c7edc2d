"""What a query asks for: a clause or document that it names, or words to look for.

Reads 安全生产法第25条, 16423 5.2.2.2, 《消防法》第十六条第一款第（三）项, 刑法134条之一, ranges
(第25条至第28条), 安全生产法第四章, 16423 表1, the name of a document alone, and ids. Nothing is
guessed: a name that fits two documents gives both, and a name inside a longer one that is unknown
(某省安全生产条例) gives none; what is named and unknown is told apart (`Understood.unknown`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kb.catalog.names import STATE, bare_title, docno_key, standard_number
from kb.citations import find
from kb.citations.patterns import GENERIC_NAMES
from kb.errors import UsageError
from kb.fold import fold_text
from kb.ids import parse_ref, version_ref
from kb.model import CiteForm, DocKind, Document, UnitKind
from kb.store import Passages, StoredUnit

__all__ = ["Located", "Names", "Reference", "Understood", "locate", "understand"]


@dataclass(frozen=True, slots=True)
class Reference:
    """A clause or document that a query names; `docs` are all that the name can mean.

    `clause` is a clause id without its parts (empty: the whole document; `t:1` is 表 1), `parts`
    are the steps below it (`p1`, `i3`, `a`), `until` is the other end of a range. `edition` is the
    year or date that the query names, or empty; `dated` says that the name itself is that of one
    edition (GB 16423-2020). `pins` are the versions (`doc@date`) that a decree's number means
    (国务院令第591号); documents without a pin are meant in any version.
    """

    docs: tuple[str, ...]
    clause: str = ""
    parts: tuple[str, ...] = ()
    edition: str = ""
    dated: bool = False
    raw: str = ""
    until: str = ""
    pins: frozenset[str] = frozenset()

    def means(self, doc: str, version: str) -> bool:
        """Whether a version may be meant, as far as the number of a decree says."""
        pinned = any(p.startswith(f"{doc}@") for p in self.pins)
        return not pinned or version_ref(doc, version) in self.pins


@dataclass(frozen=True, slots=True)
class Understood:
    """`references` lead straight to clauses; `text` is what words are looked for in; `unknown` are
    titles (《…》) and numbers that the query names and the catalog does not have."""

    text: str
    references: tuple[Reference, ...] = ()
    unknown: tuple[str, ...] = ()


# --- names of documents -------------------------------------------------------------------------

_MARKS = re.compile(r"[《》〈〉<>\"'「」]")
_LATIN_DIGIT = re.compile(r"(?<=[a-z/]) +(?=[0-9])")  # gb 16423
_AROUND_DASH = re.compile(r" *- *")
_BESIDE_HAN = re.compile(r"(?<![0-9a-z.)]) +| +(?![0-9a-z.(])")  # 安全生产法 第25条
_STANDARD_TAIL = re.compile(r"(?:gb|aq|db|tsg|[a-z]{2})(?:/?t|/?z)?[0-9.]+(?:-[0-9]{4})?\Z")


def _plain(text: str) -> str:
    """Folded, without book marks and without spaces that part no figures."""
    out = _MARKS.sub("", fold_text(text)).strip()
    out = _AROUND_DASH.sub("-", out)
    out = _LATIN_DIGIT.sub("", out)
    return _BESIDE_HAN.sub("", out)


@dataclass(frozen=True, slots=True)
class _Name:
    docs: tuple[str, ...]
    dated: bool = False
    pins: frozenset[str] = frozenset()


class Names:
    """Look-up of what documents are called: titles, short titles, aliases, numbers."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        self._documents = documents
        found: dict[str, dict[str, bool]] = {}
        pins: dict[str, set[str]] = {}
        whole: set[tuple[str, str]] = set()
        for document in documents.values():
            for key, dated, pin in self._of(document):
                if len(key) > 1:
                    ids = found.setdefault(key, {})
                    ids[document.id] = ids.get(document.id, False) or dated
                    if pin:
                        pins.setdefault(key, set()).add(pin)
                    else:
                        whole.add((key, document.id))
        self._names = {
            key: _Name(
                tuple(ids),
                all(ids.values()),
                frozenset(p for p in pins.get(key, ()) if (key, p.partition("@")[0]) not in whole),
            )
            for key, ids in found.items()
        }
        self._longest = max(map(len, self._names), default=0)

    @staticmethod
    def _of(document: Document) -> Iterator[tuple[str, bool, str]]:
        """Names in plain form, whether they mean one edition, and the version that they pin."""
        for title in dict.fromkeys((document.title, document.short, *document.aliases)):
            number = standard_number(title) if title[0].isascii() else None
            dated = bool(number and number.year)
            whole = _plain(title)
            yield whole, dated, ""
            yield whole.removeprefix(STATE), dated, ""
            if document.kind is not DocKind.AMENDMENT and whole.endswith(")"):
                yield _plain(bare_title(title)).removeprefix(STATE), dated, ""
        numbers = [(v.number, version_ref(document.id, v.version)) for v in document.versions]
        for text, ref in dict.fromkeys(((document.number or "", ""), *numbers)):
            number = standard_number(text) if text else None
            if number is not None:
                series = number.series.lower()
                for head in dict.fromkeys((series, series.replace("/", ""), "")):
                    if number.year:
                        yield f"{head}{number.digits}-{number.year}", True, ""
                    yield f"{head}{number.digits}", False, ""
            elif text:
                for name in dict.fromkeys((_plain(text), _plain(docno_key(text)))):
                    yield name, True, ref
                    yield f"{STATE}{name}", True, ref

    def get(self, name: str) -> tuple[str, ...]:
        """Ids of the documents that are called exactly so, or have this id; () if none."""
        if name in self._documents:
            return (name,)
        found = self.whole(_plain(name))
        return found.docs if found else ()

    def items(self) -> Iterator[tuple[str, tuple[str, ...], bool, frozenset[str]]]:
        """Every name in plain form: its documents, whether it means one edition, its pins."""
        for key, name in self._names.items():
            yield key, name.docs, name.dated, name.pins

    def standards(self, name: _Name) -> _Name | None:
        """The name as that of standards alone: only they have clause numbers (25.3) and tables."""
        kept = tuple(d for d in name.docs if self._documents[d].kind is DocKind.STANDARD)
        return _Name(kept, name.dated) if kept else None

    def whole(self, plain: str) -> _Name | None:
        """The name that is all of a plain text; the brackets of a 文号 may be of any form."""
        return self._names.get(plain) or self._names.get(_plain(docno_key(plain)))

    def ending(self, plain: str) -> tuple[str, _Name] | None:
        """The longest name that ends a plain text, if what stands before it is no part of it."""
        for size in range(min(len(plain), self._longest), 1, -1):
            name = plain[-size:]
            found = self._names.get(name)
            if found and _parted(plain[:-size], name):
                return name, found
        return None


_FILLER = re.compile(
    # 请问安全生产法第25条, 根据…, 查一下…, 和…
    r"(?:请问|问|查|查询|查一下|查找|搜索|看|看看|看一下|根据|依据|依照|按照|按|违反|关于|对照|见|参见|引用|"
    r"和|与|及|以及|或|或者|在|的|是|[\s,，、。;；:：?？!！()\[\]【】/|~-])\Z"
)


def _parted(before: str, name: str) -> bool:
    if not before:
        return True
    if name[0].isascii() and before[-1].isascii() and before[-1].isalnum():
        return False
    if name[0].isdigit() and before[-1] in ".-/":
        return False
    if name[0].isascii() and not before[-1].isascii():
        return True  # 爆破安全规程GB6722
    return bool(_FILLER.search(before))


# --- parts of documents -------------------------------------------------------------------------

_ARTICLE = re.compile(
    r"第?(?<![0-9.])(?P<art>[0-9]+)条(?:之(?P<bis>[0-9]+))?"
    r"(?:第?(?P<p>[0-9]+)款)?(?:第?\(?(?P<i>[0-9]+)\)?项)?(?:第?\(?(?P<y>[0-9]+)\)?目)?"
)
"""第25条第1款第3项, 134条之1 in plain text."""
_CLAUSE = re.compile(
    r"(?:附录|第)?(?<![0-9.])(?P<clause>[0-9]+(?:\.[0-9]+)+|[a-z](?:\.[0-9]+)+)(?![0-9a-z])条?"
    r"(?: ?第?(?P<p>[0-9]+)[款段])?(?: ?第?\(?(?P<i>[0-9]+)\)?项| ?(?P<letter>[a-z])(?:\)|项|\Z))?"
)
"""5.2.2.2第4项, 5.6.1.5 a), C.1.2."""
_RANGE = re.compile(
    r"第?(?<![0-9.])(?P<a>[0-9]+)条?(?:之(?P<abis>[0-9]+))?(?:至|到|[-~])"
    r"第?(?P<b>[0-9]+)条(?:之(?P<bbis>[0-9]+))?"
)
"""第25条至第28条, 第25至28条, 25-28条 in plain text."""
_CLAUSE_RANGE = re.compile(
    r"(?<![0-9.])(?P<a>[0-9]+(?:\.[0-9]+)+|[a-z](?:\.[0-9]+)+)条?(?:至|到|[-~])第?"
    r"(?P<b>[0-9]+(?:\.[0-9]+)+|[a-z](?:\.[0-9]+)+)(?![0-9a-z.])条?"
)
"""5.2.2.1~5.2.2.3."""
_LIST = re.compile(r"(?:第|(?<=[、,]))(?P<head>[0-9]+)(?=(?:[、,和与及]第?[0-9]+){1,12}条)")
"""第25、26、28条: a member whose 条 stands behind the last."""
_CONTAINER = re.compile(
    r"(?:第(?P<part>[0-9]+)编)?(?:第(?P<sub>[0-9]+)分编)?第(?P<ch>[0-9]+)章(?:第(?P<s>[0-9]+)节)?"
)
"""第4章, 第2编第3章第1节."""
_TABLE = re.compile(r"(?P<kind>表|附录)(?P<n>[a-z](?:\.[0-9]+)?|[0-9]+)(?![0-9a-z.])")
"""表1, 表a.1, 附录a."""
_BARE_NUMBER = re.compile(r"第(?P<art>[0-9]+)(?=\Z|[,，。;；?？])")
"""安全生产法第25 at the end of a query."""
_EDITION = re.compile(
    # (2007), (2021年修正), (2013-06-29), 2020版 between a name and a part
    r"\(?(?P<edition>(?:19|20)[0-9]{2}(?:-[0-9]{2}-[0-9]{2})?)年?(?:[0-9]+月[0-9]+日)?"
    r"(?:修正|修订|修改|公布|通过|施行|版)?本?\)?\Z"
)
_BETWEEN = re.compile(r"[,，、;；和与及或至到~-]*\Z")  # 安全生产法第25条、第28条
_NUMBER_ONLY = re.compile(r"\(?([0-9]+)(?:-([0-9]+))?\)?\Z")
_LONGEST = 500  # characters of a query in which citations are looked for
_BARE_CLAUSE = 2  # dots from which a number alone is taken for a clause, not for a figure

_EXAM_MARK = re.compile(
    # （单选）, 判断：, 【多选题】 at the head of a question say nothing of its subject
    r"\A\s*+(?:[0-9]++\s*+[.、．]\s*+)?[（(【\[]?\s*+"
    r"(?:单选|单项选择|多选|多项选择|不定项选择|选择|判断|填空|简答|问答|论述|案例分析)题?"
    r"\s*+(?:[)）】\]]\s*+[:：]?|[:：])\s*+"
)


def understand(query: str, names: Names, standards: Iterable[str] = ()) -> Understood:
    """Take a query apart.

    Args:
        standards: ids of loaded standards, in which a clause number alone is looked up.
    """
    text = _EXAM_MARK.sub("", query)
    head = query.strip()[:_LONGEST]
    by_id = _by_id(head, names)
    if by_id:
        return Understood(text, (by_id,))
    plain = _plain(head)
    named = _document(plain, names)
    if named:
        return Understood(text, (named,))
    found = tuple(_references(plain, names))
    unknown = tuple(dict.fromkeys(_unknown(head, names, bool(found))))
    if not found:
        bare = _CLAUSE.fullmatch(plain)
        if bare and bare["clause"].count(".") >= _BARE_CLAUSE and (docs := tuple(standards)):
            found = (Reference(docs, *_clause(bare), raw=plain),)
    return Understood(text, found, unknown)


def _unknown(query: str, names: Names, found: bool) -> Iterator[str]:
    """Documents that the query names for certain (marks, a number, a law's name before 第…条) and
    that the catalog lacks; `found` says that the query names another that it has."""
    for c in find(query):
        if c.form not in (CiteForm.TITLE, CiteForm.NUMBER, CiteForm.DOCNO) or c.listed:
            continue
        marked = c.raw.startswith("《")
        if c.number:
            if not names.get(c.number) and not (c.title and names.get(c.title)):
                yield c.number
        elif c.title in GENERIC_NAMES or (not marked and (found or not c.articles)):
            continue
        elif not names.get(c.title):
            yield f"《{c.title}》"


def _by_id(query: str, names: Names) -> Reference | None:
    """gb-16423-2020#5.2.2.2, gb-16423-2020@2020-10-11, a document id alone."""
    try:
        ref = parse_ref(query)
    except UsageError:
        return None
    docs = names.get(ref.doc) if ref.clause or ref.version or "-" in ref.doc else ()
    if docs != (ref.doc,):
        return None
    return Reference(docs, ref.clause, (), ref.version, bool(ref.version), query)


def _document(plain: str, names: Names) -> Reference | None:
    """A name that is the whole query, perhaps with its edition."""
    name = names.whole(plain)
    if name:
        return Reference(name.docs, dated=name.dated, raw=plain, pins=name.pins)
    m = _EDITION.search(plain)
    if m and (name := names.whole(plain[: m.start()])):
        return Reference(name.docs, edition=m["edition"], raw=plain)
    return None


_PATTERNS = (_RANGE, _LIST, _ARTICLE, _CLAUSE_RANGE, _CLAUSE, _CONTAINER, _TABLE, _BARE_NUMBER)
_NUMBERED = frozenset({_CLAUSE_RANGE, _CLAUSE, _TABLE})
"""What only a standard has."""
_ABOVE = re.compile(r"(?:第[0-9]+编)?(?:第[0-9]+分编)?(?:第[0-9]+章)?(?:第[0-9]+节)?的?\Z")
"""安全生产法第2章|第25条: 条 are numbered through a law, so what stands above says no more."""


def _references(plain: str, names: Names) -> Iterator[Reference]:
    last: tuple[int, _Name, str] | None = None
    # at one place the pattern that reads most, and of two the first
    matches = sorted(
        (
            (m.start(), place, m)
            for place, pattern in enumerate(_PATTERNS)
            for m in pattern.finditer(plain)
        ),
        key=lambda x: x[:2],
    )
    for start, _, m in matches:
        if last and start < last[0]:
            continue
        if m.re is _CONTAINER and _ARTICLE.match(plain, m.end()):
            continue
        before = plain[:start].removesuffix("的").rstrip(" ,:：")
        if m.re in (_RANGE, _LIST, _ARTICLE):
            above = _ABOVE.search(before)
            before = before[: above.start()] if above else before
        named, year = _named_before(before, names)
        if named:
            name: _Name = named[1]
        elif last and _BETWEEN.match(plain[last[0] : start]):
            name, year = last[1], last[2]
        elif m.re is _ARTICLE and (after := names.whole(plain[m.end() :].lstrip(" ,的"))):
            name, year = after, ""  # 第25条 安全生产法
        else:
            continue
        if m.re in _NUMBERED:
            numbered = names.standards(name)
            if numbered is None:
                continue
            name = numbered
        last = (m.end(), name, year)
        clause, parts, until = _target(m)
        raw = plain[plain.rindex(named[0], 0, start) if named else start : m.end()]
        yield Reference(name.docs, clause, parts, year, name.dated, raw, until, name.pins)
    if last is None:
        yield from _by_number_only(plain, names)


def _named_before(before: str, names: Names) -> tuple[tuple[str, _Name] | None, str]:
    """The name that ends a text, and its edition if one stands behind it."""
    edition = _EDITION.search(before)
    named = names.ending(before)
    if edition and not (named and named[1].dated):
        other = names.ending(before[: edition.start()])
        if other:
            return other, edition["edition"]
    return named, ""


def _target(m: re.Match[str]) -> tuple[str, tuple[str, ...], str]:
    """Clause, parts and other end of the range that a match names."""
    if m.re is _ARTICLE:
        return (*_article(m), "")
    if m.re is _CLAUSE:
        return (*_clause(m), "")
    if m.re is _RANGE:
        return _art(m["a"], m["abis"]), (), _art(m["b"], m["bbis"])
    if m.re is _CLAUSE_RANGE:
        return _numbered(m["a"]), (), _numbered(m["b"])
    if m.re is _CONTAINER:
        pieces = (("part-", "part"), ("sub-", "sub"), ("ch-", "ch"), ("s", "s"))
        return ".".join(f"{k}{int(m[g])}" for k, g in pieces if m[g]), (), ""
    if m.re is _TABLE:
        number = m["n"].upper()
        return f"t:{number}" if m["kind"] == "表" else f"app-{number}", (), ""
    return _art(m[1], None), (), ""


def _art(number: str, bis: str | None) -> str:
    return f"art-{int(number)}" + (f"-{int(bis)}" if bis else "")


def _numbered(number: str) -> str:
    """C.1.2 is app-C.1.2."""
    return f"app-{number[0].upper()}{number[1:]}" if number[0].isalpha() else number


def _by_number_only(plain: str, names: Names) -> Iterator[Reference]:
    """安全生产法 25: a name and a number are all of the query."""
    m = re.search(r"(?<![0-9.\-])([0-9]{1,4})\Z", plain)
    named = names.ending(plain[: m.start()].rstrip()) if m else None
    if m and named and len(named[0]) == len(plain[: m.start()].rstrip()):
        yield Reference(named[1].docs, f"art-{int(m[1])}", (), "", named[1].dated, plain)


def _article(m: re.Match[str]) -> tuple[str, tuple[str, ...]]:
    clause = _art(m["art"], m["bis"])
    parts = tuple(f"{key}{int(m[key])}" for key in ("p", "i", "y") if m[key])
    return clause, parts


def _clause(m: re.Match[str]) -> tuple[str, tuple[str, ...]]:
    clause = _numbered(m["clause"])
    parts = [f"{key}{int(m[key])}" for key in ("p", "i") if m[key]]
    if m["letter"]:
        parts.append(m["letter"])
    return clause, tuple(parts)


# --- from a reference to units ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Located:
    """A hit that a reference names; `unit` is the part of it that is meant, `note` what failed."""

    clause: str
    unit: str
    note: str = ""


def locate(passages: Passages, ref: str, reference: Reference) -> tuple[Located, ...]:
    """The hits of a loaded version that a reference with a clause names; () if it has none.

    A number that the source repeats gives all of them; a chapter or a range gives every hit in it.
    """
    found_ids = _ids(passages, ref, reference.clause)
    if reference.until and found_ids:
        ends = _ids(passages, ref, reference.until)
        last = ends[-1] if ends else _last_before(passages, ref, reference.until)
        inside = _through(passages, ref, found_ids[0], last)
        return tuple(Located(i, i) for i in inside)
    out = []
    for unit_id in found_ids:
        unit = passages.unit(ref, unit_id)
        while unit is not None and not unit.hit and unit.parent and not _holds(unit):
            unit = passages.unit(ref, unit.parent)
        if unit is None or not unit.hit:
            out += [Located(i, i) for i in _through(passages, ref, unit_id, unit_id)]
            continue
        if not reference.parts:
            out.append(Located(unit.id, unit_id))
            continue
        steps = "".join(rf"\.{re.escape(p)}" for p in reference.parts)
        # an item whose 款 the query leaves out lies in the one 款 that has it
        wanted = re.compile(rf"{re.escape(unit_id)}(?:\.p\d+)?{steps}\Z")
        found = [u.id for u in passages.below(ref, unit.id) if wanted.match(u.id)]
        if len(found) == 1:
            out.append(Located(unit.id, found[0]))
        else:
            note = "条内没有这一款、项" if not found else "条内不止一款有这一项"
            out.append(Located(unit.id, unit.id, note))
    return tuple(out)


_CONTAINERS = frozenset({UnitKind.PART, UnitKind.CHAPTER, UnitKind.SECTION, UnitKind.ANNEX})


def _holds(unit: StoredUnit) -> bool:
    return unit.kind in _CONTAINERS


def _last_before(passages: Passages, ref: str, until: str) -> str:
    """The last article before one that is not there (第118条至第125条 of 119), '' for others."""
    if not until.startswith("art-"):
        return ""
    number = int(until.split("-")[1])
    found = [(int(m[1]), u.id) for u in passages.units(ref) if (m := _PLAIN_ARTICLE.match(u.id))]
    return max((x for x in found if x[0] <= number), default=(0, ""))[1]


_PLAIN_ARTICLE = re.compile(r"art-([0-9]+)(?:-[0-9]+)?\Z")


def _through(passages: Passages, ref: str, first: str, last: str) -> list[str]:
    """Hits from a unit to the end of another, in order; of the first alone if the last is none."""
    units = passages.units(ref)
    place = {u.id: i for i, u in enumerate(units)}
    low, high = place[first], place.get(last, place[first])
    if high < low:
        low, high = high, low
    inside = {units[high].id}
    for unit in units[high + 1 :]:
        if unit.parent not in inside:
            break
        inside.add(unit.id)
        high += 1
    return [u.id for u in units[low : high + 1] if u.hit]


def _ids(passages: Passages, ref: str, clause: str) -> list[str]:
    """Units that a clause id of a reference means."""
    found = list(_repeated(passages, ref, clause))
    if found:
        return found
    if clause.startswith("art-"):
        # 第四条 of an amending act (刑法修正案) is its 四、
        return list(_repeated(passages, ref, clause.replace("art-", "item-", 1)))
    if clause.startswith("t:"):
        label = f"表{clause[2:]}"
        units = (u for u in passages.units(ref) if u.kind is UnitKind.TABLE)
        return [u.id for u in units if "".join(u.label.split()).upper() == label]
    if clause.startswith(("ch-", "part-")):
        # 第5章 of a standard is its 5; 第2章 of a law with 编 is that of each 编
        whole = clause.removeprefix("ch-")
        found = list(_repeated(passages, ref, whole)) if whole.isdigit() else []
        return found or [u.id for u in passages.units(ref) if u.id.endswith(f".{clause}")]
    return []


def _repeated(passages: Passages, ref: str, clause: str) -> Iterator[str]:
    n = 1
    unit_id = clause
    while passages.unit(ref, unit_id) is not None:
        yield unit_id
        n += 1
        unit_id = f"{clause}~{n}"
