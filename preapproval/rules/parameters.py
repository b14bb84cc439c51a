"""Types of the parameters that clerks give a check, and where they name facts or slots.

`references(parameters)` lists every path with the field types that it may have, so that loading a rule set can refuse
a path that does not exist or is of another type.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from pydantic import BaseModel, Field, StringConstraints

from preapproval.case import Slug
from preapproval.kinds import FieldType


@dataclass(frozen=True)
class Wants:
    """Marks a string as a path; `types` are the field types that it may have, none meaning any."""

    types: frozenset[FieldType] = frozenset()


@dataclass(frozen=True)
class NamesSlot:
    """Marks a string as a line of the checklist."""


@dataclass(frozen=True)
class NamesKind:
    """Marks a string as an id of kinds.yaml."""


@dataclass(frozen=True)
class IsCondition:
    """Marks a string as a condition in CEL, to be compiled when a rule set is loaded."""


Condition = Annotated[str, IsCondition()]
_PATH = StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$", max_length=120)
TEXTS: frozenset[FieldType] = frozenset({"text", "id_number", "credit_code", "phone", "bank_card"})
NUMBERS: frozenset[FieldType] = frozenset({"amount", "number"})

Path = Annotated[str, _PATH, Wants()]
TextPath = Annotated[str, _PATH, Wants(TEXTS)]
DatePath = Annotated[str, _PATH, Wants(frozenset({"date"}))]
NumberPath = Annotated[str, _PATH, Wants(NUMBERS)]
BooleanPath = Annotated[str, _PATH, Wants(frozenset({"boolean"}))]
IdPath = Annotated[str, _PATH, Wants(frozenset({"id_number", "text"}))]
"""An identity number; `text` where the applicant declares it."""
BirthPath = Annotated[str, _PATH, Wants(frozenset({"date", "id_number"}))]
CreditPath = Annotated[str, _PATH, Wants(frozenset({"credit_code", "text"}))]
SlotName = Annotated[Slug, NamesSlot()]
KindName = Annotated[Slug, NamesKind()]
Word = Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True)]
Words = Annotated[tuple[Word, ...], Field(min_length=1, max_length=60)]
Figure = Annotated[Decimal, Field(allow_inf_nan=False, ge=-(10**15), le=10**15)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Region = tuple[Share, Share, Share, Share]
"""Left, top, right, bottom as parts of the upright page's width and height."""


@dataclass(frozen=True)
class Reference:
    """One place in the parameters that names a path, a slot or a kind."""

    parameter: str
    named: str
    marker: Wants | NamesSlot | NamesKind


def references(parameters: BaseModel) -> tuple[Reference, ...]:
    """Every path, slot and kind that `parameters` name, also inside tuples and optional fields."""
    hints = get_type_hints(type(parameters), include_extras=True)
    return tuple(
        one for name in type(parameters).model_fields for one in _in(name, hints[name], getattr(parameters, name))
    )


def slots_of(parameters: BaseModel) -> tuple[str, ...]:
    """Every slot that the parameters name, also through a path, hyphenated."""
    named = (
        r.named if isinstance(r.marker, NamesSlot) else slot_of(r.named)
        for r in references(parameters)
        if not isinstance(r.marker, NamesKind)
    )
    return tuple(dict.fromkeys(slot for slot in named if slot is not None))


def conditions_of(parameters: BaseModel) -> tuple[tuple[str, str], ...]:
    """Parameter and source of every condition that the parameters hold."""
    hints = get_type_hints(type(parameters), include_extras=True)
    return tuple(
        (name, getattr(parameters, name))
        for name in type(parameters).model_fields
        if any(isinstance(one, IsCondition) for one in get_args(hints[name])[1:])
    )


def slot_of(path: str) -> str | None:
    """`agent_id_card.number` -> `agent-id-card`; None for what the applicant typed and for the clock."""
    head = path.partition(".")[0]
    return None if head in ("applicant", "declared", "choices", "case") else head.replace("_", "-")


def _in(name: str, hint: Any, value: Any) -> Iterator[Reference]:
    if value is None:
        return
    if get_origin(hint) is Annotated:
        inner, *metadata = get_args(hint)
        marker = next((one for one in metadata if isinstance(one, Wants | NamesSlot | NamesKind)), None)
        if marker is not None:
            yield Reference(name, value, marker)
        else:
            yield from _in(name, inner, value)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _in(name, get_args(hint)[1], one)
    elif isinstance(value, tuple):
        for one in value:
            yield from _in(name, get_args(hint)[0], one)
    elif isinstance(value, BaseModel):
        yield from references(value)
    else:
        for choice in get_args(hint):
            yield from _in(name, choice, value)
