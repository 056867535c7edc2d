"""What can kill on a post and does not stand on its card.

The wanted lines are those that a draft of the post's cards has, of the top severity: drafting
decides which lines are the post's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kb.cards.model import CardLine, Draft
from kb.check.fit import grams_of
from kb.check.model import Finding
from kb.check.shelf import Shelf

__all__ = ["gaps"]

_SEVEREST = 3
_SAID = 0.55
"""Share of a line's pairs (by rarity) that one sentence of the card has: the card says it."""
_SHOWN = 3  # lines of a clause that the message gives
PLACE = "全卡"


def gaps(
    shelf: Shelf, draft: Draft, said: Sequence[str], cited: Iterable[tuple[str, str]]
) -> Iterator[Finding]:
    """One finding for each clause that no sentence says and no reference names.

    Args:
        draft: the full draft of the post.
        said: the sentences of the card.
        cited: (version ref, clause) that the card refers to.
    """
    grams = [grams_of(text) for text in said]
    have = {f"{ref}#{clause}" for ref, clause in cited}
    wanted: dict[str, list[CardLine]] = {}
    for lines in draft.cards.values():
        for line in lines:
            if line.severity >= _SEVEREST and line.basis:
                wanted.setdefault(line.basis[0].id, []).append(line)
    for full_id, found in wanted.items():
        if have & {b.id for line in found for b in line.basis}:
            continue
        if any(_is_said(shelf, line, grams) for line in found):
            continue
        yield _finding(found, full_id, draft.post)


def _is_said(shelf: Shelf, line: CardLine, said: Sequence[frozenset[str]]) -> bool:
    wanted = grams_of(line.text)
    whole = shelf.fits.rarity(wanted)
    return any(shelf.fits.rarity(wanted & have) >= _SAID * whole for have in said if wanted & have)


def _finding(lines: Sequence[CardLine], full_id: str, post: str) -> Finding:
    shown = "；".join(_words(line) for line in lines[:_SHOWN])
    more = f"等 {len(lines)} 行" if len(lines) > _SHOWN else ""
    citation = lines[0].basis[0].citation
    return Finding(
        "gap",
        PLACE,
        "",
        full_id,
        f"{post}的高风险条款没有写到：{citation}（要点：{shown}{more}）",
        f"对照{citation}，由岗位讨论后补上",
        post=post,
    )


def _words(line: CardLine) -> str:
    return f"{line.text}（{line.condition}）" if line.condition else line.text
