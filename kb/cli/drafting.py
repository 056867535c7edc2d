"""What `kb draft` and `kb guide` work with: an open index, vocabularies, and where files go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kb.cards import Draft, Firm
from kb.draft import Drafter, Industries, resolve_post
from kb.errors import UsageError
from kb.index import Index
from kb.posts import Post, Posts
from kb.roots import Roots
from kb.terms import Terms

if TYPE_CHECKING:
    from kb.cards.worksheet import Worksheet

__all__ = ["LAYOUTS", "Desk", "rendered", "write"]


@dataclass(frozen=True)
class Desk:
    """One open index on one day."""

    index: Index
    where: Roots
    terms: Terms
    known: Posts
    drafter: Drafter

    @classmethod
    @contextmanager
    def open(cls, where: Roots, as_of: date) -> Iterator[Desk]:
        """Open the index and read the vocabularies."""
        from kb.cards.skeletons import load_skeletons, skeleton_lines

        terms = Terms.load(where.corpora)
        known = Posts.load(where.corpora, terms)
        skeletons = {code: skeleton_lines(s) for code, s in load_skeletons(where.corpora).items()}
        with Index.open(where.index) as index:
            industries = Industries.load(where.corpora)
            drafter = Drafter(index.passages, known, terms, industries, as_of, skeletons)
            yield cls(index, where, terms, known, drafter)

    def post(self, text: str) -> Post:
        """The post that is meant."""
        with_cards = {n: p for n, p in self.known.posts.items() if p.cards}
        return resolve_post(text, with_cards, self.index.expansion)

    def all_posts(self, industry: str) -> list[Post]:
        """Every post with cards, perhaps of one industry."""
        found = [p for p in self.known.posts.values() if p.cards]
        found = [p for p in found if not industry or industry in p.industries]
        if not found:
            raise UsageError(f"行业 {industry!r} 没有要出卡的岗位。见 kb coverage --posts")
        return found

    def firm(self, path: Path | None) -> Firm:
        """What the firm gave."""
        from kb.cards.firm import load_firm

        return Firm() if path is None else load_firm(path, self.known, self.terms)

    def worksheet(self, post: Post) -> Worksheet:
        """The sheet for the crew's discussion: questions, no answers."""
        from kb.cards.worksheet import worksheet

        named = self.terms.accidents
        accidents = [(c, named[c].name_2025) for c in post.accidents if c in named]
        notes = [n for n in self.index.passages.notes() if post.name in n.posts]
        questions = [self.known.questions[q] for q in post.questions]
        return worksheet(post, notes, accidents, questions)

    def draft(
        self,
        post: Post,
        asked: str,
        industry: str,
        region: str,
        firm: Firm,
        answers: Mapping[str, bool],
        length: str,
    ) -> Draft:
        """The cards of one post."""
        return self.drafter.draft(
            post,
            asked_for=asked,
            industry=industry,
            region=region,
            firm=firm,
            answers=answers,
            length=length,
        )


LAYOUTS = ("墙A4", "墙A3", "口袋", "编卡", "讨论", "班组")
"""What a .docx can be: wall cards, the pocket card, the author's view, the sheet for the crew's
discussion, and the sheets made from an adopted card."""


def rendered(desk: Desk, draft: Draft, firm: Firm, suffix: str, layout: str) -> bytes:
    """A draft as the bytes of a file.

    Raises:
        UsageError: a suffix or layout that there is not.
    """
    from kb.cards import docx_pocket, docx_sheets, docx_wall, markdown, xlsx
    from kb.cards.firm import firm_of_post

    own = firm_of_post(firm, draft.post)
    if layout not in LAYOUTS:
        raise UsageError(f"没有这种版式：{layout!r}。可用：{'、'.join(LAYOUTS)}")
    if suffix == ".md":
        if layout == "讨论":
            return desk.worksheet(desk.known.posts[draft.post]).markdown().encode()
        as_text = {"编卡": markdown.author_markdown, "班组": markdown.derived_markdown}
        return as_text.get(layout, markdown.to_markdown)(draft, own).encode()
    if suffix == ".xlsx":
        if layout == "班组":
            return xlsx.derived_xlsx(draft, own)
        return xlsx.to_xlsx(draft, own, author=layout == "编卡")
    if suffix == ".docx":
        if layout == "讨论":
            sheet = desk.worksheet(desk.known.posts[draft.post])
            return docx_sheets.worksheet_docx(sheet, draft.as_of)
        if layout == "口袋":
            return docx_pocket.pocket_docx([(draft, own)])
        if layout == "编卡":
            return docx_sheets.author_docx(draft, own)
        if layout == "班组":
            return docx_sheets.derived_docx(draft, own)
        return docx_wall.wall_docx(draft, own, layout.removeprefix("墙"))
    raise UsageError(f"不会写 {suffix or '没有后缀的'} 文件。可用：.md .docx .xlsx")


def write(
    desk: Desk,
    drafts: Iterable[Draft],
    firm: Firm,
    out: Path,
    *,
    layout: str,
    folder: bool,
    suffix: str = ".docx",
) -> Iterator[Path]:
    """Write drafts: one to `out`, many into the folder `out`, named by post."""
    from kb.cards.files import save

    for draft in drafts:
        path = out / f"{draft.post}{suffix}" if folder else out
        save(path, rendered(desk, draft, firm, path.suffix.lower(), layout))
        yield path
