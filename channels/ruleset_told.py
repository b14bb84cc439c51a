"""Rules in plain Chinese, each with its examples and what comes out of them now; for who writes and who approves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from pydantic import BaseModel

from channels.case_parts import CaseParts
from channels.ruleset_view import services_of
from preapproval.bind_rules import BoundRule, RuleProblem
from preapproval.check_rules import check_against, take_in
from preapproval.kinds import load_kinds
from preapproval.rule_paths import Paths
from preapproval.rule_told import ToldExample, ToldValue, told_condition, told_examples, told_parameters
from preapproval.rule_words import words
from preapproval.rules import TEMPLATES
from preapproval.ruleset import EveryRules, KindRule, Rule, Ruleset
from preapproval.ruleset_files import NO_EVERY


class ToldView(BaseModel):
    """`name` is how the file has it; `label` and `value` are read by people."""

    name: str
    label: str
    value: str


class ExampleView(BaseModel):
    wanted: Literal["pass", "fail"]
    wanted_label: str
    outcome: str | None
    """pass, fail, undetermined, not_applicable; null where the example cannot be tried."""
    outcome_label: str | None
    detail: str
    ok: bool
    problem: str | None
    facts: list[ToldView]


class RuleView(BaseModel):
    id: str
    title: str
    check: str
    check_label: str
    manual: str
    kind_name: str | None
    """Of rules for every item: the kind of material."""
    slot_name: str | None
    severity: str
    severity_label: str
    basis: str | None
    quote: str | None
    parameters: list[ToldView]
    when: str | None
    when_written: str | None
    citizen_text: str
    action: str
    local_label: str | None
    effective_from: date | None
    effective_to: date | None
    examples: list[ExampleView]
    problems: list[str]


class RulesView(BaseModel):
    item: str
    rules: list[RuleView]
    slots: dict[str, str]
    """Line of the checklist -> its name."""
    problems: list[str]
    """What is wrong with no single rule."""


def told_rules(parts: CaseParts, content: Ruleset | EveryRules) -> RulesView:
    """Every rule of `content`, its examples run against the handbook that is live."""
    services = services_of(parts)
    item = parts.item(content.item) if isinstance(content, Ruleset) else None
    every = parts.reviewer.rulesets(item, parts.reviewer.today()).every if item else NO_EVERY
    problems = check_against(services, content, every).problems
    taken = take_in(services, content, every)
    name = content.item if isinstance(content, Ruleset) else "every"
    if taken is None:
        return RulesView(item=name, rules=[], slots={}, problems=[one.message for one in problems])
    loaded, paths = taken
    bound: dict[str, BoundRule] = {}
    for one in loaded.rules:
        bound.setdefault(one.rule.id, one)
    return RulesView(
        item=name,
        rules=[
            _rule(rule, bound.get(rule.id), paths, _of(problems, index)) for index, rule in enumerate(content.rules)
        ],
        slots=dict(paths.slots),
        problems=[one.message for one in problems if one.loc[:1] != ("rules",)],
    )


def _of(problems: Sequence[RuleProblem], index: int) -> list[str]:
    return [one.message for one in problems if one.loc[:2] == ("rules", index)]


def _rule(rule: Rule, bound: BoundRule | None, paths: Paths, problems: list[str]) -> RuleView:
    """`rule` is as it was written, `bound` as it is run: of a rule for a kind, about the first line that takes it."""
    said = words()["sheet"]
    template, shown = TEMPLATES.get(rule.check), bound.rule if bound else rule
    kinds = load_kinds()
    kind = kinds.get(rule.kind) if isinstance(rule, KindRule) else None
    return RuleView(
        id=rule.id, title=rule.title, check=rule.check,
        check_label=template.label if template else rule.check, manual=template.manual if template else "",
        kind_name=kind.name if kind else rule.kind if isinstance(rule, KindRule) else None,
        slot_name=paths.slots.get(bound.slot) if bound and bound.slot else None,
        severity=rule.severity, severity_label=said["severity"][rule.severity],
        basis=rule.basis.cite() if rule.basis else None, quote=rule.basis.quote if rule.basis else None,
        parameters=_told(told_parameters(shown, paths)),
        when=told_condition(shown.when, paths) if shown.when else None, when_written=rule.when,
        citizen_text=rule.citizen_text, action=rule.action,
        local_label=said["local"][rule.local] if rule.local else None,
        effective_from=rule.effective_from, effective_to=rule.effective_to,
        examples=[_example(one) for one in told_examples(bound, paths)] if bound else [], problems=problems,
    )  # fmt: skip


def _told(values: Sequence[ToldValue]) -> list[ToldView]:
    return [ToldView(name=one.name, label=one.label, value=one.value) for one in values]


def _example(one: ToldExample) -> ExampleView:
    said, result = words()["outcomes"], one.tried.result
    return ExampleView(
        wanted="pass" if one.tried.wanted == "pass" else "fail",
        wanted_label=said[one.tried.wanted],
        outcome=result.outcome if result else None,
        outcome_label=said[result.outcome] if result else None,
        detail=result.detail if result else "",
        ok=one.tried.problem is None,
        problem=one.tried.problem,
        facts=_told(one.facts),
    )
