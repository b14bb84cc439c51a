"""WS /v1/voice: frames in and out, limits, and the silence after which a conversation ends. docs/voice-socket.md."""

from __future__ import annotations

import asyncio
import logging
import time

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from pydantic import ValidationError

from channels.errors import SENTENCES
from channels.voice_frames import FRAME
from channels.voice_session import VoiceSession
from channels.voice_wire import ClientGone, Wire

router = APIRouter()
logger = logging.getLogger(__name__)

MOST_TEXT = 64 * 1024
"""Characters of the longest text frame that is read."""
START_S = 60.0
"""Seconds within which the first frame must come."""
WARNING_S, GOODBYE_S = 45.0, 15.0
"""Silence after which the visitor is asked whether they are still there, and silence after that which ends it."""
TRY_AGAIN_LATER = 1013


@router.websocket("/v1/voice")
async def voice(socket: WebSocket) -> None:
    """One conversation by voice."""
    state = socket.app.state
    await socket.accept()
    wire = Wire(socket)
    parts = await state.speech.parts()
    problem = "voice_off" if parts is None else None
    if parts is not None and state.metrics.voice_sockets.open >= state.settings.voice_sockets:
        problem = "too_many_conversations"
    if problem or parts is None:
        await _refuse(socket, wire, problem or "voice_off")
        return
    session = VoiceSession(state.product, parts, wire, state.metrics)
    with state.metrics.voice_sockets.one():
        watch = asyncio.create_task(_watch(session, state.settings.idle_s))
        try:
            await _read(socket, session)
        except (WebSocketDisconnect, ClientGone, TimeoutError):
            logger.debug("a voice socket ended")
        finally:
            watch.cancel()
            await session.close()


async def _refuse(socket: WebSocket, wire: Wire, code: str) -> None:
    try:
        await wire.event({"type": "failed", "code": code, "message": SENTENCES[code]})
        await socket.close(TRY_AGAIN_LATER)
    except (ClientGone, RuntimeError):
        logger.debug("a refused client had gone")


async def _read(socket: WebSocket, session: VoiceSession) -> None:
    """Every frame in order. What one frame breaks is told, and the next is read."""
    while True:
        message = await asyncio.wait_for(socket.receive(), None if session.started else START_S)
        if message["type"] == "websocket.disconnect":
            return
        try:
            if message.get("bytes") is not None:
                await session.hear(message["bytes"])
            else:
                await _take(message.get("text") or "", session)
        except (ClientGone, WebSocketDisconnect):
            raise
        except Exception:  # one conversation's trouble is told to it, and is no other's
            logger.exception("a voice frame failed")
            await session.apologize()


async def _take(text: str, session: VoiceSession) -> None:
    try:
        frame = FRAME.validate_json(text[: MOST_TEXT + 1])
    except ValidationError:
        await session.fail("bad_frame")
        return
    if not session.started and frame.type != "start":
        await session.fail("not_started")
        return
    await session.take(frame)


async def _watch(session: VoiceSession, idle_s: float) -> None:
    """Ask a silent visitor whether they are still there; then say goodbye and wipe the conversation."""
    warned = False
    while True:
        await asyncio.sleep(min(1.0, idle_s / 4))
        silent = time.monotonic() - session.active_at
        if not session.used or session.talking or silent < idle_s:
            warned = warned and silent >= idle_s
            continue
        try:
            if not warned:
                warned = True
                await session.idle("warning")
            elif silent >= idle_s + min(GOODBYE_S, idle_s):
                warned = False
                await session.idle("goodbye")
        except ClientGone:
            return
