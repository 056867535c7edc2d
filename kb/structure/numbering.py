"""Clause numbers of a standard (GB/T 1.1): which of the numbers in the text open a clause.

A number opens a clause when its form and its place in the sequence agree: it is the next sibling,
the first child, or the next sibling of an ancestor of the clause before. Everything else that looks
alike (a cross-reference at the start of a line, a figure, an entry of the table of contents) stays
text. A small gap in the sequence is first looked for in the middle of lines (run-in clauses), then
accepted with a warning; a number out of sequence is never used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.display import HAN, ends_sentence, normalize
from kb.structure.lines import Line

__all__ = ["Boundary", "Numbering", "body_start", "find_boundaries", "is_title", "runs_on"]


@dataclass(frozen=True, slots=True)
class Boundary:
    """Where a numbered clause or an annex begins.

    `prefix` is the annex letter or empty, `parts` the number (empty for the annex itself). The
    label stands at `start` and its text begins at `text_at`, both offsets in `source.text`.
    """

    prefix: str
    parts: tuple[int, ...]
    start: int
    text_at: int
    rest: str = ""
    repeated: bool = False

    @property
    def label(self) -> str:
        """What people write: 5.2.2, A.1, 附录 A."""
        number = ".".join(map(str, self.parts))
        if not self.parts:
            return f"附录 {self.prefix}"
        return f"{self.prefix}.{number}" if self.prefix else number

    @property
    def id(self) -> str:
        """The clause id: 5.2.2, app-A.1, app-A."""
        number = ".".join(map(str, self.parts))
        return ".".join(filter(None, (f"app-{self.prefix}" if self.prefix else "", number)))


@dataclass(frozen=True, slots=True)
class Numbering:
    """The boundaries in order; `gaps` are numbers that the sequence lacks."""

    boundaries: tuple[Boundary, ...]
    gaps: tuple[str, ...]
    warnings: tuple[str, ...]


# --- forms --------------------------------------------------------------------------------------

# 5.2.2.1 | 5．2 | 4; a point only between digits
_NUMBER = re.compile(r"\d{1,3}(?:[.．]\d{1,3})*")
# A.1, A．1.2
_ANNEX_NUMBER = re.compile(r"([A-Z])[.．](\d{1,3}(?:[.．]\d{1,3})*)")
# 附录A(规范性附录)爆破设计内容; 附 录 B
_ANNEX = re.compile(r"附\s*录\s*([A-Z])(?![A-Za-z0-9.．])")
_ANNEX_TEXT = re.compile(r"\s*(?:[的中、和与及或给规所]|$|[（(](?!规|资))")
# a number in the middle of a line: after a sentence, or (loosely) after any mark or space
_MID_NUMBER = r"(?P<n>(?:(?P<prefix>[A-Z])[.．])?(?P<number>\d{1,3}(?:[.．]\d{1,3})*))(?![\d.．])"
_RUN_IN_SURE = re.compile(rf"(?<=。)\s*{_MID_NUMBER}(?=\s+[{HAN}“《])")
_RUN_IN = re.compile(rf"(?:(?<=[。；：;:])\s*|(?<=\s)){_MID_NUMBER}(?=\s*[{HAN}“《A-Z])")
# what follows a number that is a reference: 5.3.8和5.6.3的, 6.7的有关规定, 5.3.8 条, 4.1～4.3
_REFERENCE = re.compile(
    r"\s*(?:[、和与及或至到~～—–-]\s*(?:第|表|附录|本|GB)?\s*[A-Z]?[.．]?\d"
    r"|的|中的|所(?:规定|述|列|示|要求)|等(?:的|规定|要求|条|$)"
    r"|(?:规定|要求)[的，。；、]|规定(?:执行|进行|设置|采用|办理)"
    r"|[条款项章节](?:的|规定|要求|和|、|及|$)|[)）】》”，,。；;])"
)
# 0.5 m, 3‰: a figure and its unit, where a number of one or two parts could be meant
_UNIT = re.compile(
    r"\s*(?:[%‰°℃Ω×～~/]"
    r"|(?:mm|cm|km|m|kg|g|t|min|h|s|d|kV|V|kW|W|mA|kA|A|MPa|kPa|Pa|dB|L)(?![A-Za-z级]))"
)
# 2 台, 3 人: also a figure, but 5 人员管理 is a title, so this counts only in doubtful places
_CLASSIFIER = re.compile(r"\s*[倍台个次年月日天小名条件层列根块套处米吨人元级号种类段班分秒万亿以]")
_HAN_HEAD = re.compile(rf"\s*[{HAN}“《（(A-Za-zⅠ-Ⅻα-ωΑ-Ω\d]")
_MARKS = re.compile("[，。；：！？,;:!?]")
# 应, 不得 … make a sentence; 应急, 相应, 效应 do not
_MODAL = re.compile("(?<![相适反供效响感对])应(?![急用力变])|不得|不应|必须|严禁|不准")
# 爆破 …… 12, 总则 3, 前言 Ⅲ: the page number of a table of contents
_PAGE_NO = re.compile(r"(?:\s*[.…·．]{2,}\s*|\s+)(?:\d{1,3}|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]+|[IVXivx]+)\s*\Z")

# a comma somewhere, or a word at the end after which something must follow
_UNFINISHED = re.compile("[，；：、,]|[和与及或的应得须在为于由按将对从向以至并且]\\Z")

_LONG_TITLE = 40  # titles of clauses stay below this; longer ones are sentences
_RUN_ON = 12  # an unfinished line of this length is a broken sentence, a shorter one a title
_GAP = 3  # missing siblings that are still accepted (with a warning)
_REACH = 12  # missing numbers that are looked for in the middle of lines


def is_title(text: str) -> bool:
    """Whether a line names something (一般规定) rather than says something."""
    text = normalize(text)
    if not 0 < len(text) <= _LONG_TITLE or not re.search(f"[{HAN}]", text):
        return False
    return not _MARKS.search(text) and not _MODAL.search(text)


def runs_on(text: str) -> bool:
    """Whether a line stops in the middle of a sentence."""
    if not text or ends_sentence(text) or text.startswith("$$"):
        return False
    return len(text) >= _RUN_ON or bool(_UNFINISHED.search(text))


def _parts(number: str) -> tuple[int, ...]:
    return tuple(int(p) for p in re.split("[.．]", number))


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read the start of a line as a number."""

    prefix: str
    parts: tuple[int, ...]
    length: int  # of the label within the line
    rest: str
    spaced: bool  # white space (or nothing) between label and text
    cut: bool = False  # digits of the text are glued to the number: 6.2.46.2没有…


