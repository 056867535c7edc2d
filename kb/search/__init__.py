"""Search over an index: `Searcher(index).search("…")` gives `Hit`s."""

from kb.search.filters import Filters
from kb.search.hit import Hit
from kb.search.searcher import Searcher
from kb.search.words import MAX_WORDS

__all__ = ["MAX_WORDS", "Filters", "Hit", "Searcher"]
