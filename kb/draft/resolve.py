"""From what somebody calls a post to the post: its name, a name on site, or free words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kb.errors import UsageError
from kb.expansion import Expansion
from kb.fold import fold_text
from kb.posts import Post

__all__ = ["resolve_post"]

_NEAR = 5  # suggestions
_SURE, _AHEAD = 2.0, 1.0  # what free words must score, and by how much the best must lead
_STOP = frozenset("的个工员手人师傅")  # characters that every name of a post has


def resolve_post(text: str, posts: Mapping[str, Post], expansion: Expansion) -> Post:
    """The post that is meant.

    An exact name wins; then the one post whose names stand in the text; then the post whose names,
    equipment and activities share most with it, site words read as standard terms. Nothing is
    guessed: two posts that are equally near are both offered.

    Raises:
        UsageError: none is meant for certain; the nearest are named.
    """
    asked = fold_text(text).strip()
    if not asked:
        raise UsageError("没有写岗位。例：kb draft 铲装司机")
    names = {fold_text(n): p for p in posts.values() for n in (p.name, *p.aliases)}
    if asked in names:
        return names[asked]
    inside = [n for n in names if n in asked]
    telling = [n for n in inside if not any(n != other and n in other for other in inside)]
    named = {names[n].name: names[n] for n in telling}
    if len(named) == 1:
        return next(iter(named.values()))
    if named:
        raise UsageError(f"{text!r} 说到 {'、'.join(named)}，请写其中一个")
    meant = " ".join([asked, *(t for found in expansion.find(asked).values() for t in found)])
    scored = sorted(
        ((_score(meant, p), -place, p) for place, p in enumerate(posts.values())),
        key=lambda x: x[:2],
        reverse=True,
    )
    best = scored[0]
    if best[0] >= _SURE and (len(scored) < 2 or best[0] - scored[1][0] >= _AHEAD):
        return best[2]
    near = [p.name for score, _, p in scored[:_NEAR] if score > 0] or list(posts)[:_NEAR]
    raise UsageError(f"没有岗位 {text!r}。相近的有：{'、'.join(near)}；全部见 kb coverage --posts")


def _score(text: str, post: Post) -> float:
    """Shared words: a name counts by its telling characters, equipment and activities whole."""
    score = 0.0
    for name in (post.name, *post.aliases):
        telling = [c for c in name if c not in _STOP]
        shared = sum(pair in text for pair in _pairs(name))
        score = max(score, 2.0 * shared / max(1, len(name) - 1) * (1 if telling else 0))
    words: Iterable[str] = (*post.equipment, *post.activities)
    return score + sum(1.0 for w in words if len(w) > 1 and fold_text(w) in text)


def _pairs(text: str) -> list[str]:
    return [fold_text(text[i : i + 2]) for i in range(len(text) - 1)]
