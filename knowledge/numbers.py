"""Numbers in Chinese text, made comparable: 三个月 and 3个月, 120块钱 and 120元, 2025-05-10 and 2025年5月10日.

A numeral written in Chinese counts only before a unit, so 统一, 三井街道 and 二手房 hold no number;
words in NOT_NUMBERS hold none although a unit follows. Arabic digits always count, with unit "" where none follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

UNITS: dict[str, str] = {
    "元": "元", "块钱": "元", "块": "元", "圆": "元",
    "工作日": "工作日", "自然日": "日", "日": "日", "天": "日",
    "月": "月", "年": "年", "周年": "周年", "周岁": "岁", "岁": "岁", "年级": "年级", "学期": "学期",
    "周": "周", "星期": "周", "礼拜": "周", "小时": "小时", "钟头": "小时", "分钟": "分钟",
    "%": "%", "‰": "‰", "百分点": "%", "倍": "倍", "折": "折",
    "张": "张", "份": "份", "页": "页", "套": "套", "本": "本", "件": "件", "次": "次", "人": "人",
    "寸": "寸", "英寸": "寸", "平方米": "平方米", "平米": "平方米", "㎡": "平方米", "平方": "平方米", "平": "平方米",
    "公里": "公里", "千米": "公里", "米": "米", "厘米": "厘米", "cm": "厘米", "毫米": "毫米", "mm": "毫米",
    "吨": "吨", "公斤": "公斤", "千克": "公斤", "kg": "公斤", "KB": "KB", "MB": "MB", "像素": "像素", "dpi": "dpi",
    "级": "级", "楼": "楼", "层": "层", "号": "号", "孩": "孩", "胎": "孩", "人次": "人次",
}  # fmt: skip
"""Units that make a number of a Chinese or an Arabic numeral: as written -> canonical."""

COUNTERS: tuple[str, ...] = (
    "个", "位", "名", "种", "项", "类", "户", "条", "款", "家", "门", "辆", "台", "处", "期", "步", "则", "部", "分",
)  # fmt: skip
"""Units that count only after an Arabic numeral: 一个, 两种 and 一位 state no fact."""

ARTICLES: tuple[str, ...] = ("条", "款", "项", "章", "批")
"""Units that make a number of 第 and any numeral."""

SCALED: dict[str, tuple[Decimal, str]] = {
    "年": (Decimal(12), "月"), "周年": (Decimal(12), "月"), "周": (Decimal(7), "日"),
    "小时": (Decimal(60), "分钟"), "‰": (Decimal("0.1"), "%"), "厘米": (Decimal(10), "毫米"),
}  # fmt: skip
"""Units that compare through a smaller one: one year is twelve months."""

NOT_BEFORE: dict[str, str] = {
    "元": "旦素件宵", "块": "儿", "日": "本游常用期均历", "天": "然气安津宁", "月": "经嫂子底初末中", "年": "级龄",
    "周": "边围末到岁年转", "岁": "月", "次": "性方", "件": "事", "人": "民员才社事口工力均身", "孩": "子童",
    "份": "额子", "张": "贴", "本": "科人市地", "级": "别", "楼": "盘市梯", "层": "面次级", "号": "线码",
    "平方": "米", "平": "安均台常等", "米": "兰", "分": "钟之类别开支局",
    "个": "人性体", "位": "于置", "名": "称单字", "类": "别型似", "户": "口籍主外型", "条": "件例",
    "项": "目", "家": "庭属", "门": "口诊", "处": "理", "期": "间限", "步": "骤", "部": "门分委", "批": "准复",
}  # fmt: skip
"""A unit is none before these characters: 一次性, 三件事, 5个人信息."""

NOT_NUMBERS = re.compile(
    r"一次性|一件事|一次办|一次告知|统一|万一|唯一|单一|之一|不一|合一|逐一|一般|一定|一样|一些|一起|一直|一旦|一律|一体|一致"
    r"|一切|一站式|一网|一窗|一条龙|一张网|一日游|一块(?![钱零一二三四五六七八九])|一人(?:有限|公司)|一户一|一人一|一式|[上下前后大]半年"
    r"|(?<![\d一二三四五六七八九十两几个])(?:周|星期|礼拜)[一二三四五六]|十分(?!钟|之)|千万(?!元)|三三两两|四面八方|[数几][十百千万亿]+"
    r"|(?:https?://|www\.)[\w./?=&%#:-]+|[\w.]+@[\w.]+|[A-Za-z][A-Za-z0-9.-]*\d[A-Za-z0-9.-]*"
)

_DIGITS = dict(zip("零〇一二三四五六七八九", (0, *range(10)), strict=True)) | dict(
    zip("壹贰叁肆伍陆柒捌玖两俩仨幺", (*range(1, 10), 2, 2, 3, 1), strict=True)
)
_TIMES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000, "拾": 10, "佰": 100, "仟": 1000}
_WIDE = str.maketrans("０１２３４５６７８９．％－～〜﹣–—", "0123456789.%-~~---")
_HALVED: dict[str, tuple[int, str]] = {"年": (6, "月"), "小时": (30, "分钟")}

_CN = "零〇一二三四五六七八九十百千万亿两俩仨壹贰叁肆伍陆柒捌玖拾佰仟"
_ARABIC = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?(?:[十百千万亿](?:\d+[百千万])*\d*)*"
_CHINESE = rf"[一二三四五六七八九十两俩仨壹贰叁肆伍陆柒捌玖拾][{_CN}]*(?:点[一二三四五六七八九零〇]+)?|零(?=[元块])"
_NUMBER = rf"(?:{_ARABIC}|{_CHINESE})"


def _words(units: Iterable[str]) -> str:
    """Alternation of unit words, longest first, none of them before its NOT_BEFORE characters."""
    ordered = sorted(units, key=len, reverse=True)
    return "|".join(re.escape(u) + (f"(?![{NOT_BEFORE[u]}])" if u in NOT_BEFORE else "") for u in ordered)


_DAY = r"\d{1,2}|[一二三四五六七八九十]{1,3}"
_DATE = re.compile(
    rf"(?P<y>(?:19|20)\d\d|[一二][零〇一二三四五六七八九]{{3}})\s*年(?!级|龄)"
    rf"(?:\s*(?P<m>{_DAY})\s*月(?:\s*(?P<d>{_DAY})\s*[日号])?)?"
    r"|(?<!\d)(?P<iy>(?:19|20)\d\d)(?P<sep>[-/.])(?P<im>0?[1-9]|1[0-2])(?P=sep)(?P<id>0?[1-9]|[12]\d|3[01])(?!\d)"
    rf"|(?<!\d)(?P<yy>\d\d)年(?P<ym>0?[1-9]|1[0-2])月(?:(?P<yd>{_DAY})[日号])?"
    rf"|(?<!\d)(?P<sm>{_DAY})\s*月\s*(?P<sd>{_DAY})\s*[日号]"
)
_CLOCK = re.compile(
    r"(?P<half>上午|下午|早上|晚上|中午|凌晨)?\s*(?:(?<![\d:])(?P<h>[01]?\d|2[0-4])[:：](?P<m>[0-5]\d)(?!\d)"
    r"|(?P<h2>[01]?\d|2[0-4]|(?<=[午上晨])[一二三四五六七八九十两]{1,2})(?:点(?!\d)|时(?!间|期|限|段))"
    r"(?:(?P<half_hour>半)|(?P<m2>[0-5]?\d)分)?)"
)
_PHONE = re.compile(
    r"(?<!\d)(?:[(（]?0\d{2,3}[)）]?[-\s]?\d{7,8}(?:-\d{1,4})?|1[3-9]\d{9}|[48]00-?\d{3,4}-?\d{3,4}"
    r"|(?:12\d{3}|9[56]\d{3}|11[0249]|120)(?![\d,.:]|\s*(?:个|多|余|" + _words(UNITS) + r"))"
    r"|[2-8]\d{6,7}(?!\d|\.\d|\s*(?:[个万]|" + _words(UNITS) + r")))(?!\d)"
    r"|(?<![一幺])[一幺](?:[二两][零〇一二三四五六七八九幺]{3}|[一幺][零〇九]|二零)(?=热线|电话|报警|$)"
)
_SHARE = re.compile(rf"(?P<whole>百|千|万|{_NUMBER})分之(?P<part>{_NUMBER})")
_PLAIN = re.compile(
    rf"(?:(?P<first>{_NUMBER})\s*(?:-|~|至|到)\s*)?"
    rf"(?P<number>{_NUMBER}|(?<![一二三四五六七八九十两\d年天月时岁个多])半)\s*(?P<about>多|余|来)?\s*"
    rf"(?P<each>个?)(?P<and_half>半?)(?P<more>多?)(?P<unit>{_words(UNITS)})(?P<tail>半(?![个天年小价]))?"
    rf"(?:(?<=块)零?(?P<jiao>[1-9一二三四五六七八九])(?![{_CN}\d个张份起])[毛角]?)?"
)
_ORDINAL = re.compile(rf"第\s*(?P<number>{_NUMBER})\s*个?(?P<unit>{_words(ARTICLES)}|{_words(UNITS)})?")
_MONEY = re.compile(rf"(?:[¥￥]|RMB|人民币)\s*(?P<number>{_ARABIC})(?!\s*[元块])")
_COUNTED = re.compile(rf"(?P<number>{_ARABIC})\s*(?P<unit>{_words(COUNTERS)})?")


@dataclass(frozen=True)
class Amount:
    """One number of a text. Dates have unit "date" and value 20250510, 202505, 2025 or 510; clock times "time"
    and 930; phone numbers "phone" and their digits. An ordinal's unit starts with 第."""

    value: Decimal
    unit: str
    span: tuple[int, int]
    raw: str

    @property
    def key(self) -> tuple[Decimal, str]:
        """Equal for amounts that mean the same: 一年 and 12个月, 两周 and 14天."""
        factor, unit = SCALED.get(self.unit, (Decimal(1), self.unit))
        return (self.value * factor).normalize(), unit


