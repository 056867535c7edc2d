"""Drafting on the invented index: whose line it is, what goes and why, merging, lengths."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kb.cards import CardLine, Draft, Firm, PostFirm
from kb.conflicts import Conflict
from kb.draft import Drafter, Industries, resolve_post
from kb.draft.drafter import SHARED, SHORT, SHORT_TEXT
from kb.draft.merge import merged
from kb.errors import CatalogError, UsageError
from kb.expansion import Expansion
from kb.index import Index
from kb.notes import Line, Note
from kb.posts import Post, Posts, Question
from kb.terms import Accident, Jargon, Terms
from tests.search.sample import AS_OF, LAW, LAW_DAY, OLD_LAW_DAY, STANDARD, build

NOW, OLD, STD = f"{LAW}@{LAW_DAY}", f"{LAW}@{OLD_LAW_DAY}", f"{STANDARD}@2020-10-11"
KEEPER = Post(
    "keeper", "守塔人", ("看灯的",), ("工贸",), ("油灯", "灯芯"), ("换灯",), (), ("fall",),
    questions=("有梯子",), cards=True,
)  # fmt: skip
SAILOR = Post("sailor", "船工", ("撑船的",), ("工贸",), ("木船", "缆绳"), ("行船",),
              ("特种设备作业人员证",), ("drown",), cards=True, objects=("锚链",))  # fmt: skip
POSTS = Posts(
    {p.name: p for p in (KEEPER, SAILOR)},
    {"有梯子": Question("有梯子", "塔里有梯子吗", activities=("爬梯",))},
)
TERMS = Terms(
    accidents={
        "fall": Accident("fall", "跌下来", "高坠"),
        "drown": Accident("drown", "落水", "淹死"),
    },
    jargon={"灯捻子": Jargon("灯捻子", ("灯芯",), "general")},
)
INDUSTRIES = Industries(
    (LAW,), {"工贸": (f"{STANDARD}#5",)}, {"工贸": ("海底",)}, {"工贸": (f"{LAW}#art-2",)}
)


def line(text: str, card: str = "operation", who: str = "worker", **more: Any) -> Line:
    return Line(more.pop("unit", "art-1"), card, text, who, more.pop("must", "must"), **more)


def note(clause: str, posts: tuple[str, ...], *lines: Line, ref: str = NOW, **more: Any) -> Note:
    facts = {"severity": 3, "activities": ("换灯",), "author": "n1", "reviewer": "r1"} | more
    return Note(f"{ref}#{clause}", "0" * 12, "x", posts=posts, lines=lines, **facts)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def drafted(
    folder: Path,
    *notes: Note,
    post: Post = KEEPER,
    conflicts: dict[str, Conflict] | None = None,
    as_of: date = AS_OF,
    posts: Posts = POSTS,
    **more: Any,
) -> Draft:
    """A draft from notes that fit the invented texts as they stand."""
    with build(folder / "bare") as index:
        fitted = [replace(n, hash=_hash(index, n)) for n in notes]
    with build(folder / "noted", fitted, conflicts=conflicts) as index:
        drafter = Drafter(index.passages, posts, TERMS, INDUSTRIES, as_of)
        return drafter.draft(post, **more)


def _hash(index: Index, n: Note) -> str:
    unit = index.passages.unit(n.ref, n.clause)
    assert unit is not None
    return unit.hash


def texts(draft: Draft) -> dict[str, list[str]]:
    found = {card: [x.text for x in lines] for card, lines in draft.cards.items() if lines}
    return found | ({"firm": [x.text for x in draft.firm]} if draft.firm else {})


# --- whose line it is ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (line("擦亮灯罩"), {"operation": ["擦亮灯罩"]}),
        (line("灯罩要装牢", "risk", "firm"), {"risk": ["灯罩要装牢"]}),
        (line("发新灯芯", "operation", "firm"), {"risk": ["发新灯芯"]}),  # seen and reported
        (line("建换灯制度", "duty", "firm"), {"firm": ["建换灯制度"]}),
        (line("塔高按图纸", "risk", "designer"), {"firm": ["塔高按图纸"]}),
        (line("救人", "emergency", "firm"), {"firm": ["救人"]}),
        (line("带班的点名", "operation", "foreman"), {"risk": ["带班的点名"]}),
        (line("不擦的罚3万元", "risk", "firm"), {"firm": ["不擦的罚3万元"]}),
        (line("1小时内报告港务站", "risk", "firm"), {"firm": ["1小时内报告港务站"]}),
        (line("系好木船的缆绳"), {}),  # another post's things
        (line("木船靠塔时熄油灯"), {"operation": ["木船靠塔时熄油灯"]}),  # both posts' things
        (line("海底不点灯"), {}),  # another industry's word
        (line("大浪来时停工撤人", "emergency", "firm"), {"emergency": ["大浪来时停工撤人"]}),
        (line("灯油浓度合格", "risk", "firm"), {"firm": ["灯油浓度合格"]}),  # nobody sees it
        (line("塔梯设护栏", "risk", "designer"), {"risk": ["塔梯设护栏"]}),  # everybody sees it
        (line("收好锚链"), {}),  # a word of another post's work
    ],
)
def test_groups(folder: Path, given: Line, expected: dict[str, list[str]]) -> None:
    assert texts(drafted(folder, note("art-1", ("守塔人", "船工"), given))) == expected


def test_a_line_of_nobody_goes_with_the_work_of_the_note(folder: Path) -> None:
    own = note("art-1", ("船工", "守塔人"), line("看好火"), activities=("换灯",))
    other = note("art-2", ("船工", "守塔人"), line("看好浪"), activities=("行船", "系缆"))
    draft = drafted(folder, own, other)
    assert texts(draft) == {"operation": ["看好火"]}
    assert [(x.text, x.why) for x in draft.left_out] == [("看好浪", "属于船工")]


def test_only_what_is_in_force_feeds_cards(folder: Path) -> None:
    old = note("art-1", ("守塔人",), line("五年换一次"), ref=OLD)
    assert texts(drafted(folder, old)) == {}
    day = date.fromisoformat(OLD_LAW_DAY).replace(year=2010)
    assert texts(drafted(folder, old, as_of=day)) == {"operation": ["五年换一次"]}


def test_only_documents_of_the_industry(folder: Path) -> None:
    inside = note("5.2.1", ("守塔人",), line("抓牢栏杆", unit="5.2.1"), ref=STD)
    outside = note("3.1", ("守塔人",), line("吊灯挂稳", unit="3.1"), ref=STD)
    assert texts(drafted(folder, inside, outside)) == {"operation": ["抓牢栏杆"]}


def test_everybody_has_only_a_share(folder: Path) -> None:
    own = [line(f"第{n}件自己的事情", unit="art-1") for n in "甲乙丙丁戊己庚"]
    everybody = [line(f"人人要做的第{n}件", "duty", unit="art-2") for n in "一二三四五六七"]
    draft = drafted(
        folder,
        note("art-1", ("守塔人",), *own),
        note("art-2", ("全体员工",), *everybody, activities=("教育培训",)),
    )
    kept = len(draft.cards["duty"])
    assert 0 < kept <= SHARED * sum(map(len, draft.cards.values()))
    assert len(draft.left_out) == len(everybody) - kept


def test_a_certificate_puts_a_post_under_its_umbrella(folder: Path) -> None:
    n = note("art-1", ("特种设备操作人员",), line("持证才上机"))
    assert texts(drafted(folder / "a", n, post=SAILOR)) == {"operation": ["持证才上机"]}
    assert texts(drafted(folder / "b", n, post=KEEPER)) == {}


def test_penalties_feed_no_card(folder: Path) -> None:
    punished = note("art-25", ("守塔人",), line("不得违反第二条", unit="art-25"))
    assert texts(drafted(folder, punished)) == {"operation": ["不得违反第二条"]}
    # the invented chapter is called 处罚; a chapter called 罚则 or 法律责任 is left out
    with build(folder / "x") as index:
        drafter = Drafter(index.passages, POSTS, TERMS, INDUSTRIES, AS_OF)
        assert not drafter._punishes(punished)


@pytest.mark.parametrize(("codes", "expected"), [(("fall",), "fall"), (("fall", "drown"), None)])
def test_the_accident_of_a_line_is_not_guessed(
    folder: Path, codes: tuple[str, ...], expected: str | None
) -> None:
    draft = drafted(folder, note("art-1", ("守塔人",), line("抓牢"), accidents=codes))
    assert [x.accident for x in draft.cards["operation"]] == [expected]


# --- answers, conflicts -------------------------------------------------------------------------


def test_answers(folder: Path) -> None:
    ladder = note("art-1", ("守塔人",), line("抓牢梯子"), activities=("爬梯",))
    opened = drafted(folder / "a", ladder)
    assert [x.condition for x in opened.cards["operation"]] == ["仅当有梯子"]
    assert opened.asked == (("有梯子", "塔里有梯子吗"),)
    yes = drafted(folder / "b", ladder, answers={"有梯子": True})
    assert ([x.condition for x in yes.cards["operation"]], yes.asked) == ([""], ())
    no = drafted(folder / "c", ladder, firm=Firm(answers={"有梯子": False}))
    assert texts(no) == {}
    assert "为否" in no.left_out[0].why


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"answers": {"有船": True}}, "没有这个问题"),
        ({"industry": "捕鱼"}, "没有这个行业"),
        ({"length": "long"}, "没有这种长度"),
        ({"region": "火星"}, "火星"),
    ],
)
def test_wrong_words(folder: Path, more: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        drafted(folder, note("art-1", ("守塔人",), line("看灯")), **more)


def conflict(prevails: str, rule: str = "从严") -> dict[str, Conflict]:
    says = ((f"{NOW}#art-1", "每3年"), (f"{STD}#5.2.1", "每72 h"))
    return {"c": Conflict("c", "换灯", says, "时间不同", rule, prevails, "短的满足长的")}


def test_one_figure_on_a_card(folder: Path) -> None:
    three = note("art-1", ("守塔人",), line("每3年换一次灯芯"))
    hours = note("5.2.1", ("守塔人",), line("每72 h擦一遍灯", unit="5.2.1"), ref=STD)
    stricter = drafted(folder / "a", three, hours, conflicts=conflict(f"{STD}#5.2.1"))
    assert texts(stricter) == {"operation": ["每72 h擦一遍灯"]}
    assert "从严" in stricter.left_out[0].why
    assert "时间不同" in stricter.cards["operation"][0].conflict
    open_ = drafted(folder / "b", three, hours, conflicts=conflict("", "待定"))
    assert len(open_.cards["operation"]) == 2
    assert all("时间不同" in x.conflict for x in open_.cards["operation"])


# --- merging, order, length ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "count"),
    [
        ("每班把塔上的灯罩擦亮再点灯", "每班把塔上灯罩擦亮再点灯", 1),
        ("离岸不小于5 m处系缆", "离岸不小于6 m处系缆", 2),  # other figures are another rule
        ("擦亮塔上的灯罩", "把旧灯芯交回库房", 2),
        ("点灯前先把塔梯擦干净", "点灯前先把塔梯擦干净再上去看看灯罩有没有裂", 1),
    ],
)
def test_near_duplicates(first: str, second: str, count: int) -> None:
    found = merged([CardLine(first, "operation"), CardLine(second, "operation")])
    assert [x.text for x in found] == [first, second][:count]


def test_forbidden_and_required_never_merge() -> None:
    lines = [CardLine("不熄油灯离塔", "operation", must=m) for m in ("must", "must-not")]
    assert len(merged(lines)) == 2


def test_order(folder: Path) -> None:
    draft = drafted(
        folder,
        note("art-1", ("守塔人",), line("小事情一件", phase="during"), severity=1),
        note("art-2", ("守塔人",), line("出门看天气", phase="before"),
             line("莫喝酒上塔", phase="never"), line("要命的大事", phase="during")),
    )  # fmt: skip
    assert texts(draft)["operation"] == ["出门看天气", "要命的大事", "小事情一件", "莫喝酒上塔"]


def test_short(folder: Path) -> None:
    many = [line(f"{n}号灯擦{n * 7}遍再点亮") for n in range(2, 20)]
    long = line("把塔上所有的灯罩从上往下一只一只擦得干干净净再交班")
    draft = drafted(folder, note("art-1", ("守塔人",), *many, long), length="short")
    kept = draft.cards["operation"]
    assert len(kept) == SHORT["operation"]
    assert all(len(x.text) <= SHORT_TEXT for x in kept)
    assert {x.why[:4] for x in draft.left_out} == {"超过 1", "超过 2"}


def test_lines_of_the_crew_need_no_basis(folder: Path) -> None:
    said = CardLine("三号梯级松了要先报", "operation", origin="crew", said="老李 2026-05-01")
    firm = Firm(posts={"守塔人": PostFirm(lines=(said,))})
    draft = drafted(folder, note("art-1", ("守塔人",), line("看灯")), firm=firm)
    found = draft.to_json()
    assert found["origins"] == {"clause": 1, "crew": 1}
    assert [x["basis"] for x in found["cards"]["operation"] if x["origin"] == "crew"] == [[]]


def test_json_is_the_contract(folder: Path) -> None:
    made = drafted(folder, note("art-1", ("守塔人",), line("每3年换灯芯"))).to_json()
    keys = {"post", "industry", "cards", "coverage", "firm", "missing", "left_out"}
    assert keys <= set(made)
    (one,) = made["cards"]["operation"]
    assert one["basis"] == [f"{NOW}#art-1"]
    assert (one["unit"], one["origin"], one["who"]) == ("art-1", "clause", "worker")
    assert one["citation"]
    assert len(one["hash"]) == 12
    assert made["accidents"] == [{"code": "fall", "name": "高坠"}]  # no 2025 list in this catalog


# --- which post is meant ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("守塔人", "守塔人"),
        ("看灯的", "守塔人"),
        ("我们那个撑船的老张", "船工"),
        ("换灯捻子的和管油灯的", "守塔人"),
    ],
)
def test_posts_by_any_name(text: str, name: str) -> None:
    found = resolve_post(text, POSTS.posts, Expansion.of(TERMS))
    assert found.name == name


@pytest.mark.parametrize("text", ["", "  ", "厨师", "守塔人和船工", "💡"])
def test_an_unknown_post_is_never_guessed(text: str) -> None:
    with pytest.raises(UsageError):
        resolve_post(text, POSTS.posts, Expansion.of(TERMS))


def test_industries_file(tmp_path: Path, repo: Path) -> None:
    shipped = Industries.load([repo / "corpus"])
    assert shipped.serves("gb-16423-2020@2020-10-11#5.2.3.4", ["露天矿山"])
    assert not shipped.serves("gb-16423-2020@2020-10-11#6.2.1.1", ["露天矿山"])
    assert not shipped.serves("gb-16423-2020@2020-10-11#50.1", ["露天矿山"])
    assert shipped.serves("anquan-shengchan-fa@2021-06-10#art-1", ["烟花爆竹"])
    (tmp_path / "terms").mkdir()
    (tmp_path / "terms/industries.toml").write_text('[[industry]]\nname = "捕鱼"\ndocs = []\n')
    with pytest.raises(CatalogError, match="捕鱼"):
        Industries.load([tmp_path])
