"""Which documents feed the cards of an industry: `corpus/terms/industries.toml`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kb.errors import CatalogError
from kb.posts import INDUSTRIES
from kb.toml_file import read_toml

__all__ = ["Industries"]


@dataclass(frozen=True)
class Industries:
    """`general` documents serve every industry; `docs` are an industry's own, perhaps a chapter
    (`doc#5`); lines with a word of `without` are another industry's, in a chapter that both share.
    """

    general: tuple[str, ...]
    docs: Mapping[str, tuple[str, ...]]
    without: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    everybody: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Clauses or units (`doc#art-57`) that everybody at a site of an industry follows, the most
    important first: `corpus/terms/everybody.toml`."""

    @classmethod
    def load(cls, corpora: Sequence[Path]) -> Industries:
        """A later folder's industry replaces one of the same name, and its `general` adds.

        Raises:
            CatalogError: the file cannot be read, or names an industry that there is not.
        """
        general: dict[str, None] = {}
        docs: dict[str, tuple[str, ...]] = {}
        without: dict[str, tuple[str, ...]] = {}
        for corpus in corpora:
            path = corpus / "terms" / "industries.toml"
            if not path.is_file():
                continue
            data = read_toml(path)
            general |= dict.fromkeys(str(d) for d in data.get("general", []))
            for raw in data.get("industry", []):
                name = _industry(path, raw.get("name", ""))
                docs[name] = tuple(str(d) for d in raw.get("docs", []))
                without[name] = tuple(str(w) for w in raw.get("without", []))
        return cls(tuple(general), docs, without, _everybody(corpora))

    def serves(self, note_id: str, industries: Sequence[str]) -> bool:
        """Whether a clause (`doc@date#clause`) may feed cards of one of these industries."""
        ref, _, clause = note_id.partition("#")
        doc = ref.partition("@")[0]
        if doc in self.general:
            return True
        for industry in industries:
            for entry in self.docs.get(industry, ()):
                where, _, part = entry.partition("#")
                if where == doc and (not part or clause == part or clause.startswith(f"{part}.")):
                    return True
        return False

    def place_of(self, unit: str, industries: Sequence[str]) -> int | None:
        """Where a unit (`doc@date#art-57.p1`) stands among what everybody follows; None if not."""
        ref, _, part = unit.partition("#")
        doc = ref.partition("@")[0]
        listed = dict.fromkeys(e for i in industries for e in self.everybody.get(i, ()))
        for place, entry in enumerate(listed):
            where, _, clause = entry.partition("#")
            if where == doc and (part == clause or part.startswith(f"{clause}.")):
                return place
        return None

    def speaks_of(self, text: str, industries: Sequence[str]) -> bool:
        """Whether a line is for one of these industries, as far as its words tell."""
        return any(not any(w in text for w in self.without.get(i, ())) for i in industries)


def _everybody(corpora: Sequence[Path]) -> dict[str, tuple[str, ...]]:
    """Entries of all folders, an industry's in the order of the files."""
    out: dict[str, dict[str, None]] = {}
    for corpus in corpora:
        path = corpus / "terms" / "everybody.toml"
        if not path.is_file():
            continue
        for raw in read_toml(path).get("everybody", []):
            for name in raw.get("industries", []):
                clauses = dict.fromkeys(str(c) for c in raw.get("clauses", []))
                out.setdefault(_industry(path, name), {}).update(clauses)
    return {industry: tuple(clauses) for industry, clauses in out.items()}


def _industry(path: Path, name: str) -> str:
    if name not in INDUSTRIES:
        raise CatalogError(f"{path}：没有行业 {name}，可用：{'、'.join(INDUSTRIES)}")
    return name
