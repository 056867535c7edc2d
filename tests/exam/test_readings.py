"""Second readings: what they release, what they do not, and what a bad entry is told."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kb.cli.app import app
from kb.errors import CatalogError
from kb.exam import Pool, make_pool
from kb.exam.dossier import dossier_rows
from kb.exam.pick import item_of
from kb.exam.readings import Readings
from kb.index import Index
from tests.exam.checker import faults
from tests.exam.sample import AS_OF, REF, build

NO_UNIT, SLIP = f"{REF}#5.1.5", f"{REF}#5.1.6"


def entry(full_id: str, content: str, **more: str) -> str:
    said = {
        "id": f'"{full_id}"', "hash": f'"{content}"', "read_by": '"r-2"',
        "read_on": "2026-11-20", "against": '"印本第9页"',
    } | more  # fmt: skip
    lines = [f"{k} = {v}" for k, v in said.items() if v]
    return "\n".join(["[[reading]]", *lines, ""])


def loaded(folder: Path, text: str) -> Readings:
    (folder / "readings.toml").write_text(text, encoding="utf-8")
    return Readings.load([folder])


def content(index: Index, full_id: str) -> str:
    unit = index.passages.unit(*full_id.split("#"))
    assert unit is not None
    return unit.hash


def of(pool: Pool, full_id: str) -> set[str]:
    return {d.kind for d in pool.drafts if d.basis.id == full_id}


def test_what_is_held_back_says_how_to_release_it(index: Index, pool: Pool) -> None:
    held = {x.id: x.why for x in (*pool.left_out, *pool.coverage().held)}
    for full_id in (NO_UNIT, SLIP):
        why = held[full_id]
        assert "corpus/readings.toml" in why
        assert f'id = "{full_id}"，hash = "{content(index, full_id)}"' in why


def test_a_reading_releases_its_clause_while_the_words_are_the_same(
    index: Index, tmp_path: Path
) -> None:
    text = "灯室内油灯（铜制的间距不小于2 m，火苗应有罩。"

    def change(ref: str, n: object) -> object:
        same = ref == REF and getattr(n, "id", "") == "5.1.5"
        return replace(n, text=text) if same else n  # type: ignore[type-var]

    with build(tmp_path / "index", change=change) as changed:  # type: ignore[arg-type]
        passages = changed.passages
        own = content(changed, NO_UNIT)
        before = make_pool(passages, AS_OF)
        stale = make_pool(
            passages, AS_OF, readings=loaded(tmp_path, entry(NO_UNIT, content(index, NO_UNIT)))
        )
        after = make_pool(passages, AS_OF, readings=loaded(tmp_path, entry(NO_UNIT, own)))
    assert "figure" not in of(before, NO_UNIT)
    assert of(stale, NO_UNIT) == of(before, NO_UNIT)
    (why,) = [x.why for x in (*stale.left_out, *stale.coverage().held) if x.id == NO_UNIT]
    assert "校验码" in why
    assert "与现在的文字不同" in why
    assert not [x for x in (*after.left_out, *after.coverage().held)
                if x.id == NO_UNIT and "readings.toml" in x.why]  # fmt: skip


def test_a_figure_without_a_unit_is_never_asked(index: Index, tmp_path: Path) -> None:
    readings = loaded(tmp_path, entry(NO_UNIT, content(index, NO_UNIT)))
    pool = make_pool(index.passages, AS_OF, readings=readings)
    asked = [d for d in pool.drafts if d.basis.id == NO_UNIT]
    assert not [d for d in asked if d.right == ("15",)]


def test_a_marked_slip_is_not_asked_even_then(tmp_path: Path) -> None:
    """The words of a clause never change, so a question would show the slip."""

    def change(ref: str, n: object) -> object:
        same = ref == REF and getattr(n, "id", "") == "5.1.6"
        words = "灯油间的坡度不大于45%。守塔人进灯油间时应穿布底鞋，通道宽度不小于0.9 m。"
        return replace(n, text=words) if same else n  # type: ignore[type-var]

    with build(tmp_path / "index", change=change) as changed:  # type: ignore[arg-type]
        readings = loaded(tmp_path, entry(SLIP, content(changed, SLIP)))
        assert of(make_pool(changed.passages, AS_OF), SLIP) == set()
        pool = make_pool(changed.passages, AS_OF, readings=readings)
        asked = [d for d in pool.drafts if d.basis.id == SLIP]
        assert asked
        assert not [d for d in asked if "45%" in d.stem + "".join(d.right)]
        item = item_of(asked[0], random.Random(1))
        assert not [f for f in faults(item.to_json(), changed.passages) if f != "erratum"]
        words = dossier_rows(changed.passages, [item])[1]
        assert any("应为“45‰”" in w for w in words)


BAD = [
    ("read_on", "", "缺 read_on"),
    ("read_on", '"2026-11-20"', "应为日期"),
    ("hash", '"12"', "12 位"),
    ("id", '"gb-99990-2020#5.1.6"', "应带版本和条款"),
    ("id", '"灯塔"', "写法不对"),
    ("read_by", '"a b"', "代号"),
    ("read_by", "3", "应为文字"),
    ("against", '" "', "对照了什么"),
    ("page", "9", "不认识 page"),
]


@pytest.mark.parametrize(("key", "value", "said"), BAD)
def test_a_bad_entry_is_named(tmp_path: Path, key: str, value: str, said: str) -> None:
    good = entry(SLIP, "0" * 12)
    with pytest.raises(CatalogError, match=said) as error:
        loaded(tmp_path, good.replace("5.1.6", "5.1.7") + entry(SLIP, "0" * 12, **{key: value}))
    assert str(tmp_path / "readings.toml") in str(error.value)
    assert "第 2 条" in str(error.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [("[[reading", "TOML"), ("reading = 3", "reading"), ("x = 1", "不应有 x"),
     (entry(SLIP, "0" * 12) * 2, "重复")],
)  # fmt: skip
def test_a_bad_file_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(CatalogError, match=said):
        loaded(tmp_path, text)


def test_a_later_folder_wins(tmp_path: Path) -> None:
    for name, content_ in (("a", "0" * 12), ("b", "1" * 12)):
        (tmp_path / name).mkdir()
        loaded(tmp_path / name, entry(SLIP, content_))
    found = Readings.load([tmp_path / "a", tmp_path / "none", tmp_path / "b"])
    assert found.releases(SLIP, "1" * 12)
    assert not found.releases(SLIP, "0" * 12)


def test_the_shipped_corpus_has_none(repo: Path) -> None:
    assert not (repo / "corpus" / "readings.toml").exists()


def test_the_command_reads_the_users_file(tmp_path: Path) -> None:
    with build(tmp_path / "build" / "index") as index:
        own = content(index, SLIP)
    (tmp_path / "corpus").mkdir()
    base = ["quiz", "--root", str(tmp_path), "--as-of", "2026-11-21"]
    before = CliRunner().invoke(app, [*base, "--coverage"], env={"COLUMNS": "200"})
    assert f'id = "{SLIP}"' in before.output
    assert f'hash = "{own}"' in before.output
    loaded(tmp_path / "corpus", entry(SLIP, own))
    after = CliRunner().invoke(app, [*base, "--coverage"], env={"COLUMNS": "200"})
    assert f'id = "{SLIP}"' not in after.output
