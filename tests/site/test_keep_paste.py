"""粘贴原文: figures of a note against those of a pasted text, and the page that offers it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kb.measures import SPELLINGS
from kb.notes import Line, Note
from kb.sitegen.bundle import bundle, read_modules
from kb.sitegen.paste_data import figures_of, unit_words
from kb.sitegen.search_text import fold_tables
from tests.site.browsing import opened
from tests.site.conftest import Built

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

MISSING, PAGE = "wu-zhengwen@2019-01-01", "docs/wu-zhengwen/"


def note(gist: str, *lines: str) -> Note:
    made = [Line("art-1", "operation", text, "worker", "must") for text in lines]
    return Note(f"{MISSING}#art-1", "0" * 12, gist, lines=tuple(made))


@pytest.mark.parametrize(
    ("gist", "figures"),
    [
        ("灯离地不小于2.5 m", [("不小于 2.5 m", 2.5, None, "m")]),
        ("坡度2.5‰～5‰", [("坡度 2.5~5 ‰", 0.25, 0.5, "%")]),
        ("罚二十万元以上一百万元以下", [("200000~1000000 元", 200000, 1000000, "元")]),
        ("灯每季度看一遍", [("每季度", 3, None, "月")]),
        ("半年换一回灯泡", [("每 0.5 年", 6, None, "月")]),
        ("第三条的灯", []),
    ],
)
def test_figures_of_a_note(gist: str, figures: list[tuple[Any, ...]]) -> None:
    found = figures_of(note(gist))
    assert [(f["t"], f["v"], f.get("x"), f["u"]) for f in found] == figures
    # only what may be said without a number has words for it
    assert [f for f in found if "w" in f] == [f for f in found if f["t"].startswith("每")]


def test_a_figure_said_twice_is_listed_once() -> None:
    found = figures_of(note("灯高不小于2.5 m", "把灯挂到2.5 m以上", "3人一起挂"))
    assert [(f["v"], f["s"]) for f in found] == [(2.5, 0), (3, 2)]


def test_units_are_brought_to_one_base() -> None:
    units = unit_words(SPELLINGS)
    assert units["米"] == (1, "m")
    assert units["厘米"] == (0.01, "m")
    assert units["季度"] == (3, "月")
    assert "千米" not in units  # folds to metres


# --- the comparison in the browser ----------------------------------------------------------------

ENTRY = """
import { makeChecker } from "./keep/figures.js";
window.makeChecker = makeChecker;
"""


@pytest.fixture(scope="module")
def checker(chromium: Browser, repo: Path) -> Iterator[Page]:
    modules = {**read_modules(repo / "site" / "assets" / "modules"), "t.js": ENTRY}
    page = chromium.new_page()
    page.evaluate(bundle(modules, "t.js"))
    data = {"fold": fold_tables(), "units": unit_words(SPELLINGS)}
    page.evaluate("d => { window.checker = makeChecker(JSON.parse(d)); }", json.dumps(data))
    yield page
    page.close()


def checked(page: Page, gist: str, text: str) -> dict[str, Any]:
    made = note(gist)
    clause = {"said": [made.gist], "figures": figures_of(made)}
    result: dict[str, Any] = page.evaluate("([c, t]) => checker.check(c, t)", [clause, text])
    return result


@pytest.mark.browser
@pytest.mark.parametrize(
    ("gist", "text", "agree", "differ", "unsure"),
    [
        ("灯离地不小于2.5 m", "灯具距地面不小于２．５米", 1, [], 0),
        ("灯离地不小于2.5 m", "灯具距地面不应小于250 cm", 1, [], 0),
        ("灯离地不小于2.5 m", "灯具距地面不小于2.4 m", 0, [["2.4 m"]], 0),
        ("灯离地不小于2.5 m", "灯具距地面应当够高", 0, [[]], 0),
        ("灯离地不小于2.5 m", "灯型 | 高度\n吊灯 | 2.5", 0, [], 1),
        ("留灯3年", "保存期限不少于三年", 1, [], 0),
        ("留灯3年", "保存期限不少于2021年起的两年", 0, [["两年"]], 0),
        ("留灯3年", "第3条保存期限按年算", 0, [[]], 0),
        ("坡度不大于45‰", "坡度不大于45%", 0, [["45%"]], 0),
        ("坡度不大于45‰", "坡度不大于千分之四十五", 1, [], 0),
        ("罚二十万元以上一百万元以下", "处20万元以上100万元以下", 1, [], 0),
        ("罚二十万元以上一百万元以下", "处二十万元以上五十万元以下", 0, [["五十万元"]], 0),
        ("高度1.2～1.6米", "高1.2m～1.6m，中间1.4m", 1, [], 0),
        ("高度1.2～1.6米", "高1.2至1.6 m", 1, [], 0),
        ("灯每季度看一遍", "每个季度检查一次", 1, [], 0),
        ("灯每季度看一遍", "每月检查一次", 0, [[]], 0),
        ("半年换一回灯泡", "每半年更换", 1, [], 0),
        ("灯绳安全系数不小于6.5", "安全系数应不小于 6.5", 1, [], 0),
        ("灯绳安全系数不小于6.5", "见6.5.2.1", 0, [[]], 0),
        ("长宽比不大于1/3", "不大于三分之一", 1, [], 0),
    ],
)
def test_comparison(
    checker: Page, gist: str, text: str, agree: int, differ: list[list[str]], unsure: int
) -> None:
    result = checked(checker, gist, text)
    assert len(result["agree"]) == agree
    assert [d["found"] for d in result["differ"]] == differ
    assert len(result["open"]) == unsure


@pytest.mark.browser
def test_what_the_note_lacks_is_told(checker: Page) -> None:
    result = checked(checker, "灯离地不小于2.5 m", "灯离地2.5 m，灯距 8 m，3 根线，第5条")
    assert result["more"] == ["8 m", "3 根"]


# --- the page -------------------------------------------------------------------------------------

GIST = "灯离地不小于2.5 m"
HOSTILE = "<img src=x onerror=alert(1)> 距地面不小于2.4 m\n第二段"


@pytest.fixture
def part(built: Built) -> str:
    """The data file of the document without text, as it would be with one note."""
    text = (built.roots.site / PAGE / "paste.js").read_text(encoding="utf-8")
    head, _, tail = text.partition(",")
    data = json.loads(tail.rstrip().removesuffix(");"))
    assert data["ref"] == MISSING
    assert data["clauses"] == {}
    made = note(GIST)
    clause = {"label": "第一条", "said": [GIST], "figures": figures_of(made)}
    data["clauses"] = {"art-1": clause}
    return f"{head},{json.dumps(data, ensure_ascii=False)});"


@pytest.mark.browser
def test_pasting(chromium: Browser, origin: str, part: str) -> None:
    day = date(2026, 11, 21)
    with opened(chromium, origin, "", day=day, service_workers="block") as page:
        page.route("**/docs/wu-zhengwen/paste.js*", lambda r: r.fulfill(
            body=part, content_type="text/javascript"))  # fmt: skip
        page.goto(origin + PAGE)
        page.click("[data-kb-paste] button")
        box = page.locator(f".kb-paste-one[data-id='{MISSING}#art-1']")
        assert "要点（非原文）" in box.inner_text()
        box.get_by_text("粘贴原文").click()
        box.get_by_text("保存").click()
        assert "没有内容" in box.get_by_role("alert").inner_text()
        box.locator("textarea").fill(HOSTILE)
        box.get_by_text("保存").click()
        text = box.inner_text()
        assert "用户录入，2026年11月21日" in text
        assert "<img src=x onerror=alert(1)>" in text
        assert "数值不同：要点 不小于 2.5 m，粘贴 2.4 m（请核对原文）" in text
        box.locator(".kb-keep").click()
        # it is there again, with its mark, on the pages that keep it
        page.goto(origin + PAGE)
        page.locator(".kb-k-pasted", has_text="第二段").wait_for()
        page.goto(origin + "mine/")
        entry = page.locator(".kb-kept")
        assert "用户录入，2026年11月21日，不是本站收录的原文" in entry.inner_text()
        assert "第二段" in entry.inner_text()
        with page.expect_download() as made:
            page.click("[data-k=md]")
        exported = made.value.path().read_text(encoding="utf-8")
        assert exported.index("【用户录入，2026年11月21日") < exported.index("第二段")
        # deleting can be undone
        page.locator("[data-kb-pasted] button", has_text="删除").click()
        page.locator("[data-kb-pasted] button", has_text="撤销").click()
        page.locator("[data-kb-pasted] section", has_text="第一条").wait_for()


@pytest.mark.browser
def test_a_text_may_be_kept_without_any_note(chromium: Browser, origin: str) -> None:
    with opened(chromium, origin, PAGE) as page:
        page.click("[data-kb-paste] button")
        box = page.locator(f".kb-paste-one[data-id='{MISSING}#full']")
        box.get_by_text("粘贴原文").click()
        box.locator("textarea").fill("随便写的一段。")
        box.get_by_text("保存").click()
        assert "未核对" in box.inner_text()
        # it is no law: searching does not find it
        assert (
            page.evaluate(
                "window.kb.search('随便写的一段', {top: 5}).then(h => JSON.stringify(h))"
            ).find("随便写")
            < 0
        )
