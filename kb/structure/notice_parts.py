"""What surrounds the body of a notice: title, addressee, signature, attachments (GB/T 9704).

A notice is cut into zones in reading order. A covering letter and the plan that it transmits are
one main text with two titles; only a line 附件 that stands for itself begins an attachment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from kb.display import ends_sentence
from kb.numerals import ZH_NUMERAL, zh_to_int
from kb.structure.lines import Form, Line, clean, join, terminated
from kb.structure.notice_outline import label_of

__all__ = ["Zone", "ZoneKind", "cut", "facts_of", "shown"]


class ZoneKind(StrEnum):
    """Kinds of zones; the value is the word in the id (`m-head1`)."""

    HEAD = "head"  # title, 文号, letterhead
    TO = "to"  # 各区、县（市）应急管理局：
    BODY = "body"
    LIST = "att"  # 附件：…, the list of attachments below the text
    SIGN = "sign"  # issuer, date, 此件公开发布, printing note
    ANNEX = "annex"  # 附件 and its title; its body follows


@dataclass
class Zone:
    """A run of lines; `label` and `number` are an attachment's."""

    kind: ZoneKind
    lines: list[Line] = field(default_factory=list)
    label: str = ""
    number: int = 0
    title: str = ""


_SHORT = 60
_TITLE_LINES = 3
# 津应急发〔2021〕108号, the brackets also as typed: [2021] （2021）
_NUMBER = re.compile(
    r"[\u4e00-\u9fff]{2,16}\s*[〔\[［(（【]\s*(\d{4})\s*[〕\]］)）】]\s*(?:第\s*)?(\d{1,5})\s*号\Z"
)
# 绍兴市应急管理局文件: a letterhead
_LETTERHEAD = re.compile(r"[\u4e00-\u9fff、]{3,40}文件\Z")
# 各镇街应急办，有关单位：; but not 通知如下：
_TO = re.compile(r"[^。；]{2,100}[：:]\Z")
_NOT_TO = re.compile(r"如下|以下|下列|现[就将]|通知|要求|为|按照|根据|方面")
_ORG = re.compile(
    r"(?:局|厅|部|委|院|署|办|会|政府|委员会|办公室|中心|总队|支队|大队|公司|集团|管委会|处|科|站|社|协会)\Z"
)
_PLACE = re.compile(r"[（(][^（）()]*[)）]\Z")  # (管委会代章)
_Y = r"(\d{4}|[〇○零一二三四五六七八九]{4})"
_M = r"(\d{1,2}|[一二三四五六七八九十]{1,2})"
_D = r"(\d{1,2}|[一二三四五六七八九十]{1,3})"
# 2021年11月3日 | 重庆市合川区应急管理局    2021年11月3日 | …办公室 2021年9月22日印发
_DATED = re.compile(
    rf"(?P<org>[^。；，：:\d]*?)[\s　]*{_Y}\s*年\s*{_M}\s*月\s*{_D}\s*日(?P<print>印发|印)?\Z"
)
# (此件公开发布) | 抄送：… | 联系人：… after the signature
_AFTER_SIGN = re.compile(r"[（(]?(?:此件|公开发布|信息公开|抄送|主送|联系人|主题词|校对|共印)")
# 附件 | 附件1 | 附件：… | 附件 2：… | 附表
_ANNEX = re.compile(
    rf"[（(【]?(附(?:件|表|录))\s*({ZH_NUMERAL}|\d{{1,2}})?\s*[)）】]?"
    r"(?:\s*[：:．.]\s*(.*)|[\s　]+(\S.*)|)\Z",
    re.S,
)
_TITLE_END = re.compile(
    r"(?:通知|意见|办法|规定|方案|要点|计划|公告|通报|决定|决议|批复|函|细则|制度|纲要|报告|通告|措施|指南|标准)"
    r"(?:[（(][^（）()]*[)）])?\Z"
)
_CITED = re.compile(r"《([^《》]+(?:《[^《》]+》[^《》]*)*)》")
_STARTS_WITH_DATE = re.compile(r"[（(]?\d{4}\s*年\s*\d")


def cut(lines: Sequence[Line], title: str = "") -> list[Zone]:
    """Zones of a notice in order; together they hold every line. `title` is known beforehand."""
    return _Cutter(lines, title).run()


