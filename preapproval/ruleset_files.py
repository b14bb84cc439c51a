"""Rule sets from files: an item's own and every.yaml, the one in force on a day, and the hash that a case keeps."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ValidationError

from knowledge.catalogue import CatalogueMaterial
from knowledge.item import ServiceItem
from knowledge.source_lines import SourceLines, UnreadableFile, read_yaml
from preapproval.bind_rules import BoundRule, Checker, RuleProblem, bind, expand, same_ids, told
from preapproval.case import RulesetRef
from preapproval.kinds import load_kinds
from preapproval.rule_paths import item_paths
from preapproval.rule_words import near_words, say
from preapproval.ruleset import EveryRules, Rule, Ruleset, SlotTerms

EVERY = "every"
FILE = re.compile(r"(?P<item>[a-z0-9]+(?:-[a-z0-9]+)*)(?:@(?P<date>\d{4}-\d{2}-\d{2}))?")
CODE = ("aliases.py", "bind_rules.py", "cel.py", "run_rules.py", "kinds.yaml")
"""What decides on results beside the templates."""
NO_EVERY = EveryRules(effective_from=date(2020, 1, 1), rules=())


class UnreadableRuleset(Exception):
    """A rule file that cannot be taken in at all; the message names every problem with its line."""


@dataclass(frozen=True)
class LoadedRuleset:
    """The rules of one item, ready to run; `problems` are of rules that could not be bound."""

    item: str
    ref: RulesetRef
    source: Ruleset
    every: EveryRules
    rules: tuple[BoundRule, ...]
    problems: tuple[RuleProblem, ...] = ()

    @property
    def slots(self) -> Mapping[str, SlotTerms]:
        return self.source.slots


def bundled_rules() -> Path:
    """The folder of the rule files that come with the product."""
    return Path(str(files("preapproval"))) / "checklists"


# one file ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RuleFile:
    """A rule file as read: its model where it is right, its problems where it is not."""

    lines: SourceLines | None
    content: Ruleset | EveryRules | None
    problems: tuple[RuleProblem, ...] = ()

    def shown(self, path: Path, problem: RuleProblem) -> str:
        """`residence-permit.yaml:12：…`."""
        line = self.lines.line(problem.loc) if self.lines else 1
        return say("rules", "where", place=f"{path.name}:{line}", message=problem.message)


@cache
def _read(path: Path, changed: int) -> RuleFile:  # noqa: ARG001  a file that was changed is read again
    try:
        lines = read_yaml(path)
    except (UnreadableFile, yaml.YAMLError) as error:
        return RuleFile(None, None, (RuleProblem((), say("rules", "unreadable", message=str(error))),))
    model: type[BaseModel] = EveryRules if path.stem.partition("@")[0] == EVERY else Ruleset
    try:
        content = model.model_validate(lines.data)
    except ValidationError as error:
        return RuleFile(lines, None, tuple(told(error, ())))
    assert isinstance(content, Ruleset | EveryRules)
    return RuleFile(lines, content, tuple(_named_right(path, content)))


def read_rules(path: Path) -> RuleFile:
    return _read(path, path.stat().st_mtime_ns)


def _named_right(path: Path, content: Ruleset | EveryRules) -> Iterable[RuleProblem]:
    match = FILE.fullmatch(path.stem)
    name, day = (match["item"], match["date"]) if match else (path.stem, None)
    if isinstance(content, Ruleset) and content.item != name:
        yield RuleProblem(("item",), say("rules", "wrong_item", file=name, item=content.item))
    if day and day != content.effective_from.isoformat():
        yield RuleProblem(
            ("effective_from",), say("rules", "version_date", name=day, date=content.effective_from.isoformat())
        )


def in_force_file(folder: Path, name: str, on: date) -> RuleFile | None:
    """The newest version of `name` in force on `on`; None where the folder has none."""
    found: list[tuple[date, RuleFile]] = []
    for path in (*folder.glob(f"{name}.yaml"), *folder.glob(f"{name}@*.yaml")):
        file = read_rules(path)
        if file.content is None:
            raise UnreadableRuleset("\n".join(file.shown(path, one) for one in file.problems))
        if file.content.effective_from <= on:
            found.append((file.content.effective_from, file))
    return max(found, key=lambda one: one[0])[1] if found else None


# ready to run --------------------------------------------------------------------------------------------------


def checker_for(
    item: ServiceItem,
    ruleset: Ruleset,
    materials: Mapping[str, CatalogueMaterial],
    laws: Iterable[str] | None = None,
) -> Checker:
    kinds = load_kinds()
    paths = item_paths(item, kinds, materials, ruleset.declared, ruleset.declared_labels)
    return Checker(paths, kinds, None if laws is None else frozenset(laws))


def ready(ruleset: Ruleset, every: EveryRules, checker: Checker) -> LoadedRuleset:
    """Everything bound. Rules of the item come first; one with the id of a rule for every item replaces it."""
    bound: list[BoundRule] = []
    problems: list[RuleProblem] = list(_of_item(ruleset, checker))
    own = {rule.id for rule in ruleset.rules}
    for index, rule in enumerate(ruleset.rules):
        one, found = bind(rule, ("rules", index), checker)
        bound.append(one)
        problems += found
    for index, rule in enumerate(every.rules):
        for slot, expanded in expand(rule, checker.paths) if rule.id not in own else ():
            one, found = bind(expanded, (EVERY, "rules", index), checker, (slot, rule.kind))
            bound.append(one)
            problems += found
    return LoadedRuleset(ruleset.item, ref_of(ruleset, every), ruleset, every, tuple(bound), tuple(problems))


def _of_item(ruleset: Ruleset, checker: Checker) -> Iterable[RuleProblem]:
    yield from same_ids((rule.id, ("rules", index)) for index, rule in enumerate(ruleset.rules))
    slots = checker.paths.slots
    for slot in ruleset.slots:
        if slot not in slots:
            yield RuleProblem(("slots", slot), say("rules", "no_slot", slot=slot, near=near_words(slot, slots)))


def canonical(content: Ruleset | EveryRules | Rule) -> dict[str, Any]:
    """As JSON holds it, without what is left at its default."""
    return content.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def ref_of(ruleset: Ruleset, every: EveryRules) -> RulesetRef:
    """The hash of the item's rules, the rules for every item, and the code that judges by them."""
    parts = {"item": canonical(ruleset), "every": canonical(every), "code": code_sha256()}
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return RulesetRef(version=f"{ruleset.effective_from.isoformat()}-{sha256[:12]}", sha256=sha256)


