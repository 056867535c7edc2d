"""BM25 over the fields of the clause rows, by bm25s: built once, memory-mapped when searched.

A field is indexed in views (see `kb.tokenizer.Views`), each a BM25 of its own with its own
vocabulary; a query's score in a row is the weighted sum. Only numpy arrays and JSON on disk.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from kb.errors import IndexCorruptError, IndexOutdatedError
from kb.tokenizer import Tokenizer, Views

if TYPE_CHECKING:
    from bm25s import BM25

__all__ = ["VIEW_WEIGHT", "WEIGHT", "Counts", "Lexical", "Scores", "build_lexical"]

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]

VIEW_WEIGHT: Mapping[str, float] = {"words": 0.25, "pairs": 0.5, "chars": 1.0}
"""How much a view of a field counts, in steps of a quarter on the development questions."""

WEIGHT: Mapping[str, float] = {"path.words": 0.5}
"""`field.view` → weight where it differs from `VIEW_WEIGHT`."""

# titles above a clause are short, and a law's title stands over every article of it
_B = {"path": 0.3}
# long clauses hold many items; a question about one of them must not suffer from the others
_K1, _DEFAULT_B = 1.2, 0.2
_VIEWS = {"path": ("words",), "facets": ("words",)}
_LENGTHS = "lengths.npy"
_LONGEST = 40  # bytes of a term in a vocabulary; longer ones (serial numbers) count by their head


@dataclass(frozen=True, slots=True)
class Scores:
    """`total[row]`, `by_field[field][row]`, and the most that any row could have reached."""

    total: Floats
    by_field: Mapping[str, Floats]
    ideal: float
    ideals: Mapping[str, float]

    def of(self, field: str) -> Floats:
        """Scores of one field, zeros if no word of the query stands in it."""
        found = self.by_field.get(field)
        return np.zeros_like(self.total) if found is None else found

    def plus(self, other: Scores, weight: float, fields: Sequence[str]) -> Scores:
        """With some fields' scores of further words; what could be reached at best stays."""
        added = {f: np.float32(weight) * other.of(f) for f in fields if f in other.by_field}
        by_field = {**self.by_field, **{f: self.of(f) + part for f, part in added.items()}}
        total: Floats = self.total + sum(added.values(), np.zeros_like(self.total))
        return Scores(total, by_field, self.ideal, self.ideals)


class Counts(NamedTuple):
    """What the scores of a view were computed from, by term in the order of their bytes.

    The term `terms[i]` stands `times[j]` times in row `rows[j]`, for j from `starts[i]` to
    `starts[i + 1]`. Its score there is float32(float32(idf) * times / (norm + times)) with norm =
    k1 * (1 - b + b * length / mean), `lengths` by row.
    """

    terms: tuple[bytes, ...]
    starts: Numbers
    rows: Numbers
    times: Numbers
    lengths: Numbers
    k1: float
    b: float


def _key(term: str) -> bytes:
    return term.encode()[:_LONGEST]


def build_lexical(
    directory: Path,
    tokenizer: Tokenizer,
    rows: Iterable[Mapping[str, str]],
    fields: Sequence[str],
) -> None:
    """Write the BM25 arrays of `rows` into `directory` (made here); row n is the n-th mapping.

    The same rows give the same bytes.
    """
    views = {f"{f}.{v}": (f, v) for f in fields for v in _VIEWS.get(f, Views._fields)}
    vocabularies: dict[str, dict[bytes, int]] = {name: {} for name in views}
    documents: dict[str, list[npt.NDArray[np.int32]]] = {name: [] for name in views}
    count = 0
    for row in rows:
        count += 1
        cut = {field: tokenizer.views(row.get(field, "")) for field in fields}
        for name, (field, view) in views.items():
            known = vocabularies[name]
            terms: list[str] = getattr(cut[field], view)
            ids = [known.setdefault(_key(t), len(known)) for t in terms]
            documents[name].append(np.array(ids, dtype=np.int32))
    directory.mkdir(parents=True)
    for name, (field, _) in views.items():
        _write(directory / name, vocabularies[name], documents.pop(name), _B.get(field, _DEFAULT_B))
    facts = {"rows": count, "fields": list(fields), "views": list(views)}
    (directory / "lexical.json").write_text(json.dumps(facts), encoding="utf-8")


