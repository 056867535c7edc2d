"""Requirements of notices: loading, deadlines, the check, the command, what is shipped."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from kb.catalog import Catalog
from kb.cli.app import app
from kb.errors import CatalogError, UsageError
from kb.index import Index
from kb.library import load_library
from kb.notecheck import NotesReport
from kb.requirements import (
    INDUSTRIES,
    TOPICS,
    WHO,
    Requirement,
    Requirements,
    State,
    bearers,
    compared,
    in_industry,
    industry,
    load_requirements,
    requirement_problems,
    state,
)
from kb.roots import Roots
from kb.store import Passages
from tests.search.sample import NOTICE, build

REF = f"{NOTICE}@2021-03-02"
HECHUAN = "hechuan-feimei-kuangshan-2021@2021-11-03"
JIANGJIN = "jiangjin-yingjifa-2021-108@2021-11-03"
MAWU = "fuling-mawu-gongmao-2021@2021-09-22"
SHAOXING = "shaoxing-yingji-jianguan-2020-9@2020-08-21"
LVJIAN = "lvjianqu-gongzuo-yaodian-2017@2017-02-23"
FIVE = (HECHUAN, JIANGJIN, MAWU, SHAOXING, LVJIAN)

GOOD = {
    "id": '"lamps"',
    "notice": f'"{REF}"',
    "topic": '"隐患排查"',
    "who": '["镇街"]',
    "industry": '["通用"]',
    "what": '"点验马灯"',
    "basis": f'["{REF}#m-s1-k1"]',
    "every": '"每季度"',
    "evidence": '["点验表"]',
}
STEP = {
    "notice": f'"{REF}"',
    "n": "1",
    "name": '"点验"',
    "what": '"先点验马灯"',
    "basis": f'["{REF}#m-s1-k1"]',
}
TERM = {"notice": f'"{REF}"', "until": "2023-12-31", "text": '"2021-2023年"'} | {
    "basis": f'"{REF}#a1-p1"'
}
Change = dict[str, str | None]


def table(kind: str, good: dict[str, str], change: Change) -> str:
    entry = {k: v for k, v in (good | change).items() if v is not None}
    return f"[[{kind}]]\n" + "".join(f"{k} = {v}\n" for k, v in entry.items())


def write(folder: Path, *more: str, **change: str | None) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    text = "\n".join([table("requirement", GOOD, change), *more])
    (folder / "requirements.toml").write_text(text, encoding="utf-8")
    return folder


def step(**change: str | None) -> str:
    return table("step", STEP, change)


def term(**change: str | None) -> str:
    return table("term", TERM, change)


# --- loading ------------------------------------------------------------------------------------


def test_loads(tmp_path: Path) -> None:
    found = load_requirements([write(tmp_path, step(), step="1", acceptance="true")])
    lamps = found.entries["lamps"]
    assert (lamps.who, lamps.basis) == (("镇街",), (f"{REF}#m-s1-k1",))
    assert (lamps.every, lamps.evidence, lamps.step) == ("每季度", ("点验表",), 1)
    assert (lamps.acceptance, lamps.by, lamps.doc) == (True, None, NOTICE)
    assert found.steps[REF, 1].name == "点验"
    assert found.notices == (REF,)
    assert load_requirements([tmp_path / "nothing"]) == Requirements()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": '"Lamps 1"'}, "id"),
        ({"id": None}, "id"),
        ({"notice": f'"{NOTICE}"'}, "notice"),
        ({"notice": f'"{REF}#m-s1"'}, "notice"),
        ({"notice": f'"{NOTICE}@2021-13-02"'}, "notice"),
        ({"topic": '"闲谈"'}, "topic"),
        ({"who": '["老板"]'}, "who"),
        ({"who": "[]"}, "who"),
        ({"who": '"企业"'}, "who"),
        ({"who": '["企业", "企业"]'}, "重复"),
        ({"industry": '["渔业"]'}, "industry"),
        ({"what": '""'}, "what"),
        ({"what": f'"{"灯" * 61}"'}, "what：61 字"),
        ({"basis": "[]"}, "basis"),
        ({"basis": '["m-s1-k1"]'}, "basis"),
        ({"basis": f'["{NOTICE}#m-s1-k1"]'}, "basis"),
        ({"basis": '["dengta-fa@2020-06-01#art-1"]'}, "basis"),
        ({"basis": f'["{REF}#一、"]'}, "basis"),
        ({"by": '"2022-12-31"'}, "by"),
        ({"by": "2022-12-31"}, "by"),
        ({"by_text": '"2022年底"'}, "by"),
        ({"by": "2022-12-30", "by_text": '"2022年底"'}, "应为 2022-12-31"),
        ({"by": "2022-12-30T00:00:00", "by_text": '"2022年底"'}, "by"),
        ({"by": "2022-12-31", "by_text": '"尽快"'}, "by"),
        ({"by": "2022-12-31", "by_text": '"2022年13月"'}, "by"),
        ({"evidence": '["  "]'}, "evidence"),
        ({"evidence": '"照片"'}, "evidence"),
        ({"step": "10"}, "step"),
        ({"step": "true"}, "step"),
        ({"step": "2"}, "没有第 2 步"),
        ({"acceptance": '"是"'}, "acceptance"),
        ({"every": "4"}, "every"),
        ({"deadline": '"明天"'}, "deadline"),
    ],
)
def test_refused(tmp_path: Path, change: Change, words: str) -> None:
    with pytest.raises(CatalogError) as error:
        load_requirements([write(tmp_path, **change)])
    assert "requirements.toml 第 1 条" in str(error.value)
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (table("requirement", GOOD, {}), "第 2 条 lamps id：lamps 与前面重复"),
        (step(n="0"), "n"),
        (step(n="10"), "n"),
        (step(n='"1"'), "n"),
        (step(n="2"), "连续编号"),
        (step(name=None), "name"),
        (step(what=f'"{"灯" * 61}"'), "what"),
        (step(basis="[]"), "basis"),
        (step() + step(), "与前面重复"),
        (term(until=None), "until"),
        (term(text='"2021-2022年"'), "until"),
        (term(basis='"a#b"'), "basis"),
        (term(until='"2023-12-31"'), "until"),
        ("[[rule]]\nid = 1", "rule"),
        ("[requirements]\n", "requirements"),
    ],
)
def test_refused_with_others(tmp_path: Path, more: str, words: str) -> None:
    with pytest.raises(CatalogError) as error:
        load_requirements([write(tmp_path, more)])
    assert "requirements.toml" in str(error.value)
    assert words in str(error.value)


def test_broken_toml(tmp_path: Path) -> None:
    (tmp_path / "requirements.toml").write_text("[[requirement]\n", encoding="utf-8")
    with pytest.raises(CatalogError, match=r"requirements.toml 读不了"):
        load_requirements([tmp_path])
    (tmp_path / "requirements.toml").write_text("requirement = 1\n", encoding="utf-8")
    with pytest.raises(CatalogError, match=r"应写作 \[\[requirement\]\]"):
        load_requirements([tmp_path])


def test_a_later_folder_replaces(tmp_path: Path) -> None:
    folders = [write(tmp_path / "a"), write(tmp_path / "b", what='"点验渔灯"')]
    assert load_requirements(folders).entries["lamps"].what == "点验渔灯"


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("2022年底", date(2022, 12, 31)),
        ("到2022年", date(2022, 12, 31)),
        ("2020-2022年", date(2022, 12, 31)),
        ("2022年2月底前", date(2022, 2, 28)),
        ("2024年2月底前", date(2024, 2, 29)),
        ("2021年12月20日之前", date(2021, 12, 20)),
        ("2022年10月-12月", date(2022, 12, 31)),
        ("2021年1月-2022年6月", date(2022, 6, 30)),
        ("8月底", date(2021, 8, 31)),  # of the year of the notice
    ],
)
def test_what_a_deadline_means(tmp_path: Path, text: str, last: date) -> None:
    found = load_requirements([write(tmp_path, by=last.isoformat(), by_text=f'"{text}"')])
    assert found.entries["lamps"].by == last
    wrong = last.replace(day=last.day - 1).isoformat()
    with pytest.raises(CatalogError, match=f"应为 {last}"):
        load_requirements([write(tmp_path, by=wrong, by_text=f'"{text}"')])


def test_a_term_is_the_deadline_of_what_has_none(tmp_path: Path) -> None:
    own = table("requirement", GOOD, {"id": '"own"', "by": "2022-06-30", "by_text": '"2022年6月"'})
    found = load_requirements([write(tmp_path, own, term())]).entries
    assert (found["lamps"].by, found["lamps"].by_text) == (date(2023, 12, 31), "2021-2023年")
    assert found["lamps"].by_basis == f"{REF}#a1-p1"
    assert (found["own"].by, found["own"].by_basis) == (date(2022, 6, 30), "")


# --- states, choosing, comparing ----------------------------------------------------------------


@pytest.fixture
def lamps(tmp_path: Path) -> Requirement:
    return load_requirements([write(tmp_path)]).entries["lamps"]


@pytest.mark.parametrize(
    ("by", "as_of", "expected"),
    [
        (None, date(2030, 1, 1), State.LASTING),
        (date(2022, 12, 31), date(2022, 12, 30), State.RUNNING),
        (date(2022, 12, 31), date(2022, 12, 31), State.RUNNING),
        (date(2022, 12, 31), date(2023, 1, 1), State.PAST),
    ],
)
def test_state(lamps: Requirement, by: date | None, as_of: date, expected: State) -> None:
    assert state(replace(lamps, by=by), as_of) is expected


def test_past_is_not_void() -> None:
    assert [s.value for s in State] == ["进行中", "限期已过", "长期"]


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("企业", ("企业",)),
        ("总工", ("安全总监/总工",)),
        ("安全总工", ("安全总监/总工",)),
        ("矿长", ("主要负责人",)),
        ("应急局", ("区应急局", "市应急局", "区县应急局")),
    ],
)
def test_bearers(word: str, found: tuple[str, ...]) -> None:
    assert bearers(word) == found


@pytest.mark.parametrize("ask", [bearers, industry])
@pytest.mark.parametrize("word", ["老渔夫", ""])
def test_unknown_words_offer_others(ask: Callable[[str], object], word: str) -> None:
    with pytest.raises(UsageError, match="相近的有"):
        ask(word)


@pytest.mark.parametrize(
    ("named", "asked", "concerned"),
    [
        ("非煤矿山", "非煤矿山", True),
        ("非煤矿山", "露天矿山", True),
        ("露天矿山", "非煤矿山", True),
        ("露天矿山", "地下矿山", False),
        ("高危行业", "露天矿山", True),
        ("非高危工矿", "加工制造", True),
        ("非高危工矿", "危险化学品", False),
        ("非煤矿山", "石油天然气", False),  # its notice takes it out
        ("通用", "石油天然气", True),
        ("烟花爆竹", "通用", False),
    ],
)
def test_industries(lamps: Requirement, named: str, asked: str, concerned: bool) -> None:
    assert in_industry(replace(lamps, industry=(named,)), asked) is concerned


@given(st.sampled_from(INDUSTRIES), st.sampled_from(INDUSTRIES))
def test_a_named_industry_is_always_concerned(one: str, other: str) -> None:
    named = Requirement("a", REF, TOPICS[0], WHO[:1], (one, other), "x", (f"{REF}#m-s1",))
    assert in_industry(named, one)
    assert in_industry(named, other)
    assert industry(one) == one


def test_compared_shows_gaps(lamps: Requirement) -> None:
    other = replace(lamps, id="o", notice="a@2020-01-01", topic="验收")
    found = compared([lamps, other])
    assert tuple(found) == TOPICS
    assert found["隐患排查"] == {REF: (lamps,), "a@2020-01-01": ()}
    assert found["验收"] == {REF: (), "a@2020-01-01": (other,)}


# --- the check ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with build(tmp_path_factory.mktemp("requirements") / "index") as index:
        yield index


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"every": '"每月"'}, ["every：原文没有"]),
        ({"what": '"每3天点验马灯"'}, ["what：原文没有"]),
        ({"evidence": '["点验表", "马灯5盏的照片"]'}, ["evidence：原文没有"]),
        ({"basis": f'["{REF}#m-s9"]', "every": None}, ["里没有 m-s9"]),
        ({"basis": f'["{REF}#m-s1-k1", "{REF}#m-s9"]'}, ["里没有 m-s9"]),
        ({"basis": f'["{REF}#m-s1-k2"]'}, ["every：原文没有"]),
        ({"basis": f'["{REF}#m-s1"]'}, []),  # what is below a section counts
        ({"by": "2022-12-31", "by_text": '"2022年底"'}, ["依据里没有限期“2022年底”"]),
        ({"row": '"3"'}, ["没有表"]),
    ],
)
def test_check(tmp_path: Path, sample: Index, change: Change, expected: list[str]) -> None:
    found = list(
        requirement_problems(load_requirements([write(tmp_path, **change)]), sample.passages)
    )
    assert len(found) == len(expected), found
    for part, message in zip(expected, found, strict=True):
        assert message.startswith("lamps：")
        assert part in message


def test_check_of_steps_and_terms(tmp_path: Path, sample: Index) -> None:
    made = load_requirements([write(tmp_path, step(what='"点验7回"'), term())])
    found = list(requirement_problems(made, sample.passages))
    assert len(found) == 2, found
    assert f"{REF} 第 1 步：what：原文没有" in found[0]
    assert f"{REF}：依据里没有限期“2021-2023年”" in found[1]


def test_unknown_notices_and_texts_that_are_not_loaded(tmp_path: Path, sample: Index) -> None:
    def made(ref: str) -> Requirements:
        return load_requirements([write(tmp_path, notice=f'"{ref}"', basis=f'["{ref}#art-1"]')])

    found = list(requirement_problems(made("nowhere@2020-01-01"), sample.passages))
    assert found == ["lamps：目录里没有版本 nowhere@2020-01-01"]
    report = NotesReport()
    report.add_requirements(made("meiyou-wenben@2019-01-01"), sample.passages)
    assert (report.errors, report.requirements, report.requirements_not_checked) == (0, 1, 1)
    report.add_requirements(made("nowhere@2020-01-01"), sample.passages)
    assert report.to_json()["kinds"] == {"requirement": 1}


# --- the command --------------------------------------------------------------------------------


def run(*args: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["requirements", *map(str, args)])
    if isinstance(result.exception, UsageError):
        return result.exception.exit_code, str(result.exception)
    return result.exit_code, result.output


def asked(*args: object) -> dict[str, Any]:
    code, output = run(*args, "--json")
    assert code == 0, output
    answer = json.loads(output)
    assert isinstance(answer, dict)
    return answer


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A user's folder without an index: the command needs none."""
    return tmp_path


