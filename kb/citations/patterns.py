"""The patterns of the reference grammar: each a named constant with an example.

Everything is anchored on a short fixed word (《, 第…条, 本法, 前款, GB, 〔2021〕…号) and every
repetition is bounded or possessive, so that a scan costs a constant per character whatever the
text is (《《《…, 第第第…, 一一一…).
"""

from __future__ import annotations

import re

__all__ = [
    "ALIAS",
    "ANNEX",
    "BRACKETED_ITEM",
    "CLAUSE_AFTER",
    "CLAUSE_BEFORE",
    "CLAUSE_NO",
    "CLAUSE_SEP",
    "CLAUSE_UNIT",
    "CONNECTOR",
    "CUT_BEFORE_NAME",
    "DECREE_AFTER",
    "DOCNO",
    "FIRST_N",
    "FORM_NAME",
    "GENERIC_NAMES",
    "ISSUER",
    "JOINT",
    "LAW_NAME_TAIL",
    "LETTER_ITEM",
    "NAME_TAIL",
    "PAREN",
    "QUOTED_LABEL",
    "RANGE",
    "RELATIVE_MANY",
    "SCAN",
    "SHARED",
    "STANDARD_NO",
    "STEP",
    "THAT",
    "THIS",
    "TITLE",
    "TITLE_NOTE",
    "UNIT_LEVEL",
    "WEAK_HEAD",
    "WELL_KNOWN_NAMES",
    "YEAR_AFTER",
    "YEAR_BEFORE",
    "YEAR_NOTE",
]

_N = r"(?:[〇零一二三四五六七八九十百千]{1,10}+|[0-9０-９]{1,4}+)"  # 二十五; 25; ２５
_HAN = r"[\u4e00-\u9fff]"
_S = "[ 　]?"  # at most one blank: OCR and typists put them anywhere

UNIT_LEVEL = {"编": 0, "分编": 1, "章": 2, "节": 3, "条": 4, "款": 5, "项": 6, "目": 7}
"""Levels of a statute from outermost (《立法技术规范》: 编 分编 章 节 条 款 项 目)."""

_UNIT = (
    r"(?:(?P<u0>分编|编)(?![制号写辑码排译组纂队委])"
    r"|(?P<u2>章)(?!程)"
    r"|(?P<u3>节)(?![点能约日假目余制课])"
    # 条: not 条件 条款 条约(但约定 是另一词) 条例(但例外 不是) 条线 条形 条纹
    r"|(?P<u4>条)(?!件|款|例(?!外)|约(?!定|束)|线|形|纹|码|道|战线)"
    r"|(?P<u5>款)(?!项)"
    r"|(?P<u6>项)(?!目)"
    r"|(?P<u7>目)(?![标录前光测击次]|的(?!规定)))"
)
# Every lookahead above names a word that begins with the unit's character: 第三项目, 第一章程.

STEP = re.compile(rf"第[ 　]?[（(]?[ 　]?(?P<n>{_N})[ 　]?[）)]?[ 　]?{_UNIT}(?:之(?P<sub>{_N}))?")
"""One step of a reference: 第二十五条, 第二十五条之一, 第（三）项, 第 25 条, 第四章."""

BRACKETED_ITEM = re.compile(rf"[（(](?P<n>{_N})[）)][ 　]?项(?!目)")
"""An item without 第 after a step: 第十条（三）项."""

SHARED = re.compile(
    rf"第{_S}(?P<toks>[（(]?{_N}[）)]?"
    rf"(?:{_S}(?:(?:、|至|到|和|及|或者|或|—|–|－|～|~|-){_S}第?|(?=[（(]))[（(]?{_N}[）)]?){{1,12}}+)"
    rf"{_S}{_UNIT}"
)
"""Several numbers under one unit word: 第一、二款; 第（一）至（五）项; 第一、第二款.

Tried before `STEP`, which would see only the last number of the group. The repetition is bounded
because every 第 of 第一、第一、第一、… starts a fresh attempt.
"""

FIRST_N = re.compile(r"前(?P<n>[两二三四五六七八九十])(?P<u>款|项)(?!目)")
"""The first few, after a step: 第二款前三项 (items 1 to 3)."""

ANNEX = re.compile(rf"(?:附件|附录)[ 　]?(?P<n>{_N}|[A-Z])(?![0-9A-Za-z.．])")
"""附件一, 附件1, 附录 A as a step below a document: 《…基本法》附件一第一条."""

