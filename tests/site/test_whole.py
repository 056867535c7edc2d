"""From end to end, over the joins between the parts: from a question to a paper in the hand.

The ways are walked on the site as it is served, and as it is unpacked from the zip into a folder
named with Chinese and a space, opened as a file.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
import pytest

from kb.sitegen import zip_site
from tests.site.browsing import opened
from tests.site.conftest import Built, served
from tests.site.drill_sample import ENDING, NOTES, POST_ID, RULE, build_drill_site
from tests.site.lists_sample import POST
from tests.site.sample import LAW, NEW, OLD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

DAY, NEXT = date(2026, 11, 22), "2026-11-23T09:00:00"
LAY = "下灯架要不要断电"
OURS = "要点（非原文）"
CLIPBOARD = ["clipboard-read", "clipboard-write"]
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}
FILL = """() => {
  let chunk = 'x'.repeat(1 << 20);
  let n = 0;
  while (chunk.length) {
    try { localStorage.setItem('other' + n++, chunk); }
    catch (e) { chunk = chunk.slice(chunk.length >> 1 || 1); }
  }
}"""


class Place:
    """Where the site is, and what a page's address is there."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.on_disk = root.startswith("file:")

    def page(self, path: str) -> str:
        """Path below the root of `docs/x/?q=1#art-1`."""
        if not self.on_disk:
            return path
        at = min(i for i in (path.find("?"), path.find("#"), len(path)) if i >= 0)
        return f"{path[:at]}index.html{path[at:]}"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The invented site with notes, a post and questions."""
    return build_drill_site(tmp_path_factory.mktemp("whole"))


@pytest.fixture(scope="module")
def stick(whole: Built, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The zip, unpacked as a user would."""
    out = tmp_path_factory.mktemp("zip")
    zip_site(whole.roots.site, out / "x.zip")
    with zipfile.ZipFile(out / "x.zip") as packed:
        packed.extractall(out / "安全 资料")
    return Place((out / "安全 资料" / "kb").as_uri() + "/")


@pytest.fixture(scope="module")
def server(whole: Built) -> Iterator[Place]:
    """The site on a server."""
    with served(whole) as found:
        yield Place(found)


@pytest.fixture(params=["server", "stick"])
def place(request: pytest.FixtureRequest) -> Place:
    """Each of both."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Place)
    return found


def visit(page: Page, place: Place, path: str) -> None:
    page.goto(place.root + place.page(path))


def at(page: Page, place: Place, path: str) -> None:
    """The browser has come to this page."""
    page.wait_for_url(place.root + place.page(path))


def do(page: Page, clause: str, action: str) -> None:
    """A button of a clause's bar."""
    page.hover(f"[id='{clause}'] .kb-body")
    page.locator(f"[id='{clause}']").get_by_role("button", name=action, exact=True).click()


def saved(page: Page, button: str) -> bytes:
    with page.expect_download() as made:
        page.click(button)
    return made.value.path().read_bytes()


def paragraphs(made: bytes) -> list[str]:
    return [p.text for p in docx.Document(BytesIO(made)).paragraphs]


def text_of(whole: Built, clause: str) -> str:
    """The words of a clause of the rule as the index holds them."""
    return str(whole.part(f"docs/{RULE}/clauses")["units"][clause][1])


# --- the one who writes cards ---------------------------------------------------------------------


def test_from_lay_words_to_a_document(chromium: Browser, whole: Built, place: Place) -> None:
    with opened(chromium, place.root, place.page(""), day=DAY, permissions=CLIPBOARD) as page:
        box = page.get_by_role("main").get_by_role("combobox")
        box.fill(LAY)
        first = page.get_by_role("option").first
        first.wait_for()
        assert OURS in first.inner_text()
        assert "现行" in first.inner_text()
        first.click()
        at(page, place, f"docs/{RULE}/#4.3")

        do(page, "4.3", "复制引用")
        page.locator("[id='4.3']").get_by_role("button", name="已复制").wait_for()
        lines = page.evaluate("navigator.clipboard.readText()").split("\n")
        assert lines[0] == "《测试灯具测灯规程》（GB 88888—2020）4.3（2026年11月22日：现行）"
        assert lines[1] == text_of(whole, "4.3")
        link = f"{place.root}{place.page(f'docs/{RULE}/2020-02-02/#4.3')}"
        assert lines[2:] == ([] if place.on_disk else [link])

        do(page, "4.3", "加入篮子")
        page.reload()
        page.evaluate(FILL)
        visit(page, place, f"docs/{LAW}/#art-3")
        do(page, "art-3", "加入篮子")
        page.get_by_text("没有存下来，请导出：篮子").first.wait_for()

        page.get_by_role("link", name="我的篮子，2 条").click()
        at(page, place, "mine/")
        page.locator(".kb-kept").nth(1).wait_for()
        lines = paragraphs(saved(page, "[data-k=docx]"))
        assert text_of(whole, "4.3") in lines
        assert "（一）每3个月检查一遍灯具；" in lines
        page.reload()  # full storage: this tab holds what could not be stored
        assert page.locator(".kb-kept").nth(1).inner_text().startswith("第三条")


