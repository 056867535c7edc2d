"""The TOML of a firm's file, forgiving about one thing: Chinese keys without quotes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kb.errors import SourceError
from kb.readers.decode import decode, load

__all__ = ["read_toml"]

_AT = re.compile(r"at line ([0-9]+), column ([0-9]+)")  # where tomllib stopped
_PART = re.compile(r"\"[^\"]*\"|'[^']*'|[^.\s]+")  # one part of a dotted key, quoted or bare
_BARE = re.compile(r"[A-Za-z0-9_-]+\Z|[\"']")  # a part that TOML takes as it stands
_HEADER = re.compile(r"(\s*\[\[?)([^\[\]#=]+)(\]\]?\s*(?:#.*)?)\Z")  # [posts.装载机司机] # …
_KEY = re.compile(r"(\s*)([^\s=#\[\]{}\"',][^=#\[\]{}\"',]*?)(\s*=.*)\Z")  # 地面轨道 = "否"


def read_toml(path: Path) -> Mapping[str, Any]:
    """The tables of a file in any encoding that a Chinese Windows writes.

    Raises:
        SourceError: the file cannot be read, or is no TOML.
    """
    text = decode(path, load(path)).text
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        pass
    try:
        # TOML wants Chinese keys in quotes, people leave them out
        return tomllib.loads("\n".join(map(_with_quotes, text.split("\n"))))
    except (ValueError, RecursionError) as error:
        at = _AT.search(str(error))
        twice = "overwrite" in str(error) or "twice" in str(error)
        raise SourceError(
            path,
            "同一个名称写了两次" if twice else "不合 TOML 的写法",
            "请看这一行和上一行：引号、等号、逗号、括号要用英文半角，文字两边要有引号",
            f"第 {at[1]} 行第 {at[2]} 列" if at else "末尾",
        ) from error


def _with_quotes(line: str) -> str:
    """A line of TOML with quotes around the parts of its key that need them."""
    for pattern in (_HEADER, _KEY):
        if m := pattern.match(line):
            parts = [x if _BARE.match(x) else f'"{x}"' for x in _PART.findall(m[2])]
            return m[1] + ".".join(parts) + m[3]
    return line
