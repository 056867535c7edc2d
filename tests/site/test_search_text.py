"""Patterns in the browser's writing, and tokenizer files that a browser could not run alike."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kb import tokenizer
from kb.errors import SourceError
from kb.sitegen.js_regex import js_regex
from kb.sitegen.search_text import tokenizer_part


@pytest.mark.parametrize(
    ("pattern", "source", "plain"),
    [
        ("安(全)(?:生|产)?", "安(?<g1>全)(?:生|产)?", "安(?<g1>全)(?:生|产)?"),
        (r"[0-9]{1,3}\s*\(", r"[0-9]{1,3} *\(", r"[0-9]{1,3} *\("),
        (r"[\s,]+?x", "[ ,]+?x", "[ ,]+?x"),
        (r"a*+(b)", r"(?=(?<p1>a*))\k<p1>(?<g1>b)", r"(?=(?<p1>a*))\k<p1>(?<g1>b)"),
        (r"(?<!a|(b))c(d)", "(?<!a|(?<g1>b))c(?<g2>d)", "c(?<g2>d)"),
        (r"(?<=[0-9]条)之", "(?<=[0-9]条)之", None),
        (r"m(?![a-z])(?<!a(?=\)))", r"m(?![a-z])(?<!a(?=\)))", "m(?![a-z])"),
    ],
)
def test_js_regex(pattern: str, source: str, plain: str | None) -> None:
    assert js_regex(pattern) == (source, plain)


@pytest.mark.parametrize(
    "pattern",
    [
        r"\d",
        r"\bx",
        r"x\Z",
        "^x",
        "x$",
        "a.b",
        "[^a]",
        r"[\w]",
        "(?P<n>a)",
        "(?i:a)",
        "(?>a)",
        "𠀀",
    ],
)
def test_what_would_mean_something_else_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="不能照搬"):
        js_regex(pattern)


def write(path: Path, **changed: object) -> Path:
    data = {
        "pre_tokenizer": {"pattern": {"Regex": "[一-鿿]+"}},
        "model": {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", -20.0], ["安", -1.5]]},
    }
    path.write_text(json.dumps({**data, **changed}), encoding="utf-8")
    return path


def test_tokenizer_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokenizer, "PATH", write(tmp_path / "t.json"))
    part = tokenizer_part()
    assert (part["vocabulary"], part["pieces"]) == ("<unk>\n安", "[一-鿿]+")
    assert part["scores"] == "AAVgAA=="  # 20 × 64 and 1.5 × 64, two bytes each


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"model": {"type": "BPE", "unk_id": 0, "vocab": []}}, "不是浏览器能用的"),
        ({"normalizer": {"type": "NFKC"}}, "不是浏览器能用的"),
        ({"model": {"type": "Unigram", "unk_id": 0, "vocab": [["安", -0.3]]}}, "整数倍"),
        ({"model": {"type": "Unigram", "unk_id": 0, "vocab": [["安\n", -1]]}}, "换行"),
        ({"model": {}}, "读不懂"),
    ],
)
def test_other_tokenizers_are_refused(
    changed: dict[str, object], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokenizer, "PATH", write(tmp_path / "t.json", **changed))
    with pytest.raises(SourceError, match=message):
        tokenizer_part()
