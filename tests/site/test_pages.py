"""Pages of the invented site, without a browser: anchors, words, links, states, escaping."""

from __future__ import annotations

import itertools
import json
import re
from datetime import date
from pathlib import Path

import pytest

from kb.index import Index
from kb.sitegen import check_links
from kb.sitegen.context import relative
from tests.site.conftest import Built
from tests.site.sample import COMING, HOSTILE, LAW, NEW, NOTICE, OLD, STANDARD, sample_documents
from tests.site.words import letters, shown_words

LAW_PAGE, STANDARD_PAGE, NOTICE_PAGE = f"docs/{LAW}/", f"docs/{STANDARD}/", f"docs/{NOTICE}/"
PAGE_OF = {
    f"{LAW}@{NEW}": LAW_PAGE,
    f"{LAW}@{OLD}": f"{LAW_PAGE}{OLD}/",
    f"{LAW}@{COMING}": f"{LAW_PAGE}{COMING}/",
    f"{STANDARD}@2020-10-11": STANDARD_PAGE,
    f"{NOTICE}@2021-03-02": NOTICE_PAGE,
    "ceshi-tiaoli@2021-11-25": "docs/ceshi-tiaoli/",
}


def test_report_counts_what_was_written(built: Built) -> None:
    written = sum(1 for _ in built.roots.pages.rglob("*.md"))
    assert built.report.pages == written
    assert (built.report.documents, built.report.versions) == (5, 6)
    assert (built.report.clauses, built.report.definitions) == (22, 2)
    assert (built.report.links, built.report.unresolved) == (18, 3)
    assert built.report.warnings == ("测试市灯具条例（2021-11-25）只有部分正文",)


def test_every_address_and_anchor_leads_somewhere(built: Built) -> None:
    report = check_links(built.roots.site)
    assert report.broken == []
    assert report.external == []
    assert report.links > 300


@pytest.mark.parametrize(("ref", "page"), PAGE_OF.items())
def test_every_unit_has_its_anchor_on_its_page(
    built: Built, index: Index, ref: str, page: str
) -> None:
    soup = built.soup(page)
    for unit in index.passages.units(ref):
        assert len(soup.find_all(id=unit.id)) == 1, unit.id


@pytest.mark.parametrize(("ref", "page"), PAGE_OF.items())
def test_a_clause_shows_its_words_once(built: Built, index: Index, ref: str, page: str) -> None:
    soup = built.soup(page)
    seen = 0
    for unit in index.passages.units(ref):
        if unit.hit:
            section = soup.find(id=unit.id)
            assert section
            assert section.name == "section"
            body = section.find(class_="kb-body")
            assert body
            assert letters(shown_words(body)) == letters(unit.display), unit.id
            seen += 1
    assert seen


def test_headings_make_the_contents(built: Built) -> None:
    soup = built.soup(STANDARD_PAGE)
    side = soup.select_one(".kb-side")
    assert side
    assert [a["href"] for a in side.select("a")] == ["#3", "#5", "#5.2", "#5.2.1", "#app-A"]
    inside = soup.select_one("#kb-contents")
    assert inside
    assert [a["href"] for a in inside.select("a")] == [a["href"] for a in side.select("a")]
    levels = [int(h.name[1]) for h in soup.select("article h1,h2,h3,h4,h5,h6")]
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels)), levels


def test_items_and_points_are_lists(built: Built) -> None:
    soup = built.soup(LAW_PAGE)
    item = soup.find(id="art-3.p1.i2")
    assert item
    assert item.name == "li"
    assert item.parent
    assert item.parent.name == "ul"
    label = item.find("a", class_="kb-l")
    assert label
    assert label["href"] == "#art-3.p1.i2"
    assert label.get_text() == "（二）"
    assert [p["id"] for p in item.select("ul > li")] == ["art-3.p1.i2.y1", "art-3.p1.i2.y2"]
    assert item["data-n"] == "第一款第（二）项"
    second = soup.find(id="art-3.p2")
    assert second
    assert second.select_one("a.kb-pin[href='#art-3.p2']")


def test_table_has_caption_and_header_cells(built: Built) -> None:
    frame = built.soup(STANDARD_PAGE).find(id="5.2.1.1.t1")
    assert frame
    assert frame["role"] == "region"
    assert frame["tabindex"] == "0"
    caption = frame.find("caption")
    assert caption
    assert caption.get_text() == "表1 灯的安装高度　单位为米"
    heads = frame.select("thead th")
    assert [(h.get_text(), h["scope"]) for h in heads] == [("灯型", "col"), ("高度", "col")]
    assert [td.get_text() for td in frame.select("tbody td")][:2] == ["吊灯", "≥2.5"]
    last = frame.select("tbody td")[-1]
    assert (last.get_text(), last["colspan"]) == ("注：从地面量起", "2")


