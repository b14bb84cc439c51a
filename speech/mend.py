"""Terms of the hall of which one syllable was misheard: 生育今天 is 生育津贴, 桑桑补助金 is 丧葬补助金."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from knowledge.keywords import sound_of

SHORTEST, LONGEST = 4, 12
"""Syllables of a term of which one may differ; in shorter ones too much would be alike."""

Sounds = tuple[str, ...]

_HAN = re.compile(r"[\u4e00-\u9fff]+")
_INITIAL = re.compile(r"[bpmfdtnlgkhjqxrzcsyw]?")


@dataclass(frozen=True)
class Change:
    start: int
    term: str

    @property
    def end(self) -> int:
        return self.start + len(self.term)


class NearTerms:
    """Only for terms that somebody chose; mined ones do harm. `known` words stay as they are."""

    def __init__(self, terms: Iterable[str], known: Callable[[str], bool]) -> None:
        self._known = known
        self._by_half: dict[tuple[int, bool, Sounds], list[tuple[str, Sounds]]] = {}
        for term in dict.fromkeys(terms):
            if SHORTEST <= len(term) <= LONGEST and _HAN.fullmatch(term):
                sounds = tuple(map(sound_of, term))
                for key in _halves(sounds):
                    self._by_half.setdefault(key, []).append((term, sounds))

    def changes(self, text: str, bounds: frozenset[int]) -> Iterator[Change]:
        """Longest first at each place, beginning and ending where words do; no two overlap."""
        sounds, at = tuple(map(sound_of, text)), 0
        while at < len(text):
            change = self._at(text, sounds, at, bounds) if at in bounds else None
            if change:
                yield change
            at = change.end if change else at + 1

    def _at(self, text: str, sounds: Sounds, start: int, bounds: frozenset[int]) -> Change | None:
        for size in range(min(LONGEST, len(text) - start), SHORTEST - 1, -1):
            if start + size not in bounds:
                continue
            written, heard = text[start : start + size], sounds[start : start + size]
            meant = {
                term
                for key in _halves(heard)
                for term, sound in self._by_half.get(key, ())
                if _one_off(heard, sound) and _alike(written, term)
            }
            if len(meant) == 1 and not self._known(written):
                return Change(start, meant.pop())
        return None


def _halves(sounds: Sounds) -> tuple[tuple[int, bool, Sounds], ...]:
    """Where one syllable differs, one half is the same."""
    half = len(sounds) // 2
    return (len(sounds), False, sounds[:half]), (len(sounds), True, sounds[half:])


def _one_off(heard: Sounds, meant: Sounds) -> bool:
    """Whether one syllable differs, and that one begins or ends alike."""
    different = [(a, b) for a, b in zip(heard, meant, strict=True) if a != b]
    return len(different) == 1 and all(initial(a) == initial(b) or final(a) == final(b) for a, b in different)


def _alike(written: str, term: str) -> bool:
    """Half of the characters are the same already."""
    return sum(a == b for a, b in zip(written, term, strict=True)) * 2 >= len(term)


def initial(syllable: str) -> str:
    match = _INITIAL.match(syllable)
    return match[0] if match else ""


def final(syllable: str) -> str:
    return syllable[len(initial(syllable)) :]
