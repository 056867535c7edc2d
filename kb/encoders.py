"""Encoders: text to vectors of unit length.

The shipped one is static: each word of the project's tokenizer has a vector (int8) and a weight,
and a text's vector is the weighted sum of its words', scaled to length 1. It is trained by
`scripts/train_encoder.py` and needs numpy alone. Any sentence-transformers model may stand in its
place (extra `transformers`), from a folder on this machine, without code of its own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, Self, runtime_checkable

import numpy as np
import numpy.typing as npt

from kb.errors import IndexOutdatedError, KbError, SourceError
from kb.tokenizer import Tokenizer

__all__ = ["PATH", "Encoder", "FolderEncoder", "HashEncoder", "StaticEncoder", "open_encoder",
           "require_same"]  # fmt: skip

Floats = npt.NDArray[np.float32]

PATH = Path(__file__).parent / "data" / "encoder.safetensors"
"""The shipped encoder: tensors `embeddings` int8 (words, dimension) and `weights` float32 (words,).

sentence-transformers' StaticEmbedding loads the same file (as `model.safetensors`, with
`tokenizer.json` beside it); its metadata names the tokenizer that it was trained with.
"""

_RETRAIN = "请重新安装本程序，或用 scripts/train_encoder.py 重新训练"
_TYPES: Mapping[str, tuple[str, np.dtype[Any], int]] = {
    "embeddings": ("I8", np.dtype("int8"), 2),
    "weights": ("F32", np.dtype("<f4"), 1),
}
_LONGEST_HEADER = 1 << 20
_TOKENS_AT_ONCE = 1 << 14

_MODULES = "sentence_transformers."
_PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.pkl", "*.pickle")


@runtime_checkable
class Encoder(Protocol):
    """Contract of every encoder: the same texts give the same vectors, whatever their company."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    @property
    def fingerprint(self) -> str:
        """Differs for encoders that give different vectors; an index keeps it."""
        ...

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Floats:
        """Vectors (n, dimension) of length 1; a text without any known word has zeros.

        Args:
            query: the texts are questions; some models put different words before them.
        """
        ...


def open_encoder(folder: Path | None = None) -> Encoder:
    """The shipped encoder, or the sentence-transformers model in a folder (`--encoder`).

    Raises:
        SourceError: the file or folder cannot be used.
        ImportError: a folder is given and the extra `transformers` is not installed.
    """
    return StaticEncoder.load() if folder is None else FolderEncoder.load(folder)


def require_same(encoder: Encoder, *, fingerprint: str, dimension: int) -> None:
    """Refuse an encoder that an index was not built with.

    Raises:
        IndexOutdatedError: of another dimension, or of other vectors.
    """
    if encoder.dimension != dimension:
        raise IndexOutdatedError(
            f"编码器给出 {encoder.dimension} 维的向量，索引是 {dimension} 维的。"
            "请用建索引时的编码器（--encoder），或用现在的编码器重新运行 kb build"
        )
    if encoder.fingerprint != fingerprint:
        raise IndexOutdatedError(
            f"索引是用另一个编码器（{fingerprint}）建的，现在的是 {encoder.fingerprint}。"
            "请用建索引时的编码器（--encoder），或用现在的编码器重新运行 kb build"
        )


