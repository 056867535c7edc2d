"""`kb coverage`: notes by document, lines by post."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from kb.cli.console import Format, console, print_json
from kb.cli.options import AsOf, Fmt, Json, Root, chosen_format, day, roots
from kb.coverage import OPERATIONS, RISKS, Coverage

__all__ = ["register"]


def coverage(
    documents: Annotated[bool, typer.Option("--documents", help="只列文件")] = False,
    posts: Annotated[bool, typer.Option("--posts", help="只列岗位")] = False,
    root: Root = None,
    as_of: AsOf = None,
    fmt: Fmt = Format.TABLE,
    as_json: Json = False,
) -> None:
    """知识覆盖：每份文件有多少要点，每个岗位有多少行、缺哪些标准。"""
    from kb.draft import covered
    from kb.index import Index

    where = roots(root)
    with Index.open(where.index) as index:
        found = covered(index.passages, where.corpora, day(as_of))
    if chosen_format(fmt, as_json) is not Format.TABLE:
        print_json(found.to_json())
        return
    if not posts:
        _print_documents(found)
    if not documents:
        _print_posts(found)


def _print_documents(found: Coverage) -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column("文件", overflow="fold", ratio=4)
    for name in ("条款", "要点", "其中有行", "行", "问法"):
        table.add_column(name, justify="right")
    table.add_column("审读", overflow="fold", ratio=2)
    for d in found.documents:
        name = d.short if d.status == "现行" else f"{d.short}（{d.status}）"
        seen = "、".join(d.reviewers) + (f"，未审 {d.unreviewed}" if d.unreviewed else "")
        counts = (d.clauses, d.notes, d.full, d.lines, d.lay)
        table.add_row(Text(name), *(str(n) for n in counts), Text(seen))
    out = console()
    out.print(table)
    sums = [sum(getattr(d, k) for d in found.documents) for k in ("clauses", "notes", "lines")]
    out.print(f"合计：条款 {sums[0]}，要点 {sums[1]} 条，行 {sums[2]} 条\n", markup=False)


def _print_posts(found: Coverage) -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column("岗位", overflow="fold", ratio=2)
    table.add_column("行业", overflow="fold", ratio=2)
    for name in ("风险", "职责", "操作", "应急"):
        table.add_column(name, justify="right")
    table.add_column("覆盖", overflow="fold", ratio=2)
    table.add_column("缺的标准", overflow="fold", ratio=3)
    for p in found.posts:
        full = "足" if p.own.full else f"不足：{p.own.lacks}"
        missing = "、".join(number for number, _ in p.missing)
        counts = [str(p.own.lines.get(c, 0)) for c in ("risk", "duty", "operation", "emergency")]
        table.add_row(p.name, "、".join(p.industries), *counts, full, Text(missing))
    out = console()
    out.print(table)
    full_posts = sum(p.own.full for p in found.posts)
    out.print(
        f"岗位 {len(found.posts)} 个，其中覆盖足的 {full_posts} 个"
        f"（本岗位自己的操作行不少于 {OPERATIONS}、风险行不少于 {RISKS}，都出自现行条款）",
        markup=False,
    )


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(coverage)
