"""PP-OCRv6 through rapidocr: bounded, one thread, never the network, and tried on a known picture before it is used."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import yaml
from numpy.typing import NDArray

from knowledge.models import ModelUnavailable
from preapproval.case import Line
from preapproval.models import MODELS, checked_files
from preapproval.reading.reader import Image, ReaderUnavailable

VARIANTS = {"small": "pp-ocrv6-small", "tiny": "pp-ocrv6-tiny"}
DETECTED_SIDE = 960
"""Pixels of the long side in which lines are looked for. Text of 14 px on a side of 2000 is still found."""
SMALLEST = 16
"""Pixels; nothing is written on less."""
FAITHFUL = 0.9
"""Share of the known picture's characters that must be read right. A wrong dictionary reads none, at confidence 0.9."""


@dataclass(frozen=True)
class OcrModels:
    """The files of one recogniser; `characters` is None where they stand in the model itself."""

    name: str
    find: Path
    read: Path
    characters: Path | None = None


def bundled(variant: str) -> OcrModels:
    """The models of `small` or `tiny`, their bytes checked. Raises ReaderUnavailable."""
    try:
        find, read, *characters = checked_files(VARIANTS[variant])
    except KeyError:
        raise ReaderUnavailable(f"no models are called {variant!r}; there are {', '.join(VARIANTS)}") from None
    except ModelUnavailable as error:
        raise ReaderUnavailable(str(error)) from error
    hashes = "+".join(file.sha256[:12] for file in MODELS[VARIANTS[variant]].files)
    return OcrModels(f"{VARIANTS[variant]} {hashes}", find, read, *characters)


class RapidOcr:
    """Reads upright text. Raises ReaderUnavailable when it cannot be built or fails the known picture."""

    def __init__(self, models: OcrModels | None = None) -> None:
        models = models or bundled("small")
        self.name = models.name
        self._lock = threading.Lock()
        try:
            self._engine = _engine(models)
            likeness = self._likeness()
        except Exception as error:
            raise ReaderUnavailable(f"{models.name}: {error}") from error
        if likeness < FAITHFUL:
            raise ReaderUnavailable(
                f"{models.name} reads {likeness:.0%} of a known picture: models and characters differ"
            )

    def read(self, image: Image) -> tuple[Line, ...]:
        if min(image.shape[:2]) < SMALLEST:
            return ()
        with self._lock:
            found = self._engine(image)
        if found.boxes is None or found.txts is None:
            return ()
        return in_reading_order(_lines(found.boxes, found.txts, found.scores))

    def _likeness(self) -> float:
        """Share of the known picture that is read right, in order."""
        image, expected = known_picture()
        read = "".join(line.text for line in self.read(image)).replace(" ", "")
        return SequenceMatcher(None, expected, read, autojunk=False).ratio()


def _engine(models: OcrModels) -> Any:
    from rapidocr import RapidOCR

    told: dict[str, Any] = {
        "Global.use_cls": False,
        "Global.log_level": "critical",
        "Det.model_path": str(models.find),
        "Det.limit_type": "max",
        "Det.limit_side_len": DETECTED_SIDE,
        "Rec.model_path": str(models.read),
        "Rec.rec_batch_num": 1,
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }
    if models.characters:
        told["Rec.rec_keys_path"] = str(models.characters)
    return RapidOCR(params=told)


def _lines(boxes: NDArray[np.float32], texts: Sequence[str], scores: Sequence[float]) -> Iterable[Line]:
    for box, text, score in zip(boxes, texts, scores, strict=True):
        a, b, c, d = ((float(x), float(y)) for x, y in box)
        yield Line(text=text.strip(), quad=(a, b, c, d), confidence=min(1.0, max(0.0, float(score))))


def in_reading_order(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Rows from top to bottom, each from left to right. A line belongs to a row that its middle falls into."""
    ordered = sorted(lines, key=_middle)
    rows: list[list[Line]] = []
    for before, line in pairwise([None, *ordered]):
        assert line is not None
        near = before is not None and _middle(line) - _middle(rows[-1][0]) < 0.5 * min(_height(before), _height(line))
        if near:
            rows[-1].append(line)
        else:
            rows.append([line])
    return tuple(line for row in rows for line in sorted(row, key=lambda one: one.quad[0][0]))


def _middle(line: Line) -> float:
    return sum(point[1] for point in line.quad) / 4


def _height(line: Line) -> float:
    a, b, c, d = line.quad
    return (abs(d[1] - a[1]) + abs(c[1] - b[1])) / 2


@cache
def known_picture() -> tuple[Image, str]:
    """A small picture of text, and what is written on it without blanks."""
    folder = files("preapproval.reading")
    packed = np.frombuffer((folder / "known_picture.bin").read_bytes(), np.uint8)
    written = yaml.safe_load((folder / "known_picture.yaml").read_text("utf-8"))["written"]
    image = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
    return image, "".join(written).replace(" ", "")
