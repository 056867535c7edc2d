"""Debian's chromium for tests: how it is started, and a page that must stay quiet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def opened(
    browser: Browser, origin: str, path: str, *, day: date | None = None, **options: Any
) -> Iterator[Page]:
    """A page in a context of its own; fails on any console error or request to elsewhere."""
    context = browser.new_context(locale="zh-CN", **options)
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: problems.append(str(e)))
    page.on(
        "request",
        lambda r: (
            None
            if r.url.startswith((origin, "data:", "blob:"))
            else problems.append(f"request {r.url}")
        ),
    )
    if day:
        page.clock.install(time=f"{day.isoformat()}T09:00:00")
    page.goto(origin + path)
    yield page
    context.close()
    assert problems == []
