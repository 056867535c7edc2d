"""ES modules → one classic script, in Python: what a page opened from a disk can run.

`site/assets/modules/` is the source. It keeps to a part of the language that can be joined line
by line: named imports of relative files, one statement each, at the head of a file, and `export`
before `function`, `async function`, `const` or `class` at the beginning of a line. Anything else,
and a template string of several lines, is refused, so that the joined script means what the modules
mean.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Mapping
from pathlib import Path

from kb.errors import KbError

__all__ = ["bundle", "read_modules", "write_part"]

_IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.[^"]*)";[ \t]*$', re.M)
"""import { el, fill as put } from "../core/dom.js";"""
_EXPORT = re.compile(r"^export ((?:async )?function\*?|const|class) ([A-Za-z_$][\w$]*)", re.M)
"""export function el(…), export const ROOT = …."""
_ANY = re.compile(r"^\s*(?:import\b|export\b).*$|\bimport\s*\(|\bimport\.meta\b", re.M)
_COMMENT = re.compile(r"^[ \t]*(?://[^\n]*|/\*.*?\*/[ \t]*)\n", re.M | re.S)
"""A line, or a block that begins a line, of comment; what stands behind code stays."""
_INDENT = re.compile(r"^[ \t]+", re.M)
_NAME = re.compile(r"([A-Za-z_$][\w$]*)(?: as ([A-Za-z_$][\w$]*))?\Z")


def read_modules(folder: Path) -> dict[str, str]:
    """Path relative to the folder (posix) → text of every module."""
    return {
        p.relative_to(folder).as_posix(): p.read_text(encoding="utf-8")
        for p in sorted(folder.rglob("*.js"))
    }


def bundle(modules: Mapping[str, str], entry: str) -> str:
    """One classic script that runs `entry` and, before it, whatever it imports.

    Raises:
        KbError: a module is missing, imports go in a circle, or a statement is of another form.
    """
    order: list[str] = []
    _visit(modules, entry, order, ())
    pieces = ['(function () {\n"use strict";\nconst __m = {};\n']
    for name in order:
        pieces.append(f"// {name}\n__m[{json.dumps(name)}] = (function () {{\n")
        pieces.append(_converted(modules, name))
        pieces.append("})();\n")
    return "".join([*pieces, "})();\n"])


def _imports(modules: Mapping[str, str], name: str) -> list[tuple[str, str]]:
    """(names, module) of each import of a module."""
    folder = posixpath.dirname(name)
    out = []
    for m in _IMPORT.finditer(modules[name]):
        target = posixpath.normpath(posixpath.join(folder, m[2]))
        if target not in modules:
            raise KbError(f"网站脚本 {name} 引用的 {m[2]} 不存在。请重新安装本程序")
        out.append((m[1], target))
    return out


def _visit(modules: Mapping[str, str], name: str, order: list[str], above: tuple[str, ...]) -> None:
    if name in order:
        return
    if name in above:
        raise KbError(f"网站脚本互相引用：{' → '.join([*above, name])}。请去掉其中一处引用")
    if name not in modules:
        raise KbError(f"没有网站脚本 {name}。请重新安装本程序")
    for _, target in _imports(modules, name):
        _visit(modules, target, order, (*above, name))
    order.append(name)


def _converted(modules: Mapping[str, str], name: str) -> str:
    text = modules[name]
    heads = iter(_imports(modules, name))

    def taken(_: re.Match[str]) -> str:
        names, target = next(heads)
        return f"const {{ {_destructured(name, names)} }} = __m[{json.dumps(target)}];"

    exported = [m[2] for m in _EXPORT.finditer(text)]
    for names, target in _imports(modules, name):
        offered = {m[2] for m in _EXPORT.finditer(modules[target])}
        for piece in filter(None, map(str.strip, names.split(","))):
            if piece.split(" ")[0] not in offered:
                raise KbError(f"网站脚本 {target} 没有导出 {piece}（{name} 要用）")
    if len(set(exported)) != len(exported):
        raise KbError(f"网站脚本 {name} 两次导出同一个名字")
    body = _slim(name, _EXPORT.sub(r"\1 \2", _IMPORT.sub(taken, text)))
    left = _ANY.search(body)
    if left:
        raise KbError(f"网站脚本 {name} 有不能合并的写法：{left[0].strip()[:60]}")
    return f"{body.rstrip()}\nreturn {{ {', '.join(exported)} }};\n"


def _slim(name: str, text: str) -> str:
    """Without comments and indentation, a fifth less to load; line breaks mean something and stay.

    A template string that spans lines would lose what looks like either, so it is refused.
    """
    text = _COMMENT.sub("", text)
    for line in text.split("\n"):
        if line.count("`") % 2:
            raise KbError(f"网站脚本 {name} 有不能合并的写法：{line.strip()[:60]}")
    return _INDENT.sub("", text)


def _destructured(name: str, names: str) -> str:
    out = []
    for piece in filter(None, map(str.strip, names.split(","))):
        m = _NAME.match(piece)
        if m is None:
            raise KbError(f"网站脚本 {name} 的引用写法不认识：{piece}")
        out.append(f"{m[1]}: {m[2]}" if m[2] else m[1])
    return ", ".join(out)


def write_part(root: Path, key: str, value: object) -> None:
    """Write a data file `<key>.js` under the site's root: a script that hands over its value.

    Raises:
        OSError: it cannot be written.
    """
    path = root / f"{key}.js"
    path.parent.mkdir(parents=True, exist_ok=True)
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # older engines end a string at these two; JSON does not
    data = data.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    path.write_text(f"kbPart({json.dumps(key)},{data});\n", encoding="utf-8", newline="\n")
