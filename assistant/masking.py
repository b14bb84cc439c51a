"""Personal numbers, masked before anything is stored.

Citizen numbers follow GB 11643, unified social credit codes GB 32100 (these are public and stay), bank cards Luhn.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from knowledge.check_digits import valid_credit_code, valid_id_number, valid_luhn

Kind = Literal[
    "id_number", "id_like", "mobile", "landline", "phone_like", "bank_card", "card_like",
    "passport", "permit", "email", "plate", "chat_account",
]  # fmt: skip
"""`*_like`: by its shape or by the words before it, though it fails its check: a typo is still personal."""

PLACEHOLDERS: dict[Kind, str] = {
    "id_number": "[身份证号]",
    "id_like": "[身份证号]",
    "mobile": "[手机号]",
    "landline": "[电话号码]",
    "phone_like": "[电话号码]",
    "bank_card": "[银行卡号]",
    "card_like": "[银行卡号]",
    "passport": "[护照号]",
    "permit": "[通行证号]",
    "email": "[邮箱]",
    "plate": "[车牌号]",
    "chat_account": "[社交账号]",
}


_INTRODUCED = re.compile(
    r"(?:(?:我|本人|俺|他|她|孩子|老人|家人)的?)?(?:居民身份证|身份证|护照|通行证|手机|联系电话|电话|银行卡|卡|车牌|邮箱|微信|QQ)?"
    r"(?:号码|号)?(?:就?是|为)?[：:\s]*(?:"
    + "|".join(re.escape(one) for one in dict.fromkeys(PLACEHOLDERS.values()))
    + r")[，,、；;。\s]*"
)


@dataclass(frozen=True)
class Masked:
    """Text that may be stored, and what was taken out of it, in the order in which it stood."""

    text: str
    found: tuple[Kind, ...] = ()


Accept = Callable[[re.Match[str]], Kind | None]


def mask(text: str) -> Masked:
    """Masked in ASCII, full-width and other digits, grouped or not, and in spoken digits (幺三九…)."""
    if not _MAYBE.search(text):
        return Masked(text)
    spans = _spans(text.translate(_PLAIN), [])
    if _SPOKEN_RUN.search(text):
        spans = _spans(text.translate(_SPOKEN), spans)
    if not spans:
        return Masked(text)
    pieces: list[str] = []
    end = 0
    for start, stop, kind in sorted(spans):
        pieces += [text[end:start], PLACEHOLDERS[kind]]
        end = stop
    return Masked("".join(pieces) + text[end:], tuple(kind for _, _, kind in sorted(spans)))


def without_masked(text: str) -> str:
    """`text` without masked numbers and the words that introduce them; whole where nothing else is said.

    A visitor who says 我的身份证是… before the question does not ask about an identity card.
    """
    left = _INTRODUCED.sub("", text)
    return left if any(letter.isalnum() for letter in left) else text


def _spans(shadow: str, taken: list[tuple[int, int, Kind]]) -> list[tuple[int, int, Kind]]:
    """`taken` and what the patterns find beside it; `shadow` is the text with plain digits, of the same length."""
    spans = list(taken)
    for start, stop, _ in taken:
        shadow = shadow[:start] + "#" * (stop - start) + shadow[stop:]
    for pattern, accept in _PATTERNS:
        for match, kind in _accepted(pattern, accept, shadow):
            spans.append((*match.span("number"), kind))
            shadow = shadow[: match.start("number")] + "#" * len(match["number"]) + shadow[match.end("number") :]
    return spans


def _accepted(pattern: re.Pattern[str], accept: Accept, shadow: str) -> Iterator[tuple[re.Match[str], Kind]]:
    at = 0
    while match := pattern.search(shadow, at):
        kind = accept(match)
        at = match.start() + 1
        if kind:
            at = match.end()
            yield match, kind


def _bare(match: re.Match[str]) -> str:
    return re.sub(r"[^0-9A-Z]", "", match["number"].upper())


def _neatly_grouped(match: re.Match[str]) -> bool:
    """Written in at most five groups, or digit by digit: not a row of separate numbers."""
    groups = re.findall(r"[0-9A-Za-z]+", match["number"])
    return len(groups) <= 5 or all(len(group) == 1 for group in groups)


def _labelled_as_case(match: re.Match[str]) -> bool:
    return bool(_CASE_LABEL.search(match.string, max(0, match.start() - 24), match.start()))


def _id_number(match: re.Match[str]) -> Kind | None:
    """Also 17 or 19 digits that look like one: a digit is easily lost or typed twice."""
    number = _bare(match)
    if not _neatly_grouped(match):
        return None
    dated = _dated(number[6:14])
    if dated and valid_id_number(number):
        return "id_number"
    if valid_credit_code(number) or _labelled_as_case(match):
        return None
    return "id_like" if dated and _REGION.match(number) else None


def _old_id_number(match: re.Match[str]) -> Kind | None:
    number = _bare(match)
    known = _REGION.match(number) and _dated("19" + number[6:12])
    return "id_number" if known and not _labelled_as_case(match) else None


def _dated(eight: str) -> bool:
    return eight[:2] in ("18", "19", "20") and "01" <= eight[4:6] <= "12" and "01" <= eight[6:8] <= "31"


def _bank_card(match: re.Match[str]) -> Kind | None:
    number = _bare(match)
    of_a_bank = number[:2] == "62" and valid_luhn(number)
    if _MOBILE.fullmatch(number) or (_in_credit_code(match) and not of_a_bank):
        return None
    if not valid_luhn(number):
        return "card_like" if number[:2] == "62" and len(number) >= 16 and not _labelled_as_case(match) else None
    a_date = _dated(number[:8]) and number[:2] == "20"
    return None if a_date or (number[0] not in "3456" and _labelled_as_case(match)) else "bank_card"


def _in_credit_code(match: re.Match[str]) -> bool:
    """Whether the digits are part of a code with letters, as the credit code of a company is."""
    start, stop = match.span("number")
    ahead = re.match(r"[0-9A-Z]*", match.string[stop:], re.IGNORECASE)
    before = re.search(r"[0-9A-Z]*\Z", match.string[:start], re.IGNORECASE)
    token = (before[0] if before else "") + match["number"] + (ahead[0] if ahead else "")
    return token != match["number"] and valid_credit_code(token.upper())


def _mobile(match: re.Match[str]) -> Kind | None:
    return "mobile" if _neatly_grouped(match) else None


def _phone_like(match: re.Match[str]) -> Kind | None:
    return None if _HOTLINE.fullmatch(_bare(match)) else "phone_like"


def _chat_account(match: re.Match[str]) -> Kind | None:
    return None if _HOTLINE.fullmatch(_bare(match)) else "chat_account"


def _always(kind: Kind) -> Accept:
    return lambda _: kind


class _Plain(dict[int, str | int]):
    """Every digit, letter, hyphen and space as its ASCII form, one for one."""

    def __missing__(self, code: int) -> str | int:
        char = chr(code)
        category = unicodedata.category(char)
        plain: str | int = code
        if category == "Nd":
            plain = str(unicodedata.decimal(char))
        elif category in ("Zs", "Zl", "Zp", "Cf", "Cc", "Cs"):
            plain = " "
        elif category == "Pd" or char in "·．−":
            plain = "-"
        elif code > 127 and len(folded := unicodedata.normalize("NFKC", char)) == 1 and folded.isascii():
            plain = folded
        self[code] = plain
        return plain


_PLAIN = _Plain({ord("."): "-", **{ord(char): "X" for char in "ХхΧχ×✕"}})
_SPOKEN = _Plain({**_PLAIN, **{ord(char): str("零一二三四五六七八九".index(char)) for char in "零一二三四五六七八九"}})
_SPOKEN |= {ord("〇"): "0", ord("幺"): "1", ord("两"): "2", ord("洞"): "0", ord("拐"): "7"}

_REGION = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|9[0-9]")
_HOTLINE = re.compile(r"1\d{2}|1[0-2]\d{3}|1[16]\d{3}|9[56]\d{3,6}|[48]00\d{7}")
_CASE_LABEL = re.compile(
    r"(?:办件|受理|流水|编号|编码|受理号|业务号|流水号|订单号|单号|查询码|案号|文号|回执号|信用代码|税号|许可证号|执照号|注册号|产权证号|代码)"
    r"[是为:：#-]{0,3}\Z"
)
_MOBILE = re.compile(r"(?:00)?(?:86)?1[3-9]\d{9}")
_MAYBE = re.compile(r"(?:[\d零一二三四五六七八九〇幺两洞拐][^\w\[\]]{0,3}){5}|[@＠]|[A-Za-zＡ-Ｚａ-ｚ][·•-]?\w{5}")
_SPOKEN_RUN = re.compile(r"(?:[零一二三四五六七八九〇幺两洞拐][^\w\[\]]{0,3}){5}")
_S = "[ -]{0,2}"
_IS = "(?:号码?)?(?:是|为|[:：#-]| ){0,3}"
_NO_DIGIT = (r"(?<![0-9])", r"(?![0-9])")
_ALONE = (r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])")
_PLATE = (
    "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·•-]?(?=[A-Z]*\\d[A-Z]*\\d)[A-Z0-9]{5,6}"
)


def _pattern(number: str, around: tuple[str, str] = _ALONE) -> re.Pattern[str]:
    return re.compile(f"{around[0]}(?P<number>{number}){around[1]}", re.IGNORECASE | re.ASCII)


def _after(label: str, number: str) -> re.Pattern[str]:
    return _pattern(number, (f"(?:{label}){_IS}", r"(?![0-9])"))


_PATTERNS: tuple[tuple[re.Pattern[str], Accept], ...] = (
    (_pattern(r"[\w.+-]{1,64}@[a-z0-9][a-z0-9-]{0,80}[a-z0-9]", ("", "")), _always("email")),
    (_pattern(f"[1-9](?:{_S}\\d){{15,17}}{_S}[\\dX]", _NO_DIGIT), _id_number),
    (_after("身份证(?:件)?", r"\d{14,20}X?"), _always("id_like")),
    (_pattern(r"[1-9]\d{14}", _NO_DIGIT), _old_id_number),
    (
        _pattern(f"\\d{{13,19}}|\\d{{4}}(?:{_S}\\d{{4}}){{2,3}}(?:{_S}\\d{{1,4}})?|\\d{{6}}{_S}\\d{{9,13}}", _NO_DIGIT),
        _bank_card,
    ),
    (_after("银行卡|卡号|账号|帐号|账户", f"\\d(?:{_S}\\d){{11,20}}"), _always("card_like")),
    (_pattern(f"(?:(?:\\+|00)?86{_S})?1[3-9](?:{_S}\\d){{9}}", _NO_DIGIT), _mobile),
    (
        _pattern(f"\\(?0\\d{{2,3}}\\)?{_S}[2-9]\\d{{2,3}}{_S}\\d{{4}}(?:[转-]\\d{{1,5}})?", _NO_DIGIT),
        _always("landline"),
    ),
    (_after("电话|手机|联系方式|座机", f"\\d(?:{_S}\\d){{6,11}}"), _phone_like),
    (_pattern(r"[EGDSPH]\d{8}|E[A-HJ-NP-Z]\d{7}"), _always("passport")),
    (_after("护照号|passport (?:no|number)(?: is)?", r"[A-Z0-9]{6,10}(?![A-Z])"), _always("passport")),
    (_pattern(r"[CWLTHM]\d{8}(?:\d\d)?|C[A-HJ-NP-Z]\d{7}|[A-Z]{3}\d{12}"), _always("permit")),
    (_after("通行证号|台胞证号?|回乡证号?", r"\d{8,10}"), _always("permit")),
    (_pattern(r"[A-Z]{1,2}\d{6}\([0-9A]\)", (_ALONE[0], "")), _always("permit")),
    (_pattern(_PLATE, ("", _ALONE[1])), _always("plate")),
    (_after("QQ|微信", r"(?=[a-z_-]*\d)[a-z0-9][\w-]{5,24}"), _chat_account),
)
