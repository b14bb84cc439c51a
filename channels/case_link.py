"""The private link of a case as a QR code, to go on with it on a phone; and leaving it on a device that others use."""

from __future__ import annotations

import io
from typing import Annotated

import segno
from fastapi import APIRouter, Depends, Path, Request, Response

from channels.access import CASE_COOKIE, case_address, case_key, over_https
from channels.cases import Own

router = APIRouter(prefix="/v1/cases", tags=["cases"])


class LinkCode(Response):
    media_type = "image/svg+xml"


@router.post("/{case_id}/link.svg", response_class=LinkCode)
def link_code(row: Own, request: Request, key: Annotated[str, Depends(case_key)]) -> Response:
    """The link holds the key, so this is no address that a browser or a proxy could keep."""
    image = io.BytesIO()
    segno.make(case_address(request, row.id, key), error="m").save(image, kind="svg", scale=8, border=2)
    return LinkCode(image.getvalue(), headers={"Cache-Control": "no-store"})


@router.post("/{case_id}/leave", status_code=204)
def leave(case_id: Annotated[str, Path(pattern=r"^[0-9a-f-]{36}$")], request: Request, response: Response) -> None:
    """Pictures and papers of the case can no longer be opened from this browser. Needs no key."""
    response.delete_cookie(
        CASE_COOKIE, path=f"/v1/cases/{case_id}", secure=over_https(request), httponly=True, samesite="strict"
    )
