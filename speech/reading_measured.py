"""Dates, times of day, ratios, shares and money."""

from __future__ import annotations

import re
from collections.abc import Iterator

from speech.reading_numbers import Piece, by_digit, quantity, without_idle_zeros
from speech.reading_words import words

_W = words()
_SAID = _W.said
NUMBER = r"\d[\d,]*(?:\.\d+)?"


def date(match: re.Match[str]) -> Iterator[Piece]:
    for part, unit in zip(re.finditer(r"\d+", match.group()), _SAID["date"], strict=False):
        at, end = match.start() + part.start(), match.start() + part.end()
        year = len(part.group()) == 4
        yield from by_digit(part.group(), at, "一") if year else quantity(part.group(), at)
        yield unit, min(end, match.end() - 1)


def clock(match: re.Match[str]) -> Iterator[Piece]:
    """8:30, unless the words before it speak of a ratio."""
    if _W.ratio.search(match.string[max(0, match.start() - 8) : match.start()]):
        yield from ratio(match)
        return
    parts = list(re.finditer(r"\d+", match.group()))
    for index, part in enumerate(parts):
        at, end = match.start() + part.start(), match.start() + part.end()
        if index == 0:
            yield from quantity(part.group(), at, two=True)
            yield _SAID["clock"][0], end
        elif int(part.group()) or len(parts) > 2:
            yield from [("零", at)] if part.group()[0] == "0" and int(part.group()) else []
            yield from quantity(part.group(), at)
            yield _SAID["clock"][index], end - 1


def ratio(match: re.Match[str]) -> Iterator[Piece]:
    for index, part in enumerate(re.finditer(r"\d+", match.group())):
        at = match.start() + part.start()
        if index:
            yield _SAID["compared"], at - 1
        yield from quantity(part.group(), at)


def percent(match: re.Match[str]) -> Iterator[Piece]:
    yield _SAID["percent" if match.group()[-1] == "%" else "permille"], match.start()
    first, *last = re.finditer(NUMBER, match.group())
    yield from quantity(first.group(), match.start())
    for part in last:
        yield _SAID["to"], match.start() + first.end()
        yield from quantity(part.group(), match.start() + part.start())


def fraction(match: re.Match[str]) -> Iterator[Piece]:
    above, below = match.group().split("/")
    if int(above) >= int(below) or above[0] == "0":
        yield from quantity(above, match.start())
        yield "、", match.start() + len(above)
        yield from quantity(below, match.start() + len(above) + 1)
        return
    yield from ((spoken, match.start()) for spoken, _ in quantity(below, 0))
    yield _SAID["of"], match.start()
    yield from quantity(above, match.start())


def spaced(match: re.Match[str]) -> Iterator[Piece]:
    """1 200元: thousands that a space keeps apart."""
    return quantity(match.group(), match.start())


def money(match: re.Match[str]) -> Iterator[Piece]:
    number = re.search(NUMBER, match.group())
    assert number is not None
    rest = match.group()[number.end() :].strip()
    sign = match.group()[: number.start()].strip()
    large = rest[:1] if rest[:1] in "万亿" else ""
    amount = without_idle_zeros(number.group())
    yield from quantity(amount, match.start() + number.start(), two=True)
    yield large + _W.currencies[sign], match.end() - 1
