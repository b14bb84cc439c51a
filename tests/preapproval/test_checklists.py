"""The rule files that come with the product: they bind, their examples come out, and their sentences can be read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from fnmatch import fnmatch
from functools import cache
from typing import Any

import pytest

from evals.specimens.faults import expected, items_with
from evals.specimens.plan import applications
from knowledge.handbook import Handbook, bundled_handbook, load_handbook
from knowledge.item import ServiceItem
from preapproval.bind_rules import BoundRule
from preapproval.check_rules import any_item, check_file
from preapproval.conclude import filled_in
from preapproval.rule_examples import TODAY, facts_of_example
from preapproval.rule_paths import Paths
from preapproval.ruleset import EveryRules, Rule, Ruleset
from preapproval.ruleset_files import EVERY, NO_EVERY, bundled_rules, checker_for, read_rules, ready
from preapproval.run_rules import judge

FILES = sorted(path.stem for path in bundled_rules().glob("*.yaml"))
ITEMS = [name for name in FILES if name != EVERY]
FEWEST = 8
"""Rules of an item's own."""
LONGEST = 120
STIFF = ("该材料", "上述", "予以", "相关规定", "贵单位", "敬请", "之规定", "本机关", "申请人须", "未予", "补正")
"""Words of offices, not of people."""
BY_DAY = ("not_expired", "age_between", "in_time")
"""Checks whose result changes from one day to the next."""
OWN_CHECKS = ("present", "readable", "recognised", "picture")


@cache
def handbook() -> Handbook:
    return load_handbook(bundled_handbook())


def item_of(name: str) -> ServiceItem:
    return any_item(handbook().materials) if name == EVERY else handbook().resolved(handbook().items[name])


@cache
def content(name: str) -> Ruleset | EveryRules:
    found = read_rules(bundled_rules() / f"{name}.yaml").content
    assert found is not None
    return found


def rules_of(name: str) -> tuple[Rule, ...]:
    return content(name).rules


@cache
def bound(name: str) -> tuple[tuple[BoundRule, ...], Paths]:
    """The rules of an item with those for every item, as a case runs them."""
    own, of_all = content(name), content(EVERY)
    rules = own if isinstance(own, Ruleset) else Ruleset(item=EVERY, effective_from=own.effective_from, rules=())
    checker = checker_for(item_of(name), rules, handbook().materials)
    return ready(rules, of_all if isinstance(of_all, EveryRules) else NO_EVERY, checker).rules, checker.paths


def own_rules(name: str) -> Iterator[BoundRule]:
    ids = {rule.id for rule in rules_of(name)}
    return (one for one in bound(name)[0] if one.rule.id in ids)


def outcome(one: BoundRule, example: dict[str, Any], paths: Paths) -> str:
    return judge(one, facts_of_example(example, paths), dict(paths.slots)).outcome


@pytest.mark.parametrize("name", FILES)
def test_a_rule_file_binds_and_its_examples_come_out(name: str):
    assert check_file(bundled_rules() / f"{name}.yaml", handbook()) == []


@pytest.mark.parametrize("name", ITEMS)
def test_an_item_has_rules_enough_of_its_own(name: str):
    assert len(rules_of(name)) >= FEWEST


@pytest.mark.parametrize("name", ITEMS)
def test_what_must_be_corrected_rests_on_law_or_on_the_line_of_the_list(name: str):
    """A local criterion that nobody has confirmed is for an officer to weigh."""
    lines = {line.material: line.basis for line in item_of(name).materials}
    for one in own_rules(name):
        if one.rule.severity == "must":
            assert one.rule.basis or any(lines.get(slot) for slot in one.slots), one.rule.id
            assert one.rule.local != "to_be_confirmed", one.rule.id
            assert one.template is not None, one.rule.id
            assert not one.template.always_a_person, one.rule.id


@pytest.mark.parametrize("name", FILES)
def test_the_sentences_are_short_and_plain(name: str):
    for rule in rules_of(name):
        assert len(rule.citizen_text) <= LONGEST, rule.id
        assert rule.citizen_text.endswith("。"), rule.id
        assert not [word for word in STIFF if word in rule.citizen_text + rule.action], rule.id
        assert not rule.action.endswith("。"), rule.id
        assert not rule.title.endswith("。"), rule.id


@pytest.mark.parametrize("name", FILES)
def test_a_failure_is_told_with_every_value_in_its_place(name: str):
    """Also that no value leaves a hole, such as 到期日是，"""
    paths = bound(name)[1]
    for one in own_rules(name):
        for example in one.rule.examples.fails:
            result = judge(one, facts_of_example(example, paths), dict(paths.slots))
            values = {"name": paths.slots.get(one.slot or "", "材料"), **result.values}
            said = [filled_in(text, values) for text in (one.rule.title, one.rule.citizen_text, one.rule.action)]
            for text in said:
                assert not set(text) & set("{}"), one.rule.id
                assert not [hole for hole in ("“”", "None", "在已经", "到，", "少了。") if hole in text], (
                    one.rule.id,
                    text,
                )


@pytest.mark.parametrize("name", FILES)
def test_a_day_is_tried_on_its_edge(name: str):
    """Some example comes out otherwise one day earlier or later."""
    paths = bound(name)[1]
    for one in own_rules(name):
        if one.rule.check not in BY_DAY or one.rule.with_.get("on", "case.now") != "case.now":
            continue
        many = (*one.rule.examples.passes, *one.rule.examples.fails)
        assert any(_flips(one, dict(example), paths) for example in many), one.rule.id


def _flips(one: BoundRule, example: dict[str, Any], paths: Paths) -> bool:
    now = date.fromisoformat(str(example.get("case.now", TODAY)))
    moved = (example | {"case.now": (now + timedelta(days=days)).isoformat()} for days in (-1, 1))
    here = outcome(one, example, paths)
    return any(other != here and "pass" in (here, other) for other in (outcome(one, facts, paths) for facts in moved))


@pytest.mark.parametrize("name", FILES)
def test_nothing_that_could_not_be_read_passes(name: str):
    """Every passing example with one value of a material taken away is passed by no rule that names the value."""
    paths = bound(name)[1]
    for one in own_rules(name):
        named = set(map(str, one.rule.with_.values()))
        for example in one.rule.examples.passes:
            for path in (path for path in example if path in named and not path.startswith(("case.", "choices."))):
                assert outcome(one, dict(example) | {path: None}, paths) != "pass", (one.rule.id, path)


@pytest.mark.parametrize("fault", [name for name, one in expected().items() if one.expect == "found"])
def test_a_planted_fault_has_a_rule_that_can_tell_of_it(fault: str):
    """Patterns of ids in faults.yaml and the ids of the rules stay in step."""
    patterns = [one for one in expected()[fault].rules if one != "*"]
    for item in items_with(fault, tuple(name for name in applications() if name in ITEMS)):
        slots = {paper["slot"] for paper in applications()[item]["papers"]}
        ids = {one.rule.id for one in bound(item)[0] if not one.slots or slots & set(one.slots)} | set(OWN_CHECKS)
        assert any(fnmatch(one, pattern) for one in ids for pattern in patterns), item


def test_every_rule_file_is_for_an_item_of_the_handbook():
    assert set(ITEMS) <= set(handbook().items)
    assert EVERY in FILES
