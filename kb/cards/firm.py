"""What a firm enters once: `firm.toml`, read strictly, because it ends up on the wall.

A name, a telephone number or a date that was mistyped is worse than a blank, so nothing is guessed:
an unknown key, post, question, hazard or level is refused with the nearest that exists, and what is
left empty stays empty (____ on the card).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from kb.cards.firm_toml import read_toml
from kb.cards.firm_words import (
    LEVELS,
    ROLES,
    Place,
    clean_phone,
    clean_text,
    nearest,
    no_such,
    role_name,
)
from kb.cards.model import CARD_NAMES, ORIGINS, CardLine, Firm, Person, PostFirm
from kb.cards.roster import SUFFIX, load_roster, refuse_other_tables
from kb.posts import INDUSTRIES, Posts
from kb.terms import Terms

__all__ = ["example_firm", "firm_of_post", "load_firm", "merge_firms"]

FIRM_KEYS: Mapping[str, str] = {
    "name": "企业名称",
    "industry": "行业",
    "region": "地区",
    "version": "版本",
    "written_by": "编制",
    "checked_by": "审核",
    "approved_by": "批准",
    "in_force": "生效日期",
    "review": "下次评审日期",
    "discussed": "岗位讨论日期",
    "roster": "人员名册",
}
TABLES: Mapping[str, str] = {
    "firm": "企业",
    "roles": "应急联系人",
    "answers": "现场问题",
    "levels": "风险等级",
    "posts": "岗位",
}
PERSON_KEYS: Mapping[str, str] = {"name": "姓名", "phone": "电话"}
POST_KEYS: Mapping[str, str] = {
    "place": "作业地点",
    "team": "班组",
    "number": "编号",
    "people": "参加人",
    "line": "自己的行",
}
LINE_KEYS: Mapping[str, str] = {
    "text": "内容",
    "card": "哪张卡",
    "origin": "来源",
    "said": "谁提的、哪天",
    "phase": "阶段",
    "accident": "事故类型",
    "hazard": "危险有害因素",
}
_DATES = ("in_force", "review", "discussed")

_CARD_WORDS: Mapping[str, str] = {
    **{card: card for card in CARD_NAMES},
    **{name: card for card, name in CARD_NAMES.items()},
    **{name.removeprefix("岗位"): card for card, name in CARD_NAMES.items()},
}
_ORIGIN_WORDS: Mapping[str, str] = {
    **{word: word for word in ("crew", "firm", "lesson")},
    **{ORIGINS[word]: word for word in ("crew", "firm", "lesson")},
}
_PHASE_WORDS: Mapping[str, str] = {
    **{word: word for word in ("before", "during", "after", "never")},
    "作业前": "before",
    "作业中": "during",
    "作业后": "after",
    "禁止": "never",
}
_ANSWERS: Mapping[str, bool] = {"是": True, "有": True, "否": False, "没有": False, "无": False}

_DATE = re.compile(
    r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?\Z"
)  # 2026-05-01, 2026年5月1日


def load_firm(path: Path, posts: Posts, terms: Terms) -> Firm:
    """The firm of a `firm.toml` or of a roster (.xlsx, see `kb.cards.roster`).

    A `roster` that the file names is read with it; what the file says itself goes before.

    Raises:
        SourceError: the file cannot be read, or is no TOML.
        UsageError: it says something that there is not, or in the wrong form.
    """
    if path.suffix.lower() == SUFFIX:
        return load_roster(path, posts, terms)
    refuse_other_tables(path)
    data = read_toml(path)
    top = Place(path)
    _keys(top, data, TABLES, "表")
    firm, roster = _firm(top.of("[firm]"), _table(top, data, "firm"))
    firm = replace(
        firm,
        roles=_roles(top.of("[roles]"), _table(top, data, "roles")),
        answers=_answers(top.of("[answers]"), _table(top, data, "answers"), posts),
        levels=_levels(top.of("[levels]"), _table(top, data, "levels"), terms),
        posts=_posts(top, _table(top, data, "posts"), posts, terms),
    )
    if roster:
        firm = merge_firms(firm, load_roster(path.parent / roster, posts, terms))
    return firm


def merge_firms(first: Firm, second: Firm) -> Firm:
    """Both together; where both say something, `first` does. Lines of both stay."""
    out: dict[str, Any] = {
        name: getattr(first, name) or getattr(second, name)
        for name in FIRM_KEYS
        if name != "roster"
    }
    posts = dict(second.posts)
    for name, mine in first.posts.items():
        theirs = second.posts.get(name, PostFirm())
        posts[name] = PostFirm(
            place=mine.place or theirs.place,
            team=mine.team or theirs.team,
            number=mine.number or theirs.number,
            people=mine.people or theirs.people,
            lines=(*mine.lines, *theirs.lines),
        )
    # a contact is taken whole: one man's name never stands beside another's number
    named = {role: person for role, person in first.roles.items() if person != Person()}
    return Firm(
        **out,
        roles={**first.roles, **second.roles, **named},
        answers={**second.answers, **first.answers},
        levels={**second.levels, **first.levels},
        posts=posts,
    )


def firm_of_post(firm: Firm, post: str) -> Firm:
    """The firm as the cards of one post see it: of the teams' contacts only its own team's.

    甲班班组长 becomes 班组长 on a card of 甲班 and is on no card of another team.
    """
    teams = {p.team for p in firm.posts.values()}
    teams = {t for team in teams for t in team.split("、") if t}
    own = [t for t in firm.posts.get(post, PostFirm()).team.split("、") if t]
    roles: dict[str, Person] = {}
    mine: dict[str, Person] = {}
    for role, person in firm.roles.items():
        team = next((t for t in teams for r in ROLES if role == f"{t}{r}"), "")
        if not team:
            roles[role] = person
        elif own == [team]:
            mine[role.removeprefix(team)] = person
        elif team in own:
            roles[role] = person
    return replace(firm, roles={**roles, **mine})


def example_firm(posts: Posts | None = None, post: str = "铲装司机") -> str:
    """A `firm.toml` to fill in: valid as it is, and empty, so that no example gets on a wall."""
    asked = [] if posts is None else [posts.questions[q] for q in posts.posts[post].questions]
    questions = [f'# "{q.name}" = "否"    # {q.ask}' for q in asked] or ['# "问题的名称" = "否"']
    return _EXAMPLE.format(
        industries="、".join(INDUSTRIES),
        post=post,
        questions="\n".join(questions),
        levels="、".join(LEVELS),
    )


# --- the file -------------------------------------------------------------------------------------


def _table(place: Place, data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = data.get(key, {})
    if not isinstance(value, dict):
        raise place.bad(f"{key} 应为一张表", f"请写作 [{key}]，下面一行一项")
    return value


def _keys(place: Place, raw: Mapping[str, Any], known: Mapping[str, str], what: str = "键") -> None:
    for key in raw:
        if key not in known:
            near = nearest(key, [*known, *known.values()])
            by_label = {label: k for k, label in known.items()}
            keys = dict.fromkeys(by_label.get(n, n) for n in near)
            near_keys = "、".join(f"{k}（{known[k]}）" for k in keys)
            all_keys = "、".join(f"{k}（{label}）" for k, label in known.items())
            step = f"相近的是 {near_keys}，请改正" if near_keys else "请改正或删去"
            raise place.bad(f"不认识的{what}“{key}”", f"{step}。可用：{all_keys}")


def _text(place: Place, raw: Mapping[str, Any], key: str) -> str:
    value = raw.get(key, "")
    if not isinstance(value, str):
        raise place.bad(f"{key} 应为文字，现为 {value}", f'请加引号：{key} = "{value}"')
    return clean_text(place, key, value)


def _one_of(place: Place, raw: Mapping[str, Any], key: str, words: Mapping[str, str]) -> str:
    value = _text(place, raw, key)
    if value and value not in words:
        raise no_such(place, key, value, words)
    return words.get(value, "")


# --- its tables -----------------------------------------------------------------------------------


def _firm(place: Place, raw: Mapping[str, Any]) -> tuple[Firm, str]:
    """The firm and the name of its roster."""
    _keys(place, raw, FIRM_KEYS)
    found: dict[str, Any] = {k: _text(place, raw, k) for k in FIRM_KEYS if k not in _DATES}
    found |= {k: _date(place, raw, k) for k in _DATES}
    roster = found.pop("roster")
    if found["industry"] and found["industry"] not in INDUSTRIES:
        raise no_such(place, "industry（行业）", found["industry"], INDUSTRIES)
    if found["in_force"] and found["review"] and found["review"] <= found["in_force"]:
        raise place.bad(
            f"下次评审日期 {found['review']} 不在生效日期 {found['in_force']} 之后",
            "请核对 in_force 和 review",
        )
    return Firm(**found), roster


def _date(place: Place, raw: Mapping[str, Any], key: str) -> str:
    value = raw.get(key, "")
    if isinstance(value, date):
        return value.isoformat()[:10]
    text = _text(place, raw, key)
    if not text:
        return ""
    if m := _DATE.match(text):
        try:
            return date(int(m[1]), int(m[2]), int(m[3])).isoformat()
        except ValueError:
            pass
    raise place.bad(f"{key} 应为日期，现为“{text}”", f'请写作 {key} = "2026-05-01"')


def _roles(place: Place, raw: Mapping[str, Any]) -> dict[str, Person]:
    out: dict[str, Person] = {}
    for key, value in raw.items():
        role = role_name(clean_text(place, "角色", key))
        if not role:
            raise place.bad("有一个角色没有名称", "请写明，如 班组长、值班、负责人")
        if role in out:
            raise place.bad(f"“{role}”写了两次（“{key}”也是{role}）", "请只留一个")
        out[role] = _person(place.of(f"“{key}”"), value)
    return out


def _person(place: Place, value: object) -> Person:
    if not isinstance(value, dict):
        raise place.bad("应有姓名和电话", '请写作 { name = "…", phone = "…" }')
    _keys(place, value, PERSON_KEYS)
    phone = _text(place, value, "phone")
    return Person(_text(place, value, "name"), clean_phone(place, phone))


def _answers(place: Place, raw: Mapping[str, Any], posts: Posts) -> dict[str, bool]:
    out = {}
    for name, value in raw.items():
        if name not in posts.questions:
            raise no_such(place, "现场问题", name, posts.questions)
        answer = _ANSWERS.get(value.strip()) if isinstance(value, str) else value
        if not isinstance(answer, bool):
            raise place.bad(f"“{name}”的回答不是是或否：{value}", f'请写作 "{name}" = "是" 或 "否"')
        out[name] = answer
    return out


def _levels(place: Place, raw: Mapping[str, Any], terms: Terms) -> dict[str, str]:
    out = {}
    for hazard in raw:
        if hazard not in terms.hazards:
            raise no_such(place, "危险有害因素", hazard, terms.hazards)
        level = _text(place, raw, hazard)
        if level and level not in LEVELS:
            raise no_such(place.of(f"“{hazard}”"), "风险等级", level, LEVELS)
        if level:
            out[hazard] = level
    return out


def _posts(top: Place, raw: Mapping[str, Any], posts: Posts, terms: Terms) -> dict[str, PostFirm]:
    out: dict[str, PostFirm] = {}
    for key, value in raw.items():
        place = top.of(f'[posts."{key}"]')
        post = key if key in posts.posts else terms.post_names.get(key, "")
        if post not in posts.posts:
            known = [*posts.posts, *terms.post_names]
            raise no_such(place, "岗位", key, known, "全部岗位见 kb coverage --posts")
        if post in out:
            raise place.bad(f"岗位“{post}”写了两次（“{key}”也是{post}）", "请合并成一个")
        if not isinstance(value, dict):
            raise place.bad("应为一张表", f'请写作 [posts."{key}"]，下面一行一项')
        out[post] = _post(place, value, terms)
    return out


def _post(place: Place, raw: Mapping[str, Any], terms: Terms) -> PostFirm:
    _keys(place, raw, POST_KEYS)
    people = raw.get("people", [])
    if not isinstance(people, list) or not all(isinstance(p, str) for p in people):
        raise place.bad("people 应为一组姓名", '请写作 people = ["张三", "李四"]')
    names = [n for p in people if (n := clean_text(place, "people", p))]
    if twice := [n for n in dict.fromkeys(names) if names.count(n) > 1]:
        raise place.bad(f"people 里“{twice[0]}”写了两次", "同名的请加以区别，如 张三（甲班）")
    lines = raw.get("line", [])
    if not isinstance(lines, list) or not all(isinstance(x, dict) for x in lines):
        raise place.bad("line 应为一组", "每条前面写两层方括号：[[posts.….line]]")
    return PostFirm(
        place=_text(place, raw, "place"),
        team=_text(place, raw, "team"),
        number=_text(place, raw, "number"),
        people=tuple(names),
        lines=tuple(_line(place.of(f"第 {n} 个 line"), x, terms) for n, x in enumerate(lines, 1)),
    )


def _line(place: Place, raw: Mapping[str, Any], terms: Terms) -> CardLine:
    _keys(place, raw, LINE_KEYS)
    text = _text(place, raw, "text")
    if not text:
        raise place.bad("text 是空的", "请写这条的内容，不用的整段删去")
    if raw.get("origin") in ("clause", "skeleton"):
        raise place.bad(
            f"origin 不能是 {raw['origin']}",
            "条款和骨架由工具给出；这里写 crew（员工提出）、firm（本单位）或 lesson（事故教训）",
        )
    card = _one_of(place, raw, "card", _CARD_WORDS)
    origin = _one_of(place, raw, "origin", _ORIGIN_WORDS)
    for key, value, words in (("card", card, _CARD_WORDS), ("origin", origin, _ORIGIN_WORDS)):
        if not value:
            raise place.bad(f"缺 {key}（{LINE_KEYS[key]}）", f"可用：{'、'.join(words)}")
    said = _text(place, raw, "said")
    if origin == "crew" and not said:
        raise place.bad("员工提出的没有写谁提的", 'said 写姓名和日期，如 said = "张三 2026-05-01"')
    hazard = _text(place, raw, "hazard")
    if hazard and hazard not in terms.hazards:
        raise no_such(place, "危险有害因素", hazard, terms.hazards)
    phase = _one_of(place, raw, "phase", _PHASE_WORDS)
    return CardLine(
        text=text,
        card=card,
        origin=origin,
        must="must-not" if phase == "never" else "must",
        phase=phase or None,
        hazard=hazard or None,
        accident=_accident(place, _text(place, raw, "accident"), terms) or None,
        said=said,
    )


def _accident(place: Place, value: str, terms: Terms) -> str:
    """Our code for a code or a name of either edition."""
    if not value or value in terms.accidents:
        return value
    named = terms.accidents_named(value)
    if len(named) == 1:
        return named[0].code
    if named:
        codes = "、".join(f"{a.code}（{a.name_2025}）" for a in named)
        raise place.bad(f"事故类型“{value}”可指几种", f"请写其中一个代码：{codes}")
    raise no_such(place, "事故类型", value, _accident_words(terms))


def _accident_words(terms: Terms) -> Iterable[str]:
    for a in terms.accidents.values():
        yield from (a.code, a.name_2025, a.name_1986)


_EXAMPLE = """\
# 企业资料：填一次，每次出卡都用（kb draft 岗位 --firm 本文件）。
# 用记事本改，存为 UTF-8。引号、等号、逗号、括号用英文半角。行首有 # 的是说明，不起作用。
# 没有的就空着：卡上留空线，由你们手填。不要编姓名、电话、日期和风险等级。