@lru_cache(maxsize=4096)
def amounts(text: str) -> tuple[Amount, ...]:
    """The numbers of `text` in order; a range such as 16至25周岁 gives both ends."""
    plain = NOT_NUMBERS.sub(lambda m: "\0" * len(m[0]), text.translate(_WIDE))
    found: list[Amount] = []
    for pattern, read in _READERS:
        for match in pattern.finditer(plain):
            values = tuple(read(match))
            if not values and pattern is not _ORDINAL:
                continue
            start, end = match.span()
            while plain[start:end][:1].isspace():
                start += 1
            while plain[start:end][-1:].isspace():
                end -= 1
            found.extend(Amount(value, unit, (start, end), text[start:end]) for value, unit in values)
            plain = plain[:start] + "\0" * (end - start) + plain[end:]
    return tuple(sorted(found, key=lambda amount: (amount.span, amount.value)))


def unsupported(text: str, sources: Iterable[str], units: bool = True) -> tuple[Amount, ...]:
    """The numbers of `text` that stand in none of `sources`, whatever way they are written there.

    Without `units` only values are compared: for text in another language, whose units are not read.
    """
    if not units:
        values = {amount.value for source in sources for amount in amounts(source)}
        return tuple(amount for amount in amounts(text) if amount.value not in values)
    known = {amount.key for source in sources for amount in amounts(source)}
    return tuple(amount for amount in amounts(text) if amount.key not in known)


