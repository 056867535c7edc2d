"""Assembles the text and the blocks of formats whose text has to be extracted (HTML, docx, …)."""

from __future__ import annotations

from kb.model import Block, BlockKind, Cell

__all__ = ["TextBuilder", "line_spans", "table_text"]

Rows = tuple[tuple[Cell, ...], ...]


class TextBuilder:
    """Collects lines and tables; `text` and `blocks` then keep the contract of `Source`."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self.blocks: list[Block] = []

    @property
    def position(self) -> int:
        """Where the next line will start."""
        return self._length

    @property
    def text(self) -> str:
        """Everything added so far, without the last newline."""
        return "".join(self._parts).removesuffix("\n")

    def line(self, text: str, kind: BlockKind = BlockKind.PARA, level: int = 0) -> None:
        """Add one line as a block; newlines inside it part it into several, blanks are dropped."""
        for part in text.split("\n"):
            stripped = part.strip()
            if stripped:
                start = self._length
                self._write(stripped + "\n")
                self.blocks.append(Block(kind, start, start + len(stripped), level=level))

    def blank(self) -> None:
        """Add an empty line (readable raw text; no block)."""
        self._write("\n")

    def table(self, rows: Rows) -> None:
        """Add a table: in the text its cells are parted by tabs and its rows by newlines."""
        written = table_text(rows)
        body = written.strip()
        if not body:
            return
        start = self._length + written.index(body)
        self._write(written + "\n")
        self.blocks.append(Block(BlockKind.TABLE, start, start + len(body), rows=rows))

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)


def table_text(rows: Rows) -> str:
    """Source text of a table: cells parted by tabs, rows by newlines, white space folded."""
    return "\n".join("\t".join(" ".join(c.text.split()) for c in row) for row in rows)


def line_spans(text: str) -> list[tuple[int, int]]:
    """(start, end) of every line, its newline left out, blank lines included."""
    out: list[tuple[int, int]] = []
    at = 0
    for line in text.split("\n"):
        out.append((at, at + len(line)))
        at += len(line) + 1
    return out
