"""A rule's own examples, run through its real template: each must come out as it says.

An example is a map from path to value. Beside the fields of a kind, what a slot holds may be said:
`lease: true` (handed in), `lease: false` (not), `lease.kind: lease`, `lease.copies: 2`, `lease.pages: 3`,
`lease.text: [甲方…]`, `id_card.sides: [front, back]`, `lease.seal: true` or `[0.7, 0.8]` (its middle, as parts of the
page), the same for `signature` and `face`; null for a field that cannot be read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from preapproval.aliases import NOW
from preapproval.bind_rules import BoundRule, RuleProblem
from preapproval.build_facts import typed
from preapproval.called import called
from preapproval.case import (
    Applicant,
    Case,
    FieldValue,
    Line,
    Mark,
    MarkKind,
    Material,
    Outcome,
    Page,
    PageRef,
    Quad,
)
from preapproval.facts import Absent, Facts, Known
from preapproval.kinds import Kind, load_kinds
from preapproval.rule_paths import Paths, wanted_words
from preapproval.rule_words import near_words, say, words
from preapproval.rules.parameters import slot_of
from preapproval.rules.result import CheckResult
from preapproval.ruleset_files import LoadedRuleset
from preapproval.run_rules import judge

TODAY = "2026-06-01"
WIDTH, HEIGHT = 1000, 1400
MARKS: Mapping[MarkKind, tuple[float, float]] = {"seal": (0.7, 0.8), "signature": (0.7, 0.8), "face": (0.8, 0.3)}
"""Where a mark is by default: its middle, as parts of the page."""
MARK_SIZE = 0.1
OF_SLOT = ("kind", "copies", "pages", "text", "sides", *MARKS)


class WrongExample(Exception):
    """An example that cannot be made into facts; the message tells why."""


@dataclass
class _Slot:
    """What an example says of one slot."""

    there: bool = True
    fields: dict[str, list[Any]] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)


def facts_of_example(example: Mapping[str, Any], paths: Paths) -> Facts:
    """Raises WrongExample for a path that the item does not have, and a value that is not of its type."""
    slots: dict[str, _Slot] = {}
    values: dict[str, Known | Absent] = {}
    case: dict[str, dict[str, Any]] = {"applicant": {}, "declared": {}, "choices": {}}
    today = typed(example.get(NOW, TODAY), "date")
    if not isinstance(today, date):
        raise WrongExample(_not_a("date", NOW, example[NOW]))
    for path, value in example.items():
        prefix, _, name = path.partition(".")
        key = prefix.replace("_", "-")
        if key in paths.slots:
            _add(slots.setdefault(key, _Slot()), path, name, value, paths)
        elif path not in paths.types:
            raise WrongExample(say("rules", "no_example_path", path=path, near=near_words(path, paths.types)))
        elif path != NOW:
            values[path] = _known(path, value, paths)
            case[prefix] |= {_situation(name, paths) if prefix == "choices" else name: value}
    given = Case(
        item=paths.item.id,
        applicant=Applicant(
            **{name: None if value is None else str(value) for name, value in case["applicant"].items()}
        ),
        declared=case["declared"],
        choices={name: str(value) for name, value in case["choices"].items()},
        received_at=datetime(today.year, today.month, today.day, 9, tzinfo=UTC),
    )
    return _facts(given, today, slots, values, paths)


def _add(slot: _Slot, path: str, name: str, value: Any, paths: Paths) -> None:
    if not name:
        slot.there = bool(value)
    elif path in paths.types:
        slot.fields[path] = list(value) if isinstance(value, list) else [value]
    elif name in OF_SLOT:
        slot.told[name] = value
    else:
        known = [one for one in paths.types if one.startswith(path.partition(".")[0] + ".")]
        raise WrongExample(say("rules", "no_example_path", path=path, near=near_words(path, known)))


def _situation(name: str, paths: Paths) -> str:
    return next((one.id for one in paths.item.situations if one.id.replace("-", "_") == name), name)


def _not_a(wanted: str, path: str, value: Any) -> str:
    return say("rules", "example_value", path=path, value=value, wanted=wanted_words([wanted]))


def _known(path: str, value: Any, paths: Paths, read: FieldValue | None = None) -> Known | Absent:
    if value is None:
        return Absent(path, "not_handed_in" if slot_of(path) is None else "not_read")
    found = typed(value, paths.types[path].type)
    if found is None:
        raise WrongExample(_not_a(paths.types[path].type, path, value))
    return Known(path, found, read)


def _facts(
    case: Case, today: date, slots: Mapping[str, _Slot], values: dict[str, Known | Absent], paths: Paths
) -> Facts:
    """With every path of the item, as a real case has it."""
    every: dict[str, tuple[Known, ...]] = {}
    materials: dict[str, tuple[Material, ...]] = {}
    pages: dict[PageRef, Page] = {}
    for key, slot in slots.items():
        if not slot.there:
            continue
        made = _pages(key, slot)
        pages |= {page.ref: page for page in made}
        for path, given in slot.fields.items():
            found = [_known(path, one, paths, _read(path, one, slot, key, made, paths)) for one in given]
            every[path] = tuple(one for one in found if isinstance(one, Known))
            values[path] = next(iter(every[path]), Absent(path, "not_read"))
        materials[key] = _materials(key, slot, made, every, paths)
    for path in paths.types:
        owner = slot_of(path)
        handed_in = owner is not None and owner in materials
        values.setdefault(path, Absent(path, "not_read" if handed_in else "not_handed_in"))
    values[NOW] = Known(NOW, today)
    return Facts(case, today, materials, (), pages, values, every, called(paths.item, paths.labels))


def _kind(key: str, slot: _Slot, paths: Paths) -> str:
    """The kind that is said, else the first that has every field that is said."""
    if "kind" in slot.told:
        return str(slot.told["kind"])
    names = {path.partition(".")[2] for path in slot.fields}
    kinds: dict[str, Kind] = load_kinds()
    fitting = [one for one in paths.kinds[key] if names <= {known.name for known in kinds[one].fields}]
    return next(iter(fitting), "unknown")


def _pages(key: str, slot: _Slot) -> tuple[Page, ...]:
    """As many as are said, marks on the last."""
    sha256 = hashlib.sha256(key.encode()).hexdigest()
    sides = slot.told.get("sides") or ()
    count = int(slot.told.get("pages") or max(1, len(sides)) * int(slot.told.get("copies") or 1))
    said = slot.told.get("text") or ()
    lines = tuple(
        Line(text=str(text), quad=_quad(0.5, 0.05 + 0.03 * index, 0.8, 0.02), confidence=0.99)
        for index, text in enumerate([said] if isinstance(said, str) else said)
    )
    return tuple(
        Page(
            ref=PageRef(file=sha256, number=number),
            width=WIDTH,
            height=HEIGHT,
            lines=lines if number == 1 else (),
            marks=tuple(_marks(slot)) if number == count else (),
        )
        for number in range(1, count + 1)
    )


def _marks(slot: _Slot) -> Iterator[Mark]:
    for kind, place in MARKS.items():
        said = slot.told.get(kind)
        if not said:
            continue
        x, y = (float(one) for one in said[:2]) if isinstance(said, list) else place
        yield Mark(kind=kind, quad=_quad(x, y, MARK_SIZE, MARK_SIZE), score=0.95)


def _quad(x: float, y: float, wide: float, high: float) -> Quad:
    """Around a middle, all as parts of the page."""
    left, right = (x - wide / 2) * WIDTH, (x + wide / 2) * WIDTH
    top, bottom = (y - high / 2) * HEIGHT, (y + high / 2) * HEIGHT
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def _read(path: str, value: Any, slot: _Slot, key: str, pages: Iterable[Page], paths: Paths) -> FieldValue | None:
    if value is None:
        return None
    text = {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
    return FieldValue(
        material=_kind(key, slot, paths),
        name=path.partition(".")[2],
        value=text,
        raw=text,
        page=next(iter(pages)).ref,
        quad=_quad(0.5, 0.5, 0.4, 0.03),
        method="text_layer",
        confidence=0.99,
        validated=True,
    )


def _materials(
    key: str, slot: _Slot, pages: tuple[Page, ...], every: Mapping[str, tuple[Known, ...]], paths: Paths
) -> tuple[Material, ...]:
    """One, or as many copies as are said; the fields stand on the first."""
    copies = int(slot.told.get("copies") or 1)
    fields = tuple(one.read for path in slot.fields for one in every[path] if one.read)
    each = max(1, len(pages) // copies)
    return tuple(
        Material(
            id=f"m{number + 1}",
            kind=_kind(key, slot, paths),
            pages=tuple(page.ref for page in pages[number * each : (number + 1) * each] or pages[-1:]),
            sides=tuple(slot.told.get("sides") or ()),
            margin=1,
            fields=() if number else fields,
            slot=key,
        )
        for number in range(copies)
    )


# running -------------------------------------------------------------------------------------------------------


def example_problems(loaded: LoadedRuleset, paths: Paths) -> list[RuleProblem]:
    """Examples that come out otherwise, and rules without a passing and a failing one."""
    found: list[RuleProblem] = []
    places = {rule.id: ("rules", index) for index, rule in enumerate(loaded.source.rules)}
    every = {rule.id: ("every", "rules", index) for index, rule in enumerate(loaded.every.rules)}
    for bound in loaded.rules:
        at = (every if bound.kind else places)[bound.rule.id]
        found += [RuleProblem((*at, "examples"), message) for message in _of_rule(bound, paths)]
    return found


@dataclass(frozen=True)
class Tried:
    """One example after it was run. `result` is None where it could not be made into facts; `problem` tells why."""

    wanted: Outcome
    number: int
    """From 1, among those that want the same."""
    example: Mapping[str, Any]
    result: CheckResult | None
    problem: str | None = None


def try_examples(bound: BoundRule, paths: Paths) -> Iterator[Tried]:
    """Every example of a rule through its template, the passing ones first. A rule without a template has none."""
    examples = bound.rule.examples
    groups: tuple[tuple[Outcome, tuple[Mapping[str, Any], ...]], ...] = (
        ("pass", examples.passes), ("fail", examples.fails)
    )  # fmt: skip
    for wanted, many in groups if bound.template else ():
        for number, example in enumerate(many, 1):
            try:
                result = judge(bound, facts_of_example(example, paths), dict(paths.slots))
            except WrongExample as problem:
                yield Tried(wanted, number, example, None, str(problem))
                continue
            yield Tried(wanted, number, example, result, _otherwise(wanted, number, result))


def _otherwise(wanted: Outcome, number: int, result: CheckResult) -> str | None:
    """That an example comes out otherwise than it says."""
    if result.outcome == wanted:
        return None
    detail = say("examples", "when", detail=result.detail) if result.detail else ""
    group = "passes" if wanted == "pass" else "fails"
    return say("examples", group, number=number, outcome=words()["outcomes"][result.outcome], detail=detail)


def _of_rule(bound: BoundRule, paths: Paths) -> Iterator[str]:
    if bound.template is None:
        return  # told already
    examples = bound.rule.examples
    tried = list(try_examples(bound, paths))
    for wanted, key, many in (("pass", "no_passes", examples.passes), ("fail", "no_fails", examples.fails)):
        if not many and not bound.template.always_a_person:
            yield say("examples", key)
        yield from (one.problem for one in tried if one.wanted == wanted and one.problem)
