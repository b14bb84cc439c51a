"""The service behind edge-tts on loopback: speaks its protocol, behaves as a test tells it to."""

from __future__ import annotations

import json
import re
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from http import HTTPStatus
from io import BytesIO
from typing import Any

import av
import numpy as np
from av.audio.frame import AudioFrame
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve

RATE = 24_000
LEAD, CHARACTER, TAIL = 0.2, 0.2, 0.5
"""Seconds of silence before the sentence, of each character, and of silence behind it."""


@cache
def tone(characters: int) -> bytes:
    """What the service sends for so many characters: 24 kHz mono MP3 of 48 kbit/s, a tone between two silences."""
    seconds = np.arange(round(characters * CHARACTER * RATE)) / RATE
    sound = np.concatenate(
        [np.zeros(round(LEAD * RATE)), 0.3 * np.sin(2 * np.pi * 220 * seconds), np.zeros(round(TAIL * RATE))]
    )
    frame = AudioFrame.from_ndarray((sound * 32_767).astype("<i2")[None], "s16", "mono")
    frame.sample_rate, frame.time_base = RATE, Fraction(1, RATE)
    written = BytesIO()
    with av.open(written, "w", format="mp3", options={"write_xing": "0", "id3v2_version": "0"}) as container:
        stream = container.add_stream("libmp3lame", rate=RATE)
        stream.bit_rate, stream.layout = 48_000, "mono"  # pyright: ignore[reportAttributeAccessIssue]
        for part in (frame, None):
            container.mux(stream.encode(part))  # pyright: ignore[reportAttributeAccessIssue, reportCallIssue]
    return written.getvalue()


@dataclass(frozen=True)
class Turn:
    """One request, and what may be sent for it."""

    peer: Peer
    connection: ServerConnection
    request_id: str
    sentence: str

    def text(self, path: str, body: Any) -> None:
        head = f"X-RequestId:{self.request_id}\r\nContent-Type:application/json; charset=utf-8\r\nPath:{path}\r\n\r\n"
        self.connection.send(head + json.dumps(body, ensure_ascii=False))

    def audio(self, data: bytes, content_type: str = "Content-Type:audio/mpeg\r\n") -> None:
        head = f"X-RequestId:{self.request_id}\r\n{content_type}X-StreamId:1\r\nPath:audio\r\n".encode()
        self.connection.send(struct.pack(">H", len(head)) + head + data)

    def word(self, text: str, start: float, end: float) -> None:
        ticks = {"Offset": round(start * 1e7), "Duration": round((end - start) * 1e7)}
        data = {**ticks, "text": {"Text": text, "Length": len(text), "BoundaryType": "WordBoundary"}}
        self.text("audio.metadata", {"Metadata": [{"Type": "WordBoundary", "Data": data}]})

    def begin(self) -> None:
        self.text("turn.start", {"context": {"serviceTag": "test"}})
        self.text("response", {"context": {"serviceTag": "test"}, "audio": {"type": "inline", "streamId": "1"}})

    def words(self) -> None:
        """Two characters are a word."""
        at = LEAD
        for text in re.findall(r"\w{1,2}", self.sentence):
            self.word(text, at, at + len(text) * CHARACTER)
            at += len(text) * CHARACTER

    def mp3(self) -> bytes:
        return tone(len(re.sub(r"\W", "", self.sentence)))

    def end(self) -> None:
        self.audio(b"", "")
        self.text("turn.end", {})


Behaviour = Callable[[Turn], None]


class Peer:
    """Takes one behaviour, or status of the handshake, per connection from `script`; the last one stays."""

    def __init__(self) -> None:
        self.script: list[Behaviour | int] = []
        self.addresses: list[str] = []
        self.requests: list[str] = []
        """The SSML of each."""
        self.released = threading.Event()
        self.server: Server | None = None

    @property
    def url(self) -> str:
        assert self.server
        return f"ws://127.0.0.1:{self.server.socket.getsockname()[1]}/relay?key=invented"

    def behave(self, *script: Behaviour | int) -> None:
        self.script, self.addresses, self.requests = list(script), [], []
        self.released.clear()

    def handshake(self, connection: ServerConnection, request: Request) -> Response | None:
        self.addresses.append(request.path)
        first = self.script[0]
        if isinstance(first, int):
            self._next()
            return connection.respond(HTTPStatus(first), "no")
        return None

    def handle(self, connection: ServerConnection) -> None:
        behaviour = self._next()
        assert callable(behaviour)
        try:
            connection.recv()
            ssml = str(connection.recv())
            self.requests.append(ssml)
            found = re.search(r"X-RequestId:(\w+)[\s\S]*<prosody[^>]*>([^<]*)<", ssml)
            assert found
            behaviour(Turn(self, connection, found.group(1), found.group(2)))
        except (ConnectionClosed, OSError):
            pass  # the other side has heard enough

    def _next(self) -> Behaviour | int:
        return self.script.pop(0) if len(self.script) > 1 else self.script[0]


