"""Practice and the day's sheet in Chromium: keys, feedback, what is kept, pictures, print, file://."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.site.browsing import opened
from tests.site.conftest import Built, served
from tests.site.drill_sample import ENDING, POST_ID, build_drill_site
from tests.site.lists_sample import POST

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

DAY = date(2026, 11, 22)
CARDS, QUIZ, WRONG = "drill/?post=lamp-tester", "drill/?view=quiz", "drill/?view=wrong"
TODAY = f"today/?post={POST_ID}"
OURS = "要点（非原文）"


@pytest.fixture(scope="module")
def drilled(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The invented site with a post and questions; tests must not change it."""
    return build_drill_site(tmp_path_factory.mktemp("drill"))


@pytest.fixture(scope="module")
def address(drilled: Built) -> Iterator[str]:
    """Where it is served."""
    with served(drilled) as found:
        yield found


def _state(page: Page) -> dict[str, object]:
    found = page.evaluate("JSON.parse(localStorage.getItem('kb:drill') || '{}')")
    assert isinstance(found, dict)
    return found


# --- flashcards -----------------------------------------------------------------------------------


def test_a_sitting_by_keys(chromium: Browser, address: str) -> None:
    with opened(chromium, address, CARDS, day=DAY) as page:
        page.get_by_role("button", name="开始").click()
        count = int(page.locator(".kb-card-top span").first.inner_text().split("/")[1].split()[0])
        assert count >= 6
        seen = []
        for number in range(count + 1):  # one comes twice: it was not known
            card = page.locator(".kb-card")
            seen.append(card.locator(".kb-card-ask").inner_text())
            assert card.locator(".kb-card-lines").count() == 0  # hidden until it is asked for
            page.keyboard.press("Space")
            card.locator("blockquote").wait_for()
            assert OURS in card.inner_text()
            assert "现行" in card.locator("figcaption").inner_text()
            page.keyboard.press("3" if number == 0 else "2" if number == 1 else "1")
        assert page.get_by_role("heading", name="这一次练完了").is_visible()
        assert f"会 {count - 1}，模糊 1，不会 1" in page.locator(".kb-card").inner_text()
        assert seen.count(seen[0]) == 2
        state = _state(page)
        assert len(state["cards"]) == count  # type: ignore[arg-type]
        assert state["days"] == {DAY.isoformat(): count + 1}
        page.get_by_role("button", name="回到开始").click()
        assert "今天的都练完了" in page.locator(".kb-pane:visible").inner_text()
        assert "1 天连着在练" in page.locator(".kb-drill-figures").inner_text()


def test_the_next_day_what_is_due_comes_again(chromium: Browser, address: str) -> None:
    with opened(chromium, address, CARDS, day=DAY) as page:
        page.get_by_role("button", name="开始").click()
        page.keyboard.press("Space")
        page.keyboard.press("2")
        page.evaluate("localStorage.setItem('x', '1')")
        page.clock.set_fixed_time("2026-11-23T09:00:00")
        page.reload()
        figures = page.locator(".kb-drill-figures")
        figures.wait_for()
        assert figures.inner_text().startswith("1 张到期")


def test_changed_card_keeps_its_box_and_says_so(chromium: Browser, address: str) -> None:
    with opened(chromium, address, CARDS, day=DAY) as page:
        page.get_by_role("button", name="开始").click()
        page.keyboard.press("Space")
        page.keyboard.press("1")
        page.evaluate(
            """() => {
              const s = JSON.parse(localStorage.getItem("kb:drill"));
              Object.values(s.cards).forEach((c) => { c[2] = "00000000"; c[0] = 3; });
              localStorage.setItem("kb:drill", JSON.stringify(s));
            }"""
        )
        page.reload()
        page.get_by_text("有改动：1 张").wait_for()
        page.get_by_role("button", name="开始").click()
        assert page.locator(".kb-card-new").inner_text() == "有改动"
        page.keyboard.press("Space")
        page.keyboard.press("1")
        assert [c[0] for c in _state(page)["cards"].values()] == [4]  # type: ignore[attr-defined]


