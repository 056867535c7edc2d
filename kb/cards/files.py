"""Files that are written beside the old ones and then take their place."""

from __future__ import annotations

import uuid
from pathlib import Path

from kb.errors import KbError, os_reason

__all__ = ["save"]


def save(path: Path, data: bytes) -> None:
    """Put a file in place whole: a full disk or an open document never leaves half of it.

    Raises:
        KbError: it cannot be written there.
    """
    new = path.with_name(f".{path.name}-{uuid.uuid4().hex[:8]}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new.write_bytes(data)
        new.replace(path)
    except OSError as e:
        new.unlink(missing_ok=True)
        raise KbError(
            f"写不了 {path}（{os_reason(e)}）。若正在 Word、Excel 或 WPS 里开着，请先关掉；"
            "否则换一个文件夹再写"
        ) from e
