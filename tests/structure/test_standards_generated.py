"""Standards written at random, in random layouts: the ids come back, noise does no harm."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.structure.standard_texts import parse

_WORDS = st.sampled_from(
    ["风筝", "引线", "绞盘", "放飞人", "场地", "护栏", "手套", "标志", "骨架", "线轮"]
)
_VERBS = st.sampled_from(
    ["应定期检查", "不应超过规定", "应由专人看管", "应设置标志", "严禁随意移动"]
)
_TAILS = st.sampled_from(["", "并做好记录", "且不小于 3 m", "（含备用的）", "并遵守 2.1 的规定"])
_SENTENCE = st.builds("{}{}，{}{}。".format, _WORDS, _VERBS, _WORDS, _TAILS)
_TITLE = st.builds("{}和{}".format, _WORDS, _WORDS)


@dataclass
class Clause:
    """A clause to be written: `title` with children, or text with items."""

    title: str = ""
    text: str = ""
    items: list[str] = field(default_factory=list)
    lettered: bool = False
    after: str = ""
    children: list[Clause] = field(default_factory=list)


_LEAF = st.builds(
    lambda text, items, lettered, after: Clause(
        text=text, items=items, lettered=lettered, after=after if items else ""
    ),
    _SENTENCE,
    st.lists(_SENTENCE, max_size=3),
    st.booleans(),
    st.sampled_from(["", "发现问题应立即上报。"]),
)
_TREE = st.recursive(
    _LEAF,
    lambda inner: st.builds(
        lambda title, children: Clause(title=title, children=children),
        _TITLE,
        st.lists(inner, min_size=1, max_size=12),
    ),
    max_leaves=14,
)
_CHAPTER = st.builds(
    lambda title, children: Clause(title=title, children=children),
    _TITLE,
    st.lists(_TREE, min_size=1, max_size=4),
)
_CHAPTERS = st.lists(_CHAPTER, min_size=1, max_size=3)


class Writer:
    """Writes clauses in a layout drawn at random and notes the ids that must come back."""

    def __init__(self, data: st.DataObject) -> None:
        self._draw = data.draw
        self.lines: list[str] = []
        self.ids: list[str] = []
        self.texts: dict[str, str] = {}

    def _pick(self, *choices: str) -> str:
        return self._draw(st.sampled_from(choices))

    def clause(self, number: str, clause: Clause) -> None:
        self.ids.append(number)
        if clause.children:
            self.lines.append(
                self._pick("# ", "") + number + self._pick(" ", "", "　") + clause.title
            )
            for place, child in enumerate(clause.children, start=1):
                self.clause(f"{number}.{place}", child)
            return
        lead = clause.text.removesuffix("。") + "：" if clause.items else clause.text
        self.texts[number] = clause.text
        self._lead(number, lead)
        for place, item in enumerate(clause.items, start=1):
            mark = f"{chr(96 + place)}) " if clause.lettered else self._pick("——", "—")
            self.ids.append(f"{number}.{chr(96 + place) if clause.lettered else f'i{place}'}")
            last = place == len(clause.items)
            self._broken(mark + item.removesuffix("。") + ("。" if last else "；"))
        if clause.after:
            self.ids.append(f"{number}.p2")
            self.lines.append(clause.after)

    def _lead(self, number: str, text: str) -> None:
        layout = self._pick("line", "heading", "glued", "alone", "run in")
        before = self.lines[-1] if self.lines else ""
        if (
            layout == "run in"
            and before.endswith("。")
            and not before.startswith(("—", "a", "b", "c"))
        ):
            self.lines[-1] = f"{before}{number} {text}"
        elif layout == "alone":
            self.lines += [number, text]
        elif layout == "glued":
            self._broken(number + text)
        else:
            self._broken(("# " if layout == "heading" else "") + f"{number} {text}")

    def _broken(self, line: str) -> None:
        """A line, perhaps broken in the middle, perhaps with a page header there."""
        places = [m.end() for m in re.finditer("[，应]", line) if m.end() > 14]
        if places and self._draw(st.integers(0, 3)) == 0 and not line.startswith("#"):
            cut = self._draw(st.sampled_from(places))
            page = ["GB 99999—2030"] if self._draw(st.booleans()) else []
            self.lines += [line[:cut], *page, line[cut:]]
        else:
            self.lines.append(line)


@settings(max_examples=60, deadline=None)
@given(_CHAPTERS, st.data())
def test_generated_standards_come_back(chapters: list[Clause], data: st.DataObject) -> None:
    writer = Writer(data)
    for number, chapter in enumerate(chapters, start=2):
        writer.clause(str(number), chapter)
    contents = ["# 目次"] * data.draw(st.booleans())
    if contents:
        contents += ["1 范围 1"] + [f"{n} {c.title} {n}" for n, c in enumerate(chapters, start=2)]
    blank = "\n" * data.draw(st.integers(1, 2))
    text = blank.join(["# 某某规程", *contents, "# 1 范围", "本标准适用于风筝。", *writer.lines])
    tree = parse(text)
    assert [u.id for u in tree.units if u.id != "1"] == writer.ids
    assert {u.id for u in tree.hits} - {"1"} == set(writer.texts)
    for number, said in writer.texts.items():
        shown = re.sub(r"\s", "", tree.by_id[number].display)
        assert shown.startswith(re.sub(r"\s", "", said).removesuffix("。"))


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="1234.．、 \n#—ab)）矿应。；：表注附录AB", max_size=120))
def test_any_text_keeps_the_contract(noise: str) -> None:
    tree = parse("# 1 范围\n\n本标准适用于风筝。\n\n# 2 要求\n\n2.1 甲应有人。\n" + noise)
    assert {"1", "2", "2.1"} <= set(tree.by_id)
