"""`kb site` and `kb preview`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kb.cli.console import Format, console, print_json, progress
from kb.cli.options import AsOf, Fmt, Json, Root, chosen_format, day, roots
from kb.errors import UsageError

if TYPE_CHECKING:
    from kb.sitegen import Offline

__all__ = ["register"]


def site(
    root: Root = None,
    as_of: AsOf = None,
    site_url: Annotated[str, typer.Option("--site-url", help="网站将要发布的网址（可不填）")] = "",
    offline: Annotated[
        bool, typer.Option("--offline", help="再打成一个压缩包：解压后双击就能打开，不用安装和网络")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="压缩包写到哪里（配合 --offline）")
    ] = None,
    fmt: Fmt = Format.TABLE,
    as_json: Json = False,
) -> None:
    """由索引生成静态网站 build/site（旧网站在成功之后才被替换）。"""
    from kb.index import Index
    from kb.sitegen import build, generate, zip_site
    from kb.sitegen.offline import OPENER

    if output is not None and not offline:
        raise UsageError("--output 要和 --offline 一起用：kb site --offline -o 安规库.zip")
    where = roots(root)
    with Index.open(where.index) as index, progress() as report:
        made = generate(index, where, site_url=site_url, as_of=day(as_of), progress=report)
    with progress() as report:
        build(where, progress=report)
    packed: Offline | None = None
    if offline:
        with progress() as report:
            target = (output or where.build / "anguiku-offline.zip").absolute()
            packed = zip_site(where.site, target, progress=report)
    if chosen_format(fmt, as_json) is not Format.TABLE:
        found = {"site": str(where.site), "pages": made.pages, "warnings": list(made.warnings)}
        if packed:
            found["offline"] = {
                "file": str(packed.path),
                "files": packed.files,
                "size": packed.size,
            }
        print_json(found)
        return
    out = console()
    for line in made.warnings:
        out.print(f"提示：{line}", markup=False)
    out.print(f"网站已生成：{where.site}（{made.pages} 页）。运行 kb preview 打开", markup=False)
    if packed:
        out.print(
            f"离线压缩包：{packed.path}（{packed.size / 1e6:.1f} MB，{packed.files} 个文件）。"
            f"拷到U盘，全部解压后双击“{OPENER}”",
            markup=False,
        )


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
