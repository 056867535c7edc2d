"""The browser finds what `kb search` finds: the same hits, scores, reasons and notices."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from kb.errors import UsageError
from kb.evaluate import evaluate, read_questions
from kb.index import Index, write_index
from kb.library import load_library
from kb.roots import Roots, shipped_dir
from kb.search import Filters, Searcher
from kb.sitegen import generate
from kb.sitegen.preview import make_server
from tests.site.browsing import opened
from tests.site.sample import AS_OF

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.corpus, pytest.mark.browser]

Json = dict[str, Any]

PAGE = (
    '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>查</title>'
    '<link rel="icon" href="data:,"><script src="assets/kb/boot.js"></script></head>'
    '<body><script src="assets/kb/app.js"></script></body></html>'
)
ASK = """async (asked) => {
  const out = [];
  for (const [query, options] of asked) {
    out.push(await window.kb.search(query, options).catch((e) => e.message));
  }
  return out;
}"""


@dataclass(frozen=True)
class Both:
    """The same index on both sides."""

    searcher: Searcher
    page: Page
    folder: Path

    def browser(self, *asked: tuple[str, Json]) -> list[Any]:
        """Hits (or the message) of each query, from the page."""
        told = [(q, {"asOf": AS_OF.isoformat(), **options}) for q, options in asked]
        found: list[Any] = self.page.evaluate(ASK, told)
        return found


@pytest.fixture(scope="module")
def both(
    chromium: Browser, corpus_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Both]:
    """The core laws and the development corpus, with the site's own data files and scripts."""
    roots = Roots(shipped_dir(), tmp_path_factory.mktemp("search"))
    write_index(load_library(Roots.of(None), corpus=[corpus_dir]), roots.index)
    with Index.open(roots.index) as index:
        generate(index, roots, as_of=AS_OF)
        (roots.pages / "index.html").write_text(PAGE, encoding="utf-8")
        with make_server(roots.pages) as server:
            thread = threading.Thread(target=server.serve_forever, daemon=True)
            thread.start()
            origin = f"http://127.0.0.1:{server.server_address[1]}/"
            with opened(chromium, origin, "") as page:
                yield Both(Searcher(index), page, roots.pages)
            server.shutdown()
            thread.join()


# --- comparing ----------------------------------------------------------------------------------


def ids(hits: Sequence[Json]) -> list[str]:
    return [f"{h['id']}@{h['version']}" for h in hits]


def differences(mine: Json, theirs: Json) -> list[str]:
    """What two hits say differently; scores may be apart by less than they are rounded to."""
    out = [] if abs(mine["score"] - theirs["score"]) < 1e-3 else ["score"]
    for key in (mine.keys() | theirs.keys()) - {"score", "url", "why"}:
        if mine.get(key) != theirs.get(key):
            out.append(key)
    if not mine["url"].endswith(f"#{mine['id'].partition('#')[2]}"):
        out.append("url")
    why, other = mine["why"], theirs["why"]
    return out + [
        f"why.{k}" for k in why.keys() | other.keys() if not near(why.get(k), other.get(k))
    ]


def near(a: Any, b: Any) -> bool:
    """Equal, or numbers of two decimals that were rounded to either side."""
    if isinstance(a, int | float) and isinstance(b, int | float):
        return abs(a - b) < 0.011
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return a.keys() == b.keys() and all(near(a[k], b[k]) for k in a)
    return bool(a == b)


def compare(both: Both, *asked: tuple[str, Json]) -> list[str]:
    """Sentences on all that differs between the two sides."""
    out = []
    for (query, options), mine in zip(asked, both.browser(*asked), strict=True):
        filters = Filters.of(both.searcher, **options.get("filters", {}))
        day = date.fromisoformat(options.get("asOf", AS_OF.isoformat()))
        top = options.get("top", 10)
        found = both.searcher.search(query, top=top, as_of=day, filters=filters)
        theirs = [h.to_json() for h in found]
        if isinstance(mine, str) or ids(mine) != ids(theirs):
            out.append(f"{query} {options}: {mine if isinstance(mine, str) else ids(mine)}")
            continue
        for a, b in zip(mine, theirs, strict=True):
            out += [f"{query} {options}: {b['id']} {what}" for what in differences(a, b)]
    return out


# --- questions ----------------------------------------------------------------------------------


class FromBrowser(Searcher):
    """Answers `kb.evaluate` with the ids that the page finds."""

    def __init__(self, both: Both, index: Index) -> None:
        super().__init__(index)
        self._both = both
        self.tops: dict[str, list[str]] = {}

    def search(self, query: str, **_: Any) -> Any:
        """Ids alone, which is all that is measured."""
        (hits,) = self._both.browser((query, {}))
        self.tops[query] = [f"{h['id'].replace('#', '@' + h['version'] + '#')}" for h in hits]
        return [SimpleNamespace(full_id=x) for x in self.tops[query]]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["dev", "own"])
