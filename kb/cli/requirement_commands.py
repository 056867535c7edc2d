"""`kb requirements`: what the local notices ask of whom, by when and shown by what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from kb.cli.console import Format, console, emit, say
from kb.cli.options import AsOf, Fmt, Json, Root, chosen_format, day, roots
from kb.errors import CatalogError, IndexMissingError, UsageError
from kb.validity import validity

if TYPE_CHECKING:
    from kb.model import Document, Version
    from kb.requirements import Requirement, Requirements
    from kb.roots import Roots

__all__ = ["register"]

_Notice = Annotated[
    list[str] | None,
    typer.Option("--notice", help="只看某份通知：编号、文号、标题或其中几个字，如 合川，可多次"),
]
_Who = Annotated[
    list[str] | None, typer.Option("--who", help="只看谁的事，如 企业 主要负责人 班组，可多次")
]
_Industry = Annotated[
    list[str] | None,
    typer.Option("--industry", help="只看某行业的（上下级行业和通用的也算），可多次"),
]
_Region = Annotated[
    str | None, typer.Option("--region", help="地区，如 重庆市合川区；只用全国和本地的通知")
]
_Steps = Annotated[bool, typer.Option("--steps", help="按通知的步骤（九步工作法）列出")]
_Compare = Annotated[bool, typer.Option("--compare", help="按事项比较各份通知")]
_SelfCheck = Annotated[
    bool, typer.Option("--self-check", help="企业的迎检自查表，用 -o 写成文件；一次一份通知")
]
_Out = Annotated[Path | None, typer.Option("--out", "-o", help="自查表的文件：.docx 或 .xlsx")]


def requirements(
    notice: _Notice = None,
    who: _Who = None,
    industry: _Industry = None,
    region: _Region = None,
    steps: _Steps = False,
    compare: _Compare = False,
    self_check: _SelfCheck = False,
    out: _Out = None,
    root: Root = None,
    as_of: AsOf = None,
    fmt: Fmt = Format.TABLE,
    as_json: Json = False,
) -> None:
    """各地通知要求谁、做什么、何时做完、拿什么佐证，依据哪一条（要点，非原文）。

    例：kb requirements --notice 合川 --who 企业；kb requirements --compare；
    kb requirements --notice 合川 --self-check -o 自查表.docx

    \f
    JSON: `{"as_of", "region", "notices": [N…], "requirements": [R…]}`; N = `{"notice" (doc@date),
    "title", "short", "number", "region", "status", "status_label", "reason", "requirements" (how
    many)}`; R = `Requirement.to_json()` with `"state"` (进行中, 限期已过, 长期: of the deadline),
    `"status"` (validity of the notice on that day), `"labels"` (what people call its sections) and
    `"citations"`. `--steps` adds `"steps": [S…]`, S = `Step.to_json()` with `"labels"` and
    `"requirements"` (ids), and leaves only requirements that belong to a step. `--compare` adds
    `"compare": [{"topic", "notices": {doc@date: [ids]}}…]`, every topic, empty ones included.
    """
    from kb.catalog import applies_in, full_region
    from kb.requirements import bearers, in_industry, load_requirements
    from kb.requirements import industry as known_industry

    if steps and compare:
        raise UsageError("--steps 和 --compare 只用一个")
    if self_check != (out is not None):
        raise UsageError("--self-check 和 -o 一起用，如 --notice 合川 --self-check -o 自查表.docx")
    when = day(as_of)
    where = roots(root)
    known = load_requirements(where.corpora)
    documents = _documents(where, known)
    place = full_region(region, (d.region for d in documents.values())) if region else ""
    chosen = _notices(notice or (), known.notices, documents)
    bearing = {b for w in who or () for b in bearers(w)}
    within = [known_industry(i) for i in industry or ()]
    found = [
        r
        for r in known.entries.values()
        if r.notice in chosen
        and (not bearing or bearing & set(r.who))
        and (not within or any(in_industry(r, i) for i in within))
        and (not place or applies_in(documents[r.doc].region, place))
        and (r.step or not steps)
    ]
    if out is not None:
        _write_self_check(out, replace(known, entries={r.id: r for r in found}), documents, when)
        return
    view = _View(found, known, documents, when)
    form = chosen_format(fmt, as_json)
    if form is not Format.TABLE:
        more = {"steps": view.steps()} if steps else {"compare": view.compare()} if compare else {}
        emit({"as_of": when.isoformat(), "region": place, **view.to_json(), **more}, form)
        return
    if not found:
        say("没有相符的要求。可以少用几个条件，或用 kb requirements --compare 看有哪些通知")
        for region in _inside(place, known, documents):
            say(f"{place}里有只管一地的通知，可用 --region {region} 看")
        return
    if compare:
        _print_compared(view)
    else:
        for row in view.notices():
            _print_heading(row)
            if steps:
                _print_steps(view, row["notice"])
            else:
                _print_table(r for r in view.rows() if r["notice"] == row["notice"])
    say(
        f"共 {len(found)} 项要求（要点，非原文）。限期已过只说写明的日子过了，不等于作废；"
        "长期是没有写限期；通知是否还有效看“效力”"
    )


def _write_self_check(
    out: Path, known: Requirements, documents: Mapping[str, Document], when: date
) -> None:
    """The firm's sheet of one notice as a file.

    Raises:
        UsageError: more or less than one notice, nothing asked of a firm, or another suffix.
    """
    from kb.cards.files import save
    from kb.cards.self_check import self_check_docx, self_check_of, self_check_xlsx

    makers = {".docx": self_check_docx, ".xlsx": self_check_xlsx}
    make = makers.get(out.suffix.lower())
    if make is None:
        raise UsageError(f"不会写 {out.suffix or '没有后缀的'} 文件。可用：.docx .xlsx")
    if len(known.notices) != 1:
        have = "、".join(documents[_doc(n)].short for n in known.notices)
        raise UsageError(f"自查表一次一份通知，请用 --notice 写明。有：{have or '没有相符的要求'}")
    table, foot = self_check_of(known, known.notices[0], documents, when)
    numbered = sum(1 for r in table.rows if not r.spans and r.cells[0][0].text.isdecimal())
    if not numbered:
        raise UsageError("这里没有写给企业的要求，自查表是空的。请少用几个条件")
    save(out, make(table, when.isoformat(), foot))
    say(f"已写出 {out}：{numbered} 项，逐项填完成情况、自查人和日期")


def _doc(notice: str) -> str:
    return notice.partition("@")[0]


def _inside(place: str, known: Requirements, documents: Mapping[str, Document]) -> list[str]:
    """Regions within a place whose notices do not bind all of it."""
    regions = (documents[_doc(n)].region for n in known.notices)
    return [r for r in dict.fromkeys(regions) if place and r != place and r.startswith(place)]


def _documents(where: Roots, known: Requirements) -> Mapping[str, Document]:
    """The catalog's documents; with what was imported, where a requirement rests on that."""
    from kb.catalog import Catalog
    from kb.index import Index

    documents = dict(Catalog.load(where.corpora).documents)
    if _unknown(known, documents):
        with suppress(IndexMissingError), Index.open(where.index) as index:
            documents |= index.passages.documents
    if missing := _unknown(known, documents):
        raise CatalogError(
            f"requirements.toml：目录里没有 {'、'.join(missing)}。"
            "请写进 catalog.toml，或先用 kb build 收录"
        )
    return documents


