"""When each sound comes, as the mouth of the avatar and the captions need it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from speech.letters import LETTERS
from speech.synthesizer import Speech

VISEMES = ("sil", "PP", "FF", "TH", "DD", "kk", "CH", "SS", "nn", "RR", "aa", "E", "I", "O", "U")
SHORTEST = 0.04
"""Seconds; a shape that lasts less is not seen and gives its time to its neighbour."""
GAP = 0.06
"""Seconds without a sound after which the mouth closes."""

_Shape = tuple[float, float, str]


def visemes(speech: Speech) -> list[tuple[float, str]]:
    """(start in seconds, mouth shape), each until the next one; the first at 0, the last one `sil` at the end."""
    shapes: list[_Shape] = [(0.0, 0.0, "sil")]
    for sound in speech.sounds:
        if sound.start - shapes[-1][1] > GAP:
            shapes.append((shapes[-1][1], sound.start, "sil"))
        start = shapes[-1][1]
        names = mouth_of(sound.phone)
        step = (sound.end - start) / len(names)
        shapes += [(start + at * step, start + (at + 1) * step, name) for at, name in enumerate(names) if step > 0]
    shapes.append((shapes[-1][1], speech.seconds, "sil"))
    return _steps(shapes)


def char_times(speech: Speech, n_chars: int) -> list[tuple[float, float]]:
    """Start and end of each character of the spoken text; what has no sound takes no time where it stands."""
    heard: dict[int, tuple[float, float]] = {}
    for sound in speech.sounds:
        start, _ = heard.get(sound.char, (sound.start, sound.end))
        heard[sound.char] = (start, sound.end)
    times: list[tuple[float, float]] = []
    latest = 0.0
    for char in range(n_chars):
        start, end = heard.get(char, (latest, latest))
        start = max(start, latest)
        latest = max(end, start)
        times.append((start, latest))
    return times


@cache
def mouth_of(phone: str) -> tuple[str, ...]:
    """The shapes of a phone, in order; an open mouth for one that the table does not name."""
    return _table().get(phone, ("E",))


@cache
def _table() -> dict[str, tuple[str, ...]]:
    raw: dict[str, dict[str, str]] = yaml.safe_load((Path(__file__).parent / "visemes.yaml").read_text("utf-8"))
    named = {letter.ipa: letter.mouth for letter in LETTERS.values()}
    return {phone: tuple(shapes.split()) for phone, shapes in {**named, **raw["initials"], **raw["finals"]}.items()}


def _steps(shapes: list[_Shape]) -> list[tuple[float, str]]:
    """Shapes without the ones too short to be seen, equal neighbours made one."""
    steps: list[tuple[float, str]] = []
    for at, (start, end, name) in enumerate(shapes):
        last = at == len(shapes) - 1
        if steps and steps[-1][1] == name:
            continue
        if end - start < SHORTEST and not last and name != "PP":
            continue
        steps.append((round(start, 3) if steps else 0.0, name))
    return steps
