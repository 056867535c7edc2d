"""A second runner of the tokenizer's file, in plain Python, gives the same cut as the first.

What a browser does with `kb/data/tokenizer.json` is what this does: fold, split, find the best path
through the words. It must agree on every question and on thousands of clauses that are read at test
time, so that search, encoder and site count the same words.
"""

from __future__ import annotations

import json
import random
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.fold import fold_text
from kb.tokenizer import PATH, Tokenizer
from tests.conftest import need

_HAN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]")
_FIGURE = re.compile(r"[0-9]+(?:\.[0-9]+)*")
_UNKNOWN_PENALTY = 10.0  # below the least likely word, as the Unigram model has it


class Reference:
    """Reads the same JSON file; knows nothing of the `tokenizers` library."""

    def __init__(self, path: Path = PATH) -> None:
        vocab = json.loads(path.read_text(encoding="utf-8"))["model"]["vocab"]
        self.ids = {word: i for i, (word, _) in enumerate(vocab)}
        self.scores = [score for _, score in vocab]
        self.unknown = min(self.scores) - _UNKNOWN_PENALTY
        self.longest = max(map(len, self.ids))

    def pieces(self, text: str) -> Iterator[str]:
        """Runs of Han, figures, runs of other letters with / between, and the signs % ‰ °."""
        at = 0
        while at < len(text):
            end = at + 1
            if _HAN.match(text[at]):
                while end < len(text) and _HAN.match(text[end]):
                    end += 1
            elif found := _FIGURE.match(text, at):
                end = found.end()
            elif _letter(text[at]):
                while end < len(text) and (
                    _letter(text[end])
                    or (text[end] == "/" and end + 1 < len(text) and _letter(text[end + 1]))
                ):
                    end += 1
            elif text[at] not in "%‰°":
                at += 1
                continue
            yield text[at:end]
            at = end

    def path(self, piece: str) -> list[tuple[str, int]]:
        """The words of the best path and their ids; of equal paths the longer last word."""
        best: list[tuple[float, int, int]] = [(0.0, 0, 0)]  # score, start and id of the last word
        for end in range(1, len(piece) + 1):
            options: list[tuple[float, int, int]] = []
            for start in range(max(0, end - self.longest), end):
                word = self.ids.get(piece[start:end])
                if word is not None:
                    options.append((best[start][0] + self.scores[word], start, word))
            if piece[end - 1] not in self.ids:
                options.append((best[end - 1][0] + self.unknown, end - 1, 0))
            top = max(score for score, _, _ in options)
            best.append(next(o for o in options if o[0] == top))
        out: list[tuple[str, int]] = []
        end = len(piece)
        while end:
            _, start, word = best[end]
            out.append((piece[start:end], word))
            end = start
        return out[::-1]

    def words(self, text: str) -> list[str]:
        """As `Tokenizer.words`."""
        out: list[str] = []
        for piece in self.pieces(fold_text(text)):
            han = bool(_HAN.match(piece))
            out += [w for w, _ in self.path(piece)] if han else [piece]
        return out

    def encode(self, text: str) -> list[int]:
        """As `Tokenizer.encode`: neighbours that are unknown make one id."""
        out: list[int] = []
        for piece in self.pieces(fold_text(text)):
            last = -1
            for _, word in self.path(piece):
                if not (word == 0 and last == 0):
                    out.append(word)
                last = word
        return out


def _letter(char: str) -> bool:
    return not _HAN.match(char) and unicodedata.category(char).startswith("L")


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference()


def same(reference: Reference, texts: list[str]) -> None:
    tokenizer = Tokenizer.load()
    for text in texts:
        assert reference.words(text) == tokenizer.words(text), text[:60]
        assert reference.encode(text) == tokenizer.encode(text), text[:60]


ODD = [
    "😀救火📢啊！",
    "發現事故隱患應當報告",
    "ＧＢ　１６４２３—２０２０　５．２．２．２",
    "㎡＞≮2.5ｍ 百分之四十",
    "gb/t/x 5.2. .5 a/",
    "한국어 мир ﬁ ǅ",
    "䶮㐀𠀀〇",
    "",
    "\u200b\ufeff",
]


def test_odd_texts(reference: Reference) -> None:
    same(reference, ODD)


def test_own_questions(reference: Reference, repo: Path) -> None:
    lines = (repo / "eval/questions.jsonl").read_text(encoding="utf-8").splitlines()
    same(reference, [json.loads(line)["query"] for line in lines])


def test_own_notes(reference: Reference, repo: Path) -> None:
    rng = random.Random(1)
    lines = [
        line
        for path in sorted((repo / "corpus/notes").glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    notes = [json.loads(line) for line in rng.sample(lines, 200)]
    same(reference, [text for n in notes for text in (n["gist"], *n["lay"])])


def test_2000_clauses_of_the_package(reference: Reference, package_texts: list[str]) -> None:
    same(reference, random.Random(2).sample(package_texts, 2000))


@pytest.mark.corpus
def test_development_questions(reference: Reference, corpus_dir: Path) -> None:
    path = corpus_dir.parent / "eval" / "dev.jsonl"
    need(path.is_file(), "没有开发题集")
    lines = path.read_text(encoding="utf-8").splitlines()
    same(reference, [json.loads(line)["query"] for line in lines if line.strip()])
