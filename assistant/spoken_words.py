"""How visitors speak beside the matter itself: small talk, follow-ups, choosing. Data: understanding.yaml."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml
from rapidfuzz import fuzz

from assistant.turn import Option
from knowledge.facet_words import without_facet_words
from knowledge.foreign_words import foreign_core, foreign_words
from knowledge.keywords import sound_tokens
from knowledge.retrieve import FILLERS

PUNCTUATION = re.compile(r"[\s，。？！、,.?!：:；;~～…“”\"'（）()]+")
LONGEST_CHOICE = 16
"""Characters beyond which words are a question of their own, not a choice."""
NOT = "(?:没|没有|无|未|不|不是|不用|不想|非)(?:有|过|什么|任何)?"
HAVING = re.compile(r"^(已经|已|还)?(有|是|要|想)?")
RESIDUE = re.compile(r"[里儿钱给花交收付拿带费]*")
"""What the words that ask may leave behind, and what alone is no matter: 在哪里办, 要花多少钱."""
NEARLY_EQUAL = 75
"""rapidfuzz ratio from which words name an option."""


@dataclass(frozen=True)
class SpokenWords:
    small_talk: dict[str, re.Pattern[str]]
    opener: re.Pattern[str]
    pronoun: re.Pattern[str]
    ordinals: tuple[tuple[re.Pattern[str], int], ...]
    """Ordinal words and the position they mean; -1 is the last."""
    skip: re.Pattern[str]
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


def chosen(
    text: str, options: Sequence[Option], says: Sequence[Sequence[str]] = (), *, by_place_only: bool = False
) -> Option | None:
    """The option that `text` names: by its place, its label, other words for it, or its sound."""
    words = re.sub(r"^(我)?(要|选|是|想要|想选|就|那就?)|(吧|呢|啊|呀|的话)$", "", bare(text))
    for pattern, position in spoken_words().ordinals:
        if pattern.fullmatch(words) and position < len(options):
            return options[position]
    exact = next((option for option in options if bare(text) in (bare(option.label), option.value)), None)
    if exact or by_place_only or len(words) > LONGEST_CHOICE:
        return exact
    names = [(option.label, *(says[place] if place < len(says) else ())) for place, option in enumerate(options)]
    said = [place for place, wordings in enumerate(names) if bare(text) in map(bare, wordings)]
    if len(said) == 1:
        return options[said[0]]
    left = [place for place, wordings in enumerate(names) if not any(_denied(words, name) for name in wordings)]
    scores = {place: max(_likeness(words, name) for name in names[place]) for place in left}
    best = max(scores, key=scores.__getitem__, default=None)
    if best is not None and scores[best] >= NEARLY_EQUAL:
        return options[best]
    if len(options) == 2 and len(left) == 1:
        return options[left[0]]
    return _told_apart(words, [options[place] for place in left])


def _denied(words: str, name: str) -> bool:
    """Whether `words` say that it is not so: 没有贷款 denies 有贷款, and 贷款."""
    name = bare(name)
    core = HAVING.sub("", name)
    if core in ("", "了", "的"):
        return name.startswith("有") and re.fullmatch(NOT + "(了|的)?", words) is not None
    long_enough = len(core) > 1 or name.startswith("有")
    return long_enough and re.search(NOT + re.escape(core), words) is not None


def _told_apart(words: str, options: Sequence[Option]) -> Option | None:
    """The one option with a part that no other has, if `words` are mostly that part by its sound: 卖食品的那个."""
    heard = set(sound_tokens(own_matter(words)))
    sounds = [set(sound_tokens(option.label)) for option in options]
    for place, option in enumerate(options):
        others = set[str]().union(*(sound for other, sound in enumerate(sounds) if other != place))
        if heard and len(heard & (sounds[place] - others)) * 2 >= len(heard) and not heard & (others - sounds[place]):
            return option
    return None


def _likeness(words: str, name: str) -> float:
    name = bare(name)
    if not words:
        return 0.0
    if name in words:
        return 80 + 20 * len(name) / len(words)
    if len(words) >= 2 and words in name:
        return 75 + 20 * len(words) / len(name)
    if len(words) >= 2 and sound_tokens(words) == sound_tokens(name):
        return 90
    return fuzz.ratio(words, name)
