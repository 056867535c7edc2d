"""Regular expressions of Python for a browser: one source, two engines.

Only what this project writes is translated; anything whose meaning could differ is refused. The
results are for `new RegExp(source)` without flags, over folded text (`kb.fold`).
"""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["JsRegex", "js_regex"]

_ATOM = re.compile(
    r"\[\^?\]?(?:\\.|[^\]\\])*\]"  # a class
    r"|\\."
    r"|\(\?(?:[:=!]|<[=!])"
    r"|[^\\]",
    re.S,
)
_QUANTIFIER = re.compile(r"(?:[*+?]|\{[0-9]*,?[0-9]*\})[+?]?")
_LETTERS = re.compile(r"\\[A-Za-z0-9]")


class JsRegex(NamedTuple):
    """A translated pattern; group 1 of Python is the group named g1.

    `plain` does without lookbehind, which Safari lacks before 16.4: it may match where `source`
    does not. It is None where the pattern asks for something to stand before.
    """

    source: str
    plain: str | None


def js_regex(pattern: str) -> JsRegex:
    """Translate a pattern.

    White space is the blank alone, which folding makes of all of it. A possessive quantifier
    becomes a lookahead, which no engine goes back into, and a reference to what it found.

    Raises:
        ValueError: the pattern has something that would mean another thing, or that is not known.
    """
    plain = _Translation(pattern, keep_lookbehind=False)
    return JsRegex(
        _Translation(pattern, keep_lookbehind=True).text, None if plain.needed else plain.text
    )


class _Translation:
    def __init__(self, pattern: str, *, keep_lookbehind: bool) -> None:
        re.compile(pattern)
        self._pattern = pattern
        self._keep = keep_lookbehind
        self._groups = self._possessive = 0
        self.needed = False
        """Whether a positive lookbehind was left out."""
        self.text, end = self._sequence(0)
        if end != len(pattern):
            raise ValueError(f"括号不配对：{pattern}")

    def _sequence(self, at: int) -> tuple[str, int]:
        """Up to the closing parenthesis of the group that `at` stands in."""
        out: list[str] = []
        while at < len(self._pattern) and self._pattern[at] != ")":
            atom, at = self._atom(at)
            m = _QUANTIFIER.match(self._pattern, at)
            if m and atom not in ("", "|", "^"):
                at = m.end()
                if m[0][-1] == "+" and len(m[0]) > 1:
                    self._possessive += 1
                    name = f"p{self._possessive}"
                    atom = f"(?=(?<{name}>{atom}{m[0][:-1]}))\\k<{name}>"
                else:
                    atom += m[0]
            out.append(atom)
        return "".join(out), at

    def _atom(self, at: int) -> tuple[str, int]:
        m = _ATOM.match(self._pattern, at)
        assert m is not None
        head, at = m[0], m.end()
        if head[0] == "[":
            return self._plain_letters(head, at)
        if head[0] == "\\":
            return self._plain_letters(head, at)
        if head[0] != "(":
            if head in ".$^" or ord(head) > 0xFFFF:
                raise ValueError(f"不能照搬的写法 {head!r}：{self._pattern}")
            return head, at
        if head == "(":
            if self._pattern.startswith("?", at):
                raise ValueError(f"不能照搬的写法：{self._pattern[at - 1 : at + 3]}")
            self._groups += 1
            head = f"(?<g{self._groups}>"
        inner, at = self._sequence(at)
        if not self._pattern.startswith(")", at):
            raise ValueError(f"括号不配对：{self._pattern}")
        at += 1
        if head.startswith(("(?<=", "(?<!")) and not self._keep:
            self.needed |= head == "(?<="
            return "", at
        return f"{head}{inner})", at

    def _plain_letters(self, atom: str, at: int) -> tuple[str, int]:
        atom = atom.replace(r"\s", " ")
        if _LETTERS.search(atom) or atom.startswith("[^") or any(ord(c) > 0xFFFF for c in atom):
            raise ValueError(f"不能照搬的写法 {atom}：{self._pattern}")
        return atom, at
