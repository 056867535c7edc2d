"""The catalog: what each document is, which wordings it has, and how it is called."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path, PurePath
from types import MappingProxyType

from kb.catalog.entries import CATALOG_FILE, SLUG_FILE, Entry, read_entries, read_slugs
from kb.catalog.files import (
    in_file_name,
    is_furniture,
    nearly,
    starts_without_title,
    titles_in,
)
from kb.catalog.merge import Parts, StatuteRow, build, overlay
from kb.catalog.names import bare_title, docno_key, split_number, standard_number, title_key
from kb.catalog.regions import applies_in, full_region
from kb.errors import CatalogError, UnknownIdError
from kb.model import Certainty, DocKind, Document, Source, Status, TextState, Version
from kb.validity import Validity, current_version, validity

__all__ = ["Catalog"]

_FILE_DATE = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")  # …条例(2013-12-07).md
_FILE_NOTE = re.compile(r"[(（][^()（）]*[)）]\s*\Z")  # …规程（旧版，格式混乱）
_SURE_TITLE = 5  # characters; a shorter name must agree exactly

_ONE_WORDING = (DocKind.STANDARD, DocKind.NOTICE)
"""Kinds that are not amended: a dated number or title names the wording."""


class Catalog:
    """Documents by id, in the catalog's order, and the look-ups over them."""

    def __init__(self, parts: Parts, slugs: Mapping[str, str]) -> None:
        """Use `Catalog.load`. Checks what concerns several documents at once.

        Raises:
            CatalogError: unknown `supersedes`, a circle of them, or one name for two documents.
        """
        self._parts = parts
        self._slugs = frozenset(slugs.values())
        self._names: dict[str, list[str]] = {}
        self._stems: dict[str, list[str]] = {}
        self._numbers: dict[str, list[str]] = {}
        self._imports: set[str] = set()
        self._doubts: dict[tuple[str, str], str] = {}  # of files read: (doc, version) → why
        self._check_supersedes()
        for document in parts.documents.values():
            self._index(document)
        self._check_names()

    @classmethod
    def load(cls, roots: Sequence[Path], statutes: Sequence[StatuteRow] = ()) -> Catalog:
        """Read the catalog and merge the rows of the data package.

        Args:
            roots: corpus/ folders, the shipped one first; later ones are laid over it and may lack
                a catalog.toml.
            statutes: rows of the data package, as `kb.readers.statutes` gives them.

        Raises:
            CatalogError: something is missing or contradicts itself; names entry and field.
        """
        entries: Sequence[Entry] = ()
        slugs: dict[str, str] = {}
        for i, root in enumerate(roots):
            path = root / CATALOG_FILE
            if path.is_file():
                entries = overlay(entries, read_entries(path))
            elif i == 0:
                raise CatalogError(f"找不到目录 {path}。请重新安装，或检查 --root")
            if (root / SLUG_FILE).is_file():
                slugs |= read_slugs(root / SLUG_FILE)
        return cls(build(entries, slugs, statutes), slugs)

    @classmethod
    def of(cls, documents: Mapping[str, Document]) -> Catalog:
        """A catalog over documents that were checked before (those of an index)."""
        return cls(Parts(documents=dict(documents)), {})

    # --- documents ----------------------------------------------------------------------------

    @property
    def documents(self) -> Mapping[str, Document]:
        """Id → document, in the catalog's order."""
        return MappingProxyType(self._parts.documents)

    def get(self, doc: str) -> Document:
        """The document with this id.

        Raises:
            UnknownIdError: there is none; offers near ids.
        """
        found = self._parts.documents.get(doc)
        if found is None:
            raise UnknownIdError(doc, self.near(doc))
        return found

    def version(self, doc: str, version: str) -> Version:
        """One version of a document, by its date of adoption.

        Raises:
            UnknownIdError: no such document or version; offers those that there are.
        """
        document = self.get(doc)
        for v in document.versions:
            if v.version == version:
                return v
        near = tuple(f"{doc}@{v.version}" for v in reversed(document.versions))
        raise UnknownIdError(f"{doc}@{version}", near)

    def validity(self, version: Version, as_of: date) -> Validity:
        """Status of a version on a day, with its reason."""
        return validity(version, self.get(version.doc), as_of, self.documents)

    def in_force_version(self, doc: str | Document, as_of: date) -> Version | None:
        """The version that is 现行 on a day, if one certainly is."""
        document = self.get(doc) if isinstance(doc, str) else doc
        for v in document.versions:
            if self.validity(v, as_of).status is Status.IN_FORCE:
                return v
        return None

    def current_version(self, doc: str | Document, as_of: date) -> Version | None:
        """The version that a link without a date leads to (`kb.validity.current_version`)."""
        document = self.get(doc) if isinstance(doc, str) else doc
        return current_version(document, as_of, self.documents)

    def documents_matching(self, region: str) -> tuple[Document, ...]:
        """Documents that apply in a region (short names are understood), national ones included.

        Raises:
            UsageError: the region is unknown or ambiguous.
        """
        documents = self._parts.documents.values()
        place = full_region(region, (d.region for d in documents))
        return tuple(d for d in documents if applies_in(d.region, place))

    # --- names --------------------------------------------------------------------------------

    def find_title(self, name: str) -> tuple[Document, ...]:
        """Documents called so: title, short title or alias, latest edition first.

        Marks, brackets, a leading 中华人民共和国 and a closing （试行）, (2021修正) do not matter.
        A standard number in the name must be that of the document. Several: it is ambiguous.
        """
        number, rest = split_number(name)
        if number and rest:
            by_number = {d.id for d in self.find_number(str(number))}
            return tuple(d for d in self.find_title(rest) if d.id in by_number)
        for key in (title_key(name), title_key(bare_title(name))):
            if key and key in self._names:
                return self._latest_first(self._names[key])
        return ()

    def find_number(self, number: str) -> tuple[Document, ...]:
        """Documents with this standard number, 文号 or order number, latest edition first.

        `GB16423—2020` gives the edition, `GB 16423` all editions, `津应急发[2021]108号` the notice,
        国务院令第591号 the documents of which a version was issued by that order.
        """
        if (standard := standard_number(number)) is not None:
            table = self._numbers if standard.year else self._stems
            return self._latest_first(table.get(str(standard), ()))
        return self._latest_first(self._numbers.get(docno_key(number), ()))

    # --- files --------------------------------------------------------------------------------

    def recognise(self, source: Source) -> tuple[Document, Version] | None:
        """Which version of which document a file holds; None when it cannot be told for certain.

        The title inside the file decides, never its name alone. A known document in a wording that
        the catalog lacks gets a new version, 待核; so does a wording that the header leaves open.
        """
        meta = source.meta
        dates = [meta[k] for k in ("adopted", "issued", "file_date") if meta.get(k)]
        titles = [*titles_in(source), *filter(None, [meta.get("title", "")])]
        if not titles and starts_without_title(source):
            titles.append("")
        for title in dict.fromkeys(titles or [source.title]):
            found = self.identify(title, dates, meta.get("number"), source.path, source.sha256)
            if not found:
                continue
            document, version = found
            for v in document.versions:
                if v.version == version:
                    return self._unless_silent(source, document, v)
            return self._new_version(document, version, meta.get("in_force"))
        return None

    def remark(self, source: Source) -> str:
        """Why a file became an import although its name or title is known, '' if neither is."""
        stem = PurePath(source.path).stem
        titles = titles_in(source)
        said = f"正文的题名是“{titles[-1][:20]}”" if titles else "正文没有写题名"
        numbered = split_number(_FILE_NOTE.sub("", stem))[0]
        by_name = self.find_number(str(numbered)) if numbered else ()
        by_name = by_name or self.find_title(_FILE_NOTE.sub("", stem))
        titled = next((f for t in titles if (f := self.find_title(t))), ())
        if titled:
            return (
                f"目录里有《{titled[0].title}》，但从文件的日期和编号看不出是它的哪一个文本；"
                "按用户导入的文件处理，效力待核。请在文件名里写上编号或通过日期"
            )
        if by_name:
            named = by_name[0].number or f"《{by_name[0].title}》"
            return (
                f"文件名写的是 {named}，{said}，对不上；按用户导入的文件处理，效力待核。"
                "确是这份文件的，请把它的题名写在正文第一行"
            )
        return ""

    def doubt(self, document: Document, version: Version) -> str:
        """Why it is open which wording a recognised file holds, '' when it is not."""
        return self._doubts.get((document.id, version.version), "")

    def identify(
        self,
        title: str,
        adopted: str | Sequence[str] | None,
        number: str | None,
        filename: str,
        sha256: str = "",
    ) -> tuple[Document, str] | None:
        """Document and version of a file, from what it says of itself; None when unsure.

        Args:
            adopted: dates (ISO) that the file gives for its adoption or issue, if any.
            sha256: of the file; files that were examined are listed in the catalog.
        """
        if sha256 in self._parts.sha256:
            doc, version = self._parts.sha256[sha256]
            return self.get(doc), version
        stem = PurePath(filename).stem
        documents, by_number = self._candidates(title, number, stem)
        given = [adopted] if isinstance(adopted, str) else list(adopted or ())
        dates = [d for d in (*given, *_dates_in(stem)) if d]
        known = [(d, v) for d in documents for v in self._versions_dated(d, dates)]
        if known:
            # headers list every earlier adoption, and some stop before the last amendment
            latest = max(v for _, v in known)
            exact = {d.id: d for d, v in known if v == latest}
            return (next(iter(exact.values())), latest) if len(exact) == 1 else None
        if len(documents) != 1:
            return None
        (document,) = documents
        if document.kind in _ONE_WORDING and len(document.versions) == 1 and not dates:
            if document.kind is DocKind.STANDARD and not by_number:
                return None  # a firm's own rules may be called like a standard
            return document, document.versions[0].version
        if not dates or (document.kind is DocKind.STANDARD and not _first_of(document, dates[0])):
            return None
        return document, dates[0]

    def add_import(self, document: Document) -> Document:
        """Enter a document that only the user has; an id that is there gains the new versions."""
        known = self._parts.documents.get(document.id)
        if known:
            have = {v.version for v in known.versions}
            more = [v for v in document.versions if v.version not in have]
            document = _with_versions(known, more)
        self._parts.documents[document.id] = document
        self._imports.add(document.id)
        self._index(document)
        return document

    # --- inside -------------------------------------------------------------------------------

    def _candidates(
        self, title: str, number: str | None, stem: str
    ) -> tuple[tuple[Document, ...], bool]:
        """Documents that a file may be, and whether a number says so too.

        A title that is not the document's, or a number that is not, leaves none.
        """
        stem = _FILE_NOTE.sub("", stem)
        numbers = [split_number(name)[0] for name in (title, stem)]
        written = next((str(n) for n in numbers if n and n.year), "")
        asked = number or written or next((str(n) for n in numbers if n), "")
        numbered = self.find_number(asked) if asked else ()
        if title and not is_furniture(title):
            titled = self.find_title(title)
            titled = titled or tuple(d for d in numbered if self._same_title(title, d))
        else:
            titled = self.find_title(stem)
            if not titled and number and not in_file_name(number, stem):
                # a notice under its letterhead and 文号
                titled = tuple(d for d in numbered if d.kind is DocKind.NOTICE)
        # another file is no wording of an import: …办法 and …办法（试行） are two documents
        titled = tuple(d for d in titled if d.id not in self._imports)
        if numbered or standard_number(asked):
            return tuple(d for d in titled if d in numbered), bool(numbered)
        return titled, False

    def _same_title(self, title: str, document: Document) -> bool:
        """The title but for scan noise, or with the issuer of a notice before it."""
        key = title_key(title)
        return any(
            nearly(title, name)
            or (document.kind is DocKind.NOTICE and key.endswith(title_key(name)))
            for name in (document.title, *document.aliases)
            if len(title_key(name)) >= _SURE_TITLE
        )

    def _unless_silent(
        self, source: Source, document: Document, version: Version
    ) -> tuple[Document, Version]:
        """The version, 待核 where the header of the next one has the same last date."""
        stem = PurePath(source.path).stem
        if source.sha256 in self._parts.sha256 or _dates_in(stem):
            return document, version
        later = [v for v in document.versions if v.version > version.version]
        if not later or (document.id, later[0].version) not in self._parts.silent:
            return document, version
        why = (
            f"题注停在 {version.version}，而 {later[0].version} 的修改不写进题注，"
            "分不出收录的是修改前还是修改后的文本"
        )
        self._doubts[document.id, version.version] = (
            f"{why}，效力待核。请核对原件，并在文件名里写上通过日期，如 {document.short}"
            f"（{later[0].version}）"
        )
        doubtful = replace(version, certainty=Certainty.PENDING, note=why)
        others = [v for v in document.versions if v.version != version.version]
        document = _with_versions(replace(document, versions=tuple(others)), [doubtful])
        self._parts.documents[document.id] = document
        return document, doubtful

    def _versions_dated(self, document: Document, dates: Iterable[str]) -> list[str]:
        versions = {v.version for v in document.versions}
        also = self._parts.also_dated
        found = (d if d in versions else also.get((document.id, d)) for d in dates)
        return [v for v in found if v]

    def _new_version(
        self, document: Document, version: str, in_force: str | None
    ) -> tuple[Document, Version]:
        try:
            start = date.fromisoformat(in_force) if in_force else None
            date.fromisoformat(version)
        except ValueError:
            raise CatalogError(
                f"《{document.title}》：{version!r} 不是日期。请核对文件的题注"
            ) from None
        new = Version(
            doc=document.id,
            version=version,
            in_force=start,
            text=TextState.FULL,
            certainty=Certainty.PENDING,
            note="目录里没有这个文本，日期取自文件，效力待核",
        )
        document = _with_versions(document, [new])
        self._parts.documents[document.id] = document
        return document, new

    def _index(self, document: Document) -> None:
        """Enter its names; an import never makes the name of a catalogued document ambiguous."""
        doc = document.id
        keys = {title_key(n) for n in (document.title, document.short, *document.aliases)}
        bare = title_key(bare_title(document.title))
        if document.kind is not DocKind.CONSTITUTION and document.kind is not DocKind.AMENDMENT:
            keys.add(bare)
        for key in keys:
            if doc not in self._imports or self._imports.issuperset(self._names.get(key, ())):
                _put(self._names, key, doc)
        also = self._parts.also_numbered.get(doc, ())
        for number in (document.number, *(v.number for v in document.versions), *also):
            if not number:
                continue
            if (standard := standard_number(number)) is not None:
                _put(self._numbers, str(standard), doc)
                _put(self._stems, standard.stem, doc)
            else:
                _put(self._numbers, docno_key(number), doc)

    def _latest_first(self, ids: Iterable[str]) -> tuple[Document, ...]:
        def age(document: Document) -> tuple[str, str]:
            newest = max((v.version for v in document.versions), default="")
            return newest, document.number or ""

        found = (self._parts.documents[i] for i in ids)
        return tuple(sorted(found, key=age, reverse=True))

    def near(self, doc: str) -> tuple[str, ...]:
        """Up to three ids that a wrong id, title or number may mean."""
        ids = list(self._parts.documents)
        named = [d.id for d in self.find_title(doc)] + [d.id for d in self.find_number(doc)]
        begun = [i for i in ids if doc and i.startswith(doc)]
        close = difflib.get_close_matches(doc, ids, n=3, cutoff=0.6)
        return tuple(dict.fromkeys([*named, *begun, *close]))[:3]

    # --- checks -------------------------------------------------------------------------------

    def _complain(self, doc: str, part: str, problem: str, step: str) -> CatalogError:
        return CatalogError(f"{self._parts.places.get(doc, doc)}：{part}：{problem}。{step}")

    def _check_supersedes(self) -> None:
        documents = self._parts.documents
        for document in documents.values():
            for old in document.supersedes:
                doc, _, version = old.partition("@")
                if doc == document.id:
                    raise self._complain(document.id, "supersedes", "写了它自己", "请改正")
                if doc not in documents and doc not in self._slugs:
                    raise self._complain(
                        document.id, "supersedes", f"没有编号为 {doc} 的文件", "请先为它立条目"
                    )
                if version and doc in documents:
                    self.version(doc, version)
            if document.id in self._older(document.id):
                raise self._complain(document.id, "supersedes", "代替关系成了一个圈", "请改正")

    def _older(self, doc: str) -> set[str]:
        """Ids of everything that a document supersedes, directly or through others."""
        seen: set[str] = set()
        todo = [doc]
        while todo:
            at = self._parts.documents.get(todo.pop())
            for old in at.supersedes if at else ():
                if (i := old.partition("@")[0]) not in seen:
                    seen.add(i)
                    todo.append(i)
        return seen

    def _check_names(self) -> None:
        """One name for two documents is only right for editions that follow each other."""
        for key, ids in self._names.items():
            for i, a in enumerate(ids):
                for b in ids[i + 1 :]:
                    if a not in self._older(b) and b not in self._older(a):
                        raise self._complain(
                            b,
                            "title、short 或 aliases",
                            f"与 {a} 同名（{key}）",
                            "名称只能指一份文件；前后相继的版次请写 supersedes",
                        )


def _first_of(document: Document, day: str) -> bool:
    """A date that may be that of a standard's only wording, which the catalog could not date."""
    number = standard_number(document.number or "")
    return not document.versions and number is not None and day.startswith(f"{number.year}-")


def _put(table: dict[str, list[str]], key: str, doc: str) -> None:
    ids = table.setdefault(key, [])
    if doc not in ids:
        ids.append(doc)


def _with_versions(document: Document, more: Sequence[Version]) -> Document:
    versions = sorted((*document.versions, *more), key=lambda v: v.version)
    return replace(document, versions=tuple(versions))


def _dates_in(stem: str) -> list[str]:
    out = []
    for m in _FILE_DATE.finditer(stem):
        try:
            out.append(date(int(m[1]), int(m[2]), int(m[3])).isoformat())
        except ValueError:
            continue
    return out
