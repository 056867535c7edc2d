"""The invented index with notes, conflicts and accident names, and ways to write cards for it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kb.check import Checker, FileReport, Finding, Shelf
from kb.conflicts import Conflict
from kb.index import Index
from kb.notes import Line, Note
from kb.terms import Accident, Term, Terms
from tests.search.sample import AS_OF, LAW, LAW_DAY, REPEALED, STANDARD, TWIN, build

NOW = f"{LAW}@{LAW_DAY}"
RULES = f"{STANDARD}@2020-10-11"
POST = "守塔人"

TERMS = Terms(
    posts={
        POST: Term("keeper", POST, ("看塔的", "灯塔工")),
        "全体员工": Term("all", "全体员工", ("员工",)),
    },
    accidents={
        "machine": Accident("machine", "机械致害", "机械伤害"),
        "vehicle": Accident("vehicle", "场内车辆致害", "车辆伤害"),
        "road": Accident("road", "道路车辆致害", "车辆伤害"),
        "blasting": Accident("blasting", "民用爆炸", "放炮"),
        "electric": Accident("electric", "触电", "触电"),
    },
)


def _line(unit: str, text: str, card: str = "operation", who: str = "worker") -> Line:
    return Line(unit, card, text, who, "must")


def notes() -> list[Note]:
    """Notes on clauses of the sample; hashes do not matter to what is checked here."""
    return [
        Note(
            f"{NOW}#art-1", "0" * 12, "守塔的每三年换一回灯芯", posts=(POST,), severity=3,
            lines=(_line("art-1.p1", "每三年换一次灯芯"),), left_out=("旧灯芯：略",),
        ),
        Note(
            f"{RULES}#5.2.1", "0" * 12, "螺旋梯踏步宽不小于0.5 m，接地不大于4 Ω，每72 h擦一遍",
            posts=(POST,), severity=3,
            lines=(
                _line("5.2.1.i1", "螺旋梯踏步净宽不小于0.5 m", "risk"),
                _line("5.2.1.i2", "栏杆接地电阻不大于4 Ω", "risk"),
                _line("5.2.1.i3", "每72 h擦一遍踏步"),
            ),
        ),
    ]  # fmt: skip


CONFLICT = Conflict(
    "deng-xin", "灯芯多久换一次",
    ((f"{TWIN}@2015-05-05#6.1", "石阶每年清苔一次"), (f"{NOW}#art-1", "每三年换一次灯芯")),
    "一年和三年", "上位法", f"{NOW}#art-1", "法律效力高",
)  # fmt: skip


def sample_index(folder: Path) -> Index:
    """The invented index with these notes."""
    return build(folder, notes(), TERMS, {CONFLICT.id: CONFLICT})


class Desk:
    """A checker over the sample, and short ways to ask it."""

    def __init__(self, index: Index, as_of: Any = AS_OF, region: str = "") -> None:
        self.shelf = Shelf(index, as_of, region)
        self.checker = Checker(self.shelf, TERMS)

    def report(self, folder: Path, text: str, name: str = "卡.md") -> FileReport:
        """The report on a card of this text."""
        path = folder / name
        path.write_text(text, encoding="utf-8")
        return self.checker.check(path)

    def found(self, folder: Path, text: str) -> list[Finding]:
        """What is found in a card, without what was not checked."""
        return [f for f in self.report(folder, text).findings if f.kind != "not_checked"]

    def kinds(self, folder: Path, text: str) -> list[str]:
        """The kinds of `found`."""
        return [f.kind for f in self.found(folder, text)]


def table(*rows: Sequence[str], heads: Sequence[str] = ("序号", "管控措施", "依据")) -> str:
    """A Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(r) + " |" for r in lines) + "\n"


def workbook(fill: Any) -> bytes:
    """Bytes of an .xlsx that `fill` has filled."""
    import openpyxl

    book = openpyxl.Workbook()
    fill(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


__all__ = ["AS_OF", "NOW", "POST", "REPEALED", "RULES", "TERMS", "Desk", "sample_index", "table"]
