"""The pages that people see: Jinja2 templates, and plain ES modules without a build step."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.staticfiles import StaticFiles

router = APIRouter(include_in_schema=False)

FOLDER = Path(str(files("channels"))) / "pages"


def page(name: str, **values: Any) -> HTMLResponse:
    return HTMLResponse(_environment().get_template(name).render(**values))


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True)


def static_files() -> StaticFiles:
    """Style sheets, scripts and pictures, under /static."""
    return StaticFiles(directory=FOLDER / "static")


@router.get("/")
def front() -> RedirectResponse:
    return RedirectResponse("/mobile")


@router.get("/kiosk")
def kiosk() -> RedirectResponse:
    """The chat page, large: it serves as the kiosk's page until the kiosk has its own."""
    return RedirectResponse("/mobile?profile=elder")


@router.get("/mobile")
def mobile(request: Request) -> HTMLResponse:
    library = request.app.state.product.live.current().library
    return page("mobile.html", hall=library.hall, items=tuple(library.items.values()))
