"""What was heard, read back to be confirmed; and the numbers that stand in what was heard.

A citizen number is hidden but for its first three and last four characters, unless the caller asks for all of it:
other people stand in the hall.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import cn2an
import yaml

from knowledge.check_digits import valid_id_number
from knowledge.numbers import amounts

Kind = Literal["id_number", "phone", "name", "amount", "date"]

HIDDEN: dict[Kind, tuple[int, int]] = {"id_number": (3, 4), "phone": (3, 4)}
"""How many characters stay at either end of a number that is hidden."""
ALWAYS_HIDDEN: frozenset[Kind] = frozenset({"id_number"})
GROUPS: dict[Kind, dict[int, tuple[int, ...]]] = {
    "id_number": {18: (6, 8, 4), 15: (6, 6, 3)},
    "phone": {11: (3, 4, 4), 8: (4, 4), 7: (3, 4), 12: (4, 4, 4)},
}
"""How numbers of a length are grouped, in writing and in speech."""
MOST_YUAN = Decimal("999999999999.99")


@dataclass(frozen=True)
class ReadBack:
    shown: str
    spoken: str


@dataclass(frozen=True)
class Slot:
    """A number that stands in what was heard."""

    kind: Kind
    value: str
    """As `read_back` takes it: digits, yuan with a point, a day as 2026-05-03."""
    span: tuple[int, int]
    valid: bool = True
    """False where its check digit does not fit: a digit was misheard or misspoken."""


def read_back(kind: Kind, value: str, *, hidden: bool | None = None) -> ReadBack:
    """The question that confirms `value`. `hidden` tells whether the middle of a number is kept back.

    Raises ValueError for a value that is none of its kind.
    """
    written, said = _WAYS[kind](value.strip(), kind in ALWAYS_HIDDEN if hidden is None else hidden)
    sentences = _words()["sentences"][kind]
    return ReadBack(sentences["shown"].format(value=written), sentences["spoken"].format(value=said))


def spot(text: str) -> Slot | None:
    """The first citizen number, phone number, day or amount of `text`, in digits or in Chinese."""
    digits, places = _as_digits(text)
    for kind, pattern in _NUMBERS:
        if match := pattern.search(digits):
            value = re.sub(r"\D(?!$)", "", match[0]).upper()
            span = (places[match.start()], places[match.end() - 1] + 1)
            return Slot(kind, value, span, kind != "id_number" or valid_id_number(value))
    for amount in amounts(text):
        if amount.unit == "元":
            return Slot("amount", f"{amount.value:f}", amount.span)
        if amount.unit == "date" and (day := _day(f"{amount.value:f}")):
            return Slot("date", day.isoformat(), amount.span)
    return None


def in_capitals(yuan: Decimal) -> str:
    """Yuan as they stand on receipts: 壹仟贰佰元整. Raises ValueError below 0 and for parts of a cent."""
    if yuan.is_nan() or not 0 <= yuan <= MOST_YUAN or yuan != round(yuan, 2):
        raise ValueError(f"{yuan} is no amount of money")
    return cn2an.an2cn(f"{yuan.normalize():f}", "rmb")


def _number(kind: Kind) -> Callable[[str, bool], tuple[str, str]]:
    def ways(value: str, hidden: bool) -> tuple[str, str]:
        number = re.sub(r"[\s-]", "", value).upper()
        if not _SHAPES[kind].fullmatch(number):
            raise ValueError(f"{len(number)} characters are no {kind}")
        if not hidden:
            groups = _grouped(number, GROUPS[kind].get(len(number), (len(number),)))
            return " ".join(groups), "，".join(map(_aloud, groups))
        first, last = HIDDEN[kind]
        words, middle = _words()["hidden"], len(number) - first - last
        written = number[:first] + words["shown"] * middle + number[-last:]
        return written, f"{_aloud(number[:first])}，{words['spoken']}{_aloud(number[-last:])}"

    return ways


def _name(value: str, hidden: bool) -> tuple[str, str]:  # noqa: ARG001
    """章立: 章立。章，立早章；立，站立的立. Characters of no table are said in the name only."""
    if not re.fullmatch(r"[\u3400-\u9fff·]{1,20}", value):
        raise ValueError("no name in Chinese characters")
    known = _words()["characters"]
    told = [f"{char}，{known[char]}" for char in dict.fromkeys(value) if char in known]
    return value, "。".join([value, *(["；".join(told)] if told else [])])


def _amount(value: str, hidden: bool) -> tuple[str, str]:  # noqa: ARG001
    try:
        yuan = Decimal(value.replace(",", ""))
    except InvalidOperation:
        raise ValueError(f"{value!r} is no amount") from None
    capitals = in_capitals(yuan)
    return f"{yuan:,.2f} 元（{capitals}）", _spoken_yuan(yuan)


def _spoken_yuan(yuan: Decimal) -> str:
    """一千二百元五角; 两元, and 两万元."""
    whole, cents = divmod(int(yuan * 100), 100)
    parts = [f"{cn2an.an2cn(whole)}元"] if whole or not cents else []
    if whole and 0 < cents < 10:
        parts.append("零")
    parts += [f"{cn2an.an2cn(count)}{unit}" for count, unit in ((cents // 10, "角"), (cents % 10, "分")) if count]
    return re.sub(r"^二(?=[千万亿元])", "两", "".join(parts))


def _date(value: str, hidden: bool) -> tuple[str, str]:  # noqa: ARG001
    day = date.fromisoformat(value)
    year = "".join(_DIGIT_NAMES[int(digit)] for digit in f"{day.year:04}")
    spoken = f"{year}年{cn2an.an2cn(day.month)}月{cn2an.an2cn(day.day)}日"
    return f"{day.year}年{day.month}月{day.day}日", spoken


_WAYS: dict[Kind, Callable[[str, bool], tuple[str, str]]] = {
    "id_number": _number("id_number"),
    "phone": _number("phone"),
    "name": _name,
    "amount": _amount,
    "date": _date,
}
_SHAPES: dict[Kind, re.Pattern[str]] = {
    "id_number": re.compile(r"\d{17}[\dX]|\d{15}"),
    "phone": re.compile(r"\d{7,12}"),
}
_DIGIT_NAMES = "零一二三四五六七八九"
_ALOUD = str.maketrans("0123456789", "零幺二三四五六七八九")
_DIGITS = str.maketrans("零〇一二三四五六七八九幺两洞拐ｘｘＸx叉", "001234567891207XXXXX")
_SPARE = " \t-—–.·、，,"
"""What stands between the digits of a number that is said in groups."""
_NUMBERS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("id_number", re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d{9}[\dX](?!\d)")),
    ("phone", re.compile(r"(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}[2-8]\d{6,7})(?!\d)")),
)


def _as_digits(text: str) -> tuple[str, list[int]]:
    """`text` with plain digits and nothing between them, and where each character stood."""
    plain = text.translate(_DIGITS)
    kept = [
        at
        for at, char in enumerate(plain)
        if not (char in _SPARE and plain[:at].rstrip(_SPARE)[-1:].isdigit() and _follows(plain[at:]))
    ]
    return "".join(plain[at] for at in kept), kept


def _follows(rest: str) -> bool:
    after = rest.lstrip(_SPARE)[:1]
    return after.isdigit() or after == "X"


def _grouped(number: str, sizes: tuple[int, ...]) -> list[str]:
    groups, at = list[str](), 0
    for size in sizes:
        groups.append(number[at : at + size])
        at += size
    return groups


def _aloud(digits: str) -> str:
    return digits.translate(_ALOUD)


def _day(digits: str) -> date | None:
    """A day of 20260503; None for a month, a year, or a day that is none."""
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])) if len(digits) == 8 else None
    except ValueError:
        return None


@cache
def _words() -> dict[str, Any]:
    return yaml.load((files("speech") / "read_back.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
