"""The sentences of words.yaml, filled in, and the Chinese names of paths."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from preapproval.facts import Facts, Known
from preapproval.kinds import Kind, KindField, load_kinds
from preapproval.masking import mask_address, mask_field
from preapproval.rules.parameters import slot_of

FOREVER = date(9999, 12, 31)
"""How 长期 is written as a date."""
LONGEST = 120
"""Characters of one value that a detail shows."""


@cache
def words() -> dict[str, Any]:
    return yaml.safe_load((files("preapproval.rules") / "words.yaml").read_text("utf-8"))


def say(key: str, /, **values: Any) -> str:
    """The sentence at `key`, e.g. `not_expired.over`."""
    found: Any = words()
    for part in key.split("."):
        found = found[part]
    return found.format(**values)


def listed(names: Any) -> str:
    return words()["or"].join(names)


def name_path(facts: Facts, path: str) -> str:
    """租赁合同的“到期日” for `lease.end`; never the path itself."""
    head, _, name = path.partition(".")
    typed = words()["typed"]
    if head in typed:
        known = facts.called.names.get(path)
        return typed[head].get(name) or (typed[head]["other"].format(name=known) if known else typed[head]["unnamed"])
    field = _field(facts, path)
    if field is None:
        return words()["unnamed_field"].format(slot=name_slot(facts, head.replace("_", "-")))
    return words()["field"].format(kind=field[0].name, field=field[1].label)


def name_slot(facts: Facts, slot: str) -> str:
    """The kind of what was handed in for the slot, else of what could be, else the line of the checklist."""
    kind = next(iter(_kinds(facts, slot)), None)
    return kind.name if kind else facts.called.names.get(slot) or words()["unnamed_slot"]


def shown(facts: Facts, known: Known) -> str:
    """A value as a clerk may see it: personal numbers and addresses in part."""
    value = known.value
    if isinstance(value, bool):
        return words()["yes" if value else "no"]
    if isinstance(value, date):
        return words()["forever"] if value == FOREVER else value.isoformat()
    if isinstance(value, float | int):
        return f"{value:.10g}"
    text = value if len(value) <= LONGEST else value[:LONGEST] + "…"
    if label := facts.called.options.get(known.path, {}).get(text):
        return label
    if known.path == "applicant.address":
        return mask_address(text)
    field = _field(facts, known.path)
    return mask_field(text, field[1].type, field[1].masked) if field else mask_field(text, "text", False)


def _kinds(facts: Facts, slot: str) -> tuple[Kind, ...]:
    kinds = load_kinds()
    handed_in = [kinds[one.kind] for one in facts.of(slot) if one.kind in kinds]
    return (*handed_in, *(kind for kind in kinds.values() if slot in kind.materials))


def _field(facts: Facts, path: str) -> tuple[Kind, KindField] | None:
    slot, name = slot_of(path), path.partition(".")[2]
    if slot is None:
        return None
    found = ((kind, field) for kind in _kinds(facts, slot) for field in kind.fields if field.name == name)
    return next(found, None)
