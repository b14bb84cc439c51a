"""A chat model's endpoint on loopback: speaks the OpenAI chat completions protocol, behaves as a test tells it to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Behaviour = Callable[["Handler"], None]


def line(sentence: str, passage: int | None, quote: str = "") -> str:
    """One sentence in the form that the model is asked for."""
    return json.dumps({"sentence": sentence, "passage": passage, "quote": quote}, ensure_ascii=False) + "\n"


class Handler(BaseHTTPRequestHandler):
    @property
    def peer(self) -> Peer:
        assert isinstance(self.server, Peer)
        return self.server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.body: dict[str, Any] = json.loads(body)
        self.peer.requests.append(self.body)
        self.peer.keys.append(self.headers.get("Authorization", ""))
        try:
            self.peer.next_behaviour()(self)
        except OSError:
            self.peer.hung_up.set()  # the other side has read enough
        self.close_connection = True

    def begin(self, content_type: str = "text/event-stream", status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Connection", "close")
        self.end_headers()

    def chunk(self, text: str) -> None:
        self.event({"choices": [{"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": None}]})

    def event(self, data: dict[str, Any]) -> None:
        whole = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "test-model", **data}
        self.wfile.write(f"data: {json.dumps(whole, ensure_ascii=False)}\n\n".encode())
        self.wfile.flush()

    def end(self) -> None:
        self.event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, format: str, *args: object) -> None:
        pass


class Peer(ThreadingHTTPServer):
    """Takes one behaviour per request from `script`; the last one stays."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.script: list[Behaviour] = []
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.released = threading.Event()
        self.hung_up = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def behave(self, *script: Behaviour) -> None:
        self.script, self.requests, self.keys = list(script), [], []
        self.released.clear()
        self.hung_up.clear()

    def next_behaviour(self) -> Behaviour:
        return self.script.pop(0) if len(self.script) > 1 else self.script[0]

    def sent(self, number: int = -1) -> str:
        """Everything that one request said to the model."""
        return "\n".join(message["content"] for message in self.requests[number]["messages"])


@contextmanager
def running_peer() -> Iterator[Peer]:
    peer = Peer()
    thread = threading.Thread(target=peer.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield peer
    finally:
        peer.released.set()
        peer.shutdown()
        peer.server_close()
        thread.join()


def says(*lines: str, piece: int = 7) -> Behaviour:
    """Streams the lines in pieces of a few characters."""

    def behave(handler: Handler) -> None:
        handler.begin()
        text = "".join(lines)
        for start in range(0, len(text), piece):
            handler.chunk(text[start : start + piece])
        handler.end()

    return behave


def hangs(*first: str) -> Behaviour:
    """Streams the lines, then says nothing more until the test is over."""

    def behave(handler: Handler) -> None:
        handler.begin()
        for text in first:
            handler.chunk(text)
        handler.peer.released.wait(30)

    return behave


def drops(*first: str) -> Behaviour:
    """Breaks the connection off in the middle of an event."""

    def behave(handler: Handler) -> None:
        handler.begin()
        for text in first:
            handler.chunk(text)
        handler.wfile.write(b'data: {"id": "1", "choi')

    return behave


def hangs_up(handler: Handler) -> None:
    """Closes without a word."""


def fails(status: int) -> Behaviour:
    def behave(handler: Handler) -> None:
        handler.begin("application/json", status)
        handler.wfile.write(json.dumps({"error": {"message": "no", "type": "test", "code": None}}).encode())

    return behave


def floods(pieces: Sequence[str]) -> Behaviour:
    """Goes on until nobody listens."""

    def behave(handler: Handler) -> None:
        handler.begin()
        while not handler.peer.released.is_set():
            for text in pieces:
                handler.chunk(text)

    return behave


def answers_unstreamed(text: str) -> Behaviour:
    """Ignores stream=true."""

    def behave(handler: Handler) -> None:
        handler.begin("application/json")
        message = {"role": "assistant", "content": text}
        choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
        whole = {"id": "1", "object": "chat.completion", "created": 1, "model": "test-model", "choices": choices}
        handler.wfile.write(json.dumps(whole).encode())

    return behave