def _write(
    folder: Path,
    vocabulary: Mapping[bytes, int],
    documents: Sequence[npt.NDArray[np.int32]],
    b: float,
) -> None:
    """One view: terms are numbered in the order of their bytes, so that a search can bisect."""
    from bm25s import BM25

    terms = sorted(vocabulary)
    place = np.empty(max(len(terms), 1), dtype=np.int32)
    for new, term in enumerate(terms):
        place[vocabulary[term]] = new
    ids = [place[d].tolist() for d in documents]
    numbered = {i: i for i in range(len(terms))}
    folder.mkdir()
    np.save(folder / "terms.npy", np.array(terms, dtype=f"S{_LONGEST}"), allow_pickle=False)
    lengths = np.array([len(d) for d in documents], dtype=np.int32)
    np.save(folder / _LENGTHS, lengths, allow_pickle=False)
    if not terms:
        return
    engine = BM25(k1=_K1, b=b, method="lucene", backend="numpy", csc_backend="numpy")
    engine.index((ids, numbered), create_empty_token=False, show_progress=False)
    engine.vocab_dict = {}  # ours is terms.npy
    engine.save(folder, allow_pickle=False, show_progress=False)


class _View:
    """One BM25 and its vocabulary."""

    def __init__(self, folder: Path, rows: int) -> None:
        self._folder = folder
        self._terms: npt.NDArray[np.bytes_] = np.load(
            folder / "terms.npy", mmap_mode="r", allow_pickle=False
        )
        self._engine: BM25 | None = None
        if not len(self._terms):
            return
        from bm25s import BM25

        self._engine = BM25.load(
            folder, mmap=True, load_vocab=False, allow_pickle=False, show_progress=False
        )
        arrays: Mapping[str, Any] = self._engine.scores
        if arrays["num_docs"] != rows or len(arrays["indptr"]) != len(self._terms) + 1:
            raise IndexCorruptError(f"词语索引 {folder} 的行数或词数不符。请重新运行 kb build")

    def find(self, terms: Iterable[str]) -> dict[str, int]:
        """Numbers of the terms that occur in some row."""
        distinct = list(dict.fromkeys(terms))
        if not distinct or not len(self._terms):
            return {}
        keys = np.array([_key(t) for t in distinct], dtype=self._terms.dtype)
        places = np.searchsorted(self._terms, keys)
        places[places == len(self._terms)] = 0
        known = self._terms[places] == keys
        return {t: int(p) for t, p, k in zip(distinct, places, known, strict=True) if k}

    def counts(self, b: float) -> Counts:
        """See `Lexical.counts`."""
        try:
            lengths = np.load(self._folder / _LENGTHS, allow_pickle=False).astype(np.int64)
        except (OSError, ValueError) as e:
            raise IndexOutdatedError("索引里没有各条的词数。请重新运行 kb build") from e
        terms = tuple(bytes(t) for t in self._terms)
        if self._engine is None:
            none = np.zeros(0, dtype=np.int64)
            return Counts(terms, np.zeros(1, dtype=np.int64), none, none, lengths, _K1, b)
        arrays: Mapping[str, Any] = self._engine.scores
        rows, starts = (np.array(arrays[k], dtype=np.int64) for k in ("indices", "indptr"))
        # bm25s keeps scores alone: idf * times / (norm + times), where all but times is known
        frequency = np.diff(starts)
        count = len(lengths)
        idf = [math.log(1 + (count - n + 0.5) / (n + 0.5)) for n in frequency.tolist()]
        weight = np.repeat(np.array(idf, dtype=np.float32), frequency)
        norm = (_K1 * (1 - b + b * lengths / lengths.mean()))[rows]
        share = np.array(arrays["data"], dtype=np.float64) / weight
        times = np.rint(norm * share / (1 - share)).astype(np.int64)
        if not np.array_equal(
            (weight * (times / (norm + times))).astype(np.float32), arrays["data"]
        ):
            raise IndexCorruptError("词语索引的分值与词数对不上。请重新运行 kb build")
        return Counts(terms, starts, rows, times, lengths, _K1, b)

    def rows_with(self, ids: Sequence[int]) -> list[int]:
        """In how many rows each of these terms occurs."""
        if self._engine is None:
            return []
        starts = self._engine.scores["indptr"]
        return [int(starts[i + 1] - starts[i]) for i in ids]

    def scores(self, ids: Sequence[int]) -> tuple[Floats, float]:
        """BM25 of all rows, and the sum over the terms of the best that any row has."""
        assert self._engine is not None
        arrays: Mapping[str, Any] = self._engine.scores
        data, starts = arrays["data"], arrays["indptr"]
        best = sum(float(data[starts[i] : starts[i + 1]].max()) for i in ids)
        found: Floats = self._engine.get_scores_from_ids(list(ids))
        return found, best