def _readings(line: Line) -> Iterator[_Reading]:
    """The readings of a line's start, the whole run of digits first."""
    text = line.text
    if match := _ANNEX_NUMBER.match(text):
        rest = text[match.end() :]
        yield _Reading(match[1], _parts(match[2]), match.end(), rest, rest[:1].strip() == "")
        return
    match = _NUMBER.match(text)
    if not match:
        return
    run, rest = match[0], text[match.end() :]
    spaced = rest[:1].strip() == ""
    yield _Reading("", _parts(run), len(run), rest, spaced)
    if spaced or "." not in run.replace("．", "."):
        return
    for at in range(len(run) - 1, 2, -1):
        head, tail = run[:at], run[at:]
        if head[-1].isdigit() and tail[0].isdigit() and re.search("[.．]", head):
            glued = tail[0] != "0" or tail[1:2] in {".", "．"}
            if glued:
                yield _Reading("", _parts(head), at, text[at:], False, cut=True)


def _well_formed(reading: _Reading, line: Line) -> bool:
    """Whether the line can begin a clause with this number, whatever the sequence says."""
    rest = reading.rest
    if 0 in reading.parts or any(p > 199 for p in reading.parts):
        return False
    if reading.cut:
        return True
    if _REFERENCE.match(rest):
        return False
    if rest.strip() and not _HAN_HEAD.match(rest):
        return False
    if len(reading.parts) == 1 and not reading.prefix:
        # chapters have titles (GB/T 1.1); 3 台… or 1） at the start of a line is no chapter
        return is_title(rest) and not _UNIT.match(rest)
    if len(reading.parts) == 2 and not reading.prefix and not line.heading:
        return not _UNIT.match(rest)
    return True


def _maybe_figure(reading: _Reading) -> bool:
    """Whether a short number could count things (2 台…) instead of opening a clause."""
    return len(reading.parts) < 3 and bool(_CLASSIFIER.match(reading.rest))


# --- the sequence -------------------------------------------------------------------------------


def _successors(parts: tuple[int, ...]) -> set[tuple[int, ...]]:
    """First child, next sibling, and the next siblings of all ancestors."""
    out = {(*parts, 1)}
    for depth in range(len(parts)):
        out.add((*parts[:depth], parts[depth] + 1))
    return out