CONNECTOR = re.compile(r"[ 　]?(?:、|和|以及|及|与|或者|或)[ 　]?(?=[第（(])|，[ 　]?(?=第)")
"""What joins the members of a list: 第一款、第二款和第三款. 以及 stands before 及.

A comma joins only a deeper or equal step below the article (第十条，第二款); see `parts`.
"""

RANGE = re.compile(r"[ 　]?(?:至|到|—|－|～|~)[ 　]?(?=第)")
"""What joins the two ends of a range: 第十条至第十三条."""

TITLE = re.compile(
    r"《(?P<t>[^《》]{1,160}+(?:《[^《》]{1,160}+》[^《》]{0,160}+){0,4}+"
    r"|《[^《》]{1,160}+》[^《》]{0,160}+)》"
)
"""A title in marks, one level of nesting: 《关于修改《某法》的决定》, 《关于〈某法〉的决定》."""

PAREN = re.compile(
    r"[ 　]?[（(](?P<in>[^（()）\n]{0,60}+(?:[（(][^（()）\n]{0,60}+[）)][^（()）\n]{0,60}+)?)[）)]"
)
"""A bracket after a title: （GB 16423-2020）, （津安委发〔2021〕21号）, （2014年修正）."""

_EDITION_DAY = (
    r"(?P<y>(?:19|20)\d{2})(?:[ 　]?年?[ 　]?(?P<m>\d{1,2})月(?:(?P<d>\d{1,2})日)?"
    r"|-(?P<m2>\d{1,2})-(?P<d2>\d{1,2})|[ 　]?年)?[ 　]?(?:第[一二三四五六]次)?"
)
_EDITION_WORD = r"(?:修正|修订|修改|公布|颁布|发布|印发|制定|通过|起?施行|实施)"

YEAR_NOTE = re.compile(rf"{_EDITION_DAY}(?:{_EDITION_WORD}|版)?(?:版|本)?\Z")
"""The whole of a bracket that names the edition: 2014年修正, 2018年版, 2021年6月10日修正, 2007."""

YEAR_AFTER = re.compile(
    rf"[ 　]?{_EDITION_DAY}(?:(?:修正|修订|修改)(?:版|本)?|版本?)(?=的?[ 　]?第|[，。；、）)]|\Z)"
)
"""The edition behind a name without a bracket: 安全生产法2014年版第三条, …2021年修正第三条."""

YEAR_BEFORE = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d{2})[ 　]?年?(?:修正|修订|修改)?版[ 　]?的?\Z")
"""The edition before a name: 2014年版《安全生产法》. 2014年《…》 may be the year of an event."""

TITLE_NOTE = re.compile(r"(?<=[法例定则程范准典])[（(](?P<in>[^（()）]{4,20})[）)]\Z")
"""The edition within the marks of a title: 《某法（2014年修正）》; not …修正案（1988年）, whose
bracket belongs to the title."""

FORM_NAME = re.compile(
    r"(?:(?<![认论公保取查验求])证|(?<!议定)(?<!皮)书|(?:证明|执照|卡|簿|台账|台帐|记录|档案|回执|封条|标签)"
    r"|(?:登记|申请|申报|审批|审核|备案|检查|记录|汇总|统计|报告|报送|上报|评估|评价|评分|打分|积分|验收"
    r"|考核|调查|核查|排查|自查|推荐|信息|情况|明细|签到|签收|确认|回执|反馈|测评|体检|鉴定|交接|人员)表"
    r"|(?:通知|整改|派工|检查|记录|作业|操作|交接|签收|报告|任务|回执|反馈|隐患)单"
    r"|(?:作业|操作|工作|动火|许可)票)(?:[（(][^（()）]{1,12}[）)])?\Z"
)
"""The last word of a title that names a paper to be filled in or issued, no document that rules:
《安全生产许可证》, 《安全检查记录表》, 《作业票》, 《登记证书（副本）》. 议定书, 白皮书, 认证 are
other words; a table of a law (…税率表) or a list (…清单) may be a text that rules."""

ALIAS = re.compile(
    r"[（(](?:以下|下)?(?:简称|统称)(?:为|：|:)?[ 　]?(?P<a>[^（()）\n，。；]{1,40}+)[）)]"
)
"""Definition of a short name: （以下简称《安全生产法》）, （以下简称本方案）."""

