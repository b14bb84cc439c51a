"""What may go wrong with a case, as HTTP answers; the sentences stand in preapproval/reasons.yaml and errors.yaml."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import OperationalError

from channels.case_reviews import ItemGone
from channels.errors import ErrorBody, error_response, request_id, unexpected
from preapproval.case_claims import ClaimedByAnother
from preapproval.case_erasure import KeptByOrder
from preapproval.case_files import TooManyFiles
from preapproval.case_rows import CaseRow, NoSuchCase, NoSuchFile, StaleVersion
from preapproval.decisions import DecisionRefused
from preapproval.file_vault import BadReference, FileMissing, StorageFull
from preapproval.ledger import PersonalDetail
from preapproval.notice import NoticeRefused
from preapproval.publish import NotAllowed as RulesNotAllowed
from preapproval.reasons import words
from preapproval.ruleset_files import UnreadableRuleset
from preapproval.sign_off import NotAllowed

STATUS: dict[type[Exception], int] = {
    NotAllowed: 409,
    ClaimedByAnother: 409,
    KeptByOrder: 409,
    TooManyFiles: 409,
    DecisionRefused: 422,
    NoSuchFile: 404,
    NoticeRefused: 422,
}
"""Errors that carry a `code` of reasons.yaml."""
PLAIN: dict[type[Exception], tuple[int, str]] = {
    NoSuchCase: (404, "no_case"),
    ItemGone: (409, "item_gone"),
    FileMissing: (404, "no_file"),
    BadReference: (404, "no_file"),
    StorageFull: (507, "storage_full"),
    PersonalDetail: (422, "bad_request"),
    UnreadableRuleset: (503, "rules_unreadable"),
}

Show = Callable[[CaseRow], BaseModel]
"""What `request.state.show_case` holds: a case as whoever asks may see it."""


class StaleBody(ErrorBody):
    """Somebody else was faster: `case` is how the case stands now, as the same address shows it."""

    case: dict[str, Any] | None = None


def stale(view: str) -> dict[int | str, dict[str, Any]]:
    """For OpenAPI: a 409 that carries the case where the version was an old one. `view` is the schema of the case."""
    case = {"allOf": [{"$ref": f"#/components/schemas/{view}"}], "description": "Only with the code stale_version."}
    schema = {"allOf": [{"$ref": "#/components/schemas/ErrorBody"}, {"type": "object", "properties": {"case": case}}]}
    return {409: {"description": "Conflict", "content": {"application/json": {"schema": schema}}}}


FULL = ("database or disk is full", "no space left on device", "could not extend file")

logger = logging.getLogger(__name__)


def add_case_errors(app: FastAPI) -> None:
    for kind in STATUS:
        app.add_exception_handler(kind, _coded)
    app.add_exception_handler(StaleVersion, _stale)
    for kind in PLAIN:
        app.add_exception_handler(kind, _plain)
    app.add_exception_handler(OperationalError, _database)
    app.add_exception_handler(RulesNotAllowed, _rules)


async def _coded(request: Request, error: Exception) -> JSONResponse:
    code: str = error.code  # type: ignore[attr-defined]
    message = words("refusals", code).replace("{limit}", str(getattr(error, "limit", "")))
    return error_response(request, STATUS[type(error)], code, message)


async def _stale(request: Request, error: Exception) -> JSONResponse:
    """With the case as it stands now for whoever asks, so that nobody need fetch it before the next try."""
    assert isinstance(error, StaleVersion)
    show: Show | None = getattr(request.state, "show_case", None)
    case = await run_in_threadpool(show, error.present) if show else None
    body = StaleBody(
        code=error.code,
        message=words("refusals", error.code),
        request_id=request_id(request),
        case=jsonable_encoder(case),
    )
    return JSONResponse(body.model_dump(), 409)


async def _plain(request: Request, error: Exception) -> JSONResponse:
    status, code = PLAIN[type(error)]
    return error_response(request, status, code)


async def _rules(request: Request, error: Exception) -> JSONResponse:
    """A step of a version of rules that may not be taken; it comes with its sentence."""
    assert isinstance(error, RulesNotAllowed)
    return error_response(request, 404 if error.code == "unknown_version" else 409, error.code, str(error))


async def _database(request: Request, error: Exception) -> JSONResponse:
    """A full disk, as SQLite and PostgreSQL tell it; anything else that keeps a database from working passes."""
    told = str(getattr(error, "orig", "")).lower()
    if "no such table" in told:
        return await unexpected(request, error)  # SQLite gives a mistake of ours the same class
    logger.error("request %s: %s", request_id(request), told)
    if any(one in told for one in FULL):
        return error_response(request, 507, "storage_full")
    return error_response(request, 503, "database_unavailable")