def test_the_table(root: Path) -> None:
    code, output = run("--root", root, "--notice", "合川", "--as-of", "2026-11-21")
    assert code == 0
    for word in ("谁", "做什么", "何时", "佐证", "依据", "状态", "限期已过", "重庆市合川区"):
        assert word in output
    assert "只能确认到 2022-12-31 有效" in output
    assert "不等于作废" in output
    assert "马武" not in output


def test_json(root: Path) -> None:
    answer = asked("--root", root, "--as-of", "2022-06-30")
    assert [n["notice"] for n in answer["notices"]] == list(FIVE)
    assert answer["as_of"] == "2022-06-30"
    rows = {r["id"]: r for r in answer["requirements"]}
    assert rows["hechuan-compile-all"]["state"] == "进行中"
    assert rows["hechuan-demo-firms"]["state"] == "限期已过"
    assert rows["hechuan-drill"]["state"] == "长期"
    assert rows["hechuan-compile-all"]["status"] == "现行"
    assert rows["hechuan-plan"]["labels"] == ["五、1", "六（一）"]
    assert rows["hechuan-plan"]["citations"][0].endswith("的通知》五、1")
    assert rows["shaoxing-senior-talent"]["labels"][-1] == "附件1表1第13行"
    assert sum(n["requirements"] for n in answer["notices"]) == len(rows)
    assert "steps" not in answer
    assert "compare" not in answer


