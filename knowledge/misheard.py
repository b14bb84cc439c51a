"""Words that were misheard, mistyped or typed in pinyin, mended by sound with the words that the handbook knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise

from knowledge.keywords import fold, sound_of, split_pinyin

_UNITS = re.compile(r"[\u3400-\u9fff]|[a-z]+", re.IGNORECASE)
LONGEST = 12
"""Units of the longest term that is looked for."""

Sounds = tuple[str, ...]


@dataclass(frozen=True)
class Mended:
    text: str
    corrections: tuple[tuple[str, str], ...] = ()
    """What was written, and what it was taken for."""


@dataclass(frozen=True)
class _Unit:
    """One syllable of a text: a character, or a part of a word typed in pinyin."""

    sound: str
    start: int
    end: int


class Misheard:
    """`known` tells whether characters are words of the handbook as they stand; those are never changed."""

    def __init__(self, terms: Iterable[str], known: Callable[[str], bool]) -> None:
        self._known = known
        self._terms: dict[Sounds, str] = {}
        for term in terms:
            units = _units(term)
            if 2 <= len(units) <= LONGEST and all(unit.end - unit.start == 1 for unit in units):
                self._terms.setdefault(tuple(unit.sound for unit in units), term)

    def mend(self, text: str) -> Mended:
        """Longest terms first, each stretch of text changed at most once."""
        units, found, position = _units(text), [], 0
        while position < len(units):
            sizes = range(LONGEST, 1, -1)
            size = next((size for size in sizes if self._meant(text, units[position : position + size], size)), 0)
            if size:
                window = units[position : position + size]
                found.append((window[0].start, window[-1].end, self._terms[tuple(unit.sound for unit in window)]))
            position += size or 1
        corrections = []
        for start, end, term in reversed(found):
            corrections.append((text[start:end], term))
            text = text[:start] + term + text[end:]
        return Mended(text, tuple(reversed(corrections)))

    def _meant(self, text: str, window: list[_Unit], size: int) -> bool:
        """Whether the window sounds like a term, is written otherwise, and is no known word itself."""
        term = self._terms.get(tuple([unit.sound for unit in window])) if len(window) == size else None
        if term is None or any(a.end != b.start for a, b in pairwise(window)):
            return False
        written = text[window[0].start : window[-1].end]
        return written != term and not self._known(written)


def _units(text: str) -> list[_Unit]:
    units: list[_Unit] = []
    for match in _UNITS.finditer(text):
        word, start = match[0], match.start()
        if word >= "\u3400":
            units.append(_Unit(sound_of(word), start, start + 1))
            continue
        for syllable in split_pinyin(word.lower()):
            units.append(_Unit(fold(syllable), start, start + len(syllable)))
            start += len(syllable)
    return units
