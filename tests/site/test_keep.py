"""The basket and 我的数据 in Chromium: collect, order, export, carry, and lose nothing."""

from __future__ import annotations

import json
import shutil
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
import openpyxl
import pytest

from tests.site.browsing import opened
from tests.site.conftest import Built
from tests.site.sample import LAW, NEW, NOTICE, OLD, STANDARD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

DAY = date(2026, 11, 21)
LAW_PAGE, MINE = f"docs/{LAW}/", "mine/"
THIRD = f"{LAW}@{NEW}#art-3"
ITEM = f"{LAW}@{NEW}#art-3.p1.i2"
HEIGHT = f"{STANDARD}@2020-10-11#5.2.1.1"
HOSTILE = f"{NOTICE}@2021-03-02#m-s2-k1"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


def put(page: Page, *ids: str, **comments: str) -> None:
    """A basket as an earlier visit left it; the page is loaded again."""
    basket = [{"id": i, "added": "2026-11-20", "comment": comments.get(f"c{n}", "")}
              for n, i in enumerate(ids)]  # fmt: skip
    page.evaluate("v => localStorage.setItem('kb:basket', v)", json.dumps(basket))
    page.reload()


def stored(page: Page, key: str = "basket") -> Any:
    return json.loads(page.evaluate("k => localStorage.getItem('kb:' + k)", key) or "null")


def ids(page: Page) -> list[str]:
    return [e["id"] for e in stored(page)]


def exported(page: Page, button: str) -> bytes:
    with page.expect_download() as made:
        page.click(button)
    return made.value.path().read_bytes()


def collect(page: Page, *clauses: str) -> None:
    """加入篮子 of clauses of the page that is open."""
    for clause in clauses:
        page.hover(f"[id='{clause}'] .kb-body")
        page.locator(f"[id='{clause}'] .kb-keep").click()


def test_from_a_law_to_a_document(chromium: Browser, origin: str) -> None:
    with opened(chromium, origin, LAW_PAGE, day=DAY) as page:
        collect(page, "art-3", "art-1")
        button = page.locator("#art-3 .kb-keep")
        assert button.get_attribute("aria-pressed") == "true"
        assert button.inner_text() == "已在篮子"
        assert page.locator(".kb-basket").get_attribute("aria-label") == "我的篮子，2 条"
        page.goto(f"{origin}docs/{STANDARD}/")
        collect(page, "5.2.1.1")
        page.click(".kb-basket")
        page.locator(".kb-kept").nth(2).wait_for()
        assert page.locator(".kb-basket-n").inner_text() == "3"
        made = docx.Document(BytesIO(exported(page, "[data-k=docx]")))
        lines = [p.text for p in made.paragraphs]
        start = lines.index("第三条")
        assert lines[start + 1 : start + 8] == [
            "测试单位应当做好下列事情：",
            "（一）每3个月检查一遍灯具；",
            "（二）遇有下列情形停用：",
            "1．灯罩碎裂；",
            "2．线皮破损。",
            "前款第一项的做法依照GB 99999的规定（2021年稿）。",
            "出处：《中华人民共和国测试法》第三条（2026年11月21日：现行）\n"
            f"{origin}{LAW_PAGE}{NEW}/#art-3",
        ]
        headings = [p.text for p in made.paragraphs if p.style and p.style.name == "Heading 1"]
        assert headings == ["中华人民共和国测试法", "测试灯具安装规程（GB 99999-2020）"]
        rows = [[c.text for c in r.cells] for r in made.tables[0].rows]
        assert rows[:2] == [["灯型", "高度"], ["吊灯", "≥2.5"]]


