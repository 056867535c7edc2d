"""The built site in Chromium: sizes as a server sends them, and how long a search takes.

    kb build --root DIR && kb site --root DIR
    python benchmarks/bench_site.py --root DIR [--questions FILE] [--slower N] [--out FILE.json]

Sizes are gzipped, in kB: what a page loads before anything is asked for, and each data file that
the first search loads. Times are on a processor that is N times slower (4), through the browser's
own interface, which slows pages but not workers: so the search is measured in its worker and on the
page itself; a real device of that speed lies between the two. `first use` is from the question to
the hits, nothing being loaded; the questions are then asked twice, and the texts of the documents
that answer them come in the first round.
"""

from __future__ import annotations

import argparse
import gzip
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bench_search import questions
from measuring import percentile, report

from kb.index import Index
from kb.search import Searcher
from kb.sitegen.preview import make_server

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = "/usr/bin/chromium"
PAGES = {
    "home": "",
    "a law": "docs/anquan-shengchan-fa/",
    "the longest page": "docs/gb-16423-2020/",
    "search page": "search/",
}
ASK = """async (asked) => {
  const took = [];
  for (const query of asked) {
    const start = performance.now();
    await window.kb.search(query);
    took.push(performance.now() - start);
  }
  return took;
}"""


def sizes(browser: Browser, origin: str, site: Path, path: str, asked: str = "") -> dict[str, int]:
    """Gzipped size of each file that a page loads, or that its first search loads besides."""
    context = browser.new_context()
    page = context.new_page()
    seen: list[str] = []
    page.on("request", lambda r: seen.append(r.url))
    page.goto(origin + path, wait_until="networkidle")
    if asked:
        seen.clear()
        page.evaluate(ASK, [asked])
    context.close()
    out = {}
    for url in seen:
        if url.startswith(origin):
            name = url.removeprefix(origin).partition("?")[0]
            file = site / (f"{name}index.html" if not name or name.endswith("/") else name)
            out[name or "index.html"] = len(gzip.compress(file.read_bytes()))
    return out


def times(
    browser: Browser, origin: str, asked: Sequence[str], slower: float, *, worker: bool
) -> dict[str, float]:
    """Milliseconds of the first search and of the later ones."""
    context = browser.new_context()
    page = context.new_page()
    if not worker:
        page.add_init_script("window.Worker = undefined")
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
    page.goto(f"{origin}about/", wait_until="networkidle")
    (first,) = page.evaluate(ASK, asked[:1])
    new, again = page.evaluate(ASK, asked), page.evaluate(ASK, asked)
    context.close()
    return {
        "first use": first,
        "new p50": percentile(new, 0.5),
        "new p95": percentile(new, 0.95),
        "again p50": percentile(again, 0.5),
        "again p95": percentile(again, 0.95),
    }


def main() -> None:
    """Measure and print."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description="网站：大小和搜索用时")
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--questions", type=Path)
    parser.add_argument("--slower", type=float, default=4, help="处理器慢几倍")
    parser.add_argument("--out", type=Path, help="结果另存为 JSON")
    options = parser.parse_args()
    site = options.root / "build" / "site"
    with Index.open(options.root / "build" / "index") as index:
        asked = questions(options.questions, Searcher(index))
    with make_server(site) as server, sync_playwright() as p:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        origin = f"http://127.0.0.1:{server.server_address[1]}/"
        flags = ["--headless=new", "--no-sandbox"]
        browser = p.chromium.launch(executable_path=CHROMIUM, args=flags)
        rows: dict[str, dict[str, float]] = {}
        for name, path in PAGES.items():
            if (site / path / "index.html").is_file():
                found = sizes(browser, origin, site, path)
                rows[name] = {"kB": sum(found.values()) / 1e3, "files": len(found)}
        found = sizes(browser, origin, site, "about/", asked[0])
        app = len(gzip.compress((site / "assets/kb/app.js").read_bytes()))
        rows["search in all, with app.js"] = {
            "kB": (sum(found.values()) + app) / 1e3,
            "files": len(found) + 1,
        }
        for name, size in sorted(found.items(), key=lambda x: -x[1]):
            if name.startswith("assets/"):
                rows[f"  {name.removeprefix('assets/kb/')}"] = {"kB": size / 1e3}
        texts = [size for name, size in found.items() if not name.startswith("assets/")]
        rows["  texts and notes of one answer"] = {"kB": sum(texts) / 1e3, "files": len(texts)}
        for place in ("in a worker", "on the page"):
            worker = place == "in a worker"
            rows[f"search {place} (ms)"] = times(
                browser, origin, asked, options.slower, worker=worker
            )
        browser.close()
        server.shutdown()
    report(f"site, {len(asked)} questions, {options.slower:g} × slower", rows, options.out)


if __name__ == "__main__":
    main()
