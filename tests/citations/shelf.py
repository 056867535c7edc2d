"""A shelf of invented documents: the fake catalog that the resolver's tests stand on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from kb.catalog.names import docno_key, standard_number, title_key
from kb.citations import Inside, find
from kb.model import DocKind, Document, Resolution, Tree, Version
from kb.offsets import deepest, parts_of
from kb.resolve import Context, Resolver
from kb.structure import parse
from tests.structure.layouts import source_of


@dataclass
class Shelf:
    """Documents with the versions whose text is given; a fake of the catalog and its trees."""

    documents: dict[str, Document] = field(default_factory=dict)
    trees: dict[tuple[str, str], Tree] = field(default_factory=dict)

    def add(
        self,
        doc: str,
        title: str,
        versions: Mapping[str, str | None],
        *,
        kind: DocKind = DocKind.LAW,
        number: str = "",
        supersedes: tuple[str, ...] = (),
        in_force: Mapping[str, str] = {},
        orders: Mapping[str, str] = {},
        aliases: tuple[str, ...] = (),
    ) -> None:
        """Enter a document; a version without text (None) is known but not loaded."""
        made = []
        for day, text in versions.items():
            start = date.fromisoformat(in_force.get(day, day))
            made.append(Version(doc, day, in_force=start, number=orders.get(day, "")))
            if text is not None:
                self.trees[doc, day] = parse(source_of(text), kind, title=title)
        self.documents[doc] = Document(
            doc,
            title,
            title.removeprefix("中华人民共和国"),
            kind,
            number=number or None,
            aliases=aliases,
            supersedes=supersedes,
            versions=tuple(made),
        )

    def find_title(self, name: str) -> tuple[Document, ...]:
        key = title_key(name)
        return tuple(
            d
            for d in self.documents.values()
            if key in {title_key(n) for n in (d.title, d.short, *d.aliases)}
        )

    def find_number(self, number: str) -> tuple[Document, ...]:
        wanted = standard_number(number)
        out = []
        for d in self.documents.values():
            has = standard_number(d.number or "")
            if wanted and has:
                same = str(has) == str(wanted) if wanted.year else has.stem == wanted.stem
            else:
                own = {docno_key(n) for n in (d.number or "", *(v.number for v in d.versions)) if n}
                same = docno_key(number) in own
            if same:
                out.append(d)
        return tuple(out)

    def tree(self, doc: str, version: str) -> Tree | None:
        return self.trees.get((doc, version))

    def resolve(self, doc: str, unit: str, inside: Inside = "law") -> list[Resolution]:
        """All citations in one clause of the newest loaded version of a document."""
        document = self.documents[doc]
        version = [v for v in document.versions if (doc, v.version) in self.trees][-1]
        tree = self.trees[doc, version.version]
        clause = tree.by_id[unit]
        parts = parts_of(clause, [u for u in tree.units if u.id.startswith(f"{unit}.")])
        return Resolver(self, self.tree).resolve_all(
            clause.display,
            find(clause.display, inside=inside),
            Context.of(document, version, tree),
            lambda position: deepest(parts, position),
        )

    def said(self, doc: str, unit: str, inside: Inside = "law") -> list[str]:
        """`raw → targets or reason` of each citation in one clause; own ids without document."""
        out = []
        for r in self.resolve(doc, unit, inside):
            own = [t.startswith(f"{doc}@") and t.partition("#")[2] for t in r.targets]
            targets = [o or t for o, t in zip(own, r.targets, strict=True)]
            out.append(f"{r.citation.raw} → {' '.join(targets) or r.reason}")
        return out
