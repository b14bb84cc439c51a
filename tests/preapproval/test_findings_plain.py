"""Whatever a check says, to officer or citizen, it says in Chinese: no paths, no CEL, no names of variables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from knowledge.handbook import Handbook, bundled_handbook, load_handbook
from knowledge.item import ServiceItem
from preapproval.bind_rules import BoundRule
from preapproval.case import Checked, Finding
from preapproval.check_rules import any_item
from preapproval.conclude import conclude
from preapproval.kinds import load_kinds
from preapproval.rule_examples import facts_of_example
from preapproval.rule_paths import Paths
from preapproval.ruleset import EveryRules, Ruleset
from preapproval.ruleset_files import EVERY, NO_EVERY, bundled_rules, checker_for, read_rules, ready
from preapproval.run_rules import RuleResult, judge
from preapproval.slots import Slot
from tests.preapproval.known_facts import facts_of

FILES = sorted(path.stem for path in bundled_rules().glob("*.yaml"))
RAW = re.compile(r"[a-z]{2,}|[A-Za-z]\w*_\w|[A-Za-z]\w*\.[A-Za-z]|&&|\|\||[=!<>]=|[<>]|![\w(]|\w\(\w*\.\w")
"""A lower-case Latin word, a variable, a path, a sign of CEL."""


def judged(one: BoundRule, example: dict[str, Any], paths: Paths) -> Iterator[str]:
    """Every sentence that would be shown."""
    facts = facts_of_example(example, paths)
    result = RuleResult(one.rule, one.slot, judge(one, facts, dict(paths.slots)))
    slots = {key: Slot(key, name, "required") for key, name in paths.slots.items()}
    shown = conclude((), (result,), facts, slots, load_kinds(), "1")
    for found in (*shown.findings, *shown.passed, *shown.not_applicable):
        yield from sentences(found)


def sentences(found: Finding | Checked) -> Iterator[str]:
    yield from (found.title, found.detail)
    if isinstance(found, Finding):
        yield from (found.citizen_text, found.action)


@cache
def handbook() -> Handbook:
    return load_handbook(bundled_handbook())


def item_of(name: str) -> ServiceItem:
    return any_item(handbook().materials) if name == EVERY else handbook().resolved(handbook().items[name])


def bound(name: str) -> tuple[tuple[BoundRule, ...], Paths]:
    own, of_all = (read_rules(bundled_rules() / f"{one}.yaml").content for one in (name, EVERY))
    assert own is not None
    rules = own if isinstance(own, Ruleset) else Ruleset(item=EVERY, effective_from=own.effective_from, rules=())
    checker = checker_for(item_of(name), rules, handbook().materials)
    return ready(rules, of_all if isinstance(of_all, EveryRules) else NO_EVERY, checker).rules, checker.paths


def variants(one: BoundRule) -> Iterator[dict[str, Any]]:
    """The rule's examples, and each with one value missing, with one left out, and with nothing at all."""
    examples = one.rule.examples
    yield {}
    for example in (*examples.passes, *examples.fails):
        yield example
        for path in example:
            yield {name: value for name, value in example.items() if name != path}
            if path != "case.now" and "." in path and example[path] is not None:
                yield example | {path: None}


def spoken(name: str) -> Iterator[tuple[str, str]]:
    rules, paths = bound(name)
    for one in rules:
        for example in variants(one):
            yield from ((one.rule.id, said) for said in judged(one, example, paths))


@pytest.mark.parametrize("name", FILES)
def test_no_check_speaks_of_variables_or_formulas(name: str):
    assert {rule: said for rule, said in spoken(name) if RAW.search(said)} == {}


def test_a_declared_value_that_the_form_does_not_name_is_not_called_by_its_variable():
    rules, paths = bound("greenery-approval")
    unnamed = replace(paths, labels={})
    said = [one for rule in rules for example in variants(rule) for one in judged(rule, example, unnamed)]
    assert not [one for one in said if RAW.search(one)]
    assert any("申请中填写的一项" in one for one in said)


def test_a_condition_tells_the_values_that_it_was_judged_by():
    rules, paths = bound("residence-permit")
    rule = next(one for one in rules if one.rule.check == "formula" and "contains" in one.rule.with_["holds"])
    (detail,) = [one for one in judged(rule, dict(rule.rule.examples.fails[0]), paths) if one.startswith("条件")]
    assert detail.startswith("条件不成立：居民身份证上的“住址”是江苏省常州市")


def test_an_answer_is_told_by_its_label():
    rules, paths = bound("real-estate-transfer")
    rule = next(one for one in rules if one.rule.id == "mortgage-settled")
    said = [*judged(rule, dict(rule.rule.examples.fails[0]), paths)]
    assert "选择的情形“抵押”（有抵押）不等于规则里的值（有抵押），不成立。" in said


def test_the_citizen_hears_of_a_number_that_may_be_misread_and_the_officer_still_decides():
    rules, _ = bound("residence-permit")
    rule = next(one for one in rules if (one.rule.id, one.slot) == ("id-number-valid", "id-card"))
    facts = facts_of({"id_card.number": "110105194912310021"})
    result = RuleResult(rule.rule, rule.slot, judge(rule, facts, {"id-card": "居民身份证"}))
    (found,) = conclude((), (result,), facts, {}, load_kinds(), "1").findings
    assert found.status == "undetermined"
    assert found.citizen_text.startswith("居民身份证上的“公民身份号码”这一行看不准")
    assert found.evidence
