"""A rule becomes ready to run: its template, its validated parameters, its compiled condition. All problems at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any

from pydantic import ValidationError

from knowledge.source_lines import Loc
from preapproval.aliases import BadCondition, in_english, with_it
from preapproval.case import Value
from preapproval.cel import Condition
from preapproval.kinds import Kind
from preapproval.rule_paths import Paths, wanted_words
from preapproval.rule_words import near_words, say, words
from preapproval.rules import TEMPLATES
from preapproval.rules.parameters import (
    NamesKind,
    NamesSlot,
    Reference,
    Wants,
    conditions_of,
    references,
    slot_of,
    slots_of,
)
from preapproval.rules.template import Template
from preapproval.ruleset import KindRule, Rule

IT = "it"
NAMES_IT = re.compile(r"\bit\.")
ALWAYS_FILLED = ("name",)
"""Placeholders that need no template: the name of the material."""
SENTENCES = ("title", "citizen_text", "action")


@dataclass(frozen=True)
class RuleProblem:
    """What is wrong with a rule, and where in the rule set it stands."""

    loc: Loc
    message: str


@dataclass(frozen=True)
class BoundRule:
    """A rule as it is run. One that could not be bound has no template, and is never judged as passed."""

    rule: Rule
    template: Template | None = None
    parameters: Value | None = None
    condition: Condition | None = None
    slot: str | None = None
    """The requirement that it concerns first."""
    slots: tuple[str, ...] = ()
    """Requirements that it reads."""
    paths: tuple[str, ...] = ()
    """Values that its parameters name."""
    kind: str | None = None
    """It concerns only what is of this kind in its slot."""


@dataclass(frozen=True)
class Checker:
    """What rules of one item are held against. `laws` are the names of the catalogue; None where it is not at hand."""

    paths: Paths
    kinds: Mapping[str, Kind]
    laws: frozenset[str] | None = None


def expand(rule: KindRule, paths: Paths) -> Iterator[tuple[str, Rule]]:
    """One rule for each line of the item that a material of the kind can fulfil: slot, and the rule about it."""
    for slot, kinds in paths.kinds.items():
        if rule.kind in kinds and slot not in rule.not_for:
            data = {name: getattr(rule, name) for name in Rule.model_fields if name != "with_"}
            yield (
                slot,
                Rule.model_validate(
                    data
                    | {
                        "with": _put(rule.with_, slot),
                        "when": with_it(rule.when, slot) if rule.when else None,
                        "examples": {
                            "passes": [_put_keys(one, slot) for one in rule.examples.passes],
                            "fails": [_put_keys(one, slot) for one in rule.examples.fails],
                        },
                    }
                ),
            )


def _put(value: Any, slot: str) -> Any:
    if isinstance(value, str):
        return slot if value == IT else with_it(value, slot) if NAMES_IT.search(value) else value
    if isinstance(value, dict):
        return {key: _put(one, slot) for key, one in value.items()}
    return [_put(one, slot) for one in value] if isinstance(value, list) else value


def _put_keys(example: Mapping[str, Any], slot: str) -> dict[str, Any]:
    return {
        _put(key, slot).replace("-", "_") if key.partition(".")[0] == IT else key: value
        for key, value in example.items()
    }


def bind(
    rule: Rule, at: Loc, checker: Checker, kind: tuple[str, str] | None = None
) -> tuple[BoundRule, list[RuleProblem]]:
    """`at` is where the rule stands in its file; `kind`, slot and kind of a rule for every material of a kind."""
    problems = [*_dates(rule, at), *_basis(rule, at, checker)]
    condition = _condition(rule, at, checker, problems)
    template = TEMPLATES.get(rule.check)
    if template is None:
        message = say("rules", "no_template", check=rule.check, near=near_words(rule.check, TEMPLATES))
        return BoundRule(rule), [*problems, RuleProblem((*at, "check"), message)]
    problems += _sentences(rule, at, template)
    parameters = _parameters(rule, at, template, problems)
    named = references(parameters) if parameters is not None else ()
    wrong = [found for one in named if (found := _reference(one, at, checker)) is not None]
    problems += wrong
    formulas = _formulas(parameters, at, checker, problems) if parameters is not None else {}
    if parameters is None or wrong or (rule.when and condition is None) or None in formulas.values():
        return BoundRule(rule), problems
    slots = tuple(slot for slot in slots_of(parameters) if slot in checker.paths.slots)
    slot = kind[0] if kind else next(iter((*slots, *_owners(formulas, checker))), None)
    english = {name: in_english(one.source, checker.paths.names) for name, one in formulas.items() if one}
    parameters = parameters.model_copy(update=english)
    paths = tuple(one.named for one in named if isinstance(one.marker, Wants))
    return BoundRule(rule, template, parameters, condition, slot, slots, paths, kind[1] if kind else None), problems


def _dates(rule: Rule, at: Loc) -> Iterator[RuleProblem]:
    start, end = rule.effective_from, rule.effective_to
    if start and end and end < start:
        yield RuleProblem((*at, "effective_to"), say("rules", "dates", to=end, start=start))


def _basis(rule: Rule, at: Loc, checker: Checker) -> Iterator[RuleProblem]:
    if rule.basis and checker.laws is not None and rule.basis.law not in checker.laws:
        near = near_words(rule.basis.law, checker.laws)
        yield RuleProblem((*at, "basis", "law"), say("rules", "no_law", law=rule.basis.law, near=near))


def _condition(rule: Rule, at: Loc, checker: Checker, problems: list[RuleProblem]) -> Condition | None:
    if not rule.when:
        return None
    try:
        return checker.paths.compile(rule.when)
    except BadCondition as problem:
        problems.append(RuleProblem((*at, "when"), say("rules", "condition", message=str(problem))))
        return None


def _sentences(rule: Rule, at: Loc, template: Template) -> Iterator[RuleProblem]:
    """Braces name what the check gives."""
    fills = (*ALWAYS_FILLED, *template.fills)
    for name in SENTENCES:
        try:
            used = [part[1] for part in Formatter().parse(getattr(rule, name)) if part[1] is not None]
        except ValueError:
            yield RuleProblem((*at, name), say("rules", "braces"))
            continue
        for one in used:
            if one not in fills:
                known = say("rules", "fills", names="、".join(fills))
                yield RuleProblem((*at, name), say("rules", "placeholder", name=one, fills=known))


def _parameters(rule: Rule, at: Loc, template: Template, problems: list[RuleProblem]) -> Value | None:
    try:
        return template.parameters.model_validate(rule.with_)
    except ValidationError as error:
        problems += told(error, (*at, "with"))
        return None


def told(error: ValidationError, at: Loc) -> Iterator[RuleProblem]:
    """What a model refuses, in Chinese: parameters of a check by their names, all else by the titles of the sheet."""
    titles = words()["sheet"]["rules"]
    for one in error.errors():
        loc = (*at, *one["loc"])
        known = {"missing": "missing", "extra_forbidden": "extra"}.get(one["type"])
        message = say("rules", known) if known else say("rules", "shape", message=one["msg"])
        if "with" in at:
            yield RuleProblem(loc, say("rules", "parameter", name=".".join(map(str, one["loc"])), message=message))
        else:
            last = next((part for part in reversed(loc) if isinstance(part, str)), "")
            yield RuleProblem(loc, say("rules", "field", name=titles.get(last, last), message=message))


def _formulas(parameters: Value, at: Loc, checker: Checker, problems: list[RuleProblem]) -> dict[str, Condition | None]:
    """Parameters that are conditions themselves, compiled; None for one that cannot be."""
    found: dict[str, Condition | None] = {}
    for name, source in ((name, source) for name, source in conditions_of(parameters) if source):
        try:
            found[name] = checker.paths.compile(source)
        except BadCondition as problem:
            found[name] = None
            message = say("rules", "parameter", name=name, message=str(problem))
            problems.append(RuleProblem((*at, "with", name), message))
    return found


def _owners(formulas: Mapping[str, Condition | None], checker: Checker) -> Iterator[str]:
    """Requirements that formulas read."""
    for one in formulas.values():
        owners = (slot_of(path) for path in one.paths) if one else ()
        yield from (slot for slot in owners if slot and slot in checker.paths.slots)


def _reference(one: Reference, at: Loc, checker: Checker) -> RuleProblem | None:
    """What is wrong with a path, slot or kind that a parameter names."""
    loc, paths = (*at, "with", one.parameter), checker.paths
    if isinstance(one.marker, NamesKind):
        near = near_words(one.named, checker.kinds)
        return (
            None if one.named in checker.kinds else RuleProblem(loc, say("rules", "no_kind", kind=one.named, near=near))
        )
    if isinstance(one.marker, NamesSlot):
        near = near_words(one.named, paths.slots)
        return (
            None if one.named in paths.slots else RuleProblem(loc, say("rules", "no_slot", slot=one.named, near=near))
        )
    assert isinstance(one.marker, Wants)
    typed = paths.types.get(one.named)
    if typed is None:
        only_it = one.named.startswith(f"{IT}.")
        near = near_words(one.named, paths.types)
        return RuleProblem(
            loc, say("rules", "it_only") if only_it else say("rules", "no_path", path=one.named, near=near)
        )
    if one.marker.types and typed.type not in one.marker.types:
        found, wanted = wanted_words([typed.type]), wanted_words(one.marker.types)
        return RuleProblem(loc, say("rules", "wrong_type", path=one.named, found=found, wanted=wanted))
    return None


def same_ids(ids: Iterable[tuple[str, Loc]]) -> Iterator[RuleProblem]:
    seen: set[str] = set()
    for name, at in ids:
        if name in seen:
            yield RuleProblem((*at, "id"), say("rules", "same_id", id=name))
        seen.add(name)
