"""Isolated short answers, matched by sound against what was offered; a recogniser is weakest on single words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import cn2an
import yaml

from knowledge.keywords import sound_of
from speech.mend import final, initial

NEAR = 0.34
"""Share of the longer one's syllables that may differ."""
ALIKE, UNLIKE = 0.5, 1.5
"""What a syllable counts for another one: 正 for 整, and 离 for 结."""
MARGIN = 0.2
"""By how much the next option must be further away."""
LONGER = 5
"""Syllables that an answer may have beyond the longest option."""

LONGEST_ASIDE = 10
"""Syllables beyond which words are no aside."""

Sounds = tuple[str, ...]

_NUMERALS = re.compile(r"[零一二三四五六七八九十百千万两]+")
_NOT_WORDS = re.compile(r"[\W_]+")
_ASIDE = re.compile(r"[（(].*?[）)]")
_PARTS = re.compile(r"[、/／，,；;]|或者|或")


@dataclass(frozen=True)
class ShortAnswers:
    places: dict[Sounds, int]
    of_two: dict[Sounds, int]
    yes: frozenset[Sounds]
    no: frozenset[Sounds]
    none: frozenset[Sounds]
    affirms: re.Pattern[str]
    denies: re.Pattern[str]
    leaves: re.Pattern[str]
    asks: re.Pattern[str]
    around: re.Pattern[str]
    turning: frozenset[str]


def nearest(text: str, offered: Sequence[str]) -> str | None:
    """The offered label that `text` names: by place, yes or no, or sound. None where it may be a new question."""
    said = _NOT_WORDS.sub("", text)
    labels = {label: [_sounds(part) for part in _names(label)] for label in offered}
    whole = _sounds(said)
    if not whole or not offered:
        return None
    if exact := [label for label, names in labels.items() if whole in names]:
        return exact[0] if len(exact) == 1 else None
    if found := _placed(whole, offered) or _agreed(whole, offered):
        return found
    if _answers().asks.search(said) or len(whole) > LONGER + max(len(names[0]) for names in labels.values()):
        return None
    words = _sounds(_answers().around.sub("", said)) or whole
    return _placed(words, offered) or _agreed(words, offered) or _near(said, words, labels)


def is_backchannel(text: str) -> bool:
    """Whether the visitor only shows that he listens: 嗯, 好的, 知道了."""
    return _made_of(text, "listening", "around")


def is_stop(text: str) -> bool:
    """Whether the visitor wants silence and asks nothing: 停, 别说了, 等一下."""
    return _made_of(text, "stop", "listening", "around")


def _placed(words: Sounds, offered: Sequence[str]) -> str | None:
    place = _answers().places.get(words)
    if place is None and len(offered) == 2:
        place = _answers().of_two.get(words)
    if place is None or place > len(offered):
        return None
    return offered[place if place < 0 else place - 1]


def _agreed(words: Sounds, offered: Sequence[str]) -> str | None:
    """The only option that affirms, denies or leaves all others, where `words` do so."""
    answers = _answers()
    leaving = [label for label in offered if answers.leaves.match(label)]
    denying = [label for label in offered if answers.denies.match(label) and label not in leaving]
    affirming = [label for label in offered if answers.affirms.match(label) and label not in (*leaving, *denying)]
    none, no = (leaving or denying), (denying or leaving)
    for meant, labels in ((answers.none, none), (answers.no, no), (answers.yes, affirming)):
        if words in meant:
            return labels[0] if len(labels) == 1 else None
    return None


def _near(said: str, words: Sounds, labels: dict[str, list[Sounds]]) -> str | None:
    """The label that sounds nearest, if no other is about as near and none turns the meaning around."""
    distances = {
        label: min(_distance(words, name) for name in names) if _same_numbers(said, label) else 1.0
        for label, names in labels.items()
    }
    ordered = sorted(distances, key=distances.__getitem__)
    best = ordered[0]
    if distances[best] > NEAR or len(words) < 2:
        return None
    return best if len(ordered) == 1 or distances[ordered[1]] - distances[best] >= MARGIN else None


def _distance(words: Sounds, name: Sounds) -> float:
    """Edit distance by syllables of the longer one; 1 where one of both denies and the other does not."""
    turning = _answers().turning
    if Counter(one for one in words if one in turning) != Counter(one for one in name if one in turning):
        return 1.0
    row = [float(at) for at in range(len(name) + 1)]
    for at, heard in enumerate(words, 1):
        row, above = [float(at)], row
        for place, meant in enumerate(name):
            row.append(min(row[-1] + 1, above[place + 1] + 1, above[place] + _difference(heard, meant)))
    return row[-1] / max(len(words), len(name))


def _difference(heard: str, meant: str) -> float:
    """Syllables that begin or end alike are easily misheard; others are other words."""
    if heard == meant:
        return 0.0
    return ALIKE if initial(heard) == initial(meant) or final(heard) == final(meant) else UNLIKE


def _same_numbers(said: str, label: str) -> bool:
    numbers, others = _NUMERALS.findall(_spoken(said)), _NUMERALS.findall(_spoken(label))
    return not numbers or not others or numbers == others


def _names(label: str) -> list[str]:
    """The label, without what stands in brackets, and its parts."""
    plain = _ASIDE.sub("", label) or label
    parts = [part for part in _PARTS.split(plain) if len(part) > 1]
    return list(dict.fromkeys([plain, label, *parts]))


def _made_of(text: str, weighty: str, *light: str) -> bool:
    """Whether `text` is a row of words of these kinds, one of them weighty."""
    kinds = _backchannels()
    sounds = _sounds(text)
    idle = frozenset[Sounds]().union(*(kinds[kind] for kind in light))
    return len(sounds) <= LONGEST_ASIDE and _row(sounds, kinds[weighty], idle)


def _row(sounds: Sounds, weighty: frozenset[Sounds], light: frozenset[Sounds], found: bool = False) -> bool:
    if not sounds:
        return found
    sizes = range(1, len(sounds) + 1)
    return any(
        _row(sounds[size:], weighty, light, found or sounds[:size] in weighty)
        for size in sizes
        if sounds[:size] in weighty or sounds[:size] in light
    )


@cache
def _answers() -> ShortAnswers:
    data = _read("short_answers.yaml")
    places, of_two = (
        {_sounds(word): place for place, words in data[key].items() for word in words.split()}
        for key in ("places", "of_two")
    )
    yes, no, none = (_every(data[key]) for key in ("said_yes", "said_no", "said_none"))
    return ShortAnswers(
        places, of_two, yes - no, no, none,
        re.compile(data["affirms"]), re.compile(data["denies"]), re.compile(data["leaves"]), re.compile(data["asks"]),
        re.compile(f"^(?:{data['before']})+|(?:{data['after']})+$"),
        frozenset(map(sound_of, data["turning"].split())),
    )  # fmt: skip


@cache
def _backchannels() -> dict[str, frozenset[Sounds]]:
    return {kind: _every(words) for kind, words in _read("backchannels.yaml").items()}


def _read(name: str) -> dict[str, Any]:
    return yaml.load((files("speech") / name).read_text("utf-8"), Loader=yaml.CSafeLoader)


def _every(words: str) -> frozenset[Sounds]:
    return frozenset(map(_sounds, words.split()))


def _sounds(text: str) -> Sounds:
    """Folded syllables; numbers as they are said."""
    return tuple(sound_of(char) for char in _spoken(text))


def _spoken(text: str) -> str:
    return re.sub(r"\d{1,12}", lambda number: cn2an.an2cn(number[0]), _NOT_WORDS.sub("", text)).lower()
