"""`kb check`: existing cards against the rules in force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from kb.cli.console import Format, console, emit, say
from kb.cli.options import AsOf, Fmt, Json, Root, chosen_format, day, roots
from kb.errors import KbError, UsageError

if TYPE_CHECKING:
    from kb.cards import Draft
    from kb.check import Checker, FileReport, Finding, Refused
    from kb.check.stale import StaleReport

__all__ = ["register"]

_SHOWN = 5
"""What was not checked, in lines of a file that the terminal shows without --all."""


def check(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="卡片文件或文件夹（.md .txt .docx .xlsx，文件夹连同下级）"),
    ] = None,
    post: Annotated[
        str | None, typer.Option("--post", help="岗位：列出它的高风险条款里卡上没有写到的")
    ] = None,
    stale: Annotated[
        list[Path] | None,
        typer.Option("--stale", help="kb draft 写出的 .json：哪些行要重读，可多次"),
    ] = None,
    region: Annotated[
        str, typer.Option("--region", help="卡片用在哪里，如 重庆市江津区；别的地区的规定算错")
    ] = "",
    strict: Annotated[
        bool, typer.Option("--strict", help="有任何发现都以 1 退出（默认只有错误才是）")
    ] = False,
    everything: Annotated[bool, typer.Option("--all", help="未核对的逐条列出")] = False,
    xlsx: Annotated[
        Path | None, typer.Option("--xlsx", help="把全部文件的汇总写成这个 .xlsx")
    ] = None,
    docx: Annotated[
        Path | None,
        typer.Option("--docx", help="带批注的副本：一个文件时写成这个 .docx，多个时写进这个文件夹"),
    ] = None,
    root: Root = None,
    as_of: AsOf = None,
    fmt: Fmt = Format.TABLE,
    as_json: Json = False,
) -> None:
    """核对现有的卡片：引用还在不在、是不是旧版、条号和引文对不对、数值松不松。

    JSON：{"files":[{"file","findings":[{"kind","line","raw","id","message","suggestion","span",
    "post"}],"not_checked","checked","posts","warnings"}],"refused":[{"file","reason"}],
    "stale":[…]}。line 是行号，Word 和 Excel 里是段、单元格。

    退出码：0 没有错误；1 有错误（--strict 时任何发现）；2 用法；3 有文件读不了。

    例：kb check 卡片.docx --post 铲装司机；kb check 卡片文件夹 --xlsx 汇总.xlsx
    """
    if not files and not stale:
        raise UsageError("请给出要核对的文件或文件夹，例：kb check 卡片.docx")
    where = roots(root)
    from kb.cards import Firm
    from kb.catalog.regions import full_region
    from kb.check import Checker, Shelf, card_files
    from kb.check.stale import stale_lines
    from kb.cli.drafting import Desk

    form = chosen_format(fmt, as_json)
    with Desk.open(where, day(as_of)) as desk:
        known = (d.region for d in desk.index.passages.documents.values())
        place = full_region(region, known) if region else ""
        wanted = None
        if post is not None:
            wanted = desk.draft(desk.post(post), post, "", place, Firm(), {}, "full")
        shelf = Shelf(desk.index, day(as_of), place)
        checker = Checker(shelf, desk.terms)
        paths, refused = card_files(files or ())
        if files and not paths and not refused:
            raise UsageError("没有可核对的文件（可核对 .md .txt .docx .xlsx）。请检查文件夹")
        if docx is not None and not files:
            raise UsageError("--docx 要有卡片文件。例：kb check 卡片.docx --docx 批注.docx")
        reports = _run(checker, paths, wanted, docx)
        drafts = [stale_lines(shelf, path) for path in stale or ()]
        when = shelf.as_of.isoformat()
    if xlsx is not None:
        _write_xlsx(xlsx, reports, refused, when)
    if form is Format.TABLE:
        _print(reports, refused, drafts, everything=everything)
    else:
        emit(
            {
                "as_of": when,
                "files": [r.to_json() for r in reports],
                "refused": [{"file": str(r.path), "reason": r.reason} for r in refused],
                "stale": [d.to_json() for d in drafts],
            },
            form,
        )
    code = _exit_code(reports, refused, drafts, strict=strict)
    if code:
        raise typer.Exit(code)


def _run(
    checker: Checker, paths: Sequence[Path], wanted: Draft | None, docx: Path | None
) -> list[FileReport]:
    """The reports of all files; marked-up copies are written on the way."""
    from kb.check import FileReport, card_file

    reports = []
    taken: set[Path] = set()
    for path in paths:
        try:
            file = card_file(path)
        except KbError as e:
            reports.append(FileReport(str(path), error=str(e)))
            continue
        report = checker.check_card(file, wanted)
        reports.append(report)
        if docx is not None:
            from kb.cards.files import save
            from kb.check.report_docx import marked_up

            target = _copy_name(path, docx, many=len(paths) > 1, taken=taken)
            if target.resolve() == path.resolve():
                raise UsageError(f"--docx 不能写到原文件上：{path}。请换一个名字")
            save(target, marked_up(path, file, report))
    return reports


def _copy_name(path: Path, docx: Path, *, many: bool, taken: set[Path]) -> Path:
    """Where the marked-up copy of a file goes: two files of one name do not share a copy."""
    if not many and docx.suffix.lower() == ".docx" and not docx.is_dir():
        return docx
    if docx.suffix.lower() == ".docx" and not docx.is_dir():
        raise UsageError(f"有多个文件，--docx 应为文件夹，不能是 {docx}")
    target, number = docx / f"{path.stem}-批注.docx", 1
    while target in taken:
        number += 1
        target = docx / f"{path.stem}-批注{number}.docx"
    taken.add(target)
    return target


def _write_xlsx(
    path: Path, reports: Sequence[FileReport], refused: Sequence[Refused], when: str
) -> None:
    from kb.cards.files import save
    from kb.check.report_xlsx import to_xlsx

    if path.suffix.lower() != ".xlsx":
        raise UsageError(f"--xlsx 要写成 .xlsx 文件，不能是 {path}")
    save(path, to_xlsx(reports, refused, when))


def _exit_code(
    reports: Sequence[FileReport],
    refused: Sequence[Refused],
    drafts: Sequence[StaleReport],
    *,
    strict: bool,
) -> int:
    if any(r.error for r in reports) or any(r.blocks for r in refused):
        return 3
    if any(r.errors for r in reports) or any(d.blocked for d in drafts):
        return 1
    return int(strict and (any(r.findings for r in reports) or any(d.lines for d in drafts)))


# --- the terminal -------------------------------------------------------------------------------


def _print(
    reports: Sequence[FileReport],
    refused: Sequence[Refused],
    drafts: Sequence[StaleReport],
    *,
    everything: bool,
) -> None:
    for report in reports:
        _print_file(report, everything=everything)
    for other in refused:
        say(f"没有读：{other.path}：{other.reason}")
    for draft in drafts:
        _print_stale(draft)
    if reports:
        _print_sum(reports, refused)


def _print_file(report: FileReport, *, everything: bool) -> None:
    from kb.check import KIND_NAMES

    posts = f"（岗位：{'、'.join(report.posts)}）" if report.posts else ""
    say(f"{report.file}{posts}")
    if report.error:
        say(f"  读不了：{report.error}")
        return
    for warning in report.warnings:
        say(f"  提示：{warning}")
    told = [f for f in report.findings if f.kind != "not_checked"]
    if told:
        table = Table(box=None, pad_edge=False)
        for name, ratio in (("位置", 2), ("种类", 2), ("原样", 4), ("问题", 6), ("改为", 4)):
            table.add_column(name, overflow="fold", ratio=ratio)
        for f in sorted(told, key=lambda f: not f.is_error):
            style = "bold" if f.is_error else ""
            kind = Text(KIND_NAMES[f.kind], style=style)
            table.add_row(_place(f), kind, Text(f.raw), Text(f.message), Text(f.suggestion))
        console().print(table)
    left = [f for f in report.findings if f.kind == "not_checked"]
    shown = left if everything else left[:_SHOWN]
    for f in shown:
        say(f"  未核对 {_place(f)}：{_short(f.raw)}（{f.message.removeprefix('没有核对：')}）")
    if len(left) > len(shown):
        say(f"  未核对的还有 {len(left) - len(shown)} 处，加 --all 全部列出")
    say(f"  已核对 {report.checked} 处，错误 {report.errors} 处，未核对 {report.not_checked} 处")
    say()


def _place(finding: Finding) -> str:
    return f"第{finding.line}行" if isinstance(finding.line, int) else finding.line


def _short(text: str, longest: int = 30) -> str:
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[:longest]}…"


def _print_stale(draft: StaleReport) -> None:
    say(draft.file)
    table = Table(box=None, pad_edge=False)
    for name, ratio in (
        ("岗位", 2),
        ("卡、行", 2),
        ("这一行", 5),
        ("依据", 5),
        ("情况", 5),
        ("改为", 4),
    ):
        table.add_column(name, overflow="fold", ratio=ratio)
    for x in draft.lines:
        where = f"{x.card} {x.line}"
        table.add_row(x.post, where, Text(x.text), Text(x.id), Text(x.message), Text(x.suggestion))
    if draft.lines:
        console().print(table)
    say(f"  原文未变 {draft.same} 行，要重读或停用 {len(draft.lines)} 行（停用 {draft.blocked}）")
    say()


def _print_sum(reports: Sequence[FileReport], refused: Sequence[Refused]) -> None:
    from kb.check import KIND_NAMES, KINDS

    counts = Counter(f.kind for r in reports for f in r.findings)
    told = "，".join(
        f"{KIND_NAMES[k]} {counts[k]}" for k in KINDS if counts[k] and k != "not_checked"
    )
    unread = sum(bool(r.error) for r in reports) + sum(r.blocks for r in refused)
    say(
        f"共 {len(reports)} 个文件：已核对 {sum(r.checked for r in reports)} 处，"
        f"错误 {sum(r.errors for r in reports)} 处，"
        f"未核对 {counts['not_checked']} 处（未核对不等于没有问题），读不了 {unread} 个"
    )
    if told:
        say(f"其中：{told}")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(check)
