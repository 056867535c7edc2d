"""The five notices: as of their own dates nothing is wrong but what was not yet in force; what is
found on a fixed later day stands in a golden file (ids, kinds, spans; no words of the notices)."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

import pytest

from kb.check import Checker, Shelf
from kb.terms import Terms
from tests.check.conftest import TODAY

pytestmark = pytest.mark.corpus

GOLDEN = Path(__file__).parent / "golden" / "notices.json"
OWN_DAYS = {
    "合川": date(2021, 11, 3),
    "江津": date(2021, 11, 3),
    "涪陵": date(2021, 9, 22),
    "绍兴": date(2020, 8, 21),
    "绿建区": date(2017, 2, 23),
}
THEN = {
    # GB/T 33000-2016 was issued in December 2016 and began on 2017-04-01
    "绿建区": [("pending", "gb-t-33000-2016")],
}


def notice(corpus_dir: Path, name: str) -> Path:
    (path,) = (corpus_dir / "policies").glob(f"{name}*.txt")
    return path


@pytest.mark.parametrize("name", OWN_DAYS)
def test_as_of_their_own_day(
    repo: Path, real_checker: Checker, corpus_dir: Path, name: str
) -> None:
    shelf = Shelf(real_checker.shelf.index, OWN_DAYS[name], fits=real_checker.shelf.fits)
    checker = Checker(shelf, Terms.load([repo / "corpus"]))
    report = checker.check(notice(corpus_dir, name))
    assert [(f.kind, f.id) for f in report.findings if f.is_error] == THEN.get(name, [])
    assert report.not_checked > 0


def test_as_of_a_later_day(real_checker: Checker, corpus_dir: Path) -> None:
    found: dict[str, object] = {"as_of": TODAY.isoformat()}
    for name in OWN_DAYS:
        report = real_checker.check(notice(corpus_dir, name))
        found[name] = {
            "findings": [
                {"kind": f.kind, "line": f.line, "span": [f.start, f.end], "id": f.id}
                for f in report.findings
                if f.kind != "not_checked"
            ],
        }
    if os.environ.get("KB_REWRITE_GOLDEN") == "1":
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert found == json.loads(GOLDEN.read_text(encoding="utf-8"))