@pytest.mark.parametrize(
    ("region", "notices"),
    [
        ("重庆市合川区", [HECHUAN]),
        ("合川", [HECHUAN]),
        ("重庆市涪陵区马武镇", [MAWU]),
        ("重庆市涪陵区", []),
        ("浙江省绍兴市", [SHAOXING]),
        ("浙江省", []),
        ("江苏省常州市武进区绿建区", [LVJIAN]),
    ],
)
def test_region(root: Path, region: str, notices: list[str]) -> None:
    assert [n["notice"] for n in asked("--root", root, "--region", region)["notices"]] == notices


def test_a_wider_region_names_the_narrower(root: Path) -> None:
    code, output = run("--root", root, "--region", "浙江省")
    assert code == 0
    assert "--region 浙江省绍兴市" in output


@pytest.mark.parametrize(
    ("name", "notices"),
    [
        ("江津", [JIANGJIN]),
        ("津应急发〔2021〕108号", [JIANGJIN]),
        ("fuling-mawu-gongmao-2021", [MAWU]),
        (LVJIAN, [LVJIAN]),
        ("重庆", [HECHUAN, JIANGJIN, MAWU]),
    ],
)
def test_notice(root: Path, name: str, notices: list[str]) -> None:
    assert [n["notice"] for n in asked("--root", root, "--notice", name)["notices"]] == notices