def test_citations_link_to_the_clause_that_they_mean(built: Built) -> None:
    law = built.soup(LAW_PAGE)
    link = law.select_one("#art-2 a.kb-c")
    assert link
    assert (link.get_text(), link["href"]) == ("本法第三条第二款", "#art-3.p2")
    notice = built.soup(NOTICE_PAGE).select_one("#m-s1-k2 a.kb-c")
    assert notice
    assert notice["href"] == f"../../docs/{LAW}/#art-3"
    unloaded = law.select_one("#art-25-1 a.kb-c:last-of-type")
    assert unloaded
    assert unloaded["href"] == "../../docs/wu-zhengwen/"


def test_an_unresolved_citation_says_why(built: Built) -> None:
    span = built.soup(LAW_PAGE).select_one("#art-3 .kb-un")
    assert span
    assert span.get_text() == "GB 99999"
    assert "没有写年号" in str(span["title"])
    assert span["href"] == f"../../docs/{STANDARD}/"


def test_a_document_does_not_link_to_itself(built: Built) -> None:
    clause = built.soup(LAW_PAGE).select_one("#art-1 .kb-body")
    assert clause
    assert "写下本法" in clause.get_text()
    assert clause.find("a") is None


def test_backlinks_name_document_and_clause(built: Built) -> None:
    back = built.soup(LAW_PAGE).select_one("#art-3 details.kb-back")
    assert back
    assert back.find("summary")
    items = [li.get_text() for li in back.select("li")]
    assert "本文件：第二条、第三条、第二十五条之一" in items
    assert any("检查灯具的通知" in x and "一（二）" in x for x in items)
    assert not back.has_attr("open")
    whole = built.soup("docs/wu-zhengwen/").select_one("details.kb-back summary")
    assert whole
    assert whole.get_text().startswith("整份文件被引用")


def test_errata_are_marked_and_figures_are_not_replaced(built: Built) -> None:
    clause = built.soup(STANDARD_PAGE).find(id="5.2.1.2")
    assert clause
    right, doubtful = clause.select_one("ins"), clause.select_one("mark")
    assert right
    assert right.get_text() == "入井口"
    assert "人井口" in str(right["title"])
    assert doubtful
    assert doubtful.get_text() == "3%"
    assert "3‰" in str(doubtful["title"])


@pytest.mark.parametrize(
    ("unit", "page", "words"),
    [
        ("art-25-1", LAW_PAGE, "《中华人民共和国测试法》第二十五条之一"),
        ("art-1", f"{LAW_PAGE}{OLD}/", "《中华人民共和国测试法》（2012年3月1日通过）第一条"),
        ("5.2.1.1", STANDARD_PAGE, "《测试灯具安装规程》（GB 99999—2020）5.2.1.1"),
    ],
)
def test_copied_citation_names_document_and_clause(
    built: Built, unit: str, page: str, words: str
) -> None:
    soup = built.soup(page)
    section = soup.find(id=unit)
    assert section
    head = soup.select_one("[data-kb-cite]")
    assert head
    label = section.select_one(".kb-no a")
    assert label
    assert section.get("data-c", f"{head['data-kb-cite']}{label.get_text()}") == words
    # what can be done with a clause is made by the script: without one there is no dead button
    assert not section.select("button")


def test_versions_have_pages_and_a_lasting_address(built: Built) -> None:
    current = built.soup(LAW_PAGE)
    head = current.select_one("[data-kb-permalink]")
    assert head
    assert head["data-kb-permalink"] == f"{NEW}/"
    stub = built.roots.site / LAW_PAGE / NEW / "index.html"
    assert "redirect.js" in stub.read_text(encoding="utf-8")
    listed = current.select(".kb-versions li")
    names = [li.find("a", string=lambda x: "对照" not in str(x)) for li in listed]
    assert [bool(x) for x in names] == [True, False, True]
    old = built.soup(f"{LAW_PAGE}{OLD}/").select_one("[data-kb-permalink]")
    assert old
    assert old["data-kb-permalink"] == "./"


