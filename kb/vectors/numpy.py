"""Vectors in one array: exact, without a library, for small indexes and as a yardstick."""

from __future__ import annotations

from pathlib import Path
from typing import Self

import numpy as np

from kb.errors import IndexCorruptError
from kb.vectors.store import (
    Counted,
    Facts,
    Floats,
    Mask,
    Nearest,
    Rows,
    best_of_rows,
    check_query,
    check_vectors,
    misfit,
    nothing,
    read_facts,
    rounded,
    write_facts,
)

__all__ = ["NumpyStore"]

_ADAPTER, _FILE = "numpy", "vectors.npy"


class NumpyStore(Counted):
    """A `VectorStore` over one float16 file."""

    def __init__(self, facts: Facts, vectors: Floats) -> None:
        super().__init__(facts)
        self._vectors = vectors

    @classmethod
    def build(cls, directory: Path, vectors: Floats, owners: Rows, rows: int) -> None:
        """Write a store; see `VectorStore.build`."""
        check_vectors(vectors, owners, rows)
        write_facts(directory, _ADAPTER, vectors, owners, rows)
        np.save(directory / _FILE, vectors.astype(np.float16), allow_pickle=False)

    @classmethod
    def open(cls, directory: Path) -> Self:
        """Open a store; see `VectorStore.open`."""
        facts = read_facts(directory, _ADAPTER)
        try:
            found = np.load(directory / _FILE, allow_pickle=False)
        except (OSError, ValueError, EOFError) as e:
            raise IndexCorruptError(
                f"向量索引 {directory} 读不了（{e}）。请重新运行 kb build"
            ) from e
        expected = (len(facts.owners), facts.dim)
        if found.shape != expected or found.dtype != np.float16:
            raise misfit(directory, f"{found.shape} {found.dtype}", f"{expected} float16")
        return cls(facts, found.astype(np.float32))

    def search(self, query: Floats, top: int, allowed: Mask | None = None) -> Nearest:
        """Nearest rows; see `VectorStore.search`."""
        check_query(query, self.dim, allowed, self.rows)
        owners = self._facts.owners
        if allowed is None:
            numbers = np.arange(len(owners))
        else:
            numbers = np.flatnonzero(allowed[owners])
        if top < 1 or not len(numbers):
            return nothing()
        scores = rounded((self._vectors @ query.astype(np.float32))[numbers])
        if len(numbers) > 8 * top:  # rows whose best vector is no better than the top-th row's fall
            best = np.full(self.rows, -np.inf, dtype=np.float32)
            np.maximum.at(best, owners[numbers], scores)
            least = np.partition(best, -top)[-top] if top < self.rows else -np.inf
            keep = scores >= least
            numbers, scores = numbers[keep], scores[keep]
        return best_of_rows(numbers, scores, owners, top)
