"""The browser reads a query as Python does: what it names, where that stands, what is not there."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kb.citations.patterns import GENERIC_NAMES, WELL_KNOWN_NAMES
from kb.cite_text import unit_label
from kb.index import Index
from kb.library import load_library
from kb.model import DocKind
from kb.query import understand
from kb.roots import Roots
from kb.search import Searcher
from kb.search.filters import Filters
from kb.sitegen.bundle import bundle, read_modules, write_part
from kb.sitegen.context import SiteContext
from kb.sitegen.preview import make_server
from kb.sitegen.search_names import NAMES_PART, write_name_parts
from kb.sitegen.search_text import TOKENIZER_KEY, write_text_parts
from kb.validity import validity
from tests.site.browsing import opened
from tests.site.sample import AS_OF, build_index, write_manifest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

STATE_PART = "assets/kb/s/state"
PAGE = f"""
import {{ part }} from "./core/site.js";
import {{ makeFold }} from "./text/fold.js";
import {{ GENERIC, WELL_KNOWN }} from "./query/cited_patterns.js";
import {{ editionsOf, explain }} from "./query/explain.js";
import {{ unitLabel, zhNumeral }} from "./query/labels.js";
import {{ locate, openTree }} from "./query/locate.js";
import {{ openNames }} from "./query/names.js";
import {{ understand }} from "./query/understand.js";

let names, folding, state, standards;
const trees = new Map();
const statusOf = (ref) => state.status[ref][0];

window.begin = async () => {{
  folding = makeFold((await part("{TOKENIZER_KEY}")).fold);
  names = openNames(await part("{NAMES_PART}"));
  state = await part("{STATE_PART}");
  standards = state.standards;
  for (const v of state.versions) trees.set(v.ref, openTree(await part(v.page + "tree")));
}};

function ask(query, kind) {{
  const understood = understand(query, names, folding, standards);
  const allowed = (doc) => !kind || names.documents.get(doc).kind === kind;
  const editions = (r) => editionsOf(r, state.versions, statusOf, allowed, null);
  const located = [];
  understood.references.forEach((r) => {{
    if (!r.clause) return;
    editions(r).forEach((ref) =>
      locate(trees.get(ref), r).forEach((x) => located.push([ref, x.clause, x.unit, x.note]))
    );
  }});
  const about = {{
    names, editions, allowed, statuses: null, day: state.day,
    treeOf: (ref) => trees.get(ref), labelOf: (ref) => state.status[ref],
  }};
  const r = understood.references.map((x) => [
    x.docs, x.clause, x.parts, x.edition, x.dated, x.raw, x.until, x.pins,
  ]);
  return [understood.text, r, understood.unknown, located, explain(understood, about)];
}}
window.calls = {{
  ask: (queries) => queries.map(([q, kind]) => ask(q, kind)),
  labels: (ids) => ids.map(([id, kind]) => unitLabel(id, kind)),
  numerals: (values) => values.map(zhNumeral),
  words: () => [Array.from(GENERIC).sort(), WELL_KNOWN],
}};
"""


@dataclass(frozen=True)
class Sides:
    """The same index in Python and in a page."""

    index: Index
    searcher: Searcher
    ask: Callable[[str, list[Any]], Any]

    def python(self, query: str, kind: str) -> list[Any]:
        """What Python makes of a query, in the form of the page's answer."""
        filters = Filters(kinds=(DocKind(kind),)) if kind else Filters()
        standards = standards_of(self.searcher)
        found = understand(query, self.searcher.names, standards)
        references = [
            [
                list(r.docs),
                r.clause,
                list(r.parts),
                r.edition,
                r.dated,
                r.raw,
                r.until,
                sorted(r.pins),
            ]
            for r in found.references
        ]
        located = [
            [ref, x.clause, x.unit, x.note]
            for ref, x in self.searcher.resolve(query, as_of=AS_OF, filters=filters)
        ]
        said = self.searcher.explain(query, as_of=AS_OF, filters=filters)
        return [found.text, references, list(found.unknown), located, said]

    def compare(self, queries: list[tuple[str, str]]) -> list[list[Any]]:
        """Both sides must say the same of each (query, kind of documents or ''); the answers."""
        out = []
        for (query, kind), theirs in zip(
            queries, self.ask("ask", [list(q) for q in queries]), strict=True
        ):
            theirs[4] = "；".join(theirs[4])
            assert theirs == self.python(query, kind), f"{query!r} {kind}"
            out.append(theirs)
        return out


