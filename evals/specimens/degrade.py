"""What happens to a document on its way: turned, photographed, shadowed, blurred, compressed. Labels move along."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from math import cos, radians, sin
from random import Random
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from evals.specimens.ornaments import SealForm, seal
from evals.specimens.specimen import Specimen

Pixels = NDArray[Any]
Matrix = NDArray[Any]


def degrade(specimen: Specimen, name: str, strength: float = 1.0, seed: int | str = 0) -> Specimen:
    """`name` is a key of DEGRADATIONS; `strength` 1 is as common, 2 twice as bad. Raises KeyError."""
    rng = Random(f"{name}-{seed}")  # noqa: S311
    return DEGRADATIONS[name](specimen, strength, rng)


# geometry ------------------------------------------------------------------------------------------------------


def _warped(
    specimen: Specimen, matrix: Matrix, size: tuple[int, int], name: str, desk: Pixels | None = None
) -> Specimen:
    pixels = np.asarray(specimen.image.convert("RGB"))
    colour = (236, 236, 234)
    moved = cv2.warpPerspective(pixels, matrix, size, flags=cv2.INTER_AREA, borderValue=colour)
    if desk is not None:
        inside = cv2.warpPerspective(np.full(pixels.shape[:2], 255, np.uint8), matrix, size, flags=cv2.INTER_LINEAR)
        cover = inside[..., None].astype(np.float32) / 255
        moved = (moved * cover + desk * (1 - cover)).astype(np.uint8)
    return specimen.moved(Image.fromarray(moved), matrix, name)


def _leaning(degrees: float) -> Callable[[Specimen, float, Random], Specimen]:
    def apply(specimen: Specimen, strength: float, rng: Random) -> Specimen:
        width, height = specimen.image.size
        angle = radians(degrees * strength * rng.choice((-1, 1)))
        wide = abs(width * cos(angle)) + abs(height * sin(angle))
        high = abs(width * sin(angle)) + abs(height * cos(angle))
        matrix = np.array(
            [
                [cos(angle), -sin(angle), wide / 2 - (width * cos(angle) - height * sin(angle)) / 2],
                [sin(angle), cos(angle), high / 2 - (width * sin(angle) + height * cos(angle)) / 2],
                [0, 0, 1],
            ]
        )
        return _warped(specimen, matrix, (round(wide), round(high)), f"lean{degrees:g}")

    return apply


def _turned(quarter: int) -> Callable[[Specimen, float, Random], Specimen]:
    """Quarter turns clockwise."""

    def apply(specimen: Specimen, strength: float, rng: Random) -> Specimen:
        del strength, rng
        width, height = specimen.image.size
        ways = {
            1: (Image.Transpose.ROTATE_270, [[0, -1, height], [1, 0, 0], [0, 0, 1]]),
            2: (Image.Transpose.ROTATE_180, [[-1, 0, width], [0, -1, height], [0, 0, 1]]),
            3: (Image.Transpose.ROTATE_90, [[0, 1, 0], [-1, 0, width], [0, 0, 1]]),
        }
        how, matrix = ways[quarter]
        return specimen.moved(specimen.image.transpose(how), np.array(matrix, float), f"turn{quarter * 90}")

    return apply


def perspective(specimen: Specimen, strength: float, rng: Random) -> Specimen:
    """As a phone sees it on a desk: corners drawn in, wood around it."""
    width, height = specimen.image.size
    room = round(0.09 * max(width, height))
    size = (width + 2 * room, height + 2 * room)
    reach = 0.05 * strength * min(width, height)
    source = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    moved = [(x + room + rng.uniform(-reach, reach), y + room + rng.uniform(-reach, reach)) for x, y in source]
    matrix = cv2.getPerspectiveTransform(source, np.array(moved, np.float32))
    return _warped(specimen, matrix, size, "perspective", desk(size, rng))


def desk(size: tuple[int, int], rng: Random) -> Pixels:
    """A wooden surface, darker than any paper."""
    width, height = size
    noise = np.random.default_rng(rng.randrange(2**32))
    grain = cv2.resize(noise.uniform(-1, 1, (max(2, height // 3), max(2, width // 160))).astype(np.float32), size)
    colour = np.array(rng.choice(((112, 78, 52), (92, 86, 80), (70, 74, 84))), np.float32)
    return (colour + grain[..., None] * 14).clip(0, 255).astype(np.uint8)


def low_resolution(specimen: Specimen, strength: float, rng: Random) -> Specimen:
    """The longer side 640 pixels."""
    del rng
    width, height = specimen.image.size
    scale = 640 / strength / max(width, height)
    if scale >= 1:
        return specimen.repainted(specimen.image, "low_resolution")
    size = (round(width * scale), round(height * scale))
    matrix = np.diag([size[0] / width, size[1] / height, 1.0])
    return specimen.moved(specimen.image.resize(size, Image.Resampling.BILINEAR), matrix, "low_resolution")


# light and lens ------------------------------------------------------------------------------------------------


def _pixels(specimen: Specimen) -> NDArray[np.float32]:
    return np.asarray(specimen.image.convert("RGB"), np.float32)


def _painted(specimen: Specimen, pixels: Pixels, name: str) -> Specimen:
    return specimen.repainted(Image.fromarray(pixels.clip(0, 255).astype(np.uint8)), name)


def shadow(specimen: Specimen, strength: float, rng: Random) -> Specimen:
    """A soft edge of an arm's or a phone's shadow across the page."""
    width, height = specimen.image.size
    angle, offset = rng.uniform(0.3, 1.2), rng.uniform(0.35, 0.65)
    along = np.linspace(0, 1, width)[None, :] * cos(angle) + np.linspace(0, 1, height)[:, None] * sin(angle)
    lit = 1 / (1 + np.exp(-(along - offset * (cos(angle) + sin(angle))) * 26))
    return _painted(specimen, _pixels(specimen) * (1 - 0.5 * min(1.6, strength) * lit[..., None]), "shadow")


def glare(specimen: Specimen, strength: float, rng: Random) -> Specimen:
    """A lamp mirrored in the surface: an oval without any ink."""
    width, height = specimen.image.size
    x, y = rng.uniform(0.3, 0.6) * width, rng.uniform(0.3, 0.6) * height
    rows, columns = np.mgrid[0:height, 0:width]
    reach = ((columns - x) / (0.2 * strength * width)) ** 2 + ((rows - y) / (0.13 * strength * width)) ** 2
    light = np.clip(1.5 * np.exp(-reach * 1.3), 0, 1)[..., None]
    return _painted(specimen, _pixels(specimen) * (1 - light) + 255 * light, "glare")


def defocus(specimen: Specimen, strength: float, rng: Random) -> Specimen:
    del rng
    sigma = 2.0 * strength * max(specimen.image.size) / 1400
    return _painted(specimen, cv2.GaussianBlur(_pixels(specimen), (0, 0), sigma), "defocus")


def motion_blur(specimen: Specimen, strength: float, rng: Random) -> Specimen:
    """The hand moved sideways while the picture was taken: 14 pixels at strength 1 on a card."""
    reach = max(3, round(14 * strength * max(specimen.image.size) / 1012)) | 1
    kernel = np.zeros((reach, reach), np.float32)
    slope = rng.uniform(-0.12, 0.12)
    for at in range(reach):
        kernel[round(reach // 2 + (at - reach // 2) * slope), at] = 1
    return _painted(specimen, cv2.filter2D(_pixels(specimen), -1, kernel / kernel.sum()), "motion_blur")


def noise(specimen: Specimen, strength: float, rng: Random) -> Specimen:
    dots = np.random.default_rng(rng.randrange(2**32)).normal(0, 22 * strength, (*specimen.image.size[::-1], 3))
    return _painted(specimen, _pixels(specimen) + dots, "noise")


def compressed(specimen: Specimen, strength: float, rng: Random) -> Specimen:
    del rng
    packed = BytesIO()
    specimen.image.convert("RGB").save(packed, "JPEG", quality=max(5, round(30 / strength)))
    return specimen.repainted(Image.open(packed).convert("RGB"), "jpeg")


def grey_copy(specimen: Specimen, strength: float, rng: Random) -> Specimen:
    """A photocopy: grey, hard, with specks."""
    grey = cv2.cvtColor(np.asarray(specimen.image.convert("RGB")), cv2.COLOR_RGB2GRAY).astype(np.float32)
    hard = (grey - 128) * (1 + 0.25 * strength) + 150
    specks = np.random.default_rng(rng.randrange(2**32)).random(grey.shape) < 0.0004 * strength
    hard[specks] = 40
    return _painted(specimen, np.repeat(hard[..., None], 3, axis=2), "grey_copy")


# what happened to the paper ------------------------------------------------------------------------------------


def seal_over_text(specimen: Specimen, strength: float, rng: Random) -> Specimen:
    """A seal set over one of the values."""
    image = specimen.image.convert("RGB")
    longest = sorted(specimen.fields.values(), key=lambda label: label.quad[1][0] - label.quad[0][0])[-1:]
    (x, y) = longest[0].quad[2] if longest else (image.width / 2, image.height / 2)
    radius = round(min(image.size) * 0.12 * min(1.5, strength))
    where = (
        round(min(max(x - radius, radius), image.width - radius)),
        round(min(max(y, radius), image.height - radius)),
    )
    seal(image, *where, "样本街道办事处", SealForm(radius, "业务专用章"), rng)
    return specimen.repainted(image, "seal_over_text")


def fold(specimen: Specimen, strength: float, rng: Random) -> Specimen:
    """Folded once across and once along; the creases are lighter on one side and darker on the other."""
    pixels = _pixels(specimen)
    height, width = pixels.shape[:2]
    for size, axis in ((height, 0), (width, 1)):
        at = size * rng.uniform(0.46, 0.54)
        away = (np.arange(size) - at) / (size * 0.006)
        crease = 46 * strength * (np.exp(-((away + 0.7) ** 2)) - np.exp(-((away - 0.7) ** 2)))
        pixels = pixels + (crease[:, None, None] if axis == 0 else crease[None, :, None])
    return _painted(specimen, pixels, "fold")


def phone(specimen: Specimen, strength: float, rng: Random) -> Specimen:
    """Everything at once, mildly: on a desk, a shadow, a little soft, noisy, packed as JPEG."""
    for name, share in (("perspective", 0.8), ("shadow", 0.7), ("defocus", 0.4), ("noise", 0.3), ("jpeg", 0.5)):
        specimen = DEGRADATIONS[name](specimen, strength * share, rng)
    return specimen


DEGRADATIONS: dict[str, Callable[[Specimen, float, Random], Specimen]] = {
    "lean3": _leaning(3),
    "lean8": _leaning(8),
    "turn90": _turned(1),
    "turn180": _turned(2),
    "turn270": _turned(3),
    "perspective": perspective,
    "shadow": shadow,
    "defocus": defocus,
    "motion_blur": motion_blur,
    "glare": glare,
    "jpeg": compressed,
    "noise": noise,
    "low_resolution": low_resolution,
    "grey_copy": grey_copy,
    "seal_over_text": seal_over_text,
    "fold": fold,
    "phone": phone,
}
"""Name -> how it is done."""