def _unit(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    out: Floats = (vectors / np.maximum(lengths, 1e-12)).astype(np.float32)
    return out


class StaticEncoder:
    """Vectors as weighted sums of word vectors.

    `embeddings` int8 (words, dimension) and `weights` float32 (words,) by token id: the vector of a
    token is `embeddings[id] * weights[id]`.
    """

    def __init__(
        self,
        tokenizer: Tokenizer,
        embeddings: npt.NDArray[np.int8],
        weights: Floats,
        fingerprint: str,
    ) -> None:
        self.embeddings = embeddings
        self.weights = weights
        self._tokenizer = tokenizer
        self._fingerprint = fingerprint

    @classmethod
    def load(cls, path: Path | None = None, tokenizer: Tokenizer | None = None) -> Self:
        """Read the shipped encoder, or another file of its format.

        Raises:
            SourceError: the file is broken, or was trained with another tokenizer.
        """
        path = path or PATH
        tokenizer = tokenizer or Tokenizer.load()
        try:
            data = path.read_bytes()
        except OSError as e:
            raise SourceError(path, f"编码器读不了（{e.strerror}）", _RETRAIN) from e
        found, metadata = _tensors(path, data)
        embeddings, weights = found["embeddings"], found["weights"]
        if len(embeddings) != len(weights):
            raise SourceError(
                path, f"有 {len(embeddings)} 个词向量、{len(weights)} 个词权重，个数不同", _RETRAIN
            )
        if len(embeddings) != tokenizer.vocab_size:
            raise SourceError(
                path,
                f"编码器有 {len(embeddings)} 个词，分词表有 {tokenizer.vocab_size} 个，不配套",
                _RETRAIN,
            )
        trained = metadata.get("tokenizer", "")
        if trained != tokenizer.sha256:
            raise SourceError(
                path,
                f"编码器是用另一份分词表（{trained[:12] or '未注明'}）训练的，"
                f"现在的是 {tokenizer.sha256[:12]}",
                _RETRAIN,
            )
        if not bool(np.isfinite(weights).all()):
            raise SourceError(path, "词权重里有不是数的值", _RETRAIN)
        digest = hashlib.sha256(data).hexdigest()
        return cls(tokenizer, embeddings, weights, f"static-{digest[:16]}")

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self.embeddings.shape[1])

    @property
    def fingerprint(self) -> str:
        """Names the file; the file names its tokenizer."""
        return self._fingerprint

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Floats:  # noqa: ARG002
        """Vectors of length 1 (n, dimension); questions and clauses are encoded alike."""
        return self.encode_ids([self._tokenizer.encode(t) for t in texts])

    def encode_ids(self, texts: Sequence[Sequence[int]]) -> Floats:
        """Vectors of texts that are cut already."""
        out = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for first, last in _portions([len(t) for t in texts]):
            ids = np.array([i for t in texts[first:last] for i in t], dtype=np.int64)
            lengths = np.array([len(t) for t in texts[first:last]])
            full = np.flatnonzero(lengths)
            if len(full):
                starts = (np.cumsum(lengths) - lengths)[full]
                tokens = self.embeddings[ids] * self.weights[ids, None]
                out[first + full] = np.add.reduceat(tokens, starts, axis=0)
        return _unit(out)


def _portions(lengths: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Ranges of texts with at most so many tokens (or one text)."""
    first = total = 0
    for i, length in enumerate(lengths):
        if total and total + length > _TOKENS_AT_ONCE:
            yield first, i
            first, total = i, 0
        total += length
    if first < len(lengths):
        yield first, len(lengths)


def _tensors(path: Path, data: bytes) -> tuple[dict[str, npt.NDArray[Any]], Mapping[str, str]]:
    """The two tensors of a safetensors file, in place, and its metadata.

    Raises:
        SourceError: not such a file, cut off, or tensors of other types or shapes.
    """
    try:
        size = int.from_bytes(data[:8], "little")
        if len(data) < 8 or size > min(_LONGEST_HEADER, len(data) - 8):
            raise ValueError("文件头不完整")
        header = json.loads(data[8 : 8 + size])
        metadata = dict(header.pop("__metadata__", {}))
        out = {}
        for name, (code, kind, rank) in _TYPES.items():
            facts = header[name]
            shape, (start, end) = [int(n) for n in facts["shape"]], facts["data_offsets"]
            count = int(np.prod(shape))
            if facts["dtype"] != code or len(shape) != rank or count < 1:
                raise ValueError(f"{name} 是 {facts['dtype']} {shape}，应为 {code}，{rank} 维")
            if end - start != count * kind.itemsize or 8 + size + end > len(data) or start < 0:
                raise ValueError(f"{name} 不完整")
            out[name] = np.frombuffer(data, kind, count, 8 + size + start).reshape(shape)
    except (ValueError, KeyError, TypeError, AttributeError) as e:
        raise SourceError(path, f"不是编码器文件，或已损坏（{e}）", _RETRAIN) from e
    return out, metadata


class HashEncoder:
    """A stand-in for tests: each character has a fixed random vector; nothing is learned."""

    def __init__(self, dimension: int = 64, seed: int = 0) -> None:
        self._dimension = dimension
        self._seed = seed
        self._known: dict[str, Floats] = {}

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._dimension

    @property
    def fingerprint(self) -> str:
        """Its dimension and seed."""
        return f"hash-{self._dimension}-{self._seed}"

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Floats:  # noqa: ARG002
        """Sums over the characters, white space apart."""
        out = np.zeros((len(texts), self._dimension), dtype=np.float32)
        for i, text in enumerate(texts):
            for char in text:
                if not char.isspace():
                    out[i] += self._vector(char)
        return _unit(out)

    def _vector(self, char: str) -> Floats:
        if char not in self._known:
            digest = hashlib.sha256(f"{self._seed} {char}".encode()).digest()
            draw = np.random.default_rng(int.from_bytes(digest[:8], "little"))
            self._known[char] = draw.standard_normal(self._dimension, dtype=np.float32)
        return self._known[char]


class FolderEncoder:
    """A sentence-transformers model from a folder: safetensors only, no code of its own."""

    def __init__(self, model: Any, fingerprint: str) -> None:
        self._model = model
        self._fingerprint = fingerprint
        self._dimension = int(model.encode(["安"], show_progress_bar=False).shape[1])

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open a model that was saved by sentence-transformers; nothing is downloaded.

        Raises:
            SourceError: not such a folder, broken, or with pickles or code in it.
            ImportError: the extra is not installed.
        """
        _check_folder(folder)
        try:
            from sentence_transformers import SentenceTransformer  # type: ignore[import-not-found, unused-ignore]
        except ImportError as e:
            raise ImportError(
                '--encoder 需要附加组件 transformers：请运行 pip install "anguiku[transformers]"'
            ) from e
        try:
            model = SentenceTransformer(
                str(folder),
                device="cpu",
                trust_remote_code=False,
                local_files_only=True,
                model_kwargs={"use_safetensors": True},
            )
            return cls(model, _fingerprint(folder))
        except KbError:
            raise
        except Exception as e:  # whatever transformers raises on a broken folder
            raise SourceError(folder, f"编码器打不开（{type(e).__name__}：{e}）", _EXPECTED) from e

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._dimension

    @property
    def fingerprint(self) -> str:
        """A hash over the files of the folder."""
        return self._fingerprint

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Floats:
        """Vectors of length 1, with the words that the model puts before questions or documents."""
        if not texts:
            return np.zeros((0, self._dimension), dtype=np.float32)
        encode = self._model.encode_query if query else self._model.encode_document
        found = encode(list(texts), convert_to_numpy=True, show_progress_bar=False)
        vectors = np.nan_to_num(np.asarray(found, dtype=np.float32))
        return _unit(vectors)


_EXPECTED = "应为 sentence-transformers 保存的文件夹（内有 modules.json 和 safetensors 权重）"


def _check_folder(folder: Path) -> None:
    """Refuse what is no model, and whatever could run code when it is loaded.

    sentence-transformers imports a module class that a local folder names, trusted or not.
    """
    if not folder.is_dir():
        raise SourceError(folder, "没有这个编码器文件夹", _EXPECTED)
    try:
        modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
        types = [str(m["type"]) for m in modules]
    except (OSError, ValueError, KeyError, TypeError) as e:
        raise SourceError(folder, f"modules.json 读不懂（{e}）", _EXPECTED) from e
    foreign = [t for t in types if not t.startswith(_MODULES)]
    scripts = sorted(p.name for p in folder.rglob("*.py"))
    mapped = [
        p.name
        for p in folder.rglob("*.json")
        if '"auto_map"' in p.read_text(encoding="utf-8", errors="replace")
    ]
    if foreign or scripts or mapped:
        named = "、".join([*foreign, *scripts, *mapped][:3])
        raise SourceError(folder, f"编码器自带程序（{named}），不会运行", "请换一个不带程序的模型")
    pickles = sorted(p.name for pattern in _PICKLES for p in folder.rglob(pattern))
    if pickles or not any(folder.rglob("*.safetensors")):
        problem = f"编码器含有 {pickles[0]}" if pickles else "编码器里没有 safetensors 权重"
        raise SourceError(
            folder, problem, "为安全起见只读 safetensors 权重：请换用或转存为 safetensors"
        )


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.suffix in (".json", ".safetensors")):
        digest.update(path.relative_to(folder).as_posix().encode())
        with path.open("rb") as f:
            digest.update(hashlib.file_digest(f, "sha256").digest())
    return f"folder-{digest.hexdigest()[:16]}"