def test_filters_hold_together(root: Path) -> None:
    rows = asked("--root", root, "--who", "主要负责人", "--industry", "加工制造")["requirements"]
    assert rows
    assert all("主要负责人" in r["who"] for r in rows)
    assert {r["notice"] for r in rows} == {MAWU, SHAOXING}


def test_steps(root: Path) -> None:
    answer = asked("--root", root, "--steps")
    assert [(s["notice"], s["n"]) for s in answer["steps"]] == [(HECHUAN, n) for n in range(1, 10)]
    listed = [i for s in answer["steps"] for i in s["requirements"]]
    assert sorted(listed) == sorted(r["id"] for r in answer["requirements"])
    assert all(s["requirements"] for s in answer["steps"])
    code, output = run("--root", root, "--steps", "--notice", "合川")
    assert code == 0
    assert "第 9 步 执法保障（五、9）" in output
    assert asked("--root", root, "--steps", "--notice", "江津")["steps"] == []


def test_compare(root: Path) -> None:
    answer = asked("--root", root, "--compare")
    assert [line["topic"] for line in answer["compare"]] == list(TOPICS)
    ids = [i for line in answer["compare"] for found in line["notices"].values() for i in found]
    assert sorted(ids) == sorted(r["id"] for r in answer["requirements"])
    code, output = run("--root", root, "--compare")
    assert code == 0
    assert "【公示张贴】" in output
    assert "没有要求" in output


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--notice", "上海"), "有的是：合川区"),
        (("--who", "老板"), "相近的有"),
        (("--industry", "煤"), "非煤矿山"),
        (("--region", "火星"), "不认识的地区"),
        (("--as-of", "2022年"), "日期写法不对"),
        (("--steps", "--compare"), "只用一个"),
    ],
)
def test_usage(root: Path, args: tuple[str, ...], words: str) -> None:
    code, output = run("--root", root, *args)
    assert code == 2
    assert words in output


