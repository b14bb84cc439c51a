"""The way to the client of a voice socket."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from fastapi import WebSocket, WebSocketDisconnect

SEND_S = 10.0
"""Seconds that a client may leave a frame unread before its socket is given up."""


class ClientGone(Exception):
    """Nobody reads what is sent."""


class Wire:
    """Sends in order, one frame at a time; gives up on a client that does not read: raises ClientGone."""

    def __init__(self, socket: WebSocket) -> None:
        self.socket = socket
        self._lock = asyncio.Lock()

    async def event(self, event: dict[str, Any]) -> None:
        await self._send({"type": "websocket.send", "text": json.dumps(event, ensure_ascii=False)})

    async def audio(self, data: bytes) -> None:
        await self._send({"type": "websocket.send", "bytes": data})

    async def _send(self, message: dict[str, Any]) -> None:
        try:
            async with asyncio.timeout(SEND_S), self._lock:
                await self.socket.send(message)
        except (TimeoutError, RuntimeError, WebSocketDisconnect) as error:
            raise ClientGone from error
