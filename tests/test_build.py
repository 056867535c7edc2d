"""From files to an index: what is loaded, what is refused, and what survives a killed build."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from kb.encoders import HashEncoder
from kb.errors import (
    IndexCorruptError,
    IndexMissingError,
    IndexOutdatedError,
    KbError,
    UnknownIdError,
)
from kb.index import Index, write_index
from kb.library import Library, load_library
from kb.model import DocKind, Tree, Unit, UnitKind
from kb.report import status_report
from kb.roots import Roots
from kb.search import Searcher
from kb.show import cite_text, show_id
from kb.verify import DifferenceKind, compare, verify_library, verify_pair

DAY = date(2026, 11, 21)

LOCAL = """# 某市矿灯管理办法

2020年3月1日 某市人民政府令第9号公布

<!-- INFO END -->

## 第一章 总则

第一条 矿灯的发放，适用本办法。

第二条 使用矿灯的人应当做到：

（一）领灯时试亮 2 次；

（二）交灯时登记。

违反前款第二项的，由班组长记录。

## 第二章 附则

第三条 本办法自2020年5月1日起施行。
"""


@pytest.fixture
def roots(tmp_path: Path) -> Roots:
    """The project's corpus, with a user folder of its own."""
    user = tmp_path / "企业 一"
    user.mkdir()
    return Roots.of(user)


def folder(tmp_path: Path, **files: str) -> Path:
    made = tmp_path / "资料"
    made.mkdir(exist_ok=True)
    for name, text in files.items():
        (made / f"{name}.md").write_text(text, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Library, Index, Path]]:
    """The nine laws and one local document, built once."""
    base = tmp_path_factory.mktemp("built")
    root = base / "root"
    root.mkdir()
    where = Roots.of(root)
    library = load_library(where, corpus=[folder(base, 甲=LOCAL)])
    write_index(library, where.index)
    with Index.open(where.index) as index:
        yield library, index, where.index


def test_core_is_nine_laws_and_what_is_given(built: tuple[Library, Index, Path]) -> None:
    report = status_report(built[1], DAY)
    clauses = {r["short"]: r["clauses"] for r in report["documents"] if r["status"] == "现行"}
    assert clauses == {
        "安全生产法": 119,
        "矿山安全法": 50,
        "职业病防治法": 88,
        "消防法": 74,
        "特种设备安全法": 101,
        "突发事件应对法": 106,
        "危险化学品安全法": 127,
        "劳动法": 107,
        "劳动合同法": 98,
    }
    imported = [r for r in report["documents"] if r["id"].startswith("x-")]
    assert [(r["title"], r["version"], r["status"], r["clauses"]) for r in imported] == [
        ("某市矿灯管理办法", "2020-03-01", "待核", 3)
    ]


def test_a_reference_inside_an_import_leads_to_its_item(built: tuple[Library, Index, Path]) -> None:
    library, index, _ = built
    ref = next(x.ref for x in library.loaded if x.document.id.startswith("x-"))
    edges = index.passages.citations(ref, "art-2")
    assert [(e.raw, e.targets) for e in edges] == [("前款第二项", (f"{ref}#art-2.p1.i2",))]
    shown = show_id(index, f"{ref}#art-2.p2", DAY)[0]
    assert shown["cites"] == [
        {"raw": "前款第二项", "targets": [f"{ref}#art-2.p1.i2"], "reason": ""}
    ]
    assert show_id(index, f"{ref}#art-2.p1.i2", DAY)[0]["cited_by"] == [f"{ref}#art-2"]


def test_show_reads_ids_and_citations(built: tuple[Library, Index, Path]) -> None:
    index = built[1]
    by_name = show_id(index, "安全生产法第25条", DAY)
    by_id = show_id(index, "anquan-shengchan-fa#art-25", DAY)
    assert by_name == by_id
    assert by_id[0]["citation"] == "《中华人民共和国安全生产法》第二十五条"
    assert by_id[0]["status"] == "现行"
    whole = show_id(index, "anquan-shengchan-fa", DAY)[0]
    assert whole["clauses"] == 119
    assert whole["contents"][0] == "第一章 总则"
    for wrong in ("anquan-shengchan-fa#art-999", "wu-ci-fa", "不存在的法第3条"):
        with pytest.raises(UnknownIdError, match="没有这个编号"):
            show_id(index, wrong, DAY)


