"""The online voices of Microsoft Edge through the `edge-tts` package: a whole sentence, or SynthesisFailed in time.

The address is undocumented and promises nothing, and every sentence leaves the house: used only where it is set.
The package takes a broken connection for the end of the sound; here that sentence failed, and another voice speaks it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

import av
import numpy as np
from av.audio.resampler import AudioResampler

from knowledge.breaker import Breaker
from speech.audio import SANDBOX, Samples, sane
from speech.engines.edge_call import Call, Waits, client
from speech.letters import LETTERS
from speech.phones import Letter, Syllable, units
from speech.synthesizer import Sound, Speech, SynthesisFailed
from speech.trim import ready

RATE = 24_000
TICKS = 10_000_000
"""A second, as the service counts."""
MOST_BYTES = 1_000_000
"""Nearly three minutes of its sound; more is not read of one sentence."""
SLOWEST, FASTEST = 0.5, 2.0

LEAST_SHARE = 0.6
"""Of the characters, that the service must name: it passes over some, but not over half a sentence."""
LEAST_SECONDS = 0.06
"""Of sound for each character."""
LATEST_WORD = 0.2
"""Seconds that a word may end after the sound does."""
FURTHEST = 12
"""Characters among which the next one of a word is looked for: the service leaves out marks, and words."""
INITIAL_SHARE, LONGEST_INITIAL = 0.3, 0.09

logger = logging.getLogger(__name__)

Spoken = Syllable | Letter


@dataclass(frozen=True)
class Word:
    """A word of the sentence, and the seconds from when to when it is heard."""

    text: str
    start: float
    end: float


class Edge:
    """One of the voices. After two failures in a row the service is left alone for a minute.

    `url` is the address of a relay that speaks the same protocol (`ws://`, `wss://`); `proxy` that of an HTTP proxy.
    """

    def __init__(
        self,
        voice: str = "zh-CN-XiaoxiaoNeural",
        *,
        url: str | None = None,
        proxy: str | None = None,
        waits: Waits | None = None,
        breaker: Breaker | None = None,
    ) -> None:
        self.name = f"edge-tts:{voice}"
        self._voice, self._proxy = voice, proxy
        self._waits, self._breaker = waits or Waits(), breaker or Breaker()
        self._client = client(url)

    def synthesize(self, sentence: str, speed: float = 1.0) -> Speech:
        spoken = [unit for unit in units(sentence) if isinstance(unit, Syllable | Letter)]
        if not spoken:
            return Speech(np.zeros(0, np.float32), RATE)
        if not self._breaker.allows():
            raise SynthesisFailed(f"{self.name}: left alone after failures")
        try:
            speech = self._spoken(sentence, speed, spoken)
        except Exception as error:  # noqa: BLE001 - whatever the far end sent, there is no sound
            self._breaker.failed()
            raise SynthesisFailed(f"{self.name}: {_why(error)}") from None
        self._breaker.succeeded()
        return speech

    def close(self) -> None:
        """Nothing is held between sentences."""

    def _spoken(self, sentence: str, speed: float, spoken: Sequence[Spoken]) -> Speech:
        mp3, words = self._received(sentence, speed)
        samples = decoded(mp3)
        seconds = len(samples) / RATE
        check_whole(sentence, seconds, words)
        words = words or [Word(sentence, 0.0, seconds)]
        speech = ready(samples, RATE, tuple(sounds(sentence, words, spoken)))
        if not len(speech.samples):
            raise SynthesisFailed("nothing but silence")
        return speech

    def _received(self, sentence: str, speed: float) -> tuple[bytes, list[Word]]:
        percent = round((min(max(speed, SLOWEST), FASTEST) - 1) * 100)
        request = self._client.Communicate(
            sentence,
            self._voice,
            rate=f"{percent:+d}%",
            boundary="WordBoundary",
            proxy=self._proxy,
            connect_timeout=self._waits.connect,
        )
        mp3, words = bytearray(), list[Word]()
        for piece in Call(request).pieces(self._waits):
            if piece["type"] == "audio":
                mp3 += piece["data"]
            else:
                start = piece["offset"] / TICKS
                words.append(Word(piece["text"], start, start + piece["duration"] / TICKS))
            if len(mp3) > MOST_BYTES:
                raise SynthesisFailed("the sound does not end")
        if request.state["cumulative_audio_bytes"] != len(mp3):  # counted only when the service ends its turn
            raise SynthesisFailed("the connection broke off")
        return bytes(mp3), words


def decoded(mp3: bytes) -> Samples:
    with av.open(BytesIO(mp3), "r", options=SANDBOX) as container:
        resampler = AudioResampler("flt", "mono", RATE)
        frames = [part for frame in container.decode(audio=0) for part in resampler.resample(frame)]
        frames += resampler.resample(None)
        return sane(np.concatenate([frame.to_ndarray()[0] for frame in frames]))


def check_whole(sentence: str, seconds: float, words: Sequence[Word]) -> None:
    """Raises SynthesisFailed where less came than was asked for."""
    wanted = _characters(sentence)
    named = sum(_characters(word.text) for word in words)
    if seconds < LEAST_SECONDS * wanted:
        raise SynthesisFailed(f"{seconds:.1f} s of sound for {wanted} characters")
    if words and seconds < words[-1].end - LATEST_WORD:
        raise SynthesisFailed(f"{seconds:.1f} s of sound for words until {words[-1].end:.1f} s")
    if words and named < LEAST_SHARE * wanted:
        raise SynthesisFailed(f"{named} of {wanted} characters were spoken")


def sounds(sentence: str, words: Sequence[Word], spoken: Sequence[Spoken]) -> Iterator[Sound]:
    """The time of each word shared out evenly among its syllables and letters."""
    at_place = {unit.place: unit for unit in spoken}
    after = 0
    for word in words:
        inside = []
        for char in word.text:
            place = sentence.find(char, after, after + FURTHEST)
            if place >= 0:
                after = place + 1
                inside += [at_place[place]] if place in at_place else []
        share = (word.end - word.start) / max(1, len(inside))
        for number, unit in enumerate(inside):
            yield from _of_unit(unit, word.start + number * share, word.start + (number + 1) * share)


def _of_unit(unit: Spoken, start: float, end: float) -> Iterator[Sound]:
    if isinstance(unit, Letter):
        yield Sound(unit.place, LETTERS[unit.name].ipa, start, end)
        return
    initial, final = unit.sounds
    turn = start + min(INITIAL_SHARE * (end - start), LONGEST_INITIAL) if initial else start
    if initial:
        yield Sound(unit.place, initial, start, turn)
    yield Sound(unit.place, final, turn, end)


def _characters(text: str) -> int:
    return sum(char.isalnum() for char in text)


def _why(error: Exception) -> str:
    """For a log: without the address, which holds a token, and without the sentence."""
    if isinstance(error, SynthesisFailed):
        return str(error)
    status = getattr(error, "status", "")
    return f"{type(error).__name__} {status}".strip()
