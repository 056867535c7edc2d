"""Pages by post, accident, activity, notice, and of conflicts, on invented notes."""

from __future__ import annotations

import io
import itertools
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import Tag

from kb.cards import CARD_NAMES, CARDS
from kb.cards.self_check import FIRMS, NOTHING, self_check_groups, self_check_of
from kb.coverage import Coverage
from kb.draft import covered
from kb.index import Index
from kb.requirements import TOPICS
from kb.roots import Roots, shipped_dir
from kb.sitegen import build, check_links, generate
from kb.sitegen.context import SiteContext
from kb.sitegen.lists import Lists
from kb.sitegen.preview import make_server
from tests.site.browsing import opened
from tests.site.conftest import Built
from tests.site.lists_sample import HOSTILE_SHORT, POST, build_lists_index, write_corpus
from tests.site.sample import AS_OF, HOSTILE, LAW, NEW, NOTICE, STANDARD
from tests.site.words import letters

if TYPE_CHECKING:
    from playwright.sync_api import Browser

POST_PAGE = "posts/lamp-tester/"
NOTICE_PAGE = f"notices/{NOTICE}/"
PAGES = (
    "posts/", POST_PAGE, "accidents/", "accidents/electric/", "activities/",
    "activities/electricity-use/", "notices/", NOTICE_PAGE, f"{NOTICE_PAGE}check/",
    "notices/compare/", "conflicts/",
)  # fmt: skip


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The invented site with a post, requirements and conflicts."""
    roots = Roots(shipped_dir(), tmp_path_factory.mktemp("lists"))
    write_corpus(roots.user)
    build_lists_index(roots.index)
    with Index.open(roots.index) as index:
        report = generate(index, roots, as_of=AS_OF)
    build(roots)
    return Built(roots, report)


@pytest.fixture(scope="module")
def lists(listed: Built) -> Iterator[Lists]:
    """What those pages were made from."""
    with Index.open(listed.roots.index) as index:
        found: Coverage = covered(index.passages, listed.roots.corpora, AS_OF)
        yield Lists(SiteContext(index, AS_OF), listed.roots.corpora, found)


@pytest.fixture(scope="module")
def served(listed: Built) -> Iterator[str]:
    """Its address."""
    with make_server(listed.roots.site) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


def article(built: Built, page: str) -> Tag:
    found = built.soup(page).find("article")
    assert isinstance(found, Tag)
    return found


def words(tag: Tag | None) -> str:
    assert tag is not None
    return tag.get_text()


# --- all pages --------------------------------------------------------------------------------


def test_every_address_leads_somewhere(listed: Built) -> None:
    report = check_links(listed.roots.site)
    assert report.broken == []
    assert report.external == []


@pytest.mark.parametrize("page", PAGES)
def test_a_page_says_its_day_and_holds_text_as_text(listed: Built, page: str) -> None:
    found = article(listed, page)
    assert f"生成日 {AS_OF.year}年{AS_OF.month}月{AS_OF.day}日" in words(
        found.select_one(".kb-asof")
    )
    assert found.select("script, img, [style], [onclick], [onerror]") == []
    levels = [int(h.name[1]) for h in found.select("h1,h2,h3,h4,h5,h6")]
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels)), levels


def test_a_post_without_a_clause_has_no_page(listed: Built, lists: Lists) -> None:
    rows = {words(li.select_one("b")): li for li in article(listed, "posts/").select("li[data-w]")}
    assert set(rows) == {p.name for p in lists.posts.posts.values() if p.cards}
    assert [name for name, li in rows.items() if li.select_one("b a")] == [POST]
    assert "点灯师傅" in str(rows[POST]["data-w"])
    assert "没有条款可依" in words(rows["尾矿工"])
    assert list(lists.post_pages) == [POST]


def test_topics_without_a_clause_have_no_page(listed: Built, lists: Lists) -> None:
    assert list(lists.accident_pages) == ["electric"]
    assert list(lists.activity_pages) == ["用电"]
    rows = article(listed, "accidents/").select("li[data-w]")
    assert len(rows) == len(lists.terms.accidents)
    assert [words(li.select_one("b")) for li in rows if li.select_one("b a")] == ["触电"]


# --- cards ------------------------------------------------------------------------------------


def test_sheets_hold_the_lines_of_the_draft(listed: Built, lists: Lists) -> None:
    draft = lists.drafts[POST]
    page = article(listed, POST_PAGE)
    sheets = {str(s["data-kb-sheet"]): s for s in page.select("section.kb-sheet")}
    assert list(sheets) == [f"{POST} {CARD_NAMES[c]}" for c in CARDS]
    for card in CARDS:
        sheet = sheets[f"{POST} {CARD_NAMES[card]}"]
        assert words(sheet.select_one(".kb-sheet-marks")) == "底稿·未经岗位讨论要点（非原文）"
        items = sheet.select("li[data-cite]")
        assert len(items) == len(draft.cards[card])
        cited = sorted(str(li["data-cite"]) for li in items)
        assert cited == sorted(x.citation for x in draft.cards[card])
        origins = sorted(words(li.select_one(".kb-origin")) for li in items)
        assert origins == sorted(
            {"clause": "条款", "skeleton": "骨架"}[x.origin] for x in draft.cards[card]
        )
    first = sheets[f"{POST} 岗位操作卡"].select("li[data-cite]")
    assert [words(li.select_one(".kb-line")) for li in first] == [
        "测灯前关掉总闸",
        HOSTILE_SHORT,  # a worker's own risk is something to do
        "不许踩着凳子测灯",
    ]
    link = first[0].select_one("a")
    assert link
    assert link["href"] == f"../../docs/{STANDARD}/#5.2.1.1.i1"
    assert link.get_text() == "GB\u00a099999—2020\u00a05.2.1.1"
    assert first[0]["data-cite"] == "《测试灯具安装规程》（GB 99999—2020）5.2.1.1"
    assert words(sheets[f"{POST} 岗位操作卡"].select("h4")[0]) == "作业前"
    assert HOSTILE_SHORT in words(page)


def test_what_the_firm_does_is_on_no_card(listed: Built) -> None:
    page = article(listed, POST_PAGE)
    line = "给测灯工配好量杆"
    assert line in words(page.select_one("#firm"))
    assert all(line not in words(s) for s in page.select(".kb-sheet"))


def test_a_post_lists_clauses_in_force_and_marks_missing_texts(listed: Built) -> None:
    page = article(listed, POST_PAGE)
    ids = {str(li["data-kb-id"]) for li in page.select(".kb-cl > li")}
    assert ids == {
        f"{STANDARD}@2020-10-11#5.2.1.1",
        f"{LAW}@{NEW}#art-3",
        "wu-zhengwen@2019-01-01#art-9",
    }
    assert "旧稿" not in words(page)
    bare = page.select_one("li[data-kb-id^=wu-zhengwen]")
    assert bare
    assert bare.select_one("a") is None
    assert "原文未收录" in words(bare)
    gists = [words(li.select_one(".kb-cl-t")) for li in page.select(f"li[data-kb-id^={LAW}]")]
    assert [letters(g) for g in gists] == [letters(HOSTILE)]
    missing = words(page.select_one("#missing + ul"))
    assert missing == "GB 77777-2020：目录里没有"
    assert "不足" in words(page.select_one(".kb-about"))


def test_files_of_a_post_open_and_say_the_same(listed: Built) -> None:
    import docx
    import openpyxl

    folder = listed.roots.site / POST_PAGE
    names = {str(a["href"]) for a in article(listed, POST_PAGE).select("a[download]")}
    assert names == {p.name for p in folder.iterdir()} - {"index.html"}
    for name in ("wall-a4.docx", "author.docx"):
        document = docx.Document(io.BytesIO((folder / name).read_bytes()))
        cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
        assert any("测灯前关掉总闸" in c for c in cells)
    book = openpyxl.load_workbook(folder / "cards.xlsx")
    assert book.sheetnames == [CARD_NAMES[c] for c in CARDS]


# --- accidents and activities -----------------------------------------------------------------


def test_an_accident_has_both_names_posts_steps_and_clauses(listed: Built, lists: Lists) -> None:
    page = article(listed, "accidents/electric/")
    text = words(page)
    assert "GB 6441—2025：触电" in text
    assert "GB/T 6441—1986：触电" in text
    assert POST in [words(a) for a in page.select(".kb-chips a")]
    sheet = page.select_one("section.kb-sheet")
    assert sheet
    assert sheet["data-kb-sheet"] == "触电 通用处置骨架"
    assert len(sheet.select("li[data-cite]")) == len(lists.skeletons["electric"])
    assert "非法条" in words(sheet.select_one(".kb-sheet-marks"))
    kinds = [str(h["data-kind"]) for h in page.select(".kb-card-kind")]
    assert kinds == ["risk", "duty", "operation", "emergency"]


def test_types_of_one_new_name_are_told_apart(lists: Lists) -> None:
    names = [lists.accident_name(code) for code in lists.terms.accidents]
    assert len(set(names)) == len(names)
    assert lists.accident_name("collapse") == "坍塌"
    assert lists.accident_name("roof-fall") == "坍塌（冒顶片帮）"


def test_an_activity_names_its_posts_and_accidents(listed: Built) -> None:
    page = article(listed, "activities/electricity-use/")
    chips = [words(li) for li in page.select(".kb-chips > li")]
    assert POST in chips
    assert "触电 3" in chips  # three clauses in force name it


# --- notices ----------------------------------------------------------------------------------


def test_a_notice_says_who_what_when_and_on_what(listed: Built) -> None:
    page = article(listed, NOTICE_PAGE)
    rows = {str(r["id"]): r for r in page.select("tr[data-w]")}
    assert list(rows) == ["r-lamps-look", "r-lamps-count", "r-lamps-teach"]
    look = rows["r-lamps-look"]
    cells = {str(c.get("data-h", "")): words(c) for c in look.select("td")}
    assert cells["谁"] == "企业、班组"
    assert cells["何时"] == "2026年底前进行中"
    assert words(look.select_one("th")) == f"{HOSTILE_SHORT}佐证：看灯表"
    link = look.select_one("a")
    assert link
    assert (link["href"], link.get_text()) == (f"../../docs/{NOTICE}/#m-s1-k1", "一（一）")
    assert rows["r-lamps-count"]["data-state"] == "长期"
    assert words(rows["r-lamps-count"].select_one("th")) == "数清街上的灯工贸"
    heads = [words(h) for h in page.select(".kb-group-row")]
    assert heads == ["第一步　看灯：家家看灯", "第二步　报灯：街道报数", "步骤以外　培训考核"]
    assert page.select_one(".kb-status")


def test_notices_are_compared_by_topic(listed: Built) -> None:
    page = article(listed, "notices/compare/")
    counts = {words(r.select_one("th")): words(r.select_one("td")) for r in page.select(
        ".kb-counts tbody tr")}  # fmt: skip
    assert list(counts) == list(TOPICS)
    given = {topic: n for topic, n in counts.items() if n != "—"}
    assert given == {"培训考核": "1", "隐患排查": "1", "总结上报": "1"}
    links = [str(a["href"]) for a in page.select(".kb-compared td a")]
    assert sorted(links) == sorted(
        f"../../{NOTICE_PAGE}#r-lamps-{x}" for x in ("look", "count", "teach")
    )


def test_self_check_keeps_every_step_and_leaves_the_authorities_out(
    listed: Built, lists: Lists
) -> None:
    notice = f"{NOTICE}@2021-03-02"
    groups = list(self_check_groups(lists.requirements, notice))
    assert [(h, [r.id for r in rs]) for h, rs in groups] == [
        ("第一步　看灯：家家看灯", ["lamps-look"]),
        ("第二步　报灯：街道报数", []),
        ("步骤以外　培训考核", ["lamps-teach"]),
    ]
    page = article(listed, f"{NOTICE_PAGE}check/")
    heads = [words(h) for h in page.select("thead th")]
    assert heads == ["序号", "要求", "佐证材料", "完成情况", "自查人/日期"]
    assert NOTHING in words(page)
    assert "数清街上的灯" not in words(page)
    assert "通知没有写明由谁做" in words(page)


def test_self_check_files_open_and_hold_the_table(listed: Built, lists: Lists) -> None:
    import docx
    import openpyxl

    table, _ = self_check_of(
        lists.requirements, f"{NOTICE}@2021-03-02", lists.site.documents, AS_OF
    )
    folder = listed.roots.site / NOTICE_PAGE / "check"
    document = docx.Document(io.BytesIO((folder / "self-check.docx").read_bytes()))
    grid = document.tables[-1]
    shown = [[c.text for c in row.cells] for row in grid.rows]
    assert shown[0] == list(table.columns)
    assert len(shown) == 1 + len(table.rows)
    assert shown[1] == ["第一步　看灯：家家看灯"] * 5  # one cell over all columns
    assert shown[2][1].startswith(f"{HOSTILE_SHORT}\n企业、班组；限期 2026年底前；依据 一（一）")
    assert shown[2][2] == "看灯表"
    assert shown[2][3] == "☐ 完成　☐ 部分　☐ 没做"
    sheet = openpyxl.load_workbook(folder / "self-check.xlsx").active
    assert sheet is not None
    values = [[c.value for c in row] for row in sheet.iter_rows()]
    at = values.index(list(table.columns))
    assert values[at + 1] == ["第一步　看灯：家家看灯", None, None, None, None]
    assert values[at + 2][0] == 1
    assert str(values[at + 2][1]).startswith(HOSTILE_SHORT)
    merged = [str(r) for r in sheet.merged_cells.ranges]
    assert f"A{at + 2}:E{at + 2}" in merged


# --- conflicts --------------------------------------------------------------------------------


def test_conflicts_show_both_sides_and_what_to_follow(listed: Built, lists: Lists) -> None:
    page = article(listed, "conflicts/")
    cases = page.select(".kb-case")
    assert [c["id"] for c in cases] == ["lamp-owner", "lamp-height"]  # 待定 on top
    assert set(lists.conflicts) == {"lamp-owner", "lamp-height"}
    height = cases[1]
    sides = height.select(".kb-side-of")
    assert [s.get("data-follow") for s in sides] == [None, "1"]
    assert [str(s["data-kb-id"]) for s in sides] == [f"{LAW}@{NEW}#art-3",
                                                     f"{STANDARD}@2020-10-11#5.2.1.1"]  # fmt: skip
    assert words(sides[1].select_one(".kb-says")).startswith(HOSTILE_SHORT)
    assert words(height.select_one(".kb-case-end")).startswith(
        "特别法，按 GB\u00a099999—2020\u00a05.2.1.1 办"
    )
    owner = cases[0].select(".kb-side-of")
    assert all(s.get("data-follow") is None for s in owner)
    assert "原文未收录" in words(owner[1])
    assert words(cases[0].select_one(".kb-case-end")) == "待定。没有原文可对"


def test_bearers_of_a_self_check_are_those_of_a_firm() -> None:
    from kb.requirements import WHO

    assert set(FIRMS) < set(WHO)
    assert not {w for w in FIRMS if w.endswith(("局", "部门", "镇街")) and w != "部门、车间"}


# --- in the browser ---------------------------------------------------------------------------


@pytest.mark.browser
def test_a_post_is_found_by_what_people_call_it(chromium: Browser, served: str) -> None:
    with opened(chromium, served, "posts/") as page:
        form = page.locator("form[data-kb-narrow]")
        assert "共 89 个岗位" in form.inner_text()
        page.fill(".kb-narrow input[name=q]", "点灯")
        assert page.locator("#kb-posts li[data-w]:visible").all_inner_texts()[0].startswith(POST)
        assert page.locator("#kb-posts li[data-w]:visible").count() == 1
        assert page.locator("#kb-posts h2:visible").count() == 1
        assert "显示 1 个岗位" in form.inner_text()
        page.select_option("select[name=coverage]", "足")
        assert page.locator("#kb-posts li[data-w]:visible").count() == 0
        page.fill(".kb-narrow input[name=q]", "")
        page.select_option("select[name=coverage]", "")
        page.select_option("select[name=industry]", "通用")
        assert page.locator(f"#kb-posts li[data-w]:visible >> text={POST}").count() == 1


@pytest.mark.browser
def test_conflicts_are_narrowed_by_rule_and_document(chromium: Browser, served: str) -> None:
    with opened(chromium, served, "conflicts/") as page:
        page.select_option("select[name=rule]", "待定")
        assert page.locator(".kb-case:visible").count() == 1
        page.select_option("select[name=rule]", "")
        page.select_option("select[name=doc]", "GB 99999—2020《测试灯具安装规程》")
        assert page.locator(".kb-case:visible h3").all_inner_texts() == ["壁灯挂多高"]


@pytest.mark.browser
def test_validity_and_deadlines_are_those_of_the_readers_day(
    chromium: Browser, served: str
) -> None:
    later = date(2027, 1, 15)  # the law has been replaced, the deadline has passed
    line = "li[data-cite*=测试法]:has-text('灯座冒烟')"
    with opened(chromium, served, POST_PAGE, day=AS_OF) as page:
        assert "kb-gone" not in (page.locator(line).first.get_attribute("class") or "")
        assert page.locator("h1 + .kb-warn").count() == 0
    with opened(chromium, served, POST_PAGE, day=later) as page:
        assert "kb-gone" in (page.locator(line).first.get_attribute("class") or "")
        badge = page.locator(f"[data-kb-version='{LAW}@{NEW}']").first
        assert badge.inner_text() == "被代替"
        assert badge.get_attribute("data-s") == "被代替"
        assert "1 份依据" in page.locator("h1 + .kb-warn").inner_text()
        other = page.locator("li[data-cite*=灯具安装规程]").first
        assert "kb-gone" not in (other.get_attribute("class") or "")
        assert "2027年1月15日" in page.locator(".kb-asof").inner_text()
    with opened(chromium, served, NOTICE_PAGE, day=later) as page:
        assert page.locator("#r-lamps-look .kb-state").inner_text() == "限期已过"
        assert page.locator("#r-lamps-count .kb-state").inner_text() == "长期"
        page.select_option("select[name=state]", "长期")
        assert page.locator("tr[data-w]:visible").count() == 2


@pytest.mark.browser
def test_a_wrong_clock_changes_nothing(chromium: Browser, served: str) -> None:
    with opened(chromium, served, NOTICE_PAGE, day=date(2019, 1, 1)) as page:
        assert page.locator("#r-lamps-look .kb-state").inner_text() == "进行中"
        assert "更新" not in page.locator(".kb-asof").inner_text()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_a_phone(chromium: Browser, served: str, scheme: str) -> None:
    options: dict[str, Any] = {
        "viewport": {"width": 390, "height": 800},
        "color_scheme": scheme,
    }
    with opened(chromium, served, PAGES[0], **options) as page:
        for path in PAGES:
            page.goto(served + path)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= 390, path


@pytest.mark.browser
def test_pages_are_complete_without_scripts(chromium: Browser, served: str) -> None:
    with opened(chromium, served, "posts/", java_script_enabled=False) as page:
        assert page.locator("form[data-kb-narrow]").is_hidden()
        assert page.locator("#kb-posts li[data-w]:visible").count() == 89
        page.goto(served + POST_PAGE)
        assert page.locator(".kb-sheet li[data-cite]:visible").count() > 10
        page.goto(served + "conflicts/")
        assert page.locator(".kb-case:visible").count() == 2


def test_the_shipped_site_folder_is_not_written_to(listed: Built) -> None:
    assert not (Path(shipped_dir()) / "site" / "pages" / "posts").exists()
    assert (listed.roots.pages / POST_PAGE / "index.md").is_file()
