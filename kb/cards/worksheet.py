"""The discussion sheet of a post: what the crew is asked before the tool shows a single rule.

The notices forbid cards that somebody else wrote (严禁代编代造). So the sheet only asks: about the
post's machines, its work, what its notes warn of, its accidents and its site, in everyday words. It
holds no answer, no measure and no figure; the empty rows are the crew's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kb.cards.model import BLANK
from kb.escape import escape_markdown
from kb.notes import Note
from kb.posts import Post, Question
from kb.quantities import find

__all__ = ["COLUMNS", "FOOT", "HINT", "MOST", "ROWS", "Worksheet", "worksheet"]

COLUMNS = ("哪里会伤人", "差点出过什么事", "怎么防", "谁提的")
ROWS = 12
MOST = 20
"""Questions on a sheet: two pages that a shift can get through."""
HINT = "大家先说，一人一条，说错没关系；说完再和条款对。谁提的写谁的名字。"
FOOT = ("讨论日期", "地点", "主持人", "参加人签字")

_FIRST = (
    "在你们这儿当{post}，最怕出什么事？",
    "哪里差点出过事？当时是怎么回事？",
    "新来的人最容易在哪一步出错？",
)
_LAST = (
    "夜里、下雨、刮风的时候，哪里跟平常不一样？",
    "交接班时，什么话最该说清楚？",
    "谁离你最近？出了事怎么让他知道？",
    "哪条规定你们觉得做不到？为什么？",
    "还有什么是管理人员不知道、你们知道的？",
)
_OF_MACHINE = "有{0}的地方，你最担心什么？"
_OF_WORK = "干“{0}”这个活，什么情况下你会停下来？"
_OF_HAZARD = "说到“{0}”，你们这儿是什么情况？差点出过事吗？"
_OF_ACCIDENT = "要是出了{0}，你头一个动作是什么？先告诉谁？"
_OF_SITE = "{0}要是有，哪里最容易出事？"

_TAKEN = (("machine", 3), ("hazard", 3), ("work", 3), ("accident", 2), ("site", 1))
"""How many of a kind stand on the sheet before the rest fill it up, in this order."""

_PAPER = frozenset(
    ("其他", "责任不清", "设计缺陷", "培训不足", "无证上岗", "应急准备不足", "迟报瞒报", "弄虚作假",
     "未登记使用", "无证经营", "非法生产", "违法发包转包", "未参加工伤保险", "超时加班")
)  # fmt: skip
"""Hazards that the office answers for: nobody meets them at a place and a time."""

_ON_SITE = ("worker", "foreman")
_WEIGHT = 60  # divides evenly by the place among the posts of a note (at most five)


@dataclass(frozen=True, slots=True)
class Worksheet:
    """A sheet to print before a discussion: questions, then a table of `rows` empty rows.

    `hint` stands above the questions, `foot` are the names of the blanks below the table.
    """

    title: str
    questions: tuple[str, ...]
    columns: tuple[str, ...] = COLUMNS
    rows: int = ROWS
    hint: str = HINT
    foot: tuple[str, ...] = FOOT

    def markdown(self) -> str:
        """The sheet as Markdown, with a line break at its end."""
        out = [f"# {escape_markdown(self.title)}", "", escape_markdown(self.hint), ""]
        out += [f"{n}. {escape_markdown(q)}" for n, q in enumerate(self.questions, 1)]
        out += ["", _row(escape_markdown(c) for c in self.columns)]
        out.append(_row("---" for _ in self.columns))
        out += [_row(" " for _ in self.columns)] * self.rows
        out += [
            "",
            "　　".join(f"{escape_markdown(f)}：{escape_markdown(BLANK)}" for f in self.foot),
        ]
        return "\n".join(out) + "\n"


def worksheet(
    post: Post,
    notes: Iterable[Note],
    accidents: Sequence[tuple[str, str]] = (),
    questions: Iterable[Question] = (),
) -> Worksheet:
    """The sheet of a post.

    Args:
        notes: notes in force; those that name the post say which hazards it meets.
        accidents: (code, name as printed) of the post, the deadliest first, as in `Draft`.
        questions: the site questions that bear on the post and are not answered yet.
    """
    kinds = {
        "machine": [_OF_MACHINE.format(e) for e in post.equipment],
        "hazard": [_OF_HAZARD.format(h) for h in _hazards(post, notes)],
        "work": [_OF_WORK.format(a) for a in post.activities],
        "accident": [_OF_ACCIDENT.format(name) for _, name in accidents],
        "site": [_OF_SITE.format(q.ask) for q in questions],
    }
    kinds = {kind: [q for q in dict.fromkeys(asked) if _bare(q)] for kind, asked in kinds.items()}
    frame = [q.format(post=post.name) for q in _FIRST]
    last = list(_LAST)
    room = MOST - len(frame) - len(last)
    chosen = {kind: kinds[kind][:count] for kind, count in _TAKEN}
    left = room - sum(map(len, chosen.values()))
    for kind, count in _TAKEN:
        more = kinds[kind][count : count + max(left, 0)]
        chosen[kind] += more
        left -= len(more)
    middle = [q for kind, _ in _TAKEN for q in chosen[kind]]
    return Worksheet(f"{post.name}岗位讨论记录", (*frame, *middle, *last))


def _hazards(post: Post, notes: Iterable[Note]) -> list[str]:
    """Hazards of the notes that name the post: the severest first, and those most its own."""
    weight: Counter[str] = Counter()
    for note in notes:
        if post.name in note.posts:
            share = _WEIGHT // (1 + note.posts.index(post.name))  # posts stand nearest first
            for line in note.lines:
                if line.hazard and line.hazard not in _PAPER and line.who in _ON_SITE:
                    weight[line.hazard] += note.severity * share
    return [h for h, _ in sorted(weight.items(), key=lambda x: (-x[1], x[0]))]


def _bare(question: str) -> bool:
    """Whether a question gives no figure away (边坡高度超过……米吗 would)."""
    return not find(question) and not any(c.isdigit() for c in question)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
