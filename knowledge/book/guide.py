"""One item as a 办事指南 to print: sections of lines or of table rows, in the order of words.yaml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from knowledge.handbook import Handbook
from knowledge.item import LifeEvent, ServiceItem
from knowledge.sheets.titles import option_title

UNCONFIRMED = "to_be_confirmed"


@dataclass(frozen=True)
class Section:
    """A heading with lines, or with rows whose first is the head of a table."""

    key: str
    title: str
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Guide:
    name: str
    sections: tuple[Section, ...]


@cache
def words() -> dict[str, Any]:
    """words.yaml as it stands."""
    return yaml.load(files("knowledge.book").joinpath("words.yaml").read_bytes(), Loader=yaml.CSafeLoader)


def guide(item: ServiceItem, names: Mapping[str, str | None]) -> Guide:
    """`item` is resolved; `names` gives the names of other items and of regions."""
    return Guide(item.name, tuple(_sections(item, names)))


def chapters(handbook: Handbook, today: date) -> list[tuple[str, list[Guide]]]:
    """The items in force or to come, by life event in the order of the national list."""
    names = _Names({key: region.name for key, region in handbook.regions.items()})
    names.update({key: item.name for key, item in handbook.items.items()})
    by_event: dict[str, list[Guide]] = {event: [] for event in (*get_args(LifeEvent), words()["others"])}
    for item in handbook.items.values():
        if item.effective_to and item.effective_to < today:
            continue
        by_event[item.life_event or words()["others"]].append(guide(handbook.resolved(item), names))
    return [(event, guides) for event, guides in by_event.items() if guides]


class _Names(dict[str, "str | None"]):
    """None for what has no name."""

    def __missing__(self, key: str) -> None:
        return None


def _sections(item: ServiceItem, names: Mapping[str, str | None]) -> Iterator[Section]:
    macros = _template().module
    for key, title in words()["sections"].items():
        text = str(getattr(macros, key)(item, names))
        lines = tuple(line.strip(" ") for line in text.split("\n") if line.strip())
        if not lines:
            continue
        title += f"（{words()['mark']}）" if _whole_part_unconfirmed(item, key) else ""
        if key in words()["tables"]:
            head = tuple(words()["tables"][key])
            cells = [tuple(cell.strip() for cell in line.split("\t")) for line in lines]
            yield Section(key, title, rows=(head, *((*row, *[""] * (len(head) - len(row))) for row in cells)))
        else:
            yield Section(key, title, tuple(line.strip() for line in lines))


def _whole_part_unconfirmed(item: ServiceItem, key: str) -> bool:
    """Whether the section shows one part and its mark counts for all of it."""
    part: Any = getattr(item.time_limit, key) if key in ("statutory", "promised") else None
    if key in ("fee", "online", "proxy", "visits", "cross_region"):
        part = getattr(item, key)
    return part is not None and part.local == UNCONFIRMED


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _bare(text: str) -> str:
    """（租赁住房时） without its brackets."""
    return str(text).strip().removeprefix("（").removesuffix("）")


@cache
def _template() -> Any:
    folder = Path(str(files("knowledge")))
    environment = Environment(
        loader=FileSystemLoader([folder / "book", folder / "passages"]),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - plain text; md.py and docx.py escape it
    )
    environment.filters |= {"one_line": _one_line, "bare": _bare, "titled": option_title}
    return environment.get_template("sections.j2")
