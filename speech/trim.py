"""Raw output of a voice made ready to play: no silence around it, no clicks, one loudness for all voices."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from speech.audio import Samples
from speech.synthesizer import Sound, Speech

LOUDNESS = -20.0
"""dBFS, the RMS of the frames in which somebody speaks."""
LOUDEST_GAIN = 14.0
"""dB; a whisper is not blown up further than this."""
_FRAME = 0.010
_FLOOR = -42.0
"""dB below the loudest frame: what is softer is silence."""
_LEAD, _TAIL = 0.03, 0.08
"""Seconds kept around the first and the last audible frame."""
_FADE = 0.005
_KNEE = 0.7
"""Samples above this are bent, so that none passes 1."""


def ready(samples: Samples, rate: int, sounds: tuple[Sound, ...] = ()) -> Speech:
    """`samples` without the silence around them, faded in and out, at LOUDNESS; `sounds` moved along."""
    loud = _frame_rms(samples, rate)
    audible = np.flatnonzero(loud > loud.max(initial=0.0) * 10 ** (_FLOOR / 20))
    if not audible.size:
        return Speech(np.zeros(0, np.float32), rate)
    width = int(_FRAME * rate)
    start = max(0, int(audible[0]) * width - int(_LEAD * rate))
    end = min(len(samples), (int(audible[-1]) + 1) * width + int(_TAIL * rate))
    level = float(np.sqrt(np.mean(loud[audible] ** 2)))
    gain = min(10 ** (LOUDNESS / 20) / level, 10 ** (LOUDEST_GAIN / 20))
    kept = faded(limited(samples[start:end] * np.float32(gain)), rate)
    return Speech(kept, rate, _moved(sounds, -start / rate, len(kept) / rate))


def joined(parts: list[Speech], rate: int, gap: float = 0.15) -> Speech:
    """Parts of one sentence one after another, with `gap` seconds between them."""
    parts = [part for part in parts if len(part.samples)]
    if len(parts) == 1:
        return parts[0]
    pieces: list[Samples] = []
    sounds: list[Sound] = []
    at = 0.0
    for part in parts:
        if pieces:
            pieces.append(np.zeros(int(gap * rate), np.float32))
            at += len(pieces[-1]) / rate
        pieces.append(part.samples)
        sounds += _moved(part.sounds, at, at + part.seconds)
        at += part.seconds
    return Speech(np.concatenate(pieces or [np.zeros(0, np.float32)]), rate, tuple(sounds))


def limited(samples: Samples) -> Samples:
    """Peaks above the knee bent softly; everything else untouched."""
    size = np.abs(samples)
    bent = _KNEE + (1 - _KNEE) * np.tanh((size - _KNEE) / (1 - _KNEE))
    return np.where(size > _KNEE, np.sign(samples) * bent, samples).astype(np.float32)


def faded(samples: Samples, rate: int) -> Samples:
    """`samples` rising from zero at the start and falling to it at the end."""
    width = min(int(_FADE * rate), len(samples) // 2)
    if not width:
        return samples
    ramp = (np.arange(width, dtype=np.float32) + 0.5) / width
    shaped = samples.copy()
    shaped[:width] *= ramp
    shaped[-width:] *= ramp[::-1]
    return shaped


def _frame_rms(samples: Samples, rate: int) -> NDArray[np.float64]:
    width = int(_FRAME * rate)
    whole = len(samples) // width
    frames = samples[: whole * width].reshape(whole, width).astype(np.float64)
    return np.sqrt(np.mean(frames**2, axis=1)) if whole else np.zeros(0)


def _moved(sounds: tuple[Sound, ...], by: float, end: float) -> tuple[Sound, ...]:
    def at(second: float) -> float:
        return round(min(max(second + by, 0.0), end), 4)

    return tuple(Sound(one.char, one.phone, at(one.start), at(one.end)) for one in sounds)
