"""Events of the Wyoming protocol as they come from somebody unknown: bounded in size and time, and checked."""

from __future__ import annotations

import asyncio
import warnings
from typing import Any, Protocol, TypeVar, cast

import numpy as np
from wyoming.event import Event, async_read_event

from speech.audio import HEARING_RATE, Resampler, Samples, from_pcm16

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # audioop, in Python 3.11 and 3.12
    from wyoming.audio import AudioChunk, AudioFormat

MOST_DATA = 2_000_000
"""Bytes of one event: a minute of sound at 16 kHz, sent whole."""
IDLE_S = 300.0
"""After this long without an event a client is taken for gone."""
LONGEST_S = 60.0
"""Of one recording."""
RATES = range(8_000, 48_001)

Given = TypeVar("Given", covariant=True)


class Refused(Exception):
    """A request that is not met; `code` is one of errors.yaml."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Kind(Protocol[Given]):
    """A class of the package's events."""

    def from_event(self, event: Event) -> Given: ...


def given(kind: Kind[Given], event: Event) -> Given:
    """The event as one of `kind`. Raises Refused where its fields are missing or no object at all."""
    try:
        return kind.from_event(event)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise Refused("bad_request") from None


async def next_event(reader: asyncio.StreamReader, idle_s: float = IDLE_S) -> Event | None:
    """None at the end, and where nothing came for long. Raises Refused for what is no event."""
    try:
        async with asyncio.timeout(idle_s):
            return await async_read_event(cast(asyncio.StreamReader, _Bounded(reader)))
    except (TimeoutError, OSError, asyncio.IncompleteReadError):
        return None
    except (AttributeError, KeyError, TypeError, RecursionError):
        raise Refused("bad_request") from None


class _Bounded:
    """The reader, for lengths that may be claimed; the package trusts them."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader

    async def readline(self) -> bytes:
        try:
            return await self._reader.readline()
        except ValueError:
            raise Refused("too_large") from None

    async def readexactly(self, size: int) -> bytes:
        if size > MOST_DATA:
            raise Refused("too_large")
        return await self._reader.readexactly(size)


class Recording:
    """What a client recorded, in its own format. Raises Refused for a format that is not PCM of 8 to 48 kHz."""

    def __init__(self, pcm: AudioFormat) -> None:
        whole = all(isinstance(value, int) for value in (pcm.rate, pcm.width, pcm.channels))
        if not whole or pcm.rate not in RATES or pcm.width not in (1, 2, 4) or pcm.channels not in (1, 2):
            raise Refused("unreadable_audio")
        self._format = (pcm.rate, pcm.width, pcm.channels)
        self._most = int(LONGEST_S * pcm.rate) * pcm.width * pcm.channels
        self._data = bytearray()

    def add(self, chunk: AudioChunk) -> None:
        """Raises Refused for another format than before, and past the longest."""
        if (chunk.rate, chunk.width, chunk.channels) != self._format:
            raise Refused("unreadable_audio")
        self._data += chunk.audio
        if len(self._data) > self._most:
            raise Refused("audio_too_long")

    def samples(self) -> Samples:
        """At 16 kHz."""
        rate, width, channels = self._format
        data = bytes(self._data[: len(self._data) // (width * channels) * width * channels])
        mono: Samples = _plain(data, width).reshape(-1, channels).mean(axis=1).astype(np.float32)
        resampler = Resampler(rate, HEARING_RATE)
        return np.concatenate([resampler.accept(mono), resampler.flush()])


def _plain(data: bytes, width: int) -> Samples:
    if width == 2:
        return from_pcm16(data)
    if width == 1:
        return np.frombuffer(data, np.uint8).astype(np.float32) / np.float32(128) - np.float32(1)
    return np.frombuffer(data, "<i4").astype(np.float32) / np.float32(2**31)


def text_of(value: Any, most: int) -> str:
    """Raises Refused for what is no text, and for too much of it."""
    if not isinstance(value, str):
        raise Refused("bad_request")
    if len(value) > most:
        raise Refused("too_large")
    return value
