"""Signs, Latin words and what is only shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator

from speech.reading_numbers import Piece, quantity
from speech.reading_words import words

_W = words()
_SAID = _W.said
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")

Reader = Callable[[re.Match[str]], Iterable[Piece]]
"""What a rule says for its match: words with their places in the sentence."""


def silent(_: re.Match[str]) -> Iterator[Piece]:
    return iter(())


def fixed(spoken: str) -> Reader:
    return lambda match: [(spoken, match.start())]


def on_screen(name: str) -> Reader:
    """The name of what is shown, unless the sentence has just said it."""

    def read(match: re.Match[str]) -> Iterator[Piece]:
        said = name in match.string[max(0, match.start() - 6) : match.start()]
        yield ("" if said else name) + _SAID["see"], match.start()

    return read


def sign_number(match: re.Match[str]) -> Iterator[Piece]:
    """①, Ⅳ and ½."""
    at, number = match.start(), unicodedata.normalize("NFKC", match.group())
    value = unicodedata.numeric(match.group())
    if "⁄" in number:
        above, below = number.split("⁄")
        spoken = [*quantity(below, at), (_SAID["of"], at), *quantity(above, at)]
        yield from ((word, at) for word, _ in spoken)
        return
    roman = number[0].isalpha()
    yield from [] if roman else [("，", at)]
    yield from ((word, at) for word, _ in quantity(str(int(value)), at))
    yield from [] if roman else [("，", at)]


def roman(match: re.Match[str]) -> Iterator[Piece]:
    yield from ((word, match.start()) for word, _ in quantity(str(ROMAN.index(match.group()) + 1), 0))


def item(match: re.Match[str]) -> Iterator[Piece]:
    """2. or (2) within a line."""
    number = re.search(r"\d+", match.group())
    assert number is not None
    yield "，", match.start()
    yield from quantity(number.group(), match.start() + number.start())
    yield "，", match.end() - 1


def somebody(match: re.Match[str]) -> Iterator[Piece]:
    """张**, 张*三, ××街道: who or what shall not be named."""
    yield _SAID["somebody"] * min(2, len(match.group())), match.start()


def aside(match: re.Match[str]) -> Iterator[Piece]:
    """出国（境） is 出国境; 镇（街道） is one and the other."""
    inside = match.group()[1:-1]
    yield ("、" if len(inside) > 1 else ""), match.start()
    yield from ((char, place) for place, char in enumerate(inside, match.start() + 1))


def slash(match: re.Match[str]) -> Iterator[Piece]:
    """元/月 is 元每月; 医院/社区 is one or the other."""
    before = match.string[max(0, match.start() - 12) : match.start()]
    per = re.search(r"[元角分]$|\d\s*[A-Za-z万亿千百十]*[个次件份人户张天日月年小时平方米米吨㎡²kgm]{1,3}$", before)
    yield _SAID["per" if per else "or"], match.start()


def minus(match: re.Match[str]) -> Iterator[Piece]:
    cold = re.match(r"-[\d.]+\s*(?:℃|°|度)", match.string[match.start() : match.start() + 12])
    yield _SAID["below" if cold else "minus"], match.start()


def latin(match: re.Match[str]) -> Iterator[Piece]:
    word = match.group()
    if word in _W.words:
        yield _W.words[word], match.start()
    elif len(word) > 10 and not word.isupper():
        yield "，" + _SAID["english"] + "，", match.start()
    else:
        yield from ((char.upper(), place) for place, char in enumerate(word, match.start()) if char.isascii())


def unit(match: re.Match[str]) -> Iterator[Piece]:
    yield _W.units[match.group().strip()], match.end() - 1