def test_cite_says_why_it_does_not_know(built: tuple[Library, Index, Path]) -> None:
    text = "依照\n《安全生产法》第九十五条和本法第三条。"
    found = cite_text(built[1], text, DAY)
    assert [text[c["start"] : c["end"]] for c in found] == [c["raw"] for c in found]
    assert [(c["line"], c["targets"]) for c in found] == [
        (2, ["anquan-shengchan-fa@2021-06-10#art-95"]),
        (2, []),
    ]
    assert found[1]["reason"]


# --- what is refused ----------------------------------------------------------------------------


def truncated_docx() -> bytes:
    import io

    import docx

    out = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("第一条 试验。")
    document.save(out)
    return out.getvalue()[:2000]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("空.txt", b"", "空"),
        ("空白.md", "\n  　\n".encode(), "空"),
        ("图.txt", bytes(range(256)) * 20, "不是文字"),
        ("断.docx", truncated_docx(), "docx"),
        ("乱码.txt", "第一條 試驗".encode("big5") + b"\xff\xfe\x80", "编码"),
        ("没有条.txt", "只是几句话。\n没有编号。\n".encode(), "编号"),
    ],
)
def test_bad_files_are_named_with_the_next_step(
    roots: Roots, tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    made = folder(tmp_path)
    (made / name).write_bytes(data)
    with pytest.raises(KbError) as caught:
        load_library(roots, corpus=[made])
    message = str(caught.value)
    assert name in message
    assert said in message
    assert "。" in message.partition(name)[2], "no next step"


def test_all_bad_files_are_told_at_once(roots: Roots, tmp_path: Path) -> None:
    made = folder(tmp_path)
    for name in ("a.txt", "b.txt"):
        (made / name).write_bytes(b"")
    with pytest.raises(KbError, match=r"有 2 个文件不能用[\s\S]*a\.txt[\s\S]*b\.txt"):
        load_library(roots, corpus=[made])


def test_the_same_document_twice(roots: Roots, tmp_path: Path) -> None:
    made = folder(tmp_path, 甲=LOCAL, 乙=LOCAL)
    with pytest.raises(KbError, match=r"都是 x-[\s\S]*只能放一份"):
        load_library(roots, corpus=[made])


@pytest.mark.parametrize("other", ["某市矿灯管理规定", "某市矿灯管理办法（试行）"])
def test_the_same_clauses_under_another_title(roots: Roots, tmp_path: Path, other: str) -> None:
    made = folder(tmp_path, 甲=LOCAL, 乙=LOCAL.replace("某市矿灯管理办法", other))
    with pytest.raises(
        KbError, match=r"[甲乙]\.md[\s\S]*[甲乙]\.md[\s\S]*条文完全相同.*只能放一份"
    ):
        load_library(roots, corpus=[made])


NOTE = """我厂培训笔记

一、看一看

看风向。

二、想一想

想绳子。
"""


def test_a_file_name_alone_names_nothing(roots: Roots, tmp_path: Path) -> None:
    made = folder(tmp_path)
    (made / "GB 30871-2022 学习笔记.txt").write_text(NOTE, encoding="utf-8")
    library = load_library(roots, corpus=[made])
    (note,) = (x for x in library.loaded if x.source.path.endswith(".txt"))
    assert note.document.id.startswith("x-")
    assert note.document.title == "我厂培训笔记"
    assert note.document.number is None
    assert [d.id for d in library.catalog.find_number("GB 30871-2022")] == ["gb-30871-2022"]
    (warning,) = (w for w in library.warnings if "我厂培训笔记" in w)
    assert "GB 30871-2022" in warning
    assert "待核" in warning


# file name, text → kind, hits
IMPORTS = [
    ("甲.md",
     "# 甲厂安全生产责任制\n\n**第一条** 甲应有人。\n\n**第二条** 乙应有人。\n",
     DocKind.RULE, {"art-1": "甲应有人。", "art-2": "乙应有人。"}),
    ("甲.md",
     "# 甲厂风筝管理办法（试行）\n\n第一条 甲：\n\n（一）乙；\n\n（二）丙。\n\n第二条 丁。\n",
     DocKind.RULE, {"art-1": "甲：\n（一）乙；\n（二）丙。", "art-2": "丁。"}),
    ("甲.txt",
     "甲厂交接班制度（2021年修订）\n第一条 甲应有人。\n第二条 乙应有人。\n",
     DocKind.RULE, {"art-1": "甲应有人。", "art-2": "乙应有人。"}),
    ("甲.txt",
     "甲厂放风筝操作规程\n第一条 甲应有人。\n第二条 乙应有人。\n",
     DocKind.RULE, {"art-1": "甲应有人。", "art-2": "乙应有人。"}),
    ("甲.txt",
     "甲厂放风筝操作规程\n一、放飞前\n（一）看风。\n（二）看线。\n二、放飞后\n（一）收线。\n",
     DocKind.NOTICE, {"m-s1-k1": "看风。", "m-s1-k2": "看线。", "m-s2-k1": "收线。"}),
    ("甲.md",
     "# 甲厂放风筝操作规程 Q/ABC 001-2020\n\n1 范围\n\n说甲。\n\n2 要求\n\n"
     "2.1 应有人看守。\n",
     DocKind.STANDARD, {"1": "范围\n说甲。", "2.1": "应有人看守。"}),
    ("甲.md",
     "# 甲厂收线操作规程\n\n**1** 范围\n\n说甲。\n\n**2 要求**\n\n**2.1** 看守。\n\n"
     "__2.2__ 戴手套。\n",
     DocKind.STANDARD, {"1": "范围\n说甲。", "2.1": "看守。", "2.2": "戴手套。"}),
    ("甲.txt",
     "甲厂收线安排\n1 范围\n说甲。\n2 要求\n2.1 看守。\n2.2 戴手套。\n",
     DocKind.STANDARD, {"1": "范围\n说甲。", "2.1": "看守。", "2.2": "戴手套。"}),
    ("甲.md",
     "# 关于收线的通知\n\n各班组：\n\n**一、要求**\n\n收线要稳。\n\n**二、分工**\n\n"
     "**（一）班长。** 看风。\n",
     DocKind.NOTICE, {"m-s1": "要求\n收线要稳。", "m-s2-k1": "班长。看风。"}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "kind", "hits"), IMPORTS)
def test_imports_are_read_by_their_numbers(
    roots: Roots, tmp_path: Path, name: str, text: str, kind: DocKind, hits: dict[str, str]
) -> None:
    made = folder(tmp_path)
    (made / name).write_text(text, encoding="utf-8")
    (item,) = (
        x for x in load_library(roots, corpus=[made]).loaded if x.document.id.startswith("x-")
    )
    assert item.document.kind is kind
    assert {u.id: u.display for u in item.tree.hits} == hits
    for unit in item.tree.units:
        assert item.source.text[unit.start : unit.end] == unit.raw


def test_two_texts_with_one_id(roots: Roots, tmp_path: Path) -> None:
    made = folder(tmp_path, 甲=LOCAL, 乙=LOCAL.replace("2 次", "3 次"))
    with pytest.raises(KbError, match=r"甲\.md|乙\.md"):
        load_library(roots, corpus=[made])


def test_a_folder_that_is_none(roots: Roots, tmp_path: Path) -> None:
    with pytest.raises(KbError, match="不是文件夹"):
        load_library(roots, corpus=[tmp_path / "没有"])


def test_what_cannot_be_read_is_told(roots: Roots, tmp_path: Path) -> None:
    made = folder(tmp_path, 甲=LOCAL)
    (made / "扫描.pdf").write_bytes(b"%PDF-1.4")
    library = load_library(roots, corpus=[made])
    assert [s for s in library.skipped if "扫描.pdf" in s]


def test_imports_of_the_user_are_always_read(roots: Roots) -> None:
    imports = roots.user / "corpus" / "imports"
    imports.mkdir(parents=True)
    (imports / "甲.md").write_text(LOCAL, encoding="utf-8")
    library = load_library(roots)
    assert [x.document.title for x in library.loaded if x.document.id.startswith("x-")] == [
        "某市矿灯管理办法"
    ]


# --- the folder on disk -------------------------------------------------------------------------


def copy_of(index: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(index, tmp_path / "index"))


def change_manifest(index: Path, **changes: object) -> None:
    path = index / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(manifest | changes), encoding="utf-8")


