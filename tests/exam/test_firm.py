"""Items from the firm's own cards: which rows give some, how they are marked, when they fall."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from kb.cli.app import app
from kb.errors import UsageError
from kb.exam import Item, Pool, make_pool, verify_items
from kb.exam.blueprint import load_blueprint
from kb.exam.chosen import asks
from kb.exam.dossier import COLUMNS, dossier_rows
from kb.exam.export import OWN_COLUMNS, TEMPLATES, to_xlsx
from kb.exam.filling import fill
from kb.exam.firm import FirmCards, card_pool, read_cards
from kb.exam.model import FIRM, LAW
from kb.exam.pick import item_of
from kb.index import Index
from kb.terms import Terms
from tests.exam.sample import AS_OF, REF, STANDARD, build, terms

RULE = "《灯塔作业规程》（GB 99990—2020）"
CARD = f"""# 守塔人操作卡

岗位：守塔人

| 序号 | 阶段 | 操作要点 | 依据 |
| --- | --- | --- | --- |
| 1 | 上塔前 | 爬塔梯踏板的宽度应不小于0.8 m，踏板应防滑 | {RULE}5.1.1 |
| 2 | 上塔前 | 背负的灯油不应超过20 kg | {RULE}5.1.3 |
| 3 | 上塔前 | 带齐手套和火柴，天黑前上塔 | |
| 4 | 守塔时 | 油灯应每季度擦洗1次 | {RULE}5.2.1 |
| 5 | 守塔时 | 瞭望镜距窗台的间隙应不小于7 mm | |
| 6 | 下塔后 | 灯芯剪口应不大于3 mm | {RULE}5.1.1 |
| 7 | 下塔后 | 踏板宽度应不小于0.4 m | 《灯塔作业规程》（GB 99990—2008）4.1 |
| 8 | 收工时 | 熄灭灯油炉的火 | |
| 9 | 收工时 | 把梯子收进库房并上锁 | |
| 10 | 收工时 | 把当天的风向记进簿子 | |
"""


@pytest.fixture(scope="module")
def law_index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with build(tmp_path_factory.mktemp("firm") / "index") as opened:
        yield opened


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("cards")
    (where / "守塔人操作卡.md").write_text(CARD, encoding="utf-8")
    return where


@pytest.fixture(scope="module")
def cards(law_index: Index, folder: Path) -> FirmCards:
    return read_cards(law_index, terms(), AS_OF, [folder], first=1000)


@pytest.fixture(scope="module")
def own(law_index: Index, cards: FirmCards) -> Pool:
    return card_pool(make_pool(law_index.passages, AS_OF), cards)


@pytest.fixture(scope="module")
def items(own: Pool) -> tuple[Item, ...]:
    """Every item, those that give each other away among them."""
    return tuple(item_of(d, random.Random(1)) for d in own.drafts)


def row(number: int) -> str:
    return f"card:守塔人操作卡.md#第{number + 6}行"


def test_every_item_says_that_it_is_from_a_card(items: tuple[Item, ...]) -> None:
    assert {i.type for i in items} == {"判断", "填空", "简答"}
    for i in items:
        assert i.source == FIRM
        assert i.id.startswith("card:守塔人操作卡.md#第")
        assert i.stem.startswith("根据本单位卡《守塔人操作卡》")
        assert i.explanation.startswith("依据本单位卡。")
        assert i.validity.startswith("依据本单位卡")
        assert i.citation.startswith("本单位卡《守塔人操作卡》第")
        assert i.post == "守塔人"
        assert Item.from_json(i.to_json()) == i


def test_a_false_figure_is_laxer_than_card_and_law(own: Pool) -> None:
    """The card asks for 0.8 m, the rule for 0.6 m: 0.7 m would break the card alone."""
    false = [d for d in own.drafts if d.kind == "false" and d.basis.id == row(1)]
    assert false
    for d in false:
        (wrong,) = d.wrong
        assert float(wrong.text.removesuffix(" m")) < 0.6
        assert "0.8 m" in d.explanation
        assert f"卡上所引{RULE}5.1.1：" in d.explanation


@pytest.mark.parametrize("number", [3, 5])
def test_without_a_rule_no_statement_about_a_figure_is_false(own: Pool, number: int) -> None:
    found = [d for d in own.drafts if d.basis.id == row(number)]
    assert not [d for d in found if d.kind == "false"]
    assert all("没有核对到法规条款" in d.explanation for d in found)


@pytest.mark.parametrize(("number", "word"), [(2, "松于规定"), (7, "旧版")])
def test_rows_that_a_check_finds_wrong_give_none(own: Pool, number: int, word: str) -> None:
    assert not [d for d in own.drafts if d.basis.id == row(number)]
    (left,) = [x for x in own.left_out if x.id == row(number)]
    assert word in left.why
    assert f"第{number + 6}行" in left.citation


def test_a_list_with_a_wrong_row_is_not_asked(own: Pool) -> None:
    stems = {asks(d.stem): d for d in own.drafts if d.type == "简答"}
    (essay,) = stems.values()
    assert essay.stem.endswith("“收工时”的操作要点有哪些？")
    assert not [x for x in own.left_out if x.id in (row(8), row(9), row(10))]
    assert essay.right == ("熄灭灯油炉的火", "把梯子收进库房并上锁", "把当天的风向记进簿子")


def test_spans_lead_to_the_words_of_the_card(own: Pool) -> None:
    for d in own.drafts:
        assert [d.basis.text[a:b] for a, b in d.right_spans] == list(d.right) or d.type == "判断"
        if d.kind in ("true", "plain", "essay"):
            assert all(d.basis.text[a:b] in d.stem for a, b in d.stem_spans)


def test_a_draft_gives_nothing(law_index: Index, tmp_path: Path) -> None:
    (tmp_path / "底稿.md").write_text(f"底稿·未经岗位讨论\n\n{CARD}", encoding="utf-8")
    (tmp_path / "旧.doc").write_bytes(b"x")
    found = read_cards(law_index, terms(), AS_OF, [tmp_path])
    assert found.bases == []
    assert [("底稿" in x.why, "另存为" in x.why) for x in found.left_out] == [
        (False, True),
        (True, False),
    ]
    (tmp_path / "空").mkdir()
    with pytest.raises(UsageError, match="没有卡片文件"):
        read_cards(law_index, terms(), AS_OF, [tmp_path / "空"])


def test_verify_reads_the_cards_again(
    law_index: Index, cards: FirmCards, items: tuple[Item, ...], tmp_path: Path
) -> None:
    passages = law_index.passages
    assert verify_items(passages, items, AS_OF, cards.rows).findings == ()
    unread = verify_items(passages, items, AS_OF)
    assert {f.kind for f in unread.findings} == {"card_unread"}
    assert unread.checked == 0
    text = CARD.replace("0.8 m", "0.9 m").replace("每季度擦洗1次", "每年擦洗1次")
    (tmp_path / "守塔人操作卡.md").write_text(text, encoding="utf-8")
    again = read_cards(law_index, terms(), AS_OF, [tmp_path]).rows
    stale = {f.id for f in verify_items(passages, items, AS_OF, again).findings}
    assert stale == {row(1), row(4)} & {i.id for i in items}
    assert row(1) in stale


def test_a_rule_that_changed_is_told(
    items: tuple[Item, ...], cards: FirmCards, tmp_path: Path
) -> None:
    def change(ref: str, n: object) -> object:
        if ref == REF and getattr(n, "id", "") == "5.1.1":
            return replace(n, text="爬塔梯踏板的宽度不小于0.7 m，踏板应防滑。")  # type: ignore[type-var]
        return n

    with build(tmp_path / "index", change=change) as index:  # type: ignore[arg-type]
        found = verify_items(index.passages, items, AS_OF, cards.rows).findings
    assert {f.kind for f in found} == {"wording"}
    assert {f.id for f in found} == {row(1)}


def test_exports_and_dossier_carry_the_mark(law_index: Index, items: tuple[Item, ...]) -> None:
    book = load_workbook(io.BytesIO(to_xlsx(items, TEMPLATES["通用"])))
    first, second = ([list(r) for r in s.iter_rows(values_only=True)] for s in book.worksheets)
    where = first[0].index("解析")
    assert all(str(r[where]).startswith("依据本单位卡") for r in first[1:])
    assert {r[OWN_COLUMNS.index("来源")] for r in second[1:]} == {"本单位卡"}
    rows = dossier_rows(law_index.passages, items)
    words, source = (COLUMNS.index(n) for n in ("依据原文", "出处"))
    for r, item in zip(rows[1:], items, strict=True):
        assert r[words].startswith("依据本单位卡")
        assert r[source].startswith("本单位卡《")
        if item.id == row(1):
            assert "爬塔梯踏板的宽度不小于0.6 m" in r[words].split("\n")[-1]


def test_a_blueprint_names_the_cards_as_a_source(
    law_index: Index, own: Pool, tmp_path: Path
) -> None:
    law = make_pool(law_index.passages, AS_OF)
    path = tmp_path / "plan.toml"
    path.write_text(f'sources = {{ "{STANDARD}" = 3, 本单位卡 = 2 }}', encoding="utf-8")
    found = fill(law.where((*law.drafts, *own.drafts)), load_blueprint(path), "1")
    assert not found.short
    assert sorted(i.source for i in found.items) == [FIRM] * 2 + [LAW] * 3


def test_the_command(folder: Path, tmp_path: Path) -> None:
    build(tmp_path / "build" / "index").close()
    base = ["quiz", "--root", str(tmp_path), "--as-of", "2026-11-21", "--cards", str(folder)]
    done = CliRunner().invoke(app, [*base, "--count", "5", "--format", "json"])
    raw = json.loads(done.output)
    assert {i["source"] for i in raw["items"]} == {"firm-card"}
    assert all("rests" in i for i in raw["items"])
    assert [m for m in raw["messages"] if "松于规定" in m]
    law = CliRunner().invoke(app, [*base[:5], "--count", "5", "--format", "json"])
    assert {i["source"] for i in json.loads(law.output)["items"]} == {"law"}
    rows = CliRunner().invoke(app, [*base, "--coverage"])
    assert "本单位卡《守塔人操作卡》" in rows.output


def test_terms_are_only_needed_for_posts(law_index: Index, folder: Path) -> None:
    found = read_cards(law_index, Terms(), AS_OF, [folder])
    assert found.bases
    assert all(b.note is not None and b.note.posts == () for b in found.bases)


def _rows() -> list[list[str]]:
    lines = [x for x in CARD.split("\n") if x.startswith("| ") and "---" not in x]
    return [[c.strip() for c in x.strip("|").split("|")] for x in lines]


def _docx(path: Path) -> None:
    import docx

    book = docx.Document()
    book.add_paragraph("岗位：守塔人")
    rows = _rows()
    table = book.add_table(len(rows), len(rows[0]))
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            table.cell(r, c).text = text
    book.save(str(path))


def _xlsx(path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "守塔人"
    for row in _rows():
        sheet.append(row)
    book.save(path)


def _txt(path: Path) -> None:
    said = (f"{r[2]}（{r[3]}）。" if r[3] else f"{r[2]}。" for r in _rows()[1:])
    path.write_text("守塔人操作卡\n" + "\n".join(said) + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "write", "row"),
    [
        ("守塔人.docx", _docx, "表1第2行"),
        ("守塔人.xlsx", _xlsx, "守塔人!第2行"),
        ("守塔人.txt", _txt, "第2行"),
    ],
)
def test_every_kind_of_file_that_a_check_reads(
    law_index: Index, tmp_path: Path, name: str, write: Callable[[Path], None], row: str
) -> None:
    write(tmp_path / name)
    found = read_cards(law_index, terms(), AS_OF, [tmp_path], first=1000)
    pool = card_pool(make_pool(law_index.passages, AS_OF), found)
    mine = [d for d in pool.drafts if d.basis.id == f"card:{name}#{row}"]
    assert {d.kind for d in mine} == {"figure", "true", "false"}
    assert all("卡上所引" in d.explanation for d in mine)
    assert any("松于规定" in x.why for x in pool.left_out)
    assert any("旧版" in x.why for x in pool.left_out)
    assert not [d for d in pool.drafts if "20 kg" in d.stem + "".join(d.right)]
