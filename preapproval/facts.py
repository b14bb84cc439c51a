"""What the rules may ask of a case: its slots (lines of the checklist), the fields read there, why one is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from preapproval.case import Case, Evidence, FieldValue, Material, Page, PageRef

Missing = Literal["not_handed_in", "not_read", "handwritten", "poor_quality"]
"""Why a field has no value that a rule may judge by."""


@dataclass(frozen=True)
class Absent:
    """A field without a value."""

    path: str
    why: Missing


@dataclass(frozen=True)
class Known:
    """A field with its value: text, ISO date as `date`, number as float, or yes and no."""

    path: str
    value: str | float | bool | date
    read: FieldValue | None = None
    """Where it was read; None for what the applicant typed."""


@dataclass(frozen=True)
class Called:
    """How forms and the handbook call things, for sentences that people read."""

    names: Mapping[str, str] = field(default_factory=dict)
    """Slot, or path of what was typed in or chosen -> its name."""
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Path of a choice -> value -> label."""


@dataclass(frozen=True)
class Facts:
    """One case as the rules see it. Paths are `slot.field`, hyphens of a slot written as underscores: `lease.end`.

    `applicant.…`, `declared.…`, `choices.…` and `case.now` are paths too.
    """

    case: Case
    today: date
    materials: Mapping[str, tuple[Material, ...]]
    """Slot -> what was handed in for it."""
    spare: tuple[Material, ...] = ()
    """Materials that fulfil no requirement of the item."""
    pages: Mapping[PageRef, Page] = field(default_factory=dict)
    values: Mapping[str, Known | Absent] = field(default_factory=dict)
    """Path -> value; where several materials of a slot have the field, the first that was read."""
    all_values: Mapping[str, tuple[Known, ...]] = field(default_factory=dict)
    """Path -> every value read for it, over all materials of the slot."""
    called: Called = field(default_factory=Called)

    def get(self, path: str) -> Known | Absent:
        """The value at `path`; a path that nothing could ever fill is a KeyError, which loading a rule set excludes."""
        return self.values[path]

    def every(self, path: str) -> tuple[Known, ...]:
        return self.all_values.get(path, ())

    def of(self, slot: str) -> tuple[Material, ...]:
        return self.materials.get(slot, ())


def evidence_of(known: Known) -> tuple[Evidence, ...]:
    """Where a value was read, its quote still unmasked: conclude masks quotes."""
    read = known.read
    if read is None:
        return ()
    ref = read.page
    return (
        Evidence(file=ref.file, page=ref.number, part=ref.part, quad=read.quad, quote=read.raw, field=read.name),
    )  # fmt: skip