@cache
def code_sha256() -> str:
    """Of the templates with their data, and of what runs them."""
    package = Path(str(files("preapproval")))
    folders = (package / "rules", package / "calculators")
    templates = sorted(path for one in folders for path in one.iterdir() if path.suffix in (".py", ".yaml"))
    digest = hashlib.sha256()
    for path in (*templates, *(package / name for name in CODE)):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


Published = Callable[[str, date], Ruleset | EveryRules | None]
"""Item id (or `every`) and day -> the rules that were published for it and are in force, if any."""


@dataclass(frozen=True)
class Source:
    """Rules as written: published at the desk, in the hall's own folder, or bundled with the product."""

    content: Ruleset | EveryRules
    origin: Literal["published", "folder", "bundled"]


class Rulesets:
    """The rule set in force for an item. Published ones come first, then those of `folders`, in order."""

    def __init__(
        self,
        materials: Callable[[], Mapping[str, CatalogueMaterial]],
        folders: Iterable[Path] = (),
        published: Published = lambda _name, _on: None,
    ) -> None:
        self.materials, self.folders, self.published = materials, (*folders, bundled_rules()), published
        self._ready: dict[str, tuple[ServiceItem, str, LoadedRuleset]] = {}

    def __call__(self, item: ServiceItem, on: date) -> LoadedRuleset:
        """`item` must be resolved. Raises UnreadableRuleset for a file that is no rule file."""
        ruleset, every = self._source(item.id, on), self._source(EVERY, on)
        ruleset = ruleset if isinstance(ruleset, Ruleset) else Ruleset(
            item=item.id, effective_from=(every or NO_EVERY).effective_from, rules=()
        )  # fmt: skip
        every = every if isinstance(every, EveryRules) else NO_EVERY
        sha256 = ref_of(ruleset, every).sha256
        kept = self._ready.get(item.id)
        if kept is None or kept[0] is not item or kept[1] != sha256:
            loaded = ready(ruleset, every, checker_for(item, ruleset, self.materials()))
            kept = self._ready[item.id] = (item, sha256, loaded)
        return kept[2]

    def _source(self, name: str, on: date) -> Ruleset | EveryRules | None:
        found = self.source(name, on)
        return found.content if found else None

    def source(self, name: str, on: date) -> Source | None:
        """The rules of an item (or `every`) as they were written, and where. Raises UnreadableRuleset."""
        published = self.published(name, on)
        if published is not None:
            return Source(published, "published")
        for folder in self.folders:
            file = in_force_file(folder, name, on) if folder.is_dir() else None
            if file is not None and file.content is not None:
                return Source(file.content, "bundled" if folder == bundled_rules() else "folder")
        return None


def rules_yaml(content: Ruleset | EveryRules) -> str:
    """A rule file that reads back as the same content."""
    days = {"effective_from": content.effective_from}
    return yaml.safe_dump(canonical(content) | days, allow_unicode=True, sort_keys=False, width=140)


def save_rules(path: Path, content: Ruleset | EveryRules) -> None:
    path.write_text(rules_yaml(content), "utf-8")
