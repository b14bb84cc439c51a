"""Speak: an answer becomes sound, sentence by sentence; the next sentence is prepared while one is heard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from speech.audio import Samples
from speech.mouth import char_times, visemes
from speech.reading import Reading, part
from speech.synthesizer import Speech, Synthesizer

GAP_S, COMMA_GAP_S = 0.18, 0.06
"""Silence after a sentence, and after a part of one that ends with a comma."""
QUICK_LEAST, QUICK_MOST, QUICK_WHOLE = 7, 26, 18
"""Spoken characters of a first part; a sentence that is no longer than the last is said whole."""

Span = tuple[int, int]
"""Start and end in milliseconds from the first sample of what is said."""


@dataclass(frozen=True)
class SpokenSentence:
    """One sentence with its sound, its mouth shapes and the time of each character, on one timeline."""

    sentence: str
    """As it stands on screen."""
    samples: Samples
    rate: int
    span: Span
    chars: tuple[Span, ...]
    """One for each character of `sentence`."""
    mouth: tuple[tuple[int, str], ...]
    """Millisecond and viseme, each until the next."""

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate


class Speaker:
    """The voice of the hall, shared by all conversations. Synthesis runs in `pool`."""

    def __init__(
        self, voice: Synthesizer, pool: Executor, kept: Callable[[str, float], bool] = lambda _sentence, _speed: False
    ) -> None:
        """`kept` tells which sentences are there already, at a speed."""
        self.voice, self.pool, self.kept = voice, pool, kept

    async def say(self, readings: Sequence[Reading], speed: float = 1.0) -> AsyncIterator[SpokenSentence]:
        """The sentences in order. Leaving the iterator early drops what was not yet spoken.

        Raises SynthesisFailed where the voice fails; what was given before it stands.
        """
        readings = self._quick(readings, speed)
        start, ahead = 0.0, self._begin(readings, 0, speed)
        try:
            for place, reading in enumerate(readings):
                current, ahead = ahead, None
                assert current is not None
                speech = await current
                ahead = self._begin(readings, place + 1, speed)
                spoken = timed(reading, speech, start)
                start += spoken.seconds
                yield spoken
        finally:
            if ahead is not None:
                ahead.cancel()

    def _quick(self, readings: Sequence[Reading], speed: float) -> Sequence[Reading]:
        """The first sentence that is not kept begins with its first clause, so that the voice is not waited for."""
        for place, reading in enumerate(readings):
            if not self.kept(reading.spoken, speed):
                parts = part(reading, QUICK_LEAST, QUICK_MOST) if len(reading.spoken) > QUICK_WHOLE else (reading,)
                return [*readings[:place], *parts, *readings[place + 1 :]]
        return readings

    def _begin(self, readings: Sequence[Reading], place: int, speed: float) -> asyncio.Future[Speech] | None:
        if place >= len(readings):
            return None
        sentence = readings[place].spoken
        if self.kept(sentence, speed):  # must not wait behind what others are having made
            return asyncio.ensure_future(asyncio.to_thread(self.voice.synthesize, sentence, speed))
        return asyncio.wrap_future(self.pool.submit(self.voice.synthesize, sentence, speed))


def whole(
    voice: Synthesizer,
    readings: Sequence[Reading],
    speed: float = 1.0,
    progress: Callable[[int, int], None] | None = None,
) -> list[SpokenSentence]:
    """All sentences at once, for a file; `progress` is told how many are done, of how many.

    Raises SynthesisFailed.
    """
    said: list[SpokenSentence] = []
    start = 0.0
    for done, reading in enumerate(readings, start=1):
        said.append(timed(reading, voice.synthesize(reading.spoken, speed), start))
        start += said[-1].seconds
        if progress:
            progress(done, len(readings))
    return said


def timed(reading: Reading, speech: Speech, start: float) -> SpokenSentence:
    """`speech` of a reading that begins `start` seconds after the first sample of what is said."""
    gap = COMMA_GAP_S if reading.spoken.endswith("，") else GAP_S
    samples = np.concatenate([speech.samples, np.zeros(int(gap * speech.rate), np.float32)])
    spoken = [(start + a, start + b) for a, b in char_times(speech, len(reading.spoken))]
    return SpokenSentence(
        reading.sentence,
        samples,
        speech.rate,
        (_ms(start), _ms(start + speech.seconds)),
        _on_screen(reading, spoken, start),
        tuple((_ms(start + at), shape) for at, shape in visemes(speech)),
    )


def _on_screen(reading: Reading, spoken: Sequence[tuple[float, float]], start: float) -> tuple[Span, ...]:
    """The time of each written character: that of all words it was read as; one not read takes no time."""
    spans: list[Span | None] = [None] * len(reading.sentence)
    for place, (a, b) in zip(reading.places, spoken, strict=True):
        before = spans[place]
        spans[place] = (before[0] if before else _ms(a), _ms(b))
    at, filled = _ms(start), list[Span]()
    for span in spans:
        filled.append(span or (at, at))
        at = filled[-1][1]
    return tuple(filled)


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
