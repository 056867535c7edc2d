"""How units are called and cited, from their ids alone."""

from __future__ import annotations

import pytest

from kb.cite_text import cite, clause_label, document_name, unit_label
from kb.model import DocKind, Document, Version

LAW, STD, NOTE = DocKind.LAW, DocKind.STANDARD, DocKind.NOTICE


@pytest.mark.parametrize(
    ("kind", "unit", "label", "clause"),
    [
        (LAW, "art-25", "第二十五条", "第二十五条"),
        (LAW, "art-101", "第一百零一条", "第一百零一条"),
        (LAW, "art-134-1", "第一百三十四条之一", "第一百三十四条之一"),
        (LAW, "art-16.p1.i3", "第十六条第一款第（三）项", "第十六条"),
        (LAW, "art-16.p1.i3.y2", "第十六条第一款第（三）项第2目", "第十六条"),
        (LAW, "art-7~2", "第七条", "第七条"),
        (LAW, "art-7~2.p2", "第七条第二款", "第七条"),
        (LAW, "app-1.art-3", "附件1第三条", "附件1第三条"),
        (LAW, "ch-2.s1", "第二章第一节", "第二章第一节"),
        (LAW, "part-2.sub-1.ch-3", "第二编第一分编第三章", "第二编第一分编第三章"),
        (DocKind.DECISION, "item-3", "条目三", "条目三"),
        (DocKind.DECISION, "full", "全文", "全文"),
        (STD, "5.2.2.2", "5.2.2.2", "5.2.2.2"),
        (STD, "5.2.2.2.i3", "5.2.2.2第3项", "5.2.2.2"),
        (STD, "5.6.1.5.a", "5.6.1.5 a）", "5.6.1.5"),
        (STD, "5.2.1.1.t1", "5.2.1.1表1", "5.2.1.1"),
        (STD, "3.17", "3.17", "3.17"),
        (STD, "app-C.1.2", "C.1.2", "C.1.2"),
        (STD, "app-A.full", "附录A", "附录A"),
        (NOTE, "m-s3-k1-c2", "三（一）②", "三（一）②"),
        (NOTE, "m-s5-n6", "五、6", "五、6"),
        (NOTE, "m-n1-n2", "1、2", "1、2"),
        (NOTE, "m-s1-y2", "一、二是", "一、二是"),
        (NOTE, "a1-s2-p1", "附件1二第1段", "附件1二第1段"),
        (NOTE, "m-h1-r3", "第一章第三条", "第一章第三条"),
        (NOTE, "m-sign1", "落款", "落款"),
        (LAW, "no-rule", "no-rule", "no-rule"),
        (STD, "zz", "zz", "zz"),
        (NOTE, "m-x9", "m-x9", "m-x9"),
    ],
)
def test_labels(kind: DocKind, unit: str, label: str, clause: str) -> None:
    assert unit_label(unit, kind) == label
    assert clause_label(unit, kind) == clause


def document(kind: DocKind, number: str | None = None) -> Document:
    return Document("d", "某某规程", "某某规程", kind, number=number)


@pytest.mark.parametrize(
    ("kind", "number", "unit", "in_force", "words"),
    [
        (LAW, None, "art-25", True, "《某某规程》第二十五条"),
        (LAW, None, "art-25", False, "《某某规程》（2007年8月30日通过）第二十五条"),
        (LAW, None, "", True, "《某某规程》"),
        (LAW, None, "art-7~2", True, "《某某规程》第七条（原文第2处）"),
        (STD, "GB 16423-2020", "5.2.2.2", True, "《某某规程》（GB 16423—2020）5.2.2.2"),
        (STD, "GB 16423-2020", "5.2.2.2", False, "《某某规程》（GB 16423—2020）5.2.2.2"),
        (STD, "GB/T 1.1-2009", "", True, "《某某规程》（GB/T 1.1—2009）"),
        (NOTE, "渔应急〔2021〕7号", "m-s1", True, "《某某规程》（渔应急〔2021〕7号）一"),
        (NOTE, None, "m-s1", True, "《某某规程》一"),
        (NOTE, None, "m-s1", False, "《某某规程》一"),
    ],
)
def test_citations(
    kind: DocKind, number: str | None, unit: str, in_force: bool, words: str
) -> None:
    version = Version("d", "2007-08-30")
    assert cite(document(kind, number), version, unit, in_force=in_force) == words


def test_a_version_without_a_known_day_names_none() -> None:
    assert cite(document(LAW), Version("d", "0001-01-01"), "art-1", in_force=False) == (
        document_name(document(LAW)) + "第一条"
    )
