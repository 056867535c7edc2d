"""One invented index for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kb.index import Index
from kb.search import Searcher
from tests.search.sample import build


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """The sample index."""
    with build(tmp_path_factory.mktemp("search") / "index") as opened:
        yield opened


@pytest.fixture(scope="session")
def searcher(index: Index) -> Searcher:
    """A searcher over it."""
    return Searcher(index)
