"""Vocabularies and site words: what is shipped is sound, and what is not is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.errors import CatalogError
from kb.terms import AREAS, Terms

GOOD = {
    "hazards": '[[hazard]]\nid = "wave"\nname = "大浪"\n',
    "activities": '[[activity]]\nid = "climb"\nname = "登塔"\n',
    "posts": '[[post]]\nid = "keeper"\nname = "守塔人"\naliases = ["看灯的"]\narea = "general"\n',
    "accidents": '[[accident]]\ncode = "splash"\nname_2025 = "落水"\nname_1986 = "淹溺"\n',
    "jargon": '[[jargon]]\nword = "上塔"\nterms = ["登塔"]\narea = "general"\n'
    'ambiguous = true\naccident = "splash"\n',
}


def folder(root: Path, **files: str) -> Path:
    (root / "terms").mkdir(parents=True, exist_ok=True)
    for name, text in (GOOD | files).items():
        (root / "terms" / f"{name}.toml").write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def shipped(repo: Path) -> Terms:
    return Terms.load([repo / "corpus"])


def test_what_is_shipped(shipped: Terms) -> None:
    assert (len(shipped.hazards), len(shipped.activities), len(shipped.posts)) == (107, 108, 114)
    # 27 types of 2025, with those of 1986 that it no longer has on their own
    assert len({a.name_2025 for a in shipped.accidents.values()}) == 27
    assert len({a.name_1986 for a in shipped.accidents.values()}) == 20
    assert len(shipped.jargon) >= 120
    assert {j.area for j in shipped.jargon.values()} <= set(AREAS)
    assert {p.area for p in shipped.posts.values()} <= {*AREAS, ""}
    assert any(j.ambiguous and j.note for j in shipped.jargon.values())


@pytest.mark.parametrize(
    ("word", "term"),
    [
        ("打眼", "穿孔"),
        ("打眼", "凿岩"),
        ("放炮", "爆破"),
        ("皮带", "带式输送机"),
        ("哑炮", "盲炮"),
        ("瞎炮", "盲炮"),
        ("挖机", "铲装设备"),
        ("铲车", "装载机"),
        ("排废", "排土"),
        ("边帮", "边坡"),
        ("老窿", "采空区"),
        ("放炮器", "起爆器"),
        ("猴车", "架空乘人装置"),
        ("斗车", "矿车"),
        ("停电牌", "停电警示牌"),
    ],
)
def test_site_words(shipped: Terms, word: str, term: str) -> None:
    assert term in shipped.jargon[word].terms


def test_every_site_word_says_something(shipped: Terms) -> None:
    for entry in shipped.jargon.values():
        assert entry.terms != (entry.word,) or entry.note or entry.accident, entry.word
        assert not entry.ambiguous or entry.note or len(entry.terms) > 1 or entry.accident
        assert entry.accident == "" or entry.accident in shipped.accidents


def test_blasting_is_work_and_was_an_accident(shipped: Terms) -> None:
    assert [a.code for a in shipped.accidents_named("放炮")] == ["blasting"]
    assert shipped.jargon["放炮"].ambiguous
    assert {a.code for a in shipped.accidents_named("坍塌")} >= {"collapse", "roof-fall"}
    assert shipped.accidents_named("海啸") == ()


def test_posts_by_their_names_on_site(shipped: Terms) -> None:
    names = shipped.post_names
    assert names["炮工"] == names["爆破员"] == "爆破员"
    assert names["卷扬司机"] == "提升机司机"
    aliases = [a for p in shipped.posts.values() for a in p.aliases]
    assert len(set(aliases)) == len(aliases)


def test_a_later_folder_replaces_by_id(tmp_path: Path) -> None:
    first = folder(tmp_path / "a")
    second = folder(
        tmp_path / "b",
        hazards='[[hazard]]\nid = "wave"\nname = "巨浪"\n[[hazard]]\nid = "fog"\nname = "雾"\n',
    )
    terms = Terms.load([first, second, tmp_path / "none"])
    assert set(terms.hazards) == {"巨浪", "雾"}
    assert terms.jargon["上塔"].ambiguous
    assert terms.posts["守塔人"].aliases == ("看灯的",)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("hazards", "[[hazard]]\n", "缺 id、name"),
        ("hazards", '[[hazard]]\nid = "wave"\nname = ""\n', "name 是空的"),
        ("hazards", '[[hazard]]\nid = "wave"\nname = 3\n', "name 应为文字"),
        ("hazards", '[[hazard]]\nid = "大浪"\nname = "大浪"\n', "小写英文"),
        ("hazards", GOOD["hazards"] * 2, "第 2 条：wave 与前面重复"),
        ("hazards", GOOD["hazards"] + '[[hazard]]\nid = "w"\nname = "大浪"\n', "同名（大浪）"),
        ("hazards", GOOD["hazards"] + "level = 3\n", "不认识 level"),
        ("hazards", 'name = "x"\n', "[[hazard]]"),
        ("hazards", "[[hazard]\n", "读不了"),
        ("posts", GOOD["posts"].replace("general", "sea"), "area 应为"),
        ("posts", GOOD["posts"].replace('["看灯的"]', '"看灯的"'), "aliases 应为一组词"),
        ("posts", GOOD["posts"].replace('"看灯的"]', '"看灯的", "看灯的"]'), "重复的词"),
        ("posts", GOOD["posts"] + '[[post]]\nid = "k"\nname = "看灯的"\n', "别名 看灯的"),
        ("accidents", '[[accident]]\ncode = "x"\nname_2025 = "x"\n', "缺 name_1986"),
        ("jargon", GOOD["jargon"].replace("splash", "shark"), "没有事故类型 shark"),
        ("jargon", GOOD["jargon"].replace('["登塔"]', "[]"), "至少要有一个"),
        ("jargon", GOOD["jargon"].replace("true", '"yes"'), "ambiguous 应为"),
        ("jargon", GOOD["jargon"] * 2, "上塔 与前面重复"),
    ],
)
def test_what_is_refused(tmp_path: Path, name: str, text: str, message: str) -> None:
    root = folder(tmp_path, **{name: text})
    with pytest.raises(CatalogError) as caught:
        Terms.load([root])
    assert message in str(caught.value)
    assert f"{name}.toml" in str(caught.value)
