"""How units are called and cited, from their ids alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kb.cite_text import cite, clause_label, document_name, unit_label
from kb.library import load_library
from kb.model import DocKind, Document, Version
from kb.roots import Roots

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
        (LAW, "app-1.art-3", "附件一第三条", "附件一第三条"),
        (LAW, "app-1.4", "附件一第四项", "附件一第四项"),
        (LAW, "app-2.4.p1.i1", "附件二第四项第一段第（一）项", "附件二第四项"),
        (LAW, "app-2.4.p1.i1.y2", "附件二第四项第一段第（一）项第2目", "附件二第四项"),
        (LAW, "app-1.p2", "附件一第二段", "附件一第二段"),
        (LAW, "app-1.sign", "附件一落款", "附件一落款"),
        (LAW, "ch-2.p1", "第二章第一段", "第二章第一段"),
        (LAW, "art-7~2.p1.i1.r2", "第七条第一款第（一）项", "第七条"),
        (LAW, "pre", "题注", "题注"),
        (LAW, "pre-2.p1", "题注（二）第一段", "题注（二）第一段"),
        (LAW, "toc", "目录", "目录"),
        (LAW, "end.p1", "结尾第一段", "结尾"),
        (LAW, "sign", "落款", "落款"),
        (LAW, "part-end.art-3", "附则第三条", "附则第三条"),
        (DocKind.DECISION, "full.p2", "全文第二款", "全文"),
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
        (STD, "app-A.full.p2", "附录A第2段", "附录A"),
        (STD, "4.1.3.1.d1", "4.1.3.1 1）", "4.1.3.1"),
        (STD, "4.1.3.1.d5~2", "4.1.3.1 5）", "4.1.3.1"),
        (STD, "5.6.1.5.d", "5.6.1.5 d）", "5.6.1.5"),
        (STD, "5.6.1.5.a.1", "5.6.1.5 a）1）", "5.6.1.5"),
        (STD, "5.6.1.5.a.i1", "5.6.1.5 a）第1项", "5.6.1.5"),
        (STD, "pre", "前言", "前言"),
        (STD, "pre.p2", "前言第2段", "前言"),
        (STD, "intro.p1", "引言第1段", "引言"),
        (NOTE, "m-s3-k1-c2", "三（一）②", "三（一）②"),
        (NOTE, "m-s5-n6", "五、6", "五、6"),
        (NOTE, "m-n1-n2", "1、2", "1、2"),
        (NOTE, "m-s1-y2", "一、二是", "一、二是"),
        (NOTE, "a1-s2-p1", "附件1二第1段", "附件1二第1段"),
        (NOTE, "m-h1-r3", "第一章第三条", "第一章第三条"),
        (NOTE, "m-sign1", "落款", "落款"),
        (NOTE, "m-c60", "（60）", "（60）"),
        (NOTE, "m-s1~2-k1.r2", "一（一）", "一（一）"),
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


@pytest.mark.parametrize(
    ("annex", "unit", "words"),
    [
        ("附录", "app-1.4", "《某某规程》附录第四项"),
        ("附表二", "app-2.p1", "《某某规程》附表二第一段"),
        ("附件一", "app-1.art-3", "《某某规程》附件一第三条"),
        ("灯油税率表一（甲）", "app-1.p1", "《某某规程》附件一第一段"),
        ("附录", "art-3", "《某某规程》第三条"),
    ],
)
def test_an_annex_is_called_what_it_calls_itself(annex: str, unit: str, words: str) -> None:
    assert cite(document(LAW), Version("d", "2007-08-30"), unit, annex=annex) == words


RAW = re.compile(r"[a-z_~-]")
LETTERED = re.compile(r"(?<=[ ）\d])[a-z]）")


@pytest.mark.corpus
def test_no_id_of_a_real_document_stays_raw(repo: Path, corpus_dir: Path, tmp_path: Path) -> None:
    """Every unit of every text of the package and the corpus has words."""
    library = load_library(Roots(repo, tmp_path), laws="all", corpus=[corpus_dir])
    raw: set[tuple[str, str]] = set()
    seen = 0
    for text in library.loaded:
        kind = text.document.kind
        for unit in text.tree.units:
            seen += 1
            for words in (unit_label(unit.id, kind), clause_label(unit.id, kind)):
                left = LETTERED.sub("", words) if kind is STD else words
                if (
                    RAW.search(left)
                    or not words
                    or (words == unit.id and not re.fullmatch(r"[\d.]+", words))
                ):
                    raw.add((text.ref, unit.id))
    assert seen > 50_000
    assert sorted(raw) == []


def test_a_version_without_a_known_day_names_none() -> None:
    assert cite(document(LAW), Version("d", "0001-01-01"), "art-1", in_force=False) == (
        document_name(document(LAW)) + "第一条"
    )
