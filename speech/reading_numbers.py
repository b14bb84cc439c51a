"""Digits as words, each word with the place of the digit that it says."""

from __future__ import annotations

import re
from collections.abc import Iterator

Piece = tuple[str, int]
"""Words, and the place in the sentence of the character that they say."""

DIGITS = "零一二三四五六七八九"
SMALL = ("", "十", "百", "千")
LARGE = ("", "万", "亿", "万亿")
LONGEST = 16
"""Digits of the longest number that is said as a quantity."""

_GROUPS = {7: (3, 4), 8: (4, 4), 10: (3, 3, 4), 11: (3, 4, 4), 12: (4, 4, 4)}
"""How the digits of a number of some length are taken together."""


def by_digit(digits: str, at: int, one: str = "幺", pauses: bool = True) -> Iterator[Piece]:
    """Digit by digit, with a pause between groups; what is no digit in `digits` is not said."""
    places = [(int(char), place) for place, char in enumerate(digits, at) if char.isdigit()]
    sizes = _GROUPS.get(len(places), (4,) * (len(places) // 4 + 1)) if pauses and len(places) > 6 else (len(places),)
    starts = {sum(sizes[:index]) for index in range(1, len(sizes))}
    for index, (digit, place) in enumerate(places):
        if index in starts:
            yield "，", places[index - 1][1]
        yield one if digit == 1 else DIGITS[digit], place


def quantity(number: str, at: int, two: bool = False, counts: bool = True) -> Iterator[Piece]:
    """`number`, with or without commas and a decimal part, as an amount.

    `two`: what it counts takes 两 rather than 二. `counts` is false for ordinals, where even hundreds are 二百.
    """
    whole, point, part = number.partition(".")
    pieces = list(_integer(whole, at))
    lone = len(pieces) == 1 and pieces[0][0] == "二" and two and not part
    if lone or (counts and (pieces[0][0] in ("二百", "二千") or _before_large(pieces))):
        pieces[0] = ("两" + pieces[0][0][1:], pieces[0][1])
    yield from pieces
    if point and part:
        yield "点", at + len(whole)
        yield from ((DIGITS[int(digit)], place) for place, digit in enumerate(part, at + len(whole) + 1))


def _before_large(pieces: list[Piece]) -> bool:
    return len(pieces) > 1 and pieces[0][0] == "二" and pieces[1][0] in LARGE


def _integer(digits: str, at: int) -> Iterator[Piece]:
    places = [(int(char), place) for place, char in enumerate(digits, at) if char.isdigit()]
    zero: int | None = None
    said = section = False
    for index, (digit, place) in enumerate(places):
        large, small = divmod(len(places) - 1 - index, 4)
        if digit == 0:
            zero = place if zero is None else zero
        else:
            if zero is not None and said:
                yield "零", zero
            yield SMALL[small] if digit == 1 and small == 1 and not said else DIGITS[digit] + SMALL[small], place
            zero, said, section = None, True, True
        if small == 0 and large and section:
            yield LARGE[large], place
            zero, section = None, False
    if not said:
        yield "零", places[-1][1]


def without_idle_zeros(number: str) -> str:
    """12.50 -> 12.5, 100.00 -> 100: as amounts of money are said."""
    return re.sub(r"\.?0+$", "", number) if "." in number else number
