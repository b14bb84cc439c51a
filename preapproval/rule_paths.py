"""Which paths the rules of an item may name, and how clerks call them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cel_expr_python import cel

from knowledge.catalogue import CatalogueMaterial
from knowledge.item import ServiceItem
from preapproval.aliases import NOW, Names
from preapproval.build_facts import path_of
from preapproval.case import Applicant
from preapproval.cel import Condition, Typed, compile_condition, environment
from preapproval.kinds import FieldType, Kind, KindField
from preapproval.rule_words import words

APPLICANT: Mapping[str, FieldType] = {"number": "id_number", "phone": "phone"}
"""Fields of the applicant that are more than text."""


@dataclass(frozen=True)
class Paths:
    """What the rules of one item may name. Slots are those of all its situations."""

    item: ServiceItem
    types: Mapping[str, Typed]
    slots: Mapping[str, str]
    """Key of each line -> its name."""
    kinds: Mapping[str, tuple[str, ...]]
    """Key of each line -> ids of the kinds that can fulfil it."""
    names: Names
    labels: Mapping[str, str]
    """What the form calls a declared value."""

    @cached_property
    def environment(self) -> cel.Env:
        return environment(self.types, {key.replace("-", "_"): name for key, name in self.slots.items()})

    def compile(self, source: str) -> Condition:
        """Raises BadCondition."""
        return compile_condition(source, self.types, self.names, self.environment, self.item)

    def called(self, path: str) -> str:
        """租赁合同.到期日 for `lease.end`; the path itself where it has no name."""
        return self._called.get(path, path)

    @cached_property
    def _called(self) -> dict[str, str]:
        called: dict[str, str] = {}
        for alias, path in self.names.aliases.items():
            called.setdefault(path, alias)
        return called


def item_paths(
    item: ServiceItem,
    kinds: Mapping[str, Kind],
    materials: Mapping[str, CatalogueMaterial],
    declared: Mapping[str, FieldType] | None = None,
    labels: Mapping[str, str] | None = None,
) -> Paths:
    """`item` must be resolved, so that its lines have names; `materials` are the catalogue, for their aliases."""
    slots = {line.material or line.name or "": line.name or line.material or "" for line in item.materials}
    fulfils = {slot: tuple(kind.id for kind in kinds.values() if slot in kind.materials) for slot in slots}
    types: dict[str, Typed] = {}
    aliases: dict[str, str] = {}
    for slot, name in slots.items():
        called = _slot_names(slot, name, materials)
        for one in called:
            aliases.setdefault(one, slot.replace("-", "_"))
        for field in _fields(fulfils[slot], kinds):
            types.setdefault(path_of(slot, field.name), Typed(field.type, field.many))
        for label, path in _labels(slot, fulfils[slot], kinds).items():
            aliases |= {f"{one}.{label}": path for one in called if f"{one}.{label}" not in aliases}
    options = _add_case(item, types, aliases, declared or {})
    present = frozenset((*types, *(slot.replace("-", "_") for slot in slots)))
    return Paths(item, types, slots, fulfils, Names(aliases, present, options), labels or {})


def _fields(ids: Iterable[str], kinds: Mapping[str, Kind]) -> Iterable[KindField]:
    return (field for one in ids for field in kinds[one].fields)


def _labels(slot: str, ids: Iterable[str], kinds: Mapping[str, Kind]) -> dict[str, str]:
    """Label of each field -> path. A label that two fields share names neither; other labels come after the printed."""
    found: dict[str, str] = {}
    for labels in (lambda field: (field.label,), lambda field: field.anchors):
        paths: dict[str, set[str]] = {}
        for field in _fields(ids, kinds):
            for label in labels(field):
                paths.setdefault(label, set()).add(path_of(slot, field.name))
        found = {label: min(many) for label, many in paths.items() if len(many) == 1} | found
    return found


def _slot_names(slot: str, name: str, materials: Mapping[str, CatalogueMaterial]) -> tuple[str, ...]:
    entry = materials.get(slot)
    found = (*entry.aliases[:1], entry.name, *entry.aliases[1:]) if entry else ()
    return tuple(dict.fromkeys((name, *found)))


def _add_case(
    item: ServiceItem, types: dict[str, Typed], aliases: dict[str, str], declared: Mapping[str, FieldType]
) -> dict[str, Mapping[str, str]]:
    """What is typed in, answered and the day; returns what clerks may write for the value of each answer."""
    said = words()
    types[NOW] = Typed("date")
    aliases |= dict.fromkeys(said["case_now"], NOW)
    for name in Applicant.model_fields:
        types[f"applicant.{name}"] = Typed(APPLICANT.get(name, "text"))
    labels = {label: name for name, label in said["applicant"].items()} | said["applicant_aliases"]
    for prefix in said["prefixes"]["applicant"]:
        aliases |= {f"{prefix}.{label}": f"applicant.{name}" for label, name in labels.items()}
    for name, kind in declared.items():
        types[f"declared.{name}"] = Typed(kind)
        aliases |= {f"{prefix}.{name}": f"declared.{name}" for prefix in said["prefixes"]["declared"]}
    options: dict[str, Mapping[str, str]] = {}
    for situation in item.situations:
        path = f"choices.{situation.id.replace('-', '_')}"
        types[path] = Typed("text")
        called = said["choices"].get(situation.id)
        for prefix in said["prefixes"]["choices"]:
            aliases |= {f"{prefix}.{one}": path for one in (called, situation.ask, situation.id) if one}
        values: dict[str, str] = {}
        for option in situation.options:
            for one in (option.label, *option.says, option.value):
                values.setdefault(one, option.value)
        options[path] = values
    return options


def wanted_words(types: Iterable[Any]) -> str:
    """日期 or 文字…, as a clerk reads it."""
    said = words()["types"]
    return "、".join(dict.fromkeys(said.get(one, said["text"]) for one in sorted(types)))