def test_questions_are_answered_alike(both: Both, shared_dir: Path, repo: Path, name: str) -> None:
    path = shared_dir / "eval/dev.jsonl" if name == "dev" else repo / "eval/questions.jsonl"
    mine = FromBrowser(both, both.searcher._index)
    theirs = {q["qid"]: q for q in evaluate(both.searcher._index, path, as_of=AS_OF).questions}
    report = evaluate(both.searcher._index, path, as_of=AS_OF, searcher=mine)
    asked = read_questions(path)
    first = [q.qid for q in asked if mine.tops[q.query][:1] != theirs[q.qid]["hits"][:1]]
    all_ten = [q.qid for q in asked if mine.tops[q.query] != theirs[q.qid]["hits"]]
    assert first == []
    # sums are added up in another order: rows whose scores agree in six digits may change places
    assert len(all_ten) <= 0.01 * len(asked), all_ten
    whole = evaluate(both.searcher._index, path, as_of=AS_OF).styles["all"]
    assert abs(report.styles["all"].ndcg10 - whole.ndcg10) < 0.002


QUERIES = (
    "炮孔装药前检查什么",
    "打眼前先看什么",
    "电工要不要证",
    "新工人培训多少学时",
    "72小时",
    "1.5 m",
    "百分之四十",
    "有限空间先通风再检测后作业",
    "（单选）动火作业由谁批准",
    "物体打击",
    "车辆伤害",
    "abc xyz",
    "？！",
    "矿" * 400,
)


def test_words_and_meaning(both: Both) -> None:
    assert compare(both, *((q, {}) for q in QUERIES)) == []


def test_sentences_drawn_from_clauses(both: Both) -> None:
    texts = [text for _, text in both.searcher.texts(as_of=AS_OF)]
    drawn = [t.partition("。")[0].replace("应当", "", 1) for t in texts[::150] if len(t) > 30]
    assert len(drawn) > 10
    assert compare(both, *((q, {"top": 5}) for q in drawn)) == []


NAMED = (
    "安全生产法第25条",
    "安全生产法第二十五条第一款第（三）项",
    "16423 5.2.2.2",
    "GB 16423-2020 5.2.2.2第4项",
    "5.2.2.2",
    "安全生产法第25条至第28条",
    "安全生产法第118条至第125条",
    "安全生产法第四章",
    "安全生产法第二百条",
    "16423 99.9.9",
    "16423 表1",
    "突发事件应对法2007第五条",
    "突发事件应对法第一百零一条",
    "消防法",
    "《没有的法》第三条 动火",
    "GB 99999-2099",
    "gb-16423-2020#5.2.2.2",
    "anquan-shengchan-fa@2021-06-10#art-4",
    "第25条 安全生产法",
)


def test_what_a_query_names(both: Both) -> None:
    assert compare(both, *((q, {}) for q in NAMED)) == []
    (hits,) = both.browser(("安全生产法第二百条", {}))
    assert hits[0]["why"]["notice"] == "《安全生产法》没有第二百条（共 119 条）"


FILTERS: tuple[Json, ...] = (
    {"kinds": ["标准"]},
    {"kinds": ["law", "行政法规"]},
    {"docs": ["安全生产法"]},
    {"docs": ["16423"]},
    {"statuses": ["all"]},
    {"statuses": ["被代替", "已废止"]},
    {"region": "重庆"},
    {"region": "浙江省绍兴市"},
    {"posts": ["爆破工"]},
    {"activities": ["动火"]},
    {"accidents": ["坍塌"]},
    {"cards": ["应急"]},
    {"cards": ["operation"], "kinds": ["standard"]},
)


@pytest.mark.parametrize("filters", FILTERS, ids=str)
def test_filters(both: Both, filters: Json) -> None:
    asked = ("装药前检查什么", "安全生产法第25条", "突发事件预警")
    assert compare(both, *((q, {"filters": filters}) for q in asked)) == []


def test_another_day_and_more_hits(both: Both) -> None:
    days = ("2005-01-01", "2019-06-01", "2021-08-31", "2030-01-01")
    assert compare(both, *(("应急预案 演练", {"asOf": day, "top": 25}) for day in days)) == []


def test_a_filter_may_be_one_word(both: Both) -> None:
    one, several = both.browser(
        ("检查", {"filters": {"kind": "标准", "card": "应急"}}),
        ("检查", {"filters": {"kinds": ["标准"], "cards": ["应急"]}}),
    )
    assert one == several
    assert {h["doc"]["kind"] for h in one} == {"standard"}


@pytest.mark.parametrize(
    "filters",
    [
        {"kinds": ["书"]},
        {"statuses": ["有效"]},
        {"posts": ["宇航员"]},
        {"hazards": ["妖怪"]},
        {"accidents": ["发呆"]},
        {"cards": ["贺卡"]},
        {"region": "月球"},
        {"region": "constructor"},
    ],
    ids=str,
)
def test_an_unknown_filter_is_refused_alike(both: Both, filters: Json) -> None:
    with pytest.raises(UsageError) as error:
        Filters.of(both.searcher, **filters)
    (message,) = both.browser(("检查", {"filters": filters}))
    assert str(error.value).startswith(message)
    (message,) = both.browser(("检查", {"filters": {"docs": ["没有这个"]}}))
    assert message == "没有这份文件：'没有这个'"