def test_source_is_verbatim_and_marked(chromium: Browser, address: str, drilled: Built) -> None:
    with opened(chromium, address, CARDS, day=DAY) as page:
        page.get_by_role("button", name="开始").click()
        while "单手举量杆" not in page.locator(".kb-card-ask").inner_text():
            page.keyboard.press("Space")
            page.keyboard.press("1")
        page.keyboard.press("Space")
        quote = page.locator(".kb-quote")
        quote.wait_for()
        text = drilled.part("docs/ceshi-guicheng/clauses")["units"]["4.9"][1]
        assert quote.locator("blockquote").evaluate("n => n.textContent") == text
        assert quote.locator("mark").inner_text() == "不应单手举量杆；"
        href = quote.locator("a").get_attribute("href") or ""
        assert href.endswith("docs/ceshi-guicheng/#4.9")


def test_cards_whose_clause_has_ended_are_left_out(chromium: Browser, address: str) -> None:
    with opened(chromium, address, CARDS, day=ENDING) as page:
        page.locator(".kb-drill-figures").wait_for()
        assert "0 张没学过" in page.locator(".kb-drill-figures").inner_text()


@pytest.mark.parametrize("query", ["?post=../x", "?post=<b>", "?view=nothing&post=lamp-tester"])
def test_address_is_only_words(chromium: Browser, address: str, query: str) -> None:
    with opened(chromium, address, f"drill/{query}", day=DAY) as page:
        page.get_by_role("tab", name="记要点", selected=True).wait_for()


# --- questions ------------------------------------------------------------------------------------


def _begin(page: Page, kind: str) -> None:
    page.locator(".kb-drill-form").wait_for()
    for box in page.locator(".kb-check input").all():
        box.set_checked(box.get_attribute("value") == kind)
    page.get_by_role("button", name="开始做题").click()
    page.locator(".kb-question").wait_for()


def _answer(drilled: Built, stem: str, kind: str) -> dict[str, object]:
    (item,) = [
        i for i in drilled.part("drill/practice")["items"] if (i["type"], i["stem"]) == (kind, stem)
    ]
    assert isinstance(item, dict)
    return item


@pytest.mark.parametrize("key", ["letter", "figure"])
def test_choices_by_keys(chromium: Browser, address: str, drilled: Built, key: str) -> None:
    with opened(chromium, address, QUIZ, day=DAY) as page:
        _begin(page, "单选")
        item = _answer(drilled, page.locator(".kb-stem").inner_text(), "单选")
        wrong = next(c for c in "ABCD" if c != item["answer"])
        page.keyboard.press(wrong.lower() if key == "letter" else str("ABCD".index(wrong) + 1))
        assert page.locator(".kb-option[aria-checked=true]").count() == 1
        page.keyboard.press("Enter")
        face = page.locator(".kb-question")
        assert face.locator(".kb-verdict").inner_text() == "✗ 不对"
        assert face.locator(".kb-option-wrong").count() == 1
        assert face.locator(".kb-option-right").inner_text().startswith(str(item["answer"]))
        for words, why in item["wrong"]:  # type: ignore[attr-defined]
            assert words in face.inner_text()
            assert why in face.inner_text()
        assert face.locator(".kb-quote mark").count() >= 1
        assert list(_state(page)["wrong"]) == [item["item"]]  # type: ignore[call-overload]
        page.keyboard.press("Enter")  # the focus is on 下一题
        assert "第 2 /" in page.locator(".kb-card-top").inner_text()


def test_several_choices(chromium: Browser, address: str, drilled: Built) -> None:
    with opened(chromium, address, QUIZ, day=DAY) as page:
        _begin(page, "多选")
        item = _answer(drilled, page.locator(".kb-stem").inner_text(), "多选")
        for letter in str(item["answer"]):
            page.keyboard.press(letter.lower())
        page.keyboard.press("Enter")
        assert page.locator(".kb-verdict").inner_text() == "✓ 对了"
        assert page.locator(".kb-option-right").count() == len(str(item["answer"]))


def test_blank_and_essay(chromium: Browser, address: str, drilled: Built) -> None:
    with opened(chromium, address, QUIZ, day=DAY) as page:
        _begin(page, "填空")
        item = _answer(drilled, page.locator(".kb-stem").inner_text(), "填空")
        page.keyboard.type(str(item["answer"]).replace(" ", ""))
        page.keyboard.press("Enter")
        assert page.locator(".kb-verdict").inner_text() == "✓ 对了"
        page.goto(address + QUIZ)
        _begin(page, "简答")
        item = _answer(drilled, page.locator(".kb-stem").inner_text(), "简答")
        assert str(item["points"][0]) not in page.locator(".kb-question").inner_text()  # type: ignore[index]
        page.keyboard.press("Enter")
        for point in item["points"]:  # type: ignore[attr-defined]
            assert point in page.locator(".kb-question").inner_text()
        page.keyboard.press("2")
        assert "错题本" in page.locator(".kb-verdict").inner_text()


