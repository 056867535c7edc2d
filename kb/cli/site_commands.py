"""`kb site` and `kb preview`."""

from __future__ import annotations

from typing import Annotated

import typer

from kb.cli.console import Format, console, print_json, progress
from kb.cli.options import AsOf, Fmt, Json, Root, chosen_format, day, roots

__all__ = ["register"]


def site(
    root: Root = None,
    as_of: AsOf = None,
    site_url: Annotated[str, typer.Option("--site-url", help="网站将要发布的网址（可不填）")] = "",
    fmt: Fmt = Format.TABLE,
    as_json: Json = False,
) -> None:
    """由索引生成静态网站 build/site（旧网站在成功之后才被替换）。"""
    from kb.index import Index
    from kb.sitegen import build, generate

    where = roots(root)
    with Index.open(where.index) as index, progress() as report:
        made = generate(index, where, site_url=site_url, as_of=day(as_of), progress=report)
    with progress() as report:
        build(where, progress=report)
    if chosen_format(fmt, as_json) is not Format.TABLE:
        print_json({"site": str(where.site), "pages": made.pages, "warnings": list(made.warnings)})
        return
    out = console()
    for line in made.warnings:
        out.print(f"提示：{line}", markup=False)
    out.print(f"网站已生成：{where.site}（{made.pages} 页）。运行 kb preview 打开", markup=False)


def preview(
    root: Root = None,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="端口；0 为任选")] = 8000,
) -> None:
    """在本机打开网站（只听 127.0.0.1），按 Ctrl+C 结束。"""
    from kb.sitegen import preview as serve

    out = console()
    serve(
        roots(root),
        port=port,
        ready=lambda url: out.print(f"请用浏览器打开 {url} （按 Ctrl+C 结束）", markup=False),
    )


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(site)
    app.command()(preview)
