"""The README is run: its tour gives what it shows, and its commands and options exist."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

_BLOCK = re.compile(r"```console\n(.*?)```", re.S)
_LONG_SOURCE = 20


def tour(readme: str) -> list[tuple[str, list[str]]]:
    """(command, lines shown) of every `$ …` in the console blocks."""
    out: list[tuple[str, list[str]]] = []
    for block in _BLOCK.findall(readme):
        for line in block.splitlines():
            if line.startswith("$ "):
                out.append((line[2:], []))
            elif line.strip():
                out[-1][1].append(line)
    return out


def squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.fixture(scope="module")
def readme() -> str:
    return (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def test_the_tour_shows_what_happens(readme: str, tmp_path: Path) -> None:
    shim = tmp_path / "kb"
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m kb "$@"\n')
    shim.chmod(0o755)
    root = tmp_path / "root"
    root.mkdir()
    env = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}", "KB_ROOT": str(root)}
    env["PYTHONPATH"] = str(Path(__file__).parent.parent)
    steps = tour(readme)
    assert len(steps) >= 5
    for command, shown in steps:
        done = subprocess.run(
            command, shell=True, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command}: {done.stderr}"
        printed = squeeze(done.stdout)
        for line in shown:
            assert squeeze(line.rstrip("…")) in printed, f"{command}: {line}\n{done.stdout}"


def test_the_tour_cuts_sources_short(readme: str) -> None:
    for _, shown in tour(readme):
        for line in shown:
            if line.endswith("…"):
                last = line.rstrip("…").split()[-1]
                assert len(last) <= _LONG_SOURCE, line


@pytest.mark.parametrize("command", ["build", "status", "verify", "search", "show", "cite", "eval"])
def test_every_command_teaches(command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kb", command, "--help"], capture_output=True, text=True, check=True
    )
    lines = done.stdout.splitlines()
    options = [i for i, line in enumerate(lines) if re.match(r"  (-\w, )?--\w", line)]
    assert "--root" in done.stdout
    for i in options:
        if "--help" not in lines[i]:
            assert re.search(r"[\u4e00-\u9fff]{2,}", lines[i]), f"no help: {lines[i]}"
    assert re.search(r"[\u4e00-\u9fff]{6,}", done.stdout.partition("Options")[0])


def test_make_targets_of_the_readme_exist(readme: str) -> None:
    makefile = (Path(__file__).parent.parent / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"\bmake ([a-z-]+)", readme)):
        assert re.search(rf"^{target}:", makefile, re.M), target
