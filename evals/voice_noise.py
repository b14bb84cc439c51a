"""A question as a recognizer may write it: characters replaced by others of the same sound, always the same ones."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from random import Random
from typing import Any

from pypinyin import lazy_pinyin

SEED = 6
CHARACTERS = 2
"""Characters of a question that are misheard."""
COMMON = (0xB0A1, 0xD7F9)
"""First and last code of the common characters in GB 2312, which is ordered by use and then by sound."""


def misheard(text: str, characters: int = CHARACTERS, seed: int = SEED) -> str:
    """`text` with so many of its characters misheard, as far as it has any that sound like another."""
    heard = list(text)
    sounds = zip(text, lazy_pinyin(text, errors=_one_by_one), strict=True)
    others = {
        place: [other for other in _by_sound().get(sound, ()) if other != written]
        for place, (written, sound) in enumerate(sounds)
        if written >= "\u3400"
    }
    places = [place for place, same in others.items() if same]
    random = Random(f"{seed} {text}")  # noqa: S311 - a sample, not a secret
    for place in random.sample(places, min(characters, len(places))):
        heard[place] = random.choice(others[place])
    return "".join(heard)


def _one_by_one(unread: str) -> Any:
    """What pypinyin cannot read, character by character, so that places stay right."""
    return list(unread)


@cache
def _by_sound() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    first, last = COMMON
    for code in range(first, last + 1):
        if code & 0xFF >= 0xA1:
            character = code.to_bytes(2, "big").decode("gb2312", errors="ignore")
            if character:
                found[lazy_pinyin(character)[0]].append(character)
    return dict(found)
