"""A small web server for build/site on this computer only."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from functools import lru_cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

from kb.errors import KbError, UsageError
from kb.roots import Roots

__all__ = ["CSP", "make_server", "preview"]

CSP = (
    "default-src 'self'; img-src 'self' data: blob:; worker-src 'self' blob:; object-src 'none'; "
    "base-uri 'self'; form-action 'self'"
)
"""The same policy that every page states in its own head (site/overrides/main.html)."""


@lru_cache(maxsize=256)
def _zipped(path: Path, _changed: int) -> bytes:
    return gzip.compress(path.read_bytes(), compresslevel=5)


class _Handler(SimpleHTTPRequestHandler):
    # Windows keeps these in the registry, where other programs change them
    _TYPES: ClassVar[dict[str, str]] = {
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".css": "text/css; charset=utf-8",
        ".json": "application/json; charset=utf-8",
        ".svg": "image/svg+xml",
    }

    def guess_type(self, path: str | os.PathLike[str]) -> str:
        return self._TYPES.get(Path(path).suffix.lower()) or super().guess_type(path)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", CSP)
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = Path(self.directory) / "404.html"
        if code != 404 or not page.is_file():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_GET(self) -> None:
        """Texts are sent compressed, as a real web server does."""
        path = Path(self.translate_path(self.path))
        if path.is_dir() and self.path.split("?")[0].endswith("/"):
            path /= "index.html"
        zips = "gzip" in self.headers.get("Accept-Encoding", "")
        if not (zips and path.suffix in self._TYPES and path.is_file()):
            super().do_GET()
            return
        body = _zipped(path, path.stat().st_mtime_ns)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: only the command line prints."""


def make_server(folder: Path, host: str = "127.0.0.1", port: int = 0) -> ThreadingHTTPServer:
    """A server for a folder; port 0 takes any free one. The caller runs and closes it.

    Raises:
        UsageError: the port is taken or not allowed.
    """
    try:
        return ThreadingHTTPServer((host, port), partial(_Handler, directory=str(folder)))
    except OSError as e:
        raise UsageError(
            f"端口 {port} 不能用（{e.strerror or e}）。请换一个：kb preview --port 8001"
        ) from e


def preview(
    roots: Roots,
    host: str = "127.0.0.1",
    port: int = 8000,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve build/site until interrupted; `ready` gets the address.

    Raises:
        KbError: no site was built yet.
        UsageError: the port cannot be used.
    """
    if not (roots.site / "index.html").is_file():
        raise KbError(f"还没有网站：{roots.site}。请先运行 kb site（或 make demo）")
    with make_server(roots.site, host, port) as server:
        if ready:
            ready(f"http://{host}:{server.server_address[1]}/")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return
