"""The pages that people see: Jinja2 templates, and plain ES modules without a build step."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

import yaml
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.staticfiles import StaticFiles

from channels.access import SESSION_COOKIE
from channels.answers_view import answer_words
from channels.desk_view import desk_words
from knowledge.item import LifeEvent, ServiceItem
from preapproval.notice_words import notice_words
from preapproval.reasons import load_reasons
from speech.label import label

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
def kiosk(request: Request) -> HTMLResponse:
    """The page of a terminal in the hall: voice, face and touch."""
    return page("kiosk.html", label=label().shown, **_home(request))


@router.get("/mobile")
def mobile(request: Request) -> HTMLResponse:
    return page("mobile.html", **_home(request))


@router.get("/desk")
@router.get("/desk/setup")
def desk(request: Request) -> HTMLResponse:
    """The page of the staff; /desk/setup is where one-time links lead. What it shows it asks for after sign-in."""
    hall = request.app.state.product.live.current().library.hall
    codes = {**load_reasons(), **desk_words(), "papers": notice_words()["titles"], "answers": answer_words()}
    known = SESSION_COOKIE in request.cookies
    return page("desk.html", hall=hall, known=known, codes=codes)


@router.get("/case")
def case(request: Request) -> HTMLResponse:
    """Where materials are handed in and reviewed first. The key of a case stands behind the # and never comes here."""
    given = request.app.state.settings
    limits = {"most_bytes": given.max_file_bytes, "draft_days": given.draft_days, "case_days": given.case_days}
    return page("case.html", papers=notice_words()["titles"], **limits, **_home(request))


def _home(request: Request) -> dict[str, Any]:
    """What a visitor can begin with: questions that are often asked, and every item in force by life event."""
    library = request.app.state.product.live.current().library
    today = date.today()
    items = {item.id: item for item in library.items.values() if _in_force(item, today)}
    hot = [one["question"] for one in _hot_questions() if one["item"] in items]
    return {"hall": library.hall, "hot": hot, "topics": _topics(items.values())}


def hot_items() -> list[str]:
    """Ids of the items that are asked for most."""
    return [one["item"] for one in _hot_questions()]


def _in_force(item: ServiceItem, today: date) -> bool:
    return (item.effective_from or today) <= today <= (item.effective_to or today)


@cache
def _hot_questions() -> tuple[dict[str, str], ...]:
    return tuple(yaml.safe_load((FOLDER / "hot_questions.yaml").read_text("utf-8")))


def _topics(items: Iterable[ServiceItem]) -> list[dict[str, Any]]:
    """The items by life event, in the official order; last those of an imported handbook that name none."""
    by_event: dict[str, list[ServiceItem]] = {event: [] for event in get_args(LifeEvent)}
    for item in items:
        by_event.setdefault(item.life_event or "", []).append(item)
    return [{"name": event, "services": services} for event, services in by_event.items() if services]
