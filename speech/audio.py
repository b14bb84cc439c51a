"""Sound as arrays: decoding of what browsers and phones send, resampling, PCM and WAV."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
"""Mono sound, from -1 to 1. What recognition hears has 16,000 samples a second."""

HEARING_RATE = 16_000

AudioProblem = Literal["empty_audio", "unreadable_audio", "audio_too_long"]


class UnreadableAudio(Exception):
    """Bytes that give no sound; `code` is one of channels/errors.yaml."""

    def __init__(self, code: AudioProblem, detail: str = "") -> None:
        super().__init__(detail or code)
        self.code: AudioProblem = code
