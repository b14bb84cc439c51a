"""The exact material list for a visitor's answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from knowledge.item import Charge, Condition, Fee, ItemMaterial, Local, ServiceItem, When
from knowledge.situations import Choices, answered, holds, open_situations, redirect, settle


@dataclass(frozen=True)
class Line:
    """One material to bring. While answers are open, `depends_on` lists the cases in which it is needed (按情形)."""

    material: str | None
    name: str
    original: int
    copies: int
    note: str | None = None
    basis: str | None = None
    local: Local | None = None
    shared: bool = False
    depends_on: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return self.material or self.name


@dataclass(frozen=True)
class Group:
    """Alternatives: one of the lines is enough. It depends while no line is certain."""

    label: str
    lines: tuple[Line, ...]

    @property
    def depends(self) -> bool:
        return all(line.depends_on for line in self.lines)


@dataclass(frozen=True)
class Choice:
    """One answer given, in the words of question and option."""

    situation: str
    ask: str
    value: str
    label: str


@dataclass(frozen=True)
class OpenQuestion:
    situation: str
    ask: str
    options: tuple[tuple[str, str], ...]
    """Value and label of each option."""


@dataclass(frozen=True)
class Dependent:
    """A condition or charge in words; `depends_on` is empty when it certainly applies."""

    text: str
    yuan: float | None = None
    unit: str | None = None
    note: str | None = None
    depends_on: tuple[str, ...] = ()


@dataclass(frozen=True)
class Checklist:
    """What to bring for one item. `item_instead` is set when an answer leads to another item."""

    item: str
    name: str
    lines: tuple[Line, ...]
    """Needed in any case, given the answers."""
    groups: tuple[Group, ...]
    by_situation: tuple[Line, ...]
    """Needed or not by answers that are still open (按情形)."""
    shared: tuple[Line, ...]
    """Obtained by data sharing, nothing to bring (免提交)."""
    conditions: tuple[Dependent, ...]
    charges: tuple[Dependent, ...]
    notices: tuple[str, ...]
    choices: tuple[Choice, ...]
    open_questions: tuple[OpenQuestion, ...]
    item_instead: str | None = None

    @property
    def complete(self) -> bool:
        """Whether no open question can change the list."""
        return not self.open_questions

    def as_dict(self) -> dict[str, Any]:
        """Plain lists, dicts and strings, ready for JSON."""
        return _plain(asdict(self)) | {"complete": self.complete}


def build_checklist(item: ServiceItem, choices: Choices) -> Checklist:
    """The list for `choices`; `item` must be resolved, so that its lines have names.

    Answers that lead to another item leave nothing to bring for this one.
    """
    settled = settle(item, choices)
    instead = redirect(item, choices)
    if instead:
        item = item.model_copy(update={"materials": (), "conditions": (), "fee": Fee()})
    lines = _merge_same(_line(item, line, settled) for line in _possible(item, settled))
    alone, groups = _grouped(item, settled)
    lines = _merge_same((*lines, *alone))
    return Checklist(
        item=item.id,
        name=item.name,
        lines=tuple(line for line in lines if not line.shared and not line.depends_on),
        groups=groups,
        by_situation=tuple(line for line in lines if not line.shared and line.depends_on),
        shared=tuple(line for line in lines if line.shared),
        conditions=_conditions(item, item.conditions, settled),
        charges=_charges(item, item.fee.charges, settled),
        notices=tuple(
            o.notice for s in item.situations for o in s.options if settled.get(s.id) == o.value and o.notice
        ),
        choices=_choices(item, choices),
        open_questions=tuple(
            OpenQuestion(s.id, s.ask, tuple((o.value, o.label) for o in s.options))
            for s in open_situations(item, choices)
        ),
        item_instead=instead,
    )


def cases(item: ServiceItem, when: When, settled: Choices) -> tuple[str, ...]:
    """The one case that an undecided `when` waits for, e.g. 稳定就业/连续就读 + 代办; empty if it is decided."""
    if holds(when, settled) is not None:
        return ()
    waiting = (
        "/".join(option.label for option in situation.options if option.value in when[situation.id])
        for situation in item.situations
        if situation.id in when and situation.id not in settled
    )
    return (" + ".join(waiting),)


def _possible(item: ServiceItem, settled: Choices, grouped: bool = False) -> list[ItemMaterial]:
    return [
        line
        for line in item.materials
        if bool(line.one_of) is grouped and holds(line.required_when, settled) is not False
    ]


def _line(item: ServiceItem, line: ItemMaterial, settled: Choices) -> Line:
    return Line(
        material=line.material,
        name=line.name or line.material or "",
        original=line.original,
        copies=line.copies,
        note=line.note,
        basis=line.basis.cite() if line.basis else None,
        local=line.local,
        shared=line.shared,
        depends_on=cases(item, line.required_when, settled),
    )


def _grouped(item: ServiceItem, settled: Choices) -> tuple[list[Line], tuple[Group, ...]]:
    """Groups of alternatives; one that has a single line left, or only shared ones, is no choice but lines."""
    by_label: dict[str, list[Line]] = {}
    for material in _possible(item, settled, grouped=True):
        by_label.setdefault(material.one_of or "", []).append(_line(item, material, settled))
    alone = [line for lines in by_label.values() if _no_choice(lines) for line in lines]
    return alone, tuple(Group(label, tuple(lines)) for label, lines in by_label.items() if not _no_choice(lines))


def _no_choice(lines: list[Line]) -> bool:
    return len(lines) == 1 or all(line.shared for line in lines)


def _merge_same(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Lines of one material with the same note are one, with the larger counts; what is certain depends on nothing."""
    merged: dict[tuple[Any, ...], Line] = {}
    for line in lines:
        key = (line.key, line.note, line.shared)
        merged[key] = _larger(merged[key], line) if key in merged else line
    return tuple(merged.values())


def _larger(one: Line, other: Line) -> Line:
    cases = tuple(dict.fromkeys((*one.depends_on, *other.depends_on))) if one.depends_on and other.depends_on else ()
    return replace(
        one,
        original=max(one.original, other.original),
        copies=max(one.copies, other.copies),
        depends_on=cases,
    )


def _conditions(item: ServiceItem, conditions: Iterable[Condition], settled: Choices) -> tuple[Dependent, ...]:
    return tuple(
        Dependent(condition.text, depends_on=cases(item, condition.when, settled))
        for condition in conditions
        if holds(condition.when, settled) is not False
    )


def _charges(item: ServiceItem, charges: Iterable[Charge], settled: Choices) -> tuple[Dependent, ...]:
    return tuple(
        Dependent(charge.name, charge.yuan, charge.unit, charge.note, cases(item, charge.when, settled))
        for charge in charges
        if holds(charge.when, settled) is not False
    )


def _choices(item: ServiceItem, choices: Choices) -> tuple[Choice, ...]:
    given = answered(item, choices)
    return tuple(
        Choice(s.id, s.ask, option.value, option.label)
        for s in item.situations
        for option in s.options
        if given.get(s.id) == option.value
    )


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value
