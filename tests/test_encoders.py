"""One contract over every encoder; the shipped file; what is broken is refused in plain words."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb import tokenizer
from kb.encoders import (
    PATH,
    Encoder,
    FolderEncoder,
    HashEncoder,
    StaticEncoder,
    open_encoder,
    require_same,
)
from kb.errors import IndexOutdatedError, SourceError
from kb.fold import fold_text
from kb.tokenizer import Tokenizer

TEXTS = ["皮带跑偏了能不能用手去扶", "灯塔每三年换一次灯芯", "GB 16423 坡度8%", "", "😀", "\n"]

WITH_MODELS = find_spec("sentence_transformers") is not None
needs_models = pytest.mark.skipif(not WITH_MODELS, reason="需要附加组件 transformers")


def write(path: Path, embeddings: np.ndarray, weights: np.ndarray, /, **changes: object) -> Path:
    """A file in the shipped format."""
    names = {"int8": "I8", "float32": "F32", "float16": "F16", "int16": "I16"}
    header: dict[str, object] = {"__metadata__": {"tokenizer": Tokenizer.load().sha256}}
    data = b""
    for name, tensor in {"embeddings": embeddings, "weights": weights}.items():
        start = len(data)
        data += tensor.tobytes()
        header[name] = {
            "dtype": names[tensor.dtype.name],
            "shape": list(tensor.shape),
            "data_offsets": [start, len(data)],
        }
    header |= changes
    packed = json.dumps(header).encode()
    path.write_bytes(len(packed).to_bytes(8, "little") + packed + data)
    return path


def arrays(words: int | None = None, dim: int = 8) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(0)
    count = words or Tokenizer.load().vocab_size
    weights = draw.random(count, dtype=np.float32)
    weights[0] = 0
    return draw.integers(-127, 128, (count, dim)).astype(np.int8), weights


def st_folder(folder: Path) -> Path:
    """The shipped encoder as a folder of sentence-transformers'."""
    folder.mkdir(parents=True)
    (folder / "model.safetensors").write_bytes(PATH.read_bytes())
    (folder / "tokenizer.json").write_bytes(tokenizer.PATH.read_bytes())
    kind = "sentence_transformers.models.StaticEmbedding"
    modules = [{"idx": 0, "name": "0", "path": "", "type": kind}]
    (folder / "modules.json").write_text(json.dumps(modules), encoding="utf-8")
    return folder


@pytest.fixture(
    scope="module",
    params=["static", "small", "hash", pytest.param("folder", marks=needs_models)],
)
def encoder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    folder = tmp_path_factory.mktemp("encoder")
    match request.param:
        case "static":
            return StaticEncoder.load()
        case "small":
            return StaticEncoder.load(write(folder / "e.safetensors", *arrays()))
        case "hash":
            return HashEncoder()
        case _:
            return open_encoder(st_folder(folder / "st"))


# --- the contract -------------------------------------------------------------------------------


def test_vectors_have_length_1(encoder: Encoder) -> None:
    assert isinstance(encoder, Encoder)
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), encoder.dimension)
    assert vectors.dtype == np.float32
    lengths = np.linalg.norm(vectors, axis=1)
    assert lengths[:3] == pytest.approx(1, abs=1e-5)
    assert all(x == pytest.approx(1, abs=1e-5) or x == 0 for x in lengths)
    assert lengths[3] == lengths[5] == 0  # nothing to encode


def test_no_texts(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dimension)


def test_company_does_not_matter(encoder: Encoder) -> None:
    together = encoder.encode(TEXTS)
    for text, vector in zip(TEXTS, together, strict=True):
        assert encoder.encode([text])[0] == pytest.approx(vector, abs=1e-5)
    assert encoder.encode(TEXTS[::-1])[::-1] == pytest.approx(together, abs=1e-5)


def test_a_long_text(encoder: Encoder) -> None:
    vector = encoder.encode(["灯塔石阶" * 2500])[0]
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_the_same_text_is_nearest(encoder: Encoder) -> None:
    texts = ["灯塔的灯芯", "石阶的坡度", "守塔人换岗", "雨天停工"]
    near = encoder.encode(texts, query=True) @ encoder.encode(texts).T
    assert near.argmax(axis=1).tolist() == [0, 1, 2, 3]


