"""Refuses request bodies that are too large, before they are read whole."""

from __future__ import annotations

import re
from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from channels.errors import Problem, error_response


class BodyLimit:
    def __init__(self, app: ASGIApp, most: int, by_path: Mapping[str, int] | None = None) -> None:
        """`most` bytes, but for the addresses that a pattern of `by_path` fits."""
        self.app, self.most = app, most
        self.by_path = [(re.compile(path), bound) for path, bound in (by_path or {}).items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        own = (bound for path, bound in self.by_path if path.fullmatch(scope["path"]))
        most = next(own, self.most)
        length = Headers(scope=scope).get("content-length", "")
        if length.isdigit() and int(length) > most:
            await error_response(Request(scope), 413, "too_large")(scope, receive, send)
            return
        read = 0

        async def bounded() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > most:
                raise Problem(413, "too_large")
            return message

        await self.app(scope, bounded, send)
