"""One request to the service behind `edge-tts`, within deadlines that the package does not keep."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import queue
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from speech.synthesizer import SynthesisFailed


@dataclass(frozen=True)
class Waits:
    """Seconds that a visitor waits at most for each thing."""

    connect: int = 2
    first: float = 3.0
    """Until the service sends anything, connecting included."""
    idle: float = 3.0
    """Between two things that it sends."""
    whole: float = 10.0


def client(url: str | None) -> ModuleType:
    """The package's module that speaks to the service; for another address a copy of it that nobody else sees.

    The address is a global of that module, and an argument of nothing in it.
    """
    if url is None:
        return importlib.import_module("edge_tts.communicate")
    spec = importlib.util.find_spec("edge_tts.communicate")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    vars(module)["WSS_URL"] = url if "?" in url else f"{url}?"  # more parameters are appended, each with a &
    return module


class Call:
    """A thread of its own reads the reply; the caller's thread waits no longer than it may.

    Taking leave of a silent server, and a dead name service, last longer than a visitor waits.
    """

    def __init__(self, request: Any) -> None:
        self._request = request
        self._arrived: queue.SimpleQueue[Any] = queue.SimpleQueue()
        """Pieces, an exception, or None after the last."""
        self._left = threading.Event()
        self._reading: tuple[asyncio.AbstractEventLoop, asyncio.Task[Any]] | None = None

    def pieces(self, waits: Waits) -> Iterator[dict[str, Any]]:
        """What the service sends, as it comes. Raises SynthesisFailed for a wait, else what the package raises."""
        until = time.monotonic() + waits.whole
        threading.Thread(target=self._run, name="edge-tts", daemon=True).start()
        patience = waits.first
        try:
            while (piece := self._next(min(patience, until - time.monotonic()))) is not None:
                yield piece
                patience = waits.idle
        finally:
            self._leave()

    def _next(self, seconds: float) -> dict[str, Any] | None:
        try:
            piece = self._arrived.get(timeout=max(0.0, seconds))
        except queue.Empty:
            raise SynthesisFailed("no answer in time") from None
        if isinstance(piece, Exception):
            raise piece
        return piece

    def _run(self) -> None:
        try:
            with suppress(asyncio.CancelledError):
                asyncio.run(self._read())
        except Exception as error:  # noqa: BLE001 - handed to the caller, who is in another thread
            self._arrived.put(error)
        finally:
            self._arrived.put(None)

    async def _read(self) -> None:
        task = asyncio.current_task()
        assert task
        self._reading = asyncio.get_running_loop(), task
        if not self._left.is_set():
            async for piece in self._request.stream():
                self._arrived.put(piece)

    def _leave(self) -> None:
        self._left.set()
        if self._reading:
            loop, task = self._reading
            with suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(task.cancel)