def test_xlsx_markdown_and_copy(chromium: Browser, origin: str) -> None:
    with opened(
        chromium, origin, MINE, day=DAY, permissions=["clipboard-read", "clipboard-write"]
    ) as page:
        put(page, THIRD, HEIGHT, c0="=1+1 <b>")
        page.locator(".kb-kept").nth(1).wait_for()
        sheet = openpyxl.load_workbook(BytesIO(exported(page, "[data-k=xlsx]"))).worksheets[0]
        header = [c.value for c in sheet[2]]
        first = dict(zip(header, [c.value for c in sheet[3]], strict=True))
        assert first["出处"] == "《中华人民共和国测试法》第三条"
        assert first["内容性质"] == "原文"
        assert first["效力（2026-11-21）"] == "现行"
        assert first["备注"] == "=1+1 <b>"
        assert first["编号"] == THIRD
        assert str(first["内容"]).startswith("测试单位应当做好下列事情：\n（一）")
        markdown = exported(page, "[data-k=md]").decode()
        assert "### 第三条" in markdown
        assert "| 吊灯 | ≥2.5 |" in markdown
        assert "> 备注：=1+1 \\<b\\>" in markdown
        page.click("[data-k=copy]")
        page.locator(".kb-toast", has_text="已复制 2 条").wait_for()
        text = page.evaluate("navigator.clipboard.readText()")
        assert text.startswith("《中华人民共和国测试法》第三条（2026年11月21日：现行）\n测试单位")


def test_a_rule_of_one_region_says_so(chromium: Browser, origin: str) -> None:
    with opened(
        chromium, origin, MINE, day=DAY, permissions=["clipboard-read", "clipboard-write"]
    ) as page:
        put(page, f"{NOTICE}@2021-03-02#m-s1-k1")
        assert page.locator(".kb-kept .kb-tag").inner_text() == "测试市"
        page.click("[data-k=copy]")
        page.locator(".kb-toast", has_text="已复制").wait_for()
        words = "待核；只适用于测试市"
        assert words in page.evaluate("navigator.clipboard.readText()").split("\n")[0]
        assert words in exported(page, "[data-k=md]").decode()
        sheet = openpyxl.load_workbook(BytesIO(exported(page, "[data-k=xlsx]"))).worksheets[0]
        assert words in [c.value for c in sheet[3]]


def test_order_comment_and_taking_out_by_keyboard(chromium: Browser, origin: str) -> None:
    other = f"{LAW}@{NEW}#art-1"
    with opened(chromium, origin, MINE) as page:
        put(page, THIRD, HEIGHT, other)
        focus = "document.activeElement.dataset.k || ''"

        def press(key: str, control: str) -> None:
            page.focus(f"[data-k='{control}']")
            page.keyboard.press(key)

        press("Enter", f"up:{other}")
        page.wait_for_function("document.querySelector('.kb-kept').dataset.id.endsWith('#art-1')")
        assert ids(page) == [other, THIRD, HEIGHT]
        # the button that was pressed is at its end now: the focus is on its neighbour
        assert page.evaluate(focus) == f"down:{other}"
        press("Enter", f"ddown:{LAW}@{NEW}")
        page.wait_for_function("document.querySelector('.kb-kept').dataset.id.includes('gb-')")
        assert ids(page) == [HEIGHT, other, THIRD]
        press("Enter", f"note:{THIRD}")
        page.wait_for_function(f"({focus}).startsWith('text:')")
        page.keyboard.type("<i>班前会</i>")
        assert stored(page)[2]["comment"] == "<i>班前会</i>"
        press("Enter", f"out:{other}")
        page.wait_for_function(f"({focus}) === 'undo'")
        assert ids(page) == [HEIGHT, THIRD]
        page.keyboard.press("Enter")
        page.wait_for_function("document.querySelectorAll('.kb-kept').length === 3")
        assert ids(page) == [HEIGHT, other, THIRD]
        press("Enter", "clear")
        page.wait_for_function(f"({focus}) === 'no'")
        assert len(ids(page)) == 3
        press("Enter", "yes")
        page.wait_for_function(f"({focus}) === 'undo'")
        assert ids(page) == []
        page.keyboard.press("Enter")
        page.wait_for_function("document.querySelectorAll('.kb-kept').length === 3")
        assert stored(page)[2]["comment"] == "<i>班前会</i>"
        page.reload()
        assert page.locator(".kb-k-comment").input_value() == "<i>班前会</i>"


