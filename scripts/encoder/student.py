"""The student: word vectors with weights, whose parts are shared while it learns.

While training, a word's vector is its own plus the mean over its characters' (a second table), so
that rare words learn from common ones; the export folds both into one int8 row a word.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812

__all__ = ["Student", "save"]

Floats = npt.NDArray[np.float32]
Ids = Sequence[Sequence[int]]

_RARE = 1e-3  # a word's first weight is RARE / (RARE + its share of all words)


class Student(nn.Module):
    """Bag of words over a closed vocabulary."""

    def __init__(self, words: Sequence[str], first: Floats, counts: npt.NDArray[np.int64]) -> None:
        """`first` (words, d) are vectors to start from, `counts` how often each word occurs."""
        super().__init__()
        known = {w: i for i, w in enumerate(words)}
        chars = sorted({c for w in words for c in w})
        place = {c: len(words) + i for i, c in enumerate(chars)}
        parts = [[place[c] for c in w] if len(w) > 1 and w[0] != "<" else [] for w in words]
        self.parts: list[list[int]] = parts
        self._sizes = np.array([1 + len(p) for p in parts])
        self._starts = np.cumsum(self._sizes) - self._sizes
        self._rows = np.array([r for i, p in enumerate(parts) for r in (i, *p)])
        single = [known.get(c) for c in chars]
        table = np.zeros((len(words) + len(chars), first.shape[1]), dtype=np.float32)
        table[: len(words)] = first
        for i, at in enumerate(single):
            if at is not None:
                table[len(words) + i] = 0.3 * first[at]
        self.table = nn.Parameter(torch.from_numpy(table))
        share = counts / max(1, counts.sum())
        weight = np.log(_RARE / (_RARE + share)).astype(np.float32)
        self.logits = nn.Parameter(torch.from_numpy(weight))
        self.unknown = 0

    def pack(self, texts: Ids) -> tuple[torch.Tensor, ...]:
        """Rows of the table, their share, the token each belongs to, and where texts start."""
        tokens = np.array([i for text in texts for i in text], dtype=np.int64)
        sizes = self._sizes[tokens]
        ends = np.cumsum(sizes)
        within = np.arange(ends[-1]) - np.repeat(ends - sizes, sizes)
        rows = self._rows[np.repeat(self._starts[tokens], sizes) + within]
        share = np.where(within == 0, 1.0, 1 / np.maximum(np.repeat(sizes, sizes) - 1, 1))
        before = np.cumsum([0, *(len(t) for t in texts[:-1])])
        starts = np.concatenate([[0], ends])[before]
        token = np.repeat(tokens, sizes)
        return (
            torch.from_numpy(rows),
            torch.from_numpy(share.astype(np.float32)),
            torch.from_numpy(token),
            torch.from_numpy(starts),
        )

    def forward(self, texts: Ids) -> torch.Tensor:
        """Vectors of length 1 (n, d)."""
        rows, share, token, starts = self.pack(texts)
        weight = share * torch.exp(self.logits)[token] * (token != self.unknown)
        total = F.embedding_bag(rows, self.table, starts, mode="sum", per_sample_weights=weight)
        return F.normalize(total, dim=1)

    @torch.inference_mode()
    def fold(self) -> Floats:
        """One vector a word (words, d), its weight in its length."""
        count = len(self.parts)
        out = self.table[:count].clone()
        owners = [i for i, parts in enumerate(self.parts) for _ in parts]
        rows = [r for parts in self.parts for r in parts]
        share = torch.tensor([1 / len(self.parts[i]) for i in owners])
        out.index_add_(0, torch.tensor(owners), self.table[rows] * share[:, None])
        out *= torch.exp(self.logits)[:, None]
        out[self.unknown] = 0
        found: Floats = out.numpy()
        return found


def save(path: Path, vectors: Floats, tokenizer: str) -> None:
    """Write word vectors as int8 rows with a float32 weight each, in the safetensors format.

    The same vectors give the same bytes.
    """
    largest = np.abs(vectors).max(axis=1)
    weights = (largest / 127).astype("<f4")
    rows = np.rint(vectors / np.maximum(weights, 1e-30)[:, None]).clip(-127, 127).astype(np.int8)
    header = {
        "__metadata__": {"format": "pt", "kind": "static word vectors", "tokenizer": tokenizer},
        "embeddings": {"dtype": "I8", "shape": list(rows.shape), "data_offsets": [0, rows.nbytes]},
        "weights": {
            "dtype": "F32",
            "shape": list(weights.shape),
            "data_offsets": [rows.nbytes, rows.nbytes + weights.nbytes],
        },
    }
    # the format wants 8-byte alignment; sorted tensors by offset, no gaps
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(len(text).to_bytes(8, "little") + text + rows.tobytes() + weights.tobytes())
