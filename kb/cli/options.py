"""Options that commands share, and the few values that they are turned into."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from kb.cli.console import Format
from kb.errors import UsageError
from kb.roots import Roots

__all__ = [
    "AsOf",
    "Corpus",
    "Fmt",
    "Json",
    "Laws",
    "Root",
    "chosen_format",
    "day",
    "roots",
]

Root = Annotated[
    Path | None,
    typer.Option(
        "--root", envvar="KB_ROOT", help="你的文件夹（自带 corpus/ 和 build/），叠在自带内容之上"
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="日期", help="按哪一天判断效力，如 2026-11-21；默认今天"),
]
Fmt = Annotated[Format, typer.Option("--format", help="输出格式：table 表格，json")]
Json = Annotated[bool, typer.Option("--json", help="等同于 --format json")]
Corpus = Annotated[
    list[Path] | None,
    typer.Option("--corpus", metavar="文件夹", help="要一起收录的文件夹，可多次给出"),
]
Laws = Annotated[str, typer.Option("--laws", help="core 九部安全法律；all 数据包里的全部法律")]


def chosen_format(fmt: Format, as_json: bool) -> Format:
    """The format asked for; `--json` is an alias."""
    return Format.JSON if as_json else fmt


def day(text: str | None) -> date:
    """The date of `--as-of`, or today.

    Raises:
        UsageError: not an ISO date.
    """
    if text is None:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError as e:
        raise UsageError(f"日期写法不对：{text!r}。应为 年-月-日，如 2026-11-21") from e


def roots(root: Path | None) -> Roots:
    """The folders of a command."""
    return Roots.of(root)
