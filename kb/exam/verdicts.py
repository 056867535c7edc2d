"""What the panel said of items: 通过, 修改 or 删, read back from a dossier and kept.

An item that was struck out (删) is never made again; one to mend (修改) is held back too, since a
question here is made of the rule's own words and only another question can mend it. Verdicts are
kept in `exam/` of the user's folder, beside the papers, and so are the items of each dossier, so
that a verdict on an item that nobody made is told from one on an item of long ago.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from kb.cards.files import save
from kb.errors import KbError, UsageError, os_reason
from kb.exam.banks import exam_folder
from kb.exam.model import Item
from kb.roots import Roots

__all__ = [
    "CODE",
    "HELD",
    "OPINION",
    "SIGNED",
    "VERDICT",
    "WORDS",
    "Verdict",
    "keep_verdicts",
    "known_items",
    "load_verdicts",
    "read_verdicts",
    "remember",
]

CODE, OPINION, VERDICT, SIGNED = "题目编码", "审题意见", "通过/修改/删", "签名日期"
"""Titles of the columns that are read."""
WORDS = ("通过", "修改", "删")
HELD = ("修改", "删")
"""Verdicts after which an item does not come again."""
_SAID = {
    "通过": "通过",
    "同意": "通过",
    "修改": "修改",
    "改": "修改",
    "删": "删",
    "删除": "删",
    "删去": "删",
}
_ITEM = re.compile(r"[0-9a-f]{12}\Z")
_VERDICTS, _MADE = "verdicts.json", "dossiers.json"
_HEAD_WITHIN = 10


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was said of one item."""

    item: str
    verdict: str
    opinion: str = ""
    signed: str = ""

    def to_json(self) -> dict[str, str]:
        """As it is kept."""
        return {name: getattr(self, name) for name in self.__slots__}


# --- the panel's file -----------------------------------------------------------------------------


def read_verdicts(path: Path) -> tuple[Verdict, ...]:
    """The verdicts of a dossier that came back; rows without one are passed over.

    Raises:
        UsageError: the file is no dossier, or a verdict is not one of `WORDS`; names the row.
    """
    reader = {".xlsx": _xlsx, ".docx": _docx}.get(path.suffix.lower())
    if reader is None:
        raise UsageError(f"审题意见应为 kb quiz --dossier 写出的 .xlsx 或 .docx：{path}")
    try:
        tables = list(reader(path))
    except OSError as e:
        raise UsageError(f"读不了 {path}：{os_reason(e)}。请检查路径") from e
    except (BadZipFile, KeyError, ValueError) as e:
        raise UsageError(
            f"{path} 不是完好的 {path.suffix} 文件（{e}）。请用 Excel 或 WPS 另存"
        ) from e
    out: dict[str, Verdict] = {}
    found = False
    for rows in tables:
        head = _head(rows)
        if head is None:
            continue
        found = True
        at, columns = head
        for number, row in enumerate(rows[at + 1 :], at + 2):
            one = _verdict(path, number, {n: row[c] if c < len(row) else "" for n, c in columns})
            if one is None:
                continue
            if one.item in out and out[one.item].verdict != one.verdict:
                raise UsageError(
                    f"{path} 第 {number} 行：{one.item} 已判“{out[one.item].verdict}”，"
                    f"又判“{one.verdict}”。请留一个"
                )
            out[one.item] = one
    if not found:
        raise UsageError(
            f"{path} 里没有“{CODE}”和“{VERDICT}”两列。请用 kb quiz --dossier 写出的文件填写"
        )
    return tuple(out.values())


def _head(rows: Sequence[Sequence[str]]) -> tuple[int, list[tuple[str, int]]] | None:
    for at, row in enumerate(rows[:_HEAD_WITHIN]):
        names = [x.strip() for x in row]
        if CODE in names and VERDICT in names:
            return at, [(n, names.index(n)) for n in (CODE, VERDICT, OPINION, SIGNED) if n in names]
    return None


def _verdict(path: Path, number: int, row: Mapping[str, str]) -> Verdict | None:
    code, word = row[CODE].strip().lower(), row[VERDICT].strip()
    if not code and not any(v.strip() for v in row.values()):
        return None
    if not word:
        return None
    if not _ITEM.match(code):
        raise UsageError(
            f"{path} 第 {number} 行：{CODE} {row[CODE]!r} 不是 12 位编码，请勿改动这一列"
        )
    said = _SAID.get(word.strip("。 √☑"))
    if said is None:
        raise UsageError(
            f"{path} 第 {number} 行（{code}）：“{VERDICT}”写的是“{word}”，"
            f"应为 {'、'.join(WORDS)} 之一"
        )
    return Verdict(code, said, row.get(OPINION, "").strip(), row.get(SIGNED, "").strip())


def _xlsx(path: Path) -> Iterator[list[list[str]]]:
    from openpyxl import load_workbook

    book = load_workbook(path, data_only=True)
    for sheet in book.worksheets:
        yield [["" if v is None else str(v) for v in r] for r in sheet.iter_rows(values_only=True)]


def _docx(path: Path) -> Iterator[list[list[str]]]:
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError

    try:
        document = Document(str(path))
    except PackageNotFoundError as e:
        raise ValueError("打不开") from e
    for table in document.tables:
        yield [[cell.text for cell in row.cells] for row in table.rows]


# --- what is kept ---------------------------------------------------------------------------------


def load_verdicts(where: Roots) -> dict[str, Verdict]:
    """All verdicts that are kept, by item.

    Raises:
        KbError: the file is broken.
    """
    raw = _load(exam_folder(where) / _VERDICTS)
    try:
        found = [Verdict(**{k: str(v) for k, v in one.items()}) for one in raw]
    except (TypeError, AttributeError) as e:
        raise KbError(
            f"{exam_folder(where) / _VERDICTS} 坏了（{e}）。请恢复备份，或删去重新读入"
        ) from e
    return {v.item: v for v in found}


def keep_verdicts(where: Roots, verdicts: Iterable[Verdict]) -> None:
    """Add verdicts; a later one on the same item replaces the earlier.

    Raises:
        KbError: they cannot be written.
    """
    kept = load_verdicts(where) | {v.item: v for v in verdicts}
    _save(exam_folder(where) / _VERDICTS, [kept[k].to_json() for k in sorted(kept)])


def known_items(where: Roots) -> frozenset[str]:
    """Items that went into a dossier, or have a verdict."""
    made = _load(exam_folder(where) / _MADE)
    return frozenset(map(str, made)) | frozenset(load_verdicts(where))


def remember(where: Roots, items: Iterable[Item]) -> None:
    """Note that items went into a dossier.

    Raises:
        KbError: it cannot be written.
    """
    path = exam_folder(where) / _MADE
    _save(path, sorted({*map(str, _load(path)), *(i.item for i in items)}))


def _load(path: Path) -> list[Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    except OSError as e:
        raise KbError(f"读不了 {path}：{os_reason(e)}。请检查权限") from e
    except ValueError as e:
        raise KbError(f"{path} 坏了（{e}）。请恢复备份，或删去重新读入审题意见") from e
    if not isinstance(found, list):
        raise KbError(f"{path} 坏了（应为一组）。请恢复备份，或删去重新读入审题意见")
    return found


def _save(path: Path, value: Sequence[object]) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
    save(path, text.encode())
