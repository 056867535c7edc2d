"""The browser folds, cuts and encodes as Python does: in a worker, out of the data files."""

from __future__ import annotations

import base64
import itertools
import json
import random
import shutil
import sys
import threading
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from kb.encoders import StaticEncoder
from kb.fold import UNIT_SYMBOLS, UNIT_WORDS, UNITS, fold, fold_text
from kb.numerals import zh_to_int
from kb.sitegen.bundle import bundle, read_modules
from kb.sitegen.preview import make_server
from kb.sitegen.search_text import ENCODER_KEY, TOKENIZER_KEY, write_text_parts
from kb.tokenizer import Tokenizer
from tests.conftest import need
from tests.site.browsing import opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

PAGE = f"""
import {{ part }} from "./core/site.js";
window.begin = async () => {{
  const worker = new Worker("worker.js");
  const told = () => new Promise((resolve, reject) => {{
    worker.onmessage = (e) => resolve(e.data);
    worker.onerror = (e) => reject(new Error(e.message));
  }});
  window.ask = (call, values) => {{
    const answer = told();
    worker.postMessage([call, values]);
    return answer;
  }};
  const parts = [await part("{TOKENIZER_KEY}"), await part("{ENCODER_KEY}")];
  await window.ask("open", parts);
}};
"""
WORKER = """
import { makeFold } from "./text/fold.js";
import { zhDigits } from "./text/numerals.js";
import { openText } from "./text/open.js";
let text;
let plain;
const flat = (spans) => spans.map((s) => [s.word, s.start, s.end]);
const calls = {
  open(parts) {
    text = openText(parts[0], parts[1]);
    plain = makeFold(parts[0].fold, false);
    return text.encoder.dimension;
  },
  fold: (values) => values.map((v) => {
    const folded = text.folding.fold(v);
    return [folded.text, folded.offsets.flat()];
  }),
  foldText: (values) => values.map(text.folding.foldText),
  plain: (values) => values.map(plain.foldText),
  views: (values) => values.map((v) => {
    const views = text.tokenizer.views(v);
    return [views.words, views.pairs, views.chars];
  }),
  words: (values) => values.map(text.tokenizer.words),
  spans: (values) => values.map((v) => flat(text.tokenizer.spans(v))),
  marks: (values) => values.map(([v, wanted]) => flat(text.tokenizer.marks(v, new Set(wanted)))),
  encode: (values) => values.map(text.tokenizer.encode),
  vectors: (values) => values.map((v) => {
    const bytes = new Uint8Array(text.encoder.encode(v).buffer);
    return btoa(String.fromCharCode(...bytes));
  }),
  numerals: (values) => values.map(zhDigits),
  // every character that folds to another, and what to: [[code, folded]]
  characters(values) {
    const out = [];
    for (let code = 0; code < 0x110000; code++) {
      const c = String.fromCodePoint(code);
      const folded = text.folding.foldText(c);
      if (folded !== c) out.push([code, folded]);
    }
    return out;
  },
};
self.onmessage = (e) => self.postMessage(calls[e.data[0]](e.data[1]));
"""

Ask = Callable[[str, list[Any]], Any]


