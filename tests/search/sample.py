"""An invented index for search: laws in several states, standards, a notice. Every word is ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from kb.conflicts import Conflict
from kb.ids import content_hash, version_ref
from kb.index import Index, write_index
from kb.model import Certainty, DocKind, Document, TextState, Unit, UnitKind, Version
from kb.notes import Note
from kb.store import LoadedText
from kb.store_write import PassageWriter
from kb.terms import Terms

AS_OF = date(2026, 11, 21)
K = UnitKind

LAW, OLD_LAW_DAY, LAW_DAY, NEXT_LAW_DAY = "dengta-fa", "2007-03-01", "2020-06-01", "2026-10-01"
STANDARD, TWIN = "gb-99998-2020", "gb-99997-2015"
CHANGE = "xiugai-haitu"
NOTICE, REPEALED, COMING, LOCAL = (
    "dengta-tongzhi",
    "fangche-guiding",
    "kuangdeng-fa",
    "yuzhou-tiaoli",
)


@dataclass
class N:
    """A unit: its own text and what is below it."""

    id: str
    kind: UnitKind
    label: str = ""
    text: str = ""
    heading: str = ""
    hit: bool = False
    below: Sequence[N] = ()
    errata: tuple[tuple[int, int, str, str, str], ...] = ()


def display(n: N) -> str:
    """Own text, then labels and texts of the children, a line each."""
    return "\n".join([*([n.text] if n.text else []), *(b.label + display(b) for b in n.below)])


def article(number: str, label: str, *paragraphs: str, items: Sequence[str] = ()) -> N:
    """An article with its 款; the items stand in the first."""
    base = f"art-{number}"
    first = [
        N(f"{base}.p1.i{i}", K.ITEM, f"（{'一二三四五'[i - 1]}）", t)
        for i, t in enumerate(items, 1)
    ]
    below = [
        N(f"{base}.p{i}", K.PARAGRAPH, "", t, below=first if i == 1 else ())
        for i, t in enumerate(paragraphs, 1)
    ]
    return N(base, K.ARTICLE, label, hit=True, below=below)


def clause(number: str, text: str, *items: str, kind: UnitKind = K.CLAUSE, heading: str = "") -> N:
    """A numbered clause of a standard with —— items."""
    below = [N(f"{number}.i{i}", K.ITEM, "——", t) for i, t in enumerate(items, 1)]
    return N(number, kind, number, text, heading, hit=True, below=below)


def _version(
    doc: str, day: str, start: str | None, end: str | None = None, **more: object
) -> Version:
    return Version(
        doc,
        day,
        date.fromisoformat(start) if start else None,
        date.fromisoformat(end) if end else None,
        text=TextState.FULL,
        **more,  # type: ignore[arg-type]
    )


def _old_law() -> list[N]:
    return [
        article("1", "第一条", "守塔人每五年换一次灯芯，旧灯芯交回库房。"),
        article("2", "第二条", "灯塔顶上不得晾晒渔网。"),
    ]


def _law() -> list[N]:
    return [
        N("ch-1", K.CHAPTER, "第一章", heading="灯火", below=[
            article("1", "第一条", "守塔人每三年换一次灯芯，旧灯芯交回库房。"),
            article("2", "第二条", "有下列情形之一的，守塔人停用灯塔：",
                    "停用灯塔超过二十四小时的，报告港务站。",
                    items=["灯罩开裂；", "油罐渗漏超过百分之四十；", "梯子锈断三级以上。"]),
        ]),
        N("ch-2", K.CHAPTER, "第二章", heading="处罚", below=[
            article("25", "第二十五条", "违反本法第二条的，处二十万元以上五十万元以下罚款。"),
            article("25-1", "第二十五条之一", "守塔人酒后上塔的，依照前条处罚。"),
        ]),
    ]  # fmt: skip


def _standard() -> list[N]:
    table = "灯型 | 高度\n吊灯 | 2.5 m\n壁灯 | 1.8 m"
    return [
        N("3", K.CHAPTER, "3", heading="术语", below=[
            clause("3.1", "挂在梁下的灯。", kind=K.DEFINITION, heading="吊灯 pendant"),
        ]),
        N("5", K.CHAPTER, "5", heading="安装", below=[
            N("5.2", K.CHAPTER, "5.2", heading="螺旋梯", below=[
                clause("5.2.1", "螺旋梯应符合下列要求：", "踏步净宽不小于0.5 m；",
                       "栏杆漆成黄色，接地电阻不大于4 Ω；", "每72 h擦一遍踏步。"),
                N("5.2.2", K.CLAUSE, "5.2.2", "灯的高度见表1。", hit=True,
                  below=[N("5.2.2.t1", K.TABLE, "表 1", table)]),
                N("5.2.3", K.CLAUSE, "5.2.3", "人井口要盖好，防止猫掉落。", hit=True,
                  errata=((0, 3, "人井口", "入井口", "confirmed"),)),
            ]),
        ]),
    ]  # fmt: skip


def _twin() -> list[N]:
    return [clause("5.2.1", "石阶的坡度不大于百分之八。"), clause("6.1", "石阶每年清苔一次。")]


def _notice() -> list[N]:
    return [
        N("m-s1", K.SECTION, "一、", heading="做什么", below=[
            N("m-s1-k1", K.CLAUSE, "（一）", "村里每季度点验一回马灯。", hit=True),
            N("m-s1-k2", K.CLAUSE, "（二）", "马灯点验结果贴在墙上。", hit=True),
        ]),
        N("a1-p1", K.PARAGRAPH, "", "点验表随文印发。", hit=True),
    ]  # fmt: skip


def texts() -> list[tuple[Document, dict[str, list[N]]]]:
    """Documents with their loaded versions."""
    return [
        (
            Document(
                LAW, "中华人民共和国灯塔法", "灯塔法", DocKind.LAW, aliases=("塔法",), core=True,
                versions=(_version(LAW, OLD_LAW_DAY, "2007-06-01", "2020-09-01",
                                   number="主席令第三号"),
                          _version(LAW, LAW_DAY, "2020-09-01", "2027-01-01",
                                   number="主席令第九号"),
                          _version(LAW, NEXT_LAW_DAY, "2027-01-01")),
            ),
            {OLD_LAW_DAY: _old_law(), LAW_DAY: _law(),
             NEXT_LAW_DAY: [article("1", "第一条", "守塔人每一年换一次灯芯，旧灯芯就地深埋。")]},
        ),
        (
            Document(STANDARD, "螺旋梯安装规程", "GB 99998-2020", DocKind.STANDARD,
                     number="GB 99998-2020",
                     versions=(_version(STANDARD, "2020-10-11", "2021-09-01"),)),
            {"2020-10-11": _standard()},
        ),
        (
            Document(TWIN, "石阶养护规程", "GB/T 99997-2015", DocKind.STANDARD,
                     number="GB/T 99997-2015", aliases=("梯阶规程",),
                     versions=(_version(TWIN, "2015-05-05", "2016-01-01"),)),
            {"2015-05-05": _twin()},
        ),
        (
            Document(NOTICE, "关于点验马灯的通知", "点验马灯的通知", DocKind.NOTICE,
                     number="渔应急〔2021〕7号", region="重庆市",
                     versions=(_version(NOTICE, "2021-03-02", None),)),
            {"2021-03-02": _notice()},
        ),
        (
            Document(REPEALED, "渔港翻车规定", "渔港翻车规定", DocKind.RULE,
                     versions=(_version(REPEALED, "1999-01-01", "1999-02-01", "2010-01-01",
                                        repealed=True),)),
            {"1999-01-01": [article("1", "第一条", "翻车不得在夜里拖上岸，拖绳交回库房。")]},
        ),
        (
            Document(COMING, "矿灯法", "矿灯法", DocKind.LAW,
                     versions=(_version(COMING, "2026-10-01", "2027-05-01"),)),
            {"2026-10-01": [article("1", "第一条", "矿灯每班充电一回。")]},
        ),
        (
            Document(LOCAL, "浙江省渔灯条例", "浙江省渔灯条例", DocKind.LOCAL, region="浙江省",
                     versions=(_version(LOCAL, "2018-01-01", "2018-03-01"),)),
            {"2018-01-01": [article("1", "第一条", "渔灯每晚七时点亮。"),
                            article("10", "第十条", "点验马灯的费用由渔村承担。")]},
        ),
        (
            Document(CHANGE, "关于修改海图的决定", "关于修改海图的决定", DocKind.DECISION,
                     versions=(_version(CHANGE, "2019-04-04", "2019-05-01"),)),
            {"2019-04-04": [N("item-1", K.ARTICLE, "一、", "删去末尾两句。", hit=True)]},
        ),
        (
            Document("meiyou-wenben", "没有文本的规定", "没有文本的规定", DocKind.RULE,
                     versions=(Version("meiyou-wenben", "2019-01-01",
                                       certainty=Certainty.PENDING),)),
            {},
        ),
    ]  # fmt: skip


@dataclass
class SampleLibrary:
    """What `write_index` needs of a library."""

    options: dict[str, object] = field(default_factory=lambda: {"laws": "core", "corpus": []})
    evidence_date: date = date(2026, 6, 30)
    skipped: tuple[str, ...] = ()
    notes: Mapping[str, Note] = field(default_factory=dict)
    terms: Terms = field(default_factory=Terms)
    conflicts: Mapping[str, Conflict] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def write_passages(self, path: Path, generation: str, progress: object) -> None:
        """All texts in order."""
        assert progress is None
        writer = PassageWriter(path, generation)
        writer.documents(d for d, _ in texts())
        order = 0
        for document, versions in texts():
            for day, nodes in versions.items():
                ref = version_ref(document.id, day)
                writer.text(LoadedText(ref, document.id, day, "x", "text", "0" * 64), order)
                order += 1
                _write(writer, ref, nodes)
        for note in self.notes.values():
            writer.note(note)
        for conflict in self.conflicts.values():
            for full_id, _ in conflict.clauses:
                ref, _, clause = full_id.partition("#")
                writer.conflict(ref, clause, conflict)
        writer.close()


def _write(writer: PassageWriter, ref: str, nodes: Sequence[N]) -> None:
    order = 0

    def walk(n: N, parent: str | None, path: tuple[str, ...]) -> None:
        nonlocal order
        text = n.heading if n.kind in (K.CHAPTER, K.SECTION) else display(n)
        unit = Unit(n.id, n.kind, n.label, n.heading, order, order + 1, "", text, parent, n.hit)
        writer.unit(ref, order, unit, content_hash(text), n.errata)
        order += 1
        if n.hit:
            writer.clause(ref, n.id, path)
        for b in n.below:
            walk(b, n.id, (*path, f"{n.label} {n.heading}".strip()))

    for n in nodes:
        walk(n, None, ())


def build(
    folder: Path,
    notes: Iterable[Note] = (),
    terms: Terms | None = None,
    conflicts: Mapping[str, Conflict] | None = None,
) -> Index:
    """Write and open the sample index."""
    library = SampleLibrary(
        notes={n.id: n for n in notes}, terms=terms or Terms(), conflicts=conflicts or {}
    )
    write_index(library, folder)  # type: ignore[arg-type]
    return Index.open(folder)
