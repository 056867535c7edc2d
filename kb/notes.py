"""Notes on clauses: what we say of a clause in our own words.

`corpus/notes/<doc-id>.jsonl`, one note a line: `{"id": "doc@date#clause", "hash": …, "gist": …,
"lay": [ways to ask], "lines": [one per obligation], …}`. A note is shown only beside the text that
it was written on: its hash must be that of the clause (`kb.ids.content_hash`). Whether a note is
good is not for this module: `kb.notecheck` says that.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kb.errors import SourceError, UsageError
from kb.ids import parse_ref

__all__ = ["Line", "Note", "load_notes", "note_from_json", "note_to_json", "scan_notes"]


@dataclass(frozen=True, slots=True)
class Line:
    """One obligation of a clause: what a card says of the item `unit` (a unit id of its document).

    `card` is risk, duty, operation or emergency; `phase` before, during, after, never or None;
    `who` bears it; `must` is must, must-not or may. `report_to` and `every` stand only where the
    clause says so.
    """

    unit: str
    card: str
    text: str
    who: str
    must: str
    phase: str | None = None
    hazard: str | None = None
    accident: str | None = None
    report_to: str | None = None
    every: str | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A note on the clause `id` (`doc@date#clause`), written on the text that `hash` names.

    `lay` are ways to ask; `lines` what cards are made from; `penalty` the ids that the clause
    punishes; `left_out` figures and items that no line says, with the reason. `author` and
    `reviewer` are batch labels.
    """

    id: str
    hash: str
    gist: str
    lay: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()
    accidents: tuple[str, ...] = ()
    hazards: tuple[str, ...] = ()
    severity: int = 0
    who: str = ""
    lines: tuple[Line, ...] = ()
    penalty: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    author: str = ""
    reviewer: str = ""

    @property
    def said(self) -> tuple[str, ...]:
        """What of it has a vector, in the order of the vectors: the gist, then each way to ask."""
        return (self.gist, *self.lay)

    @property
    def ref(self) -> str:
        """The version that the note is on, `doc@date`."""
        return self.id.partition("#")[0]

    @property
    def clause(self) -> str:
        """The clause's id within its document."""
        return self.id.partition("#")[2]


def load_notes(corpora: Iterable[Path]) -> dict[str, Note]:
    """Notes by id; those of a later corpus/ folder replace those of an earlier one.

    Raises:
        SourceError: a line is not a note, or an id comes twice in one folder.
    """
    out: dict[str, Note] = {}
    for corpus in corpora:
        here: dict[str, Note] = {}
        for path in sorted((corpus / "notes").glob("*.jsonl")):
            for number, note in scan_notes(path):
                if isinstance(note, SourceError):
                    raise note
                if note.id in here:
                    raise SourceError(
                        path, f"{note.id} 有两条注释", "请合并为一条", f"第 {number} 行"
                    )
                here[note.id] = note
        out |= here
    return out


def scan_notes(path: Path) -> Iterator[tuple[int, Note | SourceError]]:
    """Each note of a file with its line number; a line that is none gives the error, not raised.

    Raises:
        SourceError: the file cannot be read at all.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as e:
        raise SourceError(path, f"读不了（{e}）", "请另存为 UTF-8 编码的 JSONL") from e
    # only \n ends a line of JSONL: other line separators may stand inside a string
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, _read(path, number, line)


def _read(path: Path, number: int, line: str) -> Note | SourceError:
    try:
        return note_from_json(json.loads(line))
    except (ValueError, KeyError, TypeError, AttributeError, UsageError) as e:
        why = f"缺 {e}" if isinstance(e, KeyError) else str(e)
        error = SourceError(
            path,
            f"不是注释（{why}）",
            '应为 {"id":"文件@日期#条款","hash":…,"gist":…,"lay":[…]}',
            f"第 {number} 行",
        )
        error.__cause__ = e
        return error


def note_from_json(raw: Mapping[str, Any]) -> Note:
    """A note from its JSON object.

    Raises:
        ValueError, KeyError, TypeError, UsageError: it is none.
    """
    ref = parse_ref(raw["id"])
    if not ref.version or not ref.clause:
        raise ValueError(f"id {raw['id']} 应写明版本和条款")
    severity = raw.get("severity", 0)
    if not isinstance(severity, int) or isinstance(severity, bool):
        raise ValueError("severity 应为整数")
    lines = raw.get("lines", [])
    if not isinstance(lines, list):
        raise ValueError("lines 应为一组")
    return Note(
        id=raw["id"],
        hash=str(raw["hash"]),
        gist=_text(raw, "gist", needed=True),
        lay=_texts(raw, "lay"),
        posts=_texts(raw, "posts"),
        activities=_texts(raw, "activities"),
        accidents=_texts(raw, "accidents"),
        hazards=_texts(raw, "hazards"),
        severity=severity,
        who=_text(raw, "who"),
        lines=tuple(_line(x) for x in lines),
        penalty=_texts(raw, "penalty"),
        left_out=_texts(raw, "left_out"),
        author=_text(raw, "author"),
        reviewer=_text(raw, "reviewer"),
    )


def note_to_json(note: Note) -> dict[str, Any]:
    """What `note_from_json` reads."""
    return asdict(note)


def _line(raw: Mapping[str, Any]) -> Line:
    return Line(
        unit=_text(raw, "unit", needed=True),
        card=_text(raw, "card", needed=True),
        text=_text(raw, "text", needed=True),
        who=_text(raw, "who", needed=True),
        must=_text(raw, "must", needed=True),
        phase=_maybe(raw, "phase"),
        hazard=_maybe(raw, "hazard"),
        accident=_maybe(raw, "accident"),
        report_to=_maybe(raw, "report_to"),
        every=_maybe(raw, "every"),
    )


def _text(raw: Mapping[str, Any], key: str, *, needed: bool = False) -> str:
    value = raw[key] if needed else raw.get(key, "")
    if not isinstance(value, str):
        raise ValueError(f"{key} 应为文字")
    return value


def _maybe(raw: Mapping[str, Any], key: str) -> str | None:
    value = raw.get(key)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{key} 应为文字或 null")
    return value


def _texts(raw: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = raw.get(key, [])
    if not isinstance(value, list) or not all(isinstance(x, str) for x in value):
        raise ValueError(f"{key} 应为一组文字")
    return tuple(value)
