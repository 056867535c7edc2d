"""`kb notes check`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from kb.cli.console import Format, console, print_json
from kb.cli.options import Fmt, Json, Root, chosen_format, roots
from kb.errors import IndexMissingError, UsageError

if TYPE_CHECKING:
    from kb.notecheck import NotesReport
    from kb.roots import Roots

__all__ = ["register"]

notes_app = typer.Typer(no_args_is_help=True, help="要点（我们写的条款说明）的检查。")


@notes_app.callback()
def _notes() -> None:
    """要点（我们写的条款说明）的检查。"""


@notes_app.command("check")
def check(
    notes: Annotated[
        list[Path] | None,
        typer.Option("--notes", metavar="文件夹", help="要检查的文件夹或 *.jsonl，可多次"),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="有提醒时退出码也为 1")] = False,
    root: Root = None,
    fmt: Fmt = Format.TABLE,
    as_json: Json = False,
) -> None:
    """核对要点：数值与原文一致、用词在词表内、没有照抄、没有重复、没有过期。

    有错误时退出码为 1。没有收录原文的要点不核对数值，数目另行报出。
    """
    from kb.conflicts import load_conflicts
    from kb.index import Index
    from kb.notecheck import check_notes, question_files, read_note_files
    from kb.requirements import load_requirements
    from kb.terms import Terms

    where = roots(root)
    files = read_note_files(notes or _folders(where))
    terms = Terms.load(where.corpora)
    questions = question_files(_question_folders(where))
    try:
        index = Index.open(where.index)
    except IndexMissingError:
        report = check_notes(files, terms, None, questions)
    else:
        with index:
            report = check_notes(files, terms, index.passages, questions)
            if not notes:
                report.add_conflicts(load_conflicts(where.corpora), index.passages)
                report.add_requirements(load_requirements(where.corpora), index.passages)
    if chosen_format(fmt, as_json) is Format.TABLE:
        _print(report)
    else:
        print_json(report.to_json())
    if report.errors or (strict and report.findings):
        raise typer.Exit(1)


def _folders(where: Roots) -> list[Path]:
    found = [c / "notes" for c in where.corpora if any((c / "notes").glob("*.jsonl"))]
    if not found:
        raise UsageError("还没有要点：corpus/notes 里没有 *.jsonl。可用 --notes 给出别的文件夹")
    return found


def _question_folders(where: Roots) -> list[Path]:
    """eval/ and benchmarks/ of the project and the user, and the sets beside the checkout."""
    out: list[Path] = []
    for base in dict.fromkeys((where.shipped, where.user)):
        out += [base / "eval", base / "benchmarks", base / "benchmarks" / "questions"]
    return [*out, where.shipped.parent / "shared" / "eval"]


def _print(report: NotesReport) -> None:
    out = console()
    if report.findings:
        table = Table(box=None, pad_edge=False)
        for name, ratio in (("", 1), ("位置", 4), ("问题", 12)):
            table.add_column(name, ratio=ratio, overflow="fold")
        for f in report.findings:
            if f.kind == "unreviewed":
                continue
            mark = "错误" if f.severity == "error" else "提醒"
            place = f"{f.file}:{f.line}\n{f.id.partition('#')[2]}"
            table.add_row(mark, Text(place), Text(f"{f.kind} {f.message}"))
        out.print(table)
    kinds = Counter(f.kind for f in report.findings)
    for kind, n in kinds.most_common():
        out.print(f"  {kind}：{n}", markup=False)
    out.print(
        f"要点 {report.notes} 条（行 {report.lines} 条），错误 {report.errors} 处，"
        f"提醒 {len(report.findings) - report.errors} 处",
        markup=False,
    )
    if report.requirements:
        out.print(
            f"通知要求 {report.requirements} 项，其中未核对 {report.requirements_not_checked} 项",
            markup=False,
        )
    s = report.staleness
    out.print(
        f"原文：相同 {s['same']}，文字有变 {s['wording']}，数值有变 {s['figures']}，"
        f"条款不在 {s['missing']}，未核对 {s['not_checked']}",
        markup=False,
    )
    if s["not_checked"]:
        out.print(
            f"注意：有 {s['not_checked']} 条未核对，因为没有收录它们的原文。"
            "请先用 kb build（必要时加 --corpus）建索引"
        )


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(notes_app, name="notes")