def test_nothing_is_dropped_silently(chromium: Browser, origin: str) -> None:
    with opened(chromium, origin, MINE, day=date(2027, 2, 1)) as page:
        put(
            page, THIRD, f"{LAW}@{NEW}#art-99", f"{LAW}@1999-01-01#art-3",
            "keiner@2020-01-01#art-1", "wu-zhengwen@2019-01-01#art-2", ITEM, HOSTILE,
            f"{LAW}@{OLD}#art-1",
        )  # fmt: skip
        page.locator(".kb-kept").nth(7).wait_for()
        words = {e.get_attribute("data-id"): e.inner_text() for e in page.locator(".kb-kept").all()}
        assert "今天不是现行有效：被代替" in words[THIRD]
        assert "没有编号 art-99" in words[f"{LAW}@{NEW}#art-99"]
        gone = words[f"{LAW}@1999-01-01#art-3"]
        assert "没有1999年1月1日的版本" in gone
        assert "检查一遍灯具" not in gone
        assert "没有这份文件" in words["keiner@2020-01-01#art-1"]
        assert "没有这份文件的正文" in words["wu-zhengwen@2019-01-01#art-2"]
        assert "出处：《中华人民共和国测试法》" in words[ITEM]
        assert "第三条第一款第（二）项" in words[ITEM]
        assert "灯罩碎裂" in words[ITEM]
        assert "前款第一项" not in words[ITEM]
        assert "<script>alert(1)</script>" in words[HOSTILE]
        assert "2012年3月1日通过" in words[f"{LAW}@{OLD}#art-1"]
        text = exported(page, "[data-k=md]").decode()
        assert text.count("\n### ") == 8
        assert text.count("提示：") == sum(w.count("提示：") for w in words.values())


def test_other_tabs_follow(chromium: Browser, origin: str) -> None:
    with opened(chromium, origin, LAW_PAGE) as page:
        collect(page, "art-1")
        second = page.context.new_page()
        second.goto(origin + MINE)
        second.locator(".kb-kept").wait_for()
        collect(page, "art-3")
        second.locator(".kb-kept").nth(1).wait_for()
        second.click(f"[data-k='out:{LAW}@{NEW}#art-1']")
        page.locator("#art-1 .kb-keep[aria-pressed=false]").wait_for(state="attached")
        second.evaluate("localStorage.clear()")
        page.locator("#art-3 .kb-keep[aria-pressed=false]").wait_for(state="attached")
        second.close()


def test_a_page_that_comes_back_shows_what_was_kept_since(chromium: Browser, origin: str) -> None:
    with opened(chromium, origin, LAW_PAGE) as page:
        collect(page, "art-1")
        page.evaluate("localStorage.setItem('kb:basket', '[]')")  # on a later page of this tab
        assert page.locator(".kb-basket-n").first.inner_text() == "1"
        page.evaluate(
            "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })) && undefined"
        )
        assert page.locator(".kb-basket-n").first.inner_text() == ""
        assert page.locator("#art-1 .kb-keep").get_attribute("aria-pressed") == "false"


@pytest.mark.parametrize(
    "basket",
    [
        '{"__proto__": {"x": 1}}',
        "[null, 1, [], {}]",
        '[{"id": "<img src=x onerror=alert(1)>"}, {"id": "a@2020-01-01#b", "comment": {"a": 1}}]',
        "[",
    ],
)
def test_a_broken_basket_harms_nothing(chromium: Browser, origin: str, basket: str) -> None:
    with opened(chromium, origin, MINE) as page:
        page.evaluate("v => localStorage.setItem('kb:basket', v)", basket)
        page.goto(origin + LAW_PAGE)
        collect(page, "art-3")
        assert THIRD in ids(page)
        assert page.evaluate("({}).x") is None
        page.goto(origin + MINE)
        page.locator(f".kb-kept[data-id='{THIRD}']").wait_for()


@pytest.mark.parametrize("path", [MINE, LAW_PAGE])
def test_it_fits_a_phone(chromium: Browser, origin: str, path: str) -> None:
    with opened(chromium, origin, path, **PHONE) as page:
        put(page, THIRD, HEIGHT, HOSTILE, f"{LAW}@1999-01-01#art-3", c0="长" * 300)
        if path == MINE:
            page.locator(".kb-kept").nth(3).wait_for()
            low = page.evaluate(
                "Array.from(document.querySelectorAll('.kb-k-do'))"
                ".filter(b => b.offsetHeight && b.offsetHeight < 40).map(b => b.textContent)"
            )
            assert low == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert page.locator(".kb-basket").is_visible()


