"""`kb`: the application, its entry point, and the commands that build and report."""

from __future__ import annotations

import contextlib
import os
import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from kb import __version__
from kb.cli import (
    check_commands,
    coverage_commands,
    draft_commands,
    exam_commands,
    guide_commands,
    notes_commands,
    read_commands,
    requirement_commands,
    site_commands,
)
from kb.cli.console import Format, console, emit, fail, progress, say, setup, translate
from kb.cli.options import (
    AsOf,
    Corpus,
    Fmt,
    Json,
    Laws,
    Root,
    chosen_format,
    corpus_folders,
    day,
    roots,
)
from kb.errors import KbError, UsageError, os_reason

__all__ = ["app", "main"]

app = typer.Typer(
    name="kb",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "安规库：安全生产法律、标准和通知的条款知识库。\n\n"
        "第一次用：kb build 建索引，kb search 查条款，kb site 生成网站，kb preview 打开网站。"
    ),
)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"kb {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="显示版本")
    ] = False,
) -> None:
    del version


@app.command()
def build(
    corpus: Corpus = None,
    laws: Laws = "core",
    encoder: Annotated[
        Path | None,
        typer.Option("--encoder", help="换用本机上的 sentence-transformers 模型文件夹"),
    ] = None,
    root: Root = None,
    fmt: Fmt = Format.TABLE,
    as_json: Json = False,
) -> None:
    """读入法律和你的文件夹，解析成条款，写出索引（旧索引在成功之后才被替换）。

    例：kb build --corpus 我的文件夹 --laws all
    """
    from kb.index import Index, write_index
    from kb.library import load_library
    from kb.report import status_report

    if laws not in ("core", "all"):
        raise UsageError(f"--laws 只能是 core 或 all，不能是 {laws!r}")
    where = roots(root)
    folders = corpus_folders(corpus, where)
    with progress() as report:
        library = load_library(where, laws=laws, corpus=folders, progress=report)
        write_index(library, where.index, report, encoder_folder=encoder)
    form = chosen_format(fmt, as_json)
    with Index.open(where.index) as index:
        made = status_report(index, date.today())
    totals = made["totals"]
    if form is not Format.TABLE:
        emit({"totals": totals, "skipped": made["skipped"], "warnings": made["warnings"]}, form)
        return
    say(
        f"已收录 {totals['texts']} 份文本，{totals['clauses']} 个条款，"
        f"{totals['citations']} 处引用；目录共 {totals['catalog']} 份文件"
    )
    for line in made["skipped"]:
        say(f"没有收录：{line}")
    if made["warnings"]:
        say(f"有 {len(made['warnings'])} 处提示，用 kb status --warnings 查看")


@app.command()
def status(
    root: Root = None,
    as_of: AsOf = None,
    summary: Annotated[bool, typer.Option("--summary", help="只显示合计")] = False,
    warnings: Annotated[bool, typer.Option("--warnings", help="列出读入时的提示")] = False,
    unresolved: Annotated[
        bool, typer.Option("--unresolved", help="列出指不准的引用和原因")
    ] = False,
    fmt: Fmt = Format.TABLE,
    as_json: Json = False,
) -> None:
    """已收录哪些文件：版本、效力、条款数，以及没有收录全文的。"""
    from kb.index import Index
    from kb.report import status_report

    with Index.open(roots(root).index) as index:
        report = status_report(index, day(as_of))
        form = chosen_format(fmt, as_json)
        if form is not Format.TABLE:
            emit(
                {"as_of": report["as_of"], "totals": report["totals"]} if summary else report, form
            )
            return
        if unresolved:
            for where, raw, reason in index.passages.unresolved():
                say(f"{where}  {raw}  {reason}")
            return
        if warnings:
            for line in report["warnings"]:
                say(line)
            return
        if not summary:
            console().print(_status_table(report["documents"]))
        totals = report["totals"]
        say(
            f"文本 {totals['texts']} 份，条款 {totals['clauses']} 条"
            f"（默认检索 {totals['searched_texts']} 份 {totals['searched_clauses']} 条）；"
            f"目录 {totals['catalog']} 份，其中没有收录文本的 {totals['without_text']} 份"
        )
        for word, n in totals["by_status"].items():
            say(f"  {word}：{n['texts']} 份 {n['clauses']} 条")
        say(f"引用 {totals['citations']} 处，其中未能确定的 {totals['unresolved']} 处")
        for name, key in (("全部文件", "all"), ("法律", "law")):
            n = totals["parts"][key]
            if n["cited"]:
                share = n["resolved"] / n["cited"]
                counted = f"{n['cited']} 处，指准 {n['resolved']} 处（{share:.1%}）"
                say(f"  {name}中指名条款项章的 {counted}")


