"""Find references in a text and mark them. Resolves nothing: see `kb.resolve`."""

from kb.citations.annotate import Segment, annotate
from kb.citations.finder import Inside, find
from kb.citations.names import Alias, aliases

__all__ = ["Alias", "Inside", "Segment", "aliases", "annotate", "find"]
