"""Hearing: what every recognition engine gives, whether it decodes whole utterances or streams."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from speech.audio import Samples


@dataclass(frozen=True)
class Heard:
    """What an engine took the sound for."""

    text: str
    """Simplified characters without spaces between them; empty where nothing was said."""
    reason: str | None = None
    """Why there is no text: no_speech, loop or noise."""
    score: float | None = None
    """The engine's own measure; comparable only within one engine."""


class RecognitionStream(Protocol):
    """One utterance while it arrives. Used by one thread at a time."""

    def accept(self, samples: Samples) -> None:
        """Take more sound; cheap where the engine decodes whole utterances."""
        ...

    def partial(self) -> str:
        """What was said so far, quickly and roughly."""
        ...

    def finish(self) -> Heard:
        """What was said up to here. May be called at a pause, and again after more sound was accepted."""
        ...

    def close(self) -> None:
        """Give back what the stream holds."""
        ...


class Recognizer(Protocol):
    """A loaded model, shared by all conversations; every method may be called by several threads."""

    name: str
    """Engine and model, as results folders and logs name it."""

    def stream(self) -> RecognitionStream: ...

    def recognize(self, samples: Samples) -> Heard:
        """A whole recording of any length."""
        ...

    def close(self) -> None: ...


class RecognizerUnavailable(Exception):
    """The engine cannot be loaded; the message is a sentence for who set it up."""