def test_print_has_the_clauses_alone(chromium: Browser, origin: str) -> None:
    with opened(chromium, origin, MINE) as page:
        put(page, THIRD, c0="讲给班组")
        page.locator(".kb-kept").wait_for()
        page.emulate_media(media="print")
        assert page.locator(".kb-kept-text").is_visible()
        assert page.locator(".kb-kept-paper", has_text="讲给班组").is_visible()
        for part in (".kb-kept-tools", ".kb-kept-do", "textarea", "[data-kb-data]", "#data"):
            assert not page.locator(part).first.is_visible(), part


# --- from a disk ----------------------------------------------------------------------------------


def test_from_a_folder_named_with_chinese_and_a_space(
    chromium: Browser, built: Built, tmp_path: Path
) -> None:
    folder = tmp_path / "安规 资料"
    shutil.copytree(built.roots.site, folder)
    origin = folder.as_uri() + "/"
    with opened(chromium, origin, f"{LAW_PAGE}index.html", day=DAY) as page:
        collect(page, "art-3")
        # as where a browser keeps a store for each file: the next page knows nothing
        page.add_init_script("if (location.href.includes('/mine/')) localStorage.clear()")
        page.click(".kb-basket")
        page.locator(f".kb-kept[data-id='{THIRD}']").wait_for()
        assert page.url == f"{origin}mine/index.html"
        assert "给每个网页文件各存一份" in page.locator("[data-kb-data]").inner_text()
        made = docx.Document(BytesIO(exported(page, "[data-k=docx]")))
        text = "\n".join(p.text for p in made.paragraphs)
        assert "每3个月检查一遍灯具" in text
        assert "file:" not in text


def test_an_address_brings_nothing_from_a_server(chromium: Browser, origin: str) -> None:
    with opened(chromium, origin, f"{MINE}#take={THIRD.replace('#', '%23')}") as page:
        page.locator("text=篮子是空的").wait_for()
        assert stored(page) is None


# --- 我的数据 -------------------------------------------------------------------------------------


def bring(page: Page, content: bytes) -> None:
    page.set_input_files(
        "#kb-import-file",
        {"name": "x.json", "mimeType": "application/json", "buffer": content},
    )


def package(**values: object) -> bytes:
    return json.dumps({"kind": "anguiku-store", "version": 1, "values": values}).encode()


def test_everything_goes_out_and_comes_in_again(chromium: Browser, origin: str) -> None:
    drill = {"cards": {}, "wrong": {"0123456789ab": [1, "2026-11-01", 0]}, "days": {}, "post": "x"}
    pasted = [{"id": f"{LAW}@{NEW}#art-1", "text": "甲", "day": "2026-11-01"}]
    with opened(chromium, origin, MINE, day=DAY) as page:
        for key, value in (("drill", drill), ("pasted", pasted), ("notes", True)):
            script = "([k, v]) => localStorage.setItem('kb:' + k, v)"
            page.evaluate(script, [key, json.dumps(value)])
        put(page, THIRD, c0="备")
        data = exported(page, "text=全部导出成文件")
        page.evaluate("localStorage.clear()")
        page.reload()
        bring(page, data)
        page.click("text=合并（两边都留")
        page.locator(".kb-kept").wait_for()
        assert stored(page)[0] == {"id": THIRD, "added": "2026-11-20", "comment": "备"}
        assert stored(page, "drill") == drill
        assert stored(page, "pasted") == pasted
        assert stored(page, "notes") is True


@pytest.mark.parametrize(("way", "kept"), [("合并", [THIRD, HEIGHT]), ("替换", [HEIGHT])])
def test_merging_and_replacing(chromium: Browser, origin: str, way: str, kept: list[str]) -> None:
    with opened(chromium, origin, MINE) as page:
        put(page, THIRD)
        bring(page, package(basket=[{"id": HEIGHT, "added": "2026-01-01"}]))
        page.locator(".kb-import", has_text="篮子 1 条").wait_for()
        assert ids(page) == [THIRD]
        page.locator(".kb-import button", has_text=way).click()
        assert ids(page) == kept
        page.click("text=撤销导入")
        assert ids(page) == [THIRD]


