"""Which clause of one wording became which of another, and what changed inside, by text alone.

The same number is not the same clause: 第十条 of 2007 may be 第十七条 of 2024. They are paired by
how many pairs of neighbouring characters they share; pairs keep their order where that explains
most (a weighted longest common subsequence), and what is left but alike stands as moved.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

__all__ = ["Clause", "Pair", "Piece", "align", "diff_words"]

_ALIKE = 0.34
"""Dice share of common character pairs from which two clauses in order are taken for one."""
_ALIKE_MOVED = 0.5
"""The same out of order: there the place says nothing for it, so the words must say more."""
_TAKEN_IN = 0.55
"""Share of a lone clause's pairs that another one holds: its words went into that one."""
_SHORTEST = 12
"""A clause with fewer pairs of characters says too little to be told apart by them."""

_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Clause:
    """`id` and what it says, without its number."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """`old` and `new` index the two sequences, None on one side for 新增 and 删去.

    `change` is same, changed, moved, new or gone; a moved clause may have changed too (`equal`
    tells). `near` are indices on the other side that hold most of a new or gone clause's words.
    """

    old: int | None
    new: int | None
    change: str
    equal: bool = False
    near: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; `kind` is same, ins or del."""

    kind: str
    text: str


def align(old: Sequence[Clause], new: Sequence[Clause]) -> list[Pair]:
    """Pairs in the order of `new`; a gone clause stands behind what came before it in `old`."""
    left, right = _Side(old), _Side(new)
    scores = _scores(left, right)
    kept = dict(_in_order(len(old), len(new), scores))
    taken = set(kept.values())
    moved: dict[int, int] = {}
    rest = sorted(
        ((s, i, j) for (i, j), s in scores.items() if i not in kept and j not in taken),
        key=lambda x: (-x[0], x[1], x[2]),
    )
    for score, i, j in rest:
        if score >= _ALIKE_MOVED and i not in moved and j not in moved.values():
            moved[i] = j

    def pair(i: int, j: int, *, far: bool) -> Pair:
        same = left.plain[i] == right.plain[j]
        return Pair(i, j, "moved" if far else "same" if same else "changed", same)

    back = {j: i for i, j in kept.items()}
    far = {j: i for i, j in moved.items()}
    gone = iter([i for i in range(len(old)) if i not in kept and i not in moved])
    waiting = next(gone, None)
    out: list[Pair] = []
    for j in range(len(new)):
        if j in back:
            while waiting is not None and waiting < back[j]:
                out.append(Pair(waiting, None, "gone", near=right.near(left.grams[waiting])))
                waiting = next(gone, None)
            out.append(pair(back[j], j, far=False))
        elif j in far:
            out.append(pair(far[j], j, far=True))
        else:
            out.append(Pair(None, j, "new", near=left.near(right.grams[j])))
    while waiting is not None:
        out.append(Pair(waiting, None, "gone", near=right.near(left.grams[waiting])))
        waiting = next(gone, None)
    return out


def _plain(text: str) -> str:
    return _SIGNS.sub("", unicodedata.normalize("NFKC", text))


def _grams(plain: str) -> Counter[str]:
    return Counter(plain[i : i + 2] for i in range(len(plain) - 1))


class _Side:
    """The clauses of one side, with the pairs of characters that each holds."""

    def __init__(self, clauses: Sequence[Clause]) -> None:
        self.plain = [_plain(x.text) for x in clauses]
        self.grams = [_grams(x) for x in self.plain]
        self.totals = [g.total() for g in self.grams]
        self.holders: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for k, grams in enumerate(self.grams):
            for gram, n in grams.items():
                self.holders[gram].append((k, n))

    def common(self, grams: Counter[str]) -> Counter[int]:
        """How many pairs of characters each clause here shares with a text."""
        out: Counter[int] = Counter()
        for gram, n in grams.items():
            for k, m in self.holders.get(gram, ()):
                out[k] += min(n, m)
        return out

    def near(self, grams: Counter[str]) -> tuple[int, ...]:
        """The clauses here that hold most of a text's words, the best first, two at most."""
        total = grams.total()
        if total < _SHORTEST:
            return ()
        best = sorted(self.common(grams).items(), key=lambda x: (-x[1], x[0]))[:2]
        return tuple(k for k, n in best if n / total >= _TAKEN_IN)


def _scores(old: _Side, new: _Side) -> dict[tuple[int, int], float]:
    """Dice share of every pair of texts that is at least alike."""
    out: dict[tuple[int, int], float] = {}
    for i, grams in enumerate(old.grams):
        for j, n in new.common(grams).items():
            sizes = old.totals[i], new.totals[j]
            # with few words only nearly the same is the same
            least = 2 * _ALIKE if min(sizes) < _SHORTEST else _ALIKE
            score = 1.0 if old.plain[i] == new.plain[j] else 2 * n / sum(sizes)
            if score >= least:
                out[(i, j)] = score
    return out


def _in_order(
    olds: int, news: int, scores: dict[tuple[int, int], float]
) -> Iterator[tuple[int, int]]:
    """The pairs, no two crossing, whose scores sum to the most."""
    best = [[0.0] * (news + 1) for _ in range(olds + 1)]
    for i in range(olds - 1, -1, -1):
        row, below = best[i], best[i + 1]
        for j in range(news - 1, -1, -1):
            value = max(below[j], row[j + 1])
            score = scores.get((i, j))
            if score is not None:
                value = max(value, score * score + below[j + 1])
            row[j] = value
    i = j = 0
    while i < olds and j < news:
        score = scores.get((i, j))
        if score is not None and best[i][j] == score * score + best[i + 1][j + 1]:
            yield i, j
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1


def diff_words(old: str, new: str, cut: Callable[[str], Sequence[str]]) -> list[Piece]:
    """What became of `old` in `new`, word by word; `cut` gives words that join to the text.

    A single character that stayed between two changes is taken into them: 应当[删]向[增]由 …
    would read worse than one change.
    """
    a, b = list(cut(old)), list(cut(new))
    codes = SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    raw: list[tuple[str, str, str]] = []
    for tag, i1, i2, j1, j2 in codes:
        raw.append((str(tag), "".join(a[i1:i2]), "".join(b[j1:j2])))
    merged: list[list[str]] = []  # [kind, old words, new words]
    for k, (what, was, now) in enumerate(raw):
        inner = 0 < k < len(raw) - 1
        if what == "equal" and not (inner and len(was.strip()) <= 1 and "\n" not in was):
            merged.append(["same", was, now])
        elif merged and merged[-1][0] == "change":
            merged[-1][1] += was
            merged[-1][2] += now
        else:
            merged.append(["change", was, now])
    out: list[Piece] = []
    for kind, was, now in merged:
        if kind == "same":
            out.append(Piece("same", now))
            continue
        if was:
            out.append(Piece("del", was))
        if now:
            out.append(Piece("ins", now))
    return out
