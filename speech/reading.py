"""The written answer as it is read aloud, sentence by sentence: dates, amounts, telephones and signs in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from speech.reading_numbers import Piece
from speech.reading_rules import ANY, RULES
from speech.reading_sentences import LONGEST, LONGEST_FOREIGN, sentences
from speech.reading_words import words

_WIDE = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_NARROW = _WIDE | str.maketrans("％．／＋＝＜＞＠＆＃－﹣‐‑–−～〜∼￥＄＊＿｜［］｛｝", "%./+=<>@&#------~~~¥$*_|[]{}")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_PAUSES = "、，：；。？！"
"""What the voice rests at, weakest first."""


@dataclass(frozen=True)
class Reading:
    """One sentence, as it stands on screen and as it is said."""

    sentence: str
    """Without markdown and list marks."""
    spoken: str
    """Only Han characters, Latin capitals (said by name) and ，。？！、；：; empty where no voice can say it."""
    places: tuple[int, ...]
    """For each character of `spoken` the place in `sentence` of what it says; never falling."""


def read_aloud(text: str, language: str = "zh") -> tuple[Reading, ...]:
    """The sentences of `text`. In other languages than Chinese they have captions and no voice."""
    if not language.startswith("zh"):
        return tuple(Reading(sentence, "", ()) for sentence in sentences(text, LONGEST_FOREIGN))
    return tuple(reading for sentence in sentences(text, LONGEST) if (reading := _read(sentence)).spoken)


def part(reading: Reading, least: int, most: int) -> tuple[Reading, ...]:
    """`reading` in two where it pauses after `least` to `most` spoken characters, as early as can be; else whole."""
    for at in range(least, min(most, len(reading.spoken) - least) + 1):
        if reading.spoken[at - 1] in "，：；" and reading.places[at - 1] < reading.places[at]:
            cut = reading.places[at - 1] + 1
            rest = tuple(place - cut for place in reading.places[at:])
            return (
                Reading(reading.sentence[:cut], reading.spoken[:at], reading.places[:at]),
                Reading(reading.sentence[cut:], reading.spoken[at:], rest),
            )
    return (reading,)


def _read(sentence: str) -> Reading:
    heard: list[str] = []
    places: list[int] = []
    for char, place in _with_end(_chars(_pieces(sentence.translate(_NARROW))), len(sentence) - 1):
        if char not in _PAUSES:
            heard.append(char)
            places.append(place)
        elif heard and heard[-1] in _PAUSES:
            heard[-1] = max(heard[-1], char, key=_PAUSES.index)
        elif heard:
            heard.append(char)
            places.append(place)
    if heard and heard[-1] in "，、" and sentence[-1] not in "，、,：:":
        heard[-1] = "。"
    return Reading(sentence, "".join(heard), tuple(places))


def _pieces(sentence: str) -> Iterator[Piece]:
    start = 0
    for match in ANY.finditer(sentence):
        yield from _plain(sentence, start, match.start())
        rule = RULES[(match.lastindex or 1) - 1]
        yield from rule.read(match)
        start = match.end()
    yield from _plain(sentence, start, len(sentence))


def _plain(sentence: str, start: int, end: int) -> Iterator[Piece]:
    signs = words().signs
    for place in range(start, end):
        char = sentence[place]
        if _HAN.match(char):
            yield char, place
        elif char in signs:
            yield signs[char], place


def _chars(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """One by one, and never back: what is said later than it is written is lit where speech has come to."""
    reached = 0
    for spoken, place in pieces:
        reached = max(reached, place)
        yield from ((char, reached) for char in spoken)


def _with_end(chars: Iterable[Piece], last: int) -> Iterator[Piece]:
    """The voice lets its tone fall at the end of a sentence that is written without a full stop."""
    char = ""
    for char, place in chars:
        yield char, place
    if char and char not in _PAUSES:
        yield "。", last
