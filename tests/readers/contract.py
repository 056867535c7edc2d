"""What every reader promises (see `kb.model.Source`), as one function."""

from __future__ import annotations

import hashlib
import re
from itertools import pairwise

from kb.model import BlockKind, Source, UnitKind

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")

ARTEFACTS = {
    # what may stand outside the blocks beside white space
    "text": re.compile(r"(?:\s*\\n)+\s*$", re.MULTILINE),  # a newline written out
    # comments, and tables without any text in them
    "markdown": re.compile(r"<!--.*?-->|<table\b[^>]*>(?:\s|<[^>]*>)*?</table\s*>", re.DOTALL),
}


def outside(source: Source) -> str:
    """Text that is in no block, known artefacts removed."""
    kept: list[str] = []
    at = 0
    for b in source.blocks:
        kept.append(source.text[at : b.start])
        at = b.end
    kept.append(source.text[at:])
    artefact = ARTEFACTS.get(source.format)
    return "".join(artefact.sub("", k) if artefact else k for k in kept)


def check_contract(source: Source, data: bytes | None = None) -> None:
    """Assert all promises; `data` are the original bytes where there is a file."""
    text = source.text
    assert text.strip()
    assert not CONTROL.search(text)
    assert source.format in {"text", "markdown", "html", "docx", "statutes"}
    assert re.fullmatch("[0-9a-f]{64}", source.sha256)
    if data is not None:
        assert source.sha256 == hashlib.sha256(data).hexdigest()
    assert "\n" not in source.title
    assert source.title == source.title.strip()
    assert not CONTROL.search(source.title)
    assert source.blocks
    for b in source.blocks:
        assert 0 <= b.start < b.end <= len(text)
        body = text[b.start : b.end]
        assert body == body.strip(), b
        assert (1 <= b.level <= 6) if b.kind is BlockKind.HEADING else b.level == 0
        if b.kind is BlockKind.TABLE:
            assert b.rows
            assert all(c.colspan >= 1 and c.rowspan >= 1 for row in b.rows for c in row)
            assert not any(CONTROL.search(c.text) for row in b.rows for c in row)
        else:
            assert not b.rows
            assert "\n" not in body
    assert all(a.end <= b.start for a, b in pairwise(source.blocks))
    assert not outside(source).strip()
    _check_marks(source)


def _check_marks(source: Source) -> None:
    text = source.text
    order = [UnitKind.PART, UnitKind.CHAPTER, UnitKind.SECTION, UnitKind.ARTICLE]
    for m in source.marks:
        assert m.kind in order
        assert 0 <= m.start < m.end <= len(text)
        assert text.startswith(m.label, m.start)
        assert text[m.start : m.end].strip() == text[m.start : m.end]
    for a, b in pairwise(source.marks):
        assert (a.start, -a.end) <= (b.start, -b.end)
        assert b.start >= a.end or b.end <= a.end, "marks overlap without one holding the other"
        if b.end <= a.end:  # nested: a 编 may hold 分编, else only lower levels
            assert a.kind is UnitKind.PART or order.index(a.kind) < order.index(b.kind)
