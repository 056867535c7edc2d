"""The console: parser messages in Chinese, and characters that the encoding lacks."""

from __future__ import annotations

import io
import json
import sys

import pytest

from kb.cli.app import app
from kb.cli.console import print_json, setup, translate


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["search", "--tp", "x"], "没有选项 --tp（相近的有：--post, --root, --top）"),
        (["serch"], "没有命令 serch（相近的有：'search'）"),
        (["foo"], "没有命令 foo"),
        (["show"], "缺少参数 ids"),
        (["status", "a"], "多出的参数：a"),
        (["search", "x", "--top"], "选项 --top 后面要有值"),
        (["search", "x", "--top", "0"], "'--top' / '-n' 的值不对：不能小于 1"),
        (["search", "x", "--top", "abc"], "'--top' / '-n' 的值不对：应为整数"),
        (
            ["status", "--format", "xml"],
            "'--format' 的值不对：“xml”不在可选值里（'table', 'json', 'jsonl'）",
        ),
    ],
)
def test_parser_messages(arguments: list[str], said: str) -> None:
    with pytest.raises(Exception) as caught:  # noqa: PT011 - the parser's own classes are not public
        app(arguments, standalone_mode=False)
    assert translate(caught.value.format_message()) == said  # type: ignore[attr-defined]


def test_an_unknown_message_stays() -> None:
    assert translate("Something new") == "Something new"


@pytest.mark.parametrize(
    ("encoding", "text", "shown"),
    [
        ("cp936", "不大于 4 m³/min，15°", "不大于 4 m3/min，15°"),
        ("cp936", "NO₂ 浓度 ≤ 5‰", "NO2 浓度 ≤ 5‰"),
        ("cp936", "𠮷", "?"),
        ("ascii", "a²b", "a2b"),
        ("utf-8", "m³ 𠮷", "m³ 𠮷"),
    ],
)
def test_every_console_shows_something(
    monkeypatch: pytest.MonkeyPatch, encoding: str, text: str, shown: str
) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    monkeypatch.setattr(sys, "stdout", stream)
    setup()
    print(text)
    stream.flush()
    assert raw.getvalue().decode(encoding).strip() == shown


@pytest.mark.parametrize("encoding", ["utf-8", "cp936", "ascii"])
def test_json_is_never_damaged(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    monkeypatch.setattr(sys, "stdout", stream)
    setup()
    value = {"text": "m³ 𠮷 台阶"}
    print_json(value, line=True)
    stream.flush()
    assert json.loads(raw.getvalue().decode(encoding)) == value
