"""The packaged statutes: what is found, how much of it resolves, and that targets exist."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from kb.catalog import Catalog
from kb.citations import find
from kb.ids import parse_ref
from kb.model import CiteForm, Document, Resolution, Tree, Unit, Version
from kb.offsets import deepest, parts_of
from kb.readers.statutes import StatuteDb
from kb.resolve import Context, Reason, Resolver
from kb.structure import parse


class Cited(NamedTuple):
    """One reference with the place where it stands."""

    document: Document
    version: Version
    unit: Unit
    at: str
    resolution: Resolution


class Statutes:
    """All or some statutes of the package with their references."""

    def __init__(self, corpus: Path, *, core: bool) -> None:
        self.trees: dict[tuple[str, str], Tree] = {}
        with StatuteDb.open() as statutes:
            self.catalog = Catalog.load([corpus], statutes.rows())
            for d in self.catalog.documents.values():
                for v in d.versions:
                    if v.package_id and (d.core or not core):
                        source = statutes.source(v.package_id)
                        self.trees[d.id, v.version] = parse(source, d.kind, title=d.title)
        self.cited = list(self._cited())

    def tree(self, doc: str, version: str) -> Tree | None:
        return self.trees.get((doc, version))

    def _cited(self) -> Iterator[Cited]:
        resolver = Resolver(self.catalog, self.tree)
        for (doc, version), tree in self.trees.items():
            document, v = self.catalog.get(doc), self.catalog.version(doc, version)
            context = Context.of(document, v, tree)
            for unit in tree.hits:
                found = find(unit.display, inside="law", names=resolver.names)
                parts = parts_of(unit, _below(tree, unit.id))
                resolved = resolver.resolve_all(
                    unit.display, found, context, lambda at, p=parts: deepest(p, at)
                )
                for r in resolved:
                    at = deepest(parts, r.citation.start)
                    yield Cited(document, v, unit, at, r)


def _below(tree: Tree, unit_id: str) -> Iterable[Unit]:
    for child in tree.children.get(unit_id, ()):
        yield child
        yield from _below(tree, child.id)


@pytest.fixture(scope="module")
def core(repo: Path) -> Statutes:
    return Statutes(repo / "corpus", core=True)


@pytest.fixture(scope="module")
def everything(repo: Path) -> Statutes:
    return Statutes(repo / "corpus", core=False)


_STEP = re.compile(r"第[（(]?[〇零一二三四五六七八九十百千]+[）)]?(?:条(?!件)|款(?!项)|项(?!目))")
_LABEL = re.compile(
    # “第四十四条国家… in a decision; 第五条第二款：alone on its line over a quoted treaty
    r"^[“\"]?(?:第[〇零一二三四五六七八九十百千]+条[^的规、，。；和与及至]|(?:第[^第\n]{1,6}){1,2}：$)",
    re.M,
)


def check(statutes: Statutes) -> None:
    """What must hold for every reference."""
    for c in statutes.cited:
        r, citation = c.resolution, c.resolution.citation
        assert c.unit.display[citation.start : citation.end] == citation.raw
        assert bool(r.targets) != bool(r.reason)
        assert not r.reason or r.reason in set(Reason)
        for target in r.targets:
            ref = parse_ref(target)
            assert bool(ref.clause) == citation.names_part
            if ref.clause:
                assert ref.clause in statutes.trees[ref.doc, ref.version].by_id


def rate(statutes: Statutes) -> float:
    named = [c for c in statutes.cited if c.resolution.citation.names_part]
    return sum(bool(c.resolution.targets) for c in named) / len(named)


def missed(statutes: Statutes) -> list[str]:
    """第…条, 第…款 and 第…项 in the text that no reference covers."""
    spans: dict[tuple[str, str, str], list[tuple[int, int]]] = {}
    for c in statutes.cited:
        key = (c.document.id, c.version.version, c.unit.id)
        spans.setdefault(key, []).append((c.resolution.citation.start, c.resolution.citation.end))
    out = []
    for (doc, version), tree in statutes.trees.items():
        for unit in tree.hits:
            text = unit.display
            labels = [m.span() for m in _LABEL.finditer(text)]
            for m in _STEP.finditer(text):
                inside = any(a <= m.start() < b for a, b in spans.get((doc, version, unit.id), ()))
                label = any(a <= m.start() < b for a, b in labels)
                if not inside and not label:
                    out.append(f"{doc}@{version}#{unit.id} {m.start()}")
    return out


_FORMS = {CiteForm.THIS: 300, CiteForm.RELATIVE: 30, CiteForm.TITLE: 5}


def test_the_nine_laws(core: Statutes) -> None:
    check(core)
    assert len({c.document.id for c in core.cited}) == 9
    assert not missed(core)
    assert rate(core) == 1.0
    kinds = Counter(c.resolution.citation.form for c in core.cited)
    assert all(kinds[form] >= at_least for form, at_least in _FORMS.items())


@pytest.mark.slow
def test_all_statutes(everything: Statutes) -> None:
    check(everything)
    assert len(everything.trees) == 378
    assert len([c for c in everything.cited if c.resolution.citation.names_part]) > 5_700
    assert not missed(everything)
    assert rate(everything) >= 0.98


@pytest.mark.slow
def test_most_of_what_is_unresolved_lacks_its_edition(everything: Statutes) -> None:
    """What stays open is what the package does not hold, not what the grammar fails to read."""
    why = Counter(
        c.resolution.reason
        for c in everything.cited
        if c.resolution.citation.names_part and c.resolution.reason
    )
    missing = why[Reason.EDITION_NOT_LOADED] + why[Reason.NOT_IN_CATALOG] + why[Reason.NO_TEXT]
    assert missing > 0.7 * sum(why.values())
    assert why[Reason.NO_SUCH_CLAUSE] <= 10