def without(index: Path, key: str) -> None:
    path = index / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    del manifest[key]
    path.write_text(json.dumps(manifest), encoding="utf-8")


def damage_a_byte(index: Path) -> None:
    path = next(index.glob("g-*/passages.sqlite"))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)


def cut_a_file(index: Path) -> None:
    path = next(index.glob("g-*/passages.sqlite"))
    path.write_bytes(path.read_bytes()[:-100])


@pytest.mark.parametrize(
    ("harm", "error"),
    [
        (lambda i: (i / "manifest.json").unlink(), IndexMissingError),
        (lambda i: (i / "manifest.json").write_text("{"), IndexCorruptError),
        (lambda i: change_manifest(i, format=0), IndexOutdatedError),
        (lambda i: change_manifest(i, format=99), IndexOutdatedError),
        (lambda i: change_manifest(i, generation="g-other"), IndexCorruptError),
        (lambda i: change_manifest(i, files=[]), IndexCorruptError),
        (lambda i: change_manifest(i, files={"passages.sqlite": {"size": 1}}), IndexCorruptError),
        (lambda i: change_manifest(i, counts={}), IndexCorruptError),
        (lambda i: without(i, "skipped"), IndexCorruptError),
        (lambda i: without(i, "built"), IndexCorruptError),
        (damage_a_byte, IndexCorruptError),
        (cut_a_file, IndexCorruptError),
        (lambda i: next(i.glob("g-*/passages.sqlite")).unlink(), IndexCorruptError),
    ],
)
def test_a_harmed_index_says_to_rebuild(
    built: tuple[Library, Index, Path],
    tmp_path: Path,
    harm: Callable[[Path], object],
    error: type[KbError],
) -> None:
    index = copy_of(built[2], tmp_path)
    harm(index)
    with pytest.raises(error, match="kb build"):
        Index.open(index)


