"""Ids of documents, versions and clauses; the citation that people read; the hash of a text.

Forms (frozen from the first release, see CONTRIBUTING):

- `doc`                          a document: ASCII slug, `gb-16423-2020`
- `doc#clause`                   a link to whatever version is in force
- `doc@YYYY-MM-DD`               a version: the date on which that wording was adopted
- `doc@YYYY-MM-DD#clause`        what notes, cards, questions and backlinks store
- clause: `art-25`, `art-25-1` (第二十五条之一), `.p2` 款, `.i3` 项, `.y1` 目; `ch-2`, `ch-2.s1`,
  `part-1.ch-2`; standards `5.2.2.2`, `5.6.1.5.a`, `5.2.2.2.i3`, note `.n1`, table `.t1`, annex
  `app-C.1.2`; notices `m-s2-k1-n1`, `a1-…`; a number that the source itself repeats: `~2`.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass

from kb.errors import UsageError

__all__ = [
    "CLAUSE_RE",
    "DOC_RE",
    "Ref",
    "content_hash",
    "format_ref",
    "parse_ref",
    "version_ref",
]

DOC_RE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
"""A document id: lower-case ASCII words joined by single hyphens."""

CLAUSE_RE = re.compile(r"[A-Za-z0-9]+(?:[-.][A-Za-z0-9]+)*(?:~[0-9]+(?:[-.][A-Za-z0-9]+)*)?\Z")
"""A clause id within a document; also valid as an HTML id and a URL fragment as it stands."""

_VERSION_RE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


@dataclass(frozen=True, slots=True)
class Ref:
    """A parsed id: `version` and `clause` are empty when the id does not name them."""

    doc: str
    version: str = ""
    clause: str = ""


def parse_ref(text: str) -> Ref:
    """Take an id apart.

    Raises:
        UsageError: the text has not the form of an id.
    """
    head, hash_, clause = text.partition("#")
    doc, at, version = head.partition("@")
    ok = (
        DOC_RE.match(doc)
        and (not at or _VERSION_RE.match(version))
        and (not hash_ or CLAUSE_RE.match(clause))
    )
    if not ok:
        raise UsageError(
            f"编号写法不对：{text!r}。应为 文件#条款（如 gb-16423-2020#5.2.2.2）"
            "或 文件@通过日期#条款（如 gb-16423-2020@2020-10-11#5.2.2.2）"
        )
    return Ref(doc, version, clause)


def format_ref(doc: str, version: str = "", clause: str = "") -> str:
    """Put an id together; the inverse of `parse_ref`."""
    return doc + (f"@{version}" if version else "") + (f"#{clause}" if clause else "")


def version_ref(doc: str, version: str) -> str:
    """The id of one version, `doc@YYYY-MM-DD`."""
    return f"{doc}@{version}"


_DECIMAL = re.compile(r"(?<=[0-9])\s*\.\s*(?=[0-9])")  # the point of 1.5 m, also over a line break
_SIGNS = frozenset("\x00<>=≤≥±%‰°℃+-−×÷/~～≮≯")


def content_hash(display: str) -> str:
    """First 12 hex digits of sha256 over `display`: NFKC, only letters, digits and signs.

    Line breaks, spaces and punctuation do not count, so another reader of the same text gives the
    same hash; a changed figure, sign or word does not. The point of a decimal is a sign: 1.5 is
    not 15.
    """
    folded = unicodedata.normalize("NFKC", display)
    kept = "".join(c for c in _DECIMAL.sub("\x00", folded) if c.isalnum() or c in _SIGNS)
    return hashlib.sha256(kept.encode()).hexdigest()[:12]
