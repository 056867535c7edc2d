"""Closed vocabularies and site words: `corpus/terms/*.toml`.

`accidents.toml` (our codes and the names of both editions of the national classification),
`hazards.toml`, `activities.toml`, `posts.toml` (what notes and cards may say) and `jargon.toml`
(site word → standard terms). Ids are frozen. A folder of the user's is laid over the shipped one:
its entry replaces the one with the same id or word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from kb.errors import CatalogError
from kb.toml_file import read_toml

__all__ = ["AREAS", "Accident", "Jargon", "Term", "Terms"]

AREAS = (
    "general",
    "open-pit",
    "underground",
    "hoisting",
    "electric",
    "chemicals",
    "fire",
    "fireworks",
    "special-equipment",
    "construction",
    "trade",
)
"""Fields of work that posts and site words are grouped by."""

_MORE = frozenset(
    {
        "industries",
        "equipment",
        "objects",
        "activities",
        "certificates",
        "accidents",
        "standards",
        "questions",
        "cards",
    }
)
"""What `kb.posts` reads of a post."""
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
Entry = Mapping[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a closed vocabulary; `aliases` are its names on site, `area` of posts only."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    area: str = ""


@dataclass(frozen=True, slots=True)
class Accident:
    """An accident type by our code, with its names in GB 6441-2025 and GB/T 6441-1986."""

    code: str
    name_2025: str
    name_1986: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Jargon:
    """A site word; where `ambiguous`, the context decides which of `terms` is meant."""

    word: str
    terms: tuple[str, ...]
    area: str
    ambiguous: bool = False
    accident: str = ""
    note: str = ""


@dataclass(frozen=True)
class Terms:
    """All vocabularies: hazards, activities and posts by name, accidents by code, site words."""

    hazards: Mapping[str, Term] = field(default_factory=dict)
    activities: Mapping[str, Term] = field(default_factory=dict)
    posts: Mapping[str, Term] = field(default_factory=dict)
    accidents: Mapping[str, Accident] = field(default_factory=dict)
    jargon: Mapping[str, Jargon] = field(default_factory=dict)

    @classmethod
    def load(cls, corpora: Sequence[Path]) -> Terms:
        """The vocabularies of these corpus folders; a later folder wins.

        Raises:
            CatalogError: a file cannot be read, an entry is malformed or double, or a site word
                names an accident code that does not exist.
        """
        accidents = _load(corpora, "accidents.toml", "accident", _accident, lambda a: a.code)
        words = _load(corpora, "jargon.toml", "jargon", _jargon, lambda j: j.word)
        for word in words.values():
            if word.accident and word.accident not in accidents:
                raise CatalogError(
                    f"jargon.toml 的“{word.word}”：没有事故类型 {word.accident}，"
                    "请用 accidents.toml 里的 code"
                )
        return cls(
            hazards=_vocabulary(corpora, "hazards.toml", "hazard"),
            activities=_vocabulary(corpora, "activities.toml", "activity"),
            posts=_vocabulary(corpora, "posts.toml", "post"),
            accidents=accidents,
            jargon=words,
        )

    @cached_property
    def post_names(self) -> Mapping[str, str]:
        """Every name of a post on site, and its own, → the post's name."""
        out: dict[str, str] = {}
        for post in self.posts.values():
            out[post.name] = post.name
            for alias in post.aliases:
                out.setdefault(alias, post.name)
        return out

    def accidents_named(self, name: str) -> tuple[Accident, ...]:
        """The accident types that either edition calls by this name."""
        return tuple(a for a in self.accidents.values() if name in (a.name_2025, a.name_1986))


def _entries(path: Path, key: str) -> list[Entry]:
    data = read_toml(path)
    entries = data.get(key, [])
    if not isinstance(entries, list) or set(data) - {key, "certainty"}:
        raise CatalogError(f"{path}：每个词写作一个 [[{key}]]，不应有别的内容")
    return entries