def _between(parts: tuple[int, ...], later: tuple[int, ...]) -> list[tuple[int, ...]] | None:
    """The numbers that must stand between two numbers; None if `later` does not come later."""
    same = 0
    while same < min(len(parts), len(later)) and parts[same] == later[same]:
        same += 1
    if same == len(later):
        return None
    out: list[tuple[int, ...]] = []
    first = parts[same] + 1 if same < len(parts) else 1
    for depth in range(same, len(later)):
        last = later[depth]
        if last < first:
            return None
        out += [(*later[:depth], n) for n in range(first, last + 1)]
        if len(out) > _REACH + 1:
            return None
        first = 1
    return out[:-1]


class _Finder:
    """Walks the lines of the body and decides which of them open clauses."""

    def __init__(self, text: str, lines: Sequence[Line]) -> None:
        self._text = text
        self._lines = lines
        self._found: list[Boundary] = []
        self._gaps: list[str] = []
        self._warnings: list[str] = []
        self._later: dict[tuple[str, tuple[int, ...]], list[int]] = {}
        for at, line in enumerate(lines):
            for reading in _readings(line):
                if not reading.cut and _well_formed(reading, line):
                    self._later.setdefault((reading.prefix, reading.parts), []).append(at)

    def run(self) -> Numbering:
        for at, line in enumerate(self._lines):
            if line.table is None:
                self._line(at, line)
        self._run_in(self._text_end())
        return Numbering(tuple(self._found), tuple(self._gaps), tuple(self._warnings))

    # -- one line

    def _line(self, at: int, line: Line) -> None:
        if self._annex(at, line):
            return
        readings = [r for r in _readings(line) if _well_formed(r, line)]
        if not readings:
            return
        if not any(self._next(at, reading) for reading in readings):
            self._run_in(line.start)  # what must stand before may be run into the lines above
        for accepts in (self._next, self._jump):
            for reading in readings:
                if accepts(at, reading):
                    self._open(line, reading)
                    return

    def _annex(self, at: int, line: Line) -> bool:
        match = _ANNEX.match(line.text)
        if not match or self._broken(at):
            return False
        rest = line.text[match.end() :]
        letters = [b.prefix for b in self._found if b.prefix]
        expected = chr(ord(letters[-1]) + 1) if letters else "A"
        title = re.sub(r"\s*[（(](?:规范性|资料性)(?:附录)?[)）]\s*", "", rest)
        if match[1] != expected or (title.strip() and not is_title(title)):
            return False
        if _ANNEX_TEXT.match(rest) and rest.strip():
            return False
        start = line.start
        self._run_in(start)
        self._found.append(Boundary(match[1], (), start, start + match.end(), rest))
        return True

    def _broken(self, at: int) -> bool:
        """Whether the line before stops in the middle of a sentence."""
        if at == 0 or self._lines[at].heading:
            return False
        before = self._lines[at - 1]
        if before.heading or before.table is not None:
            return False
        if self._found and self._found[-1].text_at >= before.start:
            rest = self._text[self._found[-1].text_at : before.end]
            return runs_on(rest.strip()) and not is_title(rest)
        return runs_on(before.text)

    def _again(self, at: int, reading: _Reading) -> bool:
        """Whether the same number stands at the start of a later line."""
        return any(p > at for p in self._later.get((reading.prefix, reading.parts), ()))

    def _next(self, at: int, reading: _Reading) -> bool:
        """Whether the number is exactly what must come next."""
        now = self._found[-1] if self._found else None
        if now is None:
            return reading.parts == (1,) and not reading.prefix
        if reading.prefix != now.prefix:
            return False
        if reading.parts == now.parts and reading.parts:
            # the source itself repeats a number
            return not reading.cut and len(reading.parts) > 1 and not self._broken(at)
        if reading.parts not in _successors(now.parts):
            return False
        if not self._broken(at):
            return True
        if self._again(at, reading) or _maybe_figure(reading):
            return False
        if len(reading.parts) > 1:
            return True
        chapter = reading.parts[0]
        onward = ((chapter, 1), (chapter + 1,))
        return any(p > at for n in onward for p in self._later.get(("", n), ()))

    def _jump(self, at: int, reading: _Reading) -> bool:
        """Whether a number after a gap may be used: the missing ones are run in, or few."""
        line, now = self._lines[at], self._found[-1] if self._found else None
        if reading.cut or self._broken(at) or _maybe_figure(reading):
            return False
        if now is None:
            # an excerpt may begin anywhere
            return not reading.prefix and (line.heading or reading.spaced)
        if reading.prefix != now.prefix:
            return False
        missing = _between(now.parts, reading.parts)
        label = ".".join(filter(None, (reading.prefix, *map(str, reading.parts))))
        if missing is None or len(missing) > _REACH:
            if line.heading or (reading.spaced and len(reading.parts) > 2):
                self._warnings.append(f"行首的 {label} 不接在 {now.label} 之后，按正文处理")
            return False
        if any(p > at for m in missing for p in self._later.get((reading.prefix, m), ())):
            return False
        mark = len(self._found)
        for number in missing:
            self._embedded(reading.prefix, number, line.start)
        found = {b.parts for b in self._found[mark:]}
        lost = [m for m in missing if m not in found]
        if len(lost) > _GAP or (lost and not reading.rest.strip()):
            del self._found[mark:]
            self._warnings.append(f"行首的 {label} 与 {now.label} 之间缺号，按正文处理")
            return False
        for number in lost:
            name = ".".join(filter(None, (reading.prefix, *map(str, number))))
            self._gaps.append(name)
            self._warnings.append(f"缺条号 {name}（{now.label} 与 {label} 之间），原文可能漏字")
        return True

    def _open(self, line: Line, reading: _Reading) -> None:
        self._run_in(line.start)
        now = self._found[-1] if self._found else None
        repeated = now is not None and (now.prefix, now.parts) == (reading.prefix, reading.parts)
        start = line.start
        boundary = Boundary(
            reading.prefix, reading.parts, start, start + reading.length, reading.rest, repeated
        )
        if reading.cut:
            self._warnings.append(f"条号 {boundary.label} 与正文的数字连写，已按条号顺序断开")
        self._found.append(boundary)

    # -- clauses in the middle of a line

    def _text_end(self) -> int:
        return self._lines[-1].end if self._lines else 0

    def _run_in(self, end: int) -> None:
        """Clauses that follow the last one within its own text, one after another."""
        while self._found:
            now = self._found[-1]
            siblings = sorted(_successors(now.parts), key=len, reverse=True)
            if not any(self._embedded(now.prefix, n, end, sure=True) for n in siblings):
                return

    def _embedded(
        self, prefix: str, parts: tuple[int, ...], end: int, *, sure: bool = False
    ) -> bool:
        """Look for a number between the last boundary and `end`; take it if it stands once.

        `sure`: nothing shows that the number is missing, so it must follow a full stop or a
        heading and be followed by a space.
        """
        if len(parts) < 2 and sure:
            return False
        start = self._found[-1].text_at if self._found else 0
        hits = []
        for match in (_RUN_IN_SURE if sure else _RUN_IN).finditer(self._text, start, end):
            if (match["prefix"] or "", _parts(match["number"])) != (prefix, parts):
                continue
            at = match.start("n")
            line = next((ln for ln in self._lines if ln.start <= at < ln.end), None)
            if line is None or line.table is not None or line.start == at:
                continue
            rest = self._text[match.end() : line.end]
            if not _REFERENCE.match(rest):
                hits.append((at, match.end(), rest))
        if len(hits) != 1:
            return False
        at, text_at, rest = hits[0]
        boundary = Boundary(prefix, parts, at, text_at, rest)
        self._found.append(boundary)
        self._warnings.append(f"条号 {boundary.label} 在行中，已从该处断开")
        return True


