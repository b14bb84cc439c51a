"""What a filler of an item's fields is, and the words it works on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from knowledge.reading.facts import ticked
from knowledge.reading.table_shape import Entry

Entries = Sequence[Entry]
Filler = Callable[[Entries, dict[str, Any]], list[Entry]]
"""Takes the entries of one field and the item's fields so far; returns entries that must be kept as passages."""


def lines_of(entries: Entries) -> list[str]:
    return [line for entry in entries for line in entry.all_lines()]


def joined(entries: Entries) -> str:
    return "\n".join(dict.fromkeys(ticked(entry.text) for entry in entries if entry.text.strip()))
