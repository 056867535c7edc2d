"""The invented site with what drilling needs: a rule to be asked about, notes with ways to ask."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from kb.ids import content_hash
from kb.model import DocKind, Document, UnitKind, Version
from kb.notes import Line, Note
from kb.roots import Roots, shipped_dir
from kb.store import LoadedText
from kb.store_write import PassageWriter
from tests.site.conftest import Built, built_from
from tests.site.lists_sample import POST, write_corpus
from tests.site.sample import N, SampleLibrary, display
from tests.site.sample import _write as write_units

__all__ = ["ENDING", "NOTES", "POST_ID", "RULE", "build_drill_site"]

POST_ID = "lamp-tester"
RULE, DAY = "ceshi-guicheng", "2020-02-02"
REF = f"{RULE}@{DAY}"
ENDING = date(2027, 3, 1)
"""The day on which the rule is no longer in force."""

K = UnitKind
_CLAUSES = {
    "4.1": "量杆与灯罩的距离不应小于0.3 m。",
    "4.2": "灯房应每月清点灯罩1次，清点记录应保存2年。",
    "4.3": "测灯工离开灯架前应切断灯架电源。",
    "4.4": "灯架上不应堆放备用灯泡。",
    "4.5": "室外灯架的高度不应超过4.5 m，灯架之间的间距不应小于12 m。",
    "4.6": "灯罩温度超过60 ℃时，应停止测灯。",
    "4.7": "测灯车的行驶速度不应超过8 km/h。",
    "4.8": "备用电池组的连续供电时间不应少于45 min。",
}
_LIST = N("4.9", K.CLAUSE, "4.9", "测灯应遵守下列规定：", hit=True, below=[
    N("4.9.i1", K.ITEM, "——", "先看灯罩有无裂纹；"),
    N("4.9.i2", K.ITEM, "——", "不应单手举量杆；"),
    N("4.9.i3", K.ITEM, "——", "灯架下方不应站人；"),
    N("4.9.i4", K.ITEM, "——", "测完应填写灯表。"),
])  # fmt: skip


def _units() -> list[N]:
    clauses = [N(c, K.CLAUSE, c, text, hit=True) for c, text in _CLAUSES.items()]
    return [N("4", K.CHAPTER, "4", heading="测灯", below=[*clauses, _LIST])]


def _note(clause: str, text: str, lay: tuple[str, ...], *lines: Line) -> Note:
    return Note(
        id=f"{REF}#{clause}", hash=content_hash(text), gist=f"测灯要点{clause}", lay=lay,
        posts=(POST,), activities=("用电",), accidents=("electric",), severity=2, who="worker",
        lines=lines, author="n00", reviewer="r00",
    )  # fmt: skip


def _line(unit: str, text: str, card: str = "operation", must: str = "must") -> Line:
    return Line(unit, card, text, "worker", must, "during", None, None)


NOTES = (
    _note("4.1", _CLAUSES["4.1"], ("量杆能不能贴着灯罩", "测灯 量杆 间隔"),
          _line("4.1", "测灯时量杆离灯罩至少0.3 m")),
    _note("4.3", _CLAUSES["4.3"], ("下灯架要不要断电",),
          _line("4.3", "测灯工下灯架前先断电：____")),
    _note("4.9", display(_LIST), ("单手举量杆行不行", "灯架下方能不能站人"),
          _line("4.9.i1", "测灯前看灯罩有没有裂纹"),
          _line("4.9.i2", "测灯不单手举量杆", must="must-not"),
          _line("4.9.i3", "测灯时灯架下方不站人", must="must-not"),
          _line("4.9.i4", "测灯完填好灯表", "duty")),
)  # fmt: skip


class _Library(SampleLibrary):
    def add(self, w: PassageWriter) -> None:
        version = Version(RULE, DAY, date(2020, 8, 1), ENDING)
        w.documents([
            Document(RULE, "测试灯具测灯规程", "测灯规程", DocKind.STANDARD,
                     number="GB 88888-2020", level="国家标准", versions=(version,)),
        ])  # fmt: skip
        w.text(LoadedText(REF, RULE, DAY, f"{RULE}.txt", "text", "0" * 64, ()), 90)
        write_units(w, REF, _units())
        for note in NOTES:
            w.note(note)


def build_drill_site(folder: Path) -> Built:
    """Generate and build the invented site with a post, its notes and a rule."""
    write_corpus(folder)
    industries = folder / "corpus/terms/industries.toml"
    text = industries.read_text(encoding="utf-8").replace("docs = [", f'docs = ["{RULE}", ')
    industries.write_text(text, encoding="utf-8")
    assert Roots(shipped_dir(), folder).corpora[-1] == folder / "corpus"
    return built_from(folder, _Library())