@pytest.fixture(scope="module")
def ask(chromium: Browser, repo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Calls a function of the worker with a list of values."""
    folder = tmp_path_factory.mktemp("text")
    assets = repo / "site" / "assets"
    modules = {**read_modules(assets / "modules"), "page.js": PAGE, "worker.js": WORKER}
    write_text_parts(folder)
    shutil.copy(assets / "boot.js", folder / "assets" / "kb")
    for name in ("page.js", "worker.js"):
        (folder / name).write_text(bundle(modules, name), encoding="utf-8")
    (folder / "index.html").write_text(
        '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">'
        '<script src="assets/kb/boot.js"></script><script src="page.js"></script>',
        encoding="utf-8",
    )
    with make_server(folder) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        origin = f"http://127.0.0.1:{server.server_address[1]}/"
        with opened(chromium, origin, "") as page:
            page.evaluate("begin()")
            # as JSON: Playwright's own way of handing values over takes ten times as long
            script = "([c, v]) => ask(c, JSON.parse(v)).then(JSON.stringify)"
            yield lambda call, values: json.loads(page.evaluate(script, [call, json.dumps(values)]))
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.load()


# --- both sides, told alike ---------------------------------------------------------------------


def units_before(text: str) -> list[int]:
    """UTF-16 units before each character, and in all."""
    return [0, *itertools.accumulate(2 if c > "\uffff" else 1 for c in text)]


def folded(text: str) -> list[Any]:
    out, at = fold(text), units_before(text)
    offsets: list[int] = []
    for char, (start, end) in zip(out.text, out.offsets, strict=True):
        offsets += [at[start], at[end]] * (2 if char > "\uffff" else 1)
    return [out.text, offsets]


def spans(text: str, found: list[Any]) -> list[Any]:
    at = units_before(text)
    return [[word, at[start], at[end]] for word, start, end in found]


def same(texts: list[str], theirs: list[Any], ours: list[Any]) -> None:
    assert len(theirs) == len(ours) == len(texts) > 0
    differ = [(t, b, p) for t, b, p in zip(texts, theirs, ours, strict=True) if b != p]
    assert not differ, f"{len(differ)} of {len(texts)}: {differ[:3]}"


def check(ask: Ask, tokenizer: Tokenizer, texts: list[str], *, vectors: bool = True) -> None:
    """Every function of the browser's on every text."""
    same(texts, ask("fold", texts), [folded(t) for t in texts])
    same(texts, ask("foldText", texts), [fold_text(t) for t in texts])
    same(texts, ask("views", texts), [list(tokenizer.views(t)) for t in texts])
    same(texts, ask("words", texts), [tokenizer.words(t) for t in texts])
    same(texts, ask("spans", texts), [spans(t, tokenizer.spans(t)) for t in texts])
    same(texts, ask("encode", texts), [tokenizer.encode(t) for t in texts])
    if vectors:
        answer = ask("vectors", texts)
        theirs = np.array([np.frombuffer(base64.b64decode(v), "<f4") for v in answer])
        ours = StaticEncoder.load().encode(texts)
        assert theirs.shape == ours.shape
        assert float(np.abs(theirs - ours).max()) < 1e-5


# --- texts --------------------------------------------------------------------------------------

ODD = [
    "",
    " ",
    "😀救火📢啊！",
    "𠀀𠀁巷道𠀀3 天",
    "發現事故隱患應當報告，３日內",
    "ＧＢ　１６４２３—２０２０　５．２．２．２",
    "㎡＞≮2.5ｍ 百分之四十、百分之百、千分之三点五",
    "gb/t/x 5.2. .5 a/",
    "한국어 мир ﬁ ǅ ΑΣ İ",
    "䶮㐀〇○",
    "\u200b\ufeff\u2028\u3000",
    "第 25 条、第(三)项，第一、二款，第134条之一",
    "五千瓦、五千米、1.5 km、5km、0.0005km、1.50000km、007 km、1,500 元、3 000 m、200000元",
    "三分之二，一百五，二〇二一年，____m、( )天",
    "一万万万万万万元",
    "2 a) 5 mg/m3 72 h 数十人 几百米 唯一次 第三人 三次性",
    "constructor __proto__ toString",
]


def random_texts(count: int) -> list[str]:
    rng = random.Random(7)
    words = [
        *"〇零一二两三四五六七八九十百千万点第条款项之余多至到或和、，。;；-~—()（）[] \u3000\t\n",
        *"0123456789.,%‰°/_aAhHmMｋΩℓ①㎏㎡￥：“”‘’≧≯發國體員鑛ΣßİﬃＡ½℃𠀀😀\u0301\ufeff",
        *"分之百分之000巷井煤矿瓦斯统单唯同每几数",
        *UNIT_SYMBOLS,
        *UNIT_WORDS,
        *UNITS,
        *("分之", "条之", "或者", "0000", "____", "安全生产", "特种作业人员", "提升机", "gb/t"),
    ]
    return ["".join(rng.choices(words, k=rng.randint(1, 14))) for _ in range(count)]


def test_odd_texts(ask: Ask, tokenizer: Tokenizer) -> None:
    check(ask, tokenizer, ODD)


def test_random_texts(ask: Ask, tokenizer: Tokenizer) -> None:
    check(ask, tokenizer, random_texts(8000), vectors=False)
    check(ask, tokenizer, random_texts(300))


def test_half_a_character_folds_as_in_python(ask: Ask) -> None:
    assert ask("fold", ["\ud83d", "a\ude00b"]) == [
        ["\ufffd", [0, 1]],
        ["a\ufffdb", [0, 1, 1, 2, 2, 3]],
    ]
    assert fold_text("a\ude00b") == "a\ufffdb"


def test_own_questions(ask: Ask, tokenizer: Tokenizer, repo: Path) -> None:
    check(ask, tokenizer, queries(repo / "eval" / "questions.jsonl"))


@pytest.mark.corpus
def test_development_questions(ask: Ask, tokenizer: Tokenizer, shared_dir: Path) -> None:
    path = shared_dir / "eval" / "dev.jsonl"
    need(path.is_file(), "没有开发题集")
    check(ask, tokenizer, queries(path))


def queries(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["query"] for line in lines if line.strip()]


def test_own_notes(ask: Ask, tokenizer: Tokenizer, repo: Path) -> None:
    texts = note_texts(repo)
    check(ask, tokenizer, texts, vectors=False)
    check(ask, tokenizer, random.Random(3).sample(texts, 1000))


def note_texts(repo: Path) -> list[str]:
    return [
        text
        for path in sorted((repo / "corpus" / "notes").glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        for note in [json.loads(line)]
        for text in (note["gist"], *note["lay"])
    ]


def test_2000_clauses_of_the_package(
    ask: Ask, tokenizer: Tokenizer, package_texts: list[str]
) -> None:
    texts = random.Random(2).sample(package_texts, 2000)
    check(ask, tokenizer, texts, vectors=False)
    check(ask, tokenizer, texts[:500])


def test_marks(ask: Ask, tokenizer: Tokenizer, package_texts: list[str]) -> None:
    rng = random.Random(5)
    values: list[tuple[str, list[str]]] = []
    for text in [*ODD, *random_texts(300), *rng.sample(package_texts, 300)]:
        views = tokenizer.views(text)
        terms = sorted({*views.words, *views.pairs})
        values.append((text, rng.sample(terms, (len(terms) + 2) // 3)))
    ours = [spans(t, tokenizer.marks(t, set(wanted))) for t, wanted in values]
    assert sum(map(len, ours)) > 10_000
    same([t for t, _ in values], ask("marks", values), ours)


# --- parts of it, exhaustively ------------------------------------------------------------------


def test_every_character(ask: Ask) -> None:
    theirs = {chr(code): out for code, out in ask("characters", [])}
    # what Python's Unicode does not have yet, a newer browser may fold
    known = [c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c) != "Cn"]
    differ = [
        (c, theirs.get(c, c), fold_text(c)) for c in known if theirs.get(c, c) != fold_text(c)
    ]
    assert differ == []
    assert len(theirs) > 8000


def test_every_numeral(ask: Ask) -> None:
    letters = "〇零一二两三四五九十百千万"
    texts = ["".join(t) for n in (1, 2, 3, 4) for t in itertools.product(letters, repeat=n)]
    rng = random.Random(4)
    texts += ["".join(rng.choices(letters, k=rng.randint(5, 12))) for _ in range(20_000)]
    texts += ["", "一a", "\n一", "一\n"]
    same(texts, ask("numerals", texts), [digits(t) for t in texts])


def digits(text: str) -> str | None:
    try:
        return str(zh_to_int(text))
    except ValueError:
        return None


def test_without_lookbehind_nearly_the_same(ask: Ask, repo: Path, package_texts: list[str]) -> None:
    texts = [*note_texts(repo), *random.Random(6).sample(package_texts, 2000)]
    pairs = list(zip(ask("plain", texts), map(fold_text, texts), strict=True))
    same_ones = sum(theirs == ours for theirs, ours in pairs)
    # Safari before 16.4: seldom another figure, and no text lost
    assert same_ones >= 0.99 * len(texts)
