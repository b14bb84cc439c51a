"""A voice without a model: one hummed tone a syllable, truly timed. For tests, and halls that can load no voice."""

from __future__ import annotations

from functools import cache

import numpy as np

from speech.audio import Samples
from speech.letters import LETTERS
from speech.phones import Letter, Pause, Unit, units
from speech.synthesizer import Sound, Speech
from speech.trim import faded

RATE = 24_000
SYLLABLE, PAUSE = 0.18, 0.20
INITIAL = 0.3
"""The initial's share of a syllable."""
PITCH = 220.0
TONES: dict[int, tuple[float, float]] = {1: (4, 4), 2: (-1, 4), 3: (-4, -3), 4: (5, -4), 5: (0, -1)}
"""Start and end of each Mandarin tone, in semitones above PITCH."""


class Tone:
    name = "tone:1"

    def synthesize(self, sentence: str, speed: float = 1.0) -> Speech:
        pieces: list[Samples] = []
        sounds: list[Sound] = []
        at = 0.0
        for unit in _without_edges(units(sentence)):
            piece = _piece(unit, 1 / min(max(speed, 0.5), 2.0))
            seconds = len(piece) / RATE
            sounds += _sounds(unit, at, at + seconds)
            pieces.append(piece)
            at += seconds
        return Speech(np.concatenate(pieces or [np.zeros(0, np.float32)]), RATE, tuple(sounds))

    def close(self) -> None:
        """Nothing is held."""


def _without_edges(given: tuple[Unit, ...]) -> tuple[Unit, ...]:
    while given and isinstance(given[-1], Pause):
        given = given[:-1]
    return given


def _piece(unit: Unit, stretch: float) -> Samples:
    if isinstance(unit, Pause):
        return np.zeros(round(PAUSE * stretch * RATE), np.float32)
    return _hum(1 if isinstance(unit, Letter) else unit.tone, round(SYLLABLE * stretch * RATE))


@cache
def _hum(tone: int, length: int) -> Samples:
    """A tone of `length` samples with two overtones, gliding as the Mandarin tone does."""
    start, end = TONES[tone]
    hertz = PITCH * 2 ** (np.linspace(start, end, length) / 12)
    phase = 2 * np.pi * np.cumsum(hertz) / RATE
    wave = 0.14 * (np.sin(phase) + 0.4 * np.sin(2 * phase) + 0.2 * np.sin(3 * phase))
    hummed = faded(wave.astype(np.float32), RATE)
    hummed.setflags(write=False)
    return hummed


def _sounds(unit: Unit, start: float, end: float) -> list[Sound]:
    if isinstance(unit, Pause):
        return []
    if isinstance(unit, Letter):
        return [Sound(unit.place, LETTERS[unit.name].ipa, start, end)]
    initial, final = unit.sounds
    cut = start + INITIAL * (end - start) if initial else start
    opening = [Sound(unit.place, initial, start, cut)] if initial else []
    return [*opening, Sound(unit.place, final, cut, end)]
