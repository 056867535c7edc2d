"""What the local notices ask of whom, by when and shown by what: `corpus/requirements.toml`.

Each `[[requirement]]` says one obligation of one notice in our own words and rests on sections of
it; `[[step]]` are the steps of a notice that has them (九步工作法); `[[term]]` is the term that a
plan's own title states, and is the deadline of its requirements that have none of their own. A
deadline that has passed does not make a requirement void: whether the notice still stands is said
by `kb.validity`, beside it.
"""

from kb.requirements.check import requirement_problems
from kb.requirements.load import load_requirements
from kb.requirements.model import (
    INDUSTRIES,
    TOPICS,
    WHO,
    WITHIN,
    Requirement,
    Requirements,
    State,
    Step,
    Term,
    bearers,
    compared,
    in_industry,
    industry,
    state,
)

__all__ = [
    "INDUSTRIES",
    "TOPICS",
    "WHO",
    "WITHIN",
    "Requirement",
    "Requirements",
    "State",
    "Step",
    "Term",
    "bearers",
    "compared",
    "in_industry",
    "industry",
    "load_requirements",
    "requirement_problems",
    "state",
]
