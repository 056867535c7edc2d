"""Writes the pages by post, accident, activity, notice, and of conflicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from kb.coverage import Coverage
from kb.sitegen.conflict_pages import CONFLICTS, conflicts_page
from kb.sitegen.context import SiteContext
from kb.sitegen.lists import Lists, Page, page_text
from kb.sitegen.notice_pages import (
    COMPARE,
    NOTICES,
    check_files,
    check_page,
    compare_page,
    notice_folder,
    notice_page,
    notices_index,
)
from kb.sitegen.post_pages import POSTS, post_files, post_page, posts_index
from kb.sitegen.topic_pages import (
    ACCIDENTS,
    ACTIVITIES,
    accident_page,
    accidents_index,
    activities_index,
    activity_page,
)

__all__ = ["write_list_pages", "write_lists"]

WritePage = Callable[[str, str], None]
Progress = Callable[[str, int, int], None]


def write_list_pages(
    site: SiteContext,
    out: Path,
    page: WritePage,
    corpora: Sequence[Path],
    found: Coverage,
    progress: Progress | None = None,
) -> Lists:
    """Write all of them below `out`, with the files that lie beside some; returns what they are
    made from.

    Args:
        page: writes the Markdown of a page folder.
        corpora: the corpus folders with vocabularies, skeletons, requirements and conflicts.
        found: the coverage of this index on this day.
    """
    lists = Lists(site, corpora, found)
    write_lists(lists, out, page, progress)
    return lists


def write_lists(lists: Lists, out: Path, page: WritePage, progress: Progress | None = None) -> None:
    """The same from what has been read."""

    def write(folder: str, p: Page) -> None:
        page(folder, page_text(p))

    def files(folder: str, made: Mapping[str, bytes]) -> None:
        for name, data in made.items():
            (out / folder / name).write_bytes(data)

    write(POSTS, posts_index(lists))
    posts = [p for p in lists.posts.posts.values() if p.name in lists.post_pages]
    for done, post in enumerate(posts, 1):
        folder = lists.post_pages[post.name]
        write(folder, post_page(lists, post))
        files(folder, post_files(lists.drafts[post.name]))
        if progress:
            progress("写岗位卡", done, len(posts))
    write(ACCIDENTS, accidents_index(lists))
    for code, folder in lists.accident_pages.items():
        write(folder, accident_page(lists, code))
    write(ACTIVITIES, activities_index(lists))
    for name, folder in lists.activity_pages.items():
        write(folder, activity_page(lists, name))
    write(NOTICES, notices_index(lists))
    write(COMPARE, compare_page(lists))
    for notice in lists.notices:
        folder = notice_folder(notice)
        write(folder, notice_page(lists, notice))
        write(f"{folder}check/", check_page(lists, notice))
        files(f"{folder}check/", check_files(lists, notice))
    write(CONFLICTS, conflicts_page(lists))
