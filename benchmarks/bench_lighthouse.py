"""Lighthouse scores of the built site: accessibility, best practices, performance (phone).

npm install lighthouse, then
python benchmarks/bench_lighthouse.py --site build/site --lighthouse node_modules/.bin/lighthouse
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
import threading
from pathlib import Path

from measuring import report

from kb.sitegen.preview import make_server

PAGES = {
    "home": "",
    "law": "docs/anquan-shengchan-fa/",
    "search": "search/",
    # the first answer on a device loads the word vectors: some ten megabytes over a phone's network
    "first answer": "search/?q=动火作业前要办什么手续",
    "post": "posts/",
}
CATEGORIES = ("accessibility", "best-practices", "performance")
FLAGS = "--headless=new --no-sandbox --disable-gpu"


def scores(lighthouse: str, chromium: str, url: str) -> tuple[dict[str, float], list[str]]:
    """Scores of one page (0 to 100), and the audits that failed."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "report.json"
        subprocess.run(
            [
                lighthouse,
                url,
                "--quiet",
                f"--only-categories={','.join(CATEGORIES)}",
                "--output=json",
                f"--output-path={out}",
                f"--chrome-flags={FLAGS}",
            ],
            check=True,
            env=os.environ | {"CHROME_PATH": chromium},
        )
        found = json.loads(out.read_text(encoding="utf-8"))
    failed = []
    for name in CATEGORIES:
        for ref in found["categories"][name]["auditRefs"]:
            audit = found["audits"][ref["id"]]
            if ref.get("weight") and audit["score"] is not None and audit["score"] < 0.9:
                failed.append(f"{name}: {audit['id']} {audit.get('displayValue', '')}".strip())
    return {name: 100 * found["categories"][name]["score"] for name in CATEGORIES}, failed


def main() -> None:
    """Serve the site and look at each page."""
    parser = argparse.ArgumentParser(description="Lighthouse：无障碍、最佳实践、性能（手机）")
    parser.add_argument("--site", type=Path, default=Path("build/site"))
    parser.add_argument("--lighthouse", default="lighthouse", help="lighthouse 的路径")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("--post", default="", help="岗位页的编号；不填用岗位总表")
    parser.add_argument("--out", type=Path, help="结果另存为 JSON")
    options = parser.parse_args()
    pages = PAGES | ({"post": f"posts/{options.post}/"} if options.post else {})
    rows = {}
    with make_server(options.site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for name, path in pages.items():
            url = f"http://127.0.0.1:{server.server_address[1]}/{path}"
            rows[name], failed = scores(options.lighthouse, options.chromium, url)
            for line in failed:
                print(f"{name}: {line}")
        server.shutdown()
    report("Lighthouse", rows, options.out)


if __name__ == "__main__":
    main()
