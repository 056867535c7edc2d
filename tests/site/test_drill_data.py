"""Data for drilling: how lines become flashcards, what the practice bank holds and never does."""

from __future__ import annotations

import builtins
import io
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kb.cards import CardLine
from kb.cards.model import Basis
from kb.errors import KbError
from kb.exam import Pool, make_pool
from kb.exam.banks import exam_folder, keep_paper
from kb.exam.model import TYPES, Item, item_id
from kb.exam.readings import Readings
from kb.index import Index
from kb.notes import Note
from kb.posts import Post
from kb.sitegen.context import SiteContext
from kb.sitegen.drill_data import LINES, PRACTICE_SEED, flashcards, practice, write_drill
from tests.site.conftest import Built
from tests.site.drill_sample import POST_ID, RULE, build_drill_site
from tests.site.lists_sample import POST
from tests.site.sample import AS_OF

TESTER = Post("lamp-tester", POST)
REF = "ceshi-guicheng@2020-02-02"


@pytest.fixture(scope="module")
def drilled(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The invented site with a post and questions; tests must not change it."""
    return build_drill_site(tmp_path_factory.mktemp("drill"))


@pytest.fixture
def site(drilled: Built) -> Iterator[SiteContext]:
    """What its pages were made from."""
    with Index.open(drilled.roots.index) as index:
        yield SiteContext(index, AS_OF)


def _note(*lay: str, clause: str = "4.1", digest: str = "a" * 12) -> Note:
    return Note(id=f"{REF}#{clause}", hash=digest, gist="要点", lay=lay, activities=("用电",))


def _line(text: str, *, clause: str = "4.1", **more: Any) -> CardLine:
    basis = Basis(f"{REF}#{clause}", clause, f"《规程》{clause}", "a" * 12, "现行")
    given = {"card": "operation", "basis": (basis,), "activity": "用电"} | more
    return CardLine(text=text, **given)


def _cards(note: Note, *lines: CardLine) -> list[dict[str, Any]]:
    return list(flashcards(TESTER, lines, {note.id: note}))


# --- flashcards -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lay", "text", "front"),
    [
        # the way to ask that has most in common with the line
        (("灯罩多久清一次", "单手举量杆行不行"), "测灯不单手举量杆", "单手举量杆行不行"),
        # a row of search words is no question
        (("单手 举量杆 测灯",), "测灯不单手举量杆", "接着说完：测灯不单……"),
        # nothing in common: the line is begun up to where it turns
        (("灯泡归谁买",), "离开灯架前切断电源", "接着说完：离开灯架前……"),
        (("灯泡归谁买",), "六级以上大风时，不上灯架", "接着说完：六级以上大风时……"),
        (("灯泡归谁买",), "灯架下方严禁站人", "接着说完：灯架下方……"),
        (("灯泡归谁买",), "长时间停用，拔掉插头", "接着说完：长时间停用……"),
        # no turn: the first half, never within a figure
        ((), "量杆涂成红色", "接着说完：量杆涂……"),
        ((), "灯架高10.25 m整", "接着说完：灯架高……"),
    ],
)
def test_front_asks_for_the_line(lay: tuple[str, ...], text: str, front: str) -> None:
    assert [c["ask"] for c in _cards(_note(*lay), _line(text))] == [front]


def test_what_every_way_to_ask_has_tells_nothing() -> None:
    note = _note("测灯前看什么", "测灯后填什么", "测灯时站哪里")
    assert [c["ask"] for c in _cards(note, _line("测灯穿胶鞋"))] == ["接着说完：测灯……"]


def test_lines_under_one_front_stand_together_but_not_too_many() -> None:
    note = _note("灯架下面有哪些不许干")
    lines = [_line(f"灯架下面有东西不许动，第{x}样") for x in "甲乙丙丁戊己"]
    found = _cards(note, *lines)
    assert [len(c["lines"]) for c in found] == [3, 3]
    assert max(len(c["lines"]) for c in found) <= LINES
    assert len({c["k"] for c in found}) == 2
    assert found[1]["k"] == found[0]["k"] + ".1"


def test_key_stays_and_hash_changes_with_words() -> None:
    note = _note("单手举量杆行不行")
    (one,) = _cards(note, _line("测灯不单手举量杆"))
    (again,) = _cards(note, _line("测灯不单手举量杆"))
    (other,) = _cards(note, _line("测灯时不单手举量杆"))
    (newer,) = _cards(replace(note, hash="b" * 12), _line("测灯不单手举量杆"))
    assert one == again
    assert one["k"] == other["k"] == newer["k"]
    assert len({one["h"], other["h"], newer["h"]}) == 3


def test_only_lines_that_rest_on_a_clause_become_cards() -> None:
    note = _note("单手举量杆行不行")
    skeleton = _line("大声呼救", origin="skeleton", basis=())
    elsewhere = _line("看灯", clause="4.2")
    assert _cards(note, skeleton, elsewhere) == []


def test_a_gap_for_the_firm_is_said_in_words() -> None:
    note = _note()
    said = [c["lines"][0]["t"] for c in _cards(note, _line("灯架离窗：____"), _line("由____看灯"))]
    assert said == ["灯架离窗（具体由本单位定）", "由（由本单位定）看灯"]


def test_open_condition_stands_on_the_card() -> None:
    (card,) = _cards(_note(), _line("电缆不浸水", condition="仅当拖电缆"))
    assert card["lines"] == [{"t": "电缆不浸水", "card": "岗位操作卡", "only": "仅当拖电缆"}]


def test_post_parts(drilled: Built) -> None:
    index = drilled.part("drill/index")
    assert index["built"] == AS_OF.isoformat()
    (row,) = [p for p in index["posts"] if p["id"] == POST_ID]
    data = drilled.part(f"drill/{POST_ID}")
    assert row == {
        "id": POST_ID, "name": POST, "aliases": ["点灯师傅"], "industries": ["工贸", "通用"],
        "cards": len(data["cards"]),
    }  # fmt: skip
    fronts = {c["ask"] for c in data["cards"]}
    assert {"量杆能不能贴着灯罩", "单手举量杆行不行", "下灯架要不要断电"} <= fronts
    for card in data["cards"]:
        version = data["versions"][card["id"].partition("#")[0]]
        clauses = drilled.part(version["page"] + "clauses")
        _, text, _, parts = clauses["units"][card["id"].partition("#")[2]]
        assert text
        inside = {card["id"].partition("#")[2], *(p[0] for p in parts)}
        assert set(card["units"]) <= inside


def test_post_with_the_name_of_another_file_is_refused(drilled: Built, tmp_path: Path) -> None:
    roots = drilled.roots
    posts = roots.user / "corpus/terms/posts.toml"
    text = posts.read_text(encoding="utf-8")
    try:
        for bad in ("practice", "index"):
            posts.write_text(text.replace(f'id = "{POST_ID}"', f'id = "{bad}"'), encoding="utf-8")
            with Index.open(roots.index) as index, pytest.raises(KbError, match="别的用处"):
                write_drill(SiteContext(index, AS_OF), roots.corpora, tmp_path)
    finally:
        posts.write_text(text, encoding="utf-8")
    assert not (tmp_path / "drill").exists()


# --- the practice bank ----------------------------------------------------------------------------


def test_items_are_whole_and_rest_on_their_words(drilled: Built) -> None:
    bank = drilled.part("drill/practice")
    assert bank["seed"] == PRACTICE_SEED
    assert bank["types"] == list(TYPES)
    assert len(bank["items"]) >= 15
    assert len({i["item"] for i in bank["items"]}) == len(bank["items"])
    for item in bank["items"]:
        right: tuple[str, ...] = (item["answer"],)
        if item["type"] in ("单选", "多选"):
            right = tuple(item["options"]["ABCDEFGH".index(c)] for c in item["answer"])
        elif item["type"] == "简答":
            right = tuple(item["points"])
        assert item["item"] == item_id(item["type"], item["stem"], right)
        assert item["citation"] in item["explanation"]
        assert item["citation"]
        name, text = bank["bases"][item["basis"]]
        assert name.startswith("《")
        words = [text[a:b] for a, b in item["spans"]]
        words += [bank["bases"][n][1][a:b] for n, a, b, _ in item.get("also", ())]
        assert all(words)
        if item["type"] in ("单选", "填空", "多选", "简答"):
            assert set(words) == set(right), item["stem"]
        assert bank["versions"][item["version"]]["ref"] == item["id"].partition("#")[0]
        assert [bank["posts"][p] for p in item["posts"]] in ([], [POST])
        # each option that is wrong has its reason
        if item["type"] == "单选":
            assert {w[0] for w in item["wrong"]} == set(item["options"]) - set(right)
            assert all(w[1] for w in item["wrong"])


def test_same_texts_give_the_same_bank(site: SiteContext, drilled: Built) -> None:
    assert practice(site) == drilled.part("drill/practice")


def test_what_is_not_in_force_gives_no_questions(drilled: Built) -> None:
    with Index.open(drilled.roots.index) as index:
        later = practice(SiteContext(index, date(2027, 6, 1)))
    assert RULE in {i["id"].partition("@")[0] for i in drilled.part("drill/practice")["items"]}
    assert RULE not in {i["id"].partition("@")[0] for i in later["items"]}


def test_second_readings_of_the_corpus_count_for_the_bank(
    site: SiteContext, drilled: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As they do for kb quiz; which clauses they release is tested there."""
    full_id, digest = "gb-99999-2020@2020-10-11#5.2.1.2", "0123456789ab"
    (tmp_path / "readings.toml").write_text(
        f'[[reading]]\nid = "{full_id}"\nhash = "{digest}"\nread_by = "r-2"\n'
        'read_on = 2026-11-21\nagainst = "印本第9页"\n',
        encoding="utf-8",
    )
    seen: list[Readings] = []

    def recorded(*args: Any, readings: Readings, **more: Any) -> Pool:
        seen.append(readings)
        return make_pool(*args, readings=readings, **more)

    monkeypatch.setattr("kb.sitegen.drill_data.make_pool", recorded)
    write_drill(site, (*drilled.roots.corpora, tmp_path), tmp_path / "out")
    assert [r.releases(full_id, digest) for r in seen] == [True]


def _secret() -> Item:
    right = ("第七号暗题的答案",)
    stem = "暗题：灯房的暗号是（　　）。"
    return Item(
        item=item_id("填空", stem, right), id=f"{REF}#4.1", unit="4.1", hash="c" * 12, type="填空",
        stem=stem, options=(), answer=right[0], points=(), explanation="暗题的解释", difficulty=1,
        post=POST, topic="暗题", citation="《暗题》", validity="现行", distractors=(),
        stem_spans=(), answer_spans=(),
    )  # fmt: skip


def test_the_exam_bank_is_neither_read_nor_written(
    drilled: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    roots = drilled.roots
    folder = exam_folder(roots)
    keep_paper(roots, "paper-9", [_secret()], ["暗题"])
    (folder / "seed.txt").write_text("0" * 32 + "\n", encoding="ascii")
    touched: list[str] = []

    def watched(real: Any) -> Any:
        def run(path: Any, *args: Any, **kwargs: Any) -> Any:
            if isinstance(path, str | os.PathLike) and str(folder) in os.fspath(path):
                touched.append(os.fspath(path))
            return real(path, *args, **kwargs)

        return run

    for module, name in ((io, "open"), (builtins, "open"), (os, "open"), (os, "scandir"),
                         (os, "listdir"), (os, "stat")):  # fmt: skip
        monkeypatch.setattr(module, name, watched(getattr(module, name)))
    (folder / "seed.txt").read_text(encoding="ascii")
    assert touched, "the watch itself must see a read"
    touched.clear()
    with Index.open(roots.index) as index:
        write_drill(SiteContext(index, AS_OF), roots.corpora, tmp_path)
    assert touched == []
    monkeypatch.undo()
    written = "".join(p.read_text(encoding="utf-8") for p in tmp_path.rglob("*.js"))
    assert _secret().item not in written
    assert "暗" not in written
    # the same as where there is no exam at all, and nothing of the folder among the site's files
    text = (tmp_path / "drill/practice.js").read_text(encoding="utf-8")
    assert json.loads(text[text.index(",") + 1 : text.rindex(")")]) == drilled.part(
        "drill/practice"
    )
    assert not [p for p in drilled.roots.site.rglob("*") if p.name in ("seed.txt", "paper-9.json")]
