"""Drafting: the cards of a post, suggested from the notes on clauses in force."""

from kb.draft.drafter import Drafter, covered
from kb.draft.industries import Industries
from kb.draft.resolve import resolve_post

__all__ = ["Drafter", "Industries", "covered", "resolve_post"]
