"""An invented index: a law in three wordings, a standard, a notice, a partial text, a bare entry.

Every sentence is made up; only the forms (款项目, —— items, tables, attachments) are real.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, cast

from kb.ids import content_hash, version_ref
from kb.index import FORMAT, write_index
from kb.model import Certainty, DocKind, Document, TextState, Unit, UnitKind, Version
from kb.roots import Roots
from kb.store import Edge, LoadedText, Passages
from kb.store_write import PassageWriter
from kb.terms import Terms

if TYPE_CHECKING:
    from kb.library import Library

__all__ = [
    "AS_OF",
    "HOSTILE",
    "LAW",
    "NOTICE",
    "STANDARD",
    "N",
    "build_index",
    "sample_documents",
    "write_manifest",
]

AS_OF = date(2026, 11, 21)
LAW, STANDARD, NOTICE = "ceshi-fa", "gb-99999-2020", "ceshi-tongzhi"
OLD, NEW, COMING = "2012-03-01", "2021-06-10", "2026-10-01"

HOSTILE = (
    '<script>alert(1)</script> <img src=x onerror=alert(1)> {#top onclick="x"} {{ page.meta }} '
    "{% raw %} [点](javascript:alert(1)) ![图](http://evil.example/a.png) `x` **粗** _斜_ "
    "<!-- 注 --> --> ]]> &lt;b&gt; | 表 | \\* # 标题 \x02klzzwxh:0001\x03 http://evil.example/b"
)


@dataclass
class N:
    """One unit to be written: its own text (without its children's) and its children."""

    id: str
    kind: UnitKind
    label: str = ""
    text: str = ""
    heading: str = ""
    hit: bool = False
    below: Sequence[N] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    header_rows: int = 0
    errata: tuple[tuple[int, int, str, str, str], ...] = ()
    # (words in the display, targets, reason, details)
    cites: Sequence[tuple[str, tuple[str, ...], str, dict[str, str]]] = field(default=())


_CONTAINERS = {UnitKind.PART, UnitKind.CHAPTER, UnitKind.SECTION, UnitKind.ANNEX}


def display(n: N) -> str:
    """The contract of `Unit.display`: own text, then the children's, with labels, a line each."""
    if n.kind in _CONTAINERS:
        return n.heading
    own = [n.text] if n.text else []
    if n.kind is UnitKind.TABLE:
        lines = [row[0] if len(set(row)) == 1 else " | ".join(row) for row in n.rows]
        return "\n".join(own + lines)
    return "\n".join(own + [_label(b) + display(b) for b in n.below])


def _label(n: N) -> str:
    if n.kind is UnitKind.TABLE:
        return f"{n.label} {n.heading}\n".lstrip() if n.heading else ""
    return n.label


def _write(w: PassageWriter, ref: str, nodes: Sequence[N]) -> None:
    order = 0

    def walk(n: N, parent: str | None, path: tuple[str, ...]) -> None:
        nonlocal order
        text = display(n)
        unit = Unit(
            n.id, n.kind, n.label, n.heading, order, order + 1, "", text, parent, n.hit, n.rows,
            n.header_rows,
        )  # fmt: skip
        w.unit(ref, order, unit, content_hash(text), n.errata)
        order += 1
        if n.hit:
            w.clause(ref, n.id, path)
        for words, targets, reason, details in n.cites:
            at = text.index(words)
            end = at + len(words)
            w.edge(Edge(ref, n.id, at, end, words, "article", True, targets, reason, details))
        for b in n.below:
            walk(b, n.id, (*path, f"{n.label} {n.heading}".strip()))

    for n in nodes:
        walk(n, None, ())


K = UnitKind


def law_units(version: str) -> list[N]:
    """Four articles in two chapters; 第三条 has two 款, items and points."""
    ref = f"{LAW}@{version}"
    third = [
        N("art-3.p1", K.PARAGRAPH, "", "测试单位应当做好下列事情：", below=[
            N("art-3.p1.i1", K.ITEM, "（一）", "每3个月检查一遍灯具；"),
            N("art-3.p1.i2", K.ITEM, "（二）", "遇有下列情形停用：", below=[
                N("art-3.p1.i2.y1", K.POINT, "1．", "灯罩碎裂；"),
                N("art-3.p1.i2.y2", K.POINT, "2．", "线皮破损。"),
            ]),
        ]),
        N("art-3.p2", K.PARAGRAPH, "",
          f"前款第一项的做法依照GB 99999的规定（{version[:4]}年稿）。"),
    ]  # fmt: skip
    return [
        N("ch-1", K.CHAPTER, "第一章", heading="总则", below=[
            N("art-1", K.ARTICLE, "第一条", "为了试一试网页，写下本法，它不存在。", hit=True,
              cites=[("本法", (LAW,), "", {})]),
            N("art-2", K.ARTICLE, "第二条", "本法第三条第二款所说的灯，指室内的灯。", hit=True,
              cites=[("本法第三条第二款", (f"{ref}#art-3.p2",), "", {})]),
        ]),
        N("ch-2", K.CHAPTER, "第二章", heading="灯具 <b>与</b> {线路}", below=[
            N("ch-2.s1", K.SECTION, "第一节", heading="检查", below=[
                N("art-3", K.ARTICLE, "第三条", hit=True, below=third, cites=[
                    ("前款第一项", (f"{ref}#art-3.p1.i1",), "", {}),
                    ("GB 99999", (), "没有写年号，查到的版本有两个", {"文件": STANDARD}),
                ]),
            ]),
            N("art-25-1", K.ARTICLE, "第二十五条之一", "违反第三条的，按《没有正文的规定》处理。",
              hit=True, cites=[
                  ("第三条", (f"{ref}#art-3",), "", {"版本": "2019-01-01"}),
                  ("《没有正文的规定》", ("wu-zhengwen",), "", {}),
              ]),
        ]),
    ]  # fmt: skip


def standard_units() -> list[N]:
    """Headings of three levels, a definition, —— items, a table with a header, a note, errata."""
    ref = f"{STANDARD}@2020-10-11"
    rows = (
        ("灯型", "高度"),
        ("吊灯", "≥2.5"),
        ("壁灯", "≥1.8"),
        ("落地灯", "1.2～1.6"),
        ("注：从地面量起", "注：从地面量起"),
    )
    return [
        N("3", K.CHAPTER, "3", heading="术语和定义", below=[
            N("3.1", K.DEFINITION, "3.1", "挂在天花板下面的灯。", heading="吊灯 pendant lamp",
              hit=True),
            N("3.2", K.DEFINITION, "3.2", "立在地上的灯。", heading="落地灯 floor lamp", hit=True),
        ]),
        N("5", K.CHAPTER, "5", heading="安装", below=[
            N("5.2", K.CHAPTER, "5.2", heading="高度", below=[
                N("5.2.1", K.CHAPTER, "5.2.1", heading="一般要求", below=[
                    N("5.2.1.1", K.CLAUSE, "5.2.1.1", "灯的高度见表1，并应符合下列要求：", hit=True,
                      below=[
                          N("5.2.1.1.i1", K.ITEM, "——", "离床边不小于0.5m；"),
                          N("5.2.1.1.i2", K.ITEM, "——", "走道不低于2.2m。"),
                          N("5.2.1.1.t1", K.TABLE, "表1", "单位为米", heading="灯的安装高度",
                            rows=rows, header_rows=1),
                          N("5.2.1.1.n1", K.NOTE, "注：", "高度从地面量起。"),
                      ], cites=[("见表1", (f"{ref}#5.2.1.1.t1",), "", {})]),
                    N("5.2.1.2", K.CLAUSE, "5.2.1.2", "检查灯的人井口要盖好，坡度3%。", hit=True,
                      errata=((4, 7, "人井口", "入井口", "confirmed"),
                              (13, 15, "3%", "3‰", "suspected"))),
                ]),
            ]),
        ]),
        N("app-A", K.ANNEX, "附录A", heading="检查表", below=[
            N("app-A.1", K.CLAUSE, "A.1", "检查表一式两份，见5.2.1.1。", hit=True,
              cites=[("5.2.1.1", (f"{ref}#5.2.1.1",), "", {})]),
        ]),
    ]  # fmt: skip


def notice_units() -> list[N]:
    """Main text and an attachment; hostile words in a heading, a clause and a table cell."""
    return [
        N("m-p1", K.PREAMBLE, "", "各街道：现将安排发给你们。"),
        N("m-s1", K.CLAUSE, "一、", heading="总体要求", below=[
            N("m-s1-k1", K.CLAUSE, "（一）", "每户都要看一遍灯。", hit=True),
            N("m-s1-k2", K.CLAUSE, "（二）", "按照《测试法》第三条检查。", hit=True,
              cites=[("《测试法》第三条", (f"{LAW}@{NEW}#art-3",), "", {})]),
        ]),
        N("m-s2", K.CLAUSE, "二、", heading=HOSTILE, below=[
            N("m-s2-k1", K.CLAUSE, "（一）", HOSTILE, hit=True, below=[
                N("m-s2-k1-t1", K.TABLE, rows=(("序号", "指标"), ("1", HOSTILE)),
                  header_rows=1),
            ]),
        ]),
        N("a1", K.ANNEX, "附件1", heading="灯具检查办法", below=[
            N("a1-p1", K.CLAUSE, "", "街道每月15日前报表。", hit=True),
        ]),
    ]  # fmt: skip


def sample_documents() -> list[Document]:
    """Catalog entries of the invented texts."""

    def v(doc: str, key: str, start: str | None, text: TextState = TextState.FULL,
          end: str | None = None, **more: object) -> Version:  # fmt: skip
        return Version(
            doc, key, date.fromisoformat(start) if start else None,
            date.fromisoformat(end) if end else None, text=text, **more,  # type: ignore[arg-type]
        )  # fmt: skip

    return [
        Document(
            LAW, "中华人民共和国测试法", "测试法", DocKind.LAW, aliases=("灯法",), level="法律",
            issuer="测试委员会", official="https://example.invalid/law", core=True,
            versions=(
                v(LAW, OLD, "2012-05-01", end="2021-09-01"),
                v(LAW, NEW, "2021-09-01", end="2027-01-01"),
                v(LAW, COMING, "2027-01-01"),
            ),
        ),
        Document(
            STANDARD, "测试灯具安装规程", "GB 99999-2020", DocKind.STANDARD, number="GB 99999-2020",
            level="国家标准", versions=(v(STANDARD, "2020-10-11", "2021-09-01"),),
        ),
        Document(
            NOTICE, "关于检查灯具的通知" + HOSTILE, "检查灯具的通知", DocKind.NOTICE,
            number="测应急〔2021〕1号", region="测试市", issuer="测试局",
            versions=(v(NOTICE, "2021-03-02", None),),
        ),
        Document(
            "ceshi-tiaoli", "测试市灯具条例", "测试市灯具条例", DocKind.LOCAL, region="测试市",
            versions=(v("ceshi-tiaoli", "2021-11-25", "2022-03-01", TextState.PARTIAL),),
        ),
        Document(
            "wu-zhengwen", "没有正文的规定", "没有正文的规定", DocKind.RULE, note="只见目录页",
            official="某部网站",
            versions=(v("wu-zhengwen", "2019-01-01", None, TextState.NONE,
                        certainty=Certainty.PENDING, note="两个网页的日期不一致"),),
        ),
    ]  # fmt: skip


class SampleLibrary:
    """What `kb.index.write_index` asks of a library, over the invented texts."""

    options: Mapping[str, object] = {"laws": "core", "corpus": []}
    skipped = warnings = ()
    evidence_date = date(2026, 6, 30)

    @property
    def terms(self) -> Terms:
        """The vocabularies of the project."""
        return Terms.load(Roots.of(None).corpora)

    def write_passages(self, path: Path, generation: str, _progress: object = None) -> None:
        """See `kb.library.Library.write_passages`."""
        w = PassageWriter(path, generation)
        w.documents(sample_documents())
        texts = {
            version_ref(LAW, OLD): law_units(OLD),
            version_ref(LAW, NEW): law_units(NEW),
            version_ref(LAW, COMING): law_units(COMING),
            version_ref(STANDARD, "2020-10-11"): standard_units(),
            version_ref(NOTICE, "2021-03-02"): notice_units(),
            version_ref("ceshi-tiaoli", "2021-11-25"): [
                N("art-1", K.ARTICLE, "第一条", "本市的灯，都归本条例管。", hit=True)
            ],
        }
        for order, (ref, units) in enumerate(texts.items()):
            doc, _, version = ref.partition("@")
            text = LoadedText(ref, doc, version, f"{doc}.txt", "text", "0" * 64, ("读到一处空行",))
            w.text(text, order)
            _write(w, ref, units)
        self.add(w)
        w.close()

    def add(self, w: PassageWriter) -> None:
        """What one test wants beside the texts."""


def build_index(folder: Path, library: SampleLibrary | None = None) -> Path:
    """Build the invented index in `folder`, as `kb build` does; returns the folder."""
    write_index(cast("Library", library or SampleLibrary()), folder)
    return folder


def write_manifest(folder: Path, generation: str, evidence: str) -> None:
    """What `Index.open` checks, for a generation that holds passages and no BM25 rows."""
    path = folder / generation / "passages.sqlite"
    with Passages(path, generation) as p:
        tables = ("documents", "texts", "units", "clauses", "citations", "backlinks", "notes",
                  "conflicts")  # fmt: skip
        counts = {t: p.count(t) for t in tables}
    data = path.read_bytes()
    manifest = {
        "format": FORMAT, "kb": "0", "generation": generation, "built": "2026-11-21T00:00:00+00:00",
        "options": {"laws": "core", "corpus": []}, "evidence_date": evidence, "counts": counts,
        "tokenizer": "", "encoder": None, "skipped": [], "warnings": [],
        "files": {path.name: {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}},
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
