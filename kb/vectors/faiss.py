"""Vectors in FAISS: exact inner products over float16, half the memory of floats."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from kb.errors import IndexCorruptError
from kb.vectors.store import (
    Counted,
    Facts,
    Floats,
    Mask,
    Nearest,
    Rows,
    check_query,
    check_vectors,
    misfit,
    nothing,
    read_facts,
    rounded,
    widen,
    write_facts,
)

if TYPE_CHECKING:
    import faiss

__all__ = ["FaissStore"]

_ADAPTER, _FILE = "faiss", "vectors.faiss"


class FaissStore(Counted):
    """A `VectorStore` over a scalar-quantised FAISS index."""

    def __init__(self, facts: Facts, index: faiss.Index) -> None:
        super().__init__(facts)
        self._index = index
        self._bits: tuple[Mask, Any, int] | None = None

    @classmethod
    def build(cls, directory: Path, vectors: Floats, owners: Rows, rows: int) -> None:
        """Write a store; see `VectorStore.build`."""
        import faiss

        check_vectors(vectors, owners, rows)
        write_facts(directory, _ADAPTER, vectors, owners, rows)
        index = faiss.IndexScalarQuantizer(
            vectors.shape[1], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        # rounded here, since FAISS rounds some halves another way than numpy
        index.add(np.ascontiguousarray(vectors.astype(np.float16), dtype=np.float32))
        # through memory: FAISS itself cannot open a path with Chinese characters on Windows
        (directory / _FILE).write_bytes(faiss.serialize_index(index).tobytes())

    @classmethod
    def open(cls, directory: Path) -> Self:
        """Open a store; see `VectorStore.open`."""
        import faiss

        facts = read_facts(directory, _ADAPTER)
        try:
            data = np.frombuffer((directory / _FILE).read_bytes(), dtype=np.uint8)
            index = faiss.deserialize_index(data)
        except (OSError, RuntimeError, ValueError) as e:
            raise IndexCorruptError(
                f"向量索引 {directory} 读不了（{e}）。请重新运行 kb build"
            ) from e
        # one query at a time: a second thread gains nothing, and on a busy machine waiting for it
        # took twenty times as long as the search
        faiss.omp_set_num_threads(1)
        expected = (len(facts.owners), facts.dim)
        if (index.ntotal, index.d) != expected:
            raise misfit(directory, (index.ntotal, index.d), expected)
        return cls(facts, index)

    def search(self, query: Floats, top: int, allowed: Mask | None = None) -> Nearest:
        """Nearest rows; see `VectorStore.search`."""
        check_query(query, self.dim, allowed, self.rows)
        if top < 1 or not self.count:
            return nothing()
        parameters, limit = self._select(allowed)
        if not limit:
            return nothing()
        asked = np.ascontiguousarray(query, dtype=np.float32)[None]

        def find(n: int) -> tuple[Rows, Floats]:
            scores, numbers = self._index.search(asked, n, params=parameters)
            there = numbers[0] >= 0
            return numbers[0][there], rounded(scores[0][there])

        return widen(find, self._facts.owners, top, limit)

    def _select(self, allowed: Mask | None) -> tuple[Any, int]:
        """FAISS' parameters for the vectors of the allowed rows, and how many those are."""
        if allowed is None:
            return None, self.count
        if self._bits is None or self._bits[0] is not allowed:
            import faiss

            chosen = allowed[self._facts.owners]
            bits = np.packbits(chosen, bitorder="little")
            selector = faiss.IDSelectorBitmap(self.count, faiss.swig_ptr(bits))
            # the selector reads `bits` and the parameters the selector: all live in one tuple
            make: Any = faiss.SearchParameters
            parameters = make(sel=selector)
            self._bits = (allowed, (parameters, selector, bits), int(chosen.sum()))
        return self._bits[1][0], self._bits[2]
