"""The hall's wall: its page, and what the page shows as it happens."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Callable
from datetime import date

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, StreamingResponse

from channels.chat import EventStream
from channels.day_figures import DayFigures, Figures
from channels.pages import page
from channels.stage import Stage
from channels.wiring import Product
from knowledge.library import Library

POLL_S = 1.0
HEARTBEAT_S = 15.0
RETRY_MS = 2000
"""After which a browser that lost the stream asks again."""

logger = logging.getLogger(__name__)
router = APIRouter(tags=["screen"])


class Wall:
    """One reading of the figures for all walls of a process, and their streams."""

    def __init__(
        self,
        stage: Stage,
        figures: Callable[[], Figures],
        poll_s: float = POLL_S,
        heartbeat_s: float = HEARTBEAT_S,
    ) -> None:
        self.stage, self.figures, self.poll_s, self.heartbeat_s = stage, figures, poll_s, heartbeat_s
        self._shown: Figures | None = None
        self._reading: asyncio.Task[None] | None = None

    async def events(self) -> AsyncGenerator[str, None]:
        """The stream of one wall, until it goes away or the stage closes."""
        with self.stage.seat() as seat:
            self._read_on()
            if self._shown is not None:
                seat.put("figures", self._shown)
            yield f"retry: {RETRY_MS}\n\n"
            while not seat.closed:
                taken = await seat.take(self.heartbeat_s)
                if not taken and not seat.closed:
                    yield ": still here\nevent: beat\ndata: {}\n\n"
                for name, data in taken:
                    yield f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"

    @property
    def reads(self) -> bool:
        return self._reading is not None and not self._reading.done()

    def _read_on(self) -> None:
        if not self.reads:
            self._shown = None
            self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        """Reads while anybody watches. A database that is away leaves the last figures standing."""
        failing = False
        while self.stage.seats:
            try:
                figures = await run_in_threadpool(self.figures)
            except Exception:
                if not failing:
                    logger.exception("the figures of the wall could not be read")
                failing = True
            else:
                failing = False
                if figures != self._shown:
                    self._shown = figures
                    self.stage.tell("figures", figures)
            await asyncio.sleep(self.poll_s)


def open_wall(product: Product, stage: Stage, today: Callable[[], date] = date.today) -> Wall:
    return Wall(stage, DayFigures(product.conversations, lambda: product.live.current().library, today))


@router.get("/v1/screen/events", response_class=EventStream)
async def events(request: Request) -> StreamingResponse:
    """As server-sent events: `figures` at once and as they change; `caption`, `visemes`, `expression` of terminals."""
    wall: Wall = request.app.state.wall
    return EventStream(wall.events(), headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})


@router.get("/screen", include_in_schema=False)
def screen(request: Request) -> HTMLResponse:
    library = request.app.state.product.live.current().library
    return page("screen.html", hall=library.hall, hours=opening_hours(library), items=len(library.items))


def opening_hours(library: Library) -> str | None:
    """Of the hall itself, where its handbook gives them."""
    places = (place for item in library.items.values() for place in item.places if place.name == library.hall.name)
    return next((place.hours for place in places if place.hours), None)
