"""Data for drilling: flashcards by post, and the practice bank.

Flashcards come from the drafted lines of a post, questions from the practice bank of `kb.exam`,
drawn with its public seed. Nothing here opens the folder of exams (`kb.exam.banks.exam_folder`):
what a site publishes is made from the texts alone.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.cards import CARD_NAMES, CARDS, CardLine, Draft
from kb.cards.model import BLANK
from kb.draft import Drafter, Industries
from kb.errors import KbError
from kb.exam import TYPES, Item, Pool, Wanted, make_pool, pick
from kb.exam.pick import posts_of
from kb.exam.readings import Readings
from kb.ids import parse_ref
from kb.notes import Note
from kb.posts import Post, Posts
from kb.sitegen.bundle import write_part
from kb.sitegen.context import SiteContext
from kb.terms import Terms

__all__ = ["PRACTICE_SEED", "DrillReport", "flashcards", "practice", "write_drill"]

PRACTICE_SEED = "1"
"""The seed of `kb quiz --bank 练习` without `--seed`: public, like all that is drawn with it."""
GENERAL: Mapping[str, int] = {"单选": 400, "多选": 200, "判断": 350, "填空": 250, "简答": 150}
"""Questions of each type drawn from everything: apart, so that a figure that is asked for in one
type may come in another as well."""
PER_POST = 16
"""More for each post, so that none stands empty."""
TOPMOST = 2400
"""Questions in all: about 0.5 MB gzipped."""
FEW_DOCUMENTS = 120
"""Loaded documents up to which all are asked about; of more, those that somebody works with."""

LINES = 4
"""Lines of a flashcard: what can be said in one breath."""
ENOUGH = 1.2
"""Shared pairs of characters (each by how few ways to ask have it) from which a way to ask leads to
a line."""
_RESERVED = ("index", "practice")
_ASKS = re.compile(
    r"[吗么呢？?几谁哪啥咋]|多少|多久|多长|多大|多远|多高|怎[么样]|什么|能不能|行不行|要不要|是不是|"
    r"可不可以|该不该|用不用|有没有|合规|违规"
)
"""How a way to ask tells that it is a question and not a row of search words."""
_TURN = re.compile(
    r"(?P<after>[，：；]|(?<![长及同临定随])时(?![间限常])，?|前(?![方后])，?|后(?!方)，?)"
    r"|严禁|禁止|不[得应准许]?|必须|应当?|要|须"
)
"""Where a line turns from what it is about to what it asks."""
LEAST_BEGUN = 3


@dataclass(frozen=True, slots=True)
class DrillReport:
    """What was written: posts with cards, their cards, questions."""

    posts: int
    cards: int
    questions: int


def write_drill(
    site: SiteContext, corpora: Sequence[Path], out: Path, drafts: Mapping[str, Draft] | None = None
) -> DrillReport:
    """Write `drill/<post>.js` of every post with cards, `drill/index.js` and `drill/practice.js`.

    Args:
        corpora: the corpus folders with vocabularies and posts.
        drafts: the full drafts of the posts by name where they have been made already.

    Raises:
        KbError: the id of a post is the name of another file here.
        OSError: a file cannot be written.
    """
    posts, cards = _write_posts(site, corpora, out, drafts or {})
    bank = practice(site, Readings.load(corpora))
    write_part(out, "drill/practice", bank)
    return DrillReport(posts, cards, len(bank["items"]))


# --- flashcards -----------------------------------------------------------------------------------


def _write_posts(
    site: SiteContext, corpora: Sequence[Path], out: Path, drafts: Mapping[str, Draft]
) -> tuple[int, int]:
    terms = Terms.load(corpora)
    known = Posts.load(corpora, terms)
    industries = Industries.load(corpora)
    drafter = Drafter(site.passages, known, terms, industries, site.as_of)
    notes = {n.id: n for n in site.passages.notes()}
    rows: list[dict[str, Any]] = []
    for post in known.posts.values():
        if not post.cards:
            continue
        if post.id in _RESERVED:
            raise KbError(f"岗位编号 {post.id!r} 已有别的用处。请在 posts.toml 里换一个")
        draft = drafts.get(post.name) or drafter.draft(post)
        lines = [x for card in CARDS for x in draft.cards[card]]
        made = list(flashcards(post, lines, notes))
        if not made:
            continue
        refs = dict.fromkeys(str(c["id"]).partition("#")[0] for c in made)
        data = {
            "id": post.id,
            "name": post.name,
            "cards": made,
            "versions": {ref: _version(site, ref) for ref in refs},
        }
        write_part(out, f"drill/{post.id}", data)
        rows.append(
            {
                "id": post.id,
                "name": post.name,
                "aliases": list(post.aliases),
                "industries": list(post.industries),
                "cards": len(made),
            }
        )
    write_part(out, "drill/index", {"built": site.as_of.isoformat(), "posts": rows})
    return len(rows), sum(r["cards"] for r in rows)


def _version(site: SiteContext, ref: str) -> dict[str, Any]:
    """Where a version's clauses are, what it is called, and its validity over time."""
    document, version = site.document(ref), site.version(ref)
    return {
        "page": site.page_of.get(ref) or f"docs/{document.id}/",
        "title": document.short or document.title,
        "spans": [s.to_json() for s in site.validity.spans(document, version)],
    }


