"""Reading the TOML files of corpus/: one place for the error that names the file and the remedy."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from kb.errors import CatalogError

__all__ = ["read_toml"]


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a file.

    Raises:
        CatalogError: it cannot be read, or is no TOML in UTF-8.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CatalogError(f"{path} 读不了：{error}。请按 UTF-8 编码的 TOML 改正") from error
