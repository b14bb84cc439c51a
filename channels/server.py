"""A server that can stop while walls are watching."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress

import uvicorn


class HallServer(uvicorn.Server):
    """uvicorn waits for every response before it stops, and a wall's never ends: so they are ended first."""

    def __init__(self, config: uvicorn.Config, end_streams: Callable[[], None]) -> None:
        super().__init__(config)
        self.end_streams = end_streams

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Until it is told to stop; uvicorn repeats the interrupt that told it so, and `uvicorn.run` hides it too."""
        with suppress(KeyboardInterrupt):
            super().run(sockets)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.end_streams()
        await super().shutdown(sockets)
