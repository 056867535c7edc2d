"""Passages and questions: what an exam writer can defend before a panel.

`passages` finds verbatim text; `make_pool` gives every question that the texts in force on a day
allow, `pick` a paper by its seed, `verify_items` whether stored items still stand.
"""

from kb.exam.model import TYPES, Distractor, Item, items_json, load_items
from kb.exam.pick import Paper, Wanted, pick
from kb.exam.pool import Coverage, Pool, make_pool
from kb.exam.verify import Finding, Verified, verify_items

__all__ = [
    "TYPES",
    "Coverage",
    "Distractor",
    "Finding",
    "Item",
    "Paper",
    "Pool",
    "Verified",
    "Wanted",
    "items_json",
    "load_items",
    "make_pool",
    "pick",
    "verify_items",
]
