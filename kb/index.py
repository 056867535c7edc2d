"""The index on disk: passages, BM25 rows (later vectors), and the manifest that ties them.

Layout under `build/index/`: `manifest.json` names one generation folder `g-<12 hex>` that holds
every other file. A build writes a new generation beside the old one and then replaces the
manifest, which is atomic on every platform: a build that is killed leaves the old index working,
and the next build removes what it left.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from kb import __version__
from kb.errors import (
    IndexCorruptError,
    IndexMissingError,
    IndexOutdatedError,
    IndexUnusableError,
    KbError,
    os_reason,
)
from kb.expansion import Expansion
from kb.staleness import staleness
from kb.store import Passages
from kb.store_write import mark_notes

if TYPE_CHECKING:
    from kb.encoders import Encoder
    from kb.lexical import Lexical
    from kb.library import Library
    from kb.notes import Note
    from kb.tokenizer import Tokenizer
    from kb.vectors import VectorStore

__all__ = ["FIELDS", "FORMAT", "Index", "Progress", "clause_text", "write_index"]

FORMAT = 2
"""Version of the layout on disk; a reader refuses any other."""

FIELDS = ("path", "text", "gist", "lay", "facets")
"""Lexical fields of a clause row: titles above it, its display text, and what its note says; facets
are the names of the note's posts, activities, hazards and accident types."""

Progress = Callable[[str, int, int], None]
"""Called with the stage (Chinese), how many are done, and of how many."""

_TABLES = ("documents", "texts", "units", "clauses", "citations", "backlinks", "notes", "conflicts")
_MANIFEST = "manifest.json"
_TERMS = "terms.json"
_KEYS = ("built", "options", "evidence_date", "tokenizer", "encoder", "skipped", "warnings")
_LEFTOVER_SECONDS = 6 * 3600


def _sha256(path: Path) -> str:
    with path.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    yield from sorted(p for p in folder.rglob("*") if p.is_file())