def standards_of(searcher: Searcher) -> list[str]:
    """Ids of the standards that a default search looks through, as the searcher has them."""
    return list(searcher._standards(AS_OF, Filters()))


@pytest.fixture(scope="module")
def sides(
    chromium: Browser, repo: Path, corpus_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sides]:
    """The core laws and the development corpus."""
    folder = tmp_path_factory.mktemp("index")
    generation = "g-000000000000"
    (folder / generation).mkdir()
    library = load_library(Roots.of(None), corpus=[corpus_dir])
    library.write_passages(folder / generation / "passages.sqlite", generation)
    write_manifest(folder, generation, library.evidence_date.isoformat())
    with Index.open(folder) as index:
        yield from beside(chromium, repo, index, tmp_path_factory.mktemp("page"))


@pytest.fixture(scope="module")
def invented(
    chromium: Browser, repo: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sides]:
    """The invented index, with a law that waits, a partial text and a bare entry."""
    folder = build_index(tmp_path_factory.mktemp("invented") / "index")
    with Index.open(folder) as index:
        yield from beside(chromium, repo, index, tmp_path_factory.mktemp("page"))


def beside(chromium: Browser, repo: Path, index: Index, folder: Path) -> Iterator[Sides]:
    """A page that answers over the data files of an index."""
    assets = repo / "site" / "assets"
    site = SiteContext(index, AS_OF)
    searcher = Searcher(index)
    write_text_parts(folder)
    write_name_parts(site, folder)
    documents = site.documents
    write_part(
        folder,
        STATE_PART,
        {
            "day": AS_OF.isoformat(),
            "standards": standards_of(searcher),
            "versions": [
                {
                    "ref": v.ref,
                    "doc": v.document.id,
                    "version": v.version.version,
                    "year": v.version.in_force.year if v.version.in_force else 0,
                    "page": site.page_of[v.ref],
                }
                for v in searcher._versions
            ],
            "status": {
                v.ref: [now.status.value, now.label]
                for v in index.passages.version_rows(loaded_only=True)
                for now in [validity(v.version, v.document, AS_OF, documents)]
            },
        },
    )
    shutil.copy(assets / "boot.js", folder / "assets" / "kb")
    modules = {**read_modules(assets / "modules"), "page.js": PAGE}
    (folder / "page.js").write_text(bundle(modules, "page.js"), encoding="utf-8")
    (folder / "index.html").write_text(
        '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">'
        '<script src="assets/kb/boot.js"></script><script src="page.js"></script>',
        encoding="utf-8",
    )
    with make_server(folder) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        with opened(chromium, f"http://127.0.0.1:{server.server_address[1]}/", "") as page:
            page.evaluate("begin()")
            script = "([c, v]) => JSON.stringify(calls[c](JSON.parse(v)))"
            yield Sides(
                index,
                searcher,
                lambda call, values: json.loads(page.evaluate(script, [call, json.dumps(values)])),
            )
        server.shutdown()
        thread.join()


# --- queries ------------------------------------------------------------------------------------

