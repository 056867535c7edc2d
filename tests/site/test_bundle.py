"""Modules joined into one classic script, and data files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kb.errors import KbError
from kb.sitegen.bundle import bundle, read_modules, write_part


def test_imports_come_before_what_uses_them() -> None:
    text = bundle(
        {
            "main.js": 'import { one as uno } from "./a/b.js";\nuno();\n',
            "a/b.js": 'import { two } from "../c.js";\nexport function one() { return two; }\n',
            "c.js": "export const two = 2;\n",
            "unused.js": "export const three = 3;\n",
        },
        "main.js",
    )
    assert text.index("// c.js") < text.index("// a/b.js") < text.index("// main.js")
    assert "unused.js" not in text
    assert 'const { one: uno } = __m["a/b.js"];' in text
    assert "return { two };" in text


def test_comments_and_indentation_are_left_out() -> None:
    code = (
        "// why\n/**\n * What `it` gives.\n */\nexport function f() {\n"
        '  // inside\n  const a = "http://x"; // behind\n  /* one */\n  return a\n    / 2;\n}\n'
    )
    text = bundle({"main.js": code}, "main.js")
    body = text[text.index("function f()") : text.index("return { f }")]
    assert body == 'function f() {\nconst a = "http://x"; // behind\nreturn a\n/ 2;\n}\n'


@pytest.mark.parametrize(
    ("modules", "words"),
    [
        ({"m.js": 'import { x } from "./none.js";\n'}, "不存在"),
        ({"m.js": 'import { x } from "./a.js";\n', "a.js": "const x = 1;\n"}, "没有导出 x"),
        ({"m.js": "export default 1;\n"}, "不能合并"),
        ({"m.js": 'import * as a from "./a.js";\n', "a.js": ""}, "不能合并"),
        ({"m.js": 'const a = import("./a.js");\n', "a.js": ""}, "不能合并"),
        ({"m.js": "export let x = 1;\n"}, "不能合并"),
        ({"m.js": "const a = `\n  // b\n`;\n"}, "不能合并"),
        (
            {
                "m.js": 'import { a } from "./a.js";\n',
                "a.js": 'import { b } from "./b.js";\nexport const a = 1;\n',
                "b.js": 'import { a } from "./a.js";\nexport const b = 1;\n',
            },
            "互相引用",
        ),
        ({}, "没有网站脚本"),
    ],
)
def test_what_cannot_be_joined_is_refused(modules: dict[str, str], words: str) -> None:
    with pytest.raises(KbError, match=words):
        bundle(modules, "m.js")


def test_the_site_joins(repo: Path) -> None:
    modules = read_modules(repo / "site" / "assets" / "modules")
    for entry in ("main.js", "search/worker.js"):
        assert f"// {entry}" in bundle(modules, entry)


def test_a_data_file_hands_over_its_value(tmp_path: Path) -> None:
    value = {"字": ["</script>", "\u2028", '"']}
    write_part(tmp_path, "a/b", value)
    text = (tmp_path / "a" / "b.js").read_text(encoding="utf-8")
    assert "\u2028" not in text
    head, tail = 'kbPart("a/b",', ");\n"
    assert text.startswith(head)
    assert text.endswith(tail)
    assert json.loads(text[len(head) : -len(tail)]) == value
