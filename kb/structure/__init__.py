"""Text → unit tree, one parser a family of documents."""

from kb.structure.base import StructureError, TreeBuilder
from kb.structure.dispatch import likely_kinds, notice_facts, parse

__all__ = ["StructureError", "TreeBuilder", "likely_kinds", "notice_facts", "parse"]
