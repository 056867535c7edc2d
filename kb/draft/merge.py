"""Near-duplicate lines become one with all their bases; lines with other figures never do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from kb.cards.model import CardLine
from kb.fold import fold_text
from kb.quantities import find

__all__ = ["merged"]

ALIKE, WITHIN = 0.7, 0.8
"""Character-bigram Jaccard similarity, and share of the shorter line in the longer, from which two
lines of one card say the same."""
_LONG = 6  # bigrams that a line needs before it can be said to stand within another
_NOT_WORD = re.compile(r"[\W_]+")


def merged(lines: Iterable[CardLine]) -> list[CardLine]:
    """Lines in order, each near-duplicate merged into the first one like it."""
    out: list[CardLine] = []
    keys: list[tuple[frozenset[str], frozenset[object], str]] = []
    for line in lines:
        key = _key(line)
        for place, other in enumerate(keys):
            if key[1:] == other[1:] and _same(line, out[place], key[0], other[0]):
                bases = dict.fromkeys((*out[place].basis, *line.basis))
                out[place] = replace(out[place], basis=tuple(bases))
                break
        else:
            out.append(line)
            keys.append(key)
    return out


def _key(line: CardLine) -> tuple[frozenset[str], frozenset[object], str]:
    """Bigrams, figures, and what must be the same: who does it, and whether it is forbidden."""
    plain = _NOT_WORD.sub("", fold_text(line.text))
    pairs = frozenset(plain[i : i + 2] for i in range(len(plain) - 1)) or frozenset({plain})
    figures = frozenset((q.key, q.bound) for q in find(line.text))
    return pairs, figures, f"{line.card} {line.group} {line.must == 'must-not'} {line.condition}"


def _same(line: CardLine, other: CardLine, pairs: frozenset[str], others: frozenset[str]) -> bool:
    """Lines of one clause are different demands of it, however alike: 不装易燃品, 不装易爆品."""
    if {b.id for b in line.basis} & {b.id for b in other.basis}:
        return line.text == other.text
    return _alike(pairs, others)


def _alike(a: frozenset[str], b: frozenset[str]) -> bool:
    both = len(a & b)
    shorter = min(len(a), len(b))
    return both / len(a | b) >= ALIKE or (shorter >= _LONG and both / shorter >= WITHIN)
