"""Two banks: 练习 may be published, 考试 stays with the firm.

What an exam draws depends on a secret that is made once and kept in `exam/` of the user's folder,
beside the papers themselves. Nothing that builds a site or a bundle reads that folder.
"""

from __future__ import annotations

import json
import re
import secrets
import uuid
from collections.abc import Sequence
from pathlib import Path

from kb.errors import KbError, UsageError, os_reason
from kb.exam.model import Item, items_json
from kb.roots import Roots

__all__ = [
    "BANKS",
    "EXAM",
    "PRACTICE",
    "exam_folder",
    "exam_seed",
    "keep_paper",
    "refuse_public",
    "write_items",
]

PRACTICE, EXAM = "practice", "exam"
BANKS = {"练习": PRACTICE, "考试": EXAM, PRACTICE: PRACTICE, EXAM: EXAM}
"""What users write → the bank."""

_PUBLIC = ("site", "corpus")
_SEED = "seed.txt"
_SECRET = re.compile(r"[0-9a-f]{32}\Z")


def exam_folder(where: Roots) -> Path:
    """Where the secret and the papers of exams are kept."""
    return where.user / "exam"


def exam_seed(where: Roots, seed: str) -> str:
    """The seed of an exam: the user's own with the secret of this folder, made on first use.

    Raises:
        KbError: the folder cannot be written, or the secret is not one.
    """
    path = exam_folder(where) / _SEED
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            beside = path.with_name(f".{_SEED}-{uuid.uuid4().hex[:8]}")
            beside.touch(mode=0o600)
            beside.write_text(secrets.token_hex(16) + "\n", encoding="ascii")
            beside.replace(path)
        secret = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as e:
        reason = os_reason(e) if isinstance(e, OSError) else "不是文字"
        raise KbError(
            f"考试题库的文件夹 {path.parent} 不能用（{reason}）。"
            "请检查权限，或用 --root 换一个文件夹"
        ) from e
    if not _SECRET.match(secret):
        raise KbError(f"{path} 不是考试种子。请删去它重新生成（以前的试卷不会变）")
    return f"{secret}:{seed}"


def keep_paper(where: Roots, name: str, items: Sequence[Item], messages: Sequence[str]) -> Path:
    """Write a paper into the exam folder; returns its path.

    Raises:
        KbError: it cannot be written.
    """
    path = exam_folder(where) / f"{name}.json"
    write_items(path, items, messages)
    return path


def refuse_public(where: Roots, path: Path) -> None:
    """An exam is not written where a site or its sources are.

    Raises:
        UsageError: the path lies in build/, site/ or corpus/ of the user's or the shipped folder.
    """
    target = path.resolve()
    public = [where.build, *(r / n for r in (where.user, where.shipped) for n in _PUBLIC)]
    if any(target.is_relative_to(folder.resolve()) for folder in public):
        raise UsageError(f"考试题不能写到会公开的文件夹里：{path}。请换一个位置，或不写 --out")


def write_items(path: Path, items: Sequence[Item], messages: Sequence[str] = ()) -> None:
    """Write items beside the old file and put them in its place.

    Raises:
        UsageError: not a .json name.
        KbError: the file cannot be written.
    """
    if path.suffix.lower() != ".json":
        raise UsageError(f"题库文件应以 .json 结尾：{path}")
    text = json.dumps(items_json(items, messages), ensure_ascii=False, indent=2) + "\n"
    beside = path.with_name(f".{path.name}-{uuid.uuid4().hex[:8]}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(text, encoding="utf-8", newline="\n")
        beside.replace(path)
    except OSError as e:
        beside.unlink(missing_ok=True)
        raise KbError(f"不能写入 {path}（{os_reason(e)}）。请检查文件夹权限") from e
