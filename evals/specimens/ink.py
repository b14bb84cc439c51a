"""Setting text on a picture, glyph by glyph, so that it is known to the pixel where each value stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import Literal

from PIL import Image, ImageDraw, ImageFont

from evals.specimens.written import runs

Face = Literal["sans", "serif", "mono", "hand"]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""
Align = Literal["left", "centre", "right"]

FILES: dict[Face, str] = {
    "sans": "NotoSansCJKsc-Regular.otf",
    "serif": "NotoSerifCJKsc-Regular.otf",
    "mono": "NotoSansMonoCJKsc-Regular.otf",
    "hand": "NotoSerifCJKsc-Regular.otf",
}
RISE = 0.88
"""Baseline below the top of the em box, in ems, of all these faces."""
HANGING = set("，。、；：）》」！？,.;:)")
"""May stand beyond the right edge rather than begin a line."""
BLUE_INK = ("#1b2f86", "#23398f", "#16256f")


def font_path(face: Face) -> Path:
    spec = find_spec("mplfonts")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("mplfonts is not installed")
    return Path(spec.origin).parent / "fonts" / FILES[face]


@cache
def font(face: Face, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font_path(face)), size)


@dataclass(frozen=True)
class Type:
    """How text is set. Sizes in pixels; `gap` is added after each glyph, `lead` is the line distance in ems."""

    size: int = 28
    face: Face = "sans"
    colour: str = "#222222"
    width: float | None = None
    align: Align = "left"
    gap: float = 0
    lead: float = 1.5
    bold: float = 0


@dataclass(frozen=True)
class Glyph:
    char: str
    field: str | None
    x: float


@dataclass(frozen=True)
class Block:
    """Text broken into lines, not yet placed."""

    lines: tuple[tuple[Glyph, ...], ...]
    widths: tuple[float, ...]
    type: Type

    @property
    def height(self) -> float:
        return self.type.size * ((len(self.lines) - 1) * self.type.lead + 1)


@dataclass
class Written:
    """What was set: boxes of ink a field and line, and the lines as strings for a text layer."""

    boxes: dict[str, list[Box]] = field(default_factory=dict)
    lines: list[tuple[str, float, float]] = field(default_factory=list)
    """Text, x, y of the baseline."""


def set_text(template: str, values: Mapping[str, str], how: Type) -> Block:
    """Break `template`, its {placeholders} filled, into lines of at most `how.width`."""
    face = font(how.face, how.size)
    lines: list[list[Glyph]] = [[]]
    widths, x = [0.0], 0.0
    for text, name in runs(template, values):
        for char in text:
            if char == "\n":
                lines.append([])
                widths.append(0.0)
                x = 0.0
                continue
            step = face.getlength(char) + how.gap
            if how.width is not None and x + step - how.gap > how.width and lines[-1] and char not in HANGING:
                lines.append([])
                widths.append(0.0)
                x = 0.0
            lines[-1].append(Glyph(char, name, x))
            x += step
            widths[-1] = x - how.gap
    return Block(tuple(tuple(line) for line in lines), tuple(widths), how)


def put(image: Image.Image, block: Block, x: float, y: float, rng: Random) -> Written:
    """Draw a block with its top left corner, or for other alignments its middle or right edge, at `x`, `y`."""
    done, how = Written(), block.type
    for number, (line, width) in enumerate(zip(block.lines, block.widths, strict=True)):
        left = x - {"left": 0.0, "centre": width / 2, "right": width}[how.align]
        base = y + how.size * (number * how.lead + RISE)
        done.lines.append(("".join(glyph.char for glyph in line), left, base))
        boxes: dict[str, Box] = {}
        for glyph in line:
            box = _draw(image, glyph.char, left + glyph.x, base, how, rng)
            if glyph.field and box:
                boxes[glyph.field] = joined(boxes.get(glyph.field), box)
        for name, box in boxes.items():
            done.boxes.setdefault(name, []).append(box)
    return done


def joined(one: Box | None, other: Box) -> Box:
    if one is None:
        return other
    return (min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3]))


def _draw(image: Image.Image, char: str, x: float, base: float, how: Type, rng: Random) -> Box | None:
    """Box of the ink, or None for a blank."""
    if how.face == "hand":
        return _by_hand(image, char, x, base, how, rng)
    draw, face = ImageDraw.Draw(image), font(how.face, how.size)
    bold = how.bold * how.size / 40
    draw.text((x, base), char, font=face, fill=how.colour, anchor="ls", stroke_width=bold)
    ink = _ink(how.face, how.size, char, bold)
    return None if ink is None else (x + ink[0], base + ink[1], x + ink[2], base + ink[3])


@cache
def _ink(face: Face, size: int, char: str, bold: float) -> Box | None:
    """Where a glyph has ink, from its origin on the baseline."""
    room = size * 2
    glyph = Image.new("L", (room * 2, room * 2), 0)
    ImageDraw.Draw(glyph).text((room, room), char, font=font(face, size), fill=255, anchor="ls", stroke_width=bold)
    box = glyph.point([0] * 41 + [255] * 215).getbbox()
    return None if box is None else (box[0] - room, box[1] - room, box[2] - room, box[3] - room)


def _by_hand(image: Image.Image, char: str, x: float, base: float, how: Type, rng: Random) -> Box | None:
    """One glyph as by a pen: leaning, of uneven size, off the line, the stroke swelling."""
    if char.isspace():
        return None
    size = round(how.size * rng.uniform(0.88, 1.16))
    room = size * 2
    glyph = Image.new("L", (room, room), 0)
    ImageDraw.Draw(glyph).text(
        (room / 4, room * 0.7), char, font=font("hand", size), fill=255, anchor="ls", stroke_width=rng.uniform(0, 0.9)
    )
    lean, bend = rng.uniform(-0.28, -0.04), rng.uniform(-0.05, 0.05)
    shift = (-lean * room * 0.55, -bend * room * 0.5)
    glyph = glyph.transform(glyph.size, Image.Transform.AFFINE, (1, -lean, -shift[0], bend, 1, shift[1]), 3)
    glyph = glyph.rotate(rng.uniform(-5, 5), Image.Resampling.BICUBIC)
    left = round(x - room / 4 + rng.uniform(-1.5, 1.5))
    top = round(base - room * 0.7 + rng.uniform(-0.1, 0.1) * how.size)
    image.paste(rng.choice(BLUE_INK), (left, top), glyph)
    ink = glyph.point([0] * 61 + [255] * 195).getbbox()
    return None if ink is None else (left + ink[0], top + ink[1], left + ink[2], top + ink[3])
