"""The one door: by suffix and content; nothing in a folder is lost silently."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import kb.readers
from kb.errors import SourceError
from kb.readers import SUFFIXES, read, read_folder, skipped
from tests.readers.makers import page, word_of, write

FORMATS = [
    ("甲.txt", "文".encode(), "text"),
    ("甲.TXT", "文".encode(), "text"),
    ("甲.md", "文".encode(), "markdown"),
    ("甲.markdown", "文".encode(), "markdown"),
    ("甲.html", page("<p>文</p>").encode(), "html"),
    ("甲.htm", page("<p>文</p>").encode(), "html"),
    ("甲.docx", word_of("<w:p><w:r><w:t>文</w:t></w:r></w:p>"), "docx"),
    # a page that was saved under another name
    ("甲.txt", page("<p>文</p>").encode(), "html"),
    ("甲.md", b"\xef\xbb\xbf\n<HTML>" + "<p>文</p>".encode(), "html"),
]


@pytest.mark.parametrize(("name", "data", "format_"), FORMATS)
def test_read_by_suffix_and_content(tmp_path: Path, name: str, data: bytes, format_: str) -> None:
    source = read(write(tmp_path, f"中文 #目录?/{name}" if sys.platform != "win32" else name, data))
    assert source.format == format_
    assert source.text.strip() == "文"


def test_every_suffix_has_a_reader() -> None:
    assert set(SUFFIXES) == {Path(name).suffix.lower() for name, _, _ in FORMATS}


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("甲.pdf", "docx"),
        ("甲.doc", "另存为 .docx"),
        ("甲.wps", "另存为 .docx"),
        ("甲.mht", "HTML"),
        ("甲.xlsx", "docx"),
        ("甲.xyz", "不认识的文件类型 .xyz"),
        ("甲", "没有后缀"),
    ],
)
def test_other_kinds_say_what_to_do(tmp_path: Path, name: str, says: str) -> None:
    with pytest.raises(SourceError, match="找不到文件"):
        read(tmp_path / name)
    with pytest.raises(SourceError, match=says) as caught:
        read(write(tmp_path, name, b"x"))
    assert caught.value.next_step
    assert "；" not in caught.value.problem


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "甲.d").mkdir()
    (tmp_path / "乙.txt").mkdir()
    for name in ("甲.d", "乙.txt"):
        with pytest.raises(SourceError, match="文件夹"):
            read(tmp_path / name)


def test_folder_order_and_what_is_passed_over(tmp_path: Path) -> None:
    for name in (
        "b/甲.md",
        "b/.隐藏.md",
        "b/扫描.pdf",
        "a.txt",
        "a/z.htm",
        "a-b.txt",
        ".git/config.txt",
        "~$甲.docx",
        "Thumbs.db",
        "README",
    ):
        write(tmp_path, name, "文")
    (tmp_path / "空").mkdir()
    found = [p.relative_to(tmp_path).as_posix() for p in read_folder(tmp_path)]
    assert found == ["a-b.txt", "a.txt", "a/z.htm", "b/甲.md"]
    passed = {p.relative_to(tmp_path).as_posix(): why for p, why in skipped(tmp_path)}
    assert set(passed) == {".git", "README", "Thumbs.db", "b/.隐藏.md", "b/扫描.pdf", "~$甲.docx"}
    assert "PDF" in passed["b/扫描.pdf"]
    assert "隐藏" in passed[".git"]
    assert all(passed.values())


def test_every_file_is_read_or_reported(corpus_like: Path) -> None:
    files = {p for p in corpus_like.rglob("*") if p.is_file()}
    assert set(read_folder(corpus_like)) | {s.path for s in skipped(corpus_like)} == files


@pytest.fixture
def corpus_like(tmp_path: Path) -> Path:
    for i, suffix in enumerate([*SUFFIXES, ".pdf", ".doc", ".png", ""]):
        write(tmp_path, f"夹{i % 3}/文{i}{suffix}", "文")
    return tmp_path


@pytest.mark.skipif(sys.platform == "win32", reason="链接在 Windows 上需要权限")
def test_linked_folders_are_reported(tmp_path: Path) -> None:
    write(tmp_path, "真/甲.txt", "文")
    (tmp_path / "假").symlink_to(tmp_path / "真", target_is_directory=True)
    assert [p.name for p in read_folder(tmp_path)] == ["甲.txt"]
    assert [(s.path.name, "链接" in s.reason) for s in skipped(tmp_path)] == [("假", True)]


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="找不到文件夹"):
        read_folder(tmp_path / "没有")
    with pytest.raises(SourceError, match="不是文件夹"):
        skipped(write(tmp_path, "甲.txt", "文"))


def test_unreadable_subfolder_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    def walk(top: Path, onerror: object) -> object:
        assert callable(onerror)
        onerror(PermissionError(13, "denied", str(Path(top) / "锁")))
        return iter([])

    monkeypatch.setattr(os, "walk", walk)
    assert [(s.path.name, s.reason) for s in skipped(tmp_path)] == [
        ("锁", "文件夹无法打开；请检查读取权限")
    ]


def test_exports() -> None:
    assert set(kb.readers.__all__) == {
        "SUFFIXES",
        "Skipped",
        "StatuteDb",
        "StatuteRow",
        "read",
        "read_folder",
        "skipped",
    }
    assert all(hasattr(kb.readers, name) for name in kb.readers.__all__)
