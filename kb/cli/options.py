"""Options that commands share, and the few values that they are turned into."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from kb.cli.console import Format
from kb.errors import UsageError
from kb.roots import Roots

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")

__all__ = [
    "AsOf",
    "Corpus",
    "Fmt",
    "Json",
    "Laws",
    "Root",
    "chosen_format",
    "corpus_folders",
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
        if not _DAY.match(text):  # fromisoformat also takes 20261121 and 2026-W47-6
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError as e:
        raise UsageError(f"日期写法不对：{text!r}。应为 年-月-日，如 2026-11-21") from e


def roots(root: Path | None) -> Roots:
    """The folders of a command."""
    return Roots.of(root)


def corpus_folders(corpus: Sequence[Path] | None, where: Roots) -> tuple[Path, ...]:
    """The folders of `--corpus`, each once, without those that are always read.

    Raises:
        UsageError: one of them is no folder.
    """
    always = {(c / "imports").resolve() for c in where.corpora}
    found: dict[Path, Path] = {}
    for folder in corpus or ():
        if not folder.is_dir():
            raise UsageError(f"--corpus 指定的不是文件夹：{folder}。请检查路径")
        if folder.resolve() not in always:
            found.setdefault(folder.resolve(), folder)
    return tuple(found.values())
