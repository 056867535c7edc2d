"""Lines that look like structure, in any order: a sound tree or a clear error."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.errors import SourceError
from kb.model import DocKind
from kb.structure import notice_facts, parse
from tests.structure.layouts import check_contract, source_of

HEADS = "第一条/第二条 /第三条/第五条之一/第1条/第二条第一款规定的/第一章 总则/第二章/第一节 木"
PARTS = "第二编 分则/第一分编 甲/附件/附件1：名录/附录：/附则/目录/## 第二章 乙/# "
NUMBERS = "（一）/(二)/（三）、/（一）项/一、/二、/二、三级/三、/1./2．/3、/1.5米/（1）/(2)/①/②/③"
WORDS = '一是/二是/——/风车涂蓝/水车/。/；/：/“/”/"/\t/　/　　/ /|/+---+/**/注：1./续表/《风车法》'
LETTER = "2021年3月4日/风车局/各单位：/特此通知。/关于涂漆的通知/风应急发〔2021〕3号/印发"
CLOSING = '本决定自公布之日起施行。/!24{width="3in"/height="2in"}'
FRAGMENTS = "/".join([HEADS, PARTS, NUMBERS, WORDS, LETTER, CLOSING]).split("/")

lines = st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=4).map("".join)
texts = st.lists(lines, min_size=8, max_size=45).map("\n".join)


@pytest.mark.parametrize("kind", [DocKind.LAW, DocKind.NOTICE])
@given(text=texts)
@settings(max_examples=150, deadline=None)
def test_any_lines_give_a_sound_tree_or_an_error(kind: DocKind, text: str) -> None:
    source = source_of(text)
    try:
        tree = parse(source, kind)
    except SourceError:
        return
    check_contract(source, tree)
    assert set(notice_facts(source)) <= {"title", "number", "issuer", "date"}
