"""Emergency steps without a clause: `corpus/skeletons.toml`, one skeleton an accident type.

Where no clause says what to do, a card may carry a few plain steps that any safety training
teaches, always under `SKELETON_MARK`. Such a step can kill: so it holds no figure, place or
medicine, is short enough to be read aloud, and reaches a card only after somebody else has reviewed
it. Where rescuers die in numbers (buried, in gas, in water, at live wires) it forbids rushing in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.cards.model import CardLine
from kb.errors import CatalogError
from kb.quantities import find
from kb.terms import Terms
from kb.toml_file import read_toml

__all__ = [
    "BLIND_RESCUE",
    "DEADLY_RESCUES",
    "FILE",
    "LONGEST",
    "MOST_STEPS",
    "PARTS",
    "REPORT_TO",
    "Skeleton",
    "load_skeletons",
    "skeleton_lines",
    "skeleton_problems",
]

FILE = "skeletons.toml"
LONGEST = 20
"""Characters of a step."""
MOST_STEPS = 6
PARTS: Mapping[str, str] = {
    "signs": "事故征兆",
    "first": "第一步",
    "report": "报告谁",
    "how": "如何处置",
    "who": "谁去做",
    "never": "禁止",
}
"""Columns of the emergency card, by the key of the file; a line's `activity` names its column."""
REPORT_TO = "班组长、值班"

BLIND_RESCUE = "禁止盲目施救"
DEADLY_RESCUES = frozenset(
    ("electric", "drowning", "fire", "collapse", "roof-fall", "flood", "landslide", "gas-explosion",
     "vapour-explosion", "dust-explosion", "blasting", "poisoning", "suffocation", "leak", "other")
)  # fmt: skip
"""Accidents in which unprotected rescuers die: their skeleton must hold `BLIND_RESCUE`."""
_DEADLY_WORDS = re.compile("埋|料仓|筒仓|有限空间|缺氧|气体|毒|窒息|带电|碰线|触电|溺|落水|涉水")
"""Words by which any other skeleton shows that it is about burial, silo, gas, water or power."""

_NUMBERS = frozenset(("110", "119", "120", "122"))  # the same everywhere in the country
_DIGITS = re.compile(r"[0-9]+")
_ONE = ("code", "first", "report", "who", "author")
_MANY = ("signs", "how", "never")
_KEYS = frozenset((*_ONE, *_MANY, "reviewer"))


@dataclass(frozen=True, slots=True)
class Skeleton:
    """General steps for one accident type (our code), in our own words.

    `signs` are what people notice before, `first` is 停、断、撤, `report` who is told, `how` the
    steps in their order, `who` does them, `never` what is forbidden. `author` and `reviewer` are
    batch labels.
    """

    code: str
    signs: tuple[str, ...]
    first: str
    report: str
    how: tuple[str, ...]
    who: str
    never: tuple[str, ...]
    author: str
    reviewer: str = ""

    @property
    def reviewed(self) -> bool:
        """Whether somebody else than its author has reviewed it."""
        return bool(self.reviewer) and self.reviewer != self.author

    def parts(self) -> Iterator[tuple[str, str]]:
        """(part, text) of every line, the most urgent first: a short card cuts from the end.

        What kills the rescuer comes right after the first step.
        """
        urgent = [x for x in self.never if BLIND_RESCUE in x]
        yield "first", self.first
        yield from (("never", x) for x in urgent)
        yield "report", self.report
        yield from (("how", x) for x in self.how)
        yield from (("never", x) for x in self.never if x not in urgent)
        yield from (("signs", x) for x in self.signs)
        yield "who", self.who


def load_skeletons(corpora: Sequence[Path]) -> dict[str, Skeleton]:
    """Skeletons by accident code; a later corpus folder's replaces one of the same code.

    Raises:
        CatalogError: a file cannot be read, or an entry is malformed or double.
    """
    out: dict[str, Skeleton] = {}
    for corpus in corpora:
        path = corpus / FILE
        if not path.is_file():
            continue
        here: dict[str, Skeleton] = {}
        for where, raw in _entries(path):
            skeleton = _skeleton(where, raw)
            if skeleton.code in here:
                raise CatalogError(f"{where}：{skeleton.code} 与前面重复，请合并为一条")
            here[skeleton.code] = skeleton
        out |= here
    return out


