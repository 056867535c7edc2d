"""Where two rules in force say different things of one subject: `corpus/conflicts.toml`.

Each entry names the clauses, what each says in our own words, what differs, and which to follow and
why: the higher rule (上位法), the later (新法), the special one (特别法), or, where both bind, the
stricter, which satisfies both (从严). 待定 is an honest answer and names none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.errors import CatalogError, UsageError
from kb.figures import compare
from kb.ids import parse_ref
from kb.store import Passages
from kb.toml_file import read_toml

__all__ = ["RULES", "Conflict", "conflict_problems", "load_conflicts"]

RULES = ("上位法", "新法", "特别法", "从严", "待定")
"""Why one clause is followed; 从严 names the stricter, 待定 names none."""

_KEYS = frozenset({"id", "subject", "clause", "differs", "rule", "prevails", "why", "author",
                   "reviewer"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Conflict:
    """`clauses` are full ids (`doc@date#clause`, perhaps of a 款 or item) and what each says;
    `prevails` is one of them, or empty."""

    id: str
    subject: str
    clauses: tuple[tuple[str, str], ...]
    differs: str
    rule: str
    prevails: str
    why: str
    author: str = ""
    reviewer: str = ""

    def to_json(self) -> dict[str, Any]:
        """For hits and `--format json`; words are ours (要点)."""
        return {
            "id": self.id,
            "subject": self.subject,
            "says": dict(self.clauses),
            "differs": self.differs,
            "rule": self.rule,
            "prevails": self.prevails,
            "why": self.why,
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Conflict:
        """What `to_json` gave."""
        return cls(
            raw["id"],
            raw["subject"],
            tuple(raw["says"].items()),
            raw["differs"],
            raw["rule"],
            raw["prevails"],
            raw["why"],
        )


def load_conflicts(corpora: Sequence[Path]) -> dict[str, Conflict]:
    """Conflicts by id; a later corpus folder's entry replaces one of the same id.

    Raises:
        CatalogError: a file cannot be read, or an entry is malformed or double.
    """
    out: dict[str, Conflict] = {}
    for corpus in corpora:
        path = corpus / "conflicts.toml"
        if not path.is_file():
            continue
        here: dict[str, Conflict] = {}
        for where, raw in _entries(path):
            conflict = _conflict(where, raw)
            if conflict.id in here:
                raise CatalogError(f"{where}：{conflict.id} 与前面重复，请改一个")
            here[conflict.id] = conflict
        out |= here
    return out


def _entries(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    data = read_toml(path)
    if set(data) - {"conflict"} or not isinstance(data.get("conflict", []), list):
        raise CatalogError(f"{path}：每处不一致写作一个 [[conflict]]，不应有别的内容")
    for number, raw in enumerate(data.get("conflict", []), 1):
        yield f"{path} 第 {number} 条", raw


def _conflict(where: str, raw: Mapping[str, Any]) -> Conflict:
    if unknown := sorted(set(raw) - _KEYS):
        raise CatalogError(f"{where}：不认识 {'、'.join(unknown)}")
    words = {}
    for key in _KEYS - {"clause"}:
        value = raw.get(key, "")
        if not isinstance(value, str) or (not value and key not in ("prevails", "reviewer")):
            raise CatalogError(f"{where}：{key} 应为文字")
        words[key] = value
    clauses = []
    for clause in raw.get("clause", ()):
        if not isinstance(clause, dict) or set(clause) != {"id", "says"}:
            raise CatalogError(f"{where}：clause 应为 {{ id = …, says = … }}")
        try:
            ref = parse_ref(clause["id"])
        except UsageError as error:
            raise CatalogError(f"{where}：{error}") from error
        if not (ref.version and ref.clause and clause["says"]):
            raise CatalogError(f"{where}：{clause['id']} 应写明版本和条款，says 不能空")
        clauses.append((str(clause["id"]), str(clause["says"])))
    ids = [i for i, _ in clauses]
    if len(set(ids)) < 2:
        raise CatalogError(f"{where}：至少要有两条不同的条款")
    if words["rule"] not in RULES:
        raise CatalogError(f"{where}：rule 应为 {'、'.join(RULES)} 之一")
    if (words["rule"] == "待定") != (not words["prevails"]):
        raise CatalogError(f"{where}：待定时不写 prevails，其余要写")
    if words["prevails"] and words["prevails"] not in ids:
        raise CatalogError(f"{where}：prevails 应为所列条款之一")
    return Conflict(clauses=tuple(clauses), **words)


def conflict_problems(conflicts: Mapping[str, Conflict], passages: Passages) -> Iterator[str]:
    """Clauses that are not there, and figures of `says` that the clause lacks."""
    for conflict in conflicts.values():
        for full_id, says in conflict.clauses:
            ref, _, part = full_id.partition("#")
            if passages.version(ref) is None:
                yield f"{conflict.id}：目录里没有版本 {ref}"
            elif ref in passages.texts:
                unit = passages.unit(ref, part)
                if unit is None:
                    yield f"{conflict.id}：{ref} 里没有 {part}"
                    continue
                texts = [unit.display, *(" ".join(r) for r in unit.rows)]
                texts += [u.display for u in passages.below(ref, part)]
                said = [("says", says, texts)]
                for severity, kind, message in compare(["\n".join(texts)], said, []):
                    if severity == "error" and kind != "figure-missing":
                        yield f"{conflict.id}：{full_id} {message}"
        if not conflict.reviewer or conflict.reviewer == conflict.author:
            yield f"{conflict.id}：还没有由另一人审过"
