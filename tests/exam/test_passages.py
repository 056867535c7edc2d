"""Verbatim passages, what they are found by, and the files they are written to."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest

from kb.errors import UsageError
from kb.exam.passages import Found, find_passages
from kb.exam.passages_out import COLUMNS, write_passages
from kb.index import Index
from kb.posts import Post
from kb.search import Filters, Searcher
from tests.exam.sample import AS_OF, OUR_WORDS, REF, STANDARD, UNLOADED


def found(index: Index, *, day: date = AS_OF, query: str = "", chapter: str = "", top: int = 0,
          known: tuple[Post, ...] = (), **filters: object) -> Found:  # fmt: skip
    searcher = Searcher(index)
    return find_passages(
        searcher,
        index.passages,
        day,
        Filters.of(searcher, **filters),  # type: ignore[arg-type]
        query=query,
        chapter=chapter,
        top=top,
        posts=known,
    )


def clauses(result: Found) -> list[str]:
    return [p.id.partition("#")[2] for p in result.passages]


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({"posts": ["守塔人"]}, ["5.1.1"]),
        ({"posts": ["看灯的"]}, ["5.1.1"]),
        ({"hazards": ["跌落"]}, ["5.1.1"]),
        ({"activities": ["爬塔"]}, ["5.1.1"]),
        ({"docs": ["船渡条例"]}, ["art-1", "art-2", "art-3"]),
        ({"docs": ["99990"], "chapter": "5.1.1"}, ["5.1.1"]),
        ({"docs": ["99990"], "chapter": "3"}, ["3.1", "3.2", "3.3", "3.4", "3.5"]),
        ({"docs": ["马灯法"], "chapter": "第一章", "top": 2}, ["art-1", "art-2"]),
        ({"chapter": "爬塔梯"}, [f"5.1.{n}" for n in range(1, 7)]),
        ({"query": "踏板的宽度", "top": 1}, ["5.1.1"]),
        ({"query": "马灯法第五条", "top": 1}, ["art-5"]),
    ],
)
def test_what_passages_are_found_by(
    index: Index, how: dict[str, object], expected: list[str]
) -> None:
    assert clauses(found(index, **how)) == expected  # type: ignore[arg-type]


def test_a_passage_is_verbatim_with_its_facts(index: Index) -> None:
    (one,) = found(index, query="马灯法第三条", top=1).passages
    unit = index.passages.unit(*one.id.split("#"))
    assert unit is not None
    assert one.text == unit.display
    assert one.hash == unit.hash
    assert one.citation == "《中华人民共和国马灯法》第三条"
    assert (one.version, one.status, one.in_force) == ("2019-03-01", "现行", "2019-06-01")


def test_a_slip_is_told(index: Index) -> None:
    (one,) = found(index, docs=[STANDARD], chapter="5.1.6").passages
    assert "45%" in one.text
    assert [m[2:] for m in one.errata] == [("45%", "45‰", "confirmed")]


def test_another_day_gives_the_wording_of_that_day(index: Index) -> None:
    now = {p.id.partition("#")[0] for p in found(index, query="踏板的宽度").passages}
    then = found(index, query="踏板的宽度", day=date(2015, 6, 1)).passages
    assert REF in now
    assert "gb-99990-2008@2008-05-05" not in now
    assert then[0].id.startswith("gb-99990-2008@")


def test_what_is_not_loaded_gives_nothing_and_says_what_to_import(index: Index) -> None:
    by_document = found(index, docs=["99991"])
    assert by_document.passages == ()
    assert [m.id for m in by_document.missing] == [UNLOADED]
    assert "kb build --corpus" in by_document.missing[0].why
    by_post = found(index, activities=["吹雾号"])
    assert by_post.passages == ()
    assert OUR_WORDS not in json.dumps(by_post.to_json(), ensure_ascii=False)


def test_a_post_names_the_standards_that_it_lacks(index: Index) -> None:
    post = Post("keeper", "守塔人", standards=("GB 99990-2020", "GB 99991-2021", "AQ 99992-2019"))
    names = [m.citation for m in found(index, known=(post,), docs=[STANDARD]).missing]
    assert names == ["《雾号维护规程》（GB 99991—2021）", "AQ 99992-2019"]


def test_something_must_be_asked_for(index: Index) -> None:
    with pytest.raises(UsageError, match="--post"):
        found(index)


@pytest.fixture
def everything(index: Index) -> Found:
    return found(index, docs=[STANDARD, "99991"])


def rows_of(path: Path) -> list[list[str]]:
    if path.suffix == ".csv":
        return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    from openpyxl import load_workbook

    sheet = load_workbook(path)["原文"]
    assert not sheet.merged_cells.ranges
    assert all(c.data_type == "s" or c.value is None for row in sheet.iter_rows() for c in row)
    return [[c.value or "" for c in row] for row in sheet.iter_rows()]


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_tables_hold_every_passage(tmp_path: Path, everything: Found, ending: str) -> None:
    path = tmp_path / f"原文{ending}"
    write_passages(path, everything, AS_OF)
    head, *rows = rows_of(path)
    assert head == list(COLUMNS)
    texts = [r[COLUMNS.index("原文")].replace("\r\n", "\n") for r in rows]
    assert texts == [p.text for p in everything.passages]
    assert [r[COLUMNS.index("校验码")] for r in rows] == [p.hash for p in everything.passages]
    slip = next(r for r in rows if r[COLUMNS.index("编号")].endswith("5.1.6"))
    assert slip[COLUMNS.index("备注")] == "勘误：“45%”应为“45‰”"


def test_word_and_markdown_hold_every_line(tmp_path: Path, everything: Found) -> None:
    from docx import Document

    write_passages(tmp_path / "a.docx", everything, AS_OF)
    write_passages(tmp_path / "a.md", everything, AS_OF)
    paragraphs = [p.text for p in Document(str(tmp_path / "a.docx")).paragraphs]
    markdown = (tmp_path / "a.md").read_text(encoding="utf-8").replace("\\", "")
    for p in everything.passages:
        for line in p.text.split("\n"):
            assert line in paragraphs
            assert f"> {line}" in markdown
        assert p.citation in markdown
    assert any("雾号维护规程" in x for x in paragraphs)


def test_json_is_the_report(tmp_path: Path, everything: Found) -> None:
    write_passages(tmp_path / "a.json", everything, AS_OF)
    raw = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert raw == {"as_of": AS_OF.isoformat(), **everything.to_json()}


def test_a_cell_is_never_a_formula(tmp_path: Path, everything: Found) -> None:
    from dataclasses import replace

    one = replace(everything.passages[0], text="=1+1\x07", citation="-2")
    for ending in (".csv", ".xlsx"):
        path = tmp_path / f"b{ending}"
        write_passages(path, Found((one,), ()), AS_OF)
        row = rows_of(path)[1]
        expected = "'=1+1" if ending == ".csv" else "=1+1"
        assert row[COLUMNS.index("原文")] == expected


def test_an_unknown_ending(tmp_path: Path, everything: Found) -> None:
    with pytest.raises(UsageError, match=r"\.docx"):
        write_passages(tmp_path / "a.wps", everything, AS_OF)
    assert list(tmp_path.iterdir()) == []