def flashcards(
    post: Post, lines: Sequence[CardLine], notes: Mapping[str, Note]
) -> Iterator[dict[str, Any]]:
    """The lines of a post as cards: lines on one clause together, a few at a time.

    The front is a way to ask from the note on the clause: the one that has most in common with the
    lines. `k` names a card for good (post, clause, front), `h` changes with its words.
    """
    groups: dict[str, list[CardLine]] = {}
    for line in lines:
        if line.origin == "clause" and line.basis and line.basis[0].id in notes:
            groups.setdefault(line.basis[0].id, []).append(line)
    for note_id, group in groups.items():
        note, at = notes[note_id], parse_ref(note_id)
        for ask, place, part in _asked(note, group):
            units = list(dict.fromkeys(x.basis[0].unit for x in part))
            yield {
                "k": f"{post.id}/{at.doc}#{at.clause}/{_digest(ask)}"
                + (f".{place}" if place else ""),
                "h": _digest(note.hash, *(x.text for x in part)),
                "ask": ask,
                "about": part[0].activity,
                "lines": [
                    {"t": _said(x.text), "card": CARD_NAMES[x.card]}
                    | ({"only": x.condition} if x.condition else {})
                    for x in part
                ],
                "id": note_id,
                "units": units,
                "cite": part[0].basis[0].citation,
            }


def _asked(note: Note, lines: Sequence[CardLine]) -> Iterator[tuple[str, int, Sequence[CardLine]]]:
    """Lines under the way to ask that each answers, a few at a time (front, place, lines); what no
    way to ask leads to is begun, for the reader to end."""
    asks = [a for a in note.lay if _ASKS.search(a)]
    fronts: dict[str, list[CardLine]] = {}
    for line in lines:
        ask = _best(asks, line.text) or f"接着说完：{_beginning(line.text)}……"
        fronts.setdefault(ask, []).append(line)
    for ask, part in fronts.items():
        for place, some in enumerate(_portions(part)):
            yield ask, place, some


def _said(text: str) -> str:
    """A line without the gap that a firm fills in on its card."""
    return text.replace(f"：{BLANK}", "（具体由本单位定）").replace(BLANK, "（由本单位定）")


def _beginning(text: str) -> str:
    """The first words of a line, up to where it begins to say what to do."""
    for m in _TURN.finditer(text):
        at = m.end() if m["after"] else m.start()
        if LEAST_BEGUN <= at <= len(text) - LEAST_BEGUN:
            return text[:at].rstrip("，：；")
    at = len(text) // 2
    while at > 1 and text[at - 1 : at + 1].isascii():
        at -= 1  # never within a figure
    return text[:at]


