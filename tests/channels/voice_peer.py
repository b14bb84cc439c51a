"""A hall whose voice is scripted: real pages and answers, and a voice socket that hears what a test says it hears."""

from __future__ import annotations

import asyncio
import json
import math
import struct
from array import array
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

from channels.app import create_app
from channels.chat import AskBody, _question
from channels.settings import Settings

RATE = 24000
LETTER_MS = 60
GREETING = "您好，我是小新。"
LOUD = 400
"""Loudness (RMS of PCM16) from which somebody is speaking."""
SPOKEN_FRAMES = 50
"""Loud frames of 40 ms after which the scripted question is heard."""
LABEL = "AI 生成内容，仅供参考，以窗口答复为准"


@dataclass
class VoicePeer:
    """What the peer will hear and what it was sent; a test changes it while it runs."""

    settings: Settings
    refuse: str | None = None
    hears: dict[str, Any] = field(default_factory=dict)
    """The `heard` event after speech; nothing is ever heard while it is empty."""
    answers: bool = True
    letter_ms: int = LETTER_MS
    events: list[dict[str, Any]] = field(default_factory=list)
    frames: list[bytes] = field(default_factory=list)
    sockets: list[tuple[asyncio.AbstractEventLoop, WebSocket]] = field(default_factory=list)

    def sent(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["type"] == kind]

    def tell(self, event: dict[str, Any]) -> None:
        """To every terminal, from the test's thread."""
        for loop, socket in list(self.sockets):
            asyncio.run_coroutine_threadsafe(socket.send_json(event), loop).result(5)

    def drop(self) -> None:
        """Break every connection."""
        for loop, socket in list(self.sockets):
            asyncio.run_coroutine_threadsafe(socket.close(1012), loop).result(5)

    def app(self) -> FastAPI:
        hall = create_app(self.settings)

        @asynccontextmanager
        async def lifespan(_: FastAPI) -> AsyncIterator[None]:
            async with hall.router.lifespan_context(hall):
                yield

        app = FastAPI(lifespan=lifespan)

        @app.websocket("/v1/voice")
        async def voice(socket: WebSocket) -> None:
            await socket.accept()
            if self.refuse:
                await socket.send_json({"type": "failed", "code": self.refuse, "message": "样本"})
                await socket.close()
                return
            place = (asyncio.get_running_loop(), socket)
            self.sockets.append(place)
            try:
                await Terminal(self, hall, socket).serve()
            except WebSocketDisconnect:
                pass
            finally:
                self.sockets.remove(place)

        app.mount("/", hall)
        return app


@dataclass
class Terminal:
    """One socket."""

    peer: VoicePeer
    hall: FastAPI
    socket: WebSocket
    start: dict[str, Any] = field(default_factory=dict)
    epoch: int = 0
    loud: int = 0
    speaking: asyncio.Task[None] | None = None

    async def serve(self) -> None:
        while True:
            message = await self.socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            if message.get("bytes"):
                await self.hear(message["bytes"])
            else:
                await self.told(json.loads(message["text"]))

    async def told(self, event: dict[str, Any]) -> None:
        self.peer.events.append(event)
        kind = event["type"]
        if kind == "start":
            self.start = event
            ready = {"conversation_id": event.get("conversation_id"), "profile": event["profile"]}
            await self.send("ready", **ready, duplex=event["duplex"], voice="sample", label=LABEL)
            await self.send("listening")
        elif kind == "end" and self.loud:
            await self.understand()
        elif kind == "text":
            await self.silence()
            self.speaking = asyncio.create_task(self.answer(event["text"]))
        elif kind == "greet":
            await self.silence()
            self.speaking = asyncio.create_task(self.speak(GREETING))
        elif kind in ("cancel", "leave"):
            await self.silence()

    async def hear(self, pcm: bytes) -> None:
        self.peer.frames.append(pcm)
        samples = array("h", pcm)
        if not self.peer.hears or math.sqrt(sum(one * one for one in samples) / len(samples)) < LOUD:
            return
        self.loud += 1
        if self.loud == 1:
            await self.send("hearing")
        text = self.peer.hears["raw"]
        if self.loud < SPOKEN_FRAMES:
            await self.send("partial", text=text[: max(1, len(text) * self.loud // SPOKEN_FRAMES)])
        elif self.start.get("profile") != "crowd":
            await self.understand()

    async def understand(self) -> None:
        heard, self.peer.hears, self.loud = self.peer.hears, {}, 0
        await self.silence()
        await self.send("heard", **{"corrections": [], "language": "zh", "took_ms": 12, **heard})
        if heard["text"]:
            self.speaking = asyncio.create_task(self.answer(heard["text"]))

    async def silence(self) -> None:
        if self.speaking and not self.speaking.done():
            self.speaking.cancel()
            await self.send("speech_end", epoch=self.epoch, reason="cancelled")
        self.speaking = None

    async def answer(self, question: str) -> None:
        await self.send("expression", name="think")
        await self.send("thinking", step="ground")
        if not self.peer.answers:
            return
        body = {"question": question, "conversation_id": self.start["conversation_id"], "profile": "standard"}
        if self.start.get("language"):
            body["language"] = self.start["language"]
        answer = await asyncio.to_thread(ask, self.hall, body)
        await self.send("answer", **answer)
        await self.send("expression", name="explain")
        await self.speak(answer["speech"])
        await self.send("expression", name="idle")
        await self.send("listening")

    async def speak(self, speech: str) -> None:
        self.epoch += 1
        await self.send("speech_start", epoch=self.epoch, format="pcm16", rate=RATE)
        start = 0
        for sentence in [one + "。" for one in speech.split("。") if one.strip()][:3]:
            step = self.peer.letter_ms
            chars = [[start + step * n, start + step * (n + 1)] for n in range(len(sentence))]
            shapes = [[at, "O" if n % 2 else "aa"] for n, (at, _) in enumerate(chars)]
            end = chars[-1][1]
            spoken = {"sentence": sentence, "start_ms": start, "end_ms": end, "chars": chars}
            await self.send("caption", epoch=self.epoch, **spoken)
            await self.send("visemes", epoch=self.epoch, at_ms=[*shapes, [end, "sil"]])
            await self.sound(end - start)
            start = end
        await self.send("speech_end", epoch=self.epoch, reason="done")

    async def sound(self, length_ms: int) -> None:
        """A soft tone, a little faster than it plays."""
        for done in range(0, length_ms, 200):
            count = min(200, length_ms - done) * RATE // 1000
            tone = (round(1200 * math.sin(n * 2 * math.pi * 220 / RATE)) for n in range(count))
            await self.socket.send_bytes(struct.pack(f"<{count}h", *tone))
            await asyncio.sleep(0.1)

    async def send(self, kind: str, **values: Any) -> None:
        await self.socket.send_json({"type": kind, **values})


def ask(hall: FastAPI, body: dict[str, Any]) -> dict[str, Any]:
    """What POST /v1/ask answers to `body`."""
    product = hall.state.product
    return product.assistant.ask(_question(AskBody(**body), product)).as_dict()
