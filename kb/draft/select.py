"""Which note lines are a post's: own lines, what it must watch for, what the firm has to do.

A note names up to five posts, its lines do not. A line that names another post's machine or work
belongs to that post; one that names this post's, or nobody's, stays where the note's activities are
the post's own. What everybody has to do (全体员工) comes last and only fills what room there is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
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

    def __init__(self, posts: Iterable[Post]) -> None:
        """Learn the telling words of all posts: names, names on site, equipment."""
        self._owners: dict[str, set[str]] = {}
        for post in posts:
            # 其他, 监管人员 are no post whose work a line could be; 报告安全员 is everybody's
            if not post.cards or post.name in _LEADERS:
                continue
            words = [w for w in (post.name, *post.aliases) if len(w) >= _TELLING]
            for word in (*words, *post.equipment):
                self._owners.setdefault(fold_text(word), set()).add(post.name)

    def pick(self, notes: Iterable[Note], post: Post) -> list[Picked]:
        """The lines of notes that name the post or everybody, each with its group or reason."""
        out = []
        for note in notes:
            named = post.name in note.posts
            if named or EVERYBODY in note.posts:
                out += [self._place(note, line, post, named) for line in note.lines]
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
        told = self._told(line)
        if told and post.name not in told:
            return Picked(note, line, group, True, f"属于{'、'.join(sorted(told)[:3])}")
        if not told and not self._at_home(note, post):
            return Picked(note, line, group, True, f"属于{note.posts[0]}")
        return Picked(note, line, group, True)

    def _told(self, line: Line) -> set[str]:
        """The posts whose words stand in a line; the longest word at a place decides."""
        text = fold_text(line.text)
        hits = sorted((w for w in self._owners if _stands(w, text)), key=len, reverse=True)
        told: set[str] = set()
        taken: list[str] = []
        for word in hits:
            if not any(word in longer for longer in taken):
                taken.append(word)
                told |= self._owners[word]
        return told

    @staticmethod
    def _at_home(note: Note, post: Post) -> bool:
        """Whether a line that names nobody may be taken for this post's.

        The first post of a note is whose work it is; another's it is only if the note is mostly
        about what that post does.
        """
        place = note.posts.index(post.name)
        if place == 0 or note.posts[0] == EVERYBODY:
            return True
        shared = len(set(note.activities) & set(post.activities))
        return 2 * shared > len(note.activities)

    @staticmethod
    def _group(note: Note, line: Line, post: Post) -> str:
        """do, watch or firm: by who bears the line, and whether the post can see a breach."""
        if line.who == "worker":
            return "do"
        if line.who == "foreman":
            return "do" if post.name in _LEADERS else "watch"
        if line.who == "firm" and line.card in ("risk", "operation") and note.severity > 1:
            return "watch"
        return "firm"


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
