"""Cards with planted errors and their clean twins, made at run time from the notes and texts of an
index. Nothing of a source stands here: rules take a line or a sentence and turn one thing about.

`plants(shelf)` gives rows: the sentence and its reference as they should stand, both as they stand
on the bad card, and what the check has to find there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kb.check import Shelf
from kb.check.quotes import LEAST
from kb.model import DocKind
from kb.notes import Line, Note
from kb.numerals import int_to_zh

STANDARD = "gb-16423-2020@2020-10-11"
SAFETY_LAW = "anquan-shengchan-fa@2021-06-10"


@dataclass(frozen=True, slots=True)
class Plant:
    """`kind` must be found on the bad row; `at` is the clause that the finding should lead to."""

    rule: str
    kind: str
    text: str
    basis: str
    bad_text: str
    bad_basis: str
    at: str = ""

    @property
    def sentence(self) -> str:
        """The bad row as a plain line."""
        return f"{self.bad_text}（{self.bad_basis}）。" if self.bad_basis else f"{self.bad_text}。"

    @property
    def twin(self) -> str:
        """The clean row as a plain line."""
        return f"{self.text}（{self.basis}）。" if self.basis else f"{self.text}。"


# --- what rows are made from --------------------------------------------------------------------

_LOWER = re.compile(r"不(?:小|少|低)于\s?(?P<n>\d+(?:\.\d+)?)")
_UPPER = re.compile(
    r"不(?:大|高|多)于\s?(?P<n>\d+(?:\.\d+)?)|不(?:应|得)?超过\s?(?P<m>\d+(?:\.\d+)?)"
)
_OTHER_FIGURE = re.compile(r"[\d一二三四五六七八九十百千]")
_EVERY = ("每班", "每天", "每周", "每月", "每季度", "每半年", "每年")
_SENTENCE = re.compile(r"[^。；：\n]{18,80}(?=。)")


def _every_line(shelf: Shelf, *, refs: Iterable[str] | None = None) -> Iterator[tuple[Note, Line]]:
    wanted = set(refs or shelf.binding)
    for note in shelf.passages.notes():
        if note.ref in wanted and note.ref in shelf.passages.texts:
            yield from ((note, line) for line in note.lines)


def _spread(items: Sequence[Plant], count: int) -> list[Plant]:
    """`count` items from the whole length of a list, always the same ones."""
    if len(items) <= count:
        return list(items)
    return [items[i * len(items) // count] for i in range(count)]


def _number(value: float) -> str:
    return f"{value:g}"


def _with(text: str, m: re.Match[str], value: float) -> str:
    group = "n" if m["n"] else "m"
    return text[: m.start(group)] + _number(value) + text[m.end(group) :]


def _value(m: re.Match[str]) -> float:
    return float(m.groupdict().get("n") or m.groupdict().get("m") or 0)


def _limits(
    shelf: Shelf,
    rule: str,
    kind: str,
    low: Callable[[float], float],
    high: Callable[[float], float],
) -> Iterator[Plant]:
    for note, line in _every_line(shelf):
        for pattern, change in ((_LOWER, low), (_UPPER, high)):
            m = pattern.search(line.text)
            if m is None or _value(m) == 0:
                continue
            basis = shelf.cite(note.ref, note.clause)
            bad = _with(line.text, m, change(_value(m)))
            yield Plant(rule, kind, line.text, basis, bad, basis, note.id)
            break


def laxer(shelf: Shelf) -> Iterator[Plant]:
    """A limit that was let out."""
    return _limits(shelf, "laxer", "figure_contradicts", lambda v: v / 2, lambda v: v * 2)


def stricter(shelf: Shelf) -> Iterator[Plant]:
    """A limit that was drawn in: no error."""
    return _limits(shelf, "stricter", "stricter", lambda v: v * 2, lambda v: v / 2)


def rarer(shelf: Shelf) -> Iterator[Plant]:
    """A check made less often than the rule wants."""
    for note, line in _every_line(shelf):
        said = [e for e in _EVERY[:-1] if e in line.text]
        inside = f"{said[0]}末" in line.text if said else False
        if (
            len(said) == 1
            and not inside
            and not _OTHER_FIGURE.search(line.text.replace(said[0], ""))
        ):
            bad = line.text.replace(said[0], _EVERY[-1])
            basis = shelf.cite(note.ref, note.clause)
            yield Plant("rarer", "figure_contradicts", line.text, basis, bad, basis, note.id)


def fines(shelf: Shelf) -> Iterator[Plant]:
    """A fine that the law does not know: drawn from the law's own sentence."""
    pattern = re.compile(
        r"处(?P<low>[一二三四五六七八九十百]+)万元以上(?P<high>[一二三四五六七八九十百]+)万元以下的?罚款"
    )
    for ref in shelf.binding:
        for clause in shelf.clauses(ref, ""):
            text = shelf.readings(ref, clause)[:1]
            found = list(pattern.finditer(text[0])) if text else []
            if len(found) != 1 or text[0].count("万元") != 2 or text[0].count("罚款") != 1:
                continue
            sentence = text[0].replace("\n", "")
            m = pattern.search(sentence)
            if m is None or len(sentence) > 200:
                continue
            bad = sentence[: m.start("high")] + int_to_zh(90) + sentence[m.end("high") :]
            basis = shelf.cite(ref, clause)
            yield Plant(
                "fine", "figure_contradicts", sentence.rstrip("。"), basis, bad.rstrip("。"), basis,
                f"{ref}#{clause}",
            )  # fmt: skip


