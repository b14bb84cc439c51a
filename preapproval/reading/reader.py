"""Reading text in an image, and reading a whole file: the two interfaces of the engines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from preapproval.case import HandedIn, Line, PageRef, ReadFile

Image = NDArray[np.uint8]
"""Height × width × 3, BGR as OpenCV has it, EXIF rotation applied."""


class ReaderUnavailable(Exception):
    """A recogniser is missing, damaged, or reads nonsense. The sentence is for whoever runs the service."""


class Recognizer(Protocol):
    """Finds and reads the lines of one image. A GPU or a remote service may stand behind it."""

    name: str
    """Engine and models with their SHA-256, as the verdict names them."""

    def read(self, image: Image) -> tuple[Line, ...]:
        """Lines in reading order, quads in pixels of `image`."""
        ...


@dataclass(frozen=True)
class Reading:
    """One file read, with the upright picture of each page as JPEG, in whose pixels quads are."""

    read: ReadFile
    pictures: dict[PageRef, bytes]


class FileReader(Protocol):
    """Reads files one after the other or in worker processes. Never raises for what is in a file."""

    def read(self, file: HandedIn, data: bytes) -> Reading: ...

    def close(self) -> None: ...
