"""填空 on a decisive word, and 判断 on a sentence without a limit.

The blank takes what a verb of duty demands (应佩戴|安全带), or who decides (经|…|批准): in these
places the rule leaves no second answer. 应, 宜, 可 and 不应 stay in the stem.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.exam.compose import Body, compose
from kb.exam.figures import Draft, quoted, room, stem_of
from kb.exam.holds import likeness, pairs
from kb.exam.model import TRUE
from kb.exam.source import Basis
from kb.exam.statements import Span, Statement
from kb.quantities import find

__all__ = ["term_questions"]

_DUTY = r"(?:应当|应该|应|必须|须|不应|不得|严禁|禁止|不准)"
_THING = r"(?P<term>(?![在为于备施到成好入出计定有专其并等或健置统各])[\u4e00-\u9fff]{2,12})"
_VERBS = (
    "佩戴|佩带|穿戴|穿|戴|系(?![统列数])|携带|装设|设置|安装|装备|配备|配置|悬挂|采用|使用|建立|制定|编制"
    "|取得|设立|(?<![建架敷铺开布装])设(?![置立计施备在])|挂|备有|留设|保存|投保"
)
_OBJECT = re.compile(
    rf"(?P<duty>{_DUTY}[^，。；：]{{0,16}}?(?<!、)(?P<verb>{_VERBS})(?:有|好|齐)?){_THING}(?=[，。；]|\Z)"
)
"""作业人员应佩戴|安全带|。"""
_WHO = re.compile(
    r"(?:经(?![办过济营常费理验销])|由(?!于)|报(?![告送警废酬])|向(?![上下]))(?P<term>[\u4e00-\u9fff]{3,14}?)(?P<does>批准|审批|同意|审查同意|签字|签发|报告|备案|登记|验收|负责)"
    r"(?=[，。；后的方]|\Z)"
)
"""并经|矿山企业主要负责人|批准。"""
_WITH = re.compile(
    r"(?:严禁|不应|不得|禁止|不准)(?:直接)?(?P<verb>使用|采用|用|携带|存放|堆放|穿|乘坐|跨越)(?P<term>[\u4e00-\u9fff]{2,8}?)"
    r"(?=[，。；]|\Z|擦|照|处理|作|进行|升|运)"
)
"""严禁用|汽油|擦洗设备。"""
_LOOSE = re.compile(
    r"[和与或及、的]|不[少小大低高超]|[一二三四五六七八九十百两半][个年月日次]|有效|必要|可靠|相应|措施|规定|要求|标准|情况|工作$|有关|专门|安全(?:技术)?措施|制度$|系统$|设备$"
    r"|进行|搭乘|[并等]|作为|撤[出离]|输送$|排水$|牢固|同一|任何|机制$|规划$|风流$|监控数据|材料$|器材$"
    r"|设施$|方案$|作业$|管理$|装置$|机构$|计划$|人员$|记录$|方法$|方式$|条件$|工艺$|技术$|检查$|检验$|培训$|维护$|以[上下]"
)
"""What a blank must not ask for: words that many others could replace."""
_WHO_LOOSE = re.compile(r"[、和或与及]|有关|相关|规定|自|其$|应当|必须|按|依|专人|不得|向$|另")
_WEAK = ("采用", "使用")
"""With these verbs a word of two characters says nothing, and a long one is no name of a thing."""
_NAMED = range(4, 7)
_SENSE = re.compile(r"应(?!用|急)|必须|不得|严禁|禁止|不准|方可")
_SHORTEST = 14
_SUBJECT = re.compile(rf"(?!{_DUTY})(?:[^应必须不严禁]{{4}}|未经)")
"""禁止使用内燃机车: without a subject the blank could hold many things."""
_FIRST_DUTY = re.compile(rf"(?<![^，。；：\n])[^，。；：]*?{_DUTY}[^，。；：]{{0,16}}?(?:{_VERBS})")
_SAME_PLACE = 0.6
_REST = re.compile(r"规定的其他|其他(?:条件|情形|内容|事项|材料|职责|义务)")
"""法律、行政法规规定的其他条件: what a list leaves open."""
_VAGUE = re.compile(
    r"遵守[^，。；]{0,14}(?:法律|法规|规章|纪律)[^，。；]{0,8}\Z"
    r"|国家有关|有关规定|认真|依法|重视|鼓励|支持|加强|推广|组织实施|负责.{0,6}工作|各级|国务院|人民政府"
)


def term_questions(statement: Statement) -> Iterator[Draft]:
    """The questions on the words of one statement."""
    basis = statement.basis
    if not basis.may_ask(statement.unit):
        return
    body = compose(statement)
    if len(body.text) > room(basis) or not _SENSE.search(body.text):
        return
    span = _term(statement, body)
    if span is not None and not _SUBJECT.match(body.text):
        span = None
    if span is not None and _asked_twice(basis, span[0]):
        span = None
    key_start = span or (statement.start, statement.end)
    if span is not None:
        answer = basis.text[slice(*span)]
        yield Draft(
            basis, statement.unit, "填空", "term", stem_of(basis, body.without(*span).text),
            (answer,), (), quoted(basis, statement.unit, body.text), 2, body.spans, (span,),
            (basis.order, *key_start),
        )  # fmt: skip
    if _tells(statement, body):
        own = (statement.start, statement.end)
        yield Draft(
            basis, statement.unit, "判断", "plain", stem_of(basis, body.text), (TRUE,), (),
            quoted(basis, statement.unit, body.text), 1, body.spans, (own,),
            (basis.order, *key_start),
        )  # fmt: skip


def _term(statement: Statement, body: Body) -> Span | None:
    """Where the one decisive word of a statement stands; None without one."""
    words = statement.text
    for pattern, loose in ((_WHO, _WHO_LOOSE), (_WITH, _LOOSE), (_OBJECT, _LOOSE)):
        for m in pattern.finditer(words):
            term = m["term"]
            if loose.search(term) or body.text.count(term) > 1:
                continue
            if m.groupdict().get("verb") in _WEAK and len(term) not in _NAMED:
                continue
            # 安全带 in 应佩戴安全带；安全带… or in the section's title would answer itself
            if any(term in title for title in statement.basis.path[-1:]):
                continue
            return statement.start + m.start("term"), statement.start + m.end("term")
    return None


def _asked_twice(basis: Basis, start: int) -> bool:
    """Whether the clause asks for another thing in nearly the same words (各层应设扶手 beside
    各层应设爬梯): then the blank has no single answer."""
    text = basis.text
    head = max(text.rfind(sign, 0, start) for sign in "，。；：\n") + 1
    before = pairs(text[head:start])
    return any(
        not m.start() <= start <= m.end() and likeness(before, pairs(m[0])) >= _SAME_PLACE
        for m in _FIRST_DUTY.finditer(text)
    )


def _tells(statement: Statement, body: Body) -> bool:
    """Whether a sentence without a limit says enough to be judged."""
    text = body.text
    if find(statement.text) or len(statement.text) < _SHORTEST or _REST.search(text):
        return False
    return not _VAGUE.search(text) and not re.search(r"可以?|宜", statement.text)