[firm]
name = ""           # 企业名称
industry = ""       # {industries}
region = ""         # 省市区县写全
version = ""        # 卡的版本
written_by = ""     # 编制
checked_by = ""     # 审核
approved_by = ""    # 批准
in_force = ""       # 生效日期，年-月-日
review = ""         # 下次评审日期
discussed = ""      # 岗位讨论日期
roster = ""         # 人员名册（.xlsx，表头：岗位、姓名、班组、电话、职务），和本文件放在一起

# 应急时先打给谁；还有别人就照样加一行
[roles]
"班组长" = {{ name = "", phone = "" }}
"值班" = {{ name = "", phone = "" }}
"负责人" = {{ name = "", phone = "" }}

# 现场问题：答“否”的，去掉用不上的条款；拿不准就不写
[answers]
{questions}

# 你们自己评定的风险等级：{levels}
[levels]
# "浮石" = "较大"

# 一个岗位一段
[posts."{post}"]
place = ""          # 作业地点
team = ""           # 班组
number = ""         # 卡的编号
people = []         # 参加讨论、签字的人，每个姓名加引号，用逗号隔开

# 员工提出的、本单位制度里的、事故教训里的，一条一段（去掉行首的 # 再填）
# [[posts."{post}".line]]
# text = ""           # 用员工的原话
# card = "risk"       # risk 风险清单、duty 职责清单、operation 操作卡、emergency 应急处置卡
# origin = "crew"     # crew 员工提出、firm 本单位制度或说明书、lesson 事故教训
# said = ""           # 谁提的、哪天
# phase = "during"    # before 作业前、during 作业中、after 作业后、never 禁止
# hazard = "浮石"
# accident = "物体打击"
"""
