"""What a card does not say that can kill, and which drafted lines to read again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kb.cards import Basis, CardLine, Draft
from kb.check.stale import stale_lines
from kb.errors import SourceError
from kb.index import Index
from tests.check.sample import NOW, POST, RULES, Desk
from tests.search.sample import LAW, OLD_LAW_DAY, REPEALED


def card_line(desk: Desk, clause: str, text: str, severity: int = 3) -> CardLine:
    ref, _, unit = clause.partition("#")
    found = desk.shelf.passages.unit(ref, unit)
    digest = found.hash if found else "0" * 12
    basis = Basis(clause, unit, desk.shelf.cite(ref, unit), digest, "现行")
    return CardLine(text, "operation", basis=(basis,), severity=severity)


def draft(*lines: CardLine) -> Draft:
    cards = {"risk": (), "duty": (), "operation": lines, "emergency": ()}
    return Draft(POST, POST, "工贸", "", "2026-11-21", cards, (), True, "", (), ())


@pytest.fixture(scope="session")
def wanted(desk: Desk) -> Draft:
    return draft(
        card_line(desk, f"{NOW}#art-1", "每三年换一次灯芯"),
        card_line(desk, f"{RULES}#5.2.1", "螺旋梯踏步净宽不小于0.5 m"),
        card_line(desk, f"{RULES}#5.2.1", "每72 h擦一遍踏步"),
        card_line(desk, f"{NOW}#art-2", "漏油就停用灯塔", severity=2),
    )


@pytest.mark.parametrize(
    ("card", "missing"),
    [
        ("巡塔时关好门窗。", [f"{NOW}#art-1", f"{RULES}#5.2.1"]),
        ("守塔人每三年换一次灯芯。", [f"{RULES}#5.2.1"]),
        ("踏步净宽不小于0.4 m。", [f"{NOW}#art-1"]),  # said, though wrongly: that is told apart
        ("照章办事（GB 99998-2020 5.2.1、《灯塔法》第一条）。", []),
    ],
)
def test_gaps(desk: Desk, wanted: Draft, tmp_path: Path, card: str, missing: list[str]) -> None:
    path = tmp_path / "卡.md"
    path.write_text(card, encoding="utf-8")
    found = [f for f in desk.checker.check(path, wanted).findings if f.kind == "gap"]
    assert [f.id for f in found] == missing
    assert all(not f.is_error and f.post == POST and "由岗位讨论" in f.suggestion for f in found)


def test_gaps_look_at_the_post_s_own_card(desk: Desk, wanted: Draft, tmp_path: Path) -> None:
    path = tmp_path / "卡.md"
    text = "# 守塔人操作卡\n\n关好门窗再走。\n\n# 全体员工卡\n\n守塔人每三年换一次灯芯。\n"
    path.write_text(text, encoding="utf-8")
    missing = [f.id for f in desk.checker.check(path, wanted).findings if f.kind == "gap"]
    assert f"{RULES}#5.2.1" in missing


# --- stale --------------------------------------------------------------------------------------


def saved(folder: Path, made: Any) -> Path:
    path = folder / "draft.json"
    path.write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
    return path


def changed(line: CardLine, **basis: str) -> CardLine:
    from dataclasses import replace

    return replace(line, basis=(replace(line.basis[0], **basis),))


def test_stale(desk: Desk, tmp_path: Path, wanted: Draft) -> None:
    first, width, _, _ = wanted.cards["operation"]
    old = card_line(desk, f"{LAW}@{OLD_LAW_DAY}#art-1", "守塔人每五年换一次灯芯")
    made = draft(
        first,
        changed(first, hash="0" * 12),
        changed(width, hash="0" * 12),
        changed(card_line(desk, f"{RULES}#5.2.1", "踏步净宽不小于0.4 m"), hash="0" * 12),
        changed(first, id=f"{NOW}#art-77"),
        old,
        card_line(desk, f"{REPEALED}@1999-01-01#art-1", "翻车不拖上岸"),
        CardLine("员工自己提的一行", "risk", origin="crew"),
    )
    report = stale_lines(desk.shelf, saved(tmp_path, [made.to_json()]))
    assert report.same == 1
    assert [(x.line, x.state) for x in report.lines] == [
        (2, "wording"),
        (3, "wording"),
        (4, "figures"),
        (5, "missing"),
        (6, "superseded"),
        (7, "superseded"),
    ]
    assert report.blocked == 4
    assert report.lines[4].suggestion == "《中华人民共和国灯塔法》第一条"
    assert report.to_json()["lines"][0]["card"] == "operation"


def test_a_fresh_draft_is_not_stale(sample: Index, wanted: Draft, tmp_path: Path) -> None:
    report = stale_lines(Desk(sample).shelf, saved(tmp_path, wanted.to_json()))
    assert (report.same, report.lines) == (4, [])


@pytest.mark.parametrize(
    "text", ["{", "[]x", '{"post":"x"}', '{"cards":{"risk":[{"basis":["坏 编号"]}]}}', "[1]"]
)
def test_no_draft(desk: Desk, tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError):
        stale_lines(desk.shelf, path)
    with pytest.raises(SourceError, match="找不到"):
        stale_lines(desk.shelf, tmp_path / "没有.json")
