"""Errata: loading, marked substitutions, stale entries; the shipped file against the real texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.errata import LONGEST, Errata, Erratum, Substitution, apply, corrected
from kb.errors import CatalogError
from kb.model import Source, Tree, Unit, UnitKind
from kb.readers.markdown import read_markdown
from kb.readers.text import read_text
from kb.structure.standards import parse_standard

ENTRY = """\
[[erratum]]
doc = "gb-1-2030"
version = "2030-01-01"
clause = "5.1"
find = "3%"
replace = "3‰"
status = "confirmed"
source = "扫描件第1页"
"""


def erratum(find: str, replace: str, status: str = "confirmed", count: int = 1) -> Erratum:
    return Erratum("gb-1-2030", "2030-01-01", "5.1", find, replace, status, "扫描件", "", count)


def unit(unit_id: str, display: str) -> Unit:
    return Unit(unit_id, UnitKind.CLAUSE, unit_id, "", 0, 1, "x", display, hit=True)


@pytest.mark.parametrize(
    ("display", "entries", "marks"),
    [
        ("坡度3%。", [("3%", "3‰")], [(2, 4)]),
        ("坡度13%或3%。", [("3%", "3‰")], [(6, 8)]),
        ("坡度0.3%或3%。", [("3%", "3‰")], [(7, 9)]),
        ("宽5，长5.5。", [("5", "6")], [(1, 2)]),
        ("人井", [("人井", "入井")], [(0, 2)]),
        ("坡度45%，弯3%。", [("3%", "3‰"), ("45%", "45‰")], [(2, 5), (7, 9)]),
        ("坡度3‰。", [("3%", "3‰")], []),  # the text at hand is right already
    ],
)
def test_apply(display: str, entries: list[tuple[str, str]], marks: list[tuple[int, int]]) -> None:
    found = apply(display, [erratum(*e) for e in entries])
    assert [(m.start, m.end) for m in found] == marks
    assert all(display[m.start : m.end] == m.old for m in found)


@pytest.mark.parametrize(
    ("display", "find", "times"),
    [("坡度4%。", "3%", 0), ("3%和3%", "3%", 2), ("坡度13%。", "3%", 0)],
)
def test_a_stale_entry_is_an_error_that_names_it(display: str, find: str, times: int) -> None:
    with pytest.raises(CatalogError, match=rf"gb-1-2030@2030-01-01#5.1.*{find}.*出现 {times} 次"):
        apply(display, [erratum(find, "3‰")])


def test_the_same_slip_may_stand_several_times() -> None:
    assert len(apply("3%和3%", [erratum("3%", "3‰", count=2)])) == 2


def test_overlapping_entries_are_an_error() -> None:
    with pytest.raises(CatalogError, match="重叠"):
        apply("信集团系统", [erratum("信集团", "信集闭"), erratum("团系", "闭系")])


def test_confirmed_is_shown_suspected_is_only_marked() -> None:
    marks = apply("3%，偏角1°30″。", [erratum("3%", "3‰"), erratum("30″", "30′", "suspected")])
    assert corrected("3%，偏角1°30″。", marks) == "3‰，偏角1°30″。"
    assert [m.status for m in marks] == ["confirmed", "suspected"]


def test_corrected_without_marks_is_the_text() -> None:
    assert corrected("甲乙", []) == "甲乙"


def test_marks_reach_the_units_below_the_clause() -> None:
    errata = Errata([erratum("3%", "3‰")])
    ref = ("gb-1-2030", "2030-01-01")
    assert errata.marks(*ref, unit("5.1", "坡：\n——宽3%；\n——长。")) == (
        Substitution(6, 8, "3%", "3‰", "confirmed"),
    )
    assert errata.marks(*ref, unit("5.1.i1", "宽3%；"))[0][:2] == (1, 3)
    assert errata.marks(*ref, unit("5.1.i2", "长。")) == ()
    assert errata.marks(*ref, unit("5.10", "宽3%；")) == ()
    assert errata.marks("gb-1-2030", "2031-01-01", unit("5.1", "宽3%；")) == ()


def test_a_stale_confirmed_entry_stops_the_build_a_suspected_one_does_not() -> None:
    ref = ("gb-1-2030", "2030-01-01")
    with pytest.raises(CatalogError, match="请核对"):
        Errata([erratum("3%", "3‰")]).marks(*ref, unit("5.1", "坡。"))
    assert Errata([erratum("3%", "3‰", "suspected")]).marks(*ref, unit("5.1", "坡。")) == ()


def test_stale_lists_what_is_wrong() -> None:
    tree = Tree((unit("5.2", "坡3%。"),))
    (message,) = Errata([erratum("3%", "3‰")]).stale("gb-1-2030", "2030-01-01", tree)
    assert "没有这一条" in message
    tree = Tree((unit("5.1", "坡。"),))
    (message,) = Errata([erratum("3%", "3‰")]).stale("gb-1-2030", "2030-01-01", tree)
    assert "出现 0 次" in message
    assert Errata([erratum("3%", "3‰")]).stale("gb-2-2030", "2030-01-01", tree) == []


def write(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "errata.toml").write_text(text, encoding="utf-8")
    return folder


def test_load_lays_the_users_file_over_the_shipped_one(tmp_path: Path) -> None:
    shipped = write(tmp_path / "a", ENTRY)
    user = write(
        tmp_path / "b", ENTRY.replace("confirmed", "suspected") + ENTRY.replace("3%", "4%")
    )
    errata = Errata.load([shipped, user, tmp_path / "nothing"])
    assert [(e.find, e.status) for e in errata.entries] == [
        ("3%", "suspected"),
        ("4%", "confirmed"),
    ]
    assert Errata.load([]).entries == ()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('find = "3%"\n', "", "缺 find"),
        ('find = "3%"', 'find = ""', "1 到 12 个字"),
        ('find = "3%"', f'find = "{"长" * (LONGEST + 1)}"', "1 到 12 个字"),
        ('replace = "3‰"', 'replace = "3%"', "相同"),
        ('status = "confirmed"', 'status = "sure"', "status 应为"),
        ('version = "2030-01-01"', 'version = "2030"', "通过日期"),
        ('doc = "gb-1-2030"', 'doc = "GB 1"', "编号写法不对"),
        ('clause = "5.1"', 'clause = "第五条"', "编号写法不对"),
        ('source = "扫描件第1页"', 'source = ""', "哪里看到"),
        ('source = "扫描件第1页"', "source = 3", "应为文字"),
        ('source = "扫描件第1页"', 'source = "x"\npage = "1"', "不认识 page"),
        ('source = "扫描件第1页"', 'source = "x"\ncount = 0', "count 应为正整数"),
        ("[[erratum]]", "[[errata]]", "不应有 errata"),
        ('find = "3%"', "find = 3%", "读不了"),
    ],
)
def test_a_malformed_file_names_file_and_entry(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    folder = write(tmp_path, ENTRY.replace(old, new))
    with pytest.raises(CatalogError, match=message) as caught:
        Errata.load([folder])
    assert "errata.toml" in str(caught.value)


def test_the_same_entry_twice_in_one_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="重复"):
        Errata.load([write(tmp_path, ENTRY + ENTRY)])


# --- the shipped file ---------------------------------------------------------------------------

TEXTS = {
    ("gb-16423-2020", "2020-10-11"): ("GB 16423*.md", read_markdown),
    ("gb-6722-2003", "2003-09-12"): ("GB 6722*.txt", read_text),
}


@pytest.fixture(scope="module")
def trees(corpus_dir: Path) -> dict[tuple[str, str], Tree]:
    out = {}
    for ref, (pattern, read) in TEXTS.items():
        (path,) = corpus_dir.glob(f"standards/{pattern}")
        source: Source = read(path)
        out[ref] = parse_standard(source)
    return out


@pytest.mark.corpus
def test_every_shipped_entry_fits_its_text(repo: Path, trees: dict[tuple[str, str], Tree]) -> None:
    errata = Errata.load([repo / "corpus"])
    assert {(e.doc, e.version) for e in errata.entries} == set(trees)
    for (doc, version), tree in trees.items():
        assert errata.stale(doc, version, tree) == []
        marked = [m for u in tree.hits for m in errata.marks(doc, version, u)]
        assert len(marked) == sum(e.count for e in errata.entries if e.doc == doc)


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("clause", "shown", "hidden"),
    [
        ("5.4.1.1", ["45‰", "不大于3‰"], ["%"]),
        ("5.5.2.5", ["2.5‰～5‰"], ["%"]),
        ("6.4.1.17", ["信集闭"], ["信集团"]),
        ("6.6.1.1", ["SiO₂", "mg/m³"], ["SiO2", "mg/m3"]),
        ("8.6", ["所有入井"], ["人井"]),
        ("6.4.4.12", ["1°30″"], ["1°30′"]),  # printed so: marked, not replaced
    ],
)
def test_what_the_reader_sees(
    repo: Path,
    trees: dict[tuple[str, str], Tree],
    clause: str,
    shown: list[str],
    hidden: list[str],
) -> None:
    ref = ("gb-16423-2020", "2020-10-11")
    unit = trees[ref].by_id[clause]
    text = corrected(unit.display, Errata.load([repo / "corpus"]).marks(*ref, unit))
    assert all(s in text for s in shown)
    assert not any(h in text for h in hidden)
