"""Conflicts: loading, what is refused, the check against texts, and where they show."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.conflicts import RULES, Conflict, conflict_problems, load_conflicts
from kb.errors import CatalogError
from kb.search import Searcher
from tests.search.sample import AS_OF, LAW, LAW_DAY, build

ONE, OTHER = f"{LAW}@{LAW_DAY}#art-1", "gb-99998-2020@2020-10-11#5.2.1"
GOOD = {
    "id": '"wick"',
    "subject": '"换灯芯的时限"',
    "clause": f'[{{ id = "{ONE}", says = "每三年" }}, {{ id = "{OTHER}", says = "每72 h" }}]',
    "differs": '"一个三年，一个72小时"',
    "rule": '"从严"',
    "prevails": f'"{OTHER}"',
    "why": '"短的满足长的"',
    "author": '"c01"',
    "reviewer": '"c02"',
}


def write(folder: Path, **change: str | None) -> Path:
    entry = {k: v for k, v in (GOOD | change).items() if v is not None}
    folder.mkdir(parents=True, exist_ok=True)
    text = "[[conflict]]\n" + "".join(f"{k} = {v}\n" for k, v in entry.items())
    (folder / "conflicts.toml").write_text(text, encoding="utf-8")
    return folder


def test_loads(tmp_path: Path) -> None:
    found = load_conflicts([write(tmp_path)])
    assert found["wick"].prevails == OTHER
    assert dict(found["wick"].clauses) == {ONE: "每三年", OTHER: "每72 h"}
    again = Conflict.from_json(found["wick"].to_json())
    assert (again.id, again.clauses, again.why) == ("wick", found["wick"].clauses, "短的满足长的")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"why": None}, "why"),
        ({"rule": '"随便"'}, "rule"),
        ({"rule": '"待定"'}, "待定"),
        ({"prevails": '""'}, "待定"),
        ({"prevails": f'"{LAW}@{LAW_DAY}#art-2"'}, "prevails"),
        ({"clause": f'[{{ id = "{ONE}", says = "x" }}]'}, "两条"),
        ({"clause": '[{ id = "a#b", says = "x" }, { id = "c#d", says = "y" }]'}, "版本"),
        ({"clause": f'[{{ id = "{ONE}" }}]'}, "clause"),
        ({"more": '"x"'}, "more"),
    ],
)
def test_refused(tmp_path: Path, change: dict[str, str | None], words: str) -> None:
    with pytest.raises(CatalogError) as error:
        load_conflicts([write(tmp_path, **change)])
    assert "第 1 条" in str(error.value)
    assert words in str(error.value)


def test_a_later_folder_replaces(tmp_path: Path) -> None:
    folders = [write(tmp_path / "a"), write(tmp_path / "b", why='"别的缘由"')]
    assert load_conflicts(folders)["wick"].why == "别的缘由"


def test_broken_toml(tmp_path: Path) -> None:
    (tmp_path / "conflicts.toml").write_text("[[conflict]\n", encoding="utf-8")
    with pytest.raises(CatalogError, match=r"conflicts.toml 读不了"):
        load_conflicts([tmp_path])


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"clause": str(GOOD["clause"]).replace("三年", "五年")}, ["没有"]),
        ({"clause": str(GOOD["clause"]).replace("art-1", "art-77")}, ["里没有 art-77"]),
        ({"clause": str(GOOD["clause"]).replace(LAW_DAY, "1999-01-01")}, ["没有版本"]),
        ({"reviewer": None}, ["没有由另一人审过"]),
        ({"reviewer": '"c01"'}, ["没有由另一人审过"]),
    ],
)
def test_check(tmp_path: Path, change: dict[str, str | None], expected: list[str]) -> None:
    conflicts = load_conflicts([write(tmp_path / "c", **change)])
    with build(tmp_path / "i") as index:
        found = list(conflict_problems(conflicts, index.passages))
    assert len(found) == len(expected)
    assert all(part in message for part, message in zip(expected, found, strict=True))


def test_hits_show_it(tmp_path: Path) -> None:
    conflicts = load_conflicts([write(tmp_path / "c")])
    with build(tmp_path / "i", conflicts=conflicts) as index:
        hit = Searcher(index).search("灯塔法第一条", as_of=AS_OF)[0].to_json()
        assert [c["id"] for c in hit["conflicts"]] == ["wick"]
        assert hit["conflicts"][0]["says"][OTHER] == "每72 h"
        other = Searcher(index).search("灯塔法第二条", as_of=AS_OF)[0].to_json()
        assert "conflicts" not in other


def test_what_is_shipped(repo: Path) -> None:
    shipped = load_conflicts([repo / "corpus"])
    assert all(c.rule in RULES and c.author and c.reviewer for c in shipped.values())


KNOWN = [
    ("gb-16423-2020#4.5.2", "kuangshan-anquan-fa-shishi-tiaoli#art-35"),  # 72 h, 40 h
    (
        "shengchan-anquan-shigu-baogao-he-diaocha-chuli-tiaoli#art-9",
        "kuangshan-anquan-fa-shishi-tiaoli#art-47",  # 1 h, 24 h
    ),
    ("kuangshan-anquan-fa-shishi-tiaoli#art-40", "shengchan-anquan-shigu-yingji-tiaoli#art-8"),
    ("weixian-huaxuepin-anquan-fa#art-33", "weixian-huaxuepin-anquan-guanli-tiaoli#art-18"),
    ("weixian-huaxuepin-anquan-fa#art-61", "weixian-huaxuepin-anquan-guanli-tiaoli#art-41"),
    ("weixian-huaxuepin-anquan-fa#art-100", "weixian-huaxuepin-anquan-guanli-tiaoli#art-77"),
    ("weixian-huaxuepin-anquan-fa#art-111", "weixian-huaxuepin-anquan-guanli-tiaoli#art-88"),
    ("tezhong-shebei-anquan-fa#art-78", "tezhong-shebei-anquan-jiancha-tiaoli#art-78"),
    ("tezhong-shebei-anquan-fa#art-91", "tezhong-shebei-anquan-jiancha-tiaoli#art-89"),
    (
        "anquan-shengchan-fa#art-95",
        "shengchan-anquan-shigu-baogao-he-diaocha-chuli-tiaoli#art-38",
    ),
    ("kuangshan-anquan-fa-shishi-tiaoli#art-22", "gb-16423-2020#6.6.1.4"),  # 28 ℃, wet bulb
    ("gb-16423-2020#5.6.5.1", "gb-16423-2020#5.6.5.13"),  # moving a live cable
    (
        "gongshang-baoxian-tiaoli#art-39",
        "shiyong-youdu-wupin-zuoye-changsuo-laodong-baohu-tiaoli#art-41",
    ),
]


@pytest.mark.parametrize(("one", "other"), KNOWN)
def test_what_was_known_before_is_there(repo: Path, one: str, other: str) -> None:
    """The pairs that were seen before anybody searched systematically."""

    def named(full_id: str, clause: str) -> bool:
        bare = full_id.partition("@")[0] + "#" + full_id.partition("#")[2]
        return bare == clause or bare.startswith((f"{clause}.p", f"{clause}.i"))

    shipped = load_conflicts([repo / "corpus"]).values()
    assert any(
        any(named(i, one) for i, _ in c.clauses) and any(named(i, other) for i, _ in c.clauses)
        for c in shipped
    )
