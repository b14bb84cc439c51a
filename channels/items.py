"""Items and their checklists: JSON, printable HTML, DOCX, and the QR code of the checklist's address."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import quote, urlencode

import segno
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from channels.access import public_base
from channels.checklist_docx import checklist_docx
from channels.errors import Problem
from channels.pages import page
from channels.wiring import Product
from knowledge.checklist import Checklist, build_checklist
from knowledge.item import ServiceItem
from knowledge.situations import unknown_choices

router = APIRouter(prefix="/v1/items", tags=["items"])


class WordFile(Response):
    media_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class Picture(Response):
    media_type = "image/svg+xml"


@router.get("")
def items(request: Request, q: str = "", life_event: str | None = None) -> list[dict[str, Any]]:
    """The items of the live handbook; `q` finds those whose name or alias contains it."""
    library = _product(request).live.current().library
    return [
        {
            "id": item.id,
            "name": item.name,
            "life_event": item.life_event,
            "audience": list(item.audience),
            "summary": item.summary,
        }
        for item in library.items.values()
        if (not life_event or item.life_event == life_event) and any(q in name for name in (item.name, *item.aliases))
    ]


@router.get("/{item_id}")
def item(item_id: str, request: Request) -> ServiceItem:
    """Every field of one item."""
    return _item(item_id, request)


@router.get("/{item_id}/checklist")
def checklist(item_id: str, request: Request) -> dict[str, Any]:
    """The exact list for the situation answers given as query parameters, e.g. `?reason=work`."""
    built = _checklist(item_id, request)
    return {**built.as_dict(), "url": checklist_url(request, built)}


@router.get("/{item_id}/checklist.html", response_class=HTMLResponse)
def checklist_html(item_id: str, request: Request) -> HTMLResponse:
    """The list as a page to print or to keep on a phone."""
    built = _checklist(item_id, request)
    hall = _product(request).live.current().library.hall
    return page(
        "checklist.html", checklist=built, item=_item(item_id, request), hall=hall, query=urlencode(_choices(request))
    )


@router.get("/{item_id}/checklist.docx", response_class=WordFile)
def checklist_as_docx(item_id: str, request: Request) -> Response:
    """The list as a Word file."""
    built = _checklist(item_id, request)
    content = checklist_docx(built, _item(item_id, request), _product(request).live.current().library.hall)
    name = quote(f"{built.name}材料清单.docx")
    return WordFile(content, headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"})


@router.get("/{item_id}/checklist.svg", response_class=Picture)
def checklist_qr(item_id: str, request: Request) -> Response:
    """A QR code of the checklist page's address, to take along on a phone."""
    image = io.BytesIO()
    segno.make(checklist_url(request, _checklist(item_id, request)), error="m").save(image, kind="svg", scale=8)
    return Picture(image.getvalue())


def checklist_url(request: Request, built: Checklist) -> str:
    """The address of the checklist page, as a phone reaches it."""
    choices = urlencode({choice.situation: choice.value for choice in built.choices})
    return f"{public_base(request)}/v1/items/{built.item}/checklist.html" + (f"?{choices}" if choices else "")


def _product(request: Request) -> Product:
    return request.app.state.product


def _item(item_id: str, request: Request) -> ServiceItem:
    found = _product(request).live.current().library.items.get(item_id)
    if found is None:
        raise Problem(404, "no_item", item=item_id)
    return found


def _choices(request: Request) -> dict[str, str]:
    return dict(request.query_params)


def _checklist(item_id: str, request: Request) -> Checklist:
    item, choices = _item(item_id, request), _choices(request)
    for name in unknown_choices(item, choices):
        raise Problem(422, "no_choice", item=item.name, name=name, value=choices[name])
    return build_checklist(item, choices)
