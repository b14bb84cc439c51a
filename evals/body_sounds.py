"""What a microphone in a hall hears that is no speech: coughs, knocks, a telephone. Made, not recorded; seeded."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from speech.audio import HEARING_RATE, Samples

Generator = np.random.Generator


def body_sound(name: str, seed: int) -> Samples:
    """From -1 to 1, as loud as somebody who speaks. Raises KeyError for a sound that there is not."""
    sound = BODY_SOUNDS[name](np.random.default_rng(seed))
    return (0.3 * sound / np.max(np.abs(sound))).astype(np.float32)


def _cough(random: Generator) -> Samples:
    """Two bursts of breath, the second weaker."""
    return np.concatenate([_breath(0.22, 900.0, random), _rest(0.12), 0.6 * _breath(0.18, 900.0, random)])


def _sneeze(random: Generator) -> Samples:
    return np.concatenate([0.3 * _breath(0.15, 500.0, random)[::-1], _breath(0.35, 2500.0, random)])


def _throat(random: Generator) -> Samples:
    """A throat that is cleared: a rough low voice, once."""
    at = _at(0.28)
    rough = np.sign(np.sin(2 * np.pi * 95 * at)) * (1 + 0.5 * random.standard_normal(len(at)))
    return (rough * np.sin(np.pi * at / at[-1])).astype(np.float32)


def _knock(_: Generator) -> Samples:
    at = _at(0.12)
    one = np.sin(2 * np.pi * 160 * at) * np.exp(-at / 0.02)
    return np.concatenate([one, _rest(0.15), one, _rest(0.15), one]).astype(np.float32)


def _click(random: Generator) -> Samples:
    """A pen, or a key."""
    one = random.standard_normal(int(0.006 * HEARING_RATE))
    return np.concatenate([one, _rest(0.4), 0.7 * one, _rest(0.25), one]).astype(np.float32)


def _telephone(_: Generator) -> Samples:
    """Two rings of a desk telephone."""
    at = _at(0.9)
    ring = np.sin(2 * np.pi * 440 * at) + np.sin(2 * np.pi * 480 * at)
    ring *= np.sin(2 * np.pi * 10 * at) > 0
    return np.concatenate([ring, _rest(0.5), ring]).astype(np.float32)


def _paper(random: Generator) -> Samples:
    """A sheet that is turned."""
    at = _at(0.7)
    crackle = random.standard_normal(len(at)) * (random.random(len(at)) < 0.03)
    return (crackle + 0.1 * random.standard_normal(len(at)) * np.sin(np.pi * at / at[-1])).astype(np.float32)


BODY_SOUNDS: dict[str, Callable[[Generator], Samples]] = {
    "cough": _cough,
    "sneeze": _sneeze,
    "throat": _throat,
    "knock": _knock,
    "click": _click,
    "telephone_bell": _telephone,
    "paper": _paper,
}


def _breath(seconds: float, hertz: float, random: Generator) -> Samples:
    """Noise around a frequency, sudden at first and then fading."""
    at = _at(seconds)
    spectrum = np.fft.rfft(random.standard_normal(len(at)))
    around = np.fft.rfftfreq(len(at), 1 / HEARING_RATE)
    noise = np.fft.irfft(spectrum * np.exp(-(((around - hertz) / hertz) ** 2)), len(at))
    return (noise * np.minimum(at / 0.01, 1) * np.exp(-at / (seconds / 3))).astype(np.float32)


def _at(seconds: float) -> np.ndarray:
    return np.arange(int(seconds * HEARING_RATE)) / HEARING_RATE


def _rest(seconds: float) -> Samples:
    return np.zeros(int(seconds * HEARING_RATE), np.float32)
