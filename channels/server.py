"""A server that can stop while walls are watching."""

from __future__ import annotations

import socket
from collections.abc import Callable

import uvicorn


class HallServer(uvicorn.Server):
    """uvicorn waits for every response before it stops, and a wall's never ends: so they are ended first."""

    def __init__(self, config: uvicorn.Config, end_streams: Callable[[], None]) -> None:
        super().__init__(config)
        self.end_streams = end_streams

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.end_streams()
        await super().shutdown(sockets)
