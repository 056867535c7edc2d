"""Posts in full: `corpus/terms/posts.toml` and the yes/no questions of `questions.toml`.

A post says what people there are called, use, do and need; a question says which clauses do not
concern a site that answers it with 否 (no railway: no clause on rail haulage). What a post's cards
rest on is not written here: it comes from the notes that name the post.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.errors import CatalogError
from kb.notes import Line, Note
from kb.terms import Terms
from kb.toml_file import read_toml

__all__ = ["INDUSTRIES", "Post", "Posts", "Question"]

INDUSTRIES = (
    "露天矿山",
    "地下矿山",
    "危险化学品",
    "烟花爆竹",
    "民用爆炸物品",
    "工贸",
    "特种设备",
    "建筑施工",
    "通用",
)
"""Industries as the notices divide them; 通用 posts stand in every firm."""

_TEXTS = (
    "industries",
    "objects",
    "equipment",
    "activities",
    "certificates",
    "accidents",
    "standards",
)


@dataclass(frozen=True, slots=True)
class Post:
    """One post: `aliases` are its names on site, `objects` the words by which a line tells that it
    is this post's (铲斗, 荒料), `standards` the numbers that bear on it (held or
    not), `questions` names of `Question`s, `cards` whether a set of cards is made for it."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    equipment: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    accidents: tuple[str, ...] = ()
    standards: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    cards: bool = False
    objects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A yes/no question on the site; 否 takes out what `concerns` holds for.

    `clauses` are clause ids within a document (`doc#5.4.1`: it and everything below it);
    `activities` and `hazards` are those of notes, `words` stand in a line.
    """

    name: str
    ask: str
    clauses: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()
    hazards: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    def concerns(self, note: Note, line: Line | None = None) -> bool:
        """Whether a note (or one line of it) is about what the question asks for.

        A note is about an activity only if that is all it is about: a clause on rail and road
        haulage still binds a site without rails.
        """
        doc, _, clause = note.id.partition("#")
        doc = doc.partition("@")[0]
        for target in self.clauses:
            where, _, part = target.partition("#")
            if where == doc and (clause == part or clause.startswith(f"{part}.")):
                return True
        if note.activities and set(note.activities) <= set(self.activities):
            return True
        if line is not None:
            if line.hazard is not None and line.hazard in self.hazards:
                return True
            return any(word in line.text for word in self.words)
        return False


@dataclass(frozen=True)
class Posts:
    """All posts and questions by name."""

    posts: Mapping[str, Post]
    questions: Mapping[str, Question]

    @classmethod
    def load(cls, corpora: Sequence[Path], terms: Terms) -> Posts:
        """The posts of these corpus folders; a later folder's entry replaces one of the same id.

        Raises:
            CatalogError: an entry is malformed, or uses a word that no vocabulary has.
        """
        questions: dict[str, Question] = {}
        posts: dict[str, Post] = {}
        for corpus in corpora:
            for where, raw in _entries(corpus / "terms" / "questions.toml", "question"):
                q = _question(where, raw, terms)
                questions[q.name] = q
            for where, raw in _entries(corpus / "terms" / "posts.toml", "post"):
                p = _post(where, raw, terms)
                posts[p.id] = p
        for p in posts.values():
            if missing := [q for q in p.questions if q not in questions]:
                raise CatalogError(
                    f"posts.toml 的 {p.name}：没有问题 {'、'.join(missing)}，请写进 questions.toml"
                )
        return cls({p.name: p for p in posts.values()}, questions)

    def of_industry(self, industry: str) -> tuple[Post, ...]:
        """Posts of an industry that have cards, in the order of the file."""
        return tuple(p for p in self.posts.values() if p.cards and industry in p.industries)


def _entries(path: Path, key: str) -> Iterable[tuple[str, Mapping[str, Any]]]:
    if not path.is_file():
        return
    data = read_toml(path)
    for number, raw in enumerate(data.get(key, []), 1):
        yield f"{path} 第 {number} 条", raw


def _texts(where: str, raw: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = raw.get(key, [])
    if not isinstance(value, list) or not all(isinstance(x, str) and x.strip() for x in value):
        raise CatalogError(f"{where}：{key} 应为一组文字")
    return tuple(value)


def _known(where: str, key: str, words: Iterable[str], vocabulary: Iterable[str]) -> None:
    known = set(vocabulary)
    if unknown := [w for w in words if w not in known]:
        raise CatalogError(f"{where}：{key} 里没有这些词：{'、'.join(unknown)}")


def _post(where: str, raw: Mapping[str, Any], terms: Terms) -> Post:
    texts = {key: _texts(where, raw, key) for key in _TEXTS}
    _known(where, "industries", texts["industries"], INDUSTRIES)
    _known(where, "activities", texts["activities"], terms.activities)
    _known(where, "accidents", texts["accidents"], terms.accidents)
    cards = raw.get("cards", False)
    if not isinstance(cards, bool):
        raise CatalogError(f"{where}：cards 应为 true 或 false")
    if cards and not (texts["industries"] and texts["activities"] and texts["accidents"]):
        raise CatalogError(f"{where}：要出卡的岗位应写明行业、作业活动和事故类型")
    return Post(
        id=str(raw["id"]),
        name=str(raw["name"]),
        aliases=_texts(where, raw, "aliases"),
        questions=_texts(where, raw, "questions"),
        cards=cards,
        **texts,
    )


def _question(where: str, raw: Mapping[str, Any], terms: Terms) -> Question:
    name, ask = raw.get("name"), raw.get("ask")
    if not (isinstance(name, str) and name and isinstance(ask, str) and ask):
        raise CatalogError(f"{where}：要有 name 和 ask")
    found = {k: _texts(where, raw, k) for k in ("clauses", "activities", "hazards", "words")}
    if not any(found.values()):
        raise CatalogError(f"{where}：{name} 没有说明管哪些条款")
    _known(where, "activities", found["activities"], terms.activities)
    _known(where, "hazards", found["hazards"], terms.hazards)
    return Question(name, ask, **found)
