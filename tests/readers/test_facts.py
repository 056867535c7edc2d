"""Dates and numbers that files state about themselves."""

from __future__ import annotations

import pytest

from kb.readers.facts import docno_in, file_facts, header_facts, iso_date, standard_number

HEADERS = [
    ([], {}),
    (["没有日期的一行", "煤矿条例"], {}),
    (["2021年6月10日 某会第二十九次会议通过"], {"adopted": "2021-06-10"}),
    (
        ["2002年4月30日 某院第57次会议通过", "2002年5月12日 某院令第352号公布"],
        {"adopted": "2002-04-30", "issued": "2002-05-12"},
    ),
    (["2003年4月27日 某院令第375号公布"], {"adopted": "2003-04-27", "issued": "2003-04-27"}),
    (
        ["2004年1月13日 公布", "2013年7月18日 《关于废止和修改的决定》第一次修订　"],
        {"adopted": "2013-07-18", "issued": "2004-01-13"},
    ),
    (
        ["2003年11月12日 通过", "2003年11月24日 第393号公布", "2004年2月1日 施行"],
        {"adopted": "2003-11-12", "issued": "2003-11-24", "in_force": "2004-02-01"},
    ),
    # the day of the first enactment is not that of the wording at hand
    (["2002年6月29日 通过", "2002年11月1日 施行", "2014年8月31日 修正"], {"adopted": "2014-08-31"}),
    (
        ["1996年10月11日 批准　", "1996年10月30日 某部令第4号发布  自发布之日施行"],
        {"adopted": "1996-10-11", "issued": "1996-10-30", "in_force": "1996-10-30"},
    ),
    (
        ["2020-10-11 发布", "2021-09-01 实施"],
        {"adopted": "2020-10-11", "issued": "2020-10-11", "in_force": "2021-09-01"},
    ),
    # two events on one line; the first date of a joint session has no verb of its own
    (["2016年5月27日 某会修订根据2017年11月30日某会《决定》修正"], {"adopted": "2017-11-30"}),
    (
        [
            "2022年9月19日 甲院第1875次会议、2022年10月25日乙院第十三届会议通过",
            "2022年12月19日 施行",
        ],
        {"adopted": "2022-10-25", "in_force": "2022-12-19"},
    ),
    # words within a title say nothing of the day, unless nothing else does
    (["2010年1月2日 《某法实施办法》公布"], {"adopted": "2010-01-02", "issued": "2010-01-02"}),
    (["2019年4月23日 某会《关于修改〈某法〉的决定》"], {"adopted": "2019-04-23"}),
    (["2021年2月30日 通过"], {}),
    (
        ["1992年11月7日通过 自1993年5月1日起施行"],
        {"adopted": "1992-11-07", "in_force": "1993-05-01"},
    ),
]


@pytest.mark.parametrize(("lines", "facts"), HEADERS)
def test_header_facts(lines: list[str], facts: dict[str, str]) -> None:
    assert header_facts(lines) == facts


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("GB 16423—2020", "GB 16423-2020"),
        ("GB 16423-2020 某规程", "GB 16423-2020"),
        ("见GB/T 33000－2016", "GB/T 33000-2016"),
        ("AQ2012—2007", "AQ 2012-2007"),
        ("GB/T 1.1–2020", "GB/T 1.1-2020"),
        ("DB50/T 867.12-2021", "DB50/T 867.12-2021"),
        ("TSG 23-2021", "TSG 23-2021"),
        ("GB 6722", ""),  # undated: no edition is named
        ("2020-10-11", ""),
        ("ISO9001", ""),
        ("GB 16423—20201", ""),
    ],
)
def test_standard_number(text: str, number: str) -> None:
    assert standard_number(text) == number


def test_whole_line_numbers() -> None:
    assert standard_number(" GB 16423—2020 ", whole=True) == "GB 16423-2020"
    assert standard_number("—GB 16423—1996；", whole=True) == ""
    assert docno_in("津应急发〔2021〕108号", whole=True) == "津应急发〔2021〕108号"
    assert docno_in("依据津应急发〔2021〕108号文件", whole=True) == ""


@pytest.mark.parametrize(
    ("stem", "facts"),
    [
        ("某条例(2013-12-07)", {"file_date": "2013-12-07"}),
        ("某条例（2013-12-07）", {"file_date": "2013-12-07"}),
        ("某条例(2013-13-07)", {}),
        ("某条例(2013-12-07) 副本", {}),
        ("GB 16423-2020 某规程", {"number": "GB 16423-2020"}),
        ("江津-津应急发〔2021〕108号-方案", {"number": "津应急发〔2021〕108号"}),
        ("某地-2017年要点", {}),
    ],
)
def test_file_facts(stem: str, facts: dict[str, str]) -> None:
    assert file_facts(stem) == facts


def test_iso_date_checks_the_calendar() -> None:
    assert iso_date("2024", "2", "29") == "2024-02-29"
    assert iso_date("2023", "2", "29") == ""
