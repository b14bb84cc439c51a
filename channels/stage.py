"""What 小新 says at the terminals of this process, for the walls to show. In memory only; nothing waits for a wall."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

Event = tuple[str, dict[str, Any]]

SHOWN: dict[str, tuple[str, ...]] = {
    "speech_start": ("terminal", "epoch"),
    "caption": ("terminal", "epoch", "sentence", "start_ms", "end_ms"),
    "visemes": ("terminal", "epoch", "at_ms"),
    "expression": ("terminal", "name"),
    "speech_end": ("terminal", "epoch", "reason"),
}
"""Frames of the voice socket that a wall shows, and their fields; all else stays between visitor and terminal."""
LATEST = frozenset(("figures",))
"""Events of which only the newest counts."""
BACKLOG = 64


class Seat:
    """A wall's place before the stage: what it has not taken yet, the oldest given up first."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()
        self._latest: dict[str, dict[str, Any]] = {}
        self._waiting: deque[Event] = deque(maxlen=BACKLOG)
        self.closed = False

    def put(self, name: str, data: dict[str, Any]) -> None:
        if name in LATEST:
            self._latest[name] = data
        else:
            self._waiting.append((name, data))
        self._news.set()

    def close(self) -> None:
        self.closed = True
        self._news.set()

    async def take(self, patience_s: float) -> list[Event]:
        """What has come, or nothing after `patience_s` or once closed."""
        try:
            await asyncio.wait_for(self._news.wait(), patience_s)
        except TimeoutError:
            return []
        self._news.clear()
        taken = [*self._latest.items(), *self._waiting]
        self._latest.clear()
        self._waiting.clear()
        return taken

    def soon(self, name: str, data: dict[str, Any]) -> None:
        """As `put`, from any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.put, name, data)


class Stage:
    """From the voice sockets of a process to its walls."""

    def __init__(self) -> None:
        self._seats: frozenset[Seat] = frozenset()
        self._closed = False

    def say(self, frame: Mapping[str, Any]) -> None:
        """Show a frame of the voice socket, if it is one that walls show. From any thread; never waits."""
        fields = SHOWN.get(str(frame.get("type")))
        if fields and self._seats:
            self.tell(frame["type"], {name: frame[name] for name in fields if name in frame})

    def tell(self, name: str, data: dict[str, Any]) -> None:
        """Send every wall an event. From any thread; never waits."""
        for seat in self._seats:
            seat.soon(name, data)

    @property
    def seats(self) -> int:
        return len(self._seats)

    @contextmanager
    def seat(self) -> Iterator[Seat]:
        """A place for as long as a wall is connected. A closed stage gives closed ones."""
        seat = Seat()
        if self._closed:
            seat.close()
        self._seats |= {seat}
        try:
            yield seat
        finally:
            self._seats -= {seat}

    def close(self) -> None:
        """End what every wall is waiting for; called on the event loop when the server stops."""
        self._closed = True
        for seat in self._seats:
            seat.close()
