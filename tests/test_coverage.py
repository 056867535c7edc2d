"""Coverage on the invented index: what counts as a post's own, and what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.coverage import OPERATIONS, RISKS, Owned, coverage
from kb.draft import Drafter, Industries
from kb.notes import Line, Note
from kb.posts import Post, Posts
from kb.sitegen.coverage_page import coverage_html
from kb.terms import Terms
from tests.search.sample import AS_OF, LAW, LAW_DAY, OLD_LAW_DAY, build

NOW, OLD = f"{LAW}@{LAW_DAY}", f"{LAW}@{OLD_LAW_DAY}"


def lines(count: int, card: str, who: str = "worker") -> tuple[Line, ...]:
    return tuple(Line("art-1", card, f"做法{n}", who, "must") for n in range(count))


def report(folder: Path, notes: list[Note], post: Post) -> dict[str, object]:
    with build(folder / "i") as index:
        hashes = {n: u.hash for n in ("art-1", "art-2") if (u := index.passages.unit(NOW, n))}
    fitted = [
        Note(n.id, hashes.get(n.clause, n.hash), "守塔人每三年换灯芯", n.lay, n.posts,
             severity=3, lines=n.lines, author="n1", reviewer=n.reviewer,
             left_out=("二十四小时：略", "百分之四十：略", "三级：略"))
        for n in notes
    ]  # fmt: skip
    with build(folder / "j", fitted) as index:
        posts = Posts({post.name: post}, {})
        industries = Industries((LAW,), {})
        drafter = Drafter(index.passages, posts, Terms(), industries, AS_OF)
        found = coverage(index.passages, [post], AS_OF, drafter.owned)
    assert coverage_html(found).count("<tr>") == 2 + len(found.documents) + 1
    return found.to_json()


POST = Post("keeper", "守塔人", industries=("工贸",), cards=True,
            standards=("GB 99998-2020", "GB 99998-2006", "GB 1-1900"))  # fmt: skip


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        (lines(OPERATIONS, "operation") + lines(RISKS, "risk", "firm"), "full"),
        (lines(OPERATIONS - 1, "operation") + lines(RISKS, "risk"), "partial"),
        (lines(OPERATIONS, "operation") + lines(RISKS - 1, "risk"), "partial"),
        (lines(OPERATIONS, "operation", "firm") + lines(RISKS, "risk"), "partial"),
        (lines(OPERATIONS, "operation", "foreman") + lines(RISKS, "risk"), "partial"),
        (lines(OPERATIONS, "operation") + lines(RISKS, "risk", "authority"), "partial"),
    ],
)
def test_full(tmp_path: Path, own: tuple[Line, ...], expected: str) -> None:
    note = Note(f"{NOW}#art-1", "0" * 12, "x", posts=("守塔人",), lines=own)
    post = report(tmp_path, [note], POST)["posts"][0]  # type: ignore[index]
    assert post["coverage"] == expected
    assert (post["lacks"] == "") == (expected == "full")


def test_only_what_names_the_post_and_is_in_force(tmp_path: Path) -> None:
    many = lines(OPERATIONS, "operation") + lines(RISKS, "risk")
    notes = [
        Note(f"{NOW}#art-1", "0" * 12, "x", posts=("港务员",), lines=many),
        Note(f"{OLD}#art-1", "0" * 12, "x", posts=("守塔人",), lines=many),
    ]
    post = report(tmp_path, notes, POST)["posts"][0]  # type: ignore[index]
    assert (post["operations"], post["risks"], post["documents"]) == (0, 0, [])


def test_missing_standards_and_documents(tmp_path: Path) -> None:
    note = Note(f"{NOW}#art-1", "0" * 12, "x", ("甲", "乙"), ("守塔人",), lines=lines(2, "duty"))
    found = report(tmp_path, [note], POST)
    post = found["posts"][0]  # type: ignore[index]
    assert [m["number"] for m in post["missing"]] == ["GB 99998-2006", "GB 1-1900"]
    (document,) = found["documents"]  # type: ignore[misc]
    assert (document["notes"], document["full"], document["lines"], document["lay"]) == (1, 1, 2, 2)
    assert (document["unreviewed"], document["states"]) == (1, {"same": 1})


def test_posts_without_cards_are_left_out(tmp_path: Path) -> None:
    with build(tmp_path / "i") as index:
        found = coverage(index.passages, [Post("x", "监管人员")], AS_OF, lambda _: Owned({}, {}))
    assert found.posts == ()
