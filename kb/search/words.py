"""The words of a query: what is looked for, how rare each is, and what site words stand for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kb.fold import fold_text

if TYPE_CHECKING:
    from kb.index import Index
    from kb.lexical import Scores

__all__ = ["EXPANDED", "MAX_WORDS", "Words", "words_of"]

MAX_WORDS = 300
"""Words of a query beyond this number are not looked for; `why` says so."""

EXPANDED = 0.5
"""Weight of a standard term that a site word of the query stands for, beside the word itself."""

EXPANDED_FIELDS = ("path", "text")  # what a note says is in site words already


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one query; `meant` are its site words and the terms that they stand for."""

    words: frozenset[str]
    rarity: Mapping[str, float]
    scores: Scores | None
    cut: Mapping[str, int] | None
    meant: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def words_of(index: Index, text: str, expand: float) -> Words:
    """Cut a query and score its words; terms that site words stand for count `expand` as much."""
    tokenizer = index.tokenizer
    cut = None
    if len(text) > MAX_WORDS:
        spans = tokenizer.spans(text)
        if len(spans) > MAX_WORDS:
            text = text[: spans[MAX_WORDS - 1].end]
            cut = {"words": len(spans), "used": MAX_WORDS}
    views = tokenizer.views(text)
    if not (views.words or views.pairs):
        return Words(frozenset(), {}, None, cut)
    lexical = index.lexical
    scores = lexical.scores(views)
    meant = index.expansion.find(fold_text(text)) if expand else {}
    terms = {term: None for found in meant.values() for term in found if term not in text}
    if terms:
        further = tokenizer.views("\n".join(terms))
        own = zip(further, views, strict=True)
        new = type(views)(*(sorted(set(a) - set(b)) for a, b in own))
        scores = scores.plus(lexical.scores(new), expand, EXPANDED_FIELDS)
    return Words(frozenset(views.words), lexical.rarity(views), scores, cut, meant)
