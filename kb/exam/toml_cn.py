"""TOML as people here write it: 单选 = 20 stands for "单选" = 20, which TOML 1.0 would ask for."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from kb.errors import UsageError, os_reason

__all__ = ["read_toml"]

_BARE = re.compile(
    # strings and remarks are passed over; 铲装司机 = 6 → "铲装司机" = 6
    r"\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*'|#[^\n]*"
    r"|(?P<key>[^\s\"'=,{}\[\]#.]*[^\x00-\x7f\s\"'=,{}\[\]#.][^\s\"'=,{}\[\]#.]*)(?=[ \t]*=)"
)


def _quoted(m: re.Match[str]) -> str:
    return f'"{m["key"]}"' if m["key"] else m[0]


def read_toml(path: Path, what: str) -> dict[str, Any]:
    """The table of a file.

    Args:
        what: what the file is, for the message: 蓝图, 模板.

    Raises:
        UsageError: it cannot be read, or is no TOML.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as e:
        raise UsageError(f"读不了{what} {path}：{os_reason(e)}。请检查路径") from e
    except UnicodeDecodeError as e:
        raise UsageError(f"{what} {path} 不是 UTF-8 编码。请另存为 UTF-8") from e
    try:
        return tomllib.loads(_BARE.sub(_quoted, text))
    except tomllib.TOMLDecodeError as e:
        raise UsageError(
            f'{what} {path} 不是 TOML：{e}。请改正；有空格的名字要加引号，如 "GB 16423" = 5'
        ) from e