class Lexical:
    """BM25 over all rows. Open with `Lexical.open`; the arrays stay on disk until they are used."""

    def __init__(self, rows: int, fields: Sequence[str], views: Mapping[str, _View]) -> None:
        self.rows = rows
        self.fields = tuple(fields)
        self._views = views

    @classmethod
    def open(cls, directory: Path) -> Lexical:
        """Open what `build_lexical` wrote.

        Raises:
            IndexCorruptError: files are missing or do not fit together.
        """
        try:
            facts = json.loads((directory / "lexical.json").read_text(encoding="utf-8"))
            rows = int(facts["rows"])
            views = {name: _View(directory / name, rows) for name in facts["views"]}
            return cls(rows, facts["fields"], views)
        except (OSError, ValueError, KeyError, TypeError) as e:
            raise IndexCorruptError(
                f"词语索引 {directory} 读不了（{e}）。请重新运行 kb build"
            ) from e

    def scores(self, query: Views, weights: Mapping[str, float] = WEIGHT) -> Scores:
        """Scores of all rows for what a query counts; repeated terms count once.

        Args:
            weights: weight by `field.view`, before that of `VIEW_WEIGHT`; 0 leaves a view out.
        """
        total = np.zeros(self.rows, dtype=np.float32)
        by_field: dict[str, Floats] = {}
        ideals: dict[str, float] = {}
        for name, view in self._views.items():
            field, _, grain = name.partition(".")
            weight = weights.get(name, VIEW_WEIGHT[grain])
            ids = view.find(getattr(query, grain)).values() if weight else ()
            if not ids:
                continue
            found, best = view.scores(sorted(ids))
            part = found * np.float32(weight)
            by_field[field] = by_field[field] + part if field in by_field else part
            total += part
            ideals[field] = ideals.get(field, 0.0) + weight * best
        return Scores(total, by_field, sum(ideals.values()), ideals)

    @property
    def views(self) -> tuple[str, ...]:
        """Names of the views, `field.grain`, in the order in which they are added up."""
        return tuple(self._views)

    def counts(self, view: str) -> Counts:
        """What the scores of a view stand for.

        Raises:
            IndexOutdatedError: the index was built before lengths were kept.
            IndexCorruptError: lengths and scores do not fit together.
        """
        field = view.partition(".")[0]
        return self._views[view].counts(_B.get(field, _DEFAULT_B))

    def rarity(self, query: Views, field: str = "text") -> dict[str, float]:
        """Inverse document frequency of the words and pairs of a query that `field` has.

        idf = ln(1 + (N - n + ½) / (n + ½)), n of N rows having the term.
        """
        out: dict[str, float] = {}
        for grain in ("pairs", "words"):
            view = self._views.get(f"{field}.{grain}")
            if view is None:
                continue
            found = view.find(getattr(query, grain))
            for term, n in zip(found, view.rows_with(list(found.values())), strict=True):
                out[term] = math.log(1 + (self.rows - n + 0.5) / (n + 0.5))
        return out
