"""Fusion: words and meaning in one score, and what the query says about their shares."""

from __future__ import annotations

import numpy as np
import pytest

from kb.lexical import Scores
from kb.search.fusion import MEANING, QUOTED, fuse, lexical_total

ALL = np.ones(4, dtype=np.bool_)


def scores(ideal: float = 10.0, **fields: list[float]) -> Scores:
    by_field = {k: np.array(v, dtype=np.float32) for k, v in fields.items()}
    total = np.sum(list(by_field.values()), axis=0).astype(np.float32)
    ideals = dict.fromkeys(by_field, ideal)
    return Scores(total, by_field, sum(ideals.values()), ideals)


def cosine(*values: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.array(values, dtype=np.float32)


def test_own_words_or_the_note_not_their_sum() -> None:
    found = lexical_total(scores(text=[4, 0, 4, 0], lay=[3, 5, 0, 0], path=[0, 0, 0, 1]))
    assert found.tolist() == [4, 5, 4, 1]


def test_words_alone_without_vectors() -> None:
    fused = fuse(scores(text=[1, 2, 4, 0]), None, ALL)
    assert fused.total.tolist() == [0.25, 0.5, 1.0, 0.0]
    assert fused.meaning == 0


def test_meaning_alone_when_no_word_is_known() -> None:
    fused = fuse(None, cosine(0.3, 0.4, -1, 0.2), ALL)
    assert fused.meaning == 1
    assert np.argsort(-fused.total, kind="stable").tolist()[:2] == [1, 0]
    assert fused.total[2:].tolist() == [0, 0]


def test_a_query_in_its_own_words_mixes_both() -> None:
    fused = fuse(scores(text=[1, 2, 0, 0]), cosine(0.1, 0.1, 0.9, 0), ALL)
    assert fused.meaning == MEANING
    assert fused.total[2] == pytest.approx(MEANING)


def test_a_quotation_is_left_to_its_words() -> None:
    fused = fuse(scores(ideal=10, text=[10 * QUOTED[1], 2, 0, 0]), cosine(0.1, 0.2, 0.9, 0), ALL)
    assert fused.meaning == 0
    assert int(np.argmax(fused.total)) == 0


def test_between_the_two_the_share_falls_steadily() -> None:
    shares = [
        fuse(scores(ideal=100, text=[v, 1, 0, 0]), cosine(0.5, 0.5, 0.5, 0.5), ALL).meaning
        for v in range(40, 101, 5)
    ]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] == MEANING
    assert shares[-1] == 0


def test_what_is_not_allowed_has_nothing_and_sets_no_scale() -> None:
    allowed = np.array([False, True, True, True])
    fused = fuse(scores(text=[10, 1, 2, 0]), cosine(1.0, 0.3, 0.2, 0), allowed)
    assert fused.total[0] == 0
    assert fused.total[1:].max() > 0.5
    assert fused.meaning == MEANING


def test_nothing_found() -> None:
    assert fuse(None, None, ALL).total.tolist() == [0, 0, 0, 0]
    assert fuse(scores(text=[0, 0, 0, 0]), None, ALL).total.tolist() == [0, 0, 0, 0]
