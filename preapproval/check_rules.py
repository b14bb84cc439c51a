"""Rule files held against a handbook: every problem of every file at once, each with its file and line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from knowledge.catalogue import CatalogueMaterial
from knowledge.handbook import Handbook
from knowledge.item import ItemMaterial, ServiceItem
from preapproval.bind_rules import RuleProblem
from preapproval.kinds import load_kinds
from preapproval.rule_examples import example_problems
from preapproval.rule_paths import Paths
from preapproval.rule_words import say
from preapproval.ruleset import EveryRules, Ruleset
from preapproval.ruleset_files import (
    EVERY,
    NO_EVERY,
    LoadedRuleset,
    Rulesets,
    UnreadableRuleset,
    bundled_rules,
    checker_for,
    in_force_file,
    read_rules,
    ready,
)


@dataclass(frozen=True)
class Checked:
    """The rules of one item with what is wrong in them; `loaded` is None where they could not be taken in."""

    loaded: LoadedRuleset | None
    problems: tuple[RuleProblem, ...]


def rulesets_of(handbook: Handbook, folders: Iterable[Path] = ()) -> Rulesets:
    return Rulesets(lambda: handbook.materials, folders)


@dataclass(frozen=True)
class Services:
    """What rules are held against."""

    items: Mapping[str, ServiceItem]
    """Resolved: as visitors see them."""
    materials: Mapping[str, CatalogueMaterial]
    laws: frozenset[str] | None = None
    """Names of the catalogue; None where it is not at hand."""


def check_content(content: Ruleset | EveryRules, handbook: Handbook, every: EveryRules = NO_EVERY) -> Checked:
    """Binds every rule and runs every example. Problems of `every` are those of its own file, and left out here."""
    name = content.item if isinstance(content, Ruleset) else EVERY
    items = {name: handbook.resolved(handbook.items[name])} if name in handbook.items else {}
    return check_against(Services(items, handbook.materials, frozenset(handbook.laws)), content, every)


def check_against(services: Services, content: Ruleset | EveryRules, every: EveryRules = NO_EVERY) -> Checked:
    """The same against a handbook that was taken in."""
    taken = take_in(services, content, every)
    if taken is None:
        assert isinstance(content, Ruleset)
        return Checked(None, (RuleProblem(("item",), say("rules", "no_item", item=content.item)),))
    loaded, paths = taken
    problems = [*loaded.problems, *example_problems(loaded, paths)]
    if isinstance(content, EveryRules):
        problems = [*_kinds(content), *(RuleProblem(one.loc[1:], one.message) for one in problems)]
    else:
        problems = [one for one in problems if one.loc[:1] != (EVERY,)]
    return Checked(loaded, tuple(dict.fromkeys(problems)))


def take_in(
    services: Services, content: Ruleset | EveryRules, every: EveryRules = NO_EVERY
) -> tuple[LoadedRuleset, Paths] | None:
    """Every rule bound, and what rules may name there; None for an item that the handbook does not have."""
    if isinstance(content, EveryRules):
        ruleset = Ruleset(item=EVERY, effective_from=content.effective_from, rules=())
        item, every = any_item(services.materials), content
    elif content.item not in services.items:
        return None
    else:
        item, ruleset = services.items[content.item], content
    checker = checker_for(item, ruleset, services.materials, services.laws)
    return ready(ruleset, every, checker), checker.paths


def any_item(materials: Mapping[str, CatalogueMaterial]) -> ServiceItem:
    """An item that asks for one material of every kind, to hold every.yaml against."""
    slots = dict.fromkeys(kind.materials[0] for kind in load_kinds().values() if kind.materials)
    names = {one: materials[one].name if one in materials else one for one in slots}
    return ServiceItem(
        id=EVERY,
        name=EVERY,
        materials=tuple(ItemMaterial(material=one, name=name, original=1, copies=0) for one, name in names.items()),
    )


def _kinds(content: EveryRules) -> Iterator[RuleProblem]:
    for index, rule in enumerate(content.rules):
        if rule.kind not in load_kinds():
            yield RuleProblem(("rules", index, "kind"), say("rules", "no_kind", kind=rule.kind, near=""))


def check_file(path: Path, handbook: Handbook) -> list[str]:
    """Sentences, each with file and line."""
    file = read_rules(path)
    if file.content is None:
        return [file.shown(path, one) for one in file.problems]
    checked = check_content(file.content, handbook, _every_beside(path, file.content.effective_from))
    return [file.shown(path, with_rule_id(file.content, one)) for one in (*file.problems, *checked.problems)]


def check_folder(folder: Path, handbook: Handbook) -> list[str]:
    return [sentence for path in sorted(folder.glob("*.yaml")) for sentence in check_file(path, handbook)]


def _every_beside(path: Path, on: date) -> EveryRules:
    for folder in (path.parent, bundled_rules()):
        try:
            found = in_force_file(folder, EVERY, on)
        except UnreadableRuleset:
            return NO_EVERY  # told of where that file is checked
        if found and isinstance(found.content, EveryRules):
            return found.content
    return NO_EVERY


def with_rule_id(content: Ruleset | EveryRules, problem: RuleProblem) -> RuleProblem:
    """With the id of the rule before the message."""
    if len(problem.loc) < 2 or problem.loc[0] != "rules" or not isinstance(problem.loc[1], int):
        return problem
    rule = content.rules[problem.loc[1]].id
    return RuleProblem(problem.loc, say("rules", "in_rule", rule=rule, message=problem.message))
