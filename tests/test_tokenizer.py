"""The tokenizer: test vectors that any other runner of the same file must reproduce."""

from __future__ import annotations

import hashlib
import json
import math
import os
import pickle
import subprocess
import sys
import tomllib
import unicodedata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.fold import fold_text
from kb.tokenizer import PATH, PIECES, Tokenizer
from tests.conftest import need


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.load()


# text, words, terms beyond the words (inner words and figures), number of model ids
VECTORS = [
    (
        "台阶坡底线外堆放盲炮残药",
        ["台阶坡底线", "外", "堆放", "盲炮", "残药"],
        ["台阶", "坡底线", "底线"],
        5,
    ),
    (
        "有限空间作业每班测一次",
        ["有限空间作业", "每", "班", "测", "1", "次"],
        ["有限空间", "有限", "空间", "间作", "作业", "1次"],
        6,
    ),
    ("GB/T 33000—2016 的 5.2.2.2", ["gb/t", "33000", "2016", "的", "5.2.2.2"], [], 21),
    ("72 h、七十二小时", ["72", "小时", "72", "小时"], ["72小时"], 6),
    ("處二十萬元", ["处", "20", "万元"], ["20万元"], 4),
    ("ＡＢＣ １２．５％", ["abc", "12.5", "%"], ["12.5%"], 8),
    ("😀📢 。，！", [], [], 0),
    ("䶮㐀", ["䶮", "㐀"], [], 1),
    ("한국어 мир", ["한국어", "мир"], [], 2),
    ("\ud800灯\x00", ["灯"], [], 1),
    ("", [], [], 0),
    (" \n\t", [], [], 0),
]


@pytest.mark.parametrize(("text", "words", "more", "ids"), VECTORS)
def test_vectors(
    tokenizer: Tokenizer, text: str, words: list[str], more: list[str], ids: int
) -> None:
    assert tokenizer.words(text) == words
    assert set(tokenizer.views(text).words) - set(words) == set(more)
    assert len(tokenizer.encode(text)) == ids


def test_views() -> None:
    views = Tokenizer.load().views("灯塔每3年换灯芯")
    assert views.pairs == ["灯塔", "塔每", "年换", "换灯", "灯芯", "3年"]
    assert views.chars == ["灯", "塔", "每", "3", "年", "换", "灯", "芯"]
    assert views.words[-1] == "3年"


def test_spans_lead_to_the_original(tokenizer: Tokenizer) -> None:
    text = "守塔人每二十四小时擦 GB/T 5 号灯，合ＡＢ组"
    found = [(s.word, text[s.start : s.end]) for s in tokenizer.spans(text)]
    assert ("24", "二十四") in found
    assert ("gb/t", "GB/T") in found
    assert ("ab", "ＡＢ") in found
    marks = tokenizer.marks(text, {"24小时", "擦", "号灯", "组"})
    assert {(m.word, text[m.start : m.end]) for m in marks} >= {
        ("24小时", "二十四小时"),
        ("号灯", "号灯"),
    }


_TEXT = st.lists(
    st.one_of(
        st.sampled_from(
            [*"安全生产法第二十五条灯塔盲炮礦Ａ１３％㎡，。 😀䶮gb/T-—.ω", "一百二十", "5.2.2"]
        ),
        st.characters(),
    ),
    max_size=20,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(_TEXT)
def test_words_are_all_letters_and_figures_in_order(text: str) -> None:
    tokenizer = Tokenizer.load()
    folded = fold_text(text)
    spans = tokenizer.spans(text)
    kept = "".join(c for c in folded if _counts(c))
    assert "".join(c for s in spans for c in s.word if _counts(c)) == kept
    assert [s.word for s in spans] == tokenizer.words(text) == tokenizer.words(folded)
    starts = [s.start for s in spans]
    assert starts == sorted(starts)
    assert all(0 <= s.start < s.end <= len(text) for s in spans)
    assert all(0 <= i < tokenizer.vocab_size for i in tokenizer.encode(text))


def _counts(char: str) -> bool:
    return char in "0123456789〇" or unicodedata.category(char).startswith("L")


def test_every_term_of_the_field_is_one_word(tokenizer: Tokenizer, repo: Path) -> None:
    groups = tomllib.loads((repo / "corpus/terms/words.toml").read_text(encoding="utf-8"))
    words = [w for group in groups.values() for w in group]
    assert len(words) == len(set(words)) >= 150
    assert [w for w in words if tokenizer.words(w) != [w]] == []


def test_file_holds_what_a_browser_needs(tokenizer: Tokenizer) -> None:
    data = json.loads(PATH.read_text(encoding="utf-8"))
    assert data["model"]["type"] == "Unigram"
    assert data["pre_tokenizer"] == PIECES
    vocab = data["model"]["vocab"]
    assert len(vocab) == tokenizer.vocab_size
    assert len({w for w, _ in vocab}) == len(vocab)
    assert [w for w, _ in vocab[1:]] == sorted(w for w, _ in vocab[1:])
    # sums of scores are exact, so a tie is a tie in any arithmetic
    assert all(math.isfinite(s) and s * 64 == int(s * 64) for _, s in vocab)
    assert PATH.stat().st_size < 2_000_000
    assert tokenizer.sha256 == hashlib.sha256(PATH.read_bytes()).hexdigest()


def test_no_word_of_the_model_changes_when_folded() -> None:
    words = [w for w, _ in json.loads(PATH.read_text(encoding="utf-8"))["model"]["vocab"][1:]]
    assert [w for w in words if len(w) > 1 and fold_text(w) != w] == []


def test_ties_take_the_longer_last_word(tmp_path: Path) -> None:
    vocab = [["<unk>", -20.0], ["甲", -2.0], ["乙丙", -2.0], ["甲乙", -2.0], ["丙", -2.0]]
    file = tmp_path / "t.json"
    shipped = json.loads(PATH.read_text(encoding="utf-8"))
    shipped["model"]["vocab"] = vocab
    file.write_text(json.dumps(shipped), encoding="utf-8")
    assert Tokenizer(file).words("甲乙丙") == ["甲", "乙丙"]


def test_needs_neither_jieba_nor_numpy() -> None:
    code = (
        "import sys; from kb.tokenizer import Tokenizer; Tokenizer.load().views('灯塔');"
        "print([m for m in ('jieba', 'numpy', 'torch') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


class _Trap:
    """Leaves a mark when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, tuple[str, str]]:
        return open, (str(self.mark), "w")


def test_script_gives_the_shipped_bytes(repo: Path, tmp_path: Path) -> None:
    """Also where the shared temporary folder has a jieba cache that somebody has poisoned."""
    need(find_spec("jieba") is not None, "没有安装 jieba：不重建分词表")
    out = tmp_path / "tokenizer.json"
    trap = tmp_path / "sprung"
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / "jieba.cache").write_bytes(pickle.dumps(_Trap(trap)))
    subprocess.run(
        [sys.executable, str(repo / "scripts/build_tokenizer.py"), str(out)],
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHONHASHSEED": "7", "TMPDIR": str(shared), "TEMP": str(shared)},
    )
    assert not trap.exists()
    assert out.read_bytes() == PATH.read_bytes(), "请运行 python scripts/build_tokenizer.py"


def test_real_vocabulary_is_the_statutes_own(
    tokenizer: Tokenizer, package_texts: list[str]
) -> None:
    """Hardly a character of the packaged statutes is unknown to the model."""
    texts = package_texts[::40]
    ids = [i for t in texts for i in tokenizer.encode(t)]
    assert len(texts) > 500
    assert ids.count(0) < len(ids) / 10_000
