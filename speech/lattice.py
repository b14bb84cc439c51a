"""Homophones put right: the likeliest words among all that sound like what was recognised.

A recogniser without a language model of the matter writes the right syllables in wrong characters. Viterbi over words
with the same toneless pinyin; a word weighs what its counts in general and in the hall's own texts say.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import exp, log

from speech.word_table import LONGEST, WordTable, syllables_of

KEPT = 3.0
"""Nats for each character that stays as the recogniser wrote it (2 to 3.5 are about as good)."""
LONE = 2.0
"""Nats that it costs to change a character which no word takes in: in 花都开了 nothing tells 花 from 话."""
DOMAIN = 0.7
"""Share of the hall's own texts in the probability of a word."""
UNSEEN = 0.5
"""Count of a character that no dictionary knows."""
TERM = 5000
"""Count in the general corpus that makes the splits of a term unlikely."""

_HAN_RUN = re.compile(r"[\u4e00-\u9fff]+")


@dataclass(frozen=True)
class Decoded:
    """One word of a text, as it was heard and as it is meant; both of the same length."""

    heard: str
    meant: str


class Lattice:
    """`counts` are words of the hall and how often each stands in its texts. Safe for several threads."""

    def __init__(self, words: WordTable, counts: Mapping[str, int]) -> None:
        self._words = words
        self._counts = dict(counts)
        self._shares = (log(1 - DOMAIN) - log(words.total), log(DOMAIN) - log(max(sum(counts.values()), 1)))
        self._by_sound: dict[tuple[str, ...], list[str]] = {}
        for word in counts:
            if len(word) <= LONGEST and _HAN_RUN.fullmatch(word):
                self._by_sound.setdefault(tuple(syllables_of(word)), []).append(word)

    def decode(self, text: str) -> tuple[Decoded, ...]:
        """The words of `text` in order; what is not Chinese stays as it is."""
        found: list[Decoded] = []
        end = 0
        for match in _HAN_RUN.finditer(text):
            if match.start() > end:
                found.append(Decoded(text[end : match.start()], text[end : match.start()]))
            found += self._best(match[0])
            end = match.end()
        return (*found, Decoded(text[end:], text[end:])) if end < len(text) else tuple(found)

    def knows(self, word: str) -> bool:
        """Whether it is a word, of the language or of the hall."""
        return word in self._counts or self._words.count(word) > 0

    def _best(self, run: str) -> list[Decoded]:
        best: list[tuple[float, int, str]] = [(0.0, 0, "")] + [(float("-inf"), 0, "")] * len(run)
        syllables = syllables_of(run)
        for start, rows in enumerate(self._words.windows(syllables)):
            so_far = best[start][0]
            for word, weight in self._candidates(run, start, syllables, rows):
                kept = sum(a == b for a, b in zip(word, run[start:], strict=False))
                lone = LONE if len(word) == 1 and not kept else 0.0
                score, end = so_far + weight + KEPT * kept - lone, start + len(word)
                if score > best[end][0]:
                    best[end] = (score, start, word)
        found, end = list[Decoded](), len(run)
        while end:
            _, start, word = best[end]
            found.append(Decoded(run[start:end], word))
            end = start
        return found[::-1]

    def _candidates(self, run: str, start: int, syllables: list[str], rows: list[range]) -> Iterator[tuple[str, float]]:
        """Words that sound like the run from `start` on, with the logarithm of their probability."""
        yield run[start], self._weight(run[start], self._words.count(run[start]) or UNSEEN)
        for size, found in enumerate(rows, 1):
            for row in found:
                word, count = self._words.word(row, size)
                yield word, self._weight(word, count)
            for word in self._by_sound.get(tuple(syllables[start : start + size]), ()):
                yield word, self._weight(word, self._words.count(word))

    def _weight(self, word: str, count: float) -> float:
        general, own = self._shares
        mined = self._counts.get(word)
        if mined is None:
            return general + log(count)
        return log((count or 0) * exp(general) + mined * exp(own))


def mine(texts: Iterable[str], words: WordTable, terms: Iterable[str] = ()) -> Counter[str]:
    """How often each word stands in `texts`, split into the likeliest words; every one of `terms` counts as a word."""
    known = {term for term in terms if 2 <= len(term) <= LONGEST}
    counts: Counter[str] = Counter(known)

    @cache
    def weight(word: str) -> float | None:
        count = words.count(word) or (UNSEEN if len(word) == 1 else 0)
        count = max(count, TERM) if word in known else count
        return log(count / words.total) if count else None

    for text in texts:
        for run in _HAN_RUN.findall(text):
            counts.update(_split(run, weight))
    return counts


def _split(run: str, weight: Callable[[str], float | None]) -> Iterator[str]:
    """The likeliest split into words."""
    best: list[tuple[float, int]] = [(0.0, 0)] + [(float("-inf"), 0)] * len(run)
    for start in range(len(run)):
        for end in range(start + 1, min(len(run), start + LONGEST) + 1):
            worth = weight(run[start:end])
            if worth is not None and best[start][0] + worth > best[end][0]:
                best[end] = (best[start][0] + worth, start)
    end = len(run)
    while end:
        yield run[best[end][1] : end]
        end = best[end][1]
