"""`kb check`: existing cards of any origin against the rules in force."""

from kb.check.checker import Checker
from kb.check.model import APART, ERRORS, KIND_NAMES, KINDS, CardFile, FileReport, Finding
from kb.check.reading import READABLE, Refused, card_file, card_files
from kb.check.shelf import Shelf

__all__ = [
    "APART",
    "ERRORS",
    "KINDS",
    "KIND_NAMES",
    "READABLE",
    "CardFile",
    "Checker",
    "FileReport",
    "Finding",
    "Refused",
    "Shelf",
    "card_file",
    "card_files",
]