def test_an_old_tokenizer_says_to_rebuild(
    built: tuple[Library, Index, Path], tmp_path: Path
) -> None:
    index = copy_of(built[2], tmp_path)
    change_manifest(index, tokenizer="0" * 64)
    with Index.open(index) as opened, pytest.raises(IndexOutdatedError, match="kb build"):
        _ = opened.tokenizer


def test_an_encoder_of_another_dimension(
    built: tuple[Library, Index, Path], tmp_path: Path
) -> None:
    write_index(built[0], tmp_path / "i", encoder=HashEncoder(32))
    with Index.open(tmp_path / "i", encoder=HashEncoder(32)) as index:
        assert Searcher(index).search("报告事故")
    for other in (HashEncoder(48), HashEncoder(32, seed=1), None):
        with (
            Index.open(tmp_path / "i", encoder=other) as index,
            pytest.raises(IndexOutdatedError, match="kb build"),
        ):
            Searcher(index).search("报告事故")


def test_no_pickle_in_the_index(built: tuple[Library, Index, Path]) -> None:
    import numpy as np

    for path in built[2].rglob("*"):
        if path.suffix == ".npy":
            np.load(path, allow_pickle=False)
        elif path.suffix == ".npz":
            with np.load(path, allow_pickle=False) as data:
                _ = [data[k] for k in data]
        else:
            assert path.is_dir() or path.suffix in {".sqlite", ".json", ".faiss"}, path


def test_a_new_build_takes_the_place_of_the_old(
    built: tuple[Library, Index, Path], tmp_path: Path
) -> None:
    index = copy_of(built[2], tmp_path)
    first = {p.name for p in index.glob("g-*")}
    write_index(built[0], index)
    second = {p.name for p in index.glob("g-*")}
    assert len(second) == 1
    assert first.isdisjoint(second)
    Index.open(index).close()


def test_a_folder_that_cannot_be_written(
    built: tuple[Library, Index, Path], tmp_path: Path
) -> None:
    blocked = tmp_path / "build"
    blocked.write_text("a file where the folder should be")
    with pytest.raises(KbError, match="不能写入"):
        write_index(built[0], blocked / "index")
    if os.name == "posix" and os.geteuid() != 0:
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o500)
        with pytest.raises(KbError, match=r"不能写入.*权限"):
            write_index(built[0], closed / "index")


