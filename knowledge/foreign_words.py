"""The words that ask, in the languages other than Chinese: what asks for a facet, and what carries no item."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from knowledge.item import FACETS, Facet


@dataclass(frozen=True)
class ForeignWords:
    strong: dict[Facet, re.Pattern[str]]
    weak: dict[Facet, re.Pattern[str]]
    fillers: re.Pattern[str]
    spellings: tuple[tuple[re.Pattern[str], str], ...]
    """Words, and those that the names use for the same."""


@cache
def foreign_words() -> dict[str, ForeignWords]:
    """facet_words_foreign.yaml, compiled; every facet has an entry in every language."""
    data = yaml.load((files("knowledge") / "facet_words_foreign.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    return {
        language: ForeignWords(
            {facet: _any_of(words[facet]["strong"]) for facet in FACETS if facet in words},
            {facet: _any_of(words[facet]["weak"]) for facet in FACETS if facet in words and words[facet]["weak"]},
            _any_of(words["fillers"]),
            tuple((re.compile(asked), named) for asked, named in words["spellings"].items()),
        )
        for language, words in data.items()
    }


def foreign_facets(text: str, language: str) -> tuple[Facet, ...]:
    """The facets that `text` asks for, in the order of their words; () where it names none."""
    words = foreign_words()[language]
    for patterns in (words.strong, words.weak):
        found: list[tuple[int, Facet]] = [
            (match.start(), facet) for facet, pattern in patterns.items() if (match := pattern.search(text))
        ]
        if found:
            return tuple(facet for _, facet in sorted(found))
    return ()


def foreign_core(text: str, language: str) -> str:
    """`text` in lower case without the words that ask: what is left names the matter. Empty for "And the fee?"."""
    words = foreign_words()[language]
    left = text.lower().replace("’", "'")
    for pattern, named in words.spellings:
        left = pattern.sub(named, left)
    for pattern in (*words.strong.values(), *words.weak.values(), words.fillers):
        left = pattern.sub(" ", left)
    return " ".join(re.sub(r"[^\w\s]|\b\d+\b", " ", left).split())


def _any_of(alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives.split(" | ")), re.IGNORECASE)
