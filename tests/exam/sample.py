"""An invented index for questions: a standard full of limits, laws, a local rule, one without text.

Every word is ours. `build(folder, change=…)` writes it, perhaps with one clause changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from kb.conflicts import Conflict
from kb.ids import content_hash, version_ref
from kb.index import Index, write_index
from kb.model import DocKind, Document, TextState, Unit, Version
from kb.notes import Line, Note
from kb.store import LoadedText
from kb.store_write import PassageWriter
from kb.terms import Term, Terms
from tests.search.sample import K, N, article, clause, display

AS_OF = date(2026, 11, 21)
STANDARD, LAW, OTHER, LOCAL, UNLOADED, COMING, OLD = (
    "gb-99990-2020", "madeng-fa", "chuandu-tiaoli", "yugang-guiding", "gb-99991-2021",
    "shuichuang-fa", "gb-99990-2008",
)  # fmt: skip
REF = f"{STANDARD}@2020-10-11"
LAW_REF = f"{LAW}@2019-03-01"
OTHER_REF = f"{OTHER}@2015-01-01"
UNLOADED_REF = f"{UNLOADED}@2021-02-02"
OUR_WORDS = "灯塔上的梯子要够宽够牢，谁都能看懂"
"""What the note says, and no question may."""


def _standard() -> list[N]:
    return [
        N("3", K.CHAPTER, "3", heading="术语", below=[
            clause(f"3.{i}", text, kind=K.DEFINITION, heading=f"{name} {latin}")
            for i, (name, latin, text) in enumerate(_TERMS, 1)
        ]),
        N("5", K.CHAPTER, "5", heading="灯塔", below=[
            N("5.1", K.CHAPTER, "5.1", heading="爬塔梯", below=[
                clause("5.1.1", "爬塔梯踏板的宽度不小于0.6 m，踏板应防滑。"),
                clause("5.1.2", "爬塔梯应符合下列规定：",
                       "扶手高度不小于1.2 m；", "踏板间距不大于0.3 m；",
                       "每级踏板的承重不小于200 kg；", "夜里应有挂灯。"),
                clause("5.1.3", "守塔人爬塔时应系安全绳；背负的灯油不应超过15 kg。"),
                clause("5.1.4", "坡度大于40°的爬塔梯，应加装护笼。"),
                clause("5.1.5", "爬塔梯扶手的倾角不大于15，并应涂漆。"),
                clause("5.1.6", "灯油间的坡度不大于45%。"),
            ]),
            N("5.2", K.CHAPTER, "5.2", heading="灯室", below=[
                clause("5.2.1", "灯室内油灯的间距不小于2 m。油灯应每季度擦洗1次。"),
                clause("5.2.2", "下列地点应设避雷针：", "灯室顶部；", "油罐旁的空地；",
                       "码头尽头的立柱。"),
                clause("5.2.3", "下列地点应设风向标：", "瞭望台的南角；", "信号旗杆的顶端；",
                       "渔具库门前的木桩。"),
                clause("5.2.4", "下列地点应设救生圈：", "栈桥的每个转角；", "滑道入水处；",
                       "浮筒的系缆环边。"),
                clause("5.2.5", "未经塔长批准，守塔人不得熄灭主灯。"),
                clause("5.2.6", "灯室按式（1）计算的通风量不小于30 m3/h。"),
                clause("5.2.7", "灯室的门应向外开，门宽不小于1.0"),
                clause("5.2.8", "守塔人应遵守前款的规定，灯芯长度不大于20 mm。"),
            ]),
        ]),
    ]  # fmt: skip


_TERMS = (
    ("马灯", "storm lamp", "带玻璃罩、能在大风里提着走的油灯。"),
    ("浮筒", "buoy", "系在锚链上、浮于水面给船指路的空心桶。"),
    ("水罐", "scuttle butt", "放在灯室角落、盛淡水用的空心桶。"),
    ("鱼篓", "creel", "拖在艇尾、养活鱼用的空心桶。"),
    ("雾号", "fog horn", "看不见灯光的天气里向海上发声的喇叭。"),
)


def _law() -> list[N]:
    return [
        N("ch-1", K.CHAPTER, "第一章", heading="守塔", below=[
            article("1", "第一条", "为了让船认得路，制定本法。"),
            article("2", "第二条", "塔长应当在发现主灯熄灭后10分钟内向港务站报告。"),
            article("3", "第三条", "塔长负有下列职责：",
                    items=["安排守塔人轮班；", "保管灯油和灯芯的账册；", "组织守塔人学习旗语；",
                           "每月向港务站报送气象记录。"]),
            article("4", "第四条", "守塔人有下列情形之一的，由港务站处五百元以上二千元以下的罚款：",
                    items=["擅自离开灯塔的；", "把灯油卖给过路船只的；"]),
            article("5", "第五条", "守塔人的值班记录应当保存不少于三年。"),
        ]),
    ]  # fmt: skip


def _other() -> list[N]:
    return [
        article("1", "第一条", "守塔人的值班记录应当保存不少于一年。"),
        article("2", "第二条", "渡船上的救生衣应当每半年检查一次，由渡工登记。"),
        article("3", "第三条", "渡船的载客人数不得超过12人，渡工应当穿救生衣。"),
    ]


def _local() -> list[N]:
    return [article("1", "第一条", "渔港内的小艇航速不得超过5 km/h，夜间应当亮灯。")]


def _coming() -> list[N]:
    return [article("1", "第一条", "水窗的玻璃厚度不得小于8 mm，裂纹应当立即更换。")]


def documents() -> list[tuple[Document, dict[str, list[N]]]]:
    """Documents with their loaded versions."""

    def version(doc: str, day: str, start: str, **more: object) -> Version:
        return Version(doc, day, date.fromisoformat(start), text=TextState.FULL, **more)  # type: ignore[arg-type]

    return [
        (Document(STANDARD, "灯塔作业规程", "GB 99990-2020", DocKind.STANDARD,
                  number="GB 99990-2020", supersedes=(OLD,),
                  versions=(version(STANDARD, "2020-10-11", "2021-01-01"),)),
         {"2020-10-11": _standard()}),
        (Document(OLD, "灯塔作业规程", "GB 99990-2008", DocKind.STANDARD,
                  number="GB 99990-2008",
                  versions=(version(OLD, "2008-05-05", "2009-01-01"),)),
         {"2008-05-05": [clause("4.1", "爬塔梯踏板的宽度不小于0.4 m，踏板应防滑。")]}),
        (Document(LAW, "中华人民共和国马灯法", "马灯法", DocKind.LAW, core=True,
                  versions=(version(LAW, "2019-03-01", "2019-06-01"),)),
         {"2019-03-01": _law()}),
        (Document(OTHER, "船渡条例", "船渡条例", DocKind.REGULATION,
                  versions=(version(OTHER, "2015-01-01", "2015-02-01"),)),
         {"2015-01-01": _other()}),
        (Document(LOCAL, "渔港规定", "渔港规定", DocKind.LOCAL, region="浙江省",
                  versions=(version(LOCAL, "2018-01-01", "2018-03-01"),)),
         {"2018-01-01": _local()}),
        (Document(COMING, "水窗法", "水窗法", DocKind.LAW,
                  versions=(version(COMING, "2026-10-01", "2027-05-01"),)),
         {"2026-10-01": _coming()}),
        (Document(UNLOADED, "雾号维护规程", "GB 99991-2021", DocKind.STANDARD,
                  number="GB 99991-2021",
                  versions=(Version(UNLOADED, "2021-02-02", date(2021, 8, 1)),)),
         {}),
    ]  # fmt: skip


def notes() -> list[Note]:
    """A note on a loaded clause, and one on a document whose text is not there."""
    line = Line(
        "5.1.1", "operation", "梯子要够宽", "worker", "must", hazard="跌落", accident="fall"
    )
    return [
        Note(f"{REF}#5.1.1", "0" * 12, OUR_WORDS, posts=("守塔人",), activities=("爬塔",),
             hazards=("跌落",), severity=3, who="worker", lines=(line,)),
        Note(f"{UNLOADED_REF}#4.1", "0" * 12, "雾号要经常吹，哑了就修", posts=("守塔人",),
             activities=("吹雾号",), severity=2, who="worker"),
    ]  # fmt: skip


def terms() -> Terms:
    """Posts, activities and hazards of the notes."""
    return Terms(
        posts={"守塔人": Term("keeper", "守塔人", ("看灯的",))},
        activities={"爬塔": Term("climb", "爬塔"), "吹雾号": Term("horn", "吹雾号")},
        hazards={"跌落": Term("fall", "跌落")},
    )


def conflict(prevails: str, rule: str) -> Conflict:
    """How long a watch book is kept: three years or one."""
    return Conflict(
        "zhiban-jilu", "值班记录保存多久",
        ((f"{LAW_REF}#art-5.p1", "三年"), (f"{OTHER_REF}#art-1.p1", "一年")),
        "三年与一年", rule, prevails, "法律在上", "a", "b",
    )  # fmt: skip


@dataclass
class Library:
    """What `write_index` needs of a library."""

    notes: Mapping[str, Note] = field(default_factory=dict)
    conflicts: Mapping[str, Conflict] = field(default_factory=dict)
    change: Callable[[str, N], N] | None = None
    options: dict[str, object] = field(default_factory=lambda: {"laws": "core", "corpus": []})
    evidence_date: date = date(2026, 6, 30)
    skipped: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    terms: Terms = field(default_factory=terms)

    def write_passages(self, path: Path, generation: str, progress: object) -> None:
        """All texts in order."""
        assert progress is None
        writer = PassageWriter(path, generation)
        writer.documents(d for d, _ in documents())
        order = 0
        for document, versions in documents():
            for day, nodes in versions.items():
                ref = version_ref(document.id, day)
                writer.text(LoadedText(ref, document.id, day, "x", "text", "0" * 64), order)
                order += 1
                self._write(writer, ref, nodes)
        for note in self.notes.values():
            writer.note(note)
        for one in self.conflicts.values():
            for full_id, _ in one.clauses:
                ref, _, part = full_id.partition("#")
                writer.conflict(ref, part, one)
        writer.close()

    def _write(self, writer: PassageWriter, ref: str, nodes: Sequence[N]) -> None:
        order = 0

        def walk(n: N, parent: str | None, path: tuple[str, ...]) -> None:
            nonlocal order
            text = n.heading if n.kind in (K.CHAPTER, K.SECTION) else display(n)
            if n.kind is K.DEFINITION:
                text = f"{n.heading}\n{n.text}"
            unit = Unit(n.id, n.kind, n.label, n.heading, order, order + 1, "", text, parent, n.hit)
            errata: tuple[tuple[int, int, str, str, str], ...] = ()
            if n.id == "5.1.6":
                at = text.index("45%")
                errata = ((at, at + 3, "45%", "45‰", "confirmed"),)
            writer.unit(ref, order, unit, content_hash(text), errata)
            order += 1
            if n.hit:
                writer.clause(ref, n.id, path)
            for b in n.below:
                walk(b, n.id, (*path, f"{n.label} {n.heading}".strip()))

        for n in nodes:
            walk(self._changed(ref, n), None, ())

    def _changed(self, ref: str, n: N) -> N:
        if self.change is None:
            return n
        new = self.change(ref, n)
        return replace(new, below=[self._changed(ref, b) for b in new.below])


def build(
    folder: Path,
    *,
    conflicts: Iterable[Conflict] = (),
    change: Callable[[str, N], N] | None = None,
) -> Index:
    """Write and open the sample index."""
    library = Library(
        notes={n.id: n for n in _fitting()},
        conflicts={c.id: c for c in conflicts},
        change=change,
    )
    write_index(library, folder)  # type: ignore[arg-type]
    return Index.open(folder)


def _fitting() -> list[Note]:
    """The notes with the hash of the text that they are on."""
    own = content_hash("爬塔梯踏板的宽度不小于0.6 m，踏板应防滑。")
    return [replace(note, hash=own) for note in notes()]
