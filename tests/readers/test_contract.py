"""One contract for all readers, over generated and real files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kb.readers import SUFFIXES, read, read_folder
from tests.readers.contract import check_contract
from tests.readers.makers import page, word, write

LINES = [
    "矿井班前须知",
    "　　一、先看后动手。",
    "（一）支架、通风、照明三样都好才能开工；",
    "5.1.2 风速不小于 0.25 m/s，不大于 15 m/s。",
    "——漏水、异响立即停下来报告；",
    "序号\t项目\t限值",
    "<b>不是标签</b> & 不是实体",
    "最后一行",
]


def as_text(lines: list[str]) -> bytes:
    return "\n".join(lines).encode()


def as_windows_text(lines: list[str]) -> bytes:
    return "\r\n".join(lines).encode("gb18030")


def as_markdown(lines: list[str]) -> bytes:
    return "\n\n".join(["# " + lines[0], "<!-- INFO END -->", *lines[1:]]).encode()


def as_html(lines: list[str]) -> bytes:
    from html import escape

    return page("<article>" + "".join(f"<p>{escape(x)}</p>" for x in lines) + "</article>").encode()


def as_word(lines: list[str]) -> bytes:
    def build(document: Any) -> None:
        for x in lines:
            document.add_paragraph(x)

    return word(build)


WRITERS: list[tuple[str, Callable[[list[str]], bytes]]] = [
    (".txt", as_text),
    (".txt", as_windows_text),
    (".md", as_markdown),
    (".markdown", as_markdown),
    (".html", as_html),
    (".htm", as_html),
    (".docx", as_word),
]
INPUTS = [
    LINES,
    LINES[:1],
    [*LINES, "", "　", *LINES * 40],
    ["\u00a0" + x + "\u3000" for x in LINES],
    ["甲\u200b乙", "丙\ufeff丁", "e\u0301", "𠮷野", "①②③ ㎡ ℃ ‰"],
]


def test_every_suffix_is_covered() -> None:
    assert {suffix for suffix, _ in WRITERS} == set(SUFFIXES)


@pytest.mark.parametrize("lines", INPUTS)
@pytest.mark.parametrize(("suffix", "writer"), WRITERS)
def test_contract_on_generated_files(
    tmp_path: Path, suffix: str, writer: Callable[[list[str]], bytes], lines: list[str]
) -> None:
    if writer is as_windows_text:
        lines = LINES + lines  # a few words in GB18030 are too little to tell the encoding
    data = writer(lines)
    path = write(tmp_path, f"须知(2024-05-06){suffix}", data)
    source = read(path)
    check_contract(source, data)
    assert source == read(path)  # deterministic
    assert source.path == str(path)
    assert source.meta["file_date"] == "2024-05-06"
    # all readers find the same characters
    written = "".join("".join(lines).replace("\ufeff", "").split())
    found = "".join("".join(source.text[b.start : b.end] for b in source.blocks).split())
    assert found.removeprefix("#") == written


@pytest.mark.corpus
def test_contract_on_the_corpus(corpus_dir: Path) -> None:
    files = list(read_folder(corpus_dir))
    assert files
    for path in files:
        source = read(path)
        check_contract(source, path.read_bytes())
        assert source == read(path)
        # nothing of a text or Markdown file is lost: the text is the file
        assert source.text == path.read_bytes().decode().replace("\r\n", "\n").lstrip("\ufeff")
