"""Running a rule set: every rule answers, nothing missing passes, and no answer depends on another."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rule_parts import ITEM, every, loaded, paths, ruleset, with_rule

from knowledge.checklist import build_checklist
from preapproval.bind_rules import BoundRule
from preapproval.build_facts import build_facts
from preapproval.case import Case
from preapproval.facts import Absent, Facts, Known
from preapproval.kinds import load_kinds
from preapproval.rule_examples import facts_of_example
from preapproval.rules.result import CheckResult, passed
from preapproval.rules.template import Template
from preapproval.ruleset_files import LoadedRuleset
from preapproval.run_rules import judge, run
from preapproval.slots import Filled, slots_of

SLOTS = slots_of(build_checklist(ITEM, {}))
GOOD = {
    "lease.end": "2027-01-01", "choices.applicant": "self", "agent_id_card.birth": "1990-03-07",
    "agent_id_card.valid_until": "2030-01-01", "agent_id_card.number": "320411199003077510",
    "id_card.valid_until": "9999-12-31", "id_card.number": "320411199003077510",
}  # fmt: skip
READ = [path for path in GOOD if not path.startswith("choices")]


def outcomes(rules: LoadedRuleset, **said: Any) -> dict[tuple[str, str | None], CheckResult]:
    facts = facts_of_example({path.replace("__", "."): value for path, value in said.items()}, paths())
    return {(one.rule.id, one.slot): one.result for one in run(rules, facts, SLOTS)}


def of(rules: LoadedRuleset, facts: Facts) -> dict[tuple[str, str | None], str]:
    return {(one.rule.id, one.slot): one.result.outcome for one in run(rules, facts, SLOTS)}


def test_every_rule_answers_and_a_failure_stops_nothing():
    bad = GOOD | {
        "lease.end": "2026-05-01",
        "id_card.number": "320411199003077511",
        "agent_id_card.birth": "2015-01-01",
    }
    found = of(loaded(of_all=every()), facts_of_example(bad, paths()))
    assert found == {
        ("lease-term", "lease"): "fail",
        ("agent-age", "agent-id-card"): "fail",
        ("id-valid", "id-card"): "pass",
        ("id-valid", "agent-id-card"): "pass",
        ("id-number", "id-card"): "fail",
        ("id-number", "agent-id-card"): "pass",
    }


def test_a_rule_about_what_nobody_handed_in_does_not_apply():
    found = outcomes(loaded(of_all=every()), id_card=True, choices__applicant="self")
    assert found["lease-term", "lease"].outcome == "not_applicable"
    assert found["lease-term", "lease"].detail == "没有提交房屋租赁合同。"
    assert found["id-valid", "agent-id-card"].outcome == "not_applicable"
    assert found["id-valid", "id-card"].outcome == "undetermined", "handed in, and not read"


def test_a_condition_that_is_false_makes_a_rule_not_applicable():
    assert outcomes(loaded(), lease__end="2020-01-01", choices__applicant="agent")["lease-term", "lease"].outcome == (
        "not_applicable"
    )


def test_a_condition_that_cannot_be_told_goes_to_a_person_and_names_what_is_missing():
    found = outcomes(loaded(), lease__end="2027-01-01")["lease-term", "lease"]
    assert (found.outcome, found.detail) == ("undetermined", "不知道是否适用：情形.办理人没有可靠的值。")


def test_a_condition_about_what_nobody_handed_in_does_not_apply():
    rules = loaded(with_rule(0, when="房产证.面积 > 10"))
    assert outcomes(rules, lease__end="2027-01-01")["lease-term", "lease"].outcome == "not_applicable"
    unread = outcomes(rules, lease__end="2027-01-01", property_certificate__area=None)["lease-term", "lease"]
    assert unread.outcome == "undetermined"
    assert "不动产权证书" in unread.detail


def test_a_rule_holds_on_the_days_between_its_dates():
    rules = loaded(with_rule(0, effective_from="2026-07-01", effective_to="2026-07-31"))
    said = {"lease__end": "2027-01-01", "choices__applicant": "self"}
    for day, outcome in (("2026-06-30", "not_applicable"), ("2026-07-01", "pass"), ("2026-07-31", "pass"),
                         ("2026-08-01", "not_applicable")):  # fmt: skip
        assert outcomes(rules, case__now=day, **said)["lease-term", "lease"].outcome == outcome


def test_a_rule_for_a_kind_leaves_other_kinds_alone():
    found = outcomes(loaded(of_all=every()), id_card__kind="residence-permit")
    assert found["id-valid", "id-card"].outcome == "not_applicable"
    assert found["id-valid", "id-card"].detail == "提交的不是居民身份证。"


def test_a_rule_that_could_not_be_loaded_goes_to_a_person():
    rules = loaded(with_rule(0, check="none-such"))
    assert outcomes(rules, lease__end="2027-01-01")["lease-term", None].outcome == "undetermined"


def with_check(bound: BoundRule, check: Any) -> BoundRule:
    assert bound.template is not None
    template = bound.template
    return replace(bound, template=Template(template.name, template.label, template.parameters, check, template.manual))


def test_a_check_that_crashes_is_told_to_the_log_and_to_a_person(caplog: pytest.LogCaptureFixture):
    def crash(facts: Facts, parameters: Any) -> CheckResult:
        raise ZeroDivisionError

    rules = loaded()
    broken = replace(rules, rules=tuple(with_check(one, crash) for one in rules.rules))
    found = of(broken, facts_of_example(GOOD, paths()))
    assert set(found.values()) == {"undetermined"}
    assert "lease-term" in caplog.text


def test_a_careless_check_cannot_pass_without_a_value():
    """Even a check that always says yes."""
    careless = with_check(loaded().rules[0], lambda facts, parameters: passed("always"))
    for value, why in ((None, "没有读出来"), ("2027-01-01", "")):
        facts = facts_of_example({"lease.end": value, "choices.applicant": "self"}, paths())
        result = judge(careless, facts, {"lease": "房屋租赁合同"})
        assert result.outcome == ("undetermined" if why else "pass")
        assert why in result.detail


def handwritten(facts: Facts, *paths: str) -> Facts:
    """The same, with some values written by hand."""
    values, every = dict(facts.values), dict(facts.all_values)
    for path in paths:
        known = values[path]
        assert isinstance(known, Known)
        assert known.read is not None
        by_hand = replace(known, read=known.read.model_copy(update={"handwritten": True}))
        values[path], every[path] = by_hand, (by_hand,)
    return replace(facts, values=values, all_values=every)


def test_handwriting_is_never_the_truth():
    facts = handwritten(facts_of_example(GOOD, paths()), "lease.end")
    assert of(loaded(), facts)["lease-term", "lease"] == "undetermined"


@given(
    gone=st.sets(st.sampled_from(READ)), by_hand=st.sets(st.sampled_from(READ)), why=st.sampled_from(
        ["not_read", "poor_quality", "handwritten"]
    ),
)  # fmt: skip
def test_a_missing_value_never_passes(gone: set[str], by_hand: set[str], why: Any):
    facts = handwritten(facts_of_example(GOOD, paths()), *by_hand)
    values = {path: Absent(path, why) if path in gone else value for path, value in facts.values.items()}
    facts = replace(facts, values=values, all_values={p: many for p, many in facts.all_values.items() if p not in gone})
    rules = loaded(of_all=every())
    found = of(rules, facts)
    for bound in rules.rules:
        reads = set(bound.rule.with_.values()) & set(READ)
        expected = "undetermined" if reads & (gone | by_hand) else "pass"
        assert found[bound.rule.id, bound.slot] == expected


@given(seed=st.integers(0, 10**6), gone=st.sets(st.sampled_from(READ)))
def test_the_order_of_rules_changes_nothing(seed: int, gone: set[str]):
    facts = facts_of_example(GOOD | dict.fromkeys(gone), paths())
    rules = loaded(of_all=every())
    mixed = list(rules.rules)
    random.Random(seed).shuffle(mixed)
    assert of(replace(rules, rules=tuple(mixed)), facts) == of(rules, facts)


def test_a_formula_may_use_every_name_that_a_condition_may():
    """Aliases of the catalogue, labels of choices, and what is there."""
    source = "有(租房合同) 且 租赁合同.租金 <= 5000 且 (情形.办理人 == '本人' 或 年龄(代办人身份证.出生) >= 18)"
    rules = loaded(with_rule(0, check="formula", when=None, citizen_text="", title="", **{"with": {"holds": source}}))
    assert rules.problems == ()
    said = {"lease__rent": 4000, "lease__end": "2027-01-01"}
    assert outcomes(rules, choices__applicant="self", **said)["lease-term", "lease"].outcome == "pass"
    assert outcomes(rules, choices__applicant="self", lease__rent=6000)["lease-term", "lease"].outcome == "fail"
    unread = outcomes(rules, choices__applicant="agent", lease__rent=None, agent_id_card__birth="1990-01-01")
    assert unread["lease-term", "lease"].outcome == "undetermined"


def test_a_formula_that_cannot_be_compiled_is_told_when_it_is_loaded():
    rules = loaded(
        with_rule(0, check="formula", citizen_text="", title="", **{"with": {"holds": "租赁合同.租金 > '5'"}})
    )
    assert [one.loc for one in rules.problems] == [("rules", 0, "with", "holds")]


SAME_NAME = {"check": "same_name", "with": {"a": "lease.tenant", "b": "id_card.name"}, "citizen_text": "", "title": ""}


def test_a_check_that_judges_handwriting_passes_where_print_says_the_same():
    rules = loaded(with_rule(0, when=None, **SAME_NAME))
    facts = facts_of_example({"lease.tenant": "王样本", "id_card.name": "王样本"}, paths())
    assert of(rules, handwritten(facts, "lease.tenant"))["lease-term", "lease"] == "pass"
    assert of(rules, handwritten(facts, "lease.tenant", "id_card.name"))["lease-term", "lease"] == "undetermined"


def test_a_check_that_judges_handwriting_does_not_pass_without_a_value():
    rules = loaded(with_rule(0, when=None, **SAME_NAME))
    facts = facts_of_example({"lease.tenant": None, "id_card.name": "王样本"}, paths())
    bold = replace(rules, rules=tuple(boldly(one) for one in rules.rules))
    assert of(bold, handwritten(facts, "id_card.name"))["lease-term", "lease"] == "undetermined"


def boldly(bound: BoundRule) -> BoundRule:
    """Passes whatever it is given."""
    assert bound.template is not None
    return replace(bound, template=replace(bound.template, run=lambda _facts, _given: passed()))


def test_answers_have_one_path_for_checks_and_conditions():
    """The id of a question may have hyphens; paths have underscores."""
    given = Case(
        item=ITEM.id, choices={"applicant": "agent", "has-kinship": "yes"}, received_at=datetime(2026, 6, 1, tzinfo=UTC)
    )
    facts = build_facts(given, SLOTS, Filled({}), (), load_kinds())
    wanted = {"left": "choices.has_kinship", "op": "==", "value": "yes"}
    compared = with_rule(
        0, check="compare", citizen_text="", title="", when="choices.has_kinship == 'yes'", **{"with": wanted}
    )
    rules = loaded(compared)
    assert rules.problems == ()
    assert of(rules, facts)["lease-term", None] == "pass"


def test_sixty_rules_are_judged_in_an_instant():
    rules = loaded(ruleset(), every())
    many = replace(rules, rules=(rules.rules * 10)[:60])
    facts = facts_of_example(GOOD, paths())
    run(many, facts, SLOTS)
    took = []
    for _ in range(5):
        begun = time.perf_counter()
        assert len(run(many, facts, SLOTS)) == 60
        took.append(time.perf_counter() - begun)
    assert min(took) < 0.05, "4 ms on a quiet machine"
