"""高效办成一件事 and project lists: what their members make of them, computed from the members' own fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, count

from knowledge.item import ItemMaterial, MemberCase, Project, Saving, ServiceItem, Situation, Task, When
from knowledge.situations import Choices, holds, settle


@dataclass
class Asked:
    """The questions of a bundle as they are gathered from its members."""

    situations: dict[str, Situation] = field(default_factory=dict)

    def name_of(self, situation: Situation, member: str) -> str:
        """The bundle's id for a member's question: the same where the same is asked, else one of its own."""
        for name in (situation.id, f"{member}-{situation.id}"):
            known = self.situations.get(name)
            if known is None or _values(known) >= _values(situation):
                return name
        return next(n for i in count(2) if (n := f"{member}-{situation.id}-{i}") not in self.situations)


def compiled_bundle(item: ServiceItem, members: Sequence[ServiceItem], forms: frozenset[str]) -> ServiceItem:
    """`item` with the materials of its members, each asked once, the questions they depend on, and what that saves.

    `forms` names the catalogue's application forms: where the bundle has a form of its own, it stands for theirs.
    """
    assert item.bundle is not None
    asked = Asked({situation.id: situation for situation in item.situations})
    given: frozenset[str] = frozenset(line.material for line in item.materials if line.material)
    replaced = forms if given & forms else frozenset[str]()
    lines: list[ItemMaterial] = []
    apart = 0
    for member in members:
        case = item.bundle.cases.get(member.id, MemberCase())
        own = _lines(member, case, asked)
        apart += _asked(own)
        lines += [line for line in own if line.material not in replaced | given]
        given |= frozenset(case.gives)
    materials = (*item.materials, *_each_once(lines, {name: _values(s) for name, s in asked.situations.items()}))
    bundle = item.bundle.model_copy(
        update={
            "tasks": _tasks(members),
            "saving": Saving(apart=apart, together=_asked(materials)),
        }
    )
    needed = _needed(materials, item, asked.situations.values())
    return item.model_copy(update={"materials": materials, "situations": needed, "bundle": bundle})


def named_lines(project: Project, items: Mapping[str, ServiceItem]) -> Project:
    """`project` with names and departments of the items on its lines."""
    lines = tuple(
        line.model_copy(update={"tasks": _tasks([items[member] for member in line.members if member in items])})
        for line in project.lines
    )
    return project.model_copy(update={"lines": lines})


def _tasks(members: Iterable[ServiceItem]) -> tuple[Task, ...]:
    return tuple(Task(item=one.id, name=one.name, department=one.department) for one in members)


def _lines(member: ServiceItem, case: MemberCase, asked: Asked) -> tuple[ItemMaterial, ...]:
    """What one member asks for within the bundle, its open questions renamed to the bundle's."""
    settled = settle(member, case.given)
    names = {s.id: asked.name_of(s, member.id) for s in member.situations if s.id not in settled}
    for s in member.situations:
        if s.id in names and names[s.id] not in asked.situations:
            asked.situations[names[s.id]] = s.model_copy(
                update={
                    "id": names[s.id],
                    "when": _both(case.when, _open(s.when, settled, names)),
                    "options": tuple(option.model_copy(update={"item": None}) for option in s.options),
                }
            )
    return tuple(
        line.model_copy(update={"required_when": _both(case.when, _open(line.required_when, settled, names))})
        for line in member.materials
        if holds(line.required_when, settled) is not False
    )


def _open(when: When, settled: Choices, names: Mapping[str, str]) -> When:
    return {names.get(name, name): values for name, values in when.items() if name not in settled}


def _both(one: When, other: When) -> When:
    """A condition that holds where both do."""
    shared = {name: tuple(value for value in one[name] if value in other[name]) for name in one.keys() & other.keys()}
    return {**one, **other, **shared}


def _each_once(lines: Sequence[ItemMaterial], values: Mapping[str, set[str]]) -> tuple[ItemMaterial, ...]:
    """Lines of one material become one, needed whenever any was; a choice that has one of them already falls away."""
    single = [line for line in lines if not line.one_of]
    always = {line.material for line in single if not line.required_when}
    groups: dict[tuple[str, str], list[ItemMaterial]] = {}
    for line in lines:
        if line.one_of:
            groups.setdefault((line.one_of, str(line.required_when)), []).append(line)
    kept: dict[frozenset[str | None], list[ItemMaterial]] = {}
    for group in groups.values():
        names = frozenset(line.material for line in group)
        if not names & always:
            kept.setdefault(names, group)
    merged = [one for key in dict.fromkeys(line.material for line in single) for one in _merged(single, key, values)]
    return (*merged, *(line for group in kept.values() for line in group))


def _merged(lines: Sequence[ItemMaterial], material: str | None, values: Mapping[str, set[str]]) -> list[ItemMaterial]:
    """One line per case in which the material is needed, in the words of all."""
    same = [line for line in lines if line.material == material]
    cases = _cases([line.required_when for line in same], values)
    whole = same[0].model_copy(
        update={
            "original": max(line.original for line in same),
            "copies": max(line.copies for line in same),
            "note": "；".join(dict.fromkeys(line.note for line in same if line.note)) or None,
            "shared": all(line.shared for line in same),
            "local": next((line.local for line in same if line.local), None),
        }
    )
    return [whole.model_copy(update={"required_when": when}) for when in cases]


def _cases(whens: Iterable[When], values: Mapping[str, set[str]]) -> list[When]:
    """`whens` without those that another covers; two that differ in one answer become one, for either answer."""
    cases: list[When] = []
    for when in whens:
        if not any(other.items() <= when.items() for other in cases):
            cases = [*(other for other in cases if not when.items() <= other.items()), when]
    for one, other in combinations(cases, 2):
        name = _only_difference(one, other)
        if name:
            either = tuple(dict.fromkeys((*one[name], *other[name])))
            rest = {key: one[key] for key in one if key != name}
            joined = rest if set(either) >= values[name] else {**rest, name: either}
            return _cases([joined if case is one else case for case in cases if case is not other], values)
    return cases


def _only_difference(one: When, other: When) -> str | None:
    differing = [name for name in one if one[name] != other.get(name)]
    return differing[0] if one.keys() == other.keys() and len(differing) == 1 else None


def _needed(
    materials: Sequence[ItemMaterial], item: ServiceItem, situations: Iterable[Situation]
) -> tuple[Situation, ...]:
    """The bundle's own questions, and those of members on which a line or another question depends."""
    by_id = {situation.id: situation for situation in situations}
    names = {situation.id for situation in item.situations}
    names |= {name for line in materials for name in line.required_when}
    while more := {name for one in names if one in by_id for name in by_id[one].when} - names:
        names |= more
    return tuple(situation for name, situation in by_id.items() if name in names)


def _asked(materials: Sequence[ItemMaterial]) -> int:
    """Papers over all cases: alternatives count once, what is shared between offices not at all."""
    single = {line.material or line.name for line in materials if not line.one_of and not line.shared}
    return len(single) + len({line.one_of for line in materials if line.one_of and not line.shared})


def _values(situation: Situation) -> set[str]:
    return {option.value for option in situation.options}
