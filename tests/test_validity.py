"""Validity on a day: the packaged laws, the shipped catalog, each rule alone, and properties."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.catalog import Catalog
from kb.model import Certainty, DocKind, Document, Status, TextState, Version
from kb.readers.statutes import StatuteDb, StatuteRow
from kb.validity import DEFAULT_SEARCH, EXCLUDED, validity

TODAY = date(2026, 11, 21)
EVIDENCE = date(2026, 8, 28)  # the latest publication in the data package


@pytest.fixture(scope="module")
def rows() -> tuple[StatuteRow, ...]:
    with StatuteDb.open() as db:
        return tuple(db.rows())


@pytest.fixture(scope="module")
def catalog(repo: Path, rows: tuple[StatuteRow, ...]) -> Catalog:
    return Catalog.load([repo / "corpus"], rows)


# --- the packaged laws ------------------------------------------------------------------------


def census(catalog: Catalog, rows: tuple[StatuteRow, ...], day: date) -> dict[Status, Counter[str]]:
    articles = {r.law_id: r.articles for r in rows}
    out: dict[Status, Counter[str]] = {s: Counter() for s in Status}
    for document in catalog.documents.values():
        for v in document.versions:
            if v.package_id:
                found = out[catalog.validity(v, day).status]
                found["texts"] += 1
                found["articles"] += articles[v.package_id]
    return out


def test_all_packaged_rows_today(catalog: Catalog, rows: tuple[StatuteRow, ...]) -> None:
    found = census(catalog, rows, TODAY)
    searched = sum((found[s] for s in DEFAULT_SEARCH), Counter())
    ended = found[Status.REPLACED] + found[Status.REPEALED]
    assert searched == {"texts": 351, "articles": 23_837}
    assert found[Status.NOT_YET] == {"texts": 4, "articles": 330}
    assert ended == {"texts": 23, "articles": 2_029}
    assert found[Status.AMENDED]["texts"] == 1
    assert found[Status.PENDING] == {}


def test_four_laws_begin_with_the_new_year(catalog: Catalog) -> None:
    def waiting(day: date) -> set[str]:
        return {
            f"{d.id}@{v.version}"
            for d in catalog.documents.values()
            for v in d.versions
            if v.package_id and catalog.validity(v, day).status is Status.NOT_YET
        }

    assert waiting(TODAY) == {
        "nongye-fa@2026-08-28",
        "shangbiao-fa@2026-06-26",
        "yiliao-baozhang-fa@2026-08-28",
        "gengdi-baohu-he-zhiliang-tisheng-fa@2026-08-28",
    }
    assert waiting(date(2027, 1, 1)) == set()


# (version, day, status, label)
SHIPPED = [
    ("nongye-fa@2012-12-28", "2026-11-21", "现行", "现行（施行日期待核）"),
    ("nongye-fa@2026-08-28", "2026-11-21", "尚未施行", "尚未施行"),
    ("nongye-fa@2012-12-28", "2026-12-31", "现行", "现行（施行日期待核）"),
    ("nongye-fa@2012-12-28", "2027-01-01", "被代替", "被代替"),
    ("nongye-fa@2026-08-28", "2027-01-01", "现行", "现行"),
    ("nongye-fa@2026-08-28", "2026-08-27", "尚未施行", "尚未施行"),
    ("shangbiao-fa@2019-04-23", "2026-11-21", "现行", "现行（施行日期待核）"),
    # the package gives the first enactment's day for both wordings
    ("zhuce-kuaijishi-fa@2014-08-31", "2026-11-21", "被代替", "被代替"),
    ("zhuce-kuaijishi-fa@2026-06-26", "2026-11-21", "现行", "现行（施行日期待核）"),
    ("zhuce-kuaijishi-fa@2026-06-26", "2026-07-15", "待核", "待核"),
    # the amending decisions of the package say when the amended wordings begin
    ("shipin-anquan-fa@2025-09-12", "2025-11-30", "尚未施行", "尚未施行"),
    ("shipin-anquan-fa@2025-09-12", "2025-12-01", "现行", "现行"),
    ("cunmin-weiyuanhui-zuzhi-fa@2025-10-28", "2025-12-31", "尚未施行", "尚未施行"),
    ("xingfa@2020-12-26", "2026-11-21", "已修改", "已修改"),
    ("xingfa@2020-12-26", "2024-02-29", "现行", "现行"),
    ("xingfa@2020-12-26", "2021-02-28", "尚未施行", "尚未施行"),
    ("huanjing-baohu-fa@2014-04-24", "2026-08-14", "现行", "现行"),
    ("huanjing-baohu-fa@2014-04-24", "2026-08-15", "已废止", "已废止"),
    ("xiangzhen-qiye-fa@1996-10-29", "2026-11-21", "已废止", "已废止（日期不详）"),
    ("xiangzhen-qiye-fa@1996-10-29", "2010-01-01", "待核", "待核"),
    ("weixian-huaxuepin-anquan-fa@2025-12-27", "2026-11-21", "现行", "现行"),
    ("weixian-huaxuepin-anquan-fa@2025-12-27", "2026-04-30", "尚未施行", "尚未施行"),
    ("weixian-huaxuepin-anquan-guanli-tiaoli@2013-12-07", "2026-11-21", "现行", "现行"),
    ("anquan-shengchan-fa@2021-06-10", "2026-11-21", "现行", "现行"),
    ("anquan-shengchan-fa@2014-08-31", "2021-08-31", "现行", "现行"),
    ("anquan-shengchan-fa@2014-08-31", "2021-09-01", "被代替", "被代替"),
    ("tufa-shijian-yingdui-fa@2007-08-30", "2024-10-31", "现行", "现行"),
    ("tufa-shijian-yingdui-fa@2007-08-30", "2026-11-21", "被代替", "被代替"),
    ("gb-t-33000-2016@2016-12-13", "2017-02-23", "尚未施行", "尚未施行"),
    ("gb-t-33000-2016@2016-12-13", "2017-04-01", "现行", "现行"),
    ("gb-t-33000-2016@2016-12-13", "2025-10-31", "被代替", "被代替"),
    ("gb-t-33000-2016@2016-12-13", "2026-11-21", "被代替", "被代替"),
    ("gb-t-33000-2025@2025-10-31", "2026-11-21", "现行", "现行"),
    ("gb-t-6441-1986@1986-05-31", "2026-06-30", "现行", "现行"),
    ("gb-t-6441-1986@1986-05-31", "2026-11-21", "被代替", "被代替"),
    ("gb-6441-2025@2025-12-31", "2026-11-21", "现行", "现行"),
    ("gb-16423-2020@2020-10-11", "2026-11-21", "现行", "现行"),
    ("gb-16423-2006@2006-06-22", "2021-08-31", "现行", "现行"),
    ("gb-16423-2006@2006-06-22", "2026-11-21", "被代替", "被代替"),
    ("gb-6722-2003@2003-09-12", "2026-11-21", "被代替", "被代替"),
    ("aq-2012-2007@2007-01-04", "2026-11-21", "待核", "待核"),
    # each date of the new one stands on one page only, so the old one's end is open
    ("zhejiang-sheng-anquan-shengchan-tiaoli@2016-07-29", "2022-11-23", "现行", "现行"),
    ("zhejiang-sheng-anquan-shengchan-tiaoli@2016-07-29", "2026-11-21", "待核", "待核"),
    ("zhejiang-sheng-anquan-shengchan-tiaoli@2022-11-24", "2026-11-21", "待核", "待核"),
    ("gb-42294-2022@2022-12-29", "2026-11-21", "待核", "待核"),
    # the revision is certain, its start is not
    ("chongqing-shi-anquan-shengchan-tiaoli@2015-11-26", "2024-03-27", "现行", "现行"),
    ("chongqing-shi-anquan-shengchan-tiaoli@2015-11-26", "2026-11-21", "待核", "待核"),
    ("zhejiang-sheng-xiaofang-tiaoli@2021-11-25", "2026-11-21", "待核", "待核"),
    # amended in part, the amended text is not held
    (
        "shiyong-youdu-wupin-zuoye-changsuo-laodong-baohu-tiaoli@2002-05-12",
        "2026-11-21",
        "已修改",
        "已修改",
    ),
    ("hechuan-feimei-kuangshan-2021@2021-11-03", "2022-12-31", "现行", "现行"),
    ("hechuan-feimei-kuangshan-2021@2021-11-03", "2026-11-21", "待核", "待核"),
]


@pytest.mark.parametrize(("ref", "day", "status", "label"), SHIPPED)
def test_shipped(catalog: Catalog, ref: str, day: str, status: str, label: str) -> None:
    doc, _, version = ref.partition("@")
    found = catalog.validity(catalog.version(doc, version), date.fromisoformat(day))
    assert (found.status.value, found.label) == (status, label)
    assert found.reason
    assert not found.reason.endswith("。")


def test_reasons_name_the_successor(catalog: Catalog) -> None:
    old = catalog.version("tufa-shijian-yingdui-fa", "2007-08-30")
    assert "2024-11-01" in catalog.validity(old, TODAY).reason
    assert "2024-06-28" in catalog.validity(old, TODAY).reason
    standard = catalog.version("gb-t-33000-2016", "2016-12-13")
    assert "GB/T 33000-2025" in catalog.validity(standard, TODAY).reason
    assert catalog.validity(old, TODAY).in_force_label == "2007-11-01"
    assert catalog.validity(
        catalog.version("aq-2012-2007", "2007-01-04"), TODAY
    ).in_force_label == ("施行日期待核")


def test_every_core_law_is_in_force(catalog: Catalog) -> None:
    core = [d for d in catalog.documents.values() if d.core]
    assert len(core) == 9
    for document in core:
        current = catalog.in_force_version(document, TODAY)
        assert current is not None
        assert current.in_force is not None, f"{document.id}: 施行日期待核"
        assert current == catalog.current_version(document, TODAY)


def test_what_a_default_search_takes() -> None:
    assert {s.value for s in DEFAULT_SEARCH} == {"现行", "已修改", "待核"}
    assert {s.value for s in EXCLUDED} == {"尚未施行", "被代替", "已废止"}


# --- each rule alone ----------------------------------------------------------------------------

DOC = "dengju-fa"


def v(version: str, start: str = "", **more: object) -> Version:
    return Version(
        DOC,
        version,
        date.fromisoformat(start) if start else None,
        **more,  # type: ignore[arg-type]
    )


def packaged(version: str, status: str, start: str = "", **more: object) -> Version:
    return v(
        version, start, package_status=status, evidence_date=EVIDENCE, text=TextState.FULL, **more
    )


def document(*versions: Version) -> Document:
    return Document(DOC, "测试灯具法", "测试灯具法", DocKind.LAW, versions=versions)


def successor(*versions: Version) -> Document:
    return Document(
        "xin-fa", "新灯具法", "新灯具法", DocKind.LAW, supersedes=(DOC,), versions=versions
    )


def say(versions: list[Version], index: int, day: str, *others: Document) -> tuple[str, str]:
    doc = document(*versions)
    found = validity(versions[index], doc, date.fromisoformat(day), [doc, *others])
    return found.status.value, found.label


OLD = v("2010-01-01", "2010-05-01")
UNSURE = Certainty.PENDING

# name, versions, index, day, status
RULES = [
    ("before adoption", [OLD], 0, "2009-12-31", "尚未施行"),
    ("adopted", [OLD], 0, "2010-04-30", "尚未施行"),
    ("first day", [OLD], 0, "2010-05-01", "现行"),
    ("no start, no evidence", [v("2010-01-01")], 0, "2020-01-01", "待核"),
    ("no start, evidence", [packaged("2010-01-01", "现行有效")], 0, "2026-08-28", "现行"),
    ("no start, before evidence", [packaged("2010-01-01", "现行有效")], 0, "2026-08-27", "待核"),
    ("successor adopted", [OLD, v("2020-01-01", "2020-06-01")], 0, "2020-05-31", "现行"),
    ("successor starts", [OLD, v("2020-01-01", "2020-06-01")], 0, "2020-06-01", "被代替"),
    ("successor undated", [OLD, v("2020-01-01")], 0, "2020-01-01", "待核"),
    ("successor undated, not adopted", [OLD, v("2020-01-01")], 0, "2019-12-31", "现行"),
    (
        "successor unsure",
        [OLD, v("2020-01-01", "2020-06-01", certainty=UNSURE)],
        0,
        "2026-01-01",
        "待核",
    ),
    (
        "successor undated, the package has it",
        [packaged("2010-01-01", "历史版本"), packaged("2020-01-01", "现行有效")],
        0,
        "2026-08-28",
        "被代替",
    ),
    (
        "successor undated, before the evidence",
        [packaged("2010-01-01", "历史版本"), packaged("2020-01-01", "现行有效")],
        0,
        "2026-08-27",
        "待核",
    ),
    (
        "called old only because a successor waits",
        [packaged("2010-01-01", "历史版本"), packaged("2026-06-01", "现行有效", "2027-01-01")],
        0,
        "2026-12-31",
        "现行",
    ),
    (
        "called old because one waits, another undated",
        [
            packaged("2010-01-01", "历史版本"),
            v("2015-01-01"),
            packaged("2026-06-01", "现行有效", "2027-01-01"),
        ],
        0,
        "2026-11-21",
        "待核",
    ),
    (
        "called amended because one waits",
        [
            packaged("2010-01-01", "已被修改", "2010-05-01"),
            packaged("2026-06-01", "现行有效", "2027-01-01"),
        ],
        0,
        "2026-11-21",
        "现行",
    ),
    ("called old, by whom unknown", [packaged("2010-01-01", "历史版本", "2010-05-01")], 0,
     "2026-11-21", "待核"),
    ("ended", [replace(OLD, ended=date(2015, 1, 1))], 0, "2015-01-01", "被代替"),
    ("repealed", [replace(OLD, ended=date(2015, 1, 1), repealed=True)], 0, "2015-01-01", "已废止"),
    ("day before the repeal", [replace(OLD, ended=date(2015, 1, 1), repealed=True)], 0,
     "2014-12-31", "现行"),
    ("repealed, when unknown", [packaged("2010-01-01", "已废止", "2010-05-01")], 0,
     "2026-08-28", "已废止"),
    ("repealed, before the evidence", [packaged("2010-01-01", "已废止", "2010-05-01")], 0,
     "2020-01-01", "待核"),
    ("amended", [packaged("2010-01-01", "已被修改", "2010-05-01")], 0, "2026-08-28", "已修改"),
    ("amended, before the evidence", [packaged("2010-01-01", "已被修改", "2010-05-01")], 0,
     "2020-01-01", "待核"),
    (
        "amended, the new text is not here",
        [replace(OLD, text=TextState.FULL), v("2020-01-01", "2020-06-01", amendment=True)],
        0,
        "2026-01-01",
        "已修改",
    ),
    (
        "amended, neither text is here",
        [OLD, v("2020-01-01", "2020-06-01", amendment=True)],
        0,
        "2026-01-01",
        "被代替",
    ),
    (
        "amended, the new text is here",
        [
            replace(OLD, text=TextState.FULL),
            v("2020-01-01", "2020-06-01", amendment=True, text=TextState.FULL),
        ],
        0,
        "2026-01-01",
        "被代替",
    ),
    (
        "amended and then revised",
        [
            replace(OLD, text=TextState.FULL),
            v("2020-01-01", "2020-06-01", amendment=True),
            v("2024-01-01", "2024-06-01"),
        ],
        0,
        "2026-01-01",
        "被代替",
    ),
    ("fact unsettled", [replace(OLD, certainty=UNSURE)], 0, "2020-01-01", "待核"),
    ("known until", [replace(OLD, evidence_date=date(2020, 1, 1))], 0, "2020-01-01", "现行"),
    ("no longer known", [replace(OLD, evidence_date=date(2020, 1, 1))], 0, "2020-01-02", "待核"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("versions", "index", "day", "status"), [r[1:] for r in RULES], ids=[r[0] for r in RULES]
)
def test_rule(versions: list[Version], index: int, day: str, status: str) -> None:
    assert say(versions, index, day)[0] == status


def test_label_of_an_undated_repeal() -> None:
    assert say([packaged("2010-01-01", "已废止")], 0, "2026-11-21")[1] == "已废止（日期不详）"


# superseding documents: (name, its versions, day, status)
OTHERS = [
    ("starts", [v("2020-01-01", "2020-06-01")], "2020-06-01", "被代替"),
    ("waits", [v("2020-01-01", "2020-06-01")], "2020-05-31", "现行"),
    ("undated", [v("2020-01-01")], "2020-01-01", "待核"),
    ("not yet adopted", [v("2020-01-01")], "2019-12-31", "现行"),
    ("unsure", [v("2020-01-01", "2020-06-01", certainty=UNSURE)], "2026-01-01", "待核"),
    ("no date at all", [], "2015-01-01", "待核"),
]


@pytest.mark.parametrize(
    ("versions", "day", "status"), [o[1:] for o in OTHERS], ids=[o[0] for o in OTHERS]
)
def test_superseded_by_another_document(versions: list[Version], day: str, status: str) -> None:
    assert say([OLD], 0, day, successor(*versions))[0] == status


def test_another_document_beats_a_missing_amendment() -> None:
    held = replace(OLD, text=TextState.FULL)
    amended = v("2020-01-01", "2020-06-01", amendment=True)
    assert say([held, amended], 0, "2022-01-01")[0] == "已修改"
    other = successor(v("2021-01-01", "2021-06-01"))
    assert say([held, amended], 0, "2022-01-01", other)[0] == "被代替"


def test_documents_as_mapping_or_list() -> None:
    doc, other = document(OLD), successor(v("2020-01-01", "2020-06-01"))
    as_list = validity(OLD, doc, TODAY, [doc, other])
    assert as_list == validity(OLD, doc, TODAY, {d.id: d for d in (doc, other)})
    assert as_list.status is Status.REPLACED


# --- properties ---------------------------------------------------------------------------------

FIRST = date(2000, 1, 1)
days = st.integers(0, 9_000).map(lambda n: FIRST + timedelta(days=n))
maybe_days = st.none() | days


@st.composite
def wordings(draw: st.DrawFn) -> list[Version]:
    """Any set of versions of one document, contradictory ones included."""
    adopted = sorted(draw(st.sets(days, min_size=1, max_size=5)))
    out = []
    evidence = draw(st.just(EVIDENCE) | days)
    for day in adopted:
        in_package = draw(st.booleans())
        out.append(
            Version(
                DOC,
                day.isoformat(),
                draw(maybe_days),
                draw(st.none() | maybe_days),
                repealed=draw(st.booleans()),
                text=draw(st.sampled_from(TextState)),
                certainty=draw(st.sampled_from(Certainty)),
                package_status=draw(st.sampled_from(["现行有效", "历史版本", "已废止", "已被修改"]))
                if in_package
                else "",
                evidence_date=evidence if in_package else draw(st.none() | days),
                amendment=draw(st.booleans()),
            )
        )
    return out


@st.composite
def cases(draw: st.DrawFn) -> tuple[Document, list[Document]]:
    doc = document(*draw(wordings()))
    others = [successor(*draw(wordings()))] if draw(st.booleans()) else []
    return doc, [doc, *others]


@given(cases(), days)
@settings(max_examples=400, deadline=None)
def test_at_most_one_version_is_in_force(case: tuple[Document, list[Document]], day: date) -> None:
    doc, documents = case
    found = [validity(x, doc, day, documents).status for x in doc.versions]
    assert found.count(Status.IN_FORCE) <= 1


ORDER = {
    Status.NOT_YET: 0,
    Status.IN_FORCE: 1,
    Status.AMENDED: 2,
    Status.REPLACED: 3,
    Status.REPEALED: 3,
}


@given(cases(), st.lists(days, min_size=2, max_size=12))
@settings(max_examples=400, deadline=None)
def test_status_only_moves_forward(case: tuple[Document, list[Document]], when: list[date]) -> None:
    """尚未施行 → 现行 → 已修改 → 被代替 or 已废止; 待核 may stand anywhere before the end."""
    doc, documents = case
    # the days on which something can change, besides any others
    named = [d for x in doc.versions for d in (x.in_force, x.ended, x.evidence_date) if d]
    named += [date.fromisoformat(x.version) for x in doc.versions]
    after = [d + timedelta(days=1) for d in named]
    for version in doc.versions:
        reached, over = 0, False
        for day in sorted({*when, *named, *after}):
            status = validity(version, doc, day, documents).status
            if over:
                assert status in (Status.REPLACED, Status.REPEALED), (version, day)
            elif status is not Status.PENDING:
                assert ORDER[status] >= reached, (version, day)
                reached = ORDER[status]
                over = reached == 3


@given(cases(), days)
@settings(max_examples=200, deadline=None)
def test_nothing_is_in_force_before_it_is_adopted(
    case: tuple[Document, list[Document]], day: date
) -> None:
    doc, documents = case
    for version in doc.versions:
        status = validity(version, doc, day, documents).status
        if day.isoformat() < version.version:
            assert status is Status.NOT_YET
        if status is Status.IN_FORCE and version.in_force:
            assert version.in_force <= day
