"""Encodings: what is read, what is refused, and that nothing is guessed."""

from __future__ import annotations

import codecs
import random
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kb.errors import SourceError
from kb.readers import StatuteDb, read, read_folder
from kb.readers.decode import clean, decode, is_plausible_chinese, load
from tests.readers.contract import check_contract
from tests.readers.makers import write

SAMPLE = "班前先看支架和通风，发现漏水、异响就停下来报告班长。\n　　（一）工具放回架子；\n完。\n"

TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff\ufffd")
    | st.sampled_from("\n\r\t 甲乙。，"),
    min_size=1,
).filter(lambda t: clean(t).strip() and not re.search("[\ufdd0-\ufdef]", t))

FREE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def expected(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")
    return re.sub("[\u2028\u2029]", "\n", text)


@FREE
@given(TEXTS, st.sampled_from(["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "utf-32-le"]))
@example("<html>甲", "utf-8")
@example("甲\r\n\r乙\r", "utf-16-be")
@example("PK乙", "utf-8")
def test_unicode_round_trip(tmp_path: Path, text: str, encoding: str) -> None:
    bom = {
        "utf-16-le": codecs.BOM_UTF16_LE,
        "utf-16-be": codecs.BOM_UTF16_BE,
        "utf-32-le": codecs.BOM_UTF32_LE,
    }.get(encoding, b"")
    data = bom + text.encode(encoding)
    if encoding == "utf-8" and data.startswith(codecs.BOM_UTF8):
        return  # the text itself begins like the other encoding
    decoded = decode(tmp_path / "甲.txt", data)
    assert decoded.text == expected(text)
    assert decoded.encoding == ("utf-8" if encoding == "utf-8-sig" else encoding)


@FREE
@given(st.lists(st.sampled_from([*SAMPLE, "㐂", "𠮷", "€", "é", "ABC", "1.5 m/s"])).map("".join))
def test_gb18030_round_trip(tmp_path: Path, tail: str) -> None:
    text = SAMPLE * 4 + tail[:60]
    source = read(write(tmp_path, "甲.txt", text.encode("gb18030")))
    assert source.text == expected(text)
    assert any("GB18030" in w for w in source.warnings)
    check_contract(source, text.encode("gb18030"))


@pytest.mark.parametrize("name", ["甲.txt", "甲.md", "甲.html"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_all_text_readers_take_all_encodings(tmp_path: Path, name: str, encoding: str) -> None:
    text = f"<p>{SAMPLE}</p>" if name.endswith("html") else SAMPLE
    source = read(write(tmp_path, name, text.encode(encoding)))
    assert "支架和通风" in source.text
    check_contract(source)


FOREIGN = [
    (
        "big5",
        "安全生產責任制度應當明確各崗位人員，每班作業前檢查設備與防護裝置，發現問題立即報告。",
    ),
    (
        "euc-kr",
        "모든 근로자는 작업 전에 안전 장비를 점검하고 이상이 있으면 관리자에게 보고해야 한다.",
    ),
    (
        "euc-jp",
        "作業前に安全装置を点検し、異常があれば直ちに責任者へ報告すること。換気も確かめること。",
    ),
    ("shift-jis", "作業前に安全装置を点検し、異常があれば直ちに責任者へ報告すること。"),
    ("cp1251", "Перед началом работы проверьте средства защиты и сообщите мастеру."),
    (
        "cp1252",
        "Vérifiez les équipements à côté; signalez les défauts à l’équipe. Déjà réparé? Très.",
    ),
]


@pytest.mark.parametrize(("encoding", "text"), FOREIGN)
def test_other_encodings_are_refused_not_guessed(tmp_path: Path, encoding: str, text: str) -> None:
    path = write(tmp_path, "a.txt", text.encode(encoding))
    with pytest.raises(SourceError, match=r"编码认不出.*UTF-8") as caught:
        read(path)
    assert re.search(r"第 \d+ 字节", str(caught.value))


def test_damaged_utf8_is_not_read_as_gb18030(tmp_path: Path) -> None:
    data = (SAMPLE * 3).encode()
    cut = write(tmp_path, "a.txt", data[: data.rindex("完".encode()) + 2])
    with pytest.raises(SourceError, match="断了"):
        read(cut)
    at = data.index(b"\n")
    broken = data[:at] + b"\xff" + data[at:]
    with pytest.raises(SourceError, match=rf"第 {at + 1} 字节.*损坏"):
        read(write(tmp_path, "b.txt", broken))


def test_a_short_damage_is_refused_too(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"UTF-8 第 4 字节"):
        read(write(tmp_path, "a.txt", "甲".encode() + b"\xff\xff abc"))


REFUSED = [
    ("empty.txt", b"", "0 字节"),
    ("blank.txt", "  \n\t　\r\n".encode(), "只有空白"),
    ("bom.txt", codecs.BOM_UTF8, "只有空白"),
    ("blank.md", b"\n\n", "只有空白"),
    ("blank.html", b"   ", "只有空白"),
    ("binary.txt", bytes(range(256)) * 4, "不是文字"),
    ("nul.txt", b"abc\x00def\n" * 9, "不是文字"),
    ("controls.md", b"\x01\x02\x03abc", "不是文字"),
    ("utf16-without-bom.txt", SAMPLE.encode("utf-16-le"), "UTF-16"),
    ("pdf.txt", b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", "PDF"),
    ("word.txt", b"PK\x03\x04" + bytes(40), "docx"),
    ("doc.txt", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(40), "doc"),
    ("png.md", b"\x89PNG\r\n\x1a\n" + bytes(40), "图片"),
    ("pdf.html", b"%PDF-1.4", "PDF"),
    ("rtf.txt", b"{\\rtf1\\ansi abc}", "RTF"),
    ("half-utf16.txt", codecs.BOM_UTF16_LE + b"a\x00b", "utf-16-le"),
]


@pytest.mark.parametrize(("name", "data", "says"), REFUSED, ids=[r[0] for r in REFUSED])
def test_bad_files_are_refused(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    path = write(tmp_path, name, data)
    with pytest.raises(SourceError) as caught:
        read(path)
    message = str(caught.value)
    assert says in message
    assert name in message
    assert caught.value.next_step
    message.replace(str(tmp_path), "").encode("cp936")  # a Windows console can show it


def test_missing_folder_and_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SourceError, match="找不到文件"):
        load(tmp_path / "no.txt")
    with pytest.raises(SourceError, match="文件夹"):
        load(tmp_path)
    path = write(tmp_path, "a.txt", "甲")

    def refuse(_: Path) -> bytes:
        raise PermissionError

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(SourceError, match="权限"):
        load(path)
    with pytest.raises(SourceError, match="文件夹"):  # how Windows refuses a folder
        load(tmp_path)

    def fail(_: Path) -> bytes:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "read_bytes", fail)
    with pytest.raises(SourceError, match="OSError"):
        load(path)


def test_stray_controls_and_damage_are_told(tmp_path: Path) -> None:
    text = SAMPLE * 5 + "铃\x07声\x0b下一行\x0c再一行\x85末行\n坏\ufffd字\n"
    source = read(write(tmp_path, "甲.txt", text))
    assert "铃 声\n下一行\n再一行\n末行" in source.text
    assert any("1 个控制字符" in w for w in source.warnings)
    assert any("无法显示" in w for w in source.warnings)
    check_contract(source)


CHEMICALS = "硝酸铵、过氧化氢、氯酸钾、苦味酸、叠氮化钠、乙炔、环氧乙烷、丙烯腈、氰化钠、黄磷、液氨"


def test_lists_of_names_are_plausible() -> None:
    assert is_plausible_chinese(CHEMICALS)
    assert is_plausible_chinese("plain ASCII, no Chinese")


def test_packaged_statutes_are_plausible() -> None:
    """Pieces of 300 characters from all laws, and the whole of each law."""
    dice = random.Random(1)
    with StatuteDb.open() as db:
        for row in db.rows():
            text = db.source(row.law_id).text
            at = dice.randrange(max(1, len(text) - 300))
            assert is_plausible_chinese(text[at : at + 300]), row.title


@pytest.mark.corpus
def test_corpus_in_gb18030_reads_the_same(corpus_dir: Path, tmp_path: Path) -> None:
    for path in read_folder(corpus_dir):
        original = read(path)
        copy = read(write(tmp_path, path.name, original.text.encode("gb18030")))
        assert copy.text == original.text
        assert copy.blocks == original.blocks
