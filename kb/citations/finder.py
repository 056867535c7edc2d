"""Find every reference in a text. One pass from left to right; see `find`."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Container
from dataclasses import dataclass, replace
from typing import Literal

from kb.citations import patterns as pat
from kb.citations.clauses import bare_list, clause_list, table_or_annex
from kb.citations.parts import Element, Step, parse_list, path_of, read_number
from kb.citations.spelling import (
    annex_id,
    edition_of,
    number_in,
    quote_edges,
    split_title,
    standard,
)
from kb.citations.unmarked import code_start, edition_after, law_before, name_start
from kb.model import Citation, CiteForm

__all__ = ["Inside", "find"]

Inside = Literal["law", "standard", "notice", "other"]


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands before the steps: the document or unit that they count from."""

    start: int
    end: int
    form: CiteForm
    title: str = ""
    number: str = ""
    year: str = ""
    relative: str = ""
    level: int = -2  # level that the head itself names
    names_part: bool = False  # even without steps (前款)


def find(
    text: str, *, inside: Inside = "other", names: Container[str] = frozenset()
) -> tuple[Citation, ...]:
    """Every reference in `text`, in order, without overlaps. Resolves nothing.

    Each thing that a reader could follow is one citation: of 第九十五条、第九十六条 the second has
    `listed` set and carries the title of the first; a range (第十条至第十三条) is one citation with
    `through`. Spans index `text` as given. `inside` says what the text is a part of: only a
    standard has bare clause numbers (5.3.8), only a notice speaks of 本方案. A law that is named
    without marks and without an article (开展安全生产法的宣传) is found only if `names` has that
    name. What is uncertain (a decimal without a cue word, a label at the start of a line) is not
    matched. A title whose last word names a form (《安全生产许可证》) is no document unless `names`
    has it. Never raises.
    """
    finder = _Finder(text, inside, names)
    found = finder.run()
    if isinstance(names, frozenset) and not names:
        return tuple(found)
    return tuple(sorted((*found, *finder.bare_names(names)), key=lambda c: c.start))


