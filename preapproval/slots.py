"""Which thing handed in is which line of the item's checklist."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from knowledge.checklist import Checklist, Line
from preapproval.case import Applicant, HandedIn, Material
from preapproval.kinds import Kind
from preapproval.ruleset import SlotTerms


@dataclass(frozen=True)
class Slot:
    """One line of the checklist. Alternatives carry the label of their group: one of them is enough."""

    key: str
    name: str
    need: str
    """`required`, `one_of`, `depends` on an open answer, or `shared` between offices and so not to be brought."""
    group: str | None = None
    basis: str = ""
    note: str | None = None
    depends_on: tuple[str, ...] = ()


@dataclass(frozen=True)
class Filled:
    """Materials by slot, each material with its slot set; `wrong` were handed in for a line that they cannot fulfil."""

    by_slot: Mapping[str, tuple[Material, ...]]
    spare: tuple[Material, ...] = ()
    wrong: tuple[tuple[Material, str], ...] = ()

    @property
    def materials(self) -> tuple[Material, ...]:
        placed = {one.id: one for many in self.by_slot.values() for one in many}
        return tuple(sorted((*placed.values(), *self.spare), key=lambda one: int(one.id.lstrip("m") or 0)))


def slots_of(checklist: Checklist) -> tuple[Slot, ...]:
    """Every line of the checklist, the certain ones first."""
    alone = [_slot(line, "required") for line in checklist.lines]
    grouped = [
        _slot(line, "depends" if group.depends else "one_of", group.label)
        for group in checklist.groups
        for line in group.lines
    ]
    depends = [_slot(line, "depends") for line in checklist.by_situation]
    shared = [_slot(line, "shared") for line in checklist.shared]
    by_key: dict[str, Slot] = {}
    for slot in (*alone, *grouped, *depends, *shared):
        by_key.setdefault(slot.key, slot)
    return tuple(by_key.values())


def _slot(line: Line, need: str, group: str | None = None) -> Slot:
    return Slot(line.key, line.name, need, group, line.basis or "", line.note, line.depends_on)


def fill(
    slots: Sequence[Slot],
    materials: Iterable[Material],
    files: Mapping[str, HandedIn],
    applicant: Applicant,
    kinds: Mapping[str, Kind],
    terms: Mapping[str, SlotTerms] | None = None,
) -> Filled:
    """Place every material: first as the visitor declared, then by kind, the applicant's own papers before others'.

    `files` are by SHA-256. A material of a kind that the checklist cannot use stays spare. A line left empty takes the
    papers of another that `terms` say may serve for it.
    """
    by_key = {slot.key: slot for slot in slots}
    placed: dict[str, list[Material]] = {}
    later: list[Material] = []
    wrong: list[tuple[Material, str]] = []
    for material in materials:
        declared = _declared(material, files, by_key)
        if declared and _may_be(material, declared, kinds):
            placed.setdefault(declared.key, []).append(material.model_copy(update={"slot": declared.key}))
            continue
        if declared:
            wrong.append((material, declared.key))
        later.append(material)
    spare: list[Material] = []
    for material in sorted(later, key=lambda one: not _of_applicant(one, applicant)):
        slot = _free_slot(material, slots, placed, kinds)
        if slot is None:
            spare.append(material)
        else:
            placed.setdefault(slot.key, []).append(material.model_copy(update={"slot": slot.key}))
    lent = {slot.key: _lent(slot, placed, terms or {}) for slot in slots if slot.key not in placed}
    by_slot = {key: tuple(many) for key, many in (*placed.items(), *lent.items()) if many}
    return Filled(by_slot, tuple(spare), tuple(wrong))


def _lent(slot: Slot, placed: Mapping[str, list[Material]], terms: Mapping[str, SlotTerms]) -> list[Material]:
    """Papers of another line that serve for this one too."""
    others = terms[slot.key].same_as if slot.key in terms else ()
    return next((placed[other] for other in others if other in placed), [])


def _declared(material: Material, files: Mapping[str, HandedIn], by_key: Mapping[str, Slot]) -> Slot | None:
    file = files.get(material.pages[0].file) if material.pages else None
    return by_key.get(material.slot or (file.slot if file else None) or "")


def _may_be(material: Material, slot: Slot, kinds: Mapping[str, Kind]) -> bool:
    """A line that no kind can fulfil takes what the visitor says it is, and a person looks at it."""
    fitting = [kind.id for kind in kinds.values() if slot.key in kind.materials]
    if not fitting:
        return True
    return material.kind in fitting or (material.kind == "unknown" and not set(material.likely) - set(fitting))


def _free_slot(
    material: Material, slots: Sequence[Slot], placed: Mapping[str, list[Material]], kinds: Mapping[str, Kind]
) -> Slot | None:
    kind = kinds.get(material.kind)
    if kind is None:
        return None
    fitting = [slot for slot in slots if slot.key in kind.materials]
    empty = [slot for slot in fitting if slot.key not in placed and slot.need != "shared"]
    empty.sort(key=lambda slot: ("required", "one_of", "depends").index(slot.need))
    return next(iter(empty), next(iter(fitting), None))


def _of_applicant(material: Material, applicant: Applicant) -> bool:
    values = {field.value for field in material.fields}
    return bool((applicant.number and applicant.number in values) or (applicant.name and applicant.name in values))