def chinese_number(text: str) -> Decimal | None:
    """三十 is 30, 一万二 is 12000, 3万5千 is 35000, 二〇二五 is 2025; None for what is no one number, such as 三五."""
    text = text.replace(",", "")
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return Decimal(text)
    whole, point, fraction = text.partition("点")
    if point:
        base = chinese_number(whole)
        return None if base is None else base + Decimal("0." + "".join(str(_DIGITS[c]) for c in fraction))
    if all(char in _DIGITS for char in text):
        return None if len(text) == 2 else Decimal("".join(str(_DIGITS[char]) for char in text) or "0")
    return _with_multipliers(re.findall(r"\d+(?:\.\d+)?|.", text))


def _with_multipliers(pieces: list[str]) -> Decimal | None:
    """Value of digits and 十百千万亿; a last digit counts in tenths of the multiplier before it (一百五 is 150)."""
    total, section, digit = Decimal(0), Decimal(0), None
    last, zero = 1, False
    for piece in pieces:
        if piece in _TIMES:
            times = _TIMES[piece]
            if times >= 10_000:
                total, section = (total + section + (digit or 0)) * times, Decimal(0)
            else:
                section += (Decimal(1) if digit is None else digit) * times
            digit, last, zero = None, times, False
        elif piece in "零〇":
            zero = True
        elif digit is not None:
            return None
        else:
            digit = Decimal(_DIGITS[piece]) if piece in _DIGITS else Decimal(piece)
    if digit is not None:
        section += digit * (last // 10 if last > 10 and not zero and digit < 10 else 1)
    return total + section


def _pair(text: str) -> tuple[Decimal, ...]:
    """One value, or the two of 三五 in 三五天."""
    value = chinese_number(text)
    if value is not None:
        return (value,)
    return tuple(Decimal(_DIGITS[char]) for char in text) if all(char in _DIGITS for char in text) else ()


def _read_date(match: re.Match[str]) -> Iterator[tuple[Decimal, str]]:
    year, month, day = (
        next((chinese_number(match[name]) for name in names if match[name]), None)
        for names in (("y", "iy", "yy"), ("m", "im", "ym", "sm"), ("d", "id", "yd", "sd"))
    )
    if match["yy"] and year is not None:
        year += 2000 if year < 50 else 1900
    if any(limit is not None and limit > top for limit, top in ((month, 12), (day, 31))):
        return
    value = Decimal(0)
    for part in (year, month, day):
        value = value if part is None else value * 100 + part
    yield value, "date"


def _read_clock(match: re.Match[str]) -> Iterator[tuple[Decimal, str]]:
    hour = chinese_number(match["h"] or match["h2"])
    if hour is None:
        return
    if match["half"] in ("下午", "晚上") and hour < 12:
        hour += 12
    minute = Decimal(30) if match["half_hour"] else Decimal(match["m"] or match["m2"] or 0)
    yield hour * 100 + minute, "time"


def _read_phone(match: re.Match[str]) -> Iterator[tuple[Decimal, str]]:
    digits = "".join(str(_DIGITS.get(char, char)) for char in match[0] if char.isdigit() or char in _DIGITS)
    yield Decimal(digits), "phone"


def _read_share(match: re.Match[str]) -> Iterator[tuple[Decimal, str]]:
    part = chinese_number(match["part"])
    percent = {"百": Decimal(1), "千": Decimal("0.1"), "万": Decimal("0.01")}.get(match["whole"])
    whole = None if percent else chinese_number(match["whole"])
    if part is None:
        return
    if percent:
        yield part * percent, "%"
    elif whole:
        yield part / whole, "分之"


def _read_plain(match: re.Match[str]) -> Iterator[tuple[Decimal, str]]:
    unit = UNITS[match["unit"]]
    if match["number"] == "半":
        value, unit = _HALVED.get(unit, (Decimal("0.5"), unit))
        yield Decimal(value), unit
        return
    values = _pair(match["number"])
    if unit == "月" and not match["each"] and values and values[-1] <= 12 and match["number"] not in ("两", "俩", "仨"):
        unit = "月份"
    if match["first"]:
        times = _TIMES.get(match["number"][-1], 1) if match["first"][-1] not in _TIMES else 1
        yield from ((value * (times if times >= 1000 and value < 1000 else 1), unit) for value in _pair(match["first"]))
    rest = Decimal("0.5") if match["and_half"] or match["tail"] else Decimal(0)
    if match["jiao"]:
        rest += (chinese_number(match["jiao"]) or 0) / Decimal(10)
    yield from ((value + rest, unit) for value in values)


def _read_ordinal(match: re.Match[str]) -> Iterator[tuple[Decimal, str]]:
    """第九条 counts, and 第16个月; 第一, 第二次 and 第三方 do not."""
    value, unit = chinese_number(match["number"]), match["unit"]
    spoken = value is not None and value <= 3 and not match["number"].isdigit()
    if value is None or (unit not in ARTICLES and (spoken or unit is None)):
        return
    yield value, "号" if unit == "号" else "第" + UNITS.get(unit, unit)


def _read_counted(match: re.Match[str]) -> Iterator[tuple[Decimal, str]]:
    value = chinese_number(match["number"])
    if value is not None:
        yield value, match["unit"] or ""


def _read_money(match: re.Match[str]) -> Iterator[tuple[Decimal, str]]:
    value = chinese_number(match["number"])
    if value is not None:
        yield value, "元"


_READERS = (
    (_DATE, _read_date),
    (_CLOCK, _read_clock),
    (_PHONE, _read_phone),
    (_SHARE, _read_share),
    (_MONEY, _read_money),
    (_ORDINAL, _read_ordinal),
    (_PLAIN, _read_plain),
    (_COUNTED, _read_counted),
)
"""What is read first takes its characters away from the later ones."""