def test_from_a_post_to_its_clause_and_to_practice(chromium: Browser, server: Place) -> None:
    with opened(chromium, server.root, f"posts/{POST_ID}/", day=DAY) as page:
        page.get_by_role("link", name="4.3").last.click()
        at(page, server, f"docs/{RULE}/#4.3")
        page.go_back()
        page.get_by_role("link", name="练这个岗位").click()
        at(page, server, f"drill/?post={POST_ID}")
        page.get_by_role("button", name="开始（").wait_for()
        page.go_back()
        page.get_by_role("link", name="每日一页").last.click()
        at(page, server, f"today/?post={POST_ID}")
        page.get_by_role("heading", name=POST).wait_for()


# --- the one who teaches --------------------------------------------------------------------------


def test_projecting_and_two_days_of_practice(chromium: Browser, place: Place) -> None:
    with opened(chromium, place.root, place.page(f"docs/{LAW}/#art-3"), day=DAY) as page:
        do(page, "art-3", "投影")
        show = page.get_by_role("dialog")
        assert "测试单位应当做好下列事情：" in show.inner_text()
        assert "每3个月" not in show.inner_text()
        assert (
            show.inner_text().count("《中华人民共和国测试法》第三条（2026年11月22日：现行）") == 1
        )
        page.keyboard.press("ArrowRight")
        assert "每3个月" in show.inner_text()
        size = show.locator(".kb-show-text").evaluate(
            "e => parseFloat(getComputedStyle(e).fontSize)"
        )
        assert size >= 28 * 96 / 72
        page.keyboard.press("Escape")
        show.wait_for(state="detached")

        visit(page, place, f"drill/?post={POST_ID}")
        page.get_by_role("button", name="开始（").click()
        page.keyboard.press("Space")
        page.locator(".kb-quote blockquote").wait_for()
        page.keyboard.press("3")
        page.keyboard.press("Space")
        page.locator(".kb-quote a").click()  # to the source, in the middle of a sitting, and back
        page.locator(".kb-clause:target").wait_for()
        page.go_back()
        figures = page.locator(".kb-drill-figures")
        figures.get_by_text("1 张到期").wait_for()
        assert "1 天连着在练" in figures.inner_text()

        page.clock.set_fixed_time(NEXT)
        visit(page, place, "")
        page.get_by_role("navigation").get_by_role("link", name="练习", exact=True).first.click()
        figures.get_by_text("1 张到期").wait_for()  # of the post that was practised yesterday
        page.get_by_role("button", name="开始（").click()
        page.keyboard.press("Space")
        page.keyboard.press("1")
        page.get_by_role("button", name="结束这一次").click()
        figures.get_by_text("2 天连着在练").wait_for()
        page.get_by_role("navigation").get_by_role("link", name="每日一页").first.click()
        page.get_by_role("heading", name=f"{POST}　2026年11月23日 星期一").wait_for()


# --- the one who writes exams ---------------------------------------------------------------------


def test_from_an_old_edition_to_the_valid_words_on_paper(chromium: Browser, place: Place) -> None:
    with opened(chromium, place.root, place.page(f"docs/{LAW}/{OLD}/#art-3"), day=DAY) as page:
        banner = page.locator(".kb-status")
        assert "被代替" in banner.first.inner_text() or "已修改" in banner.first.inner_text()
        page.get_by_role("link", name="去看那个版本").click()
        at(page, place, f"docs/{LAW}/#art-3")  # the same clause
        page.evaluate("window.print = () => {}")
        page.get_by_role("button", name="选择条款").click()
        page.check("#art-3 .kb-choose input")
        page.get_by_role("button", name="打印所选").click()
        page.emulate_media(media="print")
        paper = page.evaluate("document.body.innerText")
        assert "（2021年稿）" in paper
        assert "2026年11月22日：现行" in paper
        assert "它不存在" not in paper
        assert "复制引用" not in paper


def test_a_clause_that_has_ended_is_nowhere_given_as_valid(
    chromium: Browser, server: Place
) -> None:
    """What was asked for by its number after its end: hit, page, basket and drill all say so."""
    with opened(chromium, server.root, "search/?q=GB 88888 4.3", day=ENDING) as page:
        page.get_by_text("没有列入结果").wait_for()
        page.locator(".kb-search-form input").fill("GB 88888-2020 4.3")  # this very edition
        hit = page.locator(".kb-hit", has_text="按条号找到")
        state = hit.locator(".kb-badge").inner_text()
        assert state == "被代替"
        hit.get_by_role("link").first.click()
        at(page, server, f"docs/{RULE}/#4.3")
        assert state in page.locator(".kb-status").first.inner_text()
        do(page, "4.3", "加入篮子")
        visit(page, server, "mine/")
        assert state in page.locator(".kb-kept").first.inner_text()
        visit(page, server, f"drill/?post={POST_ID}")
        page.locator(".kb-drill-figures", has_text="0 张没学过").wait_for()


