"""Text → unit tree, one parser a family of documents."""

from kb.structure.base import StructureError, TreeBuilder
from kb.structure.dispatch import notice_facts, parse

__all__ = ["StructureError", "TreeBuilder", "notice_facts", "parse"]
