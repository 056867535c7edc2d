"""Facts that a file states about itself: dates in its name and header, its number.

A header names events with dates (2002年…通过, 2014年…修正, 2004年2月1日 施行). `header_facts` gives

- `adopted`   the last adoption, revision or amendment; where the header has none, the last issue
- `issued`    the last 公布 or 发布
- `in_force`  the day named with 施行 or 实施, unless it is that of an earlier wording
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

__all__ = ["docno_in", "file_facts", "header_facts", "iso_date", "standard_number"]

_FILE_DATE = re.compile(r"[(（](\d{4})-(\d{1,2})-(\d{1,2})[)）]$")  # …条例(2013-12-07)

_DATE = re.compile(r"(\d{4})\s*(?:年|-)\s*(\d{1,2})\s*(?:月|-)\s*(\d{1,2})(?:\s*日|(?!\d))")
"""A date in a header: 2002年6月29日, 2020-10-11."""

_ADOPTED = re.compile(r"通过|修订|修正|修改|批准")  # …会议通过, …的决定》第二次修正, 国务院批准
_ISSUED = re.compile(r"公布|发布")  # 国务院令第344号公布; 2020-10-11 发布
_IN_FORCE = re.compile(r"施行|实施")  # 2004年2月1日 施行; 2021-09-01 实施
_FROM_ISSUE = re.compile(r"自(?:公布|发布)之日起?(?:施行|实施)")  # 自发布之日施行

_STANDARD = re.compile(
    # GB 16423—2020, GB/T 1.1-2009, AQ 2012—2007, DB50/T 867.12-2021, TSG 23-2021
    r"(?<![A-Za-z])((?:DB\d{2}|[A-Z]{2,5})(?:/[A-Z]{1,3})?)\s*(\d{1,6}(?:\.\d{1,3})*)"
    r"\s*[-—–－‐‑―]{1,2}\s*(\d{4})(?!\d)"
)

_DOCNO = re.compile(
    # 津应急发〔2021〕108号; the brackets are often typed as [ ] or （ ）
    r"[\u4e00-\u9fff]{2,16}\s*[〔\[［(（【]\s*(?:19|20)\d{2}\s*[〕\]］)）】]\s*(?:第\s*)?\d{1,5}\s*号"
)


def iso_date(year: str, month: str, day: str) -> str:
    """ISO form of a date, '' when the calendar has no such day."""
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""


def standard_number(text: str, *, whole: bool = False) -> str:
    """Standard number in `text` in the form `GB 16423-2020`, '' when there is none.

    whole: the text must be that number and nothing else.
    """
    m = _STANDARD.fullmatch(text.strip()) if whole else _STANDARD.search(text)
    return f"{m[1]} {m[2]}-{m[3]}" if m else ""


def docno_in(text: str, *, whole: bool = False) -> str:
    """文号 in `text` as written, '' when there is none; `whole` as in `standard_number`."""
    m = _DOCNO.fullmatch(text.strip()) if whole else _DOCNO.search(text)
    return m[0] if m else ""


def file_facts(stem: str) -> dict[str, str]:
    """`file_date` and `number` from a file name without its suffix, where the name states them."""
    out: dict[str, str] = {}
    stem = stem.strip()
    if (m := _FILE_DATE.search(stem)) and (day := iso_date(*m.groups())):
        out["file_date"] = day
    if number := standard_number(stem):
        out["number"] = number
    elif docno := docno_in(stem.replace("-", " ")):
        out["number"] = docno
    return out


def header_facts(lines: Iterable[str]) -> dict[str, str]:
    """`adopted`, `issued` and `in_force` (ISO) from the lines below a title."""
    adopted: list[str] = []
    issued: list[str] = []
    in_force: list[str] = []
    for line in lines:
        dates = list(_DATE.finditer(line))
        for i, m in enumerate(dates):
            day = iso_date(m[1], m[2], m[3])
            if not day:
                continue
            # what is said of a date stands between it and the next one
            said = line[m.end() : dates[i + 1].start() if i + 1 < len(dates) else len(line)]
            said = _bare(said)
            if _FROM_ISSUE.search(said):
                in_force.append(day)
                said = _FROM_ISSUE.sub("", said)
            if _ADOPTED.search(said):
                adopted.append(day)
            if _ISSUED.search(said):
                issued.append(day)
            if _IN_FORCE.search(said):
                in_force.append(day)
    out: dict[str, str] = {}
    if adopted or issued:
        out["adopted"] = max(adopted or issued)
    if issued:
        out["issued"] = max(issued)
    # the day on which an earlier wording began says nothing about this one
    if in_force and max(in_force) >= out.get("adopted", ""):
        out["in_force"] = max(in_force)
    return out


_TITLE = re.compile(r"《[^》]*》?")  # titles of decisions hold words such as 修改 and 实施办法


def _bare(said: str) -> str:
    """What is said of a date, without titles unless the title is all that says it."""
    bare = _TITLE.sub("", said)
    if _ADOPTED.search(bare) or _ISSUED.search(bare) or _IN_FORCE.search(bare):
        return bare
    # "2021年4月29日 … 《关于修改…的决定》": the decision of that day amended the text
    return "修正" if re.search(r"《[^》]*(?:修改|修正|修订)", said) else bare