def test_fingerprints_differ(encoder: Encoder) -> None:
    assert encoder.fingerprint
    assert encoder.fingerprint != HashEncoder(seed=99).fingerprint


def test_an_index_keeps_its_encoder(encoder: Encoder) -> None:
    facts = {"fingerprint": encoder.fingerprint, "dimension": encoder.dimension}
    require_same(encoder, **facts)  # type: ignore[arg-type]
    with pytest.raises(IndexOutdatedError, match=r"维.*kb build"):
        require_same(encoder, fingerprint=encoder.fingerprint, dimension=encoder.dimension + 1)
    with pytest.raises(IndexOutdatedError, match=r"另一个编码器.*kb build"):
        require_same(encoder, fingerprint="static-0", dimension=encoder.dimension)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=40), max_size=6))
def test_any_text(texts: list[str]) -> None:
    vectors = StaticEncoder.load().encode(texts) if texts else np.zeros((0, 1))
    assert np.isfinite(vectors).all()


# --- the static encoder -------------------------------------------------------------------------


def test_a_vector_is_the_weighted_sum_of_the_words() -> None:
    """What a browser computes from the two tensors."""
    encoder = StaticEncoder.load()
    for text in TEXTS[:3]:
        ids = Tokenizer.load().encode(text)
        total = (encoder.embeddings[ids].astype(np.float64) * encoder.weights[ids, None]).sum(0)
        assert encoder.encode([text])[0] == pytest.approx(total / np.linalg.norm(total), abs=1e-5)


def test_texts_beyond_one_portion() -> None:
    encoder = StaticEncoder.load()
    texts = ["灯塔石阶" * n for n in (4000, 1, 0, 9000, 2, 3)]
    together = encoder.encode(texts)
    assert together == pytest.approx(np.concatenate([encoder.encode([t]) for t in texts]), abs=1e-5)


def test_folded_text_has_the_same_vector() -> None:
    encoder = StaticEncoder.load()
    plain, wide = encoder.encode(["坡度8%的巷道", "坡度８％的巷道"])
    assert wide == pytest.approx(plain)


@pytest.mark.parametrize(
    ("query", "near", "far"),
    [
        ("皮带", "带式输送机", "灯塔"),
        ("放炮", "爆破作业", "劳动合同"),
        ("打眼", "穿孔凿岩", "工资"),
        ("辞退工人要赔钱吗", "解除劳动合同给予经济补偿", "边坡角"),
        ("罚多少钱", "处以罚款", "通风机"),
    ],
)
def test_lay_words_are_near_the_terms(query: str, near: str, far: str) -> None:
    vectors = StaticEncoder.load().encode([query, near, far])
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.1


def test_size_and_load_time() -> None:
    packed = sum(len(gzip.compress(p.read_bytes(), 6)) for p in (PATH, tokenizer.PATH))
    assert packed <= 8_000_000
    cut = Tokenizer.load()
    took = []
    for _ in range(3):
        start = time.perf_counter()
        StaticEncoder.load(PATH, cut)
        took.append(time.perf_counter() - start)
    assert min(took) < 0.1


def test_needs_neither_torch_nor_jieba() -> None:
    code = (
        "import sys; from kb.encoders import StaticEncoder; StaticEncoder.load().encode(['灯塔']);"
        "print([m for m in ('torch','jieba','transformers','safetensors','scipy') "
        "if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# --- bad input ----------------------------------------------------------------------------------


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="读不了"):
        StaticEncoder.load(tmp_path / "none.safetensors")


@pytest.mark.parametrize("size", [0, 4, 8, 100, 5000])
def test_a_file_that_is_cut_off(tmp_path: Path, size: int) -> None:
    whole = write(tmp_path / "whole", *arrays()).read_bytes()
    (tmp_path / "cut").write_bytes(whole[:size])
    with pytest.raises(SourceError, match=r"已损坏.*重新"):
        StaticEncoder.load(tmp_path / "cut")


@pytest.mark.parametrize(
    "data",
    [b"\xff" * 64, b"\x02" + b"\0" * 7 + b"[]", b"\x04" + b"\0" * 7 + b"null", b"PK\3\4" * 9],
)
def test_a_file_of_another_kind(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "e").write_bytes(data)
    with pytest.raises(SourceError, match="已损坏"):
        StaticEncoder.load(tmp_path / "e")


