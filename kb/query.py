"""What a query asks for: a clause or document that it names, or words to look for.

Reads 安全生产法第25条, 16423 5.2.2.2, 《消防法》第十六条第一款第（三）项, 刑法134条之一, the
name of a document alone, and ids. Nothing is guessed: a name that fits two documents gives both,
and a name inside a longer one that is unknown (某省安全生产条例) gives none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kb.catalog.names import STATE, bare_title, docno_key, standard_number
from kb.errors import UsageError
from kb.fold import fold_text
from kb.ids import parse_ref
from kb.model import DocKind, Document
from kb.store import Passages

__all__ = ["Located", "Names", "Reference", "Understood", "locate", "understand"]


@dataclass(frozen=True, slots=True)
class Reference:
    """A clause or document that a query names; `docs` are all that the name can mean.

    `clause` is a clause id without its parts (empty: the whole document), `parts` are the steps
    below it (`p1`, `i3`, `a`). `edition` is the year or date that the query names, or empty;
    `dated` says that the name itself is that of one edition (GB 16423-2020).
    """

    docs: tuple[str, ...]
    clause: str = ""
    parts: tuple[str, ...] = ()
    edition: str = ""
    dated: bool = False
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Understood:
    """`references` lead straight to clauses; `text` is what words are looked for in."""

    text: str
    references: tuple[Reference, ...] = ()


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


class Names:
    """Look-up of what documents are called: titles, short titles, aliases, numbers."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        self._documents = documents
        found: dict[str, dict[str, bool]] = {}
        for document in documents.values():
            for key, dated in self._of(document):
                if len(key) > 1:
                    ids = found.setdefault(key, {})
                    ids[document.id] = ids.get(document.id, False) or dated
        self._names = {key: _Name(tuple(ids), all(ids.values())) for key, ids in found.items()}
        self._longest = max(map(len, self._names), default=0)

    @staticmethod
    def _of(document: Document) -> Iterator[tuple[str, bool]]:
        """Names in plain form, with whether they mean one edition."""
        for title in dict.fromkeys((document.title, document.short, *document.aliases)):
            number = standard_number(title) if title[0].isascii() else None
            dated = bool(number and number.year)
            whole = _plain(title)
            yield whole, dated
            yield whole.removeprefix(STATE), dated
            if document.kind is not DocKind.AMENDMENT and whole.endswith(")"):
                yield _plain(bare_title(title)).removeprefix(STATE), dated
        for text in dict.fromkeys((document.number, *(v.number for v in document.versions))):
            number = standard_number(text) if text else None
            if number is not None:
                series = number.series.lower()
                for head in dict.fromkeys((series, series.replace("/", ""), "")):
                    if number.year:
                        yield f"{head}{number.digits}-{number.year}", True
                    yield f"{head}{number.digits}", False
            elif text:
                yield _plain(text), True
                yield _plain(docno_key(text)), True

    def get(self, name: str) -> tuple[str, ...]:
        """Ids of the documents that are called exactly so, or have this id; () if none."""
        if name in self._documents:
            return (name,)
        found = self.whole(_plain(name))
        return found.docs if found else ()

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
    if not found:
        bare = _CLAUSE.fullmatch(plain)
        if bare and bare["clause"].count(".") >= _BARE_CLAUSE and (docs := tuple(standards)):
            found = (Reference(docs, *_clause(bare), raw=plain),)
    return Understood(text, found)


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
        return Reference(name.docs, dated=name.dated, raw=plain)
    m = _EDITION.search(plain)
    if m and (name := names.whole(plain[: m.start()])):
        return Reference(name.docs, edition=m["edition"], raw=plain)
    return None


def _references(plain: str, names: Names) -> Iterator[Reference]:
    last: tuple[int, _Name, str] | None = None
    matches = sorted((*_ARTICLE.finditer(plain), *_CLAUSE.finditer(plain)), key=lambda m: m.start())
    for m in matches:
        if last and m.start() < last[0]:
            continue
        before = plain[: m.start()].removesuffix("的").rstrip(" ,:：")
        edition = _EDITION.search(before)
        named = names.ending(before)
        year = ""
        if edition and not (named and named[1].dated):
            other = names.ending(before[: edition.start()])
            if other:
                named, year = other, edition["edition"]
        if named:
            name: _Name = named[1]
        elif last and _BETWEEN.match(plain[last[0] : m.start()]):
            name, year = last[1], last[2]
        else:
            continue
        last = (m.end(), name, year)
        clause, parts = _article(m) if m.re is _ARTICLE else _clause(m)
        start = plain.rindex(named[0], 0, m.start()) if named else m.start()
        raw = plain[start : m.end()]
        yield Reference(name.docs, clause, parts, year, name.dated, raw)
    if not matches:
        yield from _by_number_only(plain, names)


def _by_number_only(plain: str, names: Names) -> Iterator[Reference]:
    """安全生产法 25: a name and a number are all of the query."""
    m = re.search(r"(?<![0-9.\-])([0-9]{1,4})\Z", plain)
    named = names.ending(plain[: m.start()].rstrip()) if m else None
    if m and named and len(named[0]) == len(plain[: m.start()].rstrip()):
        yield Reference(named[1].docs, f"art-{int(m[1])}", (), "", named[1].dated, plain)


def _article(m: re.Match[str]) -> tuple[str, tuple[str, ...]]:
    clause = f"art-{int(m['art'])}" + (f"-{int(m['bis'])}" if m["bis"] else "")
    parts = tuple(f"{key}{int(m[key])}" for key in ("p", "i", "y") if m[key])
    return clause, parts


def _clause(m: re.Match[str]) -> tuple[str, tuple[str, ...]]:
    clause = m["clause"]
    if clause[0].isalpha():
        clause = f"app-{clause[0].upper()}{clause[1:]}"
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

    A number that the source repeats gives all of them.
    """
    out = []
    found_ids = list(_repeated(passages, ref, reference.clause))
    if not found_ids and reference.clause.startswith("art-"):
        # 第四条 of an amending act (刑法修正案) is its 四、
        item = reference.clause.replace("art-", "item-", 1)
        found_ids = list(_repeated(passages, ref, item))
    for unit_id in found_ids:
        unit = passages.unit(ref, unit_id)
        while unit is not None and not unit.hit and unit.parent:
            unit = passages.unit(ref, unit.parent)
        if unit is None or not unit.hit:
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


def _repeated(passages: Passages, ref: str, clause: str) -> Iterator[str]:
    n = 1
    unit_id = clause
    while passages.unit(ref, unit_id) is not None:
        yield unit_id
        n += 1
        unit_id = f"{clause}~{n}"
