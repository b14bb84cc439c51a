"""Has the visitor begun to speak, paused, or ended? Decided frame by frame, by profile; knows nothing of engines."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Sign = Literal["begin", "pause", "resume", "end"]

FRAME_MS = 32
"""One frame of voice activity: 512 samples of 16,000 a second."""
SPEECH, SILENCE = 0.5, 0.35
"""Probability from which a frame is speech, and below which it is silence; between them it stays what it was."""


@dataclass(frozen=True)
class Profile:
    """How long a visitor may be silent. Milliseconds."""

    begin_ms: int
    """Speech within the last `window_ms` from which somebody is speaking: a click or a cough is shorter."""
    pause_ms: int
    """Silence after which the words so far are decoded, ahead of the decision."""
    end_ms: int
    """Silence that ends a sentence."""
    open_ms: int
    """Silence that ends a sentence which is still open: 我想办那个……"""
    longest_ms: int
    """Speech after which a sentence is taken as it is."""
    by_touch: bool = False
    """The visitor ends the sentence with the button; silence does not."""
    speed: float = 1.0
    """Of 小新's voice; below 1 is slower."""
    window_ms: int = 320


PROFILES: dict[str, Profile] = {
    "standard": Profile(begin_ms=128, pause_ms=160, end_ms=480, open_ms=1600, longest_ms=30_000),
    "elder": Profile(begin_ms=128, pause_ms=320, end_ms=1200, open_ms=9000, longest_ms=60_000, speed=0.85),
    "crowd": Profile(begin_ms=128, pause_ms=320, end_ms=480, open_ms=480, longest_ms=30_000, by_touch=True),
}


@dataclass
class Endpointer:
    """Takes one probability of speech a frame; at a pause it is told whether the sentence is still open."""

    profile: Profile
    speaking: bool = False
    paused: bool = False
    decided: bool = False
    """Whether it is known if the sentence is open at this pause."""
    open: bool = False
    overdue: bool = False
    """Said for so long that it is taken as it is."""
    silence_ms: int = 0
    speech_ms: int = 0
    """Speech in this sentence, silence between words included."""
    _voiced: bool = False
    _window: list[bool] = field(default_factory=list)

    def frame(self, probability: float) -> Sign | None:
        self._voiced = probability >= (SILENCE if self._voiced else SPEECH)
        return self._in_sentence() if self.speaking else self._before_sentence()

    def tell(self, *, still_open: bool) -> None:
        """What the words up to this pause are: an open sentence gets more time."""
        self.decided, self.open = True, still_open

    def reset(self) -> None:
        self.speaking = self.paused = self.decided = self.open = self.overdue = self._voiced = False
        self.silence_ms = self.speech_ms = 0
        self._window.clear()

    def _before_sentence(self) -> Sign | None:
        self._window = [*self._window, self._voiced][-(self.profile.window_ms // FRAME_MS) :]
        if sum(self._window) * FRAME_MS < self.profile.begin_ms:
            return None
        self.speaking = True
        self.speech_ms = len(self._window) * FRAME_MS
        self._window.clear()
        return "begin"

    def _in_sentence(self) -> Sign | None:
        self.speech_ms += FRAME_MS
        self.silence_ms = 0 if self._voiced else self.silence_ms + FRAME_MS
        self.overdue = self.overdue or self.speech_ms >= self.profile.longest_ms
        if self.paused and self._voiced and not self.overdue:
            self.paused = self.decided = self.open = False
            return "resume"
        if not self.paused and (self.overdue or self.silence_ms >= self.profile.pause_ms):
            self.paused = True
            return "pause"
        return "end" if self.over else None

    @property
    def over(self) -> bool:
        """Whether the sentence has ended."""
        if not (self.speaking and self.paused and self.decided):
            return False
        if self.overdue or self.profile.by_touch:
            return self.overdue
        return self.silence_ms >= (self.profile.open_ms if self.open else self.profile.end_ms)
