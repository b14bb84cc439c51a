"""Hearing and speaking for other terminals, over the Wyoming protocol of Home Assistant and its satellites."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from wyoming.server import AsyncServer

from channels.wyoming_terminal import Services, Terminal
from speech.recognizer import Recognizer
from speech.synthesizer import Synthesizer

AT_ONCE = 2
"""Sounds that are recognized or sentences that are spoken at a time; others wait."""


async def serve_wyoming(
    uri: str,
    recognizer: Recognizer,
    synthesizer: Synthesizer,
    *,
    mend: Callable[[str], str],
    read: Callable[[str], Sequence[str]],
    stop: asyncio.Event,
    rhythm: bool = True,
) -> None:
    """Serve at `uri` (`tcp://host:port`) until `stop` is set. Raises OSError where the port is taken, ValueError.

    `mend` corrects what was heard, `read` gives the sentences of a written text as they are said aloud. `rhythm`
    begins every reply with the rhythm that GB 45438-2025 asks of voices without a screen; a terminal that shows the
    label needs none.
    """
    if not uri.startswith(("tcp://", "unix://")):
        raise ValueError(f"{uri!r} is no address of a Wyoming server; one looks like tcp://127.0.0.1:10300")
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="wyoming")
    services = Services(recognizer, synthesizer, mend, read, rhythm, pool)
    server = AsyncServer.from_uri(uri)
    try:
        await server.start(partial(Terminal, services))
        await stop.wait()
    finally:
        await server.stop()
        for task in services.tasks:
            task.cancel()
        await asyncio.gather(*services.tasks, return_exceptions=True)
        pool.shutdown(wait=False, cancel_futures=True)
