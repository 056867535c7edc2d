"""Plain text: one block a line, artefacts of converters out of the blocks but in the text."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.model import Block, BlockKind
from kb.readers import read
from kb.readers.text import likely_title
from tests.readers.contract import check_contract
from tests.readers.makers import write


def lines_of(tmp_path: Path, text: str) -> list[str]:
    source = read(write(tmp_path, "甲.txt", text))
    check_contract(source)
    assert {b.kind for b in source.blocks} == {BlockKind.PARA}
    return [source.text[b.start : b.end] for b in source.blocks]


LINES = [
    ("甲\n乙\n", ["甲", "乙"]),
    ("\n\n  甲　\n\t乙\t丙\n", ["甲", "乙\t丙"]),  # cells of a flattened table stay on their line
    ("甲\r\n乙\r丙", ["甲", "乙", "丙"]),
    ("甲。\\n\n乙\\n\\n\n丙", ["甲。", "乙", "丙"]),
    ("甲。 \\n \n\\n\n乙", ["甲。", "乙"]),
    ("C:\\new\n甲\\n乙", ["C:\\new", "甲\\n乙"]),  # inside a line it may mean something else
]


@pytest.mark.parametrize(("text", "lines"), LINES)
def test_lines(tmp_path: Path, text: str, lines: list[str]) -> None:
    assert lines_of(tmp_path, text) == lines


def test_spans_index_the_whole_text(tmp_path: Path) -> None:
    source = read(write(tmp_path, "甲.txt", "  总则\n第一条 乙。\\n\n"))
    assert source.text == "  总则\n第一条 乙。\\n\n"
    assert source.blocks == (Block(BlockKind.PARA, 2, 4), Block(BlockKind.PARA, 5, 11))
    assert any("1 行末尾" in w for w in source.warnings)


@pytest.mark.parametrize(
    ("first", "title"),
    [
        ("矿工下井须知", "矿工下井须知"),
        ("各科室、各班组:", ""),
        ("请各班组遵照办理。", ""),
        ("某市应急管理局文件", ""),
        ("某应急发〔2021〕1号", ""),
        ("序号\t内容", ""),
        ("长" * 61, ""),
    ],
)
def test_likely_title(first: str, title: str) -> None:
    assert likely_title([first, "第二行"]) == title


def test_no_lines_no_title() -> None:
    assert likely_title([]) == ""


def test_number_from_name_or_line(tmp_path: Path) -> None:
    text = "某某市文件\n某应急发〔2021〕7号\n关于某事的通知\n"
    assert read(write(tmp_path, "甲.txt", text)).meta == {"number": "某应急发〔2021〕7号"}
    named = read(write(tmp_path, "乙-某安办〔2020〕3号(2020-05-06).txt", text))
    assert named.meta == {"number": "某安办〔2020〕3号", "file_date": "2020-05-06"}


@pytest.mark.corpus
def test_corpus_texts(corpus_dir: Path) -> None:
    """Line counts of real files; the old blasting rules have written-out newlines."""
    counts = {}
    for path in sorted(corpus_dir.rglob("*.txt")):
        source = read(path)
        check_contract(source, path.read_bytes())
        blocks = [source.text[b.start : b.end] for b in source.blocks]
        assert not any(line.endswith("\\n") for line in blocks)
        counts[path.name[:7]] = len(blocks)
    assert counts["GB 6722"] == 1669
    assert counts["绍兴-绍应急监"] == 151
