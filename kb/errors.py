"""The one tree of exceptions.

KbError                     exit 3: the command failed
├── UsageError              exit 2: the caller asked for something that is not there or not valid
│   └── UnknownIdError      an id, document or post that nothing knows
├── SourceError             a source file cannot be read or parsed; names the file and the place
├── CatalogError            corpus/*.toml says something impossible; names the entry and the field
└── IndexUnusableError             build/index cannot be used; the message says to rebuild
    ├── IndexMissingError
    ├── IndexCorruptError
    └── IndexOutdatedError

Library modules raise these with a message in Chinese that gives the value, the place and the next
step; only `kb.cli` prints. Errors of libraries are translated at the border, never passed through.
"""

from __future__ import annotations

import errno
from pathlib import Path

__all__ = [
    "CatalogError",
    "IndexCorruptError",
    "IndexMissingError",
    "IndexOutdatedError",
    "IndexUnusableError",
    "KbError",
    "SourceError",
    "UnknownIdError",
    "UsageError",
    "os_reason",
]


class KbError(Exception):
    """Anything that the user can be told in one sentence and act upon."""

    exit_code = 3


class UsageError(KbError):
    """The request itself is wrong (exit 2)."""

    exit_code = 2


class UnknownIdError(UsageError):
    """An id that neither the catalog nor the index knows; `near` offers what does exist."""

    def __init__(self, value: str, near: tuple[str, ...] = ()) -> None:
        self.value = value
        self.near = near
        hint = f"；相近的有：{'、'.join(near)}" if near else "；可用 kb status 查看已收录的文件"
        super().__init__(f"没有这个编号：{value}{hint}")


class SourceError(KbError):
    """A source file is unreadable or has no structure; `place` is a line, page or part."""

    def __init__(self, path: str | Path, problem: str, next_step: str, place: str = "") -> None:
        self.path = str(path)
        self.problem = problem
        self.next_step = next_step
        self.place = place
        where = f"（{place}）" if place else ""
        super().__init__(f"{self.path}{where}：{problem}。{next_step}")


class CatalogError(KbError):
    """The catalog or a table beside it is inconsistent."""


class IndexUnusableError(KbError):
    """The index cannot be used as it is."""


class IndexMissingError(IndexUnusableError):
    """There is no index yet."""


class IndexCorruptError(IndexUnusableError):
    """Counts or hashes differ from the manifest."""


class IndexOutdatedError(IndexUnusableError):
    """The index was written by another format version."""


_OS_REASONS = {
    errno.ENOENT: "不存在",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已满",
    errno.EROFS: "磁盘只读",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.ENAMETOOLONG: "文件名太长",
}


def os_reason(error: OSError) -> str:
    """Why the system refused, in Chinese where it is one of the usual reasons."""
    return _OS_REASONS.get(error.errno or 0, error.strerror or str(error))