def test_a_user_adds_a_notice(root: Path) -> None:
    write(root / "corpus")
    result = CliRunner().invoke(app, ["requirements", "--root", str(root)])
    assert isinstance(result.exception, CatalogError)
    assert REF in str(result.exception)
    build(root / "build" / "index").close()  # what was imported stands in the index only
    rows = {r["id"]: r for r in asked("--root", root)["requirements"]}
    assert rows["lamps"]["labels"] == ["一（一）"]
    assert rows["hechuan-plan"]["labels"] == ["五、1", "六（一）"]


# --- what is shipped ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shipped(repo: Path) -> Requirements:
    return load_requirements([repo / "corpus"])


def test_every_notice_is_there(shipped: Requirements) -> None:
    counts = Counter(r.notice for r in shipped.entries.values())
    assert tuple(counts) == FIVE
    assert [counts[n] >= low for n, low in zip(FIVE, (55, 30, 30, 55, 20), strict=True)] == [
        True
    ] * 5
    assert set(shipped.terms) == {SHAOXING, LVJIAN}


def test_only_hechuan_has_nine_steps(shipped: Requirements) -> None:
    assert sorted(shipped.steps) == [(HECHUAN, n) for n in range(1, 10)]
    assert shipped.steps[HECHUAN, 2].name == "编制“两单两卡”"
    for (notice, n), made in shipped.steps.items():
        own = [r for r in shipped.entries.values() if (r.notice, r.step) == (notice, n)]
        assert own
        assert all(r.basis[0].startswith(made.basis[0]) for r in own)


def test_closed_words_are_all_used(shipped: Requirements) -> None:
    entries = shipped.entries.values()
    assert {r.topic for r in entries} == set(TOPICS)
    assert {w for r in entries for w in r.who} == set(WHO)


def test_ids_name_their_notice(shipped: Requirements) -> None:
    prefixes = dict(zip(FIVE, ("hechuan", "jiangjin", "mawu", "shaoxing", "lvjian"), strict=True))
    assert all(r.id.startswith(f"{prefixes[r.notice]}-") for r in shipped.entries.values())


