"""A rule as clerks read it: what its parameters mean, its condition in words, its examples with what comes out.

Words stand in rule_parameters.yaml. What has no word there is shown as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, get_args, get_type_hints

import yaml

from knowledge.yaml_style import in_line
from preapproval.aliases import NOW, PRESENT, READ, BadCondition, Token, plain_path, translate
from preapproval.bind_rules import BoundRule
from preapproval.kinds import load_kinds
from preapproval.rule_examples import Tried, try_examples
from preapproval.rule_paths import Paths
from preapproval.rules import TEMPLATES
from preapproval.rules.parameters import IsCondition, NamesKind, NamesSlot, Wants
from preapproval.ruleset import Rule

RELATIVE = re.compile(r"([+-])(\d+)([dmy])")
METHODS = ("contains", "matches", "startsWith", "endsWith", "exists", "all")
EACH = ("exists", "all")
"""Methods of CEL that begin with a name for each value: `owner.exists(one, …)`."""


@dataclass(frozen=True)
class ToldValue:
    """`name` is how the rule's file has it, `label` and `value` are Chinese."""

    name: str
    label: str
    value: str


@dataclass(frozen=True)
class ToldExample:
    """An example, what it says, and what came out of it."""

    tried: Tried
    facts: tuple[ToldValue, ...]


@cache
def rule_parameter_words() -> dict[str, Any]:
    return yaml.safe_load((files("preapproval") / "rule_parameters.yaml").read_text("utf-8"))


def parameter_label(check: str, name: str) -> str:
    """The Chinese name of a parameter of a check; its own name where it has none."""
    names = rule_parameter_words()["names"]
    return names.get(check, {}).get(name) or names["any"].get(name) or name


def told_parameters(rule: Rule, paths: Paths) -> tuple[ToldValue, ...]:
    """Every parameter that the rule gives, in its order; what it leaves at its default is not named."""
    template = TEMPLATES.get(rule.check)
    hints = get_type_hints(template.parameters, include_extras=True) if template else {}
    values = rule_parameter_words()["values"].get(rule.check, {})
    return tuple(
        ToldValue(name, parameter_label(rule.check, name), _Teller(paths, values.get(name, {})).told(name, value, hint))
        for name, value in rule.with_.items()
        for hint in (hints.get(name),)
    )


def told_examples(bound: BoundRule, paths: Paths) -> tuple[ToldExample, ...]:
    """Every example, run now."""
    return tuple(
        ToldExample(one, tuple(_fact(path, value, paths) for path, value in one.example.items()))
        for one in try_examples(bound, paths)
    )


def told_path(path: str, paths: Paths) -> str:
    """租赁合同的到期日 for `lease.end`; the path itself where nothing is known by it."""
    said = rule_parameter_words()
    if path == NOW:
        return said["now"]
    head, _, name = path.partition(".")
    if head == "declared":
        return said["declared"].format(name=paths.labels.get(name, name))
    slot = paths.slots.get(head.replace("_", "-"))
    if slot and not name:
        return slot
    owner, _, label = paths.called(path).partition(".")
    if head == "choices" and label:
        return said["chosen"].format(name=label)
    return said["of"].format(owner=owner, name=label) if label else path


def told_condition(source: str, paths: Paths) -> str:
    """A condition in words; one that cannot be read stays as it was written."""
    try:
        tokens = translate(source, paths.names).tokens
    except BadCondition:
        return source
    text = " ".join(part for part in _words(tokens, paths) if part)
    return text.replace("（ ", "（").replace(" ）", "）").replace(" （", "（").replace(" 、", "、")


def _words(tokens: tuple[Token, ...], paths: Paths) -> Iterator[str]:
    named = ""
    for at, token in enumerate(tokens):
        before, behind = [one.cel for one in tokens[max(0, at - 3) : at]], tokens[at + 1 : at + 2]
        if token.kind == "name":
            named = plain_path(token.cel)
            yield _asked(token.cel, told_path(named, paths))
        elif token.kind == "text":
            yield rule_parameter_words()["quoted"].format(text=_choice(named, _unquoted(token.cel), paths))
        elif token.cel == "." and behind and behind[0].cel in METHODS:
            continue
        elif behind and behind[0].cel == "," and before[-2:-1] and before[-2] in EACH:
            yield rule_parameter_words()["each"].format(name=token.cel)
        elif token.cel == "," and before[:1] and before[0] in EACH:
            continue
        else:
            yield _sign(token.cel, named, paths)
            named = "" if token.cel == ")" else named


