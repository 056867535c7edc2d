"""How the command line prints: tables, JSON, progress and errors, on any console encoding."""

from __future__ import annotations

import codecs
import json
import re
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

__all__ = [
    "Format",
    "console",
    "emit",
    "fail",
    "print_json",
    "progress",
    "say",
    "setup",
    "translate",
]


class Format(StrEnum):
    """Output formats that commands share."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"


def _fold_or_question(error: UnicodeError) -> tuple[str | bytes, int]:
    """Codec error handler: m³ becomes m3 on a console that has no ³ (cp936), else “?”."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    out = ""
    for char in error.object[error.start : error.end]:
        folded = unicodedata.normalize("NFKC", char)
        try:
            folded.encode(error.encoding)
            out += folded if folded != char else "?"
        except UnicodeEncodeError:
            out += "?"
    return out, error.end


codecs.register_error("kb-fold", _fold_or_question)


def setup() -> None:
    """Make standard output and error accept every character, whatever the console's encoding."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="kb-fold")


def console(*, stderr: bool = False) -> Console:
    """A console as wide as the terminal, or 100 columns when the output goes to a file."""
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else 100
    return Console(file=stream, width=width, highlight=False, soft_wrap=False, emoji=False)


def say(text: str = "") -> None:
    """One line of text exactly as it is: no wrapping, no markup, no emoji names replaced."""
    sys.stdout.write(text + "\n")


def emit(value: Any, form: Format) -> None:
    """A report in the JSON form asked for: indented, or one line for jsonl."""
    print_json(value, line=form is Format.JSONL)


def _is_utf8(stream: TextIO) -> bool:
    return codecs.lookup(stream.encoding or "ascii").name == "utf-8"


def print_json(value: Any, *, line: bool = False) -> None:
    """JSON on standard output: readable Chinese in UTF-8, \\u escapes on any other encoding."""
    text = json.dumps(
        value,
        ensure_ascii=not _is_utf8(sys.stdout),
        indent=None if line else 2,
        separators=(",", ":") if line else None,
    )
    sys.stdout.write(text + "\n")
    if line:
        sys.stdout.flush()


@contextmanager
def progress() -> Iterator[Any]:
    """Gives a callback (stage, done, total) that draws bars on standard error, if it is a terminal.

    To a file one line a stage is written.
    """
    if not sys.stderr.isatty():
        seen: set[str] = set()

        def plain(stage: str, done: int, total: int) -> None:
            del done
            if stage not in seen:
                seen.add(stage)
                sys.stderr.write(f"{stage}（{total}）…\n")
                sys.stderr.flush()

        yield plain
        return
    bars = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(),
        console=console(stderr=True),
        transient=True,
    )
    tasks: dict[str, TaskID] = {}
    with bars:

        def draw(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                for task in tasks.values():
                    bars.update(task, visible=False)
                tasks[stage] = bars.add_task(stage, total=max(total, 1))
            bars.update(tasks[stage], completed=done, total=max(total, 1))

        yield draw


# Messages of the option parser, with what it prints as an example; the first that fits is used.
_PARSER_MESSAGES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), chinese)
    for pattern, chinese in (
        # No such option: --tp (Possible options: --help, --root, --top)
        (r"No such option: (\S+)(?: \(Possible options: (.+)\))?", r"没有选项 \1（相近的有：\2）"),
        # No such command 'serch'. Did you mean 'search'?
        (r"No such command '(.+?)'\.(?: Did you mean (.+?)\??)?$", r"没有命令 \1（相近的有：\2）"),
        # Missing argument 'QUERY'.
        (r"Missing argument '?(.+?)'?\.?$", r"缺少参数 \1"),
        # Missing option '--x'.
        (r"Missing option '?(.+?)'?\.?$", r"缺少选项 \1"),
        # Option '--top' requires an argument.
        (r"Option '?(\S+?)'? requires an argument\.?$", r"选项 \1 后面要有值"),
        # Got unexpected extra argument(s) (a b)
        (r"Got unexpected extra argument\S* \((.+)\)\.?$", r"多出的参数：\1"),
        # Invalid value for '--top' / '-n': Input should be greater than or equal to 1
        (r"Invalid value for (.+?): (.+)$", r"\1 的值不对：\2"),
    )
)
_PARSER_WORDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), chinese)
    for pattern, chinese in (
        (r"Input should be greater than or equal to (\d+)", r"不能小于 \1"),
        (r"Input should be less than or equal to (\d+)", r"不能大于 \1"),
        (r"Input should be a valid integer.*", "应为整数"),
        # Value error, 'xml' is not one of 'table', 'json'.
        (r"(?:Value error, )?'(\w*)' is not one of (.+?)\.?$", r"“\1”不在可选值里（\2）"),
        (r"（相近的有：）", ""),
    )
)


def translate(message: str) -> str:
    """An option parser's message in Chinese; one that is not known stays as it is."""
    for pattern, chinese in _PARSER_MESSAGES:
        match = pattern.match(message)
        if match:
            out = match.expand(chinese)
            for words, better in _PARSER_WORDS:
                out = words.sub(better, out)
            return out
    return message


def fail(message: str) -> None:
    """An error on standard error."""
    sys.stderr.write(f"错误：{message}\n")
