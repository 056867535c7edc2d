"""BM25 fields: scores as the formula says, files without pickle, harm found on opening."""

from __future__ import annotations

import json
import math
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from kb.errors import IndexCorruptError, IndexOutdatedError
from kb.lexical import VIEW_WEIGHT, WEIGHT, Lexical, build_lexical
from kb.tokenizer import Tokenizer, Views

ROWS = [
    {"path": "灯塔法\n第一条", "text": "守塔人每三年换一次灯芯"},
    {"path": "灯塔法\n第二条", "text": "灯罩开裂的，停用灯塔"},
    {"path": "石阶规程\n5.2", "text": "石阶的坡度不大于百分之八"},
    {"path": "石阶规程\n5.3", "text": ""},
]


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.load()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, tokenizer: Tokenizer) -> Path:
    path = tmp_path_factory.mktemp("lexical") / "lexical"
    build_lexical(path, tokenizer, ROWS, ("path", "text"))
    return path


@pytest.fixture(scope="module")
def lexical(folder: Path) -> Lexical:
    return Lexical.open(folder)


def test_scores_are_bm25(lexical: Lexical) -> None:
    """One character, one view: idf · tf / (tf + k1 (1 - b + b len/avg)), Lucene's form."""
    only = {"path.words": 0.0, "text.words": 0.0, "text.pairs": 0.0, "text.chars": 1.0}
    found = lexical.scores(Views([], [], ["灯"]), only)
    lengths = [len(Tokenizer.load().views(r["text"]).chars) for r in ROWS]
    average = sum(lengths) / len(lengths)
    idf = math.log(1 + (len(ROWS) - 2 + 0.5) / (2 + 0.5))
    for row, tf in enumerate((1, 2, 0, 0)):
        expected = idf * tf / (tf + 1.2 * (0.8 + 0.2 * lengths[row] / average)) if tf else 0
        assert found.total[row] == pytest.approx(expected, abs=1e-6)
    assert found.ideal == pytest.approx(found.total.max(), abs=1e-6)


def test_fields_and_views_add_up(lexical: Lexical, tokenizer: Tokenizer) -> None:
    query = tokenizer.views("灯塔第二条换灯芯")
    found = lexical.scores(query)
    parts = np.zeros(len(ROWS), dtype=np.float32)
    names = ["path.words", "text.words", "text.pairs", "text.chars"]
    for name in names:
        one = lexical.scores(query, dict.fromkeys(names, 0.0) | {name: 1.0})
        parts += one.total * WEIGHT.get(name, VIEW_WEIGHT[name.partition(".")[2]])
    assert np.allclose(found.total, parts, atol=1e-5)
    assert np.allclose(found.total, sum(found.by_field.values()), atol=1e-5)
    assert set(found.by_field) == {"path", "text"}
    assert found.total.max() <= found.ideal


def test_repeated_terms_count_once(lexical: Lexical, tokenizer: Tokenizer) -> None:
    once, often = tokenizer.views("灯芯"), tokenizer.views("灯芯灯芯，灯芯")
    a = lexical.scores(once, {"text.pairs": 0.0})
    b = lexical.scores(often, {"text.pairs": 0.0})
    assert np.array_equal(a.total, b.total)


@pytest.mark.parametrize("query", ["渔网", "😀", "", "zzz 99999"])
def test_unknown_words_score_nothing(lexical: Lexical, tokenizer: Tokenizer, query: str) -> None:
    found = lexical.scores(tokenizer.views(query), {"text.chars": 0.0})
    assert not found.total.any()
    assert found.ideal == 0


def test_figures_match_in_any_writing(lexical: Lexical, tokenizer: Tokenizer) -> None:
    for query, row in (("3 年", 0), ("三年", 0), ("8%", 2), ("百分之八", 2)):
        assert int(lexical.scores(tokenizer.views(query)).total.argmax()) == row


def test_rarity_is_idf(lexical: Lexical, tokenizer: Tokenizer) -> None:
    rarity = lexical.rarity(tokenizer.views("灯塔灯芯渔网"))
    assert rarity["灯芯"] == pytest.approx(math.log(1 + (4 - 1 + 0.5) / 1.5))
    assert "渔网" not in rarity


