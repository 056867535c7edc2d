"""Every number, word and pattern that search works by, for another runner of it: the site's."""

from __future__ import annotations

from typing import Any

from kb.catalog.names import PROVINCES
from kb.lexical import VIEW_WEIGHT, WEIGHT, Lexical
from kb.model import DocKind, Status
from kb.search import filters, fusion, match, quoted, searcher, words
from kb.validity import DEFAULT_SEARCH, IN_FORCE_UNKNOWN

__all__ = ["settings"]


def settings(lexical: Lexical) -> dict[str, Any]:
    """What the modules of `kb.search` say in constants, under the same names in lower case."""
    return {
        "weights": {v: WEIGHT.get(v, VIEW_WEIGHT[v.partition(".")[2]]) for v in lexical.views},
        "gist": fusion.GIST,
        "facets": fusion.FACETS,
        "meaning": fusion.MEANING,
        "far": fusion.FAR,
        "quoted": list(fusion.QUOTED),
        "run": quoted.RUN,
        "first": quoted.FIRST,
        "runs": quoted.WEIGHT,
        "fewest": quoted.FEWEST,
        "asks": quoted.ASKS.pattern,
        "most_words": words.MAX_WORDS,
        "expanded": words.EXPANDED,
        "expanded_fields": list(words.EXPANDED_FIELDS),
        "nearest": searcher.NEAREST,
        "tie": searcher.TIE,
        "below": searcher.BELOW,
        "rare": match.RARE,
        "enough": match.ENOUGH,
        "shown": match.SHOWN,
        "statuses": [s.value for s in Status],
        "default": [s.value for s in Status if s in DEFAULT_SEARCH],
        "current": [s.value for s in searcher.CURRENT],
        "gone": [s.value for s in searcher.GONE],
        "in_force": Status.IN_FORCE.value,
        "cited_plain": [Status.IN_FORCE.value, Status.PENDING.value],
        "start_unknown": IN_FORCE_UNKNOWN,
        "kinds": {w: k.value for w, k in filters.KIND_WORDS.items()}
        | {k.value: k.value for k in DocKind},
        "kind_words": {k.value: w for w, k in filters.KIND_WORDS.items()},
        "cards": dict(filters.CARD_WORDS) | {c: c for c in filters.CARD_WORDS.values()},
        "provinces": list(PROVINCES),
    }