def _unknown(known: Requirements, documents: Mapping[str, Document]) -> list[str]:
    have = {f"{d.id}@{v.version}" for d in documents.values() for v in d.versions}
    return [n for n in known.notices if n not in have]


def _notices(
    words: Sequence[str], known: Sequence[str], documents: Mapping[str, Document]
) -> frozenset[str]:
    """The notices that words name by id, number, title or a part of what they are called.

    Raises:
        UsageError: none of those with requirements is called so.
    """
    if not words:
        return frozenset(known)
    called: dict[str, str] = {}
    for notice in known:
        document = documents[_doc(notice)]
        names = (notice, document.title, document.short, document.number or "", document.region)
        called[notice] = "\n".join((*names, *document.aliases))
    found: set[str] = set()
    for word in words:
        exact = {n for n in known if word in (n, _doc(n))}
        fit = exact or {n for n, names in called.items() if word and word in names}
        if not fit:
            have = "、".join(f"{documents[_doc(n)].short}（{_doc(n)}）" for n in known)
            raise UsageError(f"没有这份通知的要求：{word!r}。有的是：{have}")
        found |= fit
    return frozenset(found)


class _View:
    """The requirements that were asked for, as JSON rows."""

    def __init__(
        self,
        found: Sequence[Requirement],
        known: Requirements,
        documents: Mapping[str, Document],
        when: date,
    ) -> None:
        self._found, self._known, self._documents, self._when = found, known, documents, when
        self._heads = {n: self._head(n) for n in dict.fromkeys(r.notice for r in found)}

    def _version(self, notice: str) -> tuple[Document, Version]:
        doc, _, key = notice.partition("@")
        document = self._documents[doc]
        return document, next(v for v in document.versions if v.version == key)

    def _head(self, notice: str) -> dict[str, Any]:
        document, version = self._version(notice)
        state = validity(version, document, self._when, self._documents)
        return {
            "notice": notice,
            "title": document.title,
            "short": document.short,
            "number": document.number,
            "region": document.region,
            "status": state.status.value,
            "status_label": state.label,
            "reason": state.reason,
            "requirements": sum(r.notice == notice for r in self._found),
        }

    def notices(self) -> list[dict[str, Any]]:
        """The notices of what was found, with their validity."""
        return list(self._heads.values())

    def rows(self) -> list[dict[str, Any]]:
        """One row a requirement."""
        from kb.requirements import state

        return [
            r.to_json()
            | {
                "state": state(r, self._when).value,
                "status": self._heads[r.notice]["status"],
                "labels": self._labels(r.notice, r.basis, r.row),
                "citations": self._labels(r.notice, r.basis, r.row, full=True),
            }
            for r in self._found
        ]

    def _labels(
        self, notice: str, basis: Iterable[str], row: str = "", *, full: bool = False
    ) -> list[str]:
        from kb.cite_text import cite, unit_label

        document, version = self._version(notice)
        units = [b.partition("#")[2] for b in basis]
        return [
            (cite(document, version, u) if full else unit_label(u, document.kind))
            + (f"第{row}行" if row and _is_table(u) else "")
            for u in units
        ]

    def steps(self, notice: str = "") -> list[dict[str, Any]]:
        """Steps of the notices found (or of one), each with the ids of its requirements."""
        return [
            step.to_json()
            | {
                "labels": self._labels(step.notice, step.basis),
                "requirements": [
                    r.id for r in self._found if (r.notice, r.step) == (step.notice, step.n)
                ],
            }
            for step in self._known.steps.values()
            if step.notice in self._heads and notice in ("", step.notice)
        ]

    def compare(self) -> list[dict[str, Any]]:
        """One row a topic: notice → ids."""
        from kb.requirements import compared

        return [
            {"topic": topic, "notices": {n: [r.id for r in rs] for n, rs in by_notice.items()}}
            for topic, by_notice in compared(self._found).items()
        ]

    def to_json(self) -> dict[str, Any]:
        """Notices and requirements."""
        return {"notices": self.notices(), "requirements": self.rows()}


