"""Error bodies: `{code, message, request_id}`. The sentence is chosen here, at the edge."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping
from http import HTTPStatus
from importlib.resources import files
from typing import Any

import yaml
from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException as StarletteHTTPException

logger = logging.getLogger(__name__)

SENTENCES: dict[str, str] = yaml.safe_load((files("channels") / "errors.yaml").read_text("utf-8"))
"""Code -> the sentence that a person reads."""
CODE_OF_STATUS = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large", 422: "bad_request"}


class ErrorBody(BaseModel):
    """Every error of the HTTP interface."""

    code: str
    message: str
    request_id: str


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What an address may answer with, for OpenAPI; a `model` would take the media type of a page beside it."""
    schema = {"schema": {"$ref": "#/components/schemas/ErrorBody"}}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": {"application/json": schema}}
        for status in statuses
    }


class Problem(HTTPException):
    """An answerable error with a code of errors.yaml."""

    def __init__(self, status_code: int, code: str, *, retry_after_s: int | None = None, **values: Any) -> None:
        later = None if retry_after_s is None else {"Retry-After": str(retry_after_s)}
        super().__init__(status_code, SENTENCES[code].format(**values), later)
        self.code = code


def request_id(request: Request) -> str:
    """The id that the client sent or, else, one of our own."""
    known = getattr(request.state, "request_id", None)
    if known is None:
        sent = request.headers.get("x-request-id", "")
        known = sent if sent.isascii() and sent.replace("-", "").isalnum() and len(sent) <= 64 else uuid.uuid4().hex
        request.state.request_id = known
    return known


def add_error_handlers(app: FastAPI) -> None:
    app.add_exception_handler(StarletteHTTPException, _http)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(Exception, unexpected)


def error_response(
    request: Request, status: int, code: str, message: str | None = None, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    body = ErrorBody(code=code, message=message or SENTENCES[code], request_id=request_id(request))
    return JSONResponse(body.model_dump(), status, headers)


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, StarletteHTTPException)
    if isinstance(error, Problem):
        return error_response(request, error.status_code, error.code, error.detail, error.headers)
    code = CODE_OF_STATUS.get(error.status_code, "bad_request")
    return error_response(request, error.status_code, code, headers=error.headers)


async def _validation(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"][1:]) or "body"
    return error_response(request, 422, "bad_request", SENTENCES["bad_field"].format(field=field, problem=first["msg"]))


async def unexpected(request: Request, error: Exception) -> JSONResponse:
    """A mistake in the program: the log gets the cause, the caller an id to name."""
    logger.error("request %s failed", request_id(request), exc_info=error)
    return error_response(request, 500, "internal")
