"""Is it her own voice that the microphone hears? Told by loudness over time, and by the words."""

from __future__ import annotations

import re
from collections import deque

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from knowledge.keywords import sound_of
from speech.audio import HEARING_RATE, Samples

FRAME_S = 0.032
ALIKE = 0.85
"""Correlation from which sound is what was played."""
SHORTEST_S, LONGEST_S = 0.6, 3.0
"""Sound that is compared: less tells nothing, more than that is not needed."""
EARLY_S, LATE_S = 0.1, 1.5
"""How much sooner and later than expected it may come back: buffers of the terminal, and the way through the air."""
SAME = 80
"""rapidfuzz partial ratio, by syllables, from which words are her own."""
NOT_WORDS = re.compile(r"[\W_]+")
KEPT = 12
"""Sentences that are remembered."""

Loudness = NDArray[np.float64]


def syllables(text: str) -> list[str]:
    """As they sound. One alone, said into her words, is a misheard 停 or a cough, and no question."""
    return [sound_of(char) for char in NOT_WORDS.sub("", text)]


def same_words(text: str, saying: str) -> bool:
    heard = syllables(text)
    return len(heard) > 2 and fuzz.partial_ratio(heard, syllables(saying)) >= SAME


class OwnVoice:
    """What is played, and what is heard, on one clock: seconds of time.monotonic()."""

    def __init__(self) -> None:
        self._played: deque[tuple[float, Loudness]] = deque(maxlen=KEPT)
        self._heard: deque[float] = deque(maxlen=int(LONGEST_S / FRAME_S))
        self._until = 0.0
        self._rest = np.zeros(0, np.float32)

    def play(self, samples: Samples, rate: int, at: float) -> None:
        self._played.append((at, _loudness(samples, rate)))

    def hear(self, samples: Samples, at: float) -> None:
        """Sound of the microphone, 16,000 samples a second, whose last sample was recorded at `at`."""
        sound = np.concatenate([self._rest, samples])
        found = _loudness(sound, HEARING_RATE)
        self._rest = sound[len(found) * round(FRAME_S * HEARING_RATE) :]
        self._heard.extend(found)
        self._until = at

    def heard_back(self, seconds: float) -> bool:
        """Whether the last `seconds` of the microphone are what was played."""
        heard = np.array(self._heard)[-int(seconds / FRAME_S) :]
        if len(heard) * FRAME_S < SHORTEST_S:
            return False
        begin = self._until - len(heard) * FRAME_S - LATE_S
        played = self._played_from(begin, len(heard) + int((LATE_S + EARLY_S) / FRAME_S))
        windows = np.lib.stride_tricks.sliding_window_view(played, len(heard))
        return bool(np.max(_correlation(windows, heard)) >= ALIKE)

    def _played_from(self, begin: float, count: int) -> Loudness:
        whole = np.zeros(count)
        for at, loudness in self._played:
            first = round((at - begin) / FRAME_S)
            part = loudness[max(0, -first) : max(0, count - first)]
            whole[max(0, first) : max(0, first) + len(part)] = part
        return whole


def _loudness(samples: Samples, rate: int) -> Loudness:
    """One value a frame; its root, so that vowels do not outweigh all else."""
    step = round(FRAME_S * rate)
    frames = samples[: len(samples) // step * step].reshape(-1, step).astype(np.float64)
    return np.mean(np.square(frames), axis=1) ** 0.25


def _correlation(windows: Loudness, heard: Loudness) -> Loudness:
    """Pearson's, of each row with `heard`; 0 where nothing changes."""
    rows = windows - windows.mean(axis=1, keepdims=True)
    one = heard - heard.mean()
    spread = np.sqrt(np.sum(rows**2, axis=1) * np.sum(one**2))
    return np.divide(rows @ one, spread, out=np.zeros(len(rows)), where=spread > 1e-9)