# --- hands ----------------------------------------------------------------------------------------


def tab_to(page: Page, wanted: str, key: str = "Tab") -> None:
    """Press a key until a control of this name is in focus."""
    names = []
    for _ in range(60):
        page.keyboard.press(key)
        name = page.evaluate(
            "(document.activeElement.getAttribute('aria-label')"
            " || document.activeElement.innerText || '').trim()"
        )
        if name.startswith(wanted):
            return
        names.append(name)
    pytest.fail(f"{wanted} is not reached: {names}")


def test_with_the_keyboard_alone(chromium: Browser, place: Place) -> None:
    with opened(
        chromium, place.root, place.page("catalog/"), day=DAY, permissions=CLIPBOARD
    ) as page:
        page.keyboard.press("/")
        page.keyboard.type(LAY)
        page.get_by_role("option").first.wait_for()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        at(page, place, f"docs/{RULE}/#4.3")
        clause = page.locator("[id='4.3']")
        clause.locator(".kb-hl").first.wait_for()
        tab_to(page, "复制引用")
        assert page.evaluate("document.activeElement.closest('.kb-clause').id") == "4.3"
        page.keyboard.press("Enter")
        clause.get_by_role("button", name="已复制").wait_for()
        assert "4.3" in page.evaluate("navigator.clipboard.readText()")
        tab_to(page, "加入篮子")
        page.keyboard.press("Enter")
        clause.get_by_role("button", name="已在篮子").wait_for()
        tab_to(page, "投影")
        page.keyboard.press("Enter")
        page.get_by_role("dialog").wait_for()
        page.keyboard.press("Escape")
        page.get_by_role("dialog").wait_for(state="detached")
        page.wait_for_function("() => document.activeElement.innerText === '投影'")
        page.keyboard.press("/")
        tab_to(page, "我的篮子，1 条")
        page.keyboard.press("Enter")
        page.locator(".kb-kept").wait_for()
        tab_to(page, "导出 Word")
        with page.expect_download() as made:
            page.keyboard.press("Enter")
        assert "4.3" in paragraphs(made.value.path().read_bytes())


def test_on_a_phone(chromium: Browser, place: Place) -> None:
    with opened(chromium, place.root, place.page("search/"), day=DAY, **PHONE) as page:

        def fits() -> None:
            assert page.evaluate("document.documentElement.scrollWidth") <= 390

        page.locator(".kb-search-form input").fill(LAY)
        page.locator(".kb-hit").first.wait_for()
        fits()
        page.locator(".kb-hit").first.get_by_role("link").first.tap()
        at(page, place, f"docs/{RULE}/#4.3")
        clause = page.locator("[id='4.3']")
        clause.locator(".kb-dots").tap()
        clause.get_by_role("button", name="加入篮子").tap()
        fits()
        clause.get_by_role("button", name="投影").tap()
        page.get_by_role("dialog").get_by_role("button", name="结束").tap()
        page.get_by_role("dialog").wait_for(state="detached")
        page.get_by_role("link", name="我的篮子，1 条").tap()
        page.locator(".kb-kept").wait_for()
        fits()
        with page.expect_download():
            page.tap("[data-k=docx]")


# --- from one place to the other ------------------------------------------------------------------


def test_what_was_kept_goes_from_the_server_to_the_stick(
    chromium: Browser, server: Place, stick: Place, tmp_path: Path
) -> None:
    with opened(chromium, server.root, f"docs/{LAW}/", day=DAY) as page:
        do(page, "art-3", "加入篮子")
        visit(page, server, f"drill/?post={POST_ID}")
        page.get_by_role("button", name="开始（").click()
        page.keyboard.press("Space")
        page.keyboard.press("1")
        visit(page, server, "mine/")
        (tmp_path / "我的.json").write_bytes(saved(page, "text=全部导出成文件"))
    assert json.loads((tmp_path / "我的.json").read_text(encoding="utf-8"))["values"].keys() >= {
        "basket", "drill",
    }  # fmt: skip
    with opened(chromium, stick.root, stick.page("mine/"), day=DAY) as page:
        page.set_input_files("input[type=file]", tmp_path / "我的.json")
        page.get_by_role("button", name="合并").click()
        assert page.locator(".kb-kept").get_attribute("data-id") == f"{LAW}@{NEW}#art-3"
        visit(page, stick, "drill/")
        figures = page.locator(".kb-drill-figures")
        figures.wait_for()
        assert f"{sum(len(n.lines) for n in NOTES)}" not in figures.inner_text().split("没学过")[0]
        assert "1 天连着在练" in figures.inner_text()
