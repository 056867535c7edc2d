"""What a query names and does not get, in words."""

from __future__ import annotations

from datetime import date

import pytest

from kb.search import Filters, Searcher
from tests.search.sample import AS_OF, LAW, LOCAL, TWIN

COMES = "《矿灯法》在 2026-11-21 有效的版本没有收录；收录的是 2026-10-01 通过的版本（尚未施行）"


@pytest.mark.parametrize(
    ("query", "notices"),
    [
        ("灯塔法第二百条", ("《灯塔法》没有第二百条（共 4 条）",)),
        ("灯塔法第九章", ("《灯塔法》没有第九章",)),
        ("灯塔法第一条至第九十条", ("《灯塔法》没有第九十条（共 4 条）",)),
        ("灯塔法第二条第九款", ("《灯塔法》第二条：条内没有这一款、项",)),
        ("GB 99998 5.9", ("GB 99998-2020 没有 5.9",)),
        ("99998 表7", ("GB 99998-2020 没有表 7",)),
        ("99998 附录B", ("GB 99998-2020 没有附录B",)),
        ("没有文本的规定第三条", ("《没有文本的规定》没有收录文本",)),
        ("没有文本的规定", ("《没有文本的规定》没有收录文本",)),
        ("GB 99998-2006 5.2.1", ("GB 99998-2006 没有收录文本；目录里有 GB 99998-2020",)),
        ("AQ 7777-2007", ("AQ 7777-2007 没有收录文本",)),
        ("新灯塔法第二条", ("目录里没有《新灯塔法》",)),
        (
            "灯塔法（2013）第一条",
            (
                "《灯塔法》2013 年的版本没有收录；"
                "收录的是 2007-03-01、2020-06-01、2026-10-01 通过的版本",
            ),
        ),
        ("矿灯法第一条", (COMES,)),
        ("矿灯法", (COMES,)),
        (
            "渔港翻车规定第一条",
            ("《渔港翻车规定》在 2026-11-21 已废止，没有列入结果；要看原文请写明版本或选全部效力",),
        ),
        ("灯塔法第一条", ()),
        ("GB 99998 5.2.1", ()),
        ("主席令第三号", ()),
        ("灯芯几年一换", ()),
    ],
)
def test_notices(searcher: Searcher, query: str, notices: tuple[str, ...]) -> None:
    hits = searcher.search(query, as_of=AS_OF)
    assert searcher.notices == notices
    assert searcher.explain(query, as_of=AS_OF) == "；".join(notices)
    for hit in hits:
        assert hit.why.get("notice", "") == (notices[0] if notices else "")


def test_words_still_follow(searcher: Searcher) -> None:
    hits = searcher.search("灯塔法第二百条 灯芯", as_of=AS_OF)
    assert hits
    assert all("citation" not in h.why for h in hits)


def test_a_notice_ends_with_its_query(searcher: Searcher) -> None:
    searcher.search("灯塔法第二百条", as_of=AS_OF)
    searcher.search("灯芯", as_of=AS_OF)
    assert searcher.notices == ()


def test_the_day_asked_for(searcher: Searcher) -> None:
    says = searcher.explain("灯塔法第一条", as_of=date(2005, 1, 1))
    assert says.startswith("《灯塔法》在 2005-01-01 有效的版本没有收录；收录的是 2007-03-01、")
    assert searcher.explain("灯塔法第一条", as_of=date(2010, 1, 1)) == ""


def test_filters_are_named(searcher: Searcher) -> None:
    only = Filters(docs=(TWIN,))
    says = searcher.explain("灯塔法第一条", as_of=AS_OF, filters=only)
    assert says == "《灯塔法》不在所选的范围内"
    coming = Filters.of(searcher, statuses=["已废止"])
    says = searcher.explain("灯塔法第一条", as_of=AS_OF, filters=coming)
    assert says.startswith("《灯塔法》没有所选效力的版本；")
    local = Filters.of(searcher, region="重庆市")
    assert searcher.explain("浙江省渔灯条例第十条", as_of=AS_OF, filters=local)


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("主席令第三号第一条", f"{LAW}@2007-03-01#art-1"),
        ("主席令第九号第一条", f"{LAW}@2020-06-01#art-1"),
        ("第十条 浙江省渔灯条例", f"{LOCAL}@2018-01-01#art-10"),
        ("灯塔法第二章", f"{LAW}@2020-06-01#art-25"),
        ("99998 表1", "gb-99998-2020@2020-10-11#5.2.2"),
    ],
)
def test_they_lead_to_the_clause(searcher: Searcher, query: str, first: str) -> None:
    hit = searcher.search(query, as_of=AS_OF)[0]
    assert (hit.full_id, hit.score) == (first, 1.0)


def test_a_range_stands_in_order_up_to_top(searcher: Searcher) -> None:
    found = searcher.search("灯塔法第一条至第二十五条", as_of=AS_OF, top=2)
    assert [h.clause_id for h in found] == ["art-1", "art-2"]
    found = searcher.search("灯塔法第一条至第二十五条", as_of=AS_OF, top=20)
    assert [h.clause_id for h in found][:3] == ["art-1", "art-2", "art-25"]
    assert ["citation" in h.why for h in found[:4]] == [True, True, True, False]