THIS = re.compile(
    # 本 as the end of another word is no reference: 基本法 样本 成本 资本项 版本 日本法 文本; but
    # 构成|本节 and 造成|本法
    r"(?<![基根样资版日文脚原副书课剧范标读抄译蓝唱话账簿剪刻摹善孤绝残底拓亏保股])"
    r"(?<!(?<![构造完达])成)本"
    r"(?:(?P<doc>条例(?!外)"  # before 条
    r"|法(?![人院律治官警庭学]|定(?:代表|人数|资本)|规(?!定)|制(?!定))"
    r"|规定(?!动作)|规程|规范(?!性)|规则|办法|细则|标准(?!化)|解释(?!权)|决定|决议|修正案|准则|导则|文件"
    r"|(?P<soft>实施方案|工作方案|方案|意见|通知|行动计划|要点))"
    r"|(?P<unit>条(?![件例约款])|款(?!项)|项(?!目|工作|任务|活动|业务)|章(?!程(?!序))|节(?![目能约点])|编(?![制号辑])"
    r"|目(?![录标的])))|此(?P<near>方案|通知|意见|办法)"
)
"""This document or unit: 本法, 本条例, 本标准, 此方案; 本条, 本款, 本章. 条例 stands before 条.

`soft` are words that a statute uses in another sense (听取本意见); they count in notices only.
"""

RELATIVE_MANY = re.compile(
    r"(?<![目当])前(?P<n>[一两二三四五六七八九十几])?(?P<u>款(?!项)|条(?![件例约款])|项(?!目)|章(?!程)|节(?![目能点约]))"
    r"|(?<![以网线地路海船车机身])上(?:一)?(?P<v>款(?!项)|条(?![件例约款]))"
)
"""The unit before: 前款, 前两款, 前条, 前项, 上款; 目前款项 and 以前条件 are other words."""

THAT = re.compile(
    r"(?<![各合共不等相])(?:该|同)(?:(?P<doc>条例|法|规定|办法|细则|标准|规程|规范|解释|决定)(?=第)"
    r"|(?P<unit>条(?![件例约款])|款(?!项)))"
)
"""The one named last: 该法第十条, 该条, 该款. 各该条 means several at once and is none."""

STANDARD_NO = re.compile(
    r"(?<![A-Za-z0-9/.\-])(?P<p>"
    r"(?:GBZ|GBJ|GB|gbz|gb)(?:[ 　]?/[ 　]?[TZtz]|(?<=[Bb])T(?=[ 　]?\d))?(?=[ 　]?\d)"
    r"|TSG(?:[ 　]?[A-Z])?(?=[ 　]?\d)"
    r"|(?:AQ|aq)(?:[ 　]?/[ 　]?[TZt])?(?=[ 　]?\d)"
    r"|DB[ 　]?\d{2,4}(?:[ 　]?/[ 　]?[TJ])?(?=[ 　]\d|/\d|T)"
    r"|T[ 　]?/[ 　]?[A-Z]{2,8}(?=[ 　]?\d)"
    r"|(?:GJB|JGJ|CJJ|CECS|ISO(?:/IEC)?|IEC|EN|NFPA|API|ASME|ASTM|KA|MT|XF|GA|YS|YB|HG|SH|SY|DL|NB|JB"
    r"|JT|JTG|TB|MH|HJ|SL|LD|WS|WJ|QX|QB|QC|LY|NY|SB|SC|SN|FZ|CJ|CB|DZ|EJ|JC|JG|JY|RB|YY|YD|YC|YZ|TD"
    r"|JJG|JJF)(?:[ 　]?/[ 　]?[TZ])?(?=[ 　]?\d{3}))"
    r"[ 　]?(?P<n>\d{1,6}(?:\.\d{1,3}){0,2})"
    r"(?:[ 　]?[-—–－―‐‑─﹣]{1,2}[ 　]?(?P<y>(?:19|20)\d{2}|[6-9]\d))?(?![0-9A-Za-z])"
)
"""A standard's number: GB 6722, GB/T 33000—2016, GBZ 2.1, AQ 2012-2007, TSG 23-2021, DB33/T 707.

Prefixes other than GB, GBZ, AQ, TSG, T/… need three digits: CH4 or HB 20 are no standards.
"""

DOCNO = re.compile(
    rf"[〔\[［【（(]{_S}(?P<y>(?:19|20)\d{{2}}){_S}[〕\]］】）)]{_S}(?:第{_S})?(?P<n>\d{{1,5}}){_S}号"
)
"""The tail of a document number: 〔2021〕108号, [2021]108号, （2021）第108号; what stands before
it is cut by `CUT_BEFORE_NAME`."""

