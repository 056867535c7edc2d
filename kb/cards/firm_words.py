"""Words that a firm gives: read the same way in `firm.toml` and in a roster."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kb.errors import UsageError

__all__ = [
    "LEVELS",
    "ROLES",
    "Place",
    "clean_phone",
    "clean_text",
    "nearest",
    "no_such",
    "role_name",
]

LEVELS = ("重大", "较大", "一般", "低")
"""Risk levels as the firm has rated them."""

ROLES: Mapping[str, tuple[str, ...]] = {
    "班组长": ("班长", "组长", "班组负责人"),
    "值班": ("值班员", "值班室", "值班人员", "值班电话", "值班领导"),
    "负责人": ("主要负责人", "单位负责人", "企业负责人"),
}
"""Whom an emergency card names, with other words for them."""
_ROLE_OF = {word: role for role, words in ROLES.items() for word in (role, *words)}

_MANY_NEAR = 3
_NEAR = 0.5  # likeness from which a word is offered
_EMPTY = re.compile(r"[_＿\-—/]*\Z|(?:无|暂无|待填|待定)\Z")  # ____, —, 待填: nothing is given
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffd]")
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]*(?:转[0-9]+)?\Z")  # 0371-1234567, 8001, 1234567转12
_PHONES = re.compile(r"\s*[、,;/]\s*")
_FEWEST, _MOST = 3, 20  # digits of a number
_MOBILE, _MOBILE_DIGITS = re.compile(r"1[3-9][0-9]{7,}\Z"), 11


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a firm's file something stands, for messages."""

    path: Path
    place: str = ""

    def of(self, inner: str) -> Place:
        """A place within this one."""
        return Place(self.path, f"{self.place} {inner}".strip())

    def bad(self, problem: str, step: str) -> UsageError:
        """The error to raise: file, place, what is wrong, what to do."""
        return UsageError(
            f"{self.path}{f' 的 {self.place}' if self.place else ''}：{problem}。{step}"
        )


def nearest(word: str, known: Iterable[str]) -> list[str]:
    """The likeliest of the known words, best first: alike, or one within the other."""
    words = list(dict.fromkeys(known))
    near = difflib.get_close_matches(word, words, n=_MANY_NEAR, cutoff=_NEAR)
    near += [w for w in words if word and (word in w or w in word) and w not in near]
    return near[:_MANY_NEAR]


def no_such(
    place: Place, what: str, value: str, known: Iterable[str], otherwise: str = ""
) -> UsageError:
    """The error for a word that a closed list does not have: with the nearest, or all of them."""
    words = list(dict.fromkeys(known))
    near = nearest(value, words)
    step = f"相近的有：{'、'.join(near)}" if near else otherwise or f"可用：{'、'.join(words)}"
    return place.bad(f"没有这个{what}：“{value}”", step)


def clean_text(place: Place, what: str, value: str) -> str:
    """One line of text without space around it; '' for ____ and the like.

    Raises:
        UsageError: it has line breaks or control characters.
    """
    text = value.strip()
    if _CONTROL.search(text):
        raise place.bad(f"{what} 里有换行或看不见的字符", "请写成一行")
    return "" if _EMPTY.match(text) else text


def clean_phone(place: Place, value: str) -> str:
    """A telephone number, or several; '' when there is none.

    Raises:
        UsageError: it is no number, or a mobile number with digits too many or too few.
    """
    text = unicodedata.normalize("NFKC", value).strip()
    if not text:
        return ""
    for number in _PHONES.split(text):
        digits = re.sub(r"[^0-9]", "", number.partition("转")[0])
        if not _PHONE.match(number) or not _FEWEST <= len(digits) <= _MOST:
            raise place.bad(f"电话不像电话：“{value}”", "请核对，没有就空着")
        if _MOBILE.match(digits) and len(digits) != _MOBILE_DIGITS:
            raise place.bad(
                f"手机号“{number}”有 {len(digits)} 位", f"应为 {_MOBILE_DIGITS} 位，请核对"
            )
    return text


def role_name(word: str) -> str:
    """The role that a word means: 班长 is 班组长; any other word stays."""
    return _ROLE_OF.get(word, word)
