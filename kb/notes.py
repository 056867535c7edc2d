"""Notes on clauses: what we say of a clause in our own words, as far as search shows it.

`corpus/notes/<doc-id>.jsonl`, one note a line: `{"id": "doc@date#clause", "hash": …, "gist": …,
"lay": [ways to ask], …}`. A note is shown only beside the text that it was written on: its hash
must be that of the clause (`kb.ids.content_hash`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.errors import SourceError, UsageError
from kb.ids import parse_ref

__all__ = ["Note", "load_notes"]


@dataclass(frozen=True, slots=True)
class Note:
    """A note's id (`doc@date#clause`), the hash of the text it was written on, gist and `lay`."""

    id: str
    hash: str
    gist: str
    lay: tuple[str, ...] = ()


def load_notes(corpora: Iterable[Path]) -> dict[str, Note]:
    """Notes by id; those of a later corpus/ folder replace those of an earlier one.

    Raises:
        SourceError: a line is not a note, or an id comes twice in one folder.
    """
    out: dict[str, Note] = {}
    for corpus in corpora:
        here: dict[str, Note] = {}
        for path in sorted((corpus / "notes").glob("*.jsonl")):
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if not line.strip():
                    continue
                note = _note(path, number, line)
                if note.id in here:
                    raise SourceError(
                        path, f"{note.id} 有两条注释", "请合并为一条", f"第 {number} 行"
                    )
                here[note.id] = note
        out |= here
    return out


def _note(path: Path, number: int, line: str) -> Note:
    try:
        raw: Mapping[str, Any] = json.loads(line)
        ref = parse_ref(raw["id"])
        if not ref.version or not ref.clause:
            raise ValueError(f"id {raw['id']} 应写明版本和条款")
        gist, lay = raw["gist"], raw.get("lay", [])
        if not isinstance(gist, str) or not all(isinstance(x, str) for x in lay):
            raise ValueError("gist 和 lay 应为文字")
        return Note(raw["id"], str(raw["hash"]), gist, tuple(lay))
    except (ValueError, KeyError, TypeError, AttributeError, UsageError) as e:
        raise SourceError(
            path,
            f"不是注释（{e}）",
            '应为 {"id":"文件@日期#条款","hash":…,"gist":…,"lay":[…]}',
            f"第 {number} 行",
        ) from e
