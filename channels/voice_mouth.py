"""What is said over one voice socket: epochs, pacing, falling silent at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from channels.voice_echo import OwnVoice
from channels.voice_wire import Wire
from speech.audio import to_pcm16
from speech.reading import read_aloud
from speech.speak import Speaker, SpokenSentence

PIECE_S = 0.1
"""Audio of one binary frame."""
AHEAD_S = 2.0
"""How far audio may be sent ahead of what is playing; a terminal bridges its network with it."""


class Mouth:
    """One thing is said at a time. Nothing of an epoch is sent after it was cancelled."""

    def __init__(self, speaker: Speaker, wire: Wire, on_air: Callable[[dict[str, Any]], None], own: OwnVoice) -> None:
        """`on_air` is told what walls may show, `own` what the microphone may hear back."""
        self.speaker, self.wire, self.on_air, self.own = speaker, wire, on_air, own
        self.epoch = 0
        self.speed = 1.0
        self.saying = ""
        """What is being said now."""
        self._begun = 0.0
        """When the first sample of the epoch began to play; later by every gap in which synthesis was behind."""
        self._playing_until = 0.0
        self._open: int | None = None
        """The epoch whose speech_start was sent and whose speech_end was not."""

    @property
    def playing(self) -> bool:
        """Whether the visitor still hears something, as far as can be told from here."""
        return self._open is not None

    async def say(
        self, text: str, language: str = "zh", first_sound: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        """Say `text`, until it is heard out or another epoch begins. Raises SynthesisFailed where the voice failed.

        `first_sound` is awaited when the first audio has been sent.
        """
        readings = [reading for reading in read_aloud(text, language) if reading.spoken]
        if not readings:
            return
        epoch = self.epoch = self.epoch + 1
        self.saying = "".join(reading.sentence for reading in readings)
        sentences = self.speaker.say(readings, self.speed)
        try:
            async for spoken in sentences:
                if epoch != self.epoch:
                    return
                if self._open != epoch:
                    self._open, self._begun = epoch, time.monotonic()
                    await self._started(epoch, spoken.rate)
                await self._sentence(epoch, spoken, first_sound)
                first_sound = None
        finally:
            await sentences.aclose()  # type: ignore[attr-defined]
        await self._heard_out(epoch)

    async def hush(self) -> None:
        """Fall silent now: the epoch is over, and what was sent of it is to be dropped."""
        ended, self._open = self._open, None
        self.epoch += 1
        self.saying = ""
        if ended is not None:
            await self._emit({"type": "speech_end", "epoch": ended, "reason": "cancelled"})

    async def _started(self, epoch: int, rate: int) -> None:
        await self._emit({"type": "speech_start", "epoch": epoch, "format": "pcm16", "rate": rate})

    async def _sentence(
        self, epoch: int, spoken: SpokenSentence, first_sound: Callable[[], Awaitable[None]] | None
    ) -> None:
        start_ms, end_ms = spoken.span
        self._begun = max(self._begun, time.monotonic() - start_ms / 1000)
        self.own.play(spoken.samples, spoken.rate, self._begun + start_ms / 1000)
        await self._emit(
            {
                "type": "caption",
                "epoch": epoch,
                "sentence": spoken.sentence,
                "start_ms": start_ms,
                "end_ms": end_ms,
                "chars": spoken.chars,
            }
        )
        await self._emit({"type": "visemes", "epoch": epoch, "at_ms": spoken.mouth})
        data = to_pcm16(spoken.samples)
        step = int(PIECE_S * spoken.rate) * 2
        for at in range(0, len(data), step):
            if epoch != self.epoch:
                return
            await self.wire.audio(data[at : at + step])
            if at == 0 and first_sound is not None:
                await first_sound()
            sent_s = start_ms / 1000 + (at + step) / 2 / spoken.rate
            self._playing_until = self._begun + sent_s
            await asyncio.sleep(max(0.0, self._playing_until - AHEAD_S - time.monotonic()))

    async def _heard_out(self, epoch: int) -> None:
        """Wait until the last sample has been played, then say so."""
        await asyncio.sleep(max(0.0, self._playing_until - time.monotonic()))
        if self._open == epoch:
            self._open = None
            self.saying = ""
            await self._emit({"type": "speech_end", "epoch": epoch, "reason": "done"})

    async def _emit(self, event: dict[str, Any]) -> None:
        self.on_air(event)
        await self.wire.event(event)