def shown(zone: Zone) -> Iterator[str]:
    """Display lines of a zone: a title broken over lines on one, issuer and date on two."""
    title = ""
    for line in zone.lines:
        text = _squeeze(line.text)
        m = _DATED.match(line.text)
        if zone.kind is ZoneKind.HEAD and not _NUMBER.match(text) and not _LETTERHEAD.match(text):
            title = join(title, line.text) if title else line.text
            continue
        if title:
            yield clean(title)
            title = ""
        if zone.kind is ZoneKind.SIGN and m and m["org"].strip():
            yield clean(m["org"])
            yield clean(line.text[m.end("org") :])
        else:
            yield clean(line.text)
    if title:
        yield clean(title)


class _Cutter:
    def __init__(self, lines: Sequence[Line], title: str) -> None:
        self._lines = lines
        self._known = {_squeeze(title)} if title else set()
        self._zones: list[Zone] = []
        self._annexes = [i for i, x in enumerate(lines) if _annex(x)]
        self._at = 0

    def run(self) -> list[Zone]:
        self._heading()
        while self._at < len(self._lines):
            if self._annex_here() or self._sign_here() or self._inner_title():
                continue
            self._put(ZoneKind.BODY)
        return self._zones

    def _put(self, kind: ZoneKind, count: int = 1) -> Zone:
        """Move lines to a zone of this kind; body lines that follow each other share one."""
        if kind is not ZoneKind.BODY or not self._zones or self._zones[-1].kind is not kind:
            self._zones.append(Zone(kind))
        self._zones[-1].lines += self._lines[self._at : self._at + count]
        self._at += count
        return self._zones[-1]

    # --- title and addressee

    def _heading(self) -> None:
        """The title block at this place and the addressee below it, if they are there."""
        count = 0
        while self._at + count < len(self._lines):
            line = self._lines[self._at + count]
            if not _may_be_title(line) or self._at + count in self._annexes:
                break
            if _sign_length(self._lines, self._at + count):
                break
            count += 1
        if count:
            self._put(ZoneKind.HEAD, count)
        if self._at < len(self._lines) and _is_addressee(self._lines[self._at]):
            self._put(ZoneKind.TO)

    def _inner_title(self) -> bool:
        """A title in mid-text: after a signature, or one that the letter above has cited."""
        line = self._lines[self._at]
        if not _may_be_title(line):
            return False
        if self._zones and self._zones[-1].kind is ZoneKind.SIGN:
            self._heading()
            return True
        cited = {_squeeze(t) for z in self._zones for x in z.lines for t in _CITED.findall(x.text)}
        cited |= self._known
        for count in range(1, 5):
            block = self._lines[self._at : self._at + count]
            if len(block) < count or not all(_may_be_title(x) for x in block):
                return False
            if _squeeze("".join(x.text for x in block)) in cited:
                self._put(ZoneKind.HEAD, count)
                return True
        return False

    # --- signature

    def _sign_here(self) -> bool:
        count = _sign_length(self._lines, self._at)
        if not count:
            return False
        while self._at + count < len(self._lines):
            line = self._lines[self._at + count]
            m = _DATED.match(line.text)
            if not (_AFTER_SIGN.match(line.text) or (m and (m["print"] or not m["org"]))):
                break
            count += 1
        self._put(ZoneKind.SIGN, count)
        return True

    # --- attachments

    def _annex_here(self) -> bool:
        if self._at not in self._annexes:
            return False
        label, number, title = _annex(self._lines[self._at]) or ("", 0, "")
        if title and self._is_list(number):
            count = 1
            while self._at + count < len(self._lines) and self._goes_on(count):
                count += 1
            self._put(ZoneKind.LIST, count)
            return True
        count = 1
        given = bool(title)
        while not given and count <= _TITLE_LINES and self._at + count < len(self._lines):
            line = self._lines[self._at + count]
            if not _may_be_title(line) or self._at + count in self._annexes or line.tabbed:
                break
            title += line.text
            count += 1
        zone = self._put(ZoneKind.ANNEX, count)
        zone.label, zone.number, zone.title = label, number, clean(title)
        return True

    def _is_list(self, number: int) -> bool:
        """Whether 附件：… only names an attachment whose own heading comes later or not at all."""
        for i in self._annexes:
            if i <= self._at:
                continue
            other = _annex(self._lines[i])
            if other and (other[1] in (0, 1, number) or number == 0):
                return True
        rest = self._at + 1
        while rest < len(self._lines):
            count = _sign_length(self._lines, rest)
            if not count and not self._goes_on(rest - self._at):
                return False
            rest += count or 1
        return True

    def _goes_on(self, offset: int) -> bool:
        """Whether a line below 附件：1.… is the next entry of that list."""
        line = self._lines[self._at + offset]
        label = label_of(line)
        if self._at + offset in self._annexes or label is None or label.form is not Form.POINT:
            return False
        return label.value == offset + 1 and not ends_sentence(line.text)


