"""Rows about sound: what is said, by whom, and what stands between the speaker and the microphone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

from pydantic import ConfigDict

Voice = Literal["xiaoyi", "xiaobei", "yunjian", "yunxia"]
Added = Literal["white", "hum", "babble"]
"""Noise beside the speech, so many decibels softer than it."""
Way = Literal["room", "hall", "telephone"]
"""What the sound itself goes through."""
BodySound = Literal["cough", "sneeze", "throat", "knock", "click", "telephone_bell", "paper"]


@dataclass(frozen=True, kw_only=True)
class _SpokenRow:
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    id: str
    category: str
    note: str
    """Who speaks, or what it is about. All of them are invented."""


@dataclass(frozen=True, kw_only=True)
class SoundRow(_SpokenRow):
    """Sound at a microphone, made by evals.sounds and evals.noises."""

    voice: Voice = "xiaoyi"
    speed: float = 1.0
    pitch: float = 0.0
    """Semitones above the voice's own."""
    noise: Literal["quiet", Added, Way] = "quiet"
    snr: float | None = None
    """Decibels by which the speech is louder than the noise."""
    level: float = 0.0
    """Decibels above the usual loudness; below 0 for who stands far away."""


@dataclass(frozen=True, kw_only=True)
class HearingRow(SoundRow):
    """One sentence; an empty one is noise into which nobody speaks."""

    sentence: str
    terms: tuple[str, ...] = ()
    """Words of the service that must be heard."""
    values: tuple[str, ...] = ()
    """Amounts, dates and numbers that must be heard, as they stand in the sentence."""

    def __post_init__(self) -> None:
        if not self.sentence and self.noise not in get_args(Added):
            raise ValueError(f"without a sentence there is a noise to hear, and {self.noise} is none")
        if self.sentence and self.noise in get_args(Added) and self.snr is None:
            raise ValueError(f"{self.noise} is added to a sentence with its snr")


@dataclass(frozen=True, kw_only=True)
class SpeakingRow(_SpokenRow):
    """A written answer and how it is read aloud."""

    text: str
    spoken: str
    """Marks may be left out."""
    values: tuple[str, ...] = ()
    """Parts of `spoken` that a listener must catch: dates, amounts, numbers."""
    voice: Voice = "xiaoyi"


@dataclass(frozen=True, kw_only=True)
class TurnRow(SoundRow):
    """What happens at a microphone, and whose turn it is then."""

    category: Literal["open_pause", "closed_pause", "ending", "barge_in", "nod", "cancel", "no_speech"]  # pyright: ignore[reportIncompatibleVariableOverride]
    profile: Literal["standard", "elder", "crowd"] = "standard"
    says: tuple[str, ...] = ()
    """Parts of one sentence, with a pause between them."""
    pause_ms: int = 0
    sound: Literal[BodySound, Added] | None = None
    """What is heard instead of a voice: evals.body_sounds, or a kind of noise."""
    question: str = ""
    """What was asked before; its answer is being said when the sound comes."""
