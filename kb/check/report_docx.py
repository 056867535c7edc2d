"""The marked-up copy: the card as it stands, with a comment at everything found.

A Word document is copied and only gets comments; other files are written out anew, line by line
and table by table. What was not checked is told in one comment at the top.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from kb.check.model import KIND_NAMES, CardFile, CardRow, FileReport, Finding, Place

__all__ = ["marked_up"]

AUTHOR, INITIALS = "安规库", "核对"
_FONT = "宋体"
_MOST_COMMENTS = 500
"""Comments of a file; Word gets slow with more, and nobody reads them."""
_MOST_ROWS = 1500
"""Rows of one file that a fresh copy writes out; of longer ones only the rows with findings."""

Element = Any  # lxml's _Element, which has no types


def marked_up(path: Path, file: CardFile, report: FileReport) -> bytes:
    """A .docx with comments; the file itself is not touched."""
    import docx

    told = _first(report)
    if path.suffix.lower() == ".docx":
        document = docx.Document(str(path))
        _comment_copy(document, file, told)
    else:
        document = docx.Document()
        _write_out(document, file, told)
    _comment_top(document, report, told)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _first(report: FileReport) -> list[Finding]:
    """What gets a comment, in order: errors before the others where there are too many."""
    told = [f for f in report.findings if f.kind != "not_checked"]
    if len(told) <= _MOST_COMMENTS:
        return told
    chosen = set(sorted(told, key=lambda f: not f.is_error)[:_MOST_COMMENTS])
    return [f for f in told if f in chosen]


def _said(finding: Finding) -> str:
    then = f"\n改为：{finding.suggestion}" if finding.suggestion else ""
    return f"【{KIND_NAMES[finding.kind]}】{finding.message}{then}"


def _comment_top(document: Any, report: FileReport, told: Sequence[Finding]) -> None:
    """What the check did, and what stands nowhere in the text (高风险条款没有写到)."""
    whole = [f for f in told if not f.raw]
    text = (
        f"核对了 {report.checked} 处，错误 {report.errors} 处，未核对 {report.not_checked} 处。"
        "未核对的不等于没有问题，请人工核对。"
    )
    left = sum(f.kind != "not_checked" for f in report.findings) - len(told)
    if left:
        text += f"这里只批注了 {len(told)} 处，还有 {left} 处见 --xlsx 汇总。"
    lines = [text, *(_said(f) for f in whole)]
    runs = next(_paragraph_runs(document), None)
    if runs is None:
        runs = [document.add_paragraph().add_run(" ")]
    document.add_comment(runs, "\n".join(lines), AUTHOR, INITIALS)


def _paragraph_runs(document: Any) -> Iterator[list[Any]]:
    """The runs of each paragraph with text, in document order, those of tables included."""
    from docx.oxml.ns import qn
    from docx.text.run import Run

    for p in document.element.body.iter(qn("w:p")):
        runs = [Run(r, document) for r in p.iter(qn("w:r")) if _near(r, p, qn("w:p"))]
        if any(r.text.strip() for r in runs):
            yield runs


def _near(run: Element, paragraph: Element, tag: str) -> bool:
    """Whether a run is the paragraph's own, not that of a text box within it."""
    above = run.getparent()
    while above is not None and above.tag != tag:
        above = above.getparent()
    return above is paragraph


# --- a copy of a Word document ------------------------------------------------------------------


def _comment_copy(document: Any, file: CardFile, told: Sequence[Finding]) -> None:
    paragraphs = list(_paragraph_runs(document))
    texts = ["".join(r.text for r in runs) for runs in paragraphs]
    finder = _Finder(texts, file)
    for finding in told:
        found = finder.paragraph(finding) if finding.raw else None
        if found is not None:
            runs = _covering(paragraphs[found], texts[found], finding.raw)
            document.add_comment(runs, _said(finding), AUTHOR, INITIALS)


def _plain(text: str) -> str:
    return "".join(text.split())


