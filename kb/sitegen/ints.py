"""Whole numbers as text: most take one character, and a script reads them back in one pass.

A number is its digits from the highest, in base 32 but for the last, which is in base 61; the
characters of last digits differ from those of the others, so numbers need no mark between them.
Compresses better than bytes in base64, where a small number is spread over two characters.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

__all__ = ["ALPHABET", "LAST", "pack", "widths"]

ALPHABET = "".join(c for c in map(chr, range(0x20, 0x7F)) if c not in '"\\')
"""Printable characters that JSON does not escape; `search/ints.js` has the same."""

LAST = 61
"""Characters of last digits; the other 32 are those of all digits before."""

_MORE = len(ALPHABET) - LAST
_CODES = np.frombuffer(ALPHABET.encode(), dtype=np.uint8)


def pack(numbers: Sequence[int] | npt.NDArray[np.integer]) -> str:
    """Text of numbers from 0 up.

    Raises:
        ValueError: one is negative.
    """
    rest = np.asarray(numbers, dtype=np.int64)
    if len(rest) and int(rest.min()) < 0:
        raise ValueError("numbers must not be negative")
    digits = [_CODES[rest % LAST]]
    rest = rest // LAST
    while bool(rest.any()):
        # a number that has no digits left is given a zero, which is dropped below
        digits.append(np.where(rest > 0, _CODES[LAST + rest % _MORE], np.uint8(0)))
        rest = rest // _MORE
    out = np.stack(digits[::-1], axis=1).ravel()
    return out[out > 0].tobytes().decode("ascii")


def widths(numbers: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
    """How many characters each number takes in `pack`."""
    out = np.ones(len(numbers), dtype=np.int64)
    rest = np.asarray(numbers, dtype=np.int64) // LAST
    while bool(rest.any()):
        out += rest > 0
        rest = rest // _MORE
    return out
