"""Finding: the box of every page, the search page, marks in a clause; keyboard, phone, disk."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from kb.index import Index
from kb.sitegen.context import SiteContext
from kb.sitegen.find_data import FIND_PART, find_data
from tests.site.browsing import opened
from tests.site.conftest import Built
from tests.site.sample import AS_OF, HOSTILE, LAW, NEW, STANDARD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}


def hit(**more: Any) -> dict[str, Any]:
    """A hit of the contract in invented words."""
    return {
        "rank": 1,
        "score": 0.5,
        "id": f"{LAW}#art-3",
        "version": NEW,
        "unit": "art-3",
        "doc": {
            "id": LAW,
            "title": "中华人民共和国测试法",
            "short": "测试法",
            "number": None,
            "kind": "law",
            "status": "现行",
            "region": "",
        },
        "clause": "第三条",
        "path": ["第二章 灯具"],
        "text": "每盏灯都要看。\n灯罩碎了停用。",
        "gist": None,
        "citation": "《中华人民共和国测试法》第三条",
        "url": f"docs/{LAW}/#art-3",
        "why": {"matched": ["灯罩"]},
        "highlights": [[8, 10]],
    } | more


def answering(page: Page, hits: list[dict[str, Any]]) -> None:
    """Let every search on the page give these hits."""
    page.evaluate(
        "text => { window.kb.search = () => Promise.resolve(JSON.parse(text)); }", json.dumps(hits)
    )


def ask(page: Page, query: str) -> None:
    """Type into the search page and wait for what it says."""
    page.fill(".kb-search-form input", query)
    page.wait_for_function(
        "q => new URL(location.href).searchParams.get('q') === q"
        " && !document.querySelector('.kb-hits').hasAttribute('aria-busy')",
        arg=query,
    )


# --- the box of every page ------------------------------------------------------------------------


def test_the_box_by_keyboard_and_the_words_it_leads_to(chromium: Browser, origin: str) -> None:
    with opened(chromium, origin, f"docs/{LAW}/") as page:
        page.keyboard.press("/")
        box = page.locator(".kb-q input")
        assert box.evaluate("e => e === document.activeElement")
        assert box.get_attribute("role") == "combobox"
        assert box.get_attribute("aria-expanded") == "false"
        page.keyboard.type("床边")
        options = page.locator(".kb-q [role=option]")
        options.first.wait_for()
        assert box.get_attribute("aria-expanded") == "true"
        assert "5.2.1.1" in options.first.inner_text()
        assert "现行" in options.first.inner_text()
        assert options.first.locator("mark").first.inner_text() == "床边"
        assert options.last.inner_text() == "全部结果"
        page.keyboard.press("ArrowDown")
        assert box.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
        assert options.first.get_attribute("aria-selected") == "true"
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/docs/{STANDARD}/#5.2.1.1")  # without the words
        mark = page.locator("mark.kb-hl")
        mark.first.wait_for()
        assert set(mark.all_inner_texts()) == {"床边"}
        assert mark.first.evaluate("e => e.closest('.kb-clause').id") == "5.2.1.1"
        page.keyboard.press("Escape")
        assert mark.count() == 0
        assert page.locator(".kb-hl-bar").count() == 0


def test_the_box_closes_empties_and_leads_to_all(chromium: Browser, origin: str) -> None:
    with opened(chromium, origin, "catalog/") as page:
        box = page.locator(".kb-q input")
        box.click()
        page.keyboard.type("灯")
        page.locator(".kb-q [role=option]").first.wait_for()
        page.keyboard.press("Escape")
        assert page.locator(".kb-q-panel").is_hidden()
        assert box.input_value() == "灯"
        page.keyboard.press("ArrowUp")  # opens; from the box upwards comes the last
        assert "全部结果" in page.locator("[aria-selected=true]").inner_text()
        page.keyboard.press("ArrowDown")
        assert box.get_attribute("aria-activedescendant") is None
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        assert box.input_value() == ""
        page.keyboard.type("灯")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search/?q=%E7%81%AF")
        page.locator(".kb-hit").first.wait_for()


def test_late_hits_cover_nothing_and_old_ones_are_not_opened(
    chromium: Browser, origin: str
) -> None:
    with opened(chromium, origin, "catalog/") as page:
        box = page.locator(".kb-q input")
        page.evaluate(
            """() => {
              const find = window.kb.search;
              window.kb.search = (q, o) => find(q, o).then(
                (hits) => new Promise((done) => { window.give = () => done(hits); })
              );
            }"""
        )
        box.click()
        page.keyboard.type("灯")
        page.wait_for_function("() => window.give")
        page.keyboard.press("Tab")  # the reader goes on
        page.evaluate("window.give()")
        page.locator(".kb-q [role=option]").first.wait_for(state="attached")
        assert page.locator(".kb-q-panel").is_hidden()
        box.click()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        assert page.locator(".kb-q [aria-selected=true]").count() == 1
        assert "测试市" in page.locator(".kb-q .kb-tag").all_inner_texts()
        page.keyboard.type("光")
        page.keyboard.press("Enter")  # before any hit of the new words
        page.wait_for_url("**/search/?q=%E7%81%AF%E5%85%89")


def test_the_box_says_what_is_not_there_and_tells_the_number(
    chromium: Browser, origin: str
) -> None:
    with opened(chromium, origin, "catalog/") as page:
        page.fill(".kb-q input", "测试法第一百条")
        page.locator(".kb-q-notice").wait_for()
        assert "没有第一百条（共 4 条）" in page.locator(".kb-q-notice").inner_text()
        page.wait_for_function(
            "() => document.getElementById('kb-live').textContent.includes('查到')"
        )
        page.fill(".kb-q input", "鲸鱼")
        page.locator(".kb-q-status", has_text="没有查到").wait_for()
        assert page.locator(".kb-q [role=option]").count() == 0
        assert page.locator(".kb-q input").get_attribute("aria-expanded") == "false"
        page.locator("h1").click()
        page.locator(".kb-q-panel").wait_for(state="hidden")


def test_the_form_of_the_home_page_is_a_box_too(chromium: Browser, origin: str) -> None:
    with opened(chromium, origin, "") as page:
        page.fill(".kb-search-form input", "床边")
        page.locator(".kb-search-form [role=option]").first.click()
        page.wait_for_url(f"**/docs/{STANDARD}/#5.2.1.1")


# --- the search page ------------------------------------------------------------------------------


def test_filters_the_address_and_the_way_back(chromium: Browser, origin: str, index: Index) -> None:
    standards = sum(ref.startswith(STANDARD) for ref in index.passages.row_refs())
    with opened(chromium, origin, "search/", day=AS_OF) as page:
        page.locator(".kb-find-empty").wait_for()
        ask(page, "灯")
        page.locator(".kb-hit").first.wait_for()
        page.keyboard.press("Enter")  # what is sent stays in the history
        everything = page.locator(".kb-hit").count()
        assert page.locator(".kb-f-grid").is_hidden()
        toggle = page.locator(".kb-f-top > button").first
        toggle.click()
        assert toggle.get_attribute("aria-expanded") == "true"
        kinds = page.locator("#kb-f-kind option").all_inner_texts()
        assert f"标准（{standards}）" in kinds
        page.select_option("#kb-f-kind", "standard")
        page.wait_for_url("**&kind=standard")
        page.wait_for_function(
            f"() => document.querySelectorAll('.kb-hit').length < {everything}"
            " && document.querySelectorAll('.kb-hit').length > 0"
        )
        titles = page.locator(".kb-hit-title").all_inner_texts()
        assert all(t.startswith("GB 99999-2020") for t in titles)
        assert toggle.inner_text() == "筛选（1）"
        page.go_back()
        page.wait_for_function(
            f"() => document.querySelectorAll('.kb-hit').length === {everything}"
        )
        assert page.input_value("#kb-f-kind") == ""
        assert "kind" not in page.url
        page.go_forward()
        page.locator(".kb-chip").wait_for()
        page.locator(".kb-chip").click()
        page.wait_for_function(
            f"() => document.querySelectorAll('.kb-hit').length === {everything}"
        )
        assert page.locator(".kb-chip").count() == 0


def test_typing_makes_one_entry_of_the_history(chromium: Browser, origin: str) -> None:
    with opened(chromium, origin, "search/?q=灯") as page:
        page.locator(".kb-hit").first.wait_for()
        before = page.evaluate("history.length")
        for query in ("床", "床边", "床边的灯"):
            ask(page, query)
        assert page.evaluate("history.length") == before + 1
        page.go_back()
        page.wait_for_function(
            "() => document.querySelector('.kb-search-form input').value === '灯'"
        )


def test_a_shared_address_and_one_that_asks_for_what_is_not_there(
    chromium: Browser, origin: str
) -> None:
    path = f"search/?q={quote('灯')}&status={quote('尚未施行')}&post={quote('<b>月亮')}"
    with opened(chromium, origin, path, day=AS_OF) as page:
        page.locator(".kb-hit").first.wait_for()
        assert set(page.locator(".kb-hit .kb-badge").all_inner_texts()) == {"尚未施行"}
        assert "还没有施行" in page.locator(".kb-hit-gone").first.inner_text()
        assert "效力：尚未施行" in page.locator(".kb-chip").inner_text()
        refused = page.locator(".kb-find-notice:visible").first.inner_text()
        assert "岗位“<b>月亮”" in refused
        assert page.locator(".kb-find-notice b").count() == 0


def test_what_is_named_and_not_there_is_said_above_the_hits(chromium: Browser, origin: str) -> None:
    with opened(chromium, origin, "search/?q=测试法第一百条") as page:
        page.locator(".kb-hit").first.wait_for()
        assert (
            "《测试法》没有第一百条（共 4 条）"
            in page.locator(".kb-find-notice:visible").inner_text()
        )
        ask(page, "测试法第三条")
        page.wait_for_function("() => !document.querySelector('.kb-find-notice:not([hidden])')")
        first = page.locator(".kb-hit").first
        assert "按条号找到" in first.inner_text()
        assert "第三条" in first.locator("h2").inner_text()


def test_nothing_found(chromium: Browser, origin: str) -> None:
    with opened(chromium, origin, "search/?q=床边&kind=notice") as page:
        page.locator("text=在所选的范围里没有查到").wait_for()
        page.locator("button", has_text="去掉筛选再查").click()
        page.locator(".kb-hit").first.wait_for()
        assert "kind" not in page.url
        ask(page, "鲸鱼")
        page.locator("text=没有查到不等于没有规定").wait_for()


def test_an_example_is_a_search(chromium: Browser, origin: str) -> None:
    with opened(chromium, origin, "search/") as page:
        example = page.locator(".kb-find-empty a").first
        words = example.inner_text()
        example.click()
        page.wait_for_url("**/search/?q=*")
        assert page.input_value(".kb-search-form input") == words


def test_all_of_a_hit(chromium: Browser, origin: str) -> None:
    said = {
        f"{LAW}@{NEW}#art-3.p1": "看灯",  # a part of the clause
        f"{STANDARD}@2020-10-11#5.2.1.1": "不看灯",
        "wu-zhengwen@2019-01-01#art-2": "问一问",
        f"{STANDARD}@2000-01-01#5.9": "从前的",
    }
    conflict = {
        "id": "c1", "subject": "看不看灯", "says": said, "differs": "一个看一个不看",
        "rule": "从严", "prevails": "", "why": "两处都要遵守",
    }  # fmt: skip
    erratum = {"start": 0, "end": 1, "old": "每", "new": "各", "status": "suspected"}
    long = "灯要看一看。" * 60 + "\n末尾的灯罩。"
    at = long.index("末尾")
    gone = hit()["doc"] | {"status": "被代替"}
    hits = [
        hit(gist="灯要看", conflicts=[conflict], errata=[erratum],
            why={"phrase": "灯怎么看", "terms": {"亮子": ["灯"]}}),
        hit(rank=2, text=long, highlights=[[at, at + 2]], doc=gone),
        hit(rank=3, text=None, gist="没有收录的", highlights=[]),
    ]  # fmt: skip
    with opened(chromium, origin, "search/") as page:
        page.locator(".kb-find-empty").wait_for()
        answering(page, hits)
        ask(page, "看灯")
        rows = page.locator(".kb-hit")
        first = rows.nth(0).inner_text()
        assert "要点（非原文）灯要看" in first.replace("\n", "")
        assert "原文疑有误：“每”应为“各”（没有对照原件）" in first
        assert "问法相近：“灯怎么看”；亮子 → 灯" in first
        rows.nth(0).locator("summary", has_text="另有不同规定：看不看灯").click()
        other = rows.nth(0).locator(".kb-hit-conflict li a")
        other.nth(2).wait_for()
        standard = "GB 99999-2020 测试灯具安装规程"
        assert [a.inner_text() for a in other.all()] == [
            f"{standard} 5.2.1.1",
            "《没有正文的规定》第二条",
            f"{standard} 5.9",
        ]
        # only to pages that there are, and to no other version's clause
        assert [str(a.get_attribute("href")).removeprefix(origin) for a in other.all()] == [
            f"docs/{STANDARD}/2020-10-11/#5.2.1.1",
            "docs/wu-zhengwen/#art-2",
            f"docs/{STANDARD}/",
        ]
        conflicting = rows.nth(0).locator(".kb-hit-conflict")
        assert conflicting.locator("li").count() == 3
        assert "这一条：看灯" in conflicting.inner_text()
        second = rows.nth(1)
        assert "已被代替，不能作依据" in second.inner_text()
        assert second.locator("mark").inner_text() == "末尾"
        assert len(second.locator(".kb-hit-text").inner_text()) < 200
        second.locator("button", has_text="显示原文").click()
        assert second.locator(".kb-hit-text p").all_inner_texts() == long.split("\n")
        second.locator("button", has_text="收起").click()
        assert second.locator(".kb-hit-text p").count() == 0
        assert "本站没有收录这一条的原文" in rows.nth(2).inner_text()
        taken = page.evaluate(
            """() => {
              const words = [];
              navigator.clipboard.writeText = (w) => Promise.resolve(words.push(w));
              document.querySelectorAll(".kb-hit-do button:first-child").forEach((b) => b.click());
              return words;
            }"""
        )
        lines = [x.split("\n")[-1].removeprefix(origin) for x in taken]
        assert lines[0] == f"docs/{LAW}/{NEW}/#art-3"
        assert lines[2] == f"docs/{LAW}/#art-3"  # the text is not here: no page of the version


def test_a_citation_and_the_basket(chromium: Browser, origin: str) -> None:
    more = {"permissions": ["clipboard-read", "clipboard-write"]}
    with opened(chromium, origin, "search/?q=床边", day=AS_OF, **more) as page:
        row = page.locator(".kb-hit").first
        row.locator("button", has_text="复制引用").click()
        page.locator(".kb-toast", has_text="已复制").wait_for()
        lines = page.evaluate("navigator.clipboard.readText()").split("\n")
        assert lines[0] == "《测试灯具安装规程》（GB 99999—2020）5.2.1.1（2026年11月21日：现行）"
        assert "离床边不小于0.5m" in "".join(lines[1:-1])
        assert lines[-1] == f"{origin}docs/{STANDARD}/2020-10-11/#5.2.1.1"
        row.locator("button.kb-keep").click()
        assert row.locator("button.kb-keep").get_attribute("aria-pressed") == "true"
        stored = page.evaluate("localStorage.getItem('kb:basket')")
        assert json.loads(stored)[0]["id"] == f"{STANDARD}@2020-10-11#5.2.1.1"


def test_hostile_hits_are_text(chromium: Browser, origin: str) -> None:
    doc = hit()["doc"] | {"title": HOSTILE, "short": HOSTILE, "region": HOSTILE}
    why = {"phrase": HOSTILE, "notice": HOSTILE, "terms": {HOSTILE: [HOSTILE]}}
    bad = hit(doc=doc, text=HOSTILE, gist=HOSTILE, why=why, path=[HOSTILE], clause=HOSTILE)
    with opened(chromium, origin, "search/") as page:
        page.locator(".kb-find-empty").wait_for()
        answering(page, [bad])
        ask(page, HOSTILE.replace("\x02", "").replace("\x03", ""))
        page.locator(".kb-hit").wait_for()
        page.fill(".kb-q input", "看灯")
        page.locator(".kb-q [role=option]").first.wait_for()
        for place in (".kb-hit", ".kb-q-panel"):
            assert page.locator(f"{place} :is(script, img, b)").count() == 0
            assert "<script>alert(1)</script>" in page.locator(place).inner_text()


def test_loading_fails_and_is_tried_again(chromium: Browser, origin: str) -> None:
    context = chromium.new_context(locale="zh-CN")
    page = context.new_page()
    page.route("**/assets/kb/s/lexical.js*", lambda route: route.abort())
    page.goto(f"{origin}search/?q=床边")
    page.locator("text=查不了：读不到").wait_for()
    page.unroute("**/assets/kb/s/lexical.js*")
    page.locator("button", has_text="再试一次").click()
    page.locator(".kb-hit").first.wait_for()
    context.close()


def test_what_is_loaded_is_said_with_its_size(chromium: Browser, origin: str) -> None:
    with opened(chromium, origin, "search/") as page:
        page.locator(".kb-find-empty").wait_for()
        page.evaluate("() => { window.kb.search = window.kb.warm = () => new Promise(() => {}); }")
        page.fill(".kb-search-form input", "灯")
        page.locator(".kb-find-status", has_text="首次约").wait_for()
        assert " MB" in page.locator(".kb-find-status").inner_text()


# --- marks --------------------------------------------------------------------------------


def test_marks_reach_over_links_and_go_without_a_trace(chromium: Browser, origin: str) -> None:
    words = quote("第二款所说|<img src=x>|灯|x")
    with opened(chromium, origin, f"docs/{LAW}/?hl={words}#art-2") as page:
        clause = page.locator("#art-2")
        page.locator("mark.kb-hl").first.wait_for()
        assert "?" not in page.url
        assert page.url.endswith("#art-2")
        assert "".join(clause.locator("mark.kb-hl").all_inner_texts()).startswith("第二款所说")
        assert clause.locator("a mark.kb-hl").count() == 1
        assert page.locator("mark.kb-hl").count() == clause.locator("mark.kb-hl").count()
        body = clause.locator(".kb-body")
        text = body.inner_text()
        page.locator("button", has_text="清除标记").click()
        assert page.locator("mark.kb-hl").count() == 0
        assert body.inner_text() == text
        assert clause.evaluate("e => e === document.activeElement")


@pytest.mark.parametrize("path", ["?hl=灯", "?hl=灯#nowhere", "?hl=%7C%7C#art-2", "?hl=灯#%E0%A4"])
def test_marks_without_a_place_are_none(chromium: Browser, origin: str, path: str) -> None:
    with opened(chromium, origin, f"docs/{LAW}/{path}") as page:
        page.wait_for_function("() => window.kb.search")
        assert page.locator("mark.kb-hl").count() == 0
        assert page.locator(".kb-hl-bar").count() == 0


# --- phones and disks ---------------------------------------------------------------------


def test_on_a_phone(chromium: Browser, origin: str) -> None:
    with opened(chromium, origin, "search/?q=灯", **PHONE) as page:
        page.locator(".kb-hit").first.wait_for()
        page.locator(".kb-f-top > button").first.tap()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        small = page.evaluate(
            "Array.from(document.querySelectorAll("
            "'[data-kb-find] button, [data-kb-find] select'))"
            ".filter((e) => e.offsetHeight && e.offsetHeight < 40).map((e) => e.outerHTML)"
        )
        assert small == []
        page.locator(".kb-q input").tap()
        page.keyboard.type("床边")
        panel = page.locator(".kb-q-panel")
        page.locator(".kb-q [role=option]").first.wait_for()
        box = panel.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        page.locator(".kb-q [role=option]").first.tap()
        page.wait_for_url("**#5.2.1.1")
        page.locator("mark.kb-hl").first.wait_for()


@pytest.fixture
def disk(built: Built, tmp_path: Path) -> str:
    """The site in a folder with Chinese and a space in its name, as the address of a file."""
    folder = tmp_path / "安规 库"
    shutil.copytree(built.roots.site, folder)
    return folder.as_uri() + "/"


def test_from_a_disk(chromium: Browser, disk: str) -> None:
    context = chromium.new_context(locale="zh-CN")
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: problems.append(str(e)))
    page.goto(f"{disk}index.html")
    page.fill(".kb-q input", "床边")
    page.locator(".kb-q [role=option]").first.wait_for()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/index.html?q=*")
    page.locator(".kb-hit").first.wait_for()
    page.locator(".kb-f-top > button").first.click()
    page.select_option("#kb-f-kind", "standard")
    page.wait_for_url("**kind=standard")
    page.locator(".kb-hit-title a").first.click()
    page.wait_for_url(f"**/docs/{STANDARD}/index.html#5.2.1.1")
    page.locator("mark.kb-hl").first.wait_for()
    page.go_back()
    page.locator(".kb-chip").wait_for()
    page.locator(".kb-hit").first.wait_for()
    context.close()
    assert problems == []


# --- what the filters offer ---------------------------------------------------------------


def test_filters_are_counted_from_the_index(built: Built, index: Index) -> None:
    data = find_data(SiteContext(index, AS_OF))
    docs = {row[0]: row for row in data["docs"]}
    assert docs[STANDARD][1:4] == ["GB 99999-2020 测试灯具安装规程", "standard", ""]
    rows = Counter(index.passages.row_refs())
    assert [n for n, _ in docs[STANDARD][4]] == [rows[f"{STANDARD}@2020-10-11"]]
    assert len(docs[LAW][4]) == 3
    assert sum(n for row in docs.values() for n, _ in row[4]) == sum(rows.values())
    assert docs["ceshi-tiaoli"][3] == "测试市"
    assert "wu-zhengwen" not in docs
    held = built.part(FIND_PART)
    assert held["docs"] == json.loads(json.dumps(data["docs"]))
    compressed, whole = held["size"]
    assert 0 < compressed < whole
