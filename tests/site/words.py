"""The words of a clause as a page shows them, to compare with the display text of the index."""

from __future__ import annotations

import re
import unicodedata

from bs4 import Tag

__all__ = ["letters", "shown_words"]

_NOT_TEXT = ".kb-back, .kb-conflict, .kb-pin, .kb-near, .kb-errn"
_OLD = re.compile(r"收录文本作“(.*)”\Z", re.DOTALL)


def letters(text: str) -> str:
    """Letters, digits and signs alone: what must be neither lost nor said twice."""
    folded = unicodedata.normalize("NFKC", text)
    # a control character is shown as U+FFFD
    return "".join(c for c in folded if c.isprintable() and c not in " |\ufffd")


def shown_words(body: Tag) -> str:
    """Text of a clause's body without controls; a corrected word counts as the loaded one."""
    copy = body.__copy__()
    for node in copy.select(_NOT_TEXT):
        node.decompose()
    for node in copy.select("ins.kb-err"):
        found = _OLD.search(str(node["title"]))
        assert found, node
        node.string = found[1]
    return copy.get_text("\n")
