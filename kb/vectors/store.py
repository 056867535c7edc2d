"""The protocol of the stores, and what every adapter does alike: files, checks, best of a row."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, Protocol, Self, runtime_checkable

import numpy as np
import numpy.typing as npt

from kb.errors import IndexCorruptError, IndexUnusableError

__all__ = ["Floats", "Mask", "Nearest", "Rows", "VectorStore"]

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

FORMAT = 1
FACTS, OWNERS = "vectors.json", "owners.npy"
_REBUILD = "请重新运行 kb build"
_TIE = 6  # decimals of a cosine that count
_UNIT = 2e-3  # how far from 1 the length of a vector may be: int8 and float16 round


class Nearest(NamedTuple):
    """Clause rows, best first: their cosines, and the number of the vector that gave each."""

    rows: Rows
    scores: Floats
    vectors: Rows


@runtime_checkable
class VectorStore(Protocol):
    """Vectors of unit length over the clause rows of one index.

    Contract of every adapter: `open` after `build` finds by cosine over the vectors rounded to
    float16; highest first; equal scores stand in row order; a row comes once, with its best vector
    (the first of equal ones). A vector of zeros, of a text without known words, has the cosine 0.
    """

    @property
    def dim(self) -> int:
        """Length of a vector."""
        ...

    @property
    def rows(self) -> int:
        """Number of clause rows of the index, whether or not each has a vector."""
        ...

    @property
    def count(self) -> int:
        """Number of vectors."""
        ...

    def place(self, vector: int) -> int:
        """Which of the vectors of its row a vector is, from 0, in the order they were given."""
        ...

    @classmethod
    def build(cls, directory: Path, vectors: Floats, owners: Rows, rows: int) -> None:
        """Write a store into `directory` (made here); the same vectors give the same bytes.

        Args:
            vectors: (n, dim), each of length 1 (or all zeros).
            owners: (n,), the clause row of each vector.
            rows: number of clause rows.

        Raises:
            ValueError: shapes, lengths or owners do not fit.
        """
        ...

    @classmethod
    def open(cls, directory: Path) -> Self:
        """Open what `build` wrote.

        Raises:
            IndexCorruptError: files are missing or do not fit together.
        """
        ...

    def search(self, query: Floats, top: int, allowed: Mask | None = None) -> Nearest:
        """The `top` rows nearest to one query vector (dim,).

        Args:
            allowed: (rows,), the rows that may be found; None is all. A mask is not to be changed
                after it was used: an adapter may keep what it made of it.

        Raises:
            IndexUnusableError: the query has another dimension than the index.
        """
        ...


class Facts(NamedTuple):
    """What `vectors.json` and `owners.npy` say of a store."""

    dim: int
    rows: int
    owners: Rows


class Counted:
    """What every adapter says of itself from its facts."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return self._facts.dim

    @property
    def rows(self) -> int:
        """Number of clause rows."""
        return self._facts.rows

    @property
    def count(self) -> int:
        """Number of vectors."""
        return len(self._facts.owners)

    def place(self, vector: int) -> int:
        """See `VectorStore.place`."""
        owners = self._facts.owners
        return int(np.count_nonzero(owners[:vector] == owners[vector]))


def check_vectors(vectors: Floats, owners: Rows, rows: int) -> None:
    """Refuse what cannot be a store.

    Raises:
        ValueError: shapes, lengths or owners do not fit.
    """
    if vectors.ndim != 2 or vectors.shape[1] < 1 or owners.shape != vectors.shape[:1]:
        raise ValueError(f"shapes do not fit: vectors {vectors.shape}, owners {owners.shape}")
    if len(owners) and not 0 <= owners.min() <= owners.max() < rows:
        raise ValueError(f"owners must be rows of 0..{rows - 1}")
    lengths = np.linalg.norm(vectors, axis=1)
    if not bool(np.all((np.abs(lengths - 1) < _UNIT) | (lengths == 0))):  # also catches NaN
        raise ValueError("vectors must have length 1, or be zeros")


