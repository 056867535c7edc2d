"""Cut a text into plain and cited stretches, for the site and the command line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kb.model import Resolution

__all__ = ["Segment", "annotate"]


@dataclass(frozen=True, slots=True)
class Segment:
    """`text` with the resolution of the reference that it is; None for what stands between."""

    text: str
    resolution: Resolution | None = None


def annotate(text: str, resolutions: Iterable[Resolution], offset: int = 0) -> list[Segment]:
    """Segments that joined give `text` back; `offset` is where `text` begins in what the spans
    index.

    Raises:
        ValueError: a span overlaps the one before, lies outside, or holds another text.
    """
    out: list[Segment] = []
    at = 0
    for r in resolutions:
        start, end = r.citation.start - offset, r.citation.end - offset
        if not at <= start < end <= len(text) or text[start:end] != r.citation.raw:
            raise ValueError(f"引用的位置与文本不符：{r.citation.raw!r}（{start}–{end}）")
        if start > at:
            out.append(Segment(text[at:start]))
        out.append(Segment(text[start:end], r))
        at = end
    if at < len(text):
        out.append(Segment(text[at:]))
    return out