BAD = [{"id": THIRD, "added": "x", "comment": 5}, {"id": "nein"}, "甲", None]
UNSAFE = (
    '{"kind": "anguiku-store", "version": 1, "values": {"basket": [], "__proto__": {"x": 1},'
    ' "constructor": [], "<b>外</b>": 1}}'
)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe\x00", "读不懂"),
        (b"[]", "不是本站导出的文件"),
        (b'{"kind": "other", "version": 1, "values": {}}', "不是本站导出的文件"),
        (b'{"kind": "anguiku-store", "version": 1, "values": []}', "不是本站导出的文件"),
        (b'{"kind": "anguiku-store", "version": 9, "values": {}}', "别的版本"),
        (package(), "没有可以导入的内容"),
        (package(basket={"a": 1}, drill=[1], pasted="甲", notes="是", show=[]), "篮子的写法不对"),
        (package(basket=BAD), "篮子里有 3 条读不懂"),
        (UNSAFE.encode(), "不认识“<b>外</b>”"),
    ],
)
def test_a_hostile_file_is_refused(
    chromium: Browser, origin: str, content: bytes, words: str
) -> None:
    with opened(chromium, origin, MINE) as page:
        put(page, HEIGHT)
        bring(page, content)
        page.locator(".kb-import", has_text=words).wait_for()
        assert page.evaluate("({}).x") is None
        assert ids(page) == [HEIGHT]
        merge = page.locator(".kb-import button", has_text="合并")
        if merge.count():  # some of it is good
            merge.click()
            assert set(ids(page)) <= {HEIGHT, THIRD}


def test_a_huge_file_is_not_even_read(chromium: Browser, origin: str, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    with path.open("wb") as f:
        f.truncate(20 * 1024 * 1024 + 1)
    with opened(chromium, origin, MINE) as page:
        page.set_input_files("#kb-import-file", path)
        page.locator(".kb-import", has_text="文件太大").wait_for()


FILL = """() => {
  let chunk = 'x'.repeat(1 << 20);
  let n = 0;
  while (chunk.length) {
    try { localStorage.setItem('other' + n++, chunk); }
    catch (e) { chunk = chunk.slice(chunk.length >> 1 || 1); }
  }
}"""


def test_full_in_the_middle(chromium: Browser, origin: str) -> None:
    with opened(chromium, origin, LAW_PAGE) as page:
        collect(page, "art-1")
        page.evaluate(FILL)
        collect(page, "art-3")
        bar = page.locator(".kb-lost")
        assert "没有存下来，请导出：篮子" in bar.inner_text()
        assert len(ids(page)) == 1  # what was stored before is as it was
        # on the next page of this tab nothing is lost, and the bar says so again
        page.goto(origin + MINE)
        page.locator(".kb-kept").nth(1).wait_for()
        assert bar.is_visible()
        data = json.loads(exported(page, ".kb-lost button"))
        assert [e["id"] for e in data["values"]["basket"]] == [f"{LAW}@{NEW}#art-1", THIRD]
        # space again: the next change is stored, with everything before it
        page.evaluate("Object.keys(localStorage).forEach(k => k.startsWith('other') &&"
                      " localStorage.removeItem(k))")  # fmt: skip
        page.click(f"[data-k='out:{LAW}@{NEW}#art-1']")
        bar.wait_for(state="hidden")
        assert ids(page) == [THIRD]


OFF = """
for (const name of ['localStorage', 'sessionStorage']) {
  Object.defineProperty(window, name, {get() { throw new DOMException('off', 'SecurityError'); }});
}
"""


def test_switched_off(chromium: Browser, origin: str) -> None:
    with opened(chromium, origin, "about/") as page:
        page.add_init_script(OFF)
        page.goto(origin + LAW_PAGE)
        collect(page, "art-3")
        assert page.locator("#art-3 .kb-keep").get_attribute("aria-pressed") == "true"
        bar = page.locator(".kb-lost")
        assert "离开这一页就没有了" in bar.inner_text()
        data = json.loads(exported(page, ".kb-lost button"))
        assert data["values"]["basket"][0]["id"] == THIRD
        bar.get_by_text("收起").click()
        assert not bar.is_visible()
        page.goto(origin + MINE)
        assert "不让网页存东西" in page.locator("[data-kb-data]").inner_text()
        bring(page, json.dumps(data).encode())
        page.locator(".kb-import button", has_text="合并").click()
        page.locator(f".kb-kept[data-id='{THIRD}']").wait_for()
        assert "没有存下来" in bar.inner_text()
