"""A booth in which 小新 listens to sentences that her own voices say: the recognizer, the words, and kept sounds."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from channels.settings import Settings
from channels.speech_parts import Words, build_hearing
from evals.noises import Babble, alone, as_heard, seed_of
from evals.sounds import VOICES, KeptVoice
from evals.spoken_rows import SoundRow
from knowledge.live import LiveLibrary
from speech.audio import Samples
from speech.recognizer import Recognizer

BABBLE = (
    "我昨天来过一次了，他们说还缺一张照片。",
    "请问三号窗口是在那边吗，前面还有几个人？",
    "你先去那边取个号，等会儿叫到你再过来。",
    "孩子的材料都带齐了，就差单位盖章的那张。",
)
"""What people say around the visitor; one sentence for each voice."""
ALONE_S = 5.0
"""Length of a noise into which nobody speaks."""


class Booth:
    """One run's sounds. One voice is loaded at a time; its sentences are kept in the data folder."""

    def __init__(self, settings: Settings, live: LiveLibrary) -> None:
        self.settings, self.live = settings, live
        self._voices = {name: KeptVoice(name, settings, settings.data_dir / "speech" / "eval") for name in VOICES}

    @cached_property
    def recognizer(self) -> Recognizer:
        """As the product hears. Raises RecognizerUnavailable."""
        return build_hearing(self.settings, self.live)

    @cached_property
    def words(self) -> Words:
        """Some seconds where the handbook is new."""
        return Words(self.live, self.settings.data_dir / "speech")

    @cached_property
    def babble(self) -> Babble:
        return [self.say(sentence, voice) for sentence, voice in zip(BABBLE, VOICES, strict=True)]

    def say(self, text: str, voice: str, speed: float = 1.0, pitch: float = 0.0) -> Samples:
        for name, other in self._voices.items():
            if name != voice:
                other.close()
        return self._voices[voice].say(text, speed, pitch)

    def sound_of(self, row: SoundRow, text: str) -> Samples:
        """The text of a row as the microphone gives it; of no text the noise alone."""
        babble = self.babble if row.noise == "babble" else ()
        if not text:
            return alone(row.noise, ALONE_S, row.level, seed_of(row.id), babble)
        sound = self.say(text, row.voice, row.speed, row.pitch)
        return as_heard(sound, row.noise, row.snr, row.level, seed_of(row.id), babble)

    def hear(self, sound: Samples) -> tuple[str, str]:
        """As the engine gave it, and as it was mended."""
        raw = self.recognizer.recognize(sound).text
        return raw, self.words.mend(raw).text

    def made_with(self) -> dict[str, Any]:
        """Engines, and SHA-256 of the models that heard and spoke."""
        return {"heard_by": self.recognizer.name, "speech_models": speech_models(self.settings, self.recognizer.name)}

    def close(self) -> None:
        for voice in self._voices.values():
            voice.close()
        if "recognizer" in self.__dict__:
            self.recognizer.close()


def speech_models(settings: Settings, recognizer: str) -> dict[str, str]:
    """Name of each model file -> SHA-256: of the packages as their tables name them, of a folder's model as it lies."""
    from speech.engines.kokoro import PARTS
    from speech.engines.whisper_model import WHISPER
    from speech.vad import SILERO

    tables = (*PARTS, SILERO, *(WHISPER if recognizer == "whisper-base" else ()))
    found = {f"{model.package}/{file.path}": file.sha256 for model in tables for file in model.files}
    return found | _in_folder(settings, recognizer)


def _in_folder(settings: Settings, recognizer: str) -> dict[str, str]:
    """The files of a model that somebody put into a folder."""
    kind, _, where = settings.recognizer.partition(":")
    folders = [Path(where).expanduser()] if where else [settings.data_dir / "models"]
    if recognizer == "whisper-base" or kind == "scripted":
        return {}
    files: Sequence[Path] = sorted(path for folder in folders if folder.is_dir() for path in folder.rglob("*"))
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files if path.is_file()}
