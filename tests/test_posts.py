"""Posts in full and the questions of a site: what is shipped is sound, what is not is refused."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from kb.catalog import Catalog
from kb.errors import CatalogError
from kb.library import load_library
from kb.notes import Line, Note, load_notes
from kb.posts import INDUSTRIES, Post, Posts, Question
from kb.roots import Roots
from kb.terms import Terms

ASK_LENGTH = 25
FEW_WORDS = 3  # work words of a post
FEW = 10  # lines below which a post has hardly a card
CERTIFICATES = (
    "特种作业操作证（",
    "特种设备作业人员证（",
    "操作资格证书（",
    "爆破作业人员许可证（",
    "道路危险货物运输从业资格证（",
    "建筑施工特种作业操作资格证（",
    "安全生产考核合格证书（",
    "安全生产知识和管理能力考核合格证（",
    "注册建造师执业资格证书",
    "监理工程师注册证书（",
    "消防设施操作员职业资格证书",
    "保安员证（",
)


@pytest.fixture(scope="module")
def terms(repo: Path) -> Terms:
    return Terms.load([repo / "corpus"])


@pytest.fixture(scope="module")
def shipped(repo: Path, terms: Terms) -> Posts:
    return Posts.load([repo / "corpus"], terms)


@pytest.fixture(scope="module")
def notes(repo: Path) -> dict[str, Note]:
    """The shipped notes by `doc#clause`."""
    loaded = load_notes([repo / "corpus"]).values()
    return {f"{n.ref.partition('@')[0]}#{n.clause}": n for n in loaded}


@pytest.fixture(scope="module")
def with_cards(shipped: Posts) -> list[Post]:
    return [p for p in shipped.posts.values() if p.cards]


# --- what is shipped ----------------------------------------------------------------------------


def test_how_many(shipped: Posts, with_cards: list[Post], terms: Terms) -> None:
    assert set(shipped.posts) == set(terms.posts)
    assert len(with_cards) >= 64
    assert 15 <= len(shipped.questions) <= 45


@pytest.mark.parametrize(
    ("industry", "posts"),
    [
        ("露天矿山", "穿孔工 爆破员 铲装司机 破碎工 矿用卡车司机 设备检修工 排土工 边坡管理员"),
        ("露天矿山", "电工 排水工 推土机司机 皮带工 测量工 露天铁路司机 石材开采工"),
        ("地下矿山", "凿岩工 支护工 掘进工 放矿工 出矿铲运机司机 无轨车辆司机 电机车司机"),
        ("地下矿山", "提升机司机 信号工 把钩工 井筒维修工 通风工 主扇司机 充填工 井下电工"),
        ("地下矿山", "泵房工 瓦斯检测员"),
        ("危险化学品", "危化品操作工 仓库保管员 罐区操作工 中控室操作工 气瓶充装工"),
        ("危险化学品", "危化品装卸工 危化品运输驾驶员 危化品押运员 危化品经营人员 加油站员工"),
        ("危险化学品", "剧毒品保管员"),
        ("烟花爆竹", "烟花爆竹仓库保管员 烟花爆竹装卸搬运工 烟花爆竹运输人员 烟花爆竹销售员"),
        ("烟花爆竹", "焰火燃放作业人员 烟花爆竹生产工"),
        ("民用爆炸物品", "炸药库保管员 炸药运输工 爆破员"),
        ("工贸", "机械加工工 打磨抛光工 喷涂工 熔炼铸造工 污水处理工 叉车司机"),
        ("特种设备", "锅炉工 压力容器操作工 压力管道巡检工 电梯维保工 电梯安全管理员 叉车司机"),
        ("特种设备", "起重工 司索指挥工 游乐设施操作员 索道工"),
        ("建筑施工", "架子工 设备安装拆卸工 施工项目负责人 监理人员"),
        ("通用", "焊工 有限空间作业人员 高处作业人员 作业监护人 班组长 安全员 新员工"),
        ("通用", "消防控制室值班员 门卫保安"),
    ],
)
def test_what_the_notices_ask_for(shipped: Posts, industry: str, posts: str) -> None:
    named = {p.name for p in shipped.of_industry(industry)}
    assert not set(posts.split()) - named


def test_each_industry_has_posts(shipped: Posts) -> None:
    assert all(len(shipped.of_industry(i)) >= 3 for i in INDUSTRIES)


@pytest.mark.parametrize("name", ["监管人员", "其他", "工会人员", "全体员工", "未成年工"])
def test_no_card_for_what_is_no_place_of_work(shipped: Posts, name: str) -> None:
    assert not shipped.posts[name].cards


def test_a_post_with_cards_has_work_words(with_cards: list[Post]) -> None:
    for p in with_cards:
        assert len(p.objects) >= FEW_WORDS, p.name
        assert len(set(p.objects)) == len(p.objects), p.name
        assert all(len(w) > 1 for w in p.objects), p.name


def test_a_post_with_cards_is_full(with_cards: list[Post]) -> None:
    for p in with_cards:
        assert 3 <= len(p.aliases) <= 8, p.name
        assert 3 <= len(p.equipment) <= 8, p.name
        assert p.standards, p.name
        for texts in (p.aliases, p.equipment, p.activities, p.accidents, p.standards, p.questions):
            assert len(set(texts)) == len(texts), p.name


def test_no_two_posts_share_a_name(shipped: Posts) -> None:
    names = [n for p in shipped.posts.values() for n in (p.name, *p.aliases)]
    assert len(set(names)) == len(names)


def test_certificates_are_of_known_kinds(with_cards: list[Post]) -> None:
    for p in with_cards:
        for c in p.certificates:
            assert c.startswith(CERTIFICATES), (p.name, c)


@pytest.mark.parametrize(
    ("post", "certificate"),
    [
        ("爆破员", "爆破作业人员许可证（爆破员）"),
        ("炸药库保管员", "爆破作业人员许可证（保管员）"),
        ("焊工", "特种作业操作证（焊接与热切割作业）"),
        ("电工", "特种作业操作证（电工作业）"),
        ("叉车司机", "特种设备作业人员证（叉车司机 N1）"),
        ("锅炉工", "特种设备作业人员证（工业锅炉司炉 G1）"),
    ],
)
def test_certificate(shipped: Posts, post: str, certificate: str) -> None:
    assert certificate in shipped.posts[post].certificates


def test_standards_stand_in_the_catalog(repo: Path, with_cards: list[Post]) -> None:
    catalog = Catalog.load([repo / "corpus"])
    numbers = {d.number for d in catalog.documents.values() if d.number}
    successors = {old for d in catalog.documents.values() for old in d.supersedes}
    replaced = {catalog.get(old).number for old in successors if old in catalog.documents}
    for p in with_cards:
        for number in p.standards:
            assert re.search(r"-\d{4}\Z", number), f"{p.name}：{number} 没有年号"
            assert number in numbers, f"{p.name}：目录里没有 {number}"
            assert number not in replaced, f"{p.name}：{number} 已被代替"


def test_questions_are_short_and_asked(shipped: Posts) -> None:
    asked = {q for p in shipped.posts.values() for q in p.questions}
    assert asked == set(shipped.questions)
    for q in shipped.questions.values():
        assert len(q.ask) <= ASK_LENGTH, q.ask
        assert q.ask.endswith(("吗？", "）？")), q.ask


def test_answers_leave_a_card(shipped: Posts, notes: dict[str, Note]) -> None:
    """Each question takes something out; 否 to all of them still leaves a post its own lines."""
    fires: set[str] = set()
    for post in shipped.posts.values():
        questions = [shipped.questions[q] for q in post.questions]
        lines = [(n, line) for n in notes.values() if post.name in n.posts for line in n.lines]
        for q in questions:
            if any(q.concerns(*x) for x in lines):
                fires.add(q.name)
        if post.cards and len(lines) >= FEW:
            assert any(not any(q.concerns(*x) for q in questions) for x in lines), post.name
    assert fires >= set(shipped.questions) - {"劳务派遣"}  # what it takes out is on everybody


@pytest.fixture(scope="module")
def units(repo: Path, corpus_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """`doc#unit` of every unit of a build over the development corpus."""
    library = load_library(Roots(repo, tmp_path_factory.mktemp("posts")), corpus=[corpus_dir])
    return {f"{x.document.id}#{u.id}" for x in library.loaded for u in x.tree.units}


@pytest.mark.corpus
def test_clauses_of_questions_exist(shipped: Posts, units: set[str]) -> None:
    for q in shipped.questions.values():
        assert not set(q.clauses) - units, q.name
        assert len(set(q.clauses)) == len(q.clauses), q.name


# what still binds a site that answers 否, by the question that must not touch it
@pytest.mark.parametrize(
    ("question", "ids"),
    [
        ("地面轨道", "gb-16423-2020#5.2.3.9 gb-16423-2020#5.4.2.5 gb-16423-2020#5.6.5.11"),
        ("斜坡卷扬", "gb-16423-2020#6.4.7.4 gb-16423-2020#6.4.6.7"),
        ("排土场", "gb-16423-2020#5.5.2.7 gb-16423-2020#5.5.2.8 gb-16423-2020#6.8.2.6"),
        ("竖井", "gb-16423-2020#6.4.7.4 gb-16423-2020#6.4.8.6 gb-16423-2020#6.1.1.1"),
        ("斜井", "gb-16423-2020#6.2.4.1 gb-16423-2020#5.4.3.8 gb-16423-2020#6.4.8.11"),
        ("竖井", "gb-16423-2020#6.2.2.4 gb-16423-2020#6.4.8.9"),
        ("凿井", "gb-16423-2020#6.4.4.19 gb-16423-2020#6.4.8.10"),
        ("摩擦式提升", "gb-16423-2020#6.4.7.4 gb-16423-2020#6.4.7.5"),
        ("缠绕式提升", "gb-16423-2020#6.4.7.3 gb-16423-2020#6.4.8.12"),
        ("拖电缆设备", "gb-16423-2020#5.6.5.1 gb-16423-2020#5.1.10"),
        ("有毒物品", "zhiyebing-fangzhi-fa#art-34 weixian-huaxuepin-anquan-fa#art-51"),
        ("井下有轨", "gb-16423-2020#6.4.1.6 gb-16423-2020#6.4.1.13"),
        ("井下无轨", "gb-16423-2020#6.7.8.5 gb-16423-2020#6.7.8.6"),
        ("涌水大", "gb-16423-2020#6.8.3.5 gb-16423-2020#6.8.3.6"),
        ("有害气体", "gb-16423-2020#6.1.4.9 gb-16423-2020#6.6.1.1"),
        ("自然发火", "gb-16423-2020#6.9.3.1 gb-16423-2020#6.9.2.1"),
        ("爆破", "minyong-baozha-wupin-anquan-guanli-tiaoli#art-39"),
        ("剧毒易制爆", "weixian-huaxuepin-anquan-fa#art-41 weixian-huaxuepin-anquan-fa#art-63"),
        ("电梯", "tezhong-shebei-anquan-fa#art-43 tezhong-shebei-anquan-fa#art-36"),
        ("劳务派遣", "laodong-hetong-fa#art-57 laodong-hetong-fa#art-67"),
        ("女职工", "laodong-fa#art-13 laodong-fa#art-64 laodong-fa#art-95"),
    ],
)
def test_what_a_no_leaves(shipped: Posts, notes: dict[str, Note], question: str, ids: str) -> None:
    asked = shipped.questions[question]
    for clause in ids.split():
        assert not asked.concerns(notes[clause]), clause


# --- what a question takes out ------------------------------------------------------------------

NOTE = Note("tower@2020-01-01#3.2.1", "0" * 12, "塔上的绳每天查", activities=("登塔",))
LINE = Line("3.2.1", "operation", "夜里登塔先亮灯", "worker", "must", hazard="大浪")


@pytest.mark.parametrize(
    ("question", "note", "line", "whole"),
    [
        ({"clauses": ("tower#3.2.1",)}, True, True, ""),
        ({"clauses": ("tower#3.2",)}, True, True, "what lies below a clause goes with it"),
        ({"clauses": ("tower#3",)}, True, True, ""),
        ({"clauses": ("tower#3.2.1.1",)}, False, False, "below it, not it"),
        ({"clauses": ("tower#3.2.10", "tower#3.20")}, False, False, "no prefix of letters"),
        ({"clauses": ("lamp#3.2.1",)}, False, False, "another document"),
        ({"activities": ("登塔",)}, True, True, ""),
        ({"activities": ("登塔", "点灯")}, True, True, ""),
        ({"activities": ("点灯",)}, False, False, ""),
        ({"hazards": ("大浪",)}, False, True, "a hazard is a line's"),
        ({"hazards": ("雾",)}, False, False, ""),
        ({"words": ("夜里",)}, False, True, "a word is a line's"),
        ({"words": ("每天",)}, False, False, "the gist does not count"),
    ],
)
def test_concerns(question: dict[str, tuple[str, ...]], note: bool, line: bool, whole: str) -> None:
    q = Question("塔", "你们有塔吗？", **question)
    assert q.concerns(NOTE) is note, whole
    assert q.concerns(NOTE, LINE) is line, whole


def test_a_note_on_more_than_the_question_stays() -> None:
    q = Question("塔", "你们有塔吗？", activities=("登塔",))
    assert not q.concerns(replace(NOTE, activities=("登塔", "检修")))
    assert not q.concerns(replace(NOTE, activities=()))


# --- what is refused ----------------------------------------------------------------------------

POST = """[[post]]
id = "keeper"
name = "守塔人"
cards = true
industries = ["通用"]
activities = ["登塔"]
accidents = ["splash"]
"""
QUESTION = '[[question]]\nname = "塔"\nask = "你们有塔吗？"\nactivities = ["登塔"]\n'
WORDS = {
    "hazards": '[[hazard]]\nid = "wave"\nname = "大浪"\n',
    "activities": '[[activity]]\nid = "climb"\nname = "登塔"\n',
    "accidents": '[[accident]]\ncode = "splash"\nname_2025 = "落水"\nname_1986 = "淹溺"\n',
    "posts": POST,
    "questions": QUESTION,
}


def folder(root: Path, **files: str) -> Path:
    (root / "terms").mkdir(parents=True, exist_ok=True)
    for name, text in (WORDS | files).items():
        (root / "terms" / f"{name}.toml").write_text(text, encoding="utf-8")
    return root


def load(*roots: Path) -> Posts:
    return Posts.load(roots, Terms.load(roots))


def test_a_small_folder(tmp_path: Path) -> None:
    posts = load(folder(tmp_path, posts=POST + 'questions = ["塔"]\naliases = ["看灯的"]\n'))
    keeper = posts.posts["守塔人"]
    assert (keeper.aliases, keeper.questions, keeper.cards) == (("看灯的",), ("塔",), True)
    assert posts.of_industry("通用") == (keeper,)
    assert posts.of_industry("工贸") == ()
    assert posts.questions["塔"].activities == ("登塔",)


def test_a_later_folder_replaces_by_id(tmp_path: Path) -> None:
    first = folder(tmp_path / "a")
    second = folder(tmp_path / "b", posts=POST.replace("守塔人", "灯塔看守"))
    posts = load(first, second, tmp_path / "none")
    assert list(posts.posts) == ["灯塔看守"]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("posts", POST.replace("通用", "航运"), "industries 里没有这些词：航运"),
        ("posts", POST.replace("登塔", "下海"), "activities 里没有这些词：下海"),
        ("posts", POST.replace("splash", "shark"), "accidents 里没有这些词：shark"),
        ("posts", POST + 'questions = ["灯"]\n', "没有问题 灯，请写进 questions.toml"),
        ("posts", POST.replace('accidents = ["splash"]\n', ""), "应写明行业、作业活动和事故类型"),
        ("posts", POST.replace('industries = ["通用"]\n', ""), "应写明行业、作业活动和事故类型"),
        ("posts", POST.replace("true", '"yes"'), "cards 应为 true 或 false"),
        ("posts", POST + 'equipment = "灯"\n', "equipment 应为一组文字"),
        ("posts", POST + 'standards = [""]\n', "standards 应为一组文字"),
        ("questions", QUESTION.replace("登塔", "下海"), "activities 里没有这些词：下海"),
        ("questions", QUESTION + 'hazards = ["雾"]\n', "hazards 里没有这些词：雾"),
        ("questions", QUESTION.replace('activities = ["登塔"]\n', ""), "塔 没有说明管哪些条款"),
        ("questions", '[[question]]\nname = "塔"\nclauses = ["a#1"]\n', "要有 name 和 ask"),
        ("questions", QUESTION + "words = 3\n", "words 应为一组文字"),
        ("questions", "[[question]\n", "读不了"),
    ],
)
def test_what_is_refused(tmp_path: Path, name: str, text: str, message: str) -> None:
    root = folder(tmp_path, **{name: text})
    with pytest.raises(CatalogError) as caught:
        load(root)
    assert message in str(caught.value)
    assert f"{name}.toml" in str(caught.value)


def test_file_says_no_card_in_words(repo: Path) -> None:
    """A post without cards has none of the fields of one that has."""
    data = tomllib.loads((repo / "corpus" / "terms" / "posts.toml").read_text(encoding="utf-8"))
    for raw in data["post"]:
        full = {"industries", "equipment", "certificates", "standards", "questions", "cards"}
        assert ("cards" in raw) == bool(full & set(raw)), raw["id"]
