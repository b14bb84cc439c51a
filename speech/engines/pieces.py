"""For engines that decode whole pieces: where a recording is cut, and how an utterance that still grows is heard."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol

import numpy as np

from speech.audio import Samples
from speech.recognizer import Heard
from speech.vad import FEWEST_VOICED, FRAME, FRAME_S, SPEECH, Probabilities, VoiceActivity, cuts, voiced

PIECE_S = 25.0
"""The longest sound that is decoded at once."""
BUFFER_S = 60.0
"""The longest sound that a stream keeps when nobody asks it for words."""
MARGIN_S = 1.0
"""Silence kept around speech. Tight trimming costs words."""


class PieceEngine(Protocol):
    """What an engine gives that hears at most PIECE_S at once, speech with a margin of silence."""

    voice: VoiceActivity

    def hear(self, sound: Samples, voiced_s: float, /) -> Heard:
        """As well as it can; `voiced_s` seconds of the sound are speech."""
        ...

    def guess(self, sound: Samples, voiced_s: float, /) -> Heard:
        """Quickly and roughly."""
        ...


def hear_all(engine: PieceEngine, samples: Samples) -> Heard:
    """A recording of any length."""
    probabilities = engine.voice.probabilities(samples)
    places = [0, *cuts(probabilities, longest_s=PIECE_S), len(samples)]
    return joined([_hear(engine, samples, probabilities, start, end) for start, end in pairwise(places)])


class GrowingStream:
    """Keeps the sound and decodes it anew each time; what lies long before is decoded once and kept as words."""

    def __init__(self, engine: PieceEngine) -> None:
        self._engine = engine
        self._activity = engine.voice.stream()
        self._arrived: list[Samples] = []
        self._samples: Samples = np.zeros(0, np.float32)
        self._frames: list[float] = []
        """Probabilities of the kept sound, from its first sample on."""
        self._settled: list[Heard] = []
        self._speech = 0
        """Frames of speech so far; a result stands until there are more."""
        self._guessed, self._guessed_at = "", 0
        self._heard, self._heard_at = Heard("", "no_speech"), 0

    def accept(self, samples: Samples) -> None:
        self._arrived.append(samples)
        found = self._activity.accept(samples)
        self._frames += found
        self._speech += voiced(np.array(found, np.float32))
        if len(self._frames) * FRAME_S > BUFFER_S:
            self._settle()

    def partial(self) -> str:
        if self._speech == self._heard_at:
            return self._heard.text
        if self._speech != self._guessed_at:
            self._settle()
            sound = around_speech(self._samples, self._probabilities)
            last = self._engine.guess(sound, self._voiced_s) if len(sound) else Heard("", "no_speech")
            self._guessed, self._guessed_at = joined([*self._settled, last]).text, self._speech
        return self._guessed

    def finish(self) -> Heard:
        if self._speech != self._heard_at:
            self._settle()
            last = _hear(self._engine, self._samples, self._probabilities, 0, len(self._samples))
            self._heard, self._heard_at = joined([*self._settled, last]), self._speech
        return self._heard

    def close(self) -> None:
        self._arrived, self._samples, self._frames = [], np.zeros(0, np.float32), []

    @property
    def _probabilities(self) -> Probabilities:
        return np.array(self._frames, np.float32)

    @property
    def _voiced_s(self) -> float:
        return voiced(self._probabilities) * FRAME_S

    def _settle(self) -> None:
        """Decode for good all but the last piece."""
        self._samples = np.concatenate([self._samples, *self._arrived])
        self._arrived = []
        start = 0
        for end in cuts(self._probabilities, longest_s=PIECE_S):
            self._settled.append(_hear(self._engine, self._samples, self._probabilities, start, end))
            start = end
        self._samples, self._frames = self._samples[start:], self._frames[start // FRAME :]


def _hear(engine: PieceEngine, samples: Samples, probabilities: Probabilities, start: int, end: int) -> Heard:
    """The piece from one sample to another, cut between frames."""
    own = probabilities[start // FRAME : end // FRAME]
    sound = around_speech(samples[start:end], own)
    return engine.hear(sound, voiced(own) * FRAME_S) if len(sound) else Heard("", "no_speech")


def around_speech(samples: Samples, probabilities: Probabilities) -> Samples:
    """From the first frame of speech to the last, with margins; empty where nobody spoke."""
    speech = np.flatnonzero(probabilities >= SPEECH)
    if len(speech) < FEWEST_VOICED:
        return samples[:0]
    margin = int(MARGIN_S / FRAME_S)
    return samples[max(0, int(speech[0]) - margin) * FRAME : (int(speech[-1]) + 1 + margin) * FRAME]


def joined(parts: Sequence[Heard]) -> Heard:
    """Pieces of one recording as one result; words of Latin letters stay apart."""
    found = [part for part in parts if part.text]
    scores = [part.score for part in parts if part.score is not None]
    score = sum(scores) / len(scores) if scores else None
    if not found:
        reasons = [part.reason for part in parts if part.reason not in (None, "no_speech")]
        return Heard("", reasons[0] if reasons else "no_speech", score)
    text = found[0].text
    for part in found[1:]:
        seam = text[-1] + part.text[0]
        text += (" " if seam.isascii() and seam.isalnum() else "") + part.text
    return Heard(text, None, score)