class Index:
    """An opened index. Passages are looked up in place; BM25 arrays load when first asked for."""

    def __init__(
        self, folder: Path, manifest: Mapping[str, Any], encoder: Encoder | None = None
    ) -> None:
        self._folder = folder
        self._given = encoder
        self.manifest = manifest
        self.passages = Passages(folder / "passages.sqlite", manifest["generation"])

    @classmethod
    def open(cls, directory: Path, *, encoder: Encoder | None = None) -> Index:
        """Open `build/index` and check it against its manifest.

        Args:
            encoder: the one that the vectors were made with, where it is loaded already.

        Raises:
            IndexMissingError: nothing was built yet.
            IndexOutdatedError: written by another format version.
            IndexCorruptError: a file is missing, or its size or hash or count differs.
        """
        path = directory / _MANIFEST
        if not path.is_file():
            raise IndexMissingError(f"还没有索引：{directory}。请先运行 kb build（或 make demo）")
        try:
            manifest = json.loads(path.read_text(encoding="utf-8"))
            found = manifest["format"]
            if found == FORMAT:
                generation = str(manifest["generation"])
                files = {
                    n: (int(f["size"]), str(f["sha256"])) for n, f in manifest["files"].items()
                }
                counts = {table: int(manifest["counts"][table]) for table in _TABLES}
                _ = [manifest[k] for k in _KEYS]
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as e:
            raise IndexCorruptError(f"索引清单 {path} 读不懂（{e}）。请重新运行 kb build") from e
        if found != FORMAT:
            raise IndexOutdatedError(
                f"索引 {directory} 的格式是第 {found} 版，本程序需要第 {FORMAT} 版。"
                "请重新运行 kb build"
            )
        folder = directory / generation
        for name, (size, digest) in files.items():
            file = folder / name
            if not file.is_file():
                raise IndexCorruptError(f"索引缺少文件 {file}。请重新运行 kb build")
            if file.stat().st_size != size or _sha256(file) != digest:
                raise IndexCorruptError(f"索引文件 {file} 与清单不符。请重新运行 kb build")
        index = cls(folder, manifest, encoder)
        for table in _TABLES:
            if index.passages.count(table) != counts[table]:
                index.close()
                raise IndexCorruptError(
                    f"索引 {folder} 的 {table} 条数与清单不符。请重新运行 kb build"
                )
        return index

    @cached_property
    def tokenizer(self) -> Tokenizer:
        """The tokenizer that the lexical rows were made with.

        Raises:
            IndexOutdatedError: the shipped tokenizer is another one now.
        """
        from kb.tokenizer import Tokenizer

        tokenizer = Tokenizer.load()
        if tokenizer.sha256 != self.manifest["tokenizer"]:
            raise IndexOutdatedError("索引用的是旧的分词表。请重新运行 kb build")
        return tokenizer

    @cached_property
    def lexical(self) -> Lexical:
        """BM25 over the clause rows.

        Raises:
            IndexCorruptError: its rows do not agree with the passages.
        """
        from kb.lexical import Lexical

        lexical = Lexical.open(self._folder / "lexical")
        if lexical.rows != self.manifest["counts"]["clauses"]:
            raise IndexCorruptError(
                f"词语索引有 {lexical.rows} 行，条款有 {self.manifest['counts']['clauses']} 行。"
                "请重新运行 kb build"
            )
        return lexical

    @cached_property
    def expansion(self) -> Expansion:
        """What site words mean, as the vocabularies said when the index was built."""
        return Expansion.load(self._folder / _TERMS)

    @cached_property
    def encoder(self) -> Encoder | None:
        """The encoder that the vectors were made with; None when the index has no vectors.

        Raises:
            IndexOutdatedError: the encoder is another one now.
        """
        facts = self.manifest.get("encoder")
        if facts is None:
            return None
        from kb.encoders import open_encoder, require_same

        folder = Path(facts["folder"]) if facts["folder"] else None
        encoder = self._given or open_encoder(folder)
        require_same(encoder, fingerprint=facts["fingerprint"], dimension=facts["dimension"])
        return encoder

    @cached_property
    def vectors(self) -> VectorStore | None:
        """Vectors of text, gist and ways to ask of the clause rows; None if there are none."""
        if self.manifest.get("encoder") is None:
            return None
        from kb.vectors import FaissStore

        store = FaissStore.open(self._folder / "vectors")
        if store.rows != self.manifest["counts"]["clauses"]:
            raise IndexCorruptError(
                f"向量索引有 {store.rows} 行，条款有 {self.manifest['counts']['clauses']} 行。"
                "请重新运行 kb build"
            )
        return store

    def close(self) -> None:
        """Release the files."""
        self.passages.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def write_index(
    library: Library,
    directory: Path,
    progress: Progress | None = None,
    *,
    encoder_folder: Path | None = None,
    encoder: Encoder | None = None,
) -> Path:
    """Build a new generation from a library and swap it in; returns the manifest's path.

    Args:
        encoder_folder: a sentence-transformers model in place of the shipped encoder.
        encoder: any encoder, loaded already; `Index.open` needs it again.

    Raises:
        KbError: the folder cannot be written; the old index, if any, still works.
    """
    from kb.lexical import build_lexical
    from kb.tokenizer import Tokenizer

    generation = f"g-{uuid.uuid4().hex[:12]}"
    folder = directory / generation
    previous = _current_generation(directory)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        folder.mkdir()
    except OSError as e:
        raise KbError(
            f"不能写入 {directory}（{os_reason(e)}）。"
            "请检查文件夹权限，或用 --root 换一个可写的文件夹"
        ) from e
    try:
        tokenizer = Tokenizer.load()
        library.write_passages(folder / "passages.sqlite", generation, progress)
        _mark_notes(folder / "passages.sqlite", generation)
        with Passages(folder / "passages.sqlite", generation) as passages:
            counts = {table: passages.count(table) for table in _TABLES}
            expansion = Expansion.of(library.terms)
            expansion.save(folder / _TERMS)
            rows = _rows(passages, expansion, counts["clauses"], progress)
            build_lexical(folder / "lexical", tokenizer, rows, FIELDS)
            maker = encoder or _encoder(encoder_folder)
            if maker is not None:
                _write_vectors(folder / "vectors", passages, maker)
        manifest = {
            "format": FORMAT,
            "kb": __version__,
            "generation": generation,
            "built": datetime.now(UTC).isoformat(timespec="seconds"),
            "options": library.options,
            "evidence_date": library.evidence_date.isoformat(),
            "counts": counts,
            "tokenizer": tokenizer.sha256,
            "encoder": maker
            and {
                "folder": str(encoder_folder or ""),
                "fingerprint": maker.fingerprint,
                "dimension": maker.dimension,
            },
            "skipped": list(library.skipped),
            "warnings": list(library.warnings),
            "files": {
                f.relative_to(folder).as_posix(): {"size": f.stat().st_size, "sha256": _sha256(f)}
                for f in _files(folder)
            },
        }
        beside = directory / f"{_MANIFEST}.{generation}"
        beside.write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
        beside.replace(directory / _MANIFEST)
    except (OSError, sqlite3.Error) as e:
        shutil.rmtree(folder, ignore_errors=True)
        why = os_reason(e) if isinstance(e, OSError) else str(e)
        raise KbError(
            f"写索引失败（{why}）：{directory}。旧索引（如有）仍可使用；请检查磁盘空间和权限后重试"
        ) from e
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    _sweep(directory, keep=generation, previous=previous)
    return directory / _MANIFEST


