"""A kind and its values become a picture: the layout of the kind, layouts/<kind>.yaml, is drawn element by element."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

import yaml
from PIL import Image

from evals.specimens import ornaments
from evals.specimens.papers import values_of
from evals.specimens.sheet import Sheet, draw
from evals.specimens.specimen import Seen, Specimen, label_of, quad_of
from evals.specimens.story import story


@cache
def layout(kind: str) -> dict[str, Any]:
    """Raises KeyError for a kind that has none."""
    path = files("evals.specimens") / "layouts" / f"{kind}.yaml"
    if not path.is_file():
        raise KeyError(kind)
    return yaml.safe_load(path.read_text("utf-8"))


@cache
def kinds() -> tuple[str, ...]:
    """Every kind that has a layout."""
    folder = files("evals.specimens") / "layouts"
    return tuple(sorted(path.name.removesuffix(".yaml") for path in folder.iterdir() if path.name.endswith(".yaml")))


def sides(kind: str) -> tuple[str, ...]:
    """Sides or pages of the kind, in order."""
    return tuple(layout(kind)["pages"])


def _blank(page: Mapping[str, Any]) -> Image.Image:
    """The empty sheet of a page, in its colour and with its pattern."""
    told = page.get("paper", {})
    fill, colour = told.get("fill", "#ffffff"), told.get("colour", "#dddddd")
    return ornaments.paper(tuple(page["size"]), fill, told.get("pattern"), colour)


def render(
    kind: str,
    values: Mapping[str, str] | None = None,
    *,
    side: str | None = None,
    seed: int | str = 0,
    leave_out: Iterable[str] = (),
) -> Specimen:
    """One side or page. Without values, those of the invented world of the seed.

    Values are normalised as kinds.yaml has them (ISO dates, 9999-12-31 for 长期). `leave_out` takes seal, signature or
    face away.
    """
    plan = layout(kind)
    side = side or sides(kind)[0]
    page = plan["pages"][side]
    rng = Random(f"{kind}-{side}-{seed}")  # noqa: S311
    values = dict(values_of(kind, story(seed)) if values is None else values)
    shown = {**plan.get("defaults", {}), **{name: value for name, value in values.items() if value}}
    letters = {"colour": "#222222", **plan.get("set", {})}
    sheet = Sheet(_blank(page), shown, rng, letters, frozenset(leave_out))
    draw(sheet, page["elements"])
    x, y, tall = page["mark"]
    ornaments.sample_mark(sheet.image, x, y, tall)
    sheet.strokes.append(("picture", (x - 2 * tall, y - 1.5 * tall, x + 2 * tall, y + 1.5 * tall)))
    boxes = {name: found for name, found in sheet.boxes.items() if name in values}
    return Specimen(
        sheet.image,
        {name: label_of(shown[name], found, hand=name in sheet.by_hand) for name, found in boxes.items()},
        kind,
        side,
        tuple(Seen(what, quad_of(box)) for what, box in sheet.marks),
        strokes=tuple(sheet.strokes),
    )
