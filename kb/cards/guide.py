"""安全操作指南: a chapter a post, plain lines with what they rest on; cards are distilled from it.

Everything comes from drafts: worker's lines only, in the order of the work. What the firm has to
do, and what others must report by when or pay, is nobody's instruction at a post and stays out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kb.cards.docx_base import Page, Pages, draw, fields, line
from kb.cards.docx_xml import GREY, HEAD, Look, field, mm, paragraph, run
from kb.cards.firm import firm_of_post
from kb.cards.markdown import _text as markdown_text
from kb.cards.model import BLANK, CARDS, DRAFT_MARK, CardLine, Draft, Firm, Missing
from kb.cards.rows import (
    EMERGENCY_COLUMNS,
    EVERY_ACCIDENT,
    WATCH,
    contact_lines,
    draft_mark,
    emergency_column,
    line_text,
    sources,
)
from kb.cards.table import Row, Table, clean, part
from kb.cite_text import document_name
from kb.model import DocKind, Document, Version

__all__ = ["Block", "Chapter", "Guide", "GuideLine", "Rule", "Section", "guide", "rule_of"]

DUTY, BEFORE, DURING, AFTER, NEVER = "职责", "作业前", "作业中", "作业后", "禁止"
SEEN, EMERGENCY = WATCH.rstrip("："), "应急"
SECTIONS = (DUTY, BEFORE, DURING, AFTER, NEVER, SEEN, EMERGENCY)
_PHASES = {"before": BEFORE, "after": AFTER}
_LABELS = tuple(re.split("[ （]", name)[0] for name in EMERGENCY_COLUMNS)

KINDS = ("法律、法规、规章", "标准", "通知和规范性文件")
UNKNOWN_DAY = "待核"
_WHOSE = {DocKind.STANDARD: KINDS[1], DocKind.NOTICE: KINDS[2]}

# 处5万元以下罚款; 1小时内向…报告; 报告时限24小时. 受刑罚的人 is no fine, 2小时后进入 no report
_OTHERS = re.compile(
    r"罚款|处罚|(?:[0-9.一二三四五六七八九十百千两]+ *|[百千])万?元(?!素)|"
    r"[0-9一二三四六八十两]+ *(?:个)?(?:小时|h)(?:之?内|以内)?.{0,12}报|"
    r"报.{0,8}[0-9一二三四六八十两]+ *(?:个)?(?:小时|h)"
)
_TEXT, _SMALL, _MARK = 12.0, 8.0, 22.0
_TOC = r' TOC \o "1-1" \h \z \u '
_HINT = "页码空着时：在目录上点右键，选“更新域”"


@dataclass(frozen=True, slots=True)
class Rule:
    """A law or standard that the guide rests on: its edition, and since when it is in force.

    `version` is the day of adoption (ISO); `in_force` is empty where nobody has found it out.
    """

    name: str
    kind: str
    version: str
    in_force: str = ""
    status: str = ""

    def to_json(self) -> dict[str, str]:
        """For `--format json`."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class GuideLine:
    """A plain line with its citations; `label` is its place in an emergency (第一步, 报告谁)."""

    text: str
    sources: tuple[str, ...]
    origin: str
    basis: tuple[str, ...] = ()
    label: str = ""

    def to_json(self) -> dict[str, Any]:
        """For `--format json`."""
        return {
            "text": self.text,
            "citation": "；".join(self.sources),
            "origin": self.origin,
            "basis": list(self.basis),
            "label": self.label,
        }


