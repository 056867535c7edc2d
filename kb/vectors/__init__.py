"""The seam for vectors of clauses: what an encoder's store must give to search.

A clause row may have several vectors (its text, its gist, each way in which people ask for it); the
best one counts. Adapters live beside this file and load their library when they are opened.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, Self, runtime_checkable

import numpy as np
import numpy.typing as npt

__all__ = ["Floats", "Rows", "VectorStore"]

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]


@runtime_checkable
class VectorStore(Protocol):
    """Vectors of unit length over the clause rows of one index.

    Contract of every adapter: `open(build(…))` gives the same rows and scores; scores are cosines,
    highest first; equal scores stand in row order; a row comes once, with its best vector.
    """

    @property
    def dim(self) -> int:
        """Length of a vector."""
        ...

    @property
    def rows(self) -> int:
        """Number of clause rows of the index, whether or not each has a vector."""
        ...

    @classmethod
    def build(cls, directory: Path, vectors: Floats, owners: Rows, rows: int) -> None:
        """Write a store; `vectors` is (n, dim), `owners[i]` the clause row of vector i."""
        ...

    @classmethod
    def open(cls, directory: Path) -> Self:
        """Open what `build` wrote.

        Raises:
            IndexCorruptError: files are missing or do not fit together.
        """
        ...

    def search(self, query: Floats, top: int) -> tuple[Rows, Floats]:
        """The `top` rows nearest to one query vector (dim,), with their cosines."""
        ...