def _load(
    corpora: Iterable[Path],
    name: str,
    key: str,
    make: Callable[[Entry, Callable[[str], CatalogError]], T],
    key_of: Callable[[T], str],
) -> dict[str, T]:
    out: dict[str, T] = {}
    for corpus in corpora:
        path = corpus / "terms" / name
        if not path.is_file():
            continue
        here: dict[str, T] = {}
        for number, raw in enumerate(_entries(path, key), 1):

            def bad(problem: str, number: int = number, path: Path = path) -> CatalogError:
                return CatalogError(f"{path} 第 {number} 条：{problem}")

            item = make(raw, bad)
            if key_of(item) in here:
                raise bad(f"{key_of(item)} 与前面重复，请删去一条")
            here[key_of(item)] = item
        out |= here
    return out


def _vocabulary(corpora: Sequence[Path], name: str, key: str) -> dict[str, Term]:
    by_id = _load(corpora, name, key, _term, lambda t: t.id)
    out: dict[str, Term] = {}
    for term in by_id.values():
        if term.name in out:
            raise CatalogError(
                f"{name}：{term.id} 与 {out[term.name].id} 同名（{term.name}），请改一个"
            )
        out[term.name] = term
    for term in by_id.values():
        for alias in term.aliases:
            if alias in out and out[alias] is not term:
                raise CatalogError(
                    f"{name}：{term.id} 的别名 {alias} 是 {out[alias].id} 的名称，请删去"
                )
    return out


def _strings(
    raw: Entry, bad: Callable[[str], CatalogError], needed: set[str], optional: set[str]
) -> dict[str, str]:
    if missing := sorted(needed - set(raw)):
        raise bad(f"缺 {'、'.join(missing)}")
    if unknown := sorted(set(raw) - needed - optional):
        raise bad(f"不认识 {'、'.join(unknown)}")
    out = {k: v for k, v in raw.items() if isinstance(v, str)}
    for key in needed:
        if key in out and not out[key].strip():
            raise bad(f"{key} 是空的")
    return out


def _list(raw: Entry, key: str, bad: Callable[[str], CatalogError]) -> tuple[str, ...]:
    value = raw.get(key, [])
    if not isinstance(value, list) or not all(isinstance(x, str) and x.strip() for x in value):
        raise bad(f"{key} 应为一组词")
    if len(set(value)) != len(value):
        raise bad(f"{key} 里有重复的词")
    return tuple(value)


def _word(words: Mapping[str, str], key: str, bad: Callable[[str], CatalogError]) -> str:
    if key not in words:
        raise bad(f"{key} 应为文字")
    return words[key]


def _identifier(words: Mapping[str, str], key: str, bad: Callable[[str], CatalogError]) -> str:
    value = _word(words, key, bad)
    if not _ID.match(value):
        raise bad(f"{key} 应为小写英文和连字符，现为 {value!r}")
    return value


def _area(words: Mapping[str, str], bad: Callable[[str], CatalogError]) -> str:
    area = words.get("area", "")
    if area and area not in AREAS:
        raise bad(f"area 应为 {'、'.join(AREAS)} 之一，现为 {area!r}")
    return area


def _term(raw: Entry, bad: Callable[[str], CatalogError]) -> Term:
    words = _strings(raw, bad, {"id", "name"}, {"aliases", "area", *_MORE})
    return Term(
        _identifier(words, "id", bad),
        _word(words, "name", bad),
        _list(raw, "aliases", bad),
        _area(words, bad),
    )


def _accident(raw: Entry, bad: Callable[[str], CatalogError]) -> Accident:
    words = _strings(raw, bad, {"code", "name_2025", "name_1986"}, {"note"})
    return Accident(
        _identifier(words, "code", bad),
        _word(words, "name_2025", bad),
        _word(words, "name_1986", bad),
        words.get("note", ""),
    )


def _jargon(raw: Entry, bad: Callable[[str], CatalogError]) -> Jargon:
    words = _strings(raw, bad, {"word", "terms", "area"}, {"ambiguous", "accident", "note"})
    terms = _list(raw, "terms", bad)
    ambiguous = raw.get("ambiguous", False)
    if not terms:
        raise bad("terms 至少要有一个标准用语")
    if not isinstance(ambiguous, bool):
        raise bad("ambiguous 应为 true 或 false")
    return Jargon(
        _word(words, "word", bad),
        terms,
        _area(words, bad),
        ambiguous,
        words.get("accident", ""),
        words.get("note", ""),
    )
