"""How visitors speak beside the matter itself: small talk, follow-ups, replies. Data: understanding.yaml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from knowledge.facet_words import without_facet_words
from knowledge.foreign_words import foreign_core, foreign_words
from knowledge.retrieve import FILLERS

PUNCTUATION = re.compile(r"[\s，。？！、,.?!：:；;~～…“”\"'（）()]+")
RESIDUE = re.compile(r"[里儿钱给花交收付拿带费]*")
"""What the words that ask may leave behind, and what alone is no matter: 在哪里办, 要花多少钱."""


@dataclass(frozen=True)
class SpokenWords:
    small_talk: dict[str, re.Pattern[str]]
    opener: re.Pattern[str]
    pronoun: re.Pattern[str]
    ordinals: tuple[tuple[re.Pattern[str], int], ...]
    """Ordinal words and the position they mean; -1 is the last."""
    skip: re.Pattern[str]
    reply: dict[str, re.Pattern[str]]
    """What answers a question about the situation without a word of any option."""
    asking: re.Pattern[str]
    asks_how: re.Pattern[str]
    asks_all: re.Pattern[str]
    """Asks for all conditions, rather than whether something is so."""
    from_there: re.Pattern[str]
    of_there: re.Pattern[str]


@cache
def spoken_words() -> SpokenWords:
    data = yaml.load((files("assistant") / "understanding.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    foreign = yaml.load((files("assistant") / "understanding_foreign.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    for group, more in foreign.items():
        data[group] |= {name: f"(?:{data[group][name]})|{words}" for name, words in more.items()}
    places = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}
    ordinals = tuple((re.compile(words), places[name]) for name, words in data["ordinal"].items())
    return SpokenWords(
        small_talk={name: re.compile(words, re.IGNORECASE) for name, words in data["small_talk"].items()},
        opener=re.compile(data["follow_up"]["opener"]),
        pronoun=re.compile(data["follow_up"]["pronoun"]),
        ordinals=ordinals,
        skip=re.compile(data["skip"]),
        reply={name: re.compile(words) for name, words in data["reply"].items()},
        asking=re.compile(data["asking"]),
        asks_how=re.compile(data["asks_how"]),
        asks_all=re.compile(data["asks_all"]),
        from_there=re.compile(data["elsewhere"]["from_there"]),
        of_there=re.compile(data["elsewhere"]["of_there"]),
    )


def bare(text: str) -> str:
    """`text` without punctuation and spaces."""
    return PUNCTUATION.sub("", text)


def small_talk(text: str) -> str | None:
    """The kind of small talk that the whole sentence is, if any."""
    words = bare(text)
    return next((kind for kind, pattern in spoken_words().small_talk.items() if pattern.fullmatch(words)), None)


def own_matter(text: str, language: str = "zh") -> str:
    """What is left of a question without the words that ask and point back: empty for 那费用呢？"""
    if language in foreign_words():
        return foreign_core(text, language)
    left = FILLERS.sub("", without_facet_words(text))
    left = spoken_words().pronoun.sub("", bare(left))
    return "" if RESIDUE.fullmatch(left) else left
