"""Markdown pages → build/site, by `mkdocs build --strict` in a process of its own.

Its own process because mkdocs keeps global state (logging, plugins) and a failed run must not
leave any of it behind; it also keeps the memory of a large site apart.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from kb.errors import KbError
from kb.roots import Roots
from kb.sitegen.generate import CONFIG_NAME
from kb.sitegen.offline import write_files
from kb.sitegen.swap import beside, swap_in

__all__ = ["build"]

Progress = Callable[[str, int, int], None]

_UNUSED = ("assets/javascripts/lunr", "assets/javascripts/workers")
"""Parts of the theme that serve its own search, which this site does not use."""

_POLL_SECONDS = 0.5
_TAIL_LINES = 12


def build(roots: Roots, *, progress: Progress | None = None) -> Path:
    """Build the site from `roots.pages` and swap it in; returns its folder.

    Raises:
        KbError: there are no pages, or mkdocs found something wrong; the old site is untouched.
    """
    config = roots.build / CONFIG_NAME
    if not (roots.pages / "index.md").is_file() or not config.is_file():
        raise KbError(f"还没有网页 {roots.pages}。请先运行 kb site（它会先生成网页）")
    new = beside(roots.site)
    try:
        _run(config, new, roots.pages, progress)
        for name in _UNUSED:
            shutil.rmtree(new / name, ignore_errors=True)
        for path in new.rglob("*.map"):
            path.unlink()
        write_files(new)
        swap_in(new, roots.site)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return roots.site


def _run(config: Path, out: Path, pages: Path, progress: Progress | None) -> None:
    total = sum(1 for _ in pages.rglob("*.md"))
    env = {k: v for k, v in os.environ.items() if k != "PYTHONWARNINGS"}
    # the theme's notice about its own future is no concern of the reader of this command
    env |= {"NO_MKDOCS_2_WARNING": "1", "PYTHONUTF8": "1", "PYTHONIOENCODING": "utf-8"}
    # not --quiet: it hides the warnings from --strict as well
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    command += ["--config-file", str(config), "--site-dir", str(out)]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=env,
        cwd=config.parent,
        encoding="utf-8",
        errors="replace",
    ) as process:
        while True:
            try:
                said, _ = process.communicate(timeout=_POLL_SECONDS)
                break
            except subprocess.TimeoutExpired:
                if progress:
                    progress("生成网站", sum(1 for _ in out.rglob("index.html")), total)
            except BaseException:
                process.kill()
                raise
    if process.returncode != 0:
        lines = [x for x in said.splitlines() if x.strip() and not x.startswith("INFO")]
        tail = "\n".join(lines[-_TAIL_LINES:])
        raise KbError(
            f"生成网站失败（mkdocs 退出码 {process.returncode}），旧网站没有改动。"
            f"它最后说：\n{tail}"
        )
    if progress:
        progress("生成网站", total, total)
