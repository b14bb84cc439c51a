"""Picture files become sheets: one for a photo, many for a TIFF. Pillow decodes all of them."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from functools import cache

import cv2
import numpy as np
import pi_heif
from PIL import Image as Pillow
from PIL import ImageOps

from preapproval.reading.budget import MOST_PAGES, WORKING_SIDE
from preapproval.reading.intake import Refused, Sheet, check_size, flattened
from preapproval.reading.reader import Image

FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/tiff": "TIFF",
    "image/webp": "WEBP",
    "image/bmp": "BMP",
    "image/heic": "HEIF",
}
MOVING = {"image/gif", "image/png", "image/webp"}
BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    KeyError,
    IndexError,
    TypeError,
    struct.error,
    zlib.error,
    RuntimeError,
    UserWarning,
)
"""What Pillow's decoders raise at a damaged file, or warn of where warnings are errors."""


def sheets(data: bytes, kind: str) -> Iterator[Sheet]:
    """The pages of a picture file. Raises Refused where it ends too early or has more than may be read."""
    _with_heif()
    try:
        with Pillow.open(io.BytesIO(data), formats=[FORMATS[kind]]) as picture:
            yield _sheet(picture, kind)
            if kind in MOVING and getattr(picture, "is_animated", False):
                raise Refused("animated")
            if kind == "image/tiff":
                yield from _further_pages(picture)
    except (Pillow.DecompressionBombError, Pillow.DecompressionBombWarning) as error:
        raise Refused("too_large") from error
    except BROKEN as error:
        raise Refused("unreadable") from error


@cache
def _with_heif() -> None:
    pi_heif.options.DECODE_THREADS = 1
    pi_heif.register_heif_opener()


def _further_pages(picture: Pillow.Image) -> Iterator[Sheet]:
    for number in range(1, MOST_PAGES + 1):
        try:
            picture.seek(number)
        except EOFError:
            return
        if number == MOST_PAGES:
            raise Refused("too_many_pages")
        yield _sheet(picture, "image/tiff")


def _sheet(picture: Pillow.Image, kind: str) -> Sheet:
    check_size(*picture.size)
    notes = (
        {str(key): value for key, value in picture.info.items() if isinstance(value, str)}
        if kind == "image/png"
        else {}
    )
    width, height = picture.size
    if kind == "image/jpeg":
        picture.draft(None, (WORKING_SIDE, WORKING_SIDE))
    picture.load()
    turned = _exif_applied(picture)
    if turned.size[0] != turned.size[1] and (turned.width > turned.height) != (picture.width > picture.height):
        width, height = height, width
    return Sheet(shrunk(_pixels(turned), WORKING_SIDE), width, height, notes=notes)


def _exif_applied(picture: Pillow.Image) -> Pillow.Image:
    """Turned as its EXIF says; damaged EXIF says nothing."""
    try:
        return ImageOps.exif_transpose(picture)
    except BROKEN:
        return picture


def _pixels(picture: Pillow.Image) -> Image:
    """8-bit BGR of any mode: 16 bits are scaled, CMYK and palettes converted, alpha laid over white."""
    if picture.mode.startswith("I") or picture.mode == "F":
        deep = np.asarray(picture, np.float32)
        top = (
            65535.0
            if picture.mode.startswith("I") and deep.max(initial=0) > 255
            else max(1.0, float(deep.max(initial=1)))
        )
        return flattened(np.clip(deep / top * 255, 0, 255).astype(np.uint8))
    clear = picture.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in picture.info
    return flattened(np.asarray(picture.convert("RGBA" if clear else "RGB")))


def shrunk(image: Image, side: int) -> Image:
    """The image with its long side at most `side`; a smaller one stays as it is."""
    ratio = side / max(image.shape[:2])
    if ratio >= 1:
        return image
    size = (max(1, round(image.shape[1] * ratio)), max(1, round(image.shape[0] * ratio)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
