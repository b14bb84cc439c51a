"""English words of the service hall put into the handbook's own Chinese terms, so that Chinese search finds them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import repeat
from typing import Literal, get_args

import yaml

from knowledge.foreign_words import foreign_core

Side = Literal["terms", "elsewhere"]
SIDES: tuple[Side, ...] = get_args(Side)

_WORDS = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SHORT = re.compile(r"['’](?:s|re|m|ve|d|ll|t)?$")
_LONGEST = 5
"""Words of the longest phrase that is looked for."""
_ENDINGS = (("ies", "y"), ("ied", "y"), ("es", ""), ("s", ""), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"))


@dataclass(frozen=True)
class ChineseTerms:
    """What the words of an English question are in Chinese."""

    terms: tuple[str, ...]
    """In the order of the words, each once."""
    covered: float
    """Share of the words that name a matter for which the handbook has a term, 0 to 1."""
    covered_elsewhere: float
    """The same with what other offices and companies do."""


@dataclass(frozen=True)
class _WordList:
    """english_terms.yaml."""

    skipped: frozenset[str]
    uncounted: frozenset[str]
    forms: dict[str, str]
    phrases: tuple[tuple[Side, str, str], ...]
    """Side, Chinese term and English phrase, as they stand there."""
    vocabulary: frozenset[str]
    """Every word of every phrase."""


@lru_cache(maxsize=256)
def chinese_terms(text: str) -> ChineseTerms:
    """The Chinese terms for the English words in `text`; a word that is not known gives none and covers nothing."""
    words, phrases = _words(text), _phrases()
    uncounted = _word_list().uncounted
    found: list[str] = []
    sides: list[Side] = []
    matters = start = 0
    while start < len(words):
        sizes = range(min(_LONGEST, len(words) - start), 0, -1)
        size = next((size for size in sizes if " ".join(words[start : start + size]) in phrases), 0)
        if size:
            side, terms = phrases[" ".join(words[start : start + size])]
            found.extend(terms)
            sides.extend(repeat(side, size))
        elif words[start] not in uncounted and foreign_core(words[start], "en"):
            matters += 1
        start += size or 1
    whole = max(matters + len(sides), 1)
    return ChineseTerms(tuple(dict.fromkeys(found)), sides.count("terms") / whole, len(sides) / whole)


def _words(text: str) -> list[str]:
    plain = (_plain(word) for word in _WORDS.findall(text.lower()))
    skipped = _word_list().skipped
    return [word for word in plain if word and word not in skipped]


def _plain(word: str) -> str:
    """Without 's; in the plain form where the list knows one: licences, dying, renewed."""
    known, forms = _word_list().vocabulary, _word_list().forms
    word = _SHORT.sub("", word)
    word = forms.get(word, word)
    if word in known:
        return word
    for ending, instead in _ENDINGS:
        stem = word[: -len(ending)] + instead
        if word.endswith(ending) and len(stem) > 2:
            if stem in known:
                return stem
            if stem[-1] == stem[-2] and stem[:-1] in known:
                return stem[:-1]
    return word


@cache
def _word_list() -> _WordList:
    data = yaml.load((files("knowledge") / "english_terms.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    listed: dict[Side, dict[str, str]] = {side: data[side] for side in SIDES}
    phrases: list[tuple[Side, str, str]] = []
    for side, terms in listed.items():
        for term, words in terms.items():
            phrases.extend((side, term, phrase) for phrase in words.split(" | "))
    vocabulary = frozenset(word for _, _, phrase in phrases for word in _WORDS.findall(phrase))
    return _WordList(
        frozenset(data["skipped"].split()),
        frozenset(data["uncounted"].split()),
        data["forms"],
        tuple(phrases),
        vocabulary,
    )


@cache
def _phrases() -> dict[str, tuple[Side, list[str]]]:
    """English phrase, in plain words -> where it stands, and the Chinese terms for it."""
    found: dict[str, tuple[Side, list[str]]] = {}
    for side, term, phrase in _word_list().phrases:
        found.setdefault(" ".join(_words(phrase)), (side, []))[1].append(term)
    return {phrase: known for phrase, known in found.items() if phrase}