class _Finder:
    def __init__(self, text: str, inside: Inside, names: Container[str]) -> None:
        self.text = text
        self.inside = inside
        self.names = names
        self.out: list[Citation] = []
        self.first = len(text) - len(text.lstrip())
        self.floor = 0  # end of the last citation: the next may not begin before it
        self.quotes = quote_edges(text)

    def run(self) -> list[Citation]:
        pos = 0
        while True:
            m = pat.SCAN.search(self.text, pos)
            if m is None:
                return self.out
            handler = getattr(self, f"_at_{m.lastgroup}")
            end: int | None = handler(m)
            pos = m.start() + 1 if end is None else max(end, m.start() + 1)

    def bare_names(self, names: Container[str]) -> list[Citation]:
        """Laws named without marks between the citations found, where the name is one of `names`
        and both its edges are edges of a word."""
        taken = [(c.start, c.end) for c in self.out]
        ends = [end for _, end in taken]
        out: list[Citation] = []
        last = 0
        for m in pat.NAME_TAIL.finditer(self.text):
            place = bisect_right(ends, m.start())
            self.floor = max(ends[place - 1] if place else 0, last)
            limit = taken[place][0] if place < len(taken) else len(self.text)
            start = name_start(self.text, self.floor, m.end(), 34)
            name = self.text[start : m.end()]
            if m.end() > limit or name not in names:
                continue
            last, year = edition_after(self.text, m.end())
            if last > limit:
                last, year = m.end(), ""
            out.append(
                Citation(
                    start,
                    last,
                    self.text[start:last],
                    CiteForm.TITLE,
                    title=name,
                    year=year,
                    quoted=self._quoted(start),
                )
            )
        return out

    def _quoted(self, pos: int) -> bool:
        return bisect_right(self.quotes, pos) % 2 == 1

    # --- emitting ------------------------------------------------------------------------------

    def _emit(self, head: _Head, elements: list[Element]) -> int:
        """Append the citations of one head with its list; gives the end of the last."""
        if not elements:
            self._add(head, head.start, head.end, (), None, listed=False)
            return head.end
        for place, e in enumerate(elements):
            start = head.start if place == 0 else e.start
            self._add(head, start, e.end, e.first, e.last, listed=place > 0)
        return elements[-1].end

    def _add(
        self,
        head: _Head,
        start: int,
        end: int,
        first: tuple[Step, ...],
        last: tuple[Step, ...] | None,
        *,
        listed: bool,
    ) -> None:
        one, other = path_of(first), path_of(last or ())
        articles: tuple[str, ...] = ()
        relative, until = head.relative, ""
        if head.relative:
            relative = f"{head.relative}.{one}" if one else head.relative
            until = f"{head.relative}.{other}" if other else ""
        elif one:
            articles = (one, other) if other else (one,)
        self.out.append(
            Citation(
                start=start,
                end=end,
                raw=self.text[start:end],
                form=head.form,
                title=head.title,
                number=head.number,
                year=head.year,
                articles=articles,
                through=bool(other),
                relative=relative,
                names_part=bool(one) or head.names_part,
                until=until,
                listed=listed,
                quoted=self._quoted(start),
            )
        )
        self.floor = end

    def _steps_after(self, pos: int, level: int = -2) -> tuple[str, list[Element]]:
        """Part name (总则, 分则) and list of steps that follow a head that ends at `pos`."""
        text = self.text
        at = _skip(text, pos, 2)
        part = ""
        if text.startswith(("总则第", "分则第"), at):
            part, at = text[at : at + 2], at + 2
        elif text.startswith(("的第", "中第", "中的第"), at):
            at = text.index("第", at)
        before: tuple[Step, ...] = (Step(0, f"part:{part}"),) if part else ()
        annex = pat.ANNEX.match(text, at)
        if annex and level < -1:
            step = Step(-1, annex_id(annex["n"]))
            elements, _ = parse_list(text, _skip(text, annex.end(), 1), -1, (step,))
            return part, _prefixed(elements, step) or [Element(at, annex.end(), (step,))]
        elements, _ = parse_list(text, at, level, before)
        if not elements:
            clause_at = at + 1 if text.startswith("第", at) else at
            for word in ("的", "中的", "中"):
                if text.startswith(word, clause_at):
                    clause_at = _skip(text, clause_at + len(word), 1)
                    break
            elements, _ = clause_list(text, clause_at)
        return part, elements

    # --- documents named by title or number ------------------------------------------------------

    def _at_title(self, m: re.Match[str]) -> int | None:
        head = self._titled(m.start())
        if head is None:
            return None
        form = pat.FORM_NAME.search(head.title)
        if form and not head.number and head.title not in self.names:
            return head.end
        if not head.year:
            head = self._dated_before(head)
        end = head.end
        skip = pat.ALIAS.match(self.text, end)
        after = skip.end() if skip else end
        _, elements = self._steps_after(after)
        stop = self._emit(head, elements)
        # what an alias bracket defines is no reference of its own
        return max(stop, after)

    def _titled(self, pos: int) -> _Head | None:
        """Title in marks with the brackets that give its number or year."""
        m = pat.TITLE.match(self.text, pos)
        if m is None:
            return None
        title, number, year = split_title(m["t"])
        if not title and not number:
            return None
        end = m.end()
        for _ in range(3):
            paren = pat.PAREN.match(self.text, end)
            if paren is None:
                break
            inner = paren["in"].strip()
            note = pat.YEAR_NOTE.match(inner)
            if note:
                year = year or edition_of(note)
            elif inner in ("试行", "暂行"):
                title += f"（{inner}）"
            else:
                found = number_in(inner)
                if found is None:
                    break
                number, year = number or found[0], year or found[1]
            end = paren.end()
        if not number:  # 《…规程》GB 16423-2020
            std = pat.STANDARD_NO.match(self.text, _skip(self.text, end, 1))
            if std:
                number, year = standard(std)
                end = std.end()
        if not year:
            end, year = edition_after(self.text, end, bracket=False)
        return _Head(pos, end, CiteForm.TITLE, title=title, number=number, year=year)

    def _dated_before(self, head: _Head) -> _Head:
        """The head with the edition that stands before it (2014年版《某法》)."""
        low = max(self.floor, head.start - 14)
        m = pat.YEAR_BEFORE.search(self.text[low : head.start])
        return replace(head, start=low + m.start(), year=m["y"]) if m else head

    def _at_std(self, m: re.Match[str]) -> int | None:
        std = pat.STANDARD_NO.match(self.text, m.start())
        if std is None:
            return None
        number, year = standard(std)
        return self._numbered(m.start(), std.end(), CiteForm.NUMBER, number, year)

    def _numbered(self, start: int, end: int, form: CiteForm, number: str, year: str) -> int:
        """A number, with the title that may follow it: GB 6722《…》, 国务院令第591号《…》."""
        title = ""
        following = self._titled(_skip(self.text, end, 1))
        if following and not following.number:
            title, end = following.title, following.end
        head = _Head(start, end, form, title=title, number=number, year=year)
        _, elements = self._steps_after(end)
        return self._emit(head, elements)

    def _at_docno(self, m: re.Match[str]) -> int | None:
        no = pat.DOCNO.match(self.text, m.start())
        start = code_start(self.text, self.floor, m.start(), 16)
        if no is None or m.start() - start < 2:
            return None
        number = f"{self.text[start : m.start()]}〔{no['y']}〕{int(no['n'])}号"
        return self._numbered(start, no.end(), CiteForm.DOCNO, number, no["y"])

    def _at_decree(self, m: re.Match[str]) -> int | None:
        start = code_start(self.text, self.floor, m.start(), 24)
        state = self.text.rfind(_STATE, start, m.start())
        start = max(
            start, state
        )  # …公布中华人民共和国国务院令: words before it are not the issuer's
        issuer = pat.ISSUER.search(self.text[start : m.start()])
        no = pat.DECREE_AFTER.match(self.text, m.start())
        if issuer is None or no is None:
            return None
        start += issuer.start()
        name = issuer.group().removeprefix(_STATE) or issuer.group()
        if no["k"]:
            number = f"{name}公告{no['y']}年第{no['k']}号"
        else:
            value = read_number(no["n"] or no["m"])
            if value is None:
                return None
            number = f"{name}令第{value}号"
        return self._numbered(start, no.end(), CiteForm.DOCNO, number, no["y"] or "")

    # --- words -----------------------------------------------------------------------------------

    def _at_this(self, m: re.Match[str]) -> int | None:
        this = pat.THIS.match(self.text, m.start())
        soft = this and (this["soft"] or this["near"])
        if this is None or (soft and self.inside == "law"):
            return None
        start, end = this.span()
        if this["doc"] or this["near"]:
            head = _Head(start, end, CiteForm.THIS)
            _, elements = self._steps_after(end)
            return self._emit(head, elements)
        base, level = _OWN_UNIT[this["unit"]]
        few = pat.RELATIVE_MANY.match(self.text, end)
        if few and few["u"] and _RELATIVE_LEVEL[few["u"][0]] > level:
            # 本条前款, 本条前两款
            inner, end = _before(few), few.end()
            base, level = f"{base}.{inner}", _RELATIVE_LEVEL[few["u"][0]]
        head = _Head(start, end, CiteForm.THIS, relative=base, level=level, names_part=True)
        return self._relative(head)

    def _relative(self, head: _Head) -> int:
        level = head.level
        elements, _ = parse_list(self.text, _skip(self.text, head.end, 1), level)
        if not elements and self.inside == "standard":
            letter = pat.LETTER_ITEM.match(self.text, head.end)
            if letter:
                elements = [Element(head.end, letter.end(), (Step(6, letter["a"]),))]
        return self._emit(head, elements)

    def _at_rel(self, m: re.Match[str]) -> int | None:
        rel = pat.RELATIVE_MANY.match(self.text, m.start())
        if rel is None:
            return None
        unit = rel["u"] or rel["v"]
        if rel["v"] and self.inside != "law":
            return None
        if rel["n"] and unit[0] not in "款条" and not _PART_CUE.match(self.text, rel.end()):
            return None  # 前三项污染物: the first three of a list, not 项 of the law
        head = _Head(
            m.start(),
            rel.end(),
            CiteForm.RELATIVE,
            relative=_before(rel),
            level=_RELATIVE_LEVEL[unit[0]],
            names_part=True,
        )
        return self._relative(head)

    def _at_that(self, m: re.Match[str]) -> int | None:
        that = pat.THAT.match(self.text, m.start())
        if that is None:
            return None
        if that["doc"]:
            base, level, part = "doc~", -2, False
        else:
            base, level, part = ("art~", 4, True) if that["unit"] == "条" else ("p~", 5, True)
        head = _Head(
            m.start(), that.end(), CiteForm.RELATIVE, relative=base, level=level, names_part=part
        )
        return self._relative(head)

    # --- bare parts ------------------------------------------------------------------------------

    def _at_part(self, m: re.Match[str]) -> int | None:
        text, pos = self.text, m.start()
        elements, end = parse_list(text, pos)
        if not elements:
            return None
        top = elements[0].first[0].level
        if self._is_label(pos, elements[0]):
            return elements[0].end
        if top <= 4:
            named = law_before(self.text, self.floor, pos)
            if named:
                start, title, part, year = named
                if part:
                    step = Step(0, f"part:{part}")
                    elements = _prefixed(elements, step)
                head = _Head(start, pos, CiteForm.TITLE, title=title, year=year)
                return self._emit(head, elements)
        if top == 4 or (top in (0, 1, 2) and self._speaks_of_parts(end)):
            return self._emit(_Head(pos, pos, CiteForm.ARTICLE), elements)
        if top == 5 or self._speaks_of_parts(end):
            base = _BARE_BASE[top]
            head = _Head(pos, pos, CiteForm.RELATIVE, relative=base, names_part=True)
            return self._emit(head, elements)
        return None

    def _speaks_of_parts(self, end: int) -> bool:
        """Outside a statute 第二项 or 第三章 counts only with 规定, 所列 … after it."""
        return self.inside == "law" or bool(_PART_CUE.match(self.text, end))

    def _is_label(self, pos: int, element: Element) -> bool:
        """A number at the start of a line with white space after it is a heading, no reference."""
        text = self.text
        heads = len(element.first) == 1 and element.first[0].level <= 4
        if element.last or not (heads or text.startswith(("：\n", ":\n"), element.end)):
            return False
        line = text.rfind("\n", max(0, pos - 12), pos) + 1
        if line == 0 and pos > 12:
            return False
        lead = text[line:pos].strip(" 　\t#*-")
        if lead.strip('"“”'):
            return False
        after = text[element.end : element.end + 1]
        if lead and element.first[0].level == 4 and after not in ("\n", ""):
            return bool(pat.QUOTED_LABEL.match(text, element.end))
        if after in ("\n", ""):
            return pos > self.first  # a text that is only 第十条 is a reference
        if after in ("：", ":"):  # 第五条第二款：, then the quoted text on a line of its own
            return text[element.end + 1 : element.end + 2] == "\n"
        return after in (" ", "　", "\t", "*")

    def _at_annex(self, m: re.Match[str]) -> int | None:
        annex = pat.ANNEX.match(self.text, m.start())
        if annex is None or self._line_head(m.start()):
            return None
        step = Step(-1, annex_id(annex["n"]))
        elements, _ = parse_list(self.text, annex.end(), -1, (step,))
        whole = [Element(m.start(), annex.end(), (step,))]
        found = _prefixed(elements, step) or whole
        named = law_before(self.text, self.floor, m.start())
        if named:  # 香港特别行政区基本法附件一
            head = _Head(named[0], m.start(), CiteForm.TITLE, title=named[1], year=named[3])
        else:
            head = _Head(m.start(), m.start(), CiteForm.ARTICLE)
        return self._emit(head, found)

    def _line_head(self, pos: int) -> bool:
        line = self.text.rfind("\n", max(0, pos - 12), pos) + 1
        return not (line == 0 and pos > 12) and not self.text[line:pos].strip(" 　\t#*")

    # --- inside a standard -----------------------------------------------------------------------

    def _at_clause(self, m: re.Match[str]) -> int | None:
        if self.inside != "standard":
            return None
        pos = m.start()
        head = _Head(pos, pos, CiteForm.CLAUSE)
        if m.group()[0] in "表图附":
            one = table_or_annex(self.text, pos)
            if one is None:
                return None
            return self._emit(head, [one])
        letter = pat.LETTER_ITEM.match(self.text, pos)
        if letter and letter.start("a") == pos:
            if not pat.CLAUSE_BEFORE.search(self.text[max(0, pos - 8) : pos]):
                return None
            own = _Head(pos, pos, CiteForm.CLAUSE, relative="cl0", names_part=True)
            return self._emit(own, [Element(pos, letter.end(), (Step(6, letter["a"]),))])
        elements, end = bare_list(self.text, pos)
        if not elements:
            # not a reference: step over the number, or its tail would be tried again
            number = pat.CLAUSE_NO.match(self.text, pos)
            return number.end() if number else None
        return self._emit(head, elements) or end


