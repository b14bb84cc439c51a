"""What stands between a speaker and the microphone: noise of a hall, other people, walls, a telephone. Seeded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from zlib import crc32

import numpy as np

from evals.sounds import AUDIBLE
from speech.audio import HEARING_RATE, Resampler, Samples, from_pcm16, to_pcm16

SPEECH_DBFS = -24.0
"""Loudness of the words themselves, for a speaker at arm's length."""
AROUND_S = 0.4
"""Sound before the first word and after the last."""
TELEPHONE_RATE = 8_000
BAND = (300.0, 3400.0)
MU = 255
SPEAKERS = 7
"""Voices of a babble at one moment."""
HUM_HZ = (50.0, 100.0, 150.0, 300.0)
CORNER_HZ = 120.0
"""Below it the hum of a ventilation is even; above it falls by 6 dB an octave."""
ROOMS_S = {"room": 0.35, "hall": 0.9}
"""Seconds in which the sound of a place falls by 60 dB."""
AFTER_THE_WALLS_DB = 3.0
"""By which what comes from the walls is softer than what comes straight."""

Babble = Sequence[Samples]
"""Sentences of several voices, 16,000 samples a second."""
Generator = np.random.Generator


def seed_of(identifier: str) -> int:
    return crc32(identifier.encode())


def _white(length: int, random: Generator, _: Babble) -> Samples:
    return random.standard_normal(length).astype(np.float32)


def _hum(length: int, random: Generator, _: Babble) -> Samples:
    """Ventilation and mains."""
    spectrum = np.fft.rfft(random.standard_normal(length))
    hertz = np.fft.rfftfreq(length, 1 / HEARING_RATE)
    air = np.fft.irfft(spectrum / np.maximum(hertz / CORNER_HZ, 1.0), length)
    at = np.arange(length) / HEARING_RATE
    tones = sum(np.sin(2 * np.pi * (one * at + random.random())) for one in HUM_HZ)
    return (air / np.std(air) + 0.35 * np.asarray(tones)).astype(np.float32)


def _babble(length: int, random: Generator, babble: Babble) -> Samples:
    """Many people at once, none of whom speaks to the microphone."""
    if not babble:
        raise ValueError("a babble is made of voices")
    sum_of = np.zeros(length, np.float32)
    for number in range(SPEAKERS):
        voice = np.resize(babble[number % len(babble)], length)
        sum_of += np.roll(voice, int(random.integers(length))) * float(random.uniform(0.6, 1.0))
    return sum_of


NOISES: dict[str, Callable[[int, Generator, Babble], Samples]] = {"white": _white, "hum": _hum, "babble": _babble}
"""Added to the speech, so many decibels softer than it."""


def _walls(name: str) -> Callable[[Samples, Generator], Samples]:
    def between(sound: Samples, random: Generator) -> Samples:
        return _reverberant(sound, ROOMS_S[name], random)

    return between


def _telephone(sound: Samples, _: Generator) -> Samples:
    """Narrow band, 8,000 samples a second, companded to eight bits."""
    spectrum = np.fft.rfft(sound)
    hertz = np.fft.rfftfreq(len(sound), 1 / HEARING_RATE)
    spectrum[(hertz < BAND[0]) | (hertz > BAND[1])] = 0
    narrow = Resampler(HEARING_RATE, TELEPHONE_RATE)
    line = np.fft.irfft(spectrum, len(sound)).astype(np.float32)
    line = np.concatenate([narrow.accept(line), narrow.flush()])
    squeezed = np.sign(line) * np.log1p(MU * np.minimum(np.abs(line), 1)) / np.log1p(MU)
    squeezed = np.rint(squeezed * 127) / 127
    heard = (np.sign(squeezed) * np.expm1(np.abs(squeezed) * np.log1p(MU)) / MU).astype(np.float32)
    wide = Resampler(TELEPHONE_RATE, HEARING_RATE)
    return np.concatenate([wide.accept(heard), wide.flush()])


WAYS: dict[str, Callable[[Samples, Generator], Samples]] = {
    "room": _walls("room"),
    "hall": _walls("hall"),
    "telephone": _telephone,
}
"""What the sound itself goes through."""
KINDS = ("quiet", *NOISES, *WAYS)


def as_heard(sound: Samples, kind: str, snr: float | None, level: float, seed: int, babble: Babble = ()) -> Samples:
    """The sound as the microphone gives it: 16 bits, `level` decibels above the usual loudness.

    `snr`: decibels by which the speech is louder than the noise; None for kinds that are no noise.
    Raises ValueError for a kind that there is not, or a babble of nobody.
    """
    if kind not in KINDS:
        raise ValueError(f"no noise is called {kind!r}; there are {', '.join(KINDS)}")
    random = np.random.default_rng(seed)
    rest = np.zeros(int(AROUND_S * HEARING_RATE), np.float32)
    speech = np.concatenate([rest, sound * _gain(sound, SPEECH_DBFS), rest])
    if kind in WAYS:
        speech = WAYS[kind](speech, random)
    if kind in NOISES and snr is not None:
        noise = NOISES[kind](len(speech), random, babble)
        speech = speech + noise * _gain(noise, SPEECH_DBFS - snr, audible=0.0)
    return from_pcm16(to_pcm16(speech * 10 ** (level / 20)))


def alone(kind: str, seconds: float, level: float, seed: int, babble: Babble = ()) -> Samples:
    """A noise into which nobody speaks, `level` decibels above the usual loudness of speech."""
    noise = NOISES[kind](int(seconds * HEARING_RATE), np.random.default_rng(seed), babble)
    return from_pcm16(to_pcm16(noise * _gain(noise, SPEECH_DBFS + level, audible=0.0)))


def noisy(sound: Samples, decibels: float, seed: int) -> Samples:
    """With white noise, so many decibels below the speech."""
    loudness = float(np.sqrt(np.mean(np.square(sound[np.abs(sound) >= AUDIBLE]))))
    noise = np.random.default_rng(seed).standard_normal(len(sound)).astype(np.float32)
    return np.clip(sound + noise * loudness * 10 ** (-decibels / 20), -1, 1).astype(np.float32)


def _gain(sound: Samples, dbfs: float, audible: float = AUDIBLE) -> float:
    """What makes the audible part of the sound so loud."""
    heard = sound[np.abs(sound) >= audible]
    loudness = float(np.sqrt(np.mean(np.square(heard, dtype=np.float64)))) if len(heard) else 0.0
    return 10 ** (dbfs / 20) / loudness if loudness > 0 else 0.0


def _reverberant(sound: Samples, seconds: float, random: Generator) -> Samples:
    at = np.arange(int(seconds * HEARING_RATE)) / HEARING_RATE
    walls = random.standard_normal(len(at)) * 10 ** (-3 * at / seconds)
    walls[: int(0.004 * HEARING_RATE)] = 0
    walls *= 10 ** (-AFTER_THE_WALLS_DB / 20) / np.sqrt(np.sum(walls**2))
    walls[0] = 1.0
    size = len(sound) + len(walls) - 1
    both = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(walls, size), size)[: len(sound)]
    return both.astype(np.float32)
