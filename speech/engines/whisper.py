"""Whisper base as an engine: what of its words is believed, and how they are written."""

from __future__ import annotations

import re
import zlib

import opencc

from speech.audio import HEARING_RATE, Samples
from speech.engines.pieces import GrowingStream, hear_all
from speech.engines.whisper_model import WINDOW_S, Decoded, WhisperModel
from speech.recognizer import Heard
from speech.vad import VoiceActivity

PARTIAL_SILENCE_S = 5.0
"""The least context with which Whisper does not loop."""

SYLLABLES_A_SECOND, SYLLABLES_BESIDE = 9, 12
LETTERS_A_SYLLABLE = 3
MOST_COMPRESSION = 2.4
REPEATED = re.compile(r"(.{1,6}?)\1{4,}")

NOISE_NO_SPEECH, NOISE_SCORE, NOISE_VOICED_S = 0.6, -1.0, 0.3

HAN = "\u3400-\u9fff"
BETWEEN_HAN = re.compile(rf"(?<=[{HAN}，。？！、])\s+|\s+(?=[{HAN}，。？！、])")
NARROW = re.compile(rf"(?<=[{HAN}])[,?!;:]|[,?!;:](?=[{HAN}])")
WIDE = str.maketrans(",?!;:", "，？！；：")


class Whisper:
    """The loaded model with its guards. Any thread may call; decodings wait for one another."""

    name = "whisper-base"

    def __init__(self, threads: int = 2) -> None:
        """Raises RecognizerUnavailable."""
        self.voice = VoiceActivity()
        self._model = WhisperModel(threads)
        self._simplified = opencc.OpenCC("t2s")

    def stream(self) -> GrowingStream:
        return GrowingStream(self)

    def recognize(self, samples: Samples) -> Heard:
        return hear_all(self, samples)

    def hear(self, sound: Samples, voiced_s: float, /) -> Heard:
        found = self._model.decode(sound)
        if is_loop(found.text, len(sound) / HEARING_RATE):
            found = self._model.decode(sound, silence_s=WINDOW_S, repetition_penalty=1.1, no_repeat_ngram_size=4)
        return self._believed(found, sound, voiced_s)

    def guess(self, sound: Samples, voiced_s: float, /) -> Heard:
        return self._believed(self._model.decode(sound, beam=1, silence_s=PARTIAL_SILENCE_S), sound, voiced_s)

    def _believed(self, found: Decoded, sound: Samples, voiced_s: float) -> Heard:
        if is_loop(found.text, len(sound) / HEARING_RATE):
            return Heard("", "loop", found.score)
        if is_noise(found, voiced_s):
            return Heard("", "noise", found.score)
        text = self.written(found.text)
        return Heard(text, None if text else "no_speech", found.score)

    def written(self, text: str) -> str:
        """Simplified characters, full-width punctuation, no spaces among them."""
        wide = NARROW.sub(lambda match: match[0].translate(WIDE), self._simplified.convert(text))
        return BETWEEN_HAN.sub("", wide).strip()

    def close(self) -> None:
        self._model.close()


def is_loop(text: str, seconds: float) -> bool:
    """Whisper repeats itself, or writes more than anybody can say in that time."""
    data = text.encode()
    squeezed = len(data) > 60 and len(data) / len(zlib.compress(data)) > MOST_COMPRESSION
    letters = sum(character.isascii() for character in text)
    syllables = len(text) - letters + letters / LETTERS_A_SYLLABLE
    too_much = syllables > seconds * SYLLABLES_A_SECOND + SYLLABLES_BESIDE
    return squeezed or too_much or REPEATED.search(text) is not None


def is_noise(found: Decoded, voiced_s: float) -> bool:
    """Whisper takes it for silence, and its words are unlikely or there was hardly time for any."""
    return found.no_speech > NOISE_NO_SPEECH and (found.score < NOISE_SCORE or voiced_s < NOISE_VOICED_S)
