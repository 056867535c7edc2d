"""`kb guide`: the 安全操作指南 of an industry."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kb.cli.console import Format, emit, say
from kb.cli.options import AsOf, Fmt, Json, Root, chosen_format, day, roots
from kb.errors import UsageError
from kb.posts import INDUSTRIES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.cards import Draft
    from kb.cards.guide import Rule
    from kb.cli.drafting import Desk

__all__ = ["register"]


def guide(
    industry: Annotated[str, typer.Argument(help=f"行业：{'、'.join(INDUSTRIES)}")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="写成文件：.docx 或 .md；不给就打印 Markdown")
    ] = None,
    firm: Annotated[
        Path | None, typer.Option("--firm", help="企业资料 firm.toml 或人员名册 .xlsx")
    ] = None,
    root: Root = None,
    as_of: AsOf = None,
    fmt: Fmt = Format.TABLE,
    as_json: Json = False,
) -> None:
    """一个行业的安全操作指南：一个岗位一章，每行有依据，供提炼“两单两卡”。

    例：kb guide 露天矿山 -o 指南.docx
    """
    from kb.cards.files import save
    from kb.cards.guide import guide as compose
    from kb.cli.drafting import Desk

    if industry not in INDUSTRIES:
        raise UsageError(f"没有这个行业：{industry!r}。可用：{'、'.join(INDUSTRIES)}")
    suffix = ".md" if out is None else out.suffix.lower()
    if suffix not in (".md", ".docx"):
        raise UsageError(f"不会写 {suffix or '没有后缀的'} 文件。可用：.docx .md")
    when = day(as_of)
    with Desk.open(roots(root), when) as desk:
        given = desk.firm(firm)
        posts = desk.all_posts(industry)
        drafts = [desk.draft(p, "", industry, "", given, {}, "full") for p in posts]
        made = compose(drafts, given, industry, when, _rules(desk, drafts))
    form = chosen_format(fmt, as_json)
    if out is not None:
        save(out, made.docx() if suffix == ".docx" else made.markdown().encode())
    if form is not Format.TABLE:
        emit(made.to_json(), form)
    elif out is None:
        say(made.markdown().rstrip("\n"))
    else:
        lines = sum(1 for c in made.chapters for _ in c.lines())
        say(f"已写出 {out}：{len(made.chapters)} 个岗位，{lines} 行，依据 {len(made.rules)} 份文件")
        if gone := [c.post for c in made.chapters if c.lacks]:
            say(f"条款覆盖不足的岗位 {len(gone)} 个：{'、'.join(gone)}")


def _rules(desk: Desk, drafts: Iterable[Draft]) -> dict[str, Rule]:
    """The versions that the drafts' clauses stand in."""
    from kb.cards.guide import rule_of

    out: dict[str, Rule] = {}
    for made in drafts:
        for lines in made.cards.values():
            for ref in (b.id.partition("#")[0] for x in lines for b in x.basis):
                row = None if ref in out else desk.index.passages.version(ref)
                if row is not None:
                    out[ref] = rule_of(row.document, row.version)
    return out


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(guide)