def test_wrong_list_comes_again_until_it_is_known(chromium: Browser, address: str) -> None:
    with opened(chromium, address, QUIZ, day=DAY) as page:
        _begin(page, "判断")
        page.keyboard.press("a")
        page.keyboard.press("Enter")
        right = page.locator(".kb-verdict").inner_text() == "✓ 对了"
        while right:  # until one is wrong
            page.keyboard.press("Enter")
            page.keyboard.press("a")
            page.keyboard.press("Enter")
            right = page.locator(".kb-verdict").inner_text() == "✓ 对了"
        page.get_by_role("button", name="不做了").click()
        assert "把错的再做一遍" in page.locator(".kb-card").inner_text()
        page.get_by_role("tab", name="错题本").click()
        page.get_by_text("错题 1 道").wait_for()
        for _ in range(2):
            page.get_by_role("button", name="重做错题").click()
            page.keyboard.press("b")
            page.keyboard.press("Enter")
            assert page.locator(".kb-verdict").inner_text() == "✓ 对了"
            page.keyboard.press("Enter")
            page.get_by_role("button", name="再来一组").click()
        page.get_by_text("错题本是空的").wait_for()


def test_questions_of_the_reader_s_day(chromium: Browser, address: str) -> None:
    with opened(chromium, address, QUIZ, day=ENDING) as page:
        page.get_by_text("今天不在施行中").or_(page.get_by_text("还出不了题")).wait_for()


def test_tabs_by_keys(chromium: Browser, address: str) -> None:
    with opened(chromium, address, CARDS, day=DAY) as page:
        page.get_by_role("tab", name="记要点").focus()
        page.keyboard.press("ArrowRight")
        assert page.get_by_role("tab", name="做题", selected=True).evaluate(
            "n => n === document.activeElement"
        )
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        page.get_by_text("错题本是空的").wait_for()
        assert "view=wrong" in page.url


# --- the day's sheet, sheets of posts -------------------------------------------------------------


def _sheet(page: Page) -> str:
    page.locator(".kb-today").wait_for()
    return page.locator(".kb-today").inner_text()


def test_sheet_is_the_same_for_everybody(chromium: Browser, address: str) -> None:
    found = []
    for _ in range(2):
        with opened(chromium, address, TODAY, day=DAY) as page:
            found.append(_sheet(page))
            assert page.locator(".kb-today > ol").first.locator("> li").count() == 3
            assert page.locator(".kb-today > ol").last.locator("> li").count() == 3
            assert OURS in found[-1]
            assert not page.locator(".kb-today-answer p").first.is_visible()
            assert not page.locator(".kb-turned").is_visible()
            # no line gives the answer to a question away
            cites = page.locator(".kb-today li[data-cite]").evaluate_all(
                "list => list.map(n => n.dataset.cite)"
            )
            basis = page.locator(".kb-today-answer small").all_text_contents()
            assert not [b for b in basis for c in cites if b.strip().startswith(c)]
    assert found[0] == found[1]
    with opened(chromium, address, TODAY, day=DAY) as page:
        first = _sheet(page)
        page.get_by_role("button", name="后一天").click()
        page.locator(".kb-today h2", has_text="11月23日").wait_for()
        assert "day=2026-11-23" in page.url
        other = _sheet(page)
        page.get_by_role("button", name="前一天").click()
        page.locator(".kb-today h2", has_text="11月22日").wait_for()
        assert _sheet(page) == first
    with opened(chromium, address, f"{TODAY}&day=2026-11-23", day=DAY) as page:
        assert _sheet(page) == other
    assert other != first


@pytest.mark.parametrize("asked", ["2026-02-30", "1999-01-01", "<b>", "2026-1-1"])
def test_a_day_that_there_is_not_is_today(chromium: Browser, address: str, asked: str) -> None:
    with opened(chromium, address, f"{TODAY}&day={asked}", day=DAY) as page:
        assert "11月22日" in _sheet(page)


