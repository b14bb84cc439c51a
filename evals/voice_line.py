"""A terminal on the voice socket in this process: the clock is the sound that was sent, not the wall.

The next piece of sound is sent when the server has taken the one before and decoded what it wanted of it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, MutableMapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fastapi import FastAPI

from channels import voice
from channels.metrics import Metrics
from channels.prepare_speech import Quiet
from channels.settings import Settings
from channels.speech_parts import SpeechParts, Words
from channels.stage import Stage
from channels.wiring import Product
from speech.audio import HEARING_RATE, Samples, to_pcm16
from speech.clips import Clips
from speech.engines.tone import Tone
from speech.recognizer import Recognizer
from speech.speak import Speaker
from speech.vad import VoiceActivity
from speech.voices import load_voice

PIECE = 640
"""Samples of one frame: 40 ms."""
SETTLE = 50
"""Turns of the event loop after which all that a frame sets off has run."""
PATIENCE_S = 60.0
"""Within which an answer begins; a machine that is slower has failed, and is not judged."""
Message = MutableMapping[str, Any]


class Here(ThreadPoolExecutor):
    """Runs a job where it is submitted, so that no decoding is late."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - whatever a job raises is its result
            done.set_exception(error)
        return done


@dataclass(frozen=True)
class Told:
    """One frame of the server. `sound` is None for an event."""

    at_ms: int
    """Milliseconds of sound that had been sent."""
    event: dict[str, Any]
    sound: int | None = None
    """Bytes of audio."""

    @property
    def kind(self) -> str:
        return "sound" if self.sound is not None else self.event["type"]


@dataclass
class Line:
    """One terminal's end of a socket."""

    told: list[Told] = field(default_factory=list)
    sent: int = 0
    """Samples so far."""
    _frames: asyncio.Queue[Message] = field(default_factory=asyncio.Queue)
    _idle: asyncio.Event = field(default_factory=asyncio.Event)
    _came: asyncio.Event = field(default_factory=asyncio.Event)
    _over: bool = False

    @property
    def at_ms(self) -> int:
        return self.sent * 1000 // HEARING_RATE

    async def send(self, **frame: Any) -> None:
        await self._give({"type": "websocket.receive", "text": json.dumps(frame)})

    async def hear(self, sound: Samples, until: Callable[[], bool] = lambda: False) -> None:
        """Send sound as a microphone does, piece by piece, until it ends or `until` is true."""
        for at in range(0, len(sound), PIECE):
            if until():
                return
            piece = sound[at : at + PIECE]
            self.sent += len(piece)
            await self._give({"type": "websocket.receive", "bytes": to_pcm16(piece)})

    async def wait(self, kind: str, after: int = 0) -> Told:
        """The next frame of a kind from place `after` of `told` on. Raises TimeoutError where none comes."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                found = next((one for one in self.told[after:] if one.kind == kind), None)
                if found is not None:
                    return found
                self._came.clear()
                await self._came.wait()

    def came(self, kind: str) -> list[Told]:
        return [one for one in self.told if one.kind == kind]

    async def receive(self) -> Message:
        if self._frames.empty():
            self._idle.set()
        return await self._frames.get()

    async def take(self, message: Message) -> None:
        """What the server sends."""
        if message.get("text"):
            self.told.append(Told(self.at_ms, json.loads(message["text"])))
        elif message.get("bytes") is not None:
            self.told.append(Told(self.at_ms, {}, len(message["bytes"])))
        self._came.set()

    def call(self) -> None:
        self._frames.put_nowait({"type": "websocket.connect"})

    def hang_up(self) -> None:
        self._frames.put_nowait({"type": "websocket.disconnect", "code": 1000})

    def end(self) -> None:
        """The server takes nothing more."""
        self._over = True
        self._idle.set()

    async def _give(self, message: Message) -> None:
        if self._over:
            raise ConnectionError("the server has ended the call")
        self._idle.clear()
        self._frames.put_nowait(message)
        await self._idle.wait()
        for _ in range(SETTLE):
            await asyncio.sleep(0)


@dataclass(frozen=True)
class _Loaded:
    """Speech that is there already."""

    loaded: SpeechParts

    async def parts(self) -> SpeechParts:
        return self.loaded


def open_hall(product: Product, settings: Settings, recognizer: Recognizer, words: Words) -> FastAPI:
    """The product's voice socket alone, with ears that decode at once; its answers are hummed: nobody hears them."""
    hummed, speaking = Tone(), ThreadPoolExecutor(1, "speaking")
    parts = SpeechParts(
        recognizer=recognizer,
        activity=VoiceActivity(),
        words=words,
        voice=load_voice("tone", date.today()),
        synthesizer=hummed,
        speaker=Speaker(hummed, speaking),
        clips=Clips(settings.data_dir / "speech" / "clips", hummed),
        stage=Stage(),
        quiet=Quiet(),
        hearing=Here(),
        speaking=speaking,
    )
    app = FastAPI()
    app.include_router(voice.router)
    app.state.product, app.state.settings, app.state.metrics = product, settings, Metrics()
    app.state.speech = _Loaded(parts)
    return app


@asynccontextmanager
async def line(app: FastAPI, **start: Any) -> AsyncIterator[Line]:
    """A socket on which `start` was sent. Raises what the server fails with, ConnectionError where it hangs up."""
    one = Line()
    one.call()
    serving = asyncio.create_task(app(_scope(), one.receive, one.take))
    serving.add_done_callback(lambda _: one.end())
    try:
        await one.send(type="start", terminal="batch", **start)
        yield one
    finally:
        one.hang_up()
        with suppress(asyncio.CancelledError):
            await serving


def _scope() -> dict[str, Any]:
    return {
        "type": "websocket",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "scheme": "ws",
        "path": "/v1/voice",
        "raw_path": b"/v1/voice",
        "root_path": "",
        "query_string": b"",
        "headers": [],
        "client": ("testclient", 0),
        "server": ("testserver", 80),
        "subprotocols": [],
        "state": {},
        "extensions": {},
    }
