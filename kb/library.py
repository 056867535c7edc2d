"""Everything that is loaded for one build: catalog, sources, trees, citations with their targets.

This is the only place where a file meets the catalog. The rules:

- the packaged text of a version is built; a --corpus copy of the same version serves `kb verify`;
- a file that the catalog does not know becomes an import `x-…`, and its dates are 待核;
- two files for one version in one folder are an error: nobody could say which one was read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Literal

from kb.catalog import Catalog
from kb.citations import find
from kb.cite_text import clause_label
from kb.conflicts import Conflict, load_conflicts
from kb.errata import Errata
from kb.errors import KbError, SourceError, UnknownIdError
from kb.ids import content_hash, version_ref
from kb.model import (
    Certainty,
    DocKind,
    Document,
    Source,
    TextState,
    Tree,
    Unit,
    UnitKind,
    Version,
)
from kb.notes import Note, load_notes
from kb.offsets import deepest, parts_of
from kb.readers import read, read_folder, skipped
from kb.readers.statutes import StatuteDb
from kb.resolve import Context, Resolver
from kb.roots import Roots
from kb.store import Edge, LoadedText
from kb.store_write import PassageWriter
from kb.structure import likely_kinds, notice_facts, parse
from kb.terms import Terms

__all__ = ["Library", "Loaded", "load_library"]

Progress = Callable[[str, int, int], None]

_SHADOWED = "数据包已有同一版本，只用于 kb verify 核对"


@dataclass(frozen=True, slots=True)
class Loaded:
    """One version with its text and structure."""

    document: Document
    version: Version
    source: Source
    tree: Tree

    @property
    def ref(self) -> str:
        """`doc@YYYY-MM-DD`."""
        return version_ref(self.document.id, self.version.version)


@dataclass
class Library:
    """What `load_library` gives. `loaded` is built; `shadowed` are second copies for verifying."""

    catalog: Catalog
    loaded: tuple[Loaded, ...]
    shadowed: tuple[Loaded, ...]
    skipped: tuple[str, ...]
    warnings: tuple[str, ...]
    options: Mapping[str, object]
    evidence_date: date
    errata: Errata
    notes: Mapping[str, Note]
    terms: Terms
    conflicts: Mapping[str, Conflict]
    _by_ref: dict[str, Loaded] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._by_ref = {x.ref: x for x in self.loaded}

    def tree(self, doc: str, version: str) -> Tree | None:
        """The tree of a loaded version."""
        found = self._by_ref.get(version_ref(doc, version))
        return found.tree if found else None

    def find(self, name: str) -> Loaded:
        """A text by file path, by `doc@version`, or by `doc` (its latest loaded version).

        Raises:
            SourceError: a file cannot be read.
            UnknownIdError: neither a file nor the id of a loaded text.
        """
        if Path(name).is_file():
            return _read_one(Path(name), self.catalog)
        if name in self._by_ref:
            return self._by_ref[name]
        versions = [x for x in self.loaded if x.document.id == name]
        if not versions:
            raise UnknownIdError(name, self.catalog.near(name))
        return versions[-1]

    def write_passages(self, path: Path, generation: str, progress: Progress | None = None) -> None:
        """Write documents, units and resolved citations; units keep document order.

        Raises:
            KbError: a confirmed erratum no longer fits its clause.
        """
        writer = PassageWriter(path, generation)
        try:
            writer.documents(self._documents())
            resolver = Resolver(self.catalog, self.tree)
            for order, item in enumerate(self.loaded):
                if progress:
                    progress("结构与引用", order, len(self.loaded))
                self._write_text(writer, resolver, item, order)
            self._write_notes(writer)
            self._write_conflicts(writer)
        finally:
            writer.close()

    def _write_notes(self, writer: PassageWriter) -> None:
        """Notes on loaded texts; a note whose text is not loaded answers alone, without a text."""
        for note in self.notes.values():
            doc, _, version = note.ref.partition("@")
            if note.ref in self._by_ref:
                writer.note(note)
                continue
            document = self.catalog.documents.get(doc)
            if document is None or all(v.version != version for v in document.versions):
                continue
            kind = UnitKind.CLAUSE if document.kind is DocKind.STANDARD else UnitKind.ARTICLE
            label = clause_label(note.clause, document.kind)
            bare = Unit(note.clause, kind, label, "", 0, 0, "", "", hit=True)
            writer.unit(note.ref, 0, bare, note.hash)
            writer.clause(note.ref, note.clause, ())
            writer.note(note)

    def _write_conflicts(self, writer: PassageWriter) -> None:
        """Each conflict at its clauses; an id of a 款 or item counts for the clause it is in."""
        for conflict in self.conflicts.values():
            places: dict[tuple[str, str], None] = {}
            for full_id, _ in conflict.clauses:
                ref, _, part = full_id.partition("#")
                loaded = self._by_ref.get(ref)
                if loaded is not None:
                    unit = loaded.tree.by_id.get(part)
                    while unit is not None and not unit.hit and unit.parent is not None:
                        unit = loaded.tree.by_id.get(unit.parent)
                    part = unit.id if unit is not None else part
                places[ref, part] = None
            for ref, part in places:
                writer.conflict(ref, part, conflict)

    def _documents(self) -> Iterable[Document]:
        """Catalog entries whose `text` says what is loaded now."""
        for document in self.catalog.documents.values():
            versions = []
            for v in document.versions:
                state = TextState.NONE
                if version_ref(document.id, v.version) in self._by_ref:
                    state = TextState.PARTIAL if v.text is TextState.PARTIAL else TextState.FULL
                versions.append(replace(v, text=state))
            yield replace(document, versions=tuple(versions))

    def _write_text(
        self, writer: PassageWriter, resolver: Resolver, item: Loaded, order: int
    ) -> None:
        source, tree, ref = item.source, item.tree, item.ref
        writer.text(
            LoadedText(
                ref,
                item.document.id,
                item.version.version,
                source.path,
                source.format,
                source.sha256,
                source.warnings + tree.warnings,
            ),
            order,
        )
        for place, unit in enumerate(tree.units):
            marks = self.errata.marks(item.document.id, item.version.version, unit)
            writer.unit(ref, place, unit, content_hash(unit.display), marks)
            if unit.hit:
                writer.clause(ref, unit.id, tree.path(unit.id))
        context = Context.of(item.document, item.version, tree)
        for unit in tree.units:
            if unit.hit or (unit.kind is UnitKind.PREAMBLE and unit.parent is None):
                for edge in self._edges(resolver, context, item, unit):
                    writer.edge(edge)

    def _edges(
        self, resolver: Resolver, context: Context, item: Loaded, unit: Unit
    ) -> Iterable[Edge]:
        found = find(unit.display, inside=_setting(item.document.kind), names=resolver.names)
        if not found:
            return
        parts = parts_of(unit, _below(item.tree, unit.id))
        resolved = resolver.resolve_all(
            unit.display, found, context, lambda position: deepest(parts, position)
        )
        for resolution in resolved:
            citation = resolution.citation
            yield Edge(
                ref=item.ref,
                unit=unit.id,
                start=citation.start,
                end=citation.end,
                raw=citation.raw,
                form=citation.form.value,
                names_part=citation.names_part,
                targets=resolution.targets,
                reason=resolution.reason,
                details=dict(resolution.details),
            )


def _below(tree: Tree, unit_id: str) -> Iterable[Unit]:
    for child in tree.children.get(unit_id, ()):
        yield child
        yield from _below(tree, child.id)


def _setting(kind: DocKind) -> Literal["law", "standard", "notice"]:
    if kind is DocKind.STANDARD:
        return "standard"
    return "notice" if kind is DocKind.NOTICE else "law"


def load_library(
    roots: Roots,
    *,
    laws: str = "core",
    corpus: Sequence[Path] = (),
    progress: Progress | None = None,
) -> Library:
    """Read and parse everything that a build is made from.

    Args:
        laws: `core` (the nine laws) or `all` (every row of the data package).
        corpus: folders of the user's documents; `corpus/imports` of the roots is always read.

    Raises:
        SourceError: files that cannot be used; all of them are named, one a line.
        CatalogError: the catalog is inconsistent.
    """
    with StatuteDb.open() as statutes:
        rows = statutes.rows()
        catalog = Catalog.load(roots.corpora, rows)
        chosen = [
            (d, v)
            for d in catalog.documents.values()
            for v in d.versions
            if v.package_id and (laws == "all" or d.core)
        ]
        loaded: dict[str, Loaded] = {}
        for done, (document, version) in enumerate(chosen):
            if progress:
                progress("读取法律", done, len(chosen))
            source = statutes.source(version.package_id)
            tree = parse(source, document.kind, title=document.title)
            item = Loaded(document, version, source, tree)
            loaded[item.ref] = item
        evidence = statutes.latest_publication()
    shadowed, passed_over = _read_corpora(roots, corpus, catalog, loaded, progress)
    order = {doc: i for i, doc in enumerate(catalog.documents)}
    in_order = sorted(loaded.values(), key=lambda x: (order[x.document.id], x.version.version))
    return Library(
        catalog=catalog,
        loaded=tuple(in_order),
        shadowed=tuple(shadowed),
        skipped=(*passed_over, *(f"{x.source.path}：{_SHADOWED}" for x in shadowed)),
        warnings=(
            *(f"{x.ref}：{w}" for x in in_order for w in x.source.warnings + x.tree.warnings),
            *_shadow_warnings(loaded, shadowed),
        ),
        options={"laws": laws, "corpus": [str(c) for c in corpus]},
        evidence_date=evidence,
        errata=Errata.load(roots.corpora),
        notes=load_notes(roots.corpora),
        terms=Terms.load(roots.corpora),
        conflicts=load_conflicts(roots.corpora),
    )


def _shadow_warnings(loaded: Mapping[str, Loaded], shadowed: Iterable[Loaded]) -> Iterable[str]:
    """One line for each second copy whose clauses are not those of the text that is built."""
    for other in shadowed:
        mine = _by_hit(loaded[other.ref].tree)
        theirs = _by_hit(other.tree)
        different = sum(mine.get(i) != theirs.get(i) for i in {*mine, *theirs})
        if different:
            yield (
                f"{other.ref}：{other.source.path} 与数据包的文本有 {different} 条不同"
                "（标点不计），收录的是数据包的文本；请用 kb verify 逐条核对"
            )


def _by_hit(tree: Tree) -> dict[str, str]:
    return {u.id: content_hash(u.display) for u in tree.hits}


def _read_corpora(
    roots: Roots,
    corpus: Sequence[Path],
    catalog: Catalog,
    loaded: dict[str, Loaded],
    progress: Progress | None,
) -> tuple[list[Loaded], list[str]]:
    """Add the files of all folders to `loaded`; what the package has already is shadowed."""
    folders = list(dict.fromkeys((*[r / "imports" for r in roots.corpora], *corpus)))
    shadowed: list[Loaded] = []
    passed_over: list[str] = []
    problems: list[str] = []
    seen: dict[str, Path] = {}
    texts: dict[tuple[str, ...], Path] = {}
    for folder in folders:
        if not folder.is_dir():
            if folder in corpus:
                raise SourceError(folder, "不是文件夹", "请检查 --corpus 的路径")
            continue
        passed_over += [f"{p}：{why}" for p, why in skipped(folder)]
        files = list(read_folder(folder))
        for done, path in enumerate(files):
            if progress:
                progress(f"读取 {folder.name}", done, len(files))
            try:
                item = _read_one(path, catalog)
                if item.ref in seen:
                    raise SourceError(
                        path,
                        f"与 {seen[item.ref]} 都是 {item.ref}（《{item.document.title}》）",
                        "同一份文件只能放一份，请删去其中一份",
                    )
                seen[item.ref] = path
                content = _content(item.tree)
                if content in texts:
                    raise SourceError(
                        path,
                        f"与 {texts[content]} 的条文完全相同，却认成了 {item.ref}",
                        "同一份文件只能放一份，请删去其中一份",
                    )
                texts[content] = path
                if item.ref in loaded:
                    shadowed.append(item)
                else:
                    loaded[item.ref] = item
            except KbError as e:
                problems.append(str(e))
    if problems:
        if len(problems) == 1:
            raise KbError(problems[0])
        raise KbError(f"有 {len(problems)} 个文件不能用：\n" + "\n".join(problems))
    return shadowed, passed_over


def _read_one(path: Path, catalog: Catalog) -> Loaded:
    source = read(path)
    known = catalog.recognise(source)
    if known is None:
        facts = notice_facts(source)
        known = catalog.recognise(replace(source, meta={**facts, **source.meta}))
    if known is not None:
        document, version = known
        source = _warned(source, catalog.doubt(document, version))
        tree = parse(source, document.kind, title=document.title)
        return Loaded(document, version, source, tree)
    source = _warned(source, catalog.remark(source))
    kind, tree = _parse_import(source)
    document, version = _import_entry(source, kind, catalog)
    return Loaded(document, version, source, tree)


def _content(tree: Tree) -> tuple[str, ...]:
    """What makes two texts the same: the hashes of all hits, in order."""
    return tuple(content_hash(u.display) for u in tree.hits)


def _warned(source: Source, warning: str) -> Source:
    return replace(source, warnings=(*source.warnings, warning)) if warning else source


def _parse_import(source: Source) -> tuple[DocKind, Tree]:
    """Kind and tree of a document that no catalog knows: the first kind that its numbers bear out.

    Raises:
        SourceError: it has no numbers of any kind.
    """
    title = _title_of(source)
    kinds = likely_kinds(source, title)
    problem: SourceError | None = None
    for kind in kinds:
        try:
            return kind, parse(source, kind, title=title)
        except SourceError as e:
            problem = problem or e
    assert problem is not None
    raise problem


def _title_of(source: Source) -> str:
    return source.title or Path(source.path).stem


def _import_entry(source: Source, kind: DocKind, catalog: Catalog) -> tuple[Document, Version]:
    """A document that no catalog knows: id from its title, dates only if the file states them."""
    title = _title_of(source)
    digest = hashlib.sha256(title.encode()).hexdigest()[:8]
    # a header may lack the last amendment that the file name dates; the later day is the wording's
    dates = (source.meta.get("adopted"), source.meta.get("file_date"), "0001-01-01")
    adopted = max(filter(None, dates))
    in_force = source.meta.get("in_force")
    # a number that belongs to a catalogued document is one that the file only names
    number = source.meta.get("number")
    if number and catalog.find_number(number):
        number = None
    version = Version(
        doc=f"x-{digest}",
        version=adopted,
        in_force=date.fromisoformat(in_force) if in_force else None,
        text=TextState.FULL,
        certainty=Certainty.PENDING,
        note="用户导入，目录中没有，效力待核",
    )
    document = Document(
        id=f"x-{digest}",
        title=title,
        short=title.removeprefix("中华人民共和国"),
        kind=kind,
        number=number,
        issuer=source.meta.get("issuer", ""),
        versions=(version,),
    )
    return catalog.add_import(document), version
