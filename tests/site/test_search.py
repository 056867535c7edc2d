"""window.kb.search on the invented site: from a server, from a disk, with and without workers."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from kb.sitegen.bundle import bundle, read_modules
from kb.sitegen.ints import LAST, pack, widths
from tests.site.browsing import opened
from tests.site.conftest import Built
from tests.site.sample import AS_OF, LAW, NEW, NOTICE, OLD, STANDARD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ASK = """([query, options]) =>
  window.kb.search(query, options).catch((e) => ({ error: e.message }))"""
NUMBERS = (0, 1, LAST - 1, LAST, 32 * LAST - 1, 32 * LAST, 32 * 32 * LAST, 2**24, 2**32 - 1)


def ask(page: Page, query: str, **options: Any) -> Any:
    return page.evaluate(ASK, [query, {"asOf": AS_OF.isoformat(), **options}])


def ids(hits: list[dict[str, Any]]) -> list[str]:
    return [h["id"] for h in hits]


@pytest.mark.browser
def test_a_hit_has_what_the_contract_says(chromium: Browser, origin: str) -> None:
    with opened(chromium, origin, "about/") as page:
        (hit,) = ask(page, "走道多高", top=1)
    assert hit["id"] == f"{STANDARD}#5.2.1.1"
    assert hit["rank"] == 1
    assert 0 < hit["score"] <= 1
    assert hit["doc"] == {
        "id": STANDARD,
        "title": "测试灯具安装规程",
        "short": "GB 99999-2020",
        "number": "GB 99999-2020",
        "kind": "standard",
        "region": "",
        "status": "现行",
    }
    assert hit["citation"] == "《测试灯具安装规程》（GB 99999—2020）5.2.1.1"
    assert (hit["in_force"], hit["gist"]) == ("2021-09-01", None)
    assert hit["url"] == f"{origin}docs/{STANDARD}/#5.2.1.1"
    start, end = hit["highlights"][0]
    assert hit["text"][start:end] in ("走道", "高")
    assert hit["why"]["meaning"] > 0
    assert hit["why"]["fields"]["text"] > 0


@pytest.mark.browser
@pytest.mark.parametrize("workers", [True, False])
def test_from_a_disk_in_a_folder_with_a_space(
    chromium: Browser, built: Built, tmp_path: Path, workers: bool
) -> None:
    folder = tmp_path / "安规库 副本"
    shutil.copytree(built.roots.site, folder)
    with opened(chromium, f"{folder.as_uri()}/", "about/index.html") as page:
        if not workers:
            page.evaluate("void (window.Worker = function () { throw new Error('no'); })")
        hits = ask(page, "测试法第三条")
        assert ids(hits)[0] == f"{LAW}#art-3"
        assert hits[0]["url"] == f"{folder.as_uri()}/docs/{LAW}/index.html#art-3"
        page.goto(hits[0]["url"])
        assert page.locator("#art-3").is_visible()


@pytest.mark.browser
@pytest.mark.parametrize(
    "refused",
    [
        "window.Worker = undefined",
        "void (window.Worker = function () { throw new Error('refused'); })",
        # forbidden by a policy: told by an event
        "void (window.Worker = function () { this.postMessage = () => {};"
        " setTimeout(() => this.onerror(new Event('error'))); })",
        # started, and cannot run what it was sent
        "void (window.Worker = function () { this.postMessage = () =>"
        " this.onmessage({ data: { broken: 'RegExp' } }); })",
    ],
)
def test_without_workers_the_page_finds_the_same(
    chromium: Browser, origin: str, refused: str
) -> None:
    asked = ("每3个月检查灯具", "灯法 第25条之一", "夜里")
    with opened(chromium, origin, "about/") as page:
        in_worker = [ask(page, q) for q in asked]
        page.reload()
        page.evaluate(refused)
        assert [ask(page, q) for q in asked] == in_worker
        assert page.evaluate("typeof window.kb.openEngine") == "function"


@pytest.mark.browser
def test_a_worker_that_breaks_keeps_nobody_waiting(chromium: Browser, origin: str) -> None:
    with opened(chromium, origin, "about/") as page:
        page.evaluate(
            """() => {
              const Own = window.Worker;
              window.Worker = function (url) { return (window.made = new Own(url)); };
            }"""
        )
        before = ask(page, "走道多高", top=1)
        told = page.evaluate(
            """() => {
              window.made.postMessage = () => {};
              const found = window.kb.search("走道多高").catch((e) => e.message);
              setTimeout(() => window.made.dispatchEvent(new Event("error", { cancelable: true })));
              return found;
            }"""
        )
        assert told == "检索中断了"
        assert ask(page, "走道多高", top=1) == before


@pytest.mark.browser
def test_nothing_is_loaded_before_somebody_searches(chromium: Browser, origin: str) -> None:
    with opened(chromium, origin, "about/") as page:
        page.wait_for_load_state("networkidle")
        loaded: list[str] = []
        page.on("request", lambda r: loaded.append(r.url.removeprefix(origin).partition("?")[0]))
        assert ask(page, " \n ") == []
        assert loaded == []
        assert page.evaluate("window.kb.warm()") is True
        assert "assets/kb/s/encoder.js" in loaded
        assert not any(name.startswith("docs/") for name in loaded)
        ask(page, "走道多高", top=1)
        own = f"docs/{STANDARD}/"
        assert {n for n in loaded if n.startswith("docs/")} == {
            f"{own}clauses.js",
            f"{own}extras.js",
        }
        loaded.clear()
        ask(page, "走道多高", top=1)
        assert loaded == []


@pytest.mark.browser
def test_a_file_that_cannot_be_read_is_told_and_tried_again(chromium: Browser, origin: str) -> None:
    with opened(chromium, origin, "about/", service_workers="block") as page:
        # a request that fails would be a console error of the browser's own: nothing comes instead
        pattern = "**/s/names.js*"
        page.route(pattern, lambda r: r.fulfill(body="", content_type="text/javascript"))
        assert ask(page, "走道")["error"] == "读不到 assets/kb/s/names.js"
        page.unroute(pattern)
        assert ids(ask(page, "走道"))[0] == f"{STANDARD}#5.2.1.1"


@pytest.mark.browser
def test_validity_is_of_the_readers_day(chromium: Browser, origin: str) -> None:
    with opened(chromium, origin, "about/", day=date(2020, 1, 1)) as page:
        page.clock.resume()
        today = page.evaluate("window.kb.search('测试法第一条')")
        assert (today[0]["version"], today[0]["doc"]["status"]) == (OLD, "现行")
        later = ask(page, "测试法第一条", asOf="2022-01-01")
        assert (later[0]["version"], later[0]["doc"]["status"]) == (NEW, "现行")
        assert "2012年3月1日通过" not in today[0]["citation"]


@pytest.mark.browser
def test_filters_and_notices(chromium: Browser, origin: str) -> None:
    with opened(chromium, origin, "about/") as page:
        found = ask(page, "灯具 检查", filters={"kind": "标准"})
        assert {h["doc"]["id"] for h in found} == {STANDARD}
        found = ask(
            page, "灯具 检查", filters={"docs": ["灯法", "检查灯具的通知"], "region": "测试市"}
        )
        assert {h["doc"]["id"] for h in found} <= {LAW, NOTICE}
        refused = ask(page, "灯具", filters={"statuses": "旧的"})
        assert refused["error"].startswith("没有这种效力：'旧的'。可用：现行、")
        (hit, *_) = ask(page, "测试法第九十九条 灯具")
        assert hit["why"]["notice"].startswith("《测试法》没有第九十九条（共 ")


@pytest.mark.browser
def test_words_that_look_like_code_are_words(chromium: Browser, origin: str) -> None:
    hostile = "<img src=x onerror=alert(1)> __proto__ constructor ${x} \u2028 \ud800 " + "灯" * 5000
    with opened(chromium, origin, "about/") as page:
        found = ask(page, hostile)
        assert all(h["why"]["truncated"]["used"] == 300 for h in found)
        for word in ("__proto__", "constructor", "toString", "\x00", "\ud83d"):
            assert isinstance(ask(page, word), list), word
        assert "没有这个岗位" in ask(page, "灯", filters={"post": "__proto__"})["error"]
        assert "没有这一类文件" in ask(page, "灯", filters={"kind": "constructor"})["error"]
        assert len(ask(page, "灯", top=1e9)) < 50
        assert len(ask(page, "灯", top="x")) <= 10


# --- numbers as text ----------------------------------------------------------------------------


def test_numbers_take_few_characters() -> None:
    assert pack([]) == ""
    assert len(pack(range(LAST))) == LAST
    assert list(widths(np.array(NUMBERS))) == [len(pack([n])) for n in NUMBERS]
    with pytest.raises(ValueError, match="negative"):
        pack([3, -1])


@pytest.mark.browser
def test_numbers_come_back(chromium: Browser, repo: Path) -> None:
    modules = read_modules(repo / "site" / "assets" / "modules")
    modules["t.js"] = (
        'import { sums, unpack } from "./search/ints.js";\nwindow.t = { sums, unpack };\n'
    )
    drawn = np.random.default_rng(1).integers(0, 2**32, 1000, dtype=np.int64)
    numbers = [*NUMBERS, *(int(n) >> int(s) for n, s in zip(drawn, drawn % 32, strict=True))]
    page = chromium.new_page()
    page.evaluate(bundle(modules, "t.js"))
    assert page.evaluate("x => Array.from(window.t.unpack(x))", pack(numbers)) == numbers
    head = len(pack(numbers[:3]))
    tail = page.evaluate("([x, i]) => Array.from(window.t.unpack(x, i))", [pack(numbers), head])
    assert tail == numbers[3:]
    assert page.evaluate("Array.from(window.t.sums([1, 0, 2]))") == [0, 1, 1, 3]
    page.close()
