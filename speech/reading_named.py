"""Numbers that name and do not count: telephones, cards, documents, addresses, tickets. Said digit by digit."""

from __future__ import annotations

import re
from collections.abc import Iterator

from speech.reading_numbers import DIGITS, Piece, by_digit, quantity
from speech.reading_words import words

_SAID = words().said


def last_four(match: re.Match[str]) -> Iterator[Piece]:
    """The last four of a personal number: the rest is not for the ears of the hall."""
    last = re.search(r"[\dA-Za-z](?:[ -]?[\dA-Za-z]){0,3}$", match.group())
    if last is None:
        yield _SAID["hidden"], match.start()
        return
    yield "，" + _SAID["tail"], match.start()
    for place, char in enumerate(last.group(), match.start() + last.start()):
        if char.isalnum():
            yield "幺" if char == "1" else DIGITS[int(char)] if char.isdigit() else char.upper(), place
    yield "，", match.end() - 1


def digits(match: re.Match[str]) -> Iterator[Piece]:
    return by_digit(match.group(), match.start())


def telephone(match: re.Match[str]) -> Iterator[Piece]:
    """Area code, number and extension, with pauses between them."""
    said = 0
    for part in re.finditer(r"\d+", match.group()):
        at = match.start() + part.start()
        if said:
            yield "，" + (_SAID["turn"] if said >= 10 else ""), at - 1
        yield from by_digit(part.group(), at)
        said += len(part.group())


def document(match: re.Match[str]) -> Iterator[Piece]:
    """〔2024〕12号: the year by digit, a pause, the number."""
    year, number = re.finditer(r"\d+", match.group())
    yield from by_digit(year.group(), match.start() + year.start(), "一")
    yield "，", match.start() + year.end()
    yield from quantity(number.group(), match.start() + number.start(), counts=False)


def standard(match: re.Match[str]) -> Iterator[Piece]:
    for part in re.finditer(r"[A-Z]+|[\d.]+|-", match.group()):
        at = match.start() + part.start()
        if part.group().isalpha():
            yield part.group(), at
        elif part.group() == "-":
            yield "，", at
        else:
            yield from _dotted(part.group(), at, "一")


def version(match: re.Match[str]) -> Iterator[Piece]:
    return _dotted(match.group(), match.start(), "一")


def _dotted(numbers: str, at: int, one: str) -> Iterator[Piece]:
    for place, char in enumerate(numbers, at):
        yield _SAID["point"] if char == "." else one if char == "1" else DIGITS[int(char)], place


def address(match: re.Match[str]) -> Iterator[Piece]:
    """3-2-501: the parts of an address."""
    for part in re.finditer(r"\d+|-", match.group()):
        at = match.start() + part.start()
        if part.group() == "-":
            yield _SAID["bar"], at
        else:
            long = len(part.group()) > 2
            yield from by_digit(part.group(), at, pauses=False) if long else quantity(part.group(), at)


def ticket(match: re.Match[str]) -> Iterator[Piece]:
    """A023 is said sign by sign; C1 and H5 have a short number."""
    for part in re.finditer(r"[A-Za-z]+|(?<=\.)\d+|\d+|\.", match.group()):
        at, text = match.start() + part.start(), part.group()
        if text.isalpha():
            yield from ((char.upper(), place) for place, char in enumerate(text, at))
        elif text == ".":
            yield _SAID["point"], at
        elif len(text) < 3 and text[0] != "0":
            yield from quantity(text, at)
        else:
            yield from by_digit(text, at, "一")
