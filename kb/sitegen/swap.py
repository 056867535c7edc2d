"""Folders that are written beside the old ones and then take their place."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path

from kb.errors import KbError

__all__ = ["beside", "swap_in"]


def beside(target: Path) -> Path:
    """A new empty folder next to `target`, on the same disk so that it can be renamed.

    Raises:
        KbError: the parent folder cannot be written.
    """
    new = target.with_name(f".{target.name}-{uuid.uuid4().hex[:8]}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        new.mkdir()
    except OSError as e:
        raise KbError(
            f"不能写入 {target.parent}（{e.strerror or e}）。"
            "请检查文件夹权限，或用 --root 换一个可写的文件夹"
        ) from e
    return new


def swap_in(new: Path, target: Path) -> None:
    """Put `new` in the place of `target`; when that fails the old folder is put back.

    Raises:
        KbError: the old folder is in use (on Windows: a page of it is open in a program).
    """
    old = target.with_name(f".{target.name}-old-{uuid.uuid4().hex[:8]}")
    moved = False
    try:
        if target.exists():
            target.replace(old)
            moved = True
        new.replace(target)
    except OSError as e:
        if moved:
            old.replace(target)
        raise KbError(
            f"不能替换 {target}（{e.strerror or e}）。"
            "请关闭正在使用它的程序（如 kb preview）后重试；旧的内容没有改动"
        ) from e
    shutil.rmtree(old, ignore_errors=True)