DECREE_AFTER = re.compile(
    rf"令[ 　]?[（(]?[ 　]?第[ 　]?(?P<n>{_N})[ 　]?号[）)]?|第[ 　]?(?P<m>{_N})[ 　]?号令"
    r"|公告[ 　]?(?P<y>(?:19|20)\d{2})[ 　]?年[ 　]?第[ 　]?(?P<k>\d{1,4})[ 　]?号"
)
"""The tail of a decree's number: 国务院令第591号, 主席令（第八十八号）, 公告2021年第5号."""

ISSUER = re.compile(
    rf"(?:(?:中华人民共和国)?(?:主席|国务院)|(?P<other>{_HAN}{{2,18}}"
    r"(?:部|总局|局|委员会|委|人民政府|政府|厅|院|会)))\Z"
)
"""Who issued a decree: 国务院, 中华人民共和国主席, 应急管理部; `other` may begin too early."""

LAW_NAME_TAIL = re.compile(
    rf"(?P<name>{_HAN}{{0,28}}(?:法典|法|条例|规定|办法|细则|通则|规则|决定|解释|章程|公约|宪章|议定书))"
    r"(?P<part>总则|分则)?(?:的|中的|中)?[ 　]?\Z"
)
"""A law named without marks directly before 第…条: 刑法, 刑事诉讼法, 刑法分则 (then 第四章)."""

NAME_TAIL = re.compile(
    r"(?:法典|法|条例|规定|办法|细则|规程|规范|行动计划|实施方案|工作方案)(?![律规制治院人官警师定]|委员会|等级|动作|要求的"
    r"|第[ 　]?[〇零一二三四五六七八九十百千0-9])"
)
"""The end of a law's name that stands alone: 安全生产法等法律法规; not 安全生产法律. Before 第…条
`LAW_NAME_TAIL` takes it."""

WELL_KNOWN_NAMES = (
    "刑事诉讼法",
    "民事诉讼法",
    "行政诉讼法",
    "治安管理处罚法",
    "刑法",
    "宪法",
    "民法典",
    "民法通则",
    "合同法",
)
"""Names that no longer title ends in (save with 中华人民共和国 before): whatever stands before is
another word (收购刑法第…条). 劳动合同法 ends in 合同法: the longer name is tried by `finder`."""

CUT_BEFORE_NAME = re.compile(
    r"依照|按照|依据|根据|违反|适用(?!法)|符合|参照|执行|遵守|属于|构成|触犯|关于|以及|或者|并且|贯彻|落实"
    r"|实施(?!条例|办法|细则|方案|意见|计划)|结合|讨论了|修改后|涉嫌|违背|维护|拥护|遵照|开展|宣传|学习"
    r"|普及|熟悉|掌握|转发|印发|下发|删去|(?<!免)除|见(?!义)|(?<!自)由|将|依|按|(?<!数)据|是|被|其|了|的"
    r"|把|向|从(?!业)|但|(?<=[法典例定则程范])(?:和|与|及|或)"
    r"|(?<=[0-9])[年月日]|(?<=[〇零一二三四五六七八九十])[月日]"
)
"""A word that ends before a name begins: 依照|刑法, 将|刑法, 安全生产法和|消防法.

The exceptions are words within titles: 法律适用法, 数据安全法, 自由贸易港法, 特权与豁免条例.
"""

WEAK_HEAD = re.compile(
    r"(?:(?:和(?!平|解|谐)|与|及|或|在|有(?!线|限|毒|组|关|色)|对(?!外))(?=[\u4e00-\u9fff]{2}))+"
)
"""Characters that do not belong to a name where it would begin with them: 在|刑法, 和|刑法; but
对外贸易法, 有线电视…. Inside a name they stay (特权与豁免)."""

JOINT = re.compile(r"(?<!共)和|与|及")
"""What separates words before a document number, whose letters hold none of these."""

GENERIC_NAMES = frozenset(
    {
        "法",
        "法典",
        "条例",
        "规定",
        "办法",
        "细则",
        "通则",
        "规则",
        "决定",
        "解释",
        "章程",
        "公约",
        "宪章",
    }
    | {
        "议定书",
        "暂行规定",
        "实施细则",
        "实施办法",
        "基本法",
        "立法",
        "司法解释",
        "刑法典",
        "暂行办法",
    }
)
"""Names that do not say which document; they stay unresolved unless an alias defines them."""