def _portions(lines: Sequence[CardLine]) -> list[Sequence[CardLine]]:
    """As few portions of at most `LINES` as there can be, of nearly the same size."""
    count = -(-len(lines) // LINES)
    each, rest = divmod(len(lines), count or 1)
    out, at = [], 0
    for place in range(count):
        end = at + each + (place < rest)
        out.append(lines[at:end])
        at = end
    return out


def _best(asks: Sequence[str], words: str) -> str:
    """The way to ask that shares most pairs of characters with a line; a pair that every way to
    ask has tells nothing. Empty where none shares enough."""
    pairs = [{a[i : i + 2] for i in range(len(a) - 1)} for a in asks]
    count = Counter(p for mine in pairs for p in mine)
    best, ask = 0.0, ""
    for text, mine in zip(asks, pairs, strict=True):
        score = sum(1 / count[p] for p in mine if p in words)
        if score > best:
            best, ask = score, text
    return ask if best >= ENOUGH else ""


def _digest(*words: str) -> str:
    return hashlib.sha256("\x00".join(words).encode()).hexdigest()[:8]


# --- the practice bank ----------------------------------------------------------------------------


def practice(site: SiteContext, readings: Readings | None = None) -> dict[str, Any]:
    """The practice bank: `items` in the shape of the JSON contract, a little shortened.

    An item names its version by its place in `versions`, its posts by their places in `posts`, the
    words it rests on by their place in `bases` (`[name, verbatim text]`); `spans` is where the
    answer stands in them. `also` are right options out of other clauses: `[basis, start, end, id]`.
    """
    pool = make_pool(site.passages, site.as_of, docs=_asked_about(site), readings=readings)
    items = _draw(pool)
    basis_of = {b.id: b for b in pool.shelf.all}
    refs = list(dict.fromkeys(i.id.partition("#")[0] for i in items))
    count = Counter(p for i in items for p in _posts(i))
    posts = sorted(count, key=lambda p: (-count[p], p))
    clauses = list(dict.fromkeys(c for i in items for c in (i.id, *(a.id for a in i.also))))
    place_of = {name: n for n, name in enumerate(clauses)}
    return {
        "built": site.as_of.isoformat(),
        "seed": PRACTICE_SEED,
        "types": [t for t in TYPES if any(i.type == t for i in items)],
        "posts": posts,
        "versions": [{"ref": ref, **_version(site, ref)} for ref in refs],
        "bases": [[basis_of[c].citation(), basis_of[c].text] for c in clauses],
        "items": [_item(i, refs.index(i.id.partition("#")[0]), place_of, posts) for i in items],
    }


def _asked_about(site: SiteContext) -> tuple[str, ...]:
    """Ids of the documents to ask about; () for all that are loaded."""
    if len(site.loaded) <= FEW_DOCUMENTS:
        return ()
    noted = {n.ref.partition("@")[0] for n in site.passages.notes()}
    return tuple(d for d in site.loaded if d in noted or site.documents[d].core) or tuple(
        list(site.loaded)[:FEW_DOCUMENTS]
    )


def _draw(pool: Pool) -> list[Item]:
    """A paper of each type by the practice seed, then one for each post, each item once."""
    found: dict[str, Item] = {}
    named = {p for d in pool.drafts for p in posts_of(d)}
    wanted = [Wanted(n, PRACTICE_SEED, types=(t,)) for t, n in GENERAL.items()]
    wanted += [Wanted(PER_POST, PRACTICE_SEED, posts=(p,)) for p in sorted(named)]
    for one in wanted:
        for item in pick(pool, one).items:
            if len(found) < TOPMOST:
                found.setdefault(item.item, item)
    return list(found.values())


def _posts(item: Item) -> list[str]:
    return item.post.split("、") if item.post else []


def _item(
    item: Item, version: int, place_of: Mapping[str, int], posts: Sequence[str]
) -> dict[str, Any]:
    out: dict[str, Any] = {
        "item": item.item,
        "id": item.id,
        "hash": item.hash,
        "type": item.type,
        "stem": item.stem,
        "answer": item.answer,
        "explanation": item.explanation,
        "difficulty": item.difficulty,
        "topic": item.topic,
        "citation": item.citation,
        "version": version,
        "basis": place_of[item.id],
        "posts": [posts.index(p) for p in _posts(item)],
        "spans": [list(s) for s in item.answer_spans],
    }
    if item.also:
        out["also"] = [[place_of[a.id], *a.span, a.id] for a in item.also]
    if item.options:
        out["options"] = list(item.options)
    if item.points:
        out["points"] = list(item.points)
    if item.distractors:
        out["wrong"] = [[d.text, d.why] for d in item.distractors]
    return out
