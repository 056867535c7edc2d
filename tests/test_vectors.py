"""One contract over every vector store, and what harm on disk or in a query leads to."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.errors import IndexCorruptError, IndexUnusableError
from kb.vectors import FaissStore, NumpyStore, VectorStore

STORES: tuple[type[VectorStore], ...] = (NumpyStore, FaissStore)
DIM, ROWS, COUNT = 24, 60, 200


def unit(values: np.ndarray) -> np.ndarray:
    out: np.ndarray = values / np.linalg.norm(values, axis=-1, keepdims=True)
    return out.astype(np.float32)


def sample(seed: int = 0, count: int = COUNT, rows: int = ROWS) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    return unit(draw.standard_normal((count, DIM))), draw.integers(0, rows, count)


def expected(
    vectors: np.ndarray, owners: np.ndarray, query: np.ndarray, allowed: np.ndarray | None = None
) -> list[tuple[int, float, int]]:
    """(row, score, vector) of each row with a vector, in the order that the contract fixes."""
    scores = np.round(vectors.astype(np.float16).astype(np.float32) @ query, 6)
    best: dict[int, tuple[float, int]] = {}
    for number, (row, score) in enumerate(zip(owners, scores, strict=True)):
        row = int(row)
        if (allowed is None or allowed[row]) and (row not in best or score > best[row][0]):
            best[row] = (float(score), number)
    return sorted(((r, s, n) for r, (s, n) in best.items()), key=lambda x: (-x[1], x[0]))


@pytest.fixture(params=STORES, ids=lambda s: s.__name__)
def kind(request: pytest.FixtureRequest) -> type[VectorStore]:
    found: type[VectorStore] = request.param
    return found


def make(kind: type[VectorStore], folder: Path, *data: np.ndarray, rows: int = ROWS) -> VectorStore:
    kind.build(folder, data[0], data[1], rows)
    return kind.open(folder)


def test_is_a_store(kind: type[VectorStore], tmp_path: Path) -> None:
    store = make(kind, tmp_path / "v", *sample())
    assert isinstance(store, VectorStore)
    assert (store.dim, store.rows, store.count) == (DIM, ROWS, COUNT)


@pytest.mark.parametrize("top", [1, 3, 10, 59, 500])
def test_finds_the_best_vector_of_each_row(
    kind: type[VectorStore], tmp_path: Path, top: int
) -> None:
    vectors, owners = sample()
    store = make(kind, tmp_path / "v", vectors, owners)
    for query in unit(np.random.default_rng(5).standard_normal((4, DIM))):
        found = store.search(query, top)
        wanted = expected(vectors, owners, query)[:top]
        assert found.rows.tolist() == [r for r, _, _ in wanted]
        assert found.vectors.tolist() == [n for _, _, n in wanted]
        assert found.scores == pytest.approx([s for _, s, _ in wanted], abs=2e-6)
        assert (np.diff(found.scores) <= 0).all()


def test_only_allowed_rows(kind: type[VectorStore], tmp_path: Path) -> None:
    vectors, owners = sample()
    store = make(kind, tmp_path / "v", vectors, owners)
    query = unit(np.ones(DIM))
    for seed in range(4):  # masks change between searches
        allowed = np.random.default_rng(seed).random(ROWS) < 0.2
        found = store.search(query, 10, allowed)
        wanted = expected(vectors, owners, query, allowed)[:10]
        assert found.rows.tolist() == [r for r, _, _ in wanted]
    assert len(store.search(query, 10, np.zeros(ROWS, dtype=np.bool_)).rows) == 0
    assert len(store.search(query, 100, np.ones(ROWS, dtype=np.bool_)).rows) == len(set(owners))


def test_equal_scores_stand_in_row_order(kind: type[VectorStore], tmp_path: Path) -> None:
    same = np.repeat(unit(np.ones((1, DIM))), 100, axis=0)
    owners = np.random.default_rng(1).permutation(np.arange(100) % 50)
    store = make(kind, tmp_path / "v", same, owners, rows=50)
    for top in (1, 5, 50):  # more ties than the first look fetches
        found = store.search(same[0], top)
        assert found.rows.tolist() == list(range(top))
        assert found.vectors.tolist() == [int(np.flatnonzero(owners == r)[0]) for r in range(top)]


def test_many_vectors_of_one_row(kind: type[VectorStore], tmp_path: Path) -> None:
    """A row with hundreds of near vectors does not push the others out."""
    vectors, _ = sample(3, 400)
    vectors[:380] = unit(vectors[0] + 0.01 * vectors[:380])
    owners = np.array([0] * 380 + list(range(1, 21)))
    found = make(kind, tmp_path / "v", vectors, owners).search(vectors[0], 10)
    assert found.rows[0] == 0
    assert len(set(found.rows.tolist())) == 10


@pytest.mark.parametrize("top", [0, -1])
def test_nothing_asked(kind: type[VectorStore], tmp_path: Path, top: int) -> None:
    store = make(kind, tmp_path / "v", *sample())
    assert len(store.search(unit(np.ones(DIM)), top).rows) == 0


def test_an_empty_store(kind: type[VectorStore], tmp_path: Path) -> None:
    none = np.empty((0, DIM), dtype=np.float32), np.empty(0, dtype=np.int64)
    store = make(kind, tmp_path / "v", *none)
    assert store.count == 0
    assert len(store.search(unit(np.ones(DIM)), 5).rows) == 0


def test_zeros_have_cosine_0(kind: type[VectorStore], tmp_path: Path) -> None:
    vectors, owners = sample()
    vectors[:10] = 0
    store = make(kind, tmp_path / "v", vectors, owners)
    found = store.search(np.zeros(DIM, dtype=np.float32), 5)
    assert found.scores.tolist() == [0.0] * 5
    assert found.rows.tolist() == sorted(set(owners.tolist()))[:5]


def test_the_same_vectors_give_the_same_bytes(kind: type[VectorStore], tmp_path: Path) -> None:
    for name in ("a", "b"):
        kind.build(tmp_path / name, *sample(), ROWS)
    files = sorted(p.name for p in (tmp_path / "a").iterdir())
    assert files == sorted(p.name for p in (tmp_path / "b").iterdir())
    for name in files:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_a_folder_with_chinese_name(kind: type[VectorStore], tmp_path: Path) -> None:
    store = make(kind, tmp_path / "向量 索引", *sample())
    assert store.count == COUNT


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), count=st.integers(1, 120), top=st.integers(1, 30))
def test_both_stores_agree(
    tmp_path_factory: pytest.TempPathFactory, seed: int, count: int, top: int
) -> None:
    vectors, owners = sample(seed, count, 20)
    query = unit(np.random.default_rng(seed + 1).standard_normal(DIM))
    folder = tmp_path_factory.mktemp("agree")
    ours, theirs = (
        make(k, folder / k.__name__, vectors, owners, rows=20).search(query, top) for k in STORES
    )
    assert ours.scores == pytest.approx(theirs.scores, abs=2e-6)
    assert ours.rows.tolist() == theirs.rows.tolist()
    assert ours.vectors.tolist() == theirs.vectors.tolist()


# --- bad input ----------------------------------------------------------------------------------


def test_refuses_what_cannot_be_a_store(kind: type[VectorStore], tmp_path: Path) -> None:
    vectors, owners = sample()
    broken = vectors.copy()
    broken[3, 2] = np.nan
    for name, data in {
        "shape": (vectors[0], owners),
        "count": (vectors, owners[:-1]),
        "row": (vectors, owners + ROWS),
        "negative": (vectors, owners - ROWS),
        "length": (vectors * 2, owners),
        "nan": (broken, owners),
    }.items():
        with pytest.raises(ValueError, match=r"shapes|owners|length"):
            kind.build(tmp_path / name, *data, ROWS)
        assert not (tmp_path / name).exists()


@pytest.mark.parametrize("length", [DIM - 1, DIM + 1])
def test_a_query_of_another_dimension(kind: type[VectorStore], tmp_path: Path, length: int) -> None:
    store = make(kind, tmp_path / "v", *sample())
    with pytest.raises(IndexUnusableError, match=rf"{length} 维.*{DIM} 维.*kb build"):
        store.search(unit(np.ones(length)), 5)
    with pytest.raises(ValueError, match="allowed"):
        store.search(unit(np.ones(DIM)), 5, np.ones(ROWS - 1, dtype=np.bool_))


def test_every_file_is_needed(kind: type[VectorStore], tmp_path: Path) -> None:
    kind.build(tmp_path / "v", *sample(), ROWS)
    for file in sorted((tmp_path / "v").iterdir()):
        for harm in ("gone", "cut", "noise"):
            folder = tmp_path / f"{file.name}-{harm}"
            shutil.copytree(tmp_path / "v", folder)
            target = folder / file.name
            if harm == "gone":
                target.unlink()
            else:
                data = target.read_bytes()
                target.write_bytes(data[: len(data) // 3] if harm == "cut" else b"\x93" * 64)
            with pytest.raises(IndexCorruptError, match="kb build"):
                kind.open(folder)


def test_files_of_another_build(kind: type[VectorStore], tmp_path: Path) -> None:
    kind.build(tmp_path / "v", *sample(), ROWS)
    kind.build(tmp_path / "w", *sample(0, COUNT + 1), ROWS)
    for file in (tmp_path / "w").iterdir():
        folder = tmp_path / f"with-{file.name}"
        shutil.copytree(tmp_path / "v", folder)
        shutil.copy(file, folder / file.name)
        with pytest.raises(IndexCorruptError, match="kb build"):
            kind.open(folder)


def test_another_adapter_or_format(tmp_path: Path) -> None:
    NumpyStore.build(tmp_path / "v", *sample(), ROWS)
    with pytest.raises(IndexCorruptError, match="numpy"):
        FaissStore.open(tmp_path / "v")
    facts = json.loads((tmp_path / "v" / "vectors.json").read_text(encoding="utf-8"))
    facts["format"] += 1
    (tmp_path / "v" / "vectors.json").write_text(json.dumps(facts), encoding="utf-8")
    with pytest.raises(IndexCorruptError, match=f"第 {facts['format']} 版"):
        NumpyStore.open(tmp_path / "v")


def test_no_pickle_is_written(kind: type[VectorStore], tmp_path: Path) -> None:
    kind.build(tmp_path / "v", *sample(), ROWS)
    for file in (tmp_path / "v").glob("*.npy"):
        np.load(file, allow_pickle=False)
    assert not list((tmp_path / "v").glob("*.pkl"))
