"""Which note lines are a post's: own lines, what it must watch for, what the firm has to do.

A note names up to five posts, its lines do not. A line that names another post's machine or work
belongs to that post; one that names this post's, or nobody's, stays where the note's activities are
the post's own. What everybody has to do (全体员工) comes last and only fills what room there is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from kb.fold import fold_text
from kb.notes import Line, Note
from kb.posts import Post

__all__ = ["EVERYBODY", "Picked", "Picker"]

EVERYBODY = "全体员工"
_ON_SITE = ("worker", "foreman")
_LEADERS = ("班组长", "安全员", "安全管理人员", "主要负责人", "矿长", "施工项目负责人")
"""Posts whose own work is to see that others work safely: what binds a foreman binds them."""
# 消防队接到火警：…, 信息报告员：…, 人员密集场所起火：…: everybody reads of somebody
_SOMEBODY = re.compile(
    r"(?!任何|你|个人|单位、个人|单位和个人|从业人员|现场(?:有关)?人员|作业人员|职工|工人|劳动者)"
    r"[^：，]{0,14}(?:员|队|者|人员|单位|机构|场所|企业|家属|代理人|商户|居民)[^：，]{0,4}："
)
MANY = 20
"""Posts from which what they share is everybody's rather than their own."""
_UMBRELLAS = (("特种设备", "特种设备操作人员"), ("特种作业", "特种作业人员"))
"""A word of a certificate, and the post that stands for all who hold it."""
_ALARM = re.compile(r"停[产止工]|撤|警报|疏散|转移")
# what nobody sees at the post: papers, calculations, what stands inside a cabinet or a gas analysis
_UNSEEN = re.compile(
    r"安全系数|浓度|含尘|SiO|标准|规范|许可|资质|符合设计|设计要求|采用|选用|UPS|PLC|接触器|断电保护|"
    r"继电|冗余|自动化|监测系统|检测仪表|额定|电压等级|截面|方案|评价|论证|验收|备案|台账|制度|"
    r"符合国家|按规定|执行|遵守|专业生产|报废|装备.{0,8}系统|国标|行标"
)
# what a designer has laid down and everybody can see missing
_SEEN = re.compile(
    r"车挡|挡墙|挡车|护栏|栏杆|照明|警示|信号|阻车器|人行道|躲避硐室|标志|踏步|梯子间"
)
_TELLING = 3  # characters from which a name tells; 保安 also stands in 保安矿柱


@dataclass(frozen=True, slots=True)
class Picked:
    """A line of a note with its place: `group` as in `CardLine`, `own` if the note names the post.

    `reason` is set when it is not the post's: why it is left out.
    """

    note: Note
    line: Line
    group: str
    own: bool
    reason: str = ""


