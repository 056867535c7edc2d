"""The seam for vectors of clauses: what an encoder's store gives to search.

A clause row may have several vectors (its text, its gist, each way in which people ask for it); the
best one counts. Adapters live beside this file and load their library when they are used.
"""

from kb.vectors.faiss import FaissStore
from kb.vectors.numpy import NumpyStore
from kb.vectors.store import Floats, Mask, Nearest, Rows, VectorStore

__all__ = ["FaissStore", "Floats", "Mask", "Nearest", "NumpyStore", "Rows", "VectorStore"]