CLAUSE_NO = re.compile(
    # not inside a longer figure or after a range dash; —— before it marks an item of a list
    r"(?<![\d.．A-Za-z\-–:：/×*^_])(?<!(?<!—)—)"
    r"(?P<c>[A-Z]\.\d{1,2}(?:\.\d{1,2}){0,4}|\d{1,2}(?:\.\d{1,2}){1,6})"
    r"(?![\d．]|\.\d|[ 　]?(?:[%‰℃°Ωμ×*/:：^_$\\<]|[a-zA-Z](?![)）])))"
    r"(?:[ 　]?(?:条(?![件例])|款(?!项)))?"
)
"""A clause number of a standard, with nothing beside it that makes it a quantity or a ratio:
5.3.8, 6.7, A.1.2, 5.3.8条; not 1.5 m, 0.5%, 1:1.75."""

CLAUSE_UNIT = re.compile(
    r"[ 　]?(?:倍|米|毫米|厘米|公里|千米|吨|千克|公斤|小时|分钟|秒|年|月|日|天|万|亿|元|度|级|个|人"
    r"|次|版|伏|安|瓦|帕|升|毫升|克|转|层|根|组|台|套|以[上下内外]|左右)"
)
"""What makes a number of two parts a figure: 2.5倍, 1.5 米以上."""

CLAUSE_SEP = re.compile(r"[ 　]?(?P<s>、|，|和|及|与|或者|或|～|~|至|—|－)[ 　]?(?=[A-Z]?\.?\d)")
"""Between clause numbers: 6.4.7.1、6.4.7.2 和 6.4.7.4; 5.3.3～5.3.7."""

CLAUSE_BEFORE = re.compile(
    r"(?:符合|遵守|满足|执行|按照|按|依照|依据|根据|违反|参照|遵照|见|除|提供|达到|上述|如)"
    r"[ 　]?(?:第[ 　]?)?\Z"
)
"""A cue before a bare clause number or table: 应遵守 6.7, 见表 1, 除 5.3.8 外."""

CLAUSE_AFTER = re.compile(
    r"[ 　]?(?:的|中的?|所)?[ 　]?(?:有关|相关|各项)?[ 　]?"
    r"(?:规定|要求|条款|执行|所列|方法|公式|计算|取值|确定|数值|相应|外(?:，|,))"
)
"""A cue after it: 6.7 的有关规定, 表 4 规定, 表 2 中相应条件."""

QUOTED_LABEL = re.compile(
    r"(?![的规、，,。；;第和与及至到所中或]|以[外上下内]|关于|修改|另有|除|作为|改为|删去|增加)"
)
"""What follows the label of a quoted article (“第四十四条国家…): no word of a reference."""

LETTER_ITEM = re.compile(r"[ 　]?(?:的|第)?[ 　]?(?P<a>[a-z])[)）][ 　]?(?:项)?")
"""An item of a clause: 5.6.1.5 a), 5.6.1.5 的 b）项."""

SCAN = re.compile(
    rf"(?P<title>《)"
    rf"|(?P<docno>[〔\[［【（(]{_S}(?:19|20)\d{{2}}{_S}[〕\]］】）)]{_S}(?:第{_S})?\d{{1,5}}{_S}号)"
    rf"|(?P<decree>令{_S}[（(]?{_S}第{_S}{_N}{_S}号|第{_S}{_N}{_S}号令"
    rf"|公告{_S}(?:19|20)\d{{2}}{_S}年{_S}第)"
    r"|(?P<std>(?<![A-Za-z0-9/.\-])(?:[A-Z]{2,5}|gbz?|aq|T(?=[ 　]?/))[ 　]?[\dA-Z/TZ])"
    r"|(?P<this>[本此])|(?P<that>该|同)|(?P<rel>前|上)|(?P<part>第)|(?P<annex>附件)"
    r"|(?P<clause>(?<![\d.．A-Za-z])(?:\d{1,2}|[A-Z])\.\d|[表图][ 　]?[0-9A-Z]|附录[ 　]?[A-Z]"
    r"|(?<![A-Za-z])[a-z][)）])"
)
"""Where a reference may begin. Titles first (what stands inside 《》 belongs to the title), then
numbers, whose digits must not be taken for clause numbers, then words."""
