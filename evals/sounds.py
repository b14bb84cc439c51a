"""Sentences as sound, in the bundled local voices; kept, as long as they would sound the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import get_args

import numpy as np

from channels.settings import Settings
from channels.voice_file import voice_file
from evals.spoken_rows import Voice
from speech.audio import HEARING_RATE, Samples, decode, to_pcm16
from speech.clip_files import ClipFolder
from speech.engines.synthesizers import build_synthesizer
from speech.phones import units
from speech.reading import read_aloud
from speech.speak import SpokenSentence, whole
from speech.synthesizer import Speech, Synthesizer
from speech.voices import load_voice

VOICES: tuple[Voice, ...] = get_args(Voice)
MOST_BYTES = 500_000_000
AUDIBLE = 0.02
"""Amplitude from which a sample is speech; the voices are clean."""


class KeptVoice:
    """A voice whose sentences are kept under their phones, so that a mended reading is spoken anew.

    It is loaded only where a sentence is new.
    """

    def __init__(self, name: str, settings: Settings, folder: Path) -> None:
        self.name, self.settings = name, settings
        self._files = ClipFolder(folder, MOST_BYTES)

    @cached_property
    def _voice(self) -> Synthesizer:
        voice = load_voice(self.name, date.today())
        threads, cache = self.settings.speech_threads, self.settings.data_dir / "speech"
        return build_synthesizer(voice.engine, voice, threads=threads, cache=cache)

    def synthesize(self, sentence: str, speed: float = 1.0) -> Speech:
        told = json.dumps([self.name, speed, sentence, str(units(sentence))], ensure_ascii=False)
        key = hashlib.sha256(told.encode()).hexdigest()
        speech = self._files.read(key)
        if speech is None:
            speech = self._voice.synthesize(sentence, speed)
            self._files.write(key, speech)
        return speech

    def close(self) -> None:
        """The garbage collector gives back the rest."""
        self.__dict__.pop("_voice", None)

    def file(self, text: str, producer: str) -> bytes:
        """What `xiaoxin speak` writes."""
        return voice_file(self._sentences(text), producer)

    def say(self, text: str, speed: float = 1.0, pitch: float = 0.0) -> Samples:
        """As a microphone hears it, 16,000 samples a second, without the rhythm of a file or silence around it.

        `pitch` in semitones makes another speaker of the voice, at the same pace.
        """
        higher = 2 ** (pitch / 12)
        said = self._sentences(text, speed / higher)
        sound = np.concatenate([one.samples for one in said])
        heard = decode(to_pcm16(sound), rate=round(said[0].rate * higher))
        loud = np.flatnonzero(np.abs(heard) >= AUDIBLE)
        return heard[loud[0] : loud[-1] + 1]

    def _sentences(self, text: str, speed: float = 1.0) -> Sequence[SpokenSentence]:
        return whole(self, [one for one in read_aloud(text) if one.spoken], speed)


def seconds(sound: Samples) -> float:
    return len(sound) / HEARING_RATE
