"""The five notices: every reference in them, read by eye, with its span and target.

The golden files hold spans of the notices' own text, forms, and what was resolved; no source words.
`KB_GOLDEN=write pytest tests/citations/test_real_notices.py` rewrites them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from kb.catalog import Catalog
from kb.citations import find
from kb.model import Source, Tree
from kb.readers import read
from kb.readers.statutes import StatuteDb
from kb.resolve import Context, Resolver
from kb.structure import parse

GOLDEN = Path(__file__).parent / "golden"
COUNTS = {
    # one law and two standards
    "hechuan-feimei-kuangshan-2021": 3,
    # own number, the notice it rests on (twice), the plan it issues, 此方案
    "jiangjin-yingjifa-2021-108": 5,
    # cites no document
    "fuling-mawu-gongmao-2021": 0,
    # 2 in the heading, 4 + 3 in the preamble, 9 in the body, 4 in the table
    "shaoxing-yingji-jianguan-2020-9": 22,
    "lvjianqu-gongzuo-yaodian-2017": 13,
}

pytestmark = pytest.mark.corpus


@pytest.fixture(scope="module")
def catalog(repo: Path) -> Catalog:
    with StatuteDb.open() as statutes:
        return Catalog.load([repo / "corpus"], statutes.rows())


@pytest.fixture(scope="module")
def notices(corpus_dir: Path) -> list[Source]:
    return [read(p) for p in sorted((corpus_dir / "policies").glob("*.txt"))]


def _rows(catalog: Catalog, source: Source) -> tuple[str, list[dict[str, Any]]]:
    known = catalog.recognise(source)
    assert known, source.path
    document, version = known
    resolver = Resolver(catalog, lambda _doc, _version: None)
    tree = parse(source, document.kind, title=document.title)
    context = Context.of(document, version, tree)
    found = find(source.text, inside="notice", names=resolver.names)
    return document.id, [
        {
            "unit": _innermost(tree, r.citation.start),
            "span": [r.citation.start, r.citation.end],
            "form": r.citation.form.value,
            "targets": list(r.targets),
            "reason": r.reason,
            "edition": r.details.get("版本", ""),
        }
        for r in resolver.resolve_all(source.text, found, context)
    ]


def _innermost(tree: Tree, position: int) -> str:
    covering = [u for u in tree.units if u.start <= position < u.end]
    return min(covering, key=lambda u: u.end - u.start).id if covering else ""


def _dump(rows: Iterable[dict[str, Any]]) -> str:
    lines = ",\n".join(json.dumps(r, ensure_ascii=False) for r in rows)
    return f"[\n{lines}\n]\n" if lines else "[]\n"


def test_every_reference_of_the_notices(catalog: Catalog, notices: list[Source]) -> None:
    seen = {}
    for source in notices:
        doc, rows = _rows(catalog, source)
        seen[doc] = len(rows)
        path = GOLDEN / f"{doc}.json"
        if os.environ.get("KB_GOLDEN") == "write":
            path.write_text(_dump(rows), encoding="utf-8")
        assert json.loads(path.read_text(encoding="utf-8")) == rows
        assert all(r["targets"] for r in rows), "the catalog has all that the notices cite"
    assert seen == COUNTS
