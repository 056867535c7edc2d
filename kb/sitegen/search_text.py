"""Data of the browser's own folding, tokenizer and encoder (site/assets/modules/text/)."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from kb import fold, tokenizer
from kb.encoders import StaticEncoder
from kb.errors import SourceError
from kb.sitegen.bundle import write_part
from kb.sitegen.js_regex import js_regex

__all__ = [
    "ENCODER_KEY",
    "TOKENIZER_KEY",
    "encoder_part",
    "fold_tables",
    "tokenizer_part",
    "write_text_parts",
]

TOKENIZER_KEY = "assets/kb/s/tokenizer"
ENCODER_KEY = "assets/kb/s/encoder"

_REMAKE = "请用 scripts/build_tokenizer.py 重新生成"
_GRID = 64
"""Scores are whole numbers of 1/64 (scripts/build_tokenizer.py), so that sums are exact."""


def write_text_parts(out: Path) -> None:
    """Write both data files under the pages' root.

    Raises:
        SourceError: the tokenizer's or the encoder's file is broken.
        OSError: they cannot be written.
    """
    write_part(out, TOKENIZER_KEY, tokenizer_part())
    write_part(out, ENCODER_KEY, encoder_part())


def tokenizer_part() -> dict[str, Any]:
    """What `openText` makes the folding and the tokenizer of.

    Raises:
        SourceError: the tokenizer's file is broken, or of a kind that the browser does not run.
    """
    pieces, vocabulary = _unigram(tokenizer.PATH)
    scores = np.array([score for _, score in vocabulary]) * -_GRID
    whole = scores.astype("<u2")
    if not np.array_equal(whole, scores):
        raise SourceError(tokenizer.PATH, f"词的分值不是 1/{_GRID} 的整数倍", _REMAKE)
    return {
        "fold": fold_tables(),
        "pieces": pieces,
        "han": tokenizer.HAN,
        "figure": js_regex(tokenizer.FIGURE.pattern)._asdict(),
        "vocabulary": "\n".join(word for word, _ in vocabulary),
        "scores": _base64(whole),
        "grid": _GRID,
    }


def encoder_part() -> dict[str, Any]:
    """What `openText` makes the encoder of: the tensors of its file, row by row.

    Raises:
        SourceError: the file is broken or belongs to another tokenizer.
    """
    encoder = StaticEncoder.load()
    return {
        "fingerprint": encoder.fingerprint,
        "dimension": encoder.dimension,
        "embeddings": _base64(encoder.embeddings),
        "weights": _base64(encoder.weights.astype("<f4")),
    }


def _base64(numbers: npt.NDArray[Any]) -> str:
    return base64.b64encode(np.ascontiguousarray(numbers).tobytes()).decode("ascii")


def _unigram(path: Path) -> tuple[str, list[tuple[str, float]]]:
    """The pattern of the pieces, and the words with their scores in the order of their ids."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        model = data["model"]
        pieces = str(data["pre_tokenizer"]["pattern"]["Regex"])
        vocabulary = [(str(word), float(score)) for word, score in model["vocab"]]
    except (OSError, ValueError, KeyError, TypeError) as e:
        raise SourceError(path, f"分词表读不懂（{e}）", _REMAKE) from e
    more = [k for k in ("normalizer", "post_processor", "added_tokens") if data.get(k)]
    if more or model.get("type") != "Unigram" or model.get("unk_id") != 0:
        raise SourceError(path, "不是浏览器能用的分词表（只用 Unigram，没有别的步骤）", _REMAKE)
    if any("\n" in word for word, _ in vocabulary):
        raise SourceError(path, "词里有换行", _REMAKE)
    return pieces, vocabulary


def fold_tables() -> dict[str, Any]:
    """`kb.fold.tables` with its patterns in the browser's writing.

    Raises:
        ValueError: a pattern has something that has no sure translation.
    """
    data = fold.tables()
    data["rules"] = [
        [name, js_regex(trigger).source, *js_regex(pattern)]
        for name, trigger, pattern in data["rules"]
    ]
    return data
