"""Names of persons in what visitors say, for texts that other people are to read.

`masking.py` masks numbers before anything is stored. A name is no number: it is found by the words before it (我叫…),
by a form of address after it (…女士), or by a surname where a person is likely to stand. Rare names are missed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

PLACEHOLDER = "[姓名]"
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖"
    "贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
"""The hundred or so that nearly everybody has."""
_DOUBLE = "欧阳|上官|司马|诸葛|司徒|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯"
_SURNAME = f"(?:{_DOUBLE}|[{SURNAMES}])"
_END = (
    r"(?=[^一-龥]|\Z|的|想|要|是|今年|住|在|来|去|能|可|怎|需|办|问|该|身份|电话|手机|户|刚|有|没|丢|我|他|她|这|叫"
    "|本人|申请|咨询|已|现)"
)
_COMMON = (
    "高[一二三中校龄考级新层等血压速额温铁职管才价端技知的要]|金[额融属钱婚坛]|黄[金色牌标线]|白[天色血内条酒领车的要]|石[油材料头膏墨]|周[末一二三四五六日岁边围期转年]"
    "|马[上路桶甲拉]|何[时地处种人事必况为]|任[何职务命教意免]|方[便式法案面向言]|于[是此]|余[额下款热]|夏[天季令]|雷[电达雨]|毛[坯利巾病]|顾[客问]"
    "|龙[城虎头]|江[苏西南阴边]|叶[子片]|田[地里间]|林[地业木权时]|唐[代装]|钱[款包财全还的要]|万[一元达事的要]|严[重格禁]|武[术汉进装警]|向[上下前后你您他她我]"
    "|程[序度]|曾[经用]|许[可多愿]|谢谢|丁克|宋体|罗溪|苏[州南北锡某]|徐州|汤圆|史料|陈[旧述年设]|陶[瓷艺]|沈阳|秦[岭皇]|郑州|杨梅|侯[选车机]|汪洋|董事"
    "|钟[头点表]|段[时间落]|陆[上地续路]|魏村|薛家|孟河|吕墅|胡[同乱]|孔径|莫[非名]|付[款费钱清了出全押首]|贺[卡信]|肖像|熊猫|孙[子女辈]|韩[国币语]"
)
"""Words that begin like a name."""
_ADDRESSED = "先生|女士|小姐|师傅|阿姨|大爷|大妈|奶奶|爷爷|叔叔|伯伯|同志|老师|医生|经理|某"
_NAME = f"(?P<name>(?!{_COMMON}){_SURNAME}"
_PATTERNS = (
    re.compile(
        rf"(?:我叫|名叫|名字[是叫]|我姓|免贵姓|法人是|法定代表人是)[：:\s]*{_NAME}(?:[一-龥]{{0,2}}?{_END}|[一-龥]{{2}}))"
    ),
    re.compile(
        rf"(?:姓名|名字)(?:[是为]|[：:]\s*)(?P<name>(?!什么|啥|怎|谁|哪)(?:[一-龥]{{2,4}}?{_END}|[一-龥]{{2,3}}))"
    ),
    re.compile(rf"{_NAME}[一-龥]{{0,2}}?)(?={_ADDRESSED})"),
    re.compile(
        r"(?:(?:^|(?<=[，,。；;、！!？?\s]))(?:我是|本人)?|(?<=[替帮给和跟叫与])|(?<=我是)|(?<=本人)"
        r"|(?<=儿子|女儿|爸爸|妈妈|父亲|母亲|老公|老婆|丈夫|妻子|爷爷|奶奶|外公|外婆|孩子|同事|朋友|老板|房东))"
        rf"{_NAME}[一-龥]{{1,2}}?)(?!镇|村|街|路|区|市|县|乡|桥|城)(?=的|要|想|是|在|住|今年|，|,|办|身份|电话|手机|号码|出生)"
    ),
    re.compile(
        r"(?i:\bmy name is|\bmein name ist|\bich heiße|\bname[:：])\s+"
        r"(?P<name>[A-ZÄÖÜ][\w'’-]*(?:\s+[A-ZÄÖÜ][\w'’-]*){0,2})"
    ),
    re.compile(r"(?P<name>[一-龥ァ-ヶーぁ-ん]{2,8}?)(?=と申します|といいます)"),
)


def names_in(text: str) -> frozenset[str]:
    """What is likely a person's name in `text`."""
    return frozenset(match["name"] for pattern in _PATTERNS for match in pattern.finditer(text))


def without_names(text: str, names: Iterable[str]) -> str:
    """`text` with each of `names` hidden; a surname alone only where an address or 姓 makes it one."""
    for name in sorted(names, key=len, reverse=True):
        if len(name) > 1:
            text = text.replace(name, PLACEHOLDER)
        else:
            text = re.sub(rf"(?<=姓){name}|{name}(?={_ADDRESSED})", PLACEHOLDER, text)
    return text
