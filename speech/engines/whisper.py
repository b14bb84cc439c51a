"""Whisper base as an engine: what is decoded, what is believed, and how an utterance that still grows is heard."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import opencc

from speech.audio import HEARING_RATE, Samples
from speech.engines.whisper_model import Decoded, WhisperModel
from speech.recognizer import Heard
from speech.vad import FRAME, FRAME_S, Probabilities, VoiceActivity, cuts, voiced

FEWEST_VOICED = 4
"""Frames of speech below which nobody spoke."""
MARGIN_S = 1.0
"""Silence kept around speech. Tight trimming costs words."""
PIECE_S = 25.0
BUFFER_S = 60.0
PARTIAL_SILENCE_S = 5.0

CHARACTERS_A_SECOND, CHARACTERS_BESIDE = 9, 12
MOST_COMPRESSION = 2.4
REPEATED = re.compile(r"(.{1,6}?)\1{4,}")

NOISE_NO_SPEECH, NOISE_SCORE = 0.6, -1.0
NOISE_VOICED_S = 1.0

BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff，。？！、])\s+|\s+(?=[\u3400-\u9fff，。？！、])")


class Whisper:
    """The loaded model with its guards. Any thread may call; decodings wait for one another."""

    name = "whisper-base"

    def __init__(self, threads: int = 2) -> None:
        """Raises RecognizerUnavailable."""
        self._model = WhisperModel(threads)
        self.voice = VoiceActivity()
        self._simplified = opencc.OpenCC("t2s")

    def stream(self) -> WhisperStream:
        return WhisperStream(self)

    def recognize(self, samples: Samples) -> Heard:
        probabilities = self.voice.probabilities(samples)
        ends = cuts(probabilities, longest_s=PIECE_S)
        return joined(
            [
                self.hear(samples[start:end], probabilities[start // FRAME : end // FRAME])
                for start, end in pairwise([0, *ends, len(samples)])
            ]
        )

    def hear(self, samples: Samples, probabilities: Probabilities) -> Heard:
        """One piece of at most PIECE_S; `probabilities` are those of its frames."""
        if voiced(probabilities) < FEWEST_VOICED:
            return Heard("", "no_speech")
        sound = around_speech(samples, probabilities)
        seconds = len(sound) / HEARING_RATE
        found = self._model.decode(sound)
        if is_loop(found.text, seconds):
            found = self._model.decode(sound, silence_s=30.0, repetition_penalty=1.1, no_repeat_ngram_size=4)
            if is_loop(found.text, seconds):
                return Heard("", "loop", found.score)
        if is_noise(found, probabilities):
            return Heard("", "noise", found.score)
        text = self.written(found.text)
        return Heard(text, None if text else "no_speech", found.score)

    def guess(self, samples: Samples, probabilities: Probabilities) -> str:
        """The same, quickly and roughly."""
        if voiced(probabilities) < FEWEST_VOICED:
            return ""
        sound = around_speech(samples, probabilities)
        found = self._model.decode(sound, beam=1, silence_s=PARTIAL_SILENCE_S)
        doubtful = is_loop(found.text, len(sound) / HEARING_RATE) or is_noise(found, probabilities)
        return "" if doubtful else self.written(found.text)

    def written(self, text: str) -> str:
        return BETWEEN_HAN.sub("", self._simplified.convert(text)).strip()

    def close(self) -> None:
        self._model.close()


class WhisperStream:
    """Keeps the sound and decodes it anew each time; what is older than a minute is decoded once and kept as words."""

    def __init__(self, engine: Whisper) -> None:
        self._engine = engine
        self._activity = engine.voice.stream()
        self._settled: list[Heard] = []
        self._samples: Samples = np.zeros(0, np.float32)
        self._frames: list[float] = []
        self._speech = 0
        """Frames of speech so far; a result stands as long as this does."""
        self._guessed, self._guessed_at = "", 0
        self._heard, self._heard_at = Heard("", "no_speech"), 0

    def accept(self, samples: Samples) -> None:
        self._samples = np.concatenate([self._samples, samples])
        found = self._activity.accept(samples)
        self._frames += found
        self._speech += voiced(np.array(found, np.float32))
        if len(self._samples) > BUFFER_S * HEARING_RATE:
            self._settle()

    def partial(self) -> str:
        if self._speech not in (self._guessed_at, self._heard_at):
            self._settle()
            self._guessed = self._settled_and(Heard(self._engine.guess(self._samples, self._probabilities))).text
            self._guessed_at = self._speech
        return self._heard.text if self._speech == self._heard_at else self._guessed

    def finish(self) -> Heard:
        if self._speech != self._heard_at:
            self._settle()
            self._heard = self._settled_and(self._engine.hear(self._samples, self._probabilities))
            self._heard_at = self._speech
        return self._heard

    def close(self) -> None:
        self._samples, self._frames = np.zeros(0, np.float32), []

    @property
    def _probabilities(self) -> Probabilities:
        return np.array(self._frames, np.float32)

    def _settled_and(self, last: Heard) -> Heard:
        return joined([*self._settled, last])

    def _settle(self) -> None:
        """Decode for good what lies before the last pause that leaves one piece."""
        start = 0
        for end in cuts(self._probabilities, longest_s=PIECE_S):
            probabilities = self._probabilities[start // FRAME : end // FRAME]
            self._settled.append(self._engine.hear(self._samples[start:end], probabilities))
            start = end
        self._samples, self._frames = self._samples[start:], self._frames[start // FRAME :]


def around_speech(samples: Samples, probabilities: Probabilities) -> Samples:
    """The sound from the first frame of speech to the last, with a margin on both sides."""
    speech = np.flatnonzero(probabilities >= 0.5)
    margin = int(MARGIN_S / FRAME_S)
    return samples[max(0, int(speech[0]) - margin) * FRAME : (int(speech[-1]) + 1 + margin) * FRAME]


def is_loop(text: str, seconds: float) -> bool:
    """Whisper repeats itself, or writes more than anybody can say in that time."""
    data = text.encode()
    squeezed = len(data) > 60 and len(data) / len(zlib.compress(data)) > MOST_COMPRESSION
    too_much = len(text) > seconds * CHARACTERS_A_SECOND + CHARACTERS_BESIDE
    return squeezed or too_much or REPEATED.search(text) is not None


def is_noise(found: Decoded, probabilities: Probabilities) -> bool:
    """Whisper doubts that these are words."""
    doubts = found.no_speech > NOISE_NO_SPEECH and found.score < NOISE_SCORE
    return doubts and voiced(probabilities) * FRAME_S < NOISE_VOICED_S


def joined(parts: Sequence[Heard]) -> Heard:
    """Pieces of one recording as one result."""
    texts = [part.text for part in parts if part.text]
    scores = [part.score for part in parts if part.score is not None]
    score = sum(scores) / len(scores) if scores else None
    if texts:
        return Heard("".join(texts), None, score)
    reasons = [part.reason for part in parts if part.reason not in (None, "no_speech")]
    return Heard("", reasons[0] if reasons else "no_speech", score)
