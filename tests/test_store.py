"""The passage file: what is written comes back, and a foreign file is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kb.errors import IndexCorruptError
from kb.ids import content_hash
from kb.model import Certainty, DocKind, Document, TextState, Unit, UnitKind, Version
from kb.store import Edge, LoadedText, Passages
from kb.store_write import PassageWriter

VERSION = Version(
    doc="jia-fa",
    version="2020-01-02",
    in_force=date(2020, 5, 1),
    text=TextState.FULL,
    certainty=Certainty.SEEN,
    package_status="现行有效",
    evidence_date=date(2026, 1, 1),
)
DOCUMENT = Document(
    id="jia-fa",
    title="甲法",
    short="甲法",
    kind=DocKind.LAW,
    aliases=("老甲",),
    supersedes=("yi-fa",),
    versions=(VERSION, Version(doc="jia-fa", version="2025-01-02")),
)
REF = "jia-fa@2020-01-02"


def unit(unit_id: str, parent: str | None, display: str, kind: UnitKind, hit: bool = False) -> Unit:
    return Unit(unit_id, kind, "", "", 0, 1, "x", display, parent, hit)


UNITS = [
    unit("ch-1", None, "", UnitKind.CHAPTER),
    unit("art-1", "ch-1", "各单位应当：\n（一）停机；\n（二）断电。", UnitKind.ARTICLE, hit=True),
    unit("art-1.p1", "art-1", "各单位应当：\n（一）停机；\n（二）断电。", UnitKind.PARAGRAPH),
    unit("art-1.p1.i1", "art-1.p1", "停机；", UnitKind.ITEM),
    unit("art-1.p1.i2", "art-1.p1", "断电。", UnitKind.ITEM),
    unit("art-10", "ch-1", "依照本法第一条第（二）项。", UnitKind.ARTICLE, hit=True),
]
EDGE = Edge(
    *(REF, "art-10", 2, 11, "本法第一条第（二）项", "this", True),
    targets=(f"{REF}#art-1.p1.i2",),
    reason="",
    details={"说明": "x"},
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "passages.sqlite"
    writer = PassageWriter(file, "g-1")
    writer.documents([DOCUMENT])
    writer.text(LoadedText(REF, "jia-fa", "2020-01-02", "甲.md", "markdown", "00", ("提示",)), 0)
    for order, u in enumerate(UNITS):
        marks = [(0, 2, "停机", "停电", "confirmed")] if u.id.endswith("i1") else []
        writer.unit(REF, order, u, content_hash(u.display), marks)
        if u.hit:
            writer.clause(REF, u.id, ["第一章 总则"])
    writer.edge(EDGE)
    writer.close()
    return file


def test_everything_comes_back(path: Path) -> None:
    with Passages(path, "g-1") as p:
        assert p.documents == {"jia-fa": DOCUMENT}
        assert p.texts[REF].warnings == ("提示",)
        assert [r.ref for r in p.version_rows()] == [REF, "jia-fa@2025-01-02"]
        assert [r.ref for r in p.version_rows(loaded_only=True)] == [REF]
        assert [u.id for u in p.units(REF)] == [u.id for u in UNITS]
        assert [(c.row, c.id, c.path) for c in p.clauses()] == [
            (0, "art-1", ("第一章 总则",)),
            (1, "art-10", ("第一章 总则",)),
        ]
        assert p.clause(1).id == "art-10"
        assert p.clause_row(REF, "art-10") == 1
        assert p.citations(REF) == (EDGE,)
        assert p.citations(REF, "art-1") == ()
        assert p.kind_counts() == {REF: {UnitKind.ARTICLE: 2}}
        assert p.unresolved_counts() == {}
        assert list(p.unresolved()) == []
        assert p.part_counts() == {REF: (1, 1)}


def test_below_follows_parents_not_spelling(path: Path) -> None:
    with Passages(path, "g-1") as p:
        # art-10 begins with the letters of art-1, and is not below it
        assert [u.id for u in p.below(REF, "art-1")] == ["art-1.p1", "art-1.p1.i1", "art-1.p1.i2"]
        assert p.below(REF, "art-10") == ()
        found = p.unit(REF, "art-1.p1.i1")
        assert found is not None
        assert found.errata == ((0, 2, "停机", "停电", "confirmed"),)
        assert found.full_id == f"{REF}#art-1.p1.i1"


def test_backlinks_reach_the_parts_of_a_clause(path: Path) -> None:
    with Passages(path, "g-1") as p:
        assert p.cited_by("jia-fa") == ((REF, "art-10"),)
        assert p.cited_by("jia-fa", "art-1") == ((REF, "art-10"),)
        assert p.cited_by("jia-fa", "art-1", "2020-01-02") == ((REF, "art-10"),)
        assert p.cited_by("jia-fa", "art-1", "2025-01-02") == ()
        assert p.cited_by("jia-fa", "art-1.p1.i1") == ()


@pytest.mark.parametrize(
    ("asked", "cited", "counts"),
    [
        ("art-134", "art-134.p1", True),
        ("art-134", "art-134-1", False),  # 第一百三十四条之一 is another article
        ("art-13", "art-134", False),
        ("5.2.2", "5.2.2.1", True),
        ("m-s2", "m-s2-k1", True),
        ("m-s2", "m-s21", False),
    ],
)
def test_parts_are_told_from_neighbours(
    tmp_path: Path, asked: str, cited: str, counts: bool
) -> None:
    writer = PassageWriter(tmp_path / "p", "g")
    target = (f"jia-fa@2020-01-02#{cited}",)
    writer.edge(Edge(REF, "art-10", 0, 1, "x", "this", True, target, "", {}))
    writer.close()
    with Passages(tmp_path / "p", "g") as p:
        assert bool(p.cited_by("jia-fa", asked)) is counts


def test_a_file_of_another_build_is_refused(path: Path) -> None:
    with pytest.raises(IndexCorruptError, match="kb build"):
        Passages(path, "g-2")


def test_a_foreign_file_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "passages.sqlite"
    other.write_bytes(b"not a database at all, but long enough" * 40)
    with pytest.raises(IndexCorruptError, match="kb build"):
        Passages(other, "g-1")


def test_unknown_rows(path: Path) -> None:
    with Passages(path, "g-1") as p:
        assert p.unit(REF, "art-99") is None
        assert p.version("jia-fa@1999-01-01") is None
        assert p.version("wu@2020-01-02") is None
        with pytest.raises(IndexCorruptError):
            p.clause(99)
        with pytest.raises(ValueError, match="other"):
            p.count("other")
