"""`kb draft`: the cards of a post, suggested from clauses in force."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from kb.cli.console import Format, console, print_json, say
from kb.cli.options import AsOf, Fmt, Json, Root, chosen_format, day, roots
from kb.errors import UsageError

if TYPE_CHECKING:
    from kb.cards import CardLine, Draft

__all__ = ["register"]

_YES_NO = {"是": True, "有": True, "否": False, "没有": False, "无": False}
_WHERE = {"do": "", "watch": "看见就停、就报", "firm": "企业的事"}


def draft(
    post: Annotated[
        list[str] | None, typer.Argument(help="岗位：名称、现场叫法，或一句话（石灰石矿开挖机的）")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="所有出卡的岗位")] = False,
    industry: Annotated[str, typer.Option("--industry", help="行业，如 露天矿山")] = "",
    region: Annotated[str, typer.Option("--region", help="地区，如 重庆市江津区")] = "",
    answer: Annotated[
        list[str] | None, typer.Option("--answer", help="现场问题的回答，如 铁路运输=否，可多次")
    ] = None,
    firm: Annotated[
        Path | None, typer.Option("--firm", help="企业资料 firm.toml 或人员名册 .xlsx")
    ] = None,
    length: Annotated[str, typer.Option("--length", help="short 上墙用；full 全部")] = "full",
    worksheet: Annotated[
        bool, typer.Option("--worksheet", help="先打讨论单：只有问题和空行，没有答案")
    ] = False,
    author: Annotated[
        bool, typer.Option("--author", help="编卡人看的：企业的事、没用的行")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="写成文件：.md .docx .xlsx；--all 时为文件夹")
    ] = None,
    layout: Annotated[
        str, typer.Option("--layout", help="版式：墙A4 墙A3 口袋 编卡 讨论 班组（手指口述等）")
    ] = "墙A4",
    example_firm: Annotated[
        bool, typer.Option("--example-firm", help="打印一份空的 firm.toml 供填写")
    ] = False,
    root: Root = None,
    as_of: AsOf = None,
    fmt: Fmt = Format.TABLE,
    as_json: Json = False,
) -> None:
    """为一个岗位起草“两单两卡”：只用现行条款的行，空着的由本单位和班组讨论填写。

    例：kb draft 铲装司机；kb draft 石灰石矿开挖机的 --answer 铁路运输=否 --out 卡片.docx
    """
    from kb.cli.drafting import Desk, write

    if example_firm:
        from kb.cards.firm import example_firm as example

        say(example())
        return
    with Desk.open(roots(root), day(as_of)) as desk:
        if everything == bool(post):
            raise UsageError("请写一个岗位，或用 --all 起草所有岗位（二者只用其一）")
        given = desk.firm(firm)
        chosen = desk.all_posts(industry) if everything else [desk.post(" ".join(post or ()))]
        asked = "" if everything else " ".join(post or ())
        if worksheet and out is None:
            for one_post in chosen:
                say(desk.worksheet(one_post).markdown())
            return
        made = (
            desk.draft(p, asked, industry, region, given, _answers(answer), length) for p in chosen
        )
        if out is not None:
            look = "讨论" if worksheet else "编卡" if author else layout
            for path in write(desk, made, given, out, layout=look, folder=everything):
                say(f"已写出 {path}")
            return
        if chosen_format(fmt, as_json) is not Format.TABLE:
            found = [d.to_json() for d in made]
            print_json(found if everything else found[0])
            return
        for one in made:
            _print(one, author=author)


def _answers(given: Sequence[str] | None) -> dict[str, bool]:
    out = {}
    for text in given or ():
        name, equals, value = text.partition("=")
        if not equals or value.strip() not in _YES_NO:
            raise UsageError(f"回答写法不对：{text!r}。应为 问题=是 或 问题=否，如 铁路运输=否")
        out[name.strip()] = _YES_NO[value.strip()]
    return out


def _print(made: Draft, *, author: bool) -> None:
    from kb.cards import CARD_NAMES, CARDS

    out = console()
    heard = f"（{made.asked_for}）" if made.asked_for != made.post else ""
    out.print(f"岗位：{made.post}{heard}   行业：{made.industry}   {made.as_of} 现行", markup=False)
    if not made.full:
        out.print(f"覆盖不足（{made.lacks}）：下面只有本岗位自己的行，不凑数", markup=False)
    for card in CARDS:
        out.print(f"\n{CARD_NAMES[card]}（{len(made.cards[card])} 行）", markup=False)
        out.print(_table(made.cards[card]))
    if author:
        out.print(f"\n企业的事（{len(made.firm)} 行，不上工人的卡）", markup=False)
        out.print(_table(made.firm))
        out.print(f"\n没有用的行（{len(made.left_out)}）", markup=False)
        for gone in made.left_out:
            out.print(f"  {gone.text}：{gone.why}", markup=False)
    if made.missing:
        out.print("\n缺标准：", markup=False)
        for m in made.missing:
            out.print(f"  {m.number} {m.title}：{m.why}", markup=False)
    if made.asked:
        out.print("\n还没有回答的现场问题（--answer 名称=否 去掉无关的行）：", markup=False)
        for name, ask in made.asked:
            out.print(f"  {name}：{ask}", markup=False)
    counts = "，".join(f"{CARD_NAMES[c]} {len(made.cards[c])}" for c in CARDS)
    out.print(
        f"\n{counts}；企业的事 {len(made.firm)}，没有用 {len(made.left_out)}。"
        "这是底稿，未经岗位讨论；先用 --worksheet 打讨论单",
        markup=False,
    )


def _table(lines: Iterable[CardLine]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("", justify="right")
    table.add_column("内容", ratio=5, overflow="fold")
    table.add_column("", ratio=2, overflow="fold")
    table.add_column("依据", ratio=4, overflow="fold")
    for number, line in enumerate(lines, 1):
        marks = "，".join(filter(None, (_WHERE[line.group], line.condition)))
        basis = line.citation + (f"\n注意：{line.conflict}" if line.conflict else "")
        table.add_row(str(number), Text(line.text), Text(marks), Text(basis))
    return table


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(draft)
