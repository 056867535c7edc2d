"""安全操作指南: what stands in which part, what stays out, what both files say, and the command."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from typer.testing import CliRunner

from kb.cards.docx_xml import BODY, HEAD
from kb.cards.guide import KINDS, SECTIONS, UNKNOWN_DAY, Guide, Rule, guide, rule_of
from kb.cards.model import CARDS, DRAFT_MARK, SKELETON_MARK, CardLine, Draft, Firm
from kb.cli.app import app
from kb.errors import UsageError
from kb.model import DocKind, Document, Version
from kb.notes import Line, Note
from kb.posts import INDUSTRIES
from tests.cards.render_sample import DRAFT, EMPTY, FILLED, POST, RULES, line, with_lines
from tests.search.sample import LAW, LAW_DAY, build

DAY = date(2026, 11, 21)
REF = "gb-99998-2020@2020-06-01"
OTHER = "gb-99990-2019@2019-01-01"
KNOWN = {
    REF: Rule(RULES, KINDS[1], "2020-06-01", "2021-01-01"),
    OTHER: Rule("《没人用的规则》", KINDS[1], "2019-01-01"),
}


def made(*drafts: Draft, firm: Firm = EMPTY) -> Guide:
    return guide(drafts or (DRAFT,), firm, "工贸", DAY, KNOWN)


def parts(found: Guide, chapter: int = 0) -> dict[str, list[str]]:
    """Section → texts of its lines."""
    sections = found.chapters[chapter].sections
    return {s.title: [x.text for b in s.blocks for x in b.lines] for s in sections}


def opened(found: Guide) -> Any:
    return docx.Document(io.BytesIO(found.docx()))


def said(element: Any) -> str:
    """The words of an element, a paragraph a line."""
    lines = ("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in element.iter(qn("w:p")))
    return "\n".join(lines).replace("\u00a0", " ")


# --- what stands where --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "section", "text"),
    [
        (line("擦灯", "duty", "1"), "职责", "擦灯"),
        (line("看油", "operation", "1", phase="before"), "作业前", "看油"),
        (line("抓牢", "operation", "1", phase="during"), "作业中", "抓牢"),
        (line("慢走", "operation", "1"), "作业中", "慢走"),
        (line("关灯", "operation", "1", phase="after"), "作业后", "关灯"),
        (line("不跑", "operation", "1", phase="never"), "禁止", "不跑"),
        (line("不跳", "operation", "1", phase="during", must="must-not"), "禁止", "不跳"),
        (line("踏稳", "risk", "1", phase="before"), "作业前", "踏稳"),
        (line("栏杆牢", "risk", "1", group="watch"), "看见就停、就报", "没做到“栏杆牢”"),
        (line("有涌浪", "risk", group="watch"), "看见就停、就报", "有涌浪"),
        (line("撤", "emergency", "1", phase="never"), "应急", "撤"),
        (
            line("鸣号", "emergency", "1", group="watch"),
            "应急",
            "看见就停、就报：没做到“鸣号”",
        ),
        (
            line("盖雾号", "operation", "1", condition="仅当有雾号"),
            "作业中",
            "盖雾号（仅当有雾号）",
        ),
    ],
)
def test_each_line_has_its_section(given: CardLine, section: str, text: str) -> None:
    only = replace(DRAFT, cards={**dict.fromkeys(CARDS, ()), given.card: (given,)})
    found = {title: texts for title, texts in parts(made(only)).items() if texts}
    assert found == {section: [text]}


def test_a_chapter_has_its_sections_in_order_and_each_line_once() -> None:
    found = made()
    assert tuple(parts(found)) == SECTIONS
    given = [x for card in CARDS for x in DRAFT.cards[card]]
    assert len(list(found.chapters[0].lines())) == len(given)


def test_an_emergency_goes_by_accident_and_from_signs_to_prohibitions() -> None:
    emergency = made().chapters[0].sections[-1]
    assert [b.title for b in emergency.blocks] == ["淹溺", "火灾", "各类事故"]
    fire = emergency.blocks[1]
    assert [x.label for x in fire.lines] == [
        "事故征兆", "第一步", "第一步", "如何处置", "如何处置", "禁止",
    ]  # fmt: skip
    assert "班组长 ____ 电话 ____" in emergency.foot[0]
    called = made(firm=FILLED).chapters[0].sections[-1].foot
    assert "丁四 电话 13800000001" in called[0]


def test_accidents_that_share_a_name_keep_their_steps_apart() -> None:
    steps = tuple(
        line(text, "emergency", accident=code, origin="skeleton", activity="第一步")
        for code, text in (("oil", "关油阀"), ("gas", "关气阀"), ("oil", "离开油库"))
    )
    both = replace(with_lines(emergency=steps), accidents=(("oil", "爆炸"), ("gas", "爆炸")))
    blocks = made(both).chapters[0].sections[-1].blocks
    assert [(b.title, [x.text for x in b.lines]) for b in blocks] == [
        ("爆炸", ["关油阀", "离开油库"]),
        ("爆炸", ["关气阀"]),
    ]


@pytest.mark.parametrize(
    ("text", "out"),
    [
        ("1小时内向港务站报告", True),
        ("1 个小时之内报港务站", True),
        ("事故上报不超过两小时", True),
        ("不擦灯的罚款", True),
        ("处3万元以下", True),
        ("交二百元", True),
        ("立即报告灯塔长", False),
        ("受过刑罚的不守灯", False),
        ("熄灯2小时后进塔", False),
        ("单元、多元素灯丝分开放", False),
        ("灯油每100元素不超标", False),
        ("每小时看一次灯", False),
    ],
)
@pytest.mark.parametrize("group", ["do", "watch"])
def test_no_fine_and_no_deadline_of_a_report(text: str, out: bool, group: str) -> None:
    found = made(with_lines(duty=(line(text, "duty", "9.9", group=group),)))
    assert (text in "".join(parts(found).get("职责", []))) == (not out and group == "do")
    assert found.chapters[0].left_out == ((text,) if out else ())
    assert (text in found.markdown()) is not out
    assert (text in said(opened(found).element.body)) is not out


def test_what_the_firm_does_is_in_no_guide() -> None:
    stray = line("给塔装电梯", "risk", "5.1", group="firm")
    found = made(with_lines(risk=(stray,)))
    for text in (stray.text, DRAFT.firm[0].text, DRAFT.firm[1].text, DRAFT.firm[1].conflict):
        assert text not in found.markdown()
        assert text not in said(opened(found).element.body)


# --- what it rests on ---------------------------------------------------------------------------


def test_the_basis_list_names_what_lines_rest_on_and_only_that() -> None:
    found = made()
    assert found.rules == (Rule(RULES, KINDS[1], "2020-06-01", "2021-01-01", "现行"),)
    crew = {c: tuple(line(f"{c}说的", c) for _ in "1") for c in CARDS}
    assert made(replace(DRAFT, cards=crew)).rules == ()
    assert [m.number for m in made(DRAFT, DRAFT).missing] == ["GB 99997-2015"]


def test_laws_come_before_standards_before_notices() -> None:
    both = with_lines(
        duty=(
            replace(
                DRAFT.cards["duty"][0],
                basis=tuple(
                    replace(DRAFT.cards["duty"][0].basis[0], id=f"{ref}#1")
                    for ref in ("n@2026-01-01", "l@2020-01-01", OTHER)
                ),
            ),
        )
    )
    rules = KNOWN | {
        "n@2026-01-01": Rule("《甲通知》", KINDS[2], "2026-01-01"),
        "l@2020-01-01": Rule("《丙法》", KINDS[0], "2020-01-01"),
    }
    found = guide([both], EMPTY, "工贸", DAY, rules)
    assert [r.kind for r in found.rules] == [KINDS[0], KINDS[1], KINDS[1], KINDS[2]]
    assert f"| 《甲通知》 | 2026-01-01 | {UNKNOWN_DAY} | 现行 |" in found.markdown()


@pytest.mark.parametrize(
    ("kind", "number", "name", "group"),
    [
        (DocKind.LAW, None, "《灯塔》", KINDS[0]),
        (DocKind.REGULATION, None, "《灯塔》", KINDS[0]),
        (DocKind.STANDARD, "GB 99998-2020", "《灯塔》（GB 99998—2020）", KINDS[1]),
        (DocKind.NOTICE, "灯〔2026〕1号", "《灯塔》（灯〔2026〕1号）", KINDS[2]),
    ],
)
def test_a_rule_of_the_catalog(kind: DocKind, number: str | None, name: str, group: str) -> None:
    document = Document("d", "灯塔", "灯塔", kind, number=number)
    dated = Version("d", "2020-06-01", in_force=date(2021, 1, 1))
    assert rule_of(document, dated) == Rule(name, group, "2020-06-01", "2021-01-01")
    assert rule_of(document, replace(dated, in_force=None)).in_force == ""


# --- both files ---------------------------------------------------------------------------------


def in_markdown(found: Guide) -> str:
    return found.markdown().replace("\\", "")


def in_word(found: Guide) -> str:
    return said(opened(found).element.body)


@pytest.mark.parametrize("words", [in_markdown, in_word])
def test_both_files_say_the_same(words: Callable[[Guide], str]) -> None:
    text = words(made(DRAFT, replace(DRAFT, post="看船工")))
    for wanted in (
        "工贸安全操作指南", "2026-11-21", "2 个岗位", RULES, "2021-01-01", "GB 99997-2015",
        "灯油储存规则", f"第1章　{POST}", "第2章　看船工", *SECTIONS, "火警 119", "操作行 6/8",
    ):  # fmt: skip
        assert wanted in text, wanted
    for x in made().chapters[0].lines():
        assert text.count(x.text) >= 2
        if x.sources:
            assert f"{x.text}〔{'；'.join(x.sources)}〕" in text
    assert text.count(f"断开电源〔{SKELETON_MARK}〕") == 2
    assert f"{RULES}5.3.1" in text
    assert "员工提出（张三 2026-05-01）" in text


@pytest.mark.parametrize(("firm", "mark"), [(EMPTY, DRAFT_MARK), (FILLED, "")])
def test_the_mark_stays_until_every_post_is_discussed(firm: Firm, mark: str) -> None:
    found = made(firm=firm)
    assert found.mark == mark
    assert (DRAFT_MARK in found.markdown()) is bool(mark)
    document = opened(found)
    assert len(document.sections) == 2
    for section in document.sections:
        assert said(section.header._element).strip() == mark
    assert made(DRAFT, replace(DRAFT, post="看船工"), firm=FILLED).mark == DRAFT_MARK


def test_word_headings_contents_and_page_numbers() -> None:
    document = opened(made(DRAFT, replace(DRAFT, post="看船工")))
    heads = [(p.style.name, p.text) for p in document.paragraphs if p.style.name != "Normal"]
    first = [text for style, text in heads if style == "Heading 1"]
    assert first == ["编制依据", "缺标准", f"第1章　{POST}", "第2章　看船工"]
    assert [t for s, t in heads if s == "Heading 2"] == list(SECTIONS) * 2
    assert [t for s, t in heads if s == "Heading 3"] == ["淹溺", "火灾", "各类事故"] * 2
    body = document.element.body
    codes = [i.text.strip() for i in body.iter(qn("w:instrText"))]
    assert codes[0].startswith('TOC \\o "1-1"')
    links = body.findall(f".//{qn('w:hyperlink')}")
    marks = {
        m.get(qn("w:name")): "".join(t.text for t in m.getparent().iter(qn("w:t")))
        for m in body.iter(qn("w:bookmarkStart"))
    }
    targets = [marks[x.get(qn("w:anchor"))] for x in links]
    assert targets == first  # each entry leads to its own heading
    assert ["".join(t.text or "" for t in x.iter(qn("w:t"))) for x in links] == first
    kinds = [f.get(qn("w:fldCharType")) for f in body.iter(qn("w:fldChar"))]
    assert kinds.count("begin") == kinds.count("separate") == kinds.count("end") == 1 + len(first)
    footer = document.sections[1].footer._element
    assert [i.text.strip() for i in footer.iter(qn("w:instrText"))] == ["PAGE"]
    assert "工贸安全操作指南" in said(footer)


def test_a_citation_is_small_and_every_run_names_its_font() -> None:
    document = opened(made())
    cited = [r for p in document.paragraphs for r in p.runs if r.text.startswith("〔")]
    assert len(cited) == len([x for x in made().chapters[0].lines() if x.sources])
    assert {r.font.size.pt for r in cited} == {8.0}
    for r in document.element.body.iter(qn("w:r")):
        given = r.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
        if r.find(qn("w:t")) is not None:
            assert given.get(qn("w:eastAsia")) in (BODY, HEAD)


def test_hostile_words_stay_words() -> None:
    bad = "=1+1\x00\ud800<w:p/>&\u2028尾|*x*"
    found = made(with_lines(operation=(line(bad, "operation", "1"),)), firm=Firm(name="a&<b>"))
    assert "<w:p/>&" in in_word(found)
    assert "&lt;w:p/\\>&amp; 尾\\|\\*x\\*" in found.markdown()
    assert "a&amp;&lt;b\\>" in found.markdown()


# --- the command --------------------------------------------------------------------------------


def run(*args: object) -> Any:
    return CliRunner().invoke(app, ["guide", *map(str, args)])


INDUSTRY = "民用爆炸物品"
POSTS = f"""
[[post]]
id = "x-keeper"
name = "守塔人"
industries = ["{INDUSTRY}"]
activities = ["穿孔"]
accidents = ["drowning"]
cards = true
"""
SOURCES = f"""
[[industry]]
name = "{INDUSTRY}"
docs = ["{LAW}"]
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's folder: the invented index, a post of the user's and a note that names it."""
    folder = tmp_path_factory.mktemp("guide")
    terms = folder / "corpus" / "terms"
    terms.mkdir(parents=True)
    (terms / "posts.toml").write_text(POSTS, encoding="utf-8")
    (terms / "industries.toml").write_text(SOURCES, encoding="utf-8")
    ref = f"{LAW}@{LAW_DAY}"
    with build(folder / "bare") as index:
        unit = index.passages.unit(ref, "art-1")
        assert unit is not None
    says = Line("art-1", "operation", "擦亮灯罩", "worker", "must")
    note = Note(
        f"{ref}#art-1", unit.hash, "x", posts=("守塔人",), lines=(says,), severity=3,
        activities=("穿孔",), author="n1", reviewer="r1",
    )  # fmt: skip
    build(folder / "build" / "index", [note]).close()
    return folder


def test_the_command_prints_markdown_and_writes_both_files(root: Path, tmp_path: Path) -> None:
    shown = run(INDUSTRY, "--root", root, "--as-of", DAY)
    assert shown.exit_code == 0, shown.output
    assert shown.output.startswith(f"# {INDUSTRY}安全操作指南\n")
    assert re.search(r"## 第\d+章　守塔人\n", shown.output)
    assert "擦亮灯罩〔《" in shown.output
    for name in ("指南.md", "新/指南.DOCX"):
        result = run(INDUSTRY, "--root", root, "--as-of", DAY, "-o", tmp_path / name)
        assert result.exit_code == 0, result.output
        assert f"已写出 {tmp_path / name}" in result.output
        assert "依据 1 份文件" in result.output
        assert "守塔人" in result.output  # the post has one line only: said aloud
    assert (tmp_path / "指南.md").read_text(encoding="utf-8") == shown.output
    document = docx.Document(str(tmp_path / "新" / "指南.DOCX"))
    assert "擦亮灯罩" in said(document.element.body)


def test_the_command_as_json(root: Path, tmp_path: Path) -> None:
    result = run(INDUSTRY, "--root", root, "--as-of", DAY, "--format", "json")
    found = json.loads(result.output)
    assert (found["industry"], found["as_of"], found["mark"]) == (INDUSTRY, str(DAY), DRAFT_MARK)
    assert [r["version"] for r in found["rules"]] == [LAW_DAY]
    assert all(r["in_force"] and r["status"] == "现行" for r in found["rules"])
    own = next(c for c in found["chapters"] if c["post"] == "守塔人")
    assert own["coverage"] == "partial"
    during = next(s for s in own["sections"] if s["title"] == "作业中")
    [only] = during["blocks"][0]["lines"]
    assert (only["text"], only["origin"]) == ("擦亮灯罩", "clause")
    assert only["basis"] == [f"{LAW}@{LAW_DAY}#art-1"]
    both = run(INDUSTRY, "--root", root, "--as-of", DAY, "--json", "-o", tmp_path / "g.docx")
    assert json.loads(both.output) == found
    assert (tmp_path / "g.docx").stat().st_size > 0


def test_what_the_firm_gave_stands_in_it(root: Path, tmp_path: Path) -> None:
    firm = tmp_path / "firm.toml"
    firm.write_text('[firm]\nname = "东礁灯塔站"\n', encoding="utf-8")
    result = run(INDUSTRY, "--root", root, "--firm", firm, "--as-of", DAY)
    assert "企业：东礁灯塔站" in result.output


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("海底矿山",), INDUSTRIES),
        ((INDUSTRY, "-o", "指南.pdf"), ("不会写 .pdf", ".docx .md")),
        ((INDUSTRY, "-o", "指南"), ("没有后缀的", ".docx .md")),
        ((INDUSTRY, "--as-of", "去年"), ("日期写法不对",)),
    ],
)
def test_usage(
    root: Path, args: tuple[str, ...], words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    result = run(*args, "--root", root)
    assert isinstance(result.exception, UsageError)
    assert result.exception.exit_code == 2
    assert [w for w in words if w not in str(result.exception)] == []
    assert list(tmp_path.iterdir()) == []
