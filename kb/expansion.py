"""What site words, names of posts and names of accident types mean in standard terms.

Compiled from `kb.terms` when an index is built, so that a search reads one small file: a query
that says 打眼 is also looked for as 凿岩, and 车辆伤害 (1986) as 厂（场）内车辆致害 (2025).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

from kb.errors import IndexCorruptError
from kb.fold import fold_text
from kb.terms import Terms

__all__ = ["Expansion"]


@dataclass(frozen=True)
class Expansion:
    """`words`: folded site word → standard terms; the others: what a filter's word means.

    `posts` maps every name of a post to the post's own; `accidents` maps codes and the names of
    both editions to codes; `hazards` and `activities` are the closed vocabularies;
    `accident_names` are the names of a code.
    """

    words: Mapping[str, tuple[str, ...]]
    posts: Mapping[str, str]
    accidents: Mapping[str, tuple[str, ...]]
    accident_names: Mapping[str, tuple[str, ...]]
    hazards: tuple[str, ...]
    activities: tuple[str, ...]

    @classmethod
    def of(cls, terms: Terms) -> Expansion:
        """From the vocabularies. An ambiguous word stands for each of its meanings."""
        words: dict[str, dict[str, None]] = {}

        def add(word: str, meanings: tuple[str, ...]) -> None:
            key = fold_text(word)
            new = {m: None for m in meanings if m and fold_text(m) != key}
            if new:
                words.setdefault(key, {}).update(new)

        for jargon in terms.jargon.values():
            add(jargon.word, jargon.terms)
        for alias, name in terms.post_names.items():
            add(alias, (name,))
        by_name: dict[str, dict[str, None]] = {}
        names: dict[str, tuple[str, ...]] = {}
        for a in terms.accidents.values():
            # a 1986 name such as 其他爆炸 covers several codes and would say nothing of any
            names[a.code] = tuple(dict.fromkeys(n for n in (a.name_2025, a.name_1986) if n))
            for name in (a.code, *names[a.code]):
                by_name.setdefault(name, {})[a.code] = None
        for name, codes in by_name.items():
            if len(codes) == 1:
                add(name, tuple(n for c in codes for n in names[c] if len(by_name[n]) == 1))
        return cls(
            words={k: tuple(v) for k, v in sorted(words.items())},
            posts=dict(terms.post_names),
            accidents={k: tuple(v) for k, v in by_name.items()},
            accident_names=names,
            hazards=tuple(terms.hazards),
            activities=tuple(terms.activities),
        )

    def save(self, path: Path) -> None:
        """Write as JSON; the same vocabularies give the same bytes."""
        path.write_text(json.dumps(asdict(self), ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Expansion:
        """Read what `save` wrote.

        Raises:
            IndexCorruptError: it is none.
        """
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            return cls(
                words={k: tuple(v) for k, v in raw["words"].items()},
                posts=raw["posts"],
                accidents={k: tuple(v) for k, v in raw["accidents"].items()},
                accident_names={k: tuple(v) for k, v in raw["accident_names"].items()},
                hazards=tuple(raw["hazards"]),
                activities=tuple(raw["activities"]),
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as e:
            raise IndexCorruptError(f"术语表 {path} 读不了（{e}）。请重新运行 kb build") from e

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self.words), default=0)

    def find(self, text: str) -> dict[str, tuple[str, ...]]:
        """The site words of a folded text and what they mean, longest first where they overlap."""
        out: dict[str, tuple[str, ...]] = {}
        at = 0
        while at < len(text):
            for size in range(min(self._longest, len(text) - at), 1, -1):
                word = text[at : at + size]
                if word in self.words:
                    out[word] = self.words[word]
                    at += size
                    break
            else:
                at += 1
        return out