class Picker:
    """Picks the lines of posts; knows by which words a line tells whose it is."""

    def __init__(self, posts: Collection[Post]) -> None:
        """Learn the telling words of all posts: names, names on site, equipment."""
        self._owners: dict[str, set[str]] = {}
        self._told_of: dict[str, set[str]] = {}  # two thousand words are looked for in each line
        for post in posts:
            # 其他 is no post whose work a line could be; 报告安全员 is everybody's
            if post.name in _LEADERS or not (post.cards or post.objects):
                continue
            words = [w for w in (post.name, *post.aliases) if len(w) >= _TELLING]
            for word in (*words, *post.equipment, *post.objects):
                self._owners.setdefault(fold_text(word), set()).add(post.name)
        self._with_cards = frozenset(p.name for p in posts if p.cards)
        under = Counter(u for p in posts if p.cards for u in _umbrellas(p))
        self._narrow = frozenset(u for u, n in under.items() if n < MANY)

    def pick(self, notes: Iterable[Note], post: Post) -> list[Picked]:
        """The lines of notes that name the post or everybody, each with its group or reason."""
        out = []
        for note in notes:
            under = [u for u in _umbrellas(post) if u in note.posts]
            named = post.name in note.posts or any(u in self._narrow for u in under)
            if named or under:
                out += [self._place(note, line, post, named) for line in note.lines]
            # a note may name a post and everybody: what is everybody's must not be lost with the
            # post's own reason for leaving it
            if EVERYBODY in note.posts:
                out += [self._place(note, line, post, False) for line in note.lines]
        return out

    def _place(self, note: Note, line: Line, post: Post, named: bool) -> Picked:
        group = self._group(note, line, post)
        if not named:
            # what everybody has to do is the worker's own; a firm's duty to all is on no post
            told = self._told(line)
            if told and post.name not in told:
                return Picked(note, line, group, False, f"属于{'、'.join(sorted(told))}")
            if group != "do" or _SOMEBODY.match(line.text):
                return Picked(note, line, group, False, "不是每个岗位的人自己的事")
            return Picked(note, line, group, False)
        if group == "firm":
            return Picked(note, line, group, True)
        if group == "do" and post.name not in _LEADERS and _SOMEBODY.match(line.text):
            spoken = line.text.partition("：")[0]
            if not any(w in spoken for w in (post.name, *post.aliases, *post.objects)):
                return Picked(note, line, group, True, f"属于{spoken}")
        told = self._told(line)
        if told and post.name not in told:
            return Picked(note, line, group, True, f"属于{'、'.join(sorted(told)[:3])}")
        if not told and not self._at_home(note, post):
            return Picked(note, line, group, True, f"属于{note.posts[0]}")
        return Picked(note, line, group, True)

    def _told(self, line: Line) -> set[str]:
        """The posts whose words stand in a line; the longest word at a place decides."""
        if line.text in self._told_of:
            return self._told_of[line.text]
        text = fold_text(line.text)
        hits = sorted((w for w in self._owners if _stands(w, text)), key=len, reverse=True)
        told: set[str] = set()
        taken: list[str] = []
        for word in hits:
            if not any(word in longer for longer in taken):
                taken.append(word)
                told |= self._owners[word]
        self._told_of[line.text] = told
        return told

    def _at_home(self, note: Note, post: Post) -> bool:
        """Whether a line that names nobody may be taken for this post's.

        The first post of a note that has cards is whose work it is; another's it is only if the
        note is mostly about what that post does.
        """
        if any(u in note.posts for u in _umbrellas(post)):  # 特种设备操作人员
            return True
        order = [p for p in note.posts if p in self._with_cards]
        if post.name == order[0] or note.posts[0] == EVERYBODY:
            return True
        most = 2 * len(set(note.activities) & set(post.activities)) - len(note.activities)
        return most > 0 or (most == 0 and post.name == order[1])

    @staticmethod
    def _group(note: Note, line: Line, post: Post) -> str:
        """do, watch or firm: by who bears the line, and whether the post can see a breach."""
        if line.who == "worker":
            return "do"
        if line.who == "foreman":
            return "do" if post.name in _LEADERS else "watch"
        if line.card == "emergency" and _ALARM.search(line.text):
            return "watch"  # 停产撤人 is for all who work there to follow
        if line.card in ("risk", "operation") and note.severity > 1:
            forbidden = line.must == "must-not"
            if line.who == "firm" and (forbidden or not _UNSEEN.search(line.text)):
                return "watch"
            if line.who == "designer" and _SEEN.search(line.text):
                return "watch"
        return "firm"


def _umbrellas(post: Post) -> tuple[str, ...]:
    """What a post is called together with others, by the certificate that it needs."""
    return tuple(u for mark, u in _UMBRELLAS if any(mark in c for c in post.certificates))


def _stands(word: str, text: str) -> bool:
    """Whether a word stands in a text as itself: 排土工 does not in 排土工作面."""
    at = text.find(word)
    while at >= 0:
        after = text[at + len(word) : at + len(word) + 1]
        if not (word.endswith("工") and after in ("作", "程", "序", "艺", "具", "业")):
            return True
        at = text.find(word, at + 1)
    return False


def by_deadliness(
    picked: Sequence[Picked], accidents: Sequence[str], order: Mapping[str, int]
) -> list[Picked]:
    """Severest first; of equal ones the post's own, then its deadliest accident, then the law's
    order."""

    def key(p: Picked) -> tuple[int, bool, int, int, str]:
        codes = [c for c in (p.line.accident, *p.note.accidents) if c]
        rank = min((accidents.index(c) for c in codes if c in accidents), default=len(accidents))
        return (-p.note.severity, not p.own, rank, order.get(p.note.id, 0), p.line.unit)

    return sorted(picked, key=key)
