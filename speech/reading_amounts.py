"""How a number is said that no other rule took: as an amount, as a year, or digit by digit."""

from __future__ import annotations

import re
from collections.abc import Iterator

from speech.reading_numbers import LONGEST, Piece, by_digit, quantity, without_idle_zeros
from speech.reading_words import words

_W = words()
_ONWARD = re.compile(r"(?:\s*(?:-|~|—{1,2}|至|到|或者?|、)\s*\d+(?:\.\d+)?)?\s*")
_ORDINAL = re.compile(r"第\s*[\d~—至到、或-]*$")
_YEAR = re.compile(r"(?:19|20)\d\d")
_BRACKETED = re.compile(r"[（(]\s*$")
_MONEY = re.compile(r"\s*[元块]")


def plain_number(match: re.Match[str]) -> Iterator[Piece]:
    """`match` holds one number, commas and decimals included, in its sentence."""
    number, at, text = match.group().rstrip(","), match.start(), match.string
    end = at + len(number)
    before = text[max(0, at - 16) : at]
    if not re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?", number):
        yield from _enumerated(number, at)
    elif one := _said_by_digit(number, before, text, end):
        yield from by_digit(number, at, one, pauses=len(number) > 6)
    else:
        onward = _ONWARD.match(text, end)
        two = bool(_W.two.match(text, onward.end() if onward else end))
        counts = not _ORDINAL.search(before)
        amount = without_idle_zeros(number) if _MONEY.match(text, end) else number
        yield from quantity(amount, at, two=two and counts, counts=counts and text[end : end + 1] != "号")
    yield from [("，", end)] if match.group().endswith(",") else []


def _said_by_digit(number: str, before: str, text: str, end: int) -> str | None:
    """The word for 1 where `number` names rather than counts: 一 in years, 幺 in numbers that are called."""
    if not number.isdigit():
        return None
    onward = _ONWARD.match(text, end)
    after = onward.end() if onward else end
    if _YEAR.fullmatch(number) and (
        _W.year.match(text, after) or (_BRACKETED.search(before) and text[end : end + 1] in "）)")
    ):
        return "一"
    if len(number) > 2 and _W.room.match(text, after):
        return "幺"
    if _ORDINAL.search(before):
        return None
    if len(number) > LONGEST:
        return "幺"
    if _W.counted.match(text, after):
        return None
    called = _is_called(number, before, text[end : end + 6])
    return ("一" if _YEAR.fullmatch(number) else "幺") if called else None


def _is_called(number: str, before: str, behind: str) -> bool:
    if (number.startswith("0") and len(number) > 1) or (len(number) > 5 and not number.endswith("000")):
        return True
    if len(number) == 4 and not number.endswith("00") and not re.match(r"\s*[号A-Za-z]", behind):
        return True
    if _W.hotline.fullmatch(number):
        return True
    if _W.called.fullmatch(number) and (_W.calling.search(before) or _W.answering.match(behind.lstrip())):
        return True
    return len(number) > 1 and bool(_W.code.search(before))


def _enumerated(numbers: str, at: int) -> Iterator[Piece]:
    """1,2,3: numbers that commas keep apart."""
    for part in re.finditer(r"\d+(?:\.\d+)?", numbers):
        if part.start():
            yield "，", at + part.start() - 1
        yield from quantity(part.group(), at + part.start())
