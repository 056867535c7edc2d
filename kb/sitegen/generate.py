"""Index → Markdown pages in build/pages and the effective mkdocs configuration."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kb import __version__
from kb.coverage import Coverage
from kb.draft import covered
from kb.errors import KbError
from kb.escape import escape_attr, escape_html, js_json
from kb.index import Index
from kb.model import TextState, UnitKind
from kb.roots import Roots
from kb.sitegen.bundle import bundle, read_modules, write_part
from kb.sitegen.compare import compare_page, comparisons
from kb.sitegen.context import SiteContext
from kb.sitegen.coverage_page import coverage_html
from kb.sitegen.data import document_data, documents_data, missing_data
from kb.sitegen.document import document_page, front_matter, missing_page
from kb.sitegen.drill_data import write_drill
from kb.sitegen.facts import chinese_date
from kb.sitegen.find_data import write_find_part
from kb.sitegen.list_pages import write_list_pages
from kb.sitegen.listing import catalog_html, definitions_markdown
from kb.sitegen.note_data import notes_by_version, notes_data
from kb.sitegen.paste_data import write_paste_parts
from kb.sitegen.search_names import write_name_parts
from kb.sitegen.search_pack import write_search_parts
from kb.sitegen.search_text import write_text_parts
from kb.sitegen.swap import beside, swap_in
from kb.terms import Terms

__all__ = ["CONFIG_NAME", "SiteReport", "digest", "generate", "write_config"]

Progress = Callable[[str, int, int], None]

CONFIG_NAME = "mkdocs.yml"
"""The effective configuration in build/: the project's mkdocs.yml with absolute folders."""

_ASSETS = "assets/kb"
_ADDRESSED = (".md", ".html", ".js", ".css")
"""What the version in addresses (?v=) stands for."""


@dataclass(frozen=True, slots=True)
class SiteReport:
    """What `generate` wrote. `warnings` are sentences for the user."""

    pages: int
    documents: int
    versions: int
    clauses: int
    definitions: int
    links: int
    unresolved: int
    warnings: tuple[str, ...] = ()


def generate(
    index: Index,
    roots: Roots,
    *,
    site_url: str = "",
    as_of: date | None = None,
    progress: Progress | None = None,
) -> SiteReport:
    """Write every page of the site as Markdown into `roots.pages`, replacing the old ones at once.

    Raises:
        KbError: the folder cannot be written, or the project's site/ folder is not there; the
            old pages, if any, are untouched.
    """
    source = roots.shipped / "site"
    if not (source / "pages").is_dir():
        raise KbError(f"缺少网站模板 {source}。请重新安装本程序，或在完整的代码目录里运行")
    site = SiteContext(index, as_of or date.today(), progress)
    found = covered(index.passages, roots.corpora, site.as_of)
    new = beside(roots.pages)
    try:
        report = _write(site, source, new, found, roots.corpora, progress)
        _write_notes(site, new, Terms.load(roots.corpora))
        write_paste_parts(site, new)
        write_text_parts(new)
        write_name_parts(site, new)
        write_search_parts(site, new)
        write_find_part(site, new)
        version = digest(source / "overrides", new)
        write_config(roots, roots.build / CONFIG_NAME, roots.pages, roots.site, site_url, version)
        swap_in(new, roots.pages)
    except OSError as e:
        raise KbError(
            f"不能写入 {roots.build}（{e.strerror or e}）。请检查文件夹权限和磁盘空间"
        ) from e
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return report