def test_sheet_leaves_out_what_has_ended(chromium: Browser, address: str) -> None:
    with opened(chromium, address, TODAY, day=ENDING) as page:
        assert "测灯规程" not in _sheet(page)


def test_post_is_remembered(chromium: Browser, address: str) -> None:
    with opened(chromium, address, "drill/", day=DAY) as page:
        page.get_by_label("岗位").select_option(label=POST)
        page.locator(".kb-drill-figures").wait_for()
        page.goto(address + "today/")
        assert POST in _sheet(page)


def test_sheet_as_pictures(chromium: Browser, address: str, tmp_path: Path) -> None:
    with opened(chromium, address, TODAY, day=DAY) as page:
        _sheet(page)
        files = []
        page.on("download", lambda d: files.append(d))
        page.locator(".kb-sheet-tools").get_by_role("button", name="存为图片").click()
        page.get_by_text("已存成 2 张图片").first.wait_for(state="attached")
        page.wait_for_timeout(300)
        names = sorted(f.suggested_filename for f in files)
        assert names == [f"{POST}-2026年11月22日-星期日-2026-11-22-{n}.png" for n in (1, 2)]
        for file in files:
            file.save_as(tmp_path / "x.png")
            assert (tmp_path / "x.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def _picture_height(page: Page) -> int:
    """Height in pixels of the first post card saved as a picture (from the PNG's own head)."""
    sheet = page.locator("[data-kb-sheet]", has=page.locator("li[data-cite]")).first
    with page.expect_download() as made:
        sheet.get_by_role("button", name="存为图片").click()
    head = made.value.path().read_bytes()[:24]
    assert int.from_bytes(head[16:20], "big") == 1080
    return int.from_bytes(head[20:24], "big")


def test_a_picture_has_a_code_only_where_the_site_has_an_address(
    chromium: Browser, address: str
) -> None:
    heights = {}
    for site in ("", "https://example.org/kb/", "javascript:alert(1)"):
        with opened(chromium, address, f"posts/{POST_ID}/", day=DAY) as page:
            page.evaluate(
                "(url) => { const m = document.createElement('meta'); m.name = 'kb-site-url';"
                " m.content = url; if (url) document.head.append(m); }",
                site,
            )
            heights[site] = _picture_height(page)
    assert heights["https://example.org/kb/"] > heights[""]
    assert heights["javascript:alert(1)"] == heights[""]


def test_print_has_that_sheet_alone(chromium: Browser, address: str) -> None:
    with opened(chromium, address, f"posts/{POST_ID}/", day=DAY) as page:
        sheets = page.locator("[data-kb-sheet]")
        assert sheets.count() == page.locator(".kb-sheet-tools").count() > 1
        page.evaluate("window.print = () => { window.printed = document.body.className }")
        name = sheets.nth(1).get_attribute("data-kb-sheet") or ""
        sheets.nth(1).get_by_role("button", name="打印").click()
        assert "kb-printing-one" in page.evaluate("window.printed")
        page.emulate_media(media="print")
        text = page.evaluate("document.body.innerText")
        assert name.split()[-1] in text
        other = sheets.nth(0).get_attribute("data-kb-sheet") or ""
        assert other.split()[-1] not in text
        assert "投影" not in text
        page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        page.emulate_media(media="screen")
        assert page.locator(".kb-print-one").count() == 0
        assert "kb-printing-one" not in page.evaluate("document.body.className")


def test_answers_are_turned_at_the_foot_of_the_paper(chromium: Browser, address: str) -> None:
    with opened(chromium, address, TODAY, day=DAY) as page:
        _sheet(page)
        page.evaluate("window.print = () => {}")
        page.locator(".kb-sheet-tools").get_by_role("button", name="打印").click()
        page.emulate_media(media="print")
        turned = page.locator(".kb-print-one .kb-turned")
        assert turned.is_visible()
        assert turned.evaluate("n => getComputedStyle(n).transform").startswith("matrix(-1")
        assert not page.locator(".kb-print-one details").first.is_visible()


def test_projecting_a_post_s_card(chromium: Browser, address: str) -> None:
    with opened(chromium, address, f"posts/{POST_ID}/", day=DAY) as page:
        sheet = page.locator("[data-kb-sheet]", has=page.locator("li[data-cite]")).first
        button = sheet.get_by_role("button", name="投影")
        button.click()
        show = page.get_by_role("dialog")
        assert OURS in show.locator(".kb-show-cite").inner_text()
        page.keyboard.press("Escape")
        if show.count():
            page.keyboard.press("Escape")
        assert button.evaluate("n => n === document.activeElement")


def test_the_back_button_ends_the_show_not_the_page(chromium: Browser, address: str) -> None:
    path = f"posts/{POST_ID}/"
    with opened(chromium, address, path, day=DAY) as page:
        sheet = page.locator("[data-kb-sheet]", has=page.locator("li[data-cite]")).first
        button = sheet.get_by_role("button", name="投影")
        button.click()
        page.get_by_role("dialog").wait_for()
        page.go_back()
        page.get_by_role("dialog").wait_for(state="detached")
        assert page.url == address + path
        button.click()
        page.get_by_role("dialog").get_by_role("button", name="结束").click()
        page.get_by_role("dialog").wait_for(state="detached")
        page.evaluate("new Promise((done) => setTimeout(done, 50))")  # the step back is a task
        assert page.evaluate("history.state") is None


def test_a_browser_without_a_history_projects_too(chromium: Browser, address: str) -> None:
    with opened(chromium, address, f"posts/{POST_ID}/", day=DAY) as page:
        page.evaluate("void (history.pushState = () => { throw new Error('refused'); })")
        sheet = page.locator("[data-kb-sheet]", has=page.locator("li[data-cite]")).first
        sheet.get_by_role("button", name="投影").click()
        page.get_by_role("dialog").get_by_role("button", name="结束").click()
        page.get_by_role("dialog").wait_for(state="detached")
        assert page.locator("[inert]").count() == 0


# --- everywhere -----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [CARDS, QUIZ, WRONG, TODAY])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_fits_a_phone(chromium: Browser, address: str, path: str, scheme: str) -> None:
    size = {"width": 390, "height": 844}
    with opened(chromium, address, path, day=DAY, viewport=size, color_scheme=scheme) as page:
        page.wait_for_load_state("networkidle")
        main = page.locator(".md-content")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        for control in main.locator("button:visible, select:visible, summary:visible").all():
            box = control.bounding_box()
            assert box is not None
            assert box["height"] >= 39.5, control.inner_text()


@pytest.mark.parametrize("path", ["drill", "today"])
def test_from_a_disk(chromium: Browser, drilled: Built, tmp_path: Path, path: str) -> None:
    folder = tmp_path / "安规库 副本"
    shutil.copytree(drilled.roots.site, folder)
    at = (folder / path / "index.html").as_uri()
    with opened(chromium, "file:///", at.removeprefix("file:///") + f"?post={POST_ID}") as page:
        if path == "today":
            _sheet(page)
            with page.expect_download():
                page.locator(".kb-sheet-tools").get_by_role("button", name="存为图片").click()
            return
        page.get_by_role("button", name="开始").click()
        page.keyboard.press("Space")
        page.locator(".kb-quote blockquote").wait_for()
        page.keyboard.press("1")
        assert len(_state(page)["cards"]) == 1  # type: ignore[arg-type]


def test_hostile_words_are_text(chromium: Browser, address: str) -> None:
    with opened(chromium, address, CARDS, day=DAY) as page:
        page.evaluate("kb.parts['drill/practice'] = undefined")
        page.evaluate(
            """() => {
              const bad = '<img src=x onerror="window.bad=1">';
              const card = { k: "lamp-tester/x#1/a", h: "ab", ask: bad, about: bad, units: [],
                lines: [{ t: bad, card: bad, only: bad }], id: "x@2020-01-01#1", cite: bad };
              const versions = { "x@2020-01-01": { page: "docs/none/", title: bad,
                spans: [[null, null, "现行", bad, bad]] } };
              kb.parts["drill/lamp-tester"] = { promise: Promise.resolve({ id: "lamp-tester",
                name: bad, cards: [card], versions }) };
              kb.parts["docs/none/clauses"] = { promise: Promise.resolve({ units: {
                1: [bad, bad, 0, []] } }) };
            }"""
        )
        page.get_by_role("tab", name="做题").focus()
        page.get_by_role("tab", name="记要点").click()
        page.get_by_role("button", name="开始（1 张）").click()
        page.keyboard.press("Space")
        page.locator(".kb-quote").wait_for()
        assert page.locator(".kb-card img").count() == 0
        assert page.evaluate("window.bad") is None