@pytest.mark.parametrize(
    ("page", "day", "status"),
    [
        (LAW_PAGE, date(2021, 8, 31), "尚未施行"),
        (LAW_PAGE, date(2021, 9, 1), "现行"),
        (LAW_PAGE, date(2026, 12, 31), "现行"),
        (LAW_PAGE, date(2027, 1, 1), "被代替"),
        (f"{LAW_PAGE}{OLD}/", date(2021, 8, 31), "现行"),
        (f"{LAW_PAGE}{OLD}/", date(2021, 9, 1), "被代替"),
        (f"{LAW_PAGE}{COMING}/", date(2026, 12, 31), "尚未施行"),
        (f"{LAW_PAGE}{COMING}/", date(2027, 1, 1), "现行"),
        ("docs/wu-zhengwen/", date(2026, 1, 1), "待核"),
    ],
)
def test_banner_carries_the_status_of_every_day(
    built: Built, page: str, day: date, status: str
) -> None:
    box = built.soup(page).select_one("[data-kb-status]")
    assert box
    facts = json.loads(str(box["data-kb-status"]))
    spans = next(v["spans"] for v in facts["versions"] if v["version"] == facts["this"])
    assert [s[0] for s in spans[1:]] == [s[1] for s in spans[:-1]]
    assert spans[0][0] is None
    assert spans[-1][1] is None
    found = [s[2] for s in spans if (s[0] or "") <= day.isoformat() < (s[1] or "9")]
    assert found == [status]


def test_banner_without_a_script_names_its_date(built: Built) -> None:
    box = built.soup(LAW_PAGE).select_one(".kb-status")
    assert box
    assert "现行" in box.get_text()
    assert "2026年11月21日（网站生成日）" in box.get_text()


def test_unknown_dates_and_missing_texts_are_said(built: Built) -> None:
    assert "施行日期待核" in built.soup(NOTICE_PAGE).select_one(".kb-facts").get_text()  # type: ignore[union-attr]
    partial = built.soup("docs/ceshi-tiaoli/").select_one(".kb-warn")
    assert partial
    assert "正文不全" in partial.get_text()
    assert "第一条为止" in partial.get_text()
    bare = built.soup("docs/wu-zhengwen/")
    assert "没有这份文件的正文" in bare.select_one(".kb-warn").get_text()  # type: ignore[union-attr]
    assert "两个网页的日期不一致" in bare.get_text()
    assert "待核" in bare.select_one(".kb-badge").get_text()  # type: ignore[union-attr]


def test_catalog_lists_every_document_once(built: Built) -> None:
    soup = built.soup("catalog/")
    rows = {str(r.find("a")["href"]): r for r in soup.select("tr[data-w]")}  # type: ignore[index]
    assert set(rows) == {f"../docs/{d.id}/" for d in sample_documents()}
    states = {k: (r["data-s"], r["data-x"]) for k, r in rows.items()}
    assert states["../docs/wu-zhengwen/"] == ("待核", "none")
    assert states["../docs/ceshi-tiaoli/"] == ("现行", "partial")
    assert "两个网页的日期不一致" in rows["../docs/wu-zhengwen/"].get_text()
    order = [r["data-k"] for r in soup.select("tr[data-w]")]
    assert order == ["法律", "地方性法规", "部门规章", "标准", "政策通知"]


def test_definitions_page_links_each_term(built: Built) -> None:
    soup = built.soup("terms/")
    links = soup.select(".kb-defs dt a")
    assert [(a.get_text(), a["href"]) for a in links] == [
        ("吊灯 pendant lamp", f"../docs/{STANDARD}/#3.1"),
        ("落地灯 floor lamp", f"../docs/{STANDARD}/#3.2"),
    ]


def test_home_counts_and_speaks_to_three_kinds_of_user(built: Built) -> None:
    home = built.soup("")
    heads = [h.get_text() for h in home.select(".kb-who h2")]
    assert heads == ["写卡的人", "讲课的人", "出题的人"]
    figures = home.select_one(".kb-figures")
    assert figures
    assert "4 份文件有正文" in figures.get_text()
    assert "2026年6月30日" in home.get_text()
    assert "<!-- kb:" not in str(home)


