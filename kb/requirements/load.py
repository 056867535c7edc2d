"""Reading `corpus/requirements.toml`; what is malformed is refused with file, entry and field."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from kb.errors import CatalogError, UsageError
from kb.ids import DOC_RE, parse_ref
from kb.requirements.model import (
    INDUSTRIES,
    TOPICS,
    WHO,
    Requirement,
    Requirements,
    Step,
    Term,
)
from kb.toml_file import read_toml

__all__ = ["load_requirements"]

FILE = "requirements.toml"
LONGEST = 60
"""Characters of `what`."""
MOST_STEPS = 9

_TEXTS = ("by_text", "every", "note", "row")
_KEYS = frozenset({"id", "notice", "topic", "who", "industry", "what", "basis", "by", "evidence",
                   "step", "acceptance", *_TEXTS})  # fmt: skip
_STEP_KEYS = frozenset({"notice", "n", "name", "what", "basis"})
_TERM_KEYS = frozenset({"notice", "until", "text", "basis"})


def load_requirements(corpora: Sequence[Path]) -> Requirements:
    """The requirements of these corpus folders; a later folder's entry replaces one of the same id.

    Raises:
        CatalogError: a file cannot be read, or an entry is malformed or double.
    """
    entries: dict[str, Requirement] = {}
    steps: dict[tuple[str, int], Step] = {}
    terms: dict[str, Term] = {}
    for corpus in corpora:
        path = corpus / FILE
        if not path.is_file():
            continue
        data = _read(path)
        for where, raw in _tables(path, data, "term", _TERM_KEYS, "第 {} 个期限"):
            term = _term(where, raw)
            terms[term.notice] = term
        here: set[object] = set()
        for where, raw in _tables(path, data, "step", _STEP_KEYS, "第 {} 步"):
            step = _step(where, raw)
            _once(where, "n", (step.notice, step.n), step.id, here)
            steps[step.notice, step.n] = step
        for where, raw in _tables(path, data, "requirement", _KEYS, "第 {} 条"):
            entry = _requirement(where, raw)
            _once(where, "id", entry.id, entry.id, here)
            if entry.step and (entry.notice, entry.step) not in steps:
                raise CatalogError(f"{where} step：{entry.notice} 没有第 {entry.step} 步")
            entries[entry.id] = entry
    _no_gaps(steps)
    return Requirements(
        {e.id: _with_term(e, terms.get(e.notice)) for e in entries.values()}, steps, terms
    )


def _read(path: Path) -> Mapping[str, Any]:
    data = read_toml(path)
    if unknown := sorted(set(data) - {"requirement", "step", "term"}):
        raise CatalogError(
            f"{path}：不认识 {'、'.join(unknown)}。只能有 [[requirement]]、[[step]]、[[term]]"
        )
    return data


def _tables(
    path: Path, data: Mapping[str, Any], key: str, keys: frozenset[str], place: str
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    found = data.get(key, [])
    if not isinstance(found, list) or not all(isinstance(raw, dict) for raw in found):
        raise CatalogError(f"{path}：{key} 应写作 [[{key}]]")
    for number, raw in enumerate(found, 1):
        name = raw.get("id")
        where = f"{path} {place.format(number)}" + (f" {name}" if name else "")
        if unknown := sorted(set(raw) - keys):
            raise CatalogError(f"{where}：不认识 {'、'.join(unknown)}")
        yield where, raw


def _once(where: str, key: str, value: object, name: str, seen: set[object]) -> None:
    if value in seen:
        raise CatalogError(f"{where} {key}：{name} 与前面重复，请改一个")
    seen.add(value)


def _no_gaps(steps: Iterable[tuple[str, int]]) -> None:
    numbers: dict[str, list[int]] = {}
    for notice, n in steps:
        numbers.setdefault(notice, []).append(n)
    for notice, found in numbers.items():
        if sorted(found) != list(range(1, len(found) + 1)):
            raise CatalogError(f"{FILE}：{notice} 的步骤应从 1 起连续编号，现有 {sorted(found)}")


def _text(where: str, raw: Mapping[str, Any], key: str, *, required: bool = True) -> str:
    value = raw.get(key, "")
    if not isinstance(value, str) or value != value.strip() or (required and not value):
        raise CatalogError(f"{where} {key}：应为文字" + ("，不能空" if required else ""))
    return value


def _words(
    where: str, raw: Mapping[str, Any], key: str, known: Sequence[str] = ()
) -> tuple[str, ...]:
    """A list of texts; with `known` not empty and of these words only."""
    value = raw.get(key, [])
    if not isinstance(value, list) or not all(isinstance(x, str) and x.strip() for x in value):
        raise CatalogError(f"{where} {key}：应为一组文字")
    if len(set(value)) != len(value):
        raise CatalogError(f"{where} {key}：有重复的")
    if known and not value:
        raise CatalogError(f"{where} {key}：至少写一个，可用 {'、'.join(known)}")
    if wrong := [x for x in value if known and x not in known]:
        raise CatalogError(f"{where} {key}：没有 {'、'.join(wrong)}，可用 {'、'.join(known)}")
    return tuple(value)


def _notice(where: str, raw: Mapping[str, Any]) -> str:
    text = _text(where, raw, "notice")
    try:
        ref = parse_ref(text)
        if not ref.version or ref.clause:
            raise ValueError(text)
        date.fromisoformat(ref.version)
    except (UsageError, ValueError) as error:
        raise CatalogError(f"{where} notice：应为 文件@日期，现为 {text!r}") from error
    return text


def _sections(where: str, raw: Mapping[str, Any], notice: str) -> tuple[str, ...]:
    ids = _words(where, raw, "basis")
    if not ids:
        raise CatalogError(f"{where} basis：至少写一个条款编号")
    return tuple(_section(where, full, notice) for full in ids)


def _section(where: str, full: str, notice: str) -> str:
    try:
        ref = parse_ref(full)
    except UsageError as error:
        raise CatalogError(f"{where} basis：{error}") from error
    if f"{ref.doc}@{ref.version}" != notice or not ref.clause:
        raise CatalogError(f"{where} basis：{full} 应是 {notice} 的条款（{notice}#…）")
    return full


def _day(where: str, raw: Mapping[str, Any], key: str) -> date | None:
    value = raw.get(key, "")
    if value == "":
        return None
    if type(value) is not date:  # a datetime is a date too
        raise CatalogError(f"{where} {key}：应为日期，如 {key} = 2022-12-31（不加引号）")
    return value


def _requirement(where: str, raw: Mapping[str, Any]) -> Requirement:
    name, what = _text(where, raw, "id"), _text(where, raw, "what")
    if not DOC_RE.match(name):
        raise CatalogError(f"{where} id：应为小写字母、数字和连字符，现为 {name!r}")
    if len(what) > LONGEST:
        raise CatalogError(f"{where} what：{len(what)} 字，超过 {LONGEST} 字")
    notice = _notice(where, raw)
    topic = _text(where, raw, "topic")
    if topic not in TOPICS:
        raise CatalogError(f"{where} topic：没有 {topic}，可用 {'、'.join(TOPICS)}")
    step, acceptance = raw.get("step", 0), raw.get("acceptance", False)
    if type(step) is not int or not 0 <= step <= MOST_STEPS:
        raise CatalogError(f"{where} step：应为 0 到 {MOST_STEPS} 的整数")
    if not isinstance(acceptance, bool):
        raise CatalogError(f"{where} acceptance：应为 true 或 false")
    texts = {key: _text(where, raw, key, required=False) for key in _TEXTS}
    by = _day(where, raw, "by")
    _agree(where, "by", by, texts["by_text"], notice)
    return Requirement(
        id=name,
        notice=notice,
        topic=topic,
        who=_words(where, raw, "who", WHO),
        industry=_words(where, raw, "industry", INDUSTRIES),
        what=what,
        basis=_sections(where, raw, notice),
        by=by,
        evidence=_words(where, raw, "evidence"),
        step=step,
        acceptance=acceptance,
        **texts,
    )


def _step(where: str, raw: Mapping[str, Any]) -> Step:
    n, notice = raw.get("n"), _notice(where, raw)
    if type(n) is not int or not 1 <= n <= MOST_STEPS:
        raise CatalogError(f"{where} n：应为 1 到 {MOST_STEPS} 的整数")
    what = _text(where, raw, "what")
    if len(what) > LONGEST:
        raise CatalogError(f"{where} what：{len(what)} 字，超过 {LONGEST} 字")
    name = _text(where, raw, "name")
    return Step(notice, n, name, what, _sections(where, raw, notice))


def _term(where: str, raw: Mapping[str, Any]) -> Term:
    notice, text = _notice(where, raw), _text(where, raw, "text")
    until = _day(where, raw, "until")
    if until is None:
        raise CatalogError(f"{where} until：要写日期")
    _agree(where, "until", until, text, notice)
    return Term(notice, until, text, _section(where, _text(where, raw, "basis"), notice))


def _with_term(entry: Requirement, term: Term | None) -> Requirement:
    if entry.by or term is None:
        return entry
    return replace(entry, by=term.until, by_text=term.text, by_basis=term.basis)


# --- deadlines ----------------------------------------------------------------------------------

_YEAR = re.compile(r"(?:19|20)\d\d(?=年|[-~～—至到])")  # 2022年, the 2020 of 2020-2022年
_MONTH = re.compile(r"(\d{1,2})月(?:(\d{1,2})日)?")  # 6月, 12月20日


def _last_day(text: str, notice: str) -> date | None:
    """The last day that a deadline means: 2022年3月底前, 2022年10月-12月, 2022年底; None if none.

    A month without a year (8月底) is one of the year of the notice.
    """
    years = list(_YEAR.finditer(text))
    year = int(years[-1][0]) if years else int(notice.rpartition("@")[2][:4])
    months = list(_MONTH.finditer(text, years[-1].end() if years else 0))
    if not months:
        return date(year, 12, 31) if years else None
    month, day = int(months[-1][1]), months[-1][2]
    try:
        return date(year, month, int(day) if day else calendar.monthrange(year, month)[1])
    except (ValueError, calendar.IllegalMonthError):
        return None


def _agree(where: str, key: str, day: date | None, text: str, notice: str) -> None:
    if (day is None) != (not text):
        raise CatalogError(f"{where} {key}：日期和通知写的限期（by_text）要么都写，要么都不写")
    if day is not None and (means := _last_day(text, notice)) != day:
        raise CatalogError(f"{where} {key}：{day} 与“{text}”不符，后者应为 {means or '别的写法'}")
