"""How visitors ask for a facet: the phrase that names it in the index, and the words that give it away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from knowledge.foreign_words import foreign_facets, foreign_words
from knowledge.item import FACETS, Facet


@dataclass(frozen=True)
class FacetWords:
    ask: str
    strong: re.Pattern[str] | None
    weak: re.Pattern[str] | None


@cache
def facet_words() -> dict[Facet, FacetWords]:
    """facet_words.yaml, compiled; every facet has an entry."""
    data = yaml.load((files("knowledge") / "facet_words.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    return {
        facet: FacetWords(data[facet]["ask"], _any_of(data[facet]["strong"]), _any_of(data[facet]["weak"]))
        for facet in FACETS
    }


def facets_asked(text: str, language: str = "zh") -> tuple[Facet, ...]:
    """The facets that `text` asks for, in the order of their words; () where it names none."""
    if language in foreign_words():
        return foreign_facets(text, language)
    for strength in ("strong", "weak"):
        found: list[tuple[int, Facet]] = [
            (match.start(), facet)
            for facet, words in facet_words().items()
            if (pattern := getattr(words, strength)) and (match := pattern.search(text))
        ]
        if found:
            return tuple(facet for _, facet in sorted(found))
    return ()


def without_facet_words(text: str) -> str:
    """`text` without the words that ask for a facet: what is left names the item."""
    for words in facet_words().values():
        for pattern in (words.strong, words.weak):
            text = pattern.sub("", text) if pattern else text
    return text


def _any_of(alternatives: str) -> re.Pattern[str] | None:
    return re.compile("|".join(alternatives.split())) if alternatives else None