def test_data_for_previews_and_search(built: Built, index: Index) -> None:
    data = built.part(f"{LAW_PAGE}clauses")
    assert list(data["units"]) == ["art-1", "art-2", "art-3", "art-25-1"]
    name, text, place, parts = data["units"]["art-3"]
    assert (name, data["paths"][place][0]) == ("第三条", "第二章 灯具 <b>与</b> {线路}")
    assert [p[3] for p in parts][:2] == ["第一款", "第一款第（一）项"]
    for unit_id, start, end, _ in parts:
        unit = index.passages.unit(f"{LAW}@{NEW}", unit_id)
        assert unit
        assert text[start:end] == unit.display
    assert data["heads"]["ch-1"][0] == "第一章 总则"
    assert built.part("docs/wu-zhengwen/clauses")["cite"] == "《没有正文的规定》"


# --- hostile texts -----------------------------------------------------------------------------


def test_hostile_words_stay_words(built: Built) -> None:
    soup = built.soup(NOTICE_PAGE)
    clause = soup.select_one("#m-s2-k1 .kb-body p")
    assert clause
    assert letters(clause.get_text()) == letters(HOSTILE)
    heading = soup.find(id="m-s2")
    assert heading
    assert "<script>alert(1)</script>" in heading.get_text()
    title = soup.find("h1")
    assert title
    assert title.get_text().startswith("关于检查灯具的通知<script>")
    cell = soup.select_one("[id='m-s2-k1-t1'] tbody td:last-child")
    assert cell
    assert "onerror=alert(1)" in cell.get_text()


@pytest.mark.parametrize("page", ["", "catalog/", NOTICE_PAGE, "terms/", LAW_PAGE])
def test_no_page_runs_or_loads_what_a_text_says(built: Built, page: str) -> None:
    soup = built.soup(page)
    for script in soup.find_all("script"):
        assert script.has_attr("src") or script.get("type") == "application/json", script
    assert not soup.find_all(["img", "iframe", "object", "embed", "style", "base"])
    for node in soup.find_all(True):
        assert not [k for k in node.attrs if k.lower().startswith("on")], node
        assert not node.has_attr("style"), node
        assert not str(node.get("href", "")).lower().startswith("javascript:"), node


@pytest.mark.parametrize("page", ["", "404", NOTICE_PAGE, f"{LAW_PAGE}{NEW}/"])
def test_every_page_states_the_policy(built: Built, page: str) -> None:
    folder = built.roots.site
    path = folder / "404.html" if page == "404" else folder / page / "index.html"
    text = path.read_text(encoding="utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy
    assert "default-src 'self'" in policy[1]
    assert "unsafe" not in policy[1]
    assert text.index("Content-Security-Policy") < text.index("<script")
    assert '<html lang="zh-CN"' in text


NAMESPACE = re.compile(
    # names of XML vocabularies that files and pictures must carry; nothing is loaded from them
    r"http://(?:www\.w3\.org|schemas\.openxmlformats\.org|schemas\.microsoft\.com|purl\.org)[\w./-]*"
)


def test_our_scripts_and_styles_name_no_other_origin(repo: Path) -> None:
    for path in (p for p in (repo / "site" / "assets").rglob("*") if p.is_file()):
        text = NAMESPACE.sub("", path.read_text(encoding="utf-8"))
        assert not re.search(r"https?://|//[a-z0-9-]+\.[a-z]", text), path
        assert not re.search(r"innerHTML|\beval\(|new Function", text), path


def test_landmarks_and_skip_link(built: Built) -> None:
    soup = built.soup(LAW_PAGE)
    assert soup.select_one("a.md-skip[href='#kb-top']")
    assert len(soup.find_all("main")) == 1
    assert len(soup.find_all("h1")) == 1
    names = [n.get("aria-label") or n.get("aria-labelledby") for n in soup.find_all("nav")]
    assert all(names)
    for field in soup.find_all(["input", "select"]):
        labelled = field.has_attr("aria-label") or field.find_parent("label")
        assert labelled or "md-toggle" in str(field.get("class")), field


def test_404_speaks_chinese(built: Built) -> None:
    text = (built.roots.site / "404.html").read_text(encoding="utf-8")
    assert "没有这一页" in text
    assert "Not found" not in text


@pytest.mark.parametrize(
    ("target", "page", "expected"),
    [
        ("docs/a/#x", "docs/a/", "#x"),
        ("docs/a/", "docs/a/", "./"),
        ("docs/b/#x", "docs/a/", "../../docs/b/#x"),
        ("docs/a/#x", "docs/a/2020-01-01/", "../../../docs/a/#x"),
        ("docs/a/#x", "terms/", "../docs/a/#x"),
        ("docs/a/", "", "docs/a/"),
        ("", "docs/a/", "../../"),
    ],
)
def test_relative(target: str, page: str, expected: str) -> None:
    assert relative(target, page) == expected
