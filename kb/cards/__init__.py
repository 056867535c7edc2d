"""Cards of a post: what they hold, where each line comes from, who fills what."""

from kb.cards.model import (
    CARD_NAMES,
    CARDS,
    ORIGINS,
    Basis,
    CardLine,
    Draft,
    Firm,
    LeftOut,
    Missing,
    Person,
    PostFirm,
)

__all__ = [
    "CARDS",
    "CARD_NAMES",
    "ORIGINS",
    "Basis",
    "CardLine",
    "Draft",
    "Firm",
    "LeftOut",
    "Missing",
    "Person",
    "PostFirm",
]
