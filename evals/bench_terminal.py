"""A terminal of the bench: an open microphone in real time on one side, a loudspeaker with a clock on the other."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from speech.audio import HEARING_RATE, Samples, to_pcm16

FRAME_S = 0.04
"""Sound of one frame of the microphone."""
POLL_S = 0.002
HUM = 0.0003
"""Amplitude of a microphone that hears nobody."""
AUDIBLE_S = 0.02
"""Silence between two pieces of sound from which it is a gap."""


class NothingCame(Exception):
    """The server did not say within the time what it should have."""


@dataclass(frozen=True)
class Told:
    """One frame of the server, and when it came, on time.perf_counter()'s clock."""

    at: float
    event: dict[str, Any]
    sound: int = 0
    """Bytes of audio; the event is empty then."""

    @property
    def kind(self) -> str:
        return "sound" if self.sound else self.event["type"]


@dataclass(frozen=True)
class Spoken:
    first: float
    last: float
    """When the first and the last sample of what was said passed the microphone."""


@dataclass(frozen=True)
class Gap:
    """Silence where sound should have been: what is heard was all that had come."""

    sentence: int
    """Of the epoch, from 0; the gap is before it or in it."""
    seconds: float
    before: bool
    """Whether it is before its first sample."""


class Terminal:
    """One conversation. Whatever the server says is noted with its time."""

    def __init__(self, socket: ClientConnection) -> None:
        self.told: list[Told] = []
        self._socket = socket
        self._sound: Samples = np.zeros(0, np.float32)
        self._noise = np.random.default_rng(0)
        self._frames = 0
        self._begun = time.perf_counter()

    async def send(self, **frame: Any) -> float:
        """When it was sent."""
        await self._socket.send(json.dumps(frame))
        return time.perf_counter()

    def say(self, sound: Samples) -> Spoken:
        """Into the microphone, from now on; when it passes there."""
        self._sound = sound
        first = self._begun + self._frames * FRAME_S
        return Spoken(first, first + len(sound) / HEARING_RATE)

    async def until(self, kind: str, after: float, patience: float = 20.0, **fields: Any) -> Told:
        """The first frame of a kind that came after a time. Raises NothingCame."""
        found = await self.until_any((kind,), after, patience, **fields)
        if found is None:
            raise NothingCame(kind)
        return found

    async def until_any(self, kinds: Collection[str], after: float, patience: float, **fields: Any) -> Told | None:
        """The first frame of one of these kinds that came after a time; None where it did not."""
        seen, end = 0, time.perf_counter() + patience
        while True:
            for told in self.told[seen:]:
                if told.at >= after and told.kind in kinds and fields.items() <= told.event.items():
                    return told
            seen = len(self.told)
            if time.perf_counter() >= end:
                return None
            await asyncio.sleep(POLL_S)

    async def listen(self) -> None:
        """Note what comes, until the server is gone."""
        try:
            async for frame in self._socket:
                now = time.perf_counter()
                told = Told(now, {}, len(frame)) if isinstance(frame, bytes) else Told(now, json.loads(frame))
                self.told.append(told)
        except ConnectionClosed:
            return

    async def record(self) -> None:
        """Send what the microphone hears, each frame when it is full."""
        size = int(FRAME_S * HEARING_RATE)
        while True:
            frame = (self._noise.standard_normal(size) * HUM).astype(np.float32)
            said, self._sound = self._sound[:size], self._sound[size:]
            frame[: len(said)] += said
            self._frames += 1
            await asyncio.sleep(max(0.0, self._begun + self._frames * FRAME_S - time.perf_counter()))
            try:
                await self._socket.send(to_pcm16(frame))
            except ConnectionClosed:
                return


@asynccontextmanager
async def terminal(url: str, **start: Any) -> AsyncIterator[Terminal]:
    """Connected and welcomed, its microphone open."""
    address = f"{url.replace('http', 'ws', 1)}/v1/voice"
    async with connect(address, max_size=None, open_timeout=60, proxy=None, compression=None) as socket:
        one = Terminal(socket)
        tasks = [asyncio.create_task(one.listen())]
        await one.send(type="start", rate=HEARING_RATE, **start)
        await one.until("listening", 0.0, patience=120.0)
        one._begun = time.perf_counter()
        tasks.append(asyncio.create_task(one.record()))
        try:
            yield one
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def gaps(told: Sequence[Told], rate: int) -> Iterator[Gap]:
    """Where a loudspeaker that plays what it has would fall silent, in the frames of one epoch."""
    until, sentence, fresh = None, -1, False
    for one in told:
        if one.kind == "caption":
            sentence, fresh = sentence + 1, True
        if not one.sound:
            continue
        if until is not None and one.at - until >= AUDIBLE_S:
            yield Gap(sentence, one.at - until, fresh)
        until = max(until or 0.0, one.at) + one.sound / 2 / rate
        fresh = False


def latest(told: Sequence[Told], at: Callable[[Told], bool]) -> float | None:
    """When the last such frame came."""
    return max((one.at for one in told if at(one)), default=None)