@pytest.mark.skipif(os.name != "posix", reason="只在有 SIGKILL 的系统上试")
def test_a_killed_build_leaves_the_old_index_working(
    built: tuple[Library, Index, Path], tmp_path: Path
) -> None:
    root = tmp_path / "root"
    index = root / "build" / "index"
    index.parent.mkdir(parents=True)
    shutil.copytree(built[2], index)
    before = (index / "manifest.json").read_bytes()
    process = subprocess.Popen(
        [sys.executable, "-m", "kb", "build", "--root", str(root)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    end = time.monotonic() + 60
    while len(list(index.glob("g-*"))) < 2 and time.monotonic() < end:
        assert process.poll() is None, "the build ended before it could be killed"
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert len(list(index.glob("g-*"))) == 2, "the build was killed while it wrote"
    assert (index / "manifest.json").read_bytes() == before
    with Index.open(index) as opened:
        assert status_report(opened, DAY)["totals"]["texts"] == 10


# --- comparing texts ----------------------------------------------------------------------------


def test_verify_tells_figures_from_words(roots: Roots, tmp_path: Path) -> None:
    other = LOCAL.replace("2 次", "3 次").replace("交灯时登记", "还灯时登记").replace("；", ";")
    made = folder(tmp_path, 甲=LOCAL)
    second = tmp_path / "乙.md"
    second.write_text(other + "\n第四条 新增。\n", encoding="utf-8")
    library = load_library(roots, corpus=[made])
    found = verify_pair(library, str(made / "甲.md"), str(second))
    assert [(d.clause, d.kind) for d in found.differences] == [
        ("art-2", DifferenceKind.FIGURES),
        ("art-4", DifferenceKind.ONLY_RIGHT),
    ]
    assert found.same == 2
    assert list(verify_library(library)) == []


@pytest.mark.parametrize(
    ("left", "right", "kind"),
    [
        ("灯由班长统一保管。", "灯由班长保管。", DifferenceKind.WORDING),
        ("一般用旧灯。", "通常用旧灯。", DifferenceKind.WORDING),
        ("灯用三年。", "灯用3年。", DifferenceKind.WORDING),
        ("换灯罚百分之四十。", "换灯罚40%。", DifferenceKind.WORDING),
        ("灯用三年。", "灯用二年。", DifferenceKind.FIGURES),
        ("依照第十条办理。", "依照第十一条办理。", DifferenceKind.FIGURES),
        ("灯用 1.5 m 线。", "灯用 15 m 线。", DifferenceKind.FIGURES),
        ("每季度擦灯一次。", "每月擦灯一次。", DifferenceKind.FIGURES),
    ],
)
def test_what_counts_as_a_figure(left: str, right: str, kind: DifferenceKind) -> None:
    def tree(text: str) -> Tree:
        unit = Unit("art-1", UnitKind.ARTICLE, "第一条", "", 0, 1, "第", text, hit=True)
        return Tree((unit,))

    (found,) = compare(tree(left), tree(right), ("甲", "乙")).differences
    assert found.kind is kind


def test_what_is_not_compared_is_counted(roots: Roots, tmp_path: Path) -> None:
    made = folder(tmp_path, 甲=LOCAL)
    library = load_library(roots, corpus=[made])
    file = str(made / "甲.md")
    found = verify_pair(library, file, file)
    # title block with its lines, two chapters; and 款 and 项 within the three articles
    units = library.find(file).tree.units
    outside = [u for u in units if not u.hit and library.find(file).tree.hit_of(u.id) is None]
    assert (found.same, found.unchecked) == (3, len(outside))
    assert {"pre", "ch-1", "ch-2"} <= {u.id for u in outside}
    assert found.parts == len(units) - 3 - len(outside) == 6
    assert found.to_json()["unchecked"] == found.unchecked


@pytest.mark.corpus
def test_package_and_corpus_agree(roots: Roots, corpus_dir: Path) -> None:
    """Every difference between the two copies of a law is known: one, a lost word in the copy."""
    library = load_library(roots, corpus=[corpus_dir])
    found = list(verify_library(library))
    assert len(found) == 6
    differences = [(c.title, d.clause, d.kind) for c in found for d in c.differences]
    assert differences == [
        ("中华人民共和国特种设备安全法", "art-30", DifferenceKind.WORDING),
    ]


@pytest.mark.corpus
def test_second_copies_are_told(roots: Roots, corpus_dir: Path) -> None:
    library = load_library(roots, corpus=[corpus_dir])
    told = [s for s in library.skipped if "数据包已有同一版本" in s]
    assert len(told) == len(library.shadowed) == 6
    assert all("只用于 kb verify 核对" in s for s in told)
    assert any("消防法(2021-04-29).md" in s for s in told)
    differing = [w for w in library.warnings if "kb verify" in w]
    assert [("特种设备安全法" in w, "有 1 条不同" in w) for w in differing] == [(True, True)]


def test_zip_is_not_taken_for_docx(roots: Roots, tmp_path: Path) -> None:
    made = folder(tmp_path)
    with zipfile.ZipFile(made / "包.docx", "w") as z:
        z.writestr("x.txt", "x")
    with pytest.raises(KbError, match=r"包\.docx"):
        load_library(roots, corpus=[made])