def write_facts(directory: Path, adapter: str, vectors: Floats, owners: Rows, rows: int) -> None:
    """Make the folder and write what all adapters share."""
    directory.mkdir(parents=True)
    facts = {
        "format": FORMAT,
        "adapter": adapter,
        "dim": int(vectors.shape[1]),
        "rows": rows,
        "count": len(owners),
    }
    (directory / FACTS).write_text(json.dumps(facts), encoding="utf-8")
    np.save(directory / OWNERS, owners.astype(np.int32), allow_pickle=False)


def read_facts(directory: Path, adapter: str) -> Facts:
    """What `write_facts` wrote.

    Raises:
        IndexCorruptError: files are missing or do not fit together.
    """
    try:
        facts = json.loads((directory / FACTS).read_text(encoding="utf-8"))
        known = facts["format"], facts["adapter"]
        dim, rows, count = (int(facts[k]) for k in ("dim", "rows", "count"))
        owners = np.load(directory / OWNERS, allow_pickle=False)
    except (OSError, ValueError, KeyError, TypeError, EOFError) as e:
        raise IndexCorruptError(f"向量索引 {directory} 读不了（{e}）。{_REBUILD}") from e
    if known != (FORMAT, adapter):
        raise IndexCorruptError(
            f"向量索引 {directory} 是 {known[1]} 第 {known[0]} 版，"
            f"应为 {adapter} 第 {FORMAT} 版。{_REBUILD}"
        )
    fits = owners.ndim == 1 and owners.dtype.kind == "i" and len(owners) == count and dim > 0
    if not fits or (count and not 0 <= owners.min() <= owners.max() < rows):
        raise IndexCorruptError(f"向量索引 {directory} 的行数与清单不符。{_REBUILD}")
    return Facts(dim, rows, owners.astype(np.int64))


def misfit(directory: Path, found: object, expected: object) -> IndexCorruptError:
    """Vectors whose shape is not what the facts say."""
    return IndexCorruptError(
        f"向量索引 {directory} 里的向量是 {found}，应为 {expected}。{_REBUILD}"
    )


def check_query(query: Floats, dim: int, allowed: Mask | None, rows: int) -> None:
    """Refuse a query that was made for another index.

    Raises:
        IndexUnusableError: of another dimension.
        ValueError: `allowed` is of another length.
    """
    if query.shape != (dim,):
        raise IndexUnusableError(
            f"查询的向量是 {query.shape[-1] if query.ndim else 0} 维，索引的是 {dim} 维。"
            "请用建索引时的编码器（--encoder），或用现在的编码器重新运行 kb build"
        )
    if allowed is not None and allowed.shape != (rows,):
        raise ValueError(f"allowed has {allowed.shape}, the index {rows} rows")


def nothing() -> Nearest:
    """No rows."""
    none = np.empty(0, dtype=np.int64)
    return Nearest(none, np.empty(0, dtype=np.float32), none)


def rounded(scores: Floats) -> Floats:
    """Cosines as far as they count: equal vectors tie, whatever order a library adds in."""
    out: Floats = np.round(scores, _TIE)
    return out


def best_of_rows(vectors: Rows, scores: Floats, owners: Rows, top: int) -> Nearest:
    """The best vector of each row, by (score, row, vector), cut to `top` rows.

    Args:
        vectors: numbers of the vectors found, any order.
        scores: their cosines.
    """
    order = np.lexsort((vectors, owners[vectors], -scores))
    rows = owners[vectors[order]]
    _, first = np.unique(rows, return_index=True)
    chosen = order[np.sort(first)[:top]]
    return Nearest(owners[vectors[chosen]], scores[chosen], vectors[chosen])


def widen(
    find: Callable[[int], tuple[Rows, Floats]], owners: Rows, top: int, limit: int
) -> Nearest:
    """Ask for more vectors until `top` rows are certain, ties at the end included.

    Args:
        find: gives the n nearest vectors and their cosines, best first, fewer if there are fewer.
        limit: number of vectors there are.
    """
    wanted = min(limit, 4 * top + 16)
    while True:
        vectors, scores = find(wanted)
        found = best_of_rows(vectors, scores, owners, top)
        exhausted = wanted >= limit or len(vectors) < wanted
        # the last vector found is worse than the last row wanted: no tie is left outside
        if exhausted or (len(found.rows) == top and scores[-1] < found.scores[-1]):
            return found
        wanted = min(limit, wanted * 4)