def _sign(cel: str, named: str, paths: Paths) -> str:
    """A sign or word of CEL behind the path `named`, if any."""
    said = rule_parameter_words()
    if cel.startswith("age("):
        return said["condition"]["age"] + said["condition"]["("]
    typed = paths.types.get(named)
    days = said["condition_days"] if typed and typed.type == "date" else {}
    return days.get(cel) or said["condition"].get(cel, cel)


def _unquoted(literal: str) -> str:
    return literal[1:-1].replace("\\'", "'").replace('\\"', '"')


def _asked(cel: str, name: str) -> str:
    """已提交… for `has(…)`, 读到了… for `read(…)`."""
    said = rule_parameter_words()
    if cel.endswith(f".{PRESENT}"):
        return said["handed_in"].format(name=name)
    return said["was_read"].format(name=name) if cel.endswith(f".{READ}") else name


def _choice(path: str, value: str, paths: Paths) -> str:
    """The label of an answer that a condition compares with."""
    options = paths.names.options.get(path, {})
    return next((label for label, own in options.items() if own == value), value)


def _fact(path: str, value: Any, paths: Paths) -> ToldValue:
    said = rule_parameter_words()
    head, _, name = path.partition(".")
    slot = head.replace("_", "-")
    if slot in paths.slots and not name:
        return ToldValue(path, paths.slots[slot], said["there"] if value else said["absent"])
    if slot in paths.slots and path not in paths.types and name in said["of_slot"]:
        label = said["of"].format(owner=paths.slots[slot], name=said["of_slot"][name])
        return ToldValue(path, label, _Teller(paths, _of_slot(name, slot, paths)).plain(value))
    options = paths.names.options.get(path, {})
    labels = {own: label for label, own in reversed(list(options.items()))}
    return ToldValue(path, told_path(path, paths), _Teller(paths, labels).plain(value))


def _of_slot(name: str, slot: str, paths: Paths) -> Mapping[str, str]:
    kinds = load_kinds()
    if name == "kind":
        return {one.id: one.name for one in kinds.values()}
    return {side: label for one in paths.kinds.get(slot, ()) for side, label in kinds[one].sides.items()}


@dataclass(frozen=True)
class _Teller:
    """Values in words; `labels` of those that come from a closed list."""

    paths: Paths
    labels: Mapping[str, str]

    def told(self, name: str, value: Any, hint: Any) -> str:
        said = rule_parameter_words()
        if name in ("earliest", "latest"):
            return _day(str(value))
        if name == "region" and isinstance(value, list) and len(value) == 4:
            return said["region"].format(*(round(float(one) * 100) for one in value))
        if isinstance(value, dict):
            pairs = ((self.labels.get(key, key), self.told("", one, hint)) for key, one in value.items())
            return said["separator"].join(said["named"].format(name=key, value=one) for key, one in pairs)
        if isinstance(value, list):
            return said["separator"].join(self.told("", one, hint) for one in value)
        return self._one(name, value, list(_markers(hint)))

    def plain(self, value: Any) -> str:
        said = rule_parameter_words()
        if isinstance(value, list):
            return said["separator"].join(self.plain(one) for one in value)
        if value is None or isinstance(value, bool):
            return said["none" if value is None else "yes" if value else "no"]
        return self.labels.get(str(value)) or (value if isinstance(value, str) else in_line(value))

    def _one(self, name: str, value: Any, markers: list[Any]) -> str:
        kinds = load_kinds()
        if isinstance(value, str) and value not in self.labels:
            for marker in markers:
                if isinstance(marker, Wants):
                    return told_path(value, self.paths)
                if isinstance(marker, NamesSlot):
                    return self.paths.slots.get(value, value)
                if isinstance(marker, NamesKind):
                    return kinds[value].name if value in kinds else value
                if isinstance(marker, IsCondition):
                    return told_condition(value, self.paths)
            if name == "" and (side := _side(value)):
                return side
        return self.plain(value)


def _side(value: str) -> str | None:
    return next((kind.sides[value] for kind in load_kinds().values() if value in kind.sides), None)


def _markers(hint: Any) -> Iterator[Any]:
    for one in get_args(hint):
        if isinstance(one, Wants | NamesSlot | NamesKind | IsCondition):
            yield one
        else:
            yield from _markers(one)


def _day(text: str) -> str:
    said = rule_parameter_words()["days"]
    match = RELATIVE.fullmatch(text)
    if match:
        unit = said[match[3]]
        return said["before" if match[1] == "-" else "after"].format(count=match[2], unit=unit)
    return said["today"] if text == "today" else text