class _Finder:
    """Leads from findings to the paragraphs of the document that they stand in."""

    def __init__(self, texts: Sequence[str], file: CardFile) -> None:
        self._plain = [_plain(t) for t in texts]
        self._same: dict[str, list[int]] = defaultdict(list)
        for number, text in enumerate(self._plain):
            self._same[text].append(number)
        self._places = {c.place: c.text for r in file.rows for c in r.cells if not c.merged}
        self._twins: dict[str, list[Place]] = defaultdict(list)
        for place, text in self._places.items():
            self._twins[_plain(text)].append(place)

    def paragraph(self, finding: Finding) -> int | None:
        """The paragraph with what was found: by its line, then by the words alone.

        Of lines that stand more than once, the one of the same order is taken.
        """
        raw = _plain(finding.raw)
        text = self._places.get(finding.line, "")
        twins = self._twins[_plain(text)]
        order = twins.index(finding.line) if finding.line in twins else 0
        for line in text.split("\n"):
            if raw in _plain(line) and (same := self._same.get(_plain(line))):
                return same[min(order, len(same) - 1)]
        for wanted in (raw, raw[:12]):
            for number, words in enumerate(self._plain):
                if wanted in words:
                    return number
        return None


def _covering(runs: list[Any], text: str, raw: str) -> list[Any]:
    """The runs that the words stand in; all of the paragraph's where they cannot be told."""
    at = text.find(raw)
    if at < 0:
        return runs
    out = []
    place = 0
    for run in runs:
        end = place + len(run.text)
        if place < at + len(raw) and end > at:
            out.append(run)
        place = end
    return out or runs


# --- a copy written out -------------------------------------------------------------------------


def _write_out(document: Any, file: CardFile, told: Sequence[Finding]) -> None:
    _fonts(document)
    by_place: dict[Place, list[Finding]] = defaultdict(list)
    for finding in told:
        if finding.raw:
            by_place[finding.line].append(finding)
    for rows in _blocks(_kept(file, by_place)):
        if rows[0].table:
            _table(document, rows, by_place)
        else:
            cell = rows[0].cells[0]
            style = "Heading 1" if rows[0].heading else None
            paragraph = document.add_paragraph(style=style)
            _fill(document, paragraph, cell.text, by_place.pop(cell.place, []))


def _kept(file: CardFile, by_place: dict[Place, list[Finding]]) -> list[CardRow]:
    if len(file.rows) <= _MOST_ROWS:
        return list(file.rows)
    return [r for r in file.rows if r.heading or any(c.place in by_place for c in r.cells)]


def _blocks(rows: Iterable[CardRow]) -> Iterator[list[CardRow]]:
    """Lines one by one, rows of one table together."""
    block: list[CardRow] = []
    for row in rows:
        if block and (not row.table or row.table != block[0].table):
            yield block
            block = []
        block.append(row)
        if not row.table:
            yield block
            block = []
    if block:
        yield block


def _table(document: Any, rows: Sequence[CardRow], by_place: dict[Place, list[Finding]]) -> None:
    columns = max(c.column for r in rows for c in r.cells) + 1
    table = document.add_table(rows=len(rows), cols=columns, style="Table Grid")
    for row, out in zip(rows, table.rows, strict=True):
        cells = out.cells
        for cell in row.cells:
            paragraph = cells[cell.column].paragraphs[0]
            findings = [] if cell.merged else _of_cell(by_place, cell.place, cell.text)
            _fill(document, paragraph, cell.text, findings)


def _of_cell(by_place: dict[Place, list[Finding]], place: Place, text: str) -> list[Finding]:
    """The findings of a cell; the cells of a Markdown row share one place."""
    here = [f for f in by_place.get(place, ()) if f.raw in text]
    for f in here:
        by_place[place].remove(f)
    return here


def _fill(document: Any, paragraph: Any, text: str, findings: Sequence[Finding]) -> None:
    """Write a text in runs that end where a finding begins or ends, with its comments."""
    spans = {f: _span(text, f) for f in findings}
    edges = sorted({0, len(text), *(x for span in spans.values() for x in span)})
    runs = {}
    for start, end in pairwise(edges):
        runs[start] = paragraph.add_run(text[start:end])
    for finding, (start, end) in spans.items():
        marked = [run for at, run in runs.items() if start <= at < end]
        document.add_comment(marked or list(runs.values()), _said(finding), AUTHOR, INITIALS)


def _span(text: str, finding: Finding) -> tuple[int, int]:
    if text[finding.start : finding.end] == finding.raw:
        return finding.start, finding.end
    at = text.find(finding.raw)
    return (at, at + len(finding.raw)) if at >= 0 else (0, len(text))


def _fonts(document: Any) -> None:
    """A font for Han letters: without it Word takes the theme's."""
    from docx.oxml.ns import qn

    for name in ("Normal", "Heading 1"):
        style = document.styles[name]
        style.font.name = _FONT
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
            fonts.set(qn(kind), _FONT)