def _status_table(rows: list[dict[str, Any]]) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("文件", "版本", "效力", "条款", "定义", "表", "未决引用"):
        table.add_column(name, justify="right" if name in "条款 定义 表 未决引用" else "left")
    for row in rows:
        table.add_row(
            row["short"] if row["short"] == row["title"] else f"{row['short']} {row['title']}",
            row["version"],
            row["status_label"],
            *(str(row[k] or "") for k in ("clauses", "definitions", "tables", "unresolved")),
        )
    return table


@app.command()
def verify(
    left: Annotated[str | None, typer.Argument(help="编号（文件@日期）或文件路径")] = None,
    right: Annotated[str | None, typer.Argument(help="另一份")] = None,
    corpus: Corpus = None,
    laws: Laws = "core",
    root: Root = None,
    fmt: Fmt = Format.TABLE,
    as_json: Json = False,
) -> None:
    """逐条核对两份文本（标点、空格不计）；不给参数时核对数据包与 --corpus 都有的法律。

    有差异时退出码为 1。例：kb verify 突发事件应对法(2007).md 突发事件应对法(2024).md
    """
    from kb.library import load_library
    from kb.verify import verify_library, verify_pair

    where = roots(root)
    folders = corpus_folders(corpus, where)
    with progress() as report:
        library = load_library(where, laws=laws, corpus=folders, progress=report)
    if left is None:
        found = list(verify_library(library))
        if not found:
            raise UsageError("没有可核对的：请用 --corpus 给出与数据包重复的文件夹，或给出两份文本")
    elif right is None:
        raise UsageError("要给出两份文本，例如 kb verify 甲.md 乙.md")
    else:
        found = [verify_pair(library, left, right)]
    form = chosen_format(fmt, as_json)
    if form is not Format.TABLE:
        emit({"comparisons": [c.to_json() for c in found]}, form)
    else:
        for c in found:
            say(
                f"《{c.title}》 {c.left} 与 {c.right}："
                f"相同 {c.same} 条，不同 {len(c.differences)} 条，未核对 {c.unchecked} 处"
            )
            for d in c.differences:
                say(f"  {d.label or d.clause} {d.kind}：{d.left} | {d.right}")
    if any(c.differences for c in found):
        raise typer.Exit(1)


read_commands.register(app)
site_commands.register(app)
notes_commands.register(app)
requirement_commands.register(app)
coverage_commands.register(app)
check_commands.register(app)
draft_commands.register(app)
exam_commands.register(app)
guide_commands.register(app)


def _abandon_output() -> None:
    """Nothing can be written any more: keep the interpreter from trying again at exit."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def main() -> None:
    """Entry point of `kb`: exit code 0, 1 findings, 2 usage, 3 failure."""
    setup()
    try:
        code = app(standalone_mode=False)
        sys.stdout.flush()
    except KbError as e:
        fail(str(e))
        sys.exit(e.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        fail("已中断")
        sys.exit(130)
    except BrokenPipeError:
        # the reader (head, less) went away: nothing more to say
        _abandon_output()
        sys.exit(0)
    except OSError as e:
        _abandon_output()
        fail(f"{e.filename or '输出'}：{os_reason(e)}")
        sys.exit(3)
    except Exception as e:
        # the option parser's own errors; any other exception is a defect and keeps its traceback
        if not hasattr(e, "format_message"):
            raise
        message = e.format_message()
        if message.startswith("Usage:"):  # kb without a command: its help is the answer
            say(message)
        else:
            fail(f"{translate(message)}。用 kb --help 或 kb 命令 --help 看用法")
        sys.exit(2)
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