_OWN_UNIT = {
    "编": ("part0", 0),
    "章": ("ch0", 2),
    "节": ("s0", 3),
    "条": ("art0", 4),
    "款": ("p0", 5),
    "项": ("i0", 6),
    "目": ("y0", 7),
}
_RELATIVE_LEVEL = {"章": 2, "节": 3, "条": 4, "款": 5, "项": 6}
_RELATIVE_KEY = {"章": "ch", "节": "s", "条": "art", "款": "p", "项": "i"}
_BARE_BASE = {3: "ch0", 5: "art0", 6: "p?", 7: "i0"}

_STATE = "中华人民共和国"
_PART_CUE = re.compile(
    r"[ 　]?(?:的|中的?)?[ 　]?(?:有关|相关)?(?:规定|所列|所称|所指|各项|要求|情形|行为|至第|条件)"
)
"""What follows a part of a statute: 第二项规定, 前三项所列."""


def _before(m: re.Match[str]) -> str:
    """`p-1` 前款, `p-2` 前两款, `p*` 前几款."""
    unit = (m["u"] or m["v"])[0]
    count = m["n"]
    if count == "几":
        return f"{_RELATIVE_KEY[unit]}*"
    value = read_number(count) if count else 1
    return f"{_RELATIVE_KEY[unit]}-{value}"


def _skip(text: str, pos: int, width: int) -> int:
    """Past at most `width` blanks (never a line break)."""
    end = pos
    while end < len(text) and end < pos + width and text[end] in " 　\t":
        end += 1
    return end


def _prefixed(elements: list[Element], step: Step) -> list[Element]:
    """Elements below `step`, which they inherit unless they have it."""

    def under(steps: tuple[Step, ...]) -> tuple[Step, ...]:
        return steps if steps and steps[0] == step else (step, *steps)

    return [
        Element(e.start, e.end, under(e.first), under(e.last) if e.last else None) for e in elements
    ]
