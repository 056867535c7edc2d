"""Identity of documents: what they are called, which wordings they have, what replaces what."""

from kb.catalog.core import Catalog
from kb.catalog.merge import StatuteRow
from kb.catalog.regions import applies_in, full_region

__all__ = ["Catalog", "StatuteRow", "applies_in", "full_region"]