DEGENERATE = [
    [{"text": "灯灯"}, {"text": ""}],
    [{"text": "灯具灯具灯具"}, {"text": "灯具灯具"}, {"text": "灯灯灯灯"}],
    [{"text": "3m 3m 3m"}],
    [{"text": ""}, {"text": "，。"}],
]


@pytest.mark.parametrize("rows", [ROWS, *DEGENERATE], ids=len)
def test_counts_are_those_of_the_texts(
    tmp_path: Path, tokenizer: Tokenizer, rows: list[dict[str, str]]
) -> None:
    build_lexical(tmp_path / "lexical", tokenizer, rows, ("path", "text"))
    lexical = Lexical.open(tmp_path / "lexical")
    assert lexical.views == ("path.words", "text.words", "text.pairs", "text.chars")
    for view in lexical.views:
        field, _, grain = view.partition(".")
        terms = [getattr(tokenizer.views(r.get(field, "")), grain) for r in rows]
        wanted = {
            (i, t.encode()): n for i, row in enumerate(terms) for t, n in Counter(row).items()
        }
        c = lexical.counts(view)
        places = [(int(c.rows[j]), t) for i, t in enumerate(c.terms)
                  for j in range(c.starts[i], c.starts[i + 1])]  # fmt: skip
        assert dict(zip(places, c.times.tolist(), strict=True)) == wanted
        assert c.lengths.tolist() == [len(row) for row in terms]


def test_counts_that_do_not_fit_are_told(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "lexical")
    file = tmp_path / "lexical" / "text.chars" / "lengths.npy"
    np.save(file, np.load(file) + 1)
    with pytest.raises(IndexCorruptError, match="对不上"):
        Lexical.open(tmp_path / "lexical").counts("text.chars")
    file.unlink()
    with pytest.raises(IndexOutdatedError, match="kb build"):
        Lexical.open(tmp_path / "lexical").counts("text.chars")


def test_same_rows_give_same_bytes(folder: Path, tmp_path: Path, tokenizer: Tokenizer) -> None:
    build_lexical(tmp_path / "again", tokenizer, iter(ROWS), ("path", "text"))
    files = sorted(p.relative_to(folder) for p in folder.rglob("*") if p.is_file())
    assert files == sorted(
        p.relative_to(tmp_path / "again") for p in (tmp_path / "again").rglob("*") if p.is_file()
    )
    for file in files:
        assert (folder / file).read_bytes() == (tmp_path / "again" / file).read_bytes(), file


def test_nothing_on_disk_needs_pickle(folder: Path) -> None:
    files = [p for p in folder.rglob("*") if p.is_file()]
    assert {p.suffix for p in files} == {".npy", ".json"}
    for path in files:
        if path.suffix == ".npy":
            np.load(path, allow_pickle=False)
        else:
            json.loads(path.read_text(encoding="utf-8"))


def test_rows_without_any_word(tmp_path: Path, tokenizer: Tokenizer) -> None:
    build_lexical(tmp_path / "l", tokenizer, [{"text": "。"}, {}], ("text", "gist"))
    opened = Lexical.open(tmp_path / "l")
    assert opened.rows == 2
    assert opened.fields == ("text", "gist")
    assert not opened.scores(tokenizer.views("灯塔")).total.any()
    assert opened.rarity(tokenizer.views("灯塔")) == {}


def test_no_rows(tmp_path: Path, tokenizer: Tokenizer) -> None:
    build_lexical(tmp_path / "l", tokenizer, [], ("text",))
    assert Lexical.open(tmp_path / "l").scores(tokenizer.views("灯塔")).total.shape == (0,)


def test_harm_is_found(folder: Path, tmp_path: Path, tokenizer: Tokenizer) -> None:
    with pytest.raises(IndexCorruptError, match="kb build"):
        Lexical.open(tmp_path)
    build_lexical(tmp_path / "l", tokenizer, ROWS[:2], ("path", "text"))
    facts = tmp_path / "l" / "lexical.json"
    facts.write_text(facts.read_text().replace('"rows": 2', '"rows": 3'))
    with pytest.raises(IndexCorruptError, match="行数或词数不符"):
        Lexical.open(tmp_path / "l")
    shutil.copy(folder / "text.chars" / "terms.npy", tmp_path / "l" / "text.chars" / "terms.npy")
    facts.write_text(facts.read_text().replace('"rows": 3', '"rows": 2'))
    with pytest.raises(IndexCorruptError):
        Lexical.open(tmp_path / "l")
