"""What a panel objected to, and what keeps it from coming again."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from kb.exam import Pool, make_pool
from kb.exam.chosen import Chosen
from kb.exam.figures import Draft
from kb.exam.pick import item_of
from tests.exam.checker import faults
from tests.exam.sample import AS_OF, LAW_REF, REF, build
from tests.search.sample import N, article, clause


@contextmanager
def pool_of(folder: Path, *nodes: N) -> Iterator[Pool]:
    """The sample with these clauses in the place of its own; every draft passes the checker."""
    by_id = {n.id: n for n in nodes}

    def change(ref: str, n: N) -> N:
        own = by_id.get(n.id) if ref in (REF, LAW_REF) else None
        return own if own and own.kind is n.kind else n

    with build(folder / "index", change=change) as index:
        pool = make_pool(index.passages, AS_OF)
        for d in pool.drafts:
            item = item_of(d, random.Random(1)).to_json()
            assert list(faults(item, index.passages)) == [], d.stem
        yield pool


def of(pool: Pool, clause_id: str, *kinds: str) -> list[Draft]:
    """The drafts of a clause by type or kind."""
    ids = {f"{ref}#{clause_id}" for ref in (REF, LAW_REF)}
    found = [d for d in pool.drafts if d.basis.id in ids]
    return [d for d in found if not kinds or d.type in kinds or d.kind in kinds]


LISTS = [
    # one figure alone tells which option is wrong
    (["灯油应清澈；", "灯芯应干燥；", "灯罩应擦亮；", "灯距不大于3 m。"], False),
    (["灯油应清澈；", "灯芯长度不大于20 mm；", "灯罩应擦亮；", "灯距不大于3 m。"], True),
    # not more than 4 kg of what?
    (["灯芯长度不大于20 mm；", "铜壶灯油的重量：冬天不大于6 kg；", "靠海的灯室，不大于4 kg；",
      "灯距不大于3 m。"], False),
]  # fmt: skip


@pytest.mark.parametrize(("items", "asked"), LISTS)
def test_options_that_stand_side_by_side(tmp_path: Path, items: list[str], asked: bool) -> None:
    with pool_of(tmp_path, clause("5.2.5", "悬挂的旧马灯应符合下列规定：", *items)) as pool:
        several = of(pool, "5.2.5", "mixed")
    assert bool(several) is asked
    for d in several:
        assert any(c.isdigit() for words in d.right for c in words)


def test_an_option_may_leave_out_what_its_list_measures(tmp_path: Path) -> None:
    items = [
        "冬天，不大于20 mm；",
        "夏天，不大于30 mm；",
        "靠海的灯室，不大于15 mm；",
        "旧灯，不大于10 mm。",
    ]
    with pool_of(tmp_path, clause("5.2.5", "铜马灯的灯芯长度应符合下列规定：", *items)) as pool:
        assert of(pool, "5.2.5", "mixed")


QUESTIONS = [
    (("有下列情形之一的，", "守塔人应当熄灭主灯："), "有哪些情形之一的，守塔人应当熄灭主灯？"),
    (("守夜的渡工", "还应当具备下列条件："), "守夜的渡工应当具备哪些条件？"),
    (("除爬塔外，", "守夜的渡工还应当做好下列工作："), "除爬塔外，守夜的渡工还应当做好哪些工作？"),
]


@pytest.mark.parametrize(("lead", "asked"), QUESTIONS)
def test_how_a_list_is_asked_for(tmp_path: Path, lead: tuple[str, str], asked: str) -> None:
    items = ["灯油见底的；", "浓雾遮住航道的；", "船在礁石上搁浅的。"]
    with pool_of(tmp_path, article("3", "第三条", "".join(lead), items=items)) as pool:
        found = [d.stem.partition("，")[2] for d in of(pool, "art-3", "简答")]
    assert found == [asked]


SENTENCES = [
    ("塔基的一侧应设石阶。石阶另一侧到塔壁的宽度不小于0.9 m。", "0.9 m", False),
    ("塔基的一侧应设石阶，另一侧到塔壁的宽度不小于0.9 m。", "0.9 m", True),
    ("守塔人和守夜的渡工必须遵守海上的法律、法规和渔会的规章制度。", "", False),
    ("守夜的渡工必须遵守港口的法律，并在交接灯油之前把铜钟擦干净。", "", True),
]


@pytest.mark.parametrize(("text", "figure", "asked"), SENTENCES)
def test_sentences_that_say_enough_alone(
    tmp_path: Path, text: str, figure: str, asked: bool
) -> None:
    with pool_of(tmp_path, clause("5.2.5", text)) as pool:
        found = [d for d in of(pool, "5.2.5", "填空", "判断") if figure in f"{d.stem}{d.right}"]
    assert bool(found) is asked


def test_a_figure_that_leads_a_list_in_is_not_asked_with_one_of_its_items(tmp_path: Path) -> None:
    node = article("3", "第三条", "塔长应当在拆塔15日前，将下列物件送交港务站登记：",
                   items=["全部灯具的清单；", "拆塔用的绳梯；", "存油的账册。"])  # fmt: skip
    with pool_of(tmp_path, node) as pool:
        assert of(pool, "art-3", "简答")
        assert not of(pool, "art-3", "figure", "true", "false")


def test_wrong_terms_could_be_meant(pool: Pool) -> None:
    """Only terms of the same sort beside the right one: of the lamp there is no other."""
    found = [d for d in pool.drafts if d.kind == "definition"]
    assert {d.right[0] for d in found} == {"浮筒", "水罐", "鱼篓"}
    for d in found:
        assert len({w.text for w in d.wrong} & {"浮筒", "水罐", "鱼篓"}) == 2


def test_a_clause_is_named_with_what_its_section_is_about(tmp_path: Path) -> None:
    """Two clauses ask alike: the number alone tells nobody which is which."""
    with pool_of(tmp_path, clause("5.2.5", "爬塔梯踏板的宽度不小于0.8 m，踏板应防滑。")) as pool:
        stems = {d.stem for d in of(pool, "5.2.5", "填空")}
    assert stems == {"根据《灯塔作业规程》（GB 99990—2020）5.2.5（灯室），爬塔梯踏板的宽度"
                     "不小于（　　），踏板应防滑。"}  # fmt: skip


SHORT = [
    ("台阶高度不大于4 m。", "5.2.5（灯室），台阶高度不大于（　　）。"),
    ("灯室台阶高度不大于4 m。", "灯室台阶高度不大于（　　）。"),
    ("旧栈桥尽头的石台阶高度不大于4 m。", "旧栈桥尽头的石台阶高度不大于（　　）。"),
]


@pytest.mark.parametrize(("text", "asked"), SHORT)
def test_a_short_subject_is_named_with_its_section(tmp_path: Path, text: str, asked: str) -> None:
    with pool_of(tmp_path, clause("5.2.5", text)) as pool:
        stems = {d.stem for d in of(pool, "5.2.5", "填空")}
    comma = "" if asked.startswith("5") else "，"
    assert stems == {f"根据《灯塔作业规程》（GB 99990—2020）{comma}{asked}"}


@pytest.mark.parametrize(("lead", "tempts"), [("下列地点应设备用风向标：", False),
                                              ("下列地点应设铜风铃：", True)])  # fmt: skip
def test_a_place_of_a_like_list_is_no_wrong_option(tmp_path: Path, lead: str, tempts: bool) -> None:
    """Where a spare vane is set up, a vane may be wanted too."""
    items = ["浮桥的铁栏；", "滑车棚的屋脊；", "水柜旁的木架。"]
    with pool_of(tmp_path, clause("5.2.5", lead, *items)) as pool:
        wrong = {w.text for d in of(pool, "5.2.3", "list") for w in d.wrong}
    assert bool(wrong & {i.rstrip("；。") for i in items}) is tempts


GIVEN = [
    # the figure of a like sentence elsewhere, another figure, another thing with the same figure
    ("渡口的每盏马灯到水面的高度不小于4 m。", True),
    ("渡口的每盏马灯到水面的高度不小于5 m。", False),
    ("备用桅杆露出棚顶的长度不小于4 m。", False),
]


@pytest.mark.parametrize(("text", "given"), GIVEN)
def test_another_clause_gives_nothing_away(tmp_path: Path, text: str, given: bool) -> None:
    own = clause("5.2.5", "栈桥的每盏马灯到水面的高度不小于4 m。")
    with pool_of(tmp_path, own, replace(clause("5.2.1", text))) as pool:
        (one,) = of(pool, "5.2.5", "填空")
        paper = Chosen()
        paper.add(one)
        others = of(pool, "5.2.1", "true")
        assert others
        assert all(paper.may(d) for d in others)
        assert all(paper.given(d) is given for d in others)
        paper.remove(one)
        assert not any(paper.given(d) for d in others)
