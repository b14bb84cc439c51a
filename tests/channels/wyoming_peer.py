"""A Wyoming server in the test's own loop, engines with known faults, and what its clients do."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import numpy as np
from wyoming.client import AsyncTcpClient
from wyoming.event import Event

from channels.wyoming_server import serve_wyoming
from speech.audio import Samples, from_pcm16, to_pcm16
from speech.engines.scripted import Scripted
from speech.engines.tone import Tone
from speech.reading import read_aloud
from speech.recognizer import Heard
from speech.synthesizer import Speech, SynthesisFailed

WAIT_S = 10.0
LOUD = (0.5 * np.sin(np.arange(16_000) / 8)).astype(np.float32)


class Measuring(Scripted):
    """Hears how long the recording was, and can be held up."""

    name = "measuring"

    def __init__(self) -> None:
        super().__init__([])
        self.go = threading.Event()
        self.go.set()
        self.heard: list[Samples] = []

    def recognize(self, samples: Samples) -> Heard:
        self.go.wait(WAIT_S)
        self.heard.append(samples)
        return Heard(f"{len(samples) / 16_000:.1f}")


class Broken(Scripted):
    name = "broken"

    def recognize(self, samples: Samples) -> Heard:
        raise RuntimeError("the model is gone")


class Mute(Tone):
    name = "mute"

    def synthesize(self, sentence: str, speed: float = 1.0) -> Speech:
        raise SynthesisFailed("no voice today")


class TwoRates(Tone):
    """Half the sentences at another rate, as two voices behind one may have."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def synthesize(self, sentence: str, speed: float = 1.0) -> Speech:
        self.said.append(sentence)
        rate = 24_000 if len(self.said) % 2 else 16_000
        return Speech(np.full(rate, 0.25, np.float32), rate)


class Hall:
    """A running server and its clients."""

    def __init__(self, port: int) -> None:
        self.port = port

    def client(self) -> AsyncTcpClient:
        return AsyncTcpClient("127.0.0.1", self.port, connect_timeout=WAIT_S, read_timeout=WAIT_S)

    async def transcript(self, samples: Samples = LOUD) -> str:
        async with self.client() as client:
            await record(client, to_pcm16(samples))
            event = await client.read_event()
        assert event
        assert event.type == "transcript"
        return event.data["text"]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@asynccontextmanager
async def running(recognizer: Any = None, synthesizer: Any = None, **more: Any) -> AsyncIterator[Hall]:
    stop, port = asyncio.Event(), free_port()
    serving = asyncio.create_task(
        serve_wyoming(
            f"tcp://127.0.0.1:{port}",
            recognizer or Scripted(["居住证怎么办理"] * 99),
            synthesizer or Tone(),
            stop=stop,
            **{
                "mend": lambda text: text.replace("证件", "证"),
                "read": lambda text: [one.spoken for one in read_aloud(text)],
                "rhythm": False,
                **more,
            },
        )
    )
    for _ in range(200):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.02)
            continue
        writer.close()
        break
    try:
        yield Hall(port)
    finally:
        stop.set()
        await asyncio.wait_for(serving, WAIT_S)


def in_hall(do: Callable[[Hall], Awaitable[None]], *engines: Any, **more: Any) -> None:
    async def run() -> None:
        async with running(*engines, **more) as hall:
            await do(hall)

    asyncio.run(run())


async def record(
    client: AsyncTcpClient, pcm: bytes, *, rate: int = 16_000, width: int = 2, channels: int = 1, piece: int = 6_400
) -> None:
    sound = {"rate": rate, "width": width, "channels": channels}
    await client.write_event(Event("transcribe", {"language": "zh"}))
    await client.write_event(Event("audio-start", {**sound, "timestamp": 0}))
    for start in range(0, len(pcm), piece):
        await client.write_event(Event("audio-chunk", sound, pcm[start : start + piece]))
    await client.write_event(Event("audio-stop", {"timestamp": 0}))


async def reply(client: AsyncTcpClient) -> tuple[list[str], Samples, int]:
    """Kinds of the events up to the end, the sound, and its rate."""
    kinds, sound, rate = [], b"", 0
    while event := await client.read_event():
        if event.type == "audio-chunk":
            sound += event.payload or b""
            rate = event.data["rate"]
        if not kinds or kinds[-1] != event.type:
            kinds.append(event.type)
        if event.type in ("audio-stop", "synthesize-stopped", "error"):
            break
    return kinds, from_pcm16(sound), rate


async def failure(client: AsyncTcpClient) -> str:
    event = await client.read_event()
    assert event
    assert event.type == "error"
    assert event.data["text"]
    return event.data["code"]
