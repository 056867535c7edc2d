"""The one tokenizer of the project: a Unigram model over words, no HMM, run by `tokenizers`.

`kb/data/tokenizer.json` is made by `scripts/build_tokenizer.py`. Text is folded first (`kb.fold`),
cut into runs of Han characters, figures and letters, and Han runs are cut into words. Figures and
Latin words stay whole as words; the model's ids spell them, so its vocabulary is closed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

from kb.fold import UNITS, Folded, fold, fold_text

if TYPE_CHECKING:
    from tokenizers import Tokenizer as Engine

__all__ = ["FIGURE", "HAN", "PATH", "PIECES", "Span", "Tokenizer", "Views"]

PATH = Path(__file__).parent / "data" / "tokenizer.json"

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
"""The inside of a character class: what is cut as Chinese."""
PIECES = {
    "type": "Split",
    "pattern": {
        # 坡底线; 5.2.2.2; gb/t; %
        "Regex": rf"[{HAN}]+|[0-9]+(?:\.[0-9]+)*"
        rf"|(?:(?![{HAN}])\p{{L}})+(?:/(?:(?![{HAN}])\p{{L}})+)*|[%‰°]"
    },
    "behavior": "Removed",
    "invert": True,
}
"""The pre-tokenizer: keeps these pieces, drops what stands between them."""

FIGURE = re.compile(
    r"(?<![0-9.])[0-9]+(?:\.[0-9]+)?"
    + "(?:万?(?:"
    + "|".join(re.escape(u) for u in sorted(UNITS, key=lambda u: (-len(u), u)))
    + ")|万)"
)
"""72小时, 20万元, 40%, 25条 in folded text: a figure with its unit."""

_SHORTEST_INNER, _LONGEST_INNER = 2, 4
_HAN_RUN = re.compile(f"[{HAN}]+")
_UNKNOWN = 0


class Span(NamedTuple):
    """A word and the stretch of the original text that it stands for."""

    word: str
    start: int
    end: int


class Views(NamedTuple):
    """What search counts of a text, in three grains; figures and Latin words are in each.

    `words` are words, the words inside long words, and figures with their units; `pairs` are
    neighbouring Han characters, and figures with their units; `chars` are single characters.
    Lay questions share few words with a rule (翻斗车, 自卸汽车) but many characters.
    """

    words: list[str]
    pairs: list[str]
    chars: list[str]


class Tokenizer:
    """Words and model ids of a text. The same text gives the same cut on every machine."""

    def __init__(self, path: Path = PATH) -> None:
        """Load a tokenizer file; `load` keeps the shipped one."""
        from tokenizers import Tokenizer as Engine

        data = path.read_bytes()
        self._engine: Engine = Engine.from_buffer(data)
        self._inside: dict[str, tuple[tuple[int, int], ...]] = {}
        self.sha256 = hashlib.sha256(data).hexdigest()

    @classmethod
    @cache
    def load(cls) -> Self:
        """The shipped tokenizer, loaded once."""
        return cls()

    @property
    def vocab_size(self) -> int:
        """Number of model ids."""
        return int(self._engine.get_vocab_size())

    def encode(self, text: str) -> list[int]:
        """Model ids of a text, for encoders; figures and Latin words come as their characters."""
        return list(self._engine.encode(fold_text(text)).ids)

    def words(self, text: str) -> list[str]:
        """The words of a text in order; punctuation and signs are dropped."""
        return [word for word, _, _ in self._cut(fold_text(text))]

    def spans(self, text: str) -> list[Span]:
        """The words with their places in `text` as it was given."""
        folded = fold(text)
        return [Span(w, *folded.span(a, b)) for w, a, b in self._cut(folded.text)]

    def views(self, text: str) -> Views:
        """What search counts of a text."""
        folded = fold_text(text)
        cut = list(self._cut(folded))
        figures = [m[0] for m in FIGURE.finditer(folded)]
        pairs = [run[i : i + 2] for run in _HAN_RUN.findall(folded) for i in range(len(run) - 1)]
        words: list[str] = []
        chars: list[str] = []
        for word, _, _ in cut:
            words.append(word)
            if _is_han(word[0]):
                chars.extend(word)
                if len(word) > _SHORTEST_INNER:
                    words.extend(word[i:j] for i, j in self._inner(word))
            else:
                chars.append(word)
        return Views(words + figures, pairs + figures, chars)

    def marks(self, text: str, wanted: Container[str]) -> list[Span]:
        """Where the wanted terms of `views` (single characters apart) stand in `text` as given."""
        folded: Folded = fold(text)
        found: list[tuple[str, int, int]] = []
        for word, a, b in self._cut(folded.text):
            if word in wanted:
                found.append((word, a, b))
            if b - a > _SHORTEST_INNER and _is_han(word[0]):
                found += [
                    (word[i:j], a + i, a + j) for i, j in self._inner(word) if word[i:j] in wanted
                ]
        for m in FIGURE.finditer(folded.text):
            if m[0] in wanted:
                found.append((m[0], m.start(), m.end()))
        for m in _HAN_RUN.finditer(folded.text):
            run, start = m[0], m.start()
            found += [
                (run[i : i + 2], start + i, start + i + 2)
                for i in range(len(run) - 1)
                if run[i : i + 2] in wanted
            ]
        return [Span(w, *folded.span(a, b)) for w, a, b in found]

    def _cut(self, folded: str) -> Iterator[tuple[str, int, int]]:
        """(word, start, end) in folded text."""
        encoding = self._engine.encode(folded)
        piece, start, end = None, 0, 0
        for (a, b), group, token in zip(
            encoding.offsets, encoding.word_ids, encoding.ids, strict=True
        ):
            if group == piece:  # a figure or Latin word goes on: the model spells it
                end = b
                continue
            if end:
                yield folded[start:end], start, end
                end = 0
            if not _is_han(folded[a]):
                piece, start, end = group, a, b
            elif token == _UNKNOWN:  # the model fuses neighbours that it does not know
                yield from ((folded[i], i, i + 1) for i in range(a, b))
            else:
                yield folded[a:b], a, b
        if end:
            yield folded[start:end], start, end

    def _inner(self, word: str) -> tuple[tuple[int, int], ...]:
        """Places of the shorter words of the dictionary within a long word."""
        found = self._inside.get(word)
        if found is None:
            known = self._engine.token_to_id
            found = tuple(
                (i, j)
                for i in range(len(word) - 1)
                for j in range(i + _SHORTEST_INNER, min(i + _LONGEST_INNER, len(word)) + 1)
                if j - i < len(word) and known(word[i:j]) is not None
            )
            self._inside[word] = found
        return found


def _is_han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff" or char == "〇" or char >= "\U00020000"