ARTICLES = (
    "第一条",
    "第25条",
    "第 3 条第二款",
    "第三条第一款第（二）项",
    "第3条（一）项",
    "第3条第2项第1目",
    "第9999条",
    "第二十五条之一",
    "134条之一",
    "第20条至第22条",
    "第2至4条",
    "3-5条",
    "第2、3、5条",
    "第1条、第3条和第5条",
    "第118条到第1250条",
    "第4章",
    "第二章第一节",
    "第一编第二章",
    "第二章第5条",
    "第5",
    " 5",
    "的第六条",
    "（2007）第1条",
    "(2021年修正) 第1条",
    "2013版",
    "2021-06-10",
)
NUMBERED = (
    "5.2.2.2",
    " 5.2.2.2第4项",
    "第5.2.2.2条 第4项",
    " 5.6.1.5 a)",
    " 5.2.2.1~5.2.2.3",
    " 5.2.2.1至5.2.2.99",
    " 9.9.9.9",
    " 表1",
    " 表 9",
    " 附录A",
    "附录c.1.2",
    " 5.2.2.2 第2段",
    "第5章",
    " 6.7、6.8 和 6.9.1",
)
ALONE = (
    "5.2.2.2",
    "第5.2.2.2条第4项",
    "6.7",
    "9.8.7.6",
    "第25条",
    "1.5.6 米",
    "gb-16423-2020#5.2.2.2",
    "gb-16423-2020@2020-10-11",
    "gb-16423-2020#",
    "gb-16423-2020@2020#5",
    "没有-这个#art-1",
    "GB 16423",
    "gb16423—2020",
    "GB/T 16423-2020",
    "16423 5.2.2.2",
    "GB 16423-2006 5.1",
    "GB 99998-2019",
    "GB６７２２",
    "AQ 2012-2007、DB50/T 867.12 和 TSG 23-2021",
    "TSGR0006-2014 2.1",
    "GBT33000 5.1.1",
    "JGJ 46-2005 3.1.4 要求",
    "国务院令第591号",
    "国务院令第999号第3条",
    "中华人民共和国主席令第八十八号",
    "主席令（第88号）第三条",
    "第十三号令",
    "应急管理部公告2021年第5号",
    "津安委发〔2021〕21号",
    "津安委发[2021]第021号",
    "矿安（2022）88号第二条",
    "贯彻落实某市应急发〔2030〕7号文件",
    "《没有的规定》第3条",
    "《没有的规定》（GB 99998-2019）5.1",
    "《关于修改〈没有的规定〉的决定》",
    "《没有的规定（2014年修正）》",
    "2014年版《没有的规定》第三条",
    "《动火作业票》怎么填",
    "《安全生产许可证》",
    "《办法》第三条",
    "某省安全生产条例第五条",
    "依照某某矿山管理办法第六条第一款、第三款处罚",
    "刑法第一百三十四条之一",
    "收购刑法第134条",
    "民法典第三编第五章",
    "本法第三条和该法第四条",
    "前款第二项规定的前三项要求",
    "本条前款第一项，第二项",
    "附件一第三条、某某管理规定附件2第四条",
    "《没有的规定》（以下简称《规定》）第三条，本规定第四条",
    "《一》、《二》和《三》第一款",
    "安全生产法和没有的管理条例第七条",
    "安全生产法第25条、矿山安全法第3条和第5条",
    "第25条 安全生产法",
    "第三条：\n“内容”",
    "第3条 说明\n第4条 说明",
    "请问安全生产法第25条第3项怎么说",
    "安全生产法25",
    "安全生产法 零条 第0条",
    "（单选）安全生产法第21条是什么",
    "1. 【判断题】 矿长要不要下井",
    "判断：动火要审批",
    "一二三四五六七八九十百千第第第第条",
    "《《《《第条",
    "动火 审批",
    "　安全生产法　第25条　",
    "安全生产法  第 25  条",
    "aq 2012  5 3",
    "3．5米 ≥ 2 m",
    "𠀀𠀀《没有的规定》𠀀第3条",
    "x" * 600 + "安全生产法第25条",
    "安" * 499 + "全生产法第25条",
    "",
    "   ",
    "#",
    "a@b#c",
    "<b>《没有的<i>规定》</b>",
)