def _is_table(unit: str) -> bool:
    return unit.rpartition("-")[2].startswith("t")  # a1-t1; m-to1 is no basis


def _print_heading(row: Mapping[str, Any]) -> None:
    number = f"（{row['number']}）" if row["number"] else ""
    say(f"{row['short']}{number}  {row['region']}  效力：{row['status_label']}")
    if row["status"] != "现行":
        say(f"  {row['reason']}")


def _print_table(rows: Iterable[Mapping[str, Any]]) -> None:
    table = Table(box=None, pad_edge=False)
    for name, ratio in (
        ("谁", 5),
        ("做什么", 15),
        ("何时", 7),
        ("佐证", 7),
        ("依据", 6),
        ("状态", 6),
    ):
        table.add_column(name, ratio=ratio, overflow="fold")
    for row in rows:
        what = row["what"] + ("（验收看）" if row["acceptance"] else "")
        cells = (
            "、".join(row["who"]),
            what + (f"\n注：{row['note']}" if row["note"] else ""),
            _when(row),
            "、".join(row["evidence"]),
            "；".join(row["labels"]),
            row["state"] + ("" if row["status"] == "现行" else f"\n通知{row['status']}"),
        )
        table.add_row(*map(Text, cells))
    console().print(table)
    say()


def _when(row: Mapping[str, Any]) -> str:
    """By when as the notice writes it, and how often."""
    term = "计划期 " if row["by_basis"] else ""
    lines = (row["every"], f"{term}{row['by_text']}" if row["by_text"] else "")
    return "\n".join(filter(None, lines))


def _print_steps(view: _View, notice: str) -> None:
    rows = {r["id"]: r for r in view.rows()}
    for step in view.steps(notice):
        say(f"第 {step['n']} 步 {step['name']}（{'；'.join(step['labels'])}）：{step['what']}")
        if step["requirements"]:
            _print_table(rows[i] for i in step["requirements"])


def _print_compared(view: _View) -> None:
    rows = {r["id"]: r for r in view.rows()}
    heads = view.notices()
    table = Table(box=None, pad_edge=False)
    table.add_column("事项")
    for head in heads:
        table.add_column(head["short"], justify="right", overflow="fold", ratio=1)
    compared = view.compare()
    for line in compared:
        table.add_row(
            line["topic"], *(str(len(line["notices"][h["notice"]]) or "—") for h in heads)
        )
    console().print(table)
    for line in compared:
        say()
        say(f"【{line['topic']}】")
        for head in heads:
            ids = line["notices"][head["notice"]]
            said = "；".join(_one_line(rows[i]) for i in ids) or "没有要求"
            say(f"  {head['short']}（{head['status_label']}）：{said}")
    say()


def _one_line(row: Mapping[str, Any]) -> str:
    when = _when(row).replace("\n", "，")
    return f"{'、'.join(row['who'])}：{row['what']}" + (
        f"（{when}，{row['state']}）" if when else f"（{row['state']}）"
    )


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(requirements)
