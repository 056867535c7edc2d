"""What `kb quiz` does with a paper: blueprint, exports, the panel's dossier and its verdicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from kb.cli.console import console, say
from kb.errors import UsageError

if TYPE_CHECKING:
    from kb.exam import Item, Paper, Pool, Wanted
    from kb.exam.blueprint import Blueprint
    from kb.exam.model import RowState
    from kb.exam.verdicts import Verdict
    from kb.index import Index
    from kb.roots import Roots
    from kb.search import Searcher
    from kb.store import Passages

__all__ = [
    "CARD_TYPES",
    "Author",
    "BlueprintFile",
    "Cards",
    "Desk",
    "Dossier",
    "For",
    "From",
    "Matrix",
    "Partial",
    "Template",
    "Verdicts",
    "card_rows",
    "read_back",
    "with_cards",
    "with_refused",
]

BlueprintFile = Annotated[
    Path | None,
    typer.Option("--blueprint", help="命题蓝图 .toml：各题型、岗位、知识点、难度、出处几题"),
]
For = Annotated[
    str | None, typer.Option("--for", help="考谁：主要负责人、安全管理人员、一线（逢查必考）")
]
Partial = Annotated[
    bool, typer.Option("--partial", help="蓝图配不齐时也出卷，缺的写明；不写则不出")
]
Matrix = Annotated[Path | None, typer.Option("--matrix", help="双向细目表写成 .xlsx")]
Template = Annotated[
    str | None,
    typer.Option("--template", help="--out 写 .xlsx 用的模板：通用、考试宝或 .toml 文件"),
]
Dossier = Annotated[Path | None, typer.Option("--dossier", help="审题表写成 .xlsx 或 .docx")]
Author = Annotated[str, typer.Option("--author", help="审题表上的命题人")]
Verdicts = Annotated[
    Path | None, typer.Option("--verdicts", help="读回填好的审题表；判删、判修改的题不再出")
]
From = Annotated[
    Path | None, typer.Option("--from", help="不出新题，用这份题库（.json）写文件、写审题表")
]

Cards = Annotated[
    list[Path] | None,
    typer.Option(
        "--cards",
        help="本单位采用的卡片（文件或文件夹）：只从这些卡出题，题上写明依据本单位卡，可多次",
    ),
]

CARD_TYPES = ("判断", "填空", "简答")
"""What a card gives; it has no options that are wrong beyond doubt."""
EMPTY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Desk:
    """The options of one run, checked before anything is made."""

    where: Roots
    when: date
    blueprint: Blueprint | None
    audience: str
    partial: bool
    matrix: Path | None
    template: str | None
    dossier: Path | None
    author: str
    out: Path | None

    @classmethod
    def of(
        cls,
        where: Roots,
        when: date,
        *,
        blueprint: Path | None,
        audience: str | None,
        partial: bool,
        matrix: Path | None,
        template: str | None,
        dossier: Path | None,
        author: str,
        out: Path | None,
        exam: bool,
        source: Path | None = None,
    ) -> Desk:
        """Read the blueprint and the template, look at the endings; nothing is written yet.

        Raises:
            UsageError: one of them is not usable, or an exam would go where a site is made from.
        """
        from kb.exam.banks import exam_folder, refuse_public
        from kb.exam.blueprint import AUDIENCES, load_blueprint
        from kb.exam.export import load_template

        if audience and audience not in AUDIENCES:
            raise UsageError(f"没有这类对象：{audience!r}。可用：{'、'.join(AUDIENCES)}")
        _ending("--out", out, ".json", ".xlsx", ".docx")
        _ending("--matrix", matrix, ".xlsx")
        _ending("--dossier", dossier, ".xlsx", ".docx")
        if template is not None:
            load_template(template)
            if out is None or out.suffix.lower() != ".xlsx":
                raise UsageError("--template 要和 --out 文件.xlsx 一起用")
        if source is not None and source.resolve().is_relative_to(exam_folder(where).resolve()):
            exam = True
        if exam:
            for path in (out, matrix, dossier):
                if path is not None:
                    refuse_public(where, path)
        made = load_blueprint(blueprint) if blueprint else None
        if made and made.audience and audience and made.audience != audience:
            raise UsageError(f"蓝图写的对象是{made.audience}，--for 写的是{audience}。请留一个")
        named = audience or (made.audience if made else "")
        return cls(where, when, made, named, partial, matrix, template, dossier, author, out)

    def held_back(self) -> frozenset[str]:
        """Items that the panel struck out or wants mended."""
        from kb.exam.verdicts import HELD, load_verdicts

        return frozenset(k for k, v in load_verdicts(self.where).items() if v.verdict in HELD)

    def pick(
        self, pool: Pool, wanted: Wanted, searcher: Searcher
    ) -> tuple[Paper, Mapping[str, str]]:
        """The paper (by the blueprint where there is one), and the part of each item.

        Raises:
            UsageError: the blueprint cannot be met; says which part, and what is there.
        """
        from kb.exam import TYPES, Paper, pick
        from kb.exam.blueprint import AUDIENCES, for_audience
        from kb.exam.filling import fill
        from kb.exam.pick import fits

        wanted = replace(wanted, avoid=wanted.avoid | self.held_back())
        if self.audience:
            pool = for_audience(pool, self.audience)
        if self.blueprint is None:
            if self.audience and wanted.types == TYPES:
                wanted = replace(wanted, types=AUDIENCES[self.audience].types)
            return pick(pool, wanted), {}
        plan = self.blueprint.resolved(_post(searcher), _source(searcher, pool))
        fitting = pool.where(d for d in pool.drafts if fits(d, wanted))
        found = fill(fitting, plan, wanted.seed, avoid_stems=wanted.avoid_stems)
        messages = tuple(s.message for s in found.short)
        if messages and not self.partial:
            raise UsageError(
                "蓝图配不齐：\n  " + "\n  ".join(messages) + "\n请改蓝图，或用 --partial 照现有的出"
            )
        return Paper(found.items, messages), found.part_of

    @property
    def points(self) -> dict[str, float]:
        """Points of an item of each type."""
        from kb.exam.export import POINTS

        return dict(self.blueprint.points if self.blueprint else POINTS)

    @property
    def title(self) -> str:
        """What stands over the paper."""
        own = self.blueprint.title if self.blueprint else ""
        return own or (f"{self.audience}安全生产考试" if self.audience else "安全生产考试")

    def write(
        self, passages: Passages, paper: Paper, part_of: Mapping[str, str] = EMPTY
    ) -> list[Path]:
        """Write what was asked for (a .json is the caller's); returns the files."""
        from kb.cards.files import save
        from kb.exam.dossier import dossier_rows, write_dossier
        from kb.exam.matrix import matrix_xlsx
        from kb.exam.verdicts import remember

        items = paper.items
        made: list[Path] = []
        if self.matrix is not None:
            save(self.matrix, matrix_xlsx(items, self.points, part_of, paper.messages))
            made.append(self.matrix)
        if self.dossier is not None:
            rows = dossier_rows(passages, items, self.author, self.audience)
            write_dossier(self.dossier, rows, f"{self.title}　审题表", self.when)
            remember(self.where, items)
            made.append(self.dossier)
        out = self.out
        ending = out.suffix.lower() if out else ""
        if out is not None and ending == ".xlsx":
            from kb.exam.export import load_template, to_xlsx

            save(out, to_xlsx(items, load_template(self.template or "通用"), self.points))
            made.append(out)
        elif out is not None and ending == ".docx":
            from kb.exam.export_docx import Sheet, answers_docx, paper_docx

            minutes = self.blueprint.minutes if self.blueprint else 0
            sheet = Sheet(self.title, self.when.isoformat(), minutes, self.points)
            answers = out.with_name(f"{out.stem}-参考答案{out.suffix}")
            save(out, paper_docx(items, sheet))
            save(answers, answers_docx(items, sheet))
            made += [out, answers]
        return made

    def give(self, passages: Passages, paper: Paper) -> None:
        """Export items that were made before.

        Raises:
            UsageError: nothing is asked for, or the panel struck out one of them.
        """
        from kb.exam.banks import write_items

        if not (self.out or self.dossier or self.matrix):
            raise UsageError("--from 要和 --out、--dossier 或 --matrix 一起用")
        held = self.held_back()
        if places := [str(n) for n, i in enumerate(paper.items, 1) if i.item in held]:
            raise UsageError(
                f"审题判删或判修改的题还在里面：第 {'、'.join(places)} 题。请换掉再导出"
            )
        made = self.write(passages, paper)
        if self.out is not None and self.out.suffix.lower() == ".json":
            write_items(self.out, paper.items, paper.messages)
            made.append(self.out)
        self.say(paper, EMPTY, made)

    def say(self, paper: Paper, part_of: Mapping[str, str], made: Sequence[Path]) -> None:
        """The 双向细目表 of a blueprint, and the files that were written."""
        if self.blueprint is not None:
            self._print_matrix(paper.items, part_of)
        for path in made:
            say(f"已写出 {path}：{len(paper.items)} 题")

    def _print_matrix(self, items: Sequence[Item], part_of: Mapping[str, str]) -> None:
        """The 双向细目表 of a paper."""
        from kb.exam.matrix import matrix_rows

        if not items:
            return
        rows = matrix_rows(items, self.points, part_of)
        table = Table(title="双向细目表", box=None, pad_edge=False)
        for name in rows[0]:
            table.add_column(name, justify="left" if name in ("部分", "知识点") else "right")
        for row in rows[1:]:
            table.add_row(*map(Text, row))
        console().print(table)


def _ending(option: str, path: Path | None, *endings: str) -> None:
    if path is not None and path.suffix.lower() not in endings:
        raise UsageError(f"{option} 的文件应以 {' '.join(endings)} 结尾：{path}")


def _post(searcher: Searcher) -> Callable[[str], str]:
    from kb.search import Filters

    return lambda name: Filters.of(searcher, posts=[name]).posts[0]


def _source(searcher: Searcher, pool: Pool) -> Callable[[str], str]:
    from kb.exam.blueprint import CARD_SOURCE
    from kb.search import Filters

    there = {d.basis.document.id for d in pool.drafts}

    def known(name: str) -> str:
        """GB 16423 names all its editions: the one that gives questions on the day is meant."""
        if name == CARD_SOURCE:
            return name
        found = Filters.of(searcher, docs=[name]).docs
        usable = [doc for doc in found if doc in there] or list(found[:1])
        if len(usable) > 1:
            raise UsageError(f"“{name}”指好几份文件：{'、'.join(usable)}。请写编号")
        return usable[0]

    return known


def with_cards(
    where: Roots, index: Index, law: Pool, paths: Sequence[Path], region: str, *, alone: bool
) -> Pool:
    """The pool of the firm's cards; beside the law's only for a blueprint, which names its
    sources.

    Args:
        alone: without the questions on the law.
    """
    from kb.exam.firm import card_pool, read_cards
    from kb.terms import Terms

    terms = Terms.load(where.corpora)
    found = read_cards(index, terms, law.as_of, paths, region, first=len(law.shelf.all))
    own = card_pool(law, found)
    if alone:
        return own
    return replace(law, drafts=law.drafts + own.drafts, left_out=law.left_out + own.left_out)


def with_refused(paper: Paper, pool: Pool) -> Paper:
    """The paper with what `kb check` found wrong in the cards told beside it."""
    from kb.exam.firm import CARD

    told = [f"{x.citation}不出题：{x.why}" for x in pool.left_out if x.id.startswith(CARD)]
    return replace(paper, messages=(*paper.messages, *told))


def card_rows(
    where: Roots, index: Index, when: date, paths: Sequence[Path]
) -> Mapping[str, RowState]:
    """The rows of the firm's cards by id, as they are today."""
    from kb.exam.firm import read_cards
    from kb.terms import Terms

    return read_cards(index, Terms.load(where.corpora), when, paths).rows


def read_back(where: Roots, when: date, path: Path, region: str | None) -> tuple[Verdict, ...]:
    """Read a dossier that came back and keep its verdicts.

    Raises:
        UsageError: it names items that nobody made.
    """
    from kb.exam.verdicts import keep_verdicts, known_items, read_verdicts

    found = read_verdicts(path)
    unknown = {v.item for v in found} - known_items(where)
    if unknown:
        unknown -= _made(where, when, region)
    if unknown:
        names = [v.item for v in found if v.item in unknown]
        raise UsageError(
            f"{path} 里有 {len(names)} 个不认识的题目编码：{'、'.join(names[:10])}。"
            "请核对是不是这个文件夹出的审题表；没有读入任何意见"
        )
    keep_verdicts(where, found)
    say(f"已读入 {len(found)} 题的意见：" + "，".join(_counted(found)))
    return found


def _counted(found: Sequence[Verdict]) -> list[str]:
    from kb.exam.verdicts import WORDS

    return [f"{w} {sum(v.verdict == w for v in found)} 题" for w in WORDS]


def _made(where: Roots, when: date, region: str | None) -> set[str]:
    """All items that the index gives on that day."""
    from kb.exam import make_pool
    from kb.exam.model import item_id
    from kb.exam.readings import Readings
    from kb.index import Index
    from kb.search import Filters, Searcher

    with Index.open(where.index) as index:
        area = Filters.of(Searcher(index), region=region).region
        readings = Readings.load(where.corpora)
        pool = make_pool(index.passages, when, region=area, readings=readings)
    return {item_id(d.type, d.stem, d.right) for d in pool.drafts}
