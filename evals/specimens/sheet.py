"""One page drawn from its layout: a list of elements, each with the place where it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from PIL import Image, ImageDraw

from evals.specimens import ornaments
from evals.specimens.ink import Box, Type, joined, put, set_text
from evals.specimens.portrait import portrait
from evals.specimens.written import placeholders

Values = Mapping[str, str]
Place = tuple[str, Box]
"""What is marked: seal, face, signature; and where."""


@dataclass
class Sheet:
    """A page in the making."""

    image: Image.Image
    values: Values
    rng: Random
    plain: Mapping[str, Any] = field(default_factory=dict)
    """How text is set where an element does not say."""
    leave_out: frozenset[str] = frozenset()
    """Elements that a fault takes away: seal, signature, face."""
    boxes: dict[str, list[Box]] = field(default_factory=dict)
    by_hand: set[str] = field(default_factory=set)
    marks: list[Place] = field(default_factory=list)
    strokes: list[tuple[str, Any]] = field(default_factory=list)
    """What was drawn, again as text lines and rules, for a PDF with a text layer."""

    def type_of(self, element: Mapping[str, Any], **more: Any) -> Type:
        named = {key: element[key] for key in Type.__dataclass_fields__ if key in element}
        return Type(**{**self.plain, **more, **named})

    def write(self, template: str, x: float, y: float, how: Type) -> None:
        done = put(self.image, set_text(template, self.values, how), x, y, self.rng)
        for name, boxes in done.boxes.items():
            self.boxes.setdefault(name, []).extend(boxes)
            if how.face == "hand":
                self.by_hand.add(name)
        self.strokes += [("text", (line, how, x, y)) for line, x, y in done.lines]


def draw(sheet: Sheet, elements: list[dict[str, Any]]) -> None:
    for element in elements:
        DRAWN[next(key for key in element if key in DRAWN)](sheet, element)


def _text(sheet: Sheet, element: dict[str, Any]) -> None:
    names = placeholders(element["text"])
    if element.get("if_any") and not any(sheet.values.get(name) for name in names):
        return
    x, y = element["at"]
    sheet.write(element["text"], x, y, sheet.type_of(element))


def _rule(sheet: Sheet, element: dict[str, Any]) -> None:
    x0, y0, x1, y1 = element["rule"]
    colour, width = element.get("colour", "#333333"), element.get("thick", 2)
    ImageDraw.Draw(sheet.image).line((x0, y0, x1, y1), fill=colour, width=width)
    sheet.strokes.append(("rule", (x0, y0, x1, y1, colour, width)))


def _box(sheet: Sheet, element: dict[str, Any]) -> None:
    ImageDraw.Draw(sheet.image).rounded_rectangle(
        tuple(element["box"]),
        element.get("round", 0),
        fill=element.get("fill"),
        outline=element.get("colour", None if "fill" in element else "#333333"),
        width=element.get("thick", 2),
    )


def _photo(sheet: Sheet, element: dict[str, Any]) -> None:
    x, y, width, height = element["photo"]
    face = "face" not in sheet.leave_out
    size = (width, height)
    woman = {"女": True, "男": False}.get(sheet.values.get(element.get("sex", "sex"), ""))
    picture = portrait(size, sheet.rng, background=element.get("background", "#ffffff"), face=face, woman=woman)
    sheet.image.paste(picture, (x, y))
    if element.get("colour"):
        ImageDraw.Draw(sheet.image).rectangle((x, y, x + width, y + height), outline=element["colour"], width=2)
    if face:
        sheet.marks.append(("face", (x + width * 0.22, y + height * 0.15, x + width * 0.78, y + height * 0.8)))


def _seal(sheet: Sheet, element: dict[str, Any]) -> None:
    if "seal" in sheet.leave_out:
        return
    x, y = element["seal"]
    radius = element.get("radius", 110)
    name = "".join(text for text in _filled(sheet, element["text"]))
    if not name:
        return
    form = ornaments.SealForm(radius, element.get("below", ""), element.get("flat", 1.0), element.get("square", False))
    ornaments.seal(sheet.image, x, y, name, form, sheet.rng)
    box = (x - radius, y - radius * form.flat, x + radius, y + radius * form.flat)
    sheet.marks.append(("seal", box))
    sheet.strokes.append(("picture", box))


def _filled(sheet: Sheet, template: str) -> str:
    block = set_text(template, sheet.values, Type())
    return "".join(glyph.char for line in block.lines for glyph in line)


def _signature(sheet: Sheet, element: dict[str, Any]) -> None:
    """A name by hand in the place for it; no label, since nobody is to read it."""
    if "signature" in sheet.leave_out:
        return
    x, y = element["at"]
    name = _filled(sheet, element["signature"])
    if not name:
        return
    how = Type(size=element.get("size", 44), face="hand", gap=-2)
    template = "{a}"
    done = put(sheet.image, set_text(template, {"a": name}, how), x, y, sheet.rng)
    box: Box | None = None
    for part in done.boxes["a"]:
        box = joined(box, part)
    if box:
        sheet.marks.append(("signature", box))
        sheet.strokes.append(("picture", box))


def _table(sheet: Sheet, element: dict[str, Any]) -> None:
    table = element["table"]
    xs, ys = _edges(table["at"][0], table["columns"]), _edges(table["at"][1], table["rows"])
    thick, colour = element.get("thick", 2), element.get("colour", "#333333")
    taken: set[tuple[int, int]] = set()
    for row, cells in enumerate(element["cells"]):
        column = 0
        for cell in cells:
            while (row, column) in taken:
                column += 1
            cell = cell if isinstance(cell, dict) else {"text": cell}
            wide, high = cell.get("columns", 1), cell.get("rows", 1)
            taken |= {(row + down, column + along) for down in range(high) for along in range(wide)}
            box = (xs[column], ys[row], xs[column + wide], ys[row + high])
            _cell(sheet, cell, box, {**element.get("set", {}), **cell}, (thick, colour))
            column += wide


def _edges(start: float, steps: list[float]) -> list[float]:
    edges = [start]
    for step in steps:
        edges.append(edges[-1] + step)
    return edges


def _cell(sheet: Sheet, cell: dict[str, Any], box: Box, look: dict[str, Any], line: tuple[int, str]) -> None:
    thick, colour = line
    left, top, right, bottom = box
    if thick:
        ImageDraw.Draw(sheet.image).rectangle(box, outline=colour, width=thick, fill=cell.get("fill"))
        for edge in (
            (left, top, right, top),
            (left, bottom, right, bottom),
            (left, top, left, bottom),
            (right, top, right, bottom),
        ):
            sheet.strokes.append(("rule", (*edge, colour, thick)))
    text = cell.get("text", "")
    pad = look.get("pad", 12)
    filled = "{" in text
    align = look.get("align", "left" if filled else "centre")
    more = {"colour": look["value_colour"]} if filled and "value_colour" in look else {}
    more |= {"face": look["value_face"]} if filled and "value_face" in look else {}
    how = sheet.type_of({**look, **more, "align": align, "width": right - left - 2 * pad}, lead=1.3)
    if text:
        block = set_text(text, sheet.values, how)
        x = {"left": left + pad, "centre": (left + right) / 2, "right": right - pad}[align]
        y = top + pad if look.get("upper") else (top + bottom - block.height) / 2
        sheet.write(text, x, y, how)
    draw(sheet, [_moved(part, left, top) for part in cell.get("with", [])])


def _moved(element: dict[str, Any], x: float, y: float) -> dict[str, Any]:
    """An element whose place is told from the corner of its cell."""
    moved = dict(element)
    for key in ("at", "photo", "seal"):
        if key in moved:
            place = moved[key]
            moved[key] = [round(place[0] + x), round(place[1] + y), *place[2:]]
    return moved


def _emblem(sheet: Sheet, element: dict[str, Any]) -> None:
    x, y, size = element["emblem"]
    ornaments.emblem(sheet.image, x, y, size)


def _code(sheet: Sheet, element: dict[str, Any]) -> None:
    x, y, size = element["code"]
    ornaments.square_code(sheet.image, x, y, size, sheet.rng)


def _bars(sheet: Sheet, element: dict[str, Any]) -> None:
    x, y, width, height = element["bars"]
    ornaments.bars(sheet.image, x, y, width, height, sheet.rng)


DRAWN: dict[str, Callable[[Sheet, dict[str, Any]], None]] = {
    "table": _table,
    "signature": _signature,
    "seal": _seal,
    "photo": _photo,
    "rule": _rule,
    "box": _box,
    "emblem": _emblem,
    "code": _code,
    "bars": _bars,
    "text": _text,
}
"""Key of an element -> how it is drawn; the first key that stands here names the element."""
