"""The invented index once for the folder; the real one where the corpus is at hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from kb.check import Checker, Shelf
from kb.index import Index, write_index
from kb.library import load_library
from kb.roots import Roots
from kb.terms import Terms
from tests.check.sample import Desk, sample_index

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """The invented index with notes."""
    with sample_index(tmp_path_factory.mktemp("check") / "index") as opened:
        yield opened


@pytest.fixture(scope="session")
def desk(sample: Index) -> Desk:
    """A checker over it."""
    return Desk(sample)


@pytest.fixture(scope="session")
def real_root(repo: Path, corpus_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root whose index holds the core laws and the development corpus."""
    folder = tmp_path_factory.mktemp("real")
    write_index(load_library(Roots(repo, folder), corpus=[corpus_dir]), folder / "build" / "index")
    return folder


@pytest.fixture(scope="session")
def real(real_root: Path) -> Iterator[Index]:
    """The index of `real_root`."""
    with Index.open(real_root / "build" / "index") as opened:
        yield opened


@pytest.fixture(scope="session")
def real_checker(repo: Path, real: Index) -> Checker:
    """A checker over it, as of a fixed day."""
    return Checker(Shelf(real, TODAY), Terms.load([repo / "corpus"]))