@contextmanager
def running_edge() -> Iterator[Peer]:
    peer = Peer()
    with serve(peer.handle, "127.0.0.1", 0, process_request=peer.handshake, close_timeout=0.5) as server:
        peer.server = server
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield peer
        finally:
            peer.released.set()
            server.shutdown()
            thread.join()


def speaks(turn: Turn) -> None:
    turn.begin()
    turn.words()
    mp3 = turn.mp3()
    for start in range(0, len(mp3), 720):
        turn.audio(mp3[start : start + 720])
    turn.end()


def hangs(turn: Turn) -> None:
    """Takes the request and says nothing."""
    turn.peer.released.wait(30)


def stops_talking(turn: Turn) -> None:
    """Sends some sound, then nothing more."""
    turn.begin()
    turn.audio(turn.mp3()[:720])
    turn.peer.released.wait(30)


def drips(turn: Turn) -> None:
    """Never silent for long, and never done."""
    turn.begin()
    while not turn.peer.released.wait(0.05):
        turn.audio(turn.mp3()[:144])


def drops(turn: Turn) -> None:
    """All words are announced and nearly all sound is there when the connection breaks."""
    turn.begin()
    turn.words()
    turn.audio(turn.mp3()[:-720])
    turn.connection.socket.shutdown(socket.SHUT_RDWR)


def leaves_half_out(turn: Turn) -> None:
    """Ends its turn properly after half of the sound."""
    turn.begin()
    turn.words()
    turn.audio(turn.mp3()[: len(turn.mp3()) // 2])
    turn.end()


def forgets_words(turn: Turn) -> None:
    """A long enough sound, in which only the first two characters are spoken."""
    turn.begin()
    turn.word(turn.sentence[:2], LEAD, LEAD + 2 * CHARACTER)
    turn.audio(turn.mp3())
    turn.end()


def announces_no_words(turn: Turn) -> None:
    turn.begin()
    turn.audio(turn.mp3())
    turn.end()


def sends_no_sound(turn: Turn) -> None:
    turn.begin()
    turn.end()


def sends_silence(turn: Turn) -> None:
    turn.begin()
    turn.audio(tone(0) * 6)
    turn.end()


def sends_noise(turn: Turn) -> None:
    """As many bytes as the sound has, but no MP3."""
    turn.begin()
    turn.words()
    turn.audio(bytes(range(256)) * (len(turn.mp3()) // 256 + 1))
    turn.end()


def sends_unknown_text(turn: Turn) -> None:
    turn.begin()
    turn.text("surprise", {})


def sends_no_protocol(turn: Turn) -> None:
    turn.connection.send("hello")


def sends_short_binary(turn: Turn) -> None:
    turn.connection.send(b"\xff")


def sends_broken_words(turn: Turn) -> None:
    turn.begin()
    turn.text("audio.metadata", {"Metadata": [{"Type": "WordBoundary"}]})


GIVES_NOTHING: dict[str, tuple[Behaviour | int, str]] = {
    "refuses with 403": (403, "403"),
    "refuses with 429": (429, "429"),
    "refuses with 503": (503, "503"),
    "hangs": (hangs, "no answer in time"),
    "stops talking": (stops_talking, "no answer in time"),
    "drips": (drips, "no answer in time"),
    "drops": (drops, "broke off"),
    "leaves half out": (leaves_half_out, "for words until"),
    "forgets words": (forgets_words, "2 of 10 characters"),
    "sends no sound": (sends_no_sound, "NoAudioReceived"),
    "sends silence": (sends_silence, "silence"),
    "sends noise": (sends_noise, "InvalidData"),
    "sends unknown text": (sends_unknown_text, "UnknownResponse"),
    "sends no protocol": (sends_no_protocol, "ValueError"),
    "sends short binary": (sends_short_binary, "UnexpectedResponse"),
    "sends broken words": (sends_broken_words, "KeyError"),
}
"""What the service does, and what the refusal says of it."""
