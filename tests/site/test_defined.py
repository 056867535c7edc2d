"""Where a defined term is marked: invented terms."""

from __future__ import annotations

import pytest

from kb.model import UnitKind
from kb.sitegen.defined import DefinedTerms
from kb.store import StoredUnit


def unit(id_: str, kind: UnitKind, heading: str, text: str) -> StoredUnit:
    return StoredUnit("x@2020-01-01", id_, kind, id_, heading, None, 0, 0, text, "", True)


TERMS = DefinedTerms(
    [
        unit("3.1", UnitKind.DEFINITION, "落地灯 floor lamp", "立在地上的灯。"),
        unit("3.2", UnitKind.DEFINITION, "可调落地灯（简称）", "能升降的落地灯。"),
        unit("3.3", UnitKind.DEFINITION, "安全 safety", "没有事故。"),
        unit("3.4", UnitKind.DEFINITION, "灯", "一个字的不算。"),
        unit("3.5", UnitKind.CLAUSE, "检查表", "不是定义。"),
    ]
)


@pytest.mark.parametrize(
    ("clause", "text", "expected"),
    [
        ("5.1", "落地灯放稳，落地灯不倒。", [("落地灯", 0, "3.1")]),
        # part of a longer term it is not the shorter one
        ("5.1", "可调落地灯要锁住。", [("可调落地灯", 0, "3.2")]),
        ("5.1", "可调落地灯和落地灯。", [("可调落地灯", 0, "3.2"), ("落地灯", 6, "3.1")]),
        # a short term is marked where it is a word of its own
        ("5.1", "保证安全。", [("安全", 2, "3.3")]),
        ("5.1", "他不安全部拿走。", []),
        ("5.1", "灯、检查表。", []),
        # a definition does not lead to itself
        ("3.1", "落地灯要安全。", [("安全", 4, "3.3")]),
        ("5.1", "", []),
    ],
)
def test_terms(clause: str, text: str, expected: list[tuple[str, int, str]]) -> None:
    found = TERMS.within(unit(clause, UnitKind.CLAUSE, "", text))
    assert sorted(((text[a:b], a, d) for a, b, d in found), key=lambda x: x[1]) == expected
