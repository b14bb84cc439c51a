"""One uploaded file, read into memory: what visitors hand in never lies unsealed on a disk."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from channels.errors import Problem
from channels.plain_text import plain_line

LONGEST_NAME = 200
MEDIA_TYPE = re.compile(r"[a-z0-9.+-]{1,31}/[a-z0-9.+-]{1,32}")
FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}, "slot": {"type": "string"}},
                }
            }
        },
    }
}
"""For OpenAPI: the body is parsed here and not by FastAPI, which would spool it to disk."""


RETRY_AFTER_S = 30


class UploadRoom:
    """Memory for uploads that are under way, of all visitors together."""

    def __init__(self, most: int) -> None:
        """`most` bytes; a single upload is let in however large it is."""
        self.most, self.held = most, 0
        self._lock = threading.Lock()

    @contextmanager
    def hold(self, size: int) -> Iterator[None]:
        """Raises Problem(503) where others have taken the room."""
        with self._lock:
            if self.held and self.held + size > self.most:
                raise Problem(503, "uploads_full", retry_after_s=RETRY_AFTER_S)
            self.held += size
        try:
            yield
        finally:
            with self._lock:
                self.held -= size


def size_told(request: Request, most: int) -> int:
    """Bytes of the body as its header says; `most` where it says nothing."""
    told = request.headers.get("content-length", "")
    return min(int(told), most) if told.isdigit() else most


@dataclass(frozen=True)
class Upload:
    name: str
    data: bytes
    media_type: str | None
    slot: str | None


async def read_upload(request: Request, most: int) -> Upload:
    """Raises Problem: nothing there, more than `most` bytes, cut in the middle, or a name that is too long to read."""
    parser = MultiPartParser(request.headers, request.stream(), max_files=1, max_fields=4)
    parser.spool_max_size = most + 1
    try:
        form = await parser.parse()
        file, slot = form.get("file"), form.get("slot")
        if not isinstance(file, UploadFile):
            raise Problem(422, "no_upload")
        data = await file.read()
    except (MultiPartException, ClientDisconnect, KeyError, UnicodeError) as error:
        if "header size" in str(error.__cause__):
            raise Problem(422, "name_too_long", most=LONGEST_NAME) from error
        raise Problem(400, "cut_upload") from error
    finally:
        for opened in parser._files_to_close_on_error:  # starlette closes them after errors of its own alone
            opened.close()
    if len(data) > most:
        raise Problem(413, "too_large")
    said = (file.content_type or "").partition(";")[0].strip().lower()
    media_type = said if MEDIA_TYPE.fullmatch(said) else None
    return Upload(_name(file.filename or ""), data, media_type, slot if isinstance(slot, str) and slot else None)


def _name(given: str) -> str:
    """Without folders; the end, which people know a file by, stays."""
    name = plain_line(given.replace("\\", "/").rpartition("/")[2])
    return (name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 20]}…{name[-19:]}") or "file"
