"""Citations → clauses of the right edition, or *unresolved* with a reason. Never guesses."""

from kb.resolve.backlinks import backlinks
from kb.resolve.context import Context
from kb.resolve.editions import CatalogLike
from kb.resolve.reasons import Reason
from kb.resolve.resolver import Resolver

__all__ = ["CatalogLike", "Context", "Reason", "Resolver", "backlinks"]