def named(searcher: Searcher) -> Iterator[str]:
    """Every name of every document, and each with one of the parts in turn."""
    turn = 0
    for document in searcher.documents.values():
        for title in dict.fromkeys((document.title, document.short, *document.aliases)):
            yield title
            yield f"《{title}》{ARTICLES[turn % len(ARTICLES)]}"
            yield title + ARTICLES[(turn + 7) % len(ARTICLES)]
            turn += 1
        if document.number:
            yield document.number
            yield document.number + NUMBERED[turn % len(NUMBERED)]
        for version in document.versions:
            if version.number:
                yield f"{version.number}{ARTICLES[turn % len(ARTICLES)]}"


# --- tests --------------------------------------------------------------------------------------


def test_every_name_and_form(sides: Sides) -> None:
    queries = list(named(sides.searcher))
    assert len(queries) > 500
    sides.compare([(q, "") for q in queries])


def test_every_part_of_a_law_a_standard_and_a_notice(sides: Sides) -> None:
    heads = ("安全生产法", "《突发事件应对法》（2007）", "GB 16423-2020", "16423", "刑法", "民法典")
    parts = (*ARTICLES, *NUMBERED)
    answers = sides.compare([(head + part, "") for head in heads for part in parts])
    # the comparison is no comparison of nothing with nothing
    assert sum(bool(a[3]) for a in answers) > 50
    assert sum(any(x[3] for x in a[3]) for a in answers) > 3
    assert sum(bool(a[4]) for a in answers) > 50


def test_what_stands_alone(sides: Sides) -> None:
    answers = sides.compare([(q, "") for q in ALONE])
    assert sum(bool(a[2]) for a in answers) > 15
    sides.compare([(q, "standard") for q in ALONE])


def test_the_invented_index(invented: Sides) -> None:
    heads = ("测试法", "灯法", "GB 99999", "检查灯具的通知", "测试市灯具条例", "没有正文的规定")
    whole = [head + part for head in heads for part in (*ARTICLES, *NUMBERED, "")]
    more = [
        "测试法2012版第3条",
        "测试法（2027）第1条",
        "ceshi-fa@2012-03-01#art-3.p1.i2",
        "99998-2020",
    ]
    invented.compare([(q, kind) for q in (*whole, *more) for kind in ("", "law")])
    said = invented.ask("ask", [["测试法第一百条", ""]])[0][4]
    assert said == ["《测试法》没有第一百条（共 4 条）"]


def test_the_questions(sides: Sides, repo: Path, shared_dir: Path) -> None:
    files = (repo / "eval" / "questions.jsonl", shared_dir / "eval" / "dev.jsonl")
    queries = [
        json.loads(line)["query"]
        for path in files
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    assert len(queries) > 400
    sides.compare([(q, "") for q in queries])


def test_citations_of_the_texts(sides: Sides) -> None:
    """What real sentences cite."""
    passages = sides.index.passages
    found = [
        text
        for ref in passages.texts
        for unit in passages.units(ref)
        if unit.hit
        for text in unit.display.split("\n")
        if any(word in text for word in ("《", "第", "GB", "号"))
    ]
    assert len(found) > 300
    sides.compare([(q, "") for q in found])


def test_labels(sides: Sides) -> None:
    passages = sides.index.passages
    ids = [
        (unit.id, passages.documents[ref.partition("@")[0]].kind)
        for ref in passages.texts
        for unit in passages.units(ref)
    ]
    ids += [(i, k) for i in ("x", "5.x", "m-z1", "art-3.q1", "app-1.4") for k in DocKind]
    expected = [unit_label(i, kind) for i, kind in ids]
    assert sides.ask("labels", [[i, kind.value] for i, kind in ids]) == expected


def test_words_that_both_sides_know(sides: Sides) -> None:
    generic, known = sides.ask("words", [])
    assert generic == sorted(GENERIC_NAMES)
    assert known == list(WELL_KNOWN_NAMES)
