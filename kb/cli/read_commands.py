"""`kb search`, `kb show`, `kb cite`, `kb eval`: everything that reads the index."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from kb.cli.console import Format, console, emit, print_json, say
from kb.cli.options import AsOf, Fmt, Json, Root, chosen_format, day, roots
from kb.errors import UsageError, os_reason
from kb.validity import IN_FORCE_UNKNOWN

if TYPE_CHECKING:
    from kb.search import Filters, Hit

__all__ = ["register"]

_Kind = Annotated[
    list[str] | None,
    typer.Option("--kind", help="只看某类：law regulation local rule standard notice …，可多次"),
]
_Doc = Annotated[list[str] | None, typer.Option("--doc", help="只看某份文件（编号、简称或标准号）")]
_Status = Annotated[
    list[str] | None,
    typer.Option(
        "--status", help="只看某种效力：现行 尚未施行 已修改 被代替 已废止 待核；all 全部"
    ),
]
_Post = Annotated[list[str] | None, typer.Option("--post", help="只看某岗位（正名或现场叫法）")]
_Hazard = Annotated[list[str] | None, typer.Option("--hazard", help="只看某种危险有害因素")]
_Activity = Annotated[list[str] | None, typer.Option("--activity", help="只看某种作业活动")]
_Accident = Annotated[
    list[str] | None, typer.Option("--accident", help="只看某类事故（新旧分类名都可）")
]
_Card = Annotated[
    list[str] | None, typer.Option("--card", help="只看能上某种卡的：风险 职责 操作 应急")
]
_Region = Annotated[
    str | None, typer.Option("--region", help="地区，如 重庆市；只用全国和本地的规定")
]


def search(
    query: Annotated[list[str] | None, typer.Argument(help="要查的话、条款号或文件名")] = None,
    batch: Annotated[
        str | None, typer.Option("--batch", metavar="文件|-", help="一行一问；- 为标准输入")
    ] = None,
    top: Annotated[int, typer.Option("--top", "-n", min=1, max=1000, help="给出几条")] = 10,
    kind: _Kind = None,
    doc: _Doc = None,
    status: _Status = None,
    region: _Region = None,
    post: _Post = None,
    hazard: _Hazard = None,
    activity: _Activity = None,
    accident: _Accident = None,
    card: _Card = None,
    root: Root = None,
    as_of: AsOf = None,
    fmt: Fmt = Format.TABLE,
    as_json: Json = False,
) -> None:
    """按意思或编号查条款。

    例：kb search 铲斗能不能从驾驶室上方过；kb search 安全生产法第25条；kb search "16423 5.2.2.2"
    """
    from kb.index import Index
    from kb.search import Filters, Searcher

    form = chosen_format(fmt, as_json)
    when = day(as_of)
    if (query is None) == (batch is None):
        raise UsageError("请给出要查的话，或用 --batch 给出一行一问的文件（二者只用其一）")
    with Index.open(roots(root).index) as index:
        searcher = Searcher(index)
        filters = Filters.of(
            searcher,
            kinds=kind or (),
            docs=doc or (),
            statuses=status or (),
            region=region,
            posts=post or (),
            hazards=hazard or (),
            activities=activity or (),
            accidents=accident or (),
            cards=card or (),
        )
        if batch is not None:
            _batch(searcher, _lines(batch), top, when, filters, form)
            return
        assert query is not None
        text = " ".join(query)
        hits = searcher.search(text, top=top, as_of=when, filters=filters)
        if form is Format.TABLE:
            for line in searcher.notices:
                say(f"注意：{line}")
            _print_hits(text, hits)
        else:
            print_json(
                {"query": text, "hits": [h.to_json() for h in hits], "took_ms": searcher.took_ms},
                line=form is Format.JSONL,
            )


def _lines(name: str) -> list[str]:
    """Lines of a question file or of standard input, in order; an empty line stays a query."""
    if name == "-":
        data = sys.stdin.buffer.read()
    else:
        try:
            data = Path(name).read_bytes()
        except OSError as e:
            raise UsageError(f"读不了 {name}：{os_reason(e)}。请检查路径") from e
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            continue
        # only line feeds part lines: form feeds and U+2028 stand inside a pasted question
        return text.removesuffix("\n").split("\n") if text else []
    raise UsageError(f"{name} 既不是 UTF-8 也不是 GB18030。请另存为 UTF-8 文本后再试")


def _batch(
    searcher: Any, lines: list[str], top: int, when: Any, filters: Filters, form: Format
) -> None:
    collected: list[dict[str, Any]] = []
    for number, line in enumerate(lines, 1):
        text = line.strip()
        hits = searcher.search(text, top=top, as_of=when, filters=filters) if text else []
        row = {
            "query": line,
            "hits": [h.to_json() for h in hits],
            "took_ms": searcher.took_ms if text else 0.0,
        }
        if form is Format.JSONL:
            print_json(row, line=True)
        elif form is Format.JSON:
            collected.append(row)
        else:
            console().print(f"── {number}. {line}", markup=False)
            _print_hits(text, hits)
    if form is Format.JSON:
        print_json(collected)


def _print_hits(query: str, hits: list[Hit]) -> None:
    out = console()
    if not hits:
        out.print(f"没有找到与“{query}”相符的条款。可以换个说法，或加 --status all", markup=False)
        return
    table = Table(box=None, pad_edge=False, show_header=True)
    table.add_column("", justify="right")
    table.add_column("依据", ratio=2, overflow="fold")
    table.add_column("原文", ratio=5, overflow="fold")
    for hit in hits:
        row = hit.to_json()
        source = Text(row["citation"] + _marks(row))
        table.add_row(str(row["rank"]), source, _excerpt(row))
    out.print(table)


def _marks(row: dict[str, Any]) -> str:
    """Region, status and unknown start of a hit, where they limit its use."""
    marks = [row["doc"].get("region") or ""]
    marks += [row["doc"]["status"]] if row["doc"]["status"] != "现行" else []
    marks += [row["in_force"]] if row.get("in_force") == IN_FORCE_UNKNOWN else []
    said = "，".join(filter(None, marks))
    return f"\n[{said}]" if said else ""


def _excerpt(row: dict[str, Any], width: int = 120) -> Text:
    """About `width` characters of the text around the first highlight, matches in bold.

    A suspected or confirmed slip of the source is marked where it stands, never mended silently.
    """
    text = row["text"]
    if text is None:
        return Text("（原文未收录）" + (f"要点（非原文）：{row['gist']}" if row["gist"] else ""))
    spans = row["highlights"]
    start = max(0, spans[0][0] - 30) if spans and spans[0][0] > width // 2 else 0
    end = min(len(text), start + width)
    shown = Text("…" if start else "")
    place = start
    for mark in [*row.get("errata", ()), None]:
        stop = end if mark is None else mark["end"]
        if not place <= stop <= end:
            continue
        part = Text(text[place:stop].replace("\n", " "))
        for a, b in spans:
            part.stylize("bold", max(0, a - place), max(0, min(b, stop) - place))
        shown.append_text(part)
        if mark is not None:
            sure = "勘误" if mark["status"] == "confirmed" else "疑误"
            shown.append(f"［{sure}：{mark['new']}］")
        place = stop
    if end < len(text):
        shown.append("…")
    if row["gist"]:
        shown.append(f"\n要点（非原文）：{row['gist']}", style="italic")
    for conflict in row.get("conflicts", ()):
        shown.append(f"\n注意，规定不一致（非原文）：{_said(conflict)}", style="italic")
    return shown


def _said(conflict: dict[str, Any]) -> str:
    """One line on a conflict: what differs, and what to follow."""
    return f"{conflict['subject']}：{conflict['differs']}；{conflict['rule']}：{conflict['why']}"


def show(
    ids: Annotated[
        list[str], typer.Argument(help="编号，如 gb-16423-2020#5.2.2.2；或 安全生产法第25条")
    ],
    root: Root = None,
    as_of: AsOf = None,
    fmt: Fmt = Format.TABLE,
    as_json: Json = False,
) -> None:
    """显示条款全文：出处、效力、引用了谁、被谁引用；给文件编号则显示目录和各版本。"""
    from kb.index import Index
    from kb.show import show_id

    with Index.open(roots(root).index) as index:
        found = [x for text in ids for x in show_id(index, text, day(as_of))]
    form = chosen_format(fmt, as_json)
    if form is not Format.TABLE:
        emit(found, form)
        return
    for item in found:
        _print_shown(item)


def _print_shown(item: dict[str, Any]) -> None:
    say(item["citation"])
    say(f"编号 {item['id']}   效力 {item['status_label']}   施行 {item['in_force']}")
    said = {"文号": "number", "地区": "region", "制定机关": "issuer", "官方文本": "official"}
    facts = [f"{name} {item[key]}" for name, key in said.items() if item.get(key)]
    if facts:
        say("   ".join(facts))
    if item.get("reason") and item["status"] != "现行":
        say(f"说明：{item['reason']}")
    if item.get("note"):
        say(f"备注：{item['note']}")
    if item.get("text_state") in _TEXT_STATES:
        say(_TEXT_STATES[item["text_state"]])
    for line in item.get("path", ()):
        say(f"  {line}")
    for v in item.get("versions", ()):
        say(f"  版本 {v['version']}：{v['status_label']}，施行 {v['in_force']}" + _held(v["text"]))
    for line in item.get("contents") or ():
        say(f"  {line}")
    if item.get("text"):
        say()
        say(_with_errata(item["text"], item["errata"]))
    if item.get("gist"):
        say()
        say(f"要点（非原文）：{item['gist']}")
    for conflict in item.get("conflicts") or ():
        say()
        say(f"注意，规定不一致（非原文）：{_said(conflict)}")
        for clause, says in conflict["says"].items():
            mark = " ← 以此为准" if clause == conflict["prevails"] else ""
            say(f"  {clause}：{says}{mark}")
    if item.get("cites"):
        say()
        say("引用：")
        for c in item["cites"]:
            say(f"  {c['raw']} → {'、'.join(c['targets']) or '未决：' + c['reason']}")
    if item.get("cited_by"):
        say()
        say("被引用：" + "、".join(item["cited_by"]))
    say()


_TEXT_STATES = {
    "partial": "正文：手头文本不完整，没有看到的条款不等于没有",
    "none": "正文：没有收录，只有目录信息；请用 kb build --corpus 收录",
}


def _held(state: str) -> str:
    return {"full": "，有正文", "partial": "，正文不全"}.get(state, "，没有收录正文")


def _with_errata(text: str, errata: list[dict[str, Any]]) -> str:
    """The text with each slip marked where it stands: 45%［勘误：45‰］."""
    out, place = "", 0
    for mark in errata:
        sure = "勘误" if mark["status"] == "confirmed" else "疑误"
        out += text[place : mark["end"]] + f"［{sure}：{mark['new']}］"
        place = mark["end"]
    return out + text[place:]


def cite(
    file: Annotated[str, typer.Argument(help="文本文件；- 为标准输入")] = "-",
    root: Root = None,
    as_of: AsOf = None,
    fmt: Fmt = Format.TABLE,
    as_json: Json = False,
) -> None:
    """找出一段文字里的全部引用，逐个指到条款；指不准的说明原因。"""
    from kb.index import Index
    from kb.show import cite_text

    text = "\n".join(_lines(file))  # line feeds only: the spans of the answer index this text
    if not text.strip():
        raise UsageError("没有读到文字。用法：kb cite 文件，或 kb cite - 后粘贴文字")
    with Index.open(roots(root).index) as index:
        found = cite_text(index, text, day(as_of))
    form = chosen_format(fmt, as_json)
    if form is not Format.TABLE:
        emit({"citations": found}, form)
        return
    out = console()
    table = Table(box=None, pad_edge=False)
    for name in ("行", "引用", "指向", "效力"):
        table.add_column(name, overflow="fold")
    for c in found:
        target = "、".join(c["targets"]) or f"未决：{c['reason']}"
        table.add_row(str(c["line"]), Text(c["raw"]), Text(target), c["status"])
    out.print(table)
    bad = sum(not c["targets"] for c in found)
    out.print(f"共 {len(found)} 处引用，未决 {bad} 处")


def evaluate(
    questions: Annotated[Path, typer.Argument(help="题集 JSONL")],
    within: Annotated[
        list[str] | None,
        typer.Option(
            "--within", help="只算答案都在这份文件里的题（简称或标准号，可多次）；仍检索全部"
        ),
    ] = None,
    root: Root = None,
    as_of: AsOf = None,
    fmt: Fmt = Format.TABLE,
    as_json: Json = False,
) -> None:
    """用带标准答案的题集衡量检索：nDCG@10、recall、MRR，按题型分列，附 95% 区间。"""
    from kb.evaluate import evaluate as run
    from kb.index import Index

    with Index.open(roots(root).index) as index:
        result = run(index, questions, as_of=day(as_of), within=within or ())
    if chosen_format(fmt, as_json) is not Format.TABLE:
        emit(result.to_json(), chosen_format(fmt, as_json))
        return
    data = result.to_json()
    out = console()
    table = Table(box=None, pad_edge=False)
    for name in ("题型", "题数", "nDCG@10", "95% 区间", "recall@5", "recall@10", "MRR"):
        table.add_column(name, justify="left" if name == "题型" else "right")
    for style, row in data["styles"].items():
        low, high = row["ndcg10_ci"]
        table.add_row(
            style,
            str(row["n"]),
            f"{row['ndcg10']:.3f}",
            f"{low:.3f}–{high:.3f}",
            *(f"{row[k]:.3f}" for k in ("recall5", "recall10", "mrr")),
        )
    out.print(table)
    if data["missing"]:
        out.print(f"标准答案中有 {len(data['missing'])} 处未收录（按答错计）：", markup=False)
        for line in data["missing"][:20]:
            out.print(f"  {line}", markup=False)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(search)
    app.command()(show)
    app.command()(cite)
    app.command("eval")(evaluate)
