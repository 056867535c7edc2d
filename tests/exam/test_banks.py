"""An exam stays where it was made: its secret, its papers, and what a site can see of them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.errors import KbError, UsageError
from kb.exam import Pool, Wanted, load_items, pick
from kb.exam.banks import exam_folder, exam_seed, keep_paper, refuse_public
from kb.index import Index
from kb.roots import Roots, shipped_dir
from kb.sitegen import generate
from tests.site.sample import AS_OF, build_index


@pytest.fixture
def where(tmp_path: Path) -> Roots:
    return Roots(shipped_dir(), tmp_path)


def test_the_secret_is_made_once_and_differs_by_folder(where: Roots, tmp_path: Path) -> None:
    one = exam_seed(where, "1")
    assert one == exam_seed(where, "1")
    assert one.endswith(":1")
    assert one.removesuffix("1") == exam_seed(where, "2").removesuffix("2")
    other = tmp_path / "another"
    other.mkdir()
    assert exam_seed(Roots(shipped_dir(), other), "1") != one
    assert (exam_folder(where) / "seed.txt").stat().st_mode & 0o077 == 0


def test_an_exam_is_not_what_the_seed_alone_gives(where: Roots, pool: Pool) -> None:
    exam = pick(pool, Wanted(10, exam_seed(where, "1"))).items
    again = pick(pool, Wanted(10, exam_seed(where, "1"))).items
    practice = pick(pool, Wanted(10, "1")).items
    assert exam == again
    assert [i.item for i in exam] != [i.item for i in practice]


def test_a_paper_is_kept_and_read_back(where: Roots, pool: Pool) -> None:
    items = pick(pool, Wanted(10, "1")).items
    path = keep_paper(where, "paper-1", items, ["少了两题"])
    assert path.parent == exam_folder(where)
    assert load_items(path) == items
    assert json.loads(path.read_text(encoding="utf-8"))["messages"] == ["少了两题"]
    assert [p.name for p in path.parent.iterdir()] == ["paper-1.json"]


@pytest.mark.parametrize("text", ["", "abc", "不是种子"])
def test_a_spoilt_secret_is_told(where: Roots, text: str) -> None:
    exam_folder(where).mkdir()
    (exam_folder(where) / "seed.txt").write_text(text, encoding="utf-8")
    with pytest.raises(KbError, match=r"seed\.txt|不能用"):
        exam_seed(where, "1")


def test_an_exam_is_not_written_where_it_would_be_published(where: Roots) -> None:
    for path in (where.site / "a.json", where.pages / "b.json", where.user / "site" / "c.json",
                 where.user / "corpus" / "d.json", where.build / "e.json"):  # fmt: skip
        with pytest.raises(UsageError, match="公开"):
            refuse_public(where, path)
    refuse_public(where, where.user / "keep" / "f.json")


_OPENED: list[str] = []
_WATCHING = [False]


def _watch(event: str, args: tuple[object, ...]) -> None:
    if _WATCHING[0] and event in ("open", "os.listdir", "os.scandir", "sqlite3.connect"):
        _OPENED.append(str(args[0]))


@pytest.fixture
def opened() -> Iterator[list[str]]:
    """Every file and folder that is opened while a test runs."""
    if not getattr(sys, "_kb_exam_hook", False):
        sys.addaudithook(_watch)
        sys._kb_exam_hook = True  # type: ignore[attr-defined]
    _OPENED.clear()
    _WATCHING[0] = True
    yield _OPENED
    _WATCHING[0] = False


def test_a_site_neither_reads_nor_holds_an_exam(
    where: Roots, pool: Pool, opened: list[str]
) -> None:
    items = pick(pool, Wanted(10, exam_seed(where, "1"))).items
    path = keep_paper(where, "paper-1", items, ())
    (exam_folder(where) / "seed.txt").read_text(encoding="ascii")
    build_index(where.index)
    assert any("exam" in name for name in opened)  # the hook sees
    opened.clear()
    with Index.open(where.index) as index:
        generate(index, where, as_of=AS_OF)
    assert opened
    assert not [name for name in opened if str(exam_folder(where)) in name]
    secret = (exam_folder(where) / "seed.txt").read_text(encoding="ascii").strip()
    written = [p for p in where.build.rglob("*") if p.is_file()]
    assert len(written) > 10
    for file in written:
        data = file.read_bytes()
        assert secret.encode() not in data
        assert items[0].item.encode() not in data
        assert file.name != path.name


def test_nothing_of_the_exam_is_tracked_or_packed(repo: Path) -> None:
    assert "/exam/" in (repo / ".gitignore").read_text(encoding="utf-8").splitlines()
    packed = (repo / "pyproject.toml").read_text(encoding="utf-8")
    assert '"exam"' not in packed
    for path in (repo / "kb" / "sitegen").glob("*.py"):
        # questions for practice may be published; what keeps the exams must stay out of reach
        lines = path.read_text(encoding="utf-8").splitlines()
        said = [x for x in lines if x.strip().startswith(("import ", "from "))]
        assert not [x for x in said if "kb.exam.banks" in x or "exam import banks" in x], path.name
