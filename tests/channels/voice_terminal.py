"""A terminal in a test: it sends frames over the voice socket and keeps what it was told."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from starlette.testclient import WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from speech.audio import decode, to_pcm16

SAMPLES = Path(__file__).parents[1] / "speech" / "samples"
SILENCE = to_pcm16(np.zeros(640, np.float32))
START = {"type": "start", "terminal": "kiosk-test"}


class Terminal:
    """A terminal: it sends frames and keeps what it was told, audio frames as bytes."""

    def __init__(self, socket: WebSocketTestSession) -> None:
        self.socket = socket
        self.told: list[Any] = []

    def send(self, **frame: Any) -> None:
        self.socket.send_text(json.dumps(frame))

    def speak(self, name: str, *, silence_ms: int = 800) -> None:
        """A sample in pieces of 40 ms, as fast as the server takes them."""
        data = to_pcm16(decode((SAMPLES / f"{name}.ogg").read_bytes()))
        for at in range(0, len(data), 1280):
            self.socket.send_bytes(data[at : at + 1280])
        self.silence(silence_ms)

    def silence(self, ms: int) -> None:
        for _ in range(ms // 40):
            self.socket.send_bytes(SILENCE)

    def next(self) -> Any:
        message = self.socket.receive()
        if message["type"] == "websocket.close":
            raise WebSocketDisconnect(message["code"])
        one = message["bytes"] if message.get("bytes") is not None else json.loads(message["text"])
        self.told.append(one)
        return one

    def until(self, kind: str, **fields: Any) -> dict[str, Any]:
        """The next event of that kind."""
        while True:
            one = self.next()
            if isinstance(one, dict) and one["type"] == kind and fields.items() <= one.items():
                return one

    def until_sound(self) -> bytes:
        while True:
            one = self.next()
            if isinstance(one, bytes):
                return one

    def kinds(self) -> list[str]:
        return [one["type"] for one in self.told if isinstance(one, dict)]
