"""Drafts over the real notes and texts: what must never stand on a worker's card."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kb.cards import CARDS, Draft
from kb.cards.skeletons import load_skeletons, skeleton_lines
from kb.cli.app import app
from kb.draft import Drafter, Industries, resolve_post
from kb.draft.drafter import SHARED
from kb.index import Index, write_index
from kb.library import load_library
from kb.posts import Posts
from kb.roots import Roots
from kb.terms import Terms

pytestmark = pytest.mark.corpus
AS_OF = date(2026, 11, 21)


@pytest.fixture(scope="module")
def where(tmp_path_factory: pytest.TempPathFactory, corpus_dir: Path) -> Roots:
    roots = Roots.of(tmp_path_factory.mktemp("drafts"))
    write_index(load_library(roots, corpus=[corpus_dir]), roots.index)
    return roots


@pytest.fixture(scope="module")
def index(where: Roots) -> Iterator[Index]:
    with Index.open(where.index) as opened:
        yield opened


@pytest.fixture(scope="module")
def posts(where: Roots) -> Posts:
    return Posts.load(where.corpora, Terms.load(where.corpora))


@pytest.fixture(scope="module")
def drafts(where: Roots, index: Index, posts: Posts) -> dict[str, Draft]:
    skeletons = {c: skeleton_lines(s) for c, s in load_skeletons(where.corpora).items()}
    drafter = Drafter(
        index.passages,
        posts,
        Terms.load(where.corpora),
        Industries.load(where.corpora),
        AS_OF,
        skeletons,
    )
    return {p.name: drafter.draft(p) for p in posts.posts.values() if p.cards}


def test_no_deadline_or_fine_of_others(drafts: dict[str, Draft]) -> None:
    found = [
        (name, x.text)
        for name, draft in drafts.items()
        for card in CARDS
        for x in draft.cards[card]
        if re.search(r"罚款|万元|(?:1|一)\s*(?:个)?小时内?.{0,6}报|报.{0,8}(?:1|一)\s*小时", x.text)
    ]
    assert len(drafts) >= 60
    assert found == []


def test_only_clauses_in_force(drafts: dict[str, Draft]) -> None:
    statuses = {
        b.status for d in drafts.values() for c in CARDS for x in d.cards[c] for b in x.basis
    }
    assert statuses <= {"现行", "已修改"}
    blaster = " ".join(x.text for c in CARDS for x in drafts["爆破员"].cards[c])
    assert blaster
    assert "火雷管" not in blaster
    assert "导火索" not in blaster


def test_a_line_stands_on_one_card(drafts: dict[str, Draft]) -> None:
    for name, draft in drafts.items():
        lines = [(x.basis[0].unit, x.text) for c in CARDS for x in draft.cards[c] if x.basis]
        assert len(lines) == len(set(lines)), name


def test_everybody_has_only_a_share(drafts: dict[str, Draft]) -> None:
    """At most three in ten of a post's clause lines stand with twenty posts or more."""
    owners: dict[tuple[str, str], set[str]] = {}
    for name, draft in drafts.items():
        for card in CARDS:
            for x in draft.cards[card]:
                if x.basis:
                    owners.setdefault((x.basis[0].id, x.text), set()).add(name)
    for name, draft in drafts.items():
        lines = [(x.basis[0].id, x.text) for c in CARDS for x in draft.cards[c] if x.basis]
        shared = sum(len(owners[key]) >= 20 for key in lines)
        assert shared <= SHARED * len(lines) + 1e-9, name


def test_blind_rescue_is_forbidden(drafts: dict[str, Draft]) -> None:
    deadly = {"collapse", "roof-fall", "flood", "poisoning", "suffocation", "electric", "landslide"}
    for name, draft in drafts.items():
        for code in deadly & {x.accident for x in draft.cards["emergency"]}:
            texts = [x.text for x in draft.cards["emergency"] if x.accident == code]
            if any(x.origin == "skeleton" for x in draft.cards["emergency"] if x.accident == code):
                assert any("盲目施救" in t for t in texts), (name, code)


@pytest.mark.parametrize(
    ("name", "section"),
    [("穿孔工", "5.2.2"), ("铲装司机", "5.2.3"), ("破碎工", "5.3"), ("矿用卡车司机", "5.4.2")],
)
def test_the_post_s_own_section_is_there(
    index: Index, drafts: dict[str, Draft], name: str, section: str
) -> None:
    """Nine in ten clauses of a post's own section whose lines name the post."""
    draft = drafts[name]
    cards = {b.id for c in CARDS for x in draft.cards[c] for b in x.basis}
    apart = {b.id for x in draft.firm for b in x.basis}
    own = [
        n
        for n in index.passages.notes()
        if n.id.startswith("gb-16423-2020@")
        and n.clause.startswith(f"{section}.")
        and name in n.posts
        and any(line.who in ("worker", "foreman") for line in n.lines)
    ]
    there = [n for n in own if n.id in cards or n.id in apart]
    assert own
    assert len(there) >= 0.9 * len(own), [n.clause for n in own if n not in there]


def test_free_words(index: Index, posts: Posts) -> None:
    with_cards = {n: p for n, p in posts.posts.items() if p.cards}
    for words, name in (
        ("石灰石矿开挖机的", "铲装司机"),
        ("挖机司机", "铲装司机"),
        ("放炮的", "爆破员"),
        ("爆破", "爆破员"),
    ):
        assert resolve_post(words, with_cards, index.expansion).name == name


def test_the_command(where: Roots, tmp_path: Path) -> None:
    run = CliRunner()
    root = ["--root", str(where.user), "--as-of", AS_OF.isoformat()]
    made = run.invoke(app, ["draft", "挖机司机", "--answer", "铁路运输=否", *root])
    assert made.exit_code != 0  # the question is called 地面轨道
    made = run.invoke(
        app, ["draft", "挖机司机", "--answer", "地面轨道=否", "--format", "json", *root]
    )
    found = json.loads(made.stdout)
    assert found["post"] == "铲装司机"
    assert any("为否" in x["why"] for x in found["left_out"])
    for suffix, layout in ((".md", "墙A4"), (".docx", "口袋"), (".xlsx", "编卡")):
        out = tmp_path / f"卡 片{suffix}"
        done = run.invoke(app, ["draft", "挖机司机", "-o", str(out), "--layout", layout, *root])
        assert (done.exit_code, out.stat().st_size > 500) == (0, True)
