"""The page that says how far our notes reach, by document and by post."""

from __future__ import annotations

from collections.abc import Sequence

from kb.coverage import OPERATIONS, RISKS, Coverage, DocumentCoverage, PostCoverage
from kb.escape import escape_attr, escape_html

__all__ = ["coverage_html"]


def coverage_html(found: Coverage) -> str:
    """Two tables: documents with their notes, posts with their lines and missing standards."""
    full = sum(p.own.full for p in found.posts)
    notes = sum(d.notes for d in found.documents)
    lines = sum(d.lines for d in found.documents)
    parts = [
        f"## 文件 {{#documents}}\n\n{len(found.documents)} 份文件有要点（非原文）"
        f"{notes:,} 条，可上卡的行 {lines:,} 条。\n",
        _table(
            "各文件的要点",
            ("文件", "条款", "要点", "其中有行", "行", "问法", "审读"),
            [_document(d) for d in found.documents],
        ),
    ]
    if found.posts:
        parts += [
            f"\n## 岗位 {{#posts}}\n\n{len(found.posts)} 个岗位，覆盖足的 {full} 个："
            f"本岗位自己的操作行不少于 {OPERATIONS} 条、风险行不少于 {RISKS} 条，"
            "都出自现行条款。\n",
            _table(
                "各岗位的行",
                ("岗位", "行业", "风险", "职责", "操作", "应急", "覆盖", "缺的标准"),
                [_post(p) for p in found.posts],
            ),
        ]
    return "\n".join(parts)


def _table(caption: str, heads: Sequence[str], rows: Sequence[str]) -> str:
    head = "".join(f'<th scope="col">{escape_html(h)}</th>' for h in heads)
    return (
        f'<div class="kb-tw kb-wide" tabindex="0" role="region" '
        f'aria-label="{escape_attr(caption)}">'
        f'<table class="kb-table"><caption>{escape_html(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>\n" + "\n".join(rows) + "\n</tbody></table></div>\n"
    )


def _row(head: str, cells: Sequence[str]) -> str:
    inner = "".join(f"<td>{c}</td>" for c in cells)
    return f'<tr><th scope="row">{head}</th>{inner}</tr>'


def _document(d: DocumentCoverage) -> str:
    name = f'<a href="../docs/{escape_attr(d.id)}/">{escape_html(d.short)}</a>'
    if d.status != "现行":
        name += f' <span class="kb-badge">{escape_html(d.status)}</span>'
    seen = escape_html("、".join(d.reviewers))
    if d.unreviewed:
        seen += f"，未审 {d.unreviewed}"
    return _row(name, [*(f"{n:,}" for n in (d.clauses, d.notes, d.full, d.lines, d.lay)), seen])


def _post(p: PostCoverage) -> str:
    counts = [str(p.own.lines.get(c, 0)) for c in ("risk", "duty", "operation", "emergency")]
    missing = "<br>".join(f"{escape_html(n)}（{escape_html(why)}）" for n, why in p.missing)
    state = "足" if p.own.full else f"不足：{escape_html(p.own.lacks)}"
    industries = escape_html("、".join(p.industries))
    return _row(escape_html(p.name), [industries, *counts, state, missing])
