"""`kb passages` and `kb quiz`: what an exam writer works with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from kb.cli import exam_export
from kb.cli.console import Format, console, emit, print_json, say
from kb.cli.options import AsOf, Fmt, Json, Root, chosen_format, day, roots
from kb.errors import UsageError

if TYPE_CHECKING:
    from kb.exam import Item, Paper, Pool
    from kb.exam.passages import Found
    from kb.roots import Roots

__all__ = ["register"]

_Doc = Annotated[
    list[str] | None, typer.Option("--doc", help="哪份文件（编号、简称或标准号），可多次")
]
_Post = Annotated[
    list[str] | None, typer.Option("--post", help="哪个岗位（正名或现场叫法），可多次")
]
_Region = Annotated[
    str | None, typer.Option("--region", help="地区，如 重庆市江津区；不写只用全国的规定")
]
_LIST = re.compile(r"[,，、;；\s]+")


def passages(
    query: Annotated[list[str] | None, typer.Argument(help="要查的话或条款号")] = None,
    post: _Post = None,
    hazard: Annotated[list[str] | None, typer.Option("--hazard", help="危险有害因素")] = None,
    activity: Annotated[list[str] | None, typer.Option("--activity", help="作业活动")] = None,
    doc: _Doc = None,
    chapter: Annotated[str, typer.Option("--chapter", help="章节：5.2、第二章或标题里的话")] = "",
    region: _Region = None,
    top: Annotated[int, typer.Option("--top", "-n", min=0, help="最多几条，0 为全部")] = 0,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="写成文件：.md .docx .xlsx .csv .json")
    ] = None,
    root: Root = None,
    as_of: AsOf = None,
    fmt: Fmt = Format.TABLE,
    as_json: Json = False,
) -> None:
    """出题用的原文：逐字的条款，带出处、效力、版本和校验码。没有收录正文的只告诉你要收录什么。

    例：kb passages --post 铲装司机 --out 原文.docx；kb passages --doc 16423 --chapter 5.2.3
    """
    from kb.exam.passages import find_passages
    from kb.index import Index
    from kb.posts import Posts
    from kb.search import Filters, Searcher
    from kb.terms import Terms

    where = roots(root)
    when = day(as_of)
    with Index.open(where.index) as index:
        searcher = Searcher(index)
        filters = Filters.of(
            searcher,
            docs=doc or (),
            region=region,
            posts=post or (),
            hazards=hazard or (),
            activities=activity or (),
        )
        known = Posts.load(where.corpora, Terms.load(where.corpora)).posts if filters.posts else {}
        found = find_passages(
            searcher,
            index.passages,
            when,
            filters,
            query=" ".join(query or ()),
            chapter=chapter,
            top=top,
            posts=[known[p] for p in filters.posts if p in known],
        )
    if out is not None:
        from kb.exam.passages_out import write_passages

        write_passages(out, found, when)
        say(f"已写出 {out}：{len(found.passages)} 条")
        _print_missing(found)
        return
    form = chosen_format(fmt, as_json)
    if form is Format.JSONL:
        for one in found.passages:
            print_json(one.to_json(), line=True)
    elif form is Format.JSON:
        print_json(found.to_json())
    else:
        _print_passages(found)


def _print_passages(found: Found) -> None:
    for p in found.passages:
        say(f"{p.citation}   [{p.status}，施行 {p.in_force}]")
        say(f"编号 {p.id}   校验码 {p.hash}")
        for mark in p.errata:
            sure = "勘误" if mark[4] == "confirmed" else "疑误"
            say(f"{sure}：原文“{mark[2]}”，应为“{mark[3]}”")
        say(p.text)
        say()
    if not found.passages:
        say("没有合乎条件的原文。可以换个说法，或用 kb status 看收录了哪些文件")
    _print_missing(found)


def _print_missing(found: Found) -> None:
    for m in found.missing:
        say(f"没有原文：{m.citation}：{m.why}")


# --- quiz -----------------------------------------------------------------------------------------

quiz_app = typer.Typer(
    invoke_without_command=True, help="出题、核对题目、查重复的题；kb quiz --count 20 出一份练习"
)


@quiz_app.callback()
def quiz(
    context: typer.Context,
    count: Annotated[int, typer.Option("--count", "-n", min=1, max=5000, help="出几题")] = 20,
    seed: Annotated[int, typer.Option("--seed", help="同一个数出同一份题")] = 1,
    types: Annotated[str, typer.Option("--types", help="题型：单选,多选,判断,填空,简答")] = "",
    post: _Post = None,
    doc: _Doc = None,
    topic: Annotated[list[str] | None, typer.Option("--topic", help="知识点，可多次")] = None,
    difficulty: Annotated[
        list[int] | None, typer.Option("--difficulty", min=1, max=3, help="难度 1 到 3，可多次")
    ] = None,
    bank: Annotated[
        str, typer.Option("--bank", help="练习（可以公开）或 考试（留在 exam/ 里）")
    ] = "练习",
    avoid: Annotated[
        list[Path] | None, typer.Option("--avoid", help="不与这份题库里的题相同或相近，可多次")
    ] = None,
    region: _Region = None,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="不出题，报告哪些条款出得了题、哪些不能和原因")
    ] = False,
    cards: exam_export.Cards = None,
    blueprint: exam_export.BlueprintFile = None,
    audience: exam_export.For = None,
    partial: exam_export.Partial = False,
    matrix: exam_export.Matrix = None,
    template: exam_export.Template = None,
    dossier: exam_export.Dossier = None,
    author: exam_export.Author = "",
    verdicts: exam_export.Verdicts = None,
    source: exam_export.From = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="写成 .json、.xlsx（题库模板）或 .docx（试卷、答题卡）"),
    ] = None,
    root: Root = None,
    as_of: AsOf = None,
    fmt: Fmt = Format.TABLE,
    as_json: Json = False,
) -> None:
    """出题：题干、答案、干扰项都只用收录的原文，每题写明依据。--as-of 写考试日期。

    例：kb quiz --count 50 --seed 7 --post 铲装司机 --types 单选,判断 --format json
    """
    if context.invoked_subcommand is not None:
        return
    from kb.exam import Paper, Wanted, load_items, make_pool
    from kb.exam.banks import BANKS, EXAM
    from kb.exam.readings import Readings
    from kb.index import Index
    from kb.search import Filters, Searcher

    where = roots(root)
    when = day(as_of)
    form = chosen_format(fmt, as_json)
    if bank not in BANKS:
        raise UsageError(f"没有这种题库：{bank!r}。可用：练习、考试")
    if verdicts is not None:
        exam_export.read_back(where, when, verdicts, region)
        return
    desk = exam_export.Desk.of(
        where, when, blueprint=blueprint, audience=audience, partial=partial, matrix=matrix,
        template=template, dossier=dossier, author=author, out=out,
        exam=BANKS[bank] == EXAM, source=source,
    )  # fmt: skip
    chosen = _types(types)
    kept = _kept(avoid)
    with Index.open(where.index) as index:
        if source is not None:
            desk.give(index.passages, Paper(load_items(source)))
            return
        searcher = Searcher(index)
        filters = Filters.of(searcher, docs=doc or (), posts=post or (), region=region)
        pool = make_pool(
            index.passages,
            when,
            docs=filters.docs,
            region=filters.region,
            readings=Readings.load(where.corpora),
        )
        if cards:
            pool = exam_export.with_cards(
                where, index, pool, cards, filters.region, alone=blueprint is None
            )
        if coverage:
            _print_coverage(pool, form)
            return
        wanted = Wanted(
            count=count,
            seed=_seed(where, BANKS[bank], seed),
            types=chosen if types or not cards else exam_export.CARD_TYPES,
            posts=filters.posts,
            topics=tuple(topic or ()),
            difficulties=tuple(difficulty or ()),
            avoid=frozenset(i.item for i in kept),
            avoid_stems=tuple(i.stem for i in kept),
        )
        paper, part_of = desk.pick(pool, wanted, searcher)
        if cards:
            paper = exam_export.with_refused(paper, pool)
        made = desk.write(index.passages, paper, part_of)
    json_out = out if out is not None and out.suffix.lower() == ".json" else None
    _give(where, BANKS[bank], seed, paper, json_out, form)
    if form is Format.TABLE:
        desk.say(paper, part_of, made)


def _types(text: str) -> tuple[str, ...]:
    from kb.exam import TYPES

    named = [t for t in _LIST.split(text) if t]
    if unknown := [t for t in named if t not in TYPES]:
        raise UsageError(f"没有这种题型：{'、'.join(unknown)}。可用：{'、'.join(TYPES)}")
    return tuple(t for t in TYPES if t in named) or TYPES


def _kept(files: Sequence[Path] | None) -> list[Item]:
    from kb.exam import load_items

    return [item for path in files or () for item in load_items(path)]


def _seed(where: Roots, bank: str, seed: int) -> str:
    from kb.exam.banks import EXAM, exam_seed

    return exam_seed(where, str(seed)) if bank == EXAM else str(seed)


def _give(where: Roots, bank: str, seed: int, paper: Paper, out: Path | None, form: Format) -> None:
    from kb.exam import items_json
    from kb.exam.banks import EXAM, keep_paper, refuse_public, write_items

    path = out
    if bank == EXAM:
        if out is None:
            path = keep_paper(where, f"paper-{seed}", paper.items, paper.messages)
        else:
            refuse_public(where, out)
    if out is not None:
        write_items(out, paper.items, paper.messages)
    if form is not Format.TABLE:
        emit(items_json(paper.items, paper.messages), form)
        return
    for number, item in enumerate(paper.items, 1):
        if bank != EXAM:
            _print_item(number, item)
    for line in paper.messages:
        say(f"注意：{line}")
    say(f"共 {len(paper.items)} 题" + (f"，已写出 {path}" if path else ""))


def _print_item(number: int, item: Item) -> None:
    from kb.exam.model import LETTERS

    say(f"{number}. [{item.type}] {item.stem}")
    for letter, option in zip(LETTERS, item.options, strict=False):
        say(f"   {letter}. {option}")
    answer = item.answer.replace("\n", "；")
    say(f"   答案：{answer}")
    say(f"   依据：{item.explanation}   [{item.item}]")


def _print_coverage(pool: Pool, form: Format) -> None:
    from kb.exam import TYPES

    found = pool.coverage()
    if form is not Format.TABLE:
        emit(found.to_json(), form)
        return
    table = Table(box=None, pad_edge=False)
    table.add_column("文件", overflow="fold", ratio=4)
    for name in ("条款", "出得了题", *TYPES):
        table.add_column(name, justify="right")
    for row in found.documents:
        counts: Sequence[Any] = (row["clauses"], row["examined"], *row["types"].values())
        table.add_row(Text(row["title"]), *(str(n) for n in counts))
    console().print(table)
    say()
    for x in found.left_out:
        say(f"{x.citation}：{x.why}")
    if found.held:
        say(f"出得了题、但数值要先核对的 {len(found.held)} 条：")
        for x in found.held:
            say(f"{x.citation}：{x.why}")
    clauses = sum(r["clauses"] for r in found.documents)
    say(f"条款 {clauses} 条，出得了题的 {sum(r['examined'] for r in found.documents)} 条")


@quiz_app.command("verify")
def verify(
    files: Annotated[list[Path], typer.Argument(help="题库文件（kb quiz --format json）")],
    cards: exam_export.Cards = None,
    root: Root = None,
    as_of: AsOf = None,
    fmt: Fmt = Format.TABLE,
    as_json: Json = False,
) -> None:
    """核对题目：条款变了、不在了、考试日前规定有变的都列出来。有这样的题时退出码为 1。"""
    from kb.exam import load_items, verify_items
    from kb.exam.verify import KINDS
    from kb.index import Index

    when = day(as_of)
    read = {str(path): load_items(path) for path in files}
    where = roots(root)
    with Index.open(where.index) as index:
        rows = exam_export.card_rows(where, index, when, cards) if cards else None
        found = {
            name: verify_items(index.passages, items, when, rows) for name, items in read.items()
        }
    form = chosen_format(fmt, as_json)
    if form is not Format.TABLE:
        emit({"files": [{"file": name, **v.to_json()} for name, v in found.items()]}, form)
    else:
        for name, v in found.items():
            for f in v.findings:
                say(f"{name} 第 {f.place} 题 [{f.item}] {KINDS[f.kind]}：{f.message}")
            say(
                f"{name}：{v.items} 题，核对 {v.checked} 题，未核对 {v.items - v.checked} 题，"
                f"有问题 {len(v.stale)} 题"
            )
    if any(v.findings for v in found.values()):
        raise typer.Exit(1)


@quiz_app.command("overlap")
def overlap(
    files: Annotated[list[Path], typer.Argument(help="一份或几份题库文件")],
    fmt: Fmt = Format.TABLE,
    as_json: Json = False,
) -> None:
    """查重：同一题、问同一处的题、几乎一样的题，一份之内和几份之间。"""
    from kb.exam import load_items
    from kb.exam.overlap import overlaps

    found = list(overlaps({str(path): load_items(path) for path in files}))
    form = chosen_format(fmt, as_json)
    if form is not Format.TABLE:
        emit({"pairs": [t.to_json() for t in found]}, form)
        return
    for t in found:
        say(f"{t.why}（{t.score:.0%}）：{t.one[0]} 第 {t.one[1]} 题，{t.two[0]} 第 {t.two[1]} 题")
        say(f"  {t.stems[0]}")
        say(f"  {t.stems[1]}")
    say(f"相同或相近的有 {len(found)} 对")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(passages)
    app.add_typer(quiz_app, name="quiz")
