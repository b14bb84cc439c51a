"""Speaking: what every synthesis engine gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from speech.audio import Samples


@dataclass(frozen=True)
class Sound:
    """One phone of a spoken sentence."""

    char: int
    """Place of the character, in the text that was spoken, that it belongs to."""
    phone: str
    """A pinyin initial (`zh`), a final without tone (`uang`), or a Latin letter's name in IPA."""
    start: float
    end: float
    """Seconds from the start of the samples."""


@dataclass(frozen=True)
class Speech:
    """A spoken sentence: mono samples from -1 to 1, without the silence around them, and when each sound comes."""

    samples: Samples
    rate: int
    sounds: tuple[Sound, ...] = ()

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate


class Synthesizer(Protocol):
    """A voice, shared by all conversations; may be called by several threads."""

    name: str
    """Engine, model and voice: part of the key under which clips are kept."""

    def synthesize(self, sentence: str, speed: float = 1.0) -> Speech:
        """Speak one sentence of Chinese as `read_aloud` writes it: no digits, no symbols; Latin letters by name.

        `speed` 1 is the voice's own pace, 0.8 slower. Blocks. Raises SynthesisFailed.
        """
        ...

    def close(self) -> None: ...


class SynthesisFailed(Exception):
    """The engine gave no usable sound for a sentence; another voice may."""


class SynthesizerUnavailable(Exception):
    """The engine cannot be loaded; the message is a sentence for who set it up."""
