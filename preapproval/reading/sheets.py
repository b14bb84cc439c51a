"""The way of every file: what it is, its sheets one by one, and what each became. Damage ends it; nothing is raised."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from math import inf

import cv2

from preapproval.case import FileProblem, HandedIn, Page, PageRef, ReadFile
from preapproval.reading import pdf_pages, pictures
from preapproval.reading.intake import PDF, Refused, Sheet, media_type
from preapproval.reading.reader import Image, Reading

JPEG_QUALITY = 85
PagesOf = Callable[[Sheet, PageRef], list[tuple[Page, bytes]]]
"""A sheet and its reference -> its pages with their pictures."""

logger = logging.getLogger(__name__)


def read_pages(
    file: HandedIn, data: bytes, engine: str, pages_of: PagesOf, seconds: float = inf, wall_seconds: float = inf
) -> Reading:
    """Every page that can be read, and why the rest cannot.

    No further page is begun after `seconds` of this process, or `wall_seconds` by the clock.
    """
    begun, used = time.perf_counter(), time.process_time()
    read: list[tuple[Page, bytes]] = []
    kind: str | None = None
    problem: FileProblem | None = None
    detail = ""
    try:
        kind = media_type(data)
        for number, sheet in enumerate(sheets(data, kind), 1):
            if time.process_time() - used > seconds or time.perf_counter() - begun > wall_seconds:
                raise Refused("timed_out", str(number - 1))
            read += pages_of(sheet, PageRef(file=file.sha256, number=number))
    except Refused as refusal:
        problem, detail = refusal.problem, refusal.detail
    except MemoryError:
        problem = "out_of_memory"
    except Exception as error:
        logger.warning("a file of %s could not be read: %s", kind, type(error).__name__, exc_info=True)
        problem, detail = "reader_failed", type(error).__name__
    told = ReadFile(
        file=file,
        media_type=kind,
        pages=tuple(page for page, _ in read),
        problem=problem,
        detail=detail,
        engine=engine,
        took_ms=round((time.perf_counter() - begun) * 1000, 1),
    )
    return Reading(told, {page.ref: picture for page, picture in read})


def sheets(data: bytes, kind: str) -> Iterator[Sheet]:
    """The pages of a file of `kind`, decoded one by one. Raises Refused."""
    return pdf_pages.sheets(data) if kind == PDF else pictures.sheets(data, kind)


def jpeg(image: Image) -> bytes:
    _, packed = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return packed.tobytes()
