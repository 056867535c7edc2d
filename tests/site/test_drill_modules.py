"""The drill's modules in Chromium: breaking lines, judging answers, boxes, pictures, 投影."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from kb.roots import shipped_dir
from kb.sitegen.bundle import bundle, read_modules
from tests.site.browsing import opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

_ENTRY = """
import { atoms, linesOf, piecesOf } from "./drill/breaks.js";
import { blankRight, lettersRight } from "./drill/answers.js";
import { answered, cleanDrill, dayAfter, forgive, grade, learned } from "./drill/boxes.js";
import { mergeDrill, moved, sorted, streak } from "./drill/boxes.js";
import { drawn, fitting } from "./drill/bank.js";
import { chance, shuffled } from "./drill/chance.js";
import { turnOf } from "./drill/today.js";
import { pngsOf } from "./drill/png.js";
import { openShow } from "./drill/show.js";
import { paperOf } from "./drill/paper.js";
window.t = {
  atoms, linesOf, piecesOf, blankRight, lettersRight, answered, cleanDrill, dayAfter, forgive,
  grade, learned, mergeDrill, moved, sorted, streak, drawn, fitting, chance, shuffled, turnOf,
  pngsOf, openShow, paperOf,
};
"""
_NO_START = "，。、；：？！）》〉」』”’】％‰℃%"
_NO_END = "（《〈「『“‘【"
_TEXT = (
    "测灯工应在每班开始前用量杆量出灯罩与窗台的间隔，间隔不应小于0.25 m（室外灯架不应小于1.5 m），"
    "并按照《测试灯具测灯规程》（GB 88888—2020）4.1的做法填写灯表；"
    "灯罩温度达到60 ℃或风速超过10.5 m/s时，应停止测灯，30 min后再量，连续3次合格才可点灯。"
)


@pytest.fixture
def page(chromium: Browser, origin: str) -> Iterator[Page]:
    """A page of the site with the modules under `t`."""
    with opened(chromium, origin, "about/", viewport={"width": 1280, "height": 720}) as page:
        modules = read_modules(shipped_dir() / "site/assets/modules") | {"t.js": _ENTRY}
        page.evaluate(bundle(modules, "t.js"))
        yield page


# --- lines ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", range(10, 40))
def test_lines_break_where_chinese_may(page: Page, width: int) -> None:
    measure = "(s) => Array.from(s).reduce((n, c) => n + (c < '\\u3000' ? 0.5 : 1), 0)"
    lines = page.evaluate(f"([s, w]) => t.linesOf(s, w, {measure})", [_TEXT, width])
    assert "".join(lines).replace(" ", "") == _TEXT.replace(" ", "")
    for line in lines[1:]:
        assert line[0] not in _NO_START, lines
    for line in lines[:-1]:
        assert line[-1] not in _NO_END, lines
    joined = "\n".join(lines)
    for whole in ("0.25 m", "1.5 m", "60 ℃", "10.5 m/s", "30 min", "3次"):
        assert whole in joined, whole


def test_no_character_stands_alone_on_the_last_line(page: Page) -> None:
    lines = page.evaluate("(s) => t.linesOf(s, 10, (w) => w.length)", "测灯之前先把灯架的电断")
    assert lines == ["测灯之前先把灯架的", "电断"]


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("高度不应小于0.25 m。", "0.25 m。"),
        ("坡度为3‰～5‰", "3‰～5‰"),
        ("见GB 88888—2020", "GB 88888—2020"),
        ("应设（　　）灯", "（　　）"),
        ("每2个月一次", "2个月"),
        ("填____处", "____"),
        ("（灯）", "（灯）"),
        ("量杆——长杆", "杆——"),
        ("10 kV以上", "10 kV"),
        ("≥1.5 m的", "≥1.5 m"),
    ],
)
def test_atoms(page: Page, text: str, whole: str) -> None:
    found = page.evaluate("(s) => t.atoms(s)", text)
    assert "".join(found) == text
    assert whole in found


def test_pieces_lose_nothing(page: Page) -> None:
    text = f"{_TEXT}\n——甲灯；\n——乙灯。"
    for level in range(4):
        pieces = page.evaluate("([s, l]) => t.piecesOf(s, l, 12)", [text, level])
        assert "".join(pieces) == text.replace("\n", "")
    coarse = page.evaluate("(s) => t.piecesOf(s, 0, 12)", text)
    assert coarse == text.split("\n")


# --- answers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "answer", "right", "hint"),
    [
        ("0.3 m", "0.3 m", True, False),
        ("0.3m", "0.3 m", True, False),
        ("０．３　ｍ", "0.3 m", True, False),
        ("0.3米", "0.3 m", True, False),
        ("零点三米", "0.3 m", True, False),
        ("0.30 m", "0.3 m", True, False),
        ("三十日", "30日", True, False),
        ("30天", "三十日", True, False),
        ("百分之四十", "40%", True, False),
        ("40％", "百分之四十", True, False),
        ("三个月", "3个月", True, False),
        ("两年", "二年", True, False),
        ("20万元", "二十万元", True, False),
        ("不小于0.3 m", "0.3 m", True, False),
        ("8公里/小时", "8 km/h", True, False),
        ("摄氏度60", "60 ℃", False, False),
        ("45分钟", "45 min", True, False),
        ("每月", "每月", True, False),
        ("0.3", "0.3 m", True, True),
        ("0.4 m", "0.3 m", False, False),
        ("0.3 mm", "0.3 m", False, False),
        ("3 m", "0.3 m", False, False),
        ("", "0.3 m", False, False),
        ("13", "3年", False, False),
        ("30‰", "30%", False, False),
        ("每季度", "每月", False, False),
        ("《灯表》", "灯表", True, False),
    ],
)
def test_blank(page: Page, given: str, answer: str, right: bool, hint: bool) -> None:
    found = page.evaluate("([g, a]) => t.blankRight(g, a)", [given, answer])
    assert (found["right"], bool(found["hint"])) == (right, hint)


@pytest.mark.parametrize(
    ("given", "answer", "right"),
    [(["B", "A"], "AB", True), (["A"], "AB", False), (["A", "B", "C"], "AB", False)],
)
def test_letters(page: Page, given: list[str], answer: str, right: bool) -> None:
    assert page.evaluate("([g, a]) => t.lettersRight(g, a)", [given, answer]) is right


# --- boxes ----------------------------------------------------------------------------------------

DAY = "2026-11-22"


@pytest.mark.parametrize(
    ("box", "grade", "now"),
    [
        (0, 1, [1, "2026-11-23"]),
        (1, 1, [2, "2026-11-24"]),
        (3, 1, [4, "2026-11-30"]),
        (6, 1, [6, "2026-12-24"]),
        (0, 2, [1, "2026-11-23"]),
        (5, 2, [5, "2026-11-23"]),
        (6, 3, [0, DAY]),
    ],
)
def test_moved(page: Page, box: int, grade: int, now: list[Any]) -> None:
    assert page.evaluate("([b, g, d]) => t.moved(b, g, d)", [box, grade, DAY]) == now


def test_progress_is_kept_and_a_changed_card_is_told(page: Page) -> None:
    cards = [{"k": f"lamp-tester/ceshi#4.{n}/aa", "h": "abcd1234"} for n in range(4)]
    said = page.evaluate(
        """([cards, day]) => {
          t.grade(cards[0], 1, day); t.grade(cards[1], 3, day);
          for (let i = 0; i < 4; i++) t.grade(cards[2], 1, day);
          cards[0].h = "ffff0000";
          const s = t.sorted(cards, t.learned(), day);
          const names = (list) => list.map((c) => cards.indexOf(c));
          const days = t.learned().days.get(day);
          return [names(s.due), names(s.fresh), names(s.changed), s.known, days];
        }""",
        [cards, DAY],
    )
    # changed ones come again, and keep their box
    assert said == [[0, 1], [3], [0], 1, 6]
    assert page.evaluate("(k) => t.learned().cards.get(k)[0]", cards[0]["k"]) == 1


def test_wrong_ones_go_after_two_right_answers(page: Page) -> None:
    said = page.evaluate(
        """(day) => {
          const id = "0123456789ab", now = () => t.learned().wrong.get(id) || null, out = [];
          [true, false, false, true, false, true, true].forEach((r) => {
            t.answered(id, r, day);
            out.push(now());
          });
          t.answered(id, false, day); t.forgive([id]); out.push(now());
          return out;
        }""",
        DAY,
    )
    assert said == [
        None,
        [1, DAY, 0],
        [2, DAY, 0],
        [2, DAY, 1],
        [3, DAY, 0],
        [3, DAY, 1],
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("days", "n"),
    [([], 0), ([DAY], 1), (["2026-11-21"], 1), (["2026-11-20"], 0),
     (["2026-11-20", "2026-11-21", DAY], 3)],
)  # fmt: skip
def test_streak(page: Page, days: list[str], n: int) -> None:
    pairs = [[d, 1] for d in days]
    assert page.evaluate("([d, now]) => t.streak(new Map(d), now)", [pairs, DAY]) == n


HOSTILE = [
    "null",
    "[]",
    "7",
    '"x"',
    '{"cards": 3, "wrong": [], "days": null, "post": {}}',
    '{"cards": {"__proto__": [1, "2026-11-22", "ab"], "a b": [1, "2026-11-22", "ab"]}}',
    '{"cards": {"p/d#1/x": [99, "2026-11-22", "ab"], "p/d#2/x": [1, "soon", "ab"]}}',
    '{"cards": {"p/d#3/x": [1, "2026-11-22", "<b>"]}}',
    '{"wrong": {"zz": [1, "2026-11-22", 0], "0123456789ab": [-1, "2026-11-22", 0]}}',
    '{"days": {"x": 1, "2026-11-22": -4, "2026-02-30": 1}}',
    '{"post": "<script>"}',
    "{broken",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_not_progress_is_left_out(page: Page, text: str) -> None:
    state = page.evaluate(
        """(text) => {
          localStorage.setItem("kb:drill", text);
          const s = t.learned();
          const kept = t.grade({ k: "p/d#1/x", h: "ab" }, 1);
          return [s.cards.size, s.wrong.size, s.days.size, s.post, kept, t.learned().cards.size];
        }""",
        text,
    )
    assert state == [0, 0, 0, "", True, 1]


def test_full_storage_keeps_progress_for_the_page(page: Page) -> None:
    said = page.evaluate(
        """() => {
          Storage.prototype.setItem = () => {
            throw new DOMException("full", "QuotaExceededError");
          };
          return [t.grade({ k: "p/d#1/x", h: "ab" }, 1), t.learned().cards.size];
        }"""
    )
    assert said == [False, 1]


# --- chance ---------------------------------------------------------------------------------------


def test_every_line_has_its_turn_before_one_comes_again(page: Page) -> None:
    found = page.evaluate(
        """() => {
          const list = Array.from({ length: 12 }, (_, i) => i);
          return [22, 23, 24, 25].map((d) => t.turnOf(list, 3, "post", "2026-11-" + d));
        }"""
    )
    # any four days that follow each other, from wherever the round stands
    assert sorted(itertools.chain(*found)) == list(range(12))
    assert page.evaluate("() => t.turnOf(['a', 'b'], 3, 'x', '2026-11-22').length") == 2
    assert page.evaluate("() => t.turnOf([], 3, 'x', '2026-11-22')") == []


def test_chance_is_the_same_everywhere(page: Page) -> None:
    # worked out by hand from the definition of mulberry32
    a = 7 + 0x6D2B79F5 & 0xFFFFFFFF
    mix = (a ^ a >> 15) * (a | 1) & 0xFFFFFFFF
    mix ^= mix + ((mix ^ mix >> 7) * (mix | 61) & 0xFFFFFFFF) & 0xFFFFFFFF
    assert page.evaluate("() => t.chance(7)()") == (mix ^ mix >> 14) / 2**32


def test_a_clause_comes_again_only_when_no_other_is_left(page: Page) -> None:
    items = [{"id": f"d#{n % 4}", "item": n} for n in range(12)]
    for seed in range(5):
        found = page.evaluate("([i, s]) => t.drawn(i, 6, t.chance(s))", [items, seed])
        assert len({i["id"] for i in found[:4]}) == 4
        assert len(found) == 6


# --- pictures -------------------------------------------------------------------------------------


def _sheet(lines: int) -> dict[str, Any]:
    blocks: list[dict[str, Any]] = [
        {"kind": "mark", "text": "要点（非原文）"},
        {"kind": "head", "text": "作业前"},
    ]
    for _ in range(lines):
        blocks += [
            {"kind": "item", "text": _TEXT},
            {"kind": "cite", "text": "《测试灯具测灯规程》4.1"},
        ]
    return {"title": "测灯工 岗位操作卡", "blocks": blocks, "foot": "安规库　生成于今天"}


_SIZES = """async (sheet) => {
  const out = [];
  for (const blob of [].concat(await t.pngsOf(sheet))) {
    const image = await createImageBitmap(blob);
    const canvas = document.createElement("canvas");
    canvas.width = image.width; canvas.height = image.height;
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    const dark = (y, h) => {
      const data = context.getImageData(0, y, image.width, h).data;
      let n = 0;
      for (let i = 0; i < data.length; i += 4) n += data[i] < 128;
      return n;
    };
    const edge = context.getImageData(image.width - 40, 20, 40, image.height - 20).data;
    let over = 0;
    for (let i = 0; i < edge.length; i += 4) over += edge[i] < 200;
    const inked = dark(20, image.height - 20) > 500;
    const foot = dark(image.height - 130, 130) > 50;
    out.push([blob.type, image.width, image.height, inked, foot, over]);
  }
  return out;
}"""


@pytest.mark.parametrize(("lines", "least", "most"), [(0, 1, 1), (3, 1, 1), (20, 2, 4)])
def test_picture(page: Page, lines: int, least: int, most: int) -> None:
    found = page.evaluate(_SIZES, _sheet(lines))
    assert least <= len(found) <= most
    for kind, width, height, inked, foot, over in found:
        assert (kind, width) == ("image/png", 1080)
        assert 200 < height <= 4000
        assert inked
        assert foot  # name and days on every picture
        assert over == 0  # nothing runs over the right edge


def test_a_break_begins_the_next_picture(page: Page) -> None:
    sheet = _sheet(1)
    sheet["blocks"] += [
        {"kind": "break"},
        {"kind": "title", "text": "答案"},
        {"kind": "item", "text": "对"},
    ]
    assert len(page.evaluate(_SIZES, sheet)) == 2


# --- 投影 -----------------------------------------------------------------------------------------

_FITS = """() => {
  const box = document.querySelector(".kb-show-stage");
  const show = document.querySelector(".kb-show");
  const shown = Array.from(box.children).filter((n) => !n.hidden);
  const size = Math.min(...shown.map((n) => parseFloat(getComputedStyle(n).fontSize)));
  const fits = box.scrollHeight <= box.clientHeight && box.scrollWidth <= box.clientWidth;
  return [fits && show.scrollHeight <= innerHeight, size,
    Array.from(box.querySelectorAll("div:not([hidden]) p"), (p) => p.textContent).join("\\n")];
}"""
_LONG = "\n".join(f"（{n}）{_TEXT}" for n in "一二三四五六七八九十")
_ONE_SENTENCE = _TEXT.replace("；", "，").replace("。", "，") * 6


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080), (390, 844)])
@pytest.mark.parametrize("text", ["测灯前先断电", _TEXT, _LONG, _ONE_SENTENCE, "量" * 700])
def test_nothing_overflows_and_nothing_is_cut(
    page: Page, text: str, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    slides = [{"text": text, "cite": "《规程》4.1"}, {"text": "完"}]
    page.evaluate("(slides) => { t.openShow('测灯', slides) }", slides)
    seen = []
    for _ in range(200):
        fits, size, words = page.evaluate(_FITS)
        assert fits, words
        assert size >= 37.3, size  # 28 pt
        if words == "完":
            break
        seen.append(words)
        page.keyboard.press("ArrowDown")
    assert words == "完"
    assert "".join(seen).replace("\n", "") == text.replace("\n", "")
    if text in (_LONG, _ONE_SENTENCE):
        assert len(seen) > 1  # never so dense that nobody reads it


def test_short_words_grow(page: Page) -> None:
    page.evaluate("() => { t.openShow('测灯', [{ text: '测灯前先断电' }]) }")
    assert page.evaluate(_FITS)[1] > 100


def _words(page: Page) -> str:
    return str(page.evaluate(_FITS)[2])


def test_keys(page: Page) -> None:
    page.focus(".kb-q input")
    slides = [{"text": f"问{n}", "answer": f"答{n}", "cite": f"出处{n}"} for n in "甲乙丙"]
    page.evaluate("(s) => { t.openShow('问答', s) }", slides)
    assert _words(page) == "问甲"
    assert page.locator(".kb-show-count").inner_text() == "1 / 3"
    for key, words in [
        ("ArrowRight", "问乙"), ("ArrowLeft", "问甲"), ("Space", "问甲\n答甲"),
        ("PageDown", "问乙"), ("ArrowDown", "问乙\n答乙"), ("ArrowDown", "问丙"),
        ("PageUp", "问乙"), ("End", "问丙\n答丙"), ("Home", "问甲"), ("Enter", "问甲\n答甲"),
        ("ArrowUp", "问甲"),
    ]:  # fmt: skip
        page.keyboard.press(key)
        assert _words(page) == words, key
    assert page.locator(".kb-show-cite").inner_text() == "出处甲"
    page.keyboard.press("b")
    assert not page.locator(".kb-show-text").is_visible()
    page.keyboard.press("b")
    assert page.locator(".kb-show-text").is_visible()
    light = "getComputedStyle(document.querySelector('.kb-show')).backgroundColor"
    before = page.evaluate(light)
    page.keyboard.press("d")
    assert page.evaluate(light) != before
    for _ in range(9):  # focus does not leave
        page.keyboard.press("Tab")
        assert page.evaluate("Boolean(document.activeElement.closest('.kb-show'))")
    page.mouse.click(1100, 300)
    assert _words(page) == "问甲\n答甲"
    page.mouse.click(100, 300)
    assert _words(page) == "问甲"
    page.keyboard.press("Escape")
    if page.locator(".kb-show").count():  # full screen ends first
        page.keyboard.press("Escape")
    assert page.locator(".kb-show").count() == 0
    assert page.evaluate("document.activeElement.matches('.kb-q input')")
    assert page.locator("[inert]").count() == 0


def test_dialog_is_told(page: Page) -> None:
    page.evaluate("() => { t.openShow('测灯 操作卡', [{ text: '<b>断电</b>' }]) }")
    dialog = page.get_by_role("dialog", name="投影：测灯 操作卡")
    assert dialog.get_attribute("aria-modal") == "true"
    assert dialog.locator(".kb-show-text").inner_text() == "<b>断电</b>"
    assert page.locator(".kb-show-stage").get_attribute("aria-live") == "polite"
    for button in dialog.get_by_role("button").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 40
    assert page.evaluate("() => { const close = t.openShow('x', []); close(); return true }")


def test_paper_has_answers_apart(page: Page) -> None:
    item = {
        "type": "单选",
        "stem": "灯高多少（　　）。",
        "options": ["1 m", "2 m"],
        "answer": "B",
        "citation": "《规程》4.1",
    }
    asked, told = page.evaluate(
        """(item) => {
          const paper = t.paperOf([item], "卷");
          const answers = paper.querySelector(".kb-paper-answers");
          const told = answers.textContent;
          answers.remove();
          return [paper.textContent, told];
        }""",
        item,
    )
    assert "灯高多少" in asked
    assert "B．2 m" in asked
    assert "《规程》" not in asked
    assert "B　《规程》4.1" in told
