"""Reading, on an invented site with notes and conflicts: what stands beside the text and leaves."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kb.conflicts import Conflict
from kb.ids import content_hash
from kb.index import Index
from kb.notes import Line, Note
from kb.sitegen import check_links
from kb.store_write import PassageWriter
from tests.site.browsing import opened
from tests.site.conftest import Built, built_from, served
from tests.site.sample import LAW, NEW, NOTICE, OLD, STANDARD, SampleLibrary, display, law_units

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

CLIPBOARD = ["clipboard-read", "clipboard-write"]
LAW_PAGE, STANDARD_PAGE, NOTICE_PAGE = f"docs/{LAW}/", f"docs/{STANDARD}/", f"docs/{NOTICE}/"
BARE_PAGE = "docs/wu-zhengwen/"
COMPARE_PAGE = f"{LAW_PAGE}compare/{OLD}_{NEW}/"
DAY = date(2026, 11, 21)
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}
ADDRESS = "https://anguiku.example/kb/"


def text_of(clause: str) -> str:
    """Display text of an article of the law's new version."""
    found = [
        n for top in law_units(NEW) for n in (*top.below, *(b for x in top.below for b in x.below))
    ]
    return next(display(n) for n in found if n.id == clause)


def note(clause: str, *lines: Line, said: str = "", **more: object) -> Note:
    """A note on a clause of the law; `said`: the text that it was written on."""
    return Note(
        f"{LAW}@{NEW}#{clause}",
        content_hash(said or text_of(clause)),
        f"说的是{clause}：<b>灯</b>要常看。",
        lay=("灯多久看一遍",),
        lines=lines,
        severity=2,
        who="firm",
        **more,  # type: ignore[arg-type]
    )


NOTES = (
    note(
        "art-3",
        Line("art-3.p1.i1", "operation", "每3个月查一遍灯", "worker", "must", phase="before",
             hazard="设备缺陷", accident="electric", every="每3个月"),
        Line("art-3.p1.i2", "emergency", "灯罩碎了就停用", "foreman", "must", report_to="班长"),
        Line("art-3.p1", "duty", "做好看灯的事", "firm", "must"),
    ),
    # the words were others, the figures (none) are the same
    note("art-2", said="从前的说法不一样"),
    # a figure that the clause does not have
    note("art-1", Line("art-1", "risk", "离灯5m以上", "worker", "must"), said="离灯5m以上"),
    note("art-25-1", penalty=("art-3",)),
    Note("wu-zhengwen@2019-01-01#art-7", "0" * 12, "梯子每年验1次。",
         lines=(Line("art-7", "duty", "每年验1次梯子", "firm", "must"),)),
)  # fmt: skip

SIDES = {
    f"{LAW}@{NEW}#art-3.p1.i1": "每3个月查一遍",
    f"{NOTICE}@2021-03-02#m-s1-k1": "每户都看一遍",
}
CONFLICTS = (
    Conflict("deng-duojiu", "灯多久<b>看一遍</b>", tuple(SIDES.items()), "一个说月，一个没说",
             "上位法", f"{LAW}@{NEW}#art-3.p1.i1", "法律高于通知", "c01", "c02"),
    Conflict("deng-shei", "谁来看灯", tuple(SIDES.items()), "说法不一", "待定", "",
             "没有见到明文", "c01", "c02"),
)  # fmt: skip


class NotedLibrary(SampleLibrary):
    """The invented texts with notes in each state, and conflicts."""

    def add(self, w: PassageWriter) -> None:
        for x in NOTES:
            w.note(x)
        for conflict in CONFLICTS:
            w.conflict(f"{LAW}@{NEW}", "art-3", conflict)
            w.conflict(f"{NOTICE}@2021-03-02", "m-s1-k1", conflict)


