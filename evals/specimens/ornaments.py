"""What stands on documents beside text: paper, emblem and portrait placeholders, seals, codes, the 样本 mark."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, radians, sin
from random import Random

import numpy as np
from PIL import Image, ImageChops, ImageDraw

from evals.specimens.ink import font

SEAL_RED = (200, 32, 38)


def paper(size: tuple[int, int], fill: str, pattern: str | None, colour: str) -> Image.Image:
    """A blank: plain, with the fine waves of a card, or with the net of a certificate."""
    image = Image.new("RGB", size, fill)
    draw = ImageDraw.Draw(image)
    if pattern == "waves":
        for row in range(-40, size[1] + 40, 9):
            points = [(x, row + 11 * sin(x / 47 + row / 29)) for x in range(0, size[0] + 12, 12)]
            draw.line(points, fill=colour, width=1)
    elif pattern == "net":
        for start in range(-size[1], size[0], 22):
            draw.line([(start, 0), (start + size[1], size[1])], fill=colour)
            draw.line([(start + size[1], 0), (start, size[1])], fill=colour)
    elif pattern == "rosette":
        middle = (size[0] / 2, size[1] / 2)
        for turn in range(0, 360, 6):
            wide, high = size[0] * 0.28, size[1] * 0.2
            points = [_turned(wide * cos(t / 20), high * sin(t / 20), radians(turn), middle) for t in range(127)]
            draw.line(points, fill=colour, width=1)
    return image


def _turned(x: float, y: float, by: float, middle: tuple[float, float]) -> tuple[float, float]:
    return (middle[0] + x * cos(by) - y * sin(by), middle[1] + x * sin(by) + y * cos(by))


def star(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float, fill: object, turn: float = 0) -> None:
    points = []
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * 0.382
        angle = -pi / 2 + turn + corner * pi / 5
        points.append((x + reach * cos(angle), y + reach * sin(angle)))
    draw.polygon(points, fill=fill)  # pyright: ignore[reportArgumentType]


def emblem(image: Image.Image, x: int, y: int, size: int) -> None:
    """A placeholder for the emblem of state: a red disc, a ring, five stars and a gate, nothing more."""
    draw, half = ImageDraw.Draw(image), size / 2
    gold, red = "#d9a520", "#c8252b"
    middle = (x + half, y + half)
    draw.ellipse((x, y, x + size, y + size), fill=gold)
    inset = size * 0.08
    draw.ellipse((x + inset, y + inset, x + size - inset, y + size - inset), fill=red)
    star(draw, middle[0], y + size * 0.3, size * 0.11, gold)
    for at in (-2, -1, 1, 2):
        star(draw, middle[0] + at * size * 0.115, y + size * (0.46 - 0.03 * abs(at)), size * 0.045, gold)
    draw.rectangle((middle[0] - size * 0.24, y + size * 0.56, middle[0] + size * 0.24, y + size * 0.61), fill=gold)
    draw.rectangle((middle[0] - size * 0.28, y + size * 0.66, middle[0] + size * 0.28, y + size * 0.72), fill=gold)
    draw.ellipse(
        (middle[0] - size * 0.1, y + size * 0.76, middle[0] + size * 0.1, y + size * 0.94), outline=gold, width=3
    )


@dataclass(frozen=True)
class SealForm:
    """What a seal looks like: round with a star; `flat` makes an oval; `square` sets the name in columns."""

    radius: int = 110
    below: str = ""
    flat: float = 1.0
    square: bool = False


def seal(image: Image.Image, x: int, y: int, text: str, form: SealForm, rng: Random) -> None:
    """Stamp a red seal with its middle at `x`, `y`. Ink lies unevenly; what is under it shows through."""
    side = form.radius * 2 + 8
    layer = Image.new("L", (side * 2, side * 2), 0)
    (_square_seal if form.square else _round_seal)(layer, text, form)
    turned = layer.rotate(0 if form.flat < 1 else rng.uniform(-9, 9), Image.Resampling.BICUBIC)
    turned = turned.resize((side, round(side * form.flat)), Image.Resampling.LANCZOS)
    _stamp(image, turned, x - turned.width // 2, y - turned.height // 2, rng)


def _round_seal(layer: Image.Image, text: str, form: SealForm) -> None:
    """Name on an arc, star, line below; drawn at twice its size."""
    draw, radius, middle = ImageDraw.Draw(layer), form.radius, layer.width / 2
    ring = radius * 2 - 4
    draw.ellipse((middle - ring, middle - ring, middle + ring, middle + ring), outline=255, width=max(4, radius // 10))
    star(draw, middle, middle + radius * 0.02, radius * 0.56, 255)
    size = max(12, round(min(radius * 0.42, radius * 5.4 / max(1, len(text)))))
    sweep = min(262.0, 30.0 * len(text))
    for at, char in enumerate(text):
        angle = radians(-90 - sweep / 2 + (sweep * (at + 0.5) / len(text)))
        glyph = Image.new("L", (size * 2, size * 2), 0)
        ImageDraw.Draw(glyph).text((size, size), char, font=font("serif", size), fill=255, anchor="mm", stroke_width=1)
        turned = glyph.rotate(-90 - angle * 180 / pi, Image.Resampling.BICUBIC)
        reach = ring - radius * 0.36
        where = (round(middle + reach * cos(angle) - size), round(middle + reach * sin(angle) - size))
        layer.paste(ImageChops.lighter(layer.crop((*where, where[0] + size * 2, where[1] + size * 2)), turned), where)
    if form.below:
        size = round(min(radius * 0.34, radius * 2.6 / len(form.below)))
        draw.text(
            (middle, middle + radius * 1.18),
            form.below,
            font=font("serif", size),
            fill=255,
            anchor="mm",
            stroke_width=1,
        )


def _square_seal(layer: Image.Image, text: str, form: SealForm) -> None:
    """Columns from right to left, as on driving licences."""
    draw, side = ImageDraw.Draw(layer), layer.width
    inset = side * 0.06
    draw.rectangle((inset, inset, side - inset, side - inset), outline=255, width=max(5, form.radius // 12))
    rows = next(many for many in (3, 4, 5) if many * many >= len(text))
    columns = -(-len(text) // rows)
    step = (side - 3 * inset) / rows
    for at, char in enumerate(text):
        column, row = divmod(at, rows)
        wide = (side - 3 * inset) / columns
        place = (side - 1.5 * inset - (column + 0.5) * wide, 1.5 * inset + (row + 0.5) * step)
        draw.text(place, char, font=font("serif", round(min(step, wide) * 0.86)), fill=255, anchor="mm", stroke_width=1)


def _stamp(image: Image.Image, layer: Image.Image, left: int, top: int, rng: Random) -> None:
    """Multiply red ink onto the picture, thinner in places."""
    noise = np.random.default_rng(rng.randrange(2**32)).uniform(
        0.35, 1.0, (layer.height // 12 + 2, layer.width // 12 + 2)
    )
    worn = Image.fromarray((noise * 255).astype(np.uint8)).resize(layer.size, Image.Resampling.BICUBIC)
    cover = np.asarray(layer, np.float32) / 255 * (np.asarray(worn, np.float32) / 255 * 0.45 + 0.5)
    box = (left, top, left + layer.width, top + layer.height)
    under = np.asarray(image.crop(box), np.float32)
    inked = under * (np.array(SEAL_RED, np.float32) / 255) * 0.55 + np.array(SEAL_RED, np.float32) * 0.45 * under / 255
    mixed = under * (1 - cover[..., None]) + inked * cover[..., None]
    image.paste(Image.fromarray(mixed.clip(0, 255).astype(np.uint8)), (left, top))


def square_code(image: Image.Image, x: int, y: int, size: int, rng: Random) -> None:
    """Looks like a QR code and says nothing."""
    cells = 29
    step = size / cells
    draw = ImageDraw.Draw(image)
    draw.rectangle((x, y, x + size, y + size), fill="white")
    for row in range(cells):
        for column in range(cells):
            corner = ((row < 8 or row > 20) and column < 8) or (row < 8 and column > 20)
            if not corner and rng.random() < 0.48:
                left, top = x + column * step, y + row * step
                draw.rectangle((left, top, left + step, top + step), fill="#222222")
    for row, column in ((0, 0), (0, 22), (22, 0)):
        left, top = x + column * step, y + row * step
        draw.rectangle((left, top, left + 7 * step, top + 7 * step), fill="#222222")
        draw.rectangle((left + step, top + step, left + 6 * step, top + 6 * step), fill="white")
        draw.rectangle((left + 2 * step, top + 2 * step, left + 5 * step, top + 5 * step), fill="#222222")


def bars(image: Image.Image, x: int, y: int, width: int, height: int, rng: Random) -> None:
    """Looks like a bar code and says nothing."""
    draw, at = ImageDraw.Draw(image), float(x)
    while at < x + width:
        thick = rng.choice((2, 2, 3, 5))
        draw.rectangle((at, y, at + thick - 1, y + height), fill="#222222")
        at += thick + rng.choice((2, 3, 5))


def sample_mark(image: Image.Image, x: int, y: int, size: int) -> None:
    """样本, framed and slanting, with its middle at `x`, `y`; visible, and not red as a seal is."""
    layer = Image.new("L", (size * 4, size * 2), 0)
    draw = ImageDraw.Draw(layer)
    draw.text((size * 2, size), "样本", font=font("sans", size), fill=190, anchor="mm")
    draw.rounded_rectangle(
        (size * 0.7, size * 0.32, size * 3.3, size * 1.68), size * 0.2, outline=190, width=max(2, size // 16)
    )
    turned = layer.rotate(14, Image.Resampling.BICUBIC, expand=True)
    image.paste("#4f7fa8", (x - turned.width // 2, y - turned.height // 2), turned)