def _mark_notes(path: Path, generation: str) -> None:
    """What became of the text of each note, once all texts are written."""
    with Passages(path, generation) as passages:
        states = {(n.ref, n.clause): staleness(n, passages) for n in passages.notes()}
    mark_notes(path, states)


def _rows(
    passages: Passages, expansion: Expansion, total: int, progress: Progress | None
) -> Iterator[dict[str, str]]:
    documents = passages.documents
    for clause in passages.clauses():
        unit = passages.unit(clause.ref, clause.id)
        if unit is None:
            raise IndexUnusableError(f"条款 {clause.ref}#{clause.id} 没有正文。请重新运行 kb build")
        document = documents[clause.ref.partition("@")[0]]
        names = [document.title, document.number or "", *clause.path, unit.label, unit.heading]
        text = unit.display
        for cells in unit.rows:
            text += "\n" + " ".join(cells)
        row = {"path": "\n".join(x for x in names if x), "text": text}
        note = passages.note(unit.ref, unit.id)
        if note is not None:
            row |= {"gist": note.gist, "lay": "\n".join(note.lay)}
            row["facets"] = "\n".join(_facets(note, expansion))
        yield row
        if progress and clause.row % 500 == 0:
            progress("建立词语索引", clause.row, total)


def _encoder(folder: Path | None) -> Encoder | None:
    """The encoder of a build; None when none is shipped and none is given."""
    from kb.encoders import PATH, open_encoder

    return open_encoder(folder) if folder is not None or PATH.is_file() else None


def _write_vectors(directory: Path, passages: Passages, encoder: Encoder) -> None:
    """Vectors of each row's text, and of its note's gist and ways to ask."""
    import numpy as np

    from kb.vectors import FaissStore

    documents = passages.documents
    texts: list[str] = []
    owners: list[int] = []
    for clause in passages.clauses():
        unit = passages.unit(clause.ref, clause.id)
        if unit is None:
            raise IndexUnusableError(f"条款 {clause.ref}#{clause.id} 没有正文。请重新运行 kb build")
        note = passages.note(unit.ref, unit.id)
        own = []
        if unit.display:
            title = documents[clause.ref.partition("@")[0]].title
            own = [clause_text(title, clause.path, unit.heading, unit.display, unit.rows)]
        own += note.said if note is not None else ()
        texts += own
        owners += [clause.row] * len(own)
    vectors = encoder.encode(texts)
    rows = np.array(owners, dtype=np.int64)
    FaissStore.build(directory, vectors, rows, passages.count("clauses"))


def _facets(note: Note, expansion: Expansion) -> Iterator[str]:
    yield from (*note.posts, *note.activities, *note.hazards)
    for code in note.accidents:
        yield from expansion.accident_names.get(code, ())


def clause_text(
    title: str, path: Sequence[str], heading: str, text: str, rows: Iterable[Sequence[str]] = ()
) -> str:
    """What is encoded of a clause: the titles above it, its text, the rows of its table."""
    return "\n".join(filter(None, (title, *path, heading, text, *(" ".join(r) for r in rows))))


def _current_generation(directory: Path) -> str:
    try:
        manifest = json.loads((directory / _MANIFEST).read_text(encoding="utf-8"))
        return str(manifest["generation"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _sweep(directory: Path, *, keep: str, previous: str) -> None:
    """Remove the generation that was replaced, and what killed builds left long ago.

    A young folder that is not ours may belong to a build that is running beside this one.
    """
    old = time.time() - _LEFTOVER_SECONDS
    for path in directory.iterdir():
        if path.name == keep or not path.name.startswith(("g-", f"{_MANIFEST}.")):
            continue
        if path.name == previous or path.stat().st_mtime < old:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