@pytest.fixture(scope="module")
def noted(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return built_from(tmp_path_factory.mktemp("noted"), NotedLibrary(), site_url=ADDRESS)


@pytest.fixture(scope="module")
def place(noted: Built) -> Iterator[str]:
    with served(noted) as address:
        yield address


def test_links_hold(noted: Built) -> None:
    broken = check_links(noted.roots.site).broken
    # the page for lost addresses names the published site, which this folder is not
    assert [x for x in broken if x.page != "404.html"] == []


def test_states_of_the_sample_are_what_the_tests_are_about(noted: Built) -> None:
    with Index.open(noted.roots.index) as index:
        states = index.passages.note_states(f"{LAW}@{NEW}")
    assert states == {"art-1": "figures", "art-2": "wording", "art-25-1": "same", "art-3": "same"}


# --- notes ------------------------------------------------------------------


def test_notes_are_loaded_when_switched_on_and_stay_on(chromium: Browser, place: str) -> None:
    with opened(chromium, place, LAW_PAGE, viewport={"width": 1440, "height": 900}) as page:
        asked: list[str] = []
        page.on("request", lambda r: asked.append(r.url))
        page.wait_for_load_state("networkidle")
        assert page.locator(".kb-notes").count() == 0
        assert not [u for u in asked if "notes" in u]
        page.click(".kb-switch")
        box = page.locator("#art-3 .kb-notes")
        box.wait_for()
        assert [u for u in asked if "notes.js" in u]
        text = box.inner_text()
        assert text.startswith("要点（非原文）")
        assert "说的是art-3：<b>灯</b>要常看。" in text
        kinds = box.locator(".kb-kind-name").all_inner_texts()
        assert kinds == ["职责", "操作", "应急"]
        operation = box.locator("[data-card=operation]").inner_text()
        assert "每3个月查一遍灯" in operation
        assert (
            "第一款第（一）项 · 作业前 · 本岗位 · 每3个月 · 隐患：设备缺陷 · 可致：触电"
            in operation
        )
        assert box.locator("a[href='#art-3.p1.i1']").count() == 1
        # beside the text, not below it
        body = page.locator("#art-3 .kb-body").bounding_box()
        beside = box.bounding_box()
        assert body
        assert beside
        assert beside["x"] >= body["x"] + body["width"]
        page.goto(place + f"{LAW_PAGE}{OLD}/")
        assert page.locator(".kb-switch").count() == 0, "no notes on that version"
        page.goto(place + LAW_PAGE)
        box.wait_for()
        page.click(".kb-switch")
        assert page.locator(".kb-notes").count() == 0


def test_a_stale_note_says_so_and_a_blocked_one_is_not_shown(chromium: Browser, place: str) -> None:
    with opened(chromium, place, LAW_PAGE) as page:
        page.click(".kb-switch")
        assert "措辞已变" in page.locator("#art-2 .kb-notes").inner_text()
        blocked = page.locator("#art-1 .kb-notes").inner_text()
        assert "数值变了" in blocked
        assert "5m" not in blocked
        assert "说的是" not in blocked


def test_penalties_lead_both_ways(chromium: Browser, place: str) -> None:
    with opened(chromium, place, LAW_PAGE) as page:
        page.click(".kb-switch")
        punishing = page.locator("#art-25-1 .kb-punish a")
        assert punishing.get_attribute("href") == "#art-3"
        assert punishing.inner_text() == "第三条"
        assert page.locator("#art-3 .kb-punish a").get_attribute("href") == "#art-25-1"


def test_one_note_can_be_asked_for(chromium: Browser, place: str) -> None:
    with opened(chromium, place, LAW_PAGE, **PHONE) as page:
        page.tap("#art-3 .kb-dots")
        page.tap("#art-3 .kb-note-ask")
        box = page.locator("#art-3 .kb-notes")
        box.wait_for()
        assert page.locator(".kb-notes").count() == 1
        body = page.locator("#art-3 .kb-body").bounding_box()
        below = box.bounding_box()
        assert body
        assert below
        assert below["y"] >= body["y"] + body["height"]
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.tap("#art-3 .kb-note-ask")
        assert box.count() == 0


def test_notes_answer_where_the_text_is_not_here(chromium: Browser, place: str) -> None:
    with opened(chromium, place, BARE_PAGE) as page:
        alone = page.locator(".kb-alone")
        alone.wait_for()
        assert "要点（非原文）" in alone.inner_text()
        assert "第七条" in alone.inner_text()
        assert "每年验1次梯子" in alone.inner_text()


def test_many_notes_alone_come_on_request(chromium: Browser, place: str) -> None:
    def many(route: Any) -> None:
        answer = route.fetch()
        text = re.sub(r'data-kb-notes="\d+"', 'data-kb-notes="689"', answer.text())
        route.fulfill(response=answer, body=text)

    with opened(chromium, place, "about/") as page:
        page.route(f"**/{BARE_PAGE}*", many)
        page.goto(place + BARE_PAGE)
        button = page.get_by_role("button", name="显示 689 条要点")
        button.wait_for()
        assert page.locator(".kb-alone").count() == 0
        button.click()
        page.locator(".kb-alone", has_text="每年验1次梯子").wait_for()
        page.goto("about:blank")
        page.goto(place + BARE_PAGE + "#art-7")
        page.locator(".kb-alone", has_text="每年验1次梯子").wait_for()


def test_the_place_stays_while_notes_come_and_go(chromium: Browser, place: str) -> None:
    with opened(
        chromium, place, f"{LAW_PAGE}#art-25-1", viewport={"width": 390, "height": 400}
    ) as page:
        # the browser's own way of keeping the place, which not all have, is switched off
        page.evaluate("document.documentElement.style.overflowAnchor = 'none'")
        top = "document.getElementById('art-3').getBoundingClientRect().top"
        before = page.evaluate(top)
        page.evaluate("document.querySelector('.kb-switch').click()")
        page.locator("#art-1 .kb-notes").wait_for(state="attached")
        assert abs(page.evaluate(top) - before) < 2
        page.evaluate("document.querySelector('.kb-switch').click()")
        assert abs(page.evaluate(top) - before) < 2


def test_notes_and_previews_from_a_disk(chromium: Browser, noted: Built, tmp_path: Path) -> None:
    folder = tmp_path / "安规 库"
    shutil.copytree(noted.roots.site, folder)
    base = folder.as_uri() + "/"
    with opened(chromium, base, f"{NOTICE_PAGE}index.html") as page:
        page.focus("#m-s1-k2 .kb-c")
        page.locator("#kb-pop", has_text="每3个月检查一遍灯具").wait_for()
    with opened(chromium, base, f"{LAW_PAGE}index.html#art-3", day=DAY) as page:
        page.click(".kb-switch")
        page.locator("#art-3 .kb-notes").wait_for()
        page.evaluate(
            "Object.defineProperty(navigator, 'clipboard', {value: undefined});"
            "document.addEventListener('copy', () => {"
            " window.copied = document.activeElement.value; })"
        )
        page.hover("#art-3 .kb-body")
        page.click("#art-3 .kb-cp")
        page.locator("#art-3 .kb-cp", has_text="已复制").wait_for()
        # the address would name the reader's folders; the site of `noted` is published
        link = page.evaluate("window.copied").split("\n")[-1]
        assert link == f"{ADDRESS}{LAW_PAGE}{NEW}/#art-3"


# --- conflicts --------------------------------------------------------------


def test_a_conflict_stands_at_both_clauses(noted: Built) -> None:
    first, second = noted.soup(LAW_PAGE).select("#art-3 details.kb-conflict")
    summary = first.select_one("summary")
    assert summary
    assert summary.get_text().startswith("另有规定说法不同：灯多久<b>看一遍</b>")
    sides = [li.get_text() for li in first.select("li")]
    assert sides[0] == "本条：每3个月查一遍按这一处办"
    assert sides[1].startswith("《关于检查灯具的通知")
    assert sides[1].endswith("：每户都看一遍")
    assert [a["href"] for a in first.select("li a")] == [
        "#art-3.p1.i1", f"../../{NOTICE_PAGE}#m-s1-k1",
    ]  # fmt: skip
    assert "上位法优先" in first.get_text()
    assert "要点（非原文）" in first.get_text()
    assert "待定" in second.get_text()
    assert not second.select(".kb-follow")
    other = noted.soup(NOTICE_PAGE).select("#m-s1-k1 details.kb-conflict")
    assert len(other) == 2
    assert "《中华人民共和国测试法》第三条第一款第（一）项：每3个月查一遍按这一处办" in [
        li.get_text() for li in other[0].select("li")
    ]


def test_our_words_are_not_copied_as_text(chromium: Browser, place: str) -> None:
    with opened(chromium, place, LAW_PAGE, day=DAY, permissions=CLIPBOARD) as page:
        page.click(".kb-switch")
        page.locator("#art-3 .kb-notes").wait_for()
        page.locator("#art-3 .kb-conflict summary").first.click()
        page.hover("#art-3")
        page.click("#art-3 .kb-cp")
        page.locator("#art-3 .kb-cp", has_text="已复制").wait_for()
        lines = page.evaluate("navigator.clipboard.readText()").split("\n")
        assert lines[1:-1] == text_of("art-3").split("\n")


# --- the bar of a clause ----------------------------------------------------


def test_the_bar_comes_with_the_mouse_and_with_the_focus(chromium: Browser, place: str) -> None:
    with opened(chromium, place, LAW_PAGE) as page:
        assert not page.locator(".kb-clause-bar:visible").count()
        page.hover("#art-2 .kb-body")
        assert page.locator(".kb-clause-bar:visible").count() == 1
        page.mouse.move(0, 0)
        assert not page.locator(".kb-clause-bar:visible").count()
        page.focus("#art-3 .kb-no a")
        names = page.locator("#art-3 .kb-clause-bar button").all_inner_texts()
        assert names == ["复制引用", "加入篮子", "要点", "投影", "二维码"]
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.matches('#art-3 .kb-cp')")


def test_a_clause_goes_into_the_basket(chromium: Browser, place: str) -> None:
    with opened(chromium, place, LAW_PAGE) as page:
        page.hover("#art-3 .kb-body")
        page.click("#art-3 .kb-keep")
        page.reload()
        page.hover("#art-3 .kb-body")
        button = page.locator("#art-3 .kb-keep")
        assert button.get_attribute("aria-pressed") == "true"
        assert button.get_attribute("data-id") == f"{LAW}@{NEW}#art-3"


def test_a_clause_is_projected_line_by_line(chromium: Browser, place: str) -> None:
    with opened(chromium, place, LAW_PAGE) as page:
        page.hover("#art-3 .kb-body")
        page.click("#art-3 .kb-clause-bar >> text=投影")
        stage = page.locator(".kb-show")
        stage.wait_for()
        assert "测试单位应当做好下列事情：" in stage.inner_text()
        assert "每3个月检查" not in stage.inner_text()
        page.keyboard.press("Escape")
        stage.wait_for(state="detached")


def test_the_code_leads_to_the_published_clause(chromium: Browser, place: str, origin: str) -> None:
    with opened(chromium, place, LAW_PAGE) as page:
        page.hover("#art-3 .kb-body")
        page.click("#art-3 .kb-clause-bar >> text=二维码")
        code = page.locator("#art-3 .kb-code svg")
        assert f"{ADDRESS}{LAW_PAGE}{NEW}/#art-3" in str(code.get_attribute("aria-label"))
    with opened(chromium, origin, LAW_PAGE) as page:
        page.hover("#art-3 .kb-body")
        assert page.locator("#art-3 .kb-clause-bar button", has_text="二维码").count() == 0


VOICES = """
const said = [];
window.said = said;
let voices = %s;
class Utterance { constructor(text) { this.text = text; } }
window.SpeechSynthesisUtterance = Utterance;
Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: () => voices,
  speak: (u) => said.push(u),
  cancel: () => said.splice(0),
} });
"""


@pytest.mark.parametrize(
    ("voices", "there"),
    [
        ('[{lang: "zh-CN", localService: true}]', True),
        # a voice that sends the text away, or another language: no button
        ('[{lang: "zh-CN", localService: false}]', False),
        ('[{lang: "en-US", localService: true}]', False),
        ("[]", False),
    ],
)
def test_reading_aloud(chromium: Browser, place: str, voices: str, there: bool) -> None:
    with opened(chromium, place, "about/") as page:
        page.add_init_script(VOICES % voices)
        page.goto(place + LAW_PAGE)
        page.hover("#art-3 .kb-body")
        page.locator("#art-3 .kb-clause-bar").wait_for()
        button = page.locator("#art-3 .kb-clause-bar button", has_text="朗读")
        assert button.count() == there
        if not there:
            return
        button.click()
        lines = page.evaluate("window.said.map(u => u.text)")
        assert lines == ["第三条", *text_of("art-3").split("\n")]
        stop = page.locator("#art-3 .kb-clause-bar button", has_text="停止")
        stop.click()
        assert page.evaluate("window.said.length") == 0
        button.wait_for()


# --- choosing and printing --------------------------------------------------


def choose(page: Page, *clauses: str) -> None:
    """Turn choosing on and tick these clauses."""
    page.click("text=选择条款")
    for clause in clauses:
        page.check(f"[id='{clause}'] .kb-choose input")


def test_chosen_clauses_are_copied_kept_and_let_go(chromium: Browser, place: str) -> None:
    with opened(chromium, place, LAW_PAGE, day=DAY, permissions=CLIPBOARD) as page:
        page.click("text=选择条款")
        bar = page.locator(".kb-choosing")
        assert bar.locator("button", has_text="复制所选").is_disabled()
        page.check("#art-1 .kb-choose input")
        page.check("#art-25-1 .kb-choose input")
        assert "已选 2 条" in bar.inner_text()
        bar.locator("text=复制所选").click()
        page.locator(".kb-toast", has_text="已复制 2 条").wait_for()
        first, second = page.evaluate("navigator.clipboard.readText()").split("\n\n")
        assert first.startswith("《中华人民共和国测试法》第一条（2026年11月21日：现行）")
        assert second.endswith(f"{LAW_PAGE}{NEW}/#art-25-1")
        bar.locator("text=加入篮子").click()
        page.locator(".kb-toast", has_text="已加入篮子 2 条").wait_for()
        bar.locator("text=完成").click()
        assert page.locator(".kb-choosing").count() == 0
        assert page.locator(".kb-chosen").count() == 0


def test_a_selection_on_paper(chromium: Browser, place: str) -> None:
    with opened(chromium, place, LAW_PAGE, day=DAY) as page:
        page.evaluate("window.print = () => { window.printed = document.body.className; }")
        choose(page, "art-3")
        page.click("text=打印所选")
        assert "kb-print-chosen" in page.evaluate("window.printed")
        page.emulate_media(media="print")
        head = page.locator(".kb-paper-head").inner_text().split("\n")
        lines = [x for x in head if x]
        assert lines[0] == "《中华人民共和国测试法》"
        assert lines[1].startswith("2026年11月21日：现行（自 2021年9月1日 起施行；")
        assert f"{ADDRESS}{LAW_PAGE}{NEW}/" in lines[2]
        assert page.locator("#art-3 .kb-body").is_visible()
        named = "getComputedStyle(document.getElementById('art-3'), '::before').content"
        assert page.evaluate(named) == '"《中华人民共和国测试法》第三条"'
        for hidden in ("#art-1", "h1", "h2 >> nth=0", ".kb-choosing", ".kb-choose >> nth=0"):
            assert not page.locator(hidden).first.is_visible(), hidden
        pdf = page.pdf(format="A4")
        assert len(re.findall(rb"/Type /Page\b", pdf)) == 1  # no empty sheet behind it
        page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        assert page.locator("#art-1").is_visible()


def test_a_page_on_paper_names_its_source(chromium: Browser, place: str) -> None:
    with opened(chromium, place, LAW_PAGE, day=DAY) as page:
        assert not page.locator(".kb-paper-head").is_visible()
        page.emulate_media(media="print")
        assert "打印于2026年11月21日" in page.locator(".kb-paper-head").inner_text()
        assert not page.locator(".kb-tools").is_visible()


# --- two wordings -----------------------------------------------------------


def test_versions_are_compared(noted: Built) -> None:
    soup = noted.soup(COMPARE_PAGE)
    pairs = {str(p["id"]): p for p in soup.select(".kb-pair")}
    assert {k: p["data-change"] for k, p in pairs.items()} == {
        "art-1": "same", "art-2": "same", "art-3": "changed", "art-25-1": "same",
    }  # fmt: skip
    changed = pairs["art-3"]
    assert [x.get_text() for x in changed.select("del")] == ["2012"]
    assert [x.get_text() for x in changed.select("ins")] == ["2021"]
    links = [str(a["href"]).removeprefix("../../../../") for a in changed.select("h3 a")]
    assert links == [f"{LAW_PAGE}{OLD}/#art-3", f"{LAW_PAGE}#art-3"]
    counts = [li.get_text() for li in soup.select(".kb-sum li")]
    assert counts == ["1 条修改", "3 条未变"]
    whole = changed.get_text().replace("2012", "")
    assert all(line in whole for line in text_of("art-3").split("\n"))


@pytest.mark.parametrize(
    ("page", "link"),
    [(LAW_PAGE, f"compare/{OLD}_{NEW}/"), (f"{LAW_PAGE}{OLD}/", f"compare/{OLD}_{NEW}/")],
)
def test_comparisons_are_linked_from_both_versions(noted: Built, page: str, link: str) -> None:
    links = [str(a["href"]) for a in noted.soup(page).select(".kb-versions a")]
    assert [x for x in links if x.endswith(link)]


def test_only_what_changed(chromium: Browser, place: str) -> None:
    with opened(chromium, place, COMPARE_PAGE) as page:
        assert page.locator("#art-1").is_visible()
        assert not page.locator("#art-1 p").first.is_visible()
        page.click("#art-1 summary .kb-change")
        assert page.locator("#art-1 p").first.is_visible()
        page.check("text=只看有改动的")
        assert not page.locator("#art-1").is_visible()
        assert page.locator("#art-3").is_visible()


# --- terms ------------------------------------------------------------------


def test_a_defined_term_leads_to_its_definition(chromium: Browser, place: str) -> None:
    with opened(chromium, place, STANDARD_PAGE) as page:
        terms = page.locator("a.kb-d")
        assert terms.all_inner_texts() == ["落地灯"]
        # 吊灯 has two characters and is no word of the tokenizer's: no link rather than a false one
        assert page.locator("[id='5.2.1.1'] a.kb-d").count() == 1
        terms.first.focus()
        pop = page.locator("#kb-pop")
        pop.wait_for()
        assert "立在地上的灯。" in pop.inner_text()