def test_notices_are_of_the_catalog(shipped: Requirements, repo: Path) -> None:
    catalog = Catalog.load([repo / "corpus"])
    for notice in shipped.notices:
        doc, _, version = notice.partition("@")
        assert catalog.get(doc).region
        assert catalog.version(doc, version)


@pytest.mark.parametrize(
    ("name", "by"),
    [
        ("hechuan-compile-all", date(2022, 12, 31)),
        ("hechuan-it-demo", date(2022, 5, 31)),
        ("hechuan-level-three-2023", date(2023, 12, 31)),
        ("jiangjin-demo", date(2021, 12, 20)),
        ("jiangjin-all-others", date(2022, 6, 30)),
        ("mawu-large-compile", date(2021, 11, 30)),
        ("mawu-small-acceptance", date(2022, 12, 31)),
        ("shaoxing-report-plan", date(2020, 8, 31)),
        ("shaoxing-drill", date(2022, 12, 31)),
        ("lvjian-three-levels", date(2017, 12, 31)),
        ("jiangjin-post-up", None),
    ],
)
def test_deadlines(shipped: Requirements, name: str, by: date | None) -> None:
    assert shipped.entries[name].by == by


def test_what_acceptance_looks_at(shipped: Requirements) -> None:
    looked_at = Counter(r.notice for r in shipped.entries.values() if r.acceptance)
    assert set(looked_at) == {HECHUAN, JIANGJIN, MAWU}
    cards = ("risk-list", "duty-list", "operation-card", "emergency-card")
    assert all(shipped.entries[f"hechuan-{card}"].acceptance for card in cards)


@pytest.fixture(scope="module")
def real(
    repo: Path, corpus_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Passages]:
    """The nine laws and the five notices, read at run time; passages only."""
    folder = tmp_path_factory.mktemp("notices")
    library = load_library(Roots(repo, folder), corpus=[corpus_dir / "policies"])
    library.write_passages(folder / "passages.sqlite", "g", None)
    with Passages(folder / "passages.sqlite", "g") as passages:
        yield passages


@pytest.mark.corpus
def test_the_shipped_requirements_agree_with_their_texts(
    shipped: Requirements, real: Passages
) -> None:
    assert set(FIVE) <= set(real.texts)
    assert list(requirement_problems(shipped, real)) == []


@pytest.mark.corpus
def test_the_check_sees_what_is_wrong_with_the_real_ones(
    shipped: Requirements, real: Passages
) -> None:
    def wrong(name: str, **change: Any) -> list[str]:
        entry = replace(shipped.entries[name], **change)
        return list(requirement_problems(Requirements({name: entry}), real))

    assert "没有" in wrong("hechuan-compile-all", what="编制达到95%")[0]
    assert "row" in wrong("shaoxing-senior-talent", row="")[0]
    assert "没有" in wrong("shaoxing-senior-talent", row="25")[0]  # another row has other figures
    assert "限期" in wrong("mawu-large-plan", by_text="2021年10月底前")[0]
    copied = real.unit(HECHUAN, "m-s5-n9")
    assert copied is not None
    assert "28 字" in wrong("hechuan-enforcement-plan", note=copied.display)[0]


@pytest.mark.corpus
def test_every_section_that_asks_something_has_a_requirement(
    shipped: Requirements, real: Passages
) -> None:
    """Whatever has none is a preamble, guiding thought, a list of problems or a general slogan."""
    used = {b for r in shipped.entries.values() for b in r.basis}
    without = {
        f"{notice.partition('-')[0]} {unit.id}"
        for notice in FIVE
        for unit in real.units(notice)
        if unit.hit and not any(b == unit.full_id or b.startswith(f"{unit.full_id}-") for b in used)
    }
    assert without == {
        *(f"hechuan {u}" for u in ("m-p1", "m-s1", "m-s5-p1")),
        *(f"jiangjin {u}" for u in ("m-p1", "m-p2")),
        *(f"fuling {u}" for u in ("m-p1", "m-s2-p1", "m-s2-p2", "m-s2-k1", "m-s2-k2", "m-s2-k3")),
        *(f"shaoxing {u}" for u in ("m-p1", "m-p2", "m-s1")),
        "lvjianqu m-p2",
    }


def test_every_row_of_the_annex_has_a_requirement(shipped: Requirements) -> None:
    rows = {r.row for r in shipped.entries.values() if r.row}
    assert rows == {str(n) for n in range(1, 27)}
