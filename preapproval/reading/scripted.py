"""Engines that are told what they read: for demonstrations and tests, not for what the public hands in."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from preapproval.case import HandedIn, Line, Mark, Page, PageRef, QualityFinding, Value
from preapproval.reading.intake import Sheet
from preapproval.reading.reader import Image, ReaderUnavailable, Reading
from preapproval.reading.sheets import jpeg, read_pages

CHUNK = "page"
"""Text chunk of a PNG with a ScriptedPage as JSON."""
ENGINE = "scripted 1"


class ScriptedPage(Value):
    """What is on one page, quads in pixels of the picture as handed in."""

    lines: tuple[Line, ...] = ()
    marks: tuple[Mark, ...] = ()
    quality: tuple[QualityFinding, ...] = ()
    seconds: float = 0
    """How long reading it takes, to show progress as it would be."""
    busy_seconds: float = 0
    """How much of the processor it takes."""


Script = Mapping[str, tuple[ScriptedPage, ...]]
"""SHA-256 of a file, or of an image's pixels -> its pages."""


def load_script(path: Path) -> Script:
    """A YAML or JSON file of SHA-256 -> list of pages. Raises ReaderUnavailable for one that does not fit."""
    try:
        told: dict[str, list[Any]] = yaml.safe_load(path.read_text("utf-8")) or {}
        return {key: tuple(ScriptedPage.model_validate(page) for page in pages) for key, pages in told.items()}
    except (OSError, yaml.YAMLError, ValidationError, AttributeError, TypeError) as error:
        raise ReaderUnavailable(f"{path.name}: {error}") from error


def pixels_sha256(image: Image) -> str:
    return hashlib.sha256(repr(image.shape).encode() + image.tobytes()).hexdigest()


class ScriptedOcr:
    """A recogniser that knows some images by their pixels, and reads nothing on others."""

    name = ENGINE

    def __init__(self, script: Script) -> None:
        self._script = script

    def read(self, image: Image) -> tuple[Line, ...]:
        pages = self._script.get(pixels_sha256(image), ())
        for page in pages:
            time.sleep(page.seconds)
        return tuple(line for page in pages for line in page.lines)


class ScriptedReader:
    """A file reader that is told what stands on a file, by its SHA-256 or by the PNG itself. Damage is found."""

    def __init__(self, script: Script | None = None) -> None:
        self._script = script or {}

    def read(self, file: HandedIn, data: bytes) -> Reading:
        return read_pages(file, data, ENGINE, self._page)

    def close(self) -> None:
        """Nothing is held."""

    def _page(self, sheet: Sheet, ref: PageRef) -> list[tuple[Page, bytes]]:
        told = self._told(sheet, ref)
        time.sleep(told.seconds)
        _keep_busy(told.busy_seconds)
        height, width = sheet.image.shape[:2]
        page = Page(
            ref=ref,
            width=width,
            height=height,
            source="text_layer" if sheet.lines else "ocr",
            lines=told.lines or sheet.lines,
            marks=told.marks,
            quality=told.quality,
        )
        return [(page, jpeg(sheet.image))]

    def _told(self, sheet: Sheet, ref: PageRef) -> ScriptedPage:
        pages = self._script.get(ref.file, ())
        if ref.number <= len(pages):
            return pages[ref.number - 1]
        try:
            return ScriptedPage.model_validate(json.loads(sheet.notes.get(CHUNK, "{}")))
        except (ValidationError, json.JSONDecodeError):
            return ScriptedPage()


def _keep_busy(seconds: float) -> None:
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass
