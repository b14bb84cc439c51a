"""Pinyin read as characters: the likeliest ones by the pairs and triples of characters in the handbook."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from math import log

from pypinyin import Style, pinyin

from knowledge.keywords import syllables_of

_STRETCH = re.compile(r"(?<![A-Za-z])[a-z]+(?:[ '’]+[a-z]+)*(?![A-Za-z])")
"""Small letters only: names of people and abbreviations have capitals."""
_HAN = re.compile(r"[\u3400-\u9fff]+")
LEAST = 2
"""Syllables of a text with less of which it is taken to hold no pinyin."""
TRIPLE, PAIR, SINGLE = 0.6, 0.35, 0.05
"""Shares of what precedes a character in its likelihood: two characters, one, none."""

Path = tuple[float, str]
"""How likely what was read so far is, as a logarithm, and its characters."""


class PinyinReader:
    """`texts` are what visitors may well write: names, wordings of questions, materials."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = tuple(texts)

    def read(self, text: str) -> str:
        """The text with every stretch of pinyin in characters. A stretch with a word that is no pinyin stays."""
        read, last, stretches = "", 0, list(_STRETCH.finditer(text))
        if sum(len(_syllables(stretch.group())) for stretch in stretches) < LEAST:
            return text
        for stretch in stretches:
            syllables = _syllables(stretch.group())
            before = read + text[last : stretch.start()]
            characters = self._likeliest(syllables, before.rstrip()[-2:]) if syllables else None
            read = before.rstrip(" ") + characters if characters else before + stretch.group()
            last = stretch.end()
            if characters and text[last : last + 1] == " ":
                last += 1
        return read + text[last:]

    def _likeliest(self, syllables: list[str], before: str) -> str | None:
        """The best characters for the syllables; None where the handbook has no character of one of them."""
        paths: dict[str, Path] = {before: (0.0, "")}
        for syllable in syllables:
            following: dict[str, Path] = {}
            for character in self._characters.get(syllable, ()):
                for context, (likely, characters) in paths.items():
                    path = likely + log(self._share(context, character)), characters + character
                    end = (context + character)[-2:]
                    if end not in following or following[end] < path:
                        following[end] = path
            paths = following
        return max(paths.values())[1] if paths else None

    def _share(self, context: str, character: str) -> float:
        """How often the character follows its context, in triples, pairs and alone."""
        runs = self._runs
        share = SINGLE * runs[character] / self._total
        for weight, known in ((PAIR, context[-1:]), (TRIPLE, context)):
            if known and runs[known]:
                share += weight * runs[known + character] / runs[known]
        return share

    @cached_property
    def _runs(self) -> Counter[str]:
        """How often each run of one to three characters stands in the texts."""
        runs: Counter[str] = Counter()
        for text in self._texts:
            for run in _HAN.findall(text):
                for size in (1, 2, 3):
                    runs.update(run[start : start + size] for start in range(len(run) - size + 1))
        return runs

    @cached_property
    def _total(self) -> int:
        return sum(count for run, count in self._runs.items() if len(run) == 1)

    @cached_property
    def _characters(self) -> dict[str, list[str]]:
        """The characters of the texts by each of their readings."""
        found: dict[str, list[str]] = {}
        for character, syllable in _readings(run for run in self._runs if len(run) == 1):
            found.setdefault(syllable, []).append(character)
        return found


def _readings(characters: Iterable[str]) -> Iterator[tuple[str, str]]:
    for character in characters:
        for syllable in pinyin(character, style=Style.NORMAL, heteronym=True, v_to_u=False)[0]:
            yield character, syllable


def _syllables(stretch: str) -> list[str]:
    """The syllables of a stretch of Latin words; [] where one of them is no pinyin."""
    words = [syllables_of(word) for word in re.split(r"[ '’]+", stretch)]
    return [syllable for word in words for syllable in word] if all(words) else []
