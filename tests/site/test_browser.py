"""The invented site in Chromium: status of today, previews, copying, keys, narrow, print."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.site.browsing import opened
from tests.site.sample import LAW, NEW, NOTICE, OLD, STANDARD

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

CLIPBOARD = ["clipboard-read", "clipboard-write"]
LAW_PAGE, STANDARD_PAGE, NOTICE_PAGE = f"docs/{LAW}/", f"docs/{STANDARD}/", f"docs/{NOTICE}/"
PAGES = ("", "catalog/", "terms/", "guide/", "about/", "search/", LAW_PAGE, NOTICE_PAGE)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [390, 1280])
def test_pages_are_quiet_and_fit(chromium: Browser, origin: str, path: str, width: int) -> None:
    with opened(chromium, origin, path, viewport={"width": width, "height": 844}) as page:
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("h1").count() == 1
        assert page.locator(".kb-menu").is_visible() == (width < 1220)


@pytest.mark.parametrize(
    ("path", "day", "badge", "words"),
    [
        (LAW_PAGE, date(2026, 11, 21), "现行", "今天是2026年11月21日：自 2021年9月1日 起施行"),
        (LAW_PAGE, date(2027, 1, 1), "被代替", "今天有效的是 2026年10月1日 通过的版本"),
        (f"{LAW_PAGE}{OLD}/", date(2026, 11, 21), "被代替", "今天有效的是 2021年6月10日"),
        (LAW_PAGE, date(2027, 6, 1), "被代替", "已过半年"),
    ],
)
def test_banner_is_of_today(
    chromium: Browser, origin: str, path: str, day: date, badge: str, words: str
) -> None:
    with opened(chromium, origin, path, day=day) as page:
        box = page.locator(".kb-status")
        assert box.locator(".kb-badge").inner_text() == badge
        assert words in box.inner_text()


def test_catalog_is_of_today_and_filters(chromium: Browser, origin: str) -> None:
    with opened(chromium, origin, "catalog/", day=date(2027, 1, 1)) as page:
        row = page.locator("tr", has=page.locator(f"a[href$='{LAW}/']"))
        assert row.locator(".kb-badge").inner_text() == "被代替"
        page.fill(".kb-filter input[type=search]", "gb99999")
        assert page.locator("tr[data-w]:visible").count() == 1
        page.fill(".kb-filter input[type=search]", "")
        page.select_option(".kb-filter select[name=region]", "测试市")
        assert page.locator("tr[data-w]:visible").count() == 2
        assert page.locator(".kb-count").inner_text() == "显示 2 项，共 5 项"


def test_without_a_script_the_page_still_tells(chromium: Browser, origin: str) -> None:
    with opened(chromium, origin, LAW_PAGE, java_script_enabled=False) as page:
        assert "截至 2026年11月21日（网站生成日）" in page.locator(".kb-status").inner_text()
        assert page.locator("#art-25-1").is_visible()
        for control in ("main button", ".kb-theme", ".kb-menu"):
            assert not page.locator(control).first.is_visible(), control


def test_copied_citation_has_words_text_and_link(chromium: Browser, origin: str) -> None:
    day = date(2026, 11, 21)
    with opened(chromium, origin, LAW_PAGE, day=day, permissions=CLIPBOARD) as page:
        page.hover("#art-3")
        page.click("#art-3 .kb-cp")
        page.locator("#art-3 .kb-cp", has_text="已复制").wait_for()
        text = page.evaluate("navigator.clipboard.readText()").split("\n")
        assert text == [
            "《中华人民共和国测试法》第三条（2026年11月21日：现行）",
            "测试单位应当做好下列事情：",
            "（一）每3个月检查一遍灯具；",
            "（二）遇有下列情形停用：",
            "1．灯罩碎裂；",
            "2．线皮破损。",
            "前款第一项的做法依照GB 99999的规定（2021年稿）。",
            f"{origin}{LAW_PAGE}{NEW}/#art-3",
        ]


def test_what_holds_in_one_region_says_so(chromium: Browser, origin: str) -> None:
    with opened(chromium, origin, NOTICE_PAGE, permissions=CLIPBOARD) as page:
        assert "只适用于测试市" in page.locator(".kb-status").inner_text()
        assert "只适用于测试市" in (page.locator(".kb-paper-head").text_content() or "")
        clause = page.locator(".kb-clause").first
        clause.hover()
        clause.get_by_role("button", name="复制引用").click()
        clause.get_by_role("button", name="已复制").wait_for()
        text = page.evaluate("navigator.clipboard.readText()")
        assert "只适用于测试市" in text.split("\n")[0]


def test_an_address_that_leads_nowhere_says_so(chromium: Browser, origin: str) -> None:
    with opened(chromium, origin, f"{LAW_PAGE}#art-999") as page:
        says = page.locator(".kb-nowhere")
        assert "“第999条”不在这个版本里" in says.inner_text()
        page.goto(origin + f"{LAW_PAGE}#art-3")
        says.wait_for(state="detached")
        page.goto(origin + f"{LAW_PAGE}#<img src=x>")
        assert "<img" in says.inner_text()


def test_an_item_is_copied_under_its_own_name(chromium: Browser, origin: str) -> None:
    address = f"{LAW_PAGE}#art-3.p1.i2"
    with opened(chromium, origin, address, permissions=CLIPBOARD) as page:
        button = page.locator(".kb-near .kb-cp")
        assert button.inner_text() == "复制第一款第（二）项"
        button.click()
        button.filter(has_text="已复制").wait_for()
        text = page.evaluate("navigator.clipboard.readText()").split("\n")
        assert text[0].startswith("《中华人民共和国测试法》第三条第一款第（二）项")
        assert text[1:3] == ["（二）遇有下列情形停用：", "1．灯罩碎裂；"]
        assert text[-1].endswith("#art-3.p1.i2")


def test_copying_works_without_the_clipboard_interface(chromium: Browser, origin: str) -> None:
    with opened(chromium, origin, LAW_PAGE) as page:
        page.evaluate(
            "Object.defineProperty(navigator, 'clipboard', {value: undefined});"
            "document.addEventListener('copy', () => {"
            " window.copied = document.activeElement.value; })"
        )
        page.hover("#art-1")
        page.click("#art-1 .kb-cp")
        page.locator("#art-1 .kb-cp", has_text="已复制").wait_for()
        assert "第一条" in page.evaluate("window.copied")


def test_a_copied_link_leads_to_the_clause(chromium: Browser, origin: str) -> None:
    with opened(chromium, origin, f"{LAW_PAGE}{NEW}/#art-3") as page:
        page.wait_for_url(f"{origin}{LAW_PAGE}#art-3")
        assert page.locator("#art-3").is_visible()


def test_preview_shows_the_target(chromium: Browser, origin: str) -> None:
    with opened(chromium, origin, NOTICE_PAGE, day=date(2027, 2, 1)) as page:
        page.clock.resume()
        page.hover("#m-s1-k2 .kb-c")
        pop = page.locator("#kb-pop")
        pop.wait_for()
        text = pop.inner_text()
        assert "《中华人民共和国测试法》第三条" in text
        assert "每3个月检查一遍灯具" in text
        assert "被代替" in text
        page.keyboard.press("Escape")
        assert not pop.is_visible()


def test_preview_by_keyboard_and_of_unresolved(chromium: Browser, origin: str) -> None:
    with opened(chromium, origin, LAW_PAGE) as page:
        page.focus("#art-2 .kb-c")
        pop = page.locator("#kb-pop")
        pop.wait_for()
        assert "第三条第二款" in pop.inner_text()
        assert "前款第一项的做法" in pop.inner_text()
        assert page.get_attribute("#art-2 .kb-c", "aria-describedby") == "kb-pop"
        page.focus("#art-3 .kb-un")
        page.locator("#kb-pop", has_text="没有写年号").wait_for()
        page.focus("#art-25-1 .kb-c >> nth=0")
        page.locator("#kb-pop", has_text="引用时的版本：2019-01-01").wait_for()
        page.focus("#art-25-1 .kb-c >> nth=1")
        page.locator("#kb-pop", has_text="没有这份文件的正文").wait_for()


def test_keyboard_reaches_everything(chromium: Browser, origin: str) -> None:
    with opened(chromium, origin, LAW_PAGE) as page:
        reached = set()
        for _ in range(80):
            page.keyboard.press("Tab")
            reached.add(
                page.evaluate(
                    "(() => { const a = document.activeElement;"
                    " return a.className + ' ' + (a.getAttribute('href') || ''); })()"
                )
            )
        assert any(x.startswith("md-skip") for x in reached)
        for name, href in (
            ("kb-c", "#art-3.p2"),
            ("kb-cp", ""),
            ("kb-un", ""),
            ("kb-l", "#art-3.p1.i1"),
            ("kb-pin", "#art-3.p2"),
        ):
            assert any(name in x.split() and x.endswith(href) for x in reached), name
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.name") == "q"


def test_focus_is_visible(chromium: Browser, origin: str) -> None:
    with opened(chromium, origin, LAW_PAGE) as page:
        page.focus("#art-2 .kb-c")
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"


def test_folded_text_is_ink_in_dark(chromium: Browser, origin: str) -> None:
    """The theme sets the colour of folds at the root, where it does not know of dark."""
    colour = "n => getComputedStyle(n).color"
    with opened(chromium, origin, LAW_PAGE, color_scheme="dark") as page:
        folds = page.locator("article details")
        assert folds.count()
        ink = page.locator("article").evaluate(colour)
        assert {n.evaluate(colour) for n in folds.all()} == {ink}


def test_light_and_dark(chromium: Browser, origin: str) -> None:
    with opened(chromium, origin, LAW_PAGE, color_scheme="dark") as page:
        scheme = "document.body.getAttribute('data-md-color-scheme')"
        assert page.evaluate(scheme) == "slate"
        page.click(".kb-theme")
        assert page.evaluate(scheme) == "default"
        page.reload()
        assert page.evaluate(scheme) == "default"


def test_narrow_screen_has_menu_and_contents(chromium: Browser, origin: str) -> None:
    with opened(
        chromium, origin, STANDARD_PAGE, viewport={"width": 390, "height": 844}, has_touch=True
    ) as page:
        page.click(".kb-fab")
        page.locator("#kb-contents a[href='#5.2']").click()
        assert page.evaluate("location.hash") == "#5.2"
        page.focus(".kb-menu")
        page.keyboard.press("Enter")
        page.locator(".md-nav--primary a", has_text="全部文件").wait_for()


def test_print_has_numbers_and_text_alone(chromium: Browser, origin: str) -> None:
    with opened(chromium, origin, LAW_PAGE) as page:
        page.emulate_media(media="print")
        assert page.locator("#art-3 .kb-no").is_visible()
        assert page.locator("#art-3 .kb-body").is_visible()
        for control in (".md-header", ".kb-side", "#art-3 .kb-dots", ".md-footer", ".kb-back"):
            assert not page.locator(control).first.is_visible(), control


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("测试法第三条", f"{LAW}#art-3"),
        ("灯法 第25条之一", f"{LAW}#art-25-1"),
        ("99999 5.2.1.1", f"{STANDARD}#5.2.1.1"),
        ("走道 高度", f"{STANDARD}#5.2.1.1"),
        ("每3个月 灯具", f"{LAW}#art-3"),
    ],
)
def test_search_interface_gives_hits(
    chromium: Browser, origin: str, query: str, first: str
) -> None:
    with opened(chromium, origin, "") as page:
        hits = page.evaluate("q => window.kb.search(q, {top: 3})", query)
        assert hits[0]["id"] == first
        assert hits[0]["rank"] == 1
        assert set(hits[0]) >= {"score", "version", "unit", "doc", "clause", "path", "text", "url"}
        assert hits[0]["version"] in (NEW, "2020-10-11")
        assert hits[0]["citation"].endswith(hits[0]["clause"])