@dataclass(frozen=True, slots=True)
class Block:
    """Lines under one accident type; elsewhere a section has one block without a title."""

    title: str
    lines: tuple[GuideLine, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """作业前, 作业中 … of a chapter; `foot` is who is to be called."""

    title: str
    blocks: tuple[Block, ...]
    foot: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """One post. `lacks` says what is missing where the clauses do not cover it."""

    post: str
    lacks: str
    missing: tuple[Missing, ...]
    sections: tuple[Section, ...]
    left_out: tuple[str, ...] = ()

    def lines(self) -> Iterator[GuideLine]:
        """All lines in order."""
        for section in self.sections:
            for block in section.blocks:
                yield from block.lines


@dataclass(frozen=True, slots=True)
class Guide:
    """安全操作指南 of an industry, to be drawn as Markdown, .docx or JSON."""

    industry: str
    as_of: date
    firm: Firm
    mark: str
    rules: tuple[Rule, ...]
    missing: tuple[Missing, ...]
    chapters: tuple[Chapter, ...]

    @property
    def title(self) -> str:
        """露天矿山安全操作指南."""
        return f"{self.industry}安全操作指南"

    def to_json(self) -> dict[str, Any]:
        """The contract of `kb guide --format json`."""
        return {
            "title": self.title,
            "industry": self.industry,
            "as_of": self.as_of.isoformat(),
            "mark": self.mark,
            "rules": [r.to_json() for r in self.rules],
            "missing": [m.to_json() for m in self.missing],
            "chapters": [
                {
                    "post": c.post,
                    "coverage": "partial" if c.lacks else "full",
                    "lacks": c.lacks,
                    "missing": [m.to_json() for m in c.missing],
                    "left_out": list(c.left_out),
                    "sections": [
                        {
                            "title": s.title,
                            "blocks": [
                                {"title": b.title, "lines": [x.to_json() for x in b.lines]}
                                for b in s.blocks
                            ],
                        }
                        for s in c.sections
                    ],
                }
                for c in self.chapters
            ],
        }

    def markdown(self) -> str:
        """As Markdown."""
        return _markdown(self)

    def docx(self) -> bytes:
        """As a Word file."""
        return _docx(self)


def rule_of(document: Document, version: Version) -> Rule:
    """What the basis list says of a version; its status comes from the lines that rest on it."""
    day = version.in_force.isoformat() if version.in_force else ""
    kind = _WHOSE.get(document.kind, KINDS[0])
    return Rule(document_name(document), kind, version.version, day)


def guide(
    drafts: Sequence[Draft], firm: Firm, industry: str, as_of: date, rules: Mapping[str, Rule]
) -> Guide:
    """The guide made of these drafts.

    Args:
        rules: by `doc@date`, at least those that the drafts' clauses stand in.
    """
    chapters = tuple(_chapter(d, firm_of_post(firm, d.post)) for d in drafts)
    missing = {m.number: m for c in chapters for m in c.missing}
    return Guide(
        industry,
        as_of,
        firm,
        # one post that nobody has talked over keeps the mark on the whole
        next((DRAFT_MARK for d in drafts if draft_mark(d, firm)), ""),
        _used(drafts, chapters, rules),
        tuple(missing[n] for n in sorted(missing)),
        chapters,
    )


def _used(
    drafts: Iterable[Draft], chapters: Iterable[Chapter], rules: Mapping[str, Rule]
) -> tuple[Rule, ...]:
    """The rules that a line of the guide rests on: laws, standards, notices, each by name."""
    said = {unit for c in chapters for x in c.lines() for unit in x.basis}
    status: dict[str, str] = {}
    for d in drafts:
        for card in CARDS:
            for x in d.cards.get(card, ()):
                for b in x.basis:
                    if b.id in said:
                        status.setdefault(b.id.partition("#")[0], b.status)
    found = [
        Rule(r.name, r.kind, r.version, r.in_force, word)
        for r, word in ((rules[ref], word) for ref, word in status.items())
    ]
    return tuple(sorted(found, key=lambda r: (KINDS.index(r.kind), r.name, r.version)))


def _chapter(draft: Draft, firm: Firm) -> Chapter:
    kept: dict[str, list[CardLine]] = {title: [] for title in SECTIONS}
    left: list[str] = []
    for card in CARDS:
        for x in draft.cards.get(card, ()):
            if x.group == "firm" or _OTHERS.search(x.text):
                left.append(clean(x.text))
            else:
                kept[_section(x)].append(x)
    sections = []
    for title, lines in kept.items():
        foot: tuple[str, ...] = ()
        if title == EMERGENCY:
            blocks = tuple(_accidents(draft, lines))
            foot = contact_lines(firm)
        else:
            blocks = (Block("", tuple(_plain(x) for x in lines)),) if lines else ()
        if blocks or foot:
            sections.append(Section(title, blocks, foot))
    lacks = "" if draft.full else clean(draft.lacks) or "本岗位自己的行不够"
    return Chapter(draft.post, lacks, draft.missing, tuple(sections), tuple(left))


def _section(x: CardLine) -> str:
    if x.card == "emergency":
        return EMERGENCY
    if x.group == "watch":
        return SEEN
    if x.card == "duty":
        return DUTY
    if x.must == "must-not" or x.phase == "never":
        return NEVER
    return _PHASES.get(x.phase or "", DURING)


def _plain(x: CardLine, label: str = "") -> GuideLine:
    text = line_text(x)
    if _section(x) == SEEN:
        text = text.removeprefix(WATCH)  # the heading says it
    return GuideLine(text, sources(x), x.origin, tuple(b.id for b in x.basis), label)


def _accidents(draft: Draft, lines: Iterable[CardLine]) -> Iterator[Block]:
    """A block an accident type, in the order of its card; what holds for all comes last.

    By code, not by name: two types may share a name (blasting and explosion), their steps never.
    """
    names: dict[str | None, str] = dict(draft.accidents)
    groups: dict[str | None, list[CardLine]] = {code: [] for code in names}
    for x in lines:
        groups.setdefault(x.accident if x.accident in names else None, []).append(x)
    groups[None] = groups.pop(None, [])
    for code, found in groups.items():
        ordered = sorted(found, key=emergency_column)
        if ordered:
            title = names.get(code, EVERY_ACCIDENT)
            yield Block(title, tuple(_plain(x, _LABELS[emergency_column(x)]) for x in ordered))


# --- what both drawers say ----------------------------------------------------------------------


def _frame(g: Guide) -> tuple[tuple[str, str], ...]:
    f = g.firm
    return (
        ("企业", f.name),
        ("版本", f.version),
        ("编制", f.written_by),
        ("审核", f.checked_by),
        ("批准", f.approved_by),
        ("生效日期", f.in_force),
    )


def _about(g: Guide) -> str:
    return f"按 {g.as_of.isoformat()} 现行的条款编成，共 {len(g.chapters)} 个岗位"


def _tables(g: Guide) -> Iterator[Table]:
    """The basis list and the standards that are missing; without a row there is none."""
    rules = tuple(
        Row(
            (
                part(str(n)),
                part(r.kind),
                part(r.name),
                part(r.version),
                part(r.in_force or UNKNOWN_DAY),
                part(r.status),
            )
        )
        for n, r in enumerate(g.rules, 1)
    )
    columns: tuple[str, ...] = ("序号", "类别", "名称", "通过或发布", "施行", "效力")
    yield Table("guide-rules", "编制依据", columns, rows=rules, cited=False)
    gone = tuple(Row((part(m.number), part(m.title), part(m.why))) for m in g.missing)
    if gone:
        columns = ("标准号", "名称", "为什么用不上")
        yield Table("missing", "缺标准", columns, rows=gone, cited=False)


_WEIGHTS = {"guide-rules": (2.4, 7.6, 17, 5.6, 5.6, 4), "missing": (12, 20, 20)}


def _chapter_title(number: int, chapter: Chapter) -> str:
    return f"第{number}章　{chapter.post}"


def _warnings(c: Chapter) -> Iterator[str]:
    if c.lacks:
        yield f"条款覆盖不足：{c.lacks}。这里只有本岗位自己的行，不凑数"
    if c.missing:
        yield "缺标准：" + "；".join(f"{m.number} {m.title}".strip() for m in c.missing)


# --- Markdown -----------------------------------------------------------------------------------


def _markdown(g: Guide) -> str:
    t = markdown_text
    out = [f"# {t(g.title)}"]
    if g.mark:
        out.append(f"**{g.mark}**")
    out.append("　".join(f"{label}：{t(clean(v)) if v else BLANK}" for label, v in _frame(g)))
    out.append(_about(g))
    for table in _tables(g):
        rows = [table.columns, ("---",) * len(table.columns)]
        rows += [tuple(t(cell[0].text) for cell in r.cells) for r in table.rows]
        out += [f"## {table.title}", "\n".join(f"| {' | '.join(r)} |" for r in rows)]
    out.append("## 目录")
    out.append("\n".join(f"- {t(_chapter_title(n, c))}" for n, c in enumerate(g.chapters, 1)))
    for number, c in enumerate(g.chapters, 1):
        out.append(f"## {t(_chapter_title(number, c))}")
        if g.mark:
            out.append(f"**{g.mark}**")
        out += [f"> {t(warning)}" for warning in _warnings(c)]
        for s in c.sections:
            out.append(f"### {s.title}")
            for b in s.blocks:
                if b.title:
                    out.append(f"#### {t(b.title)}")
                out.append("\n".join(_item(n, x) for n, x in enumerate(b.lines, 1)))
            out += [f"**{t(text)}**" for text in s.foot]
    return "\n\n".join(out) + "\n"


def _item(number: int, x: GuideLine) -> str:
    label = f"**{x.label}** " if x.label else ""
    rests = markdown_text("；".join(x.sources))
    return f"{number}. {label}{markdown_text(x.text)}" + (f"〔{rests}〕" if rests else "")


# --- Word ---------------------------------------------------------------------------------------


def _docx(g: Guide) -> bytes:
    pages = Pages(g.title, g.as_of.isoformat())
    front = Page("A4", margin=20, mark=g.mark, mark_size=_MARK)
    pages.begin(front)
    look = Look(_TEXT)
    title = Look(32, HEAD, bold=True, color="000000")
    pages.add(line(g.title, title, align="center", before=150, after=30))
    if g.mark:
        pages.add(line(g.mark, Look(20, HEAD, bold=True, color=GREY), align="center", after=20))
    pages.add(line(_about(g), Look(14), align="center", after=120))
    pages.add(fields(_frame(g), 2, front.width, 14))
    headings = [t.title for t in _tables(g)]
    headings += [_chapter_title(n, c) for n, c in enumerate(g.chapters, 1)]
    pages.add(
        line("目录", Look(18, HEAD, bold=True), align="center", after=12, new_page=True),
        *_contents(headings, front.width),
        line(_HINT, Look(_SMALL, color=GREY), before=6),
    )
    foot = "　".join(x for x in (g.firm.name, g.title, g.firm.version) if x)
    body = Page("A4", margin=20, mark=g.mark, mark_size=_MARK, foot=foot)
    pages.begin(body)
    place = 0
    for table in _tables(g):
        pages.add(_head(table.title, 1, place))
        pages.add(draw(table, _WEIGHTS[table.key], body.width, 10, numbers=False), line("", look))
        place += 1
    for number, c in enumerate(g.chapters, 1):
        pages.add(_head(_chapter_title(number, c), 1, place, new_page=True))
        place += 1
        pages.add(*(line(w, Look(10, color="595959"), after=4) for w in _warnings(c)))
        for s in c.sections:
            pages.add(_head(s.title, 2))
            for b in s.blocks:
                if b.title:
                    pages.add(_head(b.title, 3))
                pages.add(*(_said(n, x) for n, x in enumerate(b.lines, 1)))
            bold = Look(_TEXT, bold=True)
            pages.add(*(line(text, bold, before=3) for text in s.foot))
    return pages.bytes()


_SIZES = {1: 18.0, 2: 14.0, 3: 12.0}


def _head(text: str, level: int, place: int | None = None, *, new_page: bool = False) -> str:
    """A Word heading; `place` is its place in the contents, which refer to it."""
    look = Look(_SIZES[level], HEAD, bold=True, color="000000")
    runs = [run(text, look)]
    if place is not None:
        mark = f'<w:bookmarkStart w:id="{place}" w:name="{_mark(place)}"/>'
        runs = [mark, *runs, f'<w:bookmarkEnd w:id="{place}"/>']
    return paragraph(
        runs,
        look,
        before=look.size / 2,
        after=look.size / 4,
        keep=True,
        new_page=new_page,
        style=f"Heading{level}",
    )


def _mark(place: int) -> str:
    return f"_Toc{place + 100000000}"


def _said(number: int, x: GuideLine) -> str:
    """A numbered line, its citation behind it in small type."""
    look, bold = Look(_TEXT), Look(_TEXT, bold=True)
    runs = [run(f"{number}.", look), "<w:r><w:tab/></w:r>"]
    if x.label:
        runs.append(run(f"{x.label}：", bold))
    runs.append(run(x.text, bold if x.label == NEVER else look))
    if x.sources:
        runs.append(run(f"〔{'；'.join(x.sources)}〕", Look(_SMALL, color="595959")))
    made = paragraph(runs, look, after=2)
    indent = f'<w:ind w:left="{mm(8)}" w:hanging="{mm(8)}"/>'
    return made.replace("<w:jc ", f"{indent}<w:jc ", 1)


def _contents(headings: Sequence[str], room: int) -> Iterator[str]:
    """A TOC field with its entries, without page numbers: only the layout knows them.

    Word fills them in when it opens the file (`dirty`); a wrong number would be worse than none.
    """
    look = Look(_TEXT)
    dirty = '<w:fldChar w:fldCharType="begin" w:dirty="true"/>'
    start = (
        f"<w:r>{dirty}</w:r>"
        f'<w:r><w:instrText xml:space="preserve">{_TOC}</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    tab = f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{room}"/></w:tabs>'
    for place, text in enumerate(headings):
        page = field(f"PAGEREF {_mark(place)} \\h", look)
        page = page.replace('<w:fldChar w:fldCharType="begin"/>', dirty).replace(">1<", "><")
        entry = run(text, look) + "<w:r><w:tab/></w:r>" + page
        link = f'<w:hyperlink w:anchor="{_mark(place)}" w:history="1">{entry}</w:hyperlink>'
        runs = [start] if place == 0 else []
        runs.append(link)
        if place == len(headings) - 1:
            runs.append('<w:r><w:fldChar w:fldCharType="end"/></w:r>')
        yield paragraph(runs, look, after=3).replace("<w:spacing ", f"{tab}<w:spacing ", 1)