def wrong_number(shelf: Shelf) -> Iterator[Plant]:
    """The number of another clause of the same standard or law."""
    for ref in shelf.binding:
        clauses = shelf.clauses(ref, "")
        place = {c: i for i, c in enumerate(clauses)}
        for note, line in _every_line(shelf, refs=[ref]):
            if len(line.text) < 14 or len(clauses) < 40:
                continue
            other = clauses[(place[note.clause] + len(clauses) // 2) % len(clauses)]
            yield Plant(
                "wrong number", "quote_differs", line.text, shelf.cite(ref, note.clause), line.text,
                shelf.cite(ref, other), note.id,
            )  # fmt: skip


def old_number(shelf: Shelf) -> Iterator[Plant]:
    """安全生产法 by the numbers of 2014: the articles on workers' rights stood three lower."""
    for note, line in _every_line(shelf, refs=[SAFETY_LAW]):
        article = int(note.clause.partition("-")[2])
        if 52 <= article <= 60 and len(line.text) >= 12:
            good = shelf.cite(SAFETY_LAW, note.clause)
            bad = shelf.cite(SAFETY_LAW, f"art-{article - 3}")
            yield Plant("old number", "superseded", line.text, good, line.text, bad, note.id)


def moved_law(shelf: Shelf) -> Iterator[Plant]:
    """突发事件应对法 by the numbers of 2007, whose text is loaded too."""
    old, now = "tufa-shijian-yingdui-fa@2007-08-30", "tufa-shijian-yingdui-fa@2024-06-28"
    for clause in shelf.clauses(old, ""):
        for text in shelf.readings(old, clause)[:1]:
            for m in _SENTENCE.finditer(text):
                for ref, other, fit in shelf.nearest(m[0], [now], 1):
                    if fit > 0.85 and other != clause and _far(shelf, m[0], now, clause):
                        good = shelf.cite(ref, other)
                        bad = shelf.cite(ref, clause)
                        yield Plant(
                            "moved law", "superseded", m[0], good, m[0], bad, f"{ref}#{other}"
                        )


def _far(shelf: Shelf, words: str, ref: str, clause: str) -> bool:
    """The present clause of that number says something else."""
    return shelf.fits.of(words, [(ref, clause)]) < 0.3


def no_number(shelf: Shelf) -> Iterator[Plant]:
    """A clause that is not there."""
    for note, line in _every_line(shelf, refs=[STANDARD]):
        bad = f"《金属非金属矿山安全规程》（GB 16423-2020）{note.clause}.97"
        basis = shelf.cite(STANDARD, note.clause)
        yield Plant("no such clause", "not_found", line.text, basis, line.text, bad, "")
    for ref in shelf.binding:
        document = shelf.document(ref)
        if document.kind is DocKind.LAW:
            for note, line in list(_every_line(shelf, refs=[ref]))[:2]:
                bad = f"《{document.short}》第四百零三条"
                basis = shelf.cite(ref, note.clause)
                yield Plant("no such article", "not_found", line.text, basis, line.text, bad)


def unknown_law(shelf: Shelf) -> Iterator[Plant]:
    """A law that nobody has made."""
    names = (
        "矿工健康法",
        "作业现场安全促进法",
        "企业安全责任法",
        "岗位安全法",
        "中华人民共和国班组法",
    )
    lines = list(_every_line(shelf))
    for i, name in enumerate(names):
        note, line = lines[i * 97 % len(lines)]
        yield Plant(
            "unknown law", "not_found", line.text, shelf.cite(note.ref, note.clause), line.text,
            f"《{name}》第{int_to_zh(i + 9)}条",
        )  # fmt: skip


def old_standard(shelf: Shelf) -> Iterator[Plant]:
    """The number of the edition before, with the clause of the present one or another."""
    for note, line in _every_line(shelf, refs=[STANDARD]):
        bad = f"《金属非金属矿山安全规程》（GB 16423-2006）{note.clause}"
        basis = shelf.cite(STANDARD, note.clause)
        yield Plant("old standard", "superseded", line.text, basis, line.text, bad, note.id)


def old_law(shelf: Shelf) -> Iterator[Plant]:
    """A law with the year of an older wording."""
    for note, line in _every_line(shelf, refs=[SAFETY_LAW]):
        good = shelf.cite(SAFETY_LAW, note.clause)
        bad = good.replace("》", "》（2014年修正）")
        yield Plant("old law", "superseded", line.text, good, line.text, bad, note.id)


def wrong_title(shelf: Shelf) -> Iterator[Plant]:
    """A number with another document's title, and a title that was changed."""
    for i, (note, line) in enumerate(_every_line(shelf, refs=[STANDARD])):
        title = ("爆破安全规程", "金属非金属矿山安全条例", "露天煤矿安全规程")[i % 3]
        bad = f"《{title}》（GB 16423-2020）{note.clause}"
        basis = shelf.cite(STANDARD, note.clause)
        yield Plant("wrong title", "wrong_title", line.text, basis, line.text, bad)


def standing(shelf: Shelf) -> Iterator[Plant]:
    """Documents that are repealed, replaced, or wait for their day."""
    for document in shelf.documents.values():
        kind = shelf.standing(document).kind
        if kind in ("not_in_force", "superseded", "pending") and not document.region:
            name = shelf.name(document)
            yield Plant(
                kind, kind, "本岗位每年学习一次本单位的安全制度", "", "本岗位学习有关规定", name,
                document.id,
            )  # fmt: skip


_SWAPS = (("应当", "可以"), ("不得", "可以"), ("必须", "可以"), ("严禁", "允许"), ("应", "宜"))


def _sentences(shelf: Shelf) -> Iterator[tuple[str, str, str]]:
    for ref in shelf.binding:
        for clause in shelf.clauses(ref, ""):
            for text in shelf.readings(ref, clause)[:1]:
                for m in _SENTENCE.finditer(text):
                    if len(re.findall(r"[\u4e00-\u9fff]", m[0])) > LEAST and "“" not in m[0]:
                        yield ref, clause, m[0]
                        break


def quotes(shelf: Shelf) -> Iterator[Plant]:
    """A sentence between quotation marks with one word changed."""
    for ref, clause, sentence in _sentences(shelf):
        for old, new in _SWAPS:
            if sentence.count(old) == 1:
                basis = shelf.cite(ref, clause)
                bad = sentence.replace(old, new)
                yield Plant(
                    "quote", "quote_differs", f"“{sentence}”", basis, f"“{bad}”", basis,
                    f"{ref}#{clause}",
                )  # fmt: skip
                break


def copies(shelf: Shelf) -> Iterator[Plant]:
    """A sentence without marks whose prohibition was lost."""
    for ref, clause, sentence in _sentences(shelf):
        for old, new in (("不得", "可以"), ("严禁", ""), ("禁止", ""), ("应当", "可以")):
            if sentence.count(old) == 1 and sentence.find(old) > 3:
                basis = shelf.cite(ref, clause)
                bad = sentence.replace(old, new)
                yield Plant("copy", "quote_differs", sentence, basis, bad, basis, f"{ref}#{clause}")
                break


def uncited(shelf: Shelf) -> Iterator[Plant]:
    """A limit let out on a line without any reference."""
    for p in laxer(shelf):
        yield Plant("uncited", p.kind, p.text, "", p.bad_text, "", p.at)


def governed(shelf: Shelf) -> Iterator[Plant]:
    """An article of a regulation whose subject a later law governs."""
    ref = "weixian-huaxuepin-anquan-guanli-tiaoli@2013-12-07"
    for note, line in _every_line(shelf, refs=[ref]):
        basis = shelf.cite(ref, note.clause)
        yield Plant("governed", "see_also", line.text, basis, line.text, basis)


def classes(shelf: Shelf) -> Iterator[Plant]:
    """Names of the old classification."""
    del shelf
    for name in ("机械伤害", "车辆伤害", "起重伤害", "冒顶片帮", "中毒和窒息", "其他伤害"):
        yield Plant(
            "class", "old_class_name", "可能导致的事故类型：触电、火灾", "",
            f"可能导致的事故类型：{name}、触电", "",
        )  # fmt: skip


RULES: dict[str, tuple[Callable[[Shelf], Iterator[Plant]], int]] = {
    "laxer": (laxer, 30),
    "rarer": (rarer, 8),
    "fines": (fines, 12),
    "wrong number": (wrong_number, 16),
    "old number": (old_number, 8),
    "moved law": (moved_law, 6),
    "no such clause": (no_number, 10),
    "unknown law": (unknown_law, 5),
    "old standard": (old_standard, 8),
    "old law": (old_law, 6),
    "wrong title": (wrong_title, 8),
    "standing": (standing, 14),
    "quotes": (quotes, 16),
    "copies": (copies, 12),
    "uncited": (uncited, 12),
    "stricter": (stricter, 30),
    "governed": (governed, 12),
    "classes": (classes, 6),
}
"""Rule → its maker and how many rows of it a set has; benchmarks take more."""


def plants(shelf: Shelf, times: int = 1) -> list[Plant]:
    """The planted rows of all rules that the index has material for."""
    out: list[Plant] = []
    for make, count in RULES.values():
        out += _spread(list(make(shelf)), count * times)
    return out


def write_cards(rows: Sequence[str], folder: Path, name: str, size: int = 20) -> list[Path]:
    """Plain cards of `size` lines each; line 3 of a card is its first row."""
    out = []
    for number, start in enumerate(range(0, len(rows), size), 1):
        path = folder / f"{name}-{number}.md"
        body = "\n".join(f"- {row}" for row in rows[start : start + size])
        path.write_text(f"# 岗位操作卡\n\n{body}\n", encoding="utf-8")
        out.append(path)
    return out


def write_tables(
    rows: Sequence[tuple[str, str]], folder: Path, name: str, size: int = 20
) -> list[Path]:
    """The same as tables with a column of references; row i of a card is line i + 5."""
    out = []
    for number, start in enumerate(range(0, len(rows), size), 1):
        path = folder / f"{name}-{number}.md"
        lines = ["# 岗位风险清单", "", "| 序号 | 管控措施 | 依据 |", "| --- | --- | --- |"]
        lines += [f"| {i} | {t} | {b} |" for i, (t, b) in enumerate(rows[start : start + size], 1)]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        out.append(path)
    return out
