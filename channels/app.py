"""The HTTP application."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from channels import (
    answers,
    case_link,
    cases,
    chat,
    desk,
    items,
    pages,
    rulesets,
    screen,
    sign_in,
    speech,
    staff_routes,
    voice,
)
from channels.body_limit import BodyLimit
from channels.case_errors import add_case_errors
from channels.case_papers import issue_missing
from channels.case_parts import open_cases
from channels.errors import ErrorBody, add_error_handlers, described, error_response, request_id, unexpected
from channels.metrics import Metrics
from channels.retention import keep_no_longer
from channels.settings import Settings
from channels.speech_parts import SpeechLoader
from channels.stage import Stage
from channels.upload import UploadRoom
from channels.wiring import Product, build

ERRORS = described(400, 404, 405, 413, 422, 500)
"""What every address may answer with."""
FORM_MARGIN = 8192
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; style-src 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'self'",
}


def create_app(settings: Settings, product: Product | None = None) -> FastAPI:
    """The application. Without a built `product` it builds one at start-up; it closes it at the end."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.product = product or build(settings)
        app.state.product.assistant.warm_up()
        app.state.wall = screen.open_wall(app.state.product, app.state.stage)
        app.state.speech = SpeechLoader(settings, app.state.product, app.state.stage)
        app.state.speech.start()
        app.state.cases = open_cases(app.state.product)
        app.state.cases.jobs.issue_missing = partial(issue_missing, app.state.cases)
        app.state.cases.jobs.start()
        retention = asyncio.create_task(keep_no_longer(app.state.product.conversations, settings.retention_days))
        yield
        retention.cancel()
        await app.state.speech.close()
        app.state.cases.close()
        app.state.product.close()

    app = FastAPI(
        title="小新",
        version=version("xiaoxin"),
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        responses=ERRORS,
    )
    app.state.metrics = Metrics()
    app.state.settings = settings
    app.state.stage = Stage()
    app.state.upload_room = UploadRoom(settings.max_uploads_bytes)
    app.add_middleware(BodyLimit, most=settings.max_body_bytes, by_path=_larger_bodies(settings))
    app.middleware("http")(_observed)
    add_error_handlers(app)
    add_case_errors(app)
    _add_routes(app)
    _add_health(app)
    return app


def _add_routes(app: FastAPI) -> None:
    for module in (chat, items, speech, voice, screen, cases, case_link, desk, rulesets, sign_in, staff_routes, pages):
        app.include_router(module.router)
    app.mount("/static", pages.static_files(), name="static")
    app.include_router(desk.figures_router)
    app.include_router(answers.router)


def _larger_bodies(settings: Settings) -> dict[str, int]:
    """Sound and files; a form needs a little more than the file in it."""
    return {
        "/v1/speech/recognize": settings.max_audio_bytes,
        "/v1/cases/[^/]+/materials": settings.max_file_bytes + FORM_MARGIN,
        "/v1/desk/rulesets(/check)?": rulesets.MOST_BYTES + FORM_MARGIN,
    }


async def _observed(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    begun = time.perf_counter()
    try:
        response = await call_next(request)
    except Exception as error:  # noqa: BLE001 - answered here, so that this answer too has the headers below
        response = await unexpected(request, error)
    route = getattr(request.scope.get("route"), "path", "unmatched")
    request.app.state.metrics.requests.labels(route, str(response.status_code)).inc()
    response.headers["X-Request-ID"] = request_id(request)
    response.headers["Server-Timing"] = f"total;dur={(time.perf_counter() - begun) * 1000:.1f}"
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _add_health(app: FastAPI) -> None:
    @app.get("/healthz", tags=["health"])
    async def healthz() -> dict[str, str]:
        """The process is alive."""
        return {"status": "ok"}

    @app.get("/readyz", tags=["health"], responses={503: {"model": ErrorBody}})
    def readyz(request: Request) -> JSONResponse:
        """The database answers and a handbook is live."""
        product: Product = request.app.state.product
        try:
            handbook = product.knowledge.store.version()
            library = product.live.current().library
        except SQLAlchemyError:
            return error_response(request, 503, "database_unavailable")
        if not library.passages:
            return error_response(request, 503, "no_handbook")
        return JSONResponse({"status": "ok", "handbook_version": handbook, "items": len(library.items)})

    @app.get("/metrics", tags=["health"], response_class=PlainTextResponse)
    def metrics(request: Request) -> Response:
        """Prometheus' text format."""
        state = request.app.state
        state.metrics.handbook_version.set(state.product.live.current().library.version)
        return Response(generate_latest(state.metrics.registry), media_type=CONTENT_TYPE_LATEST)
