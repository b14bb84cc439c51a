"""From filled slots to the facts that rules ask: a typed value for every path, or why there is none."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from preapproval.case import Applicant, Case, FieldValue, Material, Page, PageRef
from preapproval.facts import Absent, Called, Facts, Known, Missing
from preapproval.kinds import FieldType, Kind
from preapproval.slots import Filled, Slot


def build_facts(
    case: Case,
    slots: Sequence[Slot],
    filled: Filled,
    pages: Iterable[Page],
    kinds: Mapping[str, Kind],
    declared: Mapping[str, FieldType] | None = None,
    called: Called | None = None,
) -> Facts:
    """Every path that a rule of the item may name has a value or a reason. `declared`: types of `declared.…`."""
    by_ref = {page.ref: page for page in pages}
    values: dict[str, Known | Absent] = {}
    every: dict[str, tuple[Known, ...]] = {}
    for slot in slots:
        of_slot = filled.by_slot.get(slot.key, ())
        for path, field_type in slot_paths(slot.key, kinds).items():
            known = tuple(_known(path, read, field_type) for read in _reads(of_slot, path))
            every[path] = tuple(one for one in known if isinstance(one, Known))
            values[path] = next(iter(every[path]), Absent(path, _why(of_slot, by_ref)))
    values |= _of_case(case, values, declared or {})
    return Facts(case, received_on(case), filled.by_slot, filled.spare, by_ref, values, every, called or Called())


def received_on(case: Case) -> date:
    """The hall's day, which is this machine's."""
    return case.received_at.astimezone().date()


def path_of(slot: str, field: str) -> str:
    """`agent-id-card`, `number` -> `agent_id_card.number`."""
    return f"{slot.replace('-', '_')}.{field}"


def slot_paths(slot: str, kinds: Mapping[str, Kind]) -> dict[str, FieldType]:
    """Paths of the fields that a material for `slot` can have, with their types."""
    return {
        path_of(slot, field.name): field.type
        for kind in kinds.values()
        if slot in kind.materials
        for field in kind.fields
    }


def typed(value: Any, field_type: FieldType) -> str | float | bool | date | None:
    """`value` as rules compare it; None if it is not of its type."""
    try:
        if field_type == "date":
            return value if isinstance(value, date) else date.fromisoformat(str(value))
        if field_type in ("amount", "number"):
            number = float(value)
            return number if math.isfinite(number) else None
        if field_type == "boolean":
            return value if isinstance(value, bool) else {"true": True, "false": False}[str(value)]
    except (ValueError, KeyError, TypeError):
        return None
    return str(value)


def _reads(materials: Iterable[Material], path: str) -> list[FieldValue]:
    """A printed value comes before a handwritten one."""
    name = path.partition(".")[2]
    reads = [field for material in materials for field in material.fields if field.name == name]
    return sorted(reads, key=lambda field: field.handwritten)


def _known(path: str, read: FieldValue, field_type: FieldType) -> Known | None:
    value = typed(read.value, field_type)
    return None if value is None else Known(path, value, read)


def _why(materials: Sequence[Material], pages: Mapping[PageRef, Page]) -> Missing:
    if not materials:
        return "not_handed_in"
    refs = [ref for material in materials for ref in material.pages]
    poor = any(one.retake for ref in refs if ref in pages for one in pages[ref].quality)
    return "poor_quality" if poor else "not_read"


def _of_case(
    case: Case, values: Mapping[str, Known | Absent], declared: Mapping[str, FieldType]
) -> dict[str, Known | Absent]:
    """What was typed in. Where the applicant typed no name or number, the identity card's stand in."""
    typed_in: dict[str, Known | Absent] = {"case.now": Known("case.now", received_on(case))}
    for name in Applicant.model_fields:
        path, given = f"applicant.{name}", getattr(case.applicant, name)
        card = values.get(f"id_card.{name}")
        if given:
            typed_in[path] = Known(path, given)
        elif isinstance(card, Known):
            typed_in[path] = Known(path, card.value, card.read)
        else:
            typed_in[path] = Absent(path, "not_handed_in")
    for name, value in case.choices.items():
        path = f"choices.{name.replace('-', '_')}"
        typed_in[path] = Known(path, value)
    for name, value in case.declared.items():
        path = f"declared.{name}"
        known = typed(value, declared[name]) if name in declared else value
        typed_in[path] = Absent(path, "not_handed_in") if known in (None, "") else Known(path, known)
    return typed_in
