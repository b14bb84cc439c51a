"""A face that is nobody's, drawn: enough of one for a detector of frontal faces."""

from __future__ import annotations

from random import Random

from PIL import Image, ImageDraw, ImageFilter

SKINS = ("#e8c3a0", "#dfb48f", "#f0cfae", "#d8a982")
HAIRS = ("#1d1714", "#2a211c", "#35291f")
CLOTHES = ("#2d3b55", "#5b2b33", "#394a3d", "#44444a", "#6a6f7c")
SIDE = 400
"""The face is drawn in a frame of this width, 5:6, and then scaled."""


def portrait(
    size: tuple[int, int], rng: Random, *, background: str = "#ffffff", face: bool = True, woman: bool | None = None
) -> Image.Image:
    """Head and shoulders; without `face` the empty background, as of a photograph that shows no one."""
    image = Image.new("RGB", (SIDE, SIDE * 6 // 5), background)
    if face:
        _shoulders(image, rng)
        _head(image, rng, rng.random() < 0.45 if woman is None else woman)
    else:
        _blanket(image, rng)
    return image.filter(ImageFilter.GaussianBlur(1.2)).resize(size, Image.Resampling.LANCZOS)


def _shoulders(image: Image.Image, rng: Random) -> None:
    draw, cloth = ImageDraw.Draw(image), rng.choice(CLOTHES)
    draw.ellipse((20, 372, 380, 700), fill=cloth)
    draw.polygon([(150, 378), (250, 378), (200, 460)], fill="#f2f2f0")


def _shaded(image: Image.Image, box: tuple[float, float, float, float], colour: str, blur: float) -> None:
    mask = Image.new("L", image.size, 0)
    ImageDraw.Draw(mask).ellipse(box, fill=255)
    image.paste(colour, (0, 0), mask.filter(ImageFilter.GaussianBlur(blur)))


def _darker(colour: str, share: float) -> str:
    return "#" + "".join(f"{round(int(colour[at : at + 2], 16) * share):02x}" for at in (1, 3, 5))


def _head(image: Image.Image, rng: Random, long_hair: bool) -> None:
    skin, hair = rng.choice(SKINS), rng.choice(HAIRS)
    wide = rng.uniform(84, 96)
    draw = ImageDraw.Draw(image)
    if long_hair:
        draw.rounded_rectangle((200 - wide - 26, 110, 200 + wide + 26, 400), 90, fill=hair)
    draw.ellipse((200 - wide - 18, 70, 200 + wide + 18, 290), fill=hair)
    draw.rectangle((160, 300, 240, 400), fill=_darker(skin, 0.86))
    draw.ellipse((200 - wide - 12, 205, 200 - wide + 14, 265), fill=_darker(skin, 0.9))
    draw.ellipse((200 + wide - 14, 205, 200 + wide + 12, 265), fill=_darker(skin, 0.9))
    draw.ellipse((200 - wide, 105, 200 + wide, 358), fill=skin)
    _shaded(image, (200 - wide * 0.55, 130, 200 + wide * 0.35, 260), _darker(skin, 1.0 if skin[1] == "f" else 1.05), 26)
    draw.pieslice((200 - wide - 6, 78, 200 + wide + 6, 250), 188, 352, fill=hair)
    draw.ellipse((200 - wide * 0.92, 142, 200 + wide * 0.92, 320), fill=skin)
    _features(image, skin, wide, rng)


def _features(image: Image.Image, skin: str, wide: float, rng: Random) -> None:
    draw, apart = ImageDraw.Draw(image), wide * 0.46
    for side in (-1, 1):
        x = 200 + side * apart
        _shaded(image, (x - 30, 196, x + 30, 246), _darker(skin, 0.8), 7)
        draw.ellipse((x - 23, 212, x + 23, 236), fill="#f4f1ec")
        draw.ellipse((x - 11, 211, x + 11, 237), fill="#2a1a12")
        draw.arc((x - 26, 205, x + 26, 244), 195, 345, fill="#1c120d", width=5)
        tilt = side * rng.uniform(-2, 2)
        draw.line([(x - 30, 190 + tilt), (x, 183), (x + 30, 190 - tilt)], fill="#251a14", width=9, joint="curve")
    _shaded(image, (190, 215, 214, 280), _darker(skin, 0.93), 8)
    _shaded(image, (176, 268, 224, 290), _darker(skin, 0.74), 5)
    draw.ellipse((182, 276, 192, 284), fill=_darker(skin, 0.5))
    draw.ellipse((208, 276, 218, 284), fill=_darker(skin, 0.5))
    _shaded(image, (160, 303, 240, 330), "#a8544c", 4)
    draw.arc((158, 290, 242, 324), 25, 155, fill="#6e2d2a", width=4)
    _shaded(image, (170, 334, 230, 348), _darker(skin, 0.86), 6)


def _blanket(image: Image.Image, rng: Random) -> None:
    """A wall with a plant's shadow: what comes when the camera went off by itself."""
    draw = ImageDraw.Draw(image)
    for _ in range(14):
        x, y, size = rng.uniform(0, SIDE), rng.uniform(120, 480), rng.uniform(20, 90)
        draw.ellipse((x, y, x + size, y + size * rng.uniform(0.2, 0.6)), fill=_darker("#c9ced6", rng.uniform(0.8, 1)))