def write_config(
    roots: Roots, path: Path, pages: Path, site: Path, site_url: str, version: str
) -> None:
    """Write a configuration that inherits the project's and names absolute folders.

    JSON is YAML; mkdocs merges it over the inherited file key by key.
    """
    config: dict[str, object] = {
        "INHERIT": (roots.shipped / "mkdocs.yml").as_posix(),
        "docs_dir": pages.as_posix(),
        "site_dir": site.as_posix(),
        "theme": {"custom_dir": (roots.shipped / "site" / "overrides").as_posix()},
        "extra": {"kb_assets": version},
    }
    if site_url:
        config["site_url"] = site_url if site_url.endswith("/") else site_url + "/"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(config, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def digest(*folders: Path) -> str:
    """Changes with every page, script, style and data file, whatever they were made from, so that
    no browser keeps an old one under the new address."""
    h = hashlib.sha256(__version__.encode())
    for folder in folders:
        for path in sorted(p for p in folder.rglob("*") if p.suffix in _ADDRESSED):
            h.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return h.hexdigest()[:10]


def _write(
    site: SiteContext,
    source: Path,
    out: Path,
    found: Coverage,
    corpora: Sequence[Path],
    progress: Progress | None,
) -> SiteReport:
    pages = 0

    def page(folder: str, text: str) -> None:
        nonlocal pages
        path = out / folder / "index.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        pages += 1

    shutil.copytree(
        source / "assets", out / _ASSETS, ignore=shutil.ignore_patterns("modules", "css", "sw.js")
    )
    # a service worker governs the folder that it lies in and what is below
    shutil.copyfile(source / "assets" / "sw.js", out / "sw.js")
    _write_scripts(source / "assets", out)
    total = len(site.page_of)
    clauses = 0
    for done, (ref, folder) in enumerate(site.page_of.items()):
        page(folder, document_page(site, ref))
        data = document_data(site, ref)
        clauses += len(data["units"])
        write_part(out, f"{folder}clauses", data)
        if site.is_primary(ref):
            _stub(out, ref)
        if progress:
            progress("写网页", done + 1, total)
    for doc in site.loaded:
        for old, new, folder in comparisons(site, doc):
            page(folder, compare_page(site, old, new, folder))
    for document in site.documents.values():
        if document.id not in site.loaded:
            folder = f"docs/{document.id}"
            page(folder, missing_page(site, document))
            write_part(out, f"{folder}/clauses", missing_data(site, document))
    write_part(out, f"{_ASSETS}/documents", documents_data(site))
    about = "收录的法律、标准、通知及其今天的状态"
    page("catalog", _listing("全部文件", about, catalog_html(site), wide=True))
    definitions, count = definitions_markdown(site)
    page("terms", _listing("术语", "标准里的术语和定义，逐条可引", definitions))
    about = "每份文件写了多少要点，每个岗位有多少条可上卡的行，还缺哪些标准"
    page("coverage", _listing("知识覆盖", about, coverage_html(found), wide=True))
    lists = write_list_pages(site, out, page, corpora, found, progress)
    write_drill(site, corpora, out, lists.drafts)
    words = _placeholders(site, clauses, count)
    for path in sorted((source / "pages").rglob("*.md")):
        text = path.read_text(encoding="utf-8")
        for key, value in words.items():
            text = text.replace(f"<!-- kb:{key} -->", value)
        target = out / path.relative_to(source / "pages")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
        pages += 1
    return SiteReport(
        pages=pages,
        documents=len(site.documents),
        versions=total,
        clauses=clauses,
        definitions=count,
        links=site.edges - site.unresolved,
        unresolved=site.unresolved,
        warnings=tuple(_warnings(site)),
    )


def _write_notes(site: SiteContext, out: Path, terms: Terms) -> None:
    """`<page>notes.js` of every version that has notes, its text loaded or not."""
    notes = notes_by_version(site)
    accidents = {a.code: a.name_2025 for a in terms.accidents.values()}
    for row in site.passages.version_rows():
        data = notes_data(site, row.ref, notes.get(row.ref, {}), accidents)
        if data is not None:
            write_part(out, f"{site.data_folder(row)}notes", data)


def _write_scripts(source: Path, out: Path) -> None:
    """The joined script of every page, the worker's as a data file, and the joined styles."""
    modules = read_modules(source / "modules")
    (out / _ASSETS / "app.js").write_text(
        bundle(modules, "main.js"), encoding="utf-8", newline="\n"
    )
    # a worker is started from its text: from file:// no worker can be started from a file
    write_part(out, f"{_ASSETS}/worker", bundle(modules, "search/worker.js"))
    # and where workers are refused, the page runs the same search
    (out / _ASSETS / "engine.js").write_text(
        bundle(modules, "search/inline.js"), encoding="utf-8", newline="\n"
    )
    styles = sorted((source / "css").glob("*.css"))
    (out / _ASSETS / "areas.css").write_text(
        "".join(p.read_text(encoding="utf-8") for p in styles), encoding="utf-8", newline="\n"
    )


def _listing(title: str, description: str, body: str, *, wide: bool = False) -> str:
    head = front_matter(title, description, **({"hide": ["toc"]} if wide else {}))
    return f"{head}# {title} {{#kb-top}}\n\n{description}。\n\n{body}\n"


def _stub(out: Path, ref: str) -> None:
    """`docs/<doc>/<version>/` of the version that has the document's own address.

    A copied link names the version, so it still means the same text when a later version takes
    over the short address; until then it leads there. The fragment is kept by the script.
    """
    doc, _, version = ref.partition("@")
    folder = out / "docs" / doc / version
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_text(
        '<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'self\'">'
        '<meta http-equiv="refresh" content="1; url=../"><meta name="robots" content="noindex">'
        f"<title>{escape_html(doc)}</title>"
        '<script src="../../../assets/kb/redirect.js"></script></head>'
        '<body><p><a href="../">转到这份文件</a></p></body></html>\n',
        encoding="utf-8",
    )


def _warnings(site: SiteContext) -> list[str]:
    out = []
    for ref in site.page_of:
        version = site.version(ref)
        if version.text is TextState.PARTIAL:
            out.append(f"{site.document(ref).title}（{version.version}）只有部分正文")
    return out


def _placeholders(site: SiteContext, clauses: int, definitions: int) -> dict[str, str]:
    """Figures and lists that the hand-written pages leave open."""
    missing = sum(
        d.id not in site.loaded and not any(v.package_id for v in d.versions)
        for d in site.documents.values()
    )
    tables = sum(
        1 for ref in site.page_of for u in site.passages.units(ref) if u.kind is UnitKind.TABLE
    )
    counts = [
        ("份文件有正文", len(site.loaded)),
        ("条可引用的条款", clauses - definitions),
        ("条术语", definitions),
        ("张表", tables),
        ("份只有目录信息", missing),
    ]
    figures = "".join(f"<li><b>{n:,}</b> {words}</li>" for words, n in counts if n)
    core = "".join(
        f'<li><a href="docs/{escape_attr(d.id)}/">{escape_html(d.title)}</a></li>'
        for d in site.documents.values()
        if d.id in site.loaded and (d.core or d.kind.value in ("standard", "notice"))
    )
    return {
        "counts": f'<ul class="kb-figures">{figures}</ul>',
        "core": f'<ul class="kb-core">{core}</ul>',
        "built": chinese_date(site.as_of),
        "evidence": chinese_date(site.evidence_date) if site.evidence_date else "不详",
        "version": __version__,
        "built-json": js_json(site.as_of.isoformat()),
    }
