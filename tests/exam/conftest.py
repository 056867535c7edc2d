"""One invented index for this folder, and the real one where it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.exam import Pool, make_pool
from kb.index import Index, write_index
from kb.library import load_library
from kb.roots import Roots
from tests.exam.sample import AS_OF, build


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """The invented index."""
    with build(tmp_path_factory.mktemp("exam") / "index") as opened:
        yield opened


@pytest.fixture(scope="session")
def pool(index: Index) -> Pool:
    """Every question of the invented index."""
    return make_pool(index.passages, AS_OF)


@pytest.fixture(scope="session")
def real_index(
    repo: Path, corpus_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Index]:
    """The nine laws and the development corpus."""
    folder = tmp_path_factory.mktemp("exam-real")
    library = load_library(Roots(repo, folder), corpus=[corpus_dir])
    write_index(library, folder / "index")
    with Index.open(folder / "index") as opened:
        yield opened


@pytest.fixture(scope="session")
def real_pool(real_index: Index) -> Pool:
    """Every question of the real index."""
    return make_pool(real_index.passages, AS_OF)
