"""The invented site with notes, a post, requirements and conflicts of its own."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import cast

from kb.index import write_index
from kb.library import Library
from kb.notes import Line, Note, note_to_json
from tests.site.sample import HOSTILE, LAW, NEW, NOTICE, OLD, STANDARD, SampleLibrary

__all__ = ["CORPUS", "NOTES", "POST", "build_lists_index", "write_corpus"]

POST = "测灯工"
HOSTILE_SHORT = "<script>alert(1)</script> {{ x }} <b>"


def _line(unit: str, card: str, text: str, who: str = "worker", **more: object) -> Line:
    return Line(unit, card, text, who, str(more.pop("must", "must")), **more)  # type: ignore[arg-type]


def _note(full_id: str, gist: str, *lines: Line, severity: int = 2) -> Note:
    return Note(
        id=full_id, hash="0" * 12, gist=gist, posts=(POST,), activities=("用电",),
        accidents=("electric",), severity=severity, who="worker", lines=lines,
        author="n00", reviewer="r00",
    )  # fmt: skip


NOTES = (
    _note(
        f"{STANDARD}@2020-10-11#5.2.1.1",
        "灯要挂得够高，床边留空",
        _line("5.2.1.1.i1", "operation", "测灯前关掉总闸", phase="before", hazard="触电"),
        _line("5.2.1.1.i2", "operation", "不许踩着凳子测灯", must="must-not", phase="never"),
        _line("5.2.1.1", "risk", HOSTILE_SHORT),
        _line("5.2.1.1.t1", "duty", "每周把灯表交给灯房", every="每周"),
        _line("5.2.1.1.n1", "duty", "给测灯工配好量杆", "firm"),
    ),
    _note(
        f"{LAW}@{NEW}#art-3",
        HOSTILE,
        _line("art-3.p1.i1", "emergency", "灯座冒烟立即停用", accident="electric"),
        severity=3,
    ),
    _note(f"{LAW}@{OLD}#art-3", "旧稿里的灯具要求", _line("art-3.p1.i1", "duty", "照旧稿点灯")),
    _note(
        "wu-zhengwen@2019-01-01#art-9", "没有原文的一条灯具规定", _line("art-9", "duty", "收好灯罩")
    ),
)

CORPUS = {
    "terms/posts.toml": f"""
[[post]]
id = "lamp-tester"
name = "{POST}"
area = "trade"
aliases = ["点灯师傅"]
cards = true
industries = ["工贸", "通用"]
equipment = ["量杆"]
objects = ["测灯"]
activities = ["用电"]
certificates = []
accidents = ["electric"]
standards = ["GB 99999-2020", "GB 77777-2020"]
questions = []
""",
    "terms/industries.toml": f"""
[[industry]]
name = "工贸"
docs = ["{LAW}", "{STANDARD}", "wu-zhengwen"]
""",
    "requirements.toml": f"""
[[step]]
notice = "{NOTICE}@2021-03-02"
n = 1
name = "看灯"
what = "家家看灯"
basis = ["{NOTICE}@2021-03-02#m-s1-k1"]

[[step]]
notice = "{NOTICE}@2021-03-02"
n = 2
name = "报灯"
what = "街道报数"
basis = ["{NOTICE}@2021-03-02#m-s1-k2"]

[[requirement]]
id = "lamps-look"
notice = "{NOTICE}@2021-03-02"
topic = "隐患排查"
who = ["企业", "班组"]
industry = ["通用"]
what = "{HOSTILE_SHORT}"
by = 2026-12-31
by_text = "2026年底前"
basis = ["{NOTICE}@2021-03-02#m-s1-k1"]
evidence = ["看灯表"]
step = 1

[[requirement]]
id = "lamps-count"
notice = "{NOTICE}@2021-03-02"
topic = "总结上报"
who = ["镇街"]
industry = ["工贸"]
what = "数清街上的灯"
every = "每月"
basis = ["{NOTICE}@2021-03-02#a1-p1"]
step = 2

[[requirement]]
id = "lamps-teach"
notice = "{NOTICE}@2021-03-02"
topic = "培训考核"
who = ["未写明"]
industry = ["通用"]
what = "教会新来的人看灯"
basis = ["{NOTICE}@2021-03-02#m-s1-k2"]
""",
    "conflicts.toml": f"""
[[conflict]]
id = "lamp-height"
subject = "壁灯挂多高"
clause = [
  {{ id = "{LAW}@{NEW}#art-3", says = "按规程挂" }},
  {{ id = "{STANDARD}@2020-10-11#5.2.1.1", says = "{HOSTILE_SHORT}" }},
]
differs = "一处有数，一处没有"
rule = "特别法"
prevails = "{STANDARD}@2020-10-11#5.2.1.1"
why = "规程专门管挂灯"
author = "c00"
reviewer = "c01"

[[conflict]]
id = "lamp-owner"
subject = "街灯归谁管"
clause = [
  {{ id = "{LAW}@{NEW}#art-2", says = "不管街灯" }},
  {{ id = "wu-zhengwen@2019-01-01#art-9", says = "街灯归街道" }},
]
differs = "管与不管"
rule = "待定"
prevails = ""
why = "没有原文可对"
author = "c00"
reviewer = "c01"
""",
}


class _Library(SampleLibrary):
    def write_passages(self, path: Path, generation: str, _progress: object = None) -> None:
        super().write_passages(path, generation)
        with sqlite3.connect(path) as db:
            for note in NOTES:
                found = db.execute(
                    "SELECT hash FROM units WHERE ref=? AND id=?", (note.ref, note.clause)
                ).fetchone()
                note = replace(note, hash=found[0] if found else note.hash)
                row = (note.ref, note.clause, "", len(note.lines), note.gist)
                words = json.dumps(note_to_json(note), ensure_ascii=False)
                db.execute("INSERT INTO notes VALUES (?,?,?,?,?,?)", (*row, words))
        db.close()


def build_lists_index(folder: Path) -> None:
    """The invented index with `NOTES`."""
    write_index(cast("Library", _Library()), folder)


def write_corpus(root: Path) -> None:
    """The user's corpus folder, laid over the shipped one."""
    for name, text in CORPUS.items():
        path = root / "corpus" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