def find_boundaries(text: str, lines: Sequence[Line]) -> Numbering:
    """All clause boundaries of the body, in order, with gaps and warnings."""
    return _Finder(text, lines).run()


# --- where the body begins ----------------------------------------------------------------------

# 1 范围, 1范围, # 1 总则
_CHAPTER_ONE = re.compile(rf"1\s*(?=[{HAN}])")


def body_start(lines: Sequence[Line]) -> int:
    """Index of the first line of the body: chapter 1 itself, not its entry in the 目次.

    Without a chapter 1 (an excerpt) it is the first line after the 目次 with a number; without
    any number it is len(lines).
    """
    ones: list[tuple[int, str, bool]] = []
    for at, line in enumerate(lines):
        if line.table is None and (match := _CHAPTER_ONE.match(line.text)):
            rest = line.text[match.end() :]
            title = _PAGE_NO.sub("", rest)
            if is_title(title) and not _UNIT.match(rest) and not _CLASSIFIER.match(rest):
                ones.append((at, normalize(title), title != rest))
    if ones:
        same = [one for one in ones if one[1] == ones[0][1]]
        # a 目次 without page numbers looks like the body: the body comes last
        return ([at for at, _, paged in same if not paged] or [same[-1][0]])[-1]
    start = 0
    for at, line in enumerate(lines):
        if re.fullmatch(r"目\s*[次录]", line.text):
            start = at + 1
            while start < len(lines) and _PAGE_NO.search(lines[start].text):
                start += 1
    for at in range(start, len(lines)):
        line = lines[at]
        if line.table is None and any(
            _well_formed(r, line) and (line.heading or r.spaced) for r in _readings(line)
        ):
            return at
    return len(lines)
