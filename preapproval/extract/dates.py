"""Dates as documents write them. A day that does not exist, or whose last digit may be lost, is not found."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

LONG = "9999-12-31"
"""What 长期 is written as."""

_SEP = r"[ \t]*[./·,\-][ \t]*"
_WORDED = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)(?:[ \t]*\d){2})[ \t]*年[ \t]*(?P<m>\d{1,2})[ \t]*月[ \t]*(?P<d>\d{1,2})[ \t]*[日号]"
)
_DOTTED = re.compile(rf"(?<!\d)(?P<y>(?:19|20)\d\d){_SEP}(?P<m>\d{{1,2}}){_SEP}(?P<d>\d{{1,2}})(?!\d)")
_COMPACT = re.compile(r"(?<![\dA-Za-z])(?P<y>(?:19|20)\d\d)[.·\-]?(?P<m>\d\d)[.·\-]?(?P<d>\d\d)(?![\dA-Za-z])")
_DIGITS = "〇零○一二三四五六七八九"
_NUMERAL = r"[一二三四五六七八九十]{1,3}"
_CHINESE = re.compile(
    rf"(?P<y>[{_DIGITS}Oo0]{{4}})[ \t]*年[ \t]*(?P<m>{_NUMERAL})[ \t]*月[ \t]*(?P<d>{_NUMERAL})[ \t]*日"
)
_JOIN = r"[ \t\n]*(?:起[ \t\n,]*(?:-|~|至|到)?|(?:-|~|至|到|止)+)[ \t\n]*"
_ENDLESS = re.compile(rf"(?:{_JOIN})(?:长[ \t]*期|永久|不约定期限|无固定期限)")
_UNTIL = re.compile(rf"{_JOIN}$")


@dataclass(frozen=True)
class FoundDate:
    """Where a date stands in the text, and which."""

    start: int
    end: int
    day: date


@dataclass(frozen=True)
class FoundRange:
    start: int
    end: int
    first: FoundDate
    last: FoundDate | None
    """None: without end."""


def find_dates(text: str) -> tuple[FoundDate, ...]:
    """In folded text, from left to right."""
    found: dict[int, FoundDate] = {}
    for shape in (_WORDED, _DOTTED, _COMPACT):
        for one in shape.finditer(text):
            padded = one["m"].startswith("0") and len(one["d"]) == 1 and shape is _DOTTED
            day = None if padded else _day(re.sub(r"\s", "", one["y"]), one["m"], one["d"])
            if day and not any(other.start < one.end() and one.start() < other.end for other in found.values()):
                found[one.start()] = FoundDate(one.start(), one.end(), day)
    for one in _CHINESE.finditer(text):
        year = "".join(str(max(_DIGITS.find(char) - 2, 0)) for char in one["y"])
        if day := _day(year, str(_below_hundred(one["m"])), str(_below_hundred(one["d"]))):
            found[one.start()] = FoundDate(one.start(), one.end(), day)
    return tuple(found[at] for at in sorted(found))


def find_range(text: str) -> FoundRange | None:
    """The first `day - day` or `day - 长期`."""
    dates = find_dates(text)
    for at, first in enumerate(dates):
        if endless := _ENDLESS.match(text, first.end):
            return FoundRange(first.start, endless.end(), first, None)
        if at + 1 < len(dates) and _UNTIL.search(text[first.end : dates[at + 1].start]):
            last = dates[at + 1]
            return FoundRange(first.start, last.end, first, last) if last.day >= first.day else None
    return None


def parse_date(text: str) -> date | None:
    """The only date of the text; None where there is none or more than one."""
    dates = find_dates(text)
    return dates[0].day if len(dates) == 1 else None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _below_hundred(numeral: str) -> int:
    tens, ten, ones = numeral.partition("十")
    if not ten:
        return "零一二三四五六七八九".find(numeral)
    return (_DIGITS.find(tens) - 2 if tens else 1) * 10 + (_DIGITS.find(ones) - 2 if ones else 0)
