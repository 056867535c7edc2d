"""Reading notes: later folders replace, harmed lines are named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kb.errors import SourceError
from kb.notes import Note, load_notes

ID = "dengta-fa@2020-06-01#art-1"


def folder(root: Path, *lines: object) -> Path:
    (root / "notes").mkdir(parents=True)
    text = "\n".join(x if isinstance(x, str) else json.dumps(x) for x in lines)
    (root / "notes" / "dengta-fa.jsonl").write_text(text, encoding="utf-8")
    return root


def note(gist: str, note_id: str = ID) -> dict[str, object]:
    return {"id": note_id, "hash": "0" * 12, "gist": gist, "lay": ["怎么换灯芯"], "severity": 2}


def test_a_later_folder_replaces(tmp_path: Path) -> None:
    other = ID.replace("art-1", "art-2")
    shipped = folder(tmp_path / "a", note("旧"), "", note("留", other))
    own = folder(tmp_path / "b", note("新"))
    found = load_notes([shipped, own, tmp_path / "none"])
    assert found[ID] == Note(ID, "0" * 12, "新", ("怎么换灯芯",), severity=2)
    assert found[other].gist == "留"


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        {"id": ID},
        note("x") | {"gist": 3},
        note("x") | {"lay": [1]},
        note("x", "dengta-fa#art-1"),  # no version: it could mean another wording
        note("x", "dengta-fa@2020-06-01"),
        note("x", "灯塔法"),
        note("second of one id"),
    ],
)
def test_a_harmed_line_is_named(tmp_path: Path, line: object) -> None:
    root = folder(tmp_path / "a", note("x"), line)
    with pytest.raises(SourceError, match="第 2 行"):
        load_notes([root])