def skeleton_lines(skeleton: Skeleton) -> tuple[CardLine, ...]:
    """The lines of an emergency card, the most urgent first; none while it is not reviewed."""
    if not skeleton.reviewed:
        return ()
    return tuple(_line(skeleton.code, part, text) for part, text in skeleton.parts())


def skeleton_problems(skeletons: Mapping[str, Skeleton], terms: Terms) -> Iterator[str]:
    """What keeps skeletons off the cards: codes, length, figures, 盲目施救, review."""
    for code, s in skeletons.items():
        if code not in terms.accidents:
            yield f"{code}：没有这个事故类型，请用 accidents.toml 里的 code"
        if len(s.how) > MOST_STEPS:
            yield f"{code}：如何处置有 {len(s.how)} 步，最多 {MOST_STEPS} 步，请合并"
        texts = list(s.parts())
        for part, text in texts:
            place = f"{code} 的“{PARTS[part]}”：“{text}”"
            if len(text) > LONGEST:
                yield f"{place}有 {len(text)} 字，最多 {LONGEST} 字，请改短"
            if set(_DIGITS.findall(text)) - _NUMBERS or find(text):
                yield f"{place}里有数字，骨架不写数字（{'、'.join(sorted(_NUMBERS))} 除外）"
        for text, count in _doubles(texts):
            yield f"{code}：“{text}”写了 {count} 次，请留一处"
        deadly = code in DEADLY_RESCUES or any(_DEADLY_WORDS.search(text) for _, text in texts)
        if deadly and not any(BLIND_RESCUE in x for x in s.never):
            yield f"{code}：“{PARTS['never']}”里要有“{BLIND_RESCUE}”"
        if not s.reviewed:
            yield f"{code}：还没有由另一人审过，不上卡"
    for code in terms.accidents:
        if code not in skeletons:
            yield f"{code}：还没有骨架"


def _doubles(texts: Sequence[tuple[str, str]]) -> Iterator[tuple[str, int]]:
    said = [text for _, text in texts]
    for text in dict.fromkeys(said):
        if (count := said.count(text)) > 1:
            yield text, count


def _line(code: str, part: str, text: str) -> CardLine:
    return CardLine(
        text=text,
        card="emergency",
        origin="skeleton",
        must="must-not" if part == "never" else "must",
        phase={"signs": "before", "never": "never"}.get(part, "during"),
        accident=code,
        activity=PARTS[part],
        severity=3,
        report_to=REPORT_TO if part == "report" else None,
    )


def _entries(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    data = read_toml(path)
    entries = data.get("skeleton", [])
    tables = isinstance(entries, list) and all(isinstance(e, dict) for e in entries)
    if set(data) - {"skeleton"} or not tables:
        raise CatalogError(f"{path}：每种事故写作一个 [[skeleton]]，不应有别的内容")
    for number, raw in enumerate(entries, 1):
        yield f"{path} 第 {number} 条", raw


def _skeleton(where: str, raw: Mapping[str, Any]) -> Skeleton:
    if unknown := sorted(set(raw) - _KEYS):
        raise CatalogError(
            f"{where}：不认识 {'、'.join(unknown)}，可用：{'、'.join(sorted(_KEYS))}"
        )
    if missing := [k for k in (*_ONE, *_MANY) if k not in raw]:
        raise CatalogError(f"{where}：缺 {'、'.join(missing)}")
    one: dict[str, str] = {}
    for key in (*_ONE, "reviewer"):
        value = raw.get(key, "")
        if not isinstance(value, str) or not (value.strip() or key == "reviewer"):
            raise CatalogError(f"{where}：{key} 应为文字，不能空")
        one[key] = value.strip()
    many: dict[str, tuple[str, ...]] = {}
    for key in _MANY:
        value = raw[key]
        if not isinstance(value, list) or not value:
            raise CatalogError(f"{where}：{key} 应为一组文字，至少一句")
        if not all(isinstance(x, str) and x.strip() for x in value):
            raise CatalogError(f"{where}：{key} 里有空的或不是文字的")
        many[key] = tuple(x.strip() for x in value)
    return Skeleton(
        code=one["code"],
        signs=many["signs"],
        first=one["first"],
        report=one["report"],
        how=many["how"],
        who=one["who"],
        never=many["never"],
        author=one["author"],
        reviewer=one["reviewer"],
    )
