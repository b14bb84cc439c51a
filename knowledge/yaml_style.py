"""Handbook data as YAML in the style of the bundled items: short parts in one line, long ones in blocks."""

from __future__ import annotations

import math
from typing import Any

import yaml
from pydantic import BaseModel

BLOCK_PARTS = {"time_limit", "bundle", "project", "cases"}
"""Parts of several lines, however short."""

BLOCK_ELEMENTS = {"not_this", "conditions", "situations", "faq"}
"""Lists whose elements take several lines each."""

ALWAYS = {"original"}
"""Fields that are written although they equal their default."""

MAX_PART = 160
"""Characters of a part that still stands in one line."""

STEP = 2


class _Dumper(yaml.SafeDumper):
    """Double quotes where quotes are needed, and no references."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True

    def choose_scalar_style(self) -> str:
        style = super().choose_scalar_style()
        return '"' if style == "'" else style


def plain_data(value: Any) -> Any:
    """A model's value as YAML holds it: without defaults, lists for tuples, whole numbers without a point."""
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        told = {name: getattr(value, name) for name in fields}
        kept = {
            name: own
            for name, own in told.items()
            if name in ALWAYS
            or fields[name].is_required()
            or own != fields[name].get_default(call_default_factory=True)
        }
        return {name: plain_data(own) for name, own in kept.items()}
    if isinstance(value, dict):
        return {key: plain_data(own) for key, own in value.items()}
    if isinstance(value, tuple | list):
        return [plain_data(own) for own in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def in_line(value: Any) -> str:
    """`value` on one line, as it may stand inside another such line."""
    return yaml.dump(
        [value], Dumper=_Dumper, default_flow_style=True, allow_unicode=True, sort_keys=False, width=math.inf
    ).strip()[1:-1]


def entry_lines(name: str, value: Any, indent: int = 0) -> list[str]:
    """`name: value` in the lines that it takes."""
    head = " " * indent + in_line(name)
    if isinstance(value, list) and any(isinstance(one, dict) for one in value):
        return [f"{head}:", *(line for one in value for line in element_lines(name, one, indent + STEP))]
    if isinstance(value, dict) and value and _takes_block(name, value):
        return [f"{head}:", *(line for key, own in value.items() for line in entry_lines(key, own, indent + STEP))]
    if isinstance(value, str):
        dumped = yaml.dump({"k": value}, Dumper=_Dumper, allow_unicode=True, width=math.inf)
        return [f"{head}: {dumped[3:].rstrip()}"]
    return [f"{head}: {in_line(value)}"]


def element_lines(name: str, value: Any, indent: int) -> list[str]:
    """One element of the list `name`, with its dash."""
    pad = " " * indent
    if name not in BLOCK_ELEMENTS or not isinstance(value, dict) or not value:
        return [f"{pad}- {in_line(value)}"]
    lines = [line for key, own in value.items() for line in entry_lines(key, own, indent + STEP)]
    return [f"{pad}- {lines[0].strip()}", *lines[1:]]


def _takes_block(name: str, value: dict[str, Any]) -> bool:
    listed = any(isinstance(one, list) and any(isinstance(part, dict) for part in one) for one in value.values())
    return name in BLOCK_PARTS or listed or len(in_line(value)) > MAX_PART