def test_tensors_that_do_not_fit(tmp_path: Path) -> None:
    embeddings, weights = arrays()
    infinite = weights.copy()
    infinite[5] = np.inf
    cases: dict[str, tuple[np.ndarray, np.ndarray]] = {
        "已损坏": (embeddings.astype(np.float32), weights),
        "I8": (embeddings.astype(np.int16), weights),
        "F32": (embeddings, weights.astype(np.float16)),
        "维": (embeddings[:, 0].copy(), weights),
        "个数不同": (embeddings, weights[:-1]),
        "分词表": (embeddings[:-3], weights[:-3]),
        "不是数": (embeddings, infinite),
    }
    for message, data in cases.items():
        with pytest.raises(SourceError, match=message):
            StaticEncoder.load(write(tmp_path / "e", *data))


def test_a_place_outside_the_file(tmp_path: Path) -> None:
    embeddings, weights = arrays()
    for places in ([-8, weights.nbytes - 8], [10**9, 10**9 + weights.nbytes], [0, 4], "x", None):
        facts = {"dtype": "F32", "shape": list(weights.shape), "data_offsets": places}
        with pytest.raises(SourceError, match="已损坏"):
            StaticEncoder.load(write(tmp_path / "e", embeddings, weights, weights=facts))


@pytest.mark.parametrize("metadata", [{}, {"tokenizer": "0" * 64}])
def test_another_tokenizer(tmp_path: Path, metadata: dict[str, str]) -> None:
    path = write(tmp_path / "e", *arrays(), __metadata__=metadata)
    with pytest.raises(SourceError, match=r"另一份分词表.*重新"):
        StaticEncoder.load(path)


# --- folders ------------------------------------------------------------------------------------


def harmed(folder: Path, name: str, text: str | None) -> Path:
    path = st_folder(folder) / name
    if text is None:
        path.unlink()
    else:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("modules.json", None, r"modules\.json"),
        ("modules.json", "{", r"modules\.json"),
        ("modules.json", "[1]", r"modules\.json"),
        ("modules.json", '[{"type": "evil.Module", "path": ""}]', r"自带程序（evil\.Module"),
        ("modules.json", '[{"type": "os.system", "path": ""}]', "自带程序"),
        ("code.py", "raise SystemExit", r"自带程序（code\.py"),
        ("config.json", '{"auto_map": {"AutoModel": "code.Model"}}', "自带程序"),
        ("pytorch_model.bin", "x", r"pytorch_model\.bin.*safetensors"),
        ("1_Dense/model.pkl", "x", r"model\.pkl.*safetensors"),
        ("model.safetensors", None, "没有 safetensors"),
    ],
)
def test_folders_that_are_refused_before_anything_loads(
    tmp_path: Path, name: str, text: str | None, message: str
) -> None:
    with pytest.raises(SourceError, match=message):
        FolderEncoder.load(harmed(tmp_path / "m", name, text))


@pytest.mark.parametrize("name", ["nowhere", "file"])
def test_no_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(SourceError, match="没有这个编码器文件夹"):
        open_encoder(tmp_path / name)


@pytest.mark.skipif(WITH_MODELS, reason="附加组件 transformers 已安装")
def test_the_message_names_the_extra(tmp_path: Path) -> None:
    with pytest.raises(ImportError, match=r"anguiku\[transformers\]"):
        FolderEncoder.load(st_folder(tmp_path / "m"))


@needs_models
@pytest.mark.parametrize(
    ("name", "text"),
    [("tokenizer.json", "{}"), ("tokenizer.json", None), ("model.safetensors", "")],
)
def test_a_broken_folder(tmp_path: Path, name: str, text: str | None) -> None:
    with pytest.raises(SourceError, match="打不开"):
        FolderEncoder.load(harmed(tmp_path / "m", name, text))


@needs_models
def test_sentence_transformers_reads_the_shipped_file(tmp_path: Path) -> None:
    # it does not fold widths and numerals, so it is given folded text
    texts = [fold_text(t) for t in ("皮带跑偏", "守塔人每三年换一次灯芯", "坡度不大于8%")]
    ours = StaticEncoder.load().encode(texts)
    theirs = FolderEncoder.load(st_folder(tmp_path / "m")).encode(texts)
    assert theirs == pytest.approx(ours, abs=1e-4)