def _annex(line: Line) -> tuple[str, int, str] | None:
    """Label, number and title of a line that names an attachment."""
    m = _ANNEX.match(line.text)
    if not m or line.table is not None or len(line.text) > 2 * _SHORT:
        return None
    title = (m[3] or m[4] or "").strip()
    if title.endswith(("。", "；")):
        return None
    number = 0 if not m[2] else int(m[2]) if m[2].isdigit() else zh_to_int(m[2])
    return m[1] + (m[2] or ""), number, title


def _may_be_title(line: Line) -> bool:
    text = line.text
    if line.table is not None or line.tabbed or len(text) > _SHORT or label_of(line):
        return False
    return not ends_sentence(text) and not _STARTS_WITH_DATE.match(text)


def _is_addressee(line: Line) -> bool:
    return bool(
        line.table is None
        and _TO.match(line.text)
        and not _NOT_TO.search(line.text)
        and label_of(line) is None
    )


def _is_org(line: Line) -> bool:
    text = _PLACE.sub("", line.text)
    return (
        line.table is None
        and len(text) <= 40
        and not terminated(text)
        and label_of(line) is None
        and bool(_ORG.search(text))
        and not re.search(r"[，、]", text)
    )


def _sign_length(lines: Sequence[Line], at: int) -> int:
    """How many lines from here are issuer(s) and date; 0 when no signature begins here."""
    stop = at
    while stop < len(lines) and stop - at < 6 and _is_org(lines[stop]):
        stop += 1
    if stop >= len(lines) or lines[stop].table is not None:
        return 0
    m = _DATED.match(lines[stop].text)
    if not m or (m["org"] and not _ORG.search(_PLACE.sub("", m["org"].strip()))):
        return 0
    return stop - at + 1


def _squeeze(text: str) -> str:
    return re.sub(r"[\s　]", "", text)


# --- facts --------------------------------------------------------------------------------------


def facts_of(zones: Sequence[Zone]) -> dict[str, str]:
    """`title`, `number`, `issuer`, `date` (ISO) where the zones state them for certain."""
    out: dict[str, str] = {}
    heads = [z for z in zones if z.kind is ZoneKind.HEAD]
    issuer = ""
    for zone in heads:
        title, letterhead = "", ""
        for line in zone.lines:
            text = _squeeze(line.text)
            if _NUMBER.match(text):
                out.setdefault("number", text)
            elif _LETTERHEAD.match(text):
                letterhead = text.removesuffix("文件")
            else:
                title += text
        issuer = issuer or letterhead
        if "title" not in out and _TITLE_END.search(title):
            out["title"] = title
            named, _, _ = title.partition("关于")
            issuer = issuer or (named if _ORG.search(named) else "")
    for zone in zones:
        if zone.kind is ZoneKind.SIGN:
            signed, day = _signature(zone.lines)
            if day and "date" not in out:
                out["date"] = day
                issuer = signed or issuer
    if issuer:
        out["issuer"] = issuer
    return out


def _signature(lines: Sequence[Line]) -> tuple[str, str]:
    names: list[str] = []
    for line in lines:
        m = _DATED.match(line.text)
        if not m:
            names.append(_PLACE.sub("", _squeeze(line.text)))
            continue
        if m["org"].strip():
            names.append(_PLACE.sub("", _squeeze(m["org"])))
        return "、".join(names), _iso(m[2], m[3], m[4])
    return "", ""


def _iso(*parts: str) -> str:
    try:
        year, month, day = (
            int(p) if p.isdigit() else zh_to_int(p.replace("○", "〇")) for p in parts
        )
        return date(year, month, day).isoformat()
    except ValueError:
        return ""
